"""The catalogue of mistakes: each entry is complete, short enough for a message, and cites the slides in one form."""

import re
import string
import tomllib
from pathlib import Path

import pytest

from bplib import checks

TEXT = Path(checks.__file__).with_name("catalogue.toml").read_text(encoding="utf-8")
ENTRIES = tomllib.loads(TEXT)
NEEDED = {"name", "says", "think", "look"}
DECK = r"Deck (000 \(Vetter, Kraus, Höfle\)|001 \(Leibe\)|002|003|004 \(Chen, NTUST\))"
ERRATUM = r"E([1-9]|[1-4][0-9]|5[0-7])"
CITATION = re.compile(rf'{DECK}, "[^"\s]([^"]*[^"\s])?"(, erratum {ERRATUM})?')

each = pytest.mark.parametrize(("id", "entry"), ENTRIES.items(), ids=list(ENTRIES))


def test_there_are_enough():
    assert len(ENTRIES) >= 60


@each
def test_an_id_is_lower_snake(id, entry):
    assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", id)


@each
def test_an_entry_has_its_keys_and_no_others(id, entry):
    assert set(entry) in (NEEDED, NEEDED | {"convention"})
    assert all(type(entry[key]) is str for key in NEEDED)


@each
def test_a_name_is_a_short_heading(id, entry):
    assert 2 <= len(entry["name"].split()) <= 6
    assert not entry["name"].endswith((".", "?"))


@each
def test_what_it_says_is_one_sentence_that_goes_on_in_a_line(id, entry):
    says = entry["says"]
    assert 20 <= len(says) <= 160
    assert says == " ".join(says.split())
    assert not says[0].isupper()
    assert says[-1] not in ".?!"
    assert ". " not in says
    assert {field for _, field, _, _ in string.Formatter().parse(says) if field is not None} <= {"value", "layer"}


@each
def test_the_question_is_a_question(id, entry):
    assert 20 <= len(entry["think"]) <= 120
    assert entry["think"].endswith("?")
    assert "{" not in entry["think"]


@each
def test_the_slides_are_cited_in_one_form(id, entry):
    assert CITATION.fullmatch(entry["look"]), entry["look"]


@each
def test_a_convention_says_what_this_course_does_and_a_slip_has_no_such_mark(id, entry):
    convention = entry.get("convention", False)
    assert type(convention) is bool
    assert convention == ("this course" in entry["says"])


@pytest.mark.parametrize("key", ["name", "says", "think"])
def test_no_two_entries_read_alike(key):
    first = {}
    for id, entry in ENTRIES.items():
        words = " ".join(re.findall(r"[^\W_]+", entry[key].lower())) + re.sub(r"[\w\s]", "", entry[key])
        assert words not in first, f"{id} and {first[words]}: {entry[key]}"
        first[words] = id


def test_every_entry_stands_under_the_heading_of_a_group():
    blocks = TEXT.split("\n\n")
    assert all(re.match(r"(#.*\n)*\[", block) for block in blocks[1:])
    assert blocks[1].startswith("# ")
    assert sum(block.startswith("# ") for block in blocks[1:]) >= 10
