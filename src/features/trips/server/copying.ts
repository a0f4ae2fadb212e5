import { addDays, daysBetween } from '../../../core/declare/dates.ts'
import type { AnyEntity } from '../../../core/declare/entity.ts'
import { invalidField } from '../../../core/declare/errors.ts'
import type { Call } from '../../../core/run/feature.ts'
import { findPeople } from '../../../identity/server/people/store.ts'
import { tripNews } from '../../notifications/server/hooks.ts'
import { messages } from '../contract/messages.ts'
import { tripInvite } from '../contract/news.ts'
import { type TripCopy, tripCopied, tripDatesChanged } from './hooks.ts'
import { addGuest } from './people.ts'
import * as store from './store.ts'

type Scene = Pick<Call, 'tx' | 'emit' | 'caller' | 'now'>

export interface Wishes {
  readonly title: string | undefined
  /** The first day of the copy; undefined keeps that of the original. */
  readonly startDate: string | undefined
  readonly withMembers: boolean
}

const LONGEST_TITLE = 200
const LONGEST_GUEST_NAME = 50

/** Makes the caller's own trip from another. Every feature copies its rows, in the order of dependence. */
export async function copyTrip(scene: Scene, from: store.TripRow, wishes: Wishes): Promise<store.TripRow> {
  const { tx, emit, caller, now } = scene
  const { id: _, ...values } = from
  const trip = await store.insertTrip(tx, {
    ...values,
    title: wishes.title ?? shortened(messages.copyOf({ title: from.title }).text, LONGEST_TITLE),
    user_id: caller.userId,
    is_archived: false,
    created_at: now,
  })
  const owner = { trip_id: trip.id, user_id: caller.userId, role: 'owner' as const, invited_by: null, added_at: now }
  await store.insertMember(tx, owner)
  const copy = copyOf(scene, from, trip)
  if (wishes.withMembers) await bringMembers(scene, copy)
  await emit(tripCopied, copy)
  return wishes.startDate ? moved(scene, trip, wishes.startDate) : trip
}

function copyOf({ tx, caller, now }: Scene, from: store.TripRow, trip: store.TripRow): TripCopy {
  const copies = new Map<string, number>()
  const people = new Map<number, number>()
  return {
    from: from.id,
    trip,
    userId: caller.userId,
    became: (entity, id, copyId) => void copies.set(keyOf(entity, id), copyId),
    copyOf: (entity, id) => (id === null ? null : (copies.get(keyOf(entity, id)) ?? null)),
    async person(userId) {
      const known = people.get(userId)
      if (known !== undefined) return known
      const member = await store.findMember(tx, trip.id, userId)
      const id = member
        ? userId
        : (await addGuest(tx, { tripId: trip.id, name: await nameOf(), by: caller.userId, now })).user_id
      people.set(userId, id)
      return id

      async function nameOf(): Promise<string> {
        const [person] = await findPeople(tx, [userId])
        return shortened(person?.name ?? messages.unnamedGuest().text, LONGEST_GUEST_NAME)
      }
    },
  }
}

const keyOf = ({ name }: AnyEntity, id: number): string => `${name} ${id}`

/** The members and guests of the original become members and guests of the copy. */
async function bringMembers({ tx, emit, caller, now }: Scene, copy: TripCopy): Promise<void> {
  const others = (await store.listMembers(tx, copy.from)).filter(({ user_id }) => user_id !== caller.userId)
  const invited: number[] = []
  for (const { user_id, role } of others) {
    if (role === 'guest') continue
    const member = { trip_id: copy.trip.id, user_id, role: 'member' as const, invited_by: caller.userId, added_at: now }
    await store.insertMember(tx, member)
    invited.push(user_id)
  }
  for (const { user_id, role } of others) if (role === 'guest') await copy.person(user_id)
  if (invited.length) {
    await emit(tripNews, { tripId: copy.trip.id, event: tripInvite, to: invited, about: copy.trip.title })
  }
}

/** The copy with its dates moved: days and bookings move as they do when the dates of a trip change. */
async function moved({ tx, emit }: Scene, trip: store.TripRow, startDate: string): Promise<store.TripRow> {
  if (!trip.start_date || !trip.end_date) {
    throw invalidField('start_date', messages.noDatesToMove())
  }
  const end_date = addDays(startDate, daysBetween(trip.start_date, trip.end_date))
  const after = await store.patchTrip(tx, trip, { start_date: startDate, end_date })
  if (after.start_date !== trip.start_date) {
    await emit(tripDatesChanged, { trip: after, shrink: 'refuse', shift: 'shift_all' })
  }
  return after
}

/** A text cut to this many characters, without cutting one in half. */
function shortened(text: string, max: number): string {
  if (text.length <= max) return text
  const graphemes = [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment)
  while (graphemes.join('').length > max - 1) graphemes.pop()
  return `${graphemes.join('').trimEnd()}…`
}
