"""The questions of ps02, ps05, ps08 and ps11 that have no notebook yet: is what stands there as the truth true?"""

import itertools
import math

import numpy as np
import pytest

from bplib.checks import ps02, ps05, ps08, ps11
from bplib.checks.catalogue import CATALOGUE
from bplib.checks.compare import TOLERANCE
from bplib.checks.mistakes import CANNOT, EVERYWHERE, alike, thin
from bplib.checks.question import Question
from bplib.gradcheck import central_difference

MODULES = {"ps02": ps02, "ps05": ps05, "ps08": ps08, "ps11": ps11}
QUESTIONS = {
    value.name: value for module in MODULES.values() for value in vars(module).values() if isinstance(value, Question)
}
PARTS = [(question, part) for question in QUESTIONS.values() for part in question.parts]
each_part = pytest.mark.parametrize(
    ("question", "part"), PARTS, ids=[f"{question.name}-{part.name}" for question, part in PARTS]
)


def close(value, want, tolerance=TOLERANCE):
    return np.abs(value - want).max() <= tolerance * max(np.abs(want).max(), 1e-300)


def test_they_are_all_here_with_their_marks():
    points = {name: [part.points for part in question.parts] for name, question in QUESTIONS.items()}
    assert points == {
        "ps02.split_batches": [2],
        "ps02.minibatch_shuffled": [3],
        **{
            f"ps05.{name}": [1]
            for curve in ("sigmoid", "tanh", "relu", "hardtanh", "leaky_relu", "softplus", "maxout")
            for name in (curve, f"{curve}_grad")
        },
        "ps05.collapse": [0.5, 0.5],
        "ps08.softmax_cross_entropy": [2, 2],
        "ps11.adam": [2, 1, 1],
        "ps11.momentum": [1, 1],
    }


@each_part
def test_the_formula_without_slips_is_the_truth(question, part):
    for seed in range(20):
        with np.errstate(all="ignore"):
            for n in question.instances(seed):
                value, want = part.formula.value(part.at(n, 0)), np.asarray(part.want(n), dtype=np.float64)
                assert value.shape == want.shape
                assert close(value, want)


# The oracles, against central differences


def losses_of(z, target):
    """The losses in plain Python, from the scores."""
    tops = [max(row) for row in z]
    sums = [math.fsum(math.exp(s - top) for s in row) for row, top in zip(z, tops, strict=True)]
    return [top + math.log(total) - row[t] for row, t, top, total in zip(z, target, tops, sums, strict=True)]


@pytest.mark.parametrize("seed", range(5))
def test_softmax_cross_entropy(seed):
    for n in ps08.instances(seed):
        np.testing.assert_allclose(n.losses, losses_of(n.z, n.target), rtol=1e-12)
        if not n.extreme:
            moved = central_difference(lambda z, n=n: math.fsum(losses_of(z, n.target)) / len(z), n.z)
            np.testing.assert_allclose(n.dz, moved, rtol=1e-6, atol=1e-9)


CURVES = {
    "sigmoid": lambda z, slope: 1 / (1 + math.exp(-z)),
    "tanh": lambda z, slope: math.tanh(z),
    "relu": lambda z, slope: max(z, 0.0),
    "hardtanh": lambda z, slope: min(max(z, -1.0), 1.0),
    "leaky_relu": lambda z, slope: z if z > 0 else slope * z,
    "softplus": lambda z, slope: max(z, 0.0) + math.log1p(math.exp(-abs(z))),
}


@pytest.mark.parametrize("name", CURVES)
@pytest.mark.parametrize("seed", range(5))
def test_a_curve_and_its_slope(name, seed):
    for n in QUESTIONS[f"ps05.{name}_grad"].instances(seed):
        if n.extreme:
            continue
        curve = CURVES[name]
        np.testing.assert_allclose(n.a.ravel(), [curve(v, n.slope) for v in n.z.ravel()], rtol=1e-14)
        moved = [(curve(v + 1e-6, n.slope) - curve(v - 1e-6, n.slope)) / 2e-6 for v in n.z.ravel()]
        np.testing.assert_allclose(n.da.ravel(), moved, rtol=1e-6, atol=1e-9)


def test_what_the_curves_give_far_out():
    far = {name: QUESTIONS[f"ps05.{name}"].instances(0)[-1] for name in ("sigmoid", "tanh", "softplus")}
    for n in (*far.values(), QUESTIONS["ps05.softplus_grad"].instances(0)[-1]):
        assert n.extreme
        assert np.abs(n.z).min() > 710  # where exp overflows
        assert {-1.0, 1.0} == set(np.sign(n.z))
    up = {name: n.z > 0 for name, n in far.items()}
    assert (far["sigmoid"].a == up["sigmoid"]).all()
    assert (far["tanh"].a == np.where(up["tanh"], 1, -1)).all()
    assert (far["softplus"].a == np.where(up["softplus"], far["softplus"].z, 0)).all()
    n = QUESTIONS["ps05.softplus_grad"].instances(0)[-1]
    np.testing.assert_allclose(n.da, n.z > 0, rtol=0, atol=1e-15)


@pytest.mark.parametrize("seed", range(5))
def test_maxout(seed):
    for n in ps05.maxout.instances(seed):
        assert n.a.tolist() == [max(row) for row in n.z.tolist()]
        np.testing.assert_allclose(n.da, central_difference(lambda z: float(sum(map(max, z))), n.z), atol=1e-8)


@pytest.mark.parametrize("seed", range(5))
def test_collapse(seed):
    for n in ps05.collapse.instances(seed):
        x = np.random.default_rng(seed).normal(size=(3, len(n.W1)))
        np.testing.assert_allclose(x @ n.W + n.b, (x @ n.W1 + n.b1) @ n.W2 + n.b2, rtol=1e-12)


# Learning rules and batches, a second time in plain Python


@pytest.mark.parametrize("seed", range(5))
def test_momentum(seed):
    for n in ps11.momentum.instances(seed):
        for i in range(len(n.w)):
            velocity = n.g[i] + n.beta * n.v[i]
            assert math.isclose(n.new_v[i], velocity, rel_tol=1e-13)
            assert math.isclose(n.new_w[i], n.w[i] - velocity * n.eta, rel_tol=1e-13)


@pytest.mark.parametrize("seed", range(5))
def test_adam(seed):
    for n in ps11.adam.instances(seed):
        left1, left2 = 1.0, 1.0
        for _ in range(n.step):
            left1, left2 = left1 * n.beta1, left2 * n.beta2
        for i in range(len(n.w)):
            m = n.m[i] + (1 - n.beta1) * (n.g[i] - n.m[i])
            s = n.s[i] + (1 - n.beta2) * (n.g[i] ** 2 - n.s[i])
            root = math.sqrt(s / (1 - left2))
            assert math.isclose(n.new_m[i], m, rel_tol=1e-12)
            assert math.isclose(n.new_s[i], s, rel_tol=1e-12)
            assert math.isclose(n.new_w[i], n.w[i] - n.eta * (m / (1 - left1)) / (root + n.epsilon), rel_tol=1e-12)


def test_adam_in_its_very_first_step_from_rest_moves_by_eta():
    g, rest = np.array([3.0, -0.02]), np.zeros(2)
    new = ps11.adaptive(rest, rest, rest, g, 1, 0.1, 0.9, 0.999, 0.0)
    np.testing.assert_allclose(new["w"], [-0.1, 0.1], rtol=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_batches(seed):
    for n in ps02.split_batches.instances(seed):
        assert [k for batch in n.batches for k in batch] == n.order.tolist()
        assert all(len(batch) == n.size for batch in n.batches[:-1])
        assert 1 <= len(n.batches[-1]) <= n.size


@pytest.mark.parametrize("seed", range(5))
def test_descent(seed):
    for n in ps02.minibatch_shuffled.instances(seed):
        theta, row, waiting = list(n.theta), 0, []
        assert n.path[0].tolist() == theta
        for order in n.orders:
            for used, sample in enumerate(order, start=1):
                waiting.append(n.grad(np.array(theta), [sample]))
                if len(waiting) == n.size or used == len(order):
                    mean = [math.fsum(g) / len(waiting) for g in zip(*waiting, strict=True)]
                    theta, row, waiting = [t - n.eta * g for t, g in zip(theta, mean, strict=True)], row + 1, []
                    np.testing.assert_allclose(n.path[row], theta, rtol=1e-12)
        assert row == len(n.path) - 1


def test_the_quick_gradient_is_the_one_that_is_handed_in():
    for n in ps02.minibatch_shuffled.instances(3):
        for batch in ps02.cut(n.orders[0], n.size):
            np.testing.assert_allclose(n.slope(n.theta, batch), n.grad(n.theta, batch), rtol=1e-12)


# Instances


def test_sizes_differ_and_one_and_seven_are_among_them():
    samples = {
        "ps02.split_batches": lambda n: len(n.order),
        "ps02.minibatch_shuffled": lambda n: n.orders.shape[1],
        "ps05.sigmoid": lambda n: n.z.size,
        "ps05.maxout": lambda n: len(n.z),
        "ps08.softmax_cross_entropy": lambda n: len(n.z),
        "ps11.adam": lambda n: len(n.w),
        "ps11.momentum": lambda n: len(n.w),
    }
    for name, size in samples.items():
        sizes = [size(n) for n in QUESTIONS[name].instances(0) if not getattr(n, "extreme", False)]
        assert {1, 7} <= set(sizes)
        assert len(set(sizes)) == len(sizes)


@pytest.mark.parametrize("seed", range(20))
def test_no_zeros_no_ties_no_kinks_and_repeated_labels(seed):
    for n in ps08.instances(seed)[:-1]:
        assert np.abs(n.z).min() > 0.1
        assert len(np.unique(n.z)) == n.z.size
        assert n.z[0].argmax() != n.target[0]
        assert len(n.z) == 1 or len(set(n.target)) < len(n.z)
    for n in ps05.hardtanh.instances(seed):
        assert np.abs(n.z).min() > 0.1
        assert np.abs(np.abs(n.z) - 1).min() > 0.05
    for n in (*ps11.adam.instances(seed), *ps11.momentum.instances(seed)):
        assert min(np.abs(n.w).min(), np.abs(n.g).min(), np.abs(n.new["w"]).min()) > 1e-6
    for n in ps05.maxout.instances(seed):
        assert np.diff(np.sort(n.z, axis=1)).min() > 0
        assert n.z[0].max() < 0


# Slips


@each_part
def test_every_slip_has_an_entry_and_shows(question, part):
    for slip in part.formula.slips:
        assert slip.id in CATALOGUE
        shown = 0
        with np.errstate(all="ignore"):
            for n in question.instances(1):
                try:
                    value = part.formula.value(part.at(n, 0), slip)
                except CANNOT:
                    continue
                want = np.asarray(part.want(n), dtype=np.float64)
                shown += value.shape != want.shape or not np.allclose(value, want, rtol=1e-6, atol=0)
        assert shown or slip.id in ("eta_twice", "eta_in_velocity"), (slip.id, slip.says)  # those depend on the step


# Slips of several names that come to the same numbers here: all of them are told.
SAME = {"ps11.momentum-v": {frozenset({"eta_twice", "eta_in_velocity"})}}


@each_part
def test_two_slips_with_the_same_numbers_have_one_name_or_are_declared(question, part):
    instances = [n for seed in range(2) for n in question.instances(seed)]

    def values(slip):
        found = []
        for n in instances:
            try:
                found.append(part.formula.value(part.at(n, 0), slip))
            except CANNOT:
                found.append(None)
        return found

    with np.errstate(all="ignore"):
        known = [(slip, values(slip)) for slip in part.formula.known]
        together = {
            frozenset({slip.id, other.id})
            for (slip, mine), (other, theirs) in itertools.combinations(known, 2)
            if slip.id != other.id
            and all(
                a is not None and b is not None and thin(a) == thin(b) and alike(a.ravel(), b.ravel())
                for a, b in zip(mine, theirs, strict=True)
            )
        }
    assert together <= SAME.get(f"{question.name}-{part.name}", set())


def test_the_sign_of_a_likelihood_has_one_name():
    assert "sign" in {slip.id for slip in EVERYWHERE}
    assert "sign" not in {slip.id for slip in ps08.LOSSES.known}


# Where numbers overflow


def softmax(z, top):
    e = np.exp(z - top)
    return e / e.sum(axis=1, keepdims=True)


def stable(z, target):
    p = softmax(z, z.max(axis=1, keepdims=True))
    p[np.arange(len(z)), target] -= 1
    return np.logaddexp.reduce(z, axis=1) - z[np.arange(len(z)), target], p / len(z)


def by_p(z, target, top, tiny=0.0):
    p = softmax(z, top)
    return -np.log(p[np.arange(len(z)), target] + tiny), stable(z, target)[1]


def by_hot(z, target, top):
    return -(np.eye(z.shape[1])[target] * np.log(softmax(z, top))).sum(axis=1), stable(z, target)[1]


OVERFLOWS = {
    "no_maximum_subtracted": [
        lambda z, target: by_p(z, target, 0.0),
        lambda z, target: by_hot(z, target, 0.0),
        lambda z, target: (np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(z)), target], stable(z, target)[1]),
        lambda z, target: (stable(z, target)[0], (softmax(z, 0.0) - np.eye(z.shape[1])[target]) / len(z)),
    ],
    "global_maximum": [
        lambda z, target: by_p(z, target, z.max()),
        lambda z, target: by_hot(z, target, z.max()),
        lambda z, target: (
            np.log(np.exp(z - z.max()).sum(axis=1)) + z.max() - z[np.arange(len(z)), target],
            stable(z, target)[1],
        ),
    ],
    "log_after_softmax": [
        lambda z, target: by_p(z, target, z.max(axis=1, keepdims=True)),
        lambda z, target: by_hot(z, target, z.max(axis=1, keepdims=True)),
        lambda z, target: by_p(z, target, z.max(axis=1, keepdims=True), 1e-15),
    ],
}


@pytest.mark.parametrize("seed", range(3))
def test_scores_of_a_thousand(seed):
    assert ps08.softmax_cross_entropy.judge(stable, seed=seed).marks == 4
    for id, answers in OVERFLOWS.items():
        for answer in answers:
            record = ps08.softmax_cross_entropy.judge(answer, seed=seed, hint=1)
            assert record.mistakes == (id,)
            assert record.named
            assert record.first_wrong["network"] == 5


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("sigmoid", lambda z: np.exp(z) / (1 + np.exp(z))),
        ("tanh", lambda z: (np.exp(2 * z) - 1) / (np.exp(2 * z) + 1)),
        ("tanh", lambda z: np.sinh(z) / np.cosh(z)),
        ("softplus", lambda z: np.log1p(np.exp(z))),
        ("softplus_grad", lambda z: np.exp(z) / (np.exp(z) + 1)),
    ],
)
def test_z_of_a_thousand(name, answer):
    record = QUESTIONS[f"ps05.{name}"].judge(answer, hint=1)
    assert record.mistakes == ("exp_overflows",)
    assert record.marks == 0.5


# What is said


def test_a_wrong_velocity_costs_once_and_is_told_first():
    record = ps11.momentum.judge(lambda w, v, g, eta, beta: (w - eta * (v + g), v + g), hint=1)
    assert (record.first_wrong["part"], record.mistakes, record.marks) == ("v", ("beta_forgotten",), 1.5)
    assert [right.split()[0] for right in record.right] == ["w"]


def test_eta_in_the_velocity_is_a_convention_unless_it_comes_twice():
    once = ps11.momentum.judge(lambda w, v, g, eta, beta: (w - (beta * v + eta * g), beta * v + eta * g))
    down = ps11.momentum.judge(lambda w, v, g, eta, beta: (w + (beta * v - eta * g), beta * v - eta * g))
    twice = ps11.momentum.judge(lambda w, v, g, eta, beta: (w - eta * (beta * v + eta * g), beta * v + eta * g))
    for record in (once, down):
        assert (record.mistakes, record.convention, record.marks) == (("eta_in_velocity",), True, 1.5)
    assert (twice.mistakes, twice.convention) == (("eta_twice",), False)


def test_corrected_moments_handed_back_leave_the_step_right():
    def adam(w, m, s, g, step, eta, beta1, beta2, epsilon):
        m = (beta1 * m + (1 - beta1) * g) / (1 - beta1**step)
        s = (beta2 * s + (1 - beta2) * g**2) / (1 - beta2**step)
        return w - eta * m / (np.sqrt(s) + epsilon), m, s

    record = ps11.adam.judge(adam)
    assert (record.mistakes, record.cancels) == (("corrected_moments_stored",), ())
    assert [right.split()[0] for right in record.right] == ["w"]


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (lambda order, size: ps02.full(order, size), "has 2 batches, should have 3"),
        (lambda order, size: [b[:2] for b in ps02.cut(order, size)], "has 2 samples, should have 3"),
        (lambda order, size: [b[::-1] for b in ps02.cut(order, size)], "batches[0][0] is "),
        (lambda order, size: np.array_split(order, size), "batches[1] has 2 samples, should have 3"),
        (lambda order, size: [list(order)], "batches[0] is a list"),
        (lambda order, size: [order * 1.0], "batches[0] has dtype float64"),
        (lambda order, size: [order[:, None]], "batches[0] has shape (7, 1)"),
        (lambda order, size: order, "batches is an array"),
        (lambda order, size: [], "batches has 0 batches, should have 3"),
    ],
)  # fmt: skip
def test_batches_are_spoken_of_as_batches(answer, text):
    record = ps02.split_batches.judge(answer, hint=1)
    assert text in record.first_wrong["text"]
    assert record.marks < 2
    assert "shape (9" not in record.message
