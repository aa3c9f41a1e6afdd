"""The sentence beside a picture says what there is to see: from what, to what, and since when nothing changes.

What this module writes stands in alt texts and labels, so it is as short as it can be said aloud.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.floating]

TOO_LARGE = 1e100  # beyond it an axis has nothing to say: what gets there has diverged
FLAT = 0.02  # of the whole range of values: as much as the thickness of the line


def number(value: float) -> str:
    """Return a number as a label shows it: three digits, a real minus, no needless zeros.

    Examples
    --------
    >>> number(0.98765), number(-0.0381), number(30730), number(1e-05), number(-0.0), number(float("nan"))
    ('0.988', '−0.0381', '30700', '1e−5', '0', 'nan')
    """
    value = float(value) + 0.0  # turns -0.0 into 0.0
    text = format(value, ".3g")
    if "e" in text:
        mantissa, exponent = text.split("e")
        text = f"{float(text):.0f}" if 1 <= abs(value) < 1e6 else f"{mantissa}e{int(exponent)}"
    return text.replace("-", "−")


def counted(n: int, one: str, many: str | None = None) -> str:
    """Return a count with its noun.

    Examples
    --------
    >>> counted(1, "epoch"), counted(1200, "epoch"), counted(2, "class", "classes")
    ('1 epoch', '1200 epochs', '2 classes')
    """
    return f"{n} {one if n == 1 else many or one + 's'}"


def several(parts: Sequence[str]) -> str:
    """Join parts of a sentence with commas and a last 'and'.

    Examples
    --------
    >>> several(["a"]), several(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def sound(values: ArrayLike) -> int:
    """Return how many values stand before the first one that cannot be drawn: NaN, infinite or beyond 1e100.

    Examples
    --------
    >>> sound([3.0, 2.0, float("nan"), 1.0]), sound([1.0, 1e200]), sound([])
    (2, 1, 0)
    """
    values = np.asarray(values, dtype=float)
    bad = ~(np.abs(values) < TOO_LARGE)
    return int(bad.argmax()) if bad.any() else len(values)


def trend(name: str, values: ArrayLike, unit: str = "epoch", start: int = 1, log: bool = False) -> str:
    """Say how a row of values goes: from where to where, its best value if that is not the last, since when it is flat.

    Parameters
    ----------
    name : str
        What the values are.
    values : sequence of K float
        One for each epoch or step; all after the first that is no number is left out, and said.
    unit : str
        What the values are counted in.
    start : int
        Number of the first value: an epoch's loss is known after epoch 1, a path starts at step 0.
    log : bool
        Whether the values stand on a logarithmic axis: what is flat there is flat by its factor.

    Returns
    -------
    words : str

    Examples
    --------
    >>> trend("loss", [0.93, 0.4, 0.1, 0.02, 0.02, 0.02, 0.02, 0.02])
    'loss falls from 0.93 to 0.02 in 8 epochs, flat after epoch 3'
    >>> trend("validation loss", [1.0, 0.5, 0.3, 0.5, 0.7])
    'validation loss falls from 1 to 0.7 in 5 epochs, lowest 0.3 at epoch 3'
    >>> trend("loss", [1.0, 9.0, float("nan")])
    'loss rises from 1 to 9, then diverges at epoch 3 (nan)'
    >>> trend("loss", [])
    'loss: nothing recorded yet'
    """
    values = np.asarray(values, dtype=float)
    good = sound(values)
    if len(values) == 0:
        return f"{name}: nothing recorded yet"
    if good == 0:
        return f"{name} is no number from the start ({number(values[0])})"
    kept = values[:good]
    low, high, span = kept.min(), kept.max(), float(np.ptp(kept))
    first, last = number(kept[0]), number(kept[-1])
    if good == 1:
        words = f"{name} is {first} at {unit} {start}"
    elif span <= 1e-9 * max(abs(low), abs(high)):
        words = f"{name} stays at {first}"
    elif abs(kept[-1] - kept[0]) <= FLAT * span:
        words = f"{name} ends where it began, at {last}, and lies between {number(low)} and {number(high)}"
    else:
        words = f"{name} {'falls' if kept[-1] < kept[0] else 'rises'} from {first} to {last}"
    if good < len(values):
        return f"{words}, then diverges at {unit} {start + good} ({number(values[good])})"
    if good > 1:
        words += f" in {counted(good - 1 + start, unit)}"
        if kept[-1] < kept[0] and kept[-1] - low > 2 * FLAT * span:
            words += f", lowest {number(low)} at {unit} {start + int(kept.argmin())}"
        elif kept[-1] > kept[0] and high - kept[-1] > 2 * FLAT * span:
            words += f", highest {number(high)} at {unit} {start + int(kept.argmax())}"
        flat = flat_from(np.log(kept) if log else kept)
        if 0 < flat <= good - max(3, 0.2 * good):
            words += f", flat after {unit} {start + flat - 1}"
    return words


def flat_from(values: ArrayLike) -> int:
    """Return the index from which all values stay as near to the last one as a line is thick.

    Examples
    --------
    >>> flat_from([5.0, 3.0, 1.01, 1.0, 1.0])
    2
    """
    values = np.asarray(values, dtype=float)
    away = np.flatnonzero(np.abs(values - values[-1]) > FLAT * np.ptp(values))
    return int(away[-1]) + 1 if len(away) else 0
