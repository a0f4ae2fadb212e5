import { ChevronRight } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../../ui/design/dialog.tsx'
import { TextArea, TextField } from '../../../ui/design/field.tsx'
import { Select } from '../../../ui/design/select.tsx'
import { type Form, useForm } from '../../../ui/form/form.ts'
import { FormActions } from '../../../ui/form/form-actions.tsx'
import { TimeField } from '../../../ui/form/time-field.tsx'
import { Trouble } from '../../../ui/form/trouble.tsx'
import type { WireRow } from '../../../ui/live/frames.ts'
import { useSpaceRows } from '../../../ui/live/hooks.tsx'
import { type Brought, PlaceFinder } from '../../plan/web/place-finder.tsx'
import type { PlaceRow } from '../../plan/web/plan.ts'
import { usePlanner } from '../../plan/web/planner.tsx'
import { useTrip } from '../../trips/web/trip-context.tsx'
import { create_place, Place, update_place } from '../contract/index.ts'
import { CategoryIcon } from './category-icon.tsx'
import { categoryName } from './category-name.ts'
import { type PlaceValues, pairOf, placeInput, placeValues, shown } from './place-values.ts'
import { TagPicker } from './tag-picker.tsx'
import { useTags } from './tags.ts'

/** The subject of the form: a place to change, or a new one, perhaps with known values. */
export type PlaceDraft =
  | { readonly place: PlaceRow }
  | { readonly place: null; readonly at?: { lat: number; lng: number } }

export function PlaceDialog({ draft, onClose }: { draft: PlaceDraft | null; onClose(): void }) {
  const { t } = useTranslation()
  return (
    <Dialog open={draft !== null} onClose={onClose} title={draft?.place ? t('places.edit') : t('places.add')}>
      {draft && <PlaceForm draft={draft} onClose={onClose} />}
    </Dialog>
  )
}

function PlaceForm({ draft, onClose }: { draft: PlaceDraft; onClose(): void }) {
  const { t } = useTranslation()
  const trip = useTrip()
  const { setFocus } = usePlanner()
  const rows = useSpaceRows()
  const start = draft.place ?? ('at' in draft && draft.at) ?? {}
  const { tagIdsOf } = useTags()
  const own = draft.place ? tagIdsOf(draft.place.id) : []
  const form = useForm<typeof update_place | typeof create_place, PlaceValues>(
    draft.place ? update_place : create_place,
    placeValues(start || {}, trip.currency, own),
  )
  const at = draft.place === null && draft.at ? draft.at : null
  const finds = !draft.place || draft.place.lat === null

  const [broughtName, setBroughtName] = useState('')

  /** A result without a position arrives after the place itself, and only fills empty fields. */
  function fill({ name, ...found }: Brought) {
    for (const [field, value] of Object.entries(found)) {
      const key = field as keyof typeof found
      const keeps = found.lat === undefined && form.values[key]
      if (value !== undefined && !keeps) form.set(key, shown(value))
    }
    // Keeps a name that somebody typed; the next result replaces one that a search filled in.
    if (!name || (form.values.name && form.values.name !== broughtName)) return
    form.set('name', name)
    setBroughtName(name)
  }

  async function submit(event: FormEvent) {
    event.preventDefault()
    const answer = await form.submit((values) => ({
      tripId: trip.id,
      ...(draft.place && { placeId: draft.place.id }),
      ...placeInput(values),
    }))
    if (!answer) return
    rows.adopt(Place.name, answer.place as unknown as WireRow)
    setFocus({ placeId: answer.place.id, stopId: null })
    onClose()
  }

  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <Trouble form={form} />
      {finds && <PlaceFinder at={at} onFound={fill} autoFocus={!draft.place} />}
      <MainFields form={form} isNew={at !== null} />
      <TagPicker {...form.bind('tag_ids')} />
      <MoreFields form={form} />
      <FormActions submit={draft.place ? t('save') : t('places.add')} busy={form.busy} onCancel={onClose} />
    </form>
  )
}

type Written = Form<typeof update_place | typeof create_place, PlaceValues>

function MainFields({ form, isNew }: { form: Written; isNew: boolean }) {
  const { t } = useTranslation()
  const { categories } = usePlanner()
  const pasted = (key: 'lat' | 'lng') => (text: string) => {
    const pair = pairOf(text)
    if (pair) {
      form.set('lat', pair.lat)
      form.set('lng', pair.lng)
    } else form.set(key, text)
  }
  return (
    <>
      <TextField label={t('place.name')} autoFocus={isNew} {...form.bind('name')} />
      <Select
        label={t('place.category')}
        choices={[
          { value: null, label: t('place.noCategory') },
          ...[...categories.values()].map((category) => ({
            value: category.id,
            label: categoryName(t, category),
            icon: <CategoryIcon category={category} size={15} />,
          })),
        ]}
        {...form.bind('category_id')}
      />
      <div className="grid grid-cols-2 gap-3">
        <TextField
          label={t('place.lat')}
          inputMode="text"
          placeholder="35.0394"
          {...form.bind('lat')}
          onChange={pasted('lat')}
        />
        <TextField
          label={t('place.lng')}
          inputMode="text"
          placeholder="135.7292"
          {...form.bind('lng')}
          onChange={pasted('lng')}
        />
        <p className="col-span-2 -mt-2 text-ink-faint text-xs">{t('place.coordinatesHint')}</p>
      </div>
      <TextField label={t('place.address')} hint={t('form.optional')} {...form.bind('address')} />
      <TextArea label={t('place.notes')} hint={t('form.optional')} {...form.bind('notes')} />
    </>
  )
}

const MORE = [
  'description',
  'website',
  'phone',
  'price',
  'place_time',
  'end_time',
  'duration_minutes',
] as const satisfies readonly (keyof PlaceValues)[]

function MoreFields({ form }: { form: Written }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(() => MORE.some((key) => form.values[key] !== ''))
  const wrong = MORE.some((key) => form.error(key))
  if (!open && !wrong) {
    return (
      <button
        type="button"
        onClick={() => setOpen(true)}
        className="flex items-center gap-1 self-start rounded-sm font-medium text-pine-ink text-sm hover:underline"
      >
        <ChevronRight size={15} aria-hidden="true" />
        {t('place.more')}
      </button>
    )
  }
  return (
    <>
      <TextArea label={t('place.description')} {...form.bind('description')} />
      <TextField label={t('place.website')} type="url" placeholder="https://" {...form.bind('website')} />
      <div className="grid grid-cols-2 gap-3">
        <TextField label={t('place.phone')} type="tel" {...form.bind('phone')} />
        <TextField
          label={t('place.price', { currency: form.values.currency })}
          inputMode="decimal"
          {...form.bind('price')}
        />
      </div>
      <div className="grid grid-cols-3 gap-3">
        <TimeField label={t('place.from')} {...form.bind('place_time')} />
        <TimeField label={t('place.until')} {...form.bind('end_time')} />
        <TextField label={t('place.minutes')} inputMode="numeric" {...form.bind('duration_minutes')} />
      </div>
    </>
  )
}
