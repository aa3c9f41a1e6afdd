"""Two matrices fit if the lengths that meet are equal: which ones meet is a matter of the sign between them.

`@` wants equal inner lengths; `+ - * /` want equal lengths or ones, counted from the last, as in NumPy; `=` wants the
same shape. Each length remembers the matrix that it comes from, so that a refusal names the side where it began.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import NamedTuple

LEVELS = (("=",), ("+", "-"), ("@", "*", "/"))  # what binds loosely comes first
SIGNS = tuple(sign for level in LEVELS for sign in level)


class Length(NamedTuple):
    """One length of a shape: its size, and the axis of the matrix that it comes from."""

    size: int
    matrix: int
    axis: int


Found = tuple[Length, ...] | None  # a shape; None if something within the expression does not fit


@dataclass
class Fit:
    """What is found when an expression is read."""

    names: Sequence[str]
    shapes: Sequence[tuple[int, ...]]
    refusals: list[str] = field(default_factory=list)  # in words
    marked: set[tuple[int, int]] = field(default_factory=set)  # (matrix, axis) of all lengths that refuse
    result: tuple[int, ...] | None = None  # the shape that comes out

    def side(self, length: Length) -> str:
        """Say which length of which matrix it is."""
        kind = ("rows", "columns")[length.axis] if len(self.shapes[length.matrix]) == 2 else "length"
        return f"{kind} of {self.names[length.matrix]}"

    def refuse(self, a: Length, b: Length) -> None:
        """Note that two lengths differ."""
        self.refusals.append(f"{a.size} is not {b.size}: {self.side(a)}, {self.side(b)}")
        self.marked |= {a[1:], b[1:]}

    def refuse_all(self, why: str, *sides: tuple[Length, ...]) -> None:
        """Note that two shapes cannot be compared length by length."""
        self.refusals.append(why)
        self.marked |= {length[1:] for side in sides for length in side}


def fit(names: Sequence[str], shapes: Sequence[tuple[int, ...]], signs: Sequence[str]) -> Fit:
    """Read an expression and note where it does not fit.

    Parameters
    ----------
    names, shapes : sequences of str, of tuples of int
        The matrices, each of at most two lengths.
    signs : sequence of str
        The operators between them, one fewer.

    Returns
    -------
    found : Fit
        Without refusals if everything fits.

    Examples
    --------
    >>> fit(["X", "W", "b"], [(5, 3), (3, 4), (4,)], ["@", "+"]).result
    (5, 4)
    >>> fit(["X", "W", "b"], [(5, 3), (3, 4), (5,)], ["@", "+"]).refusals
    ['4 is not 5: columns of W, length of b']
    """
    found = Fit(names, shapes)
    leaves = [tuple(Length(size, k, axis) for axis, size in enumerate(shape)) for k, shape in enumerate(shapes)]
    result = _read(found, leaves, signs, LEVELS)
    found.result = None if result is None else tuple(length.size for length in result)
    return found


def _read(found: Fit, leaves: Sequence[Found], signs: Sequence[str], levels: Sequence[Sequence[str]]) -> Found:
    """Return the shape of an expression whose loosest signs are those of the first level."""
    if not levels:
        (shape,) = leaves
        return shape
    cuts = [k + 1 for k, sign in enumerate(signs) if sign in levels[0]]
    parts = [
        _read(found, leaves[start:end], signs[start : end - 1], levels[1:])
        for start, end in zip([0, *cuts], [*cuts, len(leaves)], strict=True)
    ]
    result = parts[0]
    for cut, part in zip(cuts, parts[1:], strict=True):
        meet = {"@": _product, "=": _equal}.get(signs[cut - 1], _broadcast)
        result = None if result is None or part is None else meet(found, result, part)
    return result


def _product(found: Fit, a: tuple[Length, ...], b: tuple[Length, ...]) -> Found:
    if not a or not b:
        found.refuse_all("a number has no rows and no columns: write * for @", a, b)
        return None
    if a[-1].size != b[0].size:
        found.refuse(a[-1], b[0])
        return None
    return a[:-1] + b[1:]


def _broadcast(found: Fit, a: tuple[Length, ...], b: tuple[Length, ...]) -> Found:
    """Return the shape of a + b: lengths are compared from the last, and a 1 is repeated."""
    result = []
    for p, q in zip_longest(reversed(a), reversed(b)):
        if p and q and p.size != q.size and 1 not in (p.size, q.size):
            found.refuse(p, q)
            return None
        result.append(q if p is None or (q and p.size == 1) else p)
    return tuple(reversed(result))


def _equal(found: Fit, a: tuple[Length, ...], b: tuple[Length, ...]) -> Found:
    if len(a) != len(b):
        sizes = [tuple(length.size for length in shape) for shape in (a, b)]
        found.refuse_all(f"{sizes[0]} is not {sizes[1]}: different numbers of lengths", a, b)
        return None
    for p, q in zip(a, b, strict=True):
        if p.size != q.size:
            found.refuse(p, q)
            return None
    return b
