import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CallError, call, type InputOf } from '../../../ui/call.ts'
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

export interface Results {
  readonly places: readonly FoundPlace[]
  readonly credit: string
  readonly note: string | null
  /** Whether a longer search could find more. */
  readonly more: boolean
}

const NONE: Results = { places: [], credit: '', note: null, more: false }

/** The search for a place by its name or by a pasted link, which passes on what is known of the place. */
export function usePlaceSearch(onFound: (place: Brought) => void) {
  const [text, setText] = useState('')
  const [results, setResults] = useState(NONE)
  const [open, setOpen] = useState(false)
  const { state, trouble, ask, drop } = useLastRequest()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  // A late answer goes to the form as it is then.
  const latest = useRef(onFound)
  latest.current = onFound

  function suggest(query: string) {
    setOpen(true)
    return ask(
      () => call(suggest_places, { query, lang: language() }),
      ({ places, credit, note, complete }) => setResults({ places, credit, note, more: !complete }),
    )
  }

  function search(query: string) {
    setOpen(true)
    return ask(
      () => call(search_place, { query } satisfies InputOf<typeof search_place>),
      ({ places, credit, note }) => setResults({ places, credit, note, more: false }),
    )
  }

  function read(url: string) {
    setOpen(true)
    return ask(
      () => call(resolve_maps_url, { url }),
      ({ timezone: _timezone, note: _note, ...found }) => {
        hand(found)
        setText(found.name ?? `${found.lat}, ${found.lng}`)
      },
    )
  }

  function clear() {
    drop()
    setOpen(false)
    setResults(NONE)
  }

  function hand(place: Brought) {
    clearTimeout(timer.current)
    clear()
    latest.current(place)
  }

  return {
    text,
    results,
    state,
    trouble,
    open,
    setOpen,
    choose(place: FoundPlace) {
      const { name, address, lat, lng, google_place_id, osm_id, place_id } = place
      setText(name)
      hand({ name, address, lat, lng, google_place_id, osm_id })
      if (!google_place_id && !osm_id) return
      // Further details are optional, so nothing waits for them.
      call(get_place_details, { placeId: place_id, lang: language() }).then(
        ({ place: { website, phone } }) => latest.current({ website, phone }),
        () => undefined,
      )
    },
    /** Takes a typed text: suggests places once typing pauses, and reads a link at once. */
    type(next: string) {
      setText(next)
      clearTimeout(timer.current)
      const query = next.trim()
      if (isLink(query)) return void read(query)
      if (query.length < SHORTEST) return clear()
      timer.current = setTimeout(() => void suggest(query), PAUSE_MS)
    },
    /** Searches for the whole text. */
    submit() {
      const query = text.trim()
      clearTimeout(timer.current)
      if (query) void (isLink(query) ? read(query) : search(query))
    },
  }
}

/** Requests of which only the last counts: an answer that arrives after the next request is dropped. */
function useLastRequest() {
  const { t } = useTranslation()
  const [state, setState] = useState<'idle' | 'searching' | 'found' | 'failed'>('idle')
  const [trouble, setTrouble] = useState('')
  const turns = useRef(0)

  async function ask<T>(question: () => Promise<T>, take: (answer: T) => void) {
    const turn = ++turns.current
    setState('searching')
    try {
      const answer = await question()
      if (turn !== turns.current) return
      setState('found')
      take(answer)
    } catch (error) {
      if (turn !== turns.current) return
      setState('failed')
      setTrouble(error instanceof CallError ? (error.hint ?? error.message) : t('error.unexpected'))
    }
  }

  function drop() {
    turns.current++
    setState('idle')
  }

  return { state, trouble, ask, drop }
}
