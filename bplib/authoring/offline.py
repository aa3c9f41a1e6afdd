"""An exported lesson reads without a network: its formulas are set by the browser itself, and nothing is loaded.

Installing the kit puts `jupyter/` beside this file into the environment: a template for nbconvert, and a setting by
which `jupyter nbconvert --to html lectures/06_two_two_two.ipynb` uses it together with the filter below.
"""

from __future__ import annotations

import html
import re
from functools import cache
from typing import Any

from jinja2 import pass_context
from latex2mathml.converter import convert
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

PRIME = re.compile(r"<msup>(<mi[^>]*>[^<]*</mi>)<m[io]>&#x02032;</m[io]></msup>")  # the sign stands high by itself


@cache
def formula(tex: str, display: str) -> str:
    """Return a formula as MathML that keeps what was typed; what cannot be translated stays text."""
    known = tex.replace("{aligned}", "{align*}")  # the only one of the two that the translator knows
    try:
        math = PRIME.sub(r'<mrow>\1<mo lspace="0" rspace="0">&#x2032;</mo></mrow>', convert(known, display=display))
        return math.replace("<math ", f'<math alttext="{html.escape(tex)}" ', 1)
    except Exception:  # a translator's own exceptions, of any class
        return f"<code>{html.escape(tex)}</code>"


class Words(IPythonRenderer):
    """nbconvert's Markdown, with formulas as MathML."""

    def inline_math(self, body: str) -> str:
        """Return a formula in the line."""
        return formula(body, "inline")

    def block_math(self, body: str) -> str:
        """Return a formula on a line of its own."""
        return formula(body, "block")

    def latex_environment(self, name: str, body: str) -> str:
        """Return an environment such as align."""
        return formula(f"\\begin{{{name}}}{body}\\end{{{name}}}", "block")


@pass_context
def markdown2html(context: Any, source: str) -> str:
    """Return the HTML of a Markdown cell; the template's filter of that name."""
    attachments = context.get("cell", {}).get("attachments", {})
    return MarkdownWithMath(renderer=Words(escape=False, attachments=attachments)).render(source)
