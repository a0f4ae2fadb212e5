import { Bot, Sparkles } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Output } from '../../../core/declare/operation.ts'
import { calendarDay, fromNow, moment } from '../../../ui/dates.ts'
import { Badge } from '../../../ui/design/badge.tsx'
import { Button } from '../../../ui/design/button.tsx'
import type { list_oauth_grants } from '../../contract/oauth.ts'
import { ScopeFold } from './scope-fold.tsx'

export type Grant = Output<typeof list_oauth_grants>['grants'][number]

interface Props {
  grant: Grant
  now: number
  onLook(): void
  onDisconnect(): void
}

/** A program that can act for the person. */
export function AssistantCard({ grant, now, onLook, onDisconnect }: Props) {
  const { t } = useTranslation()
  const machine = grant.kind === 'machine'
  const Icon = machine ? Bot : Sparkles
  const details = [
    !machine && grant.redirect_host && t('settings.backTo', { host: grant.redirect_host }),
    t('settings.connectedOn', { date: calendarDay(grant.created_at) }),
  ]
  return (
    <article className="rounded-lg border border-line bg-surface p-4" aria-label={grant.client_name}>
      <div className="flex items-start gap-3.5">
        <span
          aria-hidden="true"
          className="flex size-10 shrink-0 items-center justify-center rounded-full bg-pine-soft text-pine-ink"
        >
          <Icon size={18} />
        </span>
        <div className="min-w-0 flex-1">
          <h3 className="wrap-anywhere flex flex-wrap items-center gap-x-2 gap-y-1 font-semibold text-lg">
            {grant.client_name}
            {machine && <Badge>{t('settings.machineBadge')}</Badge>}
          </h3>
          <p className="wrap-anywhere text-ink-soft text-sm">{details.filter(Boolean).join(' · ')}</p>
          <p className="figures mt-1 text-sm">
            {grant.last_used_at ? (
              <time dateTime={grant.last_used_at} title={moment(grant.last_used_at)}>
                {t('settings.usedWhen', { when: fromNow(grant.last_used_at, now) })}
              </time>
            ) : (
              t('settings.notUsed')
            )}
            {' · '}
            {t('settings.changes', { count: grant.changes })}
          </p>
        </div>
      </div>
      <div className="mt-3 flex flex-wrap items-start justify-between gap-x-4 gap-y-2 sm:pl-13.5">
        <ScopeFold scopes={grant.scopes} />
        <div className="flex gap-2">
          {grant.changes > 0 && (
            <Button size="small" onClick={onLook}>
              {t('settings.whatChanged')}
            </Button>
          )}
          <Button size="small" onClick={onDisconnect}>
            {t('settings.disconnect')}
          </Button>
        </div>
      </div>
    </article>
  )
}
