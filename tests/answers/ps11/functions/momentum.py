"""Learners' answers to ps11, momentum(w, v, g, eta, beta) -> (w, v); v = beta*v + g, then a step along v."""
import numpy as np


# ---------------------------------------------------------------- right

def right__two_lines(w, v, g, eta, beta):
    """New velocity, then the step along it."""
    v = beta * v + g
    return w - eta * v, v


def right__slow_loop(w, v, g, eta, beta):
    """One weight at a time, collected in lists."""
    new_w, new_v = [], []
    for i in range(len(w)):
        speed = beta * v[i]
        speed = speed + g[i]
        new_v.append(speed)
        new_w.append(w[i] - eta * speed)
    return np.array(new_w), np.array(new_v)


def right__in_two_parts(w, v, g, eta, beta):
    """Gradient step first, then the drift of the old velocity."""
    after_gradient = w - eta * g
    after_drift = after_gradient - eta * beta * v
    return after_drift, np.add(g, np.multiply(beta, v))


def right__one_matrix(w, v, g, eta, beta):
    """(w, v, g) times a 2x3 matrix."""
    M = np.array([[1.0, -eta * beta, -eta], [0.0, beta, 1.0]])
    w_new, v_new = M @ np.vstack([w, v, g])
    return w_new, v_new


# ---------------------------------------------------------------- one slip

def wrong__ascent__matrices(w, v, g, eta, beta):
    """Uphill: plus eta*v.
    First wrong: w
    """
    v = beta * v + g
    w = w + eta * v
    return w, v


def wrong__ascent__loops(w, v, g, eta, beta):
    """Adds the step.
    First wrong: w
    """
    w, v = w.copy(), v.copy()
    for k in range(w.size):
        v[k] = v[k] * beta + g[k]
        w[k] += v[k] * eta
    return w, v


def wrong__sign__matrices(w, v, g, eta, beta):
    """Gradient subtracted in the velocity and the velocity subtracted from w.
    First wrong: w
    """
    velocity = beta * v - g
    return w - eta * velocity, velocity


def wrong__sign__loops(w, v, g, eta, beta):
    """The old velocity enters with a minus.
    First wrong: w
    """
    out_w = np.zeros(len(w))
    out_v = np.zeros(len(w))
    for i, (wi, vi, gi) in enumerate(zip(w, v, g, strict=True)):
        out_v[i] = gi - beta * vi
        out_w[i] = wi - eta * out_v[i]
    return out_w, out_v


def wrong__eta_forgotten__matrices(w, v, g, eta, beta):
    """The whole velocity as step.
    First wrong: w
    """
    v_new = beta * v + g
    return w - v_new, v_new


def wrong__eta_forgotten__loops(w, v, g, eta, beta):
    """No learning rate in the loop.
    First wrong: w
    """
    ws, vs = list(w), list(v)
    for i in range(len(ws)):
        vs[i] = beta * vs[i] + g[i]
        ws[i] -= vs[i]
    return np.array(ws), np.array(vs)


def wrong__eta_twice__matrices(w, v, g, eta, beta):
    """eta in the velocity and once more in the step.
    First wrong: w
    """
    v = beta * v + eta * g
    return w - eta * v, v


def wrong__eta_twice__loops(w, v, g, eta, beta):
    """step = eta*v, then w - eta*step.
    First wrong: w
    """
    w_out, v_out = np.empty_like(w), np.empty_like(v)
    for j in range(len(w)):
        v_out[j] = g[j] + beta * v[j]
        step = eta * v_out[j]
        w_out[j] = w[j] - eta * step
    return w_out, v_out


def wrong__beta_forgotten__matrices(w, v, g, eta, beta):
    """All old gradients count fully.
    First wrong: w
    """
    v = v + g
    return w - eta * v, v


def wrong__beta_forgotten__loops(w, v, g, eta, beta):
    """v[i] += g[i].
    First wrong: w
    """
    v, w = np.array(v), np.array(w)
    for i in range(len(v)):
        v[i] += g[i]
        w[i] -= eta * v[i]
    return w, v


def wrong__old_velocity__matrices(w, v, g, eta, beta):
    """Steps along the velocity from before.
    First wrong: w
    """
    w_new = w - eta * v
    v_new = beta * v + g
    return w_new, v_new


def wrong__old_velocity__loops(w, v, g, eta, beta):
    """Moves first, updates the velocity afterwards.
    First wrong: w
    """
    W, V = w.copy(), v.copy()
    for i in range(len(W)):
        W[i] = W[i] - eta * V[i]
        V[i] = beta * V[i] + g[i]
    return W, V


def wrong__gradient_for_moment__matrices(w, v, g, eta, beta):
    """Keeps a velocity but steps along g.
    First wrong: w
    """
    v = beta * v + g
    w = w - eta * g
    return w, v


def wrong__gradient_for_moment__loops(w, v, g, eta, beta):
    """Plain gradient descent for w, the velocity is only written down.
    First wrong: w
    """
    stepped = [a - eta * b for a, b in zip(w, g, strict=True)]
    speeds = [beta * c + b for b, c in zip(g, v, strict=True)]
    return np.array(stepped), np.array(speeds)


def wrong__velocity_reset__matrices(w, v, g, eta, beta):
    """Velocity started at zero in every call.
    First wrong: w
    """
    v = np.zeros_like(w)
    v = beta * v + g
    return w - eta * v, v


def wrong__velocity_reset__loops(w, v, g, eta, beta):
    """velocity = 0.0 inside the function.
    First wrong: w
    """
    new_w, new_v = np.zeros(w.shape), np.zeros(w.shape)
    for i in range(w.shape[0]):
        velocity = 0.0
        velocity = beta * velocity + g[i]
        new_v[i] = velocity
        new_w[i] = w[i] - eta * velocity
    return new_w, new_v


def wrong__state_not_returned__matrices(w, v, g, eta, beta):
    """The new velocity has another name, the old one is returned.
    First wrong: v
    """
    v_new = beta * v + g
    w_new = w - eta * v_new
    return w_new, v.copy()


def wrong__state_not_returned__loops(w, v, g, eta, beta):
    """Velocity computed in a local number, never stored.
    First wrong: v
    """
    w = w.copy()
    for i in range(len(w)):
        vi = beta * v[i] + g[i]
        w[i] -= eta * vi
    return w, 1.0 * v


def wrong__old_value_lost__matrices(w, v, g, eta, beta):
    """w = -eta*v: the old weight is gone.
    First wrong: w
    """
    v = beta * v + g
    w = -eta * v
    return w, v


def wrong__old_value_lost__loops(w, v, g, eta, beta):
    """Only the step is stored in the new weights.
    First wrong: w
    """
    n = len(w)
    w_new, v_new = np.zeros(n), np.zeros(n)
    for i in range(n):
        v_new[i] = beta * v[i] + g[i]
        w_new[i] -= eta * v_new[i]
    return w_new, v_new


def wrong__nothing_moved__matrices(w, v, g, eta, beta):
    """The step is computed and thrown away.
    First wrong: w
    """
    v = beta * v + g
    w - eta * v
    return w.copy(), v


def wrong__nothing_moved__loops(w, v, g, eta, beta):
    """for wi in w: wi -= ... changes a number, not the array.
    First wrong: w
    """
    v_new = np.array([beta * vi + gi for vi, gi in zip(v, g, strict=True)])
    for wi, vi in zip(w, v_new, strict=True):
        wi -= eta * vi
    return np.array(w), v_new


def wrong__decay_rates_swapped__matrices(w, v, g, eta, beta):
    """(1 - beta) on the old velocity.
    First wrong: w
    """
    v = (1 - beta) * v + g
    return w - eta * v, v


def wrong__decay_rates_swapped__loops(w, v, g, eta, beta):
    """Friction 1 - beta taken for what is kept.
    First wrong: w
    """
    keep = 1.0 - beta
    w2, v2 = [], []
    for i in range(len(g)):
        v2.append(keep * v[i] + g[i])
        w2.append(w[i] - eta * v2[-1])
    return np.asarray(w2), np.asarray(v2)


def wrong__eta_over_n__matrices(w, v, g, eta, beta):
    """Divided by the number of weights.
    First wrong: w
    """
    v = beta * v + g
    return w - eta / len(w) * v, v


def wrong__factor_two__matrices(w, v, g, eta, beta):
    """2*g in the velocity.
    First wrong: w
    """
    v = beta * v + 2 * g
    return w - eta * v, v


def wrong__factor_half__loops(w, v, g, eta, beta):
    """Mean of old velocity and new one for the step.
    First wrong: w
    """
    w_new, v_new = np.zeros_like(w), np.zeros_like(v)
    for i in range(len(w)):
        v_new[i] = beta * v[i] + g[i]
        w_new[i] = w[i] - eta * v_new[i] / 2
    return w_new, v_new


def wrong__absolute_values__matrices(w, v, g, eta, beta):
    """Size of the gradient in the velocity.
    First wrong: w
    """
    v = beta * v + np.abs(g)
    return w - eta * v, v


def wrong__first_only__loops(w, v, g, eta, beta):
    """return inside the loop: one weight moves.
    First wrong: w
    """
    w, v = w.copy(), v.copy()
    for i in range(len(w)):
        v[i] = beta * v[i] + g[i]
        w[i] = w[i] - eta * v[i]
        return w, v


def wrong__last_only__loops(w, v, g, eta, beta):
    """The step stands after the loop and moves the last weight.
    First wrong: w
    """
    w, v = w.copy(), v.copy()
    for i in range(len(w)):
        v[i] = beta * v[i] + g[i]
    w[i] -= eta * v[i]
    return w, v


def wrong__mean_for_sum__matrices(w, v, g, eta, beta):
    """(beta*v + g)/2, an average of the two.
    First wrong: w
    """
    v = (beta * v + g) / 2
    return w - eta * v, v


def wrong__float32__matrices(w, v, g, eta, beta):
    """Worked in single precision.
    First wrong: w
    """
    w, v, g = (np.asarray(q, dtype=np.float32) for q in (w, v, g))
    v = np.float32(beta) * v + g
    w = w - np.float32(eta) * v
    return w.astype(np.float64), v.astype(np.float64)


def wrong__constant_for_formula__matrices(w, v, g, eta, beta):
    """0.9 and 0.1 from the example typed in for beta and eta.
    First wrong: w
    """
    v = 0.9 * v + g
    return w - 0.1 * v, v


def wrong__constant_for_formula__loops(w, v, g, eta, beta):
    """The new weight of the slide's example for every weight.
    First wrong: w
    """
    v_new = np.zeros(len(v))
    for i in range(len(v)):
        v_new[i] = beta * v[i] + g[i]
    return np.array([0.71 for _ in w]), v_new


# ---------------------------------------------------------------- another convention

def convention__momentum_ema__matrices(w, v, g, eta, beta):
    """Running mean of the gradients: (1 - beta)*g.
    First wrong: w
    """
    v = beta * v + (1 - beta) * g
    w = w - eta * v
    return w, v


def convention__momentum_ema__loops(w, v, g, eta, beta):
    """v moves by 1 - beta of the way towards g.
    First wrong: w
    """
    w_new, v_new = w.copy(), v.copy()
    for i in range(len(w)):
        v_new[i] += (1 - beta) * (g[i] - v[i])
        w_new[i] -= eta * v_new[i]
    return w_new, v_new


def convention__eta_in_velocity__matrices(w, v, g, eta, beta):
    """Velocity in units of steps: v = beta*v + eta*g, w - v.
    First wrong: w
    """
    v = beta * v + eta * g
    return w - v, v


def convention__eta_in_velocity__loops(w, v, g, eta, beta):
    """The ball's own velocity, downhill: v = beta*v - eta*g, w + v.
    First wrong: w
    """
    positions, speeds = [], []
    for x, s, slope in zip(w, v, g, strict=True):
        s = beta * s - eta * slope
        speeds.append(s)
        positions.append(x + s)
    return np.array(positions), np.array(speeds)


def convention__sign__matrices(w, v, g, eta, beta):
    """Velocity points downhill: v = beta*v - g, w + eta*v.
    First wrong: w
    """
    v = beta * v - g
    return w + eta * v, v


# ---------------------------------------------------------------- two at once

def pair__momentum_ema__ascent__matrices(w, v, g, eta, beta):
    """Running mean, and uphill.
    First wrong: w
    """
    v = beta * v + (1 - beta) * g
    return w + eta * v, v


def pair__momentum_ema__old_velocity__loops(w, v, g, eta, beta):
    """Running mean, and the step is taken before it is updated.
    First wrong: w
    """
    w, v = w.copy(), v.copy()
    for i in range(len(w)):
        w[i] -= eta * v[i]
        v[i] = beta * v[i] + (1 - beta) * g[i]
    return w, v


def pair__eta_forgotten__state_not_returned__matrices(w, v, g, eta, beta):
    """No eta, and the old velocity goes back.
    First wrong: w
    """
    new = beta * v + g
    return w - new, +v


def pair__beta_forgotten__eta_forgotten__loops(w, v, g, eta, beta):
    """Neither of the two numbers is used.
    First wrong: w
    """
    v_new = [a + b for a, b in zip(v, g, strict=True)]
    w_new = [a - b for a, b in zip(w, v_new, strict=True)]
    return np.array(w_new), np.array(v_new)


# ---------------------------------------------------------------- not in the catalogue

def outside__nesterov_step__matrices(w, v, g, eta, beta):
    """Looks ahead: steps along beta*v_new + g.
    First wrong: w
    """
    v = beta * v + g
    return w - eta * (beta * v + g), v


def outside__beta_on_gradient_too__matrices(w, v, g, eta, beta):
    """beta*(v + g).
    First wrong: w
    """
    v = beta * (v + g)
    return w - eta * v, v


def outside__eta_and_beta_exchanged__loops(w, v, g, eta, beta):
    """eta where beta belongs and the other way round.
    First wrong: w
    """
    w, v = w.copy(), v.copy()
    for i in range(len(w)):
        v[i] = eta * v[i] + g[i]
        w[i] -= beta * v[i]
    return w, v


def outside__gradient_squared__matrices(w, v, g, eta, beta):
    """g**2 in the velocity, mixed up with RMSprop.
    First wrong: w
    """
    v = beta * v + g**2
    return w - eta * v, v


def outside__gradient_stepped_twice__loops(w, v, g, eta, beta):
    """Minus eta*g and then minus eta*v as well.
    First wrong: w
    """
    w_new, v_new = np.zeros(len(w)), np.zeros(len(w))
    for i in range(len(w)):
        v_new[i] = beta * v[i] + g[i]
        w_new[i] = w[i] - eta * g[i]
        w_new[i] = w_new[i] - eta * v_new[i]
    return w_new, v_new


def outside__weight_decay__matrices(w, v, g, eta, beta):
    """+ 0.01*w slipped in.
    First wrong: w
    """
    v = beta * v + g + 0.01 * w
    return w - eta * v, v


def outside__sign_of_velocity__matrices(w, v, g, eta, beta):
    """Steps of equal length: np.sign(v).
    First wrong: w
    """
    v = beta * v + g
    return w - eta * np.sign(v), v


def outside__last_weight_missed__loops(w, v, g, eta, beta):
    """range(len(w) - 1).
    First wrong: w
    """
    w, v = w.copy(), v.copy()
    for i in range(len(w) - 1):
        v[i] = beta * v[i] + g[i]
        w[i] -= eta * v[i]
    return w, v


def outside__velocity_of_the_neighbour__loops(w, v, g, eta, beta):
    """v[i - 1] for v[i] in the update of the velocity.
    First wrong: w
    """
    w_new, v_new = np.zeros(len(w)), np.zeros(len(w))
    for i in range(len(w)):
        v_new[i] = beta * v[i - 1] + g[i]
        w_new[i] = w[i] - eta * v_new[i]
    return w_new, v_new


def outside__gradient_normalised__matrices(w, v, g, eta, beta):
    """Gradient scaled to length one before it enters.
    First wrong: w
    """
    v = beta * v + g / np.linalg.norm(g)
    return w - eta * v, v


def wrong__rounded_result__matrices(w, v, g, eta, beta):
    """Rounded results.
    First wrong: w
    """
    v = beta * v + g
    return np.round(w - eta * v, 4), np.round(v, 4)


def outside__only_downhill_velocity_kept__loops(w, v, g, eta, beta):
    """Old velocity kept only where it agrees with the gradient's sign.
    First wrong: w
    """
    w_new, v_new = np.zeros(len(w)), np.zeros(len(w))
    for i in range(len(w)):
        v_new[i] = g[i]
        if v[i] * g[i] > 0:
            v_new[i] += beta * v[i]
        w_new[i] = w[i] - eta * v_new[i]
    return w_new, v_new
