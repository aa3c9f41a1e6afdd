"""Each number of the five decks, computed by the library's public functions and held against golden.toml.

Where a deck prints something wrong, what it prints is worked out beside it, so that the difference is seen. No function
here takes an argument: test_golden.py calls them all once more and watches which values they hand to `agrees`.
"""

import math
from types import SimpleNamespace

import numpy as np

from bplib import data
from bplib.activations import (
    hardtanh,
    hardtanh_grad,
    leaky_relu,
    relu,
    relu_grad,
    sigmoid,
    sigmoid_grad,
    sign,
    sign_grad,
    softmax,
    softmax_jacobian,
    softplus,
    softplus_grad,
    tanh,
    tanh_grad,
)
from bplib.golden import agrees
from bplib.gradcheck import central_difference, complex_step, forward_difference
from bplib.graph import Value
from bplib.initialization import fan_in, sqrt_three_over_n, three_over_sqrt_n, uniform
from bplib.layers import Activation, Dense
from bplib.losses import (
    cross_entropy,
    half_squared,
    hinge,
    l2_penalty,
    sigmoid_cross_entropy,
    softmax_cross_entropy,
    squared_over_samples,
)
from bplib.network import Network
from bplib.optimizers import GradientDescent, Momentum, VarioEta, inverse_decay
from bplib.training import accuracy, shuffled_batches


def descend(f, start, eta, steps):
    """Return where gradient descent on `f` arrives; `eta` is a rate, or step -> rate."""
    theta = np.array([start])
    rule = GradientDescent(theta, 0.0)
    for k in range(steps):
        rule.eta = eta(k) if callable(eta) else eta
        rule.step(complex_step(lambda t: f(t).sum(), theta))
    return theta[0]


# --- Deck 000.


def test_softmax_and_cross_entropy():
    case = data.softmax_scores()
    agrees("000-2.cross_entropy", softmax_cross_entropy(case.scores[None], np.array([case.target]))[0])
    own = np.full((1, 3), case.scores[case.target])  # the slide's index: the right class's score, once for each class
    agrees("E25.printed", softmax_cross_entropy(own, np.array([case.target]))[0])
    agrees("000-2.start", softmax_cross_entropy(np.zeros((5, 10)), np.array([0, 1, 4, 4, 9]))[0])


def test_hinge_loss_and_its_slope():
    case = data.hinge_scores()
    agrees("000-3.hinge", hinge(case.scores[None], np.array([case.target]))[0])

    W, x, target = np.array([[0.2, -0.1], [0.4, 0.3], [-0.3, 0.5]]), np.array([[1.0, 2.0]]), np.array([0])

    def loss(W):
        return hinge(Dense(W.T, np.zeros(3)).forward(x), target)[0]

    layer = Dense(W.T, np.zeros(3))
    layer.gradients(hinge(layer.forward(x), target)[1])
    agrees("E26.gradient", layer.dW.T)
    agrees("E26.gradient", central_difference(loss, W))


def test_a_linear_classifier_of_cifar_10():
    agrees("000-7.parameters", Network((32 * 32 * 3, 10)).theta.size)


def test_the_difference_needs_its_division():
    def f(w):
        return (w**2).sum()

    w, h = np.array([3.0]), 1e-3
    agrees("E27.quotient", forward_difference(f, w, h)[0])
    agrees("E27.printed", f(w + h) - f(w))


def test_three_slopes_of_one_penalty():
    W, lam = np.array([[0.5, -1.0, 2.0]]), 0.1
    agrees("E28.slope", l2_penalty([W], lam)[1][0][0, 2])
    agrees("E28.slope", central_difference(lambda W: l2_penalty([W], lam)[0], W)[0, 2])
    agrees("E28.code", l2_penalty([W], lam, half=True)[1][0][0, 2])
    agrees("E28.printed", lam * W.sum())


def test_the_listing_descends_another_loss_than_the_slides():
    """E29: the listing's gradient is that of a sum with half the penalty; the slide has a mean with all of it."""
    x, target = data.blobs(6, seed=1)
    net, lam = Network((2, 4, 3), seed=2), 0.05
    value, delta = softmax_cross_entropy(net.forward(x), target)
    net.backward(delta)

    (W1, W2), a1 = net.W, net.a[0]
    delta3 = softmax(net.z[1])
    delta3[range(6), target] -= 1
    delta2 = delta3 @ W2.T * (1 - a1**2)
    listing = [x.T @ delta2 + lam * W1, a1.T @ delta3 + lam * W2]

    def loss(half, scale):
        def f(theta):
            moved = Network((2, 4, 3), dtype=theta.dtype)
            moved.theta[:] = theta
            mean = softmax_cross_entropy(moved.forward(x), target)[0]
            return mean * scale + l2_penalty(moved.W, lam, half)[0]

        return complex_step(f, net.theta)

    def gap(numeric, factor=1.0):
        at = net.theta.size, 2 * 4, 2 * 4 + 4, 4 * 3
        dW1, dW2 = numeric[: at[1]].reshape(2, 4), numeric[at[2] : at[2] + at[3]].reshape(4, 3)
        return max(np.abs(factor * listing[0] - dW1).max(), np.abs(factor * listing[1] - dW2).max())

    assert value > 0
    assert gap(loss(half=True, scale=6)) < 1e-13
    assert gap(loss(half=True, scale=6) / 6, factor=1 / 6) < 1e-13  # mean L + lam / (2 N) sum W^2
    assert gap(loss(half=False, scale=1)) > 0.01
    assert gap(loss(half=False, scale=1), factor=1 / 6) > 0.01


def test_sum_times():
    x, y, z = (Value(number) for number in data.sum_times())
    q = x + y
    f = q * z
    f.backward()
    agrees("000-10.forward", [q.data, f.data])
    agrees("000-10.backward", [x.grad, y.grad, z.grad, q.grad])


def test_sigmoid_neuron_gate_by_gate():
    neuron = data.sigmoid_neuron()
    x, w = [Value(v) for v in neuron.x], [Value(v) for v in (*neuron.w, neuron.b)]
    net = w[0] * x[0] + w[1] * x[1] + w[2]
    minus = net * -1.0
    e = minus.exp()
    total = 1 + e
    out = 1 / total
    out.backward()
    agrees("E31.net", net.data)
    agrees("000-11.forward", [e.data, total.data, out.data])
    agrees("000-11.backward", [total.grad, e.grad, minus.grad, net.grad])
    agrees("000-11.printed", [total.data, total.grad, e.grad, minus.grad, net.grad])
    agrees("E30.product", minus.local[0] * minus.grad)
    assert -1 * -0.19 == 0.19  # what the slide calls 0.20
    agrees("000-11.dw", [v.grad for v in w])
    agrees("000-11.dx", [v.grad for v in x])

    layer, bend = Dense(neuron.w[:, None], np.array([neuron.b])), Activation("sigmoid")
    agrees("E31.net", layer.forward(neuron.x[None])[0, 0])
    bend.forward(layer.z)
    agrees("000-11.dx", layer.backward(bend.backward(np.ones((1, 1))))[0])
    agrees("000-11.dw", [*layer.dW[:, 0], *layer.db])


def test_one_sigmoid_gate_for_four():
    agrees("000-12.slope", sigmoid_grad(np.array(0.73)))
    agrees("000-12.printed", sigmoid_grad(np.array(0.73)))
    agrees("E30.product", sigmoid_grad(sigmoid(np.array(1.0))))


def test_the_exercise_neuron():
    neuron = data.exercise_neuron()
    layer, bend = Dense(neuron.w[:, None], np.array([neuron.b])), Activation("sigmoid")
    out = bend.forward(layer.forward(neuron.x[None]))
    agrees("000-14.forward", [layer.z[0, 0], out[0, 0]])
    delta = bend.backward(np.ones((1, 1)))
    agrees("000-14.slope", delta[0, 0])
    agrees("000-14.dx", layer.backward(delta)[0])
    agrees("000-14.dw", [*layer.dW[:, 0], *layer.db])


def test_sign_has_nothing_to_learn_from():
    z = np.array([0.7])
    agrees("E32.slope", central_difference(lambda z: sign(z).sum(), z)[0])
    agrees("E32.slope", sign_grad(sign(z))[0])


# --- Deck 001.


def test_sigmoid_outputs():
    z, target, bend = np.array([-8.0]), np.array([1.0]), Activation("sigmoid")
    agrees("001-7.squared", bend.backward(half_squared(bend.forward(z), target)[1])[0])
    agrees("001-7.cross_entropy", sigmoid_cross_entropy(z, target)[1][0])


def test_softmax_of_large_scores():
    case = data.large_scores()
    loss = softmax_cross_entropy(case.scores[None], np.array([case.target]))[0]
    agrees("001-9.loss", loss)
    agrees("001-9.log_sum", loss + case.scores[case.target])
    with np.errstate(over="ignore", invalid="ignore"):
        naive = np.exp(case.scores) / np.exp(case.scores).sum()  # E35, too: the listing's form
    assert np.isnan(naive).all()
    assert np.isfinite(softmax(case.scores)).all()


def test_what_may_be_added_to_scores():
    scores, shifted = data.shifted_scores()
    agrees("001-10.softmax", softmax(scores))
    agrees("001-10.softmax", softmax(shifted))
    agrees("E39.moved", softmax(scores + np.array([1.0, 0.0, -1.0])))


def test_what_to_subtract_the_largest_score_from():
    scores = np.array([0.5, 3.0, 2.0])
    agrees("E40.all", softmax(scores))
    agrees("E40.all", softmax(scores - scores.max()))
    agrees("E40.others", softmax(np.where(scores == scores.max(), scores, scores - scores.max())))


# --- Deck 002.


def test_the_table_of_activations():
    z = np.array(1.0)
    agrees("E2.sigmoid", [sigmoid(z), sigmoid(-z)])  # 1 / (1 + exp(z)) is the sigmoid of -z
    printed = central_difference(lambda z: 1 / (1 + np.exp(z)), z)
    agrees("E2.slopes", [sigmoid_grad(sigmoid(z)), printed])
    agrees("E2.slopes", [central_difference(sigmoid, z), central_difference(lambda z: sigmoid(-z), z)])
    a = tanh(np.array(0.7))
    agrees("002-2.tanh", [a, tanh_grad(a)])
    agrees("E5.slope", hardtanh_grad(hardtanh(np.array(0.3))))
    agrees("E5.slope", central_difference(hardtanh, np.array(0.3)))
    agrees("E6.ends", [*hardtanh(np.array([-1.0, 1.0])), relu(np.array(-1.0))])
    agrees("E12.middle", central_difference(relu, np.array(0.0)))
    assert relu_grad(relu(np.array(0.0))) == 0  # the deck's convention, of all between 0 and 1


def test_stable_forms_stay_finite():
    """E52: the printed forms are NaN and infinite where the library's are not."""
    with np.errstate(over="ignore", invalid="ignore"):
        assert np.isnan((np.exp(2 * 360.0) - 1) / (np.exp(2 * 360.0) + 1))
        assert np.isinf(np.log(1 + np.exp(720.0)))
    with np.errstate(all="raise", under="ignore"):
        assert tanh(np.array(360.0)) == 1
        assert softplus(np.array(720.0)) == 720


def test_softmax_over_sigmoids_is_capped():
    agrees("E13.cap", softmax(sigmoid(np.array([1e3, -1e3, -1e3, -1e3]))).max())
    assert softmax(np.array([1e3, -1e3, -1e3, -1e3])).max() == 1


def test_four_classes():
    case = data.four_classes()
    p, target = case.p[None], np.array([case.target])
    agrees("002-4.cross_entropy", cross_entropy(p, target)[0])
    agrees("002-4.squared", squared_over_samples(p, np.eye(4)[target])[0])
    assert accuracy(p, target) == 0
    assert accuracy(p, np.array([2])) == 1
    assert not central_difference(lambda p: accuracy(p, target), p).any()  # E57


def test_descent_needs_the_place_it_starts_from():
    def f(t):
        return (t - 2) ** 2

    agrees("E3.descent", descend(f, 3.0, eta=0.1, steps=50))
    theta = np.array([3.0])
    for _ in range(50):
        theta = 0.1 * complex_step(lambda t: f(t).sum(), theta)
    agrees("E3.printed", theta[0])


def test_the_sign_of_the_last_weights_slope():
    h, y = np.array([[0.6]]), np.array([[1.0]])
    net = Network((1, 1), output="sigmoid")

    def loss(w):
        net.W[0][...] = w
        return half_squared(net.forward(h), y)

    before, dout = loss(0.4)
    net.backward(dout)
    slope = net.dW[0].copy()
    agrees("E4.slope", slope[0, 0])
    agrees("E4.slope", central_difference(lambda w: loss(w)[0], np.array([[0.4]]))[0, 0])
    after = []
    for sign_ in (1, -1):  # the deck's (y - NN) is the slope with its sign turned
        w = np.array([0.4])
        GradientDescent(w, 1.0).step(sign_ * slope.ravel())
        after.append(loss(w)[0])
    agrees("E4.losses", [before, *after])


def test_logarithm_to_another_base():
    x = Value(3.0)
    (x.log() / Value(2.0).log()).backward()
    agrees("E10.slope", x.grad)
    (2.0 * x.log()).backward()
    agrees("E10.product", x.grad)


def test_batches_of_ten_samples():
    agrees("E11.batches", [len(batch) for batch in shuffled_batches(4)(10, np.random.default_rng(0))])


def test_no_guarantee_for_every_rate():
    agrees("E51.overshoot", descend(lambda t: t**2, 1.0, eta=1.1, steps=20))
    agrees("E51.maximum", descend(lambda t: t**4 / 4 - t**2 / 2, 0.0, eta=0.1, steps=20))

    def valley(t):
        return (t - 2) ** 2 / 2

    shrinking = descend(valley, 10.0, eta=lambda k: 0.4 / (k + 1) ** 2, steps=2000)  # the rates sum to 0.66
    assert shrinking > 5.5
    assert abs(descend(valley, 10.0, eta=inverse_decay(0.4, 0.1), steps=2000) - 2) < 1e-3


# --- Deck 003.


def test_steepest_descent_in_a_valley():
    def after(eta, start=(1, 1)):
        valley = data.ravine(start=start)
        theta = valley.start
        GradientDescent(theta, eta).step(valley.gradient(theta))
        return valley.value(theta)

    def bound(start):
        """Return the rate from which a step goes up, found by halving."""
        low, high = 0.1, 1.0
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if after(middle, start) < after(0.0, start) else (low, middle)
        return low

    agrees("003-9.heights", [after(0.0), after(0.01)])
    agrees("E24.bound", bound((1, 1)))
    agrees("E24.every", bound((0, 1)))
    agrees("E24.around", [after(0.2017), after(0.2018)])
    valley = data.ravine()
    g = valley.gradient(valley.start)
    taylor = after(0.0) - 0.01 * g @ g + 0.01**2 / 2 * g @ valley.gradient(g)  # the valley's slope is linear: G g
    agrees("003-9.heights", [after(0.0), taylor])


def test_vario_eta_divides():
    theta = np.zeros(2)
    rule = VarioEta(theta, eta=0.01, rho=0.99)
    series = np.array([(1 + 8 * s, 1 + 0.01 * s) for s in (-1, 1) * 1000])
    for g in series:
        before = theta.copy()
        rule.step(g)
    agrees("E14.steps", before - theta)
    agrees("E14.printed", 0.01 * np.sqrt(((series - series.mean(axis=0)) ** 2).mean(axis=0)) * series[-1])


def test_momentum():
    theta, path, velocity = np.zeros(1), [], []
    rule = Momentum(theta, eta=0.1, beta=0.9)
    for _ in range(3):
        rule.step(np.ones(1))
        path.append(theta[0])
        velocity.append(rule.v[0])
    agrees("003-13.velocity", velocity)
    agrees("003-13.path", path)
    for _ in range(400):
        before = theta.copy()
        rule.step(np.ones(1))
    agrees("003-13.limit", (before - theta)[0] / 0.1)


def evenly(low, high, size):
    """Return the middles of equal parts of the interval: a uniform draw without chance."""
    count = math.prod(size)
    return (low + (high - low) * (np.arange(count) + 0.5) / count).reshape(size)


def test_widths_of_the_first_weights():
    even = SimpleNamespace(uniform=evenly)
    ends = SimpleNamespace(uniform=lambda low, high, size: np.full(size, high))
    agrees("E17.variance", uniform(1000, 10, even, r=0.7).var())
    agrees("E17.printed", (0.7**3 / 3 + (-0.7) ** 3 / 3) / (2 * 0.7))
    agrees("003-15.sigma", uniform(1000, 10, even, r=1.0).std())
    agrees("003-15.radius", three_over_sqrt_n(100, 1, ends)[0, 0])
    agrees("003-15.radius", uniform(100, 1, ends)[0, 0])
    agrees("E18.radius", sqrt_three_over_n(100, 1, ends)[0, 0])
    agrees("E16.tanh", tanh(np.array(1.0)))


def test_what_the_first_weights_do():
    """Chance is in these: 1000 units with 100 inputs know their spread to some 0.3 %; 2 % are allowed."""
    rng = np.random.default_rng(3)
    even, normal = rng.uniform(-1, 1, (1000, 100)), rng.standard_normal((1000, 100))

    def net(x, draw):
        return Dense(draw(x.shape[1], 1000, rng), np.zeros(1000)).forward(x)

    def saturated(z):
        return (np.abs(tanh(z)) > 0.9).mean()

    assert abs(net(even, three_over_sqrt_n).std() - 1) < 0.02
    wide, narrow = net(normal, three_over_sqrt_n), net(normal, sqrt_three_over_n)
    assert abs(wide.std() / math.sqrt(3) - 1) < 0.02  # E18
    assert abs(narrow.std() - 1) < 0.02
    assert abs(saturated(wide) - 0.395) < 0.01
    assert abs(saturated(narrow) - 0.141) < 0.01
    assert abs(net(normal, fan_in).std() - 1) < 0.02  # E38: not deck 003's sqrt(3)
    few = rng.uniform(-1, 1, (200_000, 1))
    assert abs(net(few[:1000], three_over_sqrt_n).std() - 1) < 0.05  # E19: for a single input, too


def test_blame_follows_activity():
    layer = Dense(np.array([[10.0], [0.1]]), np.zeros(1))
    agrees("E49.contributions", [layer.forward(h)[0, 0] for h in np.diag([0.1, 1.0])[:, None]])
    layer.forward(np.array([[0.1, 1.0]]))
    layer.gradients(np.ones((1, 1)))
    agrees("E49.slopes", layer.dW[:, 0])


# --- Deck 004; the lesson on the 2-2-2 network checks most of it.


def test_numeric_slopes_of_the_two_two_two_network():
    case = data.two_two_two()
    net = Network((2, 2, 2), hidden="sigmoid", output="sigmoid")
    net.theta[:] = np.concatenate([case.W1.ravel(), case.b1, case.W2.ravel(), case.b2])

    def loss(theta):
        net.theta[:] = theta
        return half_squared(net.forward(case.x[None]), case.target[None])

    at = net.theta.copy()
    net.backward(loss(at)[1])
    claimed = net.grad.copy()
    assert np.abs(central_difference(lambda theta: loss(theta)[0], at) - claimed).max() < 2e-10


def test_slopes_multiply():
    a0 = Value(1.0)
    a0.sigmoid().sigmoid().sigmoid().backward()
    agrees("004-8.chain", a0.grad)
    z = np.linspace(-5, 5, 1001)  # 0 among them
    agrees("004-8.bound", sigmoid_grad(sigmoid(z)).max() ** 3)


def test_the_other_table_of_activations():
    agrees("004-9.leaky", leaky_relu(np.array(-2.0)))
    agrees("004-9.softplus", softplus(np.array(0.0)))
    z = np.linspace(-3, 3, 7)
    assert np.allclose(central_difference(lambda z: softplus(z).sum(), z), softplus_grad(z), atol=1e-9)
    assert (softplus_grad(z) == sigmoid(z)).all()


def test_softmax_is_not_elementwise():
    z, target = np.array([[1.0, 2.0, 0.5]]), np.array([2])
    agrees("E50.delta", softmax_cross_entropy(z, target)[1][0])
    p = softmax(z)
    dout, J = cross_entropy(p, target)[1][0], softmax_jacobian(p)[0]
    agrees("E50.delta", J @ dout)
    agrees("E50.elementwise", np.diag(J) * dout)


def test_two_predictions():
    case = data.two_predictions()
    target = case.target[None]
    both = [case.p1[None], case.p2[None]]
    agrees("004-11.squared", [squared_over_samples(p, target)[0] for p in both])
    agrees("004-11.cross_entropy", [cross_entropy(p, target)[0] for p in both])
    agrees("004-11.printed_1", cross_entropy(both[0], target)[0])
    agrees("004-11.printed_2", cross_entropy(both[1], target)[0])
    agrees("004-11.minimum", cross_entropy(target, target)[0])
    assert (np.argsort(case.p2) != np.argsort(case.target)).any()  # "Preserving the order?" No.


def test_the_listing_of_the_last_slide():
    net = Network((784, 64, 64, 10), hidden="relu")
    agrees("004-15.layers", [W.size + b.size for W, b in zip(net.W, net.b, strict=True)])
    agrees("004-15.parameters", net.theta.size)
    agrees("004-15.digits", Network((64, 64, 64, 10)).theta.size)
