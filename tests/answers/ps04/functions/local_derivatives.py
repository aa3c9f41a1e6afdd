"""Learners' answers to ps04, local_derivatives(op, inputs) -> list, one per input value.

The operations are + * max exp inv sigmoid.
"""
import math

import numpy as np


# ---------------------------------------------------------------- right

def right__cases(op, inputs):
    """One case per operation."""
    if op == '+':
        return [1.0 for _ in inputs]
    if op == '*':
        return [math.prod(v for j, v in enumerate(inputs) if j != i) for i in range(len(inputs))]
    if op == 'max':
        return [1.0 if v == max(inputs) else 0.0 for v in inputs]
    x = inputs[0]
    if op == 'exp':
        return [math.exp(x)]
    if op == 'inv':
        return [-1 / x**2]
    s = 1 / (1 + math.exp(-x))
    return [s * (1 - s)]


def right__numpy(op, inputs):
    """Arrays, and lists at the end."""
    x = np.array(inputs, dtype=float)
    if op == '+':
        d = np.ones(x.size)
    elif op == '*':
        d = np.prod(np.where(np.eye(x.size, dtype=bool), 1.0, x), axis=1)
    elif op == 'max':
        d = np.eye(x.size)[x.argmax()]
    elif op == 'exp':
        d = np.exp(x)
    elif op == 'inv':
        d = -(x**-2)
    elif op == 'sigmoid':
        d = 1 / (4 * np.cosh(x / 2) ** 2)
    return d.tolist()


def right__slow_loops(op, inputs):
    """Nested loops with a running product; the sigmoid through tanh."""
    out = []
    for i in range(len(inputs)):
        d = 1.0
        for j in range(len(inputs)):
            if j == i:
                continue
            if op == '*':
                d *= inputs[j]
            elif op == 'max' and inputs[j] > inputs[i]:
                d = 0.0
        v = inputs[i]
        if op == 'inv':
            d = -1.0 / v / v
        if op == 'exp':
            d = math.e**v
        if op == 'sigmoid':
            t = math.tanh(v / 2)
            d = (1 - t * t) / 4
        out.append(d)
    return out


# ---------------------------------------------------------------- helpers

def _sigmoid(x):
    return 1 / (1 + math.exp(-x))


def _others(v):
    return [math.prod(v[j] for j in range(len(v)) if j != i) for i in range(len(v))]


_RIGHT = {
    '+': lambda v: [1.0] * len(v),
    '*': _others,
    'max': lambda v: [float(x == max(v)) for x in v],
    'exp': lambda v: [math.exp(v[0])],
    'inv': lambda v: [-1 / v[0] ** 2],
    'sigmoid': lambda v: [_sigmoid(v[0]) * (1 - _sigmoid(v[0]))],
}


# ---------------------------------------------------------------- one slip

def wrong__own_factor__matrices(op, inputs):
    """d(xy)/dx = x."""
    if op == '*':
        return [float(v) for v in inputs]
    return _RIGHT[op](inputs)


def wrong__own_factor__loops(op, inputs):
    """The product over j == i, where j != i belongs."""
    if op != '*':
        return _RIGHT[op](inputs)
    d = []
    for i in range(len(inputs)):
        product = 1.0
        for j in range(len(inputs)):
            if j == i:
                product *= inputs[j]
        d.append(product)
    return d


def wrong__inverse_sign__matrices(op, inputs):
    """1/x**2 without the minus."""
    if op == 'inv':
        return [1 / inputs[0] ** 2]
    return _RIGHT[op](inputs)


def wrong__inverse_sign__loops(op, inputs):
    """(-1/x)**2: the minus squared away."""
    return [(-1 / v) ** 2 for v in inputs] if op == 'inv' else _RIGHT[op](inputs)


def wrong__inverse_at_output__matrices(op, inputs):
    """-1/out**2 with out = 1/x, that is -x**2."""
    if op == 'inv':
        out = 1 / inputs[0]
        return [-1 / out**2]
    return _RIGHT[op](inputs)


def wrong__inverse_at_output__loops(op, inputs):
    """Puts the value of the node, 1/x, where x belongs."""
    if op != 'inv':
        return _RIGHT[op](inputs)
    d = []
    for v in inputs:
        v = 1 / v
        d.append(-(v ** (-2)))
    return d


def wrong__max_to_both__matrices(op, inputs):
    """max passes to all."""
    if op == 'max':
        return np.ones(len(inputs)).tolist()
    return _RIGHT[op](inputs)


def wrong__max_to_both__loops(op, inputs):
    """1 if v <= max: always."""
    if op == 'max':
        m = max(inputs)
        return [1.0 if v <= m else 0.0 for v in inputs]
    return _RIGHT[op](inputs)


def wrong__max_to_wrong__matrices(op, inputs):
    """The smaller one gets the 1."""
    if op == 'max':
        return np.eye(len(inputs))[int(np.argmin(inputs))].tolist()
    return _RIGHT[op](inputs)


def wrong__max_to_wrong__loops(op, inputs):
    """1 for those that lose."""
    if op == 'max':
        d = []
        for v in inputs:
            d.append(0.0 if v == max(inputs) else 1.0)
        return d
    return _RIGHT[op](inputs)


def wrong__exp_of_output__matrices(op, inputs):
    """exp of the node's own value."""
    if op == 'exp':
        out = math.exp(inputs[0])
        return [math.exp(out)]
    return _RIGHT[op](inputs)


def wrong__exp_of_output__loops(op, inputs):
    """The power rule on e**x: x*e**(x - 1)."""
    if op == 'exp':
        return [v * math.e ** (v - 1) for v in inputs]
    return _RIGHT[op](inputs)


def wrong__sigmoid_local_at_input__matrices(op, inputs):
    """x(1 - x)."""
    if op == 'sigmoid':
        x = inputs[0]
        return [x * (1 - x)]
    return _RIGHT[op](inputs)


def wrong__sigmoid_local_at_input__loops(op, inputs):
    """x - x**2, the formula for the output fed with the input."""
    return [v - v**2 for v in inputs] if op == 'sigmoid' else _RIGHT[op](inputs)


def wrong__slope_taken_at_a__matrices(op, inputs):
    """Sigmoid taken twice before s(1 - s)."""
    if op == 'sigmoid':
        s = _sigmoid(_sigmoid(inputs[0]))
        return [s * (1 - s)]
    return _RIGHT[op](inputs)


def wrong__slope_of_tanh__matrices(op, inputs):
    """1 - s**2 for the sigmoid."""
    if op == 'sigmoid':
        return [1 - _sigmoid(inputs[0]) ** 2]
    return _RIGHT[op](inputs)


def wrong__one_minus_a__loops(op, inputs):
    """1 - s."""
    if op == 'sigmoid':
        return [1 - _sigmoid(v) for v in inputs]
    return _RIGHT[op](inputs)


def wrong__slope_without_one_minus_a__loops(op, inputs):
    """s alone."""
    if op == 'sigmoid':
        return [_sigmoid(v) for v in inputs]
    return _RIGHT[op](inputs)


def wrong__sum_local_wrong__matrices(op, inputs):
    """d(x + y)/dx = x."""
    if op == '+':
        return [float(v) for v in inputs]
    return _RIGHT[op](inputs)


def wrong__sum_local_wrong__loops(op, inputs):
    """d(x + y)/dx = y, the rule of the product."""
    if op in '+*':
        out = []
        for i in range(len(inputs)):
            d = 1.0
            for j, v in enumerate(inputs):
                d *= v if j != i else 1.0
            out.append(d)
        return out
    return _RIGHT[op](inputs)


def wrong__list_reversed__matrices(op, inputs):
    """The list is handed back from behind."""
    return _RIGHT[op](inputs)[::-1]


def wrong__missing_slope__loops(op, inputs):
    """exp passes the gradient unchanged."""
    return [1.0] if op == 'exp' else _RIGHT[op](inputs)


def wrong__missing_slope__matrices(op, inputs):
    """Sigmoid passes the gradient unchanged."""
    return [1.0] if op == 'sigmoid' else _RIGHT[op](inputs)


def wrong__mean_for_sum__matrices(op, inputs):
    """1/n for every term of a sum."""
    if op == '+':
        return [1 / len(inputs)] * len(inputs)
    return _RIGHT[op](inputs)


# ---------------------------------------------------------------- two at once

def pair__inverse_sign__own_factor__matrices(op, inputs):
    """1/x**2 without its minus, and own factors."""
    if op == 'inv':
        return [1 / inputs[0] ** 2]
    if op == '*':
        return list(inputs)
    return _RIGHT[op](inputs)


def pair__max_to_both__sum_local_wrong__loops(op, inputs):
    """Ones for max, values for the sum."""
    if op == 'max':
        return [1.0 for _ in inputs]
    if op == '+':
        return [v for v in inputs]
    return _RIGHT[op](inputs)


# ---------------------------------------------------------------- not in the catalogue

def outside__whole_product__loops(op, inputs):
    """The whole product for each factor."""
    if op == '*':
        p = 1.0
        for v in inputs:
            p *= v
        return [p for _ in inputs]
    return _RIGHT[op](inputs)


def outside__value_of_the_maximum__matrices(op, inputs):
    """The maximum itself where 1 belongs."""
    if op == 'max':
        return [float(v) if v == max(inputs) else 0.0 for v in inputs]
    return _RIGHT[op](inputs)


def outside__inverse_not_squared__matrices(op, inputs):
    """-1/x."""
    return [-1 / inputs[0]] if op == 'inv' else _RIGHT[op](inputs)


def outside__logarithm__loops(op, inputs):
    """d(1/x)/dx = log|x|: that is the antiderivative."""
    return [math.log(abs(v)) for v in inputs] if op == 'inv' else _RIGHT[op](inputs)


def outside__sign_of_the_sigmoid__matrices(op, inputs):
    """s(1 - s) only for positive x, minus it for negative x."""
    d = _RIGHT[op](inputs)
    if op == 'sigmoid' and inputs[0] < 0:
        return [-d[0]]
    return d


def outside__sizes_compared__loops(op, inputs):
    """max decides by |x|."""
    if op == 'max':
        m = max(abs(v) for v in inputs)
        return [1.0 if abs(v) == m else 0.0 for v in inputs]
    return _RIGHT[op](inputs)


def outside__shared_by_size__matrices(op, inputs):
    """max shared like a softmax."""
    if op == 'max':
        e = np.exp(inputs)
        return (e / e.sum()).tolist()
    return _RIGHT[op](inputs)


def wrong__numeric_difference__central(op, inputs):
    """Every gate by a difference."""
    gates = {
        "+": lambda v: sum(v), "*": lambda v: math.prod(v), "max": max, "exp": lambda v: math.exp(v[0]),
        "inv": lambda v: 1 / v[0], "sigmoid": lambda v: 1 / (1 + math.exp(-v[0])),
    }
    slopes = []
    for i in range(len(inputs)):
        up, down = list(inputs), list(inputs)
        up[i] += 1e-5
        down[i] -= 1e-5
        slopes.append((gates[op](up) - gates[op](down)) / 2e-5)
    return slopes
