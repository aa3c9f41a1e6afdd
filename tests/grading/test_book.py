"""The grade book before and after a run: a damaged one is named, a copy is kept, and nobody grades beside another."""

import contextlib
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from bplib.grading import book
from bplib.grading.book import BookError
from bplib.grading.config import prefer_own_programs
from bplib.grading.released import released
from tests.grading.conftest import PYTHON, role


@pytest.fixture(scope="session")
def filled_book(tmp_path_factory):
    prefer_own_programs()
    path = tmp_path_factory.mktemp("book") / "gradebook.db"
    with Gradebook(f"sqlite:///{path}") as grades:
        grades.add_assignment("small")
        grades.add_notebook("small", "small")
        grades.add_grade_cell("check", "small", "small", max_score=2.0, cell_type="code")
        for i in range(40):
            grades.update_or_create_student(f"s{i:03}", last_name="Müller" * 10)
    return path


@pytest.fixture
def path(tmp_path, filled_book):
    home = tmp_path / "a course 50% é 🙂"
    home.mkdir()
    return Path(shutil.copy(filled_book, home / "gradebook.db"))


def students(path):
    with closing(sqlite3.connect(path)) as found:
        return [row[0] for row in found.execute("SELECT id FROM student ORDER BY id")]


def change(path, sql):
    with closing(sqlite3.connect(path)) as there, there:
        there.executescript(sql)


HOLDER = """
import sqlite3, sys
book = sqlite3.connect(sys.argv[1], isolation_level=None)
book.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def holder(path):
    """Another program that holds the grade book until something is written to it."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout.readline() == "held\n"
        yield other
        other.kill()


# --- check


def test_nbgraders_own_grade_book_passes_and_is_not_touched(path):
    before = path.read_bytes()
    book.check(path)
    book.wait(path)
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == ["gradebook.db"]


FOREIGN = {
    "CREATE TRIGGER rise AFTER UPDATE ON grade BEGIN UPDATE grade SET auto_score = 99; END": r"trigger .*\(rise\)",
    "CREATE VIEW seen AS SELECT * FROM grade": r"a view that is not nbgrader's \(seen\)",
    "CREATE TABLE other (x)": r"a table that is not nbgrader's \(other\)",
    "CREATE VIRTUAL TABLE task_cells2 USING fts5(x)": r"a table that is not nbgrader's \(task_cells2\)",
    "DROP TABLE comment; CREATE VIRTUAL TABLE comment USING fts5(x)": r"keeps its rows elsewhere \(comment\)",
    "ALTER TABLE grade DROP COLUMN auto_score;"
    "ALTER TABLE grade ADD COLUMN auto_score FLOAT AS (99.0) VIRTUAL": r"computes grade.auto_score",
    "DROP TABLE grade": r"lacks grade, .*nbgrader db upgrade",
    "ALTER TABLE grade DROP COLUMN extra_credit": r"lacks grade, or a part of it",
}


@pytest.mark.parametrize("sql", FOREIGN)
def test_what_nbgrader_never_puts_there_is_named(path, sql):
    kept = book.backup(path)
    change(path, sql)
    before = path.read_bytes()
    with pytest.raises(BookError, match=FOREIGN[sql]) as said:
        book.check(path)
    assert f"copy backups/{kept.name} to gradebook.db" in str(said.value)
    assert "\n" not in str(said.value)
    assert path.read_bytes() == before


def truncated(path):
    os.truncate(path, path.stat().st_size // 2)


def scribbled(path):
    data = bytearray(path.read_bytes())
    data[5000:9000] = os.urandom(4000)
    path.write_bytes(data)


DAMAGED = {
    "truncated": (truncated, "is damaged"),
    "scribbled over": (scribbled, "is damaged"),
    "no database": (lambda path: path.write_bytes(b"student,score\n" * 500), r"is damaged \(file is not a database\)"),
    "empty": (lambda path: path.write_bytes(b""), "is empty"),
    "absent": (lambda path: path.unlink(), "there is no grade book gradebook.db"),
}


@pytest.mark.parametrize("how", DAMAGED)
def test_a_damaged_one_is_named_and_the_way_back_leads_back(path, how):
    damage, said = DAMAGED[how]
    kept = book.backup(path)
    damage(path)
    with pytest.raises(BookError):
        book.check(path, new=True)
    before = path.read_bytes() if path.exists() else None
    with pytest.raises(BookError, match=said) as error:
        book.check(path)
    assert f"copy backups/{kept.name} to gradebook.db" in str(error.value)
    assert (path.read_bytes() if path.exists() else None) == before
    shutil.copy(kept, path)
    book.check(path)
    assert students(path) == [f"s{i:03}" for i in range(40)]


def test_the_backup_that_is_offered_is_a_whole_one(path):
    first = book.backup(path)
    change(path, "INSERT INTO student (id) VALUES ('new')")
    second = book.backup(path)
    truncated(second)
    truncated(path)
    with pytest.raises(BookError, match=f"copy backups/{first.name} to"):
        book.check(path)


def test_one_that_cannot_be_opened_is_not_called_damaged(path):
    """A journal that nobody can read: what to restore from a backup would be the wrong advice."""
    book.backup(path)
    path.with_name("gradebook.db-journal").mkdir()
    with pytest.raises(BookError, match=r"cannot be opened \(.*\): look at its permissions") as said:
        book.check(path)
    assert "backups/" not in str(said.value)


def test_without_a_backup_the_sentence_says_so(path):
    truncated(path)
    with pytest.raises(BookError, match="there is no backup of it"):
        book.check(path)
    path.unlink()
    with pytest.raises(BookError, match=r"release the assignment first \(nbgrader generate_assignment\)"):
        book.check(path)
    book.check(path, new=True)
    path.mkdir()
    with pytest.raises(BookError, match="is no file"):
        book.check(path)


def test_what_a_killed_run_left_half_written_is_taken_back(path):
    program = (
        "import os, signal, sqlite3, sys\nbook = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "book.execute('PRAGMA cache_size = 1')\nbook.execute('PRAGMA cache_spill = 1')\nbook.execute('BEGIN')\n"
        "rows = [(f'{i:0100}',) for i in range(5000)]\nbook.executemany('INSERT INTO student (id) VALUES (?)', rows)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, path])
    assert done.returncode == -signal.SIGKILL
    assert path.with_name("gradebook.db-journal").stat().st_size > 0  # it was in the middle of it
    book.check(path)
    assert students(path) == [f"s{i:03}" for i in range(40)]


# --- busy


def test_a_busy_one_is_waited_for_and_then_named(path, holder):
    for ask in (book.check, book.wait, book.backup):
        started = time.monotonic()
        with pytest.raises(
            BookError, match=r"another program has held the grade book gradebook.db for 0.3 s: close it"
        ):
            ask(path, patience=0.3)
        assert 0.25 < time.monotonic() - started < 3
    holder.stdin.write("\n")
    holder.stdin.close()
    for ask in (book.check, book.wait, book.backup):
        ask(path, patience=10)


def test_nbgrader_itself_waits_as_long_as_it_is_told(path, holder, monkeypatch):
    import nbgrader.api

    monkeypatch.setattr(nbgrader.api, "create_engine", nbgrader.api.create_engine)
    book.be_patient(3.0)
    book.be_patient(0.2)  # the last word counts: it does not wrap itself
    started = time.monotonic()
    with pytest.raises(Exception, match="database is locked"), Gradebook(f"sqlite:///{path}"):
        pass
    assert time.monotonic() - started < 2


# --- backup


def test_the_newest_ten_are_kept_and_equal_ones_take_nobodys_place(path):
    start = datetime(2026, 3, 1, tzinfo=UTC)
    first = book.backup(path, clock=lambda: start)
    assert first.name == "gradebook-20260301T000000000000Z.db"
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    assert book.backup(path, clock=lambda: start + timedelta(1)) == first
    made = [first]
    for i in range(1, 13):
        change(path, f"INSERT INTO student (id) VALUES ('new{i}')")
        made.append(book.backup(path, clock=lambda i=i: start + timedelta(hours=i)))
    assert book.backups(path) == made[-10:]
    assert [len(students(copy)) for copy in book.backups(path)] == [40 + i for i in range(3, 13)]
    # The clock went back by a year: the newest copy is the last one that may go.
    change(path, "INSERT INTO student (id) VALUES ('late')")
    late = book.backup(path, clock=lambda: start - timedelta(365))
    assert "late" in students(late)
    assert len(book.backups(path)) == 10


def test_a_grade_book_that_cannot_be_restored_is_no_backup(path):
    kept = book.backup(path)
    change(path, next(iter(FOREIGN)))
    with pytest.raises(BookError, match="holds a trigger"):
        book.backup(path)
    scribbled(path)
    with pytest.raises(BookError, match=r"damaged|could not be backed up"):
        book.backup(path)
    assert [p.name for p in kept.parent.iterdir()] == [kept.name]


def test_no_space_for_the_backup_leaves_nothing_half_done(path):
    (path.parent / "backups").mkdir()
    (path.parent / "backups" / ".new-0123").write_bytes(b"left by a run that was killed")
    program = (
        "import resource, signal, sys\nfrom pathlib import Path\nfrom bplib.grading import book\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\nresource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
        "try:\n    book.backup(Path(sys.argv[1]))\nexcept book.BookError as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, path], capture_output=True, text=True)
    assert "could not be backed up" in done.stdout, done.stderr
    assert "grade" in done.stdout.split(":")[-1]
    assert list((path.parent / "backups").iterdir()) == []
    book.check(path)


# --- one at a time

GRADER = """
import sys
from pathlib import Path
from bplib.grading import book
with book.lock(Path(sys.argv[1])):
    print("at work", flush=True)
    sys.stdin.readline()
"""


def grader(home):
    other = subprocess.Popen(
        [sys.executable, "-c", GRADER, home], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout.readline() == "at work\n"
    return other


def test_a_second_grader_is_refused_by_name_and_a_killed_one_frees_the_course(tmp_path):
    with grader(tmp_path) as other:
        for _ in range(2):
            with (
                pytest.raises(BookError, match=rf"another grader is at work .*process {other.pid} on .* since 20\d\d-"),
                book.lock(tmp_path),
            ):
                pass
        other.kill()
        other.wait()
        with book.lock(tmp_path) as broken:
            assert f"process {other.pid}" in broken
            assert "was broken off" in broken
    with book.lock(tmp_path) as broken:  # the last one came to its end
        assert broken == ""


def test_a_grader_frees_the_course_when_it_ends_well_or_badly(tmp_path):
    with pytest.raises(ZeroDivisionError), book.lock(tmp_path / "new"):
        raise ZeroDivisionError
    with book.lock(tmp_path / "new") as broken:
        assert broken == ""
    (tmp_path / "new" / book.LOCK).write_text('{"pid": "x')
    with book.lock(tmp_path / "new") as broken:
        assert broken == ""


def test_what_a_grader_starts_does_not_hold_the_course_after_it(tmp_path):
    with book.lock(tmp_path):
        child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    try:
        with book.lock(tmp_path):
            assert child.poll() is None
    finally:
        child.communicate()


# --- what was released


@pytest.fixture(scope="session")
def released_course(tmp_path_factory, small_cells):
    """A stock course with one released assignment, a helper file, a header, and a stub of its own."""
    prefer_own_programs()
    root = tmp_path_factory.mktemp("released") / "course"
    folder = root / "source" / "small"
    folder.mkdir(parents=True)
    cells = [nbformat.from_dict(cell) for cell in small_cells]
    cells[2].source += "\n### BEGIN HIDDEN TESTS\nassert one() == 1\n### END HIDDEN TESTS"
    nbformat.write(new_notebook(cells=cells, metadata=PYTHON), folder / "small.ipynb")
    nbformat.write(new_notebook(cells=[new_markdown_cell("Name:")], metadata=PYTHON), root / "header.ipynb")
    (folder / "lib.py").write_text("TOLERANCE = 1e-9\n")
    with contextlib.chdir(root):
        assert NbGraderAPI(config=settings(root)).generate_assignment("small")["success"]
    return root


def settings(root):
    config = Config()
    config.CourseDirectory.root = str(root)
    config.ClearSolutions.code_stub = {"python": "..."}
    config.IncludeHeaderFooter.header = "header.ipynb"
    return config


@pytest.fixture
def course(tmp_path, released_course):
    return CourseDirectory(config=settings(shutil.copytree(released_course, tmp_path / "course")))


def edit(course, change):
    path = Path(course.root) / "source" / "small" / "small.ipynb"
    notebook = nbformat.read(path, as_version=4)
    change({cell.metadata.get("nbgrader", {}).get("grade_id", "text"): cell for cell in notebook.cells}, notebook.cells)
    nbformat.write(notebook, path)


def test_an_unchanged_master_and_another_solution_are_as_released(course):
    assert released(course, "small") == []
    edit(course, lambda cell, _: cell["one"].update(source=cell["one"].source.replace("return 1", "return 3 - 2")))
    assert released(course, "small") == []
    shutil.rmtree(Path(course.root) / "release")  # kept elsewhere
    assert released(course, "small") == []


CHANGES = {
    "points": (
        lambda cell, _: cell["check_one"].metadata.nbgrader.update(points=3),
        ["cell check_one is worth 3, and was worth 2"],
    ),
    "test": (lambda cell, _: cell["check_two"].update(source="2.0"), ["cell check_two reads otherwise in line 1"]),
    "hidden test": (
        lambda cell, _: cell["check_one"].update(source=cell["check_one"].source.replace("assert one()", "assert 1")),
        ["cell check_one reads otherwise in line 3"],
    ),
    "stub": (
        lambda cell, _: cell["two"].update(source=cell["two"].source.replace("two()", "two(x)")),
        ["cell two reads otherwise in line 1"],
    ),
    "text": (lambda cell, _: cell["text"].update(source="# Smaller"), ["the text at the top reads otherwise"]),
    "order": (lambda _, cells: cells.append(cells.pop(1)), ["the cells stand in another order"]),
    "added": (
        lambda _, cells: cells.append(new_code_cell("1.0", metadata=role("more", 1))), ["cell more is new"],
    ),
    "removed": (lambda _, cells: cells.pop(4), ["cell check_two is gone"]),
    "role": (
        lambda cell, _: cell["why"].metadata.nbgrader.update(grade=False, points=0),
        ["cell why is not marked, and was worth 1"],
    ),
    "renamed": (
        lambda cell, _: cell["why"].metadata.nbgrader.update(grade_id="because"),
        ["cell because is new", "cell why is gone"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_learners_have_otherwise_is_named(course, what):
    change, said = CHANGES[what]
    edit(course, change)
    assert released(course, "small") == said


def test_other_files_and_notebooks_are_named_too(course):
    folder = Path(course.root) / "source" / "small"
    (folder / "lib.py").write_text("TOLERANCE = 1.0\n")
    shutil.copy(folder / "small.ipynb", folder / "more.ipynb")
    assert released(course, "small") == ["notebook more is new", "the file lib.py is another one"]
    (folder / "small.ipynb").write_text("{")
    assert "it cannot be prepared for release" in released(course, "small")[1]
    (folder / "small.ipynb").unlink()
    assert "notebook small is gone" in released(course, "small")
    assert released(course, "other") == ["other was never released"]
