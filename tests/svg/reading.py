"""Reads drawings back from their text: what tests of drawings share."""

import re
import xml.etree.ElementTree as ET

from bplib.graph import Value, maximum
from bplib.svg import Drawing, course_map, graph, network, shapes

SVG = "{http://www.w3.org/2000/svg}"


def tree(drawing: Drawing) -> ET.Element:
    return ET.fromstring(drawing.markup)


def words(drawing: Drawing, kind: str | None = None) -> list[str]:
    """Return all texts, or those of one class."""
    return [e.text for e in tree(drawing).iter(SVG + "text") if kind is None or e.get("class") == kind]


def numbers(element: ET.Element, *names: str) -> list[float]:
    return [float(element.get(name)) for name in names]


def rectangle(element: ET.Element) -> tuple[float, float, float, float]:
    x, y, width, height = numbers(element, "x", "y", "width", "height")
    return x, y, x + width, y + height


def boxes(drawing: Drawing, kind: str) -> list[tuple[float, float, float, float]]:
    """Return (left, top, right, bottom) of the rectangles of a class, or of a network's units, from the markup."""
    found = []
    for element in tree(drawing).iter():
        if element.get("class") == kind and element.tag == SVG + "rect":
            found.append(rectangle(element))
        if kind == "unit" and element.tag == SVG + "circle" and element.get("r") != "10.00":
            x, y, r = numbers(element, "cx", "cy", "r")
            found.append((x - r, y - r, x + r, y + r))
    return found


def overlap(a, b) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def within(inner, outer) -> bool:
    return outer[0] <= inner[0] < inner[2] <= outer[2] and outer[1] <= inner[1] < inner[3] <= outer[3]


def along(path: str) -> list[tuple[float, float]]:
    """Return points close together on a path of M, C and H."""
    points = []
    for command, rest in re.findall(r"([MCH]) ([-\d. ]+)", path):
        given = [float(word) for word in rest.split()]
        if command == "M":
            points.append((given[0], given[1]))
        elif command == "H":
            (x0, y0), (x1,) = points[-1], given
            points += [(x0 + (x1 - x0) * k / 40, y0) for k in range(1, 41)]
        else:
            (x0, y0), (ax, ay, bx, by, x1, y1) = points[-1], given
            for k in range(1, 41):
                t = k / 40
                p, q, r, s = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
                points.append((p * x0 + q * ax + r * bx + s * x1, p * y0 + q * ay + r * by + s * y1))
    return points


# ------------------------------------------------------------------------------------------------ drawings to look at
def gates() -> Value:
    """The graph of deck 000: (x + y) z at -2, 5, -4."""
    x, y, z = Value(-2, "x"), Value(5, "y"), Value(-4, "z")
    q = x + y
    q.name = "q"
    f = q * z
    f.backward()
    return f


def neuron() -> Value:
    """A neuron with sigmoid activation in four gates: deck 000."""
    w, x = [Value(v, f"w{k}") for k, v in enumerate((2, -3, -3))], [Value(v, f"x{k}") for k, v in enumerate((-1, -2))]
    out = 1 / (1 + (-(w[0] * x[0] + w[1] * x[1] + w[2])).exp())
    out.backward()
    return out


def two_two_two() -> Value:
    """The loss of deck 004's network: 38 nodes, 14 of them inputs."""
    i1, i2, b1, b2 = Value(0.05, "i1"), Value(0.1, "i2"), Value(0.35, "b1"), Value(0.6, "b2")
    w = [Value(0.15 + 0.05 * k, f"w{k + 1}") for k in range(4)] + [Value(0.4 + 0.05 * k, f"w{k + 5}") for k in range(4)]
    h = [(w[2 * k] * i1 + w[2 * k + 1] * i2 + b1).sigmoid() for k in range(2)]
    out = [(w[4 + 2 * k] * h[0] + w[5 + 2 * k] * h[1] + b2).sigmoid() for k in range(2)]
    loss = ((out[0] - 0.01) ** 2 + (out[1] - 0.99) ** 2) * 0.5
    loss.name = "loss"
    loss.backward()
    return loss


def extreme() -> Value:
    """A graph whose numbers are not numbers."""
    a, b = Value(float("nan"), "a very long name for an input"), Value(float("inf"), "b")
    out = maximum(a * 1e308, b) + Value(1e-300, "t") * -1.2345678e-200
    out.backward()
    return out


UNITS = [["i1", "i2", "b1"], ["h1", "h2", "b2"], ["o1", "o2"]]
NUMBERS = dict(i1=0.05, i2=0.1, h1=0.5932699921, h2=0.5968843783, o1=0.7513650696, o2=0.7729284653)
DELTAS = dict(h1=0.0087713, h2=0.0099541, o1=0.1384986, o2=-0.0380982)
WEIGHTS = {
    ("i1", "h1"): 0.15, ("i2", "h1"): 0.2, ("i1", "h2"): 0.25, ("i2", "h2"): 0.3, ("b1", "h1"): 0.35,
    ("b1", "h2"): 0.35, ("h1", "o1"): 0.4, ("h2", "o1"): 0.45, ("h1", "o2"): 0.5, ("h2", "o2"): 0.55,
    ("b2", "o1"): 0.6, ("b2", "o2"): 0.6,
}  # fmt: skip
BACK = {("o1", "h1"): 0.0554, ("o1", "h2"): 0.0623, ("o2", "h1"): -0.019, ("o2", "h2"): -0.021}
LAYER = (("X", (5, 3)), "@", ("W", (3, 4)), "+", ("b", (4,)), "=", ("Z", (5, 4)))
MISFIT = (("X", (5, 3)), "@", ("W", (4, 3)), "+", ("b", (4,)))

SAMPLES = {
    "gates": lambda: graph(gates(), title="f = (x + y) z"),
    "neuron forward": lambda: graph(neuron(), forward=8, backward=0, current=7),
    "neuron backward": lambda: graph(neuron(), backward=4, current=9),
    "two-two-two": lambda: graph(two_two_two(), title="The network of deck 004"),
    "extreme": lambda: graph(extreme()),
    "input alone": lambda: graph(Value(1.0, "x")),
    "network": lambda: network(UNITS, values=NUMBERS, edges=WEIGHTS, deltas=DELTAS, title="All its numbers"),
    "path": lambda: network(UNITS, values=NUMBERS, edges=WEIGHTS, deltas=DELTAS, path=["i1", "h1", "o2"]),
    "wrong unit": lambda: network(UNITS, values=NUMBERS, edges=WEIGHTS, wrong="h1", notes={"o1": "target 0.01"}),
    "wrong edge": lambda: network(UNITS, values=NUMBERS, edges=WEIGHTS, wrong=("h1", "o2"), light=["i1"]),
    "blame": lambda: network(UNITS, values=NUMBERS, edges=BACK, deltas=DELTAS),
    "extreme network": lambda: network(
        [["x"], ["a name that is long"], ["y"]],
        values={"x": float("nan"), "y": 10**400},
        deltas={"y": -1.2345e-5, "a name that is long": float("-inf")},
        path=["x", "a name that is long"],
    ),
    "layer": lambda: shapes(*LAYER, title="A layer"),
    "misfit": lambda: shapes(*MISFIT),
    "huge": lambda: shapes(("X", (49000, 3073)), "@", ("W", (3073, 10)), "=", ("scores", (10, 49000))),
    "map": lambda: course_map(),
    "lesson": lambda: course_map(6, title="Where we are"),
}
