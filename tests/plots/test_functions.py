"""Slopes, differences and ways downhill: what is drawn is what was given, and what is said is what is drawn."""

import numpy as np
import pytest

from bplib import plots
from bplib.plots.words import number
from tests.plots.conftest import CENTRAL, FORWARD, H, bowl, sigmoid, slope

pytestmark = pytest.mark.filterwarnings("error")


@pytest.mark.parametrize("z", [-5.0, -1.3, 0.0, 2.0, 4.5, 5.0])
def test_the_slope_triangle_is_as_steep_as_the_function(z):
    plot = plots.activation(sigmoid, slope, z, name="sigmoid")
    (x0, y0), (x1, y1), (x2, y2) = plot.artists["triangle"].get_xy()[:3]
    assert (x0, y0) == pytest.approx((z, sigmoid(z)))
    assert y1 == y0
    assert x2 == x1
    assert abs(x1 - x0) == pytest.approx(1)
    assert (y2 - y0) / (x2 - x0) == pytest.approx(slope(z))
    assert -5 <= min(x0, x1) <= max(x0, x1) <= 5
    assert plot.artists["slope"].get_ydata()[0] == pytest.approx(slope(z))
    assert f"At z = {number(z)} sigmoid is {number(sigmoid(z))}, its slope {number(slope(z))}." in plot.alt


def test_the_slope_triangle_lies_under_the_curve_and_is_seen_whole():
    for z, tip in ((0.9, 1.9), (-4.5, -1.0)):
        plot = plots.activation(lambda z: np.clip(z, -1, 1), lambda z: np.where(np.abs(z) < 1, 1.0, 0.0), z)
        triangle, (bottom, top) = plot.artists["triangle"], plot.ax[0].get_ylim()
        assert triangle.get_zorder() < plot.artists["f"].get_zorder()
        assert triangle.get_xy()[2, 1] == pytest.approx(tip)
        assert bottom < min(tip, -1) < max(tip, 1) < top


def test_function_and_derivative_are_drawn_where_they_are():
    plot = plots.activation(sigmoid, slope, between=(-2, 3))
    for name, f in (("f", sigmoid), ("df", slope)):
        x, y = plot.artists[name].get_data()
        assert x[[0, -1]].tolist() == [-2, 3]
        assert y == pytest.approx(f(x))
    assert plot.artists["f"].get_linestyle() != plot.artists["df"].get_linestyle()
    assert "triangle" not in plot.artists
    assert "its derivative is largest, 0.25, at z = 0." in plot.alt


def test_an_activation_that_overflows_is_drawn_as_far_as_it_goes():
    plot = plots.activation(np.exp, np.exp, 0.0, between=(-1000, 1000))
    assert np.isfinite(plot.ax[0].get_ylim()).all()
    assert "At z = 0 f is 1, its slope 1." in plot.alt
    assert "its derivative is 0 everywhere" in plots.activation(np.sign, lambda z: 0 * z).alt
    nothing = plots.activation(lambda z: z * np.nan, lambda z: z * np.nan)
    assert "is no number anywhere" in nothing.alt


def test_the_best_step_is_the_one_with_the_least_error():
    plot = plots.v_curve(H[::-1], {"forward": FORWARD[::-1], "central": -CENTRAL[::-1]})
    for line, best, error in zip(plot.artists["lines"], plot.artists["best"], (FORWARD, CENTRAL), strict=True):
        assert line.get_xdata().tolist() == H.tolist()
        assert line.get_ydata() == pytest.approx(error)
        assert best.get_data() == ([H[error.argmin()]], [error.min()])
    assert f"forward is best at h = 1e−8 with error {number(FORWARD.min())}" in plot.alt
    assert f"central is best at h = {number(H[CENTRAL.argmin()])}" in plot.alt
    assert plot.ax.get_xscale() == plot.ax.get_yscale() == "log"


def test_an_error_of_zero_is_drawn_at_the_foot_and_called_zero():
    plot = plots.v_curve([1e-3, 1e-2, 1e-1], [0.0, 1e-4, 1e-2])
    low = plot.artists["lines"][0].get_ydata()
    assert low.tolist() == [1e-5, 1e-4, 1e-2]
    assert plot.ax.get_ylim()[0] < 1e-5
    assert "best at h = 0.001 with error 0" in plot.alt


def test_errors_that_are_no_numbers_are_counted():
    plot = plots.v_curve([1e-3, 1e-2, 1e-1], [1.0, np.nan, np.inf])
    assert "with error 1 (2 values no number)" in plot.alt
    assert "is no number at any h" in plots.v_curve([1e-3], [np.nan]).alt
    assert plots.v_curve([], []).artists["message"].get_text() == "no step h tried yet"


def test_the_current_step_is_pointed_out():
    plot = plots.v_curve(H, FORWARD, current=1e-4)
    assert list(plot.artists["current"].get_xdata()) == [1e-4, 1e-4]
    assert "dashed line: h = 0.0001" in plot.ax.get_xlabel()


def test_a_path_is_drawn_on_its_loss():
    path = [2.0, 1.0, -0.5]
    plot = plots.loss_line(np.square, (-3, 3), path=path, slope=lambda w: 2 * w)
    assert plot.artists["path"].get_data()[0].tolist() == path
    assert plot.artists["path"].get_data()[1].tolist() == [4.0, 1.0, 0.25]
    assert plot.artists["start"].get_data() == ([2.0], [4.0])
    assert plot.artists["end"].get_data() == ([-0.5], [0.25])
    x, y = plot.artists["tangent"].get_data()
    assert np.diff(y) / np.diff(x) == pytest.approx([-1.0])
    assert y.mean() == pytest.approx(0.25)
    assert "The slope at −0.5 is −1. 2 steps lead from 2 to −0.5; loss falls from 4 to 0.25." in plot.alt


def test_points_outside_the_picture_are_counted_and_what_overflows_is_left_out():
    plot = plots.loss_line(np.square, (-2, 2), path=[1.0, -2.5, 6.0, np.inf, np.nan])
    assert plot.artists["path"].get_xdata().tolist() == [1.0, -2.5, 6.0]
    assert "loss rises from 1 to 36, 4 of 5 points outside the picture." in plot.alt
    assert plot.ax.get_xlim() == (-2, 2)
    far = plots.loss_line(np.exp, (-2, 800), path=[1, 900.0])
    assert far.ax.get_ylim()[1] < 1e101
    assert "is no number between" in plots.loss_line(np.log, (-2, -1)).alt
    assert plots.loss_line(np.square, (-2, 2), path=[np.nan]).alt.endswith("The path has no point to draw.")


def test_paths_over_two_weights():
    walks = {"a": np.array([[1.0, 1.0], [0.5, 0.1], [0.0, 0.0]]), "b": np.array([[1.0, 1.0], [1.5, 0.0], [1.0, -3.0]])}
    plot = plots.contours(bowl, (-1, 1), (-1, 1), paths=walks, minimum=(0, 0))
    for line, end, walk in zip(plot.artists["paths"], plot.artists["ends"], walks.values(), strict=True):
        assert np.stack(line.get_data(), axis=1).tolist() == walk.tolist()
        assert np.concatenate(end.get_data()).tolist() == walk[-1].tolist()
    assert np.concatenate(plot.artists["minimum"].get_data()).tolist() == [0, 0]
    assert plot.alt == (
        "Loss over two weights, from 0 to 5.5, minimum marked at (0, 0). a: 2 steps, loss falls from 5.5 to 0. "
        "b: 2 steps, loss rises from 5.5 to 45.5, 2 of 3 points outside the picture."
    )
    assert [text.get_text() for text in plot.artists["legend"].get_texts()] == ["a", "b", "minimum"]


def test_contour_lines_are_lines_of_equal_height():
    plot = plots.contours(bowl, (-1, 1), (-1, 1))
    for level, path in zip(plot.artists["contours"].levels, plot.artists["contours"].get_paths(), strict=True):
        if len(path.vertices):
            assert bowl(path.vertices) == pytest.approx(level, abs=0.01)


def test_frames_show_the_first_steps_on_the_axes_of_all():
    walk = np.array([[1.0, 1.0], [0.5, 0.1], [0.0, 0.0]])
    frames = [plots.contours(bowl, (-1, 1), (-1, 1), paths=walk, upto=k) for k in range(3)]
    assert [len(frame.artists["paths"][0].get_xdata()) for frame in frames] == [1, 2, 3]
    losses = {"Adam": [4.0, 2.0, 1.0, 0.5], "momentum": [4.0, 3.0, 2.0, 9.0]}
    frames = [plots.race(losses, upto=k) for k in range(4)]
    assert [len(frame.artists["lines"][0].get_xdata()) for frame in frames] == [1, 2, 3, 4]
    assert len({(frame.ax.get_xlim(), frame.ax.get_ylim()) for frame in frames}) == 1
    assert "falls from 4 to 2 in 1 step" in frames[1].alt


def test_a_valley_that_overflows_is_drawn_where_it_does_not():
    plot = plots.contours(lambda p: np.exp(1e3 * p[..., 0]), (-1, 1), (-1, 1))
    assert len(plot.png()) > 0
    assert (
        plots.contours(lambda p: p[..., 0] * np.nan, (-1, 1), (-1, 1)).alt == "Loss over two weights is no number here."
    )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: plots.activation(sigmoid, slope, 9.0), "z is 9.0; it has to lie between -5.0 and 5.0"),
        (lambda: plots.activation(sigmoid, slope, between=(1, 1)), "is empty"),
        (lambda: plots.activation(lambda z: 1.0, slope), "it has to return"),
        (lambda: plots.v_curve([1e-3, 0.0], [1.0, 1.0]), "positive number"),
        (lambda: plots.v_curve([1e-3], [1.0], current=0.0), "current is 0.0"),
        (lambda: plots.v_curve([1e-3, 1e-2], [1.0]), "errors of error has 1 value; it needs 2"),
        (lambda: plots.v_curve(H, {str(k): FORWARD for k in range(9)}), "9 methods cannot be told apart.*at most 8"),
        (lambda: plots.loss_line(np.square, (2, -2)), "the first number has to be the smaller one"),
        (lambda: plots.loss_line(np.square, (0, 1), path=np.zeros(2001)), "2001 points.*at most 2000"),
        (lambda: plots.loss_line(np.square, (0, 1), path=[["a"]]), "path has to be a row of numbers"),
        (lambda: plots.contours(bowl, (0, 1), (0, 1), paths=[1.0, 2.0]), r"needs \(K, 2\)"),
        (lambda: plots.contours(lambda p: 0.0, (0, 1), (0, 1)), "it has to return"),
        (lambda: plots.contours(bowl, (0, np.inf), (0, 1)), "is empty"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_refused_with_the_reason(call, message):
    with pytest.raises(ValueError, match=message):
        call()
