"""Classes: bars as long as their numbers, regions as the classifier says, and every mistake counted."""

import re

import numpy as np
import pytest

from bplib import plots
from bplib.plots.classes import MOST_DRAWN
from bplib.plots.words import number
from tests.plots.conftest import CLASSES, IMAGES, MOONS, SAID, SIDE, right_of_zero

pytestmark = pytest.mark.filterwarnings("error")


def test_bars_are_as_long_as_their_numbers():
    values = [3.2, 5.1, -1.7]
    plot = plots.score_bars(values, 0, names=["cat", "car", "frog"], border=(2.2, "margin"))
    assert [bar.get_width() for bar in plot.artists["bars"]] == pytest.approx(values)
    assert [text.get_text() for text in plot.artists["numbers"]] == ["3.2", "5.1", "−1.7"]
    assert [bool(bar.get_hatch()) for bar in plot.artists["bars"]] == [True, False, False]
    assert [label.get_text() for label in plot.ax.get_yticklabels()] == ["right: cat", "car", "frog"]
    assert list(plot.artists["border"].get_xdata()) == [2.2, 2.2]
    assert plot.alt.endswith("car is highest. Above margin (2.2): cat and car.")


def test_bars_that_are_no_numbers_have_no_length_and_say_so():
    plot = plots.score_bars([np.nan, np.inf, 1.0])
    assert [bar.get_width() for bar in plot.artists["bars"]] == [0, 0, 1]
    assert plot.alt == "Score of 3 classes: 0 nan, 1 inf, 2 1."


def test_regions_are_what_the_classifier_says():
    plot = plots.decision_boundary(right_of_zero, MOONS, SIDE)
    image = plot.artists["regions"].get_array()
    left, right, *_ = plot.artists["regions"].get_extent()
    across = np.linspace(left, right, image.shape[1])
    colours = {False: image[0, 0].tolist(), True: image[0, -1].tolist()}
    assert colours[False] != colours[True]
    assert all((image[:, k] == colours[bool(x > 0)]).all() for k, x in enumerate(across))
    above = plots.decision_boundary(lambda p: (p[:, 1] > MOONS[:, 1].max()) * 1, MOONS, SIDE).artists["regions"]
    assert above.origin == "lower"  # the first row of the image is the lowest
    assert above.get_array()[0, 0].tolist() == colours[False] != above.get_array()[-1, 0].tolist()
    (border,) = plot.artists["border"]
    assert all(abs(path.vertices[:, 0]).max() <= np.diff(across)[0] for path in border.get_paths())


def test_samples_have_their_classs_marker_and_mistakes_a_ring():
    plot = plots.decision_boundary(right_of_zero, MOONS, SIDE, names=["left", "right"])
    for k, line in enumerate(plot.artists["samples"]):
        assert np.stack(line.get_data(), axis=1).tolist() == MOONS[k == SIDE].tolist()
    assert len({line.get_marker() for line in plot.artists["samples"]}) == 2
    wrong = right_of_zero(MOONS) != SIDE
    assert np.stack(plot.artists["mistakes"].get_data(), axis=1).tolist() == MOONS[wrong].tolist()
    right = int((~wrong).sum())
    assert f"{right} ({number(100 * right / 60)} %) on their own side" in plot.alt
    for k, name in enumerate(["left", "right"]):
        assert f"{name}: {(~wrong)[k == SIDE].sum()} of 30 right".lower() in plot.alt.lower()
    assert "ring: on the wrong side" in plot.ax.get_xlabel()


def test_scores_count_as_their_largest():
    scores = plots.decision_boundary(lambda p: np.stack([-p[:, 0], p[:, 0]], axis=1), MOONS, SIDE)
    indices = plots.decision_boundary(right_of_zero, MOONS, SIDE)
    assert scores.alt == indices.alt
    assert (scores.artists["regions"].get_array() == indices.artists["regions"].get_array()).all()


def test_names_stand_in_their_regions():
    plot = plots.decision_boundary(right_of_zero, MOONS, SIDE, names=["left", "right"])
    places = {text.get_text(): text.xy[0] for text in plot.ax.texts}
    assert places["left"] < 0 < places["right"]


def test_no_boundary_is_said():
    alt = plots.decision_boundary(lambda p: np.zeros(len(p), int), MOONS, SIDE).alt
    assert alt.endswith("Every point of the picture is class 0: there is no boundary.")


def test_of_many_samples_some_are_drawn_the_mistakes_first_and_it_is_said():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(5000, 2))
    labels = right_of_zero(X)
    labels[:5] = 1 - labels[:5]
    plot = plots.decision_boundary(right_of_zero, X, labels)
    assert sum(len(line.get_xdata()) for line in plot.artists["samples"]) == MOST_DRAWN
    assert len(plot.artists["mistakes"].get_xdata()) == 5
    assert f"{MOST_DRAWN} of 5000 samples are drawn." in plot.alt
    assert "4995 (99.9 %)" in plot.alt


def test_the_matrix_counts_rows_for_right_and_columns_for_said():
    plot = plots.confusion_matrix(CLASSES, SAID)
    found = {tuple(int(v) for v in text.get_position()): int(text.get_text()) for text in plot.artists["numbers"]}
    for right in range(10):
        for said in range(10):
            assert found.get((said, right), 0) == ((right == CLASSES) & (said == SAID)).sum()
    assert f"{(CLASSES == SAID).sum()} of 300 samples" in plot.alt
    worst = re.search(r"Most often wrong: (\d) taken for (\d) \((\d+)\)", plot.alt)
    counts = [((i == CLASSES) & (j == SAID)).sum() for i in range(10) for j in range(10) if i != j]
    assert int(worst[3]) == max(counts) == ((int(worst[1]) == CLASSES) & (int(worst[2]) == SAID)).sum()


def test_misread_images_are_drawn_with_both_classes():
    wrong = np.flatnonzero(CLASSES != SAID)
    plot = plots.misread_digits(IMAGES, CLASSES, SAID, most=7)
    assert len(plot.artists["images"]) == 7
    for image, label, i in zip(plot.artists["images"], plot.artists["labels"], wrong, strict=False):
        assert (image.get_array() == IMAGES[i].reshape(8, 8)).all()
        assert label.get_text() == f"{CLASSES[i]} as {SAID[i]}"
    assert plot.alt.startswith(
        f"{len(wrong)} of 300 images misread, the first 7: {CLASSES[wrong[0]]} as {SAID[wrong[0]]}"
    )
    assert plots.misread_digits(IMAGES, CLASSES, CLASSES).alt == "All 300 images read rightly."


def test_histograms_count_all_values_on_one_axis():
    rng = np.random.default_rng(0)
    layers = [rng.normal(0, 0.5**k, (20, 30)) for k in range(4)]
    plot = plots.layer_histograms(layers, names=["in", "a", "b", "out"])
    for k, (patch, layer) in enumerate(zip(plot.artists["histograms"], layers, strict=True), start=1):
        values, edges, left = patch.get_data()
        counts, _ = np.histogram(layer, edges)
        assert left == pytest.approx(k - 0.4)
        assert (values - left) / 0.8 == pytest.approx(counts / counts.max())
        assert counts.sum() == layer.size
    said = re.search(r"standard deviation (.*)\. It falls by a factor of (.*)\.$", plot.alt)
    assert said[1].split(", ") == [number(layer.std()) for layer in layers]
    assert said[2] == number(layers[0].std() / layers[-1].std())
    assert [label.get_text().split("\n")[0] for label in plot.ax.get_xticklabels()] == ["in", "a", "b", "out"]
    assert plot.ax.get_xlabel() == "layer, and standard deviation"
    assert plots.layer_histograms(layers, x="sums; deviations").ax.get_xlabel() == "sums; deviations"


def test_layers_without_numbers_say_so():
    plot = plots.layer_histograms([np.ones(5), np.array([np.nan, np.inf, 2.0]), np.full(3, np.nan)])
    assert plot.artists["histograms"][2] is None
    assert "5 values no number or too large to draw, the first in layer 2." in plot.alt
    assert plots.layer_histograms([]).alt == "Activation: no layers yet."
    assert len(plots.layer_histograms([np.zeros(5)]).png()) > 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: plots.score_bars([]), "at least 1, at most 20"),
        (lambda: plots.score_bars(np.zeros(21)), "21 bars.*at most 20"),
        (lambda: plots.score_bars([1.0], 1), "target is 1; classes run from 0 to 0"),
        (lambda: plots.score_bars([1.0, 2.0], names=["a"]), "1 name for 2 classes"),
        (lambda: plots.decision_boundary(right_of_zero, MOONS, SIDE[:-1]), "one class index for each of 60 samples"),
        (lambda: plots.decision_boundary(right_of_zero, MOONS, SIDE - 0.5), "one class index"),
        (lambda: plots.decision_boundary(right_of_zero, MOONS, SIDE + 7), "at most 8"),
        (lambda: plots.decision_boundary(right_of_zero, MOONS, SIDE - 1), "counted from 0"),
        (lambda: plots.decision_boundary(right_of_zero, MOONS[:, :1], SIDE), r"needs \(N, 2\)"),
        (lambda: plots.decision_boundary(right_of_zero, MOONS * np.nan, SIDE), "NaN or an infinity"),
        (lambda: plots.decision_boundary(right_of_zero, MOONS, SIDE, names=["a"]), "1 name for 2 classes"),
        (lambda: plots.decision_boundary(lambda p: np.zeros(3, int), MOONS, SIDE), "predict returned shape"),
        (lambda: plots.decision_boundary(lambda p: p[:, 0], MOONS, SIDE), "class indices from 0"),
        (lambda: plots.decision_boundary(lambda p: np.full(len(p), 9), MOONS, SIDE), "knows 10 classes: at most 8"),
        (lambda: plots.confusion_matrix([0, 1], [0]), "target has 2 samples, predicted 1"),
        (lambda: plots.confusion_matrix([0, 15], [0, 1]), "16 classes.*at most 15"),
        (lambda: plots.confusion_matrix([0, -1], [0, 1]), "holds -1"),
        (lambda: plots.confusion_matrix([0.5], [0]), "whole numbers from 0"),
        (lambda: plots.confusion_matrix([0, 2], [0, 1], ["a", "b"]), "class 2 has no name"),
        (lambda: plots.misread_digits(np.zeros((2, 64)), [1], [1, 2]), "2 images, 1 targets and 2 predictions"),
        (lambda: plots.misread_digits(np.zeros((1, 60)), [1], [2]), "no square image"),
        (lambda: plots.misread_digits(np.zeros((1, 64)), [1], [2], most=41), "at most 40"),
        (lambda: plots.layer_histograms([[1.0]] * 13), "13 layers.*at most 12"),
        (lambda: plots.layer_histograms([[1.0]], names=["a", "b"]), "2 names for 1 layer"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_the_reason(call, message):
    with pytest.raises(ValueError, match=message):
        call()
