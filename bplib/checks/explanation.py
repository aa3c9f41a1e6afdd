"""Whatever you differentiate by hand: your own forward function knows the right answer, so ask it, and compare.

`explain` needs no course and no reference: a function written with NumPy and its backward pass are enough. It moves
every number of every argument a little, as `bplib.gradcheck` does, and says in what way the gradients differ.
"""

from __future__ import annotations

import inspect
import itertools
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from bplib.checks import compare
from bplib.checks.calling import kind
from bplib.checks.measuring import Pair, Slopes, Unusable, answer_of, as_floats, output_of, slopes_of
from bplib.checks.relations import Relation, described

WIDTH = 100
MOST = 2000  # entries of an argument; each is moved about forty times
DIGITS = 12  # rounding differs from machine to machine: no more are claimed


@dataclass(frozen=True)
class Explanation:
    """What was found; shown as text.

    Attributes
    ----------
    right : bool
        Whether every gradient is the slope of forward.
    text : str
        What is to be said, in some lines.
    argument : str or None
        The first argument whose gradient is wrong.
    index : tuple of int or None
        Its first wrong entry.
    got, want : float or None
        The number there, and what forward says.
    relation : Relation or None
        How the wrong gradient relates to the right one, where that can be said.
    digits : int or None
        To how many digits everything agrees, if it is right.
    """

    right: bool
    text: str
    argument: str | None = None
    index: tuple[int, ...] | None = None
    got: float | None = None
    want: float | None = None
    relation: Relation | None = None
    digits: int | None = None

    def __str__(self) -> str:
        """Give the text."""
        return self.text

    __repr__ = __str__  # a notebook shows the last value of a cell by it


@dataclass(frozen=True)
class _Finding:
    """What is wrong with the gradient for one argument: a sentence, the first wrong number, and what else is known."""

    name: str
    text: str
    wrong: compare.Wrong | None = None
    count: str = ""
    relation: Relation | None = None
    more: tuple[str, ...] = ()

    @property
    def facts(self) -> list[str]:
        """What can be said beyond that it is wrong."""
        return [*([self.relation.says] if self.relation else []), *self.more]


def explain(forward: Callable[..., Any], backward: Callable[..., Any], *args: Any, seed: int = 0) -> Explanation:
    """Return whether `backward` gives the slopes of `forward` at `args`, and if not, in what way it is wrong.

    The incoming gradient `dout` is random; the right answer is the slope of sum(dout * forward(*args)), measured by
    steps along the imaginary axis where `forward` accepts complex numbers, else by real ones.

    Parameters
    ----------
    forward : callable
        (*args) -> array or float.
    backward : callable
        (dout, *args) -> the gradients for all arguments in their order: a tuple or list, with None for an argument
        that has none; or one array if there is one argument. `dout` has the shape of forward's output.
    *args : arrays, floats, or anything else
        Where to look. Arrays and floats are moved; whole numbers and all else are held fixed.
    seed : int
        What the incoming gradient is drawn from.

    Returns
    -------
    explanation : Explanation
        `print` it. Neither function's errors are raised; they are part of the text.

    Raises
    ------
    ValueError
        If there is nothing that could be moved, or far too much.

    Examples
    --------
    The bias of a layer is used by every sample:

    >>> def layer(x, b):
    ...     return np.tanh(x + b)
    >>> def layer_back(dout, x, b):
    ...     dz = dout * (1 - np.tanh(x + b) ** 2)
    ...     return dz, dz
    >>> x, b = np.array([[0.1, -0.4], [1.2, 0.3], [0.7, -0.9]]), np.array([0.5, -0.2])
    >>> print(explain(layer, layer_back, x, b))
    layer_back: the gradient for b is wrong
      wrong    it has shape (3, 2), the argument has shape (2,)
      in fact  summed over axis 0, it is right
      right    the gradient for x, to 12 digits

    What the softmax divides by depends on every score:

    >>> def softmax(s):
    ...     e = np.exp(s)
    ...     return e / e.sum(axis=1, keepdims=True)
    >>> def softmax_back(dout, s):
    ...     return dout * softmax(s)
    >>> explain(softmax, softmax_back, x).relation.says
    'each value is the right one plus (output * the sum of dout * output over axis 1)'

    Centring a batch moves its mean along:

    >>> explain(lambda x: x - x.mean(axis=0), lambda dout, x: dout, x).relation.says
    'each value is the right one plus the mean of dout over axis 0'
    """
    named = dict(zip(_names(forward, args), args, strict=True))
    held = _held(named)
    own = getattr(backward, "__name__", "backward")
    own = "backward" if own == "<lambda>" else own
    try:
        return _explained(forward, backward, named, held, own, seed)
    except Unusable as problem:
        return Explanation(False, _lines(f"{own}: not checked", [("because", str(problem))]))


def _names(forward: Callable[..., Any], args: tuple[Any, ...]) -> list[str]:
    """Return the arguments' names as forward has them, or 'argument 0' where it has none."""
    try:
        parameters = list(inspect.signature(forward).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    plain = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    return [plain[i] if i < len(plain) else f"argument {i}" for i in range(len(args))]


def _held(args: dict[str, Any]) -> dict[str, str]:
    """Return which arguments cannot be moved, and why; refuse if none or too much can be."""
    held = {}
    for name, value in args.items():
        if not isinstance(value, np.ndarray | float | np.floating):
            held[name] = kind(value)
        elif np.asarray(value).dtype.kind != "f":
            held[name] = f"an array of {np.asarray(value).dtype}"
        elif not np.isfinite(value).all():
            raise ValueError(f"{name} holds a number that is not finite: no slope can be measured there")
        elif np.size(value) > MOST:
            raise ValueError(f"{name} has {np.size(value)} entries; a small example, of at most {MOST}, is needed")
        elif np.size(value) == 0:
            held[name] = "empty"
    if len(held) == len(args):
        given = ", ".join(f"{name} is {what}" for name, what in held.items()) or "there is none"
        raise ValueError(f"an argument of floats is needed, as in np.array([1.0, 2.0]): {given}")
    return held


def _explained(
    forward: Callable[..., Any],
    backward: Callable[..., Any],
    args: dict[str, Any],
    held: dict[str, str],
    own: str,
    seed: int,
) -> Explanation:
    args = {name: value if name in held else np.array(value, np.float64)[()] for name, value in args.items()}
    output, changed = output_of(forward, args)
    rng = np.random.default_rng(seed)
    douts = [rng.uniform(0.5, 1.5, output.shape) * rng.choice([-1.0, 1.0], output.shape) for _ in range(2)]
    pair = Pair(forward, backward, args, tuple(name for name in args if name not in held), output, douts)
    answers = [answer_of(pair, dout) for dout in douts]  # before forward is called elsewhere, and leaves things behind
    slopes = {name: slopes_of(pair, name) for name in pair.moved}

    findings, errors = [], {}
    for name, slope in slopes.items():
        finding, error = _finding(pair, name, [answer[name] for answer in answers], slopes)
        if finding:
            findings.append(finding)
        elif not slope.unknown.all():
            errors[name] = error

    notes = [f"forward changes its argument {name}: backward may then see other numbers" for name in changed]
    for name, what in held.items():
        if any(answer[name] is not None for answer in answers):
            notes.append(f"{name} is {what}: it was held fixed, and its gradient not checked; floats can be")
    for name, slope in slopes.items():
        if slope.unknown.any():
            where = compare.label(name, compare.first(slope.unknown))
            many = f" and {slope.unknown.sum() - 1} more" if slope.unknown.sum() > 1 else ""
            notes.append(
                f"not checked at {where}{many}: forward has a kink, a jump or an end at or next to it;"
                " take other numbers to check it"
            )
    return _told(own, findings, errors, notes, slopes)


# --- what is wrong -----------------------------------------------------------------------------------------------


def _finding(pair: Pair, name: str, values: list[Any], slopes: dict[str, Slopes]) -> tuple[_Finding | None, float]:
    """Return what is wrong with the gradient for one argument, and its largest error if nothing is."""
    slope = slopes[name]
    wants = [np.where(slope.unknown, 0.0, want) for want in slope.wants]
    if any(value is None for value in values):
        if slope.all_right([np.zeros(want.shape) for want in wants], wants):
            return None, 0.0
        largest = max(float(np.abs(want).max()) for want in wants)
        return _Finding(name, f"it is None, but forward depends on {name}: its largest slope is {largest:.4g}"), 0.0
    gots = [as_floats(value) for value in values]
    if gots[0] is None or gots[1] is None:
        return _Finding(name, f"it is {kind(values[0])}; an array of floats is needed"), 0.0
    if gots[0].shape != gots[1].shape:
        return _Finding(name, f"it has shape {gots[0].shape} at one call and {gots[1].shape} at the next"), 0.0
    for got in gots:
        if not np.isfinite(got).all():
            index = compare.first(~np.isfinite(got))
            return _Finding(name, f"{compare.label(f'd{name}', index)} is {got[index]}"), 0.0
    if gots[0].shape != wants[0].shape:
        text = f"it has shape {gots[0].shape}, the argument has shape {wants[0].shape}"
        return _Finding(name, text, more=_reshaped(pair, name, gots, wants, slopes)), 0.0

    gots = [np.where(slope.unknown, 0.0, got) for got in gots]
    at_fault = next((k for k in range(len(gots)) if slope.off(gots[k], wants[k]).any()), None)
    if at_fault is None:
        error = float(np.abs(gots[0] - wants[0]).max(initial=0.0))
        return None, error / float(np.abs(wants[0]).max()) if error > slope.noise else 0.0
    bad = slope.off(gots[at_fault], wants[at_fault])
    index = compare.first(bad)
    have, need = float(gots[at_fault][index]), float(wants[at_fault][index])
    entry = compare.label(f"d{name}", index)
    text = f"{entry} is {compare.number(have, need)}, should be {compare.number(need, have)}"
    count = f"{bad.sum()} of {bad.size} entries {'is' if bad.sum() == 1 else 'are'} wrong" if bad.size > 1 else ""
    relation, more = _relation(pair, name, gots, wants, slopes)
    return _Finding(name, text, compare.Wrong(text, index, have, need), count, relation, more), 0.0


def _relation(
    pair: Pair, name: str, gots: list[np.ndarray], wants: list[np.ndarray], slopes: dict[str, Slopes]
) -> tuple[Relation | None, tuple[str, ...]]:
    """Say how a wrong gradient of the right shape relates to the right one, and what else can be said."""
    slope = slopes[name]
    if np.array_equal(*gots) and gots[0].any():
        text = "the incoming gradient dout is not used: the result is the same whatever it is"
        ones = slopes_of(pair, name, [np.ones(pair.output.shape)]).wants[0]
        if not slope.off(gots[0], np.where(slope.unknown, 0.0, ones)).any():
            text += "; it is right for a dout of ones"
        return Relation("dout_unused", text), ()
    if not slope.fine:
        return None, ()
    known = _known(pair, name, slopes)
    relation = described(gots, wants, known, slope.inexact)
    if relation is None or relation.kind != "equals_known":
        return relation, ()
    fits = (
        formula
        for formula, values in known.items()
        if np.shape(values[0]) == wants[0].shape and slope.all_right(values, wants)
    )
    return relation, tuple(f"the right values are {formula}" for formula in itertools.islice(fits, 1))


def _reshaped(
    pair: Pair, name: str, gots: list[np.ndarray], wants: list[np.ndarray], slopes: dict[str, Slopes]
) -> tuple[str, ...]:
    """Say what would make a gradient of the wrong shape right, or at least fit."""
    slope, shape = slopes[name], wants[0].shape
    ways = _ways(gots[0].shape, shape)
    for text, change in ways:
        if slope.all_right([change(got) for got in gots], wants):
            return (f"{text} is right",)
    for axes in _axes(len(shape)):
        for word, total in (("sum", np.sum), ("mean", np.mean)):
            summed = [total(want, axis=axes, keepdims=True) for want in wants]
            if summed[0].size == gots[0].size and slope.all_right(
                [got.reshape(summed[0].shape) for got in gots], summed
            ):
                return (f"it is the {word} of the right one over {_over(axes)}: nothing is to be added up there",)
    if slope.fine:
        known = _known(pair, name, slopes)
        for text, change in ways:
            relation = described([change(got) for got in gots], wants, known, slope.inexact)
            if relation:
                return (f"{text} has the right shape; then {relation.says}",)
    for other, there in slopes.items():
        if there.wants[0].shape == gots[0].shape and there.all_right(gots, there.wants):
            return (f"it is the gradient for {other}: do they come in the order of the arguments?",)
    fits = [text for text, _ in ways if not text.startswith("averaged")]
    return (f"{fits[0]} has the right shape, but is not right either",) if fits else ()


def _axes(count: int) -> list[tuple[int, ...]]:
    return [axes for n in range(1, count + 1) for axes in itertools.combinations(range(count), n)]


def _over(axes: tuple[int, ...]) -> str:
    return f"axis {axes[0]}" if len(axes) == 1 else f"axes {', '.join(map(str, axes[:-1]))} and {axes[-1]}"


def _ways(came: tuple[int, ...], shape: tuple[int, ...]) -> list[tuple[str, Callable[[np.ndarray], np.ndarray]]]:
    """Return what makes an array of one shape into one of the other."""
    ways: list[tuple[str, Callable[[np.ndarray], np.ndarray]]] = []
    if came[::-1] == shape:
        ways.append(("its transpose", np.transpose))
    long = [n for n in shape if n > 1]
    for axes in _axes(len(came)):
        left = [n for axis, n in enumerate(came) if axis not in axes and n > 1]
        if left == long and any(came[axis] > 1 for axis in axes):
            ways.append((f"summed over {_over(axes)}, it", lambda g, axes=axes: g.sum(axis=axes).reshape(shape)))
            ways.append((f"averaged over {_over(axes)}, it", lambda g, axes=axes: g.mean(axis=axes).reshape(shape)))
    if np.prod(came, dtype=int) == np.prod(shape, dtype=int):
        ways.append((f"put in shape {shape}, it", lambda g: g.reshape(shape)))
    return ways


# --- what may have been mixed in ---------------------------------------------------------------------------------


def _known(pair: Pair, name: str, slopes: dict[str, Slopes]) -> dict[str, list[np.ndarray]]:
    """Return the quantities at hand that fit the argument's shape, by formula: one array for each dout."""
    known: dict[str, list[np.ndarray]] = {}
    shape = np.shape(pair.args[name])

    def add(formula: str, values: list[np.ndarray]) -> None:
        came = np.shape(values[0])
        fits = len(came) <= len(shape) and all(n in (1, m) for n, m in zip(came[::-1], shape[::-1], strict=False))
        if fits and formula not in known:
            known[formula] = values

    def constant(formula: str, value: np.ndarray) -> None:
        add(formula, [value] * len(pair.douts))

    output = pair.output
    with np.errstate(all="ignore"):
        add("dout", pair.douts)
        for n, a in pair.numbers.items():
            constant(n, a)
        for n, a in {"output": output, **pair.numbers}.items():
            constant(n, a)
            constant(f"1 - {n}", 1 - a)
            constant(f"{n} * (1 - {n})", a * (1 - a))
            constant(f"1 - {n}**2", 1 - a**2)
            constant(f"exp({n})", np.exp(a))
        for n, slope in slopes.items():
            if n != name:
                add(f"the gradient for {n}", slope.wants)
        _add_slope(add, pair, name, slopes[name])
        _add_sums(add, pair, name)
        _add_products(add, pair)
    sizes: dict[int, str] = {}
    for n, a in {**pair.numbers, "output": output}.items():
        for axis, length in enumerate(a.shape):
            sizes.setdefault(length, f"{n}.shape[{axis}]")
    for n, a in {**pair.numbers, "output": output}.items():
        sizes.setdefault(a.size, f"{n}.size")
    for length, formula in sizes.items():
        if length > 1:
            constant(formula, np.array(float(length)))
    return known


Add = Callable[[str, list[np.ndarray]], None]


def _add_slope(add: Add, pair: Pair, name: str, slope: Slopes) -> None:
    """Add the slope of forward, entry by entry, if each entry of the output depends on its own entry only."""
    if pair.output.shape != slope.wants[0].shape or slope.unknown.any():
        return
    one, other = (want / dout for want, dout in zip(slope.wants, pair.douts, strict=True))
    if not np.allclose(one, other, rtol=1e-6, atol=1e-9 * float(np.abs(one).max(initial=0.0))):
        return
    add("the slope of forward", [one, other])
    if len(pair.args) > 1:
        return
    try:
        there = slopes_of(pair, name, at=pair.output)
    except Unusable:  # the output need not be where forward is defined
        return
    add("the slope of forward at its output", [want / dout for want, dout in zip(there.wants, pair.douts, strict=True)])


def _add_sums(add: Add, pair: Pair, name: str) -> None:
    """Add sums and means of dout over an axis: what a sum or a mean in forward leaves in its gradient."""
    factors = {"dout": 1.0, "dout * output": pair.output}
    if np.shape(pair.args[name]) == pair.output.shape:
        factors[f"dout * {name}"] = pair.args[name]
    for axis in range(pair.output.ndim):
        for word, total in (("sum", np.sum), ("mean", np.mean)):
            for text, factor in factors.items():
                values = [total(dout * factor, axis=axis, keepdims=True) for dout in pair.douts]
                add(f"the {word} of {text} over axis {axis}", values)
                if text == "dout * output":
                    add(f"output * the {word} of {text} over axis {axis}", [pair.output * v for v in values])


def _add_products(add: Add, pair: Pair) -> None:
    """Add the matrix products of dout with an argument, in either order, each as it is or transposed."""
    if pair.output.ndim != 2:
        return
    for name, a in pair.numbers.items():
        if a.ndim != 2:
            continue
        for turn_dout, turn_a, dout_first in itertools.product((False, True), repeat=3):
            texts = ("dout" + ".T" * turn_dout, name + ".T" * turn_a)
            factors = [(dout.T if turn_dout else dout, a.T if turn_a else a) for dout in pair.douts]
            if not dout_first:
                texts, factors = texts[::-1], [both[::-1] for both in factors]
            if factors[0][0].shape[1] == factors[0][1].shape[0]:
                add(" @ ".join(texts), [left @ right for left, right in factors])


# --- how it is said ----------------------------------------------------------------------------------------------


def _lines(title: str, items: list[tuple[str, str]]) -> str:
    lines = [title]
    for what, text in items:
        lines += textwrap.wrap(
            text,
            WIDTH,
            initial_indent=f"  {what:<8} ",
            subsequent_indent=" " * 11,
            break_long_words=False,
            break_on_hyphens=False,
        )
    return "\n".join(lines)


def _told(
    own: str,
    findings: list[_Finding],
    errors: dict[str, float],
    notes: list[str],
    slopes: dict[str, Slopes],
) -> Explanation:
    """Put together what was found: the first wrong gradient in full, the others in a line each."""
    digits = min((_digits(error, slopes[name]) for name, error in errors.items()), default=0)
    agreed = f"the gradient{'s' * (len(errors) > 1)} for {', '.join(errors)}, to {digits} digits"
    if not all(slopes[name].exact for name in errors):
        agreed += " (as far as steps of real numbers show)"
    rest = [("right", agreed)] * bool(errors) + [("note", note) for note in notes]
    if not findings:
        title = f"{own}: right" if errors else f"{own}: not checked"
        return Explanation(bool(errors), _lines(title, rest), digits=digits or None)
    first, *others = findings
    items = [("wrong", first.text)]
    if first.wrong:
        items.append(("", "; ".join(filter(None, (compare.size(first.wrong.got, first.wrong.want), first.count)))))
    items += [("" if k else "in fact", fact) for k, fact in enumerate(first.facts)]
    for other in others:
        items.append(("also", f"the gradient for {other.name}: {'; '.join([other.text, *other.facts])}"))
    wrong = first.wrong or compare.Wrong(first.text)
    text = _lines(f"{own}: the gradient for {first.name} is wrong", items + rest)
    return Explanation(False, text, first.name, wrong.index, wrong.got, wrong.want, first.relation)


def _digits(error: float, slope: Slopes) -> int:
    """Return how many digits agree, and no more than measuring can tell."""
    most = DIGITS if slope.exact or not slope.scale else int(-np.log10(slope.inexact))
    return most if error == 0 else max(0, min(most, int(-np.log10(error))))
