import { useTranslation } from 'react-i18next'
import type { PublicTrip } from '../../sharing/contract/index.ts'
import { useCategoryNames } from './categories.tsx'
import { money, moneyList } from './money.ts'

/** The costs of the trip in total and by category. */
export function PublicBudget({ trip: { budget } }: { trip: PublicTrip }) {
  const { t } = useTranslation()
  const { nameOf } = useCategoryNames()
  if (!budget) return null
  const { total, currency, categories, unconverted } = budget
  return (
    <div className="rounded-lg border border-line bg-surface p-5 sm:p-6">
      <p className="title figures text-3xl">{money(total, currency)}</p>
      {unconverted.length > 0 && (
        <p className="figures mt-1 text-ink-soft">
          {t('sharing.andInOther', {
            amounts: moneyList(unconverted),
          })}
        </p>
      )}
      <dl className="mt-5 flex flex-col gap-3">
        {categories.map(({ category, total: amount, totals }) => (
          <div key={category} className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-1">
            <dt className="truncate font-medium">{nameOf(category)}</dt>
            <dd className="figures text-right">
              {amount > 0 || totals.length === 0 ? money(amount, currency) : moneyList(totals)}
            </dd>
            <div aria-hidden="true" className="col-span-2 h-1.5 overflow-hidden rounded-full bg-hover print:hidden">
              <div
                className="h-full rounded-full bg-pine"
                style={{ width: `${total > 0 ? (amount / total) * 100 : 0}%` }}
              />
            </div>
          </div>
        ))}
      </dl>
    </div>
  )
}
