"""Learners' answers to ps05, hardtanh(z) -> a: z between -1 and 1, flat outside."""
import numpy as np


def right__clip(z):
    """np.clip."""
    return np.clip(z, -1.0, 1.0)


def right__where(z):
    """Three cases with np.where."""
    return np.where(z > 1, 1.0, np.where(z < -1, -1.0, z))


def right__slow_sizes(z):
    """(|z + 1| - |z - 1|)/2, with the flat parts by if, entry by entry."""
    flat = z.ravel()
    out = np.ones(flat.size)
    for i in range(flat.size):
        v = flat[i]
        if abs(v) < 1:
            out[i] = v
        elif v < 0:
            out[i] = -1.0
    return out.reshape(z.shape)


def _each(f, z):
    return np.array([f(float(v)) for v in z.flat]).reshape(z.shape)


def wrong__no_activation__matrices(z):
    """z unchanged: the bounds were put at infinity."""
    return np.clip(z, -np.inf, np.inf)


def wrong__no_activation__loops(z):
    """if v < 1 and v > 1: never true."""
    return _each(lambda v: 1.0 if v < -1 and v > 1 else v, z)


def wrong__sign__matrices(z):
    """Clipped minus z."""
    return np.clip(-z, -1, 1)


def wrong__sign__loops(z):
    """Minus the clipped value."""
    return _each(lambda v: -max(-1.0, min(1.0, v)), z)


def wrong__wrong_side_of_kink__matrices(z):
    """z outside, +-1 inside."""
    return np.where(np.abs(z) > 1, z, np.sign(z))


def wrong__wrong_side_of_kink__loops(z):
    """The comparison signs the wrong way: -1 for z > 1 and 1 for z < -1."""
    return _each(lambda v: -1.0 if v > 1 else (1.0 if v < -1 else v), z)


def outside__cut_at_one_half__matrices(z):
    """Cut at -0.5 and 0.5."""
    return np.clip(z, -0.5, 0.5)


def wrong__factor_two__matrices(z):
    """|z + 1| - |z - 1|, never halved."""
    return np.abs(z + 1) - np.abs(z - 1)


def wrong__absolute_values__loops(z):
    """Size, cut at 1."""
    return _each(lambda v: min(1.0, abs(v)), z)


def wrong__float32__matrices(z):
    """Clipped as float32."""
    return np.clip(np.float32(z), -1, 1).astype(float)


def outside__cut_at_zero__matrices(z):
    """Clipped between 0 and 1."""
    return np.clip(z, 0, 1)


def outside__only_from_above__loops(z):
    """min(z, 1) and no lower bound."""
    return _each(lambda v: 1.0 if v > 1 else v, z)


def outside__zero_beyond__matrices(z):
    """0 where it should be flat at +-1."""
    return z * (np.abs(z) < 1)


def outside__tanh_itself__matrices(z):
    """The soft one."""
    return np.tanh(z)


def outside__sign_function__loops(z):
    """Steps from -1 to 1 at 0."""
    return _each(lambda v: 1.0 if v > 0 else -1.0, z)


def outside__slope_for_value__matrices(z):
    """1 inside, 0 outside."""
    return (np.abs(z) < 1) * 1.0
