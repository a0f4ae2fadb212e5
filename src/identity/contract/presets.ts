import { OFFERED_SCOPES } from './scopes.ts'

/** A widely used program, with the data needed to connect it. */
export interface ClientPreset {
  readonly id: string
  readonly name: string
  readonly redirect_uri: string
  /** Redirect addresses of its other versions and hosts. */
  readonly more_redirect_uris: readonly string[]
  readonly scopes: readonly string[]
}

const ALL = OFFERED_SCOPES.map(({ scope }) => scope)

/** The default scopes of an assistant: everything except permanent deletion. */
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
  // Any port and path on the program's own machine.
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
