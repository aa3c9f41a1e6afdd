"""Wrong numbers are seldom random: often they are the right ones, halved, turned round, or with something left out.

No list of mistakes is needed to see that. What is said here is arithmetic on the numbers themselves: it holds in every
entry of every case to nine digits, or it is not said.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from bplib.checks import compare

CLOSE = 1e-9  # of an entry: what a relation has to hold to
ROUNDING = 1e-13  # of the largest entry: what cancellation may leave in a small one, if the right values are exact
APART = 1e-6  # of the largest entry: a relation that changes less cannot be told from an inexact right answer
NICE = (1.0, -1.0, 2.0, -2.0, 0.5, -0.5)  # factors that a formula has by itself
POWERS = ((1.0, "{}"), (-1.0, "1 / {}"), (2.0, "{}**2"), (-2.0, "1 / {}**2"), (0.5, "sqrt({})"), (-0.5, "1 / sqrt({})"))
LARGE = 1e150  # squares of larger numbers are infinite
MOST_ROWS = 200  # beyond, comparing every row with every other takes too long


@dataclass(frozen=True)
class Relation:
    """How wrong values relate to the right ones.

    Attributes
    ----------
    kind : str
        One factor: 'zeros', 'sign', 'factor', 'factor_per_instance', 'factor_per_slice'. Other places: 'transposed',
        'reversed', 'shifted', 'permuted'. Something known mixed in: 'factor_known', 'divided_by_known',
        'differs_by_known', 'equals_known', 'known_for_known'. Something added: 'offset', 'offset_per_slice'. Computed
        from the right values: 'function', 'sum', 'mean', 'repeated', 'running_sum', 'rounded', 'float32'. Some of them:
        'sign_some', 'some_entries'.
    says : str
        One sentence, without a capital and without a full stop.
    """

    kind: str
    says: str


@dataclass(frozen=True)
class _Numbers:
    """All entries of all cases in one row, with what belongs to them.

    `case[i]` is the case that entry i is of; `quantities` has one row of n numbers for each known quantity that has,
    or broadcasts to, the shape of the values; `scalars` has one number a case for each that is a single number.
    """

    gots: list[np.ndarray]
    wants: list[np.ndarray]
    got: np.ndarray
    want: np.ndarray
    wrong: np.ndarray
    starts: np.ndarray
    case: np.ndarray
    names: list[str]
    quantities: np.ndarray
    scalar_names: list[str]
    scalars: np.ndarray
    rounding: float

    def scale(self, values: np.ndarray) -> np.ndarray:
        """Return for every entry the largest size of `values` (..., n) within its case."""
        return np.maximum.reduceat(np.abs(values), self.starts, axis=-1)[..., self.case]

    def agree(self, predicted: np.ndarray) -> np.ndarray | bool:
        """Say whether all values are as predicted (..., n), and the prediction is not just the right values."""
        allowed = CLOSE * np.abs(predicted) + self.rounding * self.scale(predicted)
        apart = (np.abs(predicted - self.want) > APART * self.scale(self.want)).any(axis=-1)
        finite = np.isfinite(predicted).all(axis=-1)  # everything is "close" to infinity
        return (np.abs(self.got - predicted) <= allowed).all(axis=-1) & apart & finite

    def holds(self, change: Callable[[np.ndarray], np.ndarray | None]) -> bool:
        """Say whether `change` makes the right values of every case into the values that came."""
        apart = False
        for got, want in zip(self.gots, self.wants, strict=True):
            new = change(want)
            if new is None or new.shape != want.shape:
                return False
            size = np.abs(new)
            if not (np.abs(got - new) <= CLOSE * size + self.rounding * size.max()).all():
                return False
            apart = apart or bool((np.abs(new - want) > APART * np.abs(want).max()).any())
        return apart


def described(
    gots: Sequence[np.ndarray],
    wants: Sequence[np.ndarray],
    known: Mapping[str, Sequence[np.ndarray]] | None = None,
    inexact: float = 0.0,
) -> Relation | None:
    """Return the simplest relation that makes all the right values into the values that came, or None.

    A relation is found by trying: each one holds in every entry of every case to about nine digits, and there is at
    least one entry in which it makes a difference. That a value *is* half of the right one is a fact; why it is, is
    left to the reader.

    Parameters
    ----------
    gots, wants : sequence of float64 arrays
        What came and what is right: one array for each case, of one shape within a case.
    known : mapping of str to sequence of arrays, optional
        Quantities that may have been mixed in, one array for each case, of any shape: 'a1', '1 - a1', 'eta', 'N'.
    inexact : float
        By how much of the largest entry the right values may themselves be off: 0, or 1e-10 for numeric ones.

    Returns
    -------
    relation : Relation or None
        None if all is right, or if nothing can be said.

    Raises
    ------
    ValueError
        If the shapes within a case, or the numbers of cases, do not fit.

    Examples
    --------
    >>> a, want = np.array([0.2, 0.7, 0.9]), np.array([1.3, -0.4, 2.0])
    >>> described([want / 3], [want]).says
    'each value is 1/3 of the right one'
    >>> described([want[::-1]], [want]).says
    'the values are the right ones in reverse order'
    >>> described([want / (1 - a)], [want], {"a": [a], "1 - a": [1 - a]}).says
    'each value is the right one divided by (1 - a), as if this factor were left out'
    >>> described([want + [0, 0, 0.1]], [want]).says
    'only the last entry is wrong'
    """
    with np.errstate(all="ignore"):
        numbers = _gathered(gots, wants, known or {}, inexact)
        if numbers is None:
            return None
        return next((relation for look in SEARCH if (relation := look(numbers))), None)


def _gathered(
    gots: Sequence[np.ndarray], wants: Sequence[np.ndarray], known: Mapping[str, Sequence[np.ndarray]], inexact: float
) -> _Numbers | None:
    """Put all numbers in rows; None if there is nothing wrong, or nothing to compute with."""
    gots, wants = [np.asarray(g, dtype=np.float64) for g in gots], [np.asarray(w, dtype=np.float64) for w in wants]
    if len(gots) != len(wants) or any(g.shape != w.shape for g, w in zip(gots, wants, strict=True)):
        raise ValueError("gots and wants need the same number of arrays, of the same shapes")
    for name, values in known.items():
        if len(values) != len(wants):
            raise ValueError(f"{name} has {len(values)} arrays; one for each of the {len(wants)} cases is needed")
    kept = [i for i, want in enumerate(wants) if want.size]
    gots, wants = [gots[i] for i in kept], [wants[i] for i in kept]
    if not wants:
        return None
    got, want = np.concatenate([g.ravel() for g in gots]), np.concatenate([w.ravel() for w in wants])
    wrong = np.concatenate([_wrong(g, w, inexact).ravel() for g, w in zip(gots, wants, strict=True)])
    if not wrong.any() or not (np.abs(got) < LARGE).all() or not (np.abs(want) < LARGE).all():
        return None
    rows, scalars = {}, {}
    for name, values in known.items():
        arrays = [np.asarray(values[i]) for i in kept]
        if any(a.dtype.kind not in "fiub" or not (np.abs(a) < LARGE).all() for a in arrays):
            continue
        if all(a.size == 1 for a in arrays):
            scalars[name] = [float(a.reshape(())) for a in arrays]
        if (row := _spread(arrays, wants)) is not None:
            rows[name] = row
        if all(a.ndim == 1 and w.ndim == 2 for a, w in zip(arrays, wants, strict=True)) and name not in scalars:
            row = _spread([a[:, None] for a in arrays], wants)
            if row is not None:
                rows[f"{name} (one for each row)"] = row
    sizes = [w.size for w in wants]
    if all(w.ndim == 2 for w in wants):
        scalars["the number of rows"] = [w.shape[0] for w in wants]
        scalars["the number of columns"] = [w.shape[1] for w in wants]
    scalars["the number of entries"] = sizes
    return _Numbers(
        gots=gots,
        wants=wants,
        got=got,
        want=want,
        wrong=wrong,
        starts=np.cumsum(sizes) - sizes,
        case=np.repeat(np.arange(len(sizes)), sizes),
        names=list(rows),
        quantities=np.array(list(rows.values())).reshape(len(rows), want.size),
        scalar_names=list(scalars),
        scalars=np.array(list(scalars.values()), dtype=np.float64),
        rounding=max(ROUNDING, inexact),
    )


def _wrong(got: np.ndarray, want: np.ndarray, inexact: float) -> np.ndarray:
    """Mark the entries that are not right."""
    return compare.mismatch(got, want) & ~(np.abs(got - want) <= inexact * np.abs(want).max())


def _spread(arrays: list[np.ndarray], wants: list[np.ndarray]) -> np.ndarray | None:
    """Broadcast each array to its case's values, and put all in one row; None where one does not fit."""
    row = np.empty(sum(want.size for want in wants))
    start = 0
    for a, want in zip(arrays, wants, strict=True):
        if a.ndim > want.ndim:
            return None
        if any(n not in (1, m) for n, m in zip(a.shape[::-1], want.shape[::-1], strict=False)):
            return None
        row[start : start + want.size].reshape(want.shape)[...] = a
        start += want.size
    return row


# --- how numbers and names are written ---------------------------------------------------------------------------


def _fraction(c: float) -> str | None:
    """Write `c` as a whole number, 1/n or another simple fraction, if it is one to nine digits."""
    if not 1e-5 <= abs(c) <= 1e5:
        return None
    for part in (Fraction(c).limit_denominator(12), Fraction(1, round(1 / c)) if abs(c) < 1 else Fraction(round(c))):
        if abs(c - float(part)) <= CLOSE * abs(c):
            return str(part)
    return None


def _written(c: float) -> str:
    """Write a factor: 3, 1/2, -2/3, or four significant digits (more if those would read 1 or -1)."""
    return _fraction(c) or compare.number(c, float(np.sign(c)))


def _copies(c: float) -> str:
    """Say how much of the right value is meant."""
    words = {1.0: "the right one", -1.0: "minus the right one"}
    text = _written(c)
    return words.get(c) or (f"{text} of the right one" if "/" in text else f"{text} times the right one")


def _bracketed(name: str) -> str:
    """Put a formula in brackets, so that 'times 1 - a' cannot be misread."""
    return f"({name})" if any(sign in name for sign in (" + ", " - ", " * ", " / ")) else name


def _joined(names: Sequence[str]) -> str:
    """Name quantities that have the same numbers here."""
    return " or ".join(_bracketed(name) for name in names[:3])


def _by(form: str) -> str:
    """Read '1 / N' as a division, anything else as a factor."""
    return f"divided by {form[4:]}" if form.startswith("1 / ") else f"times {form}"


def _tells(values: np.ndarray) -> bool:
    """Say whether agreement with `values` cannot be chance: one number like 0.3716, or several unlike 2, 2, 2."""
    plain = np.abs(values * 60 - np.round(values * 60)) <= 1e-9 * np.abs(values * 60)  # 1/2, 0.05, 2/3, 7
    return not plain.all() or (values.size > 2 and len(np.unique(values)) > 1)


# --- one factor --------------------------------------------------------------------------------------------------


def _zeros(s: _Numbers) -> Relation | None:
    if s.got.any():
        return None
    return Relation("zeros", "every value is 0" if s.got.size > 1 else "the value is 0")


def _factor(s: _Numbers) -> Relation | None:
    square = s.want @ s.want
    c = float(s.got @ s.want / square) if square else 0.0
    if not c or not s.agree(c * s.want):
        return None
    single = all(w.size == 1 for w in s.wants)
    if abs(c + 1) <= CLOSE:
        return Relation("sign", "the sign is wrong" if single else "the sign is the other one in every entry")
    nice = any(abs(c - f) <= CLOSE for f in NICE)
    if np.count_nonzero(s.want) < 2 and not nice:
        return None  # any two numbers have a ratio
    text = f"the value is {_copies(c)}" if single else f"each value is {_copies(c)}"
    named = "" if nice else _named(s, c)  # a 2 has many causes: it points to no quantity
    return Relation("factor", f"{text}, and {named} is {_written(c)}" if named else text)


def _named(s: _Numbers, c: float) -> str | None:
    """Name the one known single number that is c in every case, or of which c is the inverse, a root or so."""
    plain = _fraction(c) is not None  # 12 is 2 * 6, too; a number like 1.351 is not so many things
    for factor, powers in ((1.0, POWERS[:2]),) if plain else ((1.0, POWERS), (2.0, POWERS), (0.5, POWERS)):
        for sign in (1.0, -1.0):
            same = [
                ("-" if sign < 0 else "") + _multiple(factor, form.format(_bracketed(name)))
                for power, form in powers
                for name, values in zip(s.scalar_names, s.scalars, strict=True)
                if not name.startswith("the number of")
                and (np.abs(sign * factor * values**power - c) <= CLOSE * abs(c)).all()
            ]
            if same:
                return same[0] if len(same) == 1 else None
    return None


def _multiple(factor: float, form: str) -> str:
    """Write 2 * N, 2 / N, N / 2 or 1 / (2 * N)."""
    if factor == 1:
        return form
    under = form.removeprefix("1 / ")
    if under != form:
        return f"2 / {under}" if factor == 2 else f"1 / (2 * {under})"
    return f"2 * {form}" if factor == 2 else f"{form} / 2"


def _case_factors(s: _Numbers) -> np.ndarray | None:
    """Return the one factor within each case (nan where all is 0), or None if there is none."""
    r = np.add.reduceat(s.got * s.want, s.starts) / np.add.reduceat(s.want * s.want, s.starts)
    return r if s.agree(np.nan_to_num(r)[s.case] * s.want) else None


def _factor_per_case(s: _Numbers) -> Relation | None:
    r = _case_factors(s)
    if r is None or not _tells(s.got):
        return None
    told = np.isfinite(r)
    r = r[told]
    forms = [
        (form.format(_bracketed(name)), values[told] ** power)
        for power, form in POWERS
        for name, values in zip(s.scalar_names, s.scalars, strict=True)
    ]
    forms = [(form, values) for form, values in forms if np.isfinite(values).all() and _tells(values)]
    for c in NICE:
        for form, values in forms:
            if (np.abs(r - c * values) <= CLOSE * np.abs(r)).all():
                return Relation("factor_per_instance", f"each value is {_copies(c)} {_by(form)}")
    simple = [(form, values) for form, values in forms if "**" not in form and "sqrt" not in form]
    for (one, left), (other, right) in itertools.combinations(simple, 2):
        if len(r) > 2 and np.ptp(r) and (np.abs(r - left * right) <= CLOSE * np.abs(r)).all():
            return Relation("factor_per_instance", f"each value is the right one {_by(one)}, {_by(other)}")
    return None


def _own_factor_per_case(s: _Numbers) -> Relation | None:
    r = _case_factors(s)
    if r is None or len(r) < 2 or not np.isfinite(r).all() or not r.all() or (np.abs(r - 1) < APART).any():
        return None
    if (np.add.reduceat((s.want != 0).astype(int), s.starts) < 2).any():
        return None  # a case of one number always has a factor
    listed = ", ".join(_written(float(c)) for c in r[:5])
    return Relation(
        "factor_per_instance", f"the values are one number times the right ones, another one each time: {listed}"
    )


# --- the right values in other places ----------------------------------------------------------------------------


def _places(s: _Numbers) -> Iterator[tuple[int, str]]:
    """Name the axes that every case has."""
    dimensions = {w.ndim for w in s.wants}
    if dimensions == {1}:
        yield 0, "values"
    elif dimensions == {2}:
        yield from ((0, "rows"), (1, "columns"))
    elif len(dimensions) == 1:
        yield from ((axis, f"slices along axis {axis}") for axis in range(*dimensions))


def _transposed(s: _Numbers) -> Relation | None:
    if s.holds(lambda w: w.T if w.ndim == 2 else None):
        return Relation("transposed", "rows and columns are exchanged: the transpose is right")
    dimensions = {w.ndim for w in s.wants}
    if dimensions in ({3}, {4}):
        for order in itertools.permutations(range(*dimensions)):
            if s.holds(lambda w, order=order: w.transpose(order)):
                return Relation("transposed", f"the axes are exchanged: it is the right array's transpose({order})")
    text = "the right numbers, but {} column by column: a reshape is no transpose"
    if s.holds(lambda w: w.T.reshape(w.shape) if w.ndim > 1 else None):
        return Relation("transposed", text.format("read"))
    if s.holds(lambda w: w.ravel().reshape(w.shape, order="F") if w.ndim > 1 else None):
        return Relation("transposed", text.format("filled in"))
    return None


def _reversed(s: _Numbers) -> Relation | None:
    for axis, name in _places(s):
        if s.holds(lambda w, axis=axis: np.flip(w, axis)):
            return Relation("reversed", f"the {name} are the right ones in reverse order")
    if s.holds(lambda w: np.flip(w, (-2, -1)) if w.ndim > 1 else None):
        return Relation("reversed", "the last two axes both run in reverse order")
    for axis, name in _places(s):
        for step, where in ((1, "later"), (-1, "earlier")):
            if s.holds(lambda w, axis=axis, step=step: np.roll(w, step, axis)):
                text = f"the {name} are the right ones, each one place {where} than it should be (the end goes round)"
                return Relation("shifted", text)
    return None


def _permuted(s: _Numbers) -> Relation | None:
    for axis, name in _places(s):
        moved = [(np.moveaxis(g, axis, 0), np.moveaxis(w, axis, 0)) for g, w in zip(s.gots, s.wants, strict=True)]
        orders = [_order(g, w, s.rounding) for g, w in moved]
        if any(order is None for order in orders) or all(order == sorted(order) for order in orders):
            continue
        by_size = {len(order): order for order in orders}
        text = f"the {name} are the right ones in another order"
        if any(order != by_size[len(order)] for order in orders):
            return Relation("permuted", f"{text}, not always the same order")
        if len(by_size) == 1 and len(orders[0]) <= 8:
            text += f": {', '.join(map(str, orders[0]))}"
        return Relation("permuted", text)
    if (np.abs(s.got - s.want) <= APART * s.scale(s.want)).all():
        return None
    for got, want in zip(s.gots, s.wants, strict=True):
        ordered = np.sort(want, axis=None)
        room = CLOSE * np.abs(ordered) + s.rounding * np.abs(ordered).max()
        if (np.abs(np.sort(got, axis=None) - ordered) > room).any():
            return None
    return Relation("permuted", "the right numbers, in the wrong places")


def _order(got: np.ndarray, want: np.ndarray, rounding: float) -> list[int] | None:
    """Return which slice of `want` each slice of `got` is, if there is just one way."""
    if len(got) > MOST_ROWS:
        return None
    got, want = got.reshape(len(got), -1), want.reshape(len(want), -1)
    room = CLOSE * np.abs(want) + rounding * np.abs(want).max()
    same = (np.abs(got[:, None] - want[None]) <= room[None]).all(axis=-1)
    if (same.sum(axis=0) != 1).any() or (same.sum(axis=1) != 1).any():
        return None
    return [int(i) for i in same.argmax(axis=1)]


# --- known quantities mixed in -----------------------------------------------------------------------------------


def _fitting(s: _Numbers, predicted: np.ndarray) -> tuple[float, str] | None:
    """Return the nice factor c with got = c * a row of `predicted`, and the names of all that fit with it."""
    usable = np.isfinite(predicted).all(axis=-1)
    predicted = np.where(usable[:, None], predicted, 0.0)
    for c in NICE:
        fits = [int(k) for k in np.flatnonzero(s.agree(c * predicted) & usable)]
        fits = [k for k in fits if _tells(s.quantities[k])]
        if fits and _tells(s.got):
            return c, _joined([s.names[k] for k in fits])
    return None


def _times_known(s: _Numbers) -> Relation | None:
    found = _fitting(s, s.want * s.quantities)
    return Relation("factor_known", f"each value is {_copies(found[0])} times {found[1]}") if found else None


def _divided_by_known(s: _Numbers) -> Relation | None:
    found = _fitting(s, s.want / s.quantities)
    if not found:
        return None
    text = f"each value is {_copies(found[0])} divided by {found[1]}"
    return Relation("divided_by_known", text + (", as if this factor were left out" if found[0] == 1 else ""))


def _known_for_known(s: _Numbers) -> Relation | None:
    told = s.want != 0
    ratio = s.got[told] / s.want[told]
    if not 2 <= len(s.names) <= 100 or len(np.unique(ratio)) < 3 or not _tells(ratio):
        return None
    first = s.quantities[:, told][:, :3]  # three entries rule out nearly every pair
    gap = np.abs(first[:, None] - ratio[:3] * first[None])
    pairs = np.argwhere((gap <= APART * np.abs(first[:, None])).all(axis=-1))
    found = [
        (i, j) for i, j in pairs if i != j and s.agree(np.nan_to_num(s.want * (s.quantities[i] / s.quantities[j])))
    ]
    if not found:
        return None
    one, other = (_bracketed(s.names[k]) for k in found[0])
    text = f"each value is the right one times {one}, divided by {other}"
    if len(found) == 1:
        text += ", as if one stood in the other's place"
    return Relation("known_for_known", text)


def _differs_by_known(s: _Numbers) -> Relation | None:
    difference = s.got - s.want
    scale = s.scale(np.maximum(np.abs(s.got), np.abs(s.want)))
    telling = np.count_nonzero(np.abs(difference) > 10 * APART * scale)  # smaller ones have too few digits to tell by
    if not telling:
        return None

    def same(rows: np.ndarray) -> np.ndarray:
        return (np.abs(difference - rows) <= CLOSE * np.abs(rows) + 10 * s.rounding * scale).all(axis=-1)

    def relation(c: float, what: str) -> Relation:
        size = "" if abs(c) == 1 else f"{_written(abs(c))} times "
        return Relation("differs_by_known", f"each value is the right one {'plus' if c > 0 else 'minus'} {size}{what}")

    tell = [k for k in range(len(s.names)) if _tells(s.quantities[k])]
    rows = s.quantities[tell]
    for c in NICE:
        fits = np.flatnonzero(same(c * rows))
        if len(fits):
            return relation(c, _joined([s.names[tell[k]] for k in fits]))
    step = float(difference.mean())
    if telling > 1 and same(np.full(difference.shape, step)):
        return Relation("offset", f"each value is {abs(step):.4g} too {'large' if step > 0 else 'small'}")
    if telling < 3 or not tell:
        return None
    fitted = (rows @ difference) / np.einsum("kn,kn->k", rows, rows)
    fits = np.flatnonzero(same(fitted[:, None] * rows))
    down = np.add.reduceat(rows * rows, s.starts, axis=-1)
    per_case = np.add.reduceat(rows * difference, s.starts, axis=-1) / down
    per_case[down == 0] = 0.0
    for k in np.flatnonzero(same(per_case[:, s.case] * rows)):  # lam * W, where lam is a number of each case
        seen = down[k] > 0
        for power, form in POWERS[:2]:
            for name, values in zip(s.scalar_names, s.scalars, strict=True):
                for c in NICE:
                    factor = c * values[seen] ** power
                    if _tells(factor) and (np.abs(per_case[k][seen] - factor) <= 1e-7 * np.abs(factor)).all():
                        return relation(c, f"{form.format(_bracketed(name))} times {_bracketed(s.names[tell[k]])}")
    if len(fits):
        return relation(float(fitted[fits[0]]), _bracketed(s.names[tell[fits[0]]]))
    return None


def _equals_known(s: _Numbers) -> Relation | None:
    found = _fitting(s, s.quantities)
    if not found:
        return None
    if not s.wrong.all() and _pattern(s):
        return _some_entries(s)  # to know where it is wrong helps more
    size = {1.0: "", -1.0: "minus "}.get(found[0], f"{_written(found[0])} times ")
    return Relation("equals_known", f"each value is just {size}{found[1]}")


# --- functions of the right values -------------------------------------------------------------------------------

FUNCTIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "the square of the right one": np.square,
    "the square root of the right one": np.sqrt,
    "1 divided by the right one": np.reciprocal,
    "1 minus the right one": lambda w: 1 - w,
    "the exponential of the right one": np.exp,
    "the logarithm of the right one": np.log,
}


def _function(s: _Numbers) -> Relation | None:
    if np.count_nonzero(s.want) < 2:
        return None
    names = (name for name, function in FUNCTIONS.items() if s.agree(function(s.want)))
    return next((Relation("function", f"each value is {name}") for name in names), None)


def _sums(s: _Numbers) -> Relation | None:
    for word, total in (("sum", np.sum), ("mean", np.mean)):
        if s.holds(lambda w, total=total: np.full(w.shape, total(w))):
            return Relation(word, f"every entry holds the {word} of all the right values")
        for axis, name in _places(s):
            if s.holds(lambda w, axis=axis, total=total: np.broadcast_to(total(w, axis, keepdims=True), w.shape)):
                return Relation(word, f"the {name} all hold the same: the {word} of the right {name}")
    for axis, name in _places(s):
        for which, k in (("first", 0), ("last", -1)):
            if s.holds(lambda w, axis=axis, k=k: np.broadcast_to(w.take([k], axis), w.shape)):
                return Relation("repeated", f"the {name} all hold the same: the {which} of the right {name}")
        if s.holds(lambda w, axis=axis: np.cumsum(w, axis)):
            return Relation("running_sum", f"the {name} are running sums of the right {name}")
    return None


def _per_slice(s: _Numbers) -> Relation | None:
    """Look for one number to add, or one factor, in each column, each row, or each case of a vector."""
    where = {"rows": "in each column, ", "columns": "in each row, ", "values": ""}
    room = 10 * s.rounding * s.scale(np.maximum(np.abs(s.got), np.abs(s.want)))
    for axis, name in _places(s):
        if sum(w.size - w.size // w.shape[axis] for w in s.wants) < 3:
            continue  # so few entries beyond those that set the numbers: chance, or said more simply
        steps, factors, trivial = [], [], []
        for g, w in zip(s.gots, s.wants, strict=True):
            ratio = (g * w).sum(axis, keepdims=True) / (w * w).sum(axis, keepdims=True)
            factors.append(np.broadcast_to(np.nan_to_num(ratio), w.shape).ravel())
            steps.append(np.broadcast_to((g - w).mean(axis, keepdims=True), w.shape).ravel())
            trivial.append(np.full(w.size, w.shape[axis] == 1))
        step, factor, trivial = np.concatenate(steps), np.concatenate(factors), np.concatenate(trivial)
        place = where.get(name, f"in each line along axis {axis}, ")
        text = f"{place}the values are the right ones {{}} one and the same number"
        telling = sum(np.maximum(np.count_nonzero(w, axis) - 1, 0).sum() for w in s.wants)
        exact = (np.abs(s.got - s.want - step) <= CLOSE * np.abs(step) + room).all()
        if exact and (trivial | (np.abs(step) > 10 * APART * s.scale(s.want))).all():
            return Relation("offset_per_slice", text.format("plus"))
        if telling > 2 and s.agree(factor * s.want) and (trivial | (np.abs(factor - 1) > APART)).all():
            return Relation("factor_per_slice", text.format("times"))
    return None


# --- some entries ------------------------------------------------------------------------------------------------


def _positions(shape: tuple[int, ...]) -> dict[str, np.ndarray]:
    """Return where entries can be wrong, by what would be said of it."""
    masks = {}
    for axis, name in enumerate({1: ("entry",), 2: ("row", "column")}.get(len(shape), ())):
        for which, k in (("first", 0), ("last", -1)):
            mask = np.zeros(shape, dtype=bool)
            mask[(slice(None),) * axis + (k,)] = True
            masks[f"the {which} {name}"] = mask
    if len(shape) == 2:
        for i, j in itertools.product((0, -1), repeat=2):
            mask = np.zeros(shape, dtype=bool)
            mask[i, j] = True
            masks[f"the {'last' if j else 'first'} entry of the {'last' if i else 'first'} row"] = mask
        everywhere = np.ones(shape, dtype=bool)
        masks["the diagonal"] = np.eye(*shape, dtype=bool)
        masks["what stands above the diagonal"] = np.triu(everywhere, 1)
        masks["what stands below the diagonal"] = np.tril(everywhere, -1)
    return masks


def _pattern(s: _Numbers) -> str | None:
    """Say which entries are wrong, if one way of saying it is true of all cases."""
    wrongs = [wrong.reshape(w.shape) for wrong, w in zip(np.split(s.wrong, s.starts[1:]), s.wants, strict=True)]
    if len({w.ndim for w in s.wants}) == 1 and any(wrong.any() and not wrong.all() for wrong in wrongs):
        masks = {wrong.shape: _positions(wrong.shape) for wrong in wrongs}
        for name in masks[wrongs[0].shape]:
            if all(np.array_equal(wrong, masks[wrong.shape][name]) for wrong in wrongs):
                return f"only {name} is wrong"
            if all(np.array_equal(~wrong, masks[wrong.shape][name]) for wrong in wrongs):
                return f"only {name} is right"
    if s.wrong.size >= 16 and min(s.wrong.sum(), (~s.wrong).sum()) >= 4:  # of fewer, some sign agrees by chance
        sides: dict[str, Callable[[np.ndarray], np.ndarray]] = {
            "negative": lambda v: v < 0,
            "positive": lambda v: v > 0,
            "0": lambda v: v == 0,
        }
        for side, test in sides.items():
            for name, values in (("the right value", s.want), *zip(s.names, s.quantities, strict=True)):
                if np.array_equal(s.wrong, test(values)):
                    return f"wrong just where {name} is {side}"
    bad = np.array([wrong.any() for wrong in wrongs])
    if not bad.all() and bad.sum() > 1:
        for name, values in zip(s.scalar_names, s.scalars, strict=True):
            if np.array_equal(bad, values > 1) and np.array_equal(~bad, values == 1):
                return f"right wherever {name} is 1 ({(~bad).sum()} of {len(bad)} cases), wrong wherever it is larger"
    return None


def _sign_some(s: _Numbers) -> Relation | None:
    for which, change in (("negative", np.abs), ("positive", lambda w: -np.abs(w))):
        if s.want.any() and s.holds(change):
            text = f"the sizes are right and no value is {which}: wrong where the right one is {which}"
            return Relation("sign_some", text)
    if not s.agree(np.where(s.wrong, -s.want, s.want)):
        return None
    where = _pattern(s)
    text = "the sizes are right, but not every sign"
    return Relation("sign_some", f"{text}: {where}" if where else text)


def _some_entries(s: _Numbers) -> Relation | None:
    got, want = s.got[s.wrong], s.want[s.wrong]
    there = None
    if not got.any():
        there = "0"
    elif want.any():
        c = float(got @ want / (want @ want))
        fits = (np.abs(got - c * want) <= CLOSE * np.abs(c * want)).all() and abs(c - 1) > APART
        if fits and (len(got) > 1 or any(abs(c - nice) <= CLOSE for nice in NICE)):
            there = f"{_written(c)} times what it should be"
    where = _pattern(s)
    if where:
        names_the_wrong = not where.startswith("right") and not where.endswith("is right")
        return Relation("some_entries", f"{where}, and there it is {there}" if there and names_the_wrong else where)
    if there and min(s.wrong.sum(), (~s.wrong).sum()) > 1:
        return Relation("some_entries", f"some values are right, and each other one is {there}")
    return None


def _rounded(s: _Numbers) -> Relation | None:
    scale = s.scale(s.want)
    if not (scale > 0).all() or s.wrong.mean() < 0.5:
        return None
    if len(np.unique(s.got[s.got != 0])) > 2:
        for places in range(10):
            if np.array_equal(s.got, np.round(s.want, places)):
                to = f"{places} decimal{'s' * (places > 1)}" if places else "whole numbers"
                return Relation("rounded", f"each value is the right one rounded to {to}")
    error = float((np.abs(s.got - s.want) / scale).max())
    digits = int(np.floor(-np.log10(error)))
    if 1e-9 < error < 1e-4 and np.array_equal(s.got, s.got.astype(np.float32)):
        text = f"the first {digits} digits or so agree, and every value is a float32 number: those have about seven"
        return Relation("float32", text)
    if 10 * s.rounding < error < 1e-4:
        text = f"the first {digits} digits or so agree, as with a numeric difference or a small number added"
        return Relation("rounded", text)
    return None


SEARCH: tuple[Callable[[_Numbers], Relation | None], ...] = (
    _zeros,
    _factor,
    _factor_per_case,
    _transposed,
    _reversed,
    _permuted,
    _times_known,
    _divided_by_known,
    _differs_by_known,
    _equals_known,
    _known_for_known,
    _function,
    _sums,
    _own_factor_per_case,
    _per_slice,
    _sign_some,
    _rounded,
    _some_entries,
)
