import { useTranslation } from 'react-i18next'
import { TextArea, TextField } from '../../../ui/design/field.tsx'
import { Select } from '../../../ui/design/select.tsx'
import { language } from '../../../ui/i18n.ts'
import { usualEnd } from './phase.ts'

export interface TripValues extends Record<string, unknown> {
  title: string
  description: string
  start_date: string
  end_date: string
  currency: string
}

const CURRENCIES = [
  'EUR',
  'USD',
  'GBP',
  'CHF',
  'JPY',
  'AUD',
  'CAD',
  'CNY',
  'CZK',
  'DKK',
  'HUF',
  'INR',
  'KRW',
  'MXN',
  'NOK',
  'NZD',
  'PLN',
  'SEK',
  'SGD',
  'THB',
  'TRY',
  'ZAR',
]

interface Props {
  values: TripValues
  set<K extends keyof TripValues>(key: K, value: TripValues[K]): void
  error(field: string): string | undefined
  autoFocus?: boolean
}

/** The fields of a trip, for creating and changing it. */
export function TripFields({ values, set, error, autoFocus }: Props) {
  const { t } = useTranslation()
  const names = new Intl.DisplayNames(language(), { type: 'currency' })
  const backwards = values.start_date !== '' && values.end_date !== '' && values.end_date < values.start_date
  const codes = CURRENCIES.includes(values.currency) ? CURRENCIES : [values.currency, ...CURRENCIES]
  return (
    <>
      <TextField
        label={t('trip.name')}
        placeholder={t('trip.namePlaceholder')}
        maxLength={200}
        autoFocus={autoFocus}
        value={values.title}
        error={error('title')}
        onChange={(text) => set('title', text)}
      />
      <div className="grid grid-cols-2 gap-3">
        <TextField
          label={t('trip.firstDay')}
          type="date"
          value={values.start_date}
          error={error('start_date')}
          onChange={(start) => {
            set('start_date', start)
            if (start && (!values.end_date || values.end_date < start)) set('end_date', usualEnd(start))
          }}
        />
        <TextField
          label={t('trip.lastDay')}
          type="date"
          min={values.start_date || undefined}
          value={values.end_date}
          error={error('end_date') && (backwards ? t('trip.backwards') : error('end_date'))}
          onChange={(text) => set('end_date', text)}
        />
      </div>
      <Select
        label={t('trip.currency')}
        value={values.currency}
        choices={codes.map((code) => ({ value: code, label: `${code} · ${names.of(code)}` }))}
        onChange={(currency) => set('currency', currency)}
        error={error('currency')}
      />
      <TextArea
        label={t('trip.description')}
        hint={t('form.optional')}
        maxLength={2000}
        value={values.description}
        error={error('description')}
        onChange={(text) => set('description', text)}
      />
    </>
  )
}
