"""One line for each learner, whatever happens while it is written."""

import json
import subprocess
import sys

import pytest

from bplib.grading.records import Record, Records


@pytest.fixture
def records(tmp_path):
    return Records(tmp_path, "ps1")


def test_each_learner_has_one_line_and_the_last_word_counts(records):
    records.put(Record("ada", "graded", 3.0, ["a note"], "2026-01-01T00:00:00+00:00", {"ps1.ipynb": "00"}))
    records.put(Record("bob", "rejected", 0.0))
    records.put(Record("ada", "needs_review", None))
    lines = [json.loads(line) for line in records.path.read_text().splitlines()]
    assert [(line["student"], line["status"], line["score"]) for line in lines] == [
        ("ada", "needs_review", None),
        ("bob", "rejected", 0.0),
    ]
    with pytest.raises(ValueError, match="none of graded"):
        Record("ada", "fine")
    with pytest.raises(ValueError):
        records.put(Record("ada", "graded", float("nan")))


@pytest.mark.parametrize("torn", [b'{"student": "zed", "sta', b"\xff\x00\n", b'{"student": 3}\n', b"[]\n"])
def test_a_torn_line_is_passed_over_and_mended(records, torn):
    records.put(Record("ada", "graded", 1.0))
    with records.path.open("ab") as file:
        file.write(torn)
    assert list(records.all()) == ["ada"]
    records.put(Record("bob", "graded", 2.0))
    assert [json.loads(line)["student"] for line in records.path.read_text().splitlines()] == ["ada", "bob"]


def test_killed_while_writing_it_stays_readable(records):
    program = (
        "import sys\nfrom pathlib import Path\nfrom bplib.grading.records import Record, Records\n"
        "r = Records(Path(sys.argv[1]), 'ps1')\nprint(1, flush=True)\n"
        "for i in range(10**6): r.put(Record(f's{i % 50}', 'graded', float(i), ['x' * 500]))\n"
    )
    for _ in range(3):
        writer = subprocess.Popen([sys.executable, "-c", program, records.home], stdout=subprocess.PIPE)
        writer.stdout.read(1)
        with pytest.raises(subprocess.TimeoutExpired):
            writer.wait(0.2)
        writer.kill()
        writer.communicate()
        there = records.all()
        assert there
        records.put(Record("last", "graded", 1.0))
        assert set(records.all()) == {*there, "last"}
        assert len(records.path.read_text().splitlines()) == len(records.all())


def test_no_space_leaves_what_was_there(records, monkeypatch):
    records.put(Record("ada", "graded", 1.0))
    before = records.path.read_bytes()
    real = __import__("os").write
    monkeypatch.setattr("bplib.grading.records.os.write", lambda handle, data: real(handle, data[:7]))
    with pytest.raises(OSError, match="no space left"):
        records.put(Record("bob", "graded", 1.0))
    assert records.path.read_bytes() == before


def test_kept_bytes_stay_below_the_records_whatever_the_names(records):
    place = records.keep("../../x", "a/../\u202eb.ipynb", b"\x00")
    assert (records.home / place).read_bytes() == b"\x00"
    assert place.startswith("records/kept/ps1/")
    assert place.count("/") == 3
    assert records.keep("../../x", "a/../\u202eb.ipynb", b"\x00") == place


def test_receipts_are_added_and_a_damaged_file_is_named(records):
    records.receive({"ada": {"received": "x"}})
    records.receive({"bob": {"received": "y"}})
    assert list(records.received()) == ["ada", "bob"]
    records.arrivals.write_text("[")
    with pytest.raises(OSError, match=r"ps1.received.json is damaged: move it away"):
        records.received()


def test_two_who_write_at_once_lose_nothing(records):
    program = (
        "import sys\nfrom pathlib import Path\nfrom bplib.grading.records import Record, Records\n"
        "r = Records(Path(sys.argv[1]), 'ps1')\n"
        "for i in range(60): r.put(Record(f'{sys.argv[2]}{i % 40}', 'graded', float(i)))\n"
    )
    writers = [subprocess.Popen([sys.executable, "-c", program, records.home, who]) for who in "ab"]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    there = records.all()
    assert {who: record.score for who, record in there.items()} == {
        f"{who}{i}": float(i + 40 if i < 20 else i) for who in "ab" for i in range(40)
    }
    assert len(records.path.read_text().splitlines()) == 80


def test_a_line_longer_than_the_disk_is_not_half_written(records):
    program = (
        "import resource, signal, sys\nfrom pathlib import Path\nfrom bplib.grading.records import Record, Records\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\nresource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "r = Records(Path(sys.argv[1]), 'ps1')\n"
        "for who in ('ada', 'bob', 'ada'):\n"
        "    try:\n        r.put(Record(who, 'graded', 1.0, ['x' * 600]))\n"
        "    except OSError as error:\n        print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, records.home], capture_output=True, text=True)
    assert done.stdout.startswith("no space left for the records: free some, then grade again"), done.stderr
    assert [json.loads(line)["student"] for line in records.path.read_text().splitlines()] == ["ada"]
    records.put(Record("bob", "graded", 2.0))
    assert list(records.all()) == ["ada", "bob"]
