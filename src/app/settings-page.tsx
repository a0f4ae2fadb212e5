import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Doctor } from '../features/doctor/web/doctor.tsx'
import { NotificationPreferences } from '../features/notifications/web/notification-preferences.tsx'
import { Integrations } from '../identity/web/integrations/integrations.tsx'
import { Profile } from '../identity/web/profile.tsx'
import { Security } from '../identity/web/security/security.tsx'
import { useMe } from '../identity/web/session.ts'
import { Tabs } from '../ui/design/tabs.tsx'
import { SpaceProvider } from '../ui/live/hooks.tsx'

/** What belongs to oneself: who one is, how one logs in, which programs may act in one’s name, what one is told. */
export function SettingsPage() {
  const { t } = useTranslation()
  const me = useMe()
  const { tab } = useSearch({ from: '/inside/bar/settings' })
  const navigate = useNavigate()
  return (
    <SpaceProvider space="user" id={me.id}>
      <div className="mx-auto max-w-3xl">
        <h1 className="title mb-6 text-3xl">{t('settings.title')}</h1>
        <Tabs
          label={t('settings.title')}
          value={tab}
          onChange={(next) => void navigate({ to: '/settings', search: { tab: next }, replace: true })}
          tabs={[
            { value: 'profile', label: t('settings.profile'), panel: <Profile /> },
            { value: 'security', label: t('settings.security'), panel: <Security /> },
            { value: 'integrations', label: t('settings.integrations'), panel: <Integrations /> },
            { value: 'notifications', label: t('notifications.title'), panel: <NotificationPreferences /> },
            ...(me.role === 'admin' ? [{ value: 'doctor', label: t('doctor.tab'), panel: <Doctor /> }] : []),
          ]}
        />
      </div>
    </SpaceProvider>
  )
}
