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
        The first wrong value in the order of computation: part, index, got, want, network (1 is the deck's), place,
        units, text.
    explanations : tuple of str
        A sentence for each mistake that explains the wrong value; or for a pattern in it, if no mistake does.
    mistakes : tuple of str
        Ids of those mistakes.
    named : bool
        Whether it is one mistake, and no other.
    hint : int
        How much help was asked for.
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
    hint: int = 0
    message: str = field(default="", repr=False)
