import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AnyOperation, Output } from '../../core/declare/operation.ts'
import { type Asked, CallError, call } from '../call.ts'

type Values = Record<string, unknown>

interface Form<Op extends AnyOperation, V extends Values> {
  readonly values: V
  set<K extends keyof V>(key: K, value: V[K]): void
  /** What is wrong with a field, once it has been tried. */
  error(field: string): string | undefined
  /** What is wrong as a whole. */
  readonly trouble: string | null
  /** The refusal itself, for those who want to look at its details. */
  readonly refusal: CallError | null
  readonly busy: boolean
  /** Checks with the operation's own schema, calls it, and gives its answer; null when something is wrong. */
  submit(input: Asked<Op>): Promise<Output<Op> | null>
}

/** The first message for each field, in the order of the schema. */
function byField(issues: readonly { path: string; message: string }[]): Record<string, string> {
  const found: Record<string, string> = {}
  for (const { path, message } of issues) found[path.split('.')[0] ?? ''] ??= message
  return found
}

/** A form in front of an operation: same schema as the server, nothing that was typed is ever lost. */
export function useForm<Op extends AnyOperation, V extends Values>(operation: Op, initial: V): Form<Op, V> {
  const { t } = useTranslation()
  const [values, setValues] = useState(initial)
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [refusal, setRefusal] = useState<CallError | null>(null)
  const [busy, setBusy] = useState(false)

  const said = (message: string | undefined) => message && message.charAt(0).toUpperCase() + message.slice(1)

  return {
    values,
    set(key, value) {
      setValues((before) => ({ ...before, [key]: value }))
      setErrors(({ [key as string]: _, ...others }) => others)
    },
    error: (field) => said(errors[field]),
    refusal,
    trouble: refusal && refusal.issues.length === 0 ? troubleOf(refusal, t) : null,
    busy,
    async submit(input) {
      setRefusal(null)
      const checked = operation.input.safeParse(input)
      if (!checked.success) {
        setErrors(
          byField(
            checked.error.issues.map((issue) => ({
              path: issue.path.join('.'),
              message: issue.code === 'invalid_type' ? t('form.required') : issue.message,
            })),
          ),
        )
        return null
      }
      setErrors({})
      setBusy(true)
      try {
        return await call(operation, input)
      } catch (error) {
        const refused =
          error instanceof CallError ? error : new CallError({ code: 'bug', message: t('error.unexpected') })
        setErrors(byField(refused.issues))
        setRefusal(refused)
        return null
      } finally {
        setBusy(false)
      }
    },
  }
}

const troubleOf = (refused: CallError, t: (key: string) => string): string =>
  refused.code === 'unreachable' ? t('error.unreachable') : refused.message

/** What a text field holds, as the server takes it: nothing typed is nothing stored. */
export const textOrNull = (text: string): string | null => (text.trim() === '' ? null : text.trim())

/** What a number field holds; something that is no number stays NaN, so that the schema refuses it. */
export const numberOrNull = (text: string): number | null =>
  text.trim() === '' ? null : Number(text.trim().replace(',', '.'))
