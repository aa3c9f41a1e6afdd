"""Where units, edges, notes and labels of a network stand: every label on its own edge, and none on another.

Units of a layer stand below each other, biases below them. What does not find room is drawn again, wider apart.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping

from bplib.svg.drawing import NAME, SMALL, TITLE, WIDE, Box, cut, width_of

LONGEST = 14  # characters of a name or a number inside a unit
LINE_HEIGHT = 16.0  # of the three lines in a unit with a delta
ALONG = sorted((step / 100 for step in range(16, 85, 2)), key=lambda t: abs(t - 0.28))  # where labels may stand


def is_bias(name: str) -> bool:
    """Say whether a unit is a bias: its name is b, or b with digits."""
    return re.fullmatch(r"b\d*", name) is not None


def radius_of(names: Collection[str], values: Mapping[str, str], deltas: Mapping[str, str]) -> float:
    """Return the radius at which all that stands in a unit has room: two lines, or three with deltas."""
    longest = max(len(words) * size for words, size in _sized(names, values))
    radius = max(26.0, longest * WIDE / 2 + 5)
    if deltas:
        outer = max(max(map(len, deltas.values())) + 2, *(min(len(name), LONGEST) for name in names))
        radius = max(radius, math.hypot(width_of("0" * outer) / 2, LINE_HEIGHT + SMALL / 2))
    return radius


def _sized(names: Collection[str], values: Mapping[str, str]) -> Iterable[tuple[str, float]]:
    yield from ((cut(name, LONGEST), NAME) for name in names)
    yield from ((value, SMALL) for value in values.values())


def reach_of(name: str, radius: float) -> float:
    """Return how far a unit extends from its centre."""
    return radius * (0.85 if is_bias(name) else 1.0)


def lay_out(
    layers: list[list[str]], radius: float, stretch: float, notes: Mapping[str, str], labels: bool, title: str | None
) -> tuple[dict[str, tuple[float, float]], float, float]:
    """Return the centre of each unit, and width and height of the picture."""
    below = any(name in notes for layer in layers[1:-1] for name in layer)
    row = 2 * radius + (42 if labels else 28) * stretch + (20 if below else 0)
    column = 2 * radius + (150 if labels else 110) * stretch
    left, right = (
        24.0 + max((11 + width_of(notes[name]) for name in layer if name in notes), default=0.0)
        for layer in ([] if len(layers) == 1 else layers[0], layers[-1])
    )
    top = 44.0 if title else 18.0
    most = max(sum(not is_bias(name) for name in layer) for layer in layers)
    places = {}
    for k, layer in enumerate(layers):
        units = [name for name in layer if not is_bias(name)]
        biases = [name for name in layer if is_bias(name)]
        x = left + radius + k * column
        for j, name in enumerate(units):
            places[name] = x, top + radius + (j + (most - len(units)) / 2) * row
        for j, name in enumerate(biases):
            places[name] = x, top + radius + (most + j) * row
    places = {name: places[name] for layer in layers for name in layer}
    width = left + right + 2 * radius + (len(layers) - 1) * column
    if title:
        needed = width_of(title, TITLE) + 48
        shift = max(0.0, needed - width) / 2
        places = {name: (x + shift, y) for name, (x, y) in places.items()}
        width += 2 * shift
    height = max(y for _, y in places.values()) + radius + (20 if below else 0) + 18
    return places, width, height


def line_of(
    ends: tuple[str, str], places: Mapping[str, tuple[float, float]], radius: float, edges: Mapping
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return where an edge starts and ends: at the rims of its units, beside its opposite if that is drawn too."""
    (x0, y0), (x1, y1) = (places[name] for name in ends)
    length = math.hypot(x1 - x0, y1 - y0)
    ux, uy = (x1 - x0) / length, (y1 - y0) / length
    aside = 6.0 if ends[::-1] in edges else 0.0
    out, into = (reach_of(name, radius) + 3 for name in ends)
    return (
        (x0 + ux * out - uy * aside, y0 + uy * out + ux * aside),
        (x1 - ux * into - uy * aside, y1 - uy * into + ux * aside),
    )


def place_notes(
    layers: list[list[str]], notes: Mapping[str, str], places: Mapping[str, tuple[float, float]], radius: float
) -> dict[str, Box]:
    """Give each note its place: to the right in the last layer, to the left in the first, below in the others."""
    boxes = {}
    for name, note in notes.items():
        (x, y), reach, width = places[name], reach_of(name, radius), width_of(note) + 4
        away = reach + 7 + width / 2
        if name in layers[-1]:
            x += away
        elif name in layers[0]:
            x -= away
        else:
            y += reach + 13
        boxes[name] = Box(x, y, width, SMALL + 4)
    return boxes


def place_labels(
    edges: Mapping[tuple[str, str], str],
    lines: Mapping,
    places: Mapping[str, tuple[float, float]],
    radius: float,
    asides: Mapping[str, Box],
) -> dict[tuple[str, str], Box] | None:
    """Give each label a place on its line, near the start and off all other labels, units and notes; None if none."""
    taken = [Box(x, y, 2 * reach_of(n, radius) + 4, 2 * reach_of(n, radius) + 4) for n, (x, y) in places.items()]
    taken += asides.values()
    boxes = {}
    for ends, label in edges.items():
        if not label:
            continue
        (x0, y0), (x1, y1) = lines[ends]
        others = [line for other, line in lines.items() if other != ends]
        best, least = None, math.inf
        for t in ALONG:
            box = Box(x0 + t * (x1 - x0), y0 + t * (y1 - y0), width_of(label) + 6, SMALL + 4)
            if any(box.meets(other) for other in taken):
                continue
            crossings = sum(box.crossed(*line) for line in others)
            if crossings < least:
                best, least = box, crossings
            if not crossings:
                break
        if best is None:
            return None
        boxes[ends] = best
        taken.append(best)
    return boxes
