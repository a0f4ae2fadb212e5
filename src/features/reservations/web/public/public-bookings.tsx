import { BedDouble } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { dateRange, shortDate } from '../../../../ui/dates.ts'
import { Badge } from '../../../../ui/design/badge.tsx'
import { listOf } from '../../../../ui/message.ts'
import type { PublicTrip } from '../../../sharing/contract/index.ts'
import { TypeIcon, typeHue } from '../type-icon.tsx'
import { bookingsOf, dateOf, routeOf, type ShownBooking, type ShownStay, timeOf } from './booked.ts'

/** The bookings and stays. */
export function PublicBookings({ trip }: { trip: PublicTrip }) {
  const { t } = useTranslation()
  // The status of a stay is that of its booking.
  const pending = new Set((trip.bookings ?? []).map((one) => one.status === 'pending' && one.accommodation_id))
  const badge = (isPending: boolean) => (isPending ? t('bookings.status.pending') : null)
  const dates = new Map((trip.days ?? []).map((day) => [day.id, day.date]))
  const nights = ({ start_day_id, end_day_id }: ShownStay) => {
    const [from, to] = [dates.get(start_day_id), dates.get(end_day_id)]
    return from && to ? dateRange(from, to) : null
  }
  return (
    <ul className="grid gap-3 md:grid-cols-2">
      {(trip.stays ?? []).map((stay) => (
        <Card
          key={`stay ${stay.id}`}
          icon={<BedDouble size={18} aria-hidden="true" />}
          hue="var(--hue-stay)"
          title={stay.place?.name ?? t('sharing.somewhere')}
          lines={[nights(stay), stay.place?.address ?? null]}
          badge={badge(pending.has(stay.id))}
        />
      ))}
      {bookingsOf(trip).map((booking) => (
        <Card
          key={`booking ${booking.id}`}
          icon={<TypeIcon type={booking.type} size={18} />}
          hue={typeHue(booking.type)}
          title={booking.title}
          lines={[whenOf(booking), routeOf(booking), booking.location]}
          badge={badge(booking.status === 'pending')}
        />
      ))}
    </ul>
  )
}

function whenOf({ reservation_time, reservation_end_time }: ShownBooking): string | null {
  const [date, start] = [dateOf(reservation_time), timeOf(reservation_time)]
  if (!date) return null
  const [lastDate, end] = [dateOf(reservation_end_time), timeOf(reservation_end_time)]
  const from = listOf([shortDate(date), start].filter((part) => part !== null))
  if (!lastDate || lastDate === date) return end ? `${from} – ${end}` : from
  return `${from} – ${listOf([shortDate(lastDate), end].filter((part) => part !== null))}`
}

interface CardProps {
  icon: ReactNode
  hue: string
  title: string
  lines: readonly (string | null)[]
  badge?: string | null
}

const Card = ({ icon, hue, title, lines, badge }: CardProps) => (
  <li className="flex break-inside-avoid items-start gap-3 rounded-lg border border-line bg-surface p-4">
    <span
      className="flex size-9 shrink-0 items-center justify-center rounded-full"
      style={{ color: hue, backgroundColor: `color-mix(in oklab, ${hue} 14%, var(--surface))` }}
    >
      {icon}
    </span>
    <div className="min-w-0 flex-1">
      <h3 className="wrap-anywhere font-medium text-lg leading-6">{title}</h3>
      {lines.map(
        (line) =>
          line && (
            <p key={line} className="figures wrap-anywhere text-ink-soft">
              {line}
            </p>
          ),
      )}
    </div>
    {badge && <Badge>{badge}</Badge>}
  </li>
)
