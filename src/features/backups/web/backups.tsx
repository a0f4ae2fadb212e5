import { DatabaseBackup } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Output } from '../../../core/declare/operation.ts'
import { Button } from '../../../ui/design/button.tsx'
import { Section } from '../../../ui/design/section.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../../ui/design/states.tsx'
import { tell } from '../../../ui/design/toast.tsx'
import { useAct } from '../../../ui/live/act.ts'
import { useNow } from '../../../ui/now.ts'
import { forget } from '../../../ui/query.ts'
import { list_backups, make_backup } from '../contract/index.ts'
import { CommandLine } from './command-line.tsx'
import { KeptBackups } from './kept-backups.tsx'
import { CutOff, Latest, Lost, Trouble } from './status.tsx'
import { lastOf, useBackups } from './use-backups.ts'

type State = Output<typeof list_backups>

/** Shows the operator what survives if the disk of the server is lost. */
export function Backups() {
  const { data, error, dataUpdatedAt, refetch } = useBackups()
  if (!data) return error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <Skeleton className="h-96" />
  if (data.folder === null) return <NoFolder state={data} />
  return <InFolder state={data} folder={data.folder} lostAt={error ? dataUpdatedAt : null} />
}

const EXAMPLE = { command: 'BACKUP_TO=/mnt/other-disk/backups', settings: [] }

function NoFolder({ state: { to_make } }: { state: State }) {
  const { t } = useTranslation()
  return (
    <div className="rounded-lg border border-line border-dashed">
      <EmptyState title={t('backups.noFolder')}>{t('backups.noFolderBody')}</EmptyState>
      <div className="mx-auto -mt-8 flex max-w-xl flex-col gap-5 px-5 pb-12">
        <div>
          <p className="text-ink-soft">{t('backups.example')}</p>
          <CommandLine typed={EXAMPLE} what={t('backups.exampleWhat')} />
        </div>
        <div>
          <p className="text-ink-soft">{t('backups.firstNow')}</p>
          <CommandLine typed={to_make} what={t('backups.commandToMake')} />
        </div>
      </div>
    </div>
  )
}

interface InFolderProps {
  state: State
  folder: string
  /** When the server last answered, if it does not answer now. */
  lostAt: number | null
}

function InFolder({ state, folder, lostAt }: InFolderProps) {
  const { t } = useTranslation()
  const now = useNow()
  const act = useAct()
  const [asking, setAsking] = useState(false)
  const awaited = useAwaited(state)
  const button = useRef<HTMLButtonElement>(null)
  const isLost = lostAt !== null

  async function make() {
    setAsking(true)
    const before = lastOf(state)?.name
    if (await act(make_backup, {})) awaited.current = { before }
    await forget(list_backups)
    setAsking(false)
  }

  function makeAgain() {
    // The pressed button disappears.
    button.current?.focus()
    void make()
  }

  return (
    <div className="flex flex-col gap-10">
      <Section
        title={t('backups.title')}
        note={t('backups.note')}
        action={
          <Button
            ref={button}
            tone="primary"
            busy={asking || (state.running && !isLost)}
            icon={<DatabaseBackup size={17} aria-hidden="true" />}
            onClick={() => void make()}
          >
            {t('backups.make')}
          </Button>
        }
      >
        <div aria-live="polite" className="flex flex-col gap-3">
          {isLost && <Lost at={lostAt} />}
          {state.cut_off_at !== null && <CutOff at={state.cut_off_at} busy={asking} onAgain={makeAgain} />}
          <Trouble state={state} />
          <Latest state={state} now={now} isLost={isLost} />
        </div>
      </Section>
      {/* While the folder cannot be read, it is unknown what it contains. */}
      {state.problem === null && <KeptBackups backups={state.backups} />}
      <Section title={t('backups.settings')} note={t('backups.settingsNote')}>
        <Settings state={state} folder={folder} />
      </Section>
    </div>
  )
}

/** Announces that the running backup is done, once there is a new one. */
function useAwaited(state: State) {
  const { t } = useTranslation()
  const awaited = useRef<{ before: string | undefined } | null>(null)
  useEffect(() => {
    const last = lastOf(state)?.name
    if (state.running) awaited.current ??= { before: last }
    else if (awaited.current && last !== undefined && last !== awaited.current.before) {
      awaited.current = null
      tell(t('backups.made'))
    } else if (state.cut_off_at !== null || state.last_failure) awaited.current = null
  }, [state, t])
  return awaited
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const

function Settings({
  state: { every_seconds, keep, encrypted, to_show_key },
  folder,
}: {
  state: State
  folder: string
}) {
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
          <CommandLine typed={to_show_key} what={t('backups.commandForKey')} />
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
