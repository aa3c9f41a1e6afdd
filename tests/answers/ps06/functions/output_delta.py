"""Answers of learners to ps06, output_delta(out, target): right ones, wrong ones, other conventions."""

import math

import numpy as np


def right__error_times_slope(out, target):
    """Error times slope."""
    return (out - target) * out * (1 - out)


def right__chain_rule_in_pieces(out, target):
    """As on the slides: 1/2 * 2 (t - o)(-1) times o(1 - o), output by output."""
    o1, o2 = out
    t1, t2 = target
    dE_do1 = 0.5 * 2 * (t1 - o1) * (-1)
    dE_do2 = 0.5 * 2 * (t2 - o2) * (-1)
    return np.array([dE_do1 * o1 * (1 - o1), dE_do2 * o2 * (1 - o2)])


def right__slow_loop_with_exp(out, target):
    """Loop, the slope from z by way of exp."""
    delta2 = np.zeros(2)
    for k in range(2):
        net = -math.log(1 / out[k] - 1)
        delta2[k] = (out[k] - target[k]) / (2 + math.exp(net) + math.exp(-net))
    return delta2


def right__einsum_of_jacobian(out, target):
    """The slopes as a diagonal matrix."""
    J = np.eye(2) * (out - out * out)
    return np.einsum("kj,k->j", J, out - target)


def wrong__missing_slope__loops(out, target):
    """Output minus target, that's the error signal."""
    d = np.zeros(2)
    for k in range(2):
        d[k] = out[k] - target[k]
    return d


def wrong__missing_slope__matrices(out, target):
    """-(target - out), stopped at dE/dout."""
    return -(target - out)


def wrong__slope_of_tanh__loops(out, target):
    """o -> 1 - o^2."""
    o1, o2 = out
    t1, t2 = target
    return np.array([(o1 - t1) * (1 - o1**2), (o2 - t2) * (1 - o2**2)])


def wrong__slope_of_tanh__matrices(out, target):
    """(1 - out)(1 + out) for out (1 - out)."""
    return (out - target) * (1 - out) * (1 + out)


def wrong__one_minus_a__loops(out, target):
    """1 - o alone."""
    deltas = []
    for o, t in zip(out, target):
        deltas.append((1 - o) * (o - t))
    return np.array(deltas)


def wrong__one_minus_a__matrices(out, target):
    """slope = 1 - out."""
    slope = 1 - out
    return slope * (out - target)


def wrong__slope_without_one_minus_a__loops(out, target):
    """(o - t) o, then stopped."""
    d = np.empty(2)
    d[0] = (out[0] - target[0]) * out[0]
    d[1] = (out[1] - target[1]) * out[1]
    return d


def wrong__slope_without_one_minus_a__matrices(out, target):
    """out^2 - target * out."""
    return out**2 - target * out


def wrong__slope_taken_at_a__loops(out, target):
    """Gives out to a derivative that wants net."""

    def dsigmoid(net):
        f = 1 / (1 + math.exp(-net))
        return f * (1 - f)

    d = []
    for k in range(2):
        d.append((out[k] - target[k]) * dsigmoid(out[k]))
    return np.array(d)


def wrong__slope_taken_at_a__matrices(out, target):
    """The sigmoid again before the slope, e^-o / (1 + e^-o)^2."""
    return (out - target) * np.exp(-out) / (1 + np.exp(-out)) ** 2


def wrong__slope_taken_at_z__loops(out, target):
    """net (1 - net) with net found back from out."""
    d = np.zeros(2)
    for k, o in enumerate(out):
        net = math.log(o / (1 - o))
        d[k] = (o - target[k]) * net * (1 - net)
    return d


def wrong__slope_at_target__loops(out, target):
    """The slope taken at t."""
    return np.array([(out[k] - target[k]) * target[k] * (1 - target[k]) for k in range(2)])


def wrong__slope_at_target__matrices(out, target):
    """error * target * (1 - target)."""
    error = out - target
    return error * target * (1 - target)


def wrong__slope_at_error__loops(out, target):
    """The error is put into s(1 - s)."""
    d = []
    for o, t in zip(out, target):
        e = o - t
        d.append(e * (e * (1 - e)))
    return np.array(d)


def wrong__slope_at_error__matrices(out, target):
    """e**2 - e**3: the slope formula fed with the error."""
    e = out - target
    return e**2 - e**3


def wrong__slope_twice__loops(out, target):
    """The slope once in the error and once more for net."""
    d = np.zeros(2)
    for k in range(2):
        dE_do = (out[k] - target[k]) * out[k] * (1 - out[k])
        do_dnet = out[k] * (1 - out[k])
        d[k] = dE_do * do_dnet
    return d


def wrong__slope_twice__matrices(out, target):
    """f' squared."""
    f = out * (1 - out)
    return (out - target) * f * f


def wrong__missing_error__loops(out, target):
    """Just the sigmoid's slope."""
    return np.array([out[0] * (1 - out[0]), out[1] * (1 - out[1])])


def wrong__missing_error__matrices(out, target):
    """do/dnet is handed back."""
    do_dnet = out * (1 - out)
    return do_dnet


def wrong__loss_for_error__loops(out, target):
    """Multiplies each part of the loss with the slope."""
    d = np.zeros(2)
    for k in range(2):
        E = (target[k] - out[k]) ** 2 / 2
        d[k] = E * out[k] * (1 - out[k])
    return d


def wrong__loss_for_error__matrices(out, target):
    """0.5 * (out - target)**2 for the error."""
    return 0.5 * (out - target) ** 2 * (out - out**2)


def wrong__target_only__loops(out, target):
    """The output was lost from the error: minus the target."""
    return np.array([-target[k] * out[k] * (1 - out[k]) for k in range(2)])


def wrong__output_only__matrices(out, target):
    """No target: the output itself is taken as error."""
    return out * out * (1 - out)


def wrong__sign__loops(out, target):
    """t - o."""
    d = np.zeros(2)
    for k in range(2):
        d[k] = (target[k] - out[k]) * out[k] * (1 - out[k])
    return d


def wrong__sign__matrices(out, target):
    """Forgot the -1 from the inner derivative of (target - out)."""
    inner = target - out
    return inner * out * (1 - out)


def wrong__factor_two__loops(out, target):
    """2 (o - t)."""
    d = []
    for o, t in zip(out, target):
        d.append(2 * (o - t) * o * (1 - o))
    return np.array(d)


def wrong__factor_two__matrices(out, target):
    """Adds the error to itself."""
    error = (out - target) + (out - target)
    return error * out * (1 - out)


def wrong__factor_half__loops(out, target):
    """The half stays, the 2 is forgotten."""
    return np.array([0.5 * (out[k] - target[k]) * out[k] * (1 - out[k]) for k in range(2)])


def wrong__factor_half__matrices(out, target):
    """Mean over the two outputs."""
    return (out - target) * out * (1 - out) / 2


def wrong__absolute_values__loops(out, target):
    """Distance instead of difference."""
    return np.array([abs(out[k] - target[k]) * out[k] * (1 - out[k]) for k in range(2)])


def wrong__absolute_values__matrices(out, target):
    """np.abs(target - out)."""
    return np.abs(target - out) * out * (1 - out)


def wrong__matrix_for_elementwise__matrices(out, target):
    """@ between out and 1 - out."""
    return (out - target) * (out @ (1 - out))


def wrong__sum_for_each__loops(out, target):
    """Both outputs get the whole error, o1 - t1 + o2 - t2."""
    error = 0.0
    for k in range(2):
        error += out[k] - target[k]
    return np.array([error * out[k] * (1 - out[k]) for k in range(2)])


def wrong__constant_for_formula__matrices(out, target):
    """The numbers from the slides."""
    return np.array([0.1384985616, -0.0380982365])


def wrong__float32__loops(out, target):
    """float32 arrays, converted at the end."""
    d = np.zeros(2, dtype=np.float32)
    for k in range(2):
        d[k] = (out[k] - target[k]) * out[k] * (1 - out[k])
    return d.astype(np.float64)


def convention__sign__loops(out, target):
    """Deck 002 and 003: delta with target - out, weights += eta * delta * out."""
    delta2 = []
    for o, t in zip(out, target):
        delta2.append(o * (1 - o) * (t - o))
    return np.array(delta2)


def convention__factor_two__matrices(out, target):
    """The loss is the sum of squares, no 1/2."""
    dloss_dout = 2 * (out - target)
    return dloss_dout * (out - out**2)


def pair__sign__missing_slope__loops(out, target):
    """t - o, no slope."""
    return np.array([target[0] - out[0], target[1] - out[1]])


def pair__factor_half__slope_of_tanh__matrices(out, target):
    """1/2 and tanh."""
    return (out - target) / 2 * (1 - out**2)


def pair__sign__slope_without_one_minus_a__matrices(out, target):
    """target - out, times out."""
    return (target - out) * out


def pair__factor_two__slope_at_target__loops(out, target):
    """2 (o - t) with the slope at the target."""
    return np.array([2 * (o - t) * t * (1 - t) for o, t in zip(out, target)])


def outside__bracket_lost__matrices(out, target):
    """out - target * out * (1 - out), no bracket round the error."""
    return out - target * out * (1 - out)


def outside__outputs_exchanged__loops(out, target):
    """Output 1 is compared with target 2 and the other way round."""
    return np.array([(out[0] - target[1]) * out[0] * (1 - out[0]), (out[1] - target[0]) * out[1] * (1 - out[1])])


def outside__slope_of_other_output__loops(out, target):
    """A slip of the index: o2 in the slope of o1."""
    d = np.zeros(2)
    d[0] = (out[0] - target[0]) * out[0] * (1 - out[1])
    d[1] = (out[1] - target[1]) * out[1] * (1 - out[1])
    return d


def outside__cube__matrices(out, target):
    """out - out**3."""
    return (out - target) * (out - out**3)


def wrong__rounded_result__matrices(out, target):
    """Rounded to four digits."""
    return np.round((out - target) * out * (1 - out), 4)


def outside__second_left_at_zero__loops(out, target):
    """range(1): the second output is never reached."""
    d = np.zeros(2)
    for k in range(1):
        d[k] = (out[k] - target[k]) * out[k] * (1 - out[k])
    return d


def outside__divided_by_slope__matrices(out, target):
    """Divides by the slope."""
    return (out - target) / (out * (1 - out))


def outside__relative_error__loops(out, target):
    """The error relative to the target."""
    return np.array([(o - t) / t * o * (1 - o) for o, t in zip(out, target)])


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
