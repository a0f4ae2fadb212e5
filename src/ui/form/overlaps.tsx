import { createContext, use, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { moment, wallClock } from '../dates.ts'
import { language } from '../i18n.ts'
import { listOf } from '../message.ts'
import { fieldOf, type Overlap, whoDid } from './overlap.ts'

/** A text for the value of a field, for forms whose values are ids; undefined leaves the value as it is. */
export type ShownValue = (of: Pick<Overlap, 'entity' | 'field'>, value: unknown) => string | undefined

const ShownValueContext = createContext<ShownValue>(() => undefined)

/** Provides the texts for values to everything below. */
export const ShownValues = ShownValueContext

interface Props {
  form: {
    readonly overlaps: readonly Overlap[]
    isTheirs(overlap: Overlap): boolean
    decide(overlap: Overlap, theirs: boolean): void
  }
}

/** What somebody else has changed while a form was open: both values of each field, and a choice between them. */
export function Overlaps({ form }: Props) {
  const { t } = useTranslation()
  const shown = useShownValue()
  if (!form.overlaps.length) return null
  return (
    <section role="alert" className="flex flex-col gap-3 rounded-md bg-signal-soft px-3 py-3 text-base text-signal-ink">
      <h3 className="font-semibold">{t('form.overlaps.title')}</h3>
      {form.overlaps.map((overlap) => (
        <fieldset key={overlap.field} className="flex flex-col gap-1.5">
          <legend className="mb-1">
            {t('form.overlaps.changed', { who: whoDid(overlap), field: fieldOf(t, overlap) })}
            <span className="text-sm"> · {moment(overlap.at)}</span>
          </legend>
          <Choice
            label={t('form.overlaps.mine')}
            value={shown(overlap, overlap.wanted)}
            checked={!form.isTheirs(overlap)}
            onChoose={() => form.decide(overlap, false)}
          />
          <Choice
            label={t('form.overlaps.theirs')}
            value={shown(overlap, overlap.is)}
            checked={form.isTheirs(overlap)}
            onChoose={() => form.decide(overlap, true)}
          />
        </fieldset>
      ))}
      <p>{t('form.overlaps.how')}</p>
    </section>
  )
}

interface ChoiceProps {
  label: string
  value: string
  checked: boolean
  onChoose(): void
}

function Choice({ label, value, checked, onChoose }: ChoiceProps) {
  const id = useId()
  return (
    <label
      htmlFor={id}
      className="flex min-h-10 items-baseline gap-2.5 rounded-md border border-line bg-surface px-3 py-2 text-ink"
    >
      <input id={id} type="radio" checked={checked} onChange={onChoose} className="size-4 self-center accent-pine" />
      <span className="shrink-0 text-ink-soft text-sm">{label}</span>
      <span className="wrap-anywhere line-clamp-4 min-w-0 font-medium">{value}</span>
    </label>
  )
}

/** Returns the text for the value of a field. */
export function useShownValue(): (of: Pick<Overlap, 'entity' | 'field'>, value: unknown) => string {
  const { t } = useTranslation()
  const named = use(ShownValueContext)
  return (of, value) => {
    const known = named(of, value)
    if (known !== undefined) return known
    if (value === null || value === undefined || value === '') return t('form.nothing')
    if (typeof value === 'boolean') return t(value ? 'form.yes' : 'form.no')
    if (typeof value === 'string' && MOMENT.test(value)) return wallClock(value)
    if (typeof value === 'number') return new Intl.NumberFormat(language()).format(value)
    if (Array.isArray(value)) return value.length ? listOf(value.map((one) => textOf(one))) : t('form.nothing')
    return textOf(value)
  }
}

const MOMENT = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?$/

const textOf = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? Object.values(value)
        .filter((part) => part !== null)
        .join(' · ')
    : String(value)
