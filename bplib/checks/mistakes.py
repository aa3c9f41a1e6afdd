"""A wrong value is often the right value of another formula: find which one, and say so only if nothing else fits.

A formula has places: what comes from below, the weights, the sum, the slope. A slip puts something else into one of
them, so two slips at once need no entry of their own. A slip is recognised when the formula with it gives every entry
of every instance to rounding; when two give them all, both are told, and none is called *the* mistake.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

CLOSE = 1e-9  # of the largest entry: rounding leaves 1e-15, and two formulas on random numbers differ by far more
CANNOT = (AttributeError, ValueError, IndexError, KeyError, TypeError)  # the slip has nothing to work on, or no shape
AFTER = ("after", "scale", "sign")  # places that every formula has: what is done to the finished value, in this order


@dataclass(frozen=True, eq=False)
class Slip:
    """One known mistake: `id` in the catalogue, and what it `puts` into which place of the formula.

    `says` replaces the catalogue's sentence where a question can be plainer; `credit` is False for a slip after which
    nothing of the work is left (the input handed back). A `free` slip has a number in it that only the learner knows,
    the learning rate of a step that came too early, say: its functions take that number last, the value is linear in
    it, and `{c}` in `says` stands for it. `convention` marks what another course does on purpose;
    `alone` what is not looked for together with another slip.
    """

    id: str
    puts: Mapping[str, Any]
    says: str = ""
    credit: bool = True
    free: bool = False
    convention: bool = False
    alone: bool = False

    def at(self, c: float) -> Slip:
        """Return a free slip with its number chosen."""
        puts = {place: lambda *inputs, f=f: f(*inputs, c) for place, f in self.puts.items()}
        return Slip(self.id, puts, self.says.replace("{c}", f"{c:.4g}"), self.credit)


def slip(
    id: str,
    says: str = "",
    credit: bool = True,
    free: bool = False,
    convention: bool = False,
    alone: bool = False,
    **puts: Any,
) -> Slip:
    """Return the slip that puts something else into the named places."""
    return Slip(id, puts, says, credit, free, convention, alone)


EVERYWHERE = (
    slip("sign", sign=np.negative),
    slip("factor_two", scale=lambda value: 2 * value),
    slip("factor_half", scale=lambda value: value / 2),
)


@dataclass(frozen=True, eq=False)
class Formula:
    """A right formula, `right(local, place=...)`, and the slips that are known in its places.

    `local` holds the quantities that the formula uses, and those that a learner may take instead.
    """

    right: Callable[..., Any]
    slips: tuple[Slip, ...] = ()
    anywhere: tuple[Slip, ...] = EVERYWHERE

    def but(self, *slips: Slip, without: Sequence[str] = ()) -> Formula:
        """Return this formula with further slips, or `without` some (by id)."""
        own, anywhere = (tuple(s for s in known if s.id not in without) for known in (self.slips, self.anywhere))
        return Formula(self.right, (*own, *slips), anywhere)

    @property
    def known(self) -> tuple[Slip, ...]:
        """Its own slips, and those that any value can have."""
        return (*self.slips, *self.anywhere)

    def value(self, local: Any, *slips: Slip) -> np.ndarray:
        """Return what the formula gives with `slips` in their places."""
        puts = {place: what for slip in slips for place, what in slip.puts.items()}
        after = [puts.pop(place) for place in AFTER if place in puts]
        value = np.asarray(self.right(local, **puts), dtype=np.float64)
        for change in after:
            value = np.asarray(change(value), dtype=np.float64)
        return value

    def pairs(self) -> Iterator[tuple[Slip, Slip]]:
        """Yield every two slips that sit in different places."""
        for one, other in combinations([slip for slip in self.known if not (slip.free or slip.alone)], 2):
            if one.id != other.id and not one.puts.keys() & other.puts.keys():
                yield one, other


@dataclass(frozen=True)
class Case:
    """One array that was returned: what it should be made from, and what came."""

    local: Any
    got: np.ndarray

    def explained(self, formula: Formula, slips: tuple[Slip, ...]) -> bool:
        """Say whether the formula with `slips` gives what came, in every entry."""
        try:
            value = formula.value(self.local, *slips)
        except CANNOT:
            return False
        return thin(value) == thin(self.got) and alike(value.ravel(), self.got.ravel())

    def fitted(self, formula: Formula, slip: Slip) -> Slip | None:
        """Return a free slip with the number that explains this case best, None if it changes nothing here."""
        try:
            zero, one = (formula.value(self.local, slip.at(c)).ravel() for c in (0.0, 1.0))
        except CANNOT:
            return None
        direction = one - zero
        if zero.size != self.got.size or not direction.any():
            return None
        c = float(direction @ (self.got.ravel() - zero) / (direction @ direction))
        return slip.at(c) if np.isfinite(c) and abs(c) > CLOSE else None


def thin(array: np.ndarray) -> tuple[int, ...]:
    """Return the shape without axes of length 1: one pattern is a batch of one."""
    return tuple(length for length in array.shape if length != 1)


def alike(value: np.ndarray, got: np.ndarray) -> bool:
    """Say whether two vectors are the same numbers to rounding; infinities and NaN must stand in the same places."""
    difference = np.abs(value - got)
    scale = np.abs(value).max(initial=1e-300)
    if difference.max(initial=0.0) <= CLOSE * scale and scale < np.inf:
        return True
    finite = np.isfinite(value)
    if finite.all() or not np.array_equal(value[~finite], got[~finite], equal_nan=True):
        return False
    return bool(np.isfinite(got[finite]).all()) and alike(value[finite], got[finite])


def recognised(formula: Formula, cases: Sequence[Case], pairs: bool = True) -> tuple[tuple[Slip, ...], ...]:
    """Return what explains all `cases`: none, one, or several explanations of one slip each; else of two slips each.

    Of two pairs, one of slips that belong to the formula says more than one with a sign that any value can have. One
    slip is simpler than two, so two are tried only where no single one explains everything (and not at all without
    `pairs`: two slips can make a zero of anything). The first case has to be a wrong one.
    """
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a slip may divide by zero, or take the mean of nothing
        if all(case.explained(formula, ()) for case in cases):
            return ()  # it differs by less than a slip would make
        chosen = [cases[0].fitted(formula, slip) if slip.free else slip for slip in formula.known]
        singles = [(slip,) for slip in chosen if slip is not None]
        for candidates in (singles, formula.pairs() if pairs else ()):
            found: dict[tuple[str, ...], tuple[Slip, ...]] = {}
            for slips in candidates:
                if all(case.explained(formula, slips) for case in cases):
                    found.setdefault(tuple(slip.id for slip in slips), slips)
            if found:
                twos = [slips for slips in found.values() if len(slips) == 2]
                special = [slips for slips in twos if not any(slip in EVERYWHERE for slip in slips)]
                return tuple(special or found.values())
    return ()
