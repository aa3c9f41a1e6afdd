"""One JupyterLab and one Chromium for all tests of widgets; each test file opens notebooks of its own in them."""

import time

import pytest

from tests import browser


@pytest.fixture(scope="package")
def lab(tmp_path_factory):
    """JupyterLab in a folder of its own, seen by Chromium: `lab.open(name, *cells)` returns a page."""
    if browser.CHROMIUM is None:
        pytest.skip("there is no Chromium")
    folder = tmp_path_factory.mktemp("lab")
    with browser.jupyterlab(folder) as url, browser.chromium() as chromium:
        yield browser.Lab(url, folder, chromium)


@pytest.fixture(scope="package")
def module(lab):
    """Return a function: (state, list of inputs) -> what its script computes for each of them, in Chromium."""
    from bplib.widgets.base import plain
    from bplib.widgets.view import script

    page = lab.browser.new_page()

    def computed(state, inputs: list[dict]) -> list[dict]:
        return page.evaluate(
            """async ([source, all, fixed]) => {
                const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
                const { compute } = await import(url);
                return all.map((inputs) => compute(inputs, fixed));
            }""",
            [script(state), plain(inputs), plain(state.fixed())],
        )

    yield computed
    page.close()


class Widget:
    """A widget on a page, with what tests do to it again and again."""

    def __init__(self, lab, page, place: int = 0) -> None:
        self.lab, self.page, self.area = lab, page, page.locator(".bp").nth(place)
        self.area.wait_for()

    def slider(self, label: str):
        """Return the slider with this label."""
        return self.area.get_by_label(label, exact=True)

    def typed(self, label: str):
        """Return the number beside the slider with this label."""
        return self.area.get_by_label(f"{label}, as a number", exact=True)

    def move(self, label: str, value: float) -> None:
        """Move a slider as a hand does: the value changes, an input event follows."""
        self.slider(label).evaluate(
            "(range, value) => { range.value = value; range.dispatchEvent(new Event('input', { bubbles: true })); }",
            value,
        )

    def seen(self) -> str:
        """Return the sentence that says what is to be seen."""
        return self.area.locator(".bp-seen").text_content()

    def until(self, expression: str, value: float) -> None:
        """Wait until an expression in the kernel has this value."""
        for _ in range(100):
            found = self.python(expression)
            if float(found) == value:
                return
            time.sleep(0.03)
        raise AssertionError(f"{expression} is {found}, not {value!r}")

    def python(self, expression: str) -> str:
        """Return the repr of an expression in the kernel; `view` is the widget."""
        return self.lab.run(self.page, f"print(repr({expression}))")


@pytest.fixture(scope="package")
def widget(lab):
    """Return a function: specimen -> `Widget`, on a page that stays open for all tests."""
    pages = {}

    def shown(specimen) -> Widget:
        if specimen.name not in pages:
            pages[specimen.name] = lab.open(specimen.name, specimen.cell)
        return Widget(lab, pages[specimen.name])

    yield shown
    for page in pages.values():
        page.close()
