"""A gradient checker that cannot fail is worse than none: plant an error, and see it found, named and measured."""

import numpy as np
import pytest

from bplib.gradcheck import by_layers, check, directional, forward_difference, kinks
from bplib.losses import softmax_cross_entropy
from bplib.network import Network


def problem(sizes=(5, 7, 3), N=6, seed=0):
    """A network, its loss as a function of the flat parameters, and its own gradient."""
    rng = np.random.default_rng(seed)
    net, exact = (Network(sizes, seed=seed, dtype=dtype) for dtype in (np.float64, np.complex128))
    x, target = rng.standard_normal((N, sizes[0])), rng.integers(0, sizes[-1], N)

    def loss(theta):
        used = exact if np.iscomplexobj(theta) else net
        before = used.theta.copy()
        used.theta[...] = theta
        value = softmax_cross_entropy(used.forward(x), target)[0]
        used.theta[...] = before
        return value

    _, delta = softmax_cross_entropy(net.forward(x), target)
    net.backward(delta)
    return net, loss, net.parameters


@pytest.mark.parametrize("method", ["central", "complex"])
@pytest.mark.parametrize("entries", ["all", "directions", [0, 5, 40]])
def test_a_right_gradient_is_called_right(method, entries):
    net, loss, names = problem()
    before = net.theta.copy()
    report = check(loss, net.theta, net.grad, entries=entries, method=method, names=names)
    assert report.right
    assert report.error < (1e-13 if method == "complex" else 1e-8)
    np.testing.assert_array_equal(net.theta, before)


@pytest.mark.parametrize("method", ["central", "complex"])
@pytest.mark.parametrize("at", [0, 23, 34, 35, 40, 50, 65])
@pytest.mark.parametrize("entries", ["all", "directions"])
def test_a_planted_error_is_found_and_named(method, at, entries):
    net, loss, names = problem()
    claimed = net.grad.copy()
    claimed[at] += 1e-3 * np.linalg.norm(claimed)
    report = check(loss, net.theta, claimed, entries=entries, method=method, names=names)
    assert not report.right
    assert report.claimed == claimed[at]
    assert report.numeric == pytest.approx(net.grad[at], rel=1e-5, abs=1e-9)
    assert report.error == pytest.approx(1e-3, rel=1e-2)
    home = next(name for name, end in (("W[0]", 35), ("b[0]", 42), ("W[1]", 63), ("b[1]", 66)) if at < end)
    assert report.place.startswith(f"{home}[")
    assert "is WRONG" in str(report)
    assert report.place in str(report)


def test_one_direction_finds_what_ten_entries_miss():
    net, loss, names = problem((60, 40, 10))
    claimed = net.grad.copy()
    at = int(np.argmax(np.abs(claimed)))
    claimed[at] *= 1.01  # one entry, 1 % off
    ten = np.random.default_rng(0).choice(claimed.size, 10, replace=False)
    assert check(loss, net.theta, claimed, entries=ten, method="complex").right
    report = check(loss, net.theta, claimed, directions=1, method="complex", names=names)
    assert not report.right
    assert report.claimed == claimed[at]


def test_all_zeros_and_nan_are_no_gradient():
    net, loss, _ = problem()
    assert not check(loss, net.theta, np.zeros_like(net.grad)).right
    with pytest.raises(ValueError, match="claimed is nan at entry 3"):
        check(loss, net.theta, np.where(np.arange(net.grad.size) == 3, np.nan, net.grad))
    with pytest.raises(ValueError, match="both have to be flat"):
        check(loss, net.theta, net.grad[:-1])


def test_a_direction_is_the_gradients_share_along_it():
    net, loss, _ = problem()
    u = np.random.default_rng(4).standard_normal(net.theta.size)
    assert directional(loss, net.theta, u, method="complex") == pytest.approx(net.grad @ u, rel=1e-12)
    assert directional(loss, net.theta, u) == pytest.approx(net.grad @ u, rel=1e-7)
    with pytest.raises(ValueError, match="u has shape"):
        directional(loss, net.theta, u[:-1])
    with pytest.raises(ValueError, match="method is 'magic'"):
        directional(loss, net.theta, u, method="magic")


def test_forward_differences_are_worse_than_central_ones():
    w = np.array([0.7, -1.2])
    error = np.abs(forward_difference(lambda w: float(np.sin(w).sum()), w) - np.cos(w))
    assert 1e-12 < error.max() < 1e-6


def test_kinks_are_seen_and_curvature_is_not_taken_for_one():
    def f(w):
        return float(np.maximum(w[0], 0) + 100 * w[1] ** 2 + np.abs(w[2] - 1.000002) + np.exp(w[3]) + 5 * w[4])

    assert kinks(f, np.array([0.0, 0.3, 1.0, 2.0, 1.0])).tolist() == [True, False, True, False, False]
    assert kinks(f, np.array([0.5, 0.0, 0.0, -3.0, 0.0])).tolist() == [False] * 5


@pytest.mark.parametrize("sizes", [(5, 3), (5, 7, 3), (4, 6, 5, 3)])
@pytest.mark.parametrize("hidden", ["tanh", "relu"])
def test_a_networks_gradient_layer_by_layer_needs_no_backward_pass(sizes, hidden, monkeypatch):
    rng = np.random.default_rng(3)
    net = Network(sizes, hidden=hidden, seed=1)
    x, target = rng.standard_normal((6, sizes[0])), rng.integers(0, 3, 6)
    _, delta = softmax_cross_entropy(net.forward(x), target)
    net.backward(delta)
    claimed = net.grad.copy()
    monkeypatch.setattr(Network, "backward", None)
    np.testing.assert_allclose(by_layers(net, softmax_cross_entropy, x, target), claimed, rtol=1e-12, atol=1e-15)


def test_a_kink_is_found_wherever_it_lies_within_the_step():
    """At a third of the step, a corner bends by half at half the step, as a smooth function would."""
    h = 1e-5
    for share in np.arange(0.0, 0.95, 0.01):
        assert kinks(lambda z: float(np.maximum(z, 0).sum()), np.array([share * h, -share * h]), h).all(), share
    rng = np.random.default_rng(0)
    for f in (np.sin, np.exp, np.tanh, lambda z: z**3, lambda z: 1e6 * z**2, lambda z: 1e-6 * np.cos(z)):
        assert not kinks(lambda z, f=f: float(f(z).sum()), rng.normal(size=20), h).any()
