"""The words of a plot are computed from its data: read back, they give the data again."""

import re

import numpy as np
import pytest

from bplib.plots.words import flat_from, number, sound, trend

NUMBER = r"(−?[\d.]+(?:e−?\d+)?)"


def value(text: str) -> float:
    return float(text.replace("−", "-"))


@pytest.mark.parametrize("seed", range(200))
def test_a_number_reads_back_to_three_digits(seed):
    rng = np.random.default_rng(seed)
    x = float(rng.choice([-1, 1]) * 10 ** rng.uniform(-20, 20))
    assert value(number(x)) == pytest.approx(x, rel=0.0051)
    assert len(number(x)) <= 9


@pytest.mark.parametrize(("x", "text"), [(0, "0"), (np.inf, "inf"), (-np.inf, "−inf"), (999.6, "1000"), (0.1, "0.1")])
def test_edges_of_numbers(x, text):
    assert number(x) == text


@pytest.mark.parametrize("seed", range(100))
def test_the_trend_says_first_and_last_value_and_direction(seed):
    rng = np.random.default_rng(seed)
    values = 10 ** rng.uniform(-3, 3) * rng.random(rng.integers(2, 60)).cumsum()[:: rng.choice([-1, 1])]
    words = trend("loss", values)
    found = re.match(rf"loss (falls|rises) from {NUMBER} to {NUMBER} in (\d+) epochs", words)
    assert found, words
    verb, first, last, epochs = found.groups()
    assert verb == ("falls" if values[-1] < values[0] else "rises")
    assert value(first) == pytest.approx(values[0], rel=0.0051)
    assert value(last) == pytest.approx(values[-1], rel=0.0051)
    assert int(epochs) == len(values)


@pytest.mark.parametrize("seed", range(50))
def test_flat_is_said_where_it_is_and_nowhere_else(seed):
    rng = np.random.default_rng(seed)
    slope, level = np.linspace(1, 0.05, rng.integers(5, 40)), rng.integers(0, 60)
    values = np.concatenate([slope, 0.01 * rng.random(level)])
    words = trend("loss", values)
    found = re.search(r"flat after epoch (\d+)", words)
    assert bool(found) == (level >= max(3, 0.2 * len(values))), words
    if found:
        after = values[int(found[1]) :]  # epoch k is values[k - 1]
        assert np.abs(after - values[-1]).max() <= 0.02 * np.ptp(values)
        assert abs(values[int(found[1]) - 1] - values[-1]) > 0.02 * np.ptp(values)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e101])
@pytest.mark.parametrize("at", [1, 2, 7])
def test_divergence_is_said_with_its_place(bad, at):
    values = np.linspace(3, 1, 10)
    values[at:] = bad
    words = trend("loss", values)
    assert f"then diverges at epoch {at + 1} ({number(bad)})" in words
    assert "flat" not in words
    assert sound(values) == at


def test_the_best_value_is_said_when_it_is_not_the_last():
    assert "lowest 0.2 at epoch 3" in trend("loss", [1, 0.5, 0.2, 0.3, 0.6])
    assert "highest 0.9 at epoch 2" in trend("accuracy", [0.1, 0.9, 0.8, 0.5])
    assert "lowest" not in trend("loss", [1, 0.5, 0.2, 0.1])


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([], "loss: nothing recorded yet"),
        ([2.0], "loss is 2 at epoch 1"),
        ([2.0, 2.0, 2.0], "loss stays at 2 in 3 epochs"),
        ([np.nan, 1.0], "loss is no number from the start (nan)"),
        ([1.0, 3.0, 1.0], "loss ends where it began, at 1, and lies between 1 and 3 in 3 epochs"),
    ],
)
def test_trends_that_are_none(values, words):
    assert trend("loss", values) == words


def test_steps_count_from_zero_and_flat_on_a_logarithmic_axis_is_a_factor():
    values = 10.0 ** -np.arange(20.0)
    assert trend("loss", values, "step", 0).startswith("loss falls from 1 to 1e−19 in 19 steps")
    assert "flat" in trend("loss", values)
    assert "flat" not in trend("loss", values, log=True)
    assert flat_from([1.0, 1.0]) == 0
