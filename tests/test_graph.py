"""The graph against functions that know nothing of it: complex steps, central differences, and the decks' numbers."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bplib.gradcheck import central_difference, complex_step
from bplib.graph import RULES, Value, compile, forward_mode, maximum, topological_order


def grads(f, *numbers):
    """Value of f and its derivatives by all of its arguments, from the graph."""
    inputs = [Value(number) for number in numbers]
    output = f(*inputs)
    output.backward()
    return output.data, [x.grad for x in inputs]


# name: (the formula on nodes, the same in plain NumPy on complex numbers, where)
FORMULAS = {
    "add": (lambda x, y: x + y, lambda x, y: x + y, (2.0, -3.0)),
    "subtract": (lambda x, y: x - y, lambda x, y: x - y, (2.0, -3.0)),
    "multiply": (lambda x, y: x * y, lambda x, y: x * y, (2.0, -3.0)),
    "divide": (lambda x, y: x / y, lambda x, y: x / y, (2.0, -3.0)),
    "max": (lambda x, y: x.max(y), lambda x, y: x if x.real >= y.real else y, (2.0, -3.0)),
    "max, second": (lambda x, y: x.max(y), lambda x, y: x if x.real >= y.real else y, (-3.0, 2.0)),
    "constants": (lambda x: 3 + (2 * x - 1) / 4 - (x * 5 + 1), lambda x: 3 + (2 * x - 1) / 4 - (x * 5 + 1), (0.3,)),
    "from constants": (lambda x: (2 - x) + 3 / x, lambda x: (2 - x) + 3 / x, (0.7,)),
    "square": (lambda x: x**2, lambda x: x * x, (-1.5,)),
    "cube at zero": (lambda x: x**3, lambda x: x * x * x, (0.0,)),
    "power zero": (lambda x: x**0, lambda x: 1 + 0 * x, (0.0,)),
    "power one": (lambda x: x**1, lambda x: x, (0.0,)),
    "inverse": (lambda x: x**-1, lambda x: 1 / x, (-1.5,)),
    "root": (lambda x: x**0.5, np.sqrt, (1.7,)),
    "negative": (lambda x: -x, lambda x: -x, (2.0,)),
    "exp": (lambda x: x.exp(), np.exp, (0.3,)),
    "log": (lambda x: x.log(), np.log, (0.3,)),
    "sigmoid": (lambda x: x.sigmoid(), lambda x: 1 / (1 + np.exp(-x)), (1.0,)),
    "sigmoid, negative": (lambda x: x.sigmoid(), lambda x: 1 / (1 + np.exp(-x)), (-2.0,)),
    "tanh": (lambda x: x.tanh(), np.tanh, (0.4,)),
    "relu": (lambda x: x.relu(), lambda x: x, (0.4,)),
    "relu, off": (lambda x: x.relu(), lambda x: 0 * x, (-0.4,)),
    "sum of one": (lambda x: x.sum() * 2, lambda x: 2 * x, (0.4,)),
    "mean of one": (lambda x: x.mean() * 2, lambda x: 2 * x, (0.4,)),
    "meeting paths": (lambda x, y: (x * y + x) * (x * y).tanh(), lambda x, y: (x * y + x) * np.tanh(x * y), (0.4, 0.9)),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_every_gate_in_every_mode(name):
    f, plain, at = FORMULAS[name]
    expected = plain(*at)
    slopes = complex_step(lambda x: plain(*x), np.array(at))
    value, gradients = grads(f, *at)
    assert value == pytest.approx(expected, rel=1e-15)
    np.testing.assert_allclose(gradients, slopes, rtol=1e-14, atol=1e-14)
    np.testing.assert_allclose(slopes, central_difference(lambda x: plain(*x), np.array(at)), rtol=1e-7, atol=1e-8)

    inputs = [Value(number) for number in at]
    output = f(*inputs)
    forward = [forward_mode(output, x)[output] for x in inputs]
    np.testing.assert_allclose(forward, gradients, rtol=1e-14)
    value_again, compiled = compile(output, inputs).run(*at)
    assert (value_again, list(compiled)) == (value, gradients)
    assert all(type(number) is float for number in (value, *gradients, *forward, value_again, *compiled))


def test_every_gate_is_tested():
    met = {
        node.op for f, _, at in FORMULAS.values() for node in topological_order(f(*(Value(number) for number in at)))
    }
    assert met - {""} == set(RULES)


def test_the_decks_first_graph():
    x, y, z = Value(-2, "x"), Value(5, "y"), Value(-4, "z")
    q = x + y
    f = q * z
    f.backward()
    assert [v.data for v in (q, f)] == [3.0, -12.0]
    assert [v.grad for v in (x, y, z, q, f)] == [-4.0, -4.0, 3.0, -4.0, 1.0]
    assert f.local == (-4.0, 3.0)
    assert f.inputs == (q, z)
    assert q.local == (1.0, 1.0)


def neuron(w0, w1, w2, x0, x1):
    return w0 * x0 + w1 * x1 + w2


def test_the_decks_neuron_in_one_gate_and_in_four():
    at = (2, -3, -3, -1, -2)
    expected = [-0.196612, -0.393224, 0.196612, 0.393224, -0.589836]
    value, one = grads(lambda *v: neuron(*v).sigmoid(), *at)
    assert value == pytest.approx(0.731059, abs=5e-7)
    assert one == pytest.approx(expected, abs=5e-7)
    assert grads(lambda *v: 1 / (1 + (-neuron(*v)).exp()), *at)[1] == pytest.approx(one, rel=1e-14)


def test_the_decks_four_gates_one_by_one():
    net = Value(1.0)
    chain = topological_order(1 / (1 + (-net).exp()))
    chain[-1].backward()
    assert [node.label for node in chain] == ["", "*-1", "exp", "+1", "1/"]
    assert [node.data for node in chain] == pytest.approx([1, -1, 0.367879, 1.367879, 0.731059], abs=5e-7)
    assert [node.grad for node in chain] == pytest.approx([0.196612, -0.196612, -0.534447, -0.534447, 1], abs=5e-7)


def test_the_decks_exercise():
    value, gradients = grads(
        lambda w0, w1, w2, w3, x0, x1, x2: (w0 * x0 + w1 * x1 + w2 * x2 + w3).sigmoid(), -1, 2, -2, 4, 2, 4, 3
    )
    assert value == pytest.approx(0.982014, abs=5e-7)
    expected = [0.0353254, 0.0706508, 0.0529881, 0.0176627, -0.0176627, 0.0353254, -0.0353254]
    assert gradients == pytest.approx(expected, abs=5e-8)


def test_gradients_add_where_paths_meet():
    assert grads(lambda x: x * x, 3.0) == (9.0, [6.0])
    assert grads(lambda x: x + x, 3.0) == (6.0, [2.0])
    assert grads(lambda x: (2 * x) * (x + 1), 3.0) == (24.0, [14.0])  # a diamond: 2 (x + 1) + 2 x


def test_a_tie_goes_to_the_first_and_the_largest_takes_all():
    assert grads(lambda x, y: maximum(x, y), 1.0, 1.0)[1] == [1.0, 0.0]
    assert grads(lambda x, y, z: 3 * maximum(x, y, z), 1.0, 2.0, 2.0) == (6.0, [0.0, 3.0, 0.0])
    assert grads(lambda x: x.max(0), -1.0) == (0.0, [0.0])
    assert grads(lambda x: maximum(x), -1.0) == (-1.0, [1.0])
    assert grads(lambda x: x.relu(), 0.0) == (0.0, [0.0])


def test_micrograds_demo():
    a, b = Value(-4.0), Value(2.0)
    c = a + b
    d = a * b + b**3
    c = c + c + 1
    c = c + 1 + c + (-a)
    d = d + d * 2 + (b + a).relu()
    d = d + 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g = g + 10.0 / f
    g.backward()
    assert round(g.data, 4) == 24.7041
    assert round(a.grad, 4) == 138.8338
    assert round(b.grad, 4) == 645.5773


def test_backward_twice_gives_the_same_and_replaces_what_another_output_left():
    x = Value(3.0)
    f, g = x * x, 5 * x
    f.backward()
    f.backward()
    assert x.grad == 6.0
    g.backward()
    assert x.grad == 5.0
    f.backward()
    assert x.grad == 6.0


def test_python_sums_nodes():
    xs = [Value(float(i)) for i in range(4)]
    total = sum(xs)
    total.backward()
    assert total.data == 6.0
    assert [x.grad for x in xs] == [1.0] * 4


def test_a_graph_deeper_than_the_stack():
    x = Value(1.0)
    node = x
    for _ in range(100_000):
        node = node + x
    node.backward()
    assert (node.data, x.grad) == (100_001.0, 100_001.0)
    assert forward_mode(node, x)[node] == 100_001.0


def test_a_deep_graph_compiles():
    x = Value(1.0)
    node = x
    for _ in range(5_000):
        node = node + x
    assert compile(node, [x]).run(2.0) == (10_002.0, (5_001.0,))


def test_every_node_comes_after_its_inputs():
    x, y = Value(1.0), Value(2.0)
    f = ((x + y) * x).exp() / (y + x * x)
    order = topological_order(f)
    place = {node: i for i, node in enumerate(order)}
    assert order[-1] is f
    assert all(place[x] < place[node] for node in order for x in node.inputs)
    assert len(order) == len(set(order)) == 8


def test_forward_mode_from_a_node_in_the_middle():
    x = Value(3.0)
    q = x * x
    f = q * x
    derivatives = forward_mode(f, q)
    assert [derivatives[node] for node in (x, q, f)] == [0.0, 1.0, 3.0]


# --- samples -----------------------------------------------------------------------------------------------------


def loss_of(w, b, x, t):
    """Mean squared error of one neuron with weight decay: numbers w, b meet samples x, t, and each other."""
    return ((w * x + b).tanh() - t) ** 2, 0.1 * (w * w)


@pytest.fixture
def samples():
    rng = np.random.default_rng(3)
    return rng.normal(size=7), rng.normal(size=7)


def plain_loss(theta, x, t):
    return ((np.tanh(theta[0] * x + theta[1]) - t) ** 2).mean() + 0.1 * theta[0] ** 2


def test_a_number_shared_by_all_samples_gets_the_sum(samples):
    w, b, x, t = Value(0.5), Value(-0.2), Value(samples[0]), Value(samples[1])
    error, decay = loss_of(w, b, x, t)
    loss = error.mean() + decay
    loss.backward()
    expected = complex_step(lambda theta: plain_loss(theta, *samples), np.array([0.5, -0.2]))
    np.testing.assert_allclose([w.grad, b.grad], expected, rtol=1e-13)
    expected = complex_step(lambda at: plain_loss((0.5, -0.2), at, samples[1]), samples[0])
    np.testing.assert_allclose(x.grad, expected, rtol=1e-13)
    assert x.grad.shape == t.grad.shape == error.grad.shape == (7,)
    assert type(w.grad) is type(b.grad) is type(decay.grad) is float
    derivatives = forward_mode(loss, w)
    assert derivatives[loss] == pytest.approx(w.grad, rel=1e-13)
    assert derivatives[error].shape == (7,)


def test_samples_are_the_single_graphs_side_by_side(samples):
    def f(w, x):
        return maximum(w * x, x.relu(), -0.3 - x) * (x * x + 1).log() / (2 + x.sigmoid().exp()) - w

    x = np.array([0.3, -0.4, 1.2, -2.0, 3.0])
    value, (dw, dx) = grads(f, 0.7, x)
    one_by_one = [grads(f, 0.7, number) for number in x]
    np.testing.assert_allclose(value, [v for v, _ in one_by_one], rtol=1e-14)
    np.testing.assert_allclose(dx, [g[1] for _, g in one_by_one], rtol=1e-13)
    assert dw == pytest.approx(sum(g[0] for _, g in one_by_one), rel=1e-13)


def test_an_output_of_samples_is_summed():
    x = np.array([1.0, 2.0, 3.0])
    value, (dw, dx) = grads(lambda w, x: w * x, 5.0, x)
    np.testing.assert_array_equal(value, 5 * x)
    assert dw == 6.0
    np.testing.assert_array_equal(dx, [5.0, 5.0, 5.0])
    assert grads(lambda w, x: (w * x).sum(), 5.0, x)[1][0] == 6.0
    assert grads(lambda w, x: (w * x).mean(), 5.0, x)[1][0] == 2.0


def test_arrays_as_constants_on_either_side():
    x = np.array([1.0, 2.0, 3.0])
    for f in (lambda w: w * x, lambda w: x * w, lambda w: w / (1 / x)):
        value, (dw,) = grads(f, 5.0)
        np.testing.assert_allclose(value, 5 * x)
        assert dw == pytest.approx(6.0)
    value, (dw,) = grads(lambda w: x - w, 5.0)
    np.testing.assert_array_equal(value, x - 5)
    assert dw == -3.0
    assert grads(lambda w: np.float64(2) * w, 5.0) == (10.0, [2.0])


def test_backward_does_not_share_arrays_between_nodes():
    x, y = Value(np.ones(3)), Value(np.ones(3))
    f = x + y
    f.backward()
    x.grad += 10.0
    assert y.grad.tolist() == f.grad.tolist() == [1.0] * 3
    mine = np.ones(3)
    x = Value(mine)
    mine[:] = 7.0
    assert x.data.tolist() == [1.0] * 3


# --- compiled ----------------------------------------------------------------------------------------------------


def test_compiled_is_the_graph_for_numbers_and_samples_in_any_place(samples):
    inputs = [Value(number) for number in (0.5, -0.2, 1.0, 2.0)]
    error, decay = loss_of(*inputs)
    for output, f in [
        (error.mean() + decay, lambda *v: loss_of(*v)[0].mean() + loss_of(*v)[1]),
        (error + decay, lambda *v: loss_of(*v)[0] + loss_of(*v)[1]),
    ]:
        compiled = compile(output, inputs)
        for at in [
            (0.3, 0.1, *samples),
            (0.3, 0.1, 2.0, 1.0),
            (samples[0], 0.1, 0.4, samples[1]),
            (*samples, 1.0, 0.0),
        ]:
            value, gradients = compiled.run(*at)
            expected, expected_gradients = grads(f, *at)
            np.testing.assert_allclose(value, expected, rtol=1e-13)
            for mine, theirs, entry in zip(gradients, expected_gradients, at, strict=True):
                np.testing.assert_allclose(mine, theirs, rtol=1e-12)
                assert np.shape(mine) == np.shape(entry)


def test_compiled_leaves_the_graph_alone_and_keeps_what_is_no_input():
    x, k = Value(2.0), Value(10.0)
    f = (k * k + 1) * x + np.array([1.0, 2.0])
    compiled = compile(f, [x])
    k.data = 0.0
    x.data = 77.0
    value, (dx,) = compiled.run(3)
    np.testing.assert_array_equal(value, [304.0, 305.0])
    assert dx == 202.0
    assert (x.grad, f.grad) == (0.0, 0.0)
    assert f.data.tolist() == [203.0, 204.0]


def test_compiled_results_are_fresh_arrays():
    x, y = Value(1.0), Value(1.0)
    compiled = compile(x + y, [x, y])
    at = np.ones(3)
    value, (dx, dy) = compiled.run(at, at)
    value += 5.0
    dx += 5.0
    assert at.tolist() == dy.tolist() == compiled.run(at, at)[1][0].tolist() == [1.0] * 3


def test_the_source_can_be_read():
    x, y, z = Value(-2), Value(5), Value(-4)
    f = compile((x + y) * z, [x, y, z])
    assert "v4 = v3 * v2" in f.source()
    assert "inner(v3, g4)" in f.source(True, False, False)


def test_an_input_may_be_the_output():
    x = Value(2.0)
    assert compile(x, [x]).run(3.0) == (3.0, (1.0,))


# --- random graphs -----------------------------------------------------------------------------------------------

STEPS = {  # a step of a random program: on nodes, on complex numbers
    "+": (lambda a, b: a + b, lambda a, b: a + b),
    "-": (lambda a, b: a - b, lambda a, b: a - b),
    "*": (lambda a, b: a * b, lambda a, b: a * b),
    "/": (lambda a, b: a / (b * b + 1), lambda a, b: a / (b * b + 1)),
    "max": (maximum, lambda a, b: np.where(np.real(a) >= np.real(b), a, b)),
    "tanh": (lambda a, b: a.tanh(), lambda a, b: np.tanh(a)),
    "exp": (lambda a, b: a.tanh().exp(), lambda a, b: np.exp(np.tanh(a))),
    "log": (lambda a, b: (a**2 + 0.5).log(), lambda a, b: np.log(a * a + 0.5)),
    "sigmoid": (lambda a, b: (a - 1).sigmoid(), lambda a, b: 1 / (1 + np.exp(1 - a))),
    "relu": (lambda a, b: a.relu(), lambda a, b: np.where(np.real(a) > 0, a, 0)),
    "c": (lambda a, b: 0.5 - 2 * a / 3, lambda a, b: 0.5 - 2 * a / 3),
}
PROGRAMS = st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 30), st.integers(0, 30)), max_size=14)
NUMBERS = st.floats(-2, 2).map(lambda number: round(number, 3))


def carry_out(program, inputs, side):
    """The last of all values of a program, each step taking any two values before it; it depends on every input."""
    values = list(inputs)
    for op, i, j in program:
        values.append(STEPS[op][side](values[i % len(values)], values[j % len(values)]))
    return sum(values[:3]) * 0.25 + values[-1]


def off_the_kinks(output):
    """Whether no gate of the graph sits where its slope jumps: there is no right derivative to compare with."""
    gaps = {"max": lambda a, b: abs(a - b), "relu": abs}
    nodes = [
        node for node in topological_order(output) if node.op in gaps and len(set(node.inputs)) == len(node.inputs)
    ]
    return all(gaps[node.op](*(x.data for x in node.inputs)) > 1e-9 for node in nodes)


@settings(max_examples=150, deadline=None)
@given(PROGRAMS, st.tuples(NUMBERS, NUMBERS, NUMBERS))
def test_random_graphs_agree_with_the_complex_step(program, at):
    assume(off_the_kinks(carry_out(program, [Value(number) for number in at], 0)))
    value, gradients = grads(lambda *v: carry_out(program, v, 0), *at)
    assume(abs(value) < 1e6 and max(map(abs, gradients)) < 1e6)
    scale = 1 + max(map(abs, gradients))
    expected = complex_step(lambda x: complex(carry_out(program, list(x), 1)), np.array(at))
    np.testing.assert_allclose(gradients, expected, rtol=1e-9, atol=1e-9 * scale)

    inputs = [Value(number) for number in at]
    output = carry_out(program, inputs, 0)
    forward = [forward_mode(output, x)[output] for x in inputs]
    np.testing.assert_allclose(forward, gradients, rtol=1e-9, atol=1e-9 * scale)
    again, compiled = compile(output, inputs).run(*at)
    assert again == value
    np.testing.assert_allclose(compiled, gradients, rtol=1e-12, atol=1e-12 * scale)


@settings(max_examples=60, deadline=None)
@given(PROGRAMS, st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=4), NUMBERS)
def test_random_graphs_on_samples(program, pairs, shared):
    assume(all(off_the_kinks(carry_out(program, [Value(v) for v in (shared, *pair)], 0)) for pair in pairs))
    x, y = np.array(pairs).T
    one_by_one = [grads(lambda *v: carry_out(program, v, 0), shared, *pair) for pair in pairs]
    assume(all(np.isfinite(v) and max(map(abs, [v, *g])) < 1e6 for v, g in one_by_one))
    scale = 1 + max(max(map(abs, g)) for _, g in one_by_one)
    inputs = [Value(0.1) for _ in range(3)]
    compiled = compile(carry_out(program, inputs, 0), inputs)
    for value, (dw, dx, dy) in (grads(lambda *v: carry_out(program, v, 0), shared, x, y), compiled.run(shared, x, y)):
        np.testing.assert_allclose(value, [v for v, _ in one_by_one], rtol=1e-9, atol=1e-9 * scale)
        np.testing.assert_allclose(dw, sum(g[0] for _, g in one_by_one), rtol=1e-9, atol=1e-9 * scale)
        np.testing.assert_allclose([dx, dy], np.transpose([g[1:] for _, g in one_by_one]), rtol=1e-9, atol=1e-9 * scale)


# --- what is refused ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("exponent", ["2", None, Value(2.0), [1, 2], 1j])
def test_an_exponent_is_a_number(exponent):
    with pytest.raises(TypeError, match=r"x = 3\.0.*exponent"):
        Value(3.0, "x") ** exponent


@pytest.mark.parametrize("data", ["3", None, 1j, [None], Value(1.0)])
def test_data_are_numbers(data):
    with pytest.raises(TypeError, match="a number or an array of numbers"):
        Value(data)


OUTSIDE = {
    "log of zero": (lambda x: x.log(), 0.0, "log"),
    "log of a negative number": (lambda x: x.log(), -1.0, "log"),
    "division by a node": (lambda x: x / Value(0.0, "nought"), 1.0, "nought"),
    "division by a number": (lambda x: x / 0, 1.0, "/c"),
    "division of a number": (lambda x: 1 / x, 0.0, "c/"),
    "negative power of zero": (lambda x: x**-1, 0.0, r"\*\*c"),
    "root of a negative number": (lambda x: x**0.5, -1.0, r"\*\*c"),
    "root at zero": (lambda x: x**0.5, 0.0, r"\*\*c"),
    "exp beyond all floats": (lambda x: x.exp(), 1000.0, "exp"),
}


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_gate_outside_its_domain_is_named_with_its_input(name):
    f, at, word = OUTSIDE[name]
    with pytest.raises(ValueError, match=word) as caught:
        f(Value(at, "theta"))
    assert f"theta = {at}" in str(caught.value)
    if "exp" not in name:
        with pytest.raises(ValueError, match=word):
            f(Value(np.array([1.0, at] if at else [1.0, 0.0]), "theta"))


def test_compiled_gates_have_the_same_domain():
    x = Value(1.0, "x")
    compiled = compile(x.log() / x, [x])
    for at in (0.0, -1.0, [1.0, 0.0]):
        with pytest.raises(ValueError, match=r"log\(v0\): needs v0 > 0"):
            compiled.run(at)


def test_max_of_nothing():
    with pytest.raises(ValueError, match="at least one"):
        maximum()


def test_samples_of_different_shapes():
    message = r"one shape, not \(2,\) and \(3,\)"
    with pytest.raises(ValueError, match=message):
        Value(np.ones(2)) + Value(np.ones(3))
    with pytest.raises(ValueError, match=message):
        Value(np.ones(2)) * np.ones(3)
    with pytest.raises(ValueError, match=r"\(1,\) and \(3,\)"):  # NumPy would broadcast
        Value(np.ones(1)).max(np.ones(3))
    with pytest.raises(ValueError, match="empty"):
        Value([])
    x, y = Value(1.0), Value(1.0)
    with pytest.raises(ValueError, match=message):
        compile(x + y, [x, y]).run(np.ones(2), np.ones(3))
    with pytest.raises(ValueError, match=message):
        compile(x + np.ones(3), [x]).run(np.ones(2))


def test_what_compile_refuses():
    x, y, other = Value(1.0, "x"), Value(2.0, "y"), Value(3.0, "other")
    q = x * y
    f = q + 1
    with pytest.raises(ValueError, match=r"other = 3\.0.*not an input"):
        compile(f, [x, other])
    with pytest.raises(ValueError, match="computed"):
        compile(f, [q])
    for inputs in ([], [x, x]):
        with pytest.raises(ValueError, match="at least one input, and each of them once"):
            compile(f, inputs)
    with pytest.raises(ValueError, match="2 values, not 1"):
        compile(f, [x, y]).run(1.0)
    with pytest.raises(TypeError):
        compile(f, [x, y]).run(1.0, "2")
    with pytest.raises(ValueError, match="not in the graph"):
        forward_mode(f, other)


def test_a_saturated_sigmoid_does_not_overflow():
    for at in (-1000.0, 1000.0, np.array([-1000.0, 1000.0])):
        value, (slope,) = grads(lambda x: x.sigmoid(), at)
        np.testing.assert_array_equal(value, np.greater(at, 0))
        np.testing.assert_array_equal(slope, np.zeros_like(at))


def test_a_repr_says_name_value_and_gradient():
    x = Value(2, "x")
    f = 3 * x
    f.backward()
    assert repr(x) == "Value(x = 2.0, grad = 3.0)"
    assert repr(f) == "Value(*3 = 6.0, grad = 1.0)"
    assert repr(Value(1)) == "Value(1.0, grad = 0.0)"
    assert (x * np.ones(2)).label == "*[...]"
    f.name = "f"
    assert f.label == "f"
