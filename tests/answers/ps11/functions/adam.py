"""Learners' answers to ps11, adam(w, m, s, g, step, eta, beta1, beta2, epsilon) -> (w, m, s); step counts from 1."""
import math

import numpy as np


# ---------------------------------------------------------------- right

def right__as_on_the_slide(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """Two running means, two corrections, one step."""
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**step)
    s_hat = s / (1 - beta2**step)
    return w - eta * m_hat / (np.sqrt(s_hat) + epsilon), m, s


def right__slow_loop(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """Weight by weight; the powers by multiplying step times."""
    w, m, s = list(w), list(m), list(s)
    power1 = power2 = 1.0
    for _ in range(int(step)):
        power1 *= beta1
        power2 *= beta2
    for i in range(len(w)):
        m[i] = m[i] * beta1 + g[i] * (1 - beta1)
        s[i] = s[i] * beta2 + g[i] * g[i] * (1 - beta2)
        first = m[i] / (1 - power1)
        second = s[i] / (1 - power2)
        w[i] = w[i] - eta * first / (math.sqrt(second) + epsilon)
    return np.array(w), np.array(m), np.array(s)


def right__moving_towards_g(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """m moves towards g by 1 - beta1; corrections pulled into eta and epsilon."""
    m1 = m + (1 - beta1) * (g - m)
    s1 = s + (1 - beta2) * (g * g - s)
    root = math.sqrt(1 - beta2**step)
    rate = eta * root / (1 - beta1**step)
    return w - rate * m1 / (np.sqrt(s1) + epsilon * root), m1, s1


def right__einsum_and_powers(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """Weights of the means as vectors, einsum; 1 - beta**t as a geometric sum."""
    c1 = (1 - beta1) * sum(beta1**k for k in range(int(step)))
    c2 = (1 - beta2) * sum(beta2**k for k in range(int(step)))
    m = np.einsum('i,ip->p', [beta1, 1 - beta1], np.stack([m, g]))
    s = np.einsum('i,ip->p', [beta2, 1 - beta2], np.stack([s, np.square(g)]))
    return w - eta * (m / c1) / ((s / c2) ** 0.5 + epsilon), m, s


# ---------------------------------------------------------------- helpers

def _moments(m, s, g, beta1, beta2):
    return beta1 * m + (1 - beta1) * g, beta2 * s + (1 - beta2) * g * g


def _mean(old, new, keep):
    """One number of a running mean."""
    return keep * old + (1 - keep) * new


# ---------------------------------------------------------------- bias correction

def wrong__no_bias_correction__matrices(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """m and s as they are.
    First wrong: w
    """
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g**2
    w = w - eta * m / (np.sqrt(s) + epsilon)
    return w, m, s


def wrong__no_bias_correction__loops(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """step is never used.
    First wrong: w
    """
    new = [[], [], []]
    for wi, mi, si, gi in zip(w, m, s, g, strict=True):
        mi = _mean(mi, gi, beta1)
        si = _mean(si, gi**2, beta2)
        new[0].append(wi - eta * mi / (math.sqrt(si) + epsilon))
        new[1].append(mi)
        new[2].append(si)
    return tuple(np.array(q) for q in new)


def wrong__bias_correction_from_zero__matrices(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """Counts steps from 0: beta**(step - 1); 0/0 in the first step.
    First wrong: w
    """
    t = step - 1
    m, s = _moments(m, s, g, beta1, beta2)
    m_hat = m / (1 - beta1**t)
    s_hat = s / (1 - beta2**t)
    return w - eta * m_hat / (np.sqrt(s_hat) + epsilon), m, s


def wrong__bias_correction_from_zero__loops(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """Powers multiplied up in range(1, step): one factor too few.
    First wrong: w
    """
    b1 = b2 = np.float64(1)
    for _ in range(1, int(step)):
        b1, b2 = b1 * beta1, b2 * beta2
    w, m, s = w.copy(), m.copy(), s.copy()
    for i in range(len(w)):
        m[i] = _mean(m[i], g[i], beta1)
        s[i] = _mean(s[i], g[i] ** 2, beta2)
        w[i] -= eta * (m[i] / (1 - b1)) / (np.sqrt(s[i] / (1 - b2)) + epsilon)
    return w, m, s


def wrong__correction_first_only__matrices(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """Only m is corrected.
    First wrong: w
    """
    m, s = _moments(m, s, g, beta1, beta2)
    mc = m / (1 - beta1**step)
    return w - eta * mc / (np.sqrt(s) + epsilon), m, s


def wrong__correction_first_only__loops(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """s_hat is computed and forgotten: the root is taken of s.
    First wrong: w
    """
    w, m, s = w.copy(), m.copy(), s.copy()
    for i in range(w.size):
        m[i] = beta1 * m[i] + (1 - beta1) * g[i]
        s[i] = beta2 * s[i] + (1 - beta2) * g[i] ** 2
        m_hat, _s_hat = m[i] / (1 - beta1**step), s[i] / (1 - beta2**step)
        w[i] -= eta * m_hat / (math.sqrt(s[i]) + epsilon)
    return w, m, s


def wrong__correction_second_only__matrices(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """Only s is corrected.
    First wrong: w
    """
    m, s = _moments(m, s, g, beta1, beta2)
    return w - eta * m / (np.sqrt(s / (1 - beta2**step)) + epsilon), m, s


def wrong__correction_second_only__loops(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """The first moment goes in raw.
    First wrong: w
    """
    P = len(w)
    W, M, S = np.zeros(P), np.zeros(P), np.zeros(P)
    for p in range(P):
        M[p] = _mean(m[p], g[p], beta1)
        S[p] = _mean(s[p], g[p] * g[p], beta2)
        hat = S[p] / (1.0 - beta2**step)
        W[p] = w[p] - eta * M[p] / (hat**0.5 + epsilon)
    return W, M, S


def wrong__corrected_moments_stored__matrices(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """m and s are overwritten with the corrected ones and returned.
    First wrong: m
    """
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g**2
    m = m / (1 - beta1**step)
    s = s / (1 - beta2**step)
    return w - eta * m / (np.sqrt(s) + epsilon), m, s


def wrong__corrected_moments_stored__loops(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """Correction in the same line as the mean.
    First wrong: m
    """
    w, m, s = np.copy(w), np.copy(m), np.copy(s)
    for j in range(len(w)):
        m[j] = (beta1 * m[j] + (1 - beta1) * g[j]) / (1 - beta1**step)
        s[j] = (beta2 * s[j] + (1 - beta2) * g[j] ** 2) / (1 - beta2**step)
        w[j] = w[j] - eta * m[j] / (s[j] ** 0.5 + epsilon)
    return w, m, s


# ---------------------------------------------------------------- root and epsilon

def wrong__epsilon_in_root__matrices(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """sqrt(s_hat + epsilon).
    First wrong: w
    """
    m, s = _moments(m, s, g, beta1, beta2)
    m_hat = m / (1 - beta1**step)
    s_hat = s / (1 - beta2**step)
    return w - eta * m_hat / np.sqrt(s_hat + epsilon), m, s


def wrong__epsilon_in_root__loops(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """The bracket of the root closes one place too late.
    First wrong: w
    """
    w, m, s = w.copy(), m.copy(), s.copy()
    for i, gi in enumerate(g):
        m[i] = _mean(m[i], gi, beta1)
        s[i] = _mean(s[i], gi * gi, beta2)
        w[i] -= eta * m[i] / (1 - beta1**step) / math.sqrt(s[i] / (1 - beta2**step) + epsilon)
    return w, m, s


def wrong__epsilon_missing__matrices(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """Divided by the bare root.
    First wrong: w
    """
    m, s = _moments(m, s, g, beta1, beta2)
    return w - eta * (m / (1 - beta1**step)) / np.sqrt(s / (1 - beta2**step)), m, s


def wrong__epsilon_missing__loops(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """epsilon does not occur.
    First wrong: w
    """
    scale = math.sqrt(1 - beta2**step) / (1 - beta1**step)
    out = np.zeros((3, len(w)))
    for i in range(len(w)):
        out[1, i] = _mean(m[i], g[i], beta1)
        out[2, i] = _mean(s[i], g[i] ** 2, beta2)
        out[0, i] = w[i] - eta * scale * out[1, i] / math.sqrt(out[2, i])
    return out[0], out[1], out[2]


def wrong__no_root__matrices(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """Divided by s_hat itself.
    First wrong: w
    """
    m, s = _moments(m, s, g, beta1, beta2)
    m_hat, s_hat = m / (1 - beta1**step), s / (1 - beta2**step)
    return w - eta * m_hat / (s_hat + epsilon), m, s


def wrong__no_root__loops(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """No sqrt in the denominator.
    First wrong: w
    """
    w_new, m_new, s_new = [], [], []
    for i in range(len(w)):
        m_new += [beta1 * m[i] + (1 - beta1) * g[i]]
        s_new += [beta2 * s[i] + (1 - beta2) * g[i] ** 2]
        top = m_new[i] / (1 - beta1**step)
        bottom = s_new[i] / (1 - beta2**step) + epsilon
        w_new += [w[i] - eta * top / bottom]
    return np.array(w_new), np.array(m_new), np.array(s_new)


# ---------------------------------------------------------------- the means

def wrong__second_moment_not_squared__matrices(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """|g| in s, not g squared.
    First wrong: w
    """
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * np.abs(g)
    return w - eta * m / (1 - beta1**step) / (np.sqrt(s / (1 - beta2**step)) + epsilon), m, s


def wrong__second_moment_not_squared__loops(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """The same line copied for s with beta2: g instead of g*g (the root of a negative number is possible).
    First wrong: w
    """
    w, m, s = w.copy(), m.copy(), s.copy()
    for i in range(len(w)):
        m[i] = beta1 * m[i] + (1 - beta1) * g[i]
        s[i] = beta2 * s[i] + (1 - beta2) * g[i]
        m_hat = m[i] / (1 - beta1**step)
        s_hat = s[i] / (1 - beta2**step)
        w[i] -= eta * m_hat / (np.sqrt(s_hat) + epsilon)
    return w, m, s


def wrong__decay_rates_swapped__matrices(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """(1 - beta)*old + beta*new in both means.
    First wrong: w
    """
    m = (1 - beta1) * m + beta1 * g
    s = (1 - beta2) * s + beta2 * g**2
    return w - eta * m / (1 - beta1**step) / (np.sqrt(s / (1 - beta2**step)) + epsilon), m, s


def wrong__decay_rates_swapped__loops(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """Arguments of the helper in the wrong order: mean(new, old).
    First wrong: w
    """
    w, m, s = w.copy(), m.copy(), s.copy()
    for i in range(len(w)):
        m[i] = _mean(g[i], m[i], beta1)
        s[i] = _mean(g[i] ** 2, s[i], beta2)
        step_i = (m[i] / (1 - beta1**step)) / ((s[i] / (1 - beta2**step)) ** 0.5 + epsilon)
        w[i] -= eta * step_i
    return w, m, s


def wrong__betas_swapped__matrices(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """beta2 for m and beta1 for s, corrections alike.
    First wrong: w
    """
    m = beta2 * m + (1 - beta2) * g
    s = beta1 * s + (1 - beta1) * g**2
    return w - eta * m / (1 - beta2**step) / (np.sqrt(s / (1 - beta1**step)) + epsilon), m, s


def wrong__betas_swapped__loops(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """Unpacked in the wrong order.
    First wrong: w
    """
    slow, fast = beta1, beta2
    out_w, out_m, out_s = [], [], []
    for wi, mi, si, gi in zip(w, m, s, g, strict=True):
        mi = fast * mi + (1 - fast) * gi
        si = slow * si + (1 - slow) * gi**2
        out_m.append(mi)
        out_s.append(si)
        out_w.append(wi - eta * (mi / (1 - fast**step)) / (math.sqrt(si / (1 - slow**step)) + epsilon))
    return np.array(out_w), np.array(out_m), np.array(out_s)


def wrong__betas_swapped__matrices__2(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """Means right, but the corrections have each other's beta.
    First wrong: w
    """
    m, s = _moments(m, s, g, beta1, beta2)
    return w - eta * m / (1 - beta2**step) / (np.sqrt(s / (1 - beta1**step)) + epsilon), m, s


def wrong__beta_forgotten__matrices(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """Old m kept in full.
    First wrong: w
    """
    m = m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g**2
    return w - eta * m / (1 - beta1**step) / (np.sqrt(s / (1 - beta2**step)) + epsilon), m, s


def wrong__beta_forgotten__loops(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """+= (1 - beta)... in both means: the old ones do not decay.
    First wrong: w
    """
    w, m, s = w.copy(), m.copy(), s.copy()
    for i in range(len(w)):
        m[i] += (1 - beta1) * g[i]
        s[i] += (1 - beta2) * g[i] ** 2
        w[i] -= eta * m[i] / (1 - beta1**step) / (math.sqrt(s[i] / (1 - beta2**step)) + epsilon)
    return w, m, s


def wrong__velocity_reset__matrices(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """m and s set to zero at the top of the function.
    First wrong: w
    """
    m = np.zeros_like(w)
    s = np.zeros_like(w)
    m, s = _moments(m, s, g, beta1, beta2)
    return w - eta * m / (1 - beta1**step) / (np.sqrt(s / (1 - beta2**step)) + epsilon), m, s


def wrong__velocity_reset__loops(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """m starts at 0 for each weight; s is carried on.
    First wrong: w
    """
    n = len(w)
    W, M, S = np.zeros(n), np.zeros(n), np.zeros(n)
    for i in range(n):
        M[i] = beta1 * M[i] + (1 - beta1) * g[i]
        S[i] = beta2 * s[i] + (1 - beta2) * g[i] ** 2
        W[i] = w[i] - eta * M[i] / (1 - beta1**step) / (math.sqrt(S[i] / (1 - beta2**step)) + epsilon)
    return W, M, S


def wrong__old_velocity__matrices(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """Step with the moments from before the update.
    First wrong: w
    """
    w = w - eta * (m / (1 - beta1**step)) / (np.sqrt(s / (1 - beta2**step)) + epsilon)
    m, s = _moments(m, s, g, beta1, beta2)
    return w, m, s


def wrong__old_velocity__loops(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """m_hat from the old m, s_hat from the new s.
    First wrong: w
    """
    w_new, m_new, s_new = np.empty(len(w)), np.empty(len(w)), np.empty(len(w))
    for i in range(len(w)):
        m_new[i] = _mean(m[i], g[i], beta1)
        s_new[i] = _mean(s[i], g[i] ** 2, beta2)
        m_hat = m[i] / (1 - beta1**step)
        s_hat = s_new[i] / (1 - beta2**step)
        w_new[i] = w[i] - eta * m_hat / (math.sqrt(s_hat) + epsilon)
    return w_new, m_new, s_new


def wrong__gradient_for_moment__matrices(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """g over the root, m only kept.
    First wrong: w
    """
    m, s = _moments(m, s, g, beta1, beta2)
    return w - eta * g / (np.sqrt(s / (1 - beta2**step)) + epsilon), m, s


def wrong__gradient_for_moment__loops(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """As RMSprop with corrected s.
    First wrong: w
    """
    w, m, s = w.copy(), m.copy(), s.copy()
    for k in range(len(g)):
        m[k] = beta1 * m[k] + (1 - beta1) * g[k]
        s[k] = beta2 * s[k] + (1 - beta2) * g[k] ** 2
        root = math.sqrt(s[k] / (1 - beta2**step))
        w[k] = w[k] - eta * g[k] / (root + epsilon)
    return w, m, s


# ---------------------------------------------------------------- the step

def wrong__ascent__matrices(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """Plus.
    First wrong: w
    """
    m, s = _moments(m, s, g, beta1, beta2)
    w = w + eta * (m / (1 - beta1**step)) / (np.sqrt(s / (1 - beta2**step)) + epsilon)
    return w, m, s


def wrong__ascent__loops(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """w[i] += step.
    First wrong: w
    """
    w, m, s = w.copy(), m.copy(), s.copy()
    for i in range(len(w)):
        m[i] = _mean(m[i], g[i], beta1)
        s[i] = _mean(s[i], g[i] ** 2, beta2)
        w[i] += eta * m[i] / (1 - beta1**step) / (math.sqrt(s[i] / (1 - beta2**step)) + epsilon)
    return w, m, s


def wrong__eta_forgotten__matrices(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """Full step.
    First wrong: w
    """
    m, s = _moments(m, s, g, beta1, beta2)
    return w - (m / (1 - beta1**step)) / (np.sqrt(s / (1 - beta2**step)) + epsilon), m, s


def wrong__eta_forgotten__loops(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """eta is an argument that nobody reads.
    First wrong: w
    """
    ws, ms, ss = [], [], []
    c1, c2 = 1 - beta1**step, 1 - beta2**step
    for a, b, c, d in zip(w, m, s, g, strict=True):
        ms.append(b * beta1 + d * (1 - beta1))
        ss.append(c * beta2 + d * d * (1 - beta2))
        ws.append(a - ms[-1] / c1 / (math.sqrt(ss[-1] / c2) + epsilon))
    return np.array(ws), np.array(ms), np.array(ss)


def wrong__eta_twice__matrices(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """eta**2 in effect: in the numerator and in front.
    First wrong: w
    """
    m, s = _moments(m, s, g, beta1, beta2)
    direction = eta * (m / (1 - beta1**step)) / (np.sqrt(s / (1 - beta2**step)) + epsilon)
    return w - eta * direction, m, s


def wrong__old_value_lost__matrices(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """The step is returned as the new w.
    First wrong: w
    """
    m, s = _moments(m, s, g, beta1, beta2)
    w = -eta * (m / (1 - beta1**step)) / (np.sqrt(s / (1 - beta2**step)) + epsilon)
    return w, m, s


def wrong__old_value_lost__loops(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """New weights start at zero.
    First wrong: w
    """
    w_new, m, s = np.zeros(len(w)), m.copy(), s.copy()
    for i in range(len(w)):
        m[i] = _mean(m[i], g[i], beta1)
        s[i] = _mean(s[i], g[i] ** 2, beta2)
        w_new[i] -= eta * m[i] / (1 - beta1**step) / (math.sqrt(s[i] / (1 - beta2**step)) + epsilon)
    return w_new, m, s


def wrong__nothing_moved__matrices(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """w_new is computed, w returned.
    First wrong: w
    """
    m, s = _moments(m, s, g, beta1, beta2)
    w_new = w - eta * (m / (1 - beta1**step)) / (np.sqrt(s / (1 - beta2**step)) + epsilon)
    return w.copy(), m, s


def wrong__state_not_returned__matrices(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """Old m and s handed back.
    First wrong: m
    """
    m_new, s_new = _moments(m, s, g, beta1, beta2)
    w_new = w - eta * (m_new / (1 - beta1**step)) / (np.sqrt(s_new / (1 - beta2**step)) + epsilon)
    return w_new, m.copy(), s.copy()


def wrong__state_not_returned__loops(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """s is updated in a local number only.
    First wrong: s
    """
    w, m = w.copy(), m.copy()
    for i in range(len(w)):
        m[i] = _mean(m[i], g[i], beta1)
        s_i = _mean(s[i], g[i] ** 2, beta2)
        w[i] -= eta * m[i] / (1 - beta1**step) / (math.sqrt(s_i / (1 - beta2**step)) + epsilon)
    return w, m, np.array(s)


def wrong__eta_over_n__loops(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """Step shared among the P weights.
    First wrong: w
    """
    w, m, s = w.copy(), m.copy(), s.copy()
    P = len(w)
    for i in range(P):
        m[i] = _mean(m[i], g[i], beta1)
        s[i] = _mean(s[i], g[i] ** 2, beta2)
        w[i] -= eta / P * m[i] / (1 - beta1**step) / (math.sqrt(s[i] / (1 - beta2**step)) + epsilon)
    return w, m, s


def wrong__sign__matrices(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """beta1*m - (1 - beta1)*g.
    First wrong: w
    """
    m = beta1 * m - (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g**2
    return w - eta * m / (1 - beta1**step) / (np.sqrt(s / (1 - beta2**step)) + epsilon), m, s


def wrong__factor_two__matrices(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """2*g (the derivative of g**2) in s.
    First wrong: w
    """
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * 2 * g**2
    return w - eta * m / (1 - beta1**step) / (np.sqrt(s / (1 - beta2**step)) + epsilon), m, s


def wrong__factor_half__loops(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """Half a step.
    First wrong: w
    """
    w, m, s = w.copy(), m.copy(), s.copy()
    for i in range(len(w)):
        m[i] = _mean(m[i], g[i], beta1)
        s[i] = _mean(s[i], g[i] ** 2, beta2)
        change = eta * m[i] / (1 - beta1**step) / (math.sqrt(s[i] / (1 - beta2**step)) + epsilon)
        w[i] = w[i] - 0.5 * change
    return w, m, s


def wrong__first_only__loops(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """return slipped into the loop.
    First wrong: w
    """
    w, m, s = w.copy(), m.copy(), s.copy()
    for i in range(len(w)):
        m[i] = _mean(m[i], g[i], beta1)
        s[i] = _mean(s[i], g[i] ** 2, beta2)
        w[i] -= eta * m[i] / (1 - beta1**step) / (math.sqrt(s[i] / (1 - beta2**step)) + epsilon)
        return w, m, s


def wrong__absolute_values__matrices(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """abs(m_hat) over the root: every weight goes down.
    First wrong: w
    """
    m, s = _moments(m, s, g, beta1, beta2)
    m_hat = np.abs(m) / (1 - beta1**step)
    return w - eta * m_hat / (np.sqrt(s / (1 - beta2**step)) + epsilon), m, s


def wrong__float32__matrices(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """float32 as in a framework, float64 only at the end.
    First wrong: w
    """
    w, m, s, g = (q.astype('float32') for q in (w, m, s, g))
    m = np.float32(beta1) * m + np.float32(1 - beta1) * g
    s = np.float32(beta2) * s + np.float32(1 - beta2) * g**2
    m_hat = m / np.float32(1 - beta1**step)
    s_hat = s / np.float32(1 - beta2**step)
    w = w - np.float32(eta) * m_hat / (np.sqrt(s_hat) + np.float32(epsilon))
    return w.astype(float), m.astype(float), s.astype(float)


def wrong__constant_for_formula__matrices(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """The paper's 0.9, 0.999 and 1e-8 typed in.
    First wrong: w
    """
    m = 0.9 * m + 0.1 * g
    s = 0.999 * s + 0.001 * g**2
    return w - eta * m / (1 - 0.9**step) / (np.sqrt(s / (1 - 0.999**step)) + 1e-8), m, s


# ---------------------------------------------------------------- two at once

def pair__no_bias_correction__epsilon_in_root__matrices(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """No corrections, and epsilon under the root.
    First wrong: w
    """
    m, s = _moments(m, s, g, beta1, beta2)
    return w - eta * m / np.sqrt(s + epsilon), m, s


def pair__second_moment_not_squared__no_root__loops(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """|g| in s and no root either.
    First wrong: w
    """
    w, m, s = w.copy(), m.copy(), s.copy()
    for i in range(len(w)):
        m[i] = _mean(m[i], g[i], beta1)
        s[i] = _mean(s[i], abs(g[i]), beta2)
        w[i] -= eta * m[i] / (1 - beta1**step) / (s[i] / (1 - beta2**step) + epsilon)
    return w, m, s


def pair__bias_correction_from_zero__ascent__matrices(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """step - 1 in the powers, and uphill.
    First wrong: w
    """
    m, s = _moments(m, s, g, beta1, beta2)
    t = step - 1
    return w + eta * m / (1 - beta1**t) / (np.sqrt(s / (1 - beta2**t)) + epsilon), m, s


def pair__no_bias_correction__ascent__loops(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """Plus sign, and m and s uncorrected.
    First wrong: w
    """
    w, m, s = w.copy(), m.copy(), s.copy()
    for i in range(len(w)):
        m[i] = _mean(m[i], g[i], beta1)
        s[i] = _mean(s[i], g[i] ** 2, beta2)
        w[i] += eta * m[i] / (math.sqrt(s[i]) + epsilon)
    return w, m, s


# ---------------------------------------------------------------- not in the catalogue

def outside__correction_multiplied__matrices(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """Times (1 - beta**step) where it is divided.
    First wrong: w
    """
    m, s = _moments(m, s, g, beta1, beta2)
    m_hat = m * (1 - beta1**step)
    s_hat = s * (1 - beta2**step)
    return w - eta * m_hat / (np.sqrt(s_hat) + epsilon), m, s


def outside__step_plus_one__loops(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """Thinks that step counts from 0 and adds one.
    First wrong: w
    """
    w, m, s = w.copy(), m.copy(), s.copy()
    t = step + 1
    for i in range(len(w)):
        m[i] = _mean(m[i], g[i], beta1)
        s[i] = _mean(s[i], g[i] ** 2, beta2)
        w[i] -= eta * m[i] / (1 - beta1**t) / (math.sqrt(s[i] / (1 - beta2**t)) + epsilon)
    return w, m, s


def outside__power_forgotten__matrices(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """1 - beta in the corrections at every step, no power.
    First wrong: w
    """
    m, s = _moments(m, s, g, beta1, beta2)
    return w - eta * m / (1 - beta1) / (np.sqrt(s / (1 - beta2)) + epsilon), m, s


def outside__moment_of_the_moment__matrices(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """s from the new m, squared.
    First wrong: w
    """
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * m**2
    return w - eta * m / (1 - beta1**step) / (np.sqrt(s / (1 - beta2**step)) + epsilon), m, s


def outside__one_minus_beta_missing__loops(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """beta1*m + g as in momentum; s as it should be.
    First wrong: w
    """
    w, m, s = w.copy(), m.copy(), s.copy()
    for i in range(len(w)):
        m[i] = beta1 * m[i] + g[i]
        s[i] = beta2 * s[i] + (1 - beta2) * g[i] ** 2
        w[i] -= eta * m[i] / (1 - beta1**step) / (math.sqrt(s[i] / (1 - beta2**step)) + epsilon)
    return w, m, s


def outside__epsilon_before_correction__matrices(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """Corrections pulled into eta, epsilon left as it was (the paper's epsilon hat).
    First wrong: w
    """
    m, s = _moments(m, s, g, beta1, beta2)
    eta_t = eta * np.sqrt(1 - beta2**step) / (1 - beta1**step)
    return w - eta_t * m / (np.sqrt(s) + epsilon), m, s


def outside__largest_second_moment__loops(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """Larger of the decayed s and g**2, as AdaMax does, with the root kept.
    First wrong: w
    """
    w, m, s = w.copy(), m.copy(), s.copy()
    for i in range(len(w)):
        m[i] = _mean(m[i], g[i], beta1)
        s[i] = max(beta2 * s[i], g[i] ** 2)
        w[i] -= eta * m[i] / (1 - beta1**step) / (math.sqrt(s[i] / (1 - beta2**step)) + epsilon)
    return w, m, s


def outside__weight_decay__matrices(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """Shrinks w by 0.01*eta on the way.
    First wrong: w
    """
    m, s = _moments(m, s, g, beta1, beta2)
    step_vector = (m / (1 - beta1**step)) / (np.sqrt(s / (1 - beta2**step)) + epsilon)
    return w - eta * (step_vector + 0.01 * w), m, s


def outside__centred_second_moment__matrices(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """(g - m)**2, a variance.
    First wrong: w
    """
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * (g - m) ** 2
    return w - eta * m / (1 - beta1**step) / (np.sqrt(s / (1 - beta2**step)) + epsilon), m, s


def outside__one_second_moment_for_all__loops(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """Divides by the root of the mean of all s.
    First wrong: w
    """
    w, m, s = w.copy(), m.copy(), s.copy()
    for i in range(len(w)):
        m[i] = _mean(m[i], g[i], beta1)
        s[i] = _mean(s[i], g[i] ** 2, beta2)
    common = sum(s) / len(s)
    for i in range(len(w)):
        w[i] -= eta * m[i] / (1 - beta1**step) / (math.sqrt(common / (1 - beta2**step)) + epsilon)
    return w, m, s


def outside__first_weight_missed__loops(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """range(1, len(w)) counts from 1: it is the first weight that stays.
    First wrong: w
    """
    w, m, s = w.copy(), m.copy(), s.copy()
    for i in range(1, len(w)):
        m[i] = _mean(m[i], g[i], beta1)
        s[i] = _mean(s[i], g[i] ** 2, beta2)
        w[i] -= eta * m[i] / (1 - beta1**step) / (math.sqrt(s[i] / (1 - beta2**step)) + epsilon)
    return w, m, s


def outside__moments_returned_in_wrong_order__matrices(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """return w, s, m.
    First wrong: m
    """
    m, s = _moments(m, s, g, beta1, beta2)
    return w - eta * m / (1 - beta1**step) / (np.sqrt(s / (1 - beta2**step)) + epsilon), s, m


def outside__always_moves_by_eta__loops(w, m, s, g, step, eta, beta1, beta2, epsilon):
    """First step of Adam always moves by eta, so w - eta*sign(g), whatever the step.
    First wrong: w
    """
    w, m, s = w.copy(), m.copy(), s.copy()
    for i in range(len(w)):
        m[i] = _mean(m[i], g[i], beta1)
        s[i] = _mean(s[i], g[i] ** 2, beta2)
        w[i] -= eta if g[i] > 0 else -eta
    return w, m, s
