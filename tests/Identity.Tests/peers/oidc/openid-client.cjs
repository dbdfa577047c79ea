// Signs in by openid-client and says what it got. Settings: base, issuer, cookie, redirectUri, postLogoutUri, scope, client
// (id, method, secret or jwk, device).
const { pathToFileURL } = require('node:url');
const { browser, redirected } = require('./browser.cjs');

const settings = JSON.parse(process.argv[2]);
const { client, issuer, redirectUri } = settings;

const proofOf = async (oidc) => {
  switch (client.method) {
    case 'client_secret_basic':
      return oidc.ClientSecretBasic(client.secret);
    case 'client_secret_post':
      return oidc.ClientSecretPost(client.secret);
    case 'private_key_jwt':
      return oidc.PrivateKeyJwt(
        await crypto.subtle.importKey('jwk', client.jwk, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']),
      );
    default:
      return oidc.None();
  }
};

// What fails is told by its code.
const errorOf = async (action) => {
  try {
    await action();
    return null;
  } catch (e) {
    return e.error ?? e.code ?? e.message;
  }
};

(async () => {
  const oidc = await import(pathToFileURL(require.resolve('openid-client')));
  const { go, submit, visit } = browser(settings);
  const config = await oidc.discovery(new URL(issuer), client.id, undefined, await proofOf(oidc), {
    [oidc.customFetch]: redirected(settings),
  });
  oidc.enableNonRepudiationChecks(config);
  const said = { metadata: config.serverMetadata().supportsPKCE() };

  const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  const expectedState = oidc.randomState();
  const expectedNonce = oidc.randomNonce();
  const callback = await visit(
    oidc.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      scope: settings.scope,
      code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      state: expectedState,
      nonce: expectedNonce,
      max_age: '3600',
      prompt: 'consent',
    }),
    { decision: 'allow' },
  );
  const checks = { pkceCodeVerifier, expectedState, expectedNonce, maxAge: 3600, idTokenExpected: true };
  const tokens = await oidc.authorizationCodeGrant(config, callback, checks);
  said.claims = tokens.claims();
  said.user = await oidc.fetchUserInfo(config, tokens.access_token, said.claims.sub);

  const refreshed = await oidc.refreshTokenGrant(config, tokens.refresh_token);
  said.refreshed = refreshed.claims().sub;
  if (client.method !== 'none') {
    said.active = (await oidc.tokenIntrospection(config, refreshed.access_token)).active;
  }
  await oidc.tokenRevocation(config, refreshed.refresh_token);
  if (client.method !== 'none') {
    said.activeAfterRevocation = (await oidc.tokenIntrospection(config, refreshed.access_token)).active;
    said.own = (await oidc.clientCredentialsGrant(config)).token_type;
  }
  said.refreshAfterRevocation = await errorOf(() => oidc.refreshTokenGrant(config, refreshed.refresh_token));
  said.codeAgain = await errorOf(() => oidc.authorizationCodeGrant(config, callback, checks));

  const begun = await oidc.initiateDeviceAuthorization(config, { scope: 'openid' });
  const question = await submit(await (await go(begun.verification_uri)).text(), { user_code: begun.user_code });
  await submit(await question.text(), { decision: 'allow' });
  const polled = await oidc.pollDeviceAuthorizationGrant(config, { ...begun, interval: 0 });
  said.device = polled.claims().sub;

  const bye = await visit(
    oidc.buildEndSessionUrl(config, {
      id_token_hint: tokens.id_token,
      post_logout_redirect_uri: settings.postLogoutUri,
      state: expectedState,
    }),
  );
  said.bye = bye.searchParams.get('state') === expectedState && bye.href.startsWith(settings.postLogoutUri);
  process.stdout.write(JSON.stringify(said));
})().catch((e) => {
  process.stderr.write(`${e.stack} ${JSON.stringify(e.cause ?? null)}`);
  process.exitCode = 1;
});
