"""How many digits agree tells how a number was made: a formula gives fifteen, a difference quotient seven or ten.

Nobody has to guess which it was: the function is asked again, with inputs that differ in their eleventh digit. What a
formula gives moves along smoothly. Where two nearly equal losses are subtracted and the rest is divided by a small h,
the last digits are rounding, and jump. Where digits were cut off, nothing moves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from bplib.checks.mistakes import Slip, slip

NEAR = 0.01  # of the largest entry: a difference quotient is nearer, unless its h is far too large
STEP = 1e-11  # of each input: a hundred thousand times what float64 can tell apart, and nothing for float32
TIMES = 6  # how often the inputs are moved by one more step
# Of the largest entry. A formula's values bend by 1e-14 at most, from its own rounding. A central difference with
# h = 1e-3 jumps by 1e-12, and with smaller h by more.
JUMP = 50 * np.finfo(np.float64).eps
OFTEN = 0.2  # of the entries
SMALL = 0.1  # inputs are of order one: a value far smaller than this may be nothing but honest rounding
SINGLE = 1e-5  # of the largest entry: float32 is nearer
MOST_DECIMALS = 11
NUMERIC = slip("numeric_difference", credit=False)
INEXACT = ("numeric_difference", "float32", "rounded_result")

Change = Callable[[Any], Any]


@dataclass(eq=False)
class Again:
    """An answer, to be asked again with other inputs; what it says is kept.

    Parameters
    ----------
    ask : callable
        (instance, change of every input) -> the returned values by name, or None where there are none.
    instances : sequence
        What it is asked on.
    """

    ask: Callable[[Any, Change], dict[str, Any] | None]
    instances: Sequence[Any]
    kept: dict[int, list[dict[str, Any] | None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.instances = [n for n in self.instances if not getattr(n, "extreme", False)]

    def moved(self, k: int) -> list[dict[str, Any] | None]:
        """Return what comes on each instance when every input is moved by k steps."""
        if k not in self.kept:
            self.kept[k] = [self.ask(n, partial(changed, change=partial(_moved, k=k))) for n in self.instances]
        return self.kept[k]

    def jumps(self, name: str) -> bool:
        """Say whether the returned value `name` jumps while the inputs move evenly: as rounding does, times 1/h.

        A number that was cut off on the way jumps, too, but seldom: only where a step takes it over an edge.
        """
        bends, largest = [np.zeros(0)], SMALL
        for answers in zip(*(self.moved(k) for k in range(TIMES + 1)), strict=True):
            rows = [arrays(given[name]) for given in answers if given is not None]
            for series in zip(*rows, strict=False):
                if len(series) > TIMES and len({array.shape for array in series}) == 1 and series[0].size:
                    bends.append(np.abs(np.diff(np.array(series), 2, axis=0)).max(axis=0)[series[0] != 0])
                    largest = max(largest, np.abs(series[0]).max())
        over = np.concatenate([np.ravel(bend) for bend in bends]) > JUMP * largest
        return bool(over.sum() > OFTEN * over.size)

    def single(self, name: str) -> bool:
        """Say whether `name` does not change at all when every input is rounded to float32: nobody used the rest."""
        for n, before in zip(self.instances, self.moved(0), strict=True):
            after = self.ask(n, partial(changed, change=lambda v: v.astype(np.float32).astype(np.float64)))
            if before is None or after is None:
                return False
            pairs = zip(arrays(before[name]), arrays(after[name]), strict=False)
            if not all(np.array_equal(one, other) for one, other in pairs):
                return False
        return True


def _moved(v: np.ndarray, k: int) -> np.ndarray:
    """Return an array with each entry moved by k steps, none of them by the same."""
    return v * (1 + k * STEP * (1 + np.arange(v.size).reshape(v.shape) % 7 / 8))


def changed(value: Any, change: Callable[[np.ndarray], np.ndarray]) -> Any:
    """Return an input with `change` made to all its real numbers; counts and classes stay as they are."""
    if type(value) is np.ndarray and value.dtype == np.float64:
        return change(value)
    if type(value) in (float, np.float64):
        return float(change(np.array(value)))
    if type(value) in (tuple, list):
        return type(value)([changed(item, change) for item in value])
    if type(value) is dict:
        return {key: changed(item, change) for key, item in value.items()}
    return value


def arrays(value: Any) -> list[np.ndarray]:
    """Return all the real numbers of a returned value, as arrays."""
    if type(value) is dict:
        value = list(value.values())
    if type(value) in (tuple, list):
        return [array for item in value for array in arrays(item)]
    if type(value) in (float, np.float64) or (type(value) is np.ndarray and value.dtype == np.float64):
        return [np.array(value)]
    return []


def how(gots: Sequence[np.ndarray], wants: Sequence[np.ndarray], again: Again, name: str) -> tuple[Slip, str] | None:
    """Say how values came about that are nearly right in every entry, and not right.

    Parameters
    ----------
    gots, wants : sequences of arrays
        What came and what is right, of the same shapes.
    again : Again
        The answer, to be asked again.
    name : str
        The returned value that they belong to.

    Returns
    -------
    slip : Slip
        'numeric_difference', 'float32' or 'rounded_result'. `credit` is True only if the rest of the work was seen to
        be there: rounding to float32 at the end may hide anything.
    words : str
        What is seen in the digits, to go on with after a colon.
    None for values that are not so near, or nearly right for another reason (a small number added, say).
    """
    with np.errstate(all="ignore"):
        scales = [np.abs(want).max(initial=0.0) for want in wants]
        gaps = [np.abs(got - want).max(initial=0.0) for got, want in zip(gots, wants, strict=True)]
        error = max((gap / scale if scale else gap for gap, scale in zip(gaps, scales, strict=True)), default=0.0)
        near = 0 < error < NEAR  # NaN is not near, either
        values, rights = (np.concatenate([array.ravel() for array in found]) for found in (gots, wants))
        places = decimals(values)
        if places is not None and (near or np.array_equal(values, np.round(rights, places))):
            after = f"{places} decimal{'s' * (places != 1)}" if places else "whole numbers"
            return slip("rounded_result", credit=False), f"each value is the right one rounded to {after}"
        if not near:
            return None
        digits = f"accurate to {int(-np.log10(error))} digits"
        if again.jumps(name):
            return NUMERIC, f"{digits}: that is what a difference quotient gives; the chain rule gives all 15"
        throughout = error < SINGLE and again.single(name)
        if throughout or (error < SINGLE and np.array_equal(values, values.astype(np.float32))):
            words = f"{digits}: computed in single precision, which has about 7; float64 has 15"
            return slip("float32", credit=throughout), words
    return None


def decimals(values: np.ndarray) -> int | None:
    """Return after how many decimals all `values` end, if they end early and are not just a few round numbers."""
    if len(np.unique(values)) <= 2:
        return None
    return next((places for places in range(MOST_DECIMALS) if np.array_equal(values, np.round(values, places))), None)
