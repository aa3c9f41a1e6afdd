"""The same numbers as scikit-learn, where it computes the same things."""

import warnings

import numpy as np
import pytest

from bplib.activations import relu, sigmoid, softmax, tanh
from bplib.data import digits, split
from bplib.losses import hinge, sigmoid_cross_entropy, softmax_cross_entropy
from bplib.network import Network
from bplib.optimizers import Adam
from bplib.training import accuracy, shuffled_batches, train

pytest.importorskip("sklearn")
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import hinge_loss, log_loss
from sklearn.neural_network import MLPClassifier
from sklearn.neural_network._base import ACTIVATIONS, DERIVATIVES
from sklearn.neural_network._stochastic_optimizers import AdamOptimizer

RNG = np.random.default_rng(0)
Z, TARGET = RNG.standard_normal((50, 4)), RNG.integers(0, 4, 50)


@pytest.mark.parametrize(
    ("name", "ours"), [("logistic", sigmoid), ("tanh", tanh), ("relu", relu), ("softmax", softmax)]
)
def test_activations(name, ours):
    theirs = Z.copy()
    ACTIVATIONS[name](theirs)
    np.testing.assert_allclose(ours(Z), theirs, rtol=1e-13, atol=1e-15)


def test_losses():
    assert float(softmax_cross_entropy(Z, TARGET)[0]) == pytest.approx(log_loss(TARGET, softmax(Z)), rel=1e-12)
    binary = TARGET > 1
    assert float(sigmoid_cross_entropy(Z[:, 0], binary * 1.0)[0]) == pytest.approx(
        log_loss(binary, sigmoid(Z[:, 0])), rel=1e-12
    )
    # Theirs takes the largest margin (Crammer and Singer), ours the sum: the same for two classes.
    two = np.stack([Z[:, 0], -Z[:, 0]], axis=1)
    ours = hinge(two, binary.astype(int))[0]
    assert float(ours) == pytest.approx(hinge_loss(binary, -2 * Z[:, 0]), rel=1e-12)


@pytest.mark.parametrize(("hidden", "theirs"), [("relu", "relu"), ("tanh", "tanh"), ("sigmoid", "logistic")])
def test_gradients_of_a_network(hidden, theirs):
    assert theirs in DERIVATIVES
    x = RNG.standard_normal((50, 6))
    net = Network((6, 8, 5, 4), hidden=hidden, seed=2)
    other = MLPClassifier((8, 5), activation=theirs, alpha=0.0, random_state=0, max_iter=1, batch_size=50)
    with pytest.warns(ConvergenceWarning):
        other.fit(x, TARGET)
    for W, b, W2, b2 in zip(net.W, net.b, other.coefs_, other.intercepts_, strict=True):
        W2[...], b2[...] = W, b
    layers = [x] + [np.empty((50, n)) for n in (8, 5, 4)]
    activations = other._forward_pass(layers)
    deltas = [np.empty_like(a) for a in activations[1:]]
    one_hot = np.eye(4)[TARGET]
    loss, dW, db = other._backprop(
        x, one_hot, None, layers, deltas, [np.empty_like(W) for W in net.W], [np.empty_like(b) for b in net.b]
    )
    ours, delta = softmax_cross_entropy(net.forward(x), TARGET)
    net.backward(delta)
    assert float(ours) == pytest.approx(float(loss), rel=1e-12)
    for mine, yours in zip(net.dW + net.db, list(dW) + list(db), strict=True):
        np.testing.assert_allclose(mine, yours, rtol=1e-10, atol=1e-14)


def test_ten_steps_of_adam():
    theta = RNG.standard_normal(30)
    theirs = [theta.copy()]
    # Theirs puts epsilon beside the uncorrected root: compared with one that makes no difference.
    rule = Adam(theta, eta=0.01, epsilon=1e-20)
    other = AdamOptimizer(theirs, learning_rate_init=0.01, epsilon=1e-20)
    for _ in range(10):
        g = RNG.standard_normal(30)
        rule.step(g)
        other.update_params(theirs, [g])
    np.testing.assert_allclose(theta, theirs[0], rtol=1e-10, atol=1e-12)


@pytest.mark.slow
def test_digits_are_learned_as_well_as_by_their_classifier():
    """The same split, sizes, rule, batch, eta and epochs, over five seeds: within a point."""
    x, target = digits()
    ours, theirs = [], []
    for seed in range(5):
        x_train, t_train, x_test, t_test = split(x / 16, target, 0.25, seed)
        net = Network((64, 64, 64, 10), hidden="relu", seed=seed)
        train(net, softmax_cross_entropy, Adam(net.theta, 0.001), x_train, t_train, 40, shuffled_batches(32), seed=seed)
        ours.append(accuracy(net.forward(x_test), t_test))
        other = MLPClassifier(
            (64, 64), alpha=0.0, batch_size=32, learning_rate_init=0.001, max_iter=40, random_state=seed, tol=0
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            other.fit(x_train, t_train)
        theirs.append(other.score(x_test, t_test))
    assert np.mean(ours) > np.mean(theirs) - 0.01, (ours, theirs)
    assert np.mean(ours) > 0.96
