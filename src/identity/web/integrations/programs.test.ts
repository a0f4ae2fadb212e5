import { expect, test } from 'vitest'
import en from '../../../../locales/en/identity.json' with { type: 'json' }
import { machineRecipe, PROGRAMS, type Recipe, recipeFor, tokenEndpointOf } from './programs.ts'
import { reachOf } from './reach.ts'

const URL_OF = 'https://trek.example.org/mcp'
const CLIENT = { client_id: 'c1', client_secret: 'trekcs_5ec7e7' }

const byId = (client: typeof CLIENT | null) =>
  Object.fromEntries(PROGRAMS.map(({ id }) => [id, recipeFor(id, URL_OF, client)])) as Record<string, Recipe>
const [plainPrograms, registeredPrograms] = [byId(null), byId(CLIENT)]
const machine = machineRecipe(URL_OF, CLIENT)

const snippets = ({ steps }: Recipe) => steps.flatMap(({ snippet }) => snippet ?? [])
const allPrograms = [...Object.values(plainPrograms), ...Object.values(registeredPrograms), machine]

test('each step has a text, and each text a step', () => {
  const used = new Set(allPrograms.flatMap(({ steps }) => steps.map(({ says }) => says)))
  expect([...used].sort()).toEqual(Object.keys(en.settings.steps).sort())
})

test('the instructions of each program contain the address, and every file is valid JSON', () => {
  for (const recipe of allPrograms) {
    const texts = snippets(recipe)
    expect(texts.some(({ text }) => text.includes(URL_OF))).toBe(true)
    for (const { file, text } of texts) if (file) expect(JSON.parse(text)).toBeTypeOf('object')
  }
})

/** The one entry of the first file of a recipe. */
const entryOf = (recipe: Recipe | undefined) => {
  const file = recipe && snippets(recipe).find((one) => one.file)
  const [servers] = Object.values(JSON.parse(file?.text ?? '{}')) as { trek: unknown }[]
  return servers?.trek
}

test('the entries have the format that each program reads', () => {
  expect(entryOf(plainPrograms.cursor)).toEqual({ url: URL_OF })
  expect(entryOf(plainPrograms.vscode)).toEqual({ type: 'http', url: URL_OF })
  expect(entryOf(plainPrograms.windsurf)).toEqual({ url: URL_OF })
  expect(snippets(plainPrograms.windsurf as Recipe)[1]?.text).toContain(`"serverUrl": "${URL_OF}"`)
  expect(entryOf(plainPrograms.zed)).toEqual({ url: URL_OF })
  expect(entryOf(plainPrograms['claude-desktop'])).toEqual({
    command: 'npx',
    args: ['-y', 'mcp-remote@latest', URL_OF],
  })
  expect(entryOf(registeredPrograms.cursor)).toMatchObject({
    auth: { CLIENT_ID: 'c1', CLIENT_SECRET: CLIENT.client_secret },
  })
  expect(entryOf(registeredPrograms.zed)).toMatchObject({ oauth: CLIENT })
  expect(snippets(plainPrograms['claude-code'] as Recipe)[0]?.text).toBe(
    `claude mcp add --transport http trek ${URL_OF}`,
  )
})

test('links open a program with the same configuration', () => {
  const cursor = new URL(plainPrograms.cursor?.link ?? '')
  expect(JSON.parse(atob(cursor.searchParams.get('config') ?? ''))).toEqual({ url: URL_OF })
  const vscode = decodeURIComponent(plainPrograms.vscode?.link?.split('?')[1] ?? '')
  expect(JSON.parse(vscode)).toEqual({ name: 'trek', type: 'http', url: URL_OF })
  expect([registeredPrograms.cursor?.link, registeredPrograms.vscode?.link]).toEqual([null, null])
})

test('a secret is never an argument of a started process, where every user of the machine could see it', () => {
  const entries = [...Object.values(registeredPrograms), machine].map(entryOf) as { args?: string[]; env?: object }[]
  const started = entries.filter((entry) => entry?.args)
  expect(started).toHaveLength(5)
  for (const { args = [], env } of started) {
    expect(args.join(' ')).not.toContain(CLIENT.client_secret)
    expect(JSON.parse(args.at(-1) ?? '')).toEqual({ client_id: 'c1', client_secret: `\${TREK_CLIENT_SECRET}` })
    expect(env).toEqual({ TREK_CLIENT_SECRET: CLIENT.client_secret })
  }
})

test('an unencrypted address must be allowed explicitly for the bridge', () => {
  const args = (url: string) => snippets(recipeFor('other', url)).at(-1)?.text
  expect(args('http://192.168.1.5:3000/mcp')).toMatch(/ --allow-http$/)
  expect(args('http://localhost:3000/mcp')).not.toMatch(/allow-http/)
})

test('the token endpoint is next to the address, under any path', () => {
  expect(tokenEndpointOf(URL_OF)).toBe('https://trek.example.org/oauth/token')
  expect(tokenEndpointOf('https://example.org/trek/mcp')).toBe('https://example.org/trek/oauth/token')
})

test.each([
  ['https://trek.example.org/mcp', 'world'],
  ['https://203.0.113.7/mcp', 'world'],
  ['https://[2001:db8::1]/mcp', 'world'],
  ['http://trek.example.org/mcp', 'plain'],
  ['http://localhost:3000/mcp', 'machine'],
  ['https://127.0.0.1/mcp', 'machine'],
  ['http://[::1]:3000/mcp', 'machine'],
  ['https://trek.local/mcp', 'private'],
  ['https://trek/mcp', 'private'],
  ['https://192.168.1.20/mcp', 'private'],
  ['https://172.31.0.1/mcp', 'private'],
  ['https://172.32.0.1/mcp', 'world'],
  ['https://100.100.1.1/mcp', 'private'],
  ['https://[fd00::1]/mcp', 'private'],
])('%s has the reach "%s"', (address, reach) => {
  expect(reachOf(address)).toBe(reach)
})
