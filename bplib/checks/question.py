"""A question asks for a function, knows the right values without asking the reference, and tells what it found.

`Question.judge(f)` returns a `Record` and shows nothing; calling the question shows it and returns the marks (`check`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import numpy as np

from bplib import svg
from bplib.checks import accuracy, compare
from bplib.checks.calling import Outcome, call, copied, same
from bplib.checks.catalogue import CATALOGUE
from bplib.checks.check import Check, seed_of
from bplib.checks.message import Help, compose
from bplib.checks.mistakes import Slip, slip
from bplib.checks.parts import (
    Answer,
    Aspect,
    Finding,
    Part,
    Piece,
    and_stops,
    as_arrays,
    cancelled,
    explanations_of,
    follows_from,
    is_constant,
    mixed_in,
    right_for,
)
from bplib.checks.record import Record
from bplib.checks.relations import described

# Half the marks: the work is there, and one thing that is the same in every entry is wrong.
NEAR = ("sign", "factor", "factor_per_instance", "transposed")
# Two slips of which the second undoes the first are one habit, if the habit has a name.
HABITS = {("n_missing", "n_twice"): "n_in_dw", ("n_missing", "bias_averaged"): "n_in_dw"}


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
    differences : bool
        Whether numeric differences are asked for; elsewhere they take the marks of what is made by them.
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
        differences: bool = False,
    ) -> None:
        super().__init__()
        self.name, self.takes, self.parts, self.aspects = name, tuple(takes.split()), tuple(parts), tuple(aspects)
        self.instances, self.look, self.picture, self.tried = lru_cache(maxsize=4)(instances), look, picture, tried
        self.as_dict, self.hints, self.follow, self.differences = as_dict, hints, follow, differences
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
        again = accuracy.Again(lambda n, change: self._asked_again(answer, n, change), instances)

        marks, findings, pieces = 0.0, [], {}
        for part in self.parts:
            found = self._judge_part(part, answers, again)
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
            if held and not self.differences and self._inexact(findings, again):
                held = [aspect for aspect in held if aspect.anyhow]
            marks = max(marks, math.fsum(aspect.points for aspect in held))
            right += [aspect.says for aspect in held]
        if fault:
            failing = self.instances(seed)[fault.instance]
            findings = [and_stops(finding, failing) for finding in findings]
        findings.sort(key=lambda finding: finding.stage)
        cancels = cancelled(pieces) if findings else []
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

    def _on_their_own(self, instances: list[Any], values: list[dict[str, Any]]) -> list[Answer]:
        """Return the answers, each with its instance as it looks with the learner's own values in it.

        What is nothing but zeros on most instances is refused: on zeros, NaN and infinity everything would follow from
        everything. To recognise a mistake it is used all the same.
        """
        own = [self._own(n, given) for n, given in zip(instances, values, strict=True)]
        idle = {
            name
            for name in self.returns
            if 2 * sum(name in o and not any(map(np.any, as_arrays(o[name]))) for o in own) > len(own)
        }

        def using(n: Any, given: dict[str, Any]) -> Any:
            if not given:
                return n
            return n.using(**given) if hasattr(n, "using") else SimpleNamespace(**{**vars(n), **given})

        return [
            Answer(n, using(n, {name: o[name] for name in o if name not in idle}), using(n, o), given)
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

    def _asked_again(self, answer: Callable[..., Any], n: Any, change: accuracy.Change) -> dict[str, Any] | None:
        """Return the values that come when all the inputs of an instance are changed."""
        outcome = call(answer, {name: change(value) for name, value in self._inputs(n).items()})
        values = None if outcome.failure else self._taken_apart(outcome.value, n)
        return None if isinstance(values, compare.Wrong) else values

    def _inexact(self, findings: list[Finding], again: accuracy.Again) -> bool:
        """Say whether what came is a difference quotient, or was cut off so that nobody can tell."""
        slips = {slip for finding in findings for explanation in finding.explanations for slip in explanation}
        cut = any(slip.id in accuracy.INEXACT and not slip.credit for slip in slips)
        return cut or any(again.jumps(name) for name in self.returns)

    def _judge_part(self, part: Part, answers: list[Answer], again: accuracy.Again) -> Finding | list[Piece]:
        """Return what is wrong with one part over all instances, else its pieces."""
        position = float(self.parts.index(part))
        pieces: list[Piece] = []
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
                    follows = follows_from(part.formula, part.at(own, layer), got)
                trusted = part.at(n, layer)
                around = trusted if answer.loose is n else part.at(answer.loose, layer)
                extreme = getattr(n, "extreme", False)
                pieces.append(Piece(k, layer, count, got, right, wrong, trusted, around, follows, extreme))
        wrong = [piece for piece in pieces if not piece.right]
        if not wrong:
            return pieces

        def stage(piece: Piece) -> float:
            return part.stage(piece.layer, piece.count) if part.stage else position + piece.layer / 100

        first = min(wrong, key=lambda piece: (stage(piece), piece.instance))
        finding = Finding(part, first.instance, first.wrong, first.layer, stage(first))
        misplaced = self._misplaced(part, answers)
        if misplaced:
            return replace(finding, explanations=((misplaced,),), near=True)
        if all(piece.right or piece.misshaped for piece in wrong):
            text = f"{finding.wrong.text}: the numbers are right, so only the shape is missing"
            return replace(finding, wrong=compare.Wrong(text), near=True)
        made = None if self.differences else self._made(part, pieces, again)
        if made:
            wrong = replace(finding.wrong, text=f"{finding.wrong.text}; {made[1]}")
            return replace(finding, wrong=wrong, explanations=((made[0],),))
        gots, wants = [piece.got for piece in pieces], [piece.want for piece in pieces]
        constant, something = is_constant(gots, wants), any(got.any() for got in gots)
        explanations, only = explanations_of(part, pieces, pairs=something and not constant)
        if not explanations and constant:
            text = f"{part.name} is the same for every {self.tried[1]}: compute it from {', '.join(self.takes)}"
            explanations = ((slip("constant_for_formula", credit=False),),)
            return replace(finding, wrong=compare.Wrong(text), explanations=explanations)
        near = something and bool(explanations) and all(len(slips) == 1 and slips[0].credit for slips in explanations)
        relation = None
        if not explanations and all(piece.got.shape == piece.want.shape for piece in pieces):
            known = mixed_in(self.takes, part, pieces, answers)
            relation = described(gots, [right_for(part, piece) for piece in pieces], known)
            near = relation is not None and relation.kind in NEAR
        near = near and not self._handed_back(pieces, answers)
        if near and not self.differences and again.jumps(part.name):
            near, explanations = False, tuple((*slips, accuracy.NUMERIC) for slips in explanations)
        return replace(finding, explanations=explanations, only=only, relation=relation, near=near)

    @staticmethod
    def _made(part: Part, pieces: list[Piece], again: accuracy.Again) -> tuple[Slip, str] | None:
        """Return what made nearly right values inexact, if it can be seen, and what is seen in the digits."""
        ordinary = [piece for piece in pieces if not piece.extreme]
        if part.integers or any(piece.got.shape != piece.want.shape for piece in ordinary):
            return None
        gots, wants = [piece.got for piece in ordinary], [right_for(part, piece) for piece in ordinary]
        return accuracy.how(gots, wants, again, part.name)

    def _handed_back(self, pieces: list[Piece], answers: list[Answer]) -> bool:
        """Say whether all that came back is what had been given: no work at all."""
        return any(
            all(np.array_equal(getattr(answers[piece.instance].instance, name), piece.got) for piece in pieces)
            for name in self.takes
            if isinstance(getattr(answers[0].instance, name), np.ndarray)
        )

    def _misplaced(self, part: Part, answers: list[Answer]) -> Slip | None:
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
    def _right(pieces: dict[Part, list[Piece]], findings: list[Finding]) -> list[str]:
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
