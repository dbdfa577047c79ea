// A browser that is signed in: it agrees to what it is asked, and stops where it would leave the issuer.
const unescape = (text) => text.replaceAll('&amp;', '&').replaceAll('&quot;', '"');

const fieldsOf = (page) => ({
  action: unescape(/<form method="post" action="([^"]+)"/.exec(page)[1]),
  form: unescape(/name="form" value="([^"]+)"/.exec(page)[1]),
});

exports.browser = ({ base, issuer, cookie }) => {
  const go = (url, options = {}) =>
    fetch(String(url).replace(issuer, base), {
      ...options,
      redirect: 'manual',
      headers: { ...options.headers, cookie },
    });

  // Answers the form of a page with these fields.
  const submit = async (page, fields) => {
    const { action, form } = fieldsOf(page);
    return go(issuer + action, { method: 'POST', body: new URLSearchParams({ form, ...fields }) });
  };

  // Where it is sent in the end.
  const visit = async (url, fields) => {
    let response = await go(url);
    if (response.status === 200) {
      response = await submit(await response.text(), fields);
    }
    const location = response.headers.get('location');
    if (!location) {
      throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
    }
    return new URL(location);
  };

  return { go, submit, visit };
};

// Brings requests for the issuer to where it is.
exports.redirected =
  ({ base, issuer }) =>
  (url, options) =>
    fetch(String(url).replace(issuer, base), options);
