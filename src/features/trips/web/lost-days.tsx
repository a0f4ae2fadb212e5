import { useTranslation } from 'react-i18next'
import { Button } from '../../../ui/design/button.tsx'
import { DialogActions } from '../../../ui/design/dialog.tsx'
import { listOf } from '../../../ui/message.ts'
import { useDayName } from '../../days/web/day-name.ts'

/** A day that does not fit into the new dates, as described by the server. */
export interface LostDay {
  readonly day_id: number
  readonly day_number: number
  readonly date: string | null
  readonly title: string | null
  readonly holds: Readonly<Record<string, number>>
}

interface Props {
  days: readonly LostDay[]
  busy: boolean
  onChoose(shrink: 'keep_undated' | 'delete'): void
  onClose(): void
}

/** The new dates are too short for the plan: shows the contents of the surplus days, and asks what to do. */
export function LostDays({ days, busy, onChoose, onClose }: Props) {
  const { t } = useTranslation()
  const dayName = useDayName()
  const contents = (holds: LostDay['holds']) =>
    listOf(Object.entries(holds).map(([what, count]) => t(`holds.${what}`, { count })))
  return (
    <div role="alert">
      <p className="text-ink-soft">{t('trip.lostBody', { count: days.length })}</p>
      <ul className="mt-4 divide-y divide-line rounded-md border border-line bg-surface">
        {days.map((day) => (
          <li key={day.day_id} className="flex items-baseline justify-between gap-3 px-3 py-2.5">
            <span className="min-w-0 truncate font-medium">
              {dayName(day)}
              {day.title && <span className="font-normal text-ink-soft"> · {day.title}</span>}
            </span>
            <span className="figures shrink-0 text-ink-faint text-sm">{contents(day.holds)}</span>
          </li>
        ))}
      </ul>
      <DialogActions>
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button tone="danger" busy={busy} onClick={() => onChoose('delete')}>
          {t('delete')}
        </Button>
        <Button tone="primary" busy={busy} onClick={() => onChoose('keep_undated')}>
          {t('trip.lostKeep')}
        </Button>
      </DialogActions>
    </div>
  )
}
