import { Check } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { SearchField } from '../../../ui/design/search-field.tsx'
import { countries } from './countries.ts'

interface Props {
  visited: readonly string[]
  search: string
  setSearch(search: string): void
  onToggle(code: string): void
}

const AT_MOST = 8

/** Finds a country by name, as an alternative to the map. */
export function CountryPicker({ visited, search, setSearch, onToggle }: Props) {
  const { t } = useTranslation()
  const sought = search.trim().toLocaleLowerCase()
  const matches = sought
    ? countries()
        .filter(({ name }) => name.toLocaleLowerCase().includes(sought))
        .slice(0, AT_MOST)
    : []
  return (
    <section aria-label={t('atlas.find')} className="max-w-md">
      <SearchField label={t('atlas.find')} value={search} onChange={setSearch} className="h-10" />
      {sought && (
        <ul className="mt-2 divide-y divide-line rounded-md border border-line bg-surface">
          {matches.map(({ code, name }) => (
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
          {!matches.length && <li className="px-3.5 py-3 text-ink-faint">{t('atlas.noneFound')}</li>}
        </ul>
      )}
    </section>
  )
}
