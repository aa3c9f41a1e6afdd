"""Feedback pages and the formgrader's notebook: what a learner wrote is read there, and does nothing."""

import json
import os
import re
import shutil
import struct
import subprocess
import sys
import zlib
from base64 import b64decode, b64encode
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from nbconvert.filters import markdown2html
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell
from traitlets.config import Config, LoggingConfigurable

from bplib import svg
from bplib.checks.message import Help, compose
from bplib.checks.record import RECORD_TYPE, Record
from bplib.grading import pages
from bplib.grading.clean import CleanCells, SealDrawings, checked_png, drawing, plain, tame
from bplib.grading.pages import Said, formula, page, said, words

from .conftest import role, write_course

SECRET = b"the course's secret"
WHO = {"student": "ada", "assignment": "small", "notebook": "small", "score": 5.5, "max_score": 12, "late_penalty": 0}
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


def shown(drawn, alt):
    """The HTML that `svg.show` puts into a notebook."""
    return (
        f'<img alt="{alt}" src="data:image/svg+xml;base64,{b64encode(drawn.markup.encode()).decode()}"'
        ' style="max-width:100%;height:auto">'
    )


DRAWN = shown(svg.network([["x"], ["h"], ["out"]], mark=("h",)), "The network with h marked")


def png(width=2, height=2, chunks=(), rows=None):
    """A small PNG, Base64, with further chunks behind its header."""
    rows = zlib.compress((b"\x00" + b"\x10" * width) * height if rows is None else rows)
    parts = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)), *chunks, (b"IDAT", rows), (b"IEND", b"")]
    body = b"".join(len(data).to_bytes(4) + name + data + zlib.crc32(name + data).to_bytes(4) for name, data in parts)
    return b64encode(b"\x89PNG\r\n\x1a\n" + body).decode()


# ---------------------------------------------------------------------------------------------------- Markdown

HOSTILE = r"""# I <script>alert(1)</script> am <b onmouseover="alert(2)">bold</b>

<img src=x onerror=alert(3)> <svg onload=alert(4)> <a href="javascript:alert(5)">a</a> <style>body{display:none}</style>
[a](javascript:alert(6)) [b](&#106;avascript:alert(7)) [c][ref] <javascript:alert(8)> [d](data:text/html,PHNjcg==)
![pixel](http://127.0.0.1:9/track.png) ![a](attachment:gone.png) [honest](https://numpy.org/doc "NumPy")

[ref]: javascript:alert(9)

$\href{javascript:alert(10)}{x}$, $\text{<img src=x onerror=alert(11)>}$, $\class{evil}{x}$

```mermaid
graph TD; A-->B; click A href "javascript:alert(12)"; C["<img src=x onerror=alert(13)>"]
```

| a | b |
|---|---|
| $\frac{\partial L}{\partial w_{ij}} = \sum_k \delta_k a_j$ | x < y |

- [x] done
- [ ] not done

$$\delta^{(l)} = \left(W^{(l+1)}\right)^T \delta^{(l+1)} \odot f'(z^{(l)})$$
"""

PIECES = [
    "<", ">", "script", "<script>", "</script>", "<img src=x onerror=a>", "<!--", "-->", "<?", "<![CDATA[", "]]>",
    "[a]", "(", ")", "]", "[", "![", "](", "]:", "javascript:", "java\tscript:", "&#106;avascript:",
    "javascript&colon;",
    "data:text/html,", "vbscript:", "\n", "\n\n", "    ", " ", "`", "```", "~~~", "mermaid", "\\", "$", "$$", "\\(",
    "\\[", "\\begin{a}", "\\end{a}", "\\href", "{", "}", "*", "_", "|", "|---|", "#", "- ", "> ", "1. ", ":   ", "a",
    "[^1]", "[^1]:", "&lt;", "&lt;b&gt;", '"', "'", "onclick=", "\u202e", "\u200b", "\x00", "\ufeff", "<http://", "//h",
    "https://h.org/", "<a@b.c>", "=", "\r",
]  # fmt: skip
TAGS = re.compile(
    "p|a|em|strong|code|pre|del|ul|ol|li|blockquote|table|thead|tbody|tr|th|td|dl|dt|dd|br|hr|h[1-6]|div|span|input"
    "|math|mrow|mi|mn|mo|ms|mtext|mspace|mfrac|msqrt|mroot|msub|msup|msubsup|munder|mover|munderover|mstyle|mtable|mtr"
    "|mtd|mpadded|mphantom|menclose"
)


def check_harmless(html, checkbox=False):
    """Nothing in `html` may run, load, or lead anywhere but to the open web."""
    for tag in BeautifulSoup(html, "html.parser").find_all(True):
        assert TAGS.fullmatch(tag.name), tag
        assert tag.name != "input" or checkbox, tag
        assert not [name for name in tag.attrs if name.lower().startswith("on") or name in ("style", "src")], tag
        if (href := tag.get("href")) is not None:
            # nbconvert's own anchor at a heading
            assert re.match(r"(?i)(https?://|mailto:)", href) or "anchor-link" in tag.get("class", []), tag


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_no_markdown_acts_on_a_page(text):
    calm = tame(text)
    assert tame(calm) == calm
    check_harmless(markdown2html(calm).replace(' style="text-align:', ' data-align="'), checkbox=True)  # formgrader
    check_harmless(str(words(text)).replace(' style="text-align:', ' data-align="'))  # our page, even if not tamed


def test_links_lead_to_the_open_web_only():
    html = words("[a](https://numpy.org) [b](other.html) [c](/etc/passwd) [d](ftp://x) [e](file:///x) ![f](g.png)")
    assert [link["href"] for link in BeautifulSoup(html, "html.parser")("a")] == ["https://numpy.org"]
    assert "[picture: f]" in html


def test_hostile_markdown_is_words():
    html = markdown2html(tame(HOSTILE))
    check_harmless(html.replace(' style="text-align:', ' data-align="'), checkbox=True)
    text = BeautifulSoup(html, "html.parser").get_text()
    assert "alert(1)" in text
    assert "https://numpy.org/doc" in text
    assert '<pre class="mermaid">' not in html
    assert r"\href" not in html
    assert r"\class" not in html


def test_the_untamed_text_would_have_acted():
    """The test above can fail."""
    with pytest.raises(AssertionError):
        check_harmless(markdown2html(HOSTILE.replace("![a](attachment:gone.png)", "")))


@pytest.mark.parametrize(
    "text", ["if a < b and c > d:", "a <= b, 3<4, x <- y", "$a < b$, $\\frac{a}{b}$", "W[0][1] * d[k]", "f(x) [1] (2)"]
)
def test_ordinary_words_stay_as_they_are(text):
    assert tame(text) == text


def test_unseen_characters_go_and_scripts_stay():
    assert plain("a\u202eb\u2066c\x07d\x1b[31me\ufefff\u200bg\U000e0041h\x85i\ud800") == "abcdefgh\ni\ufffd"
    for text in ("हिन्दी क्‍ष", "👩‍🔬 done", "زبان فارسی می‌خواهم", "tab\there", "中文, é"):
        assert plain(text) == text


# ---------------------------------------------------------------------------------------------------- formulas


@pytest.fixture
def _translator():
    pytest.importorskip("latex2mathml")


@pytest.mark.usefixtures("_translator")
def test_formulas_are_mathml():
    assert formula("w^2") == '<math display="inline"><mrow><msup><mi>w</mi><mn>2</mn></msup></mrow></math>'
    assert "<mfrac>" in words(r"$\frac{\partial L}{\partial w}$")
    assert "<code" not in words(r"$\sum_k \delta_k$")


@pytest.mark.usefixtures("_translator")
def test_every_formula_of_the_notebooks_can_be_translated(root):
    found = set()
    for file in [*root.glob("solutions/*.py"), *root.glob("lectures/*.py")]:
        text = file.read_text(encoding="utf-8")
        found |= set(re.findall(r"(?<![$\\])\$([^$\n]+)\$(?!\$)", text)) | set(re.findall(r"\$\$([^$]+)\$\$", text))
    assert found
    assert [tex for tex in found if "<code" in formula(tex)] == []


@pytest.mark.parametrize(
    "tex",
    [r"\text{<script>alert(1)</script>}", r"\href{javascript:alert(1)}{x}", r"\style{color:red}{x}", r"\class{a}{x}",
     r"\color{white}{x}", r"\unicode{x3c}", "&lt;b&gt;", '"><b>', r"\frac", "{" * 3000, r"\left(" * 300, "\\"],
)  # fmt: skip
def test_no_formula_acts(tex):
    check_harmless(formula(tex))
    assert "color" not in re.sub(r">[^<]*<", "><", formula(tex))


def test_without_the_translator_a_formula_is_shown_as_typed(monkeypatch):
    monkeypatch.setitem(sys.modules, "latex2mathml.converter", None)
    formula.cache_clear()
    assert formula(r"\delta_1<2") == r'<code class="tex">\delta_1&lt;2</code>'
    formula.cache_clear()


# ---------------------------------------------------------------------------------------------------- pictures


def test_of_a_sound_png_only_its_pixels_stay():
    assert checked_png(png()) == png()
    assert checked_png(png(chunks=[(b"tEXt", b"<script>alert(1)</script>")])) == png()


@pytest.mark.parametrize(
    "data",
    [
        "",
        "no base64!",
        b64encode(b"<svg onload=alert(1)>").decode(),
        png()[:-12],
        b64encode(b64decode(png())[:-4] + b"\0\0\0\0").decode(),  # a checksum that is wrong
        b64encode(b64decode(png()) + b"<script>").decode(),
        png(rows=b"\0" * 10_000_000),  # unfolds to more than its size says
        png(width=100_000, height=100_000, rows=b""),
        png(width=0),
        png(chunks=[(b"IHDR", b"\0" * 13)]),
        ["a list", 3],
    ],
)
def test_what_is_no_sound_png_goes(data):
    assert checked_png(data) is None


def test_matplotlibs_pictures_are_sound():
    plt = pytest.importorskip("matplotlib.pyplot")
    from io import BytesIO

    file = BytesIO()
    figure, axes = plt.subplots(figsize=(2, 1))
    axes.plot([1, 2])
    figure.savefig(file, format="png")
    plt.close(figure)
    assert checked_png(b64encode(file.getvalue()).decode()) is not None


def test_a_drawing_is_one_image_and_nothing_else():
    assert drawing(DRAWN)["alt"] == "The network with h marked"
    for html in (
        DRAWN.replace("<img", '<img onerror="alert(1)"'),
        DRAWN + "<script>alert(1)</script>",
        DRAWN + DRAWN,
        DRAWN.replace("max-width", "position:fixed;max-width"),
        '<img alt="a" src="http://127.0.0.1/x.png">',
        '<img alt="" src="data:image/png;base64,AAAA">',
        '<img alt="a" src="data:text/html;base64,AAAA">',
        "<b>bold</b>",
        "",
    ):
        assert drawing(html) is None, html


# ---------------------------------------------------------------------------------------------------- cleaning


def step(kind, tmp_path, **traits):
    (tmp_path / "secret").write_bytes(SECRET)
    return kind(secret_file=str(tmp_path / "secret"), **traits)


def cleaned(nb, tmp_path, student="ada", kind=CleanCells, **traits):
    who = {"nbgrader": {**WHO, "student": student}}
    return step(kind, tmp_path, **traits).preprocess(nbformat.from_dict(json.loads(json.dumps(nb))), who)[0]


def displayed(html, **more):
    return new_output("display_data", {"text/html": html, "text/plain": "a drawing", **more})


def test_only_sealed_drawings_stay_and_only_where_they_were_sealed(tmp_path):
    nb = new_notebook(cells=[new_code_cell("c", metadata=role("check", 2), outputs=[displayed(DRAWN)])])
    assert "text/html" not in cleaned(nb, tmp_path).cells[0].outputs[0].data
    sealed = cleaned(nb, tmp_path, kind=SealDrawings)
    kept = cleaned(sealed, tmp_path)
    assert kept.cells[0].outputs[0].data["text/html"] == DRAWN
    assert cleaned(kept, tmp_path) == kept  # the feedback step cleans once more
    assert "text/html" not in cleaned(sealed, tmp_path, student="bob").cells[0].outputs[0].data
    other = nbformat.from_dict(sealed)
    other.cells[0].outputs[0].data["text/html"] = DRAWN.replace("h marked", "x marked")
    assert "text/html" not in cleaned(other, tmp_path).cells[0].outputs[0].data
    sealed.cells[0].metadata = role("own", solution=True)
    assert "text/html" not in cleaned(sealed, tmp_path).cells[0].outputs[0].data
    for forged in ({"seal": "é"}, {"seal": 1}, {"seal": "0" * 64}, {}, "x", None):
        nb.cells[0].outputs[0].metadata["bplib"] = forged
        assert "text/html" not in cleaned(nb, tmp_path).cells[0].outputs[0].data


def test_another_courses_secret_seals_nothing_here(tmp_path):
    nb = new_notebook(cells=[new_code_cell("c", metadata=role("check", 2), outputs=[displayed(DRAWN)])])
    (tmp_path / "other").write_bytes(b"another secret")
    sealed, _ = SealDrawings(secret_file=str(tmp_path / "other")).preprocess(nb, {"nbgrader": WHO})
    assert "bplib" in sealed.cells[0].outputs[0].metadata
    assert "text/html" not in cleaned(sealed, tmp_path).cells[0].outputs[0].data


def test_a_locked_raw_cell_is_no_html_either(tmp_path):
    nb = new_notebook(cells=[new_raw_cell("<script>alert(1)</script>", metadata=role("raw"))])
    (cell,) = cleaned(nb, tmp_path).cells
    assert (cell.cell_type, cell.source) == ("markdown", "< script>alert(1)< /script>")


def test_what_is_no_drawing_is_never_sealed(tmp_path):
    for html in ("<script>alert(1)</script>", DRAWN.replace("<img", '<img onerror="alert(1)"')):
        nb = new_notebook(cells=[new_code_cell("c", metadata=role("check", 2), outputs=[displayed(html)])])
        assert "bplib" not in cleaned(nb, tmp_path, kind=SealDrawings).cells[0].outputs[0].metadata


def test_of_a_learners_outputs_text_and_sound_pngs_stay(tmp_path):
    rich = {
        "text/html": "<script>alert(1)</script>",
        "text/latex": r"$\href{javascript:alert(1)}{x}$",
        "text/markdown": "<b>",
        "image/svg+xml": "<svg onload=alert(1)>",
        "application/javascript": "alert(1)",
        "application/vnd.jupyter.widget-view+json": {},
        RECORD_TYPE: {"marks": 100},
        "image/png": png(),
        "text/plain": "\x1b[31mred\u202e",
    }
    outputs = [
        new_output("display_data", rich),
        new_output("display_data", {"text/html": "<b>", "image/png": "damaged"}),
        new_output("stream", text="a\x07b"),
        new_output("error", ename="E", evalue="\x1b[31mno", traceback=["\x1b[0;31mE\x1b[0m"]),
        new_output("execute_result", {"text/plain": "1"}, metadata={"bplib": {"seal": "x"}}, execution_count=1),
    ]
    nb = new_notebook(cells=[new_code_cell("x", outputs=outputs)])
    after = cleaned(nb, tmp_path).cells[0].outputs
    assert after[0].data == {"text/plain": "red", "image/png": png()}
    assert [output.output_type for output in after] == ["display_data", "stream", "error", "execute_result"]
    assert after[1].text == "ab"
    assert after[2].evalue == "no"
    assert after[2].traceback == ["E"]
    assert after[3].metadata == {}


def test_a_checks_record_stays_for_the_report(tmp_path):
    nb = new_notebook(
        cells=[new_code_cell("c", metadata=role("check", 2), outputs=[displayed("", **{RECORD_TYPE: {"marks": 1}})])]
    )
    assert cleaned(nb, tmp_path).cells[0].outputs[0].data[RECORD_TYPE] == {"marks": 1}


def test_learners_cells_are_tamed_and_the_lecturers_stay(tmp_path):
    asked = '# Small\n\nRead <a href="https://numpy.org">this</a>, [that](x.png).'
    root = write_course(tmp_path / "course", [new_markdown_cell(asked)])
    directory = SimpleNamespace(
        root=str(root),
        source_directory="solutions",
        format_path=lambda nbgrader_step, who, what: f"{nbgrader_step}/{what}",
    )
    nb = new_notebook(
        cells=[
            new_markdown_cell(asked),
            new_markdown_cell(HOSTILE, attachments={"a.png": {"text/html": "<script>"}}),
            new_markdown_cell(HOSTILE, metadata=role("why", 1, solution=True)),
            new_raw_cell("<script>alert(1)</script>", metadata={"raw_mimetype": "text/html"}),
            new_code_cell("x = 1  # \u202eevil", metadata=role("own", solution=True)),
            new_code_cell("assert '\u202e' != '<b>'", metadata=role("check", 1)),
        ]
    )
    exporter = LoggingConfigurable()
    exporter.parent = LoggingConfigurable()
    exporter.parent.coursedir = directory
    clean = step(CleanCells, tmp_path, parent=exporter)
    after = clean.preprocess(nb, {"nbgrader": WHO})[0].cells
    assert after[0].source == asked
    assert after[1].source == after[2].source == tame(HOSTILE)
    assert "attachments" not in after[1]
    assert after[3].cell_type == "markdown"
    assert after[3].source == "< script>alert(1)< /script>"
    assert after[4].source == "x = 1  # evil"
    assert after[5].source == "assert '\u202e' != '<b>'"  # the check is the master's
    assert [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in after][2] == "why"
    nbformat.validate(new_notebook(cells=after))


# ---------------------------------------------------------------------------------------------------- messages


def test_a_message_is_taken_apart_and_wrapped_lines_are_joined():
    wrong = {
        "part": "d", "index": [0], "got": 1.0, "want": 2.0, "network": 2, "place": "unit h1", "units": ["h1"],
        "text": "d[0] is 1, should be 2",
    }  # fmt: skip
    long = " ".join(["the sum runs over both outputs, each with its weight"] * 4)
    record = Record("ps06.hidden_delta", 1.5, 4, (long, "the sign"), wrong)
    parts = said(compose(record, Help(takes=("x",), tried=("", "random network"), count=4, think="And the slope?")))
    assert parts[0] == Said("right", (f"{long}; the sign",))
    assert parts[1].label == "wrong"
    assert parts[1].lines[0] == "d[0] is 1, should be 2"
    assert parts[1].lines[1].startswith("first wrong value: unit h1")
    assert [part.label for part in parts] == ["right", "wrong", "seen on", "think", "more"]


@pytest.mark.parametrize(
    "text", ["", "  right      x", "Hello\n  world", "f: 1 of 2 points", "f: 1 of 2 points\n             x"]
)
def test_any_other_text_is_kept(text):
    kept = "".join(part if isinstance(part, str) else "".join(part.lines) for part in said(text))
    assert kept.split() == re.sub(r"f: 1 of 2 points", "", text).split()


# ---------------------------------------------------------------------------------------------------- the page

HIDDEN = """assert one() == 1
### BEGIN HIDDEN TESTS
assert one(seed=4711) == "SECRET ANSWER"
### END HIDDEN TESTS
assert one() < 2"""


def marked(metadata, score, waits=False, comment=None):
    metadata["nbgrader"].update(score=score, waits=waits, comment=comment)
    return metadata


def a_notebook(kind):
    """A graded notebook as `GetMarks` and `CleanCells` hand it over: 'right', 'wrong', 'empty' or 'hostile'."""
    lecturer = {"bplib": {"whose": "lecturer"}}
    learner = {"bplib": {"whose": "learner"}}
    code = {"right": "def one():\n    return 1", "empty": ""}.get(kind, "def one():\n    return 1 / 0")
    message = "one: 2 of 2 points\n  right      one\n" if kind == "right" else (
        "one: 0.5 of 2 points\n  right      the sign\n  wrong      one is 3, should be 1\n"
        "             first wrong value; 3 times what it should be\n  think      And the slope?\n"
    )  # fmt: skip
    outputs = [new_output("stream", text=message)]
    if kind in ("wrong", "hostile"):
        outputs += [displayed(DRAWN), displayed("", **{RECORD_TYPE: {"drawn_for": "seed 4711"}})]
    trace = [
        "Traceback", "Cell In[7], line 3", "assert one(seed=4711) == 'SECRET ANSWER'",
        "Cell In[5], line 2, in one()", "File /srv/course/bplib/checks/question.py:12",
    ]  # fmt: skip
    leak = new_output("stream", text="x is SECRET")
    error = new_output("error", ename="ZeroDivisionError", evalue="SECRET ANSWER", traceback=trace)
    text = {"empty": "YOUR ANSWER HERE", "hostile": tame(HOSTILE)}.get(kind, r"It is $\sum_k \delta_k w_k$.")
    full = kind == "right"
    cells = [
        new_markdown_cell("# Small (12 points)\n\nRead [this](https://numpy.org).", metadata=lecturer),
        new_code_cell("import numpy as np", metadata=role("setup")),
        new_markdown_cell(r"## 1. The `one` of $\delta_1$ (2 points)" + "\n\nReturn **one**.", metadata=lecturer),
        new_code_cell(code, metadata=role("one", solution=True), execution_count=5),
        new_code_cell("# Try it\n# one()"),
        new_code_cell("ps.one(one)", metadata=marked(role("check_one", 2), 2 if full else 0.5), outputs=outputs),
        new_markdown_cell("## 2. Hidden things (5 points)", metadata=lecturer),
        new_code_cell(code, metadata=role("two", solution=True), execution_count=6),
        new_code_cell(HIDDEN, metadata=marked(role("check_two", 5), 5 if full else 0),
                      outputs=[leak, *([] if full else [error])], execution_count=7),
        new_markdown_cell("## 3. In words (5 points)", metadata=lecturer),
        new_markdown_cell(text, metadata=marked(role("why", 5, solution=True), 0, waits=kind != "empty",
                                                comment="See <b>p. 3</b>." if kind == "wrong" else None)),
    ]  # fmt: skip
    if kind == "hostile":
        loud = [new_output("stream", text="<script>alert(40)</script>\n" * 40), new_output("stream", text="x" * 500)]
        cells += [
            new_markdown_cell("Thanks <3", metadata=learner),
            new_code_cell("print('</code><script>alert(41)</script>')", outputs=loud, metadata=learner),
        ]
    return new_notebook(cells=cells)


def written(kind, **who):
    return page(a_notebook(kind), {**WHO, **who})


def soup(html):
    return BeautifulSoup(html, "html.parser")


def test_the_marks_stand_first_each_question_with_its_points():
    html = soup(written("wrong"))
    assert html.find("h1").text == "Small"
    assert html.find("h2").text == "5.5 of 12 points"
    rows = [[cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])] for row in html.table.tbody("tr")]
    assert [row[1:] for row in rows] == [
        ["0.5 of 2", "◐ in part"], ["0 of 5", "○ no points"], ["? of 5", "… waits for a person"]
    ]  # fmt: skip
    assert rows[1][0] == "2. Hidden things"
    for link in html.table("a"):
        assert html.find(id=link["href"][1:]).name == "h2"
    assert "5 of these points wait for a person" in html.get_text()


def test_what_the_check_says_stands_before_the_learners_code():
    (question, *_) = soup(written("wrong")).find_all(class_="question")
    text = question.get_text(" ", strip=True)
    order = ["one is 3, should be 1", "And the slope?", "Your code", "return", "What was asked", "Return"]
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    assert question.img["src"].startswith("data:image/svg+xml;base64,")
    assert question.img["alt"].startswith("The network")
    assert "Try it" not in text


def test_hidden_tests_seeds_and_tracebacks_are_not_shown():
    for kind in ("right", "wrong", "empty", "hostile"):
        html = written(kind)
        for word in ("SECRET", "4711", "HIDDEN", "/srv/", "Traceback", "drawn_for"):
            assert word not in html, (kind, word)
    assert "assert" in written("wrong")
    assert "2</span>" in written("wrong")
    (_, question, _) = soup(written("wrong")).find_all(class_="question")
    stop = question.find(class_="stop").get_text(" ", strip=True)
    assert stop.startswith("Stopped by ZeroDivisionError in line 2 of your code")


def test_a_class_named_after_a_hidden_input_is_not_told():
    nb = a_notebook("wrong")
    nb.cells[8].outputs[1].ename = "input_is_4711"
    assert "4711" not in page(nb, WHO)


def test_what_the_judge_tells_of_a_hidden_test_is_shown():
    """The judge's own sentences name class and line only; it puts nothing else into a graded cell."""
    nb = a_notebook("wrong")
    told = "two raised it in a hidden test (line 2 of its cell: return 1 / 0)"
    nb.cells[8].outputs = [new_output("error", ename="ZeroDivisionError", evalue=told, traceback=[told])]
    assert told not in page(nb, WHO)
    nb.metadata["bplib"] = {"judge": "B"}
    assert f"ZeroDivisionError: {told}" in page(nb, WHO)
    assert "level C" not in page(nb, WHO)


def test_an_unfinished_hidden_region_is_hidden_to_its_end():
    cell = new_code_cell("assert 1\n### BEGIN HIDDEN TESTS\nassert 2", metadata=role("check", 1))
    assert pages._hide(cell, pages.ClearHiddenTests()) == ("assert 1", True)


def test_comments_late_penalties_and_notes_are_shown():
    nb = a_notebook("wrong")
    nb.metadata["bplib"] = {"notes": ["cells <b> were moved"], "judge": "C"}
    html = page(nb, {**WHO, "late_penalty": 1.5})
    text = soup(html).get_text(" ", strip=True)
    assert "Comment by the person who marked it See <b>p. 3</b>." in text
    assert "Handed in late −1.5" in text
    assert "cells <b> were moved" in text
    assert "without a sandbox (level C)" in text


def test_nothing_of_the_learners_is_lost():
    text = soup(written("hostile")).get_text()
    assert "Thanks <3" in text
    assert "alert(41)" in text
    assert "x" * 500 in text
    assert "alert(40)" in text
    assert "What else you wrote" in text


def test_several_checks_of_one_question_are_added_up():
    nb = new_notebook(
        cells=[
            new_code_cell("def f(): ...", metadata=role("f", solution=True)),
            new_code_cell("1", metadata=marked(role("check_f", 2), 2)),
            new_code_cell("2", metadata=marked(role("check_f_again", 3), 1)),
            new_code_cell("def g(): ...", metadata=role("g", solution=True)),
            new_code_cell("3", metadata=marked(role("check_g", 1), 1)),
        ]
    )
    _, found, rest = pages.questions(nb, pages.ClearHiddenTests())
    assert [(str(q.title), q.marks, q.points, q.state) for q in found] == [("f", 3, 5, "some"), ("g", 1, 1, "all")]
    assert rest == []


def test_a_comment_on_code_stands_with_it_and_the_introduction_belongs_to_no_question():
    nb = new_notebook(
        cells=[
            new_markdown_cell("# Title\n\nIntroduction."),
            new_markdown_cell("## One\n\nDo it."),
            new_code_cell("f = 1", metadata=marked(role("f", solution=True), None, comment="Well done.")),
            new_code_cell("1", metadata=marked(role("check_f", 2), 2)),
        ]
    )
    html = soup(page(nb, WHO))
    assert "Well done." in html.find(class_="question").get_text()
    assert html.h1.text == "Title"
    assert "Introduction" not in html.get_text()


def test_an_answer_in_words_is_a_question_of_its_own():
    nb = new_notebook(
        cells=[
            new_code_cell("1", metadata=marked(role("check_f", 2), 1.5)),
            new_markdown_cell("Because.", metadata=marked(role("why", 1, solution=True), 0, waits=True)),
            new_code_cell("2", metadata=marked(role("check_g", 3), 3)),
        ]
    )
    _, found, _ = pages.questions(nb, pages.ClearHiddenTests())
    assert [(q.marks, q.points, q.waiting) for q in found] == [(1.5, 2, 0), (0, 1, 1), (3, 3, 0)]


def test_a_task_takes_the_cells_behind_it():
    task = role("draw", 3)
    task["nbgrader"].update(task=True, grade=False, solution=False)
    source = "## Draw it (3 points)\n### BEGIN MARK SCHEME\n3 for SECRET\n### END MARK SCHEME"
    nb = new_notebook(
        cells=[
            new_markdown_cell(source, metadata=marked(task, 0, waits=True)),
            new_code_cell("plot()"),
            new_markdown_cell("It rises.", metadata={"bplib": {"whose": "learner"}}),
        ]
    )
    _, (question,), rest = pages.questions(nb, pages.ClearHiddenTests())
    assert [piece.kind for piece in question.answer] == ["code", "words"]
    assert rest == []
    assert question.state == "waits"
    assert "SECRET" not in page(nb, WHO)


def test_names_and_titles_are_words():
    html = written("right", student="<script>alert(1)</script>\u202e", notebook='"><b>')
    assert "<script" not in html
    assert "\u202e" not in html
    assert "<b>" not in html


@pytest.mark.parametrize("kind", ["right", "wrong", "empty", "hostile"])
def test_a_page_is_whole_and_runs_nothing(kind):
    html = written(kind)
    parsed = soup(html)
    assert parsed.html["lang"] == "en"
    assert parsed.find_all(["script", "link", "iframe", "object", "form", "input"]) == []
    policy = parsed.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    assert policy.startswith("default-src 'none'; img-src data:;")
    for tag in parsed.find_all(True):
        assert not [name for name in tag.attrs if name.startswith("on") or name == "style"], tag
        assert tag.get("src", "data:image/").startswith("data:image/")
        assert re.match(r"https?://|#q\d|mailto:", tag.get("href", "#q1")), tag
    assert "url(" not in html
    assert "@import" not in html


# ---------------------------------------------------------------------------------------------------- in nbgrader


CONFIG = """
from pathlib import Path
from bplib.grading.config import configure
configure(get_config(), Path('.'))
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory, root):
    """One hostile hand-in, graded."""
    from bplib.grading.collect import collect
    from bplib.grading.course import Course

    draw = "from bplib import svg\nsvg.show(svg.network([['x'], ['out']]), alt='a drawing of ours')\n"
    draw += "2.0 if one() == 1 else 1.5"
    cells = [
        new_markdown_cell("# Small (3 points)"),
        new_markdown_cell("## 1. One (2 points)\n\nSee [this](https://numpy.org)."),
        new_code_cell("def one():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION",
                      metadata=role("one", solution=True)),
        new_code_cell(draw, metadata=role("check_one", 2)),
        new_markdown_cell("Because.", metadata=role("why", 1, solution=True)),
    ]  # fmt: skip
    made = Course.kit(write_course(tmp_path_factory.mktemp("pages") / "a course é", cells))
    nb = nbformat.read(made.release("small") / "small.ipynb", as_version=4)
    loud = "from IPython.display import HTML, display\ndisplay(HTML('<script>alert(50)</script>'))\n"
    nb.cells[2].source = loud + "def one():\n    return 2"
    nb.cells[4].source = HOSTILE
    nb.cells += [new_markdown_cell(HOSTILE), new_raw_cell("<script>alert(51)</script>")]
    folder = made.root / "in"
    folder.mkdir()
    nbformat.write(nb, folder / "ada.ipynb")
    collect(folder, made.home, "small")
    made.autograde("small")
    assert made.feedback("small") == []
    (hand_in,) = made.results("small")
    assert hand_in.status == "graded"
    return made


@pytest.mark.slow
def test_the_stock_command_writes_the_same_page(course, root):
    page = course.page("small", "ada") / "small.html"
    ours = page.read_bytes()
    assert b"a drawing of ours" in ours
    assert b"data:image/svg+xml" in ours
    assert b"1.5 of 2" in ours
    (course.root / "nbgrader_config.py").write_text(CONFIG)
    command = [Path(sys.executable).parent / "nbgrader", "generate_feedback", "small", "--force"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(root), *filter(None, sys.path)])}
    done = subprocess.run(command, cwd=course.root, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    assert page.read_bytes() == ours


@pytest.fixture(scope="module")
def formgraders(course, tmp_path_factory):
    """The page that the formgrader makes of the autograded notebook, in its own way."""
    from nbconvert.exporters import HTMLExporter
    from nbgrader.server_extensions.formgrader import handlers

    config = Config()
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    resources = {
        "assignment_id": "small", "notebook_id": "small", "submission_id": "1", "index": 0, "total": 1, "base_url": "",
        "student": "ada", "last_name": None, "first_name": None, "notebook_path": "/x",
    }  # fmt: skip
    notebook = course.home / "autograded" / "ada" / "small" / "small.ipynb"
    html, _ = HTMLExporter(config=config).from_filename(str(notebook), resources=resources)
    file = tmp_path_factory.mktemp("formgrader") / "page.html"
    file.write_text(html, encoding="utf-8")
    return file


@pytest.mark.slow
def test_the_formgrader_shows_words_only_and_our_drawing(formgraders):
    shown = soup(formgraders.read_text(encoding="utf-8")).find(id="notebook-container")
    assert shown.find_all(["script", "style", "iframe", "svg", "object", "form"]) == []
    assert [image["alt"] for image in shown("img")] == ["a drawing of ours"]
    for tag in shown.find_all(True):
        assert not [name for name in tag.attrs if name.startswith("on")], tag
        assert re.match(r"https?://|#|mailto:", tag.get("href", "#")), tag
    assert "alert(51)" in shown.get_text()


# ---------------------------------------------------------------------------------------------------- in a browser


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None:
        pytest.skip("no Chromium")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def visit(browser, file, **more):
    """Open `file`; return the page, and what it asked for, said or did."""
    view = browser.new_page(**more)
    heard = []
    view.on("request", lambda request: request.url.startswith(("file:", "data:")) or heard.append(request.url))
    view.on("console", lambda message: heard.append(message.text))
    view.on("dialog", lambda dialog: (heard.append(f"dialog {dialog.message}"), dialog.dismiss()))
    view.goto(file.as_uri())
    return view, heard


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["right", "wrong", "empty", "hostile"])
def test_anybody_can_read_a_page(browser, tmp_path, kind, scheme):
    """axe-core finds nothing serious or critical, nothing is loaded, nothing sticks out at any width."""
    axe = pytest.importorskip("axe_playwright_python.base").AXE_FILE_PATH  # the PyPI package carries axe-core
    file = tmp_path / "page.html"
    file.write_text(written(kind), encoding="utf-8")
    for width in (1280, 800, 360):
        view, heard = visit(browser, file, viewport={"width": width, "height": 900}, color_scheme=scheme)
        view.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
        view.evaluate(Path(axe).read_text(encoding="utf-8"))
        found = view.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        assert [
            (rule["id"], rule["nodes"][0]["html"]) for rule in found if rule["impact"] in ("serious", "critical")
        ] == []
        assert view.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert heard == []
        view.close()


@pytest.mark.slow
def test_nothing_of_the_learners_runs_in_the_formgrader(browser, formgraders):
    _, heard = visit(browser, formgraders)
    assert [what for what in heard if what.startswith("dialog") or "127.0.0.1:9" in what] == []
