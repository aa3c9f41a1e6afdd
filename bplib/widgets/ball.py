"""Descent is a ball let go again and again: how far it goes each time is eta, what it keeps of its speed is beta.

The whole way is computed from the start at every change, so that eta can be moved while one looks at all its steps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

import numpy as np

from bplib.data import ravine
from bplib.optimizers import Momentum
from bplib.widgets.base import State, number
from bplib.widgets.base import choice as one_of

Array = np.ndarray
EDGE = 3.0  # of the picture, and of where the ball may start
FAR = 100.0  # a weight beyond this has left for good
MOST_STEPS = 200
VALLEY = ravine()


class Curve(NamedTuple):
    """A loss over one weight and its slope."""

    f: Callable[[Array], Array]
    slope: Callable[[Array], Array]
    words: str
    top: float


CURVES = {
    "parabola": Curve(np.square, lambda w: 2 * w, "w²", 9.0),
    "two valleys": Curve(
        lambda w: 0.3 * (w**2 - 2) ** 2 + 0.3 * w + 0.5, lambda w: 1.2 * w * (w**2 - 2) + 0.3,
        "0.3 (w² − 2)² + 0.3 w + 0.5", 9.0,
    ),
}  # fmt: skip
RAVINE = "ravine"
SURFACES = (*CURVES, RAVINE)
LEVELS = 0.05 * 2.0 ** np.arange(0, 10)  # heights of the contour lines


@dataclass
class Ball(State):
    """Some steps of descent with momentum, on a curve or in a ravine.

    Parameters
    ----------
    surface : str
        One of `SURFACES`: losses of one weight, or of two.
    eta : float
        Learning rate, from 0 to 2.
    beta : float
        How much of the velocity is kept from step to step, from 0 (none) to 0.99.
    steps : int
        How many, from 0 to 200.
    start : list of 2 float
        The first and, in the ravine, the second weight, each from -3 to 3.

    Raises
    ------
    ValueError
        If a parameter is outside its range.

    Examples
    --------
    >>> Ball("parabola", eta=0.25, steps=2, start=[2, 0]).result()["losses"]
    [4.0, 1.0, 0.25]
    """

    surface: str = "parabola"
    eta: float = 0.1
    beta: float = 0.0
    steps: int = 10
    start: list[float] = field(default_factory=lambda: [2.5, 1.5])

    title: ClassVar[str] = "Ball on a curve and on contours"
    script: ClassVar[str] = "ball.js"

    def __post_init__(self) -> None:
        one_of("surface", self.surface, SURFACES)
        self.eta = number("eta", self.eta, 0, 2)
        self.beta = number("beta", self.beta, 0, 0.99)
        self.steps = int(number("steps", self.steps, 0, MOST_STEPS))
        if np.shape(self.start) != (2,):
            raise ValueError(f"start is {self.start}; two numbers are needed")
        self.start = [number("start", value, -EDGE, EDGE) for value in self.start]

    def fixed(self) -> dict[str, Any]:
        """Return the curves, point by point, and the half axes of the ravine's lines of equal loss."""
        w = np.linspace(-EDGE, EDGE, 121)
        return {
            "edge": EDGE,
            "most_steps": MOST_STEPS,
            "w": w,
            "curves": {
                name: {"points": curve.f(w), "words": curve.words, "top": curve.top} for name, curve in CURVES.items()
            },
            "ravine": np.sqrt(2 * LEVELS[:, None] / VALLEY.curvature),
            "surfaces": SURFACES,
        }

    def result(self) -> dict[str, Any]:
        """Return the way (one or two weights for each step), its losses, the last slope, and whether it got lost.

        A way ends where a weight is beyond 100 or no number: `lost` is the number of that step, else None.
        """
        if self.surface == RAVINE:
            f, slope, theta = VALLEY.value, VALLEY.gradient, np.array(self.start)
        else:
            f, slope, theta = CURVES[self.surface].f, CURVES[self.surface].slope, np.array(self.start[:1])
        rule, way, lost = Momentum(theta, self.eta, self.beta), [theta.copy()], None
        for step in range(1, self.steps + 1):
            rule.step(slope(theta))
            if not (np.abs(theta) <= FAR).all():
                lost = step
                break
            way.append(theta.copy())
        return {
            "inputs": self.inputs(),  # what this is the answer to: the page may have gone on meanwhile
            "way": way,
            "losses": [float(np.sum(f(point))) for point in way],
            "slope": slope(way[-1]),
            "velocity": rule.v,
            "lost": lost,
        }

    def picture(self) -> Any:
        """Return a plot of the loss with the way on it."""
        from bplib.plots import contours, loss_line  # here, so that the numbers need no Matplotlib

        way, title = np.array(self.result()["way"]), f"eta = {self.eta:g}, beta = {self.beta:g}"
        if self.surface == RAVINE:
            edges = (-EDGE, EDGE)
            return contours(VALLEY.value, edges, edges, paths={"ball": way}, minimum=(0, 0), title=title)
        curve = CURVES[self.surface]
        return loss_line(curve.f, (-EDGE, EDGE), path=way[:, 0], slope=curve.slope, x="w", title=title)
