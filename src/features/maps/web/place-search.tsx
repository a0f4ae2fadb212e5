import { Autocomplete } from '@base-ui/react/autocomplete'
import { Search } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CallError, call, type InputOf } from '../../../ui/call.ts'
import { classes } from '../../../ui/design/class-names.ts'
import { controlClass } from '../../../ui/design/field.tsx'
import { popupClass } from '../../../ui/design/popup.ts'
import { language } from '../../../ui/i18n.ts'
import {
  type FoundPlace,
  get_place_details,
  resolve_maps_url,
  search_place,
  suggest_places,
} from '../contract/index.ts'
import { isLink } from './typed.ts'

const PAUSE_MS = 250
const SHORTEST = 2

/** The result of a search for a form; unknown fields are absent. */
export interface Brought {
  readonly name?: string | null
  readonly address?: string | null
  readonly lat?: number
  readonly lng?: number
  readonly website?: string | null
  readonly phone?: string | null
  readonly google_place_id?: string | null
  readonly google_ftid?: string | null
  readonly osm_id?: string | null
}

interface Results {
  readonly places: readonly FoundPlace[]
  readonly credit: string
  readonly note: string | null
  /** Whether a longer search could find more. */
  readonly more: boolean
}

const NONE: Results = { places: [], credit: '', note: null, more: false }

type State = 'idle' | 'searching' | 'found' | 'failed'

/** Finds a place by its name or by a pasted link, and passes on what is known of it. */
export function PlaceSearch({ onFound, autoFocus }: { onFound(place: Brought): void; autoFocus?: boolean }) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const [results, setResults] = useState(NONE)
  const [state, setState] = useState<State>('idle')
  const [trouble, setTrouble] = useState('')
  const [open, setOpen] = useState(false)
  const asked = useRef(0)
  const highlighted = useRef(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  // A late answer goes to the form as it is then.
  const latest = useRef(onFound)
  latest.current = onFound

  /** Only the last request counts: an answer that arrives after the next request is dropped. */
  async function ask<T>(question: () => Promise<T>, take: (answer: T) => void) {
    const turn = ++asked.current
    setState('searching')
    setOpen(true)
    try {
      const answer = await question()
      if (turn !== asked.current) return
      setState('found')
      take(answer)
    } catch (error) {
      if (turn !== asked.current) return
      setState('failed')
      setTrouble(error instanceof CallError ? (error.hint ?? error.message) : t('error.unexpected'))
    }
  }

  const suggest = (query: string) =>
    ask(
      () => call(suggest_places, { query, lang: language() }),
      ({ places, credit, note, complete }) => setResults({ places, credit, note, more: !complete }),
    )

  const search = (query: string) =>
    ask(
      () => call(search_place, { query } satisfies InputOf<typeof search_place>),
      ({ places, credit, note }) => setResults({ places, credit, note, more: false }),
    )

  const read = (url: string) =>
    ask(
      () => call(resolve_maps_url, { url }),
      ({ timezone: _timezone, note: _note, ...found }) => {
        hand(found)
        setText(found.name ?? `${found.lat}, ${found.lng}`)
      },
    )

  function hand(place: Brought) {
    clearTimeout(timer.current)
    asked.current++
    setOpen(false)
    setState('idle')
    setResults(NONE)
    latest.current(place)
  }

  function choose(place: FoundPlace) {
    const { name, address, lat, lng, google_place_id, osm_id, place_id } = place
    setText(name)
    hand({ name, address, lat, lng, google_place_id, osm_id })
    if (!google_place_id && !osm_id) return
    // Further details are optional, so nothing waits for them.
    call(get_place_details, { placeId: place_id, lang: language() }).then(
      ({ place: { website, phone } }) => latest.current({ website, phone }),
      () => undefined,
    )
  }

  function type(next: string) {
    setText(next)
    clearTimeout(timer.current)
    const query = next.trim()
    if (isLink(query)) return void read(query)
    if (query.length < SHORTEST) {
      asked.current++
      setOpen(false)
      setState('idle')
      return setResults(NONE)
    }
    timer.current = setTimeout(() => void suggest(query), PAUSE_MS)
  }

  function keys(event: KeyboardEvent) {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing || (open && highlighted.current)) return
    // This must not submit the surrounding form.
    event.preventDefault()
    const query = text.trim()
    clearTimeout(timer.current)
    if (query) void (isLink(query) ? read(query) : search(query))
  }

  const listed = open && results.places.length > 0
  const below = {
    idle: t('placeSearch.hint'),
    searching: t('placeSearch.searching'),
    found: results.places.length > 0 ? t('placeSearch.hint') : t('placeSearch.nothing', { text: text.trim() }),
    failed: trouble,
  }[state]
  return (
    <Autocomplete.Root
      items={results.places}
      value={text}
      filter={null}
      open={listed}
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
            aria-label={t('placeSearch.label')}
            placeholder={t('placeSearch.label')}
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
                  onClick={() => choose(place)}
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
    </Autocomplete.Root>
  )
}
