import type { ParseArgsOptionsConfig } from 'node:util'
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
  /** Opens the product on the same database as the server that may be running; it is closed when the command is over. */
  product(): Promise<Product>
  /** Says on standard error how far a long command has come. */
  told(what: string): void
}

/** What a command has to say: one document for programs, some lines for people. */
export interface Answer {
  readonly json: unknown
  readonly lines: readonly string[]
  /** Set where the command did its work and found something wrong. */
  readonly failed?: boolean
}

export type Values = Readonly<Record<string, string | boolean | undefined>>

export interface Command {
  /** `user create` */
  readonly name: string
  /** What follows the name: `--username <name> …` */
  readonly usage: string
  readonly says: string
  readonly options: ParseArgsOptionsConfig
  /** The names of what is given without an option, all needed. */
  readonly operands?: readonly string[]
  run(context: CommandContext, values: Values, operands: readonly string[]): Promise<Answer>
}

/** The command line itself is wrong: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** The value of an option that must be given. */
export function needed(values: Values, option: string): string {
  const value = values[option]
  if (typeof value === 'string' && value !== '') return value
  throw new UsageError(`--${option} is needed`)
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
