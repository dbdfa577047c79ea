'use strict'

const assert = require('node:assert/strict')

const settings = JSON.parse(process.argv[2])

// A picture of one pixel.
const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

const weather = {
  type: 'object',
  properties: { city: { type: 'string', description: 'A town' } },
  required: ['city'],
  additionalProperties: false,
}
const nothing = { type: 'object', properties: {}, additionalProperties: false }
const place = {
  type: 'object',
  properties: { city: { type: 'string' }, days: { type: 'integer' } },
  required: ['city', 'days'],
  additionalProperties: false,
}
const expected = { city: 'Zürich', days: 3 }

/** What the provider was asked last for a model. */
async function received(model) {
  const address = new URL('/received', settings.provider)
  address.searchParams.set('model', model.upstream)
  return (await fetch(address)).text()
}

/** The provider was told all of that. */
async function assertReceived(model, ...texts) {
  const body = await received(model)
  for (const text of texts) {
    assert.ok(body.includes(text), `the provider was not told ${text}: ${body.slice(0, 2000)}`)
  }
}

function assertCalls(calls) {
  assert.deepEqual(calls, [
    { name: 'get_weather', input: { city: 'Zürich' } },
    { name: 'now', input: {} },
  ])
}

/** Runs a feature against every family, and says of each: ok, refused, or what was wrong. */
async function run(client, features) {
  for (const [feature, check] of Object.entries(features)) {
    for (const [family, models] of Object.entries(settings.families)) {
      let result = 'ok'
      let detail = ''
      try {
        await check(models)
      } catch (error) {
        const status = error.status ?? error.statusCode
        result = status === 400 && error.code !== 'ERR_ASSERTION' ? 'refused' : 'wrong'
        detail = `${error.message}`.slice(0, 2500)
        if (result === 'wrong' && error.stack) {
          detail += `\n${error.stack.split('\n').slice(1, 4).join('\n')}`
        }
      }

      console.log(JSON.stringify({ client, feature, family, result, detail }))
    }
  }
}

module.exports = {
  settings,
  png,
  weather,
  nothing,
  place,
  expected,
  received,
  assertReceived,
  assertCalls,
  run,
  assert,
}
