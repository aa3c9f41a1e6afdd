"""A derivative is the slope of the curve here and now: a point to be moved along an activation function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, ClassVar, NamedTuple

import numpy as np

from bplib import activations
from bplib.widgets.base import State, choice, number

Array = np.ndarray


class Activation(NamedTuple):
    """An activation function and its derivative, both of the pre-activation, and where it has kinks."""

    f: Callable[[Array], Array]
    df: Callable[[Array], Array]
    kinks: tuple[float, ...] = ()


def _of_output(f: Callable[[Array], Array], grad: Callable[[Array], Array]) -> Callable[[Array], Array]:
    """Return the derivative as a function of z, where `grad` takes the output."""
    return lambda z: grad(f(z))


FUNCTIONS = {
    "sigmoid": Activation(activations.sigmoid, _of_output(activations.sigmoid, activations.sigmoid_grad)),
    "tanh": Activation(activations.tanh, _of_output(activations.tanh, activations.tanh_grad)),
    "ReLU": Activation(activations.relu, _of_output(activations.relu, activations.relu_grad), (0.0,)),
    "leaky ReLU": Activation(
        activations.leaky_relu, _of_output(activations.leaky_relu, activations.leaky_relu_grad), (0.0,)
    ),
    "softplus": Activation(activations.softplus, activations.softplus_grad),
    "hardtanh": Activation(
        activations.hardtanh, _of_output(activations.hardtanh, activations.hardtanh_grad), (-1.0, 1.0)
    ),
    "identity": Activation(activations.identity, _of_output(activations.identity, activations.identity_grad)),
}


@dataclass
class Slope(State):
    """An activation function at one place: its value, its slope, and the slope of a secant.

    Parameters
    ----------
    function : str
        One of `FUNCTIONS`.
    z : float
        The pre-activation, from -6 to 6.
    h : float
        How far away the secant meets the curve again, from -4 to 4 but not 0.

    Raises
    ------
    ValueError
        If a parameter is outside its range.

    Examples
    --------
    >>> round(Slope("tanh", z=0.7).result()["slope"], 6)
    0.63474
    """

    function: str = "sigmoid"
    z: float = 1.0
    h: float = 2.0

    title: ClassVar[str] = "Slope explorer"
    script: ClassVar[str] = "slope.js"
    in_page: ClassVar[bool] = True

    def __post_init__(self) -> None:
        choice("function", self.function, FUNCTIONS)
        self.z = number("z", self.z, -6, 6)
        self.h = number("h", self.h, -4, 4)
        if self.h == 0:
            raise ValueError("h is 0: a secant needs two points")

    def result(self) -> dict[str, Any]:
        """Return the value, the slope and the slope of the secant at `z`; whether there is a kink."""
        f, df, kinks = FUNCTIONS[self.function]
        z, h = self.z, self.h
        value, beyond = f(np.array([z, z + h])).tolist()
        return {
            "value": value,
            "slope": float(df(np.array([z]))[0]),
            "beyond": beyond,
            "secant": (beyond - value) / h,
            "kink": z in kinks,
        }

    def picture(self) -> Any:
        """Return a plot of the function and its derivative with the slope triangle at `z`, and the secant."""
        from bplib.plots import activation, paper  # here, so that the numbers need no Matplotlib
        from bplib.plots.words import number as written

        f, df, _ = FUNCTIONS[self.function]
        plot, found = activation(f, df, z=self.z, between=(-6, 6), name=self.function), self.result()
        ends = [self.z, self.z + self.h], [found["value"], found["beyond"]]
        secant = plot.ax[0].plot(
            *ends, "s--", color=paper.SERIES[1], markerfacecolor=paper.PAPER, linewidth=2, zorder=4
        )
        far, steep = written(self.z + self.h), written(found["secant"])
        plot.ax[0].set_xlabel(f"z; dashed: secant to z = {far}")
        alt = f"{plot.alt} The secant to z = {far} has slope {steep}."
        return replace(plot, artists=plot.artists | {"secant": secant[0]}, alt=alt)
