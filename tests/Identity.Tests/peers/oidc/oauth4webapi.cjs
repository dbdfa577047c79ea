// Signs in by oauth4webapi, which checks each answer by itself, and says what it got. Settings: base, issuer, cookie,
// redirectUri, scope, client (id, secret).
const { pathToFileURL } = require('node:url');
const { browser, redirected } = require('./browser.cjs');

const settings = JSON.parse(process.argv[2]);
const { issuer, redirectUri } = settings;

(async () => {
  const oauth = await import(pathToFileURL(require.resolve('oauth4webapi')));
  const options = { [oauth.customFetch]: redirected(settings) };
  const { visit } = browser(settings);
  const client = { client_id: settings.client.id };
  const proof = oauth.ClientSecretBasic(settings.client.secret);
  const said = {};

  // Both forms of the metadata.
  for (const algorithm of ['oidc', 'oauth2']) {
    const response = await oauth.discoveryRequest(new URL(issuer), { ...options, algorithm });
    said[algorithm] = (await oauth.processDiscoveryResponse(new URL(issuer), response)).issuer;
  }
  const as = await oauth.processDiscoveryResponse(new URL(issuer), await oauth.discoveryRequest(new URL(issuer), options));

  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const nonce = oauth.generateRandomNonce();
  const authorize = async (changes) => {
    const url = new URL(as.authorization_endpoint);
    url.search = new URLSearchParams({
      client_id: client.client_id,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: settings.scope,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
      ...changes,
    });
    return visit(url, { decision: 'allow' });
  };

  // RFC 9207: as.authorization_response_iss_parameter_supported makes the library ask for the issuer.
  const parameters = oauth.validateAuthResponse(as, client, await authorize({}), state);
  const response = await oauth.authorizationCodeGrantRequest(as, client, proof, parameters, redirectUri, verifier, options);
  const tokens = await oauth.processAuthorizationCodeResponse(as, client, response, {
    expectedNonce: nonce,
    requireIdToken: true,
  });
  await oauth.validateApplicationLevelSignature(as, response, options);
  const claims = oauth.getValidatedIdTokenClaims(tokens);
  said.sub = claims.sub;
  said.user = await oauth.processUserInfoResponse(
    as,
    client,
    claims.sub,
    await oauth.userInfoRequest(as, client, tokens.access_token, options),
  );

  // As a resource server does: RFC 9068.
  const call = new Request('https://api.example/', { headers: { authorization: `Bearer ${tokens.access_token}` } });
  said.accessToken = (await oauth.validateJwtAccessToken(as, call, 'apis', options)).scope;

  const refreshed = await oauth.processRefreshTokenResponse(
    as,
    client,
    await oauth.refreshTokenGrantRequest(as, client, proof, tokens.refresh_token, options),
  );
  const look = async (token) =>
    oauth.processIntrospectionResponse(as, client, await oauth.introspectionRequest(as, client, proof, token, options));
  said.active = (await look(refreshed.access_token)).active;
  await oauth.processRevocationResponse(
    await oauth.revocationRequest(as, client, proof, refreshed.access_token, options),
  );
  said.activeAfterRevocation = (await look(refreshed.access_token)).active;

  try {
    oauth.validateAuthResponse(as, client, await authorize({ prompt: 'none', max_age: '0' }), state);
  } catch (e) {
    said.silent = e.error;
  }
  process.stdout.write(JSON.stringify(said));
})().catch((e) => {
  process.stderr.write(`${e.stack} ${JSON.stringify(e.cause ?? null)}`);
  process.exitCode = 1;
});
