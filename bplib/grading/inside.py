"""A worker: learners' cells run and their functions are called in here, in one namespace, as in a notebook.

From the first learner's line on, this process may be in the learner's hands entirely.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import io
import linecache
import os
import random
import signal
import sys
import types
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from bplib.grading import stubs, wire
from bplib.grading.canary import canary

HANDLES = 10_000  # objects that one worker keeps for the judge
PICTURES = 10  # of one cell
REPR = 20_000  # characters of the text of a cell's last value
MESSAGE = 2000  # characters of an exception's message
TEXT = 0.3  # seconds of CPU time in which the text of an object must be made
AT_HOME = "(Line {} shows something at home only: examples of checks, and widgets, are not there while work is graded.)"

# IPython's, which the zygote imports.
TRANSFORM: Callable[[str], str] = str
PRETTY: Callable[[Any], str] = repr


# ------------------------------------------------------------------------------------------------ text that is caught
class Capped(io.TextIOBase):
    """Keeps the first characters that are written and counts the others."""

    def __init__(self, limit: int) -> None:
        self.limit, self.parts, self.length = limit, [], 0

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True

    def write(self, text: str) -> int:
        """Keep `text` as far as there is room."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if self.length < self.limit:
            self.parts.append(text[: self.limit - self.length])
        self.length += len(text)
        return len(text)

    @property
    def encoding(self) -> str:
        """As of a notebook's output."""
        return "utf-8"

    def text(self) -> str:
        """Return what was kept."""
        rest = f"\n... cut after {self.limit:,} characters" if self.length > self.limit else ""
        return "".join(self.parts) + rest


@contextlib.contextmanager
def caught(limit: int) -> Any:
    """Catch what is printed; each block starts with empty ears, whatever the last one did to `sys.stdout`."""
    out, err = Capped(limit), Capped(limit)
    sys.stdout, sys.stderr = out, err
    try:
        yield out, err
    finally:
        sys.stdout, sys.stderr = NOWHERE, NOWHERE


NOWHERE = Capped(0)


# ------------------------------------------------------------------------------------------------ notebooks' language
MAGIC = "<magic>"


class Refused(Exception):
    """A magic or a shell line that has no place in graded work."""


class Shell:
    """What `get_ipython()` returns: the few magics that mean something without a notebook around them."""

    QUIET = frozenset(
        ("matplotlib", "config", "load_ext", "reload_ext", "autoreload", "precision", "pylab", "pinfo", "pinfo2")
    )

    def __init__(self, worker: Worker) -> None:
        self.worker = worker

    def run_line_magic(self, name: str, line: str, *rest: Any, **more: Any) -> Any:
        """Run `%name line`."""
        if name in ("time", "timeit"):
            return self.worker.execute(_statement(line), MAGIC, False)
        if name in self.QUIET:
            return None
        raise Refused(f"%{name} does not run while your work is graded: take the line out")

    def run_cell_magic(self, name: str, line: str, cell: str) -> Any:
        """Run `%%name line` with the rest of the cell."""
        if name in ("time", "timeit", "capture"):
            return self.worker.execute(f"\n{cell}", self.worker.cell, False)  # lines are counted from the magic's
        raise Refused(f"%%{name} does not run while your work is graded: take the line out")

    def system(self, line: str, *rest: Any) -> None:
        """Refuse `!line`."""
        raise Refused("lines with ! do not run while your work is graded: take the line out")

    getoutput = system

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"get_ipython().{name} is not there while your work is graded")


def _statement(line: str) -> str:
    """Return what `%timeit -n 3 statement` times."""
    words = line.split(" ")
    while words and words[0].startswith("-"):
        words = words[1:] if len(words[0]) > 2 else words[2:]
    return " ".join(words)


# ------------------------------------------------------------------------------------------------ a worker
class Worker:
    """One locked process: what the judge asks is carried out in one namespace, like a notebook's."""

    def __init__(self, fd: int, setup: dict[str, Any]) -> None:
        self.fd, self.setup = fd, setup
        self.output = setup["output"]
        self.figures = setup["figures"]
        self.objects: list[Any] = []
        self.cell = ""
        self.shown: list[bytes] = []
        self.skipped: int | None = None  # the first line of the cell that is for the learner's own notebook only
        self.module = types.ModuleType("__main__")
        self.space = vars(self.module)

    # -- frames
    def read(self, size: int) -> bytes:
        """Read exactly `size` bytes; the judge has gone when there are none."""
        data = bytearray()
        while len(data) < size:
            some = os.read(self.fd, min(size - len(data), 1 << 20))
            if not some:
                os._exit(0)
            data += some
        return bytes(data)

    def send(self, message: dict[str, Any], value: Any = None) -> None:
        """Write one frame."""
        try:
            data = wire.pack(message, value, self.keep)
        except wire.WireError as error:
            data = wire.pack({"kind": "answer", "message": str(error)})
        view = memoryview(data)
        while view:
            view = view[os.write(self.fd, view) :]

    def keep(self, value: Any) -> tuple[str, int]:
        """Keep what is not plain data, and say under which number."""
        if len(self.objects) >= HANDLES:
            raise wire.WireError(f"more than {HANDLES} objects were handed over")
        self.objects.append(value)
        return "h", len(self.objects) - 1

    def known(self, tag: str, number: int) -> Any:
        """Return what a tagged number of the judge's stands for."""
        if tag == "f":
            return self.function(number)
        return self.objects[number]

    def function(self, number: int) -> Callable[..., Any]:
        """Return a stand-in for a function of the judge's: it has values, and neither name nor source."""

        def f(*args: Any, **kwargs: Any) -> Any:
            self.send({"kind": "callback", "number": number}, [list(args), kwargs])
            answer = wire.unpack(self.read, self.known)
            if "raise" in answer:
                raise wire.BUILTIN.get(answer["raise"], ValueError)(answer["message"])
            return answer["v"]

        return f

    # -- the loop
    def serve(self) -> None:
        """Carry out what is asked, one request after the other, until nobody asks any more."""
        while True:
            request = wire.unpack(self.read, self.known)
            try:
                work = {"run": self.run, "names": self.names, "get": self.get, "call": self.call}
                work |= {"getattr": self.attribute, "setattr": self.assign, "canary": canary}
                answer, value = work[request["op"]](request["v"])
            except BaseException as error:
                answer, value = self.report(error), None
            self.send({"kind": "done", **answer}, value)

    def report(self, error: BaseException) -> dict[str, Any]:
        """Describe an exception of learners' code: its class, the nearest built-in one, message, cell and line."""
        try:
            message = _soon(str, error)[:MESSAGE]
        except BaseException:
            message = "(its message cannot be read)"
        if type(error) is ModuleNotFoundError and type(error.name) is str and "." not in error.name:
            message = stubs.FOREIGN.format(error.name[:80])  # the same words whether or not it is installed here
        kind = type(error)
        name = next((k.__name__ for k in kind.__mro__ if wire.BUILTIN.get(k.__name__) is k), "Exception")
        cell, line = _where(error)
        return {
            "kind": "raised", "name": str(kind.__name__)[:80], "builtin": name, "message": message, "cell": cell,
            "line": line,
        }  # fmt: skip

    def run(self, asked: dict[str, Any]) -> tuple[dict[str, Any], Any]:
        """Run one cell; an exception is part of what it shows."""
        self.cell, self.shown, self.skipped = f"<{asked['name']}>", [], None
        error, text = None, None
        with caught(self.output) as (out, err):
            try:
                value = self.execute(asked["source"], self.cell, asked["display"])
                if value is not None and value is not stubs.SCORE and not isinstance(value, stubs.Absent):
                    text = _text(value)
                if self.skipped:
                    print(AT_HOME.format(self.skipped))
                if asked["display"] and self.figures:
                    self.draw()
            except BaseException as raised:
                error = self.report(raised)
            if self.figures:
                self.forget()
        pictures = [np.frombuffer(data, np.uint8) for data in self.shown[:PICTURES]]
        ran = {"stdout": out.text(), "stderr": err.text(), "text": text, "pngs": pictures, "error": error}
        return {}, ran

    def execute(self, source: str, name: str, display: bool) -> Any:
        """Run `source` as a notebook does; return the value of its last line if it is shown."""
        if any(sign in source for sign in "%!?") or source[:1].isspace():
            empty = next((i for i, line in enumerate(source.splitlines()) if line.strip()), 0)
            source = "\n" * empty + TRANSFORM(source)  # which takes empty lines away; lines are counted with them
        if name != MAGIC:
            linecache.cache[name] = (len(source), None, source.splitlines(True), name)
        with warnings.catch_warnings(record=True) as minded:
            tree = ast.parse(source, name)
        last = None
        if display and tree.body and isinstance(tree.body[-1], ast.Expr) and not _silent(source):
            last = ast.Expression(tree.body.pop().value)
        with warnings.catch_warnings():
            for warning in minded:
                warnings.showwarning(warning.message, warning.category, warning.filename, warning.lineno)
        self.skipped = stubs.run(tree, name, self.space) or self.skipped
        try:
            return None if last is None else eval(compile(last, name, "eval"), self.space)
        except stubs.AtHome:
            self.skipped = self.skipped or last.body.lineno
            return None

    def names(self, asked: list[str]) -> tuple[dict[str, Any], Any]:
        """Say of each name whether it is missing, a value, or callable."""
        kinds = {}
        for name in asked:
            kinds[name] = "missing" if name not in self.space else "callable" if callable(self.space[name]) else "value"
        return {}, kinds

    def get(self, name: str) -> tuple[dict[str, Any], Any]:
        """Return the value of a name."""
        if name not in self.space:
            return {"kind": "missing"}, None
        return {}, self.space[name]

    def call(self, asked: dict[str, Any]) -> tuple[dict[str, Any], Any]:
        """Call a function of the learner's; say what it printed, and which arguments it changed."""
        target = asked["target"]
        if type(target) is str:
            if target not in self.space:
                return {"kind": "missing"}, None
            target = self.space[target]
        args, kwargs = asked["args"], asked["kwargs"]
        given = [*enumerate(args), *kwargs.items()]
        before = [wire.fingerprint(a) for _, a in given]
        with caught(self.output) as (out, err):
            value = target(*args, **kwargs)
        changed = [i for (i, a), old in zip(given, before, strict=True) if wire.fingerprint(a) != old]
        return {"changed": changed}, [value, out.text(), err.text()]

    def attribute(self, asked: list[Any]) -> tuple[dict[str, Any], Any]:
        """Return an attribute of one of the learner's objects."""
        with caught(self.output):
            return {}, getattr(asked[0], asked[1])

    def assign(self, asked: list[Any]) -> tuple[dict[str, Any], Any]:
        """Set an attribute of one of the learner's objects."""
        with caught(self.output):
            setattr(*asked)
        return {}, None

    # -- pictures
    def draw(self, *args: Any, **kwargs: Any) -> None:
        """Keep the open figures as PNG, in the order they were opened; this is also what plt.show() does."""
        plt = sys.modules.get("matplotlib.pyplot")
        if plt is None:
            return
        for number in plt.get_fignums():
            if len(self.shown) < PICTURES:
                file = io.BytesIO()
                plt.figure(number).savefig(file, format="png", dpi=72, pil_kwargs={"compress_level": 1})
                self.shown.append(file.getvalue())
        plt.close("all")

    def forget(self) -> None:
        """Drop all figures."""
        plt = sys.modules.get("matplotlib.pyplot")
        if plt is not None:
            with contextlib.suppress(BaseException):
                plt.close("all")

    def show(self, *values: Any, **kwargs: Any) -> None:
        """Stand in for IPython's display: figures as pictures, everything else as text."""
        for value in values:
            if type(value).__module__ == "matplotlib.figure" and self.figures:
                self.draw()
            elif not isinstance(value, stubs.Absent):
                print(_text(value))

    def prepare(self) -> None:
        """Fill the namespace as a fresh notebook's."""
        shell = Shell(self)
        self.space.update(__name__="__main__", __builtins__=builtins, In=[], Out={})
        self.space.update(get_ipython=lambda: shell, display=self.show)
        sys.modules["__main__"] = self.module
        builtins.get_ipython = self.space["get_ipython"]
        builtins.display = self.show
        builtins.input = _no_input
        sys.stdin = io.StringIO()
        sys.__stdout__, sys.__stderr__, sys.__stdin__ = NOWHERE, NOWHERE, sys.stdin
        sys.stdout = sys.stderr = NOWHERE
        for name in ("IPython.core.display_functions", "IPython.display"):
            if name in sys.modules:
                sys.modules[name].display = self.show
        if "matplotlib.pyplot" in sys.modules:
            sys.modules["matplotlib.pyplot"].show = self.draw
        random.seed(0)
        np.random.seed(0)  # noqa: NPY002 - what a learner did not seed comes out alike in each replay


def _silent(source: str) -> bool:
    return source.rstrip().endswith(";")


def _no_input(prompt: Any = "") -> str:
    raise EOFError("nobody answers input() while your work is graded: set the value in the code")


class Slow(BaseException):
    """A text that takes too long to make; not an Exception, so that learners' code does not take it for its own."""


def _soon(make: Callable[[Any], str], value: Any) -> str:
    """Return the text of a learner's object, unless making it takes more than TEXT seconds of CPU time."""

    def stop(*_: Any) -> None:
        raise Slow

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, TEXT, TEXT / 10)
    try:
        return make(value)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _text(value: Any) -> str:
    try:
        text = _soon(PRETTY, value)
    except (Exception, Slow) as error:
        text = f"(a {type(value).__name__} whose text cannot be made: {type(error).__name__})"
    return text if len(text) <= REPR else f"{text[:REPR]}\n... cut after {REPR:,} characters"


def _where(error: BaseException) -> tuple[str | None, int | None]:
    """Return the cell and the line of the learner's own code that an exception comes from."""
    if isinstance(error, SyntaxError) and str(error.filename).startswith("<") and type(error.lineno) is int:
        return str(error.filename)[1:-1], error.lineno
    found, trace = (None, None), error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if name.startswith("<") and name.endswith(">") and name in linecache.cache:
            found = (name[1:-1], trace.tb_lineno)
        trace = trace.tb_next
    return found
