import { readFileSync } from 'node:fs'
import { FILE_ERRORS } from '../file-errors.ts'
import type { Variable } from './variable.ts'
import { type Name, VARIABLES } from './variables.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** The value of a variable, or null; an error names the variable, its value and what is allowed. */
export function parsedValue(name: Name, env: Environment): unknown {
  const declared: Variable<unknown> = VARIABLES[name]
  const inFile = declared.secret || declared.inFile ? fromFile(name, env) : undefined
  // A compose file passes a variable that was never filled in as an empty text.
  const given = inFile || ownValue(name, env) || declared.default
  if (given === undefined) return null
  const subject = inFile ? `The file of ${name}_FILE` : name
  const mistake = blanksAround(given, declared) ?? declared.mistake?.(given)
  if (mistake) throw new Error(`${subject} ${mistake}.`)
  const parsed = declared.type.safeParse(given)
  if (parsed.success) return parsed.data
  const isHidden = declared.secret || declared.unrepeated || LOOKS_SECRET.test(given)
  const shown = isHidden ? 'has a value that cannot be used' : `is ${JSON.stringify(given)}`
  throw new Error(`${subject} ${shown}; allowed is ${declared.allowed}.`)
}

/** A secret key of age, or a password in an address. */
const LOOKS_SECRET = /AGE-SECRET-KEY-|:.*@/is

/** A secret is taken exactly. Blanks around it are rarely meant, and without them it would be another one. */
function blanksAround(given: string, { secret, hasComments }: Variable<unknown>): string | null {
  if (!secret || hasComments || given.trim() === given) return null
  return given.trim()
    ? 'begins or ends with a blank or a line break; remove it'
    : 'consists of blanks; set it to the secret, or leave it out'
}

function ownValue(name: Name, env: Environment): string | undefined {
  const { secret }: Variable<unknown> = VARIABLES[name]
  return secret ? env[name] : env[name]?.trim()
}

function fromFile(name: Name, env: Environment): string | undefined {
  const file = env[`${name}_FILE`]?.trim()
  if (!file) return undefined
  if (ownValue(name, env)) throw new Error(`${name} and ${name}_FILE are both set; set only one of them.`)
  // The secret itself may be there instead of a path.
  const shown = /^\.{0,2}\//.test(file) && !LOOKS_SECRET.test(file) ? `is ${JSON.stringify(file)}` : 'names a file'
  const refused = (why: string) => new Error(`${name}_FILE ${shown}, which ${why}.`)
  let content: string
  try {
    content = readFileSync(file, 'utf8')
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    const reason = FILE_ERRORS[code] ? `: it ${FILE_ERRORS[code]}` : ''
    throw refused(`cannot be read (${code})${reason}; allowed is a readable file`)
  }
  // If it counted as not set, a new instance would start, on another database or with another key.
  if (!content.trim()) throw refused('is empty; write the secret into it, or leave the variable out')
  // What an editor adds: its mark at the beginning, and the end of the last line.
  return content.replace(/^\uFEFF/, '').replace(/\r?\n$/, '')
}
