import { useQuery } from '@tanstack/react-query'
import { Navigate, useParams } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Output } from '../../../core/declare/operation.ts'
import { CallError } from '../../../ui/call.ts'
import { PageTitle } from '../../../ui/design/page-title.tsx'
import { ErrorState } from '../../../ui/design/states.tsx'
import type { get_consent } from '../../contract/consent.ts'
import { usualChoice } from './choice.ts'
import { ConsentCard } from './consent-card.tsx'
import { Going, Left, Over, SwitchedOff, Waiting } from './outcomes.tsx'
import { ConnectPage } from './page.tsx'
import { consentPage, requestOf } from './request.ts'
import { type Question, useDecision } from './use-decision.ts'

/** The page where a person decides what a program may do for them. */
export function ConsentPage() {
  const { uid } = useParams({ from: '/oauth/consent/$uid' })
  return <Request key={uid} uid={uid} />
}

function Request({ uid }: { uid: string }) {
  const { t } = useTranslation()
  const request = useQuery(requestOf(uid))
  const { done, busy, trouble, decide, pass } = useDecision(uid, async () => questionIn((await request.refetch()).data))
  const [choice, setChoice] = useState<ReadonlySet<string> | null>(null)
  /** What the page first showed. */
  const [first, setFirst] = useState<Question | null>(null)
  /** Whether an earlier consent turned out to be insufficient. */
  const [mustAsk, setMustAsk] = useState(false)
  const passed = useRef(false)

  const question = questionIn(request.data)
  if (question && !first) setFirst(question)
  const isAnother = Boolean(question && first && question.user.user_id !== first.user.user_id)
  const isChanged = Boolean(question && first && !isAnother && question.asked.shown !== first.asked.shown)
  const isRemembered = Boolean(first?.asked.remembered && question?.asked.remembered)
  const passes = isRemembered && !isAnother && !isChanged && !mustAsk
  const chosen = choice ?? usualChoice(question?.asked.scopes ?? [])

  useEffect(() => {
    if (!passes || passed.current || !question) return
    passed.current = true
    void pass(question).then((isIn) => setMustAsk(!isIn))
  })

  const program = request.data?.program ?? ''
  if (done) {
    const Outcome = question?.asked.client.on_this_machine ? Left : Going
    return <Outcome name={program} answer={done} />
  }
  if (request.error instanceof CallError && request.error.code === 'not_found') return <Over />
  if (request.error instanceof CallError && request.error.code === 'addon_off') return <SwitchedOff />
  if (request.error && !request.data) {
    return (
      <ConnectPage>
        <PageTitle of={[t('connect.problemTitle')]} />
        <ErrorState error={request.error} onRetry={() => void request.refetch()} />
      </ConnectPage>
    )
  }
  if (!request.data) return <Waiting />
  if (!question) return <Navigate to="/login" search={{ to: consentPage(uid) }} replace />
  if (passes) return <Going name={program} answer="allow" />
  return (
    <ConsentCard
      uid={uid}
      user={question.user}
      asked={question.asked}
      chosen={chosen}
      onChoose={setChoice}
      isAnother={isAnother}
      isChanged={isChanged}
      trouble={trouble}
      busy={busy}
      onAnswer={(answer) => void decide(question, answer, chosen)}
    />
  )
}

/** The request and its person; null until someone is logged in. */
const questionIn = ({ user, asked }: Partial<Output<typeof get_consent>> = {}): Question | null =>
  user && asked ? { user, asked } : null
