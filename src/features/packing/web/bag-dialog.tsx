import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../../ui/design/dialog.tsx'
import { TextField } from '../../../ui/design/field.tsx'
import { numberField, numberOrNull, useForm } from '../../../ui/form/form.ts'
import { FormActions } from '../../../ui/form/form-actions.tsx'
import { Trouble } from '../../../ui/form/trouble.tsx'
import type { WireRow } from '../../../ui/live/frames.ts'
import { useSpaceRows } from '../../../ui/live/hooks.tsx'
import { useTrip } from '../../trips/web/trip-context.tsx'
import {
  BAG_COLOURS,
  create_packing_bag,
  PackingBag,
  type PackingBagRow,
  update_packing_bag,
} from '../contract/index.ts'

interface Props {
  /** The bag to change; null for a new one. */
  bag: PackingBagRow | null
  /** The colour of a new bag. */
  color?: string | undefined
  open: boolean
  onClose(): void
}

export function BagDialog({ bag, color, open, onClose }: Props) {
  const { t } = useTranslation()
  return (
    <Dialog open={open} onClose={onClose} title={bag ? t('packing.editBag') : t('packing.newBag')}>
      <BagForm bag={bag} color={color} onClose={onClose} />
    </Dialog>
  )
}

const GRAMS = 1000

interface BagValues {
  name: string
  color: string
  /** In kilograms, as it was typed. */
  limit: string
}

function BagForm({ bag, color, onClose }: Omit<Props, 'open'>) {
  const { t } = useTranslation()
  const trip = useTrip()
  const rows = useSpaceRows()
  const form = useForm<typeof update_packing_bag | typeof create_packing_bag, BagValues>(
    bag ? update_packing_bag : create_packing_bag,
    {
      name: bag?.name ?? '',
      color: bag?.color ?? color ?? BAG_COLOURS[0],
      limit: bag?.weight_limit_grams ? numberField(bag.weight_limit_grams / GRAMS) : '',
    },
  )
  const [limit, colour] = [form.bind('limit', 'weight_limit_grams'), form.bind('color')]

  async function submit(event: FormEvent) {
    event.preventDefault()
    const saved = await form.submit(({ name, color, limit }) => {
      const kilograms = numberOrNull(limit)
      const weight_limit_grams = kilograms === null ? null : Math.round(kilograms * GRAMS)
      return { tripId: trip.id, ...(bag && { bagId: bag.id }), name, color, weight_limit_grams }
    })
    if (!saved) return
    rows.adopt(PackingBag.name, saved.bag as unknown as WireRow)
    onClose()
  }

  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <Trouble form={form} />
      <TextField label={t('packing.bagName')} placeholder={t('packing.bagNamePlaceholder')} {...form.bind('name')} />
      <TextField
        label={t('packing.limit')}
        hint={t('packing.optional')}
        inputMode="decimal"
        placeholder="8"
        {...limit}
        error={limit.error && t('packing.limitWrong')}
      />
      <fieldset>
        <legend className="mb-2 font-medium text-sm">{t('packing.colour')}</legend>
        <div className="flex flex-wrap gap-2">
          {BAG_COLOURS.map((one, index) => (
            <label key={one} className="relative flex size-9 cursor-pointer items-center justify-center rounded-full">
              <input
                type="radio"
                name="colour"
                className="peer absolute inset-0 cursor-pointer appearance-none rounded-full checked:ring-2 checked:ring-ink"
                aria-label={t('packing.colourNumber', { number: index + 1 })}
                checked={colour.value.toLowerCase() === one}
                onChange={() => colour.onChange(one)}
              />
              <span
                aria-hidden="true"
                className="pointer-events-none size-7 rounded-full"
                style={{ backgroundColor: one }}
              />
            </label>
          ))}
        </div>
      </fieldset>
      <FormActions submit={t('save')} busy={form.busy} onCancel={onClose} />
    </form>
  )
}
