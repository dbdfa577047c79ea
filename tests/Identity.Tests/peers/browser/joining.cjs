// How people get an account.
const { issuer } = require('./browser.cjs');
const { linkOf } = require('./mailbox.cjs');
const { see, signIn, newAccount } = require('./steps.cjs');

const call = async ({ api, token }, method, path, body) => {
  const response = await fetch(`${api}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  if (!response.ok) {
    throw new Error(`${path}: ${response.status} ${await response.text()}`);
  }
  return response.status === 204 ? null : response.json();
};

exports.invitation = async (settings) => {
  const { person, inspect, user, password, mail, team } = settings;
  const email = `invited-${user}@example.org`;
  await call(settings, 'POST', `/v1/teams/${team}/invitations`, { email, roles: ['publisher'] });
  const link = await linkOf(mail, email, 'You are invited');

  const page = await person();
  await page.goto(link);
  await inspect(page, 'invitation');
  await newAccount(page, 'someone@example.org', 'passwordpassword');
  await page.getByRole('button', { name: 'Make the account and join' }).click();
  await page.getByText('May be no other e-mail address').waitFor();
  await inspect(page, 'invitation-refused');

  // Somebody who has an account joins with it instead.
  await page.getByRole('link', { name: 'sign in and join with it' }).click();
  await page.getByLabel('Login or e-mail address').fill(user);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await inspect(page, 'invitation-join');
  await page.getByRole('button', { name: 'Join the team' }).click();
  await page.getByRole('status').getByText('You are in the team now.').waitFor();

  await call(settings, 'POST', `/v1/teams/${team}/invitations`, { email, roles: ['viewer'] });
  const other = await person();
  await other.goto(await linkOf(mail, email, 'You are invited'));
  await newAccount(other, `invited-${user}`, password);
  await other.getByRole('button', { name: 'Make the account and join' }).click();
  await other.getByRole('status').getByText('You are in the team now.').waitFor();
};

exports.registration = async (settings) => {
  const { person, inspect, user, password, mail } = settings;
  const [login, email] = [`new-${user}`, `registers-${user}@example.org`];
  const page = await person();
  await page.goto(`${issuer}/sign-in`);
  await page.getByRole('link', { name: 'Register' }).click();
  await inspect(page, 'register');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByRole('button', { name: 'Send the link' }).click();
  await see(page, 'Look into your mailbox');
  await page.goto(await linkOf(mail, email, 'Go on'));
  await inspect(page, 'register-account');
  await newAccount(page, login, password);
  await page.getByRole('button', { name: 'Ask for the account' }).click();
  await see(page, 'You are nearly there');
  await inspect(page, 'register-done');
  await signIn(page, login, password);
  await page.getByRole('alert').getByText('is wrong').waitFor();

  const { items } = await call(settings, 'GET', '/v1/registrations?limit=100');
  const { id } = items.find((r) => r.login === login);
  await call(settings, 'POST', `/v1/registrations/${id}/approve`, {});
  await page.goto(await linkOf(mail, email, 'Your account is ready'));
  await signIn(page, login, password);
  await see(page, 'Your account');
};

exports.external = async (settings) => {
  const { person, inspect, user, team, provider } = settings;
  const login = `ext-${user}`;
  const claims = {
    name: 'Eva External',
    email: `${login}@example.org`,
    email_verified: true,
    groups: ['shop-owners'],
  };
  await fetch(`${provider}/test/accounts`, {
    method: 'POST',
    body: JSON.stringify({ [login]: claims }),
  });

  const page = await person();
  await page.goto(`${issuer}/sign-in`);
  await page.getByRole('link', { name: 'Provider maker' }).click();
  await page.locator('input[name=login]').fill(login);
  await page.locator('input[name=password]').fill('any');
  await page.locator('button[type=submit]').click();
  await page.locator('button[type=submit]', { hasText: 'Continue' }).click();
  await see(page, 'Your account');
  await page.getByText(login, { exact: true }).waitFor();
  await inspect(page, 'account-external');
  await page.getByRole('link', { name: 'Manage other ways' }).click();
  await inspect(page, 'logins');

  const { items } = await call(settings, 'GET', `/v1/teams/${team}/members`);
  const member = items.find((m) => m.email === claims.email);
  if (member?.roles.join() !== 'owner') {
    throw new Error(`not the owner: ${JSON.stringify(items)}`);
  }

  // Whom the provider knows and nobody here.
  const stranger = await person();
  await fetch(`${provider}/test/accounts`, {
    method: 'POST',
    body: JSON.stringify({ [`no-${login}`]: { name: 'Nobody' } }),
  });
  await stranger.goto(`${issuer}/sign-in`);
  await stranger.getByRole('link', { name: 'Provider plain' }).click();
  await stranger.locator('input[name=login]').fill(`no-${login}`);
  await stranger.locator('input[name=password]').fill('any');
  await stranger.locator('button[type=submit]').click();
  await stranger.locator('button[type=submit]', { hasText: 'Continue' }).click();
  await stranger.getByRole('alert').getByText('There is no account for you here.').waitFor();
  await inspect(stranger, 'external-unknown');
};
