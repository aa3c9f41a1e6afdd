"""Of what is handed in, only the learner's own sentences and code are taken; everything else comes from the master.

A hand-in may have cells copied, moved or deleted, carry foreign roles and points, or name a kernel that nobody has:
`rebuild` puts what is the learner's into a copy of the master.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell
from nbgrader.preprocessors import ClearOutput, ClearSolutions, ComputeChecksums, LockCells

NEW_CELL = {"code": new_code_cell, "markdown": new_markdown_cell, "raw": new_raw_cell}


def master(source: Path) -> Any:
    """Return the master of a `source` notebook: its tests and roles, with stubs where the solutions were."""
    nb = nbformat.read(source, as_version=4)
    for step in (LockCells, ClearSolutions, ClearOutput, ComputeChecksums):
        nb, _ = step().preprocess(nb, {})
    return nb


def graded(master: Any) -> dict[str, float]:
    """Return the points of each graded cell of a `master`, in its order."""
    roles = [cell.metadata.nbgrader for cell in master.cells if "nbgrader" in cell.metadata]
    return {role["grade_id"]: float(role["points"]) for role in roles if role["grade"]}


def rebuild(master: Any, handed_in: Any) -> tuple[Any, list[str]]:
    """Put the learner's cells into a copy of the master.

    Cells that the master knows stand in the master's order, with its roles, points, types and tests; a cell of the
    learner's own stays behind the cell that it followed. Nothing is dropped but outputs and metadata.

    Parameters
    ----------
    master : notebook
        As `master` returns it.
    handed_in : notebook or dict
        With a list of cells; any of them may be damaged.

    Returns
    -------
    notebook : notebook
        Ready to be executed and graded.
    notes : list of str
        What was mended, a sentence each.
    """
    known = {cell.metadata.nbgrader["grade_id"]: cell for cell in master.cells if "nbgrader" in cell.metadata}
    notes: list[str] = []
    own: dict[str, str] = {}
    behind: dict[str | None, list[Any]] = {None: []}
    place: str | None = None
    seen: list[str] = []
    for cell in handed_in["cells"]:
        source = _source(cell)
        if source is None:
            notes.append("a damaged cell was left out")
            continue
        grade_id = _grade_id(cell)
        if grade_id in known:
            if grade_id in own:
                notes.append(
                    f"cell {grade_id} stands twice: the last copy counts, the other is kept as an ordinary cell"
                )
                behind[place].append(_free(known[grade_id].cell_type, own[grade_id]))
                own[grade_id] = source
            else:
                own[grade_id], behind[grade_id], place = source, [], grade_id
                seen.append(grade_id)
        elif cell.get("cell_type") in NEW_CELL:
            behind[place].append(_free(cell["cell_type"], source))

    if seen != [grade_id for grade_id in known if grade_id in own]:
        notes.append("cells were moved: they are back in their order")
    cells = [*behind[None]]
    for grade_id, model in known.items():
        cell = nbformat.from_dict(model)
        if grade_id not in own:
            notes.append(f"cell {grade_id} was missing: put back as it was released")
        elif model.metadata.nbgrader["solution"]:
            cell.source = own[grade_id]
        cells += [cell, *behind.get(grade_id, [])]
    for i, cell in enumerate(cells):
        cell["id"] = f"cell-{i:04d}"
    asked = _kernel(handed_in)
    if asked not in (None, _kernel(master)):
        notes.append(f"it names the kernel {asked!r}: graded with {_kernel(master)!r}")
    notebook = new_notebook(cells=cells, metadata=master.metadata)
    notebook.nbformat_minor = 5
    return notebook, notes


def _source(cell: Any) -> str | None:
    source = cell.get("source") if isinstance(cell, dict) else None
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    return source if isinstance(source, str) else None


def _grade_id(cell: dict[str, Any]) -> str | None:
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return grade_id if isinstance(grade_id, str) else None


def _free(cell_type: str, source: str) -> Any:
    return NEW_CELL[cell_type](source)


def _kernel(notebook: Any) -> str | None:
    metadata = notebook.get("metadata")
    spec = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    name = spec.get("name") if isinstance(spec, dict) else None
    return name if isinstance(name, str) else None
