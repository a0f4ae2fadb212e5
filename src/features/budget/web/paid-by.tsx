import { useTranslation } from 'react-i18next'
import { Avatar } from '../../../ui/design/avatar.tsx'
import { Select } from '../../../ui/design/select.tsx'
import { AmountField } from './amount-field.tsx'
import type { ExpenseValues } from './expense-values.ts'
import type { ExpenseForm, Someone } from './use-expense-form.ts'

interface Props {
  people: readonly Someone[]
  form: ExpenseForm
}

/** Who has paid an expense: nobody yet, one person, or several. */
export function PaidBy({ people, form }: Props) {
  const { t } = useTranslation()
  const { amount } = form.values
  const [payer, payments] = [form.bind('payer', 'payers'), form.bind('payments', 'payers')]
  return (
    <div className="flex flex-col gap-3">
      <Select<number | string>
        label={t('costs.paidBy')}
        {...payer}
        choices={[
          ...people.map(({ user_id, name }) => ({
            value: user_id,
            label: name,
            icon: <Avatar userId={user_id} name={name} size="small" />,
          })),
          ...(people.length > 1 ? [{ value: 'several', label: t('costs.several') }] : []),
          { value: 'nobody', label: t('costs.nobodyYet') },
        ]}
        onChange={(next) => {
          const isFirst = next === 'several' && typeof payer.value === 'number' && amount
          if (isFirst) payments.onChange({ [payer.value]: amount })
          payer.onChange(next as ExpenseValues['payer'])
        }}
      />
      {payer.value === 'several' && (
        <ul className="flex flex-col gap-2 rounded-md border border-line bg-surface p-3">
          {people.map(({ user_id, name }) => (
            <li key={user_id} className="flex items-center gap-3">
              <Avatar userId={user_id} name={name} size="small" />
              <span className="min-w-0 flex-1 truncate">{name}</span>
              <AmountField
                label={t('costs.paidOf', { name })}
                value={payments.value[user_id] ?? ''}
                onChange={(text) => payments.onChange({ ...payments.value, [user_id]: text })}
              />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
