// The controls of an animation, made beside its last frame: without this program the last frame stays where it is.
function player({ id, frames, alts, seconds, colours }) {
  for (const root of document.querySelectorAll(`[data-player="${id}"]:not([data-ready])`)) {
    root.dataset.ready = "yes";
    const picture = root.querySelector("img");
    const last = frames.length - 1;
    let now = last;
    let timer = null;

    const bar = root.appendChild(document.createElement("div"));
    bar.style.cssText = "display:flex;flex-wrap:wrap;gap:6px;align-items:center;padding:6px";
    const make = (tag, settings, parent = bar) => {
      const element = Object.assign(document.createElement(tag), settings);
      element.style.cssText = `font:14px sans-serif;color:${colours.ink};background:${colours.given}`;
      if (tag === "button" || tag === "select") {
        element.style.cssText += `;border:1px solid ${colours.line};border-radius:4px;padding:3px 9px;min-height:28px`;
      }
      return parent.appendChild(element);
    };
    const back = make("button", { type: "button", textContent: "Back", ariaLabel: "One frame back" });
    const play = make("button", { type: "button", textContent: "Play" });
    const forward = make("button", { type: "button", textContent: "Forward", ariaLabel: "One frame forward" });
    const slider = make("input", { type: "range", min: 0, max: last, step: 1, ariaLabel: "Frame" });
    slider.style.cssText += ";flex:1;min-width:90px;min-height:24px";
    const count = make("span", {});
    count.style.background = "none";
    count.setAttribute("aria-live", "polite");
    const speed = make("select", { ariaLabel: "Speed" });
    for (const factor of [0.25, 0.5, 1, 2, 4]) {
      speed.append(new Option(`${factor} × speed`, factor, factor === 1, factor === 1));
    }

    const show = (k) => {
      now = Math.min(Math.max(k, 0), last);
      picture.src = frames[now];
      picture.alt = alts[now];
      slider.value = now;
      slider.setAttribute("aria-valuetext", `frame ${now + 1} of ${frames.length}`);
      count.textContent = `${now + 1} of ${frames.length}`;
    };
    const pause = () => {
      clearTimeout(timer);
      timer = null;
      play.textContent = "Play";
      count.setAttribute("aria-live", "polite");
    };
    const tick = () => {
      if (!root.isConnected || now === last) return pause();
      show(now + 1);
      timer = setTimeout(tick, (1000 * seconds) / speed.value);
    };
    const start = () => {
      count.setAttribute("aria-live", "off"); // a moving picture is not read aloud frame by frame
      play.textContent = "Pause";
      if (now === last) show(0);
      timer = setTimeout(tick, (1000 * seconds) / speed.value);
    };
    const step = (k) => {
      pause();
      show(k);
    };

    back.onclick = () => step(now - 1);
    forward.onclick = () => step(now + 1);
    play.onclick = () => (timer === null ? start() : pause());
    slider.oninput = () => step(Number(slider.value));
    root.addEventListener("keydown", (event) => {
      event.stopPropagation(); // the notebook has other uses for the arrows
      if (event.target === slider || event.target === speed) return;
      const to = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: last }[event.key];
      if (to !== undefined) {
        event.preventDefault();
        step(to);
      }
    });

    show(last);
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) {
      const seen = new IntersectionObserver((entries) => {
        if (entries.some((entry) => entry.isIntersecting)) {
          seen.disconnect();
          if (timer === null && now === last) start();
        }
      });
      seen.observe(picture);
    }
  }
}
