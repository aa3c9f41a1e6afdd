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
# # Problem set 06: the 2-2-2 network (20 points)
#
# **You will** write one whole step of backpropagation for a network small enough to hold in your head: two inputs,
# two hidden units, two outputs. Forward pass, loss, deltas, gradients, update.
#
# **You need** lesson 06. **Time**: about 60 minutes. **Deck**: 004 (Chen, NTUST).
#
# Each part asks for one small function. Below it stand a cell to try it in and one check. The check compares what your
# function returns with *numeric gradients*: it moves each number of the network a little and watches the loss. It does
# so on the deck's network and on four random ones, so a function that only knows the deck's numbers is not enough.
# Run a check as often as you like. After a wrong answer it names the first wrong value and asks you one question;
# `hint=1` names the mistake, if it is one that the check knows, and `hint=2` says where in the slides to look. Hints cost
# nothing.
#
# | name | shape | what it is |
# |---|---|---|
# | `x` | (2,) | inputs i1, i2 |
# | `W1`, `W2` | (2, 2) | weights; row: from which unit, column: to which unit |
# | `b1`, `b2` | (2,) | biases of the hidden units and of the outputs |
# | `z1`, `z2` | (2,) | weighted sums, before the sigmoid |
# | `a1`, `out` | (2,) | hidden activations and outputs, after the sigmoid |
# | `target` | (2,) | what the outputs should be |
# | `delta1`, `delta2` | (2,) | d loss / d `z1`, d loss / d `z2` |

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from bplib.checks import ps06
from bplib.data import two_two_two

deck = two_two_two()  # the deck's numbers: deck.x, deck.W1, deck.b1, deck.W2, deck.b2, deck.target

# %% [markdown]
# ## 1. The forward pass (3 points)
#
# Return `z1, a1, z2, out`, each of shape (2,): the weighted sums of the hidden units, what the sigmoid makes of them,
# and the same once more for the outputs.


# %% nbgrader={"grade": false, "grade_id": "forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def forward(x, W1, b1, W2, b2):
    """Return z1, a1, z2, out."""
    ### BEGIN SOLUTION
    z1 = x @ W1 + b1
    a1 = 1 / (1 + np.exp(-z1))
    z2 = a1 @ W2 + b2
    out = 1 / (1 + np.exp(-z2))
    return z1, a1, z2, out
    ### END SOLUTION


# %%
# Try it: the deck prints 0.593 and 0.597 for a1, 0.751 and 0.773 for out.
# forward(deck.x, deck.W1, deck.b1, deck.W2, deck.b2)

# %% nbgrader={"grade": true, "grade_id": "check_forward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
ps06.forward(forward)

# %% [markdown]
# ## 2. The loss, output by output (1 point)
#
# Return, for each output, half its squared error: an array of shape (2,). The loss is their sum.


# %% nbgrader={"grade": false, "grade_id": "half_squared", "locked": false, "schema_version": 3, "solution": true, "task": false}
def half_squared(out, target):
    """Return half the squared error of each output."""
    ### BEGIN SOLUTION
    return 0.5 * (out - target) ** 2
    ### END SOLUTION


# %%
# Try it: what should the loss be if the output meets its target?
# half_squared(np.array([0.75, 0.77]), np.array([0.01, 0.99]))

# %% nbgrader={"grade": true, "grade_id": "check_half_squared", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
ps06.half_squared(half_squared)

# %% [markdown]
# ## 3. The deltas of the outputs (3 points)
#
# Return `delta2`, of shape (2,): how fast the loss rises when `z2` rises. You have the outputs and the targets; the
# sigmoid's slope can be had from its output alone.


# %% nbgrader={"grade": false, "grade_id": "output_delta", "locked": false, "schema_version": 3, "solution": true, "task": false}
def output_delta(out, target):
    """Return d loss / d z2."""
    ### BEGIN SOLUTION
    return (out - target) * out * (1 - out)
    ### END SOLUTION


# %%
# Try it: the first output is too high. Which sign must its delta have?
# output_delta(np.array([0.75, 0.77]), np.array([0.01, 0.99]))

# %% nbgrader={"grade": true, "grade_id": "check_output_delta", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
ps06.output_delta(output_delta)

# %% [markdown]
# ## 4. The deltas of the hidden units (4 points)
#
# Return `delta1`, of shape (2,): how fast the loss rises when `z1` rises. A hidden unit has no target of its own: it is
# to blame for what it does to the outputs.


# %% nbgrader={"grade": false, "grade_id": "hidden_delta", "locked": false, "schema_version": 3, "solution": true, "task": false}
def hidden_delta(delta2, W2, a1):
    """Return d loss / d z1."""
    ### BEGIN SOLUTION
    return (W2 @ delta2) * a1 * (1 - a1)
    ### END SOLUTION


# %%
# Try it on the check's own numbers: network 1 is the deck's.
# hidden_delta(*ps06.hidden_delta.example(1))

# %% nbgrader={"grade": true, "grade_id": "check_hidden_delta", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
ps06.hidden_delta(hidden_delta)

# %% [markdown]
# ## 5. The gradients (4 points)
#
# Return `dW1, db1, dW2, db2`: how fast the loss rises with each weight and each bias. Each has the shape of what it
# belongs to: (2, 2), (2,), (2, 2), (2,).


# %% nbgrader={"grade": false, "grade_id": "gradients", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gradients(x, a1, delta1, delta2):
    """Return dW1, db1, dW2, db2."""
    ### BEGIN SOLUTION
    return np.outer(x, delta1), delta1.copy(), np.outer(a1, delta2), delta2.copy()
    ### END SOLUTION


# %%
# Try it: which entry of dW2 belongs to w6, the weight from h2 to o1?
# gradients(*ps06.gradients.example(1))

# %% nbgrader={"grade": true, "grade_id": "check_gradients", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
ps06.gradients(gradients)

# %% [markdown]
# ## 6. A bias that two units share (1 point)
#
# The deck draws *one* bias `b1` for both hidden units. Return the slope of the loss for that one number, as a float,
# from the layer's `delta` of shape (2,).


# %% nbgrader={"grade": false, "grade_id": "shared_bias_gradient", "locked": false, "schema_version": 3, "solution": true, "task": false}
def shared_bias_gradient(delta):
    """Return d loss / d b for a bias that enters both units."""
    ### BEGIN SOLUTION
    return float(delta.sum())
    ### END SOLUTION


# %%
# Try it: if the one bias moves, which z move with it?
# shared_bias_gradient(np.array([0.3, -0.1]))

# %% nbgrader={"grade": true, "grade_id": "check_shared_bias_gradient", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
ps06.shared_bias_gradient(shared_bias_gradient)

# %% [markdown]
# ## 7. One step downhill (2 points)
#
# `params` is the tuple `(W1, b1, W2, b2)`, `grads` the tuple of their gradients, `eta` the learning rate. Return the
# tuple of the four *new* arrays after one step of gradient descent.


# %% nbgrader={"grade": false, "grade_id": "update", "locked": false, "schema_version": 3, "solution": true, "task": false}
def update(params, grads, eta):
    """Return the parameters after one step."""
    ### BEGIN SOLUTION
    return tuple(value - eta * slope for value, slope in zip(params, grads))
    ### END SOLUTION


# %%
# Try it: run the whole network before and after one step. Does the loss fall?
# update(*ps06.update.example(1))

# %% nbgrader={"grade": true, "grade_id": "check_update", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
ps06.update(update)

# %% [markdown]
# ## 8. In your own words (2 points)
#
# Why is the delta of a hidden unit a *sum*, and what would be lost if only its largest term were kept? Two to four
# sentences. A person reads this one: 1 point for why it is a sum, 1 point for what is lost.

# %% [markdown] nbgrader={"grade": true, "grade_id": "why_a_sum", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# A hidden unit reaches the loss along two paths, one through each output. When its activation moves a little, both
# outputs move, and the change of the loss is the change along the first path plus the change along the second: that
# is the chain rule for a quantity that is used twice. With the largest term alone the other path would count as if
# its weight were zero, so the step would ignore, and could well increase, the error of the other output.
