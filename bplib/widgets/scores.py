"""A loss looks at all scores at once: drag one of them, and see whom softmax and hinge then blame, and how much."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from bplib.activations import softmax
from bplib.data import hinge_scores, softmax_scores
from bplib.losses import hinge, softmax_cross_entropy
from bplib.widgets.base import State, number

MOST = 6  # classes
LIMIT = 1000.0  # of a score


@dataclass
class Scores(State):
    """The scores of one sample and what two losses say about them.

    Parameters
    ----------
    scores : list of K float
        One for each class, 2 to 6 classes, each from -1000 to 1000.
    target : int
        The index of the right class.

    Raises
    ------
    ValueError
        If there are too few or too many scores, one is out of range, or there is no such class.

    Examples
    --------
    >>> round(Scores([3, 1, -2], target=0).result()["cross_entropy"], 6)
    0.132845
    """

    scores: list[float] = field(default_factory=lambda: softmax_scores().scores.tolist())
    target: int = softmax_scores().target

    title: ClassVar[str] = "Score explorer"
    script: ClassVar[str] = "scores.js"
    in_page: ClassVar[bool] = True

    def __post_init__(self) -> None:
        scores = np.ravel(self.scores).tolist()
        if not 2 <= len(scores) <= MOST:
            raise ValueError(f"{len(scores)} scores: this shows 2 to {MOST} classes")
        self.scores = [number(f"score {k}", score, -LIMIT, LIMIT) for k, score in enumerate(scores)]
        self.target = int(number("target", self.target, 0, len(scores) - 1))

    def fixed(self) -> dict[str, Any]:
        """Return the course's two examples, to start from."""
        examples = {"softmax example": softmax_scores(), "hinge example": hinge_scores()}
        return {name: {"scores": sample.scores, "target": sample.target} for name, sample in examples.items()}

    def result(self) -> dict[str, Any]:
        """Return probabilities, both losses (cross-entropy in nats), their parts and their error signals."""
        z, target = np.array([self.scores]), np.array([self.target])
        cross_entropy, pull = softmax_cross_entropy(z, target)
        total, push = hinge(z, target)
        parts = np.maximum(0, z[0] - z[0, self.target] + 1)
        parts[self.target] = 0
        return {
            "p": softmax(z)[0],
            "cross_entropy": float(cross_entropy),
            "cross_entropy_delta": pull[0],
            "hinge": float(total),
            "hinge_parts": parts,
            "hinge_delta": push[0],
        }

    def picture(self) -> Any:
        """Return a plot of the scores, with the border beyond which the hinge loss asks its price."""
        from bplib.plots import score_bars  # here, so that the numbers need no Matplotlib

        found = self.result()
        return score_bars(
            self.scores,
            self.target,
            border=(self.scores[self.target] - 1, "margin of 1"),
            title=f"cross-entropy {found['cross_entropy']:.4g}, hinge loss {found['hinge']:.4g}",
        )
