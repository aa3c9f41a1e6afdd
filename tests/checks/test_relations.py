"""What is said of wrong numbers, tried on gradients of a network made wrong in known ways, and on near misses."""

import re
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bplib.checks.relations import SEARCH, described

SIZES = ((4, 3, 2, 2), (1, 2, 3, 2), (5, 4, 3, 4), (3, 2, 2, 3), (2, 3, 3, 1))  # N, inputs, hidden units, outputs


class Network:
    """Two sigmoid layers and a mean squared error: everything in its backward pass, by name."""

    def __init__(self, rng, N, n_in, n_hid, n_out):
        self.N, self.eta, self.lam = np.array(float(N)), rng.uniform(0.1, 0.9), rng.uniform(1e-3, 1e-2)
        self.x = rng.standard_normal((N, n_in))
        self.W1, self.b1 = rng.standard_normal((n_in, n_hid)), rng.standard_normal(n_hid)
        self.W2, self.b2 = rng.standard_normal((n_hid, n_out)), rng.standard_normal(n_out)
        self.target = rng.uniform(0, 1, (N, n_out))
        self.z1 = self.x @ self.W1 + self.b1
        self.a1 = 1 / (1 + np.exp(-self.z1))
        self.out = 1 / (1 + np.exp(-(self.a1 @ self.W2 + self.b2)))
        self.slope1, self.slope2 = self.a1 * (1 - self.a1), self.out * (1 - self.out)
        self.delta2 = (self.out - self.target) / N * self.slope2
        self.back = self.delta2 @ self.W2.T
        self.delta1 = self.back * self.slope1
        self.dW1, self.dW2, self.db1 = self.x.T @ self.delta1, self.a1.T @ self.delta2, self.delta1.sum(axis=0)


KNOWN = {
    "N": lambda n: n.N,
    "eta": lambda n: np.array(n.eta),
    "lam": lambda n: np.array(n.lam),
    "x": lambda n: n.x,
    "target": lambda n: n.target,
    "W1": lambda n: n.W1,
    "W2": lambda n: n.W2,
    "b1": lambda n: n.b1,
    "z1": lambda n: n.z1,
    "a1": lambda n: n.a1,
    "1 - a1": lambda n: 1 - n.a1,
    "a1 * (1 - a1)": lambda n: n.slope1,
    "z1 * (1 - z1)": lambda n: n.z1 * (1 - n.z1),
    "out": lambda n: n.out,
    "1 - out": lambda n: 1 - n.out,
    "out * (1 - out)": lambda n: n.slope2,
    "delta2": lambda n: n.delta2,
}


def networks(seed, sizes=SIZES):
    rng = np.random.default_rng(seed)
    return [Network(rng, *size) for size in sizes]


def known_of(ns):
    return {name: [np.asarray(value(n)) for n in ns] for name, value in KNOWN.items()}


def flipped_last(a):
    a = a.copy()
    a[-1] *= -1
    return a


def off_diagonal_missing(n):
    return n.dW2 * np.eye(*n.dW2.shape)


def part(a, where, value):
    a = a.copy()
    a[where] = value(a[where])
    return a


# what came, what is right, kind, what is said
WRONG = {
    "sign": (lambda n: -n.delta1, lambda n: n.delta1, "sign", "the sign is the other one in every entry"),
    "twice": (lambda n: 2 * n.delta1, lambda n: n.delta1, "factor", "each value is 2 times the right one"),
    "half": (lambda n: n.delta1 / 2, lambda n: n.delta1, "factor", "each value is 1/2 of the right one"),
    "two thirds": (lambda n: -n.dW1 * 2 / 3, lambda n: n.dW1, "factor", "each value is -2/3 of the right one"),
    "a percentage": (lambda n: n.dW1 / 784, lambda n: n.dW1, "factor", "each value is 1/784 of the right one"),
    "a number": (lambda n: n.dW1 * np.pi, lambda n: n.dW1, "factor", "each value is 3.142 times the right one"),
    "zeros": (lambda n: 0 * n.dW1, lambda n: n.dW1, "zeros", "every value is 0"),
    "no mean": (lambda n: n.delta1 * n.N, lambda n: n.delta1, "factor_per_instance",
                "each value is the right one times N"),
    "mean twice": (lambda n: n.delta1 / n.N, lambda n: n.delta1, "factor_per_instance",
                   "each value is the right one divided by N"),
    "root": (lambda n: n.delta1 / np.sqrt(n.N), lambda n: n.delta1, "factor_per_instance",
             "each value is the right one divided by sqrt(N)"),
    "minus a step": (lambda n: -n.eta * n.dW1, lambda n: n.dW1, "factor_per_instance",
                     "each value is minus the right one times eta"),
    "two factors": (lambda n: n.eta * n.N * n.dW1, lambda n: n.dW1, "factor_per_instance",
                    "each value is the right one times N, times eta"),
    "over the outputs": (lambda n: n.dW2 / n.dW2.shape[1], lambda n: n.dW2, "factor_per_instance",
                         "each value is the right one divided by the number of columns"),
    "one of its own": (lambda n: n.dW1 / np.linalg.norm(n.dW1), lambda n: n.dW1, "factor_per_instance",
                       "the values are one number times the right ones, another one each time: "),
    "reshaped": (lambda n: n.dW1.T.reshape(n.dW1.shape), lambda n: n.dW1, "transposed",
                 "the right numbers, but read column by column: a reshape is no transpose"),
    "filled": (lambda n: n.dW1.reshape(n.dW1.shape[::-1]).T, lambda n: n.dW1, "transposed",
               "the right numbers, but filled in column by column: a reshape is no transpose"),
    "upside down": (lambda n: n.dW1[::-1], lambda n: n.dW1, "reversed", "the rows are the right ones in reverse order"),
    "left to right": (lambda n: n.dW1[:, ::-1], lambda n: n.dW1, "reversed",
                      "the columns are the right ones in reverse order"),
    "both": (lambda n: n.dW1[::-1, ::-1], lambda n: n.dW1, "reversed", "the last two axes both run in reverse order"),
    "vector": (lambda n: n.db1[::-1], lambda n: n.db1, "reversed", "the values are the right ones in reverse order"),
    "one late": (lambda n: np.roll(n.dW1, 1, axis=0), lambda n: n.dW1, "shifted",
                 "the rows are the right ones, each one place later than it should be (the end goes round)"),
    "sorted": (lambda n: np.sort(n.db1), lambda n: n.db1, "permuted", "the values are the right ones in another order"),
    "all sorted": (lambda n: np.sort(n.dW1.ravel()).reshape(n.dW1.shape), lambda n: n.dW1, "permuted",
                   "the right numbers, in the wrong places"),
    "slope missing": (lambda n: n.back, lambda n: n.delta1, "divided_by_known",
                      "each value is the right one divided by (a1 * (1 - a1)), as if this factor were left out"),
    "half a slope": (lambda n: n.back * n.a1, lambda n: n.delta1, "divided_by_known",
                     "each value is the right one divided by (1 - a1), as if this factor were left out"),
    "slope twice": (lambda n: n.delta1 * n.slope1, lambda n: n.delta1, "factor_known",
                    "each value is the right one times (a1 * (1 - a1))"),
    "minus a factor": (lambda n: -n.delta1 * n.a1, lambda n: n.delta1, "factor_known",
                       "each value is minus the right one times a1"),
    "one per unit": (lambda n: n.delta1 * n.b1, lambda n: n.delta1, "factor_known",
                     "each value is the right one times b1"),
    "one per row": (lambda n: n.W2 * n.b1[:, None], lambda n: n.W2, "factor_known",
                    "each value is the right one times b1 (one for each row)"),
    "slope of z": (lambda n: n.back * n.z1 * (1 - n.z1), lambda n: n.delta1, "known_for_known",
                   "each value is the right one times (z1 * (1 - z1)), divided by (a1 * (1 - a1)),"
                   " as if one stood in the other's place"),
    "decayed": (lambda n: n.dW1 + n.lam * n.W1, lambda n: n.dW1, "differs_by_known",
                "each value is the right one plus lam times W1"),
    "not decayed": (lambda n: n.dW1, lambda n: n.dW1 + 2 * n.lam * n.W1, "differs_by_known",
                    "each value is the right one minus 2 times lam times W1"),
    "decayed by one": (lambda n: n.dW1 - n.W1, lambda n: n.dW1, "differs_by_known",
                       "each value is the right one minus W1"),
    "decayed by some": (lambda n: n.dW1 + 0.0123 * n.W1, lambda n: n.dW1, "differs_by_known",
                        "each value is the right one plus 0.0123 times W1"),
    "bias missing": (lambda n: n.x @ n.W1, lambda n: n.z1, "differs_by_known", "each value is the right one minus b1"),
    "too large": (lambda n: n.dW1 + 0.1, lambda n: n.dW1, "offset", "each value is 0.1 too large"),
    "its input": (lambda n: n.a1, lambda n: n.delta1, "equals_known", "each value is just a1"),
    "minus its input": (lambda n: -n.W1, lambda n: n.dW1, "equals_known", "each value is just minus W1"),
    "square": (lambda n: n.a1**2, lambda n: n.a1, "factor_known", "each value is the right one times a1"),
    "log": (lambda n: np.log(n.slope1), lambda n: n.slope1, "function", "each value is the logarithm of the right one"),
    "other side": (lambda n: 1 - n.target / 2, lambda n: n.target / 2, "function",
                   "each value is 1 minus the right one"),
    "summed": (lambda n: np.full(n.dW1.shape, n.dW1.sum()), lambda n: n.dW1, "sum",
               "every entry holds the sum of all the right values"),
    "averaged": (lambda n: np.full(n.db1.shape, n.db1.mean()), lambda n: n.db1, "mean",
                 "every entry holds the mean of all the right values"),
    "rows summed": (lambda n: np.tile(n.dW1.sum(axis=0), (len(n.dW1), 1)), lambda n: n.dW1, "sum",
                    "the rows all hold the same: the sum of the right rows"),
    "last row": (lambda n: np.tile(n.delta1[-1], (len(n.delta1), 1)), lambda n: n.delta1, "repeated",
                 "the rows all hold the same: the last of the right rows"),
    "running": (lambda n: np.cumsum(n.dW1, axis=1), lambda n: n.dW1, "running_sum",
                "the columns are running sums of the right columns"),
    "mean not taken off": (lambda n: n.z1**3, lambda n: n.z1**3 - (n.z1**3).mean(axis=0), "offset_per_slice",
                           "in each column, the values are the right ones plus one and the same number"),
    "not normalised": (lambda n: n.z1**3, lambda n: n.z1**3 / np.exp(n.z1).sum(axis=1, keepdims=True),
                       "factor_per_slice", "in each row, the values are the right ones times one and the same number"),
    "sizes": (lambda n: np.abs(n.dW1), lambda n: n.dW1, "sign_some",
              "the sizes are right and no value is negative: wrong where the right one is negative"),
    "one sign": (lambda n: flipped_last(n.dW1), lambda n: n.dW1, "sign_some",
                 "the sizes are right, but not every sign: only the last row is wrong"),
    "last": (lambda n: part(n.dW1, (-1,), np.exp), lambda n: n.dW1, "some_entries", "only the last row is wrong"),
    "last unit": (lambda n: part(n.db1, (-1,), lambda v: 0 * v), lambda n: n.db1, "some_entries",
                  "only the last entry is wrong, and there it is 0"),
    "first column": (lambda n: part(n.dW1, (..., 0), lambda v: 3 * v), lambda n: n.dW1, "some_entries",
                     "only the first column is wrong, and there it is 3 times what it should be"),
    "corner": (lambda n: part(n.dW1, (0, -1), np.exp), lambda n: n.dW1, "some_entries",
               "only the last entry of the first row is wrong"),
    "diagonal": (off_diagonal_missing, lambda n: n.dW2, "some_entries", "only the diagonal is right"),
    "first right": (lambda n: part(n.dW1, slice(1, None), np.exp), lambda n: n.dW1, "some_entries",
                    "only the first row is right"),
    "one sample only": (lambda n: part(n.delta1, slice(1, None), np.exp) + (n.N > 1), lambda n: n.delta1,
                        "some_entries", "right wherever N is 1 (1 of 5 cases), wrong wherever it is larger"),
    "kink": (lambda n: np.where(n.z1 < 0, n.a1**2 + 1, n.a1), lambda n: n.a1, "some_entries",
             "wrong just where z1 is negative"),
    "relu": (lambda n: np.maximum(n.dW1, 0), lambda n: n.dW1, "some_entries",
             "wrong just where the right value is negative, and there it is 0"),
    "decimals": (lambda n: n.z1.round(3), lambda n: n.z1, "rounded",
                 "each value is the right one rounded to 3 decimals"),
    "whole": (lambda n: (7 * n.z1).round(), lambda n: 7 * n.z1, "rounded",
              "each value is the right one rounded to whole numbers"),
    "float32": (lambda n: n.a1.astype(np.float32), lambda n: n.a1, "float32", "every value is a float32 number"),
    "numeric": (lambda n: n.a1 + 1e-8 * np.sin(n.z1), lambda n: n.a1, "rounded", "as with a numeric difference"),
}  # fmt: skip


def told(name, seed=0, sizes=SIZES):
    got, want, kind, says = WRONG[name]
    ns = networks(seed, sizes)
    return described([got(n) for n in ns], [want(n) for n in ns], known_of(ns)), kind, says


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("name", WRONG)
def test_it_is_said_what_is_wrong(name, seed):
    relation, kind, says = told(name, seed)
    assert relation is not None
    assert (relation.kind, relation.says[: len(says)]) == (kind, says) or says in relation.says
    assert relation.kind == kind


EXACT = [name for name, (_, _, kind, _) in WRONG.items() if kind not in ("some_entries", "rounded", "float32")]


@pytest.mark.parametrize("name", EXACT)
def test_nothing_is_said_if_one_entry_is_a_millionth_off(name):
    got, want, kind, _ = WRONG[name]
    for seed in range(3):
        ns = networks(seed)
        gots = [np.array(got(n), dtype=float) for n in ns]
        gots[2].flat[-1] += 1e-6 * np.abs(gots[2]).max() + 1e-6 * (kind == "zeros")
        relation = described(gots, [want(n) for n in ns], known_of(ns))
        assert relation is None or relation.kind == "some_entries", relation


# --- every sentence that is a formula is computed, on the same networks and on others ---


def computed(says, n, want):
    """Evaluate a sentence such as 'each value is minus the right one times (1 - a1)' on a network."""
    says = re.sub(r", (and|as if|where) .*", "", says).replace("the number of rows", "rows")
    says = says.replace("the number of columns", "columns").replace("the number of entries", "entries")
    too = re.fullmatch(r"each value is (\S+) too (large|small)", says)
    if too:
        return want + (1 if too[2] == "large" else -1) * eval(too[1])
    if not says.startswith("each value is "):
        return None
    words = says.removeprefix("each value is ").removeprefix("just ")
    words = words.replace(", times", " times").replace(", divided", " divided")
    words = re.sub(r"^minus ", "-1 * ", words)
    words = re.sub(r"(\S+) of the right one", r"(\1) * want", words)
    words = words.replace("the right one", "want").replace(" times ", " * ").replace(" divided by ", " / ")
    words = words.replace(" plus ", " + ").replace(" minus ", " - ")
    one_per_row = " (one for each row)"
    names = {name.replace(" ", ""): value(n) for name, value in KNOWN.items()}
    names |= {"want": want, "rows": len(want), "columns": want.shape[-1], "entries": want.size, "sqrt": np.sqrt}
    if one_per_row in words:
        words = words.replace(f"b1{one_per_row}", "b1[:, None]")
    if any(word in words for word in ("square", "logarithm", "exponential")):
        return None
    values = [eval(f"{words}", {}, names)] if " or " not in words else []
    return values[0] if values else None


def holds(says, got, want, n):
    value = computed(says, n, want)
    if value is None:
        return None
    digits = 2e-3 if re.search(r"\d\.\d{3}|0\.0\d+", says) else 1e-8  # a factor is printed with four digits
    return bool(np.allclose(got, value, rtol=digits, atol=1e-10 * np.abs(want).max()))


@pytest.mark.parametrize("sizes", [SIZES, SIZES[:2], SIZES[:1], [(3, 3, 3, 3)], [(2, 2, 2, 2)], [(1, 2, 1, 2)]])
@pytest.mark.parametrize("name", WRONG)
def test_what_is_said_holds_here_and_on_other_networks(name, sizes):
    got, want, _, _ = WRONG[name]
    for seed in range(3):
        relation, _, _ = told(name, seed, sizes)
        if relation is None or relation.kind in ("some_entries", "sign_some", "rounded", "float32", "factor", "zeros"):
            continue  # a statement about these very numbers
        for n in networks(seed, sizes) + networks(seed + 100, sizes):
            assert holds(relation.says, got(n), want(n), n) in (True, None), (relation, n.N)


@pytest.mark.parametrize("seed", range(60))
def test_what_is_said_of_formulas_drawn_at_random_holds_on_other_networks(seed):
    """Right values times and plus quantities that fit, drawn at random; two networks to see, others to believe."""
    draw = np.random.default_rng(seed)
    seen, others = networks(seed, [SIZES[k] for k in draw.choice(5, size=2, replace=False)]), networks(seed + 100)

    def fits(name, target):
        shapes = [(np.shape(KNOWN[name](n)), getattr(n, target).shape) for n in others]
        return all(
            len(q) <= len(w) and all(a in (1, b) for a, b in zip(q[::-1], w[::-1], strict=False)) for q, w in shapes
        )

    for target in ("delta1", "dW1", "dW2", "db1"):
        names = [name for name in KNOWN if fits(name, target)]
        one, two, three = (KNOWN[str(name)] for name in draw.choice(names, size=3))
        powers, c = draw.choice([0, 1, -1, 2], size=2), draw.choice([1.0, -1.0, 0.5, 2.0, 1.7])
        plus = draw.choice([0.0, 0.0, 1.0, 0.3])

        def got(n, target=target, one=one, two=two, three=three, powers=powers, c=c, plus=plus):
            factor = one(n) ** float(powers[0]) * two(n) ** float(powers[1])
            return c * getattr(n, target) * factor + plus * three(n)

        relation = described([got(n) for n in seen], [getattr(n, target) for n in seen], known_of(seen))
        if relation is None or relation.kind == "factor":
            continue
        for n in (*seen, *others):
            assert holds(relation.says, got(n), getattr(n, target), n) in (True, None), relation


def test_a_transpose_is_told_from_a_reshape():
    ns = networks(0, [(4, 3, 3, 2), (2, 2, 2, 2), (1, 4, 4, 2)])
    assert described([n.dW1.T for n in ns], [n.dW1 for n in ns]).says.endswith("the transpose is right")
    assert described([n.dW1.T for n in ns[:1]], [n.dW1 for n in ns[:1]]).kind == "transposed"


def test_axes_of_a_deeper_array():
    q = np.random.default_rng(0).standard_normal((3, 4, 4))
    assert "transpose((0, 2, 1))" in described([q.transpose(0, 2, 1)], [q]).says
    assert described([q[:, ::-1, ::-1]], [q]).kind == "reversed"
    assert described([q + q.sum(axis=2, keepdims=True)], [q]).says.startswith("in each line along axis 2")


def test_one_order_for_all_is_written_out():
    ns = networks(0, [(4, 4, 2, 2)] * 3)
    order = [2, 0, 3, 1]
    relation = described([n.dW1[order] for n in ns], [n.dW1 for n in ns])
    assert relation.says == "the rows are the right ones in another order: 2, 0, 3, 1"
    orders = [[2, 0, 3, 1], [1, 0, 3, 2], [2, 0, 3, 1]]
    relation = described([n.dW1[o] for n, o in zip(ns, orders, strict=True)], [n.dW1 for n in ns])
    assert relation.says == "the rows are the right ones in another order, not always the same order"


def test_a_quantity_that_is_the_same_everywhere_is_named_with_the_factor():
    ns = networks(0)
    gots, wants = [0.05 * n.dW1 for n in ns], [n.dW1 for n in ns]
    assert described(gots, wants, {"eta": [0.05] * 5}).says == "each value is 1/20 of the right one, and eta is 1/20"
    assert described(gots, wants, {"N": [20] * 5}).says == "each value is 1/20 of the right one, and 1 / N is 1/20"
    assert described(gots, wants, {"N": [20] * 5, "eta": [0.05] * 5}).says == "each value is 1/20 of the right one"
    twice = described([2 * w for w in wants], wants, {"N": [2] * 5})
    assert twice.says == "each value is 2 times the right one"  # a 2 has many causes


def test_two_names_for_the_same_numbers_are_both_given():
    ns = networks(0)
    known = {"a1": [n.a1 for n in ns], "h": [n.a1 for n in ns]}
    assert described([n.delta1 * n.a1 for n in ns], [n.delta1 for n in ns], known).says.endswith("times a1 or h")


def test_single_numbers():
    assert described([np.array(-1.3)], [np.array(1.3)]).says == "the sign is wrong"
    assert described([np.array(2.6)], [np.array(1.3)]).says == "the value is 2 times the right one"
    assert described([np.array(1.7)], [np.array(1.3)]) is None
    dout = [np.array(0.7316)]
    assert (
        described([np.array(1.3 / 0.7316)], [np.array(1.3)], {"dout": dout}).says
        == "each value is the right one divided by dout"
    )
    # 3 is the ratio of too many things to name one of them.
    assert described([np.array(3.9)], [np.array(1.3)], {"K": [np.array(3.0)]}) is None


def test_plain_numbers_do_not_make_a_quantity_guilty():
    want = np.array([0.4, 0.6])
    assert "eta" not in described([want + 0.5], [want], {"eta": [np.array(0.5)]}).says
    assert described([want * [1, 2]], [want], {"t": [np.array([1.0, 2.0])]}).kind == "some_entries"


@pytest.mark.parametrize("seed", range(20))
def test_nothing_is_said_of_right_values(seed):
    rng = np.random.default_rng(seed)
    ns = networks(seed)
    for value in KNOWN.values():
        wants = [np.asarray(value(n)) for n in ns]
        assert described(wants, wants, known_of(ns)) is None
        shaken = [w * (1 + 1e-15 * rng.standard_normal(w.shape)) for w in wants]
        assert described(shaken, wants, known_of(ns)) is None


@pytest.mark.parametrize("seed", range(40))
def test_nothing_is_said_of_other_numbers(seed):
    rng = np.random.default_rng(seed)
    ns = networks(seed)
    for name in ("delta1", "dW1", "dW2", "db1"):
        wants = [getattr(n, name) for n in ns]
        gots = [rng.standard_normal(w.shape) for w in wants]
        assert described(gots, wants, known_of(ns)) is None
    formulas = [
        lambda n: n.back * n.slope1 + n.eta * np.sin(n.a1),
        lambda n: n.back * np.tanh(n.z1),
        lambda n: np.exp(n.back),
        lambda n: n.delta1 * (1 + 1e-3 * n.x.mean() * n.z1),
        lambda n: n.delta1 * (1 + 1e-3 * np.cos(n.z1)),
    ]
    for formula in formulas:
        assert described([formula(n) for n in ns], [n.delta1 for n in ns], known_of(ns)) is None


@pytest.mark.parametrize("kind", ["factor", "known", "permuted"])
def test_a_numeric_difference_is_called_inexact_and_nothing_else(kind):
    rng = np.random.default_rng(0)
    ns = networks(0)
    wants = [n.delta1 for n in ns]
    gots = [w * (1 + 3e-10 * rng.standard_normal(w.shape)) for w in wants]
    close_to_one = {"q": [1 + 1e-10 * rng.standard_normal(w.shape) for w in wants], "s": [1 + 1e-10] * 5}
    relation = described(gots, wants, close_to_one if kind == "known" else {})
    assert relation.kind == "rounded"
    assert "the first 9 digits" in relation.says


def test_one_case_cannot_carry_what_the_others_do_not_show():
    ns = networks(0)
    wants = [n.dW1 for n in ns]
    for change in (lambda w: -w, lambda w: w[::-1], lambda w: 2 * w, lambda w: 0 * w):
        gots = [*wants[:4], change(wants[4])]
        relation = described(gots, wants, known_of(ns))
        assert relation is None or relation.kind in ("some_entries", "sign_some", "permuted"), relation
        gots = [change(wants[0]), *[np.exp(w) for w in wants[1:]]]
        assert described(gots, wants, known_of(ns)) is None


def test_everything_is_not_close_to_infinity():
    assert described([np.array([5.1, 0.7, -3.0])], [np.array([0.0, 2.0, 0.0])]) is None
    assert described([np.array([5.1, 0.7])], [np.array([1e308, 1.1e308])]) is None


def test_the_tenth_digit_may_differ():
    ns = networks(0)
    gots = [n.delta1 / n.N * (1 + 2e-10 * np.sin(n.z1)) for n in ns]
    relation = described(gots, [n.delta1 for n in ns], known_of(ns))
    assert relation.says == "each value is the right one divided by N"


def test_right_values_may_be_inexact():
    draw = np.random.default_rng(0)
    ns = networks(0)
    exact = [n.delta1 for n in ns]
    measured = [w + 3e-10 * np.abs(w).max() * draw.uniform(-1, 1, w.shape) for w in exact]
    assert described(exact, measured, known_of(ns)).kind == "rounded"
    assert described(exact, measured, known_of(ns), inexact=1e-9) is None
    turned = [w[::-1] for w in exact]
    assert described(turned, measured, inexact=1e-9).kind == "reversed"
    assert described(turned, measured) is None
    one_wrong = [part(w, (0, 0), np.exp) for w in exact]
    assert "first entry of the first row" in described(one_wrong, measured, inexact=1e-9).says


def test_one_number_in_each_column_has_a_factor_always():
    want, factors = np.zeros((3, 4)), np.array([0.3, 0.4, 0.7, 1.9])
    want[1] = [1.2, -0.4, 0.9, 3.1]
    assert described([want * factors], [want]) is None
    want[2] = [0.2, -0.7, 0.3, 1.1]
    assert described([want * factors], [want]).kind == "factor_per_slice"


def test_one_case_that_is_wrong_does_not_blame_its_size():
    wants = [np.array([[1.2, 0.4]]), np.array([[0.3, 0.7], [1.9, -0.2]])]
    gots = [wants[0], np.exp(wants[1])]
    assert described(gots, wants, {"N": [1, 2]}) is None
    more = [*wants, np.array([[0.1, 0.8], [-1.9, 2.2], [0.6, 1.4]])]
    relation = described([*gots, np.exp(more[2])], more, {"N": [1, 2, 3]})
    assert relation.says == "right wherever N is 1 (1 of 3 cases), wrong wherever it is larger"


def test_a_difference_of_rounding_size_is_nothing_known():
    want = np.array([1.0, 0.9, -0.7])
    assert described([want + 1.7e-12], [want], {"q": [np.array([1.6e-12, 1.5e-12, 1.7e-12])]}).kind == "rounded"


def test_a_small_error_in_few_places_is_told_by_its_place():
    ns = networks(0, [(4, 5, 3, 2), (3, 6, 4, 2)])
    gots = [part(n.dW1, (-1,), lambda v: v + 1e-9) for n in ns]
    assert described(gots, [n.dW1 for n in ns]).says == "only the last row is wrong"


def test_two_pairs_of_quantities_put_no_blame_on_one():
    ns = networks(0)
    known = {"p": [n.z1 for n in ns], "q": [np.exp(n.a1) for n in ns]}
    gots, wants = [n.delta1 * n.z1 / np.exp(n.a1) for n in ns], [n.delta1 for n in ns]
    says = "each value is the right one times p, divided by q"
    assert described(gots, wants, known).says == f"{says}, as if one stood in the other's place"
    known |= {"2 * p": [2 * q for q in known["p"]], "2 * q": [2 * q for q in known["q"]]}
    assert described(gots, wants, known).says == says


def test_twelve_is_not_twice_a_six():
    ns = networks(0)
    gots, wants = [12 * n.dW1 for n in ns], [n.dW1 for n in ns]
    assert described(gots, wants, {"n": [6] * 5}).says == "each value is 12 times the right one"
    gots = [2 * 0.371 * w for w in wants]
    assert described(gots, wants, {"gamma": [0.371] * 5}).says.endswith("and 2 * gamma is 0.742")


def test_odd_input_is_no_error():
    want = np.array([1.3, 0.4])
    assert described([want * np.nan], [want]) is None
    assert described([want * np.inf], [want]) is None
    assert described([np.empty((0, 2))], [np.empty((0, 2))]) is None
    assert described([], []) is None
    assert described([want + 1], [0 * want]) is None
    assert described([2 * want], [want], {"names": [np.array(["a", "b"])], "z": [np.zeros(2)], "inf": [np.inf]})
    assert described([want / 0.37, np.empty(0)], [want, np.empty(0)]).kind == "factor"
    with pytest.raises(ValueError, match="same number of arrays"):
        described([want], [want[:1]])
    with pytest.raises(ValueError, match="eta has 2 arrays"):
        described([want], [want], {"eta": [0.1, 0.2]})


shapes = st.lists(st.integers(1, 4), min_size=0, max_size=3).map(tuple)
values = st.sampled_from([0.0, 1.0, -1.0, 0.5, 2.0, 3.0, 0.1, -0.3, 1.7])


@settings(max_examples=300, deadline=None)
@given(data=st.data(), count=st.integers(1, 3))
def test_plain_numbers_of_any_shape_give_a_true_factor_or_order(data, count):
    cases = [data.draw(shapes) for _ in range(count)]

    def arrays():
        sizes = [int(np.prod(shape)) for shape in cases]
        drawn = [data.draw(st.lists(values, min_size=size, max_size=size)) for size in sizes]
        return [np.array(d).reshape(shape) for d, shape in zip(drawn, cases, strict=True)]

    gots, wants, known = arrays(), arrays(), {"q": arrays(), "s": [np.array(data.draw(values)) for _ in cases]}
    relation = described(gots, wants, known)
    pairs = list(zip(gots, wants, strict=True))
    if all(np.array_equal(g, w) for g, w in pairs):
        assert relation is None
    elif relation is not None:
        assert relation.says
        truth = {
            "sign": lambda g, w: np.allclose(g, -w),
            "zeros": lambda g, w: not g.any(),
            "reversed": lambda g, w: np.array_equal(np.sort(g, axis=None), np.sort(w, axis=None)),
            "permuted": lambda g, w: np.array_equal(np.sort(g, axis=None), np.sort(w, axis=None)),
            "transposed": lambda g, w: np.array_equal(np.sort(g, axis=None), np.sort(w, axis=None)),
            "sign_some": lambda g, w: np.allclose(np.abs(g), np.abs(w)),
        }
        assert all(truth.get(relation.kind, lambda g, w: True)(g, w) for g, w in pairs)


def test_it_takes_a_few_milliseconds():
    rng = np.random.default_rng(0)
    wants, gots = ([rng.standard_normal((5, 4)) for _ in range(5)] for _ in range(2))
    known = {f"q{i}": [rng.standard_normal((5, 4) if i % 6 else ()) for _ in range(5)] for i in range(30)}
    times = []
    for _ in range(20):
        start = time.perf_counter()
        assert described(gots, wants, known) is None
        times.append(time.perf_counter() - start)
    assert min(times) < 0.010  # 2 to 3 ms on an idle machine


def test_every_search_is_needed():
    """Without any one of the searches, some mistake above is no longer recognised."""
    import bplib.checks.relations as relations

    for left_out in SEARCH:
        names = [name for name in WRONG if not _still(relations, name, left_out)]
        if left_out.__name__ == "_transposed":
            continue  # seen above: its squares are in no list of kinds
        assert names, left_out.__name__


def _still(relations, name, left_out):
    whole = relations.SEARCH
    try:
        relations.SEARCH = tuple(look for look in whole if look is not left_out)
        relation, kind, says = told(name)
        return relation is not None and relation.kind == kind and says in relation.says
    finally:
        relations.SEARCH = whole
