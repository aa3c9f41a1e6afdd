"""Zeros of the right shapes: nothing is computed."""

import numpy as np


def feedforward(x, model):
    N, H, K = len(x), len(model["b1"]), len(model["b2"])
    return {"z1": np.zeros((N, H)), "a1": np.zeros((N, H)), "z2": np.zeros((N, K)), "p": np.zeros((N, K))}


def loss_value(p, target, model, lam):
    return 0.0


def backprop(x, target, cache, model, lam):
    grads = {"d" + name: np.zeros(value.shape) for name, value in model.items()}
    return {**grads, "delta2": 0 * cache["p"], "delta1": 0 * cache["a1"]}


def parameter_update(model, grads, eta):
    return {name: np.zeros_like(value) for name, value in model.items()}


def train_model(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    model = {"W1": np.zeros((x.shape[1], n_hidden)), "b1": np.zeros(n_hidden)}
    model["W2"], model["b2"] = np.zeros((n_hidden, n_out)), np.zeros(n_out)
    return model, np.zeros(epochs + 1)


def predict(x, model):
    return np.zeros(len(x), dtype=int)
