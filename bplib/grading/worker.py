"""One locked process, as the judge holds it: what it is asked, what its answers mean, and how long it may take.

CPU time decides how long code may run; by the clock it may wait three times as long, and time that the machine spent on
others is not counted.

Beyond the agreed contract: `Ran.cell`/`Ran.source` and the same on `LearnerFault` (the learner's own line), and
`LearnerFault.builtin`; a fault of kind 'raised' is also an instance of that built-in exception, so that
`pytest.raises(ValueError)` and `hasattr` work. `Worker.changed` (positions or names of the arguments that the last call
changed), `Worker.printed` (what it printed), `Worker.callbacks` (calls of our functions so far; may be set to 0).
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import select
import signal
import socket
import struct
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bplib.grading import wire
from bplib.grading.level import PATIENCE

if TYPE_CHECKING:
    from bplib.grading.sandbox import Sandbox

SLICE = 0.05  # seconds between two looks at a running worker
THREADS = 64
CALLBACKS = 10_000
FOLDER = 64 << 20  # bytes of all files of one worker
FILES = 200


@dataclass(frozen=True)
class Limits:
    """What one worker may use: seconds of CPU time, bytes of memory and files, characters of output."""

    cpu_call: float = 10.0
    cpu_notebook: float = 60.0
    wall_factor: float = 3.0
    memory: int = 2 << 30
    output: int = 200_000
    file: int = 8 << 20


class SandboxError(Exception):
    """The machinery failed, not the learner: worth one more try, and never a mark."""


class NeedsReview(Exception):
    """Something that cannot cross the boundary: a person has to look."""


class LearnerFault(Exception):
    """The learner's code did it; the text is a sentence for the learner.

    Attributes
    ----------
    kind : str
        'died', 'time', 'memory', 'answer', 'missing' or 'raised'.
    name, message, builtin : str
        For 'raised': the exception's class, its text, and the nearest built-in exception.
    cell, line, source : str, int, str
        Where in the learner's own code it came from, None or '' where that is not known.
    """

    def __init__(self, kind: str, sentence: str, **more: Any) -> None:
        Exception.__init__(self, sentence)
        self.kind, self.sentence = kind, sentence
        self.name, self.message, self.builtin = more.get("name", ""), more.get("message", ""), more.get("builtin", "")
        self.cell, self.line, self.source = more.get("cell"), more.get("line"), more.get("source", "")

    def __str__(self) -> str:
        return self.sentence


def _class_of(builtin: str) -> type[LearnerFault]:
    """Return LearnerFault joined with a built-in exception, where Python lets them be joined.

    Never with the two that end a loop without a word: `list(map(f, inputs))` would just be shorter.
    """
    silent = builtin in ("StopIteration", "StopAsyncIteration")
    return LearnerFault if silent or builtin not in wire.BUILTIN else _joined(builtin)


@functools.cache
def _joined(builtin: str) -> type[LearnerFault]:
    try:
        kind = type("LearnerFault", (LearnerFault, wire.BUILTIN[builtin]), {"__module__": __name__})
        kind("raised", "")
        return kind
    except Exception:
        return LearnerFault


@dataclass(frozen=True)
class Ran:
    """What one cell printed, showed and raised (class, message, line), and the CPU seconds it took."""

    stdout: str
    stderr: str
    error: tuple[str, str, int | None] | None
    text: str | None
    pngs: list[bytes]
    cpu: float
    cell: str | None = None
    source: str = ""


class Handle:
    """Something of the learner's that is not plain data and stays in the worker: it can be called and asked."""

    __slots__ = ("_number", "_worker")

    def __init__(self, worker: Worker, number: int) -> None:
        object.__setattr__(self, "_worker", worker)
        object.__setattr__(self, "_number", number)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._worker._ask("getattr", [self, name])

    def __setattr__(self, name: str, value: Any) -> None:
        self._worker._ask("setattr", [self, name, value])

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it in its worker."""
        return self._worker.call(self, args, kwargs)

    def __repr__(self) -> str:
        return "<something of the learner's that is not plain data>"

    def _cannot(name: str) -> Callable[..., Any]:  # noqa: N805 - used while the class is made
        def refuse(self: Handle, *args: Any) -> Any:
            raise NeedsReview(f"the check uses {name} on something of the learner's that is not plain data")

        return refuse

    __eq__, __ne__, __lt__, __le__, __gt__, __ge__ = map(_cannot, ("==", "!=", "<", "<=", ">", ">="))
    __bool__, __len__, __iter__, __contains__ = map(_cannot, ("bool()", "len()", "iteration", "in"))
    __float__, __int__, __complex__, __index__ = map(_cannot, ("float()", "int()", "complex()", "an index"))
    __getitem__, __setitem__, __array__ = map(_cannot, ("[...]", "[...] = ", "np.asarray"))
    __add__, __radd__, __sub__, __rsub__ = map(_cannot, "++--")
    __mul__, __rmul__, __truediv__, __rtruediv__ = map(_cannot, "**//")
    __matmul__, __rmatmul__, __neg__, __abs__, __pow__ = map(_cannot, ("@", "@", "-", "abs()", "**"))
    __instancecheck__, __enter__, __exit__ = map(_cannot, ("isinstance()", "with", "with"))
    __hash__ = _cannot("a key of a dict")
    del _cannot


class Worker:
    """One process with one namespace, in which cells are run and functions are called.

    Whatever the learner's code does in there (end, hang, answer nonsense), each method returns or raises within the
    limits, and the worker is closed if it can no longer be used.
    """

    def __init__(
        self, sandbox: Sandbox, connection: socket.socket, number: int, folder: Path | None, spent: float = 0.0
    ) -> None:
        self.sandbox, self.limits, self.spent = sandbox, sandbox.limits, spent
        self.changed: list[int | str] = []
        self.printed: tuple[str, str] = ("", "")
        self.callbacks = 0
        self._connection, self._number, self._folder = connection, number, folder
        self._server = sandbox._control
        self._process = 0  # its number out here; the server may count from 1
        self._cpu, self._open, self._busy = 0.0, True, False
        self._end: LearnerFault | None = None
        self._sources: dict[str, str] = {}
        self._functions: list[Callable[..., Any]] = []
        connection.setblocking(False)
        try:
            answer = self._read_frame(_Clock(self, PATIENCE, PATIENCE), first=True)
        except (LearnerFault, wire.WireError) as fault:
            self.close()
            raise SandboxError(f"a worker did not start: {fault}") from None
        except BaseException:
            self.close()
            raise
        if answer.get("kind") != "locked" or not self._process:
            self.close()
            raise SandboxError(f"a worker could not be locked: {answer.get('message', 'nobody knows its number')}")

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    # -- what is asked
    def run(self, source: str, name: str, display: bool = False) -> Ran:
        """Run one cell of the learner's.

        Parameters
        ----------
        source : str
            As it stands in the notebook.
        name : str
            What to call the cell in messages.
        display : bool
            Whether the value of its last line is wanted as text, and its figures as pictures.

        Raises
        ------
        LearnerFault
            If the worker did not live to tell. An exception of the cell is part of what is returned.
        """
        name = "".join(c for c in name if c.isprintable() and c not in "<>")[:200]
        self._sources[name] = source
        before = self.cpu
        value = self._ask("run", {"source": source, "name": name, "display": display})
        try:
            if type(value) is not dict:
                raise WireFault
            out, err, text = (value[key] for key in ("stdout", "stderr", "text"))
            if type(out) is not str or type(err) is not str or type(text) not in (str, type(None)):
                raise WireFault
            pictures = [wire.picture(bytes(data)) for data in value["pngs"][:10] if type(data) is np.ndarray]
            error, cell, line = None, None, ""
            if value["error"] is not None:
                fault = self._raised(value["error"])
                error, cell, line = (fault.name, fault.message, fault.line), fault.cell, fault.source
        except (WireFault, wire.WireError, KeyError, TypeError, ValueError):
            raise self._fail("answer", "the cell's output is no output") from None
        room = self.limits.output + 100
        return Ran(out[:room], err[:room], error, text and text[:room], pictures, self.cpu - before, cell, line)

    def names(self, names: list[str]) -> dict[str, str]:
        """Return for each name whether it is 'missing', a 'value' or 'callable'."""
        value = self._ask("names", list(names))
        kinds = ("missing", "value", "callable")
        if type(value) is not dict or set(value) != set(names) or any(kind not in kinds for kind in value.values()):
            raise self._fail("answer", "it does not say which names there are")
        return value

    def get(self, name: str) -> Any:
        """Return the value of a name: plain data, or a handle."""
        return self._ask("get", name)

    def call(self, target: str | Handle, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """Call a function or an object of the learner's.

        Parameters
        ----------
        target : str or Handle
            A name, or something that was returned before.
        args, kwargs : sequence, mapping
            Plain data, handles of this worker, and functions of ours. A function crosses as something that has values.

        Raises
        ------
        LearnerFault
            What came of it, if it was no value.
        NeedsReview
            If an argument cannot cross.
        """
        self.changed, self.printed = [], ("", "")
        value = self._ask("call", {"target": target, "args": list(args), "kwargs": dict(kwargs)})
        if type(value) is not list or len(value) != 3 or type(value[1]) is not str or type(value[2]) is not str:
            raise self._fail("answer", "its answer is no answer")
        self.changed = [which for which in self.changed if which in {*range(len(args)), *kwargs}]
        self.printed = (value[1][: self.limits.output + 100], value[2][: self.limits.output + 100])
        return value[0]

    @property
    def cpu(self) -> float:
        """CPU seconds used so far, by all threads of the process, as the kernel counts them."""
        if self._open and self._process:
            with contextlib.suppress(OSError, OverflowError):  # only Linux knows the clocks of other processes
                self._cpu = max(self._cpu, time.clock_gettime(~self._process << 3 | 2))
        return self._cpu

    def close(self) -> None:
        """End the process and remove its files."""
        if self._open:
            self._bury(b"K")

    # -- how it is asked
    def _ask(self, op: str, value: Any, patience: float = 0.0) -> Any:
        """Send one request and return the answer's value, or raise what it stands for."""
        if self._end is not None:
            raise LearnerFault(self._end.kind, str(self._end))
        if not self._open:
            raise SandboxError("this worker is closed")
        if self._busy:
            raise NeedsReview("a function that was handed to the learner calls the learner's own functions")
        left = min(self.limits.cpu_call, self.limits.cpu_notebook - self.spent - self.cpu)
        whole = "the notebook" if left < self.limits.cpu_call else "it"
        most = self.limits.cpu_notebook if left < self.limits.cpu_call else self.limits.cpu_call
        words = f"{whole} took more than {most:g} s of computing time: does a loop not end?"
        if left <= 0:
            raise self._fail("time", words)
        try:
            frame = wire.pack({"op": op}, value, self._given)
        except wire.WireError as error:
            raise NeedsReview(f"what the check hands over cannot cross: {error}") from None
        clock = _Clock(self, patience or left, patience or left * self.limits.wall_factor, words)
        self._busy = True
        try:
            self._write(frame, clock)
            while True:
                answer = self._read_frame(clock)
                if answer.get("kind") != "callback":
                    break
                self._write(self._called_back(answer), clock)
        except wire.WireError as error:
            raise self._fail("answer", f"it answers what is no answer: {error}") from None
        finally:
            self._busy = False
        return self._understood(answer)

    def _understood(self, answer: dict[str, Any]) -> Any:
        kind = answer.get("kind")
        if kind == "done":
            changed = answer.get("changed", [])
            if type(changed) is list and all(type(i) in (int, str) for i in changed):
                self.changed = changed[:100]
            return answer["v"]
        if kind == "missing":
            raise LearnerFault("missing", "there is no such name in the notebook")
        if kind == "raised":
            raise self._raised(answer)
        if kind == "answer" and type(answer.get("message")) is str:
            raise LearnerFault("answer", f"what it returns cannot be looked at: {answer['message'][:300]}")
        raise self._fail("answer", "it answers what is no answer")

    def _raised(self, told: dict[str, Any]) -> LearnerFault:
        """Return the fault for an exception that the worker describes; its own line is looked up on this side."""
        name, message, builtin = (told.get(key) for key in ("name", "message", "builtin"))
        cell, line = told.get("cell"), told.get("line")
        if any(type(text) is not str for text in (name, message, builtin)):
            raise self._fail("answer", "it raises what is no exception")
        if type(cell) is not str or type(line) is not int or cell not in self._sources:
            cell, line = None, None
        source = self._sources.get(cell or "", "").splitlines()
        own = source[line - 1].strip()[:500] if line is not None and 0 < line <= len(source) else ""
        name, message = name[:80], message[:2000]
        kind = "memory" if builtin == "MemoryError" else "raised"
        sentence = f"it stops with {name}: {message}" if message else f"it stops with {name}"
        if kind == "memory":
            sentence = f"it needs more than {self.limits.memory >> 20} MB of memory"
        return _class_of(builtin)(
            kind, sentence, name=name, message=message, builtin=builtin, cell=cell, line=line, source=own
        )

    def _given(self, value: Any) -> tuple[str, int]:
        """Say how a handle or a function of ours is written in a frame."""
        if type(value) is Handle:
            if value._worker is not self:
                raise wire.WireError("it belongs to another worker")
            return "h", value._number
        if callable(value) and not isinstance(value, type):
            for number, known in enumerate(self._functions):
                if known is value:
                    return "f", number
            self._functions.append(value)
            return "f", len(self._functions) - 1
        raise wire.WireError(f"a value of type {type(value).__name__} is not plain data")

    def _taken(self, tag: str, number: int) -> Any:
        """Say what a tagged number of the worker's stands for."""
        if tag == "f":
            raise wire.WireError("a function of nobody's")
        return Handle(self, number)

    def _called_back(self, asked: dict[str, Any]) -> bytes:
        """Evaluate one of our functions for the learner's code: values in, values out."""
        self.callbacks += 1
        number, value = asked.get("number"), asked.get("v")
        if self.callbacks > CALLBACKS:
            raise self._fail("time", f"it asks for the given function's value more than {CALLBACKS:,} times")
        if type(number) is not int or not 0 <= number < len(self._functions):
            raise wire.WireError("a function of nobody's")
        if type(value) is not list or len(value) != 2 or type(value[0]) is not list or type(value[1]) is not dict:
            raise wire.WireError("a call that is none")
        try:
            if _has_handle(value):
                raise TypeError
            return wire.pack({"kind": "value"}, self._functions[number](*value[0], **value[1]))
        except NeedsReview:
            raise
        except Exception as error:
            name = type(error).__name__ if wire.BUILTIN.get(type(error).__name__) is type(error) else "ValueError"
            return wire.pack({"raise": name, "message": "the given function has no value for these arguments"})

    # -- bytes
    def _write(self, data: bytes, clock: _Clock) -> None:
        view = memoryview(data)
        while view:
            try:
                sent = self._connection.send(view)
            except BlockingIOError:
                sent = 0
            except OSError:
                sent = -1
            if sent < 0:
                raise self._ended()
            if sent == 0:
                clock.wait(select.POLLOUT)
            view = view[sent:]

    def _read_frame(self, clock: _Clock, first: bool = False) -> dict[str, Any]:
        return wire.unpack(lambda size: self._read(size, clock, first), self._taken)

    def _read(self, size: int, clock: _Clock, first: bool) -> bytes:
        data = bytearray()
        while len(data) < size:
            wanted = min(size - len(data), 1 << 20)
            try:
                some = self._introduced(wanted) if first and not self._process else self._connection.recv(wanted)
            except BlockingIOError:
                some = None
            except OSError:
                some = b""
            if some:
                data += some
            elif some is None:
                clock.wait(select.POLLIN)
            else:
                raise self._ended()
        return bytes(data)

    def _introduced(self, size: int) -> bytes:
        """Read the first bytes, and from the kernel who wrote them: the process's number as it is out here."""
        if not hasattr(socket, "SCM_CREDENTIALS"):
            self._process = self._number
            return self._connection.recv(size)
        data, extra, _, _ = self._connection.recvmsg(size, socket.CMSG_SPACE(12))
        for level, kind, body in extra:
            if level == socket.SOL_SOCKET and kind == socket.SCM_CREDENTIALS:
                self._process = struct.unpack("3i", body)[0]
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 0)
        return data

    def _watch(self) -> None:
        """Look at what no limit of the kernel's counts: threads, and all files together."""
        if not self._process:
            return
        with contextlib.suppress(OSError, ValueError, IndexError):
            with open(f"/proc/{self._process}/stat", "rb") as file:
                threads = int(file.read().rpartition(b")")[2].split()[17])
            if threads > THREADS:
                raise self._fail("memory", f"it starts more than {THREADS} threads")
        if self._folder is not None and (fault := _crowded(self._folder)):
            raise self._fail("memory", fault)

    # -- ends
    def _fail(self, kind: str, sentence: str) -> LearnerFault:
        """End the worker, and return why."""
        self.close()
        self._end = LearnerFault(kind, sentence)
        return self._end

    def _bury(self, order: bytes) -> tuple[bool, int]:
        """Let the server end the process; return whether it had ended by itself, and its status."""
        used, self._open = self.cpu, False
        self._connection.close()
        if self._server is not self.sandbox._control:
            return False, -1  # its server has ended, and it with its server
        by_itself, status, seconds = json.loads(self.sandbox._order(order, self._number))
        self._cpu = max(used, seconds)
        return by_itself, status

    def _ended(self) -> Exception:
        """Return what it means that nothing more comes from the process."""
        if not self._open:
            return self._end or SandboxError("this worker is closed")
        self._end = LearnerFault("died", "its process has ended")
        meaning = self._meaning(*self._bury(b"W"))
        self._end = meaning if isinstance(meaning, LearnerFault) else None
        return meaning

    def _meaning(self, by_itself: bool, status: int) -> Exception:
        if not by_itself:
            return LearnerFault("died", "it closed the connection to the judge")
        most = min(self.limits.cpu_notebook, self.sandbox.limits.cpu_notebook)  # the kernel counts the latter
        if self.spent + self._cpu >= most:
            return LearnerFault("time", f"the notebook took more than {self.limits.cpu_notebook:g} s of computing time")
        if os.WIFEXITED(status):
            return LearnerFault("died", f"it ended the whole process (exit status {os.WEXITSTATUS(status)})")
        name = signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else "an unknown end"
        if name == "SIGKILL":  # not ours, and a worker cannot send one: the system was short of memory
            return SandboxError("the system ended a worker, most likely for want of memory")
        return LearnerFault("died", f"it crashed Python ({name}): is there a recursion without an end?")


def _crowded(folder: Path) -> str:
    """Return what is wrong with the files that a worker has made, '' if nothing is."""
    waiting, files, size = [folder], 0, 0
    try:
        while waiting:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if entry.is_symlink():  # the lecturer's files
                        continue
                    files += 1
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(Path(entry.path))
                    else:
                        size += entry.stat(follow_symlinks=False).st_size
                    if files > FILES or size > FOLDER:
                        return f"it writes more than {FILES} files, or more than {FOLDER >> 20} MB"
    except FileNotFoundError:
        return ""  # it was just removed
    except OSError:
        return "it makes folders that cannot be looked into"
    return ""


class WireFault(Exception):
    """An answer that is plain data, but not the data that was asked for."""


def _has_handle(value: Any) -> bool:
    if type(value) in (list, tuple):
        return any(map(_has_handle, value))
    if type(value) is dict:
        return any(map(_has_handle, value.values()))
    return type(value) is Handle


@dataclass
class _Clock:
    """How long a worker may still take: CPU seconds first, and by the clock what it did not spend waiting its turn."""

    worker: Worker
    cpu: float
    wall: float
    words: str = "it took too long"
    passed: float = 0.0
    since: float = 0.0  # the last look
    used: float = field(init=False)
    delayed: float = field(init=False)

    def __post_init__(self) -> None:
        self.used, self.delayed = self.worker.cpu, self.delay()

    def delay(self) -> float:
        """Return the seconds for which the process was ready to run and the machine was busy with others."""
        try:
            with open(f"/proc/{self.worker._process}/schedstat", "rb") as file:
                return int(file.read().split()[1]) / 1e9
        except (OSError, ValueError, IndexError):
            return 0.0

    def wait(self, event: int) -> None:
        """Wait a moment for the worker, and look whether it still keeps within its limits."""
        poll = select.poll()
        poll.register(self.worker._connection, event)
        start = time.monotonic()
        poll.poll(SLICE * 1000)
        # A slice that took much longer than asked for was spent by a machine that slept, or had no time for the judge.
        waited = min(time.monotonic() - start, 2 * SLICE)
        self.passed, self.since = self.passed + waited, self.since + waited
        if self.since < SLICE:
            return
        self.since = 0.0
        worker = self.worker
        if worker.cpu - self.used > self.cpu:
            raise worker._fail("time", self.words)
        if self.passed - (self.delay() - self.delayed) > self.wall:
            raise worker._fail("time", f"it did not answer for {self.wall:.3g} s: does it wait for something?")
        worker._watch()
