"""Plugged into nbgrader, its command and the formgrader's buttons book what the judge has found, and run nothing.

    from bplib.grading import plug      # in nbgrader_config.py
    plug.install(get_config())

nbgrader opens the raw notebook and copies everything that lies beside it before its first preprocessor runs: a pipe
stops the class, a link carries the grade book into a learner's feedback. `install` changes how its `Autograde` begins
and ends. First each hand-in is read, without following or waiting for anything, and judged (see `judge`). What comes
of it, a notebook rebuilt from the master with the judge's outputs in it, is written into the course's folder
`intake/`, and nbgrader books that, one learner at a time. Last, each learner gets a record (see `records`). The
hand-ins themselves are only ever read.
"""

from __future__ import annotations

import errno
import fnmatch
import glob
import os
import re
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_markdown_cell
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import NbGraderAPI
from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties, CheckCellMetadata, LimitOutput, SaveAutoGrades
from nbgrader.utils import parse_utc
from traitlets.config import Config

from bplib.grading import book, intake
from bplib.grading.checker import CheckerError
from bplib.grading.clean import CleanCells, SealDrawings
from bplib.grading.handin import Raw, raw_notebooks, times
from bplib.grading.judge import Assignment, Judged
from bplib.grading.judging import Bench, Judge
from bplib.grading.pages import GetMarks, PageExporter
from bplib.grading.place import home, secret, seed
from bplib.grading.reading import Refused, open_safely, shown
from bplib.grading.records import Record, Records, replace, written
from bplib.grading.released import WAY_OUT, released
from bplib.grading.sandbox import SandboxError

INTAKE = "intake"  # nbgrader's step that takes the place of `submitted`


@dataclass
class Taken:
    """One learner's hand-in: as it was read, and what came of each notebook."""

    learner: str
    folder: str  # where nbgrader finds it
    record: Record
    raw: Raw
    time: datetime
    unread: dict[str, str] = field(default_factory=dict)  # notebook -> 'rejected' or 'needs_review'
    waiting: dict[str, set[str]] = field(default_factory=dict)  # notebook -> cells that a person has to mark


STOCK = Autograde.convert_notebooks  # this module is imported once, before `install` changes anything


def install(c: Config | None = None) -> None:
    """Change nbgrader; `nbgrader_config.py` is executed several times, and once is enough.

    Parameters
    ----------
    c : Config, optional
        What `get_config()` returns: gets the steps that a notebook goes through. nbgrader's own steps execute learners'
        code without a sandbox and read marks from whatever stands in the cells.
    """
    Autograde.init_notebooks = init_notebooks
    Autograde.convert_notebooks = convert_notebooks
    GenerateFeedback.init_notebooks = init_feedback
    CourseDirectory.get_existing_timestamp = get_existing_timestamp
    NbGraderAPI.get_submitted_timestamp = get_submitted_timestamp
    book.be_patient()
    if c is not None:
        c.Autograde.sanitize_preprocessors = [CheckCellMetadata]
        c.Autograde.autograde_preprocessors = [
            SealDrawings,
            LimitOutput,
            SaveAutoGrades,
            AssignLatePenalties,
            CleanCells,
            CheckCellMetadata,
        ]
        # A page of ours: the marks at a glance, the check's message first, nothing live in it, no network needed.
        c.GenerateFeedback.preprocessors = [GetMarks, CleanCells]
        c.GenerateFeedback.exporter_class = PageExporter


# --- what nbgrader calls ---------------------------------------------------------------------------------------------


def init_notebooks(self: Autograde) -> None:
    """Read every hand-in that is asked for; nothing is judged yet."""
    course = self.coursedir
    self.masters = _masters(self)
    found = folders(course, course.submitted_directory)
    if not found:
        BaseConverter.init_notebooks(self)  # says what there is instead, and ends
    records = Records(home(course), course.assignment_id)
    received = records.received()
    self.taken, self.assignments, self.notebooks = {}, {}, []
    for learner, folder in sorted(found.items()):
        taken = take(course, list(self.masters), learner, folder, received.get(learner, {}))
        if taken.record.status == "rejected":  # a name that no grade book can hold: the record is all there is
            records.put(taken.record)
            self.log.warning("%s: %s", taken.record.student, taken.record.notes[-1])
        else:
            names = [name for name in self.masters if fnmatch.fnmatch(name, course.notebook_id)]
            self.taken[taken.folder] = taken
            self.assignments[taken.folder] = [os.path.join(taken.folder, f"{name}.ipynb") for name in names]


def convert_notebooks(self: Autograde) -> None:
    """Judge one learner after the other, and have it booked, each with a record; nobody's failure is anybody else's."""
    course = self.coursedir
    records = Records(home(course), course.assignment_id)
    try:
        with _held(course), Judge(parent=self).bench(self.masters) as bench:
            key = secret(home(course) / "secret")
            for folder, notebooks in self.assignments.items():
                taken = self.taken[folder]
                if not self.force and _graded(course, records, taken.record, taken.learner):
                    self.log.info("%s is graded already; --force grades again", taken.record.student)
                    continue
                _judge(course, records, taken, self.masters, notebooks, bench, key)
                _book(self, taken, notebooks)
                taken.record.score = settle(course, taken)
                records.put(taken.record)
                for note in taken.record.notes:
                    self.log.warning("%s: %s", taken.record.student, note)
                self.watch(taken.record)
    except (book.BookError, SandboxError, CheckerError, OSError) as error:  # nobody's mark
        said = str(error)[:500]
        self.log.error(said)
        raise NbGraderException(said) from error


@contextmanager
def _held(course: CourseDirectory) -> Iterator[None]:
    """Hold the course for one grader, with a sound grade book, backed up before and looked at again afterwards."""
    database = book.path_of(course.db_url)
    if database is None:
        yield
        return
    with book.lock(home(course)):
        book.check(database)
        book.backup(database)
        yield
        book.check(database)


def _watch(record: Record) -> None:
    """Whoever wants to see each record as it comes sets `Autograde.watch`."""


Autograde.watch = staticmethod(_watch)


def _graded(course: CourseDirectory, records: Records, record: Record, learner: str) -> bool:
    """Say whether these very files have their marks already; what waits for a person may do better now."""
    old = records.all().get(record.student)
    there = os.path.isdir(course.format_path(course.autograded_directory, learner, course.assignment_id))
    if not there or old is None or old.files != record.files or old.status == "needs_review":
        return False
    with Gradebook(course.db_url, course.course_id) as gradebook:  # it may have been restored from an older copy
        try:
            notebooks = gradebook.find_submission(course.assignment_id, learner).notebooks
        except MissingEntry:
            return False
        return any(
            grade.auto_score is not None or grade.manual_score is not None
            for notebook in notebooks
            for grade in notebook.grades
        )


def _book(self: Autograde, taken: Taken, notebooks: list[str]) -> None:
    """Let nbgrader book one learner's notebooks as the judge has left them."""
    everybody, force = self.assignments, self.force
    self.assignments, self.force = {taken.folder: notebooks}, True
    try:
        with _only_intake(self.coursedir):
            STOCK(self)
    except NbGraderException as error:
        if "nbgrader database" in str(error):
            raise  # the grade book's fault
        if shutil.disk_usage(home(self.coursedir)).free < 1 << 20:
            raise OSError(errno.ENOSPC, "no space left on the disk: free some, then grade again") from error
        taken.record.status = "needs_review"
        taken.record.notes.append("nbgrader could not book it: see its log, then grade again")
        taken.unread = dict.fromkeys((Path(path).stem for path in notebooks), "needs_review")
    finally:
        self.assignments, self.force = everybody, force


def init_feedback(self: GenerateFeedback) -> None:
    """Find the notebooks to give feedback on, also of learners whose names hold * ? [ ]."""
    course = self.coursedir
    self.assignments, self.notebooks = {}, []
    for folder in folders(course, course.autograded_directory).values():
        found = glob.glob(os.path.join(glob.escape(folder), course.notebook_id + ".ipynb"))
        if found:
            self.assignments[folder] = found
    if not self.assignments:
        BaseConverter.init_notebooks(self)


def get_existing_timestamp(self: CourseDirectory, dest_path: str) -> datetime | None:
    """Return the time in a folder's timestamp.txt, without waiting for a pipe and without ending on nonsense."""
    try:
        return parse_utc(open_safely(Path(dest_path) / "timestamp.txt", largest=1_000).decode().strip())
    except (Refused, ValueError, OverflowError):
        return None


def get_submitted_timestamp(self: NbGraderAPI, assignment_id: str, student_id: str) -> datetime | None:
    """Return when a hand-in was received, as intake wrote it down; of a newer one, the file's own time.

    The formgrader compares it with the grade book's to see who has still to be graded.
    """
    course = self.coursedir
    folder = course.format_path(course.submitted_directory, student_id, assignment_id)
    clean = course.format_path(_step(course), student_id, assignment_id)
    try:
        seen = os.lstat(folder)
        newest = max(times(folder), default=seen.st_mtime) if stat.S_ISDIR(seen.st_mode) else seen.st_mtime
        if newest <= os.lstat(os.path.join(clean, "timestamp.txt")).st_mtime:
            return course.get_existing_timestamp(clean)
    except FileNotFoundError:
        return None
    except OSError:
        return course.get_existing_timestamp(clean)
    return datetime.fromtimestamp(newest, UTC).replace(microsecond=0, tzinfo=None)


@contextmanager
def _only_intake(course: CourseDirectory) -> Iterator[None]:
    before, course.submitted_directory = course.submitted_directory, _step(course)
    try:
        yield
    finally:
        course.submitted_directory = before


def _step(course: CourseDirectory) -> str:
    return os.path.join(os.path.relpath(home(course), course.root), INTAKE).removeprefix("./")


# --- intake ----------------------------------------------------------------------------------------------------------


def _masters(self: Autograde) -> dict[str, Assignment]:
    """Return what each notebook is judged by; what the lecturer has to mend ends the run in one line."""
    course = self.coursedir
    folder = Path(course.root, course.format_path(course.source_directory, ".", course.assignment_id)).resolve()
    database = book.path_of(course.db_url)
    try:
        if database is not None:
            book.check(database, new=True)
        with Gradebook(course.db_url, course.course_id) as gradebook:
            names = [notebook.name for notebook in gradebook.find_assignment(course.assignment_id).notebooks]
        settings = Judge(parent=self)
        masters = {name: settings.assignment(course.assignment_id, name, folder) for name in names}
        for master in masters.values():
            _ = master.points  # reads it
        changed = released(course, course.assignment_id)
    except MissingEntry:
        said = (
            f"there is no assignment {course.assignment_id!r} in the grade book: run nbgrader generate_assignment first"
        )
    except book.BookError as error:
        said = str(error)
    except (OSError, ValueError, nbformat.ValidationError) as error:
        said = f"the master in {course.source_directory}/{course.assignment_id} cannot be read: {str(error)[:200]}"
    else:
        if masters and not changed:
            return masters
        said = (
            f"assignment {course.assignment_id!r} has no notebook in the grade book: run nbgrader generate_assignment"
        )
        if changed:
            what, more = "; ".join(changed[:3]), f" and {len(changed) - 3} more" if len(changed) > 3 else ""
            way_out = WAY_OUT.format(course.assignment_id)
            said = f"{course.assignment_id} is no longer as it was released ({what}{more}): {way_out}"
    self.log.error(said)
    raise NbGraderException(said)


def folders(course: CourseDirectory, step: str) -> dict[str, str]:
    """Find each learner's folder for the assignment below `step`, whatever characters the names have."""
    shape = re.compile(course.format_path(step, "(?P<student_id>.*)", re.escape(course.assignment_id), escape=True))
    below = course.directory_structure.format(
        nbgrader_step=glob.escape(step), student_id="*", assignment_id=glob.escape(course.assignment_id)
    )
    paths = sorted(glob.glob(os.path.join(glob.escape(course.root), below)))
    found = {seen["student_id"]: path for path in paths if (seen := shape.fullmatch(path))}
    if course.student_id in found:  # a name may look like a pattern
        return {course.student_id: found[course.student_id]}
    excluded = course.student_id_exclude.split(",")
    return {who: path for who, path in found.items() if fnmatch.fnmatch(who, course.student_id) and who not in excluded}


def take(course: CourseDirectory, names: list[str], learner: str, folder: str, receipt: dict[str, Any]) -> Taken:
    """Read one hand-in.

    Parameters
    ----------
    course : CourseDirectory
        nbgrader's.
    names : list of str
        The assignment's notebooks.
    learner, folder : str
        Whose hand-in, and where it lies; it is only read.
    receipt : dict
        What the collector wrote down about it, if anything.

    Returns
    -------
    taken : Taken
        Its record is 'rejected' already if no grade book could hold the learner's name.
    """
    raw = raw_notebooks(folder, names)
    record = Record(shown(learner, 200), "graded")
    record.notes = [note for note in receipt.get("notes", []) if isinstance(note, str)] + raw.notes
    record.files = {name: sha256(data).hexdigest() for name, data in sorted(raw.bytes.items())}
    time = _received(record, receipt, raw.times)
    if shown(learner, 200) != learner:
        record.status, record.score = "rejected", 0.0
        record.notes.append("no grade book can hold the folder's name: rename the folder and grade again")
    return Taken(learner, course.format_path(_step(course), learner, course.assignment_id), record, raw, time)


def _judge(
    course: CourseDirectory,
    records: Records,
    taken: Taken,
    masters: dict[str, Assignment],
    notebooks: list[str],
    bench: Bench,
    key: bytes,
) -> None:
    """Judge one learner's notebooks and write what nbgrader may see of them.

    There is a notebook for each master, blank where none could be read: old marks never stand in for it.
    """
    record, raw = taken.record, taken.raw
    shutil.rmtree(taken.folder, ignore_errors=True)
    for path in notebooks:
        name = Path(path).stem
        many = f"{shown(name)}: " if len(masters) > 1 else ""
        if name in raw.bytes:
            judged = bench(name, raw.bytes[name], seed(key, course.assignment_id, taken.learner))
            notebook = _noted(record, taken, name, judged, many)
        else:
            taken.unread[name] = raw.refused[name].status
            record.notes.append(f"{many}{raw.refused[name]}")
            notebook = None
        if notebook is None:
            notebook = _blank(masters[name].master, record.notes[-1])
            if name in raw.bytes:
                record.kept.append(records.keep(taken.learner, f"{name}.ipynb", raw.bytes[name]))
        replace(Path(path), nbformat.writes(notebook).encode("utf-8", "replace"))
    if "needs_review" in taken.unread.values() or any(taken.waiting.values()):
        record.status = "needs_review"
    elif len(taken.unread) == len(masters):
        record.status = "rejected"
    replace(Path(taken.folder) / "timestamp.txt", taken.time.strftime("%Y-%m-%d %H:%M:%S UTC").encode())


def _noted(record: Record, taken: Taken, name: str, judged: Judged, many: str) -> Any:
    """Write into the record what the judge says of one notebook; return the notebook, None if it was not read."""
    record.notes += [many + note for note in judged.notes]
    record.notes += [f"{many}{cell}: {why}" if cell else many + why for cell, why in judged.reviews.items()]
    record.details |= {many + cell: said for cell, said in judged.details.items()}
    if judged.notebook is None:
        taken.unread[name] = "needs_review"
    elif "" in judged.reviews:
        taken.waiting[name] = set(judged.scores)
    else:
        taken.waiting[name] = set(judged.reviews)
    return judged.notebook


def _received(record: Record, receipt: dict[str, Any], times: list[float]) -> datetime:
    """Return when the hand-in arrived: by the collector, if it has seen these bytes, else by the file's own time."""
    seen, digests = receipt.get("received"), receipt.get("files")
    if isinstance(seen, str) and isinstance(digests, dict) and set(record.files.values()) <= set(digests.values()):
        try:
            time = datetime.fromisoformat(seen).astimezone(UTC)
            record.received = written(time)
            return time
        except ValueError:
            pass
    now = datetime.now(UTC)
    time = min([now, datetime.fromtimestamp(max(times), UTC)] if times else [now])
    record.received = written(time)
    if record.files:
        record.notes.append("time of receipt: the file's own, as it was not collected with bplib.grading")
    return time


def _blank(master: Any, why: str) -> Any:
    notebook, _ = intake.rebuild(master, {"cells": list(master.cells)})
    text = re.sub(r"[<>&\[\]()*_`\\$]", "?", why)
    notebook.cells.insert(0, new_markdown_cell(f"**This hand-in was not read: {text}.**", id="note"))
    return notebook


# --- grade book and records ------------------------------------------------------------------------------------------


def settle(course: CourseDirectory, taken: Taken) -> float | None:
    """Return the score that the grade book holds for a hand-in; None while nobody has marked anything of it.

    A notebook that was rejected earns none; a cell that waits for a person has no mark until that person gives one.
    Neither keeps the marks of an earlier hand-in, nor earns what an empty notebook might. Manual marks stay.
    """
    with Gradebook(course.db_url, course.course_id) as gradebook:
        try:
            submission = gradebook.find_submission(course.assignment_id, taken.learner)
        except MissingEntry:
            return None
        for notebook in submission.notebooks:
            unread, waiting = taken.unread.get(notebook.name), taken.waiting.get(notebook.name, set())
            for grade in notebook.grades:
                if unread == "rejected":
                    grade.auto_score, grade.needs_manual_grade = 0.0, grade.manual_score is not None
                elif unread or grade.name in waiting:
                    grade.auto_score, grade.needs_manual_grade = None, True
        gradebook.db.commit()
        marks = [grade for notebook in submission.notebooks for grade in notebook.grades]
        if taken.record.status == "needs_review" and all(g.auto_score is g.manual_score is None for g in marks):
            return None
        return float(submission.score)
