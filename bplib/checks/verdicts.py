"""A checker is judged by what it tells apart: give it right and wrong gradients, and count.

The gradients reach the learner's function as numbers, their loss as something to be called: no name, no source, and in
an order that the seed decides. How a checker fails is recognised by comparing all its verdicts with those of trusted
checkers that have one known fault: a fault is named only if it gives every verdict as it came.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import numpy as np

from bplib.checks.calling import call, kind
from bplib.checks.catalogue import CATALOGUE
from bplib.checks.check import Check, seed_of
from bplib.checks.message import said, say_why
from bplib.checks.record import Record

WORDS = ("right", "wrong", "kink")
MOST_CALLS = 10_000  # of the loss, in one question; four for each entry are plenty, and make about 1,300
TOLD = 3  # missed gradients in one message
STEP = 1e-5
STRICT, LOOSE = 1e-6, 1e-3  # of relative errors: what rounding leaves is below, what a slip leaves is above
# Where rounding decides, many checkers say the same words: right gradients that they refuse, at least, and how many of
# the indices beside them have to be the same.
FEW, SAME_INDEX = 3, 0.8


class AskedTooOften(BaseException):
    """Raised by a loss that was called too often; not an Exception, so that `except Exception` cannot swallow it."""


@dataclass(frozen=True, eq=False)
class Pass:
    """A claimed gradient of a loss at a point, and what is to be said of it.

    Attributes
    ----------
    value : callable
        (..., P) -> (...): the loss at many points at once; accepts complex points.
    theta, claimed : array, (P,)
        The point, and the gradient that somebody claims there.
    word : str
        The right verdict: 'right', 'wrong' or 'kink'.
    says : str
        What it is, in words, to be followed by "was called 'right'".
    rank : int
        Smaller is told first: what it shows is easier to see.
    """

    value: Callable[[np.ndarray], np.ndarray]
    theta: np.ndarray
    claimed: np.ndarray
    word: str
    says: str
    rank: int = 0
    notes: dict[Any, Any] = field(default_factory=dict, repr=False)  # what was computed already

    def noted(self, key: Any, compute: Callable[[], Any]) -> Any:
        """Return what `compute` gives, from the notes if it is there."""
        if key not in self.notes:
            self.notes[key] = compute()
        return self.notes[key]

    def loss(self, calls: SimpleNamespace) -> Callable[[Any], float]:
        """Return the loss as a learner gets it: one point, one number, and each call is counted."""
        value, size = self.value, self.theta.size

        def loss(theta: Any) -> float:
            calls.count += 1
            if calls.count > MOST_CALLS:
                raise AskedTooOften
            point = np.asarray(theta)
            if point.shape != (size,):
                raise ValueError(f"theta has shape {point.shape}; the loss needs ({size},)")
            if point.dtype.kind not in "fiu":
                raise TypeError(f"theta has dtype {point.dtype}; the loss needs real numbers")
            return float(value(np.asarray(point, dtype=np.float64)))

        return loss

    def moved(self, steps: np.ndarray) -> np.ndarray:
        """Return the losses at theta + each of `steps` (..., P)."""
        return self.value(self.theta + steps)

    def slopes(self, h: float, up: float = 1.0, down: float = -1.0) -> np.ndarray:
        """Return the difference of the losses at theta + up * h and theta + down * h, divided by the distance."""

        def compute() -> np.ndarray:
            eye = h * np.eye(self.theta.size)
            return (self.moved(up * eye) - self.moved(down * eye)) / ((up - down) * h)

        return self.noted((h, up, down), compute)

    @property
    def numeric(self) -> np.ndarray:
        """Return central differences."""
        return self.slopes(STEP)

    def bent(self, step: float = STEP) -> np.ndarray:
        """Say for which entries the slopes to both sides differ, `step` away."""

        def compute() -> np.ndarray:
            ahead, behind = self.slopes(step, 1.0, 0.0), self.slopes(step, 0.0, -1.0)
            return np.abs(ahead - behind) > 0.01 * np.maximum(np.abs(ahead), np.abs(behind))

        return self.noted(("bent", step), compute)

    def worst(self) -> np.ndarray:
        """Say which entries count as the worst: the largest relative error, by any usual way to divide; or a kink."""
        return self.noted("worst", self._worst)

    def _worst(self) -> np.ndarray:
        if self.word == "kink":
            return self.bent()
        gap, c, n = np.abs(self.claimed - self.numeric), np.abs(self.claimed), np.abs(self.numeric)
        found = ~np.isfinite(self.claimed)
        if found.any():
            return found
        for size in (np.maximum(c, n), c + n, n, c):
            error = np.divide(gap, size, out=np.where(gap > 0, np.inf, 0.0), where=size > 0)
            top = error.max()
            found |= (error == top) if np.isinf(top) else (error >= 0.98 * top)
        return found


# --- checkers that have one fault --------------------------------------------------------------------------------


def relative(c: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Return |c - n| / max(|c|, |n|), 0 where both are 0; NaN stays NaN."""
    size = np.maximum(np.abs(c), np.abs(n))
    return np.abs(c - n) / np.where(size > 0, size, 1.0)


def no_nan(error: np.ndarray) -> np.ndarray:
    """Return errors in which NaN is the largest of all."""
    return np.where(np.isnan(error), np.inf, error)


Measure = Callable[[Pass], tuple[float, np.ndarray]]  # how bad a claimed gradient is, and the error of each entry


@dataclass(frozen=True)
class Sloppy:
    """A checker that calls right what its `measure` finds small enough, whatever its tolerance is.

    `id` stands in the catalogue, or is empty for what is only described; `says` replaces the catalogue's sentence.
    """

    id: str
    measure: Measure
    says: str = ""
    least: float = 1e-9  # no smaller tolerance, and no larger one, would be anybody's for this measure
    widest: float = 0.01
    exact: bool = False  # whether the indices have to be the same, too

    def judge(self, p: Pass) -> tuple[float, np.ndarray]:
        """Return what the measure finds."""
        return p.noted(self, lambda: self.measure(p))


def largest(numeric: Callable[[Pass], np.ndarray], error: Callable = relative) -> Measure:
    """Return the measure that takes the largest error against `numeric`."""

    def measure(p: Pass) -> tuple[float, np.ndarray]:
        errors = no_nan(error(p.claimed, numeric(p)))
        return float(errors.max()), errors

    return measure


def gathered(gather: Callable[[np.ndarray, np.ndarray], float]) -> Measure:
    """Return the measure that makes one number of both gradients; the worst entry is still the right one."""

    def measure(p: Pass) -> tuple[float, np.ndarray]:
        value = float(gather(p.claimed, p.numeric))
        return (math.inf if math.isnan(value) else value), no_nan(relative(p.claimed, p.numeric))

    return measure


def only(which: slice) -> Measure:
    """Return the measure that looks at some entries alone."""

    def measure(p: Pass) -> tuple[float, np.ndarray]:
        errors = np.full(p.theta.size, -1.0)
        errors[which] = no_nan(relative(p.claimed, p.numeric))[which]
        return float(errors.max()), errors

    return measure


def nan_passes(skipped: bool) -> Measure:
    """Return the measure for which NaN is never too large: that entry is passed over, or the whole gradient passes."""

    def measure(p: Pass) -> tuple[float, np.ndarray]:
        errors = np.abs(p.claimed - p.numeric) / np.maximum(np.abs(p.claimed), np.abs(p.numeric))  # 0/0 on purpose
        nan = np.isnan(errors)
        if nan.any() and not skipped:
            return -math.inf, nan.astype(np.float64)
        errors = np.where(nan, -1.0, errors)
        return float(errors.max()), errors

    return measure


def piled(h: float, start: float, up: float, down: float, stays: float) -> Callable[[Pass], np.ndarray]:
    """Return differences for which earlier entries stay moved by `stays` * h; entry i is moved up and down."""

    def numeric(p: Pass) -> np.ndarray:
        eye, before = np.eye(p.theta.size), np.tril(np.ones((p.theta.size, p.theta.size)), -1)
        base = stays * before
        return (p.moved(h * (base + up * eye)) - p.moved(h * (start * base + down * eye))) / ((up - down) * h)

    return numeric


def single(p: Pass) -> np.ndarray:
    """Return central differences of losses that were kept in single precision."""
    eye = STEP * np.eye(p.theta.size)
    return (p.moved(eye).astype(np.float32) - p.moved(-eye).astype(np.float32)).astype(np.float64) / (2 * STEP)


def mean_signed(c: np.ndarray, n: np.ndarray) -> float:
    """Return the mean of the relative errors with their signs, which may cancel."""
    size = np.maximum(np.abs(c), np.abs(n))
    return abs(float(((c - n) / np.where(size > 0, size, 1.0)).mean()))


def length(v: np.ndarray) -> float:
    """Return the Euclidean norm."""
    return float(np.sqrt((v**2).sum()))


def averaged(id: str, gather: Callable[[np.ndarray, np.ndarray], float], says: str = "") -> Sloppy:
    """Return a checker that makes one number of both gradients: a tenth may seem small enough for it."""
    return Sloppy(id, gathered(gather), says, widest=1.0)


def stepped(id: str, numeric: Callable[[Pass], np.ndarray], says: str = "") -> Sloppy:
    """Return a checker with other numeric slopes; what rounding makes of them is the same to the last digit."""
    return Sloppy(id, largest(numeric), says, exact=True)


RIGHT = Sloppy("", largest(lambda p: p.numeric), widest=math.inf)
SLOPPY = (
    Sloppy("absolute_tolerance", largest(lambda p: p.numeric, lambda c, n: np.abs(c - n)), least=1e-15, widest=1.0),
    averaged("mean_for_max", lambda c, n: relative(c, n).mean()),
    averaged("mean_for_max", lambda c, n: relative(c, n).sum(),
           "the errors are added up; a small sum may be one wrong entry, a large one many right ones"),
    averaged("mean_for_max", mean_signed, "the errors are averaged with their signs, so that they cancel"),
    *(averaged("mean_for_max", lambda c, n, clean=clean: np.median(clean(relative(c, n))),
               "the median of the errors decides, which no single wrong entry moves; the largest one decides")
      for clean in (no_nan, np.asarray)),
    averaged("mean_for_max", lambda c, n: np.abs(c - n).mean() / max(np.abs(n).mean(), 1e-300),
           "the differences are averaged before they are compared with the gradients, so that small entries are lost"),
    averaged("length_for_entries", lambda c, n: length(c - n) / (length(c) + length(n) or 1.0)),
    averaged("length_only", lambda c, n: abs(length(c) - length(n)) / (max(length(c), length(n)) or 1.0)),
    averaged("direction_only", lambda c, n: 1 - float(c @ n) / (length(c) * length(n) or 1.0)),
    averaged("absolute_tolerance", lambda c, n: np.abs(c - n).mean(),
           "the mean difference is judged by itself; it is large or small only compared with the gradients"),
    averaged("absolute_tolerance", lambda c, n: length(c - n),
           "the length of the difference is judged by itself; it is large or small only compared with the gradients"),
    Sloppy("first_entry_only", only(slice(0, 1))),
    Sloppy("last_only", only(slice(-1, None)), "only the last entry decides: does each round overwrite the verdict?"),
    Sloppy("last_entry_missed", only(slice(0, -1))),
    Sloppy("last_entry_missed", only(slice(1, None)), "the first entry is never compared: does the loop begin at 1?"),
    Sloppy("sign_ignored", largest(lambda p: p.numeric, lambda c, n: relative(np.abs(c), np.abs(n)))),
    Sloppy("nan_counts_as_right", nan_passes(skipped=True)),
    Sloppy("nan_counts_as_right", nan_passes(skipped=False)),
    Sloppy("divided_by_h", largest(lambda p: 2 * p.numeric)),
    Sloppy("sign", largest(lambda p: -p.numeric), "the difference is taken the wrong way round: the loss ahead minus "
           "the loss behind"),
    *(stepped("forward_for_central", lambda p, h=h: p.slopes(h, 1.0, 0.0))
      for h in (1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7)),
    *(stepped("forward_for_central", lambda p, h=h: p.slopes(h, 0.0, -1.0),
              "the difference goes to one side only, the lower one; a central one goes h to both sides")
      for h in (1e-3, 1e-4, 1e-5, 1e-6, 1e-7)),
    *(stepped("h_too_small", lambda p, h=h, up=up, down=down: p.slopes(h, up, down))
      for up, down in ((1.0, -1.0), (1.0, 0.0), (0.0, -1.0))
      for h in (1e-8, 1e-9, 1e-10, 1e-11, 1e-12, 1e-13, 1e-14, 1e-15, 1e-16)),
    *(stepped("h_too_large", lambda p, h=h: p.slopes(h)) for h in (1.0, 0.5, 0.1, 1e-2)),
    *(stepped("change_not_undone", piled(h, 1.0, *ways))
      for h in (1e-2, 1e-3, 1e-4, 1e-5, 1e-6)
      for ways in ((1.0, -1.0, -1.0), (1.0, -1.0, 1.0), (1.0, 0.0, 1.0))),
    *(stepped("change_not_undone", piled(h, 0.0, 1.0, 0.0, 1.0),
              "the moved entries stay moved, and the loss at the start is subtracted all the same")
      for h in (1e-3, 1e-4, 1e-5, 1e-6, 1e-7)),
    *(Sloppy("tolerance_too_strict", largest(lambda p, h=h: p.slopes(h)), least=0.0, widest=STRICT, exact=True)
      for h in (1e-3, 1e-4, 1e-6, 1e-7)),
    stepped("float32", single),
)  # fmt: skip


@dataclass(frozen=True)
class Kinks:
    """What a checker says instead of 'right': (pass, worst entry) -> word. `id` names what is wrong with that."""

    id: str
    word: Callable[[Pass, int], str]
    says: str = ""


KINKS = (
    Kinks("", lambda p, worst: "kink" if p.bent()[worst] else "wrong"),
    Kinks("", lambda p, worst: "kink" if p.bent().any() else "wrong"),
    Kinks("no_kink_test", lambda p, worst: "wrong"),
    Kinks("no_kink_test", lambda p, worst: "kink", "all that is not right is called a kink: at a corner the slopes to "
          "both sides differ, elsewhere they agree"),
    Kinks("words_exchanged", lambda p, worst: "wrong" if p.bent()[worst] else "kink"),
    *(Kinks("kink_step_too_large", lambda p, worst, step=step: "kink" if p.bent(step)[worst] else "wrong")
      for step in (1.0, 0.5, 0.1, 0.01)),
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """What a learner's function made of one pass: a word and an index, or what is wrong with what came."""

    word: str | None = None
    index: int | None = None
    fault: str = ""


Faults = tuple[tuple[str, str], ...]  # ids, each with its sentence


def recognised(passes: Sequence[Pass], told: Sequence[Told]) -> list[Faults]:
    """Return the faults that explain every word, one of them or two at once; several if no index tells them apart.

    One fault is simpler than two, so two are tried only where no single one explains everything.
    """
    words = [t.word for t in told]
    if None in words:
        return []
    if len(set(words)) == 1:
        says = {"kink": "the verdict does not depend on the gradient: every one of them is called a kink"}.get(
            words[0], ""
        )
        id = "always_right" if words[0] == "right" else "always_wrong"
        return [((id, says or CATALOGUE[id].says),)]
    wrong_ones = sorted(range(len(passes)), key=lambda k: words[k] == passes[k].word)  # they refuse most at once
    passes, told = [passes[k] for k in wrong_ones], [told[k] for k in wrong_ones]
    singles = [(RIGHT, kinks) for kinks in KINKS] + [(sloppy, kinks) for sloppy in SLOPPY for kinks in KINKS[:2]]
    pairs = [(sloppy, kinks) for sloppy in (RIGHT, *SLOPPY) for kinks in KINKS if kinks.id]
    for count, candidates in ((1, singles), (2, pairs)):
        found: list[tuple[float, Faults]] = []
        for sloppy, kinks in candidates:
            explained = _explains(passes, told, sloppy, kinks)
            if explained is not None and len(explained[1]) == count:
                found.append(explained)
        loose = [faults for _, faults in found if faults[0][0] == "tolerance_too_loose"]
        if found:  # a tolerance that lets everything pass hides all else
            top = max(same for same, _ in found)
            best = loose or [faults for same, faults in found if same == top]
            return list({tuple(id for id, _ in faults): faults for faults in reversed(best)}.values())[::-1]
    return []


def _explains(
    passes: Sequence[Pass], told: Sequence[Told], sloppy: Sloppy, kinks: Kinks
) -> tuple[float, Faults] | None:
    """Return how many of the indices a sloppy checker gives, too, and its faults; None if any word is another one."""
    passed, refused = -math.inf, math.inf  # the tolerance lies between these two
    same, noise = [], []  # of indices: where the gradient is wrong, and where it is right and only rounding decides
    for p, t in zip(passes, told, strict=True):
        error, errors = sloppy.judge(p)
        if t.word == "right":
            passed = max(passed, error)
        else:
            refused = min(refused, error)
            worst = int(errors.argmax())
            if kinks.word(p, worst) != t.word:
                return None
            alike = t.index in range(errors.size) and bool(errors[t.index] >= 0.98 * errors[worst])
            (noise if p.word == "right" else same).append(alike)
        if passed >= refused:
            return None
    faults = [(fault.id, fault.says or CATALOGUE[fault.id].says) for fault in (sloppy, kinks) if fault.id]
    if sloppy is RIGHT and (refused <= STRICT or passed >= LOOSE):
        id = "tolerance_too_strict" if refused <= STRICT else "tolerance_too_loose"
        faults.insert(0, (id, CATALOGUE[id].says))
    elif refused <= sloppy.least or passed >= sloppy.widest:
        return None
    indices = noise or same
    share = sum(indices) / len(indices) if indices else 1.0
    by_rounding = sloppy.exact or (faults and faults[0][0] == "tolerance_too_strict")
    if by_rounding and (len(noise) < FEW or share < SAME_INDEX):
        return None
    return share, tuple(faults)


class Verdict(Check):
    """A question that asks for a checker: verdict(loss, claimed, theta) -> (word, index of the worst entry).

    Parameters
    ----------
    name : str
        Exercise and function, 'ps03.verdict'.
    passes : callable
        seed -> the gradients to be told apart, in the order in which they are handed in.
    points, index_points : float
        Marks for the words, and for the indices beside right words.
    look : str
        Where in the slides the answer is derived.
    """

    takes = ("loss", "claimed", "theta")

    def __init__(
        self, name: str, passes: Callable[[int], list[Pass]], points: float, index_points: float, look: str
    ) -> None:
        super().__init__()
        self.name, self.look = name, look
        self.passes = lru_cache(maxsize=4)(passes)
        self.word_points, self.index_points, self.points = points, index_points, points + index_points

    def example(self, k: int) -> tuple[Callable[[Any], float], np.ndarray, np.ndarray]:
        """Return what the k-th call is given, to try the function on it: (loss, claimed, theta).

        Parameters
        ----------
        k : int
            Counted from 1.
        """
        passes = self.passes(seed_of(self.name))
        if k not in range(1, len(passes) + 1):
            raise ValueError(f"k is {k!r}; there are examples 1 to {len(passes)}")
        p = passes[k - 1]
        return p.loss(SimpleNamespace(count=-math.inf)), p.claimed.copy(), p.theta.copy()

    def judge(self, answer: Callable[..., Any], seed: int = 0, hint: int = 0) -> Record:
        """Judge a checker by its verdicts; print nothing.

        Parameters
        ----------
        answer : callable
            The learner's function; called with copies, its prints and warnings kept away.
        seed : int
            What the gradients and their order are drawn from.
        hint : int
            0, 1 or 2: how much help the message gives.

        Returns
        -------
        record : Record
            Marks (points), the first missed gradient, and the message.
        """
        with np.errstate(all="ignore"):
            return self._judge(answer, seed, hint)

    def _judge(self, answer: Callable[..., Any], seed: int, hint: int) -> Record:
        passes, told, changed = self.passes(seed), [], ()
        calls = SimpleNamespace(count=0)
        for p in passes:
            outcome = call(answer, dict(loss=p.loss(calls), claimed=p.claimed, theta=p.theta))
            changed = changed or outcome.changed
            if outcome.unwritten:
                record = Record(
                    self.name, 0.0, self.points, (), _first(None, f"{self.function}: {outcome.failure}", 1), hint=hint
                )
                to_do = said("to do", f"write {self.function}({', '.join(self.takes)}), then run this cell again")
                return replace(record, message="\n".join([self._head(record), *to_do]))
            if calls.count > MOST_CALLS:
                told.append(Told(fault=f"it asked for the loss more than {MOST_CALLS:,} times in all: central "
                                       "differences need two calls for each entry"))  # fmt: skip
                break
            told.append(Told(fault=outcome.failure) if outcome.failure else _read(outcome.value, p.theta.size))
            if "was stopped" in told[-1].fault:  # a second time would take as long
                break
        told += [Told()] * (len(passes) - len(told))
        return self._record(passes, told, changed, hint)

    def _record(self, passes: list[Pass], told: list[Told], changed: tuple[str, ...], hint: int) -> Record:
        hits = [t.word == p.word for p, t in zip(passes, told, strict=True)]
        both = list(zip(passes, told, hits, strict=True))
        rates = {word: [hit for p, _, hit in both if p.word == word] for word in WORDS}
        rejected = rates["right"] + rates["kink"]
        score = max(0.0, sum(rates["wrong"]) / len(rates["wrong"]) + sum(rejected) / len(rejected) - 1)
        marks = math.floor(2 * self.word_points * score + 1e-9) / 2  # steps of half a point
        asked = [(p, t, hit) for p, t, hit in both if p.word != "right"]
        placed = [hit and t.index in range(p.theta.size) and bool(p.worst()[t.index]) for p, t, hit in asked]
        share = sum(placed) / len(placed) if marks else 0.0  # a constant verdict earns nothing
        marks += math.floor(2 * self.index_points * share + 1e-9) / 2
        right = [
            f"{sum(rates[word])} of {len(rates[word])} {what}"
            for word, what in (
                ("wrong", "wrong gradients are found"),
                ("right", "right ones pass"),
                ("kink", "kinks are seen"),
            )
            if sum(rates[word])
        ]
        if all(hits) and any(placed):
            right.append(f"the index is right for {sum(placed)} of {len(placed)}")
        record = Record(self.name, float(marks), float(self.points), tuple(right), None, hint=hint)
        missed = [k for k, (_, t, hit) in enumerate(both) if not hit and (t.word or t.fault)]
        misplaced = [passes.index(p) for (p, _, hit), place in zip(asked, placed, strict=True) if hit and not place]
        if missed:
            faulty = [k for k in missed if told[k].fault] or sorted(missed, key=lambda k: passes[k].rank)
            k = faulty[0]
            text = f"{self.function}: {told[k].fault}" if told[k].fault else _missed(passes[k], told[k])
            record = replace(record, first_wrong=_first("word" if told[k].word else None, text, k + 1))
            found = recognised(passes, told)
            record = replace(
                record,
                mistakes=tuple(dict.fromkeys(id for faults in found for id, _ in faults)),
                named=len(found) == 1,
                explanations=tuple(_joined([says for _, says in faults]) for faults in found),
            )
        elif misplaced:
            k = min(misplaced, key=lambda k: passes[k].rank)
            record = replace(record, first_wrong=_first("worst", _displaced(passes[k], told[k]), k + 1))
            pattern = _index_pattern(passes, told)
            record = replace(record, explanations=(pattern,) if pattern else ())
        return replace(record, message=self._message(record, passes, told, missed, changed))

    def _head(self, record: Record) -> str:
        return f"{self.function}: {record.marks:g} of {record.out_of:g} points"

    def _message(
        self, record: Record, passes: list[Pass], told: list[Told], missed: list[int], changed: tuple[str, ...]
    ) -> str:
        lines = [self._head(record)]

        def say(what: str, text: str) -> None:
            lines.extend(said(what, text))

        first = record.first_wrong
        if record.right:
            say("right", "; ".join(record.right))
        if first:
            say("wrong", first["text"])
            shown = {first["text"]}
            for k in sorted(missed, key=lambda k: passes[k].rank):
                text = _missed(passes[k], told[k])
                if told[k].word and text not in shown and len(shown) < TOLD:
                    shown.add(text)
                    say("", text)
            at_home = f"{self.function}(*{self.name}.example({first['network']}))"
            say("seen on", "a gradient that was drawn for the grading" if os.environ.get("BPLIB_SEED") else at_home)
            if first["part"]:
                named = CATALOGUE[record.mistakes[0]] if record.named and len(record.mistakes) == 1 else None
                say("think", named.think if named else
                    "What does your measure say of this gradient, and which one number decides?")  # fmt: skip
                if record.hint >= 1:
                    say_why(record, say)
                else:
                    say(
                        "more", "hint=1 names the mistake if it is a known one, hint=2 says where to look in the slides"
                    )
            if record.hint >= 2:
                say("look", self.look)
        if changed:
            say("note", f"your function changes its input {', '.join(changed)}: work on a copy (no marks lost)")
        return "\n".join(lines)


def _read(value: Any, size: int) -> Told:
    """Return the verdict in what a learner's function returned."""
    if value is None:
        return Told(fault="it returned None: is a `return` missing?")
    if type(value) not in (tuple, list) or len(value) != 2:
        came = f"{len(value)} values" if type(value) in (tuple, list) else kind(value)
        return Told(fault=f"it returned {came}; two are needed: a word and an index")
    word, index = value
    if not isinstance(word, str) or str(word) not in WORDS:
        shown = repr(str(word)[:30]) if isinstance(word, str) else kind(word)
        return Told(fault=f"the word is {shown}; it can be {', '.join(map(repr, WORDS[:-1]))} or {WORDS[-1]!r}")
    word = str(word)
    if isinstance(index, np.ndarray) and index.ndim == 0:
        index = index[()]
    if index is None and word == "right":
        return Told(word)  # nothing is wrong, so nothing is the worst
    if isinstance(index, bool) or not isinstance(index, int | np.integer):
        return Told(fault=f"the index is {kind(index)}; a whole number is needed")
    return Told(word, int(index))


def _first(part: str | None, text: str, k: int) -> dict[str, Any]:
    return dict(part=part, index=None, got=None, want=None, network=k, place="", units=(), text=text)


def _missed(p: Pass, t: Told) -> str:
    return f"{p.says} was called {t.word!r}"


def _displaced(p: Pass, t: Told) -> str:
    size = p.theta.size
    if t.index not in range(size):
        return f"{p.says}: the index is {t.index}, but theta has {size} entries, 0 to {size - 1}"
    return f"{p.says}: entry {t.index} is not the one with the largest relative error"


def _joined(sentences: Sequence[str]) -> str:
    return sentences[0] if len(sentences) == 1 else f"two faults: {'; and '.join(sentences)}"


def _index_pattern(passes: Sequence[Pass], told: Sequence[Told]) -> str:
    """Say what the index is instead, if one thing is true of all."""

    def errors(p: Pass) -> np.ndarray:
        return relative(p.claimed, p.numeric)

    patterns: tuple[tuple[str, Callable[[Pass, int], bool]], ...] = (
        ("the index is always 0", lambda p, i: i == 0),
        ("the index is always that of the last entry", lambda p, i: i == p.theta.size - 1),
        ("the index is one too large: entries are counted from 0",
         lambda p, i: i - 1 in range(p.theta.size) and p.worst()[i - 1]),
        ("the index is that of the smallest error", lambda p, i: errors(p)[i] <= 1.001 * errors(p).min() + 1e-6),
        ("the index is that of the largest difference, not divided by the size of the gradients",
         lambda p, i: np.abs(p.claimed - p.numeric)[i] >= 0.99 * np.abs(p.claimed - p.numeric).max()),
        ("the index is that of the largest entry in the claimed gradient",
         lambda p, i: np.abs(p.claimed[i]) >= 0.99 * np.abs(p.claimed).max()),
        ("the index is that of the largest entry in the numeric gradient",
         lambda p, i: np.abs(p.numeric[i]) >= 0.99 * np.abs(p.numeric).max()),
    )  # fmt: skip
    asked = [
        (p, t.index) for p, t in zip(passes, told, strict=True) if p.word != "right" and np.isfinite(p.claimed).all()
    ]
    for says, fits in patterns:
        if all(
            i is not None and (i in range(p.theta.size) or "one too large" in says) and fits(p, i) for p, i in asked
        ):
            return says
    return ""
