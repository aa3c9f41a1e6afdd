"""On a picture of a graph every number stands where it is used, and nothing stands on anything else."""

import itertools
import operator
import random
import re
from types import SimpleNamespace

import numpy as np
import pytest

from bplib.graph import Value, topological_order
from bplib.svg import graph
from bplib.svg.drawing import number
from tests.svg.reading import (
    SVG,
    along,
    boxes,
    extreme,
    gates,
    neuron,
    numbers,
    overlap,
    tree,
    two_two_two,
    within,
    words,
)


def scribble(seed: int, size: int) -> Value:
    """Return a formula of `size` gates at most, of anything with anything, differentiated."""
    rng = random.Random(seed)
    nodes = [Value(rng.uniform(-1, 1), f"x{k}") for k in range(rng.randint(2, 9))]
    for _ in range(size):
        a, b = rng.choice(nodes), rng.choice(nodes)
        gates = [operator.add, operator.mul, operator.sub, lambda a, b: a.tanh(), lambda a, b: b * 0.5]
        nodes.append(rng.choice(gates)(a, b))
    nodes[-1].backward()
    return nodes[-1]


def test_all_values_gradients_and_local_derivatives_are_there():
    said = words(graph(gates(), title="the gates"))
    expected = ["x", "y", "z", "q (+)", "×", "−2", "5", "−4", "3", "−12", "the gates"]
    expected += ["← −4", "← −4", "← 3", "← −4", "← 1", "×1", "×1", "×−4", "×3"]
    assert sorted(said) == sorted([*expected, "value", "← gradient", "× local derivative"])


def lines_in(drawing, box) -> list[str]:
    """Return the words inside a box, from top to bottom."""
    found = []
    for element in tree(drawing).iter(SVG + "text"):
        x, y = numbers(element, "x", "y")
        if box[0] <= x <= box[2] and box[1] <= y <= box[3]:
            found.append((y, element.text))
    return [said for _, said in sorted(found)]


def test_each_box_holds_its_own_numbers_value_above_gradient_below():
    drawing = graph(gates())
    found = sorted(lines_in(drawing, box) for box in boxes(drawing, "node"))
    assert found == sorted(
        [["x", "−2", "← −4"], ["y", "5", "← −4"], ["z", "−4", "← 3"], ["q (+)", "3", "← −4"], ["×", "−12", "← 1"]]
    )


@pytest.mark.parametrize("k", range(14))
def test_forward_shows_the_values_of_the_first_nodes_and_backward_the_gradients_of_the_last(k):
    f = neuron()
    order = topological_order(f)
    up = graph(f, forward=k, backward=0)
    assert sorted(words(up, "value")) == sorted(number(node.data) for node in order[:k])
    assert words(up, "gradient") == []
    down = graph(f, backward=k)
    assert sorted(words(down, "gradient")) == sorted(f"← {number(node.grad)}" for node in order[len(order) - k :])
    assert len(words(down, "value")) == len(order)


def test_a_local_derivative_is_known_as_soon_as_its_gate_has_a_value():
    f = gates()
    for k, known in ((3, 0), (4, 2), (5, 4)):
        assert len(boxes(graph(f, forward=k), "label")) == known
    assert boxes(graph(f, local=False), "label") == []


def test_steps_do_not_move_anything():
    f = neuron()
    places = [
        boxes(graph(f, backward=0, **step), "node") for step in ({}, {"forward": 0}, {"forward": 7, "current": 6})
    ]
    assert places[0] == places[1] == places[2]


def test_before_backward_no_gradient_is_shown():
    x = Value(3.0, "x")
    drawing = graph(x * x)
    assert words(drawing, "gradient") == []
    assert "gradient" not in drawing.alt
    assert "← gradient" not in words(drawing)


@pytest.mark.parametrize("seed", range(12))
def test_nothing_stands_on_anything_else_and_edges_run_clear(seed):
    output = scribble(seed, size=6 + seed)
    drawing = graph(output)
    nodes, labels = boxes(drawing, "node"), boxes(drawing, "label")
    order = topological_order(output)
    assert len(nodes) == len(order)
    assert len(labels) == sum(len(node.inputs) for node in order)
    for a, b in itertools.combinations([*nodes, *labels], 2):
        assert not overlap(a, b)
    paths = [along(e.get("d")) for e in tree(drawing).iter(SVG + "path") if e.get("class") == "edge"]
    assert len(paths) == len(labels)
    for k, path in enumerate(paths):
        assert all(a[0] <= b[0] + 0.01 for a, b in itertools.pairwise(path))  # from left to right, always
        for box in (*nodes, *labels[:k], *labels[k + 1 :]):
            assert not any(box[0] < x < box[2] and box[1] < y < box[3] for x, y in path)


def test_words_fit_into_their_boxes_and_all_into_the_picture():
    for output in (neuron(), two_two_two(), extreme()):
        drawing = graph(output)
        _, _, width, height = map(float, tree(drawing).get("viewBox").split())
        for box in (*boxes(drawing, "node"), *boxes(drawing, "label")):
            assert within(box, (0, 0, width, height))
            for said in lines_in(drawing, box):
                assert 0.556 * 13 * len(said) <= box[2] - box[0]  # a digit of Arial or Helvetica


def test_labels_stand_where_their_edges_end():
    drawing = graph(gates())
    multiply = next(box for box in boxes(drawing, "node") if "−12" in lines_in(drawing, box))
    before = [box for box in boxes(drawing, "label") if 0 < multiply[0] - box[2] < 20]
    said = [lines_in(drawing, box) for box in sorted(before, key=lambda box: box[1])]
    assert said == [["×−4"], ["×3"]]  # q comes from above, z from below
    for box in before:
        assert multiply[1] < (box[1] + box[3]) / 2 < multiply[3]


def test_both_edges_of_a_square_are_drawn():
    x = Value(3.0, "x")
    square = x * x
    square.backward()
    drawing = graph(square)
    ends = [along(e.get("d"))[-1] for e in tree(drawing).iter(SVG + "path")]
    assert len(ends) == 2
    assert abs(ends[0][1] - ends[1][1]) >= 17
    assert len(boxes(drawing, "label")) == 2


def test_one_node_is_ringed_by_shape_and_said():
    f = gates()
    drawing = graph(f, current=3)
    thick = [float(e.get("stroke-width")) for e in tree(drawing).iter(SVG + "rect") if e.get("class") == "node"]
    assert sorted(thick) == [1.6, 1.6, 1.6, 1.6, 4.0]
    assert "ringed: q (+) 3, gradient −4" in drawing.alt
    assert graph(f, current=topological_order(f)[3]) == drawing


def test_the_words_are_made_from_the_numbers():
    assert graph(gates(), title="f").alt == (
        "f: Computation graph of 5 nodes; output × −12, gradient 1; x −2, gradient −4; y 5, gradient −4; "
        "z −4, gradient 3; q (+) 3, gradient −4."
    )
    assert graph(gates(), forward=2, backward=0).alt == (
        "Computation graph of 5 nodes; output × not computed yet; x −2; y 5."
    )
    assert graph(two_two_two()).alt.startswith("Computation graph of 38 nodes; output loss (× 0.5) 0.2984, gradient 1")


def test_numbers_that_are_none_are_shown_and_break_nothing():
    drawing = graph(extreme())
    assert {"nan", "inf"} <= set(words(drawing, "value"))
    assert "nan" in drawing.alt
    for element in tree(drawing).iter():
        for key in set(element.keys()) - {"class", "fill", "stroke", "font-family", "text-anchor", "font-weight"}:
            assert not re.search(r"nan|inf", element.get(key)), key
    huge = SimpleNamespace(name="huge", data=10**400, grad=1.0, inputs=())
    assert "overflow" in words(graph(huge))


def test_samples_are_shown_by_their_shape():
    w, x = Value(2.0, "w"), Value([1.0, 2.0, 3.0], "x")
    mean = (w * x).mean()
    mean.backward()
    drawing = graph(mean)
    assert sorted(words(drawing, "value")) == ["(3,)", "(3,)", "2", "4"]
    assert "×(3,)" in words(drawing)
    assert number(np.float64(2.5)) == "2.5"


def test_any_engine_with_inputs_data_and_grad_can_be_drawn():
    a = SimpleNamespace(data=2.0, grad=3.0, inputs=())
    b = SimpleNamespace(data=3.0, grad=2.0, inputs=())
    drawing = graph(SimpleNamespace(op="*", data=6.0, grad=1.0, inputs=(a, b)))
    assert sorted(words(drawing, "value")) == ["2", "3", "6"]
    assert words(drawing).count("input") == 2
    assert boxes(drawing, "label") == []


def test_names_are_text_and_never_markup():
    name = "<b>&\"'"
    assert name in words(graph(Value(1.0, name)))


@pytest.mark.parametrize("size", [41, 500])
def test_a_graph_that_is_too_large_is_refused_with_the_limit(size):
    node = Value(0.0)
    for _ in range(size - 1):
        node = node + 1.0
    with pytest.raises(ValueError, match=f"{size} nodes is too large to draw: at most 40"):
        graph(node)


def test_the_largest_graph_is_small_enough():
    nodes = [Value(-0.12345, "x"), Value(-0.56785, "y")]
    while len(nodes) < 40:
        nodes.append(nodes[-1] * nodes[-2])  # each gate but the last is used twice
    nodes[-1].backward()
    drawing = graph(nodes[-1])
    assert len(boxes(drawing, "node")) == 40
    assert 40_000 < len(drawing.markup.encode()) < 60_000


def test_edges_that_are_too_long_are_refused_with_the_limit():
    x = node = Value(1.0, "x")
    for _ in range(38):
        node = node * x
    with pytest.raises(ValueError, match="a graph of 76 edges as long as these is too large to draw: at most 60 kB"):
        graph(node)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (dict(forward=6), "forward counts nodes: from 0 to 5, not 6"),
        (dict(backward=-1), "backward counts nodes: from 0 to 5, not -1"),
        (dict(current=5), "current is none of the 5 nodes: 5"),
        (dict(current=Value(1.0)), "current is none of the 5 nodes"),
    ],
)
def test_what_cannot_be_drawn_is_said(arguments, says):
    with pytest.raises(ValueError, match=says):
        graph(gates(), **arguments)


@pytest.mark.parametrize("empty", [None, [], 3.0])
def test_no_graph_is_refused(empty):
    with pytest.raises(ValueError, match="there is no graph to draw"):
        graph(empty)
