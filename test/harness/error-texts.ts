import type { Message } from '../../src/core/declare/message.ts'

/** A message of a test, which no language has a text for. */
export const said = (text: string, hint?: string): Message => ({
  key: 'test.said',
  params: {},
  text,
  ...(hint && { hint }),
})
