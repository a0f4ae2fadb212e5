import { SCOPES } from '../scopes.ts'

/** A program that many people use, with what has to be known to let it in. */
export interface ClientPreset {
  readonly id: string
  readonly name: string
  readonly redirect_uri: string
  readonly scopes: readonly string[]
}

const ALL = SCOPES.map(({ scope }) => scope)

/** What an assistant is given at first: everything but deleting for good. */
export const USEFUL_SCOPES: readonly string[] = ALL.filter((scope) => !scope.endsWith(':delete'))

const onThisMachine = (id: string, name: string, scopes = USEFUL_SCOPES): ClientPreset => ({
  id,
  name,
  // Any port and any path of the machine the program runs on.
  redirect_uri: 'http://localhost',
  scopes,
})

export const CLIENT_PRESETS: readonly ClientPreset[] = [
  {
    id: 'claude-web',
    name: 'Claude.ai',
    redirect_uri: 'https://claude.ai/api/mcp/auth_callback',
    scopes: USEFUL_SCOPES,
  },
  onThisMachine('claude-desktop', 'Claude Desktop'),
  onThisMachine('cursor', 'Cursor'),
  onThisMachine(
    'vscode',
    'VS Code',
    ALL.filter((scope) => scope.endsWith(':read')),
  ),
  onThisMachine('windsurf', 'Windsurf'),
  onThisMachine('zed', 'Zed'),
]
