"""A learning rule is a few lines of bookkeeping: what is kept from the last step, and what is made of it.

There is nothing here to differentiate, so the truth is the rule itself, written plainly. The state is computed first
and the parameters last: a step that follows a wrong velocity as it should is a right step.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from bplib.checks import kinds
from bplib.checks.kinds import Local
from bplib.checks.mistakes import Formula, Slip, slip
from bplib.checks.parts import Part
from bplib.checks.question import Question

SIZES = (3, 1, 7, 4)
STEPS = (3, 6, 40, 2)


class Step:
    """One step of a rule: its inputs by name, and as `new_...` what it returns."""

    def __init__(self, rule: Callable[..., dict[str, np.ndarray]], extreme: bool = False, **inputs: Any) -> None:
        self.__dict__.update(inputs, extreme=extreme, new=rule(**inputs))
        self.__dict__.update({f"new_{name}": value for name, value in self.new.items()})
        # A state that comes back as it was, or corrected for its start from 0, is not what the step was made with.
        self.aside = {name: [getattr(self, name)] for name in self.new if name != "w"}
        for name, beta in (("m", "beta1"), ("s", "beta2")) if "m" in self.new else ():
            self.aside[name].append(self.new[name] / (1 - inputs[beta] ** inputs["step"]))

    def using(self, **values: np.ndarray) -> Step:
        """Return a copy with the learner's own new values, where the step was made with them."""
        copy = Step.__new__(Step)
        copy.__dict__.update(self.__dict__)
        for name, value in values.items():
            if not any(np.allclose(value, other, rtol=1e-9, atol=0.0) for other in self.aside.get(name, ())):
                copy.__dict__[f"new_{name}"] = value
        return copy


def order_one(rng: np.random.Generator, P: int) -> np.ndarray:
    """Draw numbers of order one, of both signs, none of them near 0."""
    return rng.uniform(0.2, 1.2, P) * rng.choice([-1.0, 1.0], P)


def part(name: str, points: float, stage: float, formula: Formula, at: Callable[..., Local], think: str) -> Part:
    """Return the part for one returned value, which is computed at `stage`."""
    return Part(
        name, points, lambda n: n.new[name], think, formula, at, lambda index: (f"parameter {index[0]}", ()),
        stage=lambda layer, count: stage, known=lambda n, layer: {f"new {k}": v for k, v in n.new.items() if k != "w"},
    )  # fmt: skip


def first(values: np.ndarray) -> np.ndarray:
    """Mark the first entry."""
    return np.arange(len(values)) == 0


def last(values: np.ndarray) -> np.ndarray:
    """Mark the last entry."""
    return np.arange(len(values)) == len(values) - 1


# What is kept: a share of the old value, and a share of the new one


def _state(
    n: Local,
    keep: Any = lambda n: n.beta,
    share: Any = lambda n: n.share,
    new: Any = lambda n: n.value,
    kept: float = 1.0,
    added: float = 1.0,
    over: Any = lambda n: 1.0,
    where: Any = lambda values: True,
    elsewhere: Any = lambda values: values,
) -> Any:
    value = (kept * keep(n) * n.old + added * share(n) * new(n)) / over(n)
    return np.where(where(n.old), value, elsewhere(n.old))


MISSED = "the {} parameter stays as it was: does a loop {}?"
STATE = Formula(
    _state,
    (
        slip("beta_forgotten", keep=lambda n: 1.0),
        slip("velocity_reset", keep=lambda n: 0.0),
        slip("state_not_returned", keep=lambda n: 1.0, share=lambda n: 0.0, credit=False),
        slip("sign", "the new value is subtracted; it is added to what is kept", added=-1.0),
        slip("sign", "what is kept of the old value is subtracted; it is added", kept=-1.0),
        slip("factor_two", "the new value comes in twice", share=lambda n: 2 * n.share),
        slip("first_only", "only the first parameter's value is renewed: is `return` inside the loop?", where=first),
        slip("first_only", "only the first parameter's value is there, the others are 0", where=first,
             elsewhere=np.zeros_like),
        slip("last_only", "only the last parameter's value is renewed: does its line stand after the loop?",
             where=last),
        slip("last_only", "only the last parameter's value is there, the others are 0", where=last,
             elsewhere=np.zeros_like),
        slip("first_missed", MISSED.format("first", "starts one too late"), where=lambda values: ~first(values)),
        slip("last_missed", MISSED.format("last", "ends one too early"), where=lambda values: ~last(values)),
        *(slip("constant_for_formula", f"the decay rate is {c}, whatever is handed in", keep=lambda n, c=c: c,
               share=lambda n, c=c: 1.0 if n.share == 1 else 1 - c) for c in (0.5, 0.9, 0.99, 0.999)),
    ),
)  # fmt: skip
MEAN = STATE.but(
    slip("velocity_reset", "the old mean is dropped, as if it were 0; the new one keeps its share of it",
         keep=lambda n: 0.0),
    slip("decay_rates_swapped", keep=lambda n: 1 - n.beta, share=lambda n: n.beta),
    slip("betas_swapped", keep=lambda n: n.other_beta, share=lambda n: 1 - n.other_beta),
    slip("new_share_missing", share=lambda n: 1.0),
    slip("corrected_moments_stored", over=lambda n: 1 - n.beta**n.step),
    without=("velocity_reset",),
)  # fmt: skip
# What is done to all parameters is done to one only
SOME = (
    slip("first_only", "only the first parameter moves: is `return` inside the loop?",
         rate=lambda n: n.eta * first(n.w)),
    slip("last_only", "only the last parameter moves: does its line stand after the loop?",
         rate=lambda n: n.eta * last(n.w)),
    slip("first_missed", MISSED.format("first", "starts one too late"), rate=lambda n: n.eta * ~first(n.w)),
    slip("last_missed", MISSED.format("last", "ends one too early"), rate=lambda n: n.eta * ~last(n.w)),
)  # fmt: skip
RATES = (
    slip("eta_over_n", "eta is divided by the number of parameters; each of them has its own step",
         rate=lambda n: n.eta / len(n.w)),
    slip("factor_half", "the step is half as long as it should be", rate=lambda n: n.eta / 2),
    *(slip("constant_for_formula", f"the learning rate is {c}, whatever is handed in", rate=lambda n, c=c: c)
      for c in (0.1, 0.01, 0.001)),
)  # fmt: skip


# Momentum


def heavy_ball(w: np.ndarray, v: np.ndarray, g: np.ndarray, eta: float, beta: float) -> dict[str, np.ndarray]:
    """Take one step with momentum."""
    new_v = beta * v + g
    return {"w": w - eta * new_v, "v": new_v}


def made_with(n: Step, step: np.ndarray) -> bool:
    """Say whether the learner's own parameters were moved by `step`."""
    return np.allclose(n.new_w, n.w + step, rtol=1e-9, atol=0.0)


def eta_inside(n: Local, sign: float) -> float:
    """Return eta as the share of g in v, if it is not multiplied on again in the step."""
    if made_with(n.n, -n.eta * n.n.new_v) or made_with(n.n, n.eta * n.n.new_v):
        raise ValueError("eta comes in twice")
    return sign * n.eta


def eta_again(n: Local) -> float:
    """Return eta as the share of g in v, if it is multiplied on again in the step."""
    if not made_with(n.n, -n.eta * n.n.new_v):
        raise ValueError("eta does not come in twice")
    return n.eta


def along_v(n: Step, layer: int) -> Local:
    """Return what the step is made with: v, less its eta if the learner has stored it there, and not used it again."""
    v = n.new_v
    for sign in (1.0, -1.0):
        if np.allclose(v, n.beta * n.v + sign * n.eta * n.g, rtol=1e-9, atol=0.0) and made_with(n, -sign * v):
            v = sign * v / n.eta
    return Local(n=n, w=n.w, g=v, eta=n.eta)


VELOCITY = STATE.but(
    slip("momentum_ema", share=lambda n: 1 - n.beta),
    slip("eta_in_velocity", share=lambda n: eta_inside(n, 1.0)),
    slip("eta_in_velocity", share=lambda n: eta_inside(n, -1.0)),
    slip("eta_twice", "eta is multiplied on in v, and again in the step", share=eta_again),
    slip("decay_rates_swapped", "v keeps 1 - beta of its old value; it keeps beta", keep=lambda n: 1 - n.beta),
    slip("decay_rates_swapped", keep=lambda n: 1 - n.beta, share=lambda n: n.beta),
    slip("beta_on_gradient", share=lambda n: n.beta),
    slip("eta_and_beta_swapped", keep=lambda n: n.eta),
    slip("absolute_values", "the size of the gradient is added; its sign says which way is down",
         new=lambda n: np.abs(n.value)),
    slip("squared_in_first_moment", "the squared gradient enters v, as in RMSprop; v keeps the gradient itself",
         new=lambda n: n.value**2),
    slip("gradient_forgotten", share=lambda n: 0.0),
)  # fmt: skip
ALONG_V = kinds.STEP.but(
    slip("old_velocity", g=lambda n: n.n.v),
    slip("gradient_for_moment", g=lambda n: n.n.g),
    slip("nesterov_step", g=lambda n: n.n.beta * n.g + n.n.g),
    slip("eta_and_beta_swapped", rate=lambda n: n.n.beta),
    slip("beta_twice", g=lambda n: n.n.beta * n.g),
    slip("step_of_one", "only the sign of v is used; the step is eta times v", g=lambda n: np.sign(n.g)),
    *RATES,
    *SOME,
)


def momentum_steps(seed: int) -> list[Step]:
    """Return random steps with momentum, for several numbers of parameters."""
    rng = np.random.default_rng(seed)
    return [
        Step(heavy_ball, w=order_one(rng, P), v=order_one(rng, P), g=order_one(rng, P),
             eta=float(rng.uniform(0.15, 0.45)), beta=float(rng.uniform(0.55, 0.85))) for P in SIZES
    ]  # fmt: skip


momentum = Question(
    "ps11.momentum", "w v g eta beta",
    [
        part("w", 1, 2.0, ALONG_V, along_v,
             "Which way does the ball roll, and with which velocity: the one before this gradient, or the one after?"),
        part("v", 1, 1.0, VELOCITY, lambda n, layer: Local(n=n, old=n.v, beta=n.beta, share=1.0, value=n.g, eta=n.eta),
             "How much of the old velocity is left, and how much of the new gradient comes to it?"),
    ],
    momentum_steps, 'Deck 003, "Momentum Backprop"', tried=("", "random step"),
)  # fmt: skip


# Adam


def adaptive(
    w: np.ndarray,
    m: np.ndarray,
    s: np.ndarray,
    g: np.ndarray,
    step: int,
    eta: float,
    beta1: float,
    beta2: float,
    epsilon: float,
) -> dict[str, np.ndarray]:
    """Take one step of Adam; `step` counts from 1."""
    new_m = beta1 * m + (1 - beta1) * g
    new_s = beta2 * s + (1 - beta2) * g**2
    corrected_m, corrected_s = new_m / (1 - beta1**step), new_s / (1 - beta2**step)
    return {"w": w - eta * corrected_m / (np.sqrt(corrected_s) + epsilon), "m": new_m, "s": new_s}


FIRST = MEAN.but(
    slip("absolute_values", "the size of the gradient is averaged; its sign says which way is down",
         new=lambda n: np.abs(n.value)),
    slip("squared_in_first_moment", new=lambda n: n.value**2),
)  # fmt: skip
SECOND = MEAN.but(
    slip("second_moment_not_squared", new=lambda n: n.n.g),
    slip("second_moment_not_squared", "the size of the gradient enters s; s is a mean of squared gradients",
         new=lambda n: np.abs(n.n.g)),
    slip("second_moment_not_squared", "s is made from m, not from the gradient: a mean of squared gradients is meant",
         new=lambda n: n.n.new_m**2),
    slip("second_moment_centred", new=lambda n: (n.n.g - n.n.new_m) ** 2),
    slip("second_moment_centred", "the square of g - m is averaged, with the old m; s is a mean of g squared itself",
         new=lambda n: (n.n.g - n.n.m) ** 2),
)  # fmt: skip


def _adam(
    n: Step,
    w: Any = lambda n: n.w,
    way: float = -1.0,
    rate: Any = lambda n: n.eta,
    top: Any = lambda n: n.new_m,
    first: Any = lambda n: 1 - n.beta1**n.step,
    bottom: Any = lambda n: n.new_s,
    second: Any = lambda n: 1 - n.beta2**n.step,
    root: Any = np.sqrt,
    inside: Any = lambda n: 0.0,
    outside: Any = lambda n: n.epsilon,
) -> Any:
    below = root(bottom(n) / second(n) + inside(n)) + outside(n)
    return w(n) + way * rate(n) * top(n) / first(n) / below


def corrections(id: str, power: Callable[[float, int], float], says: str = "") -> tuple[Slip, ...]:
    """Return the slip of both corrections, and of each alone."""
    one, two = lambda n: power(n.beta1, n.step), lambda n: power(n.beta2, n.step)
    only = says and f"{says} (for {{}} only)"
    return (
        slip(id, says, first=one, second=two),
        slip(id, only.format("m"), first=one, alone=True),
        slip(id, only.format("s"), second=two, alone=True),
    )


ADAM = Formula(
    _adam,
    (
        slip("no_bias_correction", first=lambda n: 1.0, second=lambda n: 1.0),
        slip("correction_first_only", second=lambda n: 1.0),
        slip("correction_second_only", first=lambda n: 1.0),
        *corrections("bias_correction_from_zero", lambda beta, step: 1 - beta ** (step - 1)),
        *corrections("bias_correction_one_ahead", lambda beta, step: 1 - beta ** (step + 1)),
        *corrections("correction_power_forgotten", lambda beta, step: 1 - beta),
        *corrections("correction_power_forgotten", lambda beta, step: 1 - beta * step,
                     "beta is multiplied by step; it is raised to that power, 1 - beta**step"),
        *corrections("correction_multiplied", lambda beta, step: 1 / (1 - beta**step)),
        slip("betas_swapped", "the corrections have each other's beta: beta1 belongs to m, beta2 to s",
             first=lambda n: 1 - n.beta2**n.step, second=lambda n: 1 - n.beta1**n.step, alone=True),
        slip("betas_swapped", "both corrections are made with beta1; that of s needs beta2",
             second=lambda n: 1 - n.beta1**n.step, alone=True),
        slip("betas_swapped", "both corrections are made with beta2; that of m needs beta1",
             first=lambda n: 1 - n.beta2**n.step, alone=True),
        slip("epsilon_in_root", inside=lambda n: n.epsilon, outside=lambda n: 0.0),
        slip("epsilon_before_correction", outside=lambda n: n.epsilon / np.sqrt(1 - n.beta2**n.step)),
        slip("epsilon_missing", outside=lambda n: 0.0),
        slip("no_root", root=lambda value: value),
        slip("gradient_for_moment", top=lambda n: n.g, first=lambda n: 1.0),
        slip("gradient_for_moment", top=lambda n: n.g),
        slip("gradient_for_moment", "this is RMSprop's step, g over the root of s as it is; m belongs in g's place",
             top=lambda n: n.g, first=lambda n: 1.0, second=lambda n: 1.0),
        slip("gradient_for_moment", "g is divided by the root of its own square; both should be what is gathered over "
             "the steps, m and s", top=lambda n: n.g, first=lambda n: 1.0, bottom=lambda n: n.g**2,
             second=lambda n: 1.0),
        slip("old_velocity", "the step is made with the old m and s; they are renewed first, and the step follows them",
             top=lambda n: n.m, bottom=lambda n: n.s),
        slip("old_velocity", "the step is made with the old m; it is renewed first, and the step follows the new one",
             top=lambda n: n.m),
        slip("old_velocity", "the step is made with the old s; it is renewed first, and the step follows the new one",
             bottom=lambda n: n.s),
        slip("second_moment_unused", bottom=lambda n: 1.0, second=lambda n: 1.0, outside=lambda n: 0.0, alone=True),
        slip("step_of_one", "each parameter moves by eta, whatever m and s are: that is so in the first step only",
             top=lambda n: np.sign(n.g), first=lambda n: 1.0, bottom=lambda n: 1.0, second=lambda n: 1.0,
             outside=lambda n: 0.0, alone=True),
        slip("step_of_one", "each parameter moves by eta, whatever m and s are: that is so in the first step only",
             top=lambda n: np.sign(n.new_m), first=lambda n: 1.0, bottom=lambda n: 1.0, second=lambda n: 1.0,
             outside=lambda n: 0.0, alone=True),
        slip("absolute_values", "the size of m is used; its sign says which way to go", top=lambda n: np.abs(n.new_m)),
        slip("constant_for_formula", "the corrections are made with 0.9 and 0.999, whatever is handed in",
             first=lambda n: 1 - 0.9**n.step, second=lambda n: 1 - 0.999**n.step, alone=True),
        slip("constant_for_formula", "0.9, 0.999 and 1e-8 are typed in; beta1, beta2 and epsilon are handed in",
             first=lambda n: 1 - 0.9**n.step, second=lambda n: 1 - 0.999**n.step, outside=lambda n: 1e-8, alone=True),
        slip("constant_for_formula", "epsilon is 1e-8, whatever is handed in", outside=lambda n: 1e-8, alone=True),
        slip("ascent", way=1.0),
        slip("eta_forgotten", rate=lambda n: 1.0),
        slip("eta_twice", rate=lambda n: n.eta**2),
        slip("eta_divided", "it is divided by the learning rate; it is multiplied by it",
             rate=lambda n: 1 / n.eta, alone=True),
        slip("moved_twice", rate=lambda n: 2 * n.eta, alone=True),
        slip("old_value_lost", w=lambda n: 0.0),
        slip("old_value_lost", w=lambda n: 0.0, way=1.0),
        slip("nothing_moved", way=0.0, credit=False),
        *RATES,
        *SOME,
    ),
)  # fmt: skip


def adam_steps(seed: int) -> list[Step]:
    """Return random steps of Adam, for several numbers of parameters; the last one is the very first step."""
    rng = np.random.default_rng(seed)
    found = []
    for P, step in (*zip(SIZES, STEPS, strict=True), (2, 1)):
        found.append(Step(
            adaptive, extreme=step == 1, w=order_one(rng, P), m=order_one(rng, P), s=rng.uniform(0.05, 0.4, P),
            g=order_one(rng, P), step=step, eta=float(rng.uniform(0.15, 0.45)), beta1=float(rng.uniform(0.6, 0.85)),
            beta2=float(rng.uniform(0.91, 0.98)), epsilon=float(rng.uniform(0.02, 0.1)),
        ))  # fmt: skip
    return found


adam = Question(
    "ps11.adam", "w m s g step eta beta1 beta2 epsilon",
    [
        part("w", 2, 3.0, ADAM, lambda n, layer: n,
             "At the first step m is (1 - beta1) * g. By what must it be divided to be g? And s?"),
        part("m", 1, 1.0, FIRST, lambda n, layer: Local(
                n=n, old=n.m, beta=n.beta1, other_beta=n.beta2, share=1 - n.beta1, value=n.g, step=n.step),
             "A mean of old and new: which share does each get, and what do the shares sum to?"),
        part("s", 1, 2.0, SECOND, lambda n, layer: Local(
                n=n, old=n.s, beta=n.beta2, other_beta=n.beta1, share=1 - n.beta2, value=n.g**2, step=n.step),
             "A mean of old and new: of g, or of its square? And with which of the two betas?"),
    ],
    adam_steps, 'Deck 003, "ADAM"', tried=("", "random step"),
)  # fmt: skip
