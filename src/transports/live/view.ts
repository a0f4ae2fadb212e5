import { createHash } from 'node:crypto'
import type { Batch } from '../../core/data/database.ts'
import type { Caller, SpaceRef, Viewer } from '../../core/data/space.ts'
import { visibleChangeOf } from '../../core/data/visibility.ts'
import type { Catalogue, OwnedEntity } from '../../core/run/catalogue.ts'
import type { Pipeline } from '../../core/run/pipeline.ts'
import type { SettingsView } from '../../core/run/settings.ts'
import type { FromServer, WireRow } from './contract.ts'

/** What a person can see of a space, before the rules of single rows. It changes rarely; then the client reloads. */
export interface View {
  readonly viewer: Viewer
  /** Entities of add-ons that are off. */
  readonly hidden: ReadonlySet<string>
  /** Equal for two views with the same visibility. */
  readonly key: string
  /** The switches of the server with which it was made. */
  readonly switches: string
}

/** The current view of this person, or `not_found` without access. */
export async function viewOf(pipeline: Pipeline, ref: SpaceRef, caller: Caller): Promise<View> {
  const { catalogue, settings } = pipeline.parts
  const now = await settings.current()
  const hidden = hiddenIn(catalogue, ref, now)
  const { role } = await pipeline.membership(ref, caller)
  const key = createHash('sha256')
    .update(JSON.stringify([role, [...hidden].sort(), levelsIn(catalogue, now)]))
    .digest('base64url')
    .slice(0, 16)
  return { viewer: { userId: caller.userId, role }, hidden, key, switches: switchesOf(catalogue, now) }
}

/**
 * The part of every view that is the same for all: the entities of add-ons that are off, and the levels of all rights.
 */
export function switchesOf(catalogue: Catalogue, settings: SettingsView): string {
  return [...hiddenAmong(catalogue.entities.values(), settings), levelsIn(catalogue, settings)].join()
}

const hiddenIn = (catalogue: Catalogue, { space }: SpaceRef, settings: SettingsView): Set<string> =>
  hiddenAmong(catalogue.entitiesOf(space), settings)

function hiddenAmong(entities: Iterable<Pick<OwnedEntity, 'entity' | 'addon'>>, settings: SettingsView): Set<string> {
  const off = [...entities].filter(({ addon }) => addon && !settings.addonOn(addon))
  return new Set(off.map(({ entity }) => entity.name))
}

/** The levels of all rights, as set by the administrator: an open page offers actions by them. */
const levelsIn = ({ permissions }: Catalogue, settings: SettingsView): string =>
  [...permissions.values()].map((permission) => settings.level(permission)).join()

/** Whether a batch may have given or ended access to its space. */
export function admits(catalogue: Catalogue, batch: Batch): boolean {
  const admitting = catalogue.spaces.get(batch.space)?.admits ?? []
  return batch.changes.some((change) => admitting.some(({ name }) => name === change.entity))
}

/** A frame that is the same for all followers is serialised once: a busy space has many. */
const written = new WeakMap<Batch, string>()

/** The frame of a batch for this viewer, as text; null if they can see nothing of it. */
export function changesFrame(catalogue: Catalogue, batch: Batch, view: View): string | null {
  const personal = batch.changes.some(({ entity }) => catalogue.canSee(entity) || view.hidden.has(entity))
  if (!personal) {
    const cached = written.get(batch)
    if (cached !== undefined) return cached
  }
  const changes = batch.changes.flatMap((change) => {
    // Rows of an entity that no longer exists are not followed.
    if (view.hidden.has(change.entity) || !catalogue.entities.has(change.entity)) return []
    const seen = visibleChangeOf(change, view.viewer, catalogue.canSee(change.entity))
    if (!seen) return []
    const { entity, action } = seen
    return [action === 'remove' ? { entity, action, id: seen.id } : { entity, action, row: seen.row as WireRow }]
  })
  if (!changes.length) return null
  const { space, id, seq, at, by, commit } = batch
  const { user_id, name, way, client, operation } = by
  const frame: FromServer = {
    type: 'changes',
    space,
    id,
    seq,
    at,
    commit: commit.id,
    by: { user_id, name, way, client, operation },
    changes: changes,
  }
  const text = JSON.stringify(frame)
  if (!personal) written.set(batch, text)
  return text
}
