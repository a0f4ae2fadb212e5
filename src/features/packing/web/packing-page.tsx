import { Backpack, Plus, Tags } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { byOrder } from '../../../core/declare/order-key.ts'
import { Button } from '../../../ui/design/button.tsx'
import { Segmented } from '../../../ui/design/segmented.tsx'
import { useRows } from '../../../ui/live/hooks.tsx'
import { useRemembered } from '../../../ui/remembered.ts'
import { useRights } from '../../admin/web/instance.ts'
import { useMyRole } from '../../trips/web/members.ts'
import { PackingBag, PackingItem, packing_edit } from '../contract/index.ts'
import { AddItem } from './add-item.tsx'
import { type Ask, PackingDialogs } from './packing-dialogs.tsx'
import { PackingHeader } from './packing-header.tsx'
import { PackingList, type Shown } from './packing-list.tsx'

/** The packing list: common and personal items, by category or by bag. */
export function PackingPage() {
  const { t } = useTranslation()
  const rows = useRows(PackingItem)
  const bagRows = useRows(PackingBag)
  const mayEdit = useRights(useMyRole())(packing_edit)
  const [shown, setShown] = useState<Shown>('all')
  const [remembered, setBy] = useRemembered<string>('packing.by', 'category')
  const by = remembered === 'bag' ? 'bag' : 'category'
  const [ask, setAsk] = useState<Ask | null>(null)
  const items = useMemo(() => rows.toSorted(byOrder), [rows])
  const bags = useMemo(() => bagRows.toSorted(byOrder), [bagRows])
  const askFor = (next: Ask) => {
    // Shows the new bag.
    if (next === 'bag') setBy('bag')
    setAsk(next)
  }
  return (
    <div className="mx-auto flex max-w-3xl flex-col gap-6 px-4 pt-6 pb-24 sm:px-6 sm:pt-10">
      <PackingHeader items={items} mayEdit={mayEdit} onAsk={askFor} />
      {mayEdit && <AddItem categories={[...new Set(items.map(({ category }) => category))]} />}
      {(items.length > 0 || bags.length > 0) && (
        <div className="flex flex-wrap items-center gap-3">
          <Segmented
            label={t('packing.which')}
            value={shown}
            choices={[
              { value: 'all', label: t('packing.all') },
              { value: 'open', label: t('packing.open') },
              { value: 'mine', label: t('packing.mine') },
            ]}
            onChange={setShown}
          />
          <Segmented
            label={t('packing.groupBy')}
            value={by}
            choices={[
              { value: 'category', label: t('packing.byCategory'), icon: <Tags size={14} aria-hidden="true" /> },
              { value: 'bag', label: t('packing.byBag'), icon: <Backpack size={14} aria-hidden="true" /> },
            ]}
            onChange={setBy}
          />
          {by === 'bag' && mayEdit && bags.length > 0 && (
            <Button
              size="small"
              icon={<Plus size={15} aria-hidden="true" />}
              className="ml-auto"
              onClick={() => askFor('bag')}
            >
              {t('packing.newBag')}
            </Button>
          )}
        </div>
      )}
      <PackingList by={by} shown={shown} items={items} bags={bags} mayEdit={mayEdit} onAsk={askFor} />
      <PackingDialogs ask={ask} items={items} bags={bags} onClose={() => setAsk(null)} />
    </div>
  )
}
