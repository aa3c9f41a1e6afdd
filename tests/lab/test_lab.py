"""JupyterLab as people use it: a real server, a real kernel, a real Chromium."""

import re
import shutil

import nbformat
import pytest

from tests import browser
from tests.browser import TOKEN, shot

pytestmark = pytest.mark.slow
NAME = "ps06_two_two_two"


@pytest.fixture(scope="module")
def course(root, tmp_path_factory):
    """Return a clone's folder with one hand-in, graded."""
    from bplib.grading.course import Course
    from bplib.grading.sample import filled

    folder = tmp_path_factory.mktemp("lab")
    for part in ("solutions", "exercises", "lectures"):
        shutil.copytree(root / part, folder / part)
    shutil.copy(root / "nbgrader_config.py", folder)
    course = Course(folder)
    released = course.release(NAME)
    wrong = filled(
        nbformat.read(released / f"{NAME}.ipynb", 4),
        (root / "tests/answers/ps06/wrong_no_slope.py").read_text(encoding="utf-8"),
    )
    place = folder / course.directory.format_path(course.directory.submitted_directory, "ada", NAME)
    place.mkdir(parents=True)
    nbformat.write(wrong, place / f"{NAME}.ipynb")
    course.autograde(NAME)
    assert course.feedback(NAME) == []
    return folder


@pytest.fixture(scope="module")
def server(course):
    """Start JupyterLab in the course's folder."""
    with browser.jupyterlab(course) as url:
        yield url


@pytest.fixture
def page(server):
    """A fresh browser page."""
    if browser.CHROMIUM is None:
        pytest.skip("there is no Chromium")
    with browser.chromium() as chromium:
        page = chromium.new_page(viewport={"width": 1300, "height": 900})
        page.set_default_timeout(60_000)
        yield page


def test_a_learner_reads_the_first_wrong_value(server, page):
    """Open the exercise, type a wrong answer, run all, and read the message and the drawing."""
    page.goto(f"{server}/lab/tree/exercises/{NAME}/{NAME}.ipynb?token={TOKEN}")
    cell = page.locator(".jp-CodeCell", has_text="def hidden_delta")
    cell.wait_for()
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]")
    editor = cell.locator(".cm-content").first
    editor.scroll_into_view_if_needed()
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("def hidden_delta(delta2, W2, a1):\nreturn W2 @ delta2")
    page.keyboard.press("Shift+Enter")
    first = page.locator(".jp-CodeCell", has_text="from bplib.checks import ps06").first
    first.scroll_into_view_if_needed()
    first.locator(".cm-content").first.click()
    page.keyboard.press("Shift+Enter")
    check = page.locator(".jp-CodeCell", has_text="ps06.hidden_delta(hidden_delta)").last
    check.scroll_into_view_if_needed()
    check.locator(".cm-content").first.click()
    page.keyboard.press("Shift+Enter")
    output = check.locator(".jp-OutputArea")
    output.get_by_text("delta1[0] is 0.03635, should be 0.008771").wait_for()
    assert "hidden_delta: 2 of 4 points" in output.inner_text()
    picture = output.locator("img")
    picture.wait_for()
    assert "h1 marked" in picture.get_attribute("alt")
    check.scroll_into_view_if_needed()
    shot(page, "learner")


def test_the_formgrader_knows_the_course(server, page):
    page.goto(f"{server}/formgrader?token={TOKEN}")
    page.get_by_text(NAME).first.wait_for()
    shot(page, "formgrader")
    page.goto(f"{server}/formgrader/gradebook/{NAME}/{NAME}")
    row = page.locator("table tbody tr").first
    row.wait_for()
    shot(page, "submissions")
    page.locator("table tbody tr a").first.click()
    page.wait_for_load_state("networkidle")
    body = page.locator("body").inner_text()
    assert "should be 0.008771" in body
    shot(page, "grading")


def test_validate_says_what_is_not_right_yet(server, page):
    page.goto(f"{server}/lab/tree/exercises/{NAME}/{NAME}.ipynb?token={TOKEN}")
    page.locator(".jp-CodeCell").first.wait_for()
    page.get_by_text(re.compile("^Validate$")).first.click()
    dialog = page.locator(".jp-Dialog")
    dialog.get_by_text("Validation").first.wait_for()
    shot(page, "validate")
    assert "cells failed" in dialog.inner_text() or "failed" in dialog.inner_text()
