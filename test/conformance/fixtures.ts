import { setTimeout as after } from 'node:timers/promises'
import type { CallToolResult, GetPromptResult } from '@modelcontextprotocol/server'
import type { Fixtures } from '../../src/transports/mcp/index.ts'
import { askingPrompt, inAnswers, onStreams } from './asking.ts'
import { type FixtureTool, textResult, tool } from './tool.ts'

/** The tools, prompts and resources that the conformance suite expects on a server. */

/** One red pixel. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=='

/** A very short silence. */
const WAV = 'UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAAAAA=='

const answers = (name: string, result: CallToolResult): FixtureTool => tool(name, async () => result)

const image = { type: 'image', data: PNG, mimeType: 'image/png' } as const

const talkative = (name: string): FixtureTool =>
  tool(name, async (_input, { server }) => {
    await server.mcpReq.log('info', 'Tool execution started')
    await after(50)
    await server.mcpReq.log('info', 'Tool processing data')
    await after(50)
    await server.mcpReq.log('info', 'Tool execution completed')
    return textResult('The tool has logged three times')
  })

const trigger = (name: string): FixtureTool =>
  tool(name, async (_input, { listsChanged }) => {
    listsChanged()
    return textResult('Everybody who listens has been told')
  })

const plainTools: readonly FixtureTool[] = [
  answers('test_simple_text', textResult('This is a simple text response for testing.')),
  answers('test_image_content', { content: [image] }),
  answers('test_audio_content', { content: [{ type: 'audio', data: WAV, mimeType: 'audio/wav' }] }),
  answers('test_embedded_resource', {
    content: [
      {
        type: 'resource',
        resource: {
          uri: 'test://embedded-resource',
          mimeType: 'text/plain',
          text: 'This is an embedded resource content.',
        },
      },
    ],
  }),
  answers('test_multiple_content_types', {
    content: [
      { type: 'text', text: 'Multiple content types test:' },
      image,
      {
        type: 'resource',
        resource: {
          uri: 'test://mixed-content-resource',
          mimeType: 'application/json',
          text: '{"test":"data","value":123}',
        },
      },
    ],
  }),
  answers('test_error_handling', {
    ...textResult('This tool intentionally returns an error for testing'),
    isError: true,
  }),
  talkative('test_tool_with_logging'),
  talkative('test_logging_tool'),
  tool('test_tool_with_progress', async (_input, { server }) => {
    const progressToken = server.mcpReq._meta?.progressToken
    for (const progress of [0, 50, 100]) {
      if (progress) await after(50)
      if (progressToken === undefined) continue
      const params = { progressToken, progress, total: 100 }
      await server.mcpReq.notify({ method: 'notifications/progress', params })
    }
    return textResult('The tool has come to its end')
  }),
  trigger('test_trigger_tool_change'),
  trigger('test_trigger_prompt_change'),
]

const spoken = (...content: GetPromptResult['messages'][number]['content'][]): GetPromptResult => ({
  messages: content.map((one) => ({ role: 'user', content: one })),
})

const prompts: Fixtures['prompts'] = [
  {
    definition: { name: 'test_simple_prompt', description: 'A simple prompt.' },
    get: async () => spoken({ type: 'text', text: 'This is a simple prompt for testing.' }),
  },
  {
    definition: {
      name: 'test_prompt_with_arguments',
      description: 'A prompt with two arguments.',
      arguments: [
        { name: 'arg1', description: 'First test argument', required: true },
        { name: 'arg2', description: 'Second test argument', required: true },
      ],
    },
    get: async ({ arg1, arg2 }) =>
      spoken({ type: 'text', text: `Prompt with arguments: arg1='${arg1}', arg2='${arg2}'` }),
  },
  {
    definition: {
      name: 'test_prompt_with_embedded_resource',
      description: 'A prompt that holds a resource.',
      arguments: [{ name: 'resourceUri', description: 'URI of the resource to embed', required: true }],
    },
    get: async ({ resourceUri = '' }) =>
      spoken(
        {
          type: 'resource',
          resource: { uri: resourceUri, mimeType: 'text/plain', text: 'Embedded resource content for testing.' },
        },
        { type: 'text', text: 'Please process the embedded resource above.' },
      ),
  },
  {
    definition: { name: 'test_prompt_with_image', description: 'A prompt that holds an image.' },
    get: async () => spoken(image, { type: 'text', text: 'Please analyze the image above.' }),
  },
  askingPrompt,
]

const TEMPLATE = /^test:\/\/template\/([^/]+)\/data$/

export const fixtures: Fixtures = {
  tools: [...plainTools, ...inAnswers, ...onStreams],
  prompts,
  resources: [
    { uri: 'test://static-text', name: 'static-text', description: 'A text.', mimeType: 'text/plain' },
    { uri: 'test://static-binary', name: 'static-binary', description: 'An image.', mimeType: 'image/png' },
    { uri: 'test://watched-resource', name: 'watched', description: 'A text to follow.', mimeType: 'text/plain' },
  ],
  templates: [
    {
      uriTemplate: 'test://template/{id}/data',
      name: 'template',
      description: 'A resource with a variable.',
      mimeType: 'application/json',
    },
  ],
  read(uri) {
    if (uri === 'test://static-text') {
      const text = 'This is the content of the static text resource.'
      return { contents: [{ uri, mimeType: 'text/plain', text }] }
    }
    if (uri === 'test://watched-resource') return { contents: [{ uri, mimeType: 'text/plain', text: 'Watched.' }] }
    if (uri === 'test://static-binary') return { contents: [{ uri, mimeType: 'image/png', blob: PNG }] }
    const id = TEMPLATE.exec(uri)?.[1]
    if (id === undefined) return null
    const text = JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` })
    return { contents: [{ uri, mimeType: 'application/json', text }] }
  },
  complete: (argument, typed) =>
    argument === 'arg1'
      ? { completion: { values: ['paris', 'park', 'party'].filter((value) => value.startsWith(typed)) } }
      : null,
}
