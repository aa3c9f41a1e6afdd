"""What `nbgrader` and the formgrader read when they are started in this folder."""

from pathlib import Path

from bplib.grading.config import configure

configure(get_config(), Path(__file__).parent)  # noqa: F821 (traitlets puts get_config here)
