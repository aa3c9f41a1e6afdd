"""Learners' answers to ps05, sigmoid_grad(a): the slope of the sigmoid from its activation a."""
import numpy as np


def right__product(a):
    """a(1 - a)."""
    return a * (1 - a)


def right__difference(a):
    """a - a**2."""
    return a - a**2


def right__slow_loop(a):
    """Entry by entry, into a list."""
    s = []
    for v in a.ravel():
        s.append(v * (1.0 - v))
    return np.reshape(s, a.shape)


def right__einsum(a):
    """einsum of a with its complement, flattened."""
    f = a.reshape(-1)
    return np.einsum('i,i->i', f, 1 - f).reshape(a.shape)


def _loop(f, a):
    out = np.zeros_like(a)
    for i in np.ndindex(a.shape):
        out[i] = f(a[i])
    return out


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


def wrong__one_minus_a__matrices(a):
    """1 - a alone."""
    return 1 - a


def wrong__one_minus_a__loops(a):
    """The a in front is missing."""
    return _loop(lambda v: (1 - v), a)


def wrong__slope_without_one_minus_a__matrices(a):
    """a alone."""
    return a.copy()


def wrong__slope_taken_at_a__matrices(a):
    """Takes a for z: s = sigmoid(a), s(1 - s)."""
    s = _sigmoid(a)
    return s * (1 - s)


def wrong__slope_taken_at_a__loops(a):
    """exp(-a)/(1 + exp(-a))**2, the formula for z."""
    return _loop(lambda v: np.exp(-v) / (1 + np.exp(-v)) ** 2, a)


def wrong__slope_of_tanh__matrices(a):
    """1 - a**2."""
    return 1 - a**2


def wrong__slope_of_tanh__loops(a):
    """(1 - a)(1 + a)."""
    return _loop(lambda v: (1 - v) * (1 + v), a)


def wrong__slope_of_relu__matrices(a):
    """1 wherever a > 0.5, that is z > 0."""
    return (a > 0.5) * 1.0


def wrong__sign__matrices(a):
    """a(a - 1)."""
    return a * (a - 1)


def wrong__sign__loops(a):
    """-a(1 - a), for the minus in exp(-z)."""
    return _loop(lambda v: -v * (1 - v), a)


def wrong__slope_twice__matrices(a):
    """Squared."""
    return (a * (1 - a)) ** 2


def wrong__missing_slope__matrices(a):
    """Ones."""
    return np.ones_like(a)


def wrong__factor_two__loops(a):
    """2a(1 - a)."""
    return _loop(lambda v: 2 * v * (1 - v), a)


def wrong__factor_half__matrices(a):
    """a(1 - a)/2."""
    return a * (1 - a) / 2


def wrong__float32__matrices(a):
    """In float32."""
    q = np.float32(a)
    return np.float64(q * (1 - q))


def wrong__constant_for_formula__matrices(a):
    """0.25, the value at 0, everywhere."""
    return np.full(a.shape, 0.25)


def outside__one_plus_a__matrices(a):
    """a(1 + a)."""
    return a * (1 + a)


def outside__cube__loops(a):
    """a(1 - a**2), two formulas in one."""
    return _loop(lambda v: v * (1 - v**2), a)


def wrong__rounded_result__matrices(a):
    """Rounded to 2 digits."""
    return np.round(a * (1 - a), 2)


def outside__a_tenth_added__matrices(a):
    """0.1 added, "so that the net keeps learning"."""
    return a * (1 - a) + 0.1


def outside__triangle__loops(a):
    """min(a, 1 - a)."""
    return _loop(lambda v: min(v, 1 - v), a)


def outside__inverse__matrices(a):
    """1/(a(1 - a)), the slope of the inverse function; infinite where a is 0 or 1."""
    return 1 / (a * (1 - a))


def wrong__numeric_difference__central(a):
    """Back to z, and then a difference."""
    def curve(z):
        return 1 / (1 + np.exp(-z))

    z = np.log(a / (1 - a))
    return (curve(z + 1e-6) - curve(z - 1e-6)) / 2e-6
