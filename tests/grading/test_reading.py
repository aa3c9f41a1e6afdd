"""What a file holds is read as far as it can be; what was done is said; nothing raises, waits or grows."""

import json
import os
import random
import time

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from bplib.grading.reading import LARGEST, Refused, open_safely, read, recognise, shown


@pytest.fixture(scope="module")
def honest():
    cells = [
        new_markdown_cell("# Täst"),
        new_code_cell("def one():\n    return 1", metadata={"nbgrader": {"grade_id": "one"}}),
    ]
    return nbformat.writes(new_notebook(cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "P"}}))


def sources(reading):
    return [cell["source"] for cell in reading.notebook["cells"]]


EXPECTED = ["# Täst", "def one():\n    return 1"]


@pytest.mark.parametrize(
    ("change", "note"),
    [
        (lambda text: text.encode(), None),
        (lambda text: text.encode("utf-8-sig"), None),
        (lambda text: text.encode("utf-16"), "decoded as UTF-16"),
        (lambda text: text.encode("utf-16-be"), "decoded as UTF-16"),
        (lambda text: text.encode("utf-32"), "decoded as UTF-32"),
        (lambda text: text.replace("\\u00e4", "ä").encode("cp1252"), "it is not UTF-8: read as Windows-1252"),
        (lambda text: text.encode() + b"\0" * 500, "500 stray NUL bytes were left out"),
        (lambda text: b"\0" + text.encode(), "1 stray NUL bytes were left out"),
        (lambda text: text.encode() + b"\n</html>", "what stood behind the end of the notebook was left out"),
        (lambda text: text.replace('"nbformat": 4', '"nbformat": "4"').encode(), None),
        (lambda text: text.replace('minor": 5', 'minor": ' + "9" * 9999).encode(), "a number too large"),
        (lambda text: text.replace('minor": 5', 'minor": NaN').encode(), None),
    ],
)  # fmt: skip
def test_odd_ways_of_saving_cost_nothing(honest, change, note):
    text = honest.replace("Täst", "T\\u00e4st") if "ä" not in honest else honest
    reading = read(change(text))
    assert sources(reading) == EXPECTED, reading
    assert [n for n in reading.notes if note is None or note not in n] == []
    assert bool(reading.notes) == (note is not None)
    nbformat.validate(nbformat.from_dict(reading.notebook))


def test_stray_bytes_cost_one_character(honest):
    reading = read(honest.replace("# T", "# \x01é").encode().replace(b"\x01", b"\xff"))
    assert sources(reading)[0] == "# \ufffdéäst"
    assert reading.notes == ["1 stray bytes that are no UTF-8 were replaced by \ufffd"]


def test_format_3_is_read():
    old = {
        "nbformat": 3,
        "metadata": {},
        "worksheets": [
            {"cells": [{"cell_type": "heading", "level": 2, "source": "T"}]},
            {"cells": [{"cell_type": "code", "input": ["x = 1\n", "x"], "outputs": [], "metadata": {}}, 3]},
        ],
    }
    reading = read(json.dumps(old).encode())
    assert [(c["cell_type"], c["source"]) for c in reading.notebook["cells"]] == [
        ("markdown", "## T"),
        ("code", "x = 1\nx"),
    ]
    assert set(reading.notes) == {
        "a cell is damaged: left out",
        "1 cells had no metadata",
        "notebook format 3: read as format 4",
    }


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "is empty"),
        (b"\0" * 100, "is empty"),
        (b"hello", "invalid JSON at line 1"),
        (b'{"cells": [\n{', "invalid JSON at line 2; the file looks cut off"),
        (b"[1]", "JSON but no notebook"),
        (b'{"nbformat": 99, "cells": []}', "unknown notebook version 99"),
        (b'{"nbformat": [[1]], "cells": []}', "unknown notebook version"),
        (b'{"nbformat": 4}', "has no cells"),
        (b'{"nbformat": 4, "cells": {"a": 1}}', "has no cells"),
        (b"[" * 100_000 + b"]" * 100_000, "nested too deeply"),
        (b'{"cells": ' + b'{"a":' * 100_000, "nested too deeply"),
        (b"[" + b"0," * 3_000_000 + b"0]", "too many values"),
        (b'"' + b'\\"' * 3_000_000, "invalid JSON"),
        (b"x" * (LARGEST + 1), "larger than 64 MB"),
    ],
)
def test_what_cannot_be_read_is_a_sentence_and_soon(raw, why):
    started = time.perf_counter()
    reading = read(raw)
    assert reading.notebook is None
    assert why in reading.why
    assert "ask for it" in reading.why or "ask for the notebook" in reading.why
    assert time.perf_counter() - started < 5


def test_depth_has_a_limit_far_below_pythons():
    nested = {
        levels: f'{{"nbformat": 4, "cells": [], "metadata": {"[" * levels}{"]" * levels}}}' for levels in (60, 150)
    }
    assert read(nested[60].encode()).why is None
    assert "nested too deeply" in read(nested[150].encode()).why


def test_brackets_inside_strings_are_no_depth():
    nb = {"nbformat": 4, "metadata": {}, "cells": [{"cell_type": "code", "metadata": {}, "source": "[" * 5000 + '"\\'}]}
    assert sources(read(json.dumps(nb).encode())) == ["[" * 5000 + '"\\']


def test_fields_of_a_wrong_type_cost_their_cell_only():
    cells = [
        7,
        {"cell_type": "code", "source": 17, "metadata": {"nbgrader": {"grade_id": "q1"}}},
        {"cell_type": "code", "source": ["a = 1\n", 2]},
        {"cell_type": "code", "source": "b = 1", "metadata": [], "id": 5, "outputs": "x", "execution_count": "y"},
        {"cell_type": ["code"], "source": "c", "metadata": {"nbgrader": {"grade_id": ["x"]}}},
        {"cell_type": "code", "source": "d = '\ud800'", "metadata": {"nbgrader": {"grade_id": "\ud800"}}},
        {"cell_type": "code", "source": "e\0", "metadata": {}},
        {"cell_type": "markdown", "source": "f", "metadata": {}, "attachments": {"a.png": {}}},
    ]
    reading = read(json.dumps({"nbformat": 4, "metadata": 3, "cells": cells}).encode())
    assert sources(reading) == ["b = 1", "c", "d = '\ufffd'", "e\0", "f"]
    assert [cell["cell_type"] for cell in reading.notebook["cells"]] == ["code", "raw", "code", "code", "markdown"]
    text = "; ".join(reading.notes)
    for said in ("cell q1 is damaged", "half characters", "contains NUL", "attached", "no metadata", "no known type"):
        assert said in text
    nbformat.validate(nbformat.from_dict(reading.notebook))


def test_a_large_picture_is_dropped_unread(honest):
    nb = json.loads(honest)
    nb["cells"][1]["outputs"] = [
        {"output_type": "display_data", "data": {"image/png": "A" * 40_000_000 + "\U0001f600"}}
    ]
    assert sources(read(json.dumps(nb, ensure_ascii=False).encode())) == EXPECTED


def test_mutated_files_never_raise(honest):
    rng = random.Random(0)
    base = honest.encode()
    bits = [b"", b"\0", b'"', b"[", b"{", b"}", b"\xff", b"\\", b"1e999", b"-"]
    for _ in range(1500):
        raw = bytearray(base)
        for _ in range(rng.randint(1, 6)):
            i = rng.randrange(len(raw))
            raw[i : i + rng.randint(0, 3)] = rng.choice(bits)
        reading = read(bytes(raw))
        assert (reading.notebook is None) == (reading.why is not None)
        if reading.notebook is not None:
            json.dumps(reading.notebook, ensure_ascii=False).encode()


def test_cells_without_names_are_recognised(small):
    from bplib.grading.intake import master, rebuild

    model = master(small / "solutions" / "small" / "small.ipynb")
    cells = [{"cell_type": c.cell_type, "source": c.source} for c in model.cells]
    cells[1]["source"], cells[3]["source"] = "def one():\n    return 1", "import math\ndef two():\n    return 2"
    notebook = read(json.dumps({"nbformat": 4, "cells": cells}).encode()).notebook
    assert recognise(notebook, model) == ["cells without their names were recognised: one, check_one, two, check_two"]
    nb, _ = rebuild(model, notebook)
    named = {c.metadata.nbgrader.grade_id: c.source for c in nb.cells if "nbgrader" in c.metadata}
    assert (named["one"], named["two"]) == ("def one():\n    return 1", "import math\ndef two():\n    return 2")
    assert recognise(notebook, model) == []


def test_only_regular_files_are_opened(tmp_path):
    (tmp_path / "a").write_bytes(b"x" * 10)
    assert open_safely(tmp_path / "a") == b"x" * 10
    (tmp_path / "link").symlink_to("a")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "sparse").touch()
    os.truncate(tmp_path / "sparse", 1 << 40)
    cases = {
        "link": "but a link", "pipe": "but a pipe", ".": "but a folder", "/dev/zero": "but a device",
        "sparse": "larger than 64 MB", "nowhere": "No such file", "a\0b": "cannot be opened",
    }  # fmt: skip
    for name, said in cases.items():
        with pytest.raises(Refused, match=said) as caught:
            open_safely(tmp_path / name)
        assert str(tmp_path) not in str(caught.value)
    with pytest.raises(Refused, match="larger than 0 MB"):
        open_safely(tmp_path / "a", largest=9)


def test_names_are_shown_without_tricks():
    assert shown("a\u202eb\x1b[1m\udc80") == "a?b?[1m?"
    assert len(shown("x" * 500)) <= 60
