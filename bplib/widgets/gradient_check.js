// The gradient-check explorer: a planted error over the V-curves of three ways to measure a slope.

const EXACT = -18; // where an error of 0 stands on the logarithmic axis

function build(ui, { methods, looks, h: steps, planted: entry }) {
  const power = (value, least) => Math.min(1, Math.max(least, 10 ** value));
  ui.choice("method", { options: methods, read: (at) => at.method, write: (value) => ({ method: value }) });
  ui.slider("log₁₀ h", {
    min: -20, max: 0, step: 0.5, read: (at) => Math.log10(at.h), write: (value) => ({ h: power(value, 1e-20) }),
    says: (value) => `${digits(value)}, h = ${digits(10 ** value)}`,
  });
  ui.choice("look at", { options: looks, read: (at) => at.look, write: (value) => ({ look: value }) });
  ui.choice("claimed gradient", {
    options: [["wrong", `wrong in ${entry}`], ["right", "right"]],
    read: (at) => (at.planted ? "wrong" : "right"), write: (value) => ({ planted: value === "wrong" }),
  });
  ui.slider("log₁₀ of the planted error", {
    min: -16, max: 0, step: 0.5, read: (at) => Math.log10(at.size), write: (value) => ({ size: power(value, 1e-16) }),
    says: (value) => `${digits(value)}, ${digits(10 ** value)} of the gradient's length`,
  });
  ui.button("draw others at random", () => ui.change({ seed: (ui.inputs.seed + 1) % 1000 }));

  const plot = ui.stage(440, 340);
  const x = scale(-20, 0, 56, 420), y = scale(EXACT, 1, 300, 26);
  const decades = (from, every) => Array.from({ length: Math.floor(-from / every) + 1 }, (_, k) => from + k * every);
  for (const at of decades(-20, 4)) {
    plot.append(svg("path", { class: "grid", d: `M${x(at)} 26V300` }),
      svg("text", { class: "faint", x: x(at), y: 318, "text-anchor": "middle", text: digits(10 ** at) }));
  }
  for (const at of decades(-16, 4)) {
    plot.append(svg("path", { class: "grid", d: `M56 ${y(at)}H420` }),
      svg("text", { class: "faint", x: 50, y: y(at) + 5, "text-anchor": "end", text: digits(10 ** at) }));
  }
  plot.append(svg("text", { x: 8, y: 16, text: "error of the numeric gradient" }),
    svg("text", { x: 420, y: 336, "text-anchor": "end", text: "step h" }));
  const curves = methods.map((name, k) => {
    const path = svg("path", { class: "curve", stroke: `var(--bp-c${k})`, "stroke-dasharray": ["", "8 4", "2 4"][k] });
    const label = svg("text", { "text-anchor": ["start", "end", "middle"][k], text: name });
    plot.append(path, label);
    return { path, label };
  });
  const border = svg("path", { stroke: "var(--bp-wrong)", "stroke-width": 2, "stroke-dasharray": "10 4 2 4" });
  const borderName = svg("text", { x: 60, text: "planted error" });
  const here = svg("path", { class: "axis" });
  const point = svg("circle", { r: 6, fill: "var(--bp-ink)" });
  plot.append(border, borderName, here, point);

  const table = ui.stage(300, 200);
  const rows = ["place", "claimed", "numeric", "they differ by", "right one would"].map((name, k) => {
    const value = svg("text", { x: 126, y: 24 + 28 * k });
    table.append(svg("text", { class: "faint", x: 6, y: 24 + 28 * k, text: name }), value);
    return value;
  });
  const verdict = svg("text", { x: 6, y: 178, "font-weight": 700 });
  table.append(verdict);

  const height = (error) => (error > 0 ? Math.max(EXACT, Math.log10(error)) : error === 0 ? EXACT : NaN);
  return (_, { inputs: { method, h, planted, size }, errors, noise, off, shows, seen, place, claimed, numeric }) => {
    methods.forEach((name, k) => {
      const heights = errors[name].map((error) => height(real(error)));
      put(curves[k].path, { d: line(heights.map((value, i) => [x(Math.log10(steps[i])), y(value)])),
        style: `stroke-width:${name === method ? 4 : 2}px` });
      const best = heights.reduce((low, value, i) => (value < heights[low] ? i : low), heights.length - 1);
      put(curves[k].label, { x: x(Math.log10(steps[best])) + [10, -10, 0][k], "font-weight": name === method ? 700 : 400,
        y: Math.min(296, y(heights[best]) + [-22, 14, 18][k]) });
    });
    const level = y(Math.log10(size));
    put(border, { d: `M56 ${level}H420`, visibility: planted ? "visible" : "hidden" });
    put(borderName, { y: level - 5, visibility: planted ? "visible" : "hidden" });
    put(here, { d: `M${x(Math.log10(h))} 26V300` });
    const known = Number.isFinite(real(noise));
    put(point, { cx: x(Math.log10(h)), cy: known ? y(height(noise)) : 300, visibility: known ? "visible" : "hidden" });
    [place, digits(claimed, 11), digits(numeric, 11), digits(off, 3), digits(noise, 3)]
      .forEach((text, k) => put(rows[k], { text }));
    const missed = seen ? "hidden by the method's own error" : "not among what is looked at";
    put(verdict, { text: !known ? "no number at this h" : !planted ? "nothing is wrong"
      : shows ? "✓ the error shows" : seen ? "✕ missed: too small here" : "✕ missed: not looked at" });
    const start = `${method}, h = ${digits(h)}: at ${place} claimed and numeric gradient differ by ${digits(off, 3)} ` +
      `of the gradient's length; a right one would by ${digits(noise, 3)} at most.`;
    return !known ? `${method}, h = ${digits(h)}: the numeric gradient is no number.`
      : !planted ? `${start} The claim is right; what is left is the method's own error.`
        : `${start} The planted error of ${digits(size)} ${shows ? "shows" : `is missed: ${missed}`}.`;
  };
}

export default widget({ build });
