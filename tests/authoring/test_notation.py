"""One table, and a lesson takes its rows from it."""

import re
import tomllib

import pytest

from bplib.authoring import SourceError
from bplib.authoring.notation import DECKS, TABLE, expand

ROWS = tomllib.loads(TABLE.read_text(encoding="utf-8"))


def test_a_directive_becomes_the_rows_and_decks_it_asks_for_in_that_order():
    lines = expand("# before\n# {{notation 004 002: W x}}\n# after", "x.py").split("\n")
    assert lines[0] == "# before"
    assert lines[1] == "# | name in code | what it is | Deck 004 | Deck 002 |"
    assert lines[2] == "# |---|---|---|---|"
    assert [line.split("|")[1].strip() for line in lines[3:5]] == ["`W`", "`x`"]
    assert ROWS["W"]["004"] in lines[3].split("|")[3]
    assert ROWS["x"]["002"] in lines[4].split("|")[4]
    assert lines[5:] == ["# after"]


def test_every_row_has_as_many_columns_as_the_head():
    lines = expand(f"{{{{notation {' '.join(DECKS)}: {' '.join(ROWS)}}}}}", "x.py").split("\n")
    assert len(lines) == len(ROWS) + 2
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in lines} == {len(DECKS) + 3}


def test_a_deck_without_a_symbol_gets_a_dash():
    assert expand("{{notation 001: eta}}", "x.py").split("\n")[2].split("|")[3].strip() == "-"


def test_the_table_has_what_the_first_lessons_ask_for():
    asked = "x W b z a out target loss delta dW db eta N lam v beta h p dx"
    assert set(asked.split(" ")) <= set(ROWS)


@pytest.mark.parametrize("name", ROWS)
def test_a_row_says_what_it_is_and_names_only_known_decks(name):
    assert ROWS[name]["what"]
    assert set(ROWS[name]) <= {"what", "code", *DECKS}
    assert all(text.count("$") % 2 == 0 for text in ROWS[name].values())


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{{notation 004: x nett}}", r"x.py, line 1: no name 'nett' in notation.toml"),
        ("{{notation 005: x}}", r"x.py, line 1: no deck '005'"),
        ("{{notation 004 x}}", r"x.py, line 1: write the directive alone"),
        ("{{ notation 004: x }}", r"x.py, line 1: write the directive alone"),
        ("as in {{notation 004: x}}", r"x.py, line 1: write the directive alone"),
    ],
)
def test_a_directive_that_cannot_be_followed_is_an_error(line, says):
    with pytest.raises(SourceError, match=says):
        expand(line, "x.py")
