import type { Message } from '../../../core/declare/message.ts'
import { client } from './messages.ts'

/** The programs whose connections are replayed, by our own names. */
export type ClientId = 'claude' | 'chatgpt' | 'claude-code' | 'cursor' | 'vscode' | 'mcp-remote' | 'inspector' | 'app'

interface KnownClient {
  readonly id: ClientId
  readonly name: Message
  /**
   * Where its requests come from: its maker's cloud, the user's machine, a page of another site in a browser, or the
   * app of this server.
   */
  readonly place: 'cloud' | 'machine' | 'page' | 'app'
  /** Its metadata at registration (RFC 7591). */
  readonly registers?: Readonly<Record<string, unknown>>
}

const CODE = { grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'] }

export const CLIENTS: readonly KnownClient[] = [
  {
    id: 'claude',
    name: client.claude(),
    place: 'cloud',
    registers: {
      ...CODE,
      redirect_uris: ['https://claude.ai/api/mcp/auth_callback'],
      token_endpoint_auth_method: 'client_secret_post',
    },
  },
  {
    id: 'chatgpt',
    name: client.chatgpt(),
    place: 'cloud',
    registers: {
      ...CODE,
      redirect_uris: ['https://chatgpt.com/connector_platform_oauth_redirect'],
      token_endpoint_auth_method: 'none',
    },
  },
  {
    id: 'claude-code',
    name: client.claudeCode(),
    place: 'machine',
    registers: {
      ...CODE,
      redirect_uris: ['http://localhost:3118/callback'],
      token_endpoint_auth_method: 'none',
      application_type: 'native',
    },
  },
  {
    id: 'cursor',
    name: client.cursor(),
    place: 'machine',
    registers: {
      ...CODE,
      // A server cannot use one of the three, and must not refuse the others because of it.
      redirect_uris: [
        'cursor://anysphere.cursor-mcp/oauth/callback',
        'http://www.cursor.com/agents/mcp/oauth/callback',
        'http://localhost:8787/callback',
      ],
      token_endpoint_auth_method: 'none',
    },
  },
  {
    id: 'vscode',
    name: client.vsCode(),
    place: 'machine',
    registers: {
      ...CODE,
      redirect_uris: [
        'https://insiders.vscode.dev/redirect',
        'https://vscode.dev/redirect',
        'http://127.0.0.1/',
        'http://127.0.0.1:33418/',
      ],
      token_endpoint_auth_method: 'none',
      application_type: 'native',
    },
  },
  {
    id: 'mcp-remote',
    name: client.mcpRemote(),
    place: 'machine',
    registers: {
      ...CODE,
      redirect_uris: ['http://localhost:3334/oauth/callback'],
      token_endpoint_auth_method: 'none',
    },
  },
  { id: 'inspector', name: client.inspector(), place: 'page' },
  { id: 'app', name: client.app(), place: 'app' },
]

const chosen = (...places: KnownClient['place'][]): ClientId[] =>
  CLIENTS.filter(({ place }) => places.includes(place)).map(({ id }) => id)

export const EVERYBODY = chosen('cloud', 'machine', 'page', 'app')
export const ASSISTANTS = chosen('cloud', 'machine', 'page')
export const FROM_THE_CLOUD = chosen('cloud')
export const IN_PAGES = chosen('page')
export const THE_APP = chosen('app')

export const namesOf = (ids: readonly ClientId[]): Message[] =>
  CLIENTS.filter(({ id }) => ids.includes(id)).map(({ name }) => name)
