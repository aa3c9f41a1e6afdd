"""A loss is a landscape and learning is a way through it: over one weight, or over two seen from above."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from bplib.plots import paper
from bplib.plots.given import elementwise, grid_of, heights, named, row
from bplib.plots.paper import Plot
from bplib.plots.words import TOO_LARGE, Array, counted, number, sound

MOST_STEPS = 2000  # of a path: more cannot be seen, and make the picture large


def loss_line(
    f: Callable[[Array], Array],
    between: tuple[float, float],
    *,
    path: ArrayLike | None = None,
    slope: Callable[[Array], Array] | None = None,
    x: str = "weight",
    y: str = "loss",
    title: str | None = None,
    ax: Axes | None = None,
) -> Plot:
    """Draw a loss over one weight, and the steps of a learning rule on it.

    Parameters
    ----------
    f : callable, array (K,) -> array (K,)
        Loss at each weight.
    between : (float, float)
        Smallest and largest weight.
    path : sequence of float, optional
        Weights that were visited, the start first; those outside the picture are counted in the alt text.
    slope : callable, array (K,) -> array (K,), optional
        Derivative of `f`; with it, the tangent at the end of the path is drawn.
    x, y, title : str
        Labels.
    ax : Axes, optional
        Made when None.

    Returns
    -------
    plot : Plot
        Artists: `f`; with a path also `path`, `start`, `end`; with `slope` also `tangent`.

    Raises
    ------
    ValueError
        If `between` is empty or the path has more than 2000 points.

    Examples
    --------
    >>> loss_line(np.square, (-2, 2), path=[2.0, 1.0, 0.5]).alt
    'Loss for weight from −2 to 2: lowest 0 at 0. 2 steps lead from 2 to 0.5; loss falls from 4 to 0.25.'
    """
    grid = grid_of(between)
    values = elementwise(f, grid)
    good = np.abs(values) < TOO_LARGE
    ax = paper.sheet(ax, x=x, y=y, title=title)
    ax.set_xlim(between)
    if not good.any():
        message = f"{y[:1].upper()}{y[1:]} is no number between {number(between[0])} and {number(between[1])}"
        return Plot(ax, {"message": paper.say_instead(ax, message)}, message + ".")
    ax.set_ylim(paper.limits(values[good], margin=0.1))
    artists = {"f": ax.plot(grid, np.where(good, values, np.nan), color=paper.LINE, linewidth=2.4, zorder=2)[0]}
    lowest = int(np.nanargmin(np.where(good, values, np.nan)))
    alt = (
        f"{y[:1].upper()}{y[1:]} for {x} from {number(between[0])} to {number(between[1])}: "
        f"lowest {number(values[lowest])} at {number(grid[lowest])}."
    )
    if path is None:
        return Plot(ax, artists, alt)
    steps = row("path", path)
    _check_path(steps)
    kept = steps[: sound(steps)]
    if not len(kept):
        return Plot(ax, artists, f"{alt} The path has no point to draw.")
    losses = elementwise(f, kept)
    artists["path"] = ax.plot(
        kept, losses, "o-", color=paper.SERIES[0], linewidth=1.4, markersize=6, zorder=3,
        markerfacecolor=paper.tint(paper.SERIES[0], 0.4),
    )[0]  # fmt: skip
    artists["start"] = paper.mark(ax, kept[0], losses[0], "s", paper.SERIES[0])
    artists["end"] = paper.mark(ax, kept[-1], losses[-1], "o", paper.WRONG, 10)
    explained = f"■ start\n● after {counted(len(kept) - 1, 'step')}"
    if slope is not None and between[0] <= kept[-1] <= between[1]:
        steep = float(elementwise(slope, kept[-1:])[0])
        there = kept[-1] + np.array([-1, 1]) * (between[1] - between[0]) / 8
        artists["tangent"] = ax.plot(
            there, losses[-1] + steep * (there - kept[-1]), "--", color=paper.BACKWARD, linewidth=2, zorder=4
        )[0]
        explained += f"\n╌ slope {number(steep)}"
        alt += f" The slope at {number(kept[-1])} is {number(steep)}."
    paper.note(ax, explained, artists["f"])
    alt += f" {counted(len(kept) - 1, 'step')} {_led(kept[0], kept[-1], len(kept) - 1)}"
    alt += f"; {y} {_moved(losses)}{_left(steps, ~((steps >= between[0]) & (steps <= between[1])))}."
    return Plot(ax, artists, alt)


def contours(
    f: Callable[[Array], Array],
    x: tuple[float, float],
    y: tuple[float, float],
    *,
    paths: ArrayLike | Mapping[str, ArrayLike] | None = None,
    minimum: ArrayLike | None = None,
    upto: int | None = None,
    names: tuple[str, str] = ("first weight", "second weight"),
    title: str | None = None,
    ax: Axes | None = None,
) -> Plot:
    """Draw a loss over two weights as lines of equal height, and the ways that learning rules take.

    The heights of neighbouring lines have a fixed ratio, so that both the walls and the floor of a valley show lines.

    Parameters
    ----------
    f : callable, array (..., 2) -> array (...)
        Loss at each point.
    x, y : (float, float)
        Smallest and largest value of the two weights.
    paths : array (K, 2) or mapping, rule -> array (K, 2), optional
        Points that were visited, the start first.
    minimum : (float, float), optional
        Marked with a star.
    upto : int, optional
        Draw only so many steps: frames for `animate`.
    names : (str, str)
        What the axes are called.
    title : str, optional
        A line above.
    ax : Axes, optional
        Made when None.

    Returns
    -------
    plot : Plot
        Artists: `contours`, `minimum`, `paths` and `ends` (one each per rule), `legend`.

    Raises
    ------
    ValueError
        If a range is empty, a path is not (K, 2) or longer than 2000, or there are more than 8 rules.

    Examples
    --------
    >>> bowl = lambda point: (point**2).sum(axis=-1)
    >>> contours(bowl, (-2, 2), (-2, 2), paths={"steepest descent": [[2, 0], [1, 0]]}, minimum=(0, 0)).alt
    'Loss over two weights, from 0 to 8, minimum marked at (0, 0). steepest descent: 1 step, loss falls from 4 to 1.'
    """
    across, up = grid_of(x, 121), grid_of(y, 121)
    points = np.stack(np.meshgrid(across, up), axis=-1)
    values = heights(f, points, points.shape[:2])
    walks = {name: _walk(name, walk) for name, walk in named(paths, "path").items()}
    paper.enough_styles(len(walks), "paths")
    ax = paper.sheet(ax, x=names[0], y=names[1], title=title, size=(7.0, 4.2))
    ax.set(xlim=x, ylim=y)
    good = values[np.abs(values) < TOO_LARGE]
    artists, alt = {"paths": [], "ends": []}, "Loss over two weights is no number here"
    if len(good):
        drawn = np.ma.masked_where(~(np.abs(values) < TOO_LARGE), values)
        look = dict(colors=paper.FAINT_LINE, linewidths=0.9, zorder=1)
        artists["contours"] = ax.contour(across, up, drawn, _levels(good), **look)
        alt = f"Loss over two weights, from {number(good.min())} to {number(good.max())}"
    if minimum is not None:
        artists["minimum"] = paper.mark(ax, *minimum, "*", paper.BEST, 15, label="minimum")
        alt += f", minimum marked at ({number(minimum[0])}, {number(minimum[1])})"
    said = []
    for k, (name, walk) in enumerate(walks.items()):
        shown = walk[: None if upto is None else upto + 1]
        shown = shown[: min(sound(shown[:, 0]), sound(shown[:, 1]))]
        if not len(shown):
            said.append(f"{name}: no point to draw")
            continue
        artists["paths"].append(
            paper.series(ax, k, *shown.T, label=paper.short(name), markevery=max(1, len(shown) // 20))
        )
        artists["ends"].append(paper.mark(ax, *shown[-1], paper.MARKERS[k], paper.SERIES[k], 11))
        outside = ((shown < [x[0], y[0]]) | (shown > [x[1], y[1]])).any(axis=1)
        losses = heights(f, shown, shown.shape[:1])
        said.append(f"{name}: {counted(len(shown) - 1, 'step')}, loss {_moved(losses)}" + _left(shown, outside))
    if artists["paths"] or minimum is not None:
        artists["legend"] = ax.legend(
            handles=[*artists["paths"], *([artists["minimum"]] if minimum is not None else [])],
            loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False, fontsize=paper.TEXT, labelcolor=paper.INK,
            handlelength=3.2,
        )  # fmt: skip
    return Plot(ax, artists, ". ".join([alt, *said]) + ".")


def _levels(values: Array) -> Array:
    """Return heights for contour lines, dense near the lowest value."""
    low, high = float(values.min()), float(values.max())
    if high - low <= 1e-12 * max(1.0, abs(low)):
        return np.array([low])
    return low + (high - low) * np.geomspace(1e-3, 0.95, 12)


def _walk(name: str, points: ArrayLike) -> Array:
    points = np.asarray(points, dtype=float)
    if points.ndim != 2 or points.shape[1] != 2:
        raise ValueError(f"path {name} has shape {points.shape}; it needs (K, 2): two weights for each step")
    _check_path(points)
    return points


def _check_path(steps: Array) -> None:
    if len(steps) > MOST_STEPS:
        raise ValueError(f"a path of {len(steps)} points is too long to draw: at most {MOST_STEPS}; take every n-th")


def _led(first: float, last: float, steps: int) -> str:
    return f"{'lead' if steps != 1 else 'leads'} from {number(first)} to {number(last)}"


def _moved(losses: Array) -> str:
    first, last = number(losses[0]), number(losses[-1])
    if len(losses) == 1 or first == last:
        return f"is {last}"
    return f"{'falls' if losses[-1] < losses[0] else 'rises'} from {first} to {last}"


def _left(steps: Array, outside: Array) -> str:
    """Say how many points are not in the picture."""
    if not outside.any():
        return ""
    return f", {int(outside.sum())} of {counted(len(steps), 'point')} outside the picture"
