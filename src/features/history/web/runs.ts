import type { ChangeLine } from './use-changes.ts'

/** Changes that one person or one assistant made without a long pause, newest first. */
export interface Run {
  readonly userId: number | null
  readonly name: string
  readonly client: string | null
  readonly lines: readonly ChangeLine[]
}

const PAUSE_MS = 15 * 60_000

/** Groups changes, newest first, into runs. */
export function runsOf(lines: readonly ChangeLine[]): readonly Run[] {
  const runs: { userId: number | null; name: string; client: string | null; lines: ChangeLine[] }[] = []
  for (const line of lines) {
    const run = runs.at(-1)
    const later = run?.lines.at(-1)
    const isSame = run?.userId === line.user_id && run?.client === line.client
    if (later && isSame && Date.parse(later.at) - Date.parse(line.at) < PAUSE_MS) run?.lines.push(line)
    else runs.push({ userId: line.user_id, name: line.user_name, client: line.client, lines: [line] })
  }
  return runs
}

/** The changes of a run that can be undone now. */
export const undoable = ({ lines }: Run): readonly ChangeLine[] =>
  lines.filter(({ refused, undone, undoes }) => refused === null && !undone && !undoes)
