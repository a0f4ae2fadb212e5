import { Lock, Plus, Users } from 'lucide-react'
import { type FormEvent, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { shownCategory, storedCategory } from '../../../ui/category.ts'
import { Button } from '../../../ui/design/button.tsx'
import { LineField } from '../../../ui/design/field.tsx'
import { Select } from '../../../ui/design/select.tsx'
import { useForm } from '../../../ui/form/form.ts'
import { Trouble } from '../../../ui/form/trouble.tsx'
import type { WireRow } from '../../../ui/live/frames.ts'
import { useSpaceRows } from '../../../ui/live/hooks.tsx'
import { useTrip } from '../../trips/web/trip-context.tsx'
import { create_packing_item, PackingItem } from '../contract/index.ts'

type Visibility = 'common' | 'personal'

/** One line for the next item; the category stays, so that a list is written quickly. */
export function AddItem({ categories }: { categories: readonly string[] }) {
  const { t } = useTranslation()
  const trip = useTrip()
  const rows = useSpaceRows()
  const list = useId()
  const form = useForm(create_packing_item, { name: '', category: '', visibility: 'common' as Visibility })

  async function submit(event: FormEvent) {
    event.preventDefault()
    const { name, category, visibility } = form.values
    const made = await form.submit({ tripId: trip.id, name, visibility, category: storedCategory(t, category) })
    if (!made) return
    rows.adopt(PackingItem.name, made.item as unknown as WireRow)
    form.set('name', '')
  }

  const error = form.error('name') ?? form.error('category')
  return (
    <form onSubmit={submit} noValidate className="rounded-lg border border-line bg-surface p-2">
      <div className="flex flex-wrap items-center gap-2">
        <LineField
          label={t('packing.what')}
          placeholder={t('packing.whatPlaceholder')}
          className="h-10 flex-[2_1_12rem] border-transparent"
          {...form.bind('name')}
        />
        <LineField
          label={t('packing.category')}
          placeholder={t('packing.category')}
          list={list}
          className="h-10 flex-[1_1_7rem] max-sm:order-2"
          {...form.bind('category')}
        />
        <datalist id={list}>
          {categories.map((category) => (
            <option key={category} value={shownCategory(t, category)} />
          ))}
        </datalist>
        <div className="w-36 max-sm:order-3 max-sm:flex-1">
          <Select
            bare
            label={t('packing.whoSees')}
            choices={[
              { value: 'common', label: t('packing.common'), icon: <Users size={14} aria-hidden="true" /> },
              { value: 'personal', label: t('packing.personal'), icon: <Lock size={14} aria-hidden="true" /> },
            ]}
            className="h-10"
            {...form.bind('visibility')}
          />
        </div>
        <Button
          type="submit"
          tone="primary"
          busy={form.busy}
          icon={<Plus size={17} aria-hidden="true" />}
          className="max-sm:order-1"
        >
          {t('packing.add')}
        </Button>
      </div>
      {error && (
        <p role="alert" className="px-2 pt-2 text-sm text-signal-ink">
          {error}
        </p>
      )}
      <Trouble form={form} />
    </form>
  )
}
