import { useQuery } from '@tanstack/react-query'
import { Navigate, useParams } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { CallError } from '../call.ts'
import { ErrorState } from '../design/states.tsx'
import { usualChoice } from './choice.ts'
import { ConsentCard } from './consent-card.tsx'
import { Going, Left, Over, Waiting } from './outcomes.tsx'
import { ConnectPage } from './page.tsx'
import { consentPage, requestOf } from './request.ts'
import { useDecision } from './use-decision.ts'

/** Where a person says whether a program may act for them, and in what. */
export function ConsentPage() {
  const { uid } = useParams({ from: '/oauth/consent/$uid' })
  return <Request key={uid} uid={uid} />
}

function Request({ uid }: { uid: string }) {
  const request = useQuery(requestOf(uid))
  const { done, busy, trouble, decide } = useDecision(uid, async () => (await request.refetch()).data?.user)
  const [given, setGiven] = useState<ReadonlySet<string> | null>(null)
  /** Who was logged in when the page was opened, and whether they need not be asked. */
  const [first, setFirst] = useState<{ userId: number; passes: boolean } | null>(null)
  const passed = useRef(false)

  const { user, asked, program = '' } = request.data ?? {}
  if (user && asked && !first) setFirst({ userId: user.user_id, passes: asked.remembered })
  const isAnother = Boolean(user && first && user.user_id !== first.userId)
  const passes = Boolean(first?.passes && asked?.remembered && !isAnother && !trouble)
  const chosen = given ?? usualChoice(asked?.scopes ?? [])

  useEffect(() => {
    if (!passes || passed.current || !user || !asked) return
    passed.current = true
    void decide(
      user,
      'allow',
      asked.scopes.map(({ scope }) => scope),
    )
  })

  if (done) {
    const Outcome = asked?.client.on_this_machine ? Left : Going
    return <Outcome name={program} answer={done} />
  }
  if (request.error instanceof CallError && request.error.code === 'not_found') return <Over />
  if (request.error && !request.data) {
    return (
      <ConnectPage>
        <ErrorState error={request.error} onRetry={() => void request.refetch()} />
      </ConnectPage>
    )
  }
  if (!request.data) return <Waiting />
  if (!user || !asked) return <Navigate to="/login" search={{ to: consentPage(uid) }} replace />
  if (passes) return <Going name={program} answer="allow" />
  return (
    <ConsentCard
      uid={uid}
      user={user}
      asked={asked}
      chosen={chosen}
      onChoose={setGiven}
      isAnother={isAnother}
      trouble={trouble}
      busy={busy}
      onAnswer={(answer) => void decide(user, answer, chosen)}
    />
  )
}
