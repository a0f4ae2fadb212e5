import { Radio } from '@base-ui/react/radio'
import { RadioGroup } from '@base-ui/react/radio-group'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { classes } from '../../../ui/design/class-names.ts'
import { BOOKINGS, type BookingType, type TRANSPORTS } from '../contract/index.ts'
import { TypeIcon, typeHue } from './type-icon.tsx'

interface Props {
  value: BookingType
  /** An existing booking cannot change between transport and other kinds. */
  only: 'transports' | 'bookings' | null
  onChange(type: BookingType): void
}

const IN_ORDER = {
  bookings: BOOKINGS,
  transports: ['flight', 'train', 'bus', 'car', 'ferry', 'cruise', 'taxi', 'bicycle', 'transport_other'],
} as const satisfies Record<string, readonly (typeof BOOKINGS | typeof TRANSPORTS)[number][]>

/** The kind of booking, with all kinds visible. */
export function TypePicker({ value, only, onChange }: Props) {
  const { t } = useTranslation()
  const label = useId()
  const types: readonly BookingType[] = only ? IN_ORDER[only] : [...IN_ORDER.transports, ...IN_ORDER.bookings]
  return (
    <div>
      <p id={label} className="mb-2 font-medium text-sm">
        {t('bookings.kind')}
      </p>
      <RadioGroup
        aria-labelledby={label}
        value={value}
        onValueChange={(next) => onChange(next as BookingType)}
        className="grid grid-cols-[repeat(auto-fill,minmax(4.75rem,1fr))] gap-1.5"
      >
        {types.map((type) => (
          <Radio.Root
            key={type}
            value={type}
            aria-label={t(`bookings.type.${type}`)}
            className={classes(
              'flex min-h-14 cursor-default flex-col items-center justify-center gap-1 rounded-md border border-line bg-surface px-1 py-1 text-ink-soft transition-colors duration-(--fast) hover:border-line-strong',
              'data-checked:border-pine-ink data-checked:bg-pine-soft data-checked:text-pine-ink',
            )}
          >
            <span style={value === type ? undefined : { color: typeHue(type) }}>
              <TypeIcon type={type} size={19} />
            </span>
            <span aria-hidden="true" className="wrap-anywhere max-w-full text-center font-medium text-xs leading-4">
              {t(`bookings.type.${type}`)}
            </span>
          </Radio.Root>
        ))}
      </RadioGroup>
    </div>
  )
}
