import { type FormEvent, useState } from 'react'
import type { AnyOperation } from '../../../core/declare/operation.ts'
import { type Form, useForm } from '../../../ui/form/form.ts'
import { useRights } from '../../admin/web/instance.ts'
import { day_edit } from '../../days/contract/index.ts'
import { place_edit } from '../../places/contract/index.ts'
import { usePlanner } from '../../plan/web/planner.tsx'
import { useMyRole } from '../../trips/web/members.ts'
import { useTrip } from '../../trips/web/trip-context.tsx'
import { isTransport } from '../contract/booking.ts'
import type { Booking, BookingType } from '../contract/index.ts'
import { usePrice } from './booking-price.tsx'
import { type BookingValues, newValues, operationFor, requestFor, valuesOf } from './booking-values.ts'
import { useAddPlace } from './use-add-place.ts'

/** The subject of the form: a booking to change, or a new one of a kind. */
export type BookingDraft =
  | { readonly booking: Booking }
  | { readonly booking: null; readonly type: BookingType; readonly dayId?: number | null }

export type BookingForm = Form<AnyOperation, BookingValues>

/** The form of a booking, whose operation depends on its kind, and what its fields depend on. */
export function useBookingForm(draft: BookingDraft, onSaved: () => void) {
  const trip = useTrip()
  const { places } = usePlanner()
  const { booking } = draft
  const price = usePrice(booking?.id ?? null)
  const may = useRights(useMyRole())
  const initialValues = useInitialValues(draft, price?.total_price ?? null)
  const [initial] = useState(initialValues)
  const form = useForm<AnyOperation, BookingValues>(({ type }) => operationFor(type, booking), initial)
  const { values } = form
  const placeName = places.find(({ id }) => id === values.placeId)?.name
  const dated = trip.start_date !== null
  const stays = may(day_edit)
  const about = { tripId: trip.id, placeName, dated, stays }
  const addPlace = useAddPlace()
  const [adding, setAdding] = useState(false)

  /** Makes the place whose name is still in the field, and returns the request with it. */
  async function withNewPlace(name: string) {
    setAdding(true)
    const place = await addPlace(name)
    setAdding(false)
    if (!place) return null
    form.set('placeId', place.id)
    form.set('newPlace', null)
    return requestFor({ ...values, placeId: place.id }, { ...about, placeName: place.name }, booking)
  }

  async function submit(event: FormEvent) {
    event.preventDefault()
    const name = isTransport(values.type) || !may(place_edit) ? '' : values.newPlace?.trim()
    const request = name ? await withNewPlace(name) : requestFor(values, about, booking)
    if (!request) return
    const opened = booking && requestFor(initial, about, booking)
    const first = opened?.operation === request.operation ? opened.input : undefined
    if (await form.submit(request.input, first)) onSaved()
  }

  return {
    form,
    submit,
    busy: form.busy || adding,
    currency: price?.currency ?? trip.currency,
    placeName,
    dated,
    stays,
    /** Whether the stay of the booking holds fields that the person cannot change. */
    keptByStay: booking?.accommodation_id != null && !stays,
  }
}

function useInitialValues(draft: BookingDraft, price: number | null): () => BookingValues {
  const { plan, dayId } = usePlanner()
  if (draft.booking) return () => valuesOf(draft.booking, price)
  const at = plan.findIndex(({ day }) => day.id === (draft.dayId ?? dayId))
  return () => newValues(draft.type, plan[at]?.day, plan[at + 1]?.day.id ?? null)
}
