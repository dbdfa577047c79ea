// The system's Chromium, in which identity.example is the service under test and every page is judged.
const fs = require('node:fs');
const path = require('node:path');
const axe = require('axe-core');
const { chromium } = require('playwright-core');

exports.issuer = 'https://identity.example';

// Judged in each scheme and at each width; all four are only looked at.
const looks = [
  { colorScheme: 'light', width: 1440, height: 900, isJudged: true },
  { colorScheme: 'light', width: 390, height: 844, isJudged: false },
  { colorScheme: 'dark', width: 1440, height: 900, isJudged: false },
  { colorScheme: 'dark', width: 390, height: 844, isJudged: true },
];

const judge = async (page, where) => {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  const grave = violations.filter((v) => ['serious', 'critical'].includes(v.impact));
  if (grave.length > 0) {
    const nodes = grave.map((v) => [v.id, v.nodes.map((n) => n.html + n.failureSummary)]);
    throw new Error(`${where}: ${JSON.stringify(nodes)}`);
  }
};

exports.open = async ({ port, screenshots }) => {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    // Root has no sandbox; the rest keeps it from calling home.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--host-resolver-rules=MAP identity.example:443 127.0.0.1:${port}`,
    ],
  });
  fs.mkdirSync(screenshots, { recursive: true });

  // A person with a browser of its own.
  const person = async () => {
    const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: looks[0] });
    const page = await context.newPage();
    page.setDefaultTimeout(15000);
    page.on('console', (message) => {
      // Refusals are answered with their status, which Chromium reports as well. The provider's pages are not ours.
      if (!page.url().startsWith(exports.issuer)) {
        return;
      }
      if (message.type() === 'error' && !/status of (400|403|404|429|503)/.test(message.text())) {
        throw new Error(`${page.url()}: ${message.text()}`);
      }
    });
    // The client's own page: it only has to be reached.
    await page.route('https://shop.example/**', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<title>Shop</title>' }),
    );
    return page;
  };

  // Nobody may be shut out of a page, however it is looked at.
  const inspect = async (page, name) => {
    for (const { colorScheme, width, height, isJudged } of looks) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height });
      await page.screenshot({
        path: path.join(screenshots, `${name}-${colorScheme}-${width}.png`),
        fullPage: true,
      });
      if (isJudged) {
        await judge(page, `${name}, ${colorScheme}, ${width}`);
      }
      const isCut = await page.evaluate(
        () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
      );
      if (isCut) {
        throw new Error(`${name} is wider than ${width}`);
      }
    }
    await page.setViewportSize(looks[0]);
  };

  return { person, inspect, close: () => browser.close() };
};
