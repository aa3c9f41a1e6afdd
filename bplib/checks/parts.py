"""What a function returns comes in parts, and of each wrong part one thing is to be found: what explains all of it.

A value is wrong if it is neither the right one nor what follows from the learner's own earlier values. The first wrong
one, in the order of computation, is what the learner is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bplib.checks import compare
from bplib.checks.mistakes import CANNOT, Case, Formula, Slip, alike, recognised, thin
from bplib.checks.relations import Relation

# Where a slip can be that is not in all layers: (layer, number of layers) -> whether it is there.
SCOPES = (
    (lambda layer, count: layer == 0, "in {first} only: "),
    (lambda layer, count: layer == count - 1, "in {last} only: "),
    (lambda layer, count: layer > 0, "in all but {first}: "),
    (lambda layer, count: layer < count - 1, "in all but {last}: "),
)


@dataclass(frozen=True, eq=False)
class Part:
    """One returned value: its name, its points, and the right value for an instance `n`.

    Attributes
    ----------
    name : str
        The returned value's name: 'delta1'.
    points : float
        Marks for it.
    want : callable
        n -> the right value, from moving numbers of the trusted forward pass; a list of arrays where one is returned.
    think : str
        The question that leads on when it is wrong and no mistake is recognised.
    formula : Formula, optional
        What the value is made by, with the slips that are known in it.
    at : callable
        (n, layer) -> the quantities that the formula uses. It is asked once with trusted values and once with the
        learner's own earlier ones (`n.z1`, say), so that one slip costs once.
    where : callable
        Index -> the place in the network: words, and the names of the units to mark in the drawing.
    layers : callable, optional
        For a value that is a list of arrays: its length -> which of them belong to this part, first computed first.
    keys : tuple of str
        For a value that is a dict of arrays: its keys. `want` is a list, in their order.
    stage : callable, optional
        (layer, number of layers) -> when it is computed; smaller is earlier. Else parts are computed as they stand.
    title : str
        How the part is called when it is right; else its name.
    integers : bool
        Whether whole numbers are asked for.
    known : callable, optional
        (n, layer) -> further quantities by name that a learner may have mixed in, to describe what nobody knows.
    """

    name: str
    points: float
    want: Callable[[Any], Any]
    think: str
    formula: Formula | None = None
    at: Callable[[Any, int], Any] = lambda n, layer: n
    where: Callable[[tuple[int, ...]], tuple[str, tuple[str, ...]]] = lambda index: ("", ())
    layers: Callable[[int], Sequence[int]] | None = None
    stage: Callable[[int, int], float] | None = None
    title: str = ""
    integers: bool = False
    known: Callable[[Any, int], Mapping[str, Any]] | None = None
    keys: tuple[str, ...] = ()

    @property
    def several(self) -> bool:
        """Whether the value is a list or a dict of arrays."""
        return self.layers is not None or bool(self.keys)

    def label(self, layer: int) -> str:
        """Return how a learner writes the value, or one array of it."""
        return (
            f"{self.name}[{self.keys[layer]!r}]" if self.keys else f"{self.name}[{layer}]" if self.layers else self.name
        )

    def listed(self, value: Any, want: Any) -> list[Any] | compare.Wrong:
        """Return the arrays of a returned value in a list, or what is wrong with how they come."""
        if self.keys:
            if type(value) is not dict:
                return compare.Wrong(
                    f"{self.name} is {compare.kind(value)}; a dict is needed with {', '.join(self.keys)}"
                )
            missing = [repr(key) for key in self.keys if key not in value]
            return (
                compare.Wrong(f"{self.name} has no {', '.join(missing)}") if missing else [value[k] for k in self.keys]
            )
        if self.layers is None:
            return [value]
        if type(value) in (tuple, list) and len(value) == len(want):
            return list(value)
        came = f"{len(value)} arrays" if type(value) in (tuple, list) else compare.kind(value)
        return compare.Wrong(f"{self.name} is {came}; a list of {len(want)} arrays is needed, one for each layer")


@dataclass(frozen=True)
class Aspect:
    """A property that a partly right answer can have: `holds(ask, n)` finds out by asking again with changed inputs.

    `ask(name=value, ...)` returns the answer, whatever it is, or None if there is none. It is asked on every instance,
    or on the first alone if `once`. It holds `anyhow`, or not for an answer that takes numeric differences.
    """

    points: float
    says: str
    holds: Callable[[Callable[..., Any], Any], bool]
    once: bool = False
    anyhow: bool = False


@dataclass(frozen=True, eq=False)
class Answer:
    """What came on one instance; and the instance with the learner's own values in it, to go on from, or to explain."""

    instance: Any
    own: Any
    loose: Any
    values: dict[str, Any]


@dataclass(frozen=True, eq=False)
class Piece:
    """One array of one part on one instance: what came, what is right, and what it is made from."""

    instance: int
    layer: int
    count: int
    got: np.ndarray
    want: np.ndarray
    wrong: compare.Wrong | None  # what is wrong with it, beside the right value
    trusted: Any
    own: Any
    follows: bool  # right, given the learner's own earlier values
    extreme: bool

    @property
    def agrees(self) -> bool:
        """Whether it is the right value."""
        return self.wrong is None

    @property
    def right(self) -> bool:
        """Whether it is right, or follows from the learner's own earlier values."""
        return self.agrees or self.follows

    @property
    def misshaped(self) -> bool:
        """Whether these are the right numbers in a wrong shape."""
        got, want = self.got, self.want
        return got.shape != want.shape and thin(got) == thin(want) and alike(want.ravel(), got.ravel())


@dataclass(frozen=True, eq=False)
class Finding:
    """What is wrong with one part: its first wrong value, and what explains all its values."""

    part: Part | None
    instance: int
    wrong: compare.Wrong
    layer: int = 0
    stage: float = 0.0
    explanations: tuple[tuple[Slip, ...], ...] = ()
    only: str = ""
    relation: Relation | None = None
    near: bool = False  # right but for one thing


def as_arrays(value: Any) -> list[np.ndarray]:
    """Return a value's arrays in a list."""
    return value if isinstance(value, list) else [value]


def follows_from(formula: Formula, local: Any, got: np.ndarray) -> bool:
    """Say whether a value is what the formula makes of the learner's own earlier values."""
    try:
        value = formula.value(local)
    except CANNOT:
        return False
    return value.size == got.size and not compare.mismatch(got.ravel(), value.ravel()).any()


def right_for(part: Part, piece: Piece) -> np.ndarray:
    """Return what a piece should be, given the learner's own earlier values."""
    if part.formula is None or piece.agrees:
        return piece.want
    try:
        return part.formula.value(piece.own).reshape(piece.want.shape)
    except CANNOT:
        return piece.want


def explanations_of(part: Part, pieces: list[Piece], pairs: bool) -> tuple[tuple[tuple[Slip, ...], ...], str]:
    """Return what explains all the values of a part, and where, if it is only in one layer."""
    if part.formula is None:
        return (), ""
    pieces = sorted(pieces, key=lambda piece: piece.right)  # a wrong value refuses most slips at once
    ordinary = [piece for piece in pieces if not piece.extreme]
    if ordinary and not ordinary[0].right:
        pieces = ordinary  # what comes of a slip where numbers overflow depends on how it is written
    wrong = [piece for piece in pieces if not piece.right]
    if all(follows_from(part.formula, piece.own, piece.got) for piece in wrong):
        return (), ""  # it follows from zeros: that is no mistake, and no merit
    scopes = [(pieces, "")]
    if part.several and len(wrong) < len(pieces):
        for inside, words in SCOPES:
            scope = [piece for piece in pieces if inside(piece.layer, piece.count)]
            if all(piece in scope for piece in wrong) and len(scope) < len(pieces):
                ends = ("layer 0", "the last layer") if part.layers else (part.label(0), part.label(len(part.keys) - 1))
                scopes.append((scope, words.format(first=ends[0], last=ends[1])))
    for scope, only in scopes:
        for whose in ("own", "trusted") if any(piece.own is not piece.trusted for piece in scope) else ("own",):
            found = recognised(part.formula, [Case(getattr(piece, whose), piece.got) for piece in scope], pairs)
            if found:
                return found, only
    return (), ""


def and_stops(finding: Finding, n: Any) -> Finding:
    """Return the finding with those explanations only that would stop on instance `n`, as the program did."""

    def stops(slips: tuple[Slip, ...]) -> bool:
        count = len(finding.part.want(n)) if finding.part.several else 1
        try:
            for layer in (finding.part.layers or range)(count):
                finding.part.formula.value(finding.part.at(n, layer), *slips)
        except CANNOT:
            return True
        return False

    if finding.part is None or finding.part.formula is None:
        return finding
    return replace(finding, explanations=tuple(filter(stops, finding.explanations)) or finding.explanations)


def cancelled(right: dict[Part, list[Piece]]) -> list[tuple[Part, tuple[tuple[Slip, ...], ...]]]:
    """Return the parts that are right although what they are made from is not, with the slips that undo it."""
    found = []
    for part, pieces in right.items():
        if part.formula is None or all(piece.follows for piece in pieces):
            continue
        slips = recognised(part.formula, [Case(piece.own, piece.got) for piece in pieces if not piece.follows])
        if slips:
            found.append((part, slips))
    return found


def is_constant(gots: list[np.ndarray], wants: list[np.ndarray]) -> bool:
    """Say whether the same numbers come back whatever goes in."""
    numbers = {got.ravel()[0] for got in gots if got.size}
    return (
        len(numbers) == 1
        and 0.0 not in numbers
        and all(np.array_equal(got, gots[0]) or len(set(got.ravel())) == 1 for got in gots)
        and not all(np.array_equal(want, wants[0]) for want in wants)
    )


def mixed_in(takes: Sequence[str], part: Part, pieces: list[Piece], answers: list[Answer]) -> dict[str, list[Any]]:
    """Return what a learner may have mixed in, by the learner's names: the inputs, and slopes made from them."""
    known: dict[str, list[Any]] = {}
    for piece in pieces:
        n = answers[piece.instance].instance
        quantities = {name: getattr(n, name) for name in takes}
        quantities |= part.known(n, piece.layer) if part.known else {}
        for name, value in list(quantities.items()):
            if not isinstance(value, float | np.ndarray) or np.asarray(value).dtype != np.float64:
                continue
            known.setdefault(name, []).append(np.asarray(value))
            if name[0] in "apo":
                known.setdefault(f"1 - {name}", []).append(1 - np.asarray(value))
                known.setdefault(f"{name} * (1 - {name})", []).append(value * (1 - np.asarray(value)))
                known.setdefault(f"1 - {name}**2", []).append(1 - np.asarray(value) ** 2)
    return {name: values for name, values in known.items() if len(values) == len(pieces)}
