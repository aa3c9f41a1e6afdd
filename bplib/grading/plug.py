"""Plugged into nbgrader, its command and the formgrader's buttons grade what intake has made, never what was sent.

nbgrader opens the raw notebook and copies everything that lies beside it before its first preprocessor runs: a pipe
stops the class, a link carries the grade book into a learner's feedback. `install` changes how its `Autograde` begins
and ends. First each hand-in is read, without following or waiting for anything, and rebuilt from the master into the
course's folder `intake/`. Then nbgrader grades that folder, one learner at a time. Last, each learner gets a record
(see `records`). The hand-ins themselves are only ever read.
"""

from __future__ import annotations

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
from nbgrader.utils import parse_utc

from bplib.grading import intake
from bplib.grading.reading import LARGEST, Reading, Refused, kind, open_safely, read, recognise, shown
from bplib.grading.records import Record, Records, replace, written

INTAKE = "intake"  # nbgrader's step that takes the place of `submitted`
BESIDE = 1_000  # files of one hand-in that are looked at
COPY = re.compile(r"(?:[ _-]*(?:\(\d+\)|copy\d*|kopie\d*|final|\d{1,2}))+$", re.IGNORECASE)


@dataclass
class Taken:
    """One learner's hand-in after intake: what nbgrader gets, and what the record says."""

    learner: str
    folder: str  # where nbgrader finds it
    record: Record
    notebooks: list[str] = field(default_factory=list)
    unread: dict[str, str] = field(default_factory=dict)  # notebook to 'rejected' or 'needs_review'


@dataclass
class Raw:
    """The bytes of one hand-in, by the master's name for each notebook; where there are none, why."""

    bytes: dict[str, bytes] = field(default_factory=dict)
    refused: dict[str, Refused] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)  # the files', s since 1970


STOCK = Autograde.convert_notebooks  # this module is imported once, before `install` changes anything


def install() -> None:
    """Change nbgrader; `nbgrader_config.py` is executed several times, and once is enough."""
    Autograde.init_notebooks = init_notebooks
    Autograde.convert_notebooks = convert_notebooks
    GenerateFeedback.init_notebooks = init_feedback
    CourseDirectory.get_existing_timestamp = get_existing_timestamp
    NbGraderAPI.get_submitted_timestamp = get_submitted_timestamp


def home(course: CourseDirectory) -> Path:
    """Return the folder for everything that running a course makes: where its grade book lies, else its root."""
    root = Path(course.root)
    book = Path(course.db_url.removeprefix("sqlite:///"))
    return book.parent if course.db_url.startswith("sqlite:///") and book.is_relative_to(root) else root


# --- what nbgrader calls ---------------------------------------------------------------------------------------------


def init_notebooks(self: Autograde) -> None:
    """Take in every hand-in that is asked for; nbgrader then finds intake's notebooks."""
    course = self.coursedir
    masters = _masters(self)
    folders = _folders(course, course.submitted_directory)
    if not folders:
        BaseConverter.init_notebooks(self)  # says what there is instead, and ends
    records = Records(home(course), course.assignment_id)
    received = records.received()
    self.taken, self.assignments, self.notebooks = {}, {}, []
    for learner, folder in folders.items():
        taken = take(course, records, masters, learner, folder, received.get(learner, {}))
        if not taken.notebooks:  # a name that no grade book can hold: the record is all there is
            records.put(taken.record)
            self.log.warning("%s: %s", taken.record.student, taken.record.notes[-1])
        elif wanted := [path for path in taken.notebooks if fnmatch.fnmatch(Path(path).stem, course.notebook_id)]:
            self.taken[taken.folder], self.assignments[taken.folder] = taken, wanted


def convert_notebooks(self: Autograde) -> None:
    """Grade one learner after the other, each with a record; nobody's failure is anybody else's."""
    course = self.coursedir
    records = Records(home(course), course.assignment_id)
    there, failed, force = records.all(), [], self.force
    for folder, notebooks in sorted(self.assignments.items()):
        taken = self.taken[folder]
        learner, record = taken.learner, taken.record
        old = there.get(record.student)
        graded = os.path.isdir(course.format_path(course.autograded_directory, learner, course.assignment_id))
        if graded and old is not None and old.files == record.files and not force:
            self.log.info("%s is graded already; --force grades again", record.student)
            continue
        for note in record.notes:
            self.log.warning("%s: %s", record.student, note)
        self.assignments, self.force = {folder: notebooks}, True
        try:
            with _only_intake(course):
                STOCK(self)
        except NbGraderException as error:
            if "nbgrader database" in str(error):
                raise  # the grade book's fault: nobody's mark
            failed.append(record.student)
            record.status = "needs_review"
            record.notes.append("nbgrader could not grade it (did its code end the kernel?): run it cell by cell")
            taken.unread = {Path(path).stem: "needs_review" for path in notebooks}
        finally:
            self.force = force
        record.score = settle(course, taken)
        records.put(record)
    if failed:
        message = f"{len(failed)} not graded, see {records.path.name}: {', '.join(failed)}"
        self.log.error(message)
        raise NbGraderException(message)


def init_feedback(self: GenerateFeedback) -> None:
    """Find the notebooks to give feedback on, also of learners whose names hold * ? [ ]."""
    course = self.coursedir
    self.assignments, self.notebooks = {}, []
    for folder in _folders(course, course.autograded_directory).values():
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
        newest = max(_times(folder), default=seen.st_mtime) if stat.S_ISDIR(seen.st_mode) else seen.st_mtime
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


def _masters(self: Autograde) -> dict[str, Any]:
    """Return the assignment's master notebooks by name; what the lecturer has to mend ends the run in one line."""
    course = self.coursedir
    folder = Path(course.format_path(course.source_directory, ".", course.assignment_id))
    try:
        with Gradebook(course.db_url, course.course_id) as book:
            names = [notebook.name for notebook in book.find_assignment(course.assignment_id).notebooks]
        masters = {name: intake.master(folder / f"{name}.ipynb") for name in names}
    except MissingEntry:
        said = (
            f"there is no assignment {course.assignment_id!r} in the grade book: run nbgrader generate_assignment first"
        )
    except (OSError, ValueError, nbformat.ValidationError) as error:
        said = f"the master in {course.source_directory}/{course.assignment_id} cannot be read: {str(error)[:200]}"
    else:
        if masters:
            return masters
        said = (
            f"assignment {course.assignment_id!r} has no notebook in the grade book: run nbgrader generate_assignment"
        )
    self.log.error(said)
    raise NbGraderException(said)


def _folders(course: CourseDirectory, step: str) -> dict[str, str]:
    """Find each learner's folder for the assignment below `step`, whatever characters the names have."""
    shape = re.compile(course.format_path(step, "(?P<student_id>.*)", re.escape(course.assignment_id), escape=True))
    paths = sorted(glob.glob(course.format_path(step, "*", glob.escape(course.assignment_id))))
    found = {seen["student_id"]: path for path in paths if (seen := shape.fullmatch(path))}
    if course.student_id in found:  # a name may look like a pattern
        return {course.student_id: found[course.student_id]}
    excluded = course.student_id_exclude.split(",")
    return {who: path for who, path in found.items() if fnmatch.fnmatch(who, course.student_id) and who not in excluded}


def take(
    course: CourseDirectory,
    records: Records,
    masters: dict[str, Any],
    learner: str,
    folder: str,
    receipt: dict[str, Any],
) -> Taken:
    """Read one hand-in and write what nbgrader may see of it.

    Parameters
    ----------
    course : CourseDirectory
        nbgrader's.
    records : Records
        Of the assignment; bytes that cannot be read are kept there.
    masters : dict
        Name to notebook.
    learner, folder : str
        Whose hand-in, and where it lies; it is only read.
    receipt : dict
        What the collector wrote down about it, if anything.

    Returns
    -------
    taken : Taken
        With a notebook for each master, blank where none could be read: old marks never stand in for it.
    """
    raw = raw_notebooks(folder, list(masters))
    record = Record(shown(learner, 200), "graded")
    record.notes = [note for note in receipt.get("notes", []) if isinstance(note, str)] + raw.notes
    record.files = {name: sha256(data).hexdigest() for name, data in sorted(raw.bytes.items())}
    time = _received(record, receipt, raw.times)
    clean = course.format_path(_step(course), learner, records.assignment)
    taken = Taken(learner, clean, record)
    if shown(learner, 200) != learner:
        record.status, record.score = "rejected", 0.0
        record.notes.append("no grade book can hold the folder's name: rename the folder and grade again")
        return taken

    shutil.rmtree(clean, ignore_errors=True)
    for name, master in masters.items():
        many = f"{shown(name)}: " if len(masters) > 1 else ""
        reading = read(raw.bytes[name]) if name in raw.bytes else Reading(why=str(raw.refused[name]))
        record.notes += [many + note for note in reading.notes]
        if reading.notebook is None:
            taken.unread[name] = "needs_review" if name in raw.bytes else raw.refused[name].status
            record.notes.append(f"{many}{reading.why}")
            notebook = _blank(master, reading.why)
        else:
            mended = recognise(reading.notebook, master)
            notebook, more = intake.rebuild(master, reading.notebook)
            record.notes += [many + note for note in mended + more]
        if name in raw.bytes and reading.notebook is None:
            record.kept.append(records.keep(learner, f"{name}.ipynb", raw.bytes[name]))
        path = os.path.join(clean, f"{name}.ipynb")
        replace(Path(path), nbformat.writes(notebook).encode("utf-8", "replace"))
        taken.notebooks.append(path)
    if "needs_review" in taken.unread.values():
        record.status = "needs_review"
    elif len(taken.unread) == len(masters):
        record.status = "rejected"
    replace(Path(clean) / "timestamp.txt", time.strftime("%Y-%m-%d %H:%M:%S UTC").encode())
    return taken


def raw_notebooks(folder: str, names: list[str]) -> Raw:
    """Read the notebooks of one hand-in, and nothing else of it.

    Parameters
    ----------
    folder : str
        The learner's, for one assignment. Neither it nor the folder above it may be a link.
    names : list of str
        The notebooks' names as released, without .ipynb.

    Returns
    -------
    raw : Raw
        Each name stands in `bytes` or in `refused`.
    """
    raw = Raw()
    try:
        for part in (os.path.dirname(folder), folder):
            seen = os.lstat(part)
            if not stat.S_ISDIR(seen.st_mode):
                raise Refused(f"the hand-in is no folder but {kind(seen.st_mode)}: ask for the notebook itself")
        handle = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0))
        try:
            _look_into(handle, names, raw)
        finally:
            os.close(handle)
        raw.times = _times(folder) or [seen.st_mtime]
    except Refused as error:
        raw.refused = dict.fromkeys(names, error)
    except OSError as error:
        said = Refused(f"the hand-in cannot be read ({error.strerror}): look at its permissions", "needs_review")
        raw.refused, raw.bytes = dict.fromkeys(names, said), {}
    return raw


def _look_into(handle: int, names: list[str], raw: Raw) -> None:
    there = sorted(name for name in os.listdir(handle) if not name.startswith("."))
    if len(there) > BESIDE:
        raw.notes.append(f"it holds {len(there)} files: only {BESIDE} were looked at")
        wanted = [name for name in there if name.lower().endswith(".ipynb")]
        there = (wanted + [name for name in there if name not in set(wanted)])[:BESIDE]
    status = {name: os.stat(name, dir_fd=handle, follow_symlinks=False) for name in there}
    chosen, notes, why = choose([name for name in there if name.lower().endswith(".ipynb")], names)
    raw.notes += notes
    for name in names:
        try:
            if name not in chosen:
                raise Refused(why, "needs_review") if why else Refused("no notebook handed in: ask for it")
            raw.bytes[name] = open_safely(chosen[name], dir_fd=handle)
        except Refused as error:
            raw.refused[name] = error
    left = {name: seen for name, seen in status.items() if name not in {*chosen.values(), "timestamp.txt"}}
    raw.notes += _beside(left)


def _times(folder: str) -> list[float]:
    """Return when each notebook of a hand-in was written."""
    with os.scandir(folder) as entries:
        seen = [entry.stat(follow_symlinks=False) for entry in entries if entry.name.lower().endswith(".ipynb")]
    return [status.st_mtime for status in seen if stat.S_ISREG(status.st_mode)]


def _beside(status: dict[str, os.stat_result]) -> list[str]:
    """Say what else lies in a hand-in; nothing of it is opened."""
    words: dict[str, list[str]] = {}
    for name, seen in status.items():
        large = stat.S_ISREG(seen.st_mode) and seen.st_size > LARGEST
        words.setdefault("a file too large" if large else kind(seen.st_mode), []).append(shown(name))
    return [
        f"ignored, {sort}: {', '.join(names[:5])}{f' and {len(names) - 5} more' if len(names) > 5 else ''}"
        for sort, names in sorted(words.items())
    ]


def choose(files: list[str], names: list[str]) -> tuple[dict[str, str], list[str], str | None]:
    """Find the file that answers each notebook of an assignment.

    Parameters
    ----------
    files : list of str
        File names ending in .ipynb.
    names : list of str
        The notebooks' names as released, without .ipynb.

    Returns
    -------
    chosen : dict
        Name to file.
    notes : list of str
    why : str or None
        Why nothing is chosen though there are files.

    Examples
    --------
    >>> choose(["backprop (1).ipynb"], ["backprop"])
    ({'backprop': 'backprop (1).ipynb'}, ['file name corrected: it was backprop (1).ipynb'], None)
    >>> choose(["a.ipynb", "b.ipynb"], ["backprop"])[2]
    'several notebooks (a.ipynb, b.ipynb), none named backprop.ipynb: rename the right one and grade again'
    """
    chosen = {name: f"{name}.ipynb" for name in names if f"{name}.ipynb" in files}
    notes = []
    for name in names:
        left = [file for file in files if file not in chosen.values()]
        near = [file for file in left if alike(file, name)] or (left if len(names) == 1 else [])
        if name not in chosen and len(near) == 1:
            chosen[name] = near[0]
            notes.append(f"file name corrected: it was {shown(near[0])}")
    left = [file for file in files if file not in chosen.values()]
    if left and len(chosen) < len(names):
        lacks = ", ".join(f"{name}.ipynb" for name in names if name not in chosen)
        there = ", ".join(shown(file) for file in left[:5])
        if not chosen:
            return {}, [], f"several notebooks ({there}), none named {lacks}: rename the right one and grade again"
        notes.append(f"{lacks} is missing, and no file is surely meant by it: {there}")
    return chosen, notes, None


def alike(file: str, name: str) -> bool:
    """Tell whether a file name is `name` with what browsers, Jupyter and learning platforms add to it."""
    stem = COPY.sub("", file[: -len(".ipynb")].casefold())
    name = COPY.sub("", name.casefold())
    return stem == name or (bool(name) and stem.endswith((f"_{name}", f"- {name}")))


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
    """Return the score that the grade book holds for a hand-in.

    A notebook that was rejected earns none; one that waits for a person has no mark until that person gives one.
    Neither keeps the marks of an earlier hand-in, nor earns what an empty notebook might. Manual marks stay.
    """
    with Gradebook(course.db_url, course.course_id) as book:
        try:
            submission = book.find_submission(course.assignment_id, taken.learner)
        except MissingEntry:
            return None
        for notebook in submission.notebooks:
            if notebook.name in taken.unread:
                waits = taken.unread[notebook.name] == "needs_review"
                for grade in notebook.grades:
                    grade.auto_score = None if waits else 0.0
                    grade.needs_manual_grade = waits or grade.manual_score is not None
        book.db.commit()
        return float(submission.score)
