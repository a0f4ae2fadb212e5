import { ArrowLeft, Trash2, Undo2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { calendarDay } from '../../../ui/dates.ts'
import { Button } from '../../../ui/design/button.tsx'
import { Dialog, DialogActions } from '../../../ui/design/dialog.tsx'
import { IconButton } from '../../../ui/design/icon-button.tsx'
import { EmptyState } from '../../../ui/design/states.tsx'
import { tell } from '../../../ui/design/toast.tsx'
import { useForm } from '../../../ui/form/form.ts'
import { Trouble } from '../../../ui/form/trouble.tsx'
import { useTrip } from '../../trips/web/trip-context.tsx'
import { delete_file, empty_trash, type TripFileRow } from '../contract/index.ts'
import { useFileActions } from './file-actions.ts'
import { FileLook } from './file-look.tsx'
import { sizeOf } from './sizes.ts'

interface Props {
  files: readonly TripFileRow[]
  mayRemove: boolean
  onLeave(): void
}

/** Deleted files that can still be restored. */
export function Trash({ files, mayRemove, onLeave }: Props) {
  const { t } = useTranslation()
  const { restore } = useFileActions()
  const [asked, setAsked] = useState<TripFileRow | 'all' | null>(null)
  const newest = files.toSorted((a, b) => String(b.deleted_at).localeCompare(String(a.deleted_at)))
  return (
    <>
      <header className="flex flex-wrap items-center gap-3">
        <IconButton label={t('files.leaveTrash')} onClick={onLeave} className="-ml-2">
          <ArrowLeft size={19} aria-hidden="true" />
        </IconButton>
        <h2 className="title min-w-0 flex-1 text-2xl">{t('files.trashTitle')}</h2>
        {mayRemove && files.length > 0 && (
          <Button size="small" onClick={() => setAsked('all')}>
            {t('files.emptyTrash')}
          </Button>
        )}
      </header>
      {files.length ? (
        <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
          {newest.map((file) => (
            <li key={file.id} className="flex items-center gap-3 px-3 py-2.5 sm:gap-4 sm:px-4">
              <FileLook file={file} className="size-11 rounded-md opacity-70" />
              <div className="min-w-0 flex-1">
                <p className="truncate font-medium">{file.name}</p>
                <p className="figures truncate text-ink-faint text-sm">
                  {[sizeOf(file.size), file.deleted_at && t('files.trashedOn', { day: calendarDay(file.deleted_at) })]
                    .filter(Boolean)
                    .join(' · ')}
                </p>
              </div>
              {mayRemove && (
                <>
                  <Button
                    size="small"
                    icon={<Undo2 size={15} aria-hidden="true" />}
                    aria-label={t('files.restoreNamed', { name: file.name })}
                    onClick={() => void restore(file)}
                  >
                    <span className="max-sm:hidden">{t('files.restore')}</span>
                  </Button>
                  <IconButton
                    label={t('files.deleteNamed', { name: file.name })}
                    size="small"
                    onClick={() => setAsked(file)}
                  >
                    <Trash2 size={16} aria-hidden="true" />
                  </IconButton>
                </>
              )}
            </li>
          ))}
        </ul>
      ) : (
        <EmptyState compact title={t('files.trashEmpty')}>
          {t('files.trashEmptyBody')}
        </EmptyState>
      )}
      <ForGood asked={asked} count={files.length} onClose={() => setAsked(null)} />
    </>
  )
}

interface ForGoodProps {
  asked: TripFileRow | 'all' | null
  count: number
  onClose(): void
}

/** A deletion from the trash is final, so this asks first. */
function ForGood({ asked, count, onClose }: ForGoodProps) {
  const { t } = useTranslation()
  const trip = useTrip()
  const one = useForm(delete_file, {})
  const all = useForm(empty_trash, {})
  const form = asked === 'all' ? all : one

  async function remove() {
    if (asked === null) return
    const done =
      asked === 'all' ? await all.submit({ tripId: trip.id }) : await one.submit({ tripId: trip.id, fileId: asked.id })
    if (!done) return
    tell(asked === 'all' ? t('files.trashIsEmpty') : t('files.wasDeleted', { name: asked.name }))
    onClose()
  }

  return (
    <Dialog
      open={asked !== null}
      onClose={onClose}
      title={asked === 'all' ? t('files.deleteAll', { count }) : t('files.deleteOne', { name: asked?.name })}
      description={t('files.deleteBody', { count: asked === 'all' ? count : 1 })}
    >
      <Trouble form={form} />
      <DialogActions>
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button tone="danger" busy={form.busy} onClick={remove}>
          {t('files.deleteForGood')}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
