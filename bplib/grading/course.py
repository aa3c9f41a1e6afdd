"""A course is a folder: what was handed in, what came of it, and the grade book.

Every step here is nbgrader's own (`NbGraderAPI`); this module puts them in order, keeps one bad hand-in from touching
the others, and accounts for each by name.
"""

from __future__ import annotations

import csv
import re
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config

from bplib.grading import intake
from bplib.grading.config import configure
from bplib.grading.records import Records


class CourseError(Exception):
    """Something that the lecturer has to mend before anybody can be graded; one sentence."""


@dataclass
class HandIn:
    """The one record of a hand-in."""

    learner: str
    marks: dict[str, float | None] = field(default_factory=dict)  # None: waits for a person
    problem: str | None = None  # why it could not be graded, and what to do
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def total(self) -> float:
        """Sum of the marks that are there."""
        return sum(mark or 0.0 for mark in self.marks.values())

    @property
    def waits(self) -> bool:
        """Whether a person has to mark something."""
        return any(mark is None for mark in self.marks.values())


class Course:
    """The course at `root`, with everything it makes in the folder `home` below it."""

    def __init__(self, root: Path, home: str = "course", release: str = "exercises") -> None:
        self.root, self.home = root.resolve(), root.resolve() / home
        if not (self.root / "solutions").is_dir():
            raise CourseError(
                f"there is no course here: {root} has no folder solutions/. Start it in the clone's folder."
            )
        self.config = configure(Config(), root, home, release)
        self.release_directory = self.root / release
        self.api = NbGraderAPI(config=self.config)

    def assignments(self) -> list[str]:
        """Names of the assignments that have a source notebook."""
        return sorted(
            path.stem for path in (self.root / "solutions").glob("*/*.ipynb") if path.stem == path.parent.name
        )

    def release(self, assignment: str) -> Path:
        """Release `assignment` with nbgrader and register it in the grade book; return the released notebook."""
        if assignment not in self.assignments():
            there = ", ".join(self.assignments()) or "none: run `make build`"
            raise CourseError(f"there is no assignment {assignment!r}; there are: {there}")
        self._run("releasing", self.api.generate_assignment(assignment, force=True))
        return self.release_directory / assignment / f"{assignment}.ipynb"

    def take_in(self, assignment: str, folder: Path) -> list[str]:
        """Copy hand-ins from `folder` into the course; an earlier, different hand-in is kept beside the grade book.

        Takes `learner/assignment/notebook.ipynb` (nbgrader's own layout), `learner/notebook.ipynb` and
        `learner.ipynb`.
        """
        if not folder.is_dir():
            raise CourseError(
                f"SUBMITTED={folder} is not a folder: give the folder that holds one folder for each learner"
            )
        found = dict(_hand_ins(folder, assignment))
        if not any(found.values()):
            raise CourseError(
                f"no hand-in for {assignment} in {folder}: it needs learner/{assignment}/{assignment}.ipynb,"
                f" learner/{assignment}.ipynb, or learner.ipynb"
            )
        for learner, sources in found.items():
            target = self.home / "submitted" / learner / assignment
            target.mkdir(parents=True, exist_ok=True)
            for source, name in sources:
                self._keep(target / name, source, assignment, learner)
                shutil.copyfile(source, target / name)
        return sorted(found)

    def _keep(self, old: Path, new: Path, assignment: str, learner: str) -> None:
        if not old.is_file() or old.read_bytes() == new.read_bytes():
            return
        digest = sha256(old.read_bytes()).hexdigest()[:12]
        kept = self.home / "earlier" / learner / assignment / f"{old.stem}-{digest}{old.suffix}"
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(old, kept)

    def learners(self, assignment: str) -> list[str]:
        """Learners who have a folder for `assignment` among the hand-ins."""
        return sorted(path.parent.name for path in (self.home / "submitted").glob(f"*/{assignment}") if path.is_dir())

    def grade(self, assignment: str, say: Callable[[str], None] = print) -> list[HandIn]:
        """Autograde every hand-in for `assignment` and write its feedback; one record each, whatever happens."""
        model = intake.master(self.root / "solutions" / assignment / f"{assignment}.ipynb")
        learners = self.learners(assignment)
        records = []
        for i, learner in enumerate(learners, 1):
            started = time.perf_counter()
            record = self._grade_one(assignment, learner, model)
            record.seconds = time.perf_counter() - started
            records.append(record)
            worth = f"{record.total:g} points" if record.problem is None else "NOT GRADED"
            say(f"[{i:>{len(str(len(learners)))}}/{len(learners)}] {learner:<32} {worth:<12} {record.seconds:.1f} s")
        return records

    def _grade_one(self, assignment: str, learner: str, model: NotebookNode) -> HandIn:
        record = HandIn(learner)
        try:
            self._run("autograding", self.api.autograde(assignment, learner, force=True))
            self._run("writing the feedback of", self.api.generate_feedback(assignment, learner, force=True))
            marks = self._marks(assignment, learner)
            record.marks = {name: marks.get(name) for name in intake.graded(model)}
        except (CourseError, OSError) as error:
            record.problem = str(error)
        kept = Records(self.home, assignment).all().get(learner)
        if kept is not None:
            # When it came is for the records; what was done to it is for the table.
            record.notes = [note for note in kept.notes if not note.startswith("time of receipt")]
            if kept.status != "graded":
                record.marks = {}
                record.problem = record.problem or "; ".join(record.notes) or "a person has to look at it"
        return record

    def _marks(self, assignment: str, learner: str) -> dict[str, float | None]:
        with Gradebook(self.config.CourseDirectory.db_url) as book:
            try:
                (notebook,) = book.find_submission(assignment, learner).notebooks
            except MissingEntry:
                raise CourseError("nbgrader graded it but wrote no record: grade again") from None
            return {grade.name: None if grade.needs_manual_grade else grade.score for grade in notebook.grades}

    def _run(self, doing: str, result: dict) -> None:
        if not result["success"]:
            log = f"{result.get('log', '')}\n{result.get('error', '')}"
            if "DeadKernelError" in log:
                raise CourseError("its code ended the kernel: open the notebook, run it cell by cell, ask for it again")
            lines = [line.strip() for line in log.splitlines() if line.strip()]
            errors = [line for line in lines if re.match(r"[\w.]+(Error|Exception|Exit)\b", line)]
            raise CourseError(f"{doing} it failed; nbgrader says: {(errors or lines or ['nothing'])[-1]}")

    def feedback(self, assignment: str, learner: str = "<learner>") -> Path:
        """Where a learner's feedback page lies."""
        return self.home / "feedback" / learner / assignment / f"{assignment}.html"

    def write_csv(self, assignment: str, records: list[HandIn]) -> Path:
        """Write the grade table as CSV (quoted, UTF-8 with a mark so that spreadsheets read it)."""
        path = self.home / f"grades_{assignment}.csv"
        names = _names(records)
        with path.open("w", newline="", encoding="utf-8-sig") as file:
            table = csv.writer(file)
            table.writerow(["learner", *names, "total", "waits for a person", "not graded because", "mended"])
            for record in records:
                marks = [record.marks.get(name) for name in names]
                table.writerow(
                    [record.learner, *marks, record.total, record.waits, record.problem or "", "; ".join(record.notes)]
                )
        return path


def _names(records: list[HandIn]) -> list[str]:
    return list(next((record.marks for record in records if record.marks), {}))


def _hand_ins(folder: Path, assignment: str) -> Iterator[tuple[str, list[tuple[Path, str]]]]:
    """Find each learner's files: (source, name in the course); a renamed one keeps its name, to be reported."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir():
            inner = path / assignment if (path / assignment).is_dir() else path
            files = [p for p in sorted(inner.iterdir()) if p.suffix == ".ipynb" or p.name == "timestamp.txt"]
            files = [p for p in files if p.is_file() and not p.is_symlink()]
            yield path.name, [(p, p.name) for p in files]  # none at all is a hand-in to be asked for
        elif path.suffix == ".ipynb" and path.is_file():
            yield path.stem, [(path, f"{assignment}.ipynb")]


def table(assignment: str, records: list[HandIn], out_of: float) -> str:
    """Write the grade table as text: a line for each learner, a column for each question."""
    names = _names(records)
    width = max([len(record.learner) for record in records] + [7])
    legend = ", ".join(f"{i} {name.removeprefix('check_')}" for i, name in enumerate(names, 1))
    columns = "".join(f"{i:>5}" for i in range(1, len(names) + 1))
    lines = [f"{assignment}: {legend}", "", f"{'learner':<{width}}{columns}   of {out_of:g}"]
    for record in records:
        if record.problem:
            lines.append(f"{record.learner:<{width}}  not graded: {record.problem}")
            continue
        marks = [record.marks.get(name) for name in names]
        row = "".join(f"{'?' if mark is None else format(mark, 'g'):>5}" for mark in marks)
        lines.append(f"{record.learner:<{width}}{row}   {record.total:g}{' + ?' if record.waits else ''}")
    return "\n".join(lines)
