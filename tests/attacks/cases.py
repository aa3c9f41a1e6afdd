"""A case is a hand-in with the outcome that it must have: the corpus, and some more of our own.

`corpus/README.md` says what stands in the corpus. A judge that knows its cases by name has missed the point: nothing in
`bplib` may read this folder.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
CORPUS = HERE / "corpus"
MASTERS = {name: CORPUS / "_assignment" / f"{name}.source.ipynb" for name in ("backprop", "strict")}
HELPER = CORPUS / "_assignment" / "gradlib.py"
HONEST = CORPUS / "C01-honest.ipynb"
POLICY = {"R02-loop-top": (8, 10)}  # scores between which a course may choose


@dataclass(frozen=True)
class Case:
    """One hand-in.

    Attributes
    ----------
    name : str
        As in the corpus.
    path : Path
        A notebook, a folder of files, or a program that alters an honest hand-in.
    masters : tuple of str
        With which it is tried.
    status : tuple of str
        'graded', 'needs_review' or 'rejected'; where more than one stands, each will do.
    scores : tuple of float
        One of which it must get; empty if any will do.
    words : tuple of str
        Patterns of what has to be read.
    learner : str
        Whose it is, where that is part of the attack.
    harmful : bool
        Whether it may do harm where nothing holds it back.
    """

    name: str
    path: Path
    masters: tuple[str, ...] = tuple(MASTERS)
    status: tuple[str, ...] = ("graded",)
    scores: tuple[float, ...] = ()
    words: tuple[str, ...] = ()
    learner: str = ""
    harmful: bool = False

    @property
    def raw(self) -> bytes | None:
        """The notebook's bytes; None if there is no notebook that could be read without looking at its folder."""
        if self.path.suffix == ".py":
            return None
        return (next(self.path.glob("*.ipynb")) if self.path.is_dir() else self.path).read_bytes()

    def build(self, folder: Path) -> None:
        """Write the hand-in into a new folder."""
        if self.path.is_dir():
            shutil.copytree(self.path, folder)
            return
        folder.mkdir(parents=True)
        shutil.copyfile(HONEST if self.path.suffix == ".py" else self.path, folder / "backprop.ipynb")
        if self.path.suffix == ".py":
            subprocess.run([sys.executable, self.path, folder], check=True)


@cache
def _index() -> dict:
    return json.loads((CORPUS / "index.json").read_text(encoding="utf-8"))


def smoke() -> list[str]:
    """Return the names of the cases that are worth trying at every change."""
    return _index()["smoke"]


def corpus() -> Iterator[Case]:
    """Yield the cases of the corpus."""
    words = tomllib.loads((HERE / "words.toml").read_text(encoding="utf-8"))
    unknown = words.keys() - {entry["id"] for entry in _index()["attacks"]}
    if unknown:
        raise ValueError(f"words.toml names cases that are not in the corpus: {', '.join(sorted(unknown))}")
    for entry in _index()["attacks"]:
        name, expect = entry["id"], entry["expect"]
        score = expect["score"]
        yield Case(
            name,
            CORPUS / entry["file"],
            tuple(MASTERS) if entry["master"] == "any" else (entry["master"],),
            (expect["status"],),
            POLICY.get(name, () if score is None else (score,)),
            tuple(words.get(name, ())),
            entry["student_id"] or "",
            bool(entry["danger"] or entry["hard_cap"]),
        )
