"""Learners' answers to ps09, question backprop: right ones, and wrong ones with one slip each."""

import math

import numpy as np

# ---------------------------------------------------------------------------------------------------- right answers


def right__matrices(x, target, cache, model, lam):
    """As in the lesson: four lines of matrices."""
    N = x.shape[0]
    delta2 = cache["p"].copy()
    delta2[np.arange(N), target] -= 1
    delta2 /= N
    dW2 = cache["a1"].T @ delta2 + 2 * lam * model["W2"]
    db2 = delta2.sum(axis=0)
    delta1 = (delta2 @ model["W2"].T) * (1 - cache["a1"] ** 2)
    dW1 = x.T @ delta1 + 2 * lam * model["W1"]
    db1 = delta1.sum(axis=0)
    return {"delta2": delta2, "dW2": dW2, "db2": db2, "delta1": delta1, "dW1": dW1, "db1": db1}


def right__slow_loops(x, target, cache, model, lam):
    """Every index by hand, the slope as 1 over math.cosh squared, nothing vectorised."""
    n, d = x.shape
    h = len(model["b1"])
    k = len(model["b2"])
    g = dict(
        delta2=np.zeros((n, k)),
        dW2=np.zeros((h, k)),
        db2=np.zeros(k),
        delta1=np.zeros((n, h)),
        dW1=np.zeros((d, h)),
        db1=np.zeros(h),
    )
    for s in range(n):
        for c in range(k):
            hit = 1.0 if target[s] == c else 0.0
            g["delta2"][s, c] = (cache["p"][s, c] - hit) / n
    for c in range(k):
        for j in range(h):
            total = 0.0
            for s in range(n):
                total += cache["a1"][s, j] * g["delta2"][s, c]
            g["dW2"][j, c] = total + 2 * lam * model["W2"][j, c]
        for s in range(n):
            g["db2"][c] += g["delta2"][s, c]
    for s in range(n):
        for j in range(h):
            blame = 0.0
            for c in range(k):
                blame += g["delta2"][s, c] * model["W2"][j, c]
            g["delta1"][s, j] = blame / math.cosh(math.atanh(cache["a1"][s, j])) ** 2
    for j in range(h):
        for i in range(d):
            for s in range(n):
                g["dW1"][i, j] += x[s, i] * g["delta1"][s, j]
            g["dW1"][i, j] += 2 * lam * model["W1"][i, j]
        g["db1"][j] = math.fsum(g["delta1"][:, j])
    return g


def right__sum_of_outer_products(x, target, cache, model, lam):
    """One sample after the other; the gradients are added up, the penalty goes in at the start."""
    N = len(target)
    eye = np.eye(cache["p"].shape[1])
    dW1, dW2 = lam * 2 * model["W1"], lam * 2 * model["W2"]
    db1, db2 = 0 * model["b1"], 0 * model["b2"]
    d1s, d2s = [], []
    for n in range(N):
        d2 = (cache["p"][n] - eye[target[n]]) / N
        d1 = (model["W2"] @ d2) * (1 - cache["a1"][n]) * (1 + cache["a1"][n])
        dW2 = dW2 + np.outer(cache["a1"][n], d2)
        dW1 = dW1 + np.outer(x[n], d1)
        db2 = db2 + d2
        db1 = db1 + d1
        d2s.append(d2)
        d1s.append(d1)
    return dict(delta2=np.array(d2s), dW2=dW2, db2=db2, delta1=np.array(d1s), dW1=dW1, db1=db1)


def right__einsum(x, target, cache, model, lam):
    """Index letters instead of transposes, and a column of ones for the biases."""
    p, a1 = cache["p"], cache["a1"]
    N, K = p.shape
    hot = (target[:, None] == np.arange(K)[None, :]).astype(float)
    delta2 = p / N - hot / N
    delta1 = np.einsum("nk,hk,nh->nh", delta2, model["W2"], 1 - a1 * a1)
    ones = np.ones(N)
    return {
        "delta2": delta2,
        "dW2": np.einsum("nh,nk->hk", a1, delta2) + 2 * lam * model["W2"],
        "db2": ones @ delta2,
        "delta1": delta1,
        "dW1": np.einsum("nd,nh->dh", x, delta1) + 2 * lam * model["W1"],
        "db1": ones @ delta1,
    }


def right__jacobian_of_softmax(x, target, cache, model, lam):
    """The long way: d loss / d p, then the whole softmax Jacobian of every sample, then on as usual."""
    p = cache["p"]
    N, K = p.shape
    delta2 = np.empty((N, K))
    for n in range(N):
        dp = np.zeros(K)
        dp[target[n]] = -1 / (N * p[n, target[n]])
        J = np.diag(p[n]) - np.outer(p[n], p[n])
        delta2[n] = J @ dp
    back = np.dot(model["W2"], delta2.T).T
    delta1 = back - back * np.square(cache["a1"])
    return dict(
        delta2=delta2,
        dW2=(delta2.T @ cache["a1"]).T + 2 * lam * model["W2"],
        db2=np.add.reduce(delta2, 0),
        delta1=delta1,
        dW1=(delta1.T @ x).T + 2 * lam * model["W1"],
        db1=np.add.reduce(delta1, 0),
    )


# ---------------------------------------------------------------------------------------- everywhere: sign, factors


def wrong__sign__matrices(x, target, cache, model, lam):
    """Target minus output, and nothing turns it round again.
    First wrong: delta2
    """
    N, K = cache["p"].shape
    y = np.eye(K)[target]
    delta2 = (y - cache["p"]) / N
    dW2 = cache["a1"].T @ delta2 + 2 * lam * model["W2"]
    db2 = delta2.sum(0)
    delta1 = delta2 @ model["W2"].T * (1 - cache["a1"] ** 2)
    dW1 = x.T @ delta1 + 2 * lam * model["W1"]
    db1 = delta1.sum(0)
    return dict(delta2=delta2, dW2=dW2, db2=db2, delta1=delta1, dW1=dW1, db1=db1)


def wrong__sign__loops(x, target, cache, model, lam):
    """Error = wanted - got, as in everyday life, and then goes on as if it were got - wanted.
    First wrong: delta2
    """
    N = len(x)
    H, K = model["W2"].shape
    e = np.zeros((N, K))
    for n in range(N):
        for k in range(K):
            wanted = 1 if k == target[n] else 0
            e[n, k] = (wanted - cache["p"][n, k]) / N
    dW2 = 2 * lam * model["W2"]
    for n in range(N):
        for k in range(K):
            dW2[:, k] += e[n, k] * cache["a1"][n]
    hid = np.zeros((N, H))
    for n in range(N):
        for j in range(H):
            for k in range(K):
                hid[n, j] += e[n, k] * model["W2"][j, k]
            hid[n, j] *= 1 - cache["a1"][n, j] ** 2
    dW1 = 2 * lam * model["W1"]
    for n in range(N):
        dW1 += np.outer(x[n], hid[n])
    return {"delta2": e, "dW2": dW2, "db2": sum(e), "delta1": hid, "dW1": dW1, "db1": sum(hid)}


def wrong__sign__matrices__2(x, target, cache, model, lam):
    """Output bias with a minus, because in z - threshold the bias was subtracted.
    First wrong: db2
    """
    m = x.shape[0]
    err = cache["p"].copy()
    err[range(m), target] -= 1.0
    err = err / m
    grads = {"delta2": err}
    grads["dW2"] = np.matmul(cache["a1"].T, err) + 2 * lam * model["W2"]
    grads["db2"] = -err.sum(axis=0)
    hidden = np.matmul(err, model["W2"].T) * (1 - np.power(cache["a1"], 2))
    grads["delta1"] = hidden
    grads["dW1"] = np.matmul(x.T, hidden) + 2 * lam * model["W1"]
    grads["db1"] = hidden.sum(axis=0)
    return grads


def wrong__factor_two__matrices(x, target, cache, model, lam):
    """A 2 in front of the error, as from a squared error.
    First wrong: delta2
    """
    N = x.shape[0]
    onehot = np.zeros_like(cache["p"])
    onehot[np.arange(N), target] = 1
    delta2 = 2 * (cache["p"] - onehot) / N
    delta1 = (1 - cache["a1"] ** 2) * delta2.dot(model["W2"].T)
    reg = 2 * lam
    return {
        "delta2": delta2,
        "dW2": cache["a1"].T.dot(delta2) + reg * model["W2"],
        "db2": np.sum(delta2, axis=0),
        "delta1": delta1,
        "dW1": x.T.dot(delta1) + reg * model["W1"],
        "db1": np.sum(delta1, axis=0),
    }


def wrong__factor_two__loops(x, target, cache, model, lam):
    """The slope of tanh with a 2 from the power rule: 2 * (1 - a * a).
    First wrong: delta1
    """

    def tanh_slope(a):
        return 2 * (1 - a * a)

    N, D = x.shape
    H, K = model["W2"].shape
    A = cache["a1"]
    d2 = np.zeros((N, K))
    d1 = np.zeros((N, H))
    for n in range(N):
        for k in range(K):
            d2[n, k] = cache["p"][n, k] / N
            if k == target[n]:
                d2[n, k] -= 1 / N
        for j in range(H):
            d1[n, j] = tanh_slope(A[n, j]) * sum(d2[n, k] * model["W2"][j, k] for k in range(K))
    g2 = np.zeros((H, K))
    for j in range(H):
        for k in range(K):
            g2[j, k] = sum(A[n, j] * d2[n, k] for n in range(N)) + 2 * lam * model["W2"][j, k]
    g1 = np.zeros((D, H))
    for i in range(D):
        for j in range(H):
            g1[i, j] = sum(x[n, i] * d1[n, j] for n in range(N)) + 2 * lam * model["W1"][i, j]
    return {"delta2": d2, "dW2": g2, "db2": d2.sum(0), "delta1": d1, "dW1": g1, "db1": d1.sum(0)}


def wrong__factor_half__matrices(x, target, cache, model, lam):
    """Half of the error, from the 1/2 in front of some loss.
    First wrong: delta2
    """
    p = cache["p"]
    N, K = p.shape
    delta2 = 0.5 / N * (p - (np.arange(K) == target[:, np.newaxis]))
    dW2 = cache["a1"].T @ delta2 + 2 * lam * model["W2"]
    delta1 = (delta2 @ model["W2"].T) * (1.0 - cache["a1"] ** 2)
    dW1 = x.T @ delta1 + 2 * lam * model["W1"]
    return dict(zip(
        ("delta2", "dW2", "db2", "delta1", "dW1", "db1"),
        (delta2, dW2, delta2.sum(axis=0), delta1, dW1, delta1.sum(axis=0)),
    ))


def wrong__float32__matrices(x, target, cache, model, lam):
    """Everything in single precision to save memory, handed back as float64.
    First wrong: delta2
    """
    f = np.float32
    p, a1, x32 = f(cache["p"]), f(cache["a1"]), f(x)
    W1, W2 = f(model["W1"]), f(model["W2"])
    N = len(target)
    y = np.eye(p.shape[1], dtype=f)[target]
    delta2 = (p - y) / f(N)
    delta1 = (delta2 @ W2.T) * (1 - a1**2)
    out = {
        "delta2": delta2,
        "dW2": a1.T @ delta2 + f(2 * lam) * W2,
        "db2": delta2.sum(0),
        "delta1": delta1,
        "dW1": x32.T @ delta1 + f(2 * lam) * W1,
        "db1": delta1.sum(0),
    }
    return {key: value.astype(np.float64) for key, value in out.items()}


def wrong__float32__loops(x, target, cache, model, lam):
    """The array for the output deltas was made as float32 and only later turned into float64.
    First wrong: delta2
    """
    N, K = cache["p"].shape
    H = cache["a1"].shape[1]
    delta2 = np.zeros((N, K), dtype="float32")
    for i in range(N):
        for c in range(K):
            delta2[i, c] = (cache["p"][i, c] - int(target[i] == c)) / N
    delta2 = delta2.astype(float)
    delta1 = np.zeros((N, H))
    dW2 = model["W2"] * (2 * lam)
    dW1 = model["W1"] * (2 * lam)
    for i in range(N):
        delta1[i] = model["W2"].dot(delta2[i]) * (1 - cache["a1"][i] ** 2)
        dW2 += cache["a1"][i][:, None] * delta2[i][None, :]
        dW1 += x[i][:, None] * delta1[i][None, :]
    return dict(delta2=delta2, dW2=dW2, db2=delta2.sum(0), delta1=delta1, dW1=dW1, db1=delta1.sum(0))


# ------------------------------------------------------------------------------------------ slope of the hidden layer


def wrong__missing_slope__matrices(x, target, cache, model, lam):
    """Sends the error back through W2 and stops there: no tanh'.
    First wrong: delta1
    """
    N = len(x)
    delta2 = np.array(cache["p"])
    delta2[np.arange(N), target] -= 1
    delta2 = delta2 / N
    dW2 = cache["a1"].T @ delta2 + 2 * lam * model["W2"]
    db2 = delta2.sum(axis=0)
    delta1 = delta2 @ model["W2"].T
    dW1 = x.T @ delta1 + 2 * lam * model["W1"]
    db1 = delta1.sum(axis=0)
    return {"delta2": delta2, "dW2": dW2, "db2": db2, "delta1": delta1, "dW1": dW1, "db1": db1}


def wrong__missing_slope__loops(x, target, cache, model, lam):
    """Backward pass sample by sample; the hidden units are treated as if they were linear.
    First wrong: delta1
    """
    N = x.shape[0]
    W2 = model["W2"]
    out_err = []
    hid_err = []
    for probs, t in zip(cache["p"], target):
        e = list(probs)
        e[t] = e[t] - 1
        e = [v / N for v in e]
        out_err.append(e)
        hid_err.append([sum(w * v for w, v in zip(row, e)) for row in W2])
    delta2 = np.array(out_err)
    delta1 = np.array(hid_err)
    dW2 = np.array([[sum(cache["a1"][:, j] * delta2[:, k]) for k in range(W2.shape[1])] for j in range(W2.shape[0])])
    dW1 = np.array([[sum(x[:, i] * delta1[:, j]) for j in range(W2.shape[0])] for i in range(x.shape[1])])
    dW2 = dW2 + lam * (W2 + W2)
    dW1 = dW1 + lam * (model["W1"] + model["W1"])
    return {"delta2": delta2, "dW2": dW2, "db2": sum(delta2), "delta1": delta1, "dW1": dW1, "db1": sum(delta1)}


def wrong__slope_of_sigmoid__matrices(x, target, cache, model, lam):
    """Copied the hidden layer from the sigmoid exercise: a * (1 - a).
    First wrong: delta1
    """
    a1, p = cache["a1"], cache["p"]
    W1, W2 = model["W1"], model["W2"]
    N, K = p.shape
    delta2 = (p - np.eye(K)[target]) / N
    dW2 = a1.T @ delta2 + 2 * lam * W2
    db2 = delta2.sum(axis=0)
    delta1 = (delta2 @ W2.T) * a1 * (1 - a1)
    dW1 = x.T @ delta1 + 2 * lam * W1
    db1 = delta1.sum(axis=0)
    return dict(delta2=delta2, dW2=dW2, db2=db2, delta1=delta1, dW1=dW1, db1=db1)


def wrong__slope_of_sigmoid__loops(x, target, cache, model, lam):
    """With a helper called derivative that is the one of the logistic function.
    First wrong: delta1
    """

    def derivative(activation):
        return activation - activation**2

    count = float(len(target))
    g = {"delta2": np.zeros(cache["p"].shape), "dW2": np.zeros(model["W2"].shape), "db2": np.zeros(model["b2"].shape)}
    g.update(delta1=np.zeros(cache["a1"].shape), dW1=np.zeros(model["W1"].shape), db1=np.zeros(model["b1"].shape))
    for n, t in enumerate(target):
        g["delta2"][n] = cache["p"][n] / count
        g["delta2"][n, t] -= 1 / count
        for j, a in enumerate(cache["a1"][n]):
            g["dW2"][j] += a * g["delta2"][n]
            g["delta1"][n, j] = np.dot(model["W2"][j], g["delta2"][n]) * derivative(a)
        for i, v in enumerate(x[n]):
            g["dW1"][i] += v * g["delta1"][n]
        g["db1"] += g["delta1"][n]
        g["db2"] += g["delta2"][n]
    g["dW1"] += 2 * lam * model["W1"]
    g["dW2"] += 2 * lam * model["W2"]
    return g


def wrong__slope_of_relu__matrices(x, target, cache, model, lam):
    """Switches the hidden units off where z1 is negative, as for ReLU.
    First wrong: delta1
    """
    N = x.shape[0]
    dscores = cache["p"].copy()
    dscores[range(N), target] -= 1
    dscores /= N
    dW2 = np.dot(cache["a1"].T, dscores) + 2 * lam * model["W2"]
    dhidden = np.dot(dscores, model["W2"].T)
    dhidden[cache["z1"] <= 0] = 0
    dW1 = np.dot(x.T, dhidden) + 2 * lam * model["W1"]
    return {
        "delta2": dscores,
        "dW2": dW2,
        "db2": np.sum(dscores, axis=0),
        "delta1": dhidden,
        "dW1": dW1,
        "db1": np.sum(dhidden, axis=0),
    }


def wrong__slope_of_relu__loops(x, target, cache, model, lam):
    """if a > 0 the error passes, otherwise it does not.
    First wrong: delta1
    """
    N = len(target)
    H = len(model["b1"])
    delta2 = cache["p"] * 1.0
    for n in range(N):
        delta2[n, target[n]] -= 1
    delta2 = delta2 / N
    delta1 = np.zeros((N, H))
    for n in range(N):
        for j in range(H):
            if cache["a1"][n, j] > 0:
                for k in range(len(model["b2"])):
                    delta1[n, j] += model["W2"][j, k] * delta2[n, k]
    dW2 = 2 * lam * model["W2"] + sum(np.outer(cache["a1"][n], delta2[n]) for n in range(N))
    dW1 = 2 * lam * model["W1"] + sum(np.outer(x[n], delta1[n]) for n in range(N))
    return dict(delta2=delta2, dW2=dW2, db2=delta2.sum(0), delta1=delta1, dW1=dW1, db1=delta1.sum(0))


def wrong__one_minus_a__matrices(x, target, cache, model, lam):
    """Forgot the square: 1 - a1.
    First wrong: delta1
    """
    N = x.shape[0]
    delta2 = cache["p"].copy()
    delta2[np.arange(N), target] -= 1
    delta2 /= N
    delta1 = (delta2 @ model["W2"].T) * (1 - cache["a1"])
    return {
        "delta2": delta2,
        "dW2": cache["a1"].T @ delta2 + 2 * lam * model["W2"],
        "db2": delta2.sum(axis=0),
        "delta1": delta1,
        "dW1": x.T @ delta1 + 2 * lam * model["W1"],
        "db1": delta1.sum(axis=0),
    }


def wrong__one_minus_a__loops(x, target, cache, model, lam):
    """Takes sech^2 = 1 - tanh from a half-remembered formula sheet.
    First wrong: delta1
    """
    N, D = x.shape
    H = model["W1"].shape[1]
    K = model["W2"].shape[1]
    delta2 = np.empty((N, K))
    delta1 = np.empty((N, H))
    for n in range(N):
        for k in range(K):
            wanted = 1 if target[n] == k else 0
            delta2[n][k] = (cache["p"][n][k] - wanted) / N
        for j in range(H):
            s = 0
            for k in range(K):
                s += delta2[n][k] * model["W2"][j][k]
            sech2 = 1 - math.tanh(cache["z1"][n][j])
            delta1[n][j] = s * sech2
    dW2 = np.empty((H, K))
    for j in range(H):
        for k in range(K):
            dW2[j][k] = np.sum(cache["a1"][:, j] * delta2[:, k]) + 2 * lam * model["W2"][j][k]
    dW1 = np.empty((D, H))
    for i in range(D):
        for j in range(H):
            dW1[i][j] = np.sum(x[:, i] * delta1[:, j]) + 2 * lam * model["W1"][i][j]
    db2 = np.array([sum(delta2[:, k]) for k in range(K)])
    db1 = np.array([sum(delta1[:, j]) for j in range(H)])
    return {"delta2": delta2, "dW2": dW2, "db2": db2, "delta1": delta1, "dW1": dW1, "db1": db1}


def wrong__slope_without_one_minus_a__matrices(x, target, cache, model, lam):
    """Multiplied with a1 itself and called it the slope.
    First wrong: delta1
    """
    N, K = cache["p"].shape
    hidden = cache["a1"]
    delta2 = (cache["p"] - np.eye(K)[target]) / N
    delta1 = hidden * (delta2 @ model["W2"].transpose())
    grads = {}
    grads["delta2"] = delta2
    grads["dW2"] = hidden.transpose() @ delta2 + 2 * lam * model["W2"]
    grads["db2"] = delta2.sum(0)
    grads["delta1"] = delta1
    grads["dW1"] = x.transpose() @ delta1 + 2 * lam * model["W1"]
    grads["db1"] = delta1.sum(0)
    return grads


def wrong__slope_taken_at_a__matrices(x, target, cache, model, lam):
    """1 - tanh(.)**2 with a1 put in: tanh is applied a second time.
    First wrong: delta1
    """
    N = len(target)
    labels = np.zeros(cache["p"].shape)
    labels[np.arange(N), target] = 1.0
    delta2 = (cache["p"] - labels) / N
    tanh_prime = 1 - np.tanh(cache["a1"]) ** 2
    delta1 = delta2 @ model["W2"].T * tanh_prime
    dW2 = cache["a1"].T @ delta2 + 2 * lam * model["W2"]
    dW1 = x.T @ delta1 + 2 * lam * model["W1"]
    return dict(delta2=delta2, dW2=dW2, db2=delta2.sum(0), delta1=delta1, dW1=dW1, db1=delta1.sum(0))


def wrong__slope_taken_at_a__loops(x, target, cache, model, lam):
    """1 / cosh(a)**2 where it should have been cosh(z).
    First wrong: delta1
    """
    a, p, W2 = cache["a1"], cache["p"], model["W2"]
    N = a.shape[0]
    d2 = np.stack([(p[n] - np.eye(p.shape[1])[target[n]]) / N for n in range(N)])
    d1 = np.zeros_like(a)
    for (n, j), value in np.ndenumerate(a):
        d1[n, j] = (W2[j] * d2[n]).sum() / math.cosh(value) ** 2
    dW2 = 2 * lam * W2
    dW1 = 2 * lam * model["W1"]
    for n in range(N):
        dW2 = dW2 + np.outer(a[n], d2[n])
        dW1 = dW1 + np.outer(x[n], d1[n])
    return {"delta2": d2, "dW2": dW2, "db2": d2.sum(0), "delta1": d1, "dW1": dW1, "db1": d1.sum(0)}


def wrong__slope_taken_at_z__matrices(x, target, cache, model, lam):
    """1 - z1**2: the formula for a, but fed with z.
    First wrong: delta1
    """
    N = x.shape[0]
    delta2 = cache["p"].copy()
    delta2[np.arange(N), target] -= 1
    delta2 /= N
    dW2 = cache["a1"].T @ delta2 + 2 * lam * model["W2"]
    db2 = np.sum(delta2, axis=0)
    delta1 = delta2.dot(model["W2"].T) * (1 - np.power(cache["z1"], 2))
    dW1 = np.dot(x.T, delta1) + 2 * lam * model["W1"]
    db1 = np.sum(delta1, axis=0)
    return {"delta2": delta2, "dW2": dW2, "db2": db2, "delta1": delta1, "dW1": dW1, "db1": db1}


def wrong__slope_taken_at_z__loops(x, target, cache, model, lam):
    """Unpacks the cache in its order and takes the first value for the activation in the slope.
    First wrong: delta1
    """
    pre, act, _, prob = cache["z1"], cache["a1"], cache["z2"], cache["p"]
    N = len(prob)
    big = np.zeros(prob.shape)
    small = np.zeros(pre.shape)
    for r in range(N):
        big[r] = prob[r]
        big[r][target[r]] -= 1
        big[r] = big[r] / N
        for u in range(pre.shape[1]):
            small[r][u] = (1 - pre[r][u]) * (1 + pre[r][u]) * np.dot(big[r], model["W2"][u])
    up = [[np.dot(act[:, u], big[:, c]) for c in range(prob.shape[1])] for u in range(pre.shape[1])]
    low = [[np.dot(x[:, i], small[:, u]) for u in range(pre.shape[1])] for i in range(x.shape[1])]
    return {
        "delta2": big,
        "dW2": np.array(up) + 2 * lam * model["W2"],
        "db2": big.sum(axis=0),
        "delta1": small,
        "dW1": np.array(low) + 2 * lam * model["W1"],
        "db1": small.sum(axis=0),
    }


def wrong__slope_twice__matrices(x, target, cache, model, lam):
    """The slope goes into delta1, and once more when it is tidied up before the return.
    First wrong: delta1
    """
    N, K = cache["p"].shape
    delta2 = (cache["p"] - np.eye(K)[target]) / N
    slope = 1 - cache["a1"] ** 2
    da1 = delta2 @ model["W2"].T * slope
    delta1 = da1 * slope
    return {
        "delta2": delta2,
        "dW2": cache["a1"].T @ delta2 + 2 * lam * model["W2"],
        "db2": delta2.sum(axis=0),
        "delta1": delta1,
        "dW1": x.T @ delta1 + 2 * lam * model["W1"],
        "db1": delta1.sum(axis=0),
    }


def wrong__slope_twice__loops(x, target, cache, model, lam):
    """Multiplies by tanh' for every unit and then the whole row by it again.
    First wrong: delta1
    """
    N, H = cache["a1"].shape
    K = len(model["b2"])
    delta2, delta1 = np.zeros((N, K)), np.zeros((N, H))
    dW2, dW1 = 2 * lam * model["W2"], 2 * lam * model["W1"]
    for n in range(N):
        a = cache["a1"][n]
        delta2[n] = cache["p"][n] / N
        delta2[n, target[n]] -= 1 / N
        for j in range(H):
            for k in range(K):
                delta1[n, j] += delta2[n, k] * model["W2"][j, k] * (1 - a[j] ** 2)
        delta1[n] *= 1 - a**2
        dW2 += np.outer(a, delta2[n])
        dW1 += np.outer(x[n], delta1[n])
    db2 = np.array([delta2[:, k].sum() for k in range(K)])
    db1 = np.array([delta1[:, j].sum() for j in range(H)])
    return dict(delta2=delta2, dW2=dW2, db2=db2, delta1=delta1, dW1=dW1, db1=db1)


def wrong__slope_at_delta__matrices(x, target, cache, model, lam):
    """The helper tanh_grad gets the error that comes in instead of the activation.
    First wrong: delta1
    """

    def tanh_grad(a):
        return 1 - a**2

    N = x.shape[0]
    delta2 = cache["p"].copy()
    delta2[np.arange(N), target] -= 1
    delta2 /= N
    incoming = delta2 @ model["W2"].T
    delta1 = incoming * tanh_grad(incoming)
    dW2 = cache["a1"].T @ delta2 + 2 * lam * model["W2"]
    dW1 = x.T @ delta1 + 2 * lam * model["W1"]
    return dict(delta2=delta2, dW2=dW2, db2=delta2.sum(0), delta1=delta1, dW1=dW1, db1=delta1.sum(0))


def wrong__slope_of_wrong_layer__matrices(x, target, cache, model, lam):
    """Takes 1 - p**2 and puts it in front of W2.T, where the shapes fit.
    First wrong: delta1
    """
    N, K = cache["p"].shape
    delta2 = (cache["p"] - np.eye(K)[target]) / N
    delta1 = (delta2 * (1 - cache["p"] ** 2)) @ model["W2"].T
    dW2 = cache["a1"].T @ delta2 + 2 * lam * model["W2"]
    dW1 = x.T @ delta1 + 2 * lam * model["W1"]
    return dict(delta2=delta2, dW2=dW2, db2=delta2.sum(0), delta1=delta1, dW1=dW1, db1=delta1.sum(0))


def wrong__slope_squared_sign__matrices(x, target, cache, model, lam):
    """a1**2 - 1 for the slope.
    First wrong: delta1
    """
    N = len(x)
    err = np.copy(cache["p"])
    err[np.arange(N), target] -= 1
    err *= 1 / N
    back = np.dot(err, model["W2"].T) * (np.square(cache["a1"]) - 1)
    return {
        "delta2": err,
        "dW2": np.dot(cache["a1"].T, err) + 2 * lam * model["W2"],
        "db2": err.sum(0),
        "delta1": back,
        "dW1": np.dot(x.T, back) + 2 * lam * model["W1"],
        "db1": back.sum(0),
    }


# ------------------------------------------------------------------------------------------------ error at the output


def wrong__no_one_hot__matrices(x, target, cache, model, lam):
    """delta2 is p / N; the target does not come in at all.
    First wrong: delta2
    """
    N = x.shape[0]
    delta2 = cache["p"] / N
    dW2 = cache["a1"].T @ delta2 + 2 * lam * model["W2"]
    db2 = delta2.sum(axis=0)
    delta1 = (delta2 @ model["W2"].T) * (1 - cache["a1"] ** 2)
    dW1 = x.T @ delta1 + 2 * lam * model["W1"]
    db1 = delta1.sum(axis=0)
    return {"delta2": delta2, "dW2": dW2, "db2": db2, "delta1": delta1, "dW1": dW1, "db1": db1}


def wrong__no_one_hot__loops(x, target, cache, model, lam):
    """Subtracts the 1 from a copy of a row and then throws the copy away.
    First wrong: delta2
    """
    N, K = cache["p"].shape
    H = cache["a1"].shape[1]
    d2 = np.zeros((N, K))
    for n in range(N):
        row = cache["p"][n].copy()
        d2[n] = row / N
        row[target[n]] -= 1
    d1 = np.zeros((N, H))
    for n in range(N):
        for j in range(H):
            d1[n, j] = (1 - cache["a1"][n, j] ** 2) * sum(model["W2"][j, k] * d2[n, k] for k in range(K))
    dW2 = sum(np.outer(cache["a1"][n], d2[n]) for n in range(N)) + 2 * lam * model["W2"]
    dW1 = sum(np.outer(x[n], d1[n]) for n in range(N)) + 2 * lam * model["W1"]
    return dict(delta2=d2, dW2=dW2, db2=sum(d2), delta1=d1, dW1=dW1, db1=sum(d1))


def wrong__one_hot_added__matrices(x, target, cache, model, lam):
    """+= 1 at the target class where -= 1 was meant.
    First wrong: delta2
    """
    N = x.shape[0]
    delta2 = cache["p"].copy()
    delta2[np.arange(N), target] += 1
    delta2 /= N
    delta1 = (delta2 @ model["W2"].T) * (1 - cache["a1"] ** 2)
    return {
        "delta2": delta2,
        "dW2": cache["a1"].T @ delta2 + 2 * lam * model["W2"],
        "db2": delta2.sum(axis=0),
        "delta1": delta1,
        "dW1": x.T @ delta1 + 2 * lam * model["W1"],
        "db1": delta1.sum(axis=0),
    }


def wrong__one_hot_added__loops(x, target, cache, model, lam):
    """Writes out - (-target), with the minus of the loss kept as well.
    First wrong: delta2
    """
    N = len(target)
    W1, W2 = model["W1"], model["W2"]
    delta2, delta1 = [], []
    for n in range(N):
        d = []
        for k, prob in enumerate(cache["p"][n]):
            minus_target = -1.0 if k == target[n] else 0.0
            d.append((prob - minus_target) / N)
        delta2.append(d)
        delta1.append([(1 - a * a) * np.dot(W2[j], d) for j, a in enumerate(cache["a1"][n])])
    delta2 = np.array(delta2)
    delta1 = np.array(delta1)
    dW2 = np.zeros(W2.shape)
    for j in range(W2.shape[0]):
        dW2[j] = cache["a1"][:, j] @ delta2 + 2 * lam * W2[j]
    dW1 = np.zeros(W1.shape)
    for i in range(W1.shape[0]):
        dW1[i] = x[:, i] @ delta1 + 2 * lam * W1[i]
    return dict(delta2=delta2, dW2=dW2, db2=delta2.sum(0), delta1=delta1, dW1=dW1, db1=delta1.sum(0))


def wrong__one_hot_wrong_class__matrices(x, target, cache, model, lam):
    """Thought that the classes count from 1 and took the column target - 1.
    First wrong: delta2
    """
    N = x.shape[0]
    delta2 = cache["p"].copy()
    delta2[np.arange(N), target - 1] -= 1
    delta2 /= N
    dW2 = cache["a1"].T @ delta2 + 2 * lam * model["W2"]
    db2 = delta2.sum(axis=0)
    delta1 = (delta2 @ model["W2"].T) * (1 - cache["a1"] ** 2)
    dW1 = x.T @ delta1 + 2 * lam * model["W1"]
    db1 = delta1.sum(axis=0)
    return {"delta2": delta2, "dW2": dW2, "db2": db2, "delta1": delta1, "dW1": dW1, "db1": db1}


def wrong__one_hot_wrong_class__loops(x, target, cache, model, lam):
    """Subtracts the 1 at the class with the largest probability.
    First wrong: delta2
    """
    rows, K = cache["p"].shape
    delta2 = np.zeros((rows, K))
    delta1 = np.zeros(cache["a1"].shape)
    dW2, db2 = 2 * lam * model["W2"], np.zeros(K)
    dW1, db1 = 2 * lam * model["W1"], np.zeros(len(model["b1"]))
    for n in range(rows):
        best = 0
        for k in range(K):
            if cache["p"][n, k] > cache["p"][n, best]:
                best = k
        delta2[n] = cache["p"][n]
        delta2[n, best] -= 1
        delta2[n] /= rows
        delta1[n] = (1 - cache["a1"][n] ** 2) * (model["W2"] @ delta2[n])
        dW2 = dW2 + np.outer(cache["a1"][n], delta2[n])
        dW1 = dW1 + np.outer(x[n], delta1[n])
        db2 = db2 + delta2[n]
        db1 = db1 + delta1[n]
    return {"delta2": delta2, "dW2": dW2, "db2": db2, "delta1": delta1, "dW1": dW1, "db1": db1}


def wrong__jacobian_twice__matrices(x, target, cache, model, lam):
    """(p - onehot) times p * (1 - p): the slope of softmax once again.
    First wrong: delta2
    """
    p = cache["p"]
    N, K = p.shape
    delta2 = (p - np.eye(K)[target]) * p * (1 - p) / N
    dW2 = cache["a1"].T @ delta2 + 2 * lam * model["W2"]
    db2 = delta2.sum(axis=0)
    delta1 = (delta2 @ model["W2"].T) * (1 - cache["a1"] ** 2)
    dW1 = x.T @ delta1 + 2 * lam * model["W1"]
    db1 = delta1.sum(axis=0)
    return {"delta2": delta2, "dW2": dW2, "db2": db2, "delta1": delta1, "dW1": dW1, "db1": db1}


def wrong__jacobian_twice__loops(x, target, cache, model, lam):
    """Treats p - onehot as d loss / d p and sends it through the whole Jacobian of softmax.
    First wrong: delta2
    """
    N, K = cache["p"].shape
    delta2 = np.zeros((N, K))
    for n in range(N):
        p = cache["p"][n]
        e = p.copy()
        e[target[n]] -= 1
        for i in range(K):
            for j in range(K):
                if i == j:
                    delta2[n, i] += p[i] * (1 - p[i]) * e[j] / N
                else:
                    delta2[n, i] -= p[i] * p[j] * e[j] / N
    delta1 = np.zeros(cache["a1"].shape)
    for n in range(N):
        for j in range(delta1.shape[1]):
            delta1[n, j] = np.sum(model["W2"][j] * delta2[n]) * (1 - cache["a1"][n, j] ** 2)
    dW2 = np.tensordot(cache["a1"], delta2, axes=(0, 0)) + 2 * lam * model["W2"]
    dW1 = np.tensordot(x, delta1, axes=(0, 0)) + 2 * lam * model["W1"]
    return {"delta2": delta2, "dW2": dW2, "db2": sum(delta2), "delta1": delta1, "dW1": dW1, "db1": sum(delta1)}


def wrong__softmax_elementwise__matrices(x, target, cache, model, lam):
    """d loss / d p = -onehot / p, then times p * (1 - p) elementwise; the other scores get nothing.
    First wrong: delta2
    """
    p = cache["p"]
    N, K = p.shape
    dp = -np.eye(K)[target] / p / N
    delta2 = dp * p * (1 - p)
    dW2 = cache["a1"].T @ delta2 + 2 * lam * model["W2"]
    delta1 = (delta2 @ model["W2"].T) * (1 - cache["a1"] ** 2)
    dW1 = x.T @ delta1 + 2 * lam * model["W1"]
    return dict(delta2=delta2, dW2=dW2, db2=delta2.sum(0), delta1=delta1, dW1=dW1, db1=delta1.sum(0))


def wrong__softmax_elementwise__loops(x, target, cache, model, lam):
    """Only the score of the right class gets an error, p - 1; all others stay at zero.
    First wrong: delta2
    """
    N = len(target)
    grads = dict(delta2=np.zeros_like(cache["p"]))
    for n in range(N):
        t = target[n]
        grads["delta2"][n, t] = (cache["p"][n, t] - 1.0) / N
    grads["dW2"] = 2 * lam * model["W2"]
    for n in range(N):
        for j in range(len(model["b1"])):
            grads["dW2"][j, :] += cache["a1"][n, j] * grads["delta2"][n, :]
    grads["db2"] = sum(grads["delta2"][n] for n in range(N))
    grads["delta1"] = np.vstack(
        [model["W2"].dot(grads["delta2"][n]) * (1 - cache["a1"][n] ** 2) for n in range(N)]
    )
    grads["dW1"] = 2 * lam * model["W1"]
    for n in range(N):
        for i in range(x.shape[1]):
            grads["dW1"][i, :] += x[n, i] * grads["delta1"][n, :]
    grads["db1"] = sum(grads["delta1"][n] for n in range(N))
    return grads


def wrong__slope_of_tanh__matrices(x, target, cache, model, lam):
    """The output error times 1 - p**2, as if the output units were tanh too.
    First wrong: delta2
    """
    N, K = cache["p"].shape
    y = np.eye(K)[target]
    delta2 = (cache["p"] - y) * (1 - cache["p"] ** 2) / N
    delta1 = (delta2 @ model["W2"].T) * (1 - cache["a1"] ** 2)
    dW2 = cache["a1"].T @ delta2 + 2 * lam * model["W2"]
    dW1 = x.T @ delta1 + 2 * lam * model["W1"]
    return {
        "delta2": delta2,
        "dW2": dW2,
        "db2": delta2.sum(0),
        "delta1": delta1,
        "dW1": dW1,
        "db1": delta1.sum(0),
    }


def wrong__missing_error__matrices(x, target, cache, model, lam):
    """Only p * (1 - p) at the output; the error was forgotten.
    First wrong: delta2
    """
    p, a1 = cache["p"], cache["a1"]
    delta2 = p * (1 - p) / len(target)
    delta1 = (delta2 @ model["W2"].T) * (1 - a1**2)
    dW2 = a1.T @ delta2 + 2 * lam * model["W2"]
    dW1 = x.T @ delta1 + 2 * lam * model["W1"]
    return dict(delta2=delta2, dW2=dW2, db2=delta2.sum(0), delta1=delta1, dW1=dW1, db1=delta1.sum(0))


def wrong__loss_for_error__loops(x, target, cache, model, lam):
    """Puts the loss of each sample, -log p, at its class and propagates that.
    First wrong: delta2
    """
    N, K = cache["p"].shape
    delta2 = np.zeros((N, K))
    for n in range(N):
        delta2[n, target[n]] = -math.log(cache["p"][n, target[n]]) / N
    delta1 = np.zeros(cache["a1"].shape)
    for n in range(N):
        delta1[n] = np.dot(model["W2"], delta2[n]) * (1 - cache["a1"][n] * cache["a1"][n])
    dW2 = sum(np.outer(a, d) for a, d in zip(cache["a1"], delta2)) + 2 * lam * model["W2"]
    dW1 = sum(np.outer(a, d) for a, d in zip(x, delta1)) + 2 * lam * model["W1"]
    return dict(delta2=delta2, dW2=dW2, db2=delta2.sum(0), delta1=delta1, dW1=dW1, db1=delta1.sum(0))


def wrong__target_only__matrices(x, target, cache, model, lam):
    """Starts from zeros instead of from p, then subtracts 1 at the target.
    First wrong: delta2
    """
    N = x.shape[0]
    delta2 = np.zeros_like(cache["p"])
    delta2[np.arange(N), target] -= 1
    delta2 /= N
    dW2 = cache["a1"].T @ delta2 + 2 * lam * model["W2"]
    db2 = delta2.sum(axis=0)
    delta1 = (delta2 @ model["W2"].T) * (1 - cache["a1"] ** 2)
    dW1 = x.T @ delta1 + 2 * lam * model["W1"]
    db1 = delta1.sum(axis=0)
    return {"delta2": delta2, "dW2": dW2, "db2": db2, "delta1": delta1, "dW1": dW1, "db1": db1}


def wrong__target_only__loops(x, target, cache, model, lam):
    """Propagates the one-hot target back, no output in it.
    First wrong: delta2
    """
    N = len(target)
    K = len(model["b2"])
    d2 = np.array([[1 / N if target[n] == k else 0.0 for k in range(K)] for n in range(N)])
    d1 = np.array([[model["W2"][j] @ d2[n] * (1 - cache["a1"][n, j] ** 2) for j in range(len(model["b1"]))]
                   for n in range(N)])
    dW2, dW1 = 2 * lam * model["W2"], 2 * lam * model["W1"]
    for n in range(N):
        dW2 += np.outer(cache["a1"][n], d2[n])
        dW1 += np.outer(x[n], d1[n])
    return {"delta2": d2, "dW2": dW2, "db2": sum(d2), "delta1": d1, "dW1": dW1, "db1": sum(d1)}


def wrong__rows_and_columns_mixed__matrices(x, target, cache, model, lam):
    """Fills the one-hot table as one long row, column after column, and folds it row after row.
    First wrong: delta2
    """
    N, K = cache["p"].shape
    flat = np.zeros(N * K)
    flat[target * N + np.arange(N)] = 1
    y = flat.reshape(N, K)
    delta2 = (cache["p"] - y) / N
    delta1 = (delta2 @ model["W2"].T) * (1 - cache["a1"] ** 2)
    dW2 = cache["a1"].T @ delta2 + 2 * lam * model["W2"]
    dW1 = x.T @ delta1 + 2 * lam * model["W1"]
    return dict(delta2=delta2, dW2=dW2, db2=delta2.sum(0), delta1=delta1, dW1=dW1, db1=delta1.sum(0))


# ------------------------------------------------------------------------------------------------------------- 1/N


def wrong__n_missing__matrices(x, target, cache, model, lam):
    """As on the deck's slide: the sum over the samples, no 1/N anywhere.
    First wrong: delta2
    """
    delta2 = cache["p"].copy()
    delta2[range(len(x)), target] -= 1
    dW2 = (cache["a1"].T).dot(delta2)
    db2 = np.sum(delta2, axis=0)
    delta1 = delta2.dot(model["W2"].T) * (1 - np.power(cache["a1"], 2))
    dW1 = np.dot(x.T, delta1)
    db1 = np.sum(delta1, axis=0)
    dW2 += 2 * lam * model["W2"]
    dW1 += 2 * lam * model["W1"]
    return {"delta2": delta2, "dW2": dW2, "db2": db2, "delta1": delta1, "dW1": dW1, "db1": db1}


def wrong__n_missing__loops(x, target, cache, model, lam):
    """Adds up the gradients of all samples and forgets to divide.
    First wrong: delta2
    """
    N, D = x.shape
    H, K = model["W2"].shape
    delta2, delta1 = np.zeros((N, K)), np.zeros((N, H))
    dW2, dW1 = np.zeros((H, K)), np.zeros((D, H))
    db2, db1 = np.zeros(K), np.zeros(H)
    for n in range(N):
        for k in range(K):
            delta2[n, k] = cache["p"][n, k]
            if k == target[n]:
                delta2[n, k] -= 1
            db2[k] += delta2[n, k]
            for j in range(H):
                dW2[j, k] += delta2[n, k] * cache["a1"][n, j]
        for j in range(H):
            for k in range(K):
                delta1[n, j] += delta2[n, k] * model["W2"][j, k]
            delta1[n, j] *= 1 - cache["a1"][n, j] ** 2
            db1[j] += delta1[n, j]
            for i in range(D):
                dW1[i, j] += delta1[n, j] * x[n, i]
    for W, dW in ((model["W1"], dW1), (model["W2"], dW2)):
        dW += 2 * lam * W
    return {"delta2": delta2, "dW2": dW2, "db2": db2, "delta1": delta1, "dW1": dW1, "db1": db1}


def wrong__n_twice__matrices(x, target, cache, model, lam):
    """1/N in delta2 and then again in dW and db.
    First wrong: dW2
    """
    N = x.shape[0]
    delta2 = cache["p"].copy()
    delta2[np.arange(N), target] -= 1
    delta2 /= N
    dW2 = cache["a1"].T @ delta2 / N + 2 * lam * model["W2"]
    db2 = delta2.sum(axis=0) / N
    delta1 = (delta2 @ model["W2"].T) * (1 - cache["a1"] ** 2)
    dW1 = x.T @ delta1 / N + 2 * lam * model["W1"]
    db1 = delta1.sum(axis=0) / N
    return {"delta2": delta2, "dW2": dW2, "db2": db2, "delta1": delta1, "dW1": dW1, "db1": db1}


def wrong__n_twice__loops(x, target, cache, model, lam):
    """Divides by N inside the loop over the samples and after it once more.
    First wrong: delta2
    """
    N, K = cache["p"].shape
    delta2 = np.zeros((N, K))
    for n in range(N):
        delta2[n] = cache["p"][n] / N
        delta2[n, target[n]] -= 1 / N
    delta2 = delta2 / N
    delta1 = np.zeros_like(cache["z1"])
    for n in range(N):
        for j in range(delta1.shape[1]):
            delta1[n, j] = (1 - cache["a1"][n, j] ** 2) * (model["W2"][j] @ delta2[n])
    dW2 = 2 * lam * model["W2"] + sum(cache["a1"][n][:, None] * delta2[n] for n in range(N))
    dW1 = 2 * lam * model["W1"] + sum(x[n][:, None] * delta1[n] for n in range(N))
    return dict(delta2=delta2, dW2=dW2, db2=delta2.sum(0), delta1=delta1, dW1=dW1, db1=delta1.sum(0))


def wrong__n_twice__matrices__2(x, target, cache, model, lam):
    """The hidden delta is divided by N although delta2 has it already.
    First wrong: delta1
    """
    N = x.shape[0]
    delta2 = (cache["p"] - np.eye(cache["p"].shape[1])[target]) / N
    delta1 = (delta2 @ model["W2"].T) * (1 - cache["a1"] ** 2) / N
    return dict(
        delta2=delta2,
        dW2=cache["a1"].T @ delta2 + 2 * lam * model["W2"],
        db2=delta2.sum(0),
        delta1=delta1,
        dW1=x.T @ delta1 + 2 * lam * model["W1"],
        db1=delta1.sum(0),
    )


def wrong__n_times_k__matrices(x, target, cache, model, lam):
    """Divides by p.size, all entries of the table.
    First wrong: delta2
    """
    p = cache["p"]
    y = np.zeros(p.shape)
    y[np.arange(len(p)), target] = 1
    delta2 = (p - y) / p.size
    dW2 = cache["a1"].T @ delta2 + 2 * lam * model["W2"]
    db2 = delta2.sum(axis=0)
    delta1 = (delta2 @ model["W2"].T) * (1 - cache["a1"] ** 2)
    dW1 = x.T @ delta1 + 2 * lam * model["W1"]
    db1 = delta1.sum(axis=0)
    return {"delta2": delta2, "dW2": dW2, "db2": db2, "delta1": delta1, "dW1": dW1, "db1": db1}


def wrong__n_times_k__loops(x, target, cache, model, lam):
    """Counts in the inner loop and divides by the count: that is N * K.
    First wrong: delta2
    """
    delta2 = np.zeros(cache["p"].shape)
    count = 0
    for n, row in enumerate(cache["p"]):
        for k, prob in enumerate(row):
            delta2[n, k] = prob - (target[n] == k)
            count += 1
    delta2 /= count
    dW2, dW1 = 2 * lam * model["W2"], 2 * lam * model["W1"]
    db2, db1 = np.zeros(model["b2"].shape), np.zeros(model["b1"].shape)
    delta1 = np.zeros(cache["a1"].shape)
    for n in range(len(x)):
        delta1[n] = (1 - cache["a1"][n] ** 2) * np.dot(model["W2"], delta2[n])
        dW2 += np.outer(cache["a1"][n], delta2[n])
        dW1 += np.outer(x[n], delta1[n])
        db2 += delta2[n]
        db1 += delta1[n]
    return {"delta2": delta2, "dW2": dW2, "db2": db2, "delta1": delta1, "dW1": dW1, "db1": db1}


# ----------------------------------------------------------------------------------------------- sums and matrices


def wrong__weights_forgotten__matrices(x, target, cache, model, lam):
    """Every hidden unit gets the sum of the output deltas (which is nearly 0); W2 is not used.
    First wrong: delta1
    """
    a1 = cache["a1"]
    N, K = cache["p"].shape
    delta2 = (cache["p"] - np.eye(K)[target]) / N
    dW2 = a1.T @ delta2 + 2 * lam * model["W2"]
    delta1 = delta2.sum(axis=1, keepdims=True) * (1 - a1**2)
    dW1 = x.T @ delta1 + 2 * lam * model["W1"]
    return dict(delta2=delta2, dW2=dW2, db2=delta2.sum(0), delta1=delta1, dW1=dW1, db1=delta1.sum(0))


def wrong__first_only__matrices(x, target, cache, model, lam):
    """db2 is the first row of delta2.
    First wrong: db2
    """
    N = x.shape[0]
    delta2 = cache["p"].copy()
    delta2[np.arange(N), target] -= 1
    delta2 /= N
    delta1 = (delta2 @ model["W2"].T) * (1 - cache["a1"] ** 2)
    return {
        "delta2": delta2,
        "dW2": cache["a1"].T @ delta2 + 2 * lam * model["W2"],
        "db2": delta2[0].copy(),
        "delta1": delta1,
        "dW1": x.T @ delta1 + 2 * lam * model["W1"],
        "db1": delta1.sum(axis=0),
    }


def wrong__first_only__loops(x, target, cache, model, lam):
    """The return is indented too far, so the search for the blame of a hidden unit ends at the first output.
    First wrong: delta1
    """
    N, H = cache["a1"].shape
    K = cache["p"].shape[1]

    def blame(errors, weights):
        total = 0.0
        for e, w in zip(errors, weights):
            total += e * w
            return total

    delta2 = np.zeros((N, K))
    delta1 = np.zeros((N, H))
    for n in range(N):
        delta2[n] = cache["p"][n]
        delta2[n, target[n]] -= 1.0
        delta2[n] /= N
        for j in range(H):
            delta1[n, j] = blame(delta2[n], model["W2"][j]) * (1 - cache["a1"][n, j] ** 2)
    dW2 = 2 * lam * model["W2"]
    dW1 = 2 * lam * model["W1"]
    for n in range(N):
        dW2 += np.outer(cache["a1"][n], delta2[n])
        dW1 += np.outer(x[n], delta1[n])
    return dict(delta2=delta2, dW2=dW2, db2=delta2.sum(0), delta1=delta1, dW1=dW1, db1=delta1.sum(0))


def wrong__last_only__matrices(x, target, cache, model, lam):
    """The weight gradient of the second layer is that of the last sample, as in stochastic descent.
    First wrong: dW2
    """
    N = x.shape[0]
    delta2 = cache["p"].copy()
    delta2[np.arange(N), target] -= 1
    delta2 /= N
    dW2 = np.outer(cache["a1"][-1], delta2[-1]) + 2 * lam * model["W2"]
    delta1 = (delta2 @ model["W2"].T) * (1 - cache["a1"] ** 2)
    dW1 = x.T @ delta1 + 2 * lam * model["W1"]
    return dict(delta2=delta2, dW2=dW2, db2=delta2.sum(0), delta1=delta1, dW1=dW1, db1=delta1.sum(0))


def wrong__last_only__loops(x, target, cache, model, lam):
    """= instead of += in the loop over the outputs: only the last one counts for delta1.
    First wrong: delta1
    """
    N, D = x.shape
    H, K = model["W2"].shape
    delta2 = np.zeros((N, K))
    delta1 = np.zeros((N, H))
    dW2 = np.zeros((H, K))
    dW1 = np.zeros((D, H))
    for n in range(N):
        for k in range(K):
            delta2[n, k] = (cache["p"][n, k] - (target[n] == k)) / N
            for j in range(H):
                dW2[j, k] += cache["a1"][n, j] * delta2[n, k]
                delta1[n, j] = delta2[n, k] * model["W2"][j, k] * (1 - cache["a1"][n, j] ** 2)
        for i in range(D):
            for j in range(H):
                dW1[i, j] += x[n, i] * delta1[n, j]
    dW2 += 2 * lam * model["W2"]
    dW1 += 2 * lam * model["W1"]
    return {"delta2": delta2, "dW2": dW2, "db2": sum(delta2), "delta1": delta1, "dW1": dW1, "db1": sum(delta1)}


def wrong__mean_for_sum__matrices(x, target, cache, model, lam):
    """The blame of a hidden unit is averaged over the outputs.
    First wrong: delta1
    """
    N, K = cache["p"].shape
    delta2 = (cache["p"] - np.eye(K)[target]) / N
    blame = np.mean(delta2[:, None, :] * model["W2"][None, :, :], axis=2)
    delta1 = blame * (1 - cache["a1"] ** 2)
    dW2 = cache["a1"].T @ delta2 + 2 * lam * model["W2"]
    dW1 = x.T @ delta1 + 2 * lam * model["W1"]
    return dict(delta2=delta2, dW2=dW2, db2=delta2.sum(0), delta1=delta1, dW1=dW1, db1=delta1.sum(0))


def wrong__max_for_sum__loops(x, target, cache, model, lam):
    """A hidden unit gets the largest of its contributions to the outputs only.
    First wrong: delta1
    """
    N, H = cache["a1"].shape
    delta2 = cache["p"] / N
    for n in range(N):
        delta2[n, target[n]] -= 1 / N
    delta1 = np.zeros((N, H))
    for n in range(N):
        for j in range(H):
            parts = [d * w for d, w in zip(delta2[n], model["W2"][j])]
            delta1[n, j] = max(parts) * (1 - cache["a1"][n, j] ** 2)
    dW2 = sum(np.outer(cache["a1"][n], delta2[n]) for n in range(N)) + 2 * lam * model["W2"]
    dW1 = sum(np.outer(x[n], delta1[n]) for n in range(N)) + 2 * lam * model["W1"]
    return dict(delta2=delta2, dW2=dW2, db2=delta2.sum(0), delta1=delta1, dW1=dW1, db1=delta1.sum(0))


def wrong__product_for_sum__loops(x, target, cache, model, lam):
    """*= in the loop over the outputs, starting at 1.
    First wrong: delta1
    """
    N, H = cache["a1"].shape
    delta2 = (cache["p"] - np.identity(cache["p"].shape[1])[target]) / N
    delta1 = np.ones((N, H))
    for n in range(N):
        for j in range(H):
            for k in range(delta2.shape[1]):
                delta1[n, j] *= delta2[n, k] * model["W2"][j, k]
            delta1[n, j] *= 1 - cache["a1"][n, j] ** 2
    dW2, dW1 = 2 * lam * model["W2"], 2 * lam * model["W1"]
    for n in range(N):
        dW2 += np.outer(cache["a1"][n], delta2[n])
        dW1 += np.outer(x[n], delta1[n])
    return dict(delta2=delta2, dW2=dW2, db2=delta2.sum(0), delta1=delta1, dW1=dW1, db1=delta1.sum(0))


def wrong__absolute_values__matrices(x, target, cache, model, lam):
    """A hidden unit's share of the blame is taken from the size of its weights: abs(W2).
    First wrong: delta1
    """
    N = x.shape[0]
    delta2 = cache["p"].copy()
    delta2[np.arange(N), target] -= 1
    delta2 /= N
    share = np.abs(model["W2"])
    delta1 = (delta2 @ share.T) * (1 - cache["a1"] ** 2)
    dW2 = cache["a1"].T @ delta2 + 2 * lam * model["W2"]
    dW1 = x.T @ delta1 + 2 * lam * model["W1"]
    return dict(delta2=delta2, dW2=dW2, db2=delta2.sum(0), delta1=delta1, dW1=dW1, db1=delta1.sum(0))


def wrong__absolute_values__loops(x, target, cache, model, lam):
    """Error as a distance: abs(p - y).
    First wrong: delta2
    """
    N, K = cache["p"].shape
    delta2 = np.zeros((N, K))
    for n in range(N):
        for k in range(K):
            delta2[n, k] = abs(cache["p"][n, k] - (1 if target[n] == k else 0)) / N
    delta1 = np.array([model["W2"].dot(d) for d in delta2]) * (1 - cache["a1"] ** 2)
    dW2, dW1 = 2 * lam * model["W2"], 2 * lam * model["W1"]
    for n in range(N):
        dW2 += np.outer(cache["a1"][n], delta2[n])
        dW1 += np.outer(x[n], delta1[n])
    return {"delta2": delta2, "dW2": dW2, "db2": sum(delta2), "delta1": delta1, "dW1": dW1, "db1": sum(delta1)}


def wrong__own_weight_only__loops(x, target, cache, model, lam):
    """Hidden unit j listens to output j only, over W2[j, j]; units without a partner get nothing.
    First wrong: delta1
    """
    N, H = cache["a1"].shape
    K = cache["p"].shape[1]
    delta2 = np.zeros((N, K))
    delta1 = np.zeros((N, H))
    for n in range(N):
        delta2[n] = (cache["p"][n] - (np.arange(K) == target[n])) / N
        for j in range(H):
            if j < K:
                delta1[n, j] = delta2[n, j] * model["W2"][j, j] * (1 - cache["a1"][n, j] ** 2)
    dW2 = cache["a1"].T @ delta2 + 2 * lam * model["W2"]
    dW1 = x.T @ delta1 + 2 * lam * model["W1"]
    return dict(delta2=delta2, dW2=dW2, db2=delta2.sum(0), delta1=delta1, dW1=dW1, db1=delta1.sum(0))


def wrong__reshaped_for_transposed__matrices(x, target, cache, model, lam):
    """W2.reshape to the size that fits, where the transpose was meant.
    First wrong: delta1
    """
    N = x.shape[0]
    H, K = model["W2"].shape
    delta2 = cache["p"].copy()
    delta2[np.arange(N), target] -= 1
    delta2 /= N
    dW2 = cache["a1"].T @ delta2 + 2 * lam * model["W2"]
    db2 = delta2.sum(axis=0)
    delta1 = (delta2 @ model["W2"].reshape(K, H)) * (1 - cache["a1"] ** 2)
    dW1 = x.T @ delta1 + 2 * lam * model["W1"]
    db1 = delta1.sum(axis=0)
    return {"delta2": delta2, "dW2": dW2, "db2": db2, "delta1": delta1, "dW1": dW1, "db1": db1}


def wrong__reshaped_for_transposed__loops(x, target, cache, model, lam):
    """Keeps W2 as a flat list and counts through it in the wrong order on the way back.
    First wrong: delta1
    """
    N = len(target)
    H, K = model["W2"].shape
    flat = [float(w) for w in model["W2"].ravel()]
    delta2 = [[(cache["p"][n, k] - (k == target[n])) / N for k in range(K)] for n in range(N)]
    delta1 = [[0.0] * H for _ in range(N)]
    for n in range(N):
        for j in range(H):
            for k in range(K):
                delta1[n][j] += delta2[n][k] * flat[k * H + j]
            delta1[n][j] *= 1 - cache["a1"][n, j] ** 2
    delta2, delta1 = np.array(delta2), np.array(delta1)
    dW2 = np.zeros((H, K))
    for j in range(H):
        for k in range(K):
            dW2[j, k] = cache["a1"][:, j] @ delta2[:, k] + 2 * lam * model["W2"][j, k]
    dW1 = np.zeros(model["W1"].shape)
    for i in range(x.shape[1]):
        for j in range(H):
            dW1[i, j] = x[:, i] @ delta1[:, j] + 2 * lam * model["W1"][i, j]
    return dict(delta2=delta2, dW2=dW2, db2=delta2.sum(0), delta1=delta1, dW1=dW1, db1=delta1.sum(0))


def wrong__reshaped_for_transposed__matrices__2(x, target, cache, model, lam):
    """x.reshape(D, N) in front of delta1.
    First wrong: dW1
    """
    N, D = x.shape
    H = cache["a1"].shape[1]
    delta2 = (cache["p"] - np.eye(cache["p"].shape[1])[target]) / N
    delta1 = (delta2 @ model["W2"].T) * (1 - cache["a1"] ** 2)
    dW2 = cache["a1"].transpose().reshape(H, N) @ delta2 + 2 * lam * model["W2"]
    dW1 = x.reshape(D, N) @ delta1 + 2 * lam * model["W1"]
    return dict(delta2=delta2, dW2=dW2, db2=delta2.sum(0), delta1=delta1, dW1=dW1, db1=delta1.sum(0))


def wrong__outer_product_reversed__matrices(x, target, cache, model, lam):
    """delta2.T @ a1, and because the sum with W2 complained, a reshape behind it.
    First wrong: dW2
    """
    N = x.shape[0]
    delta2 = cache["p"].copy()
    delta2[np.arange(N), target] -= 1
    delta2 /= N
    dW2 = (delta2.T @ cache["a1"]).reshape(model["W2"].shape) + 2 * lam * model["W2"]
    delta1 = (delta2 @ model["W2"].T) * (1 - cache["a1"] ** 2)
    dW1 = x.T @ delta1 + 2 * lam * model["W1"]
    return dict(delta2=delta2, dW2=dW2, db2=delta2.sum(0), delta1=delta1, dW1=dW1, db1=delta1.sum(0))


def wrong__outer_product_reversed__loops(x, target, cache, model, lam):
    """np.outer(delta, input) for the first layer, folded into the shape of W1.
    First wrong: dW1
    """
    N = x.shape[0]
    delta2, delta1 = np.zeros_like(cache["p"]), np.zeros_like(cache["a1"])
    dW2, dW1 = np.zeros_like(model["W2"]), np.zeros_like(model["W1"])
    for n in range(N):
        delta2[n] = cache["p"][n]
        delta2[n][target[n]] -= 1
        delta2[n] /= N
        delta1[n] = (model["W2"] @ delta2[n]) * (1 - cache["a1"][n] ** 2)
        dW2 += np.outer(cache["a1"][n], delta2[n])
        dW1 += np.outer(delta1[n], x[n]).reshape(dW1.shape)
    dW2 += 2 * lam * model["W2"]
    dW1 += 2 * lam * model["W1"]
    return {"delta2": delta2, "dW2": dW2, "db2": sum(delta2), "delta1": delta1, "dW1": dW1, "db1": sum(delta1)}


def wrong__updated_weights__matrices(x, target, cache, model, lam):
    """Takes the step of W2 straight away (eta 0.1) and sends the error back through the new W2.
    First wrong: delta1
    """
    N = x.shape[0]
    delta2 = cache["p"].copy()
    delta2[np.arange(N), target] -= 1
    delta2 /= N
    dW2 = cache["a1"].T @ delta2 + 2 * lam * model["W2"]
    W2 = model["W2"] - 0.1 * dW2
    delta1 = (delta2 @ W2.T) * (1 - cache["a1"] ** 2)
    dW1 = x.T @ delta1 + 2 * lam * model["W1"]
    return dict(delta2=delta2, dW2=dW2, db2=delta2.sum(0), delta1=delta1, dW1=dW1, db1=delta1.sum(0))


def wrong__z_for_a__matrices(x, target, cache, model, lam):
    """z1.T @ delta2: the hidden layer before tanh.
    First wrong: dW2
    """
    N = x.shape[0]
    delta2 = cache["p"].copy()
    delta2[np.arange(N), target] -= 1
    delta2 /= N
    dW2 = cache["z1"].T @ delta2 + 2 * lam * model["W2"]
    db2 = delta2.sum(axis=0)
    delta1 = (delta2 @ model["W2"].T) * (1 - cache["a1"] ** 2)
    dW1 = x.T @ delta1 + 2 * lam * model["W1"]
    db1 = delta1.sum(axis=0)
    return {"delta2": delta2, "dW2": dW2, "db2": db2, "delta1": delta1, "dW1": dW1, "db1": db1}


def wrong__z_for_a__loops(x, target, cache, model, lam):
    """Computes the input of the second layer afresh as x @ W1 + b1 and forgets that tanh comes in between.
    First wrong: dW2
    """
    N, D = x.shape
    H, K = model["W2"].shape
    d2 = np.zeros((N, K))
    for n in range(N):
        for k in range(K):
            d2[n, k] = (cache["p"][n, k] - float(target[n] == k)) / N
    dW2 = np.zeros((H, K))
    for j in range(H):
        for n in range(N):
            hidden = model["b1"][j]
            for i in range(D):
                hidden += x[n, i] * model["W1"][i, j]
            dW2[j] += hidden * d2[n]
        dW2[j] += 2 * lam * model["W2"][j]
    d1 = np.zeros((N, H))
    dW1 = 2 * lam * model["W1"]
    for n in range(N):
        for j in range(H):
            d1[n, j] = sum(d2[n] * model["W2"][j]) * (1 - cache["a1"][n, j] ** 2)
        for i in range(D):
            dW1[i] += x[n, i] * d1[n]
    return dict(delta2=d2, dW2=dW2, db2=d2.sum(0), delta1=d1, dW1=dW1, db1=d1.sum(0))


# ----------------------------------------------------------------------------------------------------------- biases


def wrong__bias_gradient_zero__matrices(x, target, cache, model, lam):
    """Bias gradients are left at zero: 'the bias has no input'.
    First wrong: db2
    """
    N, K = cache["p"].shape
    grads = {key: np.zeros_like(value) for key, value in
             dict(delta2=cache["p"], dW2=model["W2"], db2=model["b2"], delta1=cache["a1"], dW1=model["W1"],
                  db1=model["b1"]).items()}
    grads["delta2"] += (cache["p"] - np.eye(K)[target]) / N
    grads["dW2"] += cache["a1"].T @ grads["delta2"] + 2 * lam * model["W2"]
    grads["delta1"] += (grads["delta2"] @ model["W2"].T) * (1 - cache["a1"] ** 2)
    grads["dW1"] += x.T @ grads["delta1"] + 2 * lam * model["W1"]
    return grads


def wrong__bias_gradient_zero__loops(x, target, cache, model, lam):
    """Forgot to fill in the bias of the hidden layer.
    First wrong: db1
    """
    N = x.shape[0]
    H, K = model["W2"].shape
    delta2, delta1 = np.zeros((N, K)), np.zeros((N, H))
    dW2, dW1 = 2 * lam * model["W2"], 2 * lam * model["W1"]
    db2, db1 = np.zeros(K), np.zeros(H)
    for n in range(N):
        delta2[n] = cache["p"][n] - np.eye(K)[target[n]]
        delta2[n] /= N
        db2 += delta2[n]
        for j in range(H):
            dW2[j] += cache["a1"][n, j] * delta2[n]
            delta1[n, j] = model["W2"][j] @ delta2[n] * (1 - cache["a1"][n, j] ** 2)
            for i in range(x.shape[1]):
                dW1[i, j] += x[n, i] * delta1[n, j]
    return {"delta2": delta2, "dW2": dW2, "db2": db2, "delta1": delta1, "dW1": dW1, "db1": db1}


def wrong__bias_summed__matrices(x, target, cache, model, lam):
    """np.sum without an axis: one number for all hidden biases.
    First wrong: db2
    """
    N = x.shape[0]
    delta2 = cache["p"].copy()
    delta2[np.arange(N), target] -= 1
    delta2 /= N
    dW2 = cache["a1"].T @ delta2 + 2 * lam * model["W2"]
    db2 = np.zeros_like(model["b2"]) + np.sum(delta2)
    delta1 = (delta2 @ model["W2"].T) * (1 - cache["a1"] ** 2)
    dW1 = x.T @ delta1 + 2 * lam * model["W1"]
    db1 = np.zeros_like(model["b1"]) + np.sum(delta1)
    return {"delta2": delta2, "dW2": dW2, "db2": db2, "delta1": delta1, "dW1": dW1, "db1": db1}


def wrong__bias_summed__loops(x, target, cache, model, lam):
    """Adds the deltas of the hidden layer into one running number and gives it to every unit.
    First wrong: db1
    """
    N, K = cache["p"].shape
    delta2 = np.array([cache["p"][n] - (np.arange(K) == target[n]) for n in range(N)]) / N
    delta1 = np.array([model["W2"] @ d * (1 - a * a) for d, a in zip(delta2, cache["a1"])])
    dW2 = sum(np.outer(a, d) for a, d in zip(cache["a1"], delta2)) + 2 * lam * model["W2"]
    dW1 = sum(np.outer(v, d) for v, d in zip(x, delta1)) + 2 * lam * model["W1"]
    db2 = np.array([sum(delta2[n, k] for n in range(N)) for k in range(K)])
    running = 0.0
    for row in delta1:
        for value in row:
            running += value
    db1 = np.full(delta1.shape[1], running)
    return {"delta2": delta2, "dW2": dW2, "db2": db2, "delta1": delta1, "dW1": dW1, "db1": db1}


def wrong__bias_averaged__matrices(x, target, cache, model, lam):
    """db = delta.mean(axis=0): the 1/N a second time, for the biases only.
    First wrong: db2
    """
    N = x.shape[0]
    delta2 = cache["p"].copy()
    delta2[np.arange(N), target] -= 1
    delta2 /= N
    dW2 = cache["a1"].T @ delta2 + 2 * lam * model["W2"]
    db2 = delta2.mean(axis=0)
    delta1 = (delta2 @ model["W2"].T) * (1 - cache["a1"] ** 2)
    dW1 = x.T @ delta1 + 2 * lam * model["W1"]
    db1 = delta1.mean(axis=0)
    return {"delta2": delta2, "dW2": dW2, "db2": db2, "delta1": delta1, "dW1": dW1, "db1": db1}


def wrong__bias_averaged__loops(x, target, cache, model, lam):
    """Averages the bias gradient of the hidden layer over the samples.
    First wrong: db1
    """

    def average(rows):
        total = np.zeros(len(rows[0]))
        for row in rows:
            total = total + row
        return total / len(rows)

    N = len(x)
    d2 = []
    for n in range(N):
        e = cache["p"][n].copy()
        e[target[n]] -= 1
        d2.append(e / N)
    d1 = [np.dot(model["W2"], d2[n]) * (1 - cache["a1"][n] ** 2) for n in range(N)]
    dW2, dW1 = 2 * lam * model["W2"], 2 * lam * model["W1"]
    for n in range(N):
        dW2 += np.outer(cache["a1"][n], d2[n])
        dW1 += np.outer(x[n], d1[n])
    return dict(delta2=np.array(d2), dW2=dW2, db2=sum(d2), delta1=np.array(d1), dW1=dW1, db1=average(d1))


def wrong__bias_last_sample__loops(x, target, cache, model, lam):
    """db2 = delta2[n] inside the loop: overwritten by every sample.
    First wrong: db2
    """
    N = len(target)
    delta2 = np.zeros(cache["p"].shape)
    delta1 = np.zeros(cache["a1"].shape)
    dW2 = 2 * lam * model["W2"]
    dW1 = 2 * lam * model["W1"]
    for n in range(N):
        delta2[n] = cache["p"][n] / N
        delta2[n, target[n]] -= 1 / N
        dW2 += np.outer(cache["a1"][n], delta2[n])
        db2 = delta2[n].copy()
        delta1[n] = (1 - cache["a1"][n] ** 2) * (model["W2"] @ delta2[n])
        dW1 += np.outer(x[n], delta1[n])
        db1 = delta1[n].copy()
    return {"delta2": delta2, "dW2": dW2, "db2": db2, "delta1": delta1, "dW1": dW1, "db1": db1}


def wrong__bias_last_sample__matrices(x, target, cache, model, lam):
    """db1 = delta1[-1].
    First wrong: db1
    """
    N = x.shape[0]
    delta2 = (cache["p"] - np.eye(cache["p"].shape[1])[target]) / N
    delta1 = np.einsum("nk,jk->nj", delta2, model["W2"]) * (1 - cache["a1"] ** 2)
    return {
        "delta2": delta2,
        "dW2": cache["a1"].T @ delta2 + 2 * lam * model["W2"],
        "db2": delta2.sum(axis=0),
        "delta1": delta1,
        "dW1": x.T @ delta1 + 2 * lam * model["W1"],
        "db1": 1 * delta1[-1],
    }


def wrong__bias_times_input__loops(x, target, cache, model, lam):
    """In the innermost loop db1 gets the same product as dW1, with the input in it.
    First wrong: db1
    """
    N, D = x.shape
    H, K = model["W2"].shape
    delta2, delta1 = np.zeros((N, K)), np.zeros((N, H))
    dW2, dW1, db2, db1 = np.zeros((H, K)), np.zeros((D, H)), np.zeros(K), np.zeros(H)
    for n in range(N):
        for k in range(K):
            delta2[n, k] = (cache["p"][n, k] - (target[n] == k)) / N
            db2[k] += delta2[n, k]
        for j in range(H):
            for k in range(K):
                dW2[j, k] += cache["a1"][n, j] * delta2[n, k]
                delta1[n, j] += model["W2"][j, k] * delta2[n, k]
            delta1[n, j] *= 1 - cache["a1"][n, j] ** 2
            for i in range(D):
                dW1[i, j] += x[n, i] * delta1[n, j]
                db1[j] += x[n, i] * delta1[n, j]
    dW2 += 2 * lam * model["W2"]
    dW1 += 2 * lam * model["W1"]
    return {"delta2": delta2, "dW2": dW2, "db2": db2, "delta1": delta1, "dW1": dW1, "db1": db1}


def wrong__bias_times_input__matrices(x, target, cache, model, lam):
    """Takes the bias for the input of its own gradient: db2 = b2 * sum of the deltas.
    First wrong: db2
    """
    N = x.shape[0]
    delta2 = cache["p"].copy()
    delta2[np.arange(N), target] -= 1
    delta2 /= N
    delta1 = (delta2 @ model["W2"].T) * (1 - cache["a1"] ** 2)
    return dict(
        delta2=delta2,
        dW2=cache["a1"].T @ delta2 + 2 * lam * model["W2"],
        db2=model["b2"] * delta2.sum(axis=0),
        delta1=delta1,
        dW1=x.T @ delta1 + 2 * lam * model["W1"],
        db1=model["b1"] * delta1.sum(axis=0),
    )


# ---------------------------------------------------------------------------------------------------------- penalty


def wrong__penalty_missing__matrices(x, target, cache, model, lam):
    """lam is not used at all.
    First wrong: dW2
    """
    N = x.shape[0]
    delta2 = cache["p"].copy()
    delta2[np.arange(N), target] -= 1
    delta2 /= N
    dW2 = cache["a1"].T @ delta2
    db2 = delta2.sum(axis=0)
    delta1 = (delta2 @ model["W2"].T) * (1 - cache["a1"] ** 2)
    dW1 = x.T @ delta1
    db1 = delta1.sum(axis=0)
    return {"delta2": delta2, "dW2": dW2, "db2": db2, "delta1": delta1, "dW1": dW1, "db1": db1}


def wrong__penalty_missing__loops(x, target, cache, model, lam):
    """Adds the penalty to copies and returns the gradients from before.
    First wrong: dW2
    """
    N, D = x.shape
    H, K = model["W2"].shape
    delta2 = np.zeros((N, K))
    delta1 = np.zeros((N, H))
    for n in range(N):
        for k in range(K):
            delta2[n, k] = (cache["p"][n, k] - (k == target[n])) / N
        for j in range(H):
            delta1[n, j] = (1 - cache["a1"][n, j] ** 2) * sum(delta2[n, k] * model["W2"][j, k] for k in range(K))
    dW2 = [[sum(cache["a1"][n, j] * delta2[n, k] for n in range(N)) for k in range(K)] for j in range(H)]
    dW1 = [[sum(x[n, i] * delta1[n, j] for n in range(N)) for j in range(H)] for i in range(D)]
    for W, dW in ((model["W2"], dW2), (model["W1"], dW1)):
        dW = np.array(dW) + 2 * lam * W
    return {
        "delta2": delta2,
        "dW2": np.array(dW2),
        "db2": sum(delta2),
        "delta1": delta1,
        "dW1": np.array(dW1),
        "db1": sum(delta1),
    }


def wrong__penalty_half__matrices(x, target, cache, model, lam):
    """lam * W, as on the slide with lam / 2 in the loss.
    First wrong: dW2
    """
    N = x.shape[0]
    delta2 = cache["p"].copy()
    delta2[np.arange(N), target] -= 1
    delta2 /= N
    dW2 = np.dot(cache["a1"].T, delta2)
    db2 = np.sum(delta2, axis=0)
    delta1 = np.dot(delta2, model["W2"].T) * (1 - np.power(cache["a1"], 2))
    dW1 = np.dot(x.T, delta1)
    db1 = np.sum(delta1, axis=0)
    dW2 += lam * model["W2"]
    dW1 += lam * model["W1"]
    return {"delta2": delta2, "dW2": dW2, "db2": db2, "delta1": delta1, "dW1": dW1, "db1": db1}


def wrong__penalty_half__loops(x, target, cache, model, lam):
    """d/dw of lam * w**2 is written as lam * w.
    First wrong: dW2
    """

    def d_penalty(w):
        return lam * w

    N, D = x.shape
    H, K = model["W2"].shape
    a1 = cache["a1"]
    delta2, delta1 = np.zeros((N, K)), np.zeros((N, H))
    dW2, dW1 = np.zeros((H, K)), np.zeros((D, H))
    for n in range(N):
        for k in range(K):
            y = 1 if k == target[n] else 0
            delta2[n, k] = (cache["p"][n, k] - y) / N
    for j in range(H):
        for k in range(K):
            dW2[j, k] = d_penalty(model["W2"][j, k])
            for n in range(N):
                dW2[j, k] += a1[n, j] * delta2[n, k]
                delta1[n, j] += (1 - a1[n, j] ** 2) * model["W2"][j, k] * delta2[n, k]
    for i in range(D):
        for j in range(H):
            dW1[i, j] = d_penalty(model["W1"][i, j])
            for n in range(N):
                dW1[i, j] += x[n, i] * delta1[n, j]
    return {"delta2": delta2, "dW2": dW2, "db2": sum(delta2), "delta1": delta1, "dW1": dW1, "db1": sum(delta1)}


def wrong__penalty_doubled__matrices(x, target, cache, model, lam):
    """2 * lam * W added when dW is made, and again in the line 'add regularisation' at the end.
    First wrong: dW2
    """
    N = x.shape[0]
    delta2 = cache["p"].copy()
    delta2[np.arange(N), target] -= 1
    delta2 /= N
    dW2 = cache["a1"].T @ delta2 + 2 * lam * model["W2"]
    delta1 = (delta2 @ model["W2"].T) * (1 - cache["a1"] ** 2)
    dW1 = x.T @ delta1 + 2 * lam * model["W1"]
    # add regularisation
    dW2 += 2 * lam * model["W2"]
    dW1 += 2 * lam * model["W1"]
    return dict(delta2=delta2, dW2=dW2, db2=delta2.sum(0), delta1=delta1, dW1=dW1, db1=delta1.sum(0))


def wrong__penalty_doubled__loops(x, target, cache, model, lam):
    """A 4 where the 2 belongs, from two layers with a 2 each.
    First wrong: dW2
    """
    N = len(x)
    K = len(model["b2"])
    y = [[int(target[n] == k) for k in range(K)] for n in range(N)]
    delta2 = np.array([(cache["p"][n] - y[n]) / N for n in range(N)])
    delta1 = np.array([(1 - cache["a1"][n] ** 2) * (delta2[n] @ model["W2"].T) for n in range(N)])
    dW2 = 4 * lam * model["W2"]
    dW1 = 4 * lam * model["W1"]
    for n in range(N):
        dW2 += np.outer(cache["a1"][n], delta2[n])
        dW1 += np.outer(x[n], delta1[n])
    return dict(delta2=delta2, dW2=dW2, db2=sum(delta2), delta1=delta1, dW1=dW1, db1=sum(delta1))


def wrong__penalty_on_bias__matrices(x, target, cache, model, lam):
    """Adds 2 * lam * parameter to every gradient, also to db1 and db2.
    First wrong: db2
    """
    N = x.shape[0]
    delta2 = (cache["p"] - np.eye(cache["p"].shape[1])[target]) / N
    delta1 = (delta2 @ model["W2"].T) * (1 - cache["a1"] ** 2)
    grads = {
        "delta2": delta2,
        "dW2": cache["a1"].T @ delta2,
        "db2": delta2.sum(axis=0),
        "delta1": delta1,
        "dW1": x.T @ delta1,
        "db1": delta1.sum(axis=0),
    }
    for name in model:
        grads["d" + name] = grads["d" + name] + 2 * lam * model[name]
    return grads


def wrong__penalty_on_bias__loops(x, target, cache, model, lam):
    """Starts all four sums with the penalty, the biases too.
    First wrong: db2
    """
    N = len(x)
    dW2, db2, dW1, db1 = [2 * lam * model[name] for name in ("W2", "b2", "W1", "b1")]
    delta2, delta1 = [], []
    for xn, t, a, p in zip(x, target, cache["a1"], cache["p"]):
        d2 = p / N
        d2[t] -= 1 / N
        d1 = (1 - a**2) * np.array([sum(w * d2) for w in model["W2"]])
        for j in range(len(a)):
            dW2[j] += a[j] * d2
        for i in range(len(xn)):
            dW1[i] += xn[i] * d1
        db2 += d2
        db1 += d1
        delta2.append(d2)
        delta1.append(d1)
    return {"delta2": np.array(delta2), "dW2": dW2, "db2": db2, "delta1": np.array(delta1), "dW1": dW1, "db1": db1}


def wrong__penalty_wrong_sign__matrices(x, target, cache, model, lam):
    """Weight decay makes weights smaller, so 2 * lam * W is subtracted.
    First wrong: dW2
    """
    N = x.shape[0]
    delta2 = cache["p"].copy()
    delta2[np.arange(N), target] -= 1
    delta2 /= N
    dW2 = cache["a1"].T @ delta2 - 2 * lam * model["W2"]
    db2 = delta2.sum(axis=0)
    delta1 = (delta2 @ model["W2"].T) * (1 - cache["a1"] ** 2)
    dW1 = x.T @ delta1 - 2 * lam * model["W1"]
    db1 = delta1.sum(axis=0)
    return {"delta2": delta2, "dW2": dW2, "db2": db2, "delta1": delta1, "dW1": dW1, "db1": db1}


def wrong__penalty_over_n__matrices(x, target, cache, model, lam):
    """The penalty is averaged over the batch as well.
    First wrong: dW2
    """
    N = x.shape[0]
    error = cache["p"].copy()
    error[np.arange(N), target] -= 1
    delta2 = error / N
    dW2 = (cache["a1"].T @ error + 2 * lam * model["W2"]) / N
    delta1 = (delta2 @ model["W2"].T) * (1 - cache["a1"] ** 2)
    dW1 = x.T @ delta1 + 2 * lam / N * model["W1"]
    return dict(delta2=delta2, dW2=dW2, db2=delta2.sum(0), delta1=delta1, dW1=dW1, db1=delta1.sum(0))


def wrong__penalty_over_n__loops(x, target, cache, model, lam):
    """Adds a little penalty with every sample, 2 * lam * W / N / N each time.
    First wrong: dW2
    """
    N = x.shape[0]
    K = cache["p"].shape[1]
    delta2, delta1 = np.zeros((N, K)), np.zeros(cache["a1"].shape)
    dW2, dW1 = np.zeros(model["W2"].shape), np.zeros(model["W1"].shape)
    for n in range(N):
        for k in range(K):
            delta2[n, k] = (cache["p"][n, k] - (1.0 if target[n] == k else 0.0)) / N
        dW2 += np.outer(cache["a1"][n], delta2[n]) + 2 * lam * model["W2"] / N / N
        delta1[n] = (1 - cache["a1"][n] ** 2) * model["W2"].dot(delta2[n])
        dW1 += np.outer(x[n], delta1[n]) + 2 * lam * model["W1"] / N / N
    return {"delta2": delta2, "dW2": dW2, "db2": sum(delta2), "delta1": delta1, "dW1": dW1, "db1": sum(delta1)}


def wrong__penalty_one_layer_only__matrices(x, target, cache, model, lam):
    """Penalty for W2 only.
    First wrong: dW1
    """
    N = x.shape[0]
    delta2 = cache["p"].copy()
    delta2[np.arange(N), target] -= 1
    delta2 /= N
    dW2 = cache["a1"].T @ delta2 + 2 * lam * model["W2"]
    db2 = delta2.sum(axis=0)
    delta1 = (delta2 @ model["W2"].T) * (1 - cache["a1"] ** 2)
    dW1 = x.T @ delta1
    db1 = delta1.sum(axis=0)
    return {"delta2": delta2, "dW2": dW2, "db2": db2, "delta1": delta1, "dW1": dW1, "db1": db1}


def wrong__penalty_one_layer_only__loops(x, target, cache, model, lam):
    """Only the hidden layer is regularised.
    First wrong: dW2
    """
    N = x.shape[0]
    H, K = model["W2"].shape
    d2 = cache["p"].copy()
    for n, t in enumerate(target):
        d2[n, t] -= 1
    d2 = d2 / N
    d1 = np.zeros((N, H))
    dW2 = np.zeros((H, K))
    dW1 = model["W1"] * lam * 2
    for n in range(N):
        for j in range(H):
            a = cache["a1"][n, j]
            d1[n, j] = np.sum(d2[n] * model["W2"][j]) * (1 - a * a)
            dW2[j] += a * d2[n]
            dW1[:, j] += x[n] * d1[n, j]
    return dict(delta2=d2, dW2=dW2, db2=d2.sum(0), delta1=d1, dW1=dW1, db1=d1.sum(0))


def wrong__penalty_absolute__matrices(x, target, cache, model, lam):
    """The gradient of lam * |W|: lam * sign(W).
    First wrong: dW2
    """
    N = x.shape[0]
    delta2 = cache["p"].copy()
    delta2[np.arange(N), target] -= 1
    delta2 /= N
    delta1 = (delta2 @ model["W2"].T) * (1 - cache["a1"] ** 2)
    return {
        "delta2": delta2,
        "dW2": cache["a1"].T @ delta2 + lam * np.sign(model["W2"]),
        "db2": delta2.sum(axis=0),
        "delta1": delta1,
        "dW1": x.T @ delta1 + lam * np.sign(model["W1"]),
        "db1": delta1.sum(axis=0),
    }


def wrong__penalty_not_squared__matrices(x, target, cache, model, lam):
    """Adds lam itself to every entry, the slope of lam * sum(W).
    First wrong: dW2
    """
    N = x.shape[0]
    delta2 = (cache["p"] - np.eye(cache["p"].shape[1])[target]) / N
    delta1 = (delta2 @ model["W2"].T) * (1 - cache["a1"] ** 2)
    dW2 = cache["a1"].T @ delta2 + lam
    dW1 = x.T @ delta1 + lam
    return dict(delta2=delta2, dW2=dW2, db2=delta2.sum(0), delta1=delta1, dW1=dW1, db1=delta1.sum(0))


def wrong__penalty_root__matrices(x, target, cache, model, lam):
    """The slope of lam * norm(W) instead of lam * norm(W)**2.
    First wrong: dW2
    """
    N = x.shape[0]
    W1, W2 = model["W1"], model["W2"]
    delta2 = (cache["p"] - np.eye(W2.shape[1])[target]) / N
    delta1 = (delta2 @ W2.T) * (1 - cache["a1"] ** 2)
    dW2 = cache["a1"].T @ delta2 + lam * W2 / np.linalg.norm(W2)
    dW1 = x.T @ delta1 + lam * W1 / np.linalg.norm(W1)
    return dict(delta2=delta2, dW2=dW2, db2=delta2.sum(0), delta1=delta1, dW1=dW1, db1=delta1.sum(0))


# ------------------------------------------------------------------------------------------------------ conventions


def convention__n_in_dw__matrices(x, target, cache, model, lam):
    """delta per sample without 1/N; the mean is taken in dW and db.
    First wrong: delta2
    """
    N = x.shape[0]
    delta2 = cache["p"].copy()
    delta2[np.arange(N), target] -= 1
    delta1 = (delta2 @ model["W2"].T) * (1 - cache["a1"] ** 2)
    return {
        "delta2": delta2,
        "dW2": cache["a1"].T @ delta2 / N + 2 * lam * model["W2"],
        "db2": delta2.mean(axis=0),
        "delta1": delta1,
        "dW1": x.T @ delta1 / N + 2 * lam * model["W1"],
        "db1": delta1.mean(axis=0),
    }


def convention__n_in_dw__loops(x, target, cache, model, lam):
    """One pattern after the other with its own deltas, the average at the very end.
    First wrong: delta2
    """
    N = len(x)
    D2, D1 = [], []
    S2, S1, s2, s1 = 0, 0, 0, 0
    for xn, t, a, p in zip(x, target, cache["a1"], cache["p"]):
        e = p.copy()
        e[t] -= 1
        h = (1 - a**2) * (model["W2"] @ e)
        S2, S1 = S2 + np.outer(a, e), S1 + np.outer(xn, h)
        s2, s1 = s2 + e, s1 + h
        D2.append(e)
        D1.append(h)
    return dict(
        delta2=np.array(D2),
        dW2=S2 / N + 2 * lam * model["W2"],
        db2=s2 / N,
        delta1=np.array(D1),
        dW1=S1 / N + 2 * lam * model["W1"],
        db1=s1 / N,
    )


def convention__sign__matrices(x, target, cache, model, lam):
    """target - out in the deltas and minus signs again in dW and db: the gradients are right.
    First wrong: delta2
    """
    N, K = cache["p"].shape
    delta2 = (np.eye(K)[target] - cache["p"]) / N
    delta1 = (delta2 @ model["W2"].T) * (1 - cache["a1"] ** 2)
    dW2 = -cache["a1"].T @ delta2 + 2 * lam * model["W2"]
    dW1 = -x.T @ delta1 + 2 * lam * model["W1"]
    return dict(delta2=delta2, dW2=dW2, db2=-delta2.sum(0), delta1=delta1, dW1=dW1, db1=-delta1.sum(0))


def convention__sign__loops(x, target, cache, model, lam):
    """Everything points downhill: target - out, the penalty negative too; the step would be W += eta * dW.
    First wrong: delta2
    """
    N, K = cache["p"].shape
    delta2 = np.zeros((N, K))
    delta1 = np.zeros(cache["a1"].shape)
    dW2, dW1 = -2 * lam * model["W2"], -2 * lam * model["W1"]
    db2, db1 = np.zeros(K), np.zeros(delta1.shape[1])
    for n in range(N):
        for k in range(K):
            delta2[n, k] = ((target[n] == k) - cache["p"][n, k]) / N
        for j in range(delta1.shape[1]):
            delta1[n, j] = sum(model["W2"][j] * delta2[n]) * (1 - cache["a1"][n, j] ** 2)
        dW2 += np.outer(cache["a1"][n], delta2[n])
        dW1 += np.outer(x[n], delta1[n])
        db2 += delta2[n]
        db1 += delta1[n]
    return {"delta2": delta2, "dW2": dW2, "db2": db2, "delta1": delta1, "dW1": dW1, "db1": db1}


# ------------------------------------------------------------------------------------------------------------ pairs


def pair__n_missing__penalty_half__matrices(x, target, cache, model, lam):
    """The deck's code as it stands: no 1/N, and lam * W.
    First wrong: delta2
    """
    W1, b1, W2, b2 = model["W1"], model["b1"], model["W2"], model["b2"]
    delta3 = cache["p"].copy()
    delta3[range(len(x)), target] -= 1
    dW2 = (cache["a1"].T).dot(delta3)
    db2 = np.sum(delta3, axis=0, keepdims=True)
    delta2 = delta3.dot(W2.T) * (1 - np.power(cache["a1"], 2))
    dW1 = np.dot(x.T, delta2)
    db1 = np.sum(delta2, axis=0)
    dW2 += lam * W2
    dW1 += lam * W1
    return {
        "delta2": delta3,
        "dW2": dW2,
        "db2": db2.reshape(b2.shape),
        "delta1": delta2,
        "dW1": dW1,
        "db1": db1.reshape(b1.shape),
    }


def pair__missing_slope__penalty_missing__loops(x, target, cache, model, lam):
    """No tanh' and no penalty.
    First wrong: dW2
    """
    N = len(target)
    d2 = np.zeros(cache["p"].shape)
    d1 = np.zeros(cache["a1"].shape)
    for n in range(N):
        for k in range(d2.shape[1]):
            d2[n, k] = (cache["p"][n, k] - (k == target[n])) / N
        for j in range(d1.shape[1]):
            d1[n, j] = sum(model["W2"][j, k] * d2[n, k] for k in range(d2.shape[1]))
    dW2 = sum(np.outer(cache["a1"][n], d2[n]) for n in range(N))
    dW1 = sum(np.outer(x[n], d1[n]) for n in range(N))
    return dict(delta2=d2, dW2=dW2, db2=d2.sum(0), delta1=d1, dW1=dW1, db1=d1.sum(0))


def pair__sign__slope_taken_at_z__matrices(x, target, cache, model, lam):
    """target - out, and the slope 1 - z1**2.
    First wrong: delta2
    """
    N, K = cache["p"].shape
    delta2 = (np.eye(K)[target] - cache["p"]) / N
    dW2 = cache["a1"].T @ delta2 + 2 * lam * model["W2"]
    delta1 = (delta2 @ model["W2"].T) * (1 - cache["z1"] ** 2)
    dW1 = x.T @ delta1 + 2 * lam * model["W1"]
    return dict(delta2=delta2, dW2=dW2, db2=delta2.sum(0), delta1=delta1, dW1=dW1, db1=delta1.sum(0))


def pair__penalty_half__bias_averaged__matrices(x, target, cache, model, lam):
    """lam * W, and the biases by mean.
    First wrong: dW2
    """
    N = x.shape[0]
    delta2 = cache["p"].copy()
    delta2[np.arange(N), target] -= 1
    delta2 /= N
    delta1 = (delta2 @ model["W2"].T) * (1 - cache["a1"] ** 2)
    return {
        "delta2": delta2,
        "dW2": cache["a1"].T @ delta2 + lam * model["W2"],
        "db2": np.mean(delta2, axis=0),
        "delta1": delta1,
        "dW1": x.T @ delta1 + lam * model["W1"],
        "db1": np.mean(delta1, axis=0),
    }


def pair__slope_of_sigmoid__bias_last_sample__loops(x, target, cache, model, lam):
    """a * (1 - a) in the hidden layer, and both biases are overwritten in the loop.
    First wrong: db2
    """
    N = len(x)
    grads = {"delta2": cache["p"] / N, "delta1": np.zeros(cache["a1"].shape)}
    grads["dW2"], grads["dW1"] = 2 * lam * model["W2"], 2 * lam * model["W1"]
    for n in range(N):
        grads["delta2"][n, target[n]] -= 1 / N
        a = cache["a1"][n]
        grads["delta1"][n] = a * (1 - a) * np.dot(model["W2"], grads["delta2"][n])
        grads["dW2"] += np.outer(a, grads["delta2"][n])
        grads["dW1"] += np.outer(x[n], grads["delta1"][n])
        grads["db2"] = grads["delta2"][n] + 0.0
        grads["db1"] = grads["delta1"][n] + 0.0
    return grads


def pair__no_one_hot__n_missing__matrices(x, target, cache, model, lam):
    """Sends p itself back, and divides by nothing.
    First wrong: delta2
    """
    delta2 = cache["p"].copy()
    delta1 = (delta2 @ model["W2"].T) * (1 - cache["a1"] ** 2)
    dW2 = cache["a1"].T @ delta2 + 2 * lam * model["W2"]
    dW1 = x.T @ delta1 + 2 * lam * model["W1"]
    return dict(delta2=delta2, dW2=dW2, db2=delta2.sum(0), delta1=delta1, dW1=dW1, db1=delta1.sum(0))


# ---------------------------------------------------------------------------------------------------------- outside


def outside__cube_for_square__matrices(x, target, cache, model, lam):
    """1 - a1**3: a typing mistake in the power.
    First wrong: delta1
    """
    N = x.shape[0]
    delta2 = cache["p"].copy()
    delta2[np.arange(N), target] -= 1
    delta2 /= N
    dW2 = cache["a1"].T @ delta2 + 2 * lam * model["W2"]
    db2 = delta2.sum(axis=0)
    delta1 = (delta2 @ model["W2"].T) * (1 - cache["a1"] ** 3)
    dW1 = x.T @ delta1 + 2 * lam * model["W1"]
    db1 = delta1.sum(axis=0)
    return {"delta2": delta2, "dW2": dW2, "db2": db2, "delta1": delta1, "dW1": dW1, "db1": db1}


def outside__fixed_decay__matrices(x, target, cache, model, lam):
    """+ 0.01 * W with the number from the lecture, lam is ignored.
    First wrong: dW2
    """
    N = x.shape[0]
    delta2 = (cache["p"] - np.eye(cache["p"].shape[1])[target]) / N
    delta1 = (delta2 @ model["W2"].T) * (1 - cache["a1"] ** 2)
    dW2 = cache["a1"].T @ delta2 + 0.01 * model["W2"]
    dW1 = x.T @ delta1 + 0.01 * model["W1"]
    return dict(delta2=delta2, dW2=dW2, db2=delta2.sum(0), delta1=delta1, dW1=dW1, db1=delta1.sum(0))


def wrong__rounded_result__matrices(x, target, cache, model, lam):
    """Rounds the deltas 'for a clean table'.
    First wrong: delta2
    """
    N = x.shape[0]
    delta2 = cache["p"].copy()
    delta2[np.arange(N), target] -= 1
    delta2 = np.round(delta2 / N, 4)
    delta1 = np.round((delta2 @ model["W2"].T) * (1 - cache["a1"] ** 2), 4)
    dW2 = cache["a1"].T @ delta2 + 2 * lam * model["W2"]
    dW1 = x.T @ delta1 + 2 * lam * model["W1"]
    return dict(delta2=delta2, dW2=dW2, db2=delta2.sum(0), delta1=delta1, dW1=dW1, db1=delta1.sum(0))


def outside__last_hidden_unit_missed__loops(x, target, cache, model, lam):
    """range(H - 1): the last hidden unit never gets a delta.
    First wrong: delta1
    """
    N = x.shape[0]
    H, K = model["W2"].shape
    delta2 = np.zeros((N, K))
    delta1 = np.zeros((N, H))
    for n in range(N):
        delta2[n] = (cache["p"][n] - np.eye(K)[target[n]]) / N
        for j in range(H - 1):
            delta1[n, j] = np.dot(model["W2"][j], delta2[n]) * (1 - cache["a1"][n, j] ** 2)
    dW2 = 2 * lam * model["W2"] + cache["a1"].T.dot(delta2)
    dW1 = 2 * lam * model["W1"] + x.T.dot(delta1)
    return dict(delta2=delta2, dW2=dW2, db2=delta2.sum(0), delta1=delta1, dW1=dW1, db1=delta1.sum(0))


def outside__error_sent_through_dw2__matrices(x, target, cache, model, lam):
    """delta2 @ dW2.T: the gradient where the weight belongs.
    First wrong: delta1
    """
    N = x.shape[0]
    delta2 = cache["p"].copy()
    delta2[np.arange(N), target] -= 1
    delta2 /= N
    dW2 = cache["a1"].T @ delta2 + 2 * lam * model["W2"]
    delta1 = (delta2 @ dW2.T) * (1 - cache["a1"] ** 2)
    dW1 = x.T @ delta1 + 2 * lam * model["W1"]
    return dict(delta2=delta2, dW2=dW2, db2=delta2.sum(0), delta1=delta1, dW1=dW1, db1=delta1.sum(0))


def outside__samples_shifted_by_one__loops(x, target, cache, model, lam):
    """In the first layer the input of the sample before is taken, x[n - 1].
    First wrong: dW1
    """
    N = len(x)
    K = len(model["b2"])
    d2 = np.array([(cache["p"][n] - np.eye(K)[target[n]]) / N for n in range(N)])
    d1 = np.array([model["W2"] @ d2[n] * (1 - cache["a1"][n] ** 2) for n in range(N)])
    dW2, dW1 = 2 * lam * model["W2"], 2 * lam * model["W1"]
    for n in range(N):
        dW2 += np.outer(cache["a1"][n], d2[n])
        dW1 += np.outer(x[n - 1], d1[n])
    return dict(delta2=d2, dW2=dW2, db2=d2.sum(0), delta1=d1, dW1=dW1, db1=d1.sum(0))


def outside__bias_counted_once_per_input__loops(x, target, cache, model, lam):
    """db1 is added up inside the loop over the inputs, so it comes out D times too large.
    First wrong: db1
    """
    N, D = x.shape
    H, K = model["W2"].shape
    delta2 = (cache["p"] - np.eye(K)[target]) / N
    delta1 = np.zeros((N, H))
    dW1 = 2 * lam * model["W1"]
    db1 = np.zeros(H)
    for n in range(N):
        for j in range(H):
            delta1[n, j] = delta2[n] @ model["W2"][j] * (1 - cache["a1"][n, j] ** 2)
            for i in range(D):
                dW1[i, j] += x[n, i] * delta1[n, j]
                db1[j] += delta1[n, j]
    dW2 = cache["a1"].T @ delta2 + 2 * lam * model["W2"]
    return {"delta2": delta2, "dW2": dW2, "db2": delta2.sum(0), "delta1": delta1, "dW1": dW1, "db1": db1}


def outside__divided_by_n_plus_one__matrices(x, target, cache, model, lam):
    """Divides by N + 1, having counted the samples from 0 to N.
    First wrong: delta2
    """
    p, a1 = cache["p"], cache["a1"]
    n = len(x) + 1
    delta2 = (p - np.eye(p.shape[1])[target]) / n
    delta1 = delta2 @ model["W2"].T * (1 - a1**2)
    dW2 = a1.T @ delta2 + 2 * lam * model["W2"]
    dW1 = x.T @ delta1 + 2 * lam * model["W1"]
    return dict(delta2=delta2, dW2=dW2, db2=delta2.sum(0), delta1=delta1, dW1=dW1, db1=delta1.sum(0))


def outside__label_smoothing__matrices(x, target, cache, model, lam):
    """Targets 0.9 for the class and the rest spread over the others, read in a blog.
    First wrong: delta2
    """
    N, K = cache["p"].shape
    y = np.full((N, K), 0.1 / (K - 1))
    y[np.arange(N), target] = 0.9
    delta2 = (cache["p"] - y) / N
    delta1 = (delta2 @ model["W2"].T) * (1 - cache["a1"] ** 2)
    dW2 = cache["a1"].T @ delta2 + 2 * lam * model["W2"]
    dW1 = x.T @ delta1 + 2 * lam * model["W1"]
    return dict(delta2=delta2, dW2=dW2, db2=delta2.sum(0), delta1=delta1, dW1=dW1, db1=delta1.sum(0))


def outside__gradient_scaled_to_length_one__loops(x, target, cache, model, lam):
    """Each weight gradient is divided by its length against exploding gradients.
    First wrong: dW2
    """
    N = len(x)
    d2 = cache["p"].copy()
    for n in range(N):
        d2[n, target[n]] -= 1
    d2 /= N
    d1 = np.zeros(cache["a1"].shape)
    dW2, dW1 = 2 * lam * model["W2"], 2 * lam * model["W1"]
    for n in range(N):
        d1[n] = (model["W2"] @ d2[n]) * (1 - cache["a1"][n] ** 2)
        dW2 += np.outer(cache["a1"][n], d2[n])
        dW1 += np.outer(x[n], d1[n])
    dW2 = dW2 / math.sqrt(sum(v * v for v in dW2.ravel()))
    dW1 = dW1 / math.sqrt(sum(v * v for v in dW1.ravel()))
    return {"delta2": d2, "dW2": dW2, "db2": d2.sum(0), "delta1": d1, "dW1": dW1, "db1": d1.sum(0)}


def outside__negative_deltas_cut_off__matrices(x, target, cache, model, lam):
    """np.maximum(0, ...) around the hidden delta.
    First wrong: delta1
    """
    N = x.shape[0]
    delta2 = cache["p"].copy()
    delta2[np.arange(N), target] -= 1
    delta2 /= N
    delta1 = np.maximum(0, (delta2 @ model["W2"].T) * (1 - cache["a1"] ** 2))
    dW2 = cache["a1"].T @ delta2 + 2 * lam * model["W2"]
    dW1 = x.T @ delta1 + 2 * lam * model["W1"]
    return dict(delta2=delta2, dW2=dW2, db2=delta2.sum(0), delta1=delta1, dW1=dW1, db1=delta1.sum(0))


def wrong__numeric_difference__central(x, target, cache, model, lam):
    """No backprop at all: the loss, moved in everything.

    First wrong: delta2
    """
    W1, b1, W2, b2 = (model[key] for key in ("W1", "b1", "W2", "b2"))

    def top(z):
        log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
        return -log_p[np.arange(len(x)), target].mean()

    def loss(W1, b1, W2, b2):
        return top(np.tanh(x @ W1 + b1) @ W2 + b2) + lam * ((W1**2).sum() + (W2**2).sum())

    def slopes(f, v, h=1e-5):
        found = np.zeros_like(v)
        for i in np.ndindex(v.shape):
            up, down = v.copy(), v.copy()
            up[i] += h
            down[i] -= h
            found[i] = (f(up) - f(down)) / (2 * h)
        return found

    return {
        "delta2": slopes(top, cache["z2"]),
        "dW2": slopes(lambda v: loss(W1, b1, v, b2), W2),
        "db2": slopes(lambda v: loss(W1, b1, W2, v), b2),
        "delta1": slopes(lambda v: top(np.tanh(v) @ W2 + b2), cache["z1"]),
        "dW1": slopes(lambda v: loss(v, b1, W2, b2), W1),
        "db1": slopes(lambda v: loss(W1, v, W2, b2), b1),
    }


def wrong__numeric_difference__slope_of_tanh(x, target, cache, model, lam):
    """Backprop, but for tanh', which is a difference.

    First wrong: delta1
    """
    N = len(x)
    delta2 = cache["p"].copy()
    delta2[np.arange(N), target] -= 1
    delta2 /= N
    slope = (np.tanh(cache["z1"] + 1e-6) - np.tanh(cache["z1"])) / 1e-6
    delta1 = delta2 @ model["W2"].T * slope
    return {
        "delta2": delta2, "dW2": cache["a1"].T @ delta2 + 2 * lam * model["W2"], "db2": delta2.sum(axis=0),
        "delta1": delta1, "dW1": x.T @ delta1 + 2 * lam * model["W1"], "db1": delta1.sum(axis=0),
    }
