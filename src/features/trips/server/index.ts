import type { ExternalServices } from '../../../adapters/external-services.ts'
import { space } from '../../../core/data/space.ts'
import { feature, instruction, onHook, rows } from '../../../core/run/feature.ts'
import { sound } from '../../../core/run/sound.ts'
import { userDeleted } from '../../../identity/server/index.ts'
import * as contract from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import { spaceRoleOf } from '../contract/roles.ts'
import { tripCard, tripHandlers } from './handlers.ts'
import { leaveAllTrips } from './leaving.ts'
import { membersOf } from './people.ts'
import { faultsOf } from './sound.ts'
import { findMember, findTrip, listMembers } from './store.ts'

export * from './hooks.ts'
export { forgetGuest } from './people.ts'
export {
  type DeletedTrip,
  findTrip,
  getTrip,
  listDeletedTrips,
  listMembers,
  patchTrip,
  type TripRow,
} from './store.ts'
export { membersOf, tripCard }

/** The space of a trip: only its members have access. Administrators have none, and guests never log in. */
export const tripSpace = space({
  name: 'trip',
  key: 'tripId',
  missing: messages.noTrip(),
  admits: [contract.TripMember],
  people: async (tx, tripId) => (await listMembers(tx, tripId)).map(({ user_id }) => user_id),
  async membership(tx, tripId, userId) {
    const member = await findMember(tx, tripId, userId)
    if (!member || member.role === 'guest') return null
    return { space: 'trip', id: tripId, role: spaceRoleOf(member.role), row: member }
  },
})

export const trips = ({ files }: Pick<ExternalServices, 'files'>) =>
  feature({
    name: 'trips',
    contract,
    handlers: tripHandlers(files),
    instructions: [
      instruction(
        'words',
        'TREK plans trips that several people edit together, live. A trip has dates, travellers and days.',
        contract.list_trips,
      ),
      instruction('steps', 'Begin with list_trips.', contract.list_trips),
      instruction('care', 'Ask before you change who is a member.', contract.add_trip_member),
    ],
    entities: [
      rows(contract.Trip, undefined, { undoneLike: { remove: contract.delete_trip, restore: contract.update_trip } }),
      rows(contract.TripMember, undefined, {
        undoneLike: {
          remove: contract.add_trip_member,
          revive: contract.add_trip_member,
          restore: contract.add_trip_member,
        },
      }),
    ],
    spaces: [tripSpace],
    completions: [
      {
        argument: 'tripId',
        async complete(read, typed) {
          const { trips } = await read(contract.list_trips, { include_archived: true })
          const text = typed.toLowerCase()
          return trips
            .filter(({ id, title }) => String(id).startsWith(text) || title.toLowerCase().includes(text))
            .map(({ id, title }) => ({ value: String(id), label: title }))
        },
      },
    ],
    listeners: [
      onHook(userDeleted, (call, { userId }) => leaveAllTrips(call, userId)),
      sound('trip', async ({ tx }, id) => {
        const trip = await findTrip(tx, id)
        return trip ? faultsOf(trip, await listMembers(tx, id)) : []
      }),
    ],
  })
