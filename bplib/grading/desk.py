"""Where the lecturer's cells run: a process for an assignment, forked once for each submission."""

from __future__ import annotations

import ast
import contextlib
import importlib
import io
import json
import linecache
import os
import resource
import shutil
import signal
import socket
import sys
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from bplib.grading.boundary import Boundary, Names, Own, Remote
from bplib.grading.cells import Cell, bound, hidden_lines, imports, python_of, tree_of
from bplib.grading.link import CheckerError, Ending, Link

LONGEST_TEXT = 200_000  # characters that a check may print


class Sink(io.TextIOBase):
    """Keeps what a cell prints and displays, in order; of hidden tests, apart."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self.outputs: list[dict[str, Any]] = []
        self.hidden: list[str] = []
        self.muted = False
        self.room = LONGEST_TEXT

    def writable(self) -> bool:
        """Say yes, as a stream for printing must."""
        return True

    def write(self, text: str) -> int:
        """Keep `text`, as long as there is room for it."""
        kept = text[: self.room]
        self.room -= len(kept)
        if self.muted:
            self.hidden.append(kept)
        elif kept and self.outputs and self.outputs[-1]["output_type"] == "stream":
            self.outputs[-1]["text"] += kept
        elif kept:
            self.outputs.append({"output_type": "stream", "name": "stdout", "text": kept})
        return len(text)

    def display(self, data: Mapping[str, Any], metadata: Mapping[str, Any] | None, kind: str = "display_data") -> None:
        """Keep what a notebook would show."""
        if not self.muted:
            self.outputs.append({"output_type": kind, "data": dict(data), "metadata": dict(metadata or {})})


def _shell(sink: Sink) -> Any:
    """Return IPython without a kernel: it hands what is displayed to `sink`, and knows the magics."""
    from IPython.core.displaypub import DisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    class Publisher(DisplayPublisher):
        def publish(self, data: Any, metadata: Any = None, *_: Any, **__: Any) -> None:
            sink.display(data, metadata)

        def clear_output(self, wait: bool = False) -> None:
            pass

    class Shell(InteractiveShell):
        def enable_gui(self, gui: Any = None) -> None:  # `%matplotlib inline` asks for none
            pass

    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "NoColor"
    shell = Shell.instance(config=config)
    shell.display_pub = Publisher()
    return shell


class Desk:
    """Where the lecturer's cells run."""

    def __init__(self, cells: Sequence[Cell], boundary: Boundary, sink: Sink, shell: Any) -> None:
        self.cells, self.boundary, self.sink, self.shell = cells, boundary, sink, shell
        self.index = {cell.name: k for k, cell in enumerate(cells)}
        self.names = Names(boundary)
        from IPython.display import display

        self.names.update(get_ipython=lambda: shell, display=display)
        self.next = 0

    def run(self, name: str) -> Ending:
        """Run one cell, and say how it ended."""
        place = self.index[name]
        for cell in self.cells[self.next : place]:
            if cell.role == "solution":
                self._make_room(cell)
        self.next = place + 1
        self.names.found.clear()
        self.names.lost.clear()
        self.boundary.begin(place)
        self.sink.clear()
        cell = self.cells[place]
        ended: dict[str, Any] = {}
        with contextlib.redirect_stdout(self.sink), contextlib.redirect_stderr(self.sink), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # they name files of this machine
            try:
                value = self._executed(cell)
                with contextlib.suppress(Exception):
                    self.shell.events.trigger("post_execute")  # figures are shown then
                ended = self._ended(cell, value)
            except BaseException as error:
                ended = {"error": self._told(cell, error)}
        return Ending(
            **ended,
            outputs=tuple(self.sink.outputs),
            record=next(filter(None, map(_record, self.sink.outputs)), None),
            odd_answers=tuple(dict.fromkeys(self.boundary.odd)),
            reviews=tuple(dict.fromkeys(self.boundary.reviews)),
            hidden="".join(self.sink.hidden),
            seconds=getattr(self.boundary, "seconds", 0.0),
        )

    def _make_room(self, cell: Cell) -> None:
        """Leave to the learner what the master's solution defines, and import here what it imports."""
        tree = tree_of(cell.source)
        if tree is None:
            return
        for statement in imports(tree):
            with contextlib.suppress(Exception):  # then it is missing, and a check that needs it says so
                exec(compile(ast.Module([statement], []), f"<{cell.name}>", "exec"), self.names)
        for name in bound(tree):
            self.names.pop(name, None)
            self.names.theirs.add(name)

    def _executed(self, cell: Cell) -> Any:
        source = python_of(cell.source, self.shell)
        file, lines = f"<{cell.name}>", source.splitlines(keepends=True)
        linecache.cache[file] = (len(source), None, lines, file)
        hidden = hidden_lines(source)
        tree = ast.parse(source, file)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        for statement in tree.body:
            self.sink.muted = not hidden.isdisjoint(range(statement.lineno, statement.end_lineno + 1))
            exec(compile(ast.Module([statement], []), file, "exec"), self.names)
        if last is None:
            return None
        self.sink.muted = not hidden.isdisjoint(range(last.lineno, last.end_lineno + 1))
        return eval(compile(ast.Expression(last.value), file, "eval"), self.names)

    def _ended(self, cell: Cell, value: Any) -> dict[str, Any]:
        self.sink.muted = False
        if cell.role != "graded":
            if value is not None:
                self.sink.display(*self.shell.display_formatter.format(value), kind="execute_result")
            return {"nothing": True}
        if value is None or value is True:
            return {"nothing": True}
        number = type(value) in (int, float) or isinstance(value, np.floating | np.integer)
        if number and 0.0 <= float(value) <= cell.points:
            return {"value": float(value)}
        try:
            return {"odd": repr(value)[:60] or "?"}
        except Exception:
            return {"odd": type(value).__name__}

    def _told(self, cell: Cell, error: BaseException) -> dict[str, Any]:
        line, trace = None, error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == f"<{cell.name}>":
                line = trace.tb_lineno
                break  # the line of the cell itself, not of a function that an earlier cell defines
            trace = trace.tb_next
        if isinstance(error, SyntaxError) and line is None:
            line = error.lineno
        fault = getattr(error, "fault", None)
        lost = type(error) is NameError and error.name in self.names.lost
        try:
            text = str(error)[:2000]
        except Exception:
            text = ""
        return {
            "name": type(error).__name__,
            "text": text,
            "line": line,
            "code": linecache.getline(f"<{cell.name}>", line).strip()[:200] if line else "",
            "hidden": line in hidden_lines(cell.source),
            "answers": fault is not None or lost,
            "fault": fault,
            "lost": error.name if lost else None,
        }


def _record(output: dict[str, Any]) -> Any:
    from bplib.checks.record import RECORD_TYPE

    return output.get("data", {}).get(RECORD_TYPE)


def _serve(link: Link, cells: Sequence[Cell], sink: Sink, shell: Any) -> None:
    start = link.receive()
    os.environ["BPLIB_SEED"] = start["seed"]
    boundary = Own(cells, shell) if start["reference"] else Remote(link)
    # How long an answer may take is counted where it runs, in CPU time: a slow machine fails nobody.
    importlib.import_module("bplib.checks.calling").TIMED = False
    desk = Desk(cells, boundary, sink, shell)
    shell.user_ns = desk.names
    while True:
        ending = desk.run(link.receive()["cell"])
        link.send({"is": "ended"}, json.dumps(asdict(ending), default=str))


def _limit(limits: dict[str, Any]) -> None:
    cpu = int(limits["cpu"])
    for what, size in (("CPU", cpu), ("AS", limits["memory"]), ("FSIZE", limits["file"]), ("CORE", 0)):
        _, hard = resource.getrlimit(getattr(resource, f"RLIMIT_{what}"))
        size = int(size) if hard == resource.RLIM_INFINITY else min(int(size), hard)
        with contextlib.suppress(OSError, ValueError):  # not every system knows each of them
            resource.setrlimit(getattr(resource, f"RLIMIT_{what}"), (size, hard))


def _scratch(folder: str, beside: str | None) -> str:
    """Return a new folder in which the lecturer's files stand as links: a check that writes, writes there."""
    folder = tempfile.mkdtemp(dir=folder)
    for path in Path(beside).iterdir() if beside else ():
        os.symlink(path, Path(folder, path.name))
    return folder


def main(number: int) -> None:
    """Serve sessions until the other end of the socket with this file number closes."""
    control = socket.socket(fileno=number)
    link = Link(control)
    setup = json.loads(link.receive()["v"])
    cells = [Cell(**cell) for cell in setup["cells"]]
    if setup["beside"]:
        sys.path.insert(0, setup["beside"])
    sink = Sink()
    shell = _shell(sink)
    _warm(cells)
    link.send({"is": "ready"})
    children: dict[int, str] = {}
    while True:
        _reap(children, os.WNOHANG)
        word, files, _, _ = socket.recv_fds(control, 1, 1)
        if not word:
            break
        folder = _scratch(setup["folder"], setup["beside"])
        child = os.fork()
        if child == 0:
            control.close()
            with contextlib.suppress(CheckerError):
                os.chdir(folder)
                _limit(setup["limits"])
                _serve(Link(socket.socket(fileno=files[0])), cells, sink, shell)
            os._exit(0)
        os.close(files[0])
        children[child] = folder
    for child in children:
        os.kill(child, signal.SIGKILL)
    _reap(children, 0)


def _reap(children: dict[int, str], flags: int) -> None:
    """Take leave of sessions that have ended, and of their folders."""
    for child, folder in list(children.items()):
        if os.waitpid(child, flags)[0]:
            shutil.rmtree(folder, ignore_errors=True)
            del children[child]


def _warm(cells: Sequence[Cell]) -> None:
    """Import once what the lecturer's cells import, so that no session has to."""
    for cell in cells:
        tree = tree_of(cell.source) if cell.role != "solution" else None
        for statement in imports(tree) if tree is not None else ():
            with contextlib.suppress(Exception), contextlib.redirect_stdout(io.StringIO()):
                exec(compile(ast.Module([statement], []), "<import>", "exec"), {})


if __name__ == "__main__":
    main(int(sys.argv[1]))
