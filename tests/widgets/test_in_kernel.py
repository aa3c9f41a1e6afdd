"""What is computed in the kernel: runs that start and pause, a notebook that stays alive, states that diverge."""

import re
import time

import pytest

from tests.browser import shot
from tests.widgets.specimens import SPECIMENS

pytestmark = pytest.mark.slow
BY_NAME = {specimen.name: specimen for specimen in SPECIMENS}


@pytest.fixture
def named(widget):
    """Return a function: name of a specimen -> its `Widget`."""
    return lambda name: widget(BY_NAME[name])


def press(shown, label):
    shown.area.get_by_role("button", name=label, exact=True).click()


def until_seen(shown, pattern):
    """Wait until the sentence matches, and return it."""
    shown.page.wait_for_function(
        "pattern => new RegExp(pattern).test(document.querySelector('.bp-seen').textContent)", arg=pattern
    )
    return shown.seen()


def epoch(shown):
    return int(re.search(r"epoch (\d+)", shown.seen())[1])


def test_training_runs_until_pause_and_other_cells_run_meanwhile(named):
    shown = named("boundary")
    shown.lab.run(shown.page, "from bplib.widgets import boundary\nboundary.MOST_EPOCHS = 10**9")  # however fast it is
    press(shown, "Restart")
    until_seen(shown, r"epoch 0,")
    press(shown, "Start")
    until_seen(shown, r"epoch [1-9]")
    assert shown.area.get_by_role("button", name="Start", exact=True).is_disabled()
    first, begin = int(shown.python("state.epoch")), time.perf_counter()
    assert shown.python("6 * 7") == "42"
    assert time.perf_counter() - begin < 2  # the answer comes between two slices
    assert int(shown.python("state.epoch")) > first
    shown.page.wait_for_function("() => / epoch [1-9]/.test(document.querySelector('.bp-said').textContent)")
    assert shown.python("view.running") == "True"  # it is announced while it runs
    press(shown, "Pause")
    shown.page.wait_for_function("() => [...document.querySelectorAll('.bp button')][1].disabled")
    stopped = shown.python("state.epoch")
    time.sleep(0.3)
    assert shown.python("state.epoch") == stopped
    assert epoch(shown) == int(stopped)
    assert shown.area.locator(".bp-problem").is_hidden()
    shot(shown.page, "boundary_trained")


def test_one_epoch_and_its_loss_are_announced(named):
    shown = named("boundary")
    press(shown, "Restart")
    until_seen(shown, r"epoch 0,")
    press(shown, "1 epoch")
    sentence = until_seen(shown, r"epoch 1, loss [\d.]+, [\d.]+ % right")
    shown.page.wait_for_function("said => document.querySelector('.bp-said').textContent === said", arg=sentence)


def test_what_overflows_is_said_and_the_next_start_works(named):
    shown = named("boundary")
    shown.lab.run(shown.page, "view.change(activation='identity', eta=1000)")
    until_seen(shown, "identity")
    press(shown, "Start")
    until_seen(shown, "eta = 1000 is too large")
    shot(shown.page, "boundary_diverged")
    shown.lab.run(shown.page, "view.change(activation='tanh', eta=0.3)")
    press(shown, "1 epoch")
    assert "too large" not in until_seen(shown, r"tanh units: epoch 1,")


def test_eta_may_be_moved_while_it_trains(named):
    shown = named("boundary")
    press(shown, "Start")
    until_seen(shown, r"epoch [1-9]")
    shown.move("eta", 0.05)
    shown.until("state._rule.eta", 0.05)
    assert shown.python("view.running") == "True"
    assert shown.python("state.epoch > 0") == "True"
    press(shown, "Pause")
    shown.move("eta", 0.3)


def test_a_race_is_run_step_by_step(named):
    shown = named("race")
    shown.move("steps", 0)
    until_seen(shown, "after 0 steps")
    press(shown, "Start")
    until_seen(shown, r"after [1-9]\d* steps")
    press(shown, "Pause")
    time.sleep(0.3)
    stopped = shown.python("state.steps")
    time.sleep(0.3)
    assert shown.python("state.steps") == stopped


def test_who_leaves_the_race_is_said(named):
    shown = named("race")
    shown.move("noise", 0)
    shown.typed("steepest descent").fill("0.5")
    shown.move("steps", 100)
    assert "Adam" in until_seen(shown, r"steepest descent diverges in step \d")
    shown.area.get_by_label("steepest descent runs").uncheck()
    shown.page.wait_for_function("() => !document.querySelector('.bp-seen').textContent.includes('steepest')")
    assert "GradientDescent" not in shown.python("state.rules")
    shown.area.get_by_label("steepest descent runs").check()
    shown.typed("steepest descent").fill("0.1")


def test_a_ball_that_diverges_is_said_and_dragging_sets_the_start(named):
    shown = named("ball")
    shown.typed("eta").fill("1.5")
    until_seen(shown, "it diverges. In step 6")  # each step multiplies 2.5 by -2
    shot(shown.page, "ball_diverged")
    shown.typed("eta").fill("0.1")
    stage = shown.area.locator("svg.bp-stage").first
    stage.scroll_into_view_if_needed()
    box = stage.bounding_box()
    shown.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    shown.page.mouse.down()
    shown.page.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2, steps=4)
    shown.page.mouse.up()
    shown.until("round(state.start[0], 1)", -1.6)  # a quarter of 440, on an axis from 20 to 420 for -3 to 3
    shown.move("start", 2.5)


def test_blame_goes_edge_by_edge_and_no_further_than_the_end(named):
    shown = named("blame")
    shown.move("step", 0)
    until_seen(shown, "Step 0 of 8")
    press(shown, "Next")
    assert "o1 gives 0.7514 where 0.01 is wanted" in until_seen(shown, "Step 1 of 8")
    press(shown, "Next")
    until_seen(shown, "Step 2 of 8")
    press(shown, "Next")
    assert "From o1 to h1: weight 0.4 times δ 0.1385 is 0.0554" in until_seen(shown, "Step 3 of 8")
    press(shown, "To the end")
    assert "δ = 0.009954" in until_seen(shown, "Step 8 of 8")
    press(shown, "Next")
    time.sleep(0.2)
    assert shown.python("state.step") == "8"
    shown.area.get_by_label("network", exact=True).select_option("2-3-3-2")
    until_seen(shown, "Step 0 of 23")
    shown.page.set_viewport_size({"width": 800, "height": 1000})
    shown.page.wait_for_function("() => document.querySelector('.bp-frame').clientWidth < 400")
    press(shown, "Next")
    until_seen(shown, "Step 1 of 23")
    frame = shown.area.locator(".bp-frame").bounding_box()
    for name in ("o1", "o2"):
        unit = shown.area.locator(".bp-stage text", has_text=re.compile(f"^{name}$")).bounding_box()
        assert frame["x"] < unit["x"] < unit["x"] + unit["width"] < frame["x"] + frame["width"]
    shown.page.set_viewport_size({"width": 1280, "height": 1000})
    shown.area.get_by_label("network", exact=True).select_option("2-2-2 of deck 004")
    until_seen(shown, "Step 0 of 8")


def test_a_planted_error_is_missed_and_then_found(named):
    shown = named("gradient_check")
    shown.move("log₁₀ of the planted error", -9)
    shown.area.get_by_label("method", exact=True).select_option("forward")
    shown.move("log₁₀ h", -8)
    until_seen(shown, "forward, h = 1e−8.*The planted error of 1e−9 is missed: hidden by the method's own error")
    shown.area.get_by_label("method", exact=True).select_option("central")
    shown.move("log₁₀ h", -5)
    until_seen(shown, "central, h = 1e−5.*The planted error of 1e−9 shows")


def test_a_vanishing_signal_is_said(named):
    shown = named("initialization")
    shown.area.get_by_label("rule", exact=True).select_option("zeros")
    until_seen(shown, "zeros, tanh.*layer 1 to 10: gone")
    shown.area.get_by_label("rule", exact=True).select_option("fan_in")
    until_seen(shown, "fan_in")
