"""What is said of backward passes from outside this course: right ones, wrong ones, and what is no backward pass."""

import numpy as np
import pytest

from bplib.checks import measuring
from bplib.checks.explanation import explain

rng = np.random.default_rng(7)
X, Y, SQUARE = rng.standard_normal((4, 3)), rng.standard_normal((5, 3)), rng.standard_normal((3, 3))
GAMMA, BETA, V = rng.uniform(0.5, 1.5, 3), rng.standard_normal(3), rng.standard_normal((4, 2))


# --- functions as people write them, with their right backward pass ---


def batch_norm(x, gamma, beta, eps):
    return gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps) + beta


def batch_norm_back(dout, x, gamma, beta, eps):
    s = np.sqrt(x.var(axis=0) + eps)
    xhat = (x - x.mean(axis=0)) / s
    dxhat = dout * gamma
    dx = (dxhat - dxhat.mean(axis=0) - xhat * (dxhat * xhat).mean(axis=0)) / s
    return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0), -0.5 * (dxhat * xhat / s**2).sum()


def layer_norm(x):
    centred = x - x.sum(axis=1, keepdims=True) / x.shape[1]
    return centred / np.sqrt((centred * centred).sum(axis=1, keepdims=True) / x.shape[1])


def layer_norm_back(dout, x):
    sigma = x.std(axis=1, keepdims=True)
    y = layer_norm(x)
    return (dout - dout.mean(axis=1, keepdims=True) - y * (dout * y).mean(axis=1, keepdims=True)) / sigma


def softmax(s):
    e = np.exp(s - s.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def softmax_back(dout, s):
    p = softmax(s)
    return p * (dout - (dout * p).sum(axis=-1, keepdims=True))


def attention(Q, K, V):
    return softmax(Q @ K.T / np.sqrt(Q.shape[1])) @ V


def attention_back(dout, Q, K, V):
    P = softmax(Q @ K.T / np.sqrt(Q.shape[1]))
    dS = softmax_back(dout @ V.T, Q @ K.T / np.sqrt(Q.shape[1])) / np.sqrt(Q.shape[1])
    return dS @ K, dS.T @ Q, P.T @ dout


def log_sum_exp(x):
    return np.log(np.exp(x).sum())


def log_sum_exp_back(dout, x):
    return dout * np.exp(x) / np.exp(x).sum()


def rbf(x, y, gamma):
    return np.exp(-gamma * ((x[:, None] - y[None]) ** 2).sum(axis=-1))


def rbf_back(dout, x, y, gamma):
    d = x[:, None] - y[None]
    w = dout * rbf(x, y, gamma)
    pull = 2 * gamma * w[..., None] * d
    return -pull.sum(axis=1), pull.sum(axis=0), -(w * (d**2).sum(axis=-1)).sum()


def convolve(x, k):
    return np.array([x[i : i + len(k)] @ k for i in range(len(x) - len(k) + 1)])


def convolve_back(dout, x, k):
    dx, dk = np.zeros_like(x), np.zeros_like(k)
    for i, d in enumerate(dout):
        dx[i : i + len(k)] += d * k
        dk += d * x[i : i + len(k)]
    return dx, dk


def pick(x, rows):
    return x[rows]


def pick_back(dout, x, rows):
    dx = np.zeros_like(x)
    np.add.at(dx, rows, dout)
    return dx, None


def noisy(x):
    print("shape", x.shape)
    np.log(-1.0)
    x *= 2  # a copy only
    return x.sum()


def doubled(x, y):
    y *= 2
    return x * y


def direction(s, b):
    return b * s / np.sqrt((b * s * b * s).sum())


def direction_back(dout, s, b):
    d = direction(s, b)
    return (dout - d * (dout * d).sum()) * d / s


class Stateful:
    def forward(self, x):
        self.a = np.tanh(x)
        return self.a

    def backward(self, dout, x):
        return [dout * (1 - self.a**2)]


layer = Stateful()
THREE = X[0]
RIGHT = {
    "batch norm": (batch_norm, batch_norm_back, X, GAMMA, BETA, 0.01),
    "layer norm": (layer_norm, layer_norm_back, X),
    "softmax": (softmax, softmax_back, X),
    "softmax of one": (softmax, softmax_back, THREE),
    "attention": (attention, attention_back, X, Y, rng.standard_normal((5, 2))),
    "log-sum-exp": (log_sum_exp, log_sum_exp_back, THREE),
    "far log-sum-exp": (lambda x: 600 + log_sum_exp(x - 600), lambda d, x: log_sum_exp_back(d, x - 600), THREE + 600),
    "rbf": (rbf, rbf_back, X, Y, 0.37),
    "convolution": (convolve, convolve_back, rng.standard_normal(6), THREE),
    "index": (pick, pick_back, X, np.array([2, 2, 0])),
    "matrix": (lambda x, W: x @ W, lambda dout, x, W: (dout @ W.T, x.T @ dout), X, SQUARE),
    "relu": (lambda x: np.maximum(x, 0), lambda dout, x: dout * (x > 0), X),
    "size": (np.abs, lambda dout, x: dout * np.sign(x), X),
    "largest": (np.max, lambda dout, x: dout * (x == x.max()), X),
    "norm": (np.linalg.norm, lambda dout, x: dout * x / np.linalg.norm(x), X),
    "inverse": (np.linalg.inv, lambda dout, A: -np.linalg.inv(A).T @ dout @ np.linalg.inv(A).T, SQUARE),
    "sorted": (np.sort, lambda dout, x: dout[np.argsort(np.argsort(x))], THREE),
    "small probabilities": (lambda p: -np.log(p).sum(), lambda dout, p: -dout / p, np.array([1e-3, 2e-6, 0.5])),
    "small and real": (lambda p: -float(np.log(p.real).sum()), lambda dout, p: -dout / p, np.array([1e-3, 3e-5, 0.5])),
    "large": (lambda x: float((x.real**2).sum()), lambda dout, x: 2 * dout * x, 1e6 * X),
    "large and complex": (lambda x: (x**2).sum(), lambda dout, x: 2 * dout * x, 1e6 * X),
    "tiny": (lambda x: float((1e-9 * x.real**2).sum()), lambda dout, x: 2e-9 * dout * x, X),
    "on a hill": (lambda x: 1e3 + np.sin(x.real), lambda dout, x: dout * np.cos(x), X),
    "one float": (lambda x: x**2, lambda dout, x: 2 * x * dout, 3.0),
    "float32": (np.tanh, lambda dout, x: dout * (1 - np.tanh(x) ** 2), X.astype(np.float32)),
    "two floats": (lambda a, b: a * b, lambda dout, a, b: (b * dout, a * dout), 3.0, np.float64(-0.4)),
    "rounding": (np.floor, lambda dout, x: np.zeros_like(x), X),
    "not needed": (lambda x, y: 2 * x, lambda dout, x, y: (2 * dout, None), X, Y),
    "no influence": (lambda s, b: softmax(s + b), lambda dout, s, b: (softmax_back(dout, s + b), 0.0), 9 * X, 0.7),
    "no influence, None": (lambda s, b: softmax(s + b), lambda dout, s, b: (softmax_back(dout, s + b), None), X, 0.7),
    "changes the other": (doubled, lambda dout, x, y: (2 * dout * y, 2 * dout * x), X, Y[:4]),
    "no influence but rounding": (direction, lambda dout, s, b: (direction_back(dout, s, b), 0.0), X, 0.7),
    "an empty one": (lambda x, y: x.sum() + y.sum(), lambda dout, x, y: (dout + 0 * x, None), X, np.empty(0)),
    "noisy": (noisy, lambda dout, x: np.full(x.shape, 2 * dout), X),
    "stateful": (layer.forward, layer.backward, X),
    "text": (lambda x, how: x.sum(), lambda dout, x, how: dout + 0 * x, X, "sum"),
}


@pytest.mark.parametrize("name", RIGHT)
@pytest.mark.parametrize("seed", range(3))
def test_right_ones_are_right(name, seed, capsys):
    forward, backward, *args = RIGHT[name]
    before = [np.array(a) for a in args]
    found = explain(forward, backward, *args, seed=seed)
    assert found.right, found.text
    assert found.digits >= 6
    assert ": right\n" in str(found)
    assert "note" not in str(found) or name in ("noisy", "changes the other")
    assert all(np.array_equal(a, b) for a, b in zip(args, before, strict=True))
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("name", [name for name in RIGHT if name != "rounding"])
def test_a_hundred_thousandth_more_is_wrong(name):
    forward, backward, *args = RIGHT[name]

    def off(dout, *args):
        result = backward(dout, *args)
        if isinstance(result, tuple | list):
            return [1.00001 * result[0], *result[1:]]
        return 1.00001 * result

    found = explain(forward, off, *args)
    assert not found.right
    assert found.relation is None or found.relation.kind in ("factor", "rounded"), found.text


# --- wrong ones: what has to be said ---


def changed(backward, which, change):
    """A backward pass with one of its results changed."""

    def other(dout, *args):
        results = list(backward(dout, *args))
        results[which] = change(results[which], dout, *args)
        return tuple(results)

    return other


def wrong_softmax(dout, s):
    return dout * softmax(s)


def no_mean_term(dout, x, gamma, beta, eps):
    s = np.sqrt(x.var(axis=0) + eps)
    xhat = (x - x.mean(axis=0)) / s
    return (dout * gamma - xhat * (dout * gamma * xhat).mean(axis=0)) / s, dout * xhat, dout.mean(axis=0), None


def mm(x, W):
    return x @ W


def root_left_out(dout, Q, K, V):
    dQ, dK, dV = attention_back(dout, Q, K, V)
    return dQ * np.sqrt(3), dK * np.sqrt(3), dV


WRONG = {
    "incoming gradient": (np.tanh, lambda dout, x: 1 - np.tanh(x) ** 2, [X], "dx[0, 0] is ", "dout is not used",
                          "it is right for a dout of ones"),
    "incoming gradient of a loss": (log_sum_exp, lambda dout, x: softmax(x), [THREE], "dout is not used"),
    "slope": (np.tanh, lambda dout, x: dout, [X],
              "divided by (1 - output**2) or the slope of forward, as if this factor were left out"),
    "slope of nothing known": (lambda x: np.arctan(x) * x, lambda dout, x: dout, [X],
                               "divided by the slope of forward"),
    "slope at the output": (np.tanh, lambda dout, x: dout * (1 - np.tanh(np.tanh(x)) ** 2), [X],
                            "times the slope of forward at its output, divided by"),
    "slope by the input": (np.tanh, lambda dout, x: dout * (1 - x**2), [X],
                           "times (1 - x**2), divided by (1 - output**2)"),
    "the two": (lambda x: (x**2).sum(), lambda dout, x: dout * x, [X], "12 of 12 entries are wrong",
                "each value is 1/2 of the right one\n"),
    "the mean": (lambda x: (x**2).mean(), lambda dout, x: 2 * dout * x, [X],
                 "12 times the right one, and x.size is 12"),
    "the number of rows": (lambda x: (x**2).sum() / len(x), lambda dout, x: 2 * dout * x, [Y],
                           "5 times the right one, and x.shape[0] is 5"),
    "sign": (lambda x: -np.exp(-x), lambda dout, x: -dout * np.exp(-x), [X],
             "the sign is the other one in every entry"),
    "sum over samples": (lambda x, b: x + b, lambda dout, x, b: (dout, dout), [X, BETA],
                         "the gradient for b is wrong", "it has shape (4, 3), the argument has shape (3,)",
                         "summed over axis 0, it is right", "right    the gradient for x, to 12 digits"),
    "mean over samples": (lambda x, b: x + b, lambda dout, x, b: (dout, dout.mean(axis=0)), [X, BETA],
                          "1/4 of the right one, and 1 / x.shape[0] is 1/4"),
    "sum over all": (lambda x, c: x * c, lambda dout, x, c: (dout * c, dout * x), [X, 0.3],
                     "it has shape (4, 3), the argument has shape ()", "summed over axes 0 and 1, it is right"),
    "sum and sign": (lambda x, b: x - b, lambda dout, x, b: (dout, dout), [X, BETA],
                     "summed over axis 0, it has the right shape; then the sign is the other one"),
    "sum too many": (np.exp, lambda dout, x: (dout * np.exp(x)).sum(axis=0), [X],
                     "it is the sum of the right one over axis 0: nothing is to be added up there"),
    "kept axis": (lambda x, b: x + b, lambda dout, x, b: (dout, dout.sum(axis=0, keepdims=True)), [X, BETA],
                  "it has shape (1, 3)", "put in shape (3,), it is right"),
    "transposed shape": (mm, lambda dout, x, W: (dout @ W.T, dout.T @ x), [X, Y.T],
                         "it has shape (5, 3), the argument has shape (3, 5)", "its transpose is right"),
    "transposed": (mm, lambda dout, x, W: (dout @ W.T, dout.T @ x), [X, SQUARE],
                   "6 of 9 entries are wrong", "rows and columns are exchanged: the transpose is right"),
    "factor not transposed": (mm, lambda dout, x, W: (dout @ W, x.T @ dout), [X, SQUARE],
                              "each value is just dout @ W\n", "the right values are dout @ W.T"),
    "order": (mm, lambda dout, x, W: (x.T @ dout, dout @ W.T), [X, Y.T],
              "it is the gradient for W: do they come in the order", "it is the gradient for x: do they come"),
    "order of equal shapes": (lambda a, b: a * b**2, lambda dout, a, b: (2 * dout * a * b, dout * b**2), [X, X[::-1]],
                              "each value is just the gradient for b", "each value is just the gradient for a"),
    "what divides": (softmax, wrong_softmax, [X],
                     "each value is the right one plus (output * the sum of dout * output over axis 1)"),
    "what divides one": (softmax, wrong_softmax, [THREE],
                         "plus (output * the sum of dout * output over axis 0)"),
    "the mean's own": (lambda x: x - x.mean(axis=1, keepdims=True), lambda dout, x: dout, [X],
                       "the right one plus the mean of dout over axis 1"),
    "batch norm": (batch_norm, no_mean_term, [X, GAMMA, BETA, 0.01],
                   "in each column, the values are the right ones plus one and the same number",
                   "the gradient for gamma: it has shape (4, 3), the argument has shape (3,); summed over axis 0",
                   "1 / x.shape[0] is 1/4", "it is None, but forward depends on eps: its largest slope is"),
    "root of the width": (attention, root_left_out, [X, Y, rng.random((5, 2))],
                          "the gradient for Q is wrong", "1.732 times the right one, and sqrt(Q.shape[1]) is 1.732",
                          "also     the gradient for K", "right    the gradient for V"),
    "two gamma": (rbf, lambda dout, x, y, g: [*(d / (2 * g) for d in rbf_back(dout, x, y, g)[:2]),
                                              rbf_back(dout, x, y, g)[2]], [X, Y, 0.37],
                  "1.351 times the right one, and 1 / (2 * gamma) is 1.351"),
    "exponential": (log_sum_exp, lambda dout, x: dout * np.exp(x), [THREE], "and exp(output) is "),
    "kernel turned": (convolve, changed(convolve_back, 1, lambda g, *rest: g[::-1]), [rng.standard_normal(6), THREE],
                      "the gradient for k is wrong", "the values are the right ones in reverse order"),
    "last window": (convolve, changed(convolve_back, 0, lambda g, *rest: g * (np.arange(6) < 5)),
                    [rng.standard_normal(6), THREE], "only the last entry is wrong, and there it is 0"),
    "kink": (lambda x: np.maximum(x, 0), lambda dout, x: dout, [np.vstack([X, Y])], "wrong just where x is negative"),
    "zeros": (np.tanh, lambda dout, x: 0 * x, [X], "every value is 0"),
    "rounded": (np.tanh, lambda dout, x: (dout * (1 - np.tanh(x) ** 2)).round(3), [X], "rounded to 3 decimals"),
    "float32": (np.exp, lambda dout, x: (dout * np.exp(x)).astype(np.float32), [X], "float32"),
    "not a number": (np.exp, lambda dout, x: dout * np.exp(x) / 0.0, [X], "dx[0, 0] is "),
    "text": (np.exp, lambda dout, x: "dx", [X], "it is a str; an array of floats is needed"),
    "None": (np.exp, lambda dout, x: [None], [X], "it is None, but forward depends on x"),
    "shapes that do not fit": (np.exp, lambda dout, x: np.ones(7), [X],
                               "it has shape (7,), the argument has shape (4, 3)"),
    "one float": (lambda x: x**3, lambda dout, x: -3 * x**2 * dout, 1.7, "dx is ", "the sign is wrong"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("seed", range(3))
def test_wrong_ones_are_explained(name, seed, capsys):
    forward, backward, args, *words = WRONG[name]
    args = args if isinstance(args, list) else [args]
    found = explain(forward, backward, *args, seed=seed)
    assert not found.right
    assert "is wrong\n  wrong    " in str(found)
    flat = " ".join(str(found).split()) + "\n"
    for word in words:
        assert " ".join(word.split()) in flat, str(found)
        if word.endswith("\n"):
            assert word in str(found) + "\n"
    assert all(len(line) <= 100 for line in str(found).splitlines())
    assert capsys.readouterr() == ("", "")


def test_the_fields_hold_what_the_text_says():
    found = explain(np.tanh, lambda dout, x: dout, X + 0.5)
    assert (found.argument, found.index, found.digits) == ("x", (0, 0), None)
    assert f"dx[0, 0] is {found.got:.4g}, should be {found.want:.4g}" in found.text
    assert found.want / found.got == pytest.approx(1 - np.tanh(X[0, 0] + 0.5) ** 2, rel=1e-12)
    assert found.relation.kind == "divided_by_known"
    assert repr(found) == str(found) == found.text


@pytest.mark.parametrize(
    "backward",
    [
        changed(attention_back, 1, lambda g, dout, Q, K, V: attention_back(dout, K, Q, V)[1]),
        changed(attention_back, 2, lambda g, dout, Q, K, V: np.sin(g)),
        changed(attention_back, 0, lambda g, dout, Q, K, V: g * np.cos(Q) + 0.1 * K),
    ],
)
def test_nothing_is_said_where_nothing_is_known(backward):
    found = explain(attention, backward, X, rng.standard_normal((4, 3)), V)
    assert not found.right
    assert found.relation is None, found.text
    assert "in fact" not in found.text


# --- what is no backward pass, and what cannot be measured ---


def raising(*args):
    raise RuntimeError("no such luck")


BAD = {
    "forward raises": (raising, raising, "forward: it raised RuntimeError: no such luck"),
    "backward raises": (np.tanh, raising, "backward: it raised RuntimeError: no such luck"),
    "takes another number of arguments": (np.tanh, lambda dout: dout, "backward: it raised TypeError"),
    "exits": (lambda x: exit(), raising, "forward: it raised SystemExit"),
    "nothing": (lambda x: None, raising, "forward returns None; an array of floats, or a float, is needed"),
    "a pair": (lambda x: (x, x), raising, "forward returns a tuple; it has to return its output alone"),
    "text": (lambda x: "x", raising, "forward returns a str"),
    "ragged": (lambda x: np.array([x, "a"], dtype=object), raising, "forward returns a ndarray"),
    "empty": (lambda x: x[:0], raising, "forward returns an empty array"),
    "infinite": (lambda x: x / (x != x[0, 0]), raising, "forward returns -inf at output[0, 0]"),
    "random": (lambda x: x + rng.random(), raising, "forward gives other numbers each time"),
    "no return": (np.tanh, lambda dout, x: None, "backward returns None: is a `return` missing?"),
    "too many": (np.tanh, lambda dout, x: (dout, dout), "backward returns 2 gradients; forward takes 1 argument"),
    "no gradient": (np.tanh, lambda dout, x: (), "backward returns 0 gradients; forward takes 1 argument"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_checked_is_said(name):
    forward, backward, words = BAD[name]
    args = [-np.abs(X)]
    found = explain(forward, backward, *args)
    assert not found.right
    assert found.text.splitlines()[0].endswith("not checked")
    assert words.replace("a ndarray", "") in " ".join(found.text.split()).replace("a ndarray", "")


def test_arguments_that_cannot_be_moved():
    with pytest.raises(ValueError, match=r"floats is needed.*x is an array of int64"):
        explain(np.tanh, raising, np.array([1, 2]))
    with pytest.raises(ValueError, match="x is an int"):
        explain(np.tanh, raising, 3)
    with pytest.raises(ValueError, match="x is a list"):
        explain(lambda x: np.tanh(x), raising, [1.0, 2.0])
    with pytest.raises(ValueError, match="there is none"):
        explain(np.tanh, raising)
    with pytest.raises(ValueError, match="not finite"):
        explain(np.tanh, raising, np.array([1.0, np.nan]))
    with pytest.raises(ValueError, match="3000 entries"):
        explain(np.tanh, raising, np.zeros(3000))
    with pytest.raises(ValueError, match="complex"):
        explain(np.tanh, raising, np.array([1.0 + 1j]))


def test_a_gradient_for_whole_numbers_is_not_checked_and_that_is_said():
    found = explain(lambda x, n: x * n, lambda dout, x, n: (dout * n, dout * x), X, np.arange(3))
    assert found.right
    assert "n is an array of int64: it was held fixed, and its gradient not checked" in found.text


def test_at_a_kink_nothing_is_judged():
    x = X.copy()
    x[1, 2] = 0.0
    for at_zero in (0.0, 0.5, 1.0):
        found = explain(lambda x: np.maximum(x, 0), lambda dout, x, d=at_zero: dout * np.heaviside(x, d), x)
        assert found.right
        assert "not checked at x[1, 2]: forward has a kink" in found.text
    found = explain(np.abs, lambda dout, x: 0 * x, np.zeros((2, 2)))
    assert not found.right
    assert found.text.startswith("backward: not checked\n  note     not checked at x[0, 0] and 3 more")


def test_at_the_end_of_the_domain_nothing_is_judged():
    found = explain(lambda x: np.sqrt(x), lambda dout, x: dout / 2 / np.sqrt(np.maximum(x, 1e-9)), np.array([0.0, 1.3]))
    assert found.right
    assert "not checked at x[0]" in found.text


def test_what_no_step_can_measure_is_not_judged():
    def rough(x):
        return x.real + 1e-8 * np.sin(1e8 * x.real)

    for backward in (lambda dout, x: dout * (1 + np.cos(1e8 * x)), lambda dout, x: 7 * dout):
        found = explain(rough, backward, X)
        assert not found.right
        assert found.text.startswith("backward: not checked\n  note     not checked at x[0, 0] and 11 more")


def test_nothing_is_read_out_of_few_digits():
    def far(x):
        return 3e7 + np.sin(x.real)

    assert explain(far, lambda dout, x: dout * np.cos(x), X).right
    found = explain(far, lambda dout, x: 2 * dout * np.cos(x), X)
    assert not found.right
    assert found.relation is None


def test_changing_an_argument_is_said():
    def centred(x):
        x -= x.mean()
        return x * 1.0

    found = explain(centred, lambda dout, x: dout - dout.mean(), X)
    assert found.right
    assert "forward changes its argument x" in found.text


def test_an_endless_loop_in_a_moved_forward_is_stopped(monkeypatch):
    def fixed_point(x):
        while x != 1.0:
            pass
        return 1.0 * x

    monkeypatch.setattr(measuring, "SECONDS", 0.2)
    found = explain(fixed_point, lambda dout, x: dout, 1.0)
    assert "forward, with x moved a little: it ran for more than 0.2 seconds" in found.text
