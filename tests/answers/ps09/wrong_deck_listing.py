"""Deck 000's listing in Python 3: sums without 1/N, lam * W, eta / N in training, the model changed in place."""

import numpy as np


def feedforward(x, model):
    W1 = model["W1"]
    b1 = model["b1"]
    W2 = model["W2"]
    b2 = model["b2"]
    z1 = x.dot(W1) + b1
    a1 = np.tanh(z1)
    z2 = a1.dot(W2) + b2
    exp_scores = np.exp(z2)
    probs = exp_scores / np.sum(exp_scores, axis=1, keepdims=True)
    model["a1"] = a1
    return {"z1": z1, "a1": a1, "z2": z2, "p": probs}


def loss_value(p, target, model, lam):
    loss = np.sum(-np.log(p[range(len(p)), target]))
    loss += lam / 2 * (np.sum(np.square(model["W1"])) + np.sum(np.square(model["W2"])))
    return loss / len(p)


def backprop(x, target, cache, model, lam):
    W1 = model["W1"]
    W2 = model["W2"]
    a1 = cache["a1"]
    delta3 = np.array(cache["p"])
    delta3[range(len(x)), target] -= 1
    dW2 = (a1.T).dot(delta3)
    db2 = np.sum(delta3, axis=0, keepdims=True)
    delta2 = delta3.dot(W2.T) * (1 - np.power(a1, 2))
    dW1 = np.dot(x.T, delta2)
    db1 = np.sum(delta2, axis=0)
    dW2 += lam * W2
    dW1 += lam * W1
    return {"delta2": delta3, "dW2": dW2, "db2": db2, "delta1": delta2, "dW1": dW1, "db1": db1}


def parameter_update(model, grads, eta):
    model["W1"] += -eta * grads["dW1"]
    model["b1"] += -eta * grads["db1"]
    model["W2"] += -eta * grads["dW2"]
    model["b2"] += -eta * grads["db2"]
    return model


def train_model(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    rng = np.random.default_rng(seed)
    W1 = rng.standard_normal((x.shape[1], n_hidden)) / np.sqrt(x.shape[1])
    b1 = np.zeros((1, n_hidden))
    W2 = rng.standard_normal((n_hidden, n_out)) / np.sqrt(n_hidden)
    b2 = np.zeros((1, n_out))
    model = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
    losses = []
    for i in range(0, epochs):
        cache = feedforward(x, model)
        losses.append(loss_value(cache["p"], target, model, lam))
        deltas = backprop(x, target, cache, model, lam)
        model = parameter_update(model, deltas, eta / len(x))
    losses.append(loss_value(cache["p"], target, model, lam))
    return model, np.array(losses)


def predict(x, model):
    return np.argmax(feedforward(x, model)["p"], axis=1)


"""It is like in the lecture, where the learning rate is divided by len(X). So they must do that."""
