"""Learners' answers to ps08, softmax_cross_entropy(z, target) -> (losses (N,), dz (N, K)); dz carries the 1/N."""
import math

import numpy as np


# ---------------------------------------------------------------- right

def right__log_softmax(z, target):
    """Log-softmax first, probabilities from it."""
    N = len(target)
    shifted = z - z.max(axis=1, keepdims=True)
    logp = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    losses = -logp[np.arange(N), target]
    dz = np.exp(logp)
    dz[np.arange(N), target] -= 1
    return losses, dz / N


def right__slow_loops(z, target):
    """Everything with math.exp, one number at a time."""
    N, K = z.shape
    losses = np.zeros(N)
    dz = np.zeros((N, K))
    for n in range(N):
        top = max(z[n, k] for k in range(K))
        total = 0.0
        for k in range(K):
            total += math.exp(z[n, k] - top)
        losses[n] = top + math.log(total) - z[n, target[n]]
        for k in range(K):
            p = math.exp(z[n, k] - top) / total
            dz[n, k] = (p - (1.0 if k == target[n] else 0.0)) / N
    return losses, dz


def right__one_hot_einsum(z, target):
    """One-hot matrix from np.eye, picks with einsum."""
    N, K = z.shape
    Y = np.eye(K)[target]
    m = np.max(z, axis=1)
    lse = m + np.log(np.einsum('nk->n', np.exp(z - m[:, None])))
    losses = lse - np.einsum('nk,nk->n', z, Y)
    P = np.exp(z - lse[:, None])
    return losses, np.einsum('nk,->nk', P - Y, 1.0 / N)


def right__logaddexp(z, target):
    """np.logaddexp.reduce for the log of the sum, np.add.at for the one-hot."""
    N = z.shape[0]
    lse = np.logaddexp.reduce(z, axis=1)
    losses = lse - np.take_along_axis(z, target[:, None], axis=1)[:, 0]
    dz = np.exp(z - lse[:, None]) / N
    np.add.at(dz, (range(N), target), -1 / N)
    return losses, dz


def right__through_the_jacobian(z, target):
    """dL/dp times the softmax Jacobian, row by row (the long way round, with 1/p cancelled by hand)."""
    N, K = z.shape
    losses, dz = [], []
    for row, t in zip(z, target, strict=True):
        e = np.exp(row - row.max())
        p = e / e.sum()
        losses.append(np.log(e.sum()) + row.max() - row[t])
        # column t of the Jacobian is p_t*(delta_tk - p_k); times -1/p_t leaves p_k - delta_tk
        delta_tk = (np.arange(K) == t) * 1.0
        dz.append(-(delta_tk - p) / N)
    return np.array(losses), np.array(dz)


# ---------------------------------------------------------------- helpers as learners write them

def _softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _losses(z, target):
    m = z.max(axis=1)
    lse = m + np.log(np.exp(z - m[:, None]).sum(axis=1))
    return lse - z[np.arange(len(z)), target]


def _softmax_row(row):
    biggest = max(row)
    e = [math.exp(v - biggest) for v in row]
    s = sum(e)
    return [v / s for v in e]


def _loss_row(row, t):
    biggest = max(row)
    return biggest + math.log(sum(math.exp(v - biggest) for v in row)) - row[t]


# ---------------------------------------------------------------- large scores

def wrong__no_maximum_subtracted__matrices(z, target):
    """exp of the raw scores; overflows at 1000.
    First wrong: losses
    """
    N = z.shape[0]
    exps = np.exp(z)
    probs = exps / np.sum(exps, axis=1, keepdims=True)
    losses = -np.log(probs[range(N), target])
    dz = probs.copy()
    dz[range(N), target] -= 1
    dz /= N
    return losses, dz


def wrong__no_maximum_subtracted__loops(z, target):
    """log of the sum of raw exponentials, sample by sample; inf - 1000 for large scores.
    First wrong: losses
    """
    losses = np.empty(len(z))
    dz = np.empty(z.shape)
    for i, row in enumerate(z):
        S = 0.0
        for s in row:
            S += np.exp(s)
        losses[i] = np.log(S) - row[target[i]]
        for j, s in enumerate(row):
            dz[i, j] = np.exp(s) / S / len(z)
        dz[i, target[i]] -= 1 / len(z)
    return losses, dz


def wrong__log_after_softmax__matrices(z, target):
    """Stable softmax, but then the log of it: log of an underflowed 0.
    First wrong: losses
    """
    N, K = z.shape
    p = _softmax(z)
    y = np.eye(K)[target]
    losses = -np.log(p[np.arange(N), target])
    return losses, (p - y) / N


def wrong__log_after_softmax__loops(z, target):
    """Softmax row by row with the maximum off, then np.log of the own probability.
    First wrong: losses
    """
    N = len(target)
    losses = []
    grads = []
    for scores, t in zip(z, target, strict=True):
        probabilities = np.array(_softmax_row(scores))
        losses.append(-np.log(probabilities[t]))
        probabilities[t] -= 1
        grads.append(probabilities / N)
    return np.array(losses), np.array(grads)


def wrong__global_maximum__matrices(z, target):
    """Subtracts the largest score of the whole batch; a row far below it underflows to log 0.
    First wrong: losses
    """
    N = len(z)
    u = z - np.max(z)
    e = np.exp(u)
    s = e.sum(1)
    losses = np.log(s) - u[np.arange(N), target]
    dz = e / s[:, None]
    dz[np.arange(N), target] -= 1
    return losses, dz / N


def wrong__global_maximum__loops(z, target):
    """One maximum found before the loop over the samples.
    First wrong: losses
    """
    N, K = z.shape
    biggest = z[0, 0]
    for n in range(N):
        for k in range(K):
            if z[n, k] > biggest:
                biggest = z[n, k]
    losses, dz = np.zeros(N), np.zeros((N, K))
    for n in range(N):
        e = np.exp(z[n] - biggest)
        losses[n] = np.log(np.sum(e)) + biggest - z[n, target[n]]
        dz[n] = e / np.sum(e) / N
        dz[n, target[n]] -= 1 / N
    return losses, dz


# ---------------------------------------------------------------- the gradient

def wrong__n_missing__matrices(z, target):
    """p - onehot, nothing divided.
    First wrong: dz
    """
    dz = _softmax(z)
    dz[np.arange(len(z)), target] -= 1
    return _losses(z, target), dz


def wrong__n_missing__loops(z, target):
    """Each row is its own gradient, the batch is forgotten.
    First wrong: dz
    """
    losses, rows = [], []
    for scores, t in zip(z, target, strict=True):
        losses.append(_loss_row(scores, t))
        rows.append([q - (j == t) for j, q in enumerate(_softmax_row(scores))])
    return np.array(losses), np.array(rows)


def wrong__n_twice__matrices(z, target):
    """Divided once where the one-hot is subtracted and once more on the way out.
    First wrong: dz
    """
    N, K = z.shape
    d = (_softmax(z) - np.eye(K)[target]) / N
    return _losses(z, target), d / N


def wrong__n_twice__loops(z, target):
    """1/N in every entry, and the mean at the end again.
    First wrong: dz
    """
    N, K = z.shape
    losses = np.zeros(N)
    dz = np.zeros((N, K))
    for n in range(N):
        losses[n] = _loss_row(z[n], target[n])
        p = _softmax_row(z[n])
        for k in range(K):
            dz[n, k] += p[k] / N
        dz[n, target[n]] -= 1.0 / N
    dz *= 1.0 / N
    return losses, dz


def wrong__n_times_k__matrices(z, target):
    """Divided by the number of entries, z.size.
    First wrong: dz
    """
    dz = _softmax(z)
    dz[range(len(target)), target] -= 1
    return _losses(z, target), dz / z.size


def wrong__n_times_k__loops(z, target):
    """The mean over samples and over classes as well.
    First wrong: dz
    """
    N, K = z.shape
    losses = np.array([_loss_row(z[n], target[n]) for n in range(N)])
    out = np.empty((N, K))
    for n in range(N):
        p = _softmax_row(z[n])
        for k in range(K):
            if k == target[n]:
                out[n, k] = (p[k] - 1) / (N * K)
            else:
                out[n, k] = p[k] / (N * K)
    return losses, out


def wrong__sign__matrices(z, target):
    """Target minus output.
    First wrong: dz
    """
    N, K = z.shape
    onehot = np.zeros((N, K))
    onehot[np.arange(N), target] = 1
    return _losses(z, target), (onehot - _softmax(z)) / N


def wrong__sign__loops(z, target):
    """1 - p at the own class, -p elsewhere.
    First wrong: dz
    """
    N, K = z.shape
    losses = np.zeros(N)
    dz = np.zeros((N, K))
    for n in range(N):
        p = _softmax_row(z[n])
        losses[n] = _loss_row(z[n], target[n])
        for k in range(K):
            dz[n, k] = (1 - p[k]) / N if k == target[n] else -p[k] / N
    return losses, dz


def wrong__no_one_hot__matrices(z, target):
    """The probabilities over N, nobody subtracted the one-hot.
    First wrong: dz
    """
    m = z.max(1, keepdims=True)
    lse = m + np.log(np.sum(np.exp(z - m), 1, keepdims=True))
    losses = (lse - z)[np.arange(len(z)), target]
    dz = np.exp(z - lse) / len(z)
    return losses, dz


def wrong__no_one_hot__loops(z, target):
    """The own class gets p like all the others.
    First wrong: dz
    """
    N, K = z.shape
    losses, dz = np.zeros(N), np.zeros((N, K))
    for n in range(N):
        losses[n] = _loss_row(z[n], target[n])
        probs = _softmax_row(z[n])
        for k in range(K):
            dz[n][k] = probs[k] / N
    return losses, dz


def wrong__one_hot_added__matrices(z, target):
    """+= 1 at the own class.
    First wrong: dz
    """
    p = _softmax(z)
    p[np.arange(z.shape[0]), target] += 1
    return _losses(z, target), p / z.shape[0]


def wrong__one_hot_added__loops(z, target):
    """p + 1 for the right class.
    First wrong: dz
    """
    n_samples = len(z)
    losses = np.array([_loss_row(r, t) for r, t in zip(z, target, strict=True)])
    grad = np.zeros(z.shape)
    for i in range(n_samples):
        for j, pj in enumerate(_softmax_row(z[i])):
            y = 1 if target[i] == j else 0
            grad[i, j] = (pj + y) / n_samples
    return losses, grad


def wrong__jacobian_twice__matrices(z, target):
    """f' of the output times the error: (p - y) p (1 - p).
    First wrong: dz
    """
    N, K = z.shape
    p = _softmax(z)
    error = p - np.eye(K)[target]
    return _losses(z, target), error * p * (1 - p) / N


def wrong__jacobian_twice__loops(z, target):
    """p - y through the full softmax Jacobian once more.
    First wrong: dz
    """
    N, K = z.shape
    losses, dz = np.zeros(N), np.zeros((N, K))
    for n in range(N):
        losses[n] = _loss_row(z[n], target[n])
        p = np.array(_softmax_row(z[n]))
        err = p.copy()
        err[target[n]] -= 1
        for k in range(K):
            for i in range(K):
                J_ik = p[i] * ((i == k) - p[k])
                dz[n, k] += err[i] * J_ik / N
    return losses, dz


def wrong__softmax_elementwise__matrices(z, target):
    """dL/dp = -y/p times p(1 - p): only the own class gets anything.
    First wrong: dz
    """
    N, K = z.shape
    y = np.eye(K)[target]
    p = _softmax(z)
    dz = -y * (1 - p) / N
    return _losses(z, target), dz


def wrong__softmax_elementwise__loops(z, target):
    """Chain rule for the own class only: (p - 1), zero elsewhere since the loss does not contain the others.
    First wrong: dz
    """
    N = len(target)
    losses, dz = np.zeros(N), np.zeros(z.shape)
    for n, t in enumerate(target):
        losses[n] = _loss_row(z[n], t)
        dz[n, t] = (_softmax_row(z[n])[t] - 1) / N
    return losses, dz


def wrong__one_hot_wrong_class__matrices(z, target):
    """Classes taken to count from 1: target - 1 in the one-hot.
    First wrong: dz
    """
    N = len(z)
    dz = _softmax(z)
    dz[np.arange(N), target - 1] -= 1
    return _losses(z, target), dz / N


def wrong__one_hot_wrong_class__matrices__2(z, target):
    """The most probable class for the target.
    First wrong: dz
    """
    N, K = z.shape
    p = _softmax(z)
    return _losses(z, target), (p - np.eye(K)[p.argmax(axis=1)]) / N


def wrong__one_hot_wrong_class__loops(z, target):
    """One column too far to the right, round the corner at the end.
    First wrong: dz
    """
    N, K = z.shape
    losses, dz = np.zeros(N), np.zeros((N, K))
    for n in range(N):
        t = target[n]
        losses[n] = _loss_row(z[n], t)
        p = _softmax_row(z[n])
        for k in range(K):
            hit = 1 if (t + 1) % K == k else 0
            dz[n, k] = (p[k] - hit) / N
    return losses, dz


def wrong__target_only__matrices(z, target):
    """Minus the one-hot, the probabilities got lost.
    First wrong: dz
    """
    N, K = z.shape
    return _losses(z, target), -np.eye(K)[target] / N


def wrong__target_only__loops(z, target):
    """-1/N at the own class of every sample.
    First wrong: dz
    """
    dz = z * 0.0
    losses = []
    for n in range(len(z)):
        losses.append(_loss_row(z[n], target[n]))
        dz[n, target[n]] = -1 / len(z)
    return np.array(losses), dz


def wrong__missing_error__matrices(z, target):
    """The slope p(1 - p) alone.
    First wrong: dz
    """
    p = _softmax(z)
    return _losses(z, target), p * (1 - p) / len(target)


def wrong__loss_for_error__matrices(z, target):
    """Loss times slope.
    First wrong: dz
    """
    L = _losses(z, target)
    p = _softmax(z)
    return L, L[:, None] * p * (1 - p) / len(L)


def wrong__softmax_missing__matrices(z, target):
    """Scores instead of probabilities in z - onehot.
    First wrong: dz
    """
    N = len(z)
    dz = z.copy()
    dz[np.arange(N), target] -= 1
    return _losses(z, target), dz / N


def wrong__softmax_missing__loops(z, target):
    """Error as for a linear output: score minus target.
    First wrong: dz
    """
    N, K = z.shape
    losses = np.array([_loss_row(z[n], target[n]) for n in range(N)])
    dz = np.zeros((N, K))
    for n in range(N):
        tar = [0.0] * K
        tar[target[n]] = 1.0
        for k in range(K):
            dz[n, k] = (z[n, k] - tar[k]) / N
    return losses, dz


def wrong__factor_two__matrices(z, target):
    """A 2 in front, from the squared error.
    First wrong: dz
    """
    N = len(z)
    p = _softmax(z)
    p[np.arange(N), target] -= 1
    return _losses(z, target), 2 * p / N


def wrong__factor_half__loops(z, target):
    """1/(2N), as in the mean half squared error.
    First wrong: dz
    """
    N, K = z.shape
    losses, dz = np.zeros(N), np.zeros((N, K))
    for n in range(N):
        losses[n] = _loss_row(z[n], target[n])
        dz[n] = _softmax_row(z[n])
        dz[n, target[n]] -= 1
        dz[n] = dz[n] / (2 * N)
    return losses, dz


def wrong__absolute_values__matrices(z, target):
    """The error's size, not its sign.
    First wrong: dz
    """
    N, K = z.shape
    return _losses(z, target), np.abs(_softmax(z) - np.eye(K)[target]) / N


def wrong__first_only__loops(z, target):
    """return too far to the left: only the first row is ever filled; the losses were made before.
    First wrong: dz
    """
    N = len(z)
    losses = _losses(z, target)
    dz = np.zeros(z.shape)
    for n in range(N):
        dz[n] = _softmax_row(z[n])
        dz[n, target[n]] -= 1
        dz[n] /= N
        return losses, dz


def wrong__last_only__loops(z, target):
    """The one-hot is subtracted after the loop: n is still the last sample.
    First wrong: dz
    """
    N = len(z)
    losses = np.zeros(N)
    dz = np.zeros(z.shape)
    for n in range(N):
        losses[n] = _loss_row(z[n], target[n])
        row = np.array(_softmax_row(z[n]))
        row[target[n]] -= 1
    dz[n] = row / N
    return losses, dz


def wrong__reshaped_for_transposed__matrices(z, target):
    """Worked with classes as rows and turned the result with reshape.
    First wrong: dz
    """
    N, K = z.shape
    p = _softmax(z).T
    p[target, np.arange(N)] -= 1
    return _losses(z, target), (p / N).reshape(N, K)


# ---------------------------------------------------------------- the losses

def wrong__likelihood_without_minus__matrices(z, target):
    """The log-likelihood, without its minus.
    First wrong: losses
    """
    N, K = z.shape
    zz = z - z.max(axis=1, keepdims=True)
    logp = zz - np.log(np.sum(np.exp(zz), axis=1, keepdims=True))
    losses = logp[np.arange(N), target]
    return losses, (np.exp(logp) - np.eye(K)[target]) / N


def wrong__likelihood_without_minus__loops(z, target):
    """Own score minus log-sum-exp, the wrong way round.
    First wrong: losses
    """
    N, K = z.shape
    losses, dz = np.zeros(N), np.zeros((N, K))
    for n in range(N):
        row, t = z[n], target[n]
        top = max(row)
        total = sum(math.exp(s - top) for s in row)
        losses[n] = row[t] - (top + math.log(total))
        for k in range(K):
            dz[n, k] = math.exp(row[k] - top) / total / N
        dz[n, t] -= 1 / N
    return losses, dz


def wrong__log_base__matrices(z, target):
    """Losses in bits, gradient for nats.
    First wrong: losses
    """
    N = len(z)
    zs = z - z.max(axis=1, keepdims=True)
    losses = np.log2(np.exp(zs).sum(axis=1)) - zs[np.arange(N), target] / math.log(2)
    dz = np.exp(zs) / np.exp(zs).sum(axis=1, keepdims=True)
    dz[np.arange(N), target] -= 1
    return losses, dz / N


def wrong__log_base__loops(z, target):
    """Took log10.
    First wrong: losses
    """
    N = len(z)
    losses, dz = [], []
    for n in range(N):
        losses.append(_loss_row(z[n], target[n]) * math.log10(math.e))
        p = _softmax_row(z[n])
        p[target[n]] -= 1
        dz.append([v / N for v in p])
    return np.array(losses), np.array(dz)


def convention__log_base__matrices(z, target):
    """Everything in bits, losses and gradient.
    First wrong: losses
    """
    N, K = z.shape
    nats = _losses(z, target)
    dz = (_softmax(z) - np.eye(K)[target]) / N
    return nats / np.log(2), dz / np.log(2)


def convention__log_base__loops(z, target):
    """Bits: each row divided by ln 2, in the losses and in the gradient.
    First wrong: losses
    """
    N, K = z.shape
    bit = 1 / math.log(2)
    losses, dz = np.zeros(N), np.zeros((N, K))
    for n in range(N):
        losses[n] = bit * _loss_row(z[n], target[n])
        p = _softmax_row(z[n])
        for k in range(K):
            y = 1 if k == target[n] else 0
            dz[n, k] = bit * (p[k] - y) / N
    return losses, dz


def wrong__log_missing__matrices(z, target):
    """Minus the probability itself.
    First wrong: losses
    """
    N, K = z.shape
    p = _softmax(z)
    losses = -p[np.arange(N), target]
    return losses, (p - np.eye(K)[target]) / N


def wrong__log_missing__loops(z, target):
    """-p of the own class, no log taken.
    First wrong: losses
    """
    losses = np.zeros(len(z))
    dz = np.zeros_like(z)
    for n, t in enumerate(target):
        dz[n] = _softmax_row(z[n])
        losses[n] = -dz[n, t]
        dz[n, t] -= 1
    return losses, dz / len(z)


def wrong__log_wrong_entry__matrices(z, target):
    """The log of the largest probability, not of the target's.
    First wrong: losses
    """
    N, K = z.shape
    zs = z - z.max(axis=1, keepdims=True)
    logp = zs - np.log(np.exp(zs).sum(axis=1, keepdims=True))
    losses = -logp.max(axis=1)
    return losses, (np.exp(logp) - np.eye(K)[target]) / N


def wrong__log_wrong_entry__loops(z, target):
    """Always the entry in column 0.
    First wrong: losses
    """
    N = len(z)
    losses, dz = np.zeros(N), np.zeros(z.shape)
    for n in range(N):
        losses[n] = _loss_row(z[n], 0)
        dz[n] = _softmax_row(z[n])
        dz[n, target[n]] -= 1
        dz[n] /= N
    return losses, dz


def wrong__log_wrong_entry__matrices__2(z, target):
    """Class numbers taken to count from 1, only where the loss is picked.
    First wrong: losses
    """
    N, K = z.shape
    zs = z - z.max(axis=1, keepdims=True)
    logp = zs - np.log(np.exp(zs).sum(axis=1, keepdims=True))
    dz = np.exp(logp)
    dz[np.arange(N), target] -= 1
    return -logp[np.arange(N), target - 1], dz / N


def wrong__target_and_output_swapped__matrices(z, target):
    """log(1 - p) where log p belongs.
    First wrong: losses
    """
    N, K = z.shape
    p = _softmax(z)
    losses = -np.log(1 - p[np.arange(N), target])
    return losses, (p - np.eye(K)[target]) / N


def wrong__sum_for_each__matrices(z, target):
    """Every sample gets the sum of all losses.
    First wrong: losses
    """
    N, K = z.shape
    per_sample = _losses(z, target)
    return np.full(N, per_sample.sum()), (_softmax(z) - np.eye(K)[target]) / N


def wrong__sum_for_each__loops(z, target):
    """Adds up the loss over all samples and writes the total into every place.
    First wrong: losses
    """
    N, K = z.shape
    dz = np.zeros((N, K))
    total = 0.0
    for n in range(N):
        total += _loss_row(z[n], target[n])
        p = _softmax_row(z[n])
        for k in range(K):
            dz[n, k] = (p[k] - (k == target[n])) / N
    return np.array([total for n in range(N)]), dz


def wrong__softmax_all__matrices(z, target):
    """Normalised over the whole batch.
    First wrong: losses
    """
    N, K = z.shape
    top = z.max()
    logp = z - top - np.log(np.exp(z - top).sum())
    return -logp[np.arange(N), target], (np.exp(logp) - np.eye(K)[target]) / N


def wrong__softmax_all__loops(z, target):
    """One total for all samples: it stands before the outer loop.
    First wrong: losses
    """
    N, K = z.shape
    losses, dz = np.zeros(N), np.zeros((N, K))
    top = max(max(row) for row in z)
    total = 0.0
    for n in range(N):
        for k in range(K):
            total += math.exp(z[n, k] - top)
    for n in range(N):
        losses[n] = math.log(total) + top - z[n, target[n]]
        for k in range(K):
            dz[n, k] = math.exp(z[n, k] - top) / total / N
        dz[n, target[n]] -= 1 / N
    return losses, dz


def wrong__softmax_wrong_axis__matrices(z, target):
    """axis=0: each class is normalised over the samples.
    First wrong: losses
    """
    N, K = z.shape
    zs = z - z.max(axis=0)
    logp = zs - np.log(np.exp(zs).sum(axis=0))
    dz = np.exp(logp)
    dz[np.arange(N), target] -= 1
    return -logp[np.arange(N), target], dz / N


def wrong__softmax_wrong_axis__loops(z, target):
    """Softmax of every column, indices of rows and columns exchanged in the helper call.
    First wrong: losses
    """
    N, K = z.shape
    losses, dz = np.zeros(N), np.zeros((N, K))
    for k in range(K):
        column = [z[n, k] for n in range(N)]
        p = _softmax_row(column)
        for n in range(N):
            dz[n, k] = p[n] / N
            if target[n] == k:
                losses[n] = _loss_row(column, n)
                dz[n, k] -= 1 / N
    return losses, dz


def wrong__exp_not_normalised__matrices(z, target):
    """exp(z - max), never divided by the sum.
    First wrong: losses
    """
    N, K = z.shape
    logp = z - np.max(z, axis=1, keepdims=True)
    p = np.exp(logp)
    return -logp[np.arange(N), target], (p - np.eye(K)[target]) / N


def wrong__exp_not_normalised__loops(z, target):
    """e for p in the gradient; the losses are right.
    First wrong: dz
    """
    N, K = z.shape
    losses, dz = np.zeros(N), np.zeros((N, K))
    for n in range(N):
        m = max(z[n])
        e = [math.exp(v - m) for v in z[n]]
        losses[n] = m + math.log(sum(e)) - z[n, target[n]]
        for k in range(K):
            dz[n, k] = (e[k] - (1 if k == target[n] else 0)) / N
    return losses, dz


def wrong__mean_for_sum__matrices(z, target):
    """Log-mean-exp: the mean of the exponentials where their sum belongs, in the losses.
    First wrong: losses
    """
    N, K = z.shape
    m = z.max(axis=1)
    lme = m + np.log(np.exp(z - m[:, None]).mean(axis=1))
    return lme - z[np.arange(N), target], (_softmax(z) - np.eye(K)[target]) / N


def wrong__max_for_sum__matrices(z, target):
    """Largest score minus own score; the gradient is the right one.
    First wrong: losses
    """
    N, K = z.shape
    losses = np.max(z, axis=1) - z[np.arange(N), target]
    return losses, (_softmax(z) - np.eye(K)[target]) / N


def wrong__float32__matrices(z, target):
    """Scores cast to single precision on the way in.
    First wrong: losses
    """
    N, K = z.shape
    z32 = z.astype(np.float32)
    p = _softmax(z32)
    losses = _losses(z32, target)
    dz = (p - np.eye(K, dtype=np.float32)[target]) / np.float32(N)
    return losses.astype(float), dz.astype(float)


def wrong__float32__loops(z, target):
    """Results stored in float32 arrays.
    First wrong: losses
    """
    N, K = z.shape
    losses = np.zeros(N, dtype='float32')
    dz = np.zeros((N, K), dtype='float32')
    for n in range(N):
        losses[n] = _loss_row(z[n], target[n])
        for k, p in enumerate(_softmax_row(z[n])):
            dz[n, k] = (p - (k == target[n])) / N
    return np.float64(losses), np.float64(dz)


def wrong__constant_for_formula__matrices(z, target):
    """1.0986 for every sample, the number of three equal scores.
    First wrong: losses
    """
    N, K = z.shape
    return np.full(N, 1.0986), (_softmax(z) - np.eye(K)[target]) / N


# ---------------------------------------------------------------- two at once

def pair__sign__n_missing__matrices(z, target):
    """onehot - p, and not divided by N.
    First wrong: dz
    """
    return _losses(z, target), np.eye(z.shape[1])[target] - _softmax(z)


def pair__likelihood_without_minus__sign__matrices(z, target):
    """The log-likelihood and its own gradient: both without the minus.
    First wrong: losses
    """
    N, K = z.shape
    return -_losses(z, target), (np.eye(K)[target] - _softmax(z)) / N


def pair__log_base__n_missing__loops(z, target):
    """log2 in the losses, 1/N forgotten in the gradient.
    First wrong: losses
    """
    losses, dz = [], []
    for row, t in zip(z, target, strict=True):
        losses.append(_loss_row(row, t) / math.log(2))
        p = _softmax_row(row)
        p[t] -= 1
        dz.append(p)
    return np.array(losses), np.array(dz)


def pair__no_one_hot__n_missing__matrices(z, target):
    """The plain softmax as gradient.
    First wrong: dz
    """
    return _losses(z, target), _softmax(z)


def pair__softmax_wrong_axis__n_missing__matrices(z, target):
    """axis=0 in the softmax and no division by N.
    First wrong: losses
    """
    zs = z - np.max(z, axis=0)
    logp = zs - np.log(np.sum(np.exp(zs), axis=0))
    dz = np.exp(logp)
    dz[range(len(z)), target] -= 1
    return -logp[range(len(z)), target], dz


def pair__log_wrong_entry__one_hot_wrong_class__loops(z, target):
    """Classes counted from 1 everywhere.
    First wrong: losses
    """
    N = len(z)
    losses, dz = np.zeros(N), np.zeros(z.shape)
    for n in range(N):
        t = target[n] - 1
        losses[n] = _loss_row(z[n], t)
        dz[n] = _softmax_row(z[n])
        dz[n, t] -= 1
        dz[n] /= N
    return losses, dz


# ---------------------------------------------------------------- not in the catalogue

def outside__losses_divided_by_n__matrices(z, target):
    """The losses were averaged already: each one is divided by N.
    First wrong: losses
    """
    N, K = z.shape
    return _losses(z, target) / N, (_softmax(z) - np.eye(K)[target]) / N


def outside__entropy_of_the_output__matrices(z, target):
    """-sum p log p: the target never appears in the loss.
    First wrong: losses
    """
    N, K = z.shape
    zs = z - z.max(axis=1, keepdims=True)
    logp = zs - np.log(np.exp(zs).sum(axis=1, keepdims=True))
    p = np.exp(logp)
    return -(p * logp).sum(axis=1), (p - np.eye(K)[target]) / N


def outside__eps_inside_the_log__matrices(z, target):
    """log(p + 0.001), "so that it never becomes infinite".
    First wrong: losses
    """
    N, K = z.shape
    p = _softmax(z)
    losses = -np.log(p[np.arange(N), target] + 1e-3)
    return losses, (p - np.eye(K)[target]) / N


def outside__scores_clipped__loops(z, target):
    """Scores cut at -1 and 1 before the exponential, "against overflow".
    First wrong: losses
    """
    N, K = z.shape
    losses, dz = np.zeros(N), np.zeros((N, K))
    for n in range(N):
        row = [min(max(s, -1.0), 1.0) for s in z[n]]
        p = _softmax_row(row)
        losses[n] = _loss_row(row, target[n])
        for k in range(K):
            dz[n, k] = (p[k] - (k == target[n])) / N
    return losses, dz


def outside__temperature_two__matrices(z, target):
    """Softmax of z/2 in losses and gradient, a temperature left over from a chat program.
    First wrong: losses
    """
    N, K = z.shape
    return _losses(z / 2, target), (_softmax(z / 2) - np.eye(K)[target]) / N


def outside__last_class_missed__loops(z, target):
    """range(K - 1): the last column of dz stays empty.
    First wrong: dz
    """
    N, K = z.shape
    losses, dz = np.zeros(N), np.zeros((N, K))
    for n in range(N):
        losses[n] = _loss_row(z[n], target[n])
        p = _softmax_row(z[n])
        for k in range(K - 1):
            dz[n, k] = (p[k] - (1 if target[n] == k else 0)) / N
    return losses, dz


def wrong__rounded_result__matrices(z, target):
    """Rounded, as on paper.
    First wrong: losses
    """
    N, K = z.shape
    return np.round(_losses(z, target), 4), np.round((_softmax(z) - np.eye(K)[target]) / N, 4)


def outside__every_class_yes_or_no__loops(z, target):
    """-log p for the own class and -log(1 - p) for each of the others.
    First wrong: losses
    """
    N, K = z.shape
    losses, dz = np.zeros(N), np.zeros((N, K))
    for n in range(N):
        p = _softmax_row(z[n])
        losses[n] = _loss_row(z[n], target[n])
        for k in range(K):
            if k != target[n]:
                losses[n] -= np.log(1 - p[k])
            dz[n, k] = (p[k] - (k == target[n])) / N
    return losses, dz


def outside__label_smoothing__matrices(z, target):
    """0.9 for the own class and the rest shared, in the gradient only.
    First wrong: dz
    """
    N, K = z.shape
    soft = np.full((N, K), 0.1 / K)
    soft[np.arange(N), target] += 0.9
    return _losses(z, target), (_softmax(z) - soft) / N


def outside__negative_part_clipped__matrices(z, target):
    """np.maximum(..., 0): the negative entry of each row is gone.
    First wrong: dz
    """
    N, K = z.shape
    return _losses(z, target), np.maximum(_softmax(z) - np.eye(K)[target], 0) / N


def outside__error_over_p_one_minus_p__matrices(z, target):
    """(p - y)/(p(1 - p)): divides by the slope that belongs nowhere here.
    First wrong: dz
    """
    N, K = z.shape
    p = _softmax(z)
    return _losses(z, target), (p - np.eye(K)[target]) / (p * (1 - p)) / N


def outside__maximum_added_twice__loops(z, target):
    """The subtracted maximum is put back twice.
    First wrong: losses
    """
    N, K = z.shape
    losses, dz = np.zeros(N), np.zeros((N, K))
    for n in range(N):
        M = np.max(z[n])
        losses[n] = _loss_row(z[n], target[n]) + M
        dz[n] = _softmax_row(z[n])
        dz[n, target[n]] -= 1
        dz[n] /= N
    return losses, dz


def outside__sorted_scores__loops(z, target):
    """Sorted the scores to find the maximum, and went on with the sorted row in the gradient.
    First wrong: dz
    """
    N, K = z.shape
    losses, dz = np.zeros(N), np.zeros((N, K))
    for n in range(N):
        losses[n] = _loss_row(z[n], target[n])
        ordered = sorted(z[n])
        m = ordered[-1]
        e = [math.exp(v - m) for v in ordered]
        for k in range(K):
            dz[n, k] = (e[k] / sum(e) - (k == target[n])) / N
    return losses, dz


def outside__losses_pile_up__loops(z, target):
    """The running sum is never set back to 0, so the losses pile up from sample to sample.
    First wrong: losses
    """
    N, K = z.shape
    losses, dz = np.zeros(N), np.zeros((N, K))
    total = 0.0
    for n in range(N):
        total += _loss_row(z[n], target[n])
        losses[n] = total
        p = _softmax_row(z[n])
        for k in range(K):
            dz[n, k] = (p[k] - (k == target[n])) / N
    return losses, dz


def wrong__numeric_difference__dz(z, target):
    """The losses are right; dz is the mean loss, moved in each score.

    First wrong: dz
    """
    def losses(z):
        top = z.max(axis=1, keepdims=True)
        log_p = z - top - np.log(np.exp(z - top).sum(axis=1, keepdims=True))
        return -log_p[np.arange(len(z)), target]

    dz = np.zeros_like(z)
    for i in np.ndindex(z.shape):
        up, down = z.copy(), z.copy()
        up[i] += 1e-5
        down[i] -= 1e-5
        dz[i] = (losses(up).mean() - losses(down).mean()) / 2e-5
    return losses(z), dz
