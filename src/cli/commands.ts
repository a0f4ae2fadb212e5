import { nearest } from '../core/run/input.ts'
import { addonCommands } from './addons.ts'
import { backupCommands } from './backup.ts'
import { type Command, type Declared, UsageError } from './command.ts'
import { doctorCommand } from './doctor/index.ts'
import { filesCommands } from './files.ts'
import { listed } from './reading.ts'
import { serveCommand } from './serve.ts'
import { tokenCommands } from './tokens.ts'
import { userCommands } from './users.ts'

/** The commands that work on an instance and end by themselves. */
const COMMANDS: readonly Command[] = [
  ...userCommands,
  ...tokenCommands,
  ...addonCommands,
  ...backupCommands,
  ...filesCommands,
  doctorCommand,
]

export const versionCommand: Declared = { name: 'version', says: 'Print the version of TREK.', options: {} }

export const ALL: readonly Declared[] = [serveCommand, ...COMMANDS, versionCommand]

const firstWord = ({ name }: Declared): string => name.split(' ')[0] ?? ''

/** Whether this is the first word of a command. */
export const isCommandWord = (word: string): boolean => word === 'help' || ALL.some((one) => firstWord(one) === word)

/** The commands whose names begin with these words: one command, a group, or all. */
export const commandsNamed = (words: readonly string[]): readonly Declared[] =>
  ALL.filter(({ name }) => words.every((word, index) => name.split(' ')[index] === word))

/** The command named by the first of these words. */
export function commandOf(words: readonly string[]): Command {
  const command = COMMANDS.find(({ name }) => name.split(' ').every((word, index) => words[index] === word))
  if (command) return command
  throw noCommand(words)
}

/** The error for an unknown command. It suggests commands that may have been meant. */
export function noCommand(words: readonly string[]): UsageError {
  const [first = '', second = ''] = words
  if (first.startsWith('-')) return new UsageError(`There is no option ${first}. See trek --help.`)
  const group = COMMANDS.filter((one) => firstWord(one) === first).map(({ name }) => `trek ${name}`)
  const rest = second.startsWith('-') ? '' : second
  const typed = [first, rest].filter(Boolean).join(' ')
  if (group.length && !rest) {
    return new UsageError(
      `trek ${first} is only the first word of a command. ${thereAre(group)} See trek ${first} --help.`,
    )
  }
  for (const words of group.length ? [typed] : [typed, first]) {
    const near = nearest(words, names())
    if (near) return new UsageError(`There is no command ${words}. Did you mean trek ${near}?`)
  }
  return new UsageError(
    group.length
      ? `There is no command ${typed}. ${thereAre(group)}`
      : `There is no command ${first}. See trek --help.`,
  )
}

const thereAre = (all: readonly string[]): string => `There ${all.length === 1 ? 'is' : 'are'} ${listed(all)}.`

const names = (): string[] => [...new Set(ALL.flatMap((one) => [one.name, firstWord(one)]))]
