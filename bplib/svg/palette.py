"""One set of colours for every drawing, plot and widget: read by every eye, on white paper and on a dark page.

The hues are Okabe and Ito's, made darker or lighter until each is a line that one can see (3:1 on its paper) and no two
are mistaken for each other, whatever colours an eye cannot tell apart. Colour never says anything alone: a shape, a
width or a word always says it too.

`LIGHT` and `DARK` have the same keys, so that a widget can turn either into CSS variables:

==================== ==================================================================================================
paper, given, lit    grounds to write on: the page, a box for what is given, a box that is pointed out
ink, faint           words; words that stand back
forward, backward    values on their way up, gradients on their way down: words, arrows and lines
wrong, wrong_ink     a mark at what is wrong; words about it
light                a mark at what is pointed out: thick rims and edges
line, faint_line     edges and rims; edges and rims that stand back
grid                 frames and grid lines, which may be overlooked: nothing depends on them
c0 ... c7            eight series: lines and marks (for words beside them take `ink`)
==================== ==================================================================================================
"""

from collections.abc import Mapping
from types import MappingProxyType

LIGHT: Mapping[str, str] = MappingProxyType(
    {
        "paper": "#FFFFFF", "given": "#F1F1F1", "lit": "#DDEEF8",
        "ink": "#1A1A1A", "faint": "#686868",
        "forward": "#00664B", "backward": "#8A2A8C",
        "wrong": "#D55E00", "wrong_ink": "#A84300",
        "light": "#0072B2",
        "line": "#6B6B6B", "faint_line": "#8A8A8A", "grid": "#D4D4D4",
        "c0": "#0072B2", "c1": "#D55E00", "c2": "#00563F", "c3": "#8A2A8C",
        "c4": "#B5764A", "c5": "#0096FF", "c6": "#1A1A1A", "c7": "#8F8F8F",
    }
)  # fmt: skip
DARK: Mapping[str, str] = MappingProxyType(
    {
        "paper": "#111111", "given": "#2B2B2B", "lit": "#10364A",
        "ink": "#F2F2F2", "faint": "#A6A6A6",
        "forward": "#4CC79C", "backward": "#E79AC4",
        "wrong": "#F08020", "wrong_ink": "#FF9E57",
        "light": "#56B4E9",
        "line": "#A6A6A6", "faint_line": "#7F7F7F", "grid": "#3A3A3A",
        "c0": "#56B4E9", "c1": "#E57D0A", "c2": "#4F9060", "c3": "#D98BB0",
        "c4": "#A2662A", "c5": "#F7DA0A", "c6": "#F2F2F2", "c7": "#7A817C",
    }
)  # fmt: skip
SERIES: tuple[str, ...] = tuple(LIGHT[f"c{i}"] for i in range(8))  # on the light paper that drawings and plots bring


def contrast(a: str, b: str) -> float:
    """Return how much two colours differ in luminance: 1 for the same, 21 for black on white.

    $$(l_{lighter} + 0.05) / (l_{darker} + 0.05)$$

    This is the ratio of WCAG 2: words need 4.5, lines and marks need 3.

    Parameters
    ----------
    a, b : str
        Colours as `#RRGGBB`, in any order.

    Returns
    -------
    ratio : float
        From 1 to 21.

    Raises
    ------
    ValueError
        If a colour is not written as `#RRGGBB`.

    Examples
    --------
    >>> round(contrast("#000000", "#FFFFFF"), 6), contrast("#0072B2", "#0072B2")
    (21.0, 1.0)
    """
    darker, lighter = sorted((_luminance(a), _luminance(b)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """Return the relative luminance of sRGB: 0 for black, 1 for white."""
    if len(colour) != 7 or colour[0] != "#":
        raise ValueError(f"a colour is written as #RRGGBB, not {colour!r}")
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
