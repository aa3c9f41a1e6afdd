"""Grading a class means that every hand-in gets exactly one record, and that one bad file costs only its owner."""
