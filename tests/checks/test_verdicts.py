"""Write-the-checker: learners' checkers are told apart by what they say of right and wrong gradients."""

import contextlib
from pathlib import Path

import numpy as np
import pytest

from bplib import gradcheck
from bplib.checks import prove, ps03
from bplib.checks.calling import TookTooLong
from bplib.checks.catalogue import CATALOGUE
from bplib.checks.verdicts import KINKS, MOST_CALLS, SLOPPY, relative

VERDICT = ps03.verdict
PROGRAMS = list(prove.programs(Path(__file__).resolve().parent.parent / "answers" / "ps03"))
WORDS = [program for program in PROGRAMS if program.question == "ps03.verdict"]


def kinked(loss, theta, i, h=1e-5):
    step = h * np.eye(len(theta))[i]
    ahead, behind = loss(theta + step) - loss(theta), loss(theta) - loss(theta - step)
    return abs(ahead - behind) > 0.01 * max(abs(ahead), abs(behind))


def checker(numeric=None, error=relative, gather=np.max, tolerance=1e-5, kinks=True):
    """Return a checker as a learner may write it, with its parts exchanged."""

    def verdict(loss, claimed, theta):
        slopes = (numeric or gradcheck.central_difference)(loss, theta)
        errors = np.nan_to_num(error(claimed, slopes), nan=np.inf)
        worst = int(errors.argmax())
        if gather(errors) <= tolerance:
            return "right", worst
        return "kink" if kinks and kinked(loss, theta, worst) else "wrong", worst

    return verdict


# --- what is handed in -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(10))
def test_each_gradient_is_what_it_is_said_to_be(seed):
    passes = VERDICT.passes(seed)
    words = [p.word for p in passes]
    assert words.count("right") == 10
    assert words.count("kink") == 6
    assert words.count("wrong") == len(passes) - 16 >= 20
    for p in passes:
        numeric = gradcheck.central_difference(lambda theta, p=p: float(p.value(theta)), p.theta)
        error = np.nan_to_num(relative(p.claimed, numeric), nan=np.inf).max()
        kinks = gradcheck.kinks(lambda theta, p=p: float(p.value(theta)), p.theta)
        if p.word == "right":
            assert error < 1e-7, p.says
            assert not kinks.any()
        elif p.word == "wrong":
            assert error > 1.9e-3, p.says
            assert not kinks.any()
        else:
            assert error > 0.1, p.says
            assert kinks.any()
            assert np.array_equal(p.worst(), kinks)


def test_scales_zeros_and_small_entries_are_among_them():
    passes = VERDICT.passes(0)
    for word in ("right", "wrong", "kink"):
        sizes = [np.nanmax(np.abs(p.numeric)) for p in passes if p.word == word]
        assert min(sizes) < 1e-5
        assert max(sizes) > 1e5
    assert any(p.word == "right" and (p.claimed == 0).any() for p in passes)
    assert any(p.word == "wrong" and np.isnan(p.claimed).any() for p in passes)
    assert {p.theta.size for p in passes} >= {1, 5, 6, 40}


def test_the_order_belongs_to_the_seed():
    def order(seed):
        return [p.rank for p in VERDICT.passes(seed)]

    assert order(1) == order(1)
    assert order(1) != order(2)
    assert sorted(order(1)) == sorted(order(2)) == list(range(len(order(1))))


def test_a_loss_reveals_nothing_but_its_values():
    seen = []

    def verdict(loss, claimed, theta):
        seen.append((loss.__name__, loss.__qualname__, loss.__doc__, vars(loss), type(claimed), type(theta)))
        return "right", 0

    VERDICT.judge(verdict)
    assert len(seen) == len(VERDICT.passes(0))
    assert len({repr(each) for each in seen}) == 1
    assert seen[0][3] == {}


def test_a_loss_takes_points_of_its_own_shape_only():
    loss, _, theta = VERDICT.example(1)
    assert type(loss(theta)) is float
    assert loss(list(theta)) == loss(theta)
    with pytest.raises(ValueError, match="the loss needs"):
        loss(np.append(theta, 0.0))
    with pytest.raises(TypeError, match="real numbers"):
        loss(theta + 1e-20j)
    with pytest.raises(ValueError, match="examples 1 to"):
        VERDICT.example(0)


# --- marks -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("program", [p for p in WORDS if p.kind == "right"], ids=lambda p: p.name)
@pytest.mark.parametrize("seed", range(5))
def test_right_checkers_get_full_marks(program, seed):
    record = VERDICT.judge(program.function, seed=seed)
    assert record.marks == record.out_of == 10
    assert record.first_wrong is None


@pytest.mark.parametrize(
    "verdict",
    [
        checker(lambda loss, theta: gradcheck.central_difference(loss, theta, 1e-4)),
        checker(lambda loss, theta: gradcheck.central_difference(loss, theta, 1e-6)),
        checker(gradcheck.forward_difference, tolerance=1e-4),
        checker(tolerance=1e-7),
        checker(tolerance=5e-4),
        checker(error=lambda c, n: np.abs(c - n) / (np.abs(c) + np.abs(n) + 1e-12)),
        checker(error=lambda c, n: np.where(c == n, 0, np.abs(c - n) / np.maximum(np.abs(n), 1e-300))),
    ],
)
def test_other_steps_tolerances_and_ways_to_divide_are_right_too(verdict):
    for seed in range(5):
        assert VERDICT.judge(verdict, seed=seed).marks == 10


@pytest.mark.parametrize("word", ["right", "wrong", "kink"])
def test_a_constant_verdict_earns_nothing(word):
    def constant(loss, claimed, theta):
        return word, int(np.nan_to_num(relative(claimed, gradcheck.central_difference(loss, theta)), nan=9.0).argmax())

    record = VERDICT.judge(constant)
    assert record.marks == 0
    assert record.mistakes == ("always_right" if word == "right" else "always_wrong",)


def test_a_verdict_by_chance_earns_next_to_nothing():
    draws = np.random.default_rng(0)
    marks = [
        VERDICT.judge(lambda *_: (str(draws.choice(["right", "wrong"])), 0), seed=seed).marks for seed in range(40)
    ]
    assert np.mean(marks) < 1


def test_marks_are_hit_rate_and_correct_rejection_rate_less_one():
    passes = VERDICT.passes(3)
    by_value = {p.claimed.tobytes(): p for p in passes}

    def told(missed, alarmed):
        left = {"wrong": missed, "right": alarmed, "kink": 0}

        def verdict(loss, claimed, theta):
            p = by_value[claimed.tobytes()]
            word = p.word
            if left[word]:
                left[word] -= 1
                word = "right" if word == "wrong" else "wrong"
            return word, int(p.worst().argmax())

        return VERDICT.judge(verdict, seed=3)

    wrong = sum(p.word == "wrong" for p in passes)
    assert told(0, 0).marks == 10
    record = told(wrong // 2, 4)
    score = 1 - (wrong // 2) / wrong - 4 / 16
    index = 1 - (wrong // 2) / (wrong + 6)
    assert record.marks == np.floor(2 * 8 * score) / 2 + np.floor(2 * 2 * index) / 2
    assert told(1, 0).marks < 10
    assert told(0, 1).marks < 10


def test_an_index_that_is_off_costs_its_points_only():
    right = checker()

    def verdict(loss, claimed, theta):
        word, worst = right(loss, claimed, theta)
        return word, (worst + 1) % len(theta)

    record = VERDICT.judge(verdict, hint=1)
    assert 8 <= record.marks <= 9
    assert record.first_wrong["part"] == "worst"
    assert "is not the one with the largest relative error" in record.first_wrong["text"]


def test_numpy_words_and_indices_are_welcome_and_none_if_nothing_is_wrong():
    right = checker()

    def verdict(loss, claimed, theta):
        word, worst = right(loss, claimed, theta)
        return [np.str_(word), None if word == "right" else np.array(worst)]

    assert VERDICT.judge(verdict).marks == 10


# --- what is said ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("program", [p for p in WORDS if p.kind != "right"], ids=lambda p: p.name)
def test_no_wrong_checker_is_misnamed(program):
    for seed in (1, 2):
        record = VERDICT.judge(program.function, seed=seed)
        assert prove.verdict(program, record) in ("named", "either", "described")
        assert record.first_wrong["part"] == (program.first or record.first_wrong["part"])
        assert record.marks < record.out_of


@pytest.mark.parametrize(
    ("verdict", "ids"),
    [
        (checker(kinks=False), {"no_kink_test"}),
        (checker(gather=np.mean, tolerance=0.05), {"mean_for_max"}),
        (checker(gather=np.median), {"mean_for_max"}),
        (checker(error=lambda c, n: np.abs(c - n), tolerance=1e-4), {"absolute_tolerance"}),
        (checker(error=lambda c, n: np.abs(c - n), tolerance=1e-8), {"absolute_tolerance"}),
        (checker(error=lambda c, n: relative(np.abs(c), np.abs(n))), {"sign_ignored"}),
        (checker(tolerance=0.4), {"tolerance_too_loose"}),
        (checker(tolerance=1e-13), {"tolerance_too_strict"}),
        (checker(lambda loss, theta: gradcheck.central_difference(loss, theta, 1e-13)), {"h_too_small"}),
        (checker(lambda loss, theta: 2 * gradcheck.central_difference(loss, theta)), {"divided_by_h"}),
        (checker(lambda loss, theta: gradcheck.forward_difference(loss, theta, 1e-4)), {"forward_for_central"}),
        (checker(error=lambda c, n: relative(c, n)[:1]), {"first_entry_only"}),
        (checker(error=lambda c, n: np.abs(c - n), kinks=False), {"absolute_tolerance", "no_kink_test"}),
    ],
)
def test_a_fault_is_recognised_by_the_whole_pattern(verdict, ids):
    for seed in range(3):
        record = VERDICT.judge(verdict, seed=seed, hint=1)
        assert record.named
        assert set(record.mistakes) == ids
        assert all(CATALOGUE[id].name for id in ids)
        assert "mistake  " in record.message


def test_every_id_is_in_the_catalogue():
    used = {fault.id for fault in (*SLOPPY, *KINKS) if fault.id}
    used |= {slip.id for question in PARTS for part in question.parts for slip in part.formula.known}
    assert used | {"tolerance_too_loose", "tolerance_too_strict"} <= set(CATALOGUE)


def test_one_verdict_that_does_not_fit_is_enough_to_name_nothing():
    sloppy, calls = checker(gather=np.mean, tolerance=0.05), []

    def verdict(loss, claimed, theta):
        word, worst = sloppy(loss, claimed, theta)
        calls.append(word)
        spoilt = word == "right" and calls.count("right") == 1
        return ("wrong" if spoilt and not kinked(loss, theta, worst) else word), worst

    assert not VERDICT.judge(verdict, seed=2).mistakes


def test_a_few_right_gradients_lost_to_rounding_name_no_tolerance():
    for h, tolerance in ((1e-9, 1e-6), (1e-12, 1e-3), (1e-8, 1e-6)):
        verdict = checker(lambda loss, theta, h=h: gradcheck.central_difference(loss, theta, h), tolerance=tolerance)
        for seed in range(5):
            assert set(VERDICT.judge(verdict, seed=seed).mistakes) <= {"h_too_small"}


def test_missed_gradients_are_told_in_words_three_of_them():
    record = VERDICT.judge(checker(tolerance=0.4), hint=0)
    lines = record.message.splitlines()
    assert "was called 'right'" in " ".join(lines)
    assert " ".join(record.message.split()).count("was called") == 3
    assert record.first_wrong["text"] == "a gradient that is right but for one entry of 40 was called 'right'"
    assert "hint=1" in record.message


def test_while_grading_no_example_is_offered(monkeypatch):
    assert f"example({VERDICT.judge(checker(kinks=False)).first_wrong['network']})" in (
        VERDICT.judge(checker(kinks=False)).message
    )
    monkeypatch.setenv("BPLIB_SEED", "s")
    message = VERDICT.judge(checker(kinks=False)).message
    assert "example(" not in message
    assert "drawn for the grading" in message


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda loss, claimed, theta: None, "it returned None: is a `return` missing?"),
        (lambda loss, claimed, theta: "right", "it returned a str; two are needed: a word and an index"),
        (lambda loss, claimed, theta: ("right", 0, 1), "it returned 3 values"),
        (lambda loss, claimed, theta: ("Right", 0), "the word is 'Right'; it can be 'right', 'wrong' or 'kink'"),
        (lambda loss, claimed, theta: (True, 0), "the word is a bool"),
        (lambda loss, claimed, theta: ("wrong", 1.0), "the index is a float; a whole number is needed"),
        (lambda loss, claimed, theta: ("wrong", True), "the index is a bool"),
        (lambda loss, claimed, theta: ("wrong", None), "the index is None"),
        (lambda loss, claimed, theta: 1 / 0, "it raised ZeroDivisionError"),
        (lambda loss, claimed, theta: loss(theta[:-1]), "it raised ValueError: theta has shape"),
        (3, "a function is needed here, not an int"),
    ],
)
def test_bad_returns_have_their_message(answer, words):
    record = VERDICT.judge(answer)
    assert record.marks == 0
    assert words in record.first_wrong["text"]
    assert not record.mistakes


def test_an_index_out_of_range_is_named():
    right = checker()
    record = VERDICT.judge(lambda loss, claimed, theta: (right(loss, claimed, theta)[0], len(theta)))
    assert record.marks == 8
    assert "but theta has" in record.first_wrong["text"]


def test_one_failing_call_leaves_the_others_their_marks():
    right = checker()

    def verdict(loss, claimed, theta):
        if np.isnan(claimed).any():
            raise RuntimeError("NaN")
        return right(loss, claimed, theta)

    record = VERDICT.judge(verdict)
    assert 8 <= record.marks < 10
    assert "it raised RuntimeError: NaN" in record.first_wrong["text"]


def test_asking_too_often_is_stopped_even_if_the_error_is_swallowed():
    calls = []

    def verdict(loss, claimed, theta):
        for _ in range(MOST_CALLS // 4):
            with contextlib.suppress(BaseException):
                calls.append(loss(theta))
        return "wrong", 0

    record = VERDICT.judge(verdict)
    assert len(calls) == MOST_CALLS
    assert "more than 10,000 times" in record.first_wrong["text"]
    assert record.marks == 0


def test_the_stub_is_something_to_do():
    def verdict(loss, claimed, theta):
        raise NotImplementedError

    record = VERDICT.judge(verdict)
    assert record.marks == 0
    assert "to do" in record.message
    assert record.first_wrong["text"].endswith("it is not written yet")


def test_a_call_prints_and_gives_a_float(capsys):
    assert VERDICT(checker()) == 10.0
    assert type(VERDICT(checker(kinks=False), hint=2)) is float
    text = capsys.readouterr().out
    assert "kinks are not looked for" in text
    assert "look" in text


def test_an_input_that_is_changed_is_noted():
    def verdict(loss, claimed, theta):
        answer = checker()(loss, claimed, theta)
        theta += 1.0
        return answer

    record = VERDICT.judge(verdict)
    assert record.marks == 10
    assert "changes its input theta" in record.message


# --- the parts of a checker --------------------------------------------------------------------------------------

PARTS = (ps03.forward_difference, ps03.central_difference, ps03.relative_error)


def test_the_librarys_differences_are_right():
    for seed in range(5):
        forward = ps03.forward_difference.judge(gradcheck.forward_difference, seed=seed)
        central = ps03.central_difference.judge(gradcheck.central_difference, seed=seed)
        error = ps03.relative_error.judge(relative, seed=seed)
        assert (forward.marks, central.marks, error.marks) == (2, 3, 2)


def test_an_entry_moved_in_place_and_put_back_is_right():
    def central_difference(loss, theta, h):
        slopes = np.zeros(len(theta))
        for i in range(len(theta)):
            theta[i] += h
            slopes[i] = loss(theta)
            theta[i] -= 2 * h
            slopes[i] -= loss(theta)
            theta[i] += h
        return slopes / (2 * h)

    assert ps03.central_difference.judge(central_difference).marks == 3


@pytest.mark.parametrize("question", PARTS, ids=lambda question: question.function)
@pytest.mark.parametrize("seed", range(3))
def test_no_slip_of_a_part_can_hide_and_each_is_recognised(question, seed):
    (part,) = question.parts
    for slip in part.formula.known:
        instances = question.instances(seed)
        with np.errstate(all="ignore"):
            values = iter([part.formula.value(n, slip) for n in (*instances, instances[0])])
        record = question.judge(lambda *inputs, values=values: next(values), seed=seed)
        assert slip.id in record.mistakes, (slip.id, slip.says)
        assert record.marks < record.out_of
        assert record.named or slip.id in ("change_not_undone", "sign")


def test_a_difference_of_another_form_is_recognised_in_a_learners_loop():
    def central_difference(loss, theta, h):
        point, slopes = theta.copy(), []
        for i in range(len(theta)):
            point[i] += h
            ahead = loss(point)
            point[i] -= 2 * h
            slopes.append((ahead - loss(point)) / (2 * h))
        return np.array(slopes)

    record = ps03.central_difference.judge(central_difference)
    assert record.mistakes == ("change_not_undone",)
    record = ps03.central_difference.judge(lambda loss, theta, h: 2 * gradcheck.central_difference(loss, theta, h))
    assert record.mistakes == ("divided_by_h",)


@pytest.mark.parametrize("fault", [{"kind": "time", "says": "it took more than 10 s"}, None])
def test_a_checker_that_was_stopped_is_not_asked_again(fault):
    calls = []

    def endless(loss, claimed, theta):
        calls.append(1)
        error = TookTooLong()
        if fault:
            error.fault = fault
        raise error

    record = VERDICT.judge(endless)
    assert (len(calls), record.marks) == (1, 0.0)
    assert "was stopped" in " ".join(record.message.split())
