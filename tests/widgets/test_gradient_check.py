"""The gradient-check explorer: who finds a planted error, and who cannot."""

import numpy as np
import pytest

from bplib.gradcheck import check
from bplib.widgets.gradient_check import LOOKS, METHODS, PLANTED, STEPS, GradientCheck, directions, problem


def found(method, h, size, look="every entry", seed=0):
    return GradientCheck(method, h=h, size=size, look=look, seed=seed).result()["shows"]


def test_the_gradient_it_starts_from_is_right():
    f, theta, grad, _ = problem()
    assert check(f, theta, grad, method="complex").error < 1e-14


@pytest.mark.parametrize(
    ("size", "finders"),
    [(1e-3, {"forward", "central", "complex step"}), (1e-9, {"central", "complex step"}), (1e-13, {"complex step"})],
)
def test_the_smaller_the_error_the_fewer_find_it(size, finders):
    best = {"forward": 1e-8, "central": 1e-5, "complex step": 1e-20}
    assert {method for method in METHODS if found(method, best[method], size)} == finders


@pytest.mark.parametrize("h", [float(h) for h in STEPS])
def test_forward_differences_miss_a_small_error_at_every_step(h):
    assert not found("forward", h, 1e-9)


def test_a_good_method_with_a_bad_step_finds_nothing():
    assert found("central", 1e-5, 1e-7)
    assert not found("central", 1e-12, 1e-7)
    assert not found("central", 1e-1, 1e-7)


def test_five_entries_mostly_miss_the_wrong_one_and_directions_never_do():
    seeds = range(30)
    entries = [found("central", 1e-5, 1e-3, "5 random entries", seed) for seed in seeds]
    assert all(found("central", 1e-5, 1e-3, "3 random directions", seed) for seed in seeds)
    assert 1 <= sum(entries) <= 15  # 5 of 27 are looked at
    seen = [bool(directions("5 random entries", seed)[:, PLANTED].any()) for seed in seeds]
    assert entries == seen


def test_the_worst_place_is_the_planted_one_and_says_both_numbers():
    state = GradientCheck("central", size=0.1)
    result = state.result()
    assert result["place"] == state.fixed()["planted"] == problem().names[PLANTED]
    assert result["claimed"] - result["numeric"] == pytest.approx(0.1 * np.linalg.norm(problem().grad), rel=1e-6)
    assert result["off"] == pytest.approx(0.1, rel=1e-6)


@pytest.mark.parametrize("look", ["every entry", "3 random directions"])
def test_one_wrong_entry_weighs_the_same_in_every_look(look):
    assert GradientCheck("complex step", h=1e-20, look=look, size=1e-3).result()["off"] == pytest.approx(1e-3, rel=1e-9)


def test_a_right_claim_is_never_said_to_be_wrong():
    for look in LOOKS:
        for method in METHODS:
            result = GradientCheck(method, planted=False, look=look).result()
            assert not result["shows"]
            assert result["off"] == result["noise"]


def test_the_curve_of_central_differences_is_a_v_and_the_complex_one_is_flat():
    errors = GradientCheck().result()["errors"]
    central, exact = np.array(errors["central"]), np.array(errors["complex step"])
    lowest = int(central.argmin())
    assert 1e-6 <= STEPS[lowest] <= 1e-4
    assert (np.diff(central[lowest:]) > 0).all()
    assert central[STEPS < 1e-11].min() > 1e3 * central[lowest]
    assert exact[STEPS < 1e-10].max() < 1e-14


def test_every_parameter_has_a_name_of_its_own():
    _, theta, _, names = problem()
    assert len(set(names)) == len(names) == len(theta) == 27
    assert names[:2] == ["W[0][0, 0]", "W[0][0, 1]"]
    assert names[-1] == "b[1][2]"


@pytest.mark.parametrize(
    "wrong", [{"method": "symbolic"}, {"h": 0}, {"h": 1e-21}, {"h": 2}, {"size": 2}, {"look": "away"}, {"seed": -1}]
)
def test_what_it_cannot_do_is_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        GradientCheck(**wrong)


def test_the_picture_says_where_the_methods_are_best():
    assert "central is best at h = 1e−5" in GradientCheck().picture().alt
