// Calls the gateway with what others wrote, and with a socket of its own; writes what it got as JSON.
const http = require("http");
const net = require("net");
const { origin } = JSON.parse(process.argv[2]);
const { hostname, port } = new URL(origin);

function request(options, send) {
  return new Promise((resolve, reject) => {
    const call = http.request({ hostname, port, ...options }, (answer) => {
      let body = "";
      answer.on("data", (part) => (body += part));
      answer.on("end", () =>
        resolve({ status: answer.statusCode, body, trailers: answer.trailers, reused: call.reusedSocket }),
      );
    });
    call.on("error", reject);
    send(call);
  });
}

function pipeline(count) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, hostname, () => {
      for (let i = 0; i < count; i++) {
        socket.write(`GET /w/pipelined/${i} HTTP/1.1\r\nHost: a\r\n${i === count - 1 ? "Connection: close\r\n" : ""}\r\n`);
      }
    });
    let text = "";
    socket.on("data", (part) => (text += part));
    socket.on("end", () => resolve([...text.matchAll(/GET \/pipelined\/(\d+)/g)].map((m) => +m[1])));
    socket.on("error", reject);
  });
}

async function main() {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const kept = [];
  for (let i = 0; i < 5; i++) {
    kept.push(await request({ agent, path: `/w/kept/${i}` }, (call) => call.end()));
  }
  const chunked = await request(
    { agent, method: "POST", path: "/w/chunked", headers: { Trailer: "X-Sum", "Transfer-Encoding": "chunked" } },
    (call) => {
      call.write("hel");
      call.write("lo");
      call.addTrailers({ "X-Sum": "42" });
      call.end();
    },
  );
  const trailers = await request({ agent, path: "/t" }, (call) => call.end());
  let continued = false;
  const expected = await request(
    { agent, method: "PUT", path: "/w/expected", headers: { Expect: "100-continue", "Content-Length": 5 } },
    (call) => {
      call.on("continue", () => {
        continued = true;
        call.end("hello");
      });
      call.flushHeaders();
    },
  );
  agent.destroy();
  const fetched = [];
  for (let i = 0; i < 5; i++) {
    const answer = await fetch(`${origin}/w/fetched/${i}`, { method: "POST", body: "f".repeat(i * 1000) });
    fetched.push({ status: answer.status, length: (await answer.text()).length });
  }
  const pipelined = await pipeline(50);
  console.log(JSON.stringify({ kept, chunked, trailers, expected, continued, fetched, pipelined }));
}

main();
