import { Autocomplete } from '@base-ui/react/autocomplete'
import { Search } from 'lucide-react'
import { type KeyboardEvent, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { classes } from '../../../ui/design/class-names.ts'
import { controlClass } from '../../../ui/design/field.tsx'
import { useLookUps } from '../../admin/web/instance.ts'
import type { FoundPlace } from '../contract/index.ts'
import { PlaceResults } from './place-results.tsx'
import { type Brought, usePlaceSearch } from './use-place-search.ts'

interface Props {
  onFound(place: Brought): void
  autoFocus?: boolean
}

/** Finds a place by its name or by a pasted link, and passes on what is known of it. */
export function PlaceSearch({ onFound, autoFocus }: Props) {
  const { t } = useTranslation()
  const { text, results, state, trouble, open, setOpen, choose, type, submit } = usePlaceSearch(onFound)
  const { onlyTowns } = useLookUps()
  const label = t(onlyTowns ? 'placeSearch.labelTowns' : 'placeSearch.label')
  const hint = t(onlyTowns ? 'placeSearch.hintTowns' : 'placeSearch.hint')
  const highlighted = useRef(false)

  function keys(event: KeyboardEvent) {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing || (open && highlighted.current)) return
    // This must not submit the surrounding form.
    event.preventDefault()
    submit()
  }

  const below = {
    idle: hint,
    searching: t('placeSearch.searching'),
    found: results.places.length > 0 ? hint : t('placeSearch.nothing', { text: text.trim() }),
    failed: trouble,
  }[state]
  return (
    <Autocomplete.Root
      items={results.places}
      value={text}
      filter={null}
      open={open && results.places.length > 0}
      onOpenChange={setOpen}
      itemToStringValue={(place: FoundPlace) => place.name}
      onValueChange={(next, { reason }) => reason !== 'item-press' && type(next)}
      onItemHighlighted={(place) => {
        highlighted.current = place !== undefined
      }}
    >
      <div className="flex flex-col gap-1.5">
        <div className="relative">
          <Search
            size={16}
            aria-hidden="true"
            className="-translate-y-1/2 pointer-events-none absolute top-1/2 left-3 text-ink-faint"
          />
          <Autocomplete.Input
            aria-label={label}
            placeholder={label}
            maxLength={4000}
            autoFocus={autoFocus}
            onKeyDown={keys}
            className={classes(controlClass, 'h-10 pl-9')}
          />
        </div>
        <p role="status" className={classes('text-xs', state === 'failed' ? 'text-signal-ink' : 'text-ink-faint')}>
          {below}
        </p>
      </div>
      <PlaceResults results={results} onChoose={choose} />
    </Autocomplete.Root>
  )
}
