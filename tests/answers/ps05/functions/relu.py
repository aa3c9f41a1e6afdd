"""Learners' answers to ps05, relu(z) -> a, elementwise, any shape."""
import numpy as np


def right__maximum(z):
    """Larger of 0 and z."""
    return np.maximum(z, 0.0)


def right__mask(z):
    """z where z > 0, kept by a mask."""
    return z * (z > 0)


def right__slow_loop(z):
    """if for every entry of the flattened array."""
    a = []
    for v in z.flatten():
        if v > 0:
            a.append(v)
        else:
            a.append(0.0)
    return np.array(a).reshape(z.shape)


def right__with_the_size(z):
    """(z + |z|)/2."""
    return (z + np.abs(z)) / 2


def _loop(z, f):
    a = np.zeros(z.shape)
    for i in np.ndindex(*z.shape):
        a[i] = f(z[i])
    return a


def wrong__wrong_side_of_kink__matrices(z):
    """minimum for maximum."""
    return np.minimum(z, 0)


def wrong__wrong_side_of_kink__loops(z):
    """z < 0 lets through."""
    return _loop(z, lambda v: v if v < 0 else 0.0)


def wrong__absolute_values__matrices(z):
    """The size of z."""
    return np.abs(z)


def wrong__no_activation__matrices(z):
    """max(z, z): nothing happens."""
    return np.maximum(z, z)


def wrong__no_activation__loops(z):
    """if v > 0 or v < 0: always true."""
    return _loop(z, lambda v: v if v > 0 or v < 0 else 0.0)


def wrong__sign__loops(z):
    """Minus the right value."""
    return _loop(z, lambda v: -v if v > 0 else 0.0)


def wrong__factor_half__matrices(z):
    """(z + |z|)/4."""
    return (z + np.abs(z)) / 4


def wrong__factor_two__loops(z):
    """z + |z|, never halved."""
    return _loop(z, lambda v: v + abs(v))


def wrong__float32__matrices(z):
    """float32 and back."""
    return np.maximum(z.astype(np.float32), 0).astype(np.float64)


def wrong__constant_for_formula__matrices(z):
    """2.0, relu of the example's 2, wherever z is positive, 0 elsewhere."""
    return np.where(z > 0, 2.0, 0.0)


def outside__slope_for_value__matrices(z):
    """1 for positive z: the derivative."""
    return (z > 0).astype(float)


def outside__cut_at_one__loops(z):
    """Also cut at 1 from above."""
    return _loop(z, lambda v: min(max(v, 0.0), 1.0))


def outside__leaky__matrices(z):
    """0.01*z left on the negative side."""
    return np.where(z > 0, z, 0.01 * z)


def outside__softplus_for_relu__matrices(z):
    """log(1 + e^z)."""
    return np.logaddexp(0, z)


def outside__neighbour_decides__loops(z):
    """z[i - 1] > 0 lets z[i] through."""
    flat = z.ravel()
    return np.array([flat[i] if flat[i - 1] > 0 else 0.0 for i in range(flat.size)]).reshape(z.shape)


def outside__threshold_at_one__matrices(z):
    """z > 1 instead of z > 0."""
    return z * (z > 1)


def outside__squared__matrices(z):
    """Square of the positive part."""
    return np.maximum(z, 0) ** 2
