"""Widgets for what people would rather move than read: each is a plain state object that a page can show.

>>> from bplib.widgets import Slope
>>> Slope(function="sigmoid", z=0.0).result()["slope"]
0.25

In a notebook, `explore(Slope())` shows it with its controls. How to write one stands in `bplib.widgets.base`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bplib.widgets.ball import Ball
from bplib.widgets.base import State
from bplib.widgets.blame import Blame
from bplib.widgets.boundary import Boundary
from bplib.widgets.gradient_check import GradientCheck
from bplib.widgets.initialization import Initialization
from bplib.widgets.race import Race
from bplib.widgets.scores import Scores
from bplib.widgets.slope import Slope
from bplib.widgets.stepper import GraphStepper
from bplib.widgets.two_two_two import TwoTwoTwo

if TYPE_CHECKING:
    from bplib.widgets.view import View

__all__ = [
    "Ball",
    "Blame",
    "Boundary",
    "GradientCheck",
    "GraphStepper",
    "Initialization",
    "Race",
    "Scores",
    "Slope",
    "State",
    "TwoTwoTwo",
    "explore",
]


def explore(state: State) -> View:
    """Return the widget that shows `state`: as the last line of a cell, it appears.

    What is done on the page changes `state`, so that the next cell can go on with it. `view.change(z=2)` goes the other
    way; `view.watch(callback)` calls `callback(state)` after every change.

    Parameters
    ----------
    state : State
        For instance `Slope()`.

    Returns
    -------
    view : View
    """
    from bplib.widgets.view import View  # here, so that a state needs no notebook

    return View(state)
