import type { z } from 'zod'

/**
 * What a validator found of a value of the right kind, in words of ours: what is allowed, and how much was sent. Schemas that have
 * words of their own keep them. The app checks forms by the same schemas, and says the same.
 */
export function inOurWords(issue: z.core.$ZodIssue): string {
  if (!isRaw(issue)) return issue.message
  switch (issue.code) {
    case 'too_big':
      return wrongSize(issue, issue.exact ? 'exactly' : issue.inclusive ? 'at most' : 'less than', issue.maximum)
    case 'too_small':
      return wrongSize(issue, issue.exact ? 'exactly' : issue.inclusive ? 'at least' : 'more than', issue.minimum)
    case 'invalid_value':
      return `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}, not ${String(issue.input)}`
    case 'invalid_format':
      return FORMATS[issue.format] ?? 'has a form that is not taken here'
    case 'invalid_key':
      return `is no name that is taken here: it ${issue.issues.map(inOurWords).join(' and ')}`
    case 'invalid_union':
      return 'has none of the forms that are taken here'
    default:
      return 'is not taken here'
  }
}

/** Whether that is said in the words of the validator. */
export const isRaw = ({ message }: z.core.$ZodIssue): boolean =>
  /^(Too (big|small)|Invalid|Unrecognized)\b/.test(message)

const FORMATS: Readonly<Record<string, string>> = {
  date: 'must be a date like 2027-04-05',
  datetime: 'must be a moment in UTC like 2027-04-05T18:00:00.000Z',
  email: 'must be an e-mail address like ana@example.org',
  url: 'must be a web address',
  uuid: 'must be a UUID',
}

/** Tells the length of a text and never the text, which may be a password. */
function wrongSize({ origin, input }: { origin: string; input?: unknown }, relation: string, bound: unknown): string {
  switch (origin) {
    case 'string':
      return `must be ${relation} ${bound} characters${typeof input === 'string' ? `, and has ${input.length}` : ''}`
    case 'array': {
      const entries = bound === 1 ? 'entry' : 'entries'
      return `must hold ${relation} ${bound} ${entries}${Array.isArray(input) ? `, and has ${input.length}` : ''}`
    }
    default:
      return `must be ${relation} ${bound}${input === undefined ? '' : `, not ${String(input)}`}`
  }
}
