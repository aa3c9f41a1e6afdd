"""Blame flow: every step back adds what it should, and what is collected are the error signals."""

from itertools import pairwise

import numpy as np
import pytest

from bplib.golden import agrees
from bplib.losses import half_squared
from bplib.widgets.blame import ACTIVATIONS, DECK, NETS, Blame, units


def test_the_decks_numbers():
    delta = Blame().result()["delta"]
    agrees("004-6.delta2", [delta["o1"], delta["o2"]])
    agrees("004-6.delta1", [delta["h1"], delta["h2"]])


@pytest.mark.parametrize("net", NETS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_an_error_signal_is_how_the_loss_answers_to_z(net, activation):
    state = Blame(net, activation, i1=0.7, i2=0.9, t1=0.3, t2=-0.2)
    names, network = units(NETS[net]), state._network()
    network.forward(np.array([[0.7, 0.9]]))
    delta, x, h = state.result()["delta"], np.array([[0.7, 0.9]]), 1e-6
    for level, layer in enumerate(names[1:]):
        for k, unit in enumerate(layer):
            losses = []
            assert abs(network.z[level][0, k]) > 10 * h  # not at a kink
            for sign in (1, -1):  # a bias moves z and nothing else
                network.b[level][k] += sign * h
                losses.append(half_squared(network.forward(x), np.array([[0.3, -0.2]]))[0])
                network.b[level][k] -= sign * h
            assert delta[unit] == pytest.approx((losses[0] - losses[1]) / (2 * h), abs=1e-9)


@pytest.mark.parametrize("net", NETS)
def test_the_steps_collect_edge_by_edge_and_each_unit_after_all_above_it(net):
    result, names = Blame(net, "tanh").result(), units(NETS[net])
    known, collected = {}, {}
    for unit, above, amount in result["steps"]:
        if above == "":
            assert unit in names[-1]
            known[unit] = amount
        elif above == unit:
            assert amount == pytest.approx(result["slope"][unit] * collected[unit], rel=1e-12)
            known[unit] = amount
        else:
            assert amount == pytest.approx(result["weights"][f"{unit} {above}"] * known[above], rel=1e-12)
            collected[unit] = collected.get(unit, 0) + amount
    assert known == result["delta"]
    edges = sum(len(below) * len(above) for below, above in pairwise(names[1:]))
    assert len(result["steps"]) == edges + sum(map(len, names[1:]))


def test_values_and_weights_carry_the_names_of_their_units():
    result = Blame(DECK).result()
    assert list(result["a"]) == ["i1", "i2", "h1", "h2", "o1", "o2"]
    assert result["weights"]["i2 h1"] == 0.2  # w2
    assert result["weights"]["h1 o2"] == 0.5  # w7


def test_a_right_output_is_not_to_blame():
    state = Blame()
    state.change(t1=float(state.result()["a"]["o1"]), t2=float(state.result()["a"]["o2"]))
    assert set(state.result()["delta"].values()) == {0.0}


def test_the_picture_shows_what_is_known_by_now():
    assert "delta" not in Blame(step=0).picture().alt
    first = Blame(step=1).picture().alt
    assert "o1 0.7514, delta 0.1385" in first
    assert "o2 0.7729, delta" not in first
    assert "lit up: edge from h1 to o1" in Blame(step=3).picture().alt
    assert "h1 0.5933, delta 0.008771" in Blame(step=5).picture().alt
    assert Blame(step=100).picture().alt == Blame(step=8).picture().alt


@pytest.mark.parametrize("wrong", [{"net": "9-9"}, {"activation": "sign"}, {"i1": 101}, {"t2": "x"}, {"step": -1}])
def test_what_it_cannot_do_is_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Blame(**wrong)
