"""All right: the bias is one more row of the weights, met by an input that is always 1, and cut off again."""

import numpy as np


def with_one(a):
    return np.hstack([a, np.ones((len(a), 1))])


def stacked(W, b):
    return np.vstack([W, b])


def softmax(z):
    z = z - z.max(axis=1)[:, np.newaxis]
    return np.exp(z) / np.exp(z).sum(axis=1)[:, np.newaxis]


def feedforward(x, model):
    cache = {}
    cache["z1"] = with_one(x) @ stacked(model["W1"], model["b1"])
    cache["a1"] = np.tanh(cache["z1"])
    cache["z2"] = with_one(cache["a1"]) @ stacked(model["W2"], model["b2"])
    cache["p"] = softmax(cache["z2"])
    return cache


def loss_value(p, target, model, lam):
    return float(np.mean([-np.log(row[k]) for row, k in zip(p, target)])) + lam * float(
        np.linalg.norm(model["W1"]) ** 2 + np.linalg.norm(model["W2"]) ** 2
    )


def backprop(x, target, cache, model, lam):
    delta2 = cache["p"] / len(x)
    delta2[np.arange(len(x)), target] -= 1 / len(x)
    both2 = with_one(cache["a1"]).T @ delta2
    delta1 = np.einsum("nk,jk->nj", delta2, model["W2"])
    delta1 *= 1 - np.square(cache["a1"])
    both1 = with_one(x).T @ delta1
    return {
        "delta2": delta2,
        "dW2": both2[:-1] + 2 * lam * model["W2"],
        "db2": both2[-1],
        "delta1": delta1,
        "dW1": both1[:-1] + 2 * lam * model["W1"],
        "db1": both1[-1],
    }


def parameter_update(model, grads, eta):
    new = {name: values.copy() for name, values in model.items()}
    for name in new:
        new[name] -= eta * grads["d" + name]
    return new


def train_model(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    rng = np.random.default_rng(seed)
    W1 = rng.standard_normal((x.shape[1], n_hidden)) / np.sqrt(x.shape[1])
    W2 = rng.standard_normal((n_hidden, n_out)) / np.sqrt(n_hidden)
    models = [{"W1": W1, "b1": np.zeros(n_hidden), "W2": W2, "b2": np.zeros(n_out)}]
    for _ in range(epochs):
        model = models[-1]
        models.append(parameter_update(model, backprop(x, target, feedforward(x, model), model, lam), eta))
    losses = [loss_value(feedforward(x, model)["p"], target, model, lam) for model in models]
    return models[-1], np.array(losses)


def predict(x, model):
    p = feedforward(x, model)["p"]
    return np.array([int(row.argmax()) for row in p])


"""They go N times too far in each step. eta should be N times smaller. If lam is not zero, the penalty is then N times
too small."""
