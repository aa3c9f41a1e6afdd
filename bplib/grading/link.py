"""What goes between the judge and a session of checks: frames, faults by name, and how each cell ended."""

from __future__ import annotations

import select
import socket
import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from bplib.grading import wire

GONE = "check cannot cross the boundary (an object that was made in another cell, or whose process has ended)"
NAMED = {**wire.BUILTIN, "SystemExit": SystemExit, "BaseException": Exception, "LinAlgError": np.linalg.LinAlgError}
FAULT = ("kind", "says", "name", "base", "message", "line", "source")


class CheckerError(Exception):
    """The process of the checks failed, by itself or through a check: says how."""


class CannotCross(Exception):
    """Something that is no plain data would have to cross between a check and an answer."""


class Fault(Exception):
    """What the learner's code did; crosses to the check by name.

    Parameters
    ----------
    kind : str
        'raised', 'time', 'memory', 'died', 'answer' or 'missing'.
    says : str
        A sentence for the learner.
    name, base, message : str
        Of an exception: its class, the built-in class that it is or is made from, and what it says.
    line, source : int, str
        The learner's own line that it came from.
    """

    def __init__(
        self,
        kind: str,
        says: str,
        name: str = "",
        base: str = "",
        message: str = "",
        line: int | None = None,
        source: str = "",
    ) -> None:
        super().__init__(says)
        self.told = dict(kind=kind, says=says[:2000], name=name[:80], base=base[:80], message=message[:2000])
        self.told |= dict(line=line, source=source[:500])


@dataclass(frozen=True)
class Ending:
    """How one cell of the lecturer's ended.

    Attributes
    ----------
    value : float or None
        The number that it ended in.
    nothing : bool
        Whether it ended in no value, as assertions do (None and True are no values).
    odd : str
        Another value that it ended in, shown.
    error : dict
        Exception that ended it: 'name', 'text', 'line' (of the cell), 'code' (that line), 'hidden' (whether it is one
        of a hidden test), 'answers' (whether the learner's code raised it; then 'says' tells in a sentence).
    outputs : tuple of dict
        What it showed, in nbformat's words.
    record : dict or None
        The record of a check of `bplib.checks`.
    odd_answers : tuple of str
        What was no plain data where numbers were needed.
    reviews : tuple of str
        What would have had to cross, and cannot.
    hidden : str
        What hidden tests printed: for the lecturer.
    died : str
        Why there is no ending at all.
    seconds : float
        CPU time of the master's own answers, where it was those that were asked (s).
    """

    value: float | None = None
    nothing: bool = False
    odd: str = ""
    error: dict[str, Any] | None = None
    outputs: tuple[dict[str, Any], ...] = ()
    record: dict[str, Any] | None = None
    odd_answers: tuple[str, ...] = ()
    reviews: tuple[str, ...] = ()
    hidden: str = ""
    died: str = ""
    seconds: float = 0.0

    def marks(self, points: float) -> float | None:
        """Return the marks, if it is an ending that means any: a number from 0 to `points`, or no exception."""
        if self.error or self.died or self.odd:
            return None
        if self.nothing:
            return points
        return self.value if self.value is not None and 0.0 <= self.value <= points else None


class Link:
    """Frames of `wire` over a socket between the two trusted ends; values that are not plain go by a number."""

    def __init__(self, sock: socket.socket, wall: float | None = None) -> None:
        self.sock, self.wall = sock, wall

    def send(self, message: dict[str, Any], value: Any = None, other: Any = None) -> None:
        """Send a frame, or raise `wire.WireError` before a byte of it is gone."""
        frame = wire.pack(message, value, other)
        try:
            self.sock.sendall(frame)
        except OSError as error:
            raise CheckerError(broken(error)) from None

    def receive(self, other: Any = None) -> dict[str, Any]:
        """Wait for a frame."""
        deadline = None if self.wall is None else time.monotonic() + self.wall
        return wire.unpack(lambda size: self._read(size, deadline), other)

    def _read(self, size: int, deadline: float | None) -> bytes:
        data = bytearray()
        while len(data) < size:
            if deadline is not None:
                ready, _, _ = select.select([self.sock], [], [], max(0.0, deadline - time.monotonic()))
                if not ready:
                    raise CheckerError(f"it did not end within {self.wall:g} s")
            try:
                part = self.sock.recv(min(size - len(data), 1 << 20))
            except OSError as error:
                raise CheckerError(broken(error)) from None
            if not part:
                raise CheckerError("it ended its process (out of time, out of memory, or by itself)")
            data += part
        return bytes(data)


def broken(error: OSError) -> str:
    """Say that a connection broke."""
    return f"the connection to it broke ({error.strerror})"
