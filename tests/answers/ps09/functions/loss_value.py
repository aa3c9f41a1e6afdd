"""Learners' answers to ps09, question loss_value: right ones, and wrong ones with one slip each."""

import math

import numpy as np

# ---------------------------------------------------------------------------------------------------- right answers


def right__matrices(p, target, model, lam):
    """Mean of -log p at the target, plus the penalty."""
    ce = -np.log(p[np.arange(len(target)), target]).mean()
    return float(ce + lam * (np.sum(model["W1"] ** 2) + np.sum(model["W2"] ** 2)))


def right__slow_loops(p, target, model, lam):
    """One sample and one weight after the other."""
    total = 0.0
    for n in range(p.shape[0]):
        for k in range(p.shape[1]):
            if k == target[n]:
                total = total - math.log(p[n, k])
    squares = 0.0
    for name in ("W1", "W2"):
        for row in model[name]:
            for w in row:
                squares += w * w
    return total / p.shape[0] + lam * squares


def right__one_product(p, target, model, lam):
    """The logarithm of the product of all likelihoods, and the squares as a trace."""
    likelihood = 1.0
    for row, t in zip(p, target):
        likelihood *= float(row[t])
    penalty = np.trace(model["W1"].T @ model["W1"]) + np.trace(model["W2"].T @ model["W2"])
    return -math.log(likelihood) / len(p) + lam * float(penalty)


def right__one_hot_einsum(p, target, model, lam):
    """One-hot table times log p, Frobenius norms squared."""
    y = np.eye(p.shape[1])[target]
    return float(
        -np.einsum("nk,nk->", y, np.log(p)) / p.shape[0]
        + lam * (np.linalg.norm(model["W1"]) ** 2 + np.linalg.norm(model["W2"]) ** 2)
    )


# ----------------------------------------------------------------------------------------------------- cross-entropy


def wrong__likelihood_without_minus__matrices(p, target, model, lam):
    """The minus in front of the logarithm is missing."""
    ce = np.log(p[np.arange(len(target)), target]).mean()
    return float(ce + lam * (np.sum(model["W1"] ** 2) + np.sum(model["W2"] ** 2)))


def wrong__likelihood_without_minus__loops(p, target, model, lam):
    """Adds log p sample by sample."""
    total = 0.0
    for n, t in enumerate(target):
        total += math.log(p[n, t])
    penalty = sum(w**2 for name in ("W1", "W2") for w in model[name].ravel())
    return float(total / len(target) + lam * penalty)


def wrong__sign__matrices(p, target, model, lam):
    """A minus in front of the finished loss, because it is to be made small."""
    data = -np.log(p[np.arange(len(p)), target])
    penalty = lam * ((model["W1"] ** 2).sum() + (model["W2"] ** 2).sum())
    return float(-(data.mean() + penalty))


def wrong__log_missing__matrices(p, target, model, lam):
    """Minus the mean probability of the right class."""
    reg = lam * (np.sum(model["W1"] ** 2) + np.sum(model["W2"] ** 2))
    return float(-np.mean(p[np.arange(len(target)), target]) + reg)


def wrong__log_missing__loops(p, target, model, lam):
    """Subtracts p[n, t] in the loop."""
    loss = 0.0
    for n in range(len(target)):
        loss -= p[n, target[n]]
    loss /= len(target)
    for W in (model["W1"], model["W2"]):
        loss += lam * np.dot(W.ravel(), W.ravel())
    return float(loss)


def wrong__log_wrong_entry__matrices(p, target, model, lam):
    """p[:, target] makes an N x N table; its mean is taken."""
    table = p[:, target]
    return float(-np.log(table).mean() + lam * (np.sum(model["W1"] ** 2) + np.sum(model["W2"] ** 2)))


def wrong__log_wrong_entry__loops(p, target, model, lam):
    """Reads the probability of the next class, target + 1, in a circle."""
    N, K = p.shape
    s = 0.0
    for n in range(N):
        s -= math.log(p[n, (target[n] + 1) % K])
    return s / N + lam * float(sum((model["W1"] ** 2).ravel()) + sum((model["W2"] ** 2).ravel()))


def wrong__one_hot_wrong_class__matrices(p, target, model, lam):
    """-log of the largest probability instead of the target's."""
    best = p.argmax(axis=1)
    ce = -np.log(p[np.arange(len(p)), best]).mean()
    return float(ce + lam * (np.sum(model["W1"] ** 2) + np.sum(model["W2"] ** 2)))


def wrong__target_and_output_swapped__matrices(p, target, model, lam):
    """-log(1 - p) at the target."""
    q = 1 - p[np.arange(len(target)), target]
    return float(-np.log(q).mean() + lam * (np.sum(model["W1"] ** 2) + np.sum(model["W2"] ** 2)))


def wrong__log_base__loops(p, target, model, lam):
    """math.log10."""
    losses = [-math.log10(row[t]) for row, t in zip(p, target)]
    return sum(losses) / len(losses) + lam * sum(float(np.sum(np.square(model[k]))) for k in ("W1", "W2"))


def wrong__n_missing__matrices(p, target, model, lam):
    """The deck's sum over the samples, without 1/N."""
    corect_logprobs = -np.log(p[range(len(target)), target])
    data_loss = np.sum(corect_logprobs)
    data_loss += lam * (np.sum(np.square(model["W1"])) + np.sum(np.square(model["W2"])))
    return float(data_loss)


def wrong__n_missing__loops(p, target, model, lam):
    """Adds the losses up and hands the sum over."""
    loss = lam * sum(w * w for W in (model["W1"], model["W2"]) for row in W for w in row)
    for probabilities, t in zip(p, target):
        loss += -math.log(probabilities[t])
    return float(loss)


def wrong__n_twice__loops(p, target, model, lam):
    """Every sample counts 1/N, and then the mean is taken as well."""
    N = len(target)
    parts = []
    for n in range(N):
        parts.append(-math.log(p[n, target[n]]) / N)
    mean = sum(parts) / N
    return float(mean + lam * (np.sum(model["W1"] ** 2) + np.sum(model["W2"] ** 2)))


def wrong__n_times_k__matrices(p, target, model, lam):
    """np.mean over the whole one-hot table: divided by N * K."""
    y = np.eye(p.shape[1])[target]
    return float(-np.mean(y * np.log(p)) + lam * (np.sum(model["W1"] ** 2) + np.sum(model["W2"] ** 2)))


def wrong__max_for_sum__matrices(p, target, model, lam):
    """The loss of the worst sample."""
    ce = np.max(-np.log(p[np.arange(len(target)), target]))
    return float(ce + lam * (np.sum(model["W1"] ** 2) + np.sum(model["W2"] ** 2)))


def wrong__first_only__loops(p, target, model, lam):
    """return stands inside the loop."""
    penalty = lam * (np.sum(model["W1"] ** 2) + np.sum(model["W2"] ** 2))
    for n in range(len(target)):
        return float(-math.log(p[n, target[n]]) + penalty)


def wrong__last_only__loops(p, target, model, lam):
    """= for += ; then the last loss is divided by N."""
    loss = 0.0
    for n in range(len(target)):
        loss = -math.log(p[n, target[n]])
    loss = loss / len(target)
    return float(loss + lam * (np.sum(model["W1"] ** 2) + np.sum(model["W2"] ** 2)))


def wrong__factor_two__matrices(p, target, model, lam):
    """2 * the mean cross-entropy, 'deviance'."""
    ce = -2 * np.log(p[np.arange(len(target)), target]).mean()
    return float(ce + lam * (np.sum(model["W1"] ** 2) + np.sum(model["W2"] ** 2)))


def wrong__factor_half__loops(p, target, model, lam):
    """A 1/2 in front of the cross-entropy, as with squared errors."""
    s = 0
    for n in range(len(p)):
        s += 0.5 * -math.log(p[n][target[n]])
    return float(s / len(p) + lam * (np.sum(model["W1"] ** 2) + np.sum(model["W2"] ** 2)))


def wrong__float32__matrices(p, target, model, lam):
    """The probabilities in single precision."""
    ce = -np.log(p.astype(np.float32)[np.arange(len(target)), target]).mean()
    return float(ce) + lam * float(np.sum(model["W1"] ** 2) + np.sum(model["W2"] ** 2))


def wrong__constant_for_formula__matrices(p, target, model, lam):
    """Returns the number that the notebook showed."""
    return 1.0986


# ----------------------------------------------------------------------------------------------------------- penalty


def wrong__penalty_missing__matrices(p, target, model, lam):
    """The cross-entropy alone."""
    return float(-np.log(p[np.arange(len(target)), target]).mean())


def wrong__penalty_missing__loops(p, target, model, lam):
    """Computes the penalty and forgets to add it."""
    loss = sum(-math.log(p[n, target[n]]) for n in range(len(target))) / len(target)
    penalty = 0.0
    for name in ("W1", "W2"):
        for w in model[name].flat:
            penalty += lam * w * w
    return loss


def wrong__penalty_halved_in_loss__matrices(p, target, model, lam):
    """lam / 2 in front of the squares, as the deck does."""
    ce = -np.log(p[np.arange(len(target)), target]).mean()
    return float(ce + lam / 2 * (np.sum(np.square(model["W1"])) + np.sum(np.square(model["W2"]))))


def wrong__penalty_halved_in_loss__loops(p, target, model, lam):
    """Half of each squared weight."""
    ce = 0.0
    for row, t in zip(p, target):
        ce -= math.log(row[t])
    ce /= len(p)
    for key in ("W1", "W2"):
        for w in model[key].ravel():
            ce += lam * (0.5 * w**2)
    return float(ce)


def wrong__penalty_twice_in_loss__matrices(p, target, model, lam):
    """2 * lam * sum(W**2), the 2 from the gradient."""
    ce = -np.log(p[np.arange(len(target)), target]).mean()
    return float(ce + 2 * lam * (np.sum(model["W1"] ** 2) + np.sum(model["W2"] ** 2)))


def wrong__penalty_over_n__matrices(p, target, model, lam):
    """1/N around everything, as in the deck's last line."""
    data_loss = -np.sum(np.log(p[np.arange(len(target)), target]))
    data_loss += lam * (np.sum(np.square(model["W1"])) + np.sum(np.square(model["W2"])))
    return float(1.0 / len(target) * data_loss)


def wrong__penalty_over_n__loops(p, target, model, lam):
    """Every sample adds its loss and the penalty divided by N; then the mean."""
    N = len(target)
    squares = sum(w * w for w in model["W1"].flat) + sum(w * w for w in model["W2"].flat)
    losses = [-math.log(p[n, target[n]]) + lam * squares / N for n in range(N)]
    return float(sum(losses) / N)


def wrong__penalty_one_layer_only__matrices(p, target, model, lam):
    """Only W1 is penalised."""
    return float(-np.log(p[np.arange(len(target)), target]).mean() + lam * np.sum(model["W1"] ** 2))


def wrong__penalty_one_layer_only__loops(p, target, model, lam):
    """The sum of squares is set back to 0 before the second matrix."""
    ce = sum(-math.log(p[n, t]) for n, t in enumerate(target)) / len(target)
    for name in ["W1", "W2"]:
        squares = 0.0
        for w in model[name].ravel():
            squares += w**2
    return float(ce + lam * squares)


def wrong__penalty_on_bias__matrices(p, target, model, lam):
    """All four parameters are squared."""
    ce = -np.log(p[np.arange(len(target)), target]).mean()
    return float(ce + lam * sum(np.sum(v**2) for v in model.values()))


def wrong__penalty_on_bias__loops(p, target, model, lam):
    """Goes over every entry of the dictionary."""
    loss = 0.0
    for n in range(p.shape[0]):
        loss -= math.log(p[n, target[n]]) / p.shape[0]
    for key in model:
        for w in np.ravel(model[key]):
            loss += lam * w * w
    return float(loss)


def wrong__penalty_wrong_sign__matrices(p, target, model, lam):
    """Subtracts the penalty."""
    ce = -np.log(p[np.arange(len(target)), target]).mean()
    return float(ce - lam * (np.sum(model["W1"] ** 2) + np.sum(model["W2"] ** 2)))


def wrong__penalty_not_squared__loops(p, target, model, lam):
    """Adds the weights themselves, not their squares."""
    ce = sum(-math.log(p[n, t]) for n, t in enumerate(target)) / len(target)
    total = 0.0
    for name in ("W1", "W2"):
        for w in model[name].flat:
            total += w
    return float(ce + lam * total)


def wrong__penalty_absolute__matrices(p, target, model, lam):
    """lam * sum(|W|)."""
    ce = -np.log(p[np.arange(len(target)), target]).mean()
    return float(ce + lam * (np.abs(model["W1"]).sum() + np.abs(model["W2"]).sum()))


def wrong__penalty_root__matrices(p, target, model, lam):
    """The norms, not their squares."""
    ce = -np.log(p[np.arange(len(target)), target]).mean()
    return float(ce + lam * (np.linalg.norm(model["W1"]) + np.linalg.norm(model["W2"])))


# ------------------------------------------------------------------------------------------- conventions, pairs, odd


def convention__log_base__matrices(p, target, model, lam):
    """The cross-entropy in bits."""
    ce = -np.log2(p[np.arange(len(target)), target]).mean()
    return float(ce + lam * (np.sum(model["W1"] ** 2) + np.sum(model["W2"] ** 2)))


def convention__log_base__loops(p, target, model, lam):
    """math.log(., 2), as in information theory."""
    bits = 0.0
    for row, t in zip(p, target):
        bits += math.log(1 / row[t], 2)
    return float(bits / len(target) + lam * (np.vdot(model["W1"], model["W1"]) + np.vdot(model["W2"], model["W2"])))


def pair__n_missing__penalty_halved_in_loss__matrices(p, target, model, lam):
    """The deck's sum with the deck's lam / 2."""
    loss = -np.log(p[range(len(p)), target]).sum()
    return float(loss + lam / 2 * (np.sum(model["W1"] ** 2) + np.sum(model["W2"] ** 2)))


def pair__likelihood_without_minus__penalty_missing__loops(p, target, model, lam):
    """Mean log-likelihood, no penalty."""
    s = 0.0
    for n in range(len(target)):
        s = s + math.log(p[n, target[n]])
    return float(s / len(target))


def pair__penalty_on_bias__penalty_over_n__matrices(p, target, model, lam):
    """All parameters penalised, and the penalty divided by N."""
    N = len(target)
    ce = -np.log(p[np.arange(N), target]).mean()
    return float(ce + lam / N * sum(np.sum(v**2) for v in model.values()))


def outside__squared_error__matrices(p, target, model, lam):
    """Sum of squares of p - onehot per sample, the Brier score."""
    y = np.eye(p.shape[1])[target]
    mse = ((p - y) ** 2).sum(axis=1).mean()
    return float(mse + lam * (np.sum(model["W1"] ** 2) + np.sum(model["W2"] ** 2)))


def outside__both_logs__matrices(p, target, model, lam):
    """The binary cross-entropy over all classes: y log p + (1 - y) log(1 - p)."""
    y = np.eye(p.shape[1])[target]
    ce = -(y * np.log(p) + (1 - y) * np.log(1 - p)).sum(axis=1).mean()
    return float(ce + lam * (np.sum(model["W1"] ** 2) + np.sum(model["W2"] ** 2)))


def outside__entropy_of_the_output__loops(p, target, model, lam):
    """-sum p log p; the target does not come in."""
    s = 0.0
    for row in p:
        for v in row:
            s -= v * math.log(v)
    return float(s / len(p) + lam * (np.sum(model["W1"] ** 2) + np.sum(model["W2"] ** 2)))


def outside__log_of_the_mean__loops(p, target, model, lam):
    """The logarithm of the mean probability instead of the mean logarithm."""
    s = sum(float(p[n, t]) for n, t in enumerate(target))
    return float(-math.log(s / len(target)) + lam * (np.sum(model["W1"] ** 2) + np.sum(model["W2"] ** 2)))


def outside__epsilon_that_shows__matrices(p, target, model, lam):
    """log(p + 0.01) against log(0)."""
    ce = -np.log(p[np.arange(len(target)), target] + 0.01).mean()
    return float(ce + lam * (np.sum(model["W1"] ** 2) + np.sum(model["W2"] ** 2)))


def outside__square_of_the_sum__matrices(p, target, model, lam):
    """lam * sum(W)**2: the square stands outside the sum."""
    ce = -np.log(p[np.arange(len(target)), target]).mean()
    return float(ce + lam * (np.sum(model["W1"]) ** 2 + np.sum(model["W2"]) ** 2))


def outside__first_sample_missed__loops(p, target, model, lam):
    """range(1, N), so the first sample is left out; divided by N all the same."""
    s = 0.0
    for n in range(1, len(target)):
        s -= math.log(p[n, target[n]])
    return float(s / len(target) + lam * (np.sum(model["W1"] ** 2) + np.sum(model["W2"] ** 2)))


def wrong__rounded_result__matrices(p, target, model, lam):
    """round(..., 2)."""
    ce = -np.log(p[np.arange(len(target)), target]).mean()
    return round(float(ce + lam * (np.sum(model["W1"] ** 2) + np.sum(model["W2"] ** 2))), 2)
