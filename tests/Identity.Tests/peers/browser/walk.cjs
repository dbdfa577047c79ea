// Walks one way through the pages: node walk.cjs {settings}. It ends with 0 if all was as it should be.
const { open } = require('./browser.cjs');

const scenarios = {
  ...require('./sign-in.cjs'),
  ...require('./joining.cjs'),
  ...require('./clients.cjs'),
};

const main = async () => {
  const settings = JSON.parse(process.argv[2]);
  const browser = await open(settings);
  try {
    await scenarios[settings.scenario]({ ...settings, ...browser });
  } finally {
    await browser.close();
  }
};

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
