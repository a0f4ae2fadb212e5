import { addon } from '../../core/declare/operation.ts'

/** Allows assistants: all of `/mcp` and its authorization. */
export const mcpAddon = addon({
  name: 'mcp',
  title: 'MCP',
  description: 'Lets AI assistants connect to this server and work for the people who allow it.',
  default: false,
})
