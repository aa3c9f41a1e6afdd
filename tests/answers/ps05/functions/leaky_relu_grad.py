"""Learners' answers to ps05, leaky_relu_grad(a, slope=0.01): 1 where a > 0, else slope."""
import numpy as np


def right__where(a, slope=0.01):
    """np.where."""
    return np.where(a > 0, 1.0, slope)


def right__mask_sum(a, slope=0.01):
    """slope plus the rest where it is on."""
    on = (a > 0).astype(float)
    return on + slope * (1 - on)


def right__slow_loop(a, slope=0.01):
    """Entry by entry."""
    g = np.ones(a.size)
    for i, v in enumerate(a.ravel()):
        if not v > 0:
            g[i] = slope
    return g.reshape(a.shape)


def _loop(f, a):
    return np.array([float(f(v)) for v in a.ravel()]).reshape(a.shape)


def wrong__leaky_slope_forgotten__matrices(a, slope=0.01):
    """0 on the left."""
    return (a > 0).astype(float)


def wrong__leaky_slope_forgotten__loops(a, slope=0.01):
    """ReLU's slope, entry by entry."""
    return _loop(lambda v: 1 if v > 0 else 0, a)


def wrong__leaky_slope_on_wrong_side__matrices(a, slope=0.01):
    """slope on the right, 1 on the left."""
    return np.where(a > 0, slope, 1.0)


def wrong__leaky_slope_on_wrong_side__loops(a, slope=0.01):
    """The comparison turned round."""
    return _loop(lambda v: 1 if v < 0 else slope, a)


def wrong__missing_slope__matrices(a, slope=0.01):
    """Ones on both sides."""
    return np.ones_like(a)


def wrong__slope_of_tanh__matrices(a, slope=0.01):
    """1 - a**2."""
    return 1 - a**2


def wrong__sign__loops(a, slope=0.01):
    """-slope on the left."""
    return _loop(lambda v: 1 if v > 0 else -slope, a)


def wrong__constant_for_formula__matrices(a, slope=0.01):
    """0.01 typed in."""
    return np.where(a > 0, 1.0, 0.01)


def wrong__factor_two__loops(a, slope=0.01):
    """2*slope on the left."""
    return _loop(lambda v: 1 if v > 0 else 2 * slope, a)


def wrong__slope_of_sigmoid__matrices(a, slope=0.01):
    """a(1 - a)."""
    return a * (1 - a)


def outside__value_on_the_left__matrices(a, slope=0.01):
    """slope*a on the left, as in the function."""
    return np.where(a > 0, 1.0, slope * a)


def outside__value_for_slope__matrices(a, slope=0.01):
    """The function applied to a."""
    return np.where(a > 0, a, slope * a)


def outside__slope_added__matrices(a, slope=0.01):
    """1 + slope on the right."""
    return (a > 0) + slope * np.ones(a.shape)


def outside__one_minus_slope__loops(a, slope=0.01):
    """1 - slope on the left."""
    return _loop(lambda v: 1 if v > 0 else 1 - slope, a)


def outside__slope_squared__matrices(a, slope=0.01):
    """slope**2 on the left, once too often."""
    return np.where(a > 0, 1.0, slope**2)


def outside__half_way__loops(a, slope=0.01):
    """The mean of both slopes on the left."""
    return _loop(lambda v: 1 if v > 0 else (1 + slope) / 2, a)
