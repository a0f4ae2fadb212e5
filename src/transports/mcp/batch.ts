import { INVALID_REQUEST } from '@modelcontextprotocol/server'
import { Refusal } from './refusal.ts'

/** The most messages in a batch. */
const MOST_MESSAGES = 20

export const ONE_AT_A_TIME = 'Send one message at a time, not a batch'

/** Rejects a batch as a whole if it is invalid. The messages themselves are not checked. */
export function refuseBatch(messages: readonly unknown[]): void {
  const refused = (problem: string) => new Refusal(400, INVALID_REQUEST, problem)
  if (!messages.length) throw refused('The batch is empty; send at least one message')
  if (messages.length > MOST_MESSAGES) {
    throw refused(`The batch has ${messages.length} messages; send at most ${MOST_MESSAGES} at a time`)
  }
  if (messages.some((message) => methodOf(message) === 'initialize')) {
    throw refused('Send initialize by itself, not in a batch; nothing of this batch was done')
  }
}

const methodOf = (message: unknown): unknown => ((message ?? {}) as { method?: unknown }).method

/** Whether this looks like a request, which needs an answer. */
export const asksInBatch = (message: unknown): boolean =>
  methodOf(message) !== undefined && ((message ?? {}) as { id?: unknown }).id !== undefined
