'use strict'

// Vercel's AI SDK with its own providers.
const { generateText, streamText, tool, jsonSchema, isStepCount, Output } = require('ai')
const { weather, nothing, place, expected, assertReceived, assert, png } = require('./checks.cjs')

/** @param modelOf makes the SDK's model of a model's name. */
module.exports = modelOf => {
  const tools = {
    get_weather: tool({
      description: 'Tells the weather',
      inputSchema: jsonSchema(weather),
      execute: async () => '21 degrees',
    }),
    now: tool({
      description: 'Tells the time',
      inputSchema: jsonSchema(nothing),
      execute: async () => 'noon',
    }),
  }
  const usual = { maxRetries: 0 }
  const assertSteps = steps => {
    assert.deepEqual(
      steps[0].toolCalls.map(c => ({ name: c.toolName, input: c.input })),
      [
        { name: 'get_weather', input: { city: 'Zürich' } },
        { name: 'now', input: {} },
      ],
    )
    assert.equal(steps.length, 2)
  }

  return {
    generate: async ({ plain }) => {
      const answer = await generateText({
        ...usual,
        model: modelOf(plain.model),
        system: 'Be brief.',
        prompt: 'How are you?',
      })
      assert.equal(answer.text, 'Hello there')
      assert.equal(answer.finishReason, 'stop')
      assert.equal(answer.usage.inputTokens, 9)
      assert.equal(answer.usage.outputTokens, 4)
      await assertReceived(plain, 'Be brief.', 'How are you?')
    },
    stream: async ({ plain }) => {
      const answer = streamText({
        ...usual,
        model: modelOf(plain.model),
        prompt: 'How are you?',
        onError: () => {},
      })
      let text = ''
      for await (const part of answer.textStream) {
        text += part
      }

      assert.equal(text, 'Hello there')
      assert.equal((await answer.usage).outputTokens, 4)
    },
    tools: async ({ tools: model }) => {
      const answer = await generateText({
        ...usual,
        model: modelOf(model.model),
        prompt: 'How are you?',
        tools,
        stopWhen: isStepCount(2),
      })
      assertSteps(answer.steps)
      await assertReceived(model, '21 degrees', 'noon', 'A town')
    },
    'tools stream': async ({ tools: model }) => {
      const answer = streamText({
        ...usual,
        model: modelOf(model.model),
        prompt: 'How are you?',
        tools,
        stopWhen: isStepCount(2),
        onError: () => {},
      })
      await answer.consumeStream()
      assertSteps(await answer.steps)
    },
    object: async ({ json }) => {
      const answer = await generateText({
        ...usual,
        model: modelOf(json.model),
        prompt: 'Where?',
        output: Output.object({ schema: jsonSchema(place) }),
      })
      assert.deepEqual(answer.output, expected)
      await assertReceived(json, 'days')
    },
    image: async ({ plain }) => {
      const answer = await generateText({
        ...usual,
        model: modelOf(plain.model),
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'What is this?' },
              { type: 'image', image: png, mediaType: 'image/png' },
            ],
          },
        ],
      })
      assert.equal(answer.text, 'Hello there')
      await assertReceived(plain, png)
    },
  }
}
