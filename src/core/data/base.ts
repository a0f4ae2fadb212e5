import type { AnyEntity } from '../declare/entity.ts'

/** What a client knew when it decided on a write: the number of the last change of the space that it had. */
export interface Base {
  readonly seq: number
  /** Which history the number belongs to; null where the client does not say. */
  readonly epoch: string | null
}

/** Looks at each change of a row before it is written; throws where it would overwrite what its author has not seen. */
export interface Guard {
  /** What is to be written of a patch. */
  patch(
    entity: AnyEntity,
    before: Record<string, unknown>,
    patch: Record<string, unknown>,
  ): Promise<Record<string, unknown>>
  remove(entity: AnyEntity, before: Record<string, unknown>): Promise<void>
}
