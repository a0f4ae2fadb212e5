import { ClipboardPaste, LayoutList, Plus, Sparkles } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../../identity/web/session.ts'
import { Button } from '../../../ui/design/button.tsx'
import { EmptyState } from '../../../ui/design/states.tsx'
import type { PackingBagRow, PackingItemRow } from '../contract/index.ts'
import { ItemGroups } from './item-groups.tsx'
import type { Ask } from './packing-dialogs.tsx'

export type Shown = 'all' | 'open' | 'mine'

interface Props {
  by: 'bag' | 'category'
  shown: Shown
  items: readonly PackingItemRow[]
  bags: readonly PackingBagRow[]
  mayEdit: boolean
  onAsk(ask: Ask): void
}

/** The items to show, in their groups; or why there are none. */
export function PackingList({ by, shown, items, bags, mayEdit, onAsk }: Props) {
  const { t } = useTranslation()
  const me = useMe()
  const inBags = by === 'bag'
  const visible = items.filter((item) =>
    shown === 'open'
      ? !item.checked
      : shown === 'mine'
        ? item.visibility !== 'common' && item.owner_id === me.id
        : true,
  )
  if (inBags && bags.length === 0 && items.length > 0) return <NoBags mayEdit={mayEdit} onAsk={onAsk} />
  if (visible.length > 0 || (inBags && bags.length > 0 && shown === 'all')) {
    return (
      <>
        <ItemGroups by={by} items={visible} everything={items} bags={bags} mayEdit={mayEdit} />
        {inBags && <p className="px-1 text-ink-faint text-xs">{t('packing.weightNote')}</p>}
      </>
    )
  }
  if (!items.length) return <NoItems mayEdit={mayEdit} onAsk={onAsk} />
  return (
    <EmptyState compact title={shown === 'open' ? t('packing.allPacked') : t('packing.noneMine')}>
      {shown === 'open' ? t('packing.allPackedBody') : t('packing.noneMineBody')}
    </EmptyState>
  )
}

function NoBags({ mayEdit, onAsk }: Pick<Props, 'mayEdit' | 'onAsk'>) {
  const { t } = useTranslation()
  return (
    <EmptyState
      compact
      title={t('packing.noBags')}
      action={
        mayEdit && (
          <Button tone="primary" icon={<Plus size={16} aria-hidden="true" />} onClick={() => onAsk('bag')}>
            {t('packing.newBag')}
          </Button>
        )
      }
    >
      {t('packing.noBagsBody')}
    </EmptyState>
  )
}

function NoItems({ mayEdit, onAsk }: Pick<Props, 'mayEdit' | 'onAsk'>) {
  const { t } = useTranslation()
  return (
    <EmptyState
      compact
      title={t('packing.emptyTitle')}
      action={
        mayEdit && (
          <div className="flex flex-wrap justify-center gap-2">
            <Button tone="primary" icon={<Sparkles size={16} aria-hidden="true" />} onClick={() => onAsk('suggest')}>
              {t('packing.suggest')}
            </Button>
            <Button icon={<ClipboardPaste size={16} aria-hidden="true" />} onClick={() => onAsk('paste')}>
              {t('packing.paste')}
            </Button>
            <Button icon={<LayoutList size={16} aria-hidden="true" />} onClick={() => onAsk('templates')}>
              {t('packing.templates')}
            </Button>
          </div>
        )
      }
    >
      {mayEdit ? t('packing.emptyBody') : t('packing.emptyReadOnly')}
    </EmptyState>
  )
}
