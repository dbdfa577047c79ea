'use strict'

// Prices the calls it is told, and says the sums; null where it knows no price.
const { calcPrice } = require('@pydantic/genai-prices')

const { calls } = JSON.parse(process.argv[2])
const timestamp = new Date('2026-11-20T00:00:00Z')
const prices = calls.map(({ provider, model, input, cached, written, output }) => {
  const usage = {
    input_tokens: input,
    cache_read_tokens: cached,
    cache_write_tokens: written,
    output_tokens: output,
  }
  const price = calcPrice(usage, model, { providerId: provider, timestamp })
  return price ? price.total_price : null
})
console.log(JSON.stringify({ prices }))
process.stdin.on('end', () => process.exit(0)).resume()
