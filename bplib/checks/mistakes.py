"""A wrong value is often the right value of another formula: find which one, and say so only if nothing else fits.

A mistake is known by what it makes of the numbers. It is recognised when it explains every entry on every instance to
rounding; when two explain them all, both are given, and none is called *the* mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

CLOSE = 1e-9  # of the largest entry: rounding leaves 1e-15, and two formulas on random numbers differ by far more


@dataclass(frozen=True)
class Mistake:
    """One known mistake of one value: `value(n)` is what it returns for instance `n`; `says` is one sentence."""

    id: str
    says: str
    value: Callable[[Any], Any]


def everywhere(want: Callable[[Any], Any]) -> tuple[Mistake, ...]:
    """Return the mistakes that any value can have: sign and a factor of two."""
    return (
        Mistake("sign", "the sign is the other one in every entry", lambda n: -np.asarray(want(n))),
        Mistake("factor_two", "a factor 2 too many in every entry", lambda n: 2 * np.asarray(want(n))),
        Mistake("factor_half", "a factor 1/2 too many in every entry", lambda n: np.asarray(want(n)) / 2),
    )


def explains(mistake: Mistake, instances: Sequence[Any], gots: Sequence[np.ndarray]) -> bool:
    """Say whether `mistake` gives every value in `gots`."""
    for n, got in zip(instances, gots, strict=True):
        value = np.asarray(mistake.value(n), dtype=np.float64)
        if value.shape != got.shape or not np.abs(value - got).max() <= CLOSE * max(np.abs(value).max(), 1e-300):
            return False
    return True


def recognised(
    mistakes: Sequence[Mistake], instances: Sequence[Any], gots: Sequence[np.ndarray]
) -> tuple[Mistake, ...]:
    """Return those of `mistakes` that explain all values: none, one, or several that cannot be told apart."""
    return tuple(mistake for mistake in mistakes if explains(mistake, instances, gots))
