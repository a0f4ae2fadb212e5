import { ArrowDown, ArrowUp, MoreHorizontal, Pencil } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keysInOrder, movedBefore } from '../../../core/declare/order-key.ts'
import { longDate } from '../../../ui/dates.ts'
import { Dialog } from '../../../ui/design/dialog.tsx'
import { TextField } from '../../../ui/design/field.tsx'
import { IconButton } from '../../../ui/design/icon-button.tsx'
import { Menu, MenuItem } from '../../../ui/design/menu.tsx'
import { useForm } from '../../../ui/form/form.ts'
import { FormActions } from '../../../ui/form/form-actions.tsx'
import { Trouble } from '../../../ui/form/trouble.tsx'
import { patched, useAct } from '../../../ui/live/act.ts'
import { useTrip } from '../../trips/web/trip-context.tsx'
import { BudgetItem, type BudgetItemRow, move_budget_category, rename_budget_category } from '../contract/index.ts'
import { useCategoryNames } from './categories.tsx'
import { sumOf, useCurrency, useDateOf } from './costs.ts'
import { ExpenseRow } from './expense-row.tsx'
import { money, moneyList } from './money.ts'

export type Grouping = 'day' | 'category'

interface Props {
  items: readonly BudgetItemRow[]
  grouping: Grouping
  mayEdit: boolean
}

/** The expenses grouped by day or by category. */
export function ExpenseList({ items, grouping, mayEdit }: Props) {
  const { t } = useTranslation()
  const dateOf = useDateOf()
  if (grouping === 'category') return <Categories items={items} mayEdit={mayEdit} />
  const byDay = [...Map.groupBy(items, (item) => dateOf(item) ?? '')]
  const dates = byDay.flatMap(([day]) => day || [])
  // The latest first; expenses without a date are still to come, so they are at the top.
  return byDay
    .toSorted(([a], [b]) => (a === '' ? -1 : b === '' ? 1 : b.localeCompare(a)))
    .map(([day, onIt]) => (
      <Group key={day} title={day ? longDate(day, dates) : t('costs.withoutDate')} items={onIt} mayEdit={mayEdit} />
    ))
}

function Categories({ items, mayEdit }: Omit<Props, 'grouping'>) {
  const { t } = useTranslation()
  const { nameOf } = useCategoryNames()
  // Kept here, so that the form stays open if somebody else renames the category meanwhile.
  const [renaming, setRenaming] = useState<string | null>(null)
  const close = () => setRenaming(null)
  const groups = [...Map.groupBy(items, ({ category }) => category)]
  const categories = groups.map(([category]) => category)
  return (
    <>
      {groups.map(([category, inIt]) => (
        <Group key={category} title={nameOf(category)} items={inIt} mayEdit={mayEdit}>
          {mayEdit && (
            <CategoryMenu
              category={category}
              categories={categories}
              items={items}
              onRename={() => setRenaming(category)}
            />
          )}
        </Group>
      ))}
      <Dialog open={renaming !== null} onClose={close} title={t('costs.renameTitle')}>
        {renaming !== null && <RenameForm category={renaming} onClose={close} />}
      </Dialog>
    </>
  )
}

interface GroupProps {
  title: string
  items: readonly BudgetItemRow[]
  mayEdit: boolean
  children?: React.ReactNode
}

function Group({ title, items, mayEdit, children }: GroupProps) {
  const currency = useCurrency()
  const { total, left } = sumOf(items, currency)
  return (
    <section aria-label={title}>
      <div className="mb-2 flex min-h-8 items-center gap-2 px-1">
        <h3 className="min-w-0 flex-1 truncate font-semibold text-base">{title}</h3>
        <span className="figures text-ink-faint text-sm">
          {total || !left.length ? money(total, currency) : ''}
          {left.length > 0 && `${total ? ' + ' : ''}${moneyList(left)}`}
        </span>
        {children}
      </div>
      <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
        {items.map((item) => (
          <ExpenseRow key={item.id} item={item} mayEdit={mayEdit} />
        ))}
      </ul>
    </section>
  )
}

interface MenuProps {
  category: string
  categories: readonly string[]
  items: readonly BudgetItemRow[]
  onRename(): void
}

function CategoryMenu({ category, categories, items, onRename }: MenuProps) {
  const { t } = useTranslation()
  const trip = useTrip()
  const { nameOf } = useCategoryNames()
  const act = useAct()
  const at = categories.indexOf(category)

  function move(before: string | null) {
    const moved = movedBefore(categories, category, before) ?? categories
    const sorted = moved.flatMap((one) => items.filter((item) => item.category === one))
    const guesses = [...keysInOrder(sorted)].map(([{ id }, order_key]) => patched(BudgetItem, id, { order_key }))
    void act(move_budget_category, { tripId: trip.id, category, before }, guesses)
  }

  return (
    <Menu
      trigger={
        <IconButton label={t('costs.categoryMenu', { name: nameOf(category) })} size="small">
          <MoreHorizontal size={16} aria-hidden="true" />
        </IconButton>
      }
    >
      <MenuItem icon={<Pencil size={16} />} onSelect={onRename}>
        {t('costs.rename')}
      </MenuItem>
      <MenuItem icon={<ArrowUp size={16} />} disabled={at === 0} onSelect={() => move(categories[at - 1] as string)}>
        {t('costs.moveUp')}
      </MenuItem>
      <MenuItem
        icon={<ArrowDown size={16} />}
        disabled={at === categories.length - 1}
        onSelect={() => move(categories[at + 2] ?? null)}
      >
        {t('costs.moveDown')}
      </MenuItem>
    </Menu>
  )
}

function RenameForm({ category, onClose }: { category: string; onClose(): void }) {
  const { t } = useTranslation()
  const trip = useTrip()
  const { nameOf, named } = useCategoryNames()
  const form = useForm(rename_budget_category, { name: nameOf(category) })

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (await form.submit({ tripId: trip.id, category, name: named(form.values.name) })) onClose()
  }

  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <Trouble form={form} />
      <TextField label={t('costs.categoryLabel')} note={t('costs.renameNote')} {...form.bind('name')} />
      <FormActions submit={t('save')} busy={form.busy} onCancel={onClose} />
    </form>
  )
}
