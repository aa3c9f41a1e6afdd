"""A kernel ends, a page is exported, a notebook is opened again: what was seen can still be read."""

import base64
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tests.browser import TOKEN, shot

pytestmark = pytest.mark.slow
CELL = "from bplib.widgets import *\nstate = Slope()\nview = explore(state)\nview"


@pytest.fixture(scope="module")
def ended(lab):
    """A page whose kernel has been shut down, after a slider was moved."""
    from tests.widgets.conftest import Widget

    page = lab.open("ended", CELL)
    widget = Widget(lab, page)
    widget.move("z", -2.5)
    widget.until("state.z", -2.5)
    page.evaluate("jupyterapp.shell.currentWidget.context.sessionContext.shutdown()")
    yield widget
    page.close()


def test_the_last_state_stays_readable_when_the_kernel_is_gone(ended):
    ended.area.get_by_text("The kernel is gone").wait_for()
    assert "z = −2.5" in ended.seen()
    assert ended.area.locator("path.curve").first.get_attribute("d").startswith("M")
    shot(ended.page, "kernel_gone")


def test_what_the_page_computes_itself_still_moves(ended):
    ended.area.get_by_text("The kernel is gone").wait_for()
    ended.move("z", 3)
    assert "z = 3" in ended.seen()
    assert ended.area.locator(".bp-problem").is_hidden()


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """A notebook that was run and stored as the course's lessons are."""
    from bplib.authoring.build import execute

    folder = tmp_path_factory.mktemp("exported")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    execute(notebook, folder, "exported")
    nbformat.write(notebook, folder / "exported.ipynb")
    return folder / "exported.ipynb"


def picture_in(page):
    image = page.locator("figure img")
    image.wait_for()
    assert image.evaluate("image => image.naturalWidth") > 100
    assert "sigmoid" in image.get_attribute("alt")


def test_an_exported_page_shows_the_picture_offline(lab, executed):
    subprocess.run([sys.executable, "-m", "nbconvert", "--to", "html", str(executed)], check=True, capture_output=True)
    page = lab.browser.new_page(offline=True)
    page.goto(executed.with_suffix(".html").as_uri())
    picture_in(page)
    assert page.get_by_text("It needs a running kernel").is_visible()
    shot(page, "exported")
    page.close()


def test_a_notebook_that_was_not_run_yet_shows_the_picture(lab, executed):
    (lab.folder / "again.ipynb").write_bytes(Path(executed).read_bytes())
    page = lab.browser.new_page()
    page.goto(f"{lab.url}/lab/workspaces/again/tree/again.ipynb?token={TOKEN}")
    picture_in(page)
    shot(page, "not_run_yet")
    page.close()


def test_the_picture_is_the_states(executed):
    (cell,) = nbformat.read(executed, 4).cells
    (output,) = cell.outputs
    assert re.search(r"z = 1\b", output.data["text/plain"])
    kind, data = re.search(r'src="data:image/([a-z+]+);base64,([^"]+)"', output.data["text/html"]).groups()
    assert base64.b64decode(data).startswith({"png": b"\x89PNG", "svg+xml": b"<svg"}[kind])
    assert len(base64.b64decode(data)) < 60_000
