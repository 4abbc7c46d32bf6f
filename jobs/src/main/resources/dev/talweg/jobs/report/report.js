"use strict";
(() => {
  const page = document.getElementById("page");
  const errors = [];
  const note = () => page.setAttribute("data-errors", JSON.stringify(errors));
  window.addEventListener("error", event => { errors.push(String(event.message)); note(); });
  note();

  const runs = JSON.parse(document.getElementById("data").textContent);
  const many = runs.length > 1;
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const palette = dark
    ? ["#5cc3de", "#f0a35e", "#7ecb8f", "#d895d6", "#e8d06b", "#f0837a", "#9db4ff", "#b5bec9"]
    : ["#0b6e8a", "#c4640f", "#2f8a4e", "#8a3f94", "#8c7300", "#b3382c", "#4053b8", "#6a7480"];
  const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  // every text from data enters through textContent
  const element = (tag, attributes, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) made.setAttribute(name, value);
    for (const child of children.flat(Infinity)) if (child != null) made.append(child);
    return made;
  };
  const section = title => { const s = element("section", {}, element("h2", {}, title)); page.append(s); return s; };

  const isNumber = x => typeof x === "number" && isFinite(x);
  const number = (x, digits = 5) => {
    if (!isNumber(x)) return "–";
    if (Number.isInteger(x) && Math.abs(x) < 1e15) return x.toLocaleString("en-US");
    const size = Math.abs(x);
    return size >= 1e6 || size < 1e-4 ? x.toExponential(Math.min(digits, 3) - 1) : String(Number(x.toPrecision(digits)));
  };
  const seconds = s => !isNumber(s) ? "–" : s < 60 ? s.toFixed(1) + " s" : s < 3600 ? Math.floor(s / 60) + " min " + Math.round(s % 60) + " s" : Math.floor(s / 3600) + " h " + Math.round(s % 3600 / 60) + " min";
  const bytes = b => !isNumber(b) ? "–" : b < 1e3 ? b + " B" : b < 1e6 ? (b / 1e3).toFixed(1) + " kB" : b < 1e9 ? (b / 1e6).toFixed(1) + " MB" : (b / 1e9).toFixed(1) + " GB";
  const words = name => name.replace(/[-_]/g, " ");
  const label = r => many ? (runs.filter(o => o.run.name === r.run.name).length > 1 ? r.directory : r.run.name) : r.run.name;

  const table = (heads, rows, textColumns = [0]) => element("div", { class: "scroll" }, element("table", {},
    element("thead", {}, element("tr", {}, heads.map((h, k) => element("th", { class: textColumns.includes(k) ? "" : "number", scope: "col" }, h)))),
    element("tbody", {}, rows.map(row => element("tr", {}, row.map((cell, k) => element("td", { class: textColumns.includes(k) ? "text" : "number" }, cell == null ? "–" : cell)))))));

  const legend = entries => element("div", { class: "legend" }, entries.map(([name, color]) => [element("span", { class: "key", style: "background:" + color }), name]));

  /* ---- charts ---- */
  let drawn = 0;
  const decade = v => v != null && Math.abs(Math.log10(v) - Math.round(Math.log10(v))) < 1e-9;
  const decades = (u, splits) => splits.map(v => decade(v) ? v : null);
  const axis = (log, text) => ({
    stroke: css("--muted"), grid: { stroke: css("--line"), width: 1, ...(log ? { filter: decades } : {}) }, ticks: { stroke: css("--line"), width: 1, ...(log ? { filter: decades } : {}) }, font: "12px system-ui, sans-serif", labelFont: "12px system-ui, sans-serif",
    label: text, labelSize: text ? 18 : 0, size: log ? 58 : text ? 34 : 62,
    ...(log ? { values: (u, splits) => splits.map(v => decade(v) ? v.toExponential(0) : "") } : {}),
  });
  const lines = (host, title, series, options = {}) => {
    const kept = series.map(s => ({ ...s, points: s.points.filter(p => isNumber(p[0]) && isNumber(p[1]) && (!options.log || p[1] > 0)).sort((a, b) => a[0] - b[0]) })).filter(s => s.points.length > 0);
    const place = element("div", {});
    const card = element("div", { class: "card" }, element("h3", {}, title), place);
    host.append(card);
    if (kept.length === 0) { place.append(element("p", { class: "muted" }, "nothing was recorded")); return; }
    const data = uPlot.join(kept.map(s => [s.points.map(p => p[0]), s.points.map(p => p[1])]));
    const plot = new uPlot({
      width: Math.max(220, place.clientWidth || 300), height: options.square ? 260 : 220, legend: { show: false }, cursor: { drag: { x: true, y: false }, points: { size: 6 } },
      scales: { x: { time: false, ...(options.range ? { range: options.range } : {}) }, y: { distr: options.log ? 3 : 1, ...(options.range ? { range: options.range } : {}) } },
      axes: [axis(false, options.x), axis(options.log)],
      series: [{}, ...kept.map(s => ({ label: s.name, stroke: s.color, width: s.dash ? 1 : 2, dash: s.dash, spanGaps: true, points: { show: s.points.length < 2 || s.dots, size: 5, fill: s.color } }))],
      hooks: { draw: [u => { if (u.ctx.canvas.width > 0 && !card.dataset.drawn) { card.dataset.drawn = "1"; page.setAttribute("data-charts", String(++drawn)); } }] },
    }, data, place);
    const readout = element("div", { class: "legend" });
    const named = kept.filter(s => !s.dash);
    const rest = () => { readout.replaceChildren(...legend(named.map(s => [s.name, s.color])).childNodes); };
    plot.over.addEventListener("mousemove", () => {
      const at = plot.cursor.idx;
      if (at == null) return rest();
      readout.replaceChildren(...legend(kept.map((s, k) => [s.name + " " + number(data[k + 1][at]) , s.color]).concat([[(options.x || "x") + " " + number(data[0][at]), "transparent"]])).childNodes);
    });
    plot.over.addEventListener("mouseleave", rest);
    rest();
    card.append(readout);
    new ResizeObserver(() => plot.setSize({ width: Math.max(220, place.clientWidth), height: plot.height })).observe(place);
  };

  /* ---- head ---- */
  const head = () => {
    if (many) {
      page.append(element("h1", {}, runs.length + " runs side by side"), element("p", { class: "muted" }, runs.map(label).join(" · ")));
      return;
    }
    const r = runs[0].run;
    page.append(element("h1", {}, r.name, element("span", { class: "status " + r.status }, r.status)));
    page.append(element("p", { class: "muted" }, r.termination.describe + ". Begun " + r.started.replace("T", " ").replace(/\.\d+Z$/, " UTC") + ", Talweg " + r.version + ", Spark " + r.environment.spark + ", Java " + r.environment.java + (r["interrupted-and-resumed"] > 0 ? ", resumed from a checkpoint" : "") + "."));
    const split = r.metrics.validation || r.metrics.test || r.metrics.train || {};
    const splitName = r.metrics.validation ? "validation" : r.metrics.test ? "test" : "training";
    const tiles = [
      [number(r.objective.value, 8), "objective"],
      isNumber(r.certificate["relative-gap"]) || !isNumber(r.objective["kkt-residual"])
        ? [number(r.certificate["relative-gap"], 2), "certified relative gap"]
        : [number(r.objective["kkt-residual"], 2), "KKT residual; no gap is certified"],
      ...Object.entries(split).slice(0, 2).map(([metric, value]) => [number(value, 5), words(metric) + ", " + splitName]),
      [number(r.rows.train), "training rows" + (r.rows.quarantined > 0 ? ", " + number(r.rows.quarantined) + " bad" : "")],
      [number(r.features.dimension), "features of " + number(r.features.columns) + " columns"],
      [number(r.iterations) + " / " + number(r.passes), "steps / passes over the data"],
      [seconds(r.seconds.total), "in all, " + bytes(r["bytes-reduced"]) + " reduced"],
    ];
    page.append(element("div", { class: "tiles" }, tiles.map(([value, name]) => element("div", { class: "tile" }, element("b", {}, value), element("span", {}, name)))));
    const promotion = r.promotion;
    if (promotion && !promotion.published) page.append(element("ul", { class: "warnings" }, element("li", {}, "Not published: " + promotion.describe + ".")));
    else if (promotion) page.append(element("p", { class: "muted" }, "Published: " + promotion.describe + "."));
    const warnings = r.warnings || [];
    if (warnings.length > 0) page.append(element("ul", { class: "warnings" }, warnings.map(w => element("li", {}, w))));
    if (runs[0].missing.length > 0) page.append(element("p", { class: "muted" }, "Not in this directory, and so not shown: " + runs[0].missing.join(", ") + "."));
  };

  /* ---- certificate ---- */
  const certificate = () => {
    const s = section("Certificate of optimality");
    for (const each of runs) {
      const c = each.run.certificate;
      const o = each.run.objective;
      if (many) s.append(element("h3", {}, label(each)));
      s.append(element("p", {}, isNumber(c["relative-gap"])
        ? "No parameters whatever have an objective below " + number(c.dual, 10) + ", the value of a point of the dual problem. This model has " + number(c.primal, 10) + ": at most " + number(100 * c["relative-gap"], 2) + " % above the optimum. The bound is proven by the data, whatever the optimizer did." + (c["relative-gap"] > 0.1 ? " It is loose: bounds grow with the square of the gradient over the penalty, so that a small penalty asks for a very small gradient." : "")
        : "There is none: " + c.explanation + "."));
      const measures = [
        ["certified relative gap", c["relative-gap"], "a proven upper bound of (objective − optimum) / |objective|"],
        ["KKT residual", o["kkt-residual"], "the norm of the least subgradient over all training rows, which is the gradient where there is neither l1 nor a bound; 0 at an optimum"],
        ["estimated relative gap", o["gap-estimate"], "what the optimizer's model of curvature expects to gain, relative; no proof"],
      ].filter(([, value]) => isNumber(value));
      if (measures.length > 0) s.append(table(["how near the optimum is", "", "what it is"], measures.map(([name, value, what]) => [name, number(value, 2), what]), [0, 2]));
    }
  };

  /* ---- curves of the steps ---- */
  const steps = () => {
    const s = section("Optimization");
    const axes = ["step", "epoch", "seconds", "passes"];
    let by = many ? "passes" : "step";
    const charts = element("div", { class: "charts" });
    const buttons = axes.map(a => { const b = element("button", { type: "button", "aria-pressed": String(a === by) }, a); b.addEventListener("click", () => { by = a; draw(); }); return b; });
    s.append(element("div", { class: "switch", role: "group", "aria-label": "horizontal axis" }, element("span", { class: "muted" }, "over"), buttons), charts);
    const series = (column, absolute) => runs.map((r, k) => ({ name: label(r), color: palette[k % palette.length], points: r.iterations.map(i => [i[by], absolute ? Math.abs(i[column]) : i[column]]) }));
    const recorded = column => runs.some(r => r.iterations.some(i => isNumber(i[column])));
    const watched = () => {
      const r = runs.find(o => o.run.metrics.validation) || runs[0];
      const patience = ((r.run.configuration || {}).stopping || {}).patience;
      return patience && patience.metric ? patience.metric : Object.keys(r.run.metrics.validation || { metric: 0 })[0];
    };
    const draw = () => {
      buttons.forEach((b, k) => b.setAttribute("aria-pressed", String(axes[k] === by)));
      charts.replaceChildren();
      drawn = 0;
      lines(charts, "objective", series("objective"), { x: by });
      if (recorded("gap") || recorded("gap_estimate")) {
        const bound = series("gap").map(c => ({ ...c, name: many ? c.name : "proven bound" }));
        const estimate = many ? [] : [{ ...series("gap_estimate")[0], name: "estimate", color: palette[1] }];
        lines(charts, "relative gap to the optimum", bound.concat(estimate), { x: by, log: true });
      }
      lines(charts, "gradient norm", series("gradient_norm"), { x: by, log: true });
      if (recorded("validation_metric") || recorded("train_metric")) {
        const held = series("validation_metric").map(c => ({ ...c, name: many ? c.name : "validation", dots: true }));
        const train = many ? [] : [{ ...series("train_metric")[0], name: "training", color: palette[7] }];
        lines(charts, words(watched()) + (many ? ", validation" : ""), train.concat(held), { x: by });
      }
      lines(charts, recorded("learning_rate") ? "learning rate" : "step length", series(recorded("learning_rate") ? "learning_rate" : "step_length"), { x: by });
    };
    draw();
  };

  /* ---- gradients of first-order methods, slice by slice ---- */
  const flow = () => {
    const rows = many ? [] : runs[0].slices || [];
    if (rows.length === 0) return;
    const s = section("Gradient flow");
    const names = [...new Set(rows.map(row => row.slice))];
    const shown = names.slice(0, 12);
    s.append(element("p", { class: "muted" }, "By slice of the parameters, in the coordinates that the optimizer works in. The update ratio is the length of a step over that of the slice: about 1e-3 in a net that learns well. The effective rate is the length of a step over that of its gradient."
      + (names.length > shown.length ? " The first " + shown.length + " of " + names.length + " slices; the table slices/ has all." : "")));
    const charts = element("div", { class: "charts" });
    s.append(charts);
    const series = column => shown.map((name, k) => ({ name, color: palette[k % palette.length], points: rows.filter(row => row.slice === name).map(row => [row.step, row[column]]) }));
    lines(charts, "gradient norm", series("gradient_norm"), { x: "step", log: true });
    lines(charts, "update ratio", series("update_ratio"), { x: "step", log: true });
    lines(charts, "effective rate", series("effective_rate"), { x: "step", log: true });
    if (rows.some(row => isNumber(row.dead_units))) lines(charts, "share of dead units", series("dead_units"), { x: "step" });
  };

  /* ---- metrics ---- */
  const metrics = () => {
    const s = section("Quality");
    const splits = ["train", "validation", "test"].filter(split => runs.some(r => r.metrics.some(m => m.split === split)));
    const names = [...new Set(runs.flatMap(r => r.metrics.filter(m => m.group === "all").map(m => m.metric)))];
    if (names.length === 0) { s.append(element("p", { class: "muted" }, "No metrics were written.")); return; }
    const columns = runs.flatMap(r => splits.map(split => [r, split]));
    const cell = (r, split, metric) => {
      const m = r.metrics.find(x => x.split === split && x.group === "all" && x.metric === metric);
      return m ? number(m.value) + (isNumber(m.standard_error) ? " ± " + number(m.standard_error, 2) : "") : null;
    };
    s.append(table(["metric", ...columns.map(([r, split]) => many ? label(r) + ", " + split : split)],
      [...names.map(metric => [words(metric), ...columns.map(([r, split]) => cell(r, split, metric))]),
       ["rows", ...columns.map(([r, split]) => number(r.run.rows[split]))]]));
  };

  /* ---- classes ---- */
  const names = r => r.intercept.filter(i => i.class != null).map(i => i.class);
  const classes = () => {
    const r = runs[0];
    if (many || names(r).length === 0) return;
    const split = ["validation", "test", "train"].find(each => r.curves.some(c => c.split === each));
    if (!split) return;
    const s = section("Classes");
    const of = (name, metric) => r.metrics.find(m => m.split === split && m.group === name && m.metric === metric);
    const rows = name => ["precision", "recall", "f1"].map(metric => of(name, metric)).filter(m => m)[0];
    s.append(table(["class, " + split, "rows", "precision", "recall", "F1"], names(r).slice(0, 100).map(name =>
      [name, number((rows(name) || { rows: 0 }).rows), ...["precision", "recall", "f1"].map(metric => number((of(name, metric) || {}).value))])));
    if (names(r).length > 30) return;
    const cells = r.curves.filter(c => c.split === split && c.curve === "confusion");
    const weight = (x, y) => (cells.find(c => c.x === x && c.y === y) || { weight: 0 }).weight;
    s.append(element("h3", {}, "Confusion"), element("p", { class: "muted" }, "Weight of the rows of each class (down) by the class that was predicted (across)."),
      table(["", ...names(r)], names(r).map((name, x) => [name, ...names(r).map((other, y) => number(weight(x, y)))])));
  };

  const curves = () => {
    const held = r => ["validation", "test", "train"].find(split => r.curves.some(c => c.split === split && c.curve !== "confusion"));
    if (!runs.some(held)) return;
    const s = section("Curves");
    const charts = element("div", { class: "charts three" });
    s.append(charts);
    const colors = { train: palette[7], validation: palette[0], test: palette[1] };
    const series = (curve, dots) => many
      ? runs.map((r, k) => ({ name: label(r) + ", " + held(r), color: palette[k % palette.length], dots, points: r.curves.filter(c => c.curve === curve && c.split === held(r)).map(c => [c.x, c.y]) }))
      : ["train", "validation", "test"].map(split => ({ name: split, color: colors[split], dots, points: runs[0].curves.filter(c => c.curve === curve && c.split === split).map(c => [c.x, c.y]) }));
    const diagonal = { name: "", color: css("--muted"), dash: [4, 4], points: [[0, 0], [1, 1]] };
    const unit = [0, 1];
    const has = curve => runs.some(r => r.curves.some(c => c.curve === curve));
    if (has("roc")) lines(charts, "ROC: true over false positive rate", [...series("roc"), diagonal], { x: "false positive rate", range: unit, square: true });
    if (has("precision-recall")) lines(charts, "precision over recall", series("precision-recall"), { x: "recall", range: unit, square: true });
    if (has("calibration")) lines(charts, "calibration: observed over predicted", [...series("calibration", true), diagonal], { x: "mean predicted probability", range: unit, square: true });
    const other = [...new Set(runs.flatMap(r => r.curves.map(c => c.curve)))].filter(c => !["roc", "precision-recall", "calibration"].includes(c));
    other.forEach(curve => lines(charts, words(curve), series(curve, true), { square: true }));
    const bins = many ? [] : runs[0].curves.filter(c => c.curve === "calibration" && c.split === held(runs[0]));
    if (bins.length > 0) s.append(element("details", {}, element("summary", {}, "calibration of the " + held(runs[0]) + " rows as a table"),
      table(["predicted", "observed", "rows, weighted"], bins.map(b => [number(b.x, 4), number(b.y, 4), number(b.weight)]), [])));
  };

  /* ---- model ---- */
  const named = c => c.feature + (c.class != null ? ", class " + c.class : "");
  const coefficients = () => {
    const s = section("Largest coefficients");
    for (const r of runs) {
      if (many) s.append(element("h3", {}, label(r)));
      if (r.coefficients.length === 0) { s.append(element("p", { class: "muted" }, "None is different from zero, or the model was not written.")); continue; }
      const effect = c => c.value * (isNumber(c.deviation) && c.deviation > 0 ? c.deviation : 1);
      const most = Math.max(...r.coefficients.map(c => Math.abs(effect(c))));
      const bars = element("div", { class: "bars" });
      for (const c of many ? r.coefficients.slice(0, 10) : r.coefficients) {
        const width = 50 * Math.abs(effect(c)) / most;
        const fill = element("div", { class: "fill", style: "width:" + width + "%;" + (c.value < 0 ? "right:50%;background:" + palette[1] : "left:50%;background:" + palette[0]) });
        bars.append(element("div", { class: "name", title: named(c) }, named(c)), element("div", { class: "track" }, fill),
          element("div", { class: "value", title: "coefficient " + c.value + ", standard deviation " + c.deviation }, number(effect(c), 3)));
      }
      s.append(element("p", { class: "muted" }, "Change of the margin by one standard deviation of the feature (coefficient × deviation), the largest " + Math.min(r.coefficients.length, many ? 10 : 30) + "." + (r.intercept.length === 1 ? " Intercept " + number(r.intercept[0].value) + "." : "")), element("div", { class: "card" }, bars));
      if (!many) s.append(element("details", {}, element("summary", {}, "as a table"),
        table(["feature", "coefficient", "deviation", "product"], r.coefficients.map(c => [named(c), number(c.value), number(c.deviation), number(effect(c))]))));
    }
  };

  const data = () => {
    const s = section("Data");
    const heads = ["", ...runs.map(label)];
    const rows = [
      ["label", r => r.run.label.column + (r.run.label.positive != null ? " = " + r.run.label.positive : "")],
      ["rate of positives, or mean", r => number(r.run.label["rate-or-mean"])],
      ["rows: training / validation / test", r => [r.run.rows.train, r.run.rows.validation, r.run.rows.test].map(n => number(n)).join(" / ")],
      ["rows in quarantine", r => number(r.run.rows.quarantined)],
      ["partitions", r => number(r.run.partitions)],
    ];
    s.append(table(heads, rows.map(([name, of]) => [name, ...runs.map(of)]), [0]));
    if (many) return;
    const r = runs[0];
    if (r.columns.length > 0) s.append(element("details", {}, element("summary", {}, r.columns.length + " columns"),
      table(["column", "kind", "features", "missing", "mean", "deviation", "minimum", "maximum", "levels"],
        r.columns.map(c => [c.column, c.kind + (c.features === 0 ? ", dropped" : ""), number(c.features), number(c.missing), number(c.mean), number(c.deviation), number(c.minimum), number(c.maximum), number(c.levels)]), [0, 1])));
    if (r.quarantine.length > 0) {
      s.append(element("p", {}, number(r.run.rows.quarantined) + " rows could not be used; the first of them:"));
      s.append(table(["file", "row", "column", "value", "reason"], r.quarantine.map(b => [b.file, number(b.row), b.column, b.value, b.reason]), [0, 2, 3, 4]));
    }
    const notes = r.run.notes || [];
    if (notes.length > 0) s.append(element("details", {}, element("summary", {}, "what was inferred and decided"), element("ul", {}, notes.map(n => element("li", {}, n)))));
  };

  /* ---- drift ---- */
  const drift = () => {
    const r = runs[0];
    if (many || !r.drift || r.drift.length === 0) return;
    const s = section("Drift since " + r.run.drift.reference);
    const colors = { stable: palette[2], shifted: palette[1], drifted: palette[5], new: palette[7], gone: palette[7] };
    const most = Math.max(0.3, ...r.drift.map(d => isNumber(d.psi) ? d.psi : 0));
    const place = x => Math.min(100, 100 * x / most);
    const bars = element("div", { class: "bars" });
    for (const d of r.drift.slice(0, 30)) {
      const marks = [0.1, 0.25].map(x => element("div", { class: "mark", style: "left:" + place(x) + "%" }));
      const fill = element("div", { class: "fill", style: "left:0;width:" + place(d.psi || 0) + "%;background:" + colors[d.verdict] });
      bars.append(element("div", { class: "name", title: d.column }, d.column), element("div", { class: "track plain" }, fill, marks),
        element("div", { class: "value" }, isNumber(d.psi) ? number(d.psi, 2) : d.verdict));
    }
    s.append(element("p", { class: "muted" }, "Population stability index of the training rows, over the tenths or levels that the earlier run had. Below 0.1 a column is stable, from 0.25 on (the second line) the model should be looked at."),
      element("div", { class: "card" }, bars));
    s.append(element("details", {}, element("summary", {}, "as a table, with the part that moved most"),
      table(["column", "kind", "PSI", "verdict", "moved most", "share before", "share now"],
        r.drift.map(d => [d.column, d.kind, number(d.psi, 3), d.verdict, d.bin, number(d.share_before, 3), number(d.share_now, 3)]), [0, 1, 3, 4])));
  };

  const times = () => {
    const s = section("Time");
    for (const r of runs) {
      const t = r.run.seconds;
      const parts = [["reading", t.ingest], ["optimizing", t.optimize], ["evaluating", t.evaluate], ["writing", t.write]].filter(p => isNumber(p[1]));
      const rest = Math.max(0, t.total - parts.reduce((sum, p) => sum + p[1], 0));
      parts.push(["other", rest]);
      if (many) s.append(element("h3", {}, label(r)));
      s.append(element("div", { class: "time", role: "img", "aria-label": parts.map(p => p[0] + " " + seconds(p[1])).join(", ") },
        parts.map(([name, value], k) => element("div", { style: "flex:" + Math.max(value, 1e-3) + ";background:" + palette[name === "other" ? 7 : k] }))));
      s.append(legend(parts.map(([name, value], k) => [name + " " + seconds(value), palette[name === "other" ? 7 : k]])));
    }
  };

  /* ---- configuration ---- */
  const flat = (value, path, into) => {
    if (value && typeof value === "object" && !Array.isArray(value)) Object.entries(value).forEach(([k, v]) => flat(v, path ? path + "." + k : k, into));
    else into[path] = JSON.stringify(value);
    return into;
  };
  const yaml = (value, indent) => Object.entries(value).map(([k, v]) => v && typeof v === "object" && !Array.isArray(v) && Object.keys(v).length > 0
    ? indent + k + ":\n" + yaml(v, indent + "  ") : indent + k + ": " + (typeof v === "string" ? v : JSON.stringify(v)) + "\n").join("");
  const configuration = () => {
    const s = section("Configuration");
    if (many) {
      const all = runs.map(r => flat(r.run.configuration, "", {}));
      const keys = [...new Set(all.flatMap(Object.keys))].filter(k => new Set(all.map(a => a[k])).size > 1);
      s.append(keys.length === 0 ? element("p", {}, "All the same.") : table(["key", ...runs.map(label)], keys.map(k => [k, ...all.map(a => a[k])]), [0, ...runs.map((r, k) => k + 1)]));
    } else s.append(element("pre", {}, yaml(runs[0].run.configuration, "").trimEnd()));
    s.append(element("h2", {}, "Provenance"));
    const rows = [
      ["model, hash of its bits", r => r.run.fingerprint.model], ["data, hash of its rows", r => r.run.fingerprint.data], ["configuration", r => r.run.fingerprint.configuration],
      ["Talweg", r => r.run.version], ["Spark", r => r.run.environment.spark], ["Java", r => r.run.environment.java], ["master, cores", r => r.run.environment.master + ", " + r.run.environment.cores], ["begun", r => r.run.started],
    ];
    s.append(table(["", ...runs.map(label)], rows.map(([name, of]) => [name, ...runs.map(of)]), [0, ...runs.map((r, k) => k + 1)]));
  };

  [head, metrics, certificate, steps, flow, classes, curves, coefficients, data, drift, times, configuration].forEach(part => {
    try { part(); } catch (e) { errors.push(part.name + ": " + e); note(); }
  });
  page.setAttribute("data-ready", "1");
})();
