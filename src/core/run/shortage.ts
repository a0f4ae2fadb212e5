import type { TrekError } from '../declare/errors.ts'
import { messages } from './messages.ts'

/** The TrekError for exhausted system resources (errno(3)); null for any other error. */
export function shortageOf(error: unknown): TrekError | null {
  if (!['EMFILE', 'ENFILE'].includes((error as { code?: string }).code ?? '')) return null
  return messages.tooManyFiles({ retryAfter: 5, cause: error })
}
