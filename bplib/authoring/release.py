"""What learners get is nbgrader's release of the solution: the same notebook, the answers taken out."""

import re
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from traitlets.config import Config

from bplib.authoring import SourceError, convert


class Press:
    """nbgrader in a scratch folder, without a grade book: a release needs none, and none can be left behind."""

    def __init__(self, scratch: Path) -> None:
        from nbgrader.apps import NbGraderAPI  # takes a second; `build` does without

        self.source, self.output = scratch / "source", scratch / "release"
        c = Config()
        c.CourseDirectory.root = str(scratch)
        c.CourseDirectory.course_id = "release"
        c.GenerateAssignment.no_database = True
        c.SaveCells.enabled = False
        c.Exchange.root = str(scratch / "exchange")
        c.Exchange.cache = str(scratch / "cache")
        self.api = NbGraderAPI(config=c)

    def release(self, path: Path) -> dict[str, bytes]:
        """Return the files that learners get for the solution text `path`, by their name in the exercise's folder.

        Helper files of the assignment's folder go along; programs do not, for they may hold the solution.

        Raises
        ------
        SourceError
            If nbgrader does not release it.
        """
        name = path.stem
        helpers, source = path.with_suffix(""), self.source / name
        source.mkdir(parents=True)
        if helpers.is_dir():
            skip = shutil.ignore_patterns("*.py", "*.ipynb", ".*", "__pycache__")
            shutil.copytree(helpers, source, ignore=skip, dirs_exist_ok=True)
        (source / f"{name}.ipynb").write_bytes(convert.dump(convert.fresh(path)))
        result = self.api.generate_assignment(name, force=True)
        made = self.output / name
        if not result["success"] or not (made / f"{name}.ipynb").is_file():
            raise SourceError(f"solutions/{path.name}: nbgrader does not release it: {_reason(result)}")
        return {
            file.relative_to(made).as_posix(): file.read_bytes() for file in sorted(made.rglob("*")) if file.is_file()
        }


def _reason(result: dict) -> str:
    """Find the line of nbgrader's log that names the cause: the first error, for the later ones only point to it."""
    lines = [line.strip() for line in f"{result.get('log', '')}\n{result.get('error', '')}".splitlines()]
    errors = [line for line in lines if re.match(r"[\w.]+(Error|Exception): ", line)]
    return (errors or [line for line in lines[::-1] if line] or ["it says nothing"])[0]


def release(root: Path, names: Iterable[str] = (), say: Callable[[str], None] = print) -> None:
    """Release the exercises below `root` into `exercises/`; nothing is written there unless all succeed.

    Parameters
    ----------
    root : Path
        The folder that holds `solutions/` and `exercises/`.
    names : iterable of str
        Which exercises; none means all.
    say : callable
        Takes one line for each notebook.

    Raises
    ------
    SourceError
        If a text cannot be converted, or nbgrader does not release it.
    """
    paths = [path for path in convert.sources(root, names) if not convert.is_lecture(path)]
    with tempfile.TemporaryDirectory() as scratch:
        press = Press(Path(scratch))
        made = {path.stem: press.release(path) for path in paths}
    for name, files in made.items():
        for file, content in files.items():
            target = root / "exercises" / name / file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        say(f"exercises/{name}/{name}.ipynb: released")
