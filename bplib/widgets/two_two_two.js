// The 2-2-2 explorer: forward and back through the network of deck 004, with any of its numbers changed.

const ENDS = {
  w1: ["i1", "h1"], w2: ["i2", "h1"], w3: ["i1", "h2"], w4: ["i2", "h2"],
  w5: ["h1", "o1"], w6: ["h2", "o1"], w7: ["h1", "o2"], w8: ["h2", "o2"],
};
const WEIGHTS = Object.keys(ENDS), BIASES = ["b1", "b2"], LIMIT = 1000;
const PLACES = { i1: [64, 50], i2: [64, 210], b1: [64, 330], h1: [320, 50], h2: [320, 210], b2: [320, 330],
  o1: [576, 50], o2: [576, 210] };
const RADIUS = 34;

function sigmoid(z) {
  return Math.exp(Math.min(z, 0)) / (1 + Math.exp(-Math.abs(z)));
}

function pass(n) {
  const z = { h1: n.i1 * n.w1 + n.i2 * n.w2 + n.b1, h2: n.i1 * n.w3 + n.i2 * n.w4 + n.b1 };
  const a = { h1: sigmoid(z.h1), h2: sigmoid(z.h2) };
  z.o1 = a.h1 * n.w5 + a.h2 * n.w6 + n.b2;
  z.o2 = a.h1 * n.w7 + a.h2 * n.w8 + n.b2;
  a.o1 = sigmoid(z.o1);
  a.o2 = sigmoid(z.o2);
  const slope = (value) => (1 - value) * value;
  const miss = { o1: a.o1 - n.t1, o2: a.o2 - n.t2 };
  const delta = { o1: miss.o1 * slope(a.o1), o2: miss.o2 * slope(a.o2) };
  delta.h1 = (n.w5 * delta.o1 + n.w7 * delta.o2) * slope(a.h1);
  delta.h2 = (n.w6 * delta.o1 + n.w8 * delta.o2) * slope(a.h2);
  const gradient = {
    i1: n.w1 * delta.h1 + n.w3 * delta.h2, i2: n.w2 * delta.h1 + n.w4 * delta.h2,
    b1: delta.h1 + delta.h2, b2: delta.o1 + delta.o2, t1: -miss.o1, t2: -miss.o2,
  };
  const carried = { ...a, i1: n.i1, i2: n.i2 };
  for (const [name, [from, to]] of Object.entries(ENDS)) gradient[name] = carried[from] * delta[to];
  const parts = [miss.o1 * miss.o1 / 2, miss.o2 * miss.o2 / 2];
  return { z, a, delta, gradient, parts, loss: (miss.o1 * miss.o1 + miss.o2 * miss.o2) / 2 };
}

/** The numbers after one step. */
function stepped(n, gradient) {
  const moved = { ...n };
  for (const name of n.move_biases ? [...WEIGHTS, ...BIASES] : WEIGHTS) moved[name] = n[name] - n.eta * gradient[name];
  return moved;
}

function compute(n) {
  const found = pass(n);
  return { ...found, next_loss: pass(stepped(n, found.gradient)).loss };
}

/** Many steps at once, and the loss before each of them. */
function walk(n, count) {
  const losses = [];
  for (let k = 0; k < count; k++) {
    const { loss, gradient } = pass(n);
    losses.push(loss);
    n = stepped(n, gradient);
  }
  return { end: n, losses };
}

function build(ui, { deck, most_steps: mostSteps }) {
  let chosen = "w5", losses = [];
  const names = { ...Object.fromEntries(WEIGHTS.map((name) => [name, `${name}: ${ENDS[name].join(" to ")}`])),
    b1: "b1: bias of h1, h2", b2: "b2: bias of o1, o2", i1: "i1: input", i2: "i2: input", t1: "t1: target of o1",
    t2: "t2: target of o2" };
  const edited = (inputs) => {
    losses = []; // a curve belongs to one network
    ui.change(inputs);
  };
  const select = ui.choice("number", {
    options: Object.entries(names), read: () => chosen, write: (value) => { chosen = value; return {}; },
  });
  ui.slider("its value", {
    min: -2, max: 2, least: -LIMIT, most: LIMIT, step: 0.01, read: (at) => at[chosen],
    write: (value) => { losses = []; return { [chosen]: value }; },
    says: (value) => `${chosen} ${digits(value)}, loss ${digits(pass({ ...ui.inputs, [chosen]: value }).loss)}`,
  });
  ui.slider("eta", { min: 0, max: 10, most: 100, step: 0.1, read: (at) => at.eta, write: (value) => ({ eta: value }) });
  const steps = ui.group("steps");
  const go = (count) => () => {
    const { end, losses: passed } = walk(ui.inputs, count);
    if (![...WEIGHTS, ...BIASES].every((name) => Math.abs(end[name]) <= LIMIT)) {
      ui.fail(`a weight would leave the range from −${LIMIT} to ${LIMIT}: eta is too large`);
      return;
    }
    losses = losses.concat(passed);
    ui.change(end);
  };
  ui.button("1 step", go(1), steps);
  ui.button("10 steps", go(10), steps);
  ui.button("100 steps", go(100), steps);
  ui.button("1000 steps", go(1000), steps);
  const both = html("input", { type: "checkbox" });
  both.addEventListener("change", () => ui.change({ move_biases: both.checked }));
  ui.followers.push(() => { both.checked = ui.inputs.move_biases; });
  steps.append(html("label", {}, both, " move biases too"));
  ui.button("deck's numbers", () => edited({ ...deck }), ui.controls);

  const stage = ui.stage(740, 364);
  const edge = (from, to, classes) => {
    const [x, y] = PLACES[from], [x2, y2] = PLACES[to], far = Math.hypot(x2 - x, y2 - y);
    const [dx, dy] = [(x2 - x) / far, (y2 - y) / far];
    return svg("path", { class: classes, fill: "none",
      d: `M${x + dx * RADIUS} ${y + dy * RADIUS}L${x2 - dx * (RADIUS + 2)} ${y2 - dy * (RADIUS + 2)}` });
  };
  for (const [from, to] of [["b1", "h1"], ["b1", "h2"], ["b2", "o1"], ["b2", "o2"]]) {
    stage.append(put(edge(from, to, "axis"), { "stroke-dasharray": "2 5" }));
  }
  const lines = {}, labels = {}, slopes = {}, units = {};
  for (const name of WEIGHTS) stage.append(lines[name] = edge(...ENDS[name], "curve"));
  const pick = (node, name) => {
    node.style.cursor = "pointer";
    node.addEventListener("click", () => { chosen = name; ui.redraw(); });
    return node;
  };
  for (const name of WEIGHTS) {
    const [[x, y], [x2, y2]] = ENDS[name].map((end) => PLACES[end]);
    const level = y === y2; // then the words stand above and below the edge, else on it
    const across = x + (x2 - x) * (level ? 0.5 : 0.36), down = y + (y2 - y) * 0.36;
    const word = (shift, style = "") => svg("text", { x: across, y: down + shift, "text-anchor": "middle", style });
    labels[name] = word(level ? -8 : -3);
    slopes[name] = word(level ? 20 : 13, "fill:var(--bp-backward)");
    const ground = svg("rect", { x: across - 48, y: down - 18, width: 96, height: 36, fill: "transparent" });
    stage.append(pick(svg("g", { class: "rimmed" }, ground, labels[name], slopes[name]), name));
  }
  for (const [name, [x, y]] of Object.entries(PLACES)) {
    const square = name[0] === "b", given = square || name[0] === "i";
    const body = square
      ? svg("rect", { x: x - 44, y: y - 28, width: 88, height: 56, rx: 4 })
      : svg("circle", { cx: x, cy: y, r: RADIUS });
    put(body, { fill: given ? "var(--bp-given)" : "var(--bp-paper)", stroke: "var(--bp-line)" });
    const word = (shift, style = "") => svg("text", { x, y: y + shift, "text-anchor": "middle", style });
    units[name] = { body, name: put(word(square ? -12 : -8), { text: name, "font-weight": 700 }),
      value: word(square ? 5 : 10, "fill:var(--bp-forward)"),
      back: word(square ? 22 : RADIUS + 18, "fill:var(--bp-backward)") };
    const group = svg("g", { class: "inside" }, body, units[name].name, units[name].value, units[name].back);
    stage.append(given ? pick(group, name) : group);
  }
  const targets = ["t1", "t2"].map((name, k) => {
    const [x, y] = PLACES[`o${k + 1}`];
    const words = { target: svg("text", { x: x + 46, y: y - 4 }), part: svg("text", { x: x + 46, y: y + 16 }) };
    stage.append(pick(svg("g", {}, words.target, words.part), name));
    return words;
  });
  stage.append(svg("text", { x: 420, y: 320, text: "value", style: "fill:var(--bp-forward)" }),
    svg("text", { x: 420, y: 342, text: "δ: error signal, ←: gradient of the loss", style: "fill:var(--bp-backward)" }));
  const total = svg("text", { x: 420, y: 298, "font-weight": 700 });
  stage.append(total);

  const plot = ui.stage(420, 150);
  const curve = svg("path", { class: "curve", stroke: "var(--bp-c0)" }), end = svg("circle", { r: 5, fill: "var(--bp-c0)" });
  const top = svg("text", { x: 8, y: 18 }), span = svg("text", { x: 400, y: 142, "text-anchor": "end" });
  plot.append(svg("path", { class: "axis", d: "M10 24V124H400" }), curve, end, top, span);

  return (n, { a, delta, gradient, parts, loss, next_loss: next }) => {
    select.value = chosen;
    for (const name of WEIGHTS) {
      const lit = name === chosen;
      put(lines[name], { stroke: lit ? "var(--bp-light)" : "var(--bp-line)", "stroke-width": lit ? 4.5 : 1.5 });
      put(labels[name], { text: `${name} ${digits(n[name])}`, "font-weight": lit ? 700 : 400 });
      put(slopes[name], { text: `← ${digits(gradient[name])}` });
    }
    for (const [name, unit] of Object.entries(units)) {
      put(unit.value, { text: digits(a[name] ?? n[name]) });
      const back = name in delta ? `δ ${digits(delta[name])}` : `← ${digits(gradient[name])}`;
      put(unit.back, { text: back });
      put(unit.body, { "stroke-width": name === chosen ? 4.5 : 1.5,
        stroke: name === chosen ? "var(--bp-light)" : "var(--bp-line)" });
    }
    targets.forEach((words, k) => {
      const name = `t${k + 1}`;
      put(words.target, { text: `target ${digits(n[name])}`, "font-weight": name === chosen ? 700 : 400 });
      put(words.part, { text: `loss ${digits(parts[k])}` });
    });
    put(total, { text: `loss ${digits(loss)}` });
    const all = [...losses, loss], most = Math.max(...all) || 1;
    const x = scale(0, Math.max(1, losses.length), 10, 394), y = scale(0, most, 124, 28);
    const every = Math.ceil(all.length / 400); // as many points as there are pixels
    put(curve, { d: line(all.map((value, k) => [x(k), y(value)]).filter((_, k) => k % every === 0)) });
    put(end, { cx: x(losses.length), cy: y(loss) });
    put(top, { text: losses.length ? `loss ${digits(all[0])} to ${digits(loss)}` : `loss ${digits(loss)}` });
    put(span, { text: losses.length === 1 ? "1 step" : `${losses.length} steps` });
    const slope = gradient[chosen];
    const way = slope === 0 ? "does not move the loss" : `${slope > 0 ? "raises" : "lowers"} the loss`;
    return `Loss ${digits(loss)}. ${chosen} = ${digits(n[chosen])} has gradient ${digits(slope)}: more of it ${way}. ` +
      `One step with eta = ${digits(n.eta)} leads to loss ${digits(next)}.`;
  };
}

export { compute, walk };
export default widget({ build, compute });
