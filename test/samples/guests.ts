import { add_guest } from '../../src/features/trips/contract/index.ts'
import type { Samples, SampleTrip } from './scene.ts'

export async function guestSamples({ run, owner, tripId }: SampleTrip): Promise<Samples> {
  const { member } = await run(add_guest, { tripId, name: 'Gina' }, owner)
  return { guestId: member.user_id, 'guests.name': `Gustav ${tripId}` }
}
