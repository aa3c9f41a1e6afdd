// The graph stepper: a computation graph, forward and backward, one node at a time.

const COLUMN = 192, BOX = 100, HIGH = 66, PORT = 20, MARGIN = 12;

/** For each gate: its value, and the local derivatives by its inputs; as RULES of bplib/graph.py. */
const RULES = {
  "+": { value: (a, b) => a + b, slopes: () => [1, 1] },
  "-": { value: (a, b) => a - b, slopes: () => [1, -1] },
  "*": { value: (a, b) => a * b, slopes: (a, b) => [b, a] },
  "/": { value: (a, b) => a / b, slopes: (a, b, c, out) => [1 / b, -out / b], fits: (a, b) => b !== 0, needs: "b ≠ 0" },
  "max": { value: (a, b) => (a >= b ? a : b), slopes: (a, b) => (a >= b ? [1, 0] : [0, 1]) },
  "+c": { value: (a, b, c) => a + c, slopes: () => [1] },
  "*c": { value: (a, b, c) => a * c, slopes: (a, b, c) => [c] },
  "/c": { value: (a, b, c) => a / c, slopes: (a, b, c) => [1 / c] },
  "c/": { value: (a, b, c) => c / a, slopes: (a, b, c, out) => [-out / a], fits: (a) => a !== 0, needs: "a ≠ 0" },
  "**c": {
    value: (a, b, c) => a ** c, slopes: (a, b, c) => [c * a ** (c ? c - 1 : 0)],
    fits: (a, b, c) => a > 0 || (a === 0 && (c >= 1 || c === 0)) || (a < 0 && c % 1 === 0),
    needs: "a > 0, unless the exponent allows more",
  },
  "exp": { value: (a) => Math.exp(a), slopes: (a, b, c, out) => [out] },
  "log": { value: (a) => Math.log(a), slopes: (a) => [1 / a], fits: (a) => a > 0, needs: "a > 0" },
  "sigmoid": {
    value: (a) => Math.exp((a - Math.abs(a)) / 2) / (1 + Math.exp(-Math.abs(a))),
    slopes: (a, b, c, out) => [out * (1 - out)],
  },
  "tanh": { value: (a) => Math.tanh(a), slopes: (a, b, c, out) => [1 - out * out] },
  "relu": { value: (a) => (a <= 0 ? 0 : a), slopes: (a) => [a > 0 ? 1 : 0] },
  "sum": { value: (a) => a, slopes: () => [1] },
  "mean": { value: (a) => a, slopes: () => [1] },
};

function compute({ values: given }, { nodes }) {
  const values = [], locals = [], grads = nodes.map(() => 0);
  let leaf = 0;
  for (const { name, op, c, inputs } of nodes) {
    if (!op) {
      values.push(given[leaf++]);
      locals.push([]);
      continue;
    }
    const { value, slopes, fits, needs } = RULES[op];
    const [a, b] = inputs.map((k) => values[k]);
    const of = inputs.map((k) => digits(values[k])).join(" and ");
    if (fits && !fits(a, b, c)) throw new Error(`gate ${name} of ${of}: needs ${needs}`);
    const out = value(a, b, c);
    if (!Number.isFinite(out)) throw new Error(`gate ${name} of ${of}: the result is too large`);
    values.push(out);
    locals.push(slopes(a, b, c, out));
  }
  grads[grads.length - 1] = 1;
  for (let k = nodes.length - 1; k >= 0; k--) {
    nodes[k].inputs.forEach((source, j) => { grads[source] += locals[k][j] * grads[k]; });
  }
  return { values, locals, grads };
}

/** Where every edge runs: level into its box, at a port of its own. */
function route(nodes, paths) {
  const edges = nodes.flatMap(({ inputs }, to) => inputs.map((from, slot) => ({ from, to, slot })));
  edges.forEach((edge, k) => { edge.path = paths[k]; });
  for (const [to, node] of nodes.entries()) {
    const entering = edges.filter((edge) => edge.to === to).sort((a, b) => a.path.at(-2)[1] - b.path.at(-2)[1]);
    entering.forEach((edge, k) => { edge.port = node.y + (k - (entering.length - 1) / 2) * PORT; });
  }
  return edges;
}

/** A name as long as a box is wide; its gate, in brackets at the end, stays. */
function fitted(name) {
  const gate = name.match(/ \(.*\)$/)?.[0] ?? "";
  return name.length > 11 ? `${name.slice(0, Math.max(1, 10 - gate.length))}…${gate}` : name;
}

function build(ui, { nodes, paths, limit }) {
  const n = nodes.length, leaves = [...nodes.keys()].filter((k) => !nodes[k].op);
  const to = (step) => ui.change({ step: Math.min(2 * n, Math.max(0, step)) });
  ui.slider("step", {
    min: 0, max: 2 * n, step: 1, read: (at) => at.step, write: (value) => ({ step: Math.round(value) }),
    says: (value) => `${value} of ${2 * n}`,
  });
  const buttons = ui.group("walk");
  ui.button("to the start", () => to(0), buttons);
  ui.button("back", () => to(ui.inputs.step - 1), buttons);
  ui.button("step", () => to(ui.inputs.step + 1), buttons);
  ui.button("to the end", () => to(2 * n), buttons);
  const given = ui.group("inputs");
  leaves.forEach((k, place) => ui.number(nodes[k].name, {
    min: -limit, max: limit, read: (at) => at.values[place],
    write: (value, at) => ({ values: at.values.with(place, value) }), into: given,
  }));

  const last = Math.max(...nodes.map((node) => node.column)), deep = Math.max(...paths.flat().map(([, y]) => y), 0);
  const stage = ui.stage(last * COLUMN + BOX + 2 * MARGIN, Math.max(deep, ...nodes.map((node) => node.y)) + HIGH);
  const left = (column) => MARGIN + column * COLUMN, down = (y) => y + HIGH / 2 - 20;
  const edges = route(nodes, paths);
  for (const edge of edges) {
    let x = left(edge.path[0][0]) + BOX, y = down(edge.path[0][1]), words = `M${x} ${y}`;
    edge.path.slice(1).forEach(([column, level], k) => {
      const end = k === edge.path.length - 2, height = down(end ? edge.port : level);
      const start = x, stop = left(column) - (end ? 46 : 20), middle = (start + stop) / 2;
      x = left(column) + (end ? -8 : BOX);
      words += `C${middle} ${y} ${middle} ${height} ${stop} ${height}H${x}`;
      y = height;
    });
    edge.line = svg("path", { d: words, fill: "none" });
    edge.tip = svg("path", { d: `M${x - 2} ${y - 5}L${x + 7} ${y}L${x - 2} ${y + 5}Z` });
    edge.word = svg("text", { x: x - 4, y: y - 5, "text-anchor": "end", "font-size": 13 });
    stage.append(edge.line, edge.tip);
  }
  stage.append(...edges.map((edge) => edge.word));
  const boxes = nodes.map((node, k) => {
    const x = left(node.column), y = down(node.y), middle = x + BOX / 2;
    const word = (shift, style) => svg("text", { x: middle, y: y + shift, "text-anchor": "middle", style });
    const box = {
      body: svg("rect", { x, y: y - HIGH / 2, width: BOX, height: HIGH, rx: node.op ? 16 : 2 }),
      name: put(word(-14, ""), { text: fitted(node.name), "font-weight": 700 }),
      value: word(5, "fill:var(--bp-forward)"),
      grad: word(24, "fill:var(--bp-backward)"),
    };
    const group = svg("g", { class: "inside", style: "cursor:pointer" }, ...Object.values(box));
    group.addEventListener("click", () => to(ui.inputs.step > n ? 2 * n - k : k + 1)); // up to this node
    stage.append(group);
    return box;
  });
  const legend = html("p", {}, html("span", { style: "color:var(--bp-forward)", text: "value" }), " · ",
    html("span", { style: "color:var(--bp-backward)", text: "← gradient" }), " · ×local derivative");
  ui.stages.after(legend);
  let seen = null;

  return ({ step }, { values, locals, grads }) => {
    const forward = Math.min(step, n), backward = Math.max(0, step - n);
    const current = step === 0 ? null : step <= n ? step - 1 : 2 * n - step;
    const has = (k) => k >= n - backward;
    boxes.forEach(({ body, name, value, grad }, k) => {
      const known = k < forward, here = k === current;
      put(body, {
        fill: here ? "var(--bp-lit)" : nodes[k].op ? "var(--bp-paper)" : "var(--bp-given)",
        stroke: here ? "var(--bp-light)" : known ? "var(--bp-line)" : "var(--bp-faint-line)",
        "stroke-width": here ? 4 : 1.6, "stroke-dasharray": known ? null : "4 4",
      });
      put(name, { class: known || here ? null : "faint" });
      put(value, { text: known ? digits(values[k]) : "" });
      put(grad, { text: has(k) ? `← ${digits(grads[k])}` : "" });
    });
    for (const { from, to: end, slot, line: path, tip, word } of edges) {
      const lit = backward ? from === current : end === current;
      const colour = lit ? (backward ? "var(--bp-backward)" : "var(--bp-light)") : "var(--bp-line)";
      put(path, { stroke: colour, "stroke-width": lit ? 3.5 : 1.4 });
      put(tip, { fill: colour });
      put(word, { text: end < forward ? `×${digits(locals[end][slot])}` : "", "font-weight": lit ? 700 : 400 });
    }
    if (current !== null && current !== seen) bringIntoSight(stage, left(nodes[current].column) + BOX / 2);
    seen = current;
    return `Step ${step} of ${2 * n}. ${tell(step, current, { values, locals, grads })}`;
  };

  function tell(step, k, { values, locals, grads }) {
    if (k === null) return `Nothing is computed yet: ${n} steps lead forward, ${n} back.`;
    const { name, op, inputs } = nodes[k];
    if (step <= n) {
      if (!op) return `Forward: ${name} is given, ${digits(values[k])}.`;
      return `Forward: ${name} of ${inputs.map((source) => digits(values[source])).join(" and ")} gives ` +
        `${digits(values[k])}.`;
    }
    if (k === n - 1) return `Backward: the gradient of the output by itself is 1.`;
    const parts = edges.filter((edge) => edge.from === k)
      .map((edge) => `${digits(locals[edge.to][edge.slot])} × ${digits(grads[edge.to])}`);
    const adds = parts.length > 1 ? " Gradients add where paths meet." : "";
    return `Backward: the gradient of ${name} is local derivative times gradient, ${parts.join(" + ")} = ` +
      `${digits(grads[k])}.${adds}`;
  }
}

export { compute };
export default widget({ build, compute });
