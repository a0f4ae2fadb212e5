import { useNavigate, useSearch } from '@tanstack/react-router'
import { useInstanceAddons } from '../../features/admin/web/instance.ts'
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
