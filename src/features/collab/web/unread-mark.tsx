import { useTranslation } from 'react-i18next'
import { useAddon } from '../../admin/web/instance.ts'
import { useTrip } from '../../trips/web/trip-context.tsx'
import { collab } from '../contract/index.ts'
import { useUnread } from './last-read.ts'

const MOST = 99

/** The number of unread messages in the chat; nothing when there are none. */
export function UnreadMark() {
  const { t } = useTranslation()
  const trip = useTrip()
  const isOn = useAddon(collab)
  const unread = useUnread(trip.id)
  if (!isOn || unread === 0) return null
  return (
    <span className="figures inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-full bg-signal-fill px-1 font-semibold text-on-signal text-xs">
      <span aria-hidden="true">{unread > MOST ? `${MOST}+` : unread}</span>
      <span className="sr-only">{t('together.unread', { count: unread })}</span>
    </span>
  )
}
