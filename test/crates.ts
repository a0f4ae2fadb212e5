import { z } from 'zod'
import { Feed } from '../src/core/data/feed.ts'
import { space } from '../src/core/data/space.ts'
import type { Tx } from '../src/core/data/tx.ts'
import { defaulted, entity, optional, type Row, required, stored } from '../src/core/declare/entity.ts'
import { conflict, notFound, rateLimited } from '../src/core/declare/errors.ts'
import { addon, administration, operation } from '../src/core/declare/operation.ts'
import { Id, Line } from '../src/core/declare/values.ts'
import { Catalogue } from '../src/core/run/catalogue.ts'
import type { Door, Identity } from '../src/core/run/door.ts'
import { grantTopic } from '../src/core/run/door.ts'
import { feature, implement, rows } from '../src/core/run/feature.ts'
import { Pipeline } from '../src/core/run/pipeline.ts'
import { Settings, setAddon } from '../src/core/run/settings.ts'
import { type OpenDatabase, openDatabase } from '../src/db/connect.ts'
import { Presence } from '../src/transports/live/presence.ts'

/**
 * A small feature for tests of the ways in: crates with members, with things in them (some of them for the owner's eyes
 * alone), stickers of an add-on, and a note to oneself.
 */
const stickers = addon({ name: 'stickers', title: 'Stickers', description: 'Stickers on crates.', default: true })

const Crate = entity({
  name: 'crate',
  table: 'crates',
  space: 'crate',
  spaceKey: 'id',
  fields: { id: stored(Id), owner_id: stored(Id), label: required(Line(20)) },
})
const CrateMember = entity({
  name: 'crate_member',
  table: 'crate_members',
  space: 'crate',
  spaceKey: 'crate_id',
  also: { space: 'user', key: 'user_id' },
  fields: { id: stored(Id), crate_id: stored(Id), user_id: stored(Id) },
})
const Thing = entity({
  name: 'thing',
  table: 'things',
  space: 'crate',
  spaceKey: 'crate_id',
  fields: {
    id: stored(Id),
    crate_id: stored(Id),
    name: required(Line(50)),
    note: optional(Line(5000)),
    secret: defaulted(z.boolean(), false),
  },
})
const Sticker = entity({
  name: 'sticker',
  table: 'stickers',
  space: 'crate',
  spaceKey: 'crate_id',
  fields: { id: stored(Id), crate_id: stored(Id), text: required(Line(50)) },
})
const Memo = entity({
  name: 'memo',
  table: 'memos',
  space: 'user',
  spaceKey: 'user_id',
  fields: { id: stored(Id), user_id: stored(Id), text: required(Line(50)) },
})

const inCrate = z.object({ crateId: Id })
const nothing = z.object({})
const scope = 'crates:write'

export const create_crate = operation({
  name: 'create_crate',
  title: 'Make a crate',
  description: 'Make a crate.',
  effect: 'create',
  scope,
  route: 'POST /crates',
  input: Crate.create,
  output: z.object({ crate: Crate.row }),
})
export const add_member = operation({
  name: 'add_member',
  title: 'Let somebody in',
  description: 'Let somebody into a crate.',
  effect: 'update',
  scope,
  route: 'PUT /crates/:crateId/members/:userId',
  input: inCrate.extend({ userId: Id }),
  output: nothing,
})
export const remove_member = operation({
  name: 'remove_member',
  title: 'Put somebody out',
  description: 'Put somebody out of a crate.',
  effect: 'destroy',
  scope,
  route: 'DELETE /crates/:crateId/members/:userId',
  input: inCrate.extend({ userId: Id }),
  output: nothing,
})
export const give_crate = operation({
  name: 'give_crate',
  title: 'Give a crate away',
  description: 'Make a member the owner and the owner a member.',
  effect: 'update',
  scope,
  route: 'POST /crates/:crateId/give',
  input: inCrate.extend({ to: Id }),
  output: nothing,
})
export const create_thing = operation({
  name: 'create_thing',
  title: 'Add a thing',
  description: 'Add a thing.',
  effect: 'create',
  scope,
  route: 'POST /crates/:crateId/things',
  input: inCrate.extend(Thing.create.shape),
  output: z.object({ thing: Thing.row }),
})
export const update_thing = operation({
  name: 'update_thing',
  title: 'Change a thing',
  description: 'Change a thing.',
  effect: 'update',
  scope,
  route: 'PATCH /crates/:crateId/things/:thingId',
  input: inCrate.extend({ thingId: Id, ...Thing.patch.shape }),
  output: z.object({ thing: Thing.row }),
})
export const delete_thing = operation({
  name: 'delete_thing',
  title: 'Remove a thing',
  description: 'Remove a thing.',
  effect: 'destroy',
  scope,
  route: 'DELETE /crates/:crateId/things/:thingId',
  input: inCrate.extend({ thingId: Id, force: z.boolean().optional().describe('Also when it is in use.') }),
  output: nothing,
})
export const list_things = operation({
  name: 'list_things',
  title: 'List things',
  description: 'List things.',
  effect: 'read',
  scope: 'crates:read',
  route: 'GET /crates/:crateId/things',
  input: inCrate.extend({ names: z.array(z.string()).optional().describe('Only these.') }),
  output: z.object({ things: z.array(Thing.row) }),
  pages: 'things',
})
export const create_sticker = operation({
  name: 'create_sticker',
  title: 'Put a sticker on',
  description: 'Put a sticker on a crate.',
  effect: 'create',
  scope,
  addon: stickers,
  route: 'POST /crates/:crateId/stickers',
  input: inCrate.extend(Sticker.create.shape),
  output: z.object({ sticker: Sticker.row }),
})
export const create_memo = operation({
  name: 'create_memo',
  title: 'Note to self',
  description: 'Write a note to oneself.',
  effect: 'create',
  scope,
  route: 'POST /memos',
  input: Memo.create,
  output: z.object({ memo: Memo.row }),
})
export const set_stickers = operation({
  name: 'set_stickers',
  title: 'Switch stickers',
  description: 'Switch stickers on or off.',
  effect: 'update',
  scope: null,
  permission: administration,
  route: 'PUT /stickers',
  input: z.object({ on: z.boolean() }),
  output: nothing,
})
const fail = operation({
  name: 'fail',
  title: 'Go wrong',
  description: 'Go wrong in a chosen way.',
  effect: 'update',
  scope: null,
  route: 'POST /fail',
  input: z.object({ how: z.enum(['bug', 'conflict', 'rate']) }),
  output: nothing,
})
const assistants_only = operation({
  name: 'assistants_only',
  title: 'For assistants',
  description: 'Not offered over REST.',
  effect: 'read',
  scope: null,
  ways: ['mcp'],
  route: 'GET /assistants-only',
  input: nothing,
  output: nothing,
})

const contract = {
  create_crate,
  add_member,
  remove_member,
  give_crate,
  create_thing,
  update_thing,
  delete_thing,
  list_things,
  create_memo,
  set_stickers,
  fail,
  assistants_only,
}

async function thingIn(tx: Tx, crateId: number, thingId: number): Promise<Row<typeof Thing>> {
  const thing = await tx.find(Thing, { id: thingId, crate_id: crateId })
  if (!thing) throw notFound('There is no such thing')
  return thing
}

const crates = feature({
  name: 'crates',
  contract,
  handlers: implement(contract, {
    create_crate: async ({ tx, input, caller }) => ({
      crate: await tx.insert(Crate, { ...input, owner_id: caller.userId }),
    }),
    add_member: async ({ tx, input }) => {
      await tx.insert(CrateMember, { crate_id: input.crateId, user_id: input.userId })
      return {}
    },
    remove_member: async ({ tx, input }) => {
      const member = await tx.find(CrateMember, { crate_id: input.crateId, user_id: input.userId })
      if (member) await tx.remove(CrateMember, member)
      return {}
    },
    give_crate: async ({ tx, input, member, caller }) => {
      const standing = await tx.find(CrateMember, { crate_id: input.crateId, user_id: input.to })
      if (!standing) throw notFound('They are not in')
      await tx.remove(CrateMember, standing)
      await tx.insert(CrateMember, { crate_id: input.crateId, user_id: caller.userId })
      await tx.patch(Crate, member.row as Row<typeof Crate>, { owner_id: input.to })
      return {}
    },
    create_thing: async ({ tx, input: { crateId, ...values } }) => ({
      thing: await tx.insert(Thing, { ...values, crate_id: crateId }),
    }),
    update_thing: async ({ tx, input: { crateId, thingId, ...patch } }) => ({
      thing: await tx.patch(Thing, await thingIn(tx, crateId, thingId), patch),
    }),
    delete_thing: async ({ tx, input }) => {
      await tx.remove(Thing, await thingIn(tx, input.crateId, input.thingId))
      return {}
    },
    list_things: async ({ tx, input, member }) => {
      const all = await tx.list(Thing, { crate_id: input.crateId, ...(input.names && { name: input.names }) })
      return { things: all.filter((thing) => !thing.secret || member.role === 'owner') }
    },
    create_memo: async ({ tx, input, caller }) => ({
      memo: await tx.insert(Memo, { ...input, user_id: caller.userId }),
    }),
    set_stickers: async ({ tx, input }) => {
      await setAddon(tx, stickers, input.on)
      return {}
    },
    fail: async ({ input }) => {
      if (input.how === 'conflict') throw conflict('It does not fit', { details: { would_delete: 3 } })
      if (input.how === 'rate') throw rateLimited('Slower, please', { retryAfter: 7 })
      throw new Error('the pass phrase is swordfish')
    },
    assistants_only: async () => ({}),
  }),
  entities: [
    rows(Crate),
    rows(CrateMember),
    rows(Thing, (row, viewer) => !row.secret || viewer.role === 'owner'),
    rows(Memo),
  ],
  spaces: [
    space({
      name: 'crate',
      key: 'crateId',
      missing: 'There is no such crate',
      hint: 'Look again.',
      admits: [Crate, CrateMember],
      async membership(tx, id, userId) {
        const crate = await tx.find(Crate, { id })
        const isOwner = crate?.owner_id === userId
        if (!crate || (!isOwner && !(await tx.find(CrateMember, { crate_id: id, user_id: userId })))) return null
        return { space: 'crate', id, role: isOwner ? 'owner' : 'member', row: crate }
      },
    }),
  ],
})

const stickering = feature({
  name: 'stickering',
  addon: stickers,
  contract: { stickers, create_sticker },
  handlers: implement(
    { create_sticker },
    {
      create_sticker: async ({ tx, input: { crateId, ...values } }) => ({
        sticker: await tx.insert(Sticker, { ...values, crate_id: crateId }),
      }),
    },
  ),
  entities: [rows(Sticker)],
})

export async function makeTables({ kysely: { schema }, dialect }: OpenDatabase): Promise<void> {
  const table = (name: string) => dialect.withId(schema.createTable(name).ifNotExists())
  const { integer, boolean } = dialect
  await table('crates').addColumn('owner_id', integer).addColumn('label', 'text').execute()
  await table('crate_members').addColumn('crate_id', integer).addColumn('user_id', integer).execute()
  await table('things')
    .addColumn('crate_id', integer)
    .addColumn('name', 'text')
    .addColumn('note', 'text')
    .addColumn('secret', boolean)
    .execute()
  await table('stickers').addColumn('crate_id', integer).addColumn('text', 'text').execute()
  await table('memos').addColumn('user_id', integer).addColumn('text', 'text').execute()
}

/** One process's worth of parts over a database: two of them over one place are two processes. */
export async function openCrates(target: string) {
  const database = openDatabase(target)
  await makeTables(database)
  const failures: unknown[] = []
  const presence = new Presence(400)
  const catalogue = new Catalogue([crates, stickering])
  const pipeline = new Pipeline({
    catalogue,
    database,
    settings: new Settings(database),
    feed: new Feed(database, (error) => failures.push(error)),
    checkOutput: true,
    observe: (finished) => presence.observe(finished),
  })
  return { database, pipeline, presence, failures, ...testDoor(database) }
}

/** Whoever says `session=5` is user 5, and `token-5` is a program of theirs; user 1 is the administrator. */
function testDoor(database: OpenDatabase) {
  const ended = new Set<string>()
  const identity = (userId: number, grant: string, client: string | null): Identity | null =>
    ended.has(grant)
      ? null
      : {
          userId,
          name: `user ${userId}`,
          admin: userId === 1,
          scopes: 'all',
          grant,
          client,
          clientId: null,
          notice: null,
          readOnly: null,
        }
  const door: Door = {
    async byBearer(token, audience) {
      const user = /^token-(\d+)$/.exec(token)?.[1]
      return user && audience === 'rest' ? identity(Number(user), `token:${user}`, 'laptop') : null
    },
    async byCookie(cookie) {
      const user = /(?:^|; )session=(\d+)/.exec(cookie ?? '')?.[1]
      return user ? identity(Number(user), `session:${user}`, null) : null
    },
    holds: async (grant) => !ended.has(grant),
  }
  return {
    door,
    /** It ends by the clock: nobody rings. */
    expire: (grant: string) => void ended.add(grant),
    async end(grant: string) {
      ended.add(grant)
      await database.doorbell.ring(grantTopic(grant))
    },
  }
}
