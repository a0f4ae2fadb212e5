import { create_share_link } from '../../src/features/sharing/contract/index.ts'
import type { Samples, SampleTrip } from './scene.ts'

export async function sharingSamples({ run, owner, tripId }: SampleTrip): Promise<Samples> {
  const { token } = await run(create_share_link, { tripId }, owner)
  return { 'shared.token': token, expires_in_days: 7 }
}
