import { Download, Plus, Wallet } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../ui/design/button.tsx'
import { IconButton } from '../../../ui/design/icon-button.tsx'
import { Segmented } from '../../../ui/design/segmented.tsx'
import { EmptyState, PageSkeleton } from '../../../ui/design/states.tsx'
import { tellTrouble } from '../../../ui/design/toast.tsx'
import { useSpace } from '../../../ui/live/hooks.tsx'
import { useRemembered } from '../../../ui/remembered.ts'
import { saveAs } from '../../../ui/save-as.ts'
import { useRights } from '../../admin/web/instance.ts'
import { useMyRole } from '../../trips/web/members.ts'
import { useTrip } from '../../trips/web/trip-context.tsx'
import { type BudgetItemRow, budget_edit } from '../contract/index.ts'
import { useCategoryNames } from './categories.tsx'
import { useCurrency, useDateOf, useItems, useNames } from './costs.ts'
import { costsAsCsv } from './csv.ts'
import { ExpenseDialog } from './expense-dialog.tsx'
import { ExpenseList, type Grouping } from './expense-list.tsx'
import { Overview } from './overview.tsx'
import { PeopleCosts } from './people-costs.tsx'
import { SettleUp } from './settle-up.tsx'

/** What the trip costs, who has paid, and who owes whom. */
export function CostsPage() {
  const { t } = useTranslation()
  const { status } = useSpace()
  const items = useItems()
  const mayEdit = useRights(useMyRole())(budget_edit)
  const [adding, setAdding] = useState(false)
  const [grouping, setGrouping] = useRemembered<Grouping>('costs.grouping', 'day')
  const add = () => setAdding(true)
  if (status === 'loading') return <PageSkeleton />
  return (
    <div className="mx-auto flex max-w-6xl flex-col gap-6 px-4 pt-6 pb-20 sm:px-6 sm:pt-10">
      <header className="flex items-center gap-2">
        <h2 className="title flex min-w-0 flex-1 items-center gap-3 text-2xl">
          <Wallet size={24} aria-hidden="true" className="text-pine-ink" />
          {t('costs.title')}
        </h2>
        {items.length > 0 && <Export items={items} />}
        {mayEdit && items.length > 0 && (
          <Button tone="primary" icon={<Plus size={17} aria-hidden="true" />} onClick={add}>
            {t('costs.add')}
          </Button>
        )}
      </header>
      {items.length > 0 ? (
        <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_22rem] lg:grid-rows-[auto_1fr]">
          <Overview items={items} mayEdit={mayEdit} />
          <div className="flex min-w-0 flex-col gap-6 lg:sticky lg:top-6 lg:col-start-2 lg:row-span-2 lg:row-start-1">
            <SettleUp mayEdit={mayEdit} />
            <PeopleCosts />
          </div>
          <div className="flex min-w-0 flex-col gap-6">
            <Segmented
              label={t('costs.grouping')}
              value={grouping}
              choices={[
                { value: 'day', label: t('costs.byDay') },
                { value: 'category', label: t('costs.byCategory') },
              ]}
              onChange={setGrouping}
            />
            <ExpenseList items={items} grouping={grouping} mayEdit={mayEdit} />
          </div>
        </div>
      ) : (
        <EmptyState
          title={t('costs.emptyTitle')}
          action={
            mayEdit && (
              <Button tone="primary" icon={<Plus size={17} aria-hidden="true" />} onClick={add}>
                {t('costs.add')}
              </Button>
            )
          }
        >
          {t('costs.emptyBody')}
        </EmptyState>
      )}
      <ExpenseDialog open={adding} onClose={() => setAdding(false)} />
    </div>
  )
}

function Export({ items }: { items: readonly BudgetItemRow[] }) {
  const { t } = useTranslation()
  const trip = useTrip()
  const { nameOf } = useCategoryNames()
  const person = useNames()
  const currency = useCurrency()
  const dateOf = useDateOf()
  const headings = [
    t('costs.date'),
    t('costs.name'),
    t('costs.categoryLabel'),
    t('costs.amount'),
    t('costs.currency'),
    t('costs.amountIn', { currency }),
    t('costs.paidBy'),
    t('costs.note'),
  ]
  async function save() {
    const title = trip.title.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '') || 'trip'
    try {
      const csv = await costsAsCsv(items, headings, currency, dateOf, { category: nameOf, person })
      saveAs(`costs-${title}.csv`, csv, 'text/csv')
    } catch {
      tellTrouble(t('error.unexpected'))
    }
  }
  return (
    <IconButton label={t('costs.export')} onClick={() => void save()}>
      <Download size={18} aria-hidden="true" />
    </IconButton>
  )
}
