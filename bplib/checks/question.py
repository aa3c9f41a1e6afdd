"""A question says what to return, knows the right value without asking the reference, and tells what it found.

`Question.judge(f)` returns a `Record` and shows nothing. Calling the question itself, as a graded cell does, prints
the record's message, draws where the first wrong value sits, and returns the marks: one plain `float` between 0 and
the maximum, the only last value of a cell that nbgrader does not take for full marks.
"""

from __future__ import annotations

import hashlib
import math
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import numpy as np

from bplib import svg
from bplib.checks import compare
from bplib.checks.calling import Outcome, call, copied, same
from bplib.checks.catalogue import CATALOGUE
from bplib.checks.message import Help, compose
from bplib.checks.mistakes import CANNOT, Case, Formula, Slip, alike, recognised, slip, thin
from bplib.checks.record import RECORD_TYPE, Record
from bplib.checks.relations import Relation, described

# Half the marks: the work is there, and one thing that is the same in every entry is wrong.
NEAR = ("sign", "factor", "factor_per_instance", "transposed")
# Two slips of which the second undoes the first are one habit, if the habit has a name.
HABITS = {("n_missing", "n_twice"): "n_in_dw", ("n_missing", "bias_averaged"): "n_in_dw"}

# Where a slip can be that is not in all layers: (layer, number of layers) -> whether it is there.
SCOPES = (
    (lambda layer, count: layer == 0, "in {first} only: "),
    (lambda layer, count: layer == count - 1, "in {last} only: "),
    (lambda layer, count: layer > 0, "in all but {first}: "),
    (lambda layer, count: layer < count - 1, "in all but {last}: "),
)


@dataclass(frozen=True, eq=False)
class Part:
    """One returned value: its name, its points, and the right value for an instance `n`.

    Attributes
    ----------
    name : str
        The returned value's name: 'delta1'.
    points : float
        Marks for it.
    want : callable
        n -> the right value, from moving numbers of the trusted forward pass; a list of arrays where one is returned.
    think : str
        The question that leads on when it is wrong and no mistake is recognised.
    formula : Formula, optional
        What the value is made by, with the slips that are known in it.
    at : callable
        (n, layer) -> the quantities that the formula uses. It is asked once with trusted values and once with the
        learner's own earlier ones (`n.z1`, say), so that one slip costs once.
    where : callable
        Index -> the place in the network: words, and the names of the units to mark in the drawing.
    layers : callable, optional
        For a value that is a list of arrays: its length -> which of them belong to this part, first computed first.
    keys : tuple of str
        For a value that is a dict of arrays: its keys. `want` is a list, in their order.
    stage : callable, optional
        (layer, number of layers) -> when it is computed; smaller is earlier. Else parts are computed as they stand.
    title : str
        How the part is called when it is right; else its name.
    integers : bool
        Whether whole numbers are asked for.
    known : callable, optional
        (n, layer) -> further quantities by name that a learner may have mixed in, to describe what nobody knows.
    """

    name: str
    points: float
    want: Callable[[Any], Any]
    think: str
    formula: Formula | None = None
    at: Callable[[Any, int], Any] = lambda n, layer: n
    where: Callable[[tuple[int, ...]], tuple[str, tuple[str, ...]]] = lambda index: ("", ())
    layers: Callable[[int], Sequence[int]] | None = None
    stage: Callable[[int, int], float] | None = None
    title: str = ""
    integers: bool = False
    known: Callable[[Any, int], Mapping[str, Any]] | None = None
    keys: tuple[str, ...] = ()

    @property
    def several(self) -> bool:
        """Whether the value is a list or a dict of arrays."""
        return self.layers is not None or bool(self.keys)

    def label(self, layer: int) -> str:
        """Return how a learner writes the value, or one array of it."""
        return (
            f"{self.name}[{self.keys[layer]!r}]" if self.keys else f"{self.name}[{layer}]" if self.layers else self.name
        )

    def listed(self, value: Any, want: Any) -> list[Any] | compare.Wrong:
        """Return the arrays of a returned value in a list, or what is wrong with how they come."""
        if self.keys:
            if type(value) is not dict:
                return compare.Wrong(
                    f"{self.name} is {compare.kind(value)}; a dict is needed with {', '.join(self.keys)}"
                )
            missing = [repr(key) for key in self.keys if key not in value]
            return (
                compare.Wrong(f"{self.name} has no {', '.join(missing)}") if missing else [value[k] for k in self.keys]
            )
        if self.layers is None:
            return [value]
        if type(value) in (tuple, list) and len(value) == len(want):
            return list(value)
        came = f"{len(value)} arrays" if type(value) in (tuple, list) else compare.kind(value)
        return compare.Wrong(f"{self.name} is {came}; a list of {len(want)} arrays is needed, one for each layer")


@dataclass(frozen=True)
class Aspect:
    """A property that a partly right answer can have: `holds(ask, n)` finds out by asking again with changed inputs.

    `ask(name=value, ...)` returns the answer, whatever it is, or None if there is none. It is asked on every instance,
    or on the first alone if `once`.
    """

    points: float
    says: str
    holds: Callable[[Callable[..., Any], Any], bool]
    once: bool = False


@dataclass(frozen=True, eq=False)
class _Answer:
    """What came on one instance; and the instance with the learner's own values in it, to go on from, or to explain."""

    instance: Any
    own: Any
    loose: Any
    values: dict[str, Any]


@dataclass(frozen=True, eq=False)
class _Piece:
    """One array of one part on one instance: what came, what is right, and what it is made from."""

    instance: int
    layer: int
    count: int
    got: np.ndarray
    want: np.ndarray
    wrong: compare.Wrong | None  # what is wrong with it, beside the right value
    trusted: Any
    own: Any
    follows: bool  # right, given the learner's own earlier values
    extreme: bool

    @property
    def agrees(self) -> bool:
        return self.wrong is None

    @property
    def right(self) -> bool:
        return self.agrees or self.follows

    @property
    def misshaped(self) -> bool:
        """Whether these are the right numbers in a wrong shape."""
        got, want = self.got, self.want
        return got.shape != want.shape and thin(got) == thin(want) and alike(want.ravel(), got.ravel())


@dataclass(frozen=True, eq=False)
class Finding:
    """What is wrong with one part: its first wrong value, and what explains all its values."""

    part: Part | None
    instance: int
    wrong: compare.Wrong
    layer: int = 0
    stage: float = 0.0
    explanations: tuple[tuple[Slip, ...], ...] = ()
    only: str = ""
    relation: Relation | None = None
    near: bool = False  # right but for one thing


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


class Question(Check):
    """One question of an exercise that asks for a function, as a callable.

    Parameters
    ----------
    name : str
        Exercise and function, 'ps06.hidden_delta'.
    takes : str
        Names of the inputs, in order; each is an attribute of an instance.
    parts : sequence of Part
        What the function returns, in the order of computation.
    instances : callable
        seed -> list of instances.
    look : str
        Where in the slides the answer is derived: deck and heading.
    aspects : sequence of Aspect
        What earns part of the marks when the only part is not right.
    picture : callable, optional
        (instance, names to mark) -> drawing.
    tried : tuple of str
        What the first instance is, and what the others are: ("the deck's network", "random network").
    as_dict : bool
        Whether the values come in a dict, by name, and not in a tuple.
    hints : bool
        False where naming the mistake would be the answer.
    follow : bool
        Whether later values are made from earlier ones, so that they can be judged on the learner's own.
    """

    def __init__(
        self,
        name: str,
        takes: str,
        parts: Sequence[Part],
        instances: Callable[[int], list[Any]],
        look: str,
        aspects: Sequence[Aspect] = (),
        picture: Callable[[Any, tuple[str, ...]], svg.Drawing] | None = None,
        tried: tuple[str, str] = ("the deck's network", "random network"),
        as_dict: bool = False,
        hints: bool = True,
        follow: bool = True,
    ) -> None:
        super().__init__()
        self.name, self.takes, self.parts, self.aspects = name, tuple(takes.split()), tuple(parts), tuple(aspects)
        self.instances, self.look, self.picture, self.tried = lru_cache(maxsize=4)(instances), look, picture, tried
        self.as_dict, self.hints, self.follow = as_dict, hints, follow
        self.points = math.fsum(part.points for part in parts)
        self.returns = tuple(dict.fromkeys(part.name for part in parts))

    def example(self, k: int = 1) -> tuple[Any, ...]:
        """Return the inputs of the check's k-th instance (1 is the deck's), to try the function on them."""
        instances = self.instances(seed_of(self.name))
        if k not in range(1, len(instances) + 1):
            raise ValueError(f"k is {k!r}; there are examples 1 to {len(instances)}")
        return tuple(self._inputs(instances[k - 1]).values())

    def judge(self, answer: Callable[..., Any], seed: int = 0, hint: int = 0) -> Record:
        """Judge a function on the deck's example and on random ones drawn from `seed`; print nothing.

        Parameters
        ----------
        answer : callable
            The learner's function; called with copies, its prints and warnings kept away.
        seed : int
            What the random instances are drawn from.
        hint : int
            0, 1 or 2: how much help the message gives.

        Returns
        -------
        record : Record
            Marks (points), the first wrong value, and the message.
        """
        with np.errstate(all="ignore"):
            return self._judge(answer, seed, hint)

    def _judge(self, answer: Callable[..., Any], seed: int, hint: int) -> Record:
        instances = self.instances(seed)
        outcomes: list[Outcome] = []
        fault = None
        for k, n in enumerate([*instances, instances[0]]):  # the first one twice: the same question, the same answer
            outcomes.append(call(answer, self._inputs(n)))
            failure = outcomes[-1].failure
            if failure is None and k == len(instances) and not same(outcomes[0].value, outcomes[k].value):
                failure = (
                    "asked twice with the same inputs, it gives two answers: does it draw random numbers, or keep "
                    "something from one call to the next?"
                )
            if failure:
                fault = Finding(None, k % len(instances), compare.Wrong(f"{self.function}: {failure}"))
                instances = instances[:k] if k < len(instances) else []
                break
        if fault and len(instances) < 2:
            return self._record(0.0, (), [fault], outcomes, hint, seed)
        values = []
        for k in range(len(instances)):
            values.append(self._taken_apart(outcomes[k].value, instances[k]))
            if isinstance(values[-1], compare.Wrong):
                return self._record(0.0, (), [Finding(None, k, values[-1])], outcomes, hint, seed)
        answers = self._on_their_own(instances, values)

        marks, findings, pieces = 0.0, [], {}
        for part in self.parts:
            found = self._judge_part(part, answers)
            if isinstance(found, Finding):
                findings.append(found)
                marks += math.floor(part.points) / 2 if found.near else 0.0  # steps of half a point
            else:
                marks += part.points
                pieces[part] = found
        if fault and not findings:  # whatever was wrong before it stopped says more than that it stopped
            return self._record(math.floor(self.points) / 2, (), [fault], outcomes, hint, seed)
        right = self._right(pieces, findings)
        if findings and self.aspects:
            held = [aspect for aspect in self.aspects if self._holds(aspect, answer, instances)]
            marks = max(marks, math.fsum(aspect.points for aspect in held))
            right += [aspect.says for aspect in held]
        if fault:
            failing = self.instances(seed)[fault.instance]
            findings = [_and_stops(finding, failing) for finding in findings]
        findings.sort(key=lambda finding: finding.stage)
        cancels = _cancelled(pieces) if findings else []
        return self._record(marks, tuple(right), findings, outcomes, hint, seed, cancels)

    def drawing(self, record: Record, seed: int) -> svg.Drawing | None:
        """Return the instance's network with the unit of the first wrong value marked."""
        wrong = record.first_wrong
        if not (wrong and wrong["units"] and self.picture):
            return None
        return self.picture(self.instances(seed)[wrong["network"] - 1], wrong["units"])

    def _inputs(self, n: Any) -> dict[str, Any]:
        return {name: copied(getattr(n, name)) for name in self.takes}

    def _taken_apart(self, value: Any, n: Any) -> dict[str, Any] | compare.Wrong:
        """Return the returned values by name, or what is wrong with how they come."""
        names = ", ".join(self.returns)
        if value is None:
            return compare.Wrong(f"{self.function} returned None: is a `return` missing?")
        if self.as_dict:
            if type(value) is not dict:
                return compare.Wrong(f"{self.function} returned {compare.kind(value)}; a dict is needed with {names}")
            missing = [name for name in self.returns if name not in value]
            if missing:
                return compare.Wrong(f"the dict that {self.function} returned has no {', '.join(map(repr, missing))}")
            return {name: value[name] for name in self.returns}
        if len(self.returns) == 1:
            return {self.returns[0]: value}
        if type(value) in (tuple, list) and len(value) == len(self.returns):
            return dict(zip(self.returns, value, strict=True))
        came = f"{len(value)} values" if type(value) in (tuple, list) else compare.kind(value)
        return compare.Wrong(f"{self.function} returned {came}; {len(self.returns)} values are needed: {names}")

    def _on_their_own(self, instances: list[Any], values: list[dict[str, Any]]) -> list[_Answer]:
        """Return the answers, each with its instance as it looks with the learner's own values in it.

        What is nothing but zeros on most instances is refused: on zeros, NaN and infinity everything would follow from
        everything. To recognise a mistake it is used all the same.
        """
        own = [self._own(n, given) for n, given in zip(instances, values, strict=True)]
        idle = {
            name
            for name in self.returns
            if 2 * sum(name in o and not any(map(np.any, _arrays(o[name]))) for o in own) > len(own)
        }

        def using(n: Any, given: dict[str, Any]) -> Any:
            if not given:
                return n
            return n.using(**given) if hasattr(n, "using") else SimpleNamespace(**{**vars(n), **given})

        return [
            _Answer(n, using(n, {name: o[name] for name in o if name not in idle}), using(n, o), given)
            for n, o, given in zip(instances, own, values, strict=True)
        ]

    def _own(self, n: Any, values: dict[str, Any]) -> dict[str, Any]:
        """Return the learner's values that can be gone on from: finite, and of the right shapes."""
        own = {}
        for part in self.parts if self.follow else ():
            want = part.want(n)
            listed = part.listed(values[part.name], want)
            if isinstance(listed, compare.Wrong):
                continue
            wants = want if part.several else [want]
            pairs = [compare.usable(v, np.shape(w), "", part.integers) for v, w in zip(listed, wants, strict=True)]
            if all(wrong is None for _, wrong in pairs):
                gots = [got for got, _ in pairs]
                own[part.name] = gots if part.several else gots[0]
        return own

    def _judge_part(self, part: Part, answers: list[_Answer]) -> Finding | list[_Piece]:
        """Return what is wrong with one part over all instances, else its pieces."""
        position = float(self.parts.index(part))
        pieces: list[_Piece] = []
        for k, answer in enumerate(answers):
            n, own = answer.instance, answer.own
            want, value = part.want(n), answer.values[part.name]
            listed = part.listed(value, want)
            if isinstance(listed, compare.Wrong):
                return Finding(part, k, listed, stage=position)
            wants, count = want if part.several else [want], len(listed)
            chosen = [(l, part.label(l), wants[l], listed[l]) for l in (part.layers or range)(count)]
            for layer, name, right, came in chosen:
                right = np.asarray(right, dtype=np.float64)
                got, wrong = compare.usable(came, right.shape, name, part.integers)
                if got is None:
                    return Finding(part, k, wrong, layer, part.stage(layer, count) if part.stage else position)
                if got.shape == right.shape:
                    wrong = compare.difference(got, right, name)
                follows = wrong is None
                if part.formula and own is not n and got.shape == right.shape:
                    follows = _follows(part.formula, part.at(own, layer), got)
                trusted = part.at(n, layer)
                around = trusted if answer.loose is n else part.at(answer.loose, layer)
                extreme = getattr(n, "extreme", False)
                pieces.append(_Piece(k, layer, count, got, right, wrong, trusted, around, follows, extreme))
        wrong = [piece for piece in pieces if not piece.right]
        if not wrong:
            return pieces

        def stage(piece: _Piece) -> float:
            return part.stage(piece.layer, piece.count) if part.stage else position + piece.layer / 100

        first = min(wrong, key=lambda piece: (stage(piece), piece.instance))
        finding = Finding(part, first.instance, first.wrong, first.layer, stage(first))
        misplaced = self._misplaced(part, answers)
        if misplaced:
            return replace(finding, explanations=((misplaced,),), near=True)
        if all(piece.right or piece.misshaped for piece in wrong):
            text = f"{finding.wrong.text}: the numbers are right, so only the shape is missing"
            return replace(finding, wrong=compare.Wrong(text), near=True)
        gots, wants = [piece.got for piece in pieces], [piece.want for piece in pieces]
        constant, something = _constant(gots, wants), any(got.any() for got in gots)
        explanations, only = _explained(part, pieces, pairs=something and not constant)
        if not explanations and constant:
            text = f"{part.name} is the same for every {self.tried[1]}: compute it from {', '.join(self.takes)}"
            explanations = ((slip("constant_for_formula", credit=False),),)
            return replace(finding, wrong=compare.Wrong(text), explanations=explanations)
        near = something and bool(explanations) and all(len(slips) == 1 and slips[0].credit for slips in explanations)
        relation = None
        if not explanations and all(piece.got.shape == piece.want.shape for piece in pieces):
            known = _quantities(self, part, pieces, answers)
            relation = described(gots, [_reference(part, piece) for piece in pieces], known)
            near = relation is not None and relation.kind in NEAR
        near = near and not self._handed_back(pieces, answers)
        return replace(finding, explanations=explanations, only=only, relation=relation, near=near)

    def _handed_back(self, pieces: list[_Piece], answers: list[_Answer]) -> bool:
        """Say whether all that came back is what had been given: no work at all."""
        return any(
            all(np.array_equal(getattr(answers[piece.instance].instance, name), piece.got) for piece in pieces)
            for name in self.takes
            if isinstance(getattr(answers[0].instance, name), np.ndarray)
        )

    def _misplaced(self, part: Part, answers: list[_Answer]) -> Slip | None:
        """Return the slip of values that are right but stand in the wrong place: exchanged, or a list turned round."""

        def is_right(value: Any, want: Any) -> bool:
            if isinstance(want, list):
                return type(value) in (tuple, list) and len(value) == len(want) and all(map(is_right, value, want))
            got, wrong = compare.usable(value, np.shape(want), "")
            return wrong is None and not compare.mismatch(got, np.asarray(want, dtype=np.float64)).any()

        def everywhere(which: Callable[[Any, dict[str, Any]], tuple[Any, Any]]) -> bool:
            return all(is_right(*which(answer.instance, answer.values)) for answer in answers)

        if part.layers and everywhere(lambda n, values: (values[part.name][::-1], part.want(n))):
            return slip("list_reversed")
        for other in self.parts:
            if other.name != part.name and everywhere(
                lambda n, values, other=other: (values[other.name], part.want(n))
            ):
                return slip("values_exchanged", f"{part.name} stands where {other.name} is asked for")
        return None

    @staticmethod
    def _right(pieces: dict[Part, list[_Piece]], findings: list[Finding]) -> list[str]:
        """Return what is right; and where it is so only given what stands before it, say that."""
        plain, given = [], []
        for part, parts in pieces.items():
            (plain if all(piece.agrees for piece in parts) else given).append(part.title or part.name)
        if given and findings:
            given = [f"{', '.join(given)} (from your own values)"]
        return plain + given

    def _holds(self, aspect: Aspect, function: Callable[..., Any], instances: list[Any]) -> bool:
        def asker(n: Any) -> Callable[..., Any]:
            return lambda **changes: call(function, {**self._inputs(n), **changes}).value

        return all(aspect.holds(asker(n), n) for n in instances[: 1 if aspect.once else None])

    def _record(
        self,
        marks: float,
        right: tuple[str, ...],
        findings: list[Finding],
        outcomes: list[Outcome],
        hint: int,
        seed: int,
        cancels: Sequence[tuple[Part, tuple[tuple[Slip, ...], ...]]] = (),
    ) -> Record:
        marks = float(min(max(marks, 0.0), self.points))
        finding = findings[0] if findings else None
        wrong = None
        if finding:
            index = finding.wrong.index
            layered = finding.part is not None and finding.part.several
            place = (finding.layer, *(index or ())) if layered else index
            words, units = finding.part.where(place) if finding.part and index is not None else ("", ())
            wrong = dict(
                part=finding.part.name if finding.part else None,
                index=place,
                got=finding.wrong.got,
                want=finding.wrong.want,
                network=finding.instance + 1,
                place=words,
                units=units,
                text=finding.wrong.text,
            )
        explanations = finding.explanations if finding else ()
        record = Record(
            self.name, marks, self.points, right, wrong,
            mistakes=tuple(dict.fromkeys(slip.id for slips in explanations for slip in slips)),
            named=len(explanations) == 1, hint=hint,
            explanations=tuple(finding.only + _says(slips) for slips in explanations) if finding else (),
        )  # fmt: skip
        record = replace(record, convention=_convention(explanations), cancels=_undone(cancels))
        record = _habit(record, explanations, cancels)
        if finding and finding.relation:
            record = replace(record, explanations=(finding.relation.says,))
            if finding.relation.kind == "float32":
                record = replace(record, mistakes=("float32",), named=True, explanations=(CATALOGUE["float32"].says,))
        named = CATALOGUE[record.mistakes[0]] if record.named and len(record.mistakes) == 1 else None
        help_ = Help(
            takes=self.takes,
            tried=self.tried,
            count=len(self.instances(seed)),
            also=tuple(dict.fromkeys(f.part.name for f in findings[1:] if f.part and f.part is not findings[0].part)),
            think=named.think if named else finding.part.think if finding and finding.part else "",
            look=self.look + (f"; {named.look}" if named and named.look not in self.look else ""),
            changed=next((outcome.changed for outcome in outcomes if outcome.changed), ()),
            unwritten=bool(outcomes) and outcomes[-1].unwritten,
            hints=self.hints,
            follow=self.follow,
        )
        return replace(record, message=compose(record, help_))


def _arrays(value: Any) -> list[np.ndarray]:
    return value if isinstance(value, list) else [value]


def _follows(formula: Formula, local: Any, got: np.ndarray) -> bool:
    """Say whether a value is what the formula makes of the learner's own earlier values."""
    try:
        value = formula.value(local)
    except CANNOT:
        return False
    return value.size == got.size and not compare.mismatch(got.ravel(), value.ravel()).any()


def _reference(part: Part, piece: _Piece) -> np.ndarray:
    """Return what a piece should be, given the learner's own earlier values."""
    if part.formula is None or piece.agrees:
        return piece.want
    try:
        return part.formula.value(piece.own).reshape(piece.want.shape)
    except CANNOT:
        return piece.want


def _explained(part: Part, pieces: list[_Piece], pairs: bool) -> tuple[tuple[tuple[Slip, ...], ...], str]:
    """Return what explains all the values of a part, and where, if it is only in one layer."""
    if part.formula is None:
        return (), ""
    pieces = sorted(pieces, key=lambda piece: piece.right)  # a wrong value refuses most slips at once
    ordinary = [piece for piece in pieces if not piece.extreme]
    if ordinary and not ordinary[0].right:
        pieces = ordinary  # what comes of a slip where numbers overflow depends on how it is written
    wrong = [piece for piece in pieces if not piece.right]
    if all(_follows(part.formula, piece.own, piece.got) for piece in wrong):
        return (), ""  # it follows from zeros: that is no mistake, and no merit
    scopes = [(pieces, "")]
    if part.several and len(wrong) < len(pieces):
        for inside, words in SCOPES:
            scope = [piece for piece in pieces if inside(piece.layer, piece.count)]
            if all(piece in scope for piece in wrong) and len(scope) < len(pieces):
                ends = ("layer 0", "the last layer") if part.layers else (part.label(0), part.label(len(part.keys) - 1))
                scopes.append((scope, words.format(first=ends[0], last=ends[1])))
    for scope, only in scopes:
        for whose in ("own", "trusted") if any(piece.own is not piece.trusted for piece in scope) else ("own",):
            found = recognised(part.formula, [Case(getattr(piece, whose), piece.got) for piece in scope], pairs)
            if found:
                return found, only
    return (), ""


def _and_stops(finding: Finding, n: Any) -> Finding:
    """Return the finding with those explanations only that would stop on instance `n`, as the program did."""

    def stops(slips: tuple[Slip, ...]) -> bool:
        count = len(finding.part.want(n)) if finding.part.several else 1
        try:
            for layer in (finding.part.layers or range)(count):
                finding.part.formula.value(finding.part.at(n, layer), *slips)
        except CANNOT:
            return True
        return False

    if finding.part is None or finding.part.formula is None:
        return finding
    return replace(finding, explanations=tuple(filter(stops, finding.explanations)) or finding.explanations)


def _cancelled(right: dict[Part, list[_Piece]]) -> list[tuple[Part, tuple[tuple[Slip, ...], ...]]]:
    """Return the parts that are right although what they are made from is not, with the slips that undo it."""
    found = []
    for part, pieces in right.items():
        if part.formula is None or all(piece.follows for piece in pieces):
            continue
        slips = recognised(part.formula, [Case(piece.own, piece.got) for piece in pieces if not piece.follows])
        if slips:
            found.append((part, slips))
    return found


def _constant(gots: list[np.ndarray], wants: list[np.ndarray]) -> bool:
    """Say whether the same numbers come back whatever goes in."""
    numbers = {got.ravel()[0] for got in gots if got.size}
    return (
        len(numbers) == 1
        and 0.0 not in numbers
        and all(np.array_equal(got, gots[0]) or len(set(got.ravel())) == 1 for got in gots)
        and not all(np.array_equal(want, wants[0]) for want in wants)
    )


def _quantities(question: Question, part: Part, pieces: list[_Piece], answers: list[_Answer]) -> dict[str, list[Any]]:
    """Return what a learner may have mixed in, by the learner's names: the inputs, and slopes made from them."""
    known: dict[str, list[Any]] = {}
    for piece in pieces:
        n = answers[piece.instance].instance
        quantities = {name: getattr(n, name) for name in question.takes}
        quantities |= part.known(n, piece.layer) if part.known else {}
        for name, value in list(quantities.items()):
            if not isinstance(value, float | np.ndarray) or np.asarray(value).dtype != np.float64:
                continue
            known.setdefault(name, []).append(np.asarray(value))
            if name[0] in "apo":
                known.setdefault(f"1 - {name}", []).append(1 - np.asarray(value))
                known.setdefault(f"{name} * (1 - {name})", []).append(value * (1 - np.asarray(value)))
                known.setdefault(f"1 - {name}**2", []).append(1 - np.asarray(value) ** 2)
    return {name: values for name, values in known.items() if len(values) == len(pieces)}


def _says(slips: tuple[Slip, ...]) -> str:
    """Return the sentence of one slip, or of two at once."""
    words = [slip.says or CATALOGUE[slip.id].says for slip in slips]
    return words[0] if len(words) == 1 else f"two slips: {words[0]}; and {words[1]}"


def _undone(cancels: Sequence[tuple[Part, tuple[tuple[Slip, ...], ...]]]) -> tuple[str, ...]:
    """Return a sentence for each second slip that undoes the first, with all the values that come out right by it."""
    by_words: dict[str, list[str]] = {}
    for part, found in cancels:
        by_words.setdefault(_says(found[0]), []).append(part.name)
    return tuple(
        f"{', '.join(names)} {'comes' if len(names) == 1 else 'come'} out right all the same: {words}"
        for words, names in by_words.items()
    )


def _convention(explanations: tuple[tuple[Slip, ...], ...]) -> bool:
    """Say whether all that can explain the values is another convention."""
    return bool(explanations) and all(
        slip.convention or CATALOGUE[slip.id].convention for slips in explanations for slip in slips
    )


def _habit(
    record: Record,
    explanations: tuple[tuple[Slip, ...], ...],
    cancels: Sequence[tuple[Part, tuple[tuple[Slip, ...], ...]]],
) -> Record:
    """Return the record with a convention's name, if one slip and those that undo it are a known habit."""
    if len(explanations) != 1 or len(explanations[0]) != 1 or not cancels:
        return record
    names = {HABITS.get((explanations[0][0].id, slips[0].id)) for _, found in cancels for slips in found[:1]}
    habit = names.pop() if len(names) == 1 else None
    if habit is None:
        return record
    return replace(record, mistakes=(habit,), explanations=(CATALOGUE[habit].says,), convention=True)


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
