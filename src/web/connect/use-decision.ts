import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { decide_consent } from '../../identity/oauth/consent-contract.ts'
import type { Person } from '../../identity/person.ts'
import { CallError, callAtRoot } from '../call.ts'

export type Answer = 'allow' | 'deny'

interface Decision {
  /** What was answered; the browser is on its way then. */
  readonly done: Answer | null
  /** What is being answered. */
  readonly busy: Answer | null
  readonly trouble: string | null
  decide(user: Person, answer: Answer, scopes: Iterable<string>): Promise<void>
}

/** The request may not be what the page shows any more: it is over, or nobody or somebody else is logged in. */
const STALE = new Set(['not_found', 'unauthenticated', 'conflict'])

/** Answers a request, and goes on to where the program waits. `lookAgain` asks anew, and gives who is logged in then. */
export function useDecision(uid: string, lookAgain: () => Promise<Person | null | undefined>): Decision {
  const { t } = useTranslation()
  const [done, setDone] = useState<Answer | null>(null)
  const [busy, setBusy] = useState<Answer | null>(null)
  const [trouble, setTrouble] = useState<string | null>(null)

  async function refuse(error: unknown, { user_id }: Person): Promise<void> {
    const refused = error instanceof CallError ? error : null
    // What has changed is seen on the page; what is still as it was has to be said.
    if (refused && STALE.has(refused.code) && (await lookAgain())?.user_id !== user_id) return
    if (refused?.code === 'unreachable') setTrouble(t('error.unreachable'))
    else setTrouble(refused ? [refused.message, refused.hint].filter(Boolean).join('. ') : t('error.unexpected'))
  }

  return {
    done,
    busy,
    trouble,
    async decide(user, answer, scopes) {
      setBusy(answer)
      setTrouble(null)
      try {
        const decision = { uid, user_id: user.user_id, allow: answer === 'allow', scopes: [...scopes] }
        const { redirect } = await callAtRoot(decide_consent, decision)
        setDone(answer)
        location.replace(redirect)
      } catch (error) {
        await refuse(error, user)
      } finally {
        setBusy(null)
      }
    },
  }
}
