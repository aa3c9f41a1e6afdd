"""A derivative is a slope, and a slope can be seen: a function beside its derivative, and what a difference misses."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from bplib.plots import paper
from bplib.plots.given import elementwise, grid_of, named, row
from bplib.plots.paper import Plot
from bplib.plots.words import TOO_LARGE, Array, counted, number


def activation(
    f: Callable[[Array], Array],
    df: Callable[[Array], Array],
    z: float | None = None,
    *,
    between: tuple[float, float] = (-5.0, 5.0),
    name: str = "f",
    ax: tuple[Axes, Axes] | None = None,
) -> Plot:
    """Draw an activation function and, beside it, its derivative, with the slope triangle at one place.

    The triangle is one unit wide; so its height is the derivative, and the point on the right is as high as it.

    Parameters
    ----------
    f, df : callable, array (K,) -> array (K,)
        The function of the pre-activation z, and its derivative, also of z.
    z : float, optional
        Where the slope triangle stands; none is drawn if left out.
    between : (float, float)
        Smallest and largest z.
    name : str
        Name of the function, for labels and the alt text.
    ax : (Axes, Axes), optional
        For the function and for its derivative.

    Returns
    -------
    plot : Plot
        Artists: `f`, `df`; with `z` also `point`, `triangle`, `slope`.

    Raises
    ------
    ValueError
        If `between` is empty, or `z` is outside of it.

    Examples
    --------
    >>> plot = activation(np.tanh, lambda z: 1 - np.tanh(z) ** 2, z=0.0, name="tanh")
    >>> plot.alt
    'tanh from z = −5 to 5 runs from −1 to 1; its derivative is largest, 1, at z = 0. At z = 0 tanh is 0, its slope 1.'
    """
    grid = grid_of(between)
    if z is not None and not between[0] <= z <= between[1]:
        raise ValueError(f"z is {z}; it has to lie between {between[0]} and {between[1]}")
    if ax is None:
        ax = tuple(Figure(figsize=(7.2, 3.3), layout="constrained").subplots(1, 2))
    left = paper.sheet(ax[0], x="z", y=f"{name}(z)", title=name)
    right = paper.sheet(ax[1], x="z", y=f"{name}′(z)", title=f"derivative of {name}")
    values, slopes = elementwise(f, grid), elementwise(df, grid)
    artists = {
        "f": left.plot(grid, values, color=paper.SERIES[0], linewidth=2.4, zorder=3)[0],
        "df": right.plot(grid, slopes, color=paper.BACKWARD, linewidth=2.4, linestyle="--", zorder=3)[0],
    }
    for side in (left, right):
        side.axhline(0, color=paper.GRID, linewidth=1)
        side.axvline(0, color=paper.GRID, linewidth=1)
        side.set_xlim(between)
    left.set_ylim(paper.limits(values[np.isfinite(values)], margin=0.14))
    right.set_ylim(paper.limits(np.append(slopes[np.isfinite(slopes)], 0.0), margin=0.14))
    alt = f"{name} from z = {number(between[0])} to {number(between[1])} {_shape(grid, values, slopes)}."
    if z is not None:
        height, slope = (float(elementwise(g, np.array([float(z)]))[0]) for g in (f, df))
        step = 1.0 if z + 1 <= between[1] else -1.0  # a triangle that fits
        corner = ([z, z + step, z + step], [height, height, height + step * slope])
        left.set_ylim(paper.limits(np.append(values, corner[1]), margin=0.14))
        look = dict(facecolor=paper.tint(paper.BACKWARD, 0.18), edgecolor=paper.BACKWARD, zorder=2)  # under the curve
        artists["triangle"] = left.fill(*corner, **look)[0]
        artists["point"] = paper.mark(left, z, height, "o", paper.INK, 7)
        artists["slope"] = paper.mark(right, z, slope, "o", paper.INK, 7)
        right.plot([z, z], [0, slope], color=paper.BACKWARD, linewidth=1.5, zorder=2)
        paper.note(left, f"{name}({number(z)}) = {number(height)}\n◢ slope {number(slope)}", artists["f"])
        paper.note(right, f"{name}′({number(z)}) = {number(slope)}", artists["df"])
        alt += f" At z = {number(z)} {name} is {number(height)}, its slope {number(slope)}."
    return Plot((left, right), artists, alt)


def _shape(grid: Array, values: Array, slopes: Array) -> str:
    """Say where the function begins and ends, and where it is steepest."""
    drawn = values[np.isfinite(values)]
    if not len(drawn):
        return "is no number anywhere"
    words = f"runs from {number(drawn[0])} to {number(drawn[-1])}"
    if not np.isfinite(slopes).any():
        return words
    best = int(np.nanargmax(slopes))
    alike = grid[np.isclose(slopes, slopes[best])]
    if len(alike) == len(grid):
        return f"{words}; its derivative is {number(slopes[best])} everywhere"
    where = f"at z = {number(grid[best])}"
    if len(alike) > 1:
        where = f"from about z = {number(round(alike[0], 1))} to {number(round(alike[-1], 1))}"
    return f"{words}; its derivative is largest, {number(slopes[best])}, {where}"


def v_curve(
    h: ArrayLike,
    errors: ArrayLike | Mapping[str, ArrayLike],
    *,
    current: float | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Plot:
    """Draw the error of numeric gradients against the step h, both on logarithmic axes, and mark each best h.

    To the right the formula is too coarse, to the left rounding wins: the curve is a V. An error of exactly 0 has no
    place on a logarithmic axis and is drawn at its foot.

    Parameters
    ----------
    h : sequence of K float
        Steps, all positive.
    errors : sequence of K float, or mapping, method -> such a sequence
        Distance of each numeric gradient from the true one. What is no number is left out, and said.
    current : float, optional
        A step to point out with a vertical line.
    title : str, optional
        A line above.
    ax : Axes, optional
        Made when None.

    Returns
    -------
    plot : Plot
        Artists: `lines`, `best` (one each per method), `current`.

    Raises
    ------
    ValueError
        If a step is not positive, lengths differ, or there are more than 8 methods.

    Examples
    --------
    >>> plot = v_curve([1e-8, 1e-5, 1e-2], {"central": [1e-9, 1e-11, 1e-5]})
    >>> plot.alt
    'Error of a numeric gradient against h from 1e−8 to 0.01: central is best at h = 1e−5 with error 1e−11.'
    """
    h = row("h", h)
    methods = {name: row(f"errors of {name}", e, len(h)) for name, e in named(errors, "error").items()}
    paper.enough_styles(len(methods), "methods")
    ax = paper.sheet(ax, x="step h", y="error of the gradient", title=title)
    if len(h) == 0 or not methods:
        message = "no step h tried yet"
        return Plot(ax, {"message": paper.say_instead(ax, message)}, f"Error of a numeric gradient: {message}.")
    if not ((h > 0) & (h < TOO_LARGE)).all():
        raise ValueError("every step h has to be a positive number below 1e100: it stands on a logarithmic axis")
    order = np.argsort(h)
    h = h[order]
    methods = {name: np.abs(e[order]) for name, e in methods.items()}
    everything = np.concatenate(list(methods.values()))
    positive = everything[(everything > 0) & (everything < TOO_LARGE)]
    if not len(positive):
        positive = np.array([1e-16])
    foot = positive.min() / 10 if (everything == 0).any() else positive.min()
    ax.set(xscale="log", yscale="log", xlim=paper.limits(h, log=True))
    ax.set_ylim(paper.limits(np.append(positive, foot), log=True, margin=0.1))
    ax.grid(color=paper.GRID, linewidth=0.8)
    lines, names, best, said = [], [], [], []
    for k, (name, error) in enumerate(methods.items()):
        drawn = np.where(error < TOO_LARGE, np.maximum(error, foot), np.nan)
        missing = int(np.isnan(drawn).sum())
        if missing == len(h):
            said.append(f"{name} is no number at any h")
            continue
        lines.append(paper.series(ax, k, h, drawn))
        at = int(np.nanargmin(drawn))
        names.append(f"{name}\nbest h = {number(h[at])}")
        best.append(paper.mark(ax, h[at], drawn[at], "o", "none", 15))
        said.append(
            f"{name} is best at h = {number(h[at])} with error {number(error[at])}"
            + (f" ({counted(missing, 'value')} no number)" if missing else "")
        )
    artists = {"lines": lines, "best": best}
    alt = f"Error of a numeric gradient against h from {number(h[0])} to {number(h[-1])}: {'; '.join(said)}."
    if current is not None:
        if not 0 < current < np.inf:
            raise ValueError(f"current is {current}; a step h on a logarithmic axis has to be positive")
        artists["current"] = ax.axvline(current, color=paper.WRONG, linewidth=1.6, linestyle=(0, (4, 2)), zorder=4)
        ax.set_xlabel(f"step h; dashed line: h = {number(current)}")
        alt += f" h = {number(current)} is pointed out."
    if lines:
        paper.label_ends(ax, lines, names)
    else:
        artists["message"] = paper.say_instead(ax, "no error is a number")
    return Plot(ax, artists, alt)
