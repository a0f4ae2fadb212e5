import { Backpack, ClipboardPaste, LayoutList, ListPlus, Luggage, Plus, Sparkles, Tags } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { byOrder } from '../../../core/declare/order-key.ts'
import { useMe } from '../../../identity/web/session.ts'
import { Button } from '../../../ui/design/button.tsx'
import { Menu, MenuItem } from '../../../ui/design/menu.tsx'
import { Segmented } from '../../../ui/design/segmented.tsx'
import { EmptyState } from '../../../ui/design/states.tsx'
import { useRows } from '../../../ui/live/hooks.tsx'
import { useRemembered } from '../../../ui/remembered.ts'
import { useRights } from '../../admin/web/instance.ts'
import { useMyRole } from '../../trips/web/members.ts'
import { BAG_COLOURS, PackingBag, PackingItem, type PackingItemRow, packing_edit } from '../contract/index.ts'
import { AddItem } from './add-item.tsx'
import { BagDialog } from './bag-dialog.tsx'
import { ImportDialog } from './import-dialog.tsx'
import { ItemGroups } from './item-groups.tsx'
import { SuggestionsDialog } from './suggestions-dialog.tsx'
import { TemplatesDialog } from './templates-dialog.tsx'

type Shown = 'all' | 'open' | 'mine'
type Ask = 'suggest' | 'paste' | 'templates' | 'bag'

/** The packing list: common and personal items, by category or by bag. */
export function PackingPage() {
  const { t } = useTranslation()
  const me = useMe()
  const rows = useRows(PackingItem)
  const bagRows = useRows(PackingBag)
  const mayEdit = useRights(useMyRole())(packing_edit)
  const [shown, setShown] = useState<Shown>('all')
  const [by, setBy] = useRemembered<string>('packing.by', 'category')
  const [ask, setAsk] = useState<Ask | null>(null)
  const items = useMemo(() => rows.toSorted(byOrder), [rows])
  const bags = useMemo(() => bagRows.toSorted(byOrder), [bagRows])
  const visible = items.filter((item) =>
    shown === 'open'
      ? !item.checked
      : shown === 'mine'
        ? item.visibility !== 'common' && item.owner_id === me.id
        : true,
  )
  const inBags = by === 'bag'
  const close = () => setAsk(null)
  const askFor = (next: Ask) => {
    // Shows the new bag.
    if (next === 'bag') setBy('bag')
    setAsk(next)
  }
  return (
    <div className="mx-auto flex max-w-3xl flex-col gap-6 px-4 pt-6 pb-24 sm:px-6 sm:pt-10">
      <Progress items={items} mayEdit={mayEdit} onAsk={askFor} />
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
            value={inBags ? 'bag' : 'category'}
            choices={[
              { value: 'category', label: t('packing.byCategory'), icon: <Tags size={14} aria-hidden="true" /> },
              { value: 'bag', label: t('packing.byBag'), icon: <Backpack size={14} aria-hidden="true" /> },
            ]}
            onChange={setBy}
          />
          {inBags && mayEdit && bags.length > 0 && (
            <Button
              size="small"
              icon={<Plus size={15} aria-hidden="true" />}
              className="ml-auto"
              onClick={() => setAsk('bag')}
            >
              {t('packing.newBag')}
            </Button>
          )}
        </div>
      )}
      {inBags && bags.length === 0 && items.length > 0 ? (
        <EmptyState
          compact
          title={t('packing.noBags')}
          action={
            mayEdit && (
              <Button tone="primary" icon={<Plus size={16} aria-hidden="true" />} onClick={() => setAsk('bag')}>
                {t('packing.newBag')}
              </Button>
            )
          }
        >
          {t('packing.noBagsBody')}
        </EmptyState>
      ) : visible.length > 0 || (inBags && bags.length > 0 && shown === 'all') ? (
        <>
          <ItemGroups
            by={inBags ? 'bag' : 'category'}
            items={visible}
            everything={items}
            bags={bags}
            mayEdit={mayEdit}
          />
          {inBags && <p className="px-1 text-ink-faint text-xs">{t('packing.weightNote')}</p>}
        </>
      ) : items.length > 0 ? (
        <EmptyState compact title={shown === 'open' ? t('packing.allPacked') : t('packing.noneMine')}>
          {shown === 'open' ? t('packing.allPackedBody') : t('packing.noneMineBody')}
        </EmptyState>
      ) : (
        <EmptyState
          compact
          title={t('packing.emptyTitle')}
          action={
            mayEdit && (
              <div className="flex flex-wrap justify-center gap-2">
                <Button
                  tone="primary"
                  icon={<Sparkles size={16} aria-hidden="true" />}
                  onClick={() => setAsk('suggest')}
                >
                  {t('packing.suggest')}
                </Button>
                <Button icon={<ClipboardPaste size={16} aria-hidden="true" />} onClick={() => setAsk('paste')}>
                  {t('packing.paste')}
                </Button>
                <Button icon={<LayoutList size={16} aria-hidden="true" />} onClick={() => setAsk('templates')}>
                  {t('packing.templates')}
                </Button>
              </div>
            )
          }
        >
          {mayEdit ? t('packing.emptyBody') : t('packing.emptyReadOnly')}
        </EmptyState>
      )}
      <SuggestionsDialog items={items} open={ask === 'suggest'} onClose={close} />
      <ImportDialog open={ask === 'paste'} onClose={close} />
      <TemplatesDialog open={ask === 'templates'} onClose={close} />
      <BagDialog
        bag={null}
        color={BAG_COLOURS[bags.length % BAG_COLOURS.length]}
        open={ask === 'bag'}
        onClose={close}
      />
    </div>
  )
}

interface ProgressProps {
  items: readonly PackingItemRow[]
  mayEdit: boolean
  onAsk(ask: Ask): void
}

function Progress({ items, mayEdit, onAsk }: ProgressProps) {
  const { t } = useTranslation()
  const packed = items.filter(({ checked }) => checked).length
  return (
    <header className="flex flex-col gap-4">
      <div className="flex items-center gap-3">
        <h2 className="title flex min-w-0 flex-1 items-center gap-3 text-2xl">
          <Luggage size={24} aria-hidden="true" className="shrink-0 text-pine-ink" />
          {t('packing.title')}
        </h2>
        <p className="figures title text-2xl text-ink-soft">
          {packed}
          <span className="text-ink-faint text-lg"> / {items.length}</span>
        </p>
        {mayEdit && (
          <Menu
            trigger={
              <Button size="small" icon={<ListPlus size={16} aria-hidden="true" />}>
                {t('packing.addMany')}
              </Button>
            }
          >
            <MenuItem icon={<Sparkles size={16} />} onSelect={() => onAsk('suggest')}>
              {t('packing.suggest')}
            </MenuItem>
            <MenuItem icon={<ClipboardPaste size={16} />} onSelect={() => onAsk('paste')}>
              {t('packing.paste')}
            </MenuItem>
            <MenuItem icon={<LayoutList size={16} />} onSelect={() => onAsk('templates')}>
              {t('packing.templates')}
            </MenuItem>
            <MenuItem icon={<Backpack size={16} />} onSelect={() => onAsk('bag')}>
              {t('packing.newBag')}
            </MenuItem>
          </Menu>
        )}
      </div>
      <div
        role="progressbar"
        aria-label={t('packing.progress')}
        aria-valuemin={0}
        aria-valuemax={items.length}
        aria-valuenow={packed}
        className="h-1.5 overflow-hidden rounded-full bg-hover"
      >
        <div
          className="h-full rounded-full bg-pine transition-[width] duration-(--steady)"
          style={{ width: items.length ? `${(packed / items.length) * 100}%` : 0 }}
        />
      </div>
    </header>
  )
}
