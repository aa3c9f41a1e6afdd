"""A folder or a zip that somebody else has made is listed file by file, and what would do harm is not opened.

Nothing is unpacked to the disk. A link is never followed, a path never leads out, and a small archive that unpacks to
much is seen by what it says of itself and stopped when it lies.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bplib.grading.reading import LARGEST, Refused, kind, open_safely

ENTRIES = 100_000  # files in a folder or an archive
DIRECTORY = 64 << 20  # bytes of a zip's own table of contents
RATIO = 200  # of one packed file; notebooks pack to a fifth, the best that zip can do is a thousandth
TOTAL_RATIO, TOTAL = 100, 4 << 30  # of all notebooks together; bytes
DEEPEST = 12  # folders within folders
SKIPPED = ("__MACOSX", "desktop.ini", "Thumbs.db")


class CollectError(Exception):
    """Something that the lecturer has to mend before anything can be collected; one sentence."""


@dataclass
class Entry:
    """One file of a folder or an archive: where it lies, when it was written, and its bytes or why not."""

    parts: tuple[str, ...]
    time: float | None
    read: Callable[[], bytes]
    why: str | None = None


def in_folder(source: Path) -> Iterator[Entry]:
    """List a folder's files without following a link."""
    waiting: list[tuple[str, ...]] = [()]
    count = 0
    while waiting:
        above = waiting.pop()
        with os.scandir(source.joinpath(*above)) as found:
            inside = list(found)
        if not inside and above:
            yield Entry((*above, ""), None, bytes)  # who handed in nothing is a learner all the same
        for entry in inside:
            parts = (*above, entry.name)
            if _skipped(parts):
                continue
            count += 1
            if count > ENTRIES:
                raise CollectError(f"{source.name} holds more than {ENTRIES} files: is it the right folder?")
            seen = entry.stat(follow_symlinks=False)
            if stat.S_ISDIR(seen.st_mode) and not entry.name.lower().endswith(".ipynb"):
                if len(parts) < DEEPEST:
                    waiting.append(parts)
                else:
                    yield Entry((*parts, "?"), None, bytes, "nested too deeply")
                continue
            why = None if stat.S_ISREG(seen.st_mode) else f"not a regular file but {kind(seen.st_mode)}"
            yield Entry(parts, seen.st_mtime, lambda parts=parts: _beneath(source, parts), why)


def _beneath(source: Path, parts: tuple[str, ...]) -> bytes:
    """Open a file step by step, so that no folder on the way can be exchanged for a link."""
    flags = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)
    handle = os.open(source, flags)
    try:
        for part in parts[:-1]:
            inner = os.open(part, flags | getattr(os, "O_NOFOLLOW", 0), dir_fd=handle)
            os.close(handle)
            handle = inner
        return open_safely(parts[-1], dir_fd=handle)
    finally:
        os.close(handle)


def _fits(file: io.BufferedReader, name: str) -> None:
    """Refuse a zip whose table of contents alone would fill the memory."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 66_000))
    tail = file.read()
    file.seek(0)
    at, at64 = tail.rfind(b"PK\5\6"), tail.rfind(b"PK\6\6")
    entries = contents = 0
    if 0 <= at <= len(tail) - 22:
        entries, contents = struct.unpack_from("<HL", tail, at + 10)
    if 0 <= at64 <= len(tail) - 56:
        entries, contents = struct.unpack_from("<QQ", tail, at64 + 32)
    if entries > ENTRIES or contents > DIRECTORY:
        raise CollectError(f"{name} holds more than {ENTRIES} files: unpack it and give the folder")


@contextlib.contextmanager
def in_zip(source: Path) -> Iterator[list[Entry]]:
    """Open a zip and list its files; they can be read until it is closed again.

    Raises
    ------
    CollectError, zipfile.BadZipFile
        If its table of contents is too large, or cannot be read.
    """
    with source.open("rb") as file:
        _fits(file, source.name)
        with zipfile.ZipFile(file) as archive:
            yield list(_archive(archive, source.stat().st_size))


def _archive(archive: zipfile.ZipFile, size: int) -> Iterator[Entry]:
    """List an archive's files, each with its reason to be refused; the sum of all is bounded as well."""
    left = min(TOTAL, TOTAL_RATIO * size + LARGEST)
    infos = archive.infolist()
    if len(infos) > ENTRIES:
        raise CollectError(f"the zip holds more than {ENTRIES} files: unpack it and give the folder")
    for info in infos:
        name = info.orig_filename if "\0" in info.orig_filename else info.filename
        parts = tuple(part for part in re.split(r"[/\\]", name) if part not in ("", "."))
        mode = info.external_attr >> 16
        sort = kind(mode) if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR) else None
        if not parts or _skipped(parts) or (name.endswith(("/", "\\")) and sort is None and ".." not in parts):
            continue
        why = None
        if name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", name):
            why = "an absolute path"
        elif ".." in parts:
            why = "a path that leads out of the archive"
        elif "\0" in name:
            why = "a NUL in its name"
        elif sort is not None:
            why = f"not a regular file but {sort}"
        elif info.flag_bits & 0x1:
            why = "encrypted"
        elif len(parts) > DEEPEST:
            why = "nested too deeply"
        elif info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            why = f"packed in a way that is not read here (number {info.compress_type})"
        elif parts[-1].lower().endswith(".ipynb"):
            if info.file_size > LARGEST:
                why = f"it unpacks to {info.file_size >> 20} MB, more than {LARGEST >> 20}"
            elif info.file_size > 1 << 20 and info.file_size > RATIO * info.compress_size:
                why = f"it unpacks to {info.file_size // max(1, info.compress_size)} times its size"
            elif info.file_size > left:
                why = "all the notebooks together unpack to too much"
            else:
                left -= info.file_size
        unsafe = why in ("an absolute path", "a path that leads out of the archive", "a NUL in its name")
        parts = ("", *parts) if unsafe else parts  # an empty name: whose it is will not be asked
        yield Entry(parts, _zip_time(info), lambda info=info: _unpack(archive, info), why)


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    try:
        with archive.open(info) as file:
            raw = file.read(LARGEST + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, struct.error):
        raise Refused("it is damaged in the zip: fetch it again") from None
    if len(raw) > min(LARGEST, info.file_size):
        raise Refused("it unpacks to more than it says")
    return raw


def _zip_time(info: zipfile.ZipInfo) -> float | None:
    try:
        return datetime(*info.date_time).timestamp()
    except (ValueError, OverflowError, OSError):
        return None


def _skipped(parts: tuple[str, ...]) -> bool:
    """Tell what systems and editors leave behind; a leading '..' is no such thing."""
    return any(part in SKIPPED or (part.startswith(".") and part != "..") for part in parts)
