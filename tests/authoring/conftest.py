"""A course of one lesson and one exercise, built and released once; each test gets a copy to spoil."""

import json
import shutil
from pathlib import Path

import pytest

from bplib.authoring.build import build
from bplib.authoring.release import release

LESSON = """# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # 06 One weight
#
# **You will** follow one weight. **You need** nothing. **Time**: 1 minute. **Decks**: 004.
#
# {{notation 004 002: x W}}

# %% [markdown]
# ## 1. Multiply
#
# ![a line through the origin](line.png)

# %%
# Why?
x, W = 2.0, 3.0
x * W


# %%
def say(word):
    print(word, flush=True)


for word in ("one", "two"):
    say(word)

# %%
from IPython.display import HTML

HTML('<img alt="x -> x * W" src="data:,">')

# %% [markdown]
# ## Summary
#
# A product.
#
# ## Next
#
# Lesson 07.
"""


def header(grade_id: str, solution: bool, points: float | None = None) -> str:
    """Return what stands in the header of a cell that nbgrader knows."""
    role = {"grade": points is not None, "grade_id": grade_id, "locked": not solution}
    role |= {} if points is None else {"points": points}
    return "nbgrader=" + json.dumps(role | {"schema_version": 3, "solution": solution, "task": False})


EXERCISE = f'''# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # Problem set 06: one weight (5.5 points)

# %% [markdown]
# ## 1. Multiply (3 points)
#
# Return `x` times `W`.


# %% {header("net_input", True)}
def net(x, W):
    """Return the product."""
    ### BEGIN SOLUTION
    z = x * W + 0 * x  # the product
    return z
    ### END SOLUTION


# %%
# Try it: is the product of 2 and 3 what you think?
# net(2, 3)

# %% {header("check_net", False, 2)}
float(2 * (net(2, 3) == 6))

# %% {header("check_zero", False, 1)}
float(net(0, 3) == 0)

# %% [markdown]
# ## 2. In your own words (2.5 points)

# %% [markdown] {header("words", True, 2.5)}
# The slope of a product is the other factor.
'''


@pytest.fixture(scope="session")
def mini(tmp_path_factory) -> Path:
    """The course, never to be changed: take `course`."""
    root = tmp_path_factory.mktemp("mini")
    (root / "lectures").mkdir()
    (root / "lectures/06_mini.py").write_text(LESSON, encoding="utf-8")
    (root / "solutions/ps06_mini").mkdir(parents=True)
    (root / "solutions/ps06_mini.py").write_text(EXERCISE, encoding="utf-8")
    (root / "solutions/ps06_mini/table.csv").write_text("x,W\n2,3\n", encoding="utf-8")
    build(root, say=lambda line: None)
    release(root, say=lambda line: None)
    return root


@pytest.fixture
def course(mini, tmp_path) -> Path:
    """A copy of the course."""
    return Path(shutil.copytree(mini, tmp_path / "course"))


def replace(path: Path, old: str, new: str) -> None:
    """Put `new` for `old`, which has to be there once."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
    path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")
