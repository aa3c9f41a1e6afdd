"""What each of the four explorers is for, done by hand on a page."""

import pytest

from tests.widgets.conftest import Widget

pytestmark = pytest.mark.slow
STATES = [
    "Slope()",
    "Scores()",
    "TwoTwoTwo()",
    "GraphStepper((Value(8, 'x') / Value(2, 'y')) + Value(2, 'z').log())",
]


@pytest.fixture(scope="module")
def page(lab):
    cells = [
        f"from bplib.graph import Value\nfrom bplib.widgets import *\nstate{k} = {s}" for k, s in enumerate(STATES)
    ]
    page = lab.open("explorers", *(f"{cell}\nexplore(state{k})" for k, cell in enumerate(cells)), height=3000)
    page.wait_for_function("document.querySelectorAll('.bp').length === 4")
    yield page
    lab.close(page)


@pytest.fixture
def slope(lab, page):
    return Widget(lab, page, 0)


@pytest.fixture
def scores(lab, page):
    return Widget(lab, page, 1)


@pytest.fixture
def network(lab, page):
    return Widget(lab, page, 2)


@pytest.fixture
def stepper(lab, page):
    return Widget(lab, page, 3)


def test_no_two_elements_share_an_id(page, stepper):
    ids = page.evaluate("[...document.querySelectorAll('.bp [id]')].map((element) => element.id)")
    assert len(ids) > 10
    assert len(set(ids)) == len(ids)


def drag(widget, stage, start, end):
    """Pull with the mouse from one place of a stage to another, both in the stage's own coordinates."""
    box = widget.area.locator("svg.bp-stage").nth(stage)
    frame = box.bounding_box()
    ratio = frame["width"] / box.evaluate("stage => stage.viewBox.baseVal.width")
    mouse = widget.page.mouse
    mouse.move(frame["x"] + start[0] * ratio, frame["y"] + start[1] * ratio)
    mouse.down()
    mouse.move(frame["x"] + end[0] * ratio, frame["y"] + end[1] * ratio, steps=4)
    mouse.up()


def test_the_point_on_the_curve_is_dragged(slope):
    drag(slope, 0, (253, 200), (320, 200))
    slope.until("state0.z", 3.0)
    assert "z = 3:" in slope.seen()


def test_another_function_is_chosen(slope):
    slope.area.get_by_label("function").select_option("ReLU")
    slope.move("z", 0)
    slope.until("state0.z", 0)
    assert slope.python("state0.function") == "'ReLU'"
    assert "There is a kink" in slope.seen()
    assert slope.area.get_by_text("f(z): ReLU").is_visible()


def test_the_secant_never_gets_a_step_of_zero(slope):
    slope.move("h", 0.05)
    slope.slider("h").focus()
    slope.page.keyboard.press("ArrowLeft")
    slope.until("state0.h", -0.05)
    assert slope.area.locator(".bp-problem").is_hidden()


def test_a_score_is_dragged(scores):
    drag(scores, 0, (90 + 262 * 9 / 16, 44 + 72), (90 + 262 * 13 / 16, 44 + 72))  # class 1, from 1 to 5
    scores.until("state1.scores[1]", 5)
    assert "Class 1 has the largest score" in scores.seen()


def test_an_example_is_set(scores):
    scores.area.get_by_role("button", name="hinge example").click()
    scores.until("state1.scores[0]", 3.2)
    assert "hinge loss 2.9" in scores.seen()
    assert float(scores.python("state1.result()['hinge']")) == pytest.approx(2.9)


def test_another_class_is_right(scores):
    scores.area.get_by_label("right class").select_option("2")
    scores.until("state1.target", 2)
    assert "★ class 2" in scores.area.inner_text()


def test_one_step_leads_where_the_lesson_goes(network):
    network.area.get_by_role("button", name="deck's numbers").click()
    network.area.get_by_role("button", name="1 step", exact=True).click()
    network.until("round(state2.w5, 8)", 0.35891648)
    assert network.seen().startswith("Loss 0.291.")
    network.area.get_by_role("button", name="1000 steps").click()
    network.until("round(state2.result()['loss'], 3)", 0.001)
    assert network.area.get_by_text("1001 steps").is_visible()


def test_biases_move_if_asked(network):
    network.area.get_by_role("button", name="deck's numbers").click()
    network.area.get_by_label("move biases too").check()
    network.area.get_by_role("button", name="1 step", exact=True).click()
    network.until("round(state2.b1, 8)", round(0.35 - 0.5 * 0.018725609394704138, 8))
    network.area.get_by_role("button", name="deck's numbers").click()
    network.until("state2.b1", 0.35)


def test_a_weight_is_chosen_by_a_click_on_the_drawing(network):
    network.area.locator("text", has_text="w2 0.2").click()
    assert network.area.get_by_label("number", exact=True).input_value() == "w2"
    network.typed("its value").fill("0.7")
    network.until("state2.w2", 0.7)


def test_steps_that_leave_the_range_are_refused_with_a_reason(network):
    network.area.get_by_role("button", name="deck's numbers").click()
    network.until("state2.w2", 0.2)
    network.lab.run(network.page, "pass")
    for label, value in (("i1: input", "1000"), ("t1: target of o1", "1000")):
        network.area.get_by_label("number", exact=True).select_option(label=label)
        network.typed("its value").fill(value)
    network.typed("eta").fill("100")
    network.area.get_by_role("button", name="100 steps", exact=True).click()
    network.area.locator(".bp-problem").get_by_text("eta is too large").wait_for()
    network.area.get_by_role("button", name="deck's numbers").click()
    network.until("state2.eta", 0.5)
    assert network.area.locator(".bp-problem").is_hidden()


def test_the_graph_is_walked_up_and_down(stepper):
    button = stepper.area.get_by_role("button", name="step", exact=True)
    stepper.area.get_by_role("button", name="to the start").click()
    told = []
    for _ in range(12):
        button.click()
        told.append(stepper.seen())
    stepper.until("state3.step", 12)
    assert "Forward: x is given, 8." in told[0]
    assert "of 8 and 2 gives 4" in "".join(told[:6])
    assert "the gradient of the output by itself is 1" in told[6]
    for name, value in zip("xyz", (0.5, -2, 0.5), strict=True):
        words = f"{value:g}".replace("-", "−")
        assert any(f"the gradient of {name} is" in line and line.endswith(f"= {words}.") for line in told[6:])
    stepper.area.get_by_role("button", name="back", exact=True).click()
    stepper.until("state3.step", 11)


def test_an_edited_input_changes_everything_at_once(stepper):
    stepper.area.get_by_role("button", name="to the end").click()
    stepper.area.get_by_label("x", exact=True).fill("6")
    stepper.until("state3.values[0]", 6)
    drawn = stepper.area.locator("svg").text_content()
    assert "← −1.5" in drawn  # d(x / y) / dy = -x / y**2
    assert float(stepper.python("state3.result()['grads'][1]")) == -1.5


def test_a_gate_without_a_value_says_why_and_the_picture_stays(stepper):
    stepper.area.get_by_role("button", name="to the end").click()
    stepper.area.get_by_label("y", exact=True).fill("2")
    stepper.until("state3.values[1]", 2)
    before = stepper.area.locator("svg").text_content()
    stepper.area.get_by_label("y", exact=True).fill("0")
    stepper.area.locator(".bp-problem").get_by_text("needs b ≠ 0").wait_for()
    assert stepper.area.locator("svg").text_content() == before
    stepper.area.get_by_label("y", exact=True).fill("4")
    stepper.until("state3.values[1]", 4)
    assert stepper.area.locator(".bp-problem").is_hidden()
