import { Archive, ArchiveRestore, Copy, MoreHorizontal, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call, reasonOf } from '../../../ui/call.ts'
import { IconButton } from '../../../ui/design/icon-button.tsx'
import { Menu, MenuItem } from '../../../ui/design/menu.tsx'
import { tellTrouble } from '../../../ui/design/toast.tsx'
import { forget } from '../../../ui/query.ts'
import { useRights } from '../../admin/web/instance.ts'
import { tellUndoable } from '../../history/web/undo.ts'
import { list_trips, type TripCard, trip_archive, trip_create, trip_delete, update_trip } from '../contract/index.ts'
import { spaceRoleOf } from '../contract/roles.ts'
import { CopyTripDialog } from './copy-trip-dialog.tsx'
import { DeleteTripDialog } from './delete-trip-dialog.tsx'

interface Props {
  trip: TripCard
  align?: 'start' | 'end'
  className?: string
  onArchived?(): void
  onDeleted?(): void
}

/** The actions on a whole trip: copy, archive, delete. */
export function TripMenu({ trip, align = 'end', className, onArchived, onDeleted }: Props) {
  const { t } = useTranslation()
  const [open, setOpen] = useState<'copy' | 'delete' | null>(null)
  const may = useRights(spaceRoleOf(trip.role))

  async function archive(is_archived: boolean) {
    try {
      const archived = await call(update_trip, { tripId: trip.id, is_archived })
      onArchived?.()
      const done = t(is_archived ? 'trips.wasArchived' : 'trips.wasRestored', { title: trip.title })
      tellUndoable(done, archived, () => void forget(list_trips))
    } catch (error) {
      tellTrouble(reasonOf(error))
    }
    await forget(list_trips)
  }

  if (!may(trip_create) && !may(trip_archive) && !may(trip_delete)) return null
  return (
    <>
      <Menu
        align={align}
        trigger={
          <IconButton label={t('trips.more', { title: trip.title })} size="small" className={className}>
            <MoreHorizontal size={18} aria-hidden="true" />
          </IconButton>
        }
      >
        {may(trip_create) && (
          <MenuItem icon={<Copy size={16} />} onSelect={() => setOpen('copy')}>
            {t('trips.copy')}
          </MenuItem>
        )}
        {may(trip_archive) && (
          <MenuItem
            icon={trip.is_archived ? <ArchiveRestore size={16} /> : <Archive size={16} />}
            onSelect={() => void archive(!trip.is_archived)}
          >
            {t(trip.is_archived ? 'trips.restore' : 'trips.archive')}
          </MenuItem>
        )}
        {may(trip_delete) && (
          <MenuItem icon={<Trash2 size={16} />} danger onSelect={() => setOpen('delete')}>
            {t('trips.delete')}
          </MenuItem>
        )}
      </Menu>
      <CopyTripDialog
        trip={trip}
        accompanied={trip.member_count > 1}
        open={open === 'copy'}
        onClose={() => setOpen(null)}
      />
      <DeleteTripDialog
        trip={trip}
        open={open === 'delete'}
        onClose={() => setOpen(null)}
        {...(onDeleted && { onDeleted })}
      />
    </>
  )
}
