"use strict";
(() => {
  const page = document.getElementById("page");
  const errors = [];
  const note = () => page.setAttribute("data-errors", JSON.stringify(errors));
  window.addEventListener("error", event => { errors.push(String(event.message)); note(); });
  note();

  const test = JSON.parse(document.getElementById("data").textContent);
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  // every text from data enters through textContent
  const element = (tag, attributes, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) made.setAttribute(name, value);
    for (const child of children.flat(Infinity)) if (child != null) made.append(child);
    return made;
  };
  const short = rate => rate == null ? "–" : Number(rate.toPrecision(2)).toExponential(1);

  page.append(element("h1", {}, test.name + ", learning rate"));
  page.append(element("p", { class: "muted" }, test.points.length + " steps of " + test.optimizer + ", the rate growing from " + short(test.from) + " to " + short(test.to) + (test.end ? "; " + test.end : "") + ". Talweg " + test.version + "."));
  const marks = [["where the loss falls most", test.suggested.steepest, dark ? "#7ecb8f" : "#2f8a4e"], ["a tenth of the rate of the lowest loss", test.suggested["minimum-tenth"], dark ? "#f0a35e" : "#c4640f"]];
  page.append(element("div", { class: "tiles" }, marks.map(([name, rate]) => element("div", { class: "tile" }, element("b", {}, short(rate)), element("span", {}, name)))));

  const place = element("div", {});
  page.append(element("section", {}, element("h2", {}, "Loss over learning rate"), element("div", { class: "card" }, place,
    element("p", { class: "muted" }, "The smoothed loss after a step of each rate; thin: the loss of single batches. Left of the fall steps are too short to matter, right of the rise they are too long to help."))));
  const axis = { stroke: css("--muted"), grid: { stroke: css("--line"), width: 1 }, ticks: { stroke: css("--line"), width: 1 }, font: "12px system-ui, sans-serif", labelFont: "12px system-ui, sans-serif" };
  const decade = v => v != null && Math.abs(Math.log10(v) - Math.round(Math.log10(v))) < 1e-9;
  const smoothed = test.points.map(p => p.smoothed);
  const low = Math.min(...smoothed), first = smoothed[0];
  const line = dark ? "#5cc3de" : "#0b6e8a";
  const vertical = u => marks.forEach(([, rate, color]) => {
    if (rate == null) return;
    const x = u.valToPos(rate, "x", true);
    u.ctx.save();
    u.ctx.strokeStyle = color; u.ctx.lineWidth = 2; u.ctx.setLineDash([6, 4]);
    u.ctx.beginPath(); u.ctx.moveTo(x, u.bbox.top); u.ctx.lineTo(x, u.bbox.top + u.bbox.height); u.ctx.stroke();
    u.ctx.restore();
  });
  const plot = new uPlot({
    width: Math.max(220, place.clientWidth || 300), height: 360, legend: { show: false },
    scales: { x: { time: false, distr: 3 }, y: { range: [low - 0.1 * Math.abs(first - low), first + Math.max(0.5 * Math.abs(first - low), 1e-3 * Math.abs(first))] } },
    axes: [{ ...axis, label: "learning rate", labelSize: 18, size: 34, values: (u, splits) => splits.map(v => decade(v) ? v.toExponential(0) : "") }, { ...axis, size: 70 }],
    series: [{}, { label: "smoothed", stroke: line, width: 2 }, { label: "loss", stroke: css("--muted"), width: 0.5 }],
    hooks: { draw: [u => { vertical(u); page.setAttribute("data-charts", "1"); }] },
  }, [test.points.map(p => p.rate), smoothed, test.points.map(p => p.loss)], place);
  new ResizeObserver(() => plot.setSize({ width: Math.max(220, place.clientWidth), height: 360 })).observe(place);
  page.setAttribute("data-ready", "1");
})();
