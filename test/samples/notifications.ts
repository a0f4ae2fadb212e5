import { send_collab_message } from '../../src/features/collab/contract/index.ts'
import { delete_all_notifications, list_notifications } from '../../src/features/notifications/contract/index.ts'
import type { Samples, SampleTrip } from './scene.ts'

export async function notificationsSamples({ run, owner, friend, tripId }: SampleTrip): Promise<Samples> {
  // One notification and no more, however many trips there are.
  await run(delete_all_notifications, {}, owner)
  await run(send_collab_message, { tripId, text: 'Shall we?' }, friend)
  const { notifications } = await run(list_notifications, {}, owner)
  return { notificationId: notifications[0]?.id, booking_change: false, today: '2027-03-01' }
}
