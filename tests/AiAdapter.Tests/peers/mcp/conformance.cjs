'use strict'

// Runs the protocol's conformance tests for the scenarios it is told; a line of JSON each.
const { spawnSync } = require('node:child_process')
const path = require('node:path')

const { address, scenarios } = JSON.parse(process.argv[2])
const program = path.join(
  process.env.NODE_PATH,
  '@modelcontextprotocol',
  'conformance',
  'dist',
  'index.js',
)

console.log(JSON.stringify({ node: process.version }))
for (const scenario of scenarios) {
  const run = spawnSync(
    process.execPath,
    [program, 'server', '--url', address, '--scenario', scenario],
    { encoding: 'utf8', cwd: require('node:os').tmpdir() },
  )
  console.log(
    JSON.stringify({ scenario, passed: run.status === 0, report: run.stdout + run.stderr }),
  )
}

process.exit(0)
