'use strict';
const fs = require('node:fs');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');
const protobuf = require('protobufjs');
const descriptor = require('protobufjs/ext/descriptor');

const MiB = 1024 * 1024;

/** Every value a byte can have. */
const allBytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));

/** Every character that an ASCII metadata value may hold. */
const printable = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join('').trim();

/** Both sides take messages up to this. */
const maxMessage = 12 * MiB;

function load(path) {
  const set = fs.readFileSync(path);
  exports.definition = loader.loadFileDescriptorSetFromBuffer(set, {
    keepCase: true,
    longs: Number,
    enums: String,
    defaults: true,
    oneofs: true,
  });
  exports.packages = grpc.loadPackageDefinition(exports.definition);
  exports.types = protobuf.Root.fromDescriptor(descriptor.FileDescriptorSet.decode(set));
}

/** The google.rpc.Status of a call that failed with details. */
function richStatus(code, message) {
  const badRequest = exports.types.lookupType('google.rpc.BadRequest');
  const status = exports.types.lookupType('google.rpc.Status');
  const value = badRequest.encode({
    field_violations: [
      { field: 'name', description: 'Give a name.' },
      { field: 'größe', description: '1 to 100.' },
    ],
  });
  const details = [{ type_url: 'type.googleapis.com/google.rpc.BadRequest', value: value.finish() }];
  return Buffer.from(status.encode({ code, message, details }).finish());
}

module.exports = exports = { MiB, allBytes, printable, maxMessage, load, richStatus };
