"""A class with bad hand-ins among the good: each is named, the others are graded, and nothing is lost."""

import hashlib
import json
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from bplib.grading.__main__ import main
from bplib.grading.collect import collect
from bplib.grading.course import Course, CourseError, table

from .conftest import PYTHON, role

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
    return Course.kit(small)


@pytest.fixture
def released(course):
    return course.release("small") / "small.ipynb"


def grade(course, **options):
    course.autograde("small", force=True, **options)
    assert course.feedback("small") == []
    return {hand_in.learner: hand_in for hand_in in course.results("small")}


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
    (folder / "sent_a_pdf" / "small").mkdir(parents=True)
    (folder / "sent_a_pdf" / "small" / "small.pdf").write_bytes(b"%PDF")
    (folder / "odd [1]" / "small").mkdir(parents=True)
    (folder / "odd [1]" / "small" / "small.ipynb").write_bytes(hand_ins["ada"])
    before = digests(folder)
    shutil.copytree(folder, course.home / "submitted")
    watched = []
    records = grade(course, watch=watched.append)

    assert digests(folder) == digests(course.home / "submitted") == before
    assert [record.student for record in watched] == sorted(records)
    assert set(records) == {*hand_ins, "wrong_name", "odd [1]", "sent_a_pdf"}
    auto = {name: (r.marks.get("check_one"), r.marks.get("check_two")) for name, r in records.items()}
    assert auto == {
        "ada": (2, 2), "doubled": (2, 2), "kernel": (2, 2), "missing": (2, 2), "zed": (0.5, 2), "empty": (0, 0),
        "wrong_name": (2, 2), "odd [1]": (2, 2),
        "bad_json": (None, None), "kernel_dies": (0, 2), "sent_a_pdf": (None, None),
    }  # fmt: skip
    assert {name: r.status for name, r in records.items() if r.status != "graded"} == {
        "bad_json": "needs_review", "sent_a_pdf": "rejected"
    }  # fmt: skip
    assert "ask for it again" in records["bad_json"].notes[0]
    assert "small-final.ipynb" in records["wrong_name"].notes[0]
    assert "no notebook handed in: ask for it" in records["sent_a_pdf"].notes[-1]
    assert "ended the whole process" in " ".join(records["kernel_dies"].notes)
    assert "stands twice" in records["doubled"].notes[0]
    assert "was missing" in records["missing"].notes[0]
    assert "no-such-kernel" in records["kernel"].notes[0]
    assert records["ada"].waits  # for the answer in words
    assert (records["empty"].total, records["empty"].waits) == (0, False)
    text = table("small", list(records.values()), 5)
    assert all(name in text for name in records)
    assert (course.page("small", "ada") / "small.html").is_file()

    # Graded again: the same records, and nothing handed in has changed; so a comparison finds nothing to say.
    assert grade(course) == records
    assert course.compare("small") == []
    assert digests(course.home / "submitted") == before


def test_a_manual_grade_survives_and_an_earlier_hand_in_is_kept(course, released, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "ada.ipynb").write_bytes(written(answered(released, **RIGHT)))
    collect(folder, course.home, "small")
    grade(course)
    with sqlite3.connect(course.home / "gradebook.db") as book:
        changed = book.execute("update grade set manual_score = 0.5, needs_manual_grade = 0 where auto_score is null")
        assert changed.rowcount == 1

    first = (folder / "ada.ipynb").read_bytes()
    (folder / "ada.ipynb").write_bytes(written(answered(released, **RIGHT | {"two": "def two():\n    return 3"})))
    collect(folder, course.home, "small")
    assert course.compare("small") == [("ada", "check_two: 2 would become 0")]
    (record,) = grade(course).values()
    assert (record.marks["check_one"], record.marks["check_two"]) == (2, 0)
    with sqlite3.connect(course.home / "gradebook.db") as book:
        assert book.execute("select manual_score from grade where manual_score is not null").fetchall() == [(0.5,)]
    (kept,) = (course.home / "earlier" / "ada" / "small").glob("*.ipynb")
    assert kept.read_bytes() == first

    path = course.write_csv("small", [record])
    assert (
        path.read_text(encoding="utf-8-sig").splitlines()[0].startswith("learner,status,check_one,check_two,why,total")
    )


def test_releasing_again_changes_no_byte_and_registers_the_assignment(course, released):
    before = released.read_bytes()
    assert (course.release("small") / "small.ipynb").read_bytes() == before
    assert b"return 1" not in before
    with sqlite3.connect(course.home / "gradebook.db") as book:
        assert book.execute("select name from assignment").fetchall() == [("small",)]


def test_the_stock_command_line_rebuilds_too(small, course, released):
    """A copied cell ends stock nbgrader's whole run; with our configuration the command line grades it."""
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
    assert (course.page("small", "zed") / "small.html").is_file()


def test_the_lecturers_own_mistakes_are_named(course, released, tmp_path):
    with pytest.raises(CourseError, match="no assignment 'smal'; there are: small"):
        course.release("smal")
    with pytest.raises(CourseError, match="No notebooks were matched"):
        course.autograde("small")
    with pytest.raises(CourseError, match="nothing of small is graded yet"):
        course.feedback("small")
    (tmp_path / "void").mkdir()
    for make in (Course, Course.kit):
        with pytest.raises(CourseError, match="no course here"):
            make(tmp_path / "void")
    (tmp_path / "void" / "nbgrader_config.py").write_text("c = get_config()\nc.Autograde.force = yes\n")
    with pytest.raises(CourseError, match=r"nbgrader_config.py cannot be read .NameError.*: nobody was graded"):
        Course(tmp_path / "void")


def test_the_seed_is_the_courses_secret_and_stays(small, tmp_path):
    path = small / "solutions" / "small" / "small.ipynb"
    path.write_text(
        path.read_text().replace("2.0 if one()", "import os\\nprint(os.environ['BPLIB_SEED'])\\n2.0 if one()")
    )
    course = Course.kit(small)
    released = course.release("small") / "small.ipynb"
    folder = tmp_path / "in"
    folder.mkdir()
    for learner in ("ada", "bob"):
        (folder / f"{learner}.ipynb").write_bytes(written(answered(released, **RIGHT)))
    collect(folder, course.home, "small")

    def seeds():
        grade(course)
        pages = [course.home / "autograded" / name / "small" / "small.ipynb" for name in ("ada", "bob")]
        return [json.loads(page.read_text())["cells"][2]["outputs"][0]["text"] for page in pages]

    first = seeds()
    assert len({"".join(seed).strip() for seed in first}) == 2
    assert seeds() == first
    assert (course.home / "secret").stat().st_mode & 0o077 == 0


def test_collect_takes_an_archive_and_says_what_it_took(course, released, tmp_path, capsys):
    (course.root / "nbgrader_config.py").write_text(
        "from pathlib import Path\nfrom bplib.grading.config import configure\nconfigure(get_config(), Path('.'))\n"
    )
    with zipfile.ZipFile(tmp_path / "moodle.zip", "w") as archive:
        archive.writestr("Ada Lovelace_123_assignsubmission_file_/small.ipynb", written(answered(released, **RIGHT)))
        archive.writestr("../../evil.ipynb", b"{}")
    assert main(["collect", "small", str(tmp_path / "moodle.zip"), "--course", str(course.root)]) == 1
    out, err = capsys.readouterr()
    assert "1 taken into course/submitted, 1 refused" in out
    assert "evil.ipynb" in err
    (learner,) = course.learners("small")
    assert "lovelace" in learner.lower()
    assert main(["--course", str(course.root), "autograde", "small"]) == 0
    assert "4 + ?" in capsys.readouterr().out


@pytest.fixture
def foreign(tmp_path):
    """Return a course that knows nothing of ours: nbgrader's own folders, two notebooks, helper and data beside."""
    root = tmp_path / "stock course"
    folder = root / "source" / "ps1"
    folder.mkdir(parents=True)
    (folder / "helper.py").write_text("def near(a, b):\n    return abs(a - b) < 1e-9\n")
    (folder / "numbers.txt").write_text("3 4")
    for name, body in (("a", "a = 1\n"), ("b", "")):
        cells = [
            new_code_cell("from helper import near\nnumbers = [float(x) for x in open('numbers.txt').read().split()]"),
            new_code_cell(
                f"def total(x):\n    ### BEGIN SOLUTION\n    return sum(x)\n    ### END SOLUTION\n{body}",
                metadata=role("total", solution=True),
            ),
            new_code_cell("assert near(total(numbers), 7)", metadata=role("visible", 1)),
            new_code_cell(
                "### BEGIN HIDDEN TESTS\nassert near(total([1, 2]), 3)\n### END HIDDEN TESTS",
                metadata=role("hidden", 2),
            ),
        ]
        nbformat.write(new_notebook(cells=cells, metadata=PYTHON), folder / f"{name}.ipynb")
    for learner, source in (("ada", "def total(x):\n    return sum(x)"), ("bob", "def total(x):\n    return 7")):
        for name in ("a", "b"):
            nb = nbformat.read(folder / f"{name}.ipynb", as_version=4)
            nb.cells[1].source = source
            target = root / "submitted" / learner / "ps1" / f"{name}.ipynb"
            target.parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(nb, target)
    return root


def test_any_nbgrader_course_folder_is_graded(foreign, capsys):
    """Its own layout, several notebooks, assertions instead of numbers, a helper module and data beside them."""
    assert main(["autograde", "ps1", "--course", str(foreign)]) == 0
    out = capsys.readouterr().out
    assert "1 a/visible, 2 a/hidden, 3 b/visible, 4 b/hidden" in out
    lines = [json.loads(line) for line in (foreign / "records" / "ps1.jsonl").read_text().splitlines()]
    assert [(r["student"], r["status"], r["score"]) for r in lines] == [("ada", "graded", 6), ("bob", "graded", 2)]
    assert not (foreign / "release").exists()  # what the lecturer has released stays the lecturer's
    assert main(["feedback", "ps1", "--course", str(foreign)]) == 0
    pages = sorted(path.relative_to(foreign / "feedback").as_posix() for path in foreign.glob("feedback/*/*/*.html"))
    assert pages == ["ada/ps1/a.html", "ada/ps1/b.html", "bob/ps1/a.html", "bob/ps1/b.html"]
    assert "HIDDEN" not in (foreign / "feedback" / "bob" / "ps1" / "b.html").read_text()

    # Only who is asked for, and only with --force if nothing has changed.
    capsys.readouterr()
    before = (foreign / "records" / "ps1.jsonl").read_bytes()
    bob = foreign / "submitted" / "bob" / "ps1" / "a.ipynb"
    bob.write_text(bob.read_text().replace("return 7", "return sum(x)"))
    assert main(["autograde", "ps1", "--course", str(foreign), "--student", "ada"]) == 0
    assert (foreign / "records" / "ps1.jsonl").read_bytes() == before
    assert main(["autograde", "ps1", "--course", str(foreign), "--compare"]) == 0
    assert "bob: hidden: 0 would become 2" in capsys.readouterr().out
    assert (foreign / "records" / "ps1.jsonl").read_bytes() == before
    assert main(["autograde", "ps1", "--course", str(foreign)]) == 0
    assert [r.total for r in Course(foreign).results("ps1")] == [6, 4]
    assert main(["autograde", "ps2", "--course", str(foreign)]) == 1
    assert "there is no assignment 'ps2'; there are: ps1" in capsys.readouterr().err
