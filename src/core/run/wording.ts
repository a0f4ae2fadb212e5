import type { z } from 'zod'
import type { Issue } from '../declare/errors.ts'
import { inOurWords, isRaw } from '../declare/wording.ts'
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
      const allowed = inOurWords(issue)
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

function messageOf(issue: Found): string {
  if (issue.code === 'invalid_type') {
    return issue.input === undefined ? 'is required' : wrongForm(issue.expected, issue.input)
  }
  return inOurWords(issue)
}

const ARTICLES: Readonly<Record<string, string>> = {
  int: 'a whole number',
  object: 'an object',
  record: 'an object',
  array: 'a list',
  boolean: 'true or false',
  string: 'a text',
}

/** Names the value that was understood, as a program may have changed it. A text is repeated only where the field takes no text, so never a password. */
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
