"""Of a hand-in only the learner's own sources are taken; what is wrong with it is said by name."""

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from bplib.grading.intake import graded, master, rebuild

NAME = "small.ipynb"


@pytest.fixture
def model(small):
    return master(small / "solutions" / "small" / NAME)


@pytest.fixture
def answer(model):
    nb = nbformat.from_dict(model)
    nb.cells[1].source, nb.cells[3].source, nb.cells[5].source = "def one(): return 1", "def two(): return 2", "So."
    return nb


def sources(nb):
    return [cell.source for cell in nb.cells]


def test_the_master_has_stubs_and_points(model):
    assert "return 1" not in model.cells[1].source
    assert "NotImplementedError" in model.cells[1].source
    assert graded(model) == {"check_one": 2, "check_two": 2, "why": 1}


def test_an_honest_hand_in_comes_through_as_it_is(model, answer):
    nb, notes = rebuild(model, answer)
    assert notes == []
    assert sources(nb) == sources(answer)
    assert [c.metadata.get("nbgrader") for c in nb.cells] == [c.metadata.get("nbgrader") for c in model.cells]
    nbformat.validate(nb)


def test_changed_tests_points_and_tags_are_the_masters_again(model, answer):
    answer.cells[2].source = "100.0"
    answer.cells[2].metadata.nbgrader.points = 100
    answer.cells[2].metadata.tags = ["skip-execution"]
    answer.cells[4].metadata.nbgrader.schema_version = 99
    nb, _ = rebuild(model, answer)
    assert nb.cells[2].source == model.cells[2].source
    assert nb.cells[2].metadata == model.cells[2].metadata
    assert nb.cells[4].metadata == model.cells[4].metadata


def test_a_missing_graded_cell_is_put_back(model, answer):
    del answer.cells[2]
    nb, notes = rebuild(model, answer)
    assert sources(nb)[1:4] == ["def one(): return 1", model.cells[2].source, "def two(): return 2"]
    assert notes == ["cell check_one was missing: put back as it was released"]


def test_a_doubled_cell_counts_once_and_no_code_is_lost(model, answer):
    copy = nbformat.from_dict(answer.cells[1])
    copy.source = "def one(): return 1.0"
    answer.cells.insert(3, copy)
    answer.cells.insert(3, nbformat.from_dict(answer.cells[2]))
    nb, notes = rebuild(model, answer)
    assert sources(nb).count("def one(): return 1") == 1  # kept, as an ordinary cell
    assert [c.source for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "one"] == [
        "def one(): return 1.0"
    ]
    assert len([c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "check_one"]) == 1
    assert [note.split(":")[0] for note in notes] == ["cell check_one stands twice", "cell one stands twice"]


def test_own_cells_stay_behind_the_cell_they_followed(model, answer):
    answer.cells.insert(3, new_code_cell("helper = 1"))
    answer.cells.insert(0, new_markdown_cell("My name stands here."))
    nb, notes = rebuild(model, answer)
    assert sources(nb) == sources(answer)
    assert notes == []


def test_moved_cells_are_put_back_in_order(model, answer):
    answer.cells[1], answer.cells[4] = answer.cells[4], answer.cells[1]
    nb, notes = rebuild(model, answer)
    ids = [c.metadata.nbgrader.grade_id for c in nb.cells if "nbgrader" in c.metadata]
    assert ids == ["one", "check_one", "two", "check_two", "why"]
    assert "cells were moved: they are back in their order" in notes


def test_an_unknown_kernel_is_named_and_replaced(model, answer):
    answer.metadata.kernelspec = {"name": "julia-1.9", "display_name": "Julia", "language": "julia"}
    nb, notes = rebuild(model, answer)
    assert nb.metadata.kernelspec.name == "python3"
    assert notes == ["it names the kernel 'julia-1.9': graded with 'python3'"]


@pytest.mark.parametrize("damage", [17, None, {}, {"cell_type": "code"}, {"cell_type": "code", "source": 3}, []])
def test_a_damaged_cell_is_left_out_and_said(model, answer, damage):
    data = json.loads(nbformat.writes(answer))
    data["cells"].insert(2, damage)
    nb, notes = rebuild(model, data)
    assert notes == ["a damaged cell was left out"]
    assert len(nb.cells) == len(answer.cells)


@pytest.mark.parametrize("metadata", ["missing", 3, {"nbgrader": 3}, {"nbgrader": {"grade_id": 7}}])
def test_damaged_metadata_makes_an_ordinary_cell(model, answer, metadata):
    data = json.loads(nbformat.writes(answer))
    data["cells"][2]["metadata"] = metadata
    nb, notes = rebuild(model, data)
    assert notes == ["cell check_one was missing: put back as it was released"]
    assert sources(nb).count(model.cells[2].source) == 2
