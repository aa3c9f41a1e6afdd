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

import errno
import os
import re
import stat
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from bplib.grading.archive import DEEPEST, CollectError, Entry, in_folder, in_zip
from bplib.grading.handin import alike, choose
from bplib.grading.reading import Refused, open_safely, shown
from bplib.grading.records import Records, replace, written
from bplib.grading.roster import CANVAS, HIDDEN, ILIAS, MOODLE, Person, Roster, identify, safe_id

ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst")


@dataclass
class Collected:
    """What came of collecting: notes by learner, what was refused (a sentence each), and who handed in nothing."""

    taken: dict[str, list[str]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Course:
    """Where hand-ins go, what they are called, and when they count as received."""

    home: Path
    assignment: str
    names: list[str]
    place: Callable[[str], Path]
    times: str
    clock: Callable[[], datetime]


def collect(
    source: Path,
    home: Path,
    assignment: str,
    names: list[str] | None = None,
    roster: Path | None = None,
    times: str = "clock",
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    submitted: Callable[[str], Path] | None = None,
) -> Collected:
    """Copy everybody's notebooks into the course; what was there before, and differs, is kept under `earlier/`.

    Parameters
    ----------
    source : Path
        Folder or zip; only read.
    home : Path
        Where the course keeps what running it makes; receipts go to its `records/`.
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
    submitted : callable, optional
        Learner -> folder for the hand-in; by default `submitted/LEARNER/ASSIGNMENT/` in `home`.

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
    place = submitted or (lambda learner: home / "submitted" / learner / assignment)
    own = place("LEARNER").resolve().parents[1]
    if source.is_relative_to(own) or own.is_relative_to(source):
        raise CollectError("these are the course's own hand-ins: they need no collecting, grade them")
    people = Roster(roster) if roster is not None else None
    course = _Course(home, assignment, names or [assignment], place, times, clock)
    try:
        if source.is_dir():
            return _hand_out(list(in_folder(source)), course, people)
        if not source.is_file():
            raise CollectError(f"{source.name} is neither a folder nor a zip: give what the platform made")
        with in_zip(source) as entries:
            return _hand_out(entries, course, people)
    except zipfile.BadZipFile as error:
        raise CollectError(f"{source.name} cannot be read as a zip ({error}): fetch it again") from None
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        said = (
            "no space left: free some" if full else " ".join(map(str, (error.strerror or error, error.filename or "")))
        )
        raise CollectError(f"collecting stopped, nothing is lost: {said.strip()}; then collect again") from None


# --- whose is what ---------------------------------------------------------------------------------------------------


def _shared(entries: list[Entry], course: _Course, roster: Roster | None) -> int:
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
        if any(len(parts) == 2 and parts[0] == course.assignment for parts in inner):
            return depth  # LEARNER/ASSIGNMENT/NAME of a single learner
        flat = [parts[0] for parts in inner if len(parts) == 1]
        marked = any(pattern.fullmatch(file) for file in flat for pattern in (MOODLE, CANVAS, HIDDEN))
        several = len(flat) > 1 and not any(
            alike(file, name) and "_" not in file for file in flat for name in course.names
        )
        if len(flat) == len(inner) and not marked and not several:
            return depth  # LEARNER/NAME of a single learner
    return DEEPEST


def _ilias(entries: list[Entry], depth: int) -> bool:
    """Tell whether most notebooks lie in folders that ILIAS might have named; one learner's folder may look so too."""
    folders = [entry.parts[depth:-1] for entry in entries if entry.parts[-1].lower().endswith(".ipynb")]
    return 2 * sum(any(map(ILIAS.fullmatch, parts)) for parts in folders) > len(folders)


@dataclass
class _Pile:
    """What one person handed in."""

    files: dict[str, Entry] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    depth: int = DEEPEST + 1  # of the folder that counts: the outermost that holds a notebook
    folders: set[tuple[str, ...]] = field(default_factory=set)


def _sort(entries: list[Entry], course: _Course, roster: Roster | None, result: Collected) -> dict[Person, _Pile]:
    """Put each file on the pile of the person who handed it in; what is refused is said there, and in `result`."""
    assignment = course.assignment
    depth = _shared(entries, course, roster)
    ilias = _ilias(entries, depth)
    by_assignment = any(entry.parts[-2:-1] == (assignment,) and len(entry.parts) > depth + 2 for entry in entries)
    piles: dict[Person, _Pile] = {}
    for entry in sorted(entries, key=lambda entry: entry.parts):
        label = "/".join(shown(part) for part in entry.parts if part)
        place = entry.parts[depth:] or entry.parts[-1:]
        try:
            whose = identify(place, assignment, course.names, roster, ilias) if entry.parts[0] else None
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


def _hand_out(entries: list[Entry], course: _Course, roster: Roster | None) -> Collected:
    """Give each person's files their place; whoever is refused is nobody else's loss."""
    result = Collected()
    piles = _sort(entries, course, roster, result)
    if not piles and not result.refused:
        raise CollectError("there is no hand-in: it needs LEARNER/NAME.ipynb, or what Moodle, Canvas or ILIAS make")
    records = Records(course.home, course.assignment)
    before = records.received()
    receipts: dict[str, dict[str, Any]] = {}
    try:
        for learner, person in _ids(piles, roster, result).items():
            pile = piles[person]
            try:
                if person.scheme == "by hand" and len(pile.folders) > 1:
                    raise Refused("it holds several folders with notebooks: give one folder for each learner")
                receipts[learner] = _put(course, learner, pile, before.get(learner, {}))
            except Refused as error:
                result.refused.append(f"{shown(person.name)}: {error}")
                continue
            result.taken[learner] = receipts[learner]["notes"]
    finally:
        records.receive(receipts)  # also when it stops half way: what was copied has its time
    if roster is not None:
        result.missing = sorted(set(roster.ids) - set(result.taken))
    return result


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


def _put(course: _Course, learner: str, pile: _Pile, before: dict[str, Any]) -> dict[str, Any]:
    """Write one learner's notebooks; return the receipt."""
    target = course.place(learner)
    where = Path(*target.parts[-3:])
    for folder, label in ((target.parent, where.parent), (target, where)):
        if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
            raise Refused(f"{label.as_posix()} is no folder: move it away and collect again")
    chosen, notes, why = choose(list(pile.files), course.names)
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
        _keep_earlier(course.home / "earlier" / learner / course.assignment, old, raws.get(old.name))
    for name, raw in raws.items():
        try:
            replace(target / name, raw)
        except (IsADirectoryError, PermissionError) as error:
            said = f"{(where / name).as_posix()} cannot be written ({error.strerror})"
            raise Refused(f"{said}: move it away, collect again") from None
        if seen:
            os.utime(target / name, (max(seen), max(seen)))
    return _receipt(raws, notes, before, seen, course)


def _receipt(
    raws: dict[str, bytes], notes: list[str], before: dict[str, Any], seen: list[float], course: _Course
) -> dict[str, Any]:
    """Return when these bytes came: as it was written down before, else by the collector's clock or the file's time."""
    now = course.clock().astimezone(UTC)
    files = {name: sha256(raw).hexdigest() for name, raw in sorted(raws.items())}
    if before.get("files") == files and isinstance(before.get("received"), str):
        return {**before, "notes": notes}
    if course.times == "clock":
        return {"received": written(now), "by": "clock", "files": files, "notes": notes}
    if not seen:
        notes = [*notes, "time of receipt: now, as the file has none"]
        return {"received": written(now), "by": "clock", "files": files, "notes": notes}
    time = min(datetime.fromtimestamp(max(seen), UTC), now)
    notes = [*notes, "time of receipt: the file's own"]
    return {"received": written(time), "by": "file", "files": files, "notes": notes}


def _keep_earlier(kept: Path, old: Path, new: bytes | None) -> None:
    if stat.S_ISDIR(old.lstat().st_mode):
        return
    try:
        raw = open_safely(old)
        if raw != new:
            name = f"{old.stem}-{sha256(raw).hexdigest()[:12]}{old.suffix}"
            replace(kept / name, raw)
    except Refused:
        pass  # a link, a pipe: nothing that could be kept
    if new is None:
        old.unlink()
