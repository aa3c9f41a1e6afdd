"""Whatever became of a hand-in, one line says so: graded, waiting for a person, or rejected with its bytes kept.

    records/ASSIGNMENT.jsonl           one line for each learner
    records/ASSIGNMENT.received.json   when each hand-in arrived, by the collector's clock
    records/kept/ASSIGNMENT/           bytes that could not be read

A new learner is appended, a learner graded again is put in place of the old line by exchanging the whole file. Stopped
in the middle of either, the file stays readable: a torn last line is passed over, and mended by the next record.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

try:
    import fcntl
except ImportError:  # Windows: one grader at a time is then the lecturer's business
    fcntl = None

STATUSES = ("graded", "needs_review", "rejected")
KEEPS = re.compile(r"[^\w.@+-]")


@dataclass
class Record:
    """What became of one hand-in.

    `score` is what the grade book holds; None while nobody has set one. `received` is a time in UTC, ISO 8601.
    `files` holds the SHA-256 of what was handed in, by name; `details` what hidden tests said, for the lecturer alone.
    """

    student: str
    status: str
    score: float | None = None
    notes: list[str] = field(default_factory=list)
    received: str | None = None
    files: dict[str, str] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    details: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise ValueError(f"status {self.status!r} is none of {', '.join(STATUSES)}")


class Records:
    """The records of one assignment in the course folder `home`."""

    def __init__(self, home: Path, assignment: str) -> None:
        self.home, self.assignment = home, assignment
        self.folder = home / "records"
        self.path = self.folder / f"{assignment}.jsonl"
        self.arrivals = self.folder / f"{assignment}.received.json"

    def all(self) -> dict[str, Record]:
        """Return the record of each learner; lines that cannot be read are passed over."""
        return self._read()[0]

    def put(self, record: Record) -> None:
        """Write the one record of a learner, in place of an earlier one."""
        line = json.dumps(asdict(record), allow_nan=False).encode() + b"\n"
        with self._locked():
            there, whole = self._read()
            if whole and record.student not in there:
                _append(self.path, line)
            else:
                there[record.student] = record
                lines = [json.dumps(asdict(old), allow_nan=False) + "\n" for old in there.values()]
                replace(self.path, "".join(lines).encode())

    def keep(self, student: str, name: str, raw: bytes) -> str:
        """Keep bytes that could not be read; return where, relative to the course folder."""
        stem, dot, suffix = name.rpartition(".")
        stem = KEEPS.sub("_", f"{student}-{stem if dot else name}")[:80]
        suffix = f".{KEEPS.sub('_', suffix)[:10]}" if dot else ""
        path = self.folder / "kept" / self.assignment / f"{stem}-{sha256(raw).hexdigest()[:12]}{suffix}"
        if not path.exists():
            replace(path, raw, mode=0o600)
        return path.relative_to(self.home).as_posix()

    def received(self) -> dict[str, dict[str, Any]]:
        """Return what the collector wrote down: by learner, the keys 'received', 'by', 'files', 'notes'."""
        try:
            data = json.loads(self.arrivals.read_text("utf-8"))
            return {name: seen for name, seen in data.items() if isinstance(seen, dict)}
        except FileNotFoundError:
            return {}
        except (ValueError, AttributeError):
            raise OSError(f"{self.arrivals.name} is damaged: move it away and collect again") from None

    def receive(self, news: dict[str, dict[str, Any]]) -> None:
        """Add receipts to those that are there."""
        with self._locked():
            replace(self.arrivals, json.dumps({**self.received(), **news}, indent=1).encode())

    def _read(self) -> tuple[dict[str, Record], bool]:
        try:
            raw = self.path.read_bytes()
        except FileNotFoundError:
            return {}, True
        there: dict[str, Record] = {}
        whole = raw.endswith(b"\n") or not raw
        for line in raw.splitlines():
            try:
                record = Record(**json.loads(line))
            except (ValueError, TypeError):
                whole = False
                continue
            whole = whole and record.student not in there
            there[record.student] = record
        return there, whole

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("a") as file:
            if fcntl is not None:
                fcntl.flock(file, fcntl.LOCK_EX)
            yield


def now() -> str:
    """Return the present time as the records write it."""
    return written(datetime.now(UTC))


def written(time: datetime) -> str:
    """Return a time as the records write it: UTC, to the second."""
    return time.astimezone(UTC).replace(microsecond=0).isoformat()


def replace(path: Path, data: bytes, mode: int = 0o666) -> None:
    """Write a file so that it is there whole or not at all; a link in its place is replaced, not followed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    name = path.with_name(f".new-{secrets.token_hex(8)}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(name, flags, mode), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def _append(path: Path, line: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    try:
        before = os.fstat(handle).st_size
        try:
            if os.write(handle, line) != len(line):
                raise OSError("no space left for the records: free some, then grade again")
            os.fsync(handle)
        except OSError:
            os.ftruncate(handle, before)
            raise
    finally:
        os.close(handle)
