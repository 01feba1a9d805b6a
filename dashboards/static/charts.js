// Draws a figure when it comes into view. Without this script the table beside each figure says it all.
"use strict";

(() => {
  const self = document.currentScript;
  const MEANINGS = {
    "#24527a": "--spent",
    "#b27700": "--unexplained",
    "#3f8a5b": "--left",
    "#221c15": "--ink",
    "#ddd2c0": "--line",
    "#a8341c": "--accent",
  };
  const NARROW = 560;
  let loading = null;

  // Plotly leaves a style alone when a link with its id stands in the page: a strict policy stays whole.
  const link = (id, href) => {
    const element = document.createElement("link");
    element.id = id;
    element.rel = "stylesheet";
    element.className = "no-inline-styles";
    element.href = href;
    document.head.append(element);
    return new Promise((resolve) => {
      element.addEventListener("load", resolve);
      element.addEventListener("error", resolve);
    });
  };

  const script = (src) =>
    new Promise((resolve, reject) => {
      const element = document.createElement("script");
      element.src = src;
      element.addEventListener("load", resolve);
      element.addEventListener("error", reject);
      document.head.append(element);
    });

  const load = async () => {
    const blanks = self.dataset.blankStyle.split(" ").filter(Boolean);
    await Promise.all([
      link("plotly.js-style-global", self.dataset.style),
      ...blanks.map((id) => link(id, self.dataset.empty)),
    ]);
    await script(self.dataset.script);
  };

  const themed = (text) => {
    const style = getComputedStyle(document.documentElement);
    return Object.entries(MEANINGS).reduce(
      (sum, [colour, name]) => sum.replaceAll(colour, style.getPropertyValue(name).trim()),
      text,
    );
  };

  const draw = async (figure) => {
    const narrow = figure.clientWidth < NARROW && figure.dataset.narrow;
    const answer = await fetch(narrow || figure.dataset.chart);
    if (!answer.ok) throw new Error(String(answer.status));
    loading = loading ?? load();
    const [text] = await Promise.all([answer.text(), loading]);
    const { data, layout } = JSON.parse(themed(text));
    const canvas = figure.querySelector(".chart__canvas");
    canvas.hidden = false;
    layout.font.family = getComputedStyle(document.body).fontFamily;
    await globalThis.Plotly.newPlot(canvas, data, layout, { displayModeBar: false, responsive: true });
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", figure.querySelector("figcaption").textContent.trim());
    figure.dataset.drawn = "yes";
  };

  const watcher = new IntersectionObserver(
    (entries) => {
      for (const entry of entries.filter((one) => one.isIntersecting)) {
        watcher.unobserve(entry.target);
        draw(entry.target).catch(() => {
          entry.target.dataset.drawn = "no";
          entry.target.querySelector(".chart__table").open = true;
        });
      }
    },
    { rootMargin: "200px" },
  );
  document.querySelectorAll("figure[data-chart]").forEach((figure) => {
    figure.querySelector(".chart__table").open = false;
    watcher.observe(figure);
  });
})();
