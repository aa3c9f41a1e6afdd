"""One text makes one notebook, always the same: no random cell ids, no dates, nothing of the machine it was made on."""

import ast
import copy
import re
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode

from bplib.authoring import SourceError, notation

# Without the patch version of Python, which differs from one maintainer to the next.
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
# A comment stays a comment: left to itself, jupytext takes `# Why?` and `# cat x` for commands and runs them.
PERCENT = {"extension": ".py", "format_name": "percent", "comment_magics": False}
# What jupytext notes in a cell for its own way back to text.
JUPYTEXTS_OWN = {"cell_marker", "lines_to_end_of_cell_marker", "lines_to_next_cell", "skipline", "noskipline"}


def sources(root: Path, names: Iterable[str] = ()) -> list[Path]:
    """Return the source texts below `root`: all of them, lectures first, or the named ones.

    Parameters
    ----------
    root : Path
        The folder that holds `lectures/` and `solutions/`.
    names : iterable of str
        `06_two_two_two`, `ps06_two_two_two` or paths of these; none of them means all.

    Returns
    -------
    paths : list of Path

    Raises
    ------
    SourceError
        If there is no such text, or no course at `root`.
    """
    if not any((root / folder).is_dir() for folder in ("lectures", "solutions")):
        raise SourceError(
            f"{root} holds neither lectures/ nor solutions/: start it in the clone's folder, or use --root"
        )
    lectures = sorted((root / "lectures").glob("[0-9][0-9]_*.py"))
    found = {path.stem: path for path in [*lectures, *sorted((root / "solutions").glob("ps[0-9][0-9]_*.py"))]}
    wanted = [Path(name).stem for name in names]
    for name in wanted:
        if name not in found:
            raise SourceError(f"{name}: no such text; there are {', '.join(found) or 'none yet'}")
    return [found[name] for name in wanted] or list(found.values())


def is_lecture(path: Path) -> bool:
    """Tell a lecture's text from an exercise's."""
    return path.parent.name == "lectures"


def built(path: Path) -> Path:
    """Return where the notebook of the text `path` belongs."""
    return path.with_suffix(".ipynb") if is_lecture(path) else path.with_suffix("") / f"{path.stem}.ipynb"


def fresh(path: Path) -> NotebookNode:
    """Convert the text `path` to its notebook, not executed.

    A lecture records the SHA-256 of its text with the notation rows that it uses, so that it can be seen later whether
    its outputs are of this text. A solution records nothing: nbgrader would carry it into the release.

    Parameters
    ----------
    path : Path
        `lectures/NN_topic.py` or `solutions/psNN_topic.py`, in jupytext's py:percent form.

    Returns
    -------
    notebook : NotebookNode

    Raises
    ------
    SourceError
        If the text cannot be read, or nbgrader would refuse its cells.
    """
    label = f"{path.parent.name}/{path.name}"
    try:
        text = notation.expand(path.read_text(encoding="utf-8"), label)
        ast.parse(text)
    except UnicodeDecodeError as error:
        raise SourceError(f"{label} is not UTF-8 (byte {error.start}): save it as UTF-8") from None
    except SyntaxError as error:
        raise SourceError(f"{label}, line {error.lineno}: {error.msg}; mend the line and build again") from None
    except ValueError as error:
        raise SourceError(f"{label}: {error}; mend the text and build again") from None
    read = jupytext.reads(text, fmt=PERCENT)
    notebook = nbformat.v4.new_notebook(metadata=copy.deepcopy(METADATA), cells=read.cells)
    _tidy(notebook.cells, label)
    if is_lecture(path):
        notebook.metadata["bplib"] = NotebookNode(source=label, sha256=sha256(text.encode()).hexdigest())
    else:
        _refuse_what_nbgrader_refuses(notebook.cells, label)
    return notebook


def _tidy(cells: list[NotebookNode], label: str) -> None:
    """Drop what jupytext noted for itself, and name each cell after its grade id or its text."""
    seen: Counter[str] = Counter()
    for cell in cells:
        if "incorrectly_encoded_metadata" in cell.metadata:
            bad = cell.metadata["incorrectly_encoded_metadata"]
            raise SourceError(f"{label}: the header `# %% {bad}` cannot be read: mend its quotes and brackets (JSON)")
        for key in JUPYTEXTS_OWN & set(cell.metadata):
            del cell.metadata[key]
        graded = re.sub(r"[^A-Za-z0-9_-]", "-", cell.metadata.get("nbgrader", {}).get("grade_id", ""))[:56]
        name = graded or sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:8]
        seen[name] += 1
        cell.id = name if seen[name] == 1 else f"{name}-{seen[name]}"


def _refuse_what_nbgrader_refuses(cells: list[NotebookNode], label: str) -> None:
    ids = Counter(cell.metadata.nbgrader.get("grade_id") for cell in cells if "nbgrader" in cell.metadata)
    for name, count in ids.items():
        if count > 1:
            raise SourceError(f"{label}: {count} cells have the grade_id {name!r}: give each its own")
    for cell in cells:
        marks = re.findall(r"(BEGIN|END) SOLUTION", cell.source)
        if marks != ["BEGIN", "END"] * (len(marks) // 2):
            raise SourceError(
                f"{label}, cell {cell.id}: ### BEGIN SOLUTION and ### END SOLUTION do not alternate: close each region"
            )
        if marks and not cell.metadata.get("nbgrader", {}).get("solution"):
            raise SourceError(
                f'{label}, cell {cell.id}: a solution stands in a cell without "solution": true; add nbgrader={{...}}'
            )


def cleared(notebook: NotebookNode) -> NotebookNode:
    """Return a copy of `notebook` without outputs and counts: what it was before it was executed."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def dump(notebook: NotebookNode) -> bytes:
    """Return the bytes of the file that holds `notebook`: keys sorted, LF, a newline at the end."""
    return (nbformat.writes(notebook, indent=1, sort_keys=True).rstrip("\n") + "\n").encode()


def load(path: Path, label: str) -> NotebookNode:
    """Read the notebook at `path`, which an error calls `label`.

    Raises
    ------
    SourceError
        If it is no notebook.
    """
    try:
        notebook = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
        nbformat.validate(notebook)
    except Exception as error:  # a file can be broken in more ways than nbformat has exceptions for
        reason = (str(error).strip() or type(error).__name__).splitlines()[0][:80]
        raise SourceError(f"{label}: is no notebook ({reason})") from None
    return notebook
