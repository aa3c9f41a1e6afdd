"""Rules of learning differ where the loss is steep one way and flat another: let them run from one start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from bplib.data import ravine
from bplib.optimizers import RULES
from bplib.widgets.base import State, number

MOST_STEPS = 200
FAR = 100.0  # a weight beyond this has left for good
ETAS = {
    "GradientDescent": 0.1, "Momentum": 0.02, "Nesterov": 0.02, "Adagrad": 0.3,
    "RMSprop": 0.03, "Adadelta": 10.0, "Adam": 0.1, "VarioEta": 0.03,
}  # fmt: skip
TOPS = {  # where the sliders end: beyond, a rule leaves the ravine or jumps about in it
    "GradientDescent": 0.25, "Momentum": 0.1, "Nesterov": 0.1, "Adagrad": 2.0,
    "RMSprop": 0.5, "Adadelta": 50.0, "Adam": 1.0, "VarioEta": 0.5,
}  # fmt: skip
NAMES = {"GradientDescent": "steepest descent", "VarioEta": "Vario-Eta"}
FASTEST = 100.0  # learning rate
LEVELS = 0.01 * 2.0 ** np.arange(0, 11)  # heights of the contour lines


def name(rule: str) -> str:
    """Return what a rule is called in a sentence."""
    return NAMES.get(rule, rule)


@dataclass
class Race(State):
    """Learning rules on the ravine, all from the same start and with the same noise.

    Parameters
    ----------
    rules : list of str
        Who runs: names from `bplib.optimizers.RULES`.
    eta : dict, rule -> float
        Learning rates, from 0 to 100; those left out are as they were at the start.
    noise : float
        Standard deviation of what is added to each entry of the gradient, from 0 to 10.
    steps : int
        From 0 to 200.
    seed : int
        What the noise is drawn from, from 0 to 999.

    Raises
    ------
    ValueError
        If a rule is unknown or a number out of range.

    Examples
    --------
    >>> found = Race(["GradientDescent"], eta={"GradientDescent": 0.1}, steps=1).result()
    >>> found["losses"]["GradientDescent"]  # at eta = 0.1 one step is enough across the ravine
    [5.5, 0.405]
    """

    rules: list[str] = field(default_factory=lambda: ["GradientDescent", "Momentum", "RMSprop", "Adam"])
    eta: dict[str, float] = field(default_factory=dict)
    noise: float = 0.0
    steps: int = 60
    seed: int = 0

    title: ClassVar[str] = "Race of learning rules"
    script: ClassVar[str] = "race.js"
    actions: ClassVar[tuple[str, ...]] = ("start", "pause")

    def __post_init__(self) -> None:
        unknown = [rule for rule in [*self.rules, *self.eta] if rule not in RULES]
        if unknown:
            raise ValueError(f"{unknown[0]!r} is no rule; there are {', '.join(RULES)}")
        self.rules = [rule for rule in RULES if rule in self.rules]
        given = ETAS | self.eta
        self.eta = {rule: number(f"eta of {name(rule)}", given[rule], 0, FASTEST) for rule in RULES}
        self.noise = number("noise", self.noise, 0, 10)
        self.steps = int(number("steps", self.steps, 0, MOST_STEPS))
        self.seed = int(number("seed", self.seed, 0, 999))

    def fixed(self) -> dict[str, Any]:
        """Return the rules with their names, and the half axes of the ravine's lines of equal loss."""
        valley = ravine()
        return {
            "names": {rule: name(rule) for rule in RULES},
            "most_steps": MOST_STEPS,
            "tops": TOPS,
            "fastest": FASTEST,
            "start": valley.start,
            "ravine": np.sqrt(2 * LEVELS[:, None] / valley.curvature),
        }

    def result(self) -> dict[str, Any]:
        """Return each rule's way, (steps + 1, 2), its losses, and the step at which it got lost, if it did."""
        ways, losses, lost = {}, {}, {}
        valley = ravine(noise=self.noise)
        for rule in self.rules:
            rng = np.random.default_rng(self.seed)  # the same noise for all
            theta = np.array(valley.start)
            runner, way = RULES[rule](theta, eta=self.eta[rule]), [theta.copy()]
            for step in range(1, self.steps + 1):
                runner.step(valley.gradient(theta, rng=rng) if self.noise else valley.gradient(theta))
                if not (np.abs(theta) <= FAR).all():
                    lost[rule] = step
                    break
                way.append(theta.copy())
            ways[rule] = np.array(way)
            losses[rule] = [float(valley.value(point)) for point in way]
        return {
            "inputs": self.inputs(),  # what this is the answer to: the page may have gone on meanwhile
            "ways": ways,
            "losses": losses,
            "lost": lost,
        }

    def start(self) -> Iterator[None]:
        """Run from here, or once more from the start, step by step."""
        if self.steps >= MOST_STEPS:
            self.steps = 0
        while self.steps < MOST_STEPS:
            self.steps += 1
            yield

    def pause(self) -> None:
        """Stand still: that an action is asked for ends the run."""

    def picture(self) -> Any:
        """Return a plot of the ways over the ravine."""
        from bplib.plots import contours  # here, so that the numbers need no Matplotlib

        ways = {name(rule): way for rule, way in self.result()["ways"].items()}
        title = f"{self.steps} steps" + (f", noise {self.noise:g}" if self.noise else "")
        return contours(ravine().value, (-1.3, 1.3), (-1.3, 1.3), paths=ways, minimum=(0, 0), title=title)
