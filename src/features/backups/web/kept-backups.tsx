import { Archive, Download } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Output } from '../../../core/declare/operation.ts'
import { CallError, call, requestFor } from '../../../ui/call.ts'
import { moment } from '../../../ui/dates.ts'
import { Badge } from '../../../ui/design/badge.tsx'
import { Button, buttonClass } from '../../../ui/design/button.tsx'
import { classes } from '../../../ui/design/class-names.ts'
import { Dialog } from '../../../ui/design/dialog.tsx'
import { Section } from '../../../ui/design/section.tsx'
import { EmptyState } from '../../../ui/design/states.tsx'
import { tellTrouble } from '../../../ui/design/toast.tsx'
import { forget } from '../../../ui/query.ts'
import { sizeOf } from '../../files/web/sizes.ts'
import { download_backup, list_backups } from '../contract/index.ts'
import { Preview } from './preview.tsx'

type Backup = Output<typeof list_backups>['backups'][number]

/** The existing backups, to download or to preview. */
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

/** Large enough for a finger. */
const TOUCHED = 'max-sm:h-11 pointer-coarse:h-11'

function Line({ backup, onPreview }: { backup: Backup; onPreview(): void }) {
  const { name, size, made_at, encrypted, by_hand, damaged, unread } = backup
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
          {by_hand && <Badge>{t('backups.byHand')}</Badge>}
          {encrypted && <Badge tone="pine">{t('backups.encrypted')}</Badge>}
          {damaged && <Badge tone="signal">{t('backups.damaged')}</Badge>}
          {unread && <Badge tone="signal">{t('backups.unread')}</Badge>}
        </p>
        <p className="wrap-anywhere figures mt-0.5 text-ink-faint text-sm">
          {!unread && `${sizeOf(size)} · `}
          {name}
        </p>
        {damaged && <p className="mt-1">{t('backups.damagedBody')}</p>}
        {unread && <p className="mt-1">{t('backups.unreadBody')}</p>}
      </div>
      {!damaged && !unread && (
        <div className="flex flex-wrap gap-2 max-sm:pl-13">
          <Button size="small" className={TOUCHED} onClick={onPreview} aria-label={t('backups.previewOf', { when })}>
            {t('backups.preview')}
          </Button>
          <DownloadLink name={name} label={t('backups.downloadOf', { when })} />
        </div>
      )}
    </li>
  )
}

/** The browser does not show a refused download, so this first checks that the backup still exists. */
function DownloadLink({ name, label }: { name: string; label: string }) {
  const { t } = useTranslation()
  const { url } = requestFor(download_backup, { name })

  async function take() {
    try {
      const { backups } = await call(list_backups, {})
      if (backups.some((one) => one.name === name)) {
        Object.assign(document.createElement('a'), { href: url, download: name }).click()
        return
      }
      tellTrouble(t('backups.gone'))
    } catch (error) {
      const isKnown = error instanceof CallError && error.code !== 'unreachable'
      tellTrouble(isKnown ? error.message : t('error.unreachable'))
    }
    await forget(list_backups)
  }

  return (
    <a
      href={url}
      download={name}
      aria-label={label}
      onClick={(event) => {
        event.preventDefault()
        void take()
      }}
      className={classes(buttonClass('quiet', 'small'), TOUCHED)}
    >
      <Download size={14} aria-hidden="true" />
      {t('backups.download')}
    </a>
  )
}
