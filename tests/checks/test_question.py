"""What every check can do, whatever it asks: tried on the 2-2-2 network and on the batch."""

import contextlib
import json
import time
from dataclasses import asdict

import numpy as np
import pytest

from bplib.checks import calling, nets, ps06, ps07, ps09
from bplib.checks.catalogue import CATALOGUE
from bplib.gradcheck import central_difference
from tests.checks.exercises import CHECKS, QUESTIONS, WHOLE, of, program, unwritten


@pytest.mark.parametrize("name", [name for name in CHECKS if name.split(".")[0] in WHOLE])
def test_marks_are_one_plain_float_and_the_record_is_plain_data(name, capsys):
    check = CHECKS[name]
    right = program(name.split(".")[0], "right_loops")[check.function]
    for function, marks in ((right, check.points), (unwritten, 0.0)):
        given = check(function)
        assert type(given) is float
        assert given == marks
        assert capsys.readouterr().out.startswith(f"{check.function}: {marks:g} of ")
        assert json.loads(json.dumps(asdict(check.judge(function))))["marks"] == marks


class Agreeable(np.ndarray):
    """Equal to everything: must not be taken for an array."""

    def __eq__(self, other):
        return True

    def __sub__(self, other):
        return np.zeros(self.shape)


class Liar(dict):
    """Has every key, and every value agrees with everything."""

    def __contains__(self, key):
        return True

    def __getitem__(self, key):
        return np.ones(2).view(Agreeable)


def test_what_agrees_with_everything_earns_nothing():
    record = ps06.output_delta.judge(lambda out, target: np.ones(2).view(Agreeable))
    assert record.marks == 0
    assert "plain NumPy array" in record.first_wrong["text"]
    record = ps09.backprop.judge(lambda *inputs: Liar())
    assert record.marks == 0
    assert "a Liar; a dict is needed" in record.first_wrong["text"]


def test_a_shape_that_broadcasts_is_not_the_right_one():
    record = ps06.output_delta.judge(lambda out, target: ((out - target) * out * (1 - out))[None])
    assert record.first_wrong["text"].startswith(
        "delta2 has shape (1, 2), should have shape (2,): the numbers are right"
    )
    assert record.marks == 1.5


@pytest.mark.parametrize("module", [ps06, ps07, ps09])
def test_the_oracle_is_the_loss_moved_a_little(module):
    for n in module.instances(seed=3):
        for what, array in (("W", "dW"), ("b", "db"), ("z", "delta")):
            for layer, slope in enumerate(getattr(n.net, array)):
                moved = central_difference(lambda x, n=n, w=what, l=layer: n.net.loss(w, l, x), np.zeros(slope.shape))
                np.testing.assert_allclose(slope, moved, rtol=1e-6, atol=1e-9)
    shared = ps06.instances(3)[1]
    h = 1e-5 * np.ones(2)
    moved = (shared.net.loss("b", 0, h) - shared.net.loss("b", 0, -h)) / 2e-5
    np.testing.assert_allclose(shared.shared, moved, rtol=1e-6)


def test_a_complex_step_through_the_oracle_is_exact():
    np.testing.assert_allclose(nets.slopes(lambda w: (w**3).sum(axis=-1), (4,)), 0, atol=1e-30)
    x = np.array([0.3, -2.0])
    np.testing.assert_allclose(nets.slopes(lambda w: np.exp(x + w).prod(axis=-1), (2,)), np.exp(x.sum()), rtol=1e-15)


def test_random_networks_have_no_zeros_and_no_ties():
    for seed in range(50):
        for n in ps06.instances(seed)[1:]:
            numbers = np.concatenate([v.ravel() for v in (n.x, *n.params, *n.grads, n.out, n.target)])
            assert np.abs(numbers).min() > 1e-5
            assert len(np.unique(numbers.round(12))) >= numbers.size - 4  # delta is db: the same numbers twice at most


def test_batches_have_all_sizes_and_repeated_labels():
    for seed in range(20):
        ns = ps09.instances(seed)
        assert {len(n.x) for n in ns} >= {1, 7}
        assert all(len(set(n.target)) < len(n.target) for n in ns if len(n.x) > 1)
        assert any(len({len(n.x), *n.W1.shape, *n.W2.shape}) == 4 for n in ns)


def test_seeds_differ_between_courses_and_stay_within_one(monkeypatch):
    at_home = ps06.forward.example(2)
    monkeypatch.setenv("BPLIB_SEED", "a learner's")
    graded = ps06.forward.example(2)
    assert not np.allclose(at_home[0], graded[0])
    np.testing.assert_array_equal(graded[1], ps06.forward.example(2)[1])
    np.testing.assert_array_equal(ps06.forward.example(1)[1], [[0.15, 0.25], [0.20, 0.30]])
    with pytest.raises(ValueError, match="examples 1 to 5"):
        ps06.forward.example(6)


def test_a_random_network_can_be_had_at_home_and_not_from_the_grading(monkeypatch):
    def wrong_elsewhere(delta2, W2, a1):
        return (W2 @ delta2) * a1 * (1 - a1) + (W2[0, 0] != 0.40)

    assert "hidden_delta(*ps06.hidden_delta.example(2))" in ps06.hidden_delta.judge(wrong_elsewhere).message
    monkeypatch.setenv("BPLIB_SEED", "a learner's")
    message = ps06.hidden_delta.judge(wrong_elsewhere).message
    assert "drawn for the grading" in message
    assert "example(" not in message


def test_changing_an_input_is_noted_and_costs_nothing():
    record = ps06.output_delta.judge(program("ps06", "other_in_place")["output_delta"])
    assert record.marks == record.out_of
    assert "changes its input out" in record.message
    assert "changes its input" in ps09.backprop.judge(program("ps09", "other_in_place")["backprop"]).message


def test_a_buffer_that_is_handed_out_twice_does_not_change_the_first_answer():
    buffer = np.zeros(2)

    def output_delta(out, target):
        buffer[:] = (out - target) * out * (1 - out)
        return buffer

    record = ps06.output_delta.judge(output_delta)
    assert record.marks == record.out_of


@pytest.mark.parametrize("seed", range(3))
def test_an_answer_that_changes_when_asked_twice_is_told_so(seed):
    rng, calls = np.random.default_rng(0), []

    def random(out, target):
        return (out - target) * out * (1 - out) + 1e-3 * rng.standard_normal(2)

    def remembers(out, target):
        calls.append(out)
        return (out - target) * out * (1 - out) * (1 if len(calls) < 6 else 2)

    for function in (random, remembers):
        record = ps06.output_delta.judge(function, seed=seed)
        assert "asked twice with the same inputs, it gives two answers" in record.first_wrong["text"]
        assert record.marks < record.out_of


def test_hints_add_help_and_never_take_marks():
    slope = program("ps06", "wrong_no_slope")["output_delta"]
    plain, mistake, look = (ps06.output_delta.judge(slope, hint=hint) for hint in (0, 1, 2))
    assert plain.marks == mistake.marks == look.marks
    assert "  mistake   " not in plain.message
    assert "mistake the slope f' of the activation is missing" in " ".join(mistake.message.split())
    assert "Deck 004" not in mistake.message
    assert "Deck 004" in look.message
    assert CATALOGUE["missing_slope"].think in " ".join(plain.message.split())


def test_target_minus_output_is_called_a_convention():
    record = ps06.output_delta.judge(program("ps06", "wrong_sign")["output_delta"], hint=1)
    assert record.mistakes == ("sign",)
    assert record.convention
    assert "convention this points downhill: target - out goes with += in the step" in " ".join(record.message.split())


def test_hints_are_counted_and_only_three_are_known(capsys, monkeypatch):
    monkeypatch.setattr(ps06.output_delta, "hints_used", 0)
    shown = []
    monkeypatch.setattr("bplib.checks.check._display", shown.append)
    for hint in (0, 1, 2, 0):
        ps06.output_delta(unwritten, hint=hint)
    assert [record.hints_used for record in shown] == [0, 1, 2, 2]
    with pytest.raises(ValueError, match="hint is 3; it can be 0, 1"):
        ps06.output_delta(unwritten, hint=3)


def test_a_question_can_switch_its_hints_off(monkeypatch):
    monkeypatch.setattr(ps06.output_delta, "hints", False)
    message = ps06.output_delta.judge(program("ps06", "wrong_sign")["output_delta"], hint=2).message
    assert "delta2[0] is -0.1385, should be 0.1385" in message
    assert "mistake" not in message
    assert "Deck" not in message
    assert "hint" not in message


def test_a_message_shows_the_learners_own_line_and_no_trace():
    record = ps06.hidden_delta.judge(program("ps06", "wrong_exception")["hidden_delta"])
    assert "blame = np.zeros(3) + W2 @ delta2" in " ".join(record.message.split())
    assert "Traceback" not in record.message
    assert "calling.py" not in record.message


def test_a_matrix_product_that_does_not_fit_is_put_in_plain_words():
    record = ps09.feedforward.judge(lambda x, model: {"z1": model["W1"] @ x})
    assert "a matrix product needs equal inner sizes, and 3 meets 5 here" in record.first_wrong["text"]


def test_a_loop_without_end_is_stopped():
    def endless(*inputs):
        while True:
            with contextlib.suppress(Exception):
                sum(range(1000))

    outcome = calling.call(endless, {"x": 1.0}, seconds=0.3)
    assert "ran for more than 0.3 seconds" in outcome.failure


class Elsewhere:
    """A function that runs in another process, as a judge hands it to a check."""

    def __init__(self, answer, changed=(), stops_at=None, fault=None):
        self.answer, self.changes, self.changed, self.calls = answer, changed, (), 0
        self.stops_at, self.fault = stops_at, fault

    def __call__(self, *inputs):
        self.calls += 1
        self.changed = ()
        if self.stops_at is not None and self.calls >= self.stops_at:
            error = calling.TookTooLong() if self.fault["kind"] == "time" else RuntimeError(self.fault["says"])
            error.fault = self.fault
            raise error
        self.changed = self.changes
        return self.answer(*inputs)


RIGHT = program("ps06", "right_matrices")["hidden_delta"]


def test_inputs_that_were_changed_elsewhere_are_noted_and_cost_nothing():
    record = ps06.hidden_delta.judge(Elsewhere(RIGHT, changed=(0, 2)))
    assert record.marks == 4
    assert "changes its input delta2, a1" in record.message
    assert "changes its input" not in ps06.hidden_delta.judge(Elsewhere(RIGHT)).message
    assert "changes its input" not in ps06.hidden_delta.judge(Elsewhere(RIGHT, changed="delta2")).message


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"kind": "time", "says": "it took more than 10 s"}, "your function was stopped: it took more than 10 s"),
        ({"kind": "died", "says": "it ended the whole process"}, "your function was stopped: it ended the whole"),
        ({"kind": "memory", "says": "it needs more than 1 MB"}, "your function was stopped: it needs more than 1 MB"),
        ({"kind": "missing", "says": "there is no such name"}, "hidden_delta: there is no such name"),
        ({"kind": "raised", "says": "it raised"}, "hidden_delta: it raised RuntimeError: it raised"),
    ],
)
def test_a_function_that_was_stopped_elsewhere_says_why_and_what_came_before_is_judged(fault, words):
    record = ps06.hidden_delta.judge(Elsewhere(RIGHT, stops_at=4, fault=fault))
    assert words in " ".join(record.message.split())
    assert (record.marks, record.first_wrong["network"]) == (2.0, 4)  # three networks were right
    wrong = ps06.hidden_delta.judge(Elsewhere(lambda d, W, a: W @ d, stops_at=4, fault=fault))
    assert wrong.mistakes == ("missing_slope",)
    assert ps06.hidden_delta.judge(Elsewhere(RIGHT, stops_at=1, fault=fault)).marks == 0


def test_time_is_not_counted_here_when_it_is_counted_elsewhere(monkeypatch):
    def slow(x):
        end = time.perf_counter() + 0.1
        while time.perf_counter() < end:
            pass
        return x

    assert calling.call(slow, {"x": 1.0}, seconds=0.02).failure
    monkeypatch.setattr(calling, "TIMED", False)
    assert calling.call(slow, {"x": 1.0}, seconds=0.02).value == 1.0


def test_what_a_function_prints_is_not_kept():
    def talks(out, target):
        for _ in range(10000):
            print("x" * 1000)
        return (out - target) * out * (1 - out)

    assert ps06.output_delta.judge(talks).marks == 3


def test_one_slip_costs_once():
    """Everything after a wrong z1 is judged on the learner's own z1, but not on zeros."""

    def forward(x, W1, b1, W2, b2):
        z1 = x @ W1 - b1
        a1 = 1 / (1 + np.exp(-z1))
        z2 = a1 @ W2 + b2
        return z1, a1, z2, 1 / (1 + np.exp(-z2))

    record = ps06.forward.judge(forward)
    assert (record.marks, record.right) == (2.5, ("a1, z2, out (from your own values)",))
    assert ps06.forward.judge(lambda *inputs: (np.zeros(2),) * 4).marks == 0
    # Nothing but zeros below, and z2 = b2 follows from them: no marks for z2. (out does follow from z2.)
    idle = ps06.forward.judge(lambda x, W1, b1, W2, b2: (np.zeros(2), np.zeros(2), b2 * 1, 1 / (1 + np.exp(-b2))))
    assert (idle.marks, idle.right) == (0.5, ("out (from your own values)",))


def test_a_slip_in_one_layer_of_many_is_placed_and_costs_once():
    def all_deltas(a, W, target):
        delta = [(a[-1] - target) * a[-1] * (1 - a[-1])]
        for l in range(len(a) - 2, -1, -1):
            slope = a[l] * (1 - a[l]) if l else 1.0
            delta.insert(0, (W[l + 1] @ delta[0]) * slope)
        return delta

    record = ps07.all_deltas.judge(all_deltas, hint=1)
    assert record.mistakes == ("missing_slope",)
    assert record.explanations[0].startswith("in layer 0 only: ")
    assert record.first_wrong["index"][0] == 0


def test_a_convention_is_called_one_and_what_cancels_is_shown_as_two():
    n_in_dw = ps09.backprop.judge(program("ps09", "wrong_n_in_gradients")["backprop"], hint=1)
    assert n_in_dw.convention
    assert n_in_dw.mistakes == ("n_in_dw",)
    assert "  convention " in n_in_dw.message
    assert {"dW2", "db2", "dW1", "db1"} <= set(n_in_dw.right)

    def twice(x, target, cache, model, lam):
        p = cache["p"]
        error = (np.eye(p.shape[1])[target] - p) / len(p)
        delta1 = -(error @ model["W2"].T) * (1 - cache["a1"] ** 2)
        return {
            "delta2": error, "dW2": -cache["a1"].T @ error + 2 * lam * model["W2"], "db2": -error.sum(axis=0),
            "delta1": delta1, "dW1": x.T @ delta1 + 2 * lam * model["W1"], "db1": delta1.sum(axis=0),
        }  # fmt: skip

    signs = ps09.backprop.judge(twice, hint=1)
    assert signs.mistakes == ("sign",)
    assert signs.first_wrong["part"] == "delta2"
    assert [text.split(" come")[0] for text in signs.cancels] == ["dW2", "db2, delta1"]
    assert "two slips that cancel" in " ".join(signs.message.split())
    assert signs.marks == 7


def test_values_in_each_others_place_and_a_list_turned_round():
    right = program("ps07", "right_matrices")
    exchanged = ps07.forward.judge(lambda x, W, b: right["forward"](x, W, b)[::-1], hint=1)
    assert exchanged.mistakes == ("values_exchanged",)
    turned = ps07.all_deltas.judge(lambda a, W, target: right["all_deltas"](a, W, target)[::-1], hint=1)
    assert turned.mistakes == ("list_reversed",)
    assert 0 < turned.marks < 4


def test_a_mistake_is_named_though_the_program_stops_later():
    """W for its transpose works on square matrices, and stops at the first that is not."""

    def hidden_delta(delta_above, W_above, a):
        return (delta_above @ W_above) * a * (1 - a)

    record = ps07.hidden_delta.judge(hidden_delta, hint=1)
    assert record.mistakes == ("weights_transposed",)
    assert record.first_wrong["want"] is not None


def test_a_free_number_in_a_slip_is_found():
    def hidden_delta(delta2, W2, a1):
        return ((W2 - 0.37 * np.outer(a1, delta2)) @ delta2) * a1 * (1 - a1)

    record = ps06.hidden_delta.judge(hidden_delta, hint=1)
    assert record.mistakes == ("updated_weights",)
    assert "as if eta were 0.37" in " ".join(record.message.split())


@pytest.mark.parametrize(
    "slip",
    [
        lambda delta2, W2, a1: (W2 @ delta2) * a1**2,
        lambda delta2, W2, a1: (W2 @ delta2) * a1 * (1 - a1) + 0.01,
        lambda delta2, W2, a1: (W2 @ delta2**2) * a1 * (1 - a1),
        lambda delta2, W2, a1: (W2**2 @ delta2) * a1 * (1 - a1),
        lambda delta2, W2, a1: (W2 @ delta2) * a1 * (1 - a1) ** 2,
        lambda delta2, W2, a1: ((W2 @ delta2) * a1 * (1 - a1))[::-1].copy(),
        lambda delta2, W2, a1: (W2 @ delta2) * a1 * (1 - a1) + 1e-8 * a1,
        lambda delta2, W2, a1: 3 * (W2 @ delta2) * a1 * (1 - a1),
    ],
)
def test_a_slip_that_nobody_knows_is_described_and_not_named(slip):
    record = ps06.hidden_delta.judge(slip, hint=1)
    assert record.marks < 4
    assert record.mistakes == ()
    assert not record.named
    assert record.first_wrong["part"] == "delta1"
    assert ("  pattern " in record.message) or ("none that this check knows" in record.message)


def test_every_mistake_that_a_question_knows_is_in_the_catalogue():
    known = {slip.id for q in QUESTIONS.values() for part in q.parts if part.formula for slip in part.formula.known}
    assert known <= set(CATALOGUE)
    assert len(known) >= 60


@pytest.mark.parametrize("exercise", WHOLE)
def test_every_question_says_where_to_look(exercise):
    for check in of(exercise).values():
        assert check.look.startswith("Deck 00")


def test_the_question_of_the_readme_works(root):
    """What is printed there is run here."""
    text = (root / "bplib" / "checks" / "README.md").read_text(encoding="utf-8")
    names = {}
    exec(text.split("```python\n")[1].split("```")[0], names)
    question = names["sigmoid_slope"]

    def sigmoid(z):
        return 1 / (1 + np.exp(-z))

    assert question.judge(lambda z: sigmoid(z) * (1 - sigmoid(z))).marks == 2
    assert question.judge(lambda z: z * (1 - z)).mistakes == ("slope_taken_at_z",)
    assert question.judge(lambda z: -sigmoid(z)).mistakes == ("slope_without_one_minus_a", "sign")


def test_almost_a_mistake_is_not_called_one():
    def hidden_delta(delta2, W2, a1):
        return (W2 @ delta2) * (1 + 1e-6 * a1)  # nearly without a slope, and yet not

    record = ps06.hidden_delta.judge(hidden_delta, hint=1)
    assert record.first_wrong
    assert record.mistakes == ()


def test_a_value_that_is_off_by_almost_nothing_is_not_given_a_name():
    """A slip that only shows where numbers overflow gives the right value elsewhere, and explains nothing there."""

    def feedforward(x, model):
        values = program("ps09", "right_matrices")["feedforward"](x, model)
        return values | {"p": values["p"] * (1 + 1e-10 * np.cos(values["p"]))}

    record = ps09.feedforward.judge(feedforward, hint=1)
    assert record.first_wrong["part"] == "p"
    assert record.mistakes == ()
