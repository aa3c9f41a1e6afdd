"""Real workers, at every level that this machine has: what they can do, what they cannot, and how they end."""

import contextlib
import functools
import importlib.util
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from bplib.grading import level as level_module
from bplib.grading import lock, sandbox
from bplib.grading import worker as worker_module
from bplib.grading.sandbox import (
    Handle,
    LearnerFault,
    Limits,
    NeedsReview,
    Sandbox,
    SandboxError,
    Worker,
    best_level,
)

ROOT = Path(__file__).resolve().parents[2]
LEVELS = {"A": ["A", "B"], "B": ["B"], "C": []}[best_level()[0]]
QUICK = Limits(cpu_call=0.5, cpu_notebook=2.0, memory=1 << 30, output=1000)

needs_level_b = pytest.mark.skipif(not LEVELS, reason=best_level()[1])


@pytest.fixture(scope="module", params=LEVELS or ["none"])
def box(request):
    """Return a running sandbox of each level, with short limits."""
    if not LEVELS:
        pytest.skip(best_level()[1])
    with Sandbox(request.param, QUICK) as made:
        yield made


@pytest.fixture
def worker(box):
    """Return a fresh worker."""
    with box.worker() as made:
        yield made


def ran(worker, source, **more):
    """Run a cell that is expected to raise nothing."""
    result = worker.run(source, "cell 1", **more)
    assert result.error is None, result
    return result


# ------------------------------------------------------------------------------------------------ honest work
def test_best_level_says_why():
    level, reason = best_level()
    assert level in "ABC"
    assert len(reason.split()) > 5
    if level == "B":
        assert "bubblewrap" in reason.lower(), "it says what would give the next better level"


def test_a_cell_prints_shows_and_defines(worker):
    result = ran(worker, "x = 3\nprint('said')\nx + 1", display=True)
    assert (result.stdout, result.stderr, result.text, result.pngs) == ("said\n", "", "4", [])
    assert 0 < result.cpu < 0.5
    assert ran(worker, "x + 1").text is None
    assert ran(worker, "x + 1;", display=True).text is None
    ran(worker, "def f(): pass")
    assert worker.names(["x", "f", "y", "print"]) == {"x": "value", "f": "callable", "y": "missing", "print": "missing"}
    assert worker.get("x") == 3


def test_values_cross_as_they_are(worker):
    ran(worker, "import numpy as np\ndef same(*a, **k): return a, k")
    args = [np.arange(6.0).reshape(2, 3), 1, 2.5, None, True, "é", [1, (2, 3)], {"a": np.float32(1)}]
    got, named = worker.call("same", args, {"b": 1j})
    assert type(got) is tuple
    assert got[0].tobytes() == args[0].tobytes()
    assert list(got[1:6]) == args[1:6]
    assert [type(x) for x in got] == [type(x) for x in args]
    assert named == {"b": 1j}


def test_arrays_are_copies_and_changes_are_reported(worker):
    ran(worker, "def f(a, b, c=None):\n    b += 1\n    c[0] = 5\n    print('in f')\n    return a")
    a, b, c = np.zeros(2), np.zeros(2), np.zeros(2)
    worker.call("f", [a, b], {"c": c})
    assert worker.changed == [1, "c"]
    assert b.tolist() == c.tolist() == [0, 0]
    assert worker.printed == ("in f\n", "")


def test_objects_stay_inside_and_are_asked_through_handles(worker):
    ran(
        worker,
        "class Layer:\n    def __init__(self, W): self.W, self._x = W, None\n"
        "    def forward(self, x):\n        self._x = x\n        return x @ self.W\n"
        "def twice(layer): return layer.W * 2",
    )
    layer = worker.call("Layer", [np.eye(2)], {})
    assert type(layer) is Handle
    assert layer.forward(np.ones(2)).tolist() == [1, 1]
    assert layer._x.tolist() == [1, 1]
    layer.W = np.full((2, 2), 3.0)
    assert worker.call("twice", [layer], {}).tolist() == [[6, 6], [6, 6]]
    assert hasattr(layer, "W")
    assert not hasattr(layer, "bias")
    with worker.sandbox.worker() as other, pytest.raises(NeedsReview):
        other.call("f", [layer], {})


@pytest.mark.parametrize(
    "use",
    [
        lambda h: h == 1, lambda h: h != h, bool, len, float, list, lambda h: 1 in h, lambda h: h[0], lambda h: h + 1,
        lambda h: np.ones(2) * h, lambda h: np.asarray(h), lambda h: h < 2, lambda h: {h: 1},
        lambda h: isinstance(1, h),
        lambda h: np.allclose(h, 1), lambda h: -h, lambda h: h @ h,
    ],
    ids=range(17),
)  # fmt: skip
def test_a_handle_has_no_value(worker, use):
    ran(worker, "class Sly(float):\n    def __eq__(self, other): return True\nx = Sly(1)")
    with pytest.raises(NeedsReview):
        use(worker.get("x"))


def test_the_learner_s_own_line_is_named(worker):
    worker.run("def f(x):\n    y = 0\n    return x / y", "question 2")
    with pytest.raises(LearnerFault) as caught:
        worker.call("f", [1], {})
    fault = caught.value
    assert (fault.kind, fault.name, fault.message, fault.line) == ("raised", "ZeroDivisionError", "division by zero", 3)
    assert (fault.cell, fault.source) == ("question 2", "return x / y")
    result = worker.run("a = 1\nb = 2\nf(3)", "cell 9")
    assert (result.error[0], result.cell, result.error[2]) == ("ZeroDivisionError", "question 2", 3)
    result = worker.run("a = 1\nb = (2", "cell 10")
    assert (result.error[0], result.cell, result.error[2], result.source) == ("SyntaxError", "cell 10", 2, "b = (2")


def test_built_in_exceptions_cross_by_name(worker):
    ran(worker, "class Own(ValueError): pass\ndef f(): raise Own('because')\ndef g(): raise SystemExit(3)")
    with pytest.raises(ValueError, match="Own: because"):
        worker.call("f", [], {})
    with pytest.raises(LearnerFault) as caught:
        worker.call("g", [], {})
    assert caught.value.name == "SystemExit"
    assert worker.run("import sys; sys.exit(1)", "c").error[0] == "SystemExit"
    assert worker.run("raise KeyboardInterrupt", "c").error[0] == "KeyboardInterrupt"
    assert worker.names(["f"]) == {"f": "callable"}


def test_every_built_in_exception_can_be_joined():
    for name, kind in worker_module.wire.BUILTIN.items():
        fault = worker_module._class_of(name)("raised", "a sentence", name=name)
        assert str(fault) == "a sentence"
        alone = ("ExceptionGroup", "BaseExceptionGroup", "StopIteration", "StopAsyncIteration")
        assert isinstance(fault, kind) == (name not in alone), name


def test_an_exception_cannot_end_a_check_s_loop_in_silence(worker):
    ran(worker, "def f(x): raise StopIteration")
    with pytest.raises(LearnerFault):
        list(map(functools.partial(worker.call, "f", kwargs={}), [[1], [2]]))


def test_matplotlib_works_where_no_figures_are_wanted(box):
    with box.worker() as worker:
        worker.limits = Limits(cpu_call=10, cpu_notebook=10)
        ran(worker, "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()")


def test_a_missing_name_is_said(worker):
    with pytest.raises(LearnerFault) as caught:
        worker.call("nothing", [], {})
    assert caught.value.kind == "missing"


def test_functions_of_ours_are_called_back_as_values_only(worker):
    ran(
        worker,
        "def slope(f, x, h=1e-5): return (f(x + h) - f(x - h)) / (2 * h)\nkept = []\ndef keep(f): kept.append(f)",
    )
    assert worker.call("slope", [lambda x: x @ x, np.array([1.0])], {}) == pytest.approx(2.0)
    assert worker.callbacks == 2
    ran(worker, "def spy(f): return [getattr(f, '__name__', ''), f.__code__.co_filename, str(f.__closure__)]")
    assert "secret" not in str(worker.call("spy", [lambda secret: secret], {}))
    worker.call("keep", [abs], {})
    ran(worker, "def later(x): return kept[0](x)")
    assert worker.call("later", [-3], {}) == 3


def test_a_function_of_ours_that_fails_gives_its_class_and_nothing_else(worker):
    def ours(x):
        raise ValueError("a secret")

    ran(worker, "def f(g):\n    try:\n        g(1)\n    except ValueError as error:\n        return str(error)")
    assert "secret" not in worker.call("f", [ours], {})
    ran(worker, "def f(g): return g(g)")
    with pytest.raises(LearnerFault):
        worker.call("f", [abs], {})


def test_a_function_of_ours_is_not_called_for_ever(worker):
    ran(worker, "def f(g):\n    while True: g(1)")
    worker.callbacks = worker_module.CALLBACKS - 5
    with pytest.raises(LearnerFault, match="more than 10,000"):
        worker.call("f", [abs], {})


def test_ours_may_not_call_theirs_in_between(worker):
    ran(worker, "def f(g): return g(1)\ndef h(x): return x")
    with pytest.raises(NeedsReview):
        worker.call("f", [lambda x: worker.call("h", [x], {})], {})


def test_what_cannot_cross_needs_a_person(worker):
    ran(worker, "def f(x): return x")
    for value in (object(), {1: 2}, float, np.array(["a"]), b"x"):
        with pytest.raises(NeedsReview, match="cannot cross"):
            worker.call("f", [value], {})
    assert worker.call("f", [1], {}) == 1


def test_magics_run_or_are_refused_in_words(worker):
    assert ran(worker, "%matplotlib inline\n%time y = 4\ny", display=True).text == "4"
    assert ran(worker, "%%time\nz = 5\nprint(z)").stdout == "5\n"
    assert worker.get("z") == 5
    assert worker.run("%%time\nq = 1\n1/0", "c").error == ("ZeroDivisionError", "division by zero", 3)
    for source in ("!ls", "files = !ls", "%run other.py", "%%bash\nls", "%system ls"):
        name, message, line = worker.run(source, "c").error
        assert (name, line) == ("Refused", 1), source
        assert "take the line out" in message


def test_a_notebook_s_habits_work(worker):
    ran(
        worker,
        "from dataclasses import dataclass\nimport inspect, warnings, time\n@dataclass\nclass P:\n    x: int = 1\n"
        "def f(): return 1\nassert 'return 1' in inspect.getsource(f)\n"
        "from IPython.display import display, HTML, Markdown\n"
        "display(3)\nwarnings.warn('careful')\nimport threading\nt = threading.Thread(target=f); t.start(); t.join()\n"
        "time.sleep(0.01)\nopen('notes.txt', 'w').write('a'); assert open('notes.txt').read() == 'a'\n"
        "import os; os.makedirs('figs/a', exist_ok=True); np_saved = __import__('numpy').save('figs/a.npy', [1])",
    )
    result = worker.run("input('name? ')", "c")
    assert result.error[0] == "EOFError"
    assert "input" in result.error[1]


def test_the_checks_are_stubs_and_the_reference_is_not_there(worker):
    ran(
        worker,
        "from bplib.checks import ps06\nimport bplib.checks.ps99 as more\nfrom bplib import checks, widgets\n"
        "from bplib import data, svg",
    )
    ran(
        worker,
        "assert ps06.hidden_delta(len) == 0.0 and more.deeper(1, hint=2) == 0.0 and checks.explain(len) == 0.0",
    )
    assert worker.run("data.two_two_two().W1; len(data.digits()) if hasattr(data, 'digits') else 0", "c").error is None
    for name in ("losses", "activations", "gradcheck", "grading.sandbox", "training", "no_such"):
        error = worker.run(f"import bplib.{name}", "c").error
        assert error[0] == "ImportError", name
        assert "your own" in error[1]
    assert worker.run("from bplib import losses", "c").error[0] == "ImportError"


def test_a_question_can_allow_a_module():
    if not LEVELS:
        pytest.skip(best_level()[1])
    for level in LEVELS:
        with Sandbox(level, QUICK, allow=("losses",)) as box, box.worker() as worker:
            ran(worker, "from bplib.losses import *\nfrom bplib import losses")
            assert worker.run("import bplib.training", "c").error[0] == "ImportError"


SOLVERS = [name for name in ("torch", "jax", "scipy", "sklearn", "nbgrader") if importlib.util.find_spec(name)]


@pytest.mark.parametrize("name", [*SOLVERS, "nunpy"])
def test_packages_that_the_course_does_not_give_are_not_there(worker, name):
    error = worker.run(f"import {name}", "c").error
    assert error[0] == "ModuleNotFoundError"
    assert error[1].startswith(f"{name} is not there while your work is graded")
    ran(worker, f"try: import {name}.deeper\nexcept ImportError: pass")
    ran(worker, "import numpy, tqdm, IPython, ipywidgets, typing_extensions, PIL")


@pytest.mark.parametrize("name", SOLVERS)
def test_their_files_cannot_be_read_whatever_becomes_of_the_guard(worker, name):
    file = importlib.util.find_spec(name).origin
    error = worker.run(f"open({file!r})", "c").error
    assert error[0] == {"A": "FileNotFoundError", "B": "PermissionError"}[worker.sandbox.level]
    ran(worker, "import sys\nsys.meta_path[:] = [f for f in sys.meta_path if not hasattr(f, 'foreign')]")
    assert worker.run(f"import {name}", "c").error[0] in ("ModuleNotFoundError", "PermissionError")
    ran(worker, "import numpy.testing, wave")


def test_folders_are_closed_when_all_stands_in_them():
    """A pip-installed bplib lies in the very folder that is covered up."""
    command = level_module.tree(level_module.Seen(), (), True)
    closed = command.index("--remount-ro")
    assert {"--tmpfs", "--dir", "--ro-bind", "--ro-bind-try"} <= set(command[:closed])
    assert set(command[closed::2]) == {"--remount-ro"}


@needs_level_b
@pytest.mark.skipif("scipy" not in SOLVERS, reason="needs scipy, to be allowed or not")
@pytest.mark.parametrize("level", LEVELS)
def test_a_lecturer_can_give_a_package(level):
    with Sandbox(level, Limits(cpu_call=5), modules=("scipy",)) as box, box.worker() as worker:
        ran(worker, "import scipy.special\nprint(scipy.special.expit(0.0))")
        assert worker.run("import torch", "c").error[0] == "ModuleNotFoundError"


def test_an_import_name_stands_for_its_package():
    if "sklearn" not in SOLVERS:
        pytest.skip("needs scikit-learn")
    given = {path.name for path in level_module.Seen(("sklearn",)).packages}
    assert {"sklearn", "scipy", "joblib", "numpy"} <= given
    assert not {"sklearn", "scipy", "torch"} & {path.name for path in level_module.Seen().packages}


def test_what_is_there_at_home_only_is_skipped_and_everything_else_runs(worker):
    ran(worker, "from bplib.checks import ps06, explain\nfrom bplib import checks, widgets")
    source = (
        "def f(x, y): return x @ y\nbefore = 1\nx, y = ps06.f.example(2)\nprint('shape', x.shape[0])\n"
        "def after(): return 7\nf(*ps06.f.example(1))"
    )
    result = ran(worker, source, display=True)
    assert (result.error, result.text, result.stderr) == (None, None, "")
    assert result.stdout.startswith("(Line 3 shows something at home only")
    assert result.stdout.count("\n") == 1
    assert worker.call("after", [], {}) == 7
    assert worker.get("before") == 1
    for later in ("f(x, y)", "x + 1", "2 * x", "[v for v in y]", "import numpy as np; np.exp(x)", "print(x)", "f'{y}'"):
        assert "at home only" in ran(worker, later, display=True).stdout, later
    for quiet in (
        "ps06.f(f)",
        "explain(f)",
        "checks.ps06.g(f, hint=1)",
        "w = widgets.Net(3); w.show(f); w",
        "x",
        "None",
    ):
        result = ran(worker, quiet, display=True)
        assert (result.stdout, result.text) == ("", None), quiet
    assert ran(worker, "ps06.f(f) + 1", display=True).text == "1.0"
    assert worker.run("1/0", "c").error[0] == "ZeroDivisionError"


def test_a_skipped_loop_leaves_names_of_other_cells_alone(worker):
    ran(worker, "from bplib.checks import ps06\nv = 5\nkept = 6")
    ran(worker, "for k in (1, 2):\n    z = [v for v in ps06.f.example(k)]\n    kept += 1\nend = 2")
    assert [worker.get(name) for name in ("v", "end")] == [5, 2]
    assert "at home only" in ran(worker, "z[0]", display=True).stdout


def test_changes_deep_in_an_argument_are_seen(worker):
    ran(worker, "def f(layers, how, same):\n    layers[1][0] = 9\n    how['rate'] = object()")
    worker.call("f", [[np.zeros(2), np.zeros(3)], {"rate": 1.0}, [np.ones(2)]], {})
    assert worker.changed == [0, 1]


def test_changes_that_cannot_be_are_not_told(worker):
    ran(
        worker,
        FORGED + "def f(x):\n    say({'kind': 'done', 'changed': [1, 'y', -1, 0], 'n': [], 'v': {'l': [1, '', '']}})",
    )
    assert worker.call("f", [2], {}) == 1
    assert worker.changed == [0]


def test_what_a_stopped_worker_used_is_counted(box):
    with box.worker() as worker, pytest.raises(LearnerFault):
        worker.run("while True: pass", "c")
    assert 0.4 < worker.cpu < 2


def test_what_earlier_workers_spent_counts(box):
    with box.worker(spent=1.8) as worker, pytest.raises(LearnerFault, match="the notebook took more than 2 s"):
        worker.run("import time\nend = time.process_time() + 0.4\nwhile time.process_time() < end: pass", "c")
    with box.worker(spent=2.0) as worker, pytest.raises(LearnerFault, match="the notebook took more than 2 s"):
        worker.run("1", "c")


@needs_level_b
@pytest.mark.parametrize("level", LEVELS)
def test_helper_files_are_there_and_notebooks_are_not(level, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "numbers.csv").write_text("1,2\n")
    (tmp_path / "helper.py").write_text("def seven(): return 7\n")
    (tmp_path / "small.ipynb").write_text("the hidden tests")
    (tmp_path / ".hidden").write_text("x")
    (tmp_path / "link.txt").symlink_to("/etc/passwd")
    with Sandbox(level, QUICK, beside=tmp_path) as box, box.worker() as worker:
        ran(worker, "import helper, numpy as np, os\nassert helper.seven() == 7\nprint(sorted(os.listdir()))")
        ran(worker, "assert np.loadtxt('data/numbers.csv', delimiter=',').tolist() == [1, 2]")
        assert ran(worker, "print(sorted(os.listdir()))").stdout == "['data', 'helper.py']\n"
        for path in ("data/numbers.csv", "helper.py"):
            assert worker.run(f"open({path!r}, 'w')", "c").error[0] in ("PermissionError", "OSError")
        assert worker.run(f"open({str(tmp_path / 'small.ipynb')!r})", "c").error[0] in (
            "PermissionError",
            "FileNotFoundError",
        )
    assert (tmp_path / "helper.py").read_text() == "def seven(): return 7\n"


@needs_level_b
@pytest.mark.parametrize("level", LEVELS)
def test_figures_come_back_as_pictures(level):
    with Sandbox(level, Limits(cpu_call=5), figures=True) as box, box.worker() as worker:
        result = ran(
            worker,
            "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\nfig, ax = plt.subplots();",
            display=True,
        )
        assert [png[:4] for png in result.pngs] == [b"\x89PNG"] * 2
        assert ran(worker, "plt.plot([1, 2]);").pngs == []
        assert ran(worker, "for i in range(30): plt.figure()", display=True).stderr.count("Traceback") == 0
        assert ran(worker, "plt.figure()\nplt.Figure.savefig = lambda self, f, **k: f.write(b'<svg/>')").pngs == []
        with pytest.raises(LearnerFault, match="no output"):
            worker.run("plt.figure()", "c", display=True)


# ------------------------------------------------------------------------------------------------ ends
# What a cell does, and which end it may come to.
ENDS = {
    "a loop": ("while True: pass", "time"),
    "a loop that catches everything": (
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        "time",
    ),
    "sleep": ("import time; time.sleep(99)", "time"),
    "waiting": ("import threading; threading.Event().wait()", "time"),
    "a long sum": ("sum(range(10**12))", "time"),
    "exit": ("import os; os._exit(0)", "died"),
    "a crash": ("import ctypes; ctypes.string_at(0)", "died"),
    "closing everything": (
        "import os\nfor fd in range(3, 99):\n    try: os.close(fd)\n    except OSError: pass",
        "died",
    ),
    "closing and staying": ("import os, time\nos.closerange(3, 99)\ntime.sleep(99)", "died"),
    "a deep text": (
        "import sys; sys.setrecursionlimit(10**9)\nx = []\nfor _ in range(10**6): x = [x]\nrepr(x)",
        "died time",
    ),
    "a byte now and then": (
        "import os, time\ndef say(text):\n    for fd in range(3, 99):\n"
        "        try: os.write(fd, text)\n        except OSError: pass\nsay(b'\\0\\x10\\0\\0')\n"
        "while True:\n    time.sleep(0.02)\n    say(b' ')",
        "time",
    ),
    "noise": (
        "import os\nfor fd in range(3, 99):\n    try: os.write(fd, b'\\xff' * 99)\n    except OSError: pass",
        "answer",
    ),
    "threads": (
        "import threading, time\nthreading.stack_size(65536)\n"
        "for _ in range(9999): threading.Thread(target=time.sleep, args=(99,)).start()",
        "memory raised",
    ),
    "many files": (
        "import os\nfor i in range(10**6): open(f'f{i}', 'w').write('x')\nwhile True: pass",
        "memory",
    ),
    "folders that cannot be listed": (
        "import os\nfor i in range(300):\n    os.mkdir('d', 0o300); os.chdir('d')\nwhile True: pass",
        "memory",
    ),
    "deaf to signals": (
        "import signal\nfor s in range(1, 65):\n    try: signal.signal(s, signal.SIG_IGN)\n"
        "    except Exception: pass\nwhile True: pass",
        "time",
    ),
}


@pytest.mark.parametrize("case", ENDS)
def test_whatever_a_cell_does_the_judge_goes_on(box, case):
    source, kinds = ENDS[case]
    start = time.monotonic()
    with box.worker() as worker:
        came = "raised"
        try:
            worker.run(source, "c")
        except LearnerFault as fault:
            came, words = fault.kind, str(fault)
        assert came in kinds.split()
        if came != "raised":
            assert len(words.split()) > 3
            with pytest.raises(LearnerFault, match="^" + re.escape(words)):
                worker.get("x")
    assert time.monotonic() - start < 8
    with box.worker() as worker:
        assert ran(worker, "print(1)").stdout == "1\n"


def test_memory_is_limited_and_said(worker):
    assert worker.run("import numpy as np\nnp.ones(1 << 28)", "c").error[0].endswith("MemoryError")
    ran(worker, "def f(): return np.ones(1 << 28)")
    with pytest.raises(LearnerFault, match="1024 MB") as caught:
        worker.call("f", [], {})
    assert caught.value.kind == "memory"


def test_output_is_cut(worker):
    assert len(ran(worker, "for _ in range(10**5): print('x' * 50)").stdout) < 1100
    assert len(ran(worker, "'y' * 10**6", display=True).text) < 21_100
    assert worker.run("raise ValueError('z' * 10**6)", "c").error[1] == "z" * 2000


def test_a_text_that_cannot_be_made_is_said(worker):
    source = "class Odd:\n    def __repr__(self): raise RuntimeError\n    __str__ = __repr__\nOdd()"
    assert "Odd" in ran(worker, source, display=True).text
    assert worker.run("class E(Exception):\n    __str__ = None\nraise E", "c").error[0] == "E"
    ran(worker, "class Slow(Exception):\n    def __repr__(self):\n        while True: pass\n    __str__ = __repr__")
    assert worker.run("raise Slow", "c").error == ("Slow", "(its message cannot be read)", 1)
    ran(worker, "def f(): raise Slow")
    with pytest.raises(LearnerFault, match=r"Slow: .its message cannot be read"):
        worker.call("f", [], {})
    assert ran(worker, "Slow()", display=True).text == "(a Slow whose text cannot be made: Slow)"
    assert ran(worker, "x = 0\nfor i in range(10**6): x += i\n'fine'", display=True).text == "'fine'"


def test_an_answer_too_large_is_an_answer_of_none(worker):
    ran(worker, "import numpy as np\ndef f(): return np.zeros(9_000_000)\ndef g(x): return x")
    with pytest.raises(LearnerFault, match="too large"):
        worker.call("f", [], {})
    assert worker.call("g", [1], {}) == 1


FORGED = """
import os, struct, json
def frame(message):
    data = json.dumps(message).encode()
    return struct.pack('>I', len(data)) + data
def say(message):
    for fd in range(3, 99):
        try: os.write(fd, frame(message))
        except OSError: pass
"""


FORGERIES = [
    {"kind": "done", "v": 1},
    {"kind": "done", "v": {"d": []}},
    {"kind": "done", "v": {"h": 5}},
    {"kind": "locked", "v": 0},
    {"kind": [], "v": 0},
    {"kind": "raised", "name": 1, "v": 0},
    {"kind": "raised", "name": "E", "builtin": "__class__", "message": "m", "cell": "../x", "line": -1, "v": 0},
    {"kind": "callback", "number": 0, "v": 0},
    {"kind": "callback", "number": -1, "v": {"l": [{"l": []}, {"d": []}]}},
]


@pytest.mark.parametrize("message", FORGERIES, ids=range(len(FORGERIES)))
def test_forged_answers_are_answers_and_no_more(worker, message):
    ran(worker, FORGED)
    message = json.dumps({**message, "n": []})
    with pytest.raises(LearnerFault):
        worker.run(f"say(json.loads({message!r}))", "c")


def test_cpu_time_is_the_process_s_own_and_adds_up(worker):
    before = worker.cpu
    result = ran(worker, "x = 0\nfor i in range(2_000_000): x += i")
    assert result.cpu > 0.02
    assert worker.cpu >= before + result.cpu
    busy = "import time\nend = time.process_time() + 0.3\nwhile time.process_time() < end: pass"
    for _ in range(5):
        ran(worker, busy)
    with pytest.raises(LearnerFault, match="the notebook took more than 2 s of computing"):
        [worker.run(busy, "c") for _ in range(9)]


def test_a_worker_s_files_are_its_own_and_go_with_it(box):
    with box.worker() as one, box.worker() as two:
        ran(one, "import os\nopen('left', 'w').write('x')\nhere = os.getcwd()")
        assert two.run(f"open({one.get('here') + '/left'!r})", "c").error[0] == "PermissionError"
        assert ran(two, "import os\nprint(os.listdir())").stdout == "[]\n"
        with contextlib.suppress(LearnerFault):  # so deep that no path leads there; it may be stopped for that
            one.run(
                "for i in range(60):\n    os.mkdir('d' * 200); os.chdir('d' * 200)\n    open('f', 'w').close()", "c"
            )
    with box.worker() as three:
        assert ran(three, f"import os\nprint(os.path.exists({one._sources and 'left'!r}))").stdout == "False\n"
    assert [p.name for p in (box._base / "work").iterdir()] == ["outside"]


def test_the_worker_knows_nothing_of_the_judge(worker, monkeypatch):
    ran(worker, "import os, sys\nprint(sorted(os.environ), sys.argv, len(sys.orig_argv))")
    said = ran(worker, "print(dict(os.environ))").stdout
    for word in ("BPLIB_SEED", "PYTEST", "USER", str(Path.home())):
        assert word not in said
    assert ran(worker, "print(os.path.expanduser('~'))").stdout == "/\n"


def test_a_worker_holds_one_connection_and_nothing_else(worker):
    ran(
        worker,
        "import os\nheld = []\nfor fd in range(3, 5000):\n"
        "    try: os.fstat(fd); held.append(fd)\n    except OSError: pass",
    )
    assert len(worker.get("held")) == 1


def test_many_workers_at_once(box):
    results = []

    def grade(i):
        with box.worker() as worker:
            worker.run(f"def f(x): return x + {i}", "c")
            results.append(worker.call("f", [1], {}) == i + 1)

    threads = [threading.Thread(target=grade, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [True] * 8


def test_time_that_the_machine_gave_to_others_is_not_counted(monkeypatch, worker):
    start = time.monotonic()
    monkeypatch.setattr(worker_module._Clock, "delay", lambda self: time.monotonic() - start)
    ran(worker, "import time; time.sleep(2)")


# ------------------------------------------------------------------------------------------------ the machinery
@needs_level_b
@pytest.mark.parametrize("level", LEVELS)
def test_a_server_that_dies_is_a_fault_of_the_machinery_and_is_started_again(level):
    with Sandbox(level, QUICK) as box:
        worker, idle = box.worker(), box.worker()
        box._process.kill()
        box._process.wait()
        if level == "A":
            box._control.close()  # what a dead server's end does by itself
        with pytest.raises(SandboxError):
            [worker.run("1", "c") for _ in range(99)]
        with box.worker() as first, box.worker() as fresh:
            first.run("1", "c")
            for old in (worker, idle):
                old.close()
            assert ran(fresh, "print(2)").stdout == "2\n"


@needs_level_b
def test_closing_ends_every_process_and_file():
    box = Sandbox("B", QUICK)
    box.start()
    worker, base = box.worker(), box._base
    process, server = worker._process, box._process.pid
    assert Path(f"/proc/{process}").exists()
    box.close()
    end = time.monotonic() + 5
    while Path(f"/proc/{process}").exists() and time.monotonic() < end:
        time.sleep(0.01)
    assert not Path(f"/proc/{process}").exists()
    assert not Path(f"/proc/{server}").exists()
    assert not base.exists()
    with pytest.raises((SandboxError, LearnerFault)):
        worker.run("1", "c")


def test_what_a_killed_judge_left_is_swept_up(tmp_path, monkeypatch):
    if not hasattr(os, "fork"):
        return
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with Sandbox("C", QUICK) as running:
        old, other = tmp_path / f"{sandbox.PREFIX}old", tmp_path / "something else"
        for path in (old / "work", other):
            path.mkdir(parents=True)
        for path in (old, other, running._base):
            os.utime(path, (0, 0))
        sandbox._sweep()
        assert not old.exists()
        assert other.exists()
        assert running._base.exists()


@needs_level_b
def test_a_helper_s_name_does_not_stop_the_server(tmp_path):
    (tmp_path / "numpy.py").write_text("raise SystemExit")
    (tmp_path / "wave.py").write_text("mine = 1")
    with Sandbox("B", QUICK, beside=tmp_path) as box, box.worker() as worker:
        ran(worker, "import numpy as np, wave; np.ones(3); wave.mine")


def weaker(monkeypatch, change):
    policy = Sandbox._policy

    def weakened(self, base):
        setup, command = policy(self, base)
        change(setup)
        return setup, command

    monkeypatch.setattr(Sandbox, "_policy", weakened)


def letting(name):
    """Return a filter with one more call let through."""
    column = lock.MACHINES[os.uname().machine][0]
    code = lock.program()
    extra = lock._op(lock.EQUAL, name[column], 0, 1) + lock._op(lock.RETURN, lock.ALLOW)
    return (code[: 4 * 8] + extra + code[4 * 8 :]).hex()


@needs_level_b
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda s: s.update(filter=letting((41, 198))), "socket AF_"),
        (lambda s: s.update(filter=letting((57, None) if os.uname().machine == "x86_64" else (0, 220))), "fork"),
        (lambda s: s.update(filter=letting((112, 157))), "leave its session"),
        (lambda s: s.update(filter=letting((425, 425))), "io_uring"),
        (lambda s: s.update(filter=letting((434, 434))), "open its parent by number"),
        (lambda s: s.update(filter=letting((90, 53))), "change a file's mode"),
        (lambda s: s.update(landlock=False), "list /"),
        (lambda s: s.update(landlock=False), "list /proc"),
        (lambda s: s["limits"].update(AS=1 << 40), "allocate past the limit"),
        (lambda s: s["limits"].update(FSIZE=1 << 40), "a file past the limit"),
        (lambda s: s["limits"].pop("NOFILE"), "raise a limit"),
    ],
    ids=range(11),
)
def test_the_canary_finds_each_hole(monkeypatch, level, change, found):
    weaker(monkeypatch, change)
    with pytest.raises(SandboxError, match=found):
        Sandbox(level, QUICK).start()


@needs_level_b
def test_the_canary_finds_a_readable_reference(monkeypatch):
    weaker(monkeypatch, lambda s: s["read"].append(str(ROOT / "bplib")))
    with pytest.raises(SandboxError, match=r"read bplib\.losses"):
        Sandbox("B", QUICK).start()


@needs_level_b
def test_the_environment_is_looked_at(monkeypatch):
    real = subprocess.Popen
    monkeypatch.setattr(
        sandbox.subprocess, "Popen", lambda *a, env, **k: real(*a, env={**env, "BPLIB_SEED": "secret"}, **k)
    )
    with pytest.raises(SandboxError, match="read the environment"):
        Sandbox("B", QUICK).start()


@pytest.mark.parametrize(
    ("landlock", "platform", "machine", "words"),
    [(0, "linux", "x86_64", "Landlock"), (4, "darwin", "x86_64", "Linux"), (4, "linux", "riscv64", "riscv64")],
)
def test_without_locks_nothing_runs_unless_it_is_asked_for(monkeypatch, landlock, platform, machine, words):
    best_level.cache_clear()
    monkeypatch.setenv("PATH", "/no/such/folder")  # no bubblewrap
    monkeypatch.setattr(lock, "landlock", lambda: landlock)
    monkeypatch.setattr(level_module.sys, "platform", platform)
    monkeypatch.setattr(level_module.platform, "machine", lambda: machine)
    try:
        level, reason = best_level()
        assert level == "C"
        assert words in reason
        for asked in (None, "A", "B"):
            with pytest.raises(SandboxError, match=words):
                Sandbox(asked, QUICK).start()
    finally:
        monkeypatch.undo()
        best_level.cache_clear()


@pytest.fixture
def no_landlock(monkeypatch):
    """Have a kernel without Landlock, for the judge and its sandboxes alike."""
    best_level.cache_clear()
    monkeypatch.setattr(lock, "landlock", lambda: 0)
    yield
    monkeypatch.undo()
    best_level.cache_clear()


needs_level_a = pytest.mark.skipif("A" not in LEVELS, reason=best_level()[1])


@needs_level_a
def test_level_a_without_landlock_gives_no_files_but_everything_else(no_landlock, tmp_path):
    level, reason = best_level()
    assert level == "A"
    assert "no Landlock" in reason
    (tmp_path / "helper.py").write_text("seven = 7")
    with Sandbox(None, QUICK, beside=tmp_path) as box, box.worker() as one, box.worker() as two:
        assert (box.level, box.landlock) == ("A", False)
        ran(one, "import numpy as np, helper, wave\nfrom bplib import data, svg\ndef f(x): return helper.seven * x")
        assert one.call("f", [np.ones(2)], {}).tolist() == [7, 7]
        for path in ("mine", "../mine", "/tmp/mine", "/dev/shm/mine", os.devnull + "2"):
            assert two.run(f"open({path!r}, 'w')", "c").error[0] in ("OSError", "PermissionError"), path
        assert two.run("import os; os.mkdir('d')", "c").error[0] == "OSError"
        assert ran(two, "import os; print(os.listdir('/proc'), os.listdir('.'))").stdout == "[] ['helper.py']\n"
        for path in (ROOT / "bplib" / "losses.py", ROOT / "README.md", "/etc/passwd", "/home"):
            assert two.run(f"import os; os.stat({str(path)!r}); os.listdir({str(path)!r})", "c").error is not None, path
        with pytest.raises(LearnerFault, match="computing time"):
            one.run("while True: pass", "c")
    assert sorted(os.listdir(tmp_path)) == ["helper.py"]


@needs_level_a
def test_level_a_without_landlock_draws(no_landlock):
    with Sandbox(None, Limits(cpu_call=5), figures=True) as box, box.worker() as worker:
        result = ran(worker, "import matplotlib.pyplot as plt\nplt.plot([1, 2]);", display=True)
        assert len(result.pngs) == 1
    with Sandbox(None, Limits(cpu_call=5)) as box, box.worker() as worker:
        result = ran(worker, "import matplotlib.pyplot as plt\nplt.plot([1, 2]);", display=True)
        assert "writable" not in result.stderr


@needs_level_a
@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda s, c: s.update(filter=letting((41, 198))), "socket AF_"),
        (lambda s, c: c.__setitem__(slice(1, 1), ["--dir", "/home"]), "list /"),
    ],
    ids=["a socket", "a folder more"],
)
def test_the_canary_finds_holes_without_landlock_too(no_landlock, monkeypatch, change, found):
    policy = Sandbox._policy

    def weakened(self, base):
        setup, command = policy(self, base)
        change(setup, command)
        return setup, command

    monkeypatch.setattr(Sandbox, "_policy", weakened)
    with pytest.raises(SandboxError, match=found):
        Sandbox("A", QUICK).start()


def test_level_c_has_limits_only_and_has_to_be_asked_for():
    with Sandbox("C", QUICK) as box, box.worker() as worker:
        assert box.level == "C"
        assert "without a sandbox" in box.warning
        assert ran(worker, "print(1 + 1)").stdout == "2\n"
        assert worker.run("import bplib.losses", "c").error[0] == "ImportError"
        with pytest.raises(LearnerFault, match="computing time"):
            worker.run("while True: pass", "c")


def test_level_c_needs_nothing_that_linux_alone_has(monkeypatch):
    """As on macOS: no credentials over a socket, no clock of another process, no /proc, no limit of memory."""

    def no_clock(number):
        raise OSError("no such clock")

    for name in ("SO_PASSCRED", "SCM_CREDENTIALS"):
        monkeypatch.delattr(worker_module.socket, name)
    monkeypatch.setattr(worker_module.time, "clock_gettime", no_clock)
    monkeypatch.setattr(worker_module._Clock, "delay", lambda self: 0.0)
    monkeypatch.setattr(Worker, "_watch", lambda self: None)
    monkeypatch.setattr(sandbox.sys, "platform", "darwin")
    with Sandbox("C", QUICK) as box:
        with box.worker() as worker:
            assert ran(worker, "import numpy as np\nprint(np.ones(2) @ np.ones(2))").stdout == "2.0\n"
            with pytest.raises(LearnerFault, match="did not answer for 1\\.5 s"):
                worker.run("while True: pass", "c")
        assert worker.cpu > 0.1, "what it used is known from its end"
        with box.worker() as other:
            assert ran(other, "print(1)").stdout == "1\n"


@pytest.mark.slow
def test_the_kernel_s_own_limit_of_time_is_a_matter_of_time():
    with Sandbox("C", Limits(cpu_call=60, cpu_notebook=0.5)) as box, box.worker() as worker:
        worker.limits = Limits(cpu_call=60, cpu_notebook=60)
        with pytest.raises(LearnerFault, match="computing time"):
            worker.run("while True: pass", "c")


@needs_level_b
def test_bubblewrap_that_does_not_start_is_said_with_its_mend(monkeypatch, tmp_path):
    best_level.cache_clear()
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\necho 'bwrap: No permissions to create a new namespace' >&2\nexit 1\n")
    fake.chmod(0o755)
    try:
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
        level, reason = best_level()
        assert level == "B"
        assert "No permissions" in reason
        best_level.cache_clear()
        monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
        assert best_level()[0] == "B"
        assert "apt-get install bubblewrap" in best_level()[1]
        with pytest.raises(SandboxError, match="apt-get install bubblewrap"):
            Sandbox("A").start()
    finally:
        monkeypatch.undo()
        best_level.cache_clear()


# ------------------------------------------------------------------------------------------------ other users
# Becomes somebody else, or like a process in a Docker container, and then runs the program on its command line.
AS = """
import ctypes, json, os, struct, subprocess, sys
sys.path.insert(0, {root!r})
from bplib.grading import lock
libc = ctypes.CDLL(None, use_errno=True)
who = json.loads(sys.argv[1])
if who["home"]:  # the interpreter stands where only root may go: make the way to it passable, for this process only
    way = "/" + sys.base_prefix.split("/")[1]
    inner = "/".join(sys.base_prefix.split("/")[:3])
    assert libc.unshare(0x20000) == 0
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)
    subprocess.run(["mount", "--bind", inner, who["home"]], check=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "none", way], check=True)
    os.makedirs(inner)
    subprocess.run(["mount", "--bind", who["home"], inner], check=True)
if who["docker"]:
    # Docker's default: these privileges, and a filter that refuses namespaces, mounts, keyrings, bpf and so on.
    kept = [0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 27, 29, 31]
    if os.geteuid() == 0 and not who["user"]:
        for n in range(41):
            if n not in kept:
                libc.prctl(24, n, 0, 0, 0)
        mask = sum(1 << n for n in kept)
        lock._keep(mask, mask)
if who["user"]:
    os.setgroups([])
    os.setresgid(65534, 65534, 65534)
    os.setresuid(65534, 65534, 65534)
if who["docker"]:
    column, own = lock.MACHINES[os.uname().machine]
    code = [lock._op(lock.LOAD, 0)]
    refused = [(272, 97), (308, 268), (165, 40), (166, 39), (155, 41), (250, 219), (248, 217), (249, 218), (321, 280)]
    refused += [(298, 241), (323, 282), (304, 265), (303, 264), (312, 272), (425, 425), (428, 428), (429, 429)]
    for pair in refused:
        code += [lock._op(lock.EQUAL, pair[column], 0, 1), lock._op(lock.RETURN, lock.ERROR | 1)]
    code += [lock._op(lock.EQUAL, 435, 0, 1), lock._op(lock.RETURN, lock.ERROR | 38)]
    clone = [lock._argument(0), lock._op(lock.ANY_BIT, lock.NAMESPACES, 0, 1), lock._op(lock.RETURN, lock.ERROR | 1)]
    code += [lock._op(lock.EQUAL, (56, 220)[column], 0, 3), *clone, lock._op(lock.RETURN, lock.ALLOW)]
    lock.restrict_calls(b"".join(code))
os.chdir("/")
environment = dict(PATH="/usr/bin:/bin", PYTHONPATH={root!r}, TMPDIR=who["tmp"])
os.execve(sys.executable, [sys.executable, "-c", sys.argv[2]], environment)
"""

WORKS = """
import json, os
import numpy as np
from bplib.grading.sandbox import *
out = dict(best=best_level(), user=os.geteuid())
with Sandbox("B", Limits(cpu_call=0.5)) as box, box.worker() as worker:
    worker.run("def f(x):\\n    return 2 * x\\ndef g():\\n    while True: pass\\nimport os, fractions, wave", "c")
    out["value"] = worker.call("f", [np.ones(2)], {}).tolist()
    out["inside"] = worker.run("print(os.getuid())", "c").stdout
    out["opened"] = worker.run("open(%r)" % SECRET, "c").error[0]
    out["written"] = worker.run("open(%r, 'a')" % SECRET, "c").error[0]
    try:
        worker.call("g", [], {})
    except LearnerFault as fault:
        out["kind"] = fault.kind
print(json.dumps(out))
"""


@needs_level_b
@pytest.mark.parametrize("docker", [False, True], ids=["plain", "docker"])
@pytest.mark.parametrize("user", [False, True], ids=["as it is", "nobody"])
def test_level_b_works_for_every_user_and_within_docker(user, docker, tmp_path):
    """Started by root, this is root and nobody; started by somebody else, it is that user in all cases."""
    if os.geteuid() != 0:
        user = False
    with tempfile.TemporaryDirectory() as folder:  # not pytest's, whose parents are closed to others
        os.chmod(folder, 0o777)
        secret = Path(folder) / "secret"
        secret.write_text("secret")
        secret.chmod(0o666)
        home = Path(folder) / "home"
        home.mkdir()
        closed = user and not _passable(sys.base_prefix)
        who = {"user": user, "docker": docker, "tmp": folder, "home": str(home) if closed else ""}
        program = f"SECRET = {str(secret)!r}\n{WORKS}"
        done = subprocess.run(
            [sys.executable, "-c", AS.format(root=str(ROOT)), json.dumps(who), program],
            capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        out = json.loads(done.stdout)
        assert out["value"] == [2, 2]
        assert out["kind"] == "time"
        assert out["opened"] == out["written"] == "PermissionError"
        assert out["user"] == (65534 if user else os.geteuid())
        if os.geteuid() == 0:
            assert out["inside"].split()[0] == "65534", "root's workers are nobody"
        if docker:
            assert out["best"][0] == "B"
            assert "bubblewrap" in out["best"][1].lower()
        left = {p.name for p in Path(folder).iterdir()}
        assert left == {"secret", "home"}


def _passable(path):
    return all(parent.stat().st_mode & 1 for parent in (Path(path), *Path(path).parents))
