import { type PublicSection, useRegistrations } from '../../../ui/registration.ts'
import type { PublicTrip } from '../contract/index.ts'

/** A section of the shared page, for the registration of the feature that shows it. */
export const publicSection = (section: PublicSection<PublicTrip>): PublicSection => section

/** The sections that all features have registered, each made by `publicSection`. */
export const usePublicSections = () => useRegistrations().publicSections as readonly PublicSection<PublicTrip>[]
