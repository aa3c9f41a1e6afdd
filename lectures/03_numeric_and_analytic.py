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
# # 03 Numeric and analytic gradients
#
# Gradient descent needs the slope of the loss for every weight. You can get a slope in two ways: *measure* it, by
# moving the weight a little and looking at the loss, or *derive* it with the rules of calculus. This lesson is about
# the first way, and about why you need it although nobody trains a network with it: it is how you find out whether the
# second way was done right.
#
# **You will** measure slopes, find the best step and the reason why smaller is not better, check gradients that you
# derived yourself and gradients that you cannot derive yet, find one wrong sign among 30730 numbers with about seventy
# evaluations of the loss, and learn where measuring goes wrong.
#
# **You need** lesson 00 (derivative rules), lesson 01 (losses and the classifier with 30730 parameters) and lesson 02
# (the step against the gradient).
#
# **Time** 60 minutes, with pencil and paper beside you.
#
# **Decks** 000 (Vetter, Kraus, Höfle), the two slides on computing the gradient, "Numerisch, Analytisch" and "Numerische
# Lösung ist"; "CIFAR-10 Datensatz" for the size of a real problem.
#
# **Covers** 000-8 (E27).
#
# The deck and the code use these names for the same things:
#
# {{notation 000: x W b out target loss dW N h}}
#
# The slide calls the step $\delta$. In this course `delta` is the name of something else, which lesson 06 is about; the
# step of a difference is always $h$, as on the deck's next slide.

# %%
from dataclasses import replace

import numpy as np

from bplib.golden import agrees
from bplib.gradcheck import central_difference, check, complex_step, directional, forward_difference, kinks
from bplib.losses import half_squared, softmax_cross_entropy
from bplib.plots import animate, loss_line, v_curve
from bplib.svg import show
from bplib.svg.palette import SERIES
from bplib.widgets import GradientCheck, explore

# %% [markdown]
# ## 1. A slope without calculus
#
# Take the simplest loss there is, $loss(w) = w^2$, at $w = 3$. Move $w$ by a small step $h$, and see how much the loss
# changes *for each unit* that $w$ has moved:
#
# $$\frac{d\,loss}{dw} = \lim_{h \to 0} \frac{loss(w + h) - loss(w)}{h}$$
#
# That is the definition of a derivative (deck 000, "Numerische Lösung ist"). A computer cannot take the limit, so we
# leave it out and choose a small $h$.
#
# **Predict before you run.** $3.001^2$ is 9.006001. What comes out for $h = 0.001$?

# %%
w, h = 3.0, 0.001
rise = (w + h) ** 2 - w**2
agrees("E27.quotient", rise / h)
agrees("E27.printed", rise)

# %% [markdown]
# The true slope is 6. The slide before the definition has only the second of these two numbers:
#
# | As printed | Correct | Why |
# |---|---|---|
# | $dL(W) \quad L(W + \delta) - L(W)$ | $\dfrac{L(W + \delta) - L(W)}{\delta}$ | the difference alone is the *rise*, not the slope: it shrinks with the step, 0.006 instead of 6.001 (erratum E27) |
#
# You can tell the two apart without knowing the answer. Make the step ten times smaller: a slope should hardly move.

# %%
for h in (0.1, 0.01, 0.001):
    rise = (w + h) ** 2 - w**2
    print(f"h {h:5}   rise {rise:.6f}   rise / h {rise / h:.6f}")

# %% [markdown]
# ## 2. Two ways, and what each is good for
#
# **Predict before you read on.** The slide asks for advantages and disadvantages of both ways. Think of a network with
# a million weights: which way is fast, which is exact, and in which will you make mistakes?
#
# | | numeric: measure | analytic: derive |
# |---|---|---|
# | speed | slow: new evaluations of the loss for every weight | fast: all weights in one pass (lesson 04) |
# | result | an approximation | exact, but for rounding |
# | effort | three lines, the same for every loss | a derivation for every loss |
# | mistakes | few places to make one | many, and most of them look plausible |
#
# So in practice you *use* the analytic gradient, and you *check* your code for it with the numeric one. The two have
# nothing in common but the loss, so they will hardly be wrong in the same way. This comparison is called a *gradient
# check*, and every lesson from here on uses it.
#
# ## 3. One side or both
#
# Now a loss that is a little more curved, $w^3$ at $w = 1$. Its slope there is $3w^2 = 3$. The definition looks to one
# side only and is called the *forward difference*. You can also step to both sides and divide by the whole distance,
# the *central difference*:
#
# $$\frac{loss(w + h) - loss(w - h)}{2h}$$
#
# For $w^3$ at 1 we can multiply out what both of them give:
#
# $$\text{forward} \quad \frac{(1 + h)^3 - 1}{h} = 3 + 3h + h^2, \qquad
# \text{central} \quad \frac{(1 + h)^3 - (1 - h)^3}{2h} = 3 + h^2$$
#
# **Predict before you run.** How large are the two errors for $h = 0.1$? And how large with a step of 0.01?


# %%
def cube(w):
    """Return our loss; it takes one weight, or an array of weights to try."""
    return w * w * w


for h in (0.1, 0.01, 0.001):
    forward = (cube(1 + h) - cube(1)) / h
    central = (cube(1 + h) - cube(1 - h)) / (2 * h)
    print(f"h {h:5}   forward is off by {forward - 3:.6f}   central by {central - 3:.6f}")
    assert abs(forward - (3 + 3 * h + h**2)) < 1e-9
    assert abs(central - (3 + h**2)) < 1e-9

# %% [markdown]
# A tenth of the step makes the forward error ten times smaller, and the central error a hundred times. The term $3h$
# comes from the curvature: the curve bends away from its tangent on both sides alike, so the difference between the two
# sides does not see it. Both measure the slope of a straight line through two points of the curve:

# %%
frames = []
for h in (0.8, 0.4, 0.2, 0.1):
    picture = loss_line(cube, (0, 2), x="w", y="w³", title=f"h = {h}")
    picture.ax.axline((1, 1), slope=3, color="black", linewidth=1, label="tangent: slope 3")
    words = f"h = {h}."
    looks = [("forward", 1, SERIES[0], "--", "o", 11), ("central", 1 - h, SERIES[1], "-.", "s", 6)]
    for name, left, colour, style, marker, size in looks:
        right = 1 + h
        slope = (cube(right) - cube(left)) / (right - left)
        label = f"{name}: slope {slope:.2f}"
        picture.ax.axline((left, cube(left)), slope=slope, color=colour, linestyle=style, linewidth=2, label=label)
        picture.ax.plot([left, right], [cube(left), cube(right)], marker, color=colour, markersize=size)
        words += f" {label}."
    picture.ax.set_ylim(-0.5, 6.5)
    picture.ax.legend(loc="upper left", frameon=False, fontsize=11)
    frames.append(replace(picture, alt=words))
animate(frames, "Straight lines through two points of the curve of w cubed, and its tangent at w = 1.", seconds=1.5)

# %% [markdown]
# The central line leans like the tangent long before the forward line does. It costs a second evaluation for each
# weight, and it is worth it.
#
# ## 4. How small is small enough?
#
# If a smaller step is better, take the smallest one!
#
# **Predict before you run.** A computer stores a number with about 16 digits. What does it make of `1 + 1e-16`, and so,
# what is the forward difference with that step?

# %%
h = 1e-16
print("1 + h == 1:", 1 + h == 1, "  forward difference:", (cube(1 + h) - cube(1)) / h)

# %% [markdown]
# The step was rounded away, and the slope is zero. With a somewhat larger step the disaster is only smaller. Both
# losses are rounded in their 16th digit, by about $10^{-16}$. Their difference is wrong by as much, and then it is
# divided by the tiny $h$. So there are two errors, and they pull in opposite directions:
#
# $$\text{forward} \quad \underbrace{3h}_{\text{curvature}} + \underbrace{10^{-16} / h}_{\text{rounding}} \qquad\qquad
# \text{central} \quad \underbrace{h^2}_{\text{what is left}} + \underbrace{10^{-16} / h}_{\text{rounding}}$$
#
# **Predict before you run.** The sum is smallest about where its two terms are equally large. Which power of ten is
# that for the forward difference, and which for the central one? How large is the error there?

# %%
steps = np.array([float(f"1e-{k}") for k in range(17)])  # 1, 0.1, 0.01, ...
errors = {
    "forward": np.abs((cube(1 + steps) - cube(1)) / steps - 3),
    "central": np.abs((cube(1 + steps) - cube(1 - steps)) / (2 * steps) - 3),
}
assert 1e-9 <= steps[errors["forward"].argmin()] <= 1e-7
assert 1e-6 <= steps[errors["central"].argmin()] <= 1e-5
show(v_curve(steps, errors, title="Smaller is better, until it is worse"))

# %% [markdown]
# Read it from right to left. First the formula gets better: by one decade for each decade of $h$ (forward), by two
# (central). Then rounding takes over, and both climb the same jagged slope, where luck decides about each single point.
#
# * Forward: $3h = 10^{-16}/h$ at about $h = 10^{-8}$. The error is about $10^{-8}$, so half of the 16 digits are left.
# * Central: $h^2 = 10^{-16}/h$ at about $h = 10^{-5}$. The error is about $10^{-10}$, or a little less: ten digits.
#
# That is why `central_difference` takes $h = 10^{-5}$ if you do not say otherwise. Many libraries compute with
# `float32`, which stores only 7 digits. Then rounding starts nine decades higher:

# %%
one, steps32 = np.float32(1), steps.astype(np.float32)
errors32 = np.abs((cube(one + steps32) - cube(one - steps32)) / (2 * steps32) - 3)
print(f"float32: at best {errors32.min():.0e}, at h = 1e-5 {errors32[5]:.0e}")
assert errors32.min() > 1e-6

# %% [markdown]
# So check gradients in `float64`, even if you train in `float32`.
#
# ## 5. Many weights, one at a time
#
# A loss of many weights has one slope for each of them: move *one*, hold all others still, put it back, go on to the
# next. As an example, one linear unit with two weights and three samples:
#
# $$out_n = w_1 x_{n1} + w_2 x_{n2}, \qquad loss = \tfrac12 \sum_n (out_n - target_n)^2$$
#
# Now derive. The outer function is half a square, so its slope is $out_n - target_n$; the inner one is a weighted sum,
# whose slope by $w_i$ is what $w_i$ is multiplied with, $x_{ni}$. The chain rule multiplies them, and the sum over the
# samples stays a sum:
#
# $$\frac{\partial\, loss}{\partial w_i} = \sum_n (out_n - target_n)\, x_{ni}$$
#
# **Predict before you run.** With the numbers below, the outputs are -0.5, 2 and -0.5. What are the three errors, and
# what is the slope by $w_1$?

# %%
x = np.array([[1.0, 2.0], [3.0, -1.0], [0.0, 1.0]])
target = np.array([1.0, 0.0, 2.0])
w = np.array([0.5, -0.5])


def loss_at(w):
    """Return the loss of the three samples for these two weights."""
    return half_squared(x @ w, target)[0]


derived = (x @ w - target) @ x
numeric = central_difference(loss_at, w)
print("derived ", derived)
print("measured", numeric.round(6))
assert np.abs(derived - numeric).max() < 1e-8

# %% [markdown]
# `central_difference` does what the paragraph above says: two evaluations for each entry, and an array of slopes with
# the shape of `w`.
#
# Here are two slips that everybody makes once. Both run without an error message. The first takes the error the wrong
# way round, target minus output. The second takes the mean over the samples, where the loss has the sum.
#
# **Predict before you run.** By which factor is each of them off? With which of the two does the loss still fall?

# %%
slips = {"turned round": (target - x @ w) @ x, "mean, not sum": (x @ w - target) @ x / 3}
for name, slip in slips.items():
    print(f"{name:14} {slip}   measured {numeric.round(6)}")
    assert np.abs(slip - numeric).max() > 1

# %% [markdown]
# The first is off by -1: it leads uphill, and you notice soon. The second is off by 1/3, points the right way, and trains
# well with another learning rate. You may never notice, until you copy somebody's learning rate and it does not fit.
#
# ## 6. How near is near enough?
#
# The two gradients never agree in all digits, so we need a limit. "At most $10^{-6}$ apart" sounds strict. Let us count
# the same loss in other units, once a billion times smaller, once a billion times larger.
#
# **Predict before you run.** In which of the two cases does a claim of *zeros* pass, in which does the right gradient
# fail?

# %%
for scale in (1e-9, 1e9):
    derived = scale * (x @ w - target) @ x
    numeric = central_difference(lambda w, scale=scale: scale * loss_at(w), w)
    zeros, right = np.abs(numeric).max() < 1e-6, np.abs(derived - numeric).max() < 1e-6
    print(f"scale {scale:5.0e}   zeros pass: {zeros}   the right gradient passes: {right}")
    assert zeros == right == (scale < 1)

# %% [markdown]
# A limit for the difference alone means nothing. What counts is the error *as a share of the gradient's own size*,
# where the size is its length, the root of the sum of all squares:
#
# $$error = \frac{\max_i |claimed_i - numeric_i|}{\lVert claimed \rVert}$$

# %%
for scale in (1e-9, 1e9):
    derived = scale * (x @ w - target) @ x
    numeric = central_difference(lambda w, scale=scale: scale * loss_at(w), w)
    error = np.abs(derived - numeric).max() / np.linalg.norm(derived)
    print(f"scale {scale:5.0e}   error below 1e-7: {error < 1e-7}")
    assert error < 1e-7

# %% [markdown]
# With central differences in `float64`, a right gradient stays far below $10^{-7}$. A wrong one shows $10^{-3}$ or
# more, as a rule. In between, look closer: at the step, at the number of digits, at kinks (step 8).
#
# Some prefer the share entry by entry, $|claimed_i - numeric_i| / \max(|claimed_i|, |numeric_i|)$. It finds a wrong
# entry that is small beside all others, but it raises false alarms for entries that are nearly zero, and where both
# are exactly 0 you must say yourself that they agree.
#
# ## 7. One wrong sign among 30730
#
# Now a gradient that you cannot derive yet. It belongs to the classifier of lesson 01: an image of 3072 numbers, ten
# scores, softmax and cross-entropy. Somebody hands you the last two lines of the next cell and says that `claimed` is
# its gradient (lessons 08 and 09 derive them). You need not understand them: a checker needs no more than the loss. (The
# images are made up, which does not matter here.)

# %%
rng = np.random.default_rng(0)
images, labels = rng.uniform(size=(5, 3072)), np.array([3, 1, 4, 1, 5])
W, b = 0.01 * rng.normal(size=(3072, 10)), np.zeros(10)
theta = np.concatenate([W.ravel(), b])  # all parameters in a row
agrees("000-7.parameters", theta.size)


def loss_of(theta):
    """Return the mean cross-entropy of the five images for these 30730 parameters."""
    return softmax_cross_entropy(images @ theta[:-10].reshape(3072, 10) + theta[-10:], labels)[0]


delta = softmax_cross_entropy(images @ W + b, labels)[1]
claimed = np.concatenate([(images.T @ delta).ravel(), delta.sum(axis=0)])

# %% [markdown]
# **Predict before you run.** How many evaluations of the loss does a central difference for all parameters take? On a
# large data set one evaluation may take 0.1 s: is it minutes or hours?

# %%
evaluations = 2 * theta.size
print(f"{evaluations} evaluations, {evaluations * 0.1 / 3600:.1f} hours for one gradient")
assert evaluations == 61460

# %% [markdown]
# So you check only a few of them? Let us plant an error: one entry, number 12345, gets the wrong sign.
#
# **Predict before you run.** You compare ten entries, drawn at random. How likely is it that the wrong one is among
# them?

# %%
wrong = claimed.copy()
wrong[12345] *= -1
names = [("W", (3072, 10)), ("b", (10,))]
ten = rng.choice(theta.size, 10, replace=False)
report = check(loss_of, theta, wrong, entries=ten, names=names)
print(f"chance {10 / theta.size:.2%}   says it is right: {report.right}")
assert report.right

# %% [markdown]
# Ten out of 30730: 0.03 %. The check is happy, and it is mistaken. A few entries tell you whether *all* entries are
# wrong, which slips in a formula often cause. They tell you nothing about a single one.
#
# The remedy is to move *all* parameters at once, by a little each, along a random direction $u$. The loss then changes
# by the sum of what all of them do, and that is one number, for two evaluations:
#
# $$\frac{loss(\theta + h u) - loss(\theta - h u)}{2h} \approx \sum_i \frac{\partial\, loss}{\partial \theta_i}\, u_i$$
#
# Every entry of $u$ is $+1$ or $-1$, divided by $\sqrt{30730}$, so that $u$ has length 1. Every parameter has a share
# in the sum, and none can hide.

# %%
u = rng.choice([-1.0, 1.0], theta.size) / np.sqrt(theta.size)
measured = directional(loss_of, theta, u)
print(f"measured {measured:.6f}   right claim {claimed @ u:.6f}   wrong claim {wrong @ u:.6f}")
assert abs(measured - claimed @ u) < 1e-8 < abs(measured - wrong @ u)

# %% [markdown]
# Two evaluations instead of 61460, and you know that *something* is wrong. To find out where, cut the direction in half:
# the half that disagrees more holds the error. Fifteen halvings lead from 30730 entries down to one. `check` does all of
# this.

# %%
report = check(loss_of, theta, wrong, names=names)
print(f"right: {report.right}   at {report.place}   claimed {report.claimed:.6f}, numeric {report.numeric:.6f}")
assert report.place == "W[1234, 5]"
assert check(loss_of, theta, claimed, names=names).right

# %% [markdown]
# Row 1234, column 5 of $W$: that is number $10 \cdot 1234 + 5 = 12345$.
#
# Nothing is without a gap. Suppose two neighbouring entries were swapped. One is too large by exactly as much as the
# other is too small.
#
# **Predict before you run.** In which random directions do these two errors cancel? How likely is it that three
# directions all miss them?

# %%
swapped = claimed.copy()
swapped[[12345, 12346]] = claimed[[12346, 12345]]
for _ in range(6):
    u = rng.choice([-1.0, 1.0], theta.size) / np.sqrt(theta.size)
    signs = "same signs" if u[12345] == u[12346] else "opposite signs"
    found = abs(directional(loss_of, theta, u) - swapped @ u) > 1e-7
    print(f"{signs:15} found: {found}")
    assert found == (signs == "opposite signs")

# %% [markdown]
# They cancel where both move to the same side, in every second direction. Three directions miss them once in
# $2^3 = 8$ times, ten once in about a thousand. So: all entries of a small network of the same kind, and a few random
# directions through the large one.
#
# ## 8. Where measuring goes wrong
#
# **Kinks.** The hinge loss of lesson 01 is $\max(0, z)$ of some $z$: flat on the left, with slope 1 on the right, and
# with a kink at $z = 0$. There is no slope there; a program must return one of the two all the same, and here it is 0.
#
# **Predict before you run.** What do the forward and the central difference say at $z = 0$? And the central one, with
# $h = 10^{-5}$, a little to the right, at $z = 5 \cdot 10^{-6}$, where the slope is 1?


# %%
def hinge_of(z):
    """Return the hinge."""
    return np.maximum(z, 0.0)


at = np.array([0.0, 5e-6, 1.0])
for z in at:
    forward, central = forward_difference(hinge_of, z), central_difference(hinge_of, z)
    print(f"z {z:7}   forward {forward:.3f}   central {central:.3f}")
print("a kink within h:", kinks(lambda z: hinge_of(z).sum(), at))
assert abs(central_difference(hinge_of, at[1]) - 0.75) < 1e-9

# %%
h = 1e-5
picture = loss_line(
    lambda z: (hinge_of(z + h) - hinge_of(z - h)) / (2 * h), (-3 * h, 3 * h), x="z (h = 1e-5)", y="slope of max(0, z)"
)
picture.artists["f"].set_label("measured")
picture.ax.plot([-3 * h, 0, 0, 3 * h], [0, 0, 1, 1], "--", color=SERIES[1], linewidth=2, label="true")
picture.ax.legend(loc="upper left", frameon=False, fontsize=11)
show(
    picture,
    alt="The slope of the hinge near its kink. The true slope jumps from 0 to 1 at z = 0. The central difference with "
    "h = 1e-5 is 0 up to z = -h, 1 from z = h on, and climbs in between on a straight ramp through 0.5 at z = 0.",
)

# %% [markdown]
# The true slope jumps from 0 to 1 at the kink. The measured one climbs a ramp as wide as $2h$, and everything on the
# ramp is a false alarm. `kinks` looks for such places: there, the slopes to the left and to the right stay apart however
# small the step is. Leave these entries out, or check at another point. A smaller $h$ makes the ramp narrower, but you
# know from step 4 what that costs.
#
# **A loss that does not hold still.** If the loss draws new random samples at each call, the two evaluations of a
# difference belong to two different losses, and $1/h$ blows their difference up:

# %%
restless = np.random.default_rng(0)


def loss_of_two(w):
    """Return the loss of two samples, drawn anew at each call."""
    rows = restless.choice(3, 2, replace=False)
    return half_squared(x[rows] @ w, target[rows])[0]


print("measured with new samples at each call:", central_difference(loss_of_two, w).round())
print("derived, for all three samples:        ", (x @ w - target) @ x)

# %% [markdown]
# In a check, draw the samples once, before you begin. The same goes for everything else that is random in a forward pass.
#
# **A point that proves nothing.** Where all slopes are zero, the claim "zero" is right, and a checker must pass it. So
# do not check at weights that are all zero or fully trained. Take random weights of ordinary size.
#
# **A checker that cannot fail.** Before you believe a check that passes, plant an error and see it fail. You have just
# done that.
#
# ## 9. For the curious: a step sideways
#
# This step is optional. It needs complex numbers: a number $i$ with $i^2 = -1$. Let the weight step *off* the real
# axis, from 1 to $1 + ih$, and multiply out as in step 3:
#
# $$(1 + ih)^3 = (1 - 3h^2) + i\,(3h - h^3)$$
#
# The second part, divided by $h$, is $3 - h^2$: as good as the central difference. But *nothing was subtracted*, so no
# digits are lost, and $h$ may be as small as you like. With $h = 10^{-20}$ the rest $h^2$ is far below the 16th digit.

# %%
print("complex step:", complex_step(cube, np.array(1.0), h=1e-20))
assert complex_step(cube, np.array(1.0), h=1e-20) == 3.0

# %% [markdown]
# The price: every function on the way must accept complex numbers. `abs` cuts the second part off, and a comparison such
# as $z > 0$ must look at the first part only. Where it works, it is the judge of all other methods.
#
# ## 10. Hunt an error yourself
#
# A small network with 27 parameters; one entry of its gradient is wrong by a share of the whole that you choose. The
# picture is the V of step 4 for this network, with the planted error as a level line. The error shows where it lies
# clearly above the curve of your method.

# %%
picture = GradientCheck(method="central", h=1e-5).picture()
picture.ax.axhline(1e-7, color="black", linestyle=":", linewidth=2)
picture.ax.annotate("planted error 1e-7", (1e-21, 2e-7), fontsize=11)
show(
    picture,
    alt="Error of a numeric gradient of a small network against h from 1e-20 to 1, three curves. Forward is best "
    "between h = 1e-8 and 1e-7, with an error of some 1e-8; central near h = 1e-5 with less than 1e-10; the complex "
    "step falls to about 1e-16 and stays there for all smaller h. The planted error is a level line at 1e-7; h = 1e-5 "
    "is pointed out: there, the line lies above central and complex step, and below forward.",
)

# %% [markdown]
# **Predict before you try.** The planted error is $10^{-7}$ of the gradient's length, the step $10^{-5}$.
#
# 1. The central difference finds it. Does the forward difference, with the same step?
# 2. You keep the central difference and make the step $10^{-10}$. Is that better?
# 3. You look at 5 random entries of the 27. How often will the wrong one be among them? Draw a few times. And 3 random
#    directions?
# 4. The error is only $10^{-12}$. Which method is left?

# %% tags=["nbval-ignore-output"]
explore(GradientCheck(method="central", h=1e-5, size=1e-7))

# %% [markdown]
# The answers:

# %%
tries = {
    "central, h = 1e-5": GradientCheck("central", h=1e-5),
    "1. forward, h = 1e-5": GradientCheck("forward", h=1e-5),
    "2. central, h = 1e-10": GradientCheck("central", h=1e-10),
    "3. three directions": GradientCheck("central", look="3 random directions"),
    "4. central, error 1e-12": GradientCheck("central", size=1e-12),
    "4. complex step, error 1e-12": GradientCheck("complex step", h=1e-20, size=1e-12),
}
found = [state.result()["shows"] for state in tries.values()]
for name, shows in zip(tries, found, strict=True):
    print(f"{name:30} {'found' if shows else 'missed'}")
assert found == [True, False, False, True, False, True]

# %%
draws = [GradientCheck(look="5 random entries", seed=seed).result()["shows"] for seed in range(100)]
print("5 random entries found it in", sum(draws), "of 100 draws; expected are", round(100 * 5 / 27))
assert 5 < sum(draws) < 35

# %% [markdown]
# The same error, the same loss: one method misses it and another finds it, and so does one *place to look*.
#
# ## Summary
#
# * **Measure**: difference of the loss, divided by the step. Central differences, $h = 10^{-5}$, `float64`.
# * **The V**: to the right the formula is coarse, to the left rounding wins. Smaller is not better.
# * **Compare** as a share of the gradient's length. Below $10^{-7}$ is right, above $10^{-3}$ is wrong.
# * **Many parameters**: two evaluations for each of them, or two for each random direction. Directions see every entry;
#   a few entries do not.
# * **Hold still**: no kinks within $h$, no new random numbers, no special point. And see the check fail once.
#
# The common slip is a cousin of the slide's: to divide by $h$ where the distance is $2h$. Every measured slope is then
# exactly twice as large as the derived one, and you go hunting for a mistake in the derivation, where there is none.
#
# ## Next
#
# In problem set 03 you write this checker yourself, and it is marked by the right and wrong gradients that it can tell
# apart. Lesson 04 turns to the other way: how one pass through a formula gives all analytic slopes at once.
