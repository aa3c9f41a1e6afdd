"""A course is a folder: what was handed in, what came of it, and the grade book.

Every step here is nbgrader's own, plugged (see `plug`); this module puts them in order for any nbgrader course folder,
ours or somebody else's, and reads from records and grade book what came of each hand-in.
"""

from __future__ import annotations

import contextlib
import csv
import logging
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import NbGraderAPI
from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import temp_attrs
from traitlets.config import Config, PyFileConfigLoader

from bplib.grading import book, plug
from bplib.grading.checker import CheckerError
from bplib.grading.config import configure, prefer_own_programs
from bplib.grading.handin import raw_notebooks
from bplib.grading.judging import Judge
from bplib.grading.place import home, secret, seed
from bplib.grading.records import Record, Records
from bplib.grading.sandbox import SandboxError


class CourseError(Exception):
    """Something that the lecturer has to mend before anybody can be graded; one sentence."""


@dataclass
class HandIn:
    """What came of one hand-in: its record, and the marks that the grade book holds."""

    learner: str
    status: str
    marks: dict[str, float | None] = field(default_factory=dict)  # None: waits for a person
    notes: list[str] = field(default_factory=list)

    @property
    def total(self) -> float:
        """Sum of the marks that are there."""
        return sum(mark or 0.0 for mark in self.marks.values())

    @property
    def waits(self) -> bool:
        """Whether a person has to mark something."""
        return any(mark is None for mark in self.marks.values())


class Course:
    """An nbgrader course folder.

    Parameters
    ----------
    root : Path
        The folder with `nbgrader_config.py`, or with `solutions/`, or with nbgrader's `source/`.
    config : Config, optional
        In place of what the folder's own file says.

    Raises
    ------
    CourseError
        If there is no course, or its configuration cannot be read: nbgrader would only log that and go on without it.
    """

    def __init__(self, root: Path, config: Config | None = None) -> None:
        self.root = root.resolve()
        prefer_own_programs()
        self.config = config if config is not None else _configuration(self.root)
        plug.install(self.config)
        self.api = NbGraderAPI(config=self.config)
        self.directory: CourseDirectory = self.api.coursedir
        self.log = logging.getLogger(f"bplib.grading.{id(self)}")
        self.api.log = self.directory.log = self.log
        self.log.propagate = False
        self.home = home(self.directory)
        if not self._source().is_dir():
            raise CourseError(
                f"there is no course here: {self.root} has no folder {self.directory.source_directory}/."
                " Start it in the course's folder, or say --course DIR."
            )

    @classmethod
    def kit(cls, root: Path, home: str = "course", release: str = "exercises") -> Course:
        """Return our own course at `root`, with everything it makes in the folder `home` below it."""
        if not (root / "solutions").is_dir():
            raise CourseError(
                f"there is no course here: {root.resolve()} has no folder solutions/. Start it in the clone's folder."
            )
        return cls(root, configure(Config(), root, home, release))

    def _source(self, assignment: str = "") -> Path:
        return Path(self.root, self.directory.source_directory, assignment)

    def assignments(self) -> list[str]:
        """Names of the assignments that have a source notebook."""
        return sorted({path.parent.name for path in self._source().glob("*/*.ipynb")})

    def notebooks(self, assignment: str) -> list[str]:
        """Names of the notebooks of an assignment, without .ipynb."""
        self._known(assignment)
        return sorted(path.stem for path in self._source(assignment).glob("*.ipynb"))

    def _known(self, assignment: str) -> None:
        if assignment not in self.assignments():
            there = ", ".join(self.assignments()) or "none yet"
            raise CourseError(f"there is no assignment {assignment!r}; there are: {there}")

    # ------------------------------------------------------------------------------------------ release
    def release(self, assignment: str) -> Path:
        """Release `assignment` with nbgrader and register it in the grade book; return the released folder."""
        self._known(assignment)
        result = self.api.generate_assignment(assignment, force=True)
        if not result["success"]:
            lines = [
                line for line in f"{result.get('log', '')}\n{result.get('error', '')}".splitlines() if line.strip()
            ]
            raise CourseError(f"{assignment} cannot be released; nbgrader says: {(lines or ['nothing'])[-1]}")
        return Path(self.root, self.directory.release_directory, assignment)

    def register(self, assignment: str) -> bool:
        """Enter `assignment` into the grade book if it is not there; what was released stays as it is."""
        self._known(assignment)
        if (database := book.path_of(self.directory.db_url)) is not None:
            try:
                book.check(database, new=True)
            except book.BookError as error:
                raise CourseError(str(error)) from error
        with Gradebook(self.directory.db_url, self.directory.course_id) as gradebook:
            try:
                gradebook.find_assignment(assignment)
                return False
            except MissingEntry:
                pass
        with tempfile.TemporaryDirectory(dir=self.home) as folder:
            aside = Path(folder).relative_to(self.root).as_posix()
            with temp_attrs(self.directory, release_directory=aside):
                self.release(assignment)
        return True

    # ------------------------------------------------------------------------------------------ grade
    def learners(self, assignment: str) -> list[str]:
        """Learners who have a folder for `assignment` among the hand-ins."""
        with temp_attrs(self.directory, assignment_id=assignment, student_id="*"):
            return sorted(plug.folders(self.directory, self.directory.submitted_directory))

    def autograde(
        self,
        assignment: str,
        student: str = "*",
        force: bool = False,
        trust: bool = False,
        watch: Callable[[Record], None] | None = None,
    ) -> None:
        """Judge hand-ins and book their marks, each with its record.

        Parameters
        ----------
        assignment : str
            Its name.
        student : str
            Whose; `*` and `?` stand for any characters.
        force : bool
            Also those that are graded already and have not changed.
        trust : bool
            Grade at level C where no sandbox is to be had.
        watch : callable, optional
            Gets each record as it is written.

        Raises
        ------
        CourseError
            If nobody can be graded before the lecturer has mended something.
        """
        self.register(assignment)
        self._convert(Autograde, assignment, student, force, trust, watch)

    def feedback(self, assignment: str, student: str = "*", force: bool = True) -> list[str]:
        """Write the feedback pages of what is graded; return whose could not be written, with the reason."""
        failed = []
        with temp_attrs(self.directory, assignment_id=assignment, student_id=student):
            learners = plug.folders(self.directory, self.directory.autograded_directory)
        if not learners:
            raise CourseError(f"nothing of {assignment} is graded yet: autograde it first")
        for learner in sorted(learners):
            try:
                self._convert(GenerateFeedback, assignment, learner, force)
            except CourseError as error:
                failed.append(f"{learner}: {error}")
        return failed

    def _convert(
        self,
        kind: type,
        assignment: str,
        student: str,
        force: bool,
        trust: bool = False,
        watch: Callable[[Record], None] | None = None,
    ) -> None:
        """Run one of nbgrader's converters; what it logs is kept, and its last word told if it fails."""
        said: list[str] = []
        listener = logging.Handler(logging.ERROR)
        listener.emit = lambda record: said.append(record.getMessage())
        self.log.addHandler(listener)
        try:
            with temp_attrs(self.directory, assignment_id=assignment, student_id=student):
                converter = kind(coursedir=self.directory, parent=self.api)
                converter.force = force
                if kind is Autograde:
                    converter.config.Judge.trust = trust or converter.config.Judge.get("trust", False)
                    if watch is not None:
                        converter.watch = watch
                converter.start()
        except (NbGraderException, OSError, SystemExit) as error:
            raise CourseError((said or [str(error)])[-1].strip().splitlines()[-1]) from error
        finally:
            self.log.removeHandler(listener)

    def compare(self, assignment: str, student: str = "*", trust: bool = False) -> list[tuple[str, str]]:
        """Judge again and write nothing; return whose marks would change, and how.

        Returns
        -------
        changes : list of (learner, sentence)
        """
        self._known(assignment)
        with temp_attrs(self.directory, assignment_id=assignment, student_id=student):
            folders = plug.folders(self.directory, self.directory.submitted_directory)
        settings = Judge(config=self.config)
        settings.trust = trust or settings.trust
        masters = {
            name: settings.assignment(assignment, name, self._source(assignment)) for name in self.notebooks(assignment)
        }
        changes = []
        key = secret(self.home / "secret")
        try:
            with settings.bench(masters) as bench:
                for learner, folder in sorted(folders.items()):
                    now = self._marks(assignment, learner)
                    raw = raw_notebooks(folder, list(masters))
                    for name, data in raw.bytes.items():
                        judged = bench(name, data, seed(key, assignment, learner))
                        for cell, mark in judged.scores.items():
                            old = now.get((name, cell), "not graded")
                            waits = mark is None and cell not in judged.reviews and "" not in judged.reviews
                            if not waits and old != mark:
                                changes.append((learner, f"{cell}: {_shown(old)} would become {_shown(mark)}"))
        except (SandboxError, CheckerError) as error:
            raise CourseError(str(error)) from error
        return changes

    # ------------------------------------------------------------------------------------------ what came of it
    def _marks(self, assignment: str, learner: str) -> dict[tuple[str, str], float | None]:
        with Gradebook(self.directory.db_url, self.directory.course_id) as gradebook:
            try:
                submission = gradebook.find_submission(assignment, learner)
            except MissingEntry:
                return {}
            return {
                (notebook.name, grade.name): None if grade.needs_manual_grade else grade.score
                for notebook in submission.notebooks
                for grade in notebook.grades
            }

    def points(self, assignment: str) -> dict[tuple[str, str], float]:
        """Return the points of each graded cell, in the notebooks' order."""
        settings = Judge(config=self.config)
        folder = self._source(assignment)
        return {
            (name, cell): points
            for name in self.notebooks(assignment)
            for cell, points in settings.assignment(assignment, name, folder).points.items()
        }

    def results(self, assignment: str) -> list[HandIn]:
        """Return what came of each hand-in, in the order of the learners' names."""
        points = self.points(assignment)
        many = len({name for name, _ in points}) > 1
        found = []
        for learner, record in sorted(Records(self.home, assignment).all().items()):
            marks = self._marks(assignment, learner) if record.status != "rejected" else {}
            named = {f"{name}/{cell}" if many else cell: marks.get((name, cell)) for name, cell in points}
            # When it came is for the records; what was done to it is for the table.
            notes = [note for note in record.notes if not note.startswith("time of receipt")]
            found.append(HandIn(learner, record.status, named if marks else {}, notes))
        return found

    def page(self, assignment: str, learner: str = "<learner>") -> Path:
        """Where a learner's feedback lies."""
        return Path(self.root, self.directory.feedback_directory, learner, assignment)

    def write_csv(self, assignment: str, hand_ins: list[HandIn]) -> Path:
        """Write the grade table as CSV (quoted, UTF-8 with a mark so that spreadsheets read it)."""
        path = self.home / f"grades_{assignment}.csv"
        names = _names(hand_ins)
        with path.open("w", newline="", encoding="utf-8-sig") as file:
            table = csv.writer(file)
            table.writerow(["learner", "status", *names, "total", "waits for a person", "notes"])
            for hand_in in hand_ins:
                marks = [hand_in.marks.get(name) for name in names]
                row = [hand_in.learner, hand_in.status, *marks, hand_in.total, hand_in.waits, "; ".join(hand_in.notes)]
                table.writerow([_cell(value) for value in row])
        return path


def _configuration(root: Path) -> Config:
    """Return what a course folder's own configuration file says."""
    file = root / "nbgrader_config.py"
    config = Config()
    if file.exists():
        try:
            with contextlib.chdir(root):  # where nbgrader would read it: it may say Path(".")
                config = PyFileConfigLoader(file.name, path=str(root)).load_config()
        except (Exception, SystemExit) as error:
            line = f"{type(error).__name__}: {error}"
            raise CourseError(f"nbgrader_config.py cannot be read ({line[:200]}): nobody was graded") from error
    if "root" not in config.CourseDirectory:
        config.CourseDirectory.root = str(root)
    return config


def _shown(mark: float | str | None) -> str:
    return "a person's to give" if mark is None else mark if isinstance(mark, str) else f"{mark:g}"


def _cell(value: object) -> object:
    """Keep a spreadsheet from taking a learner's name or a note for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" else value


def _names(hand_ins: list[HandIn]) -> list[str]:
    return list(next((hand_in.marks for hand_in in hand_ins if hand_in.marks), {}))


def table(assignment: str, hand_ins: Iterable[HandIn], out_of: float) -> str:
    """Write the grade table as text: a line for each learner, a column for each question."""
    hand_ins = list(hand_ins)
    names = _names(hand_ins)
    width = max([len(hand_in.learner) for hand_in in hand_ins] + [7])
    legend = ", ".join(f"{i} {name.removeprefix('check_')}" for i, name in enumerate(names, 1))
    columns = "".join(f"{i:>5}" for i in range(1, len(names) + 1))
    lines = [f"{assignment}: {legend}", "", f"{'learner':<{width}}{columns}   of {out_of:g}"]
    for hand_in in hand_ins:
        if not hand_in.marks:
            lines.append(f"{hand_in.learner:<{width}}  {hand_in.status.replace('_', ' ')}: {'; '.join(hand_in.notes)}")
            continue
        marks = [hand_in.marks.get(name) for name in names]
        row = "".join(f"{'?' if mark is None else format(mark, 'g'):>5}" for mark in marks)
        lines.append(f"{hand_in.learner:<{width}}{row}   {hand_in.total:g}{' + ?' if hand_in.waits else ''}")
    return "\n".join(lines)
