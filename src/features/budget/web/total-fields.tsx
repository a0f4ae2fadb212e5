import { useTranslation } from 'react-i18next'
import { TextField } from '../../../ui/design/field.tsx'
import { Select } from '../../../ui/design/select.tsx'
import { numberField } from '../../../ui/form/form.ts'
import { language } from '../../../ui/i18n.ts'
import { useLookUps } from '../../admin/web/instance.ts'
import { useTrip } from '../../trips/web/trip-context.tsx'
import { major } from '../contract/shares.ts'
import { useItems } from './costs.ts'
import { totalUnits } from './expense-values.ts'
import type { ExpenseForm } from './use-expense-form.ts'

/** The amount of an expense, its currency, and the exchange rate of a foreign one. */
export function TotalFields({ form }: { form: ExpenseForm }) {
  const { t } = useTranslation()
  const trip = useTrip()
  const { rates } = useLookUps()
  const { values } = form
  const total = totalUnits(values)
  const isSum = values.payer === 'several'
  const [amount, currency] = [form.bind('amount', 'total_price'), form.bind('currency')]
  return (
    <>
      <div className="grid grid-cols-2 gap-3">
        <TextField
          label={t('costs.amount')}
          inputMode="decimal"
          autoComplete="off"
          placeholder="0"
          readOnly={isSum}
          note={isSum ? t('costs.amountIsSum') : undefined}
          {...amount}
          value={isSum && total !== null ? numberField(major(total, values.currency)) : amount.value}
        />
        <CurrencySelect
          {...currency}
          onChange={(code) => {
            currency.onChange(code)
            form.set('rate', '')
          }}
        />
      </div>
      {values.currency !== trip.currency && (
        <TextField
          label={t('costs.rate', { base: trip.currency, currency: values.currency })}
          hint={t('form.optional')}
          inputMode="decimal"
          autoComplete="off"
          note={t(rates ? 'costs.rateNote' : 'costs.rateNoteAlone')}
          {...form.bind('rate', 'exchange_rate')}
        />
      )}
    </>
  )
}

interface CurrencyProps {
  value: string
  error: string | undefined
  onChange(code: string): void
}

function CurrencySelect({ value, error, onChange }: CurrencyProps) {
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
