import type { TFunction } from 'i18next'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { AnyEntity, Row, Values } from '../../core/declare/entity.ts'
import type { AnyOperation, Output } from '../../core/declare/operation.ts'
import { keyBefore, type Ordered } from '../../core/declare/order-key.ts'
import { newUuid } from '../../core/declare/uuid.ts'
import { CallError, call, type InputOf } from '../call.ts'
import { tellTrouble } from '../design/toast.tsx'
import { fieldOf, overlapsIn, whoDid } from '../form/overlap.ts'
import type { WireRow } from './frames.ts'
import { useBase, useFirstBase, useSpaceRows } from './hooks.tsx'
import type { Guess } from './space-rows.ts'

/** Expects a row to get these values. */
export const patched = <E extends AnyEntity>(entity: E, id: number, values: Values<E>): Guess => ({
  entity: entity.name,
  action: 'patch',
  id,
  values,
})

/** Expects a row to be gone. */
export const removed = (entity: AnyEntity, id: number): Guess => ({ entity: entity.name, action: 'remove', id })

/** Expects a row of a list to be before another one, or at the end if `before` is null. */
export function moved<R extends Ordered>(
  entity: AnyEntity,
  rows: readonly R[],
  id: number,
  before: number | null,
): Guess[] {
  const place = keyBefore(
    rows.filter((row) => row.id !== id),
    before,
  )
  if (!place) return []
  const others = [...place.changed].map(([row, order_key]) => patched(entity, row.id, { order_key }))
  return [patched(entity, id, { order_key: place.key }), ...others]
}

let guessedId = 0

/** Expects a new row; it has a temporary id until the server assigns one. */
export const inserted = <E extends AnyEntity>(entity: E, row: Omit<Row<E>, 'id'>): Guess => ({
  entity: entity.name,
  action: 'insert',
  row: { ...row, id: --guessedId } as unknown as WireRow,
})

/**
 * Calls an operation and shows its expected changes at once. If the server refuses, this restores everything, shows the
 * reason and returns null.
 */
export const useAct = () => useActBasedOn(useBase())

/** The same for a field that people type into: it never overwrites changes others have made since it appeared. */
export const useTypedAct = () => useActBasedOn(useFirstBase())

function useActBasedOn(baseOf: ReturnType<typeof useBase>) {
  const rows = useSpaceRows()
  const { t } = useTranslation()
  return useCallback(
    async <Op extends AnyOperation>(
      operation: Op,
      input: InputOf<Op>,
      guesses: readonly Guess[] = [],
      adopt?: (answer: Output<Op>) => readonly [AnyEntity, { id: number }],
    ): Promise<Output<Op> | null> => {
      const commit = newUuid()
      const guessed = rows.guess(commit, guesses)
      try {
        const answer = await call(operation, input, { commit, base: baseOf(input as object) })
        const adopted = adopt?.(answer)
        guessed.resolve(adopted && { entity: adopted[0].name, row: adopted[1] as unknown as WireRow })
        return answer
      } catch (error) {
        guessed.rollBack()
        tellTrouble(wordsFor(error, t))
        return null
      }
    },
    [rows, baseOf, t],
  )
}

/** The error as a text for people. */
function wordsFor(error: unknown, t: TFunction): string {
  if (!(error instanceof CallError)) return t('error.unexpected')
  if (error.code === 'unreachable') return t('error.unreachable')
  const [overlap] = overlapsIn(error)
  return overlap ? t('form.overlaps.changed', { who: whoDid(overlap), field: fieldOf(t, overlap) }) : error.message
}
