"""A feedback page is read late, alone and in haste: the marks at a glance, then what the check says, then the own code.

The page is one file that needs no network and runs no script. nbgrader makes it with `PageExporter` in place of its own
exporter, so that `nbgrader generate_feedback`, the formgrader and our commands write the same page.
"""

from __future__ import annotations

import builtins
import hashlib
import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from pathlib import Path
from typing import Any

import mistune
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from nbconvert.exporters import Exporter
from nbconvert.filters.markdown_mistune import MarkdownWithMath
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import ClearHiddenTests, GetGrades
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from traitlets import Unicode

from bplib.checks.message import WIDTH
from bplib.grading.clean import drawing, plain

TEMPLATES = Path(__file__).parent / "templates"
LONG = 30  # lines of output that stand on the page unfolded
MOST = 20_000  # characters of one text that are laid out; what is longer is shown as it is typed


# ---------------------------------------------------------------------------------------------------- formulas

MATHML = re.compile(
    "math|mrow|mi|mn|mo|ms|mtext|mspace|mfrac|msqrt|mroot|msub|msup|msubsup|munder|mover|munderover|mmultiscripts"
    "|mprescripts|none|mtable|mtr|mtd|mpadded|mphantom|mstyle|menclose"
)
ATTRIBUTES = re.compile(
    "display|displaystyle|scriptlevel|mathvariant|stretchy|symmetric|fence|separator|form|largeop|movablelimits|accent"
    "|accentunder|lspace|rspace|minsize|maxsize|width|height|depth|voffset|linethickness|columnalign|rowspacing"
    "|columnspacing|columnlines|rowlines|notation"
)
VALUE = re.compile(r"[\w.%+ -]{0,40}")
DEEPEST = 60


@lru_cache(maxsize=2048)
def formula(tex: str, block: bool = False) -> Markup:
    r"""Return TeX as MathML, which browsers set without help; what cannot be translated is shown as it is typed.

    Elements and attributes are taken from a white list, and text is escaped here: the translator's own output is not
    (it makes a tag of `\text{<b>}`), and it knows `\href`.
    """
    try:
        from latex2mathml.converter import convert_to_element

        if len(tex) > 2000 or max(tex.count("{"), tex.count(r"\left"), tex.count("^"), tex.count("_")) > 400:
            raise ValueError("too long")
        return Markup("".join(_mathml(convert_to_element(tex, display="block" if block else "inline"), 0)))
    except Exception:  # whatever a translator may trip over in what a learner typed
        return Markup('<code class="tex">{}</code>').format(tex.strip())


def _mathml(element: Any, depth: int) -> Iterator[str]:
    if not MATHML.fullmatch(element.tag) or depth > DEEPEST:
        raise ValueError(element.tag)
    yield f"<{element.tag}"
    for name, value in element.attrib.items():
        if ATTRIBUTES.fullmatch(name) and VALUE.fullmatch(value):
            yield f' {name}="{value}"'
    yield ">"
    yield str(escape(unescape(element.text or "")))
    for child in element:
        yield from _mathml(child, depth + 1)
        yield str(escape(unescape(child.tail or "")))
    yield f"</{element.tag}>"


# ---------------------------------------------------------------------------------------------------- Markdown


class Words(mistune.HTMLRenderer):
    """Markdown as a page may show it: no HTML, no picture from elsewhere, links only to the open web."""

    def __init__(self, links: bool = True) -> None:
        super().__init__(escape=True, allow_harmful_protocols=False)
        self.links = links

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        """Return a bold line: the outline of the page is the page's own."""
        return f'<p class="heading">{text}</p>\n'

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """Return a link if it leads to the open web, else its words."""
        if self.links and re.match(r"(?:https?://|mailto:)[^\s\"<>]+\Z", url, re.IGNORECASE):
            return f'<a href="{escape(url)}" rel="nofollow noreferrer">{text}</a>'
        return text

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Return the words that stand for the picture."""
        return f'<span class="faint">[picture: {escape(plain(text)) or "no description"}]</span>'

    def block_code(self, code: str, info: str | None = None) -> str:
        """Return code as typed."""
        return f"<pre>{escape(code.rstrip())}</pre>\n"

    def thematic_break(self) -> str:
        """Return nothing: rules divide the questions."""
        return ""

    def table(self, text: str) -> str:
        """Return a table that scrolls by itself if it is too wide."""
        return f'<div class="scroll" tabindex="0" role="group" aria-label="table"><table>{text}</table></div>\n'

    def task_list_item(self, text: str, checked: bool = False) -> str:
        """Return an item with a mark that is read out."""
        return f"<li>{'[x]' if checked else '[ ]'} {text}</li>\n"

    def inline_math(self, body: str) -> str:
        """Return a formula in the line."""
        return str(formula(body))

    def block_math(self, body: str) -> str:
        """Return a formula on its own line."""
        long = ' tabindex="0" role="group" aria-label="formula"' if len(body) > 60 else ""  # may have to be scrolled
        return f'<span class="display"{long}>{formula(body, True)}</span>'

    def latex_environment(self, name: str, body: str) -> str:
        """Return a formula in its environment."""
        return self.block_math(f"\\begin{{{name}}}{body}\\end{{{name}}}")


def _reader(links: bool) -> MarkdownWithMath:
    reader = MarkdownWithMath(renderer=Words(links))
    reader.renderer.register("task_list_item", Words.task_list_item)  # the plug-in puts in a box without a name
    reader.renderer.register("table", Words.table)
    return reader


def words(markdown: str) -> Markup:
    """Return `markdown` as HTML that is safe whoever wrote it."""
    try:
        if len(markdown) > MOST:
            raise ValueError("too long")
        return Markup(_reader(True).render(plain(markdown)))
    except Exception:  # deeply nested brackets and the like: then as it is typed
        return Markup("<pre>{}</pre>").format(plain(markdown))


def line(markdown: str) -> Markup:
    """Return one line of Markdown, a heading say, without links."""
    try:
        html = _reader(False).render(plain(markdown)[:300]).strip()
    except Exception:
        html = ""
    inner = re.fullmatch(r"<p>(.*)</p>", html)
    return Markup(inner[1]) if inner and "<p" not in inner[1] else escape(plain(markdown)[:300])


def code(source: str) -> Markup:
    """Return Python code with its words told apart; each line stands in a span of its own, to be counted."""
    source = plain(source).strip("\n")
    if len(source) > MOST:
        lines = [str(escape(text)) for text in source.split("\n")]
    else:
        lines = highlight(source, PythonLexer(stripnl=False), HtmlFormatter(nowrap=True)).rstrip("\n").split("\n")
    return Markup("\n".join(f'<span class="line">{text}</span>' for text in lines))


# ---------------------------------------------------------------------------------------------------- what a check says

FIRST = re.compile(r"(?P<name>[^:\n]+): (?P<marks>\d[\d.]*) of (?P<points>\d[\d.]*) points?")


@dataclass(frozen=True)
class Said:
    """One thing that a check says: a label, 'right' or 'wrong' say, and its lines."""

    label: str
    lines: tuple[str, ...]


def said(text: str) -> list[Said | str]:
    r"""Cut what a check printed into labelled things and plain text.

    Parameters
    ----------
    text : str
        The message of a check of `bplib.checks`, or anything else.

    Returns
    -------
    parts : list of Said and str
        The first line, which says the marks, is left out: the page says them in a larger type.

    Examples
    --------
    >>> said("f: 1 of 2 points\n  right      the sign\n  think      And the slope?\n\nanything else")
    [Said(label='right', lines=('the sign',)), Said(label='think', lines=('And the slope?',)), 'anything else']
    """
    parts: list[Said | str] = []
    inside, last = False, ""
    for row in plain(text).split("\n"):
        if FIRST.fullmatch(row):
            inside = True
        elif inside and row[:2] == "  " and row[12:13] == " " and row[13:14].strip():
            label, words_ = row[2:12].strip(), row[13:].strip()
            if label:
                parts.append(Said(label, (words_,)))
            elif parts and isinstance(parts[-1], Said):
                old = parts[-1]
                wrapped = len(last) + 1 + len(words_.split()[0]) > WIDTH
                lines = (*old.lines[:-1], f"{old.lines[-1]} {words_}") if wrapped else (*old.lines, words_)
                parts[-1] = Said(old.label, lines)
            else:
                parts.append(row)
        else:
            inside = False
            if parts and isinstance(parts[-1], str):
                parts[-1] += f"\n{row}"
            else:
                parts.append(row)
        last = row
    texts = (part.strip("\n") if isinstance(part, str) else part for part in parts)
    return [part for part in texts if isinstance(part, Said) or part.strip()]


# ---------------------------------------------------------------------------------------------------- questions


@dataclass
class Piece:
    """One cell of the learner's, or what a check says; `kind` tells the template how to show it."""

    kind: str  # 'said', 'text', 'picture', 'stop', 'note' in a check; 'code', 'words' of the learner; 'comment'
    label: str = ""
    content: Any = None
    outputs: list[Piece] = field(default_factory=list)
    note: str = ""


@dataclass
class Question:
    """What one or more graded cells in a row ask for, and what came of it."""

    title: Markup
    asked: list[Markup]
    answer: list[Piece]
    checks: list[Piece] = field(default_factory=list)
    comments: list[Markup] = field(default_factory=list)
    tests: list[Markup] = field(default_factory=list)
    marks: float = 0.0
    points: float = 0.0
    waiting: float = 0.0  # points that a person has still to give

    @property
    def state(self) -> str:
        """'waits', 'all', 'some' or 'none'."""
        if self.waiting:
            return "waits"
        if self.marks >= self.points:
            return "all"
        return "some" if self.marks > 0 else "none"


HEADING = re.compile(r"\s{0,3}(#{1,6})[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
WORTH = re.compile(r"\s*\([^()]*\bpoints?\b[^()]*\)\s*$", re.IGNORECASE)
BUILT_IN = {name for name, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, Exception)}
REPR = re.compile(r"<IPython\.core\.display\.(\w+) object>")
LINE = re.compile(r"(?:Cell|Input) In ?\[(\d+)\],? line:? ?(\d+)")


def questions(nb: NotebookNode, clear: ClearHiddenTests) -> tuple[str, list[Question], list[Piece]]:
    """Gather the cells of a graded notebook into questions.

    Returns
    -------
    title : str
        The notebook's first heading, in Markdown; '' if there is none.
    questions : list of Question
        In their order.
    rest : list of Piece
        Cells of the learner's behind the last question.
    """
    title, found = "", []
    asked: list[str] = []
    answer: list[Piece] = []
    by_count = {
        cell.execution_count: cell for cell in nb.cells if cell.cell_type == "code" and cell.get("execution_count")
    }
    judged = bool(nb.metadata.get("bplib", {}).get("judge"))
    open_task = last_was_check = False
    for cell in nb.cells:
        role = cell.metadata.get("nbgrader", {})
        graded, solution = utils.is_grade(cell) or utils.is_task(cell), utils.is_solution(cell)
        if graded:
            check = not solution and not utils.is_task(cell)
            if not (check and last_was_check and not asked and not answer):
                found.append(Question(*_head(asked, role["grade_id"]), answer))
            question = found[-1]
            _mark(question, role)
            if utils.is_task(cell):
                question.asked.append(words(_hide(cell, clear)[0]))
            elif solution:
                question.answer += own(cell, by_count)
            else:
                source, hidden = _hide(cell, clear)
                question.checks += outcome(cell, hidden and not judged, by_count)
                if source.strip().count("\n"):
                    question.tests.append(code(source))
            asked, answer, open_task, last_was_check = [], [], utils.is_task(cell), check
            if role.get("comment"):
                question.comments.append(words(role["comment"]))
            continue
        whose = cell.metadata.get("bplib", {}).get("whose", "lecturer")
        asks = cell.cell_type == "markdown" and not solution and whose == "lecturer"
        heading = HEADING.match(cell.source) if asks else None
        if open_task and not role and not heading:
            found[-1].answer += own(cell, by_count)  # what a task asks for stands in cells of the learner's own
            continue
        open_task = False
        if asks:
            if heading:
                if not title and heading[1] == "#":
                    title = WORTH.sub("", heading[2])
                asked = []  # what stood before it belongs to no question
            asked.append(cell.source)
        elif solution or not role:
            answer += own(cell, by_count)
        if role.get("comment"):
            answer.append(Piece("comment", content=words(role["comment"])))
    return title, found, answer


def _head(asked: list[str], grade_id: str) -> tuple[Markup, list[Markup]]:
    """Return a question's title and what it asks, without its heading."""
    heading = HEADING.match(asked[0]) if asked else None
    if heading is None:
        name = re.sub(r"^(check|test)_|[_-]+", lambda m: " " if m[1] is None else "", grade_id)
        return line(name), [words(text) for text in asked]
    texts = [asked[0][heading.end() :], *asked[1:]]
    return line(WORTH.sub("", heading[2])), [words(text) for text in texts if text.strip()]


def _mark(question: Question, role: Any) -> None:
    question.marks += float(role.get("score") or 0.0)
    question.points += float(role.get("points") or 0.0)
    question.waiting += float(role.get("points") or 0.0) if role.get("waits") else 0.0


def _hide(cell: Any, clear: ClearHiddenTests) -> tuple[str, bool]:
    """Return the source of a lecturer's cell without what the learner is not to see, and whether there was such."""
    lines, hidden, depth = [], False, 0
    for text in cell.source.split("\n"):
        begins = clear.begin_test_delimeter in text or "BEGIN MARK SCHEME" in text
        ends = clear.end_test_delimeter in text or "END MARK SCHEME" in text
        hidden = hidden or begins or ends
        depth = max(0, depth + begins - ends)
        if not (depth or begins or ends or "AUTOTEST" in text):
            lines.append(text)
    return "\n".join(lines), hidden


def outcome(cell: Any, secretive: bool, by_count: dict[int, Any]) -> list[Piece]:
    """Return what a graded cell says: its words, its drawings, and what stopped it; never a traceback.

    Parameters
    ----------
    cell : notebook node
        A graded cell of the lecturer's.
    secretive : bool
        Whether only the class of an exception may be told, and the learner's own line: where a cell has hidden tests
        and ran in the learner's own kernel, anything else may have been printed by a function of the learner's, which
        is called with the hidden inputs.
    by_count : dict
        The cells by the number of their execution.
    """
    pieces: list[Piece] = []
    if secretive:
        errors = [output for output in cell.outputs if output.output_type == "error"]
        if float(cell.metadata.nbgrader.get("score") or 0.0) < float(cell.metadata.nbgrader.get("points") or 0.0):
            pieces.append(Piece("note", "", "This check has parts that are not shown."))
        for error in errors:
            known = error.ename if error.ename in BUILT_IN else "an exception"  # a class can be named after an input
            pieces.append(Piece("stop", "", known, note=_where(error, by_count)))
        return pieces
    text = "".join(output.text for output in cell.outputs if output.output_type == "stream")
    for part in said(text):
        pieces.append(Piece("said", part.label, part.lines) if isinstance(part, Said) else Piece("text", "", part))
    for output in cell.outputs:
        if output.output_type == "display_data":
            html = output.data.get("text/html")
            if html and (picture := drawing(html)):
                pieces.append(Piece("picture", picture["alt"], picture))
            elif "image/png" in output.data:
                pieces.append(_png(output))
            elif (text := plain(output.data.get("text/plain", ""))).strip() and not REPR.fullmatch(text):
                pieces.append(Piece("text", "", text))
        elif output.output_type == "error":
            pieces.append(_stop(output, by_count))
    return pieces


def _stop(output: Any, by_count: dict[int, Any]) -> Piece:
    what = plain(f"{output.ename}: {output.evalue}").rstrip(": \n")
    return Piece("stop", "", what, note=_where(output, by_count))


def _where(output: Any, by_count: dict[int, Any]) -> str:
    """Say in which line of the learner's own code an exception was raised; '' if in none."""
    for count, number in reversed(LINE.findall(plain("\n".join(output.traceback)))):
        cell, at = by_count.get(int(count)), int(number)
        if cell is not None and (utils.is_solution(cell) or "nbgrader" not in cell.metadata):
            lines = cell.source.split("\n")
            if 0 < at <= len(lines):
                return f"in line {at} of your code: {lines[at - 1].strip()}"
    return ""


def own(cell: Any, by_count: dict[int, Any]) -> list[Piece]:
    """Return one cell of the learner's; nothing if nothing stands in it that was not handed out."""
    role = cell.metadata.get("nbgrader", {})
    if cell.cell_type != "code":
        piece = Piece("words", "Your words", words(cell.source) if cell.source.strip() else None)
    else:
        outputs = [piece for output in cell.outputs for piece in _shown(output, by_count)]
        lines = [text.strip() for text in cell.source.split("\n")]
        if not role and not outputs and all(not text or text.startswith("#") for text in lines):
            return []  # a cell to try things in, left as it was
        label = "Your code" if role else "In another cell"
        piece = Piece("code", label, code(cell.source) if cell.source.strip() else None, outputs)
    if role.get("checksum") and role["checksum"] == utils.compute_checksum(cell):
        piece.note = "as it was handed out"
    return [piece]


def _shown(output: Any, by_count: dict[int, Any]) -> list[Piece]:
    if output.output_type == "stream":
        return [_text(output.text)]
    if output.output_type == "error":
        return [_stop(output, by_count)]
    if "image/png" in output.data:
        return [_png(output)]
    text = plain(output.data.get("text/plain", ""))
    if rich := REPR.fullmatch(text):
        text = f"[{rich[1]}: seen in your notebook only]"
    return [_text(text)] if text else []


def _text(text: Any) -> Piece:
    text = plain(text).rstrip("\n")
    lines = text.count("\n") + 1
    return Piece("text", f"{lines} lines" if lines > LONG else "", text)


def _png(output: Any) -> Piece:
    alt = plain(output.data.get("text/plain", ""))
    alt = "a figure" if not alt.strip() or alt.startswith("<") else alt
    return Piece("picture", alt, {"alt": alt, "src": f"data:image/png;base64,{output.data['image/png']}", "width": ""})


# ---------------------------------------------------------------------------------------------------- the page


class GetMarks(GetGrades):
    """nbgrader's GetGrades, which also says whether a person has still to look at an answer."""

    def _get_comment(self, cell: Any, resources: Any) -> None:
        comment = self.gradebook.find_comment(
            cell.metadata["nbgrader"]["grade_id"], self.notebook_id, self.assignment_id, self.student_id
        )
        cell.metadata.nbgrader["comment"] = comment.manual_comment  # nbgrader's own, "No response.", says nothing new

    def _get_score(self, cell: Any, resources: Any) -> None:
        grade = self.gradebook.find_grade(
            cell.metadata["nbgrader"]["grade_id"], self.notebook_id, self.assignment_id, self.student_id
        )
        cell.metadata.nbgrader.update(score=grade.score, points=grade.max_score, waits=grade.needs_manual_grade)


def number(value: float) -> str:
    """Write marks as people do: 2, 1.5, 0.33."""
    return f"{round(value, 2):g}"


class PageExporter(Exporter):
    """A graded notebook as a feedback page."""

    lang = Unicode("en", help="Language of the notebooks, for screen readers and hyphenation.").tag(config=True)
    file_extension = Unicode(".html")
    output_mimetype = "text/html"

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> tuple[str, Any]:
        """Return the page of `nb`."""
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        return page(nb, resources["nbgrader"], self.lang, ClearHiddenTests(parent=self)), resources


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters["number"] = number
    return environment


def page(nb: NotebookNode, who: dict[str, Any], lang: str = "en", clear: ClearHiddenTests | None = None) -> str:
    """Write the feedback page of one notebook.

    Parameters
    ----------
    nb : notebook
        Autograded, cleaned, with the marks of `GetMarks` in its metadata. Under 'bplib' the notebook's metadata, which
        are the master's, may say 'notes' (a list of sentences: what was mended in the file) and 'judge' (the level of
        the sandbox: 'A', 'B' or 'C'), if graded cells ran on the trusted side, which lets out nothing that is hidden.
    who : dict
        nbgrader's resources: student, assignment, notebook, score, max_score, late_penalty.
    lang : str
        Language of the notebooks.
    clear : ClearHiddenTests, optional
        Knows the marks between which hidden tests stand.

    Returns
    -------
    html : str
        Complete: style and pictures are in it, nothing is loaded, nothing runs.
    """
    title, found, rest = questions(nb, clear or ClearHiddenTests())
    about = nb.metadata.get("bplib", {})
    style = (TEMPLATES / "feedback.css").read_text(encoding="utf-8")
    template = _environment().get_template("feedback.html.j2")
    return template.render(
        lang=lang,
        title=line(title or who["notebook"]),
        bare=Markup.striptags(line(title or who["notebook"])),
        who=plain(who["student"]),
        questions=found,
        rest=rest,
        score=who["score"],
        points=who["max_score"],
        penalty=who["late_penalty"],
        waiting=sum(question.waiting for question in found),
        notes=[plain(note) for note in about.get("notes", [])],
        unprotected=about.get("judge") == "C",
        style=Markup(style),
        style_hash=b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    )
