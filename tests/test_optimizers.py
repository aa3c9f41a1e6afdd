"""Each rule against its formula, written out with plain numbers, and on a valley that it has to get down."""

import math

import numpy as np
import pytest

from bplib.optimizers import (
    RULES,
    Adadelta,
    Adagrad,
    Adam,
    GradientDescent,
    Momentum,
    Nesterov,
    RMSprop,
    VarioEta,
    exponential_decay,
    inverse_decay,
    step_decay,
)

GRADIENTS = [3.0, -0.5, 0.02, 7.0, -2.0]


def by_hand(name):
    """The path of one parameter from 1.0 along GRADIENTS, from the rule as the papers write it."""
    w, v, m, s, u = 1.0, 0.0, 0.0, 0.0, 0.0
    path = []
    for step, g in enumerate(GRADIENTS, 1):
        if name == "GradientDescent":
            w -= 0.1 * g
        elif name == "Momentum":
            v = 0.9 * v + g
            w -= 0.1 * v
        elif name == "Nesterov":
            v = 0.9 * v + g
            w -= 0.1 * (g + 0.9 * v)
        elif name == "Adagrad":
            s += g * g
            w -= 0.1 * g / (math.sqrt(s) + 1e-3)
        elif name == "RMSprop":
            s = 0.9 * s + 0.1 * g * g
            w -= 0.1 * g / (math.sqrt(s) + 1e-3)
        elif name == "Adadelta":
            s = 0.9 * s + 0.1 * g * g
            d = math.sqrt(u + 1e-3) / math.sqrt(s + 1e-3) * g
            u = 0.9 * u + 0.1 * d * d
            w -= 0.1 * d
        elif name == "Adam":
            m = 0.9 * m + 0.1 * g
            s = 0.999 * s + 0.001 * g * g
            w -= 0.1 * (m / (1 - 0.9**step)) / (math.sqrt(s / (1 - 0.999**step)) + 1e-3)
        elif name == "VarioEta":
            m = 0.9 * m + 0.1 * g
            s = 0.9 * s + 0.1 * g * g
            w -= 0.1 * g / (math.sqrt(s - m * m) + 1e-3)
        path.append(w)
    return path


@pytest.mark.parametrize("name", RULES)
def test_each_rule_is_its_formula(name):
    theta = np.array([1.0, 1.0])
    rule = RULES[name](theta, eta=0.1, **({"epsilon": 1e-3} if "s" in RULES[name].state else {}))
    path = []
    for g in GRADIENTS:
        grad = np.array([g, 2 * g])
        rule.step(grad)
        np.testing.assert_array_equal(grad, [g, 2 * g])
        path.append(theta[0])
    np.testing.assert_allclose(path, by_hand(name), rtol=1e-13)
    assert rule.theta is theta


@pytest.mark.parametrize("name", RULES)
def test_each_rule_gets_down_a_noisy_valley(name):
    rng = np.random.default_rng(0)
    theta = np.array([1.0, 1.0])
    eta = {"Adadelta": 1.0, "Adagrad": 0.3, "VarioEta": 0.003}.get(name, 0.01)
    rule = RULES[name](theta, eta=eta)
    for _ in range(600):
        rule.step(theta * [1.0, 10.0] + 0.1 * rng.standard_normal(2))
    assert 0.5 * (theta[0] ** 2 + 10 * theta[1] ** 2) < 0.05  # from 5.5


@pytest.mark.parametrize("name", RULES)
def test_single_precision_stays_single_and_nothing_is_allocated(name):
    import tracemalloc

    theta, grad = np.ones(50_000, np.float32), np.full(50_000, 0.1, np.float32)
    rule = RULES[name](theta)
    rule.step(grad)
    tracemalloc.start()
    rule.step(grad)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4_000
    assert theta.dtype == np.float32
    assert all(getattr(rule, state).dtype == np.float32 for state in rule.state)


def test_momentum_grows_to_ten_steps():
    theta = np.zeros(1)
    rule = Momentum(theta, eta=0.1, beta=0.9)
    for _ in range(300):
        before = theta.copy()
        rule.step(np.ones(1))
    np.testing.assert_allclose(before - theta, 10 * 0.1, rtol=1e-12)


def test_nesterov_is_the_look_ahead_rule():
    def slope(w):
        return np.cos(w) + 0.2 * w

    ahead, v, theta = 0.7, 0.0, np.array([0.7])
    rule = Nesterov(theta, eta=0.05, beta=0.9)
    for _ in range(20):
        v_before = v
        v = 0.9 * v + slope(ahead - 0.05 * 0.9 * v)
        ahead -= 0.05 * v
        rule.step(slope(theta))
        np.testing.assert_allclose(theta[0], ahead - 0.05 * 0.9 * v, rtol=1e-12)
        assert v != v_before


def test_schedules():
    assert [step_decay(1.0, 3, 0.1)(epoch) for epoch in (0, 2, 3, 6)] == [1.0, 1.0, 0.1, pytest.approx(0.01)]
    assert exponential_decay(2.0, 0.5)(2) == pytest.approx(2 * math.exp(-1), rel=1e-15)
    assert inverse_decay(2.0, 0.5)(2) == 1.0


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: GradientDescent([1.0]), "theta is list"),
        (lambda: GradientDescent(np.ones((2, 2))), "a flat array of floats"),
        (lambda: GradientDescent(np.ones(2, int)), "a flat array of floats"),
        (lambda: GradientDescent(np.ones(2), eta=-1), "eta is -1"),
        (lambda: GradientDescent(np.ones(2), eta=float("nan")), "eta is nan"),
        (lambda: Momentum(np.ones(2), beta=1.0), "beta is 1.0"),
        (lambda: Adam(np.ones(2), beta2=-0.1), "beta2 is -0.1"),
        (lambda: RMSprop(np.ones(2), epsilon=0), "epsilon is 0"),
        (lambda: Adadelta(np.ones(2), rho=2), "rho is 2"),
        (lambda: Adagrad(np.ones(2), epsilon=-1), "epsilon is -1"),
        (lambda: VarioEta(np.ones(2), rho=1), "rho is 1"),
        (lambda: Adam(np.ones(2)).step(np.ones(3)), r"grad has shape \(3,\)"),
    ],
)
def test_what_does_not_fit_is_named(make, said):
    with pytest.raises((ValueError, TypeError), match=said):
        make()
