"""Learners' answers to ps05, sigmoid(z) -> a, elementwise, any shape."""
import math

import numpy as np


def right__textbook(z):
    """1/(1 + exp(-z)); overflows quietly into 1/inf = 0."""
    with np.errstate(over='ignore'):
        return 1 / (1 + np.exp(-z))


def right__two_sides(z):
    """exp of minus the size, so that nothing overflows."""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


def right__slow_via_tanh(z):
    """Number by number through (1 + tanh(z/2))/2; below -20 with math.exp, where 1 + tanh would round."""
    out = np.empty(z.size)
    for i, v in enumerate(z.ravel()):
        out[i] = math.exp(v) / (1 + math.exp(v)) if v < 0 else (1 + math.tanh(v / 2)) / 2
    return out.reshape(z.shape)


def right__logaddexp(z):
    """exp(-log(1 + e^-z))."""
    return np.exp(-np.logaddexp(0, -z))


def _each(f, z):
    """f applied to every entry."""
    return np.array([f(float(v)) for v in z.flat]).reshape(z.shape)


def _sig(v):
    return 1 / (1 + math.exp(-v)) if v > -700 else 0.0


def wrong__sigmoid_of_minus_z__matrices(z):
    """exp(z) for exp(-z)."""
    return 1 / (1 + np.exp(z))


def wrong__sigmoid_of_minus_z__loops(z):
    """The minus is in the wrong place: falls from 1 to 0."""
    return _each(lambda v: 1 / (1 + math.exp(min(v, 700))), z)


def wrong__tanh_for_sigmoid__matrices(z):
    """tanh(z)."""
    return np.tanh(z)


def wrong__tanh_for_sigmoid__loops(z):
    """Quotient for tanh, from e to the minus 2z."""
    def f(v):
        q = math.exp(-2 * abs(v))
        return math.copysign((1 - q) / (1 + q), v)
    return _each(f, z)


def wrong__no_activation__matrices(z):
    """z handed on."""
    return z.copy()


def wrong__activation_twice__loops(z):
    """Sigmoid of the sigmoid."""
    return _each(lambda v: _sig(_sig(v)), z)


def wrong__sign__matrices(z):
    """A minus in front of everything."""
    return -np.exp(-np.logaddexp(0, -z))


def wrong__factor_two__matrices(z):
    """2/(1 + exp(-z)), not brought down again."""
    return 2 / (1 + np.exp(-z))


def wrong__factor_half__loops(z):
    """Half of it, so that it starts from a quarter at 0."""
    return _each(lambda v: 0.5 * _sig(v), z)


def wrong__float32__matrices(z):
    """exp in single precision."""
    return (1 / (1 + np.exp(-z.astype(np.float32)))).astype(np.float64)


def wrong__constant_for_formula__matrices(z):
    """0.7311, sigmoid of 1, everywhere."""
    return np.full(z.shape, 0.7311)


def outside__nan_for_large_z__matrices(z):
    """exp(z)/(1 + exp(z)): inf/inf at 1000."""
    return np.exp(z) / (1 + np.exp(z))


def outside__slope_for_value__matrices(z):
    """Hands back the derivative."""
    a = np.exp(-np.logaddexp(0, -z))
    return a * (1 - a)


def outside__hard_sigmoid__loops(z):
    """Straight line 0.5 + 0.25 z between 0 and 1."""
    return _each(lambda v: max(0.0, min(1.0, 0.5 + 0.25 * v)), z)


def outside__one_plus_missing__matrices(z):
    """1/exp(-z) with z kept below 5 so that it stays small."""
    return 1 / np.exp(-np.minimum(z, 5))


def outside__minus_in_the_denominator__loops(z):
    """1/(1 - exp(-z))."""
    return _each(lambda v: 1 / (1 - math.exp(-v)) if v > -700 else 0.0, z)


def wrong__rounded_result__matrices(z):
    """Rounded to 4 digits."""
    return np.round(np.exp(-np.logaddexp(0, -z)), 4)


def outside__two_to_the_minus_z__loops(z):
    """2**(-z) for exp(-z)."""
    return _each(lambda v: 1 / (1 + 2.0 ** (-v)) if v > -1000 else 0.0, z)


def outside__half_of_z__loops(z):
    """z/2 inside, as in the formula with tanh."""
    return _each(lambda v: _sig(v / 2), z)
