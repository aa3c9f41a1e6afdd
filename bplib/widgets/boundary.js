// The boundary trainer: which class the network gives to each point of the plane, while it learns.

const SHAPES = [ // of the samples, one for each class, about the origin
  "m-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0", "m-4 -4h8v8h-8z", "m0 -5l5 9h-10z",
];

function build(ui, { sets, activations, cells, most_hidden: mostHidden }) {
  const runs = ui.group("training");
  const start = ui.button("Start", () => ui.act("start"), runs);
  const pause = ui.button("Pause", () => ui.act("pause"), runs);
  ui.button("1 epoch", () => ui.act("step"), runs);
  ui.button("Restart", () => ui.act("restart"), runs);
  ui.choice("data", { options: Object.keys(sets), read: (at) => at.data, write: (value) => ({ data: value }) });
  ui.slider("hidden units", { min: 1, max: mostHidden, step: 1, read: (at) => at.hidden,
    write: (value) => ({ hidden: Math.round(value) }) });
  ui.choice("activation", { options: activations, read: (at) => at.activation,
    write: (value) => ({ activation: value }) });
  ui.slider("eta", { min: 0, max: 3, most: 1000, step: 0.01, read: (at) => at.eta, write: (value) => ({ eta: value }) });
  ui.button("other weights", () => ui.change({ seed: (ui.inputs.seed + 1) % 1000 }));

  const stage = ui.stage(400, 400), plot = ui.stage(320, 264), SIDE = 400 / cells;
  const classes = [0, 1, 2].map((k) => {
    const region = svg("path", { fill: `var(--bp-c${k})`, "fill-opacity": 0.22, "shape-rendering": "crispEdges" });
    const own = svg("path", { fill: `var(--bp-c${k})`, stroke: "var(--bp-paper)", "stroke-width": 0.8 });
    return { region, own };
  });
  const rings = svg("path", { fill: "none", stroke: "var(--bp-ink)", "stroke-width": 1.6 });
  stage.append(...classes.map(({ region }) => region), ...classes.map(({ own }) => own), rings,
    svg("rect", { class: "axis", x: 0.5, y: 0.5, width: 399, height: 399 }));
  const curve = svg("path", { class: "curve", stroke: "var(--bp-c0)" });
  const last = svg("circle", { r: 5, fill: "var(--bp-c0)" });
  const top = svg("text", { x: 10, y: 18 }), span = svg("text", { x: 308, y: 224, "text-anchor": "end" });
  plot.append(svg("path", { class: "axis", d: "M12 28V204H308" }), curve, last, top, span);

  const legend = svg("text", { x: 10, y: 254 });
  plot.append(legend);

  const places = {}; // of the samples, in pixels
  for (const [name, { x, frame: [[left, right], [bottom, high]] }] of Object.entries(sets)) {
    const across = scale(left, right, 0, 400), up = scale(bottom, high, 400, 0);
    places[name] = x.map(([a, b]) => `M${across(a).toFixed(1)} ${up(b).toFixed(1)}`);
  }
  /** The cells of class `k` as one path: each row's runs of equal cells are boxes. */
  const region = (regions, k) => {
    let d = "";
    for (let row = 0; row < cells; row++) {
      for (let from = 0, at = 0; at < cells; from = at) {
        const found = regions[row * cells + from];
        while (at < cells && regions[row * cells + at] === found) at++;
        if (found === k) d += `M${(from * SIDE).toFixed(2)} ${(400 - (row + 1) * SIDE).toFixed(2)}h${((at - from) * SIDE).toFixed(2)}v${SIDE.toFixed(2)}H${(from * SIDE).toFixed(2)}z`;
      }
    }
    return d;
  };

  let drawn = "";
  return (_, { inputs: { data, hidden, activation }, epoch, loss, accuracy, losses, every, regions, wrong, trouble }) => {
    const { target } = sets[data], all = places[data];
    classes.forEach(({ region: ground, own }, k) => {
      put(ground, { d: region(regions, String(k)) });
      if (data !== drawn) put(own, { d: all.map((at, n) => (target[n] === k ? at + SHAPES[k] : "")).join("") });
    });
    drawn = data;
    put(legend, { text: ["● class 0", "■ class 1", "▲ class 2"].slice(0, sets[data].classes).join("   ") });
    put(rings, { d: all.map((at, n) => (wrong[n] === "1" ? `${at}m-8 0a8 8 0 1 0 16 0a8 8 0 1 0 -16 0` : "")).join("") });
    const heights = losses.map(real), most = Math.max(...heights, 1e-9), count = Math.max(1, epoch - 1);
    const x = scale(0, count, 12, 302), y = scale(0, most, 204, 34);
    put(curve, { d: line(heights.map((value, k) => [x(k * every), y(value)])) });
    const now = heights.length - 1;
    put(last, { cx: now < 0 ? 12 : x(now * every), cy: now < 0 ? 204 : y(heights[now]), visibility: now < 0 ? "hidden" : "visible" });
    put(top, { text: `loss ${digits(loss)}, right ${(100 * accuracy).toFixed(1)} %` });
    put(span, { text: epoch === 1 ? "1 epoch" : `${epoch} epochs` });
    start.disabled = ui.running || trouble !== "";
    pause.disabled = !ui.running;
    const errors = [...wrong].filter((digit) => digit === "1").length;
    return `${data}, ${hidden} hidden ${activation} ${hidden === 1 ? "unit" : "units"}: epoch ${epoch}, loss ${digits(loss)}, ` +
      `${(100 * accuracy).toFixed(1)} % right; ${errors} of ${wrong.length} samples on the wrong side have rings. ${trouble}`;
  };
}

export default widget({ build });
