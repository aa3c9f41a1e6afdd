"""Honest notebooks get the marks that stock nbgrader gives; where it is wrong, each case stands here by name.

One class is graded twice: by `nbgrader autograde` in a course that knows nothing of ours, each notebook in a kernel of
its own, and by the judge on a copy of the same folder. The marks agree, cell by cell, but for what `stock_questions`
says.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook

from bplib.grading.course import Course
from bplib.grading.sample import filled

from .conftest import PYTHON, role
from .stock_questions import BONUS, BOUNDARY, NOTEBOOKS, ODD, SHARED

pytestmark = pytest.mark.slow
NAME, PS06 = "mixed", "ps06_two_two_two"
PROGRAMS = {  # of tests/answers/ps06, and what their checks come to, of 18
    **{"right_loops": 18, "right_matrices": 18, "other_talkative": 18},
    **{"wrong_exception": 12, "wrong_nan": 11, "wrong_no_sum": 15.5, "other_float32": 13, "other_empty": 0},
}


# ------------------------------------------------------------------------------- the class
def master(questions):
    """Return a source notebook: questions, and one to be answered in words."""
    setup = new_code_cell("import sys\n\nimport numpy as np", metadata=role("setup"))
    cells = [setup]
    for question in questions:
        cells.append(new_markdown_cell(f"## {question.name}"))
        if question.right:
            body = f"### BEGIN SOLUTION\n{question.right}\n### END SOLUTION"
            cells.append(new_code_cell(body, metadata=role(question.name, solution=True)))
        cells.append(new_code_cell(question.check, metadata=role(question.cell, question.points)))
    cells.append(new_markdown_cell("Because it is so.", metadata=role("why", 1, solution=True)))
    return new_notebook(cells=cells, metadata=PYTHON)


class School:
    """A folder for the stock course, and what learners hand in there."""

    def __init__(self, root, programs):
        self.root, self.programs = root, programs
        source = root / "source" / NAME
        source.mkdir(parents=True)
        (root / "nbgrader_config.py").write_text("c = get_config()\n")
        for name, questions in NOTEBOOKS.items():
            nbformat.write(master(questions), source / f"{name}.ipynb")

    def stock(self, *command):
        """Run nbgrader's own program."""
        programs = Path(sys.executable).parent
        environment = {**os.environ, "PATH": os.pathsep.join([str(programs), os.environ["PATH"]])}
        environment.pop("BPLIB_SEED", None)
        command = [programs / "nbgrader", *command]
        return subprocess.run(command, cwd=self.root, env=environment, capture_output=True, text=True, check=False)

    def released(self, name):
        """Return a notebook as learners get it."""
        return nbformat.read(self.root / "release" / NAME / f"{name}.ipynb", as_version=4)

    def hand_in(self, learner, name, notebook):
        """Put a notebook where nbgrader looks for it."""
        path = self.root / "submitted" / learner / NAME / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, path)

    def answered(self, name, answers):
        """Return a notebook with some of its cells filled."""
        notebook = self.released(name)
        for cell in notebook.cells:
            cell.source = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
        return notebook

    def everybody(self):
        """Hand in for the whole class."""
        for name, questions in NOTEBOOKS.items():
            right = {q.name: q.right for q in questions if q.right} | {"why": "So it is."}
            self.hand_in("right", name, self.answered(name, right))
            if name in ("boundary", "shared"):
                continue
            other = self.answered(name, right | {q.name: q.other for q in questions if q.other})
            self.hand_in("other", name, _with_own_cells(other) if name != "odd" else _damaged(other))
        self.hand_in("empty", "numbers", self.released("numbers"))
        self.hand_in("empty", "classes", self.released("classes"))
        too_many = {"bonus": "def primes(n):\n    return list(range(n))", "why": "So it is."}
        self.hand_in("bonus", "odd", self.answered("odd", {q.name: q.right for q in ODD} | too_many))
        for program in PROGRAMS:
            text = (self.programs / f"{program}.py").read_text(encoding="utf-8")
            self.hand_in(program, PS06, filled(self.released(PS06), text))

    def copy(self, folder):
        """Return a copy of the course before anybody is graded."""
        shutil.copytree(self.root, folder, ignore=shutil.ignore_patterns("gradebook.db"))
        return folder


def _with_own_cells(notebook):
    """What learners leave behind: trials, a magic, an error that nobody has cleared away."""
    own = ("%time sum(range(10))", "print('here')\nnp.linspace(0, 1, 3)", "1 / 0")
    notebook.cells[3:3] = [new_code_cell(source) for source in own]
    notebook.cells.append(new_markdown_cell("My notes."))
    return notebook


def _damaged(notebook):
    """One check has a tag that stops its execution, another one is gone."""
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in notebook.cells}
    cells["check_skipped"].metadata["tags"] = ["skip-execution"]
    notebook.cells.remove(cells["check_deleted"])
    return notebook


def marks(root):
    """Return what a grade book holds: (learner, notebook, cell) -> marks, None where a person is waited for."""
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as book:
        return {
            (submission.student.id, notebook.name, grade.name): None if grade.needs_manual_grade else grade.score
            for submission in book.assignment_submissions(NAME)
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


@pytest.fixture(scope="module")
def both(root, tmp_path_factory):
    """Grade the class twice; return for each cell stock nbgrader's marks and ours."""
    folder = tmp_path_factory.mktemp("both")
    school = School(folder / "stock", root / "tests" / "answers" / "ps06")
    shutil.copy(root / "solutions" / PS06 / f"{PS06}.ipynb", school.root / "source" / NAME)
    released = school.stock("generate_assignment", NAME)
    assert released.returncode == 0, released.stderr
    school.everybody()
    ours = school.copy(folder / "ours")

    graded = school.stock("autograde", NAME)
    assert "bplib.grading" not in graded.stderr
    assert set(re.findall(r"error processing assignment '\w+' for student '(\w+)'", graded.stderr)) == {"bonus"}
    Course(ours).autograde(NAME)
    first, second = marks(school.root), marks(ours)
    assert set(first) == set(second)
    return {cell: (first[cell], second[cell]) for cell in first}


# ------------------------------------------------------------------------------- cell by cell
def cases(*names):
    return [pytest.param(name, q, id=f"{name}-{q.name}") for name in names for q in NOTEBOOKS[name]]


@pytest.mark.parametrize(("name", "question"), cases("numbers", "classes"))
def test_they_agree_on_right_and_wrong_answers(both, name, question):
    assert both["right", name, question.cell] == (question.points, question.points)
    assert both["other", name, question.cell] == question.marks
    assert both["empty", name, question.cell] == (0, 0)


@pytest.mark.parametrize("question", ODD, ids=lambda q: q.name)
def test_stock_is_wrong_by_name(both, question):
    assert both["right", "odd", question.cell] == (question.points, question.points)
    assert both["other", "odd", question.cell] == question.marks, question.why


def test_a_number_above_the_points_ends_stocks_work_on_the_hand_in(both):
    assert both["right", "odd", BONUS.cell] == (2, 2)
    assert both["bonus", "odd", BONUS.cell] == (None, 0)


@pytest.mark.parametrize("question", BOUNDARY, ids=lambda q: q.name)
def test_what_cannot_cross_is_for_a_person(both, question):
    assert both["right", "boundary", question.cell] == (question.points, None)


@pytest.mark.parametrize("question", SHARED, ids=lambda q: q.name)
def test_what_a_process_has_only_one_of_is_for_a_person(both, question):
    assert both["right", "shared", question.cell] == (question.points, None)


def test_they_agree_on_everything_else(both):
    by_name = {("other", "odd", q.cell) for q in ODD} | {("bonus", "odd", BONUS.cell)}
    by_name |= {("right", name, q.cell) for name in ("boundary", "shared") for q in NOTEBOOKS[name]}
    assert {cell: pair for cell, pair in both.items() if pair[0] != pair[1] and cell not in by_name} == {}
    checks = [cell for cell in both if cell[1] == PS06 and cell[2].startswith("check_")]
    assert {learner: sum(both[cell][1] for cell in checks if cell[0] == learner) for learner in PROGRAMS} == PROGRAMS
