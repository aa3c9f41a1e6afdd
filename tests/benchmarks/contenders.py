"""The same task, once by the names that lessons import and once by each peer.

A contender is a function: config -> (work, fingerprint). `work(units)` does so many units; the fingerprint is what came
out after 50 units from the common start, so that only equal work is compared.
"""

from __future__ import annotations

import itertools

import numpy as np

from bplib.data import moons
from bplib.initialization import he
from bplib.losses import softmax_cross_entropy
from bplib.network import Network
from bplib.optimizers import RULES

SAMPLES = 8192


def _task(config):
    """Return data of the deck's digits net: 80 % zeros, labels from a random teacher; and the common start."""
    rng = np.random.default_rng(1)
    sizes = config["sizes"]
    n = config.get("samples", SAMPLES)
    x = rng.random((n, sizes[0])) * (rng.random((n, sizes[0])) > 0.8)
    target = np.argmax((x - x.mean(axis=0)) @ rng.standard_normal((sizes[0], sizes[-1])), axis=1)
    net = Network(sizes, hidden=config.get("hidden", "relu"), draw=he, seed=0, dtype=config["dtype"])
    return x.astype(config["dtype"]), target, net


def _batches(x, target, size):
    while True:
        for start in range(0, len(x) - size + 1, size):
            yield x[start : start + size], target[start : start + size]


def _repeat(step, theta):
    """Do 50 steps for the fingerprint; return the loop that does more of them."""
    for _ in range(50):
        loss = step()
    parameters = theta()

    def work(units):
        for _ in range(units):
            step()

    return work, {"loss": float(loss), "size": float(np.abs(np.asarray(parameters, dtype=float)).sum())}


def bplib_step(config):
    x, target, net = _task(config)
    batches = _batches(x, target, config["batch"])
    rule = RULES[config["rule"]](net.theta, eta=config["eta"])

    def step():
        x, target = next(batches)
        loss, delta = softmax_cross_entropy(net.forward(x), target)
        net.backward(delta)
        rule.step(net.grad)
        return loss

    return _repeat(step, lambda: net.theta)


def products_alone(config):
    """The matrix products of the same step, and nothing else: what no framework can do without."""
    x, _, net = _task(config)
    x = np.ascontiguousarray(x[: config["batch"]])
    W = [W.copy() for W in net.W]
    a = [x] + [np.ones((len(x), W.shape[1]), x.dtype) for W in W]
    d = [np.ones_like(z) for z in a]
    dW = [np.empty_like(W) for W in W]

    def step():
        for i in range(len(W)):
            np.matmul(a[i], W[i], out=a[i + 1])
        for i in reversed(range(len(W))):
            np.matmul(a[i].T, d[i + 1], out=dW[i])
            if i:
                np.matmul(d[i + 1], W[i].T, out=d[i])
        for z in a[1:] + d[1:]:
            z.fill(1.0)  # so that nothing overflows
        return 0.0

    work, _ = _repeat(step, lambda: net.theta)
    return work, None


def _torch_model(net, hidden):
    """Return the same network, with the same parameters, as a torch module."""
    import torch

    layers = []
    for W, b in zip(net.W, net.b, strict=True):
        linear = torch.nn.Linear(*W.shape)
        linear.weight.data, linear.bias.data = torch.tensor(W.T.copy()), torch.tensor(b.copy())
        layers += [linear, torch.nn.ReLU() if hidden == "relu" else torch.nn.Tanh()]
    return torch.nn.Sequential(*layers[:-1])


def torch_step(config):
    import torch

    torch.set_num_threads(1)
    x, target, net = _task(config)
    x, target = torch.tensor(x), torch.tensor(target)
    model = _torch_model(net, config.get("hidden", "relu"))
    rule = {
        "RMSprop": lambda p: torch.optim.RMSprop(p, lr=config["eta"], alpha=0.9),
        "Adam": lambda p: torch.optim.Adam(p, lr=config["eta"]),
        "GradientDescent": lambda p: torch.optim.SGD(p, lr=config["eta"]),
    }[config["rule"]](model.parameters())
    batches = _batches(x, target, config["batch"])

    def step():
        x, target = next(batches)
        rule.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(x), target)
        loss.backward()
        rule.step()
        return loss.detach()

    return _repeat(step, lambda: np.concatenate([p.detach().numpy().ravel() for p in model.parameters()]))


def jax_step(config):
    import jax
    import jax.numpy as jnp

    x, target, net = _task(config)
    x, target = jnp.asarray(x), jnp.asarray(target)
    theta = [(jnp.asarray(W), jnp.asarray(b)) for W, b in zip(net.W, net.b, strict=True)]
    bend = jax.nn.relu if config.get("hidden", "relu") == "relu" else jnp.tanh
    eta = config["eta"]

    def loss(theta, x, target):
        for W, b in theta[:-1]:
            x = bend(x @ W + b)
        z = x @ theta[-1][0] + theta[-1][1]
        return (jax.nn.logsumexp(z, axis=1) - z[jnp.arange(len(z)), target]).mean()

    def update(p, g, state, step):
        m, s = state
        if config["rule"] == "GradientDescent":
            return p - eta * g, state
        if config["rule"] == "RMSprop":
            s = 0.9 * s + 0.1 * g * g
            return p - eta * g / (jnp.sqrt(s) + 1e-8), (m, s)
        m, s = 0.9 * m + 0.1 * g, 0.999 * s + 0.001 * g * g
        return p - eta * (m / (1 - 0.9**step)) / (jnp.sqrt(s / (1 - 0.999**step)) + 1e-8), (m, s)

    @jax.jit
    def step_of(theta, state, step, x, target):
        value, grads = jax.value_and_grad(loss)(theta, x, target)
        flat, tree = jax.tree.flatten(theta)
        new = [update(p, g, s, step) for p, g, s in zip(flat, jax.tree.leaves(grads), state, strict=True)]
        return value, jax.tree.unflatten(tree, [p for p, _ in new]), [s for _, s in new]

    held = [theta, [(jnp.zeros_like(p), jnp.zeros_like(p)) for p in jax.tree.leaves(theta)], 0]
    batches = _batches(x, target, config["batch"])

    def step():
        held[2] += 1
        value, held[0], held[1] = step_of(held[0], held[1], np.float32(held[2]), *next(batches))
        return value

    def work(units):
        for _ in range(units):
            value = step()
        value.block_until_ready()

    _, fingerprint = _repeat(step, lambda: np.concatenate([np.asarray(p).ravel() for p in jax.tree.leaves(held[0])]))
    return work, fingerprint


def sklearn_step(config):
    """MLPClassifier has no RMSprop; it is raced with Adam."""
    from sklearn.neural_network import MLPClassifier

    x, target, _net = _task(config)
    solver = "adam" if config["rule"] == "Adam" else "sgd"
    model = MLPClassifier(
        config["sizes"][1:-1], activation=config.get("hidden", "relu"), solver=solver, alpha=0.0, momentum=0.0,
        batch_size=config["batch"], learning_rate_init=config["eta"], nesterovs_momentum=False,
    )  # fmt: skip
    classes = np.unique(target)
    model.partial_fit(x[: config["batch"]], target[: config["batch"]], classes=classes)
    batches = _batches(x, target, config["batch"])

    def step():
        x, target = next(batches)
        model.partial_fit(x, target)
        return model.loss_

    work, _ = _repeat(step, lambda: np.zeros(1))
    return work, None  # its own start and label binarizer: only the time is comparable


def _tiny(config):
    x, target = moons(300, 0.2, seed=0)
    return x[:240], target[:240], Network((2, config["hidden_units"], 2), hidden="tanh", seed=0)


def bplib_tiny(config):
    x, target, net = _tiny(config)

    def step():
        loss, delta = softmax_cross_entropy(net.forward(x), target)
        net.backward(delta)
        net.theta -= config["eta"] * net.grad
        return loss

    return _repeat(step, lambda: net.theta)


def bplib_tiny_by_rows(config):
    """The same without its trick: narrow layers held row by row."""
    from bplib import layers

    layers.NARROW = 0
    return bplib_tiny(config)


def bplib_many(config):
    """64 such nets at once; the unit is still one step of one net."""
    x, target, _ = _tiny(config)
    net = Network((2, config["hidden_units"], 2), hidden="tanh", seed=0, copies=64)

    def step():
        loss, delta = softmax_cross_entropy(net.forward(x), target)
        net.backward(delta)
        net.theta -= config["eta"] * net.grad
        return loss[0]

    many, _ = _repeat(step, lambda: net.theta)
    return (lambda units: many(-(-units // 64))), None


def torch_tiny(config):
    import torch

    torch.set_num_threads(1)
    x, target, net = _tiny(config)
    x, target = torch.tensor(x), torch.tensor(target)
    model = _torch_model(net, "tanh")
    rule = torch.optim.SGD(model.parameters(), lr=config["eta"])

    def step():
        rule.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(x), target)
        loss.backward()
        rule.step()
        return loss.detach()

    return _repeat(step, lambda: np.concatenate([p.detach().numpy().ravel() for p in model.parameters()]))


def sklearn_tiny(config):
    from sklearn.neural_network import MLPClassifier

    x, target, _ = _tiny(config)
    model = MLPClassifier(
        (config["hidden_units"],), activation="tanh", solver="sgd", alpha=0.0, momentum=0.0, batch_size=240,
        learning_rate_init=config["eta"], nesterovs_momentum=False,
    )  # fmt: skip
    model.partial_fit(x, target, classes=[0, 1])

    def step():
        model.partial_fit(x, target)
        return model.loss_

    work, _ = _repeat(step, lambda: np.zeros(1))
    return work, None


def _vectors(config):
    rng = np.random.default_rng(0)
    size = config["size"]
    return rng.standard_normal(size).astype("f4"), (0.01 * rng.standard_normal(size)).astype("f4")


def bplib_rule(config):
    theta, g = _vectors(config)
    rule = RULES[config["rule"]](theta, eta=1e-3)
    return _repeat(lambda: rule.step(g) or 0.0, lambda: theta)


def _torch_rule(config, **how):
    import torch

    torch.set_num_threads(1)
    theta, g = _vectors(config)
    cuts = np.linspace(0, len(theta), 7).astype(int)  # six tensors, as in a net of three layers
    parts = [torch.nn.Parameter(torch.tensor(theta[i:j])) for i, j in itertools.pairwise(cuts)]
    for part, i, j in zip(parts, cuts, cuts[1:], strict=False):
        part.grad = torch.tensor(g[i:j])
    rule = {
        "GradientDescent": lambda p: torch.optim.SGD(p, lr=1e-3, **how),
        "Momentum": lambda p: torch.optim.SGD(p, lr=1e-3, momentum=0.9, **how),
        "Nesterov": lambda p: torch.optim.SGD(p, lr=1e-3, momentum=0.9, nesterov=True, **how),
        "Adagrad": lambda p: torch.optim.Adagrad(p, lr=1e-3, **how),
        "RMSprop": lambda p: torch.optim.RMSprop(p, lr=1e-3, alpha=0.9, **how),
        "Adadelta": lambda p: torch.optim.Adadelta(p, lr=1e-3, rho=0.9, **how),
        "Adam": lambda p: torch.optim.Adam(p, lr=1e-3, **how),
    }[config["rule"]](parts)

    def step():
        rule.step()
        return 0.0

    work, fingerprint = _repeat(step, lambda: np.concatenate([p.detach().numpy() for p in parts]))
    # Its foreach Nesterov writes into the gradients, which nobody computes anew here: only the time is comparable.
    return work, None if config["rule"] == "Nesterov" and how.get("foreach") else fingerprint


def torch_foreach_rule(config):
    return _torch_rule(config, foreach=True)


def torch_fused_rule(config):
    return _torch_rule(config, fused=True)


def _linear(config):
    """Return deck 000's linear classifier, 3072 inputs and 10 classes, on 64 images; its loss and backward pass."""
    rng = np.random.default_rng(0)
    net = Network((3072, 10), seed=0)
    x, target = rng.standard_normal((64, 3072)), rng.integers(0, 10, 64)

    def loss(theta):
        net.theta[...] = theta
        return softmax_cross_entropy(net.forward(x), target)[0]

    def backward():
        value, delta = softmax_cross_entropy(net.forward(x), target)
        net.backward(delta)
        return value

    return net, loss, backward


def backward_pass(config):
    _, _, backward = _linear(config)
    return _repeat(backward, lambda: np.zeros(1))[0], None


def one_direction(config):
    from bplib.gradcheck import directional

    net, loss, backward = _linear(config)
    backward()
    start, u = net.theta.copy(), np.random.default_rng(1).choice([-1.0, 1.0], net.theta.size) / net.theta.size**0.5

    def step():
        return directional(loss, start, u)

    return _repeat(step, lambda: np.zeros(1))[0], None


def bplib_layers(config):
    """All 30730 entries, of a network given as layers."""
    from bplib.gradcheck import by_layers

    net, _, _ = _linear(config)
    rng = np.random.default_rng(0)
    x, target = rng.standard_normal((64, 3072)), rng.integers(0, 10, 64)

    def work(units):
        for _ in range(units):
            by_layers(net, softmax_cross_entropy, x, target)

    return work, None


def scipy_layers(config):
    """All 30730 entries, by the loss as a black box."""
    from scipy.optimize import approx_fprime

    net, loss, _ = _linear(config)
    start = net.theta.copy()

    def work(units):
        for _ in range(units):
            approx_fprime(start, loss, 1e-7)

    return work, None


def _demo():
    """Return micrograd's demo: two moons, 100 samples with labels -1 and 1, a 2-10-1 ReLU net with 41 parameters."""
    x, target = moons(100, 0.1, seed=0)
    return x, 2.0 * target - 1


def _demo_loss(x, y, weights, relu, size):
    """One formula for all: hinge loss plus L2, on whatever numbers `weights` hold; `size` averages."""
    hidden = [relu(weights[3 * i] * x[0] + weights[3 * i + 1] * x[1] + weights[3 * i + 2]) for i in range(10)]
    score = sum((w * h for w, h in zip(weights[30:40], hidden, strict=True)), weights[40])
    return relu(1 + -y * score) * (1 / size)


def _start():
    return np.random.default_rng(0).uniform(-1, 1, 41)


def graph_readable(config):
    from bplib.graph import Value

    x, y = _demo()

    def step():
        weights = [Value(w) for w in _start()]
        loss = sum((_demo_loss(xi, yi, weights, Value.relu, 100) for xi, yi in zip(x, y, strict=True)), Value(0.0))
        loss = loss + 1e-4 * sum((w * w for w in weights), Value(0.0))
        loss.backward()
        return loss.data

    work, _ = _repeat_few(step)
    return work, None


def graph_compiled(config):
    from bplib.graph import Value, compile

    x, y = _demo()
    weights, columns, label = [Value(w) for w in _start()], [Value(x[:, 0]), Value(x[:, 1])], Value(y)
    loss = _demo_loss(columns, label, weights, Value.relu, 1).mean() + 1e-4 * sum((w * w for w in weights), Value(0.0))
    tape, start = compile(loss, weights), [float(w) for w in _start()]
    work, _ = _repeat_few(lambda: tape.run(*start)[0])
    return work, None


def micrograd_demo(config):
    from micrograd.engine import Value

    x, y = _demo()

    def step():
        weights = [Value(float(w)) for w in _start()]
        rows = zip(x.tolist(), y.tolist(), strict=True)
        loss = sum((_demo_loss(xi, yi, weights, Value.relu, 100) for xi, yi in rows), Value(0.0))
        loss = loss + 1e-4 * sum((w * w for w in weights), Value(0.0))
        loss.backward()
        return loss.data

    work, _ = _repeat_few(step)
    return work, None


def _repeat_few(step):
    step()

    def work(units):
        for _ in range(units):
            step()

    return work, None


def bplib_black_box(config):
    """Each of 500 entries of a black-box function, one by one."""
    from bplib.gradcheck import forward_difference

    def f(w):
        return float(w @ w)

    w = np.ones(500)
    return _repeat(lambda: forward_difference(f, w)[0], lambda: np.zeros(1))[0], None


def scipy_black_box(config):
    from scipy.optimize import approx_fprime

    def f(w):
        return float(w @ w)

    w = np.ones(500)
    return _repeat(lambda: approx_fprime(w, f, 1e-7)[0], lambda: np.zeros(1))[0], None


def import_numpy(config):
    return _import("numpy")


def import_network(config):
    return _import("bplib.network")


def _import(module):
    import resource
    import subprocess
    import sys
    import time

    def work(units):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        for _ in range(units):
            subprocess.run([sys.executable, "-c", f"import {module}"], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)
        end = time.process_time() + spent  # the children's time is ours to report
        while time.process_time() < end:
            pass

    return work, None
