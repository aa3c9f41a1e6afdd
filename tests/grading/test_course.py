"""A class with bad hand-ins among the good: each is named, the others are graded, and nothing is lost."""

import hashlib
import json
import sqlite3
import zipfile

import nbformat
import pytest

from bplib.grading.__main__ import main
from bplib.grading.course import Course, CourseError, table

RIGHT = {"one": "def one():\n    return 1", "two": "def two():\n    return 2", "why": "Because it is so."}


def answered(released, **answers):
    nb = nbformat.read(released, as_version=4)
    for cell in nb.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = answers.get(grade_id, cell.source)
    return nb


def written(nb):
    return nbformat.writes(nb).encode()


def digests(folder):
    return {p.relative_to(folder): hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture
def course(small):
    return Course(small)


@pytest.fixture
def released(course):
    return course.release("small")


def quiet(line):
    pass


def test_one_bad_hand_in_costs_nobody_else_anything(course, released, tmp_path):
    folder = tmp_path / "hand ins"
    doubled, missing, kernel = answered(released, **RIGHT), answered(released, **RIGHT), answered(released, **RIGHT)
    doubled.cells.insert(3, nbformat.from_dict(doubled.cells[2]))
    del missing.cells[4]
    kernel.metadata.kernelspec.name = "no-such-kernel"
    dies = answered(released, **RIGHT | {"one": "import os\nos._exit(1)"})
    hand_ins = {
        "ada": written(answered(released, **RIGHT)),
        "bad_json": b'{"cells": [',
        "doubled": written(doubled),
        "empty": written(nbformat.read(released, as_version=4)),
        "kernel": written(kernel),
        "kernel_dies": written(dies),
        "missing": written(missing),
        "zed": written(answered(released, **RIGHT | {"one": "def one():\n    return 7"})),
    }
    for learner, data in hand_ins.items():
        (folder / learner / "small").mkdir(parents=True)
        (folder / learner / "small" / "small.ipynb").write_bytes(data)
    (folder / "wrong_name" / "small").mkdir(parents=True)
    (folder / "wrong_name" / "small" / "small-final.ipynb").write_bytes(hand_ins["ada"])
    (folder / "sent_a_pdf").mkdir()
    (folder / "sent_a_pdf" / "small.pdf").write_bytes(b"%PDF")
    (folder / "odd [1]" / "small").mkdir(parents=True)
    (folder / "odd [1]" / "small" / "small.ipynb").write_bytes(hand_ins["ada"])
    before = digests(folder)
    notebooks = {path: digest for path, digest in before.items() if path.suffix == ".ipynb"}

    assert course.take_in("small", folder) == sorted([*hand_ins, "wrong_name", "odd [1]", "sent_a_pdf"])
    records = {record.learner: record for record in course.grade("small", say=quiet)}

    assert digests(folder) == before
    assert digests(course.home / "submitted") == notebooks
    assert set(records) == {*hand_ins, "wrong_name", "odd [1]", "sent_a_pdf"}
    auto = {name: (r.marks.get("check_one"), r.marks.get("check_two")) for name, r in records.items()}
    assert auto == {
        "ada": (2, 2), "doubled": (2, 2), "kernel": (2, 2), "missing": (2, 2), "zed": (0.5, 2), "empty": (0, 0),
        "wrong_name": (2, 2), "odd [1]": (2, 2),
        "bad_json": (None, None), "kernel_dies": (None, None), "sent_a_pdf": (None, None),
    }  # fmt: skip
    assert "the file looks cut off: ask for it again" in records["bad_json"].problem
    assert "small-final.ipynb" in records["wrong_name"].notes[0]
    assert "no notebook handed in: ask for it" in records["sent_a_pdf"].problem
    assert "kernel" in records["kernel_dies"].problem.lower()
    assert "stands twice" in records["doubled"].notes[0]
    assert "was missing" in records["missing"].notes[0]
    assert "no-such-kernel" in records["kernel"].notes[0]
    assert records["ada"].waits  # for the answer in words
    assert (records["empty"].total, records["empty"].waits) == (0, False)
    text = table("small", list(records.values()), 5)
    assert all(name in text for name in records)
    assert course.feedback("small", "ada").is_file()

    # Graded again: the same records, and nothing handed in has changed.
    again = {record.learner: record for record in course.grade("small", say=quiet)}
    assert {n: (r.marks, r.problem, r.notes) for n, r in again.items()} == {
        n: (r.marks, r.problem, r.notes) for n, r in records.items()
    }
    assert digests(course.home / "submitted") == notebooks


def test_a_manual_grade_survives_and_an_earlier_hand_in_is_kept(course, released, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "ada.ipynb").write_bytes(written(answered(released, **RIGHT)))
    course.take_in("small", folder)
    course.grade("small", say=quiet)
    with sqlite3.connect(course.home / "gradebook.db") as book:
        changed = book.execute("update grade set manual_score = 0.5, needs_manual_grade = 0 where auto_score is null")
        assert changed.rowcount == 1

    first = (folder / "ada.ipynb").read_bytes()
    (folder / "ada.ipynb").write_bytes(written(answered(released, **RIGHT | {"two": "def two():\n    return 3"})))
    course.take_in("small", folder)
    (record,) = course.grade("small", say=quiet)
    assert (record.marks["check_one"], record.marks["check_two"]) == (2, 0)
    with sqlite3.connect(course.home / "gradebook.db") as book:
        assert book.execute("select manual_score from grade where manual_score is not null").fetchall() == [(0.5,)]
    (kept,) = (course.home / "earlier" / "ada" / "small").glob("*.ipynb")
    assert kept.read_bytes() == first

    path = course.write_csv("small", [record])
    assert path.read_text(encoding="utf-8-sig").splitlines()[0].startswith("learner,check_one,check_two,why,total")


def test_releasing_again_changes_no_byte_and_registers_the_assignment(course, released):
    before = released.read_bytes()
    assert course.release("small").read_bytes() == before
    assert b"return 1" not in before
    with sqlite3.connect(course.home / "gradebook.db") as book:
        assert book.execute("select name from assignment").fetchall() == [("small",)]


def test_the_stock_command_line_rebuilds_too(small, course, released):
    """A copied cell ends stock nbgrader's whole run; with our configuration the command line grades it."""
    import subprocess
    import sys
    from pathlib import Path

    config = (
        "from pathlib import Path\nfrom bplib.grading.config import configure\nconfigure(get_config(), Path('.'))\n"
    )
    (small / "nbgrader_config.py").write_text(config)
    doubled = answered(released, **RIGHT)
    doubled.cells.insert(3, nbformat.from_dict(doubled.cells[2]))
    for learner, nb in (("doubled", doubled), ("zed", answered(released, **RIGHT))):
        target = course.home / "submitted" / learner / "small"
        target.mkdir(parents=True)
        (target / "small.ipynb").write_bytes(written(nb))
    nbgrader = Path(sys.executable).parent / "nbgrader"
    for command in ("autograde", "generate_feedback"):
        done = subprocess.run([nbgrader, command, "small"], cwd=small, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    assert (
        "stands twice"
        in subprocess.run(
            [nbgrader, "autograde", "small", "--force"], cwd=small, capture_output=True, text=True, check=True
        ).stderr
    )
    with sqlite3.connect(course.home / "gradebook.db") as book:
        scores = [row[0] for row in book.execute("select auto_score from grade where auto_score is not null")]
    assert scores == [2, 2, 2, 2]
    assert course.feedback("small", "zed").is_file()


def test_the_lecturers_own_mistakes_are_named(course, released, tmp_path):
    with pytest.raises(CourseError, match="no assignment 'smal'; there are: small"):
        course.release("smal")
    with pytest.raises(CourseError, match="is not a folder"):
        course.take_in("small", tmp_path / "nowhere")
    (tmp_path / "void").mkdir()
    with pytest.raises(CourseError, match="no hand-in for small"):
        course.take_in("small", tmp_path / "void")
    with pytest.raises(CourseError, match="no course here"):
        Course(tmp_path / "void")


def test_the_seed_is_the_courses_secret_and_stays(course, released, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    show = "def one():\n    import os\n    print('seed', os.environ['BPLIB_SEED'])\n    return 1"
    for learner in ("ada", "bob"):
        (folder / f"{learner}.ipynb").write_bytes(written(answered(released, one=show)))
    course.take_in("small", folder)

    def seeds():
        course.grade("small", say=quiet)
        pages = [course.home / "autograded" / name / "small" / "small.ipynb" for name in ("ada", "bob")]
        return [json.loads(page.read_text())["cells"][2]["outputs"][0]["text"] for page in pages]

    first = seeds()
    assert first[0] != first[1]
    assert seeds() == first
    assert (course.home / "secret").stat().st_mode & 0o077 == 0


def test_collect_takes_an_archive_and_says_what_it_took(course, released, tmp_path, capsys):
    with zipfile.ZipFile(tmp_path / "moodle.zip", "w") as archive:
        archive.writestr("Ada Lovelace_123_assignsubmission_file_/small.ipynb", written(answered(released, **RIGHT)))
        archive.writestr("../../evil.ipynb", b"{}")
    assert main(["--root", str(course.root), "collect", "small", str(tmp_path / "moodle.zip")]) == 1
    out, err = capsys.readouterr()
    assert "1 taken, 1 refused" in out
    assert "evil.ipynb" in err
    (learner,) = course.learners("small")
    assert "lovelace" in learner.lower()
    assert [record.total for record in course.grade("small", say=quiet)] == [4]
