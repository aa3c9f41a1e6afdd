"""What a plot is given is looked at before it is drawn: a wrong shape is said in words, not in a crooked picture."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from bplib.plots.words import Array, counted


def row(name: str, values: ArrayLike, length: int | None = None) -> Array:
    """Return `values` as a row of float, or say what is wrong with them.

    Raises
    ------
    ValueError
        If the values have more than one axis, are no numbers, or are not `length` many.

    Examples
    --------
    >>> row("h", [1, 2])
    array([1., 2.])
    >>> row("errors", [1.0, 2.0], 3)
    Traceback (most recent call last):
        ...
    ValueError: errors has 2 values; it needs 3
    """
    try:
        values = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} has to be a row of numbers") from None
    if values.ndim != 1:
        raise ValueError(f"{name} has shape {values.shape}; it needs one axis")
    if length is not None and len(values) != length:
        raise ValueError(f"{name} has {counted(len(values), 'value')}; it needs {length}")
    return values


def named(values: Any, name: str) -> dict[str, Any]:
    """Return a mapping of series as it is, one series under `name`, and nothing as an empty mapping.

    Examples
    --------
    >>> named([1.0], "loss"), named({"a": [1.0]}, "loss"), named(None, "loss")
    ({'loss': [1.0]}, {'a': [1.0]}, {})
    """
    if values is None:
        return {}
    return dict(values) if isinstance(values, Mapping) else {name: values}


def grid_of(between: tuple[float, float], points: int = 241) -> Array:
    """Return places from the first number to the second.

    Raises
    ------
    ValueError
        If the first is not the smaller one.

    Examples
    --------
    >>> grid_of((0, 1), 3)
    array([0. , 0.5, 1. ])
    """
    low, high = between
    if not (np.isfinite(low) and np.isfinite(high) and low < high):
        raise ValueError(f"a picture from {low} to {high} is empty: the first number has to be the smaller one")
    return np.linspace(low, high, points)


def heights(f: Callable[[Array], Array], at: Array, shape: tuple[int, ...]) -> Array:
    """Return f at all places at once; overflow is left as it is, for the picture to say.

    Raises
    ------
    ValueError
        If the values do not have `shape`.

    Examples
    --------
    >>> heights(np.square, np.array([2.0, 3.0]), (2,))
    array([4., 9.])
    """
    with np.errstate(all="ignore"):
        values = np.asarray(f(at), dtype=float)
    if values.shape != shape:
        raise ValueError(f"the function returned shape {values.shape} for {at.shape}; it has to return {shape}")
    return values


def elementwise(f: Callable[[Array], Array], at: Array) -> Array:
    """Return f at each place of an array, of the same shape."""
    return heights(f, at, at.shape)


def class_names(names: Sequence[str] | None, n: int) -> list[str]:
    """Return the names of `n` classes, by default their indices.

    Raises
    ------
    ValueError
        If the names are not `n` many.
    """
    if names is None:
        return [str(k) for k in range(n)]
    if len(names) != n:
        raise ValueError(f"there are {counted(len(names), 'name')} for {counted(n, 'class', 'classes')}")
    return [str(name) for name in names]


def class_indices(name: str, values: ArrayLike) -> Array:
    """Return a row of class indices.

    Raises
    ------
    ValueError
        If they are no whole numbers from 0.
    """
    values = np.asarray(values)
    if values.ndim != 1 or (len(values) and values.dtype.kind not in "iu"):
        raise ValueError(f"{name} has to be a row of class indices, whole numbers from 0")
    if len(values) and values.min() < 0:
        raise ValueError(f"{name} holds {values.min()}; classes are counted from 0")
    return values.astype(int)
