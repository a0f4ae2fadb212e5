import { CircleX, DatabaseBackup } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Output } from '../../../core/declare/operation.ts'
import { fromNow, moment } from '../../../ui/dates.ts'
import { Button } from '../../../ui/design/button.tsx'
import { classes } from '../../../ui/design/class-names.ts'
import { Section } from '../../../ui/design/section.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../../ui/design/states.tsx'
import { tell } from '../../../ui/design/toast.tsx'
import { useAct } from '../../../ui/live/act.ts'
import { useNow } from '../../../ui/now.ts'
import { forget, useRead } from '../../../ui/query.ts'
import { sizeOf } from '../../files/web/sizes.ts'
import { list_backups, make_backup } from '../contract/index.ts'
import { CommandLine } from './command-line.tsx'
import { KeptBackups } from './kept-backups.tsx'

type State = Output<typeof list_backups>

/** How often it is asked whether the backup that is being made is done, in milliseconds. */
const ASK_AGAIN_MS = 1000

/** What is safe if the disk of the server is lost, for the one who runs it. */
export function Backups() {
  const { data, error, refetch } = useRead(list_backups, {})
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (!data) return <Skeleton className="h-96" />
  return data.folder === null ? <NoFolder /> : <InFolder state={data} folder={data.folder} />
}

function NoFolder() {
  const { t } = useTranslation()
  return (
    <div className="rounded-lg border border-line border-dashed">
      <EmptyState title={t('backups.noFolder')}>{t('backups.noFolderBody')}</EmptyState>
    </div>
  )
}

function InFolder({ state, folder }: { state: State; folder: string }) {
  const { t } = useTranslation()
  const now = useNow()
  const act = useAct()
  const [asking, setAsking] = useState(false)
  const watched = useWatch(state)

  async function make() {
    setAsking(true)
    if (await act(make_backup, {})) watched.current = true
    await forget(list_backups)
    setAsking(false)
  }

  return (
    <div className="flex flex-col gap-10">
      <Section
        title={t('backups.title')}
        note={t('backups.note')}
        action={
          <Button
            tone="primary"
            busy={asking || state.running}
            icon={<DatabaseBackup size={17} aria-hidden="true" />}
            onClick={() => void make()}
          >
            {t('backups.make')}
          </Button>
        }
      >
        <div aria-live="polite" className="flex flex-col gap-3">
          <Trouble state={state} />
          <Latest state={state} now={now} />
        </div>
      </Section>
      <KeptBackups backups={state.backups} />
      <Section title={t('backups.settings')} note={t('backups.settingsNote')}>
        <Settings state={state} folder={folder} />
      </Section>
    </div>
  )
}

/** Asks until the backup that is being made is done, and says so when it is. */
function useWatch(state: State) {
  const { t } = useTranslation()
  const watched = useRef(false)
  const { running, last_failure } = state
  useEffect(() => {
    if (!running) return
    watched.current = true
    const timer = setInterval(() => void forget(list_backups), ASK_AGAIN_MS)
    return () => clearInterval(timer)
  }, [running])
  // biome-ignore lint/correctness/useExhaustiveDependencies: each answer may be the one that it is done
  useEffect(() => {
    if (running || !watched.current) return
    watched.current = false
    if (!last_failure) tell(t('backups.made'))
  }, [state])
  return watched
}

/** What keeps backups from being made, in words. */
function Trouble({ state: { problem, last_failure: failure } }: { state: State }) {
  const { t } = useTranslation()
  const reasons = [...new Set([problem, failure?.reason].filter((reason) => reason != null))]
  if (!reasons.length) return null
  return (
    <div className="flex items-start gap-3 rounded-lg border border-signal bg-signal-soft p-4">
      <CircleX size={20} aria-hidden="true" className="mt-0.5 shrink-0 text-signal-ink" />
      <div className="min-w-0">
        <p className="font-semibold text-signal-ink">
          {failure ? t('backups.failed', { when: moment(failure.at) }) : t('backups.cannot')}
        </p>
        {reasons.map((reason) => (
          <p key={reason} className="wrap-anywhere mt-1">
            {reason}
          </p>
        ))}
        {failure && <p className="mt-1 text-ink-soft text-sm">{t('backups.triedAgain')}</p>}
      </div>
    </div>
  )
}

/** A server that makes them as it should has made the last one not longer ago than this many times their distance. */
const LATE_AFTER = 2

function Latest({ state, now }: { state: State; now: number }) {
  const { t } = useTranslation()
  const [latest] = state.backups
  if (state.running) {
    return (
      <div className="flex items-center gap-4 rounded-lg border border-line bg-surface px-5 py-4" aria-busy="true">
        <span className="size-2.5 shrink-0 animate-pulse-soft rounded-full bg-pine" aria-hidden="true" />
        <p className="text-ink-soft">{t('backups.making')}</p>
      </div>
    )
  }
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
          {!state.problem && !state.last_failure && <p className="mt-0.5 text-ink-soft">{t('backups.neverBody')}</p>}
        </>
      )}
    </div>
  )
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const

const SHOW_KEY = 'npm run -s trek -- encryption-key show'

function Settings({ state: { every_seconds, keep, encrypted }, folder }: { state: State; folder: string }) {
  const { t } = useTranslation()
  const [unit, length] = UNITS.find(([, length]) => every_seconds % length === 0) ?? (['second', 1] as const)
  return (
    <div className="rounded-lg border border-line bg-surface">
      <dl className="divide-y divide-line">
        <Setting name={t('backups.folder')} variable="BACKUP_TO">
          {folder}
        </Setting>
        <Setting name={t('backups.howOften')} variable="BACKUP_EVERY">
          {t(`backups.every.${unit}`, { count: every_seconds / length })}
        </Setting>
        <Setting name={t('backups.kept')} variable="BACKUP_KEEP">
          {t('backups.newest', { count: keep })}
        </Setting>
        <Setting name={t('backups.encryption')} variable="BACKUP_PASSPHRASE, BACKUP_RECIPIENT">
          {t(encrypted ? 'backups.isEncrypted' : 'backups.isNotEncrypted')}
        </Setting>
      </dl>
      {!encrypted && (
        <div className="border-line border-t px-4 py-3.5">
          <p className="text-ink-soft">{t('backups.withoutKey')}</p>
          <CommandLine command={SHOW_KEY} what={t('backups.commandForKey')} />
        </div>
      )}
    </div>
  )
}

const Setting = ({ name, variable, children }: { name: string; variable: string; children: string }) => (
  <div className="grid gap-x-6 gap-y-0.5 px-4 py-2.5 sm:grid-cols-[12rem_minmax(0,1fr)] sm:items-baseline">
    <dt className="text-ink-soft">{name}</dt>
    <dd className="min-w-0">
      <span className="wrap-anywhere">{children}</span>
      <span className="wrap-anywhere block font-mono text-ink-faint text-xs">{variable}</span>
    </dd>
  </div>
)
