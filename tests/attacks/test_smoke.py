"""The cases of the corpus that are worth it at every change, each by name; `make attacks` runs them all."""

import json
import subprocess
import sys

import pytest

from bplib.grading.sandbox import best_level
from tests.attacks import arena, cases, classroom, own, pages, trial

SMOKE = [case for case in cases.corpus() if case.name in cases.smoke()]


# ------------------------------------------------------------------------------------------------ the smoke set
@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Run the smoke set once, at each level that there is."""
    if best_level()[0] == "C":
        pytest.skip(best_level()[1])
    path = tmp_path_factory.mktemp("attacks") / "found.json"
    command = [sys.executable, "-m", "tests.attacks.run", "--smoke", "--json", str(path)]
    done = subprocess.run(command, cwd=arena.ROOT, capture_output=True, text=True)
    assert path.is_file(), done.stdout + done.stderr
    return done, json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.slow
@pytest.mark.parametrize("case", SMOKE, ids=lambda case: case.name)
def test_a_case_comes_out_as_it_must(found, case):
    tried = [one for one in found[1] if one["case"] == case.name]
    assert tried
    assert [one for one in tried if one["short"]] == []


@pytest.mark.slow
def test_nobody_else_is_touched_and_nothing_is_left(found):
    done, everything = found
    assert [one for one in everything if one["short"]] == []
    assert done.returncode == 0, done.stdout
    assert "fall short: none" in done.stdout


# ------------------------------------------------------------------------------------------------ can it fail?
LIVE = [
    "<script>x</script>", "<svg onload=x>", "<b onclick=x>", "<iframe src=x>", "<style>b{}</style>", "<form action=x>",
    '<a href="javascript:x">', '<a href="&#106;avascript:x">', '<a href=" java\nscript:x">', '<base href="https://a">',
    '<a href="data:text/html,x">', "<meta http-equiv=refresh>", '<b style="position: fixed">', '<img src="http:x">',
]  # fmt: skip


@pytest.mark.parametrize("html", LIVE)
def test_what_acts_is_seen(html):
    assert pages.live(f"<p>{html}</p>", fragment=True)


def test_what_lies_still_is_none():
    links = '<p id="a"><a href="#a">b</a> <a href="https://numpy.org">c</a> &lt;script&gt;</p>'
    assert pages.live(links + '<img src="data:image/png;base64,AA==">', fragment=True) == []


def test_what_is_left_behind_is_seen(tmp_path):
    before = arena.traces(tmp_path)
    outside, trusted = tmp_path / "outside", tmp_path / "bplib-checks-1"
    outside.touch()
    trusted.touch()
    left = arena.left_behind(before, arena.traces(tmp_path), "checks-")
    assert [line for line in left if " file " in line] == [f"I4: a file is left behind: {outside}"]


def test_descendants_of_trusted_processes_are_not_listed():
    program = "import os, time; os.fork(); print(flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as child:
        child.stdout.readline()
        both = arena.traces()["process"] - arena.traces(spare=[child.pid])["process"]
        children = subprocess.run(["pgrep", "-P", str(child.pid)], capture_output=True, text=True).stdout.split()
        for pid in children:
            subprocess.run(["kill", pid])
        child.kill()
    assert len(children) == 1
    assert any(line.startswith(f"{children[0]} ") for line in both)


def test_secrets_are_looked_for_unless_they_are_the_learners_own(tmp_path):
    tokens = arena.secrets(b"hidden-seed-Q1", tmp_path)
    assert "hidden-seed-Q1" not in tokens
    assert {"hidden-seed-Q2", arena.TOKENS["book"], str(tmp_path)} <= set(tokens)
    numbers = cases.MASTERS["strict"].read_text(encoding="utf-8")
    assert all(word in numbers for word in arena.HIDDEN)  # the corpus is still the one that these stand in


def test_a_wrong_outcome_is_seen():
    case = cases.Case("x", cases.HONEST, scores=(8.0,), words=("which reason",))
    right = trial.Judged("graded", None, {"t1": 8.0})
    assert list(trial.outcome(case, right)) == []
    for status, marks, reviews in [
        ("graded", 10.0, {}), ("graded", None, {}), ("needs_review", 8.0, {"t1": "a"}), ("needs_review", 8.0, {}),
    ]:  # fmt: skip
        assert list(trial.outcome(case, trial.Judged(status, None, {"t1": marks}, reviews=reviews)))
    assert list(trial.unsaid(case, ["no reason"]))
    assert list(trial.unsaid(case, ["this is\nwhich\nreason it was"])) == []


def test_every_case_is_whole():
    names = [case.name for case in (*cases.corpus(), *own.own())]
    assert len(set(names)) == len(names) > 120
    assert set(cases.smoke()) <= set(names)
    for case in (*cases.corpus(), *own.own()):
        assert case.path.exists()
        assert set(case.masters) <= {*cases.MASTERS, "own"}


def test_a_folder_is_described_without_opening_what_is_in_it(tmp_path):
    for case in cases.corpus():
        if case.name in ("F21-symlink-db", "F23-fifo", "F34-sparse"):
            case.build(tmp_path / case.name)
    before = classroom.tree(tmp_path)
    assert before["F21-symlink-db/data.txt"] == "../../../gradebook.db"
    (tmp_path / "F34-sparse" / "backprop.ipynb").write_text("changed")
    assert classroom.tree(tmp_path) != before
