"""The two differences are the oracle of all other tests: here they meet slopes that are known without them."""

import math

import numpy as np
import pytest

from bplib.gradcheck import central_difference, complex_step

METHODS = [pytest.param(complex_step, 1e-14, id="complex step"), pytest.param(central_difference, 1e-8, id="central")]
FUNCTIONS = [
    pytest.param(lambda x: (x**3).sum(), lambda x: 3 * x**2, id="cubes"),
    pytest.param(lambda x: np.exp(x).prod(), lambda x: np.full(x.shape, math.exp(x.sum())), id="product"),
    pytest.param(lambda x: (1 / (2 + np.sin(x))).sum(), lambda x: -np.cos(x) / (2 + np.sin(x)) ** 2, id="quotient"),
]


@pytest.mark.parametrize("shape", [(), (1,), (7,), (3, 2), (2, 1, 4), (0,)])
@pytest.mark.parametrize(("f", "slope"), FUNCTIONS)
@pytest.mark.parametrize(("method", "tolerance"), METHODS)
def test_known_slopes(method, tolerance, f, slope, shape):
    x = np.random.default_rng(1).uniform(0.2, 1.2, shape)
    gradient = method(f, x)
    assert gradient.shape == shape
    assert gradient.dtype == np.float64
    np.testing.assert_allclose(gradient, slope(x), rtol=tolerance, atol=0)


@pytest.mark.parametrize(("method", "tolerance"), METHODS)
def test_the_two_agree_with_a_whole_number_and_leave_it_alone(method, tolerance):
    x = np.array([[1, 2], [3, 4]])
    x.flags.writeable = False
    before = x.copy()
    np.testing.assert_allclose(method(lambda x: (x**2).sum(), x), 2.0 * x, rtol=tolerance)
    assert np.array_equal(x, before)


@pytest.mark.parametrize(("method", "tolerance"), METHODS)
def test_a_function_that_changes_its_argument_spoils_nothing(method, tolerance):
    def greedy(x):
        x *= 2
        return (x**2).sum()

    x = np.array([0.5, -1.5])
    np.testing.assert_allclose(method(greedy, x), 8 * x, rtol=tolerance)
    assert x.tolist() == [0.5, -1.5]


@pytest.mark.parametrize("method", [complex_step, central_difference])
@pytest.mark.parametrize(("f", "shape"), [(lambda x: x, r"\(3,\)"), (lambda x: x[:1], r"\(1,\)")])
def test_not_one_number(method, f, shape):
    with pytest.raises(ValueError, match=rf"array of shape {shape}; one number is needed"):
        method(f, np.ones(3))


@pytest.mark.parametrize("f", [lambda x: np.abs(x).sum(), lambda x: x.real.sum(), lambda x: 1.0])
def test_a_step_that_was_cut_off_is_no_slope_of_zero(f):
    with pytest.raises(TypeError, match="cuts off the step"):
        complex_step(f, np.ones(2))


def test_how_good_each_of_them_is():
    x = np.array(0.7)
    errors = {h: abs(float(central_difference(np.exp, x, h)) - math.exp(0.7)) for h in (1e-2, 1e-5, 1e-12)}
    assert (
        errors[1e-5] < 1e-9 < 1e-6 < min(errors[1e-2], errors[1e-12])
    )  # too large a step bends, too small a one rounds
    assert abs(float(complex_step(np.exp, x)) - math.exp(0.7)) < 1e-15


def test_the_step_of_the_central_difference_is_twice_h():
    seen = []
    central_difference(lambda x: float(seen.append(float(x)) or x), np.array(1.0), h=0.25)
    assert sorted(seen) == [0.75, 1.25]
