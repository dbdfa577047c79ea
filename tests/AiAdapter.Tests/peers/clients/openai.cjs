'use strict'

// OpenAI's own client: Chat Completions, Responses, embeddings.
const { settings, png, weather, nothing, place, expected, assertReceived, assertCalls, assert } =
  require('./checks.cjs')

const image = `data:image/png;base64,${png}`
const question = [{ role: 'user', content: 'How are you?' }]

module.exports = ({ OpenAI, NotFoundError, RateLimitError, BadRequestError, APIUserAbortError }) => {
  const client = new OpenAI({
    baseURL: `${settings.address}/v1`,
    apiKey: settings.key,
    maxRetries: 0,
  })
  const chatTools = [
    ['get_weather', 'Tells the weather', weather],
    ['now', 'Tells the time', nothing],
  ].map(([name, description, parameters]) => ({
    type: 'function',
    function: { name, description, parameters },
  }))
  const tools = chatTools.map(t => ({ type: 'function', strict: false, ...t.function }))

  async function streamChat(body) {
    const stream = await client.chat.completions.create({
      ...body,
      stream: true,
      stream_options: { include_usage: true },
    })
    const folded = { text: '', calls: [], finish: null, usage: null, roles: 0 }
    for await (const chunk of stream) {
      const choice = chunk.choices[0]
      folded.usage = chunk.usage ?? folded.usage
      folded.finish = choice?.finish_reason ?? folded.finish
      folded.text += choice?.delta?.content ?? ''
      folded.roles += choice?.delta?.role ? 1 : 0
      for (const part of choice?.delta?.tool_calls ?? []) {
        const call = (folded.calls[part.index] ??= { id: '', name: '', input: '' })
        call.id ||= part.id ?? ''
        call.name += part.function?.name ?? ''
        call.input += part.function?.arguments ?? ''
      }
    }

    return folded
  }

  async function streamResponse(body) {
    const stream = await client.responses.create({ ...body, stream: true })
    let text = ''
    let sequence = 0
    let last
    for await (const event of stream) {
      assert.equal(event.sequence_number, sequence++)
      text += event.type === 'response.output_text.delta' ? event.delta : ''
      last = event
    }

    assert.equal(last.type, 'response.completed')
    return { text, response: last.response }
  }

  const callsOf = calls =>
    calls.map(c => ({ name: c.function.name, input: JSON.parse(c.function.arguments) }))
  const responseCalls = output =>
    output
      .filter(i => i.type === 'function_call')
      .map(c => ({ name: c.name, input: JSON.parse(c.arguments) }))

  return {
    chat: async ({ plain }) => {
      const answer = await client.chat.completions.create({
        model: plain.model,
        messages: [{ role: 'system', content: 'Be brief.' }, ...question],
        max_completion_tokens: 77,
      })
      assert.equal(answer.choices[0].message.content, 'Hello there')
      assert.equal(answer.choices[0].finish_reason, 'stop')
      assert.equal(answer.usage.prompt_tokens, 9)
      assert.equal(answer.usage.completion_tokens, 4)
      await assertReceived(plain, 'Be brief.', 'How are you?', '77')
    },
    'chat stream': async ({ plain }) => {
      const folded = await streamChat({ model: plain.model, messages: question })
      assert.equal(folded.text, 'Hello there')
      assert.equal(folded.finish, 'stop')
      assert.equal(folded.roles, 1)
      assert.equal(folded.usage.total_tokens, 13)
    },
    'chat tools': async ({ tools: model }) => {
      const body = { model: model.model, messages: question, tools: chatTools }
      const answer = await client.chat.completions.create(body)
      const message = answer.choices[0].message
      assert.equal(answer.choices[0].finish_reason, 'tool_calls')
      assertCalls(callsOf(message.tool_calls))
      await client.chat.completions.create({
        ...body,
        messages: [
          ...question,
          message,
          ...message.tool_calls.map((call, i) => ({
            role: 'tool',
            tool_call_id: call.id,
            content: ['21 degrees', 'noon'][i],
          })),
        ],
      })
      await assertReceived(model, 'get_weather', 'Tells the weather', 'A town', '21 degrees', 'noon')
    },
    'chat tools stream': async ({ tools: model }) => {
      const folded = await streamChat({
        model: model.model,
        messages: question,
        tools: chatTools,
        parallel_tool_calls: true,
      })
      assert.equal(folded.finish, 'tool_calls')
      assert.equal(new Set(folded.calls.map(c => c.id)).size, 2)
      assertCalls(folded.calls.map(c => ({ name: c.name, input: JSON.parse(c.input) })))
    },
    'chat schema': async ({ json }) => {
      const answer = await client.chat.completions.create({
        model: json.model,
        messages: question,
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'place', schema: place, strict: true },
        },
      })
      assert.deepEqual(JSON.parse(answer.choices[0].message.content), expected)
      await assertReceived(json, 'days', 'integer')
    },
    'chat image': async ({ plain }) => {
      const answer = await client.chat.completions.create({
        model: plain.model,
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'What is this?' },
              { type: 'image_url', image_url: { url: image } },
            ],
          },
        ],
      })
      assert.equal(answer.choices[0].message.content, 'Hello there')
      await assertReceived(plain, png, 'What is this?')
    },
    'chat errors': async ({ limited, plain }) => {
      const ask = body => client.chat.completions.create({ messages: question, ...body })
      await assert.rejects(ask({ model: limited.model }), RateLimitError)
      await assert.rejects(ask({ model: 'nothing' }), NotFoundError)
      await assert.rejects(ask({ model: plain.model, messages: [] }), BadRequestError)
    },
    'chat abort': async ({ slow }) => {
      const stream = await client.chat.completions.create({
        model: slow.model,
        messages: question,
        stream: true,
      })
      let count = 0
      for await (const chunk of stream) {
        count += chunk.choices.length
        if (count > 3) {
          stream.controller.abort()
          break
        }
      }

      const abort = new AbortController()
      const pending = client.chat.completions.create(
        { model: slow.model, messages: question },
        { signal: abort.signal },
      )
      abort.abort()
      await assert.rejects(pending, APIUserAbortError)
    },
    embeddings: async ({ plain }) => {
      const answer = await client.embeddings.create({
        model: plain.model,
        input: ['one', 'three'],
      })
      assert.deepEqual(
        answer.data.map(d => d.embedding),
        [
          [3, 0.5],
          [5, 0.5],
        ],
      )
      assert.ok(answer.usage.prompt_tokens > 0)
    },
    responses: async ({ plain }) => {
      const answer = await client.responses.create({
        model: plain.model,
        instructions: 'Be brief.',
        input: 'How are you?',
      })
      assert.equal(answer.output_text, 'Hello there')
      assert.equal(answer.status, 'completed')
      assert.equal(answer.usage.input_tokens, 9)
      assert.equal(answer.usage.output_tokens, 4)
      await assertReceived(plain, 'Be brief.', 'How are you?')
    },
    'responses stream': async ({ plain }) => {
      const { text, response } = await streamResponse({ model: plain.model, input: 'How are you?' })
      assert.equal(text, 'Hello there')
      assert.equal(response.output[0].content[0].text, 'Hello there')
      assert.equal(response.usage.total_tokens, 13)
    },
    'responses tools': async ({ tools: model }) => {
      const answer = await client.responses.create({ model: model.model, input: question, tools })
      assertCalls(responseCalls(answer.output))
      const outputs = answer.output
        .filter(i => i.type === 'function_call')
        .map((call, i) => ({
          type: 'function_call_output',
          call_id: call.call_id,
          output: ['21 degrees', 'noon'][i],
        }))
      await client.responses.create({
        model: model.model,
        input: [...question, ...answer.output, ...outputs],
        tools,
      })
      await assertReceived(model, 'get_weather', 'A town', '21 degrees', 'noon')
      const streamed = await streamResponse({ model: model.model, input: question, tools })
      assertCalls(responseCalls(streamed.response.output))
    },
    'responses schema': async ({ json }) => {
      const answer = await client.responses.create({
        model: json.model,
        input: 'Where?',
        text: { format: { type: 'json_schema', name: 'place', schema: place, strict: true } },
      })
      assert.deepEqual(JSON.parse(answer.output_text), expected)
      await assertReceived(json, 'days', 'integer')
    },
    'responses image': async ({ plain }) => {
      const answer = await client.responses.create({
        model: plain.model,
        input: [
          {
            role: 'user',
            content: [
              { type: 'input_text', text: 'What is this?' },
              { type: 'input_image', image_url: image, detail: 'auto' },
            ],
          },
        ],
      })
      assert.equal(answer.output_text, 'Hello there')
      await assertReceived(plain, png)
    },
    'responses reasoning': async ({ reasoning }) => {
      const body = {
        model: reasoning.model,
        input: question,
        reasoning: { effort: 'high', summary: 'auto' },
        include: ['reasoning.encrypted_content'],
        store: false,
      }
      const answer = await client.responses.create(body)
      assert.equal(answer.output_text, 'The answer.')
      assert.equal(answer.output[0].type, 'reasoning')
      await client.responses.create({
        ...body,
        input: [...question, ...answer.output, { role: 'user', content: 'And now?' }],
      })
      await assertReceived(reasoning, 'The answer.', 'And now?')
    },
    'responses errors': async ({ limited, plain }) => {
      const ask = body => client.responses.create({ input: 'Hi', ...body })
      await assert.rejects(ask({ model: limited.model }), RateLimitError)
      await assert.rejects(ask({ model: 'nothing' }), NotFoundError)
      await assert.rejects(ask({ model: plain.model, input: 7 }), BadRequestError)
    },
    models: async ({ plain }) => {
      const names = []
      for await (const model of client.models.list()) {
        names.push(model.id)
      }

      assert.ok(names.includes(plain.model))
      assert.equal((await client.models.retrieve(plain.model)).id, plain.model)
    },
  }
}
