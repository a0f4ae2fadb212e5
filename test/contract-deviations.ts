/**
 * Where our tools differ from the published contract in docs/contract/, each with its reason. The contract is a floor: we may
 * add optional arguments, accept null where a field can be cleared, refuse unknown arguments and tighten values. The
 * catalogue test holds us to this list.
 */

/** Refused for every tool: arguments that are not known. A typo would otherwise be lost without a word. */

/** Optional arguments that the contract does not have. */
export const ADDED: Record<string, Record<string, string>> = {
  list_trips: paging(),
  list_places: paging(),
  create_trip: {
    day_count: 'A trip without dates lasts as long as one says, not always a week.',
    reminder_days: 'The app can set it, so assistants can too.',
  },
  update_trip: {
    reminder_days: 'The app can set it, so assistants can too.',
    shrink: 'Shorter dates never destroy content unasked: this says what to do with it.',
  },
  update_day: { notes: 'create_day can set them, so update_day can change and clear them.' },
  create_day: { title: 'update_day can set it, so create_day can too.' },
  create_place: {
    place_time: 'update_place can set it: creating is never poorer than changing.',
    end_time: 'update_place can set it: creating is never poorer than changing.',
    duration_minutes: 'update_place can set it: creating is never poorer than changing.',
    transport_mode: 'update_place can set it: creating is never poorer than changing.',
    tag_ids: 'Tags can be listed and filtered by, so they can also be put on a place.',
  },
  update_place: { tag_ids: 'Tags can be listed and filtered by, so they can also be put on a place.' },
  assign_place_to_day: {
    place_time: 'A stop gets its time in the same call, half as many calls for a plan with times.',
    end_time: 'A stop gets its time in the same call, half as many calls for a plan with times.',
  },
  update_assignment_time: { notes: 'assign_place_to_day can set them, so they can be changed and cleared.' },
  create_packing_item: {
    quantity: 'bulk_import_packing can set it, so a single item can too.',
    weight_grams: 'bulk_import_packing can set it, so a single item can too.',
    checked: 'bulk_import_packing can set it, so a single item can too.',
    visibility: 'Private items are the same over every way in.',
    shared_with: 'Private items are the same over every way in.',
  },
  update_packing_item: {
    quantity: 'What can be created can be changed.',
    weight_grams: 'What can be created can be changed.',
    checked: 'What can be created can be changed.',
    visibility: 'Private items are the same over every way in.',
    shared_with: 'Private items are the same over every way in.',
  },
}

/** Values that the contract would allow and we refuse, or the other way round, by argument name for all tools. */
export const TIGHTENED: Record<string, string> = {
  start_date: 'A date must exist: 2027-02-30 is refused.',
  end_date: 'A date must exist: 2027-02-30 is refused.',
  date: 'A date must exist: 2027-02-30 is refused.',
  currency: 'Must be a code of ISO 4217, or money could not be added up.',
  lat: 'From -90 to 90.',
  lng: 'From -180 to 180.',
  price: 'Not negative, and at most 1e12.',
  place_time: 'HH:MM, so that stops can be put in order.',
  end_time: 'HH:MM, so that stops can be put in order.',
  website: 'http or https, since it becomes a link.',
  country_code: 'Must be two letters and a country.',
  cover_image: 'Only covers uploaded in the app: another address would call out to strangers from every screen.',
  identifier: 'At most 320 characters, the longest e-mail address.',
  search: 'At most 200 characters.',
  category: 'At most 100 characters.',
  tag: 'At most 100 characters.',
  color: 'Must be #rrggbb.',
  duration_minutes: 'At most 100000, ten weeks.',
  google_place_id: 'At most 300 characters.',
  google_ftid: 'At most 300 characters.',
  osm_id: 'At most 100 characters.',
  phone: 'At least one character: null clears it.',
  name: 'At most as long as on create.',
  notes: 'At most as long as elsewhere.',
  userIds: 'At most 200.',
  orderedIds: 'At most 5000, and at least one.',
  title: 'null clears it; at least one character otherwise.',
}

/** Resources whose scope differs from the published one. */
export const RESOURCE_SCOPES: Record<string, string> = {
  'trek://categories': 'Needs places:read like list_categories, which it reads; the contract names none.',
}

function paging(): Record<string, string> {
  const reason = 'Long lists are given page by page, and each page says what is left.'
  return { cursor: reason, limit: reason }
}
