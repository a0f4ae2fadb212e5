import type { z } from 'zod'
import { type Issue, invalid } from '../declare/errors.ts'
import type { AnyObject, AnyOperation } from '../declare/operation.ts'
import { MOST_TOLD, mostEntries, shownName, within } from './bounds.ts'

/** So many wrong things are said in a sentence, and for so many unknown names a known one is looked for. */
const SAID = 5
const GUESSED = 3

/** Nobody means a known name by a longer one. */
const LONGEST_GUESSED = 40

const UNKNOWN = 'is not known here.'

/** Turns what zod found into sentences that say where, what is wrong and what is allowed. */
function issueOf(issue: z.core.$ZodIssue): Issue[] {
  const path = issue.path.map(shownName).join('.')
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path: [path, shownName(key)].filter(Boolean).join('.'), message: UNKNOWN }))
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
  if (name.length > LONGEST_GUESSED) return undefined
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '')
  const wanted = plain(name)
  const ranked = known
    .filter((candidate) => candidate.length <= LONGEST_GUESSED)
    .map((candidate) => ({ candidate, distance: distance(wanted, plain(candidate)) }))
    .sort((a, b) => a.distance - b.distance)
  const best = ranked[0]
  return best && best.distance <= Math.max(1, Math.floor(wanted.length / 3)) ? best.candidate : undefined
}

function distance(a: string, b: string): number {
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

/** The input as the handler gets it, or an `invalid` error that names the fields that are wrong. */
export function parseInput(operation: Pick<AnyOperation, 'name' | 'input'>, raw: unknown): Record<string, unknown> {
  const allowed = Object.keys(operation.input.shape)
  const read = readAs(operation.input, raw ?? {}, allowed)
  if ('value' in read) return read.value
  throw invalid(`${operation.name}: ${read.problem}`, {
    issues: read.issues,
    hint: allowed.length ? `It takes ${allowed.join(', ')}.` : 'It takes no arguments.',
  })
}

/**
 * What was sent as a schema wants it, or what is wrong with it: in a sentence, and as a list. It costs as much as the schema is
 * large, however much was sent.
 */
export function readAs<S extends z.ZodType>(
  schema: S,
  raw: unknown,
  suggestions: readonly string[] = [],
): { value: z.output<S> } | { problem: string; issues: Issue[] } {
  const { input, excess, unknown } = within(schema, raw)
  const parsed = schema.safeParse(input, { reportInput: true })
  if (parsed.success && !excess.length) return { value: parsed.data }
  const found = parsed.error?.issues ?? []
  const listed: Issue[] = []
  for (const issue of found) if (listed.length < MOST_TOLD) listed.push(...issueOf(issue))
  listed.push(...excess.filter(({ path }) => !listed.some((one) => one.path === path)))
  const issues = suggesting(listed.slice(0, MOST_TOLD), suggestions)
  const said = issues.slice(0, SAID)
  const more = unknown + countUnknown(found) - said.filter(({ message }) => message.startsWith(UNKNOWN)).length
  const sentences = said.map(({ path, message }) => (path ? `${path} ${message}` : message))
  if (more > 0) sentences.push(`and ${more} more ${more === 1 ? 'name is' : 'names are'} not known here`)
  return { problem: sentences.join('; '), issues }
}

const countUnknown = (issues: readonly z.core.$ZodIssue[]): number =>
  issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 0), 0)

/** The same, with what may have been meant by the first unknown names. */
function suggesting(issues: readonly Issue[], known: readonly string[]): Issue[] {
  let left = GUESSED
  return issues.map((issue) => {
    if (issue.message !== UNKNOWN || issue.path.includes('.') || left-- <= 0) return issue
    const near = nearest(issue.path, known)
    return near ? { ...issue, message: `${UNKNOWN} Did you mean ${near}?` } : issue
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
      const most = mostEntries(field as z.ZodType)
      const parts = (Array.isArray(text) ? text : text.split(',')).filter((part) => part !== '').slice(0, most + 1)
      values[key] = element && leafOf(element) === 'number' ? parts.map(numberOf) : parts
    } else if (leaf === 'number') values[key] = numberOf(single ?? '')
    else if (leaf === 'boolean') values[key] = single === 'true' ? true : single === 'false' ? false : single
    else values[key] = single
  }
  return values
}

const numberOf = (text: string): number | string => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text)
