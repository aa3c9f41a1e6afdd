"""The same numbers as PyTorch, which was written by others, from other formulas: `make agree`."""

import numpy as np
import pytest
import torch

from bplib import activations, losses, optimizers
from bplib.network import Network

F = torch.nn.functional
RNG = np.random.default_rng(0)
Z, OTHER = RNG.standard_normal((20, 5)) * 3, RNG.standard_normal((20, 5))
TARGET = RNG.integers(0, 5, 20)
TO_TORCH = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu, "softplus": F.softplus,
            "hardtanh": F.hardtanh, "leaky_relu": F.leaky_relu, "identity": lambda z: z}  # fmt: skip


def tensor(array, grad=True):
    return torch.tensor(np.asarray(array), requires_grad=grad)


def close(ours, theirs, rtol=1e-12, atol=1e-13):
    np.testing.assert_allclose(ours, theirs.detach().numpy(), rtol=rtol, atol=atol)


@pytest.mark.parametrize("name", TO_TORCH)
def test_activations_and_slopes(name):
    z = tensor(Z)
    a = TO_TORCH[name](z)
    value, slope = getattr(activations, name), getattr(activations, f"{name}_grad")
    close(value(Z), a)
    a.sum().backward()
    close(slope(Z if name == "softplus" else value(Z)), z.grad)


def test_softmax_and_its_jacobian():
    close(activations.softmax(Z), torch.softmax(tensor(Z), 1))
    J = torch.autograd.functional.jacobian(lambda z: torch.softmax(z, 0), tensor(Z[0], grad=False))
    close(activations.softmax_jacobian(activations.softmax(Z[0])), J)


SIGN = np.where(TARGET > 2, 1.0, -1.0)
PAIRS = {
    "softmax_cross_entropy": (losses.softmax_cross_entropy, F.cross_entropy, Z, TARGET),
    "softmax_cross_entropy, shares": (losses.softmax_cross_entropy, F.cross_entropy, Z, activations.softmax(OTHER)),
    "sigmoid_cross_entropy": (
        losses.sigmoid_cross_entropy,
        F.binary_cross_entropy_with_logits,
        Z[:, 0],
        (SIGN + 1) / 2,
    ),
    "logistic": (losses.logistic, F.soft_margin_loss, Z[:, 0], SIGN),
    "hinge": (losses.hinge, lambda z, t: 5 * F.multi_margin_loss(z, t), Z, TARGET),
    "squared_over_entries": (losses.squared_over_entries, F.mse_loss, Z, OTHER),
    "half_squared": (losses.half_squared, lambda z, t: F.mse_loss(z, t, reduction="sum") / 2, Z, OTHER),
    "squared_over_samples": (
        losses.squared_over_samples,
        lambda z, t: F.mse_loss(z, t, reduction="sum") / 20,
        Z,
        OTHER,
    ),
    "absolute": (losses.absolute, lambda z, t: F.l1_loss(z, t, reduction="sum") / 20, Z, OTHER),
    "cross_entropy": (losses.cross_entropy, lambda p, t: F.nll_loss(p.log(), t), np.abs(Z) + 0.1, TARGET),
}


@pytest.mark.parametrize("name", PAIRS)
def test_losses_and_their_derivatives(name):
    ours, theirs, z, target = PAIRS[name]
    value, derivative = ours(z, target)
    inputs = tensor(z)
    loss = theirs(inputs, tensor(target, grad=False))
    loss.backward()
    assert float(value) == pytest.approx(float(loss), rel=1e-12)
    close(derivative, inputs.grad)


RULES = {
    "GradientDescent": lambda p: torch.optim.SGD(p, lr=0.05),
    "Momentum": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9),
    "Nesterov": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, nesterov=True),
    "Adagrad": lambda p: torch.optim.Adagrad(p, lr=0.05, eps=1e-10),
    "RMSprop": lambda p: torch.optim.RMSprop(p, lr=0.05, alpha=0.9, eps=1e-8),
    "Adadelta": lambda p: torch.optim.Adadelta(p, lr=0.05, rho=0.9, eps=1e-6),
    "Adam": lambda p: torch.optim.Adam(p, lr=0.05),
}


def test_every_rule_that_torch_has_is_compared():
    assert set(optimizers.RULES) - set(RULES) == {"VarioEta"}


@pytest.mark.parametrize("name", RULES)
def test_fifty_steps_of_each_rule(name):
    theta = RNG.standard_normal(30)
    other = torch.nn.Parameter(torch.tensor(theta.copy()))
    rule, theirs = optimizers.RULES[name](theta, eta=0.05), RULES[name]([other])
    for _ in range(50):
        g = RNG.standard_normal(30)
        rule.step(g)
        other.grad = torch.tensor(g)
        theirs.step()
    close(theta, other, rtol=1e-10)


@pytest.mark.parametrize("hidden", list(TO_TORCH))
@pytest.mark.parametrize("sizes", [(5, 4), (5, 7, 3), (5, 6, 8, 2, 4)])
def test_every_gradient_of_a_network(hidden, sizes):
    net = Network(sizes, hidden=hidden, seed=1)
    x, target = RNG.standard_normal((9, 5)), RNG.integers(0, sizes[-1], 9)
    loss, delta = losses.softmax_cross_entropy(net.forward(x), target)
    dx = net.backward(delta, dx=True)
    W, b, a = [tensor(W) for W in net.W], [tensor(b) for b in net.b], (inputs := tensor(x))
    for i in range(len(W)):
        a = a @ W[i] + b[i]
        if i < len(W) - 1:
            a = TO_TORCH[hidden](a)
    theirs = F.cross_entropy(a, torch.tensor(target))
    theirs.backward()
    assert float(loss) == pytest.approx(float(theirs), rel=1e-12)
    close(dx, inputs.grad)
    for ours, other in zip(net.dW + net.db, W + b, strict=True):
        close(ours, other.grad)
