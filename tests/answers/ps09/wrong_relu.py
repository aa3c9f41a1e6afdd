"""The slope of ReLU on tanh units, and the deltas' largest term for their sum."""

import numpy as np


def softmax(z):
    z = z - np.max(z, axis=1)[:, None]
    return np.exp(z) / np.sum(np.exp(z), axis=1)[:, None]


def feedforward(x, model):
    W1, b1, W2, b2 = model["W1"], model["b1"], model["W2"], model["b2"]
    z1 = np.dot(x, W1) + b1
    a1 = np.tanh(z1)
    z2 = np.dot(a1, W2) + b2
    return dict(z1=z1, a1=a1, z2=z2, p=softmax(z2))


def loss_value(p, target, model, lam):
    N = p.shape[0]
    loss = 0.0
    for n in range(N):
        loss -= np.log(p[n, target[n]])
    loss /= N
    for W in (model["W1"], model["W2"]):
        loss += lam * np.sum(W * W)
    return float(loss)


def backprop(x, target, cache, model, lam):
    N, K = cache["p"].shape
    H = cache["a1"].shape[1]
    delta2 = np.zeros((N, K))
    delta1 = np.zeros((N, H))
    for n in range(N):
        for k in range(K):
            delta2[n, k] = (cache["p"][n, k] - (k == target[n])) / N
        for j in range(H):
            terms = [delta2[n, k] * model["W2"][j, k] for k in range(K)]
            delta1[n, j] = max(terms) * (1.0 if cache["a1"][n, j] > 0 else 0.0)
    dW2 = 2 * lam * model["W2"]
    dW1 = 2 * lam * model["W1"]
    db2, db1 = np.zeros(K), np.zeros(H)
    for n in range(N):
        dW2 = dW2 + np.outer(cache["a1"][n], delta2[n])
        dW1 = dW1 + np.outer(x[n], delta1[n])
        db2 = db2 + delta2[n]
        db1 = db1 + delta1[n]
    return dict(delta2=delta2, dW2=dW2, db2=db2, delta1=delta1, dW1=dW1, db1=db1)


def parameter_update(model, grads, eta):
    W1 = model["W1"] - eta * grads["dW1"]
    b1 = model["b1"] - eta * grads["db1"]
    W2 = model["W2"] - eta * grads["dW2"]
    b2 = model["b2"] - eta * grads["db2"]
    return dict(W1=W1, b1=b1, W2=W2, b2=b2)


def train_model(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    rng = np.random.default_rng(seed)
    N, D = x.shape
    model = {}
    model["W1"] = rng.standard_normal((D, n_hidden)) / np.sqrt(D)
    model["b1"] = np.zeros(n_hidden)
    model["W2"] = rng.standard_normal((n_hidden, n_out)) / np.sqrt(n_hidden)
    model["b2"] = np.zeros(n_out)
    losses = np.zeros(epochs + 1)
    losses[0] = loss_value(feedforward(x, model)["p"], target, model, lam)
    for i in range(epochs):
        cache = feedforward(x, model)
        grads = backprop(x, target, cache, model, lam)
        model = parameter_update(model, grads, eta)
        losses[i + 1] = loss_value(feedforward(x, model)["p"], target, model, lam)
    return model, losses


def predict(x, model):
    z2 = feedforward(x, model)["z2"]
    return z2.argmax(axis=1)


"""The steps get N times longer, it may diverge. Divide eta by N. With lam the two parts of the gradient have another
ratio than before, and no eta changes a ratio."""
