"""The ball: its way is the rule's way, and where it leaves is said."""

import numpy as np
import pytest

from bplib.data import ravine
from bplib.gradcheck import central_difference
from bplib.widgets.ball import CURVES, EDGE, LEVELS, SURFACES, Ball


def test_on_the_parabola_each_step_multiplies_by_one_minus_two_eta():
    way = Ball("parabola", eta=0.1, steps=5, start=[2.5, 0]).result()["way"]
    np.testing.assert_allclose(np.ravel(way), 2.5 * 0.8 ** np.arange(6), rtol=1e-12)


def test_one_step_is_enough_at_one_over_the_curvature():
    assert Ball("parabola", eta=0.5, steps=1).result()["losses"][-1] == 0


def test_momentum_adds_what_it_kept():
    result = Ball("parabola", eta=0.1, beta=0.5, steps=2, start=[1, 0]).result()
    # v = 2, w = 0.8; v = 0.5 * 2 + 1.6 = 2.6, w = 0.54
    np.testing.assert_allclose(np.ravel(result["way"]), [1, 0.8, 0.54], rtol=1e-12)
    np.testing.assert_allclose(result["velocity"], [2.6], rtol=1e-12)


def test_the_ravine_is_the_courses_and_steep_across():
    result = Ball("ravine", eta=0.1, steps=1, start=[1, 1]).result()
    np.testing.assert_allclose(result["way"], [[1, 1], [0.9, 0]], atol=1e-12)
    assert result["losses"][0] == float(ravine().value([1, 1]))


def test_steepest_descent_leaves_the_ravine_beyond_two_over_the_curvature():
    assert Ball("ravine", eta=0.19, steps=200).result()["lost"] is None
    lost = Ball("ravine", eta=0.25, steps=200).result()
    # across, each step multiplies 1.5 by -1.5: beyond 100 first in step 11
    assert lost["lost"] == 11
    assert len(lost["way"]) == len(lost["losses"]) == 11
    assert np.isfinite(lost["losses"]).all()


def test_momentum_carries_it_over_the_hill_to_the_lower_valley():
    slow = Ball("two valleys", eta=0.05, steps=200, start=[2.2, 0]).result()
    fast = Ball("two valleys", eta=0.05, beta=0.9, steps=200, start=[2.2, 0]).result()
    assert slow["way"][-1][0] > 1 > -1 > fast["way"][-1][0]
    assert fast["losses"][-1] < slow["losses"][-1]


@pytest.mark.parametrize("surface", CURVES)
def test_slopes_are_slopes(surface):
    curve, w = CURVES[surface], np.linspace(-3, 3, 7)
    np.testing.assert_allclose(
        curve.slope(w), central_difference(lambda at: curve.f(at).sum(), w), rtol=1e-8, atol=1e-8
    )
    assert curve.f(np.linspace(-EDGE, EDGE, 200)).min() >= 0  # the drawing begins at 0


def test_half_axes_lie_on_lines_of_equal_loss():
    for level, (a, b) in zip(LEVELS, Ball().fixed()["ravine"], strict=True):
        np.testing.assert_allclose([ravine().value([a, 0]), ravine().value([0, b])], level, rtol=1e-12)


@pytest.mark.parametrize(
    "wrong",
    [{"surface": "moon"}, {"eta": -1}, {"eta": np.nan}, {"beta": 1}, {"steps": 201}, {"start": [0]}, {"start": [0, 9]}],
)
def test_what_it_cannot_do_is_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Ball(**wrong)


@pytest.mark.parametrize("surface", SURFACES)
def test_every_surface_has_a_picture(surface):
    assert "10 steps" in Ball(surface).picture().alt
