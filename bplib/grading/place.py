"""What running a course makes lies in one folder, and so does its secret, from which all random numbers are drawn."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from nbgrader.coursedir import CourseDirectory


def home(course: CourseDirectory) -> Path:
    """Return the folder for everything that running a course makes: where its grade book lies, else its root."""
    root = Path(course.root)
    book = Path(course.db_url.removeprefix("sqlite:///"))
    return book.parent if course.db_url.startswith("sqlite:///") and book.is_relative_to(root) else root


def secret(path: Path) -> bytes:
    """Return the course's secret, drawing it when there is none yet.

    Raises
    ------
    OSError
        If the file is there but empty: what is drawn from nothing could be foreseen.
    """
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    found = path.read_text().strip()
    if not found:
        raise OSError(f"the file {path.name} holds no secret: put back the course's own, or delete it")
    return found.encode()


def seed(course_secret: bytes, assignment: str, learner: str) -> str:
    """Return what one learner's random numbers are drawn from: unknown at home, the same when graded again."""
    return hmac.new(course_secret, f"{assignment}/{learner}".encode(), hashlib.sha256).hexdigest()
