/**
 * The differences between our tools and the published contract in docs/contract/, each with its reason. The contract is a
 * minimum: we may add optional arguments, accept null where a field can be cleared, refuse unknown arguments and tighten
 * values. catalogue.test.ts allows only the differences listed here.
 */

/**
 * Every tool refuses unknown arguments, because the server would otherwise ignore a typo without saying so. It ignores only
 * arguments that are null, and arguments of a tool that has none: programs add those, not models.
 */

/** Optional arguments that are not in the contract. */
export const ADDED: Record<string, Record<string, string>> = {
  list_trips: paging(),
  list_places: paging(),
  list_categories: paging(),
  list_tags: paging(),
  export_trip_ics: { cursor: 'The calendar of a long trip is returned in parts.' },
  create_trip: {
    day_count: 'Callers can set the length of a trip without dates, which is otherwise a week.',
    reminder_days: 'The app can set it, so assistants can too.',
  },
  copy_trip: {
    start_date: 'Most copies are for another time: the days and bookings of the copy move to the new dates.',
    with_members: 'A copy for the same people can take over its members, so that nobody has to add them again.',
  },
  create_share_link: {
    expires_in_days:
      'Callers can choose how long a link is valid; in the published contract it always ends after 90 days.',
    linkId: 'A change that arrives after the link has ended must not create another link.',
  },
  update_trip: {
    reminder_days: 'The app can set it, so assistants can too.',
    shrink: 'Shorter dates never delete content without a choice: this argument says what happens to it.',
  },
  create_day: { title: 'update_day can set it, so create_day can too.' },
  create_place: {
    place_time: 'update_place can set it, and every field that can be changed can be set on create.',
    end_time: 'update_place can set it, and every field that can be changed can be set on create.',
    duration_minutes: 'update_place can set it, and every field that can be changed can be set on create.',
    transport_mode: 'update_place can set it, and every field that can be changed can be set on create.',
    tag_ids: 'Tags can be listed and used as a filter, so they can also be set on a place.',
  },
  update_place: { tag_ids: 'Tags can be listed and used as a filter, so they can also be set on a place.' },
  assign_place_to_day: {
    place_time: 'A stop gets its time in the same call, which halves the calls for a plan with times.',
    end_time: 'A stop gets its time in the same call, which halves the calls for a plan with times.',
    ...neighbours('A place'),
  },
  create_and_assign_place: {
    place_time: 'A stop gets its time in the same call, as with assign_place_to_day.',
    end_time: 'A stop gets its time in the same call, as with assign_place_to_day.',
    duration_minutes: 'create_place can set it, and this tool creates the same kind of place.',
    transport_mode: 'create_place can set it, and this tool creates the same kind of place.',
    ...neighbours('A place'),
  },
  move_assignment: {
    place_time: 'Most stops that move also get another time, which then needs only one call.',
    end_time: 'Most stops that move also get another time, which then needs only one call.',
  },
  update_day_note: { newDayId: 'A note can move to another day, as a stop can.' },
  create_day_note: neighbours('A note'),
  update_assignment_time: { notes: 'assign_place_to_day can set them, so they can be changed and cleared.' },
  create_collab_note: { website: 'The app can set it, so assistants can too.' },
  update_collab_note: { website: 'The app can set it, so assistants can too.' },
  list_collab_polls: paging(),
  create_reservation: {
    status: 'The app can set it, so assistants can too. The default for their bookings is pending.',
    reservation_end_time: 'create_transport can set it, and a tour has an end too.',
    url: 'People ask for the web page of a booking more often than for its number.',
    needs_review: 'create_transport can set it, so all bookings can.',
    check_in_end: 'create_accommodation can set it, and this tool creates the same kind of stay.',
  },
  update_reservation: bookingChanges({
    day_id: 'create_reservation can set it, and every field that can be set on create can be changed.',
    start_day_id: 'create_reservation takes it for a hotel, so update_reservation does too.',
    end_day_id: 'create_reservation can set it, and every field that can be set on create can be changed.',
    check_in: 'create_reservation can set it, and every field that can be set on create can be changed.',
    check_in_end: 'create_reservation can set it, and every field that can be set on create can be changed.',
    check_out: 'create_reservation can set it, and every field that can be set on create can be changed.',
    reservation_end_time: 'create_reservation can set it, and every field that can be set on create can be changed.',
    needs_review: 'create_reservation can set it, and every field that can be set on create can be changed.',
  }),
  create_place_accommodation: {
    transport_mode: 'create_place can set it, and this tool creates the same kind of place.',
  },
  link_hotel_accommodation: {
    check_in_end: 'create_accommodation can set it, and this tool creates the same kind of stay.',
  },
  create_transport: { url: 'People ask for the web page of a booking more often than for its number.' },
  update_transport: bookingChanges({}),
  create_packing_item: {
    quantity: 'bulk_import_packing can set it, so a single item can too.',
    weight_grams: 'bulk_import_packing can set it, so a single item can too.',
    checked: 'bulk_import_packing can set it, so a single item can too.',
    visibility: 'Private items work the same in the app, over REST and over MCP.',
    shared_with: 'Private items work the same in the app, over REST and over MCP.',
    bag_id: 'An item can be put into its bag in the same call.',
    before: 'A new item gets its position in the same call.',
  },
  update_packing_item: {
    quantity: 'Every field that can be set on create can be changed.',
    weight_grams: 'Every field that can be set on create can be changed.',
    checked: 'Every field that can be set on create can be changed.',
    visibility: 'Private items work the same in the app, over REST and over MCP.',
    shared_with: 'Private items work the same in the app, over REST and over MCP.',
    bag_id: 'Callers who can create bags must be able to put items into them.',
    before: 'A caller can move one item without listing all the others.',
  },
  create_packing_bag: { weight_limit_grams: 'The app can set it, so assistants can too.' },
  update_packing_bag: { weight_limit_grams: 'The app can set it, so assistants can too.' },
  create_budget_item: {
    persons: 'update_budget_item can set it, and every field that can be changed can be set on create.',
    days: 'update_budget_item can set it, and every field that can be changed can be set on create.',
    shares: 'Not every expense is shared equally: shares can be exact amounts or weights.',
    before: 'A new expense gets its position in the same call.',
    exchange_rate: 'Callers can give the rate that they paid; without it the rate may be unknown.',
  },
  create_budget_item_with_members: {
    payers: 'A paid expense can be recorded in one call, as with create_budget_item.',
  },
  update_budget_item: {
    currency: 'Every field that can be set on create can be changed.',
    expense_date: 'Every field that can be set on create can be changed.',
    shares: 'Every field that can be set on create can be changed.',
    exchange_rate: 'Every field that can be set on create can be changed.',
  },
  create_settlement: {
    currency: 'People also settle debts in a currency other than that of the trip.',
    exchange_rate: 'Callers can give the rate that they paid; without it the rate may be unknown.',
  },
  update_settlement: {
    currency: 'Every field that can be set on create can be changed.',
    exchange_rate: 'Every field that can be set on create can be changed.',
  },
  list_todos: paging(),
  create_todo: {
    checked: 'A to-do that is already done can be created as done.',
    before: 'A new to-do gets its position in the same call.',
  },
  update_todo: { before: 'A caller can move one to-do without listing all the others.' },
}

/** Values that we refuse and the contract allows, or the reverse, by the name of the argument in all tools. */
export const TIGHTENED: Record<string, string> = {
  start_date: 'A date must exist: 2027-02-30 is refused.',
  end_date: 'A date must exist: 2027-02-30 is refused.',
  date: 'A date must exist: 2027-02-30 is refused.',
  currency: 'Must be a code of ISO 4217, because amounts in an unknown currency cannot be added up.',
  lat: 'From -90 to 90.',
  lng: 'From -180 to 180.',
  price: 'Not negative, and at most 1e12.',
  place_time: 'HH:MM, so that stops can be sorted by time.',
  end_time: 'HH:MM, so that stops can be sorted by time.',
  website: 'http or https, because the app shows it as a link.',
  country_code: 'Must be the two-letter code of a country.',
  cover_image:
    'Only covers uploaded in the app: with any other address, every screen would send requests to a foreign server.',
  identifier: 'At most 320 characters, the longest e-mail address.',
  search: 'At most 200 characters.',
  category: 'One line of at most 100 characters; an id may come as a number.',
  tag: 'One line of at most 100 characters; an id may come as a number.',
  color: 'Must be #rrggbb.',
  duration_minutes: 'At most 100000, ten weeks.',
  google_place_id: 'At most 300 characters.',
  google_ftid: 'At most 300 characters.',
  osm_id: 'At most 100 characters.',
  phone: 'At least one character: null clears it.',
  name: 'At most as many characters as on create.',
  notes: 'At most as many characters as in the other tools.',
  userIds: 'At most 200 people; for costs 500.',
  member_ids: 'At most 500.',
  payers: 'At most 500.',
  icon: 'One emoji, because the app shows one.',
  lang: 'Must have the form of a language tag, such as en or pt-BR.',
  placeId: 'At most 300 characters if it is an id from another source.',
  url: 'One line of at most 4000 characters.',
  query: 'Not empty, one line.',
  iata: 'Three letters.',
  placeIds: 'At most as many as in the contract; each place must be in the trip.',
  time: 'At least one character: null clears it.',
  question: 'At most 500 characters.',
  options: '2 to 20 different options of at most 200 characters.',
  deadline: 'A time with its time zone, because without one it is ambiguous.',
  text: 'At most 5000 characters, as in the app.',
  emoji: 'One emoji, because the app shows one.',
  check_in: 'HH:MM, so that the entries of a day can be sorted by time.',
  check_in_end: 'HH:MM, so that the entries of a day can be sorted by time.',
  check_out: 'HH:MM, so that the entries of a day can be sorted by time.',
  reservation_time: 'YYYY-MM-DD[THH:MM] with a date that exists, because it determines the day.',
  reservation_end_time: 'YYYY-MM-DD[THH:MM] with a date that exists, because it determines the last day.',
  type: 'Wider: create_transport also takes bus, taxi, bicycle, ferry and other transports.',
  confirmation: 'At least one character: null clears it.',
  confirmation_number: 'At least one character: null clears it.',
  budget_category: 'At least one character.',
  endpoints: 'At most 40.',
  positions: 'At most 500, and at least one.',
  status: 'Has a default.',
  orderedIds: 'At most 5000, and at least one.',
  items: 'At most 500.',
  description: 'At most 2000 characters, as on create.',
  priority: '0 to 3 as in the contract, which also allows null.',
  due_date: 'A date must exist: 2027-02-30 is refused.',
  note: 'At most 500 characters.',
  total_price: 'At most 1e12.',
  amount: 'At most 1e12.',
  expense_date: 'A date must exist: 2027-02-30 is refused.',
  base: 'Must be a code of ISO 4217.',
  title: 'At least one character: null clears it.',
}

function neighbours(entry: string) {
  const reason = `${entry} gets its position in the same call.`
  return { before: reason, after: reason }
}

function paging(): Record<string, string> {
  const reason = 'Long lists are returned in pages, and each page says how much is left.'
  return { cursor: reason, limit: reason }
}

function bookingChanges(more: Record<string, string>): Record<string, string> {
  const reason = 'It can be set on create, and every field that can be set on create can be changed.'
  return { url: reason, price: reason, budget_category: reason, ...more }
}
