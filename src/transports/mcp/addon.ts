import { addon } from '../../core/declare/operation.ts'

/** Assistants may come in: the whole of `/mcp` and of what authorizes it. */
export const mcpAddon = addon({
  name: 'mcp',
  title: 'MCP',
  description: 'Lets AI assistants connect to this server and work for the people who allow it.',
  default: false,
})
