"""A network is easier to see than to describe: small drawings, made of text, the same ones every time.

`network` draws units and edges with their numbers; `show` puts a drawing, or a Matplotlib figure, into a notebook
together with the words that stand for it where nobody can see it.
"""

from __future__ import annotations

import base64
import html
import io
import math
import re
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import escape

MOST_UNITS, MOST_LAYERS = 12, 8

# Okabe and Ito's palette: told apart with any kind of colour vision. Shape or width always says the same as colour.
BLUE, VERMILLION, GREEN = "#0072B2", "#D55E00", "#009E73"
SKY, GREEN_INK = "#DDEEF8", "#00664B"  # lighter, to write on; darker, to write with
INK, LINE, FAINT_INK, FAINT_LINE, GIVEN, PAPER = "#1A1A1A", "#6B6B6B", "#767676", "#D4D4D4", "#F1F1F1", "#FFFFFF"

NAME, VALUE, LABEL, NOTE, TITLE = 14.0, 13.0, 13.0, 13.0, 15.0  # font sizes
WIDE = 0.6  # width of a character, in font sizes: a little more than digits take in usual sans-serif fonts


@dataclass(frozen=True)
class Drawing:
    """A finished picture: `markup` is a complete SVG document, with its own background."""

    markup: str = field(repr=False)


@dataclass(frozen=True)
class _Box:
    """A rectangle that nothing else may cover, by its centre."""

    x: float
    y: float
    width: float
    height: float

    def meets(self, other: _Box) -> bool:
        """Say whether the two rectangles overlap."""
        return (
            2 * abs(self.x - other.x) < self.width + other.width
            and 2 * abs(self.y - other.y) < self.height + other.height
        )

    def crossed(self, start: tuple[float, float], end: tuple[float, float]) -> bool:
        """Say whether the straight line from `start` to `end` passes through the rectangle."""
        enter, leave = 0.0, 1.0
        for s, e, c, size in (
            (start[0], end[0], self.x, self.width),
            (start[1], end[1], self.y, self.height),
        ):
            if s == e:
                if abs(s - c) >= size / 2:
                    return False
                continue
            first, second = sorted(((c - size / 2 - s) / (e - s), (c + size / 2 - s) / (e - s)))
            enter, leave = max(enter, first), min(leave, second)
        return enter < leave


def network(
    layers: Sequence[Sequence[str]],
    *,
    values: Mapping[str, float | str] | None = None,
    edges: Mapping[tuple[str, str], float | str] | None = None,
    mark: Collection[str] = (),
    light: Collection[str | tuple[str, str]] = (),
    notes: Mapping[str, str] | None = None,
    title: str | None = None,
) -> Drawing:
    """Draw a network from left to right, with its numbers.

    Every number is shown with four significant digits; a label stands on its edge, near the unit where the edge
    starts, and never on another label. What is given (inputs, biases) is shaded, what is computed is white. An edge
    back to an earlier layer is drawn in green, with its arrow pointing to the left: blame on its way from the outputs
    to the inputs.

    Parameters
    ----------
    layers : sequence of sequences of str
        Names of the units, layer by layer, inputs first. A unit named b, or b with digits, is a bias: it is drawn as
        a square under its layer, and by default no edge leads into it.
    values : mapping, unit -> number or text, optional
        Shown inside the unit, under its name.
    edges : mapping, (from, to) -> number or text, optional
        The edges to draw, each with its label ('' for none). Left out: each unit is joined to the next layer.
    mark : collection of str, optional
        Units that are wrong: a thick ring and a cross.
    light : collection of str and (from, to), optional
        Units and edges to be lit up; a lit edge lights its two units. All others are dimmed.
    notes : mapping, unit -> str, optional
        A short line beside the unit in the first and the last layer, under it in the others.
    title : str, optional
        A line above the network.

    Returns
    -------
    drawing : Drawing

    Raises
    ------
    ValueError
        If a layer has more than 12 units or the network more than 8 layers; if a layer is empty, a name stands twice,
        or an argument names a unit that is not there.

    Examples
    --------
    >>> drawing = network([["i1", "i2"], ["h1"]], values={"h1": 0.59326999}, edges={("i1", "h1"): 0.15})
    >>> ">0.5933<" in drawing.markup, "i2" in drawing.markup
    (True, True)
    >>> network([["x"] * 13])
    Traceback (most recent call last):
        ...
    ValueError: a layer of 13 units is too large to draw: at most 12
    """
    layers = [list(layer) for layer in layers]
    values = {name: _number(value) for name, value in (values or {}).items()}
    notes, light, mark = dict(notes or {}), set(light), set(mark)
    _check_size(layers)
    if edges is None:
        edges = {(a, b): "" for here, after in pairwise(layers) for a in here for b in after if not _is_bias(b)}
    edges = {ends: _number(label) for ends, label in edges.items()}
    lit_edges = {item for item in light if isinstance(item, tuple)}
    _check_names(layers, {*values, *notes, *mark, *(light - lit_edges)}, {*edges, *lit_edges})
    if missing := sorted(lit_edges - set(edges)):
        raise ValueError(f"an edge to be lit up is not drawn: {missing[0]}")
    lit = (light - lit_edges) | {name for ends in lit_edges for name in ends}

    radius = _radius(values)
    for stretch in (1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 6.0):
        places, width, height = _lay_out(layers, radius, stretch, notes, any(edges.values()), title)
        lines = {ends: _line(ends, places, radius, edges) for ends in edges}
        asides = _place_notes(layers, notes, places, radius)
        labels = _place_labels(edges, lines, places, radius, asides)
        if labels is not None:
            break
    else:
        raise ValueError(f"{len(edges)} labels are too many to draw side by side")

    parts = [
        f'<rect x="0.50" y="0.50" width="{width - 1:.2f}" height="{height - 1:.2f}" rx="10" fill="{PAPER}" '
        f'stroke="{FAINT_LINE}"/>'
    ]
    if title:
        parts.append(_text(width / 2, 27, title, TITLE, bold=True))
    column = {name: k for k, layer in enumerate(layers) for name in layer}
    for ends in sorted(edges, key=lambda ends: ends in lit_edges):  # lit ones on top
        dim = bool(light) and ends not in lit_edges
        parts.append(_arrow(*lines[ends], dim, ends in lit_edges, column[ends[1]] < column[ends[0]]))
    for ends, box in labels.items():
        dim = bool(light) and ends not in lit_edges
        parts.append(_ground("label", box))
        parts.append(_text(box.x, box.y, edges[ends], LABEL, bold=ends in lit_edges, dim=dim))
    for name, (x, y) in places.items():
        dim = bool(light) and name not in lit
        paper = SKY if name in lit else GIVEN if name in layers[0] or _is_bias(name) else PAPER
        rim = (VERMILLION, 5.0) if name in mark else (BLUE, 3.4) if name in lit else (FAINT_LINE if dim else LINE, 1.6)
        parts.append(_unit(name, x, y, radius, values.get(name), dim, paper, rim))
        if name in mark:
            parts.append(_cross(x + 0.76 * _reach(name, radius), y - 0.76 * _reach(name, radius)))
        if name in notes:
            box = asides[name]
            parts.append(_ground("note", box))
            parts.append(_text(box.x, box.y, notes[name], NOTE, dim=dim, fill=GREEN_INK))
    return Drawing(_document(width, height, parts, title))


def show(obj: Any, alt: str) -> None:
    """Put a drawing or a figure into the notebook, together with the words that stand for it.

    The picture is an `<img>` that carries its own data: graders' feedback pages keep it, and screen readers read
    `alt`. Where no notebook runs, `alt` is printed.

    Parameters
    ----------
    obj : Drawing or Matplotlib figure
        A figure is closed afterwards, so that it does not appear a second time.
    alt : str
        What there is to see, in a sentence.

    Raises
    ------
    ValueError
        If `alt` is empty: a picture without words leaves some readers with nothing.
    TypeError
        If `obj` is neither a drawing nor a figure.

    Examples
    --------
    >>> show(network([["x"], ["out"]]), alt="One input, one output.")
    One input, one output.
    """
    if not alt.strip():
        raise ValueError("alt is empty: say in a sentence what there is to see")
    if isinstance(obj, Drawing):
        kind, data, size = "svg+xml", obj.markup.encode(), ""
    elif hasattr(obj, "savefig"):
        kind, data = "png", _png(obj)
        size = f"width:{int.from_bytes(data[16:20]) / 1.5:.0f}px;"  # stored with 1.5 dots for each pixel shown
    else:
        raise TypeError(f"show takes a Drawing or a Matplotlib figure, not {type(obj).__name__}")
    ipython = sys.modules.get("IPython")
    if ipython is None or ipython.get_ipython() is None:
        print(alt)
        return
    source = f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
    image = f'<img alt="{html.escape(alt)}" src="{source}" style="{size}max-width:100%;height:auto">'
    ipython.display.publish_display_data({"text/html": image, "text/plain": alt})


def _png(figure: Any) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=144, metadata={"Software": None})
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot and isinstance(figure, pyplot.Figure):  # else it would be shown a second time when the cell ends
        pyplot.close(figure)
    return buffer.getvalue()


def _number(value: float | str) -> str:
    if isinstance(value, str):
        return value
    return format(float(value) + 0.0, ".4g").replace("-", "−")  # + 0.0 turns -0.0 into 0.0


def _is_bias(name: str) -> bool:
    return re.fullmatch(r"b\d*", name) is not None


def _check_size(layers: list[list[str]]) -> None:
    if not 1 <= len(layers) <= MOST_LAYERS:
        raise ValueError(f"a network of {len(layers)} layers cannot be drawn: at least 1, at most {MOST_LAYERS}")
    for k, layer in enumerate(layers):
        if not layer:
            raise ValueError(f"layer {k} has no units")
        if len(layer) > MOST_UNITS:
            raise ValueError(f"a layer of {len(layer)} units is too large to draw: at most {MOST_UNITS}")


def _check_names(layers: list[list[str]], names: set[str], pairs: set[tuple[str, str]]) -> None:
    units = [name for layer in layers for name in layer]
    if twice := sorted({name for name in units if units.count(name) > 1}):
        raise ValueError(f"two units are named {twice[0]!r}")
    if unknown := sorted((names | {name for pair in pairs for name in pair}) - set(units)):
        raise ValueError(f"there is no unit {unknown[0]!r}: the units are {', '.join(units)}")
    if loops := sorted(a for a, b in pairs if a == b):
        raise ValueError(f"an edge from {loops[0]!r} to itself cannot be drawn")


def _radius(values: Mapping[str, str]) -> float:
    longest = max(map(len, values.values()), default=0)
    return min(max(26.0, longest * WIDE * VALUE / 2 + 5), 44.0)


def _reach(name: str, radius: float) -> float:
    """Return how far a unit extends from its centre."""
    return radius * (0.85 if _is_bias(name) else 1.0)


def _lay_out(
    layers: list[list[str]], radius: float, stretch: float, notes: Mapping[str, str], labels: bool, title: str | None
) -> tuple[dict[str, tuple[float, float]], float, float]:
    below = any(name in notes for layer in layers[1:-1] for name in layer)
    row = 2 * radius + (42 if labels else 28) * stretch + (20 if below else 0)
    column = 2 * radius + (150 if labels else 110) * stretch
    left, right = (
        24.0 + max((7 + _note_width(notes[name]) for name in layer if name in notes), default=0.0)
        for layer in ([] if len(layers) == 1 else layers[0], layers[-1])
    )
    top = 44.0 if title else 18.0
    most = max(sum(not _is_bias(name) for name in layer) for layer in layers)
    places = {}
    for k, layer in enumerate(layers):
        units = [name for name in layer if not _is_bias(name)]
        biases = [name for name in layer if _is_bias(name)]
        x = left + radius + k * column
        for j, name in enumerate(units):
            places[name] = x, top + radius + (j + (most - len(units)) / 2) * row
        for j, name in enumerate(biases):
            places[name] = x, top + radius + (most + j) * row
    places = {name: places[name] for layer in layers for name in layer}
    width = left + right + 2 * radius + (len(layers) - 1) * column
    if title:
        needed = len(title) * WIDE * TITLE + 48
        shift = max(0.0, needed - width) / 2
        places = {name: (x + shift, y) for name, (x, y) in places.items()}
        width += 2 * shift
    height = max(y for _, y in places.values()) + radius + (20 if below else 0) + 18
    return places, width, height


def _line(
    ends: tuple[str, str], places: Mapping[str, tuple[float, float]], radius: float, edges: Mapping
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return where an edge starts and ends: at the rims of its units, beside its opposite if that is drawn too."""
    (x0, y0), (x1, y1) = (places[name] for name in ends)
    length = math.hypot(x1 - x0, y1 - y0)
    ux, uy = (x1 - x0) / length, (y1 - y0) / length
    aside = 6.0 if ends[::-1] in edges else 0.0
    out, into = (_reach(name, radius) + 3 for name in ends)
    return (
        (x0 + ux * out - uy * aside, y0 + uy * out + ux * aside),
        (x1 - ux * into - uy * aside, y1 - uy * into + ux * aside),
    )


def _note_width(note: str) -> float:
    return len(note) * WIDE * NOTE + 4


def _place_notes(
    layers: list[list[str]], notes: Mapping[str, str], places: Mapping[str, tuple[float, float]], radius: float
) -> dict[str, _Box]:
    """Give each note its place: to the right in the last layer, to the left in the first, below in the others."""
    boxes = {}
    for name, note in notes.items():
        (x, y), reach, width = places[name], _reach(name, radius), _note_width(note)
        away = reach + 7 + width / 2
        if name in layers[-1]:
            x += away
        elif name in layers[0]:
            x -= away
        else:
            y += reach + 13
        boxes[name] = _Box(x, y, width, NOTE + 4)
    return boxes


def _place_labels(
    edges: Mapping[tuple[str, str], str],
    lines: Mapping,
    places: Mapping[str, tuple[float, float]],
    radius: float,
    asides: Mapping[str, _Box],
) -> dict[tuple[str, str], _Box] | None:
    """Give each label a place on its line, near the start and off all other labels, units and notes; None if none."""
    taken = [_Box(x, y, 2 * _reach(n, radius) + 4, 2 * _reach(n, radius) + 4) for n, (x, y) in places.items()]
    taken += asides.values()
    boxes = {}
    for ends, label in edges.items():
        if not label:
            continue
        (x0, y0), (x1, y1) = lines[ends]
        others = [line for other, line in lines.items() if other != ends]
        best, cost = None, math.inf
        for step in range(16, 85, 2):
            t = step / 100
            box = _Box(x0 + t * (x1 - x0), y0 + t * (y1 - y0), len(label) * WIDE * LABEL + 6, LABEL + 4)
            price = abs(t - 0.28) + sum(box.crossed(*line) for line in others)
            if price < cost and not any(box.meets(other) for other in taken):
                best, cost = box, price
        if best is None:
            return None
        boxes[ends] = best
        taken.append(best)
    return boxes


def _ground(kind: str, box: _Box) -> str:
    """Return the ground that words stand on, so that no edge runs through them."""
    return (
        f'<rect class="{kind}" x="{box.x - box.width / 2:.2f}" y="{box.y - box.height / 2:.2f}" '
        f'width="{box.width:.2f}" height="{box.height:.2f}" rx="3" fill="{PAPER}"/>'
    )


def _text(
    x: float, y: float, words: str, size: float, *, bold: bool = False, dim: bool = False, fill: str = INK
) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:.2f}" y="{y + 0.36 * size:.2f}" font-size="{size:.2f}" text-anchor="middle"{weight} '
        f'fill="{FAINT_INK if dim else fill}">{escape(words)}</text>'
    )


def _arrow(start: tuple[float, float], end: tuple[float, float], dim: bool, lit: bool, back: bool) -> str:
    colour = FAINT_LINE if dim else GREEN if back else BLUE if lit else LINE
    width = 3.4 if lit else 2.4 if back and not dim else 1.4
    length = math.hypot(end[0] - start[0], end[1] - start[1])
    ux, uy = (end[0] - start[0]) / length, (end[1] - start[1]) / length
    long, half = 7 + 2 * width, 2.4 + width
    bx, by = end[0] - ux * long, end[1] - uy * long
    tip = (
        f"{end[0]:.2f},{end[1]:.2f} {bx - uy * half:.2f},{by + ux * half:.2f} {bx + uy * half:.2f},{by - ux * half:.2f}"
    )
    return (
        f'<line x1="{start[0]:.2f}" y1="{start[1]:.2f}" x2="{bx:.2f}" y2="{by:.2f}" stroke="{colour}" '
        f'stroke-width="{width:.2f}"/><polygon points="{tip}" fill="{colour}"/>'
    )


def _unit(
    name: str, x: float, y: float, radius: float, value: str | None, dim: bool, paper: str, rim: tuple[str, float]
) -> str:
    look = f'fill="{paper}" stroke="{rim[0]}" stroke-width="{rim[1]:.2f}"'
    reach = _reach(name, radius)
    if _is_bias(name):
        shape = (
            f'<rect x="{x - reach:.2f}" y="{y - reach:.2f}" width="{2 * reach:.2f}" height="{2 * reach:.2f}" rx="6" '
            f"{look}/>"
        )
    else:
        shape = f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{reach:.2f}" {look}/>'
    parts = [shape]
    room = 2 * radius - 8
    if value is None:
        parts.append(_text(x, y, name, _fit(name, NAME, room), bold=True, dim=dim))
    else:
        parts.append(_text(x, y - 9, name, _fit(name, NAME, room), bold=True, dim=dim))
        parts.append(_text(x, y + 8, value, _fit(value, VALUE, room), dim=dim))
    return "".join(parts)


def _fit(words: str, size: float, room: float) -> float:
    return min(size, room / (WIDE * max(len(words), 1)))


def _cross(x: float, y: float) -> str:
    return (
        f'<circle cx="{x:.2f}" cy="{y:.2f}" r="10.00" fill="{VERMILLION}" stroke="{PAPER}" stroke-width="2"/>'
        f'<path class="wrong" d="M {x - 4:.2f} {y - 4:.2f} L {x + 4:.2f} {y + 4:.2f} '
        f'M {x - 4:.2f} {y + 4:.2f} L {x + 4:.2f} {y - 4:.2f}" stroke="{PAPER}" stroke-width="2.6" '
        f'stroke-linecap="round" fill="none"/>'
    )


def _document(width: float, height: float, parts: list[str], title: str | None) -> str:
    heading = f"<title>{escape(title)}</title>" if title else ""
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.2f} {height:.2f}" width="{width:.2f}" '
        f'height="{height:.2f}" font-family="sans-serif">{heading}\n{body}\n</svg>\n'
    )
