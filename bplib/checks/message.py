"""First what is right, then one wrong value, then one question: never a wall of numbers, never "incorrect"."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Callable

from bplib.checks import compare
from bplib.checks.record import Record

WIDTH = 100


def compose(
    record: Record,
    takes: tuple[str, ...],
    networks: int,
    look: str,
    think: str | None = None,
    changed: tuple[str, ...] = (),
    unwritten: bool = False,
) -> str:
    """Write what a check has to say to the learner.

    Parameters
    ----------
    record : Record
        What was found out.
    takes : tuple of str
        Names of the function's inputs.
    networks : int
        On how many networks it was tried.
    look : str
        Where in the slides the answer is derived.
    think : str, optional
        The question to lead on with, if a value is wrong.
    changed : tuple of str
        Inputs that the learner's function changed in place.
    unwritten : bool
        Whether the released stub is still there.

    Returns
    -------
    message : str
        Plain text; reads well in a terminal, in JupyterLab and on a feedback page.
    """
    function = record.question.split(".")[-1]
    lines = [f"{function}: {record.marks:g} of {record.out_of:g} point{'s' * (record.out_of != 1)}"]

    def say(what: str, text: str) -> None:
        lines.extend(
            textwrap.wrap(
                text,
                WIDTH,
                initial_indent=f"  {what:<9} ",
                subsequent_indent=" " * 12,
                break_long_words=False,
                break_on_hyphens=False,
            )
        )

    wrong = record.first_wrong
    if unwritten:
        say("to do", f"write {function}({', '.join(takes)}), then run this cell again")
        return "\n".join(lines)
    if wrong is None:
        say("right", f"{', '.join(record.right)}: on the deck's network and on {networks - 1} random ones")
    else:
        if record.right:
            say("right", "; ".join(record.right))
        say("wrong", wrong["text"])
        a_value = wrong["want"] is not None
        if a_value:
            place = f"first wrong value: {wrong['place']}" if wrong["place"] else "first wrong value"
            say("", f"{place}; {compare.size(wrong['got'], wrong['want'])}")
        if wrong["network"] > 1 and os.environ.get("BPLIB_SEED"):
            say("seen on", "a random network that was drawn for the grading")
        elif wrong["network"] > 1:
            say("seen on", f"a random network: {function}(*{record.question}.example({wrong['network']}))")
        elif a_value:
            say("seen on", "the deck's network")
        if a_value and think:
            say("think", think)
        if a_value and record.hint >= 1:
            _explain(record, say)
        if record.hint >= 2:
            say("look", look)
        elif a_value and record.hint < 1:
            say("more", "hint=1 names the mistake if it is a known one, hint=2 says where to look in the slides")
        else:
            say("more", "hint=2 says where to look in the slides")
    if changed:
        say("note", f"your function changes its input {', '.join(changed)}: return new arrays instead (no marks lost)")
    return "\n".join(lines)


def _explain(record: Record, say: Callable[[str, str], None]) -> None:
    """Name the mistake if there is just one that explains every value; else say what is known, and guess nothing."""
    if record.named:
        say("mistake", record.explanations[0])
    elif record.mistakes:
        say("either", "; or: ".join(record.explanations))
    elif record.explanations:
        say("pattern", record.explanations[0])
    else:
        say("mistake", "none that this check knows: start from the value above")
