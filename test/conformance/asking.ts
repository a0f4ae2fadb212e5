import { randomBytes } from 'node:crypto'
import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  createRequestStateCodec,
  type InputRequest,
  inputRequired,
  inputResponse,
  type JSONObject,
  MissingRequiredClientCapabilityError,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
} from '@modelcontextprotocol/server'
import type { Fixtures } from '../../src/transports/mcp/index.ts'
import { type FixtureTool, textResult, tool } from './tool.ts'

/** The fixtures that need input from the client before they can answer. */

const state = createRequestStateCodec<{ round: number }>({ key: randomBytes(32), ttlSeconds: 60 })

async function stateOf(server: ServerContext): Promise<{ round: number }> {
  try {
    return await state.verify(String(server.mcpReq.requestState()), server)
  } catch {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'The request state is not one that was given out here')
  }
}

type Field = { type: 'string' } | { type: 'boolean' }

const elicit = (message: string, field: string, schema: Field = { type: 'string' }): InputRequest =>
  inputRequired.elicit({
    message,
    requestedSchema: { type: 'object', properties: { [field]: schema }, required: [field] },
  })

const sample = (text: string): InputRequest =>
  inputRequired.createMessage({ messages: [{ role: 'user', content: { type: 'text', text } }], maxTokens: 100 })

const contentOf = ({ mcpReq }: ServerContext, key: string) => acceptedContent(mcpReq.inputResponses, key)

function capabilitiesOf({ mcpReq }: ServerContext): ClientCapabilities {
  const envelope: Record<string, unknown> = { ...mcpReq.envelope }
  return envelope[CLIENT_CAPABILITIES_META_KEY] ?? {}
}

const withState = (name: string): FixtureTool =>
  tool(name, async (_input, { server }) => {
    if (server.mcpReq.requestState() === undefined) {
      return inputRequired({
        inputRequests: { confirm: elicit('Please confirm', 'ok', { type: 'boolean' }) },
        requestState: await state.mint({ round: 1 }, server),
      })
    }
    await stateOf(server)
    return textResult('state-ok')
  })

/** Ask in a result; the client repeats the request with the answer. */
export const inAnswers: readonly FixtureTool[] = [
  tool('test_input_required_result_elicitation', async (_input, { server }) => {
    const name = contentOf(server, 'user_name')?.name
    if (typeof name === 'string') return textResult(`Hello, ${name}!`)
    return inputRequired({ inputRequests: { user_name: elicit('What is your name?', 'name') } })
  }),
  tool('test_input_required_result_sampling', async (_input, { server }) => {
    const answer = inputResponse(server.mcpReq.inputResponses, 'capital_question')
    if (answer.kind === 'sampling') return textResult(JSON.stringify(answer.result.content))
    return inputRequired({ inputRequests: { capital_question: sample('What is the capital of France?') } })
  }),
  tool('test_input_required_result_list_roots', async (_input, { server }) => {
    const answer = inputResponse(server.mcpReq.inputResponses, 'client_roots')
    if (answer.kind === 'roots') return textResult(`Roots: ${answer.roots.map(({ uri }) => uri).join(', ')}`)
    return inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } })
  }),
  withState('test_input_required_result_request_state'),
  withState('test_input_required_result_tampered_state'),
  tool('test_input_required_result_multiple_inputs', async (_input, { server }) => {
    if (server.mcpReq.requestState() === undefined) {
      return inputRequired({
        inputRequests: {
          user_name: elicit('What is your name?', 'name'),
          greeting: sample('Generate a greeting'),
          client_roots: inputRequired.listRoots(),
        },
        requestState: await state.mint({ round: 1 }, server),
      })
    }
    await stateOf(server)
    return textResult('All of it has come')
  }),
  tool('test_input_required_result_multi_round', async (_input, { server }) => {
    const { round } = server.mcpReq.requestState() === undefined ? { round: 0 } : await stateOf(server)
    const questions = [
      elicit('Step 1: What is your name?', 'name'),
      elicit('Step 2: What is your favorite color?', 'color'),
    ]
    const question = questions[round]
    if (!question) return textResult('Both steps are done')
    return inputRequired({
      inputRequests: { [`step${round + 1}`]: question },
      requestState: await state.mint({ round: round + 1 }, server),
    })
  }),
  tool('test_input_required_result_capabilities', async (_input, { server }) => {
    const { sampling, elicitation } = capabilitiesOf(server)
    return inputRequired({
      inputRequests: {
        ...(sampling && { greeting: sample('Generate a greeting') }),
        ...(elicitation && { user_name: elicit('What is your name?', 'name') }),
      },
    })
  }),
  tool('test_missing_capability', async (_input, { server }) => {
    if (capabilitiesOf(server).sampling) return textResult('The client can be asked')
    throw new MissingRequiredClientCapabilityError({ requiredCapabilities: { sampling: {} } })
  }),
  tool('test_streaming_elicitation', async (_input, { server }) => {
    if (contentOf(server, 'user_name')) return textResult('Thank you')
    return inputRequired({ inputRequests: { user_name: elicit('What is your name?', 'name') } })
  }),
]

export const askingPrompt: Fixtures['prompts'][number] = {
  definition: { name: 'test_input_required_result_prompt', description: 'A prompt that asks for its context.' },
  async get(_input, { server }) {
    const context = contentOf(server, 'user_context')?.context
    if (typeof context === 'string') return { messages: [{ role: 'user', content: { type: 'text', text: context } }] }
    return inputRequired({
      inputRequests: { user_context: elicit('What context should the prompt use?', 'context') },
    })
  },
}

type ElicitParams = Parameters<ServerContext['mcpReq']['elicitInput']>[0]

const elicits = (
  name: string,
  params: (input: Record<string, unknown>) => ElicitParams,
  properties: Record<string, JSONObject> = {},
) =>
  tool(
    name,
    async (input, { server }) => {
      const { action, content } = await server.mcpReq.elicitInput(params(input))
      return textResult(`Elicitation completed: action=${action}, content=${JSON.stringify(content ?? {})}`)
    },
    properties,
  )

const titled = (ordinal: string[], word: string) =>
  ordinal.map((one, index) => ({ const: `value${index + 1}`, title: `${one} ${word}` }))

/** Ask on the stream of the call, as in the older revisions. */
export const onStreams: readonly FixtureTool[] = [
  tool(
    'test_sampling',
    async ({ prompt }, { server }) => {
      const { content } = await server.mcpReq.requestSampling({
        messages: [{ role: 'user', content: { type: 'text', text: String(prompt) } }],
        maxTokens: 100,
      })
      return textResult(`LLM response: ${'text' in content ? content.text : JSON.stringify(content)}`)
    },
    { prompt: { type: 'string' } },
  ),
  elicits(
    'test_elicitation',
    ({ message }) => ({
      message: String(message),
      requestedSchema: {
        type: 'object',
        properties: {
          username: { type: 'string', description: "User's response" },
          email: { type: 'string', description: "User's email address" },
        },
        required: ['username', 'email'],
      },
    }),
    { message: { type: 'string' } },
  ),
  elicits('test_elicitation_sep1034_defaults', () => ({
    message: 'Please check these',
    requestedSchema: {
      type: 'object',
      properties: {
        name: { type: 'string', default: 'John Doe' },
        age: { type: 'integer', default: 30 },
        score: { type: 'number', default: 95.5 },
        status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
        verified: { type: 'boolean', default: true },
      },
    },
  })),
  elicits('test_elicitation_sep1330_enums', () => ({
    message: 'Please choose',
    requestedSchema: {
      type: 'object',
      properties: {
        untitledSingle: { type: 'string', enum: ['option1', 'option2', 'option3'] },
        titledSingle: { type: 'string', oneOf: titled(['First', 'Second', 'Third'], 'Option') },
        legacyEnum: {
          type: 'string',
          enum: ['opt1', 'opt2', 'opt3'],
          enumNames: ['Option One', 'Option Two', 'Option Three'],
        },
        untitledMulti: { type: 'array', items: { type: 'string', enum: ['option1', 'option2', 'option3'] } },
        titledMulti: { type: 'array', items: { anyOf: titled(['First', 'Second', 'Third'], 'Choice') } },
      },
    },
  })),
]
