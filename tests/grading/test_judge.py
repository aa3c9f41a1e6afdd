"""Hand-ins through the judge: real sandbox (level B), real checker; marks, reasons, and what is to be read."""

import json
import os
import signal
import sys
import tomllib
from contextlib import redirect_stdout
from importlib.util import find_spec
from io import StringIO
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from bplib.checks import ps06
from bplib.grading import judge as judging
from bplib.grading.judge import Assignment, judge
from bplib.grading.sample import filled
from bplib.grading.sandbox import Limits, Sandbox, SandboxError, best_level

from .conftest import PYTHON, role

ROOT = Path(__file__).resolve().parents[2]
ANSWERS = ROOT / "tests/answers/ps06"
PANDAS = find_spec("pandas") is not None
NAME = "ps06_two_two_two"


@pytest.fixture(scope="module")
def sandbox():
    """Return a sandbox that needs no privilege."""
    if best_level()[0] == "C":
        pytest.skip(best_level()[1])
    with Sandbox("B", Limits(cpu_call=1.0, cpu_notebook=8.0)) as box:
        yield box


# ------------------------------------------------------------------------------------------------ a small assignment
STUB = "def f(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"
STRICT = "got = f(np.arange(3.0))\nnp.testing.assert_allclose(got, [0, 2, 4])\nassert type(f(1.0)) is float"


def small(folder, check=STRICT, stub=STUB, setup="import numpy as np", points=4, more=()):
    """Write a master with one question, and return its assignment."""
    cells = [
        new_code_cell(setup, metadata=role("setup")),
        new_code_cell(stub, metadata=role("f", solution=True)),
        *more,
        new_code_cell(check, metadata=role("check_f", points)),
        new_markdown_cell("Why?", metadata=role("why", 1, solution=True)),
    ]
    path = folder / "small.ipynb"
    nbformat.write(new_notebook(cells=cells, metadata=PYTHON), path)
    return Assignment("small", path, beside=folder)


def handed_in(assignment, *sources, free=()):
    """Return the bytes of a hand-in with these sources in the solution cells, and free cells in front of the check."""
    nb = nbformat.from_dict(assignment.master)
    todo = list(sources)
    for cell in nb.cells:
        if todo and cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = todo.pop(0)
    place = next(i for i, cell in enumerate(nb.cells) if cell.metadata.get("nbgrader", {}).get("grade"))
    nb.cells[place:place] = [new_code_cell(source) for source in free]
    return nbformat.writes(nb).encode()


def said(judged, name="check_f"):
    """Return all that is to be read below a cell."""
    nbformat.validate(judged.notebook)
    (cell,) = [c for c in judged.notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name]
    return " ".join(o.get("text") or o.get("evalue") or o["data"]["text/plain"] for o in cell.outputs)


@pytest.fixture(scope="module")
def one(tmp_path_factory):
    """Return the small assignment and its running checker."""
    assignment = small(tmp_path_factory.mktemp("one"))
    with assignment.checker() as checker:
        yield assignment, checker


def judged(one, sandbox, *sources, **more):
    assignment, checker = one
    return judge(assignment, handed_in(assignment, *sources, **more), "seed", sandbox, checker)


RIGHT = "def f(x):\n    return x + x"
ODD = {  # what a learner writes: marks, and words of the page
    RIGHT: (4.0, "4.0"),
    "def f(x):\n    print('debug')\n    import warnings; warnings.warn('hm')\n    return 2 * x": (4.0, "4.0"),
    "f = lambda x: 2 * x": (4.0, "4.0"),
    "class f:\n    def __new__(cls, x): return 2 * x": (4.0, "4.0"),
    "import functools\n@functools.lru_cache\ndef g(): return 2.0\ndef f(x): return g() * x": (4.0, "4.0"),
    "def f(x):\n    return 3 * x": (0.0, "Mismatched elements"),
    "def f(x):\n    raise NotImplementedError()": (0.0, "f is not written yet"),
    "def f(x):\n\n    return x @ x[:2]": (0.0, "(line 3 of its cell: return x @ x[:2])"),
    "def f(x):\n    return None": (0.0, "check_f"),
    "def f(x)\n    return x": (0.0, "f is not there: no cell before this check defines it"),
    "x = 1": (0.0, "f is not there"),
    "f = 7": (0.0, "'int' object is not callable"),
    "def f(x):\n    while True: pass": (0.0, "computing time"),
    "import os\ndef f(x):\n    os._exit(0)": (0.0, "ended the whole process"),
    "import os\nos._exit(0)": (0.0, "f is not there"),
    "def f(x):\n    return input()": (0.0, "f: "),
    "def f(x):\n    return [x] * 10**9": (0.0, "f: "),
    "class E(Exception):\n    def __str__(self): return '\\x1b[31m\\u202e<b>'\ndef f(x): raise E": (0.0, "<b>"),
    "class A:\n    def __array__(self, *a, **k): raise SystemExit\ndef f(x): return A()": (0.0, "numbers are compared"),
    "import numpy as np\ndef f(x):\n    np.testing.assert_allclose = print\n    return 0 * x": (0.0, "Mismatched"),
    "import numpy as np\nclass L(np.ndarray): pass\ndef f(x): return (2 * x).view(L)": (0.0, "numbers are compared"),
    "def f(x):\n    x *= 2\n    return x": (4.0, "4.0"),
}


@pytest.mark.parametrize(("source", "marks", "words"), [(s, *more) for s, more in ODD.items()], ids=range(len(ODD)))
def test_what_a_learner_does_costs_what_it_must(one, sandbox, source, marks, words):
    result = judged(one, sandbox, source)
    assert result.status == "graded"
    assert result.scores == {"check_f": marks, "why": None}
    assert words in said(result)
    assert not any(char in json.dumps(result.notebook, ensure_ascii=False) for char in "\x1b\u202e")


def test_what_is_changed_in_place_is_noted(one, sandbox):
    assert any("changes what it is given" in note for note in judged(one, sandbox, list(ODD)[-1]).notes)


def test_cells_show_what_they_print_and_are_run_in_order(one, sandbox):
    result = judged(
        one, sandbox, "scale = 2", free=["def f(x):\n    return scale * x", "print('hello'); f(3)", "1 / 0"]
    )
    assert result.scores["check_f"] == 4.0
    outputs = [cell.outputs for cell in result.notebook.cells if "nbgrader" not in cell.metadata]
    assert [o.get("text") or o["data"]["text/plain"] for o in outputs[1]] == ["hello\n", "6"]
    assert "ZeroDivisionError" in outputs[2][0].ename


def test_a_cell_behind_a_check_is_not_there_yet(one, sandbox):
    assignment, checker = one
    nb = nbformat.reads(handed_in(assignment, "pass"), as_version=4)
    nb.cells.append(new_code_cell(RIGHT))
    assert judge(assignment, nbformat.writes(nb).encode(), "seed", sandbox, checker).scores["check_f"] == 0.0


def test_a_loop_at_top_level_costs_its_cell_and_no_other(one, sandbox):
    result = judged(one, sandbox, RIGHT, free=["while True: pass", "print('still here')"])
    assert result.scores["check_f"] == 4.0
    assert "left out from here on" in json.dumps(result.notebook)
    assert "still here" in json.dumps(result.notebook)


def test_a_notebook_as_a_whole_has_a_limit(one):
    with Sandbox("B", Limits(cpu_call=5.0, cpu_notebook=1.0)) as box:
        result = judged(one, box, RIGHT, free=["sum(range(10**7))"] * 30)
    assert result.status == "graded"
    assert result.cpu < 4
    assert "the notebook" in json.dumps(result.notebook)


def test_replays_count_as_well(tmp_path):
    more = [new_code_cell("assert f(1.0) == 2.0", metadata=role(f"check_{i}", 1)) for i in range(12)]
    assignment = small(tmp_path, more=more)
    raw = handed_in(assignment, f"sum(range(10**7))\n{RIGHT}")
    with Sandbox("B", Limits(cpu_call=5.0, cpu_notebook=1.0)) as box:
        result = judge(assignment, raw, "seed", box)
    assert result.cpu < 2
    assert result.scores["check_0"] == 1.0
    assert result.scores["check_f"] == 0.0
    assert "the notebook as a whole ran for more than 1 seconds" in said(result)


def test_bytes_that_are_no_notebook(one, sandbox):
    assignment, checker = one
    for raw in (b"", b"not JSON", b'{"nbformat": 99, "cells": []}', b"[" * 9999):
        result = judge(assignment, raw, "seed", sandbox, checker)
        assert (result.status, result.scores) == ("needs_review", {"check_f": None, "why": None})
        assert result.reviews[""]


# ------------------------------------------------------------------------------------------------ whose doing is it
def check(folder, sandbox, source, answer=RIGHT, **more):
    assignment = small(folder, source, **more)
    with assignment.checker() as checker:
        return judge(assignment, handed_in(assignment, answer), "seed", sandbox, checker), assignment.faults(checker)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("f(1.0)\nraise KeyError('oops')", "KeyError"),
        ("assert f(1.0) == 3.0", "line 1 of the check"),
        ("5.0", "ended in 5.0"),
        ("3.0", "ended in 3.0, not in 4"),
        ("no_such_name", "no_such_name"),
        ("4.0 4.0", "SyntaxError"),
        ("import os; f(1.0); os._exit(0)", "ended its process"),
        ("assert f(object()) is None", "object is not plain data"),
        ("assert isinstance(f, type(lambda: 0))", "AssertionError"),
        ("import pandas\nassert f(pandas.DataFrame([1.0])) is None", "DataFrame" if PANDAS else "pandas"),
    ],
)
def test_a_check_that_fails_by_itself_gives_no_marks(tmp_path, sandbox, source, why):
    result, faults = check(tmp_path, sandbox, source)
    assert result.status == "needs_review"
    assert result.scores["check_f"] is None
    assert why in result.reviews["check_f"]
    assert "A person has to look" in said(result)
    assert list(faults) == ["check_f"]  # known before the first hand-in


def test_a_check_that_fails_by_itself_for_one_learners_numbers(tmp_path, sandbox):
    source = "import os\nassert f(1.0) == 2.0\nif os.environ['BPLIB_SEED'] == 'seed': raise KeyError('oops')"
    result, faults = check(tmp_path, sandbox, source)
    assert (result.status, faults) == ("needs_review", {})
    assert "oops" in result.reviews["check_f"]


def test_a_container_of_the_learners_own_waits_for_a_person(tmp_path, sandbox):
    answer = "from collections import namedtuple\nP = namedtuple('P', 'a b')\ndef f(x): return P(x, x)"
    stub = STUB.replace("2 * x", "x, x")
    result, faults = check(tmp_path, sandbox, "a, b = f(1.0)\nassert a == b", answer, stub=stub)
    assert (result.status, faults) == ("needs_review", {})
    assert "iter of an object" in result.reviews["check_f"]


def test_an_object_of_an_earlier_check_is_gone(tmp_path, sandbox):
    answer = "class Layer:\n    def forward(self, x): return 2 * x\ndef f(x): return Layer()"
    stub = f"### BEGIN SOLUTION\n{answer}\n### END SOLUTION"
    more = [new_code_cell("old = f(1.0)\nassert old.forward(1.0) == 2.0", metadata=role("check_a", 2))]
    result, faults = check(tmp_path, sandbox, "assert old.forward(1.0) == 2.0", answer, more=more, stub=stub)
    assert result.scores == {"check_a": 2.0, "check_f": None, "why": None}
    assert "another cell" in result.reviews["check_f"]
    assert list(faults) == ["check_f"]


def test_one_check_that_fails_costs_no_other(tmp_path, sandbox):
    more = [new_code_cell("assert f(1.0) == 2.0; import os; os._exit(1)", metadata=role("check_a", 2))]
    result, _ = check(tmp_path, sandbox, STRICT, more=more)
    assert result.scores == {"check_a": None, "check_f": 4.0, "why": None}
    assert list(result.reviews) == ["check_a"]


def test_hidden_tests_say_class_and_line_only(tmp_path, sandbox):
    test = "print('secret')\nassert f(31337.0) == 62674.0, 'secret'"
    hidden = f"### BEGIN HIDDEN TESTS\n{test}\n### END HIDDEN TESTS"
    for answer, words in {
        "return x": "AssertionError",
        "raise ValueError(x)": "line 2 of its cell",
        "raise type(f'E{x}', (Exception,), {})": "line 2 of its cell",
        "print(x); return 2 * x": "4.0",
    }.items():
        result, _ = check(tmp_path, sandbox, hidden, f"def f(x):\n    {answer}")
        (cell,) = [c for c in result.notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "check_f"]
        shown = json.dumps(cell.outputs)
        assert words in shown
        assert "secret" not in shown
        assert "31337" not in shown
        assert result.scores["check_f"] == (4.0 if "print" in answer else 0.0)
        assert result.details["check_f"] == "secret\n"


def test_hidden_tests_never_enter_the_sandbox(tmp_path, sandbox):
    setup = "import numpy as np\n### BEGIN HIDDEN TESTS\nsecret = 31337\n### END HIDDEN TESTS"
    result, _ = check(
        tmp_path, sandbox, STRICT, "def f(x):\n    return 2 * x\nprint('secret' in globals())", setup=setup
    )
    assert result.scores["check_f"] == 4.0
    assert said(result, "f") == "False\n"


def test_checks_never_enter_the_sandbox(tmp_path, sandbox):
    more = [new_code_cell("seen = 1\nassert f(1.0) == 2.0", metadata=role("check_a", 2))]
    result, _ = check(
        tmp_path, sandbox, STRICT, "def f(x):\n    return 7.0 if 'seen' in globals() else 2 * x", more=more
    )
    assert result.scores == {"check_a": 2.0, "check_f": 4.0, "why": None}


def test_functions_of_a_check_are_called_back_for_values(tmp_path, sandbox):
    answer = "def f(g, x):\n    return (g(x + 1e-4) - g(x - 1e-4)) / 2e-4"
    stub = f"### BEGIN SOLUTION\n{answer}\n### END SOLUTION"
    source = "def loss(x):\n    if x > 9: raise ValueError\n    return x * x\nassert abs(f(loss, 3.0) - 6) < 1e-6"
    assert check(tmp_path, sandbox, source, answer, stub=stub)[0].scores["check_f"] == 4.0
    endless = "def f(g, x):\n    while True: g(x)"
    result, _ = check(tmp_path, sandbox, source, endless, stub=stub)
    assert (result.status, result.scores["check_f"]) == ("graded", 0.0)


def test_pytest_raises(tmp_path, sandbox):
    stub = "### BEGIN SOLUTION\ndef f(x):\n    raise ValueError('negative')\n### END SOLUTION"
    source = "import pytest\nwith pytest.raises(ValueError, match='neg'):\n    f(-1)"
    for answer, marks in {
        "class Mine(ValueError): pass\ndef f(x): raise Mine('negative')": 4.0,
        "def f(x): raise TypeError('negative')": 0.0,
        "def f(x): return x": 0.0,
    }.items():
        result, _ = check(tmp_path, sandbox, source, answer, stub=stub)
        assert (result.status, result.scores["check_f"]) == ("graded", marks)


def test_a_dear_answer_is_noted_and_costs_nothing(tmp_path, sandbox):
    dear = "def f(x):\n    sum(range(2 * 10**7))\n    return 2 * x"
    result, _ = check(tmp_path, sandbox, STRICT, dear)
    assert result.scores["check_f"] == 4.0
    assert any("times the master's own" in note for note in result.notes)


def test_a_function_that_changes_its_mind_is_noted(tmp_path, sandbox):
    draws = "import random\ndef f(x):\n    return x + random.random()"
    counts = "n = 0\ndef f(x):\n    global n\n    n += 1\n    return 2 * x if n == 1 else 0 * x"
    for answer, noted in ((draws, True), (counts, True), ("def f(x):\n    return 2 * x", False)):
        result, _ = check(tmp_path, sandbox, "4.0 if 1.0 <= f(1.0) <= 2.0 else 0.0", answer)
        assert result.scores["check_f"] == 4.0
        assert ("f: the same input twice gave different answers" in result.notes) == noted


def test_where_things_lie_on_this_machine_is_not_shown(tmp_path, sandbox):
    answer = "import os, sys\nimport numpy\nprint(os.getcwd(), numpy.__file__, sys.prefix)\n"
    answer += "def f(x):\n    return numpy.__file__"
    result, _ = check(tmp_path, sandbox, "assert f(1.0) == 2.0, f(1.0)", answer)
    text = json.dumps(result.notebook)
    assert "site-packages" in text
    assert not [place for place in (sys.prefix, str(ROOT), "/work/w", "bplib-box-") if place in text]


def test_cells_of_the_lecturers_in_between(tmp_path, sandbox):
    tags = {**role("look"), "tags": ["display-only"]}
    more = [
        new_code_cell("print('a picture'); looked = True", metadata=tags),
        new_code_cell("half = f(0.5)\nprint('half', half)", metadata=role("half")),
    ]
    answer = "def f(x):\n    return 7.0 if 'looked' in globals() else 2 * x"
    result, faults = check(tmp_path, sandbox, "assert half == f(0.5) == 1.0", answer, more=more)
    assert (result.scores["check_f"], faults) == (4.0, {})
    assert said(result, "look") == "a picture\n"
    assert said(result, "half") == "half 1.0\n"  # as the checker saw it


# -------------------------------------------------------------------------------------------- when the machinery fails
def test_a_sandbox_that_fails_once_is_started_again(one):
    with Sandbox("B", Limits(cpu_call=1.0)) as box:
        calls = []
        worker = box.worker
        box.worker = lambda spent: calls.append(1) or (worker(spent) if len(calls) != 2 else _fail())
        assert judged(one, box, RIGHT).scores["check_f"] == 4.0
        box.worker = lambda spent: _fail()
        result = judged(one, box, RIGHT)
    assert (result.status, result.scores["check_f"]) == ("needs_review", None)
    assert "out of order" in result.reviews[""]
    assert "NeedsReview" in json.dumps(result.notebook)  # for stock nbgrader, no output is full marks


def _fail():
    raise SandboxError("out of order")


def test_a_sandbox_that_is_killed_is_started_again(one):
    with Sandbox("B", Limits(cpu_call=1.0)) as box:
        os.kill(box._process.pid, signal.SIGKILL)
        assert judged(one, box, RIGHT).scores["check_f"] == 4.0


def test_a_checker_that_is_killed_is_started_again(one, sandbox):
    os.kill(one[1]._process.pid, signal.SIGKILL)
    assert judged(one, sandbox, RIGHT).scores["check_f"] == 4.0


def test_a_mistake_of_ours_costs_nobody_marks(one, sandbox, monkeypatch):
    monkeypatch.setattr(judging._Judging, "judged", lambda self: 1 / 0)
    result = judged(one, sandbox, RIGHT)
    assert (result.status, result.scores["check_f"]) == ("needs_review", None)
    assert "ZeroDivisionError" in result.reviews[""]


# -------------------------------------------------------------------------------------------- an exercise of the course
@pytest.fixture(scope="module")
def exercise():
    """Return ps06, its running checker, and the released notebook."""
    assignment = Assignment(NAME, ROOT / f"solutions/{NAME}/{NAME}.ipynb")
    with assignment.checker() as checker:
        yield assignment, checker, nbformat.read(ROOT / f"exercises/{NAME}/{NAME}.ipynb", as_version=4)


def through(exercise, sandbox, program, seed="a learner's"):
    assignment, checker, release = exercise
    nb = filled(release, (ANSWERS / f"{program}.py").read_text(encoding="utf-8"))
    return judge(assignment, nbformat.writes(nb).encode(), seed, sandbox, checker), nb


@pytest.mark.parametrize("program", sorted(path.stem for path in ANSWERS.glob("*_*.py")))
def test_marks_and_words_are_those_of_home(exercise, sandbox, program, monkeypatch):
    result, nb = through(exercise, sandbox, program)
    marks = tomllib.loads((ANSWERS / "marks.toml").read_text(encoding="utf-8")).get(program, {}).get("marks", {})
    points = {name.removeprefix("check_"): p for name, p in exercise[0].points.items() if name.startswith("check_")}
    want = {f"check_{name}": float(marks.get(name, p)) for name, p in points.items()}
    assert result.status == "graded"
    assert result.scores == {**want, "why_a_sum": None}
    assert {name: record["marks"] for name, record in result.records.items()} == want

    monkeypatch.setenv("BPLIB_SEED", "a learner's")
    home = _at_home(nb)
    for name in points:
        there = " ".join(said(result, f"check_{name}").split())
        if "changes its input" not in home.get(name, ""):
            assert home.get(name, "") in there


def _at_home(nb):
    """Return what each check of ps06 prints when the notebook's cells run right here."""
    space, printed = {}, {}
    for i, cell in enumerate(nb.cells):
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        file = f"<cell {i}>"
        try:
            code = compile(cell.source if cell.cell_type == "code" else "", file, "exec")
        except SyntaxError:
            continue
        __import__("linecache").cache[file] = (1, None, cell.source.splitlines(True), file)
        question = getattr(ps06, name.removeprefix("check_"), None) if name.startswith("check_") else None
        with redirect_stdout(StringIO()) as out:
            try:
                question(space[question.function]) if question else exec(code, space)
            except Exception:
                continue
        if question:
            printed[question.function] = " ".join(out.getvalue().replace(_alt(out.getvalue()), "").split())
    return printed


def _alt(text):
    """Return the line that stands for a drawing where there is no notebook."""
    return next((line for line in text.splitlines() if line.startswith("The network with")), "\0")


def test_drawings_are_the_checkers_own(exercise, sandbox):
    result, _ = through(exercise, sandbox, "wrong_sign")
    html = [
        o["data"]["text/html"]
        for c in result.notebook.cells
        for o in c.get("outputs", ())
        if "text/html" in o.get("data", {})
    ]
    assert any("data:image/svg+xml;base64," in text for text in html)


def test_graded_twice_it_comes_out_the_same(exercise, sandbox):
    first, again = (through(exercise, sandbox, "wrong_sign")[0] for _ in range(2))
    assert (first.notebook, first.records) == (again.notebook, again.records)


def test_each_learner_has_numbers_of_their_own(tmp_path, sandbox):
    assignment = small(tmp_path, "import os\nprint(os.environ['BPLIB_SEED'])\nassert f(1.0) == 2.0")
    with assignment.checker() as checker:
        for seed in ("ada's", "bob's", "ada's"):
            assert said(judge(assignment, handed_in(assignment, RIGHT), seed, sandbox, checker)) == f"{seed}\n 4.0"


SPY = """import os, sys
print(os.environ.get("BPLIB_SEED"), [m for m in sys.modules if "checks.ps" in m and hasattr(sys.modules[m], "PS06")])
print(type(ps06.forward).__name__)"""


def test_nothing_of_the_checks_is_in_the_sandbox(exercise, sandbox):
    assignment, checker, release = exercise
    nb = nbformat.from_dict(release)
    nb.cells += [new_code_cell(SPY), new_code_cell("import bplib.losses")]
    result = judge(assignment, nbformat.writes(nb).encode(), "a seed", sandbox, checker)
    outputs = [cell.outputs for cell in result.notebook.cells[-2:]]
    assert outputs[0][0].text == "None []\nNothing\n"
    assert outputs[1][0].ename == "ImportError"


def test_the_judge_needs_no_running_checker(exercise, sandbox):
    assignment, _, release = exercise
    raw = nbformat.writes(filled(release, (ANSWERS / "right_loops.py").read_text(encoding="utf-8"))).encode()
    assert judge(assignment, raw, "seed", sandbox).scores["check_forward"] == 3.0
