"""Cases in the spirit of the corpus that are not in it: the rules have to hold for what nobody thought of as well.

Each, a table of own.toml, is an honest hand-in of which a few cells are replaced or added. The master of our own asks
for what the corpus's do not: a check that maps a function over inputs, a class, a loss that is called back.
"""

from __future__ import annotations

import copy
import json
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.attacks.cases import HERE, HONEST, MASTERS, Case

ZEROS = {
    "q1": "def relu_backward(dout, x): return x * 0",
    "q2": "def affine_backward(dout, x, w): return x * 0, w * 0, dout[0] * 0",
    "q3": "def softmax_ce(scores, y): return 0.0, scores * 0",
}
FREE = {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": []}
KEYS = {"what", "score", "status", "words", "master", "change", "zeros", "cells", "more", "times"}


# ------------------------------------------------------------------------------------------------ a master of our own
def role(grade_id: str, points: float | None = None, solution: bool = False) -> dict[str, Any]:
    """Return nbgrader's metadata for one cell."""
    data = {"grade_id": grade_id, "grade": points is not None, "solution": solution, "locked": not solution}
    data |= {"schema_version": 3, "task": False} | ({} if points is None else {"points": points})
    return {"nbgrader": data}


def _question(name: str, solution: str) -> Any:
    head, _, body = solution.partition("\n")
    if not head.startswith("class"):
        return new_code_cell(
            f"{head}\n    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION", metadata=role(name, solution=True)
        )
    return new_code_cell(f"### BEGIN SOLUTION\n{solution}\n### END SOLUTION", metadata=role(name, solution=True))


CLASS = """class Affine:
    def __init__(self, W):
        self.W = W
    def forward(self, x):
        self.x = x
        return x @ self.W
    def backward(self, dout):
        self.dW = self.x.T @ dout
        return dout @ self.W.T"""
SLOPE = """def slope(loss, w):
    return (loss(w + 1e-6) - loss(w - 1e-6)) / 2e-6"""
CHECKS = {
    "t1": """rng = np.random.default_rng(5)
pairs = [(rng.standard_normal(s), rng.standard_normal(s)) for s in [(4,), (3, 2), (1, 5)]]
for got, (dout, x) in zip(map(lambda p: relu_backward(p[0], x=p[1]), pairs), pairs):
    check_array(got, dout * (x > 0), "dx", 1e-12)""",
    "t2": """rng = np.random.default_rng(6)
x, W, dout = rng.standard_normal((4, 3)), rng.standard_normal((3, 2)), rng.standard_normal((4, 2))
layer = Affine(W)
check_array(layer.forward(x), x @ W, "out", 1e-12)
check_array(layer.backward(dout), dout @ W.T, "dx", 1e-12)
check_array(layer.dW, x.T @ dout, "dW", 1e-12)""",
    "t3": """w = 1.3
got = slope(lambda w: w * w * w, w)
assert type(got) is float and abs(got - 3 * w * w) < 1e-6, f"the slope is {got}"
5.0""",
}


def master() -> Any:
    """Return the master of our own, as a lecturer writes it."""
    cells = [
        new_markdown_cell("# Layers"),
        new_code_cell("import numpy as np\nfrom gradlib import check_array", metadata=role("setup")),
        _question("q1", "def relu_backward(dout, x):\n    return dout * (x > 0)"),
        new_code_cell(CHECKS["t1"], metadata=role("t1", 2)),
        _question("q2", CLASS),
        new_code_cell(CHECKS["t2"], metadata=role("t2", 3)),
        _question("q3", SLOPE),
        new_code_cell(CHECKS["t3"], metadata=role("t3", 5)),
    ]
    about = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    notebook = new_notebook(cells=cells, metadata=about)
    for k, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{k}"
    return notebook


# ------------------------------------------------------------------------------------------------ the cases
@dataclass(frozen=True)
class Own(Case):
    """A case that is built, not read."""

    sources: tuple[tuple[str, str], ...] = ()
    more: tuple[str, ...] = ()
    change: Callable[[Any], Any] | None = None
    pad: Callable[[bytes], bytes] | None = None

    @property
    def raw(self) -> bytes:
        """The notebook's bytes."""
        ours = self.masters == ("own",)
        notebook = copy.deepcopy(master()) if ours else json.loads(HONEST.read_text(encoding="utf-8"))
        replaced = dict(self.sources)
        for cell in notebook["cells"]:
            name = cell["metadata"].get("nbgrader", {}).get("grade_id")
            cell["source"] = replaced.get(name, cell["source"])
        _insert(notebook, self.more)
        if self.change is not None:
            notebook = self.change(notebook)
        raw = json.dumps(notebook).encode()
        return raw if self.pad is None else self.pad(raw)

    def build(self, folder: Path) -> None:
        """Write the hand-in into a new folder."""
        folder.mkdir(parents=True)
        (folder / "backprop.ipynb").write_bytes(self.raw)


def _insert(notebook: Any, sources: Sequence[str]) -> None:
    """Put free cells in front of the first check."""
    roles = [cell["metadata"].get("nbgrader", {}) for cell in notebook["cells"]]
    place = next(k for k, role in enumerate(roles) if role.get("grade"))
    notebook["cells"][place:place] = [{**FREE, "source": text, "id": f"own{k}"} for k, text in enumerate(sources)]


def _forged(notebook: Any) -> Any:
    """Claim everything that the judge itself writes: seals, notes, marks, outputs."""
    script = "<script>alert(1)</script>"
    notebook["metadata"]["bplib"] = {"judge": "C", "notes": [script], "whose": "lecturer"}
    notebook["metadata"]["title"] = script
    for k, cell in enumerate(notebook["cells"]):
        html = {"output_type": "display_data", "data": {"text/html": f"<img src=x onerror=alert({k})>"}}
        cell["metadata"]["bplib"] = {"whose": "lecturer", "seal": "0" * 64}
        cell["metadata"]["nbgrader"] = {**cell["metadata"].get("nbgrader", {}), "score": 10, "points": {"a": [1e400]}}
        if cell["cell_type"] == "code":
            marks = {
                "output_type": "execute_result",
                "execution_count": 1,
                "metadata": {},
                "data": {"text/plain": "5.0"},
            }
            cell["outputs"] = [{**html, "metadata": {"bplib": {"seal": "0" * 64}}}, marks]
    return notebook


def _many(notebook: Any) -> Any:
    """Add a hundred thousand cells."""
    notebook["cells"] += [{**FREE, "source": f"a{k} = {k}", "id": f"m{k}"} for k in range(100_000)]
    return notebook


def _heavy(raw: bytes) -> bytes:
    """Add millions of empty lists: little in the file, much in memory."""
    return raw.replace(b'"metadata": {', b'"metadata": {"kept": [' + b"[]," * 4_000_000 + b"[]], ", 1)


def _wide(raw: bytes) -> bytes:
    """Add long texts in which one character needs four bytes, so that in memory each does."""
    texts = b'"' + b"x" * 7_900_000 + "\U0001f600".encode() + b'",'
    return raw.replace(b'"metadata": {', b'"metadata": {"kept": [' + 7 * texts + b"0], ", 1)


def _odd_ids(notebook: Any) -> Any:
    """Give cells ids and names that are paths, numbers, lists and far too long."""
    odd = ["../../../../etc/passwd", 7, ["t1"], {"t1": 1}, "x" * 100_000, "", None, "t1\n", "\u202et1"]
    for cell, name in zip(notebook["cells"], odd, strict=False):
        cell["id"] = name
    notebook["cells"] += [
        {**FREE, "source": "pass", "metadata": {"nbgrader": {"grade_id": name, "grade": True}}} for name in odd
    ]
    return notebook


def _surrogates(notebook: Any) -> Any:
    """Add halves of characters, which no encoding has."""
    _insert(notebook, ["'\ud800'  # \udfff\nprint(chr(0xD800), '\\x00\\x1b\\u202e')", "raise ValueError(chr(0xDC00))"])
    return notebook


CHANGES = {"forged": _forged, "many": _many, "odd_ids": _odd_ids, "surrogates": _surrogates}
PADS = {"heavy": _heavy, "wide": _wide}


def own() -> Iterator[Own]:
    """Yield the cases of our own."""
    for name, told in tomllib.loads((HERE / "own.toml").read_text(encoding="utf-8")).items():
        scores, change = told["score"], told.get("change", "")
        if unknown := told.keys() - KEYS or {change} - {"", *CHANGES, *PADS}:
            raise ValueError(f"own.toml, {name}: nothing is known of {', '.join(unknown)}")
        yield Own(
            name,
            HONEST,
            (told["master"],) if "master" in told else tuple(MASTERS),
            tuple(told.get("status", ["graded"])),
            tuple(map(float, scores if isinstance(scores, list) else [scores])),
            tuple(told.get("words", ())),
            sources=tuple((ZEROS if told.get("zeros") else told.get("cells", {})).items()),
            more=tuple(told.get("more", ())) * told.get("times", 1),
            change=CHANGES.get(change),
            pad=PADS.get(change),
        )
