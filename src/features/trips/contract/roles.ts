import type { SpaceRole } from '../../../core/declare/operation.ts'

/** A "member" in the published contract is an editor. */
export type TripRole = 'owner' | 'member'

export const spaceRoleOf = (role: TripRole): SpaceRole => (role === 'owner' ? 'owner' : 'editor')

export const tripRoleOf = (role: SpaceRole): TripRole => (role === 'owner' ? 'owner' : 'member')
