import { type FormEvent, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../../identity/web/session.ts'
import { today } from '../../../ui/dates.ts'
import { Button } from '../../../ui/design/button.tsx'
import { Dialog, DialogActions } from '../../../ui/design/dialog.tsx'
import { TextArea, TextField } from '../../../ui/design/field.tsx'
import { Select } from '../../../ui/design/select.tsx'
import { Skeleton } from '../../../ui/design/states.tsx'
import { useForm } from '../../../ui/form/form.ts'
import { Trouble } from '../../../ui/form/trouble.tsx'
import { language } from '../../../ui/i18n.ts'
import type { WireRow } from '../../../ui/live/frames.ts'
import { useSpaceRows } from '../../../ui/live/hooks.tsx'
import { usePeople } from '../../trips/web/people-picker.tsx'
import { useTrip } from '../../trips/web/trip-context.tsx'
import { BudgetItem, type BudgetItemRow, create_budget_item, update_budget_item } from '../contract/index.ts'
import { major } from '../contract/shares.ts'
import { useCategoryNames } from './categories.tsx'
import { useItems, useNames } from './costs.ts'
import { type ExpenseValues, inputOf, newExpense, totalUnits, valuesOf } from './expense-values.ts'
import { PaidBy } from './paid-by.tsx'
import { SplitFields } from './split-fields.tsx'

interface Props {
  /** The expense to change; absent for a new one. */
  item?: BudgetItemRow
  open: boolean
  onClose(): void
}

export function ExpenseDialog({ item, open, onClose }: Props) {
  const { t } = useTranslation()
  const people = usePeople()
  return (
    <Dialog open={open} onClose={onClose} title={item ? t('costs.editTitle') : t('costs.addTitle')} wide>
      {people.length ? <ExpenseForm item={item} onClose={onClose} /> : <Skeleton className="h-80" />}
    </Dialog>
  )
}

/** The people an expense can name: those in the trip, and those it names already. */
function useNameable(item: BudgetItemRow | undefined) {
  const people = usePeople()
  const nameOf = useNames()
  const named = item ? [...item.payers, ...item.members].map(({ user_id }) => user_id) : []
  const former = [...new Set(named)].filter((id) => !people.some(({ user_id }) => user_id === id))
  return [
    ...people.map(({ user_id, name }) => ({ user_id, name })),
    ...former.map((user_id) => ({ user_id, name: nameOf(user_id) })),
  ]
}

function ExpenseForm({ item, onClose }: { item: BudgetItemRow | undefined; onClose(): void }) {
  const { t } = useTranslation()
  const me = useMe()
  const trip = useTrip()
  const rows = useSpaceRows()
  const people = useNameable(item)
  const categories = useCategoryNames()
  const known = new Set([...categories.usual, ...useItems().map(({ category }) => categories.nameOf(category))])
  const list = useId()
  const everybody = people.map(({ user_id }) => user_id)
  const payer = everybody.includes(me.id) ? me.id : (everybody[0] as number)
  const initial = item
    ? valuesOf(item, categories.nameOf(item.category))
    : newExpense(trip.currency, payer, everybody, today())
  const form = useForm<typeof update_budget_item | typeof create_budget_item, ExpenseValues>(
    item ? update_budget_item : create_budget_item,
    initial,
  )
  const { values, set, error } = form
  const total = totalUnits(values)

  async function submit(event: FormEvent) {
    event.preventDefault()
    const saved = await form.submit((written) => ({
      tripId: trip.id,
      ...(item && { itemId: item.id }),
      ...inputOf(written, categories.named(written.category), trip.currency),
    }))
    if (!saved) return
    if (!item) rows.adopt(BudgetItem.name, saved.item as unknown as WireRow)
    onClose()
  }

  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-5">
      <Trouble form={form} />
      <TextField
        label={t('costs.name')}
        placeholder={t('costs.namePlaceholder')}
        maxLength={200}
        autoFocus={!item}
        value={values.name}
        error={error('name')}
        onChange={(text) => set('name', text)}
      />
      <div className="grid grid-cols-2 gap-3">
        <TextField
          label={t('costs.amount')}
          inputMode="decimal"
          autoComplete="off"
          placeholder="0"
          readOnly={values.payer === 'several'}
          value={values.payer === 'several' && total !== null ? String(major(total, values.currency)) : values.amount}
          error={error('total_price')}
          note={values.payer === 'several' ? t('costs.amountIsSum') : undefined}
          onChange={(text) => set('amount', text)}
        />
        <CurrencySelect
          value={values.currency}
          error={error('currency')}
          onChange={(currency) => {
            set('currency', currency)
            set('rate', '')
          }}
        />
      </div>
      {values.currency !== trip.currency && (
        <TextField
          label={t('costs.rate', { base: trip.currency, currency: values.currency })}
          hint={t('form.optional')}
          inputMode="decimal"
          autoComplete="off"
          value={values.rate}
          error={error('exchange_rate')}
          note={t('costs.rateNote')}
          onChange={(text) => set('rate', text)}
        />
      )}
      <PaidBy people={people} values={values} set={set} error={error('payers')} />
      <SplitFields
        people={people}
        values={values}
        set={set}
        id={item?.id ?? 0}
        error={error('shares') ?? error('member_ids')}
      />
      <div className="grid grid-cols-2 gap-3">
        <TextField
          label={t('costs.date')}
          hint={t('form.optional')}
          type="date"
          value={values.date}
          error={error('expense_date')}
          onChange={(text) => set('date', text)}
        />
        <TextField
          label={t('costs.categoryLabel')}
          placeholder={categories.nameOf('other')}
          list={list}
          maxLength={100}
          value={values.category}
          error={error('category')}
          onChange={(text) => set('category', text)}
        />
        <datalist id={list}>
          {[...known].map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      </div>
      <TextArea
        label={t('costs.note')}
        hint={t('form.optional')}
        maxLength={500}
        rows={2}
        value={values.note}
        error={error('note')}
        onChange={(text) => set('note', text)}
      />
      <DialogActions>
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button type="submit" tone="primary" busy={form.busy}>
          {item ? t('save') : t('costs.add')}
        </Button>
      </DialogActions>
    </form>
  )
}

function CurrencySelect({
  value,
  error,
  onChange,
}: {
  value: string
  error: string | undefined
  onChange(code: string): void
}) {
  const { t } = useTranslation()
  const trip = useTrip()
  const used = useItems().map(({ currency }) => currency)
  const names = new Intl.DisplayNames(language(), { type: 'currency' })
  const codes = new Set([trip.currency, value, ...used, ...Intl.supportedValuesOf('currency')])
  return (
    <Select
      label={t('costs.currency')}
      value={value}
      choices={[...codes].map((code) => ({ value: code, label: `${code} · ${names.of(code)}` }))}
      onChange={onChange}
      error={error}
    />
  )
}
