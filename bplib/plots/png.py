"""A plot has few colours: a PNG that lists them once takes a third of the room of one that repeats them in each dot."""

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

MOST_COLOURS = 256  # that a byte can tell apart


def encode(dots: NDArray[np.uint8], density: float, colours: int = MOST_COLOURS) -> bytes:
    r"""Return a PNG of at most 256 colours, without transparency.

    The most frequent colours stay as they are, so that areas and words keep theirs to the digit; only dots at the rims
    of lines may move to the nearest one.

    Parameters
    ----------
    dots : array (height, width, 3) of uint8
        Red, green, blue.
    density : float
        Dots per inch, written into the file.
    colours : int
        How many to keep, at most 256.

    Returns
    -------
    png : bytes

    Examples
    --------
    >>> encode(np.zeros((2, 3, 3), np.uint8), 144)[:4]
    b'\x89PNG'
    """
    height, width, _ = dots.shape
    palette, indices = quantise(dots.reshape(-1, 3), colours)
    rows = np.zeros((height, width + 1), dtype=np.uint8)  # each row begins with a 0: no filter
    rows[:, 1:] = indices.reshape(height, width)
    metre = round(density / 0.0254)
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", palette.tobytes()),
            _chunk(b"pHYs", struct.pack(">IIB", metre, metre, 1)),
            _chunk(b"IDAT", zlib.compress(rows.tobytes())),
            _chunk(b"IEND", b""),
        ]
    )


def quantise(dots: NDArray[np.uint8], most: int = MOST_COLOURS) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return the most frequent colours (K, 3), and for each dot (N, 3) the index of its colour.

    Examples
    --------
    >>> palette, indices = quantise(np.array([[255, 255, 255], [0, 114, 178], [255, 255, 255]], np.uint8))
    >>> palette[indices].tolist()
    [[255, 255, 255], [0, 114, 178], [255, 255, 255]]
    """
    codes = dots.astype(np.int32) @ np.array([1 << 16, 1 << 8, 1], dtype=np.int32)
    there, where, counts = np.unique(codes, return_inverse=True, return_counts=True)
    colours = np.stack([there >> 16, there >> 8 & 255, there & 255], axis=1)
    palette = colours[np.argsort(-counts, kind="stable")[:most]]
    squares = (palette**2).sum(axis=1)
    nearest = (squares - 2 * colours @ palette.T).argmin(axis=1).astype(np.uint8)
    return palette.astype(np.uint8), nearest[where]


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
