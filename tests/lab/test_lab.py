"""JupyterLab as people use it: a real server, a real kernel, a real Chromium."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest

pytestmark = pytest.mark.slow
NAME = "ps06_two_two_two"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
TOKEN = "for-this-test-only"


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
        nbformat.read(released, 4), (root / "tests/answers/ps06/wrong_no_slope.py").read_text(encoding="utf-8")
    )
    (folder / "in").mkdir()
    nbformat.write(wrong, folder / "in" / "ada.ipynb")
    course.take_in(NAME, folder / "in")
    (record,) = course.grade(NAME, say=lambda line: None)
    assert record.problem is None
    return folder


@pytest.fixture(scope="module")
def server(course):
    """Start JupyterLab in the course's folder, as `make lab` does, without opening a browser."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}", "--ip=127.0.0.1"]
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    log = (course / "lab.log").open("w")
    process = subprocess.Popen(
        [*command, f"--IdentityProvider.token={TOKEN}"], cwd=course, stdout=log, stderr=log, env=environment
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{url}/api?token={TOKEN}", timeout=2)
                break
            except OSError:
                assert process.poll() is None, (course / "lab.log").read_text()
                time.sleep(0.5)
        yield url
    finally:
        process.terminate()
        process.wait(20)
        log.close()


@pytest.fixture
def page(server):
    """A fresh browser page."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1300, "height": 900})
        page.set_default_timeout(60_000)
        yield page
        browser.close()


def shot(page, name):
    """Keep a screenshot where BPLIB_SHOTS says, for somebody to look at."""
    if folder := os.environ.get("BPLIB_SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png")


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
