import type { Feature } from '../core/feature.ts'
import { assignments } from './assignments/index.ts'
import { atlas } from './atlas/index.ts'
import { days } from './days/index.ts'
import { packing } from './packing/index.ts'
import { places } from './places/index.ts'
import { summary } from './summary/index.ts'
import { trips } from './trips/index.ts'

/** The product, in the order of dependence: what another stands on comes first. */
export const features: readonly Feature[] = [trips, days, places, assignments, packing, atlas, summary]
