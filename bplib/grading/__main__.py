"""Grade a class: `autograde` and `feedback` in any nbgrader course folder, `demo` for the kit's own sample class."""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bplib.grading.course import Course
    from bplib.grading.records import Record

ASSIGNMENT = "ps06_two_two_two"
HEADING = {"needs_review": "look at  ", "rejected": "rejected "}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit status: 0 only if every hand-in has its record."""
    given = argparse.Namespace(course=Path.cwd())
    _parser().parse_args(arguments, given)
    # nbgrader's models and SQLAlchemy 2.1 disagree about when to warn; nothing that a lecturer could mend.
    warnings.filterwarnings("ignore", message="Object of type .* not in session")
    from bplib.grading.collect import CollectError  # nbgrader takes two seconds to import
    from bplib.grading.course import CourseError

    try:
        return COMMANDS[given.command](given)
    except (CourseError, CollectError) as error:
        print(error, file=sys.stderr)
    except KeyboardInterrupt:
        print("\nstopped: what is graded has its record; the same command goes on from here", file=sys.stderr)
    except OSError as error:
        print(f"{error.strerror or error}: mend that, then give the same command again", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    everywhere = argparse.ArgumentParser(add_help=False)
    everywhere.add_argument(
        "--course", type=Path, default=argparse.SUPPRESS, metavar="DIR", help="the course's folder (default: here)"
    )
    parser = argparse.ArgumentParser(prog="python -m bplib.grading", description=__doc__, parents=[everywhere])
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name: str, says: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=says, description=says, parents=[everywhere])

    demo = command("demo", "grade the sample class that comes with the kit, in course/demo/")
    demo.add_argument("assignment", nargs="?", default=ASSIGNMENT)
    whole = command("grade", "take hand-ins in, grade them, write feedback and the grade table: the kit's own course")
    whole.add_argument("assignment")
    whole.add_argument("--submitted", type=Path, metavar="FOLDER", help="folder or zip of hand-ins to take in first")
    grading = command("autograde", "judge hand-ins and book their marks")
    pages = command("feedback", "write the feedback pages of what is graded")
    for some in (grading, pages):
        some.add_argument("assignment")
        some.add_argument(
            "--student", default="*", metavar="ID", help="only this learner's; * and ? stand for anything"
        )
        some.add_argument("--force", action="store_true", help="also what is done already")
    for some in (whole, grading):
        some.add_argument(
            "--i-trust-these-notebooks",
            dest="trust",
            action="store_true",
            help="where no sandbox is to be had: run learners' code with limits only",
        )
    grading.add_argument("--compare", action="store_true", help="say whose marks would change, and write nothing")
    taking = command("collect", "take in what Moodle, Canvas or ILIAS made: a folder or a zip")
    taking.add_argument("assignment")
    taking.add_argument("source", type=Path)
    taking.add_argument("--roster", type=Path, help="CSV with the columns id, last_name, first_name, email")
    taking.add_argument("--times", choices=("clock", "files"), default="clock", help="when a hand-in was received")
    command("doctor", "say which sandbox this machine has, what would be refused, and how to mend it")
    return parser


# ---------------------------------------------------------------------------------------------------- commands


def demo(given: argparse.Namespace) -> int:
    """Grade the bundled sample class."""
    from bplib.grading.course import Course, CourseError
    from bplib.grading.sample import build_class

    course = Course.kit(given.course, home="course/demo", release="course/demo/released")
    name = given.assignment
    released = course.release(name) / f"{name}.ipynb"
    programs = course.root / "tests" / "answers" / name.split("_")[0]
    if not build_class(programs, released, course.home / "submitted"):
        raise CourseError(f"there is no sample class for {name}: no program in {programs.relative_to(course.root)}")
    return _whole(course, name, trust=True)  # these programs are ours


def grade(given: argparse.Namespace) -> int:
    """Take in, grade, give feedback, write the table."""
    from bplib.grading.course import Course, CourseError

    course = Course.kit(given.course)
    course.register(given.assignment)
    status = 0
    if given.submitted is not None:
        status = _take_in(course, given.assignment, given.submitted, None, "clock")
    if not course.learners(given.assignment):
        where = (course.home / "submitted").relative_to(course.root)
        raise CourseError(f"nobody has handed in {given.assignment}: give SUBMITTED=folder, or collect into {where}")
    return _whole(course, given.assignment, given.trust) or status


def _whole(course: Course, name: str, trust: bool) -> int:
    started = time.perf_counter()
    failed = _graded(course, name, "*", force=True, trust=trust)
    for line in course.feedback(name):
        print(f"no page   {line}", file=sys.stderr)
        failed += 1
    hand_ins = course.results(name)
    _table(course, name)
    waiting = sum(hand_in.waits for hand_in in hand_ins)
    if waiting:
        print(
            f"by hand   {waiting} hand-ins have an answer that a person marks (?): Formgrader in JupyterLab (make lab)"
        )
    print(f"feedback  {course.page(name).relative_to(course.root)}")
    print(f"table     {course.write_csv(name, hand_ins).relative_to(course.root)}")
    print(f"{len(hand_ins)} hand-ins, {time.perf_counter() - started:.0f} s")
    return int(failed > 0)


def autograde(given: argparse.Namespace) -> int:
    """Judge and book."""
    from bplib.grading.course import Course

    course = Course(given.course)
    if given.compare:
        changes = course.compare(given.assignment, given.student, given.trust)
        for learner, change in changes:
            print(f"{learner}: {change}")
        print(f"{len(changes)} marks would change; nothing was written")
        return 0
    failed = _graded(course, given.assignment, given.student, given.force, given.trust)
    _table(course, given.assignment)
    return int(failed > 0)


def feedback(given: argparse.Namespace) -> int:
    """Write pages."""
    from bplib.grading.course import Course

    course = Course(given.course)
    failed = course.feedback(given.assignment, given.student, force=True)
    for line in failed:
        print(f"no page   {line}", file=sys.stderr)
    print(f"feedback  {course.page(given.assignment).relative_to(course.root)}")
    return int(bool(failed))


def collect(given: argparse.Namespace) -> int:
    """Take hand-ins in."""
    from bplib.grading.course import Course

    return _take_in(Course(given.course), given.assignment, given.source, given.roster, given.times)


def doctor(given: argparse.Namespace) -> int:
    """Look at machine and course."""
    from bplib.grading.doctor import doctor

    text, status = doctor(given.course)
    print(text)
    return status


COMMANDS = {f.__name__: f for f in (demo, grade, autograde, feedback, collect, doctor)}


# ---------------------------------------------------------------------------------------------------- what they share


def _graded(course: Course, assignment: str, student: str, force: bool, trust: bool) -> int:
    """Grade with a progress bar; return how many hand-ins have no record."""
    from tqdm import tqdm

    learners = course.learners(assignment)
    with tqdm(total=len(learners), unit="hand-in", leave=False, disable=None, dynamic_ncols=True) as bar:

        def watch(record: Record) -> None:
            bar.set_description_str(record.student[:24])
            bar.update()
            if record.status != "graded":
                why = next((note for note in reversed(record.notes)), "")
                bar.write(f"{HEADING[record.status]} {record.student}: {why}")

        course.autograde(assignment, student, force, trust, watch)
    there = {hand_in.learner for hand_in in course.results(assignment)}
    missing = [] if student != "*" else [learner for learner in learners if learner not in there]
    for learner in missing:
        print(f"no record {learner}: grade again", file=sys.stderr)
    return len(missing)


def _table(course: Course, assignment: str) -> None:
    from bplib.grading.course import table

    hand_ins = course.results(assignment)
    print(f"\n{table(assignment, hand_ins, sum(course.points(assignment).values()))}\n")
    for hand_in in hand_ins:
        for note in hand_in.notes if hand_in.marks else ():
            print(f"note      {hand_in.learner}: {note}")


def _take_in(course: Course, assignment: str, source: Path, roster: Path | None, times: str) -> int:
    from bplib.grading.collect import collect

    place = course.directory.submitted_directory
    result = collect(
        source,
        course.home,
        assignment,
        course.notebooks(assignment),
        roster,
        times,
        submitted=lambda who: Path(course.root, course.directory.format_path(place, who, assignment)),
    )
    for learner, notes in sorted(result.taken.items()):
        for note in notes:
            print(f"note      {learner}: {note}")
    for why in result.refused:
        print(f"refused   {why}", file=sys.stderr)
    for learner in result.missing:
        print(f"missing   {learner}")
    print(f"{len(result.taken)} taken into {place}, {len(result.refused)} refused, {len(result.missing)} missing")
    return int(bool(result.refused))


if __name__ == "__main__":
    sys.exit(main())
