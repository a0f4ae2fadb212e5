import { Monitor, Smartphone } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Output } from '../../../core/declare/operation.ts'
import { calendarDay, fromNow, moment } from '../../../ui/dates.ts'
import { AskFirst } from '../../../ui/design/ask-first.tsx'
import { Badge } from '../../../ui/design/badge.tsx'
import { Button } from '../../../ui/design/button.tsx'
import { Section } from '../../../ui/design/section.tsx'
import { ErrorState, Skeleton } from '../../../ui/design/states.tsx'
import { tell } from '../../../ui/design/toast.tsx'
import { useAct } from '../../../ui/live/act.ts'
import { textOf } from '../../../ui/message.ts'
import { useNow } from '../../../ui/now.ts'
import { forget } from '../../../ui/query.ts'
import { list_sessions, revoke_session, WebSession } from '../../contract/index.ts'
import { useOwn } from '../use-own.ts'

type Session = Output<typeof list_sessions>['sessions'][number]

/** The person's sessions. */
export function Sessions() {
  const { t } = useTranslation()
  const now = useNow()
  const act = useAct()
  const sessions = useOwn(list_sessions, WebSession)
  const [asking, setAsking] = useState(false)
  const others = sessions.data?.sessions.filter(({ current }) => !current) ?? []

  async function end(ended: readonly Session[]) {
    const answers = []
    for (const { id } of ended) answers.push(await act(revoke_session, { sessionId: id }))
    if (answers.every(Boolean)) tell(t('settings.sessionEnded', { count: ended.length }))
    await forget(list_sessions)
  }

  return (
    <Section
      title={t('settings.sessions')}
      note={t('settings.sessionsNote')}
      action={others.length > 1 && <Button onClick={() => setAsking(true)}>{t('settings.endOthers')}</Button>}
    >
      {sessions.isPending && <Skeleton className="h-40" />}
      {sessions.isError && <ErrorState error={sessions.error} onRetry={() => void sessions.refetch()} />}
      {sessions.isSuccess && (
        <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
          {sessions.data.sessions.map((session) => (
            <li key={session.id} className="flex flex-wrap items-center gap-x-4 gap-y-3 px-4 py-3.5">
              <Line session={session} now={now} />
              {!session.current && (
                <Button size="small" onClick={() => void end([session])}>
                  {t('settings.endSession')}
                  <span className="sr-only">{deviceOf(session)}</span>
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      <AskFirst
        open={asking}
        onClose={() => setAsking(false)}
        title={t('settings.endOthersTitle')}
        body={t('settings.endOthersBody')}
        action={t('settings.endOthers')}
        onDo={async () => {
          await end(others)
          setAsking(false)
        }}
      />
    </Section>
  )
}

const deviceOf = ({ device, device_message }: Session): string => textOf({ ...device_message, text: device })

function Line({ session, now }: { session: Session; now: number }) {
  const { t } = useTranslation()
  const Icon = /iPhone|iPad|Android/.test(session.device) ? Smartphone : Monitor
  return (
    <>
      <Icon size={20} aria-hidden="true" className="shrink-0 text-ink-faint" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          {deviceOf(session)}
          {session.current && <Badge tone="pine">{t('settings.thisBrowser')}</Badge>}
        </p>
        <p className="figures wrap-anywhere text-ink-faint text-sm">
          {session.ip_address && `${session.ip_address} · `}
          <time dateTime={session.last_used_at} title={moment(session.last_used_at)}>
            {t('settings.usedWhen', { when: fromNow(session.last_used_at, now) })}
          </time>
          {' · '}
          {t('settings.loggedInOn', { date: calendarDay(session.created_at) })}
        </p>
      </div>
    </>
  )
}
