"""One hand-in through the judge, and everything that can be asked about it afterwards (the invariants I1 to I10)."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from bplib.grading.clean import CleanCells, plain
from bplib.grading.judge import Assignment, Judged, judge
from bplib.grading.pages import page
from bplib.grading.sandbox import Limits, Sandbox
from tests.attacks import arena, own, pages
from tests.attacks.cases import HELPER, HONEST, MASTERS, Case

LIMITS = Limits(cpu_call=1.5, cpu_notebook=8.0, memory=768 << 20)  # tighter than a course's: loops end sooner
CHECKS = "bplib-checks-"  # folders of the trusted checker, which makes the next one in advance
SPARE = 15.0  # s that a busy machine may take beside what the learner's code is granted
MOST_MEMORY = 500.0  # MB, of the process that grades
FULL = 10.0


@dataclass
class Found:
    """What came of one case."""

    case: str
    level: str
    master: str
    status: str = ""
    score: float | None = None
    seconds: float = 0.0
    memory: float = 0.0
    short: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)


class Arena:
    """A running sandbox of one level, the masters with their checkers, and folders that are watched."""

    def __init__(self, level: str, scratch: Path) -> None:
        self.level, self.scratch = level, scratch
        arena.plant(Path.home())
        self.course = scratch / "course"
        self.course.mkdir(exist_ok=True)
        (self.course / "gradebook.db").write_text(arena.TOKENS["book"])
        self.secret = self.course / "secret"  # with it drawings are sealed
        self.secret.write_text(arena.TOKENS["secret"])
        masters = {name: path.read_bytes() for name, path in MASTERS.items()}
        masters["own"] = nbformat.writes(own.master()).encode()
        self.assignments = {name: self._assignment(name, raw) for name, raw in masters.items()}
        self.checkers = {name: assignment.checker() for name, assignment in self.assignments.items()}
        self.before = self.traces()
        self.sandbox = Sandbox(level, LIMITS, beside=self.assignments["strict"].beside)

    def _assignment(self, name: str, raw: bytes) -> Assignment:
        folder = self.course / "source" / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "backprop.ipynb").write_bytes(raw)
        (folder / "gradlib.py").write_bytes(HELPER.read_bytes())
        return Assignment("backprop", folder / "backprop.ipynb", beside=folder)

    def __enter__(self) -> Arena:
        for checker in self.checkers.values():
            checker.start()
        self.sandbox.start()
        for name, assignment in self.assignments.items():
            if faults := assignment.faults(self.checkers[name]):
                raise ValueError(f"the master {name} does not earn its own marks: {faults}")
        self.honest = {name: self.judged(name, self._right(name)) for name in self.assignments}
        self.calm = self.traces()
        return self

    def __exit__(self, *error: object) -> None:
        self.sandbox.close()
        for checker in self.checkers.values():
            checker.close()

    def traces(self) -> dict[str, set[str]]:
        """List what lives and lies around."""
        own = [checker._process.pid for checker in self.checkers.values() if checker._process is not None]
        return arena.traces(self.scratch, spare=own)

    def left(self, before: dict[str, set[str]], trusted: str = "", patience: float = 3.0) -> list[str]:
        """I4: say what is there that was not there before, and does not go away by itself."""
        deadline = time.monotonic() + patience
        while (found := arena.left_behind(before, self.traces(), trusted)) and time.monotonic() < deadline:
            time.sleep(0.1)
        return found[:3]

    def judged(self, master: str, raw: bytes) -> Judged:
        """Judge one hand-in."""
        return judge(self.assignments[master], raw, "a seed", self.sandbox, self.checkers[master])

    def left_at_the_end(self) -> list[str]:
        """I4: say what is there when all is closed that was not there at the beginning."""
        return self.left(self.before)

    def _right(self, master: str) -> bytes:
        return nbformat.writes(own.master()).encode() if master == "own" else HONEST.read_bytes()

    # ------------------------------------------------------------------------------------------ one case
    def tried(self, case: Case, master: str, again: bool = True) -> Found:
        """Judge one case, then an honest hand-in and the case once more if asked to; say where it falls short."""
        raw, found = case.raw, Found(case.name, self.level, master)
        assert raw is not None
        arena.peak()
        began = time.monotonic()
        judged = self.judged(master, raw)
        found.seconds = time.monotonic() - began
        found.memory = arena.peak()
        found.status, found.score = judged.status, sum(mark or 0.0 for mark in judged.scores.values())
        messages = told(judged)
        found.told = [" ".join(message[:400].split()) for message in messages[:20]]
        found.short = [
            *outcome(case, judged),
            *unsaid(case, messages),
            *self._quiet(raw, judged),
            *self.left(self.calm, CHECKS),
        ]
        if found.seconds > LIMITS.cpu_notebook * LIMITS.wall_factor + SPARE:
            found.short.append(f"I6: it took {found.seconds:.0f} s")
        if found.memory > MOST_MEMORY:
            found.short.append(f"I7: the grading process took {found.memory:.0f} MB")
        if again:
            found.short += self.next(master)
            second = self.judged(master, raw)
            if (second.status, second.scores) != (judged.status, judged.scores):
                found.short.append(f"I8: the second time it is {second.status}, {second.scores}")
        return found

    def next(self, master: str) -> Iterator[str]:
        """I2: say so if an honest hand-in has no more the marks and the cells that it had before."""
        first, now = self.honest[master], self.judged(master, self._right(master))
        if (now.status, now.scores, now.notebook) != (first.status, first.scores, first.notebook):
            yield f"I2: the next honest hand-in is {now.status}, {now.scores}"

    def _quiet(self, raw: bytes, judged: Judged) -> Iterator[str]:
        """I5, I9: neither secrets nor anything live on what a learner or a lecturer gets to see."""
        if judged.notebook is None:
            return
        nbformat.validate(judged.notebook)
        clean, html = shown(judged, self.secret)
        for token in arena.secrets(raw, self.scratch):
            if any(token in text for text in (html, *told(judged))):
                yield f"I5: {token!r} is to be read"
        for what in (*pages.live(html), *pages.live_cells(clean)):
            yield f"I9: {what}"


def outcome(case: Case, judged: Judged) -> Iterator[str]:
    """I1: it ends as it must, with marks or the reason why there are none."""
    score = sum(mark or 0.0 for mark in judged.scores.values())
    if judged.status not in case.status:
        yield f"it is {judged.status}, not {' or '.join(case.status)} ({judged.reviews})"
    if case.scores and score not in case.scores:
        yield f"it gets {score:g}, not {' or '.join(f'{s:g}' for s in case.scores)}"
    if (judged.status == "needs_review") != bool(judged.reviews):
        yield "I1: a review without a reason, or a reason without a review"
    if judged.status == "graded" and None in judged.scores.values():
        yield "I1: graded, but not all of it"


def told(judged: Judged) -> list[str]:
    """Return each message: of the notes, of the reasons for a review, and of what the cells show."""
    found = [*judged.notes, *(f"{name}: {why}" for name, why in judged.reviews.items())]
    for cell in judged.notebook.cells if judged.notebook is not None else ():
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                found.append(f"{name}: {output.ename}: {output.evalue}")
            elif output.output_type == "stream":
                found.append(output.text)
            else:
                found.append(output.data.get("text/plain", ""))
    return found


def unsaid(case: Case, messages: list[str]) -> Iterator[str]:
    """I10: each message is one line without a place of this machine, and the reason is among them."""
    for pattern in () if case.path.is_dir() else case.words:
        if not any(re.search(pattern, " ".join(message.split())) for message in messages):
            yield f"I10: nothing says {pattern!r}: {[m for m in messages if ': ' in m][:3]}"


def shown(judged: Judged, key: Path, learner: str = "case") -> tuple[Any, str]:
    """Return the notebook as the formgrader shows it, and the feedback page."""
    who = {"student": learner, "assignment": "backprop", "notebook": "backprop", "score": 0.0, "max_score": FULL}
    who["late_penalty"] = 0.0
    clean, _ = CleanCells(secret_file=str(key)).preprocess(nbformat.from_dict(judged.notebook), {"nbgrader": who})
    for cell in clean.cells:
        role = cell.metadata.get("nbgrader", {})
        if role.get("grade"):
            mark = judged.scores[role["grade_id"]]
            role.update(score=mark or 0.0, waits=mark is None)
    clean.metadata["bplib"] = {"notes": [plain(note) for note in judged.notes], "judge": "A"}
    return clean, page(clean, who)
