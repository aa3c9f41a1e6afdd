"""Stock nbgrader, plugged: whatever one learner hands in, the others get their marks and everybody a record."""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from .conftest import write_course

RIGHT = {"one": "def one():\n    return 1", "two": "def two():\n    return 2", "why": "Because it is so."}
CONFIG = """from pathlib import Path
from bplib.grading import plug
from bplib.grading.config import configure
configure(get_config(), Path('.'))
plug.install()
"""


def nbgrader(root, *arguments):
    program = Path(sys.executable).parent / "nbgrader"
    return subprocess.run([program, *arguments], cwd=root, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture(scope="module")
def released(tmp_path_factory, small_cells):
    """Return a course with `small` released by the stock command, a helper file, and no hand-in."""
    root = write_course(tmp_path_factory.mktemp("plug") / "a course é", small_cells)
    (root / "solutions" / "small" / "helper.txt").write_text("the lecturer's")
    (root / "nbgrader_config.py").write_text(CONFIG)
    done = nbgrader(root, "generate_assignment", "small")
    assert done.returncode == 0, done.stderr
    return root


@pytest.fixture
def course(released, tmp_path):
    """Return a copy of it with two honest hand-ins, alice's and zed's."""
    root = shutil.copytree(released, tmp_path / "a course é")
    for learner in ("alice", "zed"):
        hand_in(root, learner)
    return root


def hand_in(root, learner, name="small.ipynb", **answers):
    nb = nbformat.read(root / "exercises" / "small" / "small.ipynb", as_version=4)
    for cell in nb.cells:
        name_ = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = (RIGHT | answers).get(name_, cell.source)
    folder = root / "course" / "submitted" / learner / "small"
    folder.mkdir(parents=True)
    nbformat.write(nb, folder / name)
    return folder


def records(root):
    lines = [json.loads(line) for line in (root / "course" / "records" / "small.jsonl").read_text().splitlines()]
    assert len({line["student"] for line in lines}) == len(lines)
    return {line["student"]: line for line in lines}


def marks(root):
    """What the grade book holds: learner to (sum of the marks given by the checks, how many wait for a person)."""
    sql = (
        "select a.student_id, sum(g.auto_score), sum(g.needs_manual_grade) from grade g"
        " join submitted_notebook n on g.notebook_id = n.id join submitted_assignment a on n.assignment_id = a.id"
        " group by a.student_id"
    )
    with sqlite3.connect(root / "course" / "gradebook.db") as book:
        return {who: (score, waits) for who, score, waits in book.execute(sql)}


def state(folder):
    """Everything that can be seen of a folder without following or waiting."""
    seen = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        small = path.is_file() and not path.is_symlink() and status.st_size < 1 << 20
        digest = hashlib.sha256(path.read_bytes()).hexdigest() if small else ""
        seen[str(path.relative_to(folder))] = (status.st_mode, status.st_size, status.st_mtime_ns, digest)
    return seen


def wrong_name(folder):
    (folder / "small.ipynb").rename(folder / "small (1).ipynb")


def link_to_grade_book(folder):
    (folder / "data.txt").symlink_to("../../../gradebook.db")


def link(folder):
    (folder / "small.ipynb").unlink()
    (folder / "small.ipynb").symlink_to("../../alice/small/small.ipynb")


def pipe(folder):
    (folder / "small.ipynb").unlink()
    os.mkfifo(folder / "small.ipynb")
    os.mkfifo(folder / "timestamp.txt")


def folder_of_that_name(folder):
    (folder / "small.ipynb").unlink()
    (folder / "small.ipynb").mkdir()


def sparse(folder):
    (folder / "big.bin").touch()
    os.truncate(folder / "big.bin", 1 << 40)
    (folder / "helper.txt").write_text("the learner's")


def empty(folder):
    (folder / "small.ipynb").unlink()


def no_json(folder):
    (folder / "small.ipynb").write_text("hello, here is my homework")


CASES = {
    "F19": (wrong_name, "graded", "file name corrected: it was small (1).ipynb"),
    "F21": (link_to_grade_book, "graded", "ignored, a link: data.txt"),
    "F23": (pipe, "rejected", "not a regular file but a pipe"),
    "F24": (folder_of_that_name, "rejected", "not a regular file but a folder"),
    "F34": (sparse, "graded", "ignored, a file too large: big.bin"),
}
MORE = {
    "F01": (no_json, "needs_review", "not a notebook: invalid JSON at line 1"),
    "F22": (link, "rejected", "not a regular file but a link"),
    "F25": (empty, "rejected", "no notebook handed in"),
}
GIVEN = {"graded": (4, 1), "rejected": (0, 0), "needs_review": (None, 3)}


def expect(root, cases):
    there, book = records(root), marks(root)
    assert set(there) == set(book) == {"alice", "zed", *cases}
    for who in ("alice", "zed"):
        assert (there[who]["status"], there[who]["score"], book[who]) == ("graded", 4, GIVEN["graded"])
    for who, (_, status, note) in cases.items():
        score = {"graded": 4, "rejected": 0, "needs_review": None}[status]
        assert (there[who]["status"], there[who]["score"]) == (status, score), there[who]
        assert book[who] == GIVEN[status]
        assert any(note in said for said in there[who]["notes"]), there[who]
        assert str(root) not in json.dumps(there[who])
    # Nothing that learners put beside their notebooks has come any further.
    made = [path for step in ("intake", "autograded", "feedback") for path in (root / "course" / step).rglob("*")]
    assert not [path for path in made if path.is_symlink() or not (path.is_file() or path.is_dir())]
    names = {path.name for path in made if path.is_file()}
    assert names <= {"small.ipynb", "small.html", "timestamp.txt", "helper.txt"}
    assert {path.read_text() for path in made if path.name == "helper.txt"} == {"the lecturer's"}


@pytest.mark.parametrize("case", CASES)
def test_the_stock_command_grades_all_three(course, case):
    CASES[case][0](hand_in(course, "case"))
    before = state(course / "course" / "submitted")
    done = nbgrader(course, "autograde", "small")
    assert done.returncode == 0, done.stderr
    assert state(course / "course" / "submitted") == before
    expect(course, {"case": CASES[case]})


FORMGRADER = """import json, sys
from pathlib import Path
from traitlets.config import Config
from nbgrader.apps import NbGraderAPI
from bplib.grading import plug
from bplib.grading.config import configure
config = configure(Config(), Path('.'))
plug.install(); plug.install()
api = NbGraderAPI(config=config)
learners = sorted(api.get_submitted_students('small'))
before = sorted(api.get_autograded_students('small'))
failed = []
for learner in learners:
    for step in (api.autograde, api.generate_feedback):
        result = step('small', learner, force=True)
        failed += [] if result['success'] else [(learner, result)]
print(json.dumps([learners, before, failed, sorted(api.get_autograded_students('small'))]))
"""


def formgrader(root):
    done = subprocess.run(
        [sys.executable, "-c", FORMGRADER], cwd=root, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_the_formgraders_buttons_do_the_same(course):
    """The whole class through NbGraderAPI, with a name that looks like a pattern and a date of the learner's own."""
    cases = {f"m{name}": case for name, case in (CASES | MORE).items()}
    for name, (change, _, _) in cases.items():
        change(hand_in(course, name))
    odd = "[ab]<b>&amp;x"
    hand_in(course, odd)
    backdated = hand_in(course, "backdated")
    (backdated / "timestamp.txt").write_text("2001-01-01 00:00:00 UTC")
    os.utime(backdated / "small.ipynb", (1.7e9, 1.7e9))
    cases |= {odd: (None, "graded", "the file's own"), "backdated": (None, "graded", "the file's own")}
    before = state(course / "course" / "submitted")

    learners, graded_before, failed, graded = formgrader(course)
    assert failed == []
    assert graded_before == []
    assert set(learners) == set(graded) == {"alice", "zed", *cases}  # it shows nobody as still to be graded
    assert state(course / "course" / "submitted") == before
    expect(course, cases)
    assert records(course)["backdated"]["received"] == "2023-11-14T22:13:20+00:00"
    with sqlite3.connect(course / "course" / "gradebook.db") as book:
        sql = "select timestamp from submitted_assignment where student_id = 'backdated'"
        assert book.execute(sql).fetchone()[0].startswith("2023-11-14 22:13:20")
    for who in learners:
        page = (course / "course" / "feedback" / who / "small" / "small.html").read_text()
        assert ("was not read" in page) == (cases.get(who, ("", "graded"))[1] != "graded"), who
    kept = list((course / "course" / "records" / "kept" / "small").iterdir())
    assert [path.read_text() for path in kept] == ["hello, here is my homework"]


def test_graded_again_old_marks_never_stand_in_for_a_bad_hand_in(course):
    """What has not changed is skipped; who ends the process loses one answer; a mark that a person gave stays."""
    case = hand_in(course, "case")
    again = hand_in(course, "dies")
    assert nbgrader(course, "autograde", "small").returncode == 0
    assert marks(course) == dict.fromkeys(("alice", "case", "dies", "zed"), GIVEN["graded"])
    with sqlite3.connect(course / "course" / "gradebook.db") as book:
        book.execute("update grade set manual_score = 0.5, needs_manual_grade = 0 where auto_score is null")
    no_json(case)
    shutil.rmtree(again.parent)
    hand_in(course, "dies", one="import os\nos._exit(1)")
    done = nbgrader(course, "autograde", "small")
    assert done.returncode == 0, done.stderr
    assert "alice is graded already" in done.stderr
    there = records(course)
    assert {who: line["status"] for who, line in there.items()} == {
        "alice": "graded", "case": "needs_review", "dies": "graded", "zed": "graded"
    }  # fmt: skip
    assert {who: line["score"] for who, line in there.items()} == {"alice": 4, "case": 0.5, "dies": 2.5, "zed": 4}
    assert marks(course) == {"alice": (4, 0), "zed": (4, 0), "case": (None, 3), "dies": (2, 1)}

    shutil.rmtree(case.parent)
    hand_in(course, "case", two="def two():\n    return 3")
    done = nbgrader(course, "autograde", "small", "--student", "case")
    assert done.returncode == 0
    assert (records(course)["case"]["status"], marks(course)["case"]) == ("graded", (2, 1))


def test_what_the_lecturer_has_to_mend_is_one_line_and_marks_nobody(course):
    done = nbgrader(course, "autograde", "smal")
    assert done.returncode == 1
    assert "there is no assignment 'smal' in the grade book: run nbgrader generate_assignment" in done.stderr
    (course / "solutions" / "small" / "small.ipynb").write_text("{")
    done = nbgrader(course, "autograde", "small")
    assert done.returncode == 1
    assert "the master in solutions/small cannot be read" in done.stderr
    assert not (course / "course" / "records" / "small.jsonl").exists()
    assert marks(course) == {}


def test_a_folder_that_is_a_link_is_not_entered(tmp_path):
    from bplib.grading.handin import raw_notebooks

    (tmp_path / "alice" / "ps1").mkdir(parents=True)
    (tmp_path / "alice" / "ps1" / "ps1.ipynb").write_text("{}")
    (tmp_path / "bob").symlink_to("alice")
    (tmp_path / "cid").mkdir()
    (tmp_path / "cid" / "ps1").symlink_to("../alice/ps1")
    (tmp_path / "dan").mkdir()
    os.mkfifo(tmp_path / "dan" / "ps1")
    assert raw_notebooks(str(tmp_path / "alice" / "ps1"), ["ps1"]).bytes == {"ps1": b"{}"}
    for who, sort in (("bob", "a link"), ("cid", "a link"), ("dan", "a pipe")):
        raw = raw_notebooks(str(tmp_path / who / "ps1"), ["ps1"])
        assert (raw.bytes, raw.refused["ps1"].status) == ({}, "rejected")
        assert f"no folder but {sort}" in str(raw.refused["ps1"])


def test_a_missing_notebook_of_several_costs_only_itself(tmp_path):
    from bplib.grading.handin import raw_notebooks

    folder = tmp_path / "ada" / "ps1"
    folder.mkdir(parents=True)
    (folder / "part1.ipynb").write_text("{}")
    (folder / "part2.ipynb").symlink_to("part1.ipynb")
    (folder / "PART3-Copy1.ipynb").write_text("[]")
    raw = raw_notebooks(str(folder), ["part1", "part2", "part3", "part4"])
    assert raw.bytes == {"part1": b"{}", "part3": b"[]"}
    assert {name: str(error)[:18] for name, error in raw.refused.items()} == {
        "part2": "not a regular file", "part4": "no notebook handed"
    }  # fmt: skip


def test_the_collectors_clock_counts_for_the_bytes_that_it_saw():
    from bplib.grading.plug import _received
    from bplib.grading.records import Record

    receipt = {"received": "2026-03-01T12:00:00+00:00", "files": {"ps1.ipynb": "aa"}}
    seen, other = Record("ada", "graded", files={"ps1": "aa"}), Record("ada", "graded", files={"ps1": "bb"})
    assert _received(seen, receipt, [0.0]).isoformat() == seen.received == "2026-03-01T12:00:00+00:00"
    assert seen.notes == []
    assert _received(other, receipt, [0.0]).year == 1970
    assert other.notes == ["time of receipt: the file's own, as it was not collected with bplib.grading"]
    assert _received(Record("ada", "graded", files={"ps1": "bb"}), {}, [1e11]).year < 5000  # never in the future
