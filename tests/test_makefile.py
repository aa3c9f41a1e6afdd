"""What `make` says when the machine is not as it should be; the recipes run with a Python that pretends."""

import os
import shutil
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")

PRETENDER = """#!{python}
import os, sys
code = sys.argv[2] if sys.argv[1:2] == ["-c"] else None
if "version_info" in (code or "") and {old}:
    sys.version_info = (3, 8, 10, "final", 0)
    exec(code)
elif "ensurepip" in (code or "") and {bare}:
    sys.exit(1)
elif code:
    exec(code)
elif sys.argv[1:3] == ["-m", "venv"]:
    print("venv", *sys.argv[3:])
    os.makedirs(".venv/bin", exist_ok=True)
    with open(".venv/bin/python", "w") as file:
        file.write("#!/bin/sh\\necho pip \\"$@\\"\\n{fail}")
    os.chmod(".venv/bin/python", 0o755)
"""


@pytest.fixture
def make(root, tmp_path):
    """Return a function that runs make in a folder with the real Makefile and a pretending Python."""
    for name in ("Makefile", "requirements.txt", "pyproject.toml"):
        shutil.copy(root / name, tmp_path)

    def run(target, old=False, bare=False, fail=""):
        python = tmp_path / "python"
        python.write_text(PRETENDER.format(python=sys.executable, old=old, bare=bare, fail=fail))
        python.chmod(0o755)
        environment = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
        return subprocess.run(
            ["make", target, f"PYTHON={python}"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            env=environment,
            check=False,
        )

    return run


def test_a_python_that_is_too_old_is_named_in_one_line(make, tmp_path):
    done = make(".venv/course", old=True)
    assert done.returncode != 0
    said = [line for line in (done.stdout + done.stderr).splitlines() if not line.startswith("make")]
    assert len(said) == 1
    assert "Python 3.11, 3.12 or 3.13 is needed" in said[0]
    assert "is 3.8" in said[0]
    assert not (tmp_path / ".venv").exists()


def test_a_missing_venv_module_is_named_in_one_line(make, tmp_path):
    done = make(".venv/course", bare=True)
    assert done.returncode != 0
    said = [line for line in (done.stdout + done.stderr).splitlines() if not line.startswith("make")]
    assert len(said) == 1
    assert "has no venv module" in said[0]
    assert "python3-venv" in said[0]


def test_a_half_made_environment_is_made_from_scratch(make, tmp_path):
    assert make(".venv/course", fail="exit 1\\n").returncode != 0  # pip was interrupted
    assert (tmp_path / ".venv").exists()
    assert not (tmp_path / ".venv" / "course").exists()
    done = make(".venv/course")
    assert done.returncode == 0
    assert "venv --clear .venv" in done.stdout
    assert (tmp_path / ".venv" / "course").exists()
    assert "is up to date" in make(".venv/course").stdout


def test_help_lists_every_command(make):
    done = make("help")
    for command in ("grade", "lab", "build", "test", "check", "agree", "bench", "lock", "clean"):
        assert f"make {command} " in done.stdout


def test_grading_a_folder_needs_the_assignments_name(make, tmp_path):
    assert make(".venv/course").returncode == 0
    environment = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
    done = subprocess.run(
        ["make", "grade", "SUBMITTED=my folder"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert done.returncode != 0
    assert "say which assignment: make grade SUBMITTED='my folder' ASSIGNMENT=" in done.stdout
