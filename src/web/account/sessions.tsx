import { MonitorSmartphone } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { list_sessions, revoke_session } from '../../identity/contract.ts'
import { CallError, call } from '../call.ts'
import { moment } from '../dates.ts'
import { Badge } from '../design/badge.tsx'
import { Button } from '../design/button.tsx'
import { ErrorState, Skeleton } from '../design/states.tsx'
import { tell, tellTrouble } from '../design/toast.tsx'
import { forget, useRead } from '../query.ts'

/** Where one is logged in. */
export function Sessions() {
  const { t } = useTranslation()
  const sessions = useRead(list_sessions, {})

  async function end(sessionId: number) {
    try {
      await call(revoke_session, { sessionId })
      tell(t('account.sessionEnded'))
    } catch (error) {
      tellTrouble(error instanceof CallError ? error.message : t('error.unexpected'))
    }
    await forget(list_sessions)
  }

  if (sessions.isPending) return <Skeleton className="h-40" />
  if (sessions.isError) return <ErrorState error={sessions.error} onRetry={() => void sessions.refetch()} />
  return (
    <div className="flex flex-col gap-4">
      <p className="text-ink-soft">{t('account.sessionsNote')}</p>
      <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
        {sessions.data.sessions.map((session) => (
          <li key={session.id} className="flex items-center gap-4 px-4 py-3">
            <MonitorSmartphone size={20} aria-hidden="true" className="shrink-0 text-ink-faint" />
            <div className="min-w-0 flex-1">
              <p className="flex flex-wrap items-center gap-2 font-medium">
                {session.device}
                {session.current && <Badge tone="pine">{t('account.thisBrowser')}</Badge>}
              </p>
              <p className="figures truncate text-ink-faint text-sm">
                {[session.ip_address, t('account.lastUsed', { when: moment(session.last_used_at) })]
                  .filter(Boolean)
                  .join(' · ')}
              </p>
            </div>
            {!session.current && (
              <Button size="small" onClick={() => void end(session.id)}>
                {t('account.endSession')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}
