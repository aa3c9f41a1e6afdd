// The ball on a curve and on contours: the whole way from the start, for this eta and this beta.

function build(ui, { edge, most_steps: most, w, curves, ravine, surfaces }) {
  const RAVINE = "ravine", TOP = 30, BOTTOM = 330;
  ui.choice("loss", { options: surfaces, read: (at) => at.surface, write: (value) => ({ surface: value }) });
  ui.slider("eta", { min: 0, max: 1.2, most: 2, step: 0.01, read: (at) => at.eta, write: (value) => ({ eta: value }) });
  ui.slider("beta", { min: 0, max: 0.99, step: 0.01, read: (at) => at.beta, write: (value) => ({ beta: value }) });
  const begin = (name, k) => ui.slider(name, {
    min: -edge, max: edge, step: 0.05, read: (at) => at.start[k],
    write: (value, at) => ({ start: at.start.map((old, i) => (i === k ? value : old)) }),
  });
  begin("start", 0);
  const second = begin("start of the second weight", 1);
  const steps = ui.group("steps");
  ui.slider("steps", { min: 0, max: most, step: 1, into: steps, read: (at) => at.steps,
    write: (value) => ({ steps: Math.round(value) }) });
  const more = (count) => () => ui.change({ steps: Math.min(most, ui.inputs.steps + count) });
  ui.button("1 step", more(1), steps);
  ui.button("10 steps", more(10), steps);
  ui.button("to the start", () => ui.change({ steps: 0 }), steps);

  const stage = ui.stage(440, 360), side = ui.stage(300, 230);
  const x = scale(-edge, edge, 20, 420), y2 = scale(-edge, edge, BOTTOM, TOP);
  const frame = svg("path", { class: "axis", d: `M20 ${BOTTOM}H420` });
  const clip = `${ui.id}-clip`; // what leaves the picture must not cross the words around it
  stage.append(svg("clipPath", { id: clip }, svg("rect", { x: 20, y: TOP - 6, width: 400, height: BOTTOM - TOP + 12 })));
  const inside = svg("g", { "clip-path": `url(#${clip})` });
  const rings = svg("g", {}, ...ravine.map(([a, b]) => svg("ellipse", { class: "axis", cx: x(0), cy: y2(0),
    rx: x(a) - x(0), ry: y2(0) - y2(b), "stroke-opacity": 0.7 })));
  rings.append(svg("text", { x: x(0), y: y2(0) + 5, "text-anchor": "middle", text: "★" }));
  const curve = svg("path", { class: "curve", stroke: "var(--bp-line)" });
  const way = svg("path", { class: "curve", stroke: "var(--bp-c0)", "stroke-width": 1.6 });
  const dots = svg("path", { stroke: "var(--bp-c0)", "stroke-width": 7, "stroke-linecap": "round", fill: "none" });
  const tangent = svg("path", { class: "curve", stroke: "var(--bp-backward)", "stroke-dasharray": "7 5" });
  const first = svg("rect", { width: 12, height: 12, fill: "var(--bp-paper)", stroke: "var(--bp-c0)", "stroke-width": 2 });
  const ball = svg("circle", { r: 8, fill: "var(--bp-ink)" });
  inside.append(rings, curve, way, dots, tangent, first, ball);
  const title = svg("text", { x: 20, y: 18, "font-weight": 600 });
  const marks = [-2, 0, 2].map((at) => svg("text", { class: "faint", x: x(at), y: BOTTOM + 20, "text-anchor": "middle",
    text: digits(at) }));
  const across = svg("text", { x: 420, y: BOTTOM + 20, "text-anchor": "end", text: "weight" });
  stage.append(frame, inside, title, ...marks, across);
  ui.drag(stage, (px, py) => {
    const kept = (value) => Math.round(Math.min(edge, Math.max(-edge, value)) * 100) / 100;
    const start = ui.inputs.surface === RAVINE ? [kept(x.back(px)), kept(y2.back(py))] : [kept(x.back(px)), ui.inputs.start[1]];
    ui.change({ start });
  });

  const losses = svg("path", { class: "curve", stroke: "var(--bp-c0)" });
  const end = svg("circle", { r: 5, fill: "var(--bp-ink)" });
  const top = svg("text", { x: 10, y: 18 }), span = svg("text", { x: 290, y: 224, "text-anchor": "end" });
  side.append(svg("path", { class: "axis", d: "M12 28V204H290" }), losses, end, top, span);

  return (_, { inputs: { surface, eta, beta }, way: points, losses: found, slope, lost }) => {
    const flat = surface !== RAVINE;
    second.style.display = flat ? "none" : "";
    put(rings, { display: flat ? "none" : null });
    put(curve, { display: flat ? null : "none" });
    put(tangent, { display: flat ? null : "none" });
    let at;
    if (flat) {
      const { points: heights, words, top: high } = curves[surface];
      const y = scale(0, high, BOTTOM, TOP);
      put(curve, { d: line(w.map((place, k) => [x(place), y(heights[k])])) });
      at = points.map(([place], k) => [x(place), y(found[k])]);
      const [place] = points[points.length - 1], height = found[found.length - 1];
      put(tangent, { d: line([-0.9, 0.9].map((far) => [x(place + far), y(height + far * slope[0])])) });
      put(title, { text: `loss = ${words}` });
    } else {
      at = points.map(([a, b]) => [x(a), y2(b)]);
      put(title, { text: "lines of equal loss over two weights; ★ the minimum" });
    }
    put(across, { text: flat ? "weight" : "first weight" });
    put(way, { d: line(at) });
    put(dots, { d: at.map(([px, py]) => `M${px.toFixed(2)} ${py.toFixed(2)}h0`).join("") });
    put(first, { x: at[0][0] - 6, y: at[0][1] - 6 });
    const [px, py] = at[at.length - 1];
    put(ball, { cx: px, cy: py });

    const count = found.length - 1, from = found[0], to = found[count];
    const sx = scale(0, Math.max(1, count), 12, 284), sy = scale(0, Math.max(...found) || 1, 204, 34);
    put(losses, { d: line(found.map((value, k) => [sx(k), sy(value)])) });
    put(end, { cx: sx(count), cy: sy(to) });
    put(top, { text: `loss ${digits(from)} to ${digits(to)}` });
    put(span, { text: count === 1 ? "1 step" : `${count} steps` });
    const where = points[count].map((value) => digits(value)).join(", ");
    const said = `eta = ${digits(eta)}, beta = ${digits(beta)}: `;
    if (lost !== null) return `${said}it diverges. In step ${lost} the weight leaves the range from −100 to 100.`;
    return `${said}after ${count === 1 ? "1 step" : `${count} steps`} the ball is at ${where}; loss ${digits(from)} at the start, ` +
      `${digits(to)} now; slope ${slope.map((value) => digits(value)).join(", ")}.`;
  };
}

export default widget({ build });
