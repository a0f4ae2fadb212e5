import { z } from 'zod'
import { defaulted, entity, optional, type Row, required, stored } from '../../../core/declare/entity.ts'
import { addon, operation, permission, resource } from '../../../core/declare/operation.ts'
import { wrong } from '../../../core/declare/value-messages.ts'
import { Colour, DEFAULT_CATEGORY, Emoji, Id, Instant, Line, Prose, WebAddress } from '../../../core/declare/values.ts'
import { Person } from '../../../identity/contract/person.ts'
import { Done, inTrip } from '../../trips/contract/index.ts'
import { inSection } from '../../trips/contract/sections.ts'
import { messages } from './messages.ts'

/** Polls and the chat. Notes do not depend on it. */
export const collab = addon({
  name: 'collab',
  title: 'Together',
  description: 'Polls and a chat in every trip',
  default: true,
})

export const collab_edit = permission({
  name: 'collab_edit',
  title: 'Write notes and messages, make polls and vote',
  default: 'member',
  levels: ['owner', 'member'],
})

/** Null once the account is deleted; the text stays without a name. */
const author_id = stored(Id.nullable())

/** A note that everybody in the trip can read and change. */
export const CollabNote = entity({
  name: 'collab_note',
  table: 'collab_notes',
  space: 'trip',
  spaceKey: 'trip_id',
  computed: ['updated_at'],
  refs: { author_id: 'user' },
  fields: {
    id: stored(Id),
    trip_id: stored(Id),
    author_id,
    title: required(Line(200)).describe('Headline.'),
    content: optional(Prose(10_000)).describe('Text, Markdown.'),
    category: defaulted(Line(100), DEFAULT_CATEGORY).describe('Category of the note.'),
    color: defaulted(Colour, '#6366f1').describe('Colour, #rrggbb.'),
    pinned: defaulted(z.boolean(), false).describe('Pinned notes come first.'),
    website: optional(WebAddress(500)).describe('Related http(s) address.'),
    created_at: stored(Instant),
    updated_at: stored(Instant),
  },
})
export type NoteRow = Row<typeof CollabNote>

const distinct = (options: string[]) => new Set(options.map((option) => option.toLowerCase())).size === options.length

/** A question with its votes. It is closed by hand or by its deadline. */
export const CollabPoll = entity({
  name: 'collab_poll',
  table: 'collab_polls',
  space: 'trip',
  spaceKey: 'trip_id',
  refs: { author_id: 'user' },
  fields: {
    id: stored(Id),
    trip_id: stored(Id),
    author_id,
    question: required(Line(500)).describe('The question to vote on.'),
    options: required(
      z.array(Line(200)).min(2).max(20).refine(distinct, { error: messages.optionsDiffer.key }),
    ).describe('2 to 20 different answers.'),
    multiple: defaulted(z.boolean(), false).describe('Whether several may be chosen.'),
    deadline: stored(Instant.nullable()),
    closed_at: stored(Instant.nullable()),
    votes: stored(z.array(z.object({ user_id: Id.nullable(), option: z.int().min(0) }))),
    created_at: stored(Instant),
  },
})
export type PollRow = Row<typeof CollabPoll>

/** Whether voting has ended at this moment. */
export const isClosed = ({ closed_at, deadline }: Pick<PollRow, 'closed_at' | 'deadline'>, now: string): boolean =>
  closed_at !== null || (deadline !== null && deadline <= now)

/** The votes after a choice: a repeated one is taken back, and in a poll with a single choice the new one replaces. */
export function votesAfter(
  { votes, multiple }: Pick<PollRow, 'votes' | 'multiple'>,
  user_id: number,
  option: number,
): PollRow['votes'] {
  const withdrawn = votes.some((vote) => vote.user_id === user_id && vote.option === option)
  const kept = votes.filter((vote) => vote.user_id !== user_id || (multiple && vote.option !== option))
  return withdrawn ? kept : [...kept, { user_id, option }]
}

/** The reactions after somebody puts an emoji on a message, or takes it off by choosing it again. */
export function reactionsAfter(
  reactions: MessageRow['reactions'],
  user_id: number,
  emoji: string,
): MessageRow['reactions'] {
  const kept = reactions.filter((one) => one.user_id !== user_id || one.emoji !== emoji)
  return kept.length < reactions.length ? kept : [...kept, { user_id, emoji }]
}

/** A message in the chat of a trip. A deleted one keeps only its place. */
export const CollabMessage = entity({
  name: 'collab_message',
  table: 'collab_messages',
  space: 'trip',
  spaceKey: 'trip_id',
  refs: { author_id: 'user' },
  fields: {
    id: stored(Id),
    trip_id: stored(Id),
    author_id,
    text: stored(Prose(5000)),
    reply_to: stored(Id.nullable()),
    reactions: stored(z.array(z.object({ user_id: Id, emoji: z.string() }))),
    deleted: stored(z.boolean()),
    created_at: stored(Instant),
  },
})
export type MessageRow = Row<typeof CollabMessage>

/** How many of the newest messages a screen gets when it opens a trip. */
export const LATEST_MESSAGES = 200

/** A note as in answers, with its author. */
export const NoteView = CollabNote.row.extend({ author: Person.nullable() })
export type NoteView = z.output<typeof NoteView>

/** A poll as in answers, with who voted for what. */
export const PollView = CollabPoll.row.omit({ votes: true, options: true }).extend({
  author: Person.nullable(),
  closed: z.boolean(),
  options: z.array(z.object({ index: z.int(), text: z.string(), votes: z.int(), voters: z.array(Person) })),
})
export type PollView = z.output<typeof PollView>

const Reactions = z.array(z.object({ emoji: z.string(), user_id: Id, name: z.string().nullable() }))

/** A message as in answers, with the start of the message it replies to. */
export const MessageView = CollabMessage.row.extend({
  author: Person.nullable(),
  reply: z.object({ author: Person.nullable(), text: z.string(), deleted: z.boolean() }).nullable(),
  reactions: Reactions,
})
export type MessageView = z.output<typeof MessageView>

const inNote = inTrip.extend({ noteId: Id.describe('Note id, from get_trip_summary.') })
const inPoll = inTrip.extend({ pollId: Id.describe('Poll id, from list_collab_polls.') })
const inMessage = inTrip.extend({ messageId: Id.describe('Message id, from list_collab_messages.') })

const reading = { effect: 'read', scope: 'collab:read' } as const
const writing = { scope: 'collab:write', permission: collab_edit } as const

export const list_collab_notes = operation({
  name: 'list_collab_notes',
  title: 'List the notes of a trip',
  description: 'The notes of the group: pinned ones first, then the most recently changed.',
  ...reading,
  route: 'GET /trips/:tripId/collab-notes',
  expose: ['rest'],
  input: inTrip,
  output: z.object({ notes: z.array(NoteView) }),
  pages: 'notes',
  continuations: { notes: inSection('collab_notes') },
})

export const create_collab_note = operation({
  name: 'create_collab_note',
  title: 'Write a note',
  description: 'Write a note for the whole group. Its text may be Markdown.',
  effect: 'create',
  ...writing,
  route: 'POST /trips/:tripId/collab-notes',
  input: inTrip.extend(CollabNote.create.shape),
  output: z.object({ note: NoteView }),
})

export const update_collab_note = operation({
  name: 'update_collab_note',
  title: 'Change a note',
  description: 'Change fields of a note. Omitted fields stay unchanged.',
  effect: 'update',
  ...writing,
  route: 'PATCH /trips/:tripId/collab-notes/:noteId',
  input: inNote.extend(CollabNote.patch.shape),
  output: z.object({ note: NoteView }),
})

export const delete_collab_note = operation({
  name: 'delete_collab_note',
  title: 'Delete a note',
  description: 'Delete a note for everybody.',
  effect: 'destroy',
  ...writing,
  route: 'DELETE /trips/:tripId/collab-notes/:noteId',
  input: inNote,
  output: Done,
})

export const list_collab_polls = operation({
  name: 'list_collab_polls',
  title: 'List polls',
  description: 'The polls of a trip, newest first, with who voted for what.',
  ...reading,
  addon: collab,
  route: 'GET /trips/:tripId/collab/polls',
  input: inTrip,
  output: z.object({ polls: z.array(PollView) }),
  pages: 'polls',
  continuations: { inside: inSection('poll_votes') },
})

export const create_collab_poll = operation({
  name: 'create_collab_poll',
  title: 'Make a poll',
  description: 'Ask the group to choose. Everybody sees who voted for what.',
  effect: 'create',
  ...writing,
  addon: collab,
  route: 'POST /trips/:tripId/collab/polls',
  input: inTrip.extend({
    ...CollabPoll.create.shape,
    deadline: z.iso
      .datetime({ offset: true, error: messages.momentWithZone.key })
      .max(50)
      .nullable()
      .optional()
      .describe('End of voting, ISO 8601 with time zone.'),
  }),
  output: z.object({ poll: PollView }),
})

export const vote_collab_poll = operation({
  name: 'vote_collab_poll',
  undo: 'own',
  title: 'Vote in a poll',
  description:
    'Vote in a poll as the person you act for. The same option again takes the vote back; another one replaces it, unless several may be chosen.',
  effect: 'create',
  ...writing,
  addon: collab,
  route: 'POST /trips/:tripId/collab/polls/:pollId/votes',
  input: inPoll.extend({ optionIndex: z.int().min(0).describe('Index of the option, from 0.') }),
  output: z.object({ poll: PollView }),
})

export const close_collab_poll = operation({
  name: 'close_collab_poll',
  title: 'Close a poll',
  description: 'End the voting for good. The result stays.',
  effect: 'update',
  ...writing,
  addon: collab,
  route: 'PUT /trips/:tripId/collab/polls/:pollId/closed',
  input: inPoll,
  output: z.object({ poll: PollView }),
})

export const delete_collab_poll = operation({
  name: 'delete_collab_poll',
  title: 'Delete a poll',
  description: 'Delete a poll with its votes. It cannot be undone.',
  effect: 'destroy',
  ...writing,
  addon: collab,
  route: 'DELETE /trips/:tripId/collab/polls/:pollId',
  input: inPoll,
  output: Done,
})

export const list_collab_messages = operation({
  name: 'list_collab_messages',
  title: 'Read the chat',
  description:
    'The 100 newest messages of a trip, oldest first, or those before a message. remaining says how many are older.',
  ...reading,
  addon: collab,
  route: 'GET /trips/:tripId/collab/messages',
  input: inTrip.extend({ before: Id.optional().describe('Only messages older than this message id.') }),
  output: z.object({ messages: z.array(MessageView), remaining: z.int().describe('Number of older messages.') }),
  follows: ({ tripId }, { messages: [oldest], remaining }) =>
    remaining && oldest ? { tool: 'list_collab_messages', input: { tripId, before: oldest.id } } : null,
})

export const send_collab_message = operation({
  name: 'send_collab_message',
  undo: 'own',
  title: 'Send a message',
  description: 'Write into the chat of a trip in the person’s name. Everybody else is notified.',
  effect: 'create',
  ...writing,
  addon: collab,
  route: 'POST /trips/:tripId/collab/messages',
  input: inTrip.extend({
    text: Prose(5000).trim().min(1, { error: wrong.empty.key }).describe('Text of the message.'),
    replyTo: Id.nullable().optional().describe('Id of the message to reply to.'),
  }),
  output: z.object({ message: MessageView }),
})

export const delete_collab_message = operation({
  name: 'delete_collab_message',
  undo: 'own',
  title: 'Delete a message',
  description: 'Delete a message of your own. Its text is gone; others see that there was one.',
  effect: 'destroy',
  ...writing,
  addon: collab,
  route: 'DELETE /trips/:tripId/collab/messages/:messageId',
  input: inMessage,
  output: Done,
})

export const react_collab_message = operation({
  name: 'react_collab_message',
  undo: 'own',
  title: 'React to a message',
  description: 'Put an emoji on a message; the same emoji again takes it off.',
  effect: 'create',
  ...writing,
  addon: collab,
  route: 'POST /trips/:tripId/collab/messages/:messageId/reactions',
  input: inMessage.extend({ emoji: Emoji.describe('One emoji.') }),
  output: z.object({ reactions: Reactions }),
})

export const list_collab_people = operation({
  name: 'list_collab_people',
  title: 'List who wrote in a trip',
  description: 'Everybody who wrote, voted or reacted in a trip, including former members.',
  ...reading,
  route: 'GET /trips/:tripId/collab/people',
  expose: ['rest'],
  input: inTrip,
  output: z.object({ people: z.array(Person) }),
})

export const collab_notes_resource = resource({
  uri: 'trek://trips/{tripId}/collab-notes',
  title: 'Notes of the group',
  description: 'The notes of a trip, pinned ones first.',
  read: list_collab_notes,
})

export const collab_polls_resource = resource({
  uri: 'trek://trips/{tripId}/collab/polls',
  title: 'Polls',
  description: 'The polls of a trip with who voted for what.',
  read: list_collab_polls,
})

export const collab_messages_resource = resource({
  uri: 'trek://trips/{tripId}/collab/messages',
  title: 'Chat',
  description: 'The newest messages of a trip, oldest first.',
  read: list_collab_messages,
})
