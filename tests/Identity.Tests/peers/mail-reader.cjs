// Reads a message from a file and tells what is in it.
const { readFileSync } = require('node:fs');
const { simpleParser } = require('mailparser');

const { file } = JSON.parse(process.argv[2]);
simpleParser(readFileSync(file)).then((mail) => {
  const { subject, text, html, messageId } = mail;
  process.stdout.write(`${JSON.stringify({ subject, text, html, messageId, to: mail.to.text })}\n`);
  process.stdin.on('end', () => process.exit()).resume();
});
