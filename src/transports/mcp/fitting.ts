import type { AnyOperation } from '../../core/declare/operation.ts'
import { brief } from '../../core/run/brief.ts'
import { callOf, continuation, continuationOf, MOST_TEXT } from '../../core/run/continuations.ts'

/** Reserved for the description of what was omitted, in bytes. */
const ROOM_FOR_WORDS = 12_000

/** The field of the answer for notes about it: many clients show a model only the structured answer. */
export const ABOUT = 'about_this_answer'

/** An answer within the limit, ready to be sent. */
export interface Fitting {
  /** The output, with a note if its own values do not report what is missing. */
  readonly structured: Record<string, unknown>
  /** The output as JSON. */
  readonly text: string
  /** What is omitted, and the call that returns it; null if the answer is complete. */
  readonly said: string | null
}

/** Shortens the answer of an operation to the limit, less `besides` bytes of other text. Every omission is reported. */
export function fitting(
  operation: AnyOperation,
  input: Readonly<Record<string, unknown>>,
  output: Record<string, unknown>,
  besides = 0,
): Fitting {
  const next = nextPage(operation, input, output)
  const text = JSON.stringify(output)
  if (bytesOf(text) + bytesOf(next ?? '') + besides <= MOST_TEXT) {
    // A cursor in the values already shows that there is more.
    const saysSo = next === null || typeof output.next_cursor === 'string'
    return { structured: saysSo ? output : { ...output, [ABOUT]: next }, text, said: next }
  }
  const cut = brief(output, {
    most: MOST_TEXT - ROOM_FOR_WORDS - besides,
    done: operation.effect !== 'read',
    continuation: continuationOf(operation, input),
  })
  const note = [cut.said, next].filter(Boolean).join(' ')
  return { structured: { ...cut.output, [ABOUT]: note }, text: JSON.stringify(cut.output), said: note }
}

const bytesOf = (text: string): number => Buffer.byteLength(text)

/** A note on further pages, and the call for the next one. */
function nextPage(
  operation: AnyOperation,
  input: Readonly<Record<string, unknown>>,
  output: Record<string, unknown>,
): string | null {
  const { pages, follows } = operation
  const more = follows?.(input, output)
  if (more) return `There are more: ${callOf(more.tool, more.input)}.`
  const { next_cursor, remaining } = output
  if (!pages || typeof next_cursor !== 'string') return null
  const way = continuation(operation, input, pages, next_cursor)
  return way && `There are ${remaining} more: ${way}.`
}

/** Cuts a text at a line end to fit, and adds how to get the rest. */
export function fittingText(text: string, way: string | null): string {
  if (bytesOf(text) <= MOST_TEXT) return text
  const last = `This is too long to be sent whole.${way ? ` For all of it, ${way}.` : ''}`
  const head = Buffer.from(text).subarray(0, MOST_TEXT - bytesOf(last) - 2)
  return `${head.subarray(0, head.lastIndexOf('\n')).toString()}\n\n${last}`
}
