"""One plot of every kind and of every hard case, drawn once for all tests that look at any plot."""

import numpy as np
import pytest

from bplib import plots

H = 10.0 ** np.arange(-12, 0)
FORWARD = H / 2 + 1e-16 / H
CENTRAL = H**2 / 6 + 1e-16 / H
MOONS = np.random.default_rng(1).normal(size=(60, 2)) + np.repeat([[-1, 0], [1, 0]], 30, axis=0)
SIDE = np.repeat([0, 1], 30)
SPIRAL = np.array([[0.9, 1.0], [0.5, -0.6], [0.2, 0.4], [0.0, 0.0]])


def bowl(point):
    """Return the height of a valley, ten times as steep across as along."""
    return (np.array([1.0, 10.0]) * point**2).sum(axis=-1) / 2


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def slope(z):
    return sigmoid(z) * (1 - sigmoid(z))


def right_of_zero(points):
    return (points[:, 0] > 0).astype(int)


def falling(n, rate, floor=0.0):
    return np.exp(-np.arange(n) / rate) + floor


RNG = np.random.default_rng(2)
CLASSES = RNG.integers(0, 10, 300)
SAID = np.where(RNG.random(300) < 0.8, CLASSES, RNG.integers(0, 10, 300))
IMAGES = RNG.random((300, 64))
NOISE = RNG.normal(size=(12, 500))
WALKS = RNG.normal(0, 0.08, (8, 200, 2))
CLOUD, THREE = RNG.normal(size=(5000, 2)), RNG.integers(0, 3, 5000)

KINDS = {
    "activation": lambda: plots.activation(sigmoid, slope, 1.0, name="sigmoid"),
    "activation, edge": lambda: plots.activation(np.tanh, lambda z: 1 - np.tanh(z) ** 2, 4.9, name="tanh"),
    "activation, relu": lambda: plots.activation(lambda z: np.maximum(z, 0), lambda z: 1.0 * (z > 0), -2.0),
    "v_curve": lambda: plots.v_curve(H, {"forward": FORWARD, "central": CENTRAL}, current=1e-4),
    "v_curve, zeros": lambda: plots.v_curve(H, {"complex step": 0 * H, "forward": FORWARD}),
    "v_curve, nan": lambda: plots.v_curve(H, np.full(12, np.nan)),
    "loss_line": lambda: plots.loss_line(np.square, (-2, 2), path=[1.8, 1.0, 0.4], slope=lambda w: 2 * w),
    "loss_line, out": lambda: plots.loss_line(np.square, (-2, 2), path=[1.0, -2.5, 6.0, np.inf], title="too fast"),
    "contours": lambda: plots.contours(bowl, (-1, 1), (-1, 1), paths={"a": SPIRAL, "b": -SPIRAL}, minimum=(0, 0)),
    "contours, flat": lambda: plots.contours(lambda p: 0 * p[..., 0], (0, 1), (0, 1)),
    "contours, eight": lambda: plots.contours(
        bowl, (-1, 1), (-1, 1), paths={f"rule {k}": walk for k, walk in enumerate(np.cumsum(WALKS, axis=1))}
    ),
    "curves": lambda: plots.learning_curves(
        {"training": falling(80, 12), "validation": falling(80, 9, 0.2)}, title="Moons"
    ),
    "curves, eight": lambda: plots.learning_curves({f"run {k}": falling(50, 5 + 4 * k) for k in range(8)}),
    "curves, nan": lambda: plots.learning_curves([1.0, 2.0, 4.0, np.nan, np.nan]),
    "curves, empty": lambda: plots.learning_curves([]),
    "curves, large": lambda: plots.learning_curves([1e99, 1e-99, 1e300]),
    "curves, long": lambda: plots.learning_curves(np.random.default_rng(0).random(50_000)),
    "race": lambda: plots.race({"Adam": falling(40, 3), "too fast": 4.0 ** np.arange(40)}),
    "decision_boundary": lambda: plots.decision_boundary(right_of_zero, MOONS, SIDE, names=["left", "right"]),
    "decision_boundary, none": lambda: plots.decision_boundary(lambda p: np.zeros(len(p), int), MOONS, SIDE),
    "decision_boundary, many": lambda: plots.decision_boundary(right_of_zero, CLOUD, THREE),
    "layer_histograms": lambda: plots.layer_histograms([0.7**k * NOISE[k] for k in range(10)], title="tanh"),
    "layer_histograms, nan": lambda: plots.layer_histograms([np.ones(9), np.zeros(9), np.full(9, np.nan)]),
    "layer_histograms, tiny": lambda: plots.layer_histograms([10.0**-k * NOISE[k] for k in range(12)]),
    "confusion_matrix": lambda: plots.confusion_matrix(CLASSES, SAID),
    "confusion_matrix, names": lambda: plots.confusion_matrix([0, 1, 2], [0, 1, 1], ["cat", "dog", "giraffe"]),
    "confusion_matrix, empty": lambda: plots.confusion_matrix([], [], ["cat", "dog"]),
    "misread_digits": lambda: plots.misread_digits(IMAGES, CLASSES, SAID, title="Misread"),
    "misread_digits, two": lambda: plots.misread_digits(IMAGES[:2], [1, 2], [2, 1]),
    "misread_digits, none": lambda: plots.misread_digits(IMAGES, CLASSES, CLASSES),
    "score_bars": lambda: plots.score_bars([3.2, 5.1, -1.7], 0, names=["cat", "car", "frog"], border=(2.2, "margin")),
    "score_bars, ten": lambda: plots.score_bars(np.linspace(0, 1, 10), 4, of="probability", title="Softmax"),
    "score_bars, nan": lambda: plots.score_bars([np.nan, np.inf, 1.0]),
}  # fmt: skip


@pytest.fixture(params=KINDS, scope="module")
def plot(request):
    """Every plot in turn."""
    return KINDS[request.param]()
