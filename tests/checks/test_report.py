"""The lecturer's report, on notebooks that are right, broken, hostile or chatty."""

import csv
import json
import re
from dataclasses import asdict
from html.parser import HTMLParser

import pytest

from bplib.checks import hand_ins, ps06, report, report_page, tallies
from bplib.checks.record import RECORD_TYPE

ASSIGNMENT = "ps06_two_two_two"
WRONG = dict(part="delta1", text="delta1[0] is 0.03635, should be 0.008771", index=[0], got=0.03635, want=0.008771)


def record(question="ps06.hidden_delta", **changes):
    right = dict(question=question, marks=4.0, out_of=4.0, right=["delta1"], first_wrong=None, explanations=[])
    return right | dict(mistakes=[], named=False, hint=0) | changes


def slip(id="missing_slope", **changes):
    """A record with a known mistake."""
    says = ["the slope is missing"]
    return record(**(dict(marks=2.0, first_wrong=WRONG, mistakes=[id], explanations=says, named=True) | changes))


def code(source="", *records, grade=None, solution=False):
    """A code cell; `grade` None leaves nbgrader's metadata out."""
    outputs = [dict(output_type="display_data", metadata={}, data={RECORD_TYPE: r, "text/plain": []}) for r in records]
    metadata = {} if grade is None else {"nbgrader": dict(grade=grade, solution=solution, grade_id="x")}
    return dict(cell_type="code", source=source, metadata=metadata, outputs=outputs)


def solved(source, *records):
    """An autograded notebook's cells: the learner's function, then a graded cell for each record."""
    return [code(source, grade=False, solution=True), *(code("check", r, grade=True) for r in records)]


def hand_in(folder, student, cells, assignment=ASSIGNMENT):
    path = folder / "autograded" / student / assignment / f"{assignment}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(dict(nbformat=4, cells=cells)), encoding="utf-8")
    return path


def run(folder, capsys, paths=None):
    """Make a report; return the page, the rows of the table and the lines on stderr."""
    assert report.main(paths or [folder], folder / "out") == 0
    page = (folder / "out" / "report.html").read_text(encoding="utf-8")
    with (folder / "out" / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return page, rows, capsys.readouterr().err.splitlines()


def texts(page):
    """The page as a reader sees it."""
    return " ".join(re.sub(r"<[^>]*>", " ", re.sub(r"<style>.*?</style>", "", page, flags=re.S)).split())


# ---------------------------------------------------------------------------------------------------- what counts


def test_a_class_is_counted(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(report_page, "catalogue", dict)
    lost = record(marks=0.0, first_wrong=dict(WRONG, text="delta1 has shape (2, 1), should have shape (2,)"))
    empty = record(marks=0.0, first_wrong=dict(part=None, text="hidden_delta: it is not written yet"))
    either = slip(mistakes=["missing_slope", "sign"], explanations=["a", "b"], named=False)
    for student, *records in (
        ("s1", record(), record("ps06.forward")),
        ("s2", slip(hint=1)),
        ("s3", slip()),
        ("s4", either),
        ("s5", lost),
        ("s6", empty),
        ("s7",),
    ):
        hand_in(tmp_path, student, solved("", *records))
    page, rows, err = run(tmp_path, capsys)
    kinds = {row["student"]: row["answer"] for row in rows if row["question"] == "ps06.hidden_delta"}
    assert kinds == dict(
        s1="right", s2="known mistake", s3="known mistake", s4="several fit", s5="described only", s6="no answer",
        s7="no answer",
    )  # fmt: skip
    assert [row["marks"] for row in rows if row["question"] == "ps06.hidden_delta"] == [
        "4",
        "2",
        "2",
        "2",
        "0",
        "0",
        "",
    ]
    assert len(rows) == 14
    seen = texts(page)
    assert "7 hand-ins: 1 right, 3 with a known mistake, 1 described only, 2 without an answer" in seen
    assert "missing_slope&nbsp;(3) 1 of 7" in seen
    assert 'aria-label="3 of 6, 1 of them not certain"' in page
    assert 'aria-label="Hand-ins by points: 0: 3; 2: 3; 4: 1"' in page
    assert f"{(4 + 2 + 2 + 2) / 28:.0%}" == "36%"
    assert "On average 36% of the points" in seen
    assert len(err) == 1
    assert "s7" in err[0]


def test_what_the_check_itself_writes_is_understood():
    def status(function):
        data = asdict(ps06.hidden_delta.judge(function))
        return hand_ins.status(hand_ins.checked(json.loads(json.dumps(data))))

    def unwritten(delta2, W2, a1):
        raise NotImplementedError

    assert status(unwritten) == "no answer"
    assert status(lambda delta2, W2, a1: (W2 @ delta2) * a1 * (1 - a1)) == "right"
    assert status(lambda delta2, W2, a1: W2 @ delta2) == "known mistake"
    assert status(lambda delta2, W2, a1: None) == "described only"


def test_the_last_record_of_a_question_counts(tmp_path, capsys):
    hand_in(tmp_path, "s1", solved("", slip(), record()))
    assert [row["answer"] for row in run(tmp_path, capsys)[1]] == ["right"]


def test_only_graded_cells_count(tmp_path, capsys):
    forged = code("display(...)", record(), grade=False, solution=True)
    hand_in(tmp_path, "s1", [forged, *solved("", slip()), forged, code("free", record())])
    _, rows, err = run(tmp_path, capsys)
    assert [row["answer"] for row in rows] == ["known mistake"]
    assert len(err) == 1
    assert "3 records outside the graded cells" in err[0]


def test_what_a_function_displays_while_it_is_judged_does_not_count(tmp_path, capsys):
    forged = record("ps06.forward")
    cells = [code("", slip("ps06.forward"), grade=True), code("", forged, slip(), grade=True)]
    cells[0] = code("", record("ps06.forward", marks=0.0, first_wrong=WRONG), grade=True)
    hand_in(tmp_path, "s1", cells)
    assert [row["answer"] for row in run(tmp_path, capsys)[1]] == ["described only", "known mistake"]


def test_without_nbgraders_metadata_all_cells_count(tmp_path, capsys):
    (tmp_path / "ann.ipynb").write_text(json.dumps(dict(cells=[code("", slip()), code("", record(marks=3.0))])))
    (tmp_path / "ben.jsonl").write_text(json.dumps(slip()) + "\n\n{cut\n[]\n")
    _, rows, err = run(tmp_path, capsys)
    assert [(row["assignment"], row["student"], row["marks"]) for row in rows] == [
        ("ps06", "ann", "3"),
        ("ps06", "ben", "2"),
    ]
    assert [line.split(":", 1)[1][:8] for line in err] == [" line 3:", " line 4:"]


def test_two_files_of_one_name_are_two_learners(tmp_path, capsys):
    for student in ("ann", "ben"):
        (tmp_path / student).mkdir()
        (tmp_path / student / "ps06.ipynb").write_text(json.dumps(dict(cells=[code("", record())])))
    assert len(run(tmp_path, capsys)[1]) == 2


def test_no_file_counts_twice_and_no_old_copy_counts(tmp_path, capsys):
    path = hand_in(tmp_path, "s1", solved("", record()))
    old = path.parent / ".ipynb_checkpoints" / "old.ipynb"
    old.parent.mkdir()
    old.write_text(json.dumps(dict(cells=solved("", slip()))))
    page, rows, _ = run(tmp_path, capsys, [tmp_path, path, path.parent])
    assert [row["answer"] for row in rows] == ["right"]
    assert "1 hand-in, 1 question" in page


def test_a_file_of_records_among_the_hand_ins_is_the_learners(tmp_path, capsys):
    path = hand_in(tmp_path, "s1", solved("", slip()))
    path.with_suffix(".jsonl").write_text(json.dumps(record()))
    _, rows, err = run(tmp_path, capsys)
    assert [row["answer"] for row in rows] == ["known mistake"]
    assert len(err) == 1


def test_older_records_say_nothing_of_hints_used(tmp_path, capsys):
    hand_in(tmp_path, "s1", solved("", slip(hint=2)))
    hand_in(tmp_path, "s2", solved("", slip(hints_used=3)))
    hand_in(tmp_path, "s3", solved("", slip()))
    page, rows, _ = run(tmp_path, capsys)
    assert [row["hints_used"] for row in rows] == ["2", "3", "0"]
    assert "2 of 3" in texts(page)


# ---------------------------------------------------------------------------------------------------- broken input


@pytest.mark.parametrize(
    "changes",
    [
        dict(marks=float("nan")), dict(marks=float("inf")), dict(marks=-1), dict(marks=5.0), dict(marks="4"),
        dict(marks=True), dict(marks=None), dict(marks=10**400), dict(out_of=0), dict(out_of=[4]),
        dict(question="<b>"), dict(question=7), dict(question="ps06.a b"), dict(question="os.system"),
        dict(first_wrong="x"), dict(first_wrong={}), dict(first_wrong=dict(text=1)), dict(mistakes="sign"),
        dict(mistakes=[1]), dict(mistakes=["<script>"]), dict(explanations=[None]), dict(named="yes"), dict(hint="1"),
        dict(hints_used=-1), dict(hints_used=None),
    ],
)  # fmt: skip
def test_a_record_of_a_wrong_form_is_named_and_left_out(tmp_path, capsys, changes):
    hand_in(tmp_path, "s1", solved("", record(), slip(**changes)))
    _, rows, err = run(tmp_path, capsys)
    assert [row["answer"] for row in rows] == ["right"]
    assert len(err) == 1
    assert "cell 3" in err[0]


@pytest.mark.parametrize("data", [[], None, "x", 1])
def test_what_is_no_table_is_no_record(data):
    with pytest.raises(hand_ins.NotARecord):
        hand_ins.checked(data)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b'{"cells": 3}', b"\xff\xfe\x00", b"[" * 100_000, b'{"cells": [' + b'{"a":' * 50_000,
        b'"' + b"9" * 100, b"1" * 10_000,
    ],
)  # fmt: skip
def test_a_broken_file_is_named_in_one_line(tmp_path, capsys, content):
    hand_in(tmp_path, "s1", solved("", record()))
    hand_in(tmp_path, "s2", []).write_bytes(content)
    _, rows, err = run(tmp_path, capsys)
    assert [row["student"] for row in rows] == ["s1"]
    assert len(err) == 1
    assert "s2" in err[0]


@pytest.mark.parametrize(
    "cell",
    [
        None, 3, [], {}, dict(cell_type="code"), dict(cell_type="code", outputs={}, metadata=[]),
        dict(cell_type="code", outputs=[None, 1, {}, dict(data=[]), dict(data={RECORD_TYPE: None})], metadata={}),
        dict(cell_type="code", source=[1, None], outputs=[], metadata={"nbgrader": []}),
        dict(cell_type="code", source={}, outputs=[], metadata={"nbgrader": {"solution": True, "grade": "true"}}),
    ],
)  # fmt: skip
def test_odd_cells_do_no_harm(tmp_path, capsys, cell):
    hand_in(tmp_path, "s1", [cell, *solved("", slip()), cell])
    assert [row["answer"] for row in run(tmp_path, capsys)[1]] == ["known mistake"]


def test_other_files_are_passed_over_and_named_only_if_asked_for(tmp_path, capsys):
    path = hand_in(tmp_path, "s1", solved("", record()))
    other = path.with_name("notes.txt")
    other.write_text("x")
    assert run(tmp_path, capsys)[2] == []
    err = run(tmp_path, capsys, [tmp_path, other, tmp_path / "gone\x1b[31m\nred"])[2]
    assert len(err) == 2
    assert "\x1b" not in err[1]


def test_nothing_found_is_said(tmp_path, capsys):
    hand_in(tmp_path, "s1", solved(""))
    assert report.main([tmp_path], tmp_path / "out") == 1
    assert "no record of a check found" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    assert report.main([], tmp_path / "out") == 1


def test_a_folder_that_cannot_be_written_is_said(tmp_path, capsys):
    hand_in(tmp_path, "s1", solved("", record()))
    (tmp_path / "out").write_text("a file")
    assert report.main([tmp_path], tmp_path / "out") == 1
    assert "cannot write the report" in capsys.readouterr().err


# ---------------------------------------------------------------------------------------------------- hostile text

EVIL = "</code></pre><script>alert(1)</script><img src=x onerror=alert(1)>\"'><a href=javascript:x>\u202e\ud800\x00"
TAGS = """html head meta title style body h1 h2 h3 h4 p a code pre em strong table thead tbody caption tr th td div
    section figure figcaption svg rect line text ol ul li span"""
ATTRIBUTES = """lang charset name content http-equiv class id href scope colspan role aria-label viewbox width height
    x y x1 x2 y1 y2 preserveaspectratio"""


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.open = set(), set(), []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {(tag, name) for name, _ in attrs}
        if tag not in ("meta", "rect", "line"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_hostile_text_stays_text(tmp_path, capsys, monkeypatch):
    entry = dict(name=EVIL, says=EVIL, think=EVIL, look=EVIL)
    monkeypatch.setattr(report_page, "catalogue", lambda: {"missing_slope": type("Entry", (), entry)})
    source = f"def hidden_delta(a):\n    return a < 1 if a > 2 else {'</code><script>'!r}\n"
    hand_in(tmp_path, "s1", solved(source, slip(first_wrong=dict(WRONG, text=EVIL), explanations=[EVIL])))
    hand_in(tmp_path, "s2", solved(source, record(marks=0, first_wrong=dict(part="x", text=EVIL), right=[EVIL])))
    hand_in(tmp_path, "s3", solved("", record()), assignment="<script>&'\"")
    page, rows, _ = run(tmp_path, capsys)
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    assert tags.tags <= set(TAGS.split())
    assert {name for _, name in tags.attributes} <= set(ATTRIBUTES.split())
    assert not {"\u202e", "\x00"} & set(page)
    assert re.findall(r'href="(.)', page) == ["#"] * page.count('href="')
    assert "&lt;script&gt;alert(1)" in page
    assert len(rows) == 3


def test_the_page_needs_nothing_else(tmp_path, capsys):
    hand_in(tmp_path, "s1", solved("", slip()))
    page = run(tmp_path, capsys)[0]
    assert not re.search(r"https?:|@import|url\(|<script|<link|src=", page)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", " =", "\r\n="])
def test_no_cell_is_a_formula(tmp_path, capsys, start):
    evil = start + 'HYPERLINK("x";"a,b")'
    hand_in(tmp_path, "s1", solved("", slip(first_wrong=dict(WRONG, text=evil))))
    hand_in(tmp_path, "=1+1", solved("", record()))
    rows = run(tmp_path, capsys)[1]
    assert rows[0]["student"] == "'=1+1"
    assert rows[1]["first_wrong"] == "'" + start.strip() + 'HYPERLINK("x";"a,b")'


def test_commas_quotes_and_chinese_names_survive_the_table(tmp_path, capsys):
    names = ['Müller, "Dr."', "王小明"]
    for name in names:
        hand_in(tmp_path, name, solved("", record()))
    page, rows, _ = run(tmp_path, capsys)
    assert [row["student"] for row in rows] == names
    assert "王" not in page


# ---------------------------------------------------------------------------------------------------- anonymous

OWN = '''import numpy as np
def slope(a):  # by Ann Smith
    "Ann Smith wrote this"
    return a
def hidden_delta(delta2, W2, a1):
    """Ann Smith, b109001."""
    print("Ann was here")
    # Ann
    if a1.any():
        """Ann"""
    note = f"Ann {a1}"
    if note: raise ValueError("Ann")
    key = cache["a1"]
    return np.einsum("ij,j->i", W2, delta2), 'Ann Smith', b"Ann"
'''


def test_a_function_is_shown_without_words():
    shown = hand_ins.own_function(["hidden_delta = 1", OWN, "x = ("], "hidden_delta")
    assert "Ann" not in shown
    assert shown.startswith(
        "def slope(a):\n    return a\n\ndef hidden_delta(delta2, W2, a1):\n    if a1.any():\n        pass"
    )
    assert "np.einsum('ij,j->i', W2, delta2)" in shown
    assert "cache['a1']" in shown
    assert "raise ValueError\n" in shown


def test_a_function_is_found_where_it_stands_last():
    assert (
        hand_ins.own_function(["def f(x):\n    return 1", "def f(x):\n    return 2", "f"], "f")
        == "def f(x):\n    return 2"
    )
    assert hand_ins.own_function(["f = lambda x: 3"], "f") == "f = lambda x: 3"
    assert hand_ins.own_function(["class F:\n    'no words'"], "F") == "class F:\n    pass"
    assert hand_ins.own_function(["def g(x):\n    return f"], "f") is None
    assert hand_ins.own_function(["%time\ndef f(): pass", "(" * 5000, "f" + "(1)" * 5000, "\x00", "def"], "f") is None


def test_a_long_function_is_cut():
    helper = "def helper():\n" + "    x = 1\n" * 20
    long = "def f():\n" + "    y = 2\n" * 40
    assert "helper" not in hand_ins.own_function([helper + long], "f")
    lines = hand_ins.own_function([helper + long], "f").splitlines()
    assert len(lines) == 25
    assert lines[-1] == "# … and 17 more lines"
    assert "helper" in hand_ins.own_function([helper + "def f(): return helper()"], "f")
    assert max(map(len, hand_ins.own_function([f"def f(): return {list(range(9999))}"], "f").splitlines())) == 161


def test_no_name_of_a_learner_is_on_the_page(tmp_path, capsys):
    hand_in(tmp_path, "ann_smith", solved("def hidden_delta(smith): return smith", slip()))
    hand_in(tmp_path, "b109001", solved("def hidden_delta(b109001): return b109001 + 11111", slip()))
    hand_in(tmp_path, "ben", solved("def hidden_delta(x): return ben_s + 22222 + x", slip()))
    hand_in(tmp_path, "carl", solved("def hidden_delta(carlos): return carlos + 33333333", slip()))
    hand_in(tmp_path, "frida", solved("def hidden_delta(x): return B109001 + ben", slip()))
    hand_in(tmp_path, "gwen", solved("", slip("sign", first_wrong=dict(WRONG, text="delta1 is a Gwen"))))
    raised = "hidden_delta: it raised ValueError: Dora (line 1 of the cell: raise ValueError('Dora'))"
    hand_in(tmp_path, "dora", solved("", record(marks=0, first_wrong=dict(part=None, text=raised))))
    typed = "delta1 is an Emil; a NumPy array of shape (2,) is needed"
    hand_in(tmp_path, "emil", solved("", record(marks=0, first_wrong=dict(part="delta1", text=typed))))
    page, _, _ = run(tmp_path, capsys)
    for word in ("smith", "b109001", "ben_s", "+ ben", "dora", "emil", "gwen"):
        assert word not in page.lower(), word
    assert "33333333" in page  # the only function without a name in it, though the longest
    assert "it raised ValueError</code>" in page


def test_an_example_has_one_mistake_if_there_is_such_a_hand_in(tmp_path, capsys):
    both = slip(mistakes=["missing_slope", "sign"], explanations=["two slips: a; and b"])
    hand_in(tmp_path, "s1", solved("def hidden_delta(a): return 1", both))
    hand_in(tmp_path, "s2", solved("def hidden_delta(a): return 1000 + 1", slip()))
    page = texts(run(tmp_path, capsys)[0])
    assert "return 1000 + 1" in page
    assert "A hand-in with two mistakes is counted with both" in page
    assert page.count("The slope is missing.") == 1
    assert "where another mistake is in question, too" in page


def test_the_page_is_the_same_whatever_the_learners_are_called(tmp_path, capsys):
    cells = [solved(f"def hidden_delta(a): return {k}", slip(marks=k)) for k in range(4)]
    for k in range(4):
        hand_in(tmp_path / "one", f"s{k}", cells[k])
        hand_in(tmp_path / "two", f"s{k}", cells[3 - k])
    assert run(tmp_path / "one", capsys)[0] == run(tmp_path / "two", capsys)[0]


# ---------------------------------------------------------------------------------------------------- the page


@pytest.mark.parametrize(
    ("marks", "out_of", "labels"),
    [
        ([0, 1.5], 3, ["0", "0.5", "1", "1.5", "2", "2.5", "3"]),
        ([0, 8], 8, [str(k) for k in range(9)]),
        ([0.3, 1], 1, [f"{10 * k}–{10 * k + 10} %" for k in range(10)]),
        ([20], 20, [f"{10 * k}–{10 * k + 10} %" for k in range(10)]),
    ],
)
def test_marks_fall_into_classes(marks, out_of, labels):
    classes = report_page.classes_of_marks(marks, out_of)
    assert [label for label, _ in classes] == labels
    assert sum(count for _, count in classes) == len(marks)
    assert classes[-1][1] == marks.count(out_of)


def test_the_three_most_common_mistakes_are_told_with_their_place(tmp_path, capsys, monkeypatch):
    def entry(name):
        return type("Entry", (), dict(name=f"name of {name}", says=f"says {name}", look=f"slide {name}"))

    monkeypatch.setattr(report_page, "catalogue", lambda: {id: entry(id) for id in ("one", "two", "three", "four")})
    for k, id in enumerate(["four"] * 4 + ["three"] * 3 + ["two"] * 2 + ["one"]):
        hand_in(tmp_path, f"s{k}", solved("", slip(id, explanations=[])))
    page = texts(run(tmp_path, capsys)[0])
    told = page[page.index("Most common mistakes") :]
    order = [
        told.index(words) for words in ("name of four", "Says four.", "slide four", "name of three", "name of two")
    ]
    assert order == sorted(order)
    assert "name of one" not in told
    assert "name of one" in page


def test_the_real_catalogue_or_none_at_all(tmp_path, capsys, monkeypatch):
    entry = tallies.catalogue().get("missing_slope")
    assert report_page.name_of("missing_slope", tallies.catalogue()) == (entry.name if entry else "missing_slope")
    assert report_page.name_of("never_heard_of", tallies.catalogue()) == "never_heard_of"
    assert tallies.where_in_slides("ps06.hidden_delta") == ps06.hidden_delta.look
    assert tallies.where_in_slides("ps99.hidden_delta") == tallies.where_in_slides("ps06.nobody") == ""


def contrast(one, other):
    """Contrast of two colours '#rrggbb', as WCAG 2 defines it."""

    def luminance(colour):
        colour = colour if len(colour) == 7 else "#" + "".join(2 * c for c in colour[1:])
        parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted(luminance(colour) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def test_everything_can_be_read_in_light_and_dark():
    themes = [
        dict(re.findall(r"--(\w+): (#\w+)", theme))
        for theme in re.findall(r":root \{[^}]*--paper[^}]*\}", report_page.STYLE)
    ]
    assert len(themes) == 2
    for theme in themes:
        for ink in ("ink", "faint", "link", "bar"):
            assert contrast(theme[ink], theme["paper"]) >= 4.5, (ink, theme)
        assert contrast(theme["ink"], theme["well"]) >= 4.5


def test_two_hand_ins_with_the_same_id_are_reported_and_not_on_the_page(tmp_path, capsys):
    for student, id in (("s1", "k123"), ("s2", "k999"), ("s3", "k123")):
        hand_in(tmp_path, student, solved("", record("ps04.typed", drawn_for=id)))
    assert report.main([tmp_path], tmp_path / "out") == 0
    assert f"{ASSIGNMENT}, ps04.typed: s1, s3 used the same id 'k123'" in capsys.readouterr().out
    page, rows, _ = run(tmp_path, capsys)
    assert [row["drawn_for"] for row in rows] == ["k123", "k999", "k123"]
    assert "k123" not in page
