import lookUp from '@photostructure/tz-lookup'

/** The IANA time zone of a place on land, or the nautical zone at sea. */
export const zoneAt = (lat: number, lng: number): string => lookUp(lat, lng)
