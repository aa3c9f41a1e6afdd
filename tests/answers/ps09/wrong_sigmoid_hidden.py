"""Sigmoid units in the hidden layer, with the slope that is right for them."""

import numpy as np


def softmax(z):
    z = z - np.max(z, axis=1)[:, None]
    return np.exp(z) / np.sum(np.exp(z), axis=1)[:, None]


def feedforward(x, model):
    W1, b1, W2, b2 = model["W1"], model["b1"], model["W2"], model["b2"]
    z1 = np.dot(x, W1) + b1
    a1 = 1 / (1 + np.exp(-z1))
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
    one_hot = np.zeros((N, K))
    for n in range(N):
        one_hot[n, target[n]] = 1.0
    grads = {}
    grads["delta2"] = (cache["p"] - one_hot) / N
    grads["dW2"] = np.dot(cache["a1"].T, grads["delta2"]) + 2 * lam * model["W2"]
    grads["db2"] = np.sum(grads["delta2"], axis=0)
    grads["delta1"] = np.dot(grads["delta2"], model["W2"].T) * (cache["a1"] - np.power(cache["a1"], 2))
    grads["dW1"] = np.dot(x.T, grads["delta1"]) + 2 * lam * model["W1"]
    grads["db1"] = np.sum(grads["delta1"], axis=0)
    return grads


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


"""With lam = 0 their gradient is N times too large: eta / N mends it. With lam > 0 the penalty part is not too large,
so eta / N makes it too small."""
