import { h } from "./dom.js";
import { quantity, time } from "./format.js";

const [width, height, left, right, top, bottom] = [460, 150, 58, 8, 10, 20];

/** A line chart: { title, unit, lines: [{ label, values }] } over the same times; null is a gap. */
export function chart({ title, unit, lines }, times) {
  const max = nice(Math.max(...lines.flatMap((l) => l.values.map((v) => v ?? 0))), unit);
  const x = (i) => left + (i / Math.max(1, times.length - 1)) * (width - left - right);
  const y = (v) => height - bottom - (v / max) * (height - top - bottom);
  const last = lines.map((l) => `${l.label} ${quantity(l.values.findLast((v) => v !== null), unit)}`).join(", ");
  const marker = h("line", { class: "marker", y1: top, y2: height - bottom, x1: -9, x2: -9 });
  const legend = h("span", { class: "lines" });
  const svg = h(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `${title}: ${last}` },
    [0, 0.5, 1].map((part) => [
      h("line", { class: "grid", x1: left, x2: width - right, y1: y(max * part), y2: y(max * part) }),
      h("text", { x: left - 6, y: y(max * part) + 3.5, "text-anchor": "end" }, quantity(max * part, unit)),
    ]),
    [0, 0.5, 1].map((part) => {
      const i = Math.round(part * (times.length - 1));
      return h("text", { x: x(i), y: height - 5, "text-anchor": part === 0 ? "start" : part === 1 ? "end" : "middle" }, time(times[i]));
    }),
    lines.map((l, n) => h("path", { class: `curve s${n}`, d: path(l.values, x, y) })),
    marker,
  );

  // Under the pointer, else at the end.
  function tell(index) {
    legend.replaceChildren(
      ...lines.map((l, n) => {
        const value = index === null ? l.values.findLast((v) => v !== null) : l.values[index];
        return h("span", { class: `key s${n}` }, `${l.label} `, h("b", {}, quantity(value, unit)));
      }),
    );
  }
  svg.addEventListener("pointermove", (event) => {
    const box = svg.getBoundingClientRect();
    const at = ((event.clientX - box.left) / box.width) * width;
    const index = Math.min(times.length - 1, Math.max(0, Math.round(((at - left) / (width - left - right)) * (times.length - 1))));
    marker.setAttribute("x1", x(index));
    marker.setAttribute("x2", x(index));
    tell(index);
  });
  svg.addEventListener("pointerleave", () => {
    marker.setAttribute("x1", -9);
    marker.setAttribute("x2", -9);
    tell(null);
  });
  tell(null);
  return h("figure", { class: "chart" }, h("figcaption", {}, h("b", {}, title), legend), svg);
}

function path(values, x, y) {
  let text = "";
  let isOpen = false;
  values.forEach((v, i) => {
    if (v === null) {
      isOpen = false;
      return;
    }
    const isAlone = !isOpen && (values[i + 1] ?? null) === null;
    text += `${isOpen ? "L" : "M"}${x(i).toFixed(1)} ${y(v).toFixed(1)}${isAlone ? "h1.5" : ""}`;
    isOpen = true;
  });
  return text;
}

// A round number above all values; in powers of two for bytes.
function nice(value, unit) {
  if (value <= 0) return 1;
  const base = unit === "By" ? 2 : 10;
  const power = base ** Math.floor(Math.log(value) / Math.log(base));
  return (base === 2 ? [1, 1.5, 2] : [1, 2, 4, 6, 8, 10]).find((f) => f * power >= value) * power;
}
