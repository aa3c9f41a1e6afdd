"""A real JupyterLab and a real Chromium, for tests and benchmarks of what people see."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
TOKEN = "for-this-test-only"
SHOTS = Path(__file__).resolve().parent / ".screenshots"


@contextmanager
def jupyterlab(folder: Path) -> Iterator[str]:
    """Start JupyterLab in `folder`, as `make lab` does, without opening a browser; yield its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}", "--ip=127.0.0.1"]
    options = [f"--IdentityProvider.token={TOKEN}", "--LabApp.expose_app_in_browser=True"]
    quiet = folder / ".lab" / "settings" / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    quiet.parent.mkdir(parents=True)
    quiet.write_text('{"fetchNews": "false", "checkForUpdates": false}')
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "JUPYTERLAB_SETTINGS_DIR": str(folder / ".lab" / "settings"),  # a person's own theme must not matter
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / ".lab" / "workspaces"),
    }
    with (folder / "lab.log").open("w") as log:
        process = subprocess.Popen([*command, *options], cwd=folder, stdout=log, stderr=log, env=environment)
        url = f"http://127.0.0.1:{port}"
        try:
            for _ in range(240):
                try:
                    urllib.request.urlopen(f"{url}/api?token={TOKEN}", timeout=2)
                    break
                except OSError:
                    assert process.poll() is None, (folder / "lab.log").read_text()
                    time.sleep(0.25)
            yield url
        finally:
            process.terminate()
            process.wait(20)


@contextmanager
def chromium():
    """Start Debian's Chromium, headless; yield Playwright's browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


class Lab:
    """Notebooks in a running JupyterLab, seen by a browser."""

    def __init__(self, url: str, folder: Path, browser) -> None:
        self.url, self.folder, self.browser = url, folder, browser

    def open(self, name: str, *cells: str, width: int = 1280, height: int = 1000, theme: str = "light"):
        """Return a page with a new notebook of these cells, all of them run."""
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, self.folder / f"{name}.ipynb")
        page = self.browser.new_page(viewport={"width": width, "height": height})
        page.set_default_timeout(30_000)
        page.goto(f"{self.url}/lab/workspaces/{name}/tree/{name}.ipynb?token={TOKEN}")
        page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]")
        self.theme(page, theme)
        page.evaluate(
            """async () => {
                const { context } = jupyterapp.shell.currentWidget;
                await context.sessionContext.ready;
                await context.sessionContext.session.kernel.info;
                await jupyterapp.commands.execute('notebook:run-all-cells');
            }"""
        )
        return page

    def close(self, page) -> None:
        """Close a page and end its kernel."""
        page.evaluate("jupyterapp.shell.currentWidget.context.sessionContext.shutdown()")
        page.close()

    def theme(self, page, theme: str) -> None:
        """Switch JupyterLab to its light or dark theme."""
        name = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}[theme]
        page.evaluate("name => jupyterapp.commands.execute('apputils:change-theme', { theme: name })", name)
        page.wait_for_selector(f"body[data-jp-theme-light={'true' if theme == 'light' else 'false'}]", state="attached")

    def run(self, page, source: str) -> str:
        """Run `source` in the page's kernel, and return what it printed or how it failed; no cell is made."""
        return page.evaluate(
            """async source => {
                const kernel = jupyterapp.shell.currentWidget.context.sessionContext.session.kernel;
                const future = kernel.requestExecute({ code: source, store_history: false });
                let said = "";
                future.onIOPub = ({ header, content }) => {
                    if (header.msg_type === "stream") said += content.text;
                    if (header.msg_type === "error") said += content.ename + ": " + content.evalue;
                };
                await future.done;
                return said.trim();
            }""",
            source,
        )


def shot(page, name: str) -> None:
    """Keep a picture of the page, for somebody to look at, in a folder that git ignores."""
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png")


def serious(page, selector: str) -> list[str]:
    """Return what axe-core calls serious or critical inside `selector`."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, context=selector, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{rule['id']}: {node['html'][:200]} {node['failureSummary']}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]
