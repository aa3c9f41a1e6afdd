"""Slopes by differences, single precision, rounded values: told apart by their digits, and by nothing else."""

import numpy as np
import pytest

from bplib.checks import accuracy, ps03, ps06, ps09
from bplib.checks.accuracy import Again, changed, decimals
from tests.checks.exercises import QUESTIONS

# --- ways to get slopes without a rule: (function of one array, the array) -> slopes -------------------------------


def one_sided(h):
    def slopes(f, v):
        base = f(v)
        return each(v, lambda step: (f(v + h * step) - base) / h)

    return slopes


def central(h):
    return lambda f, v: each(v, lambda step: (f(v + h * step) - f(v - h * step)) / (2 * h))


def richardson(h):
    return lambda f, v: (4 * central(h / 2)(f, v) - central(h)(f, v)) / 3


def complex_step(f, v):
    return each(v, lambda step: f(v + 1e-30j * step).imag / 1e-30)


def each(v, slope):
    found = np.zeros(v.shape)
    for i in np.ndindex(v.shape):
        step = np.zeros(v.shape)
        step[i] = 1.0
        found[i] = slope(step)
    return found


# --- answers that take such slopes of a forward pass of their own -------------------------------------------------


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def logit(a):
    return np.log(a / (1 - a))


def log_softmax(z):
    top = z.real.max(axis=1, keepdims=True)
    return z - top - np.log(np.exp(z - top).sum(axis=1, keepdims=True))


def own(z, target):
    return -log_softmax(z)[np.arange(len(z)), target]


def output_delta(slopes):
    return lambda out, target: slopes(lambda z: (0.5 * (target - sigmoid(z)) ** 2).sum(), logit(out))


def hidden_delta_ps06(slopes):
    return lambda delta2, W2, a1: slopes(lambda z: (sigmoid(z) @ W2) @ delta2, logit(a1))


def hidden_delta_ps07(slopes):
    return lambda delta_above, W_above, a: slopes(lambda z: (sigmoid(z) @ W_above) @ delta_above, logit(a))


def all_deltas(slopes):
    def answer(a, W, target):
        z = [logit(v) for v in a]
        b = [z[l] - a[l - 1] @ W[l] for l in range(1, len(a))]

        def loss(z_l, l):
            out = sigmoid(z_l)
            for k in range(l + 1, len(z)):
                out = sigmoid(out @ W[k] + b[k - 1])
            return (0.5 * (out - target) ** 2).sum()

        return [slopes(lambda z_l, l=l: loss(z_l, l), z[l]) for l in range(len(z))]

    return answer


def chain_slope(slopes):
    def answer(a0, depth):
        def end(a):
            for _ in range(depth):
                a = sigmoid(a)
            return a[()]

        return float(slopes(end, np.array(a0)))

    return answer


def backprop(slopes):
    def answer(x, target, cache, model, lam):
        W1, b1, W2, b2 = (model[key] for key in ("W1", "b1", "W2", "b2"))

        def top(z):
            return own(z, target).mean()

        def loss(W1, b1, W2, b2):
            return top(np.tanh(x @ W1 + b1) @ W2 + b2) + lam * ((W1**2).sum() + (W2**2).sum())

        return {
            "delta2": slopes(top, cache["z2"]),
            "dW2": slopes(lambda v: loss(W1, b1, v, b2), W2),
            "db2": slopes(lambda v: loss(W1, b1, W2, v), b2),
            "delta1": slopes(lambda z: top(np.tanh(z) @ W2 + b2), cache["z1"]),
            "dW1": slopes(lambda v: loss(v, b1, W2, b2), W1),
            "db1": slopes(lambda v: loss(W1, v, W2, b2), b1),
        }

    return answer


def local_derivatives(slopes):
    gates = {
        "+": np.sum,
        "*": np.prod,
        "max": lambda v: v[v.real.argmax()],
        "exp": lambda v: np.exp(v[0]),
        "inv": lambda v: 1 / v[0],
        "sigmoid": lambda v: sigmoid(v[0]),
    }
    return lambda op, inputs: slopes(gates[op], np.array(inputs)).tolist()


ANSWERS = {
    "ps04.local_derivatives": local_derivatives,
    "ps05.sigmoid_grad": lambda slopes: lambda a: slopes(lambda z: sigmoid(z).sum(), logit(a)),
    "ps05.tanh_grad": lambda slopes: lambda a: slopes(lambda z: np.tanh(z).sum(), np.arctanh(a)),
    "ps06.output_delta": output_delta,
    "ps06.hidden_delta": hidden_delta_ps06,
    "ps07.output_delta": output_delta,
    "ps07.hidden_delta": hidden_delta_ps07,
    "ps07.all_deltas": all_deltas,
    "ps07.chain_slope": chain_slope,
    "ps08.softmax_cross_entropy": lambda slopes: (
        lambda z, target: (
            own(z, target),
            slopes(lambda v: own(v, target).mean(), z),
        )
    ),
    "ps09.backprop": backprop,
}
LEFT = {"ps08.softmax_cross_entropy": 2.0}  # the losses are right
WAYS = {
    **{f"forward {h:g}": one_sided(h) for h in (1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8)},
    **{f"central {h:g}": central(h) for h in (1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8)},
    **{f"Richardson {h:g}": richardson(h) for h in (1e-2, 1e-4)},
}


@pytest.mark.parametrize("name", ANSWERS)
def test_a_difference_quotient_is_named_and_earns_nothing(name):
    for seed, (way, slopes) in enumerate(WAYS.items()):
        if name == "ps09.backprop" and way == "Richardson 0.01":
            continue  # right to 1e-12 in some parts
        record = QUESTIONS[name].judge(ANSWERS[name](slopes), seed=seed)
        assert record.marks == LEFT.get(name, 0.0), (way, record.message)
        assert (record.mistakes, record.named) == (("numeric_difference",), True), (way, record.message)
        said = " ".join(record.message.split())
        assert "digits: that is what a difference quotient gives; the chain rule gives all 15" in said, way


@pytest.mark.parametrize("name", ANSWERS)
def test_a_complex_step_has_all_digits(name):
    for seed in range(5):
        record = QUESTIONS[name].judge(ANSWERS[name](complex_step), seed=seed)
        assert record.marks == record.out_of, record.message


@pytest.mark.parametrize(("h", "digits"), [(1e-3, "3"), (1e-5, "5"), (1e-7, "7")])
def test_the_number_of_digits_is_that_of_the_step(h, digits):
    record = QUESTIONS["ps05.sigmoid_grad"].judge(ANSWERS["ps05.sigmoid_grad"](one_sided(h)))
    assert f"accurate to {digits} digits" in " ".join(record.message.split())


@pytest.mark.parametrize(("factor", "slip"), [(2, "factor_two"), (-1, "sign"), (0.5, "factor_half")])
def test_half_the_marks_are_not_for_a_difference_with_a_slip(factor, slip):
    for name in ("ps06.output_delta", "ps07.all_deltas", "ps09.backprop"):
        numeric = ANSWERS[name](central(1e-5))

        def answer(*inputs, numeric=numeric):
            return times(numeric(*inputs), factor)

        record = QUESTIONS[name].judge(answer, hint=1)
        assert record.marks == 0
        assert record.mistakes == (slip, "numeric_difference")


def times(value, factor):
    if isinstance(value, dict):
        return {key: times(item, factor) for key, item in value.items()}
    return [factor * item for item in value] if isinstance(value, list) else factor * value


def test_a_difference_in_one_part_costs_that_part():
    def mixed(x, target, cache, model, lam):
        grads = backprop(complex_step)(x, target, cache, model, lam)
        return {**grads, "dW1": backprop(central(1e-5))(x, target, cache, model, lam)["dW1"]}

    record = ps09.backprop.judge(mixed)
    assert (record.marks, record.first_wrong["part"]) == (6.5, "dW1")
    assert record.mistakes == ("numeric_difference",)


def test_training_by_differences_still_trains():
    def train_model(x, target, n_hidden, n_out, eta, lam, epochs, seed):
        rng = np.random.default_rng(seed)
        W1 = rng.standard_normal((x.shape[1], n_hidden)) / np.sqrt(x.shape[1])
        W2 = rng.standard_normal((n_hidden, n_out)) / np.sqrt(n_hidden)
        model = {"W1": W1, "b1": np.zeros(n_hidden), "W2": W2, "b2": np.zeros(n_out)}
        slopes = central(1e-5) if epochs < 50 else complex_step  # the many epochs of the moons, a little faster

        def loss(key, value):
            m = {**model, key: value}
            z = np.tanh(x @ m["W1"] + m["b1"]) @ m["W2"] + m["b2"]
            return own(z, target).mean() + lam * ((m["W1"] ** 2).sum() + (m["W2"] ** 2).sum())

        losses = [loss("W1", W1)]
        for _ in range(epochs):
            grads = {key: slopes(lambda v, key=key: loss(key, v), model[key]) for key in model}
            model = {key: model[key] - eta * grads[key] for key in model}
            losses.append(loss("W1", model["W1"]))
        return model, np.array(losses)

    record = ps09.train_model.judge(train_model)
    assert (record.marks, record.mistakes) == (1.0, ("numeric_difference",))


# --- digits that were cut off -------------------------------------------------------------------------------------


def slope_rule(out, target):
    return (out - target) * out * (1 - out)


def test_single_precision_has_its_own_name():
    def cast(out, target):
        return slope_rule(out.astype(np.float32), target.astype(np.float32)).astype(np.float64)

    def on_the_way(out, target):
        out, target = out.astype(np.float32), target.astype(np.float32)
        return (out - target).astype(np.float64) * (out * (1 - out)).astype(np.float64)

    for answer in (cast, on_the_way):
        for seed in range(20):
            record = ps06.output_delta.judge(answer, seed=seed)
            assert (record.marks, record.mistakes) == (2.0, ("float32",))
            assert "computed in single precision" in " ".join(record.message.split())


def test_a_result_in_single_precision_may_hide_anything_and_earns_nothing():
    for slopes in (complex_step, central(1e-5)):

        def answer(out, target, slopes=slopes):
            return output_delta(slopes)(out, target).astype(np.float32).astype(np.float64)

        record = ps06.output_delta.judge(answer)
        assert (record.marks, record.mistakes) == (0.0, ("float32",))


@pytest.mark.parametrize("places", [2, 4, 6, 8, 10])
def test_rounded_values_have_their_own_name(places):
    for seed in range(10):
        record = ps06.output_delta.judge(lambda out, target: np.round(slope_rule(out, target), places), seed=seed)
        assert (record.marks, record.mistakes) == (0.0, ("rounded_result",)), seed
        assert f"rounded to {places} decimals" in " ".join(record.message.split())


def test_long_double_has_all_digits():
    def answer(out, target):
        return slope_rule(out.astype(np.longdouble), target.astype(np.longdouble)).astype(np.float64)

    assert all(ps06.output_delta.judge(answer, seed=seed).marks == 3 for seed in range(20))


@pytest.mark.parametrize("size", [1e-6, 1e-8, 1e-10])
def test_a_small_number_added_is_none_of_these(size):
    for seed in range(10):
        record = ps06.output_delta.judge(lambda out, target: slope_rule(out, target) + size * out, seed=seed)
        assert record.marks < 3
        assert record.mistakes == ()


def test_numeric_differences_are_no_mistake_where_they_are_asked_for():
    def forward_difference(loss, theta, h):
        return np.array([(loss(theta + h * e) - loss(theta)) / h for e in np.eye(len(theta))])

    def towards(loss, theta, h):
        return np.array([(loss(theta + h * e) - loss(theta - h * e)) / (2 * h) for e in np.eye(len(theta))])

    assert ps03.forward_difference.judge(forward_difference).marks == 2
    rounded = ps03.forward_difference.judge(lambda *a: np.round(forward_difference(*a), 6))
    assert (rounded.marks, rounded.mistakes) == (0, ())
    assert ps03.forward_difference.judge(towards).mistakes == ("central_for_forward",)
    assert ps03.central_difference.judge(lambda *a: 2 * towards(*a)).marks == 1.5


# --- the parts ----------------------------------------------------------------------------------------------------


def again(answer, *instances):
    """An answer to be asked again about `instances`, each a dict of inputs."""
    return Again(lambda n, change: {"v": answer(*(change(v) for v in n.values()))}, instances)


X = np.linspace(0.3, 1.7, 12)


def test_only_differences_jump():
    assert again(lambda x: (np.exp(x + 1e-3) - np.exp(x - 1e-3)) / 2e-3, {"x": X}).jumps("v")
    assert again(lambda x: {"k": [(np.exp(x + 1e-7) - np.exp(x)) / 1e-7]}, {"x": X}).jumps("v")
    assert not again(np.exp, {"x": X}).jumps("v")
    assert not again(lambda x: np.exp(x) + 1e-8 * x**2, {"x": X}).jumps("v")
    assert not again(lambda x: np.exp(x.astype(np.float32)).astype(np.float64), {"x": X}).jumps("v")
    assert not again(lambda x: np.round(np.exp(x), 7), {"x": X}).jumps("v")
    many = {"x": np.linspace(0.3, 1.7, 5000)}  # a few of them are taken over an edge
    assert not again(lambda x: np.exp(x.astype(np.float32)).astype(np.float64), many).jumps("v")
    assert not again(lambda x: (x - X) * 1e-3 + (0.1 + 0.2 - 0.3), {"x": X}).jumps("v")  # nothing but rounding


def test_only_single_precision_does_not_mind_it():
    assert again(lambda x: np.exp(x.astype(np.float32)).astype(np.float64) ** 2, {"x": X}).single("v")
    assert not again(np.exp, {"x": X}).single("v")
    assert not again(lambda x: np.exp(x).astype(np.float32).astype(np.float64), {"x": X}).single("v")


def test_inputs_are_changed_wherever_real_numbers_are():
    n = np.arange(3)
    given = {"W": [X, (1.5, X[0])], "target": n, "depth": 3, "op": "exp", "graph": [("f", "+", ("x",))]}
    told = changed(given, lambda v: 2 * v)
    assert np.array_equal(told["W"][0], 2 * X)
    assert told["W"][1] == (3.0, 2 * X[0])
    assert told["target"] is n
    assert {name: told[name] for name in ("depth", "op", "graph")} == {
        "depth": 3,
        "op": "exp",
        "graph": [("f", "+", ("x",))],
    }


def test_what_stops_when_asked_again_is_not_called_a_difference():
    asked = []

    def once(out, target):
        asked.append(1)
        if len(asked) > 6:  # five instances, and the first one twice
            raise RuntimeError
        return output_delta(central(1e-5))(out, target)

    record = ps06.output_delta.judge(once)
    assert record.mistakes == ()
    assert record.marks == 0


def test_decimals():
    assert decimals(np.array([0.25, 1.5, -3.0])) == 2
    assert decimals(np.array([4.0, 7.0, -3.0])) == 0
    assert decimals(np.array([0.5, 0.25, 0.5])) is None  # two numbers prove nothing
    assert decimals(np.array([1 / 3, 0.5, 0.25])) is None


def test_values_far_from_right_are_not_called_inexact():
    asked = again(lambda x: (np.exp(x + 1e-5) - np.exp(x)) / 1e-5, {"x": X})
    wants = [np.exp(X)]
    near, far = [asked.moved(0)[0]["v"]], [1.02 * asked.moved(0)[0]["v"]]
    assert accuracy.how(near, wants, asked, "v")[0].id == "numeric_difference"
    assert accuracy.how(far, wants, asked, "v") is None
    assert accuracy.how(wants, wants, asked, "v") is None
    assert accuracy.how([np.full(12, np.nan)], wants, asked, "v") is None
