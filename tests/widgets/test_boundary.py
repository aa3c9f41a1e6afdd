"""The boundary trainer: it learns, in slices, stops when told, and says so when the loss is no number any more."""

import threading
import time

import numpy as np
import pytest

from bplib.widgets.boundary import CELLS, DATA, MOST_EPOCHS, SAMPLES, SLICE, Boundary, grid, samples


def trained(state, epochs):
    for _ in range(epochs):
        state.step()
    return state


def test_it_learns_the_moons():
    state = Boundary("moons", hidden=8)
    before = state.result()
    after = trained(state, 150).result()
    assert after["epoch"] == 150
    assert after["loss"] < 0.2 * before["loss"]
    assert after["accuracy"] > 0.97 > before["accuracy"]


def test_without_a_bend_the_moons_cannot_be_told_apart():
    assert trained(Boundary("moons", hidden=8, activation="identity"), 150).result()["accuracy"] < 0.92


def test_what_is_sent_is_what_the_network_says():
    state = trained(Boundary("spirals"), 20)
    result, (x, target, _) = state.result(), samples("spirals")
    assert len(result["regions"]) == CELLS**2
    assert [int(digit) for digit in result["regions"]] == state.scores(grid("spirals")).argmax(axis=1).tolist()
    assert [int(digit) for digit in result["wrong"]] == (state.scores(x).argmax(axis=1) != target).tolist()
    assert result["accuracy"] == 1 - result["wrong"].count("1") / SAMPLES


def test_cells_are_row_by_row_from_below():
    low, high = samples("moons")[2].T
    cells = grid("moons").reshape(CELLS, CELLS, 2)
    np.testing.assert_allclose(cells[0, 0], low + (high - low) / (2 * CELLS))
    assert (np.diff(cells[0, :, 0]) > 0).all()
    assert (np.diff(cells[:, 0, 1]) > 0).all()


def test_a_slice_is_short_and_training_goes_on_until_it_is_left():
    state, run = Boundary(), None
    run = state.start()
    next(run)  # the first one allocates
    begin = time.perf_counter()
    next(run)
    assert time.perf_counter() - begin < SLICE + 0.5  # an epoch takes about a millisecond, but who knows who else runs
    before = state.epoch
    next(run)
    assert state.epoch > before > 1


def test_training_ends(monkeypatch):
    monkeypatch.setattr("bplib.widgets.boundary.MOST_EPOCHS", 30)
    state = Boundary()
    for _ in state.start():
        pass
    assert state.epoch == 30
    state.step()
    assert state.epoch == 30 < MOST_EPOCHS


def test_eta_may_change_on_the_way_and_all_else_begins_anew():
    state = trained(Boundary(), 3)
    state.change(**state.inputs() | {"eta": 0.1})
    assert (state.epoch, len(state.losses)) == (3, 3)
    theta = state._net.theta.copy()
    state.change(eta=0)
    state.step()
    np.testing.assert_array_equal(state._net.theta, theta)  # the new rate is the one used
    for change in [{"hidden": 3}, {"data": "xor"}, {"activation": "relu"}, {"seed": 5}]:
        trained(state, 2).change(**change)
        assert (state.epoch, state.losses) == (0, [])


def test_a_run_goes_on_with_what_was_changed():
    state = Boundary("moons")
    run = state.start()
    next(run)
    state.change(data="blobs")
    next(run)
    assert state.epoch > 0
    assert state.result()["inputs"]["data"] == "blobs"
    assert set(state.result()["regions"]) <= set("012")


def test_a_refused_change_keeps_what_was_learned():
    state = trained(Boundary(), 3)
    with pytest.raises(ValueError, match="hidden"):
        state.change(hidden=0)
    assert state.epoch == 3


def test_a_loss_that_is_no_number_is_said_and_the_last_good_state_stays():
    state = Boundary("moons", activation="leaky_relu", eta=1000)
    while not state.trouble:
        before = state._net.theta.copy()
        state.step()
    result = state.result()
    assert "eta = 1000 is too large" in result["trouble"]
    np.testing.assert_array_equal(state._net.theta, before)
    assert set(result["regions"]) <= set("01")
    epoch = state.epoch
    state.change(eta=0)  # with which nothing would go wrong
    state.step()
    assert (state.epoch, list(state.start())) == (epoch, [])
    state.change(eta=0.1)
    state.restart()
    assert trained(state, 50).trouble == ""


def test_no_warning_escapes(recwarn):
    state = Boundary("moons", activation="leaky_relu", eta=1000)
    list(state.start())
    state.result()
    assert not [warning.message for warning in recwarn]


def test_the_curve_is_thinned_and_knows_by_how_much():
    state = Boundary("xor", hidden=2)
    state.losses = [float(k) for k in range(1001)]
    state.epoch = 1001
    result = state.result()
    assert len(result["losses"]) <= 200
    assert result["losses"][3] == 3 * result["every"]


def test_a_page_and_a_cell_may_ask_from_two_threads():
    state, faults = Boundary("spirals", hidden=4), []

    def train():
        try:
            trained(state, 200)
        except Exception as fault:
            faults.append(fault)

    page = threading.Thread(target=train)
    page.start()
    while page.is_alive():
        result = state.result()
        assert len(result["losses"]) == -(-result["epoch"] // result["every"])
    page.join()
    assert faults == []
    assert state.epoch == 200


@pytest.mark.parametrize("name", DATA)
def test_every_data_set_lies_in_its_frame(name):
    x, target, frame = samples(name)
    assert len(x) == len(target) == SAMPLES
    assert ((x > frame[:, 0]) & (x < frame[:, 1])).all()
    assert np.unique(target).tolist() == list(range(Boundary().fixed()["sets"][name]["classes"]))


@pytest.mark.parametrize(
    "wrong",
    [{"data": "sun"}, {"hidden": 0}, {"hidden": 33}, {"activation": "step"}, {"eta": -1}, {"eta": 1001}, {"seed": -1}],
)
def test_what_it_cannot_do_is_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Boundary(**wrong)


def test_the_picture_counts_who_is_right():
    state = trained(Boundary(), 100)
    right = round(200 * state.result()["accuracy"])
    assert f"200 samples of 2 classes: {right} " in state.picture().alt
