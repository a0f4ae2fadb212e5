import { MapPin, Plane } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { TextField } from '../../../ui/design/field.tsx'
import { language } from '../../../ui/i18n.ts'
import { listOf } from '../../../ui/message.ts'
import { useRead } from '../../../ui/query.ts'
import { search_airports, suggest_places } from '../../maps/contract/index.ts'
import { usePlanner } from '../../plan/web/planner.tsx'
import { coordinatesIn, type EndValues } from './booking-values.ts'
import { SuggestField, type Suggestion, usePaused } from './suggest-field.tsx'

interface Props {
  end: EndValues
  onChange(patch: Partial<EndValues>): void
}

type Found = Suggestion & Pick<EndValues, 'name' | 'code' | 'at'>

const PLACES_OF_TRIP = 5

/** An airport, by its code or by its name. */
export function AirportField({ end, onChange }: Props) {
  const { t } = useTranslation()
  const [text, setText] = useState([end.code, end.name].filter(Boolean).join(' · '))
  const query = usePaused(text.trim())
  const chosen = text.includes(' · ')
  const { data } = useRead(search_airports, { query: query || '-', limit: 6 }, { enabled: query !== '' && !chosen })
  const found = (chosen || !text.trim() ? [] : (data?.airports ?? [])).map(
    ({ iata, name, city, country, lat, lng }): Found => ({
      ...{ key: iata, label: `${iata} · ${name}`, note: listOf([city, countryName(country)].filter(Boolean)) },
      ...{ icon: <Plane size={15} aria-hidden="true" />, name, code: iata, at: `${lat}, ${lng}` },
    }),
  )
  return (
    <SuggestField
      label={t('bookings.airport')}
      placeholder={t('bookings.airportHint')}
      text={text}
      suggestions={found}
      onText={(typed) => {
        setText(typed)
        const code = /^\s*([a-z]{3})\s*$/i.exec(typed)?.[1]
        onChange({ code: code?.toUpperCase() ?? '', name: code ? '' : typed, at: '', timezone: null })
      }}
      onPick={({ label, name, code, at }) => {
        setText(label)
        onChange({ name, code, at, timezone: null })
      }}
    />
  )
}

/** A place of the trip, any other place found by name, or a name with coordinates. */
export function StationField({ end, onChange }: Props) {
  const { t } = useTranslation()
  const { places } = usePlanner()
  const query = usePaused(end.name.trim())
  const located = end.at !== ''
  const { data } = useRead(
    suggest_places,
    { query: query || '-', lang: language() },
    { enabled: query.length > 1 && !located },
  )
  const sought = end.name.trim().toLocaleLowerCase()
  const ofTrip = places
    .filter(({ name, lat }) => lat !== null && sought !== '' && name.toLocaleLowerCase().includes(sought))
    .slice(0, PLACES_OF_TRIP)
    .map(({ id, name, lat, lng, address }) => ({ key: `place${id}`, name, address, lat, lng }))
  const elsewhere = (data?.places ?? []).map(({ place_id, ...rest }) => ({ key: place_id, ...rest }))
  const found = (located ? [] : [...ofTrip, ...elsewhere]).map(
    ({ key, name, address, lat, lng }): Found => ({
      ...{ key, label: name, note: address, icon: <MapPin size={15} aria-hidden="true" /> },
      ...{ name, code: '', at: `${lat}, ${lng}` },
    }),
  )
  return (
    <>
      <SuggestField
        label={t('bookings.station')}
        text={end.name}
        suggestions={found}
        onText={(name) => onChange({ name, code: '', at: '', timezone: null })}
        onPick={({ name, at }) => onChange({ name, at, timezone: null })}
      />
      {end.name.trim() !== '' && <CoordinatesField end={end} onChange={onChange} />}
    </>
  )
}

/** The coordinates, for places that no search finds. */
function CoordinatesField({ end, onChange }: Props) {
  const { t } = useTranslation()
  const wrong = end.at.trim() !== '' && coordinatesIn(end.at) === null
  return (
    <TextField
      label={t('bookings.coordinates')}
      placeholder="35.0116, 135.7681"
      autoComplete="off"
      value={end.at}
      note={t('bookings.coordinatesNote')}
      error={wrong ? t('bookings.coordinatesWrong') : undefined}
      onChange={(text) => onChange({ at: text, timezone: null })}
    />
  )
}

const countryName = (code: string): string => new Intl.DisplayNames(language(), { type: 'region' }).of(code) ?? code
