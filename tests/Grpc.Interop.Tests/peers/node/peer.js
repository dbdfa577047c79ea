'use strict';
// node peer.js server DESCRIPTORS   prints "listening PORT" and serves until stdin closes
// node peer.js client DESCRIPTORS   runs the cases that stdin names, a JSON object a line
const contract = require('./contract');

const [role, descriptors] = process.argv.slice(2);
// The parent holds the other end: when it is gone, so is the need for this process.
process.stdin.on('end', () => process.exit(0));

contract.load(descriptors);
if (role === 'server') {
  process.stdin.resume();
  require('./server').start((port) => console.log(`listening ${port}`));
} else {
  const { run } = require('./client');
  require('readline')
    .createInterface({ input: process.stdin })
    .on('line', async (line) => {
      const { id, name, target, ...options } = JSON.parse(line);
      let answer;
      try {
        await run(name, target, options);
        answer = { id, error: null };
      } catch (error) {
        answer = { id, error: String(error?.stack ?? error) };
      }
      console.log(JSON.stringify(answer));
    });
  console.log('ready');
}
