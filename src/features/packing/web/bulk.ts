import { useTranslation } from 'react-i18next'
import { tell } from '../../../ui/design/toast.tsx'
import { removed, useAct } from '../../../ui/live/act.ts'
import type { WireRow } from '../../../ui/live/frames.ts'
import { useSpaceRows } from '../../../ui/live/hooks.tsx'
import { delete_packing_item, PackingItem, type PackingItemRow } from '../contract/index.ts'

/** Shows items that were added together, with an undo. */
export function useTellAdded(): (items: readonly PackingItemRow[]) => void {
  const { t } = useTranslation()
  const rows = useSpaceRows()
  const act = useAct()
  return (items) => {
    for (const item of items) rows.adopt(PackingItem.name, item as unknown as WireRow)
    const takeBack = () => {
      for (const { trip_id: tripId, id } of items) {
        void act(delete_packing_item, { tripId, itemId: id }, [removed(PackingItem, id)])
      }
    }
    tell(t('packing.added', { count: items.length }), { undo: takeBack, undoLabel: t('undo') })
  }
}
