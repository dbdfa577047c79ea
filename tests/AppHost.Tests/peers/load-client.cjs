// Calls one address at a steady rate over TLS and writes down what was answered, one line a call:
//   <milliseconds since the start> <status, or "-" without an answer> <x-request-id, or the error> <latency in microseconds>
//
//   node load-client.cjs URL CA-FILE API-KEY CALLS-PER-SECOND CONNECTIONS OUTPUT-FILE
//
// It runs until its standard input ends, then waits for the calls under way and prints
// {"sent":…,"answered":…,"failed":…,"leftOut":…}: leftOut are those that the rate asked for and nobody was there to take.
"use strict";
const fs = require("node:fs");
const https = require("node:https");

const [url, ca, key, rate, connections, output] = process.argv.slice(2);
const agent = new https.Agent({
  ca: fs.readFileSync(ca),
  keepAlive: true,
  maxSockets: Number(connections),
  maxFreeSockets: Number(connections),
});
const out = fs.createWriteStream(output);
const start = process.hrtime.bigint();
const counts = { sent: 0, answered: 0, failed: 0, leftOut: 0 };
let pending = 0;
let ended = false;

const since = (from) => Number(process.hrtime.bigint() - from);

function note(began, status, id) {
  const at = Number(began - start) / 1e6;
  out.write(`${at.toFixed(1)} ${status} ${id} ${Math.round(since(began) / 1e3)}\n`);
  pending--;
  if (ended && pending === 0) finish();
}

function call() {
  const began = process.hrtime.bigint();
  let done = false;
  const fail = (error) => {
    if (done) return;
    done = true;
    counts.failed++;
    note(began, "-", error.code ?? error.message.replace(/\s/g, "_"));
  };
  counts.sent++;
  pending++;
  const request = https.get(url, { agent, headers: { "x-api-key": key, "user-agent": "load-client" } }, (answer) => {
    answer.on("error", fail);
    answer.on("aborted", () => fail(new Error("aborted")));
    answer.on("end", () => {
      if (done || !answer.complete) return;
      done = true;
      counts.answered++;
      note(began, answer.statusCode, answer.headers["x-request-id"]);
    });
    answer.resume();
  });
  request.setTimeout(30_000, () => request.destroy(new Error("timeout")));
  request.on("error", fail);
}

function finish() {
  out.end(() => {
    console.log(JSON.stringify({ ...counts, leftOut: Math.round(counts.leftOut) }));
    process.exit(0);
  });
}

// More calls than this under way would be a queue in here, not load: they are left out while nobody answers.
const most = 4 * Number(connections);
let due = 0;
let last = process.hrtime.bigint();
const timer = setInterval(() => {
  const now = process.hrtime.bigint();
  const wanted = due + (Number(now - last) / 1e9) * Number(rate);
  due = Math.min(wanted, most);
  counts.leftOut += wanted - due;
  last = now;
  for (; due >= 1 && pending < most; due--) call();
}, 5);

process.stdin.resume();
process.stdin.on("end", () => {
  clearInterval(timer);
  ended = true;
  if (pending === 0) finish();
});
