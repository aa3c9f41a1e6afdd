"""Training is watched on curves: one network epoch by epoch, or several learning rules side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from bplib.plots import paper
from bplib.plots.given import named, row
from bplib.plots.paper import Plot
from bplib.plots.words import Array, number, sound, trend

MOST_POINTS = 600  # of one curve: as many as there are dots to draw it on
OFF = 100  # times the largest first value: a curve that climbs so high leaves the picture, else nothing else is seen


def learning_curves(
    history: Any,
    of: str = "loss",
    *,
    log: bool | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Plot:
    """Draw how loss or accuracy went, epoch by epoch, in training and in validation.

    Parameters
    ----------
    history : History, mapping of name -> sequence of float, or sequence of float
        A record of `bplib.training.train`, or curves of your own; the first value belongs to epoch 1.
    of : str
        What to take from a history ('loss', 'accuracy', 'gradient_norm', 'eta'); of other curves, what they show.
    log : bool, optional
        Whether the values stand on a logarithmic axis; by default if they span more than four decades.
    title : str, optional
        A line above.
    ax : Axes, optional
        Made when None.

    Returns
    -------
    plot : Plot
        Artists: `lines`, `labels`, `diverged` (a cross for each curve that ends in NaN, infinity or beyond 1e100).

    Raises
    ------
    ValueError
        If a curve is no row of numbers, or there are more than 8.

    Examples
    --------
    >>> learning_curves([0.93, 0.3, 0.05, 0.02]).alt
    'Loss falls from 0.93 to 0.02 in 4 epochs.'
    >>> learning_curves({"training": [1.0, 0.5], "validation": []}).alt
    'Training loss falls from 1 to 0.5 in 2 epochs; validation loss: nothing recorded yet.'
    """
    if hasattr(history, "loss"):
        if not hasattr(history, of):
            raise ValueError(f"a history holds no {of!r}: take 'loss', 'accuracy', 'gradient_norm' or 'eta'")
        curves = {"training": getattr(history, of)}
        if len(validation := getattr(history, f"validation_{of}", [])):
            curves["validation"] = validation
    else:
        curves = named(history, "")
    return _draw(curves, of, "epoch", 1, None, log, title, ax)


def race(
    losses: Mapping[str, ArrayLike],
    *,
    upto: int | None = None,
    log: bool | None = None,
    of: str = "loss",
    unit: str = "step",
    title: str | None = None,
    ax: Axes | None = None,
) -> Plot:
    """Draw the losses of several learning rules, step by step, in one picture.

    Parameters
    ----------
    losses : mapping, rule -> sequence of float
        Loss after each step; the first value is the loss at the start.
    upto : int, optional
        Draw only so many steps, on the axes of the whole race: frames for `animate`.
    log : bool, optional
        Whether losses stand on a logarithmic axis; by default if they span more than four decades.
    of : str
        What the values are called.
    unit : str
        What is counted from left to right, from 0 on: the label of the axis, and a word of the alt text.
    title : str, optional
        A line above.
    ax : Axes, optional
        Made when None.

    Returns
    -------
    plot : Plot
        Artists: `lines`, `labels`, `diverged`.

    Raises
    ------
    ValueError
        If the losses of a rule are no row of numbers, or there are more than 8 rules.

    Examples
    --------
    >>> race({"Adam": [4.0, 1.0, 0.5], "steepest descent": [4.0, 9.0, float("inf")]}).alt
    'Adam loss falls from 4 to 0.5 in 2 steps; steepest descent loss rises from 4 to 9, then diverges at step 2 (inf).'
    """
    return _draw(dict(losses), of, unit, 0, upto, log, title, ax)


def _draw(
    curves: Mapping[str, ArrayLike],
    of: str,
    unit: str,
    start: int,
    upto: int | None,
    log: bool | None,
    title: str | None,
    ax: Axes | None,
) -> Plot:
    curves = {name: row(f"{name} {of}".strip(), values) for name, values in curves.items()}
    paper.enough_styles(len(curves), "curves")
    whole = {name: values[: sound(values)] for name, values in curves.items()}
    everything = np.concatenate([*whole.values(), np.empty(0)])
    first = max((abs(values[0]) for values in whole.values() if len(values)), default=0.0)
    ceiling = OFF * first if first else np.inf
    everything = everything[everything <= ceiling]
    ax = paper.sheet(ax, x=unit, y=of, title=title)
    shown = {name: values[: None if upto is None else upto + 1] for name, values in curves.items()}
    artists: dict[str, Any] = {"lines": [], "labels": [], "diverged": []}
    if not len(everything):
        message = f"{of} is no number from the start" if any(map(len, curves.values())) else f"no {of} recorded yet"
        return Plot(ax, artists | {"message": paper.say_instead(ax, message)}, _said(shown, of, unit, start))
    if log is None:
        log = bool(everything.min() > 0 and everything.max() > 1e4 * everything.min())
    elif log and everything.min() <= 0:
        raise ValueError(f"{of} is {number(everything.min())} somewhere: a logarithmic axis needs values above 0")
    longest = max(map(len, curves.values()))
    ax.set_yscale("log" if log else "linear")
    ax.set_xlim(paper.limits(np.array([start, start + longest - 1.0]), margin=0.02))
    ax.set_ylim(paper.limits(everything, log=log))
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.grid(color=paper.GRID, linewidth=0.8)
    names = []
    for k, (name, values) in enumerate(shown.items()):
        good = sound(values)
        if not good:
            continue
        above = np.flatnonzero(values[:good] > ceiling)
        at = _thinned(above[0] + 1 if len(above) else good)  # a line ends where it leaves the picture
        artists["lines"].append(paper.series(ax, k, at + start, values[at]))
        names.append(name or of)
        if len(above):
            names[-1] += f"\n(off at {unit} {start + above[0]})"
        elif good < len(values):
            names[-1] += f"\n({number(values[good])} at {unit} {start + good})"
        if good < len(values) or len(above):
            last = at[-1]
            artists["diverged"].append(
                paper.mark(ax, start + last, min(values[last], ax.get_ylim()[1]), "x", paper.WRONG, 11,
                           markeredgewidth=3, markeredgecolor=paper.WRONG, clip_on=False)
            )  # fmt: skip
    artists["labels"] = paper.label_ends(ax, artists["lines"], names)
    return Plot(ax, artists, _said(shown, of, unit, start, log))


def _said(curves: Mapping[str, Array], of: str, unit: str, start: int, log: bool = False) -> str:
    said = "; ".join(trend(f"{name} {of}".strip(), values, unit, start, log) for name, values in curves.items())
    return f"{said[:1].upper()}{said[1:]}." if said else f"No {of} recorded yet."


def _thinned(n: int) -> Array:
    """Return which of `n` values are drawn: all, or evenly chosen ones with the first and the last."""
    return np.unique(np.linspace(0, n - 1, min(n, MOST_POINTS)).round().astype(int))
