"""A loss turns "how wrong" into one number; its derivative says which way each output should go.

Each function returns both, so that they cannot drift apart. Losses of the outputs return `(loss, dout)`; losses that
start from scores are fused with their activation and return `(loss, delta)`, the error signal itself. The 1/N of a mean
is in the loss, and so in what is returned beside it: it enters once.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bplib.activations import sigmoid, softplus

Array = NDArray[np.floating]


def half_squared(out: Array, target: Array) -> tuple[Array, Array]:
    r"""Return half the sum of the squared errors, and its derivative by the outputs.

    $$loss = \tfrac12 \sum_k (out_k - target_k)^2, \qquad dout = out - target$$

    The half is there to cancel the 2 of the derivative; other scalings only change the size of the learning rate.

    Parameters
    ----------
    out : Array, any shape
        Network outputs; whole numbers are taken as float64.
    target : Array, shape of `out`
        What they should be.

    Returns
    -------
    loss : number
        Half the sum over all entries.
    dout : Array, shape of `out`
        d loss / d out.

    Raises
    ------
    ValueError
        If the shapes differ.

    References
    ----------
    Deck 004 (Chen, NTUST), "Mean Squared Error", writes three prefactors for it: see errata E42, and E1 for the number.

    Examples
    --------
    >>> loss, dout = half_squared(np.array([0.7513650696, 0.7729284653]), np.array([0.01, 0.99]))
    >>> round(float(loss), 10), dout.round(10)
    (0.2983711088, array([ 0.74136507, -0.21707153]))
    """
    if np.shape(out) != np.shape(target):
        raise ValueError(f"target has shape {np.shape(target)}; it needs the shape of out, {np.shape(out)}")
    dout = np.multiply(out, 1.0) - target  # a difference of unsigned integers would wrap around
    return (dout**2).sum() / 2, dout


def squared_over_samples(out: Array, target: Array) -> tuple[Array, Array]:
    r"""Return the squared error, summed over the outputs and averaged over the samples, and its derivative.

    $$loss = \tfrac1N \sum_n \sum_k (out_{nk} - target_{nk})^2$$

    Parameters
    ----------
    out : Array, (N, D)
        Network outputs; rows are samples.
    target : Array, (N, D)
        What they should be.

    Returns
    -------
    loss : number
    dout : Array, (N, D)
        d loss / d out.

    Raises
    ------
    ValueError
        If the shapes differ or are not (N, D).

    References
    ----------
    Deck 004 (Chen, NTUST), "Mean Squared Error", third prefactor: errata E42.

    Examples
    --------
    >>> squared_over_samples(np.array([[0.4, 0.5, 0.1]]), np.array([[0.3, 0.5, 0.2]]))[0].round(6)
    np.float64(0.02)
    """
    out, target = _rows(out, target)
    loss, dout = half_squared(out, target)
    return loss * 2 / len(out), dout * (2 / len(out))


def squared_over_entries(out: Array, target: Array) -> tuple[Array, Array]:
    r"""Return the squared error, averaged over samples and outputs, and its derivative.

    $$loss = \tfrac1{ND} \sum_n \sum_k (out_{nk} - target_{nk})^2$$

    For one sample with two outputs it is `half_squared`: 1 / (ND) is then 1/2.

    Parameters
    ----------
    out : Array, (N, D)
        Network outputs; rows are samples.
    target : Array, (N, D)
        What they should be.

    Returns
    -------
    loss : number
    dout : Array, (N, D)
        d loss / d out.

    Raises
    ------
    ValueError
        If the shapes differ or are not (N, D).

    References
    ----------
    Deck 004 (Chen, NTUST), "Mean Squared Error", first prefactor (printed without the sum over D): errata E42.

    Examples
    --------
    >>> out = np.array([[0.7513650696, 0.7729284653]])
    >>> squared_over_entries(out, np.array([[0.01, 0.99]]))[0].round(10)
    np.float64(0.2983711088)
    """
    out, target = _rows(out, target)
    loss, dout = half_squared(out, target)
    return loss * 2 / out.size, dout * (2 / out.size)


def absolute(out: Array, target: Array) -> tuple[Array, Array]:
    r"""Return the absolute error, summed over the outputs and averaged over the samples, and its derivative.

    $$loss = \tfrac1N \sum_n \sum_k |out_{nk} - target_{nk}|$$

    Every output is pulled equally hard, however wrong it is: outliers do not dominate, and nothing slows down near the
    target.

    Parameters
    ----------
    out : Array, (N, D)
        Network outputs; rows are samples.
    target : Array, (N, D)
        What they should be.

    Returns
    -------
    loss : number
    dout : Array, (N, D)
        d loss / d out; 0 where an output meets its target.

    Raises
    ------
    ValueError
        If the shapes differ or are not (N, D).

    References
    ----------
    Deck 004 (Chen, NTUST), "Loss Functions", by name.

    Examples
    --------
    >>> absolute(np.array([[1.0, -1.0]]), np.array([[0.0, 1.0]]))
    (np.float64(3.0), array([[ 1., -1.]]))
    """
    out, target = _rows(out, target)
    error = out - target
    side = np.sign(error.real)
    return (side * error).sum() / len(out), side / len(out)


def cross_entropy(p: Array, target: Array) -> tuple[Array, Array]:
    r"""Return the mean cross-entropy of probabilities, in nats, and its derivative by them.

    $$loss = -\tfrac1N \sum_n \sum_k target_{nk} \ln p_{nk}$$

    For training, start from the scores (`softmax_cross_entropy`): a probability that was rounded to 0 has lost what its
    score still knew.

    Parameters
    ----------
    p : Array, (N, K)
        Probabilities, each above 0 where its target is.
    target : Array, (N,) int or (N, K)
        Class indices, or probabilities (one-hot or not).

    Returns
    -------
    loss : number
    dout : Array, (N, K)
        d loss / d p.

    Raises
    ------
    ValueError
        If shapes do not fit, a class is out of range, or a needed probability is 0.

    References
    ----------
    Deck 002, from the network's output to the error; deck 004 (Chen, NTUST), "Squared Loss & Cross Entropy Loss".

    Examples
    --------
    >>> cross_entropy(np.array([[0.08, 0.25, 0.42, 0.25]]), np.array([1]))[0].round(6)
    np.float64(1.386294)
    """
    p = _scores(p, "p")
    share = _shares(target, p)
    if (p.real[share > 0] <= 0).any():
        raise ValueError("p has a 0 where its target is not 0: the loss is infinite; start from scores instead")
    used = np.where(share > 0, p, 1)
    return -(share * np.log(used)).sum() / len(p), -share / used / len(p)


def softmax_cross_entropy(z: Array, target: Array) -> tuple[Array, Array]:
    r"""Return the mean cross-entropy of softmax(z), in nats, and the error signal of the scores.

    $$loss = \tfrac1N \sum_n \Big(\ln \sum_k e^{z_{nk}} - z_{n, target_n}\Big), \qquad
      \delta = (p - \text{one-hot}) / N$$

    Softmax's Jacobian and the logarithm's 1/p cancel, so no slope is left to multiply with: a score that is far off
    gets a large error signal however saturated its probability is. The largest score of each row is subtracted first.

    Parameters
    ----------
    z : Array, (N, K) or (S, N, K)
        Scores; a leading axis counts networks that are trained at once, each with a loss of its own.
    target : Array, (N,) int or (N, K)
        Class indices, or probabilities (one-hot or not).

    Returns
    -------
    loss : number, or Array (S,)
    delta : Array, shape of `z`
        d loss / d z.

    Raises
    ------
    ValueError
        If shapes do not fit, the batch is empty, or a class is out of range.

    References
    ----------
    Deck 000, softmax classifier (its sum runs over the wrong index: errata E25); deck 001 (Leibe), tricks 1 and 2.

    Examples
    --------
    >>> softmax_cross_entropy(np.array([[3.0, 1.0, -2.0]]), np.array([0]))[0].round(6)
    np.float64(0.132845)
    >>> softmax_cross_entropy(np.array([[1000.0, 1001.0, 1002.0]]), np.array([0]))[0].round(6)
    np.float64(2.407606)
    """
    z = np.asarray(z)
    z = z if z.ndim == 3 and z.size else _scores(z, "z")
    N = z.shape[-2]
    delta = z - z.real.max(axis=-1, keepdims=True)
    if np.ndim(target) == 1:
        rows, classes = np.arange(N), _classes(target, z)
        own = delta[..., rows, classes].sum(axis=-1)
        total = np.exp(delta, out=delta).sum(axis=-1, keepdims=True)
        delta /= total
        delta[..., rows, classes] -= 1
        weight = 1
    else:
        share = _shares(target, z)
        weight = share.sum(axis=-1, keepdims=True)
        own = (share * delta).sum(axis=(-2, -1))
        total = np.exp(delta, out=delta).sum(axis=-1, keepdims=True)
        delta *= weight / total
        delta -= share
    delta /= N
    return ((weight * np.log(total)).sum(axis=(-2, -1)) - own) / N, delta


def sigmoid_cross_entropy(z: Array, target: Array) -> tuple[Array, Array]:
    r"""Return the mean cross-entropy of sigmoid(z), in nats, and the error signal of the scores.

    $$loss = \tfrac1N \sum_{n,k} \big(\ln(1 + e^{z_{nk}}) - target_{nk}\, z_{nk}\big), \qquad
      \delta = (\sigma(z) - target) / N$$

    Each output is a yes-or-no question of its own. Where squared error multiplies the slope of the sigmoid on and dies
    with it, this one keeps pulling: at z = -8 and target 1, 0.9997 against 0.0003.

    Parameters
    ----------
    z : Array, (N,) or (N, K)
        Scores (logits).
    target : Array, shape of `z`
        0, 1, or anything between.

    Returns
    -------
    loss : number
    delta : Array, shape of `z`
        d loss / d z.

    Raises
    ------
    ValueError
        If the shapes differ, the batch is empty, or a target is outside [0, 1].

    References
    ----------
    Deck 001 (Leibe), sigmoid outputs with L2 error.

    Examples
    --------
    >>> sigmoid_cross_entropy(np.array([-8.0]), np.array([1.0]))[1].round(6)
    array([-0.999665])
    """
    z, target = _alike(z, target, "z")
    if ((target < 0) | (target > 1)).any():
        raise ValueError(f"target runs from {target.min():g} to {target.max():g}; numbers from 0 to 1 are needed")
    return (softplus(z) - target * z).sum() / len(z), (sigmoid(z) - target) / len(z)


def hinge(z: Array, target: Array) -> tuple[Array, Array]:
    r"""Return the mean multiclass hinge loss, and the error signal of the scores.

    $$loss = \tfrac1N \sum_n \sum_{j \ne target_n} \max(0, z_{nj} - z_{n, target_n} + 1)$$

    It demands a margin of 1 and nothing beyond: samples that have it do not move the weights. Each class inside the
    margin is pushed down by 1, and the sample's own class is pushed up by their number.

    Parameters
    ----------
    z : Array, (N, K)
        Scores.
    target : Array, (N,) int or (N, K)
        Class indices, or one-hot.

    Returns
    -------
    loss : number
    delta : Array, (N, K)
        d loss / d z.

    Raises
    ------
    ValueError
        If shapes do not fit, the batch is empty, or a class is out of range.

    References
    ----------
    Deck 000, SVM loss; its gradient is that of the binary case: errata E26.

    Examples
    --------
    >>> hinge(np.array([[3.2, 5.1, -1.7]]), np.array([0]))
    (np.float64(2.8999999999999995), array([[-1.,  1.,  0.]]))
    """
    z = _scores(z, "z")
    rows, classes = np.arange(len(z)), _classes(target, z)
    margin = z - z[rows, classes][:, None] + 1
    margin[rows, classes] = 0
    inside = (margin.real > 0).astype(margin.real.dtype)
    loss = (margin * inside).sum() / len(z)
    inside[rows, classes] = -inside.sum(axis=1)
    return loss, inside / len(z)


def logistic(z: Array, sign: Array) -> tuple[Array, Array]:
    r"""Return the mean logistic loss for labels -1 and 1, in nats, and the error signal of the scores.

    $$loss = \tfrac1N \sum_n \ln(1 + e^{-sign_n z_n})$$

    The same numbers as `sigmoid_cross_entropy` with targets 0 and 1: (sign + 1) / 2.

    Parameters
    ----------
    z : Array, (N,)
        Scores.
    sign : Array, (N,)
        -1 or 1.

    Returns
    -------
    loss : number
    delta : Array, (N,)
        d loss / d z.

    Raises
    ------
    ValueError
        If the shapes differ, the batch is empty, or a label is neither -1 nor 1.

    References
    ----------
    Deck 004 (Chen, NTUST), "Loss Functions", by name.

    Examples
    --------
    >>> logistic(np.array([0.0]), np.array([-1]))[0].round(6)
    np.float64(0.693147)
    """
    z, sign = _alike(z, sign, "z", "sign")
    if (np.abs(sign) != 1).any():
        raise ValueError("sign has labels other than -1 and 1; for 0 and 1 use sigmoid_cross_entropy")
    return softplus(-sign * z).sum() / len(z), -sign * sigmoid(-sign * z) / len(z)


def l2_penalty(weights: Sequence[Array], lam: float, half: bool = False) -> tuple[Array, list[Array]]:
    r"""Return the L2 penalty of the weight matrices, and its gradient by each.

    $$R = \lambda \sum_l \sum_{ij} W_{l,ij}^2, \qquad dW_l = 2 \lambda W_l$$

    With `half`, both are halved: R = lam/2 sum W**2 and dW = lam W. Biases stay free: they set where a unit bends, not
    how steeply.

    Parameters
    ----------
    weights : sequence of Array
        The weight matrices (not the biases).
    lam : float
        Strength, at least 0.
    half : bool
        Whether the penalty carries a factor 1/2.

    Returns
    -------
    penalty : number
    dW : list of Array
        One gradient for each matrix, to be added to the loss's own.

    Raises
    ------
    ValueError
        If `lam` is negative.

    References
    ----------
    Deck 000 writes the first and codes the gradient of the second: errata E28, E29.

    Examples
    --------
    >>> l2_penalty([np.array([[0.5, -1.0, 2.0]])], lam=0.1)
    (np.float64(0.525), [array([[ 0.1, -0.2,  0.4]])])
    """
    if not lam >= 0:
        raise ValueError(f"lam is {lam}; a number of at least 0 is needed")
    strength = lam / 2 if half else lam
    return strength * sum((W * W).sum() for W in weights), [2 * strength * W for W in weights]


def _scores(z: Array, name: str) -> Array:
    z = np.asarray(z)
    if z.ndim != 2 or z.size == 0:
        raise ValueError(f"{name} has shape {z.shape}; (N, K) with at least one sample and one class is needed")
    return z if z.dtype.kind in "fc" else z.astype(np.float64)


def _classes(target: Array, z: Array) -> Array:
    target = np.asarray(target)
    N, K = z.shape[-2:]
    if target.shape == (N, K) and ((target == 0) | (target == 1)).all() and (target.sum(axis=1) == 1).all():
        target = target.argmax(axis=1)  # one-hot
    if target.shape != (N,) or target.dtype.kind not in "iu":
        raise ValueError(f"target has shape {target.shape} and dtype {target.dtype}; ({N},) int is needed")
    if target.min() < 0 or target.max() >= K:
        raise ValueError(f"target has classes {target.min()} to {target.max()}; 0 to {K - 1} are there")
    return target


def _shares(target: Array, z: Array) -> Array:
    """Return the target as one share per class: one-hot if class indices came."""
    if np.ndim(target) == 1:
        share = np.zeros(z.shape, z.real.dtype)
        share[np.arange(len(z)), _classes(target, z)] = 1
        return share
    if np.shape(target) != z.shape[-2:]:
        raise ValueError(f"target has shape {np.shape(target)}; ({z.shape[-2]},) int or {z.shape[-2:]} is needed")
    return np.asarray(target)


def _alike(z: Array, target: Array, name: str, other: str = "target") -> tuple[Array, Array]:
    z, target = np.asarray(z), np.asarray(target)
    if z.shape != target.shape or z.ndim == 0 or len(z) == 0:
        raise ValueError(f"{name} has shape {z.shape}, {other} {target.shape}; the same with N >= 1 rows is needed")
    return z if z.dtype.kind in "fc" else z.astype(np.float64), target


def _rows(out: Array, target: Array) -> tuple[Array, Array]:
    out = _scores(out, "out")
    if np.shape(target) != out.shape:
        raise ValueError(f"target has shape {np.shape(target)}; it needs the shape of out, {out.shape}")
    return out, np.asarray(target)
