"""The states of the four explorers, without a browser: the decks' numbers, numeric gradients, and what they refuse."""

import numpy as np
import pytest

from bplib.data import hinge_scores, large_scores
from bplib.golden import agrees
from bplib.graph import Value
from bplib.plots.words import number
from bplib.widgets import GraphStepper, Scores, Slope, TwoTwoTwo
from bplib.widgets.slope import FUNCTIONS
from bplib.widgets.two_two_two import BIASES, NUMBERS, WEIGHTS


def numeric(f, at, h=1e-6):
    return (f(at + h) - f(at - h)) / (2 * h)


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("z", [-3.3, -0.4, 0.7, 5.2])
def test_the_slope_is_what_small_secants_come_to(function, z):
    found = Slope(function, z=z).result()
    assert found["slope"] == pytest.approx(numeric(lambda at: Slope(function, z=at).result()["value"], z), abs=1e-8)
    assert Slope(function, z=z, h=1e-6).result()["secant"] == pytest.approx(found["slope"], abs=1e-5)


def test_a_secant_runs_through_two_points():
    found = Slope("tanh", z=-1, h=3).result()
    assert found["secant"] == pytest.approx((np.tanh(2) - np.tanh(-1)) / 3)
    assert found["beyond"] == np.tanh(2)


def test_kinks_are_named():
    assert Slope("ReLU", z=0).result()["kink"]
    assert Slope("hardtanh", z=-1).result()["kink"]
    assert not Slope("hardtanh", z=0).result()["kink"]
    assert not Slope("sigmoid", z=0).result()["kink"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"function": "sgmoid"}, "function is one of sigmoid"),
        ({"z": 7}, "z is a number from -6 to 6"),
        ({"z": "nan"}, "z is a number"),
        ({"h": 0}, "needs two points"),
    ],
)
def test_slope_refuses(wrong, message):
    with pytest.raises(ValueError, match=message):
        Slope(**wrong)


def test_scores_start_with_the_decks_formula():
    agrees("000-2.cross_entropy", Scores().result()["cross_entropy"])


def test_scores_of_the_hinge_example():
    sample = hinge_scores()
    found = Scores(sample.scores, sample.target).result()
    assert found["hinge_parts"] == pytest.approx([0, 2.9, 0])
    assert found["hinge"] == pytest.approx(2.9)
    assert found["hinge_delta"].tolist() == [-1, 1, 0]


@pytest.mark.parametrize("loss", ["cross_entropy", "hinge"])
def test_error_signals_are_numeric_gradients(loss):
    scores = [0.3, 1.1, -0.4, 0.9]

    def at(k, value):
        return Scores([*scores[:k], value, *scores[k + 1 :]], target=2).result()[loss]

    slopes = [numeric(lambda value, k=k: at(k, value), scores[k]) for k in range(4)]
    assert Scores(scores, target=2).result()[f"{loss}_delta"] == pytest.approx(slopes, abs=1e-7)


def test_large_scores_do_not_overflow():
    sample = large_scores()
    found = Scores(sample.scores - 500, sample.target).result()
    assert found["cross_entropy"] == pytest.approx(2.407606, abs=1e-6)
    assert found["p"].sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("scores", "target", "message"),
    [
        ([1], 0, "2 to 6 classes"),
        ([1] * 7, 0, "2 to 6 classes"),
        ([1, np.inf], 0, "score 1 is a number"),
        ([1, 2], 2, "target is a number from 0 to 1"),
    ],
)
def test_scores_refuse(scores, target, message):
    with pytest.raises(ValueError, match=message):
        Scores(scores, target)


def test_two_two_two_has_the_decks_numbers():
    found = TwoTwoTwo().result()
    agrees("004-2.loss", found["loss"])
    agrees("004-2.parts", found["parts"])
    agrees("004-6.delta2", [found["delta"]["o1"], found["delta"]["o2"]])
    agrees("004-6.delta1", [found["delta"]["h1"], found["delta"]["h2"]])
    agrees("004-5.dw5", found["gradient"]["w5"])
    agrees("004-5.dw1", found["gradient"]["w1"])
    agrees("004-6.loss_next", found["next_loss"])


def test_every_gradient_is_the_numeric_one():
    rng = np.random.default_rng(3)
    numbers = dict(zip(NUMBERS, rng.normal(size=len(NUMBERS)), strict=True))
    found = TwoTwoTwo(**numbers).result()["gradient"]
    for name in NUMBERS:
        slope = numeric(lambda value, name=name: TwoTwoTwo(**numbers | {name: value}).result()["loss"], numbers[name])
        assert found[name] == pytest.approx(slope, abs=1e-8), name


@pytest.mark.parametrize("biases", [False, True])
def test_a_step_moves_weights_and_if_asked_biases(biases):
    state = TwoTwoTwo(move_biases=biases)
    before, gradient = state.inputs(), state.result()["gradient"]
    state.step()
    for name in NUMBERS:
        moved = name in WEIGHTS or (biases and name in BIASES)
        assert getattr(state, name) == pytest.approx(before[name] - moved * 0.5 * gradient[name], abs=1e-15)


def test_many_steps_are_the_lessons():
    state = TwoTwoTwo()
    state.step(10_000)
    agrees("004-6.loss_10000", state.result()["loss"])


def test_a_step_that_leaves_the_range_changes_nothing():
    state = TwoTwoTwo(w5=999.99, i1=1000, i2=1000, w1=1, w3=1, w6=-1000, b2=0, t1=1000, eta=100)
    before = state.inputs()
    with pytest.raises(ValueError, match="from -1000 to 1000"):
        state.step()
    assert state.inputs() == before


@pytest.mark.parametrize("wrong", [{"w1": 1001}, {"b2": np.nan}, {"eta": -0.1}, {"t1": None}])
def test_two_two_two_refuses(wrong):
    with pytest.raises(ValueError, match="is a number from"):
        TwoTwoTwo(**wrong)


@pytest.fixture
def formula():
    x, y, z = Value(-2, "x"), Value(5, "y"), Value(-4, "z")
    return (x + y) * z


def test_the_stepper_follows_an_edited_input(formula):
    state = GraphStepper(formula)
    state.change(values=[-2, 5, 10])
    assert state.result() == {
        "values": [-2, 5, 10, 3, 30],
        "locals": [[], [], [], [1, 1], [10, 3]],
        "grads": [10, 10, 3, 10, 1],
    }
    assert formula.data == -12, "the graph that was given stays what it is"


def test_the_stepper_counts_and_keeps_names(formula):
    state = GraphStepper(formula, step=10)
    assert [node["name"] for node in state.fixed()["nodes"]] == ["x", "y", "z", "+", "×"]
    assert state.inputs() == {"values": [-2, 5, -4], "step": 10}
    with pytest.raises(ValueError, match="step is a number from 0 to 10"):
        state.change(step=11)


def test_a_named_gate_keeps_its_sign():
    x, y = Value(-2, "x"), Value(5, "y")
    q, r = x + y, x * 3
    q.name, r.name = "q", "r"
    state = GraphStepper(q * r)
    names = {node["name"] for node in state.fixed()["nodes"]}
    assert {"q (+)", "r (× 3)", "×"} <= names
    drawn = GraphStepper(q * r, step=5).picture().alt
    assert all(name in drawn for name in names), drawn


def test_a_gate_that_is_not_defined_is_refused_and_nothing_changes():
    x = Value(2, "x")
    state = GraphStepper(x.log() / (x - 1))
    before = state.inputs()
    for value, reason in ((0, "a > 0"), (1, "b != 0")):
        with pytest.raises(ValueError, match=reason):
            state.change(values=[value])
    assert state.inputs() == before


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Value([1.0, 2.0]).sum(), "holds samples"),
        (lambda: sum((Value(k) for k in range(30)), Value(0)), "61 nodes is too large to step through: at most 40"),
        (lambda: 3.0, "no Value"),
    ],
)
def test_the_stepper_refuses(make, message):
    with pytest.raises(ValueError, match=message):
        GraphStepper(make())


def test_a_single_input_is_a_graph_too():
    state = GraphStepper(Value(3.0, "x"))
    assert state.result() == {"values": [3.0], "locals": [[]], "grads": [1.0]}
    assert state.fixed()["paths"] == []


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (Slope("tanh", z=5.5), ["tanh", "5.5"]),
        (Scores([0.5, 3, 2], target=2), ["3", "2"]),
        (TwoTwoTwo(i1=7.25), ["7.25"]),
        (GraphStepper(Value(-2, "x") * Value(5.5, "y"), step=3), ["5.5", "11"]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_the_picture_tells_the_state(state, words):
    alt = state.picture().alt
    assert all(word in alt for word in words), alt


@pytest.mark.parametrize(("z", "h"), [(1.0, 2.0), (5.5, -3.0)])
def test_the_picture_has_the_secant_of_the_page(z, h):
    state = Slope("sigmoid", z=z, h=h)
    plot, found = state.picture(), state.result()
    x, y = plot.artists["secant"].get_data()
    assert (list(x), list(y)) == ([z, z + h], [found["value"], found["beyond"]])
    assert plot.artists["secant"].axes is plot.ax[0]
    assert f"The secant to z = {z + h:g} has slope {number(found['secant'])}." in plot.alt
