"""What is seen is remembered: small drawings, made of text, the same ones every time.

`graph`, `network`, `shapes` and `course_map` draw; each brings its own words. `show` puts a drawing, a plot or a
Matplotlib figure into a notebook. All colours of the project stand in `bplib.svg.palette`.
"""

from bplib.svg.course import course_map
from bplib.svg.drawing import Drawing
from bplib.svg.graphs import graph
from bplib.svg.matrices import shapes
from bplib.svg.networks import network
from bplib.svg.showing import show

__all__ = ["Drawing", "course_map", "graph", "network", "shapes", "show"]
