"""Learners' answers to ps05, softplus_grad(z): the slope of log(1 + exp(z)), from z."""
import math

import numpy as np


def right__sigmoid(z):
    """1/(1 + exp(-z))."""
    with np.errstate(over='ignore'):
        return 1 / (1 + np.exp(-z))


def right__logaddexp(z):
    """exp of -softplus(-z)."""
    return np.exp(-np.logaddexp(0, -z))


def right__slow_loop(z):
    """math.exp, two cases."""
    out = []
    for v in z.ravel():
        if v > 0:
            out.append(1 / (1 + math.exp(-v)))
        else:
            out.append(math.exp(v) / (math.exp(v) + 1))
    return np.array(out).reshape(z.shape)


def right__two_sides(z):
    """exp(min(z, 0)) over 1 + exp(-|z|)."""
    return np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))


def _s(z):
    return np.exp(-np.logaddexp(0, -z))


def _loop(f, z):
    return np.array([float(f(v)) for v in z.ravel()]).reshape(z.shape)


def wrong__softplus_slope_from_a__matrices(z):
    """1 - exp(-z): the formula that wants softplus(z)."""
    return 1 - np.exp(-np.maximum(z, -30))


def wrong__softplus_slope_from_a__loops(z):
    """Sigmoid of softplus(z)."""
    return _loop(lambda v: _s(np.logaddexp(0, v)), z)


def wrong__slope_of_sigmoid__matrices(z):
    """s(1 - s): one derivative too far."""
    s = _s(z)
    return s * (1 - s)


def wrong__slope_of_sigmoid__loops(z):
    """exp(-z)/(1 + exp(-z))**2."""
    return _loop(lambda v: math.exp(-abs(v)) / (1 + math.exp(-abs(v))) ** 2, z)


def wrong__slope_of_tanh__matrices(z):
    """1 - tanh(z)**2."""
    return 1 - np.tanh(z) ** 2


def wrong__slope_of_relu__matrices(z):
    """Step at 0."""
    return (z > 0).astype(float)


def wrong__missing_slope__matrices(z):
    """Ones."""
    return np.ones_like(z)


def wrong__sigmoid_of_minus_z__matrices(z):
    """1/(1 + exp(z))."""
    return _s(-z)


def wrong__sigmoid_of_minus_z__loops(z):
    """Minus sign lost in the exponent."""
    return _loop(lambda v: 1 / (1 + math.exp(min(v, 700))), z)


def wrong__sign__matrices(z):
    """Minus sigmoid."""
    return -_s(z)


def wrong__tanh_for_sigmoid__loops(z):
    """tanh(z)."""
    return _loop(math.tanh, z)


def wrong__log_base__matrices(z):
    """Slope of log2(1 + e^z)."""
    return _s(z) / np.log(2)


def wrong__factor_two__loops(z):
    """Twice the sigmoid."""
    return _loop(lambda v: 2 * _s(v), z)


def wrong__float32__matrices(z):
    """float32."""
    return _s(z.astype('float32')).astype('float64')


def outside__nan_for_large_z__matrices(z):
    """exp(z)/(1 + exp(z)): inf/inf at 1000."""
    return np.exp(z) / (1 + np.exp(z))


def outside__inner_derivative_z__matrices(z):
    """1/(1 + e^z) times z: the inner derivative taken as z."""
    return z * _s(-z)


def outside__value_for_slope__loops(z):
    """softplus itself."""
    return _loop(lambda v: np.logaddexp(0, v), z)


def outside__tanh_half__matrices(z):
    """tanh(z/2), not brought up to 0..1."""
    return np.tanh(z / 2)


def outside__straight_line__loops(z):
    """0.5 + z/4 between 0 and 1."""
    return _loop(lambda v: min(1.0, max(0.0, 0.5 + v / 4)), z)


def outside__two_to_the_z__matrices(z):
    """Base 2: sigmoid of z ln 2."""
    return _s(z * np.log(2))
