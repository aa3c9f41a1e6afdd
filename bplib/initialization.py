"""Draw weights so that a signal keeps its size from layer to layer: too small and it dies, too large and it saturates.

The pre-activation of a unit is a sum over `n_in` products. For independent products with zero mean the variances add
(Bienaymé; no law of large numbers is needed, errata E19), so

    var(z) = n_in * var(w) * mean(x**2)

and each function below is one choice of var(w). `mean(x**2)` is var(x) for centred inputs; behind a ReLU it is what is
left of var(z) after the negative half was cut off: half of it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Draw = Callable[[int, int, "np.random.Generator"], Array]  # in quotes: NumPy loads its random part when asked


def zeros(n_in: int, n_out: int, rng: np.random.Generator | None = None) -> Array:
    """Return weights that are all zero: right for biases, and a trap for weights.

    All units of a hidden layer then compute the same and receive the same gradient, at every step: the symmetry never
    breaks, and a layer of a hundred units learns what one could.

    Parameters
    ----------
    n_in, n_out : int
        Units below and above.
    rng : numpy.random.Generator, optional
        Not used; there so that every draw is called alike.

    Returns
    -------
    W : Array, (n_in, n_out)

    Examples
    --------
    >>> zeros(2, 3).shape
    (2, 3)
    """
    _check(n_in, n_out)
    return np.zeros((n_in, n_out))


def uniform(n_in: int, n_out: int, rng: np.random.Generator, r: float = 0.3) -> Array:
    r"""Draw each weight from the uniform distribution on (-r, r).

    $$\operatorname{var}(w) = r^2 / 3$$

    Keeps no variance in particular: z has standard deviation 1 for inputs from U(-1, 1) if r = 3 / sqrt(n_in), which
    0.3 is for n_in = 100.

    Parameters
    ----------
    n_in, n_out : int
        Units below and above.
    rng : numpy.random.Generator
        What is drawn from.
    r : float
        Half the width of the interval.

    Returns
    -------
    W : Array, (n_in, n_out)

    References
    ----------
    Deck 003, initialization of the weights (default 0.3). Its variance integral prints a plus sign: errata E17.

    Examples
    --------
    >>> W = uniform(400, 300, np.random.default_rng(0))
    >>> bool(abs(W.std() / (0.3 / 3**0.5) - 1) < 0.01), bool(abs(W).max() < 0.3)
    (True, True)
    """
    _check(n_in, n_out)
    return rng.uniform(-r, r, (n_in, n_out))


def three_over_sqrt_n(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    r"""Draw from U(-r, r) with r = 3 / sqrt(n_in): std(z) = 1 for inputs from U(-1, 1), and for those only.

    $$\operatorname{std}(z) = \sqrt{n_{in}} \cdot \frac{r}{\sqrt 3} \cdot \frac{1}{\sqrt 3} = \sqrt{n_{in}}\, r / 3$$

    For standardised inputs (std 1) use `sqrt_three_over_n`; with this one std(z) would be sqrt(3), and 40 % of tanh
    units would start beyond 0.9.

    Parameters
    ----------
    n_in, n_out : int
        Units below and above.
    rng : numpy.random.Generator
        What is drawn from.

    Returns
    -------
    W : Array, (n_in, n_out)

    References
    ----------
    Deck 003, initialization of the weights; errata E18.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> z = rng.uniform(-1, 1, (2000, 100)) @ three_over_sqrt_n(100, 50, rng)
    >>> bool(abs(z.std() - 1) < 0.05)
    True
    """
    return uniform(n_in, n_out, rng, 3 / np.sqrt(max(n_in, 1)))


def sqrt_three_over_n(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    r"""Draw from U(-r, r) with r = sqrt(3 / n_in): std(z) = 1 for standardised inputs (mean 0, std 1).

    $$\operatorname{var}(w) = r^2/3 = 1/n_{in}$$

    Parameters
    ----------
    n_in, n_out : int
        Units below and above.
    rng : numpy.random.Generator
        What is drawn from.

    Returns
    -------
    W : Array, (n_in, n_out)

    References
    ----------
    What deck 003's radius has to be for inputs with standard deviation 1: errata E18.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> z = rng.standard_normal((2000, 100)) @ sqrt_three_over_n(100, 50, rng)
    >>> bool(abs(z.std() - 1) < 0.05)
    True
    """
    return uniform(n_in, n_out, rng, np.sqrt(3 / max(n_in, 1)))


def fan_in(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    r"""Draw from a normal distribution with variance 1 / n_in: keeps var(z) = mean(x**2) on the way forward.

    $$w \sim N(0, 1/n_{in})$$

    LeCun's choice, for layers that stay in the straight part of tanh.

    Parameters
    ----------
    n_in, n_out : int
        Units below and above.
    rng : numpy.random.Generator
        What is drawn from.

    Returns
    -------
    W : Array, (n_in, n_out)

    References
    ----------
    Deck 000, `train_model`: randn / sqrt(n_in), called "Xavier" there; Glorot's is another: errata E38.

    Examples
    --------
    >>> W = fan_in(400, 300, np.random.default_rng(0))
    >>> bool(abs(W.std() - 0.05) < 0.001)
    True
    """
    _check(n_in, n_out)
    return rng.standard_normal((n_in, n_out)) / np.sqrt(n_in)


def glorot(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    r"""Draw uniformly with variance 2 / (n_in + n_out): between what keeps signals and what keeps errors.

    $$w \sim U(-r, r), \quad r = \sqrt{6 / (n_{in} + n_{out})}$$

    Forward, var(z) is kept by 1 / n_in; backward, var(delta) by 1 / n_out. Both cannot be had unless the layers are
    equally wide; this is the mean of the two.

    Parameters
    ----------
    n_in, n_out : int
        Units below and above.
    rng : numpy.random.Generator
        What is drawn from.

    Returns
    -------
    W : Array, (n_in, n_out)

    References
    ----------
    X. Glorot and Y. Bengio (2010), equation 16; errata E38.

    Examples
    --------
    >>> W = glorot(400, 200, np.random.default_rng(0))
    >>> bool(abs(W.std() - (2 / 600) ** 0.5) < 0.001)
    True
    """
    return uniform(n_in, n_out, rng, np.sqrt(6 / max(n_in + n_out, 1)))


def he(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    r"""Draw from a normal distribution with variance 2 / n_in: keeps var(z) behind a ReLU.

    $$w \sim N(0, 2/n_{in})$$

    A ReLU cuts half of a centred signal off, and with it half of mean(x**2); the 2 makes up for that.

    Parameters
    ----------
    n_in, n_out : int
        Units below and above.
    rng : numpy.random.Generator
        What is drawn from.

    Returns
    -------
    W : Array, (n_in, n_out)

    References
    ----------
    K. He, X. Zhang, S. Ren and J. Sun (2015), section 2.2.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> a = np.maximum(rng.standard_normal((2000, 100)), 0)
    >>> bool(abs((a @ he(100, 50, rng)).std() - 1) < 0.05)
    True
    """
    return np.sqrt(2) * fan_in(n_in, n_out, rng)


DRAWS: dict[str, Draw] = {
    draw.__name__: draw for draw in (zeros, uniform, three_over_sqrt_n, sqrt_three_over_n, fan_in, glorot, he)
}


def _check(n_in: int, n_out: int) -> None:
    for name, n in (("n_in", n_in), ("n_out", n_out)):
        if not isinstance(n, int | np.integer) or n < 1:
            raise ValueError(f"{name} is {n!r}; a number of units is needed: an int of at least 1")
