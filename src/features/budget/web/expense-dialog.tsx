import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../../ui/design/dialog.tsx'
import { TextArea, TextField } from '../../../ui/design/field.tsx'
import { Skeleton } from '../../../ui/design/states.tsx'
import { FormActions } from '../../../ui/form/form-actions.tsx'
import { Trouble } from '../../../ui/form/trouble.tsx'
import { usePeople } from '../../trips/web/people-picker.tsx'
import type { BudgetItemRow } from '../contract/index.ts'
import { useCategoryNames } from './categories.tsx'
import { useItems } from './costs.ts'
import { PaidBy } from './paid-by.tsx'
import { SplitFields } from './split-fields.tsx'
import { TotalFields } from './total-fields.tsx'
import { type ExpenseForm as Form, useExpenseForm } from './use-expense-form.ts'

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

function ExpenseForm({ item, onClose }: { item: BudgetItemRow | undefined; onClose(): void }) {
  const { t } = useTranslation()
  const { form, people, submit } = useExpenseForm(item, onClose)
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-5">
      <Trouble form={form} />
      <TextField
        label={t('costs.name')}
        placeholder={t('costs.namePlaceholder')}
        autoFocus={!item}
        {...form.bind('name')}
      />
      <TotalFields form={form} />
      <PaidBy people={people} form={form} />
      <SplitFields people={people} form={form} id={item?.id ?? 0} />
      <DateAndCategory form={form} />
      <TextArea label={t('costs.note')} hint={t('form.optional')} rows={2} {...form.bind('note')} />
      <FormActions submit={item ? t('save') : t('costs.add')} busy={form.busy} onCancel={onClose} />
    </form>
  )
}

function DateAndCategory({ form }: { form: Form }) {
  const { t } = useTranslation()
  const { usual, nameOf } = useCategoryNames()
  const names = new Set([...usual, ...useItems().map(({ category }) => nameOf(category))])
  const list = useId()
  return (
    <div className="grid grid-cols-2 gap-3">
      <TextField label={t('costs.date')} hint={t('form.optional')} type="date" {...form.bind('date', 'expense_date')} />
      <TextField
        label={t('costs.categoryLabel')}
        placeholder={nameOf('other')}
        list={list}
        {...form.bind('category')}
        // Left empty, it stays as it was; a new expense gets the category of the placeholder.
        aria-required={false}
      />
      <datalist id={list}>
        {[...names].map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </div>
  )
}
