import type { ReadTx } from '../../../core/data/tx.ts'
import { invalidField } from '../../../core/declare/errors.ts'
import { implement } from '../../../core/run/feature.ts'
import { pageOf } from '../../../core/run/paging.ts'
import { findPeople } from '../../../identity/server/people/store.ts'
import { tripNews } from '../../notifications/server/index.ts'
import * as contract from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import { collabMessage } from '../contract/news.ts'
import { messageViews, noteViews, pollViews, startOf } from './answers.ts'
import * as store from './store.ts'

/** The most messages in one answer. */
const MESSAGES = 100
/** The most different emoji on one message. */
const DIFFERENT_REACTIONS = 20
const TEN_YEARS_MS = 10 * 365 * 86_400_000

export const handlers = implement(contract, {
  list_collab_notes: async ({ tx, input }) => ({ notes: await noteViews(tx, await store.listNotes(tx, input.tripId)) }),

  create_collab_note: async ({ tx, input: { tripId, ...values }, caller, now }) => {
    const written = { trip_id: tripId, author_id: caller.userId, created_at: now, updated_at: now }
    return { note: await noteView(tx, await store.insertNote(tx, { ...values, ...written })) }
  },

  update_collab_note: async ({ tx, input: { tripId, noteId, ...patch }, now }) => {
    const note = await store.getNote(tx, tripId, noteId)
    // Pinning does not change the content: when unpinned, the note returns to its old place.
    const { pinned: _, ...words } = patch
    const isNews = Object.entries(words).some(
      ([key, value]) => value !== undefined && value !== note[key as keyof typeof words],
    )
    const updated_at = isNews ? now : note.updated_at
    return { note: await noteView(tx, await store.patchNote(tx, note, { ...patch, updated_at })) }
  },

  delete_collab_note: async ({ tx, input: { tripId, noteId } }) => {
    await store.removeNote(tx, await store.getNote(tx, tripId, noteId))
    return { success: true }
  },

  list_collab_polls: async ({ tx, input, now }) => ({
    polls: await pollViews(tx, await store.listPolls(tx, input.tripId), now),
  }),

  create_collab_poll: async ({ tx, input: { tripId, deadline, ...values }, caller, now }) => {
    const poll = await store.insertPoll(tx, {
      ...values,
      trip_id: tripId,
      author_id: caller.userId,
      deadline: deadline ? checkedDeadline(deadline, now) : null,
      closed_at: null,
      votes: [],
      created_at: now,
    })
    return { poll: await pollView(tx, poll, now) }
  },

  vote_collab_poll: async ({ tx, input: { tripId, pollId, optionIndex: option }, caller, now }) => {
    const poll = await store.getPoll(tx, tripId, pollId)
    if (contract.isClosed(poll, now)) throw messages.pollClosed()
    if (option >= poll.options.length) {
      const options = poll.options.map((text, index) => messages.option({ index, text }))
      throw invalidField('optionIndex', messages.noSuchOption({ options }))
    }
    const votes = contract.votesAfter(poll, caller.userId, option)
    return { poll: await pollView(tx, await store.patchPoll(tx, poll, { votes }), now) }
  },

  close_collab_poll: async ({ tx, input: { tripId, pollId }, now }) => {
    const poll = await store.getPoll(tx, tripId, pollId)
    return { poll: await pollView(tx, await store.patchPoll(tx, poll, { closed_at: poll.closed_at ?? now }), now) }
  },

  delete_collab_poll: async ({ tx, input: { tripId, pollId } }) => {
    await store.removePoll(tx, await store.getPoll(tx, tripId, pollId))
    return { success: true }
  },

  list_collab_messages: async ({ tx, input: { tripId, before } }) => {
    const newest = await store.listMessages(tx, tripId, before, MESSAGES)
    const { items } = pageOf(await messageViews(tx, tripId, newest), {})
    const oldest = items.at(-1)
    return {
      messages: items.reverse(),
      remaining: oldest ? await store.countMessagesBefore(tx, tripId, oldest.id) : 0,
    }
  },

  send_collab_message: async ({ tx, input: { tripId, text, replyTo }, caller, now, emit }) => {
    if (replyTo) await checkAnswerable(tx, tripId, replyTo)
    const message = await store.insertMessage(tx, {
      trip_id: tripId,
      author_id: caller.userId,
      text,
      reply_to: replyTo ?? null,
      reactions: [],
      deleted: false,
      created_at: now,
    })
    await emit(tripNews, { tripId, event: collabMessage, to: 'everybody', about: startOf(text) })
    return { message: (await messageViews(tx, tripId, [message]))[0] as contract.MessageView }
  },

  delete_collab_message: async ({ tx, input: { tripId, messageId }, caller }) => {
    const message = await store.getMessage(tx, tripId, messageId)
    if (message.author_id !== caller.userId) throw messages.deletingIsAuthors()
    await store.patchMessage(tx, message, { deleted: true, text: '', reactions: [] })
    return { success: true }
  },

  react_collab_message: async ({ tx, input: { tripId, messageId, emoji }, caller }) => {
    const message = await store.getMessage(tx, tripId, messageId)
    if (message.deleted) throw messages.messageDeleted()
    const reactions = contract.reactionsAfter(message.reactions, caller.userId, emoji)
    if (new Set(reactions.map((one) => one.emoji)).size > DIFFERENT_REACTIONS) {
      throw messages.tooManyEmoji({ maximum: DIFFERENT_REACTIONS })
    }
    const [view] = await messageViews(tx, tripId, [await store.patchMessage(tx, message, { reactions })])
    return { reactions: view?.reactions ?? [] }
  },

  list_collab_people: async ({ tx, input }) => {
    const people = await findPeople(tx, await store.listWriters(tx, input.tripId))
    return { people: people.toSorted((a, b) => a.user_id - b.user_id) }
  },
})

const noteView = async (tx: ReadTx, note: contract.NoteRow) => (await noteViews(tx, [note]))[0] as contract.NoteView

const pollView = async (tx: ReadTx, poll: contract.PollRow, now: string) =>
  (await pollViews(tx, [poll], now))[0] as contract.PollView

/** The deadline in UTC, or `invalid` if it is not in the future. */
function checkedDeadline(deadline: string, now: string): string {
  const moment = Date.parse(deadline)
  if (!(moment > Date.parse(now))) throw invalidField('deadline', messages.inFuture())
  if (moment > Date.parse(now) + TEN_YEARS_MS) throw invalidField('deadline', messages.withinTenYears())
  return new Date(moment).toISOString()
}

async function checkAnswerable(tx: ReadTx, tripId: number, messageId: number): Promise<void> {
  const original = await store.findMessage(tx, tripId, messageId)
  if (!original) {
    throw invalidField('replyTo', messages.replyNotFound())
  }
  if (original.deleted) throw invalidField('replyTo', messages.replyToDeleted())
}
