// How the picture looks, in light and in dark.
"use strict";
function pictureStyle(dark) {
  const c = dark
    ? {text: "#e2e8f0", soft: "#94a3b8", body: "#111827", line: "#334155", entrance: "#4338ca", host: "#1e1b4b",
       service: "#064e3b", outside: "#451a03", missing: "#7f1d1d", out: "#818cf8", in: "#64748b", bad: "#f87171",
       warn: "#fbbf24", on: "#fff", chosen: "#c7d2fe", lock: "#34d399"}
    : {text: "#0f172a", soft: "#64748b", body: "#ffffff", line: "#cbd5e1", entrance: "#4f46e5", host: "#e0e7ff",
       service: "#d1fae5", outside: "#fef3c7", missing: "#fecaca", out: "#6366f1", in: "#94a3b8", bad: "#b91c1c",
       warn: "#92400e", on: "#fff", chosen: "#4f46e5", lock: "#047857"};
  const sans = 'system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';
  const head = (colour) => ({
    "background-fill": "linear-gradient", "background-gradient-direction": "to-bottom",
    "background-gradient-stop-colors": `${colour} ${colour} ${c.body} ${c.body}`,
    "background-gradient-stop-positions": "data(stops)",
  });
  const lock = (bow, top) => ({
    "background-image": "data:image/svg+xml," + encodeURIComponent(
      `<svg xmlns="http://www.w3.org/2000/svg" width="26" height="34" viewBox="0 0 13 17"><path d="${bow}" fill="none" `
      + `stroke="${c.lock}" stroke-width="1.7"/><rect x="1" y="7" width="11" height="9" rx="2" fill="${c.lock}"/></svg>`),
    "background-width": 13, "background-height": 17, "background-position-x": "96%", "background-position-y": top,
    "background-image-opacity": 1,
  });
  const shut = "M3 7V5a3.5 3.5 0 0 1 7 0v2", ajar = "M3 7V4a3.5 3.5 0 0 1 6.8-1";
  return [
    {selector: "node", style: {
      shape: "rectangle", width: "data(w)", height: "data(h)", label: "data(label)", "text-valign": "center",
      "text-halign": "center", "text-margin-x": "data(mx)", "text-margin-y": "data(my)", "text-wrap": "wrap",
      "text-max-width": 9999, "text-justification": "left", "line-height": 1.25, "font-family": sans,
      "font-size": 11, color: c.text, "background-opacity": 0, "border-width": 0, "min-zoomed-font-size": 5,
      "overlay-opacity": 0,
    }},
    {selector: ".card", style: {
      shape: "round-rectangle", "corner-radius": 8, "background-opacity": 1, "border-width": 1,
      "border-color": c.line, "font-size": 14, "font-weight": 600, ...head(c.service),
    }},
    {selector: ".entrance", style: {...head(c.entrance), color: c.on}},
    {selector: ".host", style: head(c.host)},
    {selector: ".entry, .special", style: {...head(c.outside), "border-style": "dashed", "border-color": c.warn}},
    {selector: ".missing", style: {...head(c.missing), "border-color": c.bad}},
    {selector: ".lock-strict", style: lock(shut, 8)},
    {selector: ".row.lock-strict", style: lock(shut, 5)},
    {selector: ".lock-permissive, .lock-mixed", style: lock(ajar, 8)},
    {selector: ".sub", style: {color: c.soft, events: "no"}},
    {selector: ".of-entrance", style: {color: "#e0e7ff"}},
    {selector: ".row", style: {"font-family": "ui-monospace, Menlo, Consolas, monospace", "font-size": 11.5}},
    {selector: ".bad", style: {color: c.bad}},
    {selector: ".warn", style: {color: c.warn}},
    {selector: "edge", style: {
      "curve-style": "unbundled-bezier", "control-point-distances": "data(cd)", "control-point-weights": "data(cw)",
      "edge-distances": "endpoints", "source-endpoint": "50% 0%", "target-endpoint": "-50% 0%", width: "data(width)",
      "line-color": c.out, "line-opacity": 0.8, "target-label": "data(label)", "target-text-offset": 34,
      "font-family": sans, "font-size": 11, "font-weight": 600, color: c.text, "text-background-color": c.body,
      "text-background-opacity": 1, "text-background-shape": "round-rectangle", "text-background-padding": 4,
      "text-border-width": 1, "text-border-color": c.line, "text-border-opacity": 1, "min-zoomed-font-size": 5,
      "overlay-opacity": 0,
    }},
    {selector: ".in", style: {"line-color": c.in}},
    {selector: ".mirror", style: {"line-style": "dashed"}},
    {selector: ".faded", style: {opacity: 0.16}},
    {selector: "node.chosen", style: {"border-width": 2.5, "border-color": c.chosen}},
    {selector: ".row.chosen", style: {"background-opacity": 0.18, "background-color": c.chosen, "border-width": 0}},
    {selector: "edge.chosen", style: {"line-opacity": 1, "line-color": c.chosen}},
  ];
}
