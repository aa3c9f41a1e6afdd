"""Three commands keep text, notebook and release in step: `python -m bplib.authoring build`, `release` and `check`."""

import argparse
import sys
from pathlib import Path

from bplib.authoring import SourceError, convert
from bplib.authoring.build import build
from bplib.authoring.check import check
from bplib.authoring.release import release


def main(arguments: list[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : list of str, optional
        The command line after the program's name; by default that of this process.

    Returns
    -------
    status : int
        0, or 1 if something has to be mended.
    """
    parser = argparse.ArgumentParser(prog="python -m bplib.authoring", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, what in {
        "build": "make the notebooks: lectures executed, solutions not",
        "release": "make what learners get",
        "check": "find notebooks and releases that are not those of their text, and what a reader would stumble over",
    }.items():
        command = commands.add_parser(name, help=what, description=what)
        command.add_argument("names", nargs="*", help="such as 06_two_two_two or ps06_two_two_two; none means all")
        command.add_argument("--root", type=Path, default=Path(), help="the clone's folder; by default this one")
        if name == "build":
            command.add_argument("--force", action="store_true", help="execute lectures that are up to date, too")
    asked = parser.parse_args(arguments)
    root = asked.root.resolve()
    try:
        if asked.command == "build":
            build(root, asked.names, asked.force)
        elif asked.command == "release":
            release(root, asked.names)
        else:
            return _report(root, asked.names)
    except SourceError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _report(root: Path, names: list[str]) -> int:
    findings = check(root, names)
    for finding in findings:
        print(finding)
    if not findings:
        lectures = sum(map(convert.is_lecture, paths := convert.sources(root, names)))
        print(f"text, notebooks and releases agree (lectures: {lectures}, exercises: {len(paths) - lectures})")
    return bool(findings)


if __name__ == "__main__":
    sys.exit(main())
