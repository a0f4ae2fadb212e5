import { readFileSync } from 'node:fs'
import { FILE_ERRORS } from '../file-errors.ts'
import type { Variable } from './variable.ts'
import { type Name, VARIABLES } from './variables.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** The value of a variable, or null; an error names the variable, its value and what is allowed. */
export function parsedValue(name: Name, env: Environment): unknown {
  const declared: Variable<unknown> = VARIABLES[name]
  // A compose file passes a variable that was never filled in as an empty text.
  const given = (declared.secret && fromFile(name, env)) || env[name]?.trim() || declared.default
  if (given === undefined) return null
  const parsed = declared.type.safeParse(given)
  if (parsed.success) return parsed.data
  const shown = declared.secret ? 'has a value that cannot be used' : `is ${JSON.stringify(given)}`
  throw new Error(`${name} ${shown}; allowed is ${declared.allowed}.`)
}

function fromFile(name: Name, env: Environment): string | undefined {
  const file = env[`${name}_FILE`]?.trim()
  if (!file) return undefined
  if (env[name]?.trim()) throw new Error(`${name} and ${name}_FILE are both set; set only one of them.`)
  const refused = (why: string) => new Error(`${name}_FILE is ${JSON.stringify(file)}, which ${why}.`)
  let content: string
  try {
    content = readFileSync(file, 'utf8').trim()
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    const reason = FILE_ERRORS[code] ? `: it ${FILE_ERRORS[code]}` : ''
    throw refused(`cannot be read (${code})${reason}; allowed is a readable file`)
  }
  // If it counted as not set, a new instance would start, on another database or with another key.
  if (!content) throw refused('is empty; write the secret into it, or leave the variable out')
  return content
}
