"""Before anything is counted it has to be found, and to be believed: what each learner handed in, and what came of it.

The records that checks leave in autograded notebooks are read here, and the learners' own functions beside them.
Whatever a learner may have written is treated as text, and never as a reason to stop.
"""

from __future__ import annotations

import ast
import json
import re
import unicodedata
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import Any

from bplib.checks.record import RECORD_TYPE

LARGEST = 20 * 2**20  # bytes of a file; a notebook of ours with its pictures has less than a hundredth of that
MOST_LINES, MOST_LETTERS = 25, 160  # of a learner's function on the page, and of each line
QUESTION = re.compile(r"[a-z]{1,8}[0-9]{2}\.[A-Za-z]\w{0,60}", re.ASCII)
ID = re.compile(r"[a-z]\w{0,60}", re.ASCII)

RIGHT, KNOWN, SEVERAL, DESCRIBED, NO_ANSWER = "right", "known mistake", "several fit", "described only", "no answer"

Say = Callable[[str], None]


class NotARecord(ValueError):
    """Something that stands where a record should; one sentence says what is wrong with it."""


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
