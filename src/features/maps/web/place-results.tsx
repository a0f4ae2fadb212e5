import { Autocomplete } from '@base-ui/react/autocomplete'
import { useTranslation } from 'react-i18next'
import { classes } from '../../../ui/design/class-names.ts'
import { popupClass } from '../../../ui/design/popup.ts'
import type { FoundPlace } from '../contract/index.ts'
import type { Results } from './use-place-search.ts'

interface Props {
  results: Results
  onChoose(place: FoundPlace): void
}

/** The places found, below the field of the search, and where they come from. */
export function PlaceResults({ results, onChoose }: Props) {
  const { t } = useTranslation()
  return (
    <Autocomplete.Portal>
      <Autocomplete.Positioner sideOffset={4} align="start" className="z-60 outline-none">
        <Autocomplete.Popup
          role="region"
          aria-label={t('placeSearch.found')}
          className={classes(popupClass, 'flex max-h-(--available-height) w-(--anchor-width) flex-col overflow-auto')}
        >
          <Autocomplete.List>
            {(place: FoundPlace) => (
              <Autocomplete.Item
                key={place.place_id}
                value={place}
                onClick={() => onChoose(place)}
                className="flex cursor-default select-none items-center gap-3 rounded-sm px-2.5 py-2 outline-none data-highlighted:bg-hover"
              >
                <span
                  aria-hidden="true"
                  className="figures w-8 shrink-0 rounded-sm bg-hover py-0.5 text-center font-medium text-ink-soft text-xs"
                >
                  {place.country ?? '·'}
                </span>
                <span className="flex min-w-0 flex-col">
                  <span className="truncate text-base">{place.name}</span>
                  {place.address && <span className="truncate text-ink-soft text-xs">{place.address}</span>}
                </span>
              </Autocomplete.Item>
            )}
          </Autocomplete.List>
          <p className="flex flex-wrap justify-between gap-x-3 px-2.5 pt-1.5 pb-1 text-ink-faint text-xs">
            <span>{results.more ? t('placeSearch.more') : results.note}</span>
            <span className="ml-auto">{t('placeSearch.credit', { source: results.credit })}</span>
          </p>
        </Autocomplete.Popup>
      </Autocomplete.Positioner>
    </Autocomplete.Portal>
  )
}
