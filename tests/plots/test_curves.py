"""Curves of training: every value at its epoch, and the end of what can be drawn said and marked."""

from types import SimpleNamespace

import numpy as np
import pytest

from bplib import plots
from bplib.plots.curves import MOST_POINTS

pytestmark = pytest.mark.filterwarnings("error")


def record(**parts):
    """Return something that looks like a History."""
    return SimpleNamespace(**dict(loss=[], accuracy=[], validation_loss=[], validation_accuracy=[]) | parts)


def test_a_history_is_drawn_epoch_by_epoch():
    history = record(loss=[3.0, 2.0, 1.0], validation_loss=[3.5, 2.5, 2.6], accuracy=[0.5, 0.6, 0.9])
    plot = plots.learning_curves(history)
    training, validation = plot.artists["lines"]
    assert training.get_xdata().tolist() == [1, 2, 3]
    assert training.get_ydata().tolist() == history.loss
    assert validation.get_ydata().tolist() == history.validation_loss
    assert [label.get_text() for label in plot.artists["labels"]] == ["training", "validation"]
    assert plot.alt.startswith("Training loss falls from 3 to 1 in 3 epochs")
    assert "validation loss falls from 3.5 to 2.6 in 3 epochs, lowest 2.5 at epoch 2" in plot.alt
    (accuracy,) = plots.learning_curves(history, "accuracy").artists["lines"]
    assert accuracy.get_ydata().tolist() == history.accuracy


def test_a_real_history_is_drawn():
    from bplib.losses import softmax_cross_entropy
    from bplib.network import Network
    from bplib.optimizers import GradientDescent
    from bplib.training import train

    net = Network((2, 3, 2))
    x, target = np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([0, 1])
    history = train(net, softmax_cross_entropy, GradientDescent(net.theta, 0.1), x, target, epochs=5)
    (line,) = plots.learning_curves(history).artists["lines"]
    assert line.get_ydata().tolist() == history.loss


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e200])
def test_where_it_diverged_is_marked_and_said(bad):
    plot = plots.learning_curves({"fine": [1.0, 0.5, 0.4, 0.3], "eta 9": [1.0, 2.0, 4.0, bad]})
    (cross,) = plot.artists["diverged"]
    assert (cross.get_xdata()[0], cross.get_ydata()[0]) == (3, 4.0)
    assert plot.artists["lines"][1].get_ydata().tolist() == [1.0, 2.0, 4.0]
    assert "at epoch 4)" in plot.artists["labels"][1].get_text()
    assert "eta 9 loss rises from 1 to 4, then diverges at epoch 4" in plot.alt


def test_a_curve_that_climbs_away_does_not_flatten_the_others():
    plot = plots.race({"Adam": [4.0, 2.0, 1.0, 0.5], "too fast": [4.0, 4e3, 4e9, 4e20]})
    assert plot.ax.get_ylim()[1] < 4e3
    assert plot.artists["lines"][1].get_ydata().tolist() == [4.0, 4e3]
    assert plot.artists["labels"][1].get_text() == "too fast\n(off at step 1)"
    assert "too fast loss rises from 4 to 4e20 in 3 steps" in plot.alt


def test_nothing_to_draw_is_said_in_the_picture():
    assert plots.learning_curves([]).artists["message"].get_text() == "no loss recorded yet"
    assert plots.learning_curves(record()).alt == "Training loss: nothing recorded yet."
    assert plots.learning_curves({}).alt == "No loss recorded yet."
    nothing = plots.learning_curves(record(accuracy=[np.nan, np.nan]), "accuracy")
    assert nothing.artists["message"].get_text() == "accuracy is no number from the start"


def test_curves_of_different_length_share_one_axis():
    plot = plots.learning_curves({"short": [3.0, 2.0], "long": np.linspace(3, 1, 50), "none": []})
    low, high = plot.ax.get_xlim()
    assert low <= 1
    assert high >= 50
    assert len(plot.artists["lines"]) == 2


def test_long_curves_are_thinned_and_keep_their_ends():
    values = np.random.default_rng(0).random(50_000)
    (line,) = plots.learning_curves(values).artists["lines"]
    x, y = line.get_data()
    assert len(x) == MOST_POINTS
    assert x[[0, -1]].tolist() == [1, 50_000]
    assert (y == values[x - 1]).all()


def test_a_long_name_leaves_room_for_the_curve_and_is_whole_in_the_words():
    name = "steepest descent with half the learning rate and no momentum"
    plot = plots.learning_curves({name: [2.0, 1.0]})
    plot.png()  # warns, and so fails, where nothing is left
    assert plot.artists["labels"][0].get_text() == "steepest descent with h…"
    assert name[1:] in plot.alt


@pytest.mark.parametrize(
    ("values", "log", "scale"),
    [
        ([1.0, 1e-5], None, "log"), ([1.0, 1e-3], None, "linear"), ([1.0, 0.0], None, "linear"),
        ([1.0, 0.5], True, "log"), ([1.0, 1e-9], False, "linear"),
    ],
)  # fmt: skip
def test_when_the_axis_is_logarithmic(values, log, scale):
    assert plots.learning_curves(values, log=log).ax.get_yscale() == scale


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: plots.learning_curves(np.zeros((2, 2))), r"shape \(2, 2\); it needs one axis"),
        (lambda: plots.learning_curves({"a": "words"}), "a loss has to be a row of numbers"),
        (lambda: plots.learning_curves({str(k): [1.0] for k in range(9)}), "9 curves.*at most 8"),
        (lambda: plots.learning_curves(record(), "los"), "a history holds no 'los'"),
        (lambda: plots.learning_curves([1.0, -1.0], log=True), "logarithmic axis needs values above 0"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_the_reason(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_race_may_be_counted_in_something_else():
    plot = plots.race({"tanh": [1.0, 0.5, 0.25]}, of="delta", unit="layer")
    assert plot.ax.get_xlabel() == "layer"
    assert plot.alt == "Tanh delta falls from 1 to 0.25 in 2 layers."
    assert plots.race({"tanh": [1.0, 0.5]}).ax.get_xlabel() == "step"
