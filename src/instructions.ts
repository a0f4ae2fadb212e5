/** What an assistant is told about this server when it connects: the words, where to begin, and what to be careful with. */
export const INSTRUCTIONS = `TREK plans trips that several people share and edit together, live.

Words: a trip has dates, members and days. A place is somewhere worth going; it waits in the trip's pool until an assignment puts it on a day, with an order and times. A day note stands between the stops of a day. An accommodation is a stay at a place from one day to another. A reservation is anything booked; a transport is a reservation with endpoints. A hotel reservation and its accommodation are two sides of one booking. A budget item is an expense with payers and the members who share it. Packing items, to-dos, collab notes, polls and messages belong to a trip too, where these parts are switched on.

Begin with list_trips, then get_trip_summary once: it brings most of what you need, with every id. Use ids exactly as you read them and never guess one. Before you reorder a list, read it: a reorder names every id of the list.
To plan a day: search_place, then create_and_assign_place with the coordinates you found, in the order of the day. A place that is there already is put on a day with assign_place_to_day. For a hotel, create_reservation with type hotel, place_id, start_day_id and end_day_id makes the stay too. What you book starts pending; set it to confirmed when the person says that it is booked.
User ids are in list_trip_members. Guests, who have no account, can share costs and tasks.

Dates are YYYY-MM-DD, times HH:MM on a 24-hour clock at the place itself. Coordinates are decimal degrees. Amounts are in the currency that stands beside them. In an update, a field that is left out stays as it is and null clears it.
Long lists come in pages: when next_cursor is not null, pass it as cursor for the rest. A list named omitted says what you were not shown, and why.

Ask the person before anything that deletes, that changes who is a member or that opens a share link, and say what will be lost or seen. Deleting a place takes its stops off the days. Other people see every change at once.`
