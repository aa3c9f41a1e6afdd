"""A derivative is what happens when one number is moved a little: so move it, and look.

Moving along the real axis loses digits to subtraction; moving along the imaginary axis subtracts nothing, so the step
can be as small as you like and the slope is exact to rounding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def complex_step(f: Callable[[NDArray[np.complex128]], complex], x: Array, h: float = 1e-20) -> Array:
    r"""Return the gradient of `f` at `x` from one step along the imaginary axis per entry.

    $$\partial f / \partial x_i = \operatorname{Im} f(x + i h e_i) / h + O(h^2)$$

    There is no difference of two nearly equal numbers, so the error is that of rounding, about 1e-16. `f` has to accept
    complex numbers and be smooth in them: branches look at `.real`, and `abs` must not act on what depends on `x`.

    Parameters
    ----------
    f : callable
        Array of the shape of `x` -> one number.
    x : Array, any shape
        Where to differentiate; not changed.
    h : float
        Step; its square has to vanish beside 1.

    Returns
    -------
    gradient : Array, shape of `x`
        d f / d x, entry by entry.

    Raises
    ------
    ValueError
        If `f` does not return one number.
    TypeError
        If `f` returns a real number: it has cut the imaginary part off, and the slope would seem to be 0.

    Examples
    --------
    >>> complex_step(lambda w: (w**3).sum(), np.array([1.0, -2.0]))
    array([ 3., 12.])
    """
    return _each(x, np.complex128, lambda at, i: _imaginary(f(_moved(at, i, 1j * h))) / h)


def central_difference(f: Callable[[Array], float], x: Array, h: float = 1e-5) -> Array:
    r"""Return the gradient of `f` at `x` from two real steps per entry, one to each side.

    $$\partial f / \partial x_i \approx (f(x + h e_i) - f(x - h e_i)) / 2h$$

    The first-order errors of the two sides cancel. Of the digits of `f`, about six are lost in the subtraction; what is
    left, some 1e-10 of the gradient, tells a right backward pass from a wrong one.

    Parameters
    ----------
    f : callable
        Array of the shape of `x` -> one number.
    x : Array, any shape
        Where to differentiate; not changed.
    h : float
        Step; smaller is not better, since f(x + h) and f(x - h) then share more digits.

    Returns
    -------
    gradient : Array, shape of `x`
        d f / d x, entry by entry.

    Raises
    ------
    ValueError
        If `f` does not return one number.

    References
    ----------
    Deck 000 prints the difference without its division by the step: see errata E27.

    Examples
    --------
    >>> central_difference(lambda w: float(w**2), np.array(3.0)).round(6)
    np.float64(6.0)
    """
    return _each(
        x, np.float64, lambda at, i: (_one(f(_moved(at, i, h))).real - _one(f(_moved(at, i, -h))).real) / (2 * h)
    )


def forward_difference(f: Callable[[Array], float], x: Array, h: float = 1e-7) -> Array:
    r"""Return the gradient of `f` at `x` from one real step per entry: the definition, before its limit.

    $$\partial f / \partial x_i \approx (f(x + h e_i) - f(x)) / h$$

    Its error falls with h and rounding's rises: best near h = 1e-8, where half of the digits are left.

    Parameters
    ----------
    f : callable
        Array of the shape of `x` -> one number.
    x : Array, any shape
        Where to differentiate; not changed.
    h : float
        Step.

    Returns
    -------
    gradient : Array, shape of `x`

    Raises
    ------
    ValueError
        If `f` does not return one number.

    References
    ----------
    Deck 000 prints the difference without its division by the step: see errata E27.

    Examples
    --------
    >>> forward_difference(lambda w: float(w**2), np.array(3.0), h=1e-3).round(6)
    np.float64(6.001)
    """
    start = _one(f(np.array(x, dtype=np.float64))).real
    return _each(x, np.float64, lambda at, i: (_one(f(_moved(at, i, h))).real - start) / h)


def directional(f: Callable, x: Array, u: Array, h: float | None = None, method: str = "central") -> float:
    r"""Return how fast `f` rises along the direction `u`: two evaluations, however many entries `x` has.

    $$\nabla f \cdot u \approx (f(x + h u) - f(x - h u)) / 2h$$

    One wrong entry among ten thousand shows in a random direction, since that has a share of every entry; among ten
    entries picked at random, it most likely is not.

    Parameters
    ----------
    f : callable
        Array of the shape of `x` -> one number.
    x, u : Array, same shape
        Where to differentiate, and along what; not changed.
    h : float, optional
        Step along `u`; by default 1e-5 (central) or 1e-20 (complex), for a `u` of length 1.
    method : {'central', 'complex'}
        Complex steps leave rounding errors only; `f` has to accept complex numbers.

    Returns
    -------
    slope : float

    Examples
    --------
    >>> directional(lambda w: (w**2).sum(), np.array([1.0, 2.0]), np.array([0.6, 0.8]), method="complex")
    4.4
    """
    x, u = np.asarray(x), np.asarray(u)
    if x.shape != u.shape:
        raise ValueError(f"u has shape {u.shape}; it needs the shape of x, {x.shape}")
    if method == "complex":
        h = 1e-20 if h is None else h
        return float(_imaginary(f(x + 1j * h * u)) / h)
    if method != "central":
        raise ValueError(f"method is {method!r}; 'central' or 'complex' is needed")
    h = 1e-5 if h is None else h
    return float((_one(f(x + h * u)).real - _one(f(x - h * u)).real) / (2 * h))


def kinks(f: Callable[[Array], float], x: Array, h: float = 1e-5) -> NDArray[np.bool_]:
    """Say for which entries `f` has a kink within `h` of `x`: there, numeric slopes mean nothing.

    On a smooth function the two one-sided slopes differ by h times the curvature, so halving h halves the difference.
    At a kink they differ by the jump of the slope, whatever h is.

    Parameters
    ----------
    f : callable
        Array of the shape of `x` -> one number.
    x : Array, any shape
        Where to look; not changed.
    h : float
        How far around.

    Returns
    -------
    flags : Array of bool, shape of `x`

    Examples
    --------
    >>> kinks(lambda w: float(np.maximum(w, 0).sum()), np.array([1.0, 0.0, -1.0]))
    array([False,  True, False])
    """
    middle = _one(f(np.array(x, dtype=np.float64))).real
    floor = 64 * np.finfo(float).eps * max(abs(middle), 1.0) / h  # what rounding alone can make of the difference

    def bend(at: NDArray, i: tuple[int, ...], step: float) -> float:
        ahead, behind = _one(f(_moved(at, i, step))).real, _one(f(_moved(at, i, -step))).real
        return abs(ahead - 2 * middle + behind) / step

    def kinked(at: NDArray, i: tuple[int, ...]) -> bool:
        far, near, nearest = (bend(at, i, step) for step in (h, h / 2, h / 4))
        halved = abs(near - far / 2) <= 0.1 * far
        # At about a third of h from a kink the first halving looks smooth; the second does not.
        return far > floor and not (halved and abs(nearest - near / 2) <= 0.1 * near + 4 * floor)

    return _each(x, np.float64, kinked).astype(bool)


def by_layers(network: Any, loss: Callable, x: Array, target: Array, h: float = 1e-20) -> Array:
    r"""Return the gradient of a whole network without its backward pass, far sooner than entry by entry.

    $$\partial loss / \partial W_l = a_{l-1}^T \; (\partial loss / \partial z_l)$$

    Moving a weight changes nothing below it, and above it only through its layer's z, in which it is linear. So only
    the entries of each z are moved, by complex steps, many copies of the batch at once, and only the layers above are
    computed again; the linear rest is exact.

    Parameters
    ----------
    network : Network
        Its layers are used forward only; its activations have to accept complex numbers.
    loss : callable
        (outputs (S, N, K), target) -> (losses (S,), anything), as `softmax_cross_entropy` does.
    x : Array, (N, n_in)
        Inputs.
    target : Array
        Targets of the N samples.
    h : float
        Step along the imaginary axis.

    Returns
    -------
    gradient : Array, (P,)
        In the order of `network.theta`.

    Examples
    --------
    >>> from bplib.losses import softmax_cross_entropy
    >>> from bplib.network import Network
    >>> net, x, target = Network((2, 3, 2)), np.array([[0.5, -1.0]]), np.array([1])
    >>> _, delta = softmax_cross_entropy(net.forward(x), target)
    >>> _ = net.backward(delta)
    >>> bool(np.abs(by_layers(net, softmax_cross_entropy, x, target) - net.grad).max() < 1e-15)
    True
    """
    network.forward(x)
    below = [np.array(x), *(a.copy() for a in network.a[:-1])]
    heights = [z.copy() for z in network.z]
    functions = [activation.function.value for activation in network.activations]
    gradient = []
    for i, z in enumerate(heights):
        dz = np.empty(z.size)
        at_once = max(1, 200_000 // (len(z) * max(network.sizes[i + 1 :])))
        for start in range(0, z.size, at_once):
            entries = np.arange(start, min(start + at_once, z.size))
            moved = np.repeat(z[None].astype(np.complex128), len(entries), axis=0)
            moved.reshape(len(entries), -1)[np.arange(len(entries)), entries] += 1j * h
            a = functions[i](moved)
            for W, b, value in zip(network.W[i + 1 :], network.b[i + 1 :], functions[i + 1 :], strict=True):
                a = value(a @ W + b)
            dz[entries] = loss(a, target)[0].imag / h
        dz = dz.reshape(z.shape)
        gradient += [(below[i].T @ dz).ravel(), dz.sum(axis=0)]
    return np.concatenate(gradient)


@dataclass(frozen=True)
class Report:
    """What a gradient check found: whether the claim is right, and the worst place.

    Attributes
    ----------
    right : bool
        Whether no error was larger than the tolerance.
    place : str
        Parameter and entry with the largest error.
    claimed, numeric : float
        The two numbers there.
    error : float
        Their difference, as a share of the gradient's size.
    looked_at : str
        What was compared.
    """

    right: bool
    place: str
    claimed: float
    numeric: float
    error: float
    looked_at: str

    def __str__(self) -> str:
        """Say it in a sentence."""
        word = "agrees" if self.right else "is WRONG"
        return (
            f"the gradient {word}: {self.looked_at}; largest error {self.error:.1e}, at {self.place}:"
            f" claimed {self.claimed:.8g}, numeric {self.numeric:.8g}"
        )


def check(
    f: Callable,
    x: Array,
    claimed: Array,
    entries: str | Iterable[int] | None = None,
    method: str = "central",
    directions: int = 3,
    seed: int = 0,
    names: Sequence[tuple[str, tuple[int, ...]]] | None = None,
    tolerance: float | None = None,
) -> Report:
    """Compare a claimed gradient with the loss itself, and name the worst entry.

    Up to 500 entries, each is compared; beyond that, a few random directions are, and if one of them disagrees, halving
    it again and again finds the entry that is most wrong.

    Parameters
    ----------
    f : callable
        Flat array of the size of `x` -> loss.
    x : Array, (P,)
        Parameters.
    claimed : Array, (P,)
        What is claimed to be d loss / d x.
    entries : 'all', 'directions' or indices, optional
        What to compare; by default all of a small `x`, directions of a large one.
    method : {'central', 'complex'}
        How slopes are measured.
    directions : int
        How many random directions.
    seed : int
        What they are drawn from.
    names : sequence of (name, shape), optional
        The parameters that `x` consists of, in order, for the report.
    tolerance : float, optional
        Largest error, as a share of the gradient's norm, that counts as rounding: 1e-7 (central) or 1e-12 (complex).

    Returns
    -------
    report : Report

    Raises
    ------
    ValueError
        If shapes do not fit or a claim is not finite.

    Examples
    --------
    >>> w = np.array([1.0, 2.0, 3.0])
    >>> print(check(lambda w: (w**2).sum(), w, np.array([2.0, 4.0, 6.6]), names=[("W", (1, 3))]))
    the gradient is WRONG: 3 entries; largest error 7.5e-02, at W[0, 2]: claimed 6.6, numeric 6
    """
    x, claimed = np.asarray(x, dtype=np.float64), np.asarray(claimed, dtype=np.float64)
    if x.ndim != 1 or claimed.shape != x.shape:
        raise ValueError(f"x has shape {x.shape}, claimed {claimed.shape}; both have to be flat and of one size")
    if not np.isfinite(claimed).all():
        at = int(np.argmin(np.isfinite(claimed)))
        raise ValueError(f"claimed is {claimed[at]} at {_place(at, names)}; finite numbers are needed")
    tolerance = (1e-12 if method == "complex" else 1e-7) if tolerance is None else tolerance
    scale = max(float(np.linalg.norm(claimed)), 1e-300)
    if entries is None:
        entries = "all" if x.size <= 500 else "directions"

    def slope(u: Array) -> float:
        return directional(f, x, u, method=method)

    if isinstance(entries, str) and entries == "directions":
        rng = np.random.default_rng(seed)
        worst = (0.0, rng.standard_normal(x.size))
        for _ in range(directions):
            u = rng.choice([-1.0, 1.0], x.size) / np.sqrt(x.size)
            worst = max(worst, (abs(slope(u) - claimed @ u) * np.sqrt(x.size) / scale, u), key=lambda pair: pair[0])
        error, u = worst
        looked_at = f"{directions} random directions through {x.size} entries"
        if error <= tolerance:
            return Report(True, "a random direction", float(claimed @ u), slope(u), error, looked_at)
        at = _halved(slope, claimed, u)
        chosen = [at]
    else:
        chosen = list(range(x.size)) if isinstance(entries, str) else [int(i) for i in entries]
        looked_at = f"{len(chosen)} entries"
    numeric = np.array([slope(_unit(x.size, i)) for i in chosen])
    errors = np.abs(numeric - claimed[chosen]) / scale
    k = int(np.argmax(errors))
    return Report(
        bool(errors[k] <= tolerance),
        _place(chosen[k], names),
        float(claimed[chosen[k]]),
        float(numeric[k]),
        float(errors[k]),
        looked_at,
    )


def _each(x: Array, dtype: type, slope: Callable) -> Array:
    at = np.array(x, dtype=dtype)
    gradient = np.empty(at.shape)
    for i in np.ndindex(at.shape):
        gradient[i] = slope(at, i)
    return gradient


def _moved(at: NDArray, i: tuple[int, ...], step: complex) -> NDArray:
    moved = at.copy()
    moved[i] += step
    return moved


def _imaginary(value: complex) -> float:
    if np.ndim(value) == 0 and not np.iscomplexobj(value):
        raise TypeError("f returned a real number for a complex x: abs, .real or float() cuts off the step")
    return _one(value).imag


def _one(value: complex) -> complex:
    if np.ndim(value) != 0:
        raise ValueError(f"f returned an array of shape {np.shape(value)}; one number is needed: a loss, say its sum")
    return complex(value)


def _halved(slope: Callable[[Array], float], claimed: Array, u: Array) -> int:
    """Find the entry that makes the direction `u` disagree: keep the half that disagrees more, until one is left."""
    low, high = 0, u.size
    while high - low > 1:
        middle = (low + high) // 2
        gaps = []
        for start, end in ((low, middle), (middle, high)):
            part = np.zeros(u.size)
            part[start:end] = u[start:end]
            gaps.append(abs(slope(part) - claimed @ part))
        low, high = (low, middle) if gaps[0] >= gaps[1] else (middle, high)
    return low


def _unit(size: int, i: int) -> Array:
    u = np.zeros(size)
    u[i] = 1.0
    return u


def _place(i: int, names: Sequence[tuple[str, tuple[int, ...]]] | None) -> str:
    """Write flat index `i` as parameter and entry."""
    for name, shape in names or ():
        size = int(np.prod(shape))
        if i < size:
            return f"{name}[{', '.join(str(int(k)) for k in np.unravel_index(i, shape))}]"
        i -= size
    return f"entry {i}"
