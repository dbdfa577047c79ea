'use strict';
const grpc = require('@grpc/grpc-js');
const { HealthImplementation } = require('grpc-health-check');
const { ReflectionService } = require('@grpc/reflection');
const contract = require('./contract');

const observed = new Map();
const health = new HealthImplementation({ '': 'SERVING', 'apisvc.interop.v1.Probe': 'SERVING' });

function mirror(call, prefix) {
  const metadata = new grpc.Metadata();
  for (const key of Object.keys(call.metadata.getMap())) {
    if (key.startsWith(prefix)) {
      call.metadata.get(key).forEach((value) => metadata.add(key, value));
    }
  }
  return metadata;
}

function failure(call) {
  const { code, message, details } = call.request;
  const metadata = mirror(call, 'x-tail');
  if (details) {
    metadata.set('grpc-status-details-bin', contract.richStatus(code, message));
  }
  return { code, details: message, metadata };
}

const probe = {
  Echo(call, callback) {
    const { reply_size, ...parcel } = call.request;
    call.sendMetadata(mirror(call, 'x-head'));
    const reply = reply_size ? { ...parcel, payload: Buffer.alloc(reply_size) } : parcel;
    callback(null, reply, mirror(call, 'x-tail'));
  },

  Sum(call, callback) {
    const totals = { messages: 0, bytes: 0, texts: '' };
    call.on('data', (parcel) => {
      totals.messages++;
      totals.bytes += parcel.payload.length;
      totals.texts += parcel.text;
    });
    call.on('end', () => callback(null, totals));
  },

  async Count(call) {
    const { messages, size } = call.request;
    for (let number = 1; number <= messages; number++) {
      if (!call.write({ number, payload: Buffer.alloc(size) })) {
        await new Promise((resolve) => call.once('drain', resolve));
      }
    }
    call.end();
  },

  Chat(call) {
    call.on('data', (parcel) => {
      if (parcel.number === -1) {
        call.emit('error', { code: grpc.status.CANCELLED, details: 'stopped by the server' });
      } else {
        call.write(parcel);
      }
    });
    call.on('end', () => call.end());
    call.on('error', () => {});
  },

  Fail(call, callback) {
    if (call.request.code === 0) {
      callback(null, {}, mirror(call, 'x-tail'));
    } else {
      callback(failure(call));
    }
  },

  FailAfter(call) {
    for (let number = 1; number <= call.request.after; number++) {
      call.write({ number });
    }
    call.emit('error', failure(call));
  },

  Hold(call) {
    const deadline = call.getDeadline();
    const timeout_ms = Number.isFinite(+deadline) ? Math.max(1, Math.round(+deadline - Date.now())) : 0;
    const seen = { started: true, ended: false, timeout_ms };
    observed.set(call.request.key, seen);
    call.on('cancelled', () => (seen.ended = true));
    call.on('error', () => {});
    call.write({ text: 'held' });
  },

  Observe(call, callback) {
    callback(null, observed.get(call.request.key) ?? {});
  },

  SetHealth(call, callback) {
    health.setStatus(call.request.service, call.request.serving ? 'SERVING' : 'NOT_SERVING');
    callback(null, {});
  },
};

function start(listening) {
  const server = new grpc.Server({ 'grpc.max_receive_message_length': contract.maxMessage });
  server.addService(contract.packages.apisvc.interop.v1.Probe.service, probe);
  health.addToServer(server);
  new ReflectionService(contract.definition, { services: ['apisvc.interop.v1.Probe'] }).addToServer(server);
  server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) {
      throw error;
    }
    listening(port);
  });
}

module.exports = { start };
