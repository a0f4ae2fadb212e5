import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useInstanceAddons } from '../../features/admin/web/instance.ts'
import { useTrip } from '../../features/trips/web/trip-context.tsx'
import { PageTitle } from '../../ui/design/page-title.tsx'
import { type TripTab, useRegistrations } from '../../ui/registration.ts'

/** The parts of a trip that are switched on here. */
export function useParts(): readonly TripTab[] {
  const { tabs } = useRegistrations()
  const isOn = useInstanceAddons()
  return tabs.filter(({ addon }) => addon === undefined || isOn(addon))
}

/** The open part, as in the address, and a function that opens another. */
export function useOpenPart(parts: readonly TripTab[]): readonly [string, (part: string) => void] {
  const { part } = useSearch({ from: '/inside/trips/$tripId' })
  const navigate = useNavigate({ from: '/trips/$tripId' })
  const open = parts.find((one) => one.part === part)?.part ?? 'plan'
  return [open, (next) => void navigate({ search: next === 'plan' ? {} : { part: next }, replace: true })]
}

/** The title of the page: the open part and the trip. */
export function PartTitle({ parts, open }: { parts: readonly TripTab[]; open: string }) {
  const { t } = useTranslation()
  const { title } = useTrip()
  const label = parts.find(({ part }) => part === open)?.label
  return <PageTitle of={[label && t(label), title]} />
}
