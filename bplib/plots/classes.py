"""What a classifier says can be looked at: its scores as bars, and where in the plane it changes its mind."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from bplib.plots import paper
from bplib.plots.given import class_names, row
from bplib.plots.paper import Plot
from bplib.plots.words import Array, counted, number, several

MOST_BARS = 20
MOST_DRAWN = 800  # samples: more cover each other


def score_bars(
    values: ArrayLike,
    target: int | None = None,
    *,
    names: Sequence[str] | None = None,
    of: str = "score",
    border: tuple[float, str] | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Plot:
    """Draw one bar for each class: scores, probabilities or losses, the right class marked.

    Parameters
    ----------
    values : sequence of K float
        One number for each class.
    target : int, optional
        Index of the right class: its bar is hatched and its name says so.
    names : sequence of K str, optional
        Names of the classes; by default their indices.
    of : str
        What the numbers are.
    border : (float, str), optional
        A value to point out, and what it is called: for the hinge loss, the target's score less the margin.
    title : str, optional
        A line above.
    ax : Axes, optional
        Made when None.

    Returns
    -------
    plot : Plot
        Artists: `bars`, `numbers`, `border`.

    Raises
    ------
    ValueError
        If there are no or more than 20 values, names or target do not fit.

    Examples
    --------
    >>> score_bars([3.2, 5.1, -1.7], target=0, names=["cat", "car", "frog"]).alt
    'Score of 3 classes: cat 3.2 (the right one), car 5.1, frog −1.7. car is highest.'
    """
    values = row(of, values)
    if not 1 <= len(values) <= MOST_BARS:
        raise ValueError(f"{counted(len(values), 'bar')} cannot be drawn: at least 1, at most {MOST_BARS}")
    names = class_names(names, len(values))
    if target is not None and not 0 <= target < len(values):
        raise ValueError(f"target is {target}; classes run from 0 to {len(values) - 1}")
    ax = paper.sheet(ax, x=of, title=title, size=(6.0, 0.9 + 0.36 * len(values)))
    drawn = np.where(np.isfinite(values) & (np.abs(values) < 1e100), values, 0.0)
    bars = ax.barh(range(len(values)), drawn, height=0.62, color=paper.tint(paper.SERIES[0], 0.75), zorder=2)
    ax.axvline(0, color=paper.LINE, linewidth=1.2, zorder=3)
    low, high = min(drawn.min(), 0.0), max(drawn.max(), 0.0)
    room = 0.22 * (high - low or 1.0)  # for the numbers
    ax.set_xlim(low - (room if low < 0 else 0), high + room)
    ax.set_ylim(len(values) - 0.5, -0.5)
    ticks = [paper.short(name) for name in names]
    numbers = [
        paper.write(ax, place, k, number(value), offset=(5 if place >= 0 else -5, 0), va="center",
                    ha="left" if place >= 0 else "right", bbox=None)
        for k, (value, place) in enumerate(zip(values, drawn, strict=True))
    ]  # fmt: skip
    artists = {"bars": list(bars), "numbers": numbers}
    said = [f"{name} {number(value)}" for name, value in zip(names, values, strict=True)]
    if target is not None:
        bars[target].set(hatch="//", edgecolor=paper.INK, linewidth=1.6)
        ticks[target] = f"right: {ticks[target]}"
        said[target] += " (the right one)"
    ax.set_yticks(range(len(values)), ticks)
    if target is not None:
        ax.get_yticklabels()[target].set_fontweight("bold")
    alt = f"{of[:1].upper()}{of[1:]} of {counted(len(values), 'class', 'classes')}: {', '.join(said)}."
    if np.isfinite(values).all():
        best = np.flatnonzero(values == values.max())
        alt += f" {several([names[k] for k in best])} {'is' if len(best) == 1 else 'are'} highest."
    if border is not None:
        artists["border"] = ax.axvline(border[0], color=paper.WRONG, linewidth=2, linestyle="--", zorder=4)
        ax.set_xlabel(f"{of}; dashed line: {border[1]}, {number(border[0])}")
        beyond = [name for name, value in zip(names, values, strict=True) if value > border[0]]
        alt += f" Above {border[1]} ({number(border[0])}): {several(beyond) if beyond else 'none'}."
    return Plot(ax, artists, alt)


def decision_boundary(
    predict: Callable[[Array], ArrayLike],
    X: ArrayLike,
    labels: ArrayLike,
    *,
    names: Sequence[str] | None = None,
    resolution: int = 150,
    title: str | None = None,
    ax: Axes | None = None,
) -> Plot:
    """Draw which class a classifier gives to each point of the plane, with the samples on top.

    Every class has a tint, a marker and its name in its region; samples on the wrong side wear a ring.

    Parameters
    ----------
    predict : callable, array (K, 2) -> array (K,) of class indices, or (K, n_classes) of scores
        The classifier; of scores, the largest counts.
    X : array (N, 2)
        Samples.
    labels : array (N,) of int
        Their classes, counted from 0.
    names : sequence of str, optional
        Names of the classes.
    resolution : int
        Points along each side at which the classifier is asked.
    title : str, optional
        A line above.
    ax : Axes, optional
        Made when None.

    Returns
    -------
    plot : Plot
        Artists: `regions`, `border` (if there is one), `samples` (one for each class), `mistakes`.

    Raises
    ------
    ValueError
        If shapes do not fit, samples are no numbers, there are none, or there are more than 8 classes.

    Examples
    --------
    >>> X = np.array([[-1.0, 0.0], [1.0, 0.0], [2.0, 1.0]])
    >>> decision_boundary(lambda points: (points[:, 0] > 0).astype(int), X, [0, 1, 0]).alt
    'Two inputs, 3 samples of 2 classes: 2 (66.7 %) on their own side. Class 0: 1 of 2 right; class 1: 1 of 1 right.'
    """
    X, labels = np.asarray(X, dtype=float), np.asarray(labels)
    if X.ndim != 2 or X.shape[1] != 2 or not len(X):
        raise ValueError(f"X has shape {X.shape}; a picture of the plane needs (N, 2) and at least one sample")
    if labels.shape != (len(X),) or labels.dtype.kind not in "iub":
        raise ValueError(f"labels have shape {labels.shape}; they need one class index for each of {len(X)} samples")
    if not np.isfinite(X).all():
        raise ValueError("X has a NaN or an infinity: such a sample has no place in the picture")
    n_classes = int(labels.max()) + 1
    if labels.min() < 0 or n_classes > paper.MOST_SERIES:
        raise ValueError(f"classes run from {labels.min()} to {labels.max()}; at most 8, counted from 0, can be drawn")
    names = [f"class {k}" for k in range(n_classes)] if names is None else list(names)
    if len(names) < n_classes:
        raise ValueError(f"there are {counted(len(names), 'name')} for {counted(n_classes, 'class', 'classes')}")
    across, up = (np.linspace(*paper.limits(X[:, i], margin=0.12), resolution) for i in (0, 1))
    grid = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
    regions = _classes(predict(grid), len(grid)).reshape(resolution, resolution)
    given = _classes(predict(X), len(X))
    most = max(n_classes, int(regions.max()) + 1, int(given.max()) + 1)
    if most > paper.MOST_SERIES:
        raise ValueError(f"the classifier knows {most} classes: at most {paper.MOST_SERIES} can be told apart")
    names += [f"class {k}" for k in range(len(names), most)]

    ax = paper.sheet(ax, x="first input", y="second input", title=title, size=(6.0, 4.4))
    ax.set(xlim=across[[0, -1]], ylim=up[[0, -1]])
    tints = paper.dots([paper.tint(colour, 0.16) for colour in paper.SERIES])
    artists = {
        "regions": ax.imshow(
            tints[regions], extent=(*across[[0, -1]], *up[[0, -1]]), origin="lower", aspect="auto", zorder=0,
            interpolation="nearest",
        )
    }  # fmt: skip
    there = np.unique(regions)
    if len(there) > 1:
        look = dict(colors=paper.INK, linewidths=1.4, zorder=1)
        artists["border"] = [ax.contour(across, up, regions == k, [0.5], **look) for k in there[1:]]
    right = given == labels
    shown = _some(labels, right)
    artists["samples"] = []
    for k in range(n_classes):
        mine = shown[labels[shown] == k]
        artists["samples"].append(
            ax.plot(*X[mine].T, paper.MARKERS[k], color=paper.SERIES[k], markersize=6, markeredgecolor=paper.PAPER,
                    markeredgewidth=0.7, linestyle="none", zorder=3)[0]
        )  # fmt: skip
    wrong = shown[~right[shown]]
    artists["mistakes"] = ax.plot(
        *X[wrong].T, "o", markersize=13, markerfacecolor="none", markeredgecolor=paper.INK, markeredgewidth=1.6,
        linestyle="none", zorder=4,
    )[0]  # fmt: skip
    if len(wrong):
        ax.set_xlabel("first input; ring: on the wrong side")
    for k in there:
        paper.write(ax, *_roomiest(regions == k, across, up, X[shown]), paper.short(names[k]), ha="center", va="center",
                    bbox=paper.HALO | dict(edgecolor=paper.SERIES[k], linewidth=1.4))  # fmt: skip
    said = [
        f"{names[k]}: {int(right[labels == k].sum())} of {int((labels == k).sum())} right"
        for k in range(n_classes)
        if (labels == k).any()
    ]
    parts = "; ".join(said)
    alt = (
        f"Two inputs, {counted(len(X), 'sample')} of {counted(len(said), 'class', 'classes')}: "
        f"{int(right.sum())} ({number(100 * right.mean())} %) on their own side. {parts[:1].upper()}{parts[1:]}."
    )
    if len(shown) < len(X):
        alt += f" {len(shown)} of {len(X)} samples are drawn."
    if len(there) == 1:
        alt += f" Every point of the picture is {names[there[0]]}: there is no boundary."
    return Plot(ax, artists, alt)


def _classes(answer: ArrayLike, n: int) -> Array:
    """Return class indices from what a classifier says of `n` points."""
    answer = np.asarray(answer)
    if answer.shape[:1] != (n,) or answer.ndim > 2:
        raise ValueError(f"predict returned shape {answer.shape} for {n} points; it needs ({n},) or ({n}, n_classes)")
    if answer.ndim == 2:
        answer = answer.argmax(axis=1)
    if answer.dtype.kind not in "iub" or (n and answer.min() < 0):
        raise ValueError("predict has to return class indices from 0, or one score for each class")
    return answer.astype(int)


def _some(labels: Array, right: Array) -> Array:
    """Return which samples are drawn: all, or evenly chosen ones, mistakes first."""
    order = np.argsort(right, kind="stable")  # mistakes first
    if len(order) <= MOST_DRAWN:
        return np.arange(len(order))
    wrong = order[: int((~right).sum())][: MOST_DRAWN // 2]
    rest = order[int((~right).sum()) :]
    take = np.linspace(0, len(rest) - 1, min(len(rest), MOST_DRAWN - len(wrong))).astype(int)
    return np.sort(np.concatenate([wrong, rest[take]]))


def _roomiest(mine: Array, across: Array, up: Array, X: Array) -> tuple[float, float]:
    """Return the place in a region that is farthest from samples, from other regions and from the frame."""
    inside = np.stack(np.nonzero(mine)[::-1], axis=-1)
    size = np.array([len(across) - 1, len(up) - 1])
    inside = inside[:: max(1, len(inside) // 400)] / size
    low, high = np.array([across[0], up[0]]), np.array([across[-1], up[-1]])
    outside = np.stack(np.nonzero(~mine)[::-1], axis=-1)[::23] / size
    points = np.concatenate([(X - low) / (high - low), outside])
    room = np.full(len(inside), np.inf)
    if len(points):
        room = np.hypot(*(inside[:, None] - points[None]).transpose(2, 0, 1)).min(axis=1)
    frame = np.minimum(inside, 1 - inside).min(axis=1)
    frame[(inside[:, 0] < 0.12) | (inside[:, 0] > 0.88)] = 0  # a name is wider than high
    best = inside[int(np.minimum(room, frame).argmax())]
    return tuple(float(v) for v in low + best * (high - low))
