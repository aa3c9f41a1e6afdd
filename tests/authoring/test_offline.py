"""A page made with `jupyter nbconvert --to html` reads without a network, formulas and all."""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from bplib.authoring.offline import formula

FETCHED = re.compile(
    r"""<(?:script|img|iframe)\b[^>]*\ssrc=(?!["']?data:)|<link\b|@import|url\((?!["']?(?:data:|#))|\bimport\s+\w+\s+from"""
)


def export(notebook, folder):
    jupyter = Path(sys.executable).parent / "jupyter"
    command = [jupyter, "nbconvert", "--to", "html", str(notebook), "--output-dir", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return (folder / f"{notebook.stem}.html").read_text(encoding="utf-8")


def test_formulas_are_set_and_nothing_is_fetched(tmp_path):
    cells = [
        new_markdown_cell(
            "In the line $a = \\sigma(z)$ and\n\n$$\\frac{\\partial L}{\\partial w} < 1$$\n\nand $\\nonsense{$."
        )
    ]
    nbformat.write(new_notebook(cells=cells), tmp_path / "small.ipynb")
    page = export(tmp_path / "small.ipynb", tmp_path)
    assert FETCHED.findall(page) == []
    assert page.count("<math") == 2
    assert 'display="block"' in page
    assert "<mfrac>" in page
    assert "$" not in page[page.index("In the line") : page.index("</main>")]
    assert 'alttext="\\frac{\\partial L}{\\partial w} &lt; 1"' in page


def test_what_the_translator_does_not_know_is_put_otherwise():
    rows = formula(r"\begin{aligned} a &= b \\ c &= d \end{aligned}", "block")
    assert rows.count("<mtr>") == 2
    assert "<mi>&</mi>" not in rows
    assert "<msup>" not in formula("\\sigma'(z)", "inline")
    assert "<msup>" in formula("z^2", "inline")


@pytest.mark.slow
def test_every_formula_of_every_lesson_is_set(root, tmp_path):
    for lesson in sorted((root / "lectures").glob("*.ipynb")):
        page = export(lesson, tmp_path)
        assert FETCHED.findall(page) == [], lesson.name
        cells = [cell.source for cell in nbformat.read(lesson, as_version=4).cells if cell.cell_type == "markdown"]
        text = re.sub(r"```.*?```|`[^`]*`", "", "\n\n".join(cells), flags=re.DOTALL)
        typed = re.findall(r"\$\$.+?\$\$|(?<![\\$])\$[^$\n][^$]*?\$", text, flags=re.DOTALL)
        assert page.count("<math") >= len(typed) > 0, lesson.name
        broken = [tex for tex in typed if formula(tex.strip("$"), "inline").startswith("<code>")]
        assert broken == [], lesson.name
