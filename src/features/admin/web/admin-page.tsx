import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../../identity/web/session.ts'
import { EmptyState } from '../../../ui/design/states.tsx'
import { Tabs } from '../../../ui/design/tabs.tsx'
import { SpaceProvider } from '../../../ui/live/hooks.tsx'
import { McpAccess } from './access/mcp-access.tsx'
import { Addons } from './addons.tsx'
import { AuditLog } from './audit/audit-log.tsx'
import { Permissions } from './permissions.tsx'
import { Users } from './users.tsx'

/** What concerns everybody on this server. */
export function AdminPage() {
  const { t } = useTranslation()
  const me = useMe()
  const { tab } = useSearch({ from: '/inside/bar/admin' })
  const navigate = useNavigate()
  return (
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
  )
}
