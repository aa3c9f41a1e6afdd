// The initialization explorer: histograms of activations and of error signals through ten layers.

function build(ui, { rules, activations, layers, widest }) {
  ui.choice("rule", { options: rules, read: (at) => at.rule, write: (value) => ({ rule: value }) });
  ui.choice("activation", { options: activations, read: (at) => at.activation,
    write: (value) => ({ activation: value }) });
  ui.slider("units in a layer", { min: 2, max: widest, step: 1, read: (at) => at.width,
    write: (value) => ({ width: Math.round(value) }) });
  ui.slider("weights times", { min: 0.1, max: 3, most: 10, step: 0.05, read: (at) => at.times,
    write: (value) => ({ times: value }) });
  ui.button("other weights", () => ui.change({ seed: (ui.inputs.seed + 1) % 1000 }));

  const numbers = Array.from({ length: layers }, (_, k) => k);
  const KINDS = [["activation", "activations a, on the way forward", "c0"], ["delta", "error signals δ, on the way back", "c3"]];
  const WIDE = 66, TALL = 150, LEFT = 66;
  const stage = ui.stage(LEFT + WIDE * layers + 10, 462);
  const rows = KINDS.map(([key, words, colour], row) => {
    const top = 30 + row * 236, middle = top + TALL / 2;
    const ends = [0, 1, 2].map((k) => svg("text", { class: "faint", x: LEFT - 8, y: top + 6 + (k * TALL) / 2, "text-anchor": "end" }));
    stage.append(svg("text", { x: 4, y: top - 12, "font-weight": 600, text: words }), ...ends,
      svg("path", { class: "axis", d: `M${LEFT} ${middle}H${LEFT + WIDE * layers}` }),
      svg("text", { class: "faint", x: LEFT - 8, y: top + TALL + 20, "text-anchor": "end", text: "layer" }),
      svg("text", { class: "faint", x: LEFT - 8, y: top + TALL + 40, "text-anchor": "end", text: "std" }));
    const columns = numbers.map((k) => {
      const shape = svg("path", { fill: `var(--bp-${colour})`, "fill-opacity": 0.6, stroke: `var(--bp-${colour})` });
      const deviation = svg("text", { x: LEFT + WIDE * k + 2, y: top + TALL + 40 });
      stage.append(svg("path", { class: "grid", d: `M${LEFT + WIDE * k} ${top}v${TALL}` }), shape,
        svg("text", { class: "faint", x: LEFT + WIDE * k + 2, y: top + TALL + 20, text: k + 1 }), deviation);
      return { shape, deviation };
    });
    return { key, top, ends, columns };
  });

  const plot = ui.stage(440, 240);
  const x = scale(0, layers - 1, 60, 300);
  const grid = [0, 1, 2].map((k) => {
    const label = svg("text", { class: "faint", x: 54, y: 211 - k * 85, "text-anchor": "end" });
    plot.append(svg("path", { class: "grid", d: `M60 ${206 - k * 85}H300` }), label);
    return label;
  });
  plot.append(svg("text", { x: 4, y: 18, "font-weight": 600, text: "standard deviation, layer by layer" }),
    svg("text", { class: "faint", x: 60, y: 230, text: "layer 1" }),
    svg("text", { class: "faint", x: 300, y: 230, "text-anchor": "end", text: layers }));
  const curves = KINDS.map(([, words, colour], k) => {
    const path = svg("path", { class: "curve", stroke: `var(--bp-${colour})`, "stroke-dasharray": ["", "7 4"][k] });
    const name = svg("text", { x: 310, text: words.split(",")[0] });
    plot.append(path, name);
    return { path, name };
  });

  /** One histogram: upright, its bars growing to the right. */
  const outline = (counts, left, top) => {
    const high = TALL / counts.length;
    let d = `M${left} ${top + TALL}`;
    counts.forEach((count, k) => {
      d += `H${(left + count * (WIDE - 8)).toFixed(2)}V${(top + TALL - (k + 1) * high).toFixed(2)}`;
    });
    return `${d}H${left}Z`;
  };
  const change = (values) => {
    const [first, last] = [values[0], values[values.length - 1]];
    if (!(first > 0) || !(last > 0)) return last === 0 ? "gone" : `${digits(first)} to ${digits(last)}`;
    const factor = Math.max(first, last) / Math.min(first, last);
    return `from ${digits(first, 2)} to ${digits(last, 2)}` + (factor > 1.5
      ? `, ${last < first ? "shrunk" : "grown"} by a factor of ${digits(factor, 2)}` : ", nearly kept");
  };
  return (_, result) => {
    const { rule, activation, width } = result.inputs;
    for (const { key, top, ends, columns } of rows) {
      const { std, reach, counts } = result[key];
      [reach, 0, -reach].forEach((value, k) => put(ends[k], { text: digits(value, 2) }));
      columns.forEach(({ shape, deviation }, k) => {
        put(shape, { d: outline(counts[k], LEFT + WIDE * k, top) });
        put(deviation, { text: digits(std[k], 2) });
      });
    }
    const logs = KINDS.map(([key]) => result[key].std.map((value) => (value > 0 ? Math.log10(value) : NaN)));
    const all = logs.flat().filter(Number.isFinite);
    const low = Math.floor(Math.min(0, ...all)), high = Math.max(low + 1, Math.ceil(Math.max(0, ...all)));
    const y = scale(low, high, 206, 36), names = [];
    grid.forEach((label, k) => put(label, { text: digits(10 ** (low + ((high - low) * k) / 2), 2) }));
    curves.forEach(({ path, name }, k) => {
      put(path, { d: line(logs[k].map((value, layer) => [x(layer), y(value)])) });
      const end = logs[k].filter(Number.isFinite).pop();
      names.push({ name, at: end === undefined ? 206 : y(end), lost: end === undefined });
    });
    const apart = Math.abs(names[0].at - names[1].at) < 18 ? 9 : 0, over = names[0].at <= names[1].at ? 0 : 1;
    names.forEach(({ name, at }, k) => put(name, { y: at + 5 + (k === over ? -apart : apart) }));
    const back = [...result.delta.std].reverse(); // as they travel: from layer ten down
    return `${rule}, ${activation}, ${width} units. Standard deviation of activations, layer 1 to ${layers}: ` +
      `${change(result.activation.std)}. Of error signals, layer ${layers} back to 1: ${change(back)}.`;
  };
}

export default widget({ build });
