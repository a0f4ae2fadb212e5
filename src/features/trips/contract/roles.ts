import type { SpaceRole } from '../../../core/declare/operation.ts'

/** What the published contract calls a member of a trip can edit it. */
export type TripRole = 'owner' | 'member'

export const spaceRoleOf = (role: TripRole): SpaceRole => (role === 'owner' ? 'owner' : 'editor')

export const tripRoleOf = (role: SpaceRole): TripRole => (role === 'owner' ? 'owner' : 'member')
