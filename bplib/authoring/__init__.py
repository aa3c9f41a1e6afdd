"""People write and review text, learners open notebooks: this room makes one from the other and compares the two."""


class SourceError(Exception):
    """What a maintainer has to mend: one line that names the file and says what to do."""
