"""A player is used by hand, by keyboard, by ear, without a kernel, without a network and without JavaScript."""

import base64
import re
import shutil

import nbformat
import numpy as np
import pytest
from matplotlib.figure import Figure

from bplib import plots
from bplib.plots import animation
from bplib.svg import network

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
LOSSES = [4.0, 2.0, 1.0, 0.5]


def race(seconds=0.05):
    """Return the player of a race of four frames."""
    frames = [plots.race({"Adam": LOSSES}, upto=k) for k in range(4)]
    return plots.animate(frames, "Adam's loss, step by step.", seconds=seconds)


def test_the_last_frame_stands_there_without_javascript():
    player, last = race(), plots.race({"Adam": LOSSES}, upto=3)
    still = player.html[: player.html.index("<script>")]
    assert base64.b64encode(last.png()).decode() in still
    assert f"Frame 4 of 4. {last.alt}" in still
    assert "<button" not in still  # a control that does nothing is none


def test_all_three_kinds_of_frames_are_taken():
    figure = Figure(figsize=(2, 1))
    frames = [network([["x"], ["out"]]), plots.learning_curves([2.0, 1.0]), figure]
    player = plots.animate(frames, "Three pictures.")
    kinds = re.findall(r'"data:image/([a-z+]+);base64', player.html.partition("<script>")[2])
    assert kinds == ["svg+xml", "png", "png"]
    assert "width:576px" in player.html  # the widest: 6 inches
    assert player._repr_mimebundle_()["text/plain"] == "Three pictures."


def test_a_figure_of_pyplot_is_closed():
    pyplot = pytest.importorskip("matplotlib.pyplot")
    figure = pyplot.figure(figsize=(2, 1))
    plots.animate([figure], "A figure.")
    assert not pyplot.fignum_exists(figure.number)


def test_the_same_frames_give_the_same_page():
    assert race().html == race().html


def test_words_are_never_markup():
    player = plots.animate([network([["x"]])], '</script><b>"&')
    assert player.html.count("</script>") == 1
    assert "<b>" not in player.html.partition("<script>")[0]


@pytest.mark.parametrize(
    ("frames", "settings", "message"),
    [
        ([], {}, "0 frames cannot be played"),
        ([network([["x"]])] * 201, {}, "201 frames.*at most 200"),
        ([network([["x"]])], dict(alt=" "), "alt is empty"),
        ([network([["x"]])], dict(seconds=0), "positive number"),
        ([network([["x"]])], dict(seconds=np.nan), "positive number"),
    ],
)
def test_what_cannot_be_played_is_refused_with_the_reason(frames, settings, message):
    with pytest.raises(ValueError, match=message):
        plots.animate(frames, **dict(alt="x") | settings)


def test_too_large_an_animation_is_refused_with_its_size(monkeypatch):
    monkeypatch.setattr(animation, "MOST_BYTES", 10_000)
    frames = [network([["x"]])] * 100
    with pytest.raises(ValueError, match=r"\d+ of 100 frames take 0.0 MB"):
        plots.animate(frames, "x")


def test_something_else_is_no_frame():
    with pytest.raises(TypeError, match="not str"):
        plots.animate(["<svg/>"], "x")


# In a real browser --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser():
    """One Chromium for this module."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def opened(browser, tmp_path):
    """Open an animation's page, offline, with settings of the browser's context."""
    contexts = []

    def opened(player, **settings):
        context = browser.new_context(offline=True, **settings)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        file = tmp_path / "page.html"
        file.write_text(
            f'<!doctype html><html lang="en"><title>A page</title><main><h1>A race</h1>{player.html}</main></html>',
            encoding="utf-8",
        )
        page.goto(file.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()


def frame(page) -> str:
    return page.locator("[data-player] span").inner_text()


@pytest.mark.slow
def test_it_plays_to_the_end_and_again(opened):
    page = opened(race(), reduced_motion="no-preference")
    page.wait_for_function("document.querySelector('[data-player] span').textContent === '2 of 4'")
    page.get_by_role("button", name="Play").wait_for()  # it has come to its end
    assert frame(page) == "4 of 4"
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("document.querySelector('[data-player] span').textContent === '2 of 4'")
    page.get_by_role("button", name="Play").wait_for()
    assert frame(page) == "4 of 4"
    assert page.errors == []


@pytest.mark.slow
def test_less_motion_means_that_nothing_moves_before_play(opened):
    page = opened(race(), reduced_motion="reduce")
    page.wait_for_timeout(600)
    assert frame(page) == "4 of 4"
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("document.querySelector('[data-player] span').textContent === '2 of 4'")


@pytest.mark.slow
def test_pause_stops_it_and_speed_changes_it(opened):
    page = opened(race(seconds=0.4), reduced_motion="reduce")
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Pause").click()
    stopped = frame(page)
    page.wait_for_timeout(900)
    assert frame(page) == stopped != "4 of 4"
    took = """async (speed) => {
        const [select] = document.getElementsByTagName("select");
        const count = document.querySelector("[data-player] span");
        const button = document.querySelectorAll("[data-player] button")[1];
        select.value = speed;
        const start = performance.now();
        button.click();
        while (button.textContent === "Pause") await new Promise(requestAnimationFrame);
        return [performance.now() - start, count.textContent];
    }"""
    page.get_by_role("slider").press("End")
    slow, end = page.evaluate(took, "1")
    fast, _ = page.evaluate(took, "4")
    assert end == "4 of 4"
    assert slow >= 1200  # three frames of 0.4 s, and a moment at the end
    assert fast < slow / 2


@pytest.mark.slow
def test_every_frame_is_shown_with_its_own_words(opened):
    page = opened(race(), reduced_motion="reduce")
    pictures, words = set(), []
    page.get_by_role("slider").press("Home")
    for k in range(4):
        assert frame(page) == f"{k + 1} of 4"
        picture = page.locator("[data-player] img")
        assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 864
        pictures.add(picture.get_attribute("src"))
        words.append(picture.get_attribute("alt"))
        page.get_by_role("button", name="One frame forward").click()
    assert len(pictures) == 4
    assert frame(page) == "4 of 4"  # forward from the last one stays there
    for k, alt in enumerate(words):
        assert alt == f"Adam's loss, step by step. Frame {k + 1} of 4. {plots.race({'Adam': LOSSES}, upto=k).alt}"


@pytest.mark.slow
def test_it_is_steered_by_keyboard_and_keeps_its_keys(opened):
    page = opened(race(), reduced_motion="reduce")
    page.evaluate("document.addEventListener('keydown', () => (window.stolen = true))")
    page.get_by_role("button", name="One frame back").focus()
    seen = []
    for key in ("ArrowLeft", "ArrowLeft", "ArrowRight", "Home", "ArrowLeft", "End", "Enter"):
        page.keyboard.press(key)
        seen.append(frame(page)[0])
    assert seen == ["3", "2", "3", "1", "1", "4", "3"]
    slider = page.get_by_role("slider", name="Frame")
    slider.press("ArrowLeft")
    assert slider.get_attribute("aria-valuetext") == "frame 2 of 4"
    assert frame(page) == "2 of 4"
    assert page.evaluate("window.stolen === undefined")
    reached = []
    page.locator("[data-player]").evaluate("root => root.querySelector('button').focus()")
    for _ in range(5):
        reached.append(page.evaluate("document.activeElement.ariaLabel || document.activeElement.textContent"))
        page.keyboard.press("Tab")
    assert reached == ["One frame back", "Play", "One frame forward", "Frame", "Speed"]


@pytest.mark.slow
def test_without_javascript_the_last_frame_is_there(opened):
    page = opened(race(), java_script_enabled=False)
    assert page.locator("[data-player] img").get_attribute("alt").startswith("Adam's loss, step by step. Frame 4 of 4.")
    assert page.locator("button").count() == 0


@pytest.mark.slow
def test_two_players_of_the_same_frames_run_by_themselves(opened):
    player = race()
    page = opened(plots.Player(player.html + player.html, player.alt), reduced_motion="reduce")
    assert page.locator("button").count() == 6
    page.get_by_role("slider").first.press("Home")
    assert page.locator("[data-player] span").all_inner_texts() == ["1 of 4", "4 of 4"]


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 800, 320])
def test_axe_finds_nothing_and_it_fits(opened, scheme, width):
    from axe_playwright_python.sync_playwright import Axe

    page = opened(race(), reduced_motion="reduce", color_scheme=scheme, viewport=dict(width=width, height=700))
    found = Axe().run(page).response["violations"]
    assert [(fault["id"], fault["impact"]) for fault in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.slow
def test_an_exported_notebook_plays(browser, tmp_path):
    nbconvert = pytest.importorskip("nbconvert")
    player = race()
    output = nbformat.v4.new_output("execute_result", data=player._repr_mimebundle_(), execution_count=1)
    cell = nbformat.v4.new_code_cell("animate(frames)", outputs=[output], execution_count=1)
    body, _ = nbconvert.HTMLExporter().from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))
    (tmp_path / "book.html").write_text(body, encoding="utf-8")
    context = browser.new_context(reduced_motion="reduce")
    context.set_default_timeout(20_000)
    context.route(re.compile("^https?:"), lambda route: route.abort())  # no network
    page = context.new_page()
    page.goto((tmp_path / "book.html").as_uri())
    page.get_by_role("button", name="One frame back").click()
    assert frame(page) == "3 of 4"
    context.close()
