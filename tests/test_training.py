"""The five orders, the loop, what stops it, and its record."""

import math

import numpy as np
import pytest

from bplib.initialization import DRAWS, fan_in, he, sqrt_three_over_n, three_over_sqrt_n, zeros
from bplib.losses import half_squared, softmax_cross_entropy
from bplib.network import Network
from bplib.optimizers import Adam, GradientDescent, inverse_decay
from bplib.training import (
    Diverged,
    History,
    accuracy,
    drawn,
    drawn_batches,
    no_progress,
    shuffled,
    shuffled_batches,
    small_step,
    train,
    whole_batch,
)

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0], [0.5, 0.2], [0.1, 0.9], [0.7, 0.7]])
TARGET = np.array([0, 1, 1, 0, 0, 1, 0])


def picks(order, N=10, seed=0):
    return list(order(N, np.random.default_rng(seed)))


def test_each_order_takes_the_samples_it_says():
    assert [batch.tolist() for batch in picks(whole_batch, 4)] == [[0, 1, 2, 3]]
    assert [len(batch) for batch in picks(drawn)] == [1] * 10
    assert len({int(i) for (i,) in picks(drawn, 50)}) < 50  # with repetition
    assert sorted(int(i) for (i,) in picks(shuffled)) == list(range(10))
    assert [len(batch) for batch in picks(shuffled_batches(4))] == [4, 4, 2]
    assert sorted(np.concatenate(picks(shuffled_batches(4))).tolist()) == list(range(10))
    assert [len(batch) for batch in picks(drawn_batches(4))] == [4, 4, 4]
    assert all(len(set(batch.tolist())) == 4 for batch in picks(drawn_batches(4)))
    assert [len(batch) for batch in picks(shuffled_batches(99))] == [10]
    assert [len(batch) for batch in picks(drawn_batches(99))] == [10]


@pytest.mark.parametrize("order", [drawn, shuffled, drawn_batches(3), shuffled_batches(3)])
def test_orders_follow_the_seed_and_change_with_the_epoch(order):
    rng = np.random.default_rng(1)
    first, second = list(order(10, rng)), list(order(10, rng))
    np.testing.assert_array_equal(np.concatenate(first), np.concatenate(picks(order, seed=1)))
    assert not np.array_equal(np.concatenate(first), np.concatenate(second))


def test_one_epoch_of_short_batches_is_what_it_is_by_hand():
    net, by_hand = Network((2, 3, 2), seed=3), Network((2, 3, 2), seed=3)
    history = train(
        net, softmax_cross_entropy, GradientDescent(net.theta, 0.5), X, TARGET, 1, shuffled_batches(4), seed=5
    )
    losses = []
    for batch in shuffled_batches(4)(7, np.random.default_rng(5)):
        loss, delta = softmax_cross_entropy(by_hand.forward(X[batch]), TARGET[batch])
        by_hand.backward(delta)
        by_hand.theta -= 0.5 * by_hand.grad
        losses.append(float(loss))
    np.testing.assert_allclose(net.theta, by_hand.theta, rtol=1e-14)
    assert history.loss == [pytest.approx(sum(losses) / 2, rel=1e-14)]


@pytest.mark.parametrize("order", [whole_batch, drawn, shuffled, drawn_batches(3), shuffled_batches(3)])
def test_every_order_learns(order):
    net = Network((2, 8, 2), seed=0)
    history = train(net, softmax_cross_entropy, Adam(net.theta, 0.03), X, TARGET, 300, order)
    assert accuracy(net.forward(X), TARGET) == 1.0
    assert history.loss[-1] < 0.2 < history.loss[0]
    assert len(history.loss) == len(history.accuracy) == len(history.gradient_norm) == len(history.eta) == 300


def test_the_penalty_is_on_the_weights_alone_and_in_the_loss():
    net = Network((2, 3, 2), seed=1)
    start = net.theta.copy()
    train(net, lambda out, target: (0.0, np.zeros_like(out)), GradientDescent(net.theta, 0.1), X, TARGET, 1, lam=0.5)
    fresh = Network((2, 3, 2), seed=1)
    for W, before, b in zip(net.W, fresh.W, net.b, strict=True):
        np.testing.assert_allclose(W, before * (1 - 0.1 * 2 * 0.5), rtol=1e-14)
        np.testing.assert_array_equal(b, 0)
    net.theta[...] = start
    history = train(
        net, lambda out, target: (1.0, np.zeros_like(out)), GradientDescent(net.theta, 0.0), X, TARGET, 1, lam=0.5
    )
    assert history.loss[0] == pytest.approx(1 + 0.5 * sum((W * W).sum() for W in net.W), rel=1e-14)


def test_schedule_validation_and_kept_parameters():
    net = Network((2, 3, 2), seed=1)
    start = net.theta.copy()
    history = train(
        net, softmax_cross_entropy, GradientDescent(net.theta), X, TARGET, 4,
        schedule=inverse_decay(0.8, 1.0), validation=(X[:2], TARGET[:2]), keep_theta=True,
    )  # fmt: skip
    assert history.eta == [0.8, 0.4, pytest.approx(0.8 / 3), 0.2]
    assert len(history.theta) == 5
    np.testing.assert_array_equal(history.theta[0], start)
    np.testing.assert_array_equal(history.theta[-1], net.theta)
    assert history.validation_loss[-1] == pytest.approx(float(softmax_cross_entropy(net.forward(X[:2]), TARGET[:2])[0]))
    assert history.validation_accuracy[-1] == accuracy(net.forward(X[:2]), TARGET[:2])


def test_what_stops_it():
    net = Network((2, 3, 2), seed=1)
    rule = GradientDescent(net.theta, 0.0)
    assert len(train(net, softmax_cross_entropy, rule, X, TARGET, 50, stop=small_step(1e-9)).loss) == 2
    kept = History(validation_loss=[3.0, 2.0, 2.5, 2.0])
    assert no_progress(2)(kept)
    assert not no_progress(3)(kept)
    assert not no_progress(1)(History(validation_loss=[3.0]))


def test_a_history_survives_saving(tmp_path):
    net = Network((2, 3, 2))
    history = train(net, softmax_cross_entropy, Adam(net.theta), X, TARGET, 3, validation=(X, TARGET), keep_theta=True)
    history.save(tmp_path / "run.npz")
    again = History.load(tmp_path / "run.npz")
    assert again.loss == history.loss
    assert again.validation_accuracy == history.validation_accuracy
    np.testing.assert_array_equal(again.theta, history.theta)
    np.savez(tmp_path / "other.npz", loss=[1.0])
    with pytest.raises(ValueError, match="is no saved History"):
        History.load(tmp_path / "other.npz")


def test_a_diverging_loss_is_stopped_with_its_history():
    net = Network((2, 2), seed=0)
    with (
        np.errstate(all="ignore"),
        pytest.raises(Diverged, match=r"the loss is (nan|inf) at step \d+ .* learning rate 50") as caught,
    ):
        train(net, half_squared, GradientDescent(net.theta, 50.0), X, np.eye(2)[TARGET], 500)
    assert 1 < len(caught.value.history.loss) < 500
    assert np.isfinite(caught.value.history.loss).all()


def test_regression_targets_have_no_accuracy():
    net = Network((2, 2))
    history = train(net, half_squared, GradientDescent(net.theta, 0.01), X, np.eye(2)[TARGET], 1)
    assert math.isnan(history.accuracy[0])


def test_what_does_not_fit_is_named():
    net = Network((2, 2))
    with pytest.raises(ValueError, match="x has 7 samples, target 6"):
        train(net, half_squared, GradientDescent(net.theta), X, TARGET[:6], 1)
    with pytest.raises(ValueError, match=r"make it with network\.theta"):
        train(net, half_squared, GradientDescent(net.theta.copy()), X, TARGET, 1)
    bad = np.where(np.arange(14).reshape(7, 2) == 5, np.nan, X)
    with pytest.raises(ValueError, match="a NaN or an infinity in row 2"):
        train(net, half_squared, GradientDescent(net.theta), bad, TARGET, 1)
    with pytest.raises(ValueError, match="at least 1 is needed"):
        shuffled_batches(0)


@pytest.mark.parametrize(
    ("name", "std"),
    [("fan_in", 1 / 20), ("he", math.sqrt(2) / 20), ("glorot", math.sqrt(2 / 700)), ("uniform", 0.3 / math.sqrt(3)),
     ("three_over_sqrt_n", math.sqrt(3) / 20), ("sqrt_three_over_n", 1 / 20), ("zeros", 0.0)],
)  # fmt: skip
def test_draws_have_the_deviation_they_name(name, std):
    W = DRAWS[name](400, 300, np.random.default_rng(7))
    assert W.shape == (400, 300)
    assert W.std() == pytest.approx(std, rel=0.01)
    assert abs(W.mean()) <= 5 * std / math.sqrt(W.size)
    if name != "zeros":
        assert not np.array_equal(W, DRAWS[name](400, 300, np.random.default_rng(8)))
        np.testing.assert_array_equal(W, DRAWS[name](400, 300, np.random.default_rng(7)))


def test_what_each_draw_keeps():
    rng = np.random.default_rng(0)
    uniform_x, normal_x = rng.uniform(-1, 1, (4000, 100)), rng.standard_normal((4000, 100))
    assert (uniform_x @ three_over_sqrt_n(100, 80, rng)).std() == pytest.approx(1, abs=0.03)
    assert (normal_x @ three_over_sqrt_n(100, 80, rng)).std() == pytest.approx(math.sqrt(3), abs=0.06)
    assert (normal_x @ sqrt_three_over_n(100, 80, rng)).std() == pytest.approx(1, abs=0.03)
    assert (normal_x @ fan_in(100, 80, rng)).std() == pytest.approx(1, abs=0.03)
    assert (np.maximum(normal_x, 0) @ he(100, 3000, rng)).std() == pytest.approx(1, abs=0.03)


def test_zeros_never_break_their_symmetry():
    net = Network((2, 5, 2), draw=zeros)
    train(net, softmax_cross_entropy, GradientDescent(net.theta, 0.5), X, TARGET, 50)
    assert all(np.ptp(W, axis=axis).max() == 0 for W, axis in ((net.W[0], 1), (net.W[1], 0)))


@pytest.mark.parametrize("n_in", [0, -1, 2.0])
def test_a_wrong_number_of_units_is_named(n_in):
    with pytest.raises(ValueError, match=f"n_in is {n_in}"):
        fan_in(n_in, 3, np.random.default_rng(0))
