"""Each lesson as a learner meets it: opened in JupyterLab, run from top to bottom, light and dark, wide and narrow."""

import json
import shutil

import nbformat
import pytest

from tests import browser
from tests.browser import TOKEN, serious, shot
from tests.test_lessons import SYLLABUS

pytestmark = pytest.mark.slow

RUN = """async () => {
    const { context } = jupyterapp.shell.currentWidget;
    await context.sessionContext.ready;
    await context.sessionContext.session.kernel.info;
    await jupyterapp.commands.execute('notebook:run-all-cells');
    return JSON.stringify(context.model.toJSON());
}"""


@pytest.fixture(scope="module")
def lab(root, tmp_path_factory):
    """Return JupyterLab in a folder with the lessons."""
    if browser.CHROMIUM is None:
        pytest.skip("there is no Chromium")
    folder = tmp_path_factory.mktemp("lessons")
    for lesson in (root / "lectures").glob("*.ipynb"):
        shutil.copy(lesson, folder)
    with browser.jupyterlab(folder) as url, browser.chromium() as chromium:
        yield browser.Lab(url, folder, chromium)


@pytest.mark.parametrize("name", SYLLABUS)
def test_a_lesson_runs_and_is_readable(root, lab, name):
    written = nbformat.read(root / "lectures" / f"{name}.ipynb", as_version=4)
    widgets = sum("explore(" in cell.source for cell in written.cells if cell.cell_type == "code")
    page = lab.browser.new_page(viewport={"width": 1280, "height": 1000})
    page.set_default_timeout(60_000)
    page.goto(f"{lab.url}/lab/workspaces/{name[:2]}/tree/{name}.ipynb?token={TOKEN}")
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]")
    cells = json.loads(page.evaluate(RUN))["cells"]
    outputs = [output for cell in cells if cell["cell_type"] == "code" for output in cell["outputs"]]
    assert [output for output in outputs if output["output_type"] == "error" or output.get("name") == "stderr"] == []
    assert sum(cell.get("execution_count") is not None for cell in cells) == sum(
        cell.cell_type == "code" for cell in written.cells
    )
    try:
        # Cells out of sight are not drawn: each widget is looked up where it stands.
        found = page.locator(".jp-CodeCell", has_text="explore(")
        for k in range(widgets):
            found.nth(k).scroll_into_view_if_needed()
            found.nth(k).locator(".bp .bp-seen").first.wait_for()
        assert serious(page, ".bp") == []
        for theme, width in (("light", 1280), ("dark", 800)):
            lab.theme(page, theme)
            page.set_viewport_size({"width": width, "height": 1000})
            pictures = page.locator(".jp-OutputArea-output img")
            assert pictures.count() > 0
            assert all(pictures.nth(k).get_attribute("alt") for k in range(pictures.count()))
            shot(page, f"lesson_{name[:2]}_{theme}_{width}")
            assert serious(page, ".jp-OutputArea-output") == []
    finally:
        lab.close(page)
