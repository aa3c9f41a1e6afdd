"""The map holds every lesson once, at its place, and says where one is."""

import itertools

import pytest

from bplib.svg import course_map
from tests.svg.reading import SVG, boxes, overlap, tree, words


def lit(drawing, kind: str) -> list[int]:
    """Return which rectangles of a class have a thick rim."""
    rims = [float(e.get("stroke-width")) for e in tree(drawing).iter(SVG + "rect") if e.get("class") == kind]
    return [k for k, rim in enumerate(rims) if rim > 3]


def lessons() -> list[str]:
    return [said for said in words(course_map()) if said[:2].isdigit()]


def test_all_fourteen_lessons_are_there_once():
    assert [said[:2] for said in lessons()] == [f"{k:02}" for k in range(14)]


def test_lessons_are_called_as_their_files(root):
    files = sorted((root / "lectures").glob("[0-9][0-9]_*.py"))
    assert files
    for path in files:
        number, _, name = path.stem.partition("_")
        assert lessons()[int(number)].split()[:3] == [number, *name.split("_")[:2]]


def test_no_lesson_lies_on_another():
    bars = boxes(course_map(), "lesson")
    assert len(bars) == 14
    assert not any(overlap(a, b) for a, b in itertools.combinations(bars, 2))


@pytest.mark.parametrize("here", range(14))
def test_the_lesson_and_its_parts_of_the_loop_are_lit(here):
    drawing = course_map(here)
    assert lit(drawing, "lesson") == [here]
    stations, bar = boxes(drawing, "station"), boxes(drawing, "lesson")[here]
    above = [k for k, box in enumerate(stations) if bar[0] <= box[0] and box[2] <= bar[2]]
    assert lit(drawing, "station") == above != []
    assert f"you are in lesson {here:02}" in drawing.alt


def test_the_way_through_the_loop():
    drawing = course_map()
    assert lit(drawing, "lesson") == lit(drawing, "station") == []
    assert [said for said in words(drawing) if said in ("score", "loss", "gradient", "step")] == [
        "score", "loss", "gradient", "step",
    ]  # fmt: skip
    assert "gradient: lessons 03, 04, 07, 09, 10" in drawing.alt
    assert len(list(tree(drawing).iter(SVG + "polygon"))) == 4  # three steps on, one back


@pytest.mark.parametrize("here", [-1, 14, 3.5])
def test_a_lesson_that_is_not_there_is_refused(here):
    with pytest.raises(ValueError, match="numbered from 0 to 13"):
        course_map(here)
