import { useDraggable } from '@dnd-kit/core'
import { classes } from '../../../ui/design/class-names.ts'
import { DragHandle } from '../../../ui/drag/drag-handle.tsx'
import { StopRow } from '../../assignments/web/stop-row.tsx'
import { NoteRow } from '../../day-notes/web/note-row.tsx'
import { isTransport } from '../../reservations/contract/booking.ts'
import type { Booking } from '../../reservations/contract/index.ts'
import { BookingRow } from '../../reservations/web/booking-row.tsx'
import type { PlanEntry } from './entries.ts'
import { DropGap } from './gap.tsx'
import type { Carried } from './plan-dnd.tsx'
import { type DayTimeline, usePlanner } from './planner.tsx'

interface Props {
  day: DayTimeline
  index: number
  /** Whether the map shows the day. */
  chosen: boolean
}

/** One entry in the timeline of a day, and the drop target above it. */
export function TimelineRow({ day: { day, entries }, index, chosen }: Props) {
  const entry = entries[index]
  if (!entry) return null
  if (entry.kind === 'stop') {
    return <StopRow planned={entry.planned} index={index} chosen={chosen} above={kindOf(entries[index - 1])} />
  }
  if (entry.kind === 'note') return <NoteRow note={entry.note} index={index} />
  return <BookedRow booking={entry.onDay.booking} dayId={day.id} index={index} />
}

/** The kind of an entry for the stop below it: after a flight, the distance from the stop before means nothing. */
function kindOf(entry: PlanEntry | undefined): 'stop' | 'transport' | 'other' {
  if (entry?.kind === 'booking' && isTransport(entry.onDay.booking.type)) return 'transport'
  return entry?.kind === 'stop' ? 'stop' : 'other'
}

function BookedRow({ booking, dayId, index }: { booking: Booking; dayId: number; index: number }) {
  const carried: Carried = { kind: 'booking', id: booking.id, dayId, name: booking.title }
  const id = `booking:${dayId}:${booking.id}`
  const { rights } = usePlanner()
  const disabled = !rights.bookings
  const { isDragging, ...drag } = useDraggable({ id, data: carried, disabled })
  const { listeners } = drag
  return (
    <li>
      <DropGap dayId={dayId} index={index}>
        <div className={classes('group flex items-center rounded-md pr-1', isDragging && 'opacity-40')}>
          <DragHandle name={booking.title} drag={rights.bookings ? drag : null} className="h-10" />
          {/* biome-ignore lint/a11y/noStaticElementInteractions: the handle beside it does the same by keyboard */}
          <div
            className="min-w-0 flex-1"
            onMouseDown={listeners?.onMouseDown as React.MouseEventHandler | undefined}
            onTouchStart={listeners?.onTouchStart as React.TouchEventHandler | undefined}
          >
            <BookingRow booking={booking} dayId={dayId} mayEdit={rights.bookings} />
          </div>
        </div>
      </DropGap>
    </li>
  )
}
