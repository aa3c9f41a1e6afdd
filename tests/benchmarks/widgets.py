"""Print how long a moved slider takes to reach the pixels, beside `ipywidgets.interact` with a Matplotlib picture.

All are shown in one JupyterLab, in the same Chromium, moved by turns. A move is an `input` event; it has reached the
pixels when the frame after the change has been drawn. For a picture from the kernel that is the first frame after the
new image has been decoded.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import sys
import tempfile
from pathlib import Path

from tests import browser
from tests.widgets.specimens import SPECIMENS, Specimen

RESULTS = Path(__file__).resolve().parent / "results"
MOVES, WARM = 60, 5
IN_PAGE, IN_KERNEL, FASTER = (30.0, 60.0), (80.0, 150.0), 5.0  # ms: median and 95 %; times as fast as `interact`

# The usual way: a function that draws, a slider from ipywidgets, a PNG for each value.
INTERACT = """
import matplotlib.pyplot as plt, numpy as np
from ipywidgets import FloatSlider, interact
%matplotlib inline
@interact(z=FloatSlider(value=0, min=-6, max=6, step=0.05))
def draw(z):
    x = np.linspace(-6, 6, 241)
    s = 1 / (1 + np.exp(-x)); a = 1 / (1 + np.exp(-z))
    figure, (left, right) = plt.subplots(1, 2, figsize=(7.5, 3.3))
    left.plot(x, s); left.plot([z - 1.5, z + 1.5], [a - 1.5 * a * (1 - a), a + 1.5 * a * (1 - a)]); left.plot(z, a, "o")
    right.plot(x, s * (1 - s)); right.plot(z, a * (1 - a), "o")
    plt.show()
"""

# `change` sets the control; `changed` tells whether what is shown is new.
PROBE = """async ([selector, values, kind]) => {
    const area = document.querySelector(selector);
    const frame = () => new Promise(requestAnimationFrame);
    const painted = () => frame().then(() => new Promise((done) => {
        const channel = new MessageChannel();
        channel.port1.onmessage = done;
        channel.port2.postMessage(0); // after the frame's callbacks, style and layout
    }));
    const times = [];
    for (const value of values) {
        await frame();
        await new Promise((done) => setTimeout(done, 40));
        let shown;
        const started = performance.now();
        if (kind === "interact") {
            shown = new Promise((done) => {
                const watch = new MutationObserver(async () => {
                    const image = area.querySelector("img");
                    if (!image || image.src === window.lastImage) return;
                    window.lastImage = image.src;
                    watch.disconnect();
                    await image.decode();
                    done();
                });
                watch.observe(area, { childList: true, subtree: true, attributes: true });
            });
            const slider = area.querySelector(".noUi-target").noUiSlider;
            slider.set(value);
        } else {
            const said = area.querySelector(".bp-seen");
            shown = new Promise((done) => {
                const watch = new MutationObserver(() => { watch.disconnect(); done(); });
                watch.observe(said, { childList: true, subtree: true, characterData: true });
            });
            const ranges = [...area.querySelectorAll("input[type=range]")];
            const range = ranges.find((it) => it.labels[0].textContent === kind);
            range.value = value;
            range.dispatchEvent(new Event("input", { bubbles: true }));
        }
        await shown;
        await painted();
        times.push(performance.now() - started);
    }
    return times;
}"""


def values(specimen: Specimen) -> list[float]:
    """Return values for the specimen's slider, no two neighbours alike, and the first one not where it begins."""
    span = specimen.to - specimen.start
    if isinstance(specimen.start, int):
        return [(specimen.to, specimen.start)[k % 2] for k in range(WARM + MOVES)]
    return [round(specimen.start + span * ((k * 7) % 20 + 1) / 20, 3) for k in range(WARM + MOVES)]


def measure(lab: browser.Lab, name: str, cell: str, kind: str, moves: list[float]) -> list[float]:
    """Return the milliseconds from each move to its pixels."""
    page = lab.open(name, cell)
    selector = ".widget-interact" if kind == "interact" else ".bp"
    page.wait_for_selector(f"{selector} img" if kind == "interact" else selector)
    page.wait_for_timeout(500)
    times = page.evaluate(PROBE, [selector, moves, kind])[WARM:]
    page.close()
    return times


def main() -> int:
    """Run the table for all widgets, or those whose names hold one of the given words; 1 if a mark is missed."""
    words = sys.argv[1:]
    if browser.CHROMIUM is None:
        print("there is no Chromium: nothing is measured")
        return 0
    rows, missed, busy = {}, 0, os.getloadavg()[0] > 1 if hasattr(os, "getloadavg") else False
    with (
        tempfile.TemporaryDirectory() as folder,
        browser.jupyterlab(Path(folder)) as url,
        browser.chromium() as chromium,
    ):
        lab = browser.Lab(url, Path(folder), chromium)
        moves = [round(-5 + 10 * ((k * 7) % 20) / 20, 2) for k in range(WARM + MOVES)]
        peer = statistics.median(measure(lab, "interact", INTERACT, "interact", moves))
        print(f"{'slider to pixels':<24} {'median':>9} {'95 %':>9}   marks; times as fast as interact ({peer:.0f} ms)")
        for specimen in SPECIMENS:
            if words and not any(word in specimen.name for word in words):
                continue
            times = measure(lab, specimen.name, specimen.cell, specimen.slider, values(specimen))
            median, late = statistics.median(times), statistics.quantiles(times, n=20)[-1]
            marks = IN_PAGE if specimen.in_page else IN_KERNEL
            fell = median > marks[0] or late > marks[1] or (specimen.in_page and peer < FASTER * median)
            missed += fell
            print(
                f"{specimen.name:<24} {median:>6.1f} ms {late:>6.1f} ms   {marks[0]:.0f}, {marks[1]:.0f} ms; "
                f"{peer / median:.1f}x{'   FELL SHORT' if fell else ''}",
                flush=True,
            )
            rows[specimen.name] = {"median": median, "late": late, "marks": marks, "times": times}
    if busy:
        print("other programs were using the cores when this began: the 95 % are theirs as much as ours")
    machine = {"python": platform.python_version(), "cores": os.cpu_count()}
    RESULTS.mkdir(exist_ok=True)
    result = {"machine": machine, "interact": peer, "widgets": rows}
    (RESULTS / "widgets.json").write_text(json.dumps(result, indent=1))
    print(f"{missed} marks missed; {RESULTS.name}/widgets.json holds all times")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
