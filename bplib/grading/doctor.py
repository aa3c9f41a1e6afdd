"""Before the class hands in: what this machine and this course would refuse, and the one command that mends it.

    python -m bplib.grading doctor --course DIR

Nothing is changed, and of learners' code nothing is run; the checks are asked about the master's own answers.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import os
import platform
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat

from bplib.grading import book
from bplib.grading.archive import CollectError
from bplib.grading.checker import CheckerError
from bplib.grading.config import prefer_own_programs
from bplib.grading.course import Course, CourseError
from bplib.grading.judging import Judge
from bplib.grading.released import WAY_OUT, released
from bplib.grading.roster import Roster
from bplib.grading.sandbox import Sandbox, SandboxError, best_level

SCARCE, NONE = 1 << 30, 100 << 20  # bytes of disk: worth a word, and too little to begin
INSTALL = {
    "apt-get": "sudo apt-get install bubblewrap",
    "dnf": "sudo dnf install bubblewrap",
    "zypper": "sudo zypper install bubblewrap",
    "pacman": "sudo pacman -S bubblewrap",
    "apk": "apk add bubblewrap",
}
SWITCHES = {  # what keeps an ordinary user from making namespaces: file -> value that forbids, command that allows
    "proc/sys/user/max_user_namespaces": ("0", "sudo sysctl user.max_user_namespaces=15000"),
    "proc/sys/kernel/unprivileged_userns_clone": ("0", "sudo sysctl kernel.unprivileged_userns_clone=1"),
    "proc/sys/kernel/apparmor_restrict_unprivileged_userns": (
        "1",
        "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0",
    ),
}
PLUG = "from bplib.grading import plug; plug.install(get_config())"


@dataclass(frozen=True)
class Finding:
    """One line: 'fine', 'note' (worth knowing), or 'mend' (grading would be refused); and what it is about."""

    kind: str
    about: str
    text: str


def doctor(root: Path) -> tuple[str, int]:
    """Look at the machine, and at the course in the folder `root`.

    Parameters
    ----------
    root : Path
        Any nbgrader course folder.

    Returns
    -------
    text : str
        A line for each finding; the last one says what to do first.
    status : int
        0 if nothing would be refused, else 1.
    """
    prefer_own_programs()
    course, opened = _opened(root)
    findings = [*_sandbox(Judge(config=course.config) if course else Judge()), *_versions(), *opened]
    if course:
        findings += _course(course)
    width = max(len(finding.about) for finding in findings)
    lines = [f"{finding.kind}  {finding.about:<{width}}  {finding.text}" for finding in findings]
    mends = [finding for finding in findings if finding.kind == "mend"]
    if mends:
        last = f"Do first: {mends[0].about}: {mends[0].text}"
    else:
        last = "Nothing would be refused: hand-ins can be graded."
    return "\n".join([*lines, "", last]), int(bool(mends))


# --- the machine -----------------------------------------------------------------------------------------------------


def _sandbox(settings: Judge) -> Iterator[Finding]:
    """Say which sandbox there is, having let it try from inside what must not work."""
    best, reason = best_level()
    level, better = settings.level or best, better_level(best)
    if level == "C" and settings.trust:
        yield Finding("note", "sandbox", f"learners' code runs with limits only, as c.Judge.trust says. {reason}")
    elif level == "C":
        yield Finding("mend", "sandbox", f"{reason} Grading is refused unless you say --i-trust-these-notebooks")
    else:
        try:
            with Sandbox(level):
                yield Finding("fine", "sandbox", f"level {level}, tried from inside: {reason}")
        except SandboxError as error:
            yield Finding("mend", "sandbox", f"{error}; try once more, then report this line")
    if better:
        yield Finding("note", "sandbox", f"for level {'A' if best == 'B' else 'B'}: {better}")


def better_level(level: str, system: Path = Path("/")) -> str:
    """Return the exact mend for the next better level of the sandbox, '' at the best.

    Parameters
    ----------
    level : str
        What this machine has.
    system : Path
        Where its files lie.
    """
    if level == "A" or not sys.platform.startswith("linux"):
        return "" if level == "A" else "grade on Linux (on Windows: in WSL 2)"
    if level == "C":
        modules = _word(system / "sys/kernel/security/lsm")
        if modules and "landlock" not in modules.split(","):
            return (
                f"start Linux with lsm=landlock,{modules} (GRUB_CMDLINE_LINUX in /etc/default/grub, then update-grub)"
            )
        if _version(platform.release()) < (5, 13):
            return f"Linux 5.13 or newer; this is {platform.release()}"
        return "a kernel with Landlock that shows it; in a container, Docker 23 or newer"
    if not shutil.which("bwrap"):
        there = [command for program, command in INSTALL.items() if shutil.which(program)]
        return there[0] if there else "install bubblewrap"
    if (system / ".dockerenv").exists():
        return "docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined"
    for name, (forbids, command) in SWITCHES.items():
        if _word(system / name) == forbids:
            return command
    return "bubblewrap may not make namespaces here: ask whoever runs this machine"


def _word(path: Path) -> str:
    with contextlib.suppress(OSError):
        return path.read_text(encoding="utf-8", errors="replace").strip()
    return ""


def _version(text: str) -> tuple[int, ...]:
    """Return the numbers that a version begins with.

    Examples
    --------
    >>> _version("6.1.0-18-amd64")
    (6, 1)
    """
    return tuple(int("0" + "".join(filter(str.isdigit, part))) for part in text.split(".")[:2])


def _versions() -> Iterator[Finding]:
    found = {"Python": platform.python_version()}
    for name in ("numpy", "nbgrader", "nbformat", "bplib"):
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            found[name] = importlib.metadata.version(name)
    text = ", ".join(f"{name} {version}" for name, version in found.items())
    yield Finding("fine", "versions", f"{text}, {platform.system()} {platform.release()}")
    if not (0, 9) <= _version(found["nbgrader"]) < (0, 10):
        said = f"nbgrader {found['nbgrader']} is not known here: pip install 'nbgrader>=0.9.5,<0.10'"
        yield Finding("mend", "versions", said)
    if not shutil.which("alembic"):
        yield Finding(
            "mend", "versions", "nbgrader cannot make a grade book without alembic on PATH: pip install alembic"
        )
    yield from _disk("temporary files", Path(tempfile.gettempdir()))


def _disk(about: str, place: Path) -> Iterator[Finding]:
    with contextlib.suppress(OSError):
        free = shutil.disk_usage(place).free
        if free < SCARCE:
            yield Finding("mend" if free < NONE else "note", about, f"{free >> 20} MB are left on the disk of {place}")


# --- the course ------------------------------------------------------------------------------------------------------


def _opened(root: Path) -> tuple[Course | None, list[Finding]]:
    """Return the course in a folder, or what keeps it from being opened."""
    if not root.is_dir():
        return None, [Finding("mend", "course", f"there is no folder {root}: say --course DIR")]
    try:
        return Course(root), []
    except CourseError as error:
        return None, [Finding("mend", "course", str(error))]
    except (Exception, SystemExit) as error:  # the lecturer's file is a program, and may do anything
        said = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        return None, [Finding("mend", "course", f"nbgrader_config.py cannot be used ({said}): mend that line")]


def _course(course: Course) -> Iterator[Finding]:
    names = course.assignments()
    yield Finding("fine", "course", f"{course.root} with {_count(len(names), 'assignment')}")
    yield from _plugged(course)
    yield from _book(course)
    yield from _disk("course", course.home if course.home.is_dir() else course.root)
    yield from _permissions(course)
    yield from _roster(course)
    for name in names:
        yield from _assignment(course, name)


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _plugged(course: Course) -> Iterator[Finding]:
    """Say whether nbgrader's own commands go through the judge as well."""
    file = course.root / "nbgrader_config.py"
    if "bplib.grading" not in _word(file):
        said = "nbgrader's own autograde and the formgrader's button run learners' code without the judge here"
        yield Finding("note", "nbgrader", f"{said}: put into nbgrader_config.py: {PLUG}")


def _book(course: Course) -> Iterator[Finding]:
    url = course.directory.db_url
    path = book.path_of(url)
    if path is None:
        yield Finding("note", "grade book", "it is no SQLite file: whoever runs its server backs it up and checks it")
    elif "?" in url:
        yield Finding("mend", "grade book", "nbgrader cannot use a path with a question mark: rename the folder")
    elif not path.exists() and not book.backups(path):
        yield Finding("note", "grade book", "none yet: releasing an assignment makes it")
    else:
        try:
            book.check(path, patience=2.0)
            kept = book.backups(path)
            newest = f", the newest {kept[-1].name}" if kept else ""
            yield Finding("fine", "grade book", f"whole, and {_count(len(kept), 'backup')}{newest}")
        except book.BookError as error:
            yield Finding("mend", "grade book", str(error))


def _permissions(course: Course) -> Iterator[Finding]:
    if course.home.exists() and not os.access(course.home, os.W_OK | os.X_OK):
        yield Finding("mend", "permissions", f"{course.home} cannot be written: chmod u+rwx '{course.home}'")
    submitted = Path(course.root, course.directory.submitted_directory)
    if submitted.exists() and not os.access(submitted, os.R_OK | os.X_OK):
        yield Finding("mend", "permissions", f"{submitted} cannot be read: chmod u+rx '{submitted}'")
    secret = course.home / "secret"
    with contextlib.suppress(FileNotFoundError):
        seen = secret.stat()
        if stat.S_IMODE(seen.st_mode) & 0o077:
            said = "others can read the secret that random numbers are drawn from"
            yield Finding("mend", "permissions", f"{said}: chmod 600 '{secret}'")
        if seen.st_size < 32:
            yield Finding("mend", "secret", f"{secret} holds no secret: put back the course's own, or delete it")


def _roster(course: Course) -> Iterator[Finding]:
    """Compare the roster, where there is one, with who has handed in."""
    paths = [folder / "roster.csv" for folder in dict.fromkeys((course.root, course.home))]
    path = next((path for path in paths if path.exists()), None)
    if path is None:
        return
    try:
        people = set(Roster(path).ids)
    except CollectError as error:
        yield Finding("mend", "roster", str(error))
        return
    folder = Path(course.root, course.directory.submitted_directory)
    there = {entry.name for entry in folder.iterdir() if not entry.name.startswith(".")} if folder.is_dir() else set()
    yield Finding("fine", "roster", f"{_count(len(people), 'person')} in {path.name}")
    if strangers := sorted(there - people):
        yield Finding("note", "roster", f"not in {path.name} but among the hand-ins: {_list(strangers)}")


def _list(names: list[str]) -> str:
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join("".join(sign if sign.isprintable() else "?" for sign in name)[:60] for name in names[:5]) + more


def _assignment(course: Course, name: str) -> Iterator[Finding]:
    """Say what of one assignment would be refused: its release, its checks."""
    try:
        changed = _changed(course, name)
        faults = list(_faults(course, name))
    except (CheckerError, CourseError, OSError, ValueError, nbformat.ValidationError) as error:
        said = " ".join(str(error).split())[:200]
        yield Finding("mend", name, f"its master cannot be graded with ({said}): mend it, then release it again")
        return
    if changed:
        yield Finding("mend", name, f"not as it was released ({_list(changed)}): {WAY_OUT.format(name)}")
    for fault in faults:
        yield Finding("mend", name, fault)
    if not changed and not faults:
        hand_ins = len(course.learners(name))
        yield Finding("fine", name, f"its own answers earn every mark; {_count(hand_ins, 'hand-in')}")


def _changed(course: Course, name: str) -> list[str]:
    path = book.path_of(course.directory.db_url)
    if path is not None and not path.exists():
        return []  # nothing is released; asking nbgrader would make a grade book
    return [change for change in released(course.directory, name) if not change.endswith("was never released")]


def _faults(course: Course, name: str) -> Iterator[str]:
    """Say which checks cannot give marks."""
    settings = Judge(config=course.config)
    folder = Path(course.root, course.directory.source_directory, name)
    for notebook in course.notebooks(name):
        assignment = settings.assignment(name, notebook, folder)
        with assignment.checker() as checker:
            for cell, why in assignment.faults(checker).items():
                yield f"{notebook}.ipynb, cell {cell}: {why}"
