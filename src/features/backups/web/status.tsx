import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Output } from '../../../core/declare/operation.ts'
import { fromNow, moment } from '../../../ui/dates.ts'
import { Button } from '../../../ui/design/button.tsx'
import { classes } from '../../../ui/design/class-names.ts'
import { Notice } from '../../../ui/design/notice.tsx'
import { ProgressBar } from '../../../ui/design/progress-bar.tsx'
import { sizeOf } from '../../files/web/sizes.ts'
import type { list_backups } from '../contract/index.ts'
import { lastOf } from './use-backups.ts'

type State = Output<typeof list_backups>

/** The newest backup counts as late after this many intervals. */
const LATE_AFTER = 2

/** The server does not answer; the page shows its last answer. */
export function Lost({ at }: { at: number }) {
  const { t } = useTranslation()
  return (
    <Notice tone="caution" title={t('error.unreachable')}>
      {t('backups.lost', { when: moment(new Date(at).toISOString()) })}
    </Notice>
  )
}

/** The last backup began but did not finish. */
export function CutOff({ at, busy, onAgain }: { at: string; busy: boolean; onAgain(): void }) {
  const { t } = useTranslation()
  return (
    <Notice
      tone="caution"
      title={t('backups.cutOff')}
      action={
        <Button busy={busy} onClick={onAgain}>
          {t('backups.makeAgain')}
        </Button>
      }
    >
      {t('backups.cutOffBody', { when: moment(at) })}
    </Notice>
  )
}

/** Why backups cannot be made, or old ones cannot be removed. */
export function Trouble({ state: { problem, last_failure: failure } }: { state: State }) {
  const { t } = useTranslation()
  const reasons = [...new Set([problem, failure?.reason].filter((reason) => reason != null))]
  if (!reasons.length) return null
  if (failure?.made && problem === null) {
    return (
      <Notice tone="caution" title={t('backups.madeWithProblem', { when: moment(failure.at) })}>
        <Reasons reasons={reasons} />
      </Notice>
    )
  }
  const isFailed = failure && !failure.made
  return (
    <Notice tone="failure" title={isFailed ? t('backups.failed', { when: moment(failure.at) }) : t('backups.cannot')}>
      <Reasons reasons={reasons} />
      {isFailed && <p className="text-ink-soft text-sm">{t('backups.triedAgain')}</p>}
    </Notice>
  )
}

/** What the command that makes backups reported, in English. */
const Reasons = ({ reasons }: { reasons: readonly string[] }) =>
  reasons.map((reason) => (
    <p key={reason} lang="en" dir="auto">
      {reason}
    </p>
  ))

/** The last backup, or the running one. */
export function Latest({ state, now, isLost }: { state: State; now: number; isLost: boolean }) {
  const { t } = useTranslation()
  const latest = lastOf(state)
  if (state.running) return <Making state={state} isLost={isLost} />
  if (!latest && state.problem !== null) return null
  const isLate = latest && now - Date.parse(latest.made_at) > LATE_AFTER * state.every_seconds * 1000
  return (
    <div
      className={classes(
        'rounded-lg border bg-surface px-5 py-4',
        isLate ? 'border-line border-l-4 border-l-glow' : 'border-line',
      )}
    >
      <p className="text-ink-soft text-sm">{t('backups.last')}</p>
      {latest ? (
        <>
          <p className="title text-xl first-letter:uppercase">
            <time dateTime={latest.made_at}>{fromNow(latest.made_at, now)}</time>
          </p>
          <p className="figures mt-0.5 text-ink-soft text-sm">
            {moment(latest.made_at)} · {sizeOf(latest.size)}
          </p>
          {isLate && <p className="mt-2">{t('backups.late')}</p>}
        </>
      ) : (
        <>
          <p className="title text-xl">{t('backups.never')}</p>
          {!state.last_failure && <p className="mt-0.5 text-ink-soft">{t('backups.neverBody')}</p>}
        </>
      )}
    </div>
  )
}

function Making({ state: { started_at: since, progress }, isLost }: { state: State; isLost: boolean }) {
  const { t } = useTranslation()
  return (
    <div
      className="flex flex-col gap-3 rounded-lg border border-line bg-surface px-5 py-4"
      aria-busy={isLost ? undefined : 'true'}
    >
      <p className="font-semibold">{t(isLost ? 'backups.wasMaking' : 'backups.making')}</p>
      {!isLost && (
        <>
          <ProgressBar label={t('backups.progress')} part={partOf(progress)} />
          {/* Screen readers read it from the bar, and do not announce each step. */}
          <p aria-live="off" className="figures flex flex-wrap justify-between gap-x-6 text-ink-soft text-sm">
            <Step progress={progress} />
            {since !== null && <Elapsed since={since} />}
          </p>
          <p className="text-ink-soft">{t('backups.makingBody')}</p>
        </>
      )}
    </div>
  )
}

/** The part of a backup that is packed, from 0 to 1; null while nothing is being packed. */
const partOf = (progress: State['progress']): number | null =>
  progress?.step === 'packing' && progress.total_bytes > 0 ? progress.done_bytes / progress.total_bytes : null

function Step({ progress }: { progress: State['progress'] }) {
  const { t } = useTranslation()
  if (!progress) return <span>{t('backups.step.starting')}</span>
  const { step, done_bytes: done, total_bytes: total } = progress
  return <span>{t(`backups.step.${step}`, { done: sizeOf(done), total: sizeOf(total) })}</span>
}

/** The elapsed time. Screen readers do not announce each second. */
function Elapsed({ since }: { since: string }) {
  const { t } = useTranslation()
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  const seconds = Math.max(0, Math.floor((now - Date.parse(since)) / 1000))
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
  return (
    <span role="timer" aria-live="off" className="figures">
      {t('backups.elapsed', { time })}
    </span>
  )
}
