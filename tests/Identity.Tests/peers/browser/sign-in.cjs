// Signing in, and looking after an account.
const assert = require('node:assert');
const { issuer } = require('./browser.cjs');
const { codeOf } = require('./totp.cjs');
const { linkOf } = require('./mailbox.cjs');
const { see, signIn, newPassword } = require('./steps.cjs');

exports.password = async ({ person, inspect, user, password }) => {
  const page = await person();
  await page.goto(`${issuer}/sign-in`);
  await inspect(page, 'sign-in');
  await signIn(page, user, 'wrong');
  await page.getByRole('alert').getByText('is wrong').waitFor();
  await inspect(page, 'sign-in-wrong');

  // The waits grow until one is longer than it takes to try.
  const delayed = page.getByRole('alert').getByText('Too many attempts. Try again in');
  while ((await delayed.count()) === 0) {
    await signIn(page, user, 'wrong');
    await page.getByRole('alert').waitFor();
  }
  await inspect(page, 'sign-in-delay');
  while (!page.url().endsWith('/account')) {
    await signIn(page, user, password);
    await page.getByRole('heading', { level: 1 }).waitFor();
  }
  await see(page, 'Your account');
  await inspect(page, 'account');

  await page.getByRole('link', { name: 'Change the password' }).click();
  await inspect(page, 'password');
  await page.getByLabel('Password of now').fill(password);
  await newPassword(page, 'passwordpassword');
  await page.getByRole('button', { name: 'Change the password' }).click();
  await page.getByText('guessed first').waitFor();
  await inspect(page, 'password-refused');
  await page.getByLabel('Password of now').fill(password);
  await newPassword(page, `${password}, and more`);
  await page.getByRole('button', { name: 'Change the password' }).click();
  await page.getByRole('status').getByText('Your password was changed.').waitFor();
};

exports.email = async ({ person, inspect, user, password, mail }) => {
  const page = await person();
  await signIn(page, user, password);
  await page.getByRole('link', { name: 'Change the e-mail address' }).click();
  await inspect(page, 'email');
  await page.getByLabel('New e-mail address').fill(`new-${user}@example.org`);
  await page.getByRole('button', { name: 'Send the link' }).click();
  await page.getByRole('status').getByText('We sent a link').waitFor();

  const elsewhere = await person();
  await elsewhere.goto(await linkOf(mail, `new-${user}@example.org`, 'Confirm'));
  await inspect(elsewhere, 'email-confirm');
  await elsewhere.getByRole('button', { name: 'Confirm' }).click();
  await see(elsewhere, 'Your e-mail address was changed');
  await page.goto(`${issuer}/account`);
  await page.getByText(`new-${user}@example.org`).waitFor();
};

exports.secondFactor = async ({ person, inspect, user, password }) => {
  const page = await person();
  await signIn(page, user, password);
  await page.getByRole('link', { name: 'Set up two-step sign-in' }).click();
  await see(page, 'Set up two-step sign-in');
  await inspect(page, 'second-factor-set-up');
  const key = (await page.locator('code').innerText()).replaceAll(' ', '');
  const scanned = await scan(page);
  assert.equal(new URL(scanned).searchParams.get('secret'), key);
  // The code of the step before: the one of now is for signing in.
  await page.getByLabel('Code of six digits').fill(codeOf(key, -1));
  await page.getByRole('button', { name: 'Turn on' }).click();
  await see(page, 'Two-step sign-in is on');
  await inspect(page, 'recovery-codes');
  const codes = await page.getByRole('listitem').allInnerTexts();
  assert.equal(codes.length, 10);

  const other = await person();
  await signIn(other, user, password);
  await see(other, 'Enter your code');
  await inspect(other, 'code');
  await other.getByLabel('Code').fill(codeOf(key));
  await other.getByRole('button', { name: 'Continue' }).click();
  await see(other, 'Your account');

  const third = await person();
  await signIn(third, user, password);
  await third.getByLabel('Code').fill(codes[0].toUpperCase());
  await third.getByRole('button', { name: 'Continue' }).click();
  await third.getByText('9 of 10 recovery codes are left').waitFor();
  await third.getByRole('link', { name: 'Manage two-step sign-in' }).click();
  await inspect(third, 'second-factor-on');
  await third.getByLabel('A code of your app').fill(codes[1]);
  await third.getByRole('button', { name: 'Turn off' }).click();
  await third.getByRole('status').getByText('Two-step sign-in is off.').waitFor();
};

exports.sessions = async ({ person, inspect, user, password }) => {
  const page = await person();
  await signIn(page, user, password);
  const [second, third] = [await person(), await person()];
  await signIn(second, user, password);
  await signIn(third, user, password);
  await page.goto(`${issuer}/account`);
  assert.equal(await page.getByRole('button', { name: 'End' }).count(), 2);
  await inspect(page, 'sessions');
  await page.getByRole('button', { name: 'End' }).first().click();
  await page.getByRole('status').getByText('The session was ended.').waitFor();

  await page.getByRole('button', { name: 'Sign out everywhere' }).click();
  await see(page, 'You are signed out everywhere');
  await inspect(page, 'signed-out');
  for (const one of [page, second, third]) {
    await one.goto(`${issuer}/account`);
    await see(one, 'Sign in');
  }
};

exports.reset = async ({ person, inspect, user, password, mail }) => {
  const page = await person();
  await page.goto(`${issuer}/sign-in`);
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await inspect(page, 'forgotten');
  await page.getByLabel('E-mail address of your account').fill(`${user}@example.org`);
  await page.getByRole('button', { name: 'Send the link' }).click();
  await see(page, 'Look into your mailbox');
  await inspect(page, 'forgotten-sent');
  const link = await linkOf(mail, `${user}@example.org`, 'Set another password');
  await page.goto(link);
  await inspect(page, 'reset');
  await newPassword(page, `${password}, and more`);
  await page.getByRole('button', { name: 'Set the password' }).click();
  await see(page, 'Your password is set');
  await page.goto(link);
  await see(page, 'This link is good no longer');
  await inspect(page, 'link-used');
  await signIn(page, user, `${password}, and more`);
  await see(page, 'Your account');
};

// What a phone reads from the code on the page.
const scan = async (page) => {
  await page.evaluate(require('node:fs').readFileSync(require.resolve('jsqr'), 'utf8'));
  const image = await page.locator('svg.qr').screenshot();
  return page.evaluate(async (octets) => {
    const bitmap = await createImageBitmap(
      new Blob([Uint8Array.from(atob(octets), (c) => c.charCodeAt(0))]),
    );
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    canvas.drawImage(bitmap, 0, 0);
    const { data, width, height } = canvas.getImageData(0, 0, bitmap.width, bitmap.height);
    return globalThis.jsQR(data, width, height).data;
  }, image.toString('base64'));
};
