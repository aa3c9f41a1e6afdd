"""Whatever goes wrong around the grading: each hand-in has one record, nobody's marks change, a fault is never a zero.

The real command grades a small class, undisturbed once, and then with one fault each; afterwards the same command must
bring it to the same end. What `judge` has to withstand by itself is tried on it directly.
"""

import contextlib
import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_notebook
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config

from bplib.grading import book
from bplib.grading.config import prefer_own_programs
from bplib.grading.doctor import PLUG
from bplib.grading.judge import Assignment, judge
from bplib.grading.sandbox import Limits, Sandbox, SandboxError, Worker
from tests.grading.conftest import PYTHON

pytestmark = pytest.mark.slow
HERE = str(Path(__file__).resolve().parents[2])
COMMAND = [sys.executable, "-m", "bplib.grading"]

CLASS = {  # learner -> answers to `one` and `two`
    "ada": ("return 1", "return 2"),
    "bob": ("return 1", "return 3"),
    "cid": ("import os\n    os._exit(0)", "return 2"),
    "dan": ("while True:\n        pass", "return 2"),
    "zed": ("return 1", "return 2"),
}


def hand_in(root, learner, answers):
    notebook = nbformat.read(root / "release" / "small" / "small.ipynb", as_version=4)
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in notebook.cells}
    for name, answer in zip(("one", "two"), answers, strict=True):
        cells[name].source = f"def {name}():\n    {answer}"
    folder = root / "submitted" / learner / "small"
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, folder / "small.ipynb")


@pytest.fixture(scope="session")
def released(tmp_path_factory, small_cells):
    """A stock course folder, one assignment released, five hand-ins."""
    prefer_own_programs()
    root = tmp_path_factory.mktemp("operations") / "course"
    (root / "source" / "small").mkdir(parents=True)
    cells = [nbformat.from_dict(cell) for cell in small_cells]
    nbformat.write(new_notebook(cells=cells, metadata=PYTHON), root / "source" / "small" / "small.ipynb")
    (root / "nbgrader_config.py").write_text(f"{PLUG}\nc.Judge.cpu_call = 1.0\n")
    config = Config()
    config.CourseDirectory.root = str(root)
    assert NbGraderAPI(config=config).generate_assignment("small")["success"]
    (root / "secret").write_text("0123456789abcdef" * 4)
    (root / "secret").chmod(0o600)
    for learner, answers in CLASS.items():
        hand_in(root, learner, answers)
    return root


def outcome(root):
    """Return what came of the class, having looked that nobody is there twice."""
    path = root / "records" / "small.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    assert len({line["student"] for line in lines}) == len(lines), "two records for one hand-in"
    with closing(sqlite3.connect(root / "gradebook.db")) as grades:
        assert grades.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        rows = grades.execute(
            "SELECT s.student_id, c.name, g.auto_score, g.manual_score, g.needs_manual_grade FROM grade g"
            " JOIN submitted_notebook n ON n.id = g.notebook_id JOIN submitted_assignment s ON s.id = n.assignment_id"
            " JOIN base_cell c ON c.id = g.cell_id ORDER BY 1, 2"
        ).fetchall()
    assert len({row[:2] for row in rows}) == len(rows), "two marks for one cell"
    return {
        line["student"]: (line["status"], line["score"], [row[1:] for row in rows if row[0] == line["student"]])
        for line in lines
    }


def handed_in(root):
    """Return everything below `submitted/`, to see that grading leaves it alone."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted((root / "submitted").rglob("*"))
    }


@pytest.fixture(scope="session")
def undisturbed(released, tmp_path_factory):
    """The course after a run in which nothing went wrong."""
    root = Path(shutil.copytree(released, tmp_path_factory.mktemp("undisturbed") / "course"))
    done = grade(root)
    assert done.returncode == 0, done.stderr
    return root


@pytest.fixture(scope="session")
def expected(undisturbed):
    """What comes of the class when nothing goes wrong."""
    found = outcome(undisturbed)
    assert {who: (status, score) for who, (status, score, _) in found.items()} == {
        "ada": ("graded", 4.0),
        "bob": ("graded", 2.0),
        "cid": ("graded", 2.0),
        "dan": ("graded", 2.0),
        "zed": ("graded", 4.0),
    }
    return found


@pytest.fixture
def course(tmp_path, released):
    return Path(shutil.copytree(released, tmp_path / "course"))


@pytest.fixture
def graded(tmp_path, undisturbed):
    """A course that has been graded once already."""
    return Path(shutil.copytree(undisturbed, tmp_path / "graded"))


def environment(**more):
    return {**os.environ, "PYTHONPATH": HERE, **more}


def grade(root, *arguments, **options):
    """Run the command to its end."""
    command = [*COMMAND, "autograde", "small", "--course", str(root), *arguments]
    options = {"env": environment(), "timeout": 240, **options}
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


@contextlib.contextmanager
def grading(root, *arguments, wait=1, program=None):
    """Start the command, and go on when so many records are there."""
    command = [*COMMAND] if program is None else [sys.executable, "-c", program]
    command += ["autograde", "small", "--course", str(root), *arguments]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(), start_new_session=True
    ) as running:
        try:
            until(lambda: records(root) >= wait or running.poll() is not None)
            yield running
        finally:
            if running.poll() is None:
                running.kill()


def records(root):
    path = root / "records" / "small.jsonl"
    return path.read_bytes().count(b"\n") if path.exists() else 0


def until(true, patience=120.0):
    end = time.monotonic() + patience
    while not true():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.01)


def beneath(process):
    """Return the numbers of a process's descendants."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, IndexError, ValueError):
            parents.setdefault(int(stat.read_text().rpartition(")")[2].split()[1]), []).append(int(stat.parent.name))
    found, todo = [], [process]
    while todo:
        children = parents.get(todo.pop(), [])
        found += children
        todo += children
    return found


def alive(process):
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def one_line(text):
    """Return the one line that a refusal must be."""
    lines = [line for line in text.splitlines() if line.strip()]
    assert len(lines) == 1, text
    assert "Traceback" not in text
    return lines[0]


# --- killed, stopped


def test_killed_in_the_middle_again_and_again_and_started_once_more(course, expected):
    before = handed_in(course)
    for wait, pause in ((0, 2.2), (1, 0.0), (2, 0.02), (2, 0.2)):
        with grading(course, wait=wait) as running:
            time.sleep(pause)
            children = beneath(running.pid)
            running.kill()
            running.communicate()
        until(lambda children=children: not any(map(alive, children)), 20)  # nothing goes on without it
        there = outcome(course)
        assert {who: there[who] for who in there} == {who: expected[who] for who in there}
    done = grade(course)
    assert done.returncode == 0, done.stderr
    assert outcome(course) == expected
    assert handed_in(course) == before
    assert not list(course.glob("**/.new-*")) or records(course) == len(CLASS)


def test_ctrl_c_ends_it_in_one_line_and_the_same_command_goes_on(course, expected):
    with grading(course, wait=2) as running:
        os.killpg(running.pid, signal.SIGINT)  # as a terminal sends it: to all of them
        _, said = running.communicate(timeout=60)
    assert running.returncode not in (0, -signal.SIGKILL)
    assert "Traceback" not in said
    assert "the same command goes on from here" in said.splitlines()[-1]
    there = outcome(course)
    assert 2 <= len(there) < len(CLASS)
    assert there == {who: expected[who] for who in there}
    done = grade(course)
    assert done.returncode == 0, done.stderr
    assert outcome(course) == expected


# --- the disk


@contextlib.contextmanager
def small_disk(folder, megabytes):
    """Mount a small disk at `folder`, if this user may; else say so."""
    folder.mkdir()
    size = f"size={megabytes}m"
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)], capture_output=True, check=False)
    try:
        yield done.returncode == 0
    finally:
        if done.returncode == 0:
            subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.parametrize("left", [0, 60, 250])
def test_a_full_disk_is_named_and_after_making_room_it_goes_on(tmp_path, released, expected, left):
    with small_disk(tmp_path / "disk", 8) as mounted:
        root = Path(shutil.copytree(released, tmp_path / "disk" / "course"))
        if mounted:
            with (root.parent / "filler").open("wb") as filler:
                free = shutil.disk_usage(root).free
                filler.write(b"x" * max(0, free - (left << 10)))
            done = grade(root)
            (root.parent / "filler").unlink()
        else:
            most = left << 10
            done = grade(root, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)))
        if done.returncode:
            line = done.stderr.splitlines()[-1]  # before it nbgrader may have logged its own
            assert any(word in line.lower() for word in ("space", "disk", "large")), done.stderr
        else:
            assert left >= 250
        book.check(root / "gradebook.db")
        there = outcome(root)
        assert there == {who: expected[who] for who in there}
        assert bool(done.returncode) == (len(there) < len(CLASS))
        done = grade(root)
        assert done.returncode == 0, done.stderr
        assert outcome(root) == expected


# --- the grade book


HOLDER = """
import sqlite3, sys, time
book = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)
book.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
time.sleep(float(sys.argv[2]))
"""


def test_a_grade_book_that_is_held_for_a_while_is_waited_for(course, expected):
    with grading(course) as running:
        with subprocess.Popen(
            [sys.executable, "-c", HOLDER, course / "gradebook.db", "9"], stdout=subprocess.PIPE, text=True
        ) as holder:
            assert holder.stdout.readline() == "held\n"
            assert running.poll() is None, "it was graded before anybody could hold it"
        _, said = running.communicate(timeout=120)
    assert running.returncode == 0, said
    assert outcome(course) == expected


def test_a_foreign_trigger_is_refused_before_anybody_is_graded(course):
    with closing(sqlite3.connect(course / "gradebook.db")) as grades, grades:
        grades.execute("CREATE TRIGGER rise AFTER INSERT ON grade BEGIN UPDATE grade SET auto_score = 9; END")
    before = (course / "gradebook.db").read_bytes()
    done = grade(course)
    assert done.returncode == 1
    assert "a trigger that is not nbgrader's (rise)" in one_line(done.stderr)
    assert (course / "gradebook.db").read_bytes() == before
    assert records(course) == 0


@pytest.mark.parametrize("how", ["truncated", "empty", "gone"])
def test_a_damaged_grade_book_is_refused_and_comes_back_from_its_backup(graded, expected, how):
    path = graded / "gradebook.db"
    (kept,) = book.backups(path)
    if how == "gone":
        path.unlink()
    else:
        os.truncate(path, path.stat().st_size // 2 if how == "truncated" else 0)
    size = path.stat().st_size if path.exists() else None
    lines = (graded / "records" / "small.jsonl").read_bytes()
    done = grade(graded, "--force")
    assert done.returncode == 1
    assert f"copy backups/{kept.name} to gradebook.db" in one_line(done.stderr)
    assert (path.stat().st_size if path.exists() else None) == size  # not overwritten, and not made anew
    assert (graded / "records" / "small.jsonl").read_bytes() == lines
    shutil.copy(kept, path)  # it is from before the first run: what is booked is gone, and is booked again
    done = grade(graded)
    assert done.returncode == 0, done.stderr
    assert outcome(graded) == expected


def test_two_graders_at_once(course, expected):
    with grading(course) as first:
        os.kill(first.pid, signal.SIGSTOP)  # so that it is not done before the second one has even begun
        second = grade(course, "--force")
        os.kill(first.pid, signal.SIGCONT)
        first.communicate(timeout=120)
    assert first.returncode == 0
    assert second.returncode == 1
    assert f"another grader is at work in this course (process {first.pid} on " in one_line(second.stderr)
    assert outcome(course) == expected


def test_a_master_changed_after_release_grades_nobody(course):
    path = course / "source" / "small" / "small.ipynb"
    path.write_text(path.read_text().replace("2.0 if two() == 2 else 0.0", "2.0"))
    done = grade(course)
    assert done.returncode == 1
    line = one_line(done.stderr)
    assert "is no longer as it was released (cell check_two reads otherwise in line 1)" in line
    assert "small_v2" in line
    assert records(course) == 0


# --- the sandbox


def test_without_a_sandbox_nobody_is_graded_unless_it_is_said_in_so_many_words(course, expected):
    blind = "from bplib.grading import lock; lock.landlock = lambda *_: 0\nfrom bplib.grading.__main__ import main\n"
    command = [sys.executable, "-c", f"{blind}import sys; sys.exit(main())", "autograde", "small", "--course", course]
    without = environment(PATH=str(Path(sys.executable).parent))  # no bubblewrap on it
    done = subprocess.run(command, capture_output=True, text=True, env=without, timeout=120)
    assert done.returncode == 1
    assert "no sandbox" in one_line(done.stderr).lower()
    assert records(course) == 0
    assert outcome(course) == {}
    command.append("--i-trust-these-notebooks")
    done = subprocess.run(command, capture_output=True, text=True, env=without, timeout=120)
    assert done.returncode == 0, done.stderr
    assert outcome(course) == expected
    assert (course / "records" / "small.jsonl").read_text().count("level C") >= len(CLASS)


def test_a_sandbox_that_dies_while_the_class_is_graded(course, expected):
    with grading(course) as running:
        for child in beneath(running.pid):
            command = Path(f"/proc/{child}/cmdline").read_bytes() if alive(child) else b""
            if b"bplib.grading.zygote" in command:
                os.kill(child, signal.SIGKILL)
        _, said = running.communicate(timeout=120)
    assert running.returncode == 0, said
    assert outcome(course) == expected


@pytest.fixture(scope="module")
def assignment(released):
    folder = released / "source" / "small"
    return Assignment("small", folder / "small.ipynb", folder)


@pytest.fixture(scope="module")
def raws(released):
    return {who: (released / "submitted" / who / "small" / "small.ipynb").read_bytes() for who in CLASS}


SCORES = {
    "ada": {"check_one": 2.0, "check_two": 2.0, "why": None},
    "bob": {"check_one": 2.0, "check_two": 0.0, "why": None},
    "cid": {"check_one": 0.0, "check_two": 2.0, "why": None},
}


def kill(sandbox):
    """Kill the server and all that it has started, inside its namespace too."""
    for process in [*beneath(sandbox._process.pid), sandbox._process.pid]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    sandbox._process.wait()


def dying(monkeypatch, kind, method, nth, sandbox):
    """Kill the sandbox once, before the nth call of a method."""
    real, calls = getattr(kind, method), [0]

    def call(self, *arguments, **options):
        calls[0] += 1
        if calls[0] == nth:
            kill(sandbox)
        return real(self, *arguments, **options)

    monkeypatch.setattr(kind, method, call)
    return calls


@pytest.mark.parametrize(("kind", "method", "most"), [(Sandbox, "worker", 3), (Worker, "_ask", 7)])
def test_a_sandbox_that_dies_between_two_cells_changes_no_mark(assignment, raws, monkeypatch, kind, method, most):
    """Before each worker in turn, and before each question to one; it takes its workers with it."""
    with Sandbox() as sandbox, assignment.checker() as checker:
        for nth in range(1, most + 1):
            who = list(SCORES)[nth % 3]
            with monkeypatch.context() as patch:
                calls = dying(patch, kind, method, nth, sandbox)
                judged = judge(assignment, raws[who], "seed", sandbox, checker)
            assert calls[0] >= nth
            assert (judged.status, judged.scores) == ("graded", SCORES[who]), (who, nth, judged.reviews)


def test_a_sandbox_that_dies_each_time_is_a_review_and_no_zero(assignment, raws, monkeypatch):
    real = Sandbox.worker

    def worker(self, spent=0.0):
        made = real(self, spent)
        kill(self)
        return made

    with Sandbox() as sandbox, assignment.checker() as checker:
        monkeypatch.setattr(Sandbox, "worker", worker)
        judged = judge(assignment, raws["ada"], "seed", sandbox, checker)
        assert judged.status == "needs_review"
        assert set(judged.scores.values()) == {None}
        assert "grade again" in judged.reviews[""]
        monkeypatch.undo()
        assert judge(assignment, raws["ada"], "seed", sandbox, checker).scores == SCORES["ada"]


def test_a_sandbox_that_fails_to_start_one_time_in_five(assignment, raws, monkeypatch):
    real, starts = Sandbox.start, [0]

    def start(self):
        starts[0] += 1
        if starts[0] % 5 == 0:
            raise SandboxError("the sandbox does not start: try later")
        real(self)

    with Sandbox() as sandbox, assignment.checker() as checker:
        monkeypatch.setattr(Sandbox, "start", start)
        for i in range(8):
            who = list(SCORES)[i % 3]
            kill(sandbox)
            judged = judge(assignment, raws[who], "seed", sandbox, checker)
            assert (judged.status, judged.scores) == ("graded", SCORES[who]), (i, starts, judged.reviews)
    assert starts[0] >= 9  # at least one of them failed


def test_a_clock_that_jumps_decides_nothing(assignment, raws, monkeypatch):
    real, jumps = time.time, [0]

    def jumping():
        jumps[0] += 1
        return real() + (86_400 if jumps[0] % 2 else -86_400)

    with Sandbox() as sandbox, assignment.checker() as checker:
        monkeypatch.setattr(time, "time", jumping)
        for who, scores in SCORES.items():
            assert judge(assignment, raws[who], "seed", sandbox, checker).scores == scores


# --- the machine


BUSY = "import os, sys\nos.sched_setaffinity(0, {int(sys.argv[1])})\nprint(1, flush=True)\nwhile True:\n    pass\n"


@contextlib.contextmanager
def crowd(number):
    """Share one processor with so many busy programs: for all that is started here the machine is that much slower."""
    allowed = os.sched_getaffinity(0)
    here = min(allowed)
    others = [subprocess.Popen([sys.executable, "-c", BUSY, str(here)], stdout=subprocess.PIPE) for _ in range(number)]
    try:
        for other in others:
            other.stdout.readline()
        os.sched_setaffinity(0, {here})
        yield
    finally:
        os.sched_setaffinity(0, allowed)
        for other in others:
            other.kill()
            other.communicate()


def test_on_a_machine_ten_times_as_slow_computing_time_decides(released, assignment, tmp_path):
    root = Path(shutil.copytree(released, tmp_path / "course"))
    busy = "import time\n    end = time.process_time() + {}\n    while time.process_time() < end: pass\n    return 1"
    limits = Limits(cpu_call=0.5, wall_factor=1.2)
    with assignment.checker() as checker:
        for took, marks in ((0.3, 2.0), (0.8, 0.0)):
            hand_in(root, "eva", (busy.format(took), "return 2"))
            raw = (root / "submitted" / "eva" / "small" / "small.ipynb").read_bytes()
            with Sandbox(limits=limits) as sandbox:
                checker.reference("seed")
                with crowd(9):
                    for process in [*beneath(sandbox._process.pid)]:
                        os.sched_setaffinity(process, os.sched_getaffinity(0))
                    started = time.monotonic()
                    judged = judge(assignment, raw, "seed", sandbox, checker)
                    passed = time.monotonic() - started
            assert judged.scores == {"check_one": marks, "check_two": 2.0, "why": None}, (took, passed)
            assert passed > limits.cpu_call * limits.wall_factor, "the machine was not slow enough to tell"


def test_a_machine_that_stands_still_nine_tenths_of_the_time(course, expected):
    """All of the grader's processes are stopped and continued, as when a laptop falls asleep."""
    with grading(course) as running:
        end = time.monotonic() + 120
        while running.poll() is None and time.monotonic() < end:
            everybody = [running.pid, *beneath(running.pid)]
            for number, pause in ((signal.SIGSTOP, 0.27), (signal.SIGCONT, 0.03)):
                for process in everybody:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(process, number)
                time.sleep(pause)
        _, said = running.communicate(timeout=10)
    assert running.returncode == 0, said
    assert outcome(course) == expected


LOCALES = {
    "C": {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "TZ": "Pacific/Kiritimati"},
    "Turkish": {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "TZ": "Asia/Kathmandu"},
    "none": {"LC_ALL": "", "LANG": "xx_YY.ISO-8859-15", "PYTHONIOENCODING": "ascii", "TZ": "nonsense"},
}


@pytest.mark.parametrize("locale", LOCALES)
def test_odd_locales_and_odd_paths(tmp_path, released, expected, locale):
    folder = tmp_path / "Übung 1 – 🙂 [x] {y} 100%" / ("long" * 30)
    root = Path(shutil.copytree(released, folder / "course"))
    done = grade(root, env=environment(**LOCALES[locale]), cwd=root)
    assert done.returncode == 0, done.stderr
    assert outcome(root) == expected
    if locale != "C":  # the oddest one will do for the pages
        return
    done = subprocess.run(
        [*COMMAND, "feedback", "small", "--course", root],
        capture_output=True, text=True, env=environment(**LOCALES[locale]),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert {page.parts[-3] for page in root.glob("feedback/*/small/small.html")} == set(CLASS)


def test_hand_ins_on_a_disk_that_cannot_be_written(course, expected):
    submitted = course / "submitted"
    mounted = subprocess.run(["mount", "--bind", "-o", "ro", submitted, submitted], capture_output=True, check=False)
    if mounted.returncode:
        for path in [*submitted.rglob("*"), submitted]:
            path.chmod(path.stat().st_mode & ~0o222)
    try:
        with pytest.raises(OSError, match=r"Read-only|Permission"):
            (submitted / "new").touch()
        done = grade(course)
        assert done.returncode == 0, done.stderr
        assert outcome(course) == expected
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", "-l", submitted], check=True)
        else:
            submitted.chmod(0o700)
            for path in submitted.rglob("*"):
                path.chmod(0o700)


# --- graded again


def test_a_persons_mark_and_comment_survive_a_second_grading(graded, expected):
    with Gradebook(f"sqlite:///{graded / 'gradebook.db'}") as grades:
        grade_of = grades.find_grade("check_two", "small", "small", "bob")
        grade_of.manual_score, grade_of.needs_manual_grade = 1.5, False
        words = grades.find_grade("why", "small", "small", "bob")
        words.manual_score, words.needs_manual_grade = 0.5, False
        grades.find_comment("why", "small", "small", "bob").manual_comment = "Because of what?"
        grades.db.commit()
    done = grade(graded, "--force")
    assert done.returncode == 0, done.stderr
    with Gradebook(f"sqlite:///{graded / 'gradebook.db'}") as grades:
        assert grades.find_grade("check_two", "small", "small", "bob").manual_score == 1.5
        assert grades.find_grade("check_two", "small", "small", "bob").auto_score == 0.0
        assert grades.find_grade("why", "small", "small", "bob").manual_score == 0.5
        assert grades.find_comment("why", "small", "small", "bob").manual_comment == "Because of what?"
        assert grades.find_submission("small", "bob").score == 2 + 1.5 + 0.5
    there = outcome(graded)
    assert there["bob"][1] == 4.0
    assert {who: there[who] for who in there if who != "bob"} == {who: expected[who] for who in there if who != "bob"}


@pytest.mark.parametrize(
    ("second", "score"),
    [
        (("raise SystemExit", "return 3"), 0.0),
        (("import os\n    os.kill(os.getpid(), 9)", "return 2"), 2.0),
        (("return 1", "return 3"), 2.0),
    ],
)
def test_a_worse_second_hand_in_never_keeps_the_first_ones_marks(graded, expected, second, score):
    hand_in(graded, "ada", second)
    done = grade(graded)
    assert done.returncode == 0, done.stderr
    there = outcome(graded)
    assert there["ada"][1] == score
    assert {who: there[who] for who in there if who != "ada"} == {who: expected[who] for who in there if who != "ada"}


def test_an_unreadable_second_hand_in_never_keeps_the_first_ones_marks(graded, expected):
    (graded / "submitted" / "ada" / "small" / "small.ipynb").write_bytes(b"\x00\x01 not a notebook")
    done = grade(graded)
    assert done.returncode == 0, done.stderr
    there = outcome(graded)
    assert there["ada"][0] == "needs_review"
    assert not any(auto for _, auto, *_ in there["ada"][2])
    line = next(json.loads(x) for x in (graded / "records" / "small.jsonl").read_text().splitlines() if '"ada"' in x)
    assert (graded / line["kept"][0]).read_bytes() == b"\x00\x01 not a notebook"
    assert {who: there[who] for who in there if who != "ada"} == {who: expected[who] for who in there if who != "ada"}


# --- many


HOSTILE = [
    "while True:\n        pass",
    "import os\n    os._exit(0)",
    "raise SystemExit(0)",
    "import os, signal\n    os.kill(os.getppid(), signal.SIGKILL)",
    "return [0] * (1 << 40)",
    "import sys\n    sys.setrecursionlimit(10**9)\n    return one()",
    "print('x' * 10**8)\n    return 9",
    "class E:\n        __eq__ = lambda *_: True\n    return E()",
    "open('/tmp/left', 'w').write('x')\n    return 9",
    "import threading\n    [threading.Thread(target=input).start() for _ in range(500)]\n    return 9",
]


def test_five_hundred_of_whom_a_fifth_is_hostile(released, assignment, tmp_path):
    root = Path(shutil.copytree(released, tmp_path / "course"))
    hand_in(root, "good", ("return 1", "return 2"))
    good = (root / "submitted" / "good" / "small" / "small.ipynb").read_bytes()
    evil = []
    for answer in HOSTILE:
        hand_in(root, "evil", (answer, "return 2"))
        evil.append((root / "submitted" / "evil" / "small" / "small.ipynb").read_bytes())
    sizes, took = [], {"good": 0.0, "evil": 0.0}
    with Sandbox(limits=Limits(cpu_call=0.3, cpu_notebook=2.0)) as sandbox, assignment.checker() as checker:
        for i in range(500):
            kind = "evil" if i % 5 == 0 else "good"
            started = time.monotonic()
            judged = judge(assignment, evil[i // 5 % len(evil)] if kind == "evil" else good, f"{i}", sandbox, checker)
            took[kind] += time.monotonic() - started
            if kind == "good":
                assert (judged.status, judged.scores) == ("graded", SCORES["ada"]), i
            else:
                assert judged.scores["check_one"] in (0.0, 0.5, None), HOSTILE[i // 5 % len(evil)]
                assert judged.scores["check_two"] == 2.0, (HOSTILE[i // 5 % len(evil)], judged.reviews)
            if i % 100 == 99:
                sizes.append((int(Path("/proc/self/statm").read_text().split()[1]), len(os.listdir("/proc/self/fd"))))
    pages, handles = zip(*sizes, strict=True)
    assert pages[-1] - pages[0] < (30 << 20) // resource.getpagesize(), sizes
    assert max(handles) - min(handles) <= 4, sizes
    assert took["good"] / 400 < 0.5, took
