import { Check } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { classes } from '../../../../ui/design/class-names.ts'
import { MarkdownText } from '../../../../ui/design/markdown-text.tsx'
import { useCategoryNames } from '../../../budget/web/categories.tsx'
import { money, moneyList } from '../../../budget/web/money.ts'
import type { PublicTrip } from '../../contract/index.ts'

/** What the trip costs in all, and where it goes. */
export function PublicBudget({ budget }: { budget: NonNullable<PublicTrip['budget']> }) {
  const { t } = useTranslation()
  const { nameOf } = useCategoryNames()
  const { total, currency, categories, unconverted } = budget
  return (
    <div className="rounded-lg border border-line bg-surface p-5 sm:p-6">
      <p className="title figures text-3xl">{money(total, currency)}</p>
      {unconverted.length > 0 && (
        <p className="figures mt-1 text-ink-soft">
          {t('sharing.andInOther', {
            amounts: moneyList(unconverted),
          })}
        </p>
      )}
      <dl className="mt-5 flex flex-col gap-3">
        {categories.map(({ category, total: amount, totals }) => (
          <div key={category} className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-1">
            <dt className="truncate font-medium">{nameOf(category)}</dt>
            <dd className="figures text-right">
              {amount > 0 || totals.length === 0 ? money(amount, currency) : moneyList(totals)}
            </dd>
            <div aria-hidden="true" className="col-span-2 h-1.5 overflow-hidden rounded-full bg-hover print:hidden">
              <div
                className="h-full rounded-full bg-pine"
                style={{ width: `${total > 0 ? (amount / total) * 100 : 0}%` }}
              />
            </div>
          </div>
        ))}
      </dl>
    </div>
  )
}

/** What everybody packs, by category. */
export function PublicPacking({ items }: { items: NonNullable<PublicTrip['packing']> }) {
  const { t } = useTranslation()
  return (
    <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
      {[...Map.groupBy(items, (item) => item.category)].map(([category, group]) => (
        <section
          key={category}
          aria-label={category}
          className="break-inside-avoid rounded-lg border border-line bg-surface p-4"
        >
          <h3 className="title wrap-anywhere mb-2 text-lg">{category}</h3>
          <ul className="flex flex-col gap-1.5">
            {group.map(({ id, name, quantity, checked }) => (
              <li key={id} className="flex items-start gap-2.5">
                <span
                  aria-hidden="true"
                  className={classes(
                    'mt-0.5 flex size-4 shrink-0 items-center justify-center rounded-sm border',
                    checked ? 'border-pine bg-pine text-on-pine' : 'border-line-strong',
                  )}
                >
                  {checked && <Check size={12} strokeWidth={3} />}
                </span>
                <span className={classes('wrap-anywhere', checked && 'text-ink-faint')}>
                  {name}
                  {quantity > 1 && <span className="figures text-ink-faint"> × {quantity}</span>}
                  {checked && <span className="sr-only"> ({t('packing.progress')})</span>}
                </span>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}

/** What the group has written down for everybody. */
export function PublicNotes({ notes }: { notes: NonNullable<PublicTrip['notes']> }) {
  return (
    <div className="grid items-start gap-4 md:grid-cols-2">
      {notes
        .toSorted((a, b) => Number(b.pinned) - Number(a.pinned))
        .map(({ id, title, content, color, website }) => (
          <article
            key={id}
            className="flex break-inside-avoid flex-col gap-2 rounded-lg border border-line bg-surface p-4 shadow-[inset_4px_0_0_var(--edge)]"
            style={{ ['--edge' as string]: color }}
          >
            <h3 className="title wrap-anywhere text-lg">{title}</h3>
            {content && <MarkdownText text={content} />}
            {website && (
              <a
                href={website}
                target="_blank"
                rel="noopener noreferrer"
                className="wrap-anywhere text-pine-ink text-sm underline underline-offset-2"
              >
                {website}
              </a>
            )}
          </article>
        ))}
    </div>
  )
}
