import { Check, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Output } from '../../../core/declare/operation.ts'
import { moment } from '../../../ui/dates.ts'
import { classes } from '../../../ui/design/class-names.ts'
import { ErrorState, Skeleton } from '../../../ui/design/states.tsx'
import { useRead } from '../../../ui/query.ts'
import { preview_backup } from '../contract/index.ts'
import { CommandLine } from './command-line.tsx'

/** A preview takes time, and a server that does not answer is reported at once. */
const ONCE = { networkMode: 'always', refetchOnWindowFocus: false } as const

type Found = Output<typeof preview_backup>

/** What a restore of a backup would change, and how to do it. */
export function Preview({ name }: { name: string }) {
  const { t } = useTranslation()
  const { data, error, refetch } = useRead(preview_backup, { name }, ONCE)
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (!data) {
    return (
      <div aria-busy="true" className="flex flex-col gap-3">
        <p className="text-ink-soft">{t('backups.reading')}</p>
        <Skeleton className="h-40" />
      </div>
    )
  }
  const wholeness = ({ has_files, files }: Found) =>
    has_files ? t('backups.whole', { count: files }) : t('backups.wholeBesides')
  return (
    <div className="flex flex-col gap-6">
      <Compared found={data} />
      <ul className="flex flex-col gap-2">
        {!data.problems.length && <Told fine>{wholeness(data)}</Told>}
        {!data.has_files && <Told>{t('backups.withoutFiles')}</Told>}
        {data.has_files && data.missing_files > 0 && (
          <Told>{t('backups.missingFiles', { count: data.missing_files })}</Told>
        )}
        {data.problems.map((problem) => (
          <Told key={problem}>{problem}</Told>
        ))}
        <Told fine={data.key_fits}>{t(data.key_fits ? 'backups.keyFits' : 'backups.keyMissing')}</Told>
        <Told fine>
          {t('backups.version', { version: data.version })} {t('backups.migrations', { count: data.migrations.length })}
        </Told>
      </ul>
      <section aria-labelledby="backups-how">
        <h3 id="backups-how" className="font-semibold text-lg">
          {t('backups.how')}
        </h3>
        <p className="mt-1 text-ink-soft">{t('backups.howBody')}</p>
        <CommandLine typed={data} what={t('backups.commandToRestore')} />
        <p className="mt-2 text-ink-faint text-sm">{t('backups.before')}</p>
      </section>
    </div>
  )
}

function Compared({ found: { backup, now } }: { found: Found }) {
  const { t } = useTranslation()
  const lastChange = (at: string | null) => (at ? moment(at) : t('backups.noChange'))
  const rows = [
    [t('backups.people'), String(backup.users), String(now.users)],
    [t('backups.trips'), String(backup.trips), String(now.trips)],
    [t('backups.files'), String(backup.files), String(now.files)],
    [t('backups.lastChange'), lastChange(backup.changed_at), lastChange(now.changed_at)],
  ] as const
  return (
    <table className="figures w-full text-left">
      <thead>
        <tr className="border-line border-b text-ink-soft text-sm">
          <td />
          <th scope="col" className="px-3 py-1.5 font-medium">
            {t('backups.inBackup')}
          </th>
          <th scope="col" className="py-1.5 pl-3 font-medium">
            {t('backups.hereNow')}
          </th>
        </tr>
      </thead>
      <tbody className="divide-y divide-line">
        {rows.map(([what, before, here]) => (
          <tr key={what}>
            <th scope="row" className="py-2 pr-3 font-normal text-ink-soft">
              {what}
            </th>
            <td className="px-3 py-2">{before}</td>
            <td className={classes('py-2 pl-3', before !== here && 'font-semibold')}>{here}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Told({ fine, children }: { fine?: boolean; children: ReactNode }) {
  const Icon = fine ? Check : TriangleAlert
  return (
    <li className="flex gap-2.5">
      <Icon
        size={18}
        aria-hidden="true"
        className={classes('mt-px shrink-0', fine ? 'text-pine-ink' : 'text-(--hue-other)')}
      />
      <p className="wrap-anywhere min-w-0">{children}</p>
    </li>
  )
}
