import { accessSync, constants, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import packageJson from '../../package.json' with { type: 'json' }
import { explained } from '../backup/explained.ts'
import { whyNot } from '../cannot-start.ts'
import { type Config, readConfig } from '../config/index.ts'
import { TrekError } from '../core/declare/errors.ts'
import { makeDataFolder } from '../data-folder.ts'
import { createdFolderTold, leavingToOwner } from '../data-owner.ts'
import { isPostgres } from '../db/connect.ts'
import { staySmall } from '../memory.ts'
import { comeSecond } from '../priority.ts'
import { type Command, type CommandResult, type Declared, messageOf, type Product, UsageError } from './command.ts'
import { ALL, commandOf, commandsNamed, isCommandWord, noCommand, versionCommand } from './commands.ts'
import { helpOf, overview } from './help.ts'
import { read } from './reading.ts'

/** Opens the product on the configured database. `onError` gets errors of background work. */
export type OpenProduct = (config: Config, conditions: { onError(error: unknown): void }) => Promise<Product>

interface Streams {
  readonly stdout: { write(text: string): unknown }
  readonly stderr: { write(text: string): unknown }
}

/**
 * Runs one command and returns its exit code: 0 for success, 1 for failure, 2 for a wrong command line. With `--json`,
 * standard output is exactly one JSON document, also for an error.
 */
export async function runCli(
  argv: readonly string[],
  open: OpenProduct,
  { stdout, stderr }: Streams = process,
): Promise<number> {
  const asJson = argv.includes('--json')
  const words = argv.filter((word) => word !== '--json')
  try {
    const report = (what: string) => void stderr.write(`${what}\n`)
    const onError = (error: unknown) => report(messageOf(error))
    const answer = aboutTrek(words) ?? (await execute(words, (config) => open(config, { onError }), report))
    const { json, lines } = answer
    stdout.write(asJson ? `${JSON.stringify(json)}\n` : `${lines.join('\n')}\n`)
    return answer.failed ? 1 : 0
  } catch (error) {
    const described = tell(error)
    if (asJson) stdout.write(`${JSON.stringify({ error: described })}\n`)
    else stderr.write(`${[`Error: ${described.message}`, described.hint].filter(Boolean).join('\n')}\n`)
    return error instanceof UsageError ? 2 : 1
  }
}

/** Help and the version, which need neither an instance nor valid settings. Null for any other command. */
function aboutTrek(words: readonly string[]): CommandResult | null {
  const withoutHelp = words.filter((word) => !HELP.includes(word))
  if (!words.length || words[0] === 'help' || withoutHelp.length < words.length) {
    return help(withoutHelp[0] === 'help' ? withoutHelp.slice(1) : withoutHelp)
  }
  if (words[0] !== 'version' && words[0] !== '--version') return null
  read(versionCommand, words.slice(1))
  const { version } = packageJson
  return { json: { version }, lines: [`TREK ${version}`] }
}

const HELP: readonly string[] = ['-h', '--help']

/** Help on the command that these words name, on a group of commands, or on all. */
function help(words: readonly string[]): CommandResult {
  const exact = ALL.find(({ name }) => name.split(' ').every((word, index) => words[index] === word))
  if (exact) return helpOf(exact)
  const commands = commandsNamed(words.slice(0, 2))
  if (commands.length) return overview(commands, words[0] ?? null)
  throw noCommand(words)
}

async function execute(
  words: readonly string[],
  open: (config: Config) => Promise<Product>,
  report: (what: string) => void,
): Promise<CommandResult> {
  const command = commandOf(words)
  const { values, operands } = read(command, words.slice(command.name.split(' ').length))
  refuseCommandAsPlace(command, operands)
  if (command.copiesFiles) {
    staySmall()
    comeSecond()
  }
  // Read only now, so that an invalid setting is reported like every other error.
  const config = readConfig()
  const { dataDir } = config
  const wasThere = existsSync(dataDir)
  prepareDataFolder(command, config)
  const borrowed = new BorrowedFolder()
  let opened: Promise<Product> | undefined
  const context = {
    config,
    report,
    workPlace: () => ({ ...config, dataDir: isWritable(config.dataDir) ? config.dataDir : borrowed.get() }),
    product: () => (opened ??= open(config).catch(because(config))),
  }
  async function run(): Promise<CommandResult> {
    try {
      return await command.run(context, values, operands)
    } catch (error) {
      throw inFlags(inWords(error, config), command)
    } finally {
      await (await opened?.catch(() => undefined))?.close()
      borrowed.giveBack()
    }
  }
  const result = await (command.copiesFiles ? leavingToOwner(dataDir, report, run) : run())
  const advice = !wasThere && existsSync(dataDir) ? createdFolderTold(dataDir) : null
  return advice ? { ...result, lines: [...result.lines, advice] } : result
}

/** Explains why the instance cannot be opened, as the start of the server does. */
const because =
  (config: Config) =>
  (error: unknown): never => {
    throw new Error(whyNot(error, config), { cause: error })
  }

/** `trek backup verify` must not write a file named `verify`. */
function refuseCommandAsPlace({ name, operands = [] }: Declared, words: readonly string[]): void {
  const mistaken = words.find((word, index) => operands[index]?.isPlace && isCommandWord(word))
  if (mistaken === undefined) return
  const see = mistaken === 'help' ? `trek help ${name}` : `trek ${mistaken} --help`
  throw new UsageError(
    `${mistaken} is the name of a command, but trek ${name} needs a place. See ${see}. For a file of that name, write ` +
      `./${mistaken}.`,
  )
}

/** A command never creates an instance: a mistyped folder is not created, and an empty one stays empty. */
function prepareDataFolder({ wants }: Command, config: Config): void {
  try {
    if (wants === 'folder') makeDataFolder(config)
    else if (wants !== 'nothing' && !isPostgres(config.database)) refuseWithoutInstance(config.dataDir)
  } catch (error) {
    because(config)(error)
  }
}

function refuseWithoutInstance(folder: string): void {
  const isMissing = !existsSync(folder)
  if (!isMissing && readdirSync(folder).length) return
  throw new Error(
    `There is no instance in ${folder}: the folder ${isMissing ? 'does not exist' : 'is empty'}. Start the server first (trek serve), or set ` +
      'DATA_DIR to the folder of your instance.',
  )
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** A temporary folder, made when it is needed. It can hold the rows of a backup, so it also goes with an interruption. */
class BorrowedFolder {
  #folder: string | null = null
  readonly #interrupted = (signal: NodeJS.Signals) => {
    this.giveBack()
    process.kill(process.pid, signal)
  }

  get(): string {
    if (this.#folder === null) {
      for (const signal of SIGNALS) process.on(signal, this.#interrupted)
      this.#folder = mkdtempSync(join(tmpdir(), 'trek-'))
    }
    return this.#folder
  }

  giveBack(): void {
    for (const signal of SIGNALS) process.off(signal, this.#interrupted)
    if (this.#folder !== null) rmSync(this.#folder, { recursive: true, force: true })
    this.#folder = null
  }
}

/** Explains an error of a disk or of the database. */
function inWords(error: unknown, config: Config): unknown {
  try {
    return explained(config)(error as NodeJS.ErrnoException)
  } catch (said) {
    return said
  }
}

/** Names the options of the command instead of the fields of its operation. */
function inFlags(error: unknown, command: Command): unknown {
  if (!(error instanceof TrekError) || error.code !== 'invalid' || !error.issues.length) return error
  const sentences = error.issues.map(({ path, message }) => {
    const flag = flagOf(path, command)
    return flag && `${flag} ${message}`
  })
  if (sentences.includes(null)) return error
  const text = `${sentences.join('; ')}.`.replace(/([.?!])\.$/, '$1')
  const hint = `See trek ${command.name} --help.`
  return new TrekError('invalid', { key: error.key, params: error.params, text, hint }, { issues: error.issues })
}

function flagOf(path: string, { options, operands = [] }: Command): string | null {
  if (Object.hasOwn(options, path)) return `--${path}`
  return operands.some(({ name }) => name === path) ? `<${path}>` : null
}

function tell(error: unknown): { code: string; message: string; hint?: string } {
  if (error instanceof TrekError) return error.toJSON()
  return { code: error instanceof UsageError ? 'usage' : 'failed', message: messageOf(error) }
}
