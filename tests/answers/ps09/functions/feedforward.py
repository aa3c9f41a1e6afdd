"""Learners' answers to ps09, question feedforward: right ones, and wrong ones with one slip each."""

import math

import numpy as np

# ---------------------------------------------------------------------------------------------------- right answers


def right__matrices(x, model):
    """Two matrix products, tanh between them, softmax with the row maximum taken off."""
    z1 = x @ model["W1"] + model["b1"]
    a1 = np.tanh(z1)
    z2 = a1 @ model["W2"] + model["b2"]
    e = np.exp(z2 - z2.max(axis=1, keepdims=True))
    return {"z1": z1, "a1": a1, "z2": z2, "p": e / e.sum(axis=1, keepdims=True)}


def right__slow_loops(x, model):
    """Every sum by hand, tanh from exponentials, softmax from differences of scores."""
    N, D = x.shape
    H, K = model["W2"].shape
    z1, a1, z2, p = np.zeros((N, H)), np.zeros((N, H)), np.zeros((N, K)), np.zeros((N, K))
    for n in range(N):
        for j in range(H):
            z1[n, j] = model["b1"][j]
            for i in range(D):
                z1[n, j] += x[n, i] * model["W1"][i, j]
            a1[n, j] = (math.exp(z1[n, j]) - math.exp(-z1[n, j])) / (math.exp(z1[n, j]) + math.exp(-z1[n, j]))
        for k in range(K):
            z2[n, k] = sum(a1[n, j] * model["W2"][j, k] for j in range(H)) + model["b2"][k]
        for k in range(K):
            p[n, k] = 1 / sum(math.exp(z2[n, m] - z2[n, k]) for m in range(K))
    return dict(z1=z1, a1=a1, z2=z2, p=p)


def right__einsum_and_log(x, model):
    """Index letters; p as exp(z - log sum exp z); tanh over the logistic function."""
    z1 = np.einsum("nd,dh->nh", x, model["W1"]) + model["b1"][None, :]
    a1 = 2 / (1 + np.exp(-2 * z1)) - 1
    z2 = np.einsum("nh,hk->nk", a1, model["W2"]) + model["b2"][None, :]
    return {"z1": z1, "a1": a1, "z2": z2, "p": np.exp(z2 - np.logaddexp.reduce(z2, axis=1)[:, None])}


def right__ones_column(x, model):
    """The bias as the weight of an extra input 1."""

    def with_one(v):
        return np.hstack([v, np.ones((len(v), 1))])

    z1 = with_one(x) @ np.vstack([model["W1"], model["b1"]])
    a1 = np.tanh(z1)
    z2 = with_one(a1) @ np.vstack([model["W2"], model["b2"]])
    p = np.exp(z2)
    p = (p.T / np.sum(p, axis=1)).T
    return {"z1": z1, "a1": a1, "z2": z2, "p": p}


# ------------------------------------------------------------------------------------------------ hidden activation


def right__one_sample_at_a_time(x, model):
    """Row by row, with the largest score taken off first, so that nothing overflows."""
    z1, a1, z2, p = [], [], [], []
    for sample in x:
        first = np.array([sum(sample * column) for column in model["W1"].T]) + model["b1"]
        hidden = np.array([math.tanh(value) for value in first])
        second = np.array([hidden @ column for column in model["W2"].T]) + model["b2"]
        powers = np.array([math.exp(value - max(second)) for value in second])
        z1.append(first)
        a1.append(hidden)
        z2.append(second)
        p.append(powers / powers.sum())
    return {"z1": np.array(z1), "a1": np.array(a1), "z2": np.array(z2), "p": np.array(p)}


def wrong__sigmoid_for_tanh__matrices(x, model):
    """The logistic function in the hidden layer.
    First wrong: a1
    """
    z1 = x @ model["W1"] + model["b1"]
    a1 = 1 / (1 + np.exp(-z1))
    z2 = a1 @ model["W2"] + model["b2"]
    e = np.exp(z2 - z2.max(axis=1, keepdims=True))
    return {"z1": z1, "a1": a1, "z2": z2, "p": e / e.sum(axis=1, keepdims=True)}


def wrong__sigmoid_for_tanh__loops(x, model):
    """Unit by unit, with the squashing function of the last exercise.
    First wrong: a1
    """

    def squash(z):
        return math.exp(z) / (1 + math.exp(z))

    z1, a1, z2, p = [], [], [], []
    for row in x:
        s = [sum(row * model["W1"][:, j]) + model["b1"][j] for j in range(len(model["b1"]))]
        h = [squash(v) for v in s]
        o = [sum(np.array(h) * model["W2"][:, k]) + model["b2"][k] for k in range(len(model["b2"]))]
        e = [math.exp(v) for v in o]
        z1.append(s)
        a1.append(h)
        z2.append(o)
        p.append([v / sum(e) for v in e])
    return {"z1": np.array(z1), "a1": np.array(a1), "z2": np.array(z2), "p": np.array(p)}


def wrong__relu_for_tanh__matrices(x, model):
    """ReLU in the hidden layer, the usual choice today.
    First wrong: a1
    """
    z1 = np.dot(x, model["W1"]) + model["b1"]
    a1 = np.maximum(0, z1)
    z2 = np.dot(a1, model["W2"]) + model["b2"]
    scores = np.exp(z2)
    return dict(z1=z1, a1=a1, z2=z2, p=scores / np.sum(scores, axis=1, keepdims=True))


def wrong__no_activation__matrices(x, model):
    """a1 = z1.
    First wrong: a1
    """
    z1 = x @ model["W1"] + model["b1"]
    a1 = z1.copy()
    z2 = a1 @ model["W2"] + model["b2"]
    e = np.exp(z2 - z2.max(axis=1, keepdims=True))
    return {"z1": z1, "a1": a1, "z2": z2, "p": e / e.sum(axis=1, keepdims=True)}


def wrong__activation_twice__loops(x, model):
    """tanh when a1 is stored and once more when it is used, and that second one is what goes into the cache.
    First wrong: a1
    """
    N = len(x)
    cache = {"z1": np.zeros((N, len(model["b1"]))), "a1": None, "z2": np.zeros((N, len(model["b2"])))}
    for n in range(N):
        for j in range(len(model["b1"])):
            cache["z1"][n, j] = np.dot(x[n], model["W1"][:, j]) + model["b1"][j]
    cache["a1"] = np.tanh(np.tanh(cache["z1"]))
    for n in range(N):
        for k in range(len(model["b2"])):
            cache["z2"][n, k] = np.dot(cache["a1"][n], model["W2"][:, k]) + model["b2"][k]
    cache["p"] = np.array([np.exp(s) / np.exp(s).sum() for s in cache["z2"]])
    return cache


def wrong__sign__loops(x, model):
    """tanh from exponentials with the two swapped: (exp(-z) - exp(z)) / (exp(-z) + exp(z)).
    First wrong: a1
    """
    z1 = np.array([[v @ w for w in model["W1"].T] for v in x]) + model["b1"]
    a1 = np.zeros(z1.shape)
    for n in range(z1.shape[0]):
        for j in range(z1.shape[1]):
            plus, minus = math.exp(z1[n, j]), math.exp(-z1[n, j])
            a1[n, j] = (minus - plus) / (minus + plus)
    z2 = np.array([[v @ w for w in model["W2"].T] for v in a1]) + model["b2"]
    p = np.array([np.exp(v) / sum(np.exp(v)) for v in z2])
    return {"z1": z1, "a1": a1, "z2": z2, "p": p}


def outside__tanh_of_half_z__matrices(x, model):
    """2 * sigmoid(z) - 1 for tanh: the 2 inside is missing. That is tanh at half of z.
    First wrong: a1
    """
    z1 = x @ model["W1"] + model["b1"]
    a1 = 2 / (1 + np.exp(-z1)) - 1
    z2 = a1 @ model["W2"] + model["b2"]
    e = np.exp(z2 - z2.max(axis=1, keepdims=True))
    return {"z1": z1, "a1": a1, "z2": z2, "p": e / e.sum(axis=1, keepdims=True)}


def wrong__z_for_a__matrices(x, model):
    """a1 is computed and stored, but z2 is made from z1.
    First wrong: z2
    """
    z1 = x @ model["W1"] + model["b1"]
    a1 = np.tanh(z1)
    z2 = z1 @ model["W2"] + model["b2"]
    e = np.exp(z2 - z2.max(axis=1, keepdims=True))
    return {"z1": z1, "a1": a1, "z2": z2, "p": e / e.sum(axis=1, keepdims=True)}


def wrong__z_for_a__loops(x, model):
    """The inner loop of the second layer still reads z1.
    First wrong: z2
    """
    N = x.shape[0]
    D, H = model["W1"].shape
    K = len(model["b2"])
    z1, a1 = np.zeros((N, H)), np.zeros((N, H))
    z2, p = np.zeros((N, K)), np.zeros((N, K))
    for n in range(N):
        for j in range(H):
            z1[n, j] = sum(x[n, i] * model["W1"][i, j] for i in range(D)) + model["b1"][j]
            a1[n, j] = math.tanh(z1[n, j])
        for k in range(K):
            z2[n, k] = sum(z1[n, j] * model["W2"][j, k] for j in range(H)) + model["b2"][k]
        p[n] = np.exp(z2[n]) / sum(np.exp(z2[n]))
    return {"z1": z1, "a1": a1, "z2": z2, "p": p}


def wrong__a_for_z__matrices(x, model):
    """Reuses one name for the hidden layer, so the cache holds the activation twice.
    First wrong: z1
    """
    h = x @ model["W1"] + model["b1"]
    h = np.tanh(h)
    s = h @ model["W2"] + model["b2"]
    e = np.exp(s)
    return {"z1": h, "a1": h, "z2": s, "p": e / e.sum(1)[:, None]}


def wrong__activation_on_output__matrices(x, model):
    """tanh on the scores too.
    First wrong: z2
    """
    z1 = x @ model["W1"] + model["b1"]
    a1 = np.tanh(z1)
    z2 = np.tanh(a1 @ model["W2"] + model["b2"])
    e = np.exp(z2 - z2.max(axis=1, keepdims=True))
    return {"z1": z1, "a1": a1, "z2": z2, "p": e / e.sum(axis=1, keepdims=True)}


def wrong__activation_on_output__loops(x, model):
    """One helper for both layers; the softmax is taken of its second activation. z2 itself is right.
    First wrong: p
    """

    def layer(inputs, W, b):
        z = np.zeros((len(inputs), len(b)))
        for n, row in enumerate(inputs):
            z[n] = b
            for i, v in enumerate(row):
                z[n] += v * W[i]
        return z, np.tanh(z)

    z1, a1 = layer(x, model["W1"], model["b1"])
    z2, a2 = layer(a1, model["W2"], model["b2"])
    p = np.array([np.exp(row) / np.exp(row).sum() for row in a2])
    return dict(z1=z1, a1=a1, z2=z2, p=p)


# ------------------------------------------------------------------------------------------------------------- bias


def wrong__bias_forgotten__matrices(x, model):
    """Second layer without its bias.
    First wrong: z2
    """
    z1 = x @ model["W1"] + model["b1"]
    a1 = np.tanh(z1)
    z2 = a1 @ model["W2"]
    e = np.exp(z2 - z2.max(axis=1, keepdims=True))
    return {"z1": z1, "a1": a1, "z2": z2, "p": e / e.sum(axis=1, keepdims=True)}


def wrong__bias_forgotten__loops(x, model):
    """The sums start at 0.0 and the biases never come in.
    First wrong: z1
    """

    def weighted_sums(v, W):
        sums = [0.0] * W.shape[1]
        for i in range(W.shape[0]):
            for j in range(W.shape[1]):
                sums[j] += v[i] * W[i, j]
        return sums

    z1 = np.array([weighted_sums(v, model["W1"]) for v in x])
    a1 = np.tanh(z1)
    z2 = np.array([weighted_sums(v, model["W2"]) for v in a1])
    p = np.array([np.exp(v) / np.exp(v).sum() for v in z2])
    return {"z1": z1, "a1": a1, "z2": z2, "p": p}


def wrong__bias_subtracted__matrices(x, model):
    """x @ W - b: the bias as a threshold.
    First wrong: z1
    """
    z1 = x @ model["W1"] - model["b1"]
    a1 = np.tanh(z1)
    z2 = a1 @ model["W2"] - model["b2"]
    e = np.exp(z2 - z2.max(axis=1, keepdims=True))
    return {"z1": z1, "a1": a1, "z2": z2, "p": e / e.sum(axis=1, keepdims=True)}


def wrong__bias_added_twice__loops(x, model):
    """The sum starts at b1 and b1 is added at the end as well.
    First wrong: z1
    """
    N = len(x)
    z1 = np.zeros((N, len(model["b1"])))
    for n in range(N):
        for j in range(len(model["b1"])):
            s = model["b1"][j]
            for i in range(x.shape[1]):
                s += x[n, i] * model["W1"][i, j]
            z1[n, j] = s + model["b1"][j]
    a1 = np.tanh(z1)
    z2 = np.array([a @ model["W2"] + model["b2"] for a in a1])
    e = np.exp(z2)
    return {"z1": z1, "a1": a1, "z2": z2, "p": e / e.sum(axis=1, keepdims=True)}


def wrong__bias_summed__matrices(x, model):
    """Adds the sum of all biases to every unit.
    First wrong: z1
    """
    z1 = x @ model["W1"] + model["b1"].sum()
    a1 = np.tanh(z1)
    z2 = a1 @ model["W2"] + model["b2"]
    p = np.exp(z2) / np.exp(z2).sum(axis=1, keepdims=True)
    return {"z1": z1, "a1": a1, "z2": z2, "p": p}


# ------------------------------------------------------------------------------------------------ matrices and sums


def wrong__reshaped_for_transposed__matrices(x, model):
    """Lays W2 out as (K, H) first and transposes it back: the numbers are in other places.
    First wrong: z2
    """
    z1 = x @ model["W1"] + model["b1"]
    a1 = np.tanh(z1)
    H, K = model["W2"].shape
    z2 = (model["W2"].reshape(K, H) @ a1.T).T + model["b2"]
    e = np.exp(z2 - z2.max(axis=1, keepdims=True))
    return {"z1": z1, "a1": a1, "z2": z2, "p": e / e.sum(axis=1, keepdims=True)}


def wrong__mean_for_sum__loops(x, model):
    """np.mean of the products in the hidden layer.
    First wrong: z1
    """
    z1 = np.zeros((x.shape[0], model["W1"].shape[1]))
    for n, v in enumerate(x):
        for j in range(z1.shape[1]):
            z1[n, j] = np.mean(v * model["W1"][:, j]) + model["b1"][j]
    a1 = np.tanh(z1)
    z2 = a1 @ model["W2"] + model["b2"]
    p = np.array([np.exp(s - max(s)) / np.exp(s - max(s)).sum() for s in z2])
    return {"z1": z1, "a1": a1, "z2": z2, "p": p}


def wrong__last_only__loops(x, model):
    """= instead of += in the sum over the hidden units.
    First wrong: z2
    """
    z1 = x.dot(model["W1"]) + model["b1"]
    a1 = np.tanh(z1)
    N, H = a1.shape
    z2 = np.zeros((N, len(model["b2"])))
    for n in range(N):
        for k in range(z2.shape[1]):
            for j in range(H):
                z2[n, k] = a1[n, j] * model["W2"][j, k]
            z2[n, k] += model["b2"][k]
    e = np.exp(z2)
    return dict(z1=z1, a1=a1, z2=z2, p=e / e.sum(axis=1).reshape(-1, 1))


def wrong__float32__matrices(x, model):
    """x.astype(np.float32) at the start, back to float64 at the end.
    First wrong: z1
    """
    f = np.float32
    z1 = x.astype(f) @ model["W1"].astype(f) + model["b1"].astype(f)
    a1 = np.tanh(z1)
    z2 = a1 @ model["W2"].astype(f) + model["b2"].astype(f)
    e = np.exp(z2)
    p = e / e.sum(axis=1, keepdims=True)
    return {"z1": z1.astype(float), "a1": a1.astype(float), "z2": z2.astype(float), "p": p.astype(float)}


# ---------------------------------------------------------------------------------------------------------- softmax


def wrong__softmax_missing__matrices(x, model):
    """Hands the scores on as p.
    First wrong: p
    """
    z1 = x @ model["W1"] + model["b1"]
    a1 = np.tanh(z1)
    z2 = a1 @ model["W2"] + model["b2"]
    return {"z1": z1, "a1": a1, "z2": z2, "p": z2.copy()}


def wrong__softmax_all__matrices(x, model):
    """Divides by the sum over the whole table.
    First wrong: p
    """
    z1 = x @ model["W1"] + model["b1"]
    a1 = np.tanh(z1)
    z2 = a1 @ model["W2"] + model["b2"]
    e = np.exp(z2 - z2.max())
    return {"z1": z1, "a1": a1, "z2": z2, "p": e / e.sum()}


def wrong__softmax_all__loops(x, model):
    """The running total is not set back to 0 before the next sample is counted; it is divided by at the end.
    First wrong: p
    """
    z1 = np.array([v @ model["W1"] + model["b1"] for v in x])
    a1 = np.array([[math.tanh(v) for v in row] for row in z1])
    z2 = np.array([v @ model["W2"] + model["b2"] for v in a1])
    p = np.zeros_like(z2)
    total = 0.0
    for n in range(len(z2)):
        for k in range(z2.shape[1]):
            p[n, k] = math.exp(z2[n, k])
            total += p[n, k]
    p /= total
    return {"z1": z1, "a1": a1, "z2": z2, "p": p}


def wrong__softmax_wrong_axis__matrices(x, model):
    """Normalises over the samples, axis=0.
    First wrong: p
    """
    z1 = x @ model["W1"] + model["b1"]
    a1 = np.tanh(z1)
    z2 = a1 @ model["W2"] + model["b2"]
    e = np.exp(z2)
    return {"z1": z1, "a1": a1, "z2": z2, "p": e / e.sum(axis=0)}


def wrong__softmax_wrong_axis__loops(x, model):
    """Goes through the columns of the score table and makes each of them sum to 1.
    First wrong: p
    """
    z1 = x @ model["W1"] + model["b1"]
    a1 = np.tanh(z1)
    z2 = a1 @ model["W2"] + model["b2"]
    columns = []
    for k in range(z2.shape[1]):
        c = [math.exp(v) for v in z2[:, k]]
        columns.append([v / sum(c) for v in c])
    return {"z1": z1, "a1": a1, "z2": z2, "p": np.array(columns).T.copy()}


def wrong__exp_not_normalised__matrices(x, model):
    """p = exp(z2), never divided.
    First wrong: p
    """
    z1 = x @ model["W1"] + model["b1"]
    a1 = np.tanh(z1)
    z2 = a1 @ model["W2"] + model["b2"]
    return dict(z1=z1, a1=a1, z2=z2, p=np.exp(z2))


def wrong__exp_not_normalised__loops(x, model):
    """Takes the maximum off and the exponential, and the division is forgotten.
    First wrong: p
    """
    cache = {}
    cache["z1"] = np.array([[np.sum(v * w) + b for w, b in zip(model["W1"].T, model["b1"])] for v in x])
    cache["a1"] = np.vectorize(math.tanh)(cache["z1"])
    cache["z2"] = np.array([[np.sum(v * w) + b for w, b in zip(model["W2"].T, model["b2"])] for v in cache["a1"]])
    cache["p"] = np.array([[math.exp(s - max(row)) for s in row] for row in cache["z2"]])
    return cache


# ------------------------------------------------------------------------------------------------------------ pairs


def pair__sigmoid_for_tanh__bias_forgotten__matrices(x, model):
    """No biases, and the logistic function in the hidden layer.
    First wrong: z1
    """
    z1 = x @ model["W1"]
    a1 = 1 / (1 + np.exp(-z1))
    z2 = a1 @ model["W2"]
    e = np.exp(z2)
    return {"z1": z1, "a1": a1, "z2": z2, "p": e / e.sum(axis=1, keepdims=True)}


def pair__no_activation__softmax_wrong_axis__loops(x, model):
    """Linear hidden layer, and probabilities that sum to 1 down the columns.
    First wrong: a1
    """
    z1 = np.array([v @ model["W1"] + model["b1"] for v in x])
    a1 = z1 * 1.0
    z2 = np.array([v @ model["W2"] + model["b2"] for v in a1])
    p = np.zeros_like(z2)
    for k in range(z2.shape[1]):
        p[:, k] = np.exp(z2[:, k]) / np.exp(z2[:, k]).sum()
    return {"z1": z1, "a1": a1, "z2": z2, "p": p}


def pair__bias_subtracted__softmax_missing__matrices(x, model):
    """Biases as thresholds, scores as output.
    First wrong: z1
    """
    z1 = x @ model["W1"] - model["b1"]
    a1 = np.tanh(z1)
    z2 = a1 @ model["W2"] - model["b2"]
    return {"z1": z1, "a1": a1, "z2": z2, "p": z2 + 0}


# ---------------------------------------------------------------------------------------------------------- outside


def outside__sigmoid_at_the_output__matrices(x, model):
    """Each score squashed on its own by the logistic function; the rows do not sum to 1.
    First wrong: p
    """
    z1 = x @ model["W1"] + model["b1"]
    a1 = np.tanh(z1)
    z2 = a1 @ model["W2"] + model["b2"]
    return {"z1": z1, "a1": a1, "z2": z2, "p": 1 / (1 + np.exp(-z2))}


def outside__softmax_with_temperature__loops(x, model):
    """exp(z / 2): a temperature seen in an article.
    First wrong: p
    """
    z1 = x @ model["W1"] + model["b1"]
    a1 = np.tanh(z1)
    z2 = a1 @ model["W2"] + model["b2"]
    p = []
    for row in z2:
        e = [math.exp(v / 2) for v in row]
        p.append([v / sum(e) for v in e])
    return {"z1": z1, "a1": a1, "z2": z2, "p": np.array(p)}


def outside__powers_of_two__matrices(x, model):
    """2**z in the softmax.
    First wrong: p
    """
    z1 = x @ model["W1"] + model["b1"]
    a1 = np.tanh(z1)
    z2 = a1 @ model["W2"] + model["b2"]
    e = 2**z2
    return {"z1": z1, "a1": a1, "z2": z2, "p": e / e.sum(axis=1, keepdims=True)}


def outside__log_probabilities__matrices(x, model):
    """Returns the logarithm of softmax.
    First wrong: p
    """
    z1 = x @ model["W1"] + model["b1"]
    a1 = np.tanh(z1)
    z2 = a1 @ model["W2"] + model["b2"]
    return {"z1": z1, "a1": a1, "z2": z2, "p": z2 - np.log(np.exp(z2).sum(axis=1, keepdims=True))}


def outside__scores_divided_by_their_sum__loops(x, model):
    """Shares without exp: each score over the sum of the absolute scores.
    First wrong: p
    """
    z1 = np.array([v @ model["W1"] + model["b1"] for v in x])
    a1 = np.tanh(z1)
    z2 = np.array([v @ model["W2"] + model["b2"] for v in a1])
    p = np.zeros(z2.shape)
    for n in range(len(z2)):
        for k in range(z2.shape[1]):
            p[n, k] = z2[n, k] / sum(abs(v) for v in z2[n])
    return {"z1": z1, "a1": a1, "z2": z2, "p": p}


def outside__shifted_scores_stored__matrices(x, model):
    """Takes the row maximum off z2 in place, so that the cache holds the shifted scores; p is right.
    First wrong: z2
    """
    z1 = x @ model["W1"] + model["b1"]
    a1 = np.tanh(z1)
    z2 = a1 @ model["W2"] + model["b2"]
    z2 -= z2.max(axis=1, keepdims=True)
    p = np.exp(z2)
    p /= p.sum(axis=1, keepdims=True)
    return {"z1": z1, "a1": a1, "z2": z2, "p": p}


def outside__last_input_missed__loops(x, model):
    """range(D - 1): the last input is never used.
    First wrong: z1
    """
    N, D = x.shape
    z1 = np.zeros((N, model["W1"].shape[1])) + model["b1"]
    for n in range(N):
        for i in range(D - 1):
            z1[n] += x[n, i] * model["W1"][i]
    a1 = np.tanh(z1)
    z2 = a1 @ model["W2"] + model["b2"]
    e = np.exp(z2)
    return {"z1": z1, "a1": a1, "z2": z2, "p": e / e.sum(axis=1, keepdims=True)}


def outside__scaled_tanh__matrices(x, model):
    """1.7159 * tanh(2 z / 3), LeCun's recommendation.
    First wrong: a1
    """
    z1 = x @ model["W1"] + model["b1"]
    a1 = 1.7159 * np.tanh(2 * z1 / 3)
    z2 = a1 @ model["W2"] + model["b2"]
    e = np.exp(z2)
    return {"z1": z1, "a1": a1, "z2": z2, "p": e / e.sum(axis=1, keepdims=True)}
