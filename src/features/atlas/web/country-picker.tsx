import { Check, Search } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { classes } from '../../../web/design/class-names.ts'
import { controlClass } from '../../../web/design/field.tsx'
import { countries } from './countries.ts'

interface Props {
  visited: readonly string[]
  search: string
  setSearch(search: string): void
  onToggle(code: string): void
}

const AT_MOST = 8

/** Finds a country by name, for those who do not want to look for it on the map. */
export function CountryPicker({ visited, search, setSearch, onToggle }: Props) {
  const { t } = useTranslation()
  const sought = search.trim().toLocaleLowerCase()
  const found = sought
    ? countries()
        .filter(({ name }) => name.toLocaleLowerCase().includes(sought))
        .slice(0, AT_MOST)
    : []
  return (
    <section aria-label={t('atlas.find')} className="max-w-md">
      <div className="relative">
        <Search
          size={16}
          aria-hidden="true"
          className="-translate-y-1/2 pointer-events-none absolute top-1/2 left-3 text-ink-faint"
        />
        <input
          type="search"
          aria-label={t('atlas.find')}
          placeholder={t('atlas.find')}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          className={classes(controlClass, 'h-10 pl-9')}
        />
      </div>
      {sought && (
        <ul className="mt-2 divide-y divide-line rounded-md border border-line bg-surface">
          {found.map(({ code, name }) => (
            <li key={code}>
              <button
                type="button"
                aria-pressed={visited.includes(code)}
                onClick={() => onToggle(code)}
                className="flex h-11 w-full items-center justify-between px-3.5 text-left hover:bg-hover"
              >
                {name}
                {visited.includes(code) && <Check size={17} aria-hidden="true" className="text-pine-ink" />}
              </button>
            </li>
          ))}
          {!found.length && <li className="px-3.5 py-3 text-ink-faint">{t('atlas.noneFound')}</li>}
        </ul>
      )}
    </section>
  )
}
