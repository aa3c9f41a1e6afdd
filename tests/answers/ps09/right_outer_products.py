"""All right and odd: one sample after the other, their outer products added up, one-hot rows, softmax by logarithms."""

import numpy as np


def feedforward(x, model):
    z1, a1, z2, p = [], [], [], []
    for sample in x:
        z1.append(model["W1"].T @ sample + model["b1"])
        a1.append(2 / (1 + np.exp(-2 * z1[-1])) - 1)
        z2.append(np.einsum("j,jk->k", a1[-1], model["W2"]) + model["b2"])
        p.append(np.exp(z2[-1] - np.logaddexp.reduce(z2[-1])))
    return {"p": np.array(p), "z2": np.array(z2), "a1": np.array(a1), "z1": np.array(z1)}


def one_hot(target, K):
    return np.eye(K)[target]


def loss_value(p, target, model, lam):
    data = np.sum(one_hot(target, p.shape[1]) * -np.log(p)) / p.shape[0]
    weights = np.concatenate([model["W1"].ravel(), model["W2"].ravel()])
    return np.float64(data + lam * weights @ weights)


def backprop(x, target, cache, model, lam):
    grads = {"delta2": [], "delta1": []}
    dW2, dW1 = 2 * lam * model["W2"], 2 * lam * model["W1"]
    db2, db1 = np.zeros(len(model["b2"])), np.zeros(len(model["b1"]))
    right = one_hot(target, len(db2))
    for n in range(len(x)):
        a = cache["a1"][n]
        d2 = (cache["p"][n] - right[n]) / len(x)
        d1 = model["W2"] @ d2 * (1 - a) * (1 + a)
        dW2 = dW2 + np.outer(a, d2)
        dW1 = dW1 + np.outer(x[n], d1)
        db2 = db2 + d2
        db1 = db1 + d1
        grads["delta2"].append(d2)
        grads["delta1"].append(d1)
    grads = {name: np.array(rows) for name, rows in grads.items()}
    return {**grads, "dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2}


def parameter_update(model, grads, eta):
    return dict((name, np.subtract(value, np.multiply(eta, grads[f"d{name}"]))) for name, value in model.items())


def train_model(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    rng = np.random.default_rng(seed)
    sizes = [x.shape[1], n_hidden, n_out]
    model = {}
    for layer in (1, 2):
        n_in, n_units = sizes[layer - 1], sizes[layer]
        model[f"W{layer}"] = rng.standard_normal((n_in, n_units)) * n_in**-0.5
        model[f"b{layer}"] = np.zeros(n_units)

    losses = []
    while True:
        cache = feedforward(x, model)
        losses += [loss_value(cache["p"], target, model, lam)]
        if len(losses) > epochs:
            return model, np.asarray(losses)
        model = parameter_update(model, backprop(x, target, cache, model, lam), eta)


def predict(x, model):
    order = np.argsort(feedforward(x, model)["z2"], axis=1)
    return order[:, -1]


"""Everything gets N times longer, so dividing the learning rate by N mends it. With a penalty only the one summand gets
longer, so their proportion is wrong."""
