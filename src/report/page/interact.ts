// report/ · Interact: the page's only script, as text. It adds comfort and nothing else: a theme switch, and a cross-hair that
// reads values out on hover, touch and arrow keys. It holds no data: it moves the titles of `.stop` marks into a line of text.

export const INTERACT = `(() => {
  "use strict";
  const root = document.documentElement;
  const button = document.querySelector(".theme");
  const isDark = () => root.dataset.theme === "dark" || (root.dataset.theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  const label = () => { button.textContent = isDark() ? "light" : "dark"; };
  button.hidden = false;
  label();
  button.addEventListener("click", () => { root.dataset.theme = isDark() ? "light" : "dark"; label(); });

  for (const plot of document.querySelectorAll(".plot")) {
    const readout = plot.parentElement.querySelector(".readout");
    const hint = "Hover, or focus and use the arrow keys, to read values.";
    const stops = new Map();
    for (const svg of plot.querySelectorAll("svg.figure")) {
      const list = [...svg.querySelectorAll(".stop")];
      for (const stop of list) {
        const title = stop.querySelector("title");
        stop.dataset.say = title.textContent;
        title.remove();
      }
      stops.set(svg, list);
    }
    const visible = () => [...stops.keys()].find((svg) => svg.getClientRects().length > 0);
    let current = -1;
    const show = (svg, index) => {
      const stop = stops.get(svg)[index];
      if (!stop) return;
      current = index;
      const cross = svg.querySelector(".cross");
      cross.classList.add("on");
      cross.setAttribute("transform", "translate(" + stop.dataset.x + " 0)");
      const heights = stop.dataset.y.split(" ");
      cross.querySelectorAll("circle").forEach((dot, i) => dot.setAttribute("cy", heights[i] ?? heights[0]));
      readout.textContent = stop.dataset.say;
    };
    const hide = () => {
      for (const svg of stops.keys()) svg.querySelector(".cross").classList.remove("on");
      readout.textContent = hint;
    };
    const point = (event) => {
      const stop = event.target.closest?.(".stop");
      const svg = visible();
      if (stop && svg) show(svg, stops.get(svg).indexOf(stop));
    };
    plot.tabIndex = 0;
    readout.textContent = hint;
    plot.addEventListener("pointermove", point);
    plot.addEventListener("pointerdown", point);
    plot.addEventListener("pointerleave", () => { if (document.activeElement !== plot) hide(); });
    plot.addEventListener("focus", () => { if (plot.matches(":focus-visible")) show(visible(), Math.max(0, current)); });
    plot.addEventListener("blur", hide);
    plot.addEventListener("keydown", (event) => {
      const svg = visible();
      const last = stops.get(svg).length - 1;
      const to = { ArrowRight: current + 1, ArrowLeft: current - 1, PageDown: current + 10, PageUp: current - 10, Home: 0, End: last }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      show(svg, Math.min(last, Math.max(0, to)));
    });
  }
})();`;

/** Only this script may run on the page: anything that slipped in among the data could not. Kept in step by a test. */
export const INTERACT_HASH = "sha256-Ggp6VT/jFjiYUFCxyJXaASQ1SnOXPMZGo02Sn/qV/cY=";
