import { Check } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { shownCategory } from '../../../ui/category.ts'
import { classes } from '../../../ui/design/class-names.ts'
import type { PublicTrip } from '../../sharing/contract/index.ts'

/** The common packing items, by category. */
export function PublicPacking({ trip }: { trip: PublicTrip }) {
  const { t } = useTranslation()
  return (
    <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
      {[...Map.groupBy(trip.packing ?? [], (item) => item.category)].map(([category, group]) => (
        <section
          key={category}
          aria-label={shownCategory(t, category)}
          className="break-inside-avoid rounded-lg border border-line bg-surface p-4"
        >
          <h3 className="title wrap-anywhere mb-2 text-lg">{shownCategory(t, category)}</h3>
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
