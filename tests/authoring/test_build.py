"""The notebook is that of its text, to the byte, and a text that cannot become one says why."""

import json
import re
import stat
from collections import Counter
from hashlib import sha256

import pytest

from bplib.authoring import SourceError, convert
from bplib.authoring.__main__ import main
from bplib.authoring.build import _reproducible, build, execute
from bplib.authoring.notation import expand
from tests.authoring.conftest import replace

LESSON, EXERCISE = "lectures/06_mini", "solutions/ps06_mini"


def quiet(line):
    pass


def snapshot(root):
    return {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_building_twice_is_byte_equal(mini, course):
    build(course, force=True, say=quiet)
    assert snapshot(course) == snapshot(mini)


def test_a_lecture_that_is_up_to_date_is_not_executed_again(course, monkeypatch, capsys):
    monkeypatch.setattr("bplib.authoring.build.execute", lambda *_: pytest.fail("executed"))
    build(course, ["06_mini"])
    assert "up to date" in capsys.readouterr().out
    replace(course / f"{LESSON}.py", "A product.", "A sum.")
    with pytest.raises(pytest.fail.Exception):
        build(course, ["06_mini"])


def test_a_lecture_keeps_outputs_and_counts_and_nothing_of_the_machine(mini):
    raw = (mini / f"{LESSON}.ipynb").read_bytes()
    notebook = json.loads(raw)
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == [1, 2, 3]
    assert code[0]["outputs"][0]["data"]["text/plain"] == ["6.0"]
    assert [output["text"] for output in code[1]["outputs"]] == [["one\n", "two\n"]], "one stream, not two pieces"
    assert all(set(cell["metadata"]) == set() for cell in notebook["cells"])
    assert notebook["metadata"]["bplib"]["source"] == f"{LESSON}.py"
    assert notebook["metadata"]["language_info"] == {"name": "python"}
    assert set(notebook["metadata"]) == {"kernelspec", "language_info", "bplib"}
    assert raw.endswith(b"}\n")
    assert b"\r" not in raw


def test_a_lecture_records_its_text_and_the_rows_it_uses(mini):
    text = expand((mini / f"{LESSON}.py").read_text(encoding="utf-8"), "x.py")
    recorded = convert.load(mini / f"{LESSON}.ipynb", "").metadata.bplib.sha256
    assert recorded == sha256(text.encode()).hexdigest()


def test_a_comment_with_a_question_mark_stays_a_comment(mini):
    assert "# Why?" in convert.load(mini / f"{LESSON}.ipynb", "").cells[2].source


def test_a_solution_is_not_executed_and_carries_only_its_kernel(mini):
    notebook = convert.load(mini / f"{EXERCISE}/ps06_mini.ipynb", "")
    assert notebook.metadata == convert.METADATA
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)


def test_nbgraders_metadata_survive(mini):
    cells = {cell.id: cell for cell in convert.load(mini / f"{EXERCISE}/ps06_mini.ipynb", "").cells}
    expected = {"grade": False, "locked": False, "schema_version": 3, "solution": True, "task": False}
    assert cells["net_input"].metadata == {"nbgrader": {"grade_id": "net_input", **expected}}
    assert cells["words"].metadata.nbgrader.points == 2.5


def test_cell_ids_are_unique_stable_and_legal(tmp_path):
    (tmp_path / "lectures").mkdir()
    path = tmp_path / "lectures/01_ids.py"
    path.write_text("# %%\nx = 1\n\n# %%\nx = 1\n\n# %% [markdown]\n# x = 1\n", encoding="utf-8")
    ids = [cell.id for cell in convert.fresh(path).cells]
    assert ids == [cell.id for cell in convert.fresh(path).cells]
    assert max(Counter(ids).values()) == 1
    assert ids[1] == f"{ids[0]}-2"
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,64}", cell_id) for cell_id in ids)


def test_chunks_of_a_stream_are_joined_and_widget_ids_dropped():
    chunks = [("stdout", "a"), ("stdout", "b"), ("stderr", "c"), ("stdout", "d")]
    streams = [convert.NotebookNode(output_type="stream", name=name, text=text) for name, text in chunks]
    data = {"text/plain": "Slider()", "application/vnd.jupyter.widget-view+json": {"model_id": "random"}}
    widget = convert.NotebookNode(output_type="display_data", metadata={}, data=data)
    kept = _reproducible([*streams, widget])
    assert [output.get("text") for output in kept] == ["ab", "c", "d", None]
    assert kept[3].data == {"text/plain": "Slider()"}


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        (f"{LESSON}.py", "x * W\n", "x *\n", r"lectures/06_mini.py, line \d+: invalid syntax; mend"),
        (f"{LESSON}.py", "004 002: x W}}", "004 002: x WW}}", r"06_mini.py, line 14: no name 'WW' in notation.toml"),
        (
            f"{EXERCISE}.py",
            "    ### END SOLUTION\n",
            "",
            r"solutions/ps06_mini.py, cell net_input: .* close each region",
        ),
        (
            f"{EXERCISE}.py",
            "# net(2, 3)",
            "### BEGIN SOLUTION\n### END SOLUTION",
            r"ps06_mini.py, cell .*\"solution\": true",
        ),
        (f"{EXERCISE}.py", '"check_zero"', '"check_net"', r"ps06_mini.py: 2 cells have the grade_id 'check_net'"),
        (
            f"{EXERCISE}.py",
            '"locked": false, "points": 2.5',
            '"locked": fals',
            r"ps06_mini.py: the header .* cannot be read",
        ),
    ],
)
def test_a_text_that_cannot_become_a_notebook_says_why_in_one_line(course, capsys, file, old, new, says):
    before = snapshot(course)
    replace(course / file, old, new)
    assert main(["build", "--root", str(course)]) == 1
    error = capsys.readouterr().err
    assert re.search(says, error), error
    assert error.count("\n") == 1
    after = snapshot(course)
    assert {path for path in before if before[path] != after[path]} == {(course / file).relative_to(course)}


def test_a_text_that_is_not_utf8_says_so(course):
    (course / f"{LESSON}.py").write_bytes("# %% [markdown]\n# Höfle".encode("latin-1"))
    with pytest.raises(SourceError, match=r"lectures/06_mini.py is not UTF-8 \(byte 19\)"):
        build(course, ["06_mini"], say=quiet)


def test_a_failing_cell_fails_the_build_and_is_named(course):
    old = (course / f"{LESSON}.ipynb").read_bytes()
    replace(course / f"{LESSON}.py", "x * W\n", "x * V\n")
    with pytest.raises(SourceError, match=r"lectures/06_mini.py, cell 3 .*NameError: name 'V' is not defined; mend"):
        build(course, say=quiet)
    assert (course / f"{LESSON}.ipynb").read_bytes() == old


def test_a_cell_that_ends_the_kernel_is_an_error(tmp_path):
    notebook = convert.nbformat.v4.new_notebook(cells=[convert.nbformat.v4.new_code_cell("import os; os._exit(1)")])
    with pytest.raises(SourceError, match=r"^lectures/x.py: .*Mend the cell"):
        execute(notebook, tmp_path, "lectures/x.py")


def test_the_kernel_starts_in_the_lectures_folder(tmp_path):
    notebook = convert.nbformat.v4.new_notebook(cells=[convert.nbformat.v4.new_code_cell("open('here', 'w').close()")])
    execute(notebook, tmp_path, "x")
    assert stat.S_ISREG((tmp_path / "here").stat().st_mode)


@pytest.mark.parametrize("arguments", [["build", "07_none"], ["release", "ps07_none"], ["check", "ps07_none"]])
def test_an_unknown_name_is_an_error_that_lists_the_known(mini, capsys, arguments):
    assert main([*arguments, "--root", str(mini)]) == 1
    assert capsys.readouterr().err == f"{arguments[1]}: no such text; there are 06_mini, ps06_mini\n"


def test_a_folder_without_a_course_is_an_error(tmp_path, capsys):
    assert main(["check", "--root", str(tmp_path)]) == 1
    assert "holds neither lectures/ nor solutions/" in capsys.readouterr().err
