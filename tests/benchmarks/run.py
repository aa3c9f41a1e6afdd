"""Print one table: each task, ours beside its peers, as ratios of one run; targets beside what was measured."""

from __future__ import annotations

import json
import os
import platform
import sys
from pathlib import Path

import numpy as np

from tests.benchmarks.harness import compete

RESULTS = Path(__file__).resolve().parent / "results"
DIGITS = {"sizes": [784, 64, 64, 10], "eta": 1e-3}

# task: (contenders, ours first; config; targets as {peer: how many times faster than it we want to be})
TASKS: dict[str, tuple[list[str], dict, dict[str, float]]] = {}
for rule in ("RMSprop", "Adam"):
    TASKS[f"step 784-64-64-10, {rule}, float32, batch 128"] = (
        ["bplib_step", "products_alone", "torch_step", "jax_step"] + (["sklearn_step"] if rule == "Adam" else []),
        DIGITS | {"dtype": "float32", "batch": 128, "rule": rule},
        {"products_alone": 1 / 1.6, "torch_step": 2.0, "jax_step": 1.0, "sklearn_step": 1.8},
    )
for dtype, batch in (("float32", 32), ("float64", 32), ("float64", 128), ("float32", 8192)):
    TASKS[f"step 784-64-64-10, RMSprop, {dtype}, batch {batch}"] = (
        ["bplib_step", "products_alone", "torch_step", "jax_step"],
        DIGITS | {"dtype": dtype, "batch": batch, "rule": "RMSprop"},
        {"torch_step": 1.4},
    )
for units in (2, 3):
    TASKS[f"epoch of 240 samples, 2-{units}-2, full batch"] = (
        ["bplib_tiny", "bplib_tiny_by_rows", "torch_tiny", "sklearn_tiny"],
        {"hidden_units": units, "eta": 0.1},
        {"bplib_tiny_by_rows": 1.03, "torch_tiny": 7.0, "sklearn_tiny": 2.0},
    )
TASKS["64 nets 2-3-2 at once, per net, beside one alone"] = (
    ["bplib_many", "bplib_tiny"], {"hidden_units": 3, "eta": 0.1}, {"bplib_tiny": 2.0},
)  # fmt: skip
for rule in ("GradientDescent", "Momentum", "Nesterov", "Adagrad", "RMSprop", "Adadelta", "Adam"):
    fused = ["torch_fused_rule"] if rule in ("GradientDescent", "Momentum", "Nesterov", "Adagrad", "Adam") else []
    TASKS[f"update of 55050 float32 parameters, {rule}"] = (
        ["bplib_rule", "torch_foreach_rule", *fused],
        {"rule": rule, "size": 55050},
        {"torch_foreach_rule": 2.0, "torch_fused_rule": 1.0},
    )
TASKS["one random direction, 30730 parameters, beside a backward pass"] = (
    ["one_direction", "backward_pass"], {}, {"backward_pass": 1 / 3},
)  # fmt: skip
TASKS["500 entries of a black-box function"] = (["bplib_black_box", "scipy_black_box"], {}, {"scipy_black_box": 1.0})
TASKS["all 30730 entries of a linear classifier, by layers"] = (
    ["bplib_layers", "scipy_layers"], {"rounds": 3}, {"scipy_layers": 100.0},
)  # fmt: skip
TASKS["micrograd's demo, 41 parameters, 100 samples: readable graph"] = (
    ["graph_readable", "micrograd_demo"], {}, {"micrograd_demo": 5.0},
)  # fmt: skip
TASKS["micrograd's demo, 41 parameters, 100 samples: compiled"] = (
    ["graph_compiled", "micrograd_demo"], {}, {"micrograd_demo": 100.0},
)  # fmt: skip
TASKS["import bplib.network"] = (["import_network", "import_numpy"], {}, {"import_numpy": 1 / 1.2})


def same(rows: dict[str, dict], rtol: float) -> bool:
    """Say whether all contenders with a fingerprint ended at the same loss and parameters."""
    prints = [row["fingerprint"] for row in rows.values() if row["fingerprint"]]
    return all(
        np.allclose([p["loss"], p["size"]], [prints[0]["loss"], prints[0]["size"]], rtol=rtol) for p in prints if p
    )


def main() -> int:
    """Run the tasks whose names hold one of the given words (all, by default)."""
    words = sys.argv[1:]
    RESULTS.mkdir(exist_ok=True)
    results, missed = {}, 0
    print(f"{'task':<62} {'ours':>10}   peers: how many times our time (target)")
    for name, (contenders, config, targets) in TASKS.items():
        if words and not any(word in name for word in words):
            continue
        rows = compete(contenders, config, rounds=config.get("rounds", 9))
        ours = rows[contenders[0]]["seconds"]
        assert same(rows, 5e-2 if config.get("dtype") == "float32" or "size" in config else 1e-6), (name, rows)
        cells = []
        for peer in contenders[1:]:
            ratio, target = rows[peer]["seconds"] / ours, targets.get(peer)
            fell_short = target is not None and ratio < target
            missed += fell_short
            wanted = "" if target is None else f" ({target:.2f}{', FELL SHORT' if fell_short else ''})"
            cells.append(f"{peer} {ratio:.2f}{wanted}")
        print(f"{name:<62} {1e6 * ours:>8.1f}us   {'; '.join(cells)}", flush=True)
        results[name] = {"config": config, "targets": targets, "rows": rows}
    machine = {"python": platform.python_version(), "numpy": np.__version__, "cores": os.cpu_count()}
    (RESULTS / "results.json").write_text(json.dumps({"machine": machine, "tasks": results}, indent=1))
    draw(results)
    if not words or "growth" in words:
        draw_growth(grown := growth())
        for axis, points in grown.items():
            ratios = ", ".join(f"{n}: {row['torch_step'] / row['bplib_step']:.2f}" for n, row in points.items())
            print(f"{'growth with ' + axis:<62} torch's time / ours: {ratios}", flush=True)
    print(f"{missed} targets fell short; {RESULTS / 'results.json'} and results.png hold the rest")
    return 0


def growth() -> dict[str, dict[int, dict[str, float]]]:
    """Measure how the time of a step grows with width, depth and batch: ours beside torch's."""
    fixed = {"dtype": "float32", "rule": "RMSprop", "eta": 1e-3, "samples": 2048}
    axes = {
        "width": {n: {"sizes": [64, n, n, 10], "batch": 64} for n in (8, 32, 128, 512)},
        "depth": {n: {"sizes": [64] + [64] * n + [10], "batch": 64} for n in (1, 3, 9, 27)},
        "batch": {n: {"sizes": [64, 64, 64, 10], "batch": n} for n in (4, 32, 256, 2048)},
    }
    return {
        axis: {
            n: {name: row["seconds"] for name, row in compete(["bplib_step", "torch_step"], fixed | c, 3, 0.08).items()}
            for n, c in points.items()
        }
        for axis, points in axes.items()
    }


def draw_growth(measured: dict) -> None:
    """Draw three small plots, one for each axis."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 3, figsize=(11, 3.4), sharey=True)
    for ax, (name, points) in zip(axes, measured.items(), strict=True):
        for contender, style, label in (("bplib_step", "o-", "bplib"), ("torch_step", "s--", "torch eager")):
            ax.loglog(list(points), [1e6 * row[contender] for row in points.values()], style, label=label)
        ax.set_xlabel({"width": "units per layer", "depth": "hidden layers", "batch": "samples per batch"}[name])
    axes[0].set_ylabel("time of one step (microseconds)")
    axes[0].legend()
    figure.tight_layout()
    figure.savefig(RESULTS / "growth.png", dpi=110)


def draw(results: dict) -> None:
    """Draw all ratios as bars on a logarithmic scale."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    bars = []
    for name, task in results.items():
        (_, ours), *peers = task["rows"].items()
        bars += [(f"{name}: {peer.rsplit('_', 1)[0]}", row["seconds"] / ours["seconds"]) for peer, row in peers]
    if not bars:
        return
    figure, ax = plt.subplots(figsize=(11, 0.28 * len(bars) + 1))
    labels, ratios = zip(*reversed(bars), strict=True)
    ax.barh(range(len(bars)), ratios, color=["#0072B2" if ratio >= 1 else "#D55E00" for ratio in ratios])
    ax.set_yticks(range(len(bars)), labels, fontsize=7)
    ax.axvline(1, color="#1A1A1A", linewidth=1)
    ax.set_xscale("log")
    ax.set_xlabel("time of the peer / our time, on one core (right of 1: ours is faster)")
    figure.tight_layout()
    figure.savefig(RESULTS / "results.png", dpi=110)


if __name__ == "__main__":
    sys.exit(main())
