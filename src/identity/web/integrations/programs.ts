/**
 * How to connect each program to this server: where to click and what to paste. The forms follow the makers'
 * documentation; nothing here calls the server.
 */

export const PROGRAMS = [
  { id: 'claude-web', name: 'Claude.ai' },
  { id: 'claude-desktop', name: 'Claude Desktop' },
  { id: 'claude-code', name: 'Claude Code' },
  { id: 'chatgpt', name: 'ChatGPT' },
  { id: 'cursor', name: 'Cursor' },
  { id: 'vscode', name: 'VS Code' },
  { id: 'windsurf', name: 'Windsurf' },
  { id: 'zed', name: 'Zed' },
  { id: 'other', name: null },
] as const

export type ProgramId = (typeof PROGRAMS)[number]['id']

/** The credentials of a previously added client. */
export interface Credentials {
  readonly client_id: string
  readonly client_secret: string
}

export interface Snippet {
  /** The file it belongs in; null for a command or URL. */
  readonly file: string | null
  readonly text: string
}

interface Step {
  /** What to do: the last part of a text key. */
  readonly says: string
  readonly snippet?: Snippet
}

export interface Recipe {
  /** Whether the program calls from its maker's servers, which reach only public https URLs. */
  readonly cloud: boolean
  readonly steps: readonly Step[]
  /** Opens the program with everything filled in. */
  readonly link: string | null
}

/** The name of this server in programs' lists. */
const NAME = 'trek'

const json = (value: unknown): string => JSON.stringify(value, null, 2)
const inFile = (file: string, value: unknown): Snippet => ({ file, text: json(value) })
const command = (text: string): Snippet => ({ file: null, text })

/** A cloud program needs no file: click and paste the URL. */
const inTheCloud = (id: 'claude' | 'chatgpt', url: string, credentials: boolean): Recipe => ({
  cloud: true,
  link: null,
  steps: [
    { says: `${id}Open` },
    { says: `${id}Add`, snippet: command(url) },
    ...(credentials ? [{ says: `${id}Credentials` }] : []),
    { says: 'sayYes' },
  ],
})

/** The shell inserts the value, so the secret is not in the process list, which everyone on a machine can see. */
const SECRET = 'TREK_CLIENT_SECRET'

function bridgeArguments(url: string, client: Credentials | null, more: readonly string[] = []): string[] {
  const { protocol, hostname } = new URL(url)
  const isPlain = protocol === 'http:' && hostname !== 'localhost' && hostname !== '127.0.0.1'
  const who = client && JSON.stringify({ client_id: client.client_id, client_secret: `\${${SECRET}}` })
  return [
    '-y',
    'mcp-remote@latest',
    url,
    ...(isPlain ? ['--allow-http'] : []),
    ...more,
    ...(who ? ['--static-oauth-client-info', who] : []),
  ]
}

/** mcp-remote, a bridge on the person's machine for programs that cannot connect themselves. */
const bridge = (url: string, client: Credentials | null, more?: readonly string[]) => ({
  command: 'npx',
  args: bridgeArguments(url, client, more),
  ...(client && { env: { [SECRET]: client.client_secret } }),
})

function bridgeCommand(url: string, client: Credentials | null, more?: readonly string[]): string {
  const words = ['npx', ...bridgeArguments(url, client, more)].map((word) => (/["$ ]/.test(word) ? `'${word}'` : word))
  return [...(client ? [`${SECRET}=${client.client_secret}`] : []), ...words].join(' ')
}

const base64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)))

type Cook = (url: string, client: Credentials | null) => Recipe

const COOKS: Record<ProgramId, Cook> = {
  'claude-web': (url, client) => inTheCloud('claude', url, client !== null),

  'claude-desktop': (url, client) => ({
    cloud: false,
    link: null,
    steps: [
      {
        says: 'desktopFile',
        snippet: inFile('claude_desktop_config.json', { mcpServers: { [NAME]: bridge(url, client) } }),
      },
      { says: 'desktopRestart' },
    ],
  }),

  'claude-code': (url, client) => ({
    cloud: false,
    link: null,
    steps: [
      {
        says: client ? 'codeSecret' : 'codeAdd',
        snippet: command(
          client
            ? `claude mcp add --transport http --client-id ${client.client_id} --client-secret --callback-port 8976 ${NAME} ${url}`
            : `claude mcp add --transport http ${NAME} ${url}`,
        ),
      },
      { says: 'codeLogIn' },
    ],
  }),

  chatgpt: (url, client) => inTheCloud('chatgpt', url, client !== null),

  cursor: (url, client) => {
    const auth = client && { CLIENT_ID: client.client_id, CLIENT_SECRET: client.client_secret }
    const config = { url, ...(auth && { auth }) }
    return {
      cloud: false,
      link: auth
        ? null
        : `cursor://anysphere.cursor-deeplink/mcp/install?name=${NAME}&config=${encodeURIComponent(base64(JSON.stringify(config)))}`,
      steps: [
        {
          says: auth ? 'cursorSecretFile' : 'cursorFile',
          snippet: inFile('~/.cursor/mcp.json', { mcpServers: { [NAME]: config } }),
        },
        { says: 'cursorLogIn' },
      ],
    }
  },

  vscode: (url, client) => {
    // Its own form has no field for a secret.
    const config = client ? { type: 'stdio', ...bridge(url, client) } : { type: 'http', url }
    const entry = JSON.stringify({ name: NAME, ...config })
    return {
      cloud: false,
      link: client ? null : `vscode:mcp/install?${encodeURIComponent(entry)}`,
      steps: [
        {
          says: client ? 'vscodeSecretFile' : 'vscodeFile',
          snippet: inFile('.vscode/mcp.json', { servers: { [NAME]: config } }),
        },
        ...(client ? [] : [{ says: 'vscodeCommand', snippet: command(`code --add-mcp '${entry}'`) }]),
        { says: 'vscodeLogIn' },
      ],
    }
  },

  windsurf: (url, client) => ({
    cloud: false,
    link: null,
    steps: [
      {
        says: 'devinFile',
        snippet: inFile('~/.config/devin/mcp_config.json', {
          mcpServers: { [NAME]: client ? bridge(url, client) : { url } },
        }),
      },
      {
        says: 'windsurfFile',
        snippet: inFile('~/.codeium/windsurf/mcp_config.json', {
          mcpServers: { [NAME]: client ? bridge(url, client) : { serverUrl: url } },
        }),
      },
      { says: 'windsurfLogIn' },
    ],
  }),

  zed: (url, client) => {
    const oauth = client && { client_id: client.client_id, client_secret: client.client_secret }
    return {
      cloud: false,
      link: null,
      steps: [
        {
          says: 'zedFile',
          snippet: inFile('settings.json', { context_servers: { [NAME]: { url, ...(oauth && { oauth }) } } }),
        },
        { says: 'zedLogIn' },
      ],
    }
  },

  other: (url, client) => ({
    cloud: false,
    link: null,
    steps: client
      ? [
          { says: 'otherBridge', snippet: command(bridgeCommand(url, client)) },
          {
            says: 'otherBridgeFile',
            snippet: inFile('mcp.json', { mcpServers: { [NAME]: bridge(url, client) } }),
          },
        ]
      : [
          { says: 'otherAddress', snippet: command(url) },
          {
            says: 'otherFile',
            snippet: inFile('mcp.json', { mcpServers: { [NAME]: { type: 'http', url } } }),
          },
          { says: 'otherBridge', snippet: command(bridgeCommand(url, null)) },
        ],
  }),
}

/** How to connect a program to this URL; with credentials, as the client that was added for it. */
export const recipeFor = (program: ProgramId, url: string, client: Credentials | null = null): Recipe =>
  COOKS[program](url, client)

/** The token endpoint for this URL of `/mcp`. */
export const tokenEndpointOf = (url: string): string => new URL('oauth/token', url).href

/** How a client without a browser gets and uses a token. */
export const machineRecipe = (url: string, client: Credentials): Recipe => ({
  cloud: false,
  link: null,
  steps: [
    {
      says: 'machineToken',
      snippet: command(
        [
          `curl ${tokenEndpointOf(url)}`,
          '-d grant_type=client_credentials',
          `-d client_id=${client.client_id}`,
          `-d client_secret=${client.client_secret}`,
        ].join(' \\\n  '),
      ),
    },
    {
      says: 'machineBridge',
      snippet: inFile('mcp.json', { mcpServers: { [NAME]: bridge(url, client, ['--client-credentials']) } }),
    },
  ],
})
