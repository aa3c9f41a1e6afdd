"""Where people would rather look than read: one figure per function, each with the sentence that says what it shows.

Every function takes arrays or callables and, if you like, your own `ax`; it returns a `Plot`, which shows itself as the
last value of a cell and keeps its words in `alt`, its parts in `artists` and its picture in `figure` and `png()`:

>>> plot = learning_curves({"training": [0.9, 0.3, 0.1], "validation": [1.0, 0.4, 0.2]})
>>> plot.alt
'Training loss falls from 0.9 to 0.1 in 3 epochs; validation loss falls from 1 to 0.2 in 3 epochs.'
>>> _ = plot.ax.set_title("Moons")

`animate` makes an HTML player of several plots or drawings.
"""

from bplib.plots.animation import Player, animate
from bplib.plots.classes import decision_boundary, score_bars
from bplib.plots.curves import learning_curves, race
from bplib.plots.functions import activation, v_curve
from bplib.plots.histograms import layer_histograms
from bplib.plots.landscapes import contours, loss_line
from bplib.plots.mistakes import confusion_matrix, misread_digits
from bplib.plots.paper import Plot

__all__ = [
    "Player",
    "Plot",
    "activation",
    "animate",
    "confusion_matrix",
    "contours",
    "decision_boundary",
    "layer_histograms",
    "learning_curves",
    "loss_line",
    "misread_digits",
    "race",
    "score_bars",
    "v_curve",
]
