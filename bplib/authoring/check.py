"""Whoever changes a text changes its notebook and its release too: this module tells which of them was forgotten."""

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from bplib.authoring import SourceError, build, convert, lint
from bplib.authoring.release import Press

COMMAND = "python -m bplib.authoring"
BUILD, RELEASE = f"run {COMMAND} build", f"run {COMMAND} release"


def check(root: Path, names: Iterable[str] = ()) -> list[str]:
    """Compare every derived file below `root` with its text, and lint both.

    Parameters
    ----------
    root : Path
        The folder that holds `lectures/`, `solutions/` and `exercises/`.
    names : iterable of str
        Which texts; none means all, and derived files that have no text.

    Returns
    -------
    findings : list of str
        `path: what is wrong; what mends it`, none if all is well.

    Raises
    ------
    SourceError
        If there is no course at `root`, or no text of that name.
    """
    names, findings = list(names), []
    paths = convert.sources(root, names)
    with tempfile.TemporaryDirectory() as scratch:
        press = None
        for path in paths:
            try:
                if convert.is_lecture(path):
                    found = _lecture(root, path)
                else:
                    press = press or Press(Path(scratch))
                    found = _exercise(root, path, press)
                for finding in found:  # one by one: what was found before an error counts
                    findings.append(finding)
            except SourceError as error:
                findings.append(str(error))
    return findings + ([] if names else list(_strays(root, paths)))


def _lecture(root: Path, path: Path) -> Iterator[str]:
    fresh, target = convert.fresh(path), convert.built(path)
    text, derived = path.relative_to(root), target.relative_to(root)
    for finding in [*lint.sections(fresh), *lint.text_images(fresh)]:
        yield f"{text}: {finding}; then {BUILD}"
    if not target.is_file():
        yield f"{derived}: is missing; {BUILD}"
    elif not build.is_current(target, fresh):
        yield f"{derived}: is not the executed notebook of its text; {BUILD}"
    else:
        for finding in lint.outputs(convert.load(target, str(derived))):
            yield f"{derived}: {finding}; mend the text, then {BUILD}"


def _exercise(root: Path, path: Path, press: Press) -> Iterator[str]:
    fresh, target = convert.fresh(path), convert.built(path)
    made = press.release(path)  # first of all: a text that nbgrader refuses has this one fault
    text, derived = path.relative_to(root), target.relative_to(root)
    for finding in [*lint.points(fresh), *lint.text_images(fresh)]:
        yield f"{text}: {finding}; then {BUILD} and release"
    if not target.is_file():
        yield f"{derived}: is missing; {BUILD}"
    elif target.read_bytes() != convert.dump(fresh):
        yield f"{derived}: is not the notebook of its text; {BUILD}"
    folder = root / "exercises" / path.stem
    for name, content in made.items():
        file = folder / name
        if not file.is_file():
            yield f"{file.relative_to(root)}: is missing; {RELEASE}"
        elif name == f"{path.stem}.ipynb":
            yield from _released(file, file.relative_to(root), content, fresh, text)
        elif file.read_bytes() != content:
            yield f"{file.relative_to(root)}: is not the file of the solution's folder; {RELEASE}"
    for file in _files(folder) if folder.is_dir() else ():
        if file.relative_to(folder).as_posix() not in made and file.suffix not in (".py", ".ipynb"):
            yield f"{file.relative_to(root)}: comes from nowhere; put it into {path.with_suffix('').name}/ or delete it"


def _released(file: Path, label: Path, content: bytes, fresh, text: Path) -> Iterator[str]:
    """Yield what is wrong with a released notebook: the particular things first, *it differs* only without them."""
    try:
        released = convert.load(file, str(label))
    except SourceError as error:
        yield f"{error}; {RELEASE}"
        return
    shown, odd = list(lint.leaks(released, fresh)), list(lint.foreign(released))
    yield from (f"{label}: {finding}; mend {text}, then {RELEASE}" for finding in shown)
    yield from (f"{label}: {finding}; {RELEASE}" for finding in odd)
    if not shown and not odd and file.read_bytes() != content:
        yield f"{label}: is not the release of its text; {RELEASE}"


def _strays(root: Path, paths: list[Path]) -> Iterator[str]:
    """Yield notebooks without a text, and programs where learners would get them."""
    known = {convert.built(path) for path in paths}
    known |= {root / "exercises" / path.stem / f"{path.stem}.ipynb" for path in paths if not convert.is_lecture(path)}
    for folder in ("lectures", "solutions", "exercises"):
        for file in _files(root / folder):
            label = file.relative_to(root)
            if file.suffix == ".ipynb" and file not in known:
                yield f"{label}: has no text that it is made from; write one or delete it"
            elif file.suffix == ".py" and folder != "lectures" and file.parent != root / "solutions":
                yield f"{label}: a program in a folder that learners get may hold the solution; delete it"


def _files(folder: Path) -> list[Path]:
    """Return the files below `folder` without those of editors, Jupyter and Python."""
    found = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    hidden = (".", "__pycache__")
    return [path for path in found if not any(part.startswith(hidden) for part in path.relative_to(folder).parts)]
