import { Stream } from "./api.js";
import * as logs from "./logs.js";
import * as metrics from "./metrics.js";
import * as resources from "./resources.js";
import * as trace from "./trace.js";
import * as traces from "./traces.js";

// A page is { title, open(element, state, argument) } and gives back what it wants to be told: resources, telemetry, lines.
const pages = { resources, logs, traces, trace, metrics };
const state = { resources: [], isLoaded: false, stream: null };
let current = {};

function open() {
  const [name, argument] = location.hash.replace(/^#\//, "").split("/");
  const page = pages[name] ?? resources;
  const element = document.getElementById("page");
  current.close?.();
  element.replaceChildren();
  element.className = pages[name] ? name : "resources";
  const place = name === "trace" ? "traces" : pages[name] ? name : "resources";
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash === `#/${place}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  current = page.open(element, state, argument ? decodeURIComponent(argument) : null) ?? {};
  state.stream.follow(current.log ?? null);
  title(page.title);
}

function title(page) {
  document.title = `${page} · ${document.getElementById("application").textContent}`;
}

const connection = document.getElementById("connection");
state.stream = new Stream({
  open() {
    connection.textContent = "";
    current.reopened?.();
  },
  lost: () => (connection.textContent = "Connection lost, trying again…"),
  resources(news) {
    state.resources = news.resources;
    state.isLoaded = true;
    document.getElementById("application").textContent = news.application;
    document.title = document.title.replace(/· .*/, `· ${news.application}`);
    current.resources?.();
  },
  telemetry: () => current.telemetry?.(),
  lines: (lines) => current.lines?.(lines),
});
addEventListener("hashchange", () => {
  open();
  document.getElementById("page").focus({ preventScroll: true });
});
open();
