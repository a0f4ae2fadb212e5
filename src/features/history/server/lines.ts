import type { Viewer } from '../../../core/data/space.ts'
import { visibleChangeOf } from '../../../core/data/visibility.ts'
import type { AnyOperation, Output } from '../../../core/declare/operation.ts'
import type { Catalogue } from '../../../core/run/catalogue.ts'
import type { Call } from '../../../core/run/feature.ts'
import { titleOf } from '../../../core/run/title.ts'
import type { list_changes } from '../contract/index.ts'

type Line = Output<typeof list_changes>['changes'][number]
export type RowLine = Line['rows'][number]
type Image = Readonly<Record<string, unknown>>

/** What one person can see of the rows in the log, with today's rights. */
export class Sight {
  readonly #catalogue: Catalogue
  readonly #viewer: Viewer
  readonly #barred: Call['barred']
  readonly #hidden = new Map<string, boolean>()

  constructor(catalogue: Catalogue, viewer: Viewer, barred: Call['barred']) {
    this.#catalogue = catalogue
    this.#viewer = viewer
    this.#barred = barred
  }

  /** The line of a change; null if this person can see neither the row before nor the row after. */
  lineOf({ entity, row_id, before, after, erased }: Images): RowLine | null {
    if (this.#isHidden(entity)) return null
    if (erased) {
      // Nobody can tell any more who could see a row that some people do not see.
      return this.#catalogue.canSee(entity) ? null : { entity, id: row_id, title: null, action: erased, fields: [] }
    }
    const change = { nth: 0, entity, row_id, action: 'patch' as const, before, after }
    const seen = visibleChangeOf(change, this.#viewer, this.#catalogue.canSee(entity))
    if (!seen) return null
    const row = { entity, id: row_id }
    if (seen.action === 'insert') return { ...row, title: titleOf(after ?? {}), action: 'added', fields: [] }
    if (seen.action === 'remove') return { ...row, title: titleOf(before ?? {}), action: 'removed', fields: [] }
    const [was, is] = [before ?? {}, after ?? {}]
    const computed = this.#catalogue.entities.get(entity)?.entity.computed ?? []
    const changed = Object.keys(is).filter(
      (field) => !computed.includes(field) && JSON.stringify(was[field]) !== JSON.stringify(is[field]),
    )
    const fields = changed.map((field) => ({ field, was: shownValue(was[field]), is: shownValue(is[field]) }))
    return { ...row, title: titleOf(is), action: 'changed', fields }
  }

  /** Whether this person can see a row as it is now. */
  sees(entity: string, row: Image): boolean {
    const canSee = this.#catalogue.canSee(entity)
    return !this.#isHidden(entity) && (!canSee || canSee(row as never, this.#viewer))
  }

  /** Whether the rows of an entity are out of reach: their add-on is off, or the scope to read them is missing. */
  #isHidden(entity: string): boolean {
    const cached = this.#hidden.get(entity)
    if (cached !== undefined) return cached
    const bound = this.#catalogue.entities.get(entity)
    const read = bound && readOf(this.#catalogue, bound.feature)
    // The audit log has what gives access.
    const hidden = !bound || bound.entity.givesAccess === true || (read !== undefined && this.#barred(read) !== null)
    this.#hidden.set(entity, hidden)
    return hidden
  }
}

/** A row before a change and after it. */
export interface Images {
  readonly entity: string
  readonly row_id: number
  readonly before: Image | null
  readonly after: Image | null
  /** What was done to the row, if the log has lost its content. */
  readonly erased?: RowLine['action']
}

const shownValue = (value: unknown) => (value ?? null) as RowLine['fields'][number]['was']

/** An operation that reads rows of a feature: whoever cannot call it does not see its rows here either. */
function readOf(catalogue: Catalogue, feature: string): AnyOperation | undefined {
  const reads = [...catalogue.operations.values()].filter(
    ({ operation, feature: of }) => of === feature && operation.effect === 'read',
  )
  return (reads.find(({ space }) => space !== null) ?? reads[0])?.operation
}

/** What an operation does, in words; its name if this version does not know it. */
export const titleOfOperation = (catalogue: Catalogue, name: string): string =>
  catalogue.operation(name)?.operation.title ?? name
