"""Learners' answers to ps05, leaky_relu(z, slope=0.01) -> a."""
import numpy as np


def right__where(z, slope=0.01):
    """np.where on the sign."""
    return np.where(z > 0, z, slope * z)


def right__maximum(z, slope=0.01):
    """Larger of z and slope*z, for slopes below 1."""
    return np.maximum(z, slope * z)


def right__slow_loop(z, slope=0.01):
    """Entry by entry."""
    a = z.copy().reshape(-1)
    for i, v in enumerate(a):
        if v < 0:
            a[i] = v * slope
    return a.reshape(z.shape)


def right__two_halves(z, slope=0.01):
    """Positive part plus slope times negative part."""
    return np.maximum(z, 0) + slope * np.minimum(z, 0)


def _each(f, z):
    return np.array([f(float(v)) for v in z.flat]).reshape(z.shape)


def wrong__leaky_slope_forgotten__matrices(z, slope=0.01):
    """Plain ReLU."""
    return np.maximum(0, z)


def wrong__leaky_slope_forgotten__loops(z, slope=0.01):
    """0 for negative entries."""
    return _each(lambda v: v if v >= 0 else 0.0, z)


def wrong__leaky_slope_on_wrong_side__matrices(z, slope=0.01):
    """minimum of z and slope*z."""
    return np.minimum(z, slope * z)


def wrong__leaky_slope_on_wrong_side__loops(z, slope=0.01):
    """slope*z for positive z."""
    return _each(lambda v: slope * v if v > 0 else v, z)


def wrong__no_activation__matrices(z, slope=0.01):
    """z on both sides."""
    return np.where(z > 0, z, z)


def wrong__sign__matrices(z, slope=0.01):
    """-slope*z for negative z, which goes up again."""
    return np.where(z > 0, z, -slope * z)


def wrong__sign__loops(z, slope=0.01):
    """slope*|z| on the left."""
    return _each(lambda v: v if v > 0 else slope * abs(v), z)


def wrong__constant_for_formula__matrices(z, slope=0.01):
    """0.01 typed in, whatever slope says."""
    return np.where(z > 0, z, 0.01 * z)


def wrong__constant_for_formula__loops(z, slope=0.01):
    """-0.01 for all negative entries."""
    return _each(lambda v: v if v > 0 else -0.01, z)


def wrong__factor_two__matrices(z, slope=0.01):
    """2*slope on the left."""
    return np.maximum(z, 0) + 2 * slope * np.minimum(z, 0)


def wrong__float32__matrices(z, slope=0.01):
    """Single precision."""
    q = z.astype(np.float32)
    return np.where(q > 0, q, np.float32(slope) * q).astype(np.float64)


def outside__slope_everywhere__matrices(z, slope=0.01):
    """slope*z on both sides."""
    return slope * z


def outside__slope_itself__loops(z, slope=0.01):
    """slope, not slope*z, on the left."""
    return _each(lambda v: v if v > 0 else slope, z)


def outside__slope_added__matrices(z, slope=0.01):
    """ReLU plus slope*z, on the right as well."""
    return np.maximum(z, 0) + slope * z


def outside__divided_by_slope__loops(z, slope=0.01):
    """z/slope for negative z."""
    return _each(lambda v: v if v > 0 else v / slope, z)


def outside__exponential_left_side__matrices(z, slope=0.01):
    """slope*(exp(z) - 1): ELU."""
    return np.where(z > 0, z, slope * np.expm1(np.minimum(z, 0)))


def outside__one_minus_slope__matrices(z, slope=0.01):
    """(1 - slope)*z on the left."""
    return np.where(z > 0, z, (1 - slope) * z)
