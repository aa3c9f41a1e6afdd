r"""A graph of small gates is all that a network is: numbers flow up its edges, and derivatives flow back down them.

Write a formula with `Value`s and Python draws the graph. Every operation becomes a node; each of its edges remembers
the input it comes from and the *local* derivative. The chain rule is then one line, `x.grad += slope * node.grad`, and
its `+=` says that gradients add where paths meet.

What a gate computes and what it sends back stand side by side in one table, `RULES`. The graph and its compiled form
are both made from that table, so the two cannot disagree.

Shapes: a number is one value, shared by all samples; an array holds one entry per sample. All arrays of a graph have
one shape. The gradient of a number that meets arrays further up is the *sum* over the samples.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import NamedTuple

import numpy as np
from numpy import ndarray
from numpy.typing import ArrayLike, NDArray

Data = float | NDArray[np.float64]


class Rule(NamedTuple):
    """A gate of one or two inputs `a`, `b` and perhaps a constant `c`."""

    value: str  # what it computes: called `out` in the slopes
    slopes: tuple[str, ...]  # d out / d a, d out / d b: one for each input edge
    domain: str = ""  # where this is defined, if not everywhere


RULES = {
    "+": Rule("a + b", ("1.0", "1.0")),  # ADD passes the gradient on
    "-": Rule("a - b", ("1.0", "-1.0")),
    "*": Rule("a * b", ("b", "a")),  # MULT switches: each input gets the other's value
    "/": Rule("a / b", ("1.0 / b", "-out / b"), "b != 0"),
    "max": Rule("pick(a >= b, a, b)", ("pick(a >= b, 1.0, 0.0)", "pick(a >= b, 0.0, 1.0)")),  # MAX routes
    "+c": Rule("a + c", ("1.0",)),
    "*c": Rule("a * c", ("c",)),
    "/c": Rule("a / c", ("1.0 / c",), "c != 0"),
    "c/": Rule("c / a", ("-out / a",), "a != 0"),
    "**c": Rule(
        "a ** c",
        ("c * a ** (c - 1.0 if c else 0.0)",),
        "(a > 0) | (a == 0) & (c >= 1 or c == 0) | (a < 0) & (c % 1 == 0)",
    ),
    "exp": Rule("exp(a)", ("out",)),
    "log": Rule("log(a)", ("1.0 / a",), "a > 0"),
    "sigmoid": Rule("sigmoid(a)", ("out * (1.0 - out)",)),
    "tanh": Rule("tanh(a)", ("1.0 - out * out",)),
    "relu": Rule("relu(a)", ("step(a)",)),
    "sum": Rule("total(a)", ("like(a, 1.0)",)),  # over the samples
    "mean": Rule("total(a) / size(a)", ("like(a, 1.0 / size(a))",)),
}


def _total(a: Data) -> float:
    """Return the sum over all samples."""
    return float(np.add.reduce(a, axis=None))


def _sigmoid(a: Data) -> Data:
    """Return e^min(a, 0) / (1 + e^-|a|): the sigmoid, taking no exponential of a positive number."""
    return WORDS["exp"]((a - abs(a)) / 2.0) / (1.0 + WORDS["exp"](-abs(a)))


WORDS = {  # what the words of RULES mean, for an array and for a float (where `math` is ten times as fast as NumPy)
    "exp": lambda a: np.exp(a) if a.__class__ is ndarray else math.exp(a),
    "log": lambda a: np.log(a) if a.__class__ is ndarray else math.log(a),
    "tanh": lambda a: np.tanh(a) if a.__class__ is ndarray else math.tanh(a),
    "sigmoid": _sigmoid,
    "relu": lambda a: np.maximum(a, 0.0) if a.__class__ is ndarray else 0.0 if a <= 0.0 else a,
    "step": lambda a: (a > 0.0).astype(float) if a.__class__ is ndarray else 1.0 if a > 0.0 else 0.0,
    "pick": lambda where, a, b: np.where(where, a, b) if where.__class__ is ndarray else a if where else b,
    "every": lambda where: where.all() if where.__class__ is ndarray else where,
    "total": lambda a: _total(a) if a.__class__ is ndarray else a,
    "size": np.size,
    "like": lambda a, number: np.full_like(a, number) if a.__class__ is ndarray else number,
    "inner": lambda a, b: float(np.vdot(a, b)),
    "inf": math.inf,
    "nan": math.nan,
}


def _data(value: ArrayLike) -> Data:
    """Return a number as a float, samples as a new array of floats."""
    if value.__class__ is float:
        return value
    array = np.asarray(value)
    if array.dtype.kind not in "fiub":
        raise TypeError(f"a node holds a number or an array of numbers, not {value!r}")
    if not array.size:
        raise ValueError("an array of samples must not be empty")
    return array.astype(float) if array.ndim else float(array)


def _one_shape(*data: Data | None) -> None:
    """Raise ValueError unless all arrays among `data` have one shape."""
    shapes = {entry.shape for entry in data if entry.__class__ is ndarray}
    if len(shapes) > 1:
        raise ValueError(f"all arrays of samples need one shape, not {' and '.join(map(str, sorted(shapes)))}")


def _refusal(op: str, inputs: tuple[Value, ...], c: Data | None, fault: Exception) -> ValueError:
    """Return an error that names the gate and what it was given."""
    given = ", ".join(map(repr, inputs)) + ("" if c is None else f" with c = {c}")
    return ValueError(f"gate {op!r} of {given}: {fault}")


GATE = """
def gate({inputs}, c=None):
    try:
        {read}
        if a.__class__ is ndarray: one_shape({letters}, c)
        {check}
        out = {value}
    except (ArithmeticError, ValueError) as fault:
        raise refusal({op!r}, ({inputs},), c, fault) from None
    node = new(x.__class__)
    node.data, node.grad, node.edges = out, 0.0, ({edges},)
    node.op, node.constant, node.name, node.birth = {op!r}, c, "", next(births)
    return node
"""
_births = itertools.count()


def _gate(op: str) -> Callable[..., Value]:
    """Make the function (x, c) -> node or (x, y) -> node for a row of `RULES`."""
    value, slopes, domain = RULES[op]
    ends = "xy"[: len(slopes)]
    text = GATE.format(
        op=op,
        inputs=", ".join(ends),
        letters=", ".join("ab"[: len(slopes)]),
        read="; ".join(f"{a} = {x}.data" for a, x in zip("ab", ends, strict=False)),
        check=f"if not every({domain}): raise ValueError('needs {domain}')" if domain else "pass",
        value=value,
        edges=", ".join(f"({x}, {slope})" for x, slope in zip(ends, slopes, strict=True)),
    )
    names = {"ndarray": ndarray, "one_shape": _one_shape, "refusal": _refusal, "births": _births}
    exec(text, names := WORDS | names | {"new": object.__new__})
    return names["gate"]


GATES = {op: _gate(op) for op in RULES}


def _one(op: str, doc: str) -> Callable[[Value], Value]:
    """Make the method for a gate of one input."""
    gate = GATES[op]

    def method(self: Value) -> Value:
        return gate(self)

    method.__name__, method.__doc__ = op, doc
    return method


def _two(op: str) -> Callable[[Value, Value | ArrayLike], Value]:
    """Make the operator for a gate of two nodes, or of a node and a constant."""
    both, constant = GATES[op], GATES[op + "c"]

    def method(self: Value, other: Value | ArrayLike) -> Value:
        if isinstance(other, Value):
            return both(self, other)
        return constant(self, other if other.__class__ is float else _data(other))

    return method


class Value:
    r"""A node of the graph: an input, or what a gate computed.

    $$\partial f / \partial x = \sum_{\text{edges } x \to u} (\partial f / \partial u) (\partial u / \partial x)$$

    Operators `+ - * / **`, the methods below and `maximum` make new nodes. A number in a formula is no node but part of
    its gate, like the decks' `a x` and `c + x`. You may change an input (`w.data -= eta * w.grad`): what was computed
    from it stays until the formula is written again, or replayed by `compile`.

    Parameters
    ----------
    data : float or Array, any shape
        The number, or one number per sample.
    name : str
        What the node is called in its repr and in errors.

    Attributes
    ----------
    data, grad : float or Array
        The value, and the derivative of the last `backward` by it (0 before).
    edges : tuple of (Value, float or Array)
        The inputs, each with the local derivative that its edge multiplies a gradient with; empty for an input.
    op, constant : str; float, Array or None
        The gate, a key of `RULES` (empty for an input), and its `c`.

    Raises
    ------
    TypeError
        If `data` is neither a number nor an array of numbers.
    ValueError
        Where a gate is not defined (division by zero, log of a number that is not positive), or arrays differ in shape.

    References
    ----------
    Deck 000 (Vetter, Kraus, Höfle), "Backpropagation Beispiel", "Sigmoid Gate", "ADD-Gate: Gradient weiterleiten",
    "MULT-Gate: Gradient Switcher", "Zurückfließende Gradienten in einem Netz werden addiert"; deck 002, "Computation
    Graph Backprop". Deck 000 prints -1 * (-0.19) = 0.20 for 0.196612: see errata E30.

    Examples
    --------
    >>> x, y, z = Value(-2, "x"), Value(5, "y"), Value(-4, "z")
    >>> f = (x + y) * z
    >>> f.backward()
    >>> x, y, z, f.data
    (Value(x = -2.0, grad = -4.0), Value(y = 5.0, grad = -4.0), Value(z = -4.0, grad = 3.0), -12.0)

    The neuron with sigmoid activation, in the decks' four gates `a x`, `e^x`, `c + x`, `1 / x`:

    >>> w, x = [Value(2), Value(-3), Value(-3)], [Value(-1), Value(-2)]
    >>> out = 1 / (1 + (-(w[0] * x[0] + w[1] * x[1] + w[2])).exp())
    >>> out.backward()
    >>> round(out.data, 6), [round(v.grad, 6) for v in w], [round(v.grad, 6) for v in x]
    (0.731059, [-0.196612, -0.393224, 0.196612], [0.393224, -0.589836])
    """

    __slots__ = ("birth", "constant", "data", "edges", "grad", "name", "op")
    __array_ufunc__ = None  # an array leaves `array * node` to the node

    def __init__(self, data: ArrayLike, name: str = "") -> None:
        self.data, self.grad, self.edges = _data(data), 0.0, ()
        self.op, self.constant, self.name, self.birth = "", None, name, next(_births)

    def __repr__(self) -> str:
        return f"Value({self.label + ' = ' if self.label else ''}{self.data}, grad = {self.grad})"

    @property
    def label(self) -> str:
        """The name if there is one, else the gate, its constant filled in."""
        if self.name or self.constant is None:
            return self.name or self.op
        return self.op.replace("c", f"{self.constant:g}" if self.constant.__class__ is float else "[...]")

    @property
    def inputs(self) -> tuple[Value, ...]:
        """The nodes at the lower ends of the edges."""
        return tuple(x for x, _ in self.edges)

    @property
    def local(self) -> tuple[Data, ...]:
        """The local derivatives, one for each of `inputs`."""
        return tuple(slope for _, slope in self.edges)

    __add__ = __radd__ = _two("+")
    __mul__ = __rmul__ = _two("*")
    __truediv__ = _two("/")
    exp = _one("exp", "Return e to the power of this node.")
    log = _one("log", "Return the natural logarithm.")
    sigmoid = _one("sigmoid", "Return 1 / (1 + exp(-x)): one gate for the decks' four.")
    tanh = _one("tanh", "Return the hyperbolic tangent.")
    relu = _one("relu", "Return max(0, x); the slope at 0 is 0.")
    sum = _one("sum", "Return the sum over all samples: a number.")
    mean = _one("mean", "Return the mean over all samples: a number.")

    def __neg__(self) -> Value:
        return self * -1.0

    def __sub__(self, other: Value | ArrayLike) -> Value:
        return GATES["-"](self, other) if isinstance(other, Value) else self + -_data(other)

    def __rsub__(self, other: ArrayLike) -> Value:
        return -self + other

    def __rtruediv__(self, other: ArrayLike) -> Value:
        return GATES["c/"](self, _data(other))

    def __pow__(self, exponent: float) -> Value:
        if not isinstance(exponent, int | float | np.integer | np.floating):
            raise TypeError(f"{self!r}: the exponent has to be a number, not {exponent!r}; x^y is (y * x.log()).exp()")
        return GATES["**c"](self, float(exponent))

    def max(self, *others: Value | ArrayLike) -> Value:
        """Return the largest of this node and the others: see `maximum`."""
        return maximum(self, *others)

    def backward(self) -> None:
        """Set `grad` of every node below to the derivative of this node by it.

        Gradients below are set to zero first: calling it twice gives the same, and what another output has left in a
        shared input is replaced. If this node holds samples, their sum is differentiated.

        Examples
        --------
        >>> x = Value(3.0)
        >>> (x * x).backward()
        >>> x.grad
        6.0
        """
        order = topological_order(self)
        for node in order:
            node.grad = 0.0
        self.grad = WORDS["like"](self.data, 1.0)
        for node in reversed(order):
            grad = node.grad
            for x, slope in node.edges:
                part = slope * grad
                if part.__class__ is ndarray and x.data.__class__ is float:  # all samples share this number
                    part = _total(part)
                x.grad += part


def maximum(*values: Value | ArrayLike) -> Value:
    """Return the largest value, entry by entry; the gradient goes to it alone, in a tie to the first.

    Raises
    ------
    ValueError
        If there is nothing to choose from.

    References
    ----------
    Deck 000 (Vetter, Kraus, Höfle), "MAX-Gate: Gradient Router".

    Examples
    --------
    >>> x, y = Value(2.0), Value(-1.0)
    >>> maximum(x, y).backward()
    >>> x.grad, y.grad
    (1.0, 0.0)
    """
    if not values:
        raise ValueError("maximum needs at least one value")
    first, *others = (value if isinstance(value, Value) else Value(value) for value in values)
    for other in others:
        first = GATES["max"](first, other)
    return first


def topological_order(output: Value) -> list[Value]:
    """Return `output` and every node below it, each after all of its inputs.

    A node is born after its inputs, so the order of birth will do. Nothing here calls itself, so a graph may be deeper
    than Python's stack.

    References
    ----------
    Deck 002, "Computation Graph Backprop" (topological sorting).

    Examples
    --------
    >>> x = Value(3.0, "x")
    >>> [node.label for node in topological_order((2 * x).exp() + x)]
    ['x', '*2', 'exp', '+']
    """
    found, nodes = {output}, [output]
    for node in nodes:  # grows on the way
        for x, _ in node.edges:
            if x not in found:
                found.add(x)
                nodes.append(x)
    return sorted(nodes, key=attrgetter("birth"))


def forward_mode(output: Value, wrt: Value) -> dict[Value, Data]:
    r"""Return the derivative of every node below `output` by the one node `wrt`.

    $$\dot u = \sum_{\text{edges } x \to u} (\partial u / \partial x)\, \dot x, \quad \dot{wrt} = 1$$

    A sweep *up* the graph gives all nodes by one input; a sweep down, `backward`, gives one output by all inputs. A
    network has one loss and a million weights: that is why it is trained backwards.

    Parameters
    ----------
    output, wrt : Value
        The last node of the graph, and the node that is moved (all its samples alike).

    Returns
    -------
    derivatives : dict, Value -> float or Array
        d node / d wrt, for each sample where the node holds samples; 0 where `wrt` does not reach.

    Raises
    ------
    ValueError
        If `wrt` is not below `output`.

    Examples
    --------
    >>> x, y, z = Value(-2), Value(5), Value(-4)
    >>> q = x + y
    >>> f = q * z
    >>> derivatives = forward_mode(f, x)
    >>> derivatives[q], derivatives[f], derivatives[z]
    (1.0, -4.0, 0.0)
    """
    order, moved = topological_order(output), {}
    if wrt not in order:
        raise ValueError(f"{wrt!r} is not in the graph of {output!r}")
    for node in order:
        total = WORDS["like"](node.data, 0.0)
        for x, slope in node.edges:
            part = slope * moved[x]
            total = total + (WORDS["total"](part) if node.data.__class__ is float else part)
        moved[node] = WORDS["like"](node.data, 1.0) if node is wrt else total
    return moved


class Compiled:
    """A recorded graph as straight-line Python, forward and reverse: made by `compile`.

    For each pattern of numbers and samples among the inputs, one function is written when it is first needed.
    """

    def __init__(self, output: Value, inputs: Sequence[Value]) -> None:
        self._order, self._inputs, self._functions = topological_order(output), tuple(inputs), {}
        below, moving = set(self._order), set(self._inputs)
        if not self._inputs or len(moving) < len(self._inputs):
            raise ValueError("compile needs at least one input, and each of them once")
        for x in moving:
            if x not in below or x.edges:
                raise ValueError(f"{x!r} is {'computed in' if x.edges else 'not an input of'} the graph of {output!r}")
        for node in self._order:  # what depends on an input is replayed; everything else keeps its value
            if not moving.isdisjoint(node.inputs):
                moving.add(node)
        self._moving = moving
        self._kept = [node.data for node in self._order if node not in moving] + [x.constant for x in self._order]
        self._kept = [entry for entry in self._kept if entry.__class__ is ndarray]

    def run(self, *values: ArrayLike) -> tuple[Data, tuple[Data, ...]]:
        """Return the output and its derivatives by all inputs, for new values of the inputs.

        Parameters
        ----------
        *values : float or Array
            One per input, in the order given to `compile`; each a number or samples, whatever it was when recorded.

        Returns
        -------
        value : float or Array
            The output.
        gradients : tuple of float or Array, each of the shape of its input
            d output / d input; of the sum over the samples if the output holds samples.

        Raises
        ------
        ValueError
            If the number of values or the shapes of arrays do not fit, or a gate is not defined.
        """
        if len(values) != len(self._inputs):
            raise ValueError(f"run needs {len(self._inputs)} values, not {len(values)}")
        data = [_data(value) for value in values]
        _one_shape(*data, *self._kept)
        kinds = tuple([entry.__class__ is ndarray for entry in data])
        if kinds not in self._functions:
            text, arrays = self._write(kinds)
            exec(text, names := WORDS | arrays)
            self._functions[kinds] = names["replay"]
        return self._functions[kinds](*data)

    def source(self, *kinds: bool) -> str:
        """Return the Python text that `run` executes; `kinds` says for each input whether it holds samples."""
        return self._write(kinds or (False,) * len(self._inputs))[0]

    def _write(self, kinds: tuple[bool, ...]) -> tuple[str, dict[str, Data]]:
        """Return the text of the function, and the arrays that it uses by name."""
        called = {x: f"v{i}" for i, x in enumerate(self._inputs)}  # node -> its name in the text
        samples = dict(zip(self._inputs, kinds, strict=True))  # node -> whether it holds samples
        constants, arrays, lines = {}, {}, [f"def replay({', '.join(called.values())}):"]

        def kept(data: Data | None) -> str:
            if data.__class__ is not ndarray:
                return f"({data!r})"
            arrays[name := f"k{len(arrays)}"] = data
            return name

        def fill(formula: str, node: Value) -> str:
            a, b = called[node.inputs[0]], called[node.inputs[-1]]
            words = {"a": a, "b": b, "c": constants[node], "out": called[node]}
            return re.sub(r"\b(a|b|c|out)\b", lambda match: words[match[0]], formula)

        for node in self._order:
            if node not in self._moving:
                called[node], samples[node] = kept(node.data), node.data.__class__ is ndarray
            elif node.edges:
                value, _, domain = RULES[node.op]
                called[node], constants[node] = f"v{len(called)}", kept(node.constant)
                arrive = any(samples[x] for x in node.inputs) or node.constant.__class__ is ndarray
                samples[node] = arrive and node.op not in ("sum", "mean")
                if domain:
                    needs = f"gate {node.op!r}, {fill(value, node)}: needs {fill(domain, node)}"
                    lines.append(f"if not every({fill(domain, node)}): raise ValueError({needs!r})")
                lines.append(f"{called[node]} = {fill(value, node)}")

        output, grad = self._order[-1], {node: f"g{name[1:]}" for node, name in called.items() if node in self._moving}
        begun = {output}
        lines.append(f"{grad[output]} = like({called[output]}, 1.0)")
        for node in reversed(constants):
            for x, slope in zip(node.inputs, RULES[node.op].slopes, strict=True):
                if x not in grad:
                    continue
                shared = samples[node] and not samples[x]  # all samples share this number
                if slope in ("1.0", "-1.0"):
                    part = slope[:-3] + (f"total({grad[node]})" if shared else grad[node])
                elif shared:
                    part = f"inner({fill(slope, node)}, {grad[node]})"
                else:
                    part = f"({fill(slope, node)}) * {grad[node]}"
                lines.append(f"{grad[x]} = {grad[x] + ' + ' if x in begun else ''}{part}")
                begun.add(x)
        gradients = ", ".join(grad[x] + ".copy()" * samples[x] for x in self._inputs)  # of two inputs: never one array
        lines.append(f"return {called[output]}, ({gradients},)")
        return "\n    ".join(lines), arrays


def compile(output: Value, inputs: Sequence[Value]) -> Compiled:
    """Record the graph below `output` once, to be replayed for new values of `inputs` without building a node.

    Parameters
    ----------
    output : Value
        What is computed and differentiated.
    inputs : sequence of Value
        The inputs that get new values; all other inputs keep the values they have now.

    Returns
    -------
    compiled : Compiled
        `run(*values)` returns the output and all gradients; `source()` is the Python that it runs.

    Raises
    ------
    ValueError
        If there are no inputs, or one of them is not in the graph, is computed by it, or is named twice.

    Examples
    --------
    >>> x, y, z = Value(-2), Value(5), Value(-4)
    >>> f = compile((x + y) * z, [x, y, z])
    >>> f.run(-2, 5, -4)
    (-12.0, (-4.0, -4.0, 3.0))

    Samples of `x` share the numbers `y` and `z`, whose gradients are sums:

    >>> f.run([-2.0, -1.0], 5, -4)
    (array([-12., -16.]), (array([-4., -4.]), -8.0, 7.0))
    >>> print(f.source())
    def replay(v0, v1, v2):
        v3 = v0 + v1
        v4 = v3 * v2
        g4 = like(v4, 1.0)
        g3 = (v2) * g4
        g2 = (v3) * g4
        g0 = g3
        g1 = g3
        return v4, (g0, g1, g2,)
    """
    return Compiled(output, inputs)
