"""A learning rule says how far to go, and where, when the gradient has said which way is up.

Each rule holds the parameters as one flat vector and changes them in place, so a network of any shape looks the same to
it. The state of a rule has the shape of the parameters, too, and is made once: a step allocates nothing.

Letters: g gradient, eta learning rate, v velocity, m mean of g, s mean of g squared, step counts from 1.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]


class Optimizer:
    """What all rules share: the parameters, a learning rate that may be changed at any time, and room to compute in.

    Parameters
    ----------
    theta : Array, (P,)
        All parameters, flat; changed in place by `step`.
    eta : float
        Learning rate, at least 0.
    """

    state: ClassVar[tuple[str, ...]] = ()

    def __init__(self, theta: Array, eta: float) -> None:
        if not isinstance(theta, np.ndarray) or theta.ndim != 1 or theta.dtype.kind != "f":
            came = f"{type(theta).__name__} {getattr(theta, 'shape', '')} {getattr(theta, 'dtype', '')}"
            raise TypeError(f"theta is {came}; a flat array of floats is needed, as Network.theta is")
        if not eta >= 0:
            raise ValueError(f"eta is {eta}; a learning rate of at least 0 is needed")
        self.theta, self.eta, self.steps = theta, float(eta), 0
        self._room = np.empty_like(theta)
        for name in self.state:
            setattr(self, name, np.zeros_like(theta))

    def step(self, grad: Array) -> None:
        """Change `theta` by one step against `grad`, (P,); `grad` is not changed."""
        if grad.shape != self.theta.shape:
            raise ValueError(f"grad has shape {grad.shape}; it needs the shape of theta, {self.theta.shape}")
        self.steps += 1
        self._step(grad, self._room)

    def _step(self, g: Array, room: Array) -> None:
        raise NotImplementedError


class GradientDescent(Optimizer):
    r"""Go against the gradient.

    $$\theta \leftarrow \theta - \eta g$$

    Parameters
    ----------
    theta : Array, (P,)
        All parameters, flat; changed in place.
    eta : float
        Learning rate.

    References
    ----------
    Deck 004 (Chen, NTUST), "Gradient Descent - 1" to "- 3". Deck 002 prints its loops without `theta -`: errata E3.

    Examples
    --------
    >>> theta = np.array([3.0])
    >>> rule = GradientDescent(theta, eta=0.1)
    >>> for _ in range(50):
    ...     rule.step(2 * (theta - 2))  # the slope of (theta - 2)**2
    >>> theta.round(6)
    array([2.000014])
    """

    def __init__(self, theta: Array, eta: float = 0.1) -> None:
        super().__init__(theta, eta)

    def _step(self, g: Array, room: Array) -> None:
        np.multiply(g, self.eta, out=room)
        self.theta -= room


class Momentum(Optimizer):
    r"""Keep a velocity: what pulls the same way step after step adds up, what zigzags cancels.

    $$v \leftarrow \beta v + g, \qquad \theta \leftarrow \theta - \eta v$$

    Under a constant gradient the step grows to eta g / (1 - beta), ten times eta g at beta = 0.9. (Others write
    (1 - beta) g into v; their eta is ten times as large for the same path.)

    Parameters
    ----------
    theta : Array, (P,)
        All parameters, flat; changed in place.
    eta : float
        Learning rate.
    beta : float
        How much of the velocity is kept, in [0, 1).

    References
    ----------
    Deck 003, momentum: v0 = 0, beta = 0.9.

    Examples
    --------
    >>> theta = np.array([0.0])
    >>> rule = Momentum(theta, eta=0.1)
    >>> for _ in range(3):
    ...     rule.step(np.array([1.0]))
    >>> rule.v, theta
    (array([2.71]), array([-0.561]))
    """

    state = ("v",)

    def __init__(self, theta: Array, eta: float = 0.01, beta: float = 0.9) -> None:
        super().__init__(theta, eta)
        self.beta = _fraction("beta", beta)

    def _step(self, g: Array, room: Array) -> None:
        self.v *= self.beta
        self.v += g
        np.multiply(self.v, self.eta, out=room)
        self.theta -= room


class Nesterov(Optimizer):
    r"""Momentum that looks ahead: the gradient counts at the place where the velocity is about to lead.

    $$v \leftarrow \beta v + g, \qquad \theta \leftarrow \theta - \eta (g + \beta v)$$

    Written for the parameters that the gradient is taken at, so that no second gradient is needed; with
    theta' = theta + eta beta v it is Nesterov's own form, v <- beta v + g(theta' - eta beta v).

    Parameters
    ----------
    theta : Array, (P,)
        All parameters, flat; changed in place.
    eta : float
        Learning rate.
    beta : float
        How much of the velocity is kept, in [0, 1).

    References
    ----------
    I. Sutskever, J. Martens, G. Dahl and G. Hinton (2013); PyTorch's SGD with nesterov=True is the same rule.

    Examples
    --------
    >>> theta = np.array([0.0])
    >>> rule = Nesterov(theta, eta=0.1)
    >>> for _ in range(2):
    ...     rule.step(np.array([1.0]))
    >>> theta.round(6)
    array([-0.461])
    """

    state = ("v",)

    def __init__(self, theta: Array, eta: float = 0.01, beta: float = 0.9) -> None:
        super().__init__(theta, eta)
        self.beta = _fraction("beta", beta)

    def _step(self, g: Array, room: Array) -> None:
        self.v *= self.beta
        self.v += g
        np.multiply(self.v, self.beta, out=room)
        room += g
        room *= self.eta
        self.theta -= room


class Adagrad(Optimizer):
    r"""Divide each parameter's step by the root of all its squared gradients so far: steps only ever get smaller.

    $$s \leftarrow s + g^2, \qquad \theta \leftarrow \theta - \eta\, g / (\sqrt{s} + \epsilon)$$

    Parameters
    ----------
    theta : Array, (P,)
        All parameters, flat; changed in place.
    eta : float
        Learning rate.
    epsilon : float
        Keeps the quotient finite; outside the root (as PyTorch; Keras puts it inside).

    References
    ----------
    Deck 004 (Chen, NTUST), "Optimizers"; J. Duchi, E. Hazan and Y. Singer (2011).

    Examples
    --------
    >>> theta = np.array([1.0, 1.0])
    >>> Adagrad(theta, eta=0.5).step(np.array([100.0, -0.01]))
    >>> theta.round(4)
    array([0.5, 1.5])
    """

    state = ("s",)

    def __init__(self, theta: Array, eta: float = 0.01, epsilon: float = 1e-10) -> None:
        super().__init__(theta, eta)
        self.epsilon = _positive("epsilon", epsilon)

    def _step(self, g: Array, room: Array) -> None:
        np.multiply(g, g, out=room)
        self.s += room
        np.sqrt(self.s, out=room)
        room += self.epsilon
        np.divide(g, room, out=room)
        room *= self.eta
        self.theta -= room


class RMSprop(Optimizer):
    r"""Divide each parameter's step by the root of a running mean of its squared gradient.

    $$s \leftarrow \rho s + (1 - \rho) g^2, \qquad \theta \leftarrow \theta - \eta\, g / (\sqrt{s} + \epsilon)$$

    Unlike Adagrad it forgets, so the steps do not die out. There is no bias correction: the first steps are larger than
    eta, by up to 1 / sqrt(1 - rho).

    Parameters
    ----------
    theta : Array, (P,)
        All parameters, flat; changed in place.
    eta : float
        Learning rate.
    rho : float
        How much of the mean is kept, in [0, 1).
    epsilon : float
        Keeps the quotient finite; outside the root (as PyTorch; Keras puts it inside).

    References
    ----------
    Deck 004 (Chen, NTUST), "Optimizers"; T. Tieleman and G. Hinton (2012).

    Examples
    --------
    >>> theta = np.array([1.0])
    >>> RMSprop(theta, eta=0.1, rho=0.75).step(np.array([8.0]))
    >>> theta.round(6)  # the first step is eta / sqrt(1 - rho) = 0.2
    array([0.8])
    """

    state = ("s",)

    def __init__(self, theta: Array, eta: float = 0.001, rho: float = 0.9, epsilon: float = 1e-8) -> None:
        super().__init__(theta, eta)
        self.rho, self.epsilon = _fraction("rho", rho), _positive("epsilon", epsilon)

    def _step(self, g: Array, room: Array) -> None:
        np.multiply(g, g, out=room)
        room *= 1 - self.rho
        self.s *= self.rho
        self.s += room
        np.sqrt(self.s, out=room)
        room += self.epsilon
        np.divide(g, room, out=room)
        room *= self.eta
        self.theta -= room


class Adadelta(Optimizer):
    r"""Let the size of past steps set the size of the next: a rule with the units of the parameters.

    $$s \leftarrow \rho s + (1 - \rho) g^2, \quad
      d = \sqrt{u + \epsilon} / \sqrt{s + \epsilon} \; g, \quad
      u \leftarrow \rho u + (1 - \rho) d^2, \quad \theta \leftarrow \theta - \eta d$$

    Here epsilon stands inside the roots, by definition: it is what the first steps are made of.

    Parameters
    ----------
    theta : Array, (P,)
        All parameters, flat; changed in place.
    eta : float
        Learning rate; 1 in the original rule.
    rho : float
        How much of the means is kept, in [0, 1).
    epsilon : float
        Added under both roots.

    References
    ----------
    Deck 004 (Chen, NTUST), "Optimizers" (printed "Adadelata", errata E45); M. Zeiler (2012).

    Examples
    --------
    >>> theta = np.array([1.0])
    >>> Adadelta(theta, rho=0.75, epsilon=1e-6).step(np.array([2.0]))
    >>> theta.round(6)
    array([0.998])
    """

    state = ("s", "u")

    def __init__(self, theta: Array, eta: float = 1.0, rho: float = 0.9, epsilon: float = 1e-6) -> None:
        super().__init__(theta, eta)
        self.rho, self.epsilon = _fraction("rho", rho), _positive("epsilon", epsilon)
        self._more = np.empty_like(theta)

    def _step(self, g: Array, room: Array) -> None:
        more = self._more
        np.multiply(g, g, out=room)
        room *= 1 - self.rho
        self.s *= self.rho
        self.s += room
        np.add(self.u, self.epsilon, out=room)
        np.add(self.s, self.epsilon, out=more)
        room /= more
        np.sqrt(room, out=room)
        room *= g  # d
        np.multiply(room, room, out=more)
        more *= 1 - self.rho
        self.u *= self.rho
        self.u += more
        room *= self.eta
        self.theta -= room


class Adam(Optimizer):
    r"""Momentum over RMSprop, both corrected for having started at zero.

    $$m \leftarrow \beta_1 m + (1 - \beta_1) g, \quad s \leftarrow \beta_2 s + (1 - \beta_2) g^2, \quad
      \theta \leftarrow \theta - \eta\, \frac{m / (1 - \beta_1^{step})}{\sqrt{s / (1 - \beta_2^{step})} + \epsilon}$$

    The first and second *moment* of the gradient are running means, not first and second derivatives. The corrections
    are two numbers, so they are multiplied into eta and epsilon instead of into vectors; m and s keep their raw values.

    Parameters
    ----------
    theta : Array, (P,)
        All parameters, flat; changed in place.
    eta : float
        Learning rate: about the size of each step.
    beta1, beta2 : float
        How much of the two means is kept, in [0, 1).
    epsilon : float
        Outside the root, beside the corrected s (as in the paper and PyTorch).

    References
    ----------
    Deck 003 names "gradients of first and second order": errata E21. D. Kingma and J. Ba (2015), algorithm 1.

    Examples
    --------
    >>> theta = np.array([1.0, 1.0])
    >>> Adam(theta, eta=0.1).step(np.array([100.0, -0.01]))
    >>> theta.round(6)  # the first step is eta, whatever the gradient's size
    array([0.9, 1.1])
    """

    state = ("m", "s")

    def __init__(
        self, theta: Array, eta: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8
    ) -> None:
        super().__init__(theta, eta)
        self.beta1, self.beta2 = _fraction("beta1", beta1), _fraction("beta2", beta2)
        self.epsilon = _positive("epsilon", epsilon)

    def _step(self, g: Array, room: Array) -> None:
        np.multiply(g, 1 - self.beta1, out=room)
        self.m *= self.beta1
        self.m += room
        np.multiply(g, g, out=room)
        room *= 1 - self.beta2
        self.s *= self.beta2
        self.s += room
        root = float(np.sqrt(1 - self.beta2**self.steps))
        np.sqrt(self.s, out=room)
        room += self.epsilon * root
        np.divide(self.m, room, out=room)
        room *= self.eta * root / (1 - self.beta1**self.steps)
        self.theta -= room


class VarioEta(Optimizer):
    r"""Divide each parameter's step by the standard deviation of its gradient: noisy directions go slowly.

    $$\theta \leftarrow \theta - \eta\, g / (\sigma_g + \epsilon), \qquad \sigma_g^2 = \overline{g^2} - \overline{g}^2$$

    The means run over the last steps, with weight rho, from 0. Unlike RMSprop's, the deviation is taken around the
    *mean* gradient, so a steady gradient counts as quiet and its direction speeds up; where nothing is noisy at all
    (a full batch), the deviation dies out and epsilon alone bounds the step, by eta g / epsilon.

    Parameters
    ----------
    theta : Array, (P,)
        All parameters, flat; changed in place.
    eta : float
        Learning rate.
    rho : float
        How much of the means is kept, in [0, 1).
    epsilon : float
        Beside the standard deviation.

    References
    ----------
    Deck 003, Vario-Eta. Its formula multiplies by the root where its text divides: errata E14.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> theta = np.zeros(2)
    >>> rule = VarioEta(theta, eta=0.01, rho=0.99)
    >>> for _ in range(500):
    ...     rule.step(np.array([rng.normal(1, 8.0), rng.normal(1, 0.5)]))
    >>> bool(theta[1] < 5 * theta[0] < 0)  # the same mean slope; the quiet direction went much farther
    True
    """

    state = ("m", "s")

    def __init__(self, theta: Array, eta: float = 0.001, rho: float = 0.9, epsilon: float = 1e-3) -> None:
        super().__init__(theta, eta)
        self.rho, self.epsilon = _fraction("rho", rho), _positive("epsilon", epsilon)

    def _step(self, g: Array, room: Array) -> None:
        np.multiply(g, 1 - self.rho, out=room)
        self.m *= self.rho
        self.m += room
        room *= g
        self.s *= self.rho
        self.s += room
        np.multiply(self.m, self.m, out=room)
        np.subtract(self.s, room, out=room)
        np.maximum(room, 0.0, out=room)  # rounding can leave a variance of -1e-17
        np.sqrt(room, out=room)
        room += self.epsilon
        np.divide(g, room, out=room)
        room *= self.eta
        self.theta -= room


RULES: dict[str, type[Optimizer]] = {
    rule.__name__: rule for rule in (GradientDescent, Momentum, Nesterov, Adagrad, RMSprop, Adadelta, Adam, VarioEta)
}


def step_decay(eta: float, every: int, factor: float = 0.5) -> Callable[[int], float]:
    """Return a schedule that multiplies the rate by `factor` after each `every` epochs.

    Examples
    --------
    >>> [step_decay(0.8, every=2)(epoch) for epoch in range(5)]
    [0.8, 0.8, 0.4, 0.4, 0.2]
    """
    _positive("every", every)
    return lambda epoch: eta * factor ** (epoch // every)


def exponential_decay(eta: float, rate: float) -> Callable[[int], float]:
    """Return a schedule eta * exp(-rate * epoch).

    Examples
    --------
    >>> round(exponential_decay(0.8, rate=0.1)(10), 6)
    0.294304
    """
    return lambda epoch: eta * float(np.exp(-rate * epoch))


def inverse_decay(eta: float, rate: float) -> Callable[[int], float]:
    """Return a schedule eta / (1 + rate * epoch): the steps sum to infinity, their squares do not.

    That is what stochastic gradient descent needs to come to rest at a stationary point (deck 002, "Gradient Descent
    Varianten"; errata E51): a rate that shrinks, but not too fast.

    Examples
    --------
    >>> inverse_decay(0.8, rate=1.0)(3)
    0.2
    """
    return lambda epoch: eta / (1 + rate * epoch)


def _fraction(name: str, value: float) -> float:
    if not 0 <= value < 1:
        raise ValueError(f"{name} is {value}; a number from 0 up to, but not including, 1 is needed")
    return float(value)


def _positive(name: str, value: float) -> float:
    if not value > 0:
        raise ValueError(f"{name} is {value}; a number above 0 is needed")
    return float(value)
