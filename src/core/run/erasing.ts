import { type Commit, topicOf, type WriteTx } from '../data/database.ts'
import type { Images, Kept, LoggedChange, RowRef } from '../data/erasing.ts'
import type { SpaceRef } from '../data/space.ts'
import type { AnyEntity } from '../declare/entity.ts'
import type { Catalogue } from './catalogue.ts'

type Image = Record<string, unknown>

const NOTHING: Images = { before: null, after: null }

const keyOf = ({ entity, row_id }: RowRef): string => `${entity} ${row_id}`

/**
 * Erases the content of deleted spaces from the change log and from the remembered answers. The log keeps who did what
 * and when.
 *
 * A deleted space loses all its logged rows, and so does one that was deleted before and could have been restored. Each
 * row removed in the same commit loses its whole history, in every space that logs it. When a person is deleted, the
 * rows that only that person could see lose their history too. Remaining rows keep theirs; if they named the person, the
 * name is removed from each logged version.
 *
 * Returns how the log keeps the changes of this commit. Call it before these changes are logged: logging locks the
 * counters of other spaces, and erasing takes long.
 */
export async function erase(catalogue: Catalogue, tx: WriteTx, commit: Commit): Promise<Kept | undefined> {
  const spaces = tx.erased()
  if (!spaces.length) return undefined
  const { erasing } = tx
  const people = spaces.filter(({ space }) => space === 'user').map(({ id }) => id)
  const goes = (ref: SpaceRef) => spaces.some((one) => topicOf(one) === topicOf(ref))
  const others = new Others(catalogue, tx, people)
  const changed = tx.changed()
  const removed = changed.filter(({ change }) => change.action === 'remove')
  const gone = new Set(removed.map(({ change }) => keyOf(change)))

  // Before the content is gone that tells which rows they are.
  for (const space of spaces) await erasing.rows(await removedBefore(catalogue, tx, space))
  for (const space of spaces) await erasing.space(space)
  // Rows that are logged only in an erased space need nothing more.
  await erasing.rows(removed.filter((one) => !goes(one)).map(({ change }) => change))
  for (const person of people) await erasing.rows(await privateRows(catalogue, tx, person, others))
  await erasing.answers({ spaces, people, but: commit.id })

  const imagesOf = new Map<Images, Images>()
  const named = new Map<AnyEntity, Map<number, Image>>()
  for (const one of changed) {
    const { of, change } = one
    const stays = !goes(one) && !gone.has(keyOf(change))
    imagesOf.set(change, stays ? change : NOTHING)
    if (!stays || !people.length || change.action !== 'patch' || !change.after) continue
    if (!named.has(of)) named.set(of, new Map())
    named.get(of)?.set(change.row_id, change.after)
  }
  for (const [of, rows] of named) {
    const anonymous = async (ref: SpaceRef, change: RowRef & Images): Promise<Images> => {
      const without = async (image: Image | null) =>
        image && (await others.couldSee(of, ref, image))
          ? withoutPeople(of, image, people, rows.get(change.row_id))
          : null
      return { before: await without(change.before), after: await without(change.after) }
    }
    for (const logged of await erasing.historyOf(of.name, [...rows.keys()])) {
      const images = await anonymous({ space: logged.space, id: logged.space_id }, logged)
      if (JSON.stringify(images) !== JSON.stringify({ before: logged.before, after: logged.after })) {
        await erasing.rewrite(logged, images)
      }
    }
    for (const one of changed) {
      if (one.of === of && imagesOf.get(one.change) === one.change)
        imagesOf.set(one.change, await anonymous(one, one.change))
    }
  }
  return (change) => imagesOf.get(change) ?? change
}

/** The rows of other spaces that went with a space which was deleted before, such as notifications of a deleted trip. */
async function removedBefore(catalogue: Catalogue, tx: WriteTx, ref: SpaceRef): Promise<RowRef[]> {
  const removed = await removedWith(catalogue, tx, ref)
  return removed.filter(({ space, space_id: id }) => topicOf({ space, id }) !== topicOf(ref))
}

async function removedWith(catalogue: Catalogue, tx: WriteTx, ref: SpaceRef): Promise<LoggedChange[]> {
  const own = catalogue.entitiesOf(ref.space).find(({ key }) => key === 'id')
  return own ? tx.erasing.removedWith(ref, own.entity.name) : []
}

/** The rows of this person that were removed earlier and that no other person could see. */
async function privateRows(catalogue: Catalogue, tx: WriteTx, person: number, others: Others): Promise<RowRef[]> {
  const ruled = [...catalogue.entities.values()].filter(({ canSee }) => canSee).map(({ entity }) => entity)
  const changes: RowRef[] = []
  for (const of of ruled) {
    for (const last of await tx.erasing.removedOf(person, [of.name])) {
      const ref = { space: last.space, id: last.space_id }
      if (last.before && !(await others.couldSee(of, ref, last.before))) changes.push(last)
    }
  }
  return changes
}

/** The members of each space, or of a deleted space when it was deleted, without the deleted people. */
class Others {
  readonly #catalogue: Catalogue
  readonly #tx: WriteTx
  readonly #gone: readonly number[]
  readonly #peopleByTopic = new Map<string, readonly number[]>()

  constructor(catalogue: Catalogue, tx: WriteTx, gone: readonly number[]) {
    this.#catalogue = catalogue
    this.#tx = tx
    this.#gone = gone
  }

  /** Whether another person could see this version of a row. */
  async couldSee(of: AnyEntity, ref: SpaceRef, row: Image): Promise<boolean> {
    const canSee = this.#catalogue.canSee(of.name)
    if (!canSee) return true
    const people = await this.#people(ref)
    // Checked as owner, who sees the most.
    return people.some((userId) => canSee(row as never, { userId, role: 'owner' }))
  }

  async #people(ref: SpaceRef): Promise<readonly number[]> {
    const cached = this.#peopleByTopic.get(topicOf(ref))
    if (cached) return cached
    const space = this.#catalogue.spaces.get(ref.space)
    const now = ref.space === 'user' ? [ref.id] : ((await space?.people(this.#tx, ref.id)) ?? [])
    const all = now.length ? now : await this.#peopleBefore(ref)
    const people = all.filter((id) => !this.#gone.includes(id))
    this.#peopleByTopic.set(topicOf(ref), people)
    return people
  }

  async #peopleBefore(ref: SpaceRef): Promise<number[]> {
    const keys = new Map(this.#catalogue.spaces.get(ref.space)?.admits.map(({ name, also }) => [name, also?.key]))
    const removed = await removedWith(this.#catalogue, this.#tx, ref)
    return removed.flatMap(({ entity, before }) => {
      const person = before?.[keys.get(entity) ?? '']
      return typeof person === 'number' ? [person] : []
    })
  }
}

/** A version of a row without these people. A single person is replaced by the successor in `now`. */
function withoutPeople({ refs = {} }: AnyEntity, row: Image, people: readonly number[], now: Image = {}): Image {
  const isGone = (value: unknown): boolean => people.includes(value as number)
  const entries = Object.entries(row).map(([field, value]): [string, unknown] => {
    if (Array.isArray(value)) {
      const ofPeople = namesPeople(refs[field])
      const stays = (one: unknown) =>
        !(ofPeople && isGone(one)) && !isGone((one as { user_id?: unknown } | null)?.user_id)
      return [field, value.filter(stays)]
    }
    if (!namesPeople(refs[field]) || !isGone(value)) return [field, value]
    return [field, isGone(now[field]) ? null : (now[field] ?? null)]
  })
  return Object.fromEntries(entries)
}

const namesPeople = (to: string | undefined): boolean => to === 'user' || to === 'member'
