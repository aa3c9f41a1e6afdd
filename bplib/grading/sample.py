"""A class to practise on: programs as learners write them, put into the notebook that learners get."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import nbformat


def cells(program: str, questions: set[str]) -> dict[str, str]:
    """Cut a `program` into the sources of the cells it answers.

    Everything up to and including the function that a question asks for goes into that question's cell, so that
    helper functions and imports stay with the answer that needs them; a closing string is the answer in words.

    Parameters
    ----------
    program : str
        Python source.
    questions : set of str
        The names of the functions asked for: the ids of the code cells to be filled.

    Returns
    -------
    sources : dict
        Cell id to source; the words stand under ''.
    """
    lines = program.splitlines(keepends=True)
    sources: dict[str, str] = {}
    start = 0
    body = ast.parse(program).body
    if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        start = body[0].end_lineno  # the docstring tells about the program; no learner hands it in
        body = body[1:]
    for statement in body:
        name = getattr(statement, "name", None)
        if isinstance(statement, ast.FunctionDef) and name in questions:
            sources[name] = "".join(lines[start : statement.end_lineno]).strip()
            start = statement.end_lineno
    if body and isinstance(body[-1], ast.Expr) and isinstance(body[-1].value, ast.Constant):
        sources[""] = str(body[-1].value.value).strip()
    return sources


def filled(release: Any, program: str) -> Any:
    """Return the released notebook with the answers of `program` in its solution cells."""
    nb = nbformat.from_dict(release)
    open_cells = {c.metadata.nbgrader.grade_id: c for c in nb.cells if c.metadata.get("nbgrader", {}).get("solution")}
    answers = cells(program, {grade_id for grade_id, cell in open_cells.items() if cell.cell_type == "code"})
    for grade_id, cell in open_cells.items():
        answer = answers.get(grade_id if cell.cell_type == "code" else "")
        if answer is not None:
            cell.source = answer
    return nb


def build_class(programs: Path, release: Path, submitted: Path) -> list[str]:
    """Write one hand-in for each program `right_*.py`, `wrong_*.py`, `other_*.py` of a folder.

    Parameters
    ----------
    programs : Path
        Folder with the programs; a learner's name is the file's.
    release : Path
        The released notebook.
    submitted : Path
        nbgrader's folder of hand-ins.

    Returns
    -------
    learners : list of str
    """
    nb = nbformat.read(release, as_version=4)
    learners = []
    for program in sorted(programs.glob("*_*.py")):
        target = submitted / program.stem / release.stem / release.name
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(filled(nb, program.read_text(encoding="utf-8")), target)
        learners.append(program.stem)
    return learners
