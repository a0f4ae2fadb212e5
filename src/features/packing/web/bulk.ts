import { useTranslation } from 'react-i18next'
import type { WireRow } from '../../../ui/live/frames.ts'
import { useSpaceRows } from '../../../ui/live/hooks.tsx'
import { tellUndoable } from '../../history/web/undo.ts'
import { PackingItem, type PackingItemRow } from '../contract/index.ts'

/** Shows items that a call has added together. */
export function useTellAdded(): (answer: { readonly items: readonly PackingItemRow[] }) => void {
  const { t } = useTranslation()
  const rows = useSpaceRows()
  return (answer) => {
    for (const item of answer.items) rows.adopt(PackingItem.name, item as unknown as WireRow)
    tellUndoable(t('packing.added', { count: answer.items.length }), answer)
  }
}
