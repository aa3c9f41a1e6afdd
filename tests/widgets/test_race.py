"""The race: every rule runs as it is written, from one start, under one noise."""

import numpy as np
import pytest

from bplib.data import ravine
from bplib.optimizers import RULES, Adam
from bplib.widgets.race import MOST_STEPS, Race


def test_a_way_is_what_the_rule_does():
    valley, theta = ravine(), ravine().start
    rule, way = Adam(theta, eta=0.05), [ravine().start]
    for _ in range(7):
        rule.step(valley.gradient(theta))
        way.append(theta.copy())
    result = Race(["Adam"], eta={"Adam": 0.05}, steps=7).result()
    np.testing.assert_array_equal(result["ways"]["Adam"], way)
    np.testing.assert_array_equal(result["losses"]["Adam"], [valley.value(point) for point in way])


def test_all_rules_run_from_one_start_and_get_down():
    result = Race(list(RULES), steps=MOST_STEPS).result()
    assert list(result["ways"]) == list(RULES)
    for rule in RULES:
        np.testing.assert_array_equal(result["ways"][rule][0], ravine().start)
        assert result["losses"][rule][-1] < 0.1 * result["losses"][rule][0], rule
    assert result["lost"] == {}


def test_all_meet_the_same_noise_and_another_seed_is_another_noise():
    def first_step(seed):
        etas = {"GradientDescent": 0.01, "Momentum": 0.01}  # their first steps are the same
        return Race(list(etas), eta=etas, noise=2, steps=1, seed=seed).result()["ways"]

    ways = first_step(0)
    np.testing.assert_array_equal(ways["GradientDescent"], ways["Momentum"])
    assert not np.array_equal(first_step(1)["Momentum"], ways["Momentum"])


def test_more_steps_go_on_where_fewer_ended():
    short, long = (Race(["RMSprop"], noise=1, steps=steps).result()["ways"]["RMSprop"] for steps in (5, 9))
    np.testing.assert_array_equal(long[:6], short)


def test_a_rule_that_leaves_is_named_with_its_step_and_the_others_run_on():
    result = Race(["GradientDescent", "Adam"], eta={"GradientDescent": 0.25}, steps=50).result()
    assert result["lost"] == {"GradientDescent": 12}  # 1.5**12 > 100
    assert len(result["ways"]["GradientDescent"]) == 12
    assert len(result["ways"]["Adam"]) == 51


def test_start_runs_step_by_step_and_begins_anew_at_the_end():
    state = Race(steps=MOST_STEPS - 1)
    assert len(list(state.start())) == 1
    assert state.steps == MOST_STEPS
    run = state.start()
    next(run)
    assert state.steps == 1


def test_nobody_may_run():
    assert Race([]).result()["ways"] == {}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"rules": ["SGD"]}, "'SGD' is no rule"),
        ({"eta": {"sgd": 1}}, "'sgd' is no rule"),
        ({"eta": {"Adam": 101}}, "eta of Adam"),
        ({"noise": -1}, "noise"),
        ({"steps": 201}, "steps"),
        ({"seed": 1000}, "seed"),
    ],
)
def test_what_it_cannot_do_is_refused(wrong, words):
    with pytest.raises(ValueError, match=words):
        Race(**wrong)


def test_the_picture_names_the_runners():
    alt = Race(["Adam", "VarioEta"], steps=3).picture().alt
    assert "Adam: 3 steps" in alt
    assert "Vario-Eta: 3 steps" in alt
