"""nbgrader's traps, one cell each, through the real release and the real autograde."""

import pytest
from nbformat.v4 import new_code_cell

from bplib.grading.course import Course

from .conftest import role, write_course

HEAD = "import sys, warnings, logging\nimport numpy as np"
TRAPS = {  # the cell, worth 4 points: what it must earn
    "1.5": 1.5,
    "4.0": 4,
    "0.0": 0,
    "3": 3,
    "1e-05": 1e-05,
    "np.float64(1.5)": 0,
    "float('nan')": 0,
    "float('inf')": 0,
    "-1.0": 0,
    "5.0": 0,
    "(4.0,)": 0,
    "[4.0]": 0,
    "'4.0'": 0,
    "True": 0,
    "None": 0,
    "print('4.0')": 0,
    "print('well done'); _ = 4.0": 0,
    "'full marks'": 0,
    "type('Full', (), {'__repr__': lambda self: 'full'})()": 0,
    "print('beside the number')\n2.5": 2.5,
    "print('on stderr', file=sys.stderr)\n4.0": 4,
    "np.log(np.array([-1.0]))\n4.0": 4,
    "warnings.warn('harmless')\nlogging.warning('harmless')\n4.0": 4,
    "from IPython.display import display\ndisplay(3.0)\n4.0": 4,
    "from IPython.display import display\ndisplay(4.0)": 0,
    "raise ValueError('no')": 0,
    "print('x')\nraise SystemExit": 0,
    "4.0 4.0": 0,
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    cells = [new_code_cell(HEAD, metadata=role("head"))]
    cells += [new_code_cell(source, metadata=role(f"t{i}", 4)) for i, source in enumerate(TRAPS)]
    course = Course(write_course(tmp_path_factory.mktemp("traps"), cells))
    released = course.release("small")
    folder = course.root / "in"
    folder.mkdir()
    (folder / "ada.ipynb").write_bytes(released.read_bytes())
    course.take_in("small", folder)
    (record,) = course.grade("small", say=lambda line: None)
    assert record.problem is None
    return record, course.feedback("small", "ada").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("i", "source", "marks"), [(i, *trap) for i, trap in enumerate(TRAPS.items())], ids=list(TRAPS)
)
def test_a_cell_earns_the_number_it_ends_in(graded, i, source, marks):
    assert graded[0].marks[f"t{i}"] == marks


def test_the_reason_for_no_marks_stands_on_the_page(graded):
    assert "No marks: the cell ended in" in graded[1]
    assert "beside the number" in graded[1]
