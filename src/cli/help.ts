import { type CommandResult, type Declared, table } from './command.ts'
import { lineOf } from './reading.ts'

const OF_ALL = [
  ['--json', 'Print one JSON document and nothing else.'],
  ['-h, --help', 'Show help for the command, and do nothing else.'],
] as const

/** Help on all commands, or on one group, such as `user`. */
export function overview(commands: readonly Declared[], group: string | null): CommandResult {
  return {
    json: { commands: commands.map(documentOf) },
    lines: [
      `Usage: trek ${group ?? '<command>'} …`,
      '',
      ...table(commands.map(({ name, says }) => [`  trek ${name}`, says])),
      '',
      'trek help <command> describes a command. With --json a command prints one JSON document.',
      'The server can keep running: it sees every change at once. Commands read the same settings: docs/configuration.md.',
    ],
  }
}

/** Help on one command. */
export function helpOf(command: Declared): CommandResult {
  const { says, more = [], examples = [] } = command
  return {
    json: { commands: [documentOf(command)] },
    lines: [
      lineOf(command),
      '',
      ...[says, ...more],
      '',
      ...table([
        ...argumentsOf(command),
        ...OF_ALL.filter(([option]) => command.name !== 'serve' || option !== '--json'),
      ]).map((line) => `  ${line}`),
      ...(examples.length ? ['', 'For example:', ...examples.map((example) => `  trek ${example}`)] : []),
    ],
  }
}

function argumentsOf({ operands = [], options }: Declared): [string, string][] {
  return [
    ...operands.map(({ name, says }): [string, string] => [`<${name}>`, says]),
    ...Object.entries(options).map(([name, { value, says, needed, repeated }]): [string, string] => [
      value ? `--${name} <${value}>` : `--${name}`,
      [says, needed && 'Required.', repeated && 'Can be given more than once.'].filter(Boolean).join(' '),
    ]),
  ]
}

const documentOf = (command: Declared) => ({
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
    'Generated from the declarations in `src/cli` by `npm run generate`; `trek help` shows the same.',
    '',
    'In a checkout write `npm run -s trek --` for `trek`; where TREK is installed, `npx trek`. All commands read the same settings as the server',
    '([configuration.md](configuration.md)). Commands that change something work while the server runs, unless their description says otherwise. With',
    '`--json` a command prints one JSON document. The exit code is 0 on success, 1 when the command failed or found a problem, and 2 when the',
    'command line is wrong; then nothing was done.',
    '',
    ...commands.flatMap(section),
  ].join('\n')
}

function section(command: Declared): string[] {
  const { name, says, more = [], examples = [] } = command
  const rows = argumentsOf(command)
  return [
    `## trek ${name}`,
    '',
    '```text',
    lineOf(command),
    '```',
    '',
    [says, ...more].join(' '),
    '',
    ...(rows.length ? ['| | |', '|---|---|', ...rows.map(([what, of]) => `| ${cell(what)} | ${of} |`), ''] : []),
    ...(examples.length ? ['```text', ...examples.map((example) => `trek ${example}`), '```', ''] : []),
  ]
}

const cell = (what: string): string => `\`${what.replaceAll('|', '\\|')}\``
