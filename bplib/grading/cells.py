"""Of the master notebook, the lecturer's cells and the names that cells define: what a check needs to be run."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

BEGIN_HIDDEN, END_HIDDEN = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
CELL_MAGIC = re.compile(r"\s*%%\w+")


@dataclass(frozen=True)
class Cell:
    """One code cell of the master, as the checker needs it.

    Attributes
    ----------
    name : str
        nbgrader's name of the cell, or 'cell 3'.
    role : str
        'graded' (a check), 'locked' (the lecturer's), 'free' (the lecturer's, open to changes), 'solution'.
    source : str
        With the solution and the hidden tests in it.
    points : float
        Of a check.
    """

    name: str
    role: str
    source: str
    points: float = 0.0


def cells_of(cells: Sequence[Mapping[str, Any]]) -> list[Cell]:
    """Return the code cells of a master that the checker needs, in its order.

    A cell without a role is the lecturer's demonstration, open to the learner's changes. It is needed only if a later
    check uses a name that it defines, and then as the lecturer wrote it. Cells tagged `display-only` are for the eye.
    """
    found: list[Cell] = []
    for k, cell in enumerate(cells):
        tags = cell["metadata"].get("tags") or []
        if cell["cell_type"] != "code" or "display-only" in tags:
            continue
        role = cell["metadata"].get("nbgrader") or {}
        kind = (
            "solution"
            if role.get("solution")
            else "graded"
            if role.get("grade")
            else "locked"
            if role.get("locked")
            else "free"
        )
        points = float(role.get("points") or 0.0) if kind == "graded" else 0.0
        found.append(Cell(role.get("grade_id") or f"cell {k}", kind, "".join(cell["source"]), points))
    needed: set[str] = set()
    kept = []
    for cell in reversed(found):
        tree = tree_of(cell.source)
        if cell.role == "free" and not (tree is not None and needed & (bound(tree) | imported(tree))):
            continue
        if cell.role != "solution" and tree is not None:
            loaded = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
            needed |= loaded - bound(tree)
        kept.append(cell)
    return kept[::-1]


def tree_of(source: str) -> ast.Module | None:
    """Return the syntax tree of a cell without its magics, or None if it has none."""
    lines = ["" if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines()]
    try:
        return ast.parse("\n".join(lines))
    except (SyntaxError, ValueError):
        return None


def bound(tree: ast.Module) -> set[str]:
    """Return the names that a cell's own level binds, but for those that it imports."""
    found: set[str] = set()
    todo: list[ast.AST] = list(tree.body)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif not isinstance(node, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            todo += ast.iter_child_nodes(node)
    return found


def imports(tree: ast.Module) -> list[ast.stmt]:
    """Return the imports on a cell's own level."""
    return [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]


def imported(tree: ast.Module) -> set[str]:
    """Return the names that these bind."""
    return {(alias.asname or alias.name).split(".")[0] for node in imports(tree) for alias in node.names}


def hidden_lines(source: str) -> set[int]:
    """Return the numbers of the lines that stand between the marks of hidden tests."""
    found, inside = set(), False
    for number, line in enumerate(source.splitlines(), 1):
        inside = (inside or BEGIN_HIDDEN in line) and END_HIDDEN not in line
        if inside:
            found.add(number)
    return found


def visible(source: str) -> str:
    """Return a cell's source without its hidden tests."""
    hidden = hidden_lines(source)
    return "\n".join(
        line for number, line in enumerate(source.splitlines(), 1) if number not in hidden and END_HIDDEN not in line
    )


def python_of(source: str, shell: Any) -> str:
    """Return a cell as Python: IPython's line magics are calls then, and a cell magic is taken off its cell."""
    first, _, rest = source.partition("\n")
    return shell.transform_cell("\n" + rest if CELL_MAGIC.match(first) else source)
