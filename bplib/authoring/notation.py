"""Every deck writes the same things in other letters; a lesson shows the few rows it needs, all from one table.

In a lesson's text the line `{{notation 004 002: x W b}}` becomes a table with the rows x, W and b, and beside each what
decks 004 and 002 write for it.
"""

import re
import tomllib
from pathlib import Path

from bplib.authoring import SourceError

TABLE = Path(__file__).with_name("notation.toml")
DECKS = ("000", "001", "002", "003", "004")
HEADER = "| name in code | what it is |"
DIRECTIVE = re.compile(r"^(?P<margin>#? ?)\{\{notation (?P<decks>[^:}]+):(?P<names>[^}]+)\}\} *$")


def expand(text: str, label: str, table: Path = TABLE) -> str:
    """Return `text` with the table of notation in place of each `{{notation ...}}` line.

    Parameters
    ----------
    text : str
        A lesson's source, comment marks and all: the table gets the mark of the line that it replaces.
    label : str
        What to call the source in an error.
    table : Path
        The table to take the rows from.

    Returns
    -------
    expanded : str

    Raises
    ------
    SourceError
        If the line cannot be read, or names a deck or a row that is not in the table.
    """
    rows = tomllib.loads(table.read_text(encoding="utf-8"))
    lines = []
    for number, line in enumerate(text.split("\n"), 1):
        if not re.search(r"\{\{\s*notation", line):
            lines.append(line)
            continue
        where = f"{label}, line {number}"
        found = DIRECTIVE.match(line)
        if found is None:
            raise SourceError(f"{where}: write the directive alone in its line, as {{{{notation 004 002: x W b}}}}")
        decks, names = found["decks"].split(), found["names"].split()
        _refuse_unknown(where, "deck", decks, DECKS)
        _refuse_unknown(where, "name", names, rows)
        lines += [found["margin"] + row for row in _markdown(rows, decks, names)]
    return "\n".join(lines)


def _refuse_unknown(where: str, kind: str, asked: list[str], known) -> None:
    for item in asked:
        if item not in known:
            raise SourceError(f"{where}: no {kind} {item!r} in {TABLE.name}, which has {' '.join(known)}")


def _markdown(rows: dict, decks: list[str], names: list[str]) -> list[str]:
    table = [f"{HEADER} " + "".join(f"Deck {deck} | " for deck in decks), "|" + "---|" * (2 + len(decks))]
    for name in names:
        row = rows[name]
        cells = [row.get("code", f"`{name}`"), row["what"], *(row.get(deck, "-") for deck in decks)]
        table.append("| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |")
    return [line.rstrip() for line in table]
