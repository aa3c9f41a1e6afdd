"""Where everything stands so that edges run from left to right, are short, seldom cross, and never pass behind a box.

Nodes are put into columns. An edge that is longer than one column gets a place of its own in each column that it
passes. The columns are then sorted by where their neighbours stand, and moved up and down until edges are as level as
they can be while boxes keep their distance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

MOST_INPUTS = 6  # so many inputs stand in the first column; of more, each stands just before what uses it
APART, CLOSE = 18.0, 6.0  # between two boxes; between a box and an edge, or two edges
PASSAGE = 20.0  # the height that an edge is given where it passes a column
SWEEPS = 4


@dataclass(eq=False)
class Spot:
    """A place in a column: for a box, or for an edge that passes (then `item` is None)."""

    column: int
    item: int | None
    height: float = PASSAGE
    y: float = 0.0  # of the centre
    before: list[Spot] = field(default_factory=list, repr=False)
    after: list[Spot] = field(default_factory=list, repr=False)


def arrange(inputs: Sequence[Sequence[int]], heights: Sequence[float]) -> tuple[list[list[Spot]], list[list[Spot]]]:
    """Return the columns from left to right, each from top to bottom, and the places that each edge passes.

    Parameters
    ----------
    inputs : sequence of sequences of int
        For each item the items that it is made from, each of them earlier in the sequence.
    heights : sequence of float
        Of the boxes, in pixels.

    Returns
    -------
    columns : list of lists of Spot
        No two spots of a column overlap; the topmost edge of all boxes is at y = 0.
    chains : list of lists of Spot
        One for each entry of `inputs`, in their order: where it starts, passes, ends.

    Examples
    --------
    >>> columns, chains = arrange([[], [0], [0, 1]], [10, 10, 10])
    >>> [[spot.item for spot in column] for column in columns]
    [[0], [1, None], [2]]
    >>> [[spot.column for spot in chain] for chain in chains]
    [[0, 1], [0, 1, 2], [1, 2]]
    """
    spots = [Spot(column, item, heights[item]) for item, column in enumerate(_depths(inputs))]
    columns: list[list[Spot]] = [[] for _ in range(1 + max(spot.column for spot in spots))]
    for spot in spots:
        columns[spot.column].append(spot)
    chains = []
    for end, sources in zip(spots, inputs, strict=True):
        for start in (spots[source] for source in sources):
            between = [Spot(column, None) for column in range(start.column + 1, end.column)]
            for spot in between:
                columns[spot.column].append(spot)
            chains.append([start, *between, end])
            for left, right in pairwise(chains[-1]):
                left.after.append(right)
                right.before.append(left)
    _sort(columns)
    _settle(columns)
    return columns, chains


def _depths(inputs: Sequence[Sequence[int]]) -> list[int]:
    """Return the column of each item: after all that it is made from, and as near to what uses it as can be."""
    depths = [0] * len(inputs)
    for item, sources in enumerate(inputs):
        depths[item] = 1 + max((depths[source] for source in sources), default=-1)
    if sum(not sources for sources in inputs) <= MOST_INPUTS:
        return depths
    last = max(depths)
    depths = [last] * len(inputs)
    for item in reversed(range(len(inputs))):
        for source in inputs[item]:
            depths[source] = min(depths[source], depths[item] - 1)
    return [depth - min(depths) for depth in depths]


def _sort(columns: list[list[Spot]]) -> None:
    """Order each column by the mean place of its neighbours, sweeping to the right and back."""
    place = {spot: k - len(column) / 2 for column in columns for k, spot in enumerate(column)}
    for sweep in range(SWEEPS):
        side = "after" if sweep % 2 else "before"
        for column in reversed(columns) if sweep % 2 else columns:
            key = {spot: _mean([place[other] for other in getattr(spot, side)], place[spot]) for spot in column}
            column.sort(key=key.__getitem__)
            place |= {spot: k - len(column) / 2 for k, spot in enumerate(column)}


def _settle(columns: list[list[Spot]]) -> None:
    """Give each spot its height: near the mean of its neighbours, in the order of its column, with all distances."""
    for column in columns:
        _spread(column, [0.0] * len(column))
    for sweep in range(SWEEPS):
        side = "after" if sweep % 2 else "before"
        for column in reversed(columns) if sweep % 2 else columns:
            _spread(column, [_mean([other.y for other in getattr(spot, side)], spot.y) for spot in column])
    top = min(spot.y - spot.height / 2 for column in columns for spot in column)
    for spot in (spot for column in columns for spot in column):
        spot.y -= top


def _spread(column: list[Spot], wanted: Sequence[float]) -> None:
    """Move the spots of a column to where the squared distances to the wanted places are least (isotonic regression).

    Spots that would come too near to each other are joined to a block, which goes to the mean of what they want.
    """
    offsets, blocks = [0.0], []  # a block: sum of what its spots want, number of spots
    for upper, lower in pairwise(column):
        apart = CLOSE if upper.item is None or lower.item is None else APART
        offsets.append(offsets[-1] + (upper.height + lower.height) / 2 + apart)
    for want, offset in zip(wanted, offsets, strict=True):
        blocks.append((want - offset, 1))
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
            (total, count), (more, others) = blocks[-2:]
            blocks[-2:] = [(total + more, count + others)]
    levels = [total / count for total, count in blocks for _ in range(count)]
    for spot, level, offset in zip(column, levels, offsets, strict=True):
        spot.y = level + offset


def _mean(numbers: Sequence[float], otherwise: float) -> float:
    return sum(numbers) / len(numbers) if numbers else otherwise
