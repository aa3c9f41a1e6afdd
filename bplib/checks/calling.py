"""Call a function you have not written as you would open a parcel you did not order: it may hold anything."""

from __future__ import annotations

import contextlib
import io
import linecache
import signal
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

SECONDS = 10.0  # one call on a network of a few units takes microseconds


@dataclass(frozen=True)
class Outcome:
    """What one call gave: a value, or one sentence that says why there is none."""

    value: Any = None
    failure: str | None = None
    unwritten: bool = False
    changed: tuple[str, ...] = ()


def copied(value: Any) -> Any:
    """Return `value` with every array in it copied, so that a callee can change nothing of ours."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, tuple | list):
        return type(value)(copied(item) for item in value)
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    return value


def same(one: Any, other: Any) -> bool:
    """Say whether two inputs, arrays or nested tuples of arrays, still hold the same numbers."""
    if isinstance(one, tuple | list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return np.array_equal(one, other, equal_nan=True)


class TookTooLong(BaseException):
    """Raised inside a call that overruns; not an Exception, so that `except Exception` cannot swallow it."""


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Stop the block after `seconds` where the system can (a main thread with SIGALRM), else let it run."""
    if not hasattr(signal, "SIGALRM") or threading.current_thread() is not threading.main_thread():
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
        Name to value; passed by position.
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
    sink = io.StringIO()
    try:
        with (
            contextlib.redirect_stdout(sink),
            contextlib.redirect_stderr(sink),
            warnings.catch_warnings(),
            time_limit(seconds),
        ):
            warnings.simplefilter("ignore")
            value = function(*given.values())
    except TookTooLong:
        return Outcome(failure=f"it ran for more than {seconds:g} seconds and was stopped: does a loop never end?")
    except NotImplementedError:
        return Outcome(failure="it is not written yet", unwritten=True)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # SystemExit, too: `exit()` in an answer must not end the notebook
        return Outcome(failure=raised(function, error))
    changed = tuple(name for name, value in inputs.items() if not same(value, given[name]))
    return Outcome(value=value, changed=changed)


def kind(value: Any) -> str:
    """Name the type of `value` as a learner would: 'None', 'a list', 'an int'."""
    if value is None:
        return "None"
    name = type(value).__name__
    return f"an {name}" if name[0] in "aeiouAEIOU" else f"a {name}"


def raised(function: Callable[..., Any], error: BaseException) -> str:
    """Say in one sentence which error came from which of the learner's own lines."""
    try:
        words = " ".join(str(error).split())[:200]
    except BaseException:
        words = "(its message cannot be read)"
    text = f"it raised {type(error).__name__}" + (f": {words}" if words else "")
    own = getattr(getattr(function, "__code__", None), "co_filename", None)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == own]
    if frames:
        line = linecache.getline(frames[-1].filename, frames[-1].lineno).strip()
        text += f" (line {frames[-1].lineno} of the cell" + (f": {line})" if line else ")")
    return text
