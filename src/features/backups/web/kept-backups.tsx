import { Archive, Download } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Output } from '../../../core/declare/operation.ts'
import { requestFor } from '../../../ui/call.ts'
import { moment } from '../../../ui/dates.ts'
import { Badge } from '../../../ui/design/badge.tsx'
import { Button, buttonClass } from '../../../ui/design/button.tsx'
import { Dialog } from '../../../ui/design/dialog.tsx'
import { Section } from '../../../ui/design/section.tsx'
import { EmptyState } from '../../../ui/design/states.tsx'
import { sizeOf } from '../../files/web/sizes.ts'
import { download_backup, type list_backups } from '../contract/index.ts'
import { Preview } from './preview.tsx'

type Backup = Output<typeof list_backups>['backups'][number]

/** The backups that are there, to take along or to look into. */
export function KeptBackups({ backups }: { backups: readonly Backup[] }) {
  const { t } = useTranslation()
  const [shown, setShown] = useState<Backup | null>(null)
  return (
    <Section title={t('backups.list')} note={t('backups.listNote')}>
      {backups.length === 0 ? (
        <div className="rounded-lg border border-line border-dashed">
          <EmptyState compact title={t('backups.empty')}>
            {t('backups.emptyBody')}
          </EmptyState>
        </div>
      ) : (
        <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
          {backups.map((backup) => (
            <Line key={backup.name} backup={backup} onPreview={() => setShown(backup)} />
          ))}
        </ul>
      )}
      <Dialog
        open={shown !== null}
        onClose={() => setShown(null)}
        title={t('backups.previewTitle')}
        description={shown && t('backups.ofMoment', { moment: moment(shown.made_at) })}
        wide
      >
        {shown && <Preview name={shown.name} />}
      </Dialog>
    </Section>
  )
}

function Line({ backup: { name, size, made_at, encrypted }, onPreview }: { backup: Backup; onPreview(): void }) {
  const { t } = useTranslation()
  const when = moment(made_at)
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2.5 px-4 py-3">
      <span
        aria-hidden="true"
        className="flex size-9 shrink-0 items-center justify-center rounded-full bg-pine-soft text-pine-ink"
      >
        <Archive size={17} />
      </span>
      <div className="min-w-0 flex-1 basis-52">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-semibold">
          <time dateTime={made_at}>{when}</time>
          {encrypted && <Badge tone="pine">{t('backups.encrypted')}</Badge>}
        </p>
        <p className="wrap-anywhere figures mt-0.5 text-ink-faint text-sm">
          {sizeOf(size)} · {name}
        </p>
      </div>
      <div className="flex flex-wrap gap-2 max-sm:pl-13">
        <Button size="small" onClick={onPreview} aria-label={t('backups.previewOf', { when })}>
          {t('backups.preview')}
        </Button>
        <a
          href={requestFor(download_backup, { name }).url}
          download={name}
          aria-label={t('backups.downloadOf', { when })}
          className={buttonClass('quiet', 'small')}
        >
          <Download size={14} aria-hidden="true" />
          {t('backups.download')}
        </a>
      </div>
    </li>
  )
}
