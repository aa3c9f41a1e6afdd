"""Boxes fit where NumPy says that shapes fit, and where they do not, the right two sides are marked."""

import itertools
import math

import numpy as np
import pytest

from bplib.svg import shapes
from bplib.svg.fitting import fit
from tests.svg.reading import LAYER, MISFIT, SVG, boxes, numbers, tree, words

SIZES = [(), (1,), (3,), (4,), (1, 1), (1, 4), (3, 1), (3, 4), (4, 3), (3, 3)]


def refusing(drawing) -> list[tuple[str, float]]:
    """Return the thick sides: whether upright or level, and how long."""
    found = []
    for element in tree(drawing).iter(SVG + "line"):
        if element.get("class") == "refuses":
            x1, y1, x2, y2 = numbers(element, "x1", "y1", "x2", "y2")
            found.append(("upright" if x1 == x2 else "level", math.hypot(x2 - x1, y2 - y1)))
    return found


@pytest.mark.parametrize("sign", ["@", "+", "-", "*", "/"])
def test_two_matrices_fit_exactly_where_numpy_says_so(sign):
    for a, b in itertools.product(SIZES, SIZES):
        found = fit(["A", "B"], [a, b], [sign])
        try:
            shape = eval(f"A {sign} B", {"A": np.ones(a), "B": np.ones(b)}).shape
        except ValueError:
            assert found.refusals, (a, b)
            assert found.result is None
        else:
            assert (found.refusals, found.result) == ([], shape), (a, b)


@pytest.mark.parametrize("signs", list(itertools.product("@+*", repeat=2)), ids="".join)
def test_signs_bind_as_in_python(signs):
    fitting = 0
    for a, b, c in itertools.product([(3,), (3, 4), (4, 3), (3, 3), (4,), ()], repeat=3):
        found = fit(["A", "B", "C"], [a, b, c], signs)
        try:
            shape = np.shape(eval(f"A {signs[0]} B {signs[1]} C", {"A": np.ones(a), "B": np.ones(b), "C": np.ones(c)}))
        except ValueError:
            assert found.refusals, (a, b, c)
        else:
            assert (found.refusals, found.result) == ([], shape), (a, b, c)
            fitting += 1
    assert fitting >= 5


def test_an_equals_sign_wants_the_very_same_shape():
    assert fit(["A", "B"], [(3, 4), (3, 4)], ["="]).refusals == []
    assert fit(["A", "B"], [(3, 4), (4, 3)], ["="]).refusals == ["3 is not 4: rows of A, rows of B"]
    assert fit(["A", "B"], [(1, 4), (4,)], ["="]).refusals == ["(1, 4) is not (4,): different numbers of lengths"]
    assert fit(["X", "W", "Z"], [(5, 3), (3, 4), (6, 4)], ["@", "="]).refusals == ["5 is not 6: rows of X, rows of Z"]


def test_a_refusal_names_the_matrices_where_the_lengths_come_from():
    found = fit(["X", "W", "b"], [(5, 3), (3, 4), (5,)], ["@", "+"])
    assert found.refusals == ["4 is not 5: columns of W, length of b"]
    assert found.marked == {(1, 1), (2, 0)}
    repeated = fit(["A", "B", "C"], [(1, 4), (3, 1), (5, 4)], ["+", "*"])  # the product first, then the sum
    assert repeated.refusals == ["3 is not 5: rows of B, rows of C"]


def test_after_a_misfit_the_rest_is_not_judged_but_what_stands_apart_is():
    assert len(fit(["A", "B", "C"], [(5, 3), (4, 3), (9, 9)], ["@", "+"]).refusals) == 1
    apart = fit(["A", "B", "C", "D"], [(5, 3), (4, 3), (2, 7), (6, 2)], ["@", "+", "@"])
    assert apart.refusals == ["3 is not 4: columns of A, rows of B", "7 is not 6: columns of C, rows of D"]


def test_what_fits_is_said_and_nothing_is_marked():
    drawing = shapes(*LAYER)
    assert words(drawing, "verdict") == ["it fits"]
    assert refusing(drawing) == []
    assert sorted(words(drawing, "shape")) == ["(3, 4)", "(4,)", "(5, 3)", "(5, 4)"]
    assert [said for said in words(drawing) if len(said) == 1] == ["X", "@", "W", "+", "b", "=", "Z"]
    assert words(shapes(*LAYER[:5]), "verdict") == ["it fits: the result is (5, 4)"]
    assert drawing.alt == "X (5, 3) @ W (3, 4) + b (4,) = Z (5, 4); it fits."


def test_the_two_sides_that_refuse_are_thick_with_their_lengths_beside_them():
    drawing = shapes(*MISFIT)
    assert refusing(drawing) == [("level", 54.0), ("upright", 72.0)]  # 3 columns of X, 4 rows of W
    assert {"3", "4"} <= set(words(drawing))
    assert words(drawing, "verdict") == ["it does not fit", "3 is not 4: columns of X, rows of W"]
    assert drawing.alt.endswith("it does not fit; 3 is not 4: columns of X, rows of W.")


def test_sides_are_in_proportion_to_rows_and_columns():
    for (left, top, right, bottom), (rows, columns) in zip(
        boxes(shapes(*LAYER), "matrix"), [(5, 3), (3, 4), (1, 4), (5, 4)], strict=True
    ):
        assert (bottom - top) / (right - left) == pytest.approx(rows / columns)
    for left, top, right, bottom in boxes(shapes(("X", (49000, 3073)), "@", ("W", (3073, 10))), "matrix"):
        assert 14 <= right - left <= 150.01
        assert 14 <= bottom - top <= 150.01


def test_a_vector_is_a_row_and_behind_a_product_a_column():
    row, _ = boxes(shapes(("x", (5,)), "*", ("c", ())), "matrix")
    assert row[2] - row[0] == pytest.approx(5 * (row[3] - row[1]))
    _, column = boxes(shapes(("W", (2, 5)), "@", ("x", (5,))), "matrix")
    assert column[3] - column[1] == pytest.approx(5 * (column[2] - column[0]))


def test_boxes_stand_side_by_side():
    for items in (LAYER, MISFIT, (("a long name here", (1, 1)), "@", ("another long name", (2, 1)))):
        drawing = shapes(*items)
        for a, b in itertools.pairwise(boxes(drawing, "matrix")):
            assert b[0] - a[2] >= 20


def test_names_are_text_and_never_markup():
    assert "<i>&" in words(shapes(("<i>&", (2, 2))))


@pytest.mark.parametrize(
    ("items", "says"),
    [
        ((), "begins and ends with a matrix"),
        ((("X", (2, 3)), "@"), "begins and ends with a matrix"),
        ((("X", (2, 3)), "%", ("W", (3, 1))), "'%' is no operator: use one of = \\+ - @ \\* /"),
        ((("X", (2, 3)), ("W", (3, 1)), ("V", (3, 1))), "is no operator"),
        (("@", "@", "@"), "'@' is no matrix"),
        ((("X", (2, -3)),), r"the shape of X has at most two lengths, each at least 1, not \(2, -3\)"),
        ((("X", (2, 0)),), "each at least 1"),
        ((("X", (2, 3, 4)),), "at most two lengths"),
        ((("X", 4),), "the shape of X is a tuple of whole numbers, not 4"),
        ((("X", (2.5, 1)),), "whole numbers"),
        ((("X", (2, 2)), *("+", ("Y", (2, 2))) * 12), "13 matrices are too many to draw: at most 12"),
    ],
)
def test_nonsense_is_refused(items, says):
    with pytest.raises(ValueError, match=says):
        shapes(*items)
