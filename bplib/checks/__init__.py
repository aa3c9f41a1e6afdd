"""A check compares what you computed with what the loss itself says when one number is moved a little.

One module for each exercise (`from bplib.checks import ps06`), one object for each question in it; the learner's
notebook and the lecturer's grading call the very same object. `explain` does what it can for anybody's own functions.
"""

from bplib.checks.explanation import explain

__all__ = ["explain"]
