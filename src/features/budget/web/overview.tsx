import { RefreshCw } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../ui/design/button.tsx'
import { Notice } from '../../../ui/design/notice.tsx'
import { tell } from '../../../ui/design/toast.tsx'
import { useAct } from '../../../ui/live/act.ts'
import { useLookUps } from '../../admin/web/instance.ts'
import { useTrip } from '../../trips/web/trip-context.tsx'
import { type BudgetItemRow, refresh_budget_rates } from '../contract/index.ts'
import { CategoryMark, hueOf, useCategoryNames } from './categories.tsx'
import { sumOf, useCurrency } from './costs.ts'
import { money, moneyList } from './money.ts'

/** The costs of the trip in total and by category. */
export function Overview({ items, mayEdit }: { items: readonly BudgetItemRow[]; mayEdit: boolean }) {
  const { t } = useTranslation()
  const trip = useTrip()
  const currency = useCurrency()
  const { total, left } = sumOf(items, currency)
  const paid = sumOf(
    items.filter(({ payers }) => payers.length),
    currency,
  ).total
  return (
    <section
      aria-label={t('costs.total')}
      className="flex flex-col gap-5 rounded-lg border border-line bg-surface p-4 sm:p-5"
    >
      <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-2">
        <div>
          <p className="text-ink-faint text-sm">{t('costs.total')}</p>
          <p className="figures title text-3xl">{money(total, currency)}</p>
        </div>
        <p className="figures text-ink-soft text-sm">
          {t('costs.paidAndPlanned', {
            paid: money(paid, currency),
            planned: money(Math.max(0, total - paid), currency),
          })}
        </p>
      </div>
      {left.length > 0 && (
        <Unconverted mayEdit={mayEdit} alarming>
          {t('costs.left', { amounts: moneyList(left), currency })}
        </Unconverted>
      )}
      {currency !== trip.currency && (
        <Unconverted mayEdit={mayEdit}>{t('costs.allIn', { currency, wanted: trip.currency })}</Unconverted>
      )}
      <Bars items={items} total={total} />
    </section>
  )
}

interface UnconvertedProps {
  readonly alarming?: boolean
  readonly children: ReactNode
}

/** The amounts that cannot be shown in the currency of the trip. */
function Unconverted({ mayEdit, ...props }: UnconvertedProps & { mayEdit: boolean }) {
  // Visitors of a share link cannot look up rates, and cannot read what this server looks up.
  return mayEdit ? <ToConvert {...props} /> : <UnconvertedNotice {...props} />
}

function UnconvertedNotice({ alarming, children, action }: UnconvertedProps & { action?: ReactNode }) {
  return (
    <Notice tone={alarming ? 'warning' : 'info'} action={action}>
      {children}
    </Notice>
  )
}

/** The same, with what to do about it. */
function ToConvert({ children, ...props }: UnconvertedProps) {
  const { t } = useTranslation()
  const trip = useTrip()
  const act = useAct()
  const { rates } = useLookUps()
  const [busy, setBusy] = useState(false)

  async function lookUp() {
    setBusy(true)
    const answer = await act(refresh_budget_rates, { tripId: trip.id })
    setBusy(false)
    if (answer) tell(answer.converted ? t('costs.ratesFound', { count: answer.converted }) : t('costs.noRates'))
  }

  if (!rates) {
    return (
      <UnconvertedNotice {...props}>
        {children} {t('costs.enterRate')}
      </UnconvertedNotice>
    )
  }
  const action = (
    <Button size="small" busy={busy} icon={<RefreshCw size={14} aria-hidden="true" />} onClick={() => void lookUp()}>
      {t('costs.lookUp')}
    </Button>
  )
  return (
    <UnconvertedNotice {...props} action={action}>
      {children}
    </UnconvertedNotice>
  )
}

function Bars({ items, total }: { items: readonly BudgetItemRow[]; total: number }) {
  const currency = useCurrency()
  const { nameOf } = useCategoryNames()
  const categories = [...Map.groupBy(items, ({ category }) => category)]
    .map(([category, inIt]) => ({ category, ...sumOf(inIt, currency) }))
    .sort((a, b) => b.total - a.total)
  return (
    <ul className="flex flex-col gap-2.5">
      {categories.map(({ category, total: sum, left }) => (
        <li key={category} className="flex items-center gap-3">
          <CategoryMark category={category} small />
          <div className="min-w-0 flex-1">
            <p className="flex items-baseline justify-between gap-3">
              <span className="truncate">{nameOf(category)}</span>
              <span className="figures shrink-0 text-sm">
                {(sum > 0 || !left.length) && money(sum, currency)}
                {left.length > 0 && (
                  <span className="text-ink-faint">
                    {sum > 0 && ' + '}
                    {moneyList(left)}
                  </span>
                )}
              </span>
            </p>
            <div className="mt-1 h-1.5 overflow-hidden rounded-full bg-hover">
              <div
                className="h-full rounded-full transition-[width] duration-(--steady)"
                style={{ width: total ? `${(sum / total) * 100}%` : 0, backgroundColor: hueOf(category) }}
              />
            </div>
          </div>
        </li>
      ))}
    </ul>
  )
}
