"""A network is easier to see than to describe: units and edges, with their numbers.

Every label gets a place of its own: on its edge, near the unit where the edge starts, and never on another label.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise

from bplib.svg.drawing import (
    BACKWARD,
    FAINT_LINE,
    FORWARD,
    GIVEN,
    INK,
    LIGHT_UP,
    LINE,
    LIT,
    NAME,
    PAPER,
    SMALL,
    WRONG,
    Drawing,
    cut,
    document,
    ground,
    number,
    tell,
    text,
    tip,
)
from bplib.svg.placing import (
    LINE_HEIGHT,
    LONGEST,
    is_bias,
    lay_out,
    line_of,
    place_labels,
    place_notes,
    radius_of,
    reach_of,
)

MOST_UNITS, MOST_LAYERS = 12, 8


def network(
    layers: Sequence[Sequence[str]],
    *,
    values: Mapping[str, float | str] | None = None,
    deltas: Mapping[str, float | str] | None = None,
    edges: Mapping[tuple[str, str], float | str] | None = None,
    mark: Collection[str] = (),
    wrong: str | tuple[str, str] | None = None,
    light: Collection[str | tuple[str, str]] = (),
    path: Sequence[str] = (),
    notes: Mapping[str, str] | None = None,
    title: str | None = None,
) -> Drawing:
    """Draw a network from left to right, with its numbers.

    Every number is shown with four significant digits; a label stands on its edge, near the unit where the edge
    starts, and never on another label. What is given (inputs, biases) is shaded, what is computed is white. An edge
    back to an earlier layer is thicker, with its arrow pointing to the left: blame on its way from the outputs to the
    inputs.

    Parameters
    ----------
    layers : sequence of sequences of str
        Names of the units, layer by layer, inputs first. A unit named b, or b with digits, is a bias: it is drawn as
        a square under its layer, and by default no edge leads into it.
    values : mapping, unit -> number or text, optional
        Shown inside the unit, under its name.
    deltas : mapping, unit -> number or text, optional
        Shown inside the unit, under its value, with a delta before the number.
    edges : mapping, (from, to) -> number or text, optional
        The edges to draw, each with its label ('' for none). Left out: each unit is joined to the next layer.
    mark : collection of str, optional
        Units that are wrong: a thick ring and a cross.
    wrong : str or (from, to), optional
        Where the first wrong value is: a unit, marked like those of `mark`, or an edge, which is dashed and has a frame
        around its label.
    light : collection of str and (from, to), optional
        Units and edges to be lit up; a lit edge lights its two units. All others are dimmed.
    path : sequence of str, optional
        Units to be lit up together with the edges from each to the next.
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
        or an argument names a unit or an edge that is not there.

    Examples
    --------
    >>> drawing = network([["i1", "i2"], ["h1"]], values={"h1": 0.59326999}, edges={("i1", "h1"): 0.15})
    >>> ">0.5933<" in drawing.markup, "i2" in drawing.markup
    (True, True)
    >>> drawing.alt
    'Network 2-1 of i1, i2, then h1; h1 0.5933; edge from i1 to h1 0.15.'
    >>> network([["x"] * 13])
    Traceback (most recent call last):
        ...
    ValueError: a layer of 13 units is too large to draw: at most 12
    """
    layers = [list(layer) for layer in layers]
    values, deltas = (_inside(numbers) for numbers in (values, deltas))
    notes, mark = dict(notes or {}), set(mark)
    _check_size(layers)
    if edges is None:
        edges = {(a, b): "" for here, after in pairwise(layers) for a in here for b in after if not is_bias(b)}
    edges = {ends: number(label) for ends, label in edges.items()}
    wrong_edge = wrong if isinstance(wrong, tuple) else None
    crossed = mark if wrong is None or wrong_edge else mark | {wrong}
    light = {*light, *path, *pairwise(path)}
    lit_edges = {item for item in light if isinstance(item, tuple)}
    pairs = lit_edges | ({wrong_edge} if wrong_edge else set())
    _check_names(layers, {*values, *deltas, *notes, *crossed, *(light - lit_edges)}, {*edges, *pairs})
    if missing := sorted(pairs - set(edges)):
        raise ValueError(
            f"an edge to be {'lit up' if missing[0] in lit_edges else 'marked'} is not drawn: {missing[0]}"
        )
    lit = (light - lit_edges) | {name for ends in lit_edges for name in ends}

    radius = radius_of([name for layer in layers for name in layer], values, deltas)
    for stretch in (1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 6.0):
        places, width, height = lay_out(layers, radius, stretch, notes, any(edges.values()), title)
        lines = {ends: line_of(ends, places, radius, edges) for ends in edges}
        asides = place_notes(layers, notes, places, radius)
        labels = place_labels(edges, lines, places, radius, asides)
        if labels is not None:
            break
    else:
        raise ValueError(f"{len(edges)} labels are too many to draw side by side")

    parts = []
    column = {name: k for k, layer in enumerate(layers) for name in layer}
    for ends in sorted(edges, key=lambda ends: ends in pairs):  # those that matter on top
        dim = bool(light) and ends not in pairs
        back = column[ends[1]] < column[ends[0]]
        parts.append(_arrow(*lines[ends], dim, ends in lit_edges, back, ends == wrong_edge))
    for ends, box in labels.items():
        dim = bool(light) and ends not in pairs
        parts.append(ground("label", box, WRONG if ends == wrong_edge else ""))
        parts.append(text(box.x, box.y, edges[ends], bold=ends in pairs, dim=dim))
    for name, (x, y) in places.items():
        dim = bool(light) and name not in lit
        paper = LIT if name in lit else GIVEN if name in layers[0] or is_bias(name) else PAPER
        rim = (
            (WRONG, 5.0) if name in crossed else (LIGHT_UP, 3.4) if name in lit else (FAINT_LINE if dim else LINE, 1.6)
        )
        parts.append(_unit(name, x, y, radius, values.get(name), deltas.get(name), dim, paper, rim))
        if name in crossed:
            parts.append(_cross(x + 0.76 * reach_of(name, radius), y - 0.76 * reach_of(name, radius)))
        if name in notes:
            box = asides[name]
            parts.append(ground("note", box))
            parts.append(text(box.x, box.y, notes[name], dim=dim, fill=FORWARD))
    alt = tell(title, _counted(layers), _told(layers, values, deltas, edges, mark, wrong, light, path, notes))
    return Drawing(document(width, height, parts, title), alt)


def _counted(layers: list[list[str]]) -> str:
    """Say which units there are."""
    counts = "-".join(str(sum(not is_bias(name) for name in layer)) for layer in layers)
    if sum(map(len, layers)) > MOST_UNITS:
        return f"Network {counts}"
    return f"Network {counts} of {', then '.join(', '.join(layer) for layer in layers)}"


def _told(
    layers: list[list[str]],
    values: Mapping[str, str],
    deltas: Mapping[str, str],
    edges: Mapping[tuple[str, str], str],
    mark: set[str],
    wrong: str | tuple[str, str] | None,
    light: set[str | tuple[str, str]],
    path: Sequence[str],
    notes: Mapping[str, str],
) -> Iterable[str]:
    """Yield what there is to see, what matters most first."""
    if wrong is not None:
        yield f"the first wrong value is at {wrong if isinstance(wrong, str) else f'the {_edge(wrong)}'}"
    if mark:
        yield f"marked as wrong: {', '.join(sorted(mark))}"
    if path:
        yield f"lit up: the path {' to '.join(path)}"
    more = [name for name in light - {*path} if isinstance(name, str)]
    more += [_edge(ends) for ends in light - {*pairwise(path)} if isinstance(ends, tuple)]
    if more:
        yield f"lit up: {', '.join(sorted(more))}"
    for name in (name for layer in layers for name in layer):
        said = [values.get(name), f"delta {deltas[name]}" if name in deltas else None, notes.get(name)]
        if any(said):
            yield f"{name} {', '.join(filter(None, said))}"
    for ends, label in edges.items():
        if label:
            yield f"{_edge(ends)} {label}"


def _edge(ends: tuple[str, str]) -> str:
    return f"edge from {ends[0]} to {ends[1]}"


def _inside(numbers: Mapping[str, float | str] | None) -> dict[str, str]:
    """Write numbers so that they have room in a unit."""
    return {name: cut(number(value), LONGEST) for name, value in (numbers or {}).items()}


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


def _arrow(start: tuple[float, float], end: tuple[float, float], dim: bool, lit: bool, back: bool, wrong: bool) -> str:
    colour = FAINT_LINE if dim else WRONG if wrong else BACKWARD if back else LIGHT_UP if lit else LINE
    width = 3.4 if lit or wrong else 2.4 if back and not dim else 1.4
    length = math.hypot(end[0] - start[0], end[1] - start[1])
    ux, uy = (end[0] - start[0]) / length, (end[1] - start[1]) / length
    long, half = 7 + 2 * width, 2.4 + width
    bx, by = end[0] - ux * long, end[1] - uy * long
    dashes = ' stroke-dasharray="7 5"' if wrong else ""
    return (
        f'<line x1="{start[0]:.2f}" y1="{start[1]:.2f}" x2="{bx:.2f}" y2="{by:.2f}" stroke="{colour}" '
        f'stroke-width="{width:.2f}"{dashes}/>'
        + tip([end, (bx - uy * half, by + ux * half), (bx + uy * half, by - ux * half)], colour)
    )


def _unit(
    name: str,
    x: float,
    y: float,
    radius: float,
    value: str | None,
    delta: str | None,
    dim: bool,
    paper: str,
    rim: tuple[str, float],
) -> str:
    look = f'fill="{paper}" stroke="{rim[0]}" stroke-width="{rim[1]:.2f}"'
    reach = reach_of(name, radius)
    if is_bias(name):
        shape = (
            f'<rect x="{x - reach:.2f}" y="{y - reach:.2f}" width="{2 * reach:.2f}" height="{2 * reach:.2f}" rx="6" '
            f"{look}/>"
        )
    else:
        shape = f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{reach:.2f}" {look}/>'
    lines = [(cut(name, LONGEST), NAME, INK)]
    if value is not None:
        lines.append((value, SMALL, INK))
    if delta is not None:
        lines.append((f"δ {delta}", SMALL, BACKWARD))
    top = {1: 0.0, 2: -9.0, 3: -LINE_HEIGHT}[len(lines)]
    step = 17.0 if len(lines) == 2 else LINE_HEIGHT
    return shape + "".join(
        text(x, y + top + k * step, words, size, bold=k == 0, dim=dim, fill=fill)
        for k, (words, size, fill) in enumerate(lines)
    )


def _cross(x: float, y: float) -> str:
    return (
        f'<circle cx="{x:.2f}" cy="{y:.2f}" r="10.00" fill="{WRONG}" stroke="{PAPER}" stroke-width="2"/>'
        f'<path class="wrong" d="M {x - 4:.2f} {y - 4:.2f} L {x + 4:.2f} {y + 4:.2f} '
        f'M {x - 4:.2f} {y + 4:.2f} L {x + 4:.2f} {y - 4:.2f}" stroke="{PAPER}" stroke-width="2.6" '
        f'stroke-linecap="round" fill="none"/>'
    )
