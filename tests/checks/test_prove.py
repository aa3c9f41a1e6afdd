"""Learners' programs, right and wrong, and pairs of mistakes that are drawn: what is named has been made."""

from itertools import islice

import numpy as np
import pytest

from bplib.checks import prove
from bplib.checks.calling import same
from bplib.checks.mistakes import CANNOT, Case, alike, thin
from tests.checks.exercises import ANSWERS, CHECKS, QUESTIONS

FOLDERS = sorted(folder for folder in ANSWERS.glob("ps*") if (folder / "functions").is_dir())
WRITTEN = [program for folder in FOLDERS for program in prove.programs(folder) if program.question in CHECKS]


def test_there_are_programs_enough():
    kinds = [program.kind for program in WRITTEN]
    assert kinds.count("wrong") >= 500
    assert kinds.count("outside") >= 60
    assert kinds.count("pair") >= 30
    for name in {program.question for program in WRITTEN}:
        assert [p.kind for p in WRITTEN if p.question == name].count("right") >= 3, name


@pytest.mark.parametrize("name", sorted({program.question for program in WRITTEN}))
def test_the_programs_of_a_question(name):
    """All on two seeds here; `make prove` judges them on ten."""
    programs = [program for program in WRITTEN if program.question == name]
    tally = prove.Tally()
    for program in programs:
        for seed in (0, 1):
            tally.add(program, seed, prove.question(name).judge(program.function, seed=seed, hint=2), 0.0)
    assert tally.faults == []


def test_the_targets_are_met():
    """97 % of single mistakes named; of pairs, 70 % with both or the first; 95 % of first wrong values right."""
    total = prove.Tally()
    for program in WRITTEN:
        total.add(program, 0, prove.question(program.question).judge(program.function, seed=0), 0.0)
    count = total.count
    singles = count["wrong"] + count["convention"]
    told = sum(count[f"{kind} {word}"] for kind in ("wrong", "convention") for word in ("named", "either"))
    assert told >= 0.97 * singles, (told, singles)
    assert count["pair named"] + count["pair either"] >= 0.7 * count["pair"]
    assert count["first right"] >= 0.95 * count["first"]
    assert count["any misnamed"] == 0


def drawn(question, part, slips, seed):
    """A program that makes two slips in one part, as the formula does; the other parts are right."""
    instances = question.instances(seed)

    def program(*inputs):
        given = dict(zip(question.takes, inputs, strict=True))
        (n,) = [n for n in instances if all(same(getattr(n, name), given[name]) for name in given)]
        values = {p.name: np.array(p.want(n)) for p in question.parts}
        values[part.name] = part.formula.value(part.at(n, 0), *slips).reshape(np.shape(part.want(n)))
        returned = tuple(float(value) if value.ndim == 0 else value for value in values.values())
        return returned[0] if len(returned) == 1 else dict(values) if question.as_dict else returned

    return program


PLAIN = [
    (name, i)
    for name, question in QUESTIONS.items()
    for i, part in enumerate(question.parts)
    if part.formula
    and name != "ps09.train_model"  # its model is a dict, which `drawn` does not make
    and not part.several
    and not part.integers
    and name.split(".")[0] in ("ps06", "ps07", "ps08", "ps09")
]


@pytest.mark.parametrize(("name", "i"), PLAIN, ids=[f"{name}-{i}" for name, i in PLAIN])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_fifty_drawn_pairs_are_named_or_equal_to_what_is(name, i):
    question, seed = QUESTIONS[name], 7
    part = question.parts[i]
    pairs = list(part.formula.pairs())
    np.random.default_rng(0).shuffle(pairs)
    named = tried = 0
    for pair in islice(pairs, 50):
        instances = [n for n in question.instances(seed) if not getattr(n, "extreme", False)]
        try:
            cases = [Case(part.at(n, 0), part.formula.value(part.at(n, 0), *pair)) for n in instances]
            right = [np.asarray(part.want(n), float) for n in instances]
        except CANNOT:
            continue
        if any(
            thin(case.got) != thin(want) or not np.isfinite(case.got).all()
            for case, want in zip(cases, right, strict=True)
        ):
            continue
        if all(alike(case.got.ravel(), want.ravel()) for case, want in zip(cases, right, strict=True)):
            continue  # the two undo each other
        tried += 1
        record = question.judge(drawn(question, part, pair, seed), seed=seed, hint=1)
        assert record.marks < record.out_of
        assert record.first_wrong["part"] == part.name
        if record.mistakes == ("constant_for_formula",):
            continue  # nothing of the input is left: that is said first
        named += bool({slip.id for slip in pair} & set(record.mistakes))
        if record.named and not set(record.mistakes) <= {slip.id for slip in pair}:
            # Another name is only allowed where it is the same numbers.
            slips = [s for s in part.formula.known if s.id in record.mistakes]
            combinations = [(s,) for s in slips] + [
                (s, t) for s in slips for t in slips if not s.puts.keys() & t.puts.keys()
            ]
            assert any(all(case.explained(part.formula, c) for case in cases) for c in combinations), (
                pair,
                record.mistakes,
            )
    assert named >= 0.7 * tried
