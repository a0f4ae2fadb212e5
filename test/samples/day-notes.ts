import { create_day_note } from '../../src/features/day-notes/contract/index.ts'
import type { Samples, SampleTrip } from './scene.ts'

export async function dayNoteSamples({ run, owner, tripId, dayIds }: SampleTrip): Promise<Samples> {
  const [dayId] = dayIds
  const { note } = await run(create_day_note, { tripId, dayId, text: 'Take the bus' }, owner)
  // Another day than the one it is on, so that moving it changes something.
  return {
    'days.noteId': note.id,
    'day-notes.noteId': note.id,
    'day-notes.dayId': dayIds[1],
    text: 'Take the train',
    position: 0,
  }
}
