"""The whole way, with nothing faked: release, hand in, autograde with nbgrader, feedback, table."""

import html
import importlib
import re
import shutil
import tomllib

import nbformat
import pytest

from bplib.grading.__main__ import main
from bplib.grading.collect import collect
from bplib.grading.course import Course
from bplib.grading.intake import graded, master

pytestmark = pytest.mark.slow
DIGITS = re.compile(r"accurate to \d+ digits")
NAMES = ["ps06_two_two_two", "ps07_deltas", "ps09_two_layer_network"]


@pytest.fixture
def clone(root, tmp_path):
    """Return a folder with what grading needs of the clone."""
    for part in ("solutions", "exercises", "tests/answers"):
        shutil.copytree(root / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


@pytest.mark.parametrize("name", NAMES)
def test_the_solution_gets_full_marks_in_every_part(root, clone, name):
    course = Course.kit(clone)
    released = course.release(name) / f"{name}.ipynb"
    assert released.read_bytes() == (root / "exercises" / name / f"{name}.ipynb").read_bytes()
    source = clone / "solutions" / name / f"{name}.ipynb"
    points = graded(master(source))
    by_hand = {c.metadata.nbgrader.grade_id for c in nbformat.read(source, 4).cells if _words(c)}
    (clone / "in").mkdir()
    shutil.copy(source, clone / "in" / "solution.ipynb")
    collect(clone / "in", course.home, name)
    course.autograde(name)
    (record,) = course.results(name)
    assert (record.status, record.notes) == ("graded", [])
    assert record.marks == {part: None if part in by_hand else worth for part, worth in points.items()}


def _words(cell):
    role = cell.metadata.get("nbgrader", {})
    return role.get("grade") and role.get("solution")


@pytest.mark.parametrize("name", NAMES)
def test_points_of_the_notebook_are_the_points_of_the_checks(root, name):
    checks = importlib.import_module(f"bplib.checks.{name.split('_')[0]}")
    points = graded(master(root / "solutions" / name / f"{name}.ipynb"))
    for part, worth in points.items():
        if part.startswith("check_"):
            assert getattr(checks, part.removeprefix("check_")).points == worth
    assert sum(points.values()) == 20


@pytest.mark.parametrize(
    ("name", "learners"),
    [
        (NAMES[1], ["right_recursion", "wrong_no_slope", "other_in_place", "other_empty"]),
        (NAMES[2], ["right_outer_products", "wrong_n_missing", "wrong_deck_listing", "other_empty"]),
    ],
)
def test_some_hand_ins_of_the_other_exercises_get_their_marks(root, clone, name, learners):
    """The whole way for some; all programs of these exercises go through the checks in tests/checks."""
    exercise = name.split("_")[0]
    programs = clone / "tests" / "answers" / exercise
    for path in programs.glob("*.py"):
        if path.stem not in learners:
            path.unlink()
    expected = tomllib.loads((programs / "marks.toml").read_text(encoding="utf-8"))
    assert main(["--course", str(clone), "demo", name]) == 0
    course = Course.kit(clone, home="course/demo", release="course/demo/released")
    results = {hand_in.learner: hand_in.marks for hand_in in course.results(name)}
    for learner in learners:
        marks, wanted = results[learner], expected.get(learner, {}).get("marks", {})
        checked = {part.removeprefix("check_"): mark for part, mark in marks.items() if part.startswith("check_")}
        assert checked == {part: wanted.get(part, mark) for part, mark in checked.items()}
        assert (sum(checked.values()) == 0) == (learner == "other_empty")


def test_the_sample_class_gets_its_marks_twice(root, clone, capsys):
    """Slow: two dozen hand-ins through nbgrader, and all of them once more."""
    name = NAMES[0]
    expected = tomllib.loads((root / "tests/answers/ps06/marks.toml").read_text(encoding="utf-8"))
    points = graded(master(root / "solutions" / name / f"{name}.ipynb"))
    learners = sorted(path.stem for path in (root / "tests/answers/ps06").glob("*_*.py"))

    tables = []
    for _ in range(2):
        assert main(["--course", str(clone), "demo"]) == 0
        out, err = capsys.readouterr()
        assert err == ""
        tables.append(out[out.index("\nlearner ") : out.index("feedback ")])
        assert "course/demo/feedback/<learner>/ps06_two_two_two" in out
        assert f"{len(learners)} hand-ins, " in out
    assert tables[0] == tables[1]

    course = Course.kit(clone, home="course/demo", release="course/demo/released")
    results = {hand_in.learner: hand_in.marks for hand_in in course.results(name)}
    for learner in learners:
        marks = results[learner]
        wanted = expected.get(learner, {}).get("marks", {})
        for part, worth in points.items():
            if part.startswith("check_"):
                assert marks[part] == wanted.get(part.removeprefix("check_"), worth), (learner, part)
        if learner == "other_empty":
            assert marks["why_a_sum"] == 0
        row = re.search(rf"^{learner} +(.*)$", tables[0], re.MULTILINE).group(1)
        assert sum(mark or 0 for mark in marks.values()) == float(row.replace(" + ?", "").split()[-1])
        page = (course.page(name, learner) / f"{name}.html").read_text(encoding="utf-8")
        shown = " ".join(html.unescape(page).split())  # a message is wrapped
        for part, text in expected.get(learner, {}).get("first_wrong", {}).items():
            if "not written yet" in text:
                assert f"write {part}(" in page, (learner, part)
                continue
            # Lines are counted within the learner's cell there, and within the program's file here; to how many digits
            # an answer is right depends on the networks that are drawn.
            text = " ".join(text.split(" (line ")[0].split())
            assert DIGITS.sub("", text) in DIGITS.sub("", shown), (learner, part)
    assert not (clone / "course" / "gradebook.db").exists()  # the demo never mixes with the lecturer's own
