import type { z } from 'zod'
import { type Message, messageNamed, type Params } from './message.ts'
import { wrong } from './value-messages.ts'

type Found = z.core.$ZodIssue

/**
 * The message for a validation issue of a value of the right kind: what is allowed, and how much was sent. A schema
 * check can name its own message. The app validates forms by the same schemas and shows the same messages.
 */
export function messageOfIssue(issue: Found): Message {
  return messageNamed(issue.message, paramsOf(issue)) ?? usualMessage(issue)
}

/** Whether a schema check names its own message. */
export const namesMessage = (issue: Found): boolean => messageNamed(issue.message, paramsOf(issue)) !== null

const paramsOf = (issue: Found): Params => (issue.code === 'custom' && (issue.params as Params | undefined)) || {}

function usualMessage(issue: Found): Message {
  switch (issue.code) {
    case 'too_big':
      return tooBig(issue)
    case 'too_small':
      return tooSmall(issue)
    case 'invalid_value':
      return notAmong(issue.values)
    case 'not_multiple_of':
      return wrong.multiple({ step: issue.divisor, sent: String(issue.input) })
    case 'invalid_format':
      return (FORMATS[issue.format] ?? wrong.form)()
    case 'invalid_key':
      return wrong.name({ problem: wrongName(issue) })
    case 'invalid_union':
      return wrong.form()
    default:
      return wrong.refused()
  }
}

/** The first fault of a record key. */
function wrongName({ issues: [first], path }: z.core.$ZodIssueInvalidKey): Message {
  return first ? messageOfIssue({ ...first, input: path.at(-1) } as Found) : wrong.refused()
}

const FORMATS: Readonly<Record<string, () => Message>> = {
  date: wrong.date,
  datetime: wrong.instant,
  email: wrong.email,
  url: wrong.url,
  uuid: wrong.uuid,
}

function notAmong(values: readonly unknown[]): Message {
  const allowed = values.map((value) => JSON.stringify(value))
  return allowed.length === 1 ? wrong.constant({ allowed }) : wrong.choice({ allowed })
}

/** Contains the length of a text and never the text, which can be a password. */
function tooBig({ origin, exact, inclusive, maximum, input }: z.core.$ZodIssueTooBig): Message {
  const count = Number(maximum)
  const length = lengthOf(input)
  if (origin === 'string') {
    return exact ? wrong.textLength({ count, length }) : wrong.textTooLong({ count, length })
  }
  if (origin === 'array') return exact ? wrong.listLength({ count, length }) : wrong.listTooLong({ count, length })
  return (inclusive ? wrong.atMost : wrong.below)({ maximum: count, sent: String(input) })
}

function tooSmall({ origin, exact, inclusive, minimum, input }: z.core.$ZodIssueTooSmall): Message {
  const count = Number(minimum)
  const length = lengthOf(input)
  if (origin === 'string') {
    return exact ? wrong.textLength({ count, length }) : wrong.textTooShort({ count, length })
  }
  if (origin === 'array') return exact ? wrong.listLength({ count, length }) : wrong.listTooShort({ count, length })
  return (inclusive ? wrong.atLeast : wrong.above)({ minimum: count, sent: String(input) })
}

const lengthOf = (input: unknown): number => (typeof input === 'string' || Array.isArray(input) ? input.length : 0)
