"""Learners' answers to ps05, maxout_grad(z) -> da, (N, K): 1 at each row's largest entry, else 0."""
import numpy as np


def right__eye(z):
    """Rows of the unit matrix."""
    return np.eye(z.shape[1])[z.argmax(axis=1)]


def right__comparison(z):
    """Equal to the row's maximum."""
    return (z == z.max(axis=1, keepdims=True)).astype(float)


def right__slow_loop(z):
    """1 if no other entry of the row is larger."""
    N, K = z.shape
    da = np.zeros((N, K))
    for n in range(N):
        for k in range(K):
            da[n, k] = 1.0
            for i in range(K):
                if z[n, i] > z[n, k]:
                    da[n, k] = 0.0
    return da


def right__put(z):
    """np.put_along_axis."""
    da = np.zeros_like(z)
    np.put_along_axis(da, z.argmax(axis=1)[:, None], 1.0, axis=1)
    return da


def wrong__max_to_both__matrices(z):
    """Ones for all entries."""
    return np.ones_like(z)


def wrong__max_to_wrong__matrices(z):
    """1 at the smallest."""
    return np.eye(z.shape[1])[z.argmin(axis=1)]


def wrong__max_to_wrong__loops(z):
    """The losers get the 1, the winner 0."""
    da = np.ones(z.shape)
    for n, row in enumerate(z):
        da[n, list(row).index(max(row))] = 0.0
    return da


def wrong__one_hot_wrong_class__loops(z):
    """One column too far."""
    N, K = z.shape
    da = np.zeros((N, K))
    for n in range(N):
        best = 0
        for k in range(K):
            if z[n, k] > z[n, best]:
                best = k
        da[n, (best + 1) % K] = 1
    return da


def wrong__sum_over_wrong_axis__matrices(z):
    """The maximum of each column gets the 1."""
    return (z == z.max(axis=0)).astype(float)


def wrong__sum_over_wrong_axis__loops(z):
    """Loops over the columns and marks the largest sample."""
    da = np.zeros_like(z)
    for k in range(z.shape[1]):
        n_best = 0
        for n in range(len(z)):
            if z[n, k] > z[n_best, k]:
                n_best = n
        da[n_best, k] = 1.0
    return da


def wrong__first_only__loops(z):
    """Only the first row is filled."""
    da = np.zeros_like(z)
    for n in range(len(z)):
        da[n, np.argmax(z[n])] = 1
        return da


def wrong__sign__matrices(z):
    """-1 at the winner."""
    return -np.eye(z.shape[1])[z.argmax(axis=1)]


def wrong__mean_for_sum__matrices(z):
    """1/K for everyone."""
    return np.full(z.shape, 1 / z.shape[1])


def wrong__global_maximum__matrices(z):
    """Only the largest entry of the batch."""
    return (z == z.max()) * 1.0


def outside__value_at_winner__matrices(z):
    """The maximum itself where the 1 belongs."""
    return np.where(z == z.max(axis=1, keepdims=True), z, 0.0)


def outside__softmax__matrices(z):
    """Softmax, smooth."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def outside__divided_by_n__loops(z):
    """1/N at the winner."""
    da = np.zeros_like(z)
    for n in range(len(z)):
        da[n, z[n].argmax()] = 1 / len(z)
    return da


def outside__positive_entries__matrices(z):
    """ReLU's slope: 1 wherever z > 0."""
    return (z > 0).astype(float)


def outside__winners_so_far__loops(z):
    """1 for everyone who led on the way from left to right."""
    da = np.zeros_like(z)
    for n in range(len(z)):
        best = -np.inf
        for k in range(z.shape[1]):
            if z[n, k] > best:
                best = z[n, k]
                da[n, k] = 1
    return da


def outside__largest_size__matrices(z):
    """1 at the largest |z|."""
    return np.eye(z.shape[1])[np.abs(z).argmax(axis=1)]
