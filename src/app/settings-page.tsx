import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../identity/web/session.ts'
import { Panels } from '../ui/design/panels.tsx'
import { SpaceProvider } from '../ui/live/hooks.tsx'
import { useRegistrations } from '../ui/registration.ts'

/** A person's own settings: profile, log-in, connected programs and notifications. */
export function SettingsPage() {
  const { t } = useTranslation()
  const me = useMe()
  const { settings } = useRegistrations()
  const isAdmin = me.role === 'admin'
  const panels = useMemo(() => settings.filter(({ adminOnly }) => !adminOnly || isAdmin), [settings, isAdmin])
  const { tab } = useSearch({ from: '/inside/bar/settings' })
  const navigate = useNavigate()
  return (
    <SpaceProvider space="user" id={me.id}>
      <div className="mx-auto max-w-3xl">
        <h1 className="title mb-6 text-3xl">{t('settings.title')}</h1>
        <Panels
          label={t('settings.title')}
          panels={panels}
          open={tab}
          onOpen={(next) => void navigate({ to: '/settings', search: { tab: next }, replace: true })}
        />
      </div>
    </SpaceProvider>
  )
}
