"""A picture is a text: rectangles, lines and words, written down in order, with a paper of its own beneath them.

What all drawings share: how a number is written, how wide words are, where boxes meet, and how a picture is said in
words where nobody can see it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

from bplib.svg.palette import LIGHT

PAPER, GIVEN, LIT = LIGHT["paper"], LIGHT["given"], LIGHT["lit"]
INK, FAINT_INK, LINE, FAINT_LINE, GRID = (LIGHT[key] for key in ("ink", "faint", "line", "faint_line", "grid"))
FORWARD, BACKWARD, WRONG, WRONG_INK, LIGHT_UP = (
    LIGHT[key] for key in ("forward", "backward", "wrong", "wrong_ink", "light")
)
NAME, SMALL, TITLE = 14.0, 13.0, 15.0  # font sizes; nothing is smaller than SMALL
WIDE = 0.6  # width of a character, in font sizes: a little more than digits take in usual sans-serif fonts
LONGEST_ALT = 300  # characters: what a listener bears


@dataclass(frozen=True)
class Drawing:
    """A finished picture.

    Parameters
    ----------
    markup : str
        A complete SVG document, with its own background.
    alt : str
        What there is to see, in words made from the same data.
    """

    markup: str = field(repr=False)
    alt: str = ""


@dataclass(frozen=True)
class Box:
    """A rectangle that nothing else may cover, by its centre."""

    x: float
    y: float
    width: float
    height: float

    def meets(self, other: Box) -> bool:
        """Say whether the two rectangles overlap."""
        return (
            2 * abs(self.x - other.x) < self.width + other.width
            and 2 * abs(self.y - other.y) < self.height + other.height
        )

    def crossed(self, start: tuple[float, float], end: tuple[float, float]) -> bool:
        """Say whether the straight line from `start` to `end` passes through the rectangle."""
        enter, leave = 0.0, 1.0
        for s, e, c, size in (
            (start[0], end[0], self.x, self.width),
            (start[1], end[1], self.y, self.height),
        ):
            if s == e:
                if abs(s - c) >= size / 2:
                    return False
                continue
            first, second = sorted(((c - size / 2 - s) / (e - s), (c + size / 2 - s) / (e - s)))
            enter, leave = max(enter, first), min(leave, second)
        return enter < leave


def number(value: Any) -> str:
    """Write a number with four significant digits, an array as its shape, and words as they are.

    Examples
    --------
    >>> number(0.59326999), number(-0.0), number(float("nan")), number(10**400), number("0.40")
    ('0.5933', '0', 'nan', 'overflow', '0.40')
    """
    if isinstance(value, str):
        return value
    if shape := getattr(value, "shape", ()):
        return str(tuple(shape))
    try:
        return format(float(value) + 0.0, ".4g").replace("-", "−")  # + 0.0 turns -0.0 into 0.0
    except OverflowError:
        return "overflow"


def width_of(words: str, size: float = SMALL) -> float:
    """Return the room that words take, in pixels: rather too much than too little."""
    return len(words) * WIDE * size


def cut(words: str, longest: int) -> str:
    """Return words of at most `longest` characters, with an ellipsis where they were cut."""
    return words if len(words) <= longest else words[: longest - 1] + "…"


def text(
    x: float,
    y: float,
    words: str,
    size: float = SMALL,
    *,
    bold: bool = False,
    dim: bool = False,
    fill: str = INK,
    kind: str = "",
    anchor: str = "middle",
) -> str:
    """Return words whose line is centred at the height `y`."""
    named = f'class="{kind}" ' if kind else ""
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text {named}x="{x:.2f}" y="{y + 0.36 * size:.2f}" font-size="{size:.2f}" text-anchor="{anchor}"{weight} '
        f'fill="{FAINT_INK if dim else fill}">{escape(words)}</text>'
    )


def ground(kind: str, box: Box, rim: str = "") -> str:
    """Return the ground that words stand on, so that no edge runs through them."""
    return (
        f'<rect class="{kind}" x="{box.x - box.width / 2:.2f}" y="{box.y - box.height / 2:.2f}" '
        f'width="{box.width:.2f}" height="{box.height:.2f}" rx="3" fill="{PAPER}"'
        + (f' stroke="{rim}" stroke-width="2"/>' if rim else "/>")
    )


def tip(points: Sequence[tuple[float, float]], colour: str) -> str:
    """Return a filled polygon: the head of an arrow."""
    corners = " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
    return f'<polygon points="{corners}" fill="{colour}"/>'


def document(width: float, height: float, parts: Iterable[str], title: str | None) -> str:
    """Return the whole picture: its paper with a frame, the title, then everything else."""
    heading = f"<title>{escape(title)}</title>" if title else ""
    paper = (
        f'<rect x="0.50" y="0.50" width="{width - 1:.2f}" height="{height - 1:.2f}" rx="10" fill="{PAPER}" '
        f'stroke="{GRID}"/>'
    )
    line = [text(width / 2, 27, title, TITLE, bold=True)] if title else []
    body = "\n".join([paper, *line, *parts])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.2f} {height:.2f}" width="{width:.2f}" '
        f'height="{height:.2f}" font-family="sans-serif">{heading}\n{body}\n</svg>\n'
    )


def tell(title: str | None, first: str, rest: Iterable[str]) -> str:
    """Return a sentence for `alt`: the title, the first words, and as much of the rest as a listener bears.

    Examples
    --------
    >>> tell("A net", "one input", ["x 2", "out 3"])
    'A net: one input; x 2; out 3.'
    >>> tell(None, "numbers", ["1234567890"] * 40)[-22:]
    '; 1234567890; 17 more.'
    """
    told, rest = cut(f"{title}: {first}" if title else first, LONGEST_ALT - 1), list(rest)
    for k, words in enumerate(rest):
        more = len(rest) - k - 1
        if len(told) + len(words) + 3 + (len(f"; {more} more") if more else 0) > LONGEST_ALT:
            end = f"; {more + 1} more" if k else ""
            return f"{cut(told, LONGEST_ALT - 1 - len(end))}{end}."
        told += f"; {words}"
    return told + "."
