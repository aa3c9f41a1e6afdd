"""What a reader would stumble over in a notebook, found before the reader does: one line for each finding."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from nbformat import NotebookNode

from bplib.authoring import notation

IMAGES = ("image/png", "image/svg+xml", "image/jpeg")
POINTS = re.compile(r"\(([\d.]+) points?\)$")
LABELS = ("**You will**", "**You need**", "**Time**", "**Decks**")


def headings(source: str) -> Iterator[tuple[int, str]]:
    """Yield (level, text) for each heading of a Markdown text; a `#` inside a fence is none."""
    fenced = False
    for line in source.splitlines():
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        found = re.match(r"(#{1,6})\s+(.*?)[\s#]*$", line)
        if found and not fenced:
            yield len(found[1]), found[2]


def _prose(notebook: NotebookNode) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]


def sections(notebook: NotebookNode) -> Iterator[str]:
    """Find what a lesson lacks of its fixed parts.

    Parameters
    ----------
    notebook : NotebookNode
        A lecture, executed or not.

    Yields
    ------
    finding : str
    """
    text = "\n\n".join(_prose(notebook))
    level_two = [title for level, title in headings(text) if level == 2]
    step = re.search(r"^## \d+\. ", text, re.MULTILINE)
    opening = text[: step.start()] if step else text
    yield from (f"lacks {label} before its first step" for label in LABELS if label not in opening)
    if notation.HEADER not in text:
        yield "lacks its rows of notation: a line {{notation 004: x W b}}"
    if step is None:
        yield "lacks numbered steps: headings as ## 1. What it is about"
    for last in ("Summary", "Next"):
        if not any(re.match(rf"{last}\b", title) for title in level_two):
            yield f"lacks the section ## {last}"


def points(notebook: NotebookNode) -> Iterator[str]:
    """Find headings whose points are not the sum of the graded cells below them.

    Parameters
    ----------
    notebook : NotebookNode
        A solution: its answer cells count as cells, not as headings.

    Yields
    ------
    finding : str
    """
    parts: list[list] = []  # every heading that ends in points: [level, title, sum so far]
    opened: list[list] = []  # those of them that the walk is inside of
    total, title_seen = 0.0, False
    for cell in notebook.cells:
        role = cell.metadata.get("nbgrader", {})
        if role.get("grade") or role.get("task"):
            total += role.get("points", 0)
            if not opened:
                yield f"the graded cell {role.get('grade_id')} stands under no heading that ends in points"
            for part in opened:
                part[2] += role.get("points", 0)
        if cell.cell_type != "markdown" or role.get("solution"):
            continue
        for level, title in headings(cell.source):
            opened = [part for part in opened if part[0] < level]
            if level == 1 and not title_seen:
                title_seen, name = True, title
            elif POINTS.search(title):
                opened.append([level, title, 0])
                parts.append(opened[-1])
    if title_seen:
        parts.insert(0, [1, name, total])
    for _, title, worth in parts:
        label = f"({worth:g} {'point' if worth == 1 else 'points'})"
        if not title.endswith(label):
            yield f"the heading {title!r} should end in {label}, the sum of its graded cells"
    if not title_seen:
        yield "has no title: a heading as # Problem set 06: topic (20 points)"


def text_images(notebook: NotebookNode) -> Iterator[str]:
    """Find images without alt text in the Markdown of `notebook`.

    Yields
    ------
    finding : str
    """
    for source in _prose(notebook):
        for image in re.findall(r"!\[\s*\]\([^)]*\)", source):
            yield f"{image[:60]} has no alt text: say in the brackets what is to be seen"
        yield from _html_images(source, "the Markdown")


def outputs(notebook: NotebookNode) -> Iterator[str]:
    """Find errors, warnings, addresses and figures without alt text in the outputs of an executed lesson.

    Yields
    ------
    finding : str
    """
    for number, cell in enumerate(notebook.cells, 1):
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if output.output_type == "error":
                yield f"cell {number} ends in an error, {output.ename}"
            elif output.output_type == "stream" and output.name == "stderr":
                yield f"cell {number} writes to stderr: {output.text.strip()[:60]!r}"
            elif re.search(r" at 0x[0-9a-f]+>", data.get("text/plain", "")):
                yield f"cell {number} shows an object's address, another one at each run: write _ = ... before it"
            elif "text/html" in data:  # shown in place of an image of the same output
                yield from _html_images(data["text/html"], f"cell {number}")
            elif bare := [kind for kind in IMAGES if kind in data]:
                yield f"cell {number} shows a bare {bare[0]} without alt text: show it through bplib"


class _Images(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.bare = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.bare += tag == "img" and not (dict(attrs).get("alt") or "").strip()


def _html_images(html: str, where: str) -> Iterator[str]:
    parser = _Images()
    parser.feed(html)
    if parser.bare:
        yield f'{where} holds an <img> without alt text: say in alt="..." what is to be seen'


def leaks(released: NotebookNode, solution: NotebookNode) -> Iterator[str]:
    """Find lines of a solution in its release, wherever they stand there and however they are wrapped.

    Parameters
    ----------
    released : NotebookNode
        What learners get.
    solution : NotebookNode
        What it was made from.

    Yields
    ------
    finding : str
    """
    text = " ".join(" ".join(cell.source for cell in released.cells).split())
    for cell in solution.cells:
        for line in answer(cell):
            if re.search(rf"(?<!\w){re.escape(line)}(?!\w)", text):
                yield f"shows learners a line of the solution of {cell.metadata.nbgrader.grade_id}: {line[:60]!r}"


def answer(cell: NotebookNode) -> list[str]:
    """Return the lines of a cell that nbgrader takes out, without those that give nothing away."""
    if not cell.metadata.get("nbgrader", {}).get("solution"):
        return []
    regions = re.findall(r"BEGIN SOLUTION.*?\n(.*?)[^\n]*END SOLUTION", cell.source, re.DOTALL)
    lines = "\n".join(regions or [cell.source]).splitlines()
    lines = [" ".join(line.split()) for line in lines]
    if cell.cell_type == "markdown":
        return [line for line in lines if len(line) >= 15]
    return [code for code in (re.sub(r"\s# .*", "", line) for line in lines) if _tells_something(code)]


def _tells_something(code: str) -> bool:
    """Tell code that a learner has to find from `pass`, `x = 0`, `return a, b`, `for i in range(n):`."""
    if code.startswith("#"):
        return len(code) >= 15
    return len(code) >= 8 and not code.endswith(":") and re.search(r"[-+*/@%<>\[]|\w\(", code) is not None


def foreign(released: NotebookNode) -> Iterator[str]:
    """Find what a release never holds: outputs, counts, notes of jupytext, dates of execution.

    Yields
    ------
    finding : str
    """
    if "jupytext" in released.metadata or any("lines_to_next_cell" in cell.metadata for cell in released.cells):
        yield "holds notes of jupytext"
    if any("execution" in cell.metadata for cell in released.cells):
        yield "holds dates of execution"
    if any(cell.get("outputs") or cell.get("execution_count") for cell in released.cells):
        yield "holds outputs"
