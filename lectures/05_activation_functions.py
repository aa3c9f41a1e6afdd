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
# # 05 Activation functions: the bend and its slope
#
# A unit adds up what reaches it, and then bends the sum. Without the bend, a hundred layers can do no more than one.
# With the wrong bend, no layer can learn. In this lesson you meet the bends that people use, and of each you ask two
# things: what comes out, and how steep is it there? Backpropagation needs nothing else of
# them.
#
# **You will** see two layers collapse into one, and learn why a step function cannot be trained. You will find the
# slopes of sigmoid and tanh *from their own outputs*, see where they go flat, choose a slope at a kink, and mend the
# decks' tables of activation functions. Every slope is measured, too.
#
# **You need** lesson 01 (softmax and cross-entropy), lesson 03 (numeric gradients) and lesson 04 (the chain rule along
# a graph; the MAX gate).
#
# **Time** 60 minutes, with pencil and paper beside you.
#
# **Decks** 000 (Vetter, Kraus, Höfle), the slides after "Zurückfließende Gradienten in einem Netz werden addiert", up
# to "Zwei Layer NN"; 002, "Aktivierungsfunktionen"; 004 (Chen, NTUST), "Activation Functions - 1" and "- 2".
#
# **Covers** 000-15, 000-16 (E32), 002-2 (E2, E5, E6, E12, E52), 004-9.
#
# The decks and the code use these names for the same things:
#
# {{notation 000 001 002 003 004: x W b z a activation}}

# %%
import numpy as np
from matplotlib.figure import Figure

from bplib.activations import (
    hardtanh,
    hardtanh_grad,
    leaky_relu,
    leaky_relu_grad,
    maxout,
    maxout_grad,
    relu,
    relu_grad,
    sigmoid,
    sigmoid_grad,
    sign,
    softmax,
    softmax_jacobian,
    softplus,
    softplus_grad,
    tanh,
    tanh_grad,
)
from bplib.golden import agrees
from bplib.gradcheck import central_difference, forward_difference
from bplib.losses import softmax_cross_entropy
from bplib.plots import activation, animate, decision_boundary, layer_histograms, loss_line
from bplib.svg import shapes, show
from bplib.widgets import Slope, explore
from bplib.widgets.slope import FUNCTIONS

# %% [markdown]
# ## 1. Two straight layers are one
#
# Deck 000 shows two straight layers, $f_1(x, W) = Wx$ and $f_2(x, W) = Wx$, and a question mark. What comes out if one
# is set upon the other? With the biases, and with $x$ on the left as a row, it takes one line:
#
# $$(x W_1 + b_1) W_2 + b_2 = x\,(W_1 W_2) + (b_1 W_2 + b_2) = x W + b$$
#
# A matrix times a matrix is a matrix. So the two layers together are one layer, with the weights $W = W_1 W_2$ and the
# bias $b = b_1 W_2 + b_2$.

# %%
show(shapes(("W1", (2, 100)), "@", ("W2", (100, 1)), "=", ("W", (2, 1)), title="A hundred units in between, and gone"))

# %% [markdown]
# **Predict before you run.** Two inputs, a hundred hidden units, one output, and no bend: how many numbers does this
# network have to learn? How many would have been enough?

# %%
rng = np.random.default_rng(0)
W1, b1 = rng.normal(size=(2, 100)), rng.normal(size=100)
W2, b2 = rng.normal(size=(100, 1)), rng.normal(size=1)
W, b = W1 @ W2, b1 @ W2 + b2
x = rng.normal(size=(5, 2))  # five samples
print("two layers:", W1.size + b1.size + W2.size + b2.size, " one layer:", W.size + b.size)
assert np.abs(((x @ W1 + b1) @ W2 + b2) - (x @ W + b)).max() < 1e-12

# %% [markdown]
# 401 numbers do the work of 3. And the work of one straight layer is little. Take the *exclusive or*: the output shall
# be 1 if exactly one of the two inputs is 1. For every straight $f(x) = w_1 x_1 + w_2 x_2 + b$,
#
# $$f(0, 0) + f(1, 1) = f(0, 1) + f(1, 0),$$
#
# since both sides are $w_1 + w_2 + 2b$. The exclusive or wants $0 + 0$ on the left and $1 + 1$ on the right. No
# weights can do that.
#
# Now let two hidden units keep the positive part of their sum and drop the rest: $\max(0, x_1 - x_2)$ and
# $\max(0, x_2 - x_1)$. That bend is called ReLU.
#
# **Predict before you run.** What is the sum of these two units at the four corners?

# %%
corners = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
wanted = np.array([0, 1, 1, 0])
W1 = np.array([[1.0, -1.0], [-1.0, 1.0]])  # the columns: x1 - x2 and x2 - x1
W2 = np.array([1.0, 1.0])
print("straight", corners @ W1 @ W2)
print("bent    ", relu(corners @ W1) @ W2)
assert (relu(corners @ W1) @ W2 == wanted).all()

# %%
show(
    decision_boundary(
        lambda points: (relu(points @ W1) @ W2 > 0.5).astype(int),
        corners,
        wanted,
        title="Exclusive or, with two bent units",
    )
)

# %% [markdown]
# The same weights without the bend give 0 everywhere; with it, two borders instead of one. So deck 000 puts a bend
# between its two layers, $f(x, W_1, W_2) = W_2 \tanh(W_1 x)$, and on top of it the loss of lesson 01, which it writes as
# $L = \mathrm{Softmax}(W_2 \tanh(W_1 x))$. From here on, the course calls such a bend an *activation function*.
#
# ## 2. A bend that cannot learn
#
# Soon after, the same two-layer network is written with another bend:
#
# | As printed | Correct | Why |
# |---|---|---|
# | "Zwei Layer NN": $W_2 \,\mathrm{sign}(W_1 x)$ | $W_2 \tanh(W_1 x)$, as before | the slope of sign is 0 wherever it has one, so $W_1$ never learns; as extracted, perhaps "sigm" was meant (erratum E32) |
#
# The sign is -1 for negative sums and 1 for positive ones. It is certainly not straight. What is wrong with it? Look at
# a loss while a single weight moves: twelve samples lie on a line, the target is 1 right of 0.5 and -1 left of it, and
# the unit puts its border at $w$. On the left it uses tanh, on the right sign.

# %%
places = np.linspace(-0.9, 1.9, 12)[:, None]  # one column, so that many w fit beside it
targets = sign(places - 0.5)
figure = Figure(figsize=(8.4, 3.4), layout="constrained")
left, right = figure.subplots(1, 2, sharey=True)
loss_line(
    lambda w: 0.5 * ((tanh(places - w) - targets) ** 2).mean(axis=0),
    (-1.0, 2.0),
    x="border w",
    title="with tanh",
    ax=left,
)
loss_line(
    lambda w: 0.5 * ((sign(places - w) - targets) ** 2).mean(axis=0),
    (-1.0, 2.0),
    x="border w",
    title="with sign",
    ax=right,
)
show(
    figure,
    alt="Two curves of the loss against the border w, both lowest near w = 0.5. With tanh a smooth valley; with sign a "
    "staircase whose steps are level.",
)

# %% [markdown]
# On a staircase every step is level. Whoever stands there and asks for the slope learns nothing about where the valley
# is. In the two-layer network it is no better. Here are the measured slopes of the softmax loss for all entries of
# $W_1$, once with tanh and once with sign:

# %%
x, target = np.array([[0.5, -1.0]]), np.array([1])
W1, W2 = rng.normal(size=(2, 3)), rng.normal(size=(3, 3))
with_tanh = central_difference(lambda W: softmax_cross_entropy(tanh(x @ W) @ W2, target)[0], W1)
with_sign = central_difference(lambda W: softmax_cross_entropy(sign(x @ W) @ W2, target)[0], W1)
print(with_tanh.round(4))
print(with_sign)
agrees("E32.slope", central_difference(sign, np.array(0.7)))
assert (with_tanh != 0).all()
assert (with_sign == 0).all()

# %% [markdown]
# So a bend for gradient descent needs two things: it must not be straight, and it must have a slope that is not 0 in
# most places where it is used.
#
# ## 3. The sigmoid
#
# An old answer is a staircase with one rounded step. All three decks that list bends begin with it:
#
# $$\sigma(z) = \frac{1}{1 + e^{-z}}$$
#
# Deck 002 prints the exponent without its minus sign.
#
# **Predict before you run.** For large positive $z$, what becomes of $e^{-z}$, and so of $\sigma(z)$? What would the
# printed $\frac{1}{1 + e^{z}}$ do there?

# %%
agrees("E2.sigmoid", [sigmoid(1.0), 1 / (1 + np.exp(1.0))])
for z in (-10.0, -1.0, 0.0, 1.0, 10.0):
    print(f"z = {z:5}   sigmoid {sigmoid(z):.6f}   as printed {1 / (1 + np.exp(z)):.6f}")
    assert abs(sigmoid(z) + sigmoid(-z) - 1) < 1e-15

# %% [markdown]
# The printed one falls where the sigmoid rises: it is the sigmoid of $-z$. In each line the two add up to 1, which is
# worth remembering: $\sigma(-z) = 1 - \sigma(z)$.
#
# ## 4. A slope from the output
#
# How steep is the sigmoid? Call $u = 1 + e^{-z}$. Then $a = 1/u$, and the chain rule has two links:
#
# $$\frac{da}{dz} = \frac{da}{du} \cdot \frac{du}{dz} = -\frac{1}{u^2} \cdot (-e^{-z})
# = \frac1u \cdot \frac{e^{-z}}{u}$$
#
# The first factor is $a$. The second is $\frac{u - 1}{u} = 1 - a$. Nothing of $z$ is left:
#
# $$\sigma'(z) = a\,(1 - a)$$
#
# In lesson 04 you found the same with four gates. It is a gift: the forward pass has computed $a$ already, so the way
# back needs no exponential at all, only this product.
#
# **Predict before you run.** At $z = 1$, $a$ is 0.731. Multiply by hand. Can $a (1 - a)$ ever be negative?

# %%
a = sigmoid(1.0)
printed = central_difference(lambda z: 1 / (1 + np.exp(z)), np.array(1.0))
agrees("E2.slopes", [a * (1 - a), printed])
assert abs(a * (1 - a) - central_difference(sigmoid, np.array(1.0))) < 1e-10

# %% [markdown]
# | As printed | Correct | Why |
# |---|---|---|
# | sigmoid: $\frac{1}{1 + \exp(z)}$, with the slope $\sigma(z)(1 - \sigma(z))$ | $\frac{1}{1 + \exp(-z)}$, with that slope | the printed function falls, at $z = 1$ with slope -0.1966; $\sigma(1 - \sigma)$ is +0.1966 there, and positive everywhere (erratum E2) |
#
# A slope can be seen. The triangle is one unit wide, so its height *is* the slope. On the right, the slopes of all
# places form a curve of their own. Let it run, or step through it.

# %%
animate(
    [
        activation(sigmoid, lambda z: sigmoid_grad(sigmoid(z)), z=z, between=(-6, 6), name="sigmoid")
        for z in (-4.0, -2.0, -1.0, 0.0, 1.0, 2.0, 4.0)
    ],
    alt="A slope triangle moves along the sigmoid from z = -4 to z = 4. It is flat at both ends and highest at z = 0, "
    "where the slope is 0.25.",
    seconds=0.8,
)

# %% [markdown]
# In the code of this course, a derivative takes the *activation*: `sigmoid_grad(a)`. In the next lesson, the first
# output of a network is $o_1 = 0.7513650696$; its slope costs one multiplication.

# %%
agrees("004-5.slope_o1", sigmoid_grad(0.7513650696))
print("given a:", sigmoid_grad(sigmoid(1.0)).round(6), "  given z by mistake:", sigmoid_grad(1.0))
assert sigmoid_grad(1.0) == 0

# %% [markdown]
# The second line is the slip of this lesson: `sigmoid_grad(z)` raises no error, and here it says that the sigmoid is
# flat at $z = 1$.
#
# ## 5. tanh, the sigmoid around zero
#
# The sigmoid puts out only positive numbers. The hyperbolic tangent has the same shape, from -1 to 1, and 0 goes to 0.
# Deck 004 writes it as the first quotient, deck 002 as the second; multiply top and bottom by $e^z$ and you get from
# one to the other:
#
# $$\tanh(z) = \frac{e^z - e^{-z}}{e^z + e^{-z}} = \frac{e^{2z} - 1}{e^{2z} + 1} = 2\,\sigma(2z) - 1$$
#
# The last form gives us the slope for nothing. With $s = \sigma(2z)$, the chain rule makes it
# $2 \cdot \sigma'(2z) \cdot 2 = 4\,s\,(1 - s)$. Since $a = 2s - 1$, we have $s = \frac{1 + a}{2}$, and so
#
# $$\tanh'(z) = 4 \cdot \frac{1 + a}{2} \cdot \frac{1 - a}{2} = 1 - a^2$$
#
# At 0 that is 1: four times as steep as the sigmoid at its steepest.

# %%
a = tanh(0.7)
agrees("002-2.tanh", [a, tanh_grad(a)])
assert abs(a - (2 * sigmoid(1.4) - 1)) < 1e-15
assert abs(tanh_grad(a) - central_difference(tanh, np.array(0.7))) < 1e-10
print(f"at 0: tanh {tanh_grad(tanh(0.0)):.2f}, sigmoid {sigmoid_grad(sigmoid(0.0)):.2f}")

# %%
show(activation(tanh, lambda z: tanh_grad(tanh(z)), z=-0.7, name="tanh"))

# %% [markdown]
# At -0.7 tanh is as steep as at 0.7: in $1 - a^2$, the sign of $a$ does not matter.
#
# The formulas are right, and yet a program should not copy them. The largest number that NumPy's floats can hold is
# about $e^{709.8}$.
#
# **Predict before you run.** What do the two quotients give at $z = 360$, and at $z = 720$?

# %%
with np.errstate(over="ignore", invalid="ignore"):  # an overflow would warn; here it is wanted
    for z in (360.0, 720.0):
        deck_002 = (np.exp(2 * z) - 1) / (np.exp(2 * z) + 1)
        deck_004 = (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))
        print(f"z = {z}: deck 002 {deck_002}, deck 004 {deck_004}, tanh {tanh(z)}")
        assert np.isnan(deck_002)
        assert tanh(z) == 1
assert np.isnan(deck_004)  # at 720

# %% [markdown]
# Infinity divided by infinity is *not a number*, and one NaN in a forward pass spoils every weight of the network. The
# cure is to take exponentials of negative numbers only: $\tanh(z) = \frac{1 - e^{-2z}}{1 + e^{-2z}}$ for positive $z$.
# The same slip waits in a function of step 8, and its box stands there.
#
# ## 6. Where it goes flat
#
# $a(1 - a)$ is largest in the middle, at $a = \frac12$: a quarter. Towards both ends it vanishes.

# %%
for z in (0.0, 2.0, 5.0, 10.0):
    print(f"z = {z:4}   slope of sigmoid {sigmoid_grad(sigmoid(z)):.8f}   of tanh {tanh_grad(tanh(z)):.8f}")

# %% [markdown]
# A unit whose sum lies far out is *saturated*. It has an opinion, and hardly anything can change it: its slope is a
# factor in the chain of every weight below, and a factor of 0.00005 leaves nothing of the others. Even in the best
# case, each sigmoid on the way takes three quarters. Three of them, one after the other:

# %%
agrees("004-8.bound", sigmoid_grad(0.5) ** 3)

# %% [markdown]
# How far out are the sums of a layer? That depends on its weights. Here are three layers of 2000 tanh units, whose sums
# have a standard deviation of 0.5, of 2 and of 8.
#
# **Predict before you run.** In which of the layers do most units put out nearly -1 or 1? What is the shape of its
# histogram: one hill in the middle, or two at the ends?

# %%
sums = np.random.default_rng(5).normal(size=2000)
plot = layer_histograms(
    [tanh(spread * sums) for spread in (0.5, 2, 8)],
    names=["sums 0.5", "sums 2", "sums 8"],
    title="tanh of small, medium and large sums",
)
plot.ax.set_xlabel("standard deviation of the sums; below, of the activations")
show(
    plot,
    alt="Three histograms of activations between -1 and 1. Sums of 0.5: one broad hill around 0. Sums of 2: two piles at "
    "-1 and 1, and some in between. Sums of 8: two piles at -1 and 1, and hardly anything in between.",
)

# %%
for spread in (0.5, 2, 8):
    slopes = tanh_grad(tanh(spread * sums))
    print(f"sums of {spread:3}: mean slope {slopes.mean():.3f}, slope below 0.01 in {(slopes < 0.01).mean():.0%}")
assert (slopes < 0.01).mean() > 0.6  # in the last layer

# %% [markdown]
# With large sums, most of a layer no longer learns. With very small ones, tanh is nearly straight, and step 1 waits:
# straight layers collapse. Lesson 12 draws first weights so that sums come out in between.
#
# ## 7. Three straight pieces, and two
#
# Deck 002 has two bends made of straight pieces, which need no exponential at all. *hardtanh* cuts its input off at -1
# and at 1. *ReLU*, the rectified linear unit, cuts off what is negative, and is today's usual choice:
#
# $$\mathrm{hardtanh}(z) = \min(1, \max(-1, z)), \qquad \mathrm{ReLU}(z) = \max(0, z)$$
#
# **Predict before you run.** How steep is hardtanh at 0.3, how steep at 1.5? Which numbers does it put out at -1 and 1?

# %%
agrees("E5.slope", hardtanh_grad(hardtanh(0.3)))
agrees("E6.ends", [*hardtanh(np.array([-1.0, 1.0])), relu(-1.0)])
measured = central_difference(hardtanh, np.array(0.3))
print(f"hardtanh at 0.3: measured {measured:.6f}, as printed {0.3}")
assert abs(measured - 1) < 1e-10
assert hardtanh_grad(hardtanh(1.5)) == 0

# %%
show(activation(hardtanh, lambda z: hardtanh_grad(hardtanh(z)), z=-0.5, between=(-3, 3), name="hardtanh"))

# %% [markdown]
# | As printed | Correct | Why |
# |---|---|---|
# | $\mathrm{hardtanh}'(z) = x$ for $-1 \le x \le 1$, else 0 | 1 inside, else 0 | inside, the function is $z$ itself, and the slope of $z$ is 1 (erratum E5) |
# | hardtanh in $(-1, +1)$, ReLU in $(0, \infty)$ | $[-1, 1]$ and $[0, \infty)$ | the ends are reached: hardtanh(1) = 1, and ReLU(-1) = 0 (erratum E6) |
#
# A footnote of the slide calls ReLU "also: hinge". The hinge loss of lesson 01, $\max(0, s_j - s_y + 1)$, has the same
# corner; but it is a loss, it compares two scores, and it has a margin.
#
# The corner raises a question. Left of 0 the slope of ReLU is 0, right of 0 it is 1. What is it *at* 0?
#
# **Predict before you run.** What does a central difference answer there? What does a forward difference?

# %%
at_kink = np.array(0.0)
agrees("E12.middle", central_difference(relu, at_kink))
print("forward", forward_difference(relu, at_kink), " this course", relu_grad(relu(at_kink)))
assert relu_grad(relu(at_kink)) == 0

# %% [markdown]
# | As printed | Correct | Why |
# |---|---|---|
# | $\mathrm{ReLU}'(0) = 0$ in deck 002, $\mathrm{ReLU}'(0) = 1$ in deck 004 | either, or anything between: a convention | there is no slope at a kink; a central difference gives 0.5, the mean of both sides (erratum E12) |
#
# This course takes 0, and no exercise asks at a kink. It hardly matters: a sum of real data is almost never exactly 0.
#
# What makes ReLU so popular is the right half: slope 1, however large the sum. Factors of 1 leave a chain as it is.
# The left half has a price:
#
# **Predict before you run.** A unit's bias has become -10, and its weighted inputs are seldom larger than 3. For how
# many of 2000 samples is its slope not 0? So how will its bias change?

# %%
print("ReLU: slope is not 0 for", int(relu_grad(relu(sums - 10)).sum()), "of", sums.size, "samples")
assert relu_grad(relu(sums - 10)).sum() == 0

# %% [markdown]
# Its bias will not change at all, nor will its weights. The unit puts out 0 for every sample, its slope is 0 for every
# sample, and so it stays: a *dead* unit.
#
# ## 8. Two ways to keep it alive
#
# Deck 004's table offers two cures. The *leaky* ReLU lets a hundredth of the negative part through: it is $z$, or
# $0.01\,z$ if $z$ is negative, and so always the larger of the two. *Softplus* rounds the corner off:
#
# $$\mathrm{leaky}(z) = \max(0.01\,z,\, z), \qquad \mathrm{softplus}(z) = \ln(1 + e^z)$$
#
# **Predict before you run.** What is leaky ReLU at -2? What is softplus at 0? And its slope: first $\ln$, then what is
# inside?

# %%
agrees("004-9.leaky", leaky_relu(-2.0))
agrees("004-9.softplus", softplus(0.0))
alive = leaky_relu_grad(leaky_relu(sums - 10))
print("the dead unit with leaky ReLU: slope", alive.min())
assert (alive == 0.01).all()
for z in (-2.0, 0.0, 2.0):
    measured = central_difference(softplus, np.array(z))
    print(f"slope of softplus at {z:4}: {measured:.6f}   sigmoid there: {sigmoid(z):.6f}")
    assert abs(measured - softplus_grad(z)) < 1e-10

# %% [markdown]
# The slope of softplus is the sigmoid: $\frac{1}{1 + e^z} \cdot e^z = \frac{1}{1 + e^{-z}}$, after dividing top and
# bottom by $e^z$.

# %%
show(activation(softplus, softplus_grad, z=0.0, name="softplus"))

# %% [markdown]
# (At its kink, leaky ReLU has the slope 1 in deck 004 and 0.01 in this course: erratum E12 once more.)
#
# Softplus is the only one so far whose derivative takes $z$ and not $a$. From $a$ the slope would be $1 - e^{-a}$; but where $a$ is
# small, that subtracts two numbers that are equal in all their digits. And the logarithm has the trouble of step 5.

# %%
z = -40.0
print(f"slope at {z}: from z {softplus_grad(z):.2e}, from a {1 - np.exp(-softplus(z)):.2e}")
with np.errstate(over="ignore"):
    printed = np.log(1 + np.exp(720.0))
print(f"at 720: as printed {printed}, with the exponent negative {720 + np.log1p(np.exp(-720.0))}")
assert np.isinf(printed)
assert softplus(720.0) == 720

# %% [markdown]
# | As printed | Correct | Why |
# |---|---|---|
# | $\tanh(z) = \frac{e^{2z} - 1}{e^{2z} + 1}$ (002), $\frac{e^z - e^{-z}}{e^z + e^{-z}}$ (004) | the same, computed as $\frac{1 - e^{-2z}}{1 + e^{-2z}}$ for $z \ge 0$, and as $-\tanh(-z)$ below | NaN at $z = 360$ in the first form, at 720 in both (erratum E52) |
# | $\ln(1 + e^z)$ (004) | the same, computed as $\max(z, 0) + \ln(1 + e^{-\lvert z \rvert})$ | infinite at $z = 720$, where 720 is right (E52) |
#
# ## 9. Several sums at once
#
# The last two rows of deck 004's table do not bend a single sum. *Maxout* takes a few and lets the largest through,
# $\max_i z_i$. You have met it in lesson 04: it is the MAX gate, and the whole slope goes to the winner.

# %%
z = np.array([1.0, 3.0, 2.0])
print("maxout", maxout(z), " slope", maxout_grad(z))
assert np.abs(maxout_grad(z) - central_difference(maxout, z)).max() < 1e-9

# %% [markdown]
# What is it good for? Give it some straight lines of one input, and it draws a bend of its own. The lines $0$ and $z$
# make ReLU, the lines $-z$ and $z$ the absolute value. And as lines have weights, maxout *learns* its bend.

# %%
z = np.array([-2.0, -0.5, 1.0, 3.0])
assert (maxout(np.stack([0 * z, z], axis=1)) == relu(z)).all()
assert (maxout(np.stack([-z, z], axis=1)) == np.abs(z)).all()
rises, heights = np.array([-0.8, 0.2, 1.5]), np.array([-1.0, 0.0, -3.0])  # three lines
show(
    activation(
        lambda z: maxout(z[:, None] * rises + heights),
        lambda z: maxout_grad(z[:, None] * rises + heights) @ rises,
        z=0.5,
        name="maxout",
    )
)

# %% [markdown]
# *Softmax* takes several scores and also puts several out, and each score moves all of
# them. So its slope is a matrix. In the table it reads $f_i (\delta_{ij} - f_j)$, where this $\delta_{ij}$ is no error
# signal, but 1 if $i = j$ and else 0.

# %%
scores = np.array([1.0, 2.0, 0.5])
p = softmax(scores)
move = 1e-5 * np.eye(3)  # each row moves one score
measured = (softmax(scores + move) - softmax(scores - move)).T / 2e-5  # row: which p; column: which score
print("p", p.round(4))
print(measured.round(4))
assert np.abs(measured - softmax_jacobian(p)).max() < 1e-9

# %% [markdown]
# A score lifts its own probability and lowers the others. What that means for the way back is for lesson 08.
#
# ## 10. The table, mended
#
# | Bend | $a$ | Range | Slope | At its ends |
# |---|---|---|---|---|
# | identity | $z$ | all | $1$ | no bend: layers collapse |
# | sign | $-1$, $0$ or $1$ | $\{-1, 0, 1\}$ | $0$ | cannot learn |
# | sigmoid | $\frac{1}{1 + e^{-z}}$ | $(0, 1)$ | $a(1 - a) \le \frac14$ | flat at both |
# | tanh | $2\sigma(2z) - 1$ | $(-1, 1)$ | $1 - a^2 \le 1$ | flat at both |
# | hardtanh | $\min(1, \max(-1, z))$ | $[-1, 1]$ | 1 inside, else 0 | dead at both |
# | ReLU | $\max(0, z)$ | $[0, \infty)$ | 1 if $a > 0$, else 0 | dead on the left |
# | leaky ReLU | $z$, or $0.01 z$ if $z < 0$ | all | 1 if $a > 0$, else 0.01 | never flat |
# | softplus | $\ln(1 + e^z)$ | $(0, \infty)$ | $\sigma(z)$, from $z$ | flat on the left |
# | maxout | $\max_i z_i$ | all | 1 for the winner, else 0 | the winner always learns |
# | softmax | $e^{z_i} / \sum_j e^{z_j}$ | $(0, 1)$ | $p_i (\delta_{ij} - p_j)$, a matrix | flat for one clear winner |
#
# `FUNCTIONS` holds those that bend one sum, each with its slope as a function of $z$. Here are all slopes against
# measured ones, at a thousand places, none of them closer than 0.001 to a kink:

# %%
z = np.random.default_rng(1).uniform(-6, 6, size=1000)
z = z[np.abs(z[:, None] - [-1, 0, 1]).min(axis=1) > 1e-3]
h = 1e-5
for name, (f, df, _) in FUNCTIONS.items():
    measured = (f(z + h) - f(z - h)) / (2 * h)
    assert np.abs(measured - df(z)).max() < 1e-9
    print(f"{name:12}{z.size} slopes agree, from {df(z).min():.4f} to {df(z).max():.4f}")

# %% [markdown]
# Now move along them yourself. The widget below has two slopes. That of the *tangent* is the derivative. That of the
# *secant*, the straight line through the curve at $z$ and at $z + h$, is what a forward difference measures. Here they
# are for tanh, at $z = -1$ with $h = 2$:

# %%
plot = activation(tanh, lambda z: tanh_grad(tanh(z)), z=-1.0, between=(-3, 3), name="tanh")
plot.ax[0].plot([-1.0, 1.0], tanh(np.array([-1.0, 1.0])), color="black", linestyle=":", marker="s", zorder=5)
show(plot, alt=plot.alt + " A dotted secant from z = -1 to z = 1 is much steeper than that.")

# %% [markdown]
# **Predict before you try.**
#
# 1. ReLU, $z = -1$, $h = 2$: what is the slope of the secant? You have seen this number at the kink.
# 2. Leave $h$ at 2. At which $z$ do secant and tangent of ReLU have the same slope, at which do they not?
# 3. Choose the sigmoid. How far out must $z$ be until the slope is below 0.01? And for tanh?

# %% tags=["nbval-ignore-output"]
explore(Slope("ReLU", z=-1.0, h=2.0))

# %% [markdown]
# The answers in numbers. The secant misses the slope as long as the kink lies between its two points. And the sigmoid
# is below 0.01 from about 4.6 on, tanh already from 3.

# %%
for z in (-3.0, -1.0, 1.0):
    at = Slope("ReLU", z=z, h=2.0).result()
    print(f"ReLU at {z:4}: tangent {at['slope']:.1f}, secant {at['secant']:.1f}")
assert Slope("ReLU", z=-1.0, h=2.0).result()["secant"] == 0.5
assert Slope("sigmoid", z=4.55).result()["slope"] > 0.01 > Slope("sigmoid", z=4.6).result()["slope"]
assert Slope("tanh", z=2.95).result()["slope"] > 0.01 > Slope("tanh", z=3.0).result()["slope"]

# %% [markdown]
# ## Summary
#
# * **Without a bend**, layers collapse into one. **With a step**, there is no slope to follow.
# * **From the output**: the sigmoid's slope is $a (1 - a)$, that of tanh $1 - a^2$. What the forward pass has kept is
#   enough for the way back.
# * **Saturation**: far out, sigmoid and tanh are flat, and a factor near 0 wipes out all that is below. ReLU keeps its
#   slope of 1 on one side, and may die on the other.
# * **Kinks**: there the slope is a convention. **Large sums**: write exponentials so that their exponents are negative.
#
# The common slip is to give a derivative the wrong thing: `sigmoid_grad(z)` for `sigmoid_grad(a)`, or $1 - a$ for
# $1 - a^2$. No error is raised, and the slope looks plausible. One measured slope finds it.
#
# ## Next
#
# Problem set 05 asks you for all these functions, at sums up to 1000, and for the collapse of step 1. Lesson 06 puts
# the sigmoid to work: two hidden units, two outputs, and the slope of each of them from its own output.
