import { useTranslation } from 'react-i18next'
import { TextField } from '../../../ui/design/field.tsx'
import type { Bound } from '../../../ui/form/bound.ts'
import { useRows } from '../../../ui/live/hooks.tsx'
import { useAddon, useRights } from '../../admin/web/instance.ts'
import { BudgetItem, budget, budget_edit } from '../../budget/contract/index.ts'
import { useMyRole } from '../../trips/web/members.ts'

/** The price of a booking, which its cost holds. */
export function usePrice(reservationId: number | null): { total_price: number; currency: string } | null {
  return useRows(BudgetItem).find((item) => reservationId !== null && item.reservation_id === reservationId) ?? null
}

/** The price; the costs of the trip hold it, if they are switched on. */
export function PriceField({ currency, ...bound }: Bound<string> & { currency: string }) {
  const { t } = useTranslation()
  const hasCosts = useAddon(budget)
  const mayPrice = useRights(useMyRole())(budget_edit)
  if (!hasCosts) return null
  return (
    <TextField
      label={t('bookings.price', { currency })}
      hint={t('form.optional')}
      inputMode="decimal"
      note={mayPrice ? t('bookings.priceNote') : t('bookings.priceNotYours')}
      disabled={!mayPrice}
      {...bound}
    />
  )
}
