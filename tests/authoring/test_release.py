"""Learners get what nbgrader releases: no answers, the same bytes each time, and nothing left lying about."""

import os
import subprocess
import sys

import pytest

from bplib.authoring import SourceError, convert
from bplib.authoring.release import release
from tests.authoring.conftest import replace
from tests.authoring.test_build import quiet, snapshot


def test_releasing_twice_is_byte_equal_and_leaves_nothing_behind(mini, course):
    release(course, say=quiet)
    assert snapshot(course) == snapshot(mini)
    made = {str(path) for path in snapshot(course) if path.parts[0] == "exercises"}
    assert made == {"exercises/ps06_mini/ps06_mini.ipynb", "exercises/ps06_mini/table.csv"}


def test_it_works_from_anywhere_and_leaves_nothing_in_the_home_folder(course, mini, tmp_path):
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    home.mkdir()
    elsewhere.mkdir()
    (course / "exercises/ps06_mini/ps06_mini.ipynb").unlink()
    command = [sys.executable, "-m", "bplib.authoring", "release", "--root", str(course)]
    env = {"HOME": str(home), "PATH": os.defpath}  # the venv's programs are not on it
    done = subprocess.run(command, cwd=elsewhere, env=env, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("exercises/ps06_mini/ps06_mini.ipynb: released\n", "")
    assert snapshot(course) == snapshot(mini)
    assert not [path for path in (*home.rglob("*"), *elsewhere.iterdir()) if path.is_file()]


def test_the_release_holds_the_questions_and_not_the_answers(mini):
    text = (mini / "exercises/ps06_mini/ps06_mini.ipynb").read_text(encoding="utf-8")
    for answer in ("x * W + 0", "return z", "other factor", "BEGIN SOLUTION"):
        assert answer not in text
    for question in ("Return the product.", "raise NotImplementedError()", "YOUR ANSWER HERE", "check_net"):
        assert question in text
    assert convert.load(mini / "exercises/ps06_mini/ps06_mini.ipynb", "").metadata == convert.METADATA


def test_programs_in_the_assignments_folder_stay_there(course):
    (course / "solutions/ps06_mini/answers.py").write_text("z = x * W\n", encoding="utf-8")
    release(course, say=quiet)
    assert not list((course / "exercises").rglob("*.py"))


def test_what_nbgrader_refuses_is_an_error_with_its_reason_and_writes_nothing(course):
    before = snapshot(course / "exercises")
    replace(course / "solutions/ps06_mini.py", '"points": 2, ', "")
    with pytest.raises(SourceError, match=r"solutions/ps06_mini.py: nbgrader does not release it: .*points"):
        release(course, say=quiet)
    assert snapshot(course / "exercises") == before
