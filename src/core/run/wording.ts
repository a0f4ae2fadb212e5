import type { z } from 'zod'
import type { Issue } from '../declare/errors.ts'
import { shownName } from './bounds.ts'
import { isNumeral } from './meant.ts'

/**
 * What a validator found, in sentences that say where, what is allowed and what was sent. Schemas that have words of their own keep
 * them; nothing is ever told in the words of the validator.
 */

export const UNKNOWN = 'is not known here.'

/** The tool that takes a value which this one refuses, if there is one. */
export type Elsewhere = (argument: string, value: string) => string | undefined

type Found = z.core.$ZodIssue

export function sentencesOf(issue: Found, elsewhere?: Elsewhere): Issue[] {
  const path = issue.path.map(shownName).join('.')
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path: [path, shownName(key)].filter(Boolean).join('.'), message: UNKNOWN }))
    case 'invalid_value': {
      const allowed = `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`
      const sent = typeof issue.input === 'string' ? issue.input : ''
      const taker = issue.path.length === 1 && elsewhere?.(path, sent)
      return [{ path, message: taker ? `${allowed}: call ${taker} for ${JSON.stringify(sent)}` : allowed }]
    }
    default:
      return [{ path, message: messageOf(issue) }]
  }
}

/** Whether something has too many characters or entries, in whatever words of ours that is said. */
export const isTooLong = (issue: Found): boolean =>
  issue.code === 'too_big' &&
  (issue.origin === 'string' || issue.origin === 'array') &&
  (isRaw(issue) || issue.message === `must be at most ${issue.maximum} characters`)

const isRaw = ({ message }: Found): boolean => /^(Too (big|small)|Invalid|Unrecognized)\b/.test(message)

function messageOf(issue: Found): string {
  if (issue.code === 'invalid_type') {
    return issue.input === undefined ? 'is required' : wrongForm(issue.expected, issue.input)
  }
  if (!isRaw(issue)) return issue.message
  switch (issue.code) {
    case 'too_big':
      return wrongSize(issue, issue.exact ? 'exactly' : issue.inclusive ? 'at most' : 'less than', issue.maximum)
    case 'too_small':
      return wrongSize(issue, issue.exact ? 'exactly' : issue.inclusive ? 'at least' : 'more than', issue.minimum)
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}, not ${String(issue.input)}`
    case 'invalid_format':
      return FORMATS[issue.format] ?? 'has a form that is not taken here'
    case 'invalid_key':
      return `is no name that is taken here: it ${issue.issues.map(messageOf).join(' and ')}`
    case 'invalid_union':
      return 'has none of the forms that are taken here'
    default:
      return 'is not taken here'
  }
}

const FORMATS: Readonly<Record<string, string>> = {
  date: 'must be a date like 2027-04-05',
  datetime: 'must be a moment in UTC like 2027-04-05T18:00:00.000Z',
  email: 'must be an e-mail address like ana@example.org',
  url: 'must be a web address',
  uuid: 'must be a UUID',
}

/** Of a text its length is told and not what it says: it may be a password. */
function wrongSize({ origin, input }: { origin: string; input?: unknown }, relation: string, bound: unknown): string {
  switch (origin) {
    case 'string':
      return `must be ${relation} ${bound} characters, and has ${(input as string).length}`
    case 'array':
      return `must hold ${relation} ${bound} ${bound === 1 ? 'entry' : 'entries'}, and has ${(input as unknown[]).length}`
    default:
      return `must be ${relation} ${bound}, not ${String(input)}`
  }
}

const ARTICLES: Readonly<Record<string, string>> = {
  int: 'a whole number',
  object: 'an object',
  record: 'an object',
  array: 'a list',
  boolean: 'true or false',
  string: 'a text',
}

/** Says what was understood as well: who wrote it may not be who sent it. Texts are told where no text, such as a password, is wanted. */
function wrongForm(expected: string, sent: unknown): string {
  const isNumber = expected === 'number' || expected === 'int'
  if (isNumber && typeof sent === 'string' && isNumeral(sent)) {
    return `has more digits than can be kept: ${JSON.stringify(sent)}`
  }
  if (isNumber && typeof sent === 'number' && !Number.isFinite(sent)) return `must be a finite number, not ${sent}`
  return `must be ${ARTICLES[expected] ?? `a ${expected}`}, not ${understood(sent, expected === 'int')}`
}

function understood(sent: unknown, isNumber: boolean): string {
  if (sent === null) return 'null'
  if (Array.isArray(sent)) return 'a list'
  switch (typeof sent) {
    case 'string':
      return sent === '' ? 'an empty text' : `the text ${JSON.stringify(shownName(sent))}`
    case 'number':
      return isNumber ? String(sent) : 'a number'
    case 'boolean':
      return String(sent)
    default:
      return 'an object'
  }
}
