"""Nobody checks the checker, unless you hand it gradients that you know to be wrong, and a few that are right.

Every loss here is made of smooth units, straight pieces with a corner, and a parabola, so that each kind of wrong
gradient can be built on purpose: its right one is a complex step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np

from bplib.checks import nets
from bplib.checks.mistakes import Formula, slip
from bplib.checks.parts import Part
from bplib.checks.question import Question
from bplib.checks.verdicts import Pass, Verdict

UNITS = 4
TINY = 0.02


def dot(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return the sum of products along the last axis: the same to the last digit for one point and for many.

    A matrix product is not, and sloppy checkers that drown in rounding are told by exactly that.
    """
    return total(one * other)


def total(values: np.ndarray) -> np.ndarray:
    """Return the sum along the last axis."""
    return np.add.reduce(values, axis=-1)


class Valley:
    r"""A loss of P parameters, at a point where all its slopes are of order one unless something else is asked for.

    $$loss = scale (c + v \cdot \tanh(A (theta - m)) + d \cdot (theta - m)^2 + s \cdot (theta - m)
    + jump \cdot \max(0, theta - corner))$$

    Parameters
    ----------
    rng : numpy Generator
    size : int
        P.
    scale : float
        Factor of the whole loss.
    flat, tiny : sequence of int
        Parameters that the loss does not depend on, or only a little.
    corners : dict
        Parameter -> how far from the point its corner is; 0 for a kink at the point.
    sharp : int, optional
        A parameter along which the loss bends sharply, but has no corner.
    unit : bool
        Whether a whole ReLU unit stands exactly at its corner.
    tie : tuple of two int, optional
        Parameters of which only the larger counts, and which are equal.
    """

    def __init__(
        self,
        rng: np.random.Generator,
        size: int,
        scale: float = 1.0,
        flat: Sequence[int] = (),
        tiny: Sequence[int] = (),
        corners: dict[int, float] | None = None,
        sharp: int | None = None,
        unit: bool = False,
        tie: tuple[int, int] | None = None,
    ) -> None:
        def order_one(*shape: int) -> np.ndarray:
            v = rng.uniform(-1.0, 1.0, shape)
            return v + np.copysign(0.3, v)

        self.size, self.scale, self.sharp, self.tie, self.cornered = size, 1.0, sharp, tie, bool(corners)
        self.theta, self.start = order_one(size), float(order_one())
        if tie:
            self.theta[tie[1]] = self.theta[tie[0]]
        self.A, self.v = order_one(UNITS, size) / np.sqrt(size), order_one(UNITS) / 2
        self.bend = order_one(size) / (2 * size)
        self.middle = self.theta + order_one(size)
        for which, factor in ((list(tiny), TINY), (list(flat), 0.0)):
            self.A[:, which] *= factor
            self.bend[which] *= factor
        self.straight, self.jump, self.corner = np.zeros(size), np.zeros(size), np.zeros(size)
        for j, away in (corners or {}).items():
            self.jump[j], self.corner[j] = order_one() * 1.5, self.theta[j] + away
        self.unit = np.abs(order_one(size)) * 1.5 * (-1.0) ** np.arange(size) if unit else None
        wanted = order_one(size)
        wanted[list(tiny)] *= TINY
        wanted[list(flat)] = 0.0
        others = nets.slopes(lambda moves: self.value(self.theta + moves), (size,))  # at a kink, those of the left side
        self.straight = wanted - others  # so that the slopes at the point are the wanted ones
        self.gradient = scale * (others + self.straight)
        self.scale = scale

    def value(self, theta: np.ndarray) -> np.ndarray:
        """Return the loss at one point or at many, (..., P) -> (...)."""
        far = theta - self.middle
        each = far * (self.bend * far + self.straight)
        if self.cornered:
            over = theta - self.corner
            each = each + np.where(over.real > 0, over, 0.0) * self.jump
        loss = self.start + dot(np.tanh(dot(far[..., None, :], self.A)), self.v) + total(each)
        if self.sharp is not None:
            loss = loss + np.log1p(np.exp(40 * (theta - self.theta)[..., self.sharp])) / 20
        if self.unit is not None:
            over = dot(theta - self.theta, self.unit)
            loss = loss + np.where(over.real > 0, over, 0.0)
        if self.tie is not None:
            one, other = (theta[..., k] for k in self.tie)
            loss = loss + 1.5 * np.where(one.real >= other.real, one, other)
        return self.scale * loss


def passes(seed: int) -> list[Pass]:
    """Return right and wrong gradients and some at kinks, in an order that belongs to the seed."""
    rng = np.random.default_rng(seed)
    found: list[Pass] = []

    def add(word: str, says: str, loss: Valley, change: Callable[[np.ndarray], Any] | None = None) -> None:
        claimed = loss.gradient.copy()
        if change is not None:
            changed = change(claimed)
            claimed = claimed if changed is None else changed
        found.append(Pass(loss.value, loss.theta, claimed, word, says, len(found)))

    def valley(size: int, **options: Any) -> Valley:
        return Valley(rng, size, **options)

    def times(factor: float, *which: int) -> Callable[[np.ndarray], None]:
        def change(g: np.ndarray) -> None:
            g[list(which)] *= factor

        return change

    def put(number: float, *which: int) -> Callable[[np.ndarray], None]:
        def change(g: np.ndarray) -> None:
            g[list(which)] = number

        return change

    def cancelling(g: np.ndarray) -> None:
        for i, up in ((1, True), (3, False)):
            g[i] = g[i] / 0.8 if up == (g[i] > 0) else g[i] * 0.8

    def some(size: int) -> int:
        return int(rng.integers(1, size - 1))  # neither the first nor the last

    add("wrong", "a gradient that is right but for one entry of 40", valley(40), times(1.5, some(40)))
    add("wrong", "a gradient with one entry of 40 that is five times too large", valley(40), times(5, some(40)))
    add("wrong", "a gradient in which every entry is a quarter too large", valley(6), lambda g: 1.25 * g)
    add("wrong", "a gradient that is right but for its first entry", valley(6), times(1.4, 0))
    add("wrong", "a gradient that is right but for its last entry", valley(6), times(1.4, -1))
    add("wrong", "a gradient in which every entry is 0.2 % too large", valley(6), lambda g: g * 1.002)
    add("wrong", "a gradient with one entry that is 0.2 % too small", valley(6), times(0.998, some(6)))
    add("wrong", "a gradient with every sign turned", valley(6), np.negative)
    add("wrong", "a gradient that is right but for the sign of a very small entry", valley(8, tiny=(4,)), times(-1, 4))
    add("wrong", "a gradient that is twice too large", valley(5), lambda g: 2 * g)
    add("wrong", "a gradient that is seven times too large, as without the 1/N", valley(5), lambda g: 7 * g)
    add("wrong", "a gradient of zeros where the right one is about 0.000001", valley(5, scale=1e-6), lambda g: 0 * g)
    add("wrong", "a gradient of zeros where the right one is of order one", valley(5), lambda g: 0 * g)
    add("wrong", "a gradient of about 0.000001 with one wrong entry", valley(6, scale=1e-6), times(1.5, some(6)))
    add(
        "wrong",
        "a gradient of about 1,000,000 with one entry that is 0.2 % off",
        valley(6, scale=1e6),
        times(1.002, some(6)),
    )
    add("wrong", "a gradient of about 1,000 with one wrong entry", valley(6, scale=1e3), times(0.7, some(6)))
    add("wrong", "a gradient with two entries exchanged", valley(6), lambda g: g[[0, 3, 2, 1, 4, 5]])
    add("wrong", "a gradient with a 0 where the loss does change", valley(6), put(0.0, some(6)))
    add("wrong", "a gradient that is not 0 where the loss does not change", valley(6, flat=(2,)), put(0.3, 2))
    add("wrong", "a gradient with zeros that are right, and one wrong entry", valley(7, flat=(1, 5)), times(1.5, 3))
    add("wrong", "a gradient with a NaN in it", valley(6), put(np.nan, some(6)))
    add("wrong", "a gradient with one entry too large and one too small by as much", valley(6), cancelling)
    for small in (2, 5):
        add(
            "wrong",
            "a gradient with a small entry that is quite wrong, and a large one that is a little off",
            valley(8, tiny=(small,)),
            lambda g, small=small: (times(3, small)(g), times(1.1, int(np.abs(g).argmax()))(g))[0],
        )
    add("wrong", "a gradient that is wrong 0.2 away from a kink", valley(5, corners={2: 0.2}), times(1.6, 2))
    add("wrong", "a gradient that is wrong where the loss bends sharply", valley(5, sharp=2), times(1.6, 2))

    add("right", "a right gradient of 6 entries", valley(6))
    add("right", "a right gradient of 40 entries", valley(40))
    add("right", "a right gradient of one entry", valley(1))
    add("right", "a right gradient of a loss of about 1,000,000", valley(6, scale=1e6))
    add("right", "a right gradient of a loss of about 1,000", valley(5, scale=1e3))
    add("right", "a right gradient of a loss of about 0.000001", valley(6, scale=1e-6))
    add(
        "right",
        "a right gradient with zeros in it, where the loss does not depend on a parameter",
        valley(6, flat=(1, 4)),
    )
    add("right", "a right gradient with a very small entry", valley(7, tiny=(3,)))
    add("right", "a right gradient 0.2 away from a kink", valley(5, corners={2: 0.2, 3: -0.2}))
    add("right", "a right gradient where the loss bends sharply, without a corner", valley(5, sharp=2))

    for says, loss in (  # a kink's slope is that of its left side, as ReLU'(0) is 0 in this course
        ("a kink in one entry of 5", valley(5, corners={2: 0.0})),
        ("a kink in the last entry", valley(8, corners={7: 0.0})),
        ("a kink in a loss of about 1,000,000", valley(5, corners={1: 0.0}, scale=1e6)),
        ("a kink in a loss of about 0.000001", valley(5, corners={3: 0.0}, scale=1e-6)),
        ("a ReLU unit that stands exactly at its kink", valley(5, unit=True)),
        ("a maximum of two equal numbers", valley(6, tie=(1, 4))),
    ):
        add("kink", says, loss)
    return [found[int(k)] for k in rng.permutation(len(found))]


verdict = Verdict(
    "ps03.verdict", passes, 8, 2,
    'Deck 000 (Vetter, Kraus, Höfle), "Numerische Lösung ist:"; Deck 002, "Aktivierungsfunktionen", erratum E12',
)  # fmt: skip


# --- the parts of a checker --------------------------------------------------------------------------------------


class Point:
    """A loss at a point, by the names of the exercise; h is so large that a difference is no slope, and slips show."""

    def __init__(self, rng: np.random.Generator, size: int) -> None:
        valley = Valley(rng, size)
        self.value, self.theta, self.size = valley.value, valley.theta, size
        self.h = float(rng.uniform(0.02, 0.2))
        self.claimed = valley.gradient * rng.uniform(0.8, 1.2, size)
        self.u = rng.uniform(0.3, 1.3, size) * rng.choice([-1.0, 1.0], size)
        self.loss = Pass(valley.value, valley.theta, self.claimed, "", "").loss(SimpleNamespace(count=-np.inf))


def points(seed: int) -> list[Point]:
    """Return losses of several sizes, the first of one parameter."""
    rng = np.random.default_rng(seed)
    return [Point(rng, size) for size in (1, 2, 5, 4)]


def quotient(
    n: Point, up: float, down: float, under: Any, move: Any = np.eye, stays: float = 0.0, gather: Any = np.positive
) -> np.ndarray:
    """Return the losses at theta + up * h less those at theta + down * h, for each entry, divided by `under`.

    `move` says which entries are moved for each slope, `stays` by how many h those before it stay moved.
    """
    before = stays * np.tril(np.ones((n.size, n.size)), -1)
    moves = move(n.size)
    ahead, behind = (n.value(n.theta + n.h * (before + way * moves)) for way in (up, down))
    return gather((ahead - behind) / under(n.h))


def first_alone(slopes: np.ndarray) -> np.ndarray:
    """Return slopes of which all but the first are 0."""
    return np.where(np.arange(slopes.size) == 0, slopes, 0.0)


ALWAYS = (
    slip("not_divided_by_h", under=lambda h: 1.0),
    slip("not_divided_by_h", "the difference of the losses is multiplied by h; it is divided by the way",
         under=lambda h: 1 / h),
    slip("all_moved_at_once", move=lambda P: np.ones((P, P))),
    slip("first_entry_only", gather=first_alone),
    slip("change_not_undone", stays=1.0),
    slip("change_not_undone", stays=-1.0),
    slip("change_not_undone", stays=2.0),
)  # fmt: skip
FORWARD_DIFFERENCE = Formula(
    lambda n, up=1.0, down=0.0, under=lambda h: h, **places: quotient(n, up, down, under, **places),
    (
        slip("backward_for_forward", up=0.0, down=-1.0),
        slip("central_for_forward", up=1.0, down=-1.0, under=lambda h: 2 * h),
        slip("central_for_forward", "the difference goes to both sides, and is divided by h", up=1.0, down=-1.0),
        *ALWAYS,
    ),
)  # fmt: skip
CENTRAL_DIFFERENCE = Formula(
    lambda n, up=1.0, down=-1.0, under=lambda h: 2 * h, **places: quotient(n, up, down, under, **places),
    (
        slip("divided_by_h", under=lambda h: h),
        slip("forward_for_central", up=1.0, down=0.0, under=lambda h: h),
        slip("forward_for_central", "the difference goes to one side only, and is divided by 2 * h", up=1.0, down=0.0),
        slip("forward_for_central", "the difference goes to the lower side only", up=0.0, down=-1.0, under=lambda h: h),
        *ALWAYS,
    ),
).but(without=("factor_two",))  # that is divided by h


class Pair:
    """Two gradients to be compared: order one, a millionth, a million, and zeros."""

    def __init__(self, rng: np.random.Generator, size: int) -> None:
        scale = 10.0 ** rng.choice([-6, 0, 0, 6], size)
        self.numeric = rng.uniform(0.3, 1.3, size) * rng.choice([-1.0, 1.0], size) * scale
        self.claimed = self.numeric * rng.uniform(0.5, 1.6, size) * rng.choice([-1.0, 1.0, 1.0], size)


def pairs(seed: int) -> list[Pair]:
    """Return pairs of gradients; the first without a zero, the others with one in either, and in both."""
    rng = np.random.default_rng(seed)
    found = [Pair(rng, size) for size in (4, 6, 7, 5)]
    for n in found[1:]:
        n.claimed[[0, 1]] = n.numeric[[0, 2]] = 0.0
    return found


def _error(n: Pair, top: Any = np.abs, under: Any = np.maximum, none: float = 0.0) -> np.ndarray:
    size = under(np.abs(n.claimed), np.abs(n.numeric))
    both = (n.claimed == 0) & (n.numeric == 0)
    return np.where(both, none, top(n.claimed - n.numeric) / np.where(both, 1.0, size))


RELATIVE_ERROR = Formula(
    _error,
    (
        slip("absolute_tolerance", under=lambda c, n: 1.0),
        slip("divided_by_sum", under=np.add),
        slip("divided_by_sum", "the difference is divided by the mean of both sizes, as others do; this course divides "
             "by the larger one", under=lambda c, n: (c + n) / 2),
        slip("divided_by_one_size", under=lambda c, n: n),
        slip("divided_by_one_size", under=lambda c, n: c),
        slip("divided_by_one_size", "the difference is divided by the smaller size; the larger one belongs there",
             under=np.minimum),
        slip("divided_by_one_size", "the difference is divided by the largest of all entries; each has its own size",
             under=lambda c, n: np.maximum(c, n).max()),
        slip("zero_over_zero", none=np.nan),
        slip("sign", "the error has a sign; only its size counts", top=np.positive),
        slip("sign", "the error has a sign, the other way round; only its size counts", top=np.negative),
    ),
    anywhere=(),
)  # fmt: skip

LOOK = 'Deck 000 (Vetter, Kraus, Höfle), "Numerisch"'


def question(name: str, takes: str, parts: list[Part], **options: Any) -> Question:
    """Return a question of this exercise."""
    options = dict(instances=points, tried=("a loss of one parameter", "random loss"), differences=True) | options
    return Question(f"ps03.{name}", takes, parts, look=LOOK, **options)


def slope(index: tuple[int, ...]) -> tuple[str, tuple[str, ...]]:
    """Return where entry [i] of a gradient belongs."""
    return f"the slope along theta[{index[0]}]", ()


forward_difference = question(
    "forward_difference", "loss theta h",
    [Part("numeric", 2, FORWARD_DIFFERENCE.value, "One entry moves by h, the others stay. How much does the loss "
          "change, for each unit of that way?", FORWARD_DIFFERENCE, where=slope)],
)  # fmt: skip

central_difference = question(
    "central_difference", "loss theta h",
    [Part("numeric", 3, CENTRAL_DIFFERENCE.value, "One entry moves h up and h down, the others stay. How far apart are "
          "the two points?", CENTRAL_DIFFERENCE, where=slope)],
)  # fmt: skip

relative_error = question(
    "relative_error", "claimed numeric",
    [Part("error", 2, RELATIVE_ERROR.value, "How large is the difference, compared with the larger of the two?",
          RELATIVE_ERROR, where=lambda index: (f"entry {index[0]}", ()))],
    instances=pairs, tried=("two gradients", "random pair"),
)  # fmt: skip

CLAIMED_ALONG = Formula(
    lambda n, u=lambda n: n.u, gather=np.sum: gather(n.claimed * u(n)),
    (
        slip("direction_forgotten", u=lambda n: 1.0),
        slip("mean_for_sum", "the mean of claimed * u is taken; the slope along u is their sum", gather=np.mean),
        slip("direction_shortened", u=lambda n: n.u / np.sqrt((n.u**2).sum())),
    ),
)  # fmt: skip
NUMERIC_ALONG = Formula(
    lambda n, up=1.0, down=-1.0, under=lambda h: 2 * h, u=lambda n: n.u: (
        (n.value(n.theta + up * n.h * u(n)) - n.value(n.theta + down * n.h * u(n))) / under(n.h)
    ),
    (
        slip("divided_by_h", under=lambda h: h),
        slip("not_divided_by_h", under=lambda h: 1.0),
        slip("forward_for_central", up=1.0, down=0.0, under=lambda h: h),
        slip("forward_for_central", "the difference goes to one side only, and is divided by 2 * h", down=0.0),
        slip("direction_forgotten", "every entry is moved by h; entry i moves by h * u[i]", u=lambda n: 1.0),
        slip("direction_shortened", u=lambda n: n.u / np.sqrt((n.u**2).sum())),
    ),
).but(without=("factor_two",))  # fmt: skip

directional_pair = question(
    "directional_pair", "loss claimed theta u h",
    [
        Part("claimed_u", 1, CLAIMED_ALONG.value, "Each entry of theta moves by a little of its u. What does the "
             "claimed gradient say that the loss then does?", CLAIMED_ALONG),
        Part("numeric_u", 2, NUMERIC_ALONG.value, "The whole of theta moves along u, forwards and backwards. How far "
             "apart are the two points, counted in u?", NUMERIC_ALONG),
    ],
    follow=False,
)  # fmt: skip
