"""The program inside the sandbox: it loads NumPy once, then forks a locked worker for each time learners' code is run.

The process that forks (the zygote) never runs learners' code. A worker locks itself, says so, and from then on may be
in the learner's hands entirely: all that the judge ever takes from it is answers, read as plain data by `wire`.
Nothing in this process is secret: no seed, no test, no expected value, no other learner's work.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import io
import json
import linecache
import os
import signal
import socket
import struct
import sys
import time
from typing import Any

import numpy as np

from bplib.grading import inside, lock, stubs, wire
from bplib.grading.inside import Worker


def become_worker(fd: int, folder: str, setup: dict[str, Any], files: Files | None) -> None:
    """Lock this fresh child and serve; never returns."""
    worker = Worker(fd, setup)
    try:
        os.chdir(folder)
        if "beside" in setup and folder != setup["beside"]:
            for name in os.listdir(setup["beside"]):
                os.symlink(os.path.join(setup["beside"], name), name)
        worker.prepare()
        if setup["level"] != "C":
            ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)  # PR_SET_PDEATHSIG: die with the zygote
            if files is not None:
                files.restrict(folder)
            os.closerange(3, fd)
            os.closerange(fd + 1, 4096)
        lock.restrict_resources(setup["limits"])
        if setup["level"] != "C":
            lock.restrict_calls(bytes.fromhex(setup["filter"]))
    except BaseException as error:
        worker.send({"kind": "unlocked", "message": f"{type(error).__name__}: {error}"[:500]})
        os._exit(97)
    worker.send({"kind": "locked"})
    gc.enable()
    worker.serve()


def warm_up(figures: bool) -> None:
    """Do once what every worker would otherwise do first: caches are inherited by every fork."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((4, 3))
    for _ in range(5):
        np.allclose(x, x), np.exp(x).sum(axis=1, keepdims=True), np.maximum(x, 0), x.T @ x, np.tanh(x).mean(), repr(x)
        np.zeros_like(x), np.arange(3), np.log(x * x + 1).max(), np.einsum("ij,ij->i", x, x), np.linalg.norm(x)
        data = wire.pack({"op": "call"}, {"target": "f", "args": [x, 1, (2.0, "a")], "kwargs": {}})
        wire.unpack(io.BytesIO(data).read)
        inside.TRANSFORM("%time f(1)\n")
    worker = Worker(-1, {"output": 1000, "figures": False})
    for source in ("def f(a, b):\n    return a * (b > 0)\nprint(f(1, 2))\nf(1, 2)", "1/0"):
        worker.run({"source": source, "name": "warm", "display": True})
    if figures:
        plt = importlib.import_module("matplotlib.pyplot")
        for draw in ("plot", "semilogy", "plot"):
            _, axes = plt.subplots()
            getattr(axes, draw)([1, 2], [1e-3, 2], label="a b")
            axes.set(title="T", xlabel="x", ylabel="y")
            axes.legend()
            axes.grid(True)
            plt.gcf().savefig(io.BytesIO(), format="png", dpi=72)
            plt.close("all")
    linecache.cache.clear()


def main() -> None:
    """Be the zygote: descriptor and setup come from the judge, over the one socket that there is."""
    os.umask(0o077)
    control = socket.socket(fileno=int(sys.argv[1]))
    control.set_inheritable(False)
    (size,) = struct.unpack(">I", _exactly(control, 4))
    setup = json.loads(_exactly(control, size))
    try:
        files = start(setup)
    except BaseException as error:
        _tell(control, b"E", f"{type(error).__name__}: {error}"[:1000].encode())
        return
    _tell(control, b"R", b"")
    serve(control, setup, files)


def start(setup: dict[str, Any]) -> Files | None:
    """Load everything, give up privileges, and return what workers may read, where Landlock can say so."""
    # Not at the top: only this program needs them, and the judge imports this module for its names.
    parts = ("core.inputtransformer2", "lib.pretty", "display")
    transformer, pretty, _ = (importlib.import_module(f"IPython.{part}") for part in parts)
    inside.TRANSFORM, inside.PRETTY = transformer.TransformerManager().transform_cell, pretty.pretty
    if not own_folders(setup):
        _settle_matplotlib()
    if setup["figures"]:
        importlib.import_module("matplotlib.pyplot")
    stubs.load(setup["allow"], setup["plots"], setup["foreign"])
    sys.path[:] = setup["path"]
    sys.argv[:] = [""]
    warm_up(setup["figures"])
    files = None
    if setup["level"] != "C":
        if setup["landlock"]:
            files = Files(setup)
        lock.drop_root([os.__file__, np.__file__])
        ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE: nobody looks into this process
    if own_folders(setup):
        with open(os.path.join(setup["folder"], "outside"), "w") as file:
            file.write("what no worker may read\n")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(nowhere, fd)
    gc.collect()
    gc.freeze()
    gc.disable()
    return files


class Files:
    """What workers may do with files, in two rulesets: one for all of them, and a short one for each.

    A ruleset of hundreds of names would cost each worker more than all its other locks together.
    """

    def __init__(self, setup: dict[str, Any]) -> None:
        read, listed, devices = setup["read"], setup["list"], ["/dev/null", "/dev/zero", "/dev/urandom"]
        allowed = lock.rules(read, lock.READ_FILE | lock.READ_DIR) + lock.rules(listed, lock.READ_DIR)
        allowed += lock.rules(devices[:2], lock.FILES) + lock.rules(devices[2:], lock.READ_FILE)
        self.all = lock.ruleset([*allowed, *lock.rules([setup["folder"]], lock.OWN)])
        for fd, _ in allowed:
            os.close(fd)
        self.others = lock.rules(lock.tops([*read, *listed, *devices], setup["folder"]), lock.ANY)

    def restrict(self, folder: str) -> None:
        """Leave this process what may be read, and its own `folder`; another's is in the first ruleset alone."""
        lock.restrict_files(self.all)
        lock.restrict_files(lock.ruleset([*self.others, *lock.rules([folder], lock.OWN)]))


def own_folders(setup: dict[str, Any]) -> bool:
    """Say whether each worker has a folder of its own: where nothing keeps them apart, they share one, read-only."""
    return setup["landlock"] or setup["level"] == "C"


def _settle_matplotlib() -> None:
    """Let Matplotlib take its folder although nobody can write to it, and remember that."""
    real, os.access = os.access, lambda *_, **__: True
    try:
        matplotlib = importlib.import_module("matplotlib")
        matplotlib.get_configdir(), matplotlib.get_cachedir()
    finally:
        os.access = real


def serve(control: socket.socket, setup: dict[str, Any], files: Files | None) -> None:
    """Fork a worker (F), end one (K), or wait a little whether it ends by itself (W), until the judge has gone."""
    children: dict[int, str] = {}
    count = 0
    while True:
        data, fds, _, _ = socket.recv_fds(control, 5, 1)
        if not data:
            break
        if len(data) < 5:
            data += _exactly(control, 5 - len(data))
        number = struct.unpack(">I", data[1:])[0]
        if data[:1] == b"F":
            count += 1
            folder = setup["folder"]
            if own_folders(setup):
                folder = os.path.join(folder, f"w{count}")
                os.mkdir(folder, 0o700)
            child = os.fork()
            if child == 0:
                control.close()
                try:
                    become_worker(fds[0], folder, setup, files)
                finally:
                    os._exit(98)
            os.close(fds[0])
            children[child] = folder
            _tell(control, b"F", struct.pack(">II", child, count))
        elif number in children:
            ended = bury(number, wait=data[:1] == b"W")
            remove(children.pop(number), setup)
            _tell(control, b"K", json.dumps(ended).encode())
        else:
            _tell(control, b"K", json.dumps([False, -1, 0.0]).encode())
    for child, folder in children.items():
        with contextlib.suppress(OSError):
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        remove(folder, setup)


def bury(child: int, wait: bool) -> tuple[bool, int, float]:
    """Return whether a worker ended by itself, its status, and the CPU seconds that it took."""
    for _ in range(50 if wait else 0):
        number, status, used = os.wait4(child, os.WNOHANG)
        if number:
            return True, status, used.ru_utime + used.ru_stime
        time.sleep(0.01)
    with contextlib.suppress(OSError):
        os.kill(child, signal.SIGKILL)
    _, status, used = os.wait4(child, 0)
    return False, status, used.ru_utime + used.ru_stime


def remove(folder: str, setup: dict[str, Any]) -> None:
    """Delete a worker's folder and all in it, however deep learners' code made it, without following a link."""
    waiting = [folder] if own_folders(setup) else []
    number = 0
    while waiting:
        top = waiting.pop()
        with contextlib.suppress(OSError):
            for entry in list(os.scandir(top)):
                if entry.is_dir(follow_symlinks=False):
                    number += 1
                    os.chmod(entry.path, 0o700)
                    flat = f"{folder}.{number}"  # moved up before it is opened: names never grow too long
                    os.rename(entry.path, flat)
                    waiting.append(flat)
                else:
                    os.unlink(entry.path)
        with contextlib.suppress(OSError):
            os.rmdir(top)


def _tell(control: socket.socket, kind: bytes, data: bytes) -> None:
    control.sendall(kind + struct.pack(">I", len(data)) + data)


def _exactly(control: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        some = control.recv(size - len(data))
        if not some:
            os._exit(0)
        data += some
    return data
