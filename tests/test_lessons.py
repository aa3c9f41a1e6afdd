"""A lesson says what it covers; the syllabus says what it has to, and each of these must really stand in it."""

import re
import tomllib

import nbformat
import pytest

# Items of the decks (deck-number) and errata, as the syllabus gives them to the lessons that are written.
SYLLABUS = {
    "03_numeric_and_analytic": "000-8 E27",
    "04_computational_graphs": "000-10 000-11 E30 E31 000-12 000-13 000-14 002-13",
    "05_activation_functions": "000-15 000-16 E32 002-2 E2 E5 E6 E12 E52 004-9",
    "06_two_two_two": "002-1 E8 E9 004-1 004-2 E1 004-3 E42 E22 004-5 E43 004-6 E46",
    "07_deltas": "001-3 001-4 001-5 E41 002-9 002-10 E4 E7 002-11 002-12 003-1 003-2 003-3 E23 003-4 E49 004-7 004-8",
}
NAME = re.compile(r"\b(?:00\d-\d+|E\d+)\b")


def lesson(root, name):
    text = (root / "lectures" / f"{name}.py").read_text(encoding="utf-8")
    covers = re.search(r"^# \*\*Covers\*\*.*?(?=^#$)", text, re.MULTILINE | re.DOTALL).group()
    return covers, text.replace(covers, "")


def test_every_lesson_is_in_the_table(root):
    assert sorted(path.stem for path in (root / "lectures").glob("[0-9]*.py")) == sorted(SYLLABUS)


@pytest.mark.parametrize("name", SYLLABUS)
def test_a_lesson_covers_what_the_syllabus_gives_it(root, name):
    covers, body = lesson(root, name)
    assert sorted(NAME.findall(covers)) == sorted(SYLLABUS[name].split())
    missing = [e for e in SYLLABUS[name].split() if e.startswith("E") and not re.search(rf"\b{e}\b", body)]
    assert missing == [], "an erratum needs its box: as printed, correct, why"
    numbers = tomllib.loads((root / "bplib" / "golden.toml").read_text(encoding="utf-8"))
    checked = set(re.findall(r"""agrees\(\s*["']([^"']+)["']""", body))
    for item in SYLLABUS[name].split():
        there = {key for key in numbers if key.split(".")[0] == item}
        assert not there or there & checked, f"no number of {item} is checked"


@pytest.mark.parametrize("name", SYLLABUS)
def test_a_lesson_takes_as_long_as_it_says(root, name):
    """The syllabus: 120 words a minute, an equation 1, a prediction 2, a widget 3; 30 to 60 in all, lesson 07 to 75."""
    _, text = lesson(root, name)
    cells = nbformat.read(root / "lectures" / f"{name}.ipynb", as_version=4).cells
    prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    equations = len(re.findall(r"\$\$.+?\$\$", prose, re.DOTALL))
    words = re.sub(r"\$\$.+?\$\$|```.*?```", " ", prose, flags=re.DOTALL)
    predictions = len(re.findall(r"\*\*Predict", prose))
    widgets = len(
        re.findall(r"^explore\(|= explore\(", "\n".join(c.source for c in cells if c.cell_type == "code"), re.M)
    )
    minutes = len(re.findall(r"\b\w[\w'-]*", words)) / 120 + equations + 2 * predictions + 3 * widgets
    stated = float(re.search(r"\*\*Time\*\* (?:about )?(\d+) minutes", text).group(1))
    assert 30 <= stated <= (75 if name == "07_deltas" else 60)
    assert abs(stated - minutes) <= 6, f"counted {minutes:.0f}"
