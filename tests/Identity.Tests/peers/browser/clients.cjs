// Signing in at clients: in a browser, and at a device.
const { issuer } = require('./browser.cjs');
const { see, signIn } = require('./steps.cjs');

exports.consent = async ({ person, inspect, user, password, authorize }) => {
  const page = await person();
  await signIn(page, user, password, `${issuer}${authorize}`);
  await see(page, /^Allow Shop/);
  await inspect(page, 'consent');
  await page.getByRole('button', { name: 'Allow' }).click();
  await page.waitForURL('https://shop.example/callback?code=*');

  // The next time nobody is asked, also from the sign-in page on: the policy lets the form lead there.
  const again = await person();
  await signIn(again, user, password, `${issuer}${authorize}`);
  await again.waitForURL('https://shop.example/callback?code=*');

  await page.goto(`${issuer}/account`);
  await inspect(page, 'account-with-clients');
  await page.getByRole('button', { name: 'Withdraw access' }).click();
  await page.getByText('No application may use your account.').waitFor();
};

exports.device = async ({ person, inspect, user, password, api, client }) => {
  const response = await fetch(`${api}/connect/device-authorization`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(
        `${encodeURIComponent(client.id)}:${encodeURIComponent(client.secret)}`,
      ).toString('base64')}`,
    },
    body: new URLSearchParams({ scope: 'openid orders.read' }),
  });
  const begun = await response.json();
  const page = await person();
  await signIn(page, user, password, begun.verification_uri_complete);
  await see(page, 'Connect a device');
  await inspect(page, 'device');
  await page.getByLabel('The code that your device shows').fill('BBBB-BBBB');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('alert').waitFor();
  await inspect(page, 'device-wrong');
  await page.getByLabel('The code that your device shows').fill(begun.user_code);
  await page.getByRole('button', { name: 'Continue' }).click();
  await see(page, /^Allow Shop/);
  await inspect(page, 'device-consent');
  await page.getByRole('button', { name: 'Allow' }).click();
  await see(page, 'Done');
  await inspect(page, 'device-done');
};
