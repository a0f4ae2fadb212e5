import { MapPin } from 'lucide-react'
import type { Registration } from '../../../ui/registration.ts'

export const registration: Registration = {
  tabs: [{ part: 'places', label: 'places.title', Icon: MapPin, order: 30, phoneOnly: true }],
}
