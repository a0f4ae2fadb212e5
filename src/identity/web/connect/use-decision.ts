import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CallError, call } from '../../../ui/call.ts'
import { type Asked, decide_consent } from '../../contract/consent.ts'
import type { Person } from '../../contract/person.ts'

export type ConsentChoice = 'allow' | 'deny'

/** Who is asked, and for what, as the page shows it. */
export interface Question {
  readonly user: Person
  readonly asked: Asked
}

interface Decision {
  /** What was answered; the browser is on its way then. */
  readonly done: ConsentChoice | null
  /** What is being answered. */
  readonly busy: ConsentChoice | null
  readonly trouble: string | null
  /** Gives what a person chose; false where it did not count. */
  decide(question: Question, answer: ConsentChoice, scopes: Iterable<string>): Promise<boolean>
  /** Lets the program in without asking, since what the person said before is enough; false where it is not any more. */
  pass(question: Question): Promise<boolean>
}

/** The request may not be what the page shows any more: it is over, has changed, or nobody or somebody else is logged in. */
const STALE = new Set(['not_found', 'unauthenticated', 'conflict'])

const isSame = (one: Question, other: Question | null): boolean =>
  one.user.user_id === other?.user.user_id &&
  one.asked.shown === other.asked.shown &&
  one.asked.remembered === other.asked.remembered

/** Answers a request, and goes on to where the program waits. `lookAgain` asks anew, and gives what the page shows then. */
export function useDecision(uid: string, lookAgain: () => Promise<Question | null>): Decision {
  const { t } = useTranslation()
  const [done, setDone] = useState<ConsentChoice | null>(null)
  const [busy, setBusy] = useState<ConsentChoice | null>(null)
  const [trouble, setTrouble] = useState<string | null>(null)

  async function refuse(error: unknown, question: Question): Promise<void> {
    const refused = error instanceof CallError ? error : null
    // What has changed is seen on the page; what is still as it was has to be said.
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
      const said = { user_id: user.user_id, shown: asked.shown, remembered, allow: answer === 'allow' }
      const { redirect } = await call(decide_consent, { uid, ...said, scopes: [...scopes] })
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
