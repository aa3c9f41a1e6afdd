"""Whatever a plot shows: it can be read on any page, it is small, it says itself in words, and it leaves no trace."""

import io
import itertools
import re
from concurrent.futures import ThreadPoolExecutor

import matplotlib
import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text

from bplib import plots
from bplib.plots import paper
from bplib.plots.png import encode, quantise
from bplib.svg.palette import LIGHT, contrast
from tests.plots.conftest import KINDS, right_of_zero

pytestmark = pytest.mark.filterwarnings("error")
SMALLEST = 10.5  # points: 14 px at 96 to the inch, the size of a notebook's text


def drawn(figure: Figure) -> np.ndarray:
    """Return the picture's dots, (height, width, 3)."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="rgba", dpi=paper.DENSITY)
    width = int(figure.get_figwidth() * paper.DENSITY + 1e-6)
    return np.frombuffer(buffer.getvalue(), np.uint8).reshape(-1, width, 4)[:, :, :3]


def seen(figure: Figure) -> list[tuple[Text, tuple[int, int, int, int]]]:
    """Return all words that can be seen with the dots they cover: (left, right, top, bottom)."""
    figure.set_dpi(paper.DENSITY)
    figure.draw_without_rendering()
    hidden = set()
    for ax in figure.axes:
        for axis in (ax.xaxis, ax.yaxis):
            hidden |= set(axis.findobj(Text))
            if ax.axison:  # ticks outside of the limits exist, and are not drawn
                hidden -= {axis.label, axis.offsetText, *(tick.label1 for tick in axis._update_ticks())}
    found, height = [], int(figure.get_figheight() * paper.DENSITY + 1e-6)
    for text in figure.findobj(Text):
        if text.get_text().strip() and text.get_visible() and text not in hidden:
            box = Text.get_window_extent(text)
            found.append((text, (int(box.x0), int(box.x1) + 1, int(height - box.y1), int(height - box.y0) + 1)))
    return found


@pytest.fixture(scope="module")
def words(plot):
    """Return the words of the plot and the dots they cover."""
    return seen(plot.figure)


def test_words_can_be_read_where_they_stand(plot, words):
    assert words
    for text, _ in words:
        text.set_alpha(0)
    ground = drawn(plot.figure)
    assert (ground[[0, 0, -1, -1], [0, -1, 0, -1]] == 255).all()  # all corners: its own paper, not a dark page
    for text, (left, right, top, bottom) in words:
        beneath, counts = np.unique(ground[top:bottom, left:right].reshape(-1, 3), axis=0, return_counts=True)
        ratios = np.array([contrast(to_hex(text.get_color()).upper(), to_hex(dot / 255)) for dot in beneath])
        poor = counts[ratios < 4.5].sum() / counts.sum()
        assert poor < 0.03, f"{text.get_text()!r}: {100 * poor:.0f} % of its ground is too near to its colour"


def test_words_are_as_large_as_the_notebooks(words):
    for text, _ in words:
        assert text.get_fontsize() >= SMALLEST, text.get_text()


def test_words_do_not_cover_each_other_and_stand_on_the_paper(plot, words):
    width, height = plot.figure.get_size_inches() * paper.DENSITY
    for text, (left, right, top, bottom) in words:
        assert min(left, top, width - right, height - bottom) >= -2, text.get_text()
    for (a, (l1, r1, t1, b1)), (b, (l2, r2, t2, b2)) in itertools.combinations(words, 2):
        overlap = min(r1, r2) - max(l1, l2) > 3 and min(b1, b2) - max(t1, t2) > 3
        assert not overlap, f"{a.get_text()!r} and {b.get_text()!r}"


def test_lines_can_be_seen(plot):
    for line in itertools.chain(*(ax.lines for ax in plot.figure.axes)):
        colours = {to_hex(line.get_color()).upper()} if line.get_linestyle() != "None" else set()
        if line.get_marker() not in ("None", ""):
            colours.add(to_hex(line.get_markeredgecolor()).upper())
        for colour in colours - {LIGHT["grid"], LIGHT["paper"]}:  # nothing depends on the grid
            assert contrast(colour, LIGHT["paper"]) >= 3


def test_series_are_told_apart_without_colour(plot):
    lines = plot.artists.get("lines") or plot.artists.get("paths") or []
    looks = [(str(line._dash_pattern), line.get_marker()) for line in lines]
    assert len(set(looks)) == len(looks)
    assert len({marker for _, marker in looks}) == len(looks)


@pytest.mark.parametrize("name", KINDS)
def test_a_picture_is_small_and_the_same_each_time_and_leaves_no_trace(name):
    pyplot = pytest.importorskip("matplotlib.pyplot")
    before, figures = dict(matplotlib.rcParams), pyplot.get_fignums()
    data, again = KINDS[name]().png(), io.BytesIO()
    KINDS[name]().savefig(again)
    assert len(data) < 60_000
    assert again.getvalue() == data
    assert dict(matplotlib.rcParams) == before
    assert pyplot.get_fignums() == figures


def test_words_that_stand_for_the_plot(plot):
    assert re.fullmatch(r"[^a-z].*\.", plot.alt) or plot.alt.startswith(("f ", "tanh", "sigmoid"))
    assert "-" not in re.sub(r"[a-z]-[a-z]", "", plot.alt), "a minus is no hyphen"
    assert "  " not in plot.alt
    assert ".." not in plot.alt


def test_the_settings_of_a_dark_theme_do_not_reach_the_words():
    pyplot = pytest.importorskip("matplotlib.pyplot")
    with pyplot.style.context("dark_background"):
        plot = plots.learning_curves([3.0, 2.0, 1.0], title="loss")
        assert (drawn(plot.figure)[0, 0] == 255).all()
    for text, _ in seen(plot.figure):
        assert contrast(to_hex(text.get_color()).upper(), LIGHT["paper"]) >= 4.5


TAKES_AX = {
    "v_curve": lambda ax: plots.v_curve([1e-3, 1e-2], [1.0, 2.0], ax=ax),
    "loss_line": lambda ax: plots.loss_line(np.square, (-1, 1), ax=ax),
    "contours": lambda ax: plots.contours(lambda p: (p**2).sum(axis=-1), (-1, 1), (-1, 1), ax=ax),
    "learning_curves": lambda ax: plots.learning_curves([2.0, 1.0], ax=ax),
    "race": lambda ax: plots.race({"a": [2.0, 1.0]}, ax=ax),
    "decision_boundary": lambda ax: plots.decision_boundary(right_of_zero, [[-1, 0], [1, 1]], [0, 1], ax=ax),
    "layer_histograms": lambda ax: plots.layer_histograms([[1.0, 2.0]], ax=ax),
    "confusion_matrix": lambda ax: plots.confusion_matrix([0, 1], [0, 0], ax=ax),
    "misread_digits": lambda ax: plots.misread_digits(np.zeros((1, 4)), [0], [1], ax=ax),
    "score_bars": lambda ax: plots.score_bars([1.0, 2.0], ax=ax),
}  # fmt: skip


@pytest.mark.parametrize("name", TAKES_AX)
def test_a_lecturers_own_axes_are_drawn_on(name):
    figure = Figure()
    first, second = figure.subplots(1, 2)
    plot = TAKES_AX[name](second)
    assert plot.ax is second
    assert plot.figure is figure
    assert not first.lines
    assert not first.images
    assert second.has_data()


def test_a_part_of_a_figure_is_drawn_on_and_the_whole_is_shown():
    figure = Figure()
    _, part = figure.subfigures(1, 2)
    assert plots.learning_curves([2.0, 1.0], ax=part.subplots()).figure is figure


def test_threads_draw_what_one_would_draw():
    names = ["curves", "v_curve", "score_bars"] * 3
    alone = {name: KINDS[name]().png() for name in set(names)}
    with ThreadPoolExecutor(3) as pool:
        together = list(pool.map(lambda name: KINDS[name]().png(), names))
    assert together == [alone[name] for name in names]


def test_a_plot_shows_itself_with_its_words():
    interactive = pytest.importorskip("IPython.core.interactiveshell")
    capture = pytest.importorskip("IPython.utils.capture")
    shell = interactive.InteractiveShell.instance()
    try:
        with capture.capture_output() as captured:
            shell.display_formatter.format(plots.learning_curves([2.0, 1.0, 0.5]))
        (output,) = captured.outputs
        assert output.data["text/plain"] == "Loss falls from 2 to 0.5 in 3 epochs."
        assert 'alt="Loss falls from 2 to 0.5 in 3 epochs."' in output.data["text/html"]
        assert 'src="data:image/png;base64,' in output.data["text/html"]
        assert "width:576px" in output.data["text/html"]  # 6 inches at 96 to the inch
    finally:
        interactive.InteractiveShell.clear_instance()


def test_other_formats_are_matplotlibs():
    file = io.BytesIO()
    plots.learning_curves([2.0, 1.0]).savefig(file, format="pdf")
    assert file.getvalue().startswith(b"%PDF")


def test_names_at_the_ends_of_lines_stand_apart_and_in_order():
    plot = plots.learning_curves({f"run {k}": [1.0, 0.5 + 0.001 * k] for k in range(8)})
    heights = [label.xyann[1] for label in plot.artists["labels"]]
    gap = 1.25 * paper.TEXT / 72 / (plot.figure.get_figheight() * plot.ax.get_position().height)
    assert (np.diff(heights) >= gap).all()
    assert max(heights) <= 1
    assert [label.get_text() for label in plot.artists["labels"]] == [f"run {k}" for k in range(8)]


# PNG ------------------------------------------------------------------------------------------------------------------


def read(data: bytes) -> np.ndarray:
    """Read a PNG with Matplotlib's own reader."""
    from matplotlib.image import imread

    return (imread(io.BytesIO(data), format="png")[:, :, :3] * 255).round().astype(np.uint8)


@pytest.mark.parametrize("shape", [(1, 1), (7, 3), (40, 61)])
def test_few_colours_are_kept_to_the_digit(shape):
    rng = np.random.default_rng(0)
    dots = rng.integers(0, 256, (200, 3), dtype=np.uint8)[rng.integers(0, 200, shape)]
    assert (read(encode(dots, 144)) == dots).all()


def test_of_many_colours_the_frequent_ones_are_kept_and_the_rest_moves_to_the_nearest():
    rng = np.random.default_rng(0)
    frequent = np.repeat(np.array([[255, 255, 255], [0, 114, 178]], np.uint8), 500, axis=0)
    rare = rng.integers(0, 256, (1000, 3), dtype=np.uint8)
    palette, indices = quantise(np.concatenate([frequent, rare]))
    assert len(palette) == 256
    assert (palette[indices[:1000]] == frequent).all()
    distance = ((rare[:, None].astype(int) - palette[None]) ** 2).sum(axis=2)
    assert (distance[np.arange(1000), indices[1000:]] == distance.min(axis=1)).all()
