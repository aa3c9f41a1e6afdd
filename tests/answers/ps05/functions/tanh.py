"""Learners' answers to ps05, tanh(z) -> a, elementwise, any shape."""
import math

import numpy as np


def right__numpy(z):
    """np.tanh."""
    return np.tanh(z)


def right__expm1(z):
    """From exp(-2|z|), with expm1 against cancellation."""
    t = np.expm1(-2 * np.abs(z))
    return np.sign(z) * (-t / (2 + t))


def right__slow_loop(z):
    """math.tanh, one entry after the other."""
    a = np.zeros(z.shape)
    for index in np.ndindex(*z.shape):
        a[index] = math.tanh(z[index])
    return a


def _each(f, z):
    return np.array([f(float(v)) for v in z.flat]).reshape(z.shape)


def _sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))


def wrong__sigmoid_for_tanh__matrices(z):
    """Sigmoid."""
    return _sigmoid(z)


def wrong__sigmoid_for_tanh__loops(z):
    """1/(1 + exp(-z)), entry by entry."""
    return _each(lambda v: 1 / (1 + math.exp(-v)) if v > -700 else 0.0, z)


def wrong__relu_for_tanh__matrices(z):
    """max(0, z)."""
    return np.maximum(0, z)


def wrong__no_activation__loops(z):
    """Copies z."""
    return _each(lambda v: v, z)


def wrong__activation_twice__matrices(z):
    """tanh of tanh."""
    a = np.tanh(z)
    return np.tanh(a)


def wrong__sign__matrices(z):
    """(e^-z - e^z)/(e^-z + e^z): the numerator the wrong way round."""
    e = np.exp(-2 * np.abs(z))
    return -np.sign(z) * (1 - e) / (1 + e)


def wrong__sign__loops(z):
    """tanh of minus z."""
    return _each(lambda v: math.tanh(-v), z)


def wrong__factor_two__matrices(z):
    """2*sinh/cosh, the halves of sinh forgotten."""
    e = np.exp(-2 * np.abs(z))
    return np.sign(z) * 2 * (1 - e) / (1 + e)


def outside__two_inside_forgotten__matrices(z):
    """2*sigmoid(z) - 1: the 2 inside is missing, this is tanh(z/2)."""
    return 2 * _sigmoid(z) - 1


def wrong__absolute_values__loops(z):
    """tanh of the size."""
    return _each(lambda v: math.tanh(abs(v)), z)


def wrong__float32__matrices(z):
    """Single precision in between."""
    return np.tanh(z.astype('f4')).astype('f8')


def wrong__constant_for_formula__matrices(z):
    """0.7616 for everything."""
    return 0 * z + 0.7616


def outside__nan_for_large_z__matrices(z):
    """(e^z - e^-z)/(e^z + e^-z): inf/inf at 1000."""
    return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))


def outside__nan_for_large_z__loops(z):
    """(e^2z - 1)/(e^2z + 1) number by number."""
    return _each(lambda v: (np.exp(2 * np.float64(v)) - 1) / (np.exp(2 * np.float64(v)) + 1), z)


def outside__slope_for_value__matrices(z):
    """1 - tanh**2."""
    return 1 - np.tanh(z) ** 2


def outside__cut_to_a_line__loops(z):
    """z between -1 and 1, flat outside: that is hardtanh."""
    return _each(lambda v: min(1.0, max(-1.0, v)), z)


def outside__minus_one_forgotten__matrices(z):
    """2*sigmoid(2z), without the -1."""
    return 2 * _sigmoid(2 * z)


def outside__series__loops(z):
    """z - z**3/3 from the Taylor series (for |z| < 1, flat beyond)."""
    return _each(lambda v: v - v**3 / 3 if abs(v) < 1 else math.copysign(2 / 3, v), z)


def wrong__rounded_result__matrices(z):
    """Rounded to 4 digits."""
    return np.round(np.tanh(z), 4)


def outside__scaled_tanh__matrices(z):
    """LeCun's 1.7159 tanh(2z/3)."""
    return 1.7159 * np.tanh(2 * z / 3)
