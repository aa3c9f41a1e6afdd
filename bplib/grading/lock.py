"""Before a worker runs one line of a learner's code, the kernel takes from it, for good, all that sums do not need.

Three locks, none of which needs a privilege. *Limits* (rlimits) for memory, file size, open files and, as a backstop,
CPU time. *Landlock* for files: the interpreter's own may be read, the worker's own folder may be written, nothing else
can be opened. *seccomp* for everything else: a list of the system calls that Python and NumPy need; whatever is not on
it (new processes, signals to others, sockets of any family, io_uring, namespaces, whatever the next kernel brings) is
refused. The list's bytes are made here, for x86-64 and for 64-bit Arm.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import platform
import struct
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

# ------------------------------------------------------------------------------------------------ seccomp
# name: number on x86-64, number on 64-bit Arm (None where the machine has no such call). Often used ones first.
ALLOWED: dict[str, tuple[int | None, int | None]] = {
    "read": (0, 63), "write": (1, 64), "futex": (202, 98), "poll": (7, None), "ppoll": (271, 73),
    "mmap": (9, 222), "munmap": (11, 215), "mprotect": (10, 226), "brk": (12, 214), "madvise": (28, 233),
    "mremap": (25, 216), "mincore": (27, 232), "close": (3, 57), "lseek": (8, 62), "fstat": (5, 80),
    "newfstatat": (262, 79), "statx": (332, 291), "stat": (4, None), "lstat": (6, None), "clock_gettime": (228, 113),
    "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139), "rt_sigpending": (127, 136),
    "rt_sigtimedwait": (128, 137), "rt_sigsuspend": (130, 133), "sigaltstack": (131, 132),
    "restart_syscall": (219, 128), "getpid": (39, 172), "gettid": (186, 178), "getppid": (110, 173),
    "getuid": (102, 174), "geteuid": (107, 175), "getgid": (104, 176), "getegid": (108, 177), "getgroups": (115, 158),
    "capget": (125, 90), "getrandom": (318, 278), "readv": (19, 65), "writev": (20, 66), "pread64": (17, 67),
    "pwrite64": (18, 68), "preadv": (295, 69), "pwritev": (296, 70), "access": (21, None), "faccessat": (269, 48),
    "faccessat2": (439, 439), "readlink": (89, None), "readlinkat": (267, 78), "getcwd": (79, 17), "chdir": (80, 49),
    "fchdir": (81, 50), "getdents": (78, None), "getdents64": (217, 61), "mkdir": (83, None), "mkdirat": (258, 34),
    "rmdir": (84, None), "unlink": (87, None), "unlinkat": (263, 35), "rename": (82, None), "renameat": (264, 38),
    "renameat2": (316, 276), "ftruncate": (77, 46), "fsync": (74, 82), "fdatasync": (75, 83), "fadvise64": (221, 223),
    "sendfile": (40, 71), "copy_file_range": (326, 285), "statfs": (137, 43), "fstatfs": (138, 44), "umask": (95, 166),
    "dup": (32, 23), "dup2": (33, None), "dup3": (292, 24), "pipe": (22, None), "pipe2": (293, 59),
    "eventfd2": (290, 19), "select": (23, None), "pselect6": (270, 72), "epoll_create": (213, None),
    "epoll_create1": (291, 20), "epoll_ctl": (233, 21), "epoll_wait": (232, None), "epoll_pwait": (281, 22),
    "nanosleep": (35, 101), "clock_nanosleep": (230, 115), "clock_getres": (229, 114), "gettimeofday": (96, 169),
    "time": (201, None), "times": (100, 153), "getrusage": (98, 165), "sysinfo": (99, 179), "uname": (63, 160),
    "getrlimit": (97, 163), "sched_yield": (24, 124), "sched_getaffinity": (204, 123), "getcpu": (309, 168),
    "alarm": (37, None), "setitimer": (38, 103), "getitimer": (36, 102), "pause": (34, None),
    "set_tid_address": (218, 96), "set_robust_list": (273, 99), "get_robust_list": (274, 100), "rseq": (334, 293),
    "membarrier": (324, 283), "close_range": (436, 436), "exit": (60, 93), "exit_group": (231, 94),
}  # fmt: skip
# Allowed with certain arguments only; the rules stand in `program`.
LOOKED_AT: dict[str, tuple[int | None, int | None]] = {
    "open": (2, None), "openat": (257, 56), "fcntl": (72, 25), "ioctl": (16, 29), "prctl": (157, 167),
    "prlimit64": (302, 261), "clone": (56, 220),
}  # fmt: skip
# Libraries ask for these and fall back to an older call when told that there is no such thing.
UNKNOWN: dict[str, tuple[int, int]] = {"clone3": (435, 435), "openat2": (437, 437)}
NEWEST = 448  # calls above it are younger than this list: libraries fall back from those too

# No F_SETOWN, F_SETSIG, F_SETLEASE, F_NOTIFY: through them the kernel would send another process a signal.
FCNTL = (0, 1, 2, 3, 4, 5, 6, 7, 1030, 36, 37, 38)  # F_DUPFD ... F_SETLKW, F_DUPFD_CLOEXEC, F_OFD_*
IOCTL = (0x5401, 0x5413, 0x5450, 0x5451, 0x5421, 0x541B)  # TCGETS, TIOCGWINSZ, FIONCLEX, FIOCLEX, FIONBIO, FIONREAD
PRCTL = (15, 16, 3, 21, 39, 0x53564D41)  # names; get dumpable, seccomp, no_new_privs; names of memory areas
CLONE_VM, CLONE_SIGHAND, CLONE_THREAD = 0x100, 0x800, 0x10000
THREAD = CLONE_VM | CLONE_SIGHAND | CLONE_THREAD
NAMESPACES = 0x7E020000  # CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET
TRACING = 0x2000  # CLONE_PTRACE

MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column above, AUDIT_ARCH_*
LOAD, EQUAL, GREATER_EQUAL, ANY_BIT, AND, RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
ALLOW, KILL, ERROR = 0x7FFF0000, 0x80000000, 0x00050000
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data


def program(machine: str | None = None) -> bytes:
    """Return the seccomp filter for a `machine` ('x86_64' or 'aarch64'), as the kernel reads it.

    Each instruction has eight bytes: operation, two jumps counted in instructions, and an operand. Arguments are read
    by their lower 32 bits, which is all that the kernel reads of them in the calls that are looked at.

    Raises
    ------
    OSError
        If this machine has no table.
    """
    machine = machine or platform.machine()
    if machine not in MACHINES:
        raise OSError(f"no list of system calls for {machine!r} machines: {' and '.join(MACHINES)} have one")
    column, architecture = MACHINES[machine]
    code = [
        _op(LOAD, ARCHITECTURE),
        _op(EQUAL, architecture, 1, 0),
        _op(RETURN, KILL),  # 32-bit calls have other numbers
        _op(LOAD, NUMBER),
        _op(GREATER_EQUAL, NEWEST + 1, 0, 1),
        _op(RETURN, ERROR | errno.ENOSYS),  # the x32 numbers too, which begin at 0x40000000
    ]
    for numbers in ALLOWED.values():
        if numbers[column] is not None:
            code += [_op(EQUAL, numbers[column], 0, 1), _op(RETURN, ALLOW)]
    for numbers in UNKNOWN.values():
        code += [_op(EQUAL, numbers[column], 0, 1), _op(RETURN, ERROR | errno.ENOSYS)]
    refuse, allow = _op(RETURN, ERROR | errno.EPERM), _op(RETURN, ALLOW)
    rules = {
        "open": _opening(1),
        "openat": _opening(2),
        "fcntl": _one_of(1, FCNTL),
        "ioctl": _one_of(1, IOCTL),
        "prctl": _one_of(0, PRCTL),
        "prlimit64": _one_of(0, (0,)),  # of this very process; its ceilings cannot be raised
        # A thread of this process, in the same namespaces; a child of its own never.
        "clone": [
            _argument(0),
            _op(ANY_BIT, NAMESPACES | TRACING, 3, 0),
            _op(AND, THREAD),
            _op(EQUAL, THREAD, 0, 1),
            allow,
            refuse,
        ],
    }
    for name, rule in rules.items():
        number = LOOKED_AT[name][column]
        if number is not None:
            code += [_op(EQUAL, number, 0, len(rule)), *rule]
    return b"".join([*code, refuse])


def _op(operation: int, operand: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("<HBBI", operation, if_true, if_false, operand)


def _argument(index: int) -> bytes:
    return _op(LOAD, ARGUMENTS + 8 * index)


def _one_of(index: int, values: Iterable[int]) -> list[bytes]:
    """Allow the values of one argument, refuse all others."""
    rule = [_argument(index)]
    for value in values:
        rule += [_op(EQUAL, value, 0, 1), _op(RETURN, ALLOW)]
    return [*rule, _op(RETURN, ERROR | errno.EPERM)]


def _opening(index: int) -> list[bytes]:
    """Allow opening for reading or writing (Landlock decides what); refuse what older Landlocks do not look at.

    That is: emptying a file that is opened for reading only, and the mode 3 (neither reading nor writing).
    """
    return [
        _argument(index),
        _op(AND, os.O_TRUNC | os.O_ACCMODE),
        _op(EQUAL, os.O_TRUNC | os.O_RDONLY, 3, 0),
        _op(AND, os.O_ACCMODE),
        _op(EQUAL, os.O_ACCMODE, 1, 0),
        _op(RETURN, ALLOW),
        _op(RETURN, ERROR | errno.EPERM),
    ]


# ------------------------------------------------------------------------------------------------ Landlock
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same on both machines
READ_FILE, READ_DIR = 1 << 2, 1 << 3
ANY = (1 << 16) - 1
FILES = 1 << 1 | READ_FILE | 1 << 14 | 1 << 15  # write, read, truncate, ioctl on devices: what a single file can have
# Own folder: write, read, list, remove folders and files, make folders and plain files, move, truncate. No links, no
# pipes, no sockets, no devices, and nothing that can be executed.
OWN = 1 << 1 | READ_FILE | READ_DIR | 1 << 4 | 1 << 5 | 1 << 7 | 1 << 8 | 1 << 13 | 1 << 14


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("access", ctypes.c_uint64), ("fd", ctypes.c_int32))


def landlock() -> int:
    """Return the version of Landlock that this kernel has, 0 if it has none."""
    if not sys.platform.startswith("linux"):
        return 0
    return max(0, _libc().syscall(CREATE_RULESET, None, ctypes.c_size_t(0), 1))


def rules(paths: Iterable[str | Path], access: int) -> list[tuple[int, int]]:
    """Open each of `paths` that exists, as a name only, and return it with what may be done beneath it."""
    found = []
    for path in paths:
        with contextlib.suppress(FileNotFoundError):
            fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
            found.append((fd, access if os.path.isdir(path) else access & FILES))
    return found


def ruleset(allowed: Iterable[tuple[int, int]]) -> int:
    """Return the number of an open ruleset that leaves a process the files and folders of `allowed` only (see `rules`).

    What is refused by default grows with the kernel: all that it knows of files, and, from version 4 and 6 of
    Landlock on, connections, and signals out of the sandbox.
    """
    libc, version = _libc(), landlock()
    if not version:
        raise OSError(errno.ENOSYS, "this kernel has no Landlock, or it is switched off")
    files = (1 << (13 + (version >= 2) + (version >= 3))) - 1 | (1 << 15 if version >= 5 else 0)
    all_of_it = _Ruleset(files, 3 if version >= 4 else 0, 3 if version >= 6 else 0)
    size = 8 + 8 * (version >= 4) + 8 * (version >= 6)
    made = libc.syscall(CREATE_RULESET, ctypes.byref(all_of_it), ctypes.c_size_t(size), 0)
    _raise_if(made < 0)
    rule = _Beneath()
    for fd, access in allowed:
        rule.access, rule.fd = access & files, fd
        _raise_if(libc.syscall(ADD_RULE, made, 1, ctypes.byref(rule), 0) < 0)
    return made


def restrict_files(ruleset: int) -> None:
    """Put a ruleset on this process, for good; of several, each has to allow what is done."""
    libc = _libc()
    _raise_if(libc.prctl(38, 1, 0, 0, 0) < 0)  # PR_SET_NO_NEW_PRIVS
    _raise_if(libc.syscall(RESTRICT_SELF, ruleset, 0) < 0)


def tops(paths: Iterable[str | Path], inside: str | Path) -> list[str]:
    """Return the folders in which all of `paths` lie, as high up as they can be without holding `inside`."""
    inside, found = Path(inside), {}
    for path in map(Path, paths):
        above = [p for p in (*path.parents, path) if not inside.is_relative_to(p)]
        top = next(iter(sorted(above, key=lambda p: len(p.parts))), None)
        if top is not None:
            found[str(top)] = None
    return list(found)


def around(root: Path, hidden: Iterable[Path]) -> tuple[list[Path], list[Path]]:
    """Return what lies beneath `root` but beneath none of `hidden`, and the folders on the way, to be listed only.

    Landlock can only give, never take back: to leave one folder out, all its neighbours are named.
    """
    root = root.resolve()
    inside = [path for path in map(Path.resolve, hidden) if path.is_relative_to(root)]
    if not inside:
        return [root], []
    if root in inside:
        return [], []
    given, listed = [], [root]
    for path in sorted(root.iterdir()):
        if path.is_symlink():
            continue  # what it points to is given by its own name, or not at all
        more, names = around(path, inside)
        given, listed = given + more, listed + names
    return given, listed


# ------------------------------------------------------------------------------------------------ all together
class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))


def restrict_calls(code: bytes) -> None:
    """Put the filter `code` on this thread and all that it starts, for good."""
    libc, buffer = _libc(), ctypes.create_string_buffer(code, len(code))
    _raise_if(libc.prctl(38, 1, 0, 0, 0) < 0)
    filled = _Program(len(code) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    _raise_if(libc.prctl(22, 2, ctypes.byref(filled), 0, 0) < 0)  # PR_SET_SECCOMP, SECCOMP_MODE_FILTER


def restrict_resources(limits: Mapping[str, int]) -> None:
    """Set each limit, by its name without RLIMIT_, both what counts now and its ceiling."""
    import resource

    for name, value in limits.items():
        number = getattr(resource, f"RLIMIT_{name}", None)
        if number is None:
            continue
        ceiling = resource.getrlimit(number)[1]
        value = value if ceiling == resource.RLIM_INFINITY else min(value, ceiling)
        with contextlib.suppress(ValueError, OSError) if sys.platform == "darwin" else contextlib.nullcontext():
            resource.setrlimit(number, (value, value))


NOBODY = 65534
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2
CAPABILITIES = struct.pack("<Ii", 0x20080522, 0)  # _LINUX_CAPABILITY_VERSION_3, this process


def drop_root(readable: Iterable[str]) -> None:
    """Become nobody, if this process is root, and keep no privilege.

    One exception: where nobody may not even read the files `readable` (the interpreter stands in root's home), the
    privilege to read files stays (in Docker: to open them), and Landlock alone decides which, as for ordinary users.
    """
    if os.geteuid() != 0:
        return
    readable = list(readable)
    _raise_if(_libc().prctl(8, 1, 0, 0, 0) < 0)  # PR_SET_KEEPCAPS: it is decided below
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    had = _capabilities()
    for wanted in (0, 1 << CAP_DAC_READ_SEARCH, 1 << CAP_DAC_OVERRIDE):
        if wanted & had == wanted:
            _keep(wanted, had)
            if _can_read(readable):
                return _keep(wanted, wanted)
    raise OSError(errno.EACCES, f"{readable[0]} can be read by root alone: install Python where everybody may read it")


def _can_read(paths: Iterable[str]) -> bool:
    try:
        for path in paths:
            os.close(os.open(path, os.O_RDONLY))
    except OSError:
        return False
    return True


def _keep(now: int, later: int) -> None:
    """Have the privileges in `now`, and none but those in `later` ever again."""
    data = struct.pack("<6I", now, later & 0xFFFFFFFF, 0, 0, later >> 32, 0)
    _raise_if(_libc().capset(ctypes.create_string_buffer(CAPABILITIES), ctypes.create_string_buffer(data)) < 0)


def _capabilities() -> int:
    """Return the privileges that this process may take up, a bit each."""
    data = ctypes.create_string_buffer(24)
    _raise_if(_libc().capget(ctypes.create_string_buffer(CAPABILITIES), data) < 0)
    words = struct.unpack("<6I", data.raw[:24])
    return words[1] | words[4] << 32


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _raise_if(failed: bool, why: str = "") -> None:
    if failed:
        number = ctypes.get_errno()
        raise OSError(number, why or os.strerror(number))
