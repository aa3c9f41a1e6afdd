"""The wire lets plain data through unchanged, and nothing else, whatever the bytes are."""

import io
import json
import math
import os
import random
import struct
import time
import zlib

import numpy as np
import pytest

from bplib.grading import wire


def read_from(data):
    file = io.BytesIO(data)

    def read(size):
        got = file.read(size)
        if len(got) != size:
            raise EOFError
        return got

    return read


def across(value, **more):
    return wire.unpack(read_from(wire.pack({}, value)), **more)["v"]


def same(a, b):
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray | np.generic):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[k], b[k]) for k in a)
    return a == b or (isinstance(a, float) and math.isnan(a) and math.isnan(b))


@pytest.mark.parametrize(
    "value",
    [
        None, True, 0, -(10**300), 0.1, -0.0, math.inf, -math.inf, math.nan, 5e-324, 1e308,
        2 - 3j, "", "é\n\0", "x" * 9999, [1.0] * 9 + [1], list(range(500)), [], (), {}, [1, [2.0, (None, "a")]],
        {"a": [1], "": {"b": 2}}, [0.5] * 50, (1.5,) * 50,
        np.zeros((0, 3)), np.array(1.5), np.arange(6.0).reshape(2, 3).T, np.float32(1.5), np.bool_(True), np.int64(-7),
        np.complex128(1j), np.array([[True, False]]), np.arange(4, dtype=np.uint8)[::2], np.array([np.nan, np.inf]),
    ],
    ids=lambda v: repr(v)[:30],
)  # fmt: skip
def test_plain_data_crosses_unchanged(value):
    assert same(across(value), value)


@pytest.mark.parametrize("name", wire.DTYPES)
def test_every_accepted_dtype_crosses(name):
    value = np.arange(6).reshape(2, 3).astype(name)
    assert same(across(value), value)


def test_what_arrives_can_be_written_to_and_is_in_this_machine_s_order():
    got = across(np.arange(3.0).astype(">f8"))
    got += 1
    assert got.dtype == np.dtype("<f8")
    assert got.tolist() == [1, 2, 3]


class Lying(float):
    def __eq__(self, other):
        return True

    __hash__ = float.__hash__


class LyingArray(np.ndarray):
    pass


@pytest.mark.parametrize(
    "value",
    [
        Lying(1), [Lying(1)], {"a": Lying(1)}, {1: 2}, {Lying(1): 2}, np.zeros(3).view(LyingArray), np.ma.array([1.0]),
        np.array([object()]), np.array(["text"]), np.zeros(2, "f8,i4"), np.datetime64("2020-01-01"), np.longdouble(1),
        set(), b"x", range(3), (x for x in ()), bytearray(), float, len, object(),
        type("f8", (float,), {"__module__": "numpy"})(1),
    ],
    ids=lambda v: type(v).__name__,
)  # fmt: skip
def test_what_is_not_exactly_plain_does_not_cross(value):
    with pytest.raises(wire.WireError):
        wire.pack({}, value)


def nested(depth):
    value = 1
    for _ in range(depth):
        value = [value]
    return value


LOOP = []
LOOP.append(LOOP)


@pytest.mark.parametrize(
    "make",
    [
        lambda: nested(wire.DEPTH + 1), lambda: LOOP, lambda: 10**5000, lambda: [None] * (wire.ITEMS + 1),
        lambda: np.zeros((wire.FRAME >> 3) + 1), lambda: "é" * wire.FRAME, lambda: np.zeros((1,) * 9),
        lambda: np.broadcast_to(np.float64(1), (1 << 20, 1 << 20)), lambda: [np.zeros(wire.FRAME >> 4)] * 3,
    ],
    ids=["deep", "loop", "integer", "many", "large", "long", "dimensions", "broadcast", "together"],
)  # fmt: skip
def test_limits_hold_when_writing(make):
    with pytest.raises(wire.WireError):
        wire.pack({}, make())


def frame(head, raw=b""):
    data = head if isinstance(head, bytes) else json.dumps(head).encode()
    return struct.pack(">I", len(data)) + data + raw


@pytest.mark.parametrize(
    "data",
    [
        struct.pack(">I", 0xFFFFFFFF), struct.pack(">I", 0), frame(b"\xff\xfe"), frame(b"[]"), frame({}),
        frame({"n": [-1]}), frame({"n": [8], "v": {"a": [["<f8"], [1]]}}, bytes(8)),
        frame({"n": [1 << 40], "v": None}), frame({"n": [True], "v": None}), frame({"n": [3], "v": None}, b"abc"),
        frame({"n": [8], "v": {"a": ["|O", [1]]}}, bytes(8)), frame({"n": [8], "v": {"a": ["<f8", [2]]}}, bytes(8)),
        frame({"n": [8], "v": {"a": ["<f8", [-1]]}}, bytes(8)), frame({"n": [0], "v": {"a": ["<f8", [1 << 40, 0]]}}),
        frame({"n": [8], "v": {"a": ["<f8", [1.0]]}}, bytes(8)),
        frame({"n": [], "v": {"x": 1}}), frame({"n": [], "v": {"l": [], "t": []}}), frame({"n": [], "v": [1]}),
        frame({"n": [], "v": {"d": [[1, 2]]}}), frame({"n": [], "v": {"d": [["a"]]}}), frame({"n": [], "v": {"h": 0}}),
        frame({"n": [], "v": {"f": True}}), frame({"n": [], "v": {"c": [1, 2]}}), frame({"n": [], "v": {"s": 5}}),
        frame(b'{"n": [], "v": ' + b'{"l": [' * 9999 + b"]}" * 9999 + b"}"), frame(b"[" * 100_000),
        frame(b'{"n": [], "v": ' + b"9" * 5000 + b"}"), frame({"n": [], "v": "x" * 300}),
        frame({"n": [], "v": nested(3)}), frame({"n": [], "v": {"lf": -1}}), frame({"n": [1], "v": {"g": "<f8"}}, b"x"),
    ],
    ids=lambda d: repr(d[4:30]),
)  # fmt: skip
def test_frames_that_are_none_are_refused(data):
    with pytest.raises(wire.WireError):
        wire.unpack(read_from(data))


def test_the_length_of_what_follows_is_believed_only_up_to_the_limit():
    data = wire.pack({}, np.zeros(1000))
    with pytest.raises(wire.WireError):
        wire.unpack(read_from(data), limit=4000)
    with pytest.raises(wire.WireError):
        wire.unpack(read_from(wire.pack({}, [np.zeros(400)] * 3)), limit=4000)


def test_handles_and_functions_cross_as_numbers_only_where_they_are_expected():
    data = wire.pack({}, [object(), len], lambda value: ("f", 7) if callable(value) else ("h", 3))
    assert wire.unpack(read_from(data), lambda tag, number: (tag, number))["v"] == [("h", 3), ("f", 7)]
    with pytest.raises(wire.WireError):
        wire.unpack(read_from(data))


WORDS = [
    b"-1", b"9" * 20, b"1e999", b"NaN", b"{", b"[", b'"a"', b"null", b"true", b'"<f8"', b'"|O"', b"[9999999,9]",
    b'{"l":[',    b'{"h":0}', b'{"f":1}', b'"\\ud800"', b'{"d":[["a",', b"]}", b"1e400", b"\xff", b"-0.0",
]  # fmt: skip


def mutated(data, rng):
    data = bytearray(data)
    for _ in range(rng.randint(1, 6)):
        at, dice = rng.randrange(len(data) + 1), rng.random()
        if dice < 0.5 and at < len(data):
            data[at] = rng.randrange(256)
        elif dice < 0.65:
            data[at : at + rng.randint(0, 8)] = rng.randbytes(rng.randint(0, 8))
        elif dice < 0.75:
            del data[at : at + rng.randint(1, 9)]
        else:
            data[at : at + rng.randint(0, 3)] = rng.choice(WORDS)
    # Most lengths are mended, so that what is behind them is tried as well.
    if rng.random() < 0.8 and len(data) > 4:
        end = data.rfind(b"}")
        data[:4] = struct.pack(">I", max(0, end - 3))
    return bytes(data)


def test_fuzz():
    """Changed frames raise the one expected error or become plain data that can be packed again."""
    seconds = float(os.environ.get("WIRE_FUZZ", "3"))
    rng = random.Random(20)
    values = [
        [np.arange(6.0).reshape(2, 3), {"a": [1, 2.5, None, True, "x" * 300], "b": (np.zeros(3), np.float32(2))}],
        {"k": nested(5), "c": 1j, "f": [0.5] * 20}, [math.nan, -5, "é", 10**50], np.zeros((2, 0, 3), "<c16"),
        "y" * 1000,
    ]  # fmt: skip
    seeds = [wire.pack({"kind": "done"}, value) for value in values]
    counted, end = 0, time.monotonic() + seconds
    fine = 0
    while time.monotonic() < end:
        data = mutated(rng.choice(seeds), rng)
        counted += 1
        try:
            got = wire.unpack(read_from(data), lambda tag, number: (tag, number), limit=1 << 20)
        except (wire.WireError, EOFError):
            continue
        except struct.error:
            assert len(data) < 4
            continue
        fine += 1
        assert type(got) is dict
        wire.pack({}, got["v"])
    assert counted > 1000 * seconds
    assert fine > counted // 200, "the fuzz changes so much that nothing is ever read"


# ------------------------------------------------------------------------------------------------ pictures
def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width=2, height=2, rows=None, extra=b"", depth=8, colour=2, after=b""):
    rows = rows if rows is not None else (b"\0" + b"\x7f" * (width * 3)) * height
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + extra + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"") + after


def test_a_picture_is_kept_without_what_is_no_picture():
    assert wire.picture(png()) == png()
    assert wire.picture(png(extra=chunk(b"tEXt", b"Comment\0<script>"), after=b"<html>")) == png()


@pytest.mark.parametrize(
    "data",
    [
        b"", b"<svg/>", png()[:-5], png().replace(b"IDAT", b"IDAX"), png(rows=b"\0" * 5), png(rows=b"\0" * 50_000_000),
        png(0, 2), png(1 << 31, 1 << 31, rows=b""), png(colour=5), png(depth=16), png()[:50] + b"x" + png()[51:],
        bytearray(png()), png()[:8] + chunk(b"IEND", b""), png(2, 2, extra=chunk(b"IHDR", bytes(13))),
    ],
    ids=range(14),
)  # fmt: skip
def test_what_is_no_whole_picture_is_refused(data):
    with pytest.raises(wire.WireError):
        wire.picture(data)


def test_a_fingerprint_tells_data_apart_however_deep_it_lies():
    layers = [np.zeros(2), {"W": np.zeros((2, 2))}]
    before = wire.fingerprint(layers)
    assert wire.fingerprint([np.zeros(2), {"W": np.zeros((2, 2))}]) == before
    for change in (lambda: layers[1]["W"].__setitem__((0, 1), -0.0), lambda: layers[0].resize(3, refcheck=False)):
        change()
        assert wire.fingerprint(layers) != before
        before = wire.fingerprint(layers)
    one, other = object(), object()
    assert wire.fingerprint([one]) == wire.fingerprint([one]) != wire.fingerprint([other])
    deep = []
    for _ in range(wire.DEPTH + 1):
        deep = [deep]
    assert wire.fingerprint(deep) == b""
