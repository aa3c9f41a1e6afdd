"""Who computes by hand types three digits and rounds on the way: a number is right if it can be what was meant by it.

`numbers("k1234567")` shows a learner's own numbers, drawn from the id alone, and the check takes what was found:

    answers = {
        "id": "k1234567",
        "forward": {"q": 0.35, "p": "1,27"},
        "grads": {"p": -0.418},
    }

A number may be typed as a number or as text, with a decimal point or a comma. It is right within half a unit of its
last digit, or if it follows, as far as their digits go, from the learner's own earlier numbers: one slip costs once.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bplib import svg
from bplib.checks.calling import kind
from bplib.checks.catalogue import CATALOGUE
from bplib.checks.check import Check
from bplib.checks.message import said, say_why
from bplib.checks.mistakes import CANNOT, Formula, Slip
from bplib.checks.record import Record

DIGITS = 3  # at least; a float has lost the zeros at its end, so 0.2 may have been typed as 0.200
LONGEST = 60  # characters of an id
WRITTEN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII)
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
FEW = ": type at least"
SMALLEST, LARGEST = 1e-9, 1e9  # beyond, nothing follows from a number: it was not meant
SLACK = 1e-9  # of a number: what a computer's rounding may add to a person's


@dataclass(frozen=True)
class Typed:
    """A number as it was typed: its value, half a unit of its last digit, and how many digits it has."""

    value: float
    half: float
    digits: int

    def near(self, want: float, width: float = 0.0) -> bool:
        """Say whether this can be what was meant by `want`, which itself is known to `width`."""
        return abs(self.value - want) <= self.half * (1 + 1e-6) + width + SLACK * abs(want)


def number(value: Any) -> Typed | str:
    """Return a number that was typed, or what is wrong with it, to be said after "forward['q'] "; '' if it is missing.

    Examples
    --------
    >>> number("0,350")
    Typed(value=0.35, half=0.0005, digits=3)
    >>> number(0.35).half, number("0.35").half
    (0.0005, 0.005)
    >>> number("1/3")
    "is '1/3': type it as a decimal number"
    """
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if value is None or value is ... or (isinstance(value, str) and not value.strip()):
        return ""
    if isinstance(value, bool | np.bool_):
        return f"is {value}: type a number"
    text = isinstance(value, str)
    if text:
        written = value.strip().replace("\N{MINUS SIGN}", "-").replace("\N{EN DASH}", "-").lower()
        written = re.sub(r"(?<=[+-])\s+", "", written).replace(",", ".")
        if not WRITTEN.fullmatch(written):
            shown = repr(value if len(value) <= 30 else value[:29] + "…")
            hint = "type it as a decimal number" if re.search(r"\d", written) else "that is no number"
            return f"is {shown}: {hint}"
    elif isinstance(value, int) and abs(value) > 1e300:
        return "is far too large"
    elif isinstance(value, int | float | np.integer | np.floating):
        written = repr(float(value))
    else:
        return f"is {kind(value)}: type one number"
    found = float(written)
    if not np.isfinite(found):
        return f"is {found}: type a finite number"
    mantissa, _, power = written.partition("e")
    mantissa = mantissa.lstrip("+-")
    decimals = len(mantissa.partition(".")[2]) - int(power or 0)
    digits = mantissa.replace(".", "").lstrip("0")
    if not text:
        decimals -= len(digits) - len(digits.rstrip("0"))
        digits = digits.rstrip("0")
        if len(digits) < DIGITS and digits:
            decimals += DIGITS - len(digits)
    return Typed(found, 0.5 * 10.0**-decimals if digits else 0.0, len(digits))


def plain_id(id: Any) -> str:
    """Return an id without what people type differently: case, spaces, umlauts, punctuation.

    Examples
    --------
    >>> plain_id(" K-1234567 "), plain_id("Müller, Jörg") == plain_id("mueller joerg")
    ('k1234567', True)
    """
    text = unicodedata.normalize("NFC", str(id)).casefold().translate(UMLAUTS)
    text = unicodedata.normalize("NFKD", text)
    return "".join(c for c in text if c.isalnum())[:LONGEST]


def draws(question: str, id: str, attempt: int, count: int) -> list[int]:
    """Return whole numbers from 0 to 65535 that depend on the id alone, on every machine and for ever."""
    text = f"{question}/{id}/{attempt}".encode()
    found = b"".join(hashlib.sha256(text + bytes([k])).digest() for k in range(count // 16 + 1))
    return [int.from_bytes(found[2 * k : 2 * k + 2], "big") for k in range(count)]


@dataclass(frozen=True, eq=False)
class Group:
    """Numbers that are typed together.

    Attributes
    ----------
    name : str
        Key in the answers: 'forward'.
    points : float
        Marks for each number.
    names : tuple of str
        What is asked for, in the order of computation.
    want : callable
        n -> the right values, in that order, from moving numbers of the trusted forward pass.
    formula : Formula
        What the values are made by, each from the learner's own numbers where there are some, with the known slips.
    think : callable
        (n, name) -> the question that leads on.
    place : callable
        (n, name) -> how it is computed, in words.
    given : tuple of str
        What may stand there, too, and does not count.
    """

    name: str
    points: float
    names: tuple[str, ...]
    want: Callable[[Any], np.ndarray]
    formula: Formula
    think: Callable[[Any, str], str]
    place: Callable[[Any, str], str]
    given: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Item:
    """One number that is asked for: what came, and whether it is right by itself or follows from earlier ones."""

    group: Group
    name: str
    typed: Typed | None
    want: float
    enough: bool = False  # digits, or it is exact
    right: bool = False
    follows: bool = False
    short: bool = False  # it would be right, had it more digits

    @property
    def wrong(self) -> bool:
        return self.typed is not None and not (self.right or self.follows)

    @property
    def label(self) -> str:
        return f"{self.group.name}[{self.name!r}]"


class Numbers(Check):
    """A question that is answered by hand, with numbers drawn from the learner's id.

    Parameters
    ----------
    name : str
        Exercise and question, 'ps04.typed'.
    groups : sequence of Group
        What is asked for, in the order of computation.
    draw : callable
        Plain id -> instance `n`; `n.using(own)` has a learner's own numbers in it, by group and name.
    tell : callable
        n -> what to compute from which numbers, in lines.
    picture : callable
        (n, names to mark) -> drawing, without any value that is asked for.
    look : str
        Where in the slides the answer is derived.
    """

    takes = ("answers",)

    def __init__(
        self,
        name: str,
        groups: Sequence[Group],
        draw: Callable[[str], Any],
        tell: Callable[[Any], list[str]],
        picture: Callable[[Any, tuple[str, ...]], svg.Drawing],
        look: str,
    ) -> None:
        super().__init__()
        self.name, self.groups, self.draw, self.tell = name, tuple(groups), draw, tell
        self.picture, self.look = picture, look
        self.points = sum(group.points * len(group.names) for group in groups)

    def __repr__(self) -> str:
        """Tell what to do with it, in case a learner displays the question itself."""
        checks = f"{self.name}(answers) checks what you found: {self.points:g} points"
        return f'{self.name}.numbers("your id") shows your numbers, {checks}'

    def numbers(self, id: str) -> None:
        """Show the numbers that are drawn from an id, and what to compute from them.

        Parameters
        ----------
        id : str
            Your id; case, spaces and punctuation do not matter.
        """
        plain = plain_id(id)
        if not plain:
            raise ValueError("type your id between the quotes")
        n = self.draw(plain)
        print("\n".join([f'numbers for id "{plain}"', *(f"  {line}" for line in self.tell(n))]))
        svg.show(self.picture(n, ()), alt="; ".join(" ".join(line.split()) for line in self.tell(n)))

    def judge(self, answer: Any, seed: int = 0, hint: int = 0) -> Record:
        """Judge typed numbers; print nothing.

        Parameters
        ----------
        answer : dict
            'id', and for each group a dict: name to number.
        seed : int
            Not used: the numbers are drawn from the id alone.
        hint : int
            0, 1 or 2: how much help the message gives.

        Returns
        -------
        record : Record
            Marks (points), the first wrong number, the plain id, and the message.
        """
        with np.errstate(all="ignore"):
            return self._judge(answer, hint)

    def drawing(self, record: Record, seed: int) -> svg.Drawing | None:
        """Return the drawing with the first wrong number's place marked."""
        wrong = record.first_wrong
        if not (wrong and wrong["units"] and record.drawn_for):
            return None
        return self.picture(self.draw(record.drawn_for), wrong["units"])

    def _judge(self, answer: Any, hint: int) -> Record:
        keys = ["id", *(group.name for group in self.groups)]
        if type(answer) is not dict:
            return self._nothing(f"answers is {kind(answer)}; a dict is needed with {', '.join(map(repr, keys))}", hint)
        id = answer.get("id", "")
        plain = plain_id(id) if type(id) in (str, int) else ""
        if not plain:
            empty = type(id) is str or id is None or id is ...
            what = "answers['id'] is empty" if empty else f"answers['id'] is {kind(id)}"
            return self._nothing(f"{what}: type your id, as text; your numbers are drawn from it", hint)
        n = self.draw(plain)
        faults, missing, items = self._read(answer, n)
        unknown = [repr(key) for key in answer if key not in keys]
        if unknown:
            faults.append(f"answers has {', '.join(unknown[:3])}; it needs {', '.join(map(repr, keys))} and no more")
        items = self._followed(n, items)
        wrong = [item for item in items if item.wrong]
        marks = float(sum(item.group.points for item in items if item.right or item.follows))
        record = Record(self.name, marks, float(self.points), self._right(items), None, hint=hint, drawn_for=plain)
        if not any(item.typed for item in items) and not faults:
            record = replace(record, first_wrong=_place(None, f"{self.function}: it is not written yet"))
        elif wrong:
            record = self._first(record, n, items, wrong)
        elif faults or missing:
            record = replace(
                record, first_wrong=_place(None, faults[0] if faults else f"missing: {'; '.join(missing)}")
            )
        return replace(record, message=self._message(record, n, wrong, faults, missing))

    def _first(self, record: Record, n: Any, items: list[_Item], wrong: list[_Item]) -> Record:
        """Return the record with the first wrong number, and what explains it."""
        first = wrong[0]
        record = self._explained(record, n, items, first) if first.enough else record
        text = f"{first.label} is {first.typed.value:.6g}"
        if first.short and not record.mistakes:
            record = replace(record, explanations=())
            text += f"{FEW} {DIGITS} significant digits"
        place = first.group.place(n, first.name)
        return replace(record, first_wrong=_place(first.group.name, text, first.typed.value, place, (first.name,)))

    def _nothing(self, text: str, hint: int) -> Record:
        record = Record(self.name, 0.0, float(self.points), (), _place(None, text), hint=hint)
        head = f"{self.function}: 0 of {self.points:g} points"
        more = f'{self.name}.numbers("your id") shows your numbers'
        return replace(record, message="\n".join([head, *said("wrong", text), *said("more", more)]))

    def _read(self, answer: dict, n: Any) -> tuple[list[str], list[str], list[_Item]]:
        """Return what cannot be read, which numbers are missing, and an item for each number that is asked for."""
        faults, missing, items = [], [], []
        for group in self.groups:
            values = answer.get(group.name, {})
            if values is None or values is ...:
                values = {}
            if type(values) is not dict:
                faults.append(f"answers[{group.name!r}] is {kind(values)}; a dict is needed: name to number")
                values = {}
            unknown = [repr(name) for name in values if name not in group.names and name not in group.given]
            if unknown:
                faults.append(f"{group.name} has {', '.join(unknown[:3])}; asked for are {', '.join(group.names)}")
            absent = []
            for name, want in zip(group.names, group.want(n), strict=True):
                typed = number(values.get(name))
                if typed == "":
                    absent.append(name)
                elif isinstance(typed, str):
                    faults.append(f"{group.name}[{name!r}] {typed}")
                items.append(_item(group, name, values.get(name), typed, float(want)))
            if absent:
                missing.append(f"{group.name} of {', '.join(absent)}")
        return faults, missing, items

    def _followed(self, n: Any, items: list[_Item]) -> list[_Item]:
        """Mark the items that follow from the learner's own earlier numbers."""
        found = []
        for item, (made, width) in zip(items, self._made(n, items), strict=True):
            if item.typed and not item.right:
                follows = item.enough and item.typed.near(made, width)
                off = min(abs(item.typed.value - item.want), abs(item.typed.value - made))
                item = replace(item, follows=follows, short=not follows and off <= _coarse(item.typed))
            found.append(item)
        return found

    def _made(
        self, n: Any, items: list[_Item], slip: Slip | None = None, group: Group | None = None, quick: bool = False
    ) -> list[tuple[float, float]]:
        """Return for each item what comes of the learner's own earlier numbers, with a slip, and how far that is known.

        From zero everything would follow, and from a number of one digit nearly everything: the right value stands
        there instead. How far the result is known is not asked if a `quick` answer is enough.
        """
        own: dict[str, dict[str, float]] = {group.name: {} for group in self.groups}
        used = [item for item in items if item.enough and SMALLEST < abs(item.typed.value) < LARGEST]
        for item in used:
            own[item.group.name][item.name] = item.typed.value

        def values(own: Mapping[str, Mapping[str, float]]) -> np.ndarray:
            local = n.using(own)
            made = [g.formula.value(local, *((slip,) if g is group else ())) for g in self.groups]
            return np.concatenate(made)

        base = values(own)
        width = np.zeros_like(base)
        for item in () if quick else used:
            moved = {**own[item.group.name], item.name: item.typed.value + item.typed.half}
            width += np.abs(values({**own, item.group.name: moved}) - base)
        return list(zip(base.tolist(), width.tolist(), strict=True))

    def _right(self, items: list[_Item]) -> tuple[str, ...]:
        """Say in words which numbers are right."""
        if all(item.right for item in items):
            return (f"all {len(items)} numbers",)
        said = []
        for group in self.groups:
            right = [item.name for item in items if item.group is group and item.right]
            follow = [item.name for item in items if item.group is group and item.follows]
            words = [", ".join(right)] if right else []
            words += [f"{', '.join(follow)} (from your own earlier numbers)"] if follow else []
            said += [f"{group.name} of {', '.join(words)}"] if words else []
        return tuple(said)

    def _explained(self, record: Record, n: Any, items: list[_Item], first: _Item) -> Record:
        """Return the record with what explains the first wrong number, and with it as many others as possible.

        A person may slip in one place and be right in another like it. So a slip that explains all numbers of a group
        comes first, then one that explains all the wrong ones, then one that explains the first. Of a single wrong
        number nobody can tell, so all that explain it are alternatives.
        """
        group, here = first.group, items.index(first)
        there = [k for k, item in enumerate(items) if item.group is group and item.enough]
        wrong = [k for k in there if items[k].wrong]
        largest = max(abs(items[k].typed.value) for k in there)
        fitting: list[tuple[int, Slip]] = []
        for slip in group.formula.known:
            try:
                rough, _ = self._made(n, items, slip, group, quick=True)[here]
                if not abs(rough - first.typed.value) <= 0.2 * abs(first.typed.value) + 0.02 * largest:
                    continue  # no rounding goes that far
                made = self._made(n, items, slip, group)
            except CANNOT:
                continue
            fits = {k: items[k].typed.near(*made[k]) for k in there}
            if fits[here]:
                level = 0 if all(fits.values()) else 1 if all(fits[k] for k in wrong) else 2
                fitting.append((level, slip))
        best = 2 if len(wrong) == 1 else min((level for level, _ in fitting), default=0)
        found = [slip for level, slip in fitting if level <= (max(best, 1) if slip in group.formula.anywhere else best)]
        if any(slip.id.endswith("_sign") for slip in found):  # that says more
            found = [slip for slip in found if slip.id != "sign"]
        if not found:
            says = _pattern(first, self._made(n, items)[here], items)
            return replace(record, explanations=(says,) if says else ())
        by_id: dict[str, Slip] = {}
        for slip in found:
            by_id.setdefault(slip.id, slip)
        return replace(
            record,
            mistakes=tuple(by_id),
            named=len(by_id) == 1,
            explanations=tuple(slip.says or CATALOGUE[slip.id].says for slip in by_id.values()),
        )

    def _message(self, record: Record, n: Any, wrong: list[_Item], faults: list[str], missing: list[str]) -> str:
        lines = [f"{self.function}: {record.marks:g} of {record.out_of:g} points"]

        def say(what: str, text: str) -> None:
            lines.extend(said(what, text))

        first = record.first_wrong
        if first and first["text"].endswith("it is not written yet"):
            say("to do", f'compute your numbers, {self.name}.numbers("{record.drawn_for}"), and type what you find')
            return "\n".join(lines)
        say("numbers", f'for id "{record.drawn_for}"')
        if record.right:
            say("right", "; ".join(record.right))
        short = [item for item in wrong if item.short and item is not wrong[0]]
        if wrong:
            say("wrong", f"{first['text']}   ({first['place']})")
            more = len(wrong) - 1 - len(short)
            if short:
                say("", f"too few digits: {', '.join(item.label for item in short)}")
            if more:
                say("", f"{more} more, after this one, {'is' if more == 1 else 'are'} not right, either")
        for text in faults:
            say("unreadable", text)
        if missing:
            say("missing", "; ".join(missing))
        if wrong and FEW not in first["text"]:
            say("think", wrong[0].group.think(n, wrong[0].name))
            if record.hint >= 1:
                say_why(record, say)
            else:
                say("more", "hint=1 names the mistake if it is a known one, hint=2 says where to look in the slides")
        if first and record.hint >= 2:
            say("look", self.look)
        return "\n".join(lines)


def _place(
    part: str | None, text: str, got: float | None = None, place: str = "", units: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return a record's first wrong value; what it should be is not told, or it could be typed."""
    return dict(part=part, index=None, got=got, want=None, network=1, place=place, units=units, text=text)


def _item(group: Group, name: str, came: Any, typed: Typed | str, want: float) -> _Item:
    """Compare one number with the right value."""
    if isinstance(typed, str):
        return _Item(group, name, None, want)
    exact = abs(typed.value - want) <= SLACK * abs(want)
    enough = exact or typed.digits >= DIGITS or not isinstance(came, str)
    right = exact or (enough and typed.near(want))
    return _Item(group, name, typed, want, enough, right)


def _coarse(typed: Typed) -> float:
    """Return half a unit of the last digit that was typed, however few there are."""
    if typed.digits >= DIGITS or not typed.value:
        return typed.half
    return 0.5 * 10.0 ** (np.floor(np.log10(abs(typed.value))) - typed.digits + 1)


def _pattern(first: _Item, made: tuple[float, float], items: list[_Item]) -> str:
    """Say how a wrong number looks beside the right one, if that says something."""
    typed, (want, width) = first.typed, made
    unit = 2 * typed.half
    if unit and typed.near(np.sign(want) * np.floor(abs(want) / unit) * unit, 0.0):
        return "the digits are cut off where they should be rounded: the first digit left out is 5 or more"
    for k in (1, 2, 3, -1, -2, -3):
        if typed.near(want * 10.0**k, width * 10.0**k):
            return (
                f"the digits are right, but the decimal point is {abs(k)} place{'s' * (abs(k) > 1)} too far to the "
                + ("right" if k > 0 else "left")
            )
    same = [item for item in items if item is not first and typed.near(item.want)]
    if same:
        return f"this is the right number for {same[0].label}"
    return ""
