"""Every check can be asked for a judgement, can show it in a notebook, and gives a plain number back.

Calling a check, as a graded cell does, prints the record's message, draws where the first wrong value sits, and returns
the marks: one plain `float` between 0 and the maximum, the only last value of a cell that nbgrader does not take for
full marks.
"""

from __future__ import annotations

import hashlib
import os
import sys
from dataclasses import asdict, replace
from typing import Any

from bplib import svg
from bplib.checks.record import RECORD_TYPE, Record


class Check:
    """What every check can do: be asked for a judgement, show it in a notebook, and give a plain number back."""

    name: str
    takes: tuple[str, ...]
    points: float
    hints: bool = True

    def __init__(self) -> None:
        self.hints_used = 0

    @property
    def function(self) -> str:
        """Name of the function that the question asks for."""
        return self.name.split(".")[-1]

    def __repr__(self) -> str:
        """Tell what to do with it, in case a learner displays the question itself."""
        points = f"{self.points:g} point{'s' * (self.points != 1)}"
        return f"{self.name}({self.function}) checks your {self.function}({', '.join(self.takes)}): {points}"

    def judge(self, answer: Any, seed: int = 0, hint: int = 0) -> Record:
        """Judge an answer and show nothing."""
        raise NotImplementedError

    def drawing(self, record: Record, seed: int) -> svg.Drawing | None:
        """Return a drawing with the first wrong value marked, if there is one to draw."""
        return None

    def __call__(self, answer: Any, hint: int = 0) -> float:
        """Judge `answer`, show what was found, and return the marks as a plain float."""
        if hint not in (0, 1, 2):
            raise ValueError(f"hint is {hint!r}; it can be 0, 1 (name the mistake) or 2 (and say where to look)")
        seed = seed_of(self.name)
        self.hints_used += hint > 0
        record = replace(self.judge(answer, seed, hint), hints_used=self.hints_used)
        print(record.message)
        drawing = self.drawing(record, seed)
        if drawing is not None:
            units = ", ".join(record.first_wrong["units"])
            svg.show(drawing, alt=f"The network with {units} marked: {record.first_wrong['text']}")
        _display(record)
        return record.marks


def seed_of(question: str) -> int:
    """Return the seed of a question: public at home, the course's own while grading (`BPLIB_SEED`)."""
    words = f"{os.environ.get('BPLIB_SEED', 'at home')}/{question}"
    return int.from_bytes(hashlib.sha256(words.encode()).digest()[:8], "big")


def _display(record: Record) -> None:
    """Put the record, as data, into the notebook's output beside the text (nothing to see)."""
    ipython = sys.modules.get("IPython")
    if ipython is None or ipython.get_ipython() is None:
        return
    data = asdict(record)
    del data["message"]  # stands above already
    # Empty HTML beside the empty text: a feedback page would draw a box around the text.
    ipython.display.display({RECORD_TYPE: data, "text/html": "", "text/plain": ""}, raw=True)
