"""The sandbox is proved before it is used: a locked worker tries what a learner's code must not be able to do."""

from __future__ import annotations

import ctypes
import errno
import importlib
import os
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from bplib.grading.stubs import REFERENCE, Guard, Stubs


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

    def seen(path: str) -> None:
        if asked["landlock"]:  # without it, what bubblewrap shows can be listed: an empty or a read-only folder
            os.listdir(there(path))
        elif set(os.listdir(there(path))) <= set(asked["shown"]):
            raise PermissionError(errno.EPERM, "nothing there")

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
        "open a file outside": lambda: os.open(there("../outside"), os.O_RDONLY),
        "empty a file outside": lambda: os.open(there("../outside"), os.O_RDONLY | os.O_TRUNC),
        "list /": lambda: seen("/"),
        "list /proc": lambda: seen("/proc"),
        "list /tmp": lambda: seen("/tmp"),
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
        *("HOME", "LANG", "LC_CTYPE", "PWD", "PYTHONHASHSEED", "MPLBACKEND", "MPLCONFIGDIR"),
        *("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"),
    )
)
