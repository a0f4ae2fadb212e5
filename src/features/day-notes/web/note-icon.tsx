import {
  AlarmClock,
  Banknote,
  Bus,
  Camera,
  Car,
  CloudRain,
  Coffee,
  Footprints,
  Heart,
  Info,
  type LucideIcon,
  Luggage,
  Mountain,
  NotebookPen,
  Plane,
  ShoppingBag,
  Ticket,
  TrainFront,
  TreePalm,
  TriangleAlert,
  Utensils,
} from 'lucide-react'

/** The icons on offer. They are drawn like our other icons, because emoji look different everywhere. */
const DRAWN: readonly (readonly [icon: string, word: string, Icon: LucideIcon])[] = [
  ['📝', 'note', NotebookPen],
  ['ℹ️', 'info', Info],
  ['⚠️', 'warning', TriangleAlert],
  ['⏰', 'alarm', AlarmClock],
  ['🍽️', 'meal', Utensils],
  ['☕', 'coffee', Coffee],
  ['🚶', 'walk', Footprints],
  ['🚌', 'bus', Bus],
  ['🚆', 'train', TrainFront],
  ['🚗', 'car', Car],
  ['✈️', 'flight', Plane],
  ['🧳', 'luggage', Luggage],
  ['🎟️', 'ticket', Ticket],
  ['🛍️', 'shopping', ShoppingBag],
  ['💶', 'money', Banknote],
  ['📸', 'photo', Camera],
  ['🏖️', 'beach', TreePalm],
  ['⛰️', 'mountain', Mountain],
  ['🌧️', 'rain', CloudRain],
  ['❤️', 'heart', Heart],
]

export const NOTE_ICONS = DRAWN.map(([icon, word]) => ({ icon, word }))

const plain = (icon: string) => icon.replaceAll('\ufe0f', '')

const ICONS = new Map(DRAWN.map(([icon, , Icon]) => [plain(icon), Icon]))

/** The icon of a note; an icon without a drawing is shown as its emoji. */
export function NoteIcon({ icon, size }: { icon: string; size: number }) {
  const Icon = ICONS.get(plain(icon))
  return Icon ? <Icon size={size} aria-hidden="true" /> : <span aria-hidden="true">{icon}</span>
}
