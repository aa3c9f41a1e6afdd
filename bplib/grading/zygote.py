"""The program inside the sandbox: it loads NumPy once, then forks a locked worker for each time learners' code is run.

The process that forks (the zygote) never runs learners' code. A worker locks itself, says so, and from then on may be
in the learner's hands entirely: all that the judge ever takes from it is answers, read as plain data by `wire`.
Nothing in this process is secret: no seed, no test, no expected value, no other learner's work.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import ctypes
import errno
import gc
import importlib.abc
import importlib.util
import io
import json
import linecache
import os
import random
import signal
import socket
import struct
import sys
import time
import types
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from bplib.grading import lock, wire

HANDLES = 10_000  # objects that one worker keeps for the judge
PICTURES = 10  # of one cell
REPR = 20_000  # characters of the text of a cell's last value
MESSAGE = 2000  # characters of an exception's message
REFERENCE = (
    *("activations", "gradcheck", "graph", "initialization", "layers"),
    *("losses", "network", "optimizers", "training", "golden"),
)
STUBS = ("checks", "widgets")
FREE = ("data", "svg")
MISSING = "bplib.{} is not there while your work is graded: use your own functions"


# ------------------------------------------------------------------------------------------------ imports
class Guard(importlib.abc.MetaPathFinder):
    """Says in words why a module of bplib is not there. That it is not there is Landlock's doing, and the zygote's."""

    def __init__(self, plots: str) -> None:
        self.plots = plots

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Refuse what begins with bplib, but for its pictures; leave everything else to the next finder."""
        if name == "bplib.plots" and os.path.exists(self.plots):
            return importlib.util.spec_from_file_location(name, self.plots)
        if name.partition(".")[0] == "bplib":
            raise ImportError(MISSING.format(name.removeprefix("bplib.")))


class Stub(types.ModuleType):
    """A module whose every attribute can be called, and says nothing: checks are made by the judge, outside."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Nothing()


class Nothing:
    """What a stub's attributes are: `ps06.hidden_delta(f)` is 0.0, `ps06.anything.deeper(f)` too."""

    def __call__(self, *args: Any, **kwargs: Any) -> float:
        """Say nothing, as a number."""
        return 0.0

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Nothing()


class Stubs(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds `bplib.checks`, `bplib.checks.ps06` and so on, whatever their names."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Make a stub for a name beneath bplib.checks or bplib.widgets."""
        if name.split(".")[:1] == ["bplib"] and name.split(".")[1:2][0:1] and name.split(".")[1] in STUBS:
            return importlib.util.spec_from_loader(name, self, is_package=True)
        return None

    def create_module(self, spec: Any) -> Stub:
        """Return the empty module."""
        return Stub(spec.name)

    def exec_module(self, module: Any) -> None:
        """Do nothing: a stub has no code."""


def load(allow: list[str], plots: str) -> None:
    """Import what learners' code may use of bplib, and put a guard before the rest."""
    import bplib

    for name in (*FREE, *allow):
        with contextlib.suppress(ModuleNotFoundError):
            importlib.import_module(f"bplib.{name}")
    bplib.__path__ = []
    bplib.__file__ = None
    for name in ("grading", *STUBS):
        vars(bplib).pop(name, None)
    sys.meta_path[:0] = [Stubs(), Guard(plots)]


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
            message = str(error)[:MESSAGE]
        except BaseException:
            message = "(its message cannot be read)"
        if isinstance(error, ImportError | Refused) and not message:
            message = "cannot be imported"
        kind = type(error)
        name = next((k.__name__ for k in kind.__mro__ if wire.BUILTIN.get(k.__name__) is k), "Exception")
        cell, line = _where(error)
        return {
            "kind": "raised", "name": str(kind.__name__)[:80], "builtin": name, "message": message, "cell": cell,
            "line": line,
        }  # fmt: skip

    def run(self, asked: dict[str, Any]) -> tuple[dict[str, Any], Any]:
        """Run one cell; an exception is part of what it shows."""
        self.cell, self.shown = f"<{asked['name']}>", []
        error, text = None, None
        with caught(self.output) as (out, err):
            try:
                value = self.execute(asked["source"], self.cell, asked["display"])
                if value is not None:
                    text = _text(value)
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
        exec(compile(tree, name, "exec"), self.space)
        return None if last is None else eval(compile(last, name, "eval"), self.space)

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
        arrays = [
            (i, a) for i, a in [*enumerate(args), *kwargs.items()] if type(a) is np.ndarray and a.nbytes < 8 << 20
        ]
        before = [a.tobytes() for _, a in arrays]
        with caught(self.output) as (out, err):
            value = target(*args, **kwargs)
        changed = [i for (i, a), old in zip(arrays, before, strict=True) if a.tobytes() != old]
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
            else:
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


def _text(value: Any) -> str:
    try:
        text = PRETTY(value)
    except Exception as error:
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


# ------------------------------------------------------------------------------------------------ what must not work
def canary(asked: dict[str, Any]) -> tuple[dict[str, Any], Any]:
    """Try what a learner's code must not be able to do, inside a locked worker.

    Returns what each attempt ended with: 'refused', or the words of what went wrong with the sandbox.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long

    def call(number: int | None, *args: int) -> None:
        ctypes.set_errno(0)
        if number is not None and libc.syscall(number, *map(ctypes.c_long, args)) < 0:
            raise OSError(ctypes.get_errno(), "refused")

    def forked(number: int, *args: int) -> None:
        result = libc.syscall(number, *map(ctypes.c_long, args))
        if result == 0:
            os._exit(0)
        if result < 0:
            raise OSError(ctypes.get_errno(), "refused")

    def there(path: str) -> str:
        if not os.path.lexists(path):  # this system has no such place: nothing to refuse
            raise PermissionError(errno.EPERM, "not there")
        return path

    def write(path: str) -> None:
        there(os.path.dirname(path) or ".")
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
        os.unlink(path)

    def overwrite(path: str) -> None:
        os.close(os.open(there(path), os.O_WRONLY))

    def large_file() -> None:
        with open("canary", "wb") as file:
            file.seek(asked["file"])
            file.write(b"x")
            file.flush()

    def module(name: str) -> None:
        for finder in [f for f in sys.meta_path if isinstance(f, Guard | Stubs)]:
            sys.meta_path.remove(finder)
        for loaded in [m for m in sys.modules if m.partition(".")[0] == "bplib"]:
            del sys.modules[loaded]
        sys.path.append(asked["root"])
        importlib.import_module(name)

    def source(name: str) -> None:
        os.open(there(os.path.join(asked["root"], "bplib", f"{name}.py")), os.O_RDONLY)

    machine = os.uname().machine
    arm = machine == "aarch64"
    parent = os.getppid()
    attempts: dict[str, Callable[[], Any]] = {
        "write to /": lambda: write("/bplib-canary"),
        "write to /tmp": lambda: write("/tmp/bplib-canary"),
        "write to /dev/shm": lambda: write("/dev/shm/bplib-canary"),
        "write to core_pattern": lambda: overwrite("/proc/sys/kernel/core_pattern"),
        "write beside its own folder": lambda: write("../canary"),
        "open a file outside": lambda: os.open("../outside", os.O_RDONLY),
        "empty a file outside": lambda: os.open("../outside", os.O_RDONLY | os.O_TRUNC),
        "list /": lambda: os.listdir("/"),
        "list /proc": lambda: os.listdir(there("/proc")),
        "list /tmp": lambda: os.listdir(there("/tmp")),
        "read its parent's environment": lambda: os.open(there(f"/proc/{parent}/environ"), os.O_RDONLY),
        "read its parent's memory": lambda: os.open(there(f"/proc/{parent}/mem"), os.O_RDONLY),
        "make a link": lambda: os.symlink("/", "canary-link"),
        "make a pipe in the file system": lambda: os.mkfifo("canary-pipe"),
        "change a file's mode": lambda: os.chmod(".", 0o777),
        "fork": lambda: forked(220, 17, 0, 0, 0, 0) if arm else forked(57),
        "vfork by clone": lambda: forked(220 if arm else 56, 17, 0, 0, 0, 0),
        "clone3": lambda: forked(435, 0, 0),
        "execute a program": lambda: os.execv(sys.executable, [sys.executable, "-c", ""]),
        "signal its parent": lambda: os.kill(parent, 0),
        "signal everybody": lambda: os.kill(-1, 0),
        "signal its parent through a file": lambda: __import__("fcntl").fcntl(0, 8, parent),
        "change its parent's limits": lambda: __import__("resource").prlimit(parent, 7),
        "open its parent by number": lambda: call(434, parent, 0),
        "leave its session": os.setsid,
        "leave its group": lambda: os.setpgid(0, 0),
        "read another process": lambda: call(270 if arm else 310, parent, 0, 0, 0, 0, 0),
        "outlive its parent": lambda: _prctl(libc, 1, 0),
        "be inspected": lambda: _prctl(libc, 4, 1),
        "make a new namespace": lambda: call(97 if arm else 272, 0x10000000),
        "mount": lambda: call(40 if arm else 165, 0, 0, 0, 0, 0),
        "make memory outside the limit": lambda: call(279 if arm else 319, 0, 0),
        "share memory": lambda: call(194 if arm else 29, 0, 4096, 0o1600),
        "queue a message": lambda: call(186 if arm else 68, 0, 0o1600),
        "io_uring": lambda: call(425, 1, 0),
        "bpf": lambda: call(280 if arm else 321, 0, 0, 0),
        "performance counters": lambda: call(241 if arm else 298, 0, 0, 0, 0, 0),
        "keyrings": lambda: call(219 if arm else 250, 0, -3, 0),
        "userfaultfd": lambda: call(282 if arm else 323, 1),
        "open a file by handle": lambda: call(265 if arm else 304, 0, 0, 0),
        "a filter of its own": lambda: call(277 if arm else 317, 2, 0, 0),
        "allocate past the limit": lambda: np.empty(asked["memory"] // 8 + 1),
        "a file past the limit": large_file,
        "raise a limit": lambda: __import__("resource").setrlimit(7, (asked["files"] + 1, asked["files"] + 1)),
        "become root": lambda: os.setuid(0),
        "read the environment": lambda: _secret(),
    }
    for number, name in (
        (1, "AF_UNIX"),
        (2, "AF_INET"),
        (10, "AF_INET6"),
        (16, "AF_NETLINK"),
        (17, "AF_PACKET"),
        (40, "AF_VSOCK"),
    ):
        attempts[f"socket {name}"] = lambda n=number: call(198 if arm else 41, n, 2, 0)
    attempts["a pair of sockets"] = lambda: call(199 if arm else 53, 1, 1, 0, 0)
    attempts["connect"] = lambda: call(203 if arm else 42, 0, 0, 0)
    hidden = [name for name in REFERENCE if f"bplib.{name}" not in sys.modules]
    attempts |= {f"read bplib.{name}": lambda n=name: source(n) for name in hidden}
    attempts |= {f"import bplib.{name}": lambda n=name: module(f"bplib.{n}") for name in hidden}
    attempts["trace"] = lambda: call(117 if arm else 101, 0, 0, 0, 0)  # last: if it works, every signal stops it
    outcome = {}
    for name, attempt in attempts.items():
        try:
            attempt()
            outcome[name] = "it worked"
        except (MemoryError, ImportError, ValueError):
            outcome[name] = "refused"
        except Exception as error:
            # A refusal says so; "no such file" or "bad address" would mean that only luck stood in the way.
            fine = isinstance(error, OSError) and error.errno in REFUSALS
            outcome[name] = "refused" if fine else f"it failed only by {type(error).__name__} {error}"[:200]
    return {}, outcome


REFUSALS = (errno.EPERM, errno.EACCES, errno.EROFS, errno.ENOSYS, errno.ENOMEM, errno.EFBIG)


def _prctl(libc: ctypes.CDLL, option: int, value: int) -> None:
    if libc.prctl(option, value, 0, 0, 0) < 0:
        raise OSError(ctypes.get_errno(), "refused")


def _secret() -> None:
    found = sorted(name for name in os.environ if name not in ENVIRONMENT)
    if not found:
        raise PermissionError(1, "nothing there")


ENVIRONMENT = frozenset(
    (
        *("LANG", "LC_CTYPE", "PWD", "PYTHONHASHSEED", "MPLBACKEND", "MPLCONFIGDIR"),
        *("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"),
    )
)


# ------------------------------------------------------------------------------------------------ the zygote
def become_worker(fd: int, folder: str, setup: dict[str, Any], allowed: list[tuple[int, int]]) -> None:
    """Lock this fresh child and serve; never returns."""
    worker = Worker(fd, setup)
    try:
        os.chdir(folder)
        if "beside" in setup:
            for name in os.listdir(setup["beside"]):
                os.symlink(os.path.join(setup["beside"], name), name)
        worker.prepare()
        lock.restrict_resources(setup["limits"])
        if setup["level"] != "C":
            ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)  # PR_SET_PDEATHSIG: die with the zygote
            lock.restrict_files([*allowed, *lock.rules([folder], lock.OWN)])
            os.closerange(3, fd)
            os.closerange(fd + 1, 4096)
            lock.restrict_calls(bytes.fromhex(setup["filter"]))
    except BaseException as error:
        worker.send({"kind": "unlocked", "message": f"{type(error).__name__}: {error}"[:500]})
        os._exit(97)
    worker.send({"kind": "locked"})
    gc.enable()
    worker.serve()


def warm_up(figures: bool) -> None:
    """Do once what every worker would otherwise do first: caches are inherited by every fork."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((4, 3))
    for _ in range(5):
        np.allclose(x, x), np.exp(x).sum(axis=1, keepdims=True), np.maximum(x, 0), x.T @ x, np.tanh(x).mean(), repr(x)
        np.zeros_like(x), np.arange(3), np.log(x * x + 1).max(), np.einsum("ij,ij->i", x, x), np.linalg.norm(x)
        data = wire.pack({"op": "call"}, {"target": "f", "args": [x, 1, (2.0, "a")], "kwargs": {}})
        wire.unpack(io.BytesIO(data).read)
        TRANSFORM("%time f(1)\n")
    worker = Worker(-1, {"output": 1000, "figures": False})
    for source in ("def f(a, b):\n    return a * (b > 0)\nprint(f(1, 2))\nf(1, 2)", "1/0"):
        worker.run({"source": source, "name": "warm", "display": True})
    if figures:
        plt = importlib.import_module("matplotlib.pyplot")
        for draw in ("plot", "semilogy", "plot"):
            _, axes = plt.subplots()
            getattr(axes, draw)([1, 2], [1e-3, 2], label="a b")
            axes.set(title="T", xlabel="x", ylabel="y")
            axes.legend()
            axes.grid(True)
            plt.gcf().savefig(io.BytesIO(), format="png", dpi=72)
            plt.close("all")
    linecache.cache.clear()


def main() -> None:
    """Be the zygote: descriptor and setup come from the judge, over the one socket that there is."""
    os.umask(0o077)
    control = socket.socket(fileno=int(sys.argv[1]))
    control.set_inheritable(False)
    (size,) = struct.unpack(">I", _exactly(control, 4))
    setup = json.loads(_exactly(control, size))
    try:
        allowed = start(setup)
    except BaseException as error:
        _tell(control, b"E", f"{type(error).__name__}: {error}"[:1000].encode())
        return
    _tell(control, b"R", b"")
    serve(control, setup, allowed)


def start(setup: dict[str, Any]) -> list[tuple[int, int]]:
    """Load everything, give up privileges, and return what workers may read."""
    global TRANSFORM, PRETTY
    # Not at the top: only this program needs them, and the judge imports this module for its names.
    parts = ("core.inputtransformer2", "lib.pretty", "display")
    transformer, pretty, _ = (importlib.import_module(f"IPython.{part}") for part in parts)
    TRANSFORM, PRETTY = transformer.TransformerManager().transform_cell, pretty.pretty
    if setup["figures"]:
        importlib.import_module("matplotlib.pyplot")
    load(setup["allow"], setup["plots"])
    sys.path[:] = setup["path"]
    sys.argv[:] = [""]
    warm_up(setup["figures"])
    allowed = []
    if setup["level"] != "C":
        allowed = lock.rules(setup["read"], lock.READ_FILE | lock.READ_DIR) + lock.rules(setup["list"], lock.READ_DIR)
        allowed += lock.rules(["/dev/null", "/dev/zero"], lock.FILES) + lock.rules(["/dev/urandom"], lock.READ_FILE)
        lock.drop_root([os.__file__, np.__file__])
        ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE: nobody looks into this process
    os.makedirs(setup["folder"], exist_ok=True)
    with open(os.path.join(setup["folder"], "outside"), "w") as file:
        file.write("what no worker may read\n")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(nowhere, fd)
    gc.collect()
    gc.freeze()
    gc.disable()
    return allowed


TRANSFORM: Callable[[str], str] = str
PRETTY: Callable[[Any], str] = repr


def serve(control: socket.socket, setup: dict[str, Any], allowed: list[tuple[int, int]]) -> None:
    """Fork a worker (F), end one (K), or wait a little whether it ends by itself (W), until the judge has gone."""
    children: dict[int, str] = {}
    count = 0
    while True:
        data, fds, _, _ = socket.recv_fds(control, 5, 1)
        if not data:
            break
        if len(data) < 5:
            data += _exactly(control, 5 - len(data))
        number = struct.unpack(">I", data[1:])[0]
        if data[:1] == b"F":
            count += 1
            folder = os.path.join(setup["folder"], f"w{count}")
            os.mkdir(folder, 0o700)
            child = os.fork()
            if child == 0:
                control.close()
                try:
                    become_worker(fds[0], folder, setup, allowed)
                finally:
                    os._exit(98)
            os.close(fds[0])
            children[child] = folder
            _tell(control, b"F", struct.pack(">II", child, count))
        elif number in children:
            ended = bury(number, wait=data[:1] == b"W")
            remove(children.pop(number))
            _tell(control, b"K", json.dumps(ended).encode())
        else:
            _tell(control, b"K", json.dumps([False, -1, 0.0]).encode())
    for child, folder in children.items():
        with contextlib.suppress(OSError):
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        remove(folder)


def bury(child: int, wait: bool) -> tuple[bool, int, float]:
    """Return whether a worker ended by itself, its status, and the CPU seconds that it took."""
    for _ in range(50 if wait else 0):
        number, status, used = os.wait4(child, os.WNOHANG)
        if number:
            return True, status, used.ru_utime + used.ru_stime
        time.sleep(0.01)
    with contextlib.suppress(OSError):
        os.kill(child, signal.SIGKILL)
    _, status, used = os.wait4(child, 0)
    return False, status, used.ru_utime + used.ru_stime


def remove(folder: str) -> None:
    """Delete a folder and all in it, however deep learners' code made it, without following a link."""
    waiting = [os.path.join(folder)]
    number = 0
    while waiting:
        top = waiting.pop()
        with contextlib.suppress(OSError):
            for entry in list(os.scandir(top)):
                if entry.is_dir(follow_symlinks=False):
                    number += 1
                    os.chmod(entry.path, 0o700)
                    flat = f"{folder}.{number}"  # moved up before it is opened: names never grow too long
                    os.rename(entry.path, flat)
                    waiting.append(flat)
                else:
                    os.unlink(entry.path)
        with contextlib.suppress(OSError):
            os.rmdir(top)


def _tell(control: socket.socket, kind: bytes, data: bytes) -> None:
    control.sendall(kind + struct.pack(">I", len(data)) + data)


def _exactly(control: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        some = control.recv(size - len(data))
        if not some:
            os._exit(0)
        data += some
    return data
