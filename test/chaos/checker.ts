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
  const problems: string[] = []
  for (const { space, id } of spaces) problems.push(...(await defectsOf(world, { space, id })))
  return problems
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
  const problems = [
    ...(await gapsIn(world, ref)),
    ...(await untoldIn(world, ref)),
    ...unsound.map(({ entity, id, says }) => `${entity} ${id} ${says}`),
  ]
  return problems.map((defect) => `${ref.space} ${ref.id}: ${defect}`)
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
  const problems = log.flatMap(({ seq }, at) =>
    seq === at + 1 ? [] : [`change ${at + 1} of the log has the number ${seq}`],
  )
  const lastOf = new Map(log.map(({ commit_seq, seq }) => [commit_seq, seq]))
  for (const { seq, commit_seq, commit_id } of log) {
    if (lastOf.get(commit_seq) !== commit_seq)
      problems.push(`change ${seq} ends with ${commit_seq}, which is not of its commit`)
    const last = log[commit_seq - 1]
    if (last && last.commit_id !== commit_id) problems.push(`change ${seq} and ${commit_seq} are not of one commit`)
  }
  const head = await database.head(ref)
  if (head !== log.length) problems.push(`the counter says ${head}, and the log has ${log.length} changes`)
  return problems
}

/** Rows that differ from their state in the log, replayed from its first change. */
async function untoldIn(world: World, ref: SpaceRef): Promise<string[]> {
  const problems: string[] = []
  const rebuiltRows: Rows = {}
  const knownIds = new Set<string>()
  for (const batch of await world.database.changesSince(ref, 0)) {
    for (const change of batch.changes) {
      const { entity, row_id, action, before, after } = change
      const key = `${entity} ${row_id}`
      if (isErased(change)) {
        // The log keeps nothing of an erased row, from its first change on.
        if (rebuiltRows[key]) problems.push(`${action} ${key} is erased, and what was before it is not`)
        continue
      }
      const began = isMadeAside(ref, key) && !knownIds.has(key) ? before : null
      knownIds.add(key)
      if (!isSame(rebuiltRows[key] ?? began, before))
        problems.push(`${action} ${key} begins with another row than there was`)
      if (after) rebuiltRows[key] = after
      else delete rebuiltRows[key]
    }
  }
  const storedRows = await rowsOf(world, ref)
  for (const key of new Set([...Object.keys(rebuiltRows), ...Object.keys(storedRows)])) {
    if (isMadeAside(ref, key) && !knownIds.has(key)) continue
    if (!isSame(rebuiltRows[key], storedRows[key])) {
      problems.push(`${key} is ${JSON.stringify(storedRows[key])}, and ${JSON.stringify(rebuiltRows[key])} by the log`)
    }
  }
  return problems
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
