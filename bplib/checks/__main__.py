"""`python -m bplib.checks report` shows which mistakes a class made; `prove` tries the checks themselves."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bplib.checks import prove, report


def main(arguments: list[str] | None = None) -> int:
    """Read the command line, do it, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bplib.checks", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    show = commands.add_parser("report", help="write a page and a table: which mistakes did the class make?")
    show.add_argument("paths", nargs="*", type=Path, default=[Path("course/autograded")], metavar="PATH",
                      help="autograded notebooks, folders, or records (default: course/autograded)")  # fmt: skip
    show.add_argument("--to", type=Path, default=Path("course/report"), help="folder to write")
    proof = commands.add_parser("prove", help="judge learners' programs, right and wrong, and print what came of it")
    proof.add_argument("--answers", type=Path, default=Path("tests/answers"), help="where the programs are")
    proof.add_argument("--seeds", type=int, default=10, help="on how many seeds each is judged (default: 10)")
    proof.add_argument("--only", default="", help="one exercise: ps06")
    given = parser.parse_args(arguments)
    if given.command == "report":
        return report.main(given.paths, given.to)
    return prove.main(given.answers, given.seeds, given.only)


if __name__ == "__main__":
    sys.exit(main())
