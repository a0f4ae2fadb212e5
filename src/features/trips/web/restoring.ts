import { useTranslation } from 'react-i18next'
import { call, reasonOf } from '../../../ui/call.ts'
import { tell, tellTrouble } from '../../../ui/design/toast.tsx'
import { forget } from '../../../ui/query.ts'
import { list_deleted_trips, restore_trip } from '../../history/contract/index.ts'
import { list_trips } from '../contract/index.ts'

/** Restores a deleted trip and says what did not come back with it. */
export function useRestoreTrip(): (trip: { readonly id: number; readonly title: string }) => Promise<void> {
  const { t } = useTranslation()
  return async ({ id, title }) => {
    try {
      const { links_ended, people_gone, left } = await call(restore_trip, { deletedTripId: id })
      const gone = [
        people_gone > 0 && t('trips.withoutPeople', { count: people_gone }),
        left.length > 0 && t('trips.withoutRows', { count: left.length }),
        links_ended && t('trips.withoutLink'),
      ]
      tell([t('trips.isBack', { title }), ...gone.filter((words) => words !== false)].join(' '))
    } catch (error) {
      tellTrouble(reasonOf(error))
    }
    await forget(list_trips, list_deleted_trips)
  }
}
