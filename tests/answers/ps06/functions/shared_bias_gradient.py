"""Answers of learners to ps06, shared_bias_gradient(delta): right ones, wrong ones, other conventions."""

import math

import numpy as np


def right__sum(delta):
    """The two deltas added up."""
    return float(delta.sum())


def right__slow_loop(delta):
    """fsum in a loop over a list."""
    terms = []
    for j in range(len(delta)):
        terms.append(float(delta[j]) * math.exp(0.0))
    return math.fsum(terms)


def right__product_with_ones(delta):
    """The bias is a weight whose input is 1 for both units."""
    return float(np.ones(delta.size) @ delta)


def wrong__mean_for_sum__loops(delta):
    """The average of both."""
    total = 0.0
    for d in delta:
        total += d
    return float(total / len(delta))


def wrong__mean_for_sum__matrices(delta):
    """np.mean."""
    return float(np.mean(delta))


def wrong__first_only__loops(delta):
    """return inside the loop."""
    s = 0.0
    for d in delta:
        s += d
        return float(s)


def wrong__first_only__matrices(delta):
    """delta[0]."""
    return float(delta[0])


def wrong__last_only__loops(delta):
    """= for +=."""
    for d in delta:
        s = d
    return float(s)


def wrong__last_only__matrices(delta):
    """delta[-1]."""
    return float(delta[-1])


def wrong__max_for_sum__matrices(delta):
    """The larger one."""
    return float(np.max(delta))


def wrong__product_for_sum__loops(delta):
    """Multiplied with each other."""
    p = 1.0
    for d in delta:
        p *= d
    return float(p)


def wrong__product_for_sum__matrices(delta):
    """np.prod."""
    return float(np.prod(delta))


def wrong__absolute_values__matrices(delta):
    """Sum of the sizes."""
    return float(np.abs(delta).sum())


def wrong__sign__loops(delta):
    """Subtracts both from 0."""
    g = 0.0
    for j in range(2):
        g -= delta[j]
    return float(g)


def wrong__factor_two__matrices(delta):
    """Two units, so twice the sum."""
    return float(2 * delta.sum())


def wrong__bias_gradient_zero__loops(delta):
    """The deck never updates it."""
    return 0.0


def wrong__constant_for_formula__matrices(delta):
    """The number of the lesson."""
    return 0.0187256


def convention__sign__matrices(delta):
    """For steps with +=: minus the gradient."""
    return float(-delta.sum())


def pair__sign__mean_for_sum__matrices(delta):
    """Minus the average."""
    return float(-delta.mean())


def outside__difference__loops(delta):
    """delta1 - delta2."""
    return float(delta[0] - delta[1])


def outside__length__matrices(delta):
    """The length of the vector."""
    return float(np.linalg.norm(delta))


def outside__sum_of_squares__loops(delta):
    """delta @ delta."""
    return float(sum(d * d for d in delta))


def wrong__rounded_result__matrices(delta):
    """Three digits."""
    return float(np.round(delta.sum(), 3))
