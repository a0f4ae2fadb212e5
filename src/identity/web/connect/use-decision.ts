import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CallError, call } from '../../../ui/call.ts'
import { type ConsentRequest, decide_consent } from '../../contract/consent.ts'
import type { Person } from '../../contract/person.ts'

export type ConsentChoice = 'allow' | 'deny'

/** The person and the request, as the page shows them. */
export interface Question {
  readonly user: Person
  readonly asked: ConsentRequest
}

interface Decision {
  /** The answer given; the browser is then being redirected. */
  readonly done: ConsentChoice | null
  /** The answer being sent. */
  readonly busy: ConsentChoice | null
  readonly trouble: string | null
  /** Sends a person's choice; false if it was not accepted. */
  decide(question: Question, answer: ConsentChoice, scopes: Iterable<string>): Promise<boolean>
  /** Admits the program on the strength of an earlier consent; false if that no longer suffices. */
  pass(question: Question): Promise<boolean>
}

/** Errors after which the page may be out of date: the request is over or changed, or the login did. */
const STALE = new Set(['not_found', 'unauthenticated', 'conflict'])

const isSame = (one: Question, other: Question | null): boolean =>
  one.user.user_id === other?.user.user_id &&
  one.asked.shown === other.asked.shown &&
  one.asked.remembered === other.asked.remembered

/**
 * Answers a request and continues to the program. `lookAgain` reloads the request and returns what the page then shows.
 */
export function useDecision(uid: string, lookAgain: () => Promise<Question | null>): Decision {
  const { t } = useTranslation()
  const [done, setDone] = useState<ConsentChoice | null>(null)
  const [busy, setBusy] = useState<ConsentChoice | null>(null)
  const [trouble, setTrouble] = useState<string | null>(null)

  async function refuse(error: unknown, question: Question): Promise<void> {
    const refused = error instanceof CallError ? error : null
    // A change is visible on the page; without one, show the error.
    if (refused && STALE.has(refused.code) && !isSame(question, await lookAgain())) return
    if (refused?.code === 'unreachable') setTrouble(t('error.unreachable'))
    else if (!refused) setTrouble(t('error.unexpected'))
    else
      setTrouble(refused.hint ? t('error.withHint', { message: refused.message, hint: refused.hint }) : refused.message)
  }

  async function send(question: Question, answer: ConsentChoice, scopes: Iterable<string>, remembered: boolean) {
    setBusy(answer)
    setTrouble(null)
    try {
      const { user, asked } = question
      const decision = { user_id: user.user_id, shown: asked.shown, remembered, allow: answer === 'allow' }
      const { redirect } = await call(decide_consent, { uid, ...decision, scopes: [...scopes] })
      setDone(answer)
      location.replace(redirect)
      return true
    } catch (error) {
      await refuse(error, question)
      return false
    } finally {
      setBusy(null)
    }
  }

  return {
    done,
    busy,
    trouble,
    decide: (question, answer, scopes) => send(question, answer, scopes, false),
    pass: (question) => {
      const scopes = question.asked.scopes.map(({ scope }) => scope)
      return send(question, 'allow', scopes, true)
    },
  }
}
