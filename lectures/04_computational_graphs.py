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
# # 04 Computational graphs
#
# To measure a slope (lesson 03) you evaluate the whole formula twice, and you do that again for every single number in
# it. Here you get all slopes of a formula from *one* walk through it, backwards. You need no more than the slopes of
# plus, times and a few small functions, and a picture of which number was computed from which.
#
# **You will** draw formulas as graphs, carry values up and derivatives back down by hand, catch two slips on the
# slides, learn what each kind of gate does to a derivative that passes through it, and see why derivatives add where
# paths meet. In the end the walk is six lines of code that work for every formula, a network with its loss included.
#
# **You need** lesson 00 (derivative rules), lesson 02 (the step against the gradient) and lesson 03 (numeric
# gradients).
#
# **Time** 60 minutes, with pencil and paper beside you.
#
# **Decks** 000 (Vetter, Kraus, Höfle), from the slide "f(x, y, z) = (x + y)z" to "Zurückfließende Gradienten in einem
# Netz werden addiert"; 002, "Computation Graph Backprop" and the three slides "Computation Graph – MLP".
#
# **Covers** 000-10, 000-11 (E30, E31), 000-12, 000-13, 000-14, 002-13.
#
# The decks and the code use these names for the same things:
#
# {{notation 000 002: x W b z a out loss}}
#
# In this lesson $f$ is the last number of a formula, whatever it means. (Deck 000 also writes $f$ for scores, and deck
# 002 for an activation function.) The *gradient* of a node is the derivative of $f$ by it; in code, `node.grad`.

# %%
import numpy as np

from bplib.data import exercise_neuron, sigmoid_neuron, sum_times
from bplib.golden import agrees
from bplib.gradcheck import central_difference
from bplib.graph import Value, topological_order
from bplib.plots import animate
from bplib.svg import graph, show
from bplib.widgets import GraphStepper, explore

# %% [markdown]
# ## 1. A formula is a graph
#
# Deck 000 (Vetter, Kraus, Höfle), "Backpropagation Beispiel", begins with
#
# $$f(x, y, z) = (x + y)\,z \qquad \text{at } x = -2,\; y = 5,\; z = -4.$$
#
# You cannot multiply before you have added. So the sum gets a name, $q = x + y$, and then $f = q z$. (Here $z$ is just
# a third input. From step 3 on it is the weighted sum of a unit, as in the table.)
#
# A `Value` is a number that remembers what it was computed from. Write the formula with `Value`s, and Python draws the
# graph for you.
#
# **Predict before you run.** What are $q$ and $f$?

# %%
x, y, z = (Value(number, name) for number, name in zip(sum_times(), "xyz", strict=True))
q = x + y
f = q * z
q.name, f.name = "q", "f"
agrees("000-10.forward", [q.data, f.data])

# %%
show(graph(f, local=False, title="Values flow from left to right"))

# %% [markdown]
# Boxes with corners are inputs. Round boxes are *gates*: each computes one small thing from what its edges bring. A
# gate knows its own inputs and nothing else of the formula. This way from the inputs to $f$ is the *forward pass*.
#
# ## 2. Back from the last number to the first
#
# Now the question that a graph is drawn for: if an input grows a little, how much does $f$ grow? We ask each gate for
# something that it can answer alone, its *local derivatives*: how much does your result grow if one of your inputs
# grows?
#
# * The gate $q = x + y$ answers 1 for $x$ and 1 for $y$.
# * The gate $f = q z$ answers $z$ for $q$, and $q$ for $z$. The forward pass has left both numbers there.
#
# Write each answer on its edge. The chain rule says: multiply what stands along the way, from $f$ back to the input.
#
# $$\frac{\partial f}{\partial x} = \frac{\partial f}{\partial q}\,\frac{\partial q}{\partial x}, \qquad
# \frac{\partial f}{\partial y} = \frac{\partial f}{\partial q}\,\frac{\partial q}{\partial y}$$
#
# **Predict before you run.** How fast does $f$ change with $q$, with $z$, with $x$ and with $y$? Begin at the right end
# of the picture, and use $\partial f / \partial q$ twice.

# %%
dq = 1 * z.data  # f = q z: the other factor
dz = 1 * q.data
dx = dq * 1  # q = x + y
dy = dq * 1
agrees("000-10.backward", [dx, dy, dz, dq])

# %%
f.backward()
show(graph(f, title="Gradients flow from right to left"))

# %% [markdown]
# In each box, the number behind the arrow is the gradient. At $f$ itself it is 1: $f$ changes exactly as fast as $f$.
# From there, each gate multiplies what arrives by the number on an edge, and passes the product down that edge. This is
# the *backward pass*.
#
# The gradient of $x$ is -4: raise $x$ by a little, and $f$ *falls* by four times as much. Try it, with no chain rule:

# %%
print("f", (-2 + 5) * -4, "  with x raised by 0.01", round((-1.99 + 5) * -4, 8))
measured = central_difference(lambda v: (v[0] + v[1]) * v[2], np.array([-2.0, 5.0, -4.0]))
print("measured", measured.round(6))
assert np.abs(measured - [x.grad, y.grad, z.grad]).max() < 1e-8

# %% [markdown]
# Now walk it yourself, one node at a time: five steps forward, five steps back.
#
# **Predict before you try.** Set $z$ to 1. Which of the inputs' gradients change, and which does not? Then set $z$ back
# to -4 and $x$ to -5. Now $f$ is 0. Which gradients are 0, too?

# %% tags=["nbval-ignore-output"]
explore(GraphStepper(f))

# %%
for inputs in ([-2, 5, 1], [-5, 5, -4]):
    state = GraphStepper(f)
    state.change(values=inputs)
    print(inputs, " gradients of x, y, z:", state.result()["grads"][:3])
assert state.result()["grads"][:3] == [-4, -4, 0]

# %% [markdown]
# The gradient of $z$ is $q$, and $q$ does not depend on $z$. At $f = 0$ only the gradient of $z$ is 0. A gradient says
# how fast $f$ changes, whatever $f$ is at the moment.
#
# ## 3. A neuron in small gates
#
# A *neuron* adds up its inputs, each times a weight, and puts the sum through an activation function. Deck 000,
# "Backpropagation eines Neurons mit einer Sigmoid-Aktivierungsfunktion", takes one apart: a sum
# $z = w_0 x_0 + w_1 x_1 + \dots$, and then $f = 1 / (1 + e^{-z})$. First, what comes last in the sum?
#
# | As printed | Correct | Why |
# |---|---|---|
# | the last term of the sum is $w_2 x_2$ | it is $w_2$ alone, a bias (or $x_2 = 1$) | the figure is lost; the circuit that it seems to show adds $w_2$ without an input, and so the sum is 1, which the printed 1.37 needs (erratum E31, inferred) |
#
# How do we know that the sum was 1? The slide's next numbers are $e^{-z}$ and $1 + e^{-z}$, and the second is printed:
# 1.37. Solve that for $z$:

# %%
neuron = sigmoid_neuron()  # w = (2, -3), bias -3, x = (-1, -2)
print("from the printed 1.37: z =", round(-np.log(1.37 - 1), 2))
agrees("E31.net", neuron.w @ neuron.x + neuron.b)

# %% [markdown]
# Now the neuron as a graph: the sum, and behind it a chain of four gates for $-z$, $e^{-z}$, $1 + e^{-z}$ and the
# reciprocal.

# %%
w0, w1, w2 = (Value(w, f"w{k}") for k, w in enumerate([*neuron.w, neuron.b]))
x0, x1 = (Value(x, f"x{k}") for k, x in enumerate(neuron.x))
z = w0 * x0 + w1 * x1 + w2
minus = -z
power = minus.exp()
total = 1 + power
f = 1 / total
z.name, f.name = "z", "f"
agrees("000-11.forward", [power.data, total.data, f.data])

# %%
show(graph(f, local=False, title="A sigmoid neuron, forward"))

# %% [markdown]
# Look at the four gates on the right. The slide gives their derivatives (its $x$ is whatever enters the gate):
#
# | Gate | $1/x$ | $c + x$ | $e^x$ | $a x$ |
# |:---|:---:|:---:|:---:|:---:|
# | Local derivative | $-1/x^2$ | $1$ | $e^x$ | $a$ |
# | Here | $x = 1.37$ | $c = 1$ | $x = -1$ | $a = -1$ |
#
# **Predict before you run.** Start with 1 at $f$ and go back through the four gates, with two digits: four
# multiplications. Where does the sign change? Is the gradient of $z$ positive?

# %%
d_total = -1 / total.data**2 * 1
d_power = 1 * d_total
d_minus = power.data * d_power
d_z = -1 * d_minus
agrees("000-11.backward", [d_total, d_power, d_minus, d_z])
agrees("000-11.printed", [total.data, d_total, d_power, d_minus, d_z])

# %% [markdown]
# The sign changes twice, so the gradient of $z$ is positive: a larger sum gives a larger sigmoid. The same walk as a
# film; stop it where you like. On the way back every gate does the same three things: take what arrives, multiply it by
# the number on the edge, hand it down.

# %%
chain = 1 / (1 + (-Value(z.data, "z")).exp())
animate(
    [GraphStepper(chain, step=k).picture() for k in range(1, 11)],
    alt="The chain z, times -1, exp, plus 1, 1 / x. Forward the values are 1, -1, 0.3679, 1.368, 0.7311; backward the "
    "gradients are 1, -0.5344, -0.5344, -0.1966, 0.1966.",
    seconds=1.2,
)

# %% [markdown]
# One line of the slide does not compute:
#
# | As printed | Correct | Why |
# |---|---|---|
# | $-1 \cdot (-0{,}19)$ $= 0{,}20$ | $-1 \cdot (-0.1966)$ $= 0.1966$ | the gate above hands down -0.20, rounded; -0.19 is no rounding of -0.1966, and its product would be 0.19 (erratum E30) |

# %%
agrees("E30.product", -1 * d_minus)
assert round(d_minus, 2) == -0.2
assert round(-1 * -0.19, 2) != 0.2

# %% [markdown]
# That was the chain. From $z$ the gradient goes on to the weights and inputs: plus gates pass 0.1966 on as it is, and
# each times gate multiplies it by the *other* factor.
#
# **Predict before you run.** $x_1 = -2$ stands beside $w_1 = -3$. Which of the five has the largest gradient, and what
# is the gradient of the bias?

# %%
f.backward()
agrees("000-11.dw", [w0.grad, w1.grad, w2.grad])
agrees("000-11.dx", [x0.grad, x1.grad])

# %%
inputs = [w0, w1, w2, x0, x1]
at = np.array([node.data for node in inputs])
measured = central_difference(lambda v: 1 / (1 + np.exp(-(v[0] * v[3] + v[1] * v[4] + v[2]))), at)
print("measured", measured.round(6))
assert np.abs(measured - [node.grad for node in inputs]).max() < 1e-9

# %% [markdown]
# $x_1$ has the largest, because it is multiplied by -3, the largest factor. The bias gets exactly the gradient of $z$.
#
# ## 4. One gate for four
#
# Is a gate always one operation? No: a gate may be as large as you like, as long as it knows its local derivative. The
# slope of the whole chain from $z$ to $f$ is the product of its four local derivatives,
# $(-1) \cdot e^{-z} \cdot 1 \cdot (-1 / (1 + e^{-z})^2)$. That is the first line of deck 000, "Sigmoid Gate", and
# four more lines make it short:
#
# | $\frac{d\sigma}{dz} =$ | What was done |
# |:---|:---|
# | $\dfrac{e^{-z}}{(1 + e^{-z})^2}$ | the two minus signs have cancelled |
# | $\left(\dfrac{e^{-z}}{1 + e^{-z}}\right) \left(\dfrac{1}{1 + e^{-z}}\right)$ | two factors; the second is $\sigma(z)$ itself |
# | $\left(\dfrac{1 + e^{-z} - 1}{1 + e^{-z}}\right) \left(\dfrac{1}{1 + e^{-z}}\right)$ | added 1, and taken it away again |
# | $\left(\dfrac{1 + e^{-z}}{1 + e^{-z}} - \dfrac{1}{1 + e^{-z}}\right) \left(\dfrac{1}{1 + e^{-z}}\right)$ | one fraction split in two |
# | $(1 - \sigma(z))\, \sigma(z)$ | the first of the two is 1, the other is $\sigma(z)$ |
#
# The slope follows from the *output* of the gate alone. No power has to be computed again on the way back.
#
# **Predict before you run.** The neuron puts out 0.73. What is the slope of its sigmoid, with one digit? And if we
# rebuild the neuron with one sigmoid gate, which gradients of its weights and inputs change?

# %%
agrees("000-12.slope", (1 - 0.73) * 0.73)
agrees("000-12.printed", (1 - 0.73) * 0.73)
agrees("E30.product", (1 - f.data) * f.data)
four_gates = [node.grad for node in inputs]
f = (w0 * x0 + w1 * x1 + w2).sigmoid()
f.name = "f"
f.backward()
assert np.abs(np.array(four_gates) - [node.grad for node in inputs]).max() < 1e-15

# %%
show(graph(f, title="The same neuron with one sigmoid gate"))

# %% [markdown]
# None changes. What is inside a gate is its own business. Libraries make use of that: one large gate is faster, and
# often more exact, than many small ones.
#
# ## 5. Three gates, three habits
#
# Deck 000 gives three gates a nickname for what they do to a gradient that arrives. To see it, let the gradient 2
# arrive at each: we write $f = 2 \cdot gate(x, y)$.
#
# **Predict before you run.** $x = 3$ and $y = -4$. Which gradients do $x$ and $y$ get from `x + y`, from `x * y` and
# from `max(x, y)`? For the last one, ask: if $y$ moves a little, what happens to the larger of the two?

# %%
x, y = Value(3, "x"), Value(-4, "y")
passed = {}
for name, gate in {"x + y": x + y, "x * y": x * y, "max(x, y)": x.max(y)}.items():
    f = 2 * gate
    f.backward()
    passed[name] = [x.grad, y.grad]
    show(graph(f, title=f"2 arrives at {name}"))

# %%
for name, gate in {"x + y": np.add, "x * y": np.multiply, "max(x, y)": np.maximum}.items():
    measured = central_difference(lambda v, gate=gate: 2 * gate(v[0], v[1]), np.array([3.0, -4.0]))
    print(f"{name:10} passed on {passed[name]}, measured {measured.round(6)}")
    assert np.abs(measured - passed[name]).max() < 1e-8

# %% [markdown]
# | Gate | Habit | Why |
# |---|---|---|
# | ADD | *distributor*: every input gets the gradient as it is | each term moves the sum one to one |
# | MULT | *switcher*: every input gets it times the value of the *other* | a factor counts as much as what it is multiplied by |
# | MAX | *router*: the larger input gets all of it, the other nothing | a small move of the smaller one changes nothing |
#
# You will meet all three habits again. Because of MULT, a weight with a large input gets a large gradient: this is why
# inputs are scaled (lesson 13). Because of MAX, a ReLU, $\max(0, z)$, is a switch: where it is off, nothing passes
# (lesson 05). If both inputs of MAX are equal, $f$ has a kink there and no derivative; our gate then takes the first.
#
# ## 6. Your turn
#
# Deck 000 ends this part with an exercise: $w_0 = -1$, $w_1 = 2$, $w_2 = -2$, $w_3 = 4$ and $x_0 = 2$, $x_1 = 4$,
# $x_2 = 3$. Its figure is lost. Four weights and three inputs fit a sigmoid neuron whose last weight is the bias:
#
# $$f = \sigma(w_0 x_0 + w_1 x_1 + w_2 x_2 + w_3)$$

# %%
neuron = exercise_neuron()
ws = [Value(w, f"w{k}") for k, w in enumerate([*neuron.w, neuron.b])]
xs = [Value(x, f"x{k}") for k, x in enumerate(neuron.x)]
z = ws[0] * xs[0] + ws[1] * xs[1] + ws[2] * xs[2] + ws[3]
f = z.sigmoid()
z.name, f.name = "z", "f"
show(graph(f, forward=7, title="Fill it in"))

# %% [markdown]
# **Predict before you run.** Copy the graph and fill in all values, then all local derivatives, then all gradients from
# right to left. You need one number from a calculator: $\sigma(4) = 0.982$. Then compare with the widget, step by step:
# it uncovers one node at a time, first the values and then the gradients.

# %% tags=["nbval-ignore-output"]
explore(GraphStepper(f, step=7))

# %%
f.backward()
agrees("000-14.forward", [z.data, f.data])
agrees("000-14.slope", z.grad)
agrees("000-14.dw", [w.grad for w in ws])
agrees("000-14.dx", [x.grad for x in xs])
print("w:", [round(w.grad, 7) for w in ws], " x:", [round(x.grad, 7) for x in xs])

# %% [markdown]
# All of them are small, although no weight and no input is. At $z = 4$ the sigmoid is almost flat: its slope of 0.0177
# is a factor of every gradient. Lesson 05 looks at that.
#
# ## 7. Where paths meet, gradients add
#
# So far every node was used once. Now let $x$ be used twice:
#
# $$u = x + y, \qquad f = x\,u \qquad \text{at } x = 3,\; y = 1$$
#
# If $x$ moves, two things happen at once. One factor of $f$ moves, and so does the other, because $u$ moves along. $f$
# feels both, and its change is the sum of the two. Deck 000, "Zurückfließende Gradienten in einem Netz werden addiert":
# gradients that flow back into one node are added. For every edge from $x$ up to some $u$, one term:
#
# $$\frac{\partial f}{\partial x} = \sum_{\text{edges } x \to u}
# \frac{\partial f}{\partial u}\,\frac{\partial u}{\partial x}$$
#
# **Predict before you run.** What comes back to $x$ straight from $f$, what through $u$, and what is the gradient?

# %%
x, y = Value(3, "x"), Value(1, "y")
u = x + y
f = x * u
u.name, f.name = "u", "f"
straight, through_u = u.data, x.data * 1
f.backward()
show(graph(f, title="Two paths lead back to x"))

# %%
measured = central_difference(lambda v: v * (v + 1), np.array(3.0))
print(f"straight {straight}, through u {through_u}, together {x.grad}, measured {measured:.6f}")
assert straight + through_u == x.grad
assert abs(measured - x.grad) < 1e-8

# %% [markdown]
# In a network, paths meet everywhere. A hidden unit is read by every unit above it, and a weight is used once for every
# sample.
#
# ## 8. Six lines that walk back
#
# Only one question is left: in which order? A node may hand its gradient down when it is *complete*, when everything
# that reads the node has delivered.
#
# Deck 002, "Computation Graph Backprop", calls the graph a DAG, a *directed acyclic graph*. Its nodes are operations or
# variables: in a library whole arrays, there called *tensors*; here single numbers. Its edges carry values one way, the
# *flow*, and no way leads back to where it began. The nodes of such a graph can be put in a row in which each stands
# after all of its inputs. This is a *topological order*. Forward we go along it, and backward we go along it in
# reverse.
#
# Here is a graph in which the order matters:
#
# $$u = x^2, \qquad v = u + x, \qquad f = u\,v \qquad \text{at } x = 2$$

# %%
x = Value(2, "x")
u = x * x
v = u + x
f = u * v
u.name, v.name, f.name = "u", "v", "f"
order = topological_order(f)
print("forward ", *(node.name for node in order))
print("backward", *(node.name for node in reversed(order)))
show(graph(f, title="Who must wait for whom?"))

# %% [markdown]
# **Predict before you run.** Fill in the gradients from right to left. Both edges from $x$ to $u$ count. And what would
# go wrong on the way back if $u$ came before $v$?

# %%
for node in order:
    node.grad = 0.0
f.grad = 1.0
for node in reversed(order):
    for below, slope in node.edges:
        below.grad += slope * node.grad

print({node.name: node.grad for node in reversed(order)})
measured = central_difference(lambda x: x**2 * (x**2 + x), np.array(2.0))
print(f"measured {measured:.6f}")
assert abs(measured - x.grad) < 1e-7

# %%
show(graph(f, title="Complete first, then down"))

# %% [markdown]
# The first six lines of the cell above the picture are backpropagation. `f.backward()` holds the same ones, and nothing
# in them depends on the formula. $u$ is read by $f$ *and* by $v$, so it has to wait for $v$: 6 comes from $f$, 4 from
# $v$. If it does not wait, it hands down the 6 alone, and the 4 comes too late:

# %%
for node in order:
    node.grad = 0.0
f.grad = 1.0
for node in [f, u, v, x]:  # u before v
    for below, slope in node.edges:
        below.grad += slope * node.grad
too_early = x.grad
print("in the wrong order:", too_early)
assert abs(measured - too_early) > 1

# %% [markdown]
# The other slip is the most frequent one in code of one's own: `=` in place of `+=`. Then each path overwrites what the
# path before it has brought.

# %%
for node in order:
    node.grad = 0.0
f.grad = 1.0
for node in reversed(order):
    for below, slope in node.edges:
        below.grad = slope * node.grad  # should be +=
overwritten = x.grad
print("with = in place of +=:", overwritten)
assert abs(measured - overwritten) > 1

# %% [markdown]
# Why all this care about order, if one could just list every path from $f$ down to $x$, multiply along each, and add
# up? Because of how many there are. Double a number twenty times, $u \leftarrow u + u$: each time, two edges.
#
# **Predict before you run.** How many paths lead from the end back to $x$? How many edges does the walk in topological
# order pass?

# %%
x = Value(1, "x")
u = x
for _ in range(20):
    u = u + u
u.backward()
print(f"edges {sum(len(node.edges) for node in topological_order(u))}, gradient {x.grad:.0f}")
assert x.grad == 2**20

# %% [markdown]
# Every local derivative is 1, so every path counts 1, and the gradient *is* the number of paths: more than a million.
# The walk passes 40 edges, each once. Gradients that have been added up at a node travel on together.
#
# ## 9. A network with its loss
#
# A network is a formula, so it is a graph, too. Deck 002, "Computation Graph – MLP", shows one in three pictures by
# Yoav Goldberg (2015): without input, with input, and with the loss. The pictures are lost. Here is the same story with
# a network that fits on a page: one input, one hidden tanh unit, one output, no biases.
#
# **Without input.** The weights have values. All else waits.

# %%
w1, w2 = Value(0.8, "w1"), Value(-0.5, "w2")
x, target = Value(1.5, "x"), Value(0.5, "target")
out = w2 * (w1 * x).tanh()
out.name = "out"
show(graph(out, forward=2, local=False, title="Without input"))

# %% [markdown]
# **With input.** Now every gate can compute. This is all that is needed to *use* a network.

# %%
show(graph(out, local=False, title="With input"))

# %% [markdown]
# **With the loss.** The target comes in, and the graph ends in one number that says how wrong the output is. Only now
# is there something to go back from.
#
# **Predict before you run.** Is `out` too high or too low, so is its gradient positive or negative? Four inputs get a
# gradient. Which two of them do we not need?

# %%
loss = (out - target) ** 2
loss.name = "loss"
loss.backward()
show(graph(loss, local=False, title="With input, target and loss"))

# %%
weights = [w1, w2]
at = np.array([node.data for node in weights])
measured = central_difference(lambda v: (v[1] * np.tanh(v[0] * x.data) - target.data) ** 2, at)
print("backward", [round(node.grad, 6) for node in weights])
print("measured", measured.round(6))
assert np.abs(measured - [node.grad for node in weights]).max() < 1e-8

# %% [markdown]
# `out` is too low, so its gradient is negative: raise it, and the loss falls. $x$ and the target are data, and nobody
# changes data to make a loss smaller. The other two gradients say how to change the weights. Learning is then three
# things in turn: forward, backward, a step against the gradient.

# %%
for k in range(100):
    out = w2 * (w1 * x).tanh()
    loss = (out - target) ** 2
    loss.backward()
    for node in weights:
        node.data -= 0.1 * node.grad
    if k in (0, 1, 10, 99):
        print(f"step {k:2}: out {out.data:9.6f}, loss {loss.data:.6f}")
assert loss.data < 1e-6

# %% [markdown]
# ## Summary
#
# * **Forward**: go through the graph in topological order. Each gate computes its value and keeps its local
#   derivatives.
# * **Backward**: begin with 1 at the end and go through the same order in reverse. Each gate multiplies what has
#   arrived by the local derivative of each edge, and hands it down.
# * **Habits**: ADD distributes, MULT switches, MAX routes. A gate may be large: the sigmoid is one, with $(1 - a)\,a$.
# * **Where paths meet**, gradients add. One walk gives the gradient of *every* node, and passes each edge once.
#
# The common slip is `=` for `+=`. As long as every node is used once, nobody notices. In the first graph where two
# paths meet, part of the gradient is gone, and the rest looks plausible. A measured slope finds it at once.
#
# ## Next
#
# Problem set 04 gives you graphs with numbers of your own, to be filled in by hand, and then asks you for the sweep
# itself. Lesson 05 looks at one kind of gate more closely: the activation functions, and what their slopes let through.
#
# To read on: Christopher Olah, [Calculus on Computational Graphs:
# Backpropagation](https://colah.github.io/posts/2015-08-Backprop/), the post that deck 002 recommends.
