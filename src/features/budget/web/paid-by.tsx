import { useTranslation } from 'react-i18next'
import { Avatar } from '../../../ui/design/avatar.tsx'
import { Select } from '../../../ui/design/select.tsx'
import { AmountField } from './amount-field.tsx'
import type { ExpenseValues } from './expense-values.ts'

export interface Someone {
  readonly user_id: number
  readonly name: string
}

interface Props {
  people: readonly Someone[]
  values: ExpenseValues
  set<K extends keyof ExpenseValues>(key: K, value: ExpenseValues[K]): void
  error: string | undefined
}

/** Who has paid an expense: nobody yet, one person, or several. */
export function PaidBy({ people, values, set, error }: Props) {
  const { t } = useTranslation()
  const { payer, payments, amount } = values
  return (
    <div className="flex flex-col gap-3">
      <Select<number | string>
        label={t('costs.paidBy')}
        value={payer}
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
          if (next === 'several' && typeof payer === 'number' && amount) set('payments', { [payer]: amount })
          set('payer', next as ExpenseValues['payer'])
        }}
        error={error}
      />
      {payer === 'several' && (
        <ul className="flex flex-col gap-2 rounded-md border border-line bg-surface p-3">
          {people.map(({ user_id, name }) => (
            <li key={user_id} className="flex items-center gap-3">
              <Avatar userId={user_id} name={name} size="small" />
              <span className="min-w-0 flex-1 truncate">{name}</span>
              <AmountField
                label={t('costs.paidOf', { name })}
                value={payments[user_id] ?? ''}
                onChange={(text) => set('payments', { ...payments, [user_id]: text })}
              />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
