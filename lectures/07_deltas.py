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
# # 07 Deltas: one rule for any depth
#
# In lesson 06 a weight of the upper layer took a chain of three links, and a weight of the lower layer two chains,
# added up. One more layer, and you would be adding up six. This lesson replaces all chains by one short rule that a
# network of any depth obeys. Four decks derive it, in four alphabets; deck 000 programs it, in a fifth.
#
# **You will** find the rule three times, catch one deck walking uphill, carry the rule by hand through a network of
# three layers, and check it against measured slopes (steps 1 to 6). Then you will ask what a delta *means*: who blames
# whom, and why there may be nothing left of the blame when it reaches the first layer (steps 7 to 9).
#
# **You need** lesson 03 (numeric gradients), lesson 05 (slopes of activation functions) and lesson 06 (the 2-2-2
# network).
#
# **Time** 65 minutes, with pencil and paper beside you.
#
# **Decks** 001 (Leibe), from "Obtaining the Gradients" to "Backpropagation Algorithm"; 002, from "Backpropagation:
# Idee" to "Backpropagation: Algorithmus ii"; 003, "Die Berechnung des Fehlergradienten" and "Interpretation des
# Fehlergradienten"; 004 (Chen, NTUST), "Update the Model Parameters! - 12" to "Backpropagation - 3".
#
# **Covers** 001-3, 001-4, 001-5 (E41), 002-9, 002-10 (E4, E7), 002-11, 002-12, 003-1, 003-2, 003-3 (E23), 003-4 (E49),
# 004-7, 004-8.
#
# The decks and the code use these names for the same things:
#
# {{notation 000 001 002 003 004: x W z a out target loss delta dW eta}}

# %%
from itertools import product

import numpy as np

from bplib.activations import sigmoid
from bplib.data import two_two_two
from bplib.golden import agrees
from bplib.gradcheck import central_difference
from bplib.losses import half_squared
from bplib.network import Network
from bplib.plots import animate, loss_line, race
from bplib.svg import network, shapes, show
from bplib.widgets import Blame, explore

# %% [markdown]
# ## 1. More paths than anyone can write down
#
# Here is a network of three layers. Its weight from $i_1$ to $h_1$ can change nothing but $h_1$. But $h_1$ speaks to
# three units, and each of these to two outputs.

# %%
layers = [["i1", "i2"], ["h1", "h2", "h3"], ["k1", "k2", "k3"], ["o1", "o2"]]
fan = [("i1", "h1")] + [("h1", k) for k in layers[2]] + list(product(layers[2], layers[3]))
show(
    network(layers, light=fan, title="What one weight can change"),
    alt="A network of 2, 3, 3 and 2 units. Lit up: the edge from i1 to h1, the three edges from h1 to k1, k2, k3, and "
    "the six edges from there to o1 and o2.",
)

# %% [markdown]
# Each way along lit edges from $h_1$ to an output is one chain of slopes, and the slope of the loss is the sum of all
# these chains.
#
# **Predict before you run.** How many ways lead from $h_1$ to an output? And in a network with ten hidden layers of ten
# units and ten outputs, how many lead there from one unit of the first hidden layer?

# %%
ways = list(product(layers[2], layers[3]))
print(*(f"h1-{k}-{o}" for k, o in ways))
# Nine more hidden layers of ten units, then ten outputs:
print(f"in the deep network: {10**9 * 10:,}")
assert len(ways) == 3 * 2

# %% [markdown]
# Ten thousand million chains, for a single weight of the lowest layer. But they share almost all of their links. Deck
# 002, "Backpropagation: Idee", needs two lines for the way out: the chain rule, and *use again what you have computed*.
# Deck 001 (Leibe), "Obtaining the Gradients", calls it the third of four approaches: go layer by layer, and build each
# layer's slopes on the results of the layer above.
#
# ## 2. Three steps that know no layer number
#
# What do we build on? Deck 001, "Backpropagation Algorithm", measures the error of one sample like lesson 06,
#
# $$E = \tfrac12 \sum_{j \in output} (t_j - y_j)^2,$$
#
# and then takes three core steps. One formula of the slides has survived in their text, $y_j (1 - y_j)$ times
# $\partial E / \partial y_j$; the other three follow from the chain rule.
#
# | Step | Formula, with sigmoid units | In our code |
# |---|---|---|
# | 1. At each output, turn the difference from the target into a slope of the error. | $\frac{\partial E}{\partial y_j} = -(t_j - y_j)$ | `dout = out - target` |
# | From what a unit puts out back to its sum: times the sigmoid's slope. | $\frac{\partial E}{\partial z_j} = y_j (1 - y_j) \frac{\partial E}{\partial y_j}$ | `delta = dout * out * (1 - out)` |
# | 2. In a hidden layer, get the slope from the layer above. | $\frac{\partial E}{\partial y_i} = \sum_j w_{ij} \frac{\partial E}{\partial z_j}$ | `da = W @ delta` |
# | 3. From the units to the weights that lead into them. | $\frac{\partial E}{\partial w_{ij}} = y_i \frac{\partial E}{\partial z_j}$ | `dW = np.outer(a, delta)` |
#
# In $w_{ij}$ of this deck, $i$ is the unit below and $j$ the unit above, as in our `W[i, j]`.
#
# **Predict before you run.** Which of the four lines need the target? Which of them change when a layer is put between?

# %%
net = two_two_two()  # the network of lesson 06
x, target, W2 = net.x, net.target, net.W2
a1 = sigmoid(x @ net.W1 + net.b1)
out = sigmoid(a1 @ W2 + net.b2)

dout = out - target  # step 1
delta2 = dout * out * (1 - out)
da1 = W2 @ delta2  # step 2
delta1 = da1 * a1 * (1 - a1)
agrees("004-6.delta2", delta2)
agrees("004-5.dh", da1)
agrees("004-6.delta1", delta1)
agrees("004-6.dW2", np.outer(a1, delta2))  # step 3
agrees("004-6.dW1", np.outer(x, delta1))

# %% [markdown]
# Only the first line needs the target, and none of them changes. For the hidden units the second line was used once
# more, with `da1` for `dout` and `a1` for `out`: it makes no difference whether a slope came from a target or from a
# layer above. These are all slopes of lesson 06, in six lines.
#
# Four slips on the slides of this deck, none of which hurts the method:
#
# | As printed | Correct | Why |
# |---|---|---|
# | $z_i$ is the input of layer $j$ | $z_j$ | $z_j = \sum_i w_{ij} y_i$ belongs to the unit above; $i$ runs over those below (erratum E41) |
# | error derivate | error derivative | a derivative is meant (E41) |
# | $E(\mathbf w) = -\sum_n \dots \mathbf w_k^\top \mathbf x$ | $\mathbf w_k^\top \mathbf x_n$ | the sum runs over samples, and each has its own input (E41) |
# | Goodfellow's book is "in preparation" | I. Goodfellow, Y. Bengio, A. Courville, *Deep Learning*, 2016 | it has been published since (E41) |
#
# ## 3. Which sign?
#
# Deck 002, "Backpropagation: Beispiel", takes one output, $NN(x) = \sigma(\sum_j w_j h_j)$, and the loss $L = \frac12
# (y - NN)^2$. Here $y$ is the target. We call the sum of the output $net$ and that of a hidden unit $net_j$ (the slide
# sums over the same $j$ by which it derives; lesson 00 has that as erratum E56). One link after the other, for a weight
# of the last layer and for one of the first:
#
# $$\frac{\partial L}{\partial w_j} = -(y - NN)\; \sigma'(net)\; h_j, \qquad
# \frac{\partial L}{\partial w_{ij}} = -(y - NN)\; \sigma'(net)\; w_j\; \sigma'(net_j)\; x_i$$
#
# On the slides, both minus signs are missing. They come from the inside of the square: when $NN$ grows, $y - NN$
# shrinks.
#
# Take the smallest case: one weight $w = 0.4$ upon a hidden unit with the value $h = 0.6$, and the target $y = 1$. So
# that there is a first layer, too, let $h$ be the sigmoid of $v x$ with $x = 1$ and $v = \ln 1.5$.
#
# **Predict before you run.** $NN = \sigma(0.24)$ is 0.56, too low. If $w$ grows, does the loss rise or fall? So what is
# the sign of its slope, and which way does the step $w - \eta\, \partial L / \partial w$ go?

# %%
w, v, y = 0.4, np.log(1.5), 1.0
h = sigmoid(v * 1.0)
NN = sigmoid(w * h)
slope_w = -(y - NN) * NN * (1 - NN) * h
slope_v = -(y - NN) * NN * (1 - NN) * w * h * (1 - h) * 1.0
agrees("E4.slope", slope_w)
measured = central_difference(
    lambda p: 0.5 * (y - sigmoid(p[0] * sigmoid(p[1]))) ** 2,
    np.array([w, v]),
)
print(f"chain rule {slope_w:.8f} {slope_v:.8f}, measured {measured[0]:.8f} {measured[1]:.8f}")
assert np.abs(measured - [slope_w, slope_v]).max() < 1e-9

# %% [markdown]
# A larger $w$ lifts an output that is too low, the loss falls, and the slope is negative. Here is one step with
# $\eta = 1$, once with the mended slope and once with the printed one:

# %%
steps = np.array([w, w - slope_w, w + slope_w])  # before, mended, as printed
losses = 0.5 * (y - sigmoid(steps * h)) ** 2
agrees("E4.losses", losses)

# %%
show(
    loss_line(
        lambda w: 0.5 * (y - sigmoid(w * h)) ** 2,
        (0.2, 0.6),
        path=steps[[0, 2]],
        x="w",
        title="The step as printed leads uphill",
    )
)

# %% [markdown]
# | As printed | Correct | Why |
# |---|---|---|
# | $\frac{\partial L}{\partial w} = (y - NN)\,\sigma'\,h$ in every line, for both layers, with `w -= eta * delta * out` | $-(y - NN) \dots = (NN - y) \dots$ | as printed, the step leads uphill: 0.0969 becomes 0.1012 instead of 0.0927 (erratum E4) |
# | $\frac{\partial\,\sigma(\sum_j w_j h_j)}{\sum_j w_j h_j}$ | $\frac{\partial\,\sigma(\sum_j w_j h_j)}{\partial \sum_j w_j h_j}$ | the lower $\partial$ is missing (erratum E7) |
# | $\frac{\sum_j w_j\,\sigma(\dots)}{\partial w_{ij}}$ | $\frac{\partial \sum_j w_j\,\sigma(\dots)}{\partial w_{ij}}$ | the upper $\partial$ is missing (E7) |
# | $\sigma(W_2 \cdot h))$ | $\sigma(W_2 \cdot h)$ | one bracket too many (E7) |
#
# Either sign works if it is kept to the end: $y - NN$ goes with `+=`, and $NN - y$ with `-=`. This course always takes
# output minus target, and minus in the step.
#
# Now cover the last factor of each formula, $h_j$ or $x_i$, with a finger. What is left belongs to the *unit* that the
# weight leads into, and all its weights share it. Deck 002, "Backpropagation: Deltas", calls it $\delta_j$:
#
# $$\frac{\partial L}{\partial w_{ij}} = \delta_j\; out_i, \qquad w_{ij}^{new} = w_{ij} - \eta\; \delta_j\; out_i$$
#
# In words: the error that has come down from the layer above, scaled, times what the layer below put out.
#
# ## 4. Any activation function
#
# So far every unit was a sigmoid. Deck 003, "Die Berechnung des Fehlergradienten", gives each layer a function of its
# own, $f_1$ in the hidden layer and $f_2$ at the outputs. For one sample, its loss is $E_t = \sum_k \frac12 (out_k -
# tar_k)^2$, and its deltas are
#
# $$\delta_k^{out} = (out_k - tar_k)\, f_2'(in_k), \qquad
# \delta_j^{hid} = f_1'(in_j) \sum_k w_{kj}\, \delta_k^{out}$$
#
# $$\frac{\partial E_t}{\partial w_{kj}} = \delta_k^{out}\, out_j, \qquad
# \frac{\partial E_t}{\partial w_{ji}} = \delta_j^{hid}\, out_i$$
#
# Careful with the indices: this deck writes $w_{kj}$ for the weight *to* $k$ *from* $j$. Its matrix is our `W.T`.
#
# Two different functions are a better test than two equal ones. We keep the weights of the 2-2-2 network, and take tanh
# for the hidden units and no bend at all for the outputs.
#
# **Predict before you run.** If $f_2(in) = in$, what is $f_2'$? What is then left of $\delta_k^{out}$?

# %%
out_j = np.tanh(x @ net.W1 + net.b1)
out_k = out_j @ W2 + net.b2
w_kj = W2.T  # the deck's order: row to, column from
delta_k = (out_k - target) * 1.0
delta_j = (1 - out_j**2) * (delta_k @ w_kj)  # the sum over k
print("outputs", delta_k.round(8), " hidden", delta_j.round(8))

# %% [markdown]
# At a linear output the delta is the error itself. And is the hidden one right? Each delta is a slope, so it can be
# measured like any other: move the *sum* of the unit a little.

# %%
in_j = x @ net.W1 + net.b1
measured = central_difference(lambda z: half_squared(np.tanh(z) @ W2 + net.b2, target)[0], in_j)
print("hidden, measured", measured.round(8))
assert np.abs(measured - delta_j).max() < 1e-9

# %% [markdown]
# The two formulas for $\delta$ begin differently: one with $out - tar$, the other with a sum. That is the point of the
# next slide, "Interpretation des Fehlergradienten", and one index there is wrong:
#
# | As printed | Correct | Why |
# |---|---|---|
# | a hidden layer has no error of its own that could be used as in the update of $w_1$ | ... as in the update of $w_2$ | what the slide has just shown is the update of the output weights $w_2$; it uses $out - tar$, and a hidden unit has no target (erratum E23) |
#
# ## 5. One rule, five alphabets
#
# Deck 004 (Chen, NTUST) writes $\delta_{a_n} = \frac{\partial f}{\partial a_n} \frac{\partial a_n}{\partial net_{a_n}}$
# for every unit $a_n$, puts the deltas of the outputs into the delta of $h_1$, and on "Backpropagation - 1" notes: *it
# is a recursive equation*. Recursive means that the answer for one layer is made of the answer for the next one, by the
# same rule, until a layer is reached where the answer is known. Here that is the output layer.
#
# This is the rule, in the letters of this course, with $z$ for the sum of a unit:
#
# $$\delta_j = \frac{\partial\, loss}{\partial z_j}: \qquad
# \delta_k = (out_k - target_k)\, f'(z_k) \;\text{ at an output}, \qquad
# \delta_j = f'(z_j) \sum_k W_{jk}\, \delta_k \;\text{ below}$$
#
# $$\frac{\partial\, loss}{\partial W_{ij}} = a_i\, \delta_j, \qquad \frac{\partial\, loss}{\partial b_j} = \delta_j$$
#
# And this is what the decks write for the same things. Cover a row and say it in your own words.
#
# | Deck | at an output | at a hidden unit | slope of a weight |
# |---|---|---|---|
# | 000 | `delta3 = probs`, minus 1 at the right class (softmax: lesson 08) | `delta2 = delta3.dot(W2.T) * (1 - a1**2)` (tanh) | `a1.T.dot(delta3)` |
# | 001 | $-y_j (1 - y_j)(t_j - y_j)$ | $y_i (1 - y_i) \sum_j w_{ij} \frac{\partial E}{\partial z_j}$ | $y_i \frac{\partial E}{\partial z_j}$ |
# | 002, sign mended | $(NN - y)\,\sigma'(net)$ | $\delta\, w_j\, \sigma'(net_j)$ | $\delta_j\, out_i$ |
# | 003 | $(out_k - tar_k)\, f_2'(in_k)$ | $f_1'(in_j) \sum_k w_{kj} \delta_k$ | $\delta_j\, out_i$ |
# | 004 | $\frac{\partial f}{\partial o_1} \frac{\partial o_1}{\partial net_{o_1}}$ | $(\delta_{o_1} \frac{\partial net_{o_1}}{\partial h_1} + \delta_{o_2} \frac{\partial net_{o_2}}{\partial h_1}) \frac{\partial h_1}{\partial net_{h_1}}$ | $\delta_{h_1} i_1$ |
#
# If these say the same, they give the same number for $h_1$ of the 2-2-2 network. Deck 000 gets the slope of our
# sigmoid in place of its tanh, and deck 002, which has only one output, a sum over two.

# %%
h1, w5, w7 = a1[0], W2[0, 0], W2[0, 1]
spelled = {
    "000": (delta2[None] @ W2.T * (a1 * (1 - a1)))[0, 0],
    "001": h1 * (1 - h1) * np.sum(W2[0] * delta2),
    "002": delta2[0] * w5 * h1 * (1 - h1) + delta2[1] * w7 * h1 * (1 - h1),
    "003": h1 * (1 - h1) * np.sum(W2.T[:, 0] * delta2),
    "004": (delta2[0] * w5 + delta2[1] * w7) * h1 * (1 - h1),
}
for deck, value in spelled.items():
    print(f"deck {deck}: {value:.8f}")
    assert abs(value - delta1[0]) < 1e-15

# %% [markdown]
# ## 6. Three layers by hand
#
# Now the network of step 1, with one hidden layer more than any deck writes out. Deck 002, "Backpropagation:
# Algorithmus i" and "ii", is the plan:
#
# 1. **Forward**, from the inputs to the outputs: what each unit puts out, then $NN(x)$, then the loss.
# 2. **Backward**, from the outputs to the inputs: the delta of each unit, then the change of each weight,
#    $\Delta w_{ij} = -\eta\, \delta_j\, out_i$.
#
# The weights are drawn at random; `Network` does that for us, and all else we do ourselves. The biases are 0, input and
# target are those of the 2-2-2 network.

# %%
deep = Network((2, 3, 3, 2), "sigmoid", "sigmoid", seed=18)
W1, W2, W3 = deep.W
a1 = sigmoid(x @ W1)
a2 = sigmoid(a1 @ W2)
out = sigmoid(a2 @ W3)
loss = half_squared(out, target)[0]
print(f"outputs {out.round(4)}, target {target}, loss {loss:.6f}")

# %% [markdown]
# **Predict before you run.** `delta3` holds 2 numbers, and each of the 3 units in the layer below needs one. `W3` has 3
# rows and 2 columns. Is it `W3 @ delta3` or `W3.T @ delta3`?

# %%
show(shapes(("W3", (3, 2)), "@", ("delta3", (2,)), "=", ("da2", (3,)), title="Two deltas above, three units below"))
show(shapes(("W3.T", (2, 3)), "@", ("delta3", (2,)), title="The other way round"))

# %% [markdown]
# Forward it was `a2 @ W3`, and each row of `W3` holds what *leaves* one unit. Backward, a unit collects along the edges
# that leave it: its row, times the deltas at their other ends. The same lines, walked the other way. (`delta3 @ W3.T`
# gives the same three numbers. Deck 000 writes it so, and so does lesson 09, where many samples stand in rows.)

# %%
delta3 = (out - target) * out * (1 - out)
delta2 = (W3 @ delta3) * a2 * (1 - a2)
delta1 = (W2 @ delta2) * a1 * (1 - a1)
dW1, dW2, dW3 = np.outer(x, delta1), np.outer(a1, delta2), np.outer(a2, delta3)
for name, delta in (("delta3", delta3), ("delta2", delta2), ("delta1", delta1)):
    print(name, delta.round(6))

# %%
units = [name for layer in layers for name in layer]
values = dict(zip(units, np.concatenate([x, a1, a2, out]), strict=True))
blame = np.concatenate([delta1, delta2, delta3])
deltas = {name: f"{value:.4f}" for name, value in zip(units[2:], blame, strict=True)}
show(
    network(
        layers,
        values=values,
        deltas=deltas,
        notes={"o1": f"target {target[0]}", "o2": f"target {target[1]}"},
        title="Values on their way up, deltas on their way down",
    ),
    alt="The network with a value and a delta in each unit. Deltas of the outputs: 0.1356 and -0.0901; of k1 to k3: "
    "-0.0033, -0.0102, 0.0056; of h1 to h3: 0.0006, 0.0009, 0.0010.",
)

# %% [markdown]
# Two lines for two hidden layers, and they differ in nothing but their numbers: the delta of a layer takes the matrix
# that leads *out* of it and the slope of *its own* units. Is that really the sum over all six ways of step 1? Here they
# are, chain by chain, for $h_1$:

# %%
total = 0.0
for k, o in product(range(3), range(2)):
    above = W3[k, o] * out[o] * (1 - out[o]) * (out[o] - target[o])
    total += a1[0] * (1 - a1[0]) * W2[0, k] * a2[k] * (1 - a2[k]) * above
print(f"six chains {total:.8f}, recursion {delta1[0]:.8f}")
assert abs(total - delta1[0]) < 1e-15

# %% [markdown]
# The recursion takes out what the chains have in common and computes it once.
#
# Chains and recursion are both our work, and might both be wrong. So we ask the loss itself, for every weight of every
# layer; and once more with a slip that is easily made, `W2.T` for `W2`.
#
# **Predict before you run.** Does NumPy refuse `W2.T @ delta2`? If not, how would you notice?

# %%
numeric1 = central_difference(lambda W: half_squared(sigmoid(sigmoid(sigmoid(x @ W) @ W2) @ W3), target)[0], W1)
numeric2 = central_difference(lambda W: half_squared(sigmoid(sigmoid(a1 @ W) @ W3), target)[0], W2)
numeric3 = central_difference(lambda W: half_squared(sigmoid(a2 @ W), target)[0], W3)
turned = (W2.T @ delta2) * a1 * (1 - a1)
print("delta1 measured   ", (numeric1[1] / x[1]).round(6))
print("delta1 with W2    ", delta1.round(6))
print("delta1 with W2.T  ", turned.round(6))
for mine, measured in ((dW1, numeric1), (dW2, numeric2), (dW3, numeric3)):
    assert np.abs(mine - measured).max() < 1e-9
assert np.abs(np.outer(x, turned) - numeric1).max() > 1e-5

# %% [markdown]
# All 21 weights agree. The slip goes through without a word, because `W2` has as many rows as columns, and it even gets
# one of the three numbers nearly right. Only the measured slopes tell.
#
# The last line of the plan: $\Delta w_{ij} = -\eta\, \delta_j\, out_i$, for all layers at once. As in lesson 06, $\eta$
# times the sum of all squared slopes foretells how far the loss will fall, and the better the smaller the step.

# %%
eta = 0.01
foretold = eta * sum((dW**2).sum() for dW in (dW1, dW2, dW3))
stepped = sigmoid(sigmoid(sigmoid(x @ (W1 - eta * dW1)) @ (W2 - eta * dW2)) @ (W3 - eta * dW3))
fallen = loss - half_squared(stepped, target)[0]
print(f"foretold {foretold:.8f}, fallen by {fallen:.8f}")
assert abs(foretold - fallen) < 0.002 * foretold

# %% [markdown]
# What does all this cost? Forward, each weight is multiplied once. Backward, each weight takes part in two
# multiplications: once when its layer hands deltas down, once for its own slope. So *all* slopes together cost about
# two more forward passes, however many weights there are. Measuring them takes two forward passes for *each* weight.
#
# ## 7. Blame on its way back
#
# Deck 003, "Interpretation des Fehlergradienten", tells the recursion as a story:
#
# * An output is the weighted sum of what the hidden units contribute. So its error comes from them, from each in part.
# * A hidden unit has no target, and no error of its own. It *collects* what flows back to it from above, and *hands it
#   on* along the edges that lead into it.
# * The error "flies" through the net from top to bottom, and wherever it passes, it is used on the spot, for the
#   weights that are there.
#
# In these words, $\delta$ is blame: positive if the sum of a unit should have been smaller, negative if it should have
# been larger. Watch it pass through the 2-2-2 network, one edge at a time.

# %%
flow = Blame().result()
edges = {tuple(ends.split()): weight for ends, weight in flow["weights"].items()}
known, light, frames = dict.fromkeys(["h1", "h2", "o1", "o2"], "?"), [], []
for unit, above, amount in flow["steps"]:
    if above in ("", unit):  # an output, or a hidden unit that has heard from all above
        known[unit] = f"{amount:+.4f}"
        light.append(unit)
    else:  # the edge hands down its weight times the delta above
        del edges[unit, above]
        edges[above, unit] = f"{amount:+.4f}"
        light.append((above, unit))
    frames.append(
        network(
            [["i1", "i2"], ["h1", "h2"], ["o1", "o2"]],
            values=flow["a"],
            deltas=known,
            edges=edges,
            light=light,
            notes={"o1": "target 0.01", "o2": "target 0.99"},
        )
    )

# %%
animate(
    frames,
    alt="Blame flows back through the 2-2-2 network: first the deltas of o1, 0.1385, and o2, -0.0381; then h1 collects "
    "0.0554 and -0.0190 from them and scales the sum to 0.0088; then h2 collects, and gets 0.0100.",
    seconds=1.5,
)

# %% [markdown]
# Now the network of step 6, in your hands. Begin with "Next", and read each sentence: it names the weight, the delta
# above, and what has been collected so far.
#
# **Predict before you try.**
#
# 1. You set target 1 to exactly what $o_1$ puts out. Which deltas become 0, and which only change?
# 2. You set input 1 to 0. No delta vanishes. Which weights get no correction all the same?
# 3. You choose `relu`. Where a unit puts out 0, what happens to the blame that it has collected?

# %% tags=["nbval-ignore-output"]
explore(Blame(net="2-3-3-2"))

# %% [markdown]
# What the widget begins with is what you computed in step 6. And the first question in numbers, on the 2-2-2 network:

# %%
begins = Blame(net="2-3-3-2").result()["delta"]
assert np.abs(np.array([begins["h1"], begins["h2"], begins["h3"]]) - delta1).max() < 1e-15
before = Blame().result()
after = Blame(t1=before["a"]["o1"]).result()
for unit in ("o1", "o2", "h1", "h2"):
    print(f"{unit}: delta {before['delta'][unit]:9.6f}, once o1 is right {after['delta'][unit]:9.6f}")
assert after["delta"]["o1"] == 0
assert after["delta"]["o2"] == before["delta"]["o2"]
assert max(after["delta"]["h1"], after["delta"]["h2"]) < 0 < min(before["delta"]["h1"], before["delta"]["h2"])

# %% [markdown]
# $o_1$ falls silent, and the hidden units hear only $o_2$, which wants them larger: their blame changes its sign. For
# question 2: the weights that leave input 1, since their slope is 0 times a delta. For question 3: it is multiplied by
# the slope 0, and goes no further.
#
# ## 8. Who is corrected most?
#
# The story has a trap. The slide says that the error stems from the hidden units *in proportion to* $w_{ij}$, and that
# the weight that is responsible for most of the error must be corrected most. Take one linear output and two hidden
# units. $h_1$ puts out 0.1 through a weight of 10, $h_2$ puts out 1 through a weight of 0.1. The output is 1.1, and let
# the target be 0.1, so that $\delta = 1$.
#
# **Predict before you run.** Which weight contributes more to the output that is too large? Which one is corrected
# more?

# %%
w, a, tar = np.array([10.0, 0.1]), np.array([0.1, 1.0]), 0.1
delta = w @ a - tar
agrees("E49.contributions", w * a)
agrees("E49.slopes", delta * a)
measured = central_difference(lambda w: 0.5 * (w @ a - tar) ** 2, w)
print("delta", delta.round(8), " measured slopes", measured.round(8), " passed down", (w * delta).round(8))
assert np.abs(measured - delta * a).max() < 1e-8

# %%
pair, inside = [["h1", "h2"], ["o1"]], dict(h1=0.1, h2=1.0, o1=1.1)
up = {("h1", "o1"): "10 · 0.1 = 1", ("h2", "o1"): "0.1 · 1 = 0.1"}
back = {("o1", "h1"): "slope 0.1, down 10", ("o1", "h2"): "slope 1, down 0.1"}
show(
    network(pair, values=inside, edges=up, title="Forward: what each unit contributes"),
    alt="Forward: h1 sends 10 times 0.1, which is 1, to o1; h2 sends 0.1 times 1, which is 0.1.",
)
show(
    network(
        pair, values=inside, deltas={"o1": 1.0}, edges=back, title="Backward: slope of the weight, blame handed down"
    ),
    alt="Backward from o1 with delta 1: the edge to h1 has the slope 0.1 and hands down 10, the edge to h2 has the "
    "slope 1 and hands down 0.1.",
)

# %% [markdown]
# The first edge carries ten times as much, and is corrected ten times less. A slope does not ask what a weight *has
# done*. It asks what a small change of it *would do*, and a weight that meets an activity of only 0.1 cannot do much,
# however large it is.
#
# | As printed | Correct | Why |
# |---|---|---|
# | the error stems from the units in proportion to $w_{ij}$; the weight that is responsible for most of it is corrected most | a weight is corrected in proportion to the *activity* that it carries, $\delta_k\, out_j$; the blame *handed down* is in proportion to the weight, $w_{kj}\, \delta_k$ | contributions 1 and 0.1, slopes 0.1 and 1 (erratum E49) |
#
# Nor is the blame a cake that is cut into shares. Above, one unit with $\delta = 1$ hands down 10 and 0.1. The parts
# need not add up to the whole, and some may be negative: they are slopes, and not portions.
#
# ## 9. Nothing left of the blame
#
# The recursion multiplies by a slope in each layer. What do many of them do? Deck 004, "Backpropagation - 2" and "- 3",
# takes the thinnest network there is: one unit in each layer, weights 1, no biases, $a_3 = f(f(f(a_0)))$.
#
# $$\frac{\partial a_3}{\partial a_0} = f'(f(f(a_0)))\; f'(f(a_0))\; f'(a_0)$$
#
# The deck's $f'$ takes what goes *into* the function. Our $a\,(1 - a)$ takes what comes *out*: $f'(a_0)$ is
# $a_1 (1 - a_1)$.
#
# **Predict before you run.** No slope of a sigmoid is above 0.25. What is the most that three of them multiply to? And
# ten?

# %%
a_0 = 1.0
a_1 = sigmoid(a_0)
a_2 = sigmoid(a_1)
a_3 = sigmoid(a_2)
factors = np.array([a_1 * (1 - a_1), a_2 * (1 - a_2), a_3 * (1 - a_3)])
print("factors", factors.round(8), f" ten of them: at most {0.25**10:.1e}")
agrees("004-8.bound", 0.25**3)
agrees("004-8.chain", factors.prod())
measured = central_difference(lambda a: sigmoid(sigmoid(sigmoid(a))), np.array(a_0))
assert abs(measured - factors.prod()) < 1e-9

# %%
show(
    network(
        [["a0"], ["a1"], ["a2"], ["a3"]],
        values=dict(a0=a_0, a1=a_1, a2=a_2, a3=a_3),
        edges={
            ("a3", "a2"): f"1 · {factors[2]:.3f}",
            ("a2", "a1"): f"{factors[2]:.3f} · {factors[1]:.3f}",
            ("a1", "a0"): f"{factors[1:].prod():.3f} · {factors[0]:.3f}",
        },
        title=f"What is left of a slope of 1: {factors.prod():.5f}",
    ),
    alt="A chain a0 = 1, a1 = 0.7311, a2 = 0.675, a3 = 0.6626. Backward, a slope of 1 at a3 is multiplied by 0.224, "
    "0.219 and 0.197: that leaves 0.224 at a2, 0.049 at a1 and 0.00964 at a0.",
)

# %% [markdown]
# Real layers are wider, and their weights multiply, too. Here are ten layers of ten units, with weights of the usual
# size. We feed 100 random patterns in, put a slope of 1 on every output, and look at how large the deltas are on
# average, layer by layer on the way down.
#
# **Predict before you run.** For sigmoid, tanh and ReLU: which curve falls fastest? By what factor from top to bottom?

# %%
patterns = np.random.default_rng(0).normal(size=(100, 10))
sizes = {}
for function in ("sigmoid", "tanh", "relu"):
    stack = Network((10,) * 11, function, function, seed=1)
    stack.backward(np.ones_like(stack.forward(patterns)))
    sizes[function] = [np.abs(delta).mean() for delta in reversed(stack.delta)]
    print(f"{function:8} top {sizes[function][0]:.4f}, bottom {sizes[function][-1]:.1e}")
assert sizes["sigmoid"][0] / sizes["sigmoid"][-1] > 4**9

# %%
plot = race(sizes, of="mean |delta|", log=True, unit="layer", title="Deltas on their way down through ten layers")
_ = plot.ax.set_xlabel("layers below the output layer")
show(plot)

# %% [markdown]
# Through ten sigmoid layers the deltas shrink to a millionth: this is the *vanishing gradient*. Each weight's slope is
# a delta times an activity, so the lowest layer learns a million times more slowly than the highest, and it is the one
# that sees the input. With tanh, whose slope is 1 in the middle, or ReLU, whose slope is 1 wherever it is not 0, much
# more gets through. The same product can also *explode*, if the weights are so large that most factors are above 1.
# What to do about both is the subject of lesson 12.
#
# ## Summary
#
# * **Delta** is the slope of the loss with respect to the *sum* of a unit.
# * **At an output**: error times slope, $(out_k - target_k)\, f'(z_k)$. **Below**: what comes back, times slope,
#   $f'(z_j) \sum_k W_{jk} \delta_k$. The rule names no layer, so it holds for any depth.
# * **A weight**: activity below times delta above. **A bias**: the delta.
# * It is cheap because chains that end alike are computed once, and because each step needs only what is at hand.
# * Blame is collected and handed down along the weights; weights are corrected by the activity that they carry.
# * Slopes below 1, multiplied layer by layer, leave little for the lowest layers.
#
# The common slip is one of *which*: which matrix, which slope. The delta of a layer takes the matrix that leads out of
# it, towards the outputs, as it stands and not transposed, and the slope of its own units. Where layers have different
# sizes, NumPy refuses the wrong matrix; where they are equal, only a measured slope finds it.
#
# ## Next
#
# Problem set 07 asks you for the rule as a loop, for any depth and width. Its checks name the first wrong delta. Lesson
# 08 looks at the top of the recursion: there is a loss for which the delta of an output is just $out - target$, and
# then a saturated output can learn, too.
