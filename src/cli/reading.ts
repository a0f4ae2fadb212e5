import { parseArgs } from 'node:util'
import { nearest } from '../core/run/input.ts'
import { type Declared, type Option, UsageError, type Values } from './command.ts'

interface Read {
  readonly values: Values
  readonly operands: readonly string[]
}

/** Parses the arguments of a command as it declares them. Rejects all others. */
export function read(command: Declared, args: readonly string[]): Read {
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(command.options).map(([name, { value }]) => [name, { type: value ? 'string' : 'boolean' }]),
    ),
    allowPositionals: true,
    // Errors are reported below, in our own words.
    strict: false,
    tokens: true,
  })
  const values: Record<string, string | boolean | readonly string[]> = {}
  const operands: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value)
    if (token.kind !== 'option') continue
    const option = token.rawName.startsWith('--') ? ownOption(command, token.name) : undefined
    if (!option) throw unknown(command, token.rawName)
    const value = valueFor(option, token)
    const before = values[token.name]
    if (before !== undefined && !option.repeated)
      throw new UsageError(`${token.rawName} was given more than once. Give it once.`)
    values[token.name] = option.repeated ? [...listOf(values, token.name), String(value)] : value
  }
  checkOperands(command, operands)
  for (const [name, option] of Object.entries(command.options)) {
    if (option.needed && values[name] === undefined) {
      throw new UsageError(`--${name} is required: --${name} <${option.value}>. ${usageOf(command)}`)
    }
  }
  return { values, operands }
}

/** The values of an option that can be repeated. */
export function listOf(values: Values, option: string): readonly string[] {
  const value = values[option]
  return Array.isArray(value) ? value : []
}

const ownOption = (command: Declared, name: string): Option | undefined =>
  Object.hasOwn(command.options, name) ? command.options[name] : undefined

interface Token {
  readonly rawName: string
  readonly value?: string | undefined
  readonly inlineValue?: boolean | undefined
}

function valueFor(option: Option, { rawName, value, inlineValue }: Token): string | true {
  if (option.value === undefined) {
    if (value === undefined) return true
    throw new UsageError(`${rawName} takes no value. Write ${rawName} alone, or leave it out.`)
  }
  const problemText = `${rawName} needs a value: ${rawName} <${option.value}>`
  if (!value) throw new UsageError(`${problemText}.`)
  // Most likely the value was forgotten, and this is the next option.
  if (!inlineValue && value.startsWith('-') && value !== '-') {
    throw new UsageError(
      `${problemText}, and "${value}" looks like an option. If it is the value, write ${rawName}="${value}".`,
    )
  }
  const problem = option.problem?.(value)
  if (problem) throw new UsageError(problem)
  return value
}

function unknown(command: Declared, option: string): UsageError {
  const names = Object.keys(command.options).map((name) => `--${name}`)
  const near = nearest(option, names)
  const takes = names.length ? `trek ${command.name} takes ${listed(names)}.` : `trek ${command.name} takes no options.`
  return new UsageError(`There is no option ${option}. ${near ? `Did you mean ${near}? ` : ''}${takes}`)
}

function checkOperands(command: Declared, operands: readonly string[]): void {
  const declared = command.operands ?? []
  const missing = declared[operands.length]
  if (missing) throw new UsageError(`<${missing.name}> is missing. ${usageOf(command)}`)
  if (operands.length > declared.length) {
    throw new UsageError(`Unexpected argument "${operands[declared.length]}". ${usageOf(command)}`)
  }
  declared.forEach((operand, index) => {
    const value = operands[index] ?? ''
    const problem = value === '' ? `<${operand.name}> is empty. ${usageOf(command)}` : operand.problem?.(value)
    if (problem) throw new UsageError(problem)
  })
}

export const usageOf = (command: Declared): string => `Usage: ${lineOf(command)}`

/** The command with its operands and options: `trek token create --user <username> --name <what it is for>`. */
export function lineOf({ name, operands = [], options }: Declared): string {
  const all = Object.entries(options)
  const optionText = ([option, { value }]: [string, Option]) => (value ? `--${option} <${value}>` : `--${option}`)
  return [
    `trek ${name}`,
    ...operands.map((operand) => `<${operand.name}>`),
    ...all.filter(([, { needed }]) => needed).map(optionText),
    ...all.filter(([, { needed }]) => !needed).map((option) => `[${optionText(option)}]`),
  ].join(' ')
}

/** `a, b and c` */
export const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
