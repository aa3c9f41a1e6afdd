"""What crosses from learners' code to the judge is counted bytes that can only ever become plain data.

A frame is a four-byte length, a JSON header of that length, and raw bytes whose lengths the header names. Both ends
use this module. Nothing is unpickled or evaluated, every type is compared exactly (a subclass of `float` can lie about
being equal, a `float` cannot), and no count in a frame is believed before it was compared with a limit.
"""

from __future__ import annotations

import json
import math
import struct
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np

DTYPES = {
    name: np.dtype(name)
    for name in (
        *("<f8", "<f4", "<f2", "<c16", "<c8", "|b1"),
        *("|i1", "<i2", "<i4", "<i8", "|u1", "<u2", "<u4", "<u8"),
    )
}
SCALARS = frozenset(dtype.type for dtype in DTYPES.values())
HEADER = 2 << 20  # bytes of JSON
FRAME = 64 << 20  # bytes of arrays and long texts together
DEPTH = 8  # lists within lists
ITEMS = 100_000  # nodes of one frame
DIMENSIONS = 8
DIGITS = 1000  # decimal digits of an integer
SHORT = 256  # characters of a text that stands in the header itself

# The exceptions that cross by name, so that a check can expect a ValueError.
BUILTIN = {
    name: kind
    for name, kind in vars(__import__("builtins")).items()
    if isinstance(kind, type) and issubclass(kind, Exception)
}


class WireError(Exception):
    """A value that may not cross, or a frame that is none: says which rule it breaks."""


def pack(message: dict[str, Any], value: Any = None, other: Callable[[Any], tuple[str, int]] | None = None) -> bytes:
    """Return the frame of a `message` with a `value`.

    Parameters
    ----------
    message : dict
        Short JSON data: what is asked or answered. The keys 'v' and 'n' belong to the frame.
    value : any
        Plain data: None, bool, int, float, complex, str, list, tuple, dict with text keys, NumPy arrays and scalars of
        the kinds in `DTYPES`.
    other : callable, optional
        What to write for anything else: a tag ('h' for a handle, 'f' for a function) and a number.

    Raises
    ------
    WireError
        If the value is not plain and there is no `other`, or if it exceeds a limit.
    """
    packer = _Packer(other)
    tree = packer.node(value, 0)
    head = json.dumps({**message, "v": tree, "n": [len(part) for part in packer.parts]}, separators=(",", ":")).encode()
    if len(head) > HEADER or sum(len(part) for part in packer.parts) > FRAME:
        raise WireError("it is too large to be handed over")
    return b"".join([struct.pack(">I", len(head)), head, *packer.parts])


class _Packer:
    def __init__(self, other: Callable[[Any], tuple[str, int]] | None) -> None:
        self.other, self.parts, self.left, self.room = other, [], ITEMS, FRAME

    def part(self, data: bytes) -> None:
        self.room -= len(data)
        if self.room < 0:
            raise WireError("it is too large to be handed over")
        self.parts.append(data)

    def node(self, value: Any, depth: int) -> Any:
        self.left -= 1
        if self.left < 0:
            raise WireError(f"it has more than {ITEMS} parts")
        if depth > DEPTH:
            raise WireError(f"it is nested more than {DEPTH} deep")
        kind = type(value)
        if value is None or kind is bool or kind is float:
            return value
        if kind is int:
            if value.bit_length() > DIGITS * 3:
                raise WireError(f"an integer has more than about {DIGITS} digits")
            return value
        if kind is complex:
            return {"c": [value.real, value.imag]}
        if kind is str:
            if len(value) <= SHORT:
                return value.encode("utf-8", "replace").decode()
            data = value.encode("utf-8", "replace")
            self.part(data)
            return {"s": len(data)}
        if kind is np.ndarray and (name := _name(value.dtype)):
            if value.ndim > DIMENSIONS or value.nbytes > self.room:
                raise WireError("an array is too large to be handed over")
            self.part(np.ascontiguousarray(value, DTYPES[name]).tobytes())
            return {"a": [name, list(value.shape)]}
        if kind in SCALARS and (name := _name(value.dtype)):
            self.part(np.asarray(value, DTYPES[name]).tobytes())
            return {"g": name}
        if kind is list or kind is tuple:
            tag = "l" if kind is list else "t"
            if len(value) > 8 and all(type(x) is float for x in value):  # a history of losses: one part, not thousands
                self.part(np.array(value, "<f8").tobytes())
                return {f"{tag}f": len(value)}
            return {tag: [self.node(x, depth + 1) for x in value]}
        if kind is dict and all(type(key) is str for key in value):
            return {"d": [[self.node(k, depth + 1), self.node(x, depth + 1)] for k, x in value.items()]}
        if self.other is None:
            raise WireError(f"a value of type {kind.__name__[:60]} is not plain data")
        tag, number = self.other(value)
        return {tag: number}


def fingerprint(value: Any) -> bytes:
    """Return bytes that tell plain data from all other data, however deep its arrays lie; an object is only itself."""
    try:
        return pack({}, value, lambda thing: ("h", id(thing)))
    except WireError:  # somebody has put into it what cannot cross
        return b""


def _name(dtype: np.dtype) -> str | None:
    name = dtype.str.replace(">", "<")
    return name if name in DTYPES else None


def unpack(
    read: Callable[[int], bytes], other: Callable[[str, int], Any] | None = None, limit: int = FRAME
) -> dict[str, Any]:
    """Return the message of one frame, its value under 'v'.

    Parameters
    ----------
    read : callable
        Returns exactly as many bytes as it is asked for, or raises.
    other : callable, optional
        What stands for a tagged number ('h' or 'f'); may raise `WireError`.
    limit : int
        The most raw bytes that are accepted.

    Raises
    ------
    WireError
        If the bytes are not a frame of this module. Nothing else is raised, but what `read` raises.
    """
    (size,) = struct.unpack(">I", read(4))
    if not 2 <= size <= HEADER:
        raise WireError("a header of impossible length")
    try:
        message = json.loads(read(size).decode("utf-8"))
    except (ValueError, RecursionError):
        raise WireError("a header that is no JSON") from None
    if type(message) is not dict:
        raise WireError("a header that is no object")
    sizes = message.pop("n", None)
    if type(sizes) is not list or len(sizes) > ITEMS or any(type(n) is not int or not 0 <= n <= limit for n in sizes):
        raise WireError("lengths that are none")
    if sum(sizes) > limit:
        raise WireError("more bytes than are accepted")
    unpacker = _Unpacker([read(n) for n in sizes], other)
    try:
        message["v"] = unpacker.node(message.get("v"), 0)
    except RecursionError:
        raise WireError("nested too deeply") from None
    if unpacker.parts:
        raise WireError("bytes that nobody asked for")
    return message


class _Unpacker:
    def __init__(self, parts: list[bytes], other: Callable[[str, int], Any] | None) -> None:
        self.parts, self.other, self.left = parts[::-1], other, ITEMS

    def part(self, size: int) -> bytes:
        if not self.parts or len(self.parts[-1]) != size:
            raise WireError("a length that does not match")
        return self.parts.pop()

    def node(self, tree: Any, depth: int) -> Any:
        self.left -= 1
        if self.left < 0 or depth > DEPTH:
            raise WireError("too many parts, or nested too deeply")
        kind = type(tree)
        if tree is None or kind is bool or kind is float:
            return tree
        if kind is int:
            return tree if tree.bit_length() <= DIGITS * 4 else _refuse()
        if kind is str:
            return _text(tree) if len(tree) <= SHORT else _refuse()
        if kind is not dict or len(tree) != 1:
            raise WireError("a node of no known kind")
        ((tag, body),) = tree.items()
        if tag in ("l", "t", "d") and type(body) is list:
            if tag == "d":
                return dict(self.pair(x, depth + 1) for x in body)
            return (list if tag == "l" else tuple)(self.node(x, depth + 1) for x in body)
        if tag in ("lf", "tf") and type(body) is int and 0 <= body <= FRAME:
            values = np.frombuffer(self.part(8 * body), "<f8").tolist()
            return values if tag == "lf" else tuple(values)
        if tag == "s" and type(body) is int:
            return _text(self.part(body).decode("utf-8", "replace"))
        if tag == "c" and type(body) is list and [type(x) for x in body] == [float, float]:
            return complex(*body)
        if tag == "g" and type(body) is str and body in DTYPES:
            return np.frombuffer(self.part(DTYPES[body].itemsize), DTYPES[body])[0]
        if tag == "a" and type(body) is list and len(body) == 2:
            return self.array(*body)
        if tag in ("h", "f") and type(body) is int and 0 <= body < 1 << 31 and self.other is not None:
            return self.other(tag, body)
        raise WireError("a node of no known kind")

    def pair(self, tree: Any, depth: int) -> tuple[str, Any]:
        if type(tree) is not list or len(tree) != 2:
            raise WireError("a pair that is none")
        key = self.node(tree[0], depth)
        if type(key) is not str:
            raise WireError("a key that is no text")
        return key, self.node(tree[1], depth)

    def array(self, name: Any, shape: Any) -> np.ndarray:
        if type(name) is not str or name not in DTYPES or type(shape) is not list or len(shape) > DIMENSIONS:
            raise WireError("an array of no accepted kind")
        if any(type(n) is not int or not 0 <= n <= FRAME for n in shape):
            raise WireError("an array of impossible shape")
        data = self.part(math.prod(shape) * DTYPES[name].itemsize)
        return np.frombuffer(data, DTYPES[name]).reshape(shape).copy()  # a copy can be written to


def _refuse() -> Any:
    raise WireError("a number or a text of impossible length")


def _text(text: str) -> str:
    return text.encode("utf-8", "replace").decode()  # JSON can write half a surrogate pair, which no file can hold


def picture(data: Any, pixels: int = 16 << 20, limit: int = 4 << 20) -> bytes:
    """Return a PNG of the five parts that make a picture, each of them checked; raise `WireError` if it is none.

    Everything else that a PNG can carry (texts, colour profiles, animations, bytes behind the end) is left out.

    Parameters
    ----------
    data : bytes
        The file as learners' code made it.
    pixels, limit : int
        The largest picture and the largest file that are accepted.
    """
    if type(data) is not bytes or len(data) > limit or not data.startswith(b"\x89PNG\r\n\x1a\n"):
        raise WireError("a picture that is no PNG, or too large")
    at, kept, packed, rows = 8, [data[:8]], [], 0
    while at + 12 <= len(data):
        (size,) = struct.unpack_from(">I", data, at)
        name, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + size]
        if len(data) < at + 12 + size or struct.unpack_from(">I", data, at + 8 + size)[0] != zlib.crc32(name + body):
            break
        if (name == b"IHDR") != (at == 8):
            break
        if name == b"IHDR":
            rows = _rows(body, pixels)
        if name == b"IDAT":
            packed.append(body)
        if name in (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"):
            kept.append(data[at : at + 12 + size])
        at += 12 + size
        if name == b"IEND":
            _inflate(b"".join(packed), rows)
            return b"".join(kept)
    raise WireError("a picture that is no whole PNG")


def _rows(body: bytes, pixels: int) -> int:
    """Return the bytes that the picture with this IHDR has when it is unpacked."""
    if len(body) != 13:
        raise WireError("a picture that is no whole PNG")
    width, height, depth, colour, *rest = struct.unpack(">IIBBBBB", body)
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}.get(colour)
    if not channels or depth not in (1, 2, 4, 8) or rest != [0] * 3 or not 0 < width * height <= pixels:
        raise WireError("a picture of an impossible or unusual kind")
    return height * (1 + (width * channels * depth + 7) // 8)


def _inflate(packed: bytes, size: int) -> None:
    stream = zlib.decompressobj()
    try:
        got = len(stream.decompress(packed, size + 1))
    except zlib.error:
        got = -1
    if got != size or not stream.eof:
        raise WireError("a picture whose rows do not fit its size")
