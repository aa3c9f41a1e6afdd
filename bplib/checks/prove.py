"""A checker is a claim about programs nobody has written yet; the nearest thing to a proof is many that somebody has.

Learners' programs stand in `tests/answers/psNN/functions/QUESTION.py`, one function each, named by what is in it:
`right__how`, `wrong__mistake__style`, `pair__mistake__mistake__style`, `convention__mistake__style`, and
`outside__words__style` for a mistake that is in no catalogue. A docstring line `First wrong: delta1` says which
returned value is the first wrong one. `expected.toml` beside them holds what a name cannot say.
"""

from __future__ import annotations

import importlib
import importlib.util
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from bplib.checks.check import Check
from bplib.checks.record import Record

KINDS = ("right", "wrong", "convention", "pair", "outside")
NOT_ALLOWED = ("misnamed", "lost", "full")


@dataclass(frozen=True)
class Program:
    """One function as a learner wrote it: the question, what is in it, and which value is the first wrong one."""

    question: str
    name: str
    kind: str
    mistakes: tuple[str, ...]
    function: Callable[..., Any]
    first: str | None = None


def programs(folder: Path) -> Iterator[Program]:
    """Yield the programs of one exercise.

    Parameters
    ----------
    folder : Path
        tests/answers/psNN; the programs are in its folder `functions`.
    """
    table = folder / "functions" / "expected.toml"
    expected = tomllib.loads(table.read_text(encoding="utf-8")) if table.exists() else {}
    for path in sorted((folder / "functions").glob("*.py")):
        spec = importlib.util.spec_from_file_location(f"{folder.name}_{path.stem}", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        told = expected.get(path.stem, {})
        for name, function in list(vars(module).items()):
            kind, *words = name.split("__")
            if kind not in KINDS or not callable(function):
                continue
            ids = words[:1] if kind in ("wrong", "convention") else words[:2] if kind == "pair" else []
            lines = [line.strip() for line in (function.__doc__ or "").splitlines()]
            first = next(
                (line.split(":", 1)[1].strip(" .`") for line in lines if line.startswith("First wrong:")), None
            )
            said = {"kind": kind, "mistakes": ids, "first": first} | told.get(name, {})
            mistakes = tuple(said["mistakes"])
            yield Program(f"{folder.name}.{path.stem}", name, said["kind"], mistakes, function, said["first"])


def question(name: str) -> Check:
    """Return the question of that name: 'ps06.hidden_delta'."""
    exercise, function = name.split(".")
    return getattr(importlib.import_module(f"bplib.checks.{exercise}"), function)


def verdict(program: Program, record: Record) -> str:
    """Say how well a check did on a program.

    Returns
    -------
    word : str
        'right'; 'named'; 'either', several explanations with the true one among them; 'described', no mistake named.
        Not allowed: 'misnamed'; 'lost', a right program without full marks; 'full', a wrong one with them.
    """
    full = record.marks == record.out_of and record.first_wrong is None
    if program.kind == "right":
        return "right" if full else "lost"
    if full:
        return "full"
    if not record.mistakes:
        return "described"
    true = set(program.mistakes)
    if record.named:
        return "named" if set(record.mistakes) <= true else "misnamed"
    return "either" if true & set(record.mistakes) else "misnamed"


def first_is_right(program: Program, record: Record) -> bool | None:
    """Say whether the value named as the first wrong one is that; None where the program does not tell."""
    if not program.first or record.first_wrong is None:
        return None
    name, _, layer = program.first.partition("[")
    if record.first_wrong["part"] != name:
        return False
    index = record.first_wrong["index"]
    told = layer.split(",")[0].rstrip("]")
    # A place counted from the output ('delta[-2]') is another one in each net.
    return not index or not told or told.startswith("-") or str(index[0]) == told


@dataclass
class Tally:
    """What came of the programs of one question."""

    count: Counter[str] = field(default_factory=Counter)
    milliseconds: dict[str, list[float]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def add(self, program: Program, seed: int, record: Record, milliseconds: float) -> None:
        """Count one program on one seed."""
        word, first = verdict(program, record), first_is_right(program, record)
        self.count[program.kind] += 1
        self.count[f"{program.kind} {word}"] += 1
        self.count[f"any {word}"] += 1
        if first is not None:
            self.count["first"] += 1
            self.count["first right"] += first
        self.milliseconds.setdefault("right" if program.kind == "right" else "wrong", []).append(milliseconds)
        if word in NOT_ALLOWED or first is False:
            wrong = record.first_wrong or {"text": "nothing wrong"}
            self.faults.append(
                f"{program.question} {program.name} (seed {seed}): {word}, {record.marks:g} of {record.out_of:g}; "
                f"{wrong['text']}; {', '.join(record.mistakes) or 'no mistake named'} (told {program.first})"
            )

    def row(self) -> tuple[str, ...]:
        """Return the question's line of the table."""
        count = self.count
        singles = count["wrong"] + count["convention"]
        named = sum(count[f"{kind} named"] for kind in ("wrong", "convention"))
        either = sum(count[f"{kind} either"] for kind in ("wrong", "convention"))
        pairs = count["pair named"] + count["pair either"]
        spent = (median(self.milliseconds.get(kind, [0.0])) for kind in ("right", "wrong"))
        return (
            f"{count['right right']}/{count['right']}", f"{named}/{singles}", f"{either}",
            f"{singles - named - either}", f"{pairs}/{count['pair']}",
            f"{count['outside described']}/{count['outside']}", f"{count['any misnamed']}",
            f"{count['first right']}/{count['first']}", *(f"{value:.1f}" for value in spent),
        )  # fmt: skip


HEADER = (
    "right",
    "named",
    "either",
    "described",
    "pairs",
    "outside",
    "misnamed",
    "first wrong",
    "ms right",
    "ms wrong",
)


def results(folders: Iterable[Path], seeds: Iterable[int]) -> dict[str, Tally]:
    """Judge every program of some exercises on every seed.

    Returns
    -------
    tallies : dict
        Question to what came of its programs.
    """
    tallies: dict[str, Tally] = {}
    for folder in folders:
        for program in programs(folder):
            check = question(program.question)
            for seed in seeds:
                start = time.process_time()
                record = check.judge(program.function, seed=seed, hint=2)
                spent = 1000 * (time.process_time() - start)
                tallies.setdefault(program.question, Tally()).add(program, seed, record, spent)
    return tallies


def main(answers: Path, seeds: int = 10, only: str = "") -> int:
    """Judge all programs, print a table, and return 1 if anything came out that is not allowed.

    Not allowed are: marks for an answer that is not written, a right program that loses some, a wrong one with full
    marks, a mistake that is named and was not made, and another first wrong value than the true one.
    """
    folders = [path for path in sorted(answers.glob("ps*")) if (path / "functions").is_dir() and only in path.name]
    if not folders:
        print(f"there are no programs in {answers}/ps*/functions: run this in the course's own folder")
        return 1
    tallies = results(folders, range(seeds))

    def unwritten(*inputs: Any) -> None:
        raise NotImplementedError

    for name, tally in tallies.items():
        for seed in range(200):
            if question(name).judge(unwritten, seed=seed).marks:
                tally.faults.append(f"{name}: an answer that is not written earns marks (seed {seed})")
    print(f"{'':<30}" + "".join(f"{word:>13}" for word in HEADER))
    for name, tally in tallies.items():
        print(f"{name:<30}" + "".join(f"{word:>13}" for word in tally.row()))
    faults = list(dict.fromkeys(fault for tally in tallies.values() for fault in tally.faults))
    print(*faults, sep="\n")
    return int(bool(faults))
