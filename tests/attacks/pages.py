"""What a browser would run: a page is searched for everything that acts, by a parser that is not the judge's."""

from __future__ import annotations

import re
from typing import Any

from bs4 import BeautifulSoup
from nbconvert.filters import markdown2html

from bplib.checks.record import RECORD_TYPE

ACTIVE = ("script", "iframe", "object", "embed", "applet", "base", "form", "link", "meta", "frame", "portal", "svg")
OWN_META = {"viewport", "color-scheme", "referrer", "robots", "Content-Security-Policy", None}
ADDRESSES = ("href", "src", "action", "formaction", "data", "srcset", "poster", "background", "ping", "xlink:href")
SAFE = re.compile(r"(#|https?://|mailto:|data:image/png;base64,|data:image/svg\+xml;base64,)", re.IGNORECASE)
ACTING_TEX = re.compile(r"\\(?:href|url|require|cssId|style|html\w*)\b")  # MathJax makes links and styles of it
PLAIN = {"text/plain", "image/png", RECORD_TYPE}


def live(html: str, fragment: bool = False) -> list[str]:
    """Return what in a page could act by itself, or lie over the rest of it.

    Parameters
    ----------
    html : str
        A page of ours, or a fragment of one.
    fragment : bool
        Of a fragment nothing is ours: neither styles nor meta elements belong there.
    """
    soup, found = BeautifulSoup(html, "html.parser"), []
    for tag in soup.find_all(True):
        own = not fragment and tag.name == "meta" and {tag.get("name"), tag.get("http-equiv")} <= OWN_META
        if tag.name in ACTIVE and not own:
            found.append(str(tag)[:80])
        if fragment and tag.name == "style":
            found.append(str(tag)[:80])
        for name, value in tag.attrs.items():
            text = " ".join(value) if isinstance(value, list) else str(value)
            if name.lower().startswith("on"):
                found.append(f"{name}={text[:60]}")
            if name.lower() in ADDRESSES and not SAFE.match(re.sub(r"[\x00-\x20]", "", text)):
                found.append(f"{name}={text[:60]}")
            if name.lower() == "style" and re.search(r"position|url\(|expression|z-index", text, re.IGNORECASE):
                found.append(f"style={text[:60]}")
    return found


def live_cells(notebook: Any) -> list[str]:
    """Return what could act where the formgrader shows this notebook with nbconvert's own templates."""
    found = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            found += live(str(markdown2html(cell.source)), fragment=True)
            found += [f"TeX that acts: {what}" for what in ACTING_TEX.findall(cell.source)]
        if cell.cell_type == "raw":
            found += live(cell.source, fragment=True)
        for output in cell.get("outputs", ()):
            odd = set(output.get("data", {})) - PLAIN
            found += [f"an output of type {kind}" for kind in odd if not output.metadata.get("bplib", {}).get("seal")]
    return found
