'use strict'

// Does what it is told with a server of the Model Context Protocol, and says what came; a line of JSON each.
const { Client } = require('@modelcontextprotocol/sdk/client/index.js')
const {
  StreamableHTTPClientTransport,
} = require('@modelcontextprotocol/sdk/client/streamableHttp.js')

const { address, headers, calls } = JSON.parse(process.argv[2])

async function main() {
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(
    new StreamableHTTPClientTransport(new URL(address), { requestInit: { headers } }),
  )
  console.log(
    JSON.stringify({
      server: client.getServerVersion(),
      capabilities: client.getServerCapabilities(),
    }),
  )
  const tools = []
  let cursor
  do {
    const page = await client.listTools({ cursor })
    tools.push(...page.tools)
    cursor = page.nextCursor
  } while (cursor)
  console.log(JSON.stringify({ tools }))
  for (const call of calls) {
    try {
      console.log(JSON.stringify({ result: await client.callTool(call) }))
    } catch (error) {
      console.log(JSON.stringify({ error: error.message, code: error.code }))
    }
  }

  await client.ping()
  await client.close()
  process.exit(0)
}

main().catch(error => {
  console.error(error)
  process.exit(1)
})
