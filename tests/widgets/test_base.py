"""What every widget inherits: refusals, slices, what travels, what stands on a page without a kernel."""

import asyncio
import math
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest

from bplib.svg import Drawing
from bplib.widgets.base import State, choice, number, plain


@dataclass
class Counter(State):
    """A state to try the base with."""

    count: float = 0.0
    title: ClassVar[str] = "Counter"
    script: ClassVar[str] = "slope.js"
    actions: ClassVar[tuple[str, ...]] = ("up", "climb", "pause", "fall")

    def __post_init__(self):
        self.count = number("count", self.count, 0, 10)

    def result(self):
        return {"square": self.count**2, "root": np.sqrt(self.count)}

    def up(self):
        self.change(count=self.count + 1)

    def climb(self):
        while self.count < 5:
            self.up()
            yield

    def pause(self):
        pass

    def fall(self):
        raise ZeroDivisionError("there is no floor")

    def picture(self):
        return Drawing("<svg/>", alt=f"a count of {self.count:g}")


@pytest.fixture
def view():
    from bplib.widgets.view import View

    return View(Counter())


def ask(view, action):
    view._handle_custom_msg({"act": action}, [])


def finish(coroutine):
    """Run a coroutine in a thread of its own: in this one, Playwright's loop may be running."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, asyncio.wait_for(coroutine, 5)).result()


def test_a_refused_change_changes_nothing():
    state = Counter(3)
    with pytest.raises(ValueError, match="from 0 to 10, not 11"):
        state.change(count=11)
    assert state.count == 3


def test_an_unknown_input_is_refused():
    with pytest.raises(TypeError):
        Counter().change(amount=1)


@pytest.mark.parametrize("value", [math.nan, math.inf, "", None, "five", [1, 2]])
def test_a_number_has_to_be_one(value):
    with pytest.raises(ValueError, match="count is a number from 0 to 10"):
        number("count", value, 0, 10)


def test_a_choice_is_one_of_its_options():
    assert choice("rule", "Adam", ["Adam"]) == "Adam"
    with pytest.raises(ValueError, match="rule is one of Adam"):
        choice("rule", "adam", ["Adam"])


def test_what_travels_is_plain():
    sent = plain({"W": np.array([[1.0, np.nan]]), 3: (np.float32(0.5), -math.inf), "label": "x", "on": np.True_})
    assert sent == {"W": [[1.0, "nan"]], "3": [0.5, "-inf"], "label": "x", "on": True}


def test_the_page_moves_the_state_and_gets_the_result(view):
    view.set_state({"inputs": {"count": 4.0}})
    assert view.state.count == 4
    assert view.result == {"square": 16.0, "root": 2.0}


def test_a_bad_value_is_shown_and_the_next_good_one_goes_on(view):
    view.set_state({"inputs": {"count": 99}})
    assert "from 0 to 10, not 99" in view.problem
    assert view.state.count == 0
    view.set_state({"inputs": {"count": 2.0}})
    assert view.problem == ""
    assert view.result["square"] == 4


def test_a_failing_callback_is_shown_and_the_widget_goes_on(view):
    calls = []

    def callback(state):
        calls.append(state.count)
        if state.count == 1:
            raise KeyError("my own mistake")

    view.watch(callback)
    view.set_state({"inputs": {"count": 1.0}})
    assert "my own mistake" in view.problem
    view.set_state({"inputs": {"count": 2.0}})
    assert view.problem == ""
    assert calls == [1, 2]


def test_an_action_that_fails_is_shown(view):
    ask(view, "fall")
    assert view.problem == "there is no floor"
    ask(view, "up")
    assert (view.problem, view.inputs) == ("", {"count": 1.0})


def test_only_named_actions_are_called(view):
    ask(view, "picture")
    ask(view, "__init__")
    assert (view.problem, view.state.count) == ("", 0)


def test_slices_leave_room_for_others_and_end(view):
    seen = []

    async def other():
        ask(view, "climb")
        while not seen or seen[-1] < 5:
            seen.append(view.state.count)
            await asyncio.sleep(0.005)
        await asyncio.sleep(0.05)

    finish(other())
    assert {1, 2, 3, 4, 5} <= set(seen)
    assert not view.running
    assert view.inputs == {"count": 5.0}


def test_the_next_action_ends_a_run(view):
    async def other():
        ask(view, "climb")
        await asyncio.sleep(0.015)
        assert view.running
        ask(view, "pause")
        assert not view.running
        stopped = view.state.count
        await asyncio.sleep(0.1)
        return stopped

    stopped = finish(other())
    assert 0 < stopped == view.state.count < 5


@dataclass
class Crowded(Counter):
    """A counter that notes how many are in it at once."""

    def __post_init__(self):
        super().__post_init__()
        self.inside, self.crowds = 0, set()

    def change(self, **inputs):
        self.inside += 1
        self.crowds.add(self.inside)
        time.sleep(0.001)
        super().change(**inputs)
        self.inside -= 1

    def climb(self):
        while True:
            self.change(count=(self.count + 1) % 10)
            yield


def test_what_the_page_asks_for_and_cells_take_turns():
    from bplib.widgets.view import View

    view, begun, moved = View(Crowded()), threading.Event(), 0

    async def page():
        ask(view, "climb")
        begun.set()
        while view.running:
            view.set_state({"inputs": {"count": float(moved % 10)}})
            await asyncio.sleep(0.001)

    with ThreadPoolExecutor(1) as thread:
        running = thread.submit(asyncio.run, asyncio.wait_for(page(), 30))
        assert begun.wait(5)
        try:
            for moved in range(200):
                view.change(count=(moved * 3) % 10)
            assert view.running
        finally:
            ask(view, "pause")
        running.result()
    assert not view.running
    assert view.state.crowds == {1}
    assert view.inputs == {"count": view.state.count}


def test_an_action_from_another_thread_ends_a_run(view):
    steps = []

    async def page():
        ask(view, "climb")
        with ThreadPoolExecutor(1) as other:
            other.submit(ask, view, "pause").result()
        assert not view.running
        steps.append(view.state.count)
        await asyncio.sleep(0.1)
        steps.append(view.state.count)

    finish(page())
    assert steps == [0, 0]


def test_change_from_another_cell_is_sent(view):
    view.change(count=3)
    assert (view.inputs, view.result["square"]) == ({"count": 3.0}, 9.0)
    with pytest.raises(ValueError):
        view.change(count=-1)


def test_without_a_kernel_there_is_the_picture(view):
    data, _ = view._repr_mimebundle_()
    assert data["text/plain"] == "a count of 0"
    assert '<img alt="a count of 0" src="data:image/svg+xml;base64,' in data["text/html"]
    assert "needs a running kernel" in data["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in data
