import { get, oneAtATime } from "./api.js";
import { empty, h, show } from "./dom.js";
import { colour, duration, when } from "./format.js";

export const title = "Traces";

export function open(page) {
  let traces = null;
  const filter = h("input", { type: "search", placeholder: "Filter by name, service or trace id", "aria-label": "Filter traces", oninput: draw });
  const service = h("select", { "aria-label": "Service", onchange: draw }, h("option", { value: "" }, "All services"));
  const failed = h("input", { type: "checkbox", onchange: draw });
  const count = h("span", { class: "quiet", role: "status" });
  const list = h("div", { class: "scroll" });
  page.append(h("div", { class: "tools" }, h("h1", {}, title), filter, service, h("label", { class: "check" }, failed, "With errors"), count), list);

  const load = oneAtATime(
    async () => {
      traces = await get("/api/traces");
      draw();
    },
    (error) => show(list, empty("The traces could not be loaded", error.message)),
  );

  function draw() {
    if (!traces) return;
    const services = [...new Set(traces.flatMap((t) => t.services.map((s) => s.name)))].sort();
    if (service.dataset.names !== services.join()) {
      service.dataset.names = services.join();
      const chosen = service.value;
      service.replaceChildren(h("option", { value: "" }, "All services"), ...services.map((s) => h("option", { value: s }, s)));
      service.value = services.includes(chosen) ? chosen : "";
    }
    const text = filter.value.trim().toLowerCase();
    const found = traces.filter(
      (t) =>
        (!text || `${t.name} ${t.traceId} ${t.services.map((s) => s.name).join(" ")}`.toLowerCase().includes(text)) &&
        (!service.value || t.services.some((s) => s.name === service.value)) &&
        (!failed.checked || t.errors > 0),
    );
    count.textContent = traces.length ? (found.length === traces.length ? `${traces.length} traces` : `${found.length} of ${traces.length} traces`) : "";
    if (!traces.length) show(list, empty("No traces yet", "Call one of the services: what it does appears here a few seconds later."));
    else if (!found.length) show(list, empty("Nothing found", "No trace matches the filter."));
    else show(list, table(found));
  }

  load();
  return { telemetry: load };
}

function table(found) {
  const longest = Math.max(...found.map((t) => t.milliseconds), 0.001);
  return h(
    "table",
    { class: "rows cards" },
    h("thead", {}, h("tr", {}, ["Started", "Name", "Services", "Spans", "Duration"].map((t) => h("th", { scope: "col" }, t)))),
    h(
      "tbody",
      {},
      found.slice(0, 300).map((t) =>
        h(
          "tr",
          { "data-trace": t.traceId },
          h("td", { "data-label": "Started", class: "number" }, when(t.start)),
          h(
            "td",
            { class: "name" },
            h("a", { href: `#/trace/${t.traceId}`, "data-key": t.traceId }, t.name || "(no name)"),
            h("span", { class: "id" }, t.traceId.slice(0, 8)),
            t.errors > 0 && h("span", { class: "tag bad" }, t.errors === 1 ? "1 error" : `${t.errors} errors`),
          ),
          h(
            "td",
            { "data-label": "Services", class: "services" },
            t.services.map((s) => h("span", { class: `chip ${colour(s.name)}`, title: `${s.spans} spans${s.errors ? `, ${s.errors} failed` : ""}` }, s.name, h("i", {}, String(s.spans)))),
          ),
          h("td", { "data-label": "Spans", class: "number" }, String(t.spans)),
          h(
            "td",
            { "data-label": "Duration", class: "number length" },
            h("span", {}, duration(t.milliseconds)),
            h("span", { class: "meter", "aria-hidden": "true" }, h("i", { style: { width: `${Math.max(1, (t.milliseconds / longest) * 100)}%` } })),
          ),
        ),
      ),
    ),
  );
}
