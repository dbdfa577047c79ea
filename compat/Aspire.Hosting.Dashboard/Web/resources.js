import { command } from "./api.js";
import { ask, empty, h, note, show } from "./dom.js";
import { dateTime, when } from "./format.js";

export const title = "Resources";

const running = new Set();

export function open(page, state, selected) {
  const filter = h("input", {
    type: "search",
    placeholder: "Filter by name, type or state",
    "aria-label": "Filter resources",
    oninput: () => draw(),
  });
  const summary = h("span", { class: "quiet" });
  const list = h("div", { class: "scroll" });
  const details = h("aside", { class: "details", hidden: true, "aria-label": "Details" });
  page.append(h("div", { class: "tools" }, h("h1", {}, title), filter, summary), h("div", { class: "split" }, list, details));

  let before = "";
  function draw() {
    // Streams repeat themselves; what stands still keeps its selection of text.
    const now = JSON.stringify([state.resources, state.isLoaded, filter.value, [...running]]);
    if (now === before) return;
    before = now;

    const text = filter.value.toLowerCase();
    const all = state.resources;
    const found = all.filter((r) => `${r.name} ${r.displayName} ${r.type} ${r.state ?? ""} ${r.health ?? ""}`.toLowerCase().includes(text));
    const good = all.filter((r) => r.tone === "good" && (r.health === null || r.healthTone === "good")).length;
    summary.textContent = all.length ? `${good} of ${all.length} running and healthy` : "";
    if (!all.length) {
      show(list, state.isLoaded ? empty("No resources yet", "The AppHost has not added any. They appear here as soon as it does.") : empty("Loading…", ""));
    } else if (!found.length) {
      show(list, empty("Nothing found", `No resource matches “${filter.value}”.`));
    } else {
      show(list, table(found, all, selected, draw));
    }
    drawDetails();
  }

  function drawDetails() {
    const resource = state.resources.find((r) => r.name === selected);
    details.hidden = !resource;
    if (resource) show(details, detailsOf(resource, state.resources));
  }

  draw();
  return { resources: draw };
}

function table(found, all, selected, draw) {
  const replicas = (r) => all.filter((o) => o.displayName === r.displayName).length;
  return h(
    "table",
    { class: "rows cards" },
    h("thead", {}, h("tr", {}, ["Name", "Type", "State", "Health", "Endpoints", "Started", ""].map((t) => h("th", { scope: "col" }, t)))),
    h(
      "tbody",
      {},
      found.map((r) =>
        h(
          "tr",
          { "data-resource": r.name, class: r.name === selected ? "selected" : null },
          h(
            "td",
            { class: "name" },
            h("a", { href: r.name === selected ? "#/resources" : `#/resources/${encodeURIComponent(r.name)}`, "data-key": `name ${r.name}` }, r.name),
            replicas(r) > 1 && h("span", { class: "tag" }, `1 of ${replicas(r)} replicas`),
          ),
          h("td", { "data-label": "Type", class: "quiet" }, r.type),
          h("td", { "data-label": "State" }, tone(r.tone, stateOf(r))),
          h("td", { "data-label": "Health" }, r.health ? tone(r.healthTone, r.health) : h("span", { class: "quiet" }, "–")),
          h("td", { "data-label": "Endpoints", class: "endpoints" }, r.endpoints.length ? r.endpoints.map(endpoint) : h("span", { class: "quiet" }, "–")),
          h("td", { "data-label": "Started", class: "number" }, r.startedAt ? h("time", { title: dateTime(r.startedAt) }, when(r.startedAt)) : "–"),
          h(
            "td",
            { class: "actions" },
            h("a", { class: "button", href: `#/logs/${encodeURIComponent(r.name)}`, "data-key": `logs ${r.name}` }, "Logs"),
            ["start", "restart", "stop"].filter((c) => r.commands.includes(c)).map((c) => button(r, c, draw)),
          ),
        ),
      ),
    ),
  );
}

function button(resource, name, draw) {
  const word = name[0].toUpperCase() + name.slice(1);
  return h(
    "button",
    {
      "data-key": `${name} ${resource.name}`,
      "aria-label": `${word} ${resource.name}`,
      disabled: running.has(resource.name),
      onclick: async () => {
        if (name === "stop" && !(await ask(`Stop ${resource.name}?`, "What waits for it or calls it will fail until it is started again.", "Stop"))) return;
        running.add(resource.name);
        draw();
        try {
          await command(resource.name, name);
          note(`${word}: ${resource.name}, done.`);
        } catch (error) {
          note(`${word} of ${resource.name} failed: ${error.message}`, true);
        } finally {
          running.delete(resource.name);
          draw();
        }
      },
    },
    word,
  );
}

const stateOf = (r) => (r.stoppedAt && r.exitCode !== null ? `${r.state} (code ${r.exitCode})` : (r.state ?? "Not started"));

const tone = (value, text) => h("span", { class: `tone ${value}` }, text);

function endpoint(e) {
  // Anything else than the web's schemes stays text: a browser can do nothing with it, or too much.
  const text = e.url.replace(/^https?:\/\//, "");
  return /^https?:\/\//.test(e.url)
    ? h("a", { href: e.url, target: "_blank", rel: "noreferrer", title: e.name }, e.url.startsWith("https") ? e.url : text)
    : h("span", { title: e.name, class: "quiet" }, e.url);
}

function detailsOf(r, all) {
  const replicas = all.filter((o) => o.displayName === r.displayName);
  return [
    h("div", { class: "details-head" }, h("h2", {}, r.name), h("a", { class: "button", href: "#/resources", "aria-label": "Close details" }, "Close")),
    pairs([
      ["Type", r.type],
      ["State", tone(r.tone, stateOf(r))],
      ["Started", r.startedAt && dateTime(r.startedAt)],
      ["Stopped", r.stoppedAt && dateTime(r.stoppedAt)],
      ["Replicas", replicas.length > 1 && String(replicas.length)],
      ...r.properties.map((p) => [p.name, value(p)]),
    ]),
    section("Endpoints", r.endpoints.length, pairs(r.endpoints.map((e) => [e.name, endpoint(e)]))),
    section("Health checks", r.healthReports.length, pairs(r.healthReports.map((c) => [c.name, h("span", {}, tone(c.tone, c.status), c.description && h("span", { class: "quiet" }, ` ${c.description}`))]))),
    section("Environment", r.environment.length, pairs(r.environment.map((v) => [v.name, value(v)]), true)),
  ];
}

const value = (v) => (v.isSecret ? h("span", { class: "quiet", title: "Secrets are not shown" }, "•••••• (hidden)") : h("span", {}, v.value ?? ""));

const section = (name, count, content) => count > 0 && [h("h3", {}, name), content];

const pairs = (rows, isCode = false) =>
  h("dl", { class: isCode ? "pairs code" : "pairs" }, rows.filter(([, v]) => v).map(([name, v]) => [h("dt", {}, name), h("dd", {}, v)]));
