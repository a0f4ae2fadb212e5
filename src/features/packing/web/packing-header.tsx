import { Backpack, ClipboardPaste, LayoutList, ListPlus, Luggage, Sparkles } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../ui/design/button.tsx'
import { Menu, MenuItem } from '../../../ui/design/menu.tsx'
import type { PackingItemRow } from '../contract/index.ts'
import type { Ask } from './packing-dialogs.tsx'

interface Props {
  items: readonly PackingItemRow[]
  mayEdit: boolean
  onAsk(ask: Ask): void
}

/** The title, how much is packed, and the ways to add many items. */
export function PackingHeader({ items, mayEdit, onAsk }: Props) {
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
        {mayEdit && <AddMany onAsk={onAsk} />}
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

function AddMany({ onAsk }: Pick<Props, 'onAsk'>) {
  const { t } = useTranslation()
  return (
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
  )
}
