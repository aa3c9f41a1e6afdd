"""Fourteen lessons, one loop: a score, its loss, the loss's gradient, a step, and the next score.

The map of the course: each lesson lies below the parts of the loop that it is about, in the order of the course.
"""

from __future__ import annotations

from bplib.svg.drawing import (
    FAINT_LINE,
    GIVEN,
    LIGHT_UP,
    LINE,
    LIT,
    PAPER,
    TITLE,
    Box,
    Drawing,
    document,
    ground,
    tell,
    text,
    tip,
    width_of,
)

STATIONS = (
    ("score", "what does the net say?"),
    ("loss", "how wrong is that?"),
    ("gradient", "who is to blame?"),
    ("step", "change every weight"),
)
LESSONS = (  # what it is called, and the first and the last part of the loop that it is about
    ("map and tools", 0, 3),
    ("score and loss", 0, 1),
    ("gradient descent", 3, 3),
    ("numeric and analytic", 2, 2),
    ("computational graphs", 2, 2),
    ("activation functions", 0, 0),
    ("two two two", 0, 3),
    ("deltas", 2, 2),
    ("losses done right", 1, 1),
    ("backprop in matrices", 2, 2),
    ("modules and autodiff", 2, 2),
    ("learning rules", 3, 3),
    ("initialization", 0, 0),
    ("practice", 0, 3),
)
AGAIN = "and round again, with new weights"
WIDTH, GAP, MARGIN = 184.0, 24.0, 20.0
STATION, BAR, ROW, RETURN = 56.0, 26.0, 33.0, 30.0  # heights: of a station, a lesson, a row, the way back


def course_map(here: int | None = None, *, title: str | None = None) -> Drawing:
    """Draw the loop of learning with all lessons of the course at their places.

    Parameters
    ----------
    here : int, optional
        The number of the lesson that is lit up, with the parts of the loop that it is about.
    title : str, optional
        A line above the map.

    Returns
    -------
    drawing : Drawing

    Raises
    ------
    ValueError
        If there is no such lesson.

    Examples
    --------
    >>> course_map(1).alt
    'The loop of learning: score, loss, gradient, step, and round again; you are in lesson 01, score and loss.'
    """
    if here is not None and here not in range(len(LESSONS)):
        raise ValueError(f"there is no lesson {here}: they are numbered from 0 to {len(LESSONS) - 1}")
    top = (44.0 if title else 18.0) + RETURN
    width = 2 * MARGIN + len(STATIONS) * WIDTH + (len(STATIONS) - 1) * GAP
    _, first, last = LESSONS[here] if here is not None else ("", 1, 0)
    parts = [_way_back(top)]
    for k, (name, question) in enumerate(STATIONS):
        left = _left(k)
        parts.append(_bar("station", left, top, WIDTH, STATION, first <= k <= last, 14))
        parts.append(text(left + WIDTH / 2, top + 19, name, TITLE, bold=True))
        parts.append(text(left + WIDTH / 2, top + 39, question))
        if k:
            end, y = left - 2, top + STATION / 2
            parts.append(_line(f"M {left - GAP + 2:.2f} {y:.2f} H {end - 9:.2f}"))
            parts.append(tip([(end, y), (end - 11, y - 5.5), (end - 11, y + 5.5)], LINE))
    filled = [0] * len(STATIONS)  # rows that are taken, for each column
    for number, (name, start, end) in enumerate(LESSONS):
        row = max(filled[start : end + 1])
        filled[start : end + 1] = [row + 1] * (end + 1 - start)
        left, y = _left(start), top + STATION + 16 + row * ROW
        wide = _left(end) + WIDTH - left
        parts.append(_bar("lesson", left, y, wide, BAR, number == here, 5))
        parts.append(text(left + wide / 2, y + BAR / 2, f"{number:02} {name}", bold=number == here))
    height = top + STATION + 16 + max(filled) * ROW + 12
    where = [f"you are in lesson {here:02}, {LESSONS[here][0]}"] if here is not None else []
    loop = f"The loop of learning: {', '.join(name for name, _ in STATIONS)}, and round again"
    return Drawing(document(width, height, parts, title), tell(title, loop, where or _told()))


def _told() -> list[str]:
    """Say which lessons are about which part."""
    told = {}
    for number, (_, start, end) in enumerate(LESSONS):
        part = STATIONS[start][0] if start == end else f"{STATIONS[start][0]} to {STATIONS[end][0]}"
        told.setdefault(part, []).append(f"{number:02}")
    return [
        f"{part}: {'lesson' if len(numbers) == 1 else 'lessons'} {', '.join(numbers)}" for part, numbers in told.items()
    ]


def _left(station: int) -> float:
    return MARGIN + station * (WIDTH + GAP)


def _bar(kind: str, left: float, top: float, width: float, height: float, lit: bool, round_: float) -> str:
    paper, rim, thick = (LIT, LIGHT_UP, 3.6) if lit else (PAPER if kind == "station" else GIVEN, LINE, 1.4)
    if kind == "lesson" and not lit:
        rim = FAINT_LINE
    return (
        f'<rect class="{kind}" x="{left:.2f}" y="{top:.2f}" width="{width:.2f}" height="{height:.2f}" rx="{round_}" '
        f'fill="{paper}" stroke="{rim}" stroke-width="{thick:.2f}"/>'
    )


def _line(path: str) -> str:
    return f'<path d="{path}" fill="none" stroke="{LINE}" stroke-width="2.00"/>'


def _way_back(top: float) -> str:
    """Return the arrow from the last station over the others to the first."""
    start, end, y = _left(len(STATIONS) - 1) + WIDTH / 2, _left(0) + WIDTH / 2, top - RETURN + 9
    words = Box((start + end) / 2, y, width_of(AGAIN) + 10, 18.0)
    return (
        _line(f"M {start:.2f} {top - 2:.2f} V {y:.2f} H {end:.2f} V {top - 11:.2f}")
        + tip([(end, top - 2), (end - 5.5, top - 13), (end + 5.5, top - 13)], LINE)
        + ground("label", words)
        + text(words.x, words.y, AGAIN)
    )
