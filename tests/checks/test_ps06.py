"""The check of the 2-2-2 exercise, tried on programs as learners write them."""

import contextlib
import importlib.util
import json
import tomllib
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from bplib.checks import ps06
from bplib.checks.question import Question
from bplib.gradcheck import central_difference

ANSWERS = Path(__file__).resolve().parent.parent / "answers" / "ps06"
EXPECTED = tomllib.loads((ANSWERS / "marks.toml").read_text(encoding="utf-8"))
PROGRAMS = sorted(ANSWERS.glob("*_*.py"))
QUESTIONS = {name: value for name, value in vars(ps06).items() if isinstance(value, Question)}


def unwritten(*inputs):
    raise NotImplementedError


def answers(path):
    """The functions of a program, with the released stub for each that it does not have."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {name: getattr(module, name, unwritten) for name in QUESTIONS}


def test_every_expectation_has_its_program():
    assert set(EXPECTED) <= {path.stem for path in PROGRAMS}
    kinds = [path.stem.split("_")[0] for path in PROGRAMS]
    assert kinds.count("right") >= 3
    assert kinds.count("wrong") >= 10


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
@pytest.mark.parametrize("seed", range(5))
def test_each_program_gets_its_marks(path, seed):
    expected = EXPECTED.get(path.stem, {}).get("marks", {})
    given = {name: QUESTIONS[name].judge(answer, seed=seed).marks for name, answer in answers(path).items()}
    assert given == {name: expected.get(name, question.points) for name, question in QUESTIONS.items()}


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_each_program_is_told_its_first_wrong_value(path):
    told = EXPECTED.get(path.stem, {}).get("first_wrong", {})
    functions = answers(path)
    for name, question in QUESTIONS.items():
        record = question.judge(functions[name])
        assert (record.first_wrong is None) == (record.marks == record.out_of)
        if name in told:
            assert record.first_wrong["text"].startswith(told[name])
            if "it is not written yet" not in told[name]:
                assert told[name] in record.message


@pytest.mark.parametrize("name", QUESTIONS)
def test_marks_are_one_plain_float_and_the_record_is_plain_data(name, capsys):
    right = answers(ANSWERS / "right_loops.py")[name]
    for function, marks in ((right, QUESTIONS[name].points), (unwritten, 0.0)):
        given = QUESTIONS[name](function)
        assert type(given) is float
        assert given == marks
        assert capsys.readouterr().out.startswith(f"{name}: {marks:g} of ")
        assert json.loads(json.dumps(asdict(QUESTIONS[name].judge(function))))["marks"] == marks


NOTHINGS = {
    "None": lambda *inputs: None,
    "zeros": lambda *inputs: np.zeros(2),
    "zero": lambda *inputs: 0.0,
    "empty": lambda *inputs: np.empty(0),
    "nan": lambda *inputs: np.full(2, np.nan),
    "masked": lambda *inputs: np.ma.masked_all(2),
    "text": lambda *inputs: "1.5",
    "an array too deep": lambda *inputs: np.ones((1, 2, 2)),
    "exits": lambda *inputs: exit(),
    "recurses": lambda *inputs: NOTHINGS["recurses"](*inputs),
    "four zeros": lambda *inputs: (np.zeros(2),) * 4,
    "four matrices": lambda *inputs: (np.zeros((2, 2)), np.zeros(2)) * 2,
    "its inputs": lambda *inputs: inputs[0],
    "too few inputs": lambda: 1.0,
    "no function": 3.0,
}


@pytest.mark.parametrize("what", NOTHINGS)
@pytest.mark.parametrize("name", QUESTIONS)
def test_nothing_earns_nothing(name, what):
    record = QUESTIONS[name].judge(NOTHINGS[what])
    assert record.marks == 0
    assert record.first_wrong["text"]


class Agreeable(np.ndarray):
    """Equal to everything: must not be taken for an array."""

    def __eq__(self, other):
        return True

    def __sub__(self, other):
        return np.zeros(self.shape)


def test_an_array_that_agrees_with_everything_earns_nothing():
    record = ps06.output_delta.judge(lambda out, target: np.ones(2).view(Agreeable))
    assert record.marks == 0
    assert "plain NumPy array" in record.first_wrong["text"]


def test_the_oracle_is_the_loss_moved_a_little():
    for n in ps06.instances(seed=3):
        for name in ("W1", "b1", "W2", "b2"):
            moved = central_difference(lambda value, n=n, name=name: n.loss(**{name: value}), getattr(n, name))
            np.testing.assert_allclose(getattr(n, f"d{name}"), moved, rtol=1e-6, atol=1e-9)
        shared = (n.loss(b1=n.b1 + 1e-5) - n.loss(b1=n.b1 - 1e-5)) / 2e-5
        np.testing.assert_allclose(n.shared, shared, rtol=1e-6, atol=1e-9)


def test_random_networks_have_no_zeros_and_no_ties():
    for seed in range(50):
        for n in ps06.instances(seed)[1:]:
            numbers = np.concatenate([v.ravel() for v in (n.x, *n.params, *n.grads, n.out, n.target)])
            assert np.abs(numbers).min() > 1e-5
            assert len(np.unique(numbers.round(12))) >= numbers.size - 4  # delta is db: the same numbers twice at most


def test_seeds_differ_between_courses_and_stay_within_one(monkeypatch):
    at_home = ps06.forward.example(2)
    monkeypatch.setenv("BPLIB_SEED", "a learner's")
    graded = ps06.forward.example(2)
    assert not np.allclose(at_home[0], graded[0])
    np.testing.assert_array_equal(graded[1], ps06.forward.example(2)[1])
    np.testing.assert_array_equal(ps06.forward.example(1)[1], [[0.15, 0.25], [0.20, 0.30]])
    with pytest.raises(ValueError, match="networks 1 to 5"):
        ps06.forward.example(6)


def test_a_random_network_can_be_had_at_home_and_not_from_the_grading(monkeypatch):
    deck_only = answers(ANSWERS / "other_deck_numbers.py")["hidden_delta"]
    assert "hidden_delta(*ps06.hidden_delta.example(2))" in ps06.hidden_delta.judge(deck_only).message
    monkeypatch.setenv("BPLIB_SEED", "a learner's")
    message = ps06.hidden_delta.judge(deck_only).message
    assert "drawn for the grading" in message
    assert "example(" not in message


def test_changing_an_input_is_noted_and_costs_nothing():
    record = ps06.output_delta.judge(answers(ANSWERS / "other_in_place.py")["output_delta"])
    assert record.marks == record.out_of
    assert "changes its input out" in record.message


def test_hints_add_help_and_never_take_marks():
    sign = answers(ANSWERS / "wrong_sign.py")["output_delta"]
    plain, pattern, look = (ps06.output_delta.judge(sign, hint=hint) for hint in (0, 1, 2))
    assert plain.marks == pattern.marks == look.marks
    assert "  mistake   " not in plain.message
    assert "mistake   the sign is the other one in every entry" in pattern.message
    assert "Deck 004" not in pattern.message
    assert "Deck 004" in look.message


def test_a_message_shows_the_learners_own_line_and_no_trace():
    record = ps06.hidden_delta.judge(answers(ANSWERS / "wrong_exception.py")["hidden_delta"])
    assert "blame = np.zeros(3) + W2 @ delta2" in record.message
    assert "Traceback" not in record.message
    assert "calling.py" not in record.message


def test_a_loop_without_end_is_stopped(monkeypatch):
    from bplib.checks import calling

    def endless(*inputs):
        while True:
            with contextlib.suppress(Exception):
                sum(range(1000))

    outcome = calling.call(endless, {"x": 1.0}, seconds=0.3)
    assert "ran for more than 0.3 seconds" in outcome.failure


def test_one_slip_costs_once():
    """Everything after a wrong z1 is judged on the learner's own z1, but not on zeros."""

    def forward(x, W1, b1, W2, b2):
        z1 = x @ W1 - b1
        a1 = 1 / (1 + np.exp(-z1))
        z2 = a1 @ W2 + b2
        return z1, a1, z2, 1 / (1 + np.exp(-z2))

    record = ps06.forward.judge(forward)
    assert (record.marks, record.right) == (2.0, ("a1", "z2", "out"))
    assert ps06.forward.judge(lambda *inputs: (np.zeros(2),) * 4).marks == 0
    # Nothing but zeros below, and z2 = b2 follows from them: no marks for z2. (out does follow from z2.)
    idle = ps06.forward.judge(lambda x, W1, b1, W2, b2: (np.zeros(2), np.zeros(2), b2 * 1, ps06.sigmoid(b2)))
    assert (idle.marks, idle.right) == (0.5, ("out",))


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_mistake_is_named_and_none_is_invented(path, seed):
    named = EXPECTED.get(path.stem, {}).get("mistakes", {})
    functions = answers(path)
    for name, question in QUESTIONS.items():
        record = question.judge(functions[name], seed=seed, hint=1)
        assert sorted(record.mistakes) == sorted(named.get(name, [])), (name, record.message)
        assert record.named == (len(record.mistakes) == 1)
        if record.named:
            assert "  mistake   " in record.message
        elif record.mistakes:
            assert "  either    " in record.message


PARTS = [(name, part) for name, question in QUESTIONS.items() for part in question.parts]
# Mistakes that are one and the same here, whatever the network: both are given, none is called the one.
SAME_NUMBERS = {
    ("hidden_delta", "delta1"): {frozenset({"mean_for_sum", "factor_half"})},
    ("shared_bias_gradient", "db"): {frozenset({"mean_for_sum", "factor_half"})},
}


def distance(ones, others):
    """Largest difference over all networks, as a share of the larger of the two values."""
    return max(np.abs(a - b).max() / max(np.abs(a).max(), np.abs(b).max()) for a, b in zip(ones, others, strict=True))


@pytest.mark.parametrize(("name", "part"), PARTS, ids=[f"{name}-{part.name}" for name, part in PARTS])
def test_every_two_mistakes_can_be_told_apart_or_are_declared(name, part):
    together = set()
    for seed in range(20):
        networks = ps06.instances(seed)
        right = [np.asarray(part.want(n), float) for n in networks]
        values = [[np.asarray(mistake.value(n), float) for n in networks] for mistake in part.known]
        for i, (mistake, mine) in enumerate(zip(part.known, values, strict=True)):
            assert mistake.says
            assert [a.shape for a in mine] == [b.shape for b in right]
            assert distance(mine, right) > 1e-3, mistake.id
            for other, theirs in zip(part.known[:i], values[:i], strict=True):
                if distance(mine, theirs) < 1e-6:
                    together.add(frozenset({mistake.id, other.id}))
                else:
                    assert distance(mine, theirs) > 1e-3, (mistake.id, other.id)
    assert together == SAME_NUMBERS.get((name, part.name), set())


@pytest.mark.parametrize(
    "slip",
    [
        lambda delta2, W2, a1: (W2 @ delta2) * a1**2,
        lambda delta2, W2, a1: (W2 @ delta2) * a1 * (1 - a1) + 0.01,
        lambda delta2, W2, a1: (W2 @ np.abs(delta2)) * a1 * (1 - a1),
        lambda delta2, W2, a1: (np.abs(W2) @ delta2) * a1 * (1 - a1),
        lambda delta2, W2, a1: (W2 @ delta2) * a1 * (1 - a1) ** 2,
        lambda delta2, W2, a1: ((W2 @ delta2) * a1 * (1 - a1))[::-1].copy(),
        lambda delta2, W2, a1: np.round((W2 @ delta2) * a1 * (1 - a1), 6),
        lambda delta2, W2, a1: 3 * (W2 @ delta2) * a1 * (1 - a1),
    ],
)
def test_a_slip_that_nobody_knows_is_described_and_not_named(slip):
    record = ps06.hidden_delta.judge(slip, hint=1)
    assert record.marks < 4
    assert record.mistakes == ()
    assert not record.named
    assert record.first_wrong["part"] == "delta1"
    told = "pattern   each value is 3 times" if record.explanations else "mistake   none that this check knows"
    assert told in record.message
