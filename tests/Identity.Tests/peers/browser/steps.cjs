// What people do on the pages, by the words they read.
const { issuer } = require('./browser.cjs');

exports.signIn = async (page, login, password, address = `${issuer}/sign-in`) => {
  await page.goto(address);
  await page.getByLabel('Login or e-mail address').fill(login);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
};

exports.see = (page, title) => page.getByRole('heading', { level: 1, name: title }).waitFor();

exports.newPassword = async (page, password) => {
  await page.getByLabel('New password', { exact: true }).fill(password);
  await page.getByLabel('The new password again').fill(password);
};

exports.newAccount = async (page, login, password) => {
  await page.getByLabel('Your name').fill('Ivy New');
  await page.getByLabel('Login', { exact: true }).fill(login);
  await exports.newPassword(page, password);
};
