import type { ReadTx } from '../../../core/data/tx.ts'
import type { Person } from '../../../identity/contract/person.ts'
import { findPeople } from '../../../identity/server/people/store.ts'
import {
  isClosed,
  type MessageRow,
  type MessageView,
  type NoteRow,
  type NoteView,
  type PollRow,
  type PollView,
} from '../contract/index.ts'
import { listMessagesWithIds } from './store.ts'

/** How much of a message a reply or a notification quotes, in UTF-16 units. */
const START = 160

/** Notes with their authors. */
export async function noteViews(tx: ReadTx, notes: readonly NoteRow[]): Promise<NoteView[]> {
  const person = await peopleOf(
    tx,
    notes.map(({ author_id }) => author_id),
  )
  return notes.map((note) => ({ ...note, author: person(note.author_id) }))
}

/** Polls at this moment, with who voted for what. */
export async function pollViews(tx: ReadTx, polls: readonly PollRow[], now: string): Promise<PollView[]> {
  const person = await peopleOf(
    tx,
    polls.flatMap(({ author_id, votes }) => [author_id, ...votes.map(({ user_id }) => user_id)]),
  )
  return polls.map(({ votes, options, ...poll }) => ({
    ...poll,
    author: person(poll.author_id),
    closed: isClosed(poll, now),
    options: options.map((text, index) => {
      const cast = votes.filter(({ option }) => option === index)
      return { index, text, votes: cast.length, voters: cast.flatMap(({ user_id }) => person(user_id) ?? []) }
    }),
  }))
}

/** Each vote with its person. */
export async function votesIn(tx: ReadTx, polls: readonly PollRow[]) {
  const person = await peopleOf(
    tx,
    polls.flatMap(({ votes }) => votes.map(({ user_id }) => user_id)),
  )
  return polls.flatMap(({ id, votes }) =>
    votes.map(({ option, user_id }) => ({ poll_id: id, option, voter: person(user_id) })),
  )
}

/** Messages with their authors, the messages they reply to, and who reacted. */
export async function messageViews(
  tx: ReadTx,
  tripId: number,
  messages: readonly MessageRow[],
): Promise<MessageView[]> {
  const byId = new Map(messages.map((message) => [message.id, message]))
  const missing = messages.flatMap(({ reply_to }) => (reply_to !== null && !byId.has(reply_to) ? [reply_to] : []))
  if (missing.length) {
    for (const one of await listMessagesWithIds(tx, tripId, [...new Set(missing)])) byId.set(one.id, one)
  }
  const person = await peopleOf(
    tx,
    [...byId.values()].flatMap(({ author_id, reactions }) => [author_id, ...reactions.map(({ user_id }) => user_id)]),
  )
  return messages.map((message) => {
    const original = message.reply_to === null ? undefined : byId.get(message.reply_to)
    return {
      ...message,
      author: person(message.author_id),
      reply: original
        ? { author: person(original.author_id), text: startOf(original.text), deleted: original.deleted }
        : null,
      reactions: message.reactions.map(({ emoji, user_id }) => ({
        emoji,
        user_id,
        name: person(user_id)?.name ?? null,
      })),
    }
  })
}

/** The start of a message on one line; never cuts a character in two. */
export function startOf(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  let start = ''
  for (const { segment } of new Intl.Segmenter().segment(line)) {
    if (start.length + segment.length > START) return `${start}…`
    start += segment
  }
  return line
}

async function peopleOf(tx: ReadTx, ids: readonly (number | null)[]): Promise<(id: number | null) => Person | null> {
  const userIds = [...new Set(ids.filter((id) => id !== null))]
  const people = new Map((await findPeople(tx, userIds)).map((person) => [person.user_id, person]))
  return (id) => (id === null ? null : (people.get(id) ?? null))
}
