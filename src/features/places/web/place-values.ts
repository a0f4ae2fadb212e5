import type { Row } from '../../../core/declare/entity.ts'
import { numberField, numberOrNull, textOrNull } from '../../../ui/form/form.ts'
import type { Place } from '../contract/index.ts'

/** A place as values of a form. */
export interface PlaceValues {
  name: string
  category_id: number | null
  lat: string
  lng: string
  address: string
  description: string
  notes: string
  website: string
  phone: string
  price: string
  currency: string
  place_time: string
  end_time: string
  duration_minutes: string
  tag_ids: number[]
  google_place_id: string
  google_ftid: string
  osm_id: string
}

export const shown = (value: string | number | null | undefined): string =>
  value === null || value === undefined ? '' : String(value)

export const placeValues = (
  place: Partial<Row<typeof Place>>,
  currency: string,
  tag_ids: number[] = [],
): PlaceValues => ({
  name: place.name ?? '',
  category_id: place.category_id ?? null,
  lat: shown(place.lat),
  lng: shown(place.lng),
  address: shown(place.address),
  description: shown(place.description),
  notes: shown(place.notes),
  website: shown(place.website),
  phone: shown(place.phone),
  price: numberField(place.price),
  currency: place.currency ?? currency,
  place_time: shown(place.place_time),
  end_time: shown(place.end_time),
  duration_minutes: shown(place.duration_minutes),
  tag_ids,
  google_place_id: shown(place.google_place_id),
  google_ftid: shown(place.google_ftid),
  osm_id: shown(place.osm_id),
})

/** A coordinate is shown and read with a point in every language, and has no groups. */
const coordinateOrNull = (text: string): number | null =>
  text.trim() === '' ? null : Number(text.trim().replace(',', '.'))

/** The values of the form, as the server accepts them. */
export const placeInput = (values: PlaceValues) => ({
  name: values.name,
  category_id: values.category_id,
  lat: coordinateOrNull(values.lat),
  lng: coordinateOrNull(values.lng),
  address: textOrNull(values.address),
  description: textOrNull(values.description),
  notes: textOrNull(values.notes),
  website: textOrNull(values.website),
  phone: textOrNull(values.phone),
  price: numberOrNull(values.price),
  currency: textOrNull(values.price) === null ? null : values.currency,
  place_time: textOrNull(values.place_time),
  end_time: textOrNull(values.end_time),
  duration_minutes: numberOrNull(values.duration_minutes),
  google_place_id: textOrNull(values.google_place_id),
  google_ftid: textOrNull(values.google_ftid),
  osm_id: textOrNull(values.osm_id),
  tag_ids: values.tag_ids,
})

const PAIR = /^\s*\(?(-?\d{1,2}(?:\.\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d+)?)\)?\s*$/

/** Coordinates in the format of map pages, "35.0394, 135.7292", or null. */
export function pairOf(text: string): { lat: string; lng: string } | null {
  const found = PAIR.exec(text)
  return found?.[1] && found[2] ? { lat: found[1], lng: found[2] } : null
}
