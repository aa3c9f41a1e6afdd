"""Call a function you have not written as you would open a parcel you did not order: it may hold anything."""

from __future__ import annotations

import contextlib
import io
import linecache
import re
import signal
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

MATMUL = re.compile(r"mismatch in its core dimension .*size (\d+) is different from (\d+)")
SECONDS = 10.0  # one call on a network of a few units takes microseconds
TIMED = True  # False where the function runs in another process that counts its time: here waiting would count, too
STOPPED = ("time", "memory", "died")  # ways to end from outside
NOTHING = ("answer", "missing")  # ways to have no value that can be looked at


@dataclass(frozen=True)
class Outcome:
    """What one call gave: a value, or one sentence that says why there is none."""

    value: Any = None
    failure: str | None = None
    unwritten: bool = False
    changed: tuple[str, ...] = ()


class Nowhere(io.TextIOBase):
    """A stream that keeps nothing, however much is printed."""

    def writable(self) -> bool:
        """Say yes, as a stream for printing must."""
        return True

    def write(self, text: str) -> int:
        """Forget `text`."""
        return len(text)


def copied(value: Any, depth: int = 8) -> Any:
    """Return `value` with every array in it copied, so that nobody can change it later.

    Only plain arrays, lists, tuples and dicts are looked into: anything else could be built to lie.
    """
    if type(value) is np.ndarray and value.dtype != object:
        return value.copy()
    if depth and type(value) in (tuple, list):
        return type(value)([copied(item, depth - 1) for item in value])
    if depth and type(value) is dict:
        return {key: copied(item, depth - 1) for key, item in value.items()}
    return value


def same(one: Any, other: Any, depth: int = 8) -> bool:
    """Say whether two plain values hold the same numbers in the same places.

    What cannot be looked into counts as the same: whoever reads it later says what is wrong with it.
    """
    if type(one) is not type(other):
        return False
    if depth and type(one) in (tuple, list):
        return len(one) == len(other) and all(same(a, b, depth - 1) for a, b in zip(one, other, strict=True))
    if depth and type(one) is dict:
        return list(one) == list(other) and all(same(one[key], other[key], depth - 1) for key in one)
    if type(one) is np.ndarray and one.dtype != object:
        # NaN is not equal to itself, and two calls that both give it have not changed their answer.
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    if type(one) in (int, float, str, bool, np.float64):
        return one == other or one != one
    return True


class TookTooLong(BaseException):
    """Raised inside a call that overruns; not an Exception, so that `except Exception` cannot swallow it."""


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Stop the block after `seconds` where the system can (a main thread with SIGALRM), else let it run."""
    if not TIMED or not hasattr(signal, "SIGALRM") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(signum: int, frame: Any) -> None:
        raise TookTooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def call(function: Callable[..., Any], inputs: dict[str, Any], seconds: float = SECONDS) -> Outcome:
    """Call `function` with copies of `inputs`, in their order, and tell what came of it.

    What the function prints or warns is kept from the page: stderr in a graded cell costs all its marks in nbgrader,
    and a debug print of a right answer is no mistake.

    Parameters
    ----------
    function : callable
        The learner's function.
    inputs : dict
        Name to value; passed by position. A function that works on copies of its own, in another process, says in
        its attribute `changed` which of them it has changed: their positions, after each call.
    seconds : float
        Time limit of the call (s), where the system has one.

    Returns
    -------
    outcome : Outcome
        The value, or the failure in one sentence; and which inputs the call changed.
    """
    if not callable(function):
        return Outcome(failure=f"a function is needed here, not {kind(function)}")
    given = {name: copied(value) for name, value in inputs.items()}
    sink = Nowhere()
    try:
        with (
            contextlib.redirect_stdout(sink),
            contextlib.redirect_stderr(sink),
            warnings.catch_warnings(),
            np.errstate(),
            time_limit(seconds),
        ):
            warnings.simplefilter("ignore")
            value = function(*given.values())
            elsewhere = getattr(function, "changed", ())
    except TookTooLong as error:
        words = stopped(error) or f"it ran for more than {seconds:g} seconds and was stopped: does a loop never end?"
        return Outcome(failure=words)
    except NotImplementedError:
        return Outcome(failure="it is not written yet", unwritten=True)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # SystemExit, too: `exit()` in an answer must not end the notebook
        return Outcome(failure=stopped(error) or raised(function, error))
    told = elsewhere if type(elsewhere) in (tuple, list) else ()
    changed = tuple(name for k, name in enumerate(inputs) if k in told or not same(inputs[name], given[name]))
    return Outcome(value=copied(value), changed=changed)


def kind(value: Any) -> str:
    """Name the type of `value` as a learner would: 'None', 'a list', 'an int'."""
    if value is None:
        return "None"
    name = "array" if type(value) is np.ndarray else type(value).__name__
    return f"an {name}" if name[0] in "aeiouAEIOU" else f"a {name}"


def stopped(error: BaseException) -> str | None:
    """Say in one sentence why there is no value, though the function raised nothing itself; None if it did.

    Where it runs in another process, an error has an attribute `fault`, a dict: what `kind` of end it was, and what it
    `says`.
    """
    fault = vars(error).get("fault")
    kind, says = (fault.get("kind"), fault.get("says")) if type(fault) is dict else (None, "")
    if kind in STOPPED:
        return f"your function was stopped: {says}"
    return str(says) if kind in NOTHING else None


def raised(function: Callable[..., Any], error: BaseException) -> str:
    """Say in one sentence which error came from which of the learner's own lines."""
    try:
        words = " ".join(str(error).split())[:200]
    except BaseException:
        words = "(its message cannot be read)"
    sizes = MATMUL.search(words)
    if sizes:
        words = f"a matrix product needs equal inner sizes, and {sizes[2]} meets {sizes[1]} here"
    text = f"it raised {type(error).__name__}" + (f": {words}" if words else "")
    own = getattr(getattr(function, "__code__", None), "co_filename", None)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == own]
    if frames:
        line = linecache.getline(frames[-1].filename, frames[-1].lineno).strip()
        text += f" (line {frames[-1].lineno} of the cell" + (f": {line})" if line else ")")
    return text
