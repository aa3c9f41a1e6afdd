// Blame flow: error signals on their way back through a small network, one edge at a time.

const RADIUS = 34, WIDTH = 740, HEIGHT = 390;

/** Put each label on its edge where it is farthest from those that are there already; short edges choose first. */
function spread(edges) {
  const length = ({ ends: [x, y, x2, y2] }) => Math.hypot(x2 - x, y2 - y);
  const taken = [];
  for (const { label, ends: [x, y, x2, y2] } of [...edges].sort((one, other) => length(one) - length(other))) {
    let best = { room: -1 };
    for (let share = 0.3; share <= 0.7; share += 0.02) {
      const at = [x + (x2 - x) * share, y + (y2 - y) * share];
      const rooms = taken.map(([a, b]) => Math.max(Math.abs(at[0] - a) / 80, Math.abs(at[1] - b) / 20));
      const room = Math.min(2, ...rooms) - Math.abs(share - 0.5) / 10; // rather in the middle
      if (room > best.room) best = { room, at };
    }
    taken.push(best.at);
    put(label, { x: best.at[0], y: best.at[1] + 5 });
  }
}

function build(ui, { nets, activations }) {
  ui.choice("network", { options: Object.keys(nets), read: (at) => at.net, write: (value) => ({ net: value, step: 0 }) });
  ui.choice("activation", { options: activations, read: (at) => at.activation,
    write: (value) => ({ activation: value }) });
  const steps = ui.group("steps");
  let last = 0;
  const go = (to) => ui.change({ step: Math.min(last, Math.max(0, Math.round(to))) });
  ui.button("Back", () => go(ui.inputs.step - 1), steps);
  ui.button("Next", () => go(ui.inputs.step + 1), steps);
  const row = ui.slider("step", { min: 0, max: 23, most: 100, step: 1, into: steps, read: (at) => at.step,
    write: (value) => ({ step: Math.min(last, Math.round(value)) }) });
  const range = row.querySelector("input[type=range]");
  ui.button("To the end", () => go(last), steps);
  const words = { i1: "input 1", i2: "input 2", t1: "target 1", t2: "target 2" };
  for (const [name, label] of Object.entries(words)) {
    ui.slider(label, { min: -2, max: 2, least: -100, most: 100, step: 0.01, read: (at) => at[name],
      write: (value) => ({ [name]: value }) });
  }

  const stage = ui.stage(WIDTH, HEIGHT);
  ui.stages.after(html("p", {}, html("span", { style: "color:var(--bp-forward)", text: "value" }), " · ",
    html("span", { style: "color:var(--bp-backward)", text: "δ: error signal; Σ: collected so far" })));
  let drawn = "", edges = {}, bodies = {}, shown = "";
  const lay = (layers) => { // anew for another network only
    edges = {};
    bodies = {};
    const places = {}, parts = [];
    const across = scale(0, layers.length - 1, 60, WIDTH - 60);
    layers.forEach((layer, level) => layer.forEach((unit, k) => {
      places[unit] = [across(level), ((k + 0.5) * 400) / layer.length - 16];
    }));
    layers.slice(1).forEach((layer, level) => layers[level].forEach((j) => layer.forEach((k) => {
      const [x, y] = places[j], [x2, y2] = places[k], far = Math.hypot(x2 - x, y2 - y);
      const [dx, dy] = [((x2 - x) / far) * RADIUS, ((y2 - y) / far) * RADIUS];
      const path = svg("path", { fill: "none", d: `M${x + dx} ${y + dy}L${x2 - dx} ${y2 - dy}` });
      const head = svg("path", { d: "M0 0L15 -7V7Z", fill: "var(--bp-backward)",
        transform: `translate(${x + dx} ${y + dy}) rotate(${(Math.atan2(y2 - y, x2 - x) * 180) / Math.PI})` });
      edges[`${j} ${k}`] = { path, head, label: svg("text", { "text-anchor": "middle" }), ends: [x, y, x2, y2] };
      parts.push(path, head);
    })));
    spread(Object.values(edges));
    parts.push(...Object.values(edges).map(({ label }) => label));
    for (const [unit, [x, y]] of Object.entries(places)) {
      const rim = svg("circle", { cx: x, cy: y, r: RADIUS });
      const text = (shift, style = "") => svg("text", { x, y: y + shift, "text-anchor": "middle", style });
      const value = text(9, "fill:var(--bp-forward)"), back = text(RADIUS + 18, "fill:var(--bp-backward)");
      const target = text(RADIUS + 35); // no edge comes there
      bodies[unit] = { rim, value, back, target };
      parts.push(svg("g", { class: "inside" }, rim, put(text(-9), { text: unit, "font-weight": 700 }), value), back, target);
    }
    stage.replaceChildren(...parts);
  };

  return (_, { inputs, a, slope, delta, weights, steps: way, loss }) => {
    const { net } = inputs;
    if (net !== drawn) lay(nets[drawn = net]);
    last = way.length;
    put(range, { max: last });
    const step = Math.min(inputs.step, last), taken = way.slice(0, step), layers = nets[net];
    const collected = {}, done = {}, passed = {};
    for (const [unit, above, amount] of taken) {
      if (above === "" || above === unit) done[unit] = amount;
      else {
        collected[unit] = (collected[unit] ?? 0) + amount;
        passed[`${unit} ${above}`] = amount;
      }
    }
    const [unit, above] = taken[step - 1] ?? ["", ""], now = `${unit} ${above}`;
    const most = Math.max(...way.filter(([j, k]) => k && k !== j).map(([, , amount]) => Math.abs(real(amount))), 1e-300);
    for (const [ends, { path, label, head }] of Object.entries(edges)) {
      const used = ends in passed, lit = ends === now;
      put(path, { stroke: used ? "var(--bp-backward)" : "var(--bp-line)",
        "stroke-width": used ? (1.5 + (4 * Math.abs(passed[ends])) / most).toFixed(2) : 1.2,
        "stroke-dasharray": used && passed[ends] < 0 ? "8 4" : null });
      put(head, { visibility: used ? "visible" : "hidden" });
      put(label, { text: used ? `← ${digits(passed[ends], 3)}` : digits(weights[ends], 3), "font-weight": lit ? 700 : 400,
        style: `fill:var(--bp-${used ? "backward" : "ink"});stroke-width:8px` }); // a wide rim: lines end before words
    }
    for (const [name, { rim, value, back, target }] of Object.entries(bodies)) {
      const lit = name === unit, output = layers[layers.length - 1].includes(name);
      put(rim, { fill: lit ? "var(--bp-lit)" : layers[0].includes(name) ? "var(--bp-given)" : "var(--bp-paper)",
        stroke: lit ? "var(--bp-light)" : "var(--bp-line)", "stroke-width": lit ? 4.5 : 1.5 });
      put(value, { text: digits(a[name]) });
      put(back, { text: name in done ? `δ ${digits(done[name])}` : name in collected ? `Σ ${digits(collected[name])}` : "" });
      put(target, { text: output ? `target ${digits(inputs[`t${layers[layers.length - 1].indexOf(name) + 1}`])}` : "" });
    }
    if (shown !== `${net} ${step}`) { // the way back begins at the outputs
      shown = `${net} ${step}`;
      bringIntoSight(stage, bodies[unit || layers[layers.length - 1][0]].rim.cx.baseVal.value);
    }
    const count = `Step ${step} of ${last}. `;
    if (!step) return `${count}Loss ${digits(loss)}. Nobody is to blame yet: the way back begins at the outputs.`;
    if (above === "") {
      const k = layers[layers.length - 1].indexOf(unit) + 1;
      return `${count}${unit} gives ${digits(a[unit])} where ${digits(inputs[`t${k}`])} is wanted; times its slope ` +
        `${digits(slope[unit])}, that is δ = ${digits(delta[unit])}.`;
    }
    if (above === unit) {
      return `${count}${unit} has collected ${digits(collected[unit])}; times its slope ${digits(slope[unit])}, ` +
        `that is δ = ${digits(delta[unit])}.`;
    }
    return `${count}From ${above} to ${unit}: weight ${digits(weights[now])} times δ ${digits(delta[above])} is ` +
      `${digits(passed[now])}; collected so far: ${digits(collected[unit])}.`;
  };
}

export default widget({ build });
