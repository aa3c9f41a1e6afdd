"""Learners' answers to ps05, softplus(z) -> a = log(1 + exp(z))."""
import math

import numpy as np


def right__logaddexp(z):
    """np.logaddexp(0, z)."""
    return np.logaddexp(0.0, z)


def right__relu_plus_rest(z):
    """max(z, 0) + log1p(exp(-|z|))."""
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


def right__slow_loop(z):
    """math functions, two cases."""
    out = np.empty(z.shape)
    it = np.nditer(z, flags=['multi_index'])
    for v in it:
        v = float(v)
        out[it.multi_index] = v + math.log1p(math.exp(-v)) if v > 0 else math.log1p(math.exp(v))
    return out


def _each(f, z):
    return np.array([f(float(v)) for v in z.flat]).reshape(z.shape)


def _soft(v):
    return max(v, 0.0) + math.log1p(math.exp(-abs(v)))


def wrong__sign__matrices(z):
    """log(1 + exp(-z)): falls instead of rising."""
    return np.logaddexp(0, -z)


def wrong__sign__loops(z):
    """Minus log(1 + exp(z))."""
    return _each(lambda v: -_soft(v), z)


def wrong__log_base__matrices(z):
    """log2."""
    return np.logaddexp(0, z) / np.log(2)


def wrong__log_base__loops(z):
    """log10 of 1 + e^z."""
    return _each(lambda v: _soft(v) / math.log(10), z)


def wrong__log_missing__matrices(z):
    """1 + exp(z), for z kept below 30."""
    return 1 + np.exp(np.minimum(z, 30))


def outside__relu_for_softplus__matrices(z):
    """ReLU, because softplus looks like it."""
    return np.maximum(z, 0)


def wrong__no_activation__matrices(z):
    """The 1 is lost, log and exp cancel: z itself."""
    return z.copy()


def wrong__activation_twice__loops(z):
    """Softplus of softplus."""
    return _each(lambda v: _soft(_soft(v)), z)


def wrong__factor_two__matrices(z):
    """2*log(1 + exp(z))."""
    return 2 * np.logaddexp(0, z)


def wrong__factor_half__loops(z):
    """Half of it."""
    return _each(lambda v: _soft(v) / 2, z)


def wrong__float32__matrices(z):
    """In single precision."""
    return np.logaddexp(np.float32(0), z.astype(np.float32)).astype(np.float64)


def outside__infinite_for_large_z__matrices(z):
    """log(1 + exp(z)) as it stands: inf at 1000."""
    return np.log(1 + np.exp(z))


def outside__infinite_for_large_z__loops(z):
    """np.log1p of np.exp, entry by entry."""
    return _each(lambda v: np.log1p(np.exp(np.float64(v))), z)


def outside__cut_off_at_one__matrices(z):
    """log(1 + e^z) below 1, z itself above, for safety much too early."""
    return np.where(z > 1, z, np.logaddexp(0, np.minimum(z, 1)))


def outside__slope_for_value__matrices(z):
    """The sigmoid, its slope."""
    return np.exp(-np.logaddexp(0, -z))


def outside__minus_log_two__loops(z):
    """Shifted so that it passes through 0."""
    return _each(lambda v: _soft(v) - math.log(2), z)


def outside__size_in_the_exponent__matrices(z):
    """log1p(exp(-|z|)), the stable part without max(z, 0)."""
    return np.log1p(np.exp(-np.abs(z)))
