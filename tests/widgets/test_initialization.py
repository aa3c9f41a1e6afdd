"""The initialization explorer: what each rule preserves, and what it does not."""

import numpy as np
import pytest

from bplib.initialization import DRAWS
from bplib.widgets.initialization import ACTIVATIONS, BINS, LAYERS, SAMPLES, Initialization


def deviations(kind="activation", **inputs):
    return np.array(Initialization(**inputs).result()[kind]["std"])


def test_he_keeps_what_fan_in_halves_behind_a_relu():
    kept = deviations(rule="he", activation="relu")
    halved = deviations(rule="fan_in", activation="relu")
    assert 0.4 < kept[-1] / kept[0] < 2.5
    np.testing.assert_allclose(halved / kept, np.sqrt(0.5) ** np.arange(1, LAYERS + 1), rtol=1e-10)  # the same draws


def test_without_a_bend_every_layer_multiplies_alike():
    once = deviations(rule="fan_in", activation="identity", times=1)
    twice = deviations(rule="fan_in", activation="identity", times=2)
    np.testing.assert_allclose(twice / once, 2.0 ** np.arange(1, LAYERS + 1), rtol=1e-10)


def test_sigmoid_lets_error_signals_vanish():
    back = deviations("delta", rule="glorot", activation="sigmoid")
    assert back[0] < 1e-4 * back[-1]


def test_zeros_let_nothing_through():
    result = Initialization("zeros").result()
    assert result["activation"]["std"] == [0.0] * LAYERS
    assert result["delta"]["std"][:-1] == [0.0] * (LAYERS - 1)


def test_counts_are_shares_of_the_fullest_bin_on_one_axis():
    state = Initialization("he", "relu", width=30)
    result, layers = state.result()["activation"], state.layers()[0]
    assert len(layers) == LAYERS
    assert result["reach"] == max(layer.max() for layer in layers)
    for layer, counts in zip(layers, result["counts"], strict=True):
        assert layer.shape == (SAMPLES, 30)
        assert len(counts) == BINS
        assert counts.max() == 1
        assert (counts[: BINS // 2] == 0).all()  # no ReLU is negative
        assert counts.argmax() == BINS // 2  # and most are 0


@pytest.mark.parametrize("rule", DRAWS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_pair_has_numbers_even_when_it_explodes(rule, activation):
    for times in (0.1, 10):
        result = Initialization(rule, activation, times=times).result()
        for kind in ("activation", "delta"):
            assert np.isfinite(result[kind]["std"]).all()
            assert np.isfinite(result[kind]["reach"])


def test_the_first_layer_is_what_the_rule_draws():
    x = np.random.default_rng(1005).standard_normal((SAMPLES, 30))
    expected = np.tanh(x @ DRAWS["glorot"](30, 30, np.random.default_rng(5)))
    np.testing.assert_allclose(Initialization("glorot", width=30, seed=5).layers()[0][0], expected, atol=1e-14)


def test_another_seed_draws_others():
    assert not np.array_equal(deviations(seed=0), deviations(seed=1))


@pytest.mark.parametrize(
    "wrong", [{"rule": "xavier"}, {"activation": "softmax"}, {"width": 1}, {"width": 101}, {"times": 0}, {"seed": 1000}]
)
def test_what_it_cannot_do_is_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Initialization(**wrong)


def test_the_picture_says_how_much_is_left():
    assert "It falls by a factor of" in Initialization("fan_in", "relu").picture().alt
