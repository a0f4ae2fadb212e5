import type { z } from 'zod'
import { TrekError } from '../../src/core/declare/errors.ts'
import type { AnyOperation } from '../../src/core/declare/operation.ts'
import type { World } from './rigs/world.ts'

/** Fields that identify an existing person or thing. */
const NAMES_WHAT_IS_THERE = /^(identifier|cursor|current_password|country_code|client_id|key|token|cover_image|.*_at)$/

/** The same input with the mark in every text field, including the optional fields that it leaves out. */
function marked(operation: AnyOperation, input: Record<string, unknown>, mark: string): Record<string, unknown> {
  const result = { ...input }
  for (const [key, schema] of Object.entries(operation.input.shape) as [string, z.ZodType][]) {
    if (NAMES_WHAT_IS_THERE.test(key)) continue
    const value = input[key]
    const candidates =
      Array.isArray(value) && typeof value[0] === 'string'
        ? [value.map((one, at) => `${one} ${mark}${at}`)]
        : value === undefined || typeof value === 'string'
          ? [...(value ? [`${value} ${mark}`] : []), mark, `https://${mark}.example.org/`, `${mark}@example.org`]
          : []
    const valid = candidates.find((candidate) => schema.safeParse(candidate).success)
    if (valid !== undefined) result[key] = valid
  }
  return result
}

/** Runs operations with the mark in all texts, or without it if the operation refuses it. */
export function runMarked(run: World['run'], mark: string): World['run'] {
  return async (operation, input, caller) => {
    const fields = input as Record<string, unknown>
    try {
      return await run(operation, marked(operation, fields, mark), caller)
    } catch (error) {
      if (!(error instanceof TrekError)) throw error
      return run(operation, fields, caller)
    }
  }
}
