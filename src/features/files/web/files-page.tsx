import { Files as FilesIcon, LayoutGrid, List, Trash2, Upload } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../ui/design/button.tsx'
import { Notice } from '../../../ui/design/notice.tsx'
import { SearchField } from '../../../ui/design/search-field.tsx'
import { Segmented } from '../../../ui/design/segmented.tsx'
import { EmptyState } from '../../../ui/design/states.tsx'
import { useRows } from '../../../ui/live/hooks.tsx'
import { useRemembered } from '../../../ui/remembered.ts'
import { useRights } from '../../admin/web/instance.ts'
import { usePlanner } from '../../plan/web/planner.tsx'
import { Reservation } from '../../reservations/contract/index.ts'
import { useMyRole } from '../../trips/web/members.ts'
import { usePeople } from '../../trips/web/people-picker.tsx'
import { useTrip } from '../../trips/web/trip-context.tsx'
import {
  ENDINGS,
  file_delete,
  file_edit,
  file_upload,
  TRIP_BYTES,
  TripFile,
  type TripFileRow,
} from '../contract/index.ts'
import { isPicture } from './addresses.ts'
import { DropZone } from './drop-zone.tsx'
import { FileDialog } from './file-dialog.tsx'
import { FilePreview } from './file-preview.tsx'
import { FileCard, type FileProps, FileRow } from './file-row.tsx'
import { roomOf } from './sizes.ts'
import { Trash } from './trash.tsx'
import { UploadList } from './upload-list.tsx'
import { useUploads } from './uploads.ts'

/** From this number on, there is a search field. */
const MANY = 6
/** From here on the remaining space is shown. */
const NEARLY_FULL = 0.8

/** The files of the trip: tickets, scans, maps, pictures. */
export function FilesPage() {
  const { t } = useTranslation()
  const trip = useTrip()
  const all = useRows(TripFile)
  const may = useRights(useMyRole())
  const { sendings, add, dismiss, retry } = useUploads(trip.id)
  const [inTrash, setInTrash] = useState(false)
  const chooser = useRef<HTMLInputElement>(null)
  const mayUpload = may(file_upload)
  const files = useMemo(
    () =>
      all
        .filter((file) => file.deleted_at === null)
        .toSorted(
          (a, b) => Number(b.starred) - Number(a.starred) || b.created_at.localeCompare(a.created_at) || b.id - a.id,
        ),
    [all],
  )
  const trashed = all.filter((file) => file.deleted_at !== null)
  const bytes = all.reduce((sum, { size }) => sum + size, 0)
  const uploadButton = mayUpload && (
    <Button
      tone="primary"
      icon={<Upload size={16} aria-hidden="true" />}
      onClick={() => chooser.current?.click()}
      className="shrink-0"
    >
      {t('files.upload')}
    </Button>
  )
  return (
    <DropZone closed={!mayUpload} onFiles={add}>
      <div className="mx-auto flex max-w-4xl flex-col gap-6 px-4 pt-6 pb-24 sm:px-6 sm:pt-10">
        {inTrash ? (
          <Trash files={trashed} mayRemove={may(file_delete)} onLeave={() => setInTrash(false)} />
        ) : (
          <>
            <header className="flex flex-wrap items-center gap-3">
              <h2 className="title flex min-w-0 flex-1 items-center gap-3 text-2xl">
                <FilesIcon size={24} aria-hidden="true" className="shrink-0 text-pine-ink" />
                {t('files.title')}
              </h2>
              {trashed.length > 0 && (
                <Button
                  tone="plain"
                  icon={<Trash2 size={16} aria-hidden="true" />}
                  onClick={() => setInTrash(true)}
                  aria-label={t('files.openTrash', { count: trashed.length })}
                >
                  <span className="figures">{trashed.length}</span>
                </Button>
              )}
              {files.length > 0 && uploadButton}
            </header>
            {bytes > TRIP_BYTES * NEARLY_FULL && (
              <Notice tone="warning">{t('files.nearlyFull', { used: roomOf(bytes), room: roomOf(TRIP_BYTES) })}</Notice>
            )}
            <UploadList sendings={sendings} onDismiss={dismiss} onRetry={retry} />
            {files.length > 0 ? (
              <Shelf files={files} may={{ edit: may(file_edit), remove: may(file_delete) }} />
            ) : (
              <EmptyState title={t('files.emptyTitle')} action={uploadButton}>
                {mayUpload ? t('files.emptyBody') : t('files.emptyReadOnly')}
              </EmptyState>
            )}
          </>
        )}
        <input
          ref={chooser}
          type="file"
          multiple
          hidden
          accept={ENDINGS.map((ending) => `.${ending}`).join(',')}
          onChange={(event) => {
            add([...(event.target.files ?? [])])
            // Allows the same file to be chosen again.
            event.target.value = ''
          }}
        />
      </div>
    </DropZone>
  )
}

function Shelf({ files, may }: { files: readonly TripFileRow[]; may: FileProps['may'] }) {
  const { t } = useTranslation()
  const [look, setLook] = useRemembered<string>('files.look', 'list')
  const [search, setSearch] = useState('')
  const [edited, setEdited] = useState<number | null>(null)
  const [shown, setShown] = useState<number | null>(null)
  const linksOf = useLinks()
  const people = new Map(usePeople().map(({ user_id, name }) => [user_id, name]))
  const wanted = search.trim().toLowerCase()
  const found = files.filter((file) =>
    [file.name, file.description, ...linksOf(file).map(({ name }) => name)].some((text) =>
      text?.toLowerCase().includes(wanted),
    ),
  )
  const propsOf = (file: TripFileRow): FileProps => ({
    file,
    who: file.uploaded_by === null ? undefined : people.get(file.uploaded_by),
    links: linksOf(file),
    may,
    onOpen: () => setShown(file.id),
    onEdit: () => setEdited(file.id),
  })
  const asGrid = look === 'grid'
  return (
    <>
      <div className="flex items-center gap-3">
        {files.length >= MANY && (
          <div className="min-w-0 flex-1 sm:max-w-80">
            <SearchField label={t('files.search')} value={search} onChange={setSearch} className="h-9" />
          </div>
        )}
        <div className="ml-auto shrink-0">
          <Segmented
            label={t('files.look')}
            value={asGrid ? 'grid' : 'list'}
            choices={[
              { value: 'list', label: t('files.asList'), icon: <List size={14} aria-hidden="true" /> },
              { value: 'grid', label: t('files.asGrid'), icon: <LayoutGrid size={14} aria-hidden="true" /> },
            ]}
            onChange={setLook}
          />
        </div>
      </div>
      {!found.length && (
        <EmptyState compact title={t('files.noneFound')}>
          {t('files.noneFoundBody')}
        </EmptyState>
      )}
      {found.length > 0 &&
        (asGrid ? (
          <ul className="grid grid-cols-2 gap-3 sm:grid-cols-3 sm:gap-4 lg:grid-cols-4">
            {found.map((file) => (
              <li key={file.id}>
                <FileCard {...propsOf(file)} />
              </li>
            ))}
          </ul>
        ) : (
          <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
            {found.map((file) => (
              <li key={file.id}>
                <FileRow {...propsOf(file)} />
              </li>
            ))}
          </ul>
        ))}
      <FileDialog file={files.find(({ id }) => id === edited) ?? null} onClose={() => setEdited(null)} />
      <FilePreview pictures={found.filter(isPicture)} shown={shown} onShow={setShown} />
    </>
  )
}

/** The names of what files are linked to. */
function useLinks(): (file: TripFileRow) => FileProps['links'] {
  const { places } = usePlanner()
  const bookings = useRows(Reservation)
  return useMemo(() => {
    const placeNames = new Map(places.map(({ id, name }) => [id, name]))
    const bookingNames = new Map(bookings.map(({ id, title }) => [id, title]))
    const named = (ids: readonly number[], names: ReadonlyMap<number, string>, isPlace: boolean) =>
      ids.flatMap((id) => {
        const name = names.get(id)
        return name === undefined ? [] : [{ key: `${isPlace} ${id}`, name, isPlace }]
      })
    return ({ place_ids, reservation_ids }) => [
      ...named(reservation_ids, bookingNames, false),
      ...named(place_ids, placeNames, true),
    ]
  }, [places, bookings])
}
