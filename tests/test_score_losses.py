"""The losses that start from scores or batches: value by hand, derivative by complex step and central differences."""

import math

import numpy as np
import pytest

from bplib import losses
from bplib.gradcheck import central_difference, complex_step

K = 4


def scores(N, seed=0):
    """Scores of order one, whose margins stay away from the hinge's kink."""
    rng = np.random.default_rng(seed)
    while True:
        z = rng.uniform(0.2, 2.0, (N, K)) * rng.choice([-1.0, 1.0], (N, K))
        if np.abs(z[:, :, None] - z[:, None, :] + 1).min() > 1e-3:
            return z


def classes(N):
    return np.array([0, 3, 1, 1, 2, 0, 3])[:N]


def one_hot(target):
    return np.eye(K)[target]


CASES = {  # name: (loss, inputs, targets)
    "squared_over_samples": (losses.squared_over_samples, scores, lambda N: scores(N, 1)),
    "squared_over_entries": (losses.squared_over_entries, scores, lambda N: scores(N, 1)),
    "absolute": (losses.absolute, scores, lambda N: scores(N, 1)),
    "cross_entropy": (losses.cross_entropy, lambda N: np.abs(scores(N)), classes),
    "cross_entropy, shares": (losses.cross_entropy, lambda N: np.abs(scores(N)), lambda N: np.abs(scores(N, 1))),
    "softmax_cross_entropy": (losses.softmax_cross_entropy, scores, classes),
    "softmax_cross_entropy, shares": (losses.softmax_cross_entropy, scores, lambda N: np.abs(scores(N, 1))),
    "sigmoid_cross_entropy": (losses.sigmoid_cross_entropy, scores, lambda N: one_hot(classes(N))),
    "sigmoid_cross_entropy, one output": (
        losses.sigmoid_cross_entropy,
        lambda N: scores(N)[:, 0],
        lambda N: np.linspace(0, 1, N),
    ),
    "hinge": (losses.hinge, scores, classes),
    "logistic": (losses.logistic, lambda N: scores(N)[:, 0], lambda N: np.where(classes(N) > 1, 1.0, -1.0)),
}


@pytest.mark.parametrize("N", [1, 7])
@pytest.mark.parametrize("name", CASES)
def test_the_derivative_is_that_of_the_value_beside_it(name, N):
    loss, make, targets = CASES[name]
    z, target = make(N), targets(N)
    before = z.copy(), target.copy()
    value, delta = loss(z, target)
    exact = complex_step(lambda z: loss(z, target)[0], z)
    np.testing.assert_allclose(delta, exact, rtol=1e-12, atol=1e-12 * np.abs(exact).max())
    near = central_difference(lambda z: float(loss(z, target)[0]), z)
    np.testing.assert_allclose(delta, near, rtol=1e-6, atol=1e-9)
    assert delta.shape == z.shape
    assert np.ndim(value) == 0
    np.testing.assert_array_equal(z, before[0])
    np.testing.assert_array_equal(target, before[1])


def test_values_by_hand():
    z, target = scores(5), classes(5)
    by_hand = {
        losses.softmax_cross_entropy: lambda row, y: math.log(sum(math.exp(s) for s in row)) - row[y],
        losses.hinge: lambda row, y: sum(max(0, s - row[y] + 1) for j, s in enumerate(row) if j != y),
    }
    for loss, one in by_hand.items():
        want = sum(one(row, y) for row, y in zip(z.tolist(), target.tolist(), strict=True)) / 5
        assert float(loss(z, target)[0]) == pytest.approx(want, rel=1e-14)
    p = np.abs(z)
    want = -sum(math.log(row[y]) for row, y in zip(p.tolist(), target.tolist(), strict=True)) / 5
    assert float(losses.cross_entropy(p, target)[0]) == pytest.approx(want, rel=1e-14)
    other = scores(5, 1)
    squares = sum((a - b) ** 2 for a, b in zip(z.ravel().tolist(), other.ravel().tolist(), strict=True))
    assert float(losses.squared_over_samples(z, other)[0]) == pytest.approx(squares / 5, rel=1e-14)
    assert float(losses.squared_over_entries(z, other)[0]) == pytest.approx(squares / (5 * K), rel=1e-14)
    assert float(losses.half_squared(z, other)[0]) == pytest.approx(squares / 2, rel=1e-14)
    gaps = sum(abs(a - b) for a, b in zip(z.ravel().tolist(), other.ravel().tolist(), strict=True))
    assert float(losses.absolute(z, other)[0]) == pytest.approx(gaps / 5, rel=1e-14)
    binary = sum(
        math.log1p(math.exp(-s)) if t else math.log1p(math.exp(s)) for s, t in zip(z[:, 0], target > 1, strict=True)
    )
    assert float(losses.sigmoid_cross_entropy(z[:, 0], (target > 1) * 1.0)[0]) == pytest.approx(binary / 5, rel=1e-14)
    assert float(losses.logistic(z[:, 0], np.where(target > 1, 1, -1))[0]) == pytest.approx(binary / 5, rel=1e-14)


@pytest.mark.filterwarnings("error")
def test_far_out_nothing_overflows():
    z = np.array([[1000.0, -1000.0, 999.0, 0.0], [-1000.0, 1000.0, 1000.0, -1000.0]])
    for loss in (losses.softmax_cross_entropy, losses.hinge):
        value, delta = loss(z, np.array([1, 1]))
        assert np.isfinite(value)
        assert np.isfinite(delta).all()
    assert float(losses.softmax_cross_entropy(z, np.array([1, 1]))[0]) == pytest.approx(
        (2000 + math.log1p(math.exp(-1)) + math.log(2)) / 2, rel=1e-15
    )
    value, delta = losses.sigmoid_cross_entropy(z, np.array([[0.0, 1, 1, 0], [1, 0, 0, 1]]))
    assert (float(value), np.isfinite(delta).all()) == ((1000 + 1000 + math.log(2) + 4000) / 2, True)


def test_indices_and_one_hot_are_the_same_target():
    z, target = scores(7), classes(7)
    for loss, inputs in ((losses.softmax_cross_entropy, z), (losses.cross_entropy, np.abs(z)), (losses.hinge, z)):
        one, other = loss(inputs, target), loss(inputs, one_hot(target))
        assert float(one[0]) == pytest.approx(float(other[0]), rel=1e-14)
        np.testing.assert_allclose(one[1], other[1], rtol=1e-12, atol=1e-15)


def test_the_start_loss_of_ten_classes_is_the_logarithm_of_ten():
    assert float(losses.softmax_cross_entropy(np.zeros((5, 10)), np.arange(5))[0]) == pytest.approx(2.302585, abs=5e-7)


@pytest.mark.parametrize("half", [False, True])
def test_the_penalty_and_its_gradient(half):
    W = [scores(3), scores(2, 1)]
    penalty, gradients = losses.l2_penalty(W, 0.3, half)
    squares = sum(w * w for matrix in W for w in matrix.ravel().tolist())
    assert float(penalty) == pytest.approx(0.3 * squares * (0.5 if half else 1), rel=1e-14)
    for i, gradient in enumerate(gradients):
        exact = complex_step(lambda w, i=i: losses.l2_penalty([*W[:i], w, *W[i + 1 :]], 0.3, half)[0], W[i])
        np.testing.assert_allclose(gradient, exact, rtol=1e-13)


def test_single_precision_stays_single():
    z = scores(3).astype(np.float32)
    for loss in (losses.softmax_cross_entropy, losses.hinge):
        assert loss(z, classes(3))[1].dtype == np.float32


Z = np.zeros((2, 3))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: losses.softmax_cross_entropy(Z, np.array([0, 3])), r"classes 0 to 3; 0 to 2 are there"),
        (lambda: losses.softmax_cross_entropy(Z, np.array([-1, 0])), r"classes -1 to 0; 0 to 2 are there"),
        (lambda: losses.softmax_cross_entropy(Z, np.array([0.0, 1.0])), r"dtype float64; \(2,\) int is needed"),
        (lambda: losses.softmax_cross_entropy(Z, np.array([0])), r"target has shape \(1,\)"),
        (lambda: losses.softmax_cross_entropy(Z, np.zeros((2, 2))), r"target has shape \(2, 2\)"),
        (lambda: losses.softmax_cross_entropy(Z[0], np.array([0])), r"z has shape \(3,\)"),
        (lambda: losses.hinge(Z[:0], np.zeros(0, int)), r"z has shape \(0, 3\)"),
        (lambda: losses.hinge(Z, np.full((2, 3), 0.5)), r"target has shape \(2, 3\) and dtype float64"),
        (lambda: losses.cross_entropy(Z, np.array([0, 1])), "p has a 0 where its target is not 0"),
        (lambda: losses.sigmoid_cross_entropy(Z, Z + 2), "numbers from 0 to 1 are needed"),
        (lambda: losses.sigmoid_cross_entropy(Z, Z[:, :1]), r"target \(2, 1\)"),
        (lambda: losses.logistic(Z[:, 0], np.array([0, 1])), "use sigmoid_cross_entropy"),
        (lambda: losses.squared_over_samples(Z, Z[:1]), "needs the shape of out"),
        (lambda: losses.l2_penalty([Z], -1.0), "lam is -1.0"),
    ],
)
def test_what_does_not_fit_is_named(make, said):
    with pytest.raises(ValueError, match=said):
        make()
