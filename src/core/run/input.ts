import type { z } from 'zod'
import { type Issue, invalid } from '../declare/errors.ts'
import type { AnyObject, AnyOperation } from '../declare/operation.ts'

/** Turns what zod found into sentences that say where, what is wrong and what is allowed. */
function issueOf(issue: z.core.$ZodIssue, allowed: readonly string[]): Issue[] {
  const path = issue.path.join('.')
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => {
        const near = path ? undefined : nearest(key, allowed)
        const hint = near ? ` Did you mean ${near}?` : ''
        return { path: [path, key].filter(Boolean).join('.'), message: `is not known here.${hint}` }
      })
    case 'invalid_type':
      return [{ path, message: issue.input === undefined ? 'is required' : `must be ${article(issue.expected)}` }]
    case 'invalid_value':
      return [{ path, message: `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}` }]
    default:
      return [{ path, message: issue.message.replace(/^(Too \w+|Invalid \w+): /, '') }]
  }
}

const article = (type: string): string =>
  ({ int: 'a whole number', object: 'an object', array: 'a list', boolean: 'true or false', string: 'a text' })[type] ??
  `a ${type}`

/** The known name that is closest to this one, if any is close. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '')
  const wanted = plain(name)
  const ranked = known
    .map((candidate) => ({ candidate, distance: distance(wanted, plain(candidate)) }))
    .sort((a, b) => a.distance - b.distance)
  const best = ranked[0]
  return best && best.distance <= Math.max(1, Math.floor(wanted.length / 3)) ? best.candidate : undefined
}

function distance(a: string, b: string): number {
  if (a.length > 100 || b.length > 100) return Number.POSITIVE_INFINITY
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      current.push(Math.min(change, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1))
    }
    previous = current
  }
  return previous[b.length] ?? Number.POSITIVE_INFINITY
}

/** The input as the handler gets it, or an `invalid` error that names every field that is wrong. */
export function parseInput(operation: Pick<AnyOperation, 'name' | 'input'>, raw: unknown): Record<string, unknown> {
  const parsed = operation.input.safeParse(raw ?? {}, { reportInput: true })
  if (parsed.success) return parsed.data
  const allowed = Object.keys(operation.input.shape)
  const issues = parsed.error.issues.flatMap((issue) => issueOf(issue, allowed))
  const said = issues.slice(0, 5).map(({ path, message }) => (path ? `${path} ${message}` : message))
  throw invalid(`${operation.name}: ${said.join('; ')}`, {
    issues: issues.slice(0, 20),
    hint: allowed.length ? `It takes ${allowed.join(', ')}.` : 'It takes no arguments.',
  })
}

type Leaf = 'number' | 'boolean' | 'array' | 'string'

/** The schema inside of what makes it optional, nullable or defaulted. */
function core(schema: z.ZodType): z.ZodType {
  const { innerType } = schema.def as { innerType?: z.ZodType }
  return innerType ? core(innerType) : schema
}

function leafOf(schema: z.ZodType): Leaf {
  const { type } = core(schema).def
  return type === 'number' || type === 'boolean' || type === 'array' ? type : 'string'
}

/**
 * Reads values that arrived as text (a path, a query, a resource URI, a prompt's arguments) as what the schema wants. What
 * does not read as that stays text, so that the schema refuses it with its own words.
 */
export function fromText(
  schema: AnyObject,
  texts: Record<string, string | string[] | undefined>,
): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const [key, text] of Object.entries(texts)) {
    if (text === undefined) continue
    const field = schema.shape[key] as z.ZodType | undefined
    const leaf = field ? leafOf(field) : 'string'
    const single = Array.isArray(text) ? text.at(-1) : text
    if (leaf === 'array') {
      const { element } = core(field as z.ZodType) as unknown as { element?: z.ZodType }
      const parts = (Array.isArray(text) ? text : text.split(',')).filter((part) => part !== '')
      values[key] = element && leafOf(element) === 'number' ? parts.map(numberOf) : parts
    } else if (leaf === 'number') values[key] = numberOf(single ?? '')
    else if (leaf === 'boolean') values[key] = single === 'true' ? true : single === 'false' ? false : single
    else values[key] = single
  }
  return values
}

const numberOf = (text: string): number | string => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text)
