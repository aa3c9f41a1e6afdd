"""What a learner hands in is read by people, in the formgrader and on the feedback page: nothing in it may act there.

Words stay words, code stays code; what would become markup, a link or a script when a page is made of it does not.
A drawing of the trusted side is told from a learner's by a seal that only the holder of the course's secret can make.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import zlib
from base64 import b64decode, b64encode
from collections.abc import Collection, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_output
from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Unicode

from bplib.checks.record import RECORD_TYPE
from bplib.grading.place import home, secret

# ---------------------------------------------------------------------------------------------------- text

ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
NEW_LINES = re.compile("\r\n|[\r\x85\u2028\u2029]")
# Control characters, those that turn the direction of writing, and those that are there but cannot be seen. The joiners
# U+200C and U+200D stay: some scripts and many emoji are written with them.
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ufffe\uffff\U000e0000-\U000e0fff]"
)
HALF = re.compile("[\ud800-\udfff]")  # half a character: cannot be written to a file

# A tag, a link, a picture or a definition of one cannot begin where a space stands in its way. A space is the same in
# prose, in code and in a formula, so that it need not be known which of them a reader's program takes the text for.
IN_THE_WAY = (
    (re.compile(r"<(?=[A-Za-z/!?])"), "< "),
    (re.compile(r"\](?=[(:])"), "] "),
    (re.compile(r"(?<=[`~])([ \t]*)(?=mermaid)"), r"\1text "),  # nbconvert hands such a block over unescaped
    (
        re.compile(
            r"\\(?=(?:href|url|html[A-Za-z]*|class|style|cssId|data|bbox|unicode|require|includegraphics|mmlToken"
            r"|csname|let|[egx]?def|(?:re)?newcommand|(?:re)?newenvironment|providecommand|DeclareMathOperator)"
            r"(?![A-Za-z]))"
        ),
        r"\\ ",
    ),
)


def plain(text: Any) -> str:
    r"""Return `text` without anything that acts on a terminal or a page instead of being read.

    Examples
    --------
    >>> plain("\x1b[31mred\x1b[0m, \u202ebackwards\u202c, two\r\nlines")
    'red, backwards, two\nlines'
    """
    text = "".join(text) if isinstance(text, list) else str(text)  # nbformat allows a list of lines
    return HALF.sub("\ufffd", UNSEEN.sub("", NEW_LINES.sub("\n", ANSI.sub("", text))))


def tame(markdown: Any) -> str:
    """Return a learner's `markdown` so that no program makes a tag, a link or a picture of it; done twice, it stays.

    Examples
    --------
    >>> tame("if a < b and b<c: <b onclick=x>no</b> [see](javascript:x) https://numpy.org")
    'if a < b and b< c: < b onclick=x>no< /b> [see] (javascript:x) https://numpy.org'
    """
    text = plain(markdown)
    for pattern, instead in IN_THE_WAY:
        text = pattern.sub(instead, text)
    return text


# ---------------------------------------------------------------------------------------------------- pictures

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
KEPT = (b"IHDR", b"PLTE", b"tRNS", b"pHYs", b"IDAT", b"IEND")
MOST_PIXELS = 16_000_000


def checked_png(data: Any) -> str | None:
    """Return a PNG, Base64, with nothing but its pixels in it; None if `data` is not a sound one of bearable size.

    Checked are the signature, each part's length and checksum, and that the pixels unpack to just as many bytes as the
    size in the header promises: a small file that unfolds to gigabytes is none.
    """
    try:
        raw = b64decode("".join("".join(data).split()), validate=True)
        parts = list(_parts(raw))
        (head,) = (body for name, body in parts if name == b"IHDR")
        width, height, depth, colour = (
            int.from_bytes(head[:4]),
            int.from_bytes(head[4:8]),
            head[8],
            CHANNELS[head[9]],
        )
        if len(head) != 13 or any(head[10:]) or parts[0][0] != b"IHDR" or parts[-1] != (b"IEND", b""):
            return None
        if depth not in (1, 2, 4, 8, 16) or not 0 < width * height <= MOST_PIXELS:
            return None
        due = height * (1 + (width * colour * depth + 7) // 8)
        unpack = zlib.decompressobj()
        pixels = unpack.decompress(b"".join(body for name, body in parts if name == b"IDAT"), due + 1)
        if len(pixels) != due:
            return None
    except (ValueError, KeyError, IndexError, TypeError, zlib.error):
        return None
    kept = [(name, body) for name, body in parts if name in KEPT]
    whole = (len(body).to_bytes(4) + name + body + zlib.crc32(name + body).to_bytes(4) for name, body in kept)
    return b64encode(SIGNATURE + b"".join(whole)).decode()


def _parts(raw: bytes) -> Iterator[tuple[bytes, bytes]]:
    if not raw.startswith(SIGNATURE):
        raise ValueError("no PNG")
    at = len(SIGNATURE)
    while at < len(raw):
        length, name = int.from_bytes(raw[at : at + 4]), raw[at + 4 : at + 8]
        body, check = raw[at + 8 : at + 8 + length], raw[at + 8 + length : at + 12 + length]
        if len(check) != 4 or int.from_bytes(check) != zlib.crc32(name + body):
            raise ValueError("damaged")
        yield name, body
        at += 12 + length


DRAWN = re.compile(r"data:image/(?:svg\+xml|png);base64,[A-Za-z0-9+/]+={0,2}")
STYLE = re.compile(r"(?:width:(?P<width>\d{1,4})px;)?(?:max-width:100%;height:auto)?")


class _OneImage(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.images: list[dict[str, str | None]] = []
        self.other = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.images.append(dict(attrs))
        else:
            self.other = True

    def handle_endtag(self, tag: str) -> None:
        self.other = True

    handle_decl = handle_pi = unknown_decl = handle_comment = handle_endtag

    def handle_data(self, data: str) -> None:
        self.other = self.other or bool(data.strip())


def drawing(html: Any) -> dict[str, str] | None:
    """Return alt, src and width of a drawing as `bplib.svg.show` makes it; None for any other HTML.

    A page must not show `html` itself: it builds an image of its own from these three. Inside an image, an SVG can
    neither run a script nor load anything.
    """
    reader = _OneImage()
    reader.feed("".join(html))
    reader.close()
    if reader.other or len(reader.images) != 1:
        return None
    found = reader.images[0]
    source, alt, style = (found.get(name) or "" for name in ("src", "alt", "style"))
    sized = STYLE.fullmatch(style)
    if set(found) - {"src", "alt", "style"} or not (DRAWN.fullmatch(source) and plain(alt) and sized):
        return None
    return {"alt": plain(alt), "src": source, "width": sized["width"] or ""}


# ---------------------------------------------------------------------------------------------------- the seal


def seal(html: Any, course_secret: bytes, place: tuple[str, ...]) -> str:
    """Return the seal of one drawing: an HMAC with the course's secret, good at this place only."""
    own = hmac.new(course_secret, b"bplib: drawings of the trusted side", hashlib.sha256).digest()
    text = json.dumps([*place, "".join(html)], ensure_ascii=True)
    return hmac.new(own, text.encode(), hashlib.sha256).hexdigest()


def _place(cell: Any, resources: Any) -> tuple[str, ...]:
    who = resources["nbgrader"]
    return who["assignment"], who["student"], who["notebook"], cell.metadata.nbgrader["grade_id"]


def _is_check(cell: Any) -> bool:
    """Whether it is a graded code cell of the lecturer's: its source is the master's, its outputs are the checker's."""
    return cell.cell_type == "code" and utils.is_grade(cell) and not utils.is_solution(cell)


def _is_learners(cell: Any) -> bool:
    return utils.is_solution(cell) or "nbgrader" not in cell.metadata


# ---------------------------------------------------------------------------------------------------- preprocessors


class WithSecret(NbGraderPreprocessor):
    """What the two steps below have in common."""

    secret_file = Unicode("", help="File with the course's secret; beside its grade book by default.").tag(config=True)

    def secret(self) -> bytes:
        """Return the course's secret."""
        # exporter, then converter
        return secret(Path(self.secret_file) if self.secret_file else home(self.parent.parent.coursedir) / "secret")


class SealDrawings(WithSecret):
    """Seal the drawings of graded cells: directly behind the step that fills in their outputs, and nowhere else.

    Whoever puts it into a list says by this that a learner's code cannot write into the outputs of graded cells.
    """

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Seal each drawing of each graded cell."""
        key = self.secret()
        for cell in filter(_is_check, nb.cells):
            for output in cell.outputs:
                html = output.get("data", {}).get("text/html")
                if html and drawing(html):
                    output.metadata["bplib"] = {"seal": seal(html, key, _place(cell, resources))}
        return nb, resources


class CleanCells(WithSecret):
    """Clean what a learner's cells say and what they put out; behind `SaveAutoGrades`, which compares their texts.

    Learners' code keeps its text, without unseen characters; their Markdown is tamed; of outputs stay text, sound PNGs,
    and, in graded cells, sealed drawings and the record of the check. Markdown that stands word for word in the
    lecturer's notebook is the lecturer's, and is marked so.
    """

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Clean each cell of `nb`."""
        key, lecturers = self.secret(), self._lecturers(resources)
        nb.cells = [self._clean(cell, lecturers, key, resources) for cell in nb.cells]
        return nb, resources

    def _clean(self, cell: Any, lecturers: Collection[str], key: bytes, resources: Any) -> Any:
        if cell.cell_type == "markdown" and cell.source in lecturers:
            cell.metadata["bplib"] = {"whose": "lecturer"}
        elif _is_learners(cell):
            cell = tamed(cell)
            cell.metadata["bplib"] = {"whose": "learner"}
        elif cell.cell_type == "raw":
            cell = tamed(cell)  # nbconvert would write it into the page as it is
        if cell.cell_type == "code":
            place = _place(cell, resources) if _is_check(cell) else None
            cell.outputs = [new for old in cell.outputs if (new := cleaned(old, key, place)) is not None]
        return cell

    def _lecturers(self, resources: Any) -> set[str]:
        """Return the Markdown of the source notebook."""
        try:
            course, who = self.parent.parent.coursedir, resources["nbgrader"]  # exporter, then converter
            folder = Path(course.root, course.format_path(course.source_directory, ".", who["assignment"]))
            cells = json.loads((folder / f"{who['notebook']}.ipynb").read_text(encoding="utf-8"))["cells"]
            return {"".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"}
        except (AttributeError, OSError, ValueError, KeyError, TypeError):
            return set()  # without it, the lecturer's own words are tamed, too


def tamed(cell: Any) -> Any:
    """Return a learner's `cell` with a clean source; a raw cell becomes Markdown, of which a page makes text."""
    if cell.cell_type == "code":
        cell.source = plain(cell.source)
        return cell
    new = new_markdown_cell(tame(cell.source), metadata=cell.metadata)
    new["id"] = cell.get("id", new["id"])
    return new


def cleaned(output: Any, key: bytes, place: tuple[str, ...] | None) -> Any | None:
    """Return what may stay of an `output`; None if nothing may.

    Parameters
    ----------
    output : notebook node
        As nbformat 4 knows them.
    key : bytes
        The course's secret.
    place : tuple of str or None
        Assignment, learner, notebook and cell, for an output of a graded cell; None for a learner's.
    """
    kind = output.output_type
    if kind == "stream":
        text = plain(output.text)
        return new_output("stream", name=output.name, text=text) if text else None
    if kind == "error":
        trace = [plain(line) for line in output.traceback]
        return new_output("error", ename=plain(output.ename), evalue=plain(output.evalue), traceback=trace)
    if kind not in ("display_data", "execute_result"):
        return None
    data, metadata = {}, {}
    if "text/plain" in output.data:
        data["text/plain"] = plain(output.data["text/plain"])
    if (png := checked_png(output.data.get("image/png", ""))) is not None:
        data["image/png"] = png
    if place is not None:
        if RECORD_TYPE in output.data:
            data[RECORD_TYPE] = output.data[RECORD_TYPE]
        html = "".join(output.data.get("text/html", ""))
        given = output.metadata.get("bplib", {})
        given = given.get("seal") if isinstance(given, dict) else None
        if html and isinstance(given, str) and given.isascii() and hmac.compare_digest(given, seal(html, key, place)):
            data["text/html"], metadata["bplib"] = html, {"seal": given}
    if not any(data.values()):
        return None
    if kind == "execute_result":
        return new_output(kind, data, metadata=metadata, execution_count=output.get("execution_count"))
    return new_output(kind, data, metadata=metadata)
