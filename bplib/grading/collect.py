"""Learning platforms hand over a folder or a zip of everybody's files; each goes to its learner, or is refused by name.

How hand-ins are named, where PERSON is a full name in the order that the site shows it:

- Moodle (`mod/assign`, "Download all submissions"): a folder `PERSON_NUMBER_assignsubmission_file` (older versions end
  it with `_`), or, without folders, files `PERSON_NUMBER_assignsubmission_file_NAME`. A group's name and `-` may stand
  before PERSON. NUMBER belongs to the assignment, not to the learner; with hidden names PERSON is "Participant".
  Answers typed in come as `..._assignsubmission_onlinetext`, and hold no notebook.
- Canvas (`content_zipper.rb`): files `lastnamefirstname_USER_FILE_NAME`, in lower case and without spaces or commas,
  with `_LATE` before USER when late; with hidden names `anon_CODE_FILE_NAME`,
  and `LATE_` in front.
- ILIAS (`ilExSubmission`): folders `Lastname_Firstname_LOGIN_USER` in ASCII (ä is ae), maybe inside folders named after
  the exercise or `Team N`; before the name of a late file stand words in the site's language and ` - `.
- nbgrader: `LEARNER/ASSIGNMENT/NAME`.
- by hand: `LEARNER/NAME`, `LEARNER_NAME.ipynb`, or `LEARNER.ipynb`.

`roster.csv` (id, last_name, first_name, email) turns persons into ids; without it, the platform's own names serve.
Nothing of an archive is unpacked but notebooks, and where they lie in it never decides where they are written.
"""

from __future__ import annotations

import csv
import errno
import io
import os
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from bplib.grading.plug import alike, choose
from bplib.grading.reading import LARGEST, Refused, kind, open_safely, shown
from bplib.grading.records import Records, replace, written

ENTRIES = 100_000  # files in a folder or an archive
DIRECTORY = 64 << 20  # bytes of a zip's own table of contents
RATIO = 200  # of one packed file; notebooks pack to a fifth, the best that zip can do is a thousandth
TOTAL_RATIO, TOTAL = 100, 4 << 30  # of all notebooks together; bytes
DEEPEST = 12  # folders within folders
ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst")
SKIPPED = ("__MACOSX", "desktop.ini", "Thumbs.db")

MOODLE = re.compile(r"(?P<name>.+)_(?P<number>\d+)_assignsubmission_(?P<plugin>[a-z]+)_?(?P<file>.*)", re.DOTALL)
CANVAS = re.compile(r"(?P<name>\w+?)(?P<late>_LATE)?_(?P<number>\d+)_\d+_(?P<file>.+)", re.DOTALL)
HIDDEN = re.compile(r"(?P<late>LATE_)?(?P<name>anon)_(?P<number>[A-Za-z0-9]+)_\d+_(?P<file>.+)", re.DOTALL)
ILIAS = re.compile(r"(?P<name>[^_]+_.+)_(?P<login>[^_]+)_(?P<number>\d+)", re.DOTALL)


class CollectError(Exception):
    """Something that the lecturer has to mend before anything can be collected; one sentence."""


@dataclass
class Collected:
    """What came of collecting: notes by learner, what was refused (a sentence each), and who handed in nothing."""

    taken: dict[str, list[str]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


@dataclass
class Entry:
    """One file of a folder or an archive: where it lies, when it was written, and its bytes or why not."""

    parts: tuple[str, ...]
    time: float | None
    read: Callable[[], bytes]
    why: str | None = None


@dataclass(frozen=True)
class Person:
    """Whom a file's name means, as the platform writes it."""

    scheme: str
    name: str
    number: str = ""
    login: str = ""


def collect(
    source: Path,
    home: Path,
    assignment: str,
    names: list[str] | None = None,
    roster: Path | None = None,
    times: str = "clock",
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Collected:
    """Copy everybody's notebooks into the course; what was there before, and differs, is kept under `earlier/`.

    Parameters
    ----------
    source : Path
        Folder or zip; only read.
    home : Path
        The course folder; hand-ins go to `submitted/LEARNER/ASSIGNMENT/`, receipts to `records/`.
    assignment : str
        Its name in the course.
    names : list of str, optional
        The assignment's notebooks without .ipynb; by default one, called as the assignment.
    roster : Path, optional
        CSV with the columns id, last_name, first_name, email.
    times : {'clock', 'files'}
        When a hand-in counts as received: now, or at the file's own time, for archives fetched after the deadline.
        Bytes that were collected before keep their time.
    clock : callable
        What time it is.

    Returns
    -------
    collected : Collected

    Raises
    ------
    CollectError
        If nothing can be collected: no such folder, a damaged zip, a roster without ids.
    """
    if re.fullmatch(r"[^/\\\0]+", assignment) is None or assignment.startswith("."):
        raise CollectError(f"{assignment!r} is no name for an assignment")
    if times not in ("clock", "files"):
        raise CollectError(f"times={times!r}: say 'clock' or 'files'")
    source, home = source.resolve(), home.resolve()
    if source.is_relative_to(home / "submitted") or (home / "submitted").is_relative_to(source):
        raise CollectError("these are the course's own hand-ins: they need no collecting, grade them")
    people = Roster(roster) if roster is not None else None
    names = names or [assignment]
    result = Collected()
    try:
        if source.is_dir():
            _hand_out(list(_folder(source)), home, assignment, names, people, result, times, clock)
        elif source.is_file():
            with source.open("rb") as file:
                _fits(file, source.name)
                with zipfile.ZipFile(file) as archive:
                    entries = list(_archive(archive, source.stat().st_size))
                    _hand_out(entries, home, assignment, names, people, result, times, clock)
        else:
            raise CollectError(f"{source.name} is neither a folder nor a zip: give what the platform made")
    except zipfile.BadZipFile as error:
        raise CollectError(f"{source.name} cannot be read as a zip ({error}): fetch it again") from None
    except OSError as error:
        full = error.errno == errno.ENOSPC
        said = "no space left: free some, then collect again" if full else error.strerror or error
        raise CollectError(f"collecting stopped, nothing is lost: {said}") from None
    return result


# --- what is there ---------------------------------------------------------------------------------------------------


def _folder(source: Path) -> Iterator[Entry]:
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


# --- whose it is -----------------------------------------------------------------------------------------------------


class Roster:
    """Who takes part: ids, and the names that platforms give to the same people.

    Parameters
    ----------
    path : Path
        CSV, UTF-8 with or without a mark, separated by commas, semicolons or tabs. Its first line names the columns;
        'id' must be among them, 'last_name', 'first_name' and 'email' may be.
    """

    def __init__(self, path: Path) -> None:
        self.ids: dict[str, str] = {}
        self.logins: dict[str, set[str]] = {}
        self.names: dict[str, set[str]] = {}
        try:
            raw = path.read_bytes()
        except OSError as error:
            raise CollectError(f"the roster {path.name} cannot be read: {error.strerror}") from None
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("cp1252", "replace")
        first = text.split("\n", 1)[0]
        mark = max(",;\t", key=first.count)
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
        except csv.Error as error:
            raise CollectError(f"{path.name} is no CSV ({error}): save it again") from None
        columns = [name.strip().casefold() for name in rows[0]] if rows else []
        if "id" not in columns:
            raise CollectError(f"{path.name} has no column 'id': its first line must be id,last_name,first_name,email")
        for line, row in enumerate(rows[1:], 2):
            if any(value.strip() for value in row):
                self._add({name: value.strip() for name, value in zip(columns, row, strict=False)}, path.name, line)
        if not self.ids:
            raise CollectError(f"{path.name} names nobody")

    def _add(self, row: dict[str, str], file: str, line: int) -> None:
        try:
            learner, _ = safe_id(row["id"])
        except Refused as error:
            raise CollectError(f"{file}, line {line}: {error}") from None
        if learner in self.ids:
            raise CollectError(f"{file}, line {line}: the id {shown(learner)} stands twice")
        self.ids[learner] = row["id"]
        email = row.get("email", "").casefold()
        for login in {row["id"].casefold(), learner.casefold(), email, email.partition("@")[0]} - {""}:
            self.logins.setdefault(login, set()).add(learner)
        first, last = row.get("first_name", ""), row.get("last_name", "")
        for name in {*folded(first + last), *folded(last + first)} if first or last else ():
            self.names.setdefault(name, set()).add(learner)

    def find(self, person: Person) -> str:
        """Return a person's id.

        Raises
        ------
        Refused
            If nobody in the roster, or more than one, has the name.
        """
        if person.scheme in ("nbgrader", "by hand"):
            tries = [self.logins.get(person.name.casefold(), set())]
        else:
            tries = [self.logins.get(person.login.casefold(), set())] if person.login else []
        cuts = [person.name[found.end() :] for found in re.finditer("-", person.name)]  # Moodle: group-person
        for name in [person.name, *(cuts if person.scheme == "Moodle" else [])]:
            tries += [self.names.get(key, set()) for key in folded(name)]
        for found in tries:
            if len(found) == 1:
                return next(iter(found))
            if found:
                whom = ", ".join(sorted(found))
                raise Refused(f"the roster has several of this name ({whom}): rename it to the id, and collect again")
        raise Refused("nobody in the roster is called so: add a line to it, and collect again")


def folded(name: str) -> list[str]:
    """Return the spellings under which a name is looked up: letters and digits alone, umlauts bare or with an e.

    Examples
    --------
    >>> folded("Jürgen O'Neill")
    ['jurgenoneill', 'juergenoneill']
    """
    name = unicodedata.normalize("NFC", name).casefold()
    german = name.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    bare = [unicodedata.normalize("NFKD", spelling) for spelling in dict.fromkeys([name, german])]
    return list(dict.fromkeys("".join(sign for sign in text if sign.isalnum()) for text in bare))


def safe_id(text: str) -> tuple[str, str | None]:
    """Return a learner's id that every file system, pattern and page can hold, and what had to be changed.

    Raises
    ------
    Refused
        If nothing is left of it, or if it is too long.

    Examples
    --------
    >>> safe_id("s123")
    ('s123', None)
    >>> safe_id("[ab] <b>")
    ('ab_b', "the id '[ab] <b>' is written ab_b")
    """
    plain = re.sub(r"[^\w.@+-]+", "_", unicodedata.normalize("NFC", text))
    plain = plain.lstrip("._-").rstrip("._")
    if not plain or len(plain.encode()) > 100:
        raise Refused(f"{shown(text)!r} can be no learner's id: rename it")
    return plain, None if plain == text else f"the id {shown(text)!r} is written {plain}"


def identify(
    parts: tuple[str, ...], assignment: str, names: list[str], roster: Roster | None
) -> tuple[Person, str, bool] | None:
    """Read from a file's place whose it is.

    Parameters
    ----------
    parts : tuple of str
        Folders and name, without those that all files share.
    assignment : str
        Its name in the course.
    names : list of str
        The assignment's notebooks without .ipynb.
    roster : Roster or None
        Its ids are known as folders.

    Returns
    -------
    person, file, late : Person, str, bool
        Whose it is, the name that the learner gave it as far as it is known, and whether the platform marks it as
        late. None instead of these for a file that is nobody's, such as a list of all marks.

    Raises
    ------
    Refused
        If it cannot be told.
    """
    *folders, file = parts
    for folder in folders:
        if found := MOODLE.fullmatch(folder):
            return Person("Moodle", found["name"], found["number"]), file, False
    if len(folders) >= 2 and folders[-1] == assignment:
        return Person("by hand", folders[-2]), file, False
    for folder in folders:
        if roster is not None and folder.casefold() in roster.logins:
            return Person("by hand", folder), file, False
    for folder in reversed(folders):
        if found := ILIAS.fullmatch(folder):
            late = " - " in file and any(alike(file, name) and file != f"{name}.ipynb" for name in names)
            return Person("ILIAS", found["name"].replace("_", " "), found["number"], found["login"]), file, late
    if folders:
        return Person("by hand", folders[0]), file, False
    for scheme, pattern in (("Moodle", MOODLE), ("Canvas", HIDDEN), ("Canvas", CANVAS)):
        if found := pattern.fullmatch(file):
            late = bool(found.groupdict().get("late"))
            return Person(scheme, found["name"], found["number"]), found["file"], late
    stem, _, suffix = file.rpartition(".")
    if suffix != "ipynb":
        return None
    for name in names:
        if stem.casefold().endswith((f"_{name}".casefold(), f"-{name}".casefold())):
            return Person("by hand", stem[: -len(name) - 1]), f"{name}.ipynb", False
        if alike(file, name):
            raise Refused("whose is it? Put it into a folder named after the learner")
    return Person("by hand", stem), f"{names[0]}.ipynb" if len(names) == 1 else file, False


def _shared(entries: list[Entry], assignment: str, names: list[str], roster: Roster | None) -> int:
    """Count the outer folders that hold everything and name nobody: what unpacking a zip puts around it."""
    notebooks = [entry.parts for entry in entries if entry.parts[0] and entry.parts[-1].endswith(".ipynb")]
    for depth in range(DEEPEST):
        rest = [parts[depth:] for parts in notebooks]
        outer = {parts[0] for parts in rest}
        if len(outer) != 1 or any(len(parts) < 2 for parts in rest):
            return depth
        (folder,) = outer
        if MOODLE.fullmatch(folder) or ILIAS.fullmatch(folder) or (roster and folder.casefold() in roster.logins):
            return depth
        inner = [parts[1:] for parts in rest]
        if any(len(parts) == 2 and parts[0] == assignment for parts in inner):
            return depth  # LEARNER/ASSIGNMENT/NAME of a single learner
        flat = [parts[0] for parts in inner if len(parts) == 1]
        marked = any(pattern.fullmatch(file) for file in flat for pattern in (MOODLE, CANVAS, HIDDEN))
        several = len(flat) > 1 and not any(alike(file, name) and "_" not in file for file in flat for name in names)
        if len(flat) == len(inner) and not marked and not several:
            return depth  # LEARNER/NAME of a single learner
    return DEEPEST


# --- handing out -----------------------------------------------------------------------------------------------------


@dataclass
class _Pile:
    """What one person handed in."""

    files: dict[str, Entry] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    depth: int = DEEPEST + 1  # of the folder that counts: the outermost that holds a notebook
    folders: set[tuple[str, ...]] = field(default_factory=set)


def _sort(
    entries: list[Entry], assignment: str, names: list[str], roster: Roster | None, result: Collected
) -> dict[Person, _Pile]:
    """Put each file on the pile of the person who handed it in; what is refused is said there, and in `result`."""
    depth = _shared(entries, assignment, names, roster)
    by_assignment = any(entry.parts[-2:-1] == (assignment,) and len(entry.parts) > depth + 2 for entry in entries)
    piles: dict[Person, _Pile] = {}
    for entry in sorted(entries, key=lambda entry: entry.parts):
        label = "/".join(shown(part) for part in entry.parts if part)
        place = entry.parts[depth:] or entry.parts[-1:]
        try:
            whose = identify(place, assignment, names, roster) if entry.parts[0] else None
        except Refused as error:
            result.refused.append(f"{label}: {error}")
            continue
        file = whose[1] if whose else entry.parts[-1]
        if file.lower().endswith(ARCHIVES) and entry.why is None:
            entry.why = "an archive inside is not unpacked: ask for the notebook itself"
        if entry.why is not None:
            result.refused.append(f"{label}: {entry.why}")
        if whose is None or (whose[0].scheme == "by hand" and by_assignment and place[-2:-1] != (assignment,)):
            continue  # nobody's, or another assignment's
        person, _, late = whose
        pile = piles.setdefault(person, _Pile())
        if late:
            pile.notes.append(f"{person.scheme} marks it as late")
        if entry.why is not None:
            pile.notes.append(f"{shown(file)} was refused: {entry.why}")
        elif not file.lower().endswith(".ipynb"):
            pile.notes += [f"ignored: {shown(file)}"] if file not in ("", "timestamp.txt") else []
        elif len(place) > pile.depth:
            pile.notes.append(f"ignored: {shown('/'.join(place[-2:]))}")
        else:
            if len(place) < pile.depth:
                pile.notes += [f"ignored, in a folder further down: {shown(other)}" for other in pile.files]
                pile.files, pile.folders, pile.depth = {}, set(), len(place)
            pile.notes += [f"{shown(file)} stands twice: the later one was taken"] if file in pile.files else []
            pile.files[file] = entry
            pile.folders.add(place[:-1])
    return piles


def _hand_out(
    entries: list[Entry],
    home: Path,
    assignment: str,
    names: list[str],
    roster: Roster | None,
    result: Collected,
    times: str,
    clock: Callable[[], datetime],
) -> None:
    piles = _sort(entries, assignment, names, roster, result)
    if not piles and not result.refused:
        raise CollectError("there is no hand-in: it needs LEARNER/NAME.ipynb, or what Moodle, Canvas or ILIAS make")
    records = Records(home, assignment)
    before = records.received()
    receipts: dict[str, dict[str, Any]] = {}
    try:
        for learner, person in _ids(piles, roster, result).items():
            pile = piles[person]
            try:
                if person.scheme == "by hand" and len(pile.folders) > 1:
                    raise Refused("it holds several folders with notebooks: give one folder for each learner")
                receipt = _put(home, assignment, names, learner, pile, before.get(learner, {}), times, clock)
            except Refused as error:
                result.refused.append(f"{shown(person.name)}: {error}")
                continue
            receipts[learner] = receipt
            result.taken[learner] = receipt["notes"]
    finally:
        records.receive(receipts)  # also when it stops half way: what was copied has its time
    if roster is not None:
        result.missing = sorted(set(roster.ids) - set(result.taken))


def _ids(piles: dict[Person, _Pile], roster: Roster | None, result: Collected) -> dict[str, Person]:
    """Give each person an id of their own; who would share one is refused by name."""
    claims: dict[str, list[tuple[str, Person]]] = {}
    names = [person.name for person in piles if person.scheme == "Moodle"]
    for person, pile in piles.items():
        note = None
        try:
            if roster is not None:
                learner = roster.find(person)
            elif person.scheme == "Canvas":
                learner, note = safe_id(f"{person.name}_{person.number}")
            elif names.count(person.name) > 1 and person.scheme == "Moodle":
                learner, _ = safe_id(f"{person.name}_{person.number}")
                note = f"named {learner} after Moodle's number, which the next assignment changes: give a roster"
            else:
                learner, note = safe_id(person.login or person.name)
        except Refused as error:
            result.refused.append(f"{shown(person.name)}: {error}")
            continue
        pile.notes += [note] if note else []
        claims.setdefault(learner.casefold(), []).append((learner, person))  # some disks know no capitals
    for people in claims.values():
        if len(people) > 1:
            who = " and ".join(repr(shown(person.name)) for _, person in people)
            result.refused.append(f"{who} would both be {people[0][0]}: rename one and collect again")
    return dict(people[0] for people in claims.values() if len(people) == 1)


def _put(
    home: Path,
    assignment: str,
    names: list[str],
    learner: str,
    pile: _Pile,
    before: dict[str, Any],
    times: str,
    clock: Callable[[], datetime],
) -> dict[str, Any]:
    """Write one learner's notebooks; return the receipt."""
    target = home / "submitted" / learner / assignment
    for folder in (target.parent, target):
        if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
            raise Refused(f"{folder.relative_to(home)} is no folder: move it away and collect again")
    chosen, notes, why = choose(list(pile.files), names)
    notes = pile.notes + notes + ([why] if why else [])
    named = {f"{name}.ipynb": pile.files[file] for name, file in chosen.items()}
    if why:  # a person decides which one counts
        named = {f"{i}-{safe_id(file)[0]}": entry for i, (file, entry) in enumerate(pile.files.items(), 1)}
    ignored = [file for file in pile.files if pile.files[file] not in named.values()]
    notes += [f"ignored: {', '.join(shown(file) for file in ignored[:5])}"] if ignored else []
    raws: dict[str, bytes] = {}
    seen: list[float] = []
    for name, entry in named.items():
        try:
            raws[name] = entry.read()
            seen += [] if entry.time is None else [entry.time]
        except (Refused, OSError) as error:
            notes.append(f"{shown(name)} was refused: {error if isinstance(error, Refused) else error.strerror}")
    if not raws:
        notes.append("no notebook handed in")
    target.mkdir(parents=True, exist_ok=True)
    for old in sorted(target.glob("*.ipynb")):  # an earlier hand-in never stands in for this one
        _keep_earlier(home, learner, assignment, old, raws.get(old.name))
    for name, raw in raws.items():
        try:
            replace(target / name, raw)
        except (IsADirectoryError, PermissionError) as error:
            said = f"submitted/{learner}/{assignment}/{name} cannot be written ({error.strerror})"
            raise Refused(f"{said}: move it away, collect again") from None
        if seen:
            os.utime(target / name, (max(seen), max(seen)))
    return _receipt(raws, notes, before, seen, times, clock().astimezone(UTC))


def _receipt(
    raws: dict[str, bytes], notes: list[str], before: dict[str, Any], seen: list[float], times: str, now: datetime
) -> dict[str, Any]:
    files = {name: sha256(raw).hexdigest() for name, raw in sorted(raws.items())}
    if before.get("files") == files and isinstance(before.get("received"), str):
        return {**before, "notes": notes}
    if times == "clock":
        return {"received": written(now), "by": "clock", "files": files, "notes": notes}
    if not seen:
        notes = [*notes, "time of receipt: now, as the file has none"]
        return {"received": written(now), "by": "clock", "files": files, "notes": notes}
    time = min(datetime.fromtimestamp(max(seen), UTC), now)
    notes = [*notes, "time of receipt: the file's own"]
    return {"received": written(time), "by": "file", "files": files, "notes": notes}


def _keep_earlier(home: Path, learner: str, assignment: str, old: Path, new: bytes | None) -> None:
    if stat.S_ISDIR(old.lstat().st_mode):
        return
    try:
        raw = open_safely(old)
        if raw != new:
            name = f"{old.stem}-{sha256(raw).hexdigest()[:12]}{old.suffix}"
            replace(home / "earlier" / learner / assignment / name, raw)
    except Refused:
        pass  # a link, a pipe: nothing that could be kept
    if new is None:
        old.unlink()
