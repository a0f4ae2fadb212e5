import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AnyOperation } from '../../../core/declare/operation.ts'
import { Button } from '../../../ui/design/button.tsx'
import { Dialog, DialogActions } from '../../../ui/design/dialog.tsx'
import { TextArea, TextField } from '../../../ui/design/field.tsx'
import { Segmented } from '../../../ui/design/segmented.tsx'
import { useForm } from '../../../ui/form/form.ts'
import { Trouble } from '../../../ui/form/trouble.tsx'
import { useRows } from '../../../ui/live/hooks.tsx'
import { useAddon, useRights } from '../../admin/web/instance.ts'
import { BudgetItem, budget, budget_edit } from '../../budget/contract/index.ts'
import { day_edit } from '../../days/contract/index.ts'
import { place_edit } from '../../places/contract/index.ts'
import { usePlanner } from '../../plan/web/planner.tsx'
import { useMyRole } from '../../trips/web/members.ts'
import { useTrip } from '../../trips/web/trip-context.tsx'
import { isTransport } from '../contract/booking.ts'
import { type Booking, type BookingType, create_transport, STATUSES } from '../contract/index.ts'
import { type BookingValues, newValues, requestFor, routeIn, valuesOf } from './booking-values.ts'
import { EndFields } from './end-fields.tsx'
import { DayFields, HotelFields, PlaceAndTime, useAddPlace } from './place-fields.tsx'
import { TypePicker } from './type-picker.tsx'

/** The subject of the dialog: a booking to change, or a new one of a kind. */
export type BookingDraft =
  | { readonly booking: Booking }
  | { readonly booking: null; readonly type: BookingType; readonly dayId?: number | null }

export function BookingDialog({ draft, onClose }: { draft: BookingDraft | null; onClose(): void }) {
  const { t } = useTranslation()
  return (
    <Dialog
      open={draft !== null}
      onClose={onClose}
      title={draft?.booking ? t('bookings.edit') : t('bookings.add')}
      wide
    >
      {draft && <BookingForm draft={draft} onClose={onClose} />}
    </Dialog>
  )
}

/** The price of a booking, which its cost holds. */
export function usePrice(reservationId: number | null): { total_price: number; currency: string } | null {
  return useRows(BudgetItem).find((item) => reservationId !== null && item.reservation_id === reservationId) ?? null
}

function BookingForm({ draft, onClose }: { draft: BookingDraft; onClose(): void }) {
  const { t } = useTranslation()
  const trip = useTrip()
  const { plan, places, dayId } = usePlanner()
  const price = usePrice(draft.booking?.id ?? null)
  const at = plan.findIndex((one) => one.day.id === (draft.booking ? null : (draft.dayId ?? dayId)))
  const [initial] = useState(() =>
    draft.booking
      ? valuesOf(draft.booking, price?.total_price ?? null)
      : newValues(draft.type, plan[at]?.day, plan[at + 1]?.day.id ?? null),
  )
  const [moved, setMoved] = useState<Partial<BookingValues>>({})
  const dated = trip.start_date !== null
  const values: BookingValues = { ...initial, ...moved }
  const placeName = places.find(({ id }) => id === values.placeId)?.name
  const may = useRights(useMyRole())
  const hasCosts = useAddon(budget)
  const stays = may(day_edit)
  const keptByStay = draft.booking?.accommodation_id != null && !stays
  const about = { tripId: trip.id, placeName, dated, stays }
  const request = requestFor(values, about, draft.booking)
  const opened = draft.booking && requestFor(initial, about, draft.booking)
  const form = useForm<AnyOperation, Record<string, never>>(
    (request?.operation ?? create_transport) as AnyOperation,
    {},
  )
  const set = (patch: Partial<BookingValues>) => setMoved((before) => ({ ...before, ...patch }))
  const text = (key: 'title' | 'location' | 'confirmation' | 'url' | 'notes' | 'price', field: string = key) => ({
    value: values[key],
    error: form.error(field),
    onChange: (typed: string) => set({ [key]: typed }),
  })

  const moves = isTransport(values.type)
  const addPlace = useAddPlace()
  const [adding, setAdding] = useState(false)

  /** Makes the place whose name is still in the field, and returns the request with it. */
  async function withNewPlace(name: string) {
    setAdding(true)
    const place = await addPlace(name)
    setAdding(false)
    if (!place) return null
    set({ placeId: place.id, newPlace: null })
    return requestFor({ ...values, placeId: place.id }, { ...about, placeName: place.name }, draft.booking)
  }

  async function submit(event: FormEvent) {
    event.preventDefault()
    const name = moves || !may(place_edit) ? '' : values.newPlace?.trim()
    const wanted = name ? await withNewPlace(name) : request
    if (!wanted) return
    const first = opened?.operation === wanted.operation ? opened.input : undefined
    if (await form.submit(wanted.input as never, first as never)) onClose()
  }

  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <Trouble form={form} />
      <TypePicker
        value={values.type}
        only={draft.booking ? (moves ? 'transports' : 'bookings') : null}
        onChange={(type) => set({ type })}
      />
      <TextField
        label={t('bookings.name')}
        maxLength={200}
        placeholder={
          moves ? routeIn(values.ends) || t('bookings.nameOf.way') : (placeName ?? t(`bookings.nameOf.${values.type}`))
        }
        {...text('title')}
      />
      {moves && (
        <EndFields
          type={values.type}
          ends={values.ends}
          onChange={(change) => setMoved((before) => ({ ...before, ends: change(before.ends ?? initial.ends) }))}
          error={form.error('endpoints') ?? form.error('reservation_time') ?? form.error('reservation_end_time')}
        />
      )}
      {moves && !dated && <DayFields values={values} set={set} error={form.error} />}
      {values.type === 'hotel' && !stays && <p className="text-ink-soft text-sm">{t('bookings.stayNotYours')}</p>}
      {values.type === 'hotel' && stays && <HotelFields values={values} set={set} error={form.error} />}
      {!moves && values.type !== 'hotel' && <PlaceAndTime values={values} set={set} error={form.error} dated={dated} />}
      {!moves && (
        <TextField label={t('bookings.location')} hint={t('form.optional')} maxLength={500} {...text('location')} />
      )}
      <div>
        <p className="mb-1.5 font-medium text-sm">{t('bookings.statusLabel')}</p>
        <Segmented
          label={t('bookings.statusLabel')}
          value={values.status}
          choices={STATUSES.map((status) => ({ value: status, label: t(`bookings.status.${status}`) }))}
          onChange={(status) => set({ status })}
        />
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label={t('bookings.confirmation')}
          hint={t('form.optional')}
          maxLength={100}
          autoComplete="off"
          disabled={keptByStay}
          {...text('confirmation', 'confirmation_number')}
        />
        {hasCosts && (
          <PriceField {...text('price')} currency={price?.currency ?? trip.currency} disabled={!may(budget_edit)} />
        )}
      </div>
      <TextField
        label={t('bookings.url')}
        hint={t('form.optional')}
        type="url"
        placeholder="https://"
        maxLength={500}
        {...text('url')}
      />
      <TextArea
        label={t('bookings.notes')}
        hint={t('form.optional')}
        maxLength={1000}
        disabled={keptByStay}
        {...text('notes')}
      />
      <DialogActions>
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button type="submit" tone="primary" busy={form.busy || adding}>
          {draft.booking ? t('save') : t('bookings.add')}
        </Button>
      </DialogActions>
    </form>
  )
}

interface PriceProps {
  value: string
  error: string | undefined
  currency: string
  /** True without the right to costs. */
  disabled: boolean
  onChange(text: string): void
}

/** The price; the costs of the trip hold it, if they are switched on. */
function PriceField({ currency, ...rest }: PriceProps) {
  const { t } = useTranslation()
  const hasCosts = useAddon(budget)
  if (!hasCosts) return null
  return (
    <TextField
      label={t('bookings.price', { currency })}
      hint={t('form.optional')}
      inputMode="decimal"
      note={rest.disabled ? t('bookings.priceNotYours') : t('bookings.priceNote')}
      {...rest}
    />
  )
}
