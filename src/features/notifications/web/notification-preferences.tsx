import { Switch } from '@base-ui/react/switch'
import { useTranslation } from 'react-i18next'
import { call, reasonOf } from '../../../ui/call.ts'
import { ErrorState, Skeleton } from '../../../ui/design/states.tsx'
import { tellTrouble } from '../../../ui/design/toast.tsx'
import { forget, queries, useRead } from '../../../ui/query.ts'
import {
  EVENTS,
  get_notification_preferences,
  type NotificationEvent,
  update_notification_preferences,
} from '../contract/index.ts'

/** The settings for which notifications somebody gets. */
export function NotificationPreferences() {
  const { t } = useTranslation()
  const reading = useRead(get_notification_preferences, {})

  async function turn(event: NotificationEvent, on: boolean) {
    if (!reading.data) return
    const preferences = { ...reading.data.preferences, [event]: on }
    queries.setQueryData([get_notification_preferences.name, {}], { preferences })
    try {
      await call(update_notification_preferences, { [event]: on })
    } catch (error) {
      tellTrouble(reasonOf(error))
    }
    await forget(get_notification_preferences)
  }

  if (reading.isPending) return <Skeleton className="h-80" />
  if (reading.isError) return <ErrorState error={reading.error} onRetry={() => void reading.refetch()} />
  return (
    <div className="flex flex-col gap-4">
      <p className="text-ink-soft">{t('notifications.settingsNote')}</p>
      <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
        {EVENTS.map((event) => (
          <li key={event} className="flex items-center gap-4 px-4 py-3.5">
            <div className="min-w-0 flex-1">
              <p id={`told-${event}`} className="font-medium">
                {t(`notifications.events.${event}.title`)}
              </p>
              <p className="text-ink-soft text-sm">{t(`notifications.events.${event}.body`)}</p>
            </div>
            <Switch.Root
              aria-labelledby={`told-${event}`}
              checked={reading.data.preferences[event]}
              onCheckedChange={(next) => void turn(event, next)}
              className="flex h-6 w-10 shrink-0 rounded-full border border-line-strong bg-hover p-0.5 transition-colors duration-(--fast) data-checked:border-pine data-checked:bg-pine"
            >
              <Switch.Thumb className="size-4.5 rounded-full bg-ink-soft transition-[translate,background-color] duration-(--fast) data-checked:translate-x-4 data-checked:bg-on-pine" />
            </Switch.Root>
          </li>
        ))}
      </ul>
    </div>
  )
}
