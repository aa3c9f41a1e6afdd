"""What a check found out, as plain data: the message, the grade and the lecturer's report all read the same record."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

RECORD_TYPE = "application/vnd.bplib.record+json"


@dataclass(frozen=True)
class Record:
    """What a check found out.

    Attributes
    ----------
    question : str
        Exercise and function, 'ps06.hidden_delta'.
    marks, out_of : float
        Points.
    right : tuple of str
        What is right: returned values, or properties of them.
    first_wrong : dict or None
        The first wrong value in the order of computation: part, index, got, want, network (counted from 1), place,
        units, text.
    explanations : tuple of str
        One sentence for each explanation of the wrong value; or for a pattern in it, if no mistake explains it.
    mistakes : tuple of str
        Ids of those mistakes, as in the catalogue.
    named : bool
        Whether there is just one explanation: one mistake, or two at once.
    convention : bool
        Whether it is no slip, but another convention than this course's.
    cancels : tuple of str
        What is right only because a second slip cancels the first: a sentence for each such value.
    hint : int
        How much help was asked for.
    hints_used : int
        How often help was asked for since the notebook's start.
    drawn_for : str
        Whom the numbers were drawn for, where they are drawn from a learner's id: two hand-ins with the same numbers
        can be seen.
    message : str
        What the learner reads.
    """

    question: str
    marks: float
    out_of: float
    right: tuple[str, ...]
    first_wrong: dict[str, Any] | None
    explanations: tuple[str, ...] = ()
    mistakes: tuple[str, ...] = ()
    named: bool = False
    convention: bool = False
    cancels: tuple[str, ...] = ()
    hint: int = 0
    hints_used: int = 0
    drawn_for: str = ""
    message: str = field(default="", repr=False)
