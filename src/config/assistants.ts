import { flag, wholeNumber } from './values.ts'
import { variable } from './variable.ts'

/** What assistants and other programs can do. */
export const ASSISTANTS = {
  MCP_RATE_LIMIT: variable({
    ...wholeNumber(1, 1_000_000),
    default: '300',
    description:
      'How many MCP requests per minute each pair of user and client can make, across all servers of an instance. All static tokens of a user count as one client.',
  }),
  MCP_MAX_SESSION_PER_USER: variable({
    ...wholeNumber(1, 10_000),
    default: '20',
    description:
      'How many MCP sessions of a user are active. Beyond that, the session idle longest sleeps until its client comes back.',
  }),
  MCP_SESSION_TTL: variable({
    ...wholeNumber(1, 31_536_000, 'a whole number of seconds'),
    default: '3600',
    description: 'The idle seconds after which an MCP session sleeps until its client comes back.',
  }),
  MCP_SSE_KEEPALIVE: variable({
    ...wholeNumber(1, 3600, 'a whole number of seconds'),
    default: '25',
    description: 'The interval between keep-alive messages on an open MCP stream, in seconds.',
  }),
  ALLOW_HTTP_REDIRECTS: variable({
    type: flag,
    default: 'true',
    allowed: 'true or false',
    description:
      'Whether assistants on a private network (n8n, LibreChat, Open WebUI and the like) can have an http redirect address. The consent page warns the person and asks each time, since anybody who listens on that network can read the answer. Programs on the person’s own machine are not affected.',
  }),
}
