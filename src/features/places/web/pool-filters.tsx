import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { SearchField } from '../../../ui/design/search-field.tsx'
import { Segmented } from '../../../ui/design/segmented.tsx'
import { Select } from '../../../ui/design/select.tsx'
import { usePlanner } from '../../plan/web/planner.tsx'
import { CategoryIcon } from './category-icon.tsx'
import { categoryName } from './category-name.ts'
import { TagDot } from './tag-chip.tsx'
import type { usePool } from './use-pool.ts'

interface Props {
  pool: ReturnType<typeof usePool>
  /** What is shown beside the search. */
  children: ReactNode
}

/** What narrows the pool of places. */
export function PoolFilters({ pool, children }: Props) {
  const { t } = useTranslation()
  const { places } = usePlanner()
  const { search, shown, category, tag, unplanned, categories, tags } = pool
  return (
    <div className="flex flex-col gap-2.5 border-line border-b px-4 pb-3">
      <div className="flex items-center gap-1.5">
        <div className="min-w-0 flex-1">
          <SearchField label={t('places.search')} className="h-9" {...search} />
        </div>
        {children}
      </div>
      <div className="flex items-center gap-2">
        <Segmented
          label={t('places.which')}
          choices={[
            { value: 'unplanned', label: t('places.unplanned', { count: unplanned }) },
            { value: 'all', label: t('places.all', { count: places.length }) },
          ]}
          {...shown}
        />
        {categories.length > 1 && (
          <div className="min-w-0 flex-1">
            <Select
              bare
              label={t('places.category')}
              choices={[
                { value: null, label: t('places.anyCategory') },
                ...categories.map((one) => ({
                  value: one.id,
                  label: categoryName(t, one),
                  icon: <CategoryIcon category={one} size={15} />,
                })),
              ]}
              {...category}
            />
          </div>
        )}
      </div>
      {tags.length > 0 && (
        <Select
          bare
          label={t('tags.title')}
          choices={[
            { value: null, label: t('tags.any') },
            ...tags.map(({ id, name, color }) => ({ value: id, label: name, icon: <TagDot color={color} /> })),
          ]}
          {...tag}
        />
      )}
    </div>
  )
}
