"""The filter is read here as the kernel reads it, for both machines; Landlock leaves out the one folder it should."""

import errno
import os
import re
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from bplib.grading import lock

MACHINES = list(lock.MACHINES)
EPERM, ENOSYS = lock.ERROR | errno.EPERM, lock.ERROR | errno.ENOSYS


def decide(machine, number, *args, architecture=None):
    """Run the filter for one system call, as the kernel's interpreter of classic BPF does."""
    _, own = lock.MACHINES[machine]
    data = struct.pack("<iIQ6Q", number & 0x7FFFFFFF, architecture or own, 0, *(*args, 0, 0, 0, 0, 0, 0)[:6])
    code = list(struct.iter_unpack("<HBBI", lock.program(machine)))
    at = accumulator = 0
    while True:
        operation, if_true, if_false, k = code[at]
        at += 1
        if operation == lock.LOAD:
            (accumulator,) = struct.unpack_from("<I", data, k)
        elif operation == lock.RETURN:
            return k
        elif operation == lock.AND:
            accumulator &= k
        else:
            yes = {lock.EQUAL: accumulator == k, lock.GREATER_EQUAL: accumulator >= k, lock.ANY_BIT: accumulator & k}
            at += if_true if yes[operation] else if_false


def number(machine, name, table=None):
    return (table or {**lock.ALLOWED, **lock.LOOKED_AT, **lock.UNKNOWN})[name][lock.MACHINES[machine][0]]


# What no learner's code may do; the numbers are written down here a second time.
FORBIDDEN = {
    "fork": (57, None), "vfork": (58, None), "execve": (59, 221), "execveat": (322, 281), "kill": (62, 129),
    "tkill": (200, 130), "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240),
    "pidfd_send_signal": (424, 424), "pidfd_open": (434, 434), "pidfd_getfd": (438, 438), "socket": (41, 198),
    "socketpair": (53, 199), "connect": (42, 203), "bind": (49, 200), "sendto": (44, 206), "sendmsg": (46, 211),
    "recvmsg": (47, 212), "memfd_create": (319, 279), "memfd_secret": (447, 447), "setsid": (112, 157),
    "setpgid": (109, 154), "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "process_madvise": (440, 440), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41),
    "bpf": (321, 280), "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218),
    "perf_event_open": (298, 241), "unshare": (272, 97), "setns": (308, 268), "userfaultfd": (323, 282),
    "kcmp": (312, 272), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264), "chroot": (161, 51), "personality": (135, 92),
    "shmget": (29, 194), "msgget": (68, 186), "semget": (64, 190), "mq_open": (240, 180), "inotify_init1": (294, 26),
    "fanotify_init": (300, 262), "signalfd4": (289, 74), "setrlimit": (160, 164), "sched_setaffinity": (203, 122),
    "mlock": (149, 228), "seccomp": (317, 277), "setuid": (105, 146), "capset": (126, 91), "chmod": (90, None),
    "fchmod": (91, 52), "fchmodat": (268, 53), "fchownat": (260, 54), "utimensat": (280, 88), "setxattr": (188, 5),
    "truncate": (76, 45), "link": (86, None), "linkat": (265, 37), "symlinkat": (266, 36), "mknodat": (259, 33),
    "splice": (275, 76), "vmsplice": (278, 75), "init_module": (175, 105), "reboot": (169, 142),
    "setpriority": (141, 140), "ioprio_set": (251, 30), "clock_settime": (227, 112), "flock": (73, 32),
}  # fmt: skip


@pytest.mark.parametrize("machine", MACHINES)
def test_forbidden_calls_are_refused_whatever_their_arguments(machine):
    for name in FORBIDDEN:
        n = number(machine, name, FORBIDDEN)
        if n is not None:
            for args in ((), (0,) * 6, (1,) * 6, (0xFFFFFFFFFFFFFFFF,) * 6):
                assert decide(machine, n, *args) == EPERM, name


@pytest.mark.parametrize("machine", MACHINES)
def test_what_sums_need_is_allowed(machine):
    for name in lock.ALLOWED:
        if (n := number(machine, name)) is not None:
            assert decide(machine, n) == lock.ALLOW, name


@pytest.mark.parametrize("machine", MACHINES)
def test_every_other_number_is_refused(machine):
    known = {
        n
        for table in (lock.ALLOWED, lock.LOOKED_AT)
        for n in (pair[lock.MACHINES[machine][0]] for pair in table.values())
    }
    for n in {*range(1024), 0x40000000, 0x40000001, 0x7FFFFFFF} - known:
        assert decide(machine, n) in (EPERM, ENOSYS), n
    assert decide(machine, number(machine, "clone3")) == ENOSYS


@pytest.mark.parametrize("machine", MACHINES)
def test_another_machine_s_calls_end_the_process(machine):
    for architecture in (0x40000003, 0x40000028, *(own for _, own in lock.MACHINES.values())):
        if architecture != lock.MACHINES[machine][1]:
            assert decide(machine, 0, architecture=architecture) == lock.KILL


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(
    ("name", "args", "allowed"),
    [
        ("clone", (0x3D0F00,), True),  # what pthread_create asks for
        ("clone", (0x1200011,), False),  # fork
        ("clone", (0x4111,), False),  # vfork
        ("clone", (0x10000,), False),
        ("clone", (0x3D0F00 | 0x10000000,), False),
        ("clone", (0x3D0F00 | 0x2000,), False),
        ("clone", (0x0000000100003D00,), False),
        ("fcntl", (0, 8, 1), False),  # F_SETOWN
        ("fcntl", (0, 10, 9), False),  # F_SETSIG
        ("fcntl", (0, 15, 0), False),
        ("fcntl", (0, 1024, 0), False),
        ("fcntl", (0, 1031, 1 << 20), False),  # larger pipes
        ("fcntl", (0, 1030, 3), True),
        ("fcntl", (0, 0x100000008, 1), False),
        ("ioctl", (0, 0x5401), True),
        ("ioctl", (0, 0x5412), False),  # TIOCSTI
        ("ioctl", (0, 0x8901), False),  # FIOSETOWN
        ("prctl", (1, 0), False),  # PR_SET_PDEATHSIG
        ("prctl", (4, 1), False),
        ("prctl", (22, 2), False),
        ("prctl", (15,), True),
        ("prlimit64", (0, 7), True),
        ("prlimit64", (1, 7), False),
        ("openat", (0, 0, os.O_RDONLY), True),
        ("openat", (0, 0, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), True),
        ("openat", (0, 0, os.O_RDWR | os.O_TRUNC), True),
        ("openat", (0, 0, os.O_RDONLY | os.O_TRUNC), False),
        ("openat", (0, 0, 3), False),
        ("openat", (0, 0, 3 | os.O_TRUNC), False),
        ("open", (0, os.O_RDONLY | os.O_CLOEXEC), True),
        ("open", (0, os.O_RDONLY | os.O_TRUNC), False),
    ],
)  # fmt: skip
def test_arguments_that_are_looked_at(machine, name, args, allowed):
    n = number(machine, name)
    if n is None:
        assert machine == "aarch64"
        return
    assert decide(machine, n, *args) == (lock.ALLOW if allowed else EPERM)


HEADERS = {
    "x86_64": ["/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "/usr/include/asm/unistd_64.h"],
    "aarch64": ["/usr/include/asm-generic/unistd.h"],
}


@pytest.mark.parametrize("machine", MACHINES)
def test_numbers_agree_with_the_kernel_s_headers(machine):
    """Where the headers are installed; the tables above and in `lock` agree with each other in any case."""
    tables = {**lock.ALLOWED, **lock.LOOKED_AT, **lock.UNKNOWN, **FORBIDDEN}
    ours = {name: pair[lock.MACHINES[machine][0]] for name, pair in tables.items()}
    numbers = [n for n in ours.values() if n is not None]
    assert len(set(numbers)) == len(numbers)
    paths = [Path(path) for path in HEADERS[machine] if Path(path).exists()]
    if paths:
        found = re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)\s*$", paths[0].read_text(), re.MULTILINE)
        theirs = {name: int(n) for name, n in found}
        if machine == "aarch64":
            theirs["newfstatat"] = theirs["fstatat"]
        wrong = {name: (n, theirs.get(name)) for name, n in ours.items() if n is not None and n != theirs.get(name, n)}
        assert wrong == {}


def test_a_machine_without_a_list_is_refused_in_words():
    with pytest.raises(OSError, match="riscv64"):
        lock.program("riscv64")


def test_neighbours_are_named_and_the_hidden_folder_is_not(tmp_path):
    for path in ("a/x", "b/hidden/secret", "b/other/y", "b/hidden2/z", "c"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("")
    (tmp_path / "link").symlink_to(tmp_path / "b")
    hidden = tmp_path / "b" / "hidden"
    given, listed = lock.around(tmp_path, [hidden])
    assert {str(p.relative_to(tmp_path)) for p in given} == {"a", "b/other", "b/hidden2", "c"}
    assert listed == [tmp_path, tmp_path / "b"]
    given, listed = lock.around(tmp_path, [hidden, tmp_path / "a" / "x"])
    assert {str(p.relative_to(tmp_path)) for p in given} == {"b/other", "b/hidden2", "c"}
    assert listed == [tmp_path, tmp_path / "a", tmp_path / "b"]
    assert lock.around(tmp_path / "a", [tmp_path / "b"]) == ([tmp_path / "a"], [])
    assert lock.around(hidden, [hidden]) == ([], [])


def test_tops_hold_everything_but_the_worker_s_own_folder():
    found = lock.tops(["/usr/lib", "/usr/share/x", "/t/box/beside", "/t/box", "/t/py/lib", "/"], "/t/box/work/w1")
    assert found == ["/usr", "/t/box/beside", "/t/py"]
    assert lock.tops(["/t/box/work"], "/t/box/work") == []


PROBE = """
import os, sys
from bplib.grading import lock
folder, secret = sys.argv[1:]
os.chdir(folder)
rules = [*lock.rules(["/usr/lib", "/no/such/place"], lock.READ_FILE), *lock.rules([folder], lock.OWN)]
lock.restrict_files(lock.ruleset(rules))
lock.restrict_calls(lock.program())
open("mine", "w").write("kept")
assert open("mine").read() == "kept"
for attempt in (
    lambda: open(secret), lambda: open(secret, "w"), lambda: os.listdir("/"), lambda: os.unlink(secret), os.fork,
    lambda: os.rename("mine", secret + "2"), lambda: os.mkdir(secret + "3"), lambda: os.symlink("a", "b"),
    lambda: os.link("mine", "b"), lambda: os.execv("/bin/true", ["true"]), lambda: os.chmod("mine", 0o777),
):
    try:
        attempt()
    except OSError as error:
        assert error.errno in (1, 13), error
    else:
        raise SystemExit("it worked")
print("locked")
"""


def test_files_and_calls_are_locked(tmp_path):
    if not lock.landlock():
        pytest.skip("this kernel has no Landlock")
    (tmp_path / "own").mkdir()
    (tmp_path / "secret").write_text("secret")
    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(tmp_path / "own"), str(tmp_path / "secret")],
        capture_output=True, text=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert (done.stdout, done.returncode) == ("locked\n", 0), done.stderr
    assert (tmp_path / "secret").read_text() == "secret"
