import type { Place } from '../backup/place.ts'
import type { Config } from '../config.ts'
import type { Pipeline } from '../core/run/pipeline.ts'
import type { OpenDatabase } from '../db/connect.ts'
import type { Doctor } from '../features/doctor/server/index.ts'

/** What a command works with: the same that the server stands on. */
export interface Product {
  readonly database: OpenDatabase
  readonly pipeline: Pipeline
  readonly doctor: Doctor
  /** Writes what has gathered and closes the database. */
  close(): Promise<void>
}

export interface CommandContext {
  readonly config: Config
  /** Where a backup is looked into: DATA_DIR, or where that is not there a folder that goes away when the command is over. */
  workPlace(): Place
  /** Opens the product on the same database as the server that may be running; it is closed when the command is over. */
  product(): Promise<Product>
  /** Says on standard error how far a long command has come. */
  told(what: string): void
}

/** What a command has to say: one document for programs, some lines for people. */
export interface CommandResult {
  readonly json: unknown
  readonly lines: readonly string[]
  /** Set where the command did its work and found something wrong. */
  readonly failed?: boolean
}

export type Values = Readonly<Record<string, string | boolean | readonly string[] | undefined>>

export interface Option {
  /** What its value is, in a word or two; an option without one takes no value. */
  readonly value?: string
  readonly says: string
  readonly needed?: boolean
  /** Whether it may be given more than once. */
  readonly repeated?: boolean
  /** What is wrong with this value; null if nothing is. */
  problem?(value: string): string | null
}

/** What is given without an option. */
export interface Operand {
  readonly name: string
  readonly says: string
  /** Whether it names a file, a folder or a place in storage. */
  readonly isPlace?: boolean
  /** What is wrong with this value; null if nothing is. */
  problem?(value: string): string | null
}

/** All that help, the reading of a command line, its refusals and docs/commands.md know of a command. */
export interface Declared {
  /** `user create` */
  readonly name: string
  /** What it does, in one line. */
  readonly says: string
  /** What else is to be known of it. */
  readonly more?: readonly string[]
  readonly options: Readonly<Record<string, Option>>
  /** In their order, all needed. */
  readonly operands?: readonly Operand[]
  /** What follows `trek` in lines that do something useful. */
  readonly examples?: readonly string[]
}

export interface Command extends Declared {
  /** What it wants of DATA_DIR: an instance, if nothing is said; a folder, which is made; or nothing. */
  readonly wants?: 'folder' | 'nothing'
  /** Whether it copies files of any size: it then takes less memory and a little more time, and comes after whatever else runs. */
  readonly copiesFiles?: true
  run(context: CommandContext, values: Values, operands: readonly string[]): Promise<CommandResult>
}

/** The command line itself is wrong: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** The value of an option that is declared as needed. */
export function needed(values: Values, option: string): string {
  const value = values[option]
  if (typeof value === 'string' && value !== '') return value
  throw new UsageError(`--${option} is needed.`)
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
