import { type CommandResult, type Declared, table } from './command.ts'
import { lineOf } from './reading.ts'

const OF_ALL = [
  ['--json', 'Answer with one JSON document and nothing else.'],
  ['-h, --help', 'Say what the command does and takes, and do nothing.'],
] as const

/** What all commands are, or those of one group, such as `user`. */
export function overview(commands: readonly Declared[], group: string | null): CommandResult {
  return {
    json: { commands: commands.map(toldOf) },
    lines: [
      `Usage: trek ${group ?? '<command>'} …`,
      '',
      ...table(commands.map(({ name, says }) => [`  trek ${name}`, says])),
      '',
      'trek help <command> says what a command takes. With --json a command answers with one JSON document.',
      'The server may be running: it sees every change at once. Commands read the same settings: docs/configuration.md.',
    ],
  }
}

/** What one command does and takes. */
export function helpOf(command: Declared): CommandResult {
  const { says, more = [], examples = [] } = command
  return {
    json: { commands: [toldOf(command)] },
    lines: [
      lineOf(command),
      '',
      ...[says, ...more],
      '',
      ...table([
        ...takenBy(command),
        ...OF_ALL.filter(([option]) => command.name !== 'serve' || option !== '--json'),
      ]).map((line) => `  ${line}`),
      ...(examples.length ? ['', 'For example:', ...examples.map((example) => `  trek ${example}`)] : []),
    ],
  }
}

function takenBy({ operands = [], options }: Declared): [string, string][] {
  return [
    ...operands.map(({ name, says }): [string, string] => [`<${name}>`, says]),
    ...Object.entries(options).map(([name, { value, says, needed, repeated }]): [string, string] => [
      value ? `--${name} <${value}>` : `--${name}`,
      [says, needed && 'It is needed.', repeated && 'It may be given more than once.'].filter(Boolean).join(' '),
    ]),
  ]
}

const toldOf = (command: Declared) => ({
  name: command.name,
  usage: lineOf(command).slice(`trek ${command.name}`.length).trim(),
  says: command.says,
  operands: (command.operands ?? []).map(({ name, says }) => ({ name, says })),
  options: Object.entries(command.options).map(([name, { value, says, needed = false, repeated = false }]) => ({
    name,
    value: value ?? null,
    says,
    needed,
    repeated,
  })),
})

/** All commands as a page of Markdown. */
export function commandsPage(commands: readonly Declared[]): string {
  return [
    '# Commands',
    '',
    'Generated from the declarations in `src/cli` by `npm run generate`; `trek help` says the same.',
    '',
    'In a checkout write `npm run -s trek --` for `trek`, where TREK is installed `npx trek`. All commands read the same settings as the server',
    '([configuration.md](configuration.md)), and those that change something do so while it runs, where nothing else is said. With `--json` a command',
    'answers with one JSON document. It ends with 0 when it is done, with 1 when it failed or found something wrong, and with 2 when it was used',
    'wrongly; then nothing was done.',
    '',
    ...commands.flatMap(section),
  ].join('\n')
}

function section(command: Declared): string[] {
  const { name, says, more = [], examples = [] } = command
  const taken = takenBy(command)
  return [
    `## trek ${name}`,
    '',
    '```text',
    lineOf(command),
    '```',
    '',
    [says, ...more].join(' '),
    '',
    ...(taken.length ? ['| | |', '|---|---|', ...taken.map(([what, of]) => `| ${cell(what)} | ${of} |`), ''] : []),
    ...(examples.length ? ['```text', ...examples.map((example) => `trek ${example}`), '```', ''] : []),
  ]
}

const cell = (what: string): string => `\`${what.replaceAll('|', '\\|')}\``
