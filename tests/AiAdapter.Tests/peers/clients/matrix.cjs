'use strict'

// Every client and feature against every family; a line of JSON each.
const { settings, run } = require('./checks.cjs')

console.log(JSON.stringify({ node: process.version }))

const clients = {
  'openai 7': () => require('./openai.cjs')(require('openai')),
  'openai 6': () => require('./openai.cjs')(require('openai-6')),
  'anthropic 1': () => require('./anthropic.cjs')(require('@anthropic-ai/sdk')),
  'anthropic 1, 2026-10-21': () =>
    require('./anthropic.cjs')(require('@anthropic-ai/sdk'), '2026-10-21'),
  'anthropic 0': () => require('./anthropic.cjs')(require('anthropic-sdk-0')),
  'ai, openai responses': () => require('./ai.cjs')(openai().responses),
  'ai, openai chat': () => require('./ai.cjs')(openai().chat),
  'ai, anthropic': () => {
    const { createAnthropic } = require('@ai-sdk/anthropic')
    return require('./ai.cjs')(
      createAnthropic({ baseURL: `${settings.address}/v1`, apiKey: settings.key }),
    )
  },
}

function openai() {
  const { createOpenAI } = require('@ai-sdk/openai')
  return createOpenAI({ baseURL: `${settings.address}/v1`, apiKey: settings.key })
}

async function main() {
  for (const name of settings.clients) {
    await run(name, clients[name]())
  }

  process.exit(0)
}

main()
