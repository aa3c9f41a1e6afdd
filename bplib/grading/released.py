"""Learners answer the notebook that was released; graded with another one, their marks would mean something else.

The master is prepared once more as nbgrader prepares it for release, and compared with what nbgrader saved in the grade
book then (roles, points, tests) and with the released notebook (order, texts, files beside it). A solution may change.
"""

from __future__ import annotations

import contextlib
import filecmp
import fnmatch
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

import nbformat
from nbgrader import utils
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import CheckCellMetadata, ComputeChecksums, InstantiateTests, SaveCells

WAY_OUT = (
    "undo that, or release it again (nbgrader generate_assignment {0} --force) if learners have it so, or release the"
    " new one under another name ({0}_v2)"
)


def released(course: CourseDirectory, assignment: str) -> list[str]:
    """Name what in an assignment's master is no longer as it was released.

    Parameters
    ----------
    course : CourseDirectory
        nbgrader's, with its configuration.
    assignment : str
        Its name.

    Returns
    -------
    differences : list of str
        A phrase each, naming the cell; `WAY_OUT` says what to do about them. Empty if nothing changed.
    """
    folder = Path(course.format_path(course.source_directory, ".", assignment))
    sent = Path(course.format_path(course.release_directory, ".", assignment))
    found = []
    try:
        saved = _saved(course, assignment)
    except MissingEntry:
        return [f"{assignment} was never released"]
    for extra in sorted({path.stem for path in folder.glob("*.ipynb")} - set(saved)):
        found.append(f"notebook {extra} is new")
    for name, cells in saved.items():
        many = f"{name}: " if len(saved) > 1 else ""
        try:
            asked, visible = _prepared(course, folder / f"{name}.ipynb", assignment)
        except FileNotFoundError:
            found.append(f"notebook {name} is gone")
            continue
        except Exception as error:  # what a lecturer's notebook and preprocessors may raise has no end
            found.append(f"{many}it cannot be prepared for release ({type(error).__name__}: {str(error)[:200]})")
            continue
        changed = _roles(cells, asked)
        with contextlib.suppress(OSError, ValueError, nbformat.ValidationError):  # it may be kept elsewhere
            changed += _places(nbformat.read(sent / f"{name}.ipynb", as_version=4).cells, visible)
        found += [many + change for change in changed]
    return found + list(_beside(course, folder, sent))


def _saved(course: CourseDirectory, assignment: str) -> dict[str, dict[str, dict[str, Any]]]:
    """Return for each notebook what the grade book holds of its cells."""
    with Gradebook(course.db_url, course.course_id) as book:
        return {
            notebook.name: _cells(notebook)
            for notebook in sorted(book.find_assignment(assignment).notebooks, key=_name)
        }


def _name(entry: Any) -> str:
    return entry.name


def _cells(notebook: Any) -> dict[str, dict[str, Any]]:
    points = {cell.name: float(cell.max_score) for cell in [*notebook.grade_cells, *notebook.task_cells]}
    solutions = {cell.name for cell in notebook.solution_cells}
    return {
        cell.name: {
            "type": cell.cell_type, "locked": bool(cell.locked), "points": points.get(cell.name),
            "solution": cell.name in solutions, "source": cell.source,
        }
        for cell in notebook.source_cells
    }  # fmt: skip


def _prepared(course: CourseDirectory, source: Path, assignment: str) -> tuple[dict[str, dict[str, Any]], list[Any]]:
    """Return of a master what would be saved, and the cells that learners would get."""
    notebook = nbformat.read(source, as_version=4)
    converter = GenerateAssignment(coursedir=course, parent=course)
    resources = {"nbgrader": {"assignment": assignment, "notebook": source.stem, "student": "."}, "metadata": {}}
    asked = None
    with contextlib.chdir(course.root):  # where nbgrader looks for a header and a footer
        for step in converter.preprocessors:
            if step is SaveCells:
                asked = _roles_of(notebook)
            elif step not in (InstantiateTests, CheckCellMetadata, ComputeChecksums):  # neither text nor role
                notebook, resources = step(parent=converter).preprocess(notebook, resources)
    return asked if asked is not None else _roles_of(notebook), notebook.cells


def _roles_of(notebook: Any) -> dict[str, dict[str, Any]]:
    return {
        cell.metadata.nbgrader["grade_id"]: {
            "type": cell.cell_type, "locked": utils.is_locked(cell),
            "points": float(cell.metadata.nbgrader["points"]) if utils.is_grade(cell) or utils.is_task(cell) else None,
            "solution": utils.is_solution(cell), "source": cell.source,
        }
        for cell in notebook.cells
        if utils.is_grade(cell) or utils.is_solution(cell) or utils.is_locked(cell) or utils.is_task(cell)
    }  # fmt: skip


def _roles(saved: dict[str, dict[str, Any]], asked: dict[str, dict[str, Any]]) -> list[str]:
    """Compare roles, points and tests, cell by cell."""
    found = [f"cell {name} is new" for name in asked if name not in saved]
    found += [f"cell {name} is gone" for name in saved if name not in asked]
    for name, now in asked.items():
        then = saved.get(name)
        if then is None or "AUTOTEST" in now["source"]:  # nbgrader writes such a test anew at each release
            continue
        if now["points"] != then["points"]:
            worth = [
                f"worth {value['points']:g}" if value["points"] is not None else "not marked" for value in (now, then)
            ]
            found.append(f"cell {name} is {worth[0]}, and was {worth[1]}")
        if any(now[key] != then[key] for key in ("type", "locked", "solution")):
            found.append(f"cell {name} has another role")
        if now["source"] != then["source"]:
            found.append(f"cell {name} reads otherwise in line {_line(now['source'], then['source'])}")
    return found


def _line(now: str, then: str) -> int:
    pairs = zip_longest(now.splitlines(), then.splitlines())
    return next((number for number, (a, b) in enumerate(pairs, 1) if a != b), 1)


def _places(then: list[Any], now: list[Any]) -> list[str]:
    """Compare the order of cells, and the texts between those that have a role."""
    old, new = _texts(then), _texts(now)
    found = []
    if [name for name in old if name in new] != [name for name in new if name in old]:
        found.append("the cells stand in another order")
    for name in new:
        if name in old and old[name] != new[name]:
            found.append(f"the text {f'after cell {name}' if name else 'at the top'} reads otherwise")
    return found


def _texts(cells: list[Any]) -> dict[str, list[str]]:
    """Return the cells without a role, by the name of the cell that they follow."""
    place, found = "", {"": []}
    for cell in cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name:
            place = name
            found.setdefault(place, [])
        else:
            found[place].append(cell.source)
    return found


def _beside(course: CourseDirectory, folder: Path, sent: Path) -> Iterator[str]:
    """Name the helper files that learners got in another version: their tests may stand in them."""
    for path in sorted(sent.rglob("*")):
        place = path.relative_to(sent)
        own = folder / place
        ignored = any(fnmatch.fnmatch(part, pattern) for part in place.parts for pattern in course.ignore)
        if ignored or path.suffix == ".ipynb" or not path.is_file() or not own.is_file():
            continue
        if not filecmp.cmp(path, own, shallow=False):
            yield f"the file {place.as_posix()} is another one"
