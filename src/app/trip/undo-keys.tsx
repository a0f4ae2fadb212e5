import { takeBackLast } from '../../features/history/web/undo.ts'
import { useTrip } from '../../features/trips/web/trip-context.tsx'
import { isWriting, useKeyPress } from '../shell/keys.ts'

/** Ctrl Z undoes the last change of this page in the trip, Ctrl Shift Z or Ctrl Y redoes it. */
export function UndoKeys() {
  const { id } = useTrip()
  useKeyPress((event) => {
    const key = event.key.toLowerCase()
    if (!(event.metaKey || event.ctrlKey) || event.altKey || (key !== 'z' && key !== 'y')) return
    // In a text field the browser undoes what was typed, and behind an open dialog nothing may change unseen.
    if (isWriting(event) || (event.target as Element | null)?.closest('[role="dialog"]')) return
    event.preventDefault()
    void takeBackLast(key === 'y' || event.shiftKey ? 'redo' : 'undo', id)
  })
  return null
}
