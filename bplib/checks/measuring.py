"""A slope is measured by moving a number and watching the output; how far it is to be trusted is measured with it.

Complex steps are exact where a function takes complex numbers; else real steps of many lengths have to agree.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from bplib import gradcheck
from bplib.checks import compare
from bplib.checks.calling import call, copied, kind

SECONDS = 60.0  # for all moves of one argument
STEPS = 1e-2 * 4.0 ** -np.arange(12)  # real steps: the long ones lose few digits, the short ones stay in the domain


class Unusable(Exception):
    """A function did what keeps its gradients from being checked; says what in a sentence."""


@dataclass(frozen=True)
class Slopes:
    """The right gradient for one argument, once for each incoming gradient, and how far it can be trusted.

    Entries in `unknown` cannot be measured; the others may be off by `noise`. `exact` tells complex steps from real
    ones.
    """

    wants: list[np.ndarray]
    unknown: np.ndarray
    noise: float
    exact: bool

    @property
    def scale(self) -> float:
        """The largest slope, for any incoming gradient."""
        return max(float(np.abs(want[~self.unknown]).max(initial=0.0)) for want in self.wants)

    @property
    def inexact(self) -> float:
        """What share of the largest slope the noise is."""
        return min(self.noise / self.scale, 1.0) if self.scale else 1.0

    @property
    def fine(self) -> bool:
        """Whether there are digits enough to look for relations."""
        return self.inexact < 1e-8

    def off(self, got: np.ndarray, want: np.ndarray) -> np.ndarray:
        """Mark the entries of `got` that differ from a measured `want` by more than measuring can."""
        tolerance = 1e-9 if self.exact else 1e-7
        return ~(np.abs(got - want) <= tolerance * float(np.abs(want).max(initial=0.0)) + self.noise)

    def all_right(self, gots: list[np.ndarray], wants: list[np.ndarray]) -> bool:
        """Say whether all gradients, one for each incoming gradient, are right."""
        return not any(self.off(got, want).any() for got, want in zip(gots, wants, strict=True))


@dataclass(frozen=True)
class Pair:
    """Two functions and where they are looked at: arguments by name, those that are moved, and incoming gradients."""

    forward: Callable[..., Any]
    backward: Callable[..., Any]
    args: dict[str, Any]
    moved: tuple[str, ...]
    output: np.ndarray
    douts: list[np.ndarray]

    @property
    def numbers(self) -> dict[str, np.ndarray]:
        """The arguments that are moved, as arrays."""
        return {name: np.asarray(self.args[name]) for name in self.moved}


def output_of(forward: Callable[..., Any], args: dict[str, Any]) -> tuple[np.ndarray, tuple[str, ...]]:
    """Call forward twice, and return its output as an array, and what it changed."""
    outputs = []
    for _ in range(2):
        outcome = call(forward, args)
        if outcome.failure:
            raise Unusable(f"forward: {outcome.failure}")
        if isinstance(outcome.value, tuple | list):
            came = kind(outcome.value)
            raise Unusable(f"forward returns {came}; it has to return its output alone, an array or a float")
        output = as_floats(outcome.value)
        if output is None:
            raise Unusable(f"forward returns {kind(outcome.value)}; an array of floats, or a float, is needed")
        if not output.size:
            raise Unusable("forward returns an empty array")
        if not np.isfinite(output).all():
            index = compare.first(~np.isfinite(output))
            raise Unusable(f"forward returns {output[index]} at {compare.label('output', index)}")
        outputs.append(output)
    if not np.array_equal(*outputs):
        raise Unusable("forward gives other numbers each time: draw its random numbers outside, and pass them in")
    return outputs[0], outcome.changed


def as_floats(value: Any) -> np.ndarray | None:
    """Return `value` as a fresh array of floats, or None if it does not hold real numbers."""
    try:
        array = np.asarray(value)
        return np.array(array, dtype=np.float64) if array.dtype.kind in "fiub" else None
    except Exception:  # rows of different lengths, or an object that is no number
        return None


def answer_of(pair: Pair, dout: np.ndarray) -> dict[str, Any]:
    """Return what backward gives for each argument."""
    inputs = {f"argument {name}": value for name, value in pair.args.items()}  # one may be called dout, too
    outcome = call(pair.backward, {"dout": dout[()], **inputs})
    if outcome.failure:
        raise Unusable(f"backward: {outcome.failure}")
    value = outcome.value
    if value is None:
        raise Unusable("backward returns None: is a `return` missing?")
    if not isinstance(value, tuple | list):
        value = (value,)
    for names in (tuple(pair.args), pair.moved):
        if len(value) == len(names):
            return dict.fromkeys(pair.args) | dict(zip(names, value, strict=True))
    takes = f"forward takes {len(pair.args)} argument{'s' * (len(pair.args) > 1)}: {', '.join(pair.args)}"
    raise Unusable(f"backward returns {len(value)} gradient{'s' * (len(value) != 1)}; {takes}")


def slopes_of(pair: Pair, name: str, douts: list[np.ndarray] | None = None, at: np.ndarray | None = None) -> Slopes:
    """Measure the gradient for one argument, once for each incoming gradient; `at` another place if given."""
    douts = pair.douts if douts is None else douts
    x = np.asarray(pair.args[name] if at is None else at)

    def loss(dout: np.ndarray) -> Callable[[np.ndarray], Any]:
        def value(moved: np.ndarray) -> Any:
            given = {**pair.args, name: moved[()]}
            return (dout * pair.forward(*map(copied, given.values()))).sum()

        return value

    def measured() -> Slopes:
        reach = max(1.0, float(np.abs(x).max()))
        size = max(float(np.abs(douts[0] * pair.output).sum()), 1e-300)
        rough, errors = _by_real_steps(loss(douts[0]), x, size)
        scale = float(np.abs(rough[np.isfinite(errors)]).max(initial=0.0))
        room = 1e-6 * scale + 1e-10 * size / reach
        unknown = ~(errors <= room)
        try:
            exact = [gradcheck.complex_step(loss(dout), x) for dout in douts]
            if (np.abs(exact[0] - rough)[~unknown] <= 2 * room).all():
                return Slopes(exact, unknown, 1e-15 * size / reach, True)
        except Exception:  # it does not take complex numbers
            pass
        wants = [rough]
        for dout in douts[1:]:
            want, more = _by_real_steps(loss(dout), x, size)
            wants.append(want)
            errors = np.maximum(errors, more)
        unknown |= ~(errors <= room)
        noise = max(1e-11 * scale, 10 * float(errors[~unknown].max(initial=0.0)), 1e-14 * size / reach)
        return Slopes(wants, unknown, noise, False)

    outcome = call(measured, {}, SECONDS)
    if outcome.failure:
        raise Unusable(f"forward, with {name} moved a little: {outcome.failure}")
    return outcome.value


def _by_real_steps(f: Callable[[np.ndarray], Any], x: np.ndarray, size: float) -> tuple[np.ndarray, np.ndarray]:
    """Return slopes, and how far each may be off, from steps of many lengths: the best are those that agree.

    Long steps bend with the function, short ones lose digits. Two lengths together cancel the bend of second order;
    where three such pairs in a row agree best, the middle one is taken, and their disagreement is its error, besides
    what rounding makes of values of that `size`: the shortest steps may agree just since nothing moves any more.
    """
    steps = STEPS * max(1.0, float(np.abs(x).max()))
    slopes = np.array([gradcheck.central_difference(f, x, float(h)) for h in steps])
    better = (16 * slopes[1:] - slopes[:-1]) / 15
    gaps = np.abs(np.diff(better, axis=0))
    gaps[~np.isfinite(gaps)] = np.inf
    rounding = 4 * np.finfo(float).eps * size / steps[3:]
    errors = np.maximum(gaps[1:], gaps[:-1]) + rounding.reshape(-1, *[1] * x.ndim)
    best = errors.argmin(axis=0)[None]
    error = np.take_along_axis(errors, best, axis=0)[0]
    value = np.take_along_axis(better[1:-1], best, axis=0)[0]
    return value, np.where(_kinks(f, x, steps, slopes, size), np.inf, error)


def _kinks(
    f: Callable[[np.ndarray], Any], x: np.ndarray, steps: np.ndarray, slopes: np.ndarray, size: float
) -> np.ndarray:
    """Mark the entries at which the slopes to the two sides differ, and no less for shorter steps."""
    ahead = np.array([gradcheck.forward_difference(f, x, float(h)) for h in steps])
    jumps = np.abs(ahead - slopes)
    jumps[~np.isfinite(jumps)] = np.inf
    best = np.maximum(jumps.argmin(axis=0), 1)[None]
    least, longer = (np.take_along_axis(jumps, at, axis=0)[0] for at in (best, best - 1))
    scale = np.abs(np.where(np.isfinite(slopes[-1]), slopes[-1], 0.0)).max(initial=0.0)
    seen = 1e-4 * scale + 1e-10 * size / max(1.0, float(np.abs(x).max()))
    return (least > seen) & (least > 0.6 * longer)  # on a smooth function, a quarter is left
