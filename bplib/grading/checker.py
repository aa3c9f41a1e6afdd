"""The check runs where the learner's code cannot reach it: in a process of its own, with the answers at arm's length.

`Checker` starts one process for an assignment. For each submission that process forks a session, in which the graded
cells of the master run, after its locked ones. What a graded cell takes for the learner's function is an `Answer`: it
hands plain data to whoever holds the learner's process (`Session.run` is given that as `ask`), and plain data comes
back. A session knows its checks and its seed; it knows no sandbox, no grade book and no other learner.

Whose fault is it when a check raises an exception: the answer's, or the check's own? The master's own answer is asked
the same questions (`Session` with `reference=True`), behind the same boundary: what happens to it, too, is the check's.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bplib.grading import wire
from bplib.grading.cells import Cell, cells_of, hidden_lines, visible
from bplib.grading.link import GONE, NAMED, CannotCross, CheckerError, Ending, Fault, Link, broken

__all__ = ["NAMED", "CannotCross", "Cell", "CheckLimits", "Checker", "CheckerError", "Ending", "Fault", "Session"]
__all__ += ["cells_of", "hidden_lines", "visible"]

# (cell, session) -> a context manager with what answers the cell's questions
Answers = Callable[["Cell", "Session"], contextlib.AbstractContextManager[Any]]


@dataclass(frozen=True)
class CheckLimits:
    """What the checks of one submission may use; what the learner's code uses is counted elsewhere."""

    cpu: float = 60.0  # s
    wall: float = 180.0  # s from one question to the next
    memory: int = 4 << 30  # bytes of address space
    file: int = 64 << 20  # bytes of one file


class Checker:
    """The process of one assignment's checks; a context manager.

    Parameters
    ----------
    cells : sequence of Cell
        As `cells_of` returns them.
    beside : Path, optional
        Folder with the lecturer's helper modules and data.
    limits : CheckLimits
        For one session.
    """

    def __init__(self, cells: Sequence[Cell], beside: Path | None = None, limits: CheckLimits | None = None) -> None:
        self.cells, self.beside, self.limits = list(cells), beside, limits or CheckLimits()
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._known: dict[str, dict[str, Ending]] = {}

    def __enter__(self) -> Checker:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Start the process, if it does not run."""
        if self._process is not None and self._process.poll() is None:
            return
        self.close()
        ours, theirs = socket.socketpair()
        package = str(Path(__file__).resolve().parents[2])
        self._folder = tempfile.TemporaryDirectory(prefix="bplib-checks-", ignore_cleanup_errors=True)
        environment = {
            **os.environ,
            "IPYTHONDIR": os.path.join(self._folder.name, ".ipython"),  # else IPython makes one in the lecturer's home
            "PYTHONPATH": os.pathsep.join([package, *filter(None, [os.environ.get("PYTHONPATH")])]),
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
            **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "PYTHONDONTWRITEBYTECODE"), "1"),
        }
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-s", "-m", "bplib.grading.desk", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for the grader, which then closes this one
            )
        self._control = ours
        what = {
            "folder": self._folder.name,
            "cells": [asdict(cell) for cell in self.cells],
            "beside": str(self.beside.resolve()) if self.beside else None,
            "limits": asdict(self.limits),
        }
        link = Link(ours, wall=60.0)
        link.send({"is": "setup"}, json.dumps(what))
        link.receive()

    def close(self) -> None:
        """End the process and what it has forked."""
        if self._process is not None:
            self._control.close()  # it ends by itself, and tidies up
            try:
                self._process.wait(timeout=5.0)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    @contextlib.contextmanager
    def session(self, seed: str, reference: bool = False) -> Iterator[Session]:
        """Return a fresh session, whose checks draw their numbers from `seed`."""
        self.start()
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                try:
                    socket.send_fds(self._control, [b"S"], [theirs.fileno()])
                except OSError as error:
                    raise CheckerError(broken(error)) from None
            link = Link(ours, self.limits.wall)
            link.send({"is": "start", "seed": seed, "reference": reference})
            yield Session(link)

    def endings(self, seed: str, answers: Answers, reference: bool = False) -> dict[str, Ending]:
        """Run all of the lecturer's cells in order, and return how each ended.

        Parameters
        ----------
        seed : str
            What the checks draw their numbers from.
        answers : callable
            (cell, session) -> a context manager, entered for this cell, whose value is `ask` of `Session.run`.
        reference : bool
            Whether the master's own answers are asked instead.
        """
        found: dict[str, Ending] = {}
        left_out: set[str] = set()
        cells = [cell for cell in self.cells if cell.role != "solution"]
        while True:  # a cell that ends the process is left out of the next one: at most once for each cell
            now = ""
            try:
                with self.session(seed, reference) as session:
                    for cell in cells:
                        now = cell.name
                        if now not in left_out:
                            with answers(cell, session) as ask:
                                found[now] = session.run(now, ask)
                return found
            except CheckerError as error:
                if not now or now in left_out:
                    raise
                left_out.add(now)
                found[now] = Ending(died=str(error))

    def reference(self, seed: str) -> dict[str, Ending]:
        """Return how each check ends that is asked about the master's own answers."""
        if seed not in self._known:
            if len(self._known) > 16:
                self._known.clear()
            self._known[seed] = self.endings(seed, lambda *_: contextlib.nullcontext(_nobody), reference=True)
        return self._known[seed]


def _nobody(reply: dict[str, Any], message: dict[str, Any], value: Any) -> Any:
    raise CannotCross("the master's own answers are not in the sandbox")


class Session:
    """The lecturer's cells for one submission, one after the other, in a process of their own."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.things: dict[int, Any] = {}  # what is not plain, in the learner's process; a check knows its number
        self.count = 0

    def run(self, name: str, ask: Callable[[dict[str, Any], dict[str, Any], Any], Any]) -> Ending:
        """Run one cell.

        Parameters
        ----------
        name : str
            The cell's.
        ask : callable
            (reply, message, value) -> value, for what the cell asks of the learner's code; it may add to the reply
            which arguments were 'changed'. Raises `Fault` for what that code did, `CannotCross`, or anything else,
            which comes out of here; the session is then over.

        Raises
        ------
        CheckerError
            If the check ended its process or does not end.
        """
        self.forget()
        self.ask = ask
        self.link.send({"is": "run", "cell": name})
        while True:
            try:
                message = self._receive()
            except CannotCross as error:
                self.link.send({"is": "cannot", "why": str(error)})
                continue
            if message["is"] == "ended":
                data = json.loads(message["v"])
                return Ending(**{key: tuple(v) if isinstance(v, list) else v for key, v in data.items()})
            self._reply(message)

    def forget(self) -> None:
        """Forget what is in the learner's process: that process has ended."""
        self.things.clear()

    def _reply(self, message: dict[str, Any]) -> None:
        value = message.pop("v")
        try:
            if "thing" in message:
                message["thing"] = self._known("h", message["thing"])
            reply = {"is": "value"}
            value = self.ask(reply, message, value)
            self.link.send(reply, value, self._numbered)
        except Fault as fault:
            self.link.send({"is": "fault", **fault.told})
        except (CannotCross, wire.WireError) as error:
            self.link.send({"is": "cannot", "why": str(error)[:300]})

    def _receive(self) -> dict[str, Any]:
        try:
            return self.link.receive(self._known)
        except wire.WireError as error:
            raise CheckerError(f"it sent what cannot be read ({error})") from None

    def _numbered(self, thing: Any) -> tuple[str, int]:
        self.count += 1
        self.things[self.count] = thing
        return "h", self.count

    def _known(self, tag: str, number: int) -> Any:
        if tag == "h":
            if number not in self.things:
                raise CannotCross(GONE)
            return self.things[number]

        def function(*args: Any, **kwargs: Any) -> Any:
            self.link.send({"is": "back", "function": number}, [args, kwargs])
            while (answer := self._receive())["is"] not in ("result", "raised"):
                self._reply(answer)  # the function asks for the learner's code itself
            if answer["is"] == "raised":
                raise NAMED.get(answer["name"], Exception)("the function that the question hands out raised it")
            return answer["v"]

        return function
