// Takes webhooks and checks their signatures with the specification's own library. Settings: secret (what to check with),
// answers (the statuses of the first answers, 200 after them; 0 never answers), headers (of those answers).
const http = require('node:http');
const { Webhook } = require('standardwebhooks');

const settings = JSON.parse(process.argv[2]);
const answers = settings.answers ?? [];
const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

const check = (body, headers) => {
  if (!settings.secret) {
    return null;
  }

  try {
    new Webhook(settings.secret).verify(body, headers);
    return true;
  } catch (e) {
    return e.message;
  }
};

const server = http.createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks).toString('utf8');
    const status = answers.length > 0 ? answers.shift() : 200;
    say({
      verified: check(body, request.headers),
      path: request.url,
      id: request.headers['webhook-id'] ?? null,
      timestamp: Number(request.headers['webhook-timestamp']),
      contentType: request.headers['content-type'],
      body,
      status,
    });
    if (status !== 0) {
      response.writeHead(status, status < 300 ? {} : settings.headers ?? {});
      response.end(status < 300 ? 'thanks' : 'Not now\u0000\n');
    }
  });
});
server.listen(0, '127.0.0.1', () => say({ url: `http://127.0.0.1:${server.address().port}/hook` }));
process.stdin.on('end', () => process.exit()).resume();
