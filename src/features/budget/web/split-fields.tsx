import { Check } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Avatar } from '../../../ui/design/avatar.tsx'
import { Checkbox } from '../../../ui/design/checkbox.tsx'
import { Segmented } from '../../../ui/design/segmented.tsx'
import { major } from '../contract/shares.ts'
import { AmountField } from './amount-field.tsx'
import { type ExpenseValues, sharesIn, totalUnits, uncovered } from './expense-values.ts'
import { money } from './money.ts'
import type { ExpenseForm, Someone } from './use-expense-form.ts'

interface Props {
  people: readonly Someone[]
  form: ExpenseForm
  /** The id of the expense, which decides who gets the last cents; 0 for a new one. */
  id: number
}

/** Who shares an expense, and how; shows at every keystroke whether it adds up. */
export function SplitFields({ people, form, id }: Props) {
  const { t } = useTranslation()
  const { values } = form
  const { split, currency } = values
  const [bearers, exact, weights] = [
    form.bind('bearers', 'member_ids'),
    form.bind('exact', 'shares'),
    form.bind('weights', 'shares'),
  ]
  const error = form.error('shares') ?? form.error('member_ids')
  const shares = sharesIn(values, id)
  const shareOf = (userId: number) => {
    const units = shares.get(userId)
    return units === undefined ? '' : money(major(units, currency), currency)
  }
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1.5 font-medium text-sm">{t('costs.splitAmong')}</legend>
      <Segmented
        label={t('costs.howSplit')}
        choices={[
          { value: 'equal', label: t('costs.equally') },
          { value: 'exact', label: t('costs.exactly') },
          { value: 'shares', label: t('costs.byParts') },
        ]}
        {...form.bind('split', 'shares')}
      />
      <ul className="flex flex-col divide-y divide-line rounded-md border border-line bg-surface">
        {people.map(({ user_id, name }) => (
          <li key={user_id} className="flex min-h-12 items-center gap-3 px-3 py-1.5">
            {split === 'equal' && (
              <Checkbox
                bare
                label={t('costs.shares', { name })}
                checked={bearers.value.includes(user_id)}
                onChange={(on) =>
                  bearers.onChange(on ? [...bearers.value, user_id] : bearers.value.filter((one) => one !== user_id))
                }
              />
            )}
            <Avatar userId={user_id} name={name} size="small" />
            <span className="min-w-0 flex-1 truncate">{name}</span>
            {split !== 'exact' && <span className="figures text-ink-soft text-sm">{shareOf(user_id)}</span>}
            {split === 'exact' && (
              <AmountField
                label={t('costs.shareOf', { name })}
                value={exact.value[user_id] ?? ''}
                onChange={(text) => exact.onChange({ ...exact.value, [user_id]: text })}
              />
            )}
            {split === 'shares' && (
              <AmountField
                narrow
                label={t('costs.partsOf', { name })}
                value={weights.value[user_id] ?? ''}
                onChange={(text) => weights.onChange({ ...weights.value, [user_id]: text })}
              />
            )}
          </li>
        ))}
      </ul>
      {error ? (
        <p role="alert" className="text-signal-ink text-sm first-letter:uppercase">
          {error}
        </p>
      ) : (
        <Verdict values={values} />
      )}
    </fieldset>
  )
}

function Verdict({ values }: { values: ExpenseValues }) {
  const { t } = useTranslation()
  const { split, bearers, currency } = values
  const rest = uncovered(values)
  const amount = (units: number) => money(major(Math.abs(units), currency), currency)
  if (split === 'equal' && !bearers.length) return <p className="text-ink-faint text-sm">{t('costs.nobodyShares')}</p>
  if (split !== 'exact' || rest === null || !totalUnits(values)) return null
  return (
    <p aria-live="polite" className={rest === 0 ? 'text-pine-ink text-sm' : 'text-signal-ink text-sm'}>
      {rest === 0 ? (
        <span className="inline-flex items-center gap-1.5">
          <Check size={14} aria-hidden="true" />
          {t('costs.addsUp')}
        </span>
      ) : rest > 0 ? (
        t('costs.stillOpen', { amount: amount(rest) })
      ) : (
        t('costs.tooMuch', { amount: amount(rest) })
      )}
    </p>
  )
}
