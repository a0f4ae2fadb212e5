import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../ui/design/button.tsx'
import { TextField } from '../../../ui/design/field.tsx'
import { Select } from '../../../ui/design/select.tsx'
import { TimeField } from '../../../ui/form/time-field.tsx'
import { useDayName } from '../../days/web/day-name.ts'
import { usePlanner } from '../../plan/web/planner.tsx'
import { When } from './end-fields.tsx'
import { useAddPlace } from './use-add-place.ts'
import type { BookingForm } from './use-booking-form.ts'

interface Props {
  form: BookingForm
}

/** A hotel: its place, its days, and the times of check-in and check-out. */
export function HotelFields({ form }: Props) {
  const { t } = useTranslation()
  const days = useDayChoices()
  const [first, last] = [form.bind('dayId', 'day_id'), form.bind('endDayId', 'end_day_id')]
  const start = (dayId: number | null) => {
    const [from, to] = [dayId, last.value].map((id) => days.findIndex((one) => one.value === id))
    first.onChange(dayId)
    // Check-out is a day later until somebody chooses it.
    if (dayId !== null && (to ?? -1) <= (from ?? 0)) {
      last.onChange(days[Math.min((from ?? 0) + 1, days.length - 1)]?.value ?? null)
    }
  }
  return (
    <>
      <PlaceField form={form} />
      <div className="grid grid-cols-2 gap-3">
        <Select
          label={t('bookings.firstDay')}
          choices={[{ value: null, label: t('bookings.noDay') }, ...days]}
          {...first}
          onChange={start}
          error={form.error('start_day_id') ?? first.error}
        />
        <Select
          label={t('bookings.lastDay')}
          choices={[{ value: null, label: t('bookings.noDay') }, ...days]}
          {...last}
        />
      </div>
      <div className="grid grid-cols-3 gap-3">
        <TimeField label={t('stays.checkIn')} {...form.bind('checkIn', 'check_in')} />
        <TimeField label={t('stays.checkInEnd')} {...form.bind('checkInEnd', 'check_in_end')} />
        <TimeField label={t('stays.checkOut')} {...form.bind('checkOut', 'check_out')} />
      </div>
    </>
  )
}

/** Any other booking: its place, date, start and end. */
export function PlaceAndTime({ form, dated }: Props & { dated: boolean }) {
  const { t } = useTranslation()
  const [date, time] = [form.bind('date', 'reservation_time'), form.bind('time', 'reservation_time')]
  const [endDate, endTime] = [
    form.bind('endDate', 'reservation_end_time'),
    form.bind('endTime', 'reservation_end_time'),
  ]
  const [lasts, setLasts] = useState(endDate.value !== '' && endDate.value !== date.value)
  const error = time.error ?? endTime.error
  return (
    <>
      <PlaceField form={form} />
      {!dated && <DayField form={form} />}
      <div className="grid gap-3 sm:grid-cols-2">
        <When label={t('bookings.date')} date={date} time={time} />
        {lasts ? (
          <When label={t('bookings.endDate')} date={endDate} time={endTime} />
        ) : (
          <div className="grid grid-cols-[6.5rem_minmax(0,1fr)] items-end gap-3">
            <TimeField label={t('bookings.until')} value={endTime.value} onChange={endTime.onChange} />
            <Button
              tone="plain"
              onClick={() => {
                setLasts(true)
                endDate.onChange(endDate.value || date.value)
              }}
            >
              {t('bookings.moreDays')}
            </Button>
          </div>
        )}
      </div>
      {error && (
        <p role="alert" className="-mt-2 text-signal-ink text-sm">
          {error}
        </p>
      )}
    </>
  )
}

/** The day of a booking on a trip without dates. */
export function DayField({ form }: Props) {
  const { t } = useTranslation()
  const days = useDayChoices()
  const day = form.bind('dayId', 'day_id')
  return (
    <Select
      label={t('bookings.day')}
      choices={[{ value: null, label: t('bookings.noDay') }, ...days]}
      {...day}
      error={day.error ?? form.error('start_day_id')}
    />
  )
}

function useDayChoices() {
  const { plan } = usePlanner()
  const dayName = useDayName()
  return plan.map(({ day }) => ({ value: day.id, label: dayName(day) }))
}

/** A place of the trip, or a new one: made at once, or together with the booking. */
function PlaceField({ form }: Props) {
  const { t } = useTranslation()
  const { places, rights } = usePlanner()
  const addPlace = useAddPlace()
  const [busy, setBusy] = useState(false)
  const inOrder = places.toSorted((a, b) => a.name.localeCompare(b.name))
  const name = form.values.newPlace

  async function add() {
    if (!name?.trim()) return
    setBusy(true)
    const place = await addPlace(name.trim())
    setBusy(false)
    if (!place) return
    form.set('placeId', place.id)
    form.set('newPlace', null)
  }

  if (name !== null && rights.places) {
    return (
      <div className="flex items-end gap-2">
        <TextField
          label={t('bookings.newPlace')}
          autoFocus
          maxLength={200}
          value={name}
          className="flex-1"
          onChange={(text) => form.set('newPlace', text)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return
            event.preventDefault()
            void add()
          }}
        />
        <Button onClick={() => form.set('newPlace', null)}>{t('cancel')}</Button>
        <Button tone="primary" busy={busy} onClick={add}>
          {t('bookings.addPlace')}
        </Button>
      </div>
    )
  }
  return (
    <div className="flex items-end gap-2">
      <Select
        label={t('bookings.place')}
        choices={[
          { value: null, label: t('bookings.noPlace') },
          ...inOrder.map((place) => ({ value: place.id, label: place.name })),
        ]}
        className="min-w-0 flex-1"
        {...form.bind('placeId', 'place_id')}
      />
      {rights.places && (
        <Button icon={<Plus size={16} aria-hidden="true" />} onClick={() => form.set('newPlace', '')}>
          {t('bookings.newPlace')}
        </Button>
      )}
    </div>
  )
}
