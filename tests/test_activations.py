"""Each activation against its definition in another library, each derivative against two numeric ones."""

import math

import numpy as np
import pytest

from bplib.activations import sigmoid, sigmoid_grad
from bplib.gradcheck import central_difference, complex_step

SHAPES = [(), (1,), (7,), (1, 3), (7, 3), (0,)]


def order_one(shape, seed=0):
    rng = np.random.default_rng(seed)
    return rng.uniform(0.2, 3.0, shape) * rng.choice([-1.0, 1.0], shape)


@pytest.mark.parametrize("shape", SHAPES)
def test_sigmoid_is_the_printed_formula(shape):
    z = order_one(shape)
    before = np.array(z)
    want = np.array([1 / (1 + math.exp(-value)) for value in z.ravel()]).reshape(shape)
    np.testing.assert_allclose(sigmoid(z), want, rtol=1e-15, atol=0)
    assert np.shape(sigmoid(z)) == shape
    assert np.array_equal(z, before)


@pytest.mark.parametrize("shape", SHAPES)
def test_sigmoid_grad_is_the_slope(shape):
    z, weight = order_one(shape), order_one(shape, seed=1)
    a = sigmoid(z)
    before = np.array(a)
    slope = weight * sigmoid_grad(a)
    exact = complex_step(lambda z: (weight * sigmoid(z)).sum(), z)
    near = central_difference(lambda z: (weight * sigmoid(z)).sum(), z)
    np.testing.assert_allclose(slope, exact, rtol=1e-12, atol=0)
    np.testing.assert_allclose(slope, near, rtol=1e-8, atol=0)
    assert np.array_equal(a, before)


@pytest.mark.filterwarnings("error")
def test_far_out_nothing_overflows_and_nothing_is_lost():
    z = np.array([-1000.0, -700.0, -40.0, 40.0, 700.0, 1000.0, -np.inf, np.inf])
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        a = sigmoid(z)
    np.testing.assert_allclose(a[1:3], np.exp(z[1:3]), rtol=1e-15)  # the tail is e^z, not 0
    assert a[[0, 3, 4, 5, 6, 7]].tolist() == [0.0, 1.0, 1.0, 1.0, 0.0, 1.0]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("z", [-1000.0, -300.0, -1e-9, 0.0, 1e-9, 30.0, 1000.0])
def test_a_complex_step_passes_through(z):
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        slope = complex_step(sigmoid, np.array(z))
    tail = math.exp(-abs(z))
    assert float(slope) == pytest.approx(tail / (1 + tail) ** 2, rel=1e-14, abs=0)


def test_a_plus_its_mirror_image_is_one():
    z = np.linspace(-30, 30, 121)
    np.testing.assert_allclose(sigmoid(z) + sigmoid(-z), 1.0, rtol=1e-15)
    assert (np.diff(sigmoid(z)) > 0).all()
    assert sigmoid_grad(sigmoid(z)).max() == sigmoid_grad(sigmoid(np.array(0.0))) == 0.25


@pytest.mark.parametrize("kind", [np.int64, np.int8, np.uint8, bool])
def test_whole_numbers_are_taken_as_float64(kind):
    a = sigmoid(np.array([0, 1], dtype=kind))
    assert a.dtype == np.float64
    np.testing.assert_allclose(a, [0.5, 1 / (1 + math.exp(-1))], rtol=1e-15)


def test_single_precision_stays_single():
    assert sigmoid(np.float32([0, 1])).dtype == np.float32


def test_nan_stays_nan():
    assert np.isnan(sigmoid(np.array([np.nan, 0.0]))).tolist() == [True, False]
