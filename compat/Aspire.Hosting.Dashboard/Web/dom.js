// Makes elements. Text is always text: nothing that a service says becomes markup.

const svgNames = new Set(["svg", "path", "line", "text", "g", "polyline", "rect", "circle"]);

export function h(name, attributes = {}, ...children) {
  const isSvg = svgNames.has(name);
  const element = isSvg
    ? document.createElementNS("http://www.w3.org/2000/svg", name)
    : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "value") element.value = value;
    // The policy forbids style attributes in markup; properties set by a script are fine.
    else if (key === "style") for (const [k, v] of Object.entries(value)) element.style.setProperty(k, v);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Replaces what is in an element, and keeps the focus on what has the same `data-key`. */
export function show(parent, ...children) {
  const active = document.activeElement;
  const key = parent.contains(active) ? active.dataset.key : undefined;
  parent.replaceChildren(...children.flat(Infinity).filter(Boolean));
  if (key) parent.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
}

export function empty(title, text) {
  return h("div", { class: "empty" }, h("b", {}, title), h("p", {}, text));
}

/** A note at the foot of the page, for some seconds. */
export function note(text, isBad = false) {
  const element = h("div", { class: isBad ? "note bad" : "note" }, text);
  document.getElementById("notes").append(element);
  setTimeout(() => element.remove(), isBad ? 10000 : 4000);
}

/** Asks yes or no. */
export function ask(title, text, yes) {
  return new Promise((resolve) => {
    const dialog = h(
      "dialog",
      { class: "ask", "aria-labelledby": "ask-title", onclose: () => (dialog.remove(), resolve(dialog.returnValue === "yes")) },
      h("h2", { id: "ask-title" }, title),
      h("p", {}, text),
      h(
        "div",
        { class: "buttons" },
        h("button", { onclick: () => dialog.close("no") }, "Cancel"),
        h("button", { class: "danger", onclick: () => dialog.close("yes") }, yes),
      ),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}
