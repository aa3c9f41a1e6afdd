"""Typed numbers: hand calculations as people type them, right and wrong, rounded to three and four digits."""

import random

import numpy as np
import pytest

from bplib.checks import ps04
from bplib.checks.catalogue import CATALOGUE
from bplib.checks.graphs import FORWARD, ONE_GATES, SWEEP
from bplib.checks.typed import Typed, number, plain_id
from bplib.gradcheck import central_difference

TYPED = ps04.typed
FORWARD_NUMBERS, GRADS = TYPED.groups
IDS = [f"k{k}" for k in range(1, 31)]
BOTH = [(digits, on_the_way) for digits in (3, 4) for on_the_way in (False, True)]


def rounded(value, digits):
    return float(f"{value:.{digits}g}")


def by_hand(id, digits, on_the_way=False, group=None, slip=None, at=None):
    """What a person finds: each number from the ones before, with a slip in a group, or at one number of it alone.

    Numbers are rounded only when they are typed, or already on the way.
    """
    n = TYPED.draw(plain_id(id))
    found = {"forward": {}, "grads": {}}
    for g in TYPED.groups:
        for k, name in enumerate(g.names):
            slips = (slip,) if slip and g is group and at in (None, name) else ()
            value = float(g.formula.value(n.using(found), *slips)[k])
            found[g.name][name] = rounded(value, digits) if on_the_way else value
    typed = {g: {name: rounded(v, digits) for name, v in numbers.items()} for g, numbers in found.items()}
    return {"id": id, **typed}


def as_text(answers, digits, comma):
    def text(value):
        written = f"{value:#.{digits}g}".rstrip(".")
        return written.replace(".", ",") if comma else written

    groups = {g: {name: text(v) for name, v in answers[g].items()} for g in ("forward", "grads")}
    return {**answers, **groups}


# --- one number --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "value", "half", "digits"),
    [
        ("0.350", 0.35, 0.0005, 3),
        ("0,350", 0.35, 0.0005, 3),
        (" -1,27 ", -1.27, 0.005, 3),
        ("\N{MINUS SIGN}1.27", -1.27, 0.005, 3),
        ("- 1.27", -1.27, 0.005, 3),
        (".0456", 0.0456, 0.00005, 3),
        ("1.20e-3", 0.0012, 0.000005, 3),
        ("12", 12.0, 0.5, 2),
        (0.2, 0.2, 0.0005, 1),  # a float has lost its zeros: 0.200
        (0.1234, 0.1234, 0.00005, 4),
        (np.float64(0.25), 0.25, 0.0005, 2),
        (np.array(0.25), 0.25, 0.0005, 2),
        (3, 3.0, 0.005, 1),
        (0, 0.0, 0.0, 0),
    ],
)
def test_a_number_is_read_with_its_digits(typed, value, half, digits):
    found = number(typed)
    assert isinstance(found, Typed)
    assert found.value == value
    assert found.half == pytest.approx(half)
    assert found.digits == digits


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", ""),
        (None, ""),
        (..., ""),
        (True, "is True: type a number"),
        ([0.5], "is a list: type one number"),
        ("abc", "is 'abc': that is no number"),
        ("1/3", "is '1/3': type it as a decimal number"),
        ("1.234,5", "is '1.234,5': type it as a decimal number"),
        (float("nan"), "is nan: type a finite number"),
        (float("-inf"), "is -inf: type a finite number"),
        ("1e999", "is inf: type a finite number"),
        (10**400, "is far too large"),
        (1j, "is a complex: type one number"),
        (np.zeros(2), "is an array: type one number"),
    ],
)
def test_what_is_no_number_is_said(typed, words):
    assert number(typed) == words


# --- the id ------------------------------------------------------------------------------------------------------


def test_an_id_is_the_same_however_it_is_typed():
    assert plain_id(" K-123 4567\n") == plain_id("k1234567") == "k1234567"
    assert plain_id("Jörg Müßig") == plain_id("joerg muessig") == plain_id("JO\N{COMBINING DIAERESIS}RG MÜSSIG")
    assert plain_id(1234567) == "1234567"
    assert plain_id(" ._- ") == ""


def test_numbers_come_from_the_id_alone(monkeypatch):
    monkeypatch.setenv("BPLIB_SEED", "of the grading")
    answers = by_hand("K 1", 3)
    assert TYPED.draw("k1").inputs == TYPED.draw("k1").inputs != TYPED.draw("k2").inputs
    assert TYPED.judge(answers, seed=5).marks == TYPED.points
    assert TYPED.draw("k1").inputs == {"x": 1.9, "y": -0.8, "z": -1.8}  # for ever: somebody has computed with them


def test_two_hand_ins_with_the_same_numbers_can_be_seen():
    one, other = (TYPED.judge(by_hand(id, 3)).drawn_for for id in ("K-77", "k77 "))
    assert one == other == "k77"


def test_inputs_are_short_and_hide_no_slip():
    for id in IDS:
        n = TYPED.draw(id)
        assert all(value == round(value, 1) for value in n.inputs.values())
        assert len(n.users("m")) == len(n.users("y")) == 2  # where paths meet
        assert n.values["m"] == n.inputs["y"]
        assert n.grads[n.order.index("z")] == 0


def test_numbers_are_shown(capsys):
    assert TYPED.numbers(" K1 ") is None
    text = capsys.readouterr().out
    assert 'numbers for id "k1"' in text
    assert "x = 1.9, y = -0.8, z = -1.8" in text
    assert "m = max(y, z)" in text
    with pytest.raises(ValueError, match="type your id"):
        TYPED.numbers(" ")


# --- right -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("id", IDS)
@pytest.mark.parametrize(("digits", "on_the_way"), [*BOTH, (9, False)])
def test_right_calculations_get_full_marks(id, digits, on_the_way):
    answers = by_hand(id, digits, on_the_way)
    record = TYPED.judge(answers)
    assert record.marks == TYPED.points == 7
    assert record.first_wrong is None
    for comma in (False, True):
        assert TYPED.judge(as_text(answers, digits, comma)).marks == TYPED.points


def test_a_short_number_is_right_if_it_is_exact():
    answers = by_hand("k1", 4)
    q = TYPED.draw("k1").values["q"]
    assert round(q, 1) == pytest.approx(q)
    for typed in (f"{q:.1f}", round(q, 1)):
        answers["forward"]["q"] = typed
        assert TYPED.judge(answers).marks == TYPED.points


def test_too_few_digits_are_asked_for():
    answers = by_hand("k1", 4)
    s = answers["forward"]["f"]
    for typed in (f"{s:.1g}", rounded(s, 1)):
        answers["forward"]["f"] = typed
        record = TYPED.judge(answers, hint=1)
        assert record.marks == TYPED.points - 0.5
        assert record.first_wrong["text"].endswith("type at least 3 significant digits")
        assert not record.mistakes


def test_a_zero_at_the_end_may_be_lost():
    seen = 0
    for id in IDS:
        answers = by_hand(id, 3)
        n = TYPED.draw(id)
        for name, value in answers["grads"].items():
            right = n.grads[n.order.index(name)]
            if len(repr(value).lstrip("-0.")) < 3 and abs(value - right) > 1e-6:  # 0.2 for 0.2004
                seen += 1
                assert TYPED.judge(answers).marks == TYPED.points
    assert seen > 5


def test_a_number_that_rounding_cannot_explain_costs_itself_alone():
    for id in IDS:
        for digits, off in ((3, 1.05), (4, 1.02)):
            answers = by_hand(id, digits, on_the_way=True)
            for group, name in (("forward", "f"), ("grads", "x"), ("grads", "y")):
                value = rounded(answers[group][name] * off, digits)
                changed = {**answers, group: {**answers[group], name: value}}
                if group == "grads":  # nothing is made from these
                    assert TYPED.judge(changed).marks == TYPED.points - 0.5
                else:
                    assert TYPED.judge(changed).marks < TYPED.points


# --- wrong -------------------------------------------------------------------------------------------------------

SLIPS = [(group, slip) for group in TYPED.groups for slip in group.formula.known]


def test_every_slip_is_in_the_catalogue():
    known = {slip.id for formula in (FORWARD, SWEEP, ONE_GATES) for slip in formula.known}
    assert known | {slip.id for _, slip in SLIPS} <= set(CATALOGUE)


@pytest.mark.parametrize(("digits", "on_the_way"), BOTH)
def test_a_slip_everywhere_is_recognised(digits, on_the_way):
    seen = set()
    for group, slip in SLIPS:
        for id in IDS[:3]:
            record = TYPED.judge(by_hand(id, digits, on_the_way, group, slip))
            if record.first_wrong is None:
                continue  # it changes nothing in these numbers
            seen.add(slip.id)
            same = {"sign": "slope_squared_sign"}.get(slip.id, slip.id)  # all gradients follow from the first one
            assert {slip.id, same} & set(record.mistakes), (slip.id, slip.says, id, record)
            assert record.named == (len(record.mistakes) == 1)
    assert {"one_path_only", "own_factor", "max_to_both", "max_to_wrong", "inverse_sign", "inverse_at_output"} <= seen
    assert {"upstream_forgotten", "sigmoid_local_at_input", "sum_local_wrong", "tanh_for_sigmoid", "sign"} <= seen


@pytest.mark.parametrize(("digits", "on_the_way"), BOTH)
def test_a_slip_at_one_number_costs_once_and_is_recognised(digits, on_the_way):
    counts = {"named": 0, "all": 0}
    for group, slip in SLIPS:
        for id in IDS[:1]:
            for name in group.names:
                answers = by_hand(id, digits, on_the_way, group, slip, at=name)
                record = TYPED.judge(answers)
                if record.first_wrong is None or answers[group.name][name] == 0:
                    continue  # it changes nothing here; or nothing follows from what came
                assert record.first_wrong["part"] == group.name
                assert record.first_wrong["units"] == (name,)
                assert record.marks == TYPED.points - 0.5 or digits == 3
                if slip.id != "sign":  # "the sign of 1 / x is the other one" says more
                    counts["all"] += 1
                    assert slip.id in record.mistakes or "max" in slip.id, (slip.id, slip.says, id, name, record)
                    counts["named"] += record.mistakes == (slip.id,)
    assert counts["named"] > 0.6 * counts["all"] > 50


def test_what_cannot_be_told_apart_is_an_alternative():
    n = TYPED.draw("k1")
    answers = by_hand("k1", 3)
    answers["grads"]["m"] = rounded(-n.grads[n.order.index("m")], 3)
    record = TYPED.judge(answers, hint=1)
    if len(record.mistakes) > 1:
        assert not record.named
        assert "either" in record.message


def test_a_wrong_number_that_nobody_knows_is_seldom_named():
    draws, named, total = random.Random(1), 0, 0
    for id in IDS:
        for digits in (3, 4):
            group = draws.choice(TYPED.groups)
            name = draws.choice([name for name in group.names if name != "z"])
            answers = by_hand(id, digits)
            answers[group.name][name] = rounded(answers[group.name][name] * np.exp(draws.uniform(0.05, 2)), digits)
            record = TYPED.judge(answers)
            total += record.first_wrong is not None
            named += record.named
            assert record.marks >= TYPED.points - 0.5 - 1e-9 or record.marks >= TYPED.points - 2
    assert total >= 55
    assert named <= 3


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda v: v * 10, "the decimal point is 1 place too far to the right"),
        (lambda v: v / 100, "the decimal point is 2 places too far to the left"),
        (lambda v: np.sign(v) * np.floor(abs(v) * 1000) / 1000, "the digits are cut off"),
    ],
)
def test_a_pattern_is_described(change, words):
    texts = []
    for id in IDS:
        n = TYPED.draw(id)
        answers = by_hand(id, 4)
        answers["forward"]["f"] = f"{change(n.values['f']):#.3g}"
        record = TYPED.judge(answers)
        texts += record.explanations if not record.mistakes else ()
    assert any(words in text for text in texts)


def test_nothing_follows_from_zero():
    answers = by_hand("k1", 3)
    answers["forward"]["m"] = 0
    answers["forward"]["p"] = 0.0
    record = TYPED.judge(answers)
    assert record.marks == TYPED.points - 1
    for tiny in (1e-200, -1e200):
        answers["forward"]["m"] = tiny
        assert TYPED.judge(answers).marks == TYPED.points - 1
    zeros = {"id": "k1", **{g.name: dict.fromkeys(g.names, 0) for g in TYPED.groups}}
    assert TYPED.judge(zeros).marks == 0.5  # nothing comes back to z: that 0 is right


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), "abc", True, [1.0], {}, 1j])
def test_what_cannot_be_read_costs_its_own_marks_only(bad):
    answers = by_hand("k1", 3)
    answers["forward"]["m"] = bad
    record = TYPED.judge(answers)
    assert record.marks == TYPED.points - 0.5
    assert record.first_wrong["text"].startswith("forward['m'] is ")
    assert "unreadable" in record.message


def test_missing_and_unknown_names_are_listed():
    answers = by_hand("k1", 3)
    del answers["forward"]["q"]
    answers["grads"]["x"] = answers["grads"]["y"] = ""
    answers["grads"]["Q"] = 1.0
    answers["gards"] = {}
    record = TYPED.judge(answers)
    assert record.marks == TYPED.points - 1.5
    assert "forward of q; grads of x, y" in record.message
    assert "grads has 'Q'" in record.message
    assert "answers has 'gards'" in record.message


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (None, "answers is None; a dict is needed with 'id', 'forward', 'grads'"),
        ([1.0], "answers is a list"),
        ({}, "answers['id'] is empty"),
        ({"id": " . ", "forward": {}}, "answers['id'] is empty"),
        ({"id": [1]}, "answers['id'] is a list"),
        ({"id": np.zeros(2)}, "answers['id'] is an array"),
        ({"id": "k1"}, "it is not written yet"),
        ({"id": "k1", "forward": {"q": ..., "m": ""}, "grads": ...}, "it is not written yet"),
        ({"id": "k1", "forward": [1, 2]}, "answers['forward'] is a list; a dict is needed"),
    ],
)
def test_other_answers_have_their_message(answers, words):
    record = TYPED.judge(answers)
    assert record.marks == 0
    assert words in record.first_wrong["text"]


def test_the_right_number_is_not_told():
    n = TYPED.draw("k1")
    answers = by_hand("k1", 4)
    answers["grads"]["m"] = 0.777
    record = TYPED.judge(answers, hint=2)
    right = abs(n.grads[n.order.index("m")])
    assert record.first_wrong["want"] is None
    assert f"{right:.3g}" not in record.message
    assert f"{right:.3g}" not in repr(record)
    assert f"{right:.3g}" not in TYPED.drawing(record, 0).markup


def test_a_call_prints_draws_and_gives_a_float(capsys):
    answers = by_hand("k1", 3)
    assert type(TYPED(answers)) is float
    answers["forward"]["q"] = 9.99
    assert TYPED(answers, hint=1) == TYPED.points - 0.5
    assert "forward['q'] is 9.99" in capsys.readouterr().out


# --- the graph questions -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(10))
def test_the_sweep_agrees_with_the_complex_step_and_that_with_differences(seed):
    for n in ps04.graphs(seed):
        assert SWEEP.value(n) == pytest.approx(n.grads, abs=1e-13)
        names = list(n.inputs)

        def output(x, n=n, names=names):
            return ps04.Graph(n.graph, dict(zip(names, x.tolist(), strict=True))).values[n.graph[-1][0]]

        numeric = central_difference(output, np.array(list(n.inputs.values())))
        assert numeric == pytest.approx(n.grads[[n.order.index(name) for name in names]], abs=1e-7)
    for n in ps04.gates(seed):
        assert ONE_GATES.value(n) == pytest.approx(n.slopes, abs=1e-14)


@pytest.mark.parametrize(
    ("question", "formula"),
    [(ps04.forward_values, FORWARD), (ps04.backward_grads, SWEEP), (ps04.local_derivatives, ONE_GATES)],
)
@pytest.mark.parametrize("seed", range(5))
def test_no_slip_can_hide(question, formula, seed):
    wants = [(n, question.parts[0].want(n)) for n in question.instances(seed)]
    for slip in formula.known:
        places = {place for place in slip.puts if place not in ("each", "after", "scale", "sign")}
        if slip.id == "absolute_values" and "share" in places:
            continue
        assert (
            any(not np.allclose(formula.value(n, slip), want, rtol=1e-9, atol=1e-12) for n, want in wants)
            or slip.id == "float32"
        ), (slip.id, slip.says)


def test_a_slip_that_leads_nowhere_explains_nothing():
    n = ps04.Graph([("s", "*", ("x", "x")), ("f", "inv", ("s",))], {"x": 0.1})
    rounding = next(slip for slip in FORWARD.known if "1 decimal," in slip.says)
    with pytest.raises(ValueError, match="lead nowhere"):  # 1 / 0; a ValueError is what `recognised` expects
        FORWARD.value(n, rounding)


def test_a_returned_dict_may_hold_whole_numbers_and_more_names_than_asked_for():
    def backward_grads(graph, values):
        grads = dict(zip([*(name for name, _, _ in graph[::-1]), *values], [0] * 99, strict=False))
        n = ps04.Graph(graph, {name: values[name] for name in values if name not in {g for g, _, _ in graph}})
        grads.update(zip(n.order, map(float, n.grads), strict=True))
        grads[graph[-1][0]] = 1
        return {**grads, "another": None}

    assert ps04.backward_grads.judge(backward_grads).marks == ps04.backward_grads.points


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda grads: None, "returned None"),
        (lambda grads: list(grads), "a dict is needed"),
        (lambda grads: {k: v for k, v in grads.items() if k != "x"}, "has no 'x'"),
        (lambda grads: {**grads, "x": "1"}, "grads['x'] is a str; a number is needed"),
        (lambda grads: {**grads, "x": True}, "grads['x'] is a bool; a number is needed"),
        (lambda grads: {**grads, "x": float("nan")}, "grads['x'] is nan"),
    ],
)
def test_a_returned_dict_of_another_form_is_named(change, words):
    def backward_grads(graph, values):
        made = {name for name, _, _ in graph}
        n = ps04.Graph(graph, {name: values[name] for name in values if name not in made})
        return change(dict(zip(n.order, map(float, n.grads), strict=True)))

    record = ps04.backward_grads.judge(backward_grads)
    assert words in record.first_wrong["text"]
    assert record.marks < ps04.backward_grads.points
