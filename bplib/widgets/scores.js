// The score explorer: scores to be dragged, what softmax, cross-entropy and hinge make of them.

const LIMIT = 1000, REACH = 8; // what may be typed; how far the axis goes
const LEFT = 90, RIGHT = 352, TOP = 44, ROW = 48;
const P_LEFT = 56, P_RIGHT = 146, PULL = 204, PART = 290, PUSH = 340; // columns of the second stage

function compute({ scores, target }) {
  const most = Math.max(...scores);
  const shifted = scores.map((score) => score - most);
  const odds = shifted.map(Math.exp);
  const total = odds.reduce((sum, one) => sum + one, 0);
  const p = odds.map((one) => one / total);
  const margins = scores.map((score, k) => (k === target ? 0 : Math.max(0, score - scores[target] + 1)));
  const inside = margins.map((margin) => (margin > 0 ? 1 : 0));
  const broken = inside.reduce((sum, one) => sum + one, 0);
  return {
    p,
    cross_entropy: Math.log(total) - shifted[target],
    cross_entropy_delta: p.map((share, k) => share - (k === target ? 1 : 0)),
    hinge: margins.reduce((sum, one) => sum + one, 0),
    hinge_parts: margins,
    hinge_delta: inside.map((one, k) => (k === target ? -broken : one)),
  };
}

function build(ui, examples) {
  const count = ui.inputs.scores.length;
  const classes = Array.from({ length: count }, (_, k) => k);
  const target = ui.choice("right class", {
    options: classes.map((k) => [k, `class ${k}`]), read: (at) => at.target,
    write: (value) => ({ target: Number(value) }),
  });
  put(target, { class: "bp-target" });
  for (const [name, example] of Object.entries(examples)) {
    if (example.scores.length === count) ui.button(name, () => ui.change(example));
  }
  for (const k of classes) {
    ui.slider(`score ${k}`, {
      min: -REACH, max: REACH, least: -LIMIT, most: LIMIT, step: 0.1, read: (at) => at.scores[k],
      write: (value, at) => ({ scores: at.scores.with(k, value) }),
      says: (value) => `${digits(value)}, probability ${digits(compute(ui.inputs).p[k])}`,
    });
  }

  const bottom = TOP + count * ROW;
  const stage = ui.stage(370, bottom + 30), table = ui.stage(424, bottom + 4);
  const x = scale(-REACH, REACH, LEFT, RIGHT), wide = scale(0, 1, 0, P_RIGHT - P_LEFT);
  stage.append(svg("text", { x: 8, y: 18, text: "score s", "font-weight": 600 }));
  for (const [at, text] of [[P_LEFT, "softmax p"], [PULL, "∂CE/∂s"], [PART, "hinge"], [PUSH, "∂hinge/∂s"]]) {
    table.append(svg("text", { x: at, y: 18, text, "font-weight": 600 }));
  }
  const costly = svg("rect", { y: TOP - 8, height: bottom - TOP + 8, fill: "var(--bp-wrong)", "fill-opacity": 0.12 });
  const border = svg("path", { class: "curve", stroke: "var(--bp-wrong)", "stroke-dasharray": "6 4", "stroke-width": 2 });
  const warning = svg("text", { y: bottom + 20, text: "margin: 1 below the right score" });
  stage.append(costly, svg("path", { class: "axis", d: `M${x(0)} ${TOP - 8}V${bottom}` }), border, warning,
    svg("text", { class: "faint", x: x(0), y: TOP - 12, text: "0", "text-anchor": "middle" }));
  const rows = classes.map((k) => {
    const y = TOP + (k + 0.5) * ROW;
    const ring = (width) => svg("rect", { x: 2, y: y - ROW / 2 + 3, width, height: ROW - 6, rx: 6, fill: "none" });
    const row = {
      name: svg("text", { x: 10, y: y + 5 }),
      rings: [ring(366), ring(420)],
      bar: svg("rect", { y: y - 11, height: 22, rx: 3, fill: "var(--bp-c0)" }),
      grip: svg("circle", { cy: y, r: 9, fill: "var(--bp-paper)", stroke: "var(--bp-ink)", "stroke-width": 2.5,
        style: "cursor: ew-resize" }),
      again: svg("text", { x: 10, y: y + 5 }),
      p: svg("rect", { x: P_LEFT, y: y - 11, height: 22, rx: 3, fill: "var(--bp-c2)" }),
      share: svg("text", { x: P_RIGHT + 6, y: y + 5 }),
      pull: svg("text", { x: PULL, y: y + 5 }),
      part: svg("text", { x: PART, y: y + 5 }),
      push: svg("text", { x: PUSH, y: y + 5 }),
    };
    stage.append(row.rings[0], row.name, row.bar, row.grip);
    table.append(row.rings[1], row.again, row.p, svg("rect", { x: P_LEFT, y: y - 11, width: wide(1), height: 22, rx: 3,
      fill: "none", stroke: "var(--bp-line)" }), row.share, row.pull, row.part, row.push);
    return row;
  });
  let held = 0;
  ui.drag(stage, (across, down, first) => {
    if (first) held = Math.floor((down - TOP) / ROW);
    if (held < 0 || held >= count || across < LEFT - 30 || across > RIGHT + 30) return;
    const score = Math.round(Math.min(REACH, Math.max(-REACH, x.back(across))) * 10) / 10;
    ui.change({ scores: ui.inputs.scores.with(held, score) });
  });

  const shown = (value) => x(Math.min(REACH, Math.max(-REACH, value)));
  const arrow = (value) => `${digits(value, 3)}${value > 0 ? " ▼" : value < 0 ? " ▲" : ""}`; // where a step moves it
  return ({ scores, target: right }, result) => {
    const edge = shown(scores[right] - 1);
    put(border, { d: `M${edge} ${TOP - 8}V${bottom}` });
    put(costly, { x: edge, width: RIGHT - edge });
    put(warning, { x: Math.min(edge, RIGHT - 120), "text-anchor": edge < LEFT + 110 ? "start" : "middle" });
    rows.forEach((row, k) => {
      const here = shown(scores[k]);
      const strong = k === right ? 700 : 400;
      put(row.name, { text: k === right ? `★ class ${k}` : `class ${k}`, "font-weight": strong });
      put(row.again, { text: k === right ? `★ ${k}` : k, "font-weight": strong });
      for (const ring of row.rings) put(ring, { stroke: k === right ? "var(--bp-light)" : "none", "stroke-width": 2 });
      put(row.bar, { x: Math.min(here, x(0)), width: Math.abs(here - x(0)) });
      put(row.grip, { cx: here });
      put(row.p, { width: wide(result.p[k]) });
      put(row.share, { text: digits(result.p[k], 3) });
      put(row.pull, { text: arrow(result.cross_entropy_delta[k]) });
      put(row.part, { text: k === right ? "–" : digits(result.hinge_parts[k], 3) });
      put(row.push, { text: arrow(result.hinge_delta[k]) });
    });
    const best = scores.indexOf(Math.max(...scores));
    return `Class ${right} is right, with score ${digits(scores[right])} and probability ${digits(result.p[right])}. ` +
      `Cross-entropy ${digits(result.cross_entropy)} nats, hinge loss ${digits(result.hinge)}. ` +
      (best === right ? "The right class has the largest score" : `Class ${best} has the largest score`) +
      (result.hinge > 0 ? "." : " and its margin: hinge asks for nothing more, cross-entropy does.") +
      " A step moves a score with ▲ up and one with ▼ down.";
  };
}

export { compute };
export default widget({ build, compute });
