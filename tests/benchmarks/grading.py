"""Print how long a class takes with the judge, beside stock nbgrader: the same hand-ins, the same marks, by turns.

The class is the sample programs of problem set 06, again and again under other names. Each half of it is graded by
`nbgrader autograde` in a course that knows nothing of ours and by `python -m bplib.grading autograde` in a copy of that
course; the second half in the other order. CPU time is that of all processes that a command has started.

    python -m tests.benchmarks.grading        # a class of 40
    python -m tests.benchmarks.grading 12
"""

from __future__ import annotations

import ctypes
import itertools
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook

from bplib.grading.sample import filled

ROOT = Path(__file__).resolve().parents[2]
RESULTS = Path(__file__).resolve().parent / "results"
PS06 = "ps06_two_two_two"
CLASS, FASTER = 40, 1.0  # hand-ins; times as fast as stock nbgrader that ours has to be at least
PROGRAMS = Path(sys.executable).parent
STOCK = {"autograde": [PROGRAMS / "nbgrader", "autograde"], "feedback": [PROGRAMS / "nbgrader", "generate_feedback"]}
OURS = {step: [sys.executable, "-m", "bplib.grading", step] for step in STOCK}
CHILD_SUBREAPER = 36  # of Linux's prctl: processes whose parent has ended become ours, and their time is counted


def run(command: list, course: Path) -> dict[str, float]:
    """Run a command in a course; return seconds on the clock and of CPU, those of everything it started included."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    path = os.pathsep.join([str(PROGRAMS), os.environ["PATH"]])  # nbgrader calls other programs by name
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=course, env=environment, capture_output=True, text=True, check=False)
    wall = time.perf_counter() - start
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    while True:  # what it has left behind
        try:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.05)
        except ChildProcessError:
            break
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {"wall": wall, "cpu": after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime}


def build(course: Path, size: int) -> None:
    """Make a stock course with a class whose first half is called a..., whose second is called b... ."""
    source = course / "source" / PS06
    source.mkdir(parents=True)
    shutil.copy(ROOT / "solutions" / PS06 / f"{PS06}.ipynb", source)
    (course / "nbgrader_config.py").write_text("c = get_config()\n")
    run([PROGRAMS / "nbgrader", "generate_assignment", PS06], course)
    released = nbformat.read(course / "release" / PS06 / f"{PS06}.ipynb", as_version=4)
    programs = itertools.cycle(sorted((ROOT / "tests" / "answers" / "ps06").glob("*_*.py")))
    for number, program in zip(range(size), programs, strict=False):
        learner = f"{'ab'[2 * number // size]}{number:02}_{program.stem}"
        path = course / "submitted" / learner / PS06 / f"{PS06}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(filled(released, program.read_text(encoding="utf-8")), path)


def marks(course: Path) -> dict[tuple[str, str], float | None]:
    """Return what the grade book of a course holds."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        return {
            (submission.student.id, grade.name): grade.auto_score
            for submission in book.assignment_submissions(PS06)
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


def main() -> int:
    """Grade a class of so many; 1 if stock nbgrader is faster, or gives other marks."""
    size = int(sys.argv[1]) if sys.argv[1:] else CLASS
    busy = os.getloadavg()[0] > 1
    ctypes.CDLL(None).prctl(CHILD_SUBREAPER, 1, 0, 0, 0)
    rows, missed = {}, 0
    with tempfile.TemporaryDirectory() as folder:
        stock, ours = Path(folder, "stock"), Path(folder, "ours")
        build(stock, size)
        shutil.copytree(stock, ours)
        print(f"{size} hand-ins, s for each      stock: wall    cpu    ours: wall    cpu   times as fast: wall    cpu")
        for step in STOCK:
            turns = [("a", "stock"), ("a", "ours"), ("b", "ours"), ("b", "stock")]
            taken = {}
            for half, who in turns:
                command = {"stock": STOCK, "ours": OURS}[who][step]
                course = {"stock": stock, "ours": ours}[who]
                taken[half, who] = run([*command, PS06, f"--student={half}*"], course)
            each = {
                who: {kind: sum(taken[half, who][kind] for half in "ab") / size for kind in ("wall", "cpu")}
                for who in ("stock", "ours")
            }
            faster = {kind: each["stock"][kind] / each["ours"][kind] for kind in ("wall", "cpu")}
            fell = min(faster.values()) < FASTER
            missed += fell
            print(
                f"{step:<30} {each['stock']['wall']:>10.3f} {each['stock']['cpu']:>6.3f}"
                f" {each['ours']['wall']:>13.3f} {each['ours']['cpu']:>6.3f}"
                f" {faster['wall']:>21.1f} {faster['cpu']:>6.1f}{'   FELL SHORT' if fell else ''}",
                flush=True,
            )
            runs = {f"{half}, {who}": value for (half, who), value in taken.items()}
            rows[step] = {"each": each, "faster": faster, "runs": runs}
        first, second = marks(stock), marks(ours)
        same = first == second and len({learner for learner, _ in first}) == size
    if not same:
        print("the two did not give the same marks")
    if busy:
        print("other programs were using the cores when this began: believe the ratios only")
    machine = {"python": platform.python_version(), "cores": os.cpu_count(), "busy": busy}
    RESULTS.mkdir(exist_ok=True)
    result = {"machine": machine, "hand-ins": size, "same marks": same, "steps": rows}
    (RESULTS / "grading.json").write_text(json.dumps(result, indent=1))
    print(f"{missed} marks missed; {RESULTS.name}/grading.json holds all times")
    return int(missed > 0 or not same)


if __name__ == "__main__":
    sys.exit(main())
