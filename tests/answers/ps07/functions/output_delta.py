"""Answers of learners to ps07, output_delta(out, target): right ones, wrong ones, other conventions."""

import math

import numpy as np


def right__error_times_slope(out, target):
    """Error times slope."""
    return (out - target) * out * (1 - out)


def right__slow_loop_with_exp(out, target):
    """Goes back to z and takes sigmoid' there, unit by unit."""
    delta = []
    for k in range(len(out)):
        z = math.log(out[k] / (1 - out[k]))
        delta.append(-(target[k] - out[k]) * math.exp(-z) / (1 + math.exp(-z)) ** 2)
    return np.array(delta)


def right__jacobian(out, target):
    """Diagonal matrix of slopes times the error."""
    return np.diag(out - out**2) @ (out - target)


def right__via_tanh(out, target):
    """Slope as (1 - tanh(z/2)^2)/4."""
    t = 2 * out - 1
    return np.subtract(out, target) * (1 - t) * (1 + t) / 4


def wrong__missing_slope__loops(out, target):
    """Only the error."""
    d = np.zeros(len(out))
    for k in range(len(out)):
        d[k] = out[k] - target[k]
    return d


def wrong__missing_slope__matrices(out, target):
    """out - target, as with softmax and cross-entropy."""
    return out - target


def wrong__slope_of_tanh__loops(out, target):
    """1 - out^2."""
    return np.array([(o - t) * (1 - o * o) for o, t in zip(out, target)])


def wrong__slope_of_tanh__matrices(out, target):
    """tanh's derivative."""
    dtanh = 1 - np.square(out)
    return dtanh * (out - target)


def wrong__one_minus_a__loops(out, target):
    """Times (1 - out) only."""
    d = np.zeros(len(out))
    for k in range(len(out)):
        d[k] = (out[k] - target[k]) * (1 - out[k])
    return d


def wrong__one_minus_a__matrices(out, target):
    """The first out was lost."""
    return (out - target) - out * (out - target)


def wrong__slope_without_one_minus_a__loops(out, target):
    """Times out, without 1 - out."""
    return np.array([(out[k] - target[k]) * out[k] for k in range(len(target))])


def wrong__slope_without_one_minus_a__matrices(out, target):
    """error * out."""
    error = out - target
    return error * out


def wrong__slope_taken_at_a__loops(out, target):
    """sigmoid_prime(out), where sigmoid_prime wants z."""

    def sigmoid(v):
        return 1 / (1 + math.exp(-v))

    delta = []
    for o, t in zip(out, target):
        delta.append((o - t) * sigmoid(o) * (1 - sigmoid(o)))
    return np.array(delta)


def wrong__slope_taken_at_a__matrices(out, target):
    """The output through the sigmoid once more."""
    s = 1 / (1 + np.exp(-out))
    return (out - target) * (s - s * s)


def wrong__slope_taken_at_z__matrices(out, target):
    """z(1 - z), z by the logit."""
    z = np.log(out) - np.log(1 - out)
    return (out - target) * z * (1 - z)


def wrong__slope_at_target__loops(out, target):
    """t (1 - t) as slope."""
    res = np.empty(len(out))
    for k, t in enumerate(target):
        res[k] = (out[k] - t) * t * (1 - t)
    return res


def wrong__slope_at_target__matrices(out, target):
    """The slope where the output should be."""
    return (out - target) * (target - target**2)


def wrong__slope_at_error__loops(out, target):
    """e * e(1 - e)."""
    delta = []
    for k in range(len(out)):
        e = out[k] - target[k]
        delta.append(e * e * (1 - e))
    return np.array(delta)


def wrong__slope_at_error__matrices(out, target):
    """Error put into sigmoid_grad."""

    def sigmoid_grad(a):
        return a * (1 - a)

    return (out - target) * sigmoid_grad(out - target)


def wrong__slope_twice__loops(out, target):
    """Multiplies by the slope for dE/dout and again for dE/dz."""
    delta = np.zeros(len(out))
    for k in range(len(out)):
        slope = out[k] * (1 - out[k])
        delta[k] = (out[k] - target[k]) * slope
        delta[k] *= slope
    return delta


def wrong__slope_twice__matrices(out, target):
    """Slope squared."""
    return (out - target) * (out * (1 - out)) ** 2


def wrong__missing_error__loops(out, target):
    """Slope only."""
    return np.array([o * (1 - o) for o in out])


def wrong__missing_error__matrices(out, target):
    """Forgot the error."""
    return out - out**2


def wrong__loss_for_error__loops(out, target):
    """1/2 (out - t)^2 times slope."""
    d = np.zeros(len(out))
    for k in range(len(out)):
        d[k] = 0.5 * (out[k] - target[k]) * (out[k] - target[k])
        d[k] *= out[k] * (1 - out[k])
    return d


def wrong__loss_for_error__matrices(out, target):
    """Did not differentiate the loss."""
    loss = (target - out) ** 2 / 2
    return loss * out * (1 - out)


def wrong__target_only__matrices(out, target):
    """target times slope."""
    return target * out * (1 - out)


def wrong__output_only__matrices(out, target):
    """The output instead of the error."""
    return out**2 * (1 - out)


def wrong__sign__loops(out, target):
    """Target minus output, and no minus in front."""
    delta = np.zeros(len(out))
    for k in range(len(out)):
        delta[k] = (target[k] - out[k]) * out[k] * (1 - out[k])
    return delta


def wrong__sign__matrices(out, target):
    """out * (out - 1) for the slope."""
    return (out - target) * out * (out - 1)


def wrong__factor_two__loops(out, target):
    """2 from the square."""
    return np.array([2 * (o - t) * o * (1 - o) for o, t in zip(out, target)])


def wrong__factor_two__matrices(out, target):
    """d/do of (o - t)^2."""
    dE = 2 * out - 2 * target
    return dE * out * (1 - out)


def wrong__factor_half__loops(out, target):
    """1/2 left standing."""
    return np.array([(o - t) / 2 * o * (1 - o) for o, t in zip(out, target)])


def wrong__factor_half__matrices(out, target):
    """0.5 * error * slope."""
    return 0.5 * (out - target) * out * (1 - out)


def wrong__absolute_values__loops(out, target):
    """abs of the error."""
    return np.array([abs(out[k] - target[k]) * out[k] * (1 - out[k]) for k in range(len(out))])


def wrong__absolute_values__matrices(out, target):
    """Positive deltas only."""
    return np.abs((out - target) * out * (1 - out))


def wrong__n_times_k__loops(out, target):
    """Divides by the number of outputs."""
    n = len(out)
    d = np.zeros(n)
    for k in range(n):
        d[k] = (out[k] - target[k]) / n * out[k] * (1 - out[k])
    return d


def wrong__matrix_for_elementwise__matrices(out, target):
    """error * (out @ (1 - out))."""
    return (out - target) * (out @ (1 - out))


def wrong__float32__matrices(out, target):
    """Single precision."""
    o, t = np.float32(out), np.float32(target)
    return ((o - t) * o * (1 - o)).astype(float)


def convention__sign__matrices(out, target):
    """Delta is -dE/dz, for weights that are changed with +=."""
    slope = out * (1 - out)
    return slope * (target - out)


def convention__factor_two__loops(out, target):
    """Squared error without the half."""
    delta = []
    for o, t in zip(out, target):
        dout = 2 * (o - t)
        delta.append(dout * (o - o * o))
    return np.array(delta)


def convention__n_times_k__matrices(out, target):
    """Mean over the outputs with 1/2 in front."""
    return (out - target) * out * (1 - out) / out.size


def pair__sign__missing_slope__matrices(out, target):
    """target - out, without slope."""
    return target - out


def pair__factor_two__slope_of_tanh__loops(out, target):
    """2 and tanh's slope."""
    return np.array([2 * (o - t) * (1 - o**2) for o, t in zip(out, target)])


def pair__sign__one_minus_a__loops(out, target):
    """target - out and 1 - out."""
    d = np.zeros(len(out))
    for k in range(len(out)):
        d[k] = (target[k] - out[k]) * (1 - out[k])
    return d


def outside__cube__matrices(out, target):
    """out - out**3."""
    return (out - target) * (out - out**3)


def outside__error_cubed__loops(out, target):
    """The error to the third power."""
    return np.array([(o - t) ** 3 * o * (1 - o) for o, t in zip(out, target)])


def wrong__rounded_result__matrices(out, target):
    """Four digits."""
    return np.round((out - target) * out * (1 - out), 4)


def outside__last_unit_missed__loops(out, target):
    """The last output stays 0."""
    d = np.zeros(len(out))
    for k in range(len(out) - 1):
        d[k] = (out[k] - target[k]) * out[k] * (1 - out[k])
    return d


def outside__bracket_misplaced__matrices(out, target):
    """out - target * out * (1 - out)."""
    return out - target * out * (1 - out)


def outside__rounded_output__matrices(out, target):
    """Compares the target with the rounded output, as a classifier would."""
    return (np.round(out) - target) * out * (1 - out)


def outside__slope_added__loops(out, target):
    """Error plus slope."""
    return np.array([out[k] - target[k] + out[k] * (1 - out[k]) for k in range(len(out))])


def right__complex_step(out, target):
    """The loss at z + 1e-30 i: nothing is subtracted, so nothing is lost."""
    z = np.log(out / (1 - out)) + 1e-30j
    return (0.5 * (target - 1 / (1 + np.exp(-z))) ** 2).imag / 1e-30


def right__long_double(out, target):
    """All digits the machine has, then back to float64."""
    out, target = out.astype(np.longdouble), target.astype(np.longdouble)
    return ((out - target) * out * (1 - out)).astype(np.float64)


def wrong__numeric_difference__central(out, target):
    """z a little up, z a little down, and the loss."""
    def loss(z):
        return 0.5 * (target - 1 / (1 + np.exp(-z))) ** 2

    z = np.log(out / (1 - out))
    return (loss(z + 1e-5) - loss(z - 1e-5)) / 2e-5


def wrong__numeric_difference__forward(out, target):
    """One z after the other, h = 1e-7."""
    z = [math.log(o / (1 - o)) for o in out]
    delta = []
    for k in range(len(z)):
        before = 0.5 * (target[k] - 1 / (1 + math.exp(-z[k]))) ** 2
        after = 0.5 * (target[k] - 1 / (1 + math.exp(-z[k] - 1e-7))) ** 2
        delta.append((after - before) / 1e-7)
    return np.array(delta)


def pair__sign__numeric_difference__matrices(out, target):
    """A difference, taken the wrong way round."""
    def loss(z):
        return 0.5 * (target - 1 / (1 + np.exp(-z))) ** 2

    z = np.log(out / (1 - out))
    return (loss(z - 1e-6) - loss(z + 1e-6)) / 2e-6


def wrong__float32__on_the_way(out, target):
    """The inputs go through float32."""
    out, target = out.astype(np.float32), target.astype(np.float32)
    error, slope = out - target, out * (1 - out)
    return error.astype(np.float64) * slope.astype(np.float64)


def wrong__rounded_result__eight_decimals(out, target):
    """Rounded, so that it looks well."""
    return np.round((out - target) * out * (1 - out), 8)


def wrong__rounded_result__numeric(out, target):
    """A difference with its noise rounded away."""
    z = np.log(out / (1 - out))
    up, down = 1 / (1 + np.exp(-z - 1e-5)), 1 / (1 + np.exp(-z + 1e-5))
    return np.round(0.5 * ((target - up) ** 2 - (target - down) ** 2) / 2e-5, 7)
