"""Answers of learners to ps07, chain_slope(a0, depth): d a_depth / d a0 of sigmoid after sigmoid, without weights."""

import math

import numpy as np


def right__product_of_slopes(a0, depth):
    """Runs through the chain and multiplies a(1 - a)."""
    a, slope = a0, 1.0
    for _ in range(depth):
        a = 1 / (1 + math.exp(-a))
        slope *= a * (1 - a)
    return slope


def right__list_then_product(a0, depth):
    """All activations first, then np.prod over their slopes."""
    a = [a0]
    while len(a) <= depth:
        a.append(0.5 + 0.5 * math.tanh(a[-1] / 2))
    h = np.array(a[1:])
    return float(np.prod(h - h**2))


def right__recursive(a0, depth):
    """The first slope times the rest of the chain, with exp only."""

    def rest(value, layers):
        if layers == 0:
            return 1.0
        e = math.exp(-value)
        return rest(1 / (1 + e), layers - 1) * e / (1 + e) ** 2

    return rest(a0, depth)


def right__dual_numbers(a0, depth):
    """Value and derivative carried together."""
    pair = np.array([a0, 1.0])
    for _ in range(depth):
        s = 1 / (1 + np.exp(-pair[0]))
        pair = np.array([s, pair[1] * np.exp(-pair[0]) * s * s])
    return float(pair[1])


def wrong__missing_slope__loops(a0, depth):
    """Hands back the value of the last sigmoid, not a slope."""
    a = a0
    for _ in range(depth):
        a = 1 / (1 + math.exp(-a))
    return a


def wrong__missing_slope__matrices(a0, depth):
    """One slope too few: the first sigmoid's is left out."""
    a = [1 / (1 + np.exp(-a0))]
    for _ in range(depth - 1):
        a.append(1 / (1 + np.exp(-a[-1])))
    h = np.array(a[1:])
    return float(np.prod(h * (1 - h)))


def wrong__slope_of_tanh__loops(a0, depth):
    """1 - a^2 in each step."""
    a, s = a0, 1.0
    for _ in range(depth):
        a = 1 / (1 + math.exp(-a))
        s = s * (1 - a * a)
    return s


def wrong__slope_of_tanh__matrices(a0, depth):
    """Array of activations, tanh's formula."""
    h = np.empty(depth)
    for n in range(depth):
        h[n] = 1 / (1 + np.exp(-(h[n - 1] if n else a0)))
    return float(np.prod(1 - h**2))


def wrong__one_minus_a__loops(a0, depth):
    """Only 1 - a."""
    a, s = a0, 1.0
    for _ in range(depth):
        a = 1 / (1 + math.exp(-a))
        s -= s * a
    return s


def wrong__one_minus_a__matrices(a0, depth):
    """Product of all (1 - a)."""
    h = [a0]
    for _ in range(depth):
        h.append(1 / (1 + np.exp(-h[-1])))
    return float(np.prod(1 - np.array(h[1:])))


def wrong__slope_without_one_minus_a__loops(a0, depth):
    """Multiplies the activations."""
    a, s = a0, 1.0
    for _ in range(depth):
        a = 1 / (1 + math.exp(-a))
        s *= a
    return s


def wrong__slope_without_one_minus_a__matrices(a0, depth):
    """np.prod(a)."""
    h = np.zeros(depth + 1)
    h[0] = a0
    for n in range(1, depth + 1):
        h[n] = 1 / (1 + np.exp(-h[n - 1]))
    return float(h[1:].prod())


def wrong__slope_taken_at_a__loops(a0, depth):
    """First the value is moved on, then sigmoid' is taken there: one sigmoid too far."""

    def sigmoid(v):
        return 1 / (1 + math.exp(-v))

    a, s = a0, 1.0
    for _ in range(depth):
        a = sigmoid(a)
        s *= sigmoid(a) * (1 - sigmoid(a))
    return s


def wrong__slope_taken_at_a__matrices(a0, depth):
    """f'(a1) f'(a2) f'(a3) for f'(a0) f'(a1) f'(a2)."""
    a = [a0]
    for _ in range(depth + 1):
        a.append(1 / (1 + np.exp(-a[-1])))
    h = np.array(a[2:])
    return float(np.prod(h * (1 - h)))


def wrong__slope_taken_at_z__loops(a0, depth):
    """a(1 - a) with the value before the sigmoid."""
    a, s = a0, 1.0
    for _ in range(depth):
        s *= a * (1 - a)
        a = 1 / (1 + math.exp(-a))
    return s


def wrong__slope_taken_at_z__matrices(a0, depth):
    """The slopes of a0, a1, a2 by z(1 - z)."""
    z = np.full(depth, float(a0))
    for n in range(1, depth):
        z[n] = 1 / (1 + np.exp(-z[n - 1]))
    return float(np.prod(z - z * z))


def wrong__slope_of_wrong_layer__loops(a0, depth):
    """Takes the first slope for all: f'(a0) to the power of depth."""
    a1 = 1 / (1 + math.exp(-a0))
    s = 1.0
    for _ in range(depth):
        s *= a1 * (1 - a1)
    return s


def wrong__last_only__loops(a0, depth):
    """= for *=: only the last slope is left."""
    a = a0
    for _ in range(depth):
        a = 1 / (1 + math.exp(-a))
        s = a * (1 - a)
    return s


def wrong__last_only__matrices(a0, depth):
    """Slope of the last sigmoid."""
    a = np.float64(a0)
    for _ in range(depth):
        a = 1 / (1 + np.exp(-a))
    return float(a - a**2)


def wrong__first_only__matrices(a0, depth):
    """Only f'(a0)."""
    a = 1 / (1 + np.exp(-a0))
    return float(a * (1 - a))


def wrong__slope_twice__loops(a0, depth):
    """Each slope is multiplied on twice."""
    a, s = a0, 1.0
    for _ in range(depth):
        a = 1 / (1 + math.exp(-a))
        s *= a * (1 - a) * a * (1 - a)
    return s


def wrong__constant_for_formula__loops(a0, depth):
    """The number of the lesson: a0 = 1, three layers."""
    return 0.0096415845


def wrong__factor_half__matrices(a0, depth):
    """Half of it, as if a loss stood at the end."""
    s, a = 1.0, a0
    for _ in range(depth):
        a = 1 / (1 + math.exp(-a))
        s *= a - a * a
    return s / 2


def outside__one_layer_too_many__loops(a0, depth):
    """range(depth + 1): one layer too many."""
    a, s = a0, 1.0
    for _ in range(depth + 1):
        a = 1 / (1 + math.exp(-a))
        s *= a * (1 - a)
    return s


def outside__one_layer_missing__loops(a0, depth):
    """range(1, depth): the last layer is missing."""
    a, s = a0, 1.0
    for _ in range(1, depth):
        a = 1 / (1 + math.exp(-a))
        s *= a * (1 - a)
    return s


def wrong__sign__loops(a0, depth):
    """A minus in front of the product, as for a step downhill."""
    a, s = a0, -1.0
    for _ in range(depth):
        a = 1 / (1 + math.exp(-a))
        s *= a * (1 - a)
    return s


def wrong__tanh_for_sigmoid__loops(a0, depth):
    """tanh and its slope."""
    a, s = a0, 1.0
    for _ in range(depth):
        a = math.tanh(a)
        s *= 1 - a * a
    return s


def pair__last_only__slope_of_tanh__loops(a0, depth):
    """Last slope only, and by tanh's formula."""
    a = a0
    for _ in range(depth):
        a = 1 / (1 + math.exp(-a))
        s = 1 - a**2
    return s


def pair__slope_without_one_minus_a__sign__matrices(a0, depth):
    """Multiplies the activations only, and a minus in front."""
    a, s = a0, 1.0
    for _ in range(depth):
        a = float(1 / (1 + np.exp(-a)))
        s *= a
    return -s


def outside__quarter_to_the_depth__matrices(a0, depth):
    """The largest possible value, 0.25 ** depth."""
    return float(0.25**depth)


def outside__sum_of_slopes__loops(a0, depth):
    """Adds the slopes."""
    a, s = a0, 0.0
    for _ in range(depth):
        a = 1 / (1 + math.exp(-a))
        s += a * (1 - a)
    return s


def wrong__numeric_difference__matrices(a0, depth):
    """Numeric, with a step of 0.01."""

    def run(v):
        for _ in range(depth):
            v = 1 / (1 + np.exp(-v))
        return v

    return float((run(a0 + 0.01) - run(a0)) / 0.01)


def outside__times_a0__loops(a0, depth):
    """Starts the product with a0."""
    a, s = a0, a0
    for _ in range(depth):
        a = 1 / (1 + math.exp(-a))
        s *= a * (1 - a)
    return s


def wrong__rounded_result__loops(a0, depth):
    """Rounded to four digits."""
    a, s = a0, 1.0
    for _ in range(depth):
        a = 1 / (1 + math.exp(-a))
        s *= a * (1 - a)
    return round(s, 4)


def right__complex_step(a0, depth):
    """Down the chain once, a little beside the real line."""
    a = a0 + 1e-30j
    for _ in range(depth):
        a = 1 / (1 + np.exp(-a))
    return float(a.imag / 1e-30)


def wrong__numeric_difference__central(a0, depth):
    """Down the chain twice."""
    def end(a):
        for _ in range(depth):
            a = 1 / (1 + math.exp(-a))
        return a

    return (end(a0 + 1e-5) - end(a0 - 1e-5)) / 2e-5
