"""A whole class of hostile hand-ins through the command that a lecturer gives, between two honest learners.

Here the folders count as well (links, pipes, holes, wrong names), the grade book, the records and the pages as they are
written; and what a second hand-in makes of a first one.
"""

from __future__ import annotations

import os
import re
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook

from bplib.grading.records import Records
from tests.attacks import arena, pages
from tests.attacks.cases import HELPER, HONEST, MASTERS, Case
from tests.attacks.trial import LIMITS, Found

NAME = "backprop"
CONFIG = """from bplib.grading import plug

c = get_config()
c.CourseDirectory.course_id = "attacked"
c.Judge.level = "{level}"
c.Judge.cpu_call, c.Judge.cpu_notebook, c.Judge.memory = {limits}
plug.install(c)
"""
COLLECTED = ("F29-zipbomb",)  # what such an archive holds is refused where it is taken in
FIRST, LAST = "alice", "zed"  # the honest: whatever stands between them


class Classroom:
    """A course folder of somebody else's with one assignment.

    Parameters
    ----------
    folder : Path
        A new one.
    level : 'A' or 'B'
    """

    def __init__(self, folder: Path, level: str) -> None:
        self.root, self.level = folder, level
        source = folder / "source" / NAME
        source.mkdir(parents=True)
        (source / f"{NAME}.ipynb").write_bytes(MASTERS["backprop"].read_bytes())
        (source / "gradlib.py").write_bytes(HELPER.read_bytes())
        given = (LIMITS.cpu_call, LIMITS.cpu_notebook, LIMITS.memory)
        (folder / "nbgrader_config.py").write_text(CONFIG.format(level=level, limits=given))
        arena.plant(Path.home())

    def place(self, learner: str) -> Path:
        """Where a learner's hand-in lies."""
        return self.root / "submitted" / learner / NAME

    def hand_in(self, learner: str, case: Case | None = None) -> None:
        """Put a hand-in there, in place of an earlier one; without a case it is the honest one."""
        place = self.place(learner)
        for old in sorted(place.rglob("*"), reverse=True):
            old.rmdir() if old.is_dir() and not old.is_symlink() else old.unlink()
        if place.exists():
            place.rmdir()
        place.parent.mkdir(parents=True, exist_ok=True)
        (case or Case("honest", HONEST)).build(place)

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Give a command as a lecturer does."""
        program = [sys.executable, "-m", "bplib.grading", *words, "--course", str(self.root)]
        return subprocess.run(program, capture_output=True, text=True, cwd=self.root, timeout=1800)

    def graded(self) -> list[str]:
        """Grade whoever has handed in anew, and write the pages; return what went wrong with that."""
        found = []
        for words in (("autograde", NAME), ("feedback", NAME)):
            done = self.command(*words)
            if done.returncode:
                found.append(f"`{words[0]}` ends with {done.returncode}: {(done.stderr or done.stdout)[-500:]}")
            if "Traceback" in done.stdout + done.stderr:
                found.append(f"`{words[0]}` shows a traceback: {(done.stdout + done.stderr)[-500:]}")
        return found

    # ------------------------------------------------------------------------------------------ what came of it
    def records(self) -> dict[str, Any]:
        """Return the record of each learner."""
        return Records(self.root, NAME).all()

    def scores(self) -> dict[str, float]:
        """Return what the grade book holds."""
        with Gradebook(f"sqlite:///{self.root / 'gradebook.db'}", "attacked") as book:
            return {one.student.id: one.score for one in book.assignment_submissions(NAME)}

    def page(self, learner: str) -> str:
        """Return a learner's feedback page; '' if there is none."""
        path = self.root / "feedback" / learner / NAME / f"{NAME}.html"
        return path.read_text(encoding="utf-8") if path.is_file() else ""

    def notebook(self, learner: str) -> Any:
        """Return the notebook that the formgrader shows, or None."""
        path = self.root / "autograded" / learner / NAME / f"{NAME}.ipynb"
        return nbformat.read(path, as_version=4) if path.is_file() else None

    def book(self) -> Iterator[str]:
        """I3: say what is wrong with the grade book."""
        with closing(sqlite3.connect(self.root / "gradebook.db")) as book:
            if (said := book.execute("PRAGMA integrity_check").fetchall()) != [("ok",)]:
                yield f"I3: the grade book is damaged: {said[:2]}"
            for (name,) in book.execute("SELECT name FROM sqlite_master WHERE type IN ('trigger', 'view')"):
                yield f"I3: the grade book has a trigger or a view: {name}"


def learner_of(case: Case) -> str:
    """Return whose a case is."""
    return case.learner or f"m-{case.name}"


def tried(cases: Iterable[Case], level: str, folder: Path) -> list[Found]:
    """Grade a class of cases, and say where each falls short."""
    cases = [case for case in cases if "backprop" in case.masters and case.name not in COLLECTED]
    room = Classroom(folder, level)
    for learner in (FIRST, LAST):
        room.hand_in(learner)
    (room.place(LAST) / "notes.txt").write_text(arena.TOKENS["other"])
    for case in cases:
        room.hand_in(learner_of(case), case)
    handed_in, before = tree(folder / "submitted"), arena.traces()
    began = time.monotonic()
    whole = Found("the class", level, "class", short=room.graded())
    whole.seconds = time.monotonic() - began
    whole.short += room.book()
    left = arena.left_behind(before, arena.traces())
    whole.short += [line for line in left if str(folder) not in line][:3]
    if tree(folder / "submitted") != handed_in:
        whole.short.append("I1: what was handed in is not as it was")
    records, scores = room.records(), room.scores()
    for learner in (FIRST, LAST):
        if records[learner].status != "graded" or scores.get(learner) != 10.0:
            whole.short.append(f"I2: {learner} is {records[learner].status} with {scores.get(learner)}")
    found = [whole]
    for case in cases:
        one = Found(case.name, level, "class")
        one.short = list(_short(room, case, records, scores))
        found.append(one)
    return found


def _short(room: Classroom, case: Case, records: dict[str, Any], scores: dict[str, float]) -> Iterator[str]:
    """Say where one of the class falls short."""
    learner = learner_of(case)
    record, page, notebook = records.get(learner), room.page(learner), room.notebook(learner)
    if record is None:
        yield "I1: it has no record"
        return
    if record.status not in case.status:
        yield f"it is {record.status}, not {' or '.join(case.status)}: {record.notes}"
    score = scores.get(learner, 0.0)
    if case.scores and score not in case.scores:
        yield f"it gets {score:g}, not {' or '.join(f'{s:g}' for s in case.scores)}"
    if record.status == "graded" and not page:
        yield "there is no feedback page"
    shown = " ".join(re.sub(r"<[^>]*>", "", page).split())
    for pattern in case.words:
        if not any(re.search(pattern, text) for text in (*record.notes, _plain(shown), *_outputs(notebook))):
            yield f"I10: nothing says {pattern!r}: {record.notes}"
    for note in record.notes:
        if "\n" in note or str(room.root) in note or str(arena.ROOT) in note:
            yield f"I10: not one line without places of this machine: {note[:80]!r}"
    for what in (*pages.live(page), *(pages.live_cells(notebook) if notebook is not None else ())):
        yield f"I9: {what}"
    raw = (
        (room.place(learner) / f"{NAME}.ipynb").read_bytes() if case.raw is not None and not case.path.is_dir() else b""
    )
    for token in arena.secrets(raw, room.root):
        if token in page or any(token in text for text in (*record.notes, *_outputs(notebook))):
            yield f"I5: {token!r} is to be read"
    for step in ("autograded", "feedback"):
        names = {p.name for p in (room.root / step / learner).rglob("*") if not p.is_dir() or p.is_symlink()}
        if names - {HELPER.name, f"{NAME}.ipynb", f"{NAME}.html", "timestamp.txt"}:
            yield f"I5: {step}/ holds {sorted(names)}"


def _plain(text: str) -> str:
    return (
        text.replace("&#39;", "'").replace("&#34;", '"').replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    )


def _outputs(notebook: Any) -> list[str]:
    """Return what the cells of a graded notebook show."""
    found = []
    for cell in notebook.cells if notebook is not None else ():
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        for output in cell.get("outputs", ()):
            text = output.get("text") or output.get("evalue") or output.get("data", {}).get("text/plain", "")
            found.append(" ".join(f"{name}: {output.get('ename', '')}: {text}".split()))
    return found


def tree(folder: Path) -> dict[str, Any]:
    """Describe a folder without following a link or opening a pipe."""
    found = {}
    for path in sorted(folder.rglob("*")):
        seen = path.lstat()
        found[str(path.relative_to(folder))] = (
            os.readlink(path) if path.is_symlink()
            else sha256(path.read_bytes()).hexdigest() if stat.S_ISREG(seen.st_mode) and seen.st_size < 1 << 30
            else (stat.S_IFMT(seen.st_mode), stat.S_ISREG(seen.st_mode) and seen.st_size)
        )  # fmt: skip
    return found


# ------------------------------------------------------------------------------------------------ one after the other
def sequences(cases: Iterable[Case], level: str, folder: Path) -> list[Found]:
    """Hand in and grade, hand in and grade again; and collect an archive that is a bomb."""
    known = {case.name: case for case in cases}
    needed = {"T17-delcells", "R11-osexit", "M08-random", "E10-collude", "F29-zipbomb"}
    if not needed <= known.keys():
        return []
    room = Classroom(folder, level)
    first = {"S01": None, "S02": None, "S03": known["M08-random"], "S04": None, "S05": known["E10-collude"]}
    first |= {"S05-second": known["E10-collude"], FIRST: None}
    for learner, case in first.items():
        room.hand_in(learner, case)
    short = room.graded()
    before = room.scores()
    with Gradebook(f"sqlite:///{room.root / 'gradebook.db'}", "attacked") as book:
        grade = book.find_grade("t1", NAME, NAME, "S04")
        grade.manual_score, grade.needs_manual_grade = 1.5, False
        book.find_comment("q1", NAME, NAME, "S04").manual_comment = "See me."
        book.db.commit()
    room.hand_in("S01", known["T17-delcells"])
    room.hand_in("S02", known["R11-osexit"])
    done = room.command("autograde", NAME, "--force")
    short += [f"grading again ends with {done.returncode}: {done.stderr[-300:]}"] if done.returncode else []
    after, records = room.scores(), room.records()
    with Gradebook(f"sqlite:///{room.root / 'gradebook.db'}", "attacked") as book:
        grade, comment = book.find_grade("t1", NAME, NAME, "S04"), book.find_comment("q1", NAME, NAME, "S04")
        manual = (grade.manual_score, comment.manual_comment)
    rules: dict[str, Callable[[], bool]] = {
        "S01-stale-delete: 10, then 0": lambda: (before["S01"], after["S01"]) == (10.0, 0.0),
        "S02-stale-crash: 10, then 8": lambda: (before["S02"], after["S02"]) == (10.0, 8.0),
        "S03-regrade: the same both times": lambda: before["S03"] == after["S03"],
        "S04-manual: mark and comment of a person stay": lambda: manual == (1.5, "See me."),
        "S05-collude: nothing found": lambda: "LEAK" not in "".join(_outputs(room.notebook("S05-second"))),
        "honest: 10 both times": lambda: (before[FIRST], after[FIRST]) == (10.0, 10.0),
        "one record each": lambda: set(records) == set(first),
    }
    found = [Found("sequences", level, "class", short=[*short, *room.book()])]
    for rule, holds in rules.items():
        one = Found(rule.partition(":")[0], level, "class")
        one.short = (
            [] if holds() else [f"it should be: {rule.partition(': ')[2]}; before {before}, after {after}, {manual}"]
        )
        found.append(one)
    return [*found, _bomb(known["F29-zipbomb"], room)]


def _bomb(case: Case, room: Classroom) -> Found:
    """Collect an archive of an honest notebook and three bombs."""
    aside = room.root / "aside"
    case.build(aside)
    done = room.command("collect", NAME, str(aside / "lms.zip"))
    said = done.stdout + done.stderr
    one = Found(f"{case.name} collected", room.level, "class")
    for name in ("dave0", "dave1", "dave2"):
        if not re.search(rf"refused.*{name}", said) or any((room.root / "submitted" / name).rglob("*.ipynb")):
            one.short.append(f"{name} is not refused by name: {said[-300:]}")
    if not (room.root / "submitted" / FIRST).is_dir() or "Traceback" in said:
        one.short.append(f"the honest one is not taken: {said[-300:]}")
    used = sum(path.lstat().st_size for path in room.root.rglob("*") if path.is_file() and not path.is_symlink())
    if used > 50 << 20:
        one.short.append(f"{used >> 20} MB were unpacked")
    return one
