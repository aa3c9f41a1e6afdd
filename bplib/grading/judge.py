"""A hand-in comes in as bytes and leaves with marks, or with the reason why a person has to look at it: never neither.

The learner's cells run in the sandbox, the checks run in the checker, and this module stands between the two. For each
check a fresh worker replays the learner's cells that stand before it. A mark is the number that a check ended in. What
the learner's code did to itself (an exception, a loop without end) costs marks; what the machinery or a check did by
itself never does.
"""

from __future__ import annotations

import contextlib
import copy
import re
import sys
import time
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_output

from bplib.grading import intake, wire
from bplib.grading.checker import (
    NAMED,
    CannotCross,
    Cell,
    Checker,
    CheckerError,
    Ending,
    Fault,
    Session,
    cells_of,
    visible,
)
from bplib.grading.clean import checked_png
from bplib.grading.clean import plain as clean
from bplib.grading.reading import grade_id, read, recognise
from bplib.grading.sandbox import PREFIX, ROOT, LearnerFault, NeedsReview, Sandbox, SandboxError

STARTS = 4  # workers for one check: a check may go on after a call that ended the process
PROOF = "proof"  # a seed, for the one time that every check is asked about the master's own answers
LONGEST = 500  # characters of one message
QUICK, AGAIN = 0.2, 4  # s of CPU time, and times, for asking the same once more
SLOW, DEAR = 0.2, 30.0  # s of CPU time, and times the master's own: an honest triple loop in Python is far below both
DOUBT = "does it take differences instead of a derivative?"
HINT = "look at it, or ask the learner"


HERE = sorted(
    {str(path) for path in (ROOT, Path(sys.prefix), Path(sys.base_prefix), Path.home()) if len(path.parts) > 1},
    key=len,
    reverse=True,
)
NOWHERE = re.compile(rf"(?:/[\w.-]+)*/{PREFIX}\w+(?:/work/w\d+)?|/work/w\d+\b|" + "|".join(map(re.escape, HERE)))


def plain(text: Any) -> str:
    """Return `text` as a page may show it: nothing that acts, and not where things lie on this machine."""
    return NOWHERE.sub("...", clean(text))


@dataclass(frozen=True)
class Assignment:
    """What a hand-in is judged by.

    Attributes
    ----------
    name : str
        The assignment's.
    source : Path
        The master notebook with solutions and hidden tests.
    beside : Path, optional
        Folder with the lecturer's helper modules and data.
    allow : tuple of str
        Modules of bplib that learners may use although they hold answers to other questions.
    """

    name: str
    source: Path
    beside: Path | None = None
    allow: tuple[str, ...] = ()

    @cached_property
    def master(self) -> Any:
        """The notebook that hand-ins are put into."""
        return intake.master(self.source)

    @cached_property
    def points(self) -> dict[str, float]:
        """Points of each graded cell."""
        return intake.graded(self.master)

    @cached_property
    def cells(self) -> list[Cell]:
        """What the checker runs."""
        return cells_of(nbformat.read(self.source, as_version=4).cells)

    def checker(self) -> Checker:
        """Return a process for the checks; it serves one submission after the other."""
        return Checker(self.cells, self.beside)

    def faults(self, checker: Checker) -> dict[str, str]:
        """Return the checks that cannot give marks, with the reason: the master's own answer must earn them all."""
        endings = checker.reference(PROOF)
        return {
            name: _own_doing(endings[name], points)
            for name, points in self.points.items()
            if name in endings and (endings[name].marks(points) or 0.0) < points
        }


@dataclass(frozen=True)
class Judged:
    """What came of one hand-in.

    Attributes
    ----------
    status : str
        'graded', or 'needs_review': at least one check, or the whole, waits for a person.
    notebook : notebook or None
        Rebuilt from the master, with outputs: the learner's are text and PNG, a check's are the checker's own.
    scores : dict
        Graded cell -> marks; None where a person has to give them.
    records : dict
        Graded cell -> the record of a check of `bplib.checks`.
    reviews : dict
        Graded cell, or '' for the whole -> why a person has to look.
    notes : list of str
        What was mended, and what is worth knowing.
    details : dict
        Graded cell -> what its hidden tests said: for the lecturer alone.
    cpu : float
        CPU time that the learner's code took (s).
    """

    status: str
    notebook: Any
    scores: dict[str, float | None]
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    reviews: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    details: dict[str, str] = field(default_factory=dict)
    cpu: float = 0.0


def judge(assignment: Assignment, raw: bytes, seed: str, sandbox: Sandbox, checker: Checker | None = None) -> Judged:
    """Judge one hand-in.

    Parameters
    ----------
    assignment : Assignment
        What is asked.
    raw : bytes
        The notebook as it was handed in.
    seed : str
        What this learner's random numbers are drawn from; the same for a second grading.
    sandbox : Sandbox
        Started; if it fails, it is started anew once.
    checker : Checker, optional
        Of this assignment, to be used again for the next hand-in; else one is made.

    Returns
    -------
    judged : Judged
    """
    with contextlib.ExitStack() as stack:
        checker = checker or stack.enter_context(assignment.checker())
        try:
            return _judged(assignment, raw, seed, sandbox, checker)
        except Exception as error:  # a mistake of ours costs nobody marks, and nobody else's grading
            return _unjudged(assignment, f"the judge itself failed ({type(error).__name__}): grade it by hand", [])


def _unjudged(assignment: Assignment, why: str, notes: list[str], notebook: Any = None) -> Judged:
    for cell in notebook.cells if notebook is not None else ():
        role = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and role.get("grade") and not role.get("solution"):
            cell.outputs = [_error("NeedsReview", why)]  # stock nbgrader gives full marks for no output at all
    return Judged("needs_review", notebook, dict.fromkeys(assignment.points), reviews={"": why}, notes=notes)


def _judged(assignment: Assignment, raw: bytes, seed: str, sandbox: Sandbox, checker: Checker) -> Judged:
    reading = read(raw)
    if reading.notebook is None:
        return _unjudged(assignment, reading.why or "it cannot be read", reading.notes)
    notes = [*reading.notes, *recognise(reading.notebook, assignment.master)]
    handed_in = {grade_id(cell) for cell in reading.notebook["cells"]}
    notebook, mended = intake.rebuild(assignment.master, reading.notebook)
    notes += mended
    why = ""
    for attempt in range(2):
        try:
            if attempt:
                start(sandbox)
            return _Judging(assignment, copy.deepcopy(notebook), handed_in, seed, sandbox, checker, [*notes]).judged()
        except (SandboxError, CheckerError) as error:
            why = f"{plain(error)[:LONGEST]}: grade again"
    return _unjudged(assignment, why, notes, notebook)


def start(sandbox: Sandbox) -> None:
    """Start the sandbox, or start it anew; where that fails now and then, wait a little and try again."""
    for pause in (0.2, 1.0, None):
        try:
            return sandbox.start()
        except SandboxError:
            if pause is None:
                raise
            time.sleep(pause)


@dataclass(frozen=True)
class _Verdict:
    """What one check comes to: marks, or the reason for a review; and what is to be read."""

    marks: float | None
    says: str = ""
    error: tuple[str, str] | None = None
    review: str = ""


class _Judging:
    """The work on one hand-in, in one sandbox."""

    def __init__(
        self,
        assignment: Assignment,
        notebook: Any,
        handed_in: set[str | None],
        seed: str,
        sandbox: Sandbox,
        checker: Checker,
        notes: list[str],
    ) -> None:
        self.assignment, self.notebook, self.seed = assignment, notebook, seed
        self.sandbox, self.checker, self.notes = sandbox, checker, notes
        self.limits = sandbox.limits
        self.cpu, self.began = 0.0, time.monotonic()
        self.seconds: dict[str, float] = {}  # CPU time of the learner's answers to each check
        self.fatal: set[int] = set()  # cells that ended their process: not run again
        self.place = {
            cell.metadata.nbgrader["grade_id"]: i
            for i, cell in enumerate(notebook.cells)
            if "nbgrader" in cell.metadata
        }
        self.own = [i for i, cell in enumerate(notebook.cells) if self._runs(cell, handed_in)]

    def _runs(self, cell: Any, handed_in: set[str | None]) -> bool:
        """Say whether a cell is executed in the sandbox: no check is, and no stub that was put back."""
        if cell.cell_type != "code":
            return False
        role = cell.metadata.get("nbgrader", {})
        if role.get("grade") and not role.get("solution"):
            return False
        return not role.get("solution") or role["grade_id"] in handed_in

    # ------------------------------------------------------------------------------------------ the learner's cells
    def judged(self) -> Judged:
        """Run the learner's cells for what they show, then the checks."""
        self._display()
        endings = self._checked()
        scores: dict[str, float | None] = {}
        judged = Judged("graded", self.notebook, scores, notes=self.notes)
        for name, points in self.assignment.points.items():
            cell = self.notebook.cells[self.place[name]]
            if name not in endings:
                scores[name] = None  # marked by a person
                continue
            ending = endings[name]
            verdict = self._verdict(name, points, ending)
            scores[name] = verdict.marks
            self._show(cell, ending, verdict, points)
            if ending.record is not None:
                judged.records[name] = ending.record
            if ending.hidden:
                judged.details[name] = ending.hidden
            if verdict.review:
                judged.reviews[name] = verdict.review
            self.notes += [f"{name}: {why}" for why in ending.odd_answers]
        self.notes[:] = dict.fromkeys(plain(note)[:LONGEST] for note in self.notes)
        return replace(judged, status="needs_review" if judged.reviews else "graded", cpu=self.cpu)

    def source(self, i: int) -> tuple[str, str]:
        """Return source and name of a cell as the sandbox gets it: without hidden tests."""
        cell = self.notebook.cells[i]
        role = cell.metadata.get("nbgrader", {})
        return (visible(cell.source) if role.get("locked") else cell.source), role.get("grade_id", f"cell {i + 1}")

    def _display(self) -> None:
        worker = None
        try:
            for i in self.own:
                cell = self.notebook.cells[i]
                source, name = self.source(i)
                cell.outputs = []
                if not source.strip():
                    continue
                try:
                    self.within_budget(worker.cpu if worker else 0.0)
                    if worker is None:
                        worker = self.replayed(i)
                    ran = worker.run(source, name, display=True)
                except LearnerFault as fault:
                    self.fatal.add(i)
                    self.end(worker)
                    worker = None
                    says = f"{plain(fault)[:LONGEST]}: this cell is left out from here on"
                    cell.outputs = [_error("Stopped", says)]
                    self.notes.append(f"{name}: {says}")
                    continue
                cell.outputs = _shown(ran)
        finally:
            self.end(worker)

    def replayed(self, upto: int) -> Any:
        """Return a fresh worker in which the learner's cells before cell `upto` have run."""
        for _ in range(len(self.own) + 1):
            self.within_budget()
            worker = self.sandbox.worker(self.cpu)
            for i in self.own:
                tags = self.notebook.cells[i].metadata.get("tags", [])
                if i >= upto or i in self.fatal or "display-only" in tags:
                    continue
                source, name = self.source(i)
                if not source.strip():
                    continue
                try:
                    worker.run(source, name)
                except LearnerFault as fault:  # this time it ended its process: without it, then
                    self.fatal.add(i)
                    self.notes.append(f"{name}: {plain(fault)[:LONGEST]}: this cell is left out from here on")
                    self.end(worker)
                    break
                except BaseException:
                    self.end(worker)
                    raise
            else:
                return worker
        raise SandboxError("no worker lives through the learner's cells")

    def end(self, worker: Any) -> None:
        """End a worker and count what it has used."""
        if worker is not None:
            worker.close()
            self.cpu += worker.cpu

    def within_budget(self, used: float = 0.0) -> None:
        """Raise `LearnerFault` if the notebook as a whole has had its time."""
        most = self.limits.cpu_notebook
        wall = time.monotonic() - self.began
        if self.cpu + used > most or wall > most * self.limits.wall_factor:
            raise LearnerFault("time", f"the notebook as a whole ran for more than {most:g} seconds")

    # ------------------------------------------------------------------------------------------ the checks
    def _checked(self) -> dict[str, Ending]:
        """Run the lecturer's cells, each with a worker of its own if it asks for one."""
        endings = self.checker.endings(self.seed, self._answers)
        self._of_locked_cells(endings)
        return endings

    @contextlib.contextmanager
    def _answers(self, cell: Cell, session: Session) -> Iterator[_Answers]:
        answers = _Answers(self, self._before(cell), session)
        try:
            yield answers
            answers.ask_again()
        finally:
            answers.close()
            self.seconds[cell.name] = answers.seconds

    def _before(self, cell: Cell) -> int:
        """Return where in the notebook a cell of the lecturer's stands; a free one stands before the next."""
        cells = self.assignment.cells
        behind = cells[cells.index(cell) :]
        return next((self.place[c.name] for c in behind if c.name in self.place), len(self.notebook.cells))

    def _of_locked_cells(self, endings: dict[str, Ending]) -> None:
        """Show what the lecturer's own cells show with what they showed here, drawings and all."""
        for cell in self.assignment.cells:
            if cell.role == "locked" and cell.name in self.place and not endings[cell.name].died:
                ending = endings[cell.name]
                outputs = _outputs(ending)
                if ending.error:
                    outputs.append(_error(*_told(cell.name, ending.error)))
                self.notebook.cells[self.place[cell.name]].outputs = outputs

    def _verdict(self, name: str, points: float, ending: Ending) -> _Verdict:
        """Say what an ending comes to; where it can be the check's own doing, ask about the master's own answer."""
        marks = ending.marks(points)
        if ending.died:
            return _Verdict(None, review=f"the check broke off: {ending.died}; {HINT}")
        if ending.reviews:
            return _Verdict(None, review="; ".join(ending.reviews))
        # Which marks a check gives is known only from one that comes to its end; the master's own answer must.
        model = self.checker.reference(self.seed if marks is None else PROOF).get(name, Ending(died="it was not run"))
        full = model.marks(points)
        if full is None or full < points:
            return _Verdict(None, review=_own_doing(model, points))
        if ending.nothing and not model.nothing:
            return _Verdict(0.0, says=f"No marks: the check ended in no number from 0 to {points:g}.")
        if marks is not None:
            self._slow(name, model)
            return _Verdict(marks)
        if ending.error:
            return _Verdict(0.0, error=_told(name, ending.error))
        shown = ending.odd or ending.value
        return _Verdict(0.0, says=f"No marks: the check ended in {shown}, not in a number from 0 to {points:g}.")

    def _slow(self, name: str, model: Ending) -> None:
        """Note an answer that takes as long as one that moves each number by itself: a person may look, no marks go."""
        took = self.seconds.get(name, 0.0)
        if took > SLOW and took > DEAR * model.seconds:
            times = took / max(model.seconds, 1e-4)
            self.notes.append(
                f"{name}: the answers took {took:.1f} s, about {times:.0f} times the master's own: {DOUBT}"
            )

    def _show(self, cell: Any, ending: Ending, verdict: _Verdict, points: float) -> None:
        """Put outputs into a graded cell that stock nbgrader, too, reads as these marks."""
        outputs = _outputs(ending)
        if verdict.says:
            outputs.append(new_output("stream", name="stdout", text=plain(verdict.says) + "\n"))
        if verdict.review:
            says = f"A person has to look at this question. {plain(verdict.review)[:LONGEST]}"
            outputs.append(_error("NeedsReview", says))
        elif verdict.error:
            outputs.append(_error(*verdict.error))
        else:
            outputs.append(new_output("execute_result", {"text/plain": repr(verdict.marks)}, execution_count=1))
        cell.outputs, cell.execution_count = outputs, 1


def _own_doing(model: Ending, points: float) -> str:
    """Say why a check is the lecturer's to mend: this is what it does with the master's own answer."""
    said = (
        model.died
        or "; ".join([*model.reviews, *model.odd_answers])
        or (model.error and f"{model.error['name']}: {model.error['text']}, line {model.error['line']} of the check")
        or f"it ended in {model.odd or model.value}, not in {points:g}"
    )
    return f"the check does not get through with the master's own answer either ({plain(said)[:LONGEST]})"


def _told(name: str, error: dict[str, Any]) -> tuple[str, str]:
    """Return name and text of an exception that ended a check; of hidden tests, class and line only."""
    fault, place = error["fault"], f"line {error['line']} of {name}" if error["line"] else name
    kind = plain(error["name"])[:80]
    if fault:
        who = plain(fault["function"])[:80] or "your code"
        own = f" (line {fault['line']} of its cell: {plain(fault['source'])[:200]})" if fault["line"] else ""
        if fault["base"] == "NotImplementedError":
            return kind, f"{who} is not written yet"
        if fault["kind"] != "raised":
            return "Stopped", f"{who}: {plain(fault['says'])[:LONGEST]}"
        if error["hidden"]:
            return fault["base"] if fault["base"] in NAMED else "Exception", f"{who} raised it in a hidden test{own}"
        words = " ".join(plain(fault["message"]).split())[:LONGEST]
        return kind, f"{who}: {words}{own}"
    if error["lost"]:
        return "NameError", f"{plain(error['lost'])} is not there: no cell before this check defines it"
    if error["hidden"]:
        return kind, f"a hidden test found this, {place}"
    words = plain(error["text"]).strip()[:LONGEST]
    return kind, f"{words or plain(error['code'])} ({place})"


def _error(name: str, text: str) -> Any:
    return new_output("error", ename=name, evalue=text, traceback=[f"{name}: {text}"])


def _outputs(ending: Ending) -> list[Any]:
    """Return what a cell of the lecturer's showed; what it printed may quote the learner, and is cleaned."""
    found = []
    for output in ending.outputs:
        if output["output_type"] == "stream":
            output = {**output, "text": plain(output["text"])}
        elif output["output_type"] == "execute_result":
            output = {**output, "execution_count": 1}
        found.append(nbformat.from_dict(output))
    return found


def _shown(ran: Any) -> list[Any]:
    """Return what a learner's cell showed, as text and pictures; stderr is no mistake, and stands as ordinary text."""
    outputs = [new_output("stream", name="stdout", text=text) for text in map(plain, (ran.stdout, ran.stderr)) if text]
    for picture in ran.pngs:
        if (png := checked_png(b64encode(picture).decode())) is not None:
            outputs.append(new_output("display_data", {"image/png": png, "text/plain": "a picture"}))
    if ran.text:
        outputs.append(new_output("execute_result", {"text/plain": plain(ran.text)}, execution_count=1))
    if ran.error:
        name, message, line = ran.error
        where = f" (line {line} of this cell)" if line else ""
        outputs.append(_error(plain(name)[:80], plain(message)[:LONGEST] + where))
    return outputs


class _Answers:
    """What a check asks of the learner's code goes to a worker that has run the cells before it; only if it asks."""

    def __init__(self, judging: _Judging, upto: int, session: Session) -> None:
        self.judging, self.upto, self.session = judging, upto, session
        self.worker: Any = None
        self.started = 0
        self.seconds = 0.0
        self.first: tuple[str, Any, Any, Any] | None = None  # function, arguments, answer

    def __call__(self, reply: dict[str, Any], message: dict[str, Any], value: Any) -> Any:
        """Answer one message of the checker's session."""
        try:
            with self._living() as worker:
                result = self._asked(worker, message, value)
                if message["is"] == "call" and worker.changed:
                    reply["changed"] = worker.changed
                    what = message.get("name", "a method")
                    which = worker.changed[0]
                    which = f"argument {which + 1}" if isinstance(which, int) else which
                    self.judging.notes.append(f"{what} changes what it is given ({which})")
                return result
        except NeedsReview as error:
            raise CannotCross(str(error)) from None

    @contextlib.contextmanager
    def _living(self) -> Iterator[Any]:
        try:
            if self.worker is None:
                if self.started >= STARTS:
                    raise LearnerFault("died", "it ended its process again and again")
                self.started += 1
                self.worker = self.judging.replayed(self.upto)
            self.judging.within_budget(self.worker.cpu)
            yield self.worker
        except LearnerFault as fault:
            if fault.kind not in ("raised", "missing"):
                self.close()
                self.session.forget()
            raise _fault(fault) from None

    def _asked(self, worker: Any, message: dict[str, Any], value: Any) -> Any:
        what = message["is"]
        if what == "kind":
            return worker.names([message["name"]])[message["name"]]
        if what in ("get", "thing"):
            return worker.get(message["name"])
        target = message["thing"] if "thing" in message else message["name"]
        args, kwargs = value
        if what == "assign":
            return setattr(target, message["name"], args[0])
        if what == "attribute":
            return getattr(target, message["name"])
        before = worker.cpu
        try:
            answer = worker.call(target, args, kwargs)
        finally:
            self.seconds += worker.cpu - before
        if self.first is None and isinstance(target, str) and self.seconds < QUICK:
            self.first = (target, args, kwargs, answer)
        return answer

    def ask_again(self) -> None:
        """Ask the first question some more times, and note a function that then says something else."""
        if self.worker is None or self.first is None:
            return
        function, args, kwargs, answer = self.first
        with contextlib.suppress(LearnerFault, NeedsReview, SandboxError, wire.WireError):
            wire.pack({}, [args, kwargs])  # a function of the check's cannot be called back any more: it has ended
            first, began = wire.pack({}, answer), self.worker.cpu
            for _ in range(AGAIN):
                if wire.pack({}, self.worker.call(function, args, kwargs)) != first:
                    self.judging.notes.append(f"{function}: the same input twice gave different answers")
                    return
                if self.worker.cpu - began > QUICK:
                    return

    def close(self) -> None:
        """End the worker."""
        worker, self.worker = self.worker, None
        self.judging.end(worker)


def _fault(fault: LearnerFault) -> Fault:
    return Fault(
        fault.kind,
        str(fault),
        fault.name or "",
        getattr(fault, "builtin", None) or fault.name or "",
        fault.message or "",
        fault.line,
        fault.source or "",
    )
