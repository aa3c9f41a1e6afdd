"""A picture that answers is understood faster than one that is only looked at: what all widgets of the course share.

A widget is a plain Python object, its *state*, and one JavaScript file that shows it. `explore(state)` puts it into a
notebook; `state.picture()` is the same thing standing still, shown in the cell before and on pages without a kernel.

How to write one, in four steps:

1. **State.** A dataclass derived from `State`, in a module of its own that imports neither anywidget nor ipywidgets.
   Its fields are what a person may change: numbers, words, lists of numbers. `__post_init__` raises a ValueError that
   names the limit. `result()` returns everything that is shown, computed from the fields alone. `picture()` returns a
   drawing or a plot that has `alt`. What never changes is sent once, by `fixed()`. Set `title` and `script`.
2. **Script.** A file next to the module: `export default widget({ build, compute })`. It is read after `base.js`, whose
   functions it may use as if they were its own; it imports nothing.

   * `build(ui, fixed)` makes the controls (`ui.slider`, `ui.choice`, `ui.button`, `ui.number`) and the drawing
     (`ui.stage(width, height)`, `svg(tag, attributes)`) once. It returns `draw(inputs, result)`, which only updates
     what is there (`put(node, attributes)`), and returns a sentence that says what is to be seen.
   * `compute(inputs, fixed)` returns the same numbers as `state.result()`, if the page is to compute them itself: then
     the state says `in_page = True`, and a test holds the two equal. Left out, every change goes to the kernel, and
     `draw` gets what comes back.

3. **Actions.** What a button does in the kernel is a method of the state, named in its `actions`; in the script,
   `ui.button("Step", () => ui.act("step"))`. A method with `yield` in it runs in slices: after each one the page is
   drawn and the kernel is free for others. The next action ends such a run, so `pause` may be an empty method.
   `ui.running` tells the script whether one is running.
4. **Tests.** The state without a browser; the script in tests/widgets/, whose `conftest.py` has a real JupyterLab.

The base sees to the rest: keys stay with the widget, values are announced, a failure is shown in the widget's own area,
a kernel that is gone is mentioned, both themes are coloured from `bplib.svg.palette`.
"""

from __future__ import annotations

import dataclasses
import math
from typing import Any, ClassVar

import numpy as np


class State:
    """What a widget shows and a person changes: derive a dataclass from it.

    Attributes
    ----------
    title : str
        What the widget is called, on the page and by a screen reader.
    script : str
        Its JavaScript file in this folder.
    in_page : bool
        Whether the script computes the results itself; then only inputs travel.
    actions : tuple of str
        The methods that a button may call.
    """

    title: ClassVar[str]
    script: ClassVar[str]
    in_page: ClassVar[bool] = False
    actions: ClassVar[tuple[str, ...]] = ()

    def inputs(self) -> dict[str, Any]:
        """Return what a person may change, by name: the fields."""
        return {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}

    def change(self, **inputs: Any) -> None:
        """Change some of the inputs, or none of them.

        Raises
        ------
        ValueError
            If a value is refused; the state is then what it was.
        TypeError
            If there is no such input.
        """
        fresh = dataclasses.replace(self, **inputs)  # refuses before anything here has changed
        for name in self.inputs():
            setattr(self, name, getattr(fresh, name))

    def fixed(self) -> dict[str, Any]:
        """Return what the script needs and nobody changes; sent once."""
        return {}

    def result(self) -> dict[str, Any]:
        """Return everything that is shown, computed from the inputs."""
        raise NotImplementedError

    def picture(self) -> Any:
        """Return the widget standing still: a drawing or a plot that has `alt`."""
        raise NotImplementedError


def number(name: str, value: Any, low: float, high: float) -> float:
    """Return `value` as a float.

    Raises
    ------
    ValueError
        If it is no number from `low` to `high`.

    Examples
    --------
    >>> number("eta", "0.5", 0, 10)
    0.5
    >>> number("eta", 11, 0, 10)
    Traceback (most recent call last):
        ...
    ValueError: eta is a number from 0 to 10, not 11
    """
    try:
        found = float(value)
    except (TypeError, ValueError):
        found = math.nan
    if not low <= found <= high:
        raise ValueError(f"{name} is a number from {low:g} to {high:g}, not {value}")
    return found


def choice(name: str, value: str, options: Any) -> str:
    """Return `value`.

    Raises
    ------
    ValueError
        If it is none of the options.

    Examples
    --------
    >>> choice("function", "tahn", ["sigmoid", "tanh"])
    Traceback (most recent call last):
        ...
    ValueError: function is one of sigmoid, tanh, not 'tahn'
    """
    if value not in options:
        raise ValueError(f"{name} is one of {', '.join(options)}, not {value!r}")
    return value


def plain(value: Any) -> Any:
    """Return `value` in what travels to a page: lists, floats, words; numbers that are none as words.

    Examples
    --------
    >>> plain({"p": np.array([0.5, np.nan]), "n": np.int64(3), "top": -np.inf})
    {'p': [0.5, 'nan'], 'n': 3, 'top': '-inf'}
    """
    if isinstance(value, dict):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value
