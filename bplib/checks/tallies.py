"""How many made which mistake, for certain or possibly? And which of their answers shows it best, without a name."""

from __future__ import annotations

import importlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from types import SimpleNamespace
from typing import Any

from bplib.checks.hand_ins import DESCRIBED, KNOWN, SEVERAL, HandIn, own_function, status


@dataclass(frozen=True)
class Answer:
    """One learner's answer to one question: `record` is None if the check left none."""

    hand_in: HandIn
    question: str
    record: dict[str, Any] | None

    @property
    def status(self) -> str:
        """One of the five kinds of answer."""
        return status(self.record)

    @property
    def marks(self) -> float:
        """Points; an answer without a record earns none."""
        return self.record["marks"] if self.record else 0.0


@dataclass(frozen=True)
class Tally:
    """All answers to one question."""

    question: str
    answers: list[Answer]

    @property
    def function(self) -> str:
        """Name of the function that the question asks for."""
        return self.question.split(".")[1]

    @property
    def anchor(self) -> str:
        """Where the question stands on the page."""
        return re.sub(r"\W+", "-", f"{self.answers[0].hand_in.assignment}-{self.question}")

    @property
    def out_of(self) -> float:
        """Points of the question."""
        return max(answer.record["out_of"] for answer in self.answers if answer.record)

    @property
    def share(self) -> float:
        """Mean share of the marks, 0..1."""
        return sum(answer.marks for answer in self.answers) / (len(self.answers) * self.out_of)

    @property
    def hints(self) -> int:
        """Hand-ins in which a hint was asked for."""
        return sum(bool(a.record) and max(a.record["hints_used"], a.record["hint"]) > 0 for a in self.answers)

    def count(self, *kinds: str) -> int:
        """Count the answers of these kinds."""
        return sum(answer.status in kinds for answer in self.answers)

    def mistakes(self) -> list[tuple[str, int, int]]:
        """Return (id, answers that have it, answers that may have it or another one), most common first."""
        certain, possible = Counter(), Counter()
        for answer in self.answers:
            if answer.status in (KNOWN, SEVERAL):
                (certain if answer.status == KNOWN else possible).update(answer.record["mistakes"])
        ids = sorted({*certain, *possible}, key=lambda id: (-certain[id] - possible[id], -certain[id], id))
        return [(id, certain[id], possible[id]) for id in ids]

    def with_mistake(self, id: str) -> list[Answer]:
        """Return the answers that a mistake explains."""
        return [a for a in self.answers if a.status in (KNOWN, SEVERAL) and id in a.record["mistakes"]]


def tallies(hand_ins: Sequence[HandIn]) -> dict[str, list[Tally]]:
    """Return, for each assignment, its questions in the order of the notebook, each with one answer per hand-in."""
    assignments: dict[str, list[HandIn]] = {}
    for hand_in in hand_ins:
        assignments.setdefault(hand_in.assignment, []).append(hand_in)
    result = {}
    for assignment, group in assignments.items():
        order = dict.fromkeys(q for hand_in in sorted(group, key=lambda h: -len(h.records)) for q in hand_in.records)
        result[assignment] = [Tally(q, [Answer(h, q, h.records.get(q)) for h in group]) for q in order]
    return {assignment: questions for assignment, questions in result.items() if questions}


def catalogue() -> Mapping[str, Any]:
    """Return the known mistakes by id; none, if the catalogue cannot be read: the report then shows the ids."""
    try:
        from bplib.checks.catalogue import CATALOGUE
    except (ImportError, OSError, ValueError, TypeError):
        return {}
    return CATALOGUE


def look_up(entry: Any, name: str) -> str:
    """Return a text of the catalogue's `entry`, '' if there is none."""
    text = getattr(entry, name, None)
    return text if isinstance(text, str) else ""


def where_in_slides(question: str) -> str:
    """Return where a question's answer is derived, as its check says; '' if there is no such check."""
    exercise, function = question.split(".")
    try:
        module = importlib.import_module(f"bplib.checks.{exercise}")
    except Exception:  # a report about older records must not depend on a check that can be loaded today
        return ""
    return look_up(getattr(module, function, SimpleNamespace()), "look")


class Names:
    """The learners' names, to keep them off the page: a name is met as a whole word, in any case of letters."""

    def __init__(self, hand_ins: Iterable[HandIn]) -> None:
        self.all = {hand_in.student.lower() for hand_in in hand_ins}

    def met(self, text: str, own: str) -> bool:
        """Say whether `text` holds a learner's name, or a part of its `own` learner's."""
        text = text.lower()
        parts = {part for part in re.split(r"[\W_]+", own.lower()) if len(part) > 2}
        return any(
            name in text and re.search(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", text) for name in self.all | parts
        )


@dataclass(frozen=True)
class Example:
    """One answer to show, of nobody's: the first wrong value, and the learner's function if there is one to show."""

    text: str
    code: str
    single: bool  # whether it has no other mistake


def example(tally: Tally, id: str, names: Names) -> Example | None:
    """Choose one answer to show for a mistake.

    The shortest function that has this mistake and no other is the easiest to talk about. What holds a learner's name
    is passed over.
    """
    choices = []
    for answer in tally.with_mistake(id):
        code = own_function(answer.hand_in.sources, tally.function) or ""
        text = answer.record["first_wrong"]["text"]
        choices.append((len(answer.record["mistakes"]), not code, len(code), code, text, answer.hand_in.student))
    without_code = None
    for mistakes, _, _, code, text, own in sorted(choices):
        if names.met(text, own):
            continue
        if not names.met(code, own):
            return Example(text, code, mistakes == 1)
        without_code = without_code or Example(text, "", mistakes == 1)
    return without_code


def described(tally: Tally, names: Names) -> list[tuple[str, int]]:
    """Return the three most common texts of answers that no known mistake explains, with their numbers.

    Of an error that the learner's function raised only the kind is told: its words may be the learner's own.
    """
    owners: dict[str, list[str]] = {}
    for answer in tally.answers:
        if answer.status == DESCRIBED:
            text = re.sub(r"(it raised \w+).*", r"\1", answer.record["first_wrong"]["text"])
            owners.setdefault(text, []).append(answer.hand_in.student)
    common = sorted(owners, key=lambda text: (-len(owners[text]), text))
    fit = (text for text in common if not any(names.met(text, own) for own in owners[text]))
    return [(text, len(owners[text])) for text in islice(fit, 3)]
