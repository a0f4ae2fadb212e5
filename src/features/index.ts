import type { ExternalServices } from '../adapters/external-services.ts'
import type { Feature } from '../core/run/feature.ts'
import { accommodations } from './accommodations/server/index.ts'
import { assignments } from './assignments/server/index.ts'
import { atlas } from './atlas/server/index.ts'
import { budget } from './budget/server/index.ts'
import { calendar } from './calendar/server/index.ts'
import { collab } from './collab/server/index.ts'
import { dayNotes } from './day-notes/server/index.ts'
import { days } from './days/server/index.ts'
import { files } from './files/server/index.ts'
import { maps } from './maps/server/index.ts'
import { notifications } from './notifications/server/index.ts'
import { packing } from './packing/server/index.ts'
import { places } from './places/server/index.ts'
import { plan } from './plan/server/index.ts'
import { releases } from './releases/server/index.ts'
import { reservations } from './reservations/server/index.ts'
import { sharing } from './sharing/server/index.ts'
import { summary } from './summary/server/index.ts'
import { todos } from './todos/server/index.ts'
import { trips } from './trips/server/index.ts'
import { weather } from './weather/server/index.ts'

/** The features of the product in order of dependence: each comes after those it depends on. */
export const features = (services: ExternalServices): readonly Feature[] => [
  trips(services),
  notifications(services),
  days,
  plan,
  places,
  assignments,
  accommodations,
  reservations,
  dayNotes,
  packing,
  todos,
  atlas,
  budget(services),
  collab,
  files(services),
  sharing(services),
  maps(services),
  weather(services),
  summary,
  calendar,
  releases(services),
]
