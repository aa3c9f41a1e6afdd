"""What did the whole class find hard? The checks have written it down in every notebook; here it is counted.

`main(paths, to)` reads the records that checks leave in autograded notebooks (`hand_ins`), counts them (`tallies`), and
writes a page about all of them without any name (`report_page`) and a table with the names.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from bplib.checks.hand_ins import collect, line
from bplib.checks.report_page import page, some
from bplib.checks.tallies import Tally, tallies


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
