"""Every question of every exercise: right answers, wrong ones, and none at all."""

import json
from dataclasses import asdict

import numpy as np
import pytest

from bplib.checks.mistakes import CANNOT, alike, thin
from tests.checks.exercises import CHECKS, EXPECTED, PROGRAMS, QUESTIONS, WHOLE, answers, expected, of, unwritten


def name_of(path):
    return f"{path.parent.name}-{path.stem}"


@pytest.mark.parametrize("exercise", WHOLE)
def test_every_expectation_has_its_program_and_there_are_enough(exercise):
    programs = [path.stem for path in PROGRAMS if path.parent.name == exercise]
    assert set(EXPECTED[exercise]) <= set(programs)
    kinds = [name.split("_")[0] for name in programs]
    assert kinds.count("right") >= 3
    assert kinds.count("wrong") >= 10


@pytest.mark.parametrize("path", PROGRAMS, ids=name_of)
@pytest.mark.parametrize("seed", range(3))
def test_each_program_gets_its_marks_and_its_mistakes(path, seed):
    marks, mistakes = expected(path, "marks"), expected(path, "mistakes")
    functions = answers(path)
    for name, check in of(path.parent.name).items():
        record = check.judge(functions[name], seed=seed, hint=1)
        assert record.marks == marks.get(name, check.points), (name, record.message)
        assert list(record.mistakes) == mistakes.get(name, []), (name, record.message)
        assert (record.first_wrong is None) == (record.marks == record.out_of)
        if record.named:
            assert "  mistake " in record.message or "  convention " in record.message
        elif record.mistakes:
            assert "  either " in record.message


@pytest.mark.parametrize("path", PROGRAMS, ids=name_of)
def test_each_program_is_told_its_first_wrong_value(path):
    told = expected(path, "first_wrong")
    functions = answers(path)
    for name, check in of(path.parent.name).items():
        record = check.judge(functions[name])
        if name in told:
            assert record.first_wrong["text"] == told[name]
            assert told[name] in " ".join(record.message.split())


@pytest.mark.parametrize("name", QUESTIONS)
def test_an_answer_that_is_not_written_earns_nothing_on_any_seed(name):
    for seed in range(200):
        record = QUESTIONS[name].judge(unwritten, seed=seed)
        assert record.marks == 0
        assert record.message.splitlines()[1].startswith("  to do")


NOTHINGS = {
    "None": lambda *inputs: None,
    "zeros": lambda *inputs: np.zeros(2),
    "zero": lambda *inputs: 0.0,
    "one": lambda *inputs: 1.0,
    "empty": lambda *inputs: np.empty(0),
    "nan": lambda *inputs: np.full(2, np.nan),
    "masked": lambda *inputs: np.ma.masked_all(2),
    "objects": lambda *inputs: np.array([1.5, None], dtype=object),
    "text": lambda *inputs: "1.5",
    "an empty dict": lambda *inputs: {},
    "an empty list": lambda *inputs: [],
    "an array too deep": lambda *inputs: np.ones((1, 2, 2)),
    "exits": lambda *inputs: exit(),
    "recurses": lambda *inputs: NOTHINGS["recurses"](*inputs),
    "four zeros": lambda *inputs: (np.zeros(2),) * 4,
    "four matrices": lambda *inputs: (np.zeros((2, 2)), np.zeros(2)) * 2,
    "its first input": lambda *inputs: inputs[0],
    "its last input": lambda *inputs: inputs[-1],
    "its inputs": lambda *inputs: inputs,
    "itself": lambda *inputs: NOTHINGS["itself"],
    "too few inputs": lambda: 1.0,
    "no function": 3.0,
    "a class": int,
}


@pytest.mark.parametrize("what", NOTHINGS)
@pytest.mark.parametrize("name", CHECKS)
def test_nothing_earns_nothing(name, what):
    record = CHECKS[name].judge(NOTHINGS[what])
    by_chance = (name, what) == ("ps06.gradients", "its inputs")  # delta2 is db2, and handed in at its place
    assert record.marks == (0.5 if by_chance else 0)
    assert record.first_wrong["text"]
    json.dumps(asdict(record))


PARTS = [(name, i) for name, question in QUESTIONS.items() for i, part in enumerate(question.parts) if part.formula]


def places(part, n):
    """Every array of a part on one instance: what it is made from, and what is right."""
    want = part.want(n)
    if not part.several:
        return [(part.at(n, 0), np.asarray(want, float))]
    layers = (part.layers or range)(len(want))
    return [(part.at(n, layer), np.asarray(want[layer], float)) for layer in layers]


@pytest.mark.parametrize(("name", "i"), PARTS, ids=[f"{name}-{i}" for name, i in PARTS])
def test_the_formula_and_the_oracle_agree(name, i):
    """The formula is there to say what a slip gives; the right value never comes from it."""
    question = QUESTIONS[name]
    part = question.parts[i]
    for seed in range(20):
        for n in question.instances(seed):
            for local, want in places(part, n):
                value = part.formula.value(local)
                assert thin(value) == thin(want)
                scale = np.abs(want).max(initial=1e-300)
                np.testing.assert_allclose(value.ravel(), want.ravel(), rtol=1e-10, atol=1e-12 * scale)


# Mistakes that are one and the same in a question's shapes, whatever the numbers: both are told, as alternatives.
SAME_NUMBERS = {
    ("ps06.hidden_delta", 0): {frozenset({"mean_for_sum", "factor_half"})},
    ("ps06.shared_bias_gradient", 0): {frozenset({"mean_for_sum", "factor_half"})},
}


def values(part, slip, instances):
    """What a slip gives everywhere, None where it cannot happen."""
    given = []
    for n in instances:
        for local, _ in places(part, n):
            try:
                given.append(part.formula.value(local, slip))
            except CANNOT:
                return None
    return given


def alike_everywhere(ones, others):
    return all(thin(a) == thin(b) and alike(a.ravel(), b.ravel()) for a, b in zip(ones, others, strict=True))


@pytest.mark.parametrize(("name", "i"), PARTS, ids=[f"{name}-{i}" for name, i in PARTS])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_every_two_mistakes_can_be_told_apart_or_are_declared(name, i):
    question = QUESTIONS[name]
    part = question.parts[i]
    together = {}
    for seed in range(10):
        instances = [n for n in question.instances(seed) if not getattr(n, "extreme", False)]
        right = [want for n in instances for _, want in places(part, n)]
        slips = [slip for slip in part.formula.known if not slip.free]
        given = {slip: values(part, slip, instances) for slip in slips}
        known = [slip for slip in slips if given[slip] is not None and not alike_everywhere(given[slip], right)]
        for k, slip in enumerate(known):
            for other in known[:k]:
                if slip.id != other.id and alike_everywhere(given[slip], given[other]):
                    pair = frozenset({slip.id, other.id})
                    together[pair] = together.get(pair, 0) + 1
    declared = SAME_NUMBERS.get((name, i), set())
    assert set(together) == declared
    assert all(count == 10 for count in together.values()), together


@pytest.mark.parametrize(("name", "i"), SAME_NUMBERS, ids=[f"{name}-{i}" for name, i in SAME_NUMBERS])
def test_what_is_declared_to_be_the_same_is_so_on_a_thousand_draws(name, i):
    question = QUESTIONS[name]
    part = question.parts[i]
    for pair in SAME_NUMBERS[name, i]:
        for seed in range(200):  # five instances each
            instances = question.instances(seed)
            given = [
                values(part, next(slip for slip in part.formula.known if slip.id == id), instances)
                for id in sorted(pair)
            ]
            assert alike_everywhere(*given), (pair, seed)
