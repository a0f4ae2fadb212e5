import type { CallToolResult, JSONObject } from '@modelcontextprotocol/server'
import type { Fixtures } from '../../src/transports/mcp/index.ts'

export type FixtureTool = Fixtures['tools'][number]

export const textResult = (text: string): CallToolResult => ({ content: [{ type: 'text', text }] })

/** A tool that needs only its name; all its properties are required. */
export const tool = (
  name: string,
  call: FixtureTool['call'],
  properties: Record<string, JSONObject> = {},
): FixtureTool => ({
  definition: {
    name,
    description: `A fixture: ${name}.`,
    inputSchema: { type: 'object', properties, required: Object.keys(properties) },
  },
  call,
})
