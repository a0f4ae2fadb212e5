import { type PublicSection, useRegistrations } from '../../../ui/registration.ts'
import type { PublicTrip } from '../contract/index.ts'

/** Types a section of the shared page, for the registration of its feature. */
export const publicSection = (section: PublicSection<PublicTrip>): PublicSection => section

/** The sections registered by all features, each made by `publicSection`. */
export const usePublicSections = () => useRegistrations().publicSections as readonly PublicSection<PublicTrip>[]
