import { useNavigate, useSearch } from '@tanstack/react-router'
import {
  Files,
  ListChecks,
  type LucideIcon,
  Luggage,
  Map as MapIcon,
  MapPin,
  MessagesSquare,
  Route,
  Ticket,
  Wallet,
} from 'lucide-react'
import { type ComponentType, lazy } from 'react'
import { useInstanceAddons } from '../../features/admin/web/instance.ts'
import { UnreadMark } from '../../features/collab/web/unread-mark.tsx'

/** What a trip is made of, each part with a page of its own; the order is that of the tabs. */
export type TripPart = 'plan' | 'map' | 'places' | 'bookings' | 'costs' | 'packing' | 'todos' | 'together' | 'files'

export interface Part {
  readonly part: TripPart
  /** The key of its name. */
  readonly label: string
  readonly Icon: LucideIcon
  /** The add-on without which it is not there. */
  readonly addon?: string
  /** What waits in it, as a mark beside its name. */
  readonly Mark?: ComponentType
  /** Its page; the plan, the map and the places are laid out by the views themselves. */
  readonly Page?: ComponentType
}

export const PARTS: readonly Part[] = [
  { part: 'plan', label: 'trip.plan', Icon: Route },
  { part: 'map', label: 'map.title', Icon: MapIcon },
  { part: 'places', label: 'places.title', Icon: MapPin },
  {
    part: 'bookings',
    label: 'bookings.title',
    Icon: Ticket,
    Page: lazy(async () => ({
      default: (await import('../../features/reservations/web/bookings-page.tsx')).BookingsPage,
    })),
  },
  {
    part: 'costs',
    label: 'costs.title',
    Icon: Wallet,
    addon: 'budget',
    Page: lazy(async () => ({ default: (await import('../../features/budget/web/costs-page.tsx')).CostsPage })),
  },
  {
    part: 'packing',
    label: 'packing.title',
    Icon: Luggage,
    addon: 'packing',
    Page: lazy(async () => ({ default: (await import('../../features/packing/web/packing-page.tsx')).PackingPage })),
  },
  {
    part: 'todos',
    label: 'todos.title',
    Icon: ListChecks,
    addon: 'packing',
    Page: lazy(async () => ({ default: (await import('../../features/todos/web/todos-page.tsx')).TodosPage })),
  },
  {
    part: 'together',
    label: 'together.title',
    Icon: MessagesSquare,
    Mark: UnreadMark,
    Page: lazy(async () => ({ default: (await import('../../features/collab/web/together-page.tsx')).TogetherPage })),
  },
  {
    part: 'files',
    label: 'files.title',
    Icon: Files,
    Page: lazy(async () => ({ default: (await import('../../features/files/web/files-page.tsx')).FilesPage })),
  },
]

export const isPart = (value: unknown): value is TripPart => PARTS.some(({ part }) => part === value)

/** The parts that this server has switched on. */
export function useParts(): readonly Part[] {
  const isOn = useInstanceAddons()
  return PARTS.filter(({ addon }) => addon === undefined || isOn(addon))
}

/** The part that is open, as the address has it, and how to open another. */
export function useOpenPart(parts: readonly Part[]): readonly [TripPart, (part: TripPart) => void] {
  const { part } = useSearch({ from: '/inside/trips/$tripId' })
  const navigate = useNavigate({ from: '/trips/$tripId' })
  const open = parts.some((one) => one.part === part) ? (part as TripPart) : 'plan'
  return [open, (next) => void navigate({ search: next === 'plan' ? {} : { part: next }, replace: true })]
}
