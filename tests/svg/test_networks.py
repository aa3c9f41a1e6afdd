"""A network has to be read: by a browser, by an eye, and by somebody who cannot see it."""

import itertools
import math
import re

import pytest

from bplib.svg import network
from tests.svg.reading import SVG, boxes, numbers, overlap, tree, words

LAYERS = [["i1", "i2"], ["h1", "h2"], ["o1", "o2"]]
BIASED = [["i1", "i2", "b1"], ["h1", "h2", "b2"], ["o1", "o2"]]
VALUES = dict(i1=0.05, i2=0.1, h1=0.5932699921, h2=0.5968843783, o1=0.7513650696, o2=0.7729284653)
EDGES = {
    ("i1", "h1"): 0.15, ("i2", "h1"): 0.2, ("i1", "h2"): 0.25, ("i2", "h2"): 0.3,
    ("h1", "o1"): 0.4, ("h2", "o1"): 0.45, ("h1", "o2"): 0.5, ("h2", "o2"): 0.55,
}  # fmt: skip
BIAS_EDGES = {("b1", "h1"): "", ("b1", "h2"): "", ("b2", "o1"): "", ("b2", "o2"): ""}
NOTES = dict(h1="δ 0.008771", h2="δ 0.009954", o1="δ 0.1385", o2="δ −0.0381")
BACK = {(b, a): str(label) for (a, b), label in EDGES.items()}


def test_all_names_and_values_are_there():
    drawing = network(LAYERS, values=VALUES, edges=EDGES, notes=NOTES, title="the net")
    expected = [*itertools.chain(*LAYERS), "0.05", "0.1", "0.5933", "0.5969", "0.7514", "0.7729"]
    expected += ["0.15", "0.2", "0.25", "0.3", "0.4", "0.45", "0.5", "0.55", *NOTES.values(), "the net"]
    assert sorted(words(drawing)) == sorted(expected)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-0.0380982365, "−0.0381"), (-0.0, "0"), (123456.0, "1.235e+05"), (1e-20, "1e−20"), (7, "7"),
        ("0.40", "0.40"), (float("nan"), "nan"), (float("-inf"), "−inf"),
    ],
)  # fmt: skip
def test_how_a_number_is_written(value, text):
    assert text.replace("e-", "e−") in [
        word.replace("e-", "e−") for word in words(network([["x"]], values={"x": value}))
    ]


def test_names_are_text_and_never_markup():
    name = "<script>&\"x'"
    drawing = network(
        [[name], ["y"]], values={name: "<&>"}, edges={(name, "y"): "a<b&c"}, notes={"y": "<i>"}, title="<&"
    )
    assert sorted(words(drawing)) == sorted([name, "y", "<&>", "a<b&c", "<i>", "<&"])
    assert "<script" not in drawing.markup


@pytest.mark.parametrize(
    "drawing",
    [
        network(LAYERS, values=VALUES, edges=EDGES),
        network(LAYERS, values=VALUES, edges=EDGES, notes=NOTES),
        network(BIASED, values=VALUES, edges=EDGES | BIAS_EDGES, light=[("i1", "h1")]),
        network(LAYERS, edges=dict.fromkeys(EDGES, -0.0001234)),
        network(LAYERS, edges=BACK, notes=NOTES),
        network(LAYERS, edges=EDGES | BACK, notes=NOTES),
        network([[f"a{i}" for i in range(6)], [f"c{i}" for i in range(5)]],
                edges={(f"a{i}", f"c{j}"): i + j / 100 for i in range(6) for j in range(5)}),
    ],
    ids=["plain", "notes", "biases", "long", "back", "both ways", "thirty"],
)  # fmt: skip
def test_labels_cover_neither_each_other_nor_units_nor_notes(drawing):
    labels = boxes(drawing, "label")
    assert len(labels) >= 8
    for a, b in itertools.combinations(labels, 2):
        assert not overlap(a, b)
    for label, other in itertools.product(labels, boxes(drawing, "unit") + boxes(drawing, "note")):
        assert not overlap(label, other)


def test_a_label_is_as_wide_as_its_words():
    drawing = network(LAYERS, edges=EDGES)
    texts = [element for element in tree(drawing).iter(SVG + "text") if element.text not in VALUES]
    for (left, top, right, bottom), text in zip(boxes(drawing, "label"), texts, strict=True):
        x, y, size = numbers(text, "x", "y", "font-size")
        assert x == pytest.approx((left + right) / 2, abs=0.02)
        assert right - left >= 0.556 * size * len(text.text)  # a digit of Arial or Helvetica
        assert top < y - 0.7 * size
        assert y < bottom


def test_notes_stand_clear_of_units_and_of_each_other():
    drawing = network(BIASED, values=VALUES, edges=EDGES | BIAS_EDGES, notes=NOTES | {"i1": "input", "b1": "shared"})
    notes, units = boxes(drawing, "note"), boxes(drawing, "unit")
    assert len(notes) == 6
    for a, b in itertools.combinations(notes, 2):
        assert not overlap(a, b)
    for note, unit in itertools.product(notes, units):
        assert not overlap(note, unit)


def test_labels_stand_nearer_to_the_start_of_their_edge():
    drawing = network(LAYERS, edges=EDGES)
    columns = sorted({round((unit[0] + unit[2]) / 2, 2) for unit in boxes(drawing, "unit")})
    for k, (left, _, right, _) in enumerate(boxes(drawing, "label")):
        start = columns[k // 4]
        assert 0.1 < ((left + right) / 2 - start) / (columns[1] - columns[0]) < 0.5


def test_everything_stands_inside_the_picture():
    drawing = network(LAYERS, values=VALUES, edges=EDGES, notes=NOTES | {"i1": "δ a long note"}, title="A title " * 12)
    width, height = map(float, tree(drawing).get("viewBox").split()[2:])
    for kind in ("label", "unit", "note"):
        for left, top, right, bottom in boxes(drawing, kind):
            assert 0 <= left < right <= width
            assert 0 <= top < bottom <= height


def test_wrong_units_are_told_by_shape_and_not_by_colour_alone():
    plain, marked = network(LAYERS), network(LAYERS, mark=["h1", "o2"])
    assert sum(element.get("class") == "wrong" for element in tree(plain).iter()) == 0
    crosses = [element for element in tree(marked).iter() if element.get("class") == "wrong"]
    assert len(crosses) == 2
    rings = [float(c.get("stroke-width")) for c in tree(marked).iter(SVG + "circle") if c.get("r") != "10.00"]
    assert sorted(rings)[-2:] == [5.0, 5.0]
    assert max(rings[:2]) < 2


def test_a_lit_edge_is_thicker_and_lights_its_units():
    lit = network(LAYERS, edges=EDGES, light=[("i1", "h1"), "o2"])
    widths = sorted(float(line.get("stroke-width")) for line in tree(lit).iter(SVG + "line"))
    assert widths[-1] > 2 * widths[-2]
    rims = [float(circle.get("stroke-width")) > 3 for circle in tree(lit).iter(SVG + "circle")]
    assert rims == [True, False, True, False, False, True]


def test_an_edge_back_points_to_the_left():
    (line,) = tree(network(LAYERS, edges={("o1", "h1"): ""})).iter(SVG + "line")
    assert float(line.get("x2")) < float(line.get("x1"))


def test_by_default_all_units_are_joined_but_nothing_leads_into_a_bias():
    assert len(list(tree(network(BIASED)).iter(SVG + "line"))) == 3 * 2 + 3 * 2


def test_two_calls_give_the_same_text_with_two_decimals():
    one, two = (network(BIASED, values=VALUES, edges=EDGES, light=[("h1", "o1"), ("i1", "h1"), "b1"]) for _ in "ab")
    assert one.markup == two.markup
    for element in tree(one).iter():
        for name in ("x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "width", "height"):
            assert re.fullmatch(r"-?\d+\.\d\d", element.get(name, "0.00")), (element.tag, name)


def test_the_background_is_its_own():
    first = tree(network(LAYERS)).find(SVG + "rect")
    assert first.get("fill") == "#FFFFFF"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (([["x"] * 13],), "at most 12"),
        (([[f"x{i}" for i in range(13)]],), "13 units is too large to draw: at most 12"),
        (([[f"x{k}"] for k in range(9)],), "9 layers cannot be drawn: at least 1, at most 8"),
        (([],), "0 layers"),
        (([["x"], []],), "layer 1 has no units"),
        (([["x"], ["x"]],), "two units are named 'x'"),
    ],
)
def test_what_cannot_be_drawn_is_said(arguments, says):
    with pytest.raises(ValueError, match=says):
        network(*arguments)


@pytest.mark.parametrize(
    "wrong",
    [
        dict(values={"h9": 1}), dict(notes={"h9": ""}), dict(mark=["h9"]), dict(light=["h9"]),
        dict(edges={("i1", "h9"): 1}), dict(light=[("h9", "o1")]),
    ],
)  # fmt: skip
def test_an_unknown_unit_is_named(wrong):
    with pytest.raises(ValueError, match="no unit 'h9': the units are i1, i2, h1"):
        network(LAYERS, **wrong)


def test_an_edge_that_is_not_drawn_cannot_be_lit():
    with pytest.raises(ValueError, match="lit up is not drawn"):
        network(LAYERS, edges=EDGES, light=[("i1", "o1")])
    with pytest.raises(ValueError, match="to itself"):
        network(LAYERS, edges={("i1", "i1"): 1})


def test_twelve_by_twelve_labels_are_drawn_or_refused_but_never_on_each_other():
    big = [[f"a{i}" for i in range(12)], [f"c{i}" for i in range(12)]]
    drawing = network(big, edges={(a, c): "0.1234" for a in big[0] for c in big[1]})
    labels = boxes(drawing, "label")
    assert len(labels) == 144
    assert not any(overlap(a, b) for a, b in itertools.combinations(labels, 2))


DELTAS = dict(h1=0.0087713, h2=0.0099541, o1=0.1384986, o2=-0.0380982)


def test_deltas_stand_under_the_values_of_their_units():
    drawing = network(LAYERS, values=VALUES, edges=EDGES, deltas=DELTAS)
    units = dict(zip(itertools.chain(*LAYERS), boxes(drawing, "unit"), strict=True))
    for name, delta in dict(h1="δ 0.008771", h2="δ 0.009954", o1="δ 0.1385", o2="δ −0.0381").items():
        left, top, right, bottom = units[name]
        inside = []
        for element in tree(drawing).iter(SVG + "text"):
            x, y = numbers(element, "x", "y")
            if left <= x <= right and top <= y <= bottom:
                inside.append(element.text)
        assert inside == [name, f"{VALUES[name]:.4g}", delta]
    for label, unit in itertools.product(boxes(drawing, "label"), units.values()):
        assert not overlap(label, unit)


@pytest.mark.parametrize(
    "numbers_of",
    [
        dict(values={"x": -1.2345e-12, "y": "about forty-two"}, deltas={"a long name": -1.2345e-5, "y": 0.1}),
        dict(values={"x": 1.0, "y": 2.0}, deltas={"x": -1.2345e-12, "y": 1.0}),
    ],
    ids=["values", "deltas"],
)
@pytest.mark.parametrize("middle", ["a long name", "h"])
def test_words_have_room_in_round_units(numbers_of, middle):
    """The corners of what is written stay inside the circle."""
    numbers_of = {
        key: {name.replace("a long name", middle): v for name, v in d.items()} for key, d in numbers_of.items()
    }
    drawing = network([["x"], [middle], ["y"]], **numbers_of)
    for element in tree(drawing).iter(SVG + "text"):
        x, y, size = numbers(element, "x", "y", "font-size")
        assert size >= 13
        _, cy, r = min(
            (numbers(circle, "cx", "cy", "r") for circle in tree(drawing).iter(SVG + "circle")),
            key=lambda circle: abs(circle[0] - x),
        )
        half = 0.556 * size * len(element.text) / 2  # a digit of Arial or Helvetica
        assert math.hypot(half, max(abs(y - cy), abs(y - 0.72 * size - cy))) <= r, element.text


def test_a_path_lights_its_units_and_the_edges_between_them():
    path = network(LAYERS, edges=EDGES, path=["i1", "h1", "o2"])
    light = network(LAYERS, edges=EDGES, light=[("i1", "h1"), ("h1", "o2")])
    assert path.markup == light.markup
    assert "lit up: the path i1 to h1 to o2" in path.alt
    assert "lit up: edge from h1 to o2, edge from i1 to h1" in light.alt
    with pytest.raises(ValueError, match=r"an edge to be lit up is not drawn: \('i1', 'o2'\)"):
        network(LAYERS, edges=EDGES, path=["i1", "o2"])


def test_the_first_wrong_value_is_marked_and_said():
    unit = network(LAYERS, edges=EDGES, wrong="h1")
    assert unit.markup == network(LAYERS, edges=EDGES, mark=["h1"]).markup
    assert unit.alt.startswith("Network 2-2-2 of i1, i2, then h1, h2, then o1, o2; the first wrong value is at h1; ")
    with pytest.raises(ValueError, match="no unit 'h9'"):
        network(LAYERS, wrong="h9")


def test_a_wrong_edge_is_dashed_and_its_label_framed():
    drawing = network(LAYERS, edges=EDGES, wrong=("h1", "o2"))
    dashed = [e for e in tree(drawing).iter(SVG + "line") if e.get("stroke-dasharray")]
    assert len(dashed) == 1
    framed = [e for e in tree(drawing).iter(SVG + "rect") if e.get("class") == "label" and e.get("stroke")]
    assert len(framed) == 1
    x, y, width, height = numbers(framed[0], "x", "y", "width", "height")
    inside = [
        e.text
        for e in tree(drawing).iter(SVG + "text")
        if x < float(e.get("x")) < x + width and y < float(e.get("y")) < y + height
    ]
    assert inside == ["0.5"]
    assert "the first wrong value is at the edge from h1 to o2" in drawing.alt
    with pytest.raises(ValueError, match="an edge to be marked is not drawn"):
        network(LAYERS, edges=EDGES, wrong=("i1", "o2"))


def test_the_words_are_made_from_the_numbers():
    drawing = network(
        LAYERS, values=VALUES, deltas=DELTAS, edges={("i1", "h1"): 0.15}, notes={"o1": "target 0.01"}, mark=["o2"]
    )
    assert drawing.alt == (
        "Network 2-2-2 of i1, i2, then h1, h2, then o1, o2; marked as wrong: o2; i1 0.05; i2 0.1; "
        "h1 0.5933, delta 0.008771; h2 0.5969, delta 0.009954; o1 0.7514, delta 0.1385, target 0.01; "
        "o2 0.7729, delta −0.0381; edge from i1 to h1 0.15."
    )
    large = network(
        [[f"a{i}" for i in range(12)]] * 1 + [[f"c{i}" for i in range(12)]], values={f"a{i}": i / 7 for i in range(12)}
    )
    assert len(large.alt) <= 300
    assert large.alt.startswith("Network 12-12; a0 0; a1 0.1429; ")


@pytest.mark.parametrize(("value", "text"), [(float("nan"), "nan"), (float("inf"), "inf"), (10**400, "overflow")])
def test_numbers_that_are_none_are_shown_and_said(value, text):
    drawing = network(LAYERS, values={"h1": value}, deltas={"o1": value}, edges={("i1", "h1"): value})
    assert {text, f"δ {text}"} <= set(words(drawing))
    assert f"h1 {text}; o1 delta {text}; edge from i1 to h1 {text}." in drawing.alt
    assert not re.search(r'[xyr12]="-?(nan|inf)', drawing.markup)
