"""What moves is understood step by step: an animation here can be stopped, taken back and slowed down."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import struct
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from bplib.plots.paper import Plot, picture
from bplib.svg import Drawing
from bplib.svg.palette import LIGHT

MOST_FRAMES = 200
MOST_BYTES = 3_000_000  # of all frames together: they are part of the notebook
PROGRAM = Path(__file__).with_name("player.js")


@dataclass(frozen=True)
class Player:
    """An animation that shows itself as the last value of a cell, and in pages that were made of the notebook.

    Attributes
    ----------
    html : str
        The last frame, and a small program that makes the controls and holds the other frames.
    alt : str
        What the whole shows.
    """

    html: str = field(repr=False)
    alt: str

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": self.alt}


def animate(frames: Iterable[Drawing | Plot | Figure], alt: str, *, seconds: float = 0.5) -> Player:
    """Return a player for pictures: play and pause, one step forward and back, a slider, speed, all by keyboard too.

    It needs neither a kernel nor a network, so it works in exported pages. It begins when it comes into view, or waits
    for "Play" where a reader's system asks for less motion. Without JavaScript the last frame is shown.

    Parameters
    ----------
    frames : iterable of Drawing, Plot or Matplotlib figure
        In their order, at least one. Each one's own alt text is read with it.
    alt : str
        What the whole shows, in a sentence.
    seconds : float
        How long a frame stays at normal speed.

    Returns
    -------
    player : Player

    Raises
    ------
    ValueError
        If there are no or more than 200 frames, they take more than 3 MB, `alt` is empty, or `seconds` is not positive.
    TypeError
        If a frame is none of the three.

    Examples
    --------
    >>> from bplib.svg import network
    >>> player = animate([network([["x"], ["out"]], light=[unit]) for unit in ("x", "out")], "From x to out.")
    >>> player
    Player(alt='From x to out.')
    >>> 'alt="From x to out.' in player.html
    True
    """
    frames = list(frames)
    if not 1 <= len(frames) <= MOST_FRAMES:
        raise ValueError(f"{len(frames)} frames cannot be played: at least 1, at most {MOST_FRAMES}; leave some out")
    if not alt.strip():
        raise ValueError("alt is empty: say in a sentence what there is to see")
    if not 0 < seconds < float("inf"):
        raise ValueError(f"a frame of {seconds} seconds cannot be shown: it needs a positive number")
    sources, alts, sizes, total = [], [], [], 0
    for k, frame in enumerate(frames, start=1):
        kind, data, size = _picture(frame)
        total += len(data)
        if total > MOST_BYTES:
            raise ValueError(
                f"{k} of {len(frames)} frames take {total / 1e6:.1f} MB, more than the {MOST_BYTES / 1e6:.0f} MB "
                "that a notebook bears: leave some out, or draw smaller ones"
            )
        sources.append(f"data:image/{kind};base64,{base64.b64encode(data).decode()}")
        alts.append(f"{alt} Frame {k} of {len(frames)}. {getattr(frame, 'alt', '')}".strip())
        sizes.append(size)
    width, height = (max(side) for side in zip(*sizes, strict=True))
    name = hashlib.sha256("".join([*sources, *alts]).encode()).hexdigest()[:16]
    given = dict(id=name, frames=sources, alts=alts, seconds=seconds, colours=dict(LIGHT))
    program = f"({PROGRAM.read_text(encoding='utf-8')})({json.dumps(given)})".replace("</", "<\\/")
    return Player(
        f'<div data-player="{name}" role="group" aria-label="{html.escape(alt)}" '
        f'style="width:{width:.0f}px;max-width:100%;color-scheme:light;background:{LIGHT["paper"]};color:{LIGHT["ink"]}">'
        f'<img alt="{html.escape(alts[-1])}" src="{sources[-1]}" style="width:100%;'
        f'aspect-ratio:{width:.0f}/{height:.0f};object-fit:contain;object-position:left top"></div>'
        f"<script>{program}</script>",
        alt,
    )


def _picture(frame: Any) -> tuple[str, bytes, tuple[float, float]]:
    """Return a frame's kind, its data, and its width and height in pixels."""
    if isinstance(frame, Drawing):
        size = re.search(r'<svg [^>]*\bwidth="([\d.]+)" height="([\d.]+)"', frame.markup).groups()
        return "svg+xml", frame.markup.encode(), (float(size[0]), float(size[1]))
    if not isinstance(frame, Plot | Figure):
        raise TypeError(f"a frame is a Drawing, a Plot or a Matplotlib figure, not {type(frame).__name__}")
    figure = frame.figure if isinstance(frame, Plot) else frame
    data = picture(figure)
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot and isinstance(figure, pyplot.Figure):  # else it would be shown once more when the cell ends
        pyplot.close(figure)
    width, height = struct.unpack(">II", data[16:24])
    return "png", data, (width / 1.5, height / 1.5)
