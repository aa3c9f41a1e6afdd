"""Learners' answers to ps05, tanh_grad(a): the slope of tanh from its activation a."""
import numpy as np


def right__square(a):
    """1 - a**2."""
    return 1 - a**2


def right__factors(a):
    """(1 - a)(1 + a)."""
    return (1 - a) * (1 + a)


def right__slow_loop(a):
    """Entry by entry, through the sigmoid s of 2z: 4 s (1 - s) with s = (1 + a)/2."""
    out = np.empty(a.shape)
    for i, v in np.ndenumerate(a):
        s = (1 + v) / 2
        out[i] = 4 * s * (1 - s)
    return out


def _loop(f, a):
    out = np.zeros_like(a)
    for i in np.ndindex(a.shape):
        out[i] = f(a[i])
    return out


def wrong__one_minus_a__matrices(a):
    """1 - a, the square forgotten."""
    return 1 - a


def wrong__one_minus_a__loops(a):
    """1 - a in a loop."""
    return _loop(lambda v: 1.0 - v, a)


def wrong__slope_of_sigmoid__matrices(a):
    """a(1 - a)."""
    return a * (1 - a)


def wrong__slope_of_sigmoid__loops(a):
    """a - a**2."""
    return _loop(lambda v: v - v * v, a)


def wrong__slope_taken_at_a__matrices(a):
    """1 - tanh(a)**2."""
    return 1 - np.tanh(a) ** 2


def wrong__slope_taken_at_a__loops(a):
    """1/cosh**2 of a, as if it were z."""
    return _loop(lambda v: 1 / np.cosh(v) ** 2, a)


def wrong__slope_squared_sign__matrices(a):
    """a**2 - 1."""
    return a**2 - 1


def wrong__slope_squared_sign__loops(a):
    """(a - 1)(a + 1)."""
    return _loop(lambda v: (v - 1) * (v + 1), a)


def wrong__slope_twice__matrices(a):
    """(1 - a**2)**2."""
    return np.square(1 - np.square(a))


def wrong__slope_twice__loops(a):
    """Multiplied on in two places."""
    def f(v):
        d = 1 - v**2
        d *= 1 - v**2
        return d
    return _loop(f, a)


def wrong__missing_slope__matrices(a):
    """Ones."""
    return np.ones(a.shape)


def wrong__slope_of_relu__matrices(a):
    """1 for positive a, else 0."""
    return np.where(a > 0, 1.0, 0.0)


def wrong__slope_without_one_minus_a__loops(a):
    """a, only copied."""
    return _loop(lambda v: v, a)


def wrong__factor_two__matrices(a):
    """2(1 - a**2)."""
    return 2 * (1 - a**2)


def wrong__factor_half__loops(a):
    """(1 - a**2)/2."""
    return _loop(lambda v: 0.5 * (1 - v**2), a)


def wrong__float32__matrices(a):
    """In single precision."""
    return (1 - a.astype(np.float32) ** 2).astype(np.float64)


def wrong__constant_for_formula__matrices(a):
    """0.42 from the example at z = 1."""
    return np.full_like(a, 0.41997434)


def outside__cube__matrices(a):
    """1 - a**3."""
    return 1 - a**3


def outside__one_plus_square__matrices(a):
    """1 + a**2."""
    return 1 + a**2


def outside__minus_two_a__loops(a):
    """Derivative of 1 - a**2: -2a."""
    return _loop(lambda v: -2 * v, a)


def outside__root__loops(a):
    """sqrt(1 - a**2), from the circle."""
    return _loop(lambda v: np.sqrt(1 - v**2), a)


def outside__size__matrices(a):
    """1 - |a|."""
    return 1 - np.abs(a)


def wrong__rounded_result__matrices(a):
    """Rounded to 2 digits."""
    return np.round(1 - a**2, 2)


def wrong__numeric_difference__central(a):
    """Back to z, and then a difference."""
    def curve(z):
        return np.tanh(z)

    z = np.arctanh(a)
    return (curve(z + 1e-6) - curve(z - 1e-6)) / 2e-6
