"""Columns keep their distances, edges go forward and seldom cross, and heights are the best there are."""

import itertools
import random

import pytest

from bplib.svg.layering import APART, CLOSE, Spot, _spread, arrange


def any_graph(seed: int) -> list[list[int]]:
    rng = random.Random(seed)
    first = rng.randint(1, 9)
    return [[] for _ in range(first)] + [
        [rng.randrange(k) for _ in range(rng.randint(1, 3))] for k in range(first, first + rng.randint(1, 30))
    ]


def crossings(chains) -> int:
    """Count pairs of edges that change sides between two columns."""
    pieces = [(a.column, a.y, b.y) for chain in chains for a, b in itertools.pairwise(chain)]
    return sum(a[0] == b[0] and (a[1] - b[1]) * (a[2] - b[2]) < -1e-9 for a, b in itertools.combinations(pieces, 2))


@pytest.mark.parametrize("seed", range(20))
def test_every_item_has_one_place_and_spots_keep_their_distance(seed):
    inputs = any_graph(seed)
    heights = [30.0 + 7 * (k % 4) for k in range(len(inputs))]
    columns, chains = arrange(inputs, heights)
    spots = [spot for column in columns for spot in column]
    assert sorted(spot.item for spot in spots if spot.item is not None) == list(range(len(inputs)))
    assert all(columns)
    assert min(spot.y - spot.height / 2 for spot in spots) == pytest.approx(0)
    for column in columns:
        for upper, lower in itertools.pairwise(column):
            apart = CLOSE if None in (upper.item, lower.item) else APART
            assert lower.y - upper.y >= (upper.height + lower.height) / 2 + apart - 1e-9
    for chain, (source, item) in zip(
        chains, [(source, item) for item, sources in enumerate(inputs) for source in sources], strict=True
    ):
        assert (chain[0].item, chain[-1].item) == (source, item)
        assert [spot.column for spot in chain] == list(range(chain[0].column, chain[-1].column + 1))
        assert len(chain) >= 2
        assert all(spot.item is None for spot in chain[1:-1])


def test_a_tree_is_drawn_without_crossings_however_its_leaves_are_ordered():
    rng = random.Random(0)
    for _ in range(10):
        leaves = list(range(6))
        rng.shuffle(leaves)
        inputs = [[] for _ in range(6)] + [leaves[:2], leaves[2:4], leaves[4:], [6, 7], [9, 8]]
        _, chains = arrange(inputs, [50.0] * len(inputs))
        assert crossings(chains) == 0


def test_few_inputs_stand_in_the_first_column_and_many_just_before_their_gates():
    chain_of_sums = [[] for _ in range(4)] + [[0, 1], [2, 4], [3, 5]]
    columns, _ = arrange(chain_of_sums, [50.0] * 7)
    assert sorted(spot.item for spot in columns[0] if spot.item is not None) == [0, 1, 2, 3]
    longer = [[] for _ in range(8)] + [[0, 1]] + [[k, 6 + k] for k in range(2, 8)]
    columns, chains = arrange(longer, [50.0] * len(longer))
    assert {len(chain) for chain in chains} == {2}  # no edge passes a column
    assert sum(len(column) for column in columns) == len(longer)


@pytest.mark.parametrize("seed", range(5))
def test_no_other_heights_with_these_distances_are_nearer_to_what_is_wanted(seed):
    rng = random.Random(seed)
    column = [Spot(0, k, height=rng.uniform(20, 60)) for k in range(7)]
    wanted = [rng.uniform(0, 300) for _ in column]
    _spread(column, wanted)
    best = [spot.y for spot in column]
    gaps = [(a.height + b.height) / 2 + APART for a, b in itertools.pairwise(column)]

    def cost(heights):
        return sum((y - want) ** 2 for y, want in zip(heights, wanted, strict=True))

    def allowed(heights):
        return all(b - a >= gap - 1e-9 for (a, b), gap in zip(itertools.pairwise(heights), gaps, strict=True))

    assert allowed(best)
    tried = 0
    while tried < 300:  # the cost is convex: no small step may be better
        low, high = sorted((rng.randrange(7), rng.randrange(7)))
        step = rng.choice((-1, 1)) * 10 ** rng.uniform(-3, 1)
        other = [y + step * (low <= k <= high) for k, y in enumerate(best)]
        if allowed(other):
            assert cost(other) >= cost(best) - 1e-9
            tried += 1
