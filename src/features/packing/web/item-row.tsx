import { useSortable } from '@dnd-kit/sortable'
import { GripVertical, Lock, MoreHorizontal, Pencil, Trash2, Users } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Checkbox } from '../../../web/design/checkbox.tsx'
import { classes } from '../../../web/design/class-names.ts'
import { IconButton } from '../../../web/design/icon-button.tsx'
import { Menu, MenuItem } from '../../../web/design/menu.tsx'
import { tell } from '../../../web/design/toast.tsx'
import { Tip } from '../../../web/design/tooltip.tsx'
import { patched, removed, useAct } from '../../../web/live/act.ts'
import { Glowing } from '../../../web/live/glowing.tsx'
import { useMe } from '../../../web/session.ts'
import {
  create_packing_item,
  delete_packing_item,
  PackingItem,
  type PackingItemRow,
  toggle_packing_item,
  update_packing_item,
} from '../contract.ts'
import { ItemDialog } from './item-dialog.tsx'

/** One thing to take along. */
export function ItemRow({ item }: { item: PackingItemRow }) {
  const { t } = useTranslation()
  const act = useAct()
  const { setNodeRef, listeners, attributes, transform, transition, isDragging } = useSortable({ id: item.id })
  const inItem = { tripId: item.trip_id, itemId: item.id }
  return (
    <li
      ref={setNodeRef}
      style={{ transform: transform ? `translateY(${transform.y}px)` : undefined, transition }}
      className={classes('bg-surface first:rounded-t-lg last:rounded-b-lg', isDragging && 'relative z-10 shadow-lift')}
    >
      <Glowing
        entity={PackingItem}
        row={item.id}
        className="group flex min-h-12 items-center gap-3 rounded-[inherit] pr-2 pl-1"
      >
        <button
          type="button"
          {...listeners}
          {...attributes}
          aria-label={t('drag.handle', { name: item.name })}
          className="flex h-10 w-5 shrink-0 cursor-grab touch-none items-center justify-center rounded-sm text-ink-faint opacity-40 focus-visible:opacity-100 group-hover:opacity-100"
        >
          <GripVertical size={15} aria-hidden="true" />
        </button>
        <Checkbox
          bare
          label={t('packing.tick', { name: item.name })}
          checked={item.checked}
          onChange={(checked) =>
            void act(toggle_packing_item, { ...inItem, checked }, [patched(PackingItem, item.id, { checked })])
          }
        />
        <span
          className={classes(
            'min-w-0 flex-1 truncate transition-colors duration-(--fast)',
            item.checked && 'text-ink-faint line-through decoration-line-strong',
          )}
        >
          {item.name}
        </span>
        {item.quantity > 1 && <span className="figures font-medium text-ink-soft text-sm">× {item.quantity}</span>}
        {item.weight_grams !== null && (
          <span className="figures text-ink-faint text-sm max-sm:hidden">
            {t('packing.grams', { count: item.weight_grams * item.quantity })}
          </span>
        )}
        <VisibilityMark item={item} />
        <ItemMenu item={item} />
      </Glowing>
    </li>
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

function ItemMenu({ item }: { item: PackingItemRow }) {
  const { t } = useTranslation()
  const me = useMe()
  const act = useAct()
  const [editing, setEditing] = useState(false)
  const inItem = { tripId: item.trip_id, itemId: item.id }

  async function remove() {
    if (!(await act(delete_packing_item, inItem, [removed(PackingItem, item.id)]))) return
    const { id: _id, trip_id: tripId, owner_id: _owner, sort_order: _order, created_at: _created, ...values } = item
    tell(t('packing.wasDeleted', { name: item.name }), {
      undo: () => void act(create_packing_item, { tripId, ...values }, [], (made) => [PackingItem, made.item]),
      undoLabel: t('undo'),
    })
  }

  const show = (visibility: 'common' | 'personal') =>
    act(update_packing_item, { ...inItem, visibility, shared_with: [] }, [
      patched(PackingItem, item.id, { visibility, shared_with: [] }),
    ])

  return (
    <>
      <Menu
        trigger={
          <IconButton label={t('packing.menu', { name: item.name })} size="small">
            <MoreHorizontal size={16} aria-hidden="true" />
          </IconButton>
        }
      >
        <MenuItem icon={<Pencil size={16} />} onSelect={() => setEditing(true)}>
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
        <MenuItem icon={<Trash2 size={16} />} danger onSelect={() => void remove()}>
          {t('delete')}
        </MenuItem>
      </Menu>
      <ItemDialog item={item} open={editing} onClose={() => setEditing(false)} />
    </>
  )
}
