import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../../identity/web/session.ts'
import { PageTitle } from '../../../ui/design/page-title.tsx'
import { Panels } from '../../../ui/design/panels.tsx'
import { EmptyState } from '../../../ui/design/states.tsx'
import { SpaceProvider } from '../../../ui/live/hooks.tsx'
import { openTab } from '../../../ui/open-tab.ts'
import { useRegistrations } from '../../../ui/registration.ts'
import { ReleaseState } from '../../releases/web/release-state.tsx'
import { adminTab } from './admin-tab.ts'

/** The settings that concern everybody on this server. */
export function AdminPage() {
  const { t } = useTranslation()
  const me = useMe()
  const { admin } = useRegistrations()
  const { tab } = openTab(useSearch({ strict: false }))
  const navigate = useNavigate()
  return (
    <div className="mx-auto max-w-4xl">
      {me.role === 'admin' ? (
        <SpaceProvider space="user" id={me.id}>
          <header className="mb-6 flex flex-col gap-1.5">
            <h1 className="title text-3xl">{t('admin.title')}</h1>
            <ReleaseState />
          </header>
          <Panels
            label={t('admin.title')}
            panels={admin}
            open={tab}
            onOpen={(next) => void navigate({ ...adminTab(next), replace: true })}
          />
        </SpaceProvider>
      ) : (
        <>
          <PageTitle of={[t('admin.title')]} />
          <EmptyState whole title={t('admin.forbidden')}>
            {t('admin.forbiddenBody')}
          </EmptyState>
        </>
      )}
    </div>
  )
}
