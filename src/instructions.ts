/** What an assistant is told about this server when it connects: the words, where to begin, and what to be careful with. */
export const INSTRUCTIONS = `TREK plans trips that several people share and edit together, live.

Words: a trip has dates, members and days. A place is somewhere worth going; it waits in the trip's pool until an assignment puts it on a day, with an order and times. Packing items are on a list that is common or private. Reservations, accommodations, budget items, to-dos and notes belong to a trip too, where these parts are switched on.

Begin with list_trips, then get_trip_summary once: it brings most of what you need, with every id. Use ids exactly as you read them and never guess one. Before you reorder a list, read it: a reorder names every id of the list.
To plan a day: create the place with its coordinates, then assign it to the day.

Dates are YYYY-MM-DD, times HH:MM on a 24-hour clock at the place itself. Coordinates are decimal degrees. Amounts are in the currency that stands beside them. In an update, a field that is left out stays as it is and null clears it.
Long lists come in pages: when next_cursor is not null, pass it as cursor for the rest. A list named omitted says what you were not shown, and why.

Ask the person before anything that deletes or that changes who is a member, and say what will be lost. Other people see every change at once.`
