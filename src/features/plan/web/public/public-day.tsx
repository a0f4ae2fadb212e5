import { BedDouble, ExternalLink, LogIn, LogOut } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { dayOfMonth, longDay, weekday } from '../../../../ui/dates.ts'
import { classes } from '../../../../ui/design/class-names.ts'
import { startsOrEndsOn } from '../../../accommodations/web/phase.ts'
import { NoteIcon } from '../../../day-notes/web/note-icon.tsx'
import { CategoryIcon, categoryColour } from '../../../places/web/category-icon.tsx'
import { categoryName } from '../../../places/web/category-name.ts'
import type { DayBooking } from '../../../reservations/contract/on-day.ts'
import { phaseText } from '../../../reservations/web/phase-text.ts'
import { routeOf, type ShownBooking } from '../../../reservations/web/public/booked.ts'
import { TypeIcon, typeHue } from '../../../reservations/web/type-icon.tsx'
import { refOf } from '../../contract/entry.ts'
import type { CategoryRow } from '../planner.tsx'
import type { PlannedDay, ShownStop } from './arrange.ts'

interface Props {
  planned: PlannedDay
  categories: ReadonlyMap<number, CategoryRow>
  /** Whether the map shows it. */
  chosen: boolean
  /** The place that is open on the map. */
  open: number | null
  onOpen(placeId: number): void
}

/** A day of a shared trip: its date, title and entries in order. */
export function PublicDay({ planned: { day, items, stays }, categories, chosen, open, onOpen }: Props) {
  const { t } = useTranslation()
  const name = day.date ? longDay(day.date) : t('plan.dayNumber', { number: day.day_number })
  return (
    <li
      id={`day-${day.id}`}
      className="scroll-mt-16 break-inside-avoid rounded-lg border border-line bg-surface p-4 sm:p-5"
    >
      <header className="flex items-start gap-4">
        <span
          aria-hidden="true"
          className={classes(
            'flex w-12 shrink-0 flex-col items-center rounded-md py-1 transition-colors duration-(--steady)',
            chosen ? 'bg-pine text-on-pine' : 'bg-hover text-ink',
          )}
        >
          <span className={classes('text-xs', !chosen && 'text-ink-soft')}>
            {day.date ? weekday(day.date) : t('days.day')}
          </span>
          <span className="title figures text-xl leading-6">{day.date ? dayOfMonth(day.date) : day.day_number}</span>
        </span>
        <div className="min-w-0 flex-1">
          <h3 className="title wrap-anywhere text-xl">{day.title ?? name}</h3>
          {day.title && <p className="figures text-ink-faint text-sm">{name}</p>}
        </div>
      </header>
      {stays.length > 0 && (
        <ul className="mt-3 flex flex-wrap gap-2">
          {stays.map(({ stay, phase }) => {
            const Icon = phase === 'check_in' ? LogIn : phase === 'check_out' ? LogOut : BedDouble
            const time = phase === 'check_in' ? stay.check_in : phase === 'check_out' ? stay.check_out : null
            return (
              <li
                key={stay.id}
                className="inline-flex max-w-full items-center gap-1.5 rounded-full bg-[color-mix(in_oklab,var(--hue-stay)_14%,transparent)] py-0.5 pr-2.5 pl-2 text-(--hue-stay) text-xs"
              >
                <Icon size={13} aria-hidden="true" className="shrink-0" />
                <span className="sr-only">{t(`sharing.stay.${phase}`)}: </span>
                <span className="truncate font-medium">{stay.place?.name ?? t('sharing.somewhere')}</span>
                {time && <span className="figures">{time}</span>}
              </li>
            )
          })}
        </ul>
      )}
      {items.length > 0 ? (
        <ol className="mt-3 flex flex-col gap-1">
          {items.map((item) => (
            <li key={refOf(item)}>
              {item.kind === 'stop' ? (
                <VisitLine
                  visit={item.visit}
                  category={categories.get(item.visit.place.category_id ?? 0)}
                  open={open === item.visit.place.id}
                  onOpen={onOpen}
                />
              ) : item.kind === 'note' ? (
                <Line time={null} mark={<NoteIcon icon={item.note.icon} size={16} />}>
                  <p className="wrap-anywhere whitespace-pre-line text-ink-soft">
                    {item.note.time && <span className="font-medium">{item.note.time} · </span>}
                    {item.note.text}
                  </p>
                </Line>
              ) : (
                <Line
                  time={item.time}
                  mark={
                    <span style={{ color: typeHue(item.onDay.booking.type) }}>
                      <TypeIcon type={item.onDay.booking.type} size={16} />
                    </span>
                  }
                >
                  <p className="wrap-anywhere font-medium">{item.onDay.booking.title}</p>
                  <BookingDetails onDay={item.onDay} />
                </Line>
              )}
            </li>
          ))}
        </ol>
      ) : (
        !stays.some(({ stay }) => startsOrEndsOn(stay, day.id)) && (
          <p className="mt-3 text-ink-faint">{t('count.stops', { count: 0 })}</p>
        )
      )}
    </li>
  )
}

/** The part of a booking on the day, and its route. */
function BookingDetails({ onDay: { booking, phase } }: { onDay: DayBooking<ShownBooking> }) {
  const { t } = useTranslation()
  const details = [phaseText(t, booking.type, phase), routeOf(booking)].filter(Boolean).join(' · ')
  return details && <p className="figures text-ink-soft text-sm">{details}</p>
}

function Line({ time, mark, children }: { time: string | null; mark: React.ReactNode; children: React.ReactNode }) {
  return (
    <div className="grid grid-cols-[2.75rem_1.75rem_minmax(0,1fr)] items-baseline gap-x-2 py-1.5">
      <span className="figures text-right text-ink-soft text-sm">{time}</span>
      <span className="flex items-center justify-center self-start">{mark}</span>
      <div className="min-w-0">{children}</div>
    </div>
  )
}

interface VisitProps {
  visit: ShownStop
  category: CategoryRow | undefined
  open: boolean
  onOpen(placeId: number): void
}

function VisitLine({ visit: { id, place, number, start, end, notes }, category, open, onOpen }: VisitProps) {
  const { t } = useTranslation()
  const isOnMap = place.lat !== null && place.lng !== null
  return (
    <div
      id={`visit-${id}`}
      className={classes('rounded-md transition-colors duration-(--fast)', open && 'bg-pine-soft')}
    >
      <Line
        time={start}
        mark={
          <span
            aria-hidden="true"
            className="figures flex size-6.5 items-center justify-center rounded-full border border-line-strong bg-surface font-semibold text-ink-soft text-xs"
          >
            {number}
          </span>
        }
      >
        <p className="flex items-baseline gap-2">
          {isOnMap ? (
            <button
              type="button"
              aria-label={t('sharing.showOnMap', { name: place.name })}
              onClick={() => onOpen(place.id)}
              className="wrap-anywhere rounded-sm text-left font-medium underline-offset-4 hover:underline"
            >
              {place.name}
            </button>
          ) : (
            <span className="wrap-anywhere font-medium">{place.name}</span>
          )}
          {category && (
            <span className="shrink-0 translate-y-0.5" style={{ color: categoryColour(category) }}>
              <CategoryIcon category={category} size={14} />
              <span className="sr-only">{categoryName(t, category)}</span>
            </span>
          )}
        </p>
        <p className="figures flex flex-wrap gap-x-2 text-ink-faint text-sm">
          {end && <span>{t('plan.until', { time: end })}</span>}
          {place.address && <span className="wrap-anywhere">{place.address}</span>}
          {place.website && (
            <a
              href={place.website}
              target="_blank"
              rel="noopener noreferrer"
              className="inline-flex items-center gap-1 text-pine-ink underline-offset-2 hover:underline print:hidden"
            >
              <ExternalLink size={12} aria-hidden="true" />
              {t('sharing.website')}
            </a>
          )}
        </p>
        {place.description && <p className="wrap-anywhere mt-0.5 text-ink-soft text-sm">{place.description}</p>}
        {notes && <p className="wrap-anywhere mt-0.5 whitespace-pre-line text-ink-soft">{notes}</p>}
      </Line>
    </div>
  )
}
