"""Widgets as people meet them: in a real JupyterLab, by hand, by key, by typing, in both themes, wide and narrow."""

import re

import pytest

from tests.browser import serious, shot
from tests.widgets.conftest import Widget
from tests.widgets.specimens import SPECIMENS

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=SPECIMENS, ids=lambda specimen: specimen.name)
def specimen(request):
    return request.param


@pytest.fixture(scope="module")
def shown(specimen, lab):
    page = lab.open(specimen.name, specimen.cell)
    yield Widget(lab, page)
    lab.close(page)


def test_it_appears_and_says_what_is_seen(specimen, shown):
    assert shown.area.get_by_text(specimen.title).is_visible()
    assert shown.python("view.problem") == "''"
    assert re.search(r"\d", shown.seen())
    assert shown.area.locator("[role=img]").first.get_attribute("aria-label") == shown.seen()


def test_a_moved_slider_is_drawn_and_reaches_python(specimen, shown):
    before, painted = shown.seen(), shown.area.screenshot()
    shown.move(specimen.slider, specimen.to)
    shown.until(specimen.read, specimen.to)
    shown.page.wait_for_function("before => document.querySelector('.bp-seen').textContent !== before", arg=before)
    assert shown.typed(specimen.slider).input_value() == f"{specimen.to:g}"
    assert shown.area.screenshot() != painted
    assert str(specimen.to).replace("-", "−") in shown.slider(specimen.slider).get_attribute("aria-valuetext")


def test_a_typed_number_is_taken_and_a_bad_one_refused_in_the_widgets_own_area(specimen, shown):
    typed, problem = shown.typed(specimen.slider), shown.area.locator(".bp-problem")
    typed.fill(f"{specimen.to}")
    shown.until(specimen.read, specimen.to)
    typed.fill("1e9")
    problem.get_by_text(f"{specimen.slider} is a number from").wait_for()
    assert typed.get_attribute("aria-invalid") == "true"
    typed.fill(f"{specimen.start}")
    shown.until(specimen.read, specimen.start)
    assert problem.is_hidden()
    assert typed.get_attribute("aria-invalid") is None


def test_arrows_and_letters_stay_with_the_widget(specimen, shown):
    page, slider = shown.page, shown.slider(specimen.slider)
    page.evaluate("jupyterapp.commands.execute('notebook:enter-command-mode')")
    cells = page.locator(".jp-Cell").count()
    shown.move(specimen.slider, specimen.start)
    slider.focus()
    for key in ["ArrowRight", "ArrowRight", "ArrowLeft", "ArrowRight"]:
        page.keyboard.press(key)
    value = float(slider.input_value())
    shown.until(specimen.read, value)
    assert value == pytest.approx(specimen.start + 2 * float(slider.get_attribute("step")))
    for key in "abddmy":
        page.keyboard.press(key)
    page.keyboard.press("ArrowDown")
    assert page.locator(".jp-Cell").count() == cells
    assert slider.evaluate("slider => slider === document.activeElement")


def test_every_control_has_a_name(shown):
    for control in shown.area.locator("input, select, button").all():
        named = control.evaluate("it => it.getAttribute('aria-label') || it.labels?.[0]?.textContent || it.textContent")
        assert named.strip()


def test_it_is_announced_once_the_hand_rests(specimen, shown):
    shown.move(specimen.slider, specimen.start)
    shown.until(specimen.read, specimen.start)
    before = shown.seen()
    shown.move(specimen.slider, specimen.to)
    shown.page.wait_for_function(
        """before => { const [seen, said] = [".bp-seen", ".bp-said"].map((it) => document.querySelector(it));
                       return seen.textContent !== before && said.textContent === seen.textContent; }""",
        arg=before,
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_is_accessible_and_fits(specimen, shown, theme):
    page = shown.page
    shown.lab.theme(page, theme)
    try:
        paper = page.evaluate("getComputedStyle(document.querySelector('.bp')).backgroundColor")
        assert paper == {"light": "rgb(255, 255, 255)", "dark": "rgb(17, 17, 17)"}[theme]
        for width in (800, 1280):
            page.set_viewport_size({"width": width, "height": 1000})
            assert shown.area.evaluate("area => area.scrollWidth <= area.clientWidth"), f"too wide for {width} pixels"
            shown.area.scroll_into_view_if_needed()
            shot(page, f"{specimen.name}_{theme}_{width}")
        assert serious(page, ".bp") == []
    finally:
        page.set_viewport_size({"width": 1280, "height": 1000})
        shown.lab.theme(page, "light")


def test_a_thousand_moves_leave_no_element_behind(specimen, shown):
    count = "document.querySelectorAll('.jp-Notebook *').length"
    shown.move(specimen.slider, specimen.to)
    shown.until(specimen.read, specimen.to)
    before = shown.page.evaluate(count)
    shown.slider(specimen.slider).evaluate(
        """async (range, [from, to]) => {
            for (let k = 0; k < 1000; k++) {
                range.value = k % 2 ? to : from + (to - from) * (k / 1000);
                range.dispatchEvent(new Event("input", { bubbles: true }));
                if (k % 20 === 19) await new Promise(requestAnimationFrame);
            }
        }""",
        [specimen.start, specimen.to],
    )
    shown.until(specimen.read, specimen.to)
    assert shown.page.evaluate(count) == before


def test_a_failing_callback_is_shown_and_the_widget_goes_on(specimen, shown):
    shown.move(specimen.slider, specimen.start)
    shown.until(specimen.read, specimen.start)
    shown.lab.run(shown.page, "def mine(state):\n    raise RuntimeError('my own mistake')\nview.watch(mine)")
    shown.move(specimen.slider, specimen.to)
    shown.area.locator(".bp-problem").get_by_text("my own mistake").wait_for()
    assert float(shown.python(specimen.read)) == specimen.to
    shown.lab.run(shown.page, "view._watchers.clear()")
    shown.move(specimen.slider, specimen.start)
    shown.until(specimen.read, specimen.start)
    shown.page.wait_for_function("() => document.querySelector('.bp-problem').hidden")


def test_another_cell_moves_the_widget(specimen, shown):
    shown.move(specimen.slider, specimen.start)
    shown.until(specimen.read, specimen.start)
    before = shown.seen()
    shown.lab.run(shown.page, f"view.change(**{specimen.change})")
    shown.page.wait_for_function("before => document.querySelector('.bp-seen').textContent !== before", arg=before)
    assert float(shown.slider(specimen.slider).input_value()) == specimen.to
