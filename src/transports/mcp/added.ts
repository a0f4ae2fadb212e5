import type { AnyOperation } from '../../core/declare/operation.ts'

/**
 * Arguments that some programs add to every call of any tool. The model that made the call does not know them and could
 * not omit them. Any other unknown argument is reported to the sender, since it may be misspelt.
 */
const ADDED = [
  // n8n, from the current item of its agent.
  'toolCallId',
  'tool',
  'sessionId',
  'action',
  'chatInput',
  // Gemini CLI.
  'wait_for_previous',
  // Cline.
  'task_progress',
  // Invented by Cursor and others for tools without arguments.
  'random_string',
]

/** The arguments of a call, without those added by its program. */
export function withoutAdded(
  operation: AnyOperation,
  sent: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const added = ADDED.filter((name) => Object.hasOwn(sent, name) && !Object.hasOwn(operation.input.shape, name))
  if (!added.length) return sent
  return Object.fromEntries(Object.entries(sent).filter(([name]) => !added.includes(name)))
}
