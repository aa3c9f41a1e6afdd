"""The decks' numbers: worked out again with nothing but Python's floats, used somewhere, and able to say no."""

import contextlib
import itertools
import math
import os
import re
import tomllib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from bplib import golden
from bplib.golden import Number, agrees, load

ROOT = Path(__file__).resolve().parent.parent
NUMBERS = load()
LECTURES = sorted((ROOT / "lectures").glob("[0-9][0-9]_*.py"))


# --- The 2-2-2 network once more, scalar by scalar; the letters are those of deck 004.

INPUTS, TARGETS, BIASES = (0.05, 0.10), (0.01, 0.99), (0.35, 0.60)
WEIGHTS = (0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55)


def squash(net):
    return 1 / (1 + math.exp(-net))


def forward(w, b):
    (i1, i2), (w1, w2, w3, w4, w5, w6, w7, w8) = INPUTS, w
    net_h = w1 * i1 + w2 * i2 + b[0], w3 * i1 + w4 * i2 + b[0]
    h1, h2 = map(squash, net_h)
    net_o = w5 * h1 + w6 * h2 + b[1], w7 * h1 + w8 * h2 + b[1]
    return net_h, (h1, h2), net_o, tuple(map(squash, net_o))


def parts(w, b):
    return [0.5 * (t - o) ** 2 for t, o in zip(TARGETS, forward(w, b)[3], strict=True)]


def slope(f, at, k, h=1e-4):
    """Return d f / d at[k] from four values of f: no chain rule; right to 12 decimals here."""

    def moved(by):
        return f(tuple(a + by * (j == k) for j, a in enumerate(at)))

    return (8 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))) / (12 * h)


def chain_rule(w, b):
    """Return the slopes of w1..w8, of b1, b2, and what is met on the way."""
    _, h, _, o = forward(w, b)
    dout = [o[k] - TARGETS[k] for k in (0, 1)]
    delta_o = [dout[k] * o[k] * (1 - o[k]) for k in (0, 1)]
    dh = [delta_o[0] * w[4 + j] + delta_o[1] * w[6 + j] for j in (0, 1)]
    delta_h = [dh[j] * h[j] * (1 - h[j]) for j in (0, 1)]
    dw = [delta_h[j] * INPUTS[i] for j in (0, 1) for i in (0, 1)] + [delta_o[k] * h[j] for k in (0, 1) for j in (0, 1)]
    return dw, (sum(delta_h), sum(delta_o)), dout, delta_o, dh, delta_h


def columns(w):
    return [[w[0], w[2]], [w[1], w[3]]], [[w[4], w[6]], [w[5], w[7]]]


@pytest.fixture(scope="module")
def by_hand():
    (z1, a1, z2, out), loss = forward(WEIGHTS, BIASES), math.fsum(parts(WEIGHTS, BIASES))
    dw, db, dout, delta_o, dh, delta_h = chain_rule(WEIGHTS, BIASES)
    stepped = [w - 0.5 * g for w, g in zip(WEIGHTS, dw, strict=True)]
    biases = [b - 0.5 * g for b, g in zip(BIASES, db, strict=True)]
    trained = WEIGHTS
    for _ in range(10_000):
        trained = [w - 0.5 * g for w, g in zip(trained, chain_rule(trained, BIASES)[0], strict=True)]
    return {
        "002-1.regression": 4 * 3 + 3 + 3 * 1 + 1,
        "002-1.binary": 4 * 3 + 3 + 3 * 2 + 2,
        "004-2.z1": z1,
        "004-2.a1": a1,
        "004-2.z2": z2,
        "004-2.out": out,
        "004-2.printed": [*a1, *out],
        "004-2.parts": parts(WEIGHTS, BIASES),
        "004-2.loss": loss,
        "E1.printed": parts(WEIGHTS, BIASES)[0],
        "E1.rounded": ((0.01 - 0.751) ** 2 + (0.99 - 0.773) ** 2) / 2,
        "E42.three": [loss, 2 * loss, loss],
        "E22.without_half": 2 * dw[4],
        "004-5.dout1": dout[0],
        "004-5.slope_o1": math.exp(-z2[0]) / (1 + math.exp(-z2[0])) ** 2,
        "004-5.dw5": dw[4],
        "004-5.dh": dh,
        "004-5.dw1": dw[0],
        "E43.fraction": dh[0] * INPUTS[0],
        "004-6.delta2": delta_o,
        "004-6.delta1": delta_h,
        "004-6.dW1": columns(dw)[0],
        "004-6.dW2": columns(dw)[1],
        "E46.db1": db[0],
        "E46.db2": db[1],
        "004-6.W1_next": columns(stepped)[0],
        "004-6.W2_next": columns(stepped)[1],
        "004-6.loss_next": math.fsum(parts(stepped, BIASES)),
        "E46.loss_next": math.fsum(parts(stepped, biases)),
        "004-6.loss_10000": math.fsum(parts(trained, BIASES)),
        "004-6.out_10000": forward(trained, BIASES)[3],
    }


def test_the_chain_rule_used_here_agrees_with_differences():
    dw, db, *_ = chain_rule(WEIGHTS, BIASES)
    for k in range(8):
        assert slope(lambda w: math.fsum(parts(w, BIASES)), WEIGHTS, k) == pytest.approx(dw[k], abs=3e-12)
    for k in range(2):
        assert slope(lambda b: math.fsum(parts(WEIGHTS, b)), BIASES, k) == pytest.approx(db[k], abs=3e-12)


@pytest.mark.parametrize("id", load())
def test_each_number_comes_out_again(id, by_hand, capsys):
    agrees(id, by_hand[id])
    assert capsys.readouterr().out.startswith(f"agrees: {load()[id].says} = ")


# --- The table.


def entries(value):
    return list(itertools.chain.from_iterable(map(entries, value))) if isinstance(value, list) else [value]


@pytest.mark.parametrize("id", load())
def test_a_tolerance_is_half_a_unit_of_the_last_digit(id):
    entry = tomllib.loads(golden.TABLE.read_text(encoding="utf-8"), parse_float=Decimal)[id]
    places = {Decimal(value).as_tuple().exponent for value in entries(entry["value"])}
    assert len(places) == 1, f"entries with different numbers of decimals: {places}"
    assert entry["tolerance"] == Decimal(5).scaleb(places.pop() - 1)


@pytest.mark.parametrize("id", load())
def test_each_number_says_what_it_is_and_where_it_stands(id):
    number = load()[id]
    assert re.match(r"Deck 00[0-4]\b", number.cite)
    assert '"' in number.cite or re.search(r"\bE\d+\b", number.cite), "name the heading, or the erratum"
    assert 5 < len(number.says) < 70
    if id.startswith("E"):
        assert id.split(".")[0] in re.findall(r"\bE\d+\b", number.cite)


def uses():
    """Return id -> files that check it: lessons, docstrings, tests."""
    found = {id: [] for id in load()}
    for path in [*LECTURES, *sorted((ROOT / "bplib").rglob("*.py"))]:
        for id in re.findall(r"""agrees\(\s*["']([^"']+)["']""", path.read_text(encoding="utf-8")):
            if path.parent.name == "lectures" or id in found:
                found.setdefault(id, []).append(f"{path.parent.name}/{path.name}")
    return found


def test_each_number_is_checked_by_a_lesson_or_a_docstring():
    found = uses()
    for id, files in found.items():
        print(f"{id:20}{', '.join(dict.fromkeys(files))}")
    assert set(found) == set(load()), "a lesson checks a number that is not in the table"
    assert [id for id, files in found.items() if not files] == []


# --- Whether it can say no.


@contextlib.contextmanager
def golden_value(monkeypatch, id, value):
    with monkeypatch.context() as patch:
        patch.setattr(golden, "load", lambda: {id: replace(NUMBERS[id], value=value)})
        yield


def neighbours(number: Number, distance: float):
    """Yield the value with one entry moved by `distance` tolerances, up and down, entry after entry."""
    value = np.asarray(number.value, dtype=float)
    for where in np.ndindex(value.shape):
        for sign in (-1, 1):
            moved = value.copy()
            moved[where] += sign * distance * number.tolerance
            yield moved.tolist()


@pytest.mark.parametrize("path", LECTURES, ids=lambda path: path.stem)
def test_a_lesson_runs_as_a_script_and_notices_every_wrong_number(path, monkeypatch, tmp_path):
    calls = []

    def recording(id, value):
        agrees(id, value)
        calls.append((id, np.array(value)))

    monkeypatch.setattr(golden, "agrees", recording)
    monkeypatch.chdir(tmp_path)
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), {"__name__": "__main__"})
    assert os.listdir(tmp_path) == []
    monkeypatch.setattr(golden, "agrees", agrees)
    assert {id for id, _ in calls} == {id for id, files in uses().items() if f"lectures/{path.name}" in files}
    for id, value in calls:
        for wrong in neighbours(NUMBERS[id], 3):
            with golden_value(monkeypatch, id, wrong), pytest.raises(AssertionError, match="was expected"):
                agrees(id, value)


@pytest.mark.parametrize("id", load())
def test_the_border_of_agreement(id):
    number = load()[id]
    for value in neighbours(number, 0.49):
        agrees(id, value)
    for value in neighbours(number, 1.1):
        with pytest.raises(AssertionError, match="was expected"):
            agrees(id, value)


@pytest.mark.parametrize(
    ("id", "value", "says"),
    [
        ("004-2.loss", [0.2983711088], r"shape \(1,\), but \(\) was expected"),
        ("004-2.loss", np.full((2, 2), 0.2983711088), r"shape \(2, 2\)"),
        ("004-2.z1", 0.3775, r"shape \(\), but \(2,\)"),
        ("004-2.z1", [[0.3775], [0.3925]], r"shape \(2, 1\)"),
        ("004-2.z1", [], r"shape \(0,\)|no kind"),
        ("004-2.loss", math.nan, "nan, but 0.2983711088 was expected"),
        ("004-2.loss", -math.inf, "-inf, but"),
        ("004-2.z1", [0.3775, math.nan], r"entry \[1\]: nan"),
        ("004-2.loss", 0.2983711088 + 0j, "complex128 is no kind of real number"),
        ("004-2.loss", "0.2983711088", "no kind of real number"),
        ("004-2.loss", None, "object is no kind"),
        ("004-2.loss", True, "bool is no kind"),
        ("004-6.dW2", [[0.082167040564, 0.082667627848], [-0.022602540477, -0.022740242216]], r"entry \[0, 1\]"),
    ],
)
def test_what_is_wrong_is_said(id, value, says):
    with pytest.raises(AssertionError, match=says) as caught:
        agrees(id, value)
    assert load()[id].cite in str(caught.value)


def test_a_wrong_number_is_told_with_the_right_one_the_tolerance_and_the_source():
    with pytest.raises(AssertionError) as caught:
        agrees("004-6.delta1", [0.0363503064, 0.0099542547])
    assert str(caught.value).splitlines() == [
        "deltas of h1, h2, entry [0]: 0.0363503064, but 0.0087713547 was expected (within 5e-11)",
        '  Deck 004 (Chen, NTUST), "Update the Model Parameters! - 12", for h1; h2 in the same way',
    ]


def test_an_unknown_id_names_its_neighbours():
    with pytest.raises(KeyError, match=r"no number '004-2\.los'; do you mean '004-2\.loss'"):
        agrees("004-2.los", 0.0)
    with pytest.raises(KeyError, match=r"one of golden\.toml"):
        agrees("~~~~", 0.0)


def test_a_line_is_short(capsys):
    assert agrees("004-2.printed", np.array([0.5932699921, 0.5968843783, 0.7513650696, 0.7729284653])) is None
    assert capsys.readouterr().out == ("agrees: h1, h2, o1, o2 as on the slide = 0.59327, 0.59688, 0.75137, 0.77293\n")


def test_the_table_is_read_once():
    assert load() is load()
