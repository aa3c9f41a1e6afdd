"""Who may import whom: read from the syntax trees, so that no import has to be carried out."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BPLIB = ROOT / "bplib"
STANDARD = sys.stdlib_module_names

# Room: the rooms it may import. `checks` may take the deck's example from `data`, which holds numbers and no formula;
# it never sees activations, losses, layers or network, whose bugs it must not bless.
ARROWS = {
    "widgets": {"plots", "training", "graph", "gradcheck"},
    "plots": {"svg"},
    "training": {"network", "losses", "optimizers", "data"},
    "network": {"layers"},
    "layers": {"activations", "initialization"},
    "losses": {"activations"},
    "checks": {"gradcheck", "svg", "data"},
    "grading": {"checks"},
    "authoring": set(),
    "activations": set(),
    "initialization": set(),
    "optimizers": set(),
    "data": set(),
    "graph": set(),
    "svg": set(),
    "gradcheck": set(),
    "golden": set(),
}
JUPYTER = {"jupytext", "nbformat", "nbclient", "nbconvert", "nbgrader", "traitlets"}
PAGES = {"jinja2", "markupsafe", "mistune", "pygments", "latex2mathml"}
PACKAGES = {
    "plots": {"numpy", "matplotlib"},
    "widgets": {"numpy", "ipywidgets", "anywidget", "traitlets"},
    "grading": {"numpy", "dask", "tqdm"} | JUPYTER - {"jupytext"} | PAGES,
    "authoring": JUPYTER | {"jinja2", "latex2mathml"},
}
# Only inside a function, where a notebook is running or a person is watching.
LATE = {"svg": {"IPython"}, "checks": {"IPython"}, "training": {"tqdm"}, "grading": {"IPython", "matplotlib"}}


def reach(room: str) -> set[str]:
    """Rooms that `room` may import: along the arrows, as far as they go."""
    found, todo = set(), [room]
    while todo:
        for other in ARROWS[todo.pop()] - found:
            found.add(other)
            todo.append(other)
    return found


def imports(source: str) -> list[tuple[str, int, bool]]:
    """Imported modules of a source text: (dotted name, line, whether inside a function)."""
    found = []

    def walk(node: ast.AST, late: bool) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                found.extend((alias.name, child.lineno, late) for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                assert child.level == 0, f"line {child.lineno}: write imports in full"
                names = [child.module] if child.module != "bplib" else [f"bplib.{a.name}" for a in child.names]
                found.extend((name, child.lineno, late) for name in names)
            walk(child, late or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda))

    walk(ast.parse(source), False)
    return found


def faults(room: str, source: str) -> list[str]:
    """Imports in a `source` of `room` that the house does not allow."""
    assert room in ARROWS, f"bplib/{room} is no room of the house: add it to ARROWS with its arrows"
    bad = []
    for name, line, late in imports(source):
        top, *rest = name.split(".")
        if top == "bplib":
            if rest and rest[0] != room and rest[0] not in reach(room):
                bad.append(f"line {line}: {room} must not import bplib.{rest[0]}")
        elif top not in STANDARD | PACKAGES.get(room, {"numpy"}) | (LATE.get(room, set()) if late else set()):
            bad.append(f"line {line}: {room} must not import {name}")
    return bad


def sources() -> list[tuple[str, Path]]:
    """Every module of bplib with its room."""
    paths = [path for path in BPLIB.rglob("*.py") if path != BPLIB / "__init__.py"]
    return [(path.relative_to(BPLIB).parts[0].removesuffix(".py"), path) for path in sorted(paths)]


@pytest.mark.parametrize(
    ("room", "path"), sources(), ids=lambda value: str(value) if isinstance(value, str) else value.name
)
def test_imports_follow_the_arrows(room, path):
    assert faults(room, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("checks", "from bplib.activations import sigmoid"),
        ("checks", "def f():\n    from bplib import losses"),
        ("gradcheck", "import scipy.optimize"),
        ("svg", "import IPython"),
        ("grading", "from bplib.authoring import build"),
        ("authoring", "import bplib.golden"),
        ("network", "import bplib.training"),
    ],
)
def test_a_forbidden_import_is_found(room, source):
    assert len(faults(room, source)) == 1


@pytest.mark.parametrize("folder", ["lectures", "solutions"])
def test_notebooks_never_import_the_maintainers_side(folder):
    texts = list((ROOT / folder).glob("*.py"))
    assert texts
    for path in texts:
        for name, line, _ in imports(path.read_text(encoding="utf-8")):
            assert not name.startswith(("bplib.authoring", "bplib.grading")), f"{path.name}, line {line}"


def test_every_module_opens_with_a_sentence():
    for _, path in [*sources(), ("", BPLIB / "__init__.py")]:
        opening = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        assert len(opening.split()) >= 6, f"{path.relative_to(ROOT)} does not open with a sentence"


LEARNERS_SIDE = """
import signal, sys

class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"fcntl", "resource", "termios", "pwd", "grp"}:
            raise ImportError(f"{name} is not on this system")

sys.meta_path.insert(0, Hidden())
for name in ("SIGALRM", "setitimer", "alarm", "ITIMER_REAL"):
    delattr(signal, name)

import numpy as np
from bplib import activations, data, golden, gradcheck, losses, svg
from bplib.checks import ps06

record = ps06.hidden_delta.judge(lambda delta2, W2, a1: (W2 @ delta2) * a1 * (1 - a1))
assert record.marks == record.out_of == 4, record
assert "matplotlib" not in sys.modules and "nbgrader" not in sys.modules
print("fine")
"""


def test_what_learners_use_runs_without_unix():
    done = subprocess.run([sys.executable, "-c", LEARNERS_SIDE], capture_output=True, text=True, cwd=ROOT, check=False)
    assert (done.stdout.strip(), done.returncode) == ("fine", 0), done.stderr
