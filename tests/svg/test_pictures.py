"""What a browser really paints: real letters are wider or narrower than one thinks."""

import pytest

from bplib.svg import network
from tests.browser import CHROMIUM, chromium
from tests.svg.reading import SAMPLES

pytestmark = pytest.mark.slow

# For every text: what leaves the picture or the box that it stands in, and what stands on another text.
FAULTS = """() => {
    const frame = document.querySelector("svg").getBoundingClientRect();
    const texts = [...document.querySelectorAll("text")].map(e => [e.textContent, e.getBoundingClientRect()]);
    const boxes = [...document.querySelectorAll("rect.node, rect.lesson, rect.station, circle")]
        .map(e => e.getBoundingClientRect());
    const inside = (a, b) => b.left <= a.left && a.right <= b.right && b.top <= a.top && a.bottom <= b.bottom;
    const faults = texts.length ? [] : ["no text at all"];
    texts.forEach(([said, a], k) => {
        if (!inside(a, frame)) faults.push(said + " leaves the picture");
        const x = (a.left + a.right) / 2, y = (a.top + a.bottom) / 2;
        for (const box of boxes)
            if (box.left < x && x < box.right && box.top < y && y < box.bottom && !inside(a, box))
                faults.push(said + " leaves its box");
        for (const [other, b] of texts.slice(0, k))
            if (a.left < b.right && b.left < a.right && a.top + 3 < b.bottom - 3 && b.top + 3 < a.bottom - 3)
                faults.push(said + " stands on " + other);
    });
    return faults;
}"""


@pytest.fixture(scope="module")
def page():
    if CHROMIUM is None:
        pytest.skip("no Chromium: install it to see what is painted (Debian: apt install chromium)")
    with chromium() as browser:
        yield browser.new_page(viewport={"width": 2400, "height": 1200})


def faults(page, drawing) -> list[str]:
    page.set_content(f"<body>{drawing.markup}</body>")
    return page.evaluate(FAULTS)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_word_has_its_room(page, name):
    assert faults(page, SAMPLES[name]()) == []


def test_a_word_without_room_is_noticed(page):
    crowded = network([["x"], ["y"]]).markup.replace(">x<", ">wwwwwwwwwwwwwwww<")
    page.set_content(f"<body>{crowded}</body>")
    assert page.evaluate(FAULTS) == ["wwwwwwwwwwwwwwww leaves the picture", "wwwwwwwwwwwwwwww leaves its box"]


def test_a_drawing_brings_its_own_paper(page):
    """On a white page and on a black one, a drawing is painted alike."""
    painted = set()
    for scheme, ground in (("light", "white"), ("dark", "#111111")):
        page.emulate_media(color_scheme=scheme)
        page.set_content(f"<body style='background:{ground}'>{SAMPLES['gates']().markup}</body>")
        whole = page.locator("svg").bounding_box()
        inner = {"x": whole["x"] + 10, "y": whole["y"] + 10, "width": 300, "height": 250}  # without the round corners
        painted.add(page.screenshot(clip=inner))
    assert len(painted) == 1
