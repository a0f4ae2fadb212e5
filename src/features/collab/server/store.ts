import { sql } from 'kysely'
import { decode } from '../../../core/data/storage.ts'
import type { ReadTx, Tx } from '../../../core/data/tx.ts'
import type { Values } from '../../../core/declare/entity.ts'
import {
  CollabMessage,
  CollabNote,
  CollabPoll,
  type MessageRow,
  type NoteRow,
  type PollRow,
} from '../contract/index.ts'
import { messages } from '../contract/messages.ts'

/** The notes of a trip in reading order: pinned ones first, then the latest changed. */
export const listNotes = (tx: ReadTx, tripId: number): Promise<NoteRow[]> =>
  tx.list(CollabNote, { trip_id: tripId }, ['pinned desc', 'updated_at desc'])

/** A note of this trip, or `not_found`. */
export async function getNote(tx: ReadTx, tripId: number, noteId: number): Promise<NoteRow> {
  const note = await tx.find(CollabNote, { id: noteId, trip_id: tripId })
  if (!note) throw messages.noteNotFound({ id: noteId })
  return note
}

export const listNotesBy = (tx: ReadTx, userId: number): Promise<NoteRow[]> =>
  tx.list(CollabNote, { author_id: userId })

export const insertNote = (tx: Tx, values: Values<typeof CollabNote>): Promise<NoteRow> => tx.insert(CollabNote, values)

export const patchNote = (tx: Tx, note: NoteRow, patch: Values<typeof CollabNote>): Promise<NoteRow> =>
  tx.patch(CollabNote, note, patch)

export const removeNote = (tx: Tx, note: NoteRow): Promise<void> => tx.remove(CollabNote, note)

/** The polls of a trip, newest first. */
export const listPolls = (tx: ReadTx, tripId: number): Promise<PollRow[]> =>
  tx.list(CollabPoll, { trip_id: tripId }, ['id desc'])

export const countPolls = (tx: ReadTx, tripId: number): Promise<number> => tx.count(CollabPoll, { trip_id: tripId })

/** A poll of this trip, or `not_found`. */
export async function getPoll(tx: ReadTx, tripId: number, pollId: number): Promise<PollRow> {
  const poll = await tx.find(CollabPoll, { id: pollId, trip_id: tripId })
  if (!poll) throw messages.pollNotFound({ id: pollId })
  return poll
}

/** The polls in all trips that somebody made or voted in. */
export async function listPollsWith(tx: ReadTx, userId: number): Promise<PollRow[]> {
  const rows = await tx
    .selectFrom('collab_polls')
    .selectAll()
    .where((either) => either.or([either('author_id', '=', userId), either('votes', 'like', named(userId))]))
    .orderBy('id')
    .execute()
  return rows.map((row) => decode(CollabPoll, row))
}

export const insertPoll = (tx: Tx, values: Values<typeof CollabPoll>): Promise<PollRow> => tx.insert(CollabPoll, values)

export const patchPoll = (tx: Tx, poll: PollRow, patch: Values<typeof CollabPoll>): Promise<PollRow> =>
  tx.patch(CollabPoll, poll, patch)

export const removePoll = (tx: Tx, poll: PollRow): Promise<void> => tx.remove(CollabPoll, poll)

/** The newest messages of a trip, or the newest before a given one; newest first. */
export async function listMessages(
  tx: ReadTx,
  tripId: number,
  before: number | undefined,
  limit: number,
): Promise<MessageRow[]> {
  if (before === undefined) return tx.list(CollabMessage, { trip_id: tripId }, ['id desc'], limit)
  const rows = await tx
    .selectFrom('collab_messages')
    .selectAll()
    .where('trip_id', '=', tripId)
    .where('id', '<', before)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => decode(CollabMessage, row))
}

/** How many messages of a trip are older than this one. */
export async function countMessagesBefore(tx: ReadTx, tripId: number, messageId: number): Promise<number> {
  const row = await tx
    .selectFrom('collab_messages')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('trip_id', '=', tripId)
    .where('id', '<', messageId)
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}

/** How many messages are not deleted. */
export const countMessages = (tx: ReadTx, tripId: number): Promise<number> =>
  tx.count(CollabMessage, { trip_id: tripId, deleted: false })

export const findMessage = (tx: ReadTx, tripId: number, messageId: number): Promise<MessageRow | null> =>
  tx.find(CollabMessage, { id: messageId, trip_id: tripId })

export const listMessagesWithIds = (tx: ReadTx, tripId: number, ids: readonly number[]): Promise<MessageRow[]> =>
  tx.list(CollabMessage, { trip_id: tripId, id: ids })

/** A message of this trip, or `not_found`. */
export async function getMessage(tx: ReadTx, tripId: number, messageId: number): Promise<MessageRow> {
  const message = await findMessage(tx, tripId, messageId)
  if (!message) {
    throw messages.messageNotFound({ id: messageId })
  }
  return message
}

/** The messages in all trips that somebody wrote or reacted to. */
export async function listMessagesWith(tx: ReadTx, userId: number): Promise<MessageRow[]> {
  const written = await tx.list(CollabMessage, { author_id: userId })
  const rows = await tx
    .selectFrom('collab_messages')
    .selectAll()
    // Most messages have no reactions, so this skips them.
    .where('reactions', '<>', sql.lit('[]'))
    .where('reactions', 'like', named(userId))
    .execute()
  const reacted = rows.map((row) => decode(CollabMessage, row)).filter(({ author_id }) => author_id !== userId)
  return [...written, ...reacted].sort((a, b) => a.id - b.id)
}

/** Every message of a trip, newest first, so that a reply comes before its original. */
export const listAllMessages = (tx: ReadTx, tripId: number): Promise<MessageRow[]> =>
  tx.list(CollabMessage, { trip_id: tripId }, ['id desc'])

export const insertMessage = (tx: Tx, values: Values<typeof CollabMessage>): Promise<MessageRow> =>
  tx.insert(CollabMessage, values)

export const patchMessage = (tx: Tx, message: MessageRow, patch: Values<typeof CollabMessage>): Promise<MessageRow> =>
  tx.patch(CollabMessage, message, patch)

export const removeMessage = (tx: Tx, message: MessageRow): Promise<void> => tx.remove(CollabMessage, message)

/** The ids of everybody who wrote, voted or reacted in a trip. */
export async function listWriters(tx: ReadTx, tripId: number): Promise<number[]> {
  const [notes, polls] = [await listNotes(tx, tripId), await listPolls(tx, tripId)]
  const authors = await tx
    .selectFrom('collab_messages')
    .select('author_id')
    .distinct()
    .where('trip_id', '=', tripId)
    .execute()
  const reacted = await tx
    .selectFrom('collab_messages')
    .selectAll()
    .where('trip_id', '=', tripId)
    .where('reactions', '<>', '[]')
    .execute()
  const ids = [
    ...[...notes, ...polls, ...authors].map((one) => one.author_id),
    ...polls.flatMap(({ votes }) => votes.map(({ user_id }) => user_id)),
    ...reacted.flatMap((row) => decode(CollabMessage, row).reactions.map(({ user_id }) => user_id)),
  ]
  return [...new Set(ids.filter((id) => id !== null))].sort((a, b) => a - b)
}

/** Finds a person in a stored list of votes or reactions, where the user id is the first field. */
const named = (userId: number) => `%{"user_id":${userId},%`

declare module '../../../core/data/tx.ts' {
  interface Tables {
    collab_polls: { id: number; author_id: number | null; votes: string }
    collab_messages: { id: number; trip_id: number; author_id: number | null; reactions: string }
  }
}
