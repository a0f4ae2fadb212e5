import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { NotificationPreferences } from '../../features/notifications/web/notification-preferences.tsx'
import { Tabs } from '../design/tabs.tsx'
import { Page } from '../shell/top-bar.tsx'
import { Password } from './password.tsx'
import { Profile } from './profile.tsx'
import { Sessions } from './sessions.tsx'
import { Tokens } from './tokens.tsx'

/** What belongs to one's own account. */
export function AccountPage() {
  const { t } = useTranslation()
  const { tab } = useSearch({ from: '/inside/account' })
  const navigate = useNavigate()
  return (
    <Page>
      <div className="mx-auto max-w-2xl">
        <h1 className="title mb-6 text-3xl">{t('account.title')}</h1>
        <Tabs
          label={t('account.title')}
          value={tab}
          onChange={(next) => void navigate({ to: '/account', search: { tab: next }, replace: true })}
          tabs={[
            { value: 'profile', label: t('account.profile'), panel: <Profile /> },
            {
              value: 'notifications',
              label: t('notifications.title'),
              panel: <NotificationPreferences />,
            },
            { value: 'password', label: t('account.password'), panel: <Password /> },
            { value: 'sessions', label: t('account.sessions'), panel: <Sessions /> },
            { value: 'tokens', label: t('account.tokens'), panel: <Tokens /> },
          ]}
        />
      </div>
    </Page>
  )
}
