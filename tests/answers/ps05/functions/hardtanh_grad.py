"""Learners' answers to ps05, hardtanh_grad(a): 1 for -1 < a < 1, else 0."""
import numpy as np


def right__inside(a):
    """|a| < 1."""
    return (np.abs(a) < 1).astype(float)


def right__two_comparisons(a):
    """Above -1 and below 1."""
    return np.where((a > -1) & (a < 1), 1.0, 0.0)


def right__slow_loop(a):
    """Chained comparison in a loop."""
    out = []
    for v in a.flat:
        out.append(1.0 if -1 < v < 1 else 0.0)
    return np.array(out).reshape(a.shape)


def _loop(f, a):
    out = np.zeros(a.shape)
    for i, v in np.ndenumerate(a):
        out[i] = f(v)
    return out


def wrong__hardtanh_identity_slope__matrices(a):
    """a inside, 0 outside."""
    return np.where(np.abs(a) < 1, a, 0.0)


def wrong__hardtanh_identity_slope__loops(a):
    """As the deck prints it: the function for its slope."""
    return _loop(lambda v: v if -1 < v < 1 else 0.0, a)


def wrong__wrong_side_of_kink__matrices(a):
    """1 where it is flat."""
    return 1.0 * (np.abs(a) >= 1)


def wrong__wrong_side_of_kink__loops(a):
    """0 inside, 1 at the bounds."""
    return _loop(lambda v: 0.0 if abs(v) < 1 else 1.0, a)


def wrong__missing_slope__matrices(a):
    """|a| <= 1, which every activation fulfils."""
    return (np.abs(a) <= 1).astype(float)


def wrong__missing_slope__loops(a):
    """1 with -1 <= v <= 1."""
    return _loop(lambda v: 1.0 if -1 <= v <= 1 else 0.0, a)


def wrong__slope_of_tanh__matrices(a):
    """1 - a**2, exact only at the flat parts."""
    return 1 - a**2


def wrong__slope_of_relu__matrices(a):
    """1 where a > 0."""
    return (a > 0) * 1.0


def wrong__slope_of_sigmoid__loops(a):
    """a(1 - a)."""
    return _loop(lambda v: v * (1 - v), a)


def wrong__sign__matrices(a):
    """-1 inside."""
    return -1.0 * (np.abs(a) < 1)


def wrong__factor_half__loops(a):
    """0.5 inside."""
    return _loop(lambda v: 0.5 if abs(v) < 1 else 0.0, a)


def wrong__factor_two__matrices(a):
    """2 inside, for the two bounds."""
    return 2.0 * ((a > -1) & (a < 1))


def outside__comparisons_added__matrices(a):
    """(a > -1) + (a < 1): 2 inside, 1 at the bounds."""
    return (a > -1) * 1.0 + (a < 1) * 1.0


def outside__only_upper_bound__matrices(a):
    """a < 1: the lower flat part counts as slope 1."""
    return (a < 1).astype(float)


def outside__positive_half_only__loops(a):
    """0 < a < 1."""
    return _loop(lambda v: 1.0 if 0 < v < 1 else 0.0, a)


def outside__half_at_the_bounds__matrices(a):
    """1 inside, 0.5 where a is +-1."""
    return np.where(np.abs(a) < 1, 1.0, 0.5)


def outside__sign_at_the_bounds__loops(a):
    """1 inside, +-1 where it is flat: clip of the wrong thing."""
    return _loop(lambda v: 1.0 if abs(v) < 1 else v, a)


def outside__bound_at_one_half__matrices(a):
    """|a| < 0.5."""
    return (np.abs(a) < 0.5).astype(float)
