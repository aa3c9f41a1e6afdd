"""Two programs are compared fairly when they take turns on one core, and only their ratio is believed.

Each contender lives in a process of its own, so that thread pools and allocators cannot leak from one into another; all
are pinned to one core with one thread. In every round each does the same amount of work, in a new order; CPU time is
taken, and the medians over the rounds are reported.
"""

from __future__ import annotations

import importlib
import json
import os
import random
import statistics
import subprocess
import sys
import time

THREADS = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1") | {
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
    "JAX_PLATFORMS": "cpu",
    "JAX_ENABLE_X64": "1",
}


class Worker:
    """One contender, waiting to be told how many units of work to do."""

    def __init__(self, name: str, config: dict) -> None:
        self.name = name
        command = [sys.executable, "-m", "tests.benchmarks.harness", name, json.dumps(config)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **THREADS}
        )
        self.fingerprint = self._answer()

    def _answer(self) -> object:
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} ended: see its error above")
        return json.loads(line)

    def run(self, units: int) -> float:
        """Do so many units; return CPU seconds per unit."""
        self.process.stdin.write(f"{units}\n")
        self.process.stdin.flush()
        return self._answer() / units

    def close(self) -> None:
        """End the process."""
        self.process.stdin.close()
        self.process.wait()


def compete(names: list[str], config: dict, rounds: int = 9, seconds: float = 0.15) -> dict[str, dict]:
    """Race contenders (functions of `contenders`) on one task.

    Parameters
    ----------
    names : list of str
        Names of functions in `tests.benchmarks.contenders`, config -> (work(units), fingerprint).
    config : dict
        The task; plain data.
    rounds : int
        How many rounds.
    seconds : float
        About how long one contender works in one round.

    Returns
    -------
    rows : dict
        name -> {'seconds': median per unit, 'low', 'high': quartiles, 'fingerprint'}.
    """
    workers = [Worker(name, config) for name in names]
    try:
        units = {}
        for worker in workers:
            worker.run(1)
            each = worker.run(3)
            if each < seconds / 64:
                each = worker.run(64)
            units[worker.name] = max(1, int(seconds / max(each, 1e-9)))
        taken = {worker.name: [] for worker in workers}
        for _ in range(rounds):
            for worker in random.sample(workers, len(workers)):
                taken[worker.name].append(worker.run(units[worker.name]))
    finally:
        for worker in workers:
            worker.close()
    rows = {}
    for worker in workers:
        low, middle, high = statistics.quantiles(taken[worker.name], n=4)
        rows[worker.name] = {"seconds": middle, "low": low, "high": high, "fingerprint": worker.fingerprint}
    return rows


def _work(name: str, config: dict) -> None:
    protocol = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # stray prints must not end up in the protocol
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    work, fingerprint = getattr(importlib.import_module("tests.benchmarks.contenders"), name)(config)

    def answer(value: object) -> None:
        protocol.write(json.dumps(value) + "\n")
        protocol.flush()

    answer(fingerprint)
    for line in sys.stdin:
        start = time.process_time()
        work(int(line))
        answer(time.process_time() - start)


if __name__ == "__main__":
    _work(sys.argv[1], json.loads(sys.argv[2]))
