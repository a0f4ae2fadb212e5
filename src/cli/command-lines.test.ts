import { expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { type Outcome, trek } from '../../test/harness/processes/command-line.ts'
import { ALL } from './commands.ts'
import { runCli } from './index.ts'
import { read } from './reading.ts'

/** How command lines are read: errors, options and help. */

/** The command line without a process of its own, for commands that must not open anything. */
async function typed(...argv: string[]): Promise<Outcome> {
  const output = { stdout: '', stderr: '' }
  const stream = (name: 'stdout' | 'stderr') => ({ write: (text: string) => void (output[name] += text) })
  const open = () => Promise.reject(new Error('The product was opened'))
  const code = await runCli(argv, open, { stdout: stream('stdout'), stderr: stream('stderr') })
  return { code, ...output }
}

const COMMAND_LINES: readonly [words: string[], says: string][] = [
  [['user', 'creat'], 'There is no command user creat. Did you mean trek user create?'],
  [['user'], 'There are trek user create, trek user list and trek user set-password.'],
  [['files'], 'There is trek files move.'],
  [['users'], 'Did you mean trek user?'],
  [['bakup', '/mnt/'], 'There is no command bakup. Did you mean trek backup?'],
  [['help', 'bake'], 'There is no command bake. See trek --help.'],
  [['--colour'], 'There is no option --colour. See trek --help.'],
  [['user', 'create', '--username', 'x'], '--email is required'],
  [['user', 'create', '--colour', 'red'], 'There is no option --colour. trek user create takes --username, --email,'],
  [['user', 'create', '--usernam', 'x'], 'There is no option --usernam. Did you mean --username?'],
  [['user', 'create', '-u', 'x'], 'There is no option -u.'],
  [['user', 'create', '--username', 'a', '--username', 'b2'], '--username was given more than once. Give it once.'],
  [['user', 'create', '--admin', '--admin'], '--admin was given more than once'],
  [['user', 'create', '--admin=yes'], '--admin takes no value'],
  [['user', 'create', '--username'], '--username needs a value: --username <name>.'],
  [['user', 'create', '--username='], '--username needs a value: --username <name>.'],
  [['user', 'create', '--username', '--admin'], '"--admin" looks like an option'],
  [['backup', './', '--keep', '-XYZ'], 'If it is the value, write --keep="-XYZ".'],
  [['backup', './', '--keep=-3'], '--keep is "-3", but must be a whole number from 1.'],
  [['backup'], '<to> is missing. Usage: trek backup <to> [--without-files] [--keep <count>]'],
  [['backup', ''], '<to> is empty'],
  [['backup', 'verify'], 'verify is the name of a command, but trek backup needs a place. See trek verify --help. For'],
  [['backup', 'help'], 'See trek help backup. For'],
  [['move', '--to', 'mysql'], '--to must be an address like postgres://user:password@host:5432/trek, or sqlite.'],
  [['token', 'create', '--user', 'ana'], '--name is required'],
  [['token', 'revoke'], 'Usage: trek token revoke <id>'],
  [['token', 'revoke', '1', '2'], 'Unexpected argument "2". Usage: trek token revoke <id>'],
  [['token', 'revoke', 'abc'], 'abc is not the id of a token'],
  [['version', 'please'], 'Unexpected argument "please". Usage: trek version'],
  [['bake'], 'There is no command bake'],
]

test.each(COMMAND_LINES)(
  'the wrong command line %s gets a message that names the mistake',
  async (words, expectedText) => {
    const output = await typed(...words)
    expect(output).toMatchObject({ code: 2, stdout: '' })
    expect(output.stderr).toContain(expectedText)
    const json = await typed(...words, '--json')
    expect(json).toMatchObject({ code: 2, stderr: '' })
    expect(JSON.parse(json.stdout)).toEqual({
      error: { code: 'usage', message: expect.stringContaining(expectedText) },
    })
  },
)

test('no command accepts an additional argument or an undeclared option', async () => {
  for (const { name, operands = [] } of ALL.filter((one) => one.name !== 'serve')) {
    const words = [...name.split(' '), ...operands.map(() => './1')]
    const { code, stderr } = await typed(...words, '--colour')
    expect([name, code, stderr]).toEqual([name, 2, expect.stringContaining('There is no option --colour.')])
    const more = await typed(...words, 'more')
    expect([name, more.code, more.stderr]).toEqual([
      name,
      2,
      expect.stringContaining('Unexpected argument "more". Usage: trek'),
    ])
  }
})

test('the server refuses a wrong option in the same words', async () => {
  expect(await trek({}, 'serve', '--new-kee')).toEqual({
    code: 2,
    stdout: '',
    stderr: `TREK cannot start. There is no option --new-kee. Did you mean --new-key? trek serve takes --enable, --new-instance, --new-key and --without-backup.\n`,
  })
})

test.each([[[]], [['-h']], [['--help']], [['help']]])('%s lists every command', async (words: string[]) => {
  const { code, stdout } = await typed(...words)
  expect(code).toBe(0)
  for (const { name, says: summary } of ALL) expect(stdout).toMatch(new RegExp(`^  trek ${name} +${summary}$`, 'm'))
})

test('help on a command describes the command, its arguments and its options, and no others', async () => {
  for (const { name, says: summary, options, operands = [], examples = [] } of ALL) {
    const { code, stdout, stderr } = await typed(...name.split(' '), '--help')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const expected = [
      summary,
      ...operands.map((one) => `  <${one.name}> `),
      ...Object.keys(options).map((one) => `  --${one} `),
    ]
    for (const text of [...expected, ...examples]) expect(stdout).toContain(text)
    expect(stdout.startsWith(`trek ${name}`)).toBe(true)
    for (const words of [
      ['help', ...name.split(' ')],
      [...name.split(' '), '-h'],
    ]) {
      expect((await typed(...words)).stdout).toBe(stdout)
    }
  }
  expect((await trek({}, 'serve', '-h')).stdout).toBe((await typed('help', 'serve')).stdout)
  const group = (await typed('token', '--help')).stdout
  expect(group).toContain('trek token create')
  expect(group).not.toContain('trek user')
})

test('every example is a valid command line', () => {
  for (const command of ALL) {
    for (const example of command.examples ?? []) {
      const words = (example.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ''))
      expect(words.slice(0, command.name.split(' ').length).join(' ')).toBe(command.name)
      read(command, words.slice(command.name.split(' ').length))
    }
  }
})

test.each(['version', '--version'])('%s prints the version, whatever the settings', async (word) => {
  expect(await trek({ PORT: 'abc' }, word)).toEqual({ code: 0, stdout: `TREK ${packageJson.version}\n`, stderr: '' })
  expect(JSON.parse((await typed(word, '--json')).stdout)).toEqual({ version: packageJson.version })
})
