import type { useTranslation } from 'react-i18next'
import { isTransport } from '../contract/booking.ts'
import type { BookingType } from '../contract/index.ts'
import type { Phase } from '../contract/on-day.ts'

type Translate = ReturnType<typeof useTranslation>['t']

/** The name of the part of a booking on a day, unless that is all of it. */
export function phaseText(t: Translate, type: BookingType, phase: Phase): string | null {
  if (phase === 'only') return null
  if (type === 'car') return t(`bookings.phase.car.${phase}`)
  return isTransport(type) ? t(`bookings.phase.way.${phase}`) : t(`bookings.phase.else.${phase}`)
}
