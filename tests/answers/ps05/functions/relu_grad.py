"""Learners' answers to ps05, relu_grad(a): 1 where a > 0, else 0."""
import numpy as np


def right__comparison(a):
    """a > 0 as float."""
    return (a > 0).astype(float)


def right__sign(a):
    """sign of a; a is never negative."""
    return np.sign(a)


def right__slow_loop(a):
    """if in a loop."""
    g = np.zeros(a.shape)
    for i, v in np.ndenumerate(a):
        if v > 0:
            g[i] = 1
    return g


def right__heaviside(a):
    """np.heaviside with 0 at 0."""
    return np.heaviside(a, 0.0)


def _loop(f, a):
    return np.array([float(f(v)) for v in a.ravel()]).reshape(a.shape)


def wrong__wrong_side_of_kink__matrices(a):
    """1 where the unit is off."""
    return (a <= 0).astype(float)


def wrong__wrong_side_of_kink__loops(a):
    """0 for a > 0 and 1 otherwise."""
    return _loop(lambda v: 0 if v > 0 else 1, a)


def wrong__missing_slope__matrices(a):
    """a >= 0 is always true."""
    return np.float64(a >= 0)


def wrong__missing_slope__loops(a):
    """1 in every place."""
    return _loop(lambda v: 1, a)


def wrong__slope_of_tanh__matrices(a):
    """1 - a**2."""
    return 1 - a**2


def wrong__slope_of_sigmoid__matrices(a):
    """a(1 - a)."""
    return a * (1 - a)


def wrong__sign__loops(a):
    """-1 where it is on."""
    return _loop(lambda v: -1 if v > 0 else 0, a)


def wrong__factor_two__matrices(a):
    """2 where it is on."""
    return 2.0 * (a > 0)


def wrong__factor_half__matrices(a):
    """0.5 where it is on, (1 + sign)/2 with the 1 forgotten."""
    return np.sign(a) / 2


def outside__value_for_slope__matrices(a):
    """a itself."""
    return np.maximum(a, 0)


def outside__leaky__loops(a):
    """0.01 where the unit is off."""
    return _loop(lambda v: 1 if v > 0 else 0.01, a)


def outside__threshold_at_one__matrices(a):
    """a > 1."""
    return (a > 1) * 1.0


def outside__half_at_zero__matrices(a):
    """0.5 wherever a is 0."""
    return np.heaviside(a, 0.5)


def outside__minus_one_when_off__loops(a):
    """1 and -1."""
    return _loop(lambda v: 1 if v > 0 else -1, a)


def outside__dead_once_dead_after__loops(a):
    """break at the first 0: everything after it stays 0."""
    g = np.zeros(a.size)
    for i, v in enumerate(a.ravel()):
        if v <= 0:
            break
        g[i] = 1
    return g.reshape(a.shape)


def outside__one_switch_for_the_row__matrices(a):
    """np.any: one switch for all units together."""
    return np.ones_like(a) * np.all(a > 0)
