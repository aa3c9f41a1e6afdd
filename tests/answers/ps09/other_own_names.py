"""The right values under the deck's names: probs for p, delta3 and delta2; the biases' gradients as lists."""

import numpy as np


def softmax(z):
    z = z - np.max(z, axis=1)[:, None]
    return np.exp(z) / np.sum(np.exp(z), axis=1)[:, None]


def feedforward(x, model):
    W1, b1, W2, b2 = model["W1"], model["b1"], model["W2"], model["b2"]
    z1 = np.dot(x, W1) + b1
    a1 = np.tanh(z1)
    z2 = np.dot(a1, W2) + b2
    return dict(z1=z1, a1=a1, z2=z2, probs=softmax(z2))


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
    delta3 = (cache["p"] - np.eye(K)[target]) / N
    delta2 = delta3.dot(model["W2"].T) * (1 - cache["a1"] ** 2)
    dW2 = cache["a1"].T.dot(delta3) + 2 * lam * model["W2"]
    dW1 = x.T.dot(delta2) + 2 * lam * model["W1"]
    db2, db1 = list(delta3.sum(0)), list(delta2.sum(0))
    return {"delta3": delta3, "dW2": dW2, "db2": db2, "delta2": delta2, "dW1": dW1, "db1": db1}


def parameter_update(model, grads, eta):
    W1 = model["W1"] - eta * grads["dW1"]
    b1 = model["b1"] - eta * grads["db1"]
    W2 = model["W2"] - eta * grads["dW2"]
    b2 = model["b2"] - eta * grads["db2"]
    return dict(W1=W1, b1=b1, W2=W2, b2=b2)
