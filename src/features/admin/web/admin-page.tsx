import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../../../web/design/states.tsx'
import { Tabs } from '../../../web/design/tabs.tsx'
import { SpaceProvider } from '../../../web/live/hooks.tsx'
import { useMe } from '../../../web/session.ts'
import { Page } from '../../../web/shell/top-bar.tsx'
import { McpAccess } from './access/mcp-access.tsx'
import { Addons } from './addons.tsx'
import { AuditLog } from './audit/audit-log.tsx'
import { Permissions } from './permissions.tsx'
import { Users } from './users.tsx'

/** What concerns everybody on this server. */
export function AdminPage() {
  const { t } = useTranslation()
  const me = useMe()
  const { tab } = useSearch({ from: '/inside/admin' })
  const navigate = useNavigate()
  return (
    <Page>
      <div className="mx-auto max-w-4xl">
        {me.role === 'admin' ? (
          <SpaceProvider space="user" id={me.id}>
            <h1 className="title mb-6 text-3xl">{t('admin.title')}</h1>
            <Tabs
              label={t('admin.title')}
              value={tab}
              onChange={(next) => void navigate({ to: '/admin', search: { tab: next }, replace: true })}
              tabs={[
                { value: 'users', label: t('admin.users'), panel: <Users /> },
                { value: 'addons', label: t('admin.addons'), panel: <Addons /> },
                { value: 'permissions', label: t('admin.permissions'), panel: <Permissions /> },
                { value: 'access', label: t('admin.access'), panel: <McpAccess /> },
                { value: 'audit', label: t('admin.audit'), panel: <AuditLog /> },
              ]}
            />
          </SpaceProvider>
        ) : (
          <EmptyState whole title={t('admin.forbidden')}>
            {t('admin.forbiddenBody')}
          </EmptyState>
        )}
      </div>
    </Page>
  )
}
