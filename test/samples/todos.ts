import { create_todo } from '../../src/features/todos/contract/index.ts'
import type { Samples, SampleTrip } from './scene.ts'

export async function todosSamples({ run, owner, tripId }: SampleTrip): Promise<Samples> {
  const { item } = await run(create_todo, { tripId, name: 'Book the ryokan' }, owner)
  return { 'todos.itemId': item.id, 'todos.orderedIds': [item.id], 'todos.categoryName': 'Bookings' }
}
