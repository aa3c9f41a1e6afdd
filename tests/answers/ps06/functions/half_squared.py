"""Answers of learners to ps06, half_squared(out, target): right ones, wrong ones, other conventions."""

import math

import numpy as np


def right__half_of_square(out, target):
    """1/2 (out - target)^2."""
    return 0.5 * (out - target) ** 2


def right__slow_loop(out, target):
    """math.pow in a loop."""
    parts = []
    for k in range(len(out)):
        parts.append(math.pow(target[k] - out[k], 2) / 2)
    return np.array(parts)


def right__multiplied_out(out, target):
    """Binomial formula."""
    return (out * out - 2 * out * target + target * target) / 2


def convention__square_for_half_square__matrices(out, target):
    """Squared error, without 1/2."""
    return np.square(out - target)


def convention__square_for_half_square__loops(out, target):
    """(t - o)^2, as the MSE of deck 004."""
    return np.array([(t - o) ** 2 for o, t in zip(out, target)])


def wrong__factor_half__loops(out, target):
    """1/2 for the loss and 1/2 for two outputs."""
    return np.array([0.5 * (o - t) ** 2 / 2 for o, t in zip(out, target)])


def wrong__factor_half__matrices(out, target):
    """Squares the half as well."""
    return (0.5 * (out - target)) ** 2


def wrong__not_squared__matrices(out, target):
    """Half the difference."""
    return 0.5 * (out - target)


def wrong__not_squared__loops(out, target):
    """1/2 (t - o)."""
    parts = np.zeros(2)
    for k in range(2):
        parts[k] = (target[k] - out[k]) / 2
    return parts


def wrong__absolute__matrices(out, target):
    """Half the distance."""
    return np.abs(out - target) / 2


def wrong__absolute__loops(out, target):
    """abs for the square."""
    return np.array([0.5 * abs(o - t) for o, t in zip(out, target)])


def wrong__sum_for_each__matrices(out, target):
    """The whole loss in each entry."""
    return np.full(2, 0.5 * np.sum((out - target) ** 2))


def wrong__sum_for_each__loops(out, target):
    """Adds up and hands the sum back twice."""
    E = 0.0
    for k in range(2):
        E += (target[k] - out[k]) ** 2 / 2
    return np.array([E, E])


def wrong__sign__matrices(out, target):
    """A minus in front."""
    return -0.5 * (target - out) ** 2


def wrong__target_only__matrices(out, target):
    """Half the squared target."""
    return target**2 / 2


def wrong__constant_for_formula__loops(out, target):
    """E1 and E2 from the slides."""
    return np.array([0.2748110832, 0.0235600256])


def pair__not_squared__square_for_half_square__matrices(out, target):
    """Just out - target."""
    return out - target


def pair__square_for_half_square__sum_for_each__loops(out, target):
    """Sum of squares, no half, in both."""
    s = sum((o - t) ** 2 for o, t in zip(out, target))
    return np.array([s, s])


def outside__difference_of_squares__matrices(out, target):
    """out^2 - target^2."""
    return 0.5 * (out**2 - target**2)


def outside__root__loops(out, target):
    """The root of the half square."""
    return np.array([math.sqrt(0.5 * (o - t) ** 2) for o, t in zip(out, target)])


def outside__sum_squared__matrices(out, target):
    """plus for minus."""
    return 0.5 * (out + target) ** 2


def outside__cross_entropy__loops(out, target):
    """-t log o, a different loss."""
    return np.array([-t * math.log(o) for o, t in zip(out, target)])
