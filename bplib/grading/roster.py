"""A platform writes people's names in its own way; the roster turns each into the one id that the grade book knows."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from bplib.grading.archive import CollectError
from bplib.grading.handin import alike
from bplib.grading.reading import Refused, shown

MOODLE = re.compile(r"(?P<name>.+)_(?P<number>\d+)_assignsubmission_(?P<plugin>[a-z]+)_?(?P<file>.*)", re.DOTALL)
CANVAS = re.compile(r"(?P<name>\w+?)(?P<late>_LATE)?_(?P<number>\d+)_\d+_(?P<file>.+)", re.DOTALL)
HIDDEN = re.compile(r"(?P<late>LATE_)?(?P<name>anon)_(?P<number>[A-Za-z0-9]+)_\d+_(?P<file>.+)", re.DOTALL)
ILIAS = re.compile(r"(?P<name>[^_]+_.+)_(?P<login>[^_]+)_(?P<number>\d+)", re.DOTALL)


@dataclass(frozen=True)
class Person:
    """Whom a file's name means, as the platform writes it."""

    scheme: str
    name: str
    number: str = ""
    login: str = ""


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
    parts: tuple[str, ...], assignment: str, names: list[str], roster: Roster | None, ilias: bool
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
    ilias : bool
        Whether a folder may be one of ILIAS's.

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
        if ilias and (found := ILIAS.fullmatch(folder)):
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
    if any(alike(file, name) for name in names):
        raise Refused("whose is it? Put it into a folder named after the learner")
    return Person("by hand", stem), f"{names[0]}.ipynb" if len(names) == 1 else file, False
