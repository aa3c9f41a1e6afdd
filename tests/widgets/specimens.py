"""One specimen of each widget, and how it is moved: every test of test_page.py is for all of them."""

from typing import NamedTuple


class Specimen(NamedTuple):
    """A widget to be opened in a notebook, with one of its sliders."""

    name: str
    title: str
    state: str  # an expression; `bplib.widgets` and `Value` are imported
    slider: str  # its label
    read: str  # what the slider sets, in the kernel
    start: float
    to: float
    change: str  # inputs that move the slider to `to`, as a dict
    in_page: bool = True  # whether the page computes it

    @property
    def cell(self) -> str:
        """The cell that shows it."""
        return (
            "from bplib.graph import Value\nfrom bplib.widgets import *\n"
            f"state = {self.state}\nview = explore(state)\nview"
        )


SPECIMENS = [
    Specimen("slope", "Slope explorer", "Slope()", "z", "state.z", 1.0, -2.5, "{'z': -2.5}"),
    Specimen(
        "scores", "Score explorer", "Scores()", "score 1", "state.scores[1]", 1.0, 4.5, "{'scores': [3, 4.5, -2]}"
    ),
    Specimen("two_two_two", "2-2-2 explorer", "TwoTwoTwo()", "its value", "state.w5", 0.4, -1.25, "{'w5': -1.25}"),
    Specimen(
        "stepper",
        "Graph stepper",
        "GraphStepper((Value(-2, 'x') + Value(5, 'y')) * Value(-4, 'z'))",
        "step",
        "state.step",
        2,
        7,
        "{'step': 7}",
    ),
    Specimen(
        "ball", "Ball on a curve and on contours", "Ball()", "eta", "state.eta", 0.1, 0.35, "{'eta': 0.35}", False
    ),
    Specimen("blame", "Blame flow", "Blame()", "step", "state.step", 2, 5, "{'step': 5}", False),
    Specimen(
        "boundary", "Boundary trainer", "Boundary()", "hidden units", "state.hidden", 8, 5, "{'hidden': 5}", False
    ),
    Specimen(
        "gradient_check",
        "Gradient-check explorer",
        "GradientCheck()",
        "log₁₀ h",
        "__import__('math').log10(state.h)",
        -5,
        -8,
        "{'h': 1e-8}",
        False,
    ),
    Specimen(
        "initialization",
        "Initialization explorer",
        "Initialization()",
        "weights times",
        "state.times",
        1.0,
        1.5,
        "{'times': 1.5}",
        False,
    ),
    Specimen("race", "Race of learning rules", "Race()", "noise", "state.noise", 0.0, 1.5, "{'noise': 1.5}", False),
]
