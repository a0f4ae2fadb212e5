import type { z } from 'zod'
import { type Issue, issueAt } from '../declare/errors.ts'
import type { Message } from '../declare/message.ts'
import { kind, wrong } from '../declare/value-messages.ts'
import { messageOfIssue, namesMessage } from '../declare/wording.ts'
import { shownName } from './bounds.ts'
import { isNumeral } from './meant.ts'

/** Validation issues as messages: where, what is allowed, and what was sent. */

/** The tool that accepts a value which this one rejects, if there is one. */
export type Elsewhere = (argument: string, value: string) => string | undefined

type Found = z.core.$ZodIssue

export function issuesOf(issue: Found, elsewhere?: Elsewhere): Issue[] {
  const path = issue.path.map(shownName).join('.')
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => issueAt([path, shownName(key)].filter(Boolean).join('.'), wrong.unknown()))
    case 'invalid_value': {
      const problem = messageOfIssue(issue)
      const sent = typeof issue.input === 'string' ? issue.input : ''
      const operation = issue.path.length === 1 && elsewhere?.(path, sent)
      if (!operation) return [issueAt(path, problem)]
      return [issueAt(path, wrong.choiceElsewhere({ problem, operation, sent: JSON.stringify(sent) }))]
    }
    case 'invalid_type':
      return [issueAt(path, namesMessage(issue) ? messageOfIssue(issue) : wrongKind(issue.expected, issue.input))]
    default:
      return [issueAt(path, messageOfIssue(issue))]
  }
}

/** Whether the issue is only about the length of a text or a list. */
export const isTooLong = (issue: Found): boolean =>
  issue.code === 'too_big' && (issue.origin === 'string' || issue.origin === 'array') && !namesMessage(issue)

const KINDS: Readonly<Record<string, () => Message>> = {
  int: kind.wholeNumber,
  number: kind.number,
  object: kind.object,
  record: kind.object,
  array: kind.list,
  boolean: kind.boolean,
  string: kind.text,
}

/**
 * Names the value after conversion, since a program may have changed it. A text is repeated only where the field takes
 * no text, so never a password.
 */
function wrongKind(expected: string, sent: unknown): Message {
  if (sent === undefined) return wrong.required()
  const isNumber = expected === 'number' || expected === 'int'
  if (isNumber && typeof sent === 'string' && isNumeral(sent)) {
    return wrong.tooManyDigits({ sent: JSON.stringify(sent) })
  }
  if (isNumber && typeof sent === 'number' && !Number.isFinite(sent)) return wrong.finite({ sent: String(sent) })
  const name = (KINDS[expected] ?? (() => kind.other({ name: expected })))()
  return wrong.kind({ kind: name, sent: understood(sent, expected === 'int') })
}

function understood(sent: unknown, isNumber: boolean): Message | string {
  if (sent === null) return 'null'
  if (Array.isArray(sent)) return kind.list()
  switch (typeof sent) {
    case 'string':
      return sent === '' ? kind.emptyText() : kind.thisText({ text: JSON.stringify(shownName(sent)) })
    case 'number':
      return isNumber ? String(sent) : kind.number()
    case 'boolean':
      return String(sent)
    default:
      return kind.object()
  }
}
