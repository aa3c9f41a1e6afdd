"""A number that was worked out once, by other means, is the best witness: what you compute has to agree with it.

Every number of the decks that the course checks stands in golden.toml, with its source. `agrees` compares.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

TABLE = Path(__file__).with_name("golden.toml")
MOST_SHOWN = 4  # entries of an array that a line has room for


@dataclass(frozen=True)
class Number:
    """A number of the decks, or an array of them: what it is, how exactly it is known, and where it stands."""

    says: str
    value: float | list
    tolerance: float
    cite: str


@cache
def load() -> Mapping[str, Number]:
    """Return all checked numbers by their id; the file is read once.

    Returns
    -------
    numbers : mapping, id -> Number

    Examples
    --------
    >>> load()["004-2.loss"].value
    0.2983711088
    """
    entries = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return MappingProxyType({name: Number(**entry) for name, entry in entries.items()})


def agrees(id: str, value: ArrayLike) -> None:
    """Compare a computed value with the decks' and print a line; stop if they differ.

    Agreement means the same shape, and in every entry a distance of at most half a unit of the last digit known.

    Parameters
    ----------
    id : str
        Which number: '004-2.loss'.
    value : number or array
        What was computed.

    Raises
    ------
    AssertionError
        If shape or value differ, or if the value is no finite real number: with both numbers, the tolerance and the
        source.
    KeyError
        If there is no such id: with those that look like it.

    Examples
    --------
    >>> agrees("004-2.loss", 0.29837110876000272)
    agrees: loss of the 2-2-2 network = 0.29837111
    >>> agrees("004-2.loss", 0.275)
    Traceback (most recent call last):
        ...
    AssertionError: loss of the 2-2-2 network: 0.275, but 0.2983711088 was expected (within 5e-11)
      Deck 004 (Chen, NTUST), "Mean Squared Error"; printed 0.275, see E1
    """
    known = load()
    if id not in known:
        near = difflib.get_close_matches(id, known, n=3, cutoff=0.3)
        raise KeyError(f"no number {id!r}; do you mean {' or '.join(map(repr, near)) or 'one of golden.toml'}?")
    number = known[id]
    want, got = np.asarray(number.value, dtype=np.float64), np.asarray(value)
    if got.dtype.kind not in "fiu":
        raise AssertionError(f"{number.says}: {got.dtype} is no kind of real number\n  {number.cite}")
    if got.shape != want.shape:
        raise AssertionError(f"{number.says}: shape {got.shape}, but {want.shape} was expected\n  {number.cite}")
    off = ~(np.abs(got - want) <= number.tolerance)  # NaN is never within anything
    if off.any():
        where = tuple(int(i) for i in np.argwhere(off)[0])
        place = f", entry {list(where)}" if where else ""
        raise AssertionError(
            f"{number.says}{place}: {got[where]:.12g}, but {want[where]:.12g} was expected "
            f"(within {number.tolerance:.0e})\n  {number.cite}"
        )
    print(f"agrees: {number.says} = {_line(got)}")


def _line(value: np.ndarray) -> str:
    digits = 8 if value.size <= 2 else 5
    shown = [format(float(entry), f".{digits}g") for entry in value.ravel()[:MOST_SHOWN]]
    return ", ".join(shown) + (f", ... ({value.size} in all)" if value.size > MOST_SHOWN else "")
