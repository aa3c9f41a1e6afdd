"""Two numbers agree when their difference is rounding; before that, their types and shapes have to agree.

The order matters: `np.allclose` broadcasts, so an array of shape (1, 3, 2), an empty one and a masked one all "agree"
with one of shape (3, 2), and `not (nan > tolerance)` is True.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from bplib.checks.calling import kind

TOLERANCE = 1e-12  # honest reordering leaves 1e-16, central differences leave 4e-10


@dataclass(frozen=True)
class Wrong:
    """The first thing that is wrong with one returned value."""

    text: str
    index: tuple[int, ...] | None = None
    got: float | None = None
    want: float | None = None


def usable(
    value: Any, shape: tuple[int, ...], name: str, integers: bool = False
) -> tuple[np.ndarray | None, Wrong | None]:
    """Return `value` as a fresh float64 array of `shape`, and what is wrong with it, if anything is.

    A plain float64 array comes back even if its shape is wrong or NaN is in it, so that a mistake may be recognised in
    it; anything else gives None.
    """
    if shape == () and type(value) in ((int, np.int64, np.int32) if integers else (float, np.float64)):
        value = np.array(value)
    if type(value) is not np.ndarray:
        if isinstance(value, np.ndarray):
            return None, Wrong(f"{name} is {kind(value)}; a plain NumPy array is needed")
        if value is None:
            return None, Wrong(f"{name} is None: it is not computed, or a `return` is missing")
        needed = f"a NumPy array of shape {shape}" if shape else "an int" if integers else "a float"
        return None, Wrong(f"{name} is {kind(value)}; {needed} is needed")
    misshaped = Wrong(f"{name} has shape {value.shape}, should have shape {shape}") if value.shape != shape else None
    if integers and value.dtype.kind in "iu":
        value = value.astype(np.float64)
    elif integers:
        return None, misshaped or Wrong(f"{name} has dtype {value.dtype}, should be an integer type")
    if value.dtype != np.float64:
        return None, misshaped or Wrong(f"{name} has dtype {value.dtype}, should be float64")
    array = np.array(value)
    if misshaped:
        return array, misshaped
    bad = ~np.isfinite(array)
    if bad.any():
        index = first(bad)
        return array, Wrong(f"{label(name, index)} is {array[index]}", index, float(array[index]))
    return array, None


def first(mask: np.ndarray) -> tuple[int, ...]:
    """Return the index of the first True entry of `mask`, in reading order."""
    return tuple(int(i) for i in np.unravel_index(int(np.argmax(mask)), mask.shape))


def label(name: str, index: tuple[int, ...]) -> str:
    """Write one entry of an array as NumPy does: 'delta1[0]', 'dW1[0, 1]', 'loss'."""
    return f"{name}[{', '.join(map(str, index))}]" if index else name


def mismatch(got: np.ndarray, want: np.ndarray) -> np.ndarray:
    """Mark the entries of `got` that differ from `want` by more than rounding on the scale of `want`."""
    return ~(np.abs(got - want) <= TOLERANCE * max(float(np.max(np.abs(want), initial=0.0)), np.finfo(float).tiny))


def difference(got: np.ndarray, want: np.ndarray, name: str) -> Wrong | None:
    """Return the first entry of `got` that differs from `want`, in words, or None."""
    bad = mismatch(got, want)
    if not bad.any():
        return None
    index = first(bad)
    have, need = float(got[index]), float(want[index])
    if not np.isfinite(have):
        return Wrong(f"{label(name, index)} is {have}, should be {number(need, 0.0)}", index, have, need)
    text = f"{label(name, index)} is {number(have, need)}, should be {number(need, have)}"
    return Wrong(text, index, have, need)


def number(value: float, other: float) -> str:
    """Write `value` with four significant digits, or with as many more as tell it from `other`."""
    for digits in (4, 6, 9, 12, 17):
        if f"{value:.{digits}g}" != f"{other:.{digits}g}":
            break
    return f"{value:.{digits}g}"


def size(got: float, want: float) -> str:
    """Say how far `got` is from `want`, as a person would."""
    if not np.isfinite(got):
        return "not a finite number"
    if want == 0 or got == 0:
        return f"off by {abs(got - want):.3g}"
    ratio = got / want
    if abs(ratio - 1) < 1e-5:
        return f"off by {abs(ratio - 1):.1e} of its size: more than rounding"
    if abs(ratio - 1) < 0.1:
        return f"off by {100 * abs(ratio - 1):.3g} %"
    if abs(ratio + 1) < 1e-9:
        return "the right size with the wrong sign"
    sign = "the wrong sign, and " if ratio < 0 else ""
    return f"{sign}{abs(ratio):.4g} times what it should be"
