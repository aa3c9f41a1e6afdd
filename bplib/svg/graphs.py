"""Numbers flow up a graph and derivatives flow back down: on one picture, each at the place where it is used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

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
    TITLE,
    Box,
    Drawing,
    cut,
    document,
    ground,
    number,
    tell,
    text,
    tip,
    width_of,
)
from bplib.svg.layering import Spot, arrange

MOST_NODES = 40
MOST_BYTES = 60_000  # of the markup: only many long edges take so much
LONGEST = 18  # characters of a name
LINE_HEIGHT, PORT = 16.0, 20.0  # from line to line in a box; from edge to edge where they enter it
BEND, LEVEL, HEAD = 34.0, 10.0, 11.0  # room for edges before a column: if one bends, if none does; an arrow's head
PADDING = 16.0  # beside the words in a box
MARGIN, FOOT = 24.0, 44.0


def graph(
    output: Any,
    *,
    forward: int | None = None,
    backward: int | None = None,
    current: Any = None,
    local: bool = True,
    title: str | None = None,
) -> Drawing:
    """Draw the graph below a node, with its values, gradients and local derivatives.

    In each box stand the name or the gate, the value, and the gradient behind an arrow to the left. Inputs are shaded
    and have corners, gates are white and round. The layout does not depend on `forward`, `backward` and `current`:
    drawn one after the other, these pictures do not jump.

    Parameters
    ----------
    output : Value
        The last node: a `bplib.graph.Value`, or anything with `inputs`, `data` and `grad` (and perhaps `op`, `name`,
        `label`, `local`). Nodes that hold samples are shown by their shape.
    forward : int, optional
        How many nodes, in topological order, have their values already. Left out: all.
    backward : int, optional
        How many nodes, in reverse order, have their gradients already. Left out: all, if the output has a gradient.
    current : Value or int, optional
        The node to be ringed, or its place in topological order (from 0).
    local : bool
        Whether local derivatives stand on the edges: each as soon as the gate that it leads into has its value.
    title : str, optional
        A line above the graph.

    Returns
    -------
    drawing : Drawing

    Raises
    ------
    ValueError
        If there is no node, or more than 40, or edges so long that the picture takes more than 60 kB; if `forward` or
        `backward` is not from 0 to the number of nodes; if `current` is not one of them.

    Examples
    --------
    >>> from types import SimpleNamespace as Node
    >>> x = Node(name="x", data=3.0, grad=6.0, inputs=())
    >>> graph(Node(op="*", data=9.0, grad=1.0, inputs=(x, x), local=(3.0, 3.0))).alt
    'Computation graph of 2 nodes; output × 9, gradient 1; x 3, gradient 6.'
    """
    order = _order(output)
    index = {id(node): k for k, node in enumerate(order)}
    reached = _has_gradient(output)
    lines = 2 if backward is None and not reached else 3
    forward = _steps("forward", forward, len(order), len(order))
    backward = _steps("backward", backward, len(order), len(order) if reached else 0)
    ringed = _place(current, order)

    inputs = [[index[id(x)] for x in node.inputs] for node in order]
    heights = [max(lines * LINE_HEIGHT + 14, PORT * len(sources) + 8) for sources in inputs]
    columns, chains = arrange(inputs, heights)
    slopes = [f"×{number(slope)}" for node in order for slope in _slopes(node)] if local else []
    slopes = slopes if len(slopes) == len(chains) else [""] * len(chains)
    legend = _legend(lines == 3, any(slopes))
    ports = _ports(chains)
    lanes = _lanes(len(columns), chains, ports, slopes)
    boxes = [[order[spot.item] for spot in column if spot.item is not None] for column in columns]
    least = max(_length(legend), width_of(title or "", TITLE)) + 2 * MARGIN
    lefts, rights, width = _across(boxes, lanes, least)
    top = 44.0 if title else 18.0
    height = top + max(spot.y + spot.height / 2 for column in columns for spot in column) + FOOT

    parts, labels = [], []
    for chain, port, slope in zip(chains, ports, slopes, strict=True):
        known = chain[-1].item < forward
        parts.append(_edge(chain, port, lefts, rights, lanes, top, known))
        if slope and known:
            wide = width_of(slope) + 6
            box = Box(lefts[chain[-1].column] - HEAD - 3 - wide / 2, port + top, wide, SMALL + 4)
            labels += [ground("label", box), text(box.x, box.y, slope)]
    parts += labels
    for spot in (spot for column in columns for spot in column if spot.item is not None):
        left, right = lefts[spot.column], rights[spot.column]
        box = Box((left + right) / 2, spot.y + top, right - left, spot.height)
        words = _words(order[spot.item], spot.item < forward, spot.item >= len(order) - backward)
        parts.append(_node(words, box, lines, not order[spot.item].inputs, spot.item == ringed))
    x = (width - _length(legend)) / 2
    for said, ink in legend:
        parts.append(text(x, height - 20, said, fill=ink, anchor="start", kind="legend"))
        x += width_of(said) + MARGIN
    markup = document(width, height, parts, title)
    if len(markup.encode()) > MOST_BYTES:
        raise ValueError(f"a graph of {len(chains)} edges as long as these is too large to draw: at most 60 kB")
    return Drawing(markup, _alt(order, forward, backward, ringed, title))


def _order(output: Any) -> list[Any]:
    """Return all nodes below `output`, each after its inputs: in the order of `bplib.graph.topological_order`."""
    if not hasattr(output, "inputs"):
        raise ValueError(f"there is no graph to draw: {output!r} is not a node")
    done, found, stack = [], set(), [(output, False)]
    while stack:
        node, complete = stack.pop()
        if complete:
            done.append(node)
        elif id(node) not in found:
            found.add(id(node))
            stack.append((node, True))
            stack += [(x, False) for x in reversed(node.inputs)]
    if len(done) > MOST_NODES:
        raise ValueError(f"a graph of {len(done)} nodes is too large to draw: at most {MOST_NODES}")
    return sorted(done, key=lambda node: getattr(node, "birth", 0))


def _has_gradient(output: Any) -> bool:
    """Say whether `backward` has been run: it starts with 1, also for samples."""
    return bool(getattr(output.grad, "any", lambda: output.grad)())


def _steps(name: str, steps: int | None, most: int, otherwise: int) -> int:
    if steps is None:
        return otherwise
    if not 0 <= steps <= most:
        raise ValueError(f"{name} counts nodes: from 0 to {most}, not {steps}")
    return steps


def _place(current: Any, order: Sequence[Any]) -> int | None:
    if current is None:
        return None
    for k, node in enumerate(order):
        if node is current or (isinstance(current, int) and k == current):
            return k
    raise ValueError(f"current is none of the {len(order)} nodes: {current!r}")


def _slopes(node: Any) -> Iterable[Any]:
    return getattr(node, "local", ())


def _called(node: Any) -> str:
    """Return what a node is called: its name, with the gate behind it; its gate; or 'input'."""
    name, gate = (
        cut(getattr(node, "name", ""), LONGEST),
        _gate(getattr(node, "op", ""), getattr(node, "constant", None)),
    )
    return f"{name} ({gate})" if name and gate else name or gate or "input"


def _gate(op: str, constant: Any) -> str:
    """Return the sign of a gate, its constant filled in.

    Examples
    --------
    >>> [_gate(op, 2.0) for op in ("+c", "*c", "c/", "**c", "exp")], _gate("+c", -0.01), _gate("*", None)
    (['+ 2', '× 2', '2 / x', '^ 2', 'exp'], '− 0.01', '×')
    """
    if constant is None or "c" not in op:
        return op.replace("**", "^").replace("*", "×").replace("-", "−")
    written = number(constant)
    if op == "+c" and written.startswith("−"):
        return f"− {written[1:]}"
    return {"+c": "+ c", "*c": "× c", "/c": "/ c", "c/": "c / x", "**c": "^ c"}.get(op, op).replace("c", written)


def _words(node: Any, known: bool, blamed: bool) -> tuple[str, str, str]:
    """Return the three lines of a node, empty where nothing is known yet."""
    value = number(node.data) if known else ""
    return _called(node), value, f"← {number(node.grad)}" if blamed else ""


def _legend(gradients: bool, slopes: bool) -> list[tuple[str, str]]:
    legend = [("value", FORWARD)]
    if gradients:
        legend.append(("← gradient", BACKWARD))
    if slopes:
        legend.append(("× local derivative", INK))
    return legend


def _length(legend: Sequence[tuple[str, str]]) -> float:
    return sum(width_of(words) for words, _ in legend) + MARGIN * (len(legend) - 1)


def _across(
    boxes: Sequence[Sequence[Any]], lanes: Sequence[tuple[float, float]], least: float
) -> tuple[list[float], list[float], float]:
    """Return where each column of boxes starts and ends, and the width of the picture."""
    lefts, rights, x = [], [], MARGIN
    for nodes, lane in zip(boxes, lanes, strict=True):
        lefts.append(x := x + sum(lane))
        for name, *numbers in (_words(node, True, True) for node in nodes):
            x = max(x, lefts[-1] + PADDING + max(width_of(name, NAME), *map(width_of, numbers), 30.0))
        rights.append(x)
    width = max(x + MARGIN, least)
    aside = (width - x - MARGIN) / 2  # a narrow graph stands in the middle
    return [x + aside for x in lefts], [x + aside for x in rights], width


def _lanes(columns: int, chains: list[list[Spot]], ports: list[float], slopes: list[str]) -> list[tuple[float, float]]:
    """Return the room before each column: for edges that bend, and for their level ends with labels and heads."""
    bends, ends = [0.0] + [LEVEL] * (columns - 1), [0.0] + [HEAD] * (columns - 1)
    for chain, port, slope in zip(chains, ports, slopes, strict=True):
        levels = [spot.y for spot in chain[:-1]] + [port]
        for spot, (start, end) in zip(chain[1:], pairwise(levels), strict=True):
            if abs(end - start) > 0.01:
                bends[spot.column] = BEND
        if slope:
            column = chain[-1].column
            ends[column] = max(ends[column], HEAD + width_of(slope) + 8)
    return list(zip(bends, ends, strict=True))


def _ports(chains: list[list[Spot]]) -> list[float]:
    """Return the height at which each edge enters its box: in the order in which the edges come along."""
    entering: dict[Spot, list[int]] = {}
    for k, chain in enumerate(chains):
        entering.setdefault(chain[-1], []).append(k)
    ports = [0.0] * len(chains)
    for spot, edges in entering.items():
        for j, k in enumerate(sorted(edges, key=lambda k: chains[k][-2].y)):
            ports[k] = spot.y + (j - (len(edges) - 1) / 2) * PORT
    return ports


def _edge(
    chain: list[Spot],
    port: float,
    lefts: Sequence[float],
    rights: Sequence[float],
    lanes: Sequence[tuple[float, float]],
    top: float,
    known: bool,
) -> str:
    """Return an edge: level where it passes a column and where it enters its box, bent between the columns."""
    colour = LINE if known else FAINT_LINE
    x, y = rights[chain[0].column] + 1, chain[0].y + top
    end = lefts[chain[-1].column] - 1
    path = [f"M {x:.2f} {y:.2f}"]
    for spot in chain[1:]:
        start, x = x, rights[spot.column - 1] + lanes[spot.column][0]
        middle, level = (start + x) / 2, top + (port if spot is chain[-1] else spot.y)
        path.append(f"C {middle:.2f} {y:.2f} {middle:.2f} {level:.2f} {x:.2f} {level:.2f}")
        y = level
        x = end - HEAD + 1 if spot is chain[-1] else rights[spot.column]
        path.append(f"H {x:.2f}")
    return f'<path class="edge" d="{" ".join(path)}" fill="none" stroke="{colour}" stroke-width="1.40"/>' + tip(
        [(end, y), (end - HEAD, y - 4.5), (end - HEAD, y + 4.5)], colour
    )


def _node(words: tuple[str, str, str], box: Box, lines: int, given: bool, ringed: bool) -> str:
    """Return a box with its lines."""
    name, value, gradient = words
    dim = not value
    paper = LIT if ringed else GIVEN if given else PAPER
    rim, width = (LIGHT_UP, 4.0) if ringed else (FAINT_LINE if dim else LINE, 1.6)
    y = box.y - (lines - 1) / 2 * LINE_HEIGHT
    parts = [
        f'<rect class="node" x="{box.x - box.width / 2:.2f}" y="{box.y - box.height / 2:.2f}" '
        f'width="{box.width:.2f}" height="{box.height:.2f}" rx="{2 if given else 16}" fill="{paper}" stroke="{rim}" '
        f'stroke-width="{width:.2f}"/>',
        text(box.x, y, name, NAME, bold=True, dim=dim and not ringed),
    ]
    if value:
        parts.append(text(box.x, y + LINE_HEIGHT, value, fill=FORWARD, kind="value"))
    if gradient:
        parts.append(text(box.x, y + 2 * LINE_HEIGHT, gradient, fill=BACKWARD, kind="gradient"))
    return "".join(parts)


def _alt(order: Sequence[Any], forward: int, backward: int, ringed: int | None, title: str | None) -> str:
    """Say the graph in words: the output, the ringed node, then the inputs, then the gates."""

    def said(k: int) -> str:
        _, value, gradient = _words(order[k], k < forward, k >= len(order) - backward)
        words = f"{_called(order[k])} {value or 'not computed yet'}"
        return f"{words}, gradient {gradient.removeprefix('← ')}" if gradient else words

    last = len(order) - 1
    told = [f"output {said(last)}"]
    if ringed is not None:
        told.append(f"ringed: {said(ringed)}")
    others = sorted(range(last), key=lambda k: bool(order[k].inputs))
    told += [said(k) for k in others if k < forward and k != ringed]
    return tell(title, f"Computation graph of {len(order)} node{'s' * (last > 0)}", told)
