// A mail server that tells what it got. Settings: failures (how many messages are put off with 451 first), refuses (an
// address that is answered 550), user and password, tls (offers STARTTLS with a certificate that nobody trusts).
const { SMTPServer } = require('smtp-server');
const { simpleParser } = require('mailparser');

const settings = JSON.parse(process.argv[2]);
const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
const problem = (code, text) => Object.assign(new Error(text), { responseCode: code });
let failures = settings.failures ?? 0;

const server = new SMTPServer({
  authOptional: !settings.user,
  allowInsecureAuth: true,
  disabledCommands: settings.tls ? [] : ['STARTTLS'],
  logger: false,
  onAuth: (auth, session, done) =>
    auth.username === settings.user && auth.password === settings.password
      ? done(null, { user: auth.username })
      : done(problem(535, 'No')),
  onRcptTo: (address, session, done) =>
    address.address === settings.refuses ? done(problem(550, 'No such mailbox')) : done(),
  onData: (stream, session, done) => {
    const chunks = [];
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('end', async () => {
      const raw = Buffer.concat(chunks);
      if (failures-- > 0) {
        say({ putOff: true });
        done(problem(451, 'Later'));
        return;
      }

      const mail = await simpleParser(raw);
      say({
        sender: session.envelope.mailFrom.address,
        recipients: session.envelope.rcptTo.map((r) => r.address),
        user: session.user,
        raw: raw.toString('latin1'),
        from: mail.from.text,
        to: mail.to.text,
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
        date: mail.date,
        messageId: mail.messageId,
        autoSubmitted: mail.headers.get('auto-submitted'),
        headers: [...mail.headers.keys()],
      });
      done();
    });
  },
});
server.on('error', () => {});
server.listen(0, '127.0.0.1', () => say({ port: server.server.address().port }));
process.stdin.on('end', () => process.exit()).resume();
