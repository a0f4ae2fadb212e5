import type { Message } from '../../src/core/declare/message.ts'

/** A message for tests; no language has a text for it. */
export const testMessage = (text: string, hint?: string): Message => ({
  key: 'test.said',
  params: {},
  text,
  ...(hint && { hint }),
})
