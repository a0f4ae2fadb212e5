import { useTranslation } from 'react-i18next'
import { EmptyState } from '../../../web/design/states.tsx'
import { Tabs } from '../../../web/design/tabs.tsx'
import { useMe } from '../../../web/session.ts'
import { Page } from '../../../web/shell/top-bar.tsx'
import { Addons } from './addons.tsx'
import { AuditLog } from './audit-log.tsx'
import { Permissions } from './permissions.tsx'
import { Users } from './users.tsx'

/** What concerns everybody on this server. */
export function AdminPage() {
  const { t } = useTranslation()
  const me = useMe()
  return (
    <Page>
      <div className="mx-auto max-w-4xl">
        {me.role === 'admin' ? (
          <>
            <h1 className="title mb-6 text-3xl">{t('admin.title')}</h1>
            <Tabs
              label={t('admin.title')}
              tabs={[
                { value: 'users', label: t('admin.users'), panel: <Users /> },
                { value: 'addons', label: t('admin.addons'), panel: <Addons /> },
                { value: 'permissions', label: t('admin.permissions'), panel: <Permissions /> },
                { value: 'audit', label: t('admin.audit'), panel: <AuditLog /> },
              ]}
            />
          </>
        ) : (
          <EmptyState whole title={t('admin.forbidden')}>
            {t('admin.forbiddenBody')}
          </EmptyState>
        )}
      </div>
    </Page>
  )
}
