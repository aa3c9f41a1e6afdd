"""Learners' answers to ps09, question predict: right ones, and wrong ones with one slip each."""

import math

import numpy as np

# ---------------------------------------------------------------------------------------------------- right answers


def right__matrices(x, model):
    """The largest score wins; softmax would not change that."""
    a1 = np.tanh(x @ model["W1"] + model["b1"])
    return np.argmax(a1 @ model["W2"] + model["b2"], axis=1)


def right__slow_loops(x, model):
    """Unit by unit, and the best class by comparing."""
    classes = np.zeros(len(x), dtype=int)
    for n in range(len(x)):
        hidden = []
        for j in range(model["W1"].shape[1]):
            hidden.append(math.tanh(model["b1"][j] + sum(x[n, i] * model["W1"][i, j] for i in range(x.shape[1]))))
        best, best_score = 0, -math.inf
        for k in range(len(model["b2"])):
            score = model["b2"][k] + sum(h * w for h, w in zip(hidden, model["W2"][:, k]))
            if score > best_score:
                best, best_score = k, score
        classes[n] = best
    return classes


def right__with_softmax(x, model):
    """The whole forward pass with probabilities."""
    z1 = x.dot(model["W1"]) + model["b1"]
    a1 = np.tanh(z1)
    z2 = a1.dot(model["W2"]) + model["b2"]
    p = np.exp(z2) / np.sum(np.exp(z2), axis=1, keepdims=True)
    return np.argmax(p, axis=1)


def right__sorting(x, model):
    """Sorts the scores of each sample and takes the last place."""
    z2 = np.einsum("nh,hk->nk", np.tanh(np.einsum("nd,dh->nh", x, model["W1"]) + model["b1"]), model["W2"])
    return np.argsort(z2 + model["b2"], axis=1)[:, -1]


# ------------------------------------------------------------------------------------------------------------- wrong


def wrong__no_activation__matrices(x, model):
    """Without tanh in the hidden layer."""
    z1 = x @ model["W1"] + model["b1"]
    z2 = z1 @ model["W2"] + model["b2"]
    return np.argmax(z2, axis=1)


def wrong__sigmoid_for_tanh__matrices(x, model):
    """The hidden layer with the logistic function."""
    a1 = 1 / (1 + np.exp(-(x @ model["W1"] + model["b1"])))
    return np.argmax(a1 @ model["W2"] + model["b2"], axis=1)


def wrong__relu_for_tanh__loops(x, model):
    """max(0, z) in the hidden layer."""
    out = []
    for v in x:
        h = [max(0.0, float(v @ model["W1"][:, j] + model["b1"][j])) for j in range(len(model["b1"]))]
        s = [float(np.dot(h, model["W2"][:, k]) + model["b2"][k]) for k in range(len(model["b2"]))]
        out.append(s.index(max(s)))
    return np.array(out)


def wrong__bias_forgotten__matrices(x, model):
    """Both biases are missing."""
    return np.argmax(np.tanh(x @ model["W1"]) @ model["W2"], axis=1)


def wrong__bias_forgotten__loops(x, model):
    """b2 is missing in the scores."""
    classes = []
    for v in x:
        hidden = np.tanh([sum(v * model["W1"][:, j]) + model["b1"][j] for j in range(len(model["b1"]))])
        scores = [sum(hidden * model["W2"][:, k]) for k in range(model["W2"].shape[1])]
        classes.append(int(np.argmax(scores)))
    return np.array(classes)


def wrong__bias_subtracted__matrices(x, model):
    """Biases as thresholds."""
    a1 = np.tanh(x @ model["W1"] - model["b1"])
    return np.argmax(a1 @ model["W2"] - model["b2"], axis=1)


def wrong__sign__matrices(x, model):
    """argmin: the smallest score wins."""
    a1 = np.tanh(x @ model["W1"] + model["b1"])
    return np.argmin(a1 @ model["W2"] + model["b2"], axis=1)


def wrong__sign__loops(x, model):
    """Takes the smallest, because 'smaller is better'; with probabilities."""
    found = np.zeros(len(x), dtype=np.int64)
    for n, v in enumerate(x):
        z = np.tanh(v @ model["W1"] + model["b1"]) @ model["W2"] + model["b2"]
        p = np.exp(z) / np.exp(z).sum()
        for k in range(len(p)):
            if p[k] < p[found[n]]:
                found[n] = k
    return found


def wrong__absolute_values__matrices(x, model):
    """The score that is largest in size."""
    a1 = np.tanh(x @ model["W1"] + model["b1"])
    return np.argmax(np.abs(a1 @ model["W2"] + model["b2"]), axis=1)


def wrong__softmax_wrong_axis__matrices(x, model):
    """Probabilities normalised over the samples, then the largest of each row."""
    a1 = np.tanh(x @ model["W1"] + model["b1"])
    e = np.exp(a1 @ model["W2"] + model["b2"])
    return np.argmax(e / e.sum(axis=0), axis=1)


def wrong__reshaped_for_transposed__matrices(x, model):
    """W2.reshape(K, H) times the hidden layer as columns."""
    H, K = model["W2"].shape
    a1 = np.tanh(x @ model["W1"] + model["b1"])
    z2 = model["W2"].reshape(K, H) @ a1.T + model["b2"][:, None]
    return np.argmax(z2, axis=0)


def wrong__rows_and_columns_mixed__matrices(x, model):
    """Transposes the scores to (K, N) and reads them as (N, K) again."""
    a1 = np.tanh(x @ model["W1"] + model["b1"])
    scores = (a1 @ model["W2"] + model["b2"]).T
    return np.argmax(scores.reshape(len(x), -1), axis=1)


def wrong__first_only__loops(x, model):
    """Decides for the first sample and gives all the others the same class."""
    a1 = np.tanh(x[0] @ model["W1"] + model["b1"])
    z2 = a1 @ model["W2"] + model["b2"]
    return np.array([int(np.argmax(z2)) for _ in range(len(x))])


def wrong__result_of_wrong_layer__matrices(x, model):
    """The number of the most active hidden unit."""
    return np.argmax(np.tanh(x @ model["W1"] + model["b1"]), axis=1)


def wrong__constant_for_formula__matrices(x, model):
    """Class 1 for everyone."""
    return np.ones(len(x), dtype=int)


def pair__no_activation__bias_forgotten__matrices(x, model):
    """Two matrix products and nothing else."""
    return np.argmax(x @ model["W1"] @ model["W2"], axis=1)


def pair__sigmoid_for_tanh__bias_forgotten__loops(x, model):
    """Logistic hidden units, no biases."""
    out = np.zeros(len(x), dtype=int)
    for n in range(len(x)):
        h = np.array([1 / (1 + math.exp(-sum(x[n] * w))) for w in model["W1"].T])
        out[n] = max(range(model["W2"].shape[1]), key=lambda k: h @ model["W2"][:, k])
    return out


def outside__classes_from_one__matrices(x, model):
    """Counts the classes from 1."""
    a1 = np.tanh(x @ model["W1"] + model["b1"])
    return np.argmax(a1 @ model["W2"] + model["b2"], axis=1) + 1


def outside__last_hidden_unit_missed__loops(x, model):
    """range(H - 1) in the sum over the hidden units."""
    out = []
    for v in x:
        a = np.tanh(v @ model["W1"] + model["b1"])
        z = model["b2"].copy()
        for j in range(len(a) - 1):
            z += a[j] * model["W2"][j]
        out.append(int(np.argmax(z)))
    return np.array(out)


def outside__second_best__matrices(x, model):
    """argsort and the place -2."""
    a1 = np.tanh(x @ model["W1"] + model["b1"])
    return np.argsort(a1 @ model["W2"] + model["b2"], axis=1)[:, -2]


def outside__sure_ones_only__matrices(x, model):
    """Class 0 unless some probability is above one half."""
    a1 = np.tanh(x @ model["W1"] + model["b1"])
    e = np.exp(a1 @ model["W2"] + model["b2"])
    p = e / e.sum(axis=1, keepdims=True)
    return np.where(p.max(axis=1) > 0.5, p.argmax(axis=1), 0)


def outside__sorted_classes__loops(x, model):
    """Returns the classes in order of size."""
    found = []
    for v in x:
        z = np.tanh(v @ model["W1"] + model["b1"]) @ model["W2"] + model["b2"]
        found.append(int(z.argmax()))
    return np.array(sorted(found))


def outside__yes_or_no__matrices(x, model):
    """1 where the second score is positive, otherwise 0, as for two classes."""
    a1 = np.tanh(x @ model["W1"] + model["b1"])
    z2 = a1 @ model["W2"] + model["b2"]
    return (z2[:, 1] > 0).astype(int)
