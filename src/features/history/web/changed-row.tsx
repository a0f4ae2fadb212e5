import i18next from 'i18next'
import { ArrowRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { fieldOf } from '../../../ui/form/overlap.ts'
import { useShownValue } from '../../../ui/form/overlaps.tsx'
import { kindOf } from './names.ts'
import type { RowLine } from './use-changes.ts'

/** Equal for rows that a person cannot tell apart: of one kind, without a name, and without changed fields. */
export const alike = ({ entity, id, title, action, fields }: RowLine): string =>
  title === null && !fields.length ? `${entity} ${action}` : `${entity} ${id}`

/** One row of a change: what it is called, and what its fields were and are. With `count`, it stands for as many. */
export function ChangedRow({ row, count }: { row: RowLine; count: number }) {
  const { t } = useTranslation()
  const shown = useShownValue()
  const { entity, title, action } = row
  const kind = kindOf(row)
  // A field without a title is of no interest to people, such as a place in an order.
  const fields = row.fields.filter(({ field }) => i18next.exists([`fields.${entity}.${field}`, `fields.${field}`]))
  return (
    <li className="wrap-anywhere text-sm">
      <p>
        <span className="text-ink-faint">{t(`history.row.${action}`, { kind })}</span>
        {title !== null && <span className="font-medium"> {shown({ entity, field: 'title' }, title)}</span>}
        {count > 1 && <span className="figures"> × {count}</span>}
      </p>
      {fields.length > 0 && (
        <dl className="mt-0.5 flex flex-col gap-0.5">
          {fields.map(({ field, was, is }) => (
            <div key={field} className="flex flex-wrap items-baseline gap-x-1.5">
              <dt className="text-ink-faint">{fieldOf(t, { entity, field })}:</dt>
              <dd className="flex min-w-0 flex-wrap items-baseline gap-x-1.5">
                <del className="line-clamp-3 text-ink-soft decoration-ink-faint">{shown({ entity, field }, was)}</del>
                <ArrowRight
                  size={12}
                  aria-label={t('history.became')}
                  className="shrink-0 self-center text-ink-faint"
                />
                <ins className="line-clamp-3 no-underline">{shown({ entity, field }, is)}</ins>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </li>
  )
}
