"""A hand-in is a folder that somebody else has filled: its notebooks are found and read, and nothing else is opened."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass, field

from bplib.grading.reading import LARGEST, Refused, kind, open_safely, shown

BESIDE = 1_000  # files of one hand-in that are looked at
COPY = re.compile(r"(?:[ _-]*(?:\(\d+\)|copy\d*|kopie\d*|final|\d{1,2}))+$", re.IGNORECASE)


@dataclass
class Raw:
    """The bytes of one hand-in, by the master's name for each notebook; where there are none, why."""

    bytes: dict[str, bytes] = field(default_factory=dict)
    refused: dict[str, Refused] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)  # the files', s since 1970


def raw_notebooks(folder: str, names: list[str]) -> Raw:
    """Read the notebooks of one hand-in, and nothing else of it.

    Parameters
    ----------
    folder : str
        The learner's, for one assignment. Neither it nor the folder above it may be a link.
    names : list of str
        The notebooks' names as released, without .ipynb.

    Returns
    -------
    raw : Raw
        Each name stands in `bytes` or in `refused`.
    """
    raw = Raw()
    try:
        for part in (os.path.dirname(folder), folder):
            seen = os.lstat(part)
            if not stat.S_ISDIR(seen.st_mode):
                raise Refused(f"the hand-in is no folder but {kind(seen.st_mode)}: ask for the notebook itself")
        handle = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0))
        try:
            _look_into(handle, names, raw)
        finally:
            os.close(handle)
        raw.times = times(folder) or [seen.st_mtime]
    except Refused as error:
        raw.refused = dict.fromkeys(names, error)
    except OSError as error:
        said = Refused(f"the hand-in cannot be read ({error.strerror}): look at its permissions", "needs_review")
        raw.refused, raw.bytes = dict.fromkeys(names, said), {}
    return raw


def _look_into(handle: int, names: list[str], raw: Raw) -> None:
    there = sorted(name for name in os.listdir(handle) if not name.startswith("."))
    if len(there) > BESIDE:
        raw.notes.append(f"it holds {len(there)} files: only {BESIDE} were looked at")
        wanted = [name for name in there if name.lower().endswith(".ipynb")]
        there = (wanted + [name for name in there if name not in set(wanted)])[:BESIDE]
    status = {name: os.stat(name, dir_fd=handle, follow_symlinks=False) for name in there}
    chosen, notes, why = choose([name for name in there if name.lower().endswith(".ipynb")], names)
    raw.notes += notes
    for name in names:
        try:
            if name not in chosen:
                raise Refused(why, "needs_review") if why else Refused("no notebook handed in: ask for it")
            raw.bytes[name] = open_safely(chosen[name], dir_fd=handle)
        except Refused as error:
            raw.refused[name] = error
    left = {name: seen for name, seen in status.items() if name not in {*chosen.values(), "timestamp.txt"}}
    raw.notes += _beside(left)


def times(folder: str) -> list[float]:
    """Return when each notebook of a hand-in was written, s since 1970."""
    with os.scandir(folder) as entries:
        seen = [entry.stat(follow_symlinks=False) for entry in entries if entry.name.lower().endswith(".ipynb")]
    return [status.st_mtime for status in seen if stat.S_ISREG(status.st_mode)]


def _beside(status: dict[str, os.stat_result]) -> list[str]:
    """Say what else lies in a hand-in; nothing of it is opened."""
    words: dict[str, list[str]] = {}
    for name, seen in status.items():
        large = stat.S_ISREG(seen.st_mode) and seen.st_size > LARGEST
        words.setdefault("a file too large" if large else kind(seen.st_mode), []).append(shown(name))
    return [
        f"ignored, {sort}: {', '.join(names[:5])}{f' and {len(names) - 5} more' if len(names) > 5 else ''}"
        for sort, names in sorted(words.items())
    ]


def choose(files: list[str], names: list[str]) -> tuple[dict[str, str], list[str], str | None]:
    """Find the file that answers each notebook of an assignment.

    Parameters
    ----------
    files : list of str
        File names ending in .ipynb.
    names : list of str
        The notebooks' names as released, without .ipynb.

    Returns
    -------
    chosen : dict
        Name to file.
    notes : list of str
    why : str or None
        Why nothing is chosen though there are files.

    Examples
    --------
    >>> choose(["backprop (1).ipynb"], ["backprop"])
    ({'backprop': 'backprop (1).ipynb'}, ['file name corrected: it was backprop (1).ipynb'], None)
    >>> choose(["a.ipynb", "b.ipynb"], ["backprop"])[2]
    'several notebooks (a.ipynb, b.ipynb), none named backprop.ipynb: rename the right one and grade again'
    """
    chosen = {name: f"{name}.ipynb" for name in names if f"{name}.ipynb" in files}
    notes = []
    for name in names:
        left = [file for file in files if file not in chosen.values()]
        near = [file for file in left if alike(file, name)] or (left if len(names) == 1 else [])
        if name not in chosen and len(near) == 1:
            chosen[name] = near[0]
            notes.append(f"file name corrected: it was {shown(near[0])}")
    left = [file for file in files if file not in chosen.values()]
    if left and len(chosen) < len(names):
        lacks = ", ".join(f"{name}.ipynb" for name in names if name not in chosen)
        there = ", ".join(shown(file) for file in left[:5])
        if not chosen:
            return {}, [], f"several notebooks ({there}), none named {lacks}: rename the right one and grade again"
        notes.append(f"{lacks} is missing, and no file is surely meant by it: {there}")
    return chosen, notes, None


def alike(file: str, name: str) -> bool:
    """Tell whether a file name is `name` with what browsers, Jupyter and learning platforms add to it."""
    stem = COPY.sub("", file[: -len(".ipynb")].casefold())
    name = COPY.sub("", name.casefold())
    return stem == name or (bool(name) and stem.endswith((f"_{name}", f"- {name}")))
