"""Learners' answers to ps09, question train_model: right ones, and wrong ones with one slip each."""

import math

import numpy as np

# ---------------------------------------------------------------------------------------------------- right answers


def right__matrices(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    """All in one loop; the loss is recorded before each step and once at the end."""
    N, D = x.shape
    rng = np.random.default_rng(seed)
    W1 = rng.standard_normal((D, n_hidden)) / np.sqrt(D)
    W2 = rng.standard_normal((n_hidden, n_out)) / np.sqrt(n_hidden)
    b1, b2 = np.zeros(n_hidden), np.zeros(n_out)
    losses = []
    for epoch in range(epochs + 1):
        a1 = np.tanh(x @ W1 + b1)
        z2 = a1 @ W2 + b2
        e = np.exp(z2 - z2.max(axis=1, keepdims=True))
        p = e / e.sum(axis=1, keepdims=True)
        losses.append(-np.log(p[np.arange(N), target]).mean() + lam * ((W1**2).sum() + (W2**2).sum()))
        if epoch == epochs:
            break
        delta2 = p.copy()
        delta2[np.arange(N), target] -= 1
        delta2 /= N
        delta1 = (delta2 @ W2.T) * (1 - a1**2)
        dW2, db2 = a1.T @ delta2 + 2 * lam * W2, delta2.sum(axis=0)
        dW1, db1 = x.T @ delta1 + 2 * lam * W1, delta1.sum(axis=0)
        W1, b1, W2, b2 = W1 - eta * dW1, b1 - eta * db1, W2 - eta * dW2, b2 - eta * db2
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, np.array(losses)


def right__slow_loops(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    """Sample by sample and unit by unit; the gradients are added up over the whole batch before the step."""
    N, D = x.shape
    rng = np.random.default_rng(seed)
    m = {"W1": rng.standard_normal((D, n_hidden)) / math.sqrt(D), "b1": np.zeros(n_hidden)}
    m["W2"] = rng.standard_normal((n_hidden, n_out)) / math.sqrt(n_hidden)
    m["b2"] = np.zeros(n_out)

    def one(v):
        a = [math.tanh(m["b1"][j] + sum(v[i] * m["W1"][i, j] for i in range(D))) for j in range(n_hidden)]
        z = [m["b2"][k] + sum(a[j] * m["W2"][j, k] for j in range(n_hidden)) for k in range(n_out)]
        return a, [math.exp(s) / sum(math.exp(r) for r in z) for s in z]

    def loss():
        ce = sum(-math.log(one(x[n])[1][target[n]]) for n in range(N)) / N
        return ce + lam * sum(w * w for W in (m["W1"], m["W2"]) for w in W.flat)

    losses = np.zeros(epochs + 1)
    losses[0] = loss()
    for t in range(1, epochs + 1):
        g = {"W1": 2 * lam * m["W1"], "b1": np.zeros(n_hidden), "W2": 2 * lam * m["W2"], "b2": np.zeros(n_out)}
        for n in range(N):
            a, p = one(x[n])
            p[target[n]] -= 1
            for k in range(n_out):
                g["b2"][k] += p[k] / N
            for j in range(n_hidden):
                d = (1 - a[j] ** 2) * sum(p[k] * m["W2"][j, k] for k in range(n_out)) / N
                g["b1"][j] += d
                for k in range(n_out):
                    g["W2"][j, k] += a[j] * p[k] / N
                for i in range(D):
                    g["W1"][i, j] += x[n, i] * d
        for name in m:
            m[name] = m[name] - eta * g[name]
        losses[t] = loss()
    return m, losses


def right__sum_of_outer_products(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    """Functions for the forward pass, the loss and the gradients, as in the questions before; einsum in the middle."""
    generator = np.random.default_rng(seed)
    first = generator.standard_normal((x.shape[1], n_hidden)) * x.shape[1] ** -0.5
    second = generator.standard_normal((n_hidden, n_out)) * n_hidden**-0.5
    model = dict(W1=first, b1=np.zeros(n_hidden), W2=second, b2=np.zeros(n_out))
    y = (np.arange(n_out) == target[:, None]) * 1.0

    def forward(m):
        hidden = np.tanh(np.einsum("nd,dh->nh", x, m["W1"]) + m["b1"])
        scores = np.einsum("nh,hk->nk", hidden, m["W2"]) + m["b2"]
        return hidden, scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)

    def value(m, logp):
        return -np.sum(y * logp) / len(y) + lam * (np.vdot(m["W1"], m["W1"]) + np.vdot(m["W2"], m["W2"]))

    def slopes(m, hidden, logp):
        d2 = (np.exp(logp) - y) / len(y)
        d1 = np.einsum("nk,hk,nh->nh", d2, m["W2"], 1 - hidden * hidden)
        dW2 = sum(np.outer(h, d) for h, d in zip(hidden, d2)) + 2 * lam * m["W2"]
        dW1 = sum(np.outer(v, d) for v, d in zip(x, d1)) + 2 * lam * m["W1"]
        return dict(W1=dW1, b1=sum(d1), W2=dW2, b2=sum(d2))

    hidden, logp = forward(model)
    losses = [value(model, logp)]
    while len(losses) <= epochs:
        g = slopes(model, hidden, logp)
        model = {name: model[name] - eta * g[name] for name in model}
        hidden, logp = forward(model)
        losses.append(value(model, logp))
    return model, np.array(losses)


# ----------------------------------------------------------------------------------------------------------- draws


def wrong__draws_in_other_order__matrices(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    """W2 is drawn first, as backpropagation goes from the back.
    First wrong: model
    """
    N, D = x.shape
    rng = np.random.default_rng(seed)
    W2 = rng.standard_normal((n_hidden, n_out)) / np.sqrt(n_hidden)
    W1 = rng.standard_normal((D, n_hidden)) / np.sqrt(D)
    b1, b2 = np.zeros(n_hidden), np.zeros(n_out)
    losses = []
    for epoch in range(epochs + 1):
        a1 = np.tanh(x @ W1 + b1)
        z2 = a1 @ W2 + b2
        p = np.exp(z2) / np.exp(z2).sum(axis=1, keepdims=True)
        losses.append(-np.log(p[np.arange(N), target]).mean() + lam * ((W1**2).sum() + (W2**2).sum()))
        if epoch < epochs:
            delta2 = (p - np.eye(n_out)[target]) / N
            delta1 = (delta2 @ W2.T) * (1 - a1**2)
            W2 = W2 - eta * (a1.T @ delta2 + 2 * lam * W2)
            b2 = b2 - eta * delta2.sum(axis=0)
            W1 = W1 - eta * (x.T @ delta1 + 2 * lam * W1)
            b1 = b1 - eta * delta1.sum(axis=0)
    return dict(W1=W1, b1=b1, W2=W2, b2=b2), np.array(losses)


def wrong__n_out_for_n_in__matrices(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    """Divides by the root of the number of outgoing units.
    First wrong: model
    """
    N, D = x.shape
    rng = np.random.default_rng(seed)
    m = {"W1": rng.standard_normal((D, n_hidden)) / np.sqrt(n_hidden), "b1": np.zeros(n_hidden)}
    m.update(W2=rng.standard_normal((n_hidden, n_out)) / np.sqrt(n_out), b2=np.zeros(n_out))

    def forward(m):
        a1 = np.tanh(x @ m["W1"] + m["b1"])
        e = np.exp(a1 @ m["W2"] + m["b2"])
        return a1, e / e.sum(axis=1, keepdims=True)

    losses = np.zeros(epochs + 1)
    for t in range(epochs + 1):
        a1, p = forward(m)
        losses[t] = -np.log(p[np.arange(N), target]).mean() + lam * ((m["W1"] ** 2).sum() + (m["W2"] ** 2).sum())
        if t == epochs:
            return m, losses
        p[np.arange(N), target] -= 1
        p /= N
        d1 = (p @ m["W2"].T) * (1 - a1**2)
        m = {
            "W1": m["W1"] - eta * (x.T @ d1 + 2 * lam * m["W1"]),
            "b1": m["b1"] - eta * d1.sum(0),
            "W2": m["W2"] - eta * (a1.T @ p + 2 * lam * m["W2"]),
            "b2": m["b2"] - eta * p.sum(0),
        }


def wrong__variance_for_std__loops(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    """Divides by n_in, the square root is forgotten.
    First wrong: model
    """
    rng = np.random.default_rng(seed)
    sizes = [x.shape[1], n_hidden, n_out]
    W, b = [], []
    for n_in, n_next in zip(sizes[:-1], sizes[1:]):
        W.append(rng.standard_normal((n_in, n_next)) / n_in)
        b.append(np.zeros(n_next))
    losses = []
    for epoch in range(epochs + 1):
        gW = [2 * lam * W[0], 2 * lam * W[1]]
        gb = [0 * b[0], 0 * b[1]]
        loss = lam * (np.sum(W[0] ** 2) + np.sum(W[1] ** 2))
        for v, t in zip(x, target):
            a = np.tanh(v @ W[0] + b[0])
            p = np.exp(a @ W[1] + b[1])
            p = p / p.sum()
            loss -= math.log(p[t]) / len(x)
            p[t] -= 1
            d2 = p / len(x)
            d1 = W[1] @ d2 * (1 - a**2)
            gW[1] += np.outer(a, d2)
            gW[0] += np.outer(v, d1)
            gb[1] += d2
            gb[0] += d1
        losses.append(loss)
        if epoch < epochs:
            W = [w - eta * g for w, g in zip(W, gW)]
            b = [w - eta * g for w, g in zip(b, gb)]
    return {"W1": W[0], "b1": b[0], "W2": W[1], "b2": b[1]}, np.array(losses)


def wrong__scale_missing__matrices(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    """Standard normal weights, not divided by anything.
    First wrong: model
    """
    N = len(x)
    rng = np.random.default_rng(seed)
    W1, b1 = rng.standard_normal((x.shape[1], n_hidden)), np.zeros(n_hidden)
    W2, b2 = rng.standard_normal((n_hidden, n_out)), np.zeros(n_out)
    losses = np.empty(epochs + 1)
    for t in range(epochs + 1):
        a1 = np.tanh(x @ W1 + b1)
        z2 = a1 @ W2 + b2
        logp = z2 - np.log(np.exp(z2).sum(axis=1, keepdims=True))
        losses[t] = -logp[np.arange(N), target].mean() + lam * (np.sum(W1**2) + np.sum(W2**2))
        if t < epochs:
            d2 = (np.exp(logp) - np.eye(n_out)[target]) / N
            d1 = (d2 @ W2.T) * (1 - a1**2)
            W1, b1 = W1 - eta * (x.T @ d1 + 2 * lam * W1), b1 - eta * d1.sum(0)
            W2, b2 = W2 - eta * (a1.T @ d2 + 2 * lam * W2), b2 - eta * d2.sum(0)
    return dict(W1=W1, b1=b1, W2=W2, b2=b2), losses


def wrong__global_random_state__matrices(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    """The old way: RandomState(seed).randn, other numbers from the same seed.
    First wrong: model
    """
    rnd = np.random.RandomState(seed)
    N, D = x.shape
    W1 = rnd.randn(D, n_hidden) / np.sqrt(D)
    b1 = np.zeros(n_hidden)
    W2 = rnd.randn(n_hidden, n_out) / np.sqrt(n_hidden)
    b2 = np.zeros(n_out)
    losses = []

    def probabilities():
        a1 = np.tanh(x.dot(W1) + b1)
        e = np.exp(a1.dot(W2) + b2)
        return a1, e / np.sum(e, axis=1, keepdims=True)

    for i in range(epochs + 1):
        a1, probs = probabilities()
        losses.append(-np.mean(np.log(probs[range(N), target])) + lam * (np.sum(W1**2) + np.sum(W2**2)))
        if i == epochs:
            break
        probs[range(N), target] -= 1
        delta2 = probs / N
        delta1 = delta2.dot(W2.T) * (1 - np.power(a1, 2))
        dW2 = a1.T.dot(delta2) + 2 * lam * W2
        dW1 = x.T.dot(delta1) + 2 * lam * W1
        W1 = W1 - eta * dW1
        b1 = b1 - eta * np.sum(delta1, axis=0)
        W2 = W2 - eta * dW2
        b2 = b2 - eta * np.sum(delta2, axis=0)
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, np.array(losses)


def wrong__seed_ignored__matrices(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    """default_rng(0), whatever the seed is.
    First wrong: model
    """
    N, D = x.shape
    rng = np.random.default_rng(0)
    W1 = rng.standard_normal((D, n_hidden)) / np.sqrt(D)
    W2 = rng.standard_normal((n_hidden, n_out)) / np.sqrt(n_hidden)
    b1, b2 = np.zeros(n_hidden), np.zeros(n_out)
    y = np.eye(n_out)[target]
    losses = []
    for epoch in range(epochs + 1):
        a1 = np.tanh(x @ W1 + b1)
        e = np.exp(a1 @ W2 + b2)
        p = e / e.sum(axis=1, keepdims=True)
        losses.append(-(y * np.log(p)).sum() / N + lam * ((W1**2).sum() + (W2**2).sum()))
        if epoch == epochs:
            break
        d2 = (p - y) / N
        d1 = (d2 @ W2.T) * (1 - a1**2)
        g2, g1 = a1.T @ d2 + 2 * lam * W2, x.T @ d1 + 2 * lam * W1
        W2, b2 = W2 - eta * g2, b2 - eta * d2.sum(axis=0)
        W1, b1 = W1 - eta * g1, b1 - eta * d1.sum(axis=0)
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, np.array(losses)


def wrong__uniform_for_normal__loops(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    """rng.uniform(-1, 1) over the root of n_in.
    First wrong: model
    """
    rng = np.random.default_rng(seed)

    def draw(n_in, n_next):
        return rng.uniform(-1, 1, (n_in, n_next)) / math.sqrt(n_in)

    m = {"W1": draw(x.shape[1], n_hidden), "b1": np.zeros(n_hidden)}
    m["W2"], m["b2"] = draw(n_hidden, n_out), np.zeros(n_out)
    losses = []
    for step in range(epochs + 1):
        loss = 0.0
        g = {name: np.zeros(m[name].shape) for name in m}
        for n in range(len(x)):
            a = np.tanh(m["W1"].T @ x[n] + m["b1"])
            z = m["W2"].T @ a + m["b2"]
            p = np.exp(z) / sum(np.exp(z))
            loss += -np.log(p[target[n]]) / len(x)
            d2 = (p - np.eye(n_out)[target[n]]) / len(x)
            d1 = (m["W2"] @ d2) * (1 - a * a)
            g["W1"] += np.outer(x[n], d1)
            g["b1"] += d1
            g["W2"] += np.outer(a, d2)
            g["b2"] += d2
        losses.append(loss + lam * np.sum(m["W1"] ** 2) + lam * np.sum(m["W2"] ** 2))
        if step < epochs:
            for name in ("W1", "W2"):
                g[name] += 2 * lam * m[name]
            for name in m:
                m[name] = m[name] - eta * g[name]
    return m, np.array(losses)


# ----------------------------------------------------------------------------------------------- steps and recording


def wrong__ascent__matrices(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    """W += eta * dW; the loss goes up.
    First wrong: model
    """
    N, D = x.shape
    rng = np.random.default_rng(seed)
    W1 = rng.standard_normal((D, n_hidden)) / np.sqrt(D)
    W2 = rng.standard_normal((n_hidden, n_out)) / np.sqrt(n_hidden)
    b1, b2 = np.zeros(n_hidden), np.zeros(n_out)
    losses = []
    for epoch in range(epochs + 1):
        a1 = np.tanh(x @ W1 + b1)
        z2 = a1 @ W2 + b2
        e = np.exp(z2 - z2.max(axis=1, keepdims=True))
        p = e / e.sum(axis=1, keepdims=True)
        losses.append(-np.log(p[np.arange(N), target]).mean() + lam * ((W1**2).sum() + (W2**2).sum()))
        if epoch == epochs:
            break
        delta2 = p.copy()
        delta2[np.arange(N), target] -= 1
        delta2 /= N
        delta1 = (delta2 @ W2.T) * (1 - a1**2)
        dW2 = a1.T @ delta2 + 2 * lam * W2
        dW1 = x.T @ delta1 + 2 * lam * W1
        W1 += eta * dW1
        b1 += eta * delta1.sum(axis=0)
        W2 += eta * dW2
        b2 += eta * delta2.sum(axis=0)
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, np.array(losses)


def wrong__eta_forgotten__loops(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    """Subtracts the gradients as they are.
    First wrong: model
    """
    N = len(x)
    rng = np.random.default_rng(seed)
    net = {}
    net["W1"] = rng.standard_normal((x.shape[1], n_hidden)) / np.sqrt(x.shape[1])
    net["b1"] = np.zeros(n_hidden)
    net["W2"] = rng.standard_normal((n_hidden, n_out)) / np.sqrt(n_hidden)
    net["b2"] = np.zeros(n_out)
    losses = []

    def look():
        total = lam * (np.sum(net["W1"] ** 2) + np.sum(net["W2"] ** 2))
        grad = {"W1": 2 * lam * net["W1"], "W2": 2 * lam * net["W2"], "b1": 0.0, "b2": 0.0}
        for n in range(N):
            a = np.tanh(x[n] @ net["W1"] + net["b1"])
            e = np.exp(a @ net["W2"] + net["b2"])
            p = e / e.sum()
            total += -np.log(p[target[n]]) / N
            p[target[n]] -= 1
            back = net["W2"] @ p * (1 - a**2)
            grad["W2"] = grad["W2"] + np.outer(a, p) / N
            grad["b2"] = grad["b2"] + p / N
            grad["W1"] = grad["W1"] + np.outer(x[n], back) / N
            grad["b1"] = grad["b1"] + back / N
        return total, grad

    for _ in range(epochs):
        value, grad = look()
        losses.append(value)
        for name in net:
            net[name] = net[name] - grad[name]
    losses.append(look()[0])
    return net, np.array(losses)


def wrong__eta_over_n__matrices(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    """eta is divided by N before the loop, though the gradient is a mean already.
    First wrong: model
    """
    N, D = x.shape
    eta = eta / N
    rng = np.random.default_rng(seed)
    W1, W2 = rng.standard_normal((D, n_hidden)) / D**0.5, rng.standard_normal((n_hidden, n_out)) / n_hidden**0.5
    b1, b2 = np.zeros(n_hidden), np.zeros(n_out)
    losses = []
    for epoch in range(epochs + 1):
        a1 = np.tanh(x @ W1 + b1)
        p = np.exp(a1 @ W2 + b2)
        p /= p.sum(axis=1, keepdims=True)
        losses.append(-np.log(p[np.arange(N), target]).mean() + lam * ((W1**2).sum() + (W2**2).sum()))
        if epoch == epochs:
            break
        p[np.arange(N), target] -= 1
        p /= N
        h = (p @ W2.T) * (1 - a1**2)
        dW1, db1, dW2, db2 = x.T @ h + 2 * lam * W1, h.sum(0), a1.T @ p + 2 * lam * W2, p.sum(0)
        W1, b1, W2, b2 = W1 - eta * dW1, b1 - eta * db1, W2 - eta * dW2, b2 - eta * db2
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, np.array(losses)


def wrong__updated_weights__matrices(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    """Layer by layer: W2 has taken its step before the error is sent back through it.
    First wrong: model
    """
    N, D = x.shape
    rng = np.random.default_rng(seed)
    W1 = rng.standard_normal((D, n_hidden)) / np.sqrt(D)
    W2 = rng.standard_normal((n_hidden, n_out)) / np.sqrt(n_hidden)
    b1, b2 = np.zeros(n_hidden), np.zeros(n_out)
    losses = []
    for epoch in range(epochs + 1):
        a1 = np.tanh(x @ W1 + b1)
        e = np.exp(a1 @ W2 + b2)
        p = e / e.sum(axis=1, keepdims=True)
        losses.append(-np.log(p[np.arange(N), target]).mean() + lam * ((W1**2).sum() + (W2**2).sum()))
        if epoch == epochs:
            break
        delta2 = (p - np.eye(n_out)[target]) / N
        W2 = W2 - eta * (a1.T @ delta2 + 2 * lam * W2)
        b2 = b2 - eta * delta2.sum(axis=0)
        delta1 = (delta2 @ W2.T) * (1 - a1**2)
        W1 = W1 - eta * (x.T @ delta1 + 2 * lam * W1)
        b1 = b1 - eta * delta1.sum(axis=0)
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, np.array(losses)


def wrong__updated_weights__loops(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    """Each output's weights are moved as soon as its error is known, and the hidden units look at them afterwards.
    First wrong: model
    """
    N, D = x.shape
    rng = np.random.default_rng(seed)
    W1 = rng.standard_normal((D, n_hidden)) / np.sqrt(D)
    W2 = rng.standard_normal((n_hidden, n_out)) / np.sqrt(n_hidden)
    b1, b2 = np.zeros(n_hidden), np.zeros(n_out)

    def see():
        a = np.array([np.tanh(v @ W1 + b1) for v in x])
        p = np.array([np.exp(h @ W2 + b2) / np.exp(h @ W2 + b2).sum() for h in a])
        ce = sum(-math.log(p[n, target[n]]) for n in range(N)) / N
        return a, p, ce + lam * (np.sum(W1 * W1) + np.sum(W2 * W2))

    losses = [see()[2]]
    for _ in range(epochs):
        a, p, _loss = see()
        d2 = np.array([p[n] - (np.arange(n_out) == target[n]) for n in range(N)]) / N
        for k in range(n_out):
            b2[k] -= eta * sum(d2[:, k])
            for j in range(n_hidden):
                W2[j, k] -= eta * (sum(a[:, j] * d2[:, k]) + 2 * lam * W2[j, k])
        d1 = np.zeros((N, n_hidden))
        for n in range(N):
            for j in range(n_hidden):
                d1[n, j] = sum(d2[n, k] * W2[j, k] for k in range(n_out)) * (1 - a[n, j] ** 2)
        for j in range(n_hidden):
            b1[j] -= eta * sum(d1[:, j])
            for i in range(D):
                W1[i, j] -= eta * (sum(x[:, i] * d1[:, j]) + 2 * lam * W1[i, j])
        losses.append(see()[2])
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, np.array(losses)


def wrong__bias_not_updated__matrices(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    """The biases stay at zero for ever.
    First wrong: model
    """
    N, D = x.shape
    rng = np.random.default_rng(seed)
    model = {
        "W1": rng.standard_normal((D, n_hidden)) / np.sqrt(D),
        "b1": np.zeros(n_hidden),
        "W2": rng.standard_normal((n_hidden, n_out)) / np.sqrt(n_hidden),
        "b2": np.zeros(n_out),
    }
    losses = []
    for epoch in range(epochs + 1):
        a1 = np.tanh(x @ model["W1"] + model["b1"])
        e = np.exp(a1 @ model["W2"] + model["b2"])
        p = e / e.sum(1, keepdims=True)
        loss = -np.log(p[np.arange(N), target]).mean()
        losses.append(loss + lam * (np.sum(model["W1"] ** 2) + np.sum(model["W2"] ** 2)))
        if epoch < epochs:
            d2 = (p - np.eye(n_out)[target]) / N
            d1 = (d2 @ model["W2"].T) * (1 - a1**2)
            dW1 = x.T @ d1 + 2 * lam * model["W1"]
            dW2 = a1.T @ d2 + 2 * lam * model["W2"]
            model["W1"] = model["W1"] - eta * dW1
            model["W2"] = model["W2"] - eta * dW2
    return model, np.array(losses)


def wrong__epoch_missing__loops(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    """Steps in range(1, epochs) only; the last loss is written twice so that the length fits.
    First wrong: model
    """
    rng = np.random.default_rng(seed)
    N, D = x.shape
    W1 = rng.standard_normal((D, n_hidden)) / np.sqrt(D)
    W2 = rng.standard_normal((n_hidden, n_out)) / np.sqrt(n_hidden)
    b1 = np.zeros(n_hidden)
    b2 = np.zeros(n_out)
    losses = np.zeros(epochs + 1)

    def hidden_and_output():
        h = np.tanh(np.dot(x, W1) + b1)
        o = np.exp(np.dot(h, W2) + b2)
        return h, o / np.sum(o, axis=1)[:, None]

    def value(o):
        return -sum(np.log(o[n, target[n]]) for n in range(N)) / N + lam * (np.sum(W1**2) + np.sum(W2**2))

    h, o = hidden_and_output()
    losses[0] = value(o)
    for t in range(1, epochs):
        g2 = np.zeros_like(W2)
        g1 = np.zeros_like(W1)
        s2, s1 = np.zeros(n_out), np.zeros(n_hidden)
        for n in range(N):
            e = (o[n] - np.eye(n_out)[target[n]]) / N
            f = W2 @ e * (1 - h[n] ** 2)
            g2 += np.outer(h[n], e)
            g1 += np.outer(x[n], f)
            s2 += e
            s1 += f
        W1, W2 = W1 - eta * (g1 + 2 * lam * W1), W2 - eta * (g2 + 2 * lam * W2)
        b1, b2 = b1 - eta * s1, b2 - eta * s2
        h, o = hidden_and_output()
        losses[t] = value(o)
    losses[epochs] = value(o)
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, losses


def wrong__epoch_too_many__matrices(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    """Goes through the loop epochs + 1 times for the losses, and takes a step each time.
    First wrong: model
    """
    N, D = x.shape
    rng = np.random.default_rng(seed)
    W1 = rng.standard_normal((D, n_hidden)) / np.sqrt(D)
    W2 = rng.standard_normal((n_hidden, n_out)) / np.sqrt(n_hidden)
    b1, b2 = np.zeros(n_hidden), np.zeros(n_out)
    losses = []
    for epoch in range(epochs + 1):
        a1 = np.tanh(x @ W1 + b1)
        e = np.exp(a1 @ W2 + b2)
        p = e / e.sum(axis=1, keepdims=True)
        losses.append(-np.log(p[np.arange(N), target]).mean() + lam * ((W1**2).sum() + (W2**2).sum()))
        delta2 = (p - np.eye(n_out)[target]) / N
        delta1 = (delta2 @ W2.T) * (1 - a1**2)
        W2, b2 = W2 - eta * (a1.T @ delta2 + 2 * lam * W2), b2 - eta * delta2.sum(axis=0)
        W1, b1 = W1 - eta * (x.T @ delta1 + 2 * lam * W1), b1 - eta * delta1.sum(axis=0)
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, np.array(losses)


def wrong__loss_after_step__matrices(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    """Each loss is taken after the step of its epoch, so the first one is missing; the last stands there twice.
    First wrong: losses
    """
    N, D = x.shape
    rng = np.random.default_rng(seed)
    W1 = rng.standard_normal((D, n_hidden)) / np.sqrt(D)
    W2 = rng.standard_normal((n_hidden, n_out)) / np.sqrt(n_hidden)
    b1, b2 = np.zeros(n_hidden), np.zeros(n_out)
    losses = np.zeros(epochs + 1)

    def forward():
        a1 = np.tanh(x @ W1 + b1)
        e = np.exp(a1 @ W2 + b2)
        return a1, e / e.sum(axis=1, keepdims=True)

    def loss(p):
        return -np.log(p[np.arange(N), target]).mean() + lam * ((W1**2).sum() + (W2**2).sum())

    for epoch in range(epochs):
        a1, p = forward()
        delta2 = (p - np.eye(n_out)[target]) / N
        delta1 = (delta2 @ W2.T) * (1 - a1**2)
        W2, b2 = W2 - eta * (a1.T @ delta2 + 2 * lam * W2), b2 - eta * delta2.sum(axis=0)
        W1, b1 = W1 - eta * (x.T @ delta1 + 2 * lam * W1), b1 - eta * delta1.sum(axis=0)
        losses[epoch] = loss(forward()[1])
    losses[epochs] = loss(forward()[1])
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, losses


def wrong__gradients_accumulated__loops(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    """The sums of the gradients are set to zero once, before the first epoch.
    First wrong: model
    """
    N, D = x.shape
    rng = np.random.default_rng(seed)
    m = {"W1": rng.standard_normal((D, n_hidden)) / np.sqrt(D), "b1": np.zeros(n_hidden)}
    m["W2"] = rng.standard_normal((n_hidden, n_out)) / np.sqrt(n_hidden)
    m["b2"] = np.zeros(n_out)
    g = {k: np.zeros_like(v) for k, v in m.items()}
    losses = []

    def outputs(v):
        a = np.tanh(v @ m["W1"] + m["b1"])
        s = a @ m["W2"] + m["b2"]
        return a, np.exp(s) / np.exp(s).sum()

    def total():
        return np.mean([-math.log(outputs(v)[1][t]) for v, t in zip(x, target)]) + lam * (
            np.sum(m["W1"] ** 2) + np.sum(m["W2"] ** 2)
        )

    losses.append(total())
    for _ in range(epochs):
        for v, t in zip(x, target):
            a, p = outputs(v)
            p[t] -= 1
            h = m["W2"].dot(p) * (1 - a * a)
            g["W2"] += np.outer(a, p) / N
            g["b2"] += p / N
            g["W1"] += np.outer(v, h) / N
            g["b1"] += h / N
        g["W1"] += 2 * lam * m["W1"]
        g["W2"] += 2 * lam * m["W2"]
        for k in m:
            m[k] = m[k] - eta * g[k]
        losses.append(total())
    return m, np.array(losses)


def wrong__old_gradient__matrices(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    """The gradient is computed once, before the loop, and used for all steps.
    First wrong: model
    """
    N, D = x.shape
    rng = np.random.default_rng(seed)
    m = {"W1": rng.standard_normal((D, n_hidden)) / np.sqrt(D), "b1": np.zeros(n_hidden)}
    m.update(W2=rng.standard_normal((n_hidden, n_out)) / np.sqrt(n_hidden), b2=np.zeros(n_out))

    def forward(m):
        a1 = np.tanh(x @ m["W1"] + m["b1"])
        e = np.exp(a1 @ m["W2"] + m["b2"])
        return a1, e / e.sum(axis=1, keepdims=True)

    def loss(m):
        p = forward(m)[1]
        return -np.log(p[np.arange(N), target]).mean() + lam * sum((m[k] ** 2).sum() for k in ("W1", "W2"))

    a1, p = forward(m)
    d2 = (p - np.eye(n_out)[target]) / N
    d1 = (d2 @ m["W2"].T) * (1 - a1**2)
    g = dict(W1=x.T @ d1 + 2 * lam * m["W1"], b1=d1.sum(0), W2=a1.T @ d2 + 2 * lam * m["W2"], b2=d2.sum(0))
    losses = [loss(m)]
    for _ in range(epochs):
        m = {k: m[k] - eta * g[k] for k in m}
        losses.append(loss(m))
    return m, np.array(losses)


def wrong__nothing_moved__matrices(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    """The new parameters are made in every epoch and never put back into the model.
    First wrong: model
    """
    N, D = x.shape
    rng = np.random.default_rng(seed)
    model = {"W1": rng.standard_normal((D, n_hidden)) / np.sqrt(D), "b1": np.zeros(n_hidden)}
    model["W2"] = rng.standard_normal((n_hidden, n_out)) / np.sqrt(n_hidden)
    model["b2"] = np.zeros(n_out)

    def update(model, grads):
        return {k: model[k] - eta * grads[k] for k in model}

    losses = []
    for _ in range(epochs + 1):
        a1 = np.tanh(x @ model["W1"] + model["b1"])
        e = np.exp(a1 @ model["W2"] + model["b2"])
        p = e / e.sum(axis=1, keepdims=True)
        penalty = lam * (np.sum(model["W1"] ** 2) + np.sum(model["W2"] ** 2))
        losses.append(-np.log(p[np.arange(N), target]).mean() + penalty)
        d2 = (p - np.eye(n_out)[target]) / N
        d1 = (d2 @ model["W2"].T) * (1 - a1**2)
        grads = {"W1": x.T @ d1 + 2 * lam * model["W1"], "b1": d1.sum(0)}
        grads.update(W2=a1.T @ d2 + 2 * lam * model["W2"], b2=d2.sum(0))
        update(model, grads)
    return model, np.array(losses)


# ----------------------------------------------------------------------------------------- gradients, losses, penalty


def wrong__n_missing__matrices(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    """The gradient is the sum over the samples; the losses are means.
    First wrong: model
    """
    N, D = x.shape
    rng = np.random.default_rng(seed)
    W1 = rng.standard_normal((D, n_hidden)) / np.sqrt(D)
    W2 = rng.standard_normal((n_hidden, n_out)) / np.sqrt(n_hidden)
    b1, b2 = np.zeros(n_hidden), np.zeros(n_out)
    losses = []
    for epoch in range(epochs + 1):
        a1 = np.tanh(x @ W1 + b1)
        z2 = a1 @ W2 + b2
        e = np.exp(z2 - z2.max(axis=1, keepdims=True))
        p = e / e.sum(axis=1, keepdims=True)
        right = np.maximum(p[np.arange(N), target], 1e-300)
        losses.append(-np.log(right).mean() + lam * ((W1**2).sum() + (W2**2).sum()))
        if epoch == epochs:
            break
        delta2 = p
        delta2[np.arange(N), target] -= 1
        delta1 = (delta2 @ W2.T) * (1 - a1**2)
        dW2 = a1.T @ delta2 + 2 * lam * W2
        dW1 = x.T @ delta1 + 2 * lam * W1
        W1, b1 = W1 - eta * dW1, b1 - eta * delta1.sum(axis=0)
        W2, b2 = W2 - eta * dW2, b2 - eta * delta2.sum(axis=0)
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, np.array(losses)


def wrong__missing_slope__matrices(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    """No tanh' in the backward pass of the training loop.
    First wrong: model
    """
    N, D = x.shape
    rng = np.random.default_rng(seed)
    W1 = rng.standard_normal((D, n_hidden)) / np.sqrt(D)
    W2 = rng.standard_normal((n_hidden, n_out)) / np.sqrt(n_hidden)
    b1, b2 = np.zeros(n_hidden), np.zeros(n_out)
    losses = []
    for epoch in range(epochs + 1):
        a1 = np.tanh(x @ W1 + b1)
        e = np.exp(a1 @ W2 + b2)
        p = e / e.sum(axis=1, keepdims=True)
        losses.append(-np.log(p[np.arange(N), target]).mean() + lam * ((W1**2).sum() + (W2**2).sum()))
        if epoch == epochs:
            break
        delta2 = (p - np.eye(n_out)[target]) / N
        delta1 = delta2 @ W2.T
        dW2, dW1 = a1.T @ delta2 + 2 * lam * W2, x.T @ delta1 + 2 * lam * W1
        W2, b2 = W2 - eta * dW2, b2 - eta * delta2.sum(axis=0)
        W1, b1 = W1 - eta * dW1, b1 - eta * delta1.sum(axis=0)
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, np.array(losses)


def wrong__penalty_half__loops(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    """lam * W in the gradients, lam * sum(W**2) in the losses.
    First wrong: model
    """
    N, D = x.shape
    rng = np.random.default_rng(seed)
    W = [rng.standard_normal((D, n_hidden)) / np.sqrt(D), rng.standard_normal((n_hidden, n_out)) / np.sqrt(n_hidden)]
    b = [np.zeros(n_hidden), np.zeros(n_out)]

    def layers(v):
        h = np.tanh(v @ W[0] + b[0])
        o = np.exp(h @ W[1] + b[1])
        return h, o / o.sum()

    def loss():
        s = 0.0
        for v, t in zip(x, target):
            s -= math.log(layers(v)[1][t]) / N
        return s + lam * sum(np.sum(w**2) for w in W)

    record = [loss()]
    for _ in range(epochs):
        gW = [lam * W[0], lam * W[1]]
        gb = [np.zeros(n_hidden), np.zeros(n_out)]
        for v, t in zip(x, target):
            h, e = layers(v)
            e[t] -= 1
            e /= N
            f = W[1] @ e * (1 - h**2)
            for layer, (inp, d) in enumerate([(v, f), (h, e)]):
                gW[layer] += np.outer(inp, d)
                gb[layer] += d
        for layer in range(2):
            W[layer] = W[layer] - eta * gW[layer]
            b[layer] = b[layer] - eta * gb[layer]
        record.append(loss())
    return {"W1": W[0], "b1": b[0], "W2": W[1], "b2": b[1]}, np.array(record)


def wrong__penalty_missing__matrices(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    """The recorded losses are the cross-entropy alone; the steps have the penalty in them.
    First wrong: losses
    """
    N, D = x.shape
    rng = np.random.default_rng(seed)
    W1 = rng.standard_normal((D, n_hidden)) / np.sqrt(D)
    W2 = rng.standard_normal((n_hidden, n_out)) / np.sqrt(n_hidden)
    b1, b2 = np.zeros(n_hidden), np.zeros(n_out)
    losses = []
    for epoch in range(epochs + 1):
        a1 = np.tanh(x @ W1 + b1)
        e = np.exp(a1 @ W2 + b2)
        p = e / e.sum(axis=1, keepdims=True)
        losses.append(-np.mean(np.log(p[np.arange(N), target])))
        if epoch == epochs:
            break
        delta2 = (p - np.eye(n_out)[target]) / N
        delta1 = (delta2 @ W2.T) * (1 - a1**2)
        dW2, dW1 = a1.T @ delta2 + 2 * lam * W2, x.T @ delta1 + 2 * lam * W1
        W2, b2 = W2 - eta * dW2, b2 - eta * delta2.sum(axis=0)
        W1, b1 = W1 - eta * dW1, b1 - eta * delta1.sum(axis=0)
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, np.array(losses)


def wrong__penalty_missing__loops(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    """The other way round: losses with penalty, steps without.
    First wrong: model
    """
    N, D = x.shape
    rng = np.random.default_rng(seed)
    W1 = rng.standard_normal((D, n_hidden)) / np.sqrt(D)
    W2 = rng.standard_normal((n_hidden, n_out)) / np.sqrt(n_hidden)
    b1, b2 = np.zeros(n_hidden), np.zeros(n_out)
    losses = []
    for epoch in range(epochs + 1):
        ce = 0.0
        dW1, dW2, db1, db2 = 0 * W1, 0 * W2, 0 * b1, 0 * b2
        for n in range(N):
            a = np.array([math.tanh(s) for s in x[n] @ W1 + b1])
            s = a @ W2 + b2
            p = np.exp(s - max(s)) / sum(np.exp(s - max(s)))
            ce -= math.log(p[target[n]])
            e = p / N
            e[target[n]] -= 1 / N
            db2 += e
            for j in range(n_hidden):
                dW2[j] += a[j] * e
                d = sum(W2[j] * e) * (1 - a[j] ** 2)
                db1[j] += d
                dW1[:, j] += x[n] * d
        losses.append(ce / N + lam * (np.sum(W1**2) + np.sum(W2**2)))
        if epoch < epochs:
            W1, b1, W2, b2 = W1 - eta * dW1, b1 - eta * db1, W2 - eta * dW2, b2 - eta * db2
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, np.array(losses)


def wrong__sum_for_mean__matrices(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    """Records the sum of the losses of all samples; the steps are right.
    First wrong: losses
    """
    N, D = x.shape
    rng = np.random.default_rng(seed)
    params = [rng.standard_normal((D, n_hidden)) / np.sqrt(D), np.zeros(n_hidden)]
    params += [rng.standard_normal((n_hidden, n_out)) / np.sqrt(n_hidden), np.zeros(n_out)]
    losses = []
    for epoch in range(epochs + 1):
        W1, b1, W2, b2 = params
        a1 = np.tanh(x @ W1 + b1)
        e = np.exp(a1 @ W2 + b2)
        p = e / e.sum(axis=1, keepdims=True)
        losses.append(-np.log(p[np.arange(N), target]).sum() + lam * ((W1**2).sum() + (W2**2).sum()))
        if epoch < epochs:
            d2 = (p - np.eye(n_out)[target]) / N
            d1 = (d2 @ W2.T) * (1 - a1**2)
            steps = [x.T @ d1 + 2 * lam * W1, d1.sum(0), a1.T @ d2 + 2 * lam * W2, d2.sum(0)]
            params = [w - eta * g for w, g in zip(params, steps)]
    return dict(zip(("W1", "b1", "W2", "b2"), params)), np.array(losses)


# ---------------------------------------------------------------------------------------------------- pairs and odd


def pair__n_missing__penalty_half__matrices(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    """The deck's gradients: summed over the samples, lam * W.
    First wrong: model
    """
    num_examples = len(x)
    rng = np.random.default_rng(seed)
    W1 = rng.standard_normal((x.shape[1], n_hidden)) / np.sqrt(x.shape[1])
    b1 = np.zeros(n_hidden)
    W2 = rng.standard_normal((n_hidden, n_out)) / np.sqrt(n_hidden)
    b2 = np.zeros(n_out)
    losses = []
    for i in range(epochs + 1):
        a1 = np.tanh(x.dot(W1) + b1)
        z2 = a1.dot(W2) + b2
        exp_scores = np.exp(z2 - z2.max(axis=1, keepdims=True))
        probs = exp_scores / np.sum(exp_scores, axis=1, keepdims=True)
        data_loss = -np.sum(np.log(np.maximum(probs[range(num_examples), target], 1e-300))) / num_examples
        losses.append(data_loss + lam * (np.sum(np.square(W1)) + np.sum(np.square(W2))))
        if i == epochs:
            break
        delta3 = probs
        delta3[range(num_examples), target] -= 1
        dW2 = (a1.T).dot(delta3)
        db2 = np.sum(delta3, axis=0)
        delta2 = delta3.dot(W2.T) * (1 - np.power(a1, 2))
        dW1 = np.dot(x.T, delta2)
        db1 = np.sum(delta2, axis=0)
        dW2 += lam * W2
        dW1 += lam * W1
        W1 += -eta * dW1
        b1 += -eta * db1
        W2 += -eta * dW2
        b2 += -eta * db2
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, np.array(losses)


def pair__scale_missing__bias_not_updated__matrices(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    """Standard normal draws, biases that stay at zero.
    First wrong: model
    """
    N = len(x)
    rng = np.random.default_rng(seed)
    W1, W2 = rng.standard_normal((x.shape[1], n_hidden)), rng.standard_normal((n_hidden, n_out))
    losses = []
    for epoch in range(epochs + 1):
        a1 = np.tanh(x @ W1)
        e = np.exp(a1 @ W2)
        p = e / e.sum(axis=1, keepdims=True)
        losses.append(-np.log(p[np.arange(N), target]).mean() + lam * ((W1**2).sum() + (W2**2).sum()))
        if epoch < epochs:
            d2 = (p - np.eye(n_out)[target]) / N
            d1 = (d2 @ W2.T) * (1 - a1**2)
            W1, W2 = W1 - eta * (x.T @ d1 + 2 * lam * W1), W2 - eta * (a1.T @ d2 + 2 * lam * W2)
    return {"W1": W1, "b1": np.zeros(n_hidden), "W2": W2, "b2": np.zeros(n_out)}, np.array(losses)


def outside__same_draw_for_both__matrices(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    """A new generator with the same seed for W2, so both matrices start with the same numbers.
    First wrong: model
    """
    N, D = x.shape
    W1 = np.random.default_rng(seed).standard_normal((D, n_hidden)) / np.sqrt(D)
    W2 = np.random.default_rng(seed).standard_normal((n_hidden, n_out)) / np.sqrt(n_hidden)
    b1, b2 = np.zeros(n_hidden), np.zeros(n_out)
    losses = []
    for epoch in range(epochs + 1):
        a1 = np.tanh(x @ W1 + b1)
        e = np.exp(a1 @ W2 + b2)
        p = e / e.sum(axis=1, keepdims=True)
        losses.append(-np.log(p[np.arange(N), target]).mean() + lam * ((W1**2).sum() + (W2**2).sum()))
        if epoch == epochs:
            break
        delta2 = (p - np.eye(n_out)[target]) / N
        delta1 = (delta2 @ W2.T) * (1 - a1**2)
        dW2, dW1 = a1.T @ delta2 + 2 * lam * W2, x.T @ delta1 + 2 * lam * W1
        W2, b2 = W2 - eta * dW2, b2 - eta * delta2.sum(axis=0)
        W1, b1 = W1 - eta * dW1, b1 - eta * delta1.sum(axis=0)
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, np.array(losses)


def outside__one_sample_after_the_other__loops(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    """Stochastic descent in the order of the samples, a step after each.
    First wrong: model
    """
    rng = np.random.default_rng(seed)
    m = dict(W1=rng.standard_normal((x.shape[1], n_hidden)) / np.sqrt(x.shape[1]), b1=np.zeros(n_hidden))
    m.update(W2=rng.standard_normal((n_hidden, n_out)) / np.sqrt(n_hidden), b2=np.zeros(n_out))

    def forward(v):
        a = np.tanh(v @ m["W1"] + m["b1"])
        e = np.exp(a @ m["W2"] + m["b2"])
        return a, e / e.sum()

    def loss():
        ce = np.mean([-np.log(forward(v)[1][t]) for v, t in zip(x, target)])
        return ce + lam * (np.sum(m["W1"] ** 2) + np.sum(m["W2"] ** 2))

    losses = [loss()]
    for _ in range(epochs):
        for v, t in zip(x, target):
            a, d2 = forward(v)
            d2[t] -= 1
            d1 = m["W2"] @ d2 * (1 - a**2)
            m["W2"] = m["W2"] - eta * (np.outer(a, d2) + 2 * lam * m["W2"])
            m["W1"] = m["W1"] - eta * (np.outer(v, d1) + 2 * lam * m["W1"])
            m["b2"] = m["b2"] - eta * d2
            m["b1"] = m["b1"] - eta * d1
        losses.append(loss())
    return m, np.array(losses)


def outside__eta_gets_smaller__matrices(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    """eta / (1 + epoch).
    First wrong: model
    """
    N, D = x.shape
    rng = np.random.default_rng(seed)
    W1 = rng.standard_normal((D, n_hidden)) / np.sqrt(D)
    W2 = rng.standard_normal((n_hidden, n_out)) / np.sqrt(n_hidden)
    b1, b2 = np.zeros(n_hidden), np.zeros(n_out)
    losses = []
    for epoch in range(epochs + 1):
        a1 = np.tanh(x @ W1 + b1)
        e = np.exp(a1 @ W2 + b2)
        p = e / e.sum(axis=1, keepdims=True)
        losses.append(-np.log(p[np.arange(N), target]).mean() + lam * ((W1**2).sum() + (W2**2).sum()))
        if epoch == epochs:
            break
        delta2 = (p - np.eye(n_out)[target]) / N
        delta1 = (delta2 @ W2.T) * (1 - a1**2)
        dW2, dW1 = a1.T @ delta2 + 2 * lam * W2, x.T @ delta1 + 2 * lam * W1
        now = eta / (1 + epoch)
        W2, b2 = W2 - now * dW2, b2 - now * delta2.sum(axis=0)
        W1, b1 = W1 - now * dW1, b1 - now * delta1.sum(axis=0)
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, np.array(losses)


def outside__biases_drawn_too__matrices(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    """The biases start with normal numbers, drawn after the matrices.
    First wrong: model
    """
    N, D = x.shape
    rng = np.random.default_rng(seed)
    W1 = rng.standard_normal((D, n_hidden)) / np.sqrt(D)
    W2 = rng.standard_normal((n_hidden, n_out)) / np.sqrt(n_hidden)
    b1, b2 = rng.standard_normal(n_hidden), rng.standard_normal(n_out)
    y = np.eye(n_out)[target]
    losses = []
    for epoch in range(epochs + 1):
        a1 = np.tanh(x @ W1 + b1)
        e = np.exp(a1 @ W2 + b2)
        p = e / e.sum(axis=1, keepdims=True)
        losses.append(-(y * np.log(p)).sum(axis=1).mean() + lam * ((W1**2).sum() + (W2**2).sum()))
        if epoch < epochs:
            d2 = (p - y) / N
            d1 = (d2 @ W2.T) * (1 - a1**2)
            W1, b1 = W1 - eta * (x.T @ d1 + 2 * lam * W1), b1 - eta * d1.sum(0)
            W2, b2 = W2 - eta * (a1.T @ d2 + 2 * lam * W2), b2 - eta * d2.sum(0)
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, np.array(losses)


def outside__momentum_added__matrices(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    """A momentum of 0.9, which nobody asked for.
    First wrong: model
    """
    N, D = x.shape
    rng = np.random.default_rng(seed)
    m = {"W1": rng.standard_normal((D, n_hidden)) / np.sqrt(D), "b1": np.zeros(n_hidden)}
    m.update(W2=rng.standard_normal((n_hidden, n_out)) / np.sqrt(n_hidden), b2=np.zeros(n_out))
    v = {k: np.zeros_like(w) for k, w in m.items()}
    losses = []
    for epoch in range(epochs + 1):
        a1 = np.tanh(x @ m["W1"] + m["b1"])
        z2 = a1 @ m["W2"] + m["b2"]
        e = np.exp(z2 - z2.max(axis=1, keepdims=True))
        p = e / e.sum(axis=1, keepdims=True)
        losses.append(-np.log(p[np.arange(N), target]).mean() + lam * sum((m[k] ** 2).sum() for k in ("W1", "W2")))
        if epoch == epochs:
            break
        d2 = (p - np.eye(n_out)[target]) / N
        d1 = (d2 @ m["W2"].T) * (1 - a1**2)
        g = dict(W1=x.T @ d1 + 2 * lam * m["W1"], b1=d1.sum(0), W2=a1.T @ d2 + 2 * lam * m["W2"], b2=d2.sum(0))
        v = {k: 0.9 * v[k] + g[k] for k in m}
        m = {k: m[k] - eta * v[k] for k in m}
    return m, np.array(losses)


def outside__losses_smoothed__matrices(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    """Records a running mean of the losses, for a nicer curve; the model is right.
    First wrong: losses
    """
    N, D = x.shape
    rng = np.random.default_rng(seed)
    W1 = rng.standard_normal((D, n_hidden)) / np.sqrt(D)
    W2 = rng.standard_normal((n_hidden, n_out)) / np.sqrt(n_hidden)
    b1, b2 = np.zeros(n_hidden), np.zeros(n_out)
    losses = []
    for epoch in range(epochs + 1):
        a1 = np.tanh(x @ W1 + b1)
        e = np.exp(a1 @ W2 + b2)
        p = e / e.sum(axis=1, keepdims=True)
        losses.append(-np.log(p[np.arange(N), target]).mean() + lam * ((W1**2).sum() + (W2**2).sum()))
        if epoch == epochs:
            break
        delta2 = (p - np.eye(n_out)[target]) / N
        delta1 = (delta2 @ W2.T) * (1 - a1**2)
        dW2, dW1 = a1.T @ delta2 + 2 * lam * W2, x.T @ delta1 + 2 * lam * W1
        W2, b2 = W2 - eta * dW2, b2 - eta * delta2.sum(axis=0)
        W1, b1 = W1 - eta * dW1, b1 - eta * delta1.sum(axis=0)
    smooth = np.cumsum(losses) / np.arange(1, epochs + 2)
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, smooth


def wrong__numeric_difference__central(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    """Each epoch follows differences of the loss."""
    rng = np.random.default_rng(seed)
    W1 = rng.standard_normal((x.shape[1], n_hidden)) / np.sqrt(x.shape[1])
    W2 = rng.standard_normal((n_hidden, n_out)) / np.sqrt(n_hidden)
    params = [W1, np.zeros(n_hidden), W2, np.zeros(n_out)]

    def loss(W1, b1, W2, b2):
        z = np.tanh(x @ W1 + b1) @ W2 + b2
        log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
        return -log_p[np.arange(len(x)), target].mean() + lam * ((W1**2).sum() + (W2**2).sum())

    losses = [loss(*params)]
    for _ in range(epochs):
        slopes = [np.zeros_like(v) for v in params]
        for v, g in zip(params, slopes):
            for i in np.ndindex(v.shape):
                keep = v[i]
                v[i] = keep + 1e-5
                up = loss(*params)
                v[i] = keep - 1e-5
                g[i] = (up - loss(*params)) / 2e-5
                v[i] = keep
        params = [v - eta * g for v, g in zip(params, slopes)]
        losses.append(loss(*params))
    return dict(zip(("W1", "b1", "W2", "b2"), params)), np.array(losses)
