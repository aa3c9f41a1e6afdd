"""Learners' answers to ps04, backward_grads(graph, values) -> dict, d output / d node; the output's own is 1.0."""
import math

import numpy as np


# ---------------------------------------------------------------- right

def right__sweep(graph, values):
    """Nodes from the last to the first, += at each input."""
    grads = {name: 0.0 for name in values}
    grads[graph[-1][0]] = 1.0
    for name, op, args in reversed(graph):
        g = grads[name]
        for k, a in enumerate(args):
            if op == '+':
                d = 1.0
            elif op == '*':
                d = 1.0
                for j, other in enumerate(args):
                    if j != k:
                        d *= values[other]
            elif op == 'max':
                d = 1.0 if values[a] == values[name] else 0.0
            elif op == 'exp':
                d = values[name]
            elif op == 'inv':
                d = -values[name] ** 2
            else:
                d = values[name] * (1 - values[name])
            grads[a] += g * d
    return grads


def right__slow_all_paths(graph, values):
    """Adds up over all paths from the output down, recursively."""
    recipe = {name: (op, list(args)) for name, op, args in graph}
    grads = dict.fromkeys(values, 0.0)

    def go(name, along):
        grads[name] += along
        if name in recipe:
            op, args = recipe[name]
            for a, d in zip(args, _local(op, [values[q] for q in args]), strict=True):
                go(a, along * d)

    go(graph[-1][0], 1.0)
    return grads


def right__forward_mode(graph, values):
    """One forward sweep of tangents for every node."""
    grads = {}
    for seed in values:
        tangent = {name: float(name == seed) for name in values}
        for name, op, args in graph:
            if name != seed:
                d = _local(op, [values[a] for a in args])
                tangent[name] = sum(s * tangent[a] for s, a in zip(d, args, strict=True))
        grads[seed] = tangent[graph[-1][0]]
    return grads


def right__matrix(graph, values):
    """Matrix of local derivatives; one row vector solved from (1 - A)."""
    names = list(values)
    place = {name: i for i, name in enumerate(names)}
    A = np.zeros((len(names), len(names)))
    for name, op, args in graph:
        for a, d in zip(args, _local(op, [values[q] for q in args]), strict=True):
            A[place[name], place[a]] += d
    unit = np.zeros(len(names))
    unit[place[graph[-1][0]]] = 1
    g = np.linalg.solve((np.eye(len(names)) - A).T, unit)
    return {name: float(v) for name, v in zip(names, g, strict=True)}


# ---------------------------------------------------------------- helpers

def _sigmoid(x):
    return 1 / (1 + math.exp(-x))


def _local(op, v, **changed):
    """Local derivatives; `changed` puts a learner's own rule in place of one of them."""
    table = {
        'add': lambda v: [1.0] * len(v),
        'mul': lambda v: [math.prod(v[:i]) * math.prod(v[i + 1:]) for i in range(len(v))],
        'max': lambda v: [1.0 if x == max(v) else 0.0 for x in v],
        'exp': lambda v: [math.exp(v[0])],
        'inv': lambda v: [-1 / v[0] ** 2],
        'sigmoid': lambda v: [_sigmoid(v[0]) * (1 - _sigmoid(v[0]))],
    }
    table.update(changed)
    return table[{'+': 'add', '*': 'mul'}.get(op, op)](list(v))


def _sweep(graph, values, **changed):
    """The sweep as it should be, with learners' own local rules."""
    grads = dict.fromkeys(values, 0.0)
    grads[graph[-1][0]] = 1.0
    for name, op, args in graph[::-1]:
        for a, d in zip(args, _local(op, [values[q] for q in args], **changed), strict=True):
            grads[a] += grads[name] * d
    return grads


# ---------------------------------------------------------------- one slip

def wrong__overwritten_where_paths_meet__matrices(graph, values):
    """= for +=."""
    grads = dict.fromkeys(values, 0.0)
    grads[graph[-1][0]] = 1.0
    for name, op, args in reversed(graph):
        for a, d in zip(args, _local(op, [values[q] for q in args]), strict=True):
            grads[a] = grads[name] * d
    return grads


def wrong__overwritten_where_paths_meet__loops(graph, values):
    """dict.update with each node's share: the last share stays."""
    grads = {n: 0.0 for n in values}
    grads[graph[-1][0]] = 1.0
    i = len(graph) - 1
    while i >= 0:
        name, op, args = graph[i]
        up = grads[name]
        v = [values[a] for a in args]
        if op == '+':
            grads.update({a: up for a in args})
        elif op == '*':
            grads.update({a: up * math.prod(v[:k] + v[k + 1:]) for k, a in enumerate(args)})
        elif op == 'max':
            grads.update({a: up * (values[a] == max(v)) for a in args})
        elif op == 'exp':
            grads[args[0]] = up * values[name]
        elif op == 'inv':
            grads[args[0]] = -up / v[0] ** 2
        else:
            grads[args[0]] = up * values[name] * (1 - values[name])
        i -= 1
    return grads


def wrong__one_path_only__matrices(graph, values):
    """The first share that arrives stays."""
    grads = {graph[-1][0]: 1.0}
    for name, op, args in reversed(graph):
        for a, d in zip(args, _local(op, [values[q] for q in args]), strict=True):
            grads.setdefault(a, grads.get(name, 0.0) * d)
    return {n: grads.get(n, 0.0) for n in values}


def wrong__one_path_only__loops(graph, values):
    """For each node walks to its first user and on, along one path."""
    grads = {}
    for start in values:
        here, g = start, 1.0
        while here != graph[-1][0]:
            for name, op, args in graph:
                if here in args:
                    g *= _local(op, [values[a] for a in args])[list(args).index(here)]
                    here = name
                    break
            else:
                g = 0.0
                break
        grads[start] = g
    return grads


def wrong__own_factor__matrices(graph, values):
    """Own factor in the product."""
    return _sweep(graph, values, mul=lambda v: v)


def wrong__own_factor__loops(graph, values):
    """grads[x] += g*x in the product."""
    grads = dict.fromkeys(values, 0.0)
    grads[graph[-1][0]] = 1.0
    for name, op, args in reversed(graph):
        g = grads[name]
        if op == '*':
            for a in args:
                grads[a] += g * values[a]
        else:
            ds = _local(op, [values[a] for a in args])
            for k in range(len(args)):
                grads[args[k]] += g * ds[k]
    return grads


def wrong__inverse_sign__matrices(graph, values):
    """1/x**2."""
    return _sweep(graph, values, inv=lambda v: [1 / v[0] ** 2])


def wrong__inverse_sign__loops(graph, values):
    """The value squared, without the minus."""
    grads = dict.fromkeys(values, 0.0)
    grads[graph[-1][0]] = 1.0
    for k in range(len(graph) - 1, -1, -1):
        name, op, args = graph[k]
        if op == 'inv':
            grads[args[0]] += grads[name] * values[name] * values[name]
            continue
        for a, d in zip(args, _local(op, [values[q] for q in args]), strict=True):
            grads[a] = grads[a] + grads[name] * d
    return grads


def wrong__inverse_at_output__matrices(graph, values):
    """-1/value**2 with the value of the node itself."""
    return _sweep(graph, values, inv=lambda v: [-(v[0] ** 2)])


def wrong__inverse_at_output__loops(graph, values):
    """-1/x**2 with x = values[name] for x = values[input]."""
    grads = {n: 0.0 for n in values}
    grads[graph[-1][0]] = 1.0
    for name, op, args in reversed(graph):
        inputs = [values[a] for a in args]
        local = [-1 / values[name] ** 2] if op == 'inv' else _local(op, inputs)
        for k, a in enumerate(args):
            grads[a] += local[k] * grads[name]
    return grads


def wrong__max_to_both__matrices(graph, values):
    """max like a sum."""
    return _sweep(graph, values, max=lambda v: [1.0] * len(v))


def wrong__max_to_both__loops(graph, values):
    """'+' and 'max' in one case."""
    grads = dict.fromkeys(values, 0.0)
    grads[graph[-1][0]] = 1.0
    for name, op, args in reversed(graph):
        if op in ('+', 'max'):
            for a in args:
                grads[a] += grads[name]
        else:
            for a, d in zip(args, _local(op, [values[q] for q in args]), strict=True):
                grads[a] += grads[name] * d
    return grads


def wrong__max_to_wrong__matrices(graph, values):
    """The smallest gets the gradient."""
    return _sweep(graph, values, max=lambda v: [float(x == min(v)) for x in v])


def wrong__max_to_wrong__loops(graph, values):
    """values[a] < values[name] where == belongs."""
    grads = dict.fromkeys(values, 0.0)
    grads[graph[-1][0]] = 1.0
    for name, op, args in reversed(graph):
        d = _local(op, [values[q] for q in args])
        for k, a in enumerate(args):
            if op == 'max':
                if values[a] < values[name]:
                    grads[a] += grads[name]
            else:
                grads[a] += grads[name] * d[k]
    return grads


def wrong__upstream_forgotten__matrices(graph, values):
    """Local derivatives added up, not multiplied with what comes from above."""
    grads = dict.fromkeys(values, 0.0)
    grads[graph[-1][0]] = 1.0
    for _name, op, args in reversed(graph):
        for a, d in zip(args, _local(op, [values[q] for q in args]), strict=True):
            grads[a] += d
    return grads


def wrong__upstream_forgotten__loops(graph, values):
    """Only the product forgets the gradient from above."""
    grads = dict.fromkeys(values, 0.0)
    grads[graph[-1][0]] = 1.0
    for name, op, args in reversed(graph):
        up = grads[name]
        if op == '*':
            up = 1.0
        for a, d in zip(args, _local(op, [values[q] for q in args]), strict=True):
            grads[a] += up * d
    return grads


def wrong__local_overwrites_upstream__matrices(graph, values):
    """g *= d in the loop over the inputs: the second one gets the first one's derivative as well.
    """
    grads = dict.fromkeys(values, 0.0)
    grads[graph[-1][0]] = 1.0
    for name, op, args in reversed(graph):
        g = grads[name]
        for a, d in zip(args, _local(op, [values[q] for q in args]), strict=True):
            g *= d
            grads[a] += g
    return grads


def wrong__local_overwrites_upstream__loops(graph, values):
    """grads[name] itself is multiplied with the local derivative before it is passed on."""
    grads = {n: 0.0 for n in values}
    grads[graph[-1][0]] = 1.0
    for name, op, args in reversed(graph):
        local = _local(op, [values[q] for q in args])
        for k in range(len(args)):
            grads[name] *= local[k]
            grads[args[k]] += grads[name]
    return grads


def wrong__exp_of_output__matrices(graph, values):
    """exp of the node's value."""
    return _sweep(graph, values, exp=lambda v: [math.exp(math.exp(v[0]))])


def wrong__exp_of_output__loops(graph, values):
    """The input x for exp(x)."""
    grads = {n: 0.0 for n in values}
    grads[graph[-1][0]] = 1.0
    for name, op, args in reversed(graph):
        if op == 'exp':
            grads[args[0]] += grads[name] * values[args[0]]
        else:
            for a, d in zip(args, _local(op, [values[q] for q in args]), strict=True):
                grads[a] += grads[name] * d
    return grads


def wrong__sigmoid_local_at_input__matrices(graph, values):
    """x(1 - x)."""
    return _sweep(graph, values, sigmoid=lambda v: [v[0] * (1 - v[0])])


def wrong__sigmoid_local_at_input__loops(graph, values):
    """values[input]*(1 - values[input])."""
    grads = {n: 0.0 for n in values}
    grads[graph[-1][0]] = 1.0
    for name, op, args in reversed(graph):
        d = _local(op, [values[q] for q in args])
        if op == 'sigmoid':
            d[0] = values[args[0]] * (1 - values[args[0]])
        for k, a in enumerate(args):
            grads[a] += d[k] * grads[name]
    return grads


def wrong__sum_local_wrong__matrices(graph, values):
    """d(x + y)/dx = x."""
    return _sweep(graph, values, add=lambda v: v)


def wrong__slope_of_tanh__matrices(graph, values):
    """1 - s**2."""
    return _sweep(graph, values, sigmoid=lambda v: [1 - _sigmoid(v[0]) ** 2])


def wrong__one_minus_a__matrices(graph, values):
    """1 - s."""
    return _sweep(graph, values, sigmoid=lambda v: [1 - _sigmoid(v[0])])


def wrong__list_reversed__loops(graph, values):
    """From the first node to the last: most gradients are still 0 when they are passed on."""
    grads = dict.fromkeys(values, 0.0)
    grads[graph[-1][0]] = 1.0
    for name, op, args in graph:
        for a, d in zip(args, _local(op, [values[q] for q in args]), strict=True):
            grads[a] += grads[name] * d
    return grads


def wrong__max_for_sum__loops(graph, values):
    """Where paths meet, the larger share stays."""
    shares = {n: [] for n in values}
    shares[graph[-1][0]].append(1.0)
    grads = {}
    for name, op, args in reversed(graph):
        grads[name] = max(shares[name], default=0.0)
        for a, d in zip(args, _local(op, [values[q] for q in args]), strict=True):
            shares[a].append(grads[name] * d)
    return {n: max(shares[n], default=0.0) for n in values}


def wrong__mean_for_sum__loops(graph, values):
    """Where paths meet, the mean of the shares."""
    shares = {n: [] for n in values}
    shares[graph[-1][0]] = [1.0]

    def mean(q):
        return sum(q) / len(q) if q else 0.0

    for name, op, args in reversed(graph):
        g = mean(shares[name])
        for a, d in zip(args, _local(op, [values[q] for q in args]), strict=True):
            shares[a].append(g * d)
    return {n: mean(q) for n, q in shares.items()}


def wrong__first_only__matrices(graph, values):
    """Only the first input of each node gets something."""
    grads = dict.fromkeys(values, 0.0)
    grads[graph[-1][0]] = 1.0
    for name, op, args in reversed(graph):
        grads[args[0]] += grads[name] * _local(op, [values[q] for q in args])[0]
    return grads


# ---------------------------------------------------------------- two at once

def pair__overwritten_where_paths_meet__own_factor__matrices(graph, values):
    """= for +=, and own factors."""
    grads = dict.fromkeys(values, 0.0)
    grads[graph[-1][0]] = 1.0
    for name, op, args in reversed(graph):
        for a, d in zip(args, _local(op, [values[q] for q in args], mul=lambda v: v), strict=True):
            grads[a] = grads[name] * d
    return grads


def pair__inverse_sign__max_to_both__matrices(graph, values):
    """No minus in the inverse, ones for max."""
    return _sweep(graph, values, inv=lambda v: [v[0] ** -2], max=lambda v: [1.0 for _ in v])


# ---------------------------------------------------------------- not in the catalogue

def outside__starts_with_the_value__matrices(graph, values):
    """The output's value as its own gradient."""
    grads = dict.fromkeys(values, 0.0)
    grads[graph[-1][0]] = float(values[graph[-1][0]])
    for name, op, args in reversed(graph):
        for a, d in zip(args, _local(op, [values[q] for q in args]), strict=True):
            grads[a] += grads[name] * d
    return grads


def outside__upstream_added__loops(graph, values):
    """Local derivative plus gradient from above."""
    grads = dict.fromkeys(values, 0.0)
    grads[graph[-1][0]] = 1.0
    for name, op, args in reversed(graph):
        for a, d in zip(args, _local(op, [values[q] for q in args]), strict=True):
            grads[a] += grads[name] + d
    return grads


def outside__every_node_starts_at_one__matrices(graph, values):
    """All gradients start at 1."""
    grads = dict.fromkeys(values, 1.0)
    for name, op, args in reversed(graph):
        for a, d in zip(args, _local(op, [values[q] for q in args]), strict=True):
            grads[a] += grads[name] * d
    return grads


def outside__first_node_missed__loops(graph, values):
    """range(len(graph) - 1, 0, -1) stops before the first node of the list."""
    grads = dict.fromkeys(values, 0.0)
    grads[graph[-1][0]] = 1.0
    for i in range(len(graph) - 1, 0, -1):
        name, op, args = graph[i]
        for a, d in zip(args, _local(op, [values[q] for q in args]), strict=True):
            grads[a] += grads[name] * d
    return grads


def outside__same_input_counted_once__matrices(graph, values):
    """set(args): x*x gives x once."""
    grads = dict.fromkeys(values, 0.0)
    grads[graph[-1][0]] = 1.0
    for name, op, args in reversed(graph):
        d = dict(zip(args, _local(op, [values[q] for q in args]), strict=True))
        for a in sorted(set(args)):
            grads[a] += grads[name] * d[a]
    return grads


def outside__whole_product__loops(graph, values):
    """The product's value for each of its factors."""
    grads = dict.fromkeys(values, 0.0)
    grads[graph[-1][0]] = 1.0
    for name, op, args in reversed(graph):
        d = _local(op, [values[q] for q in args])
        for k, a in enumerate(args):
            grads[a] += grads[name] * (values[name] if op == '*' else d[k])
    return grads


def outside__rounded_on_the_way__matrices(graph, values):
    """Each share rounded to two digits."""
    grads = dict.fromkeys(values, 0.0)
    grads[graph[-1][0]] = 1.0
    for name, op, args in reversed(graph):
        for a, d in zip(args, _local(op, [values[q] for q in args]), strict=True):
            grads[a] += round(grads[name] * d, 2)
    return grads


def outside__inverse_not_squared__matrices(graph, values):
    """-1/x."""
    return _sweep(graph, values, inv=lambda v: [-1 / v[0]])


def wrong__numeric_difference__central(graph, values):
    """Every node up and down, and the whole graph anew."""
    gates = {
        "+": lambda v: sum(v), "*": lambda v: math.prod(v), "max": max, "exp": lambda v: math.exp(v[0]),
        "inv": lambda v: 1 / v[0], "sigmoid": lambda v: 1 / (1 + math.exp(-v[0])),
    }

    def output(node, number):
        v = {**values, node: number}
        for name, op, args in graph:
            if name != node:
                v[name] = gates[op]([v[arg] for arg in args])
        return v[graph[-1][0]]

    return {node: (output(node, v + 1e-5) - output(node, v - 1e-5)) / 2e-5 for node, v in values.items()}
