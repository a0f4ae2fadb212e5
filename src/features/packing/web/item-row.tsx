import { Copy, Lock, MoreHorizontal, Pencil, Trash2, Users } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../../identity/web/session.ts'
import { shownCategory } from '../../../ui/category.ts'
import { Checkbox } from '../../../ui/design/checkbox.tsx'
import { classes } from '../../../ui/design/class-names.ts'
import { IconButton } from '../../../ui/design/icon-button.tsx'
import { Menu, MenuGroup, MenuItem, MenuLine, MenuRadio } from '../../../ui/design/menu.tsx'
import { tell } from '../../../ui/design/toast.tsx'
import { Tip } from '../../../ui/design/tooltip.tsx'
import { DragRow } from '../../../ui/drag/grouped-drag.tsx'
import { useDialog } from '../../../ui/form/dialog-host.tsx'
import { patched, removed, useAct } from '../../../ui/live/act.ts'
import { Glowing } from '../../../ui/live/glowing.tsx'
import { HistoryItem } from '../../history/web/row-history.tsx'
import { tellUndoable } from '../../history/web/undo.ts'
import { oneToo } from '../contract/copies.ts'
import {
  create_packing_item,
  delete_packing_item,
  type PackingBagRow,
  PackingItem,
  type PackingItemRow,
  toggle_packing_item,
  update_packing_item,
} from '../contract/index.ts'
import { BagDot } from './bag-dot.tsx'
import { ItemDialog } from './item-dialog.tsx'
import { weightOf } from './weights.ts'

interface Props {
  item: PackingItemRow
  bags: readonly PackingBagRow[]
  /** The grouping of the rows, which they do not repeat. */
  by: 'category' | 'bag'
  mayEdit: boolean
}

/** One packing item. */
export function ItemRow({ item, bags, by, mayEdit }: Props) {
  const { t } = useTranslation()
  const act = useAct()
  const inItem = { tripId: item.trip_id, itemId: item.id }
  const bag = bags.find(({ id }) => id === item.bag_id)
  return (
    <DragRow id={item.id} name={item.name} fixed={!mayEdit}>
      <Glowing
        entity={PackingItem}
        row={item.id}
        className="flex min-h-12 min-w-0 flex-1 items-center gap-3 rounded-r-lg pr-2"
      >
        <Checkbox
          bare
          label={t('packing.tick', { name: item.name })}
          checked={item.checked}
          disabled={!mayEdit}
          onChange={(checked) =>
            void act(toggle_packing_item, { ...inItem, checked }, [patched(PackingItem, item.id, { checked })])
          }
        />
        <span
          className={classes(
            'wrap-anywhere min-w-0 flex-1 py-2 transition-colors duration-(--fast)',
            item.checked && 'text-ink-faint line-through decoration-line-strong',
          )}
        >
          {item.name}
        </span>
        {by === 'bag' && (
          <span className="max-w-32 truncate text-ink-faint text-sm max-sm:hidden">
            {shownCategory(t, item.category)}
          </span>
        )}
        {item.quantity > 1 && <span className="figures font-medium text-ink-soft text-sm">× {item.quantity}</span>}
        {item.weight_grams !== null && (
          <span
            className={classes(
              'figures whitespace-nowrap text-ink-faint text-sm',
              by === 'category' && 'max-sm:hidden',
            )}
          >
            {weightOf(item.weight_grams * item.quantity)}
          </span>
        )}
        {by === 'category' && bag && (
          <Tip text={bag.name}>
            <span role="img" aria-label={t('packing.inBag', { bag: bag.name })} className="flex">
              <BagDot color={bag.color} />
            </span>
          </Tip>
        )}
        <VisibilityMark item={item} />
        {mayEdit && <ItemMenu item={item} bags={bags} />}
      </Glowing>
    </DragRow>
  )
}

function VisibilityMark({ item: { visibility, shared_with } }: { item: PackingItemRow }) {
  const { t } = useTranslation()
  if (visibility === 'common') return null
  const text =
    visibility === 'personal' ? t('packing.onlyYou') : t('packing.sharedWith', { count: shared_with.length + 1 })
  const Icon = visibility === 'personal' ? Lock : Users
  return (
    <Tip text={text}>
      <span role="img" aria-label={text} className="text-ink-faint">
        <Icon size={14} aria-hidden="true" />
      </span>
    </Tip>
  )
}

const NO_BAG = 'none'

function ItemMenu({ item, bags }: Pick<Props, 'item' | 'bags'>) {
  const { t } = useTranslation()
  const me = useMe()
  const act = useAct()
  const dialog = useDialog()
  const inItem = { tripId: item.trip_id, itemId: item.id }

  async function remove() {
    const deleted = await act(delete_packing_item, inItem, [removed(PackingItem, item.id)])
    if (deleted) tellUndoable(t('packing.wasDeleted', { name: item.name }), deleted)
  }

  const show = (visibility: 'common' | 'personal') =>
    act(update_packing_item, { ...inItem, visibility, shared_with: [] }, [
      patched(PackingItem, item.id, { visibility, shared_with: [] }),
    ])

  const put = (bag_id: number | null) =>
    act(update_packing_item, { ...inItem, bag_id }, [patched(PackingItem, item.id, { bag_id })])

  async function takeOneToo() {
    const made = await act(create_packing_item, oneToo(item), [], (answer) => [PackingItem, answer.item])
    if (made) tell(t('packing.tookToo', { name: item.name }))
  }

  return (
    <Menu
      trigger={
        <IconButton label={t('packing.menu', { name: item.name })} size="small">
          <MoreHorizontal size={16} aria-hidden="true" />
        </IconButton>
      }
    >
      <MenuItem
        icon={<Pencil size={16} />}
        onSelect={() => dialog((shown) => <ItemDialog item={item} bags={bags} {...shown} />)}
      >
        {t('edit')}
      </MenuItem>
      {item.owner_id === me.id &&
        (item.visibility === 'common' ? (
          <MenuItem icon={<Lock size={16} />} onSelect={() => void show('personal')}>
            {t('packing.makePersonal')}
          </MenuItem>
        ) : (
          <MenuItem icon={<Users size={16} />} onSelect={() => void show('common')}>
            {t('packing.makeCommon')}
          </MenuItem>
        ))}
      {item.visibility === 'common' && (
        <MenuItem icon={<Copy size={16} />} onSelect={() => void takeOneToo()}>
          {t('packing.takeToo')}
        </MenuItem>
      )}
      <HistoryItem entity={PackingItem} row={item.id} title={item.name} />
      <MenuItem icon={<Trash2 size={16} />} danger onSelect={() => void remove()}>
        {t('delete')}
      </MenuItem>
      {bags.length > 0 && (
        <>
          <MenuLine />
          <MenuGroup label={t('packing.putInto')}>
            <MenuRadio
              value={item.bag_id === null ? NO_BAG : String(item.bag_id)}
              choices={[
                ...bags.map((bag) => ({ value: String(bag.id), label: bag.name })),
                { value: NO_BAG, label: t('packing.noBag') },
              ]}
              onChange={(next) => void put(next === NO_BAG ? null : Number(next))}
            />
          </MenuGroup>
        </>
      )}
    </Menu>
  )
}
