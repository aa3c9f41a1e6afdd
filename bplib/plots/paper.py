"""Every plot is drawn on the same paper: one palette, one size of words, and a sentence for those who cannot see it.

Nothing here goes through pyplot or changes Matplotlib's settings, so a plot looks alike in every notebook and theme,
leaves no figure open, and may be drawn by a widget's thread.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from bplib.plots.png import encode
from bplib.plots.words import Array
from bplib.svg import show
from bplib.svg.palette import LIGHT, SERIES, contrast

PAPER, INK, LINE, FAINT_LINE, GRID = (LIGHT[name] for name in ("paper", "ink", "line", "faint_line", "grid"))
WRONG, BEST, BACKWARD = LIGHT["wrong"], LIGHT["light"], LIGHT["backward"]
TEXT = 10.5  # points; shown at 96 dots to the inch this is 14 px, the size of a notebook's text
DENSITY = 144  # dots per inch of a picture: 1.5 for each pixel shown
MOST_BYTES = 60_000  # of a picture: it is part of the notebook
SIZE = (6.0, 3.6)  # inches
MOST_SERIES = len(SERIES)
LONGEST_NAME = 24  # characters, in the plot; the alt text has it whole
# Each series has a colour, a line style and a marker: any one of them tells it from the others.
STYLES = ("-", "--", "-.", ":", (0, (6, 2, 1, 2, 1, 2)), (0, (9, 3)), (0, (3, 1)), (0, (1, 3)))
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<")
HALO = dict(boxstyle="square,pad=0.15", facecolor=PAPER, edgecolor="none")  # paper under words that stand on lines


@dataclass(frozen=True)
class Plot:
    """A finished plot; as the last value of a cell it shows itself.

    Attributes
    ----------
    ax : Axes, or a tuple of them
        Where it was drawn.
    artists : mapping, str -> Matplotlib artist or list of artists
        What was drawn, by name, for a lecturer who wants to change it.
    alt : str
        What there is to see, computed from the data.
    """

    ax: Axes | tuple[Axes, ...] = field(repr=False)
    artists: Mapping[str, Any] = field(repr=False)
    alt: str

    @property
    def figure(self) -> Figure:
        """The figure that holds the axes."""
        ax = self.ax[0] if isinstance(self.ax, tuple) else self.ax
        return ax.figure.canvas.figure  # the whole figure, also for axes in a part of it

    def png(self) -> bytes:
        """Return the picture as it is shown: 1.5 dots for each pixel of a page."""
        return picture(self.figure)

    def savefig(self, file: Any, format: str = "png", **how: Any) -> None:
        """Write the picture into an open file: PNG as it is shown, any other format as Matplotlib does."""
        if format == "png":
            file.write(self.png())
        else:
            self.figure.savefig(file, format=format, **how)

    def _ipython_display_(self) -> None:
        show(self)


def picture(figure: Figure) -> bytes:
    """Return a figure as PNG in few colours, 1.5 dots for each pixel of a page."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="rgba", dpi=DENSITY)
    width = int(figure.get_figwidth() * DENSITY + 1e-6)
    dots = np.frombuffer(buffer.getvalue(), np.uint8).reshape(-1, width, 4)
    for colours in (256, 64, 32, 16):  # where many lines cross, fewer blends of them are enough
        data = encode(dots[:, :, :3], DENSITY, colours)
        if len(data) < MOST_BYTES:
            break
    return data


def sheet(
    ax: Axes | None,
    *,
    x: str = "",
    y: str = "",
    title: str | None = None,
    size: tuple[float, float] = SIZE,
) -> Axes:
    """Return axes to draw on, on paper of their own, with the words around them.

    Parameters
    ----------
    ax : Axes, optional
        Made in a figure of their own when None.
    x, y : str
        What the axes measure.
    title : str, optional
        A line above.
    size : (float, float)
        Width and height of a new figure in inches.

    Returns
    -------
    ax : Axes
    """
    if ax is None:
        ax = Figure(figsize=size, layout="constrained").add_subplot()
    ax.figure.set_facecolor(PAPER)
    ax.set_facecolor(PAPER)
    ax.set_xlabel(x, color=INK, fontsize=TEXT)
    ax.set_ylabel(y, color=INK, fontsize=TEXT)
    if title:
        ax.set_title(title, color=INK, fontsize=TEXT + 1.5, fontweight="bold", loc="left")
    ax.tick_params(which="both", labelsize=TEXT, labelcolor=INK, color=LINE)
    for axis in (ax.xaxis, ax.yaxis):
        axis.get_offset_text().set(color=INK, fontsize=TEXT)
    ax.spines[["top", "right"]].set_visible(False)
    ax.spines[["left", "bottom"]].set_color(LINE)
    ax.set_axisbelow(True)
    return ax


def write(ax: Axes, x: float, y: float, text: str, **how: Any) -> Any:
    """Write on the plot: ink, the notebook's size, paper underneath.

    `how` is as for `Axes.annotate`; `offset` moves the text by so many points.
    """
    offset = how.pop("offset", (0, 0))
    how = dict(color=INK, fontsize=TEXT, bbox=HALO, zorder=6, annotation_clip=False) | how
    return ax.annotate(text, (x, y), offset, textcoords="offset points", **how)


def note(ax: Axes, text: str, *lines: Line2D) -> Any:
    """Write in the corner of the plot where the lines leave most room: top left if there is nothing to choose."""
    to_axes = ax.transScale + ax.transLimits
    points = np.concatenate([to_axes.transform(np.column_stack(line.get_data())) for line in lines])
    corners = [(0, 1), (1, 0), (1, 1), (0, 0)]
    crowd = [(np.abs(points - corner) < (0.5, 0.35)).all(axis=1).sum() for corner in corners]
    x, y = corners[int(np.argmin(crowd))]
    return ax.text(
        0.02 + 0.96 * x, 0.02 + 0.96 * y, text, transform=ax.transAxes, ha="right" if x else "left",
        va="top" if y else "bottom", color=INK, fontsize=TEXT, bbox=HALO, zorder=6,
    )  # fmt: skip


def say_instead(ax: Axes, message: str) -> Any:
    """Write in the middle of an empty plot why it is empty."""
    ax.set_xticks([])
    ax.set_yticks([])
    return ax.text(
        0.5, 0.5, message, transform=ax.transAxes, ha="center", va="center", color=INK, fontsize=TEXT, wrap=True
    )


def series(ax: Axes, k: int, x: Array, y: Array, **how: Any) -> Line2D:
    """Draw the k-th series in its colour, its line style and with some of its markers."""
    every = max(1, len(x) // 7)
    how = dict(
        color=SERIES[k], linestyle=STYLES[k], linewidth=2, marker=MARKERS[k], markersize=6,
        markevery=((k * every) // 4 % max(len(x), 1), every), zorder=3,
    ) | how  # fmt: skip
    return ax.plot(x, y, **how)[0]


def mark(ax: Axes, x: float, y: float, shape: str, colour: str, size: float = 9.0, **how: Any) -> Line2D:
    """Draw one marker over everything else, with a rim of ink."""
    how = dict(color=colour, markersize=size, markeredgecolor=INK, linestyle="none", zorder=5) | how
    return ax.plot(x, y, shape, **how)[0]


def enough_styles(n: int, what: str) -> None:
    """Refuse more series than there are styles to tell them apart.

    Raises
    ------
    ValueError
        If `n` is more than 8.
    """
    if n > MOST_SERIES:
        raise ValueError(f"{n} {what} cannot be told apart in one plot: at most {MOST_SERIES}; draw two plots")


def limits(values: Array, log: bool = False, margin: float = 0.06) -> tuple[float, float]:
    """Return the ends of an axis that shows all finite `values` with some room around.

    Examples
    --------
    >>> limits(np.array([0.0, 10.0, np.nan]), margin=0.1)
    (-1.0, 11.0)
    >>> limits(np.array([1.0, 100.0]), log=True, margin=0.5)
    (0.1, 1000.0)
    >>> limits(np.array([3.0]), margin=0.5)
    (2.5, 3.5)
    """
    values = values[np.isfinite(values)]
    if log:
        low, high = np.clip(limits(np.log10(values), margin=margin), -300, 300)  # beyond, a float overflows
        return float(10**low), float(10**high)
    if not len(values):
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    if high - low <= 1e-9 * max(abs(low), abs(high)) or high == low:
        half = max(0.5, 0.1 * abs(low))
        return low - half, high + half
    room = margin * (high - low)
    return low - room, high + room


def label_ends(ax: Axes, lines: Sequence[Line2D], names: Sequence[str]) -> list[Any]:
    """Write each line's name at the right, at the height of its end; names that would meet move apart.

    The limits of the axes have to be set before. A name that stands away from its line's end is tied to it.
    """
    height = ax.figure.canvas.figure.get_figheight() * ax.get_position().height
    rows = max((name.count("\n") + 1 for name in names), default=1)
    gap = (1.25 * rows + 0.1) * TEXT / 72 / height
    to_axes = ax.transScale + ax.transLimits
    ends = [_last_point(line) for line in lines]
    inside = np.clip([to_axes.transform(end) for end in ends], 0, 1)
    labels = []
    for line, name, (across, up), place in zip(lines, names, inside, spread(inside[:, 1], gap), strict=True):
        tied = abs(place - up) > gap / 4 or across < 0.97
        tie = dict(arrowstyle="-", color=line.get_color(), linewidth=1, shrinkA=0, shrinkB=0, relpos=(0, 0.5))
        text = "\n".join(short(line) for line in name.split("\n"))
        labels.append(
            ax.annotate(
                text, (across, up), (1.03, place), xycoords="axes fraction", textcoords="axes fraction", va="center",
                color=INK, fontsize=TEXT, arrowprops=tie if tied else None, annotation_clip=False,
            )
        )  # fmt: skip
    return labels


def _last_point(line: Line2D) -> tuple[float, float]:
    x, y = (np.asarray(values, dtype=float) for values in line.get_data())
    last = np.flatnonzero(np.isfinite(y))[-1]
    return float(x[last]), float(y[last])


def spread(wanted: Array, gap: float) -> Array:
    """Return places as near to the wanted ones as keeps them `gap` apart, pushed up first, then back below 1.

    Examples
    --------
    >>> spread(np.array([0.5, 0.5, 0.0]), 0.25)
    array([0.5 , 0.75, 0.  ])
    >>> spread(np.array([1.0, 1.0]), 0.25)
    array([0.75, 1.  ])
    """
    places = np.array(wanted, dtype=float)
    order = np.argsort(places, kind="stable")
    for below, above in pairwise(order):
        places[above] = max(places[above], places[below] + gap)
    places[order[-1]] = min(places[order[-1]], 1.0)
    for above, below in pairwise(order[::-1]):
        places[below] = min(places[below], places[above] - gap)
    return places


def short(name: str) -> str:
    """Return a name that leaves room for the plot beside it.

    Examples
    --------
    >>> short("steepest descent"), short("steepest descent with half the learning rate")
    ('steepest descent', 'steepest descent with h…')
    """
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"


def tint(colour: str, share: float) -> str:
    """Return `share` of a colour on paper.

    Examples
    --------
    >>> tint("#000000", 0.5)
    '#808080'
    """
    return to_hex(share * np.array(to_rgb(colour)) + (1 - share) * np.array(to_rgb(PAPER)))


def readable(ground: str) -> str:
    """Return ink or paper, whichever can be read better on a ground."""
    return max((INK, PAPER), key=lambda colour: contrast(colour, ground))


def dots(colours: Sequence[str]) -> NDArray[np.uint8]:
    """Return colours as dots of an image, (K, 3).

    Examples
    --------
    >>> dots(["#0072B2"])
    array([[  0, 114, 178]], dtype=uint8)
    """
    return np.array([[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in colours], dtype=np.uint8)
