import { useTranslation } from 'react-i18next'
import { Dialog } from '../../../ui/design/dialog.tsx'
import { TextArea, TextField } from '../../../ui/design/field.tsx'
import { Segmented } from '../../../ui/design/segmented.tsx'
import { FormActions } from '../../../ui/form/form-actions.tsx'
import { Trouble } from '../../../ui/form/trouble.tsx'
import { isTransport } from '../contract/booking.ts'
import { STATUSES } from '../contract/index.ts'
import { PriceField } from './booking-price.tsx'
import { routeIn } from './booking-values.ts'
import { EndFields } from './end-fields.tsx'
import { DayField, HotelFields, PlaceAndTime } from './place-fields.tsx'
import { TypePicker } from './type-picker.tsx'
import { type BookingDraft, useBookingForm, type BookingForm as Written } from './use-booking-form.ts'

interface Props {
  draft: BookingDraft
  onClose(): void
}

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

function BookingForm({ draft, onClose }: Props) {
  const { t } = useTranslation()
  const { form, submit, busy, currency, placeName, dated, stays, keptByStay } = useBookingForm(draft, onClose)
  const { type, ends } = form.values
  const moves = isTransport(type)
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <Trouble form={form} />
      <TypePicker only={draft.booking ? (moves ? 'transports' : 'bookings') : null} {...form.bind('type')} />
      <TextField
        label={t('bookings.name')}
        placeholder={moves ? routeIn(ends) || t('bookings.nameOf.way') : (placeName ?? t(`bookings.nameOf.${type}`))}
        {...form.bind('title')}
        // A booking without a name gets the one of its route or place.
        aria-required={false}
      />
      <WhereAndWhen form={form} dated={dated} stays={stays} />
      <div>
        <p className="mb-1.5 font-medium text-sm">{t('bookings.statusLabel')}</p>
        <Segmented
          label={t('bookings.statusLabel')}
          choices={STATUSES.map((status) => ({ value: status, label: t(`bookings.status.${status}`) }))}
          {...form.bind('status')}
        />
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label={t('bookings.confirmation')}
          hint={t('form.optional')}
          autoComplete="off"
          disabled={keptByStay}
          {...form.bind('confirmation', 'confirmation_number')}
        />
        <PriceField currency={currency} {...form.bind('price')} />
      </div>
      <TextField
        label={t('bookings.url')}
        hint={t('form.optional')}
        type="url"
        placeholder="https://"
        {...form.bind('url')}
      />
      <TextArea label={t('bookings.notes')} hint={t('form.optional')} disabled={keptByStay} {...form.bind('notes')} />
      <FormActions submit={draft.booking ? t('save') : t('bookings.add')} busy={busy} onCancel={onClose} />
    </form>
  )
}

/** Where and when, which each kind of booking has in its own way. */
function WhereAndWhen({ form, dated, stays }: { form: Written; dated: boolean; stays: boolean }) {
  const { t } = useTranslation()
  const { type, ends } = form.values
  if (isTransport(type)) {
    return (
      <>
        <EndFields
          type={type}
          ends={ends}
          onChange={(change) => form.set('ends', change)}
          error={form.error('endpoints') ?? form.error('reservation_time') ?? form.error('reservation_end_time')}
        />
        {!dated && <DayField form={form} />}
      </>
    )
  }
  return (
    <>
      {type === 'hotel' && !stays && <p className="text-ink-soft text-sm">{t('bookings.stayNotYours')}</p>}
      {type === 'hotel' && stays && <HotelFields form={form} />}
      {type !== 'hotel' && <PlaceAndTime form={form} dated={dated} />}
      <TextField label={t('bookings.location')} hint={t('form.optional')} {...form.bind('location')} />
    </>
  )
}
