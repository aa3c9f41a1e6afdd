"""A graded cell earns the number it ends in, and nothing else.

nbgrader gives full marks for whatever it cannot read as a number (a NumPy scalar, a tuple, a mere print), and none to
a right answer whose cell warned. Here the marks are read from the last value of the cell, strictly.
"""

from __future__ import annotations

import re
from typing import Any

from nbformat.v4 import new_output
from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor

PLAIN = re.compile(r"\d+(\.\d+)?(e[+-]?\d+)?")


class StrictMarks(NbGraderPreprocessor):
    """Leave each graded code cell with one plain number in [0, points], before `SaveAutoGrades` reads it."""

    def preprocess_cell(self, cell: Any, resources: Any, index: int) -> Any:
        """Replace the results of a graded code cell by the marks that they are worth."""
        if cell.cell_type == "code" and utils.is_grade(cell) and not utils.is_solution(cell):
            settle(cell)
        return cell, resources


def settle(cell: Any) -> None:
    """Rewrite the outputs of a graded `cell` so that nbgrader cannot misread them."""
    points = float(cell.metadata.nbgrader["points"])
    for output in cell.outputs:
        if output.output_type == "stream":
            output.name = "stdout"  # stderr would cost all the marks; a warning is no mistake
    if any(output.output_type == "error" for output in cell.outputs):
        return  # no marks, and the error stays to be read
    results = [output for output in cell.outputs if output.output_type == "execute_result"]
    text = results[-1].data.get("text/plain", "") if results else ""
    text = "".join(text).strip()  # nbformat allows a list of lines
    if PLAIN.fullmatch(text) and float(text) <= points:
        marks = float(text)
    else:
        marks = 0.0
        ended = f"ended in {text[:60]!r}" if text else "ended in no value"
        cell.outputs.append(
            new_output("stream", text=f"\nNo marks: the cell {ended}, not in a number from 0 to {points:g}.\n")
        )
    cell.outputs = [output for output in cell.outputs if output.output_type != "execute_result"]
    cell.outputs.append(new_output("execute_result", {"text/plain": repr(marks)}, execution_count=cell.execution_count))
