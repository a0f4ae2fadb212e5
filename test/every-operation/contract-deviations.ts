/**
 * The differences between our tools and the published contract in docs/contract/, each with its reason. The contract is a
 * minimum: we may add optional arguments, accept null where a field can be cleared, refuse unknown arguments and tighten
 * values. catalogue.test.ts allows only the differences listed here.
 */

/**
 * Every tool refuses unknown arguments, because a typo would otherwise be lost silently. Ignored are only null, and arguments
 * for a tool that has none: programs, not models, add those.
 */

/** Optional arguments that are not in the contract. */
export const ADDED: Record<string, Record<string, string>> = {
  list_trips: paging(),
  list_places: paging(),
  list_categories: paging(),
  list_tags: paging(),
  export_trip_ics: { cursor: 'The calendar of a long trip comes in parts.' },
  create_trip: {
    day_count: 'A trip without dates lasts as long as one says, not always a week.',
    reminder_days: 'The app can set it, so assistants can too.',
  },
  copy_trip: {
    start_date: 'A trip is mostly copied to be made again at another time: its days and bookings move along.',
    with_members: 'A copy for the same people need not be filled with them by hand.',
  },
  create_share_link: {
    expires_in_days: 'How long a link lasts can be chosen; the published one ends after 90 days unsaid.',
    linkId: 'A change that comes after the link was ended must not make another one.',
  },
  update_trip: {
    reminder_days: 'The app can set it, so assistants can too.',
    shrink: 'Shorter dates never destroy content unasked: this says what to do with it.',
  },
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
    ...neighbours('A place'),
  },
  create_and_assign_place: {
    place_time: 'A stop gets its time in the same call, as with assign_place_to_day.',
    end_time: 'A stop gets its time in the same call, as with assign_place_to_day.',
    duration_minutes: 'create_place can set it, and this makes the same place.',
    transport_mode: 'create_place can set it, and this makes the same place.',
    ...neighbours('A place'),
  },
  move_assignment: {
    place_time: 'A stop that moves mostly gets another time: one call.',
    end_time: 'A stop that moves mostly gets another time: one call.',
  },
  update_day_note: { newDayId: 'A note goes to another day like a stop does.' },
  create_day_note: neighbours('A note'),
  update_assignment_time: { notes: 'assign_place_to_day can set them, so they can be changed and cleared.' },
  create_collab_note: { website: 'The app can set it, so assistants can too.' },
  update_collab_note: { website: 'The app can set it, so assistants can too.' },
  list_collab_polls: paging(),
  create_reservation: {
    status: 'The app can set it, so assistants can too; what they book starts pending.',
    reservation_end_time: 'create_transport can set it: a tour ends as well.',
    url: 'The page of a booking is asked for more than its number.',
    needs_review: 'create_transport can set it, so all bookings can.',
    check_in_end: 'create_accommodation can set it, and this makes the same stay.',
  },
  update_reservation: bookingChanges({
    day_id: 'create_reservation can set it: changing is never poorer than creating.',
    start_day_id: 'create_reservation takes it for a hotel, so update_reservation does too.',
    end_day_id: 'create_reservation can set it: changing is never poorer than creating.',
    check_in: 'create_reservation can set it: changing is never poorer than creating.',
    check_in_end: 'create_reservation can set it: changing is never poorer than creating.',
    check_out: 'create_reservation can set it: changing is never poorer than creating.',
    reservation_end_time: 'create_reservation can set it: changing is never poorer than creating.',
    needs_review: 'create_reservation can set it: changing is never poorer than creating.',
  }),
  create_place_accommodation: { transport_mode: 'create_place can set it, and this makes the same place.' },
  link_hotel_accommodation: { check_in_end: 'create_accommodation can set it, and this makes the same stay.' },
  create_transport: { url: 'The page of a booking is asked for more than its number.' },
  update_transport: bookingChanges({}),
  create_packing_item: {
    quantity: 'bulk_import_packing can set it, so a single item can too.',
    weight_grams: 'bulk_import_packing can set it, so a single item can too.',
    checked: 'bulk_import_packing can set it, so a single item can too.',
    visibility: 'Private items are the same over every way in.',
    shared_with: 'Private items are the same over every way in.',
    bag_id: 'An item goes into its bag in the same call.',
    before: 'A new item goes where it belongs in one call.',
  },
  update_packing_item: {
    quantity: 'What can be created can be changed.',
    weight_grams: 'What can be created can be changed.',
    checked: 'What can be created can be changed.',
    visibility: 'Private items are the same over every way in.',
    shared_with: 'Private items are the same over every way in.',
    bag_id: 'Bags are of no use to who cannot put anything into them.',
    before: 'One item moves without naming all the others.',
  },
  create_packing_bag: { weight_limit_grams: 'The app can set it, so assistants can too.' },
  update_packing_bag: { weight_limit_grams: 'The app can set it, so assistants can too.' },
  create_budget_item: {
    persons: 'update_budget_item can set it: creating is never poorer than changing.',
    days: 'update_budget_item can set it: creating is never poorer than changing.',
    shares: 'Not everything is shared equally: exact amounts, or weights.',
    before: 'A new expense goes where it belongs in one call.',
    exchange_rate: 'Who knows at which rate they paid can say so; without it nothing may be known.',
  },
  create_budget_item_with_members: {
    payers: 'An expense that was paid is recorded in one call, as with create_budget_item.',
  },
  update_budget_item: {
    currency: 'What can be created can be changed.',
    expense_date: 'What can be created can be changed.',
    shares: 'What can be created can be changed.',
    exchange_rate: 'What can be created can be changed.',
  },
  create_settlement: {
    currency: 'People also settle in another currency than that of the trip.',
    exchange_rate: 'Who knows at which rate they paid can say so; without it nothing may be known.',
  },
  update_settlement: {
    currency: 'What can be created can be changed.',
    exchange_rate: 'What can be created can be changed.',
  },
  list_todos: paging(),
  create_todo: {
    checked: 'What was done before it was written down is written down as done.',
    before: 'A new to-do goes where it belongs in one call.',
  },
  update_todo: { before: 'One to-do moves without naming all the others.' },
}

/** Values that the contract allows and we refuse, or the reverse, by argument name for all tools. */
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
  category: 'One line of at most 100 characters; an id may come as a number.',
  tag: 'One line of at most 100 characters; an id may come as a number.',
  color: 'Must be #rrggbb.',
  duration_minutes: 'At most 100000, ten weeks.',
  google_place_id: 'At most 300 characters.',
  google_ftid: 'At most 300 characters.',
  osm_id: 'At most 100 characters.',
  phone: 'At least one character: null clears it.',
  name: 'At most as long as on create.',
  notes: 'At most as long as elsewhere.',
  userIds: 'At most 200, for costs 500.',
  member_ids: 'At most 500.',
  payers: 'At most 500.',
  icon: 'One emoji, since it is shown as one.',
  lang: 'Must look like a language, en or pt-BR.',
  placeId: 'At most 300 characters where it is an id of another source.',
  url: 'One line of at most 4000 characters.',
  query: 'Not empty, one line.',
  iata: 'Three letters.',
  placeIds: 'At most as many as published; each must be in the trip.',
  time: 'At least one character: null clears it.',
  question: 'At most 500 characters.',
  options: '2 to 20 different ones of at most 200 characters.',
  deadline: 'A moment with its time zone, or nobody would know when it is.',
  text: 'At most 5000 characters, as in the app.',
  emoji: 'One emoji, since it is shown as one.',
  check_in: 'HH:MM, so that the day can show it in order.',
  check_in_end: 'HH:MM, so that the day can show it in order.',
  check_out: 'HH:MM, so that the day can show it in order.',
  reservation_time: 'YYYY-MM-DD[THH:MM] of a date that exists: from it comes the day.',
  reservation_end_time: 'YYYY-MM-DD[THH:MM] of a date that exists: from it comes the last day.',
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
  priority: '0 to 3 as published, where null is allowed too.',
  due_date: 'A date must exist: 2027-02-30 is refused.',
  note: 'At most 500 characters.',
  total_price: 'At most 1e12.',
  amount: 'At most 1e12.',
  expense_date: 'A date must exist: 2027-02-30 is refused.',
  base: 'Must be a code of ISO 4217.',
  title: 'null clears it; at least one character otherwise.',
}

function neighbours(what: string) {
  const reason = `${what} goes where it belongs in one call.`
  return { before: reason, after: reason }
}

function paging(): Record<string, string> {
  const reason = 'Long lists are given page by page, and each page says what is left.'
  return { cursor: reason, limit: reason }
}

function bookingChanges(more: Record<string, string>): Record<string, string> {
  const reason = 'create can set it: changing is never poorer than creating.'
  return { url: reason, price: reason, budget_category: reason, ...more }
}
