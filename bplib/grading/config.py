"""nbgrader knows a course by one configuration: where its folders lie, and through which hands a notebook goes.

`nbgrader_config.py` calls `configure`, and so do the commands of this package; the stock command line and the
formgrader therefore grade exactly as `make grade` does.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from traitlets.config import Config

from bplib.grading import plug


def configure(c: Config, root: Path, home: str = "course", release: str = "exercises") -> Config:
    """Fill nbgrader's configuration `c` for the course at `root`.

    Parameters
    ----------
    c : Config
        What `get_config()` returns inside `nbgrader_config.py`.
    root : Path
        The folder that holds `solutions/` and `exercises/`.
    home : str
        Folder below `root` that takes everything that running the course makes.
    release : str
        Folder below `root` that takes the released notebooks.

    Returns
    -------
    c : Config
    """
    root = root.resolve()
    (root / home / "exchange").mkdir(parents=True, exist_ok=True)
    prefer_own_programs()

    c.CourseDirectory.course_id = "backprop"
    c.CourseDirectory.root = str(root)
    c.CourseDirectory.source_directory = "solutions"
    c.CourseDirectory.release_directory = release
    c.CourseDirectory.submitted_directory = f"{home}/submitted"
    c.CourseDirectory.autograded_directory = f"{home}/autograded"
    c.CourseDirectory.feedback_directory = f"{home}/feedback"
    c.CourseDirectory.solution_directory = f"{home}/solution"  # not `solutions/`, which is the source
    c.CourseDirectory.source_with_tests_directory = f"{home}/source_with_tests"
    c.CourseDirectory.db_url = f"sqlite:///{root / home / 'gradebook.db'}"
    c.Exchange.root = str(root / home / "exchange")

    plug.install(c)
    return c


def prefer_own_programs() -> None:
    """Put this Python's programs first on PATH: nbgrader calls `alembic` by name when it makes a grade book."""
    own = str(Path(sys.executable).parent)
    parts = os.environ.get("PATH", "").split(os.pathsep)
    if parts[0] != own:
        os.environ["PATH"] = os.pathsep.join([own, *parts])
