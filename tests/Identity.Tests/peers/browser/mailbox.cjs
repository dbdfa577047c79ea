// The folder that gets e-mail instead of a server.
const fs = require('node:fs');
const path = require('node:path');

// Quoted-printable (RFC 2045 section 6.7).
const decode = (text) =>
  text
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));

const deadline = 15000;

// The address in the only message to the recipient whose subject begins so, once it is there.
exports.linkOf = async (folder, recipient, subject) => {
  const end = Date.now() + deadline;
  while (Date.now() < end) {
    for (const name of fs.readdirSync(folder).filter((n) => n.endsWith('.eml'))) {
      const text = decode(fs.readFileSync(path.join(folder, name), 'latin1'));
      if (text.includes(`To: ${recipient}`) && text.includes(`Subject: ${subject}`)) {
        fs.rmSync(path.join(folder, name));
        return /https:\/\/identity\.example\/\S+/.exec(text)[0];
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`no message to ${recipient}: ${subject}`);
};
