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
# # Problem set 07: deltas (20 points)
#
# **You will** write backpropagation for a network of any depth and any width: one rule for the last layer, one rule for
# every layer below it, and a loop.
#
# **You need** problem set 06 and lesson 07. **Time**: about 90 minutes. **Decks**: 003; 004 (Chen, NTUST).
#
# One pattern goes through the network, every unit is a sigmoid, and the loss is half the squared error, summed over the
# outputs. Everything that belongs to a layer stands in a list, and lists count from 0:
#
# | name | shape | what it is |
# |---|---|---|
# | `x` | (number of inputs,) | the pattern; it stands in no list |
# | `W[l]` | (units below, units of layer l) | weights that lead *into* layer l; row: from which unit, column: to which unit |
# | `b[l]` | (units of layer l,) | biases of layer l |
# | `z[l]`, `a[l]` | (units of layer l,) | weighted sums of layer l, and what the sigmoid makes of them |
# | `out`, `target` | (number of outputs,) | the last activations `a[-1]`, and what they should be |
# | `delta[l]` | (units of layer l,) | d loss / d `z[l]` |
# | `dW[l]`, `db[l]` | as `W[l]`, `b[l]` | d loss / d `W[l]`, d loss / d `b[l]` |
#
# Before you write a line of Python, draw three layers one above the other, the inputs at the bottom. Write `z[l]`,
# `a[l]` and `delta[l]` to each layer and `W[l]` to each bundle of arrows, with the right numbers for l. All that can go
# wrong in parts 3 to 5 can be seen in this drawing: which matrix a delta crosses on its way down, and what lies below
# layer 0.
#
# Each check compares what your function returns with *numeric gradients*, on the deck's 2-2-2 network and on random
# ones of other depths and widths. Run a check as often as you like; `hint=1` and `hint=2` help more, and cost nothing.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from bplib.checks import ps07
from bplib.data import two_two_two

deck = two_two_two()  # the deck's numbers: deck.x, deck.target, and the two layers as lists:
deck_W, deck_b = [deck.W1, deck.W2], [deck.b1, deck.b2]

# %% [markdown]
# ## 1. The forward pass (3 points)
#
# Return `z, a`: two lists with one array for each layer, the layer next to the inputs first. `z[l]` and `a[l]` have
# the shape of `b[l]`. How many layers there are is told by the length of `W`.


# %% nbgrader={"grade": false, "grade_id": "forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def forward(x, W, b):
    """Return z, a: lists with one array for each layer, the input side first."""
    ### BEGIN SOLUTION
    z, a = [], []
    below = x
    for weights, biases in zip(W, b):
        z.append(below @ weights + biases)
        a.append(1 / (1 + np.exp(-z[-1])))
        below = a[-1]
    return z, a
    ### END SOLUTION


# %%
# Try it: the deck prints 0.593 and 0.597 for a[0], 0.751 and 0.773 for a[1].
# forward(deck.x, deck_W, deck_b)

# %% nbgrader={"grade": true, "grade_id": "check_forward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
ps07.forward(forward)

# %% [markdown]
# ## 2. The delta of the last layer (2 points)
#
# Return d loss / d z of the last layer, of the shape of `out`. Deck 002, "Backpropagation: Beispiel", has another sign
# here than decks 003 and 004 (erratum E4). Do not choose a deck, think: an output is too high and its z rises a little.
# Does the loss rise or fall?


# %% nbgrader={"grade": false, "grade_id": "output_delta", "locked": false, "schema_version": 3, "solution": true, "task": false}
def output_delta(out, target):
    """Return d loss / d z of the last layer, of the shape of out."""
    ### BEGIN SOLUTION
    return (out - target) * out * (1 - out)
    ### END SOLUTION


# %%
# Try it: three outputs; the middle one meets its target. What must its delta be?
# output_delta(np.array([0.8, 0.5, 0.1]), np.array([0.2, 0.5, 0.9]))

# %% nbgrader={"grade": true, "grade_id": "check_output_delta", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
ps07.output_delta(output_delta)

# %% [markdown]
# ## 3. The delta of a hidden layer (4 points)
#
# Return d loss / d z of one hidden layer, of the shape of its activations `a`. You are given the layer above:
# `delta_above`, its deltas, and `W_above`, the weights that lead into it *from* the layer whose deltas you want. The
# shapes need not be square: with 3 units here and 2 units above, `W_above` is (3, 2). Use that. A product that does not
# end up with one number for each unit of this layer cannot be right.


# %% nbgrader={"grade": false, "grade_id": "hidden_delta", "locked": false, "schema_version": 3, "solution": true, "task": false}
def hidden_delta(delta_above, W_above, a):
    """Return d loss / d z of the layer whose activations are a."""
    ### BEGIN SOLUTION
    return (W_above @ delta_above) * a * (1 - a)
    ### END SOLUTION


# %%
# Try it: three units below one. By how much, and in which direction, does each of the three move the loss?
# hidden_delta(np.array([0.1]), np.array([[1.0], [-2.0], [0.0]]), np.array([0.5, 0.5, 0.5]))

# %% nbgrader={"grade": true, "grade_id": "check_hidden_delta", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
ps07.hidden_delta(hidden_delta)

# %% [markdown]
# ## 4. All deltas (4 points)
#
# `a` is the list of activations, as your forward pass returns it, `W` the list of weights. Return the list of the
# deltas: `delta[l]` belongs to `a[l]` and has its shape.
#
# You *compute* from the outputs down to the inputs, but the list *stands* with the input side first, as all lists here
# do. And before each step down look at your drawing: between which two layers does the step lead, and which number has
# the matrix that stands there? Your functions from parts 2 and 3 may be called; a slip in them shows here again, so let
# their checks agree first.


# %% nbgrader={"grade": false, "grade_id": "all_deltas", "locked": false, "schema_version": 3, "solution": true, "task": false}
def all_deltas(a, W, target):
    """Return the list of d loss / d z, one array for each layer, the input side first."""
    ### BEGIN SOLUTION
    delta = [output_delta(a[-1], target)]
    for layer in range(len(W) - 2, -1, -1):
        delta.insert(0, hidden_delta(delta[0], W[layer + 1], a[layer]))
    return delta
    ### END SOLUTION


# %%
# Try it: the shapes of a and of the deltas must be the same, pair by pair. Network 3 is deeper and of unequal width.
# given = ps07.all_deltas.example(3)
# print([values.shape for values in given[0]], [values.shape for values in all_deltas(*given)])

# %% nbgrader={"grade": true, "grade_id": "check_all_deltas", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
ps07.all_deltas(all_deltas)

# %% [markdown]
# ## 5. All gradients (4 points)
#
# Return `dW, db`: two lists, the input side first again. `dW[l]` has the shape of `W[l]`, `db[l]` that of `b[l]`. A
# weight's slope is made of two numbers: what it carries up, and the delta that it meets there. For each matrix, find
# out from your drawing what it carries up. It is *not* the same for all of them: `x` is handed over besides `a` for a
# reason.


# %% nbgrader={"grade": false, "grade_id": "all_gradients", "locked": false, "schema_version": 3, "solution": true, "task": false}
def all_gradients(x, a, delta):
    """Return dW, db: lists with one array for each layer, the input side first."""
    ### BEGIN SOLUTION
    carried = [x, *a[:-1]]
    return [np.outer(up, meets) for up, meets in zip(carried, delta)], [meets.copy() for meets in delta]
    ### END SOLUTION


# %%
# Try it: which entry of dW[1] belongs to w6 of the deck, the weight from h2 to o1? In lesson 06 it was 0.08267.
# all_gradients(*ps07.all_gradients.example(1))

# %% nbgrader={"grade": true, "grade_id": "check_all_gradients", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
ps07.all_gradients(all_gradients)

# %% [markdown]
# ## 6. A long chain (1 point)
#
# The smallest deep network has one unit in each layer, all weights 1, no biases: a number `a0` goes through the sigmoid
# `depth` times, one after the other. Deck 004, "Backpropagation - 2", writes the slope of such a chain for a depth of
# 3. Return it for any depth, as a float: how fast the last number rises when `a0` rises.
#
# The deck's $f'$ takes what goes *into* a sigmoid; the formula that you know makes the slope of what comes *out*.


# %% nbgrader={"grade": false, "grade_id": "chain_slope", "locked": false, "schema_version": 3, "solution": true, "task": false}
def chain_slope(a0, depth):
    """Return d a_depth / d a0 for the sigmoid applied depth times."""
    ### BEGIN SOLUTION
    value, slope = a0, 1.0
    for _ in range(depth):
        value = 1 / (1 + np.exp(-value))
        slope *= value * (1 - value)
    return float(slope)
    ### END SOLUTION


# %%
# Try it: depth 3 from 1.0 gives 0.0096416. Guess the slope at depth 10 before you look.
# chain_slope(1.0, 3)

# %% nbgrader={"grade": true, "grade_id": "check_chain_slope", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
ps07.chain_slope(chain_slope)

# %% [markdown]
# ## 7. In your own words (2 points)
#
# In a network of ten sigmoid layers, which layer has the smallest deltas as a rule, and which factor in the recursion
# makes them so? Name one thing that could be changed so that they do not shrink as fast, and say why it helps. Three to
# five sentences. A person reads this one: 1 point for the layer and the factor, 1 point for a change with its reason.

# %% [markdown] nbgrader={"grade": true, "grade_id": "why_they_shrink", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# The layer next to the inputs: its deltas have come down through all the others. At each layer the blame is multiplied
# with the slope of the sigmoid, a (1 - a), which is a quarter at most and much less where a unit is saturated. Nine of
# these factors make 1/262144 at best, if the weights do not make up for it.
#
# Larger weights can make up for it, because the blame is multiplied with them as well, but only as long as they do not
# drive the units into saturation; that is what a good start is about. An activation with a slope of one, such as ReLU
# where it is on or tanh near zero, takes the small factor away.
