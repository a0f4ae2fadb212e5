import { distance } from 'fastest-levenshtein'
import type { z } from 'zod'
import { type Issue, issueAt } from '../declare/errors.ts'
import type { Message } from '../declare/message.ts'
import type { AnyObject, AnyOperation, Effect } from '../declare/operation.ts'
import { wrong } from '../declare/value-messages.ts'
import { entriesOf, type InputRules, isNullable, MOST_TOLD, meantIn, mostEntries, within } from './bounds.ts'
import { messages } from './messages.ts'
import { type Elsewhere, issuesOf, isTooLong } from './wording.ts'

/** The most errors in the sentence, and the most unknown names for which a known one is suggested. */
const SAID = 5
const GUESSED = 3

/** A longer name cannot be a misspelt known one. */
const LONGEST_GUESSED = 40

/** The known name closest to this one, if one is close. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  if (name.length > LONGEST_GUESSED) return undefined
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '')
  const plainName = plain(name)
  const ranked = names
    .filter((candidate) => candidate.length <= LONGEST_GUESSED)
    .map((candidate) => ({ candidate, distance: distance(plainName, plain(candidate)) }))
    .sort((a, b) => a.distance - b.distance)
  const best = ranked[0]
  return best && best.distance <= Math.max(1, Math.floor(plainName.length / 3)) ? best.candidate : undefined
}

/**
 * Returns the parsed input, or throws an `invalid` error that names the wrong fields. Operations accept what programs
 * of all kinds send. A log-in or consent comes from our own pages and is read strictly.
 */
export function parseInput(
  operation: Pick<AnyOperation, 'name' | 'input'> & { readonly effect?: Effect; readonly kind?: string },
  raw: unknown,
  elsewhere?: Elsewhere,
): Record<string, unknown> {
  const allowed = Object.keys(operation.input.shape)
  const reading = { asMeant: operation.kind !== 'route', nullClears: operation.effect === 'update' }
  const read = readAs(operation.input, raw ?? {}, { suggestions: allowed, reading, ...(elsewhere && { elsewhere }) })
  if ('value' in read) return read.value
  const params = { operation: operation.name, problem: read.problem }
  throw allowed.length
    ? messages.wrongInput({ ...params, allowed }, { issues: read.issues })
    : messages.takesNothing(params, { issues: read.issues })
}

interface Words {
  /** The known names to suggest for unknown ones. */
  readonly suggestions?: readonly string[]
  readonly reading?: InputRules
  readonly elsewhere?: Elsewhere
}

const AS_IT_STANDS: InputRules = { asMeant: false, nullClears: false }

/**
 * The parsed value, or its faults: as a sentence, and as a list. The cost depends on the schema, not on the size of the
 * input.
 */
export function readAs<S extends z.ZodType>(
  schema: S,
  raw: unknown,
  { suggestions = [], reading = AS_IT_STANDS, elsewhere }: Words = {},
): { value: z.output<S> } | { problem: string; issues: Issue[] } {
  const { input, excess, unknown } = within(schema, raw, reading)
  const parsed = schema.safeParse(input, { reportInput: true })
  if (parsed.success && !excess.length) return { value: parsed.data }
  const zodIssues = parsed.error?.issues ?? []
  const listed: Issue[] = []
  for (const issue of zodIssues.slice(0, 2 * MOST_TOLD)) {
    const more = issuesOf(issue, elsewhere)
    // The value was shortened before validation; `excess` has its real length.
    const cut = isTooLong(issue) && excess.find(({ path }) => path === more[0]?.path)
    if (cut) more[0] = cut
    // A value of the wrong kind gets only that error.
    if (!more.some(({ path }) => isMisformed(path, listed))) listed.push(...more)
  }
  listed.push(...excess.filter(({ path }) => !listed.some((one) => one.path === path)))
  const suggested = suggesting(listed.slice(0, MOST_TOLD), suggestions)
  const issues = reading.nullClears ? suggested.map((issue) => sayingHowToClear(issue, schema, input)) : suggested
  const first = issues.slice(0, SAID)
  const more = unknown + countUnknown(zodIssues) - first.filter(isUnknown).length
  const sentences = first.map(({ path, message }) => (path ? `${path} ${message}` : message))
  if (more > 0) sentences.push(wrong.andMoreUnknown({ count: more }).text)
  return { problem: sentences.join('; '), issues }
}

const messageOf = ({ key, params = {}, message }: Issue): Message => ({ key, params, text: message })

/** For an update, an empty text is ambiguous. */
function sayingHowToClear(issue: Issue, schema: z.ZodType, input: unknown): Issue {
  const { shape } = schema as { shape?: Readonly<Record<string, z.ZodType>> }
  const field = shape && Object.hasOwn(shape, issue.path) ? shape[issue.path] : undefined
  const isEmpty = (input as Readonly<Record<string, unknown>> | null)?.[issue.path] === ''
  return field && isEmpty && isNullable(field)
    ? issueAt(issue.path, wrong.clearing({ problem: messageOf(issue) }))
    : issue
}

const isMisformed = (where: string, issues: readonly Issue[]): boolean =>
  issues.some(({ path, key }) => path === where && key === wrong.kind.key)

const isUnknown = ({ key }: Issue): boolean => key === wrong.unknown.key || key === wrong.unknownNear.key

const countUnknown = (issues: readonly z.core.$ZodIssue[]): number =>
  issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 0), 0)

/** Adds suggestions for the first unknown names. */
function suggesting(issues: readonly Issue[], names: readonly string[]): Issue[] {
  let left = GUESSED
  return issues.map((issue) => {
    if (!isUnknown(issue) || issue.path.includes('.') || left-- <= 0) return issue
    const near = nearest(issue.path, names)
    return near ? issueAt(issue.path, wrong.unknownNear({ near })) : issue
  })
}

/**
 * Parses values that arrived as text (a path, a query, a form, a resource URI, a prompt's arguments) by the schema.
 * Other text stays text, so that the schema rejects it with its own message.
 */
export function fromText(
  schema: AnyObject,
  texts: Record<string, string | string[] | undefined>,
): Record<string, unknown> {
  const values = new Map<string, unknown>()
  for (const [key, text] of Object.entries(texts)) {
    if (text === undefined) continue
    const field = Object.hasOwn(schema.shape, key) ? (schema.shape[key] as z.ZodType) : undefined
    const entries = field && entriesOf(field)
    const single = (Array.isArray(text) ? text.at(-1) : text) ?? ''
    if (field && entries) values.set(key, listFrom(field, entries, text))
    else values.set(key, field ? meantIn(field, single) : single)
  }
  return Object.fromEntries(values)
}

/** A list as JSON, separated by commas, or with a repeated name. */
function listFrom(field: z.ZodType, entries: z.ZodType, text: string | string[]): unknown {
  const whole = Array.isArray(text) ? text : meantIn(field, text)
  if (typeof whole !== 'string' && !Array.isArray(text)) return whole
  const parts = (Array.isArray(text) ? text : text.split(',')).filter((part) => part !== '')
  return parts.slice(0, mostEntries(field) + 1).map((part) => meantIn(entries, part))
}
