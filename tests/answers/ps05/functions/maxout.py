"""Learners' answers to ps05, maxout(z) -> a, (N, K) -> (N,): the largest of each row."""
import numpy as np


def right__max(z):
    """z.max(axis=1)."""
    return z.max(axis=1)


def right__argmax(z):
    """Pick with argmax."""
    return z[np.arange(len(z)), z.argmax(axis=1)]


def right__slow_loop(z):
    """Champion of each row."""
    best = []
    for row in z:
        champion = row[0]
        for v in row[1:]:
            if v > champion:
                champion = v
        best.append(champion)
    return np.array(best)


def right__sorted(z):
    """Last of the sorted row."""
    return np.sort(z, axis=1)[:, -1]


def wrong__sign__matrices(z):
    """Minus the maximum."""
    return -np.max(z, axis=1)


def wrong__sum_over_wrong_axis__loops(z):
    """Maxima of the columns, cut or repeated to N entries."""
    N, K = z.shape
    return np.array([max(z[:, n % K]) for n in range(N)])


def wrong__mean_for_sum__matrices(z):
    """Mean of the row."""
    return z.mean(axis=1)


def wrong__absolute_values__matrices(z):
    """Largest size."""
    return np.abs(z).max(axis=1)


def wrong__absolute_values__loops(z):
    """Compares sizes and keeps the size."""
    out = np.zeros(len(z))
    for n, row in enumerate(z):
        for v in row:
            if abs(v) > out[n]:
                out[n] = abs(v)
    return out


def wrong__first_only__loops(z):
    """return after the first comparison: the larger of the first two."""
    def larger(row):
        for v in row[1:]:
            return max(row[0], v)
        return row[0]
    return np.array([larger(row) for row in z])


def wrong__float32__matrices(z):
    """float32."""
    return z.astype(np.float32).max(axis=1).astype(np.float64)


def wrong__wrong_side_of_kink__matrices(z):
    """The minimum."""
    return z.min(axis=1)


def wrong__wrong_side_of_kink__loops(z):
    """< for >."""
    out = []
    for row in z:
        m = row[0]
        for v in row:
            if v < m:
                m = v
        out.append(m)
    return np.array(out)


def outside__starts_at_zero__loops(z):
    """The maximum starts at 0: negative rows give 0."""
    out = np.zeros(len(z))
    for n in range(z.shape[0]):
        for k in range(z.shape[1]):
            if z[n, k] > out[n]:
                out[n] = z[n, k]
    return out


def outside__index_for_value__matrices(z):
    """argmax for max."""
    return z.argmax(axis=1).astype(float)


def outside__largest_of_all__matrices(z):
    """One maximum for the whole batch."""
    return np.full(len(z), z.max())


def outside__last_unit_missed__loops(z):
    """range(K - 1)."""
    return np.array([max(row[:-1]) for row in z])


def outside__soft_maximum__matrices(z):
    """log of the sum of exponentials."""
    return np.logaddexp.reduce(z, axis=1)


def outside__second_largest__matrices(z):
    """Sorted row, index -2."""
    return np.sort(z, axis=1)[:, -2]
