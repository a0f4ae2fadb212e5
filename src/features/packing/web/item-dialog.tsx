import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../../identity/web/session.ts'
import { storedCategory, typedCategory } from '../../../ui/category.ts'
import { Checkbox } from '../../../ui/design/checkbox.tsx'
import { Dialog } from '../../../ui/design/dialog.tsx'
import { TextField } from '../../../ui/design/field.tsx'
import { Select } from '../../../ui/design/select.tsx'
import { numberField, numberOrNull, useForm } from '../../../ui/form/form.ts'
import { FormActions } from '../../../ui/form/form-actions.tsx'
import { Trouble } from '../../../ui/form/trouble.tsx'
import { useMembers } from '../../trips/web/members.ts'
import { type PackingBagRow, type PackingItemRow, update_packing_item } from '../contract/index.ts'
import { BagDot } from './bag-dot.tsx'

interface Props {
  item: PackingItemRow
  bags: readonly PackingBagRow[]
  open: boolean
  onClose(): void
}

export function ItemDialog({ item, bags, open, onClose }: Props) {
  const { t } = useTranslation()
  return (
    <Dialog open={open} onClose={onClose} title={t('packing.edit')}>
      <ItemForm item={item} bags={bags} onClose={onClose} />
    </Dialog>
  )
}

function ItemForm({ item, bags, onClose }: Omit<Props, 'open'>) {
  const { t } = useTranslation()
  const me = useMe()
  const form = useForm(update_packing_item, {
    name: item.name,
    category: typedCategory(item.category),
    quantity: numberField(item.quantity),
    weight: numberField(item.weight_grams),
    bag_id: item.bag_id,
    visibility: item.visibility,
    shared_with: item.shared_with,
  })
  const [visibility, sharedWith] = [form.bind('visibility'), form.bind('shared_with')]
  const isMine = item.owner_id === me.id

  async function submit(event: FormEvent) {
    event.preventDefault()
    const saved = await form.submit((values) => ({
      tripId: item.trip_id,
      itemId: item.id,
      name: values.name,
      category: storedCategory(t, values.category),
      quantity: numberOrNull(values.quantity) ?? 1,
      weight_grams: numberOrNull(values.weight),
      bag_id: values.bag_id,
      ...(isMine && {
        visibility: values.visibility,
        shared_with: values.visibility === 'shared' ? values.shared_with : [],
      }),
    }))
    if (saved) onClose()
  }

  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <Trouble form={form} />
      <TextField label={t('packing.what')} {...form.bind('name')} />
      <TextField
        label={t('packing.category')}
        placeholder={t('category.general')}
        {...form.bind('category')}
        // An item without a category gets the one of the placeholder.
        aria-required={false}
      />
      <div className="grid grid-cols-2 gap-3">
        <TextField label={t('packing.quantity')} inputMode="numeric" {...form.bind('quantity')} />
        <TextField label={t('packing.weight')} inputMode="numeric" {...form.bind('weight', 'weight_grams')} />
      </div>
      {bags.length > 0 && (
        <Select
          label={t('packing.bag')}
          choices={[
            { value: null, label: t('packing.noBag') },
            ...bags.map(({ id, name, color }) => ({ value: id, label: name, icon: <BagDot color={color} /> })),
          ]}
          {...form.bind('bag_id')}
        />
      )}
      {isMine && (
        <Select
          label={t('packing.whoSees')}
          choices={[
            { value: 'common', label: t('packing.common') },
            { value: 'personal', label: t('packing.personal') },
            { value: 'shared', label: t('packing.shared') },
          ]}
          {...visibility}
          error={visibility.error ?? sharedWith.error}
        />
      )}
      {isMine && visibility.value === 'shared' && <SharedWith {...sharedWith} />}
      <FormActions submit={t('save')} busy={form.busy} onCancel={onClose} />
    </form>
  )
}

function SharedWith({ value: chosen, onChange }: { value: readonly number[]; onChange(ids: number[]): void }) {
  const { t } = useTranslation()
  const me = useMe()
  const { data } = useMembers()
  if (!data) return null
  const others = [data.owner, ...data.members].filter((member) => member.user_id !== me.id)
  if (!others.length) return <p className="text-ink-faint text-sm">{t('packing.nobodyElse')}</p>
  return (
    <fieldset className="flex flex-col gap-2.5">
      <legend className="mb-2 font-medium text-sm">{t('packing.sharedWithWhom')}</legend>
      {others.map(({ user_id, name }) => (
        <Checkbox
          key={user_id}
          label={name}
          checked={chosen.includes(user_id)}
          onChange={(on) => onChange(on ? [...chosen, user_id] : chosen.filter((id) => id !== user_id))}
        />
      ))}
    </fieldset>
  )
}
