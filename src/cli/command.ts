import type { Place } from '../backup/place.ts'
import type { Config } from '../config/index.ts'
import type { Pipeline } from '../core/run/pipeline.ts'
import type { OpenDatabase } from '../db/connect.ts'
import type { Doctor } from '../features/doctor/server/index.ts'

/** The parts of TREK that commands use; the server uses the same. */
export interface Product {
  readonly database: OpenDatabase
  readonly pipeline: Pipeline
  readonly doctor: Doctor
  /** Writes pending rows and closes the database. */
  close(): Promise<void>
}

export interface CommandContext {
  readonly config: Config
  /** The place where backups are unpacked: DATA_DIR, or a temporary folder if DATA_DIR does not exist or may not be written to. */
  workPlace(): Place
  /** Opens the database, which a running server may use too. Closed when the command ends. */
  product(): Promise<Product>
  /** Reports the progress of a long command on standard error. */
  report(what: string): void
}

/** The result of a command: a document for programs, and lines for people. */
export interface CommandResult {
  readonly json: unknown
  readonly lines: readonly string[]
  /** Whether the command did its work but found a problem. */
  readonly failed?: boolean
}

export type Values = Readonly<Record<string, string | boolean | readonly string[] | undefined>>

export interface Option {
  /** The placeholder of its value in help texts. Without one, the option takes no value. */
  readonly value?: string
  readonly says: string
  readonly needed?: boolean
  /** Whether it can be given more than once. */
  readonly repeated?: boolean
  /** Why this value is invalid; null if it is valid. */
  problem?(value: string): string | null
}

/** A positional argument. */
export interface Operand {
  readonly name: string
  readonly says: string
  /** Whether it names a file, a folder or a place in storage. */
  readonly isPlace?: boolean
  /** Why this value is invalid; null if it is valid. */
  problem?(value: string): string | null
}

/** The declaration of a command. Help, parsing, errors and docs/commands.md are derived from it. */
export interface Declared {
  /** `user create` */
  readonly name: string
  /** Its purpose, in one line. */
  readonly says: string
  /** Further sentences for the help. */
  readonly more?: readonly string[]
  readonly options: Readonly<Record<string, Option>>
  /** In order. All are required. */
  readonly operands?: readonly Operand[]
  /** Examples, without the word `trek`. */
  readonly examples?: readonly string[]
}

export interface Command extends Declared {
  /** What it needs in DATA_DIR: an instance by default, a `folder`, which is created if missing, or `nothing`. */
  readonly wants?: 'folder' | 'nothing'
  /** Whether it copies large files: it then runs with less memory and a lower priority. */
  readonly copiesFiles?: true
  run(context: CommandContext, values: Values, operands: readonly string[]): Promise<CommandResult>
}

/** The command line itself is wrong: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** The value of a required option. */
export function needed(values: Values, option: string): string {
  const value = values[option]
  if (typeof value === 'string' && value !== '') return value
  throw new UsageError(`--${option} is required.`)
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Columns as wide as their widest cell. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
