"""A notebook that a learner has saved oddly is still that learner's work: read what can be read, and say what was done.

`open_safely` brings a file into memory without following links and without waiting for pipes; `read` turns its bytes
into plain data in notebook format 4. Neither trusts the bytes: size, depth and number of values are bounded before
anything is built from them. Nothing in `read` raises; what cannot be read comes back as a sentence.
"""

from __future__ import annotations

import codecs
import json
import math
import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

LARGEST = 64 << 20  # bytes of a file; base64 pictures fill notebooks, and are dropped unread
DEEPEST = 100  # levels of brackets; the recursion limit of Python lies at 1000 less what the caller has used
VALUES = 1_000_000  # values in one file, about 100 MB when built
CELLS = 5_000
SOURCE = 1_000_000  # characters in one cell
LONG = 8 * SOURCE  # bytes of a string that can be no source, but a picture
SMALL = 16 << 20  # bytes; a larger file has shorter strings forgotten, too: one odd letter makes a text take four times
FORMATS = (2, 3, 4)
TYPES = ("code", "markdown", "raw")

# One string of JSON; possessive, so that a file of backslashes and no closing quote costs one pass and not n^2.
STRING = re.compile(rb'"[^"\\]*+(?:\\.?[^"\\]*+)*+(?:"|\Z)', re.DOTALL)
DEFINES = re.compile(r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", re.MULTILINE)
HIDDEN = re.compile(r"^[ \t]*### BEGIN HIDDEN TESTS.*?### END HIDDEN TESTS[ \t]*$\n?", re.MULTILINE | re.DOTALL)
SURROGATE = re.compile("[\ud800-\udfff]")
ODD = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff]")


class Refused(Exception):
    """A file that is not opened, and why: a sentence without the path.

    `status` says whose fault it is: 'rejected', the hand-in's; 'needs_review', perhaps the machine's.
    """

    def __init__(self, why: str, status: str = "rejected") -> None:
        super().__init__(why)
        self.status = status


@dataclass
class Reading:
    """What came of the bytes of a file: a notebook, or the reason why there is none."""

    notebook: dict[str, Any] | None = None
    notes: list[str] = field(default_factory=list)
    why: str | None = None


def shown(name: str, length: int = 60) -> str:
    r"""Return `name` fit to be printed: no control, bidirectional or broken characters, and not too long.

    Examples
    --------
    >>> shown("a\u202eb\n.ipynb")
    'a?b?.ipynb'
    """
    text = ODD.sub("?", name)
    return text if len(text) <= length else f"{text[: length - 12]}...{text[-9:]}"


def kind(mode: int) -> str:
    """Say in words what sort of file has this `st_mode`."""
    words = {
        stat.S_IFREG: "a file",
        stat.S_IFLNK: "a link",
        stat.S_IFDIR: "a folder",
        stat.S_IFIFO: "a pipe",
        stat.S_IFSOCK: "a socket",
        stat.S_IFCHR: "a device",
        stat.S_IFBLK: "a device",
    }
    return words.get(stat.S_IFMT(mode), "something unknown")


def open_safely(path: str | Path, dir_fd: int | None = None, largest: int = LARGEST) -> bytes:
    """Return the bytes of a regular file.

    Parameters
    ----------
    path : str or Path
        The last part must not be a link; give `dir_fd` where the folders above it are not to be trusted either.
    dir_fd : int, optional
        Open folder that `path` starts from.
    largest : int
        Most bytes that are read. A file with holes counts with its full length, and is not read to find that out.

    Returns
    -------
    raw : bytes

    Raises
    ------
    Refused
        If it is a link, a folder, a pipe, a socket or a device, too large, or cannot be read.
    """
    try:
        # Looked at before it is opened (opening a device may move it) and after (it may have been exchanged).
        _regular(os.stat(path, dir_fd=dir_fd, follow_symlinks=False), largest)
        flags = os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        handle = os.open(path, flags | getattr(os, "O_BINARY", 0), dir_fd=dir_fd)
    except (OSError, ValueError) as error:
        raise Refused(f"it cannot be opened ({_reason(error)}): look at its permissions", "needs_review") from None
    try:
        _regular(os.fstat(handle), largest)
        parts, size = [], 0
        while part := os.read(handle, 1 << 20):
            size += len(part)
            if size > largest:
                raise Refused(_too_large(largest))
            parts.append(part)
        return b"".join(parts)
    except OSError as error:
        raise Refused(f"it cannot be read ({_reason(error)}): copy it again", "needs_review") from None
    finally:
        os.close(handle)


def _regular(status: os.stat_result, largest: int) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise Refused(f"not a regular file but {kind(status.st_mode)}: ask for the notebook itself")
    if status.st_size > largest:
        raise Refused(_too_large(largest))


def _too_large(largest: int) -> str:
    return f"larger than {largest >> 20} MB: ask for it with its outputs cleared"


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or "a name that no file can have"


def read(raw: bytes) -> Reading:
    r"""Return the notebook that the bytes of a file hold, as plain data in format 4.

    Accepts a byte-order mark, UTF-16 and UTF-32, bytes of an older code page, stray NUL bytes, formats 2 and 3, missing
    metadata and ids, numbers too large for any use, and fields of a wrong type. Outputs and attachments are left out:
    no mark comes from them. Nothing of a cell is kept but its type, its source and nbgrader's name for it.

    Parameters
    ----------
    raw : bytes
        As handed in.

    Returns
    -------
    reading : Reading
        With a `notebook` of the keys 'cells', 'metadata', 'nbformat', 'nbformat_minor', or with `why` there is none:
        a sentence that says what to do. `notes` says what was mended.

    Examples
    --------
    >>> read(b"").why
    'the file is empty: ask for it again'
    >>> read(b'\xef\xbb\xbf{"nbformat": 4, "cells": []}').notes
    ['it has no metadata']
    """
    try:
        return _read(raw)
    except RecursionError:
        return Reading(why="the notebook is damaged: nested too deeply: ask for it again")
    except MemoryError:
        return Reading(why="the notebook is too large to be read: ask for it with its outputs cleared")
    except Exception as error:  # "never raises" is a promise to a whole class: what is not foreseen is said as well
        return Reading(why=f"the notebook could not be read ({type(error).__name__}): ask for it again")


def _read(raw: bytes) -> Reading:
    notes: list[str] = []
    if len(raw) > LARGEST:
        return Reading(why=f"the file is {_too_large(LARGEST)}")
    if not raw.strip(b" \t\r\n\0"):
        return Reading(why="the file is empty: ask for it again")
    text = _text(raw, notes)
    if len(text) > 2 * SMALL:
        return Reading(why="the notebook holds far too much text: ask for it with its outputs cleared")
    if why := _bounded(text):
        return Reading(why=why)
    data, why = _json(text, notes)
    if why is not None:
        return Reading(notes=notes, why=why)
    if not isinstance(data, dict):
        return Reading(why="the file is JSON but no notebook: ask for the notebook (.ipynb)")
    number = _format(data)
    if number not in FORMATS:
        return Reading(why=f"unknown notebook version {shown(str(number), 20)}: ask for it saved in JupyterLab")
    cells = data.get("cells") if number == 4 else _worksheets(data)
    if cells is None and isinstance(data.get("worksheets"), list):
        cells, number = _worksheets(data), 3
    if not isinstance(cells, list):
        return Reading(why="the notebook has no cells: open it in JupyterLab and save it again, or ask for it again")
    if number != 4:
        notes.append(f"notebook format {number}: read as format 4")
    elif "nbformat" not in data:
        notes.append("it does not say its notebook format: read as format 4")
    return Reading({**_notebook(data, cells, notes), "nbformat": 4, "nbformat_minor": 5}, _once(notes))


def _text(raw: bytes, notes: list[str]) -> str:
    """Decode; a mistake in one byte costs one character, not the file."""
    encoding = json.detect_encoding(raw[:4])
    if encoding.startswith(("utf-16", "utf-32")):
        text = raw[: len(raw) // 4 * 4 if "32" in encoding else len(raw) // 2 * 2].decode(encoding, "replace")
        text = text.removeprefix("\ufeff")
        if re.match(r'\s*\{\s*["}]', text):  # else a stray NUL among the first bytes of UTF-8 looked like UTF-16
            notes.append(f"decoded as {encoding[:6].upper()}")
            return _without_nul(text, notes)
    raw = raw.removeprefix(codecs.BOM_UTF8)
    raw = _without_pictures(raw)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("utf-8", "replace")
        foreign = sum(byte > 127 for byte in raw)
        if text.count("\ufffd") == foreign:  # no character of several bytes: not UTF-8 with faults, but no UTF-8
            text = raw.decode("cp1252", "replace")
            notes.append("it is not UTF-8: read as Windows-1252")
        else:
            notes.append(f"{text.count(chr(0xFFFD))} stray bytes that are no UTF-8 were replaced by \ufffd")
    return _without_nul(text, notes)


def _without_pictures(raw: bytes) -> bytes:
    """Forget the longest strings before they take four bytes a character; sources stand in them line by line."""
    for most, longest in ((LONG, LONG), (SMALL, LONG // 8), (SMALL, LONG // 64)):
        if len(raw) > most:
            raw = STRING.sub(lambda found, n=longest: b"null" if len(found.group()) > n else found.group(), raw)
    return raw


def _without_nul(text: str, notes: list[str]) -> str:
    if "\0" in text:
        notes.append(f"{text.count(chr(0))} stray NUL bytes were left out")
        text = text.replace("\0", "")
    return text


def _bounded(text: str) -> str | None:
    """Say why `text` is not to be parsed: what is outside its strings is nested too deeply, or far too much."""
    bare = STRING.sub(b"", text.encode("utf-8", "replace"))
    if sum(bare.count(sign) for sign in (b",", b"[", b"{")) > VALUES:
        return "the notebook holds far too many values: ask for it with its outputs cleared"
    signs = np.frombuffer(bare, np.uint8)
    signs = signs[np.isin(signs, np.frombuffer(b"[]{}", np.uint8))]
    steps = np.where((signs == ord("[")) | (signs == ord("{")), 1, -1)
    if steps.size and int(np.cumsum(steps).max()) > DEEPEST:
        return "the notebook is damaged: nested too deeply: ask for it again"
    return None


def _json(text: str, notes: list[str]) -> tuple[Any, str | None]:
    def whole(digits: str) -> int:
        if len(digits) > 18:
            notes.append("a number too large for any use was read as 0")
            return 0
        return int(digits)

    def decimal(digits: str) -> float:
        value = float(digits)
        if not math.isfinite(value):
            notes.append("a number too large for any use was read as 0")
        return value if math.isfinite(value) else 0.0

    decoder = json.JSONDecoder(parse_int=whole, parse_float=decimal, parse_constant=lambda _: None, strict=False)
    start = len(text) - len(text.lstrip())
    try:
        data, end = decoder.raw_decode(text, start)
    except ValueError as error:
        line = getattr(error, "lineno", 1)
        ended = text.rstrip()
        cut = "; the file looks cut off" if ended[:1] == "{" and not ended.endswith("}") else ""
        return None, f"not a notebook: invalid JSON at line {line}{cut}: ask for it again"
    if text[end:].strip():
        notes.append("what stood behind the end of the notebook was left out")
    return data, None


def _format(data: dict[str, Any]) -> Any:
    number = data.get("nbformat", 4)
    if isinstance(number, str) and number.strip().isdecimal() and len(number) < 10:
        number = int(number)
    if isinstance(number, bool) or number is None:
        return 4
    return int(number) if isinstance(number, float) and number == int(number) else number


def _worksheets(data: dict[str, Any]) -> list[Any] | None:
    sheets = data.get("worksheets")
    if not isinstance(sheets, list):
        return data.get("cells") if isinstance(data.get("cells"), list) else None
    cells: list[Any] = []
    for sheet in sheets:
        inner = sheet.get("cells") if isinstance(sheet, dict) else None
        for cell in inner if isinstance(inner, list) else [None]:
            cells.append(_older(cell) if isinstance(cell, dict) else cell)
    return cells


def _older(cell: dict[str, Any]) -> dict[str, Any]:
    """Translate a cell of format 2 or 3."""
    kind_ = cell.get("cell_type")
    if kind_ == "code":
        return {**cell, "source": cell.get("input", cell.get("source"))}
    if kind_ == "heading":
        level = cell.get("level")
        level = level if isinstance(level, int) and 1 <= level <= 6 else 1
        source = _source(cell)
        return {**cell, "cell_type": "markdown", "source": None if source is None else f"{'#' * level} {source}"}
    return {**cell, "cell_type": "markdown"} if kind_ == "html" else cell


def _notebook(data: dict[str, Any], given: list[Any], notes: list[str]) -> dict[str, Any]:
    if len(given) > CELLS:
        notes.append(f"it has {len(given)} cells: only the first {CELLS} were read")
    cells, ids, bare = [], [], 0
    for cell in given[:CELLS]:
        clean = _cell(cell, notes)
        if clean is not None:
            ids.append(cell.get("id"))
            bare += not isinstance(cell.get("metadata"), dict)
            cells.append({"id": f"cell-{len(cells):04d}", **clean})
    if bare:
        notes.append(f"{bare} cells had no metadata")
    named = [name for name in ids if isinstance(name, str)]
    if len(set(named)) < len(named):
        notes.append("cells had the same id: given anew")
    metadata = data.get("metadata")
    if not isinstance(metadata, dict):
        notes.append("it has no metadata")
    spec = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    name = spec.get("name") if isinstance(spec, dict) else None
    known = {"kernelspec": {"name": shown(name), "display_name": shown(name)}} if isinstance(name, str) else {}
    return {"cells": cells, "metadata": known}


def _cell(cell: Any, notes: list[str]) -> dict[str, Any] | None:
    name = grade_id(cell)
    called = f"cell {shown(name)}" if name is not None else "a cell"
    source = _source(cell)
    if source is None:
        notes.append(f"{called} is damaged: left out")
        return None
    if len(source) > SOURCE:
        notes.append(f"{called} is longer than {SOURCE} characters: left out")
        return None
    if SURROGATE.search(source):
        notes.append(f"{called} holds half characters: replaced by \ufffd")
        source = SURROGATE.sub("\ufffd", source)
    cell_type = cell.get("cell_type")
    if cell_type not in TYPES:
        notes.append(f"{called} has no known type: read as {'code' if name is not None else 'text'}")
        cell_type = "code" if name is not None else "raw"
    if cell_type == "code" and "\0" in source:
        notes.append(f"the source of {called} contains NUL: it cannot run")
    if cell.get("attachments"):
        notes.append(f"what was attached to {called} was not taken over: look at it in the hand-in")
    clean: dict[str, Any] = {"cell_type": cell_type, "metadata": {}, "source": source}
    if name is not None:
        clean["metadata"] = {"nbgrader": {"grade_id": name}}
    if cell_type == "code":
        clean.update(execution_count=None, outputs=[])
    return clean


def recognise(notebook: dict[str, Any], master: Any) -> list[str]:
    """Give cells of `notebook` the names back that they lost, and say which.

    A test or locked cell is known by its source; a solution cell by the functions that its stub in the master defines.
    Only cells without a name of the master's are looked at, and only names that no cell has.

    Parameters
    ----------
    notebook : dict
        As `read` returns it; changed in place.
    master : notebook
        As `intake.master` returns it.

    Returns
    -------
    notes : list of str
    """
    model = {cell.metadata["nbgrader"]["grade_id"]: cell for cell in master.cells if "nbgrader" in cell.metadata}
    missing = set(model) - {grade_id(cell) for cell in notebook["cells"]}
    nameless = [cell for cell in notebook["cells"] if grade_id(cell) not in model]
    found = []
    for name in (name for name in model if name in missing):
        want = _mark(model[name])
        alike = [cell for cell in nameless if want and _mark(cell, want) == want]
        if alike:
            alike[-1]["metadata"] = {"nbgrader": {"grade_id": name}}
            nameless.remove(alike[-1])
            found.append(shown(name))
    return [f"cells without their names were recognised: {', '.join(found)}"] if found else []


def _mark(cell: Any, want: Any = None) -> Any:
    """Return what a cell is known by: the names it defines (of a solution), or its source without hidden tests."""
    role = cell["metadata"].get("nbgrader", {})
    if role.get("solution") or isinstance(want, frozenset):
        names = frozenset(DEFINES.findall(cell["source"])) if cell["cell_type"] == "code" else frozenset()
        return names if want is None else names & want
    return (cell["cell_type"], HIDDEN.sub("", cell["source"]).strip())


def grade_id(cell: Any) -> str | None:
    """Return nbgrader's name for a cell, when it has one that can be one."""
    for key in ("metadata", "nbgrader", "grade_id"):
        cell = cell.get(key) if isinstance(cell, dict) else None
    return cell if isinstance(cell, str) and 0 < len(cell) <= 200 and not SURROGATE.search(cell) else None


def _source(cell: Any) -> str | None:
    source = cell.get("source") if isinstance(cell, dict) else None
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    return source if isinstance(source, str) else None


def _once(notes: list[str]) -> list[str]:
    """Drop repetitions; a file made of faults does not fill the record with them."""
    kept = list(dict.fromkeys(notes))
    return kept if len(kept) <= 20 else [*kept[:20], f"and {len(kept) - 20} notes more"]
