import { get } from "./api.js";
import { empty, h, show } from "./dom.js";
import { colour, dateTime, duration } from "./format.js";

export const title = "Trace";

export function open(page, state, id) {
  const opened = new Set();
  let drawn = "";

  async function load() {
    try {
      const trace = await get(`/api/traces/${encodeURIComponent(id)}`);
      const text = JSON.stringify(trace);
      if (text !== drawn) {
        drawn = text;
        draw(trace);
      }
    } catch (error) {
      if (!drawn) show(page, back(), empty("No such trace", error.message));
    }
  }

  function draw(trace) {
    const s = trace.summary;
    const redraw = () => draw(trace);
    show(
      page,
      h(
        "div",
        { class: "tools" },
        back(),
        h("h1", {}, s.name || "(no name)"),
        s.errors > 0 && h("span", { class: "tag bad" }, s.errors === 1 ? "1 error" : `${s.errors} errors`),
        h("span", { class: "quiet" }, `${dateTime(s.start)} · ${duration(s.milliseconds)} · ${s.spans} ${s.spans === 1 ? "span" : "spans"}`),
        h("code", { class: "id" }, s.traceId),
      ),
      h("div", { class: "legend" }, s.services.map((service) => h("span", { class: `chip ${colour(service.name)}` }, service.name, h("i", {}, String(service.spans))))),
      h(
        "div",
        { class: "waterfall", role: "list", "aria-label": "Spans" },
        scale(s.milliseconds),
        trace.spans.map((span) => row(span, trace, opened, redraw)),
      ),
      logs(trace),
    );
  }

  load();
  return { telemetry: load };
}

const back = () => h("a", { class: "button", href: "#/traces" }, "← Traces");

const share = (value, whole) => `${Math.min(100, Math.max(0, (value / (whole || 1)) * 100))}%`;

const scale = (whole) =>
  h("div", { class: "scale", "aria-hidden": "true" }, h("span", {}), h("div", {}, [0, 0.25, 0.5, 0.75, 1].map((part) => h("span", { style: { left: `${part * 100}%` } }, duration(whole * part)))));

function row(span, trace, opened, redraw) {
  const whole = trace.summary.milliseconds;
  const isOpen = opened.has(span.id);
  const isLate = span.start > whole * 0.7;
  return h(
    "div",
    { class: `span ${colour(span.service)}${span.isError ? " failed" : ""}`, role: "listitem", "data-service": span.service },
    h(
      "button",
      {
        class: "line",
        "aria-expanded": String(isOpen),
        "data-key": span.id,
        onclick: () => {
          if (!opened.delete(span.id)) opened.add(span.id);
          redraw();
        },
      },
      h(
        "span",
        { class: "label", style: { "padding-left": `${Math.min(span.depth, 20) * 14 + 8}px` } },
        h("i", { class: "dot" }),
        h("b", {}, span.service),
        h("span", {}, span.name),
        span.isPartial && h("span", { class: "tag", title: "The span it belongs to has not come" }, "parent missing"),
        span.isError && h("span", { class: "tag bad" }, "error"),
      ),
      h(
        "span",
        { class: "track" },
        h("span", { class: "block", style: { left: share(span.start, whole), width: share(span.duration, whole) } }),
        span.events.map((e) => h("span", { class: "event", title: e.name, style: { left: share(e.at, whole) } })),
        h("span", { class: isLate ? "length before" : "length", style: isLate ? { right: `calc(100% - ${share(span.start, whole)})` } : { left: share(span.start + span.duration, whole) } }, duration(span.duration)),
      ),
    ),
    isOpen && detailsOf(span, trace),
  );
}

function detailsOf(span, trace) {
  const own = [
    ["kind", span.kind],
    ["scope", span.scope],
    ["instance", span.instance],
    ["starts at", duration(span.start)],
    ["status", span.isError ? `error ${span.statusMessage}`.trim() : ""],
    ["span id", span.id],
  ].filter(([, v]) => v);
  return h(
    "div",
    { class: "inside" },
    h("div", {}, h("h3", {}, "Span"), pairs(own)),
    span.attributes.length > 0 && h("div", {}, h("h3", {}, "Attributes"), pairs(span.attributes.map((a) => [a.key, a.value]))),
    span.events.length > 0 &&
      h("div", {}, h("h3", {}, "Events"), span.events.map((e) => [h("p", {}, h("b", {}, e.name), h("span", { class: "quiet" }, ` at ${duration(e.at)}`)), pairs(e.attributes.map((a) => [a.key, a.value]))])),
    span.links.length > 0 && h("div", {}, h("h3", {}, "Linked traces"), span.links.map((link) => h("p", {}, h("a", { href: `#/trace/${link}` }, h("code", {}, link))))),
    trace.logs.some((l) => l.spanId === span.id) && h("div", {}, h("h3", {}, "Logs"), trace.logs.filter((l) => l.spanId === span.id).map((l) => h("p", {}, h("span", { class: `level ${l.level}` }, l.level), ` ${l.text}`))),
  );
}

const pairs = (rows) => h("dl", { class: "pairs code" }, rows.map(([k, v]) => [h("dt", {}, k), h("dd", {}, v)]));

function logs(trace) {
  if (!trace.logs.length) return null;
  return h(
    "section",
    {},
    h("h2", {}, "Logs of this trace"),
    h(
      "table",
      { class: "rows" },
      h("tbody", {}, trace.logs.map((l) => h("tr", {}, h("td", { class: "number" }, duration(Math.max(0, l.at))), h("td", {}, h("span", { class: `chip ${colour(l.service)}` }, l.service)), h("td", {}, h("span", { class: `level ${l.level}` }, l.level)), h("td", { class: "wide" }, l.text)))),
    ),
  );
}
