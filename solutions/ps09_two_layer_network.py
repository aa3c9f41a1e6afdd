# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Problem set 09: a two-layer network that learns (20 points)
#
# **You will** write deck 000's classifier in matrices: forward pass, loss, backpropagation for a whole batch, the step,
# and the loop that trains it. At the end it parts two moons that no straight line can part.
#
# **You need** lesson 09, and lesson 08 for softmax and cross-entropy. **Time**: about 90 minutes. **Deck**: 000 (Vetter,
# Kraus, Höfle).
#
# A batch stands in rows: row n is sample n. The hidden layer is tanh, the output softmax. The network's parameters
# travel together as a dict `model` with the keys `W1`, `b1`, `W2`, `b2`. The sizes: N samples, D inputs, H hidden units
# (`n_hidden`), K classes (`n_out`); the checks draw them in many sizes, N = 1 among them.
#
# | name | shape | what it is |
# |---|---|---|
# | `x` | (N, D) | a batch of inputs |
# | `target` | (N,) | the right class of each sample, an integer from 0 to K - 1 |
# | `W1`, `b1` | (D, H), (H,) | weights and biases of the hidden layer; row of `W1`: from which input |
# | `W2`, `b2` | (H, K), (K,) | weights and biases of the output layer |
# | `z1`, `a1` | (N, H) | weighted sums of the hidden units, and their tanh |
# | `z2`, `p` | (N, K) | scores, and their softmax: each row of `p` sums to 1 |
# | `delta1`, `delta2` | (N, H), (N, K) | d loss / d `z1`, d loss / d `z2`; the deck calls them delta2 and delta3 |
# | `eta`, `lam` | float | learning rate, strength of the penalty |
#
# The loss is one number: the *mean* cross-entropy of the batch, plus a penalty on all weights, but on no bias:
#
# $$loss = -\frac1N \sum_n \log p_{n,\,target_n} + lam \, \Big(\sum W_1^2 + \sum W_2^2\Big)$$
#
# The deck's slides print this loss, but its listing belongs to another one (erratum E29): do not copy it. Whenever you
# are in doubt about a factor, ask what *this* formula does when one number in it moves a little. The checks do just
# that. Run them as often as you like; `hint=1` and `hint=2` help more, and cost nothing.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from bplib.checks import ps09
from bplib.data import moons, split

x_train, target_train, x_other, target_other = split(*moons(300, noise=0.2))  # 240 samples to train, 60 to judge by

# %% [markdown]
# ## 1. The forward pass (3 points)
#
# Return a dict `cache` with the keys `z1`, `a1`, `z2`, `p`: what the way back will need. The deck puts `a1` into the
# model instead; here the model holds parameters only. Scores may be large: take care that `p` holds no NaN then
# (lesson 08 says how; the deck's listing does not, erratum E35).


# %% nbgrader={"grade": false, "grade_id": "feedforward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def feedforward(x, model):
    """Return the cache: a dict with z1, a1 of shape (N, H) and z2, p of shape (N, K)."""
    ### BEGIN SOLUTION
    z1 = x @ model["W1"] + model["b1"]
    a1 = np.tanh(z1)
    z2 = a1 @ model["W2"] + model["b2"]
    odds = np.exp(z2 - z2.max(axis=1, keepdims=True))
    p = odds / odds.sum(axis=1, keepdims=True)
    return {"z1": z1, "a1": a1, "z2": z2, "p": p}
    ### END SOLUTION


# %%
# Try it: example(1) is the check's first network. What must the rows of p sum to?
# feedforward(*ps09.feedforward.example(1))

# %% nbgrader={"grade": true, "grade_id": "check_feedforward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
ps09.feedforward(feedforward)

# %% [markdown]
# ## 2. The loss (2 points)
#
# Return the loss of the formula above as one float.


# %% nbgrader={"grade": false, "grade_id": "loss_value", "locked": false, "schema_version": 3, "solution": true, "task": false}
def loss_value(p, target, model, lam):
    """Return mean cross-entropy plus penalty, a float."""
    ### BEGIN SOLUTION
    own = p[np.arange(len(target)), target]
    penalty = np.sum(model["W1"] ** 2) + np.sum(model["W2"] ** 2)
    return float(-np.mean(np.log(own)) + lam * penalty)
    ### END SOLUTION


# %%
# Try it: two samples. Without penalty the loss is 0.4904. By how much must it grow if lam is 0.01?
# loss_value(np.array([[0.5, 0.5], [0.25, 0.75]]), np.array([0, 1]), dict(W1=np.ones((2, 3)), W2=np.ones((3, 2))), 0.0)

# %% nbgrader={"grade": true, "grade_id": "check_loss_value", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
ps09.loss_value(loss_value)

# %% [markdown]
# ## 3. Backpropagation (8 points)
#
# Return a dict `grads` with six keys, in the order in which they are computed:
#
# | key | shape | what it is |
# |---|---|---|
# | `delta2` | (N, K) | d loss / d `z2`, one row for each sample |
# | `dW2`, `db2` | (H, K), (K,) | d loss / d `W2`, d loss / d `b2` |
# | `delta1` | (N, H) | d loss / d `z1` |
# | `dW1`, `db1` | (D, H), (H,) | d loss / d `W1`, d loss / d `b1` |
#
# Each is a slope of the whole loss, the mean and the penalty included. Three things to think about before you start:
#
# * The 1/N stands once in the loss. At which of the six does it enter, so that all later ones have it already?
# * $w^2$ has the slope $2w$, so the penalty adds two times `lam` times the weight to the slope of that weight. The deck
#   adds half of that, which is right for half the penalty (errata E28, E29). Which of the six does the penalty touch?
# * You will want to change some entries of `p`, and not others. The `cache` is not yours: work on a copy.


# %% nbgrader={"grade": false, "grade_id": "backprop", "locked": false, "schema_version": 3, "solution": true, "task": false}
def backprop(x, target, cache, model, lam):
    """Return the grads: a dict with delta2, dW2, db2, delta1, dW1, db1."""
    ### BEGIN SOLUTION
    N = len(target)
    delta2 = cache["p"].copy()
    delta2[np.arange(N), target] -= 1
    delta2 /= N
    dW2 = cache["a1"].T @ delta2 + 2 * lam * model["W2"]
    delta1 = (delta2 @ model["W2"].T) * (1 - cache["a1"] ** 2)
    dW1 = x.T @ delta1 + 2 * lam * model["W1"]
    return dict(delta2=delta2, dW2=dW2, db2=delta2.sum(axis=0), delta1=delta1, dW1=dW1, db1=delta1.sum(axis=0))
    ### END SOLUTION


# %%
# Try it: each value has the shape of what it is the slope of. And what must each row of delta2 sum to?
# grads = backprop(*ps09.backprop.example(1))
# print({name: value.shape for name, value in grads.items()})

# %% nbgrader={"grade": true, "grade_id": "check_backprop", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
ps09.backprop(backprop)

# %% [markdown]
# ## 4. The step (2 points)
#
# Return a *new* dict with the keys `W1`, `b1`, `W2`, `b2`: the model after one step of gradient descent. `grads` is what
# `backprop` returns. The old model stays as it is.


# %% nbgrader={"grade": false, "grade_id": "parameter_update", "locked": false, "schema_version": 3, "solution": true, "task": false}
def parameter_update(model, grads, eta):
    """Return the model after one step, a new dict."""
    ### BEGIN SOLUTION
    return {name: value - eta * grads["d" + name] for name, value in model.items()}
    ### END SOLUTION


# %%
# Try it: does each entry move against the sign of its slope?
# parameter_update(*ps09.parameter_update.example(1))

# %% nbgrader={"grade": true, "grade_id": "check_parameter_update", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
ps09.parameter_update(parameter_update)

# %% [markdown]
# ## 5. Training (3 points)
#
# Return `model, losses`. Every step uses the whole batch (full-batch gradient descent), and there are `epochs` steps.
# `losses` has the shape (epochs + 1,): `losses[0]` is the loss before the first step, `losses[e]` the loss after e
# steps, so that the last one belongs to the model that you return. (The deck's listing measures the model before its
# last step and prints that as the accuracy of the last epoch: erratum E37.)
#
# So that everybody gets the same numbers, the start is drawn exactly like this, `W1` before `W2`, from one generator:
#
# ```python
# rng = np.random.default_rng(seed)
# W1 = rng.standard_normal((D, n_hidden)) / np.sqrt(D)
# W2 = rng.standard_normal((n_hidden, n_out)) / np.sqrt(n_hidden)
# ```
#
# D is the number of columns of `x`. All biases start at zero: `b1` has the shape (n_hidden,), `b2` (n_out,). Your
# functions from above may be called; let their checks agree first.


# %% nbgrader={"grade": false, "grade_id": "train_model", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_model(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    """Return the trained model and its losses, of shape (epochs + 1,)."""
    rng = np.random.default_rng(seed)
    ### BEGIN SOLUTION
    D = x.shape[1]
    model = {"W1": rng.standard_normal((D, n_hidden)) / np.sqrt(D), "b1": np.zeros(n_hidden)}
    model |= {"W2": rng.standard_normal((n_hidden, n_out)) / np.sqrt(n_hidden), "b2": np.zeros(n_out)}
    losses = np.empty(epochs + 1)
    for epoch in range(epochs + 1):
        cache = feedforward(x, model)
        losses[epoch] = loss_value(cache["p"], target, model, lam)
        if epoch < epochs:
            model = parameter_update(model, backprop(x, target, cache, model, lam), eta)
    return model, losses
    ### END SOLUTION


# %%
# Try it: giving each of two classes one half costs log 2. Does your network begin near that, and where does it end?
# model, losses = train_model(x_train, target_train, 8, 2, eta=1.0, lam=0.0001, epochs=1000, seed=0)
# print(losses[0], losses[-1])

# %% nbgrader={"grade": true, "grade_id": "check_train_model", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
ps09.train_model(train_model)

# %% [markdown]
# ## 6. The answer (1 point)
#
# Return for each sample the class that the model holds most likely: integers, of shape (N,).


# %% nbgrader={"grade": false, "grade_id": "predict", "locked": false, "schema_version": 3, "solution": true, "task": false}
def predict(x, model):
    """Return the likeliest class of each sample, integers of shape (N,)."""
    ### BEGIN SOLUTION
    return feedforward(x, model)["p"].argmax(axis=1)
    ### END SOLUTION


# %%
# Try it: the share of right answers on samples that the training never saw, for your model from part 5.
# np.mean(predict(x_other, model) == target_other)

# %%
# To look at: what your model answers at every point of the plane, and the samples that it never saw. The deck takes
# 2 hidden units: train such a model, too, and look what it can draw.
# import matplotlib.pyplot as plt
# across, up = np.meshgrid(np.linspace(-1.8, 2.8, 200), np.linspace(-1.3, 1.8, 200))
# answers = predict(np.stack([across.ravel(), up.ravel()], axis=1), model).reshape(across.shape)
# plt.contourf(across, up, answers, levels=1, cmap="cividis", alpha=0.4)
# plt.scatter(x_other[:, 0], x_other[:, 1], c=target_other, cmap="cividis", edgecolors="black")

# %% nbgrader={"grade": true, "grade_id": "check_predict", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
ps09.predict(predict)

# %% [markdown]
# ## 7. In your own words (1 point)
#
# Somebody forgets the 1/N in `backprop`, and everything else is right. With `lam` = 0: what happens to their training,
# and which single number would they have to change to get yours again? With `lam` > 0: why does that no longer mend it?
# Three to five sentences. A person reads this one: half a point for each of the two cases.

# %% [markdown] nbgrader={"grade": true, "grade_id": "without_one_over_n", "locked": false, "points": 1, "schema_version": 3, "solution": true, "task": false}
# Without the penalty all six slopes are N times too large, but point the same way. The steps are N times too long, so
# the training may jump about or diverge; with `eta / N` in place of `eta` every step is the right one again.
#
# With the penalty only one of two terms has grown: the slope of the cross-entropy is N times too large, that of the
# penalty is not. The sum points elsewhere, and no `eta` turns it back. With `eta / N` the steps would be those of a
# network whose `lam` is divided by N, that is, almost without a penalty.
