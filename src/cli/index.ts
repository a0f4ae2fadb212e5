import { type ParseArgsConfig, parseArgs } from 'node:util'
import { whyNot } from '../cannot-start.ts'
import { type Config, readConfig } from '../config.ts'
import { TrekError } from '../core/declare/errors.ts'
import { nearest } from '../core/run/input.ts'
import { addonCommands } from './addons.ts'
import { backupCommands } from './backup.ts'
import { type Answer, type Command, messageOf, type Product, UsageError } from './command.ts'
import { doctorCommand } from './doctor.ts'
import { filesCommands } from './files.ts'
import { tokenCommands } from './tokens.ts'
import { userCommands } from './users.ts'

/** Opens the product on the database that the configuration names; `failed` hears of what nobody waits for. */
export type OpenProduct = (config: Config, conditions: { failed(error: unknown): void }) => Promise<Product>

interface Streams {
  readonly stdout: { write(text: string): unknown }
  readonly stderr: { write(text: string): unknown }
}

const COMMANDS: readonly Command[] = [
  ...userCommands,
  ...tokenCommands,
  ...addonCommands,
  ...backupCommands,
  ...filesCommands,
  doctorCommand,
]

/**
 * Runs one command and returns the exit code: 0 when it is done, 1 when it failed, 2 when the command line is wrong. With
 * `--json` exactly one JSON document goes to standard output, errors too.
 */
export async function runCli(
  argv: readonly string[],
  open: OpenProduct,
  { stdout, stderr }: Streams = process,
): Promise<number> {
  const asJson = argv.includes('--json')
  const words = argv.filter((word) => word !== '--json')
  const print = ({ json, lines }: Answer) => {
    stdout.write(asJson ? `${JSON.stringify(json)}\n` : `${lines.join('\n')}\n`)
  }
  try {
    if (!words.length || words.includes('--help') || words[0] === 'help') {
      print(help(words))
      return 0
    }
    const told = (what: string) => void stderr.write(`${what}\n`)
    const failed = (error: unknown) => told(messageOf(error))
    const answer = await execute(words, (config) => open(config, { failed }), told)
    print(answer)
    return answer.failed ? 1 : 0
  } catch (error) {
    const told = tell(error)
    if (asJson) stdout.write(`${JSON.stringify({ error: told })}\n`)
    else stderr.write(`${[`Error: ${told.message}`, told.hint].filter(Boolean).join('\n')}\n`)
    return error instanceof UsageError ? 2 : 1
  }
}

/** Says why the instance cannot be opened, as the start of the server does. */
const because =
  (config: Config) =>
  (error: unknown): never => {
    throw new Error(whyNot(error, config), { cause: error })
  }

async function execute(
  words: readonly string[],
  open: (config: Config) => Promise<Product>,
  told: (what: string) => void,
): Promise<Answer> {
  const command = commandOf(words)
  const { values, operands } = parsed(command, words.slice(command.name.split(' ').length))
  // Read only now, so that a bad value is told like every other error.
  const config = readConfig()
  let opened: Promise<Product> | undefined
  try {
    return await command.run(
      { config, told, product: () => (opened ??= open(config).catch(because(config))) },
      values,
      operands,
    )
  } finally {
    await (await opened?.catch(() => undefined))?.close()
  }
}

function commandOf(words: readonly string[]): Command {
  const found = COMMANDS.find(({ name }) => name.split(' ').every((word, index) => words[index] === word))
  if (found) return found
  const asked = words.filter((word) => !word.startsWith('-')).slice(0, 2)
  const near = nearest(
    asked.join(' '),
    COMMANDS.map(({ name }) => name),
  )
  throw new UsageError(
    `There is no command ${asked.join(' ')}. ${near ? `Did you mean ${near}? ` : ''}See trek --help.`,
  )
}

function parsed(command: Command, args: readonly string[]) {
  const wanted = command.operands ?? []
  try {
    const config = { args: [...args], options: command.options, allowPositionals: true, strict: true }
    const { values, positionals } = parseArgs(config satisfies ParseArgsConfig)
    if (positionals.length !== wanted.length) throw new Error(usageOf(command))
    return { values: values as Record<string, string | boolean | undefined>, operands: positionals }
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

const usageOf = ({ name, usage }: Command): string => `Usage: trek ${name} ${usage}`.trimEnd()

function help(words: readonly string[]): Answer {
  const asked = words.filter((word) => word !== '--help' && word !== 'help').join(' ')
  const commands = COMMANDS.filter(({ name }) => name.startsWith(asked))
  const shown = commands.length ? commands : COMMANDS
  return {
    json: { commands: shown.map(({ name, usage, says }) => ({ name, usage, says })) },
    lines: [
      'trek serve [--enable <add-on>] [--new-instance] [--new-key] [--without-backup]',
      '    Start the server. With --new-instance it may begin anew where an earlier instance has left its uploads or its key.',
      '    With --new-key it goes on although its encryption key is lost: everybody has to log in again, and share links end.',
      '    With --without-backup a new version of TREK makes no backup before it changes the database.',
      ...shown.flatMap((command) => [usageOf(command).replace('Usage: ', ''), `    ${command.says}`]),
      '',
      'With --json the answer is one JSON document. The server may be running: it sees every change at once.',
    ],
  }
}

function tell(error: unknown): { code: string; message: string; hint?: string } {
  if (error instanceof TrekError) return error.toJSON()
  return { code: error instanceof UsageError ? 'usage' : 'failed', message: messageOf(error) }
}
