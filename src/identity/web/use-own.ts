import type { UseQueryResult } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { AnyEntity } from '../../core/declare/entity.ts'
import type { AnyOperation, Output } from '../../core/declare/operation.ts'
import { useRows } from '../../ui/live/hooks.tsx'
import { forget, useRead } from '../../ui/query.ts'

/** The output of an operation on the person's own rows; refetched when one of them changes anywhere. */
export function useOwn<Op extends AnyOperation>(operation: Op, entity: AnyEntity): UseQueryResult<Output<Op>, Error> {
  const rows = useRows(entity)
  const seen = useRef(rows)
  useEffect(() => {
    if (seen.current === rows) return
    seen.current = rows
    void forget(operation)
  }, [rows, operation])
  return useRead(operation, {} as never)
}
