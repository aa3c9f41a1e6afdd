"""The lecturer's side alone: what a check sees, shows and ends in. The learner's side is a few canned answers."""

import time

import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from bplib.checks.record import RECORD_TYPE
from bplib.grading.checker import (
    CannotCross,
    Cell,
    Checker,
    CheckerError,
    CheckLimits,
    Fault,
    cells_of,
    hidden_lines,
    visible,
)

from .conftest import role


def graded(source, points=4.0, name="check"):
    return Cell(name, "graded", source, points)


def solution(source, name="answer"):
    return Cell(name, "solution", source)


SETUP = Cell("setup", "locked", "import numpy as np")
DOUBLE = solution("def double(x):\n    return 2 * x")


def reference(*cells, **more):
    """Return how each cell ends with the master's own answers."""
    with Checker(cells, **more) as checker:
        return checker.reference("seed")


def ended(*cells, **more):
    """Return how the last cell ends with the master's own answers."""
    return reference(*cells, **more)[cells[-1].name]


def asked(ask, *cells, seed="seed"):
    """Return how the last cell ends when `ask(message, value)` is the learner's side."""
    with Checker(cells) as checker, checker.session(seed) as session:
        for cell in cells:
            if cell.role != "solution":
                ending = session.run(cell.name, lambda reply, message, value: ask(message, value))
        return ending


def function(answer):
    """Return the learner's side that has every name as a function: `answer(*args)`."""
    return lambda message, value: "callable" if message["is"] == "kind" else answer(*value[0])


def text(ending):
    return "".join(output.get("text", "") for output in ending.outputs)


# ------------------------------------------------------------------------------------------------ the master's cells
def test_the_checker_gets_the_lecturers_cells_and_what_they_need():
    cells = [
        new_markdown_cell("# Words"),
        new_code_cell("import numpy as np"),
        new_code_cell("scale = np.array(3.0)\nunused = 1"),
        new_code_cell("print('only to look at')"),
        new_code_cell("def f(): ...", metadata=role("f", solution=True)),
        new_code_cell("train()", metadata={**role("demo"), "tags": ["display-only"]}),
        new_code_cell("base = 1", metadata=role("base")),
        new_code_cell("assert f() == scale * base", metadata=role("check_f", 2)),
        new_code_cell("x = 1", metadata=role("own", 3, solution=True)),
    ]
    found = cells_of(cells)
    assert [(c.name, c.role, c.points) for c in found] == [
        ("cell 1", "free", 0.0),
        ("cell 2", "free", 0.0),
        ("f", "solution", 0.0),
        ("base", "locked", 0.0),
        ("check_f", "graded", 2.0),
        ("own", "solution", 0.0),
    ]


def test_hidden_lines():
    source = "a\n### BEGIN HIDDEN TESTS\nb\n### END HIDDEN TESTS\nc"
    assert hidden_lines(source) == {2, 3}
    assert visible(source) == "a\nc"


# ------------------------------------------------------------------------------------------------ endings
ENDINGS = {  # what a check worth 4 ends in: its marks
    "1.5": 1.5,
    "3": 3.0,
    "np.float64(2.5)": 2.5,
    "0.0": 0.0,
    "assert double(1.0) == 2.0": 4.0,
    "np.testing.assert_allclose(double(np.ones(3)), 2 * np.ones(3))": 4.0,
    "double(1.0) == 2.0": 4.0,
    "double(1.0) == 3.0": None,
    "5.0": None,
    "-1.0": None,
    "float('nan')": None,
    "'4.0'": None,
    "(4.0,)": None,
    "assert False": None,
    "raise SystemExit": None,
    "import no_such_module": None,
    "4.0 4.0": None,
    "%matplotlib inline\n4.0": 4.0,
    "%%time\n4.0": 4.0,
}


def test_a_check_is_worth_the_number_it_ends_in():
    cells = [SETUP, DOUBLE, *(graded(source, name=f"t{i}") for i, source in enumerate(ENDINGS))]
    endings = reference(*cells)
    marks = {source: endings[f"t{i}"].marks(4.0) for i, source in enumerate(ENDINGS)}
    assert marks == ENDINGS


def test_a_check_that_ends_its_process_or_never_ends():
    with Checker([graded("import os; os._exit(0)")]) as checker:
        assert "ended its process" in checker.reference("s")["check"].died
        with checker.session("s") as session, pytest.raises(CheckerError, match="ended its process"):
            session.run("check", None)
    spinning = ended(graded("while True: pass"), limits=CheckLimits(cpu=1.0))
    assert "out of time" in spinning.died
    waiting = ended(graded("import time; time.sleep(9)"), limits=CheckLimits(wall=0.5))
    assert "did not end within 0.5 s" in waiting.died


def test_memory_of_a_check_is_limited():
    ending = ended(SETUP, graded("np.ones(2**31)"), limits=CheckLimits(memory=1 << 30))
    assert "MemoryError" in ending.error["name"]


# ------------------------------------------------------------------------------------------------ what it shows
def test_text_drawing_and_record_come_in_order():
    setup = Cell("setup", "locked", "from bplib import svg\nfrom bplib.checks import ps06")
    stub = solution("def half_squared(out, target):\n    return out - target")
    show = "svg.show(svg.network([['x'], ['out']]), alt='a net')\nps06.half_squared(half_squared)"
    ending = ended(setup, stub, graded(show, 1.0))
    kinds = [next(iter(output.get("data", {"text": ""}))) for output in ending.outputs]
    assert kinds == ["text/html", "text", "text/html", RECORD_TYPE]
    assert ending.outputs[0]["data"]["text/html"].startswith('<img alt="a net" src="data:image/svg+xml;base64,')
    assert text(ending).startswith("half_squared: 0 of 1 point")
    assert ending.record["question"] == "ps06.half_squared"
    assert ending.record["marks"] == ending.value == 0.0


def test_what_hidden_tests_print_and_raise_is_apart():
    hidden = (
        "print('seen')\n### BEGIN HIDDEN TESTS\nprint('secret')\nassert 1 == 2, 'secret'\n### END HIDDEN TESTS\n4.0"
    )
    ending = ended(graded(hidden))
    assert text(ending) == "seen\n"
    assert ending.hidden == "secret\n"
    assert ending.error["hidden"]
    assert ending.error["line"] == 4


def test_a_check_that_prints_without_end_keeps_its_first_part():
    assert len(text(ended(graded("for _ in range(10**4): print('x' * 99)\n4.0")))) == 200_000


# ------------------------------------------------------------------------------------------------ where it runs
def test_the_process_has_a_seed_and_no_grade_book():
    source = (
        "import os, sys\n"
        "print(os.environ['BPLIB_SEED'], sorted({'nbgrader', 'sqlite3', 'bplib.grading.sandbox'} & set(sys.modules)))"
    )
    assert text(asked(None, graded(source), seed="a seed")) == "a seed []\n"


def test_helpers_are_there_and_are_not_written_to(tmp_path):
    (tmp_path / "helper.py").write_text("three = 3.0")
    (tmp_path / "data.txt").write_text("7")
    source = "from helper import three\nopen('new.txt', 'w').write('x')\nthree + float(open('data.txt').read())"
    assert ended(graded(source, 10.0), beside=tmp_path).value == 10.0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data.txt", "helper.py"]


def test_sessions_know_nothing_of_each_other():
    with Checker(
        [graded("import builtins\nseen = hasattr(builtins, 'mark')\nbuiltins.mark = 1\n0.0 if seen else 4.0")]
    ) as c:
        for _ in range(2):
            with c.session("s") as session:
                assert session.run("check", None).value == 4.0


# ------------------------------------------------------------------------------------------------ names
def test_a_name_of_the_lecturers_is_never_the_learners():
    asked_for = []

    def ask(message, value):
        asked_for.append(message["name"])
        return "callable" if message["is"] == "kind" else 1.0

    cells = [
        Cell("setup", "locked", "import numpy as np\ndef close(a, b):\n    return abs(a - b) < 1e-9"),
        solution("import math\ndef f(): return 1.0\ndef sum(x): return 1.0"),
        graded("assert close(f(), np.float64(1.0)) and math.pi > 3 and len([]) == 0\nsum(1) * 4.0"),
    ]
    assert asked(ask, *cells).value == 4.0
    assert asked_for == ["f", "f", "sum", "sum"]


def test_a_setup_function_can_ask_for_the_learners():
    cells = [
        Cell("setup", "locked", "def twice():\n    return 2 * f()"),
        solution("def f(): return 1.0"),
        graded("twice()"),
    ]
    assert asked(function(lambda: 1.5), *cells).value == 3.0


def test_what_the_master_asks_for_in_a_solution_cell_is_the_learners_even_if_the_setup_has_it():
    cells = [Cell("setup", "locked", "rate = None"), solution("rate = 4.0"), graded("rate")]
    assert asked(lambda message, value: "value" if message["is"] == "kind" else 3.0, *cells).value == 3.0


def test_a_name_that_nobody_defines():
    ending = asked(lambda message, value: "missing", DOUBLE, graded("assert double(1) == 2"))
    assert ending.error["lost"] == "double"
    assert ending.error["answers"]


# ------------------------------------------------------------------------------------------------ exceptions
def raising(name="ValueError", base="", **more):
    def answer(*args):
        raise Fault("raised", f"it raised {name}", name, base or name, "no good", **more)

    return function(answer)


def test_exceptions_cross_by_name():
    source = "import pytest\nwith pytest.raises(ValueError, match='no good'):\n    double(1.0)"
    assert asked(raising(), DOUBLE, graded(source)).nothing
    assert asked(raising("Mine", "ValueError"), DOUBLE, graded(source)).nothing
    assert asked(raising("KeyError"), DOUBLE, graded(source)).error["fault"]["name"] == "KeyError"
    assert asked(raising("UnicodeDecodeError"), DOUBLE, graded(source)).nothing  # it takes five arguments at home


UPDATE = [
    Cell("setup", "locked", "from bplib.checks import ps06"),
    solution("def update(): ..."),
    graded("ps06.update(update)"),
]


def test_the_message_of_a_check_shows_the_learners_own_line():
    cells = [
        Cell("setup", "locked", "from bplib.checks import ps06"),
        solution("def update(): ..."),
        graded("ps06.update(update)"),
    ]
    ending = asked(raising(line=3, source="    return W - dW"), *cells)
    words = " ".join(text(ending).split())
    assert "it raised ValueError: no good (line 3 of the cell: return W - dW)" in words
    assert ending.value == 0.0


def test_a_loop_without_end_has_the_judge_s_words():
    def answer(*args):
        raise Fault("time", "it took more than 10 s")

    cells = [
        Cell("setup", "locked", "from bplib.checks import ps06"),
        solution("def update(): ..."),
        graded("ps06.update(update)"),
    ]
    ending = asked(function(answer), *cells)
    assert "your function was stopped: it took more than 10 s" in " ".join(text(ending).split())


def test_waiting_for_an_answer_costs_the_learner_nothing():
    source = "from bplib.checks import calling\ncalling.call(double, {'x': 1.0}, seconds=0.1).value"
    assert asked(function(lambda x: time.sleep(0.3) or 2.0), DOUBLE, graded(source)).value == 2.0


# ------------------------------------------------------------------------------------------------ the boundary
CLASSES = """
class Layer:
    def __init__(self, W): self.W = W
    def forward(self, x): return x @ self.W
    def same(self): return self
def make(): return Layer(np.eye(2))
def apply(f, x): return f(x) + f(x)
"""


@pytest.mark.parametrize(
    "source",
    [
        "layer = Layer(2 * np.eye(2))\nassert (layer.forward(np.ones((1, 2))) == 2).all()",
        "layer = Layer(np.eye(2))\nlayer.W = 3 * np.eye(2)\nassert (layer.same().W == 3 * np.eye(2)).all()",
        "assert (make().forward(np.ones((1, 2))) == 1).all()",
        "assert apply(lambda x: x**2, 3.0) == 18.0",
        "assert apply(make().same().forward, np.ones((1, 2))).sum() == 4.0",
    ],
)
def test_classes_methods_and_functions_of_the_check(source):
    assert ended(SETUP, solution(CLASSES), graded(source)).marks(4.0) == 4.0


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("assert isinstance(make(), Layer)", "isinstance"),
        ("make.__doc__ = 'x'\nassert Layer(object()) is not None", "type object is not plain data"),
        ("assert len(make()) == 2", "len of an object"),
        ("apply(lambda x: make(), 1.0)", "calls the answer"),
    ],
)
def test_what_cannot_cross_gives_no_marks_and_says_why(source, why):
    ending = ended(SETUP, solution(CLASSES), graded(source))
    assert ending.marks(4.0) is None
    assert why in f"{ending.error} {ending.reviews} {ending.odd_answers}"


def test_arrays_are_copies_on_both_ways():
    own = solution("kept = np.zeros(3)\ndef f(x):\n    x[:] = 7\n    return kept")
    source = "x = np.ones(3)\nf(x)[:] = 5\nassert (x == 1).all() and (f(x) == 0).all()"
    assert ended(SETUP, own, graded(source)).nothing


def test_an_object_of_an_earlier_check_is_gone():
    cells = [
        SETUP,
        solution(CLASSES),
        graded("old = make()", name="one"),
        graded("old.forward(np.ones((1, 2)))", name="two"),
    ]
    assert "another cell" in str(reference(*cells)["two"].error)


def test_what_one_check_could_not_use_is_not_held_against_the_next():
    checks = graded("float(make())", name="one"), graded("make()\n4.0", name="two")
    endings = reference(SETUP, solution(CLASSES), *checks)
    assert endings["one"].odd_answers
    assert endings["two"].odd_answers == ()


def test_a_learners_side_that_cannot_hand_over():
    def answer(*args):
        raise CannotCross("a DataFrame")

    ending = asked(function(answer), DOUBLE, graded("double(1.0)"))
    assert ending.odd_answers == ("a DataFrame",)
    assert ending.marks(4.0) is None


def test_an_array_from_the_other_side_is_the_checks_own():
    ending = asked(function(lambda x: np.ones(2)), SETUP, DOUBLE, graded("a = double(1.0)\na += 1\nfloat(a.sum())"))
    assert ending.value == 4.0


def test_a_check_can_see_which_arguments_an_answer_changed():
    answer = solution(
        "def f(x, layers):\n    layers[1] += 1\n    return x\n"
        "class Layer:\n    def step(self, W, rate=0.1): W -= rate\n"
    )
    check = graded(
        "a, b = np.zeros(2), [np.zeros(2), np.zeros(3)]\nf(a, b)\nfirst = f.changed\nf(a, [1, 2])\n"
        "step = Layer().step\nstep(W=a)\nassert (first, f.changed, step.changed) == ((1,), (1,), ('W',))\n"
        "assert not any(a) and not any(b[1])\n4.0"
    )
    assert reference(SETUP, answer, check)["check"].value == 4.0
