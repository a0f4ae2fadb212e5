import type { AnyEntity } from '../declare/entity.ts'

/** The state a client had when it decided on a write: the number of the last change of the space that it knew. */
export interface Base {
  readonly seq: number
  /** The history that the number belongs to; null where the client does not name it. */
  readonly epoch: string | null
}

/** Checks each change of a row before it is written. Throws if it would overwrite what its author has not seen. */
export interface Guard {
  /** Returns the part of a patch to write. */
  patch(
    entity: AnyEntity,
    before: Record<string, unknown>,
    patch: Record<string, unknown>,
  ): Promise<Record<string, unknown>>
  remove(entity: AnyEntity, before: Record<string, unknown>): Promise<void>
}
