'use strict'

// Anthropic's own client: Messages.
const { settings, png, weather, nothing, assertReceived, assertCalls, assert } =
  require('./checks.cjs')

const question = [{ role: 'user', content: 'How are you?' }]

module.exports = (
  { Anthropic, NotFoundError, RateLimitError, BadRequestError },
  version = '2023-06-01',
) => {
  const client = new Anthropic({
    baseURL: settings.address,
    apiKey: settings.key,
    maxRetries: 0,
    defaultHeaders: { 'anthropic-version': version },
  })
  const tools = [
    { name: 'get_weather', description: 'Tells the weather', input_schema: weather },
    { name: 'now', description: 'Tells the time', input_schema: nothing },
  ]
  const callsOf = content =>
    content.filter(b => b.type === 'tool_use').map(b => ({ name: b.name, input: b.input }))
  const textOf = content =>
    content
      .filter(b => b.type === 'text')
      .map(b => b.text)
      .join('')

  return {
    messages: async ({ plain }) => {
      const answer = await client.messages.create({
        model: plain.model,
        system: 'Be brief.',
        max_tokens: 77,
        messages: question,
      })
      assert.equal(textOf(answer.content), 'Hello there')
      assert.equal(answer.stop_reason, 'end_turn')
      assert.equal(answer.usage.input_tokens, 9)
      assert.equal(answer.usage.output_tokens, 4)
      await assertReceived(plain, 'Be brief.', 'How are you?', '77')
    },
    'messages stream': async ({ plain }) => {
      const stream = client.messages.stream({
        model: plain.model,
        max_tokens: 100,
        messages: question,
      })
      let text = ''
      stream.on('text', part => {
        text += part
      })
      const answer = await stream.finalMessage()
      assert.equal(text, 'Hello there')
      assert.equal(textOf(answer.content), 'Hello there')
      assert.equal(answer.usage.output_tokens, 4)
    },
    'messages tools': async ({ tools: model }) => {
      const body = { model: model.model, max_tokens: 100, messages: question, tools }
      const answer = await client.messages.create(body)
      assert.equal(answer.stop_reason, 'tool_use')
      assertCalls(callsOf(answer.content))
      const results = answer.content
        .filter(b => b.type === 'tool_use')
        .map((b, i) => ({
          type: 'tool_result',
          tool_use_id: b.id,
          content: ['21 degrees', 'noon'][i],
        }))
      await client.messages.create({
        ...body,
        messages: [
          ...question,
          { role: 'assistant', content: answer.content },
          { role: 'user', content: results },
        ],
      })
      await assertReceived(model, 'get_weather', 'A town', '21 degrees', 'noon')
      const streamed = await client.messages.stream(body).finalMessage()
      assertCalls(callsOf(streamed.content))
    },
    'messages thinking': async ({ reasoning }) => {
      const body = {
        model: reasoning.model,
        max_tokens: 4000,
        thinking: { type: 'enabled', budget_tokens: 2000 },
        messages: question,
      }
      const whole = await client.messages.create(body)
      const streamed = await client.messages.stream(body).finalMessage()
      for (const answer of [whole, streamed]) {
        assert.equal(answer.content[0].type, 'thinking')
        assert.equal(answer.content[0].thinking, 'First this, then that.')
        assert.equal(textOf(answer.content), 'The answer.')
      }

      await client.messages.create({
        ...body,
        messages: [
          ...question,
          { role: 'assistant', content: streamed.content },
          { role: 'user', content: 'And now?' },
        ],
      })
      await assertReceived(reasoning, 'The answer.', 'And now?')
    },
    'messages image': async ({ plain }) => {
      const answer = await client.messages.create({
        model: plain.model,
        max_tokens: 100,
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'What is this?' },
              { type: 'image', source: { type: 'base64', media_type: 'image/png', data: png } },
            ],
          },
        ],
      })
      assert.equal(textOf(answer.content), 'Hello there')
      await assertReceived(plain, png)
    },
    'messages errors': async ({ limited, plain }) => {
      const ask = body => client.messages.create({ max_tokens: 9, messages: question, ...body })
      await assert.rejects(ask({ model: limited.model }), RateLimitError)
      await assert.rejects(ask({ model: 'nothing' }), NotFoundError)
      await assert.rejects(ask({ model: plain.model, messages: 'x' }), BadRequestError)
    },
    'messages abort': async ({ slow }) => {
      const stream = client.messages.stream({
        model: slow.model,
        max_tokens: 100,
        messages: question,
      })
      let count = 0
      stream.on('text', () => {
        if (++count > 2) {
          stream.abort()
        }
      })
      await assert.rejects(stream.finalMessage(), error => /abort/i.test(error.message))
    },
    models: async ({ plain }) => {
      const names = []
      for await (const model of client.models.list()) {
        names.push(model.id)
      }

      assert.ok(names.includes(plain.model))
    },
  }
}
