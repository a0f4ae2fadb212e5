import { Luggage } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Segmented } from '../../../web/design/segmented.tsx'
import { EmptyState } from '../../../web/design/states.tsx'
import { useRows } from '../../../web/live/hooks.tsx'
import { useMe } from '../../../web/session.ts'
import { PackingItem, type PackingItemRow } from '../contract.ts'
import { AddItem } from './add-item.tsx'
import { CategoryList } from './category-list.tsx'

type Shown = 'all' | 'open' | 'mine'

/** What to take along: common things and one's own. */
export function PackingPage() {
  const { t } = useTranslation()
  const me = useMe()
  const rows = useRows(PackingItem)
  const [shown, setShown] = useState<Shown>('all')
  const items = useMemo(() => rows.toSorted((a, b) => a.sort_order - b.sort_order || a.id - b.id), [rows])
  const visible = items.filter((item) =>
    shown === 'open'
      ? !item.checked
      : shown === 'mine'
        ? item.visibility !== 'common' && item.owner_id === me.id
        : true,
  )
  const groups = [...Map.groupBy(visible, (item) => item.category)]
  return (
    <div className="mx-auto flex max-w-3xl flex-col gap-6 px-4 pt-6 pb-16 sm:px-6 sm:pt-10">
      <Progress items={items} />
      <AddItem categories={[...new Set(items.map(({ category }) => category))]} />
      {items.length > 0 && (
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
      )}
      {groups.length > 0 ? (
        <div className="flex flex-col gap-8">
          {groups.map(([category, group]) => (
            <CategoryList key={category} category={category} items={group} everything={items} />
          ))}
        </div>
      ) : items.length > 0 ? (
        <EmptyState compact title={shown === 'open' ? t('packing.allPacked') : t('packing.noneMine')}>
          {shown === 'open' ? t('packing.allPackedBody') : t('packing.noneMineBody')}
        </EmptyState>
      ) : (
        <EmptyState compact title={t('packing.emptyTitle')}>
          {t('packing.emptyBody')}
        </EmptyState>
      )}
    </div>
  )
}

function Progress({ items }: { items: readonly PackingItemRow[] }) {
  const { t } = useTranslation()
  const packed = items.filter(({ checked }) => checked).length
  return (
    <header className="flex items-end gap-4">
      <div className="min-w-0 flex-1">
        <h2 className="title flex items-center gap-3 text-2xl">
          <Luggage size={24} aria-hidden="true" className="text-pine-ink" />
          {t('packing.title')}
        </h2>
        <div
          role="progressbar"
          aria-label={t('packing.progress')}
          aria-valuemin={0}
          aria-valuemax={items.length}
          aria-valuenow={packed}
          className="mt-4 h-1.5 overflow-hidden rounded-full bg-hover"
        >
          <div
            className="h-full rounded-full bg-pine transition-[width] duration-(--steady)"
            style={{ width: items.length ? `${(packed / items.length) * 100}%` : 0 }}
          />
        </div>
      </div>
      <p className="figures title text-2xl text-ink-soft">
        {packed}
        <span className="text-ink-faint text-lg"> / {items.length}</span>
      </p>
    </header>
  )
}
