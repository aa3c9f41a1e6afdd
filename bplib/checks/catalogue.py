"""Most wrong answers have been given before: each known mistake has a name, a sentence and a place in the slides.

They stand in catalogue.toml, one for all exercises; a question says which of them can happen in it, and where.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

TABLE = Path(__file__).with_name("catalogue.toml")


@dataclass(frozen=True)
class Entry:
    """A known mistake: its short name, what happened, the question that leads on, and where to look."""

    name: str
    says: str
    think: str
    look: str
    convention: bool = False


def load() -> Mapping[str, Entry]:
    """Return all known mistakes by their id."""
    tables = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return MappingProxyType({id: Entry(**entry) for id, entry in tables.items()})


CATALOGUE = load()
