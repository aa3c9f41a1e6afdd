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
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from bplib import svg
from bplib.checks import compare
from bplib.checks.calling import Outcome, call, copied
from bplib.checks.message import compose
from bplib.checks.mistakes import Mistake, everywhere, recognised
from bplib.checks.record import RECORD_TYPE, Record


@dataclass(frozen=True)
class Part:
    """One returned value: its name, its points, and the right value for an instance `n`.

    `want(n)` may use the values that come before it in the order of computation (`n.z1`, say): it is asked once with
    the trusted ones and once with the learner's own, so that one slip costs once. `where` turns an index into the
    place in the network: words, and the names of the units to mark in the drawing.
    """

    name: str
    points: float
    want: Callable[[Any], Any]
    think: str
    where: Callable[[tuple[int, ...]], tuple[str, tuple[str, ...]]] = lambda index: ("", ())
    mistakes: tuple[Mistake, ...] = ()

    @property
    def known(self) -> tuple[Mistake, ...]:
        """Every mistake that can be recognised in this value."""
        return (*self.mistakes, *everywhere(self.want))


@dataclass(frozen=True)
class Aspect:
    """A property that a partly right answer can have: `holds(ask, n)` finds out by asking again with changed inputs.

    `ask(name=value, ...)` returns the answer as an array, or None if it is not usable.
    """

    points: float
    says: str
    holds: Callable[[Callable[..., np.ndarray | None], Any], bool]


@dataclass(frozen=True)
class _Finding:
    """The first wrong value while judging: which part, on which instance, and what is wrong with it."""

    part: Part | None
    instance: int
    wrong: compare.Wrong
    mistakes: tuple[Mistake, ...] = ()
    pattern: str | None = None


class Question:
    """One question of an exercise, as a callable.

    Parameters
    ----------
    name : str
        Exercise and function, 'ps06.hidden_delta'.
    takes : str
        Names of the inputs, in order; each is an attribute of an instance.
    parts : sequence of Part
        What the function returns, in the order of computation.
    instances : callable
        seed -> list of instances; the first is the deck's own example, the others are random.
    look : str
        Where in the slides the answer is derived: deck and heading.
    aspects : sequence of Aspect
        What earns part of the marks when the only part is not right.
    picture : callable, optional
        (instance, names to mark) -> drawing.
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
    ) -> None:
        self.name, self.takes, self.parts, self.aspects = name, tuple(takes.split()), tuple(parts), tuple(aspects)
        self.instances, self.look, self.picture = instances, look, picture
        self.points = math.fsum(part.points for part in parts)

    @property
    def function(self) -> str:
        """Name of the function that the question asks for."""
        return self.name.split(".")[-1]

    def __repr__(self) -> str:
        """Tell what to do with it, in case a learner displays the question itself."""
        return (
            f"{self.name}({self.function}) checks your {self.function}({', '.join(self.takes)}): {self.points:g} points"
        )

    def example(self, k: int = 1) -> tuple[Any, ...]:
        """Return the inputs of the check's k-th network (1 is the deck's), to try the function on them."""
        instances = self.instances(seed_of(self.name))
        if k not in range(1, len(instances) + 1):
            raise ValueError(f"k is {k!r}; there are networks 1 to {len(instances)}")
        return tuple(self._inputs(instances[k - 1]).values())

    def judge(self, function: Callable[..., Any], seed: int = 0, hint: int = 0) -> Record:
        """Judge `function` on the deck's example and on random ones drawn from `seed`; print nothing.

        Parameters
        ----------
        function : callable
            The learner's answer; called with copies, its prints and warnings kept away.
        seed : int
            What the random instances are drawn from.
        hint : int
            0, 1 or 2: how much help the message gives.

        Returns
        -------
        record : Record
            Marks (points), the first wrong value, and the message.
        """
        instances = self.instances(seed)
        outcomes: list[Outcome] = []
        for n in instances:
            outcomes.append(call(function, self._inputs(n)))
            if outcomes[-1].failure:
                break
        if outcomes[-1].failure:
            finding = _Finding(None, len(outcomes) - 1, compare.Wrong(f"{self.function}: {outcomes[-1].failure}"))
            return self._record(0.0, (), finding, outcomes, hint)

        answers = [self._taken_apart(outcome.value) for outcome in outcomes]
        for k, answer in enumerate(answers):
            if isinstance(answer, compare.Wrong):
                return self._record(0.0, (), _Finding(None, k, answer), outcomes, hint)

        marks, right, finding = 0.0, [], None
        for i, part in enumerate(self.parts):
            first, near = self._judge_part(i, part, instances, answers)
            if first is None:
                marks += part.points
                right.append(part.name)
            else:
                marks += math.floor(part.points) / 2 if near else 0.0  # steps of half a point
                finding = finding or first
        if finding is not None and self.aspects:
            held = [aspect for aspect in self.aspects if self._holds(aspect, function, instances)]
            marks = max(marks, math.fsum(aspect.points for aspect in held))
            right += [aspect.says for aspect in held]
        return self._record(marks, tuple(right), finding, outcomes, hint)

    def __call__(self, function: Callable[..., Any], hint: int = 0) -> float:
        """Judge `function`, show what was found, and return the marks as a plain float."""
        seed = seed_of(self.name)
        record = self.judge(function, seed, hint)
        print(record.message)
        wrong = record.first_wrong
        if wrong and wrong["units"] and self.picture:
            n = self.instances(seed)[wrong["network"] - 1]
            svg.show(
                self.picture(n, wrong["units"]),
                alt=f"The network with {', '.join(wrong['units'])} marked: {wrong['text']}",
            )
        _display(record)
        return record.marks

    def _inputs(self, n: Any) -> dict[str, Any]:
        return {name: copied(getattr(n, name)) for name in self.takes}

    def _taken_apart(self, value: Any) -> tuple[Any, ...] | compare.Wrong:
        """Return the returned values one by one, or what is wrong with how they come."""
        names = ", ".join(part.name for part in self.parts)
        if len(self.parts) == 1:
            return (value,)
        if type(value) in (tuple, list) and len(value) == len(self.parts):
            return tuple(value)
        if value is None:
            return compare.Wrong(f"{self.function} returned None: is a `return` missing?")
        came = f"{len(value)} values" if type(value) in (tuple, list) else compare.kind(value)
        return compare.Wrong(f"{self.function} returned {came}; {len(self.parts)} values are needed: {names}")

    def _judge_part(self, i: int, part: Part, instances: list[Any], answers: list[Any]) -> tuple[_Finding | None, bool]:
        """Return the first wrong value of one part over all instances, and whether it is right up to a pattern."""
        wants = [np.asarray(part.want(n), dtype=np.float64) for n in instances]
        gots = []
        for k, answer in enumerate(answers):
            got, wrong = compare.usable(answer[i], wants[k].shape, part.name)
            if got is None:
                return _Finding(part, k, wrong), False
            gots.append(got)
        if all(np.array_equal(got, gots[0]) for got in gots) and np.allclose(gots[0], wants[0], rtol=1e-3, atol=0):
            text = f"{part.name} is the same for every network: compute it from {', '.join(self.takes)}"
            return _Finding(part, 1, compare.Wrong(text)), False
        for k, (n, answer) in enumerate(zip(instances, answers, strict=True)):
            own = self._own(n, answer[:i])
            if own is not n and not compare.mismatch(gots[k], np.asarray(part.want(own))).any():
                wants[k] = gots[k]  # right, given the learner's own earlier values
        wrongs = [compare.difference(got, want, part.name) for got, want in zip(gots, wants, strict=True)]
        first = next((_Finding(part, k, wrong) for k, wrong in enumerate(wrongs) if wrong), None)
        if first is None:
            return None, False
        pattern = _pattern(gots, wants)
        return replace(first, pattern=pattern, mistakes=recognised(part.known, instances, gots)), pattern is not None

    def _own(self, n: Any, earlier: tuple[Any, ...]) -> Any:
        """Return `n` with the learner's own earlier values; refused where they are unusable or zero."""
        values = {}
        for part, value in zip(self.parts, earlier, strict=False):
            got, _ = compare.usable(value, np.shape(part.want(n)), part.name)
            if got is not None and got.all():
                values[part.name] = got
        return n.using(**values) if values else n

    def _holds(self, aspect: Aspect, function: Callable[..., Any], instances: list[Any]) -> bool:
        part = self.parts[0]

        def asker(n: Any) -> Callable[..., np.ndarray | None]:
            def ask(**changes: Any) -> np.ndarray | None:
                outcome = call(function, {**self._inputs(n), **changes})
                return compare.usable(outcome.value, np.shape(part.want(n)), part.name)[0]

            return ask

        return all(aspect.holds(asker(n), n) for n in instances)

    def _record(
        self,
        marks: float,
        right: tuple[str, ...],
        finding: _Finding | None,
        outcomes: list[Outcome],
        hint: int,
    ) -> Record:
        marks = float(min(max(marks, 0.0), self.points))
        wrong = None
        if finding:
            index = finding.wrong.index
            words, units = finding.part.where(index) if finding.part and index is not None else ("", ())
            wrong = dict(
                part=finding.part.name if finding.part else None,
                index=index,
                got=finding.wrong.got,
                want=finding.wrong.want,
                network=finding.instance + 1,
                place=words,
                units=units,
                text=finding.wrong.text,
            )
        mistakes = finding.mistakes if finding else ()
        pattern = (finding.pattern,) if finding and finding.pattern else ()
        record = Record(
            self.name,
            marks,
            self.points,
            right,
            wrong,
            explanations=tuple(mistake.says for mistake in mistakes) or pattern,
            mistakes=tuple(mistake.id for mistake in mistakes),
            named=len(mistakes) == 1,
            hint=hint,
        )
        think = finding.part.think if finding and finding.part else None
        changed = next((outcome.changed for outcome in outcomes if outcome.changed), ())
        unwritten = bool(outcomes) and outcomes[-1].unwritten
        networks = len(self.instances(0))
        message = compose(record, self.takes, networks, self.look, think, changed, unwritten)
        return replace(record, message=message)


def _pattern(gots: list[np.ndarray], wants: list[np.ndarray]) -> str | None:
    """Describe how wrong values relate to the right ones where that needs no guess, else None."""
    c = compare.factor(gots, wants)
    if c is not None:
        return f"each value is {c:.6g} times the right one"
    if all(want.ndim == 2 and not compare.mismatch(got, want.T).any() for got, want in zip(gots, wants, strict=True)):
        return "each value stands in the transposed place: rows and columns are exchanged"
    return None


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
