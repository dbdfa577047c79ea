// kafkajs as a client: one command a run, its arguments as JSON, its result as a line of JSON.
'use strict'

const { Kafka, CompressionTypes, CompressionCodecs, logLevel } = require('kafkajs')
CompressionCodecs[CompressionTypes.Snappy] = require('kafkajs-snappy')

const [command, json] = process.argv.slice(2)
const options = JSON.parse(json)
const kafka = new Kafka({ clientId: 'kafkajs', brokers: [options.broker], logLevel: logLevel.ERROR })

const commands = {
  async produce({ topic, compression, count, idempotent }) {
    const producer = kafka.producer({ idempotent, maxInFlightRequests: 1 })
    await producer.connect()
    const messages = []
    for (let i = 0; i < count; i++) {
      messages.push({ key: `k${i}`, value: `v${i}`, headers: { h: `h${i}` } })
    }
    const result = await producer.send({ topic, acks: -1, compression: CompressionTypes[compression], messages })
    await producer.disconnect()
    return result.map((each) => each.errorCode)
  },

  // Reads the whole topic in a group, commits, leaves.
  async consume({ topic, group, count }) {
    const consumer = kafka.consumer({ groupId: group, sessionTimeout: 6000, heartbeatInterval: 500 })
    await consumer.connect()
    await consumer.subscribe({ topic, fromBeginning: true })
    const seen = []
    await new Promise((done, failed) => {
      consumer
        .run({
          eachMessage: async ({ message }) => {
            seen.push([String(message.key), String(message.value), String(message.headers.h)])
            if (seen.length === count) done()
          },
        })
        .catch(failed)
    })
    await consumer.disconnect()
    return seen
  },

  async admin({ topic }) {
    const admin = kafka.admin()
    await admin.connect()
    const created = await admin.createTopics({ topics: [{ topic, numPartitions: 3 }] })
    const metadata = await admin.fetchTopicMetadata({ topics: [topic] })
    const offsets = await admin.fetchTopicOffsets(topic)
    const groups = await admin.listGroups()
    await admin.deleteTopics({ topics: [topic] })
    const left = await admin.listTopics()
    await admin.disconnect()
    return {
      created,
      partitions: metadata.topics[0].partitions.length,
      offsets: offsets.length,
      groups: groups.groups.length,
      deleted: !left.includes(topic),
    }
  },
}

commands[command](options).then(
  (result) => {
    console.log(JSON.stringify(result))
    process.exit(0)
  },
  (error) => {
    console.error(error)
    process.exit(1)
  },
)
