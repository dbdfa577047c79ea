// An OpenID Connect provider. Its accounts are set by POST /test/accounts: login → claims.
// Standard output is for the test alone.
console.info = console.error;

const http = require('node:http');
const { Provider } = require('oidc-provider');

const { redirectUris, secret } = JSON.parse(process.argv[2]);
const accounts = new Map();

const readBody = async (request) => {
  let text = '';
  for await (const part of request) {
    text += part;
  }
  return text;
};

const server = http.createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'apisvc', client_secret: secret, redirect_uris: redirectUris }],
    claims: {
      openid: ['sub'],
      email: ['email', 'email_verified'],
      profile: ['name', 'preferred_username'],
      groups: ['groups'],
    },
    scopes: ['openid', 'email', 'profile', 'groups'],
    features: { devInteractions: { enabled: true } },
    pkce: { required: () => true },
    cookies: { keys: ['a key of the test'] },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, ...accounts.get(id) }),
    }),
  });
  const callback = provider.callback();
  server.on('request', async (request, response) => {
    if (request.url !== '/test/accounts') {
      return callback(request, response);
    }
    for (const [id, claims] of Object.entries(JSON.parse(await readBody(request)))) {
      accounts.set(id, claims);
    }
    return response.end();
  });
  console.log(JSON.stringify({ issuer }));
});

process.stdin.resume().on('end', () => process.exit(0));
