"""A picture without words leaves some readers with nothing: the two go into the notebook together."""

from __future__ import annotations

import base64
import html
import io
import sys
from typing import Any

from bplib.svg.drawing import Drawing


def show(obj: Any, alt: str | None = None) -> None:
    """Put a drawing or a figure into the notebook, together with the words that stand for it.

    The picture is an `<img>` that carries its own data: graders' feedback pages keep it, and screen readers read
    `alt`. Where no notebook runs, `alt` is printed.

    Parameters
    ----------
    obj : Drawing, plot or Matplotlib figure
        A plot is anything that has `figure` (or its own `savefig`) and `alt`. A figure is closed afterwards, so that
        it does not appear a second time.
    alt : str, optional
        What there is to see, in a sentence. Left out: the words that the drawing or the plot brings.

    Raises
    ------
    ValueError
        If there are no words: neither `alt` nor the picture's own.
    TypeError
        If `obj` is neither a drawing nor a figure.

    Examples
    --------
    >>> from bplib.svg import network
    >>> show(network([["x"], ["out"]]))
    Network 1-1 of x, then out.
    >>> show(network([["x"], ["out"]]), alt="One input, one output.")
    One input, one output.
    """
    drawn = isinstance(obj, Drawing)
    if not (drawn or hasattr(obj, "savefig") or hasattr(getattr(obj, "figure", None), "savefig")):
        raise TypeError(f"show takes a Drawing or a Matplotlib figure, not {type(obj).__name__}")
    words = getattr(obj, "alt", "") if alt is None else alt
    if not words.strip():
        raise ValueError("alt is empty: say in a sentence what there is to see")
    if drawn:
        kind, data, size = "svg+xml", obj.markup.encode(), ""
    else:
        kind, data = "png", _png(obj)
        size = f"width:{int.from_bytes(data[16:20]) / 1.5:.0f}px;"  # stored with 1.5 dots for each pixel shown
    ipython = sys.modules.get("IPython")
    if ipython is None or ipython.get_ipython() is None:
        print(words)
        return
    source = f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
    image = f'<img alt="{html.escape(words)}" src="{source}" style="{size}max-width:100%;height:auto">'
    ipython.display.publish_display_data({"text/html": image, "text/plain": words})


def _png(obj: Any) -> bytes:
    figure = getattr(obj, "figure", obj)
    buffer = io.BytesIO()
    saving = obj if hasattr(obj, "savefig") else figure
    saving.savefig(buffer, format="png", dpi=144, metadata={"Software": None})
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot and isinstance(figure, pyplot.Figure):  # else it would be shown a second time when the cell ends
        pyplot.close(figure)
    return buffer.getvalue()
