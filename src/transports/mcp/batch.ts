import { INVALID_REQUEST } from '@modelcontextprotocol/server'
import { Refusal } from './refusal.ts'

/** The most messages that a batch may hold. */
const MOST_MESSAGES = 20

export const ONE_AT_A_TIME = 'Send one message at a time, not a batch'

/** Refuses a batch that is none of whose messages can be handled. The messages themselves are not looked at. */
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

/** Whether somebody waits for an answer to this, by what can be seen of it. */
export const asksInBatch = (message: unknown): boolean =>
  methodOf(message) !== undefined && ((message ?? {}) as { id?: unknown }).id !== undefined
