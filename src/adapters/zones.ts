import lookUp from '@photostructure/tz-lookup'

/** The IANA time zone at a place on land, or the nautical one at sea. */
export const zoneAt = (lat: number, lng: number): string => lookUp(lat, lng)
