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
DECKS = ROOT / "tests" / "test_decks.py"  # what no lesson shows yet


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


def two_two_two():
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


# --- The other numbers, deck by deck: a formula or a small loop each; slopes from differences wherever they will do.


def shares(scores):
    total = sum(map(math.exp, scores))
    return [math.exp(s) / total for s in scores]


def deck_000():
    def hinge(w):
        s = [w[2 * j] * 1 + w[2 * j + 1] * 2 for j in range(3)]
        return sum(max(0, s[j] - s[0] + 1) for j in (1, 2))

    rows = (0.2, -0.1, 0.4, 0.3, -0.3, 0.5)

    def times(at):
        return (at[0] + at[1]) * at[2]

    def neuron(at):  # w0, w1, w2, x0, x1
        return squash(at[0] * at[3] + at[1] * at[4] + at[2])

    def exercise(at):  # w0 to w3, x0 to x2
        return squash(at[0] * at[4] + at[1] * at[5] + at[2] * at[6] + at[3])

    def each(f, at):
        return [slope(f, at, k) for k in range(len(at))]

    e = math.exp(-1)
    total = 1 + e
    chain = [-1 / total**2, -1 / total**2, -e / total**2, e / total**2]
    circuit, task = (2, -3, -3, -1, -2), (-1, 2, -2, 4, 2, 4, 3)
    q = -2 + 5
    return {
        "000-2.cross_entropy": -math.log(shares([3, 1, -2])[0]),
        "E25.printed": -math.log(math.exp(3) / sum(math.exp(3) for _ in range(3))),
        "000-2.start": math.log(10),
        "000-3.hinge": max(0, 5.1 - 3.2 + 1) + max(0, -1.7 - 3.2 + 1),
        "E26.gradient": [[slope(hinge, rows, 2 * j + i) for i in (0, 1)] for j in range(3)],
        "000-7.parameters": 10 * 32 * 32 * 3 + 10,
        "E27.quotient": (3.001**2 - 9) / 0.001,
        "E27.printed": 3.001**2 - 9,
        "E28.slope": slope(lambda w: 0.1 * sum(v * v for v in w), (0.5, -1.0, 2.0), 2),
        "E28.code": 0.1 * 2.0,
        "E28.printed": 0.1 * (0.5 - 1.0 + 2.0),
        "000-10.forward": [q, q * -4],
        "000-10.backward": [*each(times, (-2, 5, -4)), slope(lambda at: at[0] * at[1], (q, -4), 0)],
        "E31.net": 2 * -1 + -3 * -2 + -3 * 1,
        "000-11.forward": [e, total, 1 / total],
        "000-11.backward": chain,
        "000-11.printed": [total, *chain],
        "E30.product": -1 * chain[2],
        "000-11.dw": each(neuron, circuit)[:3],
        "000-11.dx": each(neuron, circuit)[3:],
        "000-12.slope": (1 - 0.73) * 0.73,
        "000-12.printed": (1 - 0.73) * 0.73,
        "000-14.forward": [-1 * 2 + 2 * 4 + -2 * 3 + 4, squash(4)],
        "000-14.slope": slope(lambda at: squash(*at), (4,), 0),
        "000-14.dw": each(exercise, task)[:4],
        "000-14.dx": each(exercise, task)[4:],
        "E32.slope": slope(lambda at: math.copysign(1, at[0]), (0.7,), 0),
    }


def deck_001():
    largest = [Decimal(s).exp() for s in (1000, 1001, 1002)]  # no overflow here
    return {
        "001-7.squared": slope(lambda z: (squash(*z) - 1) ** 2 / 2, (-8,), 0),
        "001-7.cross_entropy": slope(lambda z: -math.log(squash(*z)), (-8,), 0),
        "001-9.log_sum": float(sum(largest).ln()),
        "001-9.loss": float(-(largest[0] / sum(largest)).ln()),
        "001-10.softmax": shares([1, 2, 3]),
        "E39.moved": [1 / 3, 1 / 3, 1 / 3],
        "E40.all": shares([0.5, 3, 2]),
        "E40.others": shares([0.5 - 3, 3, 2 - 3]),
    }


def deck_002():
    def tanh(z):
        return (math.exp(2 * z) - 1) / (math.exp(2 * z) + 1)

    def hardtanh(z):
        return sorted((-1, z, 1))[1]

    def loss(w):
        return (1 - squash(w[0] * 0.6)) ** 2 / 2

    p, down = (0.08, 0.25, 0.42, 0.25), slope(loss, (0.4,), 0)
    right, printed, flat = 3.0, 3.0, 0.0
    for _ in range(50):
        right, printed = right - 0.1 * 2 * (right - 2), 0.1 * 2 * (printed - 2)
    for _ in range(20):
        flat -= 0.1 * (flat**3 - flat)
    return {
        "E2.sigmoid": [1 / (1 + math.exp(-1)), 1 / (1 + math.exp(1))],
        "E2.slopes": [slope(lambda z, by=by: 1 / (1 + math.exp(by * z[0])), (1,), 0) for by in (-1, 1)],
        "002-2.tanh": [tanh(0.7), slope(lambda z: tanh(*z), (0.7,), 0)],
        "E5.slope": slope(lambda z: hardtanh(*z), (0.3,), 0),
        "E6.ends": [hardtanh(-1), hardtanh(1), max(0, -1)],
        "E12.middle": (max(0, 1e-5) - max(0, -1e-5)) / 2e-5,
        "E13.cap": math.e / (math.e + 3),
        "002-4.cross_entropy": -math.log(0.25),
        "002-4.squared": sum((a - b) ** 2 for a, b in zip(p, (0, 1, 0, 0), strict=True)),
        "E3.descent": right,
        "E3.printed": printed,
        "E4.slope": down,
        "E4.losses": [loss([0.4]), loss([0.4 - down]), loss([0.4 + down])],
        "E10.slope": 1 / (3 * math.log(2)),
        "E10.product": 2 / 3,
        "E11.batches": [4, 4, 10 - 2 * 4],
        "E51.overshoot": (1 - 1.1 * 2) ** 20,
        "E51.maximum": flat,
    }


def deck_003():
    def height(eta, a=1, b=1):
        return ((a - eta * a) ** 2 + 10 * (b - eta * 10 * b) ** 2) / 2

    def vario(spread, printed):
        """Return the last of 2000 steps along 1 - spread, 1 + spread, 1 - spread, ..."""
        if printed:
            return 0.01 * spread * (1 + spread)
        mean = square = 0.0
        for t in range(2000):
            g = 1 + spread * (-1) ** (t + 1)
            mean, square = 0.99 * mean + 0.01 * g, 0.99 * square + 0.01 * g * g
        return 0.01 * g / (math.sqrt(square - mean**2) + 1e-3)

    r, v, w, velocity, path = 0.7, 0.0, 0.0, [], []
    for _ in range(3):
        v = 0.9 * v + 1
        w -= 0.1 * v
        velocity.append(v)
        path.append(w)
    return {
        "003-9.heights": [height(0), height(0.01)],
        "E24.bound": 2 * (1**2 + 10**2) / (1 * 1**2 + 10 * 10**2),
        "E24.every": 2 / 10,
        "E24.around": [height(0.2017), height(0.2018)],
        "E14.steps": [vario(8, False), vario(0.01, False)],
        "E14.printed": [vario(8, True), vario(0.01, True)],
        "003-13.velocity": velocity,
        "003-13.path": path,
        "003-13.limit": 1 / (1 - 0.9),
        "E16.tanh": (math.e**2 - 1) / (math.e**2 + 1),
        "E17.variance": (r**3 / 3 - (-r) ** 3 / 3) / (2 * r),
        "E17.printed": (r**3 / 3 + (-r) ** 3 / 3) / (2 * r),
        "003-15.radius": 3 / math.sqrt(100),
        "E18.radius": math.sqrt(3 / 100),
        "003-15.sigma": 1 / math.sqrt(3),
        "E49.contributions": [10 * 0.1, 0.1 * 1],
        "E49.slopes": [slope(lambda w: w[0] * 0.1 + w[1] * 1, (10, 0.1), k) for k in (0, 1)],
    }


def rest_of_deck_004():
    def surprise(z):
        return -math.log(shares(z)[2])

    def own(z):  # -log p of class 2, where every other score is held still
        return shares([1, 2, z[0]])[2]

    y, first, second = (0.3, 0.5, 0.2), (0.4, 0.5, 0.1), (0.2, 0.5, 0.3)

    def squared(p):
        return sum((a - b) ** 2 for a, b in zip(y, p, strict=True))

    def entropy(p):
        return -sum(a * math.log(b) for a, b in zip(y, p, strict=True))

    layers = [784 * 64 + 64, 64 * 64 + 64, 64 * 10 + 10]
    return {
        "004-8.chain": slope(lambda a: squash(squash(squash(*a))), (1,), 0),
        "004-8.bound": 0.25**3,
        "004-9.leaky": 0.01 * -2,
        "004-9.softplus": math.log(1 + math.exp(0)),
        "E50.delta": [slope(surprise, (1, 2, 0.5), k) for k in range(3)],
        "E50.elementwise": [0.0, 0.0, -slope(own, (0.5,), 0) / own([0.5])],
        "004-11.squared": [squared(first), squared(second)],
        "004-11.cross_entropy": [entropy(first), entropy(second)],
        "004-11.printed_1": entropy(first),
        "004-11.printed_2": entropy(second),
        "004-11.minimum": entropy(y),
        "004-15.layers": layers,
        "004-15.parameters": sum(layers),
        "004-15.digits": sum(layers) - (784 - 64) * 64,
    }


@pytest.fixture(scope="module")
def by_hand():
    return two_two_two() | deck_000() | deck_001() | deck_002() | deck_003() | rest_of_deck_004()


def test_every_number_is_worked_out_again_and_no_other(by_hand):
    assert set(by_hand) == set(load())


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
    for path in [*LECTURES, DECKS, *sorted((ROOT / "bplib").rglob("*.py"))]:
        for id in re.findall(r"""agrees\(\s*["']([^"']+)["']""", path.read_text(encoding="utf-8")):
            if path in (*LECTURES, DECKS) or id in found:
                found.setdefault(id, []).append(f"{path.parent.name}/{path.name}")
    return found


def test_each_number_is_checked_by_a_lesson_a_docstring_or_the_library():
    found = uses()
    for id, files in found.items():
        print(f"{id:20}{', '.join(dict.fromkeys(files))}")
    assert set(found) == set(load()), "a lesson or test_decks.py checks a number that is not in the table"
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


@pytest.mark.parametrize("path", [*LECTURES, DECKS], ids=lambda path: path.stem)
def test_a_lesson_or_test_decks_runs_as_a_script_and_notices_every_wrong_number(path, monkeypatch, tmp_path):
    calls = []

    def recording(id, value):
        agrees(id, value)
        calls.append((id, np.array(value)))

    monkeypatch.setattr(golden, "agrees", recording)
    monkeypatch.chdir(tmp_path)
    names = {"__name__": "__main__"}
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), names)
    for check in [names[name] for name in names if name.startswith("test_")]:  # test_decks.py checks in these
        check()
    assert os.listdir(tmp_path) == []
    monkeypatch.setattr(golden, "agrees", agrees)
    assert {id for id, _ in calls} == {id for id, files in uses().items() if f"{path.parent.name}/{path.name}" in files}
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
