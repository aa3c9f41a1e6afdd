"""What did the whole class find hard? The checks have written it down in every notebook; here it is counted.

`main(paths, to)` reads the records that checks leave in autograded notebooks, and writes a page about all of them
without any name (`report.html`) and a table with the names (`report.csv`). Whatever a learner may have written is
treated as text, never as markup, and never as a reason to stop.
"""

from __future__ import annotations

import ast
import csv
import html
import importlib
import json
import re
import sys
import unicodedata
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, takewhile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from bplib.checks.record import RECORD_TYPE

LARGEST = 20 * 2**20  # bytes of a file; a notebook of ours with its pictures has less than a hundredth of that
MOST_LINES, MOST_LETTERS = 25, 160  # of a learner's function on the page, and of each line
FEW = 5  # hand-ins: with so few, a class may guess whose an example is
QUESTION = re.compile(r"[a-z]{1,8}[0-9]{2}\.[A-Za-z]\w{0,60}", re.ASCII)
ID = re.compile(r"[a-z]\w{0,60}", re.ASCII)

RIGHT, KNOWN, SEVERAL, DESCRIBED, NO_ANSWER = "right", "known mistake", "several fit", "described only", "no answer"

Say = Callable[[str], None]


class NotARecord(ValueError):
    """Something that stands where a record should; one sentence says what is wrong with it."""


# ---------------------------------------------------------------------------------------------------- reading


@dataclass
class HandIn:
    """What one learner handed in for one assignment: the last record of each question, and the learner's own code."""

    assignment: str
    student: str
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    sources: list[str] = field(default_factory=list)


def plain(text: object) -> str:
    """Return `text` without control, bidirectional and broken characters: what is left shows as it is written."""
    return "".join(
        c if c == "\n" or unicodedata.category(c)[0] != "C" else "\N{REPLACEMENT CHARACTER}" for c in str(text)
    )


def line(text: object, longest: int = 300) -> str:
    """Return `text` as one plain line of at most `longest` characters."""
    words = plain(" ".join(str(text).split()))
    return words if len(words) <= longest else words[: longest - 1] + "…"


def checked(data: Any) -> dict[str, Any]:
    """Return the record in `data` with its fields in the types that the report counts on.

    Parameters
    ----------
    data : any
        What stood under the record's mime type, or in one line of a file of records.

    Returns
    -------
    record : dict
        Fields of `bplib.checks.record.Record`; `hints_used` is 0 or more, also for older records without it.

    Raises
    ------
    NotARecord
        If a field is missing or of another form.
    """
    if not isinstance(data, dict):
        raise NotARecord("a record is a table of fields")

    def number(name: str, value: Any, largest: float) -> float:
        if type(value) not in (int, float) or not 0 <= value <= largest:  # NaN fails this, too
            raise NotARecord(f"{name} is {line(repr(value), 40)}")
        return float(value)

    def texts(name: str) -> list[str]:
        value = data.get(name, [])
        if not isinstance(value, list) or len(value) > 100 or not all(isinstance(item, str) for item in value):
            raise NotARecord(f"{name} is no list of words")
        return [line(item, 500) for item in value]

    question, wrong = data.get("question"), data.get("first_wrong")
    if not isinstance(question, str) or not QUESTION.fullmatch(question):
        raise NotARecord(f"question is {line(repr(question), 40)}")
    if wrong is not None and not (isinstance(wrong, dict) and isinstance(wrong.get("text"), str)):
        raise NotARecord("first_wrong has no text")
    if not isinstance(data.get("named", False), bool):
        raise NotARecord("named is neither true nor false")
    mistakes = texts("mistakes")
    if not all(ID.fullmatch(id) for id in mistakes):
        raise NotARecord("mistakes holds something that is no id")
    out_of = number("out_of", data.get("out_of"), 1000)
    if out_of == 0:
        raise NotARecord("out_of is 0")
    hint = number("hint", data.get("hint", 0), 1000)
    return dict(
        question=question,
        marks=number("marks", data.get("marks"), out_of),
        out_of=out_of,
        first_wrong=None if wrong is None else dict(part=wrong.get("part"), text=line(wrong["text"])),
        explanations=texts("explanations"),
        mistakes=list(dict.fromkeys(mistakes)),
        named=data.get("named", False) or len(set(mistakes)) == 1,
        cancels=texts("cancels"),
        hint=int(hint),
        hints_used=int(number("hints_used", data.get("hints_used", hint), 1e6)),
        drawn_for=line(data.get("drawn_for") or "", 60),
    )


def status(record: Mapping[str, Any] | None) -> str:
    """Say which of the five kinds of answer a record tells of; without one, there is no answer."""
    if record is None:
        return NO_ANSWER
    wrong = record["first_wrong"]
    if wrong is None:
        return RIGHT
    if wrong["part"] is None and wrong["text"].endswith("it is not written yet"):
        return NO_ANSWER
    if not record["mistakes"]:
        return DESCRIBED
    return KNOWN if record["named"] else SEVERAL


def files(paths: Iterable[Path], say: Say) -> list[Path]:
    """Return every notebook and file of records in `paths`, each once; say what is there and cannot be one."""
    found: dict[Path, None] = {}
    for path in paths:
        try:
            if path.is_dir():
                found.update(dict.fromkeys(below(path, say)))
            elif path.is_file() and path.suffix in (".ipynb", ".jsonl"):
                found[path.resolve()] = None
            elif path.exists():
                say(f"{path}: neither a folder, a notebook (.ipynb) nor a file of records (.jsonl)")
            else:
                say(f"{path}: there is no such file or folder")
        except OSError as error:
            say(f"{path}: cannot be read: {error.strerror}")
    return list(found)


def below(folder: Path, say: Say) -> Iterator[Path]:
    """Find the notebooks and files of records in a folder and the folders in it, old copies and links left out."""
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)  # .ipynb_checkpoints, for one
        if path.suffix not in (".ipynb", ".jsonl") or hidden or path.is_symlink() or not path.is_file():
            continue
        path = path.resolve()
        if path.suffix == ".jsonl" and "autograded" in path.parts:
            # nbgrader copies whatever else a learner handed in to this place.
            say(f"{path}: a learner may have put it there; name the file itself if it is yours")
        else:
            yield path


def in_course(path: Path) -> tuple[str, str] | None:
    """Return assignment and student if `path` is autograded/STUDENT/ASSIGNMENT/notebook, nbgrader's layout."""
    if len(path.parts) >= 4 and path.parts[-4] == "autograded":
        return path.parts[-2], path.parts[-3]
    return None


def text_of(cell: Mapping[str, Any]) -> str:
    """Return a cell's source, which a notebook stores as one text or as a list of lines."""
    source = cell.get("source", "")
    return "".join(map(str, source)) if isinstance(source, list) else str(source)


def notebook(path: Path, say: Say) -> tuple[list[dict[str, Any]], list[str]]:
    """Read the records of one notebook, and the cells in which its learner wrote.

    Of a graded cell, the last record counts: the check shows its own after the learner's function has returned. Cells
    that nbgrader does not mark as graded hold what a learner likes, so their records count for nothing.

    Parameters
    ----------
    path : Path
        A notebook of format 4.
    say : callable
        Gets one sentence for each thing that is left out.

    Returns
    -------
    records : list of dict
        In the order of the cells.
    sources : list of str
        Python source of the solution cells; of all code cells, if nbgrader has marked none.
    """
    nb = json.loads(path.read_text(encoding="utf-8-sig"))
    if not isinstance(nb, dict) or not isinstance(nb.get("cells"), list):
        raise ValueError("no list of cells")
    cells, marked = [], False
    for k, cell in enumerate(nb["cells"], 1):
        if not isinstance(cell, dict):
            say(f"{path}: cell {k} is no cell")
            continue
        metadata = cell.get("metadata")
        role = metadata.get("nbgrader") if isinstance(metadata, dict) else None
        marked = marked or isinstance(role, dict)
        if cell.get("cell_type") == "code":
            cells.append((k, cell, role if isinstance(role, dict) else {}))

    records, outside = [], 0
    for k, cell, role in cells:
        outputs = cell.get("outputs")
        outputs = outputs if isinstance(outputs, list) else []
        bundles = [output.get("data") for output in outputs if isinstance(output, dict)]
        here = [bundle[RECORD_TYPE] for bundle in bundles if isinstance(bundle, dict) and RECORD_TYPE in bundle]
        if marked and role.get("grade") is not True:
            outside += len(here)
            continue
        for data in here[-1:] if marked else here:
            try:
                records.append(checked(data))
            except NotARecord as error:
                say(f"{path}: cell {k}: not a record: {error}")
    if outside:
        say(f"{path}: {outside} record{'s' * (outside != 1)} outside the graded cells")
    return records, [text_of(cell) for _, cell, role in cells if not marked or role.get("solution") is True]


def lines_of_records(path: Path, say: Say) -> list[dict[str, Any]]:
    """Read a file with one record in each line."""
    records = []
    for k, text in enumerate(path.read_text(encoding="utf-8-sig").split("\n"), 1):
        if text.strip():
            try:
                records.append(checked(json.loads(text)))
            except NotARecord as error:
                say(f"{path}: line {k}: not a record: {error}")
            except (ValueError, RecursionError):
                say(f"{path}: line {k}: no JSON, or cut off")
    return records


def collect(paths: Iterable[Path], say: Say) -> list[HandIn]:
    """Read everything in `paths`; name in one line what cannot be read, and go on.

    Parameters
    ----------
    paths : iterable of Path
        Folders, notebooks, files of records.
    say : callable
        Gets one sentence for each thing that is left out.

    Returns
    -------
    hand_ins : list of HandIn
        Sorted by assignment and student.
    """
    found = files(paths, say)
    elsewhere = [path for path in found if not in_course(path)]
    stems = Counter(path.stem for path in elsewhere)
    levels = zip(*(path.parent.parts for path in elsewhere), strict=False)
    shared = len(list(takewhile(lambda names: len(set(names)) == 1, levels)))
    hand_ins: dict[tuple[str, str], HandIn] = {}
    for path in found:
        try:
            if path.stat().st_size > LARGEST:
                raise ValueError(f"larger than {LARGEST >> 20} MB")
            records, sources = notebook(path, say) if path.suffix == ".ipynb" else (lines_of_records(path, say), [])
        except (OSError, ValueError, RecursionError) as error:
            reason = error if type(error) is ValueError else getattr(error, "strerror", None) or "no JSON, or cut off"
            say(f"{path}: cannot be read: {reason}")
            continue
        place = in_course(path)
        if not records:
            say(f"{path}: no record in it" + (" (counted as handed in without an answer)" if place else ""))
        if place is None:
            # Not the file's name for a heading: it may be the learner's.
            student = path.stem if stems[path.stem] == 1 else "/".join(path.with_suffix("").parts[shared:])
            keys = {record["question"]: (record["question"].split(".")[0], student) for record in records}
        else:
            keys = dict.fromkeys((record["question"] for record in records), place)
        for key in set(keys.values()) | ({place} if place else set()):
            hand_ins.setdefault(key, HandIn(*key)).sources.extend(sources)
        for record in records:
            hand_ins[keys[record["question"]]].records[record["question"]] = record
    return [hand_ins[key] for key in sorted(hand_ins)]


# ------------------------------------------------------------------------------------------- a learner's own function


class Bared(ast.NodeTransformer):
    """Take out of a program what may tell whose it is: docstrings, prints, sentences (comments are not in the tree)."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        """Leave out constants and prints that stand alone."""
        call = node.value
        printed = isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "print"
        return None if printed or isinstance(call, ast.Constant) else self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        """Leave of an error only its kind."""
        if isinstance(node.exc, ast.Call):
            node.exc = node.exc.func
        return self.generic_visit(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        """Replace an f-string."""
        return ast.Constant("…")

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        """Replace a text, unless it is short and without a blank, like a key or the indices of einsum."""
        if isinstance(node.value, bytes) or (
            isinstance(node.value, str) and not re.fullmatch(r"[\w,>-]{0,16}", node.value)
        ):
            return ast.Constant("…")
        return node

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """Put `pass` where nothing is left."""
        super().generic_visit(node)
        if getattr(node, "body", None) == []:
            node.body = [ast.Pass()]
        return node


def defines(statement: ast.stmt, name: str) -> bool:
    """Say whether a statement gives `name` its meaning: def, class, or an assignment such as a lambda."""
    if isinstance(statement, ast.Assign):
        return any(isinstance(target, ast.Name) and target.id == name for target in statement.targets)
    return getattr(statement, "name", None) == name


def own_function(sources: Sequence[str], name: str) -> str | None:
    """Return the learner's function `name`, laid out anew without comments, docstrings and sentences.

    The functions that stand with it in its cell are shown, too, if there is room: a slip often sits in a helper.

    Parameters
    ----------
    sources : sequence of str
        Python source of the cells the learner wrote in; the last one that defines `name` counts.
    name : str
        The function, or class, that the question asks for.

    Returns
    -------
    code : str or None
        At most 25 lines of at most 160 letters; None if no cell defines `name` or Python cannot read it.
    """
    for source in reversed(sources):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # an odd escape sequence in a learner's text is not ours to report
                body = ast.parse(source[:100_000]).body
                own = [node for node in body if defines(node, name)]
                if not own:
                    continue
                kinds = (ast.FunctionDef, ast.ClassDef)
                together = [node for node in body if node is own[-1] or (isinstance(node, kinds) and node not in own)]
                lines = unparsed(together)
                if len(lines) > MOST_LINES:
                    lines = unparsed(own[-1:])
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        if len(lines) > MOST_LINES:
            lines = [*lines[: MOST_LINES - 1], f"# … and {len(lines) - MOST_LINES + 1} more lines"]
        return plain("\n".join(text if len(text) <= MOST_LETTERS else text[:MOST_LETTERS] + "…" for text in lines))
    return None


def unparsed(statements: Sequence[ast.stmt]) -> list[str]:
    """Return the lines of `statements`, bared, with an empty line between two."""
    return "\n\n".join(ast.unparse(Bared().visit(node)).strip() for node in statements).splitlines()


# ---------------------------------------------------------------------------------------------------- counting


@dataclass(frozen=True)
class Answer:
    """One learner's answer to one question: `record` is None if the check left none."""

    hand_in: HandIn
    question: str
    record: dict[str, Any] | None

    @property
    def status(self) -> str:
        """One of the five kinds of answer."""
        return status(self.record)

    @property
    def marks(self) -> float:
        """Points; an answer without a record earns none."""
        return self.record["marks"] if self.record else 0.0


@dataclass(frozen=True)
class Tally:
    """All answers to one question."""

    question: str
    answers: list[Answer]

    @property
    def function(self) -> str:
        """Name of the function that the question asks for."""
        return self.question.split(".")[1]

    @property
    def anchor(self) -> str:
        """Where the question stands on the page."""
        return re.sub(r"\W+", "-", f"{self.answers[0].hand_in.assignment}-{self.question}")

    @property
    def out_of(self) -> float:
        """Points of the question."""
        return max(answer.record["out_of"] for answer in self.answers if answer.record)

    @property
    def share(self) -> float:
        """Mean share of the marks, 0..1."""
        return sum(answer.marks for answer in self.answers) / (len(self.answers) * self.out_of)

    @property
    def hints(self) -> int:
        """Hand-ins in which a hint was asked for."""
        return sum(bool(a.record) and max(a.record["hints_used"], a.record["hint"]) > 0 for a in self.answers)

    def count(self, *kinds: str) -> int:
        """Count the answers of these kinds."""
        return sum(answer.status in kinds for answer in self.answers)

    def mistakes(self) -> list[tuple[str, int, int]]:
        """Return (id, answers that have it, answers that may have it or another one), most common first."""
        certain, possible = Counter(), Counter()
        for answer in self.answers:
            if answer.status in (KNOWN, SEVERAL):
                (certain if answer.status == KNOWN else possible).update(answer.record["mistakes"])
        ids = sorted({*certain, *possible}, key=lambda id: (-certain[id] - possible[id], -certain[id], id))
        return [(id, certain[id], possible[id]) for id in ids]

    def with_mistake(self, id: str) -> list[Answer]:
        """Return the answers that a mistake explains."""
        return [a for a in self.answers if a.status in (KNOWN, SEVERAL) and id in a.record["mistakes"]]


def tallies(hand_ins: Sequence[HandIn]) -> dict[str, list[Tally]]:
    """Return, for each assignment, its questions in the order of the notebook, each with one answer per hand-in."""
    assignments: dict[str, list[HandIn]] = {}
    for hand_in in hand_ins:
        assignments.setdefault(hand_in.assignment, []).append(hand_in)
    result = {}
    for assignment, group in assignments.items():
        order = dict.fromkeys(q for hand_in in sorted(group, key=lambda h: -len(h.records)) for q in hand_in.records)
        result[assignment] = [Tally(q, [Answer(h, q, h.records.get(q)) for h in group]) for q in order]
    return {assignment: questions for assignment, questions in result.items() if questions}


def catalogue() -> Mapping[str, Any]:
    """Return the known mistakes by id; none, if the catalogue cannot be read: the report then shows the ids."""
    try:
        from bplib.checks.catalogue import CATALOGUE
    except (ImportError, OSError, ValueError, TypeError):
        return {}
    return CATALOGUE


def look_up(entry: Any, name: str) -> str:
    """Return a text of the catalogue's `entry`, '' if there is none."""
    text = getattr(entry, name, None)
    return text if isinstance(text, str) else ""


def where_in_slides(question: str) -> str:
    """Return where a question's answer is derived, as its check says; '' if there is no such check."""
    exercise, function = question.split(".")
    try:
        module = importlib.import_module(f"bplib.checks.{exercise}")
    except Exception:  # a report about older records must not depend on a check that can be loaded today
        return ""
    return look_up(getattr(module, function, SimpleNamespace()), "look")


class Names:
    """The learners' names, to keep them off the page: a name is met as a whole word, in any case of letters."""

    def __init__(self, hand_ins: Iterable[HandIn]) -> None:
        self.all = {hand_in.student.lower() for hand_in in hand_ins}

    def met(self, text: str, own: str) -> bool:
        """Say whether `text` holds a learner's name, or a part of its `own` learner's."""
        text = text.lower()
        parts = {part for part in re.split(r"[\W_]+", own.lower()) if len(part) > 2}
        return any(
            name in text and re.search(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", text) for name in self.all | parts
        )


@dataclass(frozen=True)
class Example:
    """One answer to show, of nobody's: the first wrong value, and the learner's function if there is one to show."""

    text: str
    code: str
    single: bool  # whether it has no other mistake


def example(tally: Tally, id: str, names: Names) -> Example | None:
    """Choose one answer to show for a mistake.

    The shortest function that has this mistake and no other is the easiest to talk about. What holds a learner's name
    is passed over.
    """
    choices = []
    for answer in tally.with_mistake(id):
        code = own_function(answer.hand_in.sources, tally.function) or ""
        text = answer.record["first_wrong"]["text"]
        choices.append((len(answer.record["mistakes"]), not code, len(code), code, text, answer.hand_in.student))
    without_code = None
    for mistakes, _, _, code, text, own in sorted(choices):
        if names.met(text, own):
            continue
        if not names.met(code, own):
            return Example(text, code, mistakes == 1)
        without_code = without_code or Example(text, "", mistakes == 1)
    return without_code


def described(tally: Tally, names: Names) -> list[tuple[str, int]]:
    """Return the three most common texts of answers that no known mistake explains, with their numbers.

    Of an error that the learner's function raised only the kind is told: its words may be the learner's own.
    """
    owners: dict[str, list[str]] = {}
    for answer in tally.answers:
        if answer.status == DESCRIBED:
            text = re.sub(r"(it raised \w+).*", r"\1", answer.record["first_wrong"]["text"])
            owners.setdefault(text, []).append(answer.hand_in.student)
    common = sorted(owners, key=lambda text: (-len(owners[text]), text))
    fit = (text for text in common if not any(names.met(text, own) for own in owners[text]))
    return [(text, len(owners[text])) for text in islice(fit, 3)]


# ---------------------------------------------------------------------------------------------------- the table


def cell(value: object) -> object:
    """Return `value` for one cell of the table: no text in it is taken for a formula by a spreadsheet."""
    if isinstance(value, int | float):
        return f"{value:g}"
    text = line(value, 1000)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠")) else text


def write_table(path: Path, assignments: Mapping[str, Sequence[Tally]]) -> None:
    """Write one row for each student and question; with the mark that tells spreadsheets that it is UTF-8."""
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        table = csv.writer(file)
        table.writerow(
            [
                "assignment",
                "student",
                "question",
                "answer",
                "marks",
                "out_of",
                "mistakes",
                "first_wrong",
                "hints_used",
                "drawn_for",
            ]
        )
        for assignment, questions in assignments.items():
            for tally in questions:
                out_of = tally.out_of
                for answer in tally.answers:
                    record = answer.record or dict(mistakes=[], first_wrong=None, hints_used=0, hint=0, drawn_for="")
                    row = [
                        assignment,
                        answer.hand_in.student,
                        tally.question,
                        answer.status,
                        answer.marks if answer.record else "",
                        out_of,
                        " ".join(record["mistakes"]),
                        (record["first_wrong"] or {}).get("text", ""),
                        max(record["hints_used"], record["hint"]),
                        record["drawn_for"],
                    ]
                    table.writerow([cell(value) for value in row])


def same_numbers(assignments: Mapping[str, Sequence[Tally]]) -> list[str]:
    """Return a line for each id under which several students computed by hand: to be asked about, not punished."""
    found = []
    for assignment, questions in assignments.items():
        for tally in questions:
            students: dict[str, list[str]] = {}
            for answer in tally.answers:
                if answer.record and answer.record["drawn_for"]:
                    students.setdefault(answer.record["drawn_for"], []).append(answer.hand_in.student)
            found += [
                f"{assignment}, {tally.question}: {', '.join(sorted(names))} used the same id {id!r}"
                for id, names in students.items()
                if len(names) > 1
            ]
    return found


# ---------------------------------------------------------------------------------------------------- the page

STYLE = """
:root { color-scheme: light dark; --paper: #fff; --ink: #1a1a1a; --faint: #565656; --line: #c9c9c9; --bar: #0072b2;
  --well: #f3f4f6; --link: #005a8f; }
@media screen and (prefers-color-scheme: dark) { :root { --paper: #15181c; --ink: #ececec; --faint: #b4bac1;
  --line: #4a5058; --bar: #6cb6e6; --well: #20252b; --link: #8ccaf2; } }
@media print { :root { color-scheme: light; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1.25rem 4rem; max-width: 72rem; background: var(--paper); color: var(--ink);
  font: 1.125rem/1.5 system-ui, "Segoe UI", "Noto Sans", Arial, sans-serif; }
h1, h2, h3, h4 { line-height: 1.25; text-wrap: balance; overflow-wrap: anywhere; }
h1 { font-size: 2rem; margin: 0 0 .5rem; }
h2 { font-size: 1.6rem; margin: 3.5rem 0 0; padding-top: 1rem; border-top: 3px solid var(--ink); }
h3 { font-size: 1.35rem; margin: 2.75rem 0 .25rem; }
h4 { font-size: 1.125rem; margin: 1.25rem 0 .4rem; }
p { margin: .4rem 0; max-width: 48rem; }
a { color: var(--link); }
code, pre { font-family: ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", Consolas, monospace; font-size: .92em; }
.faint { color: var(--faint); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: .4rem 0; }
th, td { text-align: left; vertical-align: top; font-weight: normal; padding: .35rem 1.25rem .35rem 0; }
thead th { color: var(--faint); border-bottom: 2px solid var(--line); vertical-align: bottom; }
tbody tr { border-bottom: 1px solid var(--line); }
.overview { width: 100%; }
.overview tbody th[scope=rowgroup] { font-weight: 600; padding-top: 1.1rem; }
.number { text-align: right; }
td.number, .overview th:nth-child(2) { white-space: nowrap; }
.pictures { display: grid; grid-template-columns: minmax(16rem, 2fr) minmax(20rem, 3fr); gap: .5rem 2.5rem; }
.pictures > * { min-width: 0; }
@media screen and (max-width: 56rem) { .pictures { grid-template-columns: minmax(0, 1fr); } }
.kinds { width: 100%; }
.kinds tr { border: 0; }
.kinds th, .kinds td { padding-top: .2rem; padding-bottom: .2rem; }
.kinds td.bar { width: 45%; padding-right: 0; }
.kinds tr.rest th { color: var(--faint); }
.kinds tr:not(.rest) + .rest > * { border-top: 1px solid var(--line); }
svg { display: block; max-width: 100%; }
td.bar svg { width: 100%; height: 1.5rem; }
svg text { fill: var(--ink); font-size: 16px; text-anchor: middle; }
svg text.faint { fill: var(--faint); }
svg .solid { fill: var(--bar); }
svg .open { fill: none; stroke: var(--bar); stroke-width: 2; stroke-dasharray: 4 3; vector-effect: non-scaling-stroke; }
svg .axis { stroke: var(--faint); stroke-width: 1; vector-effect: non-scaling-stroke; }
ol.most { padding-left: 1.5rem; margin: .25rem 0; }
ol.most > li { margin: 0 0 1.4rem; padding-left: .25rem; }
ol.most:has(> li:only-child) { list-style: none; padding: 0; }
ul { margin: .4rem 0; padding-left: 1.5rem; }
ol.most strong { font-weight: 650; }
pre { background: var(--well); border-left: 4px solid var(--line); padding: .7rem .9rem; margin: .5rem 0;
  white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.4; }
@media print { html { font-size: 9.5pt; } body { max-width: none; padding: 0; } h2 { break-before: page; }
  h2:first-of-type { break-before: auto; } h3, h4, caption { break-after: avoid; }
  figure, pre, tr, ol.most > li, .pictures { break-inside: avoid; } a { color: inherit; text-decoration: none; } }
figure { margin: 0; }
figcaption { font-weight: 600; padding: .4rem 0; }
"""


def esc(text: object) -> str:
    """Return `text` as HTML text, safe inside quoted attributes, too."""
    return html.escape(plain(text))


def name_of(id: str, known: Mapping[str, Any]) -> str:
    """Return a mistake's name in the catalogue, else its id."""
    convention = " (another convention)" if getattr(known.get(id), "convention", False) is True else ""
    return (look_up(known.get(id), "name") or id) + convention


def some(n: int, what: str) -> str:
    """Write a number with its noun: '1 hand-in', '3 hand-ins'."""
    return f"{n} {what}{'s' * (n != 1)}"


def classes_of_marks(marks: Sequence[float], out_of: float) -> list[tuple[str, int]]:
    """Count marks in steps of half a point, of a point, or in ten equal classes: the first that fits a small picture.

    Returns
    -------
    classes : list of (str, int)
        The label of each class and how many marks are in it, from no point to all of them.
    """
    for step, longest in ((0.5, 5), (1.0, 12)):
        if out_of <= longest and all((mark / step).is_integer() for mark in [*marks, out_of]):
            counts = Counter(round(mark / step) for mark in marks)
            return [(f"{k * step:g}", counts[k]) for k in range(round(out_of / step) + 1)]
    counts = Counter(min(int(10 * mark / out_of), 9) for mark in marks)
    return [(f"{10 * k}–{10 * k + 10} %", counts[k]) for k in range(10)]


def picture_of_marks(tally: Tally) -> str:
    """Draw how the marks are distributed: one column for each, its number above it."""
    classes = classes_of_marks([answer.marks for answer in tally.answers], tally.out_of)
    unit = "share of the points" if classes[0][0].endswith("%") else "points"
    column, high, top = 44 if unit == "points" else 84, 110, 24
    tallest = max(count for _, count in classes)
    width, foot = column * len(classes), top + high
    parts = []
    for k, (label, count) in enumerate(classes):
        x, tall = column * k, high * count / tallest
        if count:
            parts.append(
                f'<rect class="solid" x="{x + 6}" y="{foot - tall:.1f}" width="{column - 12}" height="{tall:.1f}"/>'
                f'<text x="{x + column / 2:g}" y="{foot - tall - 6:.1f}">{count}</text>'
            )
        parts.append(f'<text class="faint" x="{x + column / 2:g}" y="{foot + 20}">{label}</text>')
    alt = f"Hand-ins by {unit}: " + "; ".join(f"{label}: {count}" for label, count in classes if count)
    return (
        f'<figure><figcaption>How many got how many points</figcaption><svg role="img" aria-label="{alt}"'
        f' viewBox="0 0 {width} {foot + 48}" width="{width}">'
        f'{"".join(parts)}<line class="axis" x1="0" y1="{foot}" x2="{width}" y2="{foot}"/>'
        f'<text class="faint" x="{width / 2:g}" y="{foot + 42}">{unit}, of {tally.out_of:g}</text></svg></figure>'
    )


def bar(certain: int, possible: int, of: int) -> str:
    """Draw one bar on the scale of `of` hand-ins: solid, and dashed for those that another mistake may explain."""
    alt = f"{certain + possible} of {of}" + (f", {possible} of them not certain" if possible else "")
    end, rest = 200 * certain / of, 200 * possible / of
    solid = f'<rect class="solid" x="0" y="3" width="{end:.2f}" height="18"/>' if certain else ""
    dashed = f'<rect class="open" x="{end + 0.5:.2f}" y="4" width="{rest - 1:.2f}" height="16"/>' if possible else ""
    return (
        f'<svg role="img" aria-label="{alt}" viewBox="0 0 200 24" preserveAspectRatio="none">{solid}{dashed}'
        '<line class="axis" x1="0" y1="0" x2="0" y2="24"/></svg>'
    )


def picture_of_mistakes(tally: Tally, known: Mapping[str, Any]) -> str:
    """Draw one bar for each mistake, then what no known mistake explains and what was not answered."""
    wrong = len(tally.answers) - tally.count(RIGHT)
    if not wrong:
        return ""
    rows = [(name_of(id, known), certain, possible) for id, certain, possible in tally.mistakes()]
    rest = [(kind, tally.count(kind), 0) for kind in (DESCRIBED, NO_ANSWER)]
    body = "".join(
        f'<tr{kind}><th scope="row">{esc(name)}</th><td class="number">{certain + possible}</td>'
        f'<td class="bar">{bar(certain, possible, wrong)}</td></tr>'
        for kind, group in (("", rows), (' class="rest"', rest))
        for name, certain, possible in group
    )
    notes = []
    if any(a.status == KNOWN and len(a.record["mistakes"]) > 1 for a in tally.answers):
        notes.append("A hand-in with two mistakes is counted with both.")
    if tally.count(SEVERAL):
        notes.append("Dashed: this mistake or another one gives the same values; counted with each.")
    caption = f"<caption>What went wrong in {wrong} of {some(len(tally.answers), 'hand-in')}</caption>"
    return f'<div><table class="kinds">{caption}{body}</table><p class="faint">{" ".join(notes)}</p></div>'


def sentence(tally: Tally, id: str, known: Mapping[str, Any]) -> str:
    """Return what learners were told about a mistake in this question, else what the catalogue says of it."""
    records = [answer.record for answer in tally.with_mistake(id)]
    told = Counter(r["explanations"][0] for r in records if len(r["mistakes"]) == len(r["explanations"]) == 1)
    says = max(told, key=lambda text: (told[text], text)) if told else look_up(known.get(id), "says")
    return says[:1].upper() + says[1:] + ("." if says and says[-1] not in ".?!" else "")


def most_common(tally: Tally, known: Mapping[str, Any], names: Names) -> str:
    """Write about the three most common mistakes of a question: what, where to look, one example."""
    items = []
    for id, certain, possible in tally.mistakes()[:3]:
        says, look = sentence(tally, id, known), look_up(known.get(id), "look")
        shown = example(tally, id, names)
        parts = [f"<strong>{esc(name_of(id, known))}</strong>: {some(certain + possible, 'hand-in')}"]
        if says:
            parts.append(f"<p>{esc(says)}</p>")
        if look:
            parts.append(f'<p class="faint">In the slides: {esc(look)}</p>')
        if shown:
            together = "" if shown.single else " (where another mistake is in question, too)"
            parts.append(f"<p>For instance{together}: <code>{esc(shown.text)}</code></p>")
            parts.append(f"<pre><code>{esc(shown.code)}</code></pre>" if shown.code else "")
        items.append(f"<li>{''.join(parts)}</li>")
    title = "Most common mistakes" if len(items) > 1 else "The mistake"
    return f'<h4>{title}</h4><ol class="most">{"".join(items)}</ol>' if items else ""


def about(tally: Tally, known: Mapping[str, Any], names: Names) -> str:
    """Write the section about one question."""
    counts = (
        (tally.count(RIGHT), "right"),
        (tally.count(KNOWN, SEVERAL), "with a known mistake"),
        (tally.count(DESCRIBED), "described only"),
        (tally.count(NO_ANSWER), "without an answer"),
    )
    cancelled = sum(bool(answer.record and answer.record["cancels"]) for answer in tally.answers)
    look, unknown = where_in_slides(tally.question), described(tally, names)
    parts = [
        f'<section><h3 id="{tally.anchor}"><code>{esc(tally.function)}</code> '
        f'<span class="faint">{some_points(tally.out_of)}</span></h3>',
        f"<p>{some(len(tally.answers), 'hand-in')}: {', '.join(f'{n} {what}' for n, what in counts if n)}. "
        f"On average {tally.share:.0%} of the points.",
        f" In {cancelled}, a value is right only because two slips cancel.</p>" if cancelled else "</p>",
        f'<p class="faint">In the slides: {esc(look)}</p>' if look else "",
        f'<div class="pictures">{picture_of_marks(tally)}{picture_of_mistakes(tally, known)}</div>',
        most_common(tally, known, names),
    ]
    if unknown:
        rows = "".join(f"<li><code>{esc(text)}</code>{f' ({n} times)' if n > 1 else ''}</li>" for text, n in unknown)
        parts.append(f"<h4>Described only, for instance</h4><ul>{rows}</ul>")
    return "".join(parts) + "</section>"


def some_points(points: float) -> str:
    """Write a number of points."""
    return f"{points:g} point{'s' * (points != 1)}"


def overview(assignments: Mapping[str, Sequence[Tally]], known: Mapping[str, Any]) -> str:
    """Write the table at the top: a row for each question."""
    body = ""
    for assignment, questions in assignments.items():
        body += (
            f'<tbody><tr><th scope="rowgroup" colspan="5">{esc(assignment)}</th></tr>'
            if len(assignments) > 1
            else "<tbody>"
        )
        for tally in questions:
            of = len(tally.answers)
            first = next(iter(tally.mistakes()), None)
            mistake = f"{esc(name_of(first[0], known))}&nbsp;({first[1] + first[2]})" if first else "–"
            body += (
                f'<tr><th scope="row"><a href="#{tally.anchor}"><code>{esc(tally.function)}</code></a></th>'
                f'<td class="number">{of}</td><td class="number">{tally.share:.0%}</td><td>{mistake}</td>'
                f'<td class="number">{tally.hints} of {of}</td></tr>'
            )
        body += "</tbody>"
    heads = ("question", ""), ("hand-ins", "number"), ("mean share of the points", "number"), \
        ("most common mistake (how often)", ""), ("used hints", "number")  # fmt: skip
    head = "".join(f'<th scope="col" class="{kind}">{name}</th>' for name, kind in heads)
    return f'<div class="scroll"><table class="overview"><thead><tr>{head}</tr></thead>{body}</table></div>'


def page(assignments: Mapping[str, Sequence[Tally]]) -> str:
    """Write the whole page.

    Parameters
    ----------
    assignments : mapping, str -> sequence of Tally
        What `tallies` returns.

    Returns
    -------
    html : str
        One document that needs nothing else: no script, no font, no picture from elsewhere, and no learner's name.
    """
    known = catalogue()
    names = Names(a.hand_in for questions in assignments.values() for tally in questions for a in tally.answers)
    body = []
    for assignment, questions in assignments.items():
        n = len(questions[0].answers)
        body.append(f"<h2>{esc(assignment)}</h2><p>{some(n, 'hand-in')}, {some(len(questions), 'question')}.")
        body.append(" With so few, the class may guess whose an example is.</p>" if n < FEW else "</p>")
        body.extend(about(tally, known, names) for tally in questions)
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>What the class found hard</title><style>{STYLE}</style></head><body>\n"
        "<h1>What the class found hard</h1>"
        "<p>Counted from what the checks left in the notebooks. Answers in words, which a person marks, are not in"
        " it.</p><p>Nobody is named on this page, and comments and texts are taken out of the programs shown. The names"
        " stand in <code>report.csv</code> beside it: keep that file to yourself.</p>"
        f"{overview(assignments, known)}"
        '<p class="faint"><em>Described only</em>: the values are wrong or missing, and no known mistake explains'
        " them. <em>No answer</em>: the function is not written, or its check did not get to its end.</p>"
        f"{''.join(body)}\n</body></html>\n"
    )


def main(paths: Sequence[str | Path], to: str | Path) -> int:
    """Read records in `paths` and write `report.html` and `report.csv` into the folder `to`.

    Parameters
    ----------
    paths : sequence of str or Path
        Folders (read with everything below them), notebooks, files of records.
    to : str or Path
        Folder; made if it is not there.

    Returns
    -------
    status : int
        0, or 1 if there is nothing to report or the files cannot be written; stderr says why.
    """
    skipped = 0

    def say(text: str) -> None:
        nonlocal skipped
        skipped += 1
        print(f"skipped  {line(text, 500)}", file=sys.stderr)

    assignments = tallies(collect(map(Path, paths), say))
    if not assignments:
        print(
            "no record of a check found: give the folder with graded notebooks, course/autograded for instance",
            file=sys.stderr,
        )
        return 1
    to = Path(to)
    try:
        to.mkdir(parents=True, exist_ok=True)
        (to / "report.html").write_text(page(assignments), encoding="utf-8")
        write_table(to / "report.csv", assignments)
    except OSError as error:
        print(f"cannot write the report: {error}", file=sys.stderr)
        return 1
    hand_ins = sum(len(questions[0].answers) for questions in assignments.values())
    print(f"report   {to / 'report.html'}: {some(hand_ins, 'hand-in')}, no names")
    print(f"table    {to / 'report.csv'}: with names")
    for text in same_numbers(assignments):
        print(f"same id  {text}")
    if skipped:
        print(f"skipped  {some(skipped, 'thing')}, named above")
    return 0
