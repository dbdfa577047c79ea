'use strict';
const assert = require('node:assert/strict');
const { randomUUID } = require('node:crypto');
const { setTimeout: delay } = require('node:timers/promises');
const grpc = require('@grpc/grpc-js');
const { service: healthService } = require('grpc-health-check');
const { GrpcReflection } = require('grpc-js-reflection-client');
const contract = require('./contract');

const { status } = grpc;
const HealthClient = grpc.makeClientConstructor(healthService, 'Health');

/** Channel options of a client of its own; the limits are raised unless said. */
const roomy = { 'grpc.max_receive_message_length': contract.maxMessage, 'grpc.max_send_message_length': -1 };

function connect(target, options = roomy) {
  // Not from grpc-js' global pool: what one case does to its connection must not reach another.
  return new contract.packages.apisvc.interop.v1.Probe(target, grpc.credentials.createInsecure(), {
    'grpc.use_local_subchannel_pool': 1,
    ...options,
  });
}

/** One unary call: its outcome with everything that came back. */
function invoke(client, method, request, metadata = new grpc.Metadata(), options = {}) {
  return new Promise((resolve) => {
    const outcome = {};
    const call = client[method](request, metadata, options, (error, reply) => Object.assign(outcome, { error, reply }));
    call.on('metadata', (headers) => (outcome.headers = headers));
    call.on('status', (ended) => setImmediate(() => resolve({ ...outcome, ...ended, trailers: ended.metadata })));
  });
}

/** Reads a streaming call to its end. */
function drain(call) {
  return new Promise((resolve) => {
    const messages = [];
    call.on('data', (message) => messages.push(message));
    call.on('error', () => {});
    call.on('status', (ended) => resolve({ ...ended, messages, trailers: ended.metadata }));
  });
}

function firstOf(call) {
  return new Promise((resolve, reject) => {
    const settle = (done) => (value) => {
      call.off('data', read).off('error', failed);
      done(value);
    };
    const read = settle(resolve);
    const failed = settle(reject);
    call.on('data', read).on('error', failed);
  });
}

async function until(condition, what) {
  for (const deadline = Date.now() + 8000; Date.now() < deadline; await delay(15)) {
    const value = await condition();
    if (value) {
      return value;
    }
  }
  throw new Error(`Not in time: ${what}`);
}

async function observed(client, key, what) {
  return until(async () => {
    const { reply } = await invoke(client, 'Observe', { key });
    return reply?.[what] && reply;
  }, `the server saw the call ${what}`);
}

function okay(outcome) {
  assert.equal(outcome.code, status.OK, `${status[outcome.code]}: ${outcome.details}`);
  return outcome.reply;
}

/** HTTP allows a list of values in one field; so does gRPC. */
function values(metadata, key) {
  const found = metadata?.get(key) ?? [];
  return key.endsWith('-bin') ? found : found.join(',').replaceAll(', ', ',');
}

function tagged(prefix) {
  const metadata = new grpc.Metadata();
  metadata.set(`${prefix}-text`, 'plain value');
  metadata.set(`${prefix}-printable`, contract.printable);
  metadata.add(`${prefix}-twice`, 'one');
  metadata.add(`${prefix}-twice`, 'two');
  metadata.add(`${prefix}-all-bin`, contract.allBytes);
  return metadata;
}

function assertTagged(metadata, prefix) {
  assert.equal(values(metadata, `${prefix}-text`), 'plain value');
  assert.equal(values(metadata, `${prefix}-printable`), contract.printable.replaceAll(', ', ','));
  assert.equal(values(metadata, `${prefix}-twice`), 'one,two');
  assert.deepEqual(values(metadata, `${prefix}-all-bin`), [contract.allBytes]);
}

function hold(client, options) {
  const key = randomUUID();
  const call = client.Hold({ key }, options);
  return { key, call, ended: drain(call) };
}

const cases = {
  async 'unary'(target) {
    const client = connect(target);
    const reply = okay(await invoke(client, 'Echo', { text: 'Grüße 世界', payload: contract.allBytes, number: -7 }));
    assert.equal(reply.text, 'Grüße 世界');
    assert.deepEqual(reply.payload, contract.allBytes);
    assert.equal(reply.number, -7);
    const empty = okay(await invoke(client, 'Echo', {}));
    assert.equal(empty.text, '');
    client.close();
  },

  async 'client streaming'(target) {
    const client = connect(target);
    for (const count of [0, 1, 200]) {
      const totals = await new Promise((resolve, reject) => {
        const call = client.Sum((error, reply) => (error ? reject(error) : resolve(reply)));
        for (let i = 0; i < count; i++) {
          call.write({ text: `${i % 10}`, payload: Buffer.alloc(1000) });
        }
        call.end();
      });
      const texts = Array.from({ length: count }, (_, i) => `${i % 10}`).join('');
      assert.deepEqual(totals, { messages: count, bytes: count * 1000, texts });
    }
    client.close();
  },

  async 'server streaming'(target) {
    const client = connect(target);
    for (const count of [0, 1, 200]) {
      const ended = await drain(client.Count({ messages: count, size: 1000 }));
      okay(ended);
      assert.deepEqual(ended.messages.map((m) => m.number), Array.from({ length: count }, (_, i) => i + 1));
      assert.ok(ended.messages.every((m) => m.payload.length === 1000));
    }
    client.close();
  },

  async 'duplex streaming'(target) {
    const client = connect(target);
    const call = client.Chat();
    // Each answer is awaited before the next question: neither side may hold messages back.
    for (let number = 1; number <= 100; number++) {
      const answer = firstOf(call);
      call.write({ number, text: 'ping' });
      assert.equal((await answer).number, number);
    }
    const ended = drain(call);
    call.end();
    okay(await ended);
    client.close();
  },

  async 'deadline reaches the server'(target) {
    const client = connect(target);
    const { key, ended } = hold(client, { deadline: Date.now() + 400 });
    const { timeout_ms } = await observed(client, key, 'started');
    assert.ok(timeout_ms > 0 && timeout_ms <= 400, `${timeout_ms} ms`);
    assert.equal((await ended).code, status.DEADLINE_EXCEEDED);
    await observed(client, key, 'ended');
    client.close();
  },

  async 'deadline kept by the client'(target) {
    const client = connect(target);
    const begun = Date.now();
    const { ended } = hold(client, { deadline: begun + 300 });
    assert.equal((await ended).code, status.DEADLINE_EXCEEDED);
    assert.ok(Date.now() - begun < 3000, 'in time');
    client.close();
  },

  async 'deadline kept by the server'(target, { direct }) {
    const client = connect(target);
    const watcher = connect(direct);
    const { key, ended } = hold(client, { deadline: Date.now() + 400 });
    await observed(watcher, key, 'started');
    assert.equal((await ended).code, status.DEADLINE_EXCEEDED);
    await observed(watcher, key, 'ended');
    watcher.close();
    client.close();
  },

  async 'cancelled by the client'(target) {
    const client = connect(target);
    const { key, call, ended } = hold(client, {});
    await observed(client, key, 'started');
    call.cancel();
    assert.equal((await ended).code, status.CANCELLED);
    await observed(client, key, 'ended');
    client.close();
  },

  async 'cancelled by the server'(target) {
    const client = connect(target);
    const call = client.Chat();
    for (let number = 1; number <= 10; number++) {
      const answer = firstOf(call);
      call.write({ number });
      await answer;
    }
    const ended = drain(call);
    call.write({ number: -1 });
    // The client has not finished its side when the status comes.
    const { code, details } = await ended;
    assert.equal(code, status.CANCELLED);
    assert.equal(details, 'stopped by the server');
    client.close();
  },

  async 'metadata'(target) {
    const client = connect(target);
    const outcome = await invoke(client, 'Echo', {}, tagged('x-head'));
    okay(outcome);
    assertTagged(outcome.headers, 'x-head');
    client.close();
  },

  async 'trailers'(target) {
    const client = connect(target);
    const outcome = await invoke(client, 'Echo', {}, tagged('x-tail'));
    okay(outcome);
    assertTagged(outcome.trailers, 'x-tail');
    const failed = await invoke(client, 'Fail', { code: 9, message: 'no' }, tagged('x-tail'));
    assert.equal(failed.code, 9);
    assertTagged(failed.error.metadata, 'x-tail');
    client.close();
  },

  async 'two binary values of one name'(target) {
    const client = connect(target);
    const sent = [Buffer.from([1]), Buffer.from([255, 254])];
    const metadata = new grpc.Metadata();
    for (const name of ['x-head-bin', 'x-tail-bin']) {
      sent.forEach((value) => metadata.add(name, value));
    }
    const outcome = await invoke(client, 'Echo', {}, metadata);
    okay(outcome);
    assert.deepEqual(values(outcome.headers, 'x-head-bin'), sent);
    assert.deepEqual(values(outcome.trailers, 'x-tail-bin'), sent);
    client.close();
  },

  async 'status codes'(target) {
    const client = connect(target);
    for (let code = 0; code <= 16; code++) {
      const message = code === 0 ? '' : `because of ${code}`;
      const failed = await invoke(client, 'Fail', { code, message });
      assert.deepEqual([failed.code, failed.details.replace(/^OK$/, '')], [code, message]);
      if (code !== 0) {
        // An error overtakes the messages that grpc-js has not handed out yet, so they are not counted.
        const late = await drain(client.FailAfter({ code, message, after: 2 }));
        assert.deepEqual([late.code, late.details], [code, message]);
      }
    }
    client.close();
  },

  async 'status message not in ASCII'(target) {
    const client = connect(target);
    for (const message of ['Größe 世界 🚀', '100% %41 "quoted"', 'two\nlines\ttab']) {
      const failed = await invoke(client, 'Fail', { code: 3, message });
      assert.deepEqual([failed.code, failed.details], [3, message]);
    }
    client.close();
  },

  async 'rich status'(target) {
    const client = connect(target);
    const failed = await invoke(client, 'Fail', { code: 3, message: 'Größe', details: true });
    assert.equal(failed.code, 3);
    const [bytes] = failed.error.metadata.get('grpc-status-details-bin');
    const rich = contract.types.lookupType('google.rpc.Status').decode(bytes);
    assert.deepEqual([rich.code, rich.message, rich.details.length], [3, 'Größe', 1]);
    const [any] = rich.details;
    assert.equal(any.type_url, 'type.googleapis.com/google.rpc.BadRequest');
    const { field_violations } = contract.types.lookupType('google.rpc.BadRequest').decode(any.value);
    assert.deepEqual(
      field_violations.map((v) => [v.field, v.description]),
      [['name', 'Give a name.'], ['größe', '1 to 100.']],
    );
    client.close();
  },

  async 'message of 10 MiB'(target) {
    const client = connect(target);
    const payload = Buffer.alloc(10 * contract.MiB, 'x');
    const reply = okay(await invoke(client, 'Echo', { payload }));
    assert.ok(payload.equals(reply.payload));
    client.close();
  },

  async 'request over the limit'(target) {
    const client = connect(target);
    const failed = await invoke(client, 'Echo', { payload: Buffer.alloc(contract.maxMessage + 1) });
    assert.equal(failed.code, status.RESOURCE_EXHAUSTED, `${status[failed.code]}: ${failed.details}`);
    okay(await invoke(client, 'Echo', {}));
    client.close();
  },

  async 'reply over the limit'(target) {
    const client = connect(target, {});
    const failed = await invoke(client, 'Echo', { reply_size: 4 * contract.MiB });
    assert.equal(failed.code, status.RESOURCE_EXHAUSTED, `${status[failed.code]}: ${failed.details}`);
    okay(await invoke(client, 'Echo', {}));
    client.close();
  },

  async 'gzip request'(target) {
    const client = connect(target, { 'grpc.default_compression_algorithm': 2 });
    const reply = okay(await invoke(client, 'Echo', { payload: Buffer.alloc(contract.MiB, 'z'), text: 'packed' }));
    assert.ok(reply.payload.equals(Buffer.alloc(contract.MiB, 'z')));
    client.close();
  },

  async 'gzip reply'(target) {
    const client = connect(target);
    const metadata = new grpc.Metadata();
    metadata.set('x-gzip', '1');
    const reply = okay(await invoke(client, 'Echo', { payload: Buffer.alloc(contract.MiB, 'z') }, metadata));
    assert.ok(reply.payload.equals(Buffer.alloc(contract.MiB, 'z')));
    client.close();
  },

  async '1000 streams on one connection'(target) {
    const client = connect(target);
    const calls = Array.from({ length: 1000 }, () => client.Chat());
    const ends = calls.map((call) => new Promise((resolve) => call.on('status', resolve)));
    const answers = calls.map(firstOf);
    calls.forEach((call, i) => call.write({ number: i + 1 }));
    // All have been answered, none has ended: they are open at the same time.
    assert.deepEqual((await Promise.all(answers)).map((m) => m.number), calls.map((_, i) => i + 1));
    calls.forEach((call) => {
      call.resume();
      call.end();
    });
    (await Promise.all(ends)).forEach(okay);
    client.close();
  },

  async 'server killed'(target, { key }) {
    const client = connect(target);
    const call = client.Hold({ key });
    const { code, details } = await drain(call);
    assert.equal(code, status.UNAVAILABLE, `${status[code]}: ${details}`);
    client.close();
  },

  /** Opens two calls and waits to be killed. */
  async 'client killed'(target, { key }) {
    const client = connect(target);
    client.Sum(() => {}).write({ text: 'unfinished' });
    await drain(client.Hold({ key }));
  },

  async 'unimplemented'(target) {
    const client = connect(target);
    const absent = new contract.packages.apisvc.interop.v1.Absent(target, grpc.credentials.createInsecure());
    assert.equal((await invoke(client, 'Unwritten', {})).code, status.UNIMPLEMENTED);
    assert.equal((await invoke(absent, 'Call', {})).code, status.UNIMPLEMENTED);
    const bytes = (value) => value;
    const unknown = await new Promise((resolve) =>
      client.makeUnaryRequest('/apisvc.interop.v1.Probe/Unknown', bytes, bytes, Buffer.alloc(0), resolve),
    );
    assert.equal(unknown.code, status.UNIMPLEMENTED);
    absent.close();
    client.close();
  },

  async 'reflection'(target) {
    const client = new GrpcReflection(target, grpc.credentials.createInsecure(), {}, 'v1alpha');
    const services = await client.listServices();
    assert.ok(services.includes('apisvc.interop.v1.Probe'), services.join());
    const methods = await client.listMethods('apisvc.interop.v1.Probe');
    assert.deepEqual(
      methods.map((m) => m.name).sort(),
      Object.keys(contract.packages.apisvc.interop.v1.Probe.service).sort(),
    );
    await assert.rejects(client.getDescriptorBySymbol('apisvc.interop.v1.Nothing'));
  },

  async 'health check'(target) {
    const client = new HealthClient(target, grpc.credentials.createInsecure());
    for (const service of ['', 'apisvc.interop.v1.Probe']) {
      assert.equal(okay(await invoke(client, 'check', { service })).status, 'SERVING');
    }
    assert.equal((await invoke(client, 'check', { service: 'unknown' })).code, status.NOT_FOUND);
    client.close();
  },

  async 'health watch'(target) {
    const service = 'apisvc.interop.v1.Probe';
    const client = new HealthClient(target, grpc.credentials.createInsecure());
    const probe = connect(target);
    const call = client.watch({ service });
    const seen = [];
    call.on('data', (message) => seen.push(message.status));
    const ended = new Promise((resolve) => call.on('status', resolve));
    call.on('error', () => {});
    await until(() => seen.at(-1) === 'SERVING', `SERVING at first: ${seen}`);
    okay(await invoke(probe, 'SetHealth', { service, serving: false }));
    await until(() => seen.at(-1) === 'NOT_SERVING', `NOT_SERVING then: ${seen}`);
    okay(await invoke(probe, 'SetHealth', { service, serving: true }));
    await until(() => seen.at(-1) === 'SERVING', `SERVING again: ${seen}`);
    call.cancel();
    assert.equal((await ended).code, status.CANCELLED);
    const unknown = client.watch({ service: 'unknown' });
    unknown.on('error', () => {});
    assert.equal((await firstOf(unknown)).status, 'SERVICE_UNKNOWN');
    unknown.cancel();
    probe.close();
    client.close();
  },
};

async function run(name, target, options) {
  assert.ok(cases[name], `No case ${name}`);
  await cases[name](target, options);
}

module.exports = { run };
