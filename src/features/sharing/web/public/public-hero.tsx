import { CalendarDays, Printer, UsersRound } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { dateRange } from '../../../../ui/dates.ts'
import { Avatar } from '../../../../ui/design/avatar.tsx'
import { Button } from '../../../../ui/design/button.tsx'
import { classes } from '../../../../ui/design/class-names.ts'
import { Wordmark } from '../../../../ui/design/wordmark.tsx'
import { TripCover } from '../../../trips/web/trip-cover.tsx'
import type { PublicTrip } from '../../contract/index.ts'

const MOST_FACES = 8

/** The header of a shared trip: its title, dates, and the number of travellers. */
export function PublicHero({ trip: { trip, travellers, days } }: { trip: PublicTrip }) {
  const { t } = useTranslation()
  const more = travellers.length - MOST_FACES
  return (
    <header>
      <TripCover
        trip={{ id: seedOf(trip.title), cover_image: trip.cover_image }}
        className={classes('print:hidden', trip.cover_image ? 'h-52 sm:h-72 lg:h-96' : 'h-32 sm:h-44 lg:h-52')}
      >
        <span className="absolute top-4 left-4 rounded-full bg-paper/90 py-1.5 pr-4 pl-3 text-ink sm:left-6">
          <Wordmark />
        </span>
      </TripCover>
      <div className="mx-auto flex max-w-6xl flex-wrap items-end justify-between gap-x-8 gap-y-4 px-4 pt-6 pb-6 sm:px-6 sm:pt-8">
        <div className="flex min-w-0 max-w-3xl flex-col gap-3">
          <h1 className="title wrap-anywhere text-3xl sm:text-4xl">{trip.title}</h1>
          <ul className="figures flex flex-wrap items-center gap-x-5 gap-y-2 text-ink-soft">
            {trip.start_date && trip.end_date && (
              <li className="flex items-center gap-2">
                <CalendarDays size={16} aria-hidden="true" />
                {dateRange(trip.start_date, trip.end_date)}
              </li>
            )}
            {days && <li>{t('count.days', { count: days.length })}</li>}
            <li className="flex items-center gap-2">
              <UsersRound size={16} aria-hidden="true" />
              <span className="sr-only">{t('count.people', { count: travellers.length })}</span>
              <span className="-space-x-1.5 flex">
                {travellers.slice(0, MOST_FACES).map((initials, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: initials are not unique
                  <Avatar key={index} name={[...initials].join(' ')} userId={index} size="normal" />
                ))}
              </span>
              {more > 0 && <span aria-hidden="true">+{more}</span>}
            </li>
          </ul>
          {trip.description && (
            <p className="wrap-anywhere max-w-prose whitespace-pre-line text-ink-soft text-lg">{trip.description}</p>
          )}
        </div>
        <Button
          size="small"
          icon={<Printer size={15} aria-hidden="true" />}
          onClick={() => print()}
          className="print:hidden"
        >
          {t('sharing.print')}
        </Button>
      </div>
    </header>
  )
}

/** A number for each title, so that a trip without a picture always has the same pattern. */
const seedOf = (title: string): number =>
  [...title].reduce((sum, sign) => (sum * 31 + (sign.codePointAt(0) ?? 0)) % 9973, 7)
