import {
  create_collab_note,
  create_collab_poll,
  send_collab_message,
} from '../../src/features/collab/contract/index.ts'
import type { Samples, SampleTrip } from './scene.ts'

export async function collabSamples({ run, owner, tripId }: SampleTrip): Promise<Samples> {
  const options = ['Kyoto', 'Nara']
  const { note } = await run(create_collab_note, { tripId, title: 'Visa' }, owner)
  const { poll } = await run(create_collab_poll, { tripId, question: 'Where to?', options }, owner)
  const { message } = await run(send_collab_message, { tripId, text: 'Hello' }, owner)
  return {
    'collab-notes.noteId': note.id,
    'collab.pollId': poll.id,
    'collab.messageId': message.id,
    'collab.question': 'Train or bus?',
    'collab.options': ['Train', 'Bus'],
    'collab.optionIndex': 1,
    'collab.text': 'See you there',
    'collab.emoji': '👍',
  }
}
