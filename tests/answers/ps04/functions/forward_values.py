"""Learners' answers to ps04, forward_values(graph, inputs) -> dict of all nodes.

graph is a list of (name, op, input names).
"""
import math

import numpy as np


def right__chain_of_ifs(graph, inputs):
    """if and elif."""
    values = dict(inputs)
    for name, op, args in graph:
        v = [values[a] for a in args]
        if op == '+':
            values[name] = sum(v)
        elif op == '*':
            values[name] = math.prod(v)
        elif op == 'max':
            values[name] = max(v)
        elif op == 'exp':
            values[name] = math.exp(v[0])
        elif op == 'inv':
            values[name] = 1 / v[0]
        elif op == 'sigmoid':
            values[name] = 1 / (1 + math.exp(-v[0]))
    return values


def right__table(graph, inputs):
    """A table of functions, NumPy's where there are some."""
    table = {
        '+': lambda *v: float(np.sum(v)),
        '*': lambda *v: float(np.prod(v)),
        'max': lambda *v: float(np.max(v)),
        'exp': lambda x: float(np.exp(x)),
        'inv': lambda x: x**-1.0,
        'sigmoid': lambda x: float((1 + np.tanh(x / 2)) / 2),
    }
    values = {k: float(v) for k, v in inputs.items()}
    for name, op, args in graph:
        values[name] = table[op](*(values[a] for a in args))
    return values


def right__slow_recursive(graph, inputs):
    """Asks for each node's value from its inputs, again and again, without remembering anything."""
    recipe = {name: (op, args) for name, op, args in graph}

    def value(name):
        if name not in recipe:
            return float(inputs[name])
        op, args = recipe[name]
        result = value(args[0])
        for a in args[1:]:
            other = value(a)
            if op == '+':
                result += other
            elif op == '*':
                result *= other
            elif other > result:
                result = other
        if op == 'exp':
            result = math.exp(result)
        elif op == 'inv':
            result = 1 / result
        elif op == 'sigmoid':
            result = math.exp(result) / (math.exp(result) + 1)
        return result

    return {name: value(name) for name in list(inputs) + list(recipe)}


def _evaluate(graph, inputs, **changed):
    """Forward sweep; `changed` replaces single operations."""
    table = {
        'add': sum,
        'mul': math.prod,
        'max': max,
        'exp': lambda v: math.exp(v[0]),
        'inv': lambda v: 1 / v[0],
        'sigmoid': lambda v: 1 / (1 + math.exp(-v[0])),
    }
    table.update(changed)
    values = dict(inputs)
    for name, op, args in graph:
        key = {'+': 'add', '*': 'mul'}.get(op, op)
        values[name] = table[key]([values[a] for a in args])
    return values


def wrong__sigmoid_of_minus_z__matrices(graph, inputs):
    """Sigmoid with exp(x)."""
    return _evaluate(graph, inputs, sigmoid=lambda v: 1 / (1 + math.exp(v[0])))


def wrong__sigmoid_of_minus_z__loops(graph, inputs):
    """The minus in the exponent of the sigmoid is missing."""
    values = dict(inputs)
    for name, op, args in graph:
        x = values[args[0]]
        rest = [values[a] for a in args[1:]]
        if op in ('+', '*', 'max'):
            for y in rest:
                x = x + y if op == '+' else x * y if op == '*' else max(x, y)
        elif op == 'inv':
            x = 1 / x
        elif op == 'exp':
            x = math.exp(x)
        else:
            x = 1 / (1 + math.exp(x))
        values[name] = x
    return values


def wrong__tanh_for_sigmoid__matrices(graph, inputs):
    """tanh where sigmoid stands."""
    return _evaluate(graph, inputs, sigmoid=lambda v: math.tanh(v[0]))


def wrong__inverse_sign__matrices(graph, inputs):
    """-x for the inverse."""
    return _evaluate(graph, inputs, inv=lambda v: -1 / v[0])


def wrong__sum_for_each__loops(graph, inputs):
    """The running result is not set back between the nodes: sums go on from the node before."""
    values = dict(inputs)
    total = 0.0
    for name, op, args in graph:
        v = [values[a] for a in args]
        if op == '+':
            for x in v:
                total += x
            values[name] = total
        elif op == '*':
            values[name] = math.prod(v)
        elif op == 'max':
            values[name] = max(v)
        elif op == 'exp':
            values[name] = math.exp(v[0])
        elif op == 'inv':
            values[name] = 1 / v[0]
        else:
            values[name] = 1 / (1 + math.exp(-v[0]))
    return values


def wrong__first_only__matrices(graph, inputs):
    """max of the first argument only."""
    return _evaluate(graph, inputs, max=lambda v: v[0])


def wrong__product_for_sum__matrices(graph, inputs):
    """+ multiplies."""
    return _evaluate(graph, inputs, add=math.prod)


def outside__minimum_for_maximum__matrices(graph, inputs):
    """min."""
    return _evaluate(graph, inputs, max=min)


def outside__negated_for_inverse__loops(graph, inputs):
    """-x, the inverse of addition."""
    return _evaluate(graph, inputs, inv=lambda v: -v[0])


def outside__power_of_ten__matrices(graph, inputs):
    """exp as in 1e5: ten to the x."""
    return _evaluate(graph, inputs, exp=lambda v: 10.0 ** v[0])


def outside__largest_size__loops(graph, inputs):
    """max by size: the entry with the largest |x|."""
    values = dict(inputs)
    for name, op, args in graph:
        if op == 'max':
            best = values[args[0]]
            for a in args[1:]:
                if abs(values[a]) > abs(best):
                    best = values[a]
            values[name] = best
        else:
            values[name] = _evaluate([(name, op, args)], values)[name]
    return values


def outside__exp_first_order__matrices(graph, inputs):
    """1 + x for exp(x)."""
    return _evaluate(graph, inputs, exp=lambda v: 1 + v[0])


def wrong__rounded_result__loops(graph, inputs):
    """Every value rounded to two digits, as on the slide."""
    values = dict(inputs)
    for name, op, args in graph:
        values[name] = round(_evaluate([(name, op, args)], values)[name], 2)
    return values
