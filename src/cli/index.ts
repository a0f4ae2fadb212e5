import { type ParseArgsConfig, parseArgs } from 'node:util'
import type { Config } from '../config.ts'
import { TrekError } from '../core/errors.ts'
import { nearest } from '../core/input.ts'
import { addonCommands } from './addons.ts'
import { type Answer, type CliParts, type Command, UsageError } from './command.ts'
import { doctorCommand } from './doctor.ts'
import { tokenCommands } from './tokens.ts'
import { userCommands } from './users.ts'

export type { CliParts } from './command.ts'

export interface CliOptions {
  /** Read only when a command needs it, so that a bad value is told like every other error. */
  config(): Config
  openParts(config: Config): Promise<CliParts>
  readonly stdout: { write(text: string): unknown }
  readonly stderr: { write(text: string): unknown }
}

const COMMANDS: readonly Command[] = [...userCommands, ...tokenCommands, ...addonCommands, doctorCommand]

/** Whether these arguments are for `runCli`; everything else is the server's. */
export const isCliCommand = (argv: readonly string[]): boolean => argv[0] !== undefined && argv[0] !== 'serve'

/**
 * Runs one command and returns the exit code: 0 when it is done, 1 when it failed, 2 when the command line is wrong. With
 * `--json` exactly one JSON document goes to standard output, errors too.
 */
export async function runCli(argv: readonly string[], options: CliOptions): Promise<number> {
  const asJson = argv.includes('--json')
  const words = argv.filter((word) => word !== '--json')
  const print = ({ json, lines }: Answer) => {
    options.stdout.write(asJson ? `${JSON.stringify(json)}\n` : `${lines.join('\n')}\n`)
  }
  try {
    if (!words.length || words.includes('--help') || words[0] === 'help') {
      print(help(words))
      return 0
    }
    const answer = await execute(words, options)
    print(answer)
    return answer.failed ? 1 : 0
  } catch (error) {
    const told = tell(error)
    if (asJson) options.stdout.write(`${JSON.stringify({ error: told })}\n`)
    else options.stderr.write(`${[`Error: ${told.message}`, told.hint].filter(Boolean).join('\n')}\n`)
    return error instanceof UsageError ? 2 : 1
  }
}

async function execute(words: readonly string[], options: CliOptions): Promise<Answer> {
  const command = commandOf(words)
  const { values, operands } = parsed(command, words.slice(command.name.split(' ').length))
  const config = options.config()
  let opened: Promise<CliParts> | undefined
  try {
    return await command.run({ config, parts: () => (opened ??= options.openParts(config)) }, values, operands)
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
      'trek serve',
      '    Start the server.',
      ...shown.flatMap((command) => [usageOf(command).replace('Usage: ', ''), `    ${command.says}`]),
      '',
      'With --json the answer is one JSON document. The server may be running: it sees every change at once.',
    ],
  }
}

function tell(error: unknown): { code: string; message: string; hint?: string } {
  if (error instanceof TrekError) return error.toJSON()
  const message = error instanceof Error ? error.message : String(error)
  return { code: error instanceof UsageError ? 'usage' : 'failed', message }
}
