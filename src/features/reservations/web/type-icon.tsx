import {
  BedDouble,
  Bike,
  Bus,
  CarFront,
  CarTaxiFront,
  type LucideIcon,
  Mountain,
  Plane,
  Route,
  Ship,
  Telescope,
  Theater,
  Ticket,
  TrainFront,
  TramFront,
  Utensils,
  Waves,
} from 'lucide-react'
import type { BookingType } from '../contract/index.ts'

export const TYPE_ICONS: Readonly<Record<BookingType, LucideIcon>> = {
  hotel: BedDouble,
  restaurant: Utensils,
  event: Theater,
  tour: Telescope,
  activity: Mountain,
  other: Ticket,
  flight: Plane,
  train: TrainFront,
  bus: Bus,
  car: CarFront,
  taxi: CarTaxiFront,
  bicycle: Bike,
  cruise: Ship,
  ferry: Waves,
  transit: TramFront,
  transport_other: Route,
}

const HUES: Partial<Record<BookingType, string>> = {
  hotel: 'stay',
  restaurant: 'food',
  event: 'shop',
  tour: 'sight',
  activity: 'nature',
  other: 'other',
}

/** The colour of a kind of booking; all transports share one. */
export const typeHue = (type: BookingType): string => `var(--hue-${HUES[type] ?? 'move'})`

export function TypeIcon({ type, size }: { type: BookingType; size: number }) {
  const Icon = TYPE_ICONS[type]
  return <Icon size={size} aria-hidden="true" />
}
