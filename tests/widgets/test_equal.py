"""The same numbers twice: a page computes in JavaScript what Python computes, for a thousand random states each."""

import numpy as np
import pytest

from bplib.graph import Value, maximum
from bplib.widgets import GraphStepper, Scores, Slope, TwoTwoTwo
from bplib.widgets.base import plain
from bplib.widgets.slope import FUNCTIONS
from bplib.widgets.two_two_two import NUMBERS

pytestmark = pytest.mark.slow
STATES = 1000
LAST_BIT = 5e-16  # 1 - a * a of a saturated unit is as exact as its 1, not as its own few digits


def slopes(rng):
    names = list(FUNCTIONS)
    for k in range(STATES):
        yield Slope(names[k % len(names)], z=rng.uniform(-6, 6), h=rng.choice([-1, 1]) * rng.uniform(0.05, 4))


def scores(rng):
    for _ in range(STATES):
        n = int(rng.integers(2, 7))
        yield Scores((rng.normal(size=n) * rng.choice([0.1, 2, 8])).tolist(), target=int(rng.integers(n)))


def networks(rng):
    for k in range(STATES):
        numbers = dict(zip(NUMBERS, rng.normal(0, 1.5, size=len(NUMBERS)), strict=True))
        yield TwoTwoTwo(**numbers, eta=rng.uniform(0, 5), move_biases=bool(k % 2))


def all_gates():
    """Return a graph in which every gate of bplib.graph stands, defined for all inputs."""
    x, y, z = Value(0.7, "x"), Value(-1.2, "y"), Value(2.0, "z")
    positive = x * x + 0.5
    squashed = (x * y).sigmoid() - (y - z).tanh() + maximum(x, z).relu()
    return (
        squashed / positive
        + positive.log() * 3
        + (-positive).exp()
        + 2 / positive
        + y**3
        + positive**-1.5
        + (z / 4).sum()
        + z.mean()
    )


def graphs(rng):
    for _ in range(STATES):
        state = GraphStepper(all_gates())
        state.change(values=rng.normal(0, 2, size=len(state.values)).tolist())
        yield state


def numbers_of(value, path=""):
    """Yield every number in a nested result with its place."""
    if isinstance(value, dict):
        for key, entry in value.items():
            yield from numbers_of(entry, f"{path}.{key}")
    elif isinstance(value, list):
        for k, entry in enumerate(value):
            yield from numbers_of(entry, f"{path}[{k}]")
    else:
        yield path, value


@pytest.mark.parametrize("states", [slopes, scores, networks, graphs], ids=lambda make: make.__name__)
def test_page_and_kernel_compute_the_same(module, states):
    made = list(states(np.random.default_rng(7)))
    computed = module(made[0], [state.inputs() for state in made])
    worst, where = 0.0, None
    for state, found in zip(made, computed, strict=True):
        wanted, found = dict(numbers_of(plain(state.result()))), dict(numbers_of(found))
        assert wanted.keys() == found.keys()
        for place, number in wanted.items():
            if isinstance(number, bool):
                assert found[place] is number, (place, state.inputs())
            elif abs(found[place] - number) > LAST_BIT:
                off = abs(found[place] - number) / max(abs(number), abs(found[place]))
                if off > worst:
                    worst, where = off, (place, number, found[place], state.inputs())
    assert worst <= 1e-12, where


def test_every_gate_is_tried():
    from bplib.graph import RULES

    state = GraphStepper(all_gates())
    assert {node["op"] for node in state.fixed()["nodes"]} - {""} == set(RULES)


def test_many_steps_end_at_the_same_place(module, lab):
    """`step` in Python and `walk` in JavaScript, 500 steps each."""
    from bplib.widgets.view import script

    state = TwoTwoTwo(eta=2.0, move_biases=True)
    page = lab.browser.new_page()
    ended = page.evaluate(
        """async ([source, inputs]) => {
            const { walk } = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
            return walk(inputs, 500);
        }""",
        [script(state), state.inputs()],
    )
    page.close()
    first = state.result()["loss"]
    state.step(500)
    assert ended["losses"][0] == pytest.approx(first, rel=1e-14)
    assert len(ended["losses"]) == 500
    assert [ended["end"][name] for name in NUMBERS] == pytest.approx([getattr(state, n) for n in NUMBERS], rel=1e-12)
