import { MapPin, Plus, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../ui/design/button.tsx'
import { TextField } from '../../../ui/design/field.tsx'
import { IconButton } from '../../../ui/design/icon-button.tsx'
import { TimeField } from '../../../ui/form/time-field.tsx'
import type { BookingType } from '../contract/index.ts'
import { type EndValues, emptyEnd } from './booking-values.ts'
import { AirportField, StationField } from './where-fields.tsx'

interface Props {
  type: BookingType
  ends: readonly EndValues[]
  onChange(change: (ends: readonly EndValues[]) => EndValues[]): void
  error: string | undefined
}

/** The start, the stops and the end: each with its place and times. */
export function EndFields({ type, ends, onChange, error }: Props) {
  const { t } = useTranslation()
  const addStop = () => onChange((all) => [...all.slice(0, -1), emptyEnd(all.at(-2)?.date), ...all.slice(-1)])
  return (
    <fieldset className="flex min-w-0 flex-col gap-3">
      <legend className="sr-only">{t('bookings.route')}</legend>
      {ends.map((end, index) => {
        const role = index === 0 ? 'from' : index === ends.length - 1 ? 'to' : 'stop'
        return (
          <End
            key={end.key}
            type={type}
            role={role}
            end={end}
            onChange={(patch) =>
              onChange((all) => all.map((other) => (other.key === end.key ? { ...other, ...patch } : other)))
            }
            onRemove={role === 'stop' ? () => onChange((all) => all.filter(({ key }) => key !== end.key)) : undefined}
          />
        )
      })}
      {error && (
        <p role="alert" className="text-signal-ink text-sm">
          {error}
        </p>
      )}
      <Button
        tone="plain"
        size="small"
        icon={<Plus size={15} aria-hidden="true" />}
        onClick={addStop}
        className="self-start"
      >
        {t('bookings.addStop')}
      </Button>
    </fieldset>
  )
}

type TextKey = Exclude<keyof EndValues, 'key' | 'timezone'>

interface EndProps {
  type: BookingType
  role: 'from' | 'stop' | 'to'
  end: EndValues
  onChange(patch: Partial<EndValues>): void
  onRemove: (() => void) | undefined
}

function End({ type, role, end, onChange, onRemove }: EndProps) {
  const { t } = useTranslation()
  const bind = (key: TextKey): Typed => ({
    value: end[key],
    onChange: (text) => onChange({ [key]: text }),
  })
  const leaves = role !== 'to'
  const hasNumber = type === 'flight' || type === 'train' || type === 'bus' || type === 'ferry'
  return (
    <div className="relative flex flex-col gap-3 rounded-md border border-line bg-surface p-3">
      <div className="flex items-center gap-2">
        <h3 className="flex flex-1 items-center gap-1.5 font-semibold text-sm">
          <MapPin size={14} aria-hidden="true" className="text-ink-faint" />
          {t(`bookings.end.${role}`)}
        </h3>
        {onRemove && (
          <IconButton label={t('bookings.removeStop')} size="small" onClick={onRemove} className="-my-1 -mr-1">
            <X size={15} aria-hidden="true" />
          </IconButton>
        )}
      </div>
      {type === 'flight' ? (
        <AirportField end={end} onChange={onChange} />
      ) : (
        <StationField end={end} onChange={onChange} />
      )}
      {role === 'stop' && <When label={t('bookings.arrives')} date={bind('arrivalDate')} time={bind('arrivalTime')} />}
      <When label={leaves ? t('bookings.leaves') : t('bookings.arrives')} date={bind('date')} time={bind('time')} />
      {leaves && hasNumber && (
        <div className={type === 'train' ? 'grid grid-cols-3 gap-3' : 'grid grid-cols-2 gap-3'}>
          <TextField
            label={t(type === 'flight' ? 'bookings.flightNumber' : 'bookings.number')}
            placeholder={type === 'flight' ? 'NH 22' : undefined}
            maxLength={30}
            {...bind('number')}
          />
          {type === 'train' && <TextField label={t('bookings.platform')} maxLength={30} {...bind('platform')} />}
          <TextField label={t('bookings.seat')} maxLength={30} {...bind('seat')} />
        </div>
      )}
    </div>
  )
}

interface Typed {
  readonly value: string
  onChange(text: string): void
}

interface WhenProps {
  label: string
  date: Typed
  time: Typed
}

/** A date and a time, in local time of the place. */
export function When({ label, date, time }: WhenProps) {
  const { t } = useTranslation()
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_6.5rem] gap-3">
      <TextField label={label} type="date" value={date.value} onChange={date.onChange} />
      <TimeField label={t('bookings.time')} value={time.value} onChange={time.onChange} />
    </div>
  )
}
