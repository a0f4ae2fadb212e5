import i18next from 'i18next'
import type { z } from 'zod'
import { kind, wrong } from '../../core/declare/value-messages.ts'
import { messageOfIssue } from '../../core/declare/wording.ts'
import { textOf } from '../message.ts'

/** An issue of the schema in the words of the app. */
export function issueText(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_type') return textOf(messageOfIssue(issue))
  if (typeof issue.input !== 'number') return textOf(wrong.empty())
  return Number.isNaN(issue.input)
    ? i18next.t('form.noNumber')
    : textOf(wrong.kind({ kind: kind.wholeNumber(), sent: String(issue.input) }))
}
