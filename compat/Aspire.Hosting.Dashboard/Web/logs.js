import { empty, h, show } from "./dom.js";
import { time } from "./format.js";

export const title = "Logs";

// A page holds no more than this, nor does it show more.
const maxLines = 5000;
const levels = ["trace", "debug", "information", "warning", "error", "critical"];

export function open(page, state, resource) {
  const lines = [];
  let waiting = [];
  let isPaused = false;
  let isAtEnd = true;

  const choice = h("select", { "aria-label": "Resource", onchange: () => (location.hash = `#/logs/${encodeURIComponent(choice.value)}`) });
  const search = h("input", { type: "search", placeholder: "Search in the log", "aria-label": "Search", oninput: () => redraw() });
  const level = h(
    "select",
    { "aria-label": "Level", onchange: () => redraw() },
    h("option", { value: "0" }, "All levels"),
    levels.slice(1).map((l, i) => h("option", { value: String(i + 1) }, i === 4 ? "Critical" : `${l[0].toUpperCase()}${l.slice(1)} and above`)),
  );
  const pause = h("button", { onclick: () => setPaused(!isPaused), "aria-pressed": "false" }, "Pause");
  const clear = h("button", { onclick: () => (lines.splice(0), (waiting = []), redraw()) }, "Clear");
  const count = h("span", { class: "quiet", role: "status" });
  const list = h("ol", { class: "log", tabindex: "0", "aria-label": "Log lines", onscroll: () => (isAtEnd = list.scrollTop + list.clientHeight > list.scrollHeight - 30) });
  const none = h("div", { class: "none" });
  page.append(h("div", { class: "tools" }, h("h1", {}, title), choice, search, level, pause, clear, count), none, list);

  function setPaused(value) {
    isPaused = value;
    pause.textContent = value ? "Resume" : "Pause";
    pause.setAttribute("aria-pressed", String(value));
    if (!value) add(waiting.splice(0));
    tell();
  }

  const matches = (line) => levels.indexOf(line.level) >= Number(level.value) && line.text.toLowerCase().includes(search.value.toLowerCase());

  function row(line) {
    return h(
      "li",
      { class: line.level },
      h("span", { class: "at" }, line.at ? time(line.at, true) : String(line.number)),
      h("span", { class: "text" }, marked(line.text, search.value)),
    );
  }

  function add(news) {
    lines.push(...news);
    const over = Math.max(0, lines.length - maxLines);
    const gone = lines.splice(0, over).filter(matches).length;
    for (let i = 0; i < gone; i++) list.firstElementChild?.remove();
    list.append(...news.slice(-maxLines).filter(matches).map(row));
    tell();
    if (isAtEnd) list.scrollTop = list.scrollHeight;
  }

  function redraw() {
    list.replaceChildren(...lines.filter(matches).map(row));
    tell();
    list.scrollTop = list.scrollHeight;
  }

  function tell() {
    const shown = list.childElementCount;
    count.textContent = [
      search.value || level.value !== "0" ? `${shown} of ${lines.length} lines` : `${lines.length} lines`,
      lines.length === maxLines && "older ones left out",
      isPaused && `paused, ${waiting.length} new`,
    ].filter(Boolean).join(" · ");
    show(
      none,
      !resource && state.isLoaded && empty("No resources yet", "There is nothing that could write a log."),
      resource && !lines.length && empty("No lines yet", `${resource} has not written anything.`),
      lines.length > 0 && !shown && empty("Nothing found", "No line matches the search and the level."),
    );
    list.hidden = !shown;
  }

  function choose() {
    const names = state.resources.map((r) => r.name);
    if (!resource && names.length) {
      location.replace(`#/logs/${encodeURIComponent(names[0])}`);
      return;
    }
    if (resource && !names.includes(resource)) names.push(resource);
    if (choice.dataset.names !== names.join()) {
      choice.dataset.names = names.join();
      choice.replaceChildren(...names.map((name) => h("option", { value: name }, name)));
      choice.value = resource ?? "";
    }
    tell();
  }

  choose();
  return {
    log: resource,
    resources: choose,
    // A stream begins with the lines that are kept: after a break they come again.
    reopened() {
      lines.splice(0);
      waiting = [];
      if (!isPaused) redraw();
    },
    lines(news) {
      if (!isPaused) {
        add(news);
        return;
      }
      waiting.push(...news);
      waiting.splice(0, Math.max(0, waiting.length - maxLines));
      tell();
    },
  };
}

function marked(text, search) {
  if (!search) return [text];
  const parts = [];
  const [low, wanted] = [text.toLowerCase(), search.toLowerCase()];
  let from = 0;
  for (let at = low.indexOf(wanted); at >= 0; at = low.indexOf(wanted, from)) {
    parts.push(text.slice(from, at), h("mark", {}, text.slice(at, at + wanted.length)));
    from = at + wanted.length;
  }
  parts.push(text.slice(from));
  return parts;
}
