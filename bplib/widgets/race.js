// The race of learning rules: ways over the ravine on the left, losses on the right.

const DASHES = ["", "9 4", "2 4", "9 4 2 4", "14 4", "5 3", "1 6", "14 3 3 3"];

function build(ui, { names, most_steps: most, tops, fastest, start, ravine }) {
  const rules = Object.keys(names);
  const runs = ui.group("race");
  ui.button("Start", () => ui.act("start"), runs);
  ui.button("Pause", () => ui.act("pause"), runs);
  ui.slider("steps", { min: 0, max: most, step: 1, into: runs, read: (at) => at.steps,
    write: (value) => ({ steps: Math.round(value) }) });
  ui.slider("noise", { min: 0, max: 5, most: 10, step: 0.1, read: (at) => at.noise, write: (value) => ({ noise: value }) });
  ui.button("other noise", () => ui.change({ seed: (ui.inputs.seed + 1) % 1000 }));
  const look = (k) => ({ stroke: `var(--bp-c${k})`, "stroke-dasharray": DASHES[k] });
  const runners = ui.group("eta of each rule");
  runners.append(html("span", { text: "Who runs, and eta of each:", style: "flex:1 0 100%" }));
  rules.forEach((rule, k) => {
    const box = html("input", { type: "checkbox", "aria-label": `${names[rule]} runs` });
    box.addEventListener("change", () => {
      const rest = ui.inputs.rules.filter((other) => other !== rule);
      ui.change({ rules: box.checked ? [...rest, rule] : rest });
    });
    ui.followers.push(() => { box.checked = ui.inputs.rules.includes(rule); });
    const row = ui.slider(names[rule], {
      min: 0, max: tops[rule], most: fastest, step: tops[rule] / 100, into: runners,
      read: (at) => at.eta[rule], write: (value, at) => ({ eta: { ...at.eta, [rule]: value } }),
    });
    const sample = svg("svg", { width: 24, height: 14, "aria-hidden": "true", style: "flex:none" },
      svg("path", { d: "M0 7H24", fill: "none", "stroke-width": 3, ...look(k) }));
    row.prepend(box, sample);
    row.style.flex = "1 1 360px";
    row.style.minWidth = "min(340px, 100%)"; // two beside each other
    row.style.flexWrap = "nowrap";
    row.querySelector("input[type=range]").style.width = "60px"; // at least; it grows as there is room
    row.querySelector("input[type=number]").style.width = "5em";
    row.querySelector("label").style.minWidth = "7.5em";
  });

  const stage = ui.stage(360, 360), plot = ui.stage(440, 360);
  const x = scale(-1.3, 1.3, 4, 356), y = scale(-1.3, 1.3, 356, 4);
  const clip = `${ui.id}-clip`;
  stage.append(svg("clipPath", { id: clip }, svg("rect", { x: 4, y: 4, width: 352, height: 352 })));
  const inside = svg("g", { "clip-path": `url(#${clip})` });
  for (const [a, b] of ravine) {
    inside.append(svg("ellipse", { class: "grid", cx: x(0), cy: y(0), rx: x(a) - x(0), ry: y(0) - y(b) }));
  }
  inside.append(svg("text", { x: x(0), y: y(0) + 5, "text-anchor": "middle", text: "★" }),
    svg("rect", { x: x(start[0]) - 6, y: y(start[1]) - 6, width: 12, height: 12, fill: "var(--bp-paper)",
      stroke: "var(--bp-ink)", "stroke-width": 2 }));
  stage.append(svg("rect", { class: "axis", x: 4, y: 4, width: 352, height: 352 }), inside);

  const high = 2, low = -6; // powers of ten
  const sx = scale(0, most, 56, 300), sy = scale(low, high, 330, 30);
  for (let at = low; at <= high; at += 2) {
    plot.append(svg("path", { class: "grid", d: `M56 ${sy(at)}H300` }),
      svg("text", { class: "faint", x: 50, y: sy(at) + 5, "text-anchor": "end", text: digits(10 ** at) }));
  }
  plot.append(svg("text", { x: 6, y: 16, text: "loss" }), svg("text", { x: 300, y: 352, "text-anchor": "end", text: `step, 0 to ${most}` }));
  const drawn = rules.map((rule, k) => {
    const way = svg("path", { class: "curve", ...look(k) }), curve = svg("path", { class: "curve", ...look(k) });
    const head = svg("circle", { r: 6, fill: `var(--bp-c${k})`, stroke: "var(--bp-paper)" });
    const end = svg("circle", { r: 4, fill: `var(--bp-c${k})` });
    const lead = svg("path", { class: "grid" }), label = svg("text", { text: names[rule] });
    inside.append(way, head);
    plot.append(curve, lead, end, label);
    return { way, head, nodes: [way, head, curve, lead, end, label], curve, end, lead, label };
  });

  const tall = (loss) => Math.min(high, Math.max(low, Math.log10(loss)));
  return (_, { inputs: { noise, steps }, ways, losses, lost }) => {
    const ends = [], said = [];
    rules.forEach((rule, k) => {
      const parts = drawn[k], way = ways[rule];
      for (const node of parts.nodes) put(node, { display: way ? null : "none" });
      if (!way) return;
      const points = way.map(([a, b]) => [x(a), y(b)]), last = points.length - 1, loss = losses[rule];
      put(parts.way, { d: line(points) });
      put(parts.head, { cx: points[last][0], cy: points[last][1] });
      put(parts.curve, { d: line(loss.map((value, step) => [sx(step), sy(tall(value))])) });
      put(parts.end, { cx: sx(last), cy: sy(tall(loss[last])) });
      ends.push({ parts, right: sx(last), at: sy(tall(loss[last])), name: names[rule], gone: rule in lost });
      said.push(rule in lost ? `${names[rule]} diverges in step ${lost[rule]}` : `${names[rule]} ${digits(loss[last], 3)}`);
    });
    ends.sort((one, other) => one.at - other.at); // names beside the ends, none on another
    let above = 0;
    ends.forEach(({ parts, right, at, name, gone }, k) => {
      const place = Math.min(Math.max(at, above + 17), 340 - 17 * (ends.length - 1 - k));
      above = place;
      put(parts.label, { x: 316, y: place + 5, text: gone ? `✕ ${name}` : name });
      put(parts.lead, { d: `M${right} ${at}L312 ${place}` });
    });
    const count = steps === 1 ? "1 step" : `${steps} steps`;
    const loud = noise > 0 ? `, noise ${digits(noise)}` : "";
    return said.length ? `Loss after ${count}${loud}: ${said.join("; ")}.` : "Nobody runs: choose a rule.";
  };
}

export default widget({ build });
