import { feature, instruction, onHook, rows } from '../../../core/run/feature.ts'
import { userDeleted } from '../../../identity/server/index.ts'
import { showSection } from '../../sharing/server/hooks.ts'
import { listSection, memberRemoved, summarySection, tripCopied, tripDeleted } from '../../trips/server/index.ts'
import * as contract from '../contract/index.ts'
import { isClosed } from '../contract/index.ts'
import { sharedNotes } from '../contract/shared.ts'
import { noteViews, votesIn } from './answers.ts'
import { handlers } from './handlers.ts'
import * as store from './store.ts'

const { collab: addon, LATEST_MESSAGES: latest } = contract

export const collab = feature({
  name: 'collab',
  contract,
  handlers,
  instructions: [
    instruction('words', 'Collab notes, polls and messages are for the group to agree.', contract.list_collab_notes),
  ],
  entities: [
    rows(contract.CollabNote),
    rows(contract.CollabPoll, undefined, { addon }),
    rows(contract.CollabMessage, undefined, { addon, latest }),
  ],
  listeners: [
    summarySection('collab_notes', contract.list_collab_notes, async (tx, tripId) =>
      noteViews(tx, await store.listNotes(tx, tripId)),
    ),
    listSection('poll_votes', contract.list_collab_polls, async (tx, tripId) =>
      votesIn(tx, await store.listPolls(tx, tripId)),
    ),
    summarySection('pollCount', contract.list_collab_polls, store.countPolls),
    summarySection('messageCount', contract.list_collab_messages, store.countMessages),
    showSection(sharedNotes, store.listNotes, contract.list_collab_notes),
    onHook(memberRemoved, async ({ tx, now }, { tripId, userId }) => {
      // Those who still travel decide an open poll; closed polls and messages stay as they are.
      for (const poll of await store.listPolls(tx, tripId)) {
        if (isClosed(poll, now)) continue
        await store.patchPoll(tx, poll, { votes: poll.votes.filter(({ user_id }) => user_id !== userId) })
      }
    }),
    onHook(userDeleted, async ({ tx, now }, { userId, tripId }) => {
      // A guest cannot log in, and so has no texts or votes.
      if (tripId !== undefined) return
      for (const note of await store.listNotesBy(tx, userId)) await store.patchNote(tx, note, { author_id: null })
      for (const poll of await store.listPollsWith(tx, userId)) {
        const isTheirs = (vote: (typeof poll.votes)[number]) => vote.user_id === userId
        await store.patchPoll(tx, poll, {
          author_id: poll.author_id === userId ? null : poll.author_id,
          votes: isClosed(poll, now)
            ? poll.votes.map((vote) => (isTheirs(vote) ? { ...vote, user_id: null } : vote))
            : poll.votes.filter((vote) => !isTheirs(vote)),
        })
      }
      for (const message of await store.listMessagesWith(tx, userId)) {
        await store.patchMessage(tx, message, {
          author_id: message.author_id === userId ? null : message.author_id,
          reactions: message.reactions.filter(({ user_id }) => user_id !== userId),
        })
      }
    }),
    onHook(tripCopied, async ({ tx }, copy) => {
      // The notes are part of the plan. Messages and votes belong to the people who made them, so they are not copied.
      for (const note of await store.listNotes(tx, copy.from)) {
        const { id, ...values } = note
        const newNote = await store.insertNote(tx, { ...values, trip_id: copy.trip.id, author_id: copy.userId })
        copy.became(contract.CollabNote, id, newNote.id)
      }
    }),
    onHook(tripDeleted, async ({ tx }, { tripId }) => {
      for (const note of await store.listNotes(tx, tripId)) await store.removeNote(tx, note)
      for (const poll of await store.listPolls(tx, tripId)) await store.removePoll(tx, poll)
      for (const message of await store.listAllMessages(tx, tripId)) await store.removeMessage(tx, message)
    }),
  ],
})
