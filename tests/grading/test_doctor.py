"""What would be refused is said before anybody hands in, with the command that mends it."""

import os
import shutil
import sqlite3
from collections import namedtuple
from contextlib import closing
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_notebook
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config

from bplib.grading import book, doctor
from bplib.grading.config import prefer_own_programs
from bplib.grading.sandbox import SandboxError
from tests.grading.conftest import PYTHON


@pytest.fixture(scope="session")
def stock(tmp_path_factory, small_cells):
    """A course as `nbgrader quickstart` makes it, one assignment released."""
    prefer_own_programs()
    root = tmp_path_factory.mktemp("doctor") / "my course é 🙂"
    (root / "source" / "small").mkdir(parents=True)
    cells = [nbformat.from_dict(cell) for cell in small_cells]
    nbformat.write(new_notebook(cells=cells, metadata=PYTHON), root / "source" / "small" / "small.ipynb")
    config = Config()
    config.CourseDirectory.root = str(root)
    assert NbGraderAPI(config=config).generate_assignment("small")["success"]
    book.backup(root / "gradebook.db")
    (root / "nbgrader_config.py").write_text(doctor.PLUG + "\n")
    return root


@pytest.fixture
def course(tmp_path, stock):
    return Path(shutil.copytree(stock, tmp_path / stock.name))


@pytest.fixture
def quick(monkeypatch):
    """Without starting a sandbox: what is asked is not about it."""
    monkeypatch.setattr(doctor, "_sandbox", lambda settings: iter([doctor.Finding("fine", "sandbox", "not asked")]))


def everything(root):
    return {path: path.stat().st_mtime_ns for path in root.rglob("*") if "__pycache__" not in path.parts}


def mends(root):
    """Return the lines about what would be refused, and look at the last sentence and the status."""
    text, status = doctor.doctor(root)
    lines = [line.split(maxsplit=1)[1] for line in text.splitlines() if line.startswith("mend")]
    last = text.splitlines()[-1]
    assert status == bool(lines)
    assert last == "Nothing would be refused: hand-ins can be graded." if not lines else last.startswith("Do first: ")
    return lines


def test_a_sound_course_is_said_to_be_sound_and_left_as_it_is(course):
    before = everything(course)
    text, status = doctor.doctor(course)
    assert status == 0, text
    assert "Nothing would be refused" in text.splitlines()[-1]
    assert {line.split()[1] for line in text.splitlines() if line.startswith("fine")} == {
        "sandbox", "versions", "course", "grade", "small",
    }, text  # fmt: skip
    assert "tried from inside" in text
    assert "nbgrader 0.9" in text
    assert "1 backup, the newest gradebook-" in text
    assert "its own answers earn every mark; 0 hand-ins" in text
    assert everything(course) == before


# --- the machine


def test_a_machine_without_a_sandbox_grades_nobody_by_itself(course, monkeypatch):
    monkeypatch.setattr(doctor, "best_level", lambda: ("C", "This kernel has no Landlock: limits only."))
    (line,) = mends(course)
    assert line.split()[:6] == ["sandbox", "This", "kernel", "has", "no", "Landlock:"]
    assert "refused unless you say --i-trust-these-notebooks" in line
    with (course / "nbgrader_config.py").open("a") as file:
        file.write("c.Judge.trust = True\n")
    assert mends(course) == []
    assert "learners' code runs with limits only, as c.Judge.trust says" in doctor.doctor(course)[0]


def test_a_sandbox_with_a_hole_is_no_sandbox(course, monkeypatch):
    def start(self):
        raise SandboxError("the sandbox of level A does not hold (write /: allowed): nothing is run")

    monkeypatch.setattr(doctor.Sandbox, "start", start)
    (line,) = mends(course)
    assert "does not hold (write /: allowed)" in line


def test_a_level_that_the_machine_cannot_have_is_refused(course, monkeypatch):
    monkeypatch.setattr("bplib.grading.sandbox.best_level", lambda: ("B", "Level A: install bubblewrap."))
    with (course / "nbgrader_config.py").open("a") as file:
        file.write("c.Judge.level = 'A'\n")
    (line,) = mends(course)
    assert "Level A is not to be had on this machine" in line


@pytest.mark.parametrize("program", doctor.INSTALL)
def test_without_bubblewrap_its_installation_is_the_mend(tmp_path, monkeypatch, program):
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}" if name == program else None)
    assert doctor.better_level("B", tmp_path) == doctor.INSTALL[program]


@pytest.mark.parametrize("switch", doctor.SWITCHES)
def test_a_kernel_that_forbids_namespaces_is_told_apart_by_its_switch(tmp_path, monkeypatch, switch):
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    for name, (forbids, _) in doctor.SWITCHES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"{forbids}\n" if name == switch else "15000\n")
    said = doctor.better_level("B", tmp_path)
    assert said == doctor.SWITCHES[switch][1]
    assert said.startswith("sudo sysctl ")
    assert said.partition("sysctl ")[2].partition("=")[0].replace(".", "/") in switch
    (tmp_path / ".dockerenv").touch()
    assert doctor.better_level("B", tmp_path).startswith("docker run --security-opt seccomp=unconfined")


def test_a_kernel_without_landlock_is_told_how_to_have_it(tmp_path, monkeypatch):
    (tmp_path / "sys/kernel/security").mkdir(parents=True)
    (tmp_path / "sys/kernel/security/lsm").write_text("capability,yama,apparmor\n")
    assert "lsm=landlock,capability,yama,apparmor " in doctor.better_level("C", tmp_path)
    (tmp_path / "sys/kernel/security/lsm").unlink()
    monkeypatch.setattr(doctor.platform, "release", lambda: "5.4.0-99-generic")
    assert doctor.better_level("C", tmp_path) == "Linux 5.13 or newer; this is 5.4.0-99-generic"
    monkeypatch.setattr(doctor.platform, "release", lambda: "6.1.0-18-amd64")
    assert "Docker 23 or newer" in doctor.better_level("C", tmp_path)
    assert doctor.better_level("A", tmp_path) == ""


@pytest.mark.usefixtures("quick")
def test_little_space_is_a_word_and_none_is_refused(course, monkeypatch):
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(shutil, "disk_usage", lambda place: usage(500 << 20))
    assert mends(course) == []
    assert doctor.doctor(course)[0].count("500 MB are left on the disk") == 2
    monkeypatch.setattr(shutil, "disk_usage", lambda place: usage(50 << 20))
    assert [line.split("  ")[0] for line in mends(course)] == ["temporary files", "course"]


# --- the course


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("c = get_config(\n", "nbgrader_config.py cannot be read (SyntaxError"),
        ("conf.CourseDirectory.root = 1", "nbgrader_config.py cannot be read (NameError"),
        ("import not_there", "nbgrader_config.py cannot be read (ModuleNotFoundError"),
        ("raise SystemExit(3)", "SystemExit"),
        ("get_config().CourseDirectory.source_directory = 3", "nbgrader_config.py cannot be used (TraitError"),
        ("get_config().CourseDirectory.source_directory = 'sauce'", "has no folder sauce/"),
    ],
)
def test_a_configuration_that_nbgrader_would_only_log_is_refused(course, text, said):
    (course / "nbgrader_config.py").write_text(text)
    (line,) = mends(course)
    assert line.startswith("course")
    assert said in line


@pytest.mark.usefixtures("quick")
def test_no_course_and_no_folder(tmp_path):
    (line,) = mends(tmp_path)
    assert "there is no course here" in line
    (line,) = mends(tmp_path / "nowhere")
    assert "there is no folder" in line


@pytest.mark.usefixtures("quick")
def test_a_course_that_is_not_plugged_in_is_told_the_line(course):
    (course / "nbgrader_config.py").unlink()
    text, status = doctor.doctor(course)
    assert status == 0
    assert f"put into nbgrader_config.py: {doctor.PLUG}" in text


@pytest.mark.usefixtures("quick")
def test_the_grade_book_is_looked_at(course):
    path = course / "gradebook.db"
    with closing(sqlite3.connect(path)) as grades, grades:
        grades.execute("CREATE TRIGGER rise AFTER UPDATE ON grade BEGIN UPDATE grade SET auto_score = 9; END")
    (line,) = mends(course)
    assert line.startswith("grade book")
    assert "a trigger that is not nbgrader's (rise)" in line
    assert "copy backups/" in line
    path.unlink()
    (line,) = mends(course)
    assert "there is no grade book gradebook.db: move it" in line
    shutil.rmtree(course / "backups")
    assert mends(course) == []
    assert not path.exists()


@pytest.mark.usefixtures("quick")
def test_a_question_mark_in_the_path_is_named(course, tmp_path):
    """SQLAlchemy takes what follows for options, and nbgrader makes another grade book elsewhere."""
    (line,) = mends(course.rename(tmp_path / "why?"))
    assert "question mark" in line


@pytest.mark.usefixtures("quick")
def test_permissions_of_the_secret(course):
    secret = course / "secret"
    secret.write_text("0" * 64)
    secret.chmod(0o644)
    (line,) = mends(course)
    assert f"chmod 600 '{secret}'" in line
    secret.chmod(0o600)
    assert mends(course) == []
    secret.write_text("")
    (line,) = mends(course)
    assert "holds no secret" in line


@pytest.mark.usefixtures("quick")
def test_folders_that_cannot_be_used_are_named_with_the_command(course, monkeypatch):
    (course / "submitted").mkdir()
    real = os.access
    closed = (course, course / "submitted")
    monkeypatch.setattr(os, "access", lambda path, *mode, **more: path not in closed and real(path, *mode, **more))
    assert [line.split(": ")[-1] for line in mends(course)] == [
        f"chmod u+rwx '{course}'",
        f"chmod u+rx '{course / 'submitted'}'",
    ]


@pytest.mark.usefixtures("quick")
def test_the_roster_is_compared_with_the_hand_ins(course):
    (course / "roster.csv").write_text("id,last_name\nada,L\nbob,M\n")
    for who in ("ada", "\u202eeve"):
        (course / "submitted" / who / "small").mkdir(parents=True)
    text, status = doctor.doctor(course)
    assert status == 0
    assert "2 persons in roster.csv" in text
    assert "not in roster.csv but among the hand-ins: ?eve" in text
    (course / "roster.csv").write_text("name\nada\n")
    (line,) = mends(course)
    assert "roster.csv has no column 'id'" in line


def edit(course, change):
    path = course / "source" / "small" / "small.ipynb"
    notebook = nbformat.read(path, as_version=4)
    change({cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in notebook.cells})
    nbformat.write(notebook, path)


@pytest.mark.usefixtures("quick")
def test_a_check_that_cannot_give_marks_is_named_with_its_cell(course):
    edit(course, lambda cell: cell["check_two"].update(source="import os\nraise ValueError(two())"))
    shutil.rmtree(course / "release")
    (course / "gradebook.db").unlink()
    shutil.rmtree(course / "backups")
    (line,) = mends(course)
    assert "small.ipynb, cell check_two: " in line
    assert "the master's own answer" in line
    assert "ValueError: 2" in line


@pytest.mark.usefixtures("quick")
def test_a_master_changed_after_release_is_named_with_the_way_out(course):
    edit(course, lambda cell: cell["check_two"].metadata.nbgrader.update(points=1))
    lines = mends(course)
    assert (
        "not as it was released (cell check_two is worth 1, and was worth 2): undo that, or release it again"
        in lines[0]
    )
    assert "small_v2" in lines[0]
    assert len(lines) == 2  # its check gives 2 of 1


@pytest.mark.usefixtures("quick")
def test_a_master_that_cannot_be_read_is_named(course):
    (course / "source" / "small" / "small.ipynb").write_text("{}")
    assert any(line.startswith("small") and "master cannot be graded with" in line for line in mends(course))
