import type { SpaceRef } from '../../../core/data/space.ts'
import type { ReadTx } from '../../../core/data/tx.ts'
import type { AnyEntity, Row } from '../../../core/declare/entity.ts'
import type { Catalogue } from '../../../core/run/catalogue.ts'
import { titleOf } from '../../../core/run/title.ts'
import type { Images, Sight } from './lines.ts'

/** A line about a row, and the row before and after the change. */
export interface Shown {
  readonly line: { readonly entity: string; title: string | null }
  readonly images: Images
}

/** Fills in the titles of rows that are called like another row, as far as this person can see that one today. */
export async function withTitles(
  catalogue: Catalogue,
  tx: ReadTx,
  home: SpaceRef,
  sight: Sight,
  shown: readonly Shown[],
): Promise<void> {
  const wanted = shown.flatMap(({ line, images: { before, after } }) => {
    const { refs, titledBy } = catalogue.entities.get(line.entity)?.entity ?? {}
    const to = titledBy && catalogue.entities.get(refs?.[titledBy] ?? '')
    const id = titledBy && (after ?? before)?.[titledBy]
    return line.title === null && to && typeof id === 'number' ? [{ line, to: to.entity, id }] : []
  })
  for (const [entity, lines] of Map.groupBy(wanted, ({ to }) => to)) {
    const titles = await titlesOf(
      tx,
      home,
      sight,
      entity,
      lines.map(({ id }) => id),
    )
    for (const { line, id } of lines) line.title = titles.get(id) ?? null
  }
}

async function titlesOf(tx: ReadTx, { space, id }: SpaceRef, sight: Sight, entity: AnyEntity, ids: readonly number[]) {
  const own = entity.space === space && entity.spaceKey !== null && { [entity.spaceKey]: id }
  const rows: Row<AnyEntity>[] = await tx.list(entity, { ...own, id: [...new Set(ids)] } as never)
  return new Map(rows.filter((row) => sight.sees(entity.name, row)).map((row) => [Number(row.id), titleOf(row)]))
}
