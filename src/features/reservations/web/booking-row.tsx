import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { classes } from '../../../ui/design/class-names.ts'
import { Glowing } from '../../../ui/live/glowing.tsx'
import type { Leg } from '../contract/endpoint.ts'
import { type Booking, Reservation } from '../contract/index.ts'
import { bookingsOnDay, type DayBooking } from '../contract/on-day.ts'
import { useDays } from './bookings.ts'
import { phaseText } from './phase-text.ts'
import { TypeIcon, typeHue } from './type-icon.tsx'

// The form is large, and the plan does not wait for it.
const BookingDialog = lazy(async () => ({ default: (await import('./booking-dialog.tsx')).BookingDialog }))

interface Props {
  booking: Booking
  dayId: number
  mayEdit: boolean
}

const LINE =
  'grid min-h-11 w-full grid-cols-[2.75rem_1.625rem_minmax(0,1fr)] items-center gap-x-2 rounded-md py-1 pr-2 text-left'

/** A booking in the timeline of a day: its part on that day, and the time. */
export function BookingRow({ booking, dayId, mayEdit }: Props) {
  const days = useDays()
  const [onDay] = bookingsOnDay([booking], dayId, days)
  return onDay ? <Row onDay={onDay} mayEdit={mayEdit} /> : null
}

function Row({ onDay, mayEdit }: { onDay: DayBooking<Booking>; mayEdit: boolean }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const { booking, phase, time, legs } = onDay
  const cancelled = booking.status === 'cancelled'
  const shown = (
    <>
      <span className="figures text-right text-ink-soft text-sm">
        {time ?? <span className="sr-only">{t('plan.noTime')}</span>}
      </span>
      <span
        className="flex size-6.5 items-center justify-center rounded-full bg-sunken"
        style={{ color: typeHue(booking.type) }}
      >
        <TypeIcon type={booking.type} size={15} />
      </span>
      <span className="min-w-0">
        <span className={classes('block truncate font-medium', cancelled && 'text-ink-faint line-through')}>
          {booking.title}
        </span>
        <span className="figures block truncate text-ink-faint text-xs">
          {[phaseText(t, booking.type, phase), ...legs.map(legText), routeText(onDay), pendingText(t, booking)]
            .filter(Boolean)
            .join(' · ') || t(`bookings.type.${booking.type}`)}
        </span>
      </span>
    </>
  )
  return (
    <Glowing entity={Reservation} row={booking.id} className="rounded-md">
      {mayEdit ? (
        <button type="button" onClick={() => setOpen(true)} className={classes(LINE, 'hover:bg-hover')}>
          {shown}
        </button>
      ) : (
        <div className={LINE}>{shown}</div>
      )}
      {open && mayEdit && (
        <Suspense>
          <BookingDialog draft={{ booking }} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </Glowing>
  )
}

type Translate = ReturnType<typeof useTranslation>['t']

const legText = ({ from, to }: Leg): string =>
  [from.number, `${from.code ?? from.name} → ${to.code ?? to.name}`].filter(Boolean).join(' ')

/** KIX → NRT; null if the legs show it already. */
function routeText({ booking: { endpoints, location }, legs }: DayBooking<Booking>): string | null {
  const [from, to] = [endpoints.at(0), endpoints.at(-1)]
  if (legs.length) return null
  if (from && to && from !== to) return `${from.code ?? from.name} → ${to.code ?? to.name}`
  return from?.name ?? location
}

const pendingText = (t: Translate, { status }: Booking) =>
  status === 'confirmed' ? null : t(`bookings.status.${status}`)
