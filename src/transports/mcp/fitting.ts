import type { AnyOperation } from '../../core/declare/operation.ts'
import { brief } from '../../core/run/brief.ts'
import { callOf, MOST_TEXT, wayOn, wayOnOf } from '../../core/run/ways-on.ts'

/** What is kept of an answer for saying what was left out, in bytes. */
const ROOM_FOR_WORDS = 12_000

/** Under this name an answer says of itself what its values do not: many clients show a model the structured answer alone. */
export const ABOUT = 'about_this_answer'

/** An answer that is short enough, as it is sent. */
export interface Fitting {
  /** The output, and what is said of it where its own values do not say that. */
  readonly structured: Record<string, unknown>
  /** The output as JSON. */
  readonly text: string
  /** What is not in it, and the call that brings it; null when it is all there. */
  readonly said: string | null
}

/** The answer of an operation such that it fits, together with so many bytes of other text. Nothing is left out silently. */
export function fitting(
  operation: AnyOperation,
  input: Readonly<Record<string, unknown>>,
  output: Record<string, unknown>,
  besides = 0,
): Fitting {
  const next = nextPage(operation, input, output)
  const text = JSON.stringify(output)
  if (bytesOf(text) + bytesOf(next ?? '') + besides <= MOST_TEXT) {
    // A cursor among the values says by itself that there is more.
    const saysSo = next === null || typeof output.next_cursor === 'string'
    return { structured: saysSo ? output : { ...output, [ABOUT]: next }, text, said: next }
  }
  const cut = brief(output, {
    most: MOST_TEXT - ROOM_FOR_WORDS - besides,
    done: operation.effect !== 'read',
    wayOn: wayOnOf(operation, input),
  })
  const said = [cut.said, next].filter(Boolean).join(' ')
  return { structured: { ...cut.output, [ABOUT]: said }, text: JSON.stringify(cut.output), said }
}

const bytesOf = (text: string): number => Buffer.byteLength(text)

/** That there are further pages, and how the next one is called for. */
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
  const way = wayOn(operation, input, pages, next_cursor)
  return way && `There are ${remaining} more: ${way}.`
}

/** A text cut to what fits behind a line end, and how to get what is left out. */
export function fittingText(text: string, way: string | null): string {
  if (bytesOf(text) <= MOST_TEXT) return text
  const last = `This is too long to be sent whole.${way ? ` For all of it, ${way}.` : ''}`
  const head = Buffer.from(text).subarray(0, MOST_TEXT - bytesOf(last) - 2)
  return `${head.subarray(0, head.lastIndexOf('\n')).toString()}\n\n${last}`
}
