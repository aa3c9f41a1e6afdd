"""Through ten layers, activations die or saturate: seen at once when their histograms stand side by side."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from bplib.plots import paper
from bplib.plots.paper import Plot
from bplib.plots.words import TOO_LARGE, counted, number

MOST_LAYERS = 12
BINS = 41  # odd: zero lies in the middle of a bin


def layer_histograms(
    layers: Sequence[ArrayLike],
    names: Sequence[str] | None = None,
    *,
    of: str = "activation",
    x: str = "layer, and standard deviation",
    title: str | None = None,
    ax: Axes | None = None,
) -> Plot:
    """Draw one histogram for each layer, upright and side by side on one axis, with the standard deviations below.

    Every histogram is as wide as its fullest bin allows; one that is a single bar holds values that are all alike.

    Parameters
    ----------
    layers : sequence of arrays, any shapes
        Activations, gradients or weights of each layer, the first layer first.
    names : sequence of str, optional
        Names of the layers; by default 1, 2, ...
    of : str
        What the values are.
    x : str
        What stands below the axis: the names, and below them the standard deviations.
    title : str, optional
        A line above.
    ax : Axes, optional
        Made when None.

    Returns
    -------
    plot : Plot
        Artists: `histograms` (one for each layer, None where no value is a number), `deviations`.

    Raises
    ------
    ValueError
        If there are more than 12 layers, or another number of names.

    Examples
    --------
    >>> layer_histograms([np.array([-1.0, 1.0]), np.array([-0.1, 0.1])]).alt
    'Activation in 2 layers, layer by layer: standard deviation 1, 0.1. It falls by a factor of 10.'
    """
    layers = [np.asarray(layer, dtype=float).ravel() for layer in layers]
    if len(layers) > MOST_LAYERS:
        raise ValueError(f"{len(layers)} layers are too many to draw: at most {MOST_LAYERS}; leave some out")
    names = [str(k + 1) for k in range(len(layers))] if names is None else [str(name) for name in names]
    if len(names) != len(layers):
        raise ValueError(f"there are {counted(len(names), 'name')} for {counted(len(layers), 'layer')}")
    ax = paper.sheet(ax, x=x, y=of, title=title, size=(7.2, 3.8))
    if not layers:
        message = "no layers yet"
        return Plot(ax, {"message": paper.say_instead(ax, message)}, f"{of[:1].upper()}{of[1:]}: {message}.")
    kept = [layer[np.abs(layer) < TOO_LARGE] for layer in layers]
    lost = [len(layer) - len(good) for layer, good in zip(layers, kept, strict=True)]
    reach = max((np.abs(good).max() for good in kept if len(good)), default=0.0) or 1.0
    edges = np.linspace(-reach, reach, BINS + 1)
    deviations = [float(good.std()) if len(good) else float("nan") for good in kept]
    ax.set_ylim(paper.limits(edges))
    ax.set_xlim(0.4, len(layers) + 0.6)
    ax.axhline(0, color=paper.FAINT_LINE, linewidth=1, zorder=1)
    artists = {"histograms": [], "deviations": []}
    for k, good in enumerate(kept, start=1):
        counts, _ = np.histogram(good, edges)
        ax.axvline(k - 0.4, color=paper.GRID, linewidth=1, zorder=1)
        if not len(good):
            artists["histograms"].append(None)
            paper.write(ax, k, 0, "no\nnumber", ha="center", va="center")
            continue
        widths, left = 0.8 * counts / counts.max(), k - 0.4
        look = dict(facecolor=paper.tint(paper.SERIES[0], 0.6), edgecolor=paper.SERIES[0], fill=True, zorder=2)
        artists["histograms"].append(ax.stairs(left + widths, edges, baseline=left, orientation="horizontal", **look))
    labels = [f"{name}\n{_short(value)}" for name, value in zip(names, deviations, strict=True)]
    ax.set_xticks(range(1, len(layers) + 1), labels)
    artists["deviations"] = ax.get_xticklabels()
    alt = (
        f"{of[:1].upper()}{of[1:]} in {counted(len(layers), 'layer')}, layer by layer: "
        f"standard deviation {', '.join(map(number, deviations))}."
    )
    positive = [value for value in deviations if value > 0]
    if len(positive) > 1:
        first, last = positive[0], positive[-1]
        factor = max(first, last) / min(first, last)
        alt += f" It {'falls' if last < first else 'rises'} by a factor of {number(factor)}." if factor > 1.5 else ""
    if any(lost):
        where = next(name for name, n in zip(names, lost, strict=True) if n)
        alt += f" {counted(sum(lost), 'value')} no number or too large to draw, the first in layer {where}."
    return Plot(ax, artists, alt)


def _short(value: float) -> str:
    """Return a number in two digits: twelve of them stand side by side."""
    text = number(float(f"{value:.2g}"))
    return text if len(text) <= 6 else number(float(f"{value:.1g}"))
