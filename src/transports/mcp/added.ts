import type { AnyOperation } from '../../core/declare/operation.ts'

/**
 * Arguments that programs add to every call by themselves, whatever the tool takes. The model that made the call knows nothing of
 * them and could not leave them out. Every other argument that a tool does not know is told to whoever sent it: it may be misspelt.
 */
const ADDED = [
  // n8n, from the item that its agent works on.
  'toolCallId',
  'tool',
  'sessionId',
  'action',
  'chatInput',
  // Gemini CLI.
  'wait_for_previous',
  // Cline.
  'task_progress',
  // What Cursor and others make up, so that there is an argument.
  'random_string',
]

/** The arguments of a call, without those that its program has added. */
export function withoutAdded(
  operation: AnyOperation,
  sent: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const added = ADDED.filter((name) => Object.hasOwn(sent, name) && !Object.hasOwn(operation.input.shape, name))
  if (!added.length) return sent
  return Object.fromEntries(Object.entries(sent).filter(([name]) => !added.includes(name)))
}
