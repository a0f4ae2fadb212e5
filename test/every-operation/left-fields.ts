/**
 * The fields that are not kept when a row is made from another row, or by an operation other than the one that creates it,
 * each with its reason. All other fields that a person gives are kept: kept-fields.test.ts checks every operation against
 * this list. A key is an entity, for all its fields, or `entity.field`; the name of an operation can be followed by the
 * other rows it makes.
 */
export const LEFT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  copy_trip: {
    'trip.title': 'It says that it is a copy, unless another title is given.',
    'trip.is_archived': 'A copy is made to be worked on.',
    'packing_item.checked': 'Nothing is packed for the copy yet.',
    'todo.checked': 'Nothing is done for the copy yet.',
    collab_poll: 'What people voted for belongs to them and to that trip.',
    collab_message: 'What people said belongs to them and to that trip.',
    share_link: 'A link shows the one trip it was made for.',
    trip_file: 'Files were given to the people of that trip.',
  },
  apply_packing_template: {
    'packing_item.checked': 'Nothing of a template is packed yet.',
    'packing_item.bag_id': 'A bag belongs to one trip, and a template to all of them.',
    'packing_item.visibility': 'Everybody on the server sees a template, so it has common items only.',
    'packing_item.shared_with': 'Everybody on the server sees a template, so it has common items only.',
  },
  bulk_import_packing: {
    'packing_item.bag_id': 'The bag is given by its name, since it may not exist yet.',
    'packing_item.shared_with': 'A list that was written elsewhere names nobody of the trip.',
    packing_bag: 'A bag that is not there yet is made from its name alone.',
  },
  create_trip: {
    day: 'There is one for each date, and nothing is said of them yet.',
    'trip.is_archived': 'A new trip is there to be worked on.',
    'trip.cover_image': 'A cover is uploaded to a trip that exists.',
  },
  add_guest: { user: 'A guest has a name in one trip, and no account to log in with.' },
  upload_file: { 'trip_file.name': 'It is that of the uploaded file.' },
  assign_place_to_day: { 'assignment.participant_ids': 'set_assignment_participants says who comes along.' },
  assign_places_to_day: { assignment: 'Several places are put on a day as they are; each can be changed after that.' },
  create_and_assign_place: {
    'assignment.participant_ids': 'set_assignment_participants says who comes along.',
    'place.place_time': 'The time given is that of the visit.',
    'place.end_time': 'The time given is that of the visit.',
  },
  create_accommodation: { reservation: 'The booking of a stay is named after the place; the stay has the rest.' },
  create_place_accommodation: {
    reservation: 'The booking of a stay is named after the place; the stay has the rest.',
    'place.place_time': 'A stay has its own times: check-in and check-out.',
    'place.end_time': 'A stay has its own times: check-in and check-out.',
    'place.duration_minutes': 'A stay lasts from its first day to its last.',
  },
  link_hotel_accommodation: {
    'accommodation.confirmation': 'It is that of the booking.',
    'accommodation.notes': 'They are those of the booking.',
  },
  create_reservation: {
    'reservation.metadata': 'create_transport makes the bookings that have details.',
    'reservation.endpoints': 'create_transport makes the bookings that go somewhere.',
  },
  'create_reservation of a hotel': {
    'reservation.metadata': 'create_transport makes the bookings that have details.',
    'reservation.endpoints': 'create_transport makes the bookings that go somewhere.',
    'reservation.reservation_time': 'The stay has the days and the time of check-in.',
    'reservation.reservation_end_time': 'The stay has the days and the time of check-out.',
    'reservation.confirmation_number': 'The stay has it.',
    'reservation.notes': 'The stay has them.',
  },
  'create_reservation with a price': {
    'reservation.metadata': 'create_transport makes the bookings that have details.',
    'reservation.endpoints': 'create_transport makes the bookings that go somewhere.',
    'budget_item.name': 'The cost is named after the booking.',
    'budget_item.persons': 'A booking has a price; update_budget_item says more about its cost.',
    'budget_item.days': 'A booking has a price; update_budget_item says more about its cost.',
    'budget_item.expense_date': 'A booking has a price; update_budget_item says more about its cost.',
    'budget_item.note': 'A booking has a price; update_budget_item says more about its cost.',
  },
  'create_day with a note': {
    'day_note.time': 'The first note of a day is a text; create_day_note takes more.',
    'day_note.icon': 'The first note of a day is a text; create_day_note takes more.',
  },
  create_transport: { 'reservation.location': 'A transport has a start and an end instead.' },
  create_budget_item_with_members: {
    'budget_item.persons': 'It is the short form of create_budget_item, which takes it.',
    'budget_item.days': 'It is the short form of create_budget_item, which takes it.',
    'budget_item.expense_date': 'It is the short form of create_budget_item, which takes it.',
  },
}

/** The same for rows that the app makes from a row: "Add to my own list", a list in Markdown, and rows that undo creates again. */
export const LEFT_IN_APP: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'bring one too': {
    checked: 'Nobody has packed it yet.',
    bag_id: 'The other one is in that bag; this one may go into another.',
    visibility: 'It is for oneself.',
    shared_with: 'It is for oneself.',
  },
  'list in Markdown': {
    weight_grams: 'A list that people write has no weights.',
    bag_id: 'A list that people write has categories, not bags.',
    visibility: 'It is chosen for the whole list where it is imported.',
    shared_with: 'A list that was written elsewhere names nobody of the trip.',
  },
}

/** Fields that only the server writes and that get new values in a copy of a trip. */
export const NEW_IN_COPY: Readonly<Record<string, string>> = {
  id: 'Each row has its own.',
  created_at: 'The copy is made now.',
  updated_at: 'The copy is made now.',
  added_at: 'Whoever is in the copy came into it now.',
  'trip.user_id': 'A copy belongs to whoever makes it.',
  'packing_item.owner_id': 'The items of a copy belong to whoever makes it.',
  'collab_note.author_id': 'The notes of a copy are by whoever makes it.',
  'trip_member.role': 'Whoever makes the copy owns it.',
  'trip_member.invited_by': 'Whoever makes the copy brings the others.',
}

/** Operations whose name suggests that they make rows from others but do not, each with what it does. */
export const NO_COPIES: Readonly<Record<string, string>> = {
  bulk_update_places: 'It changes one field of rows that exist.',
  save_packing_template: 'What it saves is seen where the template is applied.',
}
