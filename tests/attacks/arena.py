"""Hostile code is tried where it can do no harm: in namespaces of its own, with limits, among secrets that are false.

`enter` starts this Python once more inside; `Plants` puts false secrets where thieves look; `traces` lists what lives
and lies around, so that what a case leaves behind can be told.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
MEMORY, PIDS = 4 << 30, 400
PRIVATE = ["--net", "--ipc", "--pid", "--fork", "--kill-child", "--mount-proc"]
SHARED = ("/tmp", "/dev/shm")
OWN_TMP = "ATTACKS_OWN_TMP"  # is set inside, where nobody else writes into these

# What a thief must not carry away. The first three stand in hidden tests, and so do the seeds and numbers.
HIDDEN = ("hidden-seed-Q1", "hidden-seed-Q2", "hidden-seed-Q3", "987654", "424242", "31337")
TOKENS = {
    "environment": "token-in-the-environment-5b1",
    "home": "key-in-the-home-folder-77c",
    "book": "name-in-the-grade-book-e02",
    "other": "code-of-another-learner-4fd",
    "secret": "secret-of-the-course-9a3-0123456789abcdef",
}


# ------------------------------------------------------------------------------------------------ namespaces, limits
def namespaces() -> tuple[list[str], str]:
    """Return the command that makes private namespaces, and why there is none where it is refused."""
    command = ["unshare", *PRIVATE] if os.geteuid() == 0 else ["unshare", "--user", "--map-current-user", *PRIVATE]
    if not shutil.which("unshare"):
        return [], "there is no program 'unshare' (util-linux)"
    tried = subprocess.run([*command, "true"], capture_output=True, text=True)
    return (command, "") if tried.returncode == 0 else ([], (tried.stderr.strip() or "refused").splitlines()[-1])


def enter(arguments: list[str], scratch: Path, handles: Sequence[int] = ()) -> tuple[int, list[str]]:
    """Run `python -m tests.attacks.run --inside` with `arguments` and open files in namespaces of its own.

    Returns
    -------
    status : int
    said : list of str
        What of this could not be had here.
    """
    said = []
    command, why = namespaces()
    if why:
        said.append(f"no namespaces of its own ({why}): the cases that may do harm are left out")
    hideable = os.geteuid() == 0 and not any(Path(p).resolve().is_relative_to("/tmp") for p in (ROOT, sys.prefix))
    steps = ["ip link set lo up 2>/dev/null || true"] if command else []
    if command and hideable:
        steps += [f"mount -t tmpfs -o size=3g,mode=1777 tmpfs {place}" for place in SHARED]
        steps += [f"mkdir -p {scratch}", f"export {OWN_TMP}=1"]
    with _cgroup() as groups:
        if not groups:
            steps += [f"ulimit -v {MEMORY >> 10}", f"ulimit -u {PIDS} 2>/dev/null || true"]
            said.append("no control group of its own: limits for each process, not for all together")
        joined = "; ".join([*(f"echo $$ > {group}/cgroup.procs" for group in groups), 'exec "$@"'])
        inside = "; ".join([*steps, 'exec "$@"'])
        program = [sys.executable, "-m", "tests.attacks.run", "--inside", str(scratch), *arguments]
        if not command:
            program.append("--harmless")
        done = subprocess.run(
            ["sh", "-ec", joined, "sh", *command, "sh", "-ec", inside, "sh", *program],
            cwd=ROOT,
            env=_environment(scratch),
            pass_fds=handles,
        )
    return done.returncode, said


def _environment(scratch: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "VIRTUAL_ENV") if name in os.environ}
    tokens = {"CANVAS_TOKEN": TOKENS["environment"], "JUPYTERHUB_API_TOKEN": TOKENS["environment"]}
    return {**kept, **tokens, "HOME": str(scratch / "home"), "TMPDIR": str(scratch / "tmp"), "PYTHONPATH": str(ROOT)}


@contextlib.contextmanager
def _cgroup() -> Iterator[list[Path]]:
    """Make control groups for memory and processes below our own ones, where that is allowed."""
    top, made = Path("/sys/fs/cgroup"), []
    own = dict(line.split(":", 2)[1:] for line in Path("/proc/self/cgroup").read_text().splitlines())
    two = (top / "cgroup.controllers").exists()
    limits = {"memory": ("memory.max" if two else "memory.limit_in_bytes", MEMORY), "pids": ("pids.max", PIDS)}
    try:
        for kind, (file, most) in limits.items():
            parent = top / own.get("", "/").lstrip("/") if two else top / kind / own.get(kind, "/").lstrip("/")
            group = parent / f"attacks-{os.getpid()}"
            if group not in made:
                group.mkdir()
                made.append(group)
            (group / file).write_text(str(most))
    except OSError:
        for group in made:
            group.rmdir()
        made = []
    try:
        yield made
    finally:
        for group in made:
            with contextlib.suppress(OSError):
                group.rmdir()


# ------------------------------------------------------------------------------------------------ false secrets
def plant(home: Path) -> None:
    """Put false keys into the home folder."""
    (home / ".ssh").mkdir(parents=True, exist_ok=True)
    for name in (".ssh/id_rsa", ".netrc", ".canvas_token"):
        (home / name).write_text(f"{TOKENS['home']}\n")


def secrets(raw: bytes, *places: Path) -> list[str]:
    """Return what may stand in no output: tokens, hidden tests and their numbers, places of this machine."""
    numbers = [np.random.default_rng(int(seed)).standard_normal(3) for seed in HIDDEN[3:]]
    shown = [f"{value!r}"[:8] for row in numbers for value in row.tolist()]
    paths = [str(p) for p in (*places, ROOT, sys.prefix, Path.home())]
    own = raw.decode("utf-8", "replace").replace("\0", "")
    return [token for token in (*TOKENS.values(), *HIDDEN, *shown, *paths) if token not in own and len(token) > 4]


# ------------------------------------------------------------------------------------------------ what is left behind
def traces(*folders: Path, spare: Sequence[int] = ()) -> dict[str, set[str]]:
    """List the processes, sockets, mounts and files that are there; /tmp and /dev/shm, too, if they are our own.

    Parameters
    ----------
    *folders : Path
        Whose files are listed.
    spare : sequence of int
        Processes whose descendants are not listed: trusted ones, which come and go.
    """
    found = {
        "process": {f"{pid} {name}" for pid, name in _processes(spare).items()},
        "socket": {
            line.split()[3] if kind != "unix" else line.split()[7]
            for kind in ("tcp", "udp", "unix")
            for line in Path(f"/proc/net/{kind}").read_text().splitlines()[1:]
            if kind != "unix" or len(line.split()) > 7
        },
        "mount": set(Path("/proc/self/mountinfo").read_text().splitlines()),
        "file": set(),
    }
    for folder in (*folders, *(SHARED if os.environ.get(OWN_TMP) else ())):
        for place, _, names in os.walk(folder):
            found["file"] |= {os.path.join(place, name) for name in (*names, "")}
    return found


def left_behind(before: Mapping[str, set[str]], after: Mapping[str, set[str]], trusted: str = "") -> list[str]:
    """Say what is there that was not there before.

    Processes are counted, as a sandbox may have been started anew; files with `trusted` in their names are left out.
    """
    found = []
    for kind in before:
        more = sorted(after[kind] - before[kind])
        if kind == "process" and len(after[kind]) <= len(before[kind]):
            more = []
        found += [f"I4: a {kind} is left behind: {name}" for name in more if not (trusted and trusted in name)]
    return found


def _processes(spare: Sequence[int]) -> dict[int, str]:
    """Return the processes of this namespace, without those that have ended and wait to be noticed."""
    names, parents = {}, {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                name, state = (entry / "stat").read_text().rpartition(")")[::2]
                parents[int(entry.name)] = int(state.split()[1])
                if state.split()[0] not in "ZX":
                    names[int(entry.name)] = name.partition("(")[2]

    def kept(pid: int) -> bool:
        while pid in parents and pid not in spare:
            pid = parents[pid]
        return pid not in spare

    return {pid: name for pid, name in names.items() if kept(parents[pid])}


def peak() -> float:
    """Return the largest memory of this process since the last call (MB)."""
    status = Path("/proc/self/status").read_text()
    most = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")
    return most / 1024
