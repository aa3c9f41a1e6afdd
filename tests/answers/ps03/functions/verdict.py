"""Learners' answers to ps03, verdict(loss, claimed, theta) -> (word, worst).

word is 'right', 'wrong' or 'kink'; worst is the index of the entry with the largest relative error.
"""
import math

import numpy as np


# ---------------------------------------------------------------- right

def right__central_and_two_sides(loss, claimed, theta):
    """Central differences; at the worst entry the slopes from both sides are compared."""
    h = 1e-5
    P = len(theta)
    numeric = np.zeros(P)
    for i in range(P):
        e = np.zeros(P)
        e[i] = h
        numeric[i] = (loss(theta + e) - loss(theta - e)) / (2 * h)
    size = np.maximum(np.abs(claimed), np.abs(numeric))
    error = np.abs(claimed - numeric) / np.where(size > 0, size, 1)
    worst = int(np.argmax(error))
    if error[worst] <= 1e-5:
        return 'right', worst
    e = np.zeros(P)
    e[worst] = h
    ahead = (loss(theta + e) - loss(theta)) / h
    behind = (loss(theta) - loss(theta - e)) / h
    if abs(ahead - behind) > 1e-2 * max(abs(ahead), abs(behind)):
        return 'kink', worst
    return 'wrong', worst


def right__slow_bookkeeping(loss, claimed, theta):
    """Lists and plain floats; remembers the worst so far; tolerance 1e-4."""
    h = 1e-5
    worst, largest, kinked = 0, -1.0, False
    for i in range(len(theta)):
        shifted = [float(t) for t in theta]
        middle = loss(np.array(shifted))
        shifted[i] = float(theta[i]) + h
        up = loss(np.array(shifted))
        shifted[i] = float(theta[i]) - h
        down = loss(np.array(shifted))
        n, c = (up - down) / (2 * h), float(claimed[i])
        if n == 0 and c == 0:
            err = 0.0
        else:
            err = abs(n - c) / max(abs(n), abs(c))
        if math.isnan(err):
            err = math.inf
        if err > largest:
            worst, largest = i, err
            right_slope, left_slope = (up - middle) / h, (middle - down) / h
            kinked = abs(right_slope - left_slope) > 0.01 * max(abs(right_slope), abs(left_slope))
    if largest < 1e-4:
        return 'right', worst
    return ('kink' if kinked else 'wrong'), worst


def right__extrapolated(loss, claimed, theta):
    """Central differences with h and h/2, extrapolated; a kink is what still bends at h/2."""
    def slopes(h):
        steps = h * np.eye(len(theta))
        up = np.array([loss(theta + s) for s in steps])
        down = np.array([loss(theta - s) for s in steps])
        return (up - loss(theta)) / h, (loss(theta) - down) / h, (up - down) / (2 * h)

    _, _, coarse = slopes(2e-5)
    ahead, behind, fine = slopes(1e-5)
    numeric = (4 * fine - coarse) / 3
    total = np.abs(claimed) + np.abs(numeric)
    error = np.zeros(len(theta))
    used = total != 0
    error[used] = np.abs(claimed - numeric)[used] / total[used]
    worst = int(np.argmax(error))
    if error[worst] < 2e-5:
        return 'right', worst
    bend = np.abs(ahead - behind)[worst]
    return ('kink', worst) if bend > 0.01 * np.hypot(ahead[worst], behind[worst]) else ('wrong', worst)


def right__kinks_first(loss, claimed, theta):
    """Flags kinks first; an unkinked entry that is off makes it wrong, else a kinked one makes it a kink."""
    h, P = 1e-5, len(theta)
    f0 = loss(theta)
    ahead, behind = np.empty(P), np.empty(P)
    for k, step in enumerate(np.eye(P) * h):
        ahead[k] = (loss(theta + step) - f0) / h
        behind[k] = (f0 - loss(theta - step)) / h
    numeric = (ahead + behind) / 2
    kink = np.abs(ahead - behind) > 1e-2 * np.maximum(np.abs(ahead), np.abs(behind))
    gap = np.abs(claimed - numeric)
    error = np.divide(gap, np.abs(claimed) + np.abs(numeric), out=np.zeros(P), where=gap != 0)
    error[np.isnan(error)] = np.inf
    bad = error > 2e-5
    if not bad.any():
        return 'right', int(error.argmax())
    if (bad & ~kink).any():
        return 'wrong', int(np.where(kink, -1, error).argmax())
    return 'kink', int(error.argmax())


# ---------------------------------------------------------------- parts that the learners below share

def _central(loss, theta, h=1e-5):
    g = np.zeros(len(theta))
    for i in range(len(theta)):
        plus, minus = theta.copy(), theta.copy()
        plus[i] += h
        minus[i] -= h
        g[i] = (loss(plus) - loss(minus)) / (2 * h)
    return g


def _error(claimed, numeric):
    size = np.maximum(np.abs(claimed), np.abs(numeric))
    size[size == 0] = 1
    return np.abs(claimed - numeric) / size


def _kink(loss, theta, i, h=1e-5):
    plus, minus = theta.copy(), theta.copy()
    plus[i] += h
    minus[i] -= h
    right, left = loss(plus) - loss(theta), loss(theta) - loss(minus)
    return abs(right - left) > 0.01 * max(abs(right), abs(left))


def _worse(e, biggest):
    """Larger than the worst so far; NaN is worst of all, the first one stays."""
    return e > biggest or (e != e and biggest == biggest)


def _word(loss, theta, error, worst, tol=1e-5):
    if error[worst] <= tol:
        return 'right'
    return 'kink' if _kink(loss, theta, worst) else 'wrong'


# ---------------------------------------------------------------- one slip

def wrong__divided_by_h__matrices(loss, claimed, theta):
    """Difference of both sides over h.
    First wrong: word
    """
    h = 1e-5
    E = h * np.eye(theta.size)
    numeric = np.array([loss(theta + e) - loss(theta - e) for e in E]) / h
    error = _error(claimed, numeric)
    worst = int(error.argmax())
    return _word(loss, theta, error, worst), worst


def wrong__divided_by_h__loops(loss, claimed, theta):
    """2*h became h in the loop.
    First wrong: word
    """
    h = 1e-5
    worst, biggest = 0, 0.0
    for i in range(len(theta)):
        t = theta.copy()
        t[i] += h
        numeric = loss(t)
        t[i] -= 2 * h
        numeric = (numeric - loss(t)) / h
        if numeric == claimed[i]:
            continue
        err = abs(claimed[i] - numeric) / max(abs(claimed[i]), abs(numeric))
        if _worse(err, biggest):
            worst, biggest = i, err
    if biggest <= 1e-5:
        return 'right', worst
    return ('kink', worst) if _kink(loss, theta, worst) else ('wrong', worst)


def wrong__h_too_small__matrices(loss, claimed, theta):
    """h = 1e-12, "as small as possible".
    First wrong: word
    """
    error = _error(claimed, _central(loss, theta, h=1e-12))
    worst = int(np.argmax(error))
    return _word(loss, theta, error, worst), worst


def wrong__h_too_small__loops(loss, claimed, theta):
    """h = 1e-14 in each entry.
    First wrong: word
    """
    h = 1e-14
    errors = []
    for i in range(len(theta)):
        t = theta.copy()
        t[i] = theta[i] + h
        up = loss(t)
        t[i] = theta[i] - h
        n = (up - loss(t)) / (2 * h)
        errors.append(0.0 if n == claimed[i] else abs(n - claimed[i]) / max(abs(n), abs(claimed[i])))
    worst = int(np.argmax(errors))
    if errors[worst] < 1e-5:
        return 'right', worst
    return ('kink' if _kink(loss, theta, worst) else 'wrong'), worst


def wrong__change_not_undone__matrices(loss, claimed, theta):
    """The shifts pile up: np.tril in place of the unit matrix, so earlier entries stay shifted.
    First wrong: word
    """
    h = 1e-3
    S = np.tril(np.ones((len(theta), len(theta))))
    E = np.eye(len(theta))
    up = np.array([loss(theta + h * s) for s in S])
    down = np.array([loss(theta + h * s - 2 * h * e) for s, e in zip(S, E, strict=True)])
    error = _error(claimed, (up - down) / (2 * h))
    worst = int(error.argmax())
    return _word(loss, theta, error, worst, tol=1e-4), worst


def wrong__change_not_undone__loops(loss, claimed, theta):
    """Goes up by h and down by 2h and never back.
    First wrong: word
    """
    h = 1e-5
    t = theta.copy()
    numeric = np.zeros(len(t))
    for i in range(len(t)):
        t[i] += h
        numeric[i] = loss(t)
        t[i] -= 2 * h
        numeric[i] = (numeric[i] - loss(t)) / (2 * h)
    error = _error(claimed, numeric)
    worst = int(np.argmax(error))
    return _word(loss, theta, error, worst, tol=1e-6), worst


def wrong__absolute_tolerance__matrices(loss, claimed, theta):
    """np.allclose-like: the difference itself below 1e-6.
    First wrong: word
    """
    difference = np.abs(claimed - _central(loss, theta))
    worst = int(difference.argmax())
    return _word(loss, theta, difference, worst, tol=1e-6), worst


def wrong__absolute_tolerance__loops(loss, claimed, theta):
    """abs(c - n) > 1e-5 is wrong.
    First wrong: word
    """
    gaps = [abs(c - n) for c, n in zip(claimed, _central(loss, theta), strict=True)]
    worst = 0
    for i, gap in enumerate(gaps):
        if _worse(gap, gaps[worst]):
            worst = i
    if gaps[worst] <= 1e-5:
        return 'right', worst
    if _kink(loss, theta, worst):
        return 'kink', worst
    return 'wrong', worst


def wrong__mean_for_max__matrices(loss, claimed, theta):
    """Mean relative error below 0.1.
    First wrong: word
    """
    error = _error(claimed, _central(loss, theta))
    worst = int(error.argmax())
    if error.mean() < 0.1:
        return 'right', worst
    return ('kink', worst) if _kink(loss, theta, worst) else ('wrong', worst)


def wrong__mean_for_max__loops(loss, claimed, theta):
    """Adds up the relative differences with their signs and divides by P: they may cancel.
    First wrong: word
    """
    numeric = _central(loss, theta)
    total = 0.0
    worst, biggest = 0, -1.0
    for i in range(len(theta)):
        size = max(abs(claimed[i]), abs(numeric[i])) or 1.0
        e = (claimed[i] - numeric[i]) / size
        total += e
        if _worse(abs(e), biggest):
            worst, biggest = i, abs(e)
    if abs(total / len(theta)) <= 1e-2:
        return 'right', worst
    return ('kink' if _kink(loss, theta, worst) else 'wrong'), worst


def wrong__nan_counts_as_right__matrices(loss, claimed, theta):
    """0/0 gives NaN, and max(NaN) > tol is False.
    First wrong: word
    """
    numeric = _central(loss, theta)
    with np.errstate(invalid='ignore'):
        error = np.abs(claimed - numeric) / np.maximum(np.abs(claimed), np.abs(numeric))
    worst = int(np.argmax(error))
    if error[worst] > 1e-5:
        return ('kink' if _kink(loss, theta, worst) else 'wrong'), worst
    return 'right', worst


def wrong__nan_counts_as_right__loops(loss, claimed, theta):
    """A NaN in the claimed gradient is never larger than the worst so far.
    First wrong: word
    """
    numeric = _central(loss, theta)
    worst, biggest = 0, 0.0
    for i, (c, n) in enumerate(zip(claimed, numeric, strict=True)):
        if c == 0 and n == 0:
            continue
        e = abs(c - n) / max(abs(c), abs(n))
        if e > biggest:
            worst, biggest = i, e
    if biggest > 1e-5:
        return ('kink' if _kink(loss, theta, worst) else 'wrong'), worst
    return 'right', worst


def wrong__forward_for_central__matrices(loss, claimed, theta):
    """Forward differences with the tolerance of central ones.
    First wrong: word
    """
    h = 1e-5
    numeric = (np.array([loss(theta + e) for e in h * np.eye(theta.size)]) - loss(theta)) / h
    error = _error(claimed, numeric)
    worst = int(error.argmax())
    return _word(loss, theta, error, worst, tol=1e-6), worst


def wrong__forward_for_central__loops(loss, claimed, theta):
    """One side only, h = 1e-4, one entry after the other.
    First wrong: word
    """
    h, base = 1e-4, loss(theta)
    errors = np.zeros(len(theta))
    for i in range(len(theta)):
        t = theta.copy()
        t[i] += h
        n = (loss(t) - base) / h
        if n != 0 or claimed[i] != 0:
            errors[i] = abs(n - claimed[i]) / max(abs(n), abs(claimed[i]))
    worst = int(errors.argmax())
    return _word(loss, theta, errors, worst), worst


def wrong__first_entry_only__matrices(loss, claimed, theta):
    """Checks entry 0.
    First wrong: word
    """
    e = np.zeros_like(theta)
    e[0] = 1e-5
    numeric = (loss(theta + e) - loss(theta - e)) / 2e-5
    error = _error(claimed[:1], np.array([numeric]))
    return _word(loss, theta, error, 0), 0


def wrong__first_entry_only__loops(loss, claimed, theta):
    """return in the loop after the first entry, right or wrong.
    First wrong: word
    """
    numeric = _central(loss, theta)
    for i in range(len(theta)):
        if abs(claimed[i] - numeric[i]) <= 1e-5 * max(abs(claimed[i]), abs(numeric[i])):
            return 'right', i
        if _kink(loss, theta, i):
            return 'kink', i
        return 'wrong', i


def wrong__always_right__matrices(loss, claimed, theta):
    """Every gradient is right.
    First wrong: word
    """
    return 'right', 0


def wrong__always_right__loops(loss, claimed, theta):
    """Compares the claimed gradient with itself (a name typed twice).
    First wrong: word
    """
    worst, biggest = 0, 0.0
    for i in range(len(theta)):
        size = max(abs(claimed[i]), abs(claimed[i]))
        err = 0.0 if size == 0 else abs(claimed[i] - claimed[i]) / size
        if err > biggest:
            worst, biggest = i, err
    return ('right' if biggest < 1e-5 else 'wrong'), worst


def wrong__always_wrong__matrices(loss, claimed, theta):
    """Tests for exact equality: nothing is ever equal.
    First wrong: word
    """
    numeric = _central(loss, theta)
    error = _error(claimed, numeric)
    worst = int(error.argmax())
    if np.array_equal(claimed, numeric):
        return 'right', worst
    return 'wrong', worst


def wrong__always_wrong__loops(loss, claimed, theta):
    """word is set to 'wrong' again at the end.
    First wrong: word
    """
    numeric = _central(loss, theta)
    worst, biggest, word = 0, -1.0, 'right'
    for i, error in enumerate(_error(claimed, numeric)):
        if error > 1e-5:
            word = 'kink' if _kink(loss, theta, i) else 'wrong'
        if _worse(error, biggest):
            worst, biggest = i, error
    word = 'wrong'
    return word, worst


def wrong__sign_ignored__matrices(loss, claimed, theta):
    """Sizes compared: |claimed| with |numeric|.
    First wrong: word
    """
    error = _error(np.abs(claimed), np.abs(_central(loss, theta)))
    worst = int(error.argmax())
    return _word(loss, theta, error, worst), worst


def wrong__sign_ignored__loops(loss, claimed, theta):
    """abs in the wrong place: abs(c) - abs(n).
    First wrong: word
    """
    errors = []
    for c, n in zip(claimed, _central(loss, theta), strict=True):
        top = abs(abs(c) - abs(n))
        errors.append(top / max(abs(c), abs(n)) if top != 0 else 0.0)
    worst = int(np.argmax(errors))
    return _word(loss, theta, errors, worst), worst


def wrong__no_kink_test__matrices(loss, claimed, theta):
    """Knows right and wrong only.
    First wrong: word
    """
    error = _error(claimed, _central(loss, theta))
    worst = int(error.argmax())
    return ('right' if error[worst] < 1e-5 else 'wrong'), worst


def wrong__no_kink_test__loops(loss, claimed, theta):
    """Compares the forward slope with itself, so there never is a kink.
    First wrong: word
    """
    h = 1e-5
    numeric = _central(loss, theta)
    worst, biggest = 0, -1.0
    for i in range(len(theta)):
        c, n = claimed[i], numeric[i]
        e = 0.0 if c == n else abs(c - n) / max(abs(c), abs(n))
        if _worse(e, biggest):
            worst, biggest = i, e
    if biggest <= 1e-5:
        return 'right', worst
    t = theta.copy()
    t[worst] += h
    forward = (loss(t) - loss(theta)) / h
    backward = (loss(t) - loss(theta)) / h
    return ('kink', worst) if abs(forward - backward) > 0.01 * abs(forward) else ('wrong', worst)


def wrong__float32__matrices(loss, claimed, theta):
    """Losses kept in single precision.
    First wrong: word
    """
    h = 1e-5
    E = h * np.eye(theta.size)
    up = np.array([loss(theta + e) for e in E], dtype=np.float32)
    down = np.array([loss(theta - e) for e in E], dtype=np.float32)
    error = _error(claimed, (up - down).astype(float) / (2 * h))
    worst = int(error.argmax())
    return _word(loss, theta, error, worst), worst


def wrong__sign__loops(loss, claimed, theta):
    """Down minus up.
    First wrong: word
    """
    h = 1e-5
    numeric = np.zeros(len(theta))
    for i in range(len(theta)):
        t = theta.copy()
        t[i] -= h
        low = loss(t)
        t[i] += 2 * h
        numeric[i] = (low - loss(t)) / (2 * h)
    error = _error(claimed, numeric)
    worst = int(error.argmax())
    return _word(loss, theta, error, worst), worst


def wrong__last_only__loops(loss, claimed, theta):
    """word and worst are overwritten in every round: the last entry decides.
    First wrong: word
    """
    numeric = _central(loss, theta)
    for i in range(len(theta)):
        error = _error(claimed[i:i + 1], numeric[i:i + 1])[0]
        word, worst = 'right', i
        if not error <= 1e-5:
            word = 'kink' if _kink(loss, theta, i) else 'wrong'
    return word, worst


# ---------------------------------------------------------------- two at once

def pair__no_kink_test__sign_ignored__matrices(loss, claimed, theta):
    """Sizes compared, kinks unknown.
    First wrong: word
    """
    error = _error(np.abs(claimed), np.abs(_central(loss, theta)))
    worst = int(error.argmax())
    return ('wrong' if error[worst] > 1e-5 or np.isnan(error[worst]) else 'right'), worst


def pair__absolute_tolerance__no_kink_test__loops(loss, claimed, theta):
    """Plain difference, two words.
    First wrong: word
    """
    numeric = _central(loss, theta)
    word, worst = 'right', 0
    for i in range(len(theta)):
        if _worse(abs(claimed[i] - numeric[i]), abs(claimed[worst] - numeric[worst])):
            worst = i
        if not abs(claimed[i] - numeric[i]) <= 1e-5:
            word = 'wrong'
    return word, worst


# ---------------------------------------------------------------- not in the catalogue

def outside__best_for_worst__matrices(loss, claimed, theta):
    """argmin is returned.
    First wrong: worst
    """
    error = _error(claimed, _central(loss, theta))
    return _word(loss, theta, error, int(error.argmax())), int(error.argmin())


def outside__index_from_one__loops(loss, claimed, theta):
    """Counts the entries from 1.
    First wrong: worst
    """
    error = _error(claimed, _central(loss, theta))
    worst = 0
    for i in range(len(error)):
        if _worse(error[i], error[worst]):
            worst = i
    return _word(loss, theta, error, worst), worst + 1


def outside__index_of_largest_difference__matrices(loss, claimed, theta):
    """The word from the relative error, the index from the plain difference.
    First wrong: worst
    """
    numeric = _central(loss, theta)
    error = _error(claimed, numeric)
    return _word(loss, theta, error, int(error.argmax())), int(np.abs(claimed - numeric).argmax())


def outside__index_of_largest_gradient__loops(loss, claimed, theta):
    """The entry with the largest claimed gradient is taken for the worst.
    First wrong: worst
    """
    error = _error(claimed, _central(loss, theta))
    worst = 0
    for i in range(len(claimed)):
        if abs(claimed[i]) > abs(claimed[worst]):
            worst = i
    return _word(loss, theta, error, int(error.argmax())), worst


def outside__only_the_direction__matrices(loss, claimed, theta):
    """Cosine between the two gradients: a doubled gradient passes.
    First wrong: word
    """
    numeric = _central(loss, theta)
    error = _error(claimed, numeric)
    worst = int(error.argmax())
    cosine = claimed @ numeric / (np.linalg.norm(claimed) * np.linalg.norm(numeric) + 1e-300)
    if cosine > 1 - 1e-9:
        return 'right', worst
    return ('kink' if _kink(loss, theta, worst) else 'wrong'), worst


def outside__only_the_length__matrices(loss, claimed, theta):
    """Norm against norm: two exchanged entries pass.
    First wrong: word
    """
    numeric = _central(loss, theta)
    error = _error(claimed, numeric)
    worst = int(error.argmax())
    a, b = np.linalg.norm(claimed), np.linalg.norm(numeric)
    if abs(a - b) <= 1e-5 * max(a, b):
        return 'right', worst
    return ('kink' if _kink(loss, theta, worst) else 'wrong'), worst


def outside__tolerance_a_half__loops(loss, claimed, theta):
    """Up to 50 percent off counts as right.
    First wrong: word
    """
    error = _error(claimed, _central(loss, theta))
    worst = max(range(len(error)), key=lambda i: np.inf if error[i] != error[i] else error[i])
    return _word(loss, theta, error, worst, tol=0.5), worst


def outside__tolerance_far_too_strict__matrices(loss, claimed, theta):
    """1e-14: rounding alone makes everything wrong.
    First wrong: word
    """
    error = _error(claimed, _central(loss, theta))
    worst = int(error.argmax())
    return _word(loss, theta, error, worst, tol=1e-14), worst


def outside__words_exchanged__loops(loss, claimed, theta):
    """'kink' and 'wrong' exchanged.
    First wrong: word
    """
    error = _error(claimed, _central(loss, theta))
    worst = int(np.argmax(error))
    if error[worst] < 1e-5:
        return 'right', worst
    if _kink(loss, theta, worst):
        return 'wrong', worst
    return 'kink', worst


def outside__any_kink_anywhere_near__matrices(loss, claimed, theta):
    """Looks for kinks with a step of 0.5: every bend is a kink.
    First wrong: word
    """
    error = _error(claimed, _central(loss, theta))
    worst = int(error.argmax())
    if error[worst] < 1e-5:
        return 'right', worst
    return ('kink' if _kink(loss, theta, worst, h=0.5) else 'wrong'), worst


def outside__stops_before_the_last__loops(loss, claimed, theta):
    """range(P - 1): the last entry is never compared.
    First wrong: word
    """
    numeric = _central(loss, theta)
    error = _error(claimed, numeric)
    worst = 0
    for i in range(len(theta) - 1):
        if _worse(error[i], error[worst]):
            worst = i
    return _word(loss, theta, error, worst), worst
