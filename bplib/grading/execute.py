"""Each learner is asked with other random numbers, and with the same ones when graded again."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Any

from nbgrader import utils
from nbgrader.preprocessors import Execute
from traitlets import Unicode


class SeededExecute(Execute):
    """nbgrader's Execute, with the checks' seed in the kernel's environment.

    The seed is an HMAC of the course's secret with the assignment and the learner: it cannot be known at home, and it
    does not change from one run to the next.
    """

    secret_file = Unicode("", help="File with the course's secret; made at the first grading.").tag(config=True)

    def preprocess(self, nb: Any, resources: Any = None, km: Any = None) -> Any:
        """Execute `nb` with `BPLIB_SEED` set for its learner."""
        who = resources["nbgrader"]
        seed = hmac.new(
            secret(Path(self.secret_file)), f"{who['assignment']}/{who['student']}".encode(), hashlib.sha256
        )
        with utils.setenv(BPLIB_SEED=seed.hexdigest()):
            return super().preprocess(nb, resources, km)


def secret(path: Path) -> bytes:
    """Return the course's secret, drawing it when there is none yet."""
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    return path.read_text().strip().encode()
