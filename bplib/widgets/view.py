"""The one class that talks to the page: it links a state with its script, and computes nothing itself.

JupyterLab hands what a page asks for to a thread of its own while cells run in another; so only one of them at a time
may change a state and say so.
"""

from __future__ import annotations

import asyncio
import base64
import html
import inspect
import threading
from collections.abc import Callable, Iterator
from importlib import resources
from typing import Any

import anywidget
import traitlets

from bplib.svg.palette import DARK, LIGHT
from bplib.widgets.base import State, plain

FILES = resources.files(__package__)
PAUSE = 0.01  # s between two slices of a run: time for the kernel to hear what else is asked of it


def script(state: State) -> str:
    """Return the JavaScript module for a state: what all widgets share, then its own."""
    return "\n".join((FILES / name).read_text(encoding="utf-8") for name in ("base.js", state.script))


def style() -> str:
    """Return the style sheet of all widgets: the palette as variables, for both themes, then the rules."""
    light, dark = (
        " ".join(f"--bp-{key.replace('_', '-')}: {colour};" for key, colour in theme.items()) for theme in (LIGHT, DARK)
    )
    themes = f'.bp {{ {light} }}\n[data-jp-theme-light="false"] .bp, .vscode-dark .bp {{ {dark} }}\n'
    return themes + (FILES / "base.css").read_text(encoding="utf-8")


class View(anywidget.AnyWidget):
    """A state in a notebook: made by `explore`.

    Parameters
    ----------
    state : State
        Follows what is done on the page, and is there for code in other cells.
    """

    _esm = traitlets.Unicode().tag(sync=True)
    _css = traitlets.Unicode().tag(sync=True)
    title = traitlets.Unicode().tag(sync=True)
    fixed = traitlets.Dict().tag(sync=True)
    inputs = traitlets.Dict().tag(sync=True)
    result = traitlets.Dict().tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)
    running = traitlets.Bool().tag(sync=True)

    def __init__(self, state: State) -> None:
        self.state, self._watchers, self._run, self._task = state, [], None, None
        self._alone = threading.RLock()
        super().__init__(
            _esm=script(state),
            _css=style(),
            title=state.title,
            fixed=plain(state.fixed()),
            inputs=plain(state.inputs()),
            result={} if state.in_page else plain(state.result()),
        )
        self.observe(self._moved, "inputs")
        self.on_msg(self._asked)

    def watch(self, callback: Callable[[State], None]) -> None:
        """Call `callback(state)` after every change; if it fails, the reason is shown in the widget's own area."""
        self._watchers.append(callback)

    def change(self, **inputs: Any) -> None:
        """Change some inputs from another cell, on the page and in the state; see `State.change`."""
        with self._alone:
            self.state.change(**inputs)
            self._follow()

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take over what the page sends; called by ipywidgets."""
        with self._alone:
            super().set_state(sync_data)

    def _moved(self, change: dict[str, Any]) -> None:
        """Follow the page, or ourselves."""
        if change["new"] != plain(self.state.inputs()):
            self._do(lambda: self.state.change(**change["new"]))

    def _asked(self, _: View, message: dict[str, Any], buffers: list) -> None:
        """Carry out an action; one with `yield` in it slice by slice."""
        if message.get("act") not in self.state.actions:
            return
        with self._alone:
            self.running = False
            self._run = steps = self._do(getattr(self.state, message["act"]))
            if inspect.isgenerator(steps):
                self.running = True
                self._task = asyncio.get_running_loop().create_task(self._slices(steps))  # a loop holds it only weakly

    async def _slices(self, steps: Iterator) -> None:
        """Take step after step, until none is left, one fails, or another action was asked for."""
        while self._slice(steps):
            await asyncio.sleep(PAUSE)

    def _slice(self, steps: Iterator) -> bool:
        """Take one step; return whether to go on."""
        with self._alone:
            if self._run is not steps:
                return False
            over = object()
            self.running = self._do(lambda: next(steps, over)) is not over and not self.problem
            return self.running

    def _do(self, act: Callable[[], Any]) -> Any:
        """Return what `act` returns; the page learns how things stand now, or why it failed."""
        with self._alone:
            try:
                returned = act()
                self._follow()
            except Exception as fault:
                self.problem = str(fault) or type(fault).__name__
                return None
            return returned

    def _follow(self) -> None:
        """Show what the state holds now, and tell those who watch."""
        with self.hold_sync():
            self.problem = ""
            self.inputs = plain(self.state.inputs())
            if not self.state.in_page:
                self.result = plain(self.state.result())
        for callback in self._watchers:
            callback(self.state)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict, dict]:
        """Return the widget, and for pages without a kernel its picture."""
        data, metadata = super()._repr_mimebundle_(**kwargs)
        with self._alone:
            picture = self.state.picture()
        return data | {"text/html": still(picture, self.state.title), "text/plain": picture.alt}, metadata


def still(picture: Any, title: str) -> str:
    """Return HTML for a page where no kernel runs: the picture, its words, and what is missing."""
    if hasattr(picture, "markup"):
        kind, data, size = "svg+xml", picture.markup.encode(), ""
    else:
        kind, data = "png", picture.png()
        size = f"width:{int.from_bytes(data[16:20]) / 1.5:.0f}px;"  # stored with 1.5 dots for each pixel shown
    source = f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
    return (
        f'<figure style="margin:0"><img alt="{html.escape(picture.alt)}" src="{source}" '
        f'style="{size}max-width:100%;height:auto"><figcaption><em>{html.escape(title)}: this picture stands still. '
        "It needs a running kernel: open the notebook in JupyterLab and run this cell.</em></figcaption></figure>"
    )
