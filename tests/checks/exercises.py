"""What the tests of the checks share: the questions, and the programs that learners wrote for them."""

import importlib
import importlib.util
import pkgutil
import tomllib
from pathlib import Path

import bplib.checks
from bplib.checks.check import Check
from bplib.checks.question import Question

ANSWERS = Path(__file__).resolve().parent.parent / "answers"
MODULES = {
    info.name: importlib.import_module(f"bplib.checks.{info.name}")
    for info in pkgutil.iter_modules(bplib.checks.__path__)
    if info.name.startswith("ps")
}
CHECKS = {
    value.name: value for module in MODULES.values() for value in vars(module).values() if isinstance(value, Check)
}
QUESTIONS = {name: check for name, check in CHECKS.items() if isinstance(check, Question)}
WHOLE = ("ps06", "ps07", "ps09")  # exercises with a notebook, and with whole programs as hand-ins


def unwritten(*inputs):
    """The released stub."""
    raise NotImplementedError


def of(exercise):
    """The checks of one exercise by the names of their functions."""
    return {check.function: check for check in CHECKS.values() if check.name.startswith(exercise + ".")}


def answers(path):
    """The functions of a whole program, with the released stub for each that it does not have."""
    spec = importlib.util.spec_from_file_location(f"{path.parent.name}_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {name: getattr(module, name, unwritten) for name in of(path.parent.name)}


def program(exercise, name):
    """The functions of the whole program `name`."""
    return answers(ANSWERS / exercise / f"{name}.py")


PROGRAMS = [path for exercise in WHOLE for path in sorted((ANSWERS / exercise).glob("*_*.py"))]
EXPECTED = {
    exercise: tomllib.loads((ANSWERS / exercise / "marks.toml").read_text(encoding="utf-8")) for exercise in WHOLE
}


def expected(path, what):
    """What marks.toml says of a program: its 'marks', 'first_wrong' or 'mistakes'."""
    return EXPECTED[path.parent.name].get(path.stem, {}).get(what, {})
