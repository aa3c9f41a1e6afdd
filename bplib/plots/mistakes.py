"""A share of right answers says little: which classes are mistaken for which, and what the mistakes look like."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from bplib.plots import paper
from bplib.plots.given import class_indices, class_names
from bplib.plots.paper import Plot
from bplib.plots.words import counted, number

MOST_CLASSES = 15  # of a confusion matrix: more leave no room for the numbers
MOST_IMAGES = 40


def confusion_matrix(
    target: ArrayLike,
    predicted: ArrayLike,
    names: Sequence[str] | None = None,
    *,
    title: str | None = None,
    ax: Axes | None = None,
) -> Plot:
    """Draw how often each class was taken for each: rows are the right classes, columns what was said.

    Parameters
    ----------
    target, predicted : array (N,) of int
        Right and predicted classes, counted from 0.
    names : sequence of str, optional
        Names of all classes; by default their indices.
    title : str, optional
        A line above.
    ax : Axes, optional
        Made when None.

    Returns
    -------
    plot : Plot
        Artists: `matrix` (its array holds the counts), `numbers`.

    Raises
    ------
    ValueError
        If lengths differ, an index is negative or too large, or there are more than 15 classes.

    Examples
    --------
    >>> confusion_matrix([0, 0, 1, 1, 1], [0, 1, 1, 1, 0]).alt
    '3 of 5 samples (60 %) on the diagonal. Most often wrong: 0 taken for 1 (1), 1 taken for 0 (1).'
    """
    target, predicted = class_indices("target", target), class_indices("predicted", predicted)
    if len(target) != len(predicted):
        raise ValueError(f"target has {len(target)} samples, predicted {len(predicted)}; the same number is needed")
    n = 1 + max([-1, *target, *predicted]) if names is None else len(names)
    if n > MOST_CLASSES:
        raise ValueError(f"{n} classes leave no room for their numbers: at most {MOST_CLASSES}; join some")
    names = class_names(names, n)
    if len(target) and max(target.max(), predicted.max()) >= n:
        raise ValueError(f"class {max(target.max(), predicted.max())} has no name: there are {n}, counted from 0")
    side = 1.6 + 0.4 * max(n, 3)
    ax = paper.sheet(ax, x="predicted class", y="right class", title=title, size=(side, side))
    if not len(target):
        message = "no samples yet"
        return Plot(ax, {"message": paper.say_instead(ax, message)}, f"Confusion matrix: {message}.")
    counts = np.zeros((n, n), dtype=int)
    np.add.at(counts, (target, predicted), 1)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)  # of the row: classes differ in size
    colours = np.where(np.eye(n, dtype=bool), paper.SERIES[0], paper.WRONG)
    grounds = [[paper.tint(colours[i, j], 0.75 * shares[i, j]) for j in range(n)] for i in range(n)]
    matrix = ax.imshow([paper.dots(line) for line in grounds], interpolation="nearest")
    ax.set_xticks(range(n), map(paper.short, names))
    ax.set_yticks(range(n), map(paper.short, names))
    if max(map(len, names)) > 3:
        ax.tick_params(axis="x", labelrotation=45)
    numbers = [
        ax.text(j, i, str(counts[i, j]), ha="center", va="center", fontsize=paper.TEXT,
                color=paper.readable(grounds[i][j]), fontweight="bold" if i == j else "normal")
        for i, j in np.argwhere(counts)
    ]  # fmt: skip
    ax.spines[["top", "right"]].set_visible(True)
    ax.spines[:].set_color(paper.LINE)
    for k in np.arange(n - 1) + 0.5:
        ax.axhline(k, color=paper.GRID, linewidth=0.7)
        ax.axvline(k, color=paper.GRID, linewidth=0.7)
    right = int(np.trace(counts))
    alt = f"{right} of {counted(len(target), 'sample')} ({number(100 * right / len(target))} %) on the diagonal."
    wrong = sorted(((int(counts[i, j]), i, j) for i in range(n) for j in range(n) if i != j and counts[i, j]),
                   key=lambda item: (-item[0], item[1], item[2]))  # fmt: skip
    if wrong:
        worst = ", ".join(f"{names[i]} taken for {names[j]} ({many})" for many, i, j in wrong[:3])
        alt += f" Most often wrong: {worst}."
    return Plot(ax, {"matrix": matrix, "numbers": numbers}, alt)


def misread_digits(
    images: ArrayLike,
    target: ArrayLike,
    predicted: ArrayLike,
    *,
    most: int = 20,
    title: str | None = None,
    ax: Axes | None = None,
) -> Plot:
    """Draw the images that were taken for another class, each with what it is and what it was taken for.

    Parameters
    ----------
    images : array (N, height, width), or (N, side * side)
        Grey values; the larger, the darker the pen.
    target, predicted : array (N,) of int
        Right and predicted classes.
    most : int
        Draw at most so many, the first ones.
    title : str, optional
        A line above.
    ax : Axes, optional
        Made when None.

    Returns
    -------
    plot : Plot
        Artists: `image` (all of them, side by side), `labels`.

    Raises
    ------
    ValueError
        If lengths differ, rows are no square images, or `most` is more than 40.

    Examples
    --------
    >>> misread_digits(np.zeros((3, 64)), [3, 5, 7], [8, 5, 1]).alt
    '2 of 3 images misread: 3 as 8, 7 as 1.'
    """
    images = np.asarray(images, dtype=float)
    target, predicted = class_indices("target", target), class_indices("predicted", predicted)
    if not len(images) == len(target) == len(predicted):
        raise ValueError(f"there are {len(images)} images, {len(target)} targets and {len(predicted)} predictions")
    if not 1 <= most <= MOST_IMAGES:
        raise ValueError(f"{most} images cannot be drawn: at least 1, at most {MOST_IMAGES}")
    if images.ndim == 2:
        side = round(images.shape[1] ** 0.5)
        if side * side != images.shape[1]:
            raise ValueError(f"a row of {images.shape[1]} numbers is no square image")
        images = images.reshape(-1, side, side)
    if images.ndim != 3:
        raise ValueError(f"images have shape {images.shape}; they need (N, height, width)")
    wrong = np.flatnonzero(target != predicted)
    shown = wrong[:most]
    if not len(shown):
        ax = paper.sheet(ax, title=title, size=(6.0, 1.4))
        ax.set_axis_off()
        message = f"all {counted(len(images), 'image')} read rightly" if len(images) else "no images yet"
        return Plot(ax, {"message": paper.say_instead(ax, message)}, f"{message[:1].upper()}{message[1:]}.")
    columns = min(len(shown), 8)
    rows = -(-len(shown) // columns)
    height, width = images.shape[1:]
    cell = np.array([height + 0.55 * height, width + 0.3 * width])  # with room for the words below, and a gap
    ax = paper.sheet(ax, title=title, size=(max(0.3 + 0.82 * columns, 3.0), 0.25 + 0.98 * rows + 0.3 * bool(title)))
    ax.set_axis_off()
    ax.set(xlim=(-0.15 * width, columns * cell[1] - 0.15 * width), ylim=(rows * cell[0], 0), aspect="equal")
    artists = {"images": [], "labels": []}
    for k, i in enumerate(shown):
        top, left = k // columns * cell[0], k % columns * cell[1]
        grey = np.nan_to_num(images[i], nan=0.0, posinf=0.0, neginf=0.0)
        artists["images"].append(
            ax.imshow(grey, cmap="gray_r", extent=(left, left + width, top + height, top), interpolation="nearest")
        )
        artists["labels"].append(
            ax.text(left + width / 2, top + 1.06 * height, f"{target[i]} as {predicted[i]}", ha="center", va="top",
                    fontsize=paper.TEXT, color=paper.INK)
        )  # fmt: skip
    ax.set(xlim=(-0.15 * width, columns * cell[1] - 0.15 * width), ylim=(rows * cell[0], 0))
    alt = f"{len(wrong)} of {counted(len(images), 'image')} misread"
    alt += f", the first {len(shown)}: " if len(shown) < len(wrong) else ": "
    return Plot(ax, artists, alt + ", ".join(f"{target[i]} as {predicted[i]}" for i in shown) + ".")
