import { useTranslation } from 'react-i18next'
import { zoneName } from '../../../ui/dates.ts'
import { useDateName } from '../../days/web/day-name.ts'
import { type Endpoint, type Leg, legsOf } from '../contract/endpoint.ts'
import type { Booking } from '../contract/index.ts'
import { instantOf } from '../contract/moments.ts'
import { TypeIcon, typeHue } from './type-icon.tsx'

/** A transport leg by leg, like a boarding pass. */
export function Journey({ booking }: { booking: Booking }) {
  const legs = legsOf(booking.endpoints)
  const [only] = booking.endpoints
  if (!legs.length) return only ? <End end={only} date={only.local_date} time={only.local_time} /> : null
  return (
    <ol className="flex flex-col gap-3">
      {legs.map((leg, index) => (
        <li key={leg.from.sequence} className="flex flex-col gap-2">
          {index > 0 && <Layover before={legs[index - 1] as Leg} leg={leg} />}
          <LegLine leg={leg} booking={booking} />
        </li>
      ))}
    </ol>
  )
}

function LegLine({ leg, booking }: { leg: Leg; booking: Booking }) {
  const { t } = useTranslation()
  const { from, to, departure, arrival } = leg
  const minutes = minutesBetween(leg)
  const facts = [
    from.number,
    from.platform && t('bookings.onPlatform', { platform: from.platform }),
    from.seat && t('bookings.inSeat', { seat: from.seat }),
  ].filter(Boolean)
  return (
    <div>
      <div className="grid grid-cols-[auto_minmax(2.5rem,1fr)_auto] items-start gap-x-3 sm:gap-x-5">
        <End end={from} date={departure.date} time={departure.time} />
        <div aria-hidden="true" className="flex flex-col items-center pt-2.5" style={{ color: typeHue(booking.type) }}>
          <span className="flex w-full items-center gap-1.5">
            <span className="size-1.5 shrink-0 rounded-full border-[1.5px] border-current" />
            <span className="h-0 min-w-2 flex-1 border-current border-t-[1.5px] border-dotted" />
            <TypeIcon type={booking.type} size={16} />
            <span className="h-0 min-w-2 flex-1 border-current border-t-[1.5px] border-dotted" />
            <span className="size-1.5 shrink-0 rounded-full bg-current" />
          </span>
        </div>
        <End end={to} date={arrival.date} time={arrival.time} since={departure.date} isLast />
      </div>
      {(minutes !== null || facts.length > 0) && (
        <p className="figures mt-1.5 text-ink-faint text-xs">
          {[minutes !== null && <Duration key="duration" minutes={minutes} />, ...facts]
            .filter(Boolean)
            .map((fact, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the facts of a leg never change their order
              <span key={index}>
                {index > 0 && ' · '}
                {fact}
              </span>
            ))}
        </p>
      )}
    </div>
  )
}

interface EndProps {
  end: Endpoint
  date: string | null
  time: string | null
  /** The date of departure, which is not repeated. */
  since?: string | null
  isLast?: boolean
}

/** One endpoint: its code or name large, then its local time. */
function End({ end, date, time, since, isLast }: EndProps) {
  const nameOf = useDateName()
  return (
    <div className={isLast ? 'min-w-0 text-right' : 'min-w-0'}>
      <p className="title figures truncate text-xl leading-6">{time ?? end.code ?? '–'}</p>
      <p className="max-w-32 truncate font-medium text-sm sm:max-w-48">
        {end.code ? (time ? end.code : end.name) : end.name}
      </p>
      {end.code && time && <p className="max-w-32 truncate text-ink-faint text-xs sm:max-w-48">{end.name}</p>}
      {time || date ? (
        <p className="figures text-ink-faint text-xs">
          {date && date !== since && <span className="whitespace-nowrap text-ink-soft">{nameOf(date)} </span>}
          {end.timezone && time && (
            <span className="whitespace-nowrap">{zoneName(end.timezone, date ?? '2000-01-01')}</span>
          )}
        </p>
      ) : null}
    </div>
  )
}

/** The waiting time between two legs. */
function Layover({ before, leg }: { before: Leg; leg: Leg }) {
  const { t } = useTranslation()
  const arrives = instantOf(before.arrival.date, before.arrival.time, leg.from.timezone)
  const leaves = instantOf(leg.departure.date, leg.departure.time, leg.from.timezone)
  const minutes = arrives !== null && leaves !== null && leaves > arrives ? (leaves - arrives) / 60_000 : null
  return (
    <p className="figures self-start rounded-full bg-hover px-2.5 py-0.5 text-ink-soft text-xs">
      {t('bookings.change', { place: leg.from.code ?? leg.from.name })}
      {minutes !== null && (
        <>
          {' · '}
          <Duration minutes={minutes} />
        </>
      )}
    </p>
  )
}

function Duration({ minutes }: { minutes: number }) {
  const { t } = useTranslation()
  const hours = Math.floor(minutes / 60)
  const minutesLeft = Math.round(minutes % 60)
  return hours ? t('bookings.hours', { hours, minutes: minutesLeft }) : t('bookings.minutes', { minutes: minutesLeft })
}

function minutesBetween({ from, to, departure, arrival }: Leg): number | null {
  const leaves = instantOf(departure.date, departure.time, from.timezone)
  const arrives = instantOf(arrival.date, arrival.time, to.timezone)
  return leaves !== null && arrives !== null && arrives > leaves ? (arrives - leaves) / 60_000 : null
}
