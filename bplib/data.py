"""Data that everybody gets alike: seeded toy sets, small images of digits, and the decks' own examples by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Labels = NDArray[np.int64]

# The decks' examples: nobody has to type a number twice.


@dataclass(frozen=True)
class TwoLayers:
    """One sample and the parameters of a network with two layers of weights."""

    x: Array
    W1: Array
    b1: Array
    W2: Array
    b2: Array
    target: Array


def two_two_two() -> TwoLayers:
    """Return the 2-2-2 network with weights 0.15 to 0.55, its sample and its target.

    The deck numbers the weights unit by unit: w1 and w2 lead into h1, w3 and w4 into h2. In the course's notation, rows
    are where a weight comes from and columns where it leads: `W1 = [[w1, w3], [w2, w4]]`, `W2 = [[w5, w7], [w6, w8]]`.
    The deck's one bias per layer stands in both entries of `b1`, and of `b2`.

    Returns
    -------
    network : TwoLayers
        x (2,), W1 (2, 2), b1 (2,), W2 (2, 2), b2 (2,), target (2,); fresh arrays at each call.

    References
    ----------
    Deck 004 (Chen, NTUST), "Forward Propagation - 2" and "Mean Squared Error".

    Examples
    --------
    >>> two_two_two().W1
    array([[0.15, 0.25],
           [0.2 , 0.3 ]])
    """
    return TwoLayers(
        x=np.array([0.05, 0.10]),
        W1=np.array([[0.15, 0.25], [0.20, 0.30]]),
        b1=np.array([0.35, 0.35]),
        W2=np.array([[0.40, 0.50], [0.45, 0.55]]),
        b2=np.array([0.60, 0.60]),
        target=np.array([0.01, 0.99]),
    )


@dataclass(frozen=True)
class Scores:
    """The scores of one sample, one for each class, and the index of its right class."""

    scores: Array
    target: int


def softmax_scores() -> Scores:
    r"""Return three scores whose right class has won: 3, 1 and -2, target 0.

    $$loss = -\log(e^3 / (e^3 + e^1 + e^{-2})) = 0.132845$$

    Winning is not enough for a loss of zero: the other scores still hold some of the probability.

    Returns
    -------
    sample : Scores
        scores (3,), target 0; a fresh array at each call.

    References
    ----------
    Deck 000 (Vetter, Kraus, Höfle), "Softmax, Cross-entropy": the formula (errata E25); the scores are the course's.

    Examples
    --------
    >>> sample = softmax_scores()
    >>> odds = np.exp(sample.scores)
    >>> round(float(-np.log(odds[sample.target] / odds.sum())), 6)
    0.132845
    """
    return Scores(scores=np.array([3.0, 1.0, -2.0]), target=0)


def hinge_scores() -> Scores:
    r"""Return three scores whose right class has lost: 3.2, 5.1 and -1.7, target 0.

    $$loss = \max(0, 5.1 - 3.2 + 1) + \max(0, -1.7 - 3.2 + 1) = 2.9 + 0$$

    One class breaks the margin of 1 and one keeps it, so that both branches of the hinge loss are seen.

    Returns
    -------
    sample : Scores
        scores (3,), target 0; a fresh array at each call.

    References
    ----------
    Deck 000 (Vetter, Kraus, Höfle), "SVM-Loss, hinge loss": the formula; the scores are the course's.

    Examples
    --------
    >>> sample = hinge_scores()
    >>> np.maximum(0, np.delete(sample.scores, sample.target) - sample.scores[sample.target] + 1).round(6)
    array([2.9, 0. ])
    """
    return Scores(scores=np.array([3.2, 5.1, -1.7]), target=0)


def large_scores() -> Scores:
    r"""Return three scores that a naive softmax cannot take: 1000, 1001 and 1002, target 0.

    $$\log(e^{1000} + e^{1001} + e^{1002}) = 1002 + \log(e^{-2} + e^{-1} + 1) = 1002.407606$$

    `np.exp` overflows from 709.8 on; only differences between scores matter, and these are small.

    Returns
    -------
    sample : Scores
        scores (3,), target 0; a fresh array at each call. The cross-entropy is 2.407606.

    References
    ----------
    Deck 001 (Leibe), "Implementing Softmax Correctly", trick 1; the scores are the course's.

    Examples
    --------
    >>> scores = large_scores().scores
    >>> round(float(scores.max() + np.log(np.exp(scores - scores.max()).sum())), 6)
    1002.407606
    """
    return Scores(scores=np.array([1000.0, 1001.0, 1002.0]), target=0)


def shifted_scores() -> tuple[Array, Array]:
    r"""Return two rows of scores with one softmax: 1, 2, 3 and, each larger by 5, 6, 7, 8.

    $$e^{s_i + c} / \sum_j e^{s_j + c} = e^{s_i} / \sum_j e^{s_j}$$

    The factor of the shift cancels, but only if every score is shifted by the same number.

    Returns
    -------
    scores, shifted : tuple of Array, shapes (3,) and (3,)
        Fresh arrays at each call.

    References
    ----------
    Deck 001 (Leibe), "Implementing Softmax Correctly", trick 2 (see errata E39 and E40); the scores are the course's.

    Examples
    --------
    >>> [(np.exp(s) / np.exp(s).sum()).round(6) for s in shifted_scores()]
    [array([0.090031, 0.244728, 0.665241]), array([0.090031, 0.244728, 0.665241])]
    """
    return np.array([1.0, 2.0, 3.0]), np.array([6.0, 7.0, 8.0])


def sum_times() -> tuple[float, float, float]:
    r"""Return the three inputs of the graph (x + y) z: -2, 5 and -4.

    $$q = x + y = 3, \qquad f = qz = -12$$

    The smallest graph with a value in between: the derivatives by x and y both come through q.

    Returns
    -------
    inputs : tuple of three float
        The deck's x, y and z, in this order.

    References
    ----------
    Deck 000 (Vetter, Kraus, Höfle), "Backpropagation Beispiel".

    Examples
    --------
    >>> x, y, z = sum_times()
    >>> (x + y) * z
    -12.0
    """
    return -2.0, 5.0, -4.0


@dataclass(frozen=True)
class Neuron:
    """One sample and the parameters of one neuron, whose pre-activation is `x @ w + b`."""

    x: Array
    w: Array
    b: float


def sigmoid_neuron() -> Neuron:
    r"""Return the sigmoid neuron whose pre-activation is 1: weights 2 and -3, bias -3, inputs -1 and -2.

    $$z = 2 \cdot (-1) + (-3)(-2) + (-3) = 1, \qquad a = \sigma(1) = 0.731059$$

    Written as four small gates it makes the longest chain of the decks: 1.37, -0.53, -0.20, 0.20 are rounded from it.

    Returns
    -------
    neuron : Neuron
        x (2,), w (2,), b; fresh arrays at each call.

    References
    ----------
    Deck 000 (Vetter, Kraus, Höfle), "Backpropagation eines Neurons mit einer Sigmoid-Aktivierungsfunktion". The
    deck's text keeps the chain and not the inputs: these fit it (see errata E31: the third weight is the bias).

    Examples
    --------
    >>> neuron = sigmoid_neuron()
    >>> float(neuron.x @ neuron.w + neuron.b)
    1.0
    """
    return Neuron(x=np.array([-1.0, -2.0]), w=np.array([2.0, -3.0]), b=-3.0)


def exercise_neuron() -> Neuron:
    r"""Return the neuron of the deck's exercise: weights -1, 2 and -2, bias 4, inputs 2, 4 and 3.

    $$z = -2 + 8 - 6 + 4 = 4, \qquad \sigma(4) = 0.982014$$

    At z = 4 the sigmoid is almost flat: every derivative is small, whatever the weights are.

    Returns
    -------
    neuron : Neuron
        x (3,), w (3,), b; fresh arrays at each call.

    References
    ----------
    Deck 000 (Vetter, Kraus, Höfle), the exercise after "MAX-Gate". Its figure is lost: four weights and three inputs
    are read as three products and a bias.

    Examples
    --------
    >>> neuron = exercise_neuron()
    >>> float(neuron.x @ neuron.w + neuron.b)
    4.0
    """
    return Neuron(x=np.array([2.0, 4.0, 3.0]), w=np.array([-1.0, 2.0, -2.0]), b=4.0)


@dataclass(frozen=True)
class Classified:
    """The class probabilities of one sample, and the index of its right class."""

    p: Array
    target: int


def four_classes() -> Classified:
    r"""Return a prediction over four classes that goes wrong: the right class is 1, the likeliest is 2.

    $$loss = -\log 0.25 = 1.386294$$

    Accuracy sees only the miss; the loss sees how much probability the right class was given.

    Returns
    -------
    sample : Classified
        p (4,), target 1 (counted from 0); a fresh array at each call.

    References
    ----------
    Deck 002, "Klassifikation: Von der Netzausgabe zum Fehler".

    Examples
    --------
    >>> sample = four_classes()
    >>> int(sample.p.argmax()), sample.target
    (2, 1)
    """
    return Classified(p=np.array([0.08, 0.25, 0.42, 0.25]), target=1)


@dataclass(frozen=True)
class TwoPredictions:
    """A target distribution over the classes, and two predictions of it."""

    target: Array
    p1: Array
    p2: Array


def two_predictions() -> TwoPredictions:
    r"""Return a target distribution and two predictions that squared loss cannot tell apart.

    $$\sum_k (target_k - p_k)^2 = 0.02 \text{ for both}, \qquad -\sum_k target_k \log p_k = 1.081978, 1.070200$$

    Cross-entropy prefers `p2`, although `p2` swaps the order of the first and the last class.

    Returns
    -------
    predictions : TwoPredictions
        target (3,), p1 (3,), p2 (3,), each summing to 1; fresh arrays at each call.

    References
    ----------
    Deck 004 (Chen, NTUST), "Squared Loss & Cross Entropy Loss".

    Examples
    --------
    >>> case = two_predictions()
    >>> [round(float(-(case.target * np.log(p)).sum()), 6) for p in (case.p1, case.p2)]
    [1.081978, 1.0702]
    """
    return TwoPredictions(
        target=np.array([0.3, 0.5, 0.2]),
        p1=np.array([0.4, 0.5, 0.1]),
        p2=np.array([0.2, 0.5, 0.3]),
    )


# A landscape for races of learning rules.


@dataclass(frozen=True)
class Ravine:
    r"""A quadratic valley, steep across and flat along, with its lowest point at the origin.

    $$value = \tfrac12 \sum_i curvature_i \, theta_i^2$$

    Points may be stacked: the last axis of `theta` holds the coordinates, so one call fills the grid of a contour plot.

    Parameters
    ----------
    curvature : tuple of float
        Second derivative along each coordinate, all positive.
    begin : tuple of float
        Coordinates of `start`.
    noise : float
        Standard deviation of the error on each coordinate of a noisy gradient.
    """

    curvature: tuple[float, ...]
    begin: tuple[float, ...]
    noise: float

    @property
    def start(self) -> Array:
        """A fresh array (D,) at each reading: a rule that works in place does not move the next one's start."""
        return np.array(self.begin)

    def value(self, theta: ArrayLike) -> Array | np.float64:
        """Return the height at `theta` (..., D), of shape (...)."""
        theta = self._point(theta)
        return (np.array(self.curvature) * theta**2).sum(axis=-1) / 2

    def gradient(self, theta: ArrayLike, rng: np.random.Generator | None = None) -> Array:
        """Return the derivative of `value` at `theta`, of its shape; with `rng`, as noisy as a mini-batch's.

        The noise is normal with mean 0: the noisy gradient is right on average.
        """
        theta = self._point(theta)
        exact = np.array(self.curvature) * theta
        return exact if rng is None else exact + rng.normal(scale=self.noise, size=theta.shape)

    def _point(self, theta: ArrayLike) -> Array:
        theta = np.asarray(theta, dtype=float)
        if theta.shape[-1:] != (len(self.curvature),):
            raise ValueError(f"theta has shape {theta.shape}; its last axis needs {len(self.curvature)} coordinates")
        return theta


def ravine(curvature: Sequence[float] = (1, 10), start: Sequence[float] = (1, 1), noise: float = 1.0) -> Ravine:
    r"""Return a quadratic valley for races of learning rules; by default ten times as steep across as along.

    $$value(a, b) = \tfrac12 (a^2 + 10 b^2)$$

    A step that is safe across the valley is slow along it: with one `eta` for both, steepest descent falls from every
    point only if `eta` is less than 2 / max(curvature), here 0.2.

    Parameters
    ----------
    curvature : sequence of D float
        Second derivatives along the coordinates, all positive.
    start : sequence of D float
        Where every rule begins.
    noise : float
        Standard deviation of `gradient(theta, rng=...)` on each coordinate; not negative.

    Returns
    -------
    valley : Ravine
        `value(theta)`, `gradient(theta)`, `gradient(theta, rng=rng)` and `start`.

    Raises
    ------
    ValueError
        If a curvature is not positive, `start` has another length than `curvature`, or `noise` is negative.

    References
    ----------
    Deck 003, "Steepest Descent", for the Taylor expansion (see errata E24 and E53); the valley is the course's.

    Examples
    --------
    >>> valley = ravine()
    >>> float(valley.value(valley.start)), valley.gradient(valley.start)
    (5.5, array([ 1., 10.]))
    >>> round(float(valley.value(valley.start - 0.01 * valley.gradient(valley.start))), 6)
    4.54005
    """
    if not len(curvature) or not all(0 < c < np.inf for c in curvature):
        raise ValueError(f"curvature is {curvature!r}; it needs positive numbers, one for each coordinate")
    if len(start) != len(curvature) or not np.isfinite(start).all():
        raise ValueError(f"start is {start!r}; it needs {len(curvature)} finite numbers, one for each curvature")
    _not_negative("noise", noise)
    return Ravine(tuple(map(float, curvature)), tuple(map(float, start)), float(noise))


# Toy data: points in the plane, shuffled, with classes as equal in number as N allows.


def _whole(name: str, number: int, least: int, why: str = "") -> None:
    if isinstance(number, bool) or not isinstance(number, int | np.integer) or number < least:
        raise ValueError(f"{name} is {number!r}; it needs to be a whole number, at least {least}{why}")


def _not_negative(name: str, number: float) -> None:
    if not 0 <= number < np.inf:
        raise ValueError(f"{name} is {number!r}; it needs to be a finite number, at least 0")


def _generator(seed: int) -> np.random.Generator:
    _whole("seed", seed, 0)
    return np.random.default_rng(seed)


def _shuffled(classes: list[Array], noise: float, rng: np.random.Generator) -> tuple[Array, Labels]:
    """Stack the classes, move every coordinate by normal noise, and shuffle the rows."""
    x = np.concatenate(classes)
    target = np.repeat(np.arange(len(classes)), [len(points) for points in classes])
    x = x + rng.normal(scale=noise, size=x.shape)
    order = rng.permutation(len(x))
    return x[order], target[order].astype(np.int64)


def _sizes(N: int, n_classes: int) -> list[int]:
    """Return how many of `N` samples each class gets; the first classes get one more if N does not divide."""
    _whole("N", N, n_classes, " (one sample for each class)")
    return [N // n_classes + (k < N % n_classes) for k in range(n_classes)]


def _circle(angle: Array) -> Array:
    return np.stack([np.cos(angle), np.sin(angle)], axis=-1)


def blobs(N: int, n_classes: int = 3, spread: float = 0.25, seed: int = 0) -> tuple[Array, Labels]:
    r"""Return round clouds of points, one for each class, with their centres evenly on the unit circle.

    $$x = (\cos \varphi_k, \sin \varphi_k) + spread \cdot \varepsilon, \qquad \varphi_k = 2 \pi k / n\_classes$$

    The easiest data there is: lines between the classes are enough, so a linear classifier rivals any network.

    Parameters
    ----------
    N : int
        Number of samples, at least `n_classes`.
    n_classes : int
        Number of clouds, at least 2.
    spread : float
        Standard deviation of a cloud along each coordinate, not negative.
    seed : int
        The same seed gives the same data.

    Returns
    -------
    x : Array, shape (N, 2)
        Points, in random order.
    target : Labels, shape (N,)
        Class of each point, 0 to n_classes - 1.

    Raises
    ------
    ValueError
        If `N`, `n_classes`, `spread` or `seed` is out of its range.

    Examples
    --------
    >>> x, target = blobs(7, n_classes=3)
    >>> x.shape, np.bincount(target)
    ((7, 2), array([3, 2, 2]))
    """
    _whole("n_classes", n_classes, 2)
    _not_negative("spread", spread)
    sizes = _sizes(N, n_classes)
    centres = _circle(2 * np.pi * np.arange(n_classes) / n_classes)
    return _shuffled([np.tile(c, (n, 1)) for c, n in zip(centres, sizes, strict=True)], spread, _generator(seed))


def moons(N: int, noise: float = 0.1, seed: int = 0) -> tuple[Array, Labels]:
    r"""Return two half circles that reach into each other.

    $$x = (\cos t, \sin t) \text{ or } (1 - \cos t, \tfrac12 - \sin t), \qquad 0 \le t \le \pi$$

    No line parts the two; without noise the curve $x_1 = \tfrac14 + \tfrac12 \cos(\pi x_0)$ does, class 0 above it.

    Parameters
    ----------
    N : int
        Number of samples, at least 2.
    noise : float
        Standard deviation of the normal noise on each coordinate, not negative.
    seed : int
        The same seed gives the same data.

    Returns
    -------
    x : Array, shape (N, 2)
        Points, evenly spaced along the half circles before the noise, in random order.
    target : Labels, shape (N,)
        0 for the upper moon, 1 for the lower.

    Raises
    ------
    ValueError
        If `N`, `noise` or `seed` is out of its range.

    References
    ----------
    Deck 000 (Vetter, Kraus, Höfle): the listing's `main` calls a `create_data(300)` that the deck does not show.

    Examples
    --------
    >>> x, target = moons(4, noise=0)
    >>> np.sort(x[target == 0, 0]).round(6)
    array([-1.,  1.])
    """
    _not_negative("noise", noise)
    upper, lower = (_circle(np.linspace(0, np.pi, n)) for n in _sizes(N, 2))
    return _shuffled([upper, np.array([1.0, 0.5]) - lower], noise, _generator(seed))


def circles(N: int, noise: float = 0.05, seed: int = 0) -> tuple[Array, Labels]:
    r"""Return two circles about the origin, one inside the other.

    $$x = r_k (\cos t, \sin t), \qquad r_0 = 1, \; r_1 = \tfrac12$$

    A line can only cut off a part, while the one feature $x_0^2 + x_1^2$ would be enough: hidden units have to find it.

    Parameters
    ----------
    N : int
        Number of samples, at least 2.
    noise : float
        Standard deviation of the normal noise on each coordinate, not negative.
    seed : int
        The same seed gives the same data.

    Returns
    -------
    x : Array, shape (N, 2)
        Points, evenly spaced along the circles before the noise, in random order.
    target : Labels, shape (N,)
        0 for the outer circle, 1 for the inner.

    Raises
    ------
    ValueError
        If `N`, `noise` or `seed` is out of its range.

    Examples
    --------
    >>> x, target = circles(6, noise=0)
    >>> np.hypot(*x[target == 1].T).round(6)
    array([0.5, 0.5, 0.5])
    """
    _not_negative("noise", noise)
    outer, inner = (_circle(2 * np.pi * np.arange(n) / n) for n in _sizes(N, 2))
    return _shuffled([outer, inner / 2], noise, _generator(seed))


def spirals(N: int, n_classes: int = 3, noise: float = 0.03, seed: int = 0) -> tuple[Array, Labels]:
    r"""Return spiral arms, one for each class, that turn as they go out.

    $$x = r (\cos \varphi, \sin \varphi), \quad \varphi = 2 \pi k / n\_classes + \tfrac32 \pi r, \quad 0.1 \le r \le 1$$

    The hardest of the toys: most directions from the centre meet several classes, so a few hidden units are not enough.

    Parameters
    ----------
    N : int
        Number of samples, at least `n_classes`.
    n_classes : int
        Number of arms, at least 2; the more there are, the closer they lie.
    noise : float
        Standard deviation of the normal noise on each coordinate, not negative.
    seed : int
        The same seed gives the same data.

    Returns
    -------
    x : Array, shape (N, 2)
        Points, with evenly spaced r before the noise, in random order.
    target : Labels, shape (N,)
        Arm of each point, 0 to n_classes - 1.

    Raises
    ------
    ValueError
        If `N`, `n_classes`, `noise` or `seed` is out of its range.

    Examples
    --------
    >>> x, target = spirals(6, n_classes=3, noise=0)
    >>> np.sort(np.hypot(*x.T)).round(6)
    array([0.1, 0.1, 0.1, 1. , 1. , 1. ])
    """
    _whole("n_classes", n_classes, 2)
    _not_negative("noise", noise)
    arms = []
    for k, n in enumerate(_sizes(N, n_classes)):
        r = np.linspace(0.1, 1, n)
        arms.append(r[:, None] * _circle(2 * np.pi * k / n_classes + 1.5 * np.pi * r))
    return _shuffled(arms, noise, _generator(seed))


def xor(N: int, noise: float = 0.25, seed: int = 0) -> tuple[Array, Labels]:
    r"""Return clouds about the four corners (+-1, +-1); a point is of class 1 where the signs of its corner differ.

    $$target = [\operatorname{sign} c_0 \ne \operatorname{sign} c_1], \qquad x = c + noise \cdot \varepsilon$$

    The smallest problem that no single layer of weights solves: with four samples and no noise it is the truth table.

    Parameters
    ----------
    N : int
        Number of samples, at least 2.
    noise : float
        Standard deviation of the normal noise on each coordinate, not negative.
    seed : int
        The same seed gives the same data.

    Returns
    -------
    x : Array, shape (N, 2)
        Points, in random order; the corners of a class take turns.
    target : Labels, shape (N,)
        0 at (1, 1) and (-1, -1), 1 at (1, -1) and (-1, 1).

    Raises
    ------
    ValueError
        If `N`, `noise` or `seed` is out of its range.

    Examples
    --------
    >>> x, target = xor(4, noise=0)
    >>> sorted((int(a), int(b), int(k)) for (a, b), k in zip(x, target))
    [(-1, -1, 0), (-1, 1, 1), (1, -1, 1), (1, 1, 0)]
    """
    _not_negative("noise", noise)
    side = (1.0 - 2.0 * (np.arange(n) % 2) for n in _sizes(N, 2))
    corners = [np.stack([s, sign * s], axis=-1) for s, sign in zip(side, (1, -1), strict=True)]
    return _shuffled(corners, noise, _generator(seed))


# Real data, and the parting of any data.


def digits() -> tuple[Array, Labels]:
    r"""Return 1797 handwritten digits as images of 8 by 8 points, and which digit each is.

    $$image_{nd} \in \{0, 1, \dots, 16\}$$

    A value counts the inked points in a 4 by 4 block of the scan: divide by 16 for inputs between 0 and 1. The order is
    that of the source, where a writer's digits stand together: `split` mixes them, which flatters a score a little.

    Returns
    -------
    images : Array, shape (1797, 64)
        Rows of an image one after the other; `images[n].reshape(8, 8)` is upright. A fresh array at each call.
    labels : Labels, shape (1797,)
        The digit, 0 to 9; between 174 and 183 images of each.

    References
    ----------
    E. Alpaydin, C. Kaynak (1998), "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository,
    https://doi.org/10.24432/C50P49, licence CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/): the test part (13
    writers), unchanged but for its storage as compressed bytes. The file `digits.npz` carries this credit as well.

    Examples
    --------
    >>> images, labels = digits()
    >>> images.shape, labels[:5]
    ((1797, 64), array([0, 1, 2, 3, 4]))
    >>> images[0].reshape(8, 8)[0]
    array([ 0.,  0.,  5., 13.,  9.,  1.,  0.,  0.])
    """
    with (
        resources.files("bplib").joinpath("digits.npz").open("rb") as file,
        np.load(file, allow_pickle=False) as stored,
    ):
        return stored["images"].astype(np.float64), stored["labels"].astype(np.int64)


def split(
    x: ArrayLike, target: ArrayLike, fraction: float = 0.2, seed: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    r"""Return samples at random for training, and the others for validation or a test.

    $$N_{other} = \operatorname{round}(fraction \cdot N)$$

    Every sample lands on exactly one side, together with its target. The classes are not balanced between the sides (no
    stratification): a small part may lack a class, so count before trusting a score.

    Parameters
    ----------
    x : array, shape (N, ...)
        Samples.
    target : array, shape (N, ...)
        What belongs to each sample.
    fraction : float
        Share of the samples that is kept out of training, between 0 and 1.
    seed : int
        The same seed gives the same parts.

    Returns
    -------
    x_train, target_train : arrays, shape (N - N_other, ...)
        For training.
    x_other, target_other : arrays, shape (N_other, ...)
        For validation or a test. All four are copies, of the dtypes that came.

    Raises
    ------
    ValueError
        If the lengths differ, `fraction` is not between 0 and 1 or leaves a part empty, or `seed` is out of its range.

    References
    ----------
    Deck 000 (Vetter, Kraus, Höfle): the listing's `main` sets `test_size` to 0.2.

    Examples
    --------
    >>> x_train, target_train, x_other, target_other = split(np.arange(10), np.arange(10) ** 2)
    >>> len(x_train), len(x_other), bool((x_other**2 == target_other).all())
    (8, 2, True)
    """
    x, target = np.asarray(x), np.asarray(target)
    if not x.ndim or not target.ndim or len(x) != len(target):
        raise ValueError(
            f"target has shape {target.shape}; it needs one row for each row of x, whose shape is {x.shape}"
        )
    if not 0 < fraction < 1:
        raise ValueError(f"fraction is {fraction!r}; it needs to lie between 0 and 1, without these")
    n_other = round(fraction * len(x))
    if not 0 < n_other < len(x):
        raise ValueError(
            f"fraction is {fraction!r}; of {len(x)} samples that leaves one part empty: each needs at least one"
        )
    order = _generator(seed).permutation(len(x))
    train, other = order[n_other:], order[:n_other]
    return x[train], target[train], x[other], target[other]
