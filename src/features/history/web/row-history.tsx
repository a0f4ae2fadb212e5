import { History } from 'lucide-react'
import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { AnyEntity } from '../../../core/declare/entity.ts'
import { Dialog } from '../../../ui/design/dialog.tsx'
import { MenuItem } from '../../../ui/design/menu.tsx'
import { Skeleton } from '../../../ui/design/states.tsx'
import { useDialog } from '../../../ui/form/dialog-host.tsx'
import { later } from '../../../ui/later.ts'

const ChangeList = later(() => import('./change-list.tsx'), 'ChangeList')

/** Opens the history of one row. */
export function useRowHistory() {
  const { t } = useTranslation()
  const dialog = useDialog()
  return (entity: AnyEntity, rowId: number, title: string) =>
    dialog((shown) => (
      <Dialog {...shown} wide title={t('history.of', { title })}>
        <Suspense fallback={<Skeleton className="h-48" />}>
          <ChangeList shown={{ entity: entity.name, rowId }} />
        </Suspense>
      </Dialog>
    ))
}

interface Props {
  entity: AnyEntity
  row: number
  title: string
}

/** The entry of a row's menu that opens its history. */
export function HistoryItem({ entity, row, title }: Props) {
  const { t } = useTranslation()
  const show = useRowHistory()
  return (
    <MenuItem icon={<History size={16} />} onSelect={() => show(entity, row, title)}>
      {t('history.title')}
    </MenuItem>
  )
}
