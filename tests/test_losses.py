"""Each loss against its definition written out as a loop, each derivative against two numeric ones."""

import numpy as np
import pytest

from bplib.gradcheck import central_difference, complex_step
from bplib.losses import half_squared

SHAPES = [(2,), (1, 3), (7, 3), (), (0,)]


@pytest.mark.parametrize("shape", SHAPES)
def test_half_squared_is_half_the_sum(shape):
    rng = np.random.default_rng(2)
    out, target = rng.normal(size=(2, *shape))
    loss, _ = half_squared(out, target)
    want = 0.0
    for o, t in zip(np.ravel(out), np.ravel(target), strict=True):
        want += 0.5 * (t - o) ** 2
    assert np.shape(loss) == ()
    assert float(loss) == pytest.approx(want, rel=1e-14)


@pytest.mark.parametrize("shape", SHAPES)
def test_dout_is_the_slope_of_the_loss_beside_it(shape):
    rng = np.random.default_rng(3)
    out, target = (np.array(values) for values in rng.normal(size=(2, *shape)))
    before = out.copy(), target.copy()
    _, dout = half_squared(out, target)
    assert np.shape(dout) == shape
    np.testing.assert_allclose(dout, complex_step(lambda o: half_squared(o, target)[0], out), rtol=1e-12, atol=1e-15)
    near = central_difference(lambda o: half_squared(o, target)[0], out)
    np.testing.assert_allclose(dout, near, rtol=1e-8, atol=1e-10)
    assert np.array_equal(out, before[0])
    assert np.array_equal(target, before[1])


def test_a_met_target_costs_nothing_and_a_miss_pulls_back():
    out = np.array([0.25, 0.75])
    loss, dout = half_squared(out, out)
    assert (float(loss), dout.tolist()) == (0.0, [0.0, 0.0])
    assert half_squared(out, np.array([0.0, 1.0]))[1].tolist() == [0.25, -0.25]  # too high: positive


@pytest.mark.parametrize(("out", "target"), [((2,), (3,)), ((2, 1), (2,)), ((2,), ()), ((3, 2), (2, 3)), ((), (1,))])
def test_shapes_that_would_broadcast_are_refused(out, target):
    with pytest.raises(ValueError, match="needs the shape of out"):
        half_squared(np.zeros(out), np.zeros(target))


@pytest.mark.parametrize("kind", [np.int64, np.uint8])
def test_whole_numbers_are_taken_as_float64(kind):
    loss, dout = half_squared(np.array([0, 1], dtype=kind), np.array([1, 0], dtype=kind))
    assert dout.dtype == np.float64
    assert (float(loss), dout.tolist()) == (1.0, [-1.0, 1.0])
