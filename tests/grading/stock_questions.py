"""Questions for a class that stock nbgrader and the judge both grade: where they agree, and where they cannot."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """A cell to fill, and the cell that checks it.

    'right' hands in the master's own answers, 'other' the other ones, which get `marks`: stock nbgrader's, and ours.
    """

    name: str
    points: float
    right: str  # empty: the check is about the answer above
    check: str
    other: str = ""
    marks: tuple[float | None, float | None] = (0, 0)
    why: str = ""  # they differ

    @property
    def cell(self):
        """The graded cell's name."""
        return f"check_{self.name}"


def hidden(tests):
    """Mark `tests` as hidden."""
    return f"### BEGIN HIDDEN TESTS\n{tests}\n### END HIDDEN TESTS"


# ------------------------------------------------------------------------------- where the two agree
# Checks that end in a number: partial credit.
NUMBERS = [
    Question(
        "mean",
        3,
        "def mean(x):\n    return sum(x) / len(x)",
        "right = [abs(mean(x) - m) < 1e-9 for x, m in (([1, 2], 1.5), ([4], 4), ([0, 2, 4, 6], 3))]\n"
        "print(right)\n3.0 * sum(right) / 3",
        "def mean(x):\n    return sum(x) / 2",
        (1, 1),
    ),
    Question(
        "sigmoid",
        2,
        "def sigmoid(z):\n    return 1 / (1 + np.exp(-z))",
        "z = np.linspace(-3, 3, 7)\nmiddle = sigmoid(0.0) == 0.5\n"
        "2 if middle and np.allclose(sigmoid(z) + sigmoid(-z), 1) else 1 if middle else 0",
        "def sigmoid(z):\n    return 0.5 + z * z",
        (1, 1),
    ),
    Question(
        "numbers",
        1,
        "numbers = [n for n in range(12) if n % 3 == 1]",
        "from math import isclose\n0.25 * sum(isclose(a, b) for a, b in zip(numbers, [1, 4, 7, 10]))",
        "numbers = [1, 4, 8, 10]",
        (0.75, 0.75),
    ),
    Question(
        "digits",
        2,
        "def digits(text):\n    return {c: text.count(c) for c in sorted(set(text)) if c.isdigit()}",
        "found = digits('1, 2, 2')\ndisplay(found)\nfloat(found == {'1': 1, '2': 2}) + float('9' not in found)",
        "def digits(text):\n    return {c: 1 for c in text if c.isdigit()}",
        (1, 1),
    ),
    Question(
        "endless",
        1,
        "def fibonacci(n):\n    return 1 if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)",
        "try:\n    mark = float(fibonacci(10) == 89)\nexcept RecursionError:\n    mark = 0.5\nmark",
        "def fibonacci(n):\n    return fibonacci(n + 1)",
        (0.5, 0.5),
    ),
]

# Assertions, with hidden tests, on classes and on functions.
CLASSES = [
    Question(
        "Dense",
        2,
        "class Dense:\n"
        "    def __init__(self, W, b):\n"
        "        if W.shape[1:] != b.shape:\n"
        "            raise ValueError('W and b do not fit')\n"
        "        self.W, self.b = W, b\n\n"
        "    def forward(self, x):\n"
        "        self.x = x\n"
        "        return x @ self.W + self.b\n\n"
        "    def backward(self, delta):\n"
        "        self.dW, self.db = np.outer(self.x, delta), delta\n"
        "        return self.W @ delta",
        "W, b, x = np.arange(6.0).reshape(3, 2), np.array([1.0, -1.0]), np.array([1.0, 0.5, 2.0])\n"
        "layer = Dense(W, b)\nassert layer.forward(x).shape == (2,)\nassert np.allclose(layer.forward(x), x @ W + b)",
        "class Dense:\n"
        "    def __init__(self, W, b):\n"
        "        self.W, self.b = W, b\n\n"
        "    def forward(self, x):\n"
        "        return x @ self.W + self.b\n\n"
        "    def backward(self, delta):\n"
        "        self.dW, self.db = np.outer(delta, delta), delta\n"
        "        return self.W @ delta",
        (2, 2),
    ),
    Question(
        "backward",
        3,
        "",
        "delta = np.array([0.5, -2.0])\nlayer = Dense(W, b)\nlayer.forward(x)\n"
        "assert np.allclose(layer.backward(delta), W @ delta)\n"
        + hidden("assert layer.dW.shape == (3, 2)\nassert np.allclose(layer.dW, np.outer(x, delta))"),
    ),
    Question(
        "refuses",
        1,
        "",
        hidden(
            "try:\n    Dense(np.ones((3, 2)), np.ones(3))\nexcept ValueError:\n    pass\nelse:\n"
            "    raise AssertionError('a bias too many was taken')"
        ),
    ),
    Question(
        "Counter",
        2,
        "class Counter:\n"
        "    def __init__(self):\n        self.n = 0\n\n"
        "    def add(self, by=1):\n        self.n += by\n        return self",
        "counter = Counter()\ncounter.add()\ncounter.add(by=3)\nassert counter.n == 4\n"
        + hidden("assert Counter().n == 0\nassert Counter().add().add().n == 2"),
        "class Counter:\n    n = 0\n\n    def add(self, by=1):\n        self.n += by",
    ),
    Question(
        "apply",
        2,
        "def apply(f, x, times=2):\n    for _ in range(times):\n        x = f(x)\n    return x",
        "assert apply(lambda x: 3 * x + 1, 1) == 13\n" + hidden("assert apply(np.sin, 0.5, times=0) == 0.5"),
        "def apply(f, x, times=2):\n    return f(f(x))",
    ),
    Question(
        "words",
        1,
        "def words(text):\n    return tuple(text.lower().split())",
        "assert words('To be') == ('to', 'be')\n" + hidden("assert words('') == ()"),
        "def words(text):\n    return text.lower().split()",
    ),
    Question(
        "one",
        1,
        "def one():\n    return 1",
        "assert one() == 1",
        "def one():\n    return one_that_is_not_there",
    ),
]

# ------------------------------------------------------------------------------- where stock nbgrader is wrong
ODD = [
    Question(
        "np_float64",
        2,
        "def slope(z):\n    return 2 * z",
        "2 * np.mean([slope(z) == 2 * z for z in (1.0, 2.0)])",
        "def slope(z):\n    return z * z",
        (2, 1),
        "stock reads the text: np.float64(1.0) is no number there, and what is no number is full marks",
    ),
    Question(
        "negative",
        2,
        "def signs(x):\n    return [1 if v > 0 else -1 for v in x]",
        "2.0 - 1.5 * sum(a != b for a, b in zip(signs([3, -3]), [1, -1]))",
        "def signs(x):\n    return [-v for v in x]",
        (2, 0),
        "a number below 0 is full marks",
    ),
    Question(
        "nan",
        2,
        "def rms(x):\n    return float(np.sqrt(np.mean(np.square(x))))",
        "2.0 * (1.0 - abs(rms(np.array([3.0, 3.0])) - 3.0))",
        "def rms(x):\n    return float('nan')",
        (2, 0),
        "NaN is full marks",
    ),
    Question(
        "comparison",
        1,
        "def square(x):\n    return x * x",
        "square(3) == 9",
        "def square(x):\n    return x + x",
        (1, 0),
        "False is full marks",
    ),
    Question(
        "sentence",
        2,
        "def step(w):\n    return w - 0.1 * 2 * w",
        "2.0 if step(1.0) < 1.0 else 'it goes uphill'",
        "def step(w):\n    return w + 0.1 * 2 * w",
        (2, 0),
        "a sentence is full marks",
    ),
    Question(
        "two_values",
        2,
        "def decay(w):\n    return 0.9 * w",
        "2.0 if decay(1.0) == 0.9 else (1.0, 'only half')",
        "def decay(w):\n    return 1.1 * w",
        (2, 0),
        "a tuple is full marks",
    ),
    Question(
        "printed",
        2,
        "def flipped(x):\n    return not x",
        "2.0 if flipped(True) is False else print('not yet')",
        "def flipped(x):\n    return x",
        (2, 0),
        "only a print is full marks",
    ),
    Question(
        "warning",
        2,
        "def entropy(p):\n    q = p[p > 0]\n    return float(-(q * np.log(q)).sum())",
        "assert entropy(np.array([0.0, 1.0])) == 0",
        "def entropy(p):\n    return float(-np.where(p > 0, p * np.log(p), 0).sum())",
        (0, 2),
        "right, but NumPy warns: text on stderr is no marks",
    ),
    Question(
        "stderr",
        2,
        "def double(x):\n    return 2 * x",
        "2.0 if double(4) == 8 else 0.0",
        "def double(x):\n    print('double of', x, file=sys.stderr)\n    return 2 * x",
        (0, 2),
        "right, but it prints to stderr, and that is no marks",
    ),
    Question(
        "same_name",
        2,
        "def greater(a, b):\n    return a if a > b else b",
        "2.0 if max([greater(1, 2), greater(2, 1)]) == 2 else 0.0",
        "def max(a, b):\n    return a if a > b else b\n\ndef greater(a, b):\n    return max(a, b)",
        (0, 2),
        "right, but a helper of the learner's has the name of one that the check uses",
    ),
    Question(
        "equal_to_all",
        1,
        "def total(x):\n    return sum(x)",
        "assert total([1, 2]) == 3",
        "class Any:\n    def __eq__(self, other):\n        return True\n\ndef total(x):\n    return Any()",
        (1, 0),
        "an object that says it equals 3 is taken at its word",
    ),
    Question(
        "skipped",
        1,
        "def third(x):\n    return x / 3",
        "assert third(6) == 2",
        "def third(x):\n    return 0",
        (1, 0),
        "the check has the tag skip-execution in what was handed in, and no output is full marks",
    ),
    Question(
        "deleted",
        1,
        "def quarter(x):\n    return x / 4",
        "assert quarter(8) == 2",
        "def quarter(x):\n    return x * 0.25",
        (None, 1),
        "a check that was deleted waits for a person for ever",
    ),
    Question(
        "rebinding",
        1,
        "def solve(a, b):\n    return np.linalg.solve(a, b)",
        "assert np.allclose(solve(2 * np.eye(2), np.ones(2)), 0.5)",
        "np.allclose = lambda *a, **k: True\n\ndef solve(a, b):\n    return b",
        (1, 0),
        "the learner's own np.allclose compares",
    ),
]
# Handed in by 'bonus', and last: a number above the points ends stock's work on the whole hand-in.
BONUS = Question(
    "bonus",
    2,
    "def primes(n):\n    return [k for k in range(2, n) if all(k % j for j in range(2, k))]",
    "2.0 * len(primes(10)) / 4",
)

# ------------------------------------------------------------------------------- where a person has to look
# What is no plain data cannot cross between check and answer; 'right' gets full marks from stock, and a review here.
BOUNDARY = [
    Question("instance", 1, "class K:\n    pass\n\ndef made():\n    return K()", "assert isinstance(made(), K)"),
    Question("generator", 1, "def count(n):\n    yield from range(n)", "assert list(count(3)) == [0, 1, 2]"),
    Question("in_place", 1, "def doubled(x):\n    x *= 2", "x = np.ones(3)\ndoubled(x)\nassert x.sum() == 6"),
    Question("variable", 1, "def twice():\n    return 2 * rate", "rate = 4\nassert twice() == 8"),
]
# Nor does what a process has only one of: its output, its random numbers, its files.
SHARED = [
    Question(
        "output",
        1,
        "def hello():\n    print('hello')",
        "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()) as out:\n    hello()\n"
        "assert out.getvalue() == 'hello\\n'",
    ),
    Question(
        "np_random",
        1,
        "def draw(n):\n    return np.random.normal(size=n)",
        "np.random.seed(3)\nfirst = draw(4)\nnp.random.seed(3)\nassert np.allclose(first, draw(4))",
    ),
    Question(
        "random",
        1,
        "import random\n\ndef throw():\n    return random.random()",
        "random.seed(1)\nfirst = throw()\nrandom.seed(1)\nassert first == throw()",
    ),
    Question(
        "input",
        1,
        "def asked():\n    return int(input('n? ')) + 1",
        "from unittest import mock\nwith mock.patch('builtins.input', return_value='3'):\n    assert asked() == 4",
    ),
    Question(
        "file",
        1,
        "def content(name):\n    with open(name) as file:\n        return file.read()",
        "with open('made.txt', 'w') as file:\n    file.write('12')\nassert content('made.txt') == '12'",
    ),
    Question(
        "written",
        1,
        "def write(name):\n    with open(name, 'w') as file:\n        file.write('12')",
        "write('out.txt')\nwith open('out.txt') as file:\n    assert file.read() == '12'",
    ),
    Question(
        "environment",
        1,
        "import os\n\ndef eta():\n    return os.environ['ETA']",
        "os.environ['ETA'] = '0.1'\nassert eta() == '0.1'",
    ),
    Question(
        "patched",
        1,
        "def whole(x):\n    return np.sum(x)",
        "from unittest import mock\nwith mock.patch('numpy.sum') as used:\n    whole([1])\nassert used.called",
    ),
    Question(
        "warned",
        1,
        "import warnings\n\ndef old():\n    warnings.warn('use new', DeprecationWarning)",
        "with warnings.catch_warnings(record=True) as seen:\n    warnings.simplefilter('always')\n    old()\n"
        "assert len(seen) == 1",
    ),
    Question(
        "errstate",
        1,
        "def inverse(x):\n    return 1 / x",
        "try:\n    with np.errstate(divide='raise'):\n        inverse(np.zeros(1))\nexcept FloatingPointError:\n"
        "    pass\nelse:\n    raise AssertionError",
    ),
]

NOTEBOOKS = {"numbers": NUMBERS, "classes": CLASSES, "odd": [*ODD, BONUS], "boundary": BOUNDARY, "shared": SHARED}
