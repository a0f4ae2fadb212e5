import { isErased } from '../../src/core/data/erasing.ts'
import { INSTANCE, type SpaceRef } from '../../src/core/data/space.ts'
import { openDatabase } from '../../src/db/connect.ts'
import { WebSession } from '../../src/identity/contract/index.ts'
import { unsoundRows } from '../harness/database/sound.ts'
import { makeWorld, type World } from '../harness/rigs/world.ts'

/** Rows by `entity id`. */
type Rows = Record<string, unknown>

/**
 * The defects of a database, in words, while nobody writes to it. Checks for every space that its log has no gaps and
 * agrees with the rows, and that references, orders and sums hold. Reads the database alone, so it needs no knowledge
 * of the fault.
 */
export async function defectsIn(world: World): Promise<string[]> {
  const spaces = await world.database.kysely.selectFrom('spaces').select(['space', 'id']).execute()
  const found: string[] = []
  for (const { space, id } of spaces) found.push(...(await defectsOf(world, { space, id })))
  return found
}

/** The defects of the database at this place, which no process has open. */
export async function defectsAt(target: string): Promise<string[]> {
  const database = openDatabase(target)
  try {
    return await defectsIn(makeWorld(database))
  } finally {
    await database.close()
  }
}

/** The defects of one space. */
export async function defectsOf(world: World, ref: SpaceRef): Promise<string[]> {
  const unsound = await world.database.read((tx) => unsoundRows(world, tx, ref))
  const found = [
    ...(await gapsIn(world, ref)),
    ...(await untoldIn(world, ref)),
    ...unsound.map(({ entity, id, says }) => `${entity} ${id} ${says}`),
  ]
  return found.map((defect) => `${ref.space} ${ref.id}: ${defect}`)
}

/** Gaps in the numbers 1, 2, 3 … of a log, and commits whose changes are not contiguous. */
async function gapsIn({ database }: World, ref: SpaceRef): Promise<string[]> {
  const log = await database.kysely
    .selectFrom('changes')
    .select(['seq', 'commit_seq', 'commit_id'])
    .where('space', '=', ref.space)
    .where('space_id', '=', ref.id)
    .orderBy('seq')
    .execute()
  const found = log.flatMap(({ seq }, at) =>
    seq === at + 1 ? [] : [`change ${at + 1} of the log has the number ${seq}`],
  )
  const lastOf = new Map(log.map(({ commit_seq, seq }) => [commit_seq, seq]))
  for (const { seq, commit_seq, commit_id } of log) {
    if (lastOf.get(commit_seq) !== commit_seq)
      found.push(`change ${seq} ends with ${commit_seq}, which is not of its commit`)
    const last = log[commit_seq - 1]
    if (last && last.commit_id !== commit_id) found.push(`change ${seq} and ${commit_seq} are not of one commit`)
  }
  const head = await database.head(ref)
  if (head !== log.length) found.push(`the counter says ${head}, and the log has ${log.length} changes`)
  return found
}

/** Rows that differ from their state in the log, replayed from its first change. */
async function untoldIn(world: World, ref: SpaceRef): Promise<string[]> {
  const found: string[] = []
  const told: Rows = {}
  const known = new Set<string>()
  for (const batch of await world.database.changesSince(ref, 0)) {
    for (const change of batch.changes) {
      const { entity, row_id, action, before, after } = change
      const key = `${entity} ${row_id}`
      if (isErased(change)) {
        // The log keeps nothing of an erased row, from its first change on.
        if (told[key]) found.push(`${action} ${key} is erased, and what was before it is not`)
        continue
      }
      const began = isMadeAside(ref, key) && !known.has(key) ? before : null
      known.add(key)
      if (!isSame(told[key] ?? began, before)) found.push(`${action} ${key} begins with another row than there was`)
      if (after) told[key] = after
      else delete told[key]
    }
  }
  const there = await rowsOf(world, ref)
  for (const key of new Set([...Object.keys(told), ...Object.keys(there)])) {
    if (isMadeAside(ref, key) && !known.has(key)) continue
    if (!isSame(told[key], there[key])) {
      found.push(`${key} is ${JSON.stringify(there[key])}, and ${JSON.stringify(told[key])} by the log`)
    }
  }
  return found
}

/**
 * Whether the log may lack the first state of a row: a migration or a log-in of a browser creates it outside the log.
 */
const isMadeAside = ({ space }: SpaceRef, key: string): boolean =>
  space === INSTANCE.space || key.startsWith(`${WebSession.name} `)

const rowsOf = ({ database, catalogue }: World, { space, id }: SpaceRef): Promise<Rows> =>
  database.read(async (tx) => {
    const rows: Rows = {}
    for (const { entity, key } of catalogue.entitiesOf(space)) {
      for (const row of (await tx.list(entity, key === null ? {} : { [key]: id })) as { id: number }[]) {
        rows[`${entity.name} ${row.id}`] = row
      }
    }
    return rows
  })

/** All rows have their fields in one order. The time of last use is written outside the log. */
const isSame = (one: unknown, other: unknown): boolean => textOf(one) === textOf(other)

const textOf = (row: unknown): string =>
  JSON.stringify(row, (key, value) => (key === 'last_used_at' ? undefined : value))
