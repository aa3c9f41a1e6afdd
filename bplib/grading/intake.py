"""Of what is handed in, only the learner's own sentences and code are taken; everything else comes from the master.

A hand-in may be renamed, cut off, have cells copied, moved or deleted, or name a kernel that nobody has. `opened`
says what is wrong with a file that cannot be graded, and what to do; `rebuild` puts the rest into a copy of the master.
"""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell
from nbgrader.preprocessors import ClearOutput, ClearSolutions, ComputeChecksums, LockCells, NbGraderPreprocessor

LARGEST = 20 * 2**20  # bytes; a notebook of ours with its pictures has less than a hundredth of that
NEW_CELL = {"code": new_code_cell, "markdown": new_markdown_cell, "raw": new_raw_cell}


class Ungradable(Exception):
    """A hand-in that no program should guess about: says what is wrong with it and what to do."""


def opened(folder: Path, name: str) -> dict[str, Any]:
    """Return the notebook that `folder` holds as plain data.

    Parameters
    ----------
    folder : Path
        One learner's folder for one assignment.
    name : str
        The file name that the assignment was released with.

    Returns
    -------
    notebook : dict
        With a list under 'cells'.

    Raises
    ------
    Ungradable
        If there is no such file, or if it cannot be read as a notebook of format 4.
    """
    path = folder / name
    if not path.exists() and not path.is_symlink():
        others = sorted(p.name for p in folder.glob("*.ipynb")) if folder.is_dir() else []
        if others:
            raise Ungradable(f"wrong file name {', '.join(others)}: rename it to {name} and grade again")
        raise Ungradable(f"no notebook handed in: ask for {name}")
    if not stat.S_ISREG(path.lstat().st_mode):
        raise Ungradable(f"{name} is not a regular file (a link, a folder or a pipe): ask for the notebook itself")
    if path.stat().st_size > LARGEST:
        raise Ungradable(f"{name} is larger than {LARGEST >> 20} MB: ask for it with its outputs cleared")
    raw = path.read_bytes()
    if not raw.strip():
        raise Ungradable(f"{name} is empty: ask for it again")
    try:
        data = json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError:
        raise Ungradable(f"{name} is not UTF-8 text: open it in JupyterLab and save it again") from None
    except (ValueError, RecursionError) as error:
        cut = "; the file looks cut off" if not raw.rstrip().endswith(b"}") else ""
        reason = str(error)[:80] if isinstance(error, ValueError) else "nested too deeply"
        raise Ungradable(f"{name} is no notebook ({reason}{cut}): ask for it again") from None
    if not isinstance(data, dict) or not isinstance(data.get("cells"), list):
        raise Ungradable(f"{name} has no list of cells: open it in JupyterLab and save it again, or ask for it again")
    if data.get("nbformat") != 4:
        raise Ungradable(f"{name} has notebook format {data.get('nbformat')!r}, 4 is needed: save it in JupyterLab")
    return data


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


class Rebuild(NbGraderPreprocessor):
    """`rebuild` as the first step of nbgrader's autograde, for the stock command line and the formgrader too."""

    def preprocess(self, nb: Any, resources: Any) -> Any:
        """Return the rebuilt notebook, and log what was mended."""
        who = resources["nbgrader"]
        course = self.parent.parent.coursedir  # exporter, then converter
        folder = Path(course.format_path(course.source_directory, ".", who["assignment"]))
        nb, notes = rebuild(master(folder / f"{who['notebook']}.ipynb"), nb)
        for note in notes:
            self.log.warning("%s: %s", who["student"], note)
        return nb, resources
