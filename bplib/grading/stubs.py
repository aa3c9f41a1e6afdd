"""What learners' code finds when it imports: the course's own modules, stand-ins for its checks, and nothing else.

Why a module is not there is said here, in words. That it is not there is the files' doing (`level`, `lock`): this code
runs in the learner's own process.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import importlib.abc
import importlib.util
import os
import pkgutil
import sys
import types
from collections.abc import Sequence
from typing import Any

from bplib.grading.cells import bound

REFERENCE = (
    *("activations", "gradcheck", "graph", "initialization", "layers"),
    *("losses", "network", "optimizers", "training", "golden"),
)
STUBS = ("checks", "widgets")
FREE = ("data", "svg")
MISSING = "bplib.{} is not there while your work is graded: use your own functions"
FOREIGN = "{} is not there while your work is graded: the course works with NumPy, Matplotlib and Python's own modules"
SCORE = float("0")  # what every check comes to in here: this very object, which is not shown


class AtHome(BaseException):
    """Something of a check or a widget that only the learner's own notebook has; what is left of the line is skipped.

    Not an Exception: `except Exception` in a learner's cell is not meant for it.
    """

    def __str__(self) -> str:
        return "examples of checks, and widgets, are there at home only"


class Absent:
    """Stands for such a thing under its name, until somebody wants to know what it is."""

    def __repr__(self) -> str:
        return "(at home only)"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent()

    def __call__(self, *args: Any, **kwargs: Any) -> Absent:
        """Make or do something that is not there either."""
        return Absent()

    def _use(self, *args: Any, **kwargs: Any) -> Any:
        raise AtHome

    __str__ = __iter__ = __len__ = __getitem__ = __setitem__ = __array__ = __float__ = __int__ = __bool__ = _use
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __matmul__ = __rmatmul__ = __neg__ = _use
    __truediv__ = __rtruediv__ = __pow__ = __rpow__ = __format__ = __enter__ = __exit__ = __index__ = _use
    __lt__ = __le__ = __gt__ = __ge__ = __abs__ = __contains__ = _use


class Nothing:
    """What an attribute of a stub is: `ps06.hidden_delta(f)` is 0.0, `ps06.hidden_delta.example(1)` is not there."""

    def __call__(self, *args: Any, **kwargs: Any) -> float:
        """Say nothing, as a number: checks are made by the judge, outside."""
        return SCORE

    def __getattr__(self, name: str) -> Absent:
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent()


class Stub(types.ModuleType):
    """A module in which every name can be found; in `bplib.checks`, a name can be a module's and a function's."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if self.__name__ == "bplib.checks":
            return Stub(f"bplib.checks.{name}")
        return Absent() if self.__name__.startswith("bplib.widgets") else Nothing()

    def __call__(self, *args: Any, **kwargs: Any) -> float:
        """Say nothing, as a number: `explain(f)` is no module."""
        return SCORE


class Stubs(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds `bplib.checks`, `bplib.checks.ps06` and so on, whatever their names."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Make a stub for a name beneath bplib.checks or bplib.widgets."""
        parts = name.split(".")
        if parts[0] == "bplib" and len(parts) > 1 and parts[1] in STUBS:
            return importlib.util.spec_from_loader(name, self, is_package=True)
        return None

    def create_module(self, spec: Any) -> Stub:
        """Return the empty module."""
        return Stub(spec.name)

    def exec_module(self, module: Any) -> None:
        """Do nothing: a stub has no code."""


class Guard(importlib.abc.MetaPathFinder):
    """Says in words why a module is not there."""

    def __init__(self, plots: str, foreign: Sequence[str]) -> None:
        self.plots, self.foreign = plots, frozenset(foreign)

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Refuse what is not for learners; leave everything else to the next finder."""
        top, _, rest = name.partition(".")
        if name == "bplib.plots" and os.path.exists(self.plots):
            inside = [os.path.dirname(self.plots)] if self.plots.endswith("__init__.py") else None
            return importlib.util.spec_from_file_location(name, self.plots, submodule_search_locations=inside)
        if top == "bplib" and not rest.startswith("plots."):
            raise ImportError(MISSING.format(rest))
        if name in self.foreign:
            raise ModuleNotFoundError(FOREIGN.format(name), name=name)
        return None


def load(allow: Sequence[str], plots: str, foreign: Sequence[str]) -> None:
    """Import what learners' code may use of bplib, and put a guard before the rest."""
    import bplib

    for name in (*FREE, *allow):
        with contextlib.suppress(ModuleNotFoundError):
            module = importlib.import_module(f"bplib.{name}")
            for found in pkgutil.iter_modules(getattr(module, "__path__", [])):
                importlib.import_module(f"bplib.{name}.{found.name}")
    bplib.__path__ = []
    bplib.__file__ = None
    for name in ("grading", *STUBS):
        vars(bplib).pop(name, None)
    sys.meta_path[:0] = [Stubs(), Guard(plots, foreign)]


def run(tree: ast.Module, name: str, space: dict[str, Any]) -> int | None:
    """Run a cell's statements; skip those that need what is there at home only.

    The names that a skipped statement would have bound stand for something absent, so that what uses them later is
    skipped, too, and everything else runs.

    Returns
    -------
    line : int or None
        The first line that was skipped.
    """
    first, todo = None, tree.body
    while todo:
        try:
            exec(compile(ast.Module(todo, []), name, "exec"), space)
            break
        except AtHome as error:
            line = _line(error, name)
            stopped = next((k for k, node in enumerate(todo) if node.end_lineno >= line), len(todo) - 1)
            first = first or line
            for absent in bound(ast.Module([todo[stopped]], [])):
                space[absent] = Absent()
            todo = todo[stopped + 1 :]
    return first


def _line(error: BaseException, name: str) -> int:
    """Return the line of a cell's own level that an exception comes from."""
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == name and trace.tb_frame.f_code.co_name == "<module>":
            return trace.tb_lineno
        trace = trace.tb_next
    return 1
