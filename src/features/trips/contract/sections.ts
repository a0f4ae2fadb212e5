import type { Continuation } from '../../../core/declare/operation.ts'

/** The parts of a trip that read_trip_section reads, each a list. */
export const SECTIONS = [
  'days',
  'members',
  'unassigned_places',
  'accommodations',
  'reservations',
  'files',
  'budget',
  'settlements',
  'balances',
  'flows',
  'cost_shares',
  'unconverted',
  'packing',
  'packing_bags',
  'packing_assignees',
  'packing_templates',
  'todos',
  'todo_assignees',
  'collab_notes',
  'poll_votes',
] as const
export type SectionName = (typeof SECTIONS)[number]

/** Declares that a list is a section of the trip and can be continued there. */
export const inSection =
  (section: SectionName, { fromStart = false } = {}) =>
  ({ tripId }: { tripId: number }): Continuation => ({
    tool: 'read_trip_section',
    input: { tripId, section },
    fromStart,
  })
