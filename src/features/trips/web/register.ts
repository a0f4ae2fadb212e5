import { CalendarClock, Luggage, Map as MapIcon, Plus, UserPlus } from 'lucide-react'
import { reading } from '../../../ui/query.ts'
import type { Registration } from '../../../ui/registration.ts'
import { list_trips } from '../contract/index.ts'
import { createTrip, home, homeSearch } from './home.ts'
import { TripsPage } from './trips-page.tsx'

export const registration: Registration = {
  // The first page that most people see is loaded with the app.
  pages: [{ path: '/', frame: 'bar', search: homeSearch, component: TripsPage }],
  links: [{ to: '/', label: 'trips.title', Icon: Luggage, order: 10 }],
  commands: [
    { id: 'create', label: 'trips.new', Icon: Plus, order: 20, opens: createTrip },
    { id: 'trips', label: 'trips.title', Icon: Luggage, order: 30, opens: home },
  ],
  found: [
    {
      order: 10,
      query: reading(list_trips, { include_archived: true }, ({ trips }) =>
        trips.map(({ id, title }) => ({
          id: `trip:${id}`,
          name: title,
          Icon: MapIcon,
          opens: { to: `/trips/${id}` },
        })),
      ),
    },
  ],
  news: { trip_invite: UserPlus, trip_reminder: CalendarClock },
}
