"""What platforms make goes to its learners; what would do harm is refused by name; nothing handed in is changed."""

import csv
import hashlib
import io
import os
import random
import shutil
import stat
import struct
import subprocess
import sys
import unicodedata
import zipfile
from datetime import UTC, datetime

import pytest

from bplib.grading.archive import CollectError
from bplib.grading.collect import Collected, collect
from bplib.grading.records import Records
from bplib.grading.roster import Roster, safe_id

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = datetime(2026, 3, 2, 12, tzinfo=UTC)
PEOPLE = [
    ("s1", "Lovelace", "Ada", "ada@example.org"),
    ("s2", "Müller", "Jürgen", "jm@example.org"),
    ("s3", "von der Aa", "Anna-Lena", "al@example.org"),
]


def book(text):
    return b'{"cells": [], "nbformat": 4, "text": "%s"}' % text.encode()


def folder(root, files):
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root


def packed(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 2, 28, 10, 0, 0)) if "\\" not in name else name, data)
    return path


def submitted(home):
    return {p.relative_to(home / "submitted").as_posix(): p.read_bytes() for p in home.glob("submitted/*/*/*")}


@pytest.fixture
def home(tmp_path):
    return tmp_path / "course"


def roster(tmp_path, mark=",", encoding="utf-8"):
    text = io.StringIO()
    csv.writer(text, delimiter=mark).writerows([("id", "last_name", "first_name", "email"), *PEOPLE])
    path = tmp_path / "roster.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    return path


MOODLE = {
    "Ada Lovelace_1001_assignsubmission_file_/small.ipynb": book("1"),
    "Ada Lovelace_1001_assignsubmission_onlinetext_/onlinetext.html": b"<p>hello</p>",
    "Group B-Müller Jürgen_1002_assignsubmission_file/small (2).ipynb": book("2"),
    "Anna-Lena von der Aa_1003_assignsubmission_file_/mine.ipynb": book("3"),
}
MOODLE_FLAT = {
    "Ada Lovelace_1001_assignsubmission_file_small.ipynb": book("1"),
    "Müller Jürgen_1002_assignsubmission_file_small.ipynb": book("2"),
    "Anna-Lena von der Aa_1003_assignsubmission_file_small_final.ipynb": book("3"),
}
CANVAS = {
    "lovelaceada_34_801_small.ipynb": book("1"),
    "müllerjürgen_LATE_35_802_small-1.ipynb": book("2"),
    "vonderaaannalena_36_803_my_work_7_8.ipynb": book("3"),
}
ILIAS = {
    "Exercise/Sheet 1/Abgaben/Lovelace_Ada_s1_300/small.ipynb": book("1"),
    "Exercise/Sheet 1/Abgaben/Mueller_Juergen_jm_301/Verspaetete Abgabe - small.ipynb": book("2"),
    "Exercise/Sheet 1/Abgaben/Team 4/von der Aa_Anna-Lena_alena_302/mine.ipynb": book("3"),
    "Exercise/status.xlsx": b"PK",
}
NBGRADER = {
    "submitted/s1/small/small.ipynb": book("1"),
    "submitted/s1/small/timestamp.txt": b"2001-01-01",
    "submitted/s1/other/other.ipynb": book("other"),
    "submitted/s2/small/small.ipynb": book("2"),
    "submitted/s3/small/small.ipynb": book("3"),
    "submitted/s3/small/.ipynb_checkpoints/small-checkpoint.ipynb": book("old"),
}
SINGLE = {"s1.ipynb": book("1"), "s2_small.ipynb": book("2"), "S3.ipynb": book("3"), "roster.csv": b"id"}
OWN = {"all/s1/small.ipynb": book("1"), "all/s2/a.ipynb": book("2"), "all/s3/x/small.ipynb": book("3")}
LAYOUTS = dict(moodle=MOODLE, flat=MOODLE_FLAT, canvas=CANVAS, ilias=ILIAS, nbgrader=NBGRADER, single=SINGLE, own=OWN)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("how", [folder, packed])
def test_each_platforms_names_lead_to_the_same_course(tmp_path, home, layout, how):
    source = how(tmp_path / "down load", LAYOUTS[layout])
    before = {p: p.stat().st_mtime_ns for p in [source, *source.rglob("*")]}
    result = collect(source, home, "small", roster=roster(tmp_path), clock=lambda: NOON)
    assert submitted(home) == {f"s{i}/small/small.ipynb": book(str(i)) for i in (1, 2, 3)}, result
    assert (result.refused, result.missing) == ([], [])
    assert {p: p.stat().st_mtime_ns for p in [source, *source.rglob("*")]} == before
    receipts = Records(home, "small").received()
    assert {who: seen["received"] for who, seen in receipts.items()} == dict.fromkeys(
        ("s1", "s2", "s3"), NOON.isoformat()
    )
    assert receipts["s1"]["files"] == {"small.ipynb": hashlib.sha256(book("1")).hexdigest()}
    assert any("late" in note for note in result.taken["s2"]) == (layout in ("canvas", "ilias"))


@pytest.mark.parametrize(
    ("layout", "ids"),
    [
        ("moodle", {"Ada_Lovelace", "Group_B-Müller_Jürgen", "Anna-Lena_von_der_Aa"}),
        ("canvas", {"lovelaceada_34", "müllerjürgen_35", "vonderaaannalena_36"}),
        ("ilias", {"s1", "jm", "alena"}),
        ("single", {"s1", "s2", "S3"}),
    ],
)
def test_without_a_roster_the_platforms_names_serve(tmp_path, home, layout, ids):
    result = collect(packed(tmp_path / "a.zip", LAYOUTS[layout]), home, "small")
    assert set(result.taken) == ids


def test_two_of_one_name_are_told_apart_or_refused(tmp_path, home):
    files = {f"Ada L_{i}_assignsubmission_file_/small.ipynb": book(str(i)) for i in (1, 2)}
    result = collect(folder(tmp_path / "in", files), home, "small")
    assert set(result.taken) == {"Ada_L_1", "Ada_L_2"}
    PEOPLE.append(("s4", "L", "Ada", ""))
    PEOPLE.append(("s5", "Ada", "L", ""))
    try:
        result = collect(folder(tmp_path / "in", files), home, "small", roster=roster(tmp_path))
    finally:
        del PEOPLE[3:]
    assert not result.taken
    assert len([said for said in result.refused if "several of this name (s4, s5)" in said]) == 2


@pytest.mark.parametrize(("mark", "encoding"), [(",", "utf-8"), (";", "utf-8-sig"), ("\t", "cp1252")])
def test_rosters_as_spreadsheets_save_them(tmp_path, home, mark, encoding):
    people = Roster(roster(tmp_path, mark, encoding))
    assert list(people.ids) == ["s1", "s2", "s3"]
    source = folder(tmp_path / "in", {"s2/small.ipynb": book("2"), "eve/small.ipynb": book("x")})
    result = collect(source, home, "small", roster=roster(tmp_path, mark, encoding))
    assert list(result.taken) == ["s2"]
    assert result.missing == ["s1", "s3"]
    assert result.refused == ["eve: nobody in the roster is called so: add a line to it, and collect again"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no column 'id'"),
        ("name\nada", "no column 'id'"),
        ("id\n", "names nobody"),
        ("id,email\n,x", "line 2: '' can be no learner's id"),
        ("id\na\na", "line 3: the id a stands twice"),
        ("id\n../..", "can be no learner's id"),
    ],
)
def test_a_roster_that_cannot_serve_is_said(tmp_path, text, said):
    (tmp_path / "roster.csv").write_text(text)
    with pytest.raises(CollectError, match=said):
        Roster(tmp_path / "roster.csv")


def evil_zip(path):
    good = book("good")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in ("alice/small.ipynb", "zed/small.ipynb"):
            archive.writestr(name, good)
        for name in (
            "../../up.ipynb",
            "/abs/small.ipynb",
            "bob/../../small.ipynb",
            "C:\\x\\small.ipynb",
            "..\\w.ipynb",
        ):
            archive.writestr(zipfile.ZipInfo(name), b"{}")
        for name, sort in (("link", stat.S_IFLNK), ("dev", stat.S_IFBLK), ("pipe", stat.S_IFIFO)):
            info = zipfile.ZipInfo(f"{name}/small.ipynb")
            info.external_attr = (sort | 0o777) << 16
            archive.writestr(info, b"/etc/passwd")
        archive.writestr("bomb/small.ipynb", b" " * (20 << 20))
        archive.writestr("large/small.ipynb", os.urandom(1 << 20) * 65)
        archive.writestr("nested/small.zip", b"PK\3\4")
        archive.writestr("locked/small.ipynb", good)
        archive.writestr("liar/small.ipynb", good * 50)
    raw = bytearray(path.read_bytes())
    for name, at, value in (("locked", 8, b"\1\0"), ("liar", 24, struct.pack("<L", 7))):
        entry = raw.rindex(b"PK\1\2", 0, raw.rindex(name.encode()))
        raw[entry + at : entry + at + len(value)] = value
    path.write_bytes(raw)
    return path


def test_what_would_do_harm_is_refused_by_name_and_the_rest_is_taken(tmp_path, home):
    result = collect(evil_zip(tmp_path / "evil.zip"), home, "small")
    assert set(submitted(home)) == {"alice/small/small.ipynb", "zed/small/small.ipynb"}
    said = "\n".join(result.refused)
    for name, why in {
        "../../up.ipynb": "a path that leads out", "abs/small.ipynb": "an absolute path", "bob/../../": "leads out",
        "C:/x/small.ipynb": "an absolute path", "../w.ipynb": "leads out", "link/": "a link", "dev/": "a device",
        "pipe/": "a pipe", "bomb/": "times its size", "large/": "unpacks to 65 MB", "nested/": "an archive inside",
        "locked/": "encrypted",
    }.items():  # fmt: skip
        assert [line for line in result.refused if line.startswith(name) and why in line], (name, said)
    # Each learner among them has a folder, so that grading gives them their record; and a note.
    for who in ("link", "dev", "pipe", "bomb", "large", "nested", "locked", "liar"):
        assert (home / "submitted" / who / "small").is_dir()
        assert "no notebook handed in" in result.taken[who]
        assert any("refused" in note for note in result.taken[who])
    assert {p.name for p in tmp_path.iterdir()} == {"evil.zip", "course"}


def test_a_folder_with_links_pipes_and_a_sparse_file(tmp_path, home):
    source = folder(tmp_path / "in", {"alice/small.ipynb": book("1"), "sparse/small.ipynb": b"", "zed/a.pdf": b"%"})
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "small.ipynb").write_bytes(book("secret"))
    (source / "bob").symlink_to(tmp_path / "secret")
    (source / "cid").mkdir()
    (source / "cid" / "small.ipynb").symlink_to(tmp_path / "secret" / "small.ipynb")
    (source / "dan").mkdir()
    os.mkfifo(source / "dan" / "small.ipynb")
    os.truncate(source / "sparse" / "small.ipynb", 1 << 40)
    (source / "none").mkdir()
    result = collect(source, home, "small")
    assert set(submitted(home)) == {"alice/small/small.ipynb"}
    assert result.refused == [
        "bob: not a regular file but a link",
        "cid/small.ipynb: not a regular file but a link",
        "dan/small.ipynb: not a regular file but a pipe",
    ]
    assert set(result.taken) == {"alice", "cid", "dan", "none", "sparse", "zed"}
    assert "larger than 64 MB" in " ".join(result.taken["sparse"])
    assert b"secret" not in b"".join(submitted(home).values())


def test_a_later_hand_in_counts_and_the_earlier_one_is_kept(tmp_path, home):
    source = folder(tmp_path / "in", {"ada/small.ipynb": book("first"), "bob/small.ipynb": book("same")})
    collect(source, home, "small", clock=lambda: NOON)
    folder(source, {"ada/small.ipynb": book("second")})
    collect(source, home, "small", clock=lambda: LATER)
    assert submitted(home)["ada/small/small.ipynb"] == book("second")
    (kept,) = (home / "earlier" / "ada" / "small").iterdir()
    assert kept.read_bytes() == book("first")
    receipts = Records(home, "small").received()
    assert [receipts[who]["received"] for who in ("ada", "bob")] == [LATER.isoformat(), NOON.isoformat()]
    # Sent again as two files that nobody can choose between: the old one must not be graded in their place.
    (source / "ada" / "small.ipynb").rename(source / "ada" / "a.ipynb")
    folder(source, {"ada/b.ipynb": book("b")})
    result = collect(source, home, "small", clock=lambda: LATER)
    assert {name for name in submitted(home) if "ada" in name} == {"ada/small/1-a.ipynb", "ada/small/2-b.ipynb"}
    assert any("several notebooks" in note for note in result.taken["ada"])


def test_the_files_own_time_counts_when_asked_for_and_is_said(tmp_path, home):
    source = folder(tmp_path / "in", {"ada/small.ipynb": book("1")})
    os.utime(source / "ada" / "small.ipynb", (NOON.timestamp(), NOON.timestamp()))
    result = collect(source, home, "small", times="files", clock=lambda: LATER)
    assert Records(home, "small").received()["ada"]["received"] == NOON.isoformat()
    assert result.taken["ada"] == ["time of receipt: the file's own"]


def test_groups_of_folders_never_become_one_learner(tmp_path, home):
    files = {f"group{g}/{who}/small.ipynb": book(who) for g, who in ((1, "ada"), (1, "bob"), (2, "cid"))}
    result = collect(folder(tmp_path / "in", files), home, "small")
    assert "group1: it holds several folders with notebooks: give one folder for each learner" in result.refused
    assert "group1" not in result.taken


def test_odd_ids_are_written_plainly_or_refused(tmp_path, home):
    files = {f"{name}/small.ipynb": book(name) for name in ("[ab]<b>&x", "a b", "a_b", "ok")}
    result = collect(folder(tmp_path / "in", files), home, "small")
    assert set(result.taken) == {"ab_b_x", "ok"}
    assert result.taken["ab_b_x"] == ["the id '[ab]<b>&x' is written ab_b_x"]
    assert result.refused == ["'a b' and 'a_b' would both be a_b: rename one and collect again"]
    for bad in ("...", "", "[]", "x" * 101):
        with pytest.raises(Exception, match="can be no learner's id"):
            safe_id(bad)


def test_the_lecturers_mistakes_are_one_sentence(tmp_path, home):
    (tmp_path / "a.zip").write_bytes(b"PK\3\4 broken")
    (tmp_path / "void").mkdir()
    mistakes = {"a.zip": "cannot be read as a zip", "nowhere": "neither a folder nor a zip", "void": "no hand-in"}
    for source, said in mistakes.items():
        with pytest.raises(CollectError, match=said):
            collect(tmp_path / source, home, "small")
    (home / "submitted").mkdir(parents=True)
    with pytest.raises(CollectError, match="own hand-ins"):
        collect(home / "submitted", home, "small")
    assert collect(folder(tmp_path / "in", {"lms.zip": b"PK"}), home, "small") == Collected(
        refused=["lms.zip: an archive inside is not unpacked: ask for the notebook itself"]
    )


@pytest.mark.parametrize("how", [folder, packed])
@pytest.mark.parametrize(
    "outer",
    [
        "{}_1001_assignsubmission_file_/",
        "{}_34_801_",
        "Abgaben/Lovelace_Maria_{}_300/",
        "{}/small/",
        "submitted/{}/small/",
        "{}/",
        "{}_",
    ],
    ids=["moodle", "canvas", "ilias", "nbgrader", "nbgrader in a folder", "folders", "files"],
)
def test_an_assignment_of_two_notebooks_is_handed_out_whole(tmp_path, home, how, outer):
    files = {
        f"{outer.format(who)}{name}.ipynb": book(who + name) for who in ("Ada", "Bob") for name in ("part1", "part2")
    }
    result = collect(how(tmp_path / "in", files), home, "small", ["part1", "part2"])
    assert result.refused == []
    assert {name.split("/", 1)[1]: data for name, data in submitted(home).items() if name[:3].lower() == "ada"} == {
        "small/part1.ipynb": book("Adapart1"),
        "small/part2.ipynb": book("Adapart2"),
    }
    assert len(result.taken) == 2


def test_learners_folders_that_look_like_ilias_are_the_learners(tmp_path, home):
    files = {f"{who}/small.ipynb": book(who) for who in ("wrong_sum_of_two_2", "right_numpy", "ada")}
    result = collect(folder(tmp_path / "in", files), home, "small")
    assert set(result.taken) == {"wrong_sum_of_two_2", "right_numpy", "ada"}
    assert result.refused == []


def test_names_as_a_mac_writes_them_are_found_in_the_roster(tmp_path, home):
    name = unicodedata.normalize("NFD", "Müller Jürgen_1002_assignsubmission_file_/small.ipynb")
    files = {
        name: book("2"),
        f"__MACOSX/{name}": b"resource",
        "Müller Jürgen_1002_assignsubmission_file_/.DS_Store": b"",
    }
    result = collect(packed(tmp_path / "a.zip", files), home, "small", roster=roster(tmp_path))
    assert list(result.taken) == ["s2"]
    assert result.refused == []


def test_hidden_names_stay_apart(tmp_path, home):
    moodle = {f"Participant_{i}_assignsubmission_file_/small.ipynb": book(str(i)) for i in (7, 8)}
    result = collect(packed(tmp_path / "a.zip", moodle), home, "small")
    assert {name: submitted(home)[f"{name}/small/small.ipynb"] for name in result.taken} == {
        "Participant_7": book("7"),
        "Participant_8": book("8"),
    }
    canvas = {f"{late}anon_{code}_12_small.ipynb": book(code) for late, code in (("", "aB3x"), ("LATE_", "Zz9y"))}
    result = collect(packed(tmp_path / "b.zip", canvas), tmp_path / "other", "small")
    assert set(result.taken) == {"anon_aB3x", "anon_Zz9y"}
    assert result.taken["anon_Zz9y"] == ["Canvas marks it as late"]


def test_the_time_in_a_zip_is_the_one_that_its_platform_wrote(tmp_path, home):
    source = packed(tmp_path / "a.zip", {"Ada L_1_assignsubmission_file_/small.ipynb": book("1")})
    collect(source, home, "small", times="files", clock=lambda: LATER)
    written = datetime(2026, 2, 28, 10).astimezone(UTC)  # a zip holds local times
    assert Records(home, "small").received()["Ada_L"]["received"] == written.isoformat()
    future = packed(tmp_path / "b.zip", {"Ada L_1_assignsubmission_file_/small.ipynb": book("2")})
    collect(future, home, "small", times="files", clock=lambda: datetime(2026, 1, 1, tzinfo=UTC))
    assert Records(home, "small").received()["Ada_L"]["received"] == "2026-01-01T00:00:00+00:00"


def test_a_course_with_folders_of_its_own(tmp_path, home):
    source = folder(tmp_path / "in", {"ada/small.ipynb": book("1")})
    place = lambda who: tmp_path / "Kurs" / "abgegeben" / who / "small"  # noqa: E731
    collect(source, home, "small", submitted=place)
    assert (tmp_path / "Kurs" / "abgegeben" / "ada" / "small" / "small.ipynb").read_bytes() == book("1")
    assert not (home / "submitted").exists()
    with pytest.raises(CollectError, match="own hand-ins"):
        collect(tmp_path / "Kurs" / "abgegeben", home, "small", submitted=place)


def test_a_zip_damaged_anywhere_is_one_sentence_and_harms_nothing(tmp_path, home):
    files = {f"s{i}/small.ipynb": book(str(i)) * 20 for i in range(4)}
    whole = packed(tmp_path / "a.zip", files).read_bytes()
    draw = random.Random(6)
    ended = {"taken": 0, "said": 0}
    for i in range(100):
        data = bytearray(whole)
        if i % 4:
            for _ in range(draw.choice((1, 2, 8))):
                data[draw.randrange(len(data))] = draw.randrange(256)
        else:
            del data[draw.randrange(len(data)) :]
        (tmp_path / "a.zip").write_bytes(data)
        shutil.rmtree(home, ignore_errors=True)
        try:
            result = collect(tmp_path / "a.zip", home, "small")
        except CollectError:
            ended["said"] += 1
            continue
        ended["taken"] += 1
        for name, raw in submitted(home).items():
            assert raw in files.values(), (name, result)
        assert {path.name for path in tmp_path.iterdir()} == {"a.zip", "course"}
    assert min(ended.values()) > 10, ended


NO_SPACE = """
import resource, signal, sys
from pathlib import Path
from bplib.grading.collect import CollectError, collect
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))
try:
    collect(Path(sys.argv[1]), Path(sys.argv[2]), "small")
except CollectError as error:
    print(error)
"""


def test_stopped_half_way_it_keeps_what_it_has_and_goes_on_the_next_time(tmp_path, home):
    source = folder(tmp_path / "in", {"ada/small.ipynb": book("1"), "bob/small.ipynb": book("2" * 5000)})
    done = subprocess.run([sys.executable, "-c", NO_SPACE, source, home], capture_output=True, text=True)
    assert done.stdout.startswith("collecting stopped, nothing is lost: "), done.stderr
    assert submitted(home) == {"ada/small/small.ipynb": book("1")}
    first = Records(home, "small").received()["ada"]["received"]
    result = collect(source, home, "small", clock=lambda: datetime(2100, 1, 1, tzinfo=UTC))
    assert set(result.taken) == {"ada", "bob"}
    assert submitted(home)["bob/small/small.ipynb"] == book("2" * 5000)
    assert Records(home, "small").received()["ada"]["received"] == first
