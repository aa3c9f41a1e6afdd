"""All right, in matrices."""

import numpy as np


def feedforward(x, model):
    z1 = x.dot(model["W1"]) + model["b1"]
    a1 = np.tanh(z1)
    z2 = a1.dot(model["W2"]) + model["b2"]
    e = np.exp(z2 - np.max(z2, axis=1, keepdims=True))
    return dict(z1=z1, a1=a1, z2=z2, p=e / np.sum(e, axis=1, keepdims=True))


def loss_value(p, target, model, lam):
    losses = -np.log(p[range(len(p)), target])
    return losses.mean() + lam * ((model["W1"] ** 2).sum() + (model["W2"] ** 2).sum())


def backprop(x, target, cache, model, lam):
    N = len(x)
    delta2 = np.array(cache["p"])
    delta2[range(N), target] -= 1
    delta2 = delta2 / N
    dW2 = cache["a1"].T.dot(delta2)
    db2 = delta2.sum(axis=0)
    delta1 = delta2.dot(model["W2"].T) * (1 - cache["a1"] ** 2)
    dW1 = x.T.dot(delta1)
    db1 = delta1.sum(axis=0)
    dW2 += 2 * lam * model["W2"]
    dW1 += 2 * lam * model["W1"]
    return dict(delta2=delta2, dW2=dW2, db2=db2, delta1=delta1, dW1=dW1, db1=db1)


def parameter_update(model, grads, eta):
    new = {}
    for key in ("W1", "b1", "W2", "b2"):
        new[key] = model[key] - eta * grads["d" + key]
    return new


def train_model(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    rng = np.random.default_rng(seed)
    D = x.shape[1]
    W1 = rng.standard_normal((D, n_hidden)) / np.sqrt(D)
    W2 = rng.standard_normal((n_hidden, n_out)) / np.sqrt(n_hidden)
    model = dict(W1=W1, b1=np.zeros(n_hidden), W2=W2, b2=np.zeros(n_out))
    cache = feedforward(x, model)
    losses = [loss_value(cache["p"], target, model, lam)]
    for _ in range(epochs):
        model = parameter_update(model, backprop(x, target, cache, model, lam), eta)
        cache = feedforward(x, model)
        losses.append(loss_value(cache["p"], target, model, lam))
    return model, np.array(losses)


def predict(x, model):
    return np.argmax(feedforward(x, model)["p"], axis=1)


"""Without lam the gradient is N times too big, so eta / N does the same steps. With lam the penalty would then be
divided by N too although it was right, so it is another loss that is minimised."""
