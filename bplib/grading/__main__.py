"""Grade a class: `python -m bplib.grading demo` for the sample class; `collect` and `grade ASSIGNMENT` for your own."""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from pathlib import Path

ASSIGNMENT = "ps06_two_two_two"


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bplib.grading", description=__doc__)
    parser.add_argument("--root", type=Path, default=Path.cwd(), help="the course's folder (default: here)")
    commands = parser.add_subparsers(dest="command", required=True)
    demo = commands.add_parser("demo", help="grade the bundled sample class in course/demo/")
    demo.add_argument("assignment", nargs="?", default=ASSIGNMENT)
    own = commands.add_parser("grade", help="grade your class in course/")
    own.add_argument("assignment")
    own.add_argument("--submitted", type=Path, help="folder of hand-ins to take in first")
    taking = commands.add_parser("collect", help="take in what Moodle, Canvas or ILIAS made: a folder or a zip")
    taking.add_argument("assignment")
    taking.add_argument("source", type=Path)
    taking.add_argument("--roster", type=Path, help="CSV with the columns id, last_name, first_name, email")
    taking.add_argument("--times", choices=("clock", "files"), default="clock", help="when a hand-in was received")
    given = parser.parse_args(arguments)
    if given.command == "collect":
        return collected(given)

    # nbgrader's models and SQLAlchemy 2.1 disagree about when to warn; nothing that a lecturer could mend.
    warnings.filterwarnings("ignore", message="Object of type .* not in session")
    from bplib.grading.course import Course, CourseError, table  # nbgrader takes two seconds to import
    from bplib.grading.intake import graded, master
    from bplib.grading.sample import build_class

    started = time.perf_counter()
    name = given.assignment
    try:
        if given.command == "demo":
            course = Course(given.root, home="course/demo", release="course/demo/released")
            released = course.release(name)
            programs = course.root / "tests" / "answers" / name.split("_")[0]
            if not build_class(programs, released, course.home / "submitted"):
                raise CourseError(f"there is no sample class for {name}: no program in {programs}")
        else:
            course = Course(given.root)
            course.release(name)
            if given.submitted is not None:
                course.take_in(name, given.submitted)
        if not course.learners(name):
            raise CourseError(
                f"nobody has handed in {name}: give SUBMITTED=folder, or collect into {course.home / 'submitted'}"
            )
        records = course.grade(name)
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1

    points = graded(master(course.root / "solutions" / name / f"{name}.ipynb"))
    print(f"\n{table(name, records, sum(points.values()))}\n")
    for record in records:
        for note in record.notes:
            print(f"mended    {record.learner}: {note}")
    waiting = sum(record.waits for record in records)
    if waiting:
        where = "" if given.command == "demo" else ": `make lab`, then Nbgrader > Formgrader"
        print(f"by hand   {waiting} hand-ins have an answer in words that a person marks (?){where}")
    failed = sum(record.problem is not None for record in records)
    print(f"feedback  {course.feedback(name).relative_to(course.root)}")
    print(f"table     {course.write_csv(name, records).relative_to(course.root)}")
    print(f"{len(records)} hand-ins, {failed} not graded, {time.perf_counter() - started:.0f} s")
    return 0


def collected(given: argparse.Namespace) -> int:
    """Take hand-ins into the course; return 1 if anything was refused."""
    from bplib.grading.collect import CollectError, collect

    try:
        result = collect(given.source, given.root / "course", given.assignment, roster=given.roster, times=given.times)
    except CollectError as error:
        print(error, file=sys.stderr)
        return 1
    for learner, notes in sorted(result.taken.items()):
        for note in notes:
            print(f"note      {learner}: {note}")
    for why in result.refused:
        print(f"refused   {why}", file=sys.stderr)
    for learner in result.missing:
        print(f"missing   {learner}")
    print(f"{len(result.taken)} taken, {len(result.refused)} refused, {len(result.missing)} missing")
    return int(bool(result.refused))


if __name__ == "__main__":
    sys.exit(main())
