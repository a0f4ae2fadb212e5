import { BedDouble, LogIn, LogOut } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { usePlanner } from '../../plan/web/planner.tsx'
import type { AccommodationRow } from '../contract/index.ts'
import { type StayPhase, stayPhase } from './phase.ts'

interface Props {
  stay: AccommodationRow
  dayId: number
}

const ICONS = { check_in: LogIn, staying: BedDouble, check_out: LogOut, visit: BedDouble }

/** The stay on one day: checking in, staying or checking out. */
export function StayBadge({ stay, dayId }: Props) {
  const { t } = useTranslation()
  const { plan, places } = usePlanner()
  const days = plan.map(({ day }) => day)
  const phase = stayPhase(stay, dayId, days)
  if (!phase) return null
  const Icon = ICONS[phase]
  const name = places.find((place) => place.id === stay.place_id)?.name ?? t('stays.noPlace')
  const time = timeIn(phase, stay)
  return (
    <span className="inline-flex max-w-full items-center gap-1.5 rounded-full bg-[color-mix(in_oklab,var(--hue-stay)_14%,transparent)] py-0.5 pr-2.5 pl-2 text-(--hue-stay) text-xs">
      <Icon size={13} aria-hidden="true" className="shrink-0" />
      <span className="sr-only">{t(`stays.phase.${phase}`)}: </span>
      <span className="min-w-0 truncate font-medium">{name}</span>
      {time && <span className="figures shrink-0">{time}</span>}
    </span>
  )
}

function timeIn(phase: StayPhase, { check_in, check_in_end, check_out }: AccommodationRow): string | null {
  if (phase === 'check_out') return check_out
  if (phase === 'staying') return null
  return check_in && check_in_end ? `${check_in}–${check_in_end}` : check_in
}
