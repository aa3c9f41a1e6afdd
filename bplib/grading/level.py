"""What this machine can do to keep learners' code in, and what of this machine that code may see.

Three levels. *A*: bubblewrap (its own process numbers, network and a small read-only tree of files) around level B.
*B*: Landlock, seccomp and limits (`lock`), which need no privilege and no program. *C*: limits only.

What may be seen: Python with its own modules, and of the installed packages those that the course gives to learners.
"""

from __future__ import annotations

import ast
import functools
import os
import platform
import re
import shutil
import site
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

from bplib.grading import lock

ROOT = Path(__file__).resolve().parents[2]  # the folder that `bplib` is in
PATIENCE = 60.0  # seconds that the machinery itself may take; nobody's marks depend on it
FREE = ("data", "svg", "plots")  # modules of bplib that hold no answers
# What of bplib.grading runs in a sandbox.
INSIDE = ("__init__", "canary", "cells", "inside", "lock", "stubs", "wire", "zygote")
# Packages that a course gives to learners, by the names they are installed by; what these need comes with them.
PACKAGES = ("numpy", "matplotlib", "ipython", "ipywidgets", "tqdm")
WARNING = (
    "Graded without a sandbox (level C: limits only). Learners' code could read and change this user's files and use "
    "the network while it ran: marks are as reliable as the hand-ins are honest."
)


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
    fault = _bubblewrap()
    if not lock.landlock():
        mend = "Linux 5.13 or newer, started with lsm=landlock,...; in a container, Docker 23 or newer"
        if fault:
            return "C", f"This kernel has no Landlock, or does not show it: limits only. Level B: {mend}. A: {fault}."
        why = "This kernel has no Landlock, so learners' code can write no files"
        return "A", f"Bubblewrap around seccomp. {why}; for that: {mend}."
    if fault:
        return "B", f"Landlock and seccomp lock each worker. Level A: {fault}."
    return "A", "Bubblewrap around Landlock and seccomp; there is no better level."


def warning(level: str) -> str:
    """Return what every page and score that was made at a level has to say, '' where there is nothing to say."""
    return WARNING if level == "C" else ""


def _bubblewrap() -> str:
    """Return what is missing for bubblewrap, '' if it works."""
    if not shutil.which("bwrap"):
        return "install bubblewrap (apt-get install bubblewrap)"
    command = [*outside(), *system(bool(lock.landlock())), "--", "/usr/bin/env", "true"]
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


# ------------------------------------------------------------------------------------------------ bubblewrap
def outside() -> list[str]:
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


def system(processes: bool) -> list[str]:
    """Return bubblewrap's options for the system's own files, all of them read-only.

    `processes` says whether the processes inside are shown: not where there is no Landlock to hide them from workers.
    """
    command = ["--ro-bind", "/usr", "/usr"]
    for name in ("/lib", "/lib64", "/lib32", "/bin", "/sbin"):
        path = Path(name)
        if path.is_symlink():
            command += ["--symlink", os.readlink(path), name]
        elif path.is_dir():
            command += ["--ro-bind", name, name]
    for name in ("/etc/ld.so.cache", "/etc/localtime", "/etc/fonts"):
        command += ["--ro-bind-try", name, name]
    command += ["--dev", "/dev"]
    return [*command, *(("--proc", "/proc") if processes else ("--perms", "0555", "--tmpfs", "/proc"))]


def tree(seen: Seen, allow: Sequence[str], landlock: bool) -> list[str]:
    """Return bubblewrap's options for all files but the sandbox's own folder."""
    command = [*system(landlock), "--size", "4096", "--tmpfs", "/tmp"]  # before what may lie in it
    for place in dict.fromkeys([sys.base_prefix, sys.prefix, *(p for p in seen.path if Path(p).is_dir())]):
        if not Path(place).resolve().is_relative_to("/usr"):
            real = str(Path(place).resolve())
            for path in dict.fromkeys((place, real)):
                command += [*way(path), "--ro-bind", path, path]
    for folder in seen.folders:
        command += _instead(folder, [path for path in seen.packages if path.is_relative_to(folder)])
    names = [*modules((*FREE, *allow)), ROOT / "bplib" / "__init__.py", *(ROOT / "bplib").glob("*.npz")]
    own = ROOT / "bplib"
    command += _instead(own, [*names, *(own / "grading" / f"{name}.py" for name in INSIDE)])
    for folder in (*seen.folders, own):  # only now: one may lie in another
        command += ["--remount-ro", str(folder)]
    return command


def _instead(folder: Path, shown: Sequence[Path]) -> list[str]:
    """Put an empty folder before `folder`, and into it what may be seen of the real one."""
    command = [*way(folder), "--size", str(1 << 20), "--perms", "0755", "--tmpfs", str(folder)]
    for inner in dict.fromkeys(path.parent for path in shown if path.parent != folder):
        command += way(inner / "x", folder)
    for path in shown:
        command += ["--ro-bind-try", str(path), str(path)]
    return command


def way(path: str | Path, beneath: str | Path = "/") -> list[str]:
    """Make the folders that lead to `path`, open to everybody; those that bubblewrap makes itself are root's alone."""
    parents = [parent for parent in reversed(Path(path).parents) if Path(beneath) in parent.parents]
    return [word for parent in parents for word in ("--perms", "0755", "--dir", str(parent))]


@functools.cache
def modules(names: tuple[str, ...]) -> list[Path]:
    """Return the files and folders of modules of bplib, and of those that they import."""
    waiting, found = list(names), {}
    while waiting:
        name = waiting.pop().split(".")[0]
        path = next((p for p in (ROOT / "bplib" / name, ROOT / "bplib" / f"{name}.py") if p.exists()), None)
        if path is None or path in found:
            continue
        found[path] = None
        for file in [path] if path.is_file() else path.rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_bytes())):
                imported = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                if imported == ["bplib"]:
                    imported = [f"bplib.{alias.name}" for alias in node.names]
                if isinstance(node, ast.Import):
                    imported = [alias.name for alias in node.names]
                waiting += [name.removeprefix("bplib.") for name in imported if name.startswith("bplib.")]
    return list(found)


# ------------------------------------------------------------------------------------------------ packages
class Seen:
    """What workers see of the installed Python.

    Attributes
    ----------
    read, listed : list of Path
        What they may read, and folders of which they may only know the names in them.
    folders, packages : list of Path
        Folders with installed packages, and what in them is for learners.
    path : list of str
        Where they look for modules.
    foreign : list of str
        Names of installed modules that are not for learners.
    """

    def __init__(self, also: Sequence[str] = ()) -> None:
        places = sysconfig.get_paths()
        own = [site.getusersitepackages()] if site.ENABLE_USER_SITE else []
        installed = [places["purelib"], places["platlib"], *site.getsitepackages(), *own]
        systems = ["/usr/lib", "/usr/local/lib", f"{sys.base_prefix}/lib", f"{sys.prefix}/lib"]
        for folder in systems:  # another Python's, too: what is written in Python alone would run in this one
            installed += [*Path(folder).glob("python3*/site-packages"), *Path(folder).glob("python3*/dist-packages")]
        self.folders = sorted({Path(name).resolve() for name in installed if Path(name).is_dir()})
        self.packages = [path for path in _needed(also) if any(path.is_relative_to(f) for f in self.folders)]

        standard = [Path(places["stdlib"]), Path(places["platstdlib"])]
        other = ["/usr/lib64", "/lib", "/lib64", "/usr/share/zoneinfo", "/usr/share/fonts", "/etc/localtime"]
        others = [*map(Path, [*systems, *other]), Path("/etc/ld.so.cache"), Path("/etc/fonts")]
        given, listed = dict.fromkeys(self.packages), dict.fromkeys(self.folders)
        done: list[Path] = []
        for place in sorted({path.resolve() for path in (*standard, *others) if path.exists()}):
            if not any(place.is_relative_to(path) for path in done):
                done.append(place)
                more, names = lock.around(place, [ROOT / "bplib", *self.folders])
                given |= dict.fromkeys(more)
                listed |= dict.fromkeys(names)
        self.read, self.listed = list(given), list(listed)

        looked = [*(path.resolve() for path in standard), *self.folders]
        self.path = [p for p in sys.path if p and any(Path(p).resolve().is_relative_to(m) for m in looked)]
        self.path += [p for p in sys.path if p.endswith(".zip") and p not in self.path]
        known = {_module(path) for path in self.packages}
        here = {_module(path) for folder in self.folders for path in folder.iterdir()}
        self.foreign = sorted(here - known - sys.stdlib_module_names - {"bplib"})


def _module(path: Path) -> str:
    return path.name.partition(".")[0]


@functools.cache
def _needed(also: tuple[str, ...]) -> tuple[Path, ...]:
    """Return the files and folders of the packages for learners, of those in `also`, and of what they need."""
    names = metadata.packages_distributions() if also else {}
    waiting = [*PACKAGES, *also, *(package for name in also for package in names.get(name, ()))]
    done: set[str] = set()
    found: dict[Path, None] = {}
    while waiting:
        name = _normal(waiting.pop())
        if name in done:
            continue
        done.add(name)
        try:
            package = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        found |= dict.fromkeys(_files(package, name))
        for needed in package.requires or ():
            if not re.search(r"\bextra\s*==", needed):
                waiting.append(re.match(r"[\w.-]+", needed)[0])
    return tuple(found)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _files(package: metadata.Distribution, name: str) -> list[Path]:
    """Return what a package has put into its folder; Linux distributions do not always keep a list."""
    folder = Path(str(package.locate_file(""))).resolve()
    parts = [file.parts for file in package.files or () if file.parts[0] not in ("..", "/")]
    if parts:  # the shared __pycache__ is taken file by file
        return list(dict.fromkeys(folder.joinpath(*(p if p[0] == "__pycache__" else p[:1])) for p in parts))
    tops = {_normal(top) for top in (package.read_text("top_level.txt") or "").split()} | {name}
    return [path for path in folder.iterdir() if _normal(_module(path)) in tops]
