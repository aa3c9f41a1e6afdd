"""The grade book is the one thing that nobody can make anew: it is looked at, copied and held before anybody is graded.

    with book.lock(home):            # one grader at a time
        book.check(path)             # whole, nbgrader's own, and free
        book.backup(path)            # backups/gradebook-20260301T120000Z.db
        ...
        book.check(path)

Nothing here repairs: what is wrong is said in one sentence with the way back, and the file stays as it is.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import secrets
import socket
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbgrader.api
from nbgrader.api import Base

try:
    import fcntl
except ImportError:  # Windows: one grader at a time is then the lecturer's business
    fcntl = None

KEPT = 10  # backups
PATIENCE = 60.0  # s that another program may hold the grade book
LOCK = ".grading.lock"


class BookError(Exception):
    """Something about the grade book that the lecturer has to mend; one sentence, and nothing was changed."""


def path_of(db_url: str) -> Path | None:
    """Return the file of a grade book, None where it is not SQLite's and its server looks after it.

    Examples
    --------
    >>> path_of("sqlite:///course/gradebook.db").as_posix()
    'course/gradebook.db'
    >>> path_of("postgresql://server/grades")
    """
    url = db_url.partition("?")[0]
    return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None


# --- whole, nbgrader's own, and free ---------------------------------------------------------------------------------


def check(path: Path, patience: float = PATIENCE, new: bool = False) -> None:
    """Refuse a grade book that is absent, damaged, busy, or holds what nbgrader never puts there.

    A trigger or a view can change marks while nbgrader writes others. What a run that was killed left half done,
    SQLite takes back when the file is opened here.

    Parameters
    ----------
    path : Path
        The SQLite file.
    patience : float
        How long another program may hold it (s).
    new : bool
        Whether there may be none yet; where backups are, there was one.

    Raises
    ------
    BookError
        With what to do, and which backup to restore.
    """
    if new and not path.exists() and not backups(path):
        return
    _there(path)
    fault = _fault(path, patience)
    if fault:
        raise BookError(f"the grade book {path.name} {fault}: {_way_back(path)}")


def _there(path: Path) -> None:
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        first = "release the assignment first (nbgrader generate_assignment)"
        raise BookError(f"there is no grade book {path.name}: {_way_back(path, first)}") from None
    except OSError as error:
        raise BookError(f"the grade book {path.name} cannot be read: {error.strerror}") from None
    if not path.is_file():
        raise BookError(f"{path.name} is no file, so no grade book: move it away")
    if size == 0:  # SQLite would take it for a new one, and every mark would be gone
        raise BookError(f"the grade book {path.name} is empty: {_way_back(path)}")


def _fault(path: Path, patience: float) -> str:
    """Say what is wrong with a file that is there, '' if nothing is."""
    try:
        with contextlib.closing(_connect(path, patience)) as book:
            found = [row[0] for row in book.execute("PRAGMA integrity_check(3)")]
            if found != ["ok"]:
                return f"is damaged ({' '.join(str(found[0]).split())[:120]})"
            return _foreign(book)
    except sqlite3.OperationalError as error:
        if _busy(error):
            raise BookError(_held(path, patience)) from None
        mend = "look at its permissions and at the space on the disk, then grade again"
        raise BookError(f"the grade book {path.name} cannot be opened ({error}): {mend}") from None
    except sqlite3.DatabaseError as error:
        return f"is damaged ({error})"


def _connect(path: Path, patience: float) -> sqlite3.Connection:
    """Open a grade book that exists; on a disk that cannot be written, for reading."""
    address = path.resolve().as_uri()
    book = sqlite3.connect(f"{address}?mode=rw", uri=True, timeout=patience, isolation_level=None)
    try:
        book.execute("PRAGMA trusted_schema = OFF")
        book.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        book.close()
        raise
    return book


def _foreign(book: sqlite3.Connection) -> str:
    """Name what does not belong to nbgrader, or what of nbgrader's is missing."""
    known = {name: set(table.columns.keys()) for name, table in Base.metadata.tables.items()}
    there = set()
    for kind, name, sql in book.execute("SELECT type, name, sql FROM sqlite_master ORDER BY rowid"):
        shown = "".join(sign if sign.isprintable() else "?" for sign in str(name))[:60]
        if kind in ("trigger", "view"):
            return f"holds a {kind} that is not nbgrader's ({shown})"
        if kind == "table" and not name.startswith("sqlite_"):
            if name not in known and name != "alembic_version":
                return f"holds a table that is not nbgrader's ({shown})"
            if not str(sql).upper().startswith("CREATE TABLE"):
                return f"holds a table that keeps its rows elsewhere ({shown})"
            there.add(name)
    for name in sorted(known):
        rows = book.execute("SELECT name, hidden FROM pragma_table_xinfo(?)", (name,)).fetchall()
        computed = [column for column, hidden in rows if hidden]
        if computed:
            return f"computes {name}.{computed[0]} instead of keeping it"
        if name not in there or known[name] - {column for column, _ in rows}:
            return (
                f"was not made by this nbgrader (it lacks {name}, or a part of it; if it is old: nbgrader db upgrade)"
            )
    return ""


def _busy(error: sqlite3.Error) -> bool:
    return "locked" in str(error)


def _held(path: Path, patience: float) -> str:
    return (
        f"another program has held the grade book {path.name} for {patience:g} s: close it (a browser of databases, a"
        " second grader, a copy that is being made), then grade again"
    )


def _way_back(path: Path, otherwise: str = "") -> str:
    """Say which backup to restore; a half-written journal beside the file must not be applied to it."""
    for old in reversed(backups(path)):
        with contextlib.suppress(BookError, OSError):
            if not _fault(old, 1.0):
                where = old.relative_to(path.parent).as_posix()
                return f"move it and {path.name}-journal away if they are there, then copy {where} to {path.name}"
    return otherwise or "there is no backup of it: restore your own, or move it away and release the assignment again"


def wait(path: Path, patience: float = PATIENCE) -> None:
    """Wait until the grade book can be written.

    Parameters
    ----------
    path : Path
        The SQLite file.
    patience : float
        For how long at most (s).

    Raises
    ------
    BookError
        If another program holds it for longer, or if it cannot be written at all.
    """
    _there(path)
    try:
        with contextlib.closing(_connect(path, patience)) as book:
            book.execute("BEGIN IMMEDIATE")
            book.execute("ROLLBACK")
    except sqlite3.Error as error:
        if _busy(error):
            raise BookError(_held(path, patience)) from None
        raise BookError(
            f"the grade book {path.name} cannot be written ({error}): mend that, then grade again"
        ) from None


def be_patient(seconds: float = PATIENCE) -> None:
    """Let nbgrader itself wait for a busy grade book; of its own it gives up after five seconds."""
    nbgrader.api.create_engine = _Patient(
        getattr(nbgrader.api.create_engine, "stock", nbgrader.api.create_engine), seconds
    )


class _Patient:
    """SQLAlchemy's `create_engine`, which nbgrader calls without a timeout."""

    def __init__(self, stock: Callable[..., Any], seconds: float) -> None:
        self.stock, self.seconds = stock, seconds

    def __call__(self, url: Any, **options: Any) -> Any:
        if str(url).startswith("sqlite"):
            options["connect_args"] = {"timeout": self.seconds, **options.get("connect_args", {})}
        return self.stock(url, **options)


# --- a copy ----------------------------------------------------------------------------------------------------------


def backups(path: Path) -> list[Path]:
    """Return the backups of a grade book, oldest first."""
    return sorted((path.parent / "backups").glob(f"{path.stem}-*{path.suffix}"))


def backup(path: Path, patience: float = PATIENCE, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Path:
    """Copy the grade book into `backups/` beside it, whole or not at all; the newest ten are kept.

    A copy that equals the newest one takes nobody's place: ten runs in which nothing changed forget nothing.

    Parameters
    ----------
    path : Path
        The SQLite file.
    patience : float
        How long another program may hold it (s).
    clock : callable
        What time it is.

    Returns
    -------
    copy : Path

    Raises
    ------
    BookError
        If there is no copy that could be restored.
    """
    _there(path)
    folder = path.parent / "backups"
    new = folder / f".new-{secrets.token_hex(8)}"
    try:
        folder.mkdir(exist_ok=True)
        for left in folder.glob(".new-*"):  # of a run that was killed
            left.unlink()
        os.close(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        _copy(path, new, patience)
        return _kept(path, new, clock)
    except sqlite3.Error as error:
        if _busy(error):
            raise BookError(_held(path, patience)) from None
        raise BookError(f"the grade book {path.name} could not be backed up ({error}): nothing was graded") from None
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        said = "no space left on the disk: free some" if full else f"{error.strerror}: mend that"
        raise BookError(f"the grade book {path.name} could not be backed up, {said}, then grade again") from None
    finally:
        with contextlib.suppress(OSError):
            new.unlink()


def _copy(path: Path, new: Path, patience: float) -> None:
    with contextlib.closing(_connect(path, patience)) as book:
        book.execute("BEGIN")
        book.execute(
            "SELECT count(*) FROM sqlite_master"
        ).fetchone()  # held from here on: the copy cannot wait for ever
        with contextlib.closing(sqlite3.connect(new)) as copy:
            book.backup(copy)
    with new.open("rb+") as file:
        os.fsync(file.fileno())
    fault = _fault(new, 1.0)
    if fault:
        raise BookError(f"the copy of the grade book {path.name} {fault}: nothing was graded; {_way_back(path)}")


def _kept(path: Path, new: Path, clock: Callable[[], datetime]) -> Path:
    """Give a copy its name, and remove those that are too many."""
    there = backups(path)
    if there and there[-1].read_bytes() == new.read_bytes():
        return there[-1]
    name = f"{path.stem}-{clock().astimezone(UTC):%Y%m%dT%H%M%S%f}Z{path.suffix}"
    copy = new.with_name(name)
    os.replace(new, copy)
    folder = os.open(copy.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    for old in [old for old in there if old != copy][: -(KEPT - 1)]:  # never the new one, though the clock went back
        old.unlink()
    return copy


# --- one at a time ---------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def lock(home: Path) -> Iterator[str]:
    """Hold the course while one grader works in it; the system frees it when that process ends, however it ends.

    Parameters
    ----------
    home : Path
        The folder in which the grade book lies.

    Yields
    ------
    broken : str
        What is known of a run before this one that was broken off, '' if the last one came to its end.

    Raises
    ------
    BookError
        If another grader is at work, or if the folder cannot be written.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        file = (home / LOCK).open("a+", encoding="utf-8")
    except OSError as error:
        raise BookError(f"the course's folder {home.name} cannot be written: {error.strerror}") from None
    with file:
        _take(file)
        broken = _holder(file)
        _write(
            file, {"pid": os.getpid(), "host": socket.gethostname(), "since": f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}"}
        )
        try:
            yield f"the run of {broken} was broken off: what it had not graded is graded now" if broken else ""
        finally:
            _write(file, None)


def _take(file: Any) -> None:
    if fcntl is None:
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        who = _holder(file) or "an unknown process"
        raise BookError(f"another grader is at work in this course ({who}): wait until it has ended") from None
    except OSError as error:
        raise BookError(f"this disk knows no locks ({error.strerror}): move the course to another one") from None


def _holder(file: Any) -> str:
    """Return who holds, or held, the course."""
    file.seek(0)
    try:
        held = json.loads(file.read(1000))
        return f"process {int(held['pid'])} on {str(held['host'])[:80]} since {str(held['since'])[:40]} UTC"
    except (ValueError, KeyError, TypeError):
        return ""


def _write(file: Any, held: dict[str, Any] | None) -> None:
    with contextlib.suppress(OSError):  # a full disk: the lock holds all the same
        file.truncate(0)
        file.write(json.dumps(held) if held else "")
        file.flush()
