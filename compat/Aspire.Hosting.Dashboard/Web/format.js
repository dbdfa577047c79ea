export function duration(milliseconds) {
  if (milliseconds < 1) return `${Math.round(milliseconds * 1000)} µs`;
  if (milliseconds < 10) return `${milliseconds.toFixed(2)} ms`;
  if (milliseconds < 1000) return `${milliseconds.toFixed(milliseconds < 100 ? 1 : 0)} ms`;
  if (milliseconds < 60000) return `${(milliseconds / 1000).toFixed(2)} s`;
  return `${Math.floor(milliseconds / 60000)} min ${Math.round((milliseconds % 60000) / 1000)} s`;
}

const two = (n) => String(n).padStart(2, "0");

export function time(value, withMilliseconds = false) {
  const t = new Date(value);
  const text = `${two(t.getHours())}:${two(t.getMinutes())}:${two(t.getSeconds())}`;
  return withMilliseconds ? `${text}.${String(t.getMilliseconds()).padStart(3, "0")}` : text;
}

export function dateTime(value) {
  const t = new Date(value);
  return `${t.getFullYear()}-${two(t.getMonth() + 1)}-${two(t.getDate())} ${time(value)}`;
}

/** A time of today without its date. */
export function when(value) {
  return new Date(value).toDateString() === new Date().toDateString() ? time(value) : dateTime(value);
}

/** A value with its unit (UCUM), short. */
export function quantity(value, unit) {
  if (value === null || value === undefined) return "–";
  if (unit === "By") return bytes(value);
  if (unit === "s") return value === 0 ? "0 s" : duration(value * 1000);
  if (unit === "ms") return duration(value);
  return `${number(value)}${label(unit)}`;
}

function label(unit) {
  if (!unit || unit === "1") return "";
  if (unit.startsWith("{")) return ` ${unit.replace(/[{}]/g, "")}`;
  return unit.startsWith("/") ? unit : ` ${unit}`;
}

function bytes(value) {
  for (const [size, name] of [[1 << 30, "GiB"], [1 << 20, "MiB"], [1 << 10, "KiB"]]) {
    if (Math.abs(value) >= size) return `${number(value / size)} ${name}`;
  }
  return `${number(value)} B`;
}

export function number(value) {
  if (Number.isInteger(value)) return value.toLocaleString("en");
  const size = Math.abs(value);
  return size >= 100 ? value.toFixed(0) : size >= 10 ? value.toFixed(1) : size >= 1 ? value.toFixed(2) : String(Number(value.toPrecision(2)));
}

const colours = 8;
const known = new Map();

/** The same colour for a service everywhere, in the order in which they were first seen. */
export function colour(service) {
  if (!known.has(service)) known.set(service, known.size % colours);
  return `c${known.get(service)}`;
}
