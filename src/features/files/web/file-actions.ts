import { useTranslation } from 'react-i18next'
import { patched, useAct } from '../../../ui/live/act.ts'
import { tellUndoable } from '../../history/web/undo.ts'
import { restore_file, TripFile, type TripFileRow, trash_file, update_file } from '../contract/index.ts'

/** The actions on a file that need no confirmation. */
export function useFileActions() {
  const { t } = useTranslation()
  const act = useAct()
  const inFile = ({ id, trip_id }: TripFileRow) => ({ tripId: trip_id, fileId: id })

  const restore = (file: TripFileRow) =>
    act(restore_file, inFile(file), [patched(TripFile, file.id, { deleted_at: null })])

  async function trash(file: TripFileRow) {
    const guess = patched(TripFile, file.id, { deleted_at: new Date().toISOString() })
    const trashed = await act(trash_file, inFile(file), [guess])
    if (trashed) tellUndoable(t('files.wasTrashed', { name: file.name }), trashed)
  }

  const star = (file: TripFileRow) =>
    act(update_file, { ...inFile(file), starred: !file.starred }, [
      patched(TripFile, file.id, { starred: !file.starred }),
    ])

  return { restore, trash, star }
}
