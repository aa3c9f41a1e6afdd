"""A small course to grade: one notebook, four questions, made and graded by the real nbgrader."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

PYTHON = {"kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}}


def role(grade_id, points=None, solution=False):
    """nbgrader's metadata for one cell."""
    data = dict(grade_id=grade_id, grade=points is not None, solution=solution, locked=not solution, schema_version=3)
    return {"nbgrader": {**data, "task": False, **({} if points is None else {"points": points})}}


def write_course(root, cells, name="small"):
    """Write a source notebook for an assignment of one notebook."""
    path = root / "solutions" / name / f"{name}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(new_notebook(cells=cells, metadata=PYTHON), path)
    return root


@pytest.fixture(scope="session")
def small_cells():
    """Two functions, each with a check, and one answer in words."""
    return [
        new_markdown_cell("# Small (5 points)"),
        new_code_cell(
            "def one():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION",
            metadata=role("one", solution=True),
        ),
        new_code_cell("2.0 if one() == 1 else 0.5", metadata=role("check_one", 2)),
        new_code_cell(
            "def two():\n    ### BEGIN SOLUTION\n    return 2\n    ### END SOLUTION",
            metadata=role("two", solution=True),
        ),
        new_code_cell("2.0 if two() == 2 else 0.0", metadata=role("check_two", 2)),
        new_markdown_cell("Because.", metadata=role("why", 1, solution=True)),
    ]


@pytest.fixture
def small(tmp_path, small_cells):
    """Return the folder of the small course."""
    return write_course(tmp_path / "a course é", [nbformat.from_dict(cell) for cell in small_cells])
