"""Try the corpus on the judge: `python -m tests.attacks.run`, or `make attacks`.

One line for each case that falls short, a table at the end; the exit status is 0 only if there is none.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from bplib.grading.sandbox import best_level
from tests.attacks import arena, classroom
from tests.attacks.cases import MASTERS, Case, corpus, smoke
from tests.attacks.own import own
from tests.attacks.trial import Arena, Found


def main(arguments: list[str] | None = None) -> int:
    """Run the cases that are asked for; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.attacks.run", description=__doc__)
    parser.add_argument("--level", choices=("A", "B", "both"), default="both")
    parser.add_argument("--smoke", action="store_true", help="only the cases that are worth it at every change")
    parser.add_argument("--only", metavar="ID", nargs="+", help="only the cases whose names begin so")
    parser.add_argument("--one-by-one", action="store_true", help="no whole class, which takes half of the time")
    parser.add_argument("--verbose", action="store_true", help="also what each case ends with and says")
    parser.add_argument("--json", type=Path, help="write what was found into this file")
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--harmless", action="store_true", help="leave out what may do harm where nothing holds it")
    asked = parser.parse_args(arguments)
    return inside(asked) if asked.inside else outside(asked, sys.argv[1:] if arguments is None else arguments)


def outside(asked: argparse.Namespace, arguments: list[str]) -> int:
    """Go into namespaces of our own."""
    scratch = Path(tempfile.mkdtemp(prefix="attacks-"))
    scratch.chmod(0o755)
    try:
        with contextlib.ExitStack() as stack:
            handles = []
            if asked.json:  # opened here: inside, other files lie where this one lies
                handles.append(stack.enter_context(asked.json.open("w", encoding="utf-8")).fileno())
                arguments = [*arguments, "--json", f"/dev/fd/{handles[0]}"]
            status, said = arena.enter(arguments, scratch, handles)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    for line in said:
        print(f"note      {line}")
    return status


def levels(asked: str) -> list[str]:
    """Return the levels to be tried that this machine has, and say which it has not."""
    best, reason = best_level()
    wanted = ["A", "B"] if asked == "both" else [asked]
    for level in wanted:
        if level < best:
            print(f"note      level {level} is not to be had here: {reason}")
    return [level for level in wanted if level >= best]


def chosen(asked: argparse.Namespace) -> list[Case]:
    """Return the cases that are asked for."""
    found = [*corpus(), *own()]
    if asked.smoke:
        found = [case for case in found if case.name in smoke()]
    if asked.only:
        found = [case for case in found if case.name.startswith(tuple(asked.only))]
    if asked.harmless:
        found = [case for case in found if not case.harmful]
    return found


def inside(asked: argparse.Namespace) -> int:
    """Try the cases, here and now."""
    for name in ("home", "tmp"):
        (asked.inside / name).mkdir(parents=True, exist_ok=True)
    os.chdir(asked.inside)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the first process of a namespace has to say so itself
    cases, found, began = chosen(asked), [], time.monotonic()
    for k, level in enumerate(levels(asked.level)):
        place = asked.inside / f"level-{level}"
        place.mkdir()
        with Arena(level, place) as ground:
            for case in cases:
                for j, master in enumerate(case.masters):
                    if case.raw is not None:
                        found.append(ground.tried(case, master, again=j == 0 and not asked.smoke))
                        say(found[-1], asked.verbose)
            more = [Found("honest at the end", level, master, short=[*ground.next(master)]) for master in ground.honest]
        more.append(Found("when all is closed", level, "", short=ground.left_at_the_end()))
        if not asked.one_by_one and not (asked.smoke and k):
            more += classroom.tried(cases, level, place / "class")
        if not asked.one_by_one and not asked.smoke:
            more += classroom.sequences(cases, level, place / "again")
        for one in more:
            say(one)
        found += more
    if not found:
        print("nothing was tried")  # which proves nothing
        return 1
    report(found, time.monotonic() - began)
    if asked.json:
        asked.json.write_text(json.dumps([vars(one) for one in found]), encoding="utf-8")
    return int(any(one.short for one in found))


def say(one: Found, verbose: bool = False) -> None:
    """Print a line for each way in which a case falls short."""
    if verbose:
        print(
            f"\n{one.case} ({one.level}, {one.master}): {one.status}, {one.score} in {one.seconds:.1f} s,"
            f" {one.memory:.0f} MB"
        )
        for line in one.told:
            print(f"          {line}")
    for line in one.short:
        print(f"SHORT     {one.case} ({', '.join(filter(None, (one.level, one.master)))}): {line}", flush=True)


def report(found: list[Found], seconds: float) -> None:
    """Print the table: how many cases there were of each kind, and how many of them came out as they must."""
    kinds = sorted({one.case[0] for one in found if one.case[0].isupper()})
    columns = [
        (level, master) for level in sorted({one.level for one in found}) for master in (*MASTERS, "own", "class")
    ]
    print("\nkind" + "".join(f"{f'{master} {level}':>14}" for level, master in columns))
    for kind in [*kinds, ""]:
        row = f"{kind or 'all':<4}"
        for level, master in columns:
            there = [one for one in found if one.case.startswith(kind) and (one.level, one.master) == (level, master)]
            row += f"{f'{sum(not one.short for one in there)} of {len(there)}':>14}"
        print(row)
    short = {one.case for one in found if one.short}
    slowest = max(found, key=lambda one: one.seconds)
    largest = max(found, key=lambda one: one.memory)
    print(
        f"\n{len(found)} trials in {seconds:.0f} s; fall short: {', '.join(sorted(short)) or 'none'}"
        f"\nslowest {slowest.case} ({slowest.seconds:.1f} s); most memory {largest.memory:.0f} MB ({largest.case})"
    )


if __name__ == "__main__":
    sys.exit(main())
