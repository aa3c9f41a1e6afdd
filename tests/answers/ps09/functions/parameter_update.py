"""Learners' answers to ps09, question parameter_update: right ones, and wrong ones with one slip each."""

import math

import numpy as np

# ---------------------------------------------------------------------------------------------------- right answers


def right__matrices(model, grads, eta):
    """One line for each parameter."""
    return {
        "W1": model["W1"] - eta * grads["dW1"],
        "b1": model["b1"] - eta * grads["db1"],
        "W2": model["W2"] - eta * grads["dW2"],
        "b2": model["b2"] - eta * grads["db2"],
    }


def right__slow_loops(model, grads, eta):
    """Every number by itself in a copy."""
    new = {name: value.copy() for name, value in model.items()}
    for name in ("W1", "W2"):
        for i in range(new[name].shape[0]):
            for j in range(new[name].shape[1]):
                new[name][i, j] -= eta * grads["d" + name][i, j]
    for name in ("b1", "b2"):
        for j in range(len(new[name])):
            new[name][j] -= eta * grads["d" + name][j]
    return new


def right__comprehension(model, grads, eta):
    """The gradient of a parameter is called d and its name."""
    return {name: model[name] - eta * grads[f"d{name}"] for name in model}


def right__one_long_vector(model, grads, eta):
    """All parameters as one vector, one step, cut up again; sums in math.fsum."""
    names = ["W1", "b1", "W2", "b2"]
    theta = [w for k in names for w in model[k].ravel()]
    slope = [g for k in names for g in grads["d" + k].ravel()]
    theta = [math.fsum((w, -eta * g)) for w, g in zip(theta, slope)]
    new, at = {}, 0
    for k in names:
        size = model[k].size
        new[k] = np.array(theta[at : at + size]).reshape(model[k].shape)
        at += size
    return new


# ------------------------------------------------------------------------------------------------------------- wrong


def wrong__ascent__matrices(model, grads, eta):
    """Plus for minus.
    First wrong: W1
    """
    return {name: model[name] + eta * grads["d" + name] for name in ("W1", "b1", "W2", "b2")}


def wrong__ascent__loops(model, grads, eta):
    """Walks along the gradient, number by number.
    First wrong: W1
    """
    new = {}
    for key, value in model.items():
        flat = []
        for w, g in zip(value.ravel(), grads["d" + key].ravel()):
            flat.append(w + eta * g)
        new[key] = np.array(flat).reshape(value.shape)
    return new


def wrong__eta_forgotten__matrices(model, grads, eta):
    """The whole gradient as the step.
    First wrong: W1
    """
    W1 = model["W1"] - grads["dW1"]
    b1 = model["b1"] - grads["db1"]
    W2 = model["W2"] - grads["dW2"]
    b2 = model["b2"] - grads["db2"]
    return dict(W1=W1, b1=b1, W2=W2, b2=b2)


def wrong__eta_forgotten__loops(model, grads, eta):
    """eta is used for the matrices, and the loop over the biases goes without.
    First wrong: b1
    """
    new = {k: model[k].copy() for k in model}
    for k in ("W1", "W2"):
        for i in range(len(new[k])):
            new[k][i] -= eta * grads["d" + k][i]
    for k in ("b1", "b2"):
        for i in range(len(new[k])):
            new[k][i] -= grads["d" + k][i]
    return new


def wrong__eta_twice__matrices(model, grads, eta):
    """Scales the gradients with eta first and then steps with eta.
    First wrong: W1
    """
    steps = {key: eta * g for key, g in grads.items()}
    return {name: model[name] - eta * steps["d" + name] for name in model}


def wrong__nothing_moved__matrices(model, grads, eta):
    """Makes new arrays and returns copies of the old ones.
    First wrong: W1
    """
    old = {name: value.copy() for name, value in model.items()}
    W1 = model["W1"] - eta * grads["dW1"]  # noqa: F841
    b1 = model["b1"] - eta * grads["db1"]  # noqa: F841
    W2 = model["W2"] - eta * grads["dW2"]  # noqa: F841
    b2 = model["b2"] - eta * grads["db2"]  # noqa: F841
    return old


def wrong__nothing_moved__loops(model, grads, eta):
    """The loop variable is changed, not the dictionary.
    First wrong: W1
    """
    new = {}
    for name, value in model.items():
        new[name] = value + 0.0
    for name, value in new.items():
        value = value - eta * grads["d" + name]
    return new


def wrong__bias_not_updated__matrices(model, grads, eta):
    """Only the matrices take the step.
    First wrong: b1
    """
    return {
        "W1": model["W1"] - eta * grads["dW1"],
        "b1": model["b1"].copy(),
        "W2": model["W2"] - eta * grads["dW2"],
        "b2": model["b2"].copy(),
    }


def wrong__bias_not_updated__loops(model, grads, eta):
    """Forgot the bias of the output layer.
    First wrong: b2
    """
    new = {name: np.array(model[name]) for name in model}
    for name in ("W1", "b1", "W2"):
        new[name] -= eta * grads["d" + name]
    return new


def wrong__old_value_lost__matrices(model, grads, eta):
    """theta = -eta * gradient: the old value does not come in.
    First wrong: W1
    """
    return {name: -eta * grads["d" + name] for name in ("W1", "b1", "W2", "b2")}


def wrong__old_value_lost__loops(model, grads, eta):
    """Starts from zeros_like(model) and subtracts the step.
    First wrong: W1
    """
    new = {name: np.zeros_like(value) for name, value in model.items()}
    for name in new:
        for index in np.ndindex(new[name].shape):
            new[name][index] -= eta * grads["d" + name][index]
    return new


def wrong__eta_over_n__matrices(model, grads, eta):
    """Divides the step by the number of samples, which it reads off delta2.
    First wrong: W1
    """
    N = len(grads["delta2"])
    return {name: model[name] - eta / N * grads["d" + name] for name in model}


def wrong__factor_two__loops(model, grads, eta):
    """The step is taken two times, once per layer of the network.
    First wrong: W1
    """
    new = {name: value.copy() for name, value in model.items()}
    for _layer in (1, 2):
        for name in new:
            new[name] = new[name] - eta * grads["d" + name]
    return new


def wrong__float32__matrices(model, grads, eta):
    """Steps in single precision.
    First wrong: W1
    """
    f = np.float32
    return {k: (model[k].astype(f) - f(eta) * grads["d" + k].astype(f)).astype(np.float64) for k in model}


def wrong__bias_summed__matrices(model, grads, eta):
    """Steps each bias by the sum over its layer.
    First wrong: b1
    """
    new = {name: model[name] - eta * grads["d" + name] for name in ("W1", "W2")}
    for name in ("b1", "b2"):
        new[name] = model[name] - eta * np.sum(grads["d" + name])
    return new


def wrong__absolute_values__loops(model, grads, eta):
    """Makes every number smaller by eta times the size of its gradient.
    First wrong: W1
    """
    new = {}
    for name in model:
        new[name] = model[name].copy()
        it = np.nditer(grads["d" + name], flags=["multi_index"])
        for g in it:
            new[name][it.multi_index] -= eta * abs(g)
    return new


def wrong__reshaped_for_transposed__matrices(model, grads, eta):
    """Transposes dW2 and folds it back so that it fits.
    First wrong: W2
    """
    new = dict(W1=model["W1"] - eta * grads["dW1"], b1=model["b1"] - eta * grads["db1"])
    new["W2"] = model["W2"] - eta * grads["dW2"].T.reshape(model["W2"].shape)
    new["b2"] = model["b2"] - eta * grads["db2"]
    return new


def pair__eta_forgotten__bias_not_updated__matrices(model, grads, eta):
    """Only the matrices, and without eta.
    First wrong: W1
    """
    return dict(W1=model["W1"] - grads["dW1"], b1=1 * model["b1"], W2=model["W2"] - grads["dW2"], b2=1 * model["b2"])


def pair__ascent__eta_forgotten__loops(model, grads, eta):
    """Adds the gradients.
    First wrong: W1
    """
    new = {}
    for name in model:
        new[name] = model[name].copy()
        for i in range(len(new[name])):
            new[name][i] = new[name][i] + grads["d" + name][i]
    return new


def outside__decay_added__matrices(model, grads, eta):
    """Shrinks the matrices by 1 % before the step, though the penalty is in the gradients.
    First wrong: W1
    """
    return {
        "W1": 0.99 * model["W1"] - eta * grads["dW1"],
        "b1": model["b1"] - eta * grads["db1"],
        "W2": 0.99 * model["W2"] - eta * grads["dW2"],
        "b2": model["b2"] - eta * grads["db2"],
    }


def outside__sign_of_the_gradient__matrices(model, grads, eta):
    """Steps of the same size for all: eta * sign(g).
    First wrong: W1
    """
    return {name: model[name] - eta * np.sign(grads["d" + name]) for name in model}


def outside__gradient_of_length_one__loops(model, grads, eta):
    """Every gradient is divided by its own length.
    First wrong: W1
    """
    new = {}
    for name in model:
        g = grads["d" + name]
        length = math.sqrt(sum(v * v for v in g.ravel()))
        new[name] = model[name] - eta * g / length
    return new


def outside__last_row_missed__loops(model, grads, eta):
    """range(len - 1) in the loop over the rows of W1.
    First wrong: W1
    """
    new = {name: value.copy() for name, value in model.items()}
    for i in range(len(new["W1"]) - 1):
        new["W1"][i] -= eta * grads["dW1"][i]
    for name in ("b1", "W2", "b2"):
        new[name] = new[name] - eta * grads["d" + name]
    return new


def outside__old_value_scaled_too__matrices(model, grads, eta):
    """eta around the bracket: eta * (theta - gradient).
    First wrong: W1
    """
    return {name: eta * (model[name] - grads["d" + name]) for name in model}


def outside__moving_average__matrices(model, grads, eta):
    """(1 - eta) * theta - eta * gradient.
    First wrong: W1
    """
    return {name: (1 - eta) * model[name] - eta * grads["d" + name] for name in model}
