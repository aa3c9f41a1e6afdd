"""Most mistakes with matrices are mistakes of shape: drawn as boxes, one sees which two lengths refuse."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from operator import index

from bplib.svg.drawing import (
    FORWARD,
    GIVEN,
    GRID,
    LINE,
    NAME,
    TITLE,
    WRONG,
    WRONG_INK,
    Drawing,
    cut,
    document,
    tell,
    text,
    width_of,
)
from bplib.svg.fitting import SIGNS, fit

MOST_MATRICES, LONGEST = 12, 18
CELL, LONG_SIDE, SHORT_SIDE = 18.0, 150.0, 14.0  # of one row or column; of the longest side; of any side at least
SIGN, MARGIN, LINE_HEIGHT = 34.0, 24.0, 18.0


def shapes(*items: tuple[str, Sequence[int]] | str, title: str | None = None) -> Drawing:
    """Draw the matrices of an expression as boxes, and say whether their shapes fit.

    Sides are in proportion to rows and columns, within bounds. Where shapes do not fit, the two sides that refuse are
    thick, with their lengths beside them. A vector is drawn as a row, behind `@` as a column.

    Parameters
    ----------
    *items : (name, shape) and operators in turn
        A shape has no, one or two lengths; the operators are `@ * / + - =`. A transpose is given with its own shape:
        `("X.T", (3, 5))`.
    title : str, optional
        A line above the boxes.

    Returns
    -------
    drawing : Drawing

    Raises
    ------
    ValueError
        If names and operators do not take turns, an operator is unknown, there are more than 12 matrices, or a shape
        is none: more than two lengths, or a length below 1. A misfit is drawn and never raised.

    Examples
    --------
    >>> shapes(("X", (5, 3)), "@", ("W", (3, 4)), "+", ("b", (4,)), "=", ("Z", (5, 4))).alt
    'X (5, 3) @ W (3, 4) + b (4,) = Z (5, 4); it fits.'
    >>> shapes(("X", (5, 3)), "@", ("W", (4, 3))).alt
    'X (5, 3) @ W (4, 3); it does not fit; 3 is not 4: columns of X, rows of W.'
    """
    names, sizes, signs = _split(items)
    found = fit(names, sizes, signs)
    if found.refusals:
        verdict = ["it does not fit", *found.refusals]
    else:
        verdict = ["it fits" if "=" in signs or not signs else f"it fits: the result is {found.result}"]

    unit = min(CELL, LONG_SIDE / max((size for shape in sizes for size in shape), default=1))
    columns = [before == "@" for before in ["", *signs]]
    boxes = [_box(*each, unit) for each in zip(sizes, columns, strict=True)]
    tallest = max(height for _, height in boxes)
    middle = (44.0 if title else 18.0) + 20 + tallest / 2
    parts, x = [], MARGIN
    for k, (name, shape, (width, height)) in enumerate(zip(names, sizes, boxes, strict=True)):
        if k:
            parts.append(text(x + SIGN / 2, middle, _sign(signs[k - 1]), 18.0))
            x += SIGN
        marked = [axis for axis in range(len(shape)) if (k, axis) in found.marked]
        beside = [shape[axis] for axis in marked if _upright(shape, axis, columns[k])]
        below = [shape[axis] for axis in marked if not _upright(shape, axis, columns[k])]
        x += sum(width_of(str(size), NAME) + 8 for size in beside)
        room = max(width, *map(width_of, (name, str(shape))))
        x += room / 2
        top, bottom, left = middle - height / 2, middle + height / 2, x - width / 2
        parts.append(_matrix(left, top, width, height, unit))
        parts.append(text(x, top - 13, name, NAME, bold=True))
        parts.append(text(x, bottom + (34 if below else 16), str(shape), kind="shape"))
        for size in beside:
            parts.append(_thick(left, top, left, bottom))
            parts.append(text(left - 8, middle, str(size), NAME, bold=True, fill=WRONG_INK, anchor="end"))
        for size in below:
            parts.append(_thick(left, bottom, left + width, bottom))
            parts.append(text(x, bottom + 15, str(size), NAME, bold=True, fill=WRONG_INK))
        x += room / 2
    least = max(*map(width_of, verdict), width_of(title or "", TITLE)) + 2 * MARGIN
    total = max(x + MARGIN, least)
    if total > x + MARGIN:
        parts = [f'<g transform="translate({(total - x - MARGIN) / 2:.2f} 0)">', *parts, "</g>"]
    y = middle + tallest / 2 + (60 if found.marked else 42)
    ink = WRONG_INK if found.refusals else FORWARD
    for words in verdict:
        parts.append(text(total / 2, y, words, fill=ink, bold=bool(found.refusals), kind="verdict"))
        y += LINE_HEIGHT
    written = [f"{name} {shape} {sign}".strip() for name, shape, sign in zip_longest(names, sizes, signs, fillvalue="")]
    return Drawing(document(total, y + 6, parts, title), tell(title, " ".join(written), verdict))


def _split(items: Sequence[tuple[str, Sequence[int]] | str]) -> tuple[list[str], list[tuple[int, ...]], list[str]]:
    """Return names, shapes and operators of an expression, checked."""
    if len(items) % 2 == 0:
        raise ValueError("an expression begins and ends with a matrix: (name, shape), operator, (name, shape), ...")
    if len(items) > 2 * MOST_MATRICES:
        raise ValueError(f"{len(items) // 2 + 1} matrices are too many to draw: at most {MOST_MATRICES}")
    for sign in items[1::2]:
        if sign not in SIGNS:
            raise ValueError(f"{sign!r} is no operator: use one of {' '.join(SIGNS)}")
    names, sizes = [], []
    for item in items[::2]:
        if isinstance(item, str) or len(item) != 2 or not isinstance(item[0], str):
            raise ValueError(f"{item!r} is no matrix: write it as (name, shape)")
        names.append(cut(item[0], LONGEST))
        sizes.append(_shape(*item))
    return names, sizes, list(items[1::2])


def _shape(name: str, shape: Sequence[int]) -> tuple[int, ...]:
    try:
        sizes = tuple(index(size) for size in shape)
    except TypeError:
        raise ValueError(f"the shape of {name} is a tuple of whole numbers, not {shape!r}") from None
    if len(sizes) > 2 or min(sizes, default=1) < 1:
        raise ValueError(f"the shape of {name} has at most two lengths, each at least 1, not {shape!r}")
    return sizes


def _upright(shape: tuple[int, ...], axis: int, column: bool) -> bool:
    """Say whether a length is drawn from top to bottom."""
    return axis == 0 and (len(shape) == 2 or column)


def _box(shape: tuple[int, ...], column: bool, unit: float) -> tuple[float, float]:
    """Return width and height of a matrix, in pixels."""
    sides = {False: 1, True: 1}
    sides |= {_upright(shape, axis, column): size for axis, size in enumerate(shape)}
    return max(sides[False] * unit, SHORT_SIDE), max(sides[True] * unit, SHORT_SIDE)


def _matrix(left: float, top: float, width: float, height: float, unit: float) -> str:
    """Return the box of a matrix, with a line between any two rows and columns if they are few."""
    box = (
        f'<rect class="matrix" x="{left:.2f}" y="{top:.2f}" width="{width:.2f}" height="{height:.2f}" fill="{GIVEN}" '
        f'stroke="{LINE}" stroke-width="1.60"/>'
    )
    if unit < SHORT_SIDE:
        return box
    lines = [f"M {left + k * unit:.2f} {top:.2f} v {height:.2f}" for k in range(1, round(width / unit))]
    lines += [f"M {left:.2f} {top + k * unit:.2f} h {width:.2f}" for k in range(1, round(height / unit))]
    return box + (f'<path d="{" ".join(lines)}" stroke="{GRID}" fill="none"/>' if lines else "")


def _thick(x1: float, y1: float, x2: float, y2: float) -> str:
    return (
        f'<line class="refuses" x1="{x1:.2f}" y1="{y1:.2f}" x2="{x2:.2f}" y2="{y2:.2f}" stroke="{WRONG}" '
        f'stroke-width="6.00"/>'
    )


def _sign(sign: str) -> str:
    return {"-": "−", "*": "×"}.get(sign, sign)
