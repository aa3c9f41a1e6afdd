// The slope explorer: an activation function, its tangent and a secant at a point that is moved.

const SMALL = [-0.5, 1.5, [0.5, 1]], EVEN = [-1.5, 1.5, [-1, 1]], LARGE = [-1, 6, [2, 4]], FULL = [-6, 6, [-4, 4]];
const STEEP = [-0.3, 1.4, [0.5, 1]], FLAT = [-0.06, 0.33, [0.1, 0.2]]; // axes: from, to, two numbers beside them
const FUNCTIONS = {
  "sigmoid": { f: sigmoid, df: (z) => (1 - sigmoid(z)) * sigmoid(z), range: SMALL, slopes: FLAT },
  "tanh": { f: Math.tanh, df: (z) => 1 - Math.tanh(z) * Math.tanh(z), range: EVEN, slopes: STEEP },
  "ReLU": { f: (z) => Math.max(0, z), df: (z) => (z > 0 ? 1 : 0), range: LARGE, slopes: STEEP, kinks: [0] },
  "leaky ReLU": {
    f: (z) => (z > 0 ? z : 0.01 * z), df: (z) => (z > 0 ? 1 : 0.01), range: LARGE, slopes: STEEP, kinks: [0],
  },
  "softplus": {
    f: (z) => Math.max(0, z) + Math.log1p(Math.exp(-Math.abs(z))), df: sigmoid, range: LARGE, slopes: STEEP,
  },
  "hardtanh": {
    f: (z) => Math.min(1, Math.max(-1, z)), df: (z) => (Math.abs(z) < 1 ? 1 : 0), range: EVEN, slopes: STEEP,
    kinks: [-1, 1],
  },
  "identity": { f: (z) => z, df: () => 1, range: FULL, slopes: STEEP },
};
const EDGE = 6; // the curve is drawn from -6 to 6

function sigmoid(z) {
  return Math.exp(Math.min(z, 0)) / (1 + Math.exp(-Math.abs(z)));
}

function compute({ function: name, z, h }) {
  const { f, df, kinks = [] } = FUNCTIONS[name];
  const value = f(z), beyond = f(z + h);
  return { value, slope: df(z), beyond, secant: (beyond - value) / h, kink: kinks.includes(z) };
}

/** Axes with their numbers; the function returned fits them to a range and returns both scales. */
function axes(stage, right) {
  const [left, top, bottom] = [20, 30, 320], marks = [-4, -2, 2, 4];
  const across = svg("path", { class: "axis" }), up = svg("path", { class: "axis" });
  const title = svg("text", { x: left, y: top - 8, "font-weight": 600 });
  const below = marks.map((mark) => svg("text", { class: "faint", "text-anchor": "middle", text: digits(mark) }));
  const beside = [0, 1].map(() => svg("text", { class: "faint", "text-anchor": "end" }));
  const letter = svg("text", { text: "z", class: "faint", x: right, "text-anchor": "end" });
  stage.append(across, up, title, ...below, ...beside, letter);
  const x = scale(-EDGE, EDGE, left, right);
  return (words, [low, high, numbers]) => {
    const y = scale(low, high, bottom, top);
    put(title, { text: words });
    put(across, { d: `M${left} ${y(0)}H${right}` });
    put(up, { d: `M${x(0)} ${top}V${bottom}` });
    below.forEach((text, i) => put(text, { x: x(marks[i]), y: y(0) + 17 }));
    beside.forEach((text, i) => put(text, { x: x(0) - 6, y: y(numbers[i]) + 5, text: digits(numbers[i]) }));
    put(letter, { y: y(0) - 6 });
    return { x, y };
  };
}

/** What stands at the top of a stage: a mark and its number. */
function legend(stage, y, mark) {
  const words = svg("text", { x: 46, y });
  stage.append(mark, words);
  return words;
}

function build(ui) {
  ui.choice("function", {
    options: Object.keys(FUNCTIONS), read: (at) => at.function, write: (value) => ({ function: value }),
  });
  ui.slider("z", {
    min: -EDGE, max: EDGE, step: 0.05, read: (at) => at.z, write: (value) => ({ z: value }),
    says: (value) => `z ${digits(value)}, slope ${digits(compute({ ...ui.inputs, z: value }).slope)}`,
  });
  ui.slider("h", {
    min: -4, max: 4, step: 0.05, read: (at) => at.h,
    write: (value, at) => ({ h: value || (at.h > 0 ? -0.05 : 0.05) }), // past 0: a secant needs two points
    says: (value) => `h ${digits(value)}, slope of the secant ${digits(compute({ ...ui.inputs, h: value }).secant)}`,
  });

  const left = ui.stage(440, 330), right = ui.stage(300, 330);
  const fit = axes(left, 420), fit2 = axes(right, 280);
  const hollow = { width: 9, height: 9, fill: "var(--bp-paper)", stroke: "var(--bp-c1)", "stroke-width": 2 };
  const dashes = { class: "curve", stroke: "var(--bp-c1)", "stroke-dasharray": "7 5" };
  const shade = { fill: "var(--bp-lit)", stroke: "var(--bp-ink)", "fill-opacity": 0.8 };
  const curve = svg("path", { class: "curve", stroke: "var(--bp-c0)" });
  const secant = svg("path", dashes), tangent = svg("path", { class: "curve", stroke: "var(--bp-ink)" });
  const triangle = svg("path", shade), other = svg("rect", hollow), point = svg("circle", { r: 6, fill: "var(--bp-ink)" });
  left.append(triangle, curve, secant, tangent, other, point);
  const rise = legend(left, 54, svg("path", { ...shade, d: "M22 56H40V44Z" }));
  const steepness = legend(left, 76, svg("path", { ...dashes, d: "M20 71H42" }));

  const curve2 = svg("path", { class: "curve", stroke: "var(--bp-c3)" });
  const drop = svg("path", { class: "axis", "stroke-dasharray": "2 4" });
  const other2 = svg("rect", hollow), point2 = svg("circle", { r: 6, fill: "var(--bp-ink)" });
  right.append(curve2, drop, other2, point2);
  const slopeWords = legend(right, 54, svg("circle", { cx: 31, cy: 49, r: 6, fill: "var(--bp-ink)" }));
  const secantWords = legend(right, 76, svg("rect", { ...hollow, x: 26.5, y: 66.5 }));

  let drawn = "", x, y, x2, y2;
  const moved = (across) => ui.change({ z: Math.round(Math.min(EDGE, Math.max(-EDGE, across)) * 100) / 100 });
  ui.drag(left, (at) => moved(x.back(at)));
  ui.drag(right, (at) => moved(x2.back(at)));

  return ({ function: name, z, h }, { value, slope, beyond, secant: steep, kink }) => {
    if (name !== drawn) {
      const { f, df, range, slopes } = FUNCTIONS[name];
      drawn = name;
      ({ x, y } = fit(`f(z): ${name}`, range));
      ({ x: x2, y: y2 } = fit2("f′(z): its slope", slopes));
      const places = Array.from({ length: 241 }, (_, i) => (i - 120) / 20);
      put(curve, { d: line(places.map((at) => [x(at), y(f(at))])) });
      put(curve2, { d: line(places.map((at) => [x2(at), y2(df(at))])) });
    }
    const straight = (m, from, to) => line([from, to].map((at) => [x(at), y(value + m * (at - z))]));
    put(tangent, { d: straight(slope, z - 1.5, z + 1.5) });
    put(secant, { d: straight(steep, Math.min(z, z + h) - 0.4, Math.max(z, z + h) + 0.4) });
    put(triangle, { d: `M${x(z)} ${y(value)}H${x(z + 1)}V${y(value + slope)}Z` });
    put(point, { cx: x(z), cy: y(value) });
    put(other, { x: x(z + h) - 4.5, y: y(beyond) - 4.5 });
    put(drop, { d: `M${x2(z)} ${y2(0)}V${y2(slope)}` });
    put(point2, { cx: x2(z), cy: y2(slope) });
    put(other2, { x: x2(z) - 4.5, y: y2(steep) - 4.5 });
    put(rise, { text: `tangent: run 1, rise ${digits(slope)}` });
    put(steepness, { text: `secant: run ${digits(h)}, rise ${digits(beyond - value)}` });
    put(slopeWords, { text: `f′(z) ${digits(slope)}` });
    put(secantWords, { text: `secant ${digits(steep)}` });
    return `${name} at z = ${digits(z)}: value ${digits(value)}, slope ${digits(slope)}; ` +
      `the secant to z + h = ${digits(z + h)} has slope ${digits(steep)}.` +
      (kink ? " There is a kink: the slope shown here is a convention." : "");
  };
}

export { compute };
export default widget({ build, compute });
