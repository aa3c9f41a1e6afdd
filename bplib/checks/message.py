"""First what is right, then one wrong value, then one question: never a wall of numbers, never "incorrect"."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Callable
from dataclasses import dataclass

from bplib.checks import compare
from bplib.checks.record import Record

WIDTH = 80  # a terminal, and JupyterLab beside its file list


@dataclass(frozen=True)
class Help:
    """What a message can say beyond the record.

    Attributes
    ----------
    takes : tuple of str
        Names of the function's inputs.
    tried : tuple of str
        What it was tried on: the first instance, and what the others are.
    count : int
        How many instances there were.
    also : tuple of str
        What else is wrong, besides the first wrong value.
    think : str
        The question to lead on with.
    look : str
        Where in the slides the answer is derived.
    changed : tuple of str
        Inputs that the learner's function changed in place.
    unwritten : bool
        Whether the released stub is still there.
    hints : bool
        Whether the question gives hints.
    follow : bool
        Whether later values were judged on the learner's own earlier ones.
    """

    takes: tuple[str, ...] = ()
    tried: tuple[str, str] = ("", "")
    count: int = 1
    also: tuple[str, ...] = ()
    think: str = ""
    look: str = ""
    changed: tuple[str, ...] = ()
    unwritten: bool = False
    hints: bool = True
    follow: bool = True


def said(what: str, text: str) -> list[str]:
    """Return one thing that is to be said, in as many lines as it needs."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=f"  {what:<10} ",
        subsequent_indent=" " * 13,
        break_long_words=False,
        break_on_hyphens=False,
    )


def compose(record: Record, help_: Help) -> str:
    """Write what a check has to say to the learner.

    Parameters
    ----------
    record : Record
        What was found out.
    help_ : Help
        What else may be said.

    Returns
    -------
    message : str
        Plain text; reads well in a terminal, in JupyterLab and on a feedback page.
    """
    function = record.question.split(".")[-1]
    lines = [f"{function}: {record.marks:g} of {record.out_of:g} point{'s' * (record.out_of != 1)}"]

    def say(what: str, text: str) -> None:
        lines.extend(said(what, text))

    wrong = record.first_wrong
    if help_.unwritten:
        say("to do", f"write {function}({', '.join(help_.takes)}), then run this cell again")
        return "\n".join(lines)
    if wrong is None:
        say("right", f"{', '.join(record.right)}{_on(help_)}")
    else:
        if record.right:
            say("right", "; ".join(record.right))
        say("wrong", wrong["text"])
        a_value = wrong["want"] is not None
        if a_value:
            place = f"first wrong value: {wrong['place']}" if wrong["place"] else "first wrong value"
            say("", f"{place}; {compare.size(wrong['got'], wrong['want'])}")
        seen = _seen_on(record, help_, a_value)
        if seen:
            say("seen on", seen)
        if a_value and help_.think:
            say("think", help_.think)
        if not help_.hints:
            pass
        elif record.hint >= 1 and (a_value or record.mistakes):
            say_why(record, say)
        if help_.also:
            say("then", f"{', '.join(help_.also)}: not right either{', and not only because of that' * help_.follow}")
        if help_.hints and record.hint >= 2:
            say("look", help_.look)
        elif help_.hints and a_value and record.hint < 1:
            say("more", "hint=1 names the mistake if it is a known one, hint=2 says where to look in the slides")
        elif help_.hints:
            say("more", "hint=2 says where to look in the slides")
    if help_.changed:
        names = ", ".join(help_.changed)
        say("note", f"your function changes its input {names}: return new arrays instead (no marks lost)")
    return "\n".join(lines)


def _on(help_: Help) -> str:
    """Say what an answer was tried on: ': on the deck's network and on 4 random networks'."""
    first, other = help_.tried
    if not other:
        return ""
    others = f"{help_.count - bool(first)} {other}{'es' if other.endswith(('ch', 's', 'x')) else 's'}"
    return f": on {first} and on {others}" if first else f": on {others}"


def _seen_on(record: Record, help_: Help, a_value: bool) -> str:
    """Say on which instance the first wrong value was seen, and how to get hold of it."""
    k = record.first_wrong["network"]
    first, other = help_.tried
    if k == 1 and first:
        return first if a_value else ""
    if not other:
        return ""
    if os.environ.get("BPLIB_SEED"):
        return f"a {other} that was drawn for the grading"
    function = record.question.split(".")[-1]
    return f"a {other}: {function}(*{record.question}.example({k}))"


def say_why(record: Record, say: Callable[[str, str], None]) -> None:
    """Name the mistake if there is just one that explains every value; else say what is known, and guess nothing."""
    if record.named:
        say("convention" if record.convention else "mistake", record.explanations[0])
    elif record.mistakes:
        say("either", "; or: ".join(record.explanations))
    elif record.explanations:
        say("pattern", record.explanations[0])
    else:
        say("mistake", "none that this check knows: start from the value above")
    for words in record.cancels:
        say("note", f"{words}: two slips that cancel" if record.mistakes != ("n_in_dw",) else words)
