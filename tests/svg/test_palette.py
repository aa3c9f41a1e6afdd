"""Every word can be read and every line be seen, on light and on dark, with any kind of colour vision."""

import itertools
import re

import numpy as np
import pytest

from bplib.svg.palette import DARK, LIGHT, SERIES, contrast
from tests.svg.reading import SAMPLES, SVG, numbers, rectangle, tree

BOTH = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
# Where words and marks may stand.
WORDS = {
    "ink": ("paper", "given", "lit"), "forward": ("paper", "given", "lit"), "backward": ("paper", "given", "lit"),
    "faint": ("paper", "given"), "wrong_ink": ("paper", "given"),
}  # fmt: skip
MARKS = {
    "line": ("paper", "given"), "faint_line": ("paper", "given"), "light": ("paper", "given", "lit"),
    "wrong": ("paper", "given", "lit"), **{f"c{i}": ("paper",) for i in range(8)},
}  # fmt: skip
# Machado, Oliveira and Fernandes (2009): what is seen without the cones for long, middle or short waves.
SEEN = {
    "full": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def lab(colour: str, seen: np.ndarray) -> np.ndarray:
    """Return L*, a*, b* of a colour as somebody sees it."""
    srgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    xyz = XYZ @ np.clip(seen @ linear, 0, 1) / XYZ.sum(axis=1)
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)  # the usual example of just too little
    assert contrast("#FFFFFF", "#767676") == pytest.approx(4.54, abs=0.005)
    for wrong in ("red", "#FFF", "#GGGGGG"):
        with pytest.raises(ValueError):
            contrast(wrong, "#FFFFFF")


def test_both_palettes_have_the_same_keys():
    assert set(LIGHT) == set(DARK)
    assert {*WORDS, *MARKS, "paper", "given", "lit", "grid"} == set(LIGHT)
    assert tuple(LIGHT[f"c{i}"] for i in range(8)) == SERIES
    with pytest.raises(TypeError):
        LIGHT["ink"] = "#FF0000"


@BOTH
def test_words_can_be_read_and_marks_be_seen(palette):
    for allowed, least in ((WORDS, 4.5), (MARKS, 3.0)):
        for name, grounds in allowed.items():
            for ground in grounds:
                assert contrast(palette[name], palette[ground]) >= least, (name, ground)


@BOTH
@pytest.mark.parametrize("eye", SEEN)
def test_series_are_told_apart_by_every_eye(palette, eye):
    colours = {name: lab(palette[name], np.array(SEEN[eye])) for name in (f"c{i}" for i in range(8))}
    for a, b in itertools.combinations(colours, 2):
        assert np.linalg.norm(colours[a] - colours[b]) > 14, (a, b)  # about 2 can just be noticed
    up, down = (lab(palette[name], np.array(SEEN[eye])) for name in ("forward", "backward"))
    assert np.linalg.norm(up - down) > 14


@pytest.mark.parametrize("name", SAMPLES)
def test_in_every_drawing_words_and_lines_stand_out_from_what_is_under_them(name):
    """Read the finished markup: what is painted where, and what stands on it."""
    drawing = SAMPLES[name]()
    grounds, checked = [], 0
    for element in tree(drawing).iter():
        if element.tag == SVG + "rect":
            grounds.append((rectangle(element), element.get("fill")))
        if element.tag == SVG + "circle":
            x, y, r = numbers(element, "cx", "cy", "r")
            grounds.append(((x - r, y - r, x + r, y + r), element.get("fill")))
        if element.tag == SVG + "text":
            x, y, size = numbers(element, "x", "y", "font-size")
            y -= 0.36 * size
            under = [fill for (left, top, right, bottom), fill in grounds if left <= x <= right and top <= y <= bottom]
            assert contrast(element.get("fill"), under[-1]) >= 4.5, element.text
            checked += 1
        stroke = element.get("stroke")
        if stroke and stroke not in (LIGHT["grid"], LIGHT["paper"]):
            assert contrast(stroke, LIGHT["paper"]) >= 3, element.attrib
            if element.get("fill", "none") != "none":
                assert contrast(stroke, element.get("fill")) >= 3, element.attrib
    assert checked >= 1


@pytest.mark.parametrize("name", SAMPLES)
def test_every_drawing_is_small_stable_and_written_in_two_decimals(name):
    one, two = SAMPLES[name](), SAMPLES[name]()
    assert one == two
    assert len(one.markup.encode()) < 60_000
    assert 20 < len(one.alt) <= 300
    for element in tree(one).iter():
        if element.tag == SVG + "text":
            assert float(element.get("font-size")) >= 13
        for key in ("x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "width", "height", "font-size"):
            assert re.fullmatch(r"-?\d+\.\d\d", element.get(key, "0.00")), (element.tag, key)
        for number in (element.get("d", "") + " " + element.get("points", "")).replace(",", " ").split():
            assert number.isalpha() or len(number.partition(".")[2]) == 2, number


@pytest.mark.parametrize("name", SAMPLES)
def test_all_words_stand_inside_the_picture(name):
    drawing = SAMPLES[name]()
    root = tree(drawing)
    _, _, width, height = map(float, root.get("viewBox").split())
    shift = next((float(g.get("transform")[10:-1].split()[0]) for g in root.iter(SVG + "g")), 0.0)
    for element in root.iter(SVG + "text"):
        x, y, size = numbers(element, "x", "y", "font-size")
        wide = 0.5 * size * len(element.text)
        left = {"middle": x - wide / 2, "start": x, "end": x - wide}[element.get("text-anchor")]
        assert left >= 4, element.text
        assert left + wide <= width - 4 - shift, element.text
        assert size <= y <= height - 0.2 * size, element.text
