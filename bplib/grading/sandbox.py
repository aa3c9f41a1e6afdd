"""Learners' code runs in a process that can do sums and answer questions, and nothing else; this is the judge's end.

    with Sandbox() as sandbox, sandbox.worker() as worker:
        worker.run("def double(x): return 2 * x", "cell 1")
        worker.call("double", [np.ones(3)], {})

Three levels (see `level`), of which C, limits only, is used when it is asked for by name and never by itself. A level
is used only after `canary` has tried, inside a locked worker, what must not work there.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bplib.grading import level as levels
from bplib.grading import lock
from bplib.grading.level import PATIENCE, ROOT, Seen, best_level
from bplib.grading.worker import Handle, LearnerFault, Limits, NeedsReview, Ran, SandboxError, Worker

__all__ = ["Handle", "LearnerFault", "Limits", "NeedsReview", "Ran", "Sandbox", "SandboxError", "Worker", "best_level"]
PREFIX = "bplib-box-"


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
    modules : tuple of str
        Installed packages that it may import besides those of `level.PACKAGES`, for instance 'scipy'.

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
        modules: tuple[str, ...] = (),
    ) -> None:
        if level not in (None, "A", "B", "C"):
            raise ValueError(f"level is 'A', 'B', 'C' or None, not {level!r}")
        self.asked, self.level = level, level or ""
        self.limits, self.figures, self.beside = limits or Limits(), figures, beside
        self.allow, self.modules, self.landlock = tuple(allow), tuple(modules), False
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

    @property
    def warning(self) -> str:
        """What every page and score has to say that was made here; '' at levels A and B."""
        return levels.warning(self.level)

    def worker(self, spent: float = 0.0) -> Worker:
        """Return a fresh locked process; a server that has died is started again first.

        Parameters
        ----------
        spent : float
            CPU seconds that this notebook has already used in other workers: the limit is one for all of them.
        """
        with self._lock:
            if self._control is None or self._process is None or self._process.poll() is not None:
                self.start()
            return self._fresh(spent)

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
                "MPLBACKEND": "agg", "MPLCONFIGDIR": setup["matplotlib"], "PYTHONHASHSEED": "0", "HOME": "/",
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
        seen, limits, plots = Seen(self.modules), self.limits, ROOT / "bplib" / "plots"
        path = seen.path if self.level != "C" else [p for p in sys.path if p]
        entry = plots / "__init__.py" if plots.is_dir() else plots.with_suffix(".py")
        read = [*seen.read, base / "matplotlib", *(ROOT / "bplib").glob("*.npz"), plots if plots.is_dir() else entry]
        self.landlock = self.level != "C" and bool(lock.landlock())
        setup: dict[str, Any] = {
            "level": self.level, "landlock": self.landlock, "figures": self.figures, "allow": list(self.allow),
            "folder": str(base / "work"), "matplotlib": str(base / "matplotlib"), "path": path,
            "output": limits.output, "plots": str(entry), "foreign": seen.foreign,
            "read": [str(p) for p in read], "list": [str(p) for p in seen.listed],
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
        command = [*levels.outside(), *levels.tree(seen, self.allow, self.landlock)]
        if self.landlock:
            own = [("--ro-bind", "beside"), ("--bind", "matplotlib"), ("--bind", "work")]
        else:  # nothing keeps the workers of one sandbox from each other's files: so there are none
            own = [("--ro-bind", "beside"), ("--ro-bind", "matplotlib")]
            setup["folder"] = setup.get("beside", str(base / "beside"))
        command += levels.way(base / "work")
        for how, name in own:
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

    def _fresh(self, spent: float = 0.0) -> Worker:
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                if hasattr(socket, "SO_PASSCRED"):
                    ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
                number, count = struct.unpack(">II", self._order(b"F", 0, [theirs.fileno()]))
            folder = self._base / "work" / f"w{count}" if self._base else None
            return Worker(self, ours, number, folder, spent)
        except BaseException:
            ours.close()
            raise

    def _shown(self) -> list[str]:
        """Return the names in / and /tmp that bubblewrap has to show: the system's, and the ways to our folders."""
        ways = [Path(place).resolve() for place in (sys.base_prefix, sys.prefix, ROOT, self._base or "/")]
        names = ["usr", "lib", "lib64", "lib32", "bin", "sbin", "etc", "dev", "proc", "tmp"]
        return [*names, *(part for way in ways for part in way.parts[1:3])]

    def _prove(self) -> None:
        """Let a locked worker try what must not work, and a second one what must."""
        asked = {
            "memory": self.limits.memory, "file": self.limits.file, "files": 64, "root": str(ROOT),
            "landlock": self.landlock, "shown": self._shown(),
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
