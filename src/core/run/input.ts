import type { z } from 'zod'
import { type Issue, issueAt } from '../declare/errors.ts'
import type { Message } from '../declare/message.ts'
import type { AnyObject, AnyOperation, Effect } from '../declare/operation.ts'
import { wrong } from '../declare/value-messages.ts'
import { entriesOf, isNullable, MOST_TOLD, meantIn, mostEntries, type Reading, within } from './bounds.ts'
import { messages } from './messages.ts'
import { type Elsewhere, issuesOf, isTooLong } from './wording.ts'

/** So many wrong things are said in a sentence, and for so many unknown names a known one is looked for. */
const SAID = 5
const GUESSED = 3

/** Nobody means a known name by a longer one. */
const LONGEST_GUESSED = 40

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

/**
 * The input as the handler gets it, or an `invalid` error that names the fields that are wrong. Programs of all kinds call operations,
 * and are understood; a log-in or a consent comes from our own pages, and is taken as it stands.
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
  /** The names that may have been meant by those that are not known. */
  readonly suggestions?: readonly string[]
  readonly reading?: Reading
  readonly elsewhere?: Elsewhere
}

const AS_IT_STANDS: Reading = { asMeant: false, nullClears: false }

/**
 * What was sent as a schema wants it, or what is wrong with it: in a sentence, and as a list. It costs as much as the schema is
 * large, however much was sent.
 */
export function readAs<S extends z.ZodType>(
  schema: S,
  raw: unknown,
  { suggestions = [], reading = AS_IT_STANDS, elsewhere }: Words = {},
): { value: z.output<S> } | { problem: string; issues: Issue[] } {
  const { input, excess, unknown } = within(schema, raw, reading)
  const parsed = schema.safeParse(input, { reportInput: true })
  if (parsed.success && !excess.length) return { value: parsed.data }
  const found = parsed.error?.issues ?? []
  const listed: Issue[] = []
  for (const issue of found.slice(0, 2 * MOST_TOLD)) {
    const more = issuesOf(issue, elsewhere)
    // The value was shortened before validation; `excess` has its real length.
    const cut = isTooLong(issue) && excess.find(({ path }) => path === more[0]?.path)
    if (cut) more[0] = cut
    // What is not even of the right form is told for that alone.
    if (!more.some(({ path }) => isMisformed(path, listed))) listed.push(...more)
  }
  listed.push(...excess.filter(({ path }) => !listed.some((one) => one.path === path)))
  const told = suggesting(listed.slice(0, MOST_TOLD), suggestions)
  const issues = reading.nullClears ? told.map((issue) => sayingHowToClear(issue, schema, input)) : told
  const said = issues.slice(0, SAID)
  const more = unknown + countUnknown(found) - said.filter(isUnknown).length
  const sentences = said.map(({ path, message }) => (path ? `${path} ${message}` : message))
  if (more > 0) sentences.push(wrong.andMoreUnknown({ count: more }).text)
  return { problem: sentences.join('; '), issues }
}

const messageOf = ({ key, params = {}, message }: Issue): Message => ({ key, params, text: message })

/** An empty text could mean either. */
function sayingHowToClear(issue: Issue, schema: z.ZodType, input: unknown): Issue {
  const { shape } = schema as { shape?: Readonly<Record<string, z.ZodType>> }
  const field = shape && Object.hasOwn(shape, issue.path) ? shape[issue.path] : undefined
  const isEmpty = (input as Readonly<Record<string, unknown>> | null)?.[issue.path] === ''
  return field && isEmpty && isNullable(field)
    ? issueAt(issue.path, wrong.clearing({ problem: messageOf(issue) }))
    : issue
}

const isMisformed = (where: string, told: readonly Issue[]): boolean =>
  told.some(({ path, key }) => path === where && key === wrong.kind.key)

const isUnknown = ({ key }: Issue): boolean => key === wrong.unknown.key || key === wrong.unknownNear.key

const countUnknown = (issues: readonly z.core.$ZodIssue[]): number =>
  issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 0), 0)

/** The same, with what may have been meant by the first unknown names. */
function suggesting(issues: readonly Issue[], known: readonly string[]): Issue[] {
  let left = GUESSED
  return issues.map((issue) => {
    if (!isUnknown(issue) || issue.path.includes('.') || left-- <= 0) return issue
    const near = nearest(issue.path, known)
    return near ? issueAt(issue.path, wrong.unknownNear({ near })) : issue
  })
}

/**
 * Reads values that arrived as text (a path, a query, a form, a resource URI, a prompt's arguments) as what the schema wants. What
 * does not read as that stays text, so that the schema refuses it with its own words.
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

/** A list as JSON, separated by commas, or named again for each entry. */
function listFrom(field: z.ZodType, entries: z.ZodType, text: string | string[]): unknown {
  const whole = Array.isArray(text) ? text : meantIn(field, text)
  if (typeof whole !== 'string' && !Array.isArray(text)) return whole
  const parts = (Array.isArray(text) ? text : text.split(',')).filter((part) => part !== '')
  return parts.slice(0, mostEntries(field) + 1).map((part) => meantIn(entries, part))
}
