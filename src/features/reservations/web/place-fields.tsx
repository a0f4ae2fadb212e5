import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../ui/design/button.tsx'
import { TextField } from '../../../ui/design/field.tsx'
import { Select } from '../../../ui/design/select.tsx'
import { TimeField } from '../../../ui/form/time-field.tsx'
import { useAct } from '../../../ui/live/act.ts'
import { useDayName } from '../../days/web/day-name.ts'
import { create_place, Place, type TaggedPlace } from '../../places/contract/index.ts'
import { usePlanner } from '../../plan/web/planner.tsx'
import { useTrip } from '../../trips/web/trip-context.tsx'
import type { BookingValues } from './booking-values.ts'
import { When } from './end-fields.tsx'

interface Props {
  values: BookingValues
  set(patch: Partial<BookingValues>): void
  error(field: string): string | undefined
}

/** A hotel: its place, its days, and the times of check-in and check-out. */
export function HotelFields({ values, set, error }: Props) {
  const { t } = useTranslation()
  const days = useDayChoices()
  const start = (dayId: number | null) => {
    const [from, to] = [dayId, values.endDayId].map((id) => days.findIndex((one) => one.value === id))
    // Check-out is a day later until somebody chooses it.
    const next = days[Math.min((from ?? 0) + 1, days.length - 1)]?.value ?? null
    set({ dayId, ...(dayId !== null && (to ?? -1) <= (from ?? 0) && { endDayId: next }) })
  }
  return (
    <>
      <PlaceField values={values} set={set} error={error} />
      <div className="grid grid-cols-2 gap-3">
        <Select
          label={t('bookings.firstDay')}
          value={values.dayId}
          choices={[{ value: null, label: t('bookings.noDay') }, ...days]}
          onChange={start}
          error={error('start_day_id') ?? error('day_id')}
        />
        <Select
          label={t('bookings.lastDay')}
          value={values.endDayId}
          choices={[{ value: null, label: t('bookings.noDay') }, ...days]}
          onChange={(endDayId) => set({ endDayId })}
          error={error('end_day_id')}
        />
      </div>
      <div className="grid grid-cols-3 gap-3">
        <TimeField
          label={t('stays.checkIn')}
          value={values.checkIn}
          error={error('check_in')}
          onChange={(checkIn) => set({ checkIn })}
        />
        <TimeField
          label={t('stays.checkInEnd')}
          value={values.checkInEnd}
          error={error('check_in_end')}
          onChange={(checkInEnd) => set({ checkInEnd })}
        />
        <TimeField
          label={t('stays.checkOut')}
          value={values.checkOut}
          error={error('check_out')}
          onChange={(checkOut) => set({ checkOut })}
        />
      </div>
    </>
  )
}

/** Any other booking: its place, date, start and end. */
export function PlaceAndTime({ values, set, error, dated }: Props & { dated: boolean }) {
  const { t } = useTranslation()
  const [lasts, setLasts] = useState(values.endDate !== '' && values.endDate !== values.date)
  return (
    <>
      <PlaceField values={values} set={set} error={error} />
      {!dated && <DayFields values={values} set={set} error={error} />}
      <div className="grid gap-3 sm:grid-cols-2">
        <When
          label={t('bookings.date')}
          date={values.date}
          time={values.time}
          onDate={(date) => set({ date })}
          onTime={(time) => set({ time })}
        />
        {lasts ? (
          <When
            label={t('bookings.endDate')}
            date={values.endDate}
            time={values.endTime}
            onDate={(endDate) => set({ endDate })}
            onTime={(endTime) => set({ endTime })}
          />
        ) : (
          <div className="grid grid-cols-[6.5rem_minmax(0,1fr)] items-end gap-3">
            <TimeField label={t('bookings.until')} value={values.endTime} onChange={(endTime) => set({ endTime })} />
            <Button
              tone="plain"
              onClick={() => {
                setLasts(true)
                set({ endDate: values.endDate || values.date })
              }}
            >
              {t('bookings.moreDays')}
            </Button>
          </div>
        )}
      </div>
      {(error('reservation_time') ?? error('reservation_end_time')) && (
        <p role="alert" className="-mt-2 text-signal-ink text-sm">
          {error('reservation_time') ?? error('reservation_end_time')}
        </p>
      )}
    </>
  )
}

/** The day of a booking on a trip without dates. */
export function DayFields({ values, set, error }: Props) {
  const { t } = useTranslation()
  const days = useDayChoices()
  return (
    <Select
      label={t('bookings.day')}
      value={values.dayId}
      choices={[{ value: null, label: t('bookings.noDay') }, ...days]}
      onChange={(dayId) => set({ dayId })}
      error={error('day_id') ?? error('start_day_id')}
    />
  )
}

function useDayChoices() {
  const { plan } = usePlanner()
  const dayName = useDayName()
  return plan.map(({ day }) => ({ value: day.id, label: dayName(day) }))
}

/** Makes a place of the trip with this name; null if it was refused, which is then shown. */
export function useAddPlace(): (name: string) => Promise<TaggedPlace | null> {
  const trip = useTrip()
  const act = useAct()
  return async (name) => {
    const made = await act(create_place, { tripId: trip.id, name }, [], (answer) => [Place, answer.place])
    return made?.place ?? null
  }
}

/** A place of the trip, or a new one: made at once, or together with the booking. */
function PlaceField({ values, set, error }: Props) {
  const { t } = useTranslation()
  const { places, rights } = usePlanner()
  const addPlace = useAddPlace()
  const [busy, setBusy] = useState(false)
  const inOrder = places.toSorted((a, b) => a.name.localeCompare(b.name))
  const name = values.newPlace

  async function add() {
    if (!name?.trim()) return
    setBusy(true)
    const place = await addPlace(name.trim())
    setBusy(false)
    if (place) set({ placeId: place.id, newPlace: null })
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
          onChange={(text) => set({ newPlace: text })}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return
            event.preventDefault()
            void add()
          }}
        />
        <Button onClick={() => set({ newPlace: null })}>{t('cancel')}</Button>
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
        value={values.placeId}
        choices={[
          { value: null, label: t('bookings.noPlace') },
          ...inOrder.map((place) => ({ value: place.id, label: place.name })),
        ]}
        onChange={(placeId) => set({ placeId })}
        error={error('place_id')}
        className="min-w-0 flex-1"
      />
      {rights.places && (
        <Button icon={<Plus size={16} aria-hidden="true" />} onClick={() => set({ newPlace: '' })}>
          {t('bookings.newPlace')}
        </Button>
      )}
    </div>
  )
}
