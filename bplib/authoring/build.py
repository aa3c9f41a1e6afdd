"""A lesson is shown as it ran: its notebook is executed from first cell to last, and a cell that fails fails it all."""

import time
from collections.abc import Callable, Iterable
from pathlib import Path

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from bplib.authoring import SourceError, convert

TIMEOUT = 600  # s a cell; lessons take seconds, a busy machine may take longer
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def build(root: Path, names: Iterable[str] = (), force: bool = False, say: Callable[[str], None] = print) -> None:
    """Make the notebooks of the texts below `root`: lectures executed, solutions not.

    Parameters
    ----------
    root : Path
        The folder that holds `lectures/` and `solutions/`.
    names : iterable of str
        Which texts; none means all.
    force : bool
        Execute a lecture even if its notebook is that of its text.
    say : callable
        Takes one line for each notebook.

    Raises
    ------
    SourceError
        If a text cannot be converted or a cell fails; the notebook on disk stays as it was.
    """
    for path in convert.sources(root, names):
        started, target = time.perf_counter(), convert.built(path)
        notebook, label = convert.fresh(path), f"{path.parent.name}/{path.name}"
        if convert.is_lecture(path):
            if not force and is_current(target, notebook):
                say(f"{target.relative_to(root)}: up to date")
                continue
            execute(notebook, path.parent, label)
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(convert.dump(notebook))
        say(f"{target.relative_to(root)}: built in {time.perf_counter() - started:.1f} s")


def is_current(target: Path, notebook: NotebookNode) -> bool:
    """Tell whether the file `target` is the unexecuted `notebook`, executed: same text, same cells, every cell run."""
    try:
        old = convert.load(target, target.name)
    except SourceError:
        return False
    ran = all(cell.execution_count for cell in old.cells if cell.cell_type == "code" and cell.source.strip())
    return ran and convert.cleared(old) == notebook


def execute(notebook: NotebookNode, folder: Path, label: str) -> None:
    """Run `notebook` in place with `folder` as its working directory, and keep of the outputs what is reproducible.

    Parameters
    ----------
    notebook : NotebookNode
        A fresh conversion; its metadata stay what they are.
    folder : Path
        Where the kernel starts.
    label : str
        What to call the notebook in an error.

    Raises
    ------
    SourceError
        If a cell raises, takes too long, or ends the kernel.
    """
    metadata = convert.cleared(notebook).metadata  # a run writes the version of Python into them
    client = NotebookClient(
        notebook,
        timeout=TIMEOUT,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        record_timing=False,
        store_widget_state=False,
        extra_arguments=["--IPKernelApp.log_level=ERROR"],  # it would warn that it listens on this machine
    )
    try:
        client.execute()
    except CellExecutionError:
        pass  # the cell itself holds the error, and is looked for below
    except (CellTimeoutError, DeadKernelError) as error:
        raise SourceError(f"{label}: {str(error).strip().splitlines()[0]} Mend the cell and build again") from None
    notebook.metadata = metadata
    for number, cell in enumerate(notebook.cells, 1):
        if cell.cell_type == "code":
            _refuse_errors(cell, f"{label}, cell {number}")
            cell.outputs = _reproducible(cell.outputs)


def _refuse_errors(cell: NotebookNode, where: str) -> None:
    for output in cell.outputs:
        if output.output_type == "error":
            first = cell.source.strip().splitlines()[0]
            raise SourceError(f"{where} ({first}): {output.ename}: {output.evalue}; mend the cell and build again")


def _reproducible(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Join the pieces of one stream, which come in chunks of any size, and drop the random ids of widgets."""
    kept: list[NotebookNode] = []
    for output in outputs:
        output.get("data", {}).pop(WIDGET_VIEW, None)
        before = kept[-1] if kept else None
        if before is not None and output.output_type == "stream" == before.output_type and output.name == before.name:
            before.text += output.text
        else:
            kept.append(output)
    return kept
