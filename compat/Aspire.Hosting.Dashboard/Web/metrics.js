import { get, oneAtATime } from "./api.js";
import { chart } from "./chart.js";
import { empty, h, show } from "./dom.js";
import { quantity } from "./format.js";

export const title = "Metrics";

export function open(page, state, service) {
  let view = null;
  const choice = h("select", { "aria-label": "Service", onchange: () => (location.hash = `#/metrics/${encodeURIComponent(choice.value)}`) });
  const filter = h("input", { type: "search", placeholder: "Filter the values below", "aria-label": "Filter values", oninput: drawTable });
  const charts = h("div", { class: "charts" });
  const table = h("div", { class: "scroll" });
  page.append(h("div", { class: "tools" }, h("h1", {}, title), choice, filter), charts, table);

  const load = oneAtATime(read, (error) => show(charts, empty("The metrics could not be loaded", error.message)));

  async function read() {
    const services = await get("/api/metrics");
    if (!service && services.length) {
      location.replace(`#/metrics/${encodeURIComponent(services[0])}`);
      return;
    }
    if (choice.dataset.names !== services.join()) {
      choice.dataset.names = services.join();
      choice.replaceChildren(...services.map((s) => h("option", { value: s }, s)));
      choice.value = service ?? "";
    }
    if (!service) {
      show(charts, empty("No metrics yet", "Services send their first measurements a few seconds after they start."));
      return;
    }
    view = await get(`/api/metrics/${encodeURIComponent(service)}`);
    if (view.latest.length) show(charts, view.charts.map((c) => chart(c, view.times)));
    else show(charts, empty("No metrics", `${service} has not sent any.`));
    drawTable();
  }

  function drawTable() {
    if (!view) return;
    const text = filter.value.toLowerCase();
    const found = view.latest.filter((m) => `${m.name} ${m.attributes}`.toLowerCase().includes(text));
    if (!view.latest.length) show(table);
    else if (!found.length) show(table, empty("Nothing found", `No value matches “${filter.value}”.`));
    else show(table, latest(found));
  }

  load();
  return { telemetry: load };
}

function latest(found) {
  const several = new Set(found.map((m) => m.instance)).size > 1;
  return h(
    "table",
    { class: "rows" },
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Latest values"), h("th", { scope: "col" }, "Attributes"), h("th", { scope: "col", class: "number" }, "Value"))),
    h(
      "tbody",
      {},
      found.slice(0, 500).map((m) =>
        h(
          "tr",
          {},
          h("td", {}, m.name, several && h("span", { class: "id" }, m.instance.slice(0, 8))),
          h("td", { class: "quiet wide" }, m.attributes),
          h("td", { class: "number" }, m.kind === "histogram" ? `${m.value.toLocaleString("en")} × mean ${quantity(m.mean, m.unit)}, 95 % ${quantity(m.p95, m.unit)}` : quantity(m.value, m.unit)),
        ),
      ),
    ),
  );
}
