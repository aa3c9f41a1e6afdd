"""Each fault is found, each by its own line, and a good course has none."""

import json
import re

import pytest

from bplib.authoring import lint
from bplib.authoring.__main__ import main
from bplib.authoring.build import build
from bplib.authoring.check import check
from bplib.authoring.convert import NotebookNode
from bplib.authoring.release import release
from tests.authoring.conftest import replace
from tests.authoring.test_build import quiet

LESSON, BUILT_LESSON = "lectures/06_mini.py", "lectures/06_mini.ipynb"
EXERCISE, BUILT_EXERCISE = "solutions/ps06_mini.py", "solutions/ps06_mini/ps06_mini.ipynb"
RELEASE = "exercises/ps06_mini/ps06_mini.ipynb"


def edit(path, change):
    """Change a notebook's JSON as a hand would, in the form in which it was written."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    change(notebook)
    path.write_text(json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


def only(findings, path, says):
    """Assert that there is one finding, that it names the file, and what it says."""
    assert len(findings) == 1, findings
    assert findings[0].startswith(f"{path}"), findings
    assert re.search(says, findings[0]), findings


def test_a_good_course_passes_with_one_line(mini, capsys):
    assert main(["check", "--root", str(mini)]) == 0
    assert capsys.readouterr().out == "text, notebooks and releases agree (lectures: 1, exercises: 1)\n"


def test_findings_are_printed_one_a_line_and_fail(course, capsys):
    (course / BUILT_LESSON).unlink()
    assert main(["check", "--root", str(course), "06_mini"]) == 1
    assert capsys.readouterr().out == f"{BUILT_LESSON}: is missing; run python -m bplib.authoring build\n"


@pytest.mark.parametrize(
    ("path", "mend"),
    [(BUILT_EXERCISE, "build"), (RELEASE, "release"), ("exercises/ps06_mini/table.csv", "release")],
)
def test_a_missing_derived_file_is_found(course, path, mend):
    (course / path).unlink()
    only(check(course), path, f"is missing; run python -m bplib.authoring {mend}$")


def code_cell(notebook, number=0):
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"][number]


@pytest.mark.parametrize(
    "change",
    [
        lambda nb: nb["metadata"]["bplib"].update(sha256="0" * 64),
        lambda nb: nb["metadata"].update(jupytext={"formats": "ipynb"}),
        lambda nb: nb["cells"][0]["source"].append("."),
        lambda nb: nb["cells"][0]["metadata"].update(tags=["x"]),
        lambda nb: nb["cells"][0].update(id="other"),
        lambda nb: code_cell(nb).update(execution_count=None),
        lambda nb: nb["cells"].pop(),
    ],
)
def test_a_lecture_that_is_not_that_of_its_text_is_found(course, change):
    edit(course / BUILT_LESSON, change)
    only(check(course, ["06_mini"]), BUILT_LESSON, "is not the executed notebook of its text; run .* build$")


def test_a_changed_text_makes_its_notebook_stale(course):
    replace(course / LESSON, "A product.", "Two factors.")
    only(check(course, ["06_mini"]), BUILT_LESSON, "is not the executed notebook of its text")


def test_a_changed_solution_makes_notebook_and_release_stale(course):
    replace(course / EXERCISE, "Return `x` times `W`.", "Multiply.")
    notebook, released = check(course)
    only([notebook], BUILT_EXERCISE, "is not the notebook of its text; run .* build$")
    only([released], RELEASE, "is not the release of its text; run .* release$")


@pytest.mark.parametrize(
    ("path", "says"),
    [
        (BUILT_EXERCISE, "is not the notebook of its text; run .* build"),
        (RELEASE, "is not the release of its text; run .* release"),
    ],
)
def test_a_derived_file_changed_by_hand_is_found(course, path, says):
    edit(course / path, lambda nb: nb["cells"][0]["source"].append("!"))
    only(check(course), path, says)


def test_a_changed_helper_file_is_found(course):
    (course / "exercises/ps06_mini/table.csv").write_text("x,W\n", encoding="utf-8")
    only(check(course), "exercises/ps06_mini/table.csv", "is not the file of the solution's folder")


@pytest.mark.parametrize("content", ["", "{", "[]", '{"cells": 3}', "\x00"])
@pytest.mark.parametrize(("path", "mend"), [(BUILT_LESSON, "build"), (BUILT_EXERCISE, "build"), (RELEASE, "release")])
def test_a_file_that_is_no_notebook_is_found(course, path, mend, content):
    (course / path).write_text(content, encoding="utf-8")
    only(check(course), path, rf"is (no|not the) .*; run python -m bplib.authoring {mend}$")


@pytest.mark.parametrize(
    "path", ["lectures/07_gone.ipynb", "solutions/ps07_gone/ps07_gone.ipynb", "exercises/ps06_mini/other.ipynb"]
)
def test_a_notebook_without_a_text_is_found(course, path):
    (course / path).parent.mkdir(exist_ok=True)
    (course / path).write_bytes((course / RELEASE).read_bytes())
    only(check(course), path, "has no text that it is made from; write one or delete it")


@pytest.mark.parametrize("path", ["exercises/ps06_mini/answers.py", "solutions/ps06_mini/answers.py", "exercises/a.py"])
def test_a_program_that_learners_would_get_is_found(course, path):
    (course / path).write_text("z = 1\n", encoding="utf-8")
    only(check(course), path, "may hold the solution; delete it")


def test_a_file_in_the_release_that_comes_from_nowhere_is_found(course):
    (course / "exercises/ps06_mini/notes.txt").write_text("z", encoding="utf-8")
    only(check(course), "exercises/ps06_mini/notes.txt", "comes from nowhere")


def test_files_of_editors_and_jupyter_are_left_alone(course):
    (course / "exercises/ps06_mini/.ipynb_checkpoints").mkdir()
    (course / "exercises/ps06_mini/.ipynb_checkpoints/a.ipynb").write_text("", encoding="utf-8")
    (course / "lectures/.gitkeep").touch()
    assert check(course) == []


def rebuilt(course, old, new):
    """Return what `check` finds once the exercise has been changed, built and released."""
    replace(course / EXERCISE, old, new)
    build(course, ["ps06_mini"], say=quiet)
    release(course, say=quiet)
    return check(course)


@pytest.mark.parametrize(
    ("old", "leak", "says"),
    [
        ("# net(2, 3)\n", "# z = x * W + 0 * x\n", r"net_input: 'z = x \* W \+ 0 \* x'"),
        ("# net(2, 3)\n", "def solved(x, W):\n    z = x * W + 0 * x\n", r"net_input: 'z = x \* W \+ 0 \* x'"),
        (
            "# Return `x` times `W`.",
            "# The slope of a product\n# is the other factor.",
            "words: 'The slope of a product is",
        ),
    ],
)
def test_solution_text_anywhere_in_the_release_is_found(course, old, leak, says):
    only(rebuilt(course, old, leak), RELEASE, f"shows learners a line of the solution of {says}.*; mend {EXERCISE}")


def test_other_words_are_no_leak(course):
    assert rebuilt(course, "# Return `x` times `W`.", "# What is the slope of a product? Is it the other factor?") == []


def test_lines_that_give_nothing_away_are_no_leak():
    source = "for i in range(n):\n    pass\nx = 0\nreturn z1, a1\nz = W @ x  # why\n# short"
    role = {"solution": True}
    cell = NotebookNode(cell_type="code", source=source, metadata=NotebookNode(nbgrader=role))
    assert lint.answer(cell) == ["z = W @ x"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda nb: nb["metadata"].update(jupytext={}), "holds notes of jupytext"),
        (lambda nb: nb["cells"][0]["metadata"].update(lines_to_next_cell=2), "holds notes of jupytext"),
        (lambda nb: nb["cells"][0]["metadata"].update(execution={}), "holds dates of execution"),
        (lambda nb: code_cell(nb).update(execution_count=1), "holds outputs"),
        (
            lambda nb: code_cell(nb)["outputs"].append({"output_type": "stream", "name": "stdout", "text": "6"}),
            "holds outputs",
        ),
    ],
)
def test_what_a_release_never_holds_is_found(course, change, says):
    edit(course / RELEASE, change)
    only(check(course), RELEASE, f"{says}; run .* release$")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("Multiply (3 points)", "Multiply (2 points)", r"'1. Multiply \(2 points\)' should end in \(3 points\)"),
        ("words (2.5 points)", "words (2.50 points)", r"should end in \(2.5 points\)"),
        ("weight (5.5 points)", "weight (6 points)", r"'Problem set 06: one weight \(6 points\)' should end in \(5.5"),
        ("weight (5.5 points)", "weight", r"'Problem set 06: one weight' should end in \(5.5 points\)"),
        ("words (2.5 points)", "words", "graded cell words stands under no heading"),
        ("# # Problem set", "# Problem set", "has no title"),
    ],
)
def test_points_that_do_not_add_up_are_found(course, old, new, says):
    only(rebuilt(course, old, new), EXERCISE, says)


def test_a_heading_counts_what_stands_below_it_and_below_its_parts():
    def cell(source, points=None):
        role = {"nbgrader": {"grade": True, "grade_id": "g", "points": points}} if points else {}
        kind = "code" if points else "markdown"
        return NotebookNode(cell_type=kind, source=source, metadata=NotebookNode(role))

    good = ["# All (3 points)", "## A (2 points)", "### One (1 point)", 1, "### Two", 1, "## B (1 point)", 1]
    cells = [cell("", item) if isinstance(item, int) else cell(item) for item in good]
    assert list(lint.points(NotebookNode(cells=cells))) == []
    assert len(list(lint.points(NotebookNode(cells=cells[:-1])))) == 2, "B and the title"
    cells[2] = cell("### One (1 points)")
    assert len(list(lint.points(NotebookNode(cells=cells)))) == 1, "1 point, not 1 points"


@pytest.mark.parametrize(
    ("path", "old", "new", "says"),
    [
        (EXERCISE, '"check_zero"', '"check_net"', "2 cells have the grade_id 'check_net'"),
        (EXERCISE, "    ### END SOLUTION\n", "", "close each region"),
        (EXERCISE, '"points": 2, ', "", "nbgrader does not release it"),
        (LESSON, "x * W\n", "x *\n", "invalid syntax"),
    ],
)
def test_a_broken_text_is_one_finding(course, path, old, new, says):
    replace(course / path, old, new)
    only(check(course), path, says)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("**You will**", "You will", r"lacks \*\*You will\*\* before its first step"),
        ("**You need**", "You need", r"lacks \*\*You need\*\*"),
        ("**Time**", "Time", r"lacks \*\*Time\*\*"),
        ("**Decks**", "Decks", r"lacks \*\*Decks\*\*"),
        ("# {{notation 004 002: x W}}", "#", "lacks its rows of notation"),
        ("## 1. Multiply", "## Multiply", "lacks numbered steps"),
        ("## Summary", "### Summary", "lacks the section ## Summary"),
        ("## Next", "**Next**", "lacks the section ## Next"),
        ("![a line through the origin]", "![]", r"!\[\]\(line.png\) has no alt text"),
        ("![a line through the origin](line.png)", "<img src='line.png'>", "the Markdown holds an <img> without alt"),
    ],
)
def test_what_a_lesson_lacks_is_found(course, old, new, says):
    replace(course / LESSON, old, new)
    found = check(course, ["06_mini"])
    assert [finding for finding in found if finding.startswith(BUILT_LESSON)] == found[1:], "stale, since not built"
    only(found[:1], LESSON, says)


def test_an_image_without_alt_text_in_an_exercise_is_found(course):
    replace(course / EXERCISE, "Return `x` times `W`.", "![](a.png)")
    only([found for found in check(course) if found.startswith(EXERCISE)], EXERCISE, "has no alt text")


def show(data):
    return {"output_type": "display_data", "metadata": {}, "data": data}


@pytest.mark.parametrize(
    ("output", "says"),
    [
        (show({"image/png": "AAAA", "text/plain": "<Figure>"}), "cell 3 shows a bare image/png"),
        (show({"image/svg+xml": "<svg/>"}), "cell 3 shows a bare image/svg"),
        (show({"image/jpeg": "AAAA"}), "cell 3 shows a bare image/jpeg"),
        (show({"text/html": "<p><img src='a.png'></p>"}), "cell 3 holds an <img> without alt"),
        (show({"text/html": '<img alt=" " src="a.png">'}), "cell 3 holds an <img> without alt"),
        ({"output_type": "stream", "name": "stderr", "text": "Warning: x\n"}, "cell 3 writes to stderr: 'Warning: x'"),
        ({"output_type": "error", "ename": "E", "evalue": "", "traceback": []}, "cell 3 ends in an error, E"),
        (show({"text/plain": "<Line2D at 0x7fdcc8527550>"}), "cell 3 shows an object's address"),
        (show({"text/html": '<img alt="a > b" src="a.png">', "image/png": "AAAA"}), None),
        ({"output_type": "stream", "name": "stdout", "text": "fine"}, None),
    ],
)
def test_outputs_that_some_reader_could_not_read_are_found(course, output, says):
    edit(course / BUILT_LESSON, lambda nb: code_cell(nb)["outputs"].append(output))
    found = check(course, ["06_mini"])
    assert bool(found) == bool(says)
    if says:
        only(found, BUILT_LESSON, says)
