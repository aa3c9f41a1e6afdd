"""Learners' code runs in a process that can do sums and answer questions, and nothing else; this is the judge's end.

    with Sandbox() as sandbox, sandbox.worker() as worker:
        worker.run("def double(x): return 2 * x", "cell 1")
        worker.call("double", [np.ones(3)], {})

Three levels. *A*: bubblewrap (its own process numbers, network and a small read-only tree of files) around level B.
*B*: Landlock, seccomp and limits (`lock`), which need no privilege and no program. *C*: limits only, used when it is
asked for by name and never by itself. A level is used only after `zygote.canary` has tried, inside a locked worker,
what must not work there. CPU time decides how long code may run; by the clock it may wait three times as long, and time
that the machine spent on others is not counted.

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
import platform
import select
import shutil
import signal
import site
import socket
import struct
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from bplib.grading import lock, wire

ROOT = Path(__file__).resolve().parents[2]  # the folder that `bplib` is in
PLOTS = ROOT / "bplib" / "plots.py"  # loaded when it is asked for: it brings Matplotlib
PREFIX = "bplib-box-"
SLICE = 0.05  # seconds between two looks at a running worker
PATIENCE = 60.0  # seconds that the machinery itself may take; nobody's marks depend on it
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


# ------------------------------------------------------------------------------------------------ which level
@functools.cache
def best_level() -> tuple[str, str]:
    """Return the best level that this machine can have, and why, with what would give the next better one.

    Returns
    -------
    level : str
        'A', 'B' or 'C'.
    reason : str
        A sentence or two for the lecturer.
    """
    if not sys.platform.startswith("linux"):
        return "C", "Only Linux can lock a process up (on Windows: use WSL 2): limits only."
    if platform.machine() not in lock.MACHINES:
        return "C", f"No list of system calls for {platform.machine()} processors: limits only."
    if not lock.landlock():
        mend = "Linux 5.13 or newer, started with lsm=landlock,..., gives level B; in a container, Docker 23 or newer"
        return "C", f"This kernel has no Landlock, or does not show it: limits only. {mend}."
    fault = _bubblewrap()
    if fault:
        return "B", f"Landlock and seccomp lock each worker. Level A: {fault}."
    return "A", "Bubblewrap around Landlock and seccomp; there is no better level."


def _bubblewrap() -> str:
    """Return what is missing for bubblewrap, '' if it works."""
    if not shutil.which("bwrap"):
        return "install bubblewrap (apt-get install bubblewrap)"
    command = [*_outside(), *_system(), "--", "/usr/bin/env", "true"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, env={"PATH": "/usr/bin:/bin"})
    except (OSError, subprocess.SubprocessError) as error:
        return f"bubblewrap does not start ({error})"
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        return (
            f"bubblewrap may not make namespaces here ({said}); in Docker that needs --security-opt seccomp=unconfined"
        )
    return ""


def _outside() -> list[str]:
    """Return bubblewrap's options for everything but files.

    Root stays in its own user namespace and becomes nobody inside (`lock.drop_root`): as a mapped root it would still
    own the files beneath /proc/sys.
    """
    command = [shutil.which("bwrap") or "bwrap", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    command += ["--unshare-cgroup-try", "--new-session", "--as-pid-1", "--hostname", "grader"]
    if os.geteuid() == 0:
        for name in ("SETUID", "SETGID", "SETPCAP", "DAC_READ_SEARCH"):
            command += ["--cap-add", f"CAP_{name}"]
    else:
        command += ["--unshare-user", "--uid", str(lock.NOBODY), "--gid", str(lock.NOBODY)]
    return command


def _system() -> list[str]:
    """Return bubblewrap's options for the system's own files, all of them read-only."""
    command = ["--ro-bind", "/usr", "/usr"]
    for name in ("/lib", "/lib64", "/lib32", "/bin", "/sbin"):
        path = Path(name)
        if path.is_symlink():
            command += ["--symlink", os.readlink(path), name]
        elif path.is_dir():
            command += ["--ro-bind", name, name]
    for name in ("/etc/ld.so.cache", "/etc/localtime", "/etc/fonts"):
        command += ["--ro-bind-try", name, name]
    return [*command, "--dev", "/dev", "--proc", "/proc"]


def _libraries() -> tuple[list[Path], list[Path], list[str]]:
    """Return what workers may read, what they may only list, and the path on which they look for modules."""
    places = sysconfig.get_paths()
    modules = [Path(places[name]).resolve() for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    own = [site.getusersitepackages()] if site.ENABLE_USER_SITE else []
    modules += [Path(name).resolve() for name in (*site.getsitepackages(), *own) if Path(name).is_dir()]
    system = ["/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/local/lib", "/usr/share/zoneinfo", "/usr/share/fonts"]
    others = [Path(name) for name in (*system, "/etc/localtime", "/etc/ld.so.cache", "/etc/fonts")]
    others += [Path(sys.base_prefix) / "lib", Path(sys.prefix) / "lib"]
    given: dict[Path, None] = {}
    listed: dict[Path, None] = {}
    for place in sorted({path.resolve() for path in (*modules, *others) if path.exists()}):
        if not any(place.is_relative_to(path) for path in given):
            more, names = lock.around(place, ROOT / "bplib")
            given |= dict.fromkeys(more)
            listed |= dict.fromkeys(names)
    path = [p for p in sys.path if p and any(Path(p).resolve().is_relative_to(m) for m in modules)]
    path += [p for p in sys.path if p.endswith(".zip") and p not in path]
    return list(given), list(listed), path


# ------------------------------------------------------------------------------------------------ the sandbox
class Sandbox:
    """A server that makes locked workers, for many submissions one after the other, or at the same time.

    Parameters
    ----------
    level : 'A', 'B', 'C' or None
        None is the better of A and B; where neither is to be had, starting fails.
    limits : Limits
        For each worker.
    figures : bool
        Whether Matplotlib is loaded and open figures come back as PNG.
    beside : Path, optional
        A folder with what learners may read and import beside their notebook. It is copied; notebooks are left out.
    allow : tuple of str
        Modules of bplib that learners' code may import besides data, svg and plots, for instance 'losses'.

    Raises
    ------
    SandboxError
        By `start`, if there is no such sandbox on this machine, or if its canary found a hole in it.
    """

    def __init__(
        self,
        level: str | None = None,
        limits: Limits | None = None,
        figures: bool = False,
        beside: Path | None = None,
        allow: tuple[str, ...] = (),
    ) -> None:
        if level not in (None, "A", "B", "C"):
            raise ValueError(f"level is 'A', 'B', 'C' or None, not {level!r}")
        self.asked, self.level = level, level or ""
        self.limits, self.figures, self.beside, self.allow = limits or Limits(), figures, beside, tuple(allow)
        self._lock = threading.RLock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._base: Path | None = None
        self._mark = -1  # the folder's lock: it goes with this process, whatever ends it

    def __enter__(self) -> Sandbox:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def start(self) -> None:
        """Start the server, prove its locks, and fail with words if they do not hold."""
        with self._lock:
            self.close()
            best, reason = best_level()
            self.level = self.asked or best
            if not self.asked and best == "C":
                raise SandboxError(f"No sandbox on this machine. {reason} Level C has to be asked for by name.")
            if "ABC".index(self.level) < "ABC".index(best):
                raise SandboxError(f"Level {self.level} is not to be had on this machine. {reason}")
            if not hasattr(os, "fork"):
                raise SandboxError("Grading needs a system that can fork (on Windows: use WSL 2).")
            try:
                self._launch()
                if self.level != "C":
                    self._prove()
            except BaseException:
                self.close()
                raise

    def worker(self) -> Worker:
        """Return a fresh locked process; a server that has died is started again first."""
        with self._lock:
            if self._control is None or self._process is None or self._process.poll() is not None:
                self.start()
            return self._fresh()

    def close(self) -> None:
        """End the server and all its workers, and remove their files."""
        with self._lock:
            if self._control is not None:
                self._control.close()  # it ends its workers and itself when nobody listens any more
                self._control = None
            if self._process is not None:
                try:
                    self._process.wait(5)
                except subprocess.TimeoutExpired:
                    self._process.kill()
                    self._process.wait()
                if self._process.stderr is not None:
                    self._process.stderr.close()
                self._process = None
            if self._mark >= 0:
                os.close(self._mark)
                self._mark = -1
            if self._base is not None:
                shutil.rmtree(self._base, ignore_errors=True)
                self._base = None

    # -- start
    def _launch(self) -> None:
        _sweep()
        self._base = base = Path(tempfile.mkdtemp(prefix=PREFIX)).resolve()
        base.chmod(0o711)
        self._mark = os.open(base, os.O_RDONLY)
        _locked(self._mark)
        ours, theirs = socket.socketpair()
        self._control = ours
        with theirs:
            setup, around = self._policy(base)
            path = [str(ROOT), *(p for p in setup["path"] if p != setup.get("beside"))]
            program = f"import sys; sys.path[:] = {path!r}; from bplib.grading.zygote import main; main()"
            command = [*around, sys.executable, "-s", "-P", "-B", "-c", program, str(theirs.fileno())]
            environment = {
                "LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
                "MPLBACKEND": "agg", "MPLCONFIGDIR": setup["matplotlib"], "PYTHONHASHSEED": "0",
            }  # fmt: skip
            try:
                self._process = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.PIPE,
                    pass_fds=[theirs.fileno()],
                    env=environment,
                    cwd="/",
                    start_new_session=True,  # Ctrl-C is the judge's business
                )
            except OSError as error:
                raise SandboxError(f"the sandbox does not start: {error}") from None
        ours.settimeout(PATIENCE)
        data = json.dumps(setup).encode()
        try:
            ours.sendall(struct.pack(">I", len(data)) + data)
            kind, said = self._told()
        except (OSError, SandboxError):
            self._process.kill()
            words = (self._process.communicate()[1] or b"").decode("utf-8", "replace").strip().splitlines()
            raise SandboxError(f"the sandbox does not start: {words[-1] if words else 'it says nothing'}") from None
        if kind != b"R":
            raise SandboxError(f"the sandbox does not start: {said.decode('utf-8', 'replace')}")

    def _policy(self, base: Path) -> tuple[dict[str, Any], list[str]]:
        """Return what the server is told, and the command that is put before it."""
        given, listed, path = _libraries() if self.level != "C" else ([], [], [p for p in sys.path if p])
        limits = self.limits
        setup: dict[str, Any] = {
            "level": self.level, "figures": self.figures, "allow": list(self.allow), "output": limits.output,
            "folder": str(base / "work"), "matplotlib": str(base / "matplotlib"), "path": path,
            "read": [str(p) for p in [*given, base / "matplotlib", *(ROOT / "bplib").glob("*.npz"), PLOTS]],
            "list": [str(p) for p in listed], "plots": str(PLOTS),
            "filter": lock.program().hex() if self.level != "C" else "",
            "limits": {
                "AS": limits.memory, "FSIZE": limits.file, "NOFILE": 64, "CORE": 0, "MEMLOCK": 0, "MSGQUEUE": 0,
                "CPU": int(limits.cpu_notebook) + 5,
            },
        }  # fmt: skip
        if self.level == "C" and sys.platform == "darwin":
            del setup["limits"]["AS"]  # macOS counts shared libraries in it
        for name in ("work", "matplotlib", "beside"):
            (base / name).mkdir(mode=0o700 if name == "work" else 0o755)
        self._fonts(base / "matplotlib")
        if self.beside is not None:
            _copy(Path(self.beside), base / "beside")
            setup["beside"] = str(base / "beside")
            setup["path"] = [setup["beside"], *setup["path"]]
            setup["read"].append(setup["beside"])
        if os.geteuid() == 0 and self.level != "C":
            for name in ("work", "matplotlib"):
                os.chown(base / name, lock.NOBODY, lock.NOBODY)
        if self.level != "A":
            return setup, []
        command = [*_outside(), *_system(), "--size", "4096", "--tmpfs", "/tmp"]  # first: all else may lie in it
        for place in dict.fromkeys([sys.base_prefix, sys.prefix, *(p for p in path if Path(p).is_dir())]):
            if not Path(place).resolve().is_relative_to("/usr"):
                command += ["--ro-bind", place, place]
                real = str(Path(place).resolve())
                command += ["--ro-bind", real, real] if real != place else []
        own = ROOT / "bplib"
        names = (
            [*own.glob("*.py")] if self.allow else [own / f"{name}.py" for name in ("__init__", "data", "svg", "plots")]
        )
        names += [
            own / "digits.npz",
            *(own / "grading" / f"{name}.py" for name in ("__init__", "wire", "lock", "zygote")),
        ]
        command += ["--tmpfs", str(own)]
        for name in names:
            command += ["--ro-bind-try", str(name), str(name)]
        command += [
            "--remount-ro",
            str(own),
        ]
        for name, how in (("beside", "--ro-bind"), ("matplotlib", "--bind"), ("work", "--bind")):
            command += [how, str(base / name), str(base / name)]
        command += ["--size", "4096", "--perms", "0555", "--tmpfs", "/dev/shm"]
        for name in ("/tmp", "/dev", "/proc", "/"):
            command += ["--remount-ro", name]
        return setup, [*command, "--chdir", "/", "--"]

    def _fonts(self, folder: Path) -> None:
        """Take over Matplotlib's list of fonts, if there is one: making it anew takes seconds."""
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        with contextlib.suppress(OSError):
            for path in Path(os.environ.get("MPLCONFIGDIR") or cache / "matplotlib").glob("fontlist*.json"):
                shutil.copyfile(path, folder / path.name)
                (folder / path.name).chmod(0o644)

    def _told(self) -> tuple[bytes, bytes]:
        """Read one answer of the server."""
        assert self._control is not None

        def exactly(size: int) -> bytes:
            data = b""
            while len(data) < size:
                some = self._control.recv(size - len(data))  # type: ignore[union-attr]
                if not some:
                    raise SandboxError("the sandbox has ended unexpectedly")
                data += some
            return data

        kind, size = struct.unpack(">cI", exactly(5))
        return kind, exactly(size)

    def _order(self, kind: bytes, number: int = 0, fds: Sequence[int] = ()) -> bytes:
        """Give the server one order and return its answer."""
        with self._lock:
            if self._control is None:
                raise SandboxError("the sandbox is not running")
            try:
                socket.send_fds(self._control, [kind + struct.pack(">I", number)], fds)
                return self._told()[1]
            except (OSError, SandboxError) as error:
                self._control.close()
                self._control = None
                raise SandboxError(f"the sandbox does not answer: {error}") from None

    def _fresh(self) -> Worker:
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                if hasattr(socket, "SO_PASSCRED"):
                    ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
                number, count = struct.unpack(">II", self._order(b"F", 0, [theirs.fileno()]))
            folder = self._base / "work" / f"w{count}" if self._base else None
            return Worker(self, ours, number, folder)
        except BaseException:
            ours.close()
            raise

    def _prove(self) -> None:
        """Let a locked worker try what must not work, and a second one what must."""
        asked = {
            "memory": self.limits.memory, "file": self.limits.file, "files": 64, "root": str(ROOT),
            "allow": list(self.allow),
        }  # fmt: skip
        try:
            with self._fresh() as worker:
                outcome = worker._ask("canary", asked, PATIENCE)
            with self._fresh() as worker:
                ran = worker.run("import numpy as np\nprint(np.arange(3) @ np.arange(3))", "canary")
        except LearnerFault as fault:
            raise SandboxError(f"the sandbox's own test did not end: {fault}") from None
        if type(outcome) is not dict or len(outcome) < 50:
            raise SandboxError("the sandbox's own test is incomplete")
        holes = [f"{name}: {end}" for name, end in outcome.items() if end != "refused"]
        if holes:
            raise SandboxError(f"the sandbox of level {self.level} does not hold ({'; '.join(holes)}): nothing is run")
        if ran.stdout != "5\n" or ran.error:
            raise SandboxError(f"the sandbox cannot even add numbers: {ran.error or ran.stdout!r}")


def _locked(fd: int) -> bool:
    """Lock a folder, if nobody else has."""
    import fcntl

    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except OSError:
        return False


def _sweep() -> None:
    """Remove the folders of judges that were killed: ours, a minute old, and locked by nobody."""
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            found = path.lstat()
            if found.st_uid != os.geteuid() or not path.is_dir() or time.time() - found.st_mtime < 60:
                continue
            fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
            if _locked(fd):
                shutil.rmtree(path, ignore_errors=True)
            os.close(fd)


def _copy(source: Path, target: Path) -> None:
    """Copy the lecturer's helper files, without notebooks, links and hidden files, readable for everybody."""
    for path in sorted(source.rglob("*")):
        place = path.relative_to(source)
        if any(part.startswith(".") or part == "__pycache__" for part in place.parts):
            continue
        if any((source / parent).is_symlink() for parent in (place, *place.parents)) or path.suffix == ".ipynb":
            continue
        if path.is_dir():
            (target / place).mkdir(parents=True, exist_ok=True)
            (target / place).chmod(0o755)
        elif path.is_file():
            shutil.copyfile(path, target / place)
            (target / place).chmod(0o644)


# ------------------------------------------------------------------------------------------------ a worker
class Worker:
    """One process with one namespace, in which cells are run and functions are called.

    Whatever the learner's code does in there (end, hang, answer nonsense), each method returns or raises within the
    limits, and the worker is closed if it can no longer be used.
    """

    def __init__(self, sandbox: Sandbox, connection: socket.socket, number: int, folder: Path | None) -> None:
        self.sandbox, self.limits = sandbox, sandbox.limits
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
        self.printed = (value[1][: self.limits.output + 100], value[2][: self.limits.output + 100])
        return value[0]

    @property
    def cpu(self) -> float:
        """CPU seconds used so far, by all threads of the process, as the kernel counts them."""
        if self._open and self._process:
            with contextlib.suppress(OSError):
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
        left = min(self.limits.cpu_call, self.limits.cpu_notebook - self.cpu)
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
        if self._cpu >= self.limits.cpu_notebook:
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
