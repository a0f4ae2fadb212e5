import { OFFERED_SCOPES } from './scopes.ts'

/** A program that many people use, with what has to be known to let it in. */
export interface ClientPreset {
  readonly id: string
  readonly name: string
  readonly redirect_uri: string
  /** Further addresses it may be sent back to: those of its other versions and places. */
  readonly more_redirect_uris: readonly string[]
  readonly scopes: readonly string[]
}

const ALL = OFFERED_SCOPES.map(({ scope }) => scope)

/** What an assistant is given at first: everything but deleting for good. */
export const USEFUL_SCOPES: readonly string[] = ALL.filter((scope) => !scope.endsWith(':delete'))

const CLAUDE = ['https://claude.ai/api/mcp/auth_callback', 'https://claude.com/api/mcp/auth_callback'] as const

const onThisMachine = (
  id: string,
  name: string,
  more_redirect_uris: readonly string[] = [],
  scopes = USEFUL_SCOPES,
): ClientPreset => ({
  id,
  name,
  // Any port and any path of the machine the program runs on.
  redirect_uri: 'http://localhost',
  more_redirect_uris,
  scopes,
})

export const CLIENT_PRESETS: readonly ClientPreset[] = [
  {
    id: 'claude-web',
    name: 'Claude.ai',
    redirect_uri: CLAUDE[0],
    more_redirect_uris: CLAUDE.slice(1),
    scopes: USEFUL_SCOPES,
  },
  onThisMachine('claude-desktop', 'Claude Desktop', CLAUDE),
  onThisMachine('cursor', 'Cursor', [
    'cursor://anysphere.cursor-mcp/oauth/callback',
    'https://www.cursor.com/agents/mcp/oauth/callback',
  ]),
  onThisMachine(
    'vscode',
    'VS Code',
    ['https://vscode.dev/redirect', 'https://insiders.vscode.dev/redirect'],
    ALL.filter((scope) => scope.endsWith(':read')),
  ),
  onThisMachine('windsurf', 'Windsurf'),
  onThisMachine('zed', 'Zed'),
]
