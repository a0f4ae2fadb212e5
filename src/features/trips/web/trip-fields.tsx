import { useTranslation } from 'react-i18next'
import { TextArea, TextField } from '../../../ui/design/field.tsx'
import { Select } from '../../../ui/design/select.tsx'
import type { Form } from '../../../ui/form/form.ts'
import { language } from '../../../ui/i18n.ts'
import type { create_trip, update_trip } from '../contract/index.ts'
import { usualEnd } from './phase.ts'

export interface TripValues {
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
  form: Form<typeof create_trip | typeof update_trip, TripValues>
  autoFocus?: boolean
}

/** The fields of a trip, for creating and changing it. */
export function TripFields({ form, autoFocus }: Props) {
  const { t } = useTranslation()
  const { values } = form
  const [start, end] = [form.bind('start_date'), form.bind('end_date')]
  const names = new Intl.DisplayNames(language(), { type: 'currency' })
  const backwards = values.start_date !== '' && values.end_date !== '' && values.end_date < values.start_date
  const codes = CURRENCIES.includes(values.currency) ? CURRENCIES : [values.currency, ...CURRENCIES]
  return (
    <>
      <TextField
        label={t('trip.name')}
        placeholder={t('trip.namePlaceholder')}
        autoFocus={autoFocus}
        {...form.bind('title')}
      />
      <div className="grid grid-cols-2 gap-3">
        <TextField
          label={t('trip.firstDay')}
          type="date"
          {...start}
          onChange={(date) => {
            start.onChange(date)
            if (date && (!values.end_date || values.end_date < date)) form.set('end_date', usualEnd(date))
          }}
        />
        <TextField
          label={t('trip.lastDay')}
          type="date"
          min={values.start_date || undefined}
          {...end}
          error={end.error && (backwards ? t('trip.backwards') : end.error)}
        />
      </div>
      <Select
        label={t('trip.currency')}
        choices={codes.map((code) => ({ value: code, label: `${code} · ${names.of(code)}` }))}
        {...form.bind('currency')}
      />
      <TextArea label={t('trip.description')} hint={t('form.optional')} {...form.bind('description')} />
    </>
  )
}
