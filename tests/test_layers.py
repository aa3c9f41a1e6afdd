"""Every layer's backward pass against complex steps and central differences, away from kinks by construction."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bplib.gradcheck import central_difference, complex_step
from bplib.layers import FUNCTIONS, Activation, Dense, Maxout
from bplib.losses import softmax_cross_entropy
from bplib.network import Network

NAMES = list(FUNCTIONS)


def order_one(rng, *shape):
    """Numbers between 0.1 and 2.1 with either sign: no zeros, and none at +-1."""
    values = rng.uniform(0.1, 2.1, shape)
    return np.where(np.abs(values - 1) < 0.05, values + 0.1, values) * rng.choice([-1.0, 1.0], shape)


def close(got, want):
    np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-12 * np.abs(want).max())


@pytest.mark.parametrize("N", [1, 7])
def test_dense(N):
    rng = np.random.default_rng(N)
    x, W, b, weight = order_one(rng, N, 3), order_one(rng, 3, 5), order_one(rng, 5), order_one(rng, N, 5)
    layer = Dense(W.copy(), b.copy())
    before = x.copy()
    z = layer.forward(x)
    close(z, np.array([[sum(x[n, i] * W[i, j] for i in range(3)) + b[j] for j in range(5)] for n in range(N)]))
    dx = layer.backward(weight)
    close(dx, complex_step(lambda x: ((x @ W + b) * weight).sum(), x))
    close(layer.dW, complex_step(lambda W: ((x @ W + b) * weight).sum(), W))
    close(layer.db, complex_step(lambda b: ((x @ W + b) * weight).sum(), b))
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("shape", [(1, 4), (7, 3)])
def test_activation(name, shape):
    rng = np.random.default_rng(3)
    z, weight = order_one(rng, *shape), order_one(rng, *shape)
    before = z.copy()
    layer = Activation(name)
    layer.forward(z)
    delta = layer.backward(weight)
    value = FUNCTIONS[name].value
    close(delta, complex_step(lambda z: (value(z) * weight).sum(), z))
    np.testing.assert_allclose(delta, central_difference(lambda z: (value(z) * weight).sum(), z), rtol=1e-7, atol=1e-9)
    np.testing.assert_array_equal(z, before)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.filterwarnings("error")
def test_activations_are_stable_far_out(name):
    z = np.array([[-1000.0, -750.0, 750.0, 1000.0]])
    layer = Activation(name)
    assert np.isfinite(layer.forward(z)).all()
    assert np.isfinite(layer.backward(np.ones_like(z))).all()


def test_maxout():
    rng = np.random.default_rng(5)
    z, weight = order_one(rng, 4, 6), order_one(rng, 4, 2)
    layer = Maxout(3)
    a = layer.forward(z)
    close(a, z.reshape(4, 2, 3).max(axis=2))
    delta = layer.backward(weight)
    close(delta, complex_step(lambda z: (Maxout(3).forward(z) * weight).sum(), z))
    near = central_difference(lambda z: float((Maxout(3).forward(z) * weight).sum()), z)
    np.testing.assert_allclose(delta, near, rtol=1e-7, atol=1e-8)


def test_maxout_gradient_goes_to_the_winner_alone():
    layer = Maxout(2)
    layer.forward(np.array([[2.0, 2.0, -1.0, 5.0]]))
    np.testing.assert_array_equal(layer.backward(np.array([[3.0, 7.0]])), [[3.0, 0.0, 0.0, 7.0]])


sizes = st.lists(st.integers(1, 5), min_size=2, max_size=5)


@settings(max_examples=40, deadline=None)
@given(
    sizes=sizes,
    hidden=st.sampled_from(["tanh", "sigmoid", "softplus", "identity"]),
    N=st.integers(1, 7),
    seed=st.integers(0, 99),
)
def test_a_network_of_any_shape_agrees_with_complex_steps(sizes, hidden, N, seed):
    rng = np.random.default_rng(seed)
    net, exact = (Network(sizes, hidden=hidden, seed=seed, dtype=dtype) for dtype in (np.float64, np.complex128))
    net.theta += rng.uniform(-0.3, 0.3, net.theta.size)
    x, weight = order_one(rng, N, sizes[0]), order_one(rng, N, sizes[-1])

    def loss(theta):
        exact.theta[...] = theta
        return (exact.forward(x) * weight).sum()

    net.forward(x)
    dx = net.backward(weight, dx=True)
    close(net.grad, complex_step(loss, net.theta))
    exact.theta[...] = net.theta
    close(dx, complex_step(lambda x: (exact.forward(x) * weight).sum(), x))
    np.testing.assert_allclose(net.delta[-1].sum(axis=0), net.db[-1], rtol=1e-12)


@pytest.mark.parametrize("hidden", ["relu", "leaky_relu", "hardtanh"])
def test_a_network_with_kinks_agrees_where_there_are_none(hidden):
    net, exact = (Network((3, 5, 4, 2), hidden=hidden, seed=1, dtype=dtype) for dtype in (np.float64, np.complex128))
    rng = np.random.default_rng(2)
    x, weight = order_one(rng, 7, 3), order_one(rng, 7, 2)
    net.forward(x)
    assert min(np.abs(np.abs(z) - kink).min() for z in net.z[:-1] for kink in (0, 1)) > 1e-5
    net.backward(weight)

    def loss(theta):
        exact.theta[...] = theta
        return (exact.forward(x) * weight).sum()

    close(net.grad, complex_step(loss, net.theta))


def test_parameters_and_gradients_are_views_of_flat_vectors():
    net = Network((3, 4, 2))
    assert net.theta.size == net.grad.size == 3 * 4 + 4 + 4 * 2 + 2
    net.theta[...] = np.arange(net.theta.size)
    np.testing.assert_array_equal(net.W[0], np.arange(12).reshape(3, 4))
    np.testing.assert_array_equal(net.b[0], np.arange(12, 16))
    net.dW[1][0, 1] = 5
    assert net.grad[17] == 5
    assert Network((784, 64, 64, 10)).theta.size == 55050
    assert Network((3072, 10)).theta.size == 30730
    assert Network((64, 64, 64, 10)).theta.size == 8970


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtypes_are_kept_throughout(dtype):
    net = Network((3, 4, 2), hidden="relu", dtype=dtype)
    assert net.forward(np.ones((2, 3), dtype)).dtype == dtype
    assert net.backward(np.ones((2, 2), dtype), dx=True).dtype == dtype
    assert net.grad.dtype == dtype


def test_a_steady_pass_allocates_nothing_to_speak_of():
    import tracemalloc

    net = Network((100, 64, 10), hidden="relu", dtype=np.float32)
    x, dout = np.ones((2048, 100), np.float32), np.ones((2048, 10), np.float32)
    for _ in range(3):
        net.forward(x)
        net.backward(dout)
    tracemalloc.start()
    for _ in range(5):
        net.forward(x)
        net.backward(dout)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # NumPy's own buffer for adding a bias to all rows has 33 kB at any size; one hidden activation has 524 kB.
    assert peak < 40_000


@pytest.mark.parametrize("sizes", [(2, 3, 2), (4, 5, 3, 2)])
def test_many_networks_at_once_are_the_same_networks(sizes):
    rng = np.random.default_rng(0)
    stack, one = Network(sizes, seed=3, copies=6), Network(sizes)
    x, target = order_one(rng, 7, sizes[0]), rng.integers(0, sizes[-1], 7)
    losses, delta = softmax_cross_entropy(stack.forward(x), target)
    dx = stack.backward(delta, dx=True)
    assert losses.shape == (6,)
    for s, (theta, grad) in enumerate(zip(stack.theta.reshape(6, -1), stack.grad.reshape(6, -1), strict=True)):
        one.theta[...] = theta
        loss, delta = softmax_cross_entropy(one.forward(x), target)
        close(one.backward(delta, dx=True), dx[s])
        close(grad, one.grad)
        assert float(losses[s]) == pytest.approx(float(loss), rel=1e-14)
    assert len(np.unique(stack.W[0][:, 0, 0])) == 6  # each drawn for itself
    np.testing.assert_array_equal(stack.W[0][0], Network(sizes, seed=3).W[0])


def test_what_does_not_fit_is_named():
    with pytest.raises(ValueError, match=r"x has shape \(2, 5\); \(N, 3\) is needed"):
        Network((3, 4, 2)).forward(np.ones((2, 5)))
    with pytest.raises(ValueError, match="empty batch"):
        Network((3, 4, 2)).forward(np.ones((0, 3)))
    with pytest.raises(TypeError, match="floats are needed"):
        Network((3, 4, 2)).forward(np.ones((2, 3), int))
    with pytest.raises(RuntimeError, match="before forward"):
        Network((3, 4, 2)).backward(np.ones((2, 2)))
    net = Network((3, 4, 2))
    net.forward(np.ones((2, 3)))
    with pytest.raises(ValueError, match="needs the shape of"):
        net.backward(np.ones((2, 4)))
    with pytest.raises(ValueError, match="activation is 'swish'"):
        Network((3, 4, 2), hidden="swish")
    for sizes in ((3,), (3, 0), (3, 2.0)):
        with pytest.raises(ValueError, match="at least two numbers of units"):
            Network(sizes)
    with pytest.raises(ValueError, match="W has shape"):
        Dense(np.ones((2, 3)), np.ones(2))
    with pytest.raises(ValueError, match="multiple of 3"):
        Maxout(3).forward(np.ones((2, 4)))
