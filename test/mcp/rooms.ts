import { z } from 'zod'
import { space } from '../../src/core/data/space.ts'
import { defaulted, entity, optional, type Row, required, stored } from '../../src/core/declare/entity.ts'
import { conflict, notFound } from '../../src/core/declare/errors.ts'
import { addon, operation, prompt, resource } from '../../src/core/declare/operation.ts'
import { Id, Line, Prose } from '../../src/core/declare/values.ts'
import { feature, implement, rows, says } from '../../src/core/run/feature.ts'
import { setAddon } from '../../src/core/run/settings.ts'
import type { OpenDatabase } from '../../src/db/connect.ts'
import { mcpAddon } from '../../src/transports/mcp/index.ts'

/**
 * A small feature for tests of the way in for assistants: rooms with members and notes (some for the owner's eyes
 * alone), lamps of an add-on, and memos of one's own.
 */
export const lamps = addon({ name: 'lamps', title: 'Lamps', description: 'Lamps in rooms.', default: true })

const Room = entity({
  name: 'room',
  table: 'rooms',
  space: 'room',
  spaceKey: 'id',
  fields: { id: stored(Id), owner_id: stored(Id), label: required(Line(20)) },
})
const Guest = entity({
  name: 'room_guest',
  table: 'room_guests',
  space: 'room',
  spaceKey: 'room_id',
  fields: { id: stored(Id), room_id: stored(Id), user_id: stored(Id) },
})
const Note = entity({
  name: 'note',
  table: 'room_notes',
  space: 'room',
  spaceKey: 'room_id',
  fields: {
    id: stored(Id),
    room_id: stored(Id),
    text: required(Line(50)),
    body: optional(Prose(200_000)),
    secret: defaulted(z.boolean(), false),
  },
})
const Memo = entity({
  name: 'room_memo',
  table: 'room_memos',
  space: 'user',
  spaceKey: 'user_id',
  fields: { id: stored(Id), user_id: stored(Id), text: required(Line(50)) },
})

const inRoom = z.object({ roomId: Id.describe('The room.') })
const nothing = z.object({})

const list_rooms = operation({
  name: 'list_rooms',
  title: 'List rooms',
  description: 'List the rooms you may enter.',
  effect: 'read',
  scope: null,
  route: 'GET /rooms',
  input: nothing,
  output: z.object({ rooms: z.array(Room.row) }),
})
const create_room = operation({
  name: 'create_room',
  title: 'Make a room',
  description: 'Make a room.',
  effect: 'create',
  scope: 'rooms:write',
  route: 'POST /rooms',
  input: Room.create,
  output: z.object({ room: Room.row }),
})
const add_guest = operation({
  name: 'add_guest',
  title: 'Let somebody in',
  description: 'Let somebody in.',
  effect: 'update',
  scope: 'rooms:write',
  route: 'PUT /rooms/:roomId/guests/:userId',
  input: inRoom.extend({ userId: Id }),
  output: nothing,
})
export const list_notes = operation({
  name: 'list_notes',
  title: 'List notes',
  description: 'List the notes in a room.',
  effect: 'read',
  scope: 'notes:read',
  route: 'GET /rooms/:roomId/notes',
  input: inRoom.extend({ text: z.string().optional().describe('Only notes that say this.') }),
  output: z.object({ notes: z.array(Note.row) }),
  pages: 'notes',
})
export const create_note = operation({
  name: 'create_note',
  title: 'Leave a note',
  description: 'Leave a note in a room.',
  effect: 'create',
  scope: 'notes:write',
  route: 'POST /rooms/:roomId/notes',
  input: inRoom.extend(Note.create.shape),
  output: z.object({ note: Note.row }),
})
const delete_note = operation({
  name: 'delete_note',
  title: 'Take a note away',
  description: 'Take a note away.',
  effect: 'destroy',
  scope: 'notes:delete',
  route: 'DELETE /rooms/:roomId/notes/:noteId',
  input: inRoom.extend({ noteId: Id }),
  output: nothing,
})
const create_memo = operation({
  name: 'create_memo',
  title: 'Note to self',
  description: 'Write a note to yourself.',
  effect: 'create',
  scope: 'notes:write',
  route: 'POST /memos',
  input: Memo.create,
  output: z.object({ memo: Memo.row }),
})
const list_memos = operation({
  name: 'list_memos',
  title: 'List memos',
  description: 'List your notes to yourself.',
  effect: 'read',
  scope: 'notes:read',
  route: 'GET /memos',
  input: nothing,
  output: z.object({ memos: z.array(Memo.row) }),
})
const light_lamp = operation({
  name: 'light_lamp',
  title: 'Light a lamp',
  description: 'Light a lamp.',
  effect: 'update',
  scope: null,
  addon: lamps,
  route: 'POST /lamps',
  input: nothing,
  output: nothing,
})
export const switch_addon = operation({
  name: 'switch_addon',
  title: 'Switch an add-on',
  description: 'Switch an add-on on or off.',
  effect: 'update',
  scope: null,
  ways: ['rest'],
  route: 'PUT /addons',
  input: z.object({ addon: z.enum(['lamps', 'mcp']), on: z.boolean() }),
  output: nothing,
})
const go_wrong = operation({
  name: 'go_wrong',
  title: 'Go wrong',
  description: 'Go wrong in a chosen way.',
  effect: 'update',
  scope: null,
  route: 'POST /wrong',
  input: z.object({ how: z.enum(['bug', 'conflict', 'huge']) }),
  output: z.object({ text: z.string() }),
})

const rooms_uri = resource({
  uri: 'rig://rooms',
  title: 'Rooms',
  description: 'The rooms you may enter.',
  read: list_rooms,
})
const notes_uri = resource({
  uri: 'rig://rooms/{roomId}/notes',
  title: 'Notes',
  description: 'The notes in a room.',
  read: list_notes,
})
const memos_uri = resource({
  uri: 'rig://memos',
  title: 'Memos',
  description: 'Your notes to yourself.',
  read: list_memos,
})
const room_summary = prompt({
  name: 'room-summary',
  title: 'Sum up a room',
  description: 'What is in a room.',
  arguments: inRoom,
  reads: [list_notes],
})

const roomContract = {
  list_rooms,
  create_room,
  add_guest,
  rooms_uri,
  switch_addon,
  go_wrong,
}
const noteContract = { list_notes, create_note, delete_note, notes_uri, room_summary }
const memoContract = { create_memo, list_memos, memos_uri }

const rooms = feature({
  name: 'rooms',
  contract: roomContract,
  handlers: implement(roomContract, {
    list_rooms: async ({ tx, caller }) => {
      const guest = await tx.list(Guest, { user_id: caller.userId })
      const entered = await tx.list(Room, { id: guest.map((one) => one.room_id) })
      return { rooms: [...(await tx.list(Room, { owner_id: caller.userId })), ...entered] }
    },
    create_room: async ({ tx, input, caller }) => ({
      room: await tx.insert(Room, { ...input, owner_id: caller.userId }),
    }),
    add_guest: async ({ tx, input }) => {
      await tx.insert(Guest, { room_id: input.roomId, user_id: input.userId })
      return {}
    },
    switch_addon: async ({ tx, input }) => {
      await setAddon(tx, input.addon === 'mcp' ? mcpAddon : lamps, input.on)
      return {}
    },
    go_wrong: async ({ input }) => {
      if (input.how === 'conflict') throw conflict('It does not fit', { details: { would_delete: 3 } })
      if (input.how === 'bug') throw new Error('the pass phrase is swordfish')
      return { text: 'x'.repeat(150_000) }
    },
  }),
  entities: [rows(Room), rows(Guest)],
  completions: [
    {
      argument: 'roomId',
      complete: async (read, typed) => {
        const found = await read(list_rooms, {})
        return found.rooms
          .filter(({ label }) => label.toLowerCase().startsWith(typed.toLowerCase()))
          .map(({ id, label }) => ({ value: String(id), label }))
      },
    },
  ],
  spaces: [
    space({
      name: 'room',
      key: 'roomId',
      missing: 'There is no such room',
      hint: 'Call list_rooms to find one.',
      admits: [Room, Guest],
      async membership(tx, id, userId) {
        const room = await tx.find(Room, { id })
        const isOwner = room?.owner_id === userId
        if (!room || (!isOwner && !(await tx.find(Guest, { room_id: id, user_id: userId })))) return null
        return { space: 'room', id, role: isOwner ? 'owner' : 'member', row: room }
      },
    }),
  ],
})

const notes = feature({
  name: 'notes',
  contract: noteContract,
  handlers: implement(noteContract, {
    list_notes: async ({ tx, input, member }) => {
      const all = await tx.list(Note, { room_id: input.roomId, ...(input.text !== undefined && { text: input.text }) })
      return { notes: all.filter((note) => !note.secret || member.role === 'owner') }
    },
    create_note: async ({ tx, input: { roomId, ...values } }) => ({
      note: await tx.insert(Note, { ...values, room_id: roomId }),
    }),
    delete_note: async ({ tx, input }) => {
      const note: Row<typeof Note> | null = await tx.find(Note, { id: input.noteId, room_id: input.roomId })
      if (!note) throw notFound('There is no such note', { hint: 'Call list_notes to find one.' })
      await tx.remove(Note, note)
      return {}
    },
  }),
  entities: [rows(Note, (row, viewer) => !row.secret || viewer.role === 'owner')],
  prompts: [
    says(room_summary, async (read, { roomId }) => {
      const found = await read(list_notes, { roomId })
      return `Notes: ${found.notes.map(({ text }) => text).join(', ')}`
    }),
  ],
})

const memos = feature({
  name: 'memos',
  contract: memoContract,
  handlers: implement(memoContract, {
    create_memo: async ({ tx, input, caller }) => ({
      memo: await tx.insert(Memo, { ...input, user_id: caller.userId }),
    }),
    list_memos: async ({ tx, caller }) => ({ memos: await tx.list(Memo, { user_id: caller.userId }) }),
  }),
  entities: [rows(Memo)],
})

const lampFeature = feature({
  name: 'lamps',
  addon: lamps,
  contract: { light_lamp },
  handlers: implement({ light_lamp }, { light_lamp: async () => ({}) }),
})

export const features = [rooms, notes, memos, lampFeature]

export async function makeTables({ kysely: { schema }, dialect }: OpenDatabase): Promise<void> {
  const table = (name: string) => dialect.withId(schema.createTable(name).ifNotExists())
  const { integer, boolean } = dialect
  await table('rooms').addColumn('owner_id', integer).addColumn('label', 'text').execute()
  await table('room_guests').addColumn('room_id', integer).addColumn('user_id', integer).execute()
  await table('room_notes')
    .addColumn('room_id', integer)
    .addColumn('text', 'text')
    .addColumn('body', 'text')
    .addColumn('secret', boolean)
    .execute()
  await table('room_memos').addColumn('user_id', integer).addColumn('text', 'text').execute()
}
