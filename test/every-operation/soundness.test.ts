import { beforeAll, expect, test } from 'vitest'
import type { Tx } from '../../src/core/data/tx.ts'
import type { AnyEntity } from '../../src/core/declare/entity.ts'
import { makeSamples } from '../fixtures/samples.ts'
import { eachDatabase } from '../harness/database/databases.ts'
import { unsoundRows } from '../harness/database/sound.ts'
import { makeUser, makeWorld, type World } from '../harness/rigs/world.ts'

type Row = Record<string, unknown> & { id: number }

/** The rows of one entity, with ways to change or duplicate one of them past its feature. */
interface Scene {
  rows(entity: string): Promise<Row[]>
  repeat(entity: string): Promise<void>
  change(entity: string, row: Row | undefined, patch: object): Promise<void>
}

const NOBODY = 987_654

/** Ways to break a rule, each with the finding it must cause. */
const BROKEN: Record<string, { by(scene: Scene): Promise<void>; says: RegExp }> = {
  'a trip that names another owner': {
    by: async ({ rows, change }) => {
      const friend = (await rows('trip_member')).find(({ role }) => role === 'member')
      await change('trip', (await rows('trip'))[0], { user_id: friend?.user_id })
    },
    says: /^trip: belongs to \d+, but its owners are \d+$/,
  },
  'a trip with two owners': {
    by: async ({ rows, change }) =>
      change(
        'trip_member',
        (await rows('trip_member')).find(({ role }) => role === 'member'),
        { role: 'owner' },
      ),
    says: /^trip: belongs to \d+, but its owners are \d+, \d+$/,
  },
  'a trip that ends before it starts': {
    by: async ({ rows, change }) => change('trip', (await rows('trip'))[0], { end_date: '2027-04-01' }),
    says: /^trip: ends 2027-04-01, before it starts$/,
  },
  'a trip with one date': {
    by: async ({ rows, change }) => change('trip', (await rows('trip'))[0], { end_date: null }),
    says: /^trip: has one of its two dates$/,
  },
  'a gap in the numbers of days': {
    by: async ({ rows, change }) => change('day', (await rows('day')).at(-1), { day_number: 9 }),
    says: /^day: is number 9 where 3 comes next$/,
  },
  'a day outside of the trip': {
    by: async ({ rows, change }) => change('day', (await rows('day')).at(-1), { date: '2027-05-01' }),
    says: /^day: has the date 2027-05-01, which is not one of the trip$/,
  },
  'a trip that goes on after its last day': {
    by: async ({ rows, change }) => change('trip', (await rows('trip'))[0], { end_date: '2027-04-09' }),
    says: /^trip: lasts from 2027-04-05 to 2027-04-09, its days from 2027-04-05 to 2027-04-07$/,
  },
  'days out of order': {
    by: async ({ rows, change }) => change('day', (await rows('day'))[0], { date: null }),
    says: /^day: has the date 2027-04-06, out of order$/,
  },
  'two stops in one place': {
    by: async ({ rows, change }) => {
      const [one, other] = await rows('assignment')
      await change('assignment', other, { day_id: one?.day_id, order_key: one?.order_key })
    },
    says: /^assignment: stands in the place of assignment \d+$/,
  },
  'a stop that ends before it starts': {
    by: async ({ rows, change }) =>
      change('assignment', (await rows('assignment'))[0], { place_time: '12:00', end_time: '11:00' }),
    says: /^assignment: ends before it starts$/,
  },
  'a stay that ends before it starts': {
    by: async ({ rows, change }) => {
      const days = await rows('day')
      const stay = (await rows('accommodation'))[0]
      await change('accommodation', stay, { start_day_id: days.at(-1)?.id, end_day_id: days[0]?.id })
    },
    says: /^accommodation: ends before it starts$/,
  },
  'a booking that ends before it starts': {
    by: async ({ rows, change }) => {
      const times = { reservation_time: '2027-04-06T12:00', reservation_end_time: '2027-04-06T11:00', endpoints: [] }
      await change('reservation', (await rows('reservation'))[0], times)
    },
    says: /^reservation: reservation_end_time: is before the start: 2027-04-06T11:00 is earlier than 2027-04-06T12:00$/,
  },
  'a cost of which too little was paid': {
    by: async ({ rows, change }) => {
      const [owner] = await rows('trip_member')
      const payers = [{ user_id: owner?.user_id, amount: 1 }]
      await change('budget_item', (await rows('budget_item'))[0], { payers, total_price: 2 })
    },
    says: /^budget_item: costs 2 \w+, but 1 were paid$/,
  },
  'exact shares that are not the total': {
    by: async ({ rows, change }) => {
      const [owner] = await rows('trip_member')
      const members = [{ user_id: owner?.user_id, amount: 1, weight: null, paid: false }]
      await change('budget_item', (await rows('budget_item'))[0], { members, total_price: 2, payers: [] })
    },
    says: /^budget_item: has exact shares that are not its total of 2 \w+$/,
  },
  'a cost that names somebody twice': {
    by: async ({ rows, change }) => {
      const [owner] = await rows('trip_member')
      const member = { user_id: owner?.user_id, amount: null, weight: null, paid: false }
      await change('budget_item', (await rows('budget_item'))[0], { members: [member, member] })
    },
    says: /^budget_item: names somebody twice$/,
  },
  'a cost of somebody who is not there': {
    by: async ({ rows, change }) =>
      change('budget_item', (await rows('budget_item'))[0], {
        members: [{ user_id: NOBODY, amount: null, weight: null, paid: false }],
      }),
    says: /^budget_item: names somebody who is not there$/,
  },
  'money that one pays oneself back': {
    by: async ({ rows, change }) => {
      const settlement = (await rows('settlement'))[0]
      await change('settlement', settlement, { to_user_id: settlement?.from_user_id })
    },
    says: /^settlement: goes from somebody to themselves$/,
  },
  'a shared thing that nobody shares': {
    by: async ({ rows, change }) =>
      change('packing_item', (await rows('packing_item'))[0], { visibility: 'shared', shared_with: [] }),
    says: /^packing_item: is shared, which does not go with the people it is shared with$/,
  },
  'a bag of somebody who is not in the trip': {
    by: async ({ rows, change }) => change('packing_bag', (await rows('packing_bag'))[0], { member_ids: [NOBODY] }),
    says: /^packing_bag: member_ids: there is no member 987654$/,
  },
  'a booking that is placed on a day that is gone': {
    by: async ({ rows, change }) =>
      change('reservation', (await rows('reservation'))[0], { day_keys: { [NOBODY]: 'a0' } }),
    says: /^reservation: day_keys: there is no day 987654$/,
  },
  'a file of a place that is gone': {
    by: async ({ rows, change }) => change('trip_file', (await rows('trip_file'))[0], { place_ids: [NOBODY] }),
    says: /^trip_file: place_ids: there is no place 987654$/,
  },
  ...Object.fromEntries(
    ['todo', 'packing_item', 'packing_bag', 'budget_item'].map((name) => [
      `two rows of ${name} in one place`,
      {
        by: ({ repeat }: Scene) => repeat(name),
        says: new RegExp(`^${name}: stands in the place of ${name} \\d+$`),
      },
    ]),
  ),
}

/** Rolls a transaction back. */
class Enough extends Error {}

eachDatabase((database) => {
  let world: World
  let tripId: number
  beforeAll(async () => {
    world = makeWorld(database())
    tripId = (await makeSamples(world, await makeUser(database(), 'Ana'))).tripId as number
  })

  test('a trip with a row of every kind is sound', async () => {
    const unsound = await world.database.read((tx) => unsoundRows(world, tx, { space: 'trip', id: tripId }))
    expect(unsound).toEqual([])
  })

  test.each(Object.entries(BROKEN))('%s is found', async (_, { by, says }) => {
    const ref = { space: 'trip', id: tripId }
    let unsound: string[] = []
    const work = async (tx: Tx) => {
      const entityOf = (name: string) => world.catalogue.entities.get(name)?.entity as AnyEntity
      const rows = async (name: string) => {
        const entity = entityOf(name)
        return (await tx.list(entity, { [entity.spaceKey as string]: tripId }, ['id'])) as Row[]
      }
      await by({
        rows,
        repeat: async (name) => {
          const { id: _, ...values } = (await rows(name))[0] as Row
          await tx.insert(entityOf(name), values)
        },
        change: async (name, row, patch) => {
          if (!row) throw new Error(`The sample trip has too few rows of ${name}`)
          await tx.patch(entityOf(name), row, patch)
        },
      })
      unsound = (await unsoundRows(world, tx, ref)).map(({ entity, says }) => `${entity}: ${says}`)
      throw new Enough()
    }
    await expect(world.database.write(ref, work)).rejects.toThrow(Enough)
    expect(unsound).toContainEqual(expect.stringMatching(says))
  })
})
