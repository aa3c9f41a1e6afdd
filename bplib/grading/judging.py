"""One sandbox and one checker for each notebook serve a whole class; what they may use is the lecturer's to set.

c.Judge.cpu_call = 20.0          # in nbgrader_config.py: seconds for one cell or one call of a learner's function
c.Judge.allow = {"ps13": ["network"]}
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from traitlets import Bool, Dict, Enum, Float, Integer, List, Unicode
from traitlets.config import LoggingConfigurable

from bplib.grading.checker import Checker
from bplib.grading.judge import Assignment, Judged, judge, start
from bplib.grading.sandbox import Limits, Sandbox, SandboxError, best_level


class Judge(LoggingConfigurable):
    """Settings of the sandbox and of the checks."""

    level = Enum(("A", "B", "C"), None, allow_none=True, help="The sandbox's; by default the best there is.").tag(
        config=True
    )
    trust = Bool(False, help="Grade with limits only (level C) where no sandbox is to be had.").tag(config=True)
    cpu_call = Float(10.0, help="Seconds of CPU time for one cell, or one call of a function.").tag(config=True)
    cpu_notebook = Float(60.0, help="Seconds of CPU time for one notebook, replays included.").tag(config=True)
    wall_factor = Float(3.0, help="How many times the CPU time may pass on the clock.").tag(config=True)
    memory = Integer(2 << 30, help="Bytes of address space.").tag(config=True)
    output = Integer(200_000, help="Characters that one cell may print.").tag(config=True)
    file = Integer(8 << 20, help="Bytes of one file.").tag(config=True)
    modules = List(Unicode(), help="Packages that learners may import besides the course's own, such as scipy.").tag(
        config=True
    )
    allow = Dict(help="Assignment -> modules of bplib that its learners may import, such as ['losses'].").tag(
        config=True
    )

    @property
    def limits(self) -> Limits:
        """What one worker may use."""
        return Limits(self.cpu_call, self.cpu_notebook, self.wall_factor, self.memory, self.output, self.file)

    def assignment(self, name: str, notebook: str, folder: Path) -> Assignment:
        """Return what one notebook is judged by; `folder` holds its master and what lies beside it."""
        return Assignment(notebook, folder / f"{notebook}.ipynb", folder, tuple(self.allow.get(name, ())))

    def chosen(self) -> str | None:
        """Return the level to ask for: the best, unless the lecturer named one or trusts the hand-ins."""
        if self.level is None and self.trust and best_level()[0] == "C":
            return "C"
        return self.level

    @contextlib.contextmanager
    def bench(self, assignments: dict[str, Assignment]) -> Iterator[Bench]:
        """Open what judging needs; nothing is started before the first hand-in."""
        if self.level == "C" and not self.trust:
            raise SandboxError("level C is no sandbox: say --i-trust-these-notebooks (c.Judge.trust = True) as well")
        with contextlib.ExitStack() as stack:
            yield Bench(self, assignments, stack)


class Bench:
    """The sandbox and the checkers of one run."""

    def __init__(self, settings: Judge, assignments: dict[str, Assignment], stack: contextlib.ExitStack) -> None:
        self.settings, self.assignments, self._stack = settings, assignments, stack
        self._sandboxes: dict[Any, Sandbox] = {}
        self._checkers: dict[str, Checker] = {}

    def __call__(self, notebook: str, raw: bytes, seed: str) -> Judged:
        """Judge one notebook; say on it at which level.

        Raises
        ------
        SandboxError
            If there is no sandbox to begin with: then nobody is graded.
        """
        assignment = self.assignments[notebook]
        sandbox = self._sandbox(assignment, raw)
        if notebook not in self._checkers:
            self._checkers[notebook] = self._stack.enter_context(assignment.checker())
        judged = judge(assignment, raw, seed, sandbox, self._checkers[notebook])
        if sandbox.warning:
            judged.notes.append(sandbox.warning)
        if judged.notebook is not None:
            judged.notebook.metadata["bplib"] = {"judge": sandbox.level, "notes": [*judged.notes]}
        return judged

    def _sandbox(self, assignment: Assignment, raw: bytes) -> Sandbox:
        """Return a sandbox for a hand-in; those that may import the same share one."""
        figures = b"matplotlib" in raw or b"bplib.plots" in raw  # dear to load, and most hand-ins draw nothing
        kind = (figures, assignment.allow, assignment.beside)
        if kind not in self._sandboxes:
            settings = self.settings
            sandbox = Sandbox(
                settings.chosen(),
                settings.limits,
                figures,
                assignment.beside,
                assignment.allow,
                modules=tuple(settings.modules),
            )
            self._stack.callback(sandbox.close)
            start(sandbox)
            self._sandboxes[kind] = sandbox
        return self._sandboxes[kind]
