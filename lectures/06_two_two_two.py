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
# # 06 The 2-2-2 network
#
# Two inputs, two hidden units, two outputs: the smallest network in which everything happens that happens in a large
# one. It has eight weights, so you can meet each of them in person.
#
# **You will** carry this network's numbers forward to its loss, find out how the loss depends on each single weight,
# see which part of that work all weights share, and take one step downhill. You will check every number twice: against
# the slides, and against a slope that is measured without any calculus. At the end you turn all its knobs yourself.
#
# **You need** lesson 01 (a loss), lesson 02 (the step against the gradient), lesson 03 (numeric gradients), lesson 04
# (the chain rule along a graph) and lesson 05 (the sigmoid and its slope).
#
# **Time** 60 minutes, with pencil and paper beside you.
#
# **Decks** 004 (Chen, NTUST), from "Forward Propagation - 1" to "Update the Model Parameters! - 14"; 002, the three
# slides "Multi-Layer-Perceptron"; 003 for one comparison.
#
# **Covers** 002-1 (E8, E9), 004-1, 004-2 (E1), 004-3 (E42, E22), 004-5 (E43), 004-6, E46.
#
# The decks and the code use these names for the same things:
#
# {{notation 004 002: x W b z a out target loss delta dW db eta}}

# %%
import numpy as np

from bplib.activations import sigmoid
from bplib.data import two_two_two
from bplib.golden import agrees
from bplib.gradcheck import central_difference
from bplib.losses import half_squared
from bplib.plots import animate, race
from bplib.svg import course_map, network, shapes, show
from bplib.widgets import TwoTwoTwo, explore

# %% [markdown]
# This lesson goes around the whole loop once, by hand: score, loss, gradient, step.

# %%
show(course_map(6))

# %% [markdown]
# ## 1. Layers inside layers
#
# A unit adds up what reaches it, each input times a weight, adds a bias, and bends the sum with the sigmoid. A *layer*
# is a row of units that look at the same inputs. A *network* feeds what one layer puts out to the next. Deck 004
# (Chen, NTUST), "Forward Propagation - 1", writes three layers as one formula (its prime means *prediction*, not
# derivative):
#
# $$y' = \sigma(W^3\,\sigma(W^2\,\sigma(W^1 x + b^1) + b^2) + b^3)$$
#
# Read it from the inside out. Deck 002, "Multi-Layer-Perceptron", has the same thing with two layers, and says what
# the last one is for: one output for a regression, two for a decision between two classes, $k$ outputs as scores for
# $k$ classes. Only the last pair of sizes changes.
#
# Here is the regression network of that slide: 4 inputs, 3 hidden units, 1 output. Squares are biases.

# %%
show(network([["x1", "x2", "x3", "x4", "b1"], ["h1", "h2", "h3", "b2"], ["out"]], title="Each line is one number"))

# %% [markdown]
# The course writes a sample as a row, so the input stands on the left: `x @ W + b`.
#
# **Predict before you run.** How many numbers does this network have to learn?

# %%
rng = np.random.default_rng(0)
x = rng.normal(size=4)
W1, b1 = rng.normal(size=(4, 3)), np.zeros(3)
W2, b2 = rng.normal(size=(3, 1)), np.zeros(1)
a1 = sigmoid(x @ W1 + b1)
out = sigmoid(a1 @ W2 + b2)
print("x", x.shape, " a1", a1.shape, " out", out.shape)
agrees("002-1.regression", W1.size + b1.size + W2.size + b2.size)

# %% [markdown]
# With two outputs instead of one, the second layer grows to 3 x 2 weights and 2 biases. Nothing else changes:

# %%
W2_binary, b2_binary = rng.normal(size=(3, 2)), np.zeros(2)
print("out", sigmoid(a1 @ W2_binary + b2_binary).shape)
agrees("002-1.binary", W1.size + b1.size + W2_binary.size + b2_binary.size)

# %% [markdown]
# Two things on these slides do not fit together:
#
# | As printed | Correct | Why |
# |---|---|---|
# | $W_1 \in \mathbb{R}^{4 \times 3}$, $b_1 \in \mathbb{R}^3$, with $W_1 \cdot x + b_1$ | $x \in \mathbb{R}^4$ and $x\,W_1 + b_1$; or $W_1 \in \mathbb{R}^{3 \times 4}$ | a 4 x 3 matrix times a column gives 4 numbers, and $b_1$ has 3 (erratum E8) |
# | regression: $NN(x) = \sigma(\dots) \in \mathbb{R}$ | no sigmoid in the last layer | true as printed, but only numbers between 0 and 1 are ever reached (erratum E9) |
#
# The first one you can see in the shapes:

# %%
show(shapes(("W1", (4, 3)), "@", ("x", (4,)), "+", ("b1", (3,)), title="As printed"))
show(shapes(("x", (4,)), "@", ("W1", (4, 3)), "+", ("b1", (3,)), title="As in this course"))

# %%
as_printed = W1 @ np.ones(3)  # the only kind of column that a 4 x 3 matrix can take
print("W1 @ x has shape", as_printed.shape, "and b1 has", b1.shape)
print("x @ W1 has shape", (x @ W1).shape)
assert as_printed.shape != b1.shape
assert (x @ W1).shape == b1.shape

# %% [markdown]
# For the second, let the network try to answer 2.5. However large the last sum, a sigmoid stays below 1; without the
# sigmoid, the bias alone does the job.

# %%
for last_sum in (2.5, 5.0, 10.0, 15.0):
    print(f"sum {last_sum:4}, after the sigmoid {sigmoid(last_sum):.8f}")
b2_linear = 2.5 - a1 @ W2
print("without the sigmoid", a1 @ W2 + b2_linear)

# %% [markdown]
# ## 2. Eight weights by name
#
# From here on, everything is about the network of deck 004, "Forward Propagation - 2". The slide gives each weight a
# number, unit by unit: $w_1$ and $w_2$ lead into the first hidden unit, $w_3$ and $w_4$ into the second, and so on up.
# Each layer has one bias, which both of its units share.

# %%
layers = [["i1", "i2", "b1"], ["h1", "h2", "b2"], ["o1", "o2"]]
ends = [(below, above) for above in ("h1", "h2") for below in ("i1", "i2")]
ends += [(below, above) for above in ("o1", "o2") for below in ("h1", "h2")]
names = {pair: f"w{k}" for k, pair in enumerate(ends, start=1)}  # w1 to w8
biases = {("b1", "h1"): "", ("b1", "h2"): "", ("b2", "o1"): "", ("b2", "o2"): ""}
show(
    network(layers, edges=names | biases, title="Who is called what"),
    alt="Inputs i1 and i2, hidden units h1 and h2, outputs o1 and o2. w1 leads from i1 to h1, w2 from i2 to h1, w3 "
    "from i1 to h2, w4 from i2 to h2; w5 from h1 to o1, w6 from h2 to o1, w7 from h1 to o2, w8 from h2 to o2. The "
    "bias b1 leads to both hidden units, b2 to both outputs.",
)

# %% [markdown]
# In a matrix of this course, the *row* says where a weight comes from and the *column* where it leads. All that leads
# into one unit stands in one column:
#
# $$W_1 = \begin{pmatrix} w_1 & w_3 \\ w_2 & w_4 \end{pmatrix}, \qquad
# W_2 = \begin{pmatrix} w_5 & w_7 \\ w_6 & w_8 \end{pmatrix}$$
#
# **Predict before you run.** Which weight is `W1[0, 1]`, and which is `W2[1, 0]`? Look at the picture, not at the
# formula: from which unit, to which unit?

# %%
net = two_two_two()
x, W1, b1, W2, b2, target = net.x, net.W1, net.b1, net.W2, net.b2, net.target
i1, i2 = x
w1, w2, w3, w4 = W1.T.ravel()  # column by column
w5, w6, w7, w8 = W2.T.ravel()
print("W1[0, 1] is w3:", W1[0, 1] == w3, "  W2[1, 0] is w6:", W2[1, 0] == w6)
print("x", x, " target", target, " b1", b1, " b2", b2)

# %%
show(network(layers, edges=names | biases, path=["i1", "h2"], title="W1[0, 1]: row 0 is i1, column 1 is h2"))

# %% [markdown]
# Filling `W1` row by row instead, `[[w1, w2], [w3, w4]]`, is the most frequent slip with this example. No error will
# tell you: the shapes fit, and only the numbers come out wrong.
#
# ## 3. Forward
#
# First unit by unit, as the slide does it:
#
# $$\begin{array}{ll}
# h_1 = \sigma(w_1 i_1 + w_2 i_2 + b_1) & \qquad o_1 = \sigma(w_5 h_1 + w_6 h_2 + b_2) \\
# h_2 = \sigma(w_3 i_1 + w_4 i_2 + b_1) & \qquad o_2 = \sigma(w_7 h_1 + w_8 h_2 + b_2)
# \end{array}$$
#
# **Predict before you run.** All weights, inputs and biases are positive. On which side of 0.5 do all four units
# end up? Which target does that already miss by far?

# %%
h1 = sigmoid(w1 * i1 + w2 * i2 + b1[0])
h2 = sigmoid(w3 * i1 + w4 * i2 + b1[1])
o1 = sigmoid(w5 * h1 + w6 * h2 + b2[0])
o2 = sigmoid(w7 * h1 + w8 * h2 + b2[1])
agrees("004-2.printed", [h1, h2, o1, o2])

# %% [markdown]
# Four sums of positive numbers, so all four units lie above 0.5. The first output should be 0.01: it has a long way
# to go.
#
# A matrix product does the two sums of a layer in one go. We keep every intermediate result, because the way back
# will ask for all of them.

# %%
z1 = x @ W1 + b1
a1 = sigmoid(z1)
z2 = a1 @ W2 + b2
out = sigmoid(z2)
agrees("004-2.z1", z1)
agrees("004-2.a1", a1)
agrees("004-2.z2", z2)
agrees("004-2.out", out)

# %% [markdown]
# Watch the values on their way up, one unit at a time:

# %%
weights = dict(zip(ends, [w1, w2, w3, w4, w5, w6, w7, w8], strict=True))
values = dict(i1=i1, i2=i2, b1=b1[0], b2=b2[0], h1="?", h2="?", o1="?", o2="?")
sums, frames = dict(h1=z1[0], h2=z1[1], o1=z2[0], o2=z2[1]), []
for unit, z in sums.items():
    values[unit] = sigmoid(z)
    into = [pair for pair in weights | biases if pair[1] == unit]
    title = f"{unit}: sum {z:.4f}, after the sigmoid {values[unit]:.4f}"
    frames.append(network(layers, values=values, edges=weights | biases, light=into, title=title))

# %%
animate(
    frames,
    alt="The forward pass through the 2-2-2 network: first h1, 0.5933, and h2, 0.5969, from the inputs; then o1, "
    "0.7514, and o2, 0.7729, from the hidden units.",
    seconds=2,
)

# %% [markdown]
# And here they all are, with the targets beside them:

# %%
show(
    network(
        layers,
        values=values,
        edges=weights | biases,
        notes={"o1": f"target {target[0]}", "o2": f"target {target[1]}"},
        title="The network with all its values",
    ),
    alt="The network with its values: inputs 0.05 and 0.1, hidden units 0.5933 and 0.5969, outputs 0.7514 and 0.7729, "
    "targets 0.01 and 0.99. The weights w1 to w8 are 0.15, 0.2, 0.25, 0.3, 0.4, 0.45, 0.5, 0.55; the biases are 0.35 "
    "and 0.6.",
)

# %% [markdown]
# ## 4. One number for how wrong it is
#
# The outputs are 0.751 and 0.773, the targets 0.01 and 0.99. Deck 004, "Mean Squared Error", takes half the sum of the
# squared errors:
#
# $$loss = \tfrac12 (t_1 - o_1)^2 + \tfrac12 (t_2 - o_2)^2$$
#
# **Predict before you run.** The slide's result is 0.275. The first output alone is off by 0.741: what is half of that
# squared? What remains for the second output?

# %%
parts = 0.5 * (target - out) ** 2
agrees("004-2.parts", parts)
loss, dout = half_squared(out, target)
agrees("004-2.loss", loss)

# %% [markdown]
# Your prediction was right if it left nothing for the second output:
#
# | As printed | Correct | Why |
# |---|---|---|
# | $\frac12 ((0.01 - 0.751)^2 + (0.99 - 0.773)^2) = 0.275$ | $0.298$ | 0.275 is the first term alone; the second, 0.024, is missing (erratum E1) |

# %%
agrees("E1.printed", parts[0])
agrees("E1.rounded", 0.5 * ((0.01 - 0.751) ** 2 + (0.99 - 0.773) ** 2))
assert abs(loss - 0.275) > 0.02

# %% [markdown]
# The same slide calls three formulas *MSE*. They differ in what stands in front of the sum:
#
# | As printed | Correct | Why |
# |---|---|---|
# | $\frac{1}{ND} \sum_n (y_n - y'_n)^2$, $\;\frac12 \sum_n (y_n - y'_n)^2$ and $\frac1N \sum_n (y_n - y'_n)^2$, all "MSE" | choose one and keep it; the first has to sum over the $D$ outputs, too | for one sample with two outputs the factors are 1/2, 1/2 and 1 (erratum E42) |
#
# Half the sum and $1/(ND)$ agree here only because $N = 1$ and $D = 2$.

# %%
N, D = 1, 2
squares = ((target - out) ** 2).sum()
agrees("E42.three", [squares / 2, squares / N, squares / (N * D)])

# %% [markdown]
# We keep the half: in a moment it cancels against the 2 of the derivative. The place of the lowest loss is the same
# for all three, but every slope is multiplied by the same factor, and so is every step.
#
# ## 5. One weight, three factors
#
# What does $w_5$ do to the loss? It does not touch the loss itself. It changes the sum of $o_1$, the sum changes $o_1$,
# and $o_1$ changes the loss: a chain with three links.

# %%
show(network(layers, values=values, edges=weights | biases, path=["h1", "o1"], title="What w5 = 0.4 can change"))

# %% [markdown]
# The chain rule multiplies the slopes of the links. Deck 004, "Update the Model Parameters! - 2" to "- 6":
#
# $$\frac{\partial\, loss}{\partial w_5} =
# \underbrace{\frac{\partial\, loss}{\partial o_1}}_{o_1 - t_1} \cdot
# \underbrace{\frac{\partial o_1}{\partial net_{o_1}}}_{o_1 (1 - o_1)} \cdot
# \underbrace{\frac{\partial net_{o_1}}{\partial w_5}}_{h_1}$$
#
# * The first link: $\frac12 (t_1 - o_1)^2$ has the slope $\frac12 \cdot 2 \cdot (t_1 - o_1) \cdot (-1) = o_1 - t_1$.
# * The second: the slope of a sigmoid, from its own output (lesson 05).
# * The third: in $w_5 h_1 + w_6 h_2 + b_2$, the weight $w_5$ is multiplied by $h_1$, so that is its slope.
#
# **Predict before you run.** If $w_5$ grows a little, does the loss rise or fall? You need the signs of the three
# factors, and no calculator.

# %%
slope_loss = o1 - target[0]
slope_o1 = o1 * (1 - o1)
dw5 = slope_loss * slope_o1 * h1
agrees("004-5.dout1", slope_loss)
agrees("004-5.slope_o1", slope_o1)
agrees("004-5.dw5", dw5)

# %% [markdown]
# All three factors are positive: a larger $w_5$ pushes an output up that is too high already, and the loss rises. On
# the way back from the loss to the weight, each link multiplies:

# %%
show(
    network(
        [["w5"], ["net"], ["o1"], ["loss"]],
        values=dict(w5=w5, net=z2[0], o1=o1, loss=loss),
        edges={
            ("loss", "o1"): f"{slope_loss:.4f}",
            ("o1", "net"): f"· {slope_o1:.4f}",
            ("net", "w5"): f"· {h1:.4f}",
        },
        title=f"Three links, one slope: {dw5:.4f}",
    )
)

# %% [markdown]
# How do you know that no factor is missing? Move $w_5$ a little to either side, compute the loss both times, and divide
# the difference by the distance. No chain rule is used, so it cannot be wrong in the same way. For this, and for all
# such questions to come, we need the forward pass as a function: parameters in, loss out.


# %%
def loss_at(W1, b1, W2, b2):
    """Return the loss of our one sample for these parameters."""
    out = sigmoid(sigmoid(x @ W1 + b1) @ W2 + b2)
    return half_squared(out, target)[0]


h = 1e-5
up, down = W2.copy(), W2.copy()
up[0, 0] += h
down[0, 0] -= h
numeric = (loss_at(W1, b1, up, b2) - loss_at(W1, b1, down, b2)) / (2 * h)
print(f"measured {numeric:.8f}, chain rule {dw5:.8f}")
assert abs(numeric - dw5) < 1e-9

# %% [markdown]
# `central_difference` from lesson 03 does this for each entry of an array. All four weights of the second layer work
# like $w_5$: the blame of the output that they lead to, times the value that they carry.

# %%
numeric = central_difference(lambda W: loss_at(W1, b1, W, b2), W2)
print(numeric.round(8))
dw8 = (o2 - target[1]) * o2 * (1 - o2) * h2
print(f"w8, from h2 to o2: {dw8:.8f}")
assert abs(numeric[1, 1] - dw8) < 1e-9

# %% [markdown]
# ## 6. A weight further down: two paths
#
# $w_1$ leads from $i_1$ to $h_1$. From there, *two* paths lead on to the loss, one through each output.

# %%
both = [("i1", "h1"), ("h1", "o1"), ("h1", "o2")]
show(network(layers, values=values, edges=weights | biases, light=both, title="What w1 = 0.15 can change"))

# %% [markdown]
# So we first ask how the loss depends on $h_1$, and add up what comes along the two paths (deck 004, "Update the Model
# Parameters! - 7"):
#
# $$\frac{\partial\, loss}{\partial h_1} =
# \underbrace{(o_1 - t_1)\, o_1 (1 - o_1)\, w_5}_{\text{through } o_1} +
# \underbrace{(o_2 - t_2)\, o_2 (1 - o_2)\, w_7}_{\text{through } o_2}$$
#
# **Predict before you run.** $o_1$ is too high and $o_2$ is too low. What are the signs of the two terms, and which is
# larger?

# %%
through_o1 = (o1 - target[0]) * o1 * (1 - o1) * w5
through_o2 = (o2 - target[1]) * o2 * (1 - o2) * w7
print(f"through o1 {through_o1:.8f}, through o2 {through_o2:.8f}")
dh1 = through_o1 + through_o2
dh2 = (o1 - target[0]) * o1 * (1 - o1) * w6 + (o2 - target[1]) * o2 * (1 - o2) * w8
agrees("004-5.dh", [dh1, dh2])

# %% [markdown]
# The two outputs pull $h_1$ in opposite directions. The first one is further off, and it wins. From $h_1$ down to $w_1$
# the chain has two more links, the sigmoid of $h_1$ and the input (slides "- 8" and "- 9"):
#
# $$\frac{\partial\, loss}{\partial w_1} =
# \frac{\partial\, loss}{\partial h_1} \cdot
# \underbrace{\frac{\partial h_1}{\partial net_{h_1}}}_{h_1 (1 - h_1)} \cdot
# \underbrace{\frac{\partial net_{h_1}}{\partial w_1}}_{i_1}$$

# %%
slope_h1 = h1 * (1 - h1)
dw1 = dh1 * slope_h1 * i1
agrees("004-5.dw1", dw1)

# %% [markdown]
# That is 187 times less than the slope of $w_5$: one more sigmoid, whose slope is at most 0.25, two outputs that
# disagree, and an input of only 0.05.
#
# On the next slides, a frame was drawn around two of these factors. The text of the slides turns it into a fraction:
#
# | As printed | Correct | Why |
# |---|---|---|
# | "- 11", "- 12": $\frac{\frac{\partial f}{\partial h_1} \frac{\partial h_1}{\partial net_{h_1}}}{\frac{\partial h_1}{\partial net_{h_1}}} \frac{\partial net_{h_1}}{\partial w_1}$ | $\left(\frac{\partial f}{\partial h_1} \frac{\partial h_1}{\partial net_{h_1}}\right) \frac{\partial net_{h_1}}{\partial w_1}$, as on "- 10" | the fraction cancels the sigmoid's slope; as extracted, the frame has become a fraction bar (erratum E43) |
#
# Which of the two is right? Ask the loss:

# %%
fraction = (dh1 * slope_h1) / slope_h1 * i1
agrees("E43.fraction", fraction)
numeric = central_difference(lambda W: loss_at(W, b1, W2, b2), W1)
print(f"measured {numeric[0, 0]:.8f}, frame {dw1:.8f}, fraction {fraction:.8f}")
assert abs(numeric[0, 0] - dw1) < 1e-9 < abs(numeric[0, 0] - fraction)

# %% [markdown]
# ## 7. What they all share: delta
#
# The frame was drawn for a good reason. What stands in it does not depend on $w_1$'s own input: $w_2$, the other weight
# into $h_1$, has exactly the same factor. Deck 004, "- 12", gives it a name. For every unit $a_n$,
#
# $$\delta_{a_n} = \frac{\partial\, loss}{\partial a_n} \cdot \frac{\partial a_n}{\partial net_{a_n}}
# = \frac{\partial\, loss}{\partial net_{a_n}}$$
#
# In words: how fast the loss rises when the *sum* of this unit rises. For an output it can be computed at once:

# %%
delta2 = (out - target) * out * (1 - out)
agrees("004-6.delta2", delta2)

# %% [markdown]
# A hidden unit has no target. Its delta is made of the deltas above it, each weighted by the edge that leads there, and
# of its own sigmoid's slope:
#
# $$\delta_{h_1} = (\delta_{o_1} w_5 + \delta_{o_2} w_7)\; h_1 (1 - h_1)$$
#
# Row `W2[0]` holds the weights that *leave* $h_1$, so `W2 @ delta2` does the sum for both hidden units.

# %%
delta1 = (W2 @ delta2) * a1 * (1 - a1)
agrees("004-6.delta1", delta1)

# %%
blame = W2 * delta2  # each weight times the delta above it
back = {
    ("o1", "h1"): blame[0, 0],
    ("o2", "h1"): blame[0, 1],
    ("o1", "h2"): blame[1, 0],
    ("o2", "h2"): blame[1, 1],
}
deltas = dict(zip(["h1", "h2", "o1", "o2"], [*delta1, *delta2], strict=True))
units = [["i1", "i2"], ["h1", "h2"], ["o1", "o2"]]
inside = {name: values[name] for name in ["i1", "i2", *deltas]}

# %%
show(
    network(
        units,
        values=inside,
        deltas=deltas,
        edges=back,
        notes={"o1": f"target {target[0]}", "o2": f"target {target[1]}"},
        title="Deltas on their way back: weight times delta",
    ),
    alt="Arrows from the outputs back to the hidden units. o1, with delta 0.1385, sends 0.0554 to h1 and 0.0623 to h2; "
    "o2, with delta -0.0381, sends -0.0190 to h1 and -0.0210 to h2. The hidden deltas are 0.0088 and 0.0100.",
)

# %% [markdown]
# Once the deltas are known, each weight costs one multiplication: the value that it carries up, times the delta of the
# unit that it leads to (deck 004, "- 14"):
#
# $$\frac{\partial\, loss}{\partial w_5} = \delta_{o_1} h_1, \quad
# \frac{\partial\, loss}{\partial w_6} = \delta_{o_1} h_2, \quad
# \frac{\partial\, loss}{\partial w_1} = \delta_{h_1} i_1, \quad
# \frac{\partial\, loss}{\partial w_4} = \delta_{h_2} i_2$$
#
# Every value below meets every delta above: that table of products is an *outer product*, and it has the shape of the
# weight matrix.
#
# **Predict before you run.** $i_2$ is twice $i_1$. What does that say about the two rows of `dW1`?

# %%
dW1 = np.outer(x, delta1)
dW2 = np.outer(a1, delta2)
print(dW1.round(8))
print(dW2.round(8))
agrees("004-6.dW1", dW1)
agrees("004-6.dW2", dW2)

# %% [markdown]
# The second row of `dW1` is twice the first. Here is the whole way back in one piece: four deltas from the top down,
# then eight slopes, each a product of two numbers that stand at the ends of its edge.

# %%
found, slopes, frames = dict.fromkeys(deltas, "?"), dict.fromkeys(ends, "?"), []
for unit in ("o1", "o2", "h1", "h2"):
    found[unit] = deltas[unit]
    light = [unit] + [pair for pair in ends if pair[0] == unit]
    frames.append(network(units, values=inside, deltas=found, edges=slopes, light=light, title=f"The delta of {unit}"))
for k in (4, 5, 6, 7, 0, 1, 2, 3):  # the upper layer first
    below, above = ends[k]
    slope = inside[below] * deltas[above]
    slopes[below, above] = f"{slope:.6f}"
    title = f"Slope of w{k + 1}: {inside[below]:.4f} · {deltas[above]:.4f} = {slope:.6f}"
    frames.append(network(units, values=inside, deltas=found, edges=slopes, path=[below, above], title=title))

# %%
animate(
    frames,
    alt="The backward pass: first the deltas of o1, 0.1385, of o2, -0.0381, of h1, 0.0088, and of h2, 0.0100; then "
    "edge by edge the slopes of w5 to w8, and of w1 to w4.",
    seconds=1.5,
)

# %% [markdown]
# And now all eight against the measured slopes:

# %%
numeric1 = central_difference(lambda W: loss_at(W, b1, W2, b2), W1)
numeric2 = central_difference(lambda W: loss_at(W1, b1, W, b2), W2)
rule = np.concatenate([dW1.T.ravel(), dW2.T.ravel()])  # in the order w1 to w8
measured = np.concatenate([numeric1.T.ravel(), numeric2.T.ravel()])
for k in range(8):
    print(f"w{k + 1}  delta rule {rule[k]:11.8f}   measured {measured[k]:11.8f}")
assert np.abs(dW1 - numeric1).max() < 1e-9
assert np.abs(dW2 - numeric2).max() < 1e-9

# %% [markdown]
# Now the promise about the factor in front of the loss. Deck 003 writes its error with the half in some places and
# without it in others:
#
# | As printed | Correct | Why |
# |---|---|---|
# | $E_t = \frac12 \sum (\dots)^2$, and also $E = \sum (\dots)^2$ and $E = \frac1T \sum_t E_t = \frac1T \sum_t (\dots)^2$ | one factor all the way: $\frac1T \sum_t \frac12 (\dots)^2$ | the missing half and the $T$ come back as a factor of every slope, and hide in the learning rate (erratum E22) |

# %%
numeric = central_difference(lambda W: ((target - sigmoid(a1 @ W + b2)) ** 2).sum(), W2)
agrees("E22.without_half", 2 * dw5)
assert np.abs(numeric - 2 * dW2).max() < 1e-8

# %% [markdown]
# ## 8. The biases
#
# A bias is a weight whose input is always 1, so its slope is the delta itself. But the deck writes *one* $b_1$ for both
# hidden units. Moving it moves two sums, and the two effects add up.
#
# | As printed | Correct | Why |
# |---|---|---|
# | $b_1$ and $b_2$, each shared by two units, are listed among the parameters $\theta$ and then never updated | $\frac{\partial\, loss}{\partial b_1} = \delta_{h_1} + \delta_{h_2}$ and $\frac{\partial\, loss}{\partial b_2} = \delta_{o_1} + \delta_{o_2}$ | one number, two paths: gradients add where paths meet (erratum E46) |
#
# **Predict before you run.** Which of the two biases has the larger slope? Which unit is to blame for most of it?

# %%
agrees("E46.db1", delta1.sum())
agrees("E46.db2", delta2.sum())
shared = np.array([0.35, 0.60])  # b1 and b2, each one number for both of its units
numeric = central_difference(lambda b: loss_at(W1, b[0], W2, b[1]), shared)
print("measured", numeric.round(8))
assert np.abs(numeric - [delta1.sum(), delta2.sum()]).max() < 1e-9

# %% [markdown]
# $b_2$ counts five times as much: it stands one layer nearer to the loss, and the large delta of $o_1$ is in its sum.
#
# ## 9. One step downhill
#
# Every weight moves against its slope (deck 004, "- 6"):
#
# $$w^{new} = w^{old} - \eta\, \frac{\partial\, loss}{\partial w}$$
#
# The deck does not say how large $\eta$ is. We take 0.5, as is customary for this example.
#
# Before you run it, you can say how much the loss will fall. To first order, a step of $-\eta$ times the slope changes
# the loss by slope times step, for each weight: together, by $-\eta$ times the sum of all squared slopes.
#
# **Predict before you run.** The four slopes of the second layer are about 0.082, 0.083, -0.023 and -0.023; those of
# the first hardly count. By how much will the loss fall?

# %%
eta = 0.5
W1_next = W1 - eta * dW1
W2_next = W2 - eta * dW2
agrees("004-6.W1_next", W1_next)
agrees("004-6.W2_next", W2_next)
loss_next = loss_at(W1_next, b1, W2_next, b2)
agrees("004-6.loss_next", loss_next)
foretold = eta * ((dW1**2).sum() + (dW2**2).sum())
print(f"foretold {foretold:.6f}, fallen by {loss - loss_next:.6f}")

# %% [markdown]
# Foretold 0.0073, and that is what happened. The small rest is the curvature of the loss, which a slope cannot see.
#
# If the biases move too, each shared one by the *sum* of its deltas, the same step gains more:

# %%
b1_next = b1 - eta * delta1.sum()
b2_next = b2 - eta * delta2.sum()
agrees("E46.loss_next", loss_at(W1_next, b1_next, W2_next, b2_next))

# %% [markdown]
# One slip is worth making on purpose. All slopes belong to the *same* point, the old weights. If you update the second
# layer first and then compute `delta1` with the new `W2`, you get the slope of nothing:

# %%
too_late = (W2_next @ delta2) * a1 * (1 - a1)
print("old W2:", delta1.round(8), " new W2:", too_late.round(8))
assert np.abs(np.outer(x, delta1) - numeric1).max() < 1e-9
assert np.abs(np.outer(x, too_late) - numeric1).max() > 1e-5

# %% [markdown]
# One step is a beginning. Here are ten thousand, weights only: forward, back, step. Each line is one that you have met.
#
# **Predict before you run.** The first step took 0.0073 off the loss. Will the later ones take off more or less?

# %%
V1, V2, losses = W1.copy(), W2.copy(), [loss]
for _ in range(10_000):
    a1 = sigmoid(x @ V1 + b1)
    out = sigmoid(a1 @ V2 + b2)
    delta2 = (out - target) * out * (1 - out)
    delta1 = (V2 @ delta2) * a1 * (1 - a1)
    V2 = V2 - eta * np.outer(a1, delta2)
    V1 = V1 - eta * np.outer(x, delta1)
    losses.append(loss_at(V1, b1, V2, b2))
agrees("004-6.out_10000", sigmoid(sigmoid(x @ V1 + b1) @ V2 + b2))
agrees("004-6.loss_10000", loss_at(V1, b1, V2, b2))

# %%
falls = -np.diff(losses)
for step in (1, 8, 100, 1000, 10_000):
    print(f"step {step:5}: loss falls by {falls[step - 1]:.1e}")
assert falls.argmax() == 7
assert (falls > 0).all()
show(race({"weights only": losses}, log=True, title="Ten thousand steps, one sample"))

# %% [markdown]
# For eight steps more, then less and less. At first $o_1$ comes down to the steep middle of its sigmoid, and the slopes
# grow. Near the targets the errors vanish, and the deltas with them. The targets were 0.01 and 0.99: the network has
# learned its one sample.
#
# ## 10. Your hands on it
#
# The 2-2-2 explorer holds the same network. Here it is after the ten thousand steps, each unit with its value and its
# delta. Compare the deltas with those of step 7: there is hardly any blame left.

# %%
learned = TwoTwoTwo()
learned.step(10_000)
agrees("004-6.loss_10000", learned.result()["loss"])
show(learned.picture())

# %% [markdown]
# Now it is yours, as it was at the start. Choose a number in the list or click on it, and move or type its value. At
# each weight, "←" is the slope of the loss. "move biases too" is for step 8.
#
# **Predict before you try.**
#
# 1. You move $w_5$ from 0.4 to -2. Which of the four values change, and which of the four deltas?
# 2. You type 50 for eta. The squared slopes foretell that one step lowers the loss by 0.73, but there are only 0.298 to
#    lose. What will happen?

# %% tags=["nbval-ignore-output"]
explore(TwoTwoTwo())

# %% [markdown]
# The widget begins with your numbers. And this is what it says to both questions:

# %%
begin, turned = TwoTwoTwo().result(), TwoTwoTwo(w5=-2.0).result()
assert max(abs(begin["gradient"][f"w{k + 1}"] - rule[k]) for k in range(8)) < 1e-15
for unit in ("h1", "h2", "o1", "o2"):
    print(f"{unit}: value {begin['a'][unit]:.4f}, then {turned['a'][unit]:.4f}", end="; ")
    print(f"delta {begin['delta'][unit]:7.4f}, then {turned['delta'][unit]:7.4f}")
assert [unit for unit in turned["a"] if turned["a"][unit] != begin["a"][unit]] == ["o1"]
assert [unit for unit in turned["a"] if turned["delta"][unit] != begin["delta"][unit]] == ["h1", "h2", "o1"]

# %%
for eta in (0.5, 5, 50):
    fallen = loss - TwoTwoTwo(eta=eta).result()["next_loss"]
    print(f"eta {eta:4}: foretold {eta * (rule**2).sum():.4f}, fallen by {fallen:.4f}")
assert fallen < loss < eta * (rule**2).sum()

# %% [markdown]
# Values go up: $w_5$ leads to $o_1$, and no other unit hears of it. Deltas go down: $h_1$ and $h_2$ both hear from
# $o_1$, and for $h_1$ the sign turns, since what comes from $o_1$ is multiplied by $w_5$. The delta of $o_2$ knows
# nothing of all this.
#
# The slope foretells well as long as the step is short. At eta 50 it promises what cannot be: the loss flattens out
# before it reaches 0. That so large a step does no harm is luck, with one sample and with sigmoids that go flat. Lesson
# 02 shows what it does elsewhere.
#
# ## Summary
#
# * **Forward**: sums, sigmoid, sums, sigmoid, loss. Keep everything.
# * **Back**: a delta for each unit, the loss's slope with respect to its *sum*. At an output it is error times the
#   sigmoid's slope; at a hidden unit it is the weighted deltas above, summed, times its own slope.
# * **Each weight**: the value it carries up times the delta it leads to. **Each bias**: the delta; if it is shared, the
#   sum of the deltas.
# * **Step**: all slopes first, from the old weights, and only then the update.
#
# The common slip is to stop one link short: to leave out $h_1 (1 - h_1)$ at the hidden unit, as the fraction on the
# slide does. The result looks plausible, with the right sign, and is about four times too large. A measured slope finds
# it in one line. The checks of the problem set draw it like this, with a cross at the first unit that is wrong:

# %%
slip = deltas | dict(h1=dh1, h2=dh2)
show(network(units, values=inside, deltas=slip, wrong="h1", title="One link short: h1 (1 - h1) is missing"))
assert 4 < slip["h1"] / deltas["h1"] < 4.2

# %% [markdown]
# ## Next
#
# Problem set 06 asks you for these functions, and checks them on networks that you have not seen. Lesson 07 takes the
# recursion that you have just used, delta above to delta below, and carries it through any number of layers.
