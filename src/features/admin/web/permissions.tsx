import { useTranslation } from 'react-i18next'
import type { Level } from '../../../core/declare/operation.ts'
import { call, reasonOf } from '../../../ui/call.ts'
import { Select } from '../../../ui/design/select.tsx'
import { ErrorState, Skeleton } from '../../../ui/design/states.tsx'
import { tell, tellTrouble } from '../../../ui/design/toast.tsx'
import { titleOf } from '../../../ui/message.ts'
import { forget, useRead } from '../../../ui/query.ts'
import { get_instance, list_permissions, update_permission } from '../contract/index.ts'

export function Permissions() {
  const { t } = useTranslation()
  const permissions = useRead(list_permissions, {})

  async function give(name: string, level: Level, before: Level | null) {
    try {
      await call(update_permission, { name, level })
      if (before) tell(t('saved'), { label: t('undo'), run: () => void give(name, before, null) })
    } catch (error) {
      tellTrouble(reasonOf(error))
    }
    await forget(list_permissions, get_instance)
  }

  if (permissions.isPending) return <Skeleton className="h-64" />
  if (permissions.isError) return <ErrorState error={permissions.error} onRetry={() => void permissions.refetch()} />
  return (
    <div className="flex flex-col gap-4">
      <p className="text-ink-soft">{t('admin.permissionsNote')}</p>
      <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
        {permissions.data.permissions.map(({ name, title, level, levels }) => (
          <li key={name} className="flex items-center gap-4 px-4 py-2.5">
            <p className="min-w-0 flex-1">{titleOf('permissions', name, title)}</p>
            <div className="w-40 shrink-0">
              <Select
                bare
                label={titleOf('permissions', name, title)}
                value={level}
                choices={levels.map((value) => ({ value, label: t(`level.${value}`) }))}
                onChange={(next) => void give(name, next, level)}
                disabled={levels.length < 2}
              />
            </div>
          </li>
        ))}
      </ul>
    </div>
  )
}
