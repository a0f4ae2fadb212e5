import { BedDouble } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useDateName, useDayName } from '../../days/web/day-name.ts'
import { usePlanner } from '../../plan/web/planner.tsx'
import type { Booking } from '../contract/index.ts'
import { dateOf, timeOf } from '../contract/moments.ts'
import { typeHue } from './type-icon.tsx'

/** The time of a booking at one place. */
export function BookingTime({ booking }: { booking: Booking }) {
  const { t } = useTranslation()
  const dayOf = useDayOf()
  const dateName = useDateName()
  const { reservation_time, reservation_end_time, day_id, end_day_id } = booking
  const [date, time] = [dateOf(reservation_time), timeOf(reservation_time)]
  const [endDate, endTime] = [dateOf(reservation_end_time), timeOf(reservation_end_time)]
  const day = date ? dateName(date) : dayOf(day_id)
  const lastDay = endDate && endDate !== date ? dateName(endDate) : endDate ? null : dayOf(end_day_id)
  if (!day && !time) return <p className="text-ink-faint text-sm">{t('bookings.noTime')}</p>
  return (
    <p className="figures flex flex-wrap items-baseline gap-x-2.5">
      {time && (
        <span className="title text-xl leading-7">
          {time}
          {endTime && !lastDay && `–${endTime}`}
        </span>
      )}
      <span className={time ? 'text-ink-soft text-sm' : 'title text-lg'}>
        {day}
        {lastDay && ` – ${lastDay}${endTime ? ` ${endTime}` : ''}`}
      </span>
    </p>
  )
}

/** The nights of a stay, between check-in and check-out. */
export function StayTimes({ booking }: { booking: Booking }) {
  const { t } = useTranslation()
  const dayOf = useDayOf()
  const { plan } = usePlanner()
  const { day_id, end_day_id, check_in, check_in_end, check_out } = booking
  const indexOfDay = (dayId: number | null) => plan.findIndex(({ day }) => day.id === dayId)
  const nights = indexOfDay(end_day_id) - indexOfDay(day_id)
  return (
    <div className="grid grid-cols-[auto_minmax(2.5rem,1fr)_auto] items-start gap-x-3 sm:gap-x-5">
      <StayEnd
        label={t('stays.phase.check_in')}
        day={dayOf(day_id)}
        time={check_in && check_in_end ? `${check_in}–${check_in_end}` : check_in}
      />
      <div className="flex flex-col items-center pt-6" style={{ color: typeHue('hotel') }}>
        <span aria-hidden="true" className="flex w-full items-center gap-1.5">
          <span className="size-1.5 shrink-0 rounded-full border-[1.5px] border-current" />
          <span className="h-0 min-w-2 flex-1 border-current border-t-[1.5px]" />
          <BedDouble size={16} />
          <span className="h-0 min-w-2 flex-1 border-current border-t-[1.5px]" />
          <span className="size-1.5 shrink-0 rounded-full bg-current" />
        </span>
        <span className="figures mt-1 whitespace-nowrap text-ink-soft text-xs">
          {t('stays.nights', { count: Math.max(0, nights) })}
        </span>
      </div>
      <StayEnd label={t('stays.phase.check_out')} day={dayOf(end_day_id)} time={check_out} isLast />
    </div>
  )
}

interface StayEndProps {
  label: string
  day: string | null
  time: string | null
  isLast?: boolean
}

const StayEnd = ({ label, day, time, isLast }: StayEndProps) => (
  <div className={isLast ? 'text-right' : undefined}>
    <p className="text-ink-faint text-xs">{label}</p>
    <p className="title figures text-lg leading-6">{day}</p>
    {time && <p className="figures text-ink-soft text-sm">{time}</p>}
  </div>
)

function useDayOf() {
  const { plan } = usePlanner()
  const dayName = useDayName()
  return (dayId: number | null): string | null => {
    const found = plan.find(({ day }) => day.id === dayId)
    return found ? dayName(found.day) : null
  }
}
