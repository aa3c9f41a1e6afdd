// What all widgets share. Each widget's own script is read after this one, as part of the same module.
// Nothing here is made twice: `build` makes the page's elements once, `put` changes only what differs.

/** A new HTML element. */
function html(tag, attributes = {}, ...children) {
  return put(document.createElement(tag), attributes, children);
}

/** A new SVG element. */
function svg(tag, attributes = {}, ...children) {
  return put(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

/** Set attributes where they differ; `text` is the words inside, null takes an attribute away. */
function put(node, attributes, children = []) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") {
      if (node.textContent !== String(value)) node.textContent = value;
    } else if (value === null) {
      node.removeAttribute(name);
    } else if (node.getAttribute(name) !== String(value)) {
      node.setAttribute(name, value);
    }
  }
  for (const child of children) node.append(child);
  return node;
}

/** A number in four significant digits, with a real minus sign; the same as in the course's drawings. */
function digits(value, figures = 4) {
  value = real(value);
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "−inf";
  if (value === 0) return "0";
  const [mantissa, power] = value.toExponential(figures - 1).split("e");
  const small = Number(power) < -4 || Number(power) >= figures;
  const words = small ? `${Number(mantissa)}e${power}` : String(Number(value.toPrecision(figures)));
  return words.replaceAll("-", "−");
}

/** A number from the kernel: "nan", "inf" and "-inf" travel as words. */
function real(value) {
  if (typeof value !== "string") return value;
  return value === "inf" ? Infinity : value === "-inf" ? -Infinity : NaN;
}

/** What both axes of a plot need: data to pixels and back. */
function scale(from, to, start, end) {
  const map = (value) => start + ((value - from) / (to - from)) * (end - start);
  map.back = (pixel) => from + ((pixel - start) / (end - start)) * (to - from);
  return map;
}

/** Points as the `d` of a path, interrupted where a value is no number. */
function line(points) {
  let words = "", pen = "M";
  for (const [x, y] of points) {
    if (Number.isFinite(x) && Number.isFinite(y)) {
      words += `${pen}${x.toFixed(2)} ${y.toFixed(2)}`;
      pen = "L";
    } else {
      pen = "M";
    }
  }
  return words;
}

/** Scroll a stage so that the place `x`, in its own coordinates, is in sight. */
function bringIntoSight(stage, x) {
  const frame = stage.parentNode, ratio = stage.clientWidth / stage.viewBox.baseVal.width;
  frame.scrollLeft = x * ratio - frame.clientWidth / 2;
}

/** What `build` gets: controls, a stage to draw on, and the inputs as they are now. */
class Ui {
  constructor(model, el) {
    this.model = model;
    this.inputs = { ...model.get("inputs") };
    this.followers = []; // what shows an input and has to follow it
    this.drawings = []; // the stages, whose words are the sentence that `draw` returns
    this.failure = ""; // why the page itself could not draw
    this.id = `bp-${Math.random().toString(36).slice(2)}`; // each widget is a module of its own: none can count for all
    this.made = 0;
    const name = `${this.id}-title`;
    this.controls = html("div", { class: "bp-controls" });
    this.stages = html("div", { class: "bp-stages" });
    this.seen = html("p", { class: "bp-seen" });
    this.problem = html("p", { class: "bp-problem", role: "alert", hidden: "" });
    this.gone = html("p", { class: "bp-gone", role: "status", hidden: "" });
    this.said = html("p", { class: "bp-said", "aria-live": "polite" });
    this.root = html("section", { class: "bp", "aria-labelledby": name },
      html("p", { class: "bp-title", id: name, text: model.get("title") }),
      this.controls, this.stages, this.seen, this.problem, this.gone, this.said);
    el.append(this.root);
    // JupyterLab would take arrows and letters for commands. Escape, and what is typed with Ctrl, are still its own.
    this.root.addEventListener("keydown", (event) => {
      if (!event.ctrlKey && !event.metaKey && !event.altKey && event.key !== "Escape") event.stopPropagation();
    });
  }

  get running() {
    return this.model.get("running");
  }

  /** Change some inputs: draw at once, and let the kernel know. */
  change(inputs) {
    this.inputs = { ...this.inputs, ...inputs };
    this.redraw();
    if (this.gone.textContent) return;
    this.model.set("inputs", this.inputs);
    this.model.save_changes();
  }

  /** The kernel is gone: say so. What needs it can no longer be moved; the picture stays. */
  leave() {
    put(this.gone, {
      text: "The kernel is gone: Python no longer follows. Run the cell again to go on with it.", hidden: null,
    });
    if (this.compute) return;
    for (const control of this.controls.querySelectorAll("input, select, button")) put(control, { disabled: "" });
  }

  /** Ask the kernel for one of the state's actions. */
  act(name) {
    this.model.send({ act: name });
  }

  newId() {
    return `${this.id}-${++this.made}`;
  }

  /** A row of controls under a heading of its own. */
  group(label) {
    const group = html("div", { class: "bp-group", role: "group", "aria-label": label });
    this.controls.append(group);
    return group;
  }

  /** A slider from `min` to `max`, and a number beside it from `least` to `most`. `read(inputs)` is the value shown,
   *  `write(value, inputs)` the inputs that change, `says(value)` what a screen reader says. */
  slider(label, { min, max, step, least = min, most = max, read, write, says = digits, into = this.controls }) {
    const id = this.newId();
    const range = html("input", { type: "range", id, min, max, step });
    const typed = html("input", { type: "number", step: "any", "aria-label": `${label}, as a number` });
    const row = html("div", { class: "bp-row" }, html("label", { for: id, text: label }), range, typed);
    range.addEventListener("input", () => this.change(write(Number(range.value), this.inputs)));
    this.#type(typed, label, { min: least, max: most, write });
    into.append(row);
    this.followers.push(() => {
      const value = read(this.inputs);
      range.value = value;
      if (typed !== document.activeElement) typed.value = shorter(value);
      put(range, { "aria-valuetext": says(value) });
    });
    return row;
  }

  /** A number to be typed, with no slider. */
  number(label, { min, max, step = "any", read, write, into = this.controls }) {
    const id = this.newId();
    const typed = html("input", { type: "number", id, step });
    const row = html("div", { class: "bp-row" }, html("label", { for: id, text: label }), typed);
    this.#type(typed, label, { min, max, write });
    into.append(row);
    this.followers.push(() => {
      if (typed !== document.activeElement) typed.value = shorter(read(this.inputs));
    });
    return row;
  }

  #type(typed, label, { min, max, write }) {
    put(typed, { min, max });
    typed.addEventListener("input", () => {
      const value = typed.valueAsNumber;
      const fits = Number.isFinite(value) && value >= min && value <= max;
      put(typed, { "aria-invalid": fits ? null : "true" });
      if (fits) {
        this.change(write(value, this.inputs));
      } else {
        this.fail(`${label} is a number from ${digits(min)} to ${digits(max)}`);
      }
    });
    typed.addEventListener("blur", () => { // what did not fit is forgotten
      if (typed.getAttribute("aria-invalid")) {
        put(typed, { "aria-invalid": null });
        this.redraw();
      }
    });
  }

  /** One of several options: an array of words, or of [value, words]. */
  choice(label, { options, read, write, into = this.controls }) {
    const id = this.newId();
    const select = html("select", { id });
    for (const option of options) {
      const [value, words] = Array.isArray(option) ? option : [option, option];
      select.append(html("option", { value, text: words }));
    }
    select.addEventListener("change", () => this.change(write(select.value, this.inputs)));
    into.append(html("div", { class: "bp-row" }, html("label", { for: id, text: label }), select));
    this.followers.push(() => { select.value = read(this.inputs); });
    return select;
  }

  /** A button. */
  button(label, press, into = this.controls) {
    const button = html("button", { type: "button", text: label });
    button.addEventListener("click", press);
    into.append(button);
    return button;
  }

  /** A drawing surface that shrinks with the page, and rather scrolls than becomes too small to read. */
  stage(width, height) {
    const stage = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", class: "bp-stage" });
    stage.style.maxWidth = `${width}px`;
    const frame = html("div", { class: "bp-frame" }, stage);
    frame.style.maxWidth = `${width}px`;
    if (width > 400) {
      stage.style.minWidth = `${0.9 * width}px`;
      put(frame, { tabindex: 0, role: "group", "aria-label": "drawing, can be scrolled" });
    }
    this.stages.append(frame);
    this.drawings.push(stage);
    return stage;
  }

  /** Call `move(x, y)` with the stage's coordinates while a pointer is held down on it. */
  drag(stage, move) {
    const at = (event) => {
      const box = stage.getBoundingClientRect();
      const { width, height } = stage.viewBox.baseVal;
      move(((event.clientX - box.left) / box.width) * width, ((event.clientY - box.top) / box.height) * height,
        event.type === "pointerdown");
    };
    stage.style.touchAction = "none";
    stage.addEventListener("pointerdown", (event) => {
      stage.setPointerCapture(event.pointerId);
      at(event);
    });
    stage.addEventListener("pointermove", (event) => { if (event.buttons & 1) at(event); });
  }

  /** Show a reason in the widget's own area; empty takes it away. */
  fail(reason) {
    this.failure = reason;
    const words = reason || this.model.get("problem");
    put(this.problem, { text: words, hidden: words ? null : "" });
  }

  /** Show the inputs as they are now; what was drawn before stays if that fails. */
  redraw() {
    try {
      for (const follow of this.followers) follow();
      const result = this.compute ? this.compute(this.inputs, this.fixed) : this.model.get("result");
      const sentence = this.draw(this.inputs, result);
      put(this.seen, { text: sentence });
      for (const stage of this.drawings) put(stage, { "aria-label": sentence });
      this.announce(sentence);
      this.fail("");
    } catch (error) {
      this.fail(error.message);
    }
  }

  /** Say it to a screen reader, once the hand rests; a run never rests, so there every two seconds. */
  announce(sentence) {
    this.latest = sentence;
    if (this.running && this.waiting) return;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      this.waiting = null;
      put(this.said, { text: this.latest });
    }, this.running ? 2000 : 400);
  }
}

/** A number as short as it can be typed. */
function shorter(value) {
  return String(Number(Number(value).toPrecision(12)));
}

/** Call `ended` when the kernel behind a model is shut down, restarted or dead; returns what takes that back. */
function whenKernelEnds(model, ended) {
  const kernel = model.widget_manager?.kernel; // JupyterLab has one; other pages may not tell
  if (!kernel?.statusChanged) return () => {};
  const last = ["restarting", "autorestarting", "terminating", "dead"];
  const changed = (_, status) => { if (last.includes(status)) ended(); };
  kernel.statusChanged.connect(changed);
  kernel.disposed.connect(ended);
  return () => {
    kernel.statusChanged.disconnect(changed);
    kernel.disposed.disconnect(ended);
  };
}

/** The module that anywidget asks for: see bplib/widgets/base.py. */
function widget({ build, compute }) {
  function render({ model, el }) {
    const ui = new Ui(model, el);
    ui.fixed = model.get("fixed");
    ui.compute = compute;
    ui.draw = build(ui, ui.fixed);
    ui.redraw();
    if (document.fonts) document.fonts.ready.then(() => ui.redraw()); // words may have another width then

    const moved = () => {
      if (JSON.stringify(model.get("inputs")) !== JSON.stringify(ui.inputs)) {
        ui.inputs = { ...model.get("inputs") };
        ui.redraw();
      }
    };
    const answered = () => ui.redraw();
    const failed = () => ui.fail(ui.failure);
    const listeners = { "change:inputs": moved, "change:result": answered, "change:running": answered,
      "change:problem": failed };
    for (const [name, listener] of Object.entries(listeners)) model.on(name, listener);
    failed();
    const forget = whenKernelEnds(model, () => ui.leave());
    return () => {
      forget();
      clearTimeout(ui.waiting);
      for (const [name, listener] of Object.entries(listeners)) model.off(name, listener);
    };
  }
  return { render };
}
