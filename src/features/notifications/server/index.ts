import type { ExternalServices } from '../../../adapters/external-services.ts'
import { feature, onHook, rows } from '../../../core/run/feature.ts'
import { userDeleted } from '../../../identity/server/index.ts'
import { memberRemoved, tripDeleted } from '../../trips/server/index.ts'
import * as contract from '../contract/index.ts'
import { seesNotification } from './access.ts'
import { notificationHandlers } from './handlers.ts'
import { tripNews } from './hooks.ts'
import { reminders } from './reminders.ts'
import { listOfTrip, listOfUser, patchNotification, removeNotification, removePreference } from './store.ts'
import { tell } from './telling.ts'

export * from './hooks.ts'

export const notifications = ({ addressOf }: Pick<ExternalServices, 'addressOf'>) =>
  feature({
    name: 'notifications',
    contract,
    handlers: notificationHandlers(addressOf),
    entities: [rows(contract.Notification, seesNotification), rows(contract.NotificationPreference)],
    jobs: [reminders],
    listeners: [
      onHook(tripNews, async (call, news) => void (await tell(call, news))),
      // Somebody who has no access to a trip any more gets no more notifications about it.
      onHook(memberRemoved, async ({ tx }, { tripId, userId }) => {
        for (const row of await listOfTrip(tx, tripId, userId)) await removeNotification(tx, row)
      }),
      onHook(tripDeleted, async ({ tx }, { tripId }) => {
        for (const row of await listOfTrip(tx, tripId)) await removeNotification(tx, row)
      }),
      onHook(userDeleted, async ({ tx }, { userId }) => {
        const { received, caused, preferences } = await listOfUser(tx, userId)
        for (const row of received) await removeNotification(tx, row)
        for (const row of caused) await patchNotification(tx, row, { actor_id: null })
        for (const row of preferences) await removePreference(tx, row)
      }),
    ],
  })
