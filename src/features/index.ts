import type { Outside } from '../adapters/outside.ts'
import type { Feature } from '../core/run/feature.ts'
import { accommodations } from './accommodations/index.ts'
import { assignments } from './assignments/index.ts'
import { atlas } from './atlas/index.ts'
import { budget } from './budget/index.ts'
import { calendar } from './calendar/index.ts'
import { collab } from './collab/index.ts'
import { dayNotes } from './day-notes/index.ts'
import { days } from './days/index.ts'
import { files } from './files/index.ts'
import { maps } from './maps/index.ts'
import { notifications } from './notifications/index.ts'
import { packing } from './packing/index.ts'
import { places } from './places/index.ts'
import { reservations } from './reservations/index.ts'
import { sharing } from './sharing/index.ts'
import { summary } from './summary/index.ts'
import { todos } from './todos/index.ts'
import { trips } from './trips/index.ts'
import { weather } from './weather/index.ts'

/** The product, in the order of dependence: what another stands on comes first. */
export const features = (outside: Outside): readonly Feature[] => [
  trips,
  notifications,
  days,
  places,
  assignments,
  accommodations,
  reservations,
  dayNotes,
  packing,
  todos,
  atlas,
  budget(outside),
  collab,
  files(outside.files),
  sharing(outside),
  maps(outside),
  weather(outside),
  summary,
  calendar,
]
